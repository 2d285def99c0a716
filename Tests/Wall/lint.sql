-- Lint of the schema behind the tenant wall. Zero rows = pass. Reads only; run after every migration and on each restored
-- database, as a superuser or as portico_migrator (whoever must see all rows):
--   psql -X -At -d DATABASE -f lint.sql
-- Optional: -v s=app  -v roles=portico_app,...  -v globals=tenant,currency (tables without tenant_id, each named here)
--           -v loose=table.column,... (columns that end in _id and rightly have no foreign key)
\set ON_ERROR_STOP on
select set_config('search_path', 'pg_catalog', false) as search_path \gset
\if :{?s}
\else
  \set s app
\endif
\if :{?roles}
\else
  \set roles portico_app,portico_worker,portico_ingest,portico_portal,portico_auditor,portico_visitor,portico_clerk,portico_platform
\endif
\if :{?globals}
\else
  \set globals tenant
\endif
\if :{?loose}
\else
  \set loose job.actor_id,event.actor_id,audit_line.entity_id,folder.parent_id
\endif

with
role as (select * from pg_roles where rolname = any(string_to_array(:'roles', ','))),
rel as (select c.oid, c.relname, c.relkind, c.relowner, c.reloptions, c.relrowsecurity, c.relforcerowsecurity, c.relispartition
          from pg_class c where c.relnamespace = :'s'::regnamespace),
loose as (select unnest(string_to_array(:'loose', ',')) as name),
exempt as (select unnest(string_to_array(:'globals', ',')) as relname),
tab as (select * from rel where relkind in ('r', 'p')),
tenant_tab as (select * from tab where relname not in (select relname from exempt)),
jobs_tab as (select c.* from pg_class c where c.relnamespace = to_regnamespace('jobs') and c.relkind in ('r', 'p')),
pol as (select p.polname, p.polcmd, p.polpermissive, p.polroles, t.relname, t.oid as rel,
               coalesce(pg_get_expr(p.polqual, p.polrelid), '') as qual,
               coalesce(pg_get_expr(p.polwithcheck, p.polrelid), pg_get_expr(p.polqual, p.polrelid), '') as chk
          from pg_policy p join tab t on t.oid = p.polrelid),
-- the only accepted wall: restrictive, every command, exactly this test on both sides
wall as (select * from pol where not polpermissive and polcmd = '*'
          and qual = '(tenant_id = ( SELECT sec.tenant() AS tenant))' and chk = qual),
fk as (select k.* from pg_constraint k join tab t on t.oid = k.conrelid where k.contype = 'f'),
fk_cols as (select fk.oid, a.attname as here, b.attname as there
              from fk cross join generate_subscripts(fk.conkey, 1) i
              join pg_attribute a on a.attrelid = fk.conrelid and a.attnum = fk.conkey[i]
              join pg_attribute b on b.attrelid = fk.confrelid and b.attnum = fk.confkey[i]),
fn as (select p.*, p.oid::regprocedure::text as name, n.nspname from pg_proc p join pg_namespace n on n.oid = p.pronamespace
        where n.nspname in (:'s', 'sec', 'jobs'))

select 'L01 row security is off' as lint, relname::text as object from tenant_tab where not relrowsecurity
union all
select 'L02 row security is not forced', relname from tab where relrowsecurity and not relforcerowsecurity
union all
select 'L03 row security without a policy', relname from tab where relrowsecurity and not exists (select from pol where rel = tab.oid)
union all
select 'L04 no tenant wall in the one accepted form: call app.protect()', relname from tenant_tab
 where not exists (select from wall where rel = tenant_tab.oid)
union all
select 'L05 tenant_id missing, nullable, defaulted or not int', relname from tenant_tab where not exists (
  select from pg_attribute where attrelid = tenant_tab.oid and attname = 'tenant_id'
     and attnotnull and not atthasdef and attidentity = '' and atttypid = 'int'::regtype)
