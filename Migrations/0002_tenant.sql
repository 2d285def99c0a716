-- as: superuser
-- Who asks (the proved ticket), which companies there are, and the one way a table gets behind the wall.

-- The tenant of the ticket of this transaction; NULL without a ticket, so that no row matches; 42501 for a bad one.
create function sec.tenant() returns int
  language plpgsql stable parallel restricted security definer set search_path = pg_catalog, pg_temp as $$
declare
  t text := current_setting('app.ticket', true);
  k sec.key;
begin
  if t is null or t = '' then return null; end if;
  select * into k from sec.key where kid = split_part(t, '|', 1);
  -- "is distinct from" refuses an unknown kid (NULL); hashing both sides hides where the two differ.
  if sha256(convert_to(encode(sha256(k.opad || sha256(k.ipad || convert_to(left(t, -65), 'UTF8'))), 'hex'), 'UTF8'))
     is distinct from sha256(convert_to(right(t, 64), 'UTF8')) then
    raise exception 'bad tenant ticket' using errcode = '42501';
  end if;
  -- Nothing is parsed before the mac has been proved.
  if split_part(t, '|', 4)::bigint < extract(epoch from clock_timestamp())::bigint then
    raise exception 'expired tenant ticket' using errcode = '42501';
  end if;
  return split_part(t, '|', 2)::int;
end $$;
alter function sec.tenant() owner to portico_keeper;

-- The person of the ticket, for policies by person; NULL without a ticket and for the system itself.
create function sec.actor() returns uuid
  language plpgsql stable parallel restricted security definer set search_path = pg_catalog, pg_temp as $$
declare
  actor text;
begin
  if sec.tenant() is null then return null; end if;                   -- proves the ticket, or raises
  actor := split_part(current_setting('app.ticket'), '|', 3);
  return case when length(actor) = 36 then actor::uuid end;
end $$;
alter function sec.actor() owner to portico_keeper;

revoke all on function sec.tenant(), sec.actor() from public;
grant execute on function sec.tenant(), sec.actor() to portico_app, portico_worker, portico_ingest, portico_portal,
  portico_auditor, portico_search;

-- The companies. The only table of schema app without tenant_id; no role behind the wall reads it.
create table app.tenant(
  id   int generated always as identity primary key,
  slug text not null unique check (slug ~ '^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$'));
alter table app.tenant owner to portico_owner;
grant select on app.tenant to portico_backup;

-- The number of the company with that slug, given on first sight. Reading first keeps the sequence free of gaps; of two that
-- come at once, the second waits in the insert, gets nothing back, and finds the row on its next turn.
create function sec.register_tenant(slug text) returns int
  language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  found_id int;
begin
  loop
    select t.id into found_id from app.tenant t where t.slug = register_tenant.slug;
    if found_id is not null then return found_id; end if;
    insert into app.tenant(slug) values (register_tenant.slug) on conflict do nothing returning id into found_id;
    if found_id is not null then return found_id; end if;
  end loop;
end $$;
alter function sec.register_tenant(text) owner to portico_owner;
revoke all on function sec.register_tenant(text) from public;
grant execute on function sec.register_tenant(text) to portico_app, portico_worker, portico_migrator;

-- Every tenant table ends its migration with protect(), so that none can be half protected.
-- append_only: what is written stays (audit lines, histories); no role behind the wall may update or delete it.
-- A partition gets the wall but no rights for the walled roles: they reach it through its parent. portico_ingest and
-- portico_portal get theirs per table.
create function app.protect(t regclass, append_only boolean default false) returns void
  language plpgsql set search_path = pg_catalog, pg_temp as $$
declare
  wall constant text := '(tenant_id = (select sec.tenant()))';        -- the inner select makes it run once per statement
begin
  if not exists (select from pg_attribute where attrelid = t and attname = 'tenant_id' and atttypid = 'int'::regtype
                    and attnotnull and not atthasdef) then
    raise exception 'table % needs a column "tenant_id int not null" without a default', t
      using hint = 'Every table behind the tenant wall carries the company it belongs to; its primary key starts with it.';
  end if;
  execute format('alter table %s owner to portico_owner', t);
  execute format('alter table %s enable row level security', t);
  execute format('alter table %s force row level security', t);
  execute format('create policy tenant_wall on %s as restrictive for all to portico_app, portico_worker, '
    'portico_ingest, portico_portal, portico_auditor using %s with check %s', t, wall, wall);
  execute format('create policy staff on %s for all to portico_app, portico_worker using (true) with check (true)', t);
  execute format('create policy audit_read on %s for select to portico_auditor using (true)', t);
  if not (select relispartition from pg_class where oid = t) then
    execute format('grant select, insert%s on %s to portico_app, portico_worker',
      case when append_only then '' else ', update, delete' end, t);
    execute format('grant select on %s to portico_auditor', t);
  end if;
  execute format('grant select on %s to portico_backup', t);           -- pg_dump reads each partition by itself
end $$;
alter function app.protect(regclass, boolean) owner to portico_owner;
revoke all on function app.protect(regclass, boolean) from public;

-- Tables of schema app that stand outside the wall, with what they lack. The server asks this at its start and refuses to
-- serve when it answers anything; Tests/Wall/lint.sql looks closer.
create function sec.outside_wall() returns table(name text, lacks text)
  language sql stable set search_path = pg_catalog, pg_temp as $$
  select c.relname::text, case when not relrowsecurity then 'row security is off'
                               when not relforcerowsecurity then 'row security is not forced'
                               else 'no policy tenant_wall' end
    from pg_class c
   where c.relnamespace = 'app'::regnamespace and c.relkind in ('r', 'p') and c.relname <> 'tenant'
     and not (relrowsecurity and relforcerowsecurity and exists (
       select from pg_policy p
        where p.polrelid = c.oid and not p.polpermissive and p.polcmd = '*'
          and pg_get_expr(p.polqual, p.polrelid) = '(tenant_id = ( SELECT sec.tenant() AS tenant))'
          and pg_get_expr(p.polwithcheck, p.polrelid) = pg_get_expr(p.polqual, p.polrelid)
          and p.polroles @> array['portico_app', 'portico_worker', 'portico_ingest', 'portico_portal',
                                  'portico_auditor']::regrole[]::oid[]))
   order by 1
$$;
revoke all on function sec.outside_wall() from public;
grant execute on function sec.outside_wall() to portico_app, portico_worker, portico_ingest, portico_portal, portico_migrator;
