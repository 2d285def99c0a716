-- Every right that anyone but the owner holds in schemas app, sec, jobs and platform, the right to name a transaction's tenant, and the
-- fingerprint of every definer function and of everything in schema sec:
-- what rights.txt has to say, line by line.
select line from (
  select format('%s %s.%s %s', grantee::regrole, nspname, relname, string_agg(privilege_type, ',' order by privilege_type))
    from pg_class join pg_namespace n on n.oid = relnamespace, aclexplode(relacl)
   where nspname in ('app', 'sec', 'jobs', 'platform') and grantee <> relowner group by grantee, nspname, relname
  union all
  select format('%s %s.%s(%s) %s', grantee::regrole, nspname, relname, attname, privilege_type)
    from pg_class join pg_namespace n on n.oid = relnamespace join pg_attribute on attrelid = pg_class.oid, aclexplode(attacl)
   where nspname in ('app', 'sec', 'jobs', 'platform')
  union all
  select format('%s %s.%s() EXECUTE', case grantee when 0 then 'PUBLIC' else grantee::regrole::text end, nspname, proname)
    from pg_proc join pg_namespace n on n.oid = pronamespace, aclexplode(coalesce(proacl, acldefault('f', proowner)))
   where nspname in ('app', 'sec', 'jobs', 'platform') and grantee <> proowner
  union all
  select format('%s schema %s %s', case grantee when 0 then 'PUBLIC' else grantee::regrole::text end, nspname,
                string_agg(privilege_type, ',' order by privilege_type))
    from pg_namespace, aclexplode(nspacl) where nspname in ('app', 'sec', 'jobs', 'platform', 'public') and grantee <> nspowner
   group by grantee, nspname
  union all
  select format('%s %s.%s() of %s is %s', case when prosecdef then 'definer' else 'function' end, nspname, proname, proowner::regrole,
                left(encode(sha256(convert_to(pg_get_functiondef(p.oid), 'UTF8')), 'hex'), 16))
    from pg_proc p join pg_namespace n on n.oid = pronamespace
   where nspname in ('app', 'sec', 'jobs', 'platform') and (prosecdef or nspname = 'sec')
  union all
  select format('%s may set %s', case grantee when 0 then 'PUBLIC' else grantee::regrole::text end, parname)
    from pg_parameter_acl, aclexplode(paracl) where not exists (select from pg_roles where oid = grantee and rolsuper)
  union all
  select format('%s may become %s', member::regrole, roleid::regrole) from pg_auth_members
   where member::regrole::text like 'portico%' or roleid::regrole::text like 'portico%'
) as rights(line)
order by 1;