union all
select 'L06 policy open to PUBLIC', relname || '.' || polname from pol where 0 = any(polroles)
union all
select 'L07 function runs per row: wrap it in (select f())', relname || '.' || polname from pol
 where regexp_replace(qual || chk, '\( SELECT sec\.\w+\(\) AS \w+\)', '', 'g') ~* '(\msec\.\w+|current_setting)\('
union all
select 'L08 foreign key does not carry tenant_id', conname from fk
 where confrelid in (select oid from tenant_tab)
   and not exists (select from fk_cols c where c.oid = fk.oid and here = 'tenant_id' and there = 'tenant_id')
union all
select 'L09 unique index does not start with tenant_id', i.indexrelid::regclass::text from pg_index i
  join tenant_tab t on t.oid = i.indrelid
 where i.indisunique and not exists (
   select from pg_attribute a where a.attrelid = i.indrelid and a.attnum = i.indkey[0] and a.attname = 'tenant_id')
union all
select 'L10 foreign key without an index', conname from fk where not exists (
  select from pg_index i where i.indrelid = fk.conrelid and i.indpred is null
     and (i.indkey::int2[])[0:array_length(fk.conkey, 1) - 1] @> fk.conkey)
union all
select 'L11 view is not security_invoker', relname from rel
 where relkind = 'v' and not coalesce(reloptions && '{security_invoker=on,security_invoker=true}', false)
union all
select 'L12 materialised view or foreign table readable by ' || rolname, relname from rel, role
 where relkind in ('m', 'f') and has_table_privilege(role.oid, rel.oid, 'select')
union all
select 'L13 partition reachable directly by ' || rolname, relname from tab, role
 where relispartition and has_table_privilege(role.oid, tab.oid, 'select, insert, update, delete')
union all
select 'L14 definer function without a search_path ending in pg_temp', name from fn
 where prosecdef and not exists (select from unnest(proconfig) g where g ~ '^search_path=.*pg_temp"?$')
union all
select 'L15 function executable by PUBLIC', name from fn
 where proacl is null or exists (select from aclexplode(proacl) where grantee = 0)
union all
select 'L16 TRUNCATE, REFERENCES or TRIGGER held by ' || rolname, tab.oid::regclass::text
  from (select oid from tab union all select oid from jobs_tab) tab, role
 where has_table_privilege(role.oid, tab.oid, 'truncate, references, trigger')
union all
select 'L17 not owned by portico_owner', c.oid::regclass::text from pg_class c
 where c.relnamespace in (:'s'::regnamespace, to_regnamespace('jobs')) and c.relkind in ('r', 'p', 'v', 'm', 'f', 'S')
   and c.relowner <> 'portico_owner'::regrole
union all
select 'L17 not owned by portico_owner', name from fn
 where nspname in (:'s', 'jobs') and proowner <> 'portico_owner'::regrole
   and not (prosecdef and proowner in ('portico_search'::regrole, 'portico_clerk'::regrole) and prosrc ~ 'tenant_id = \(select sec\.tenant\(\)\)')
union all
select 'L18 superuser, bypassrls, createrole, createdb or replication', rolname from role
 where rolsuper or rolbypassrls or rolcreaterole or rolcreatedb or rolreplication
union all
select 'L18 may sign in', rolname from pg_roles
 where rolname in ('portico_owner', 'portico_keeper', 'portico_search', 'portico_clerk') and (rolcanlogin or rolsuper)
union all
select 'L19 member of another role', role.rolname || ' in ' || m.roleid::regrole from role join pg_auth_members m on m.member = role.oid
union all
select 'L20 may create temporary objects', rolname from role where has_database_privilege(role.oid, current_database(), 'temp')
union all
select 'L20 anyone may connect', datname::text from pg_database
 where datname = current_database() and (datacl is null or exists (select from aclexplode(datacl) where grantee = 0))
union all
select 'L21 may create in schema ' || nspname, rolname from pg_namespace, role
 where nspname !~ '^pg_(temp|toast)' and has_schema_privilege(role.oid, pg_namespace.oid, 'create')
union all
select 'L22 foreign key marked valid but violated', conname from fk
 where convalidated and (xpath('/row/c/text()', query_to_xml(format(
   'select count(*) as c from only %s a where %s and not exists (select from %s b where %s)', conrelid::regclass,
   (select string_agg(format('a.%I is not null', here), ' and ') from fk_cols c where c.oid = fk.oid), confrelid::regclass,
   (select string_agg(format('a.%I = b.%I', here, there), ' and ') from fk_cols c where c.oid = fk.oid)), false, true, '')))[1]::text::bigint > 0
union all
select 'L22 foreign key or check not validated', conrelid::regclass || '.' || conname from pg_constraint
 where connamespace = :'s'::regnamespace and not convalidated
union all
select 'L23 exemption for a table that does not exist', relname from exempt where relname not in (select relname from tab)
union all
select 'L23 exemption for a column that does not exist', name from loose
 where not exists (select from pg_attribute join tab on tab.oid = attrelid where relname || '.' || attname = name)
union all
select 'L24 rights outside the wall: ' || rolname, relname from tenant_tab, role
 where (has_any_column_privilege(role.oid, tenant_tab.oid, 'select, insert, update, references')
        or has_table_privilege(role.oid, tenant_tab.oid, 'select, insert, update, delete'))
   and not exists (select from wall where wall.rel = tenant_tab.oid and role.oid = any(wall.polroles))
union all
select 'L25 no primary key', relname from tenant_tab where not relispartition and not exists (
  select from pg_index where indrelid = tenant_tab.oid and indisprimary)
union all
select 'L36 what visitors hand in enters through a role that reads: ' || privilege, c.oid::regclass::text
  from pg_class c, unnest(array['select', 'update', 'delete', 'truncate']) privilege
 where c.relnamespace in (:'s'::regnamespace, 'sec'::regnamespace, to_regnamespace('jobs')) and c.relkind in ('r', 'p', 'v', 'm', 'f')
   and to_regrole('portico_visitor') is not null
   and (has_table_privilege('portico_visitor', c.oid, privilege)
        or (privilege in ('select', 'update') and has_any_column_privilege('portico_visitor', c.oid, privilege)))
-- Operators look after all companies without seeing any: their role reads the queue, changes nothing there, and has no business behind
-- the wall; and nobody but it and the backup gets into their schema.
union all
select 'L37 operators'' role behind the wall', c.oid::regclass::text from pg_class c
 where c.relnamespace in (:'s'::regnamespace, 'sec'::regnamespace) and c.relkind in ('r', 'p', 'v', 'm', 'f')
   and to_regrole('portico_platform') is not null
   and (has_any_column_privilege('portico_platform', c.oid, 'select, insert, update, references')
        or has_table_privilege('portico_platform', c.oid, 'select, insert, update, delete'))
union all
select 'L37 operators'' role behind the wall', name from fn
 where to_regrole('portico_platform') is not null and has_function_privilege('portico_platform', fn.oid, 'execute')
union all
select 'L37 operators'' role changes jobs', oid::regclass::text from jobs_tab
 where to_regrole('portico_platform') is not null
   and (has_any_column_privilege('portico_platform', oid, 'insert, update, references')
        or has_table_privilege('portico_platform', oid, 'insert, update, delete'))
union all
select 'L38 operators'' schema open to ' || rolname, nspname::text from pg_namespace, pg_roles
 where nspname = 'platform' and rolname like 'portico%' and rolname not in ('portico_platform', 'portico_backup', 'portico_owner', 'portico_migrator')
   and has_schema_privilege(pg_roles.oid, pg_namespace.oid, 'usage')
union all
select 'L38 operators'' log can be changed', 'platform.log' from pg_class c
 where c.oid = to_regclass('platform.log')
   and (has_any_column_privilege('portico_platform', c.oid, 'update, references') or has_table_privilege('portico_platform', c.oid, 'delete'))
-- portico_worker sees all of schema jobs, because it claims before it holds a ticket. So it may hold no words of a tenant: keys,
-- times and counts, and text only in the columns named here.
union all
select 'L26 column of schema jobs that may carry content (move it behind the wall)', attrelid::regclass || '.' || attname
  from pg_attribute join jobs_tab on jobs_tab.oid = attrelid
 where attnum > 0 and not attisdropped
   and not (atttypid in ('uuid'::regtype, 'uuid[]'::regtype, 'int2'::regtype, 'int4'::regtype, 'int8'::regtype, 'bool'::regtype,
                         'timestamptz'::regtype, 'interval'::regtype)
            or (atttypid = 'text'::regtype and attname in ('kind', 'state', 'name', 'unique_key')))
union all
select 'L33 table of schema jobs without forced row security', relname from jobs_tab where not (relrowsecurity and relforcerowsecurity)
union all
select 'L34 table of schema jobs without a wall for ' || rolname, relname from jobs_tab, role
 where rolname not in ('portico_worker', 'portico_platform') and has_any_column_privilege(role.oid, jobs_tab.oid, 'select, insert, update, references')
   and not exists (select from pg_policy p where p.polrelid = jobs_tab.oid and not polpermissive and polcmd = '*'
                      and role.oid = any(polroles) and pg_get_expr(polqual, polrelid) = '(tenant_id = ( SELECT sec.tenant() AS tenant))'
                      and coalesce(pg_get_expr(polwithcheck, polrelid), pg_get_expr(polqual, polrelid)) = pg_get_expr(polqual, polrelid))
union all
select 'L27 function marked leakproof sees rows before the wall', oid::regprocedure::text from pg_proc
 where proleakproof and pronamespace not in ('pg_catalog'::regnamespace, 'information_schema'::regnamespace)
union all
select 'L28 role without ' || setting, rolname from role, unnest(array['client_connection_check_interval', 'log_parameter_max_length']) setting
 where not exists (select from pg_db_role_setting s, unnest(setconfig) c
                    where s.setrole = role.oid and split_part(c, '=', 1) = setting)
union all
select 'L29 rule rewrites statements', r.ev_class::regclass || '.' || rulename from pg_rewrite r join tab on tab.oid = r.ev_class
union all
select 'L30 ticket keys within reach of ' || rolname, 'sec.key' from pg_roles
 where rolname like 'portico%' and rolname <> 'portico_keeper'
   and (has_any_column_privilege(pg_roles.oid, 'sec.key'::regclass, 'select, insert, update, references')
        or has_table_privilege(pg_roles.oid, 'sec.key'::regclass, 'delete, truncate, trigger')
        or pg_has_role(pg_roles.oid, 'portico_keeper', 'member'))
union all
select 'L31 tenant may be named without a ticket', case acl.grantee when 0 then 'public' else acl.grantee::regrole::text end
  from pg_parameter_acl, aclexplode(paracl) acl
 where parname = 'backtrace_functions' and acl.grantee <> 'portico_keeper'::regrole
   and not exists (select from pg_roles where oid = acl.grantee and rolsuper)
union all
select 'L31 tenant named by a setting', coalesce(nullif(setrole, 0)::regrole::text, 'every role') from pg_db_role_setting, unnest(setconfig) c
 where split_part(c, '=', 1) = 'backtrace_functions'
union all
select 'L31 tenant named for the whole server', setting from pg_settings where name = 'backtrace_functions' and reset_val <> ''
union all
select 'L32 definer function of a superuser', name from fn join pg_roles on pg_roles.oid = proowner where prosecdef and rolsuper
union all
select 'L35 column without a foreign key', relname || '.' || attname from pg_attribute join tenant_tab on tenant_tab.oid = attrelid
 where attname like '%\_id' and attname <> 'tenant_id' and atttypid = 'uuid'::regtype and not attisdropped
   and relname || '.' || attname not in (select name from loose)
   and not exists (select from pg_constraint where contype = 'f' and conrelid = attrelid and attnum = any(conkey))
order by 1, 2;
