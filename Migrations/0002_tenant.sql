-- as: superuser
-- Who asks (the proved ticket), which companies there are, and the one way a table gets behind the wall.

-- Every page asks sec.tenant() some six times, so its cost counts: looking the key up in each call would take half of it.
-- Therefore newest_key() is declared IMMUTABLE: the planner then puts the key into tenant()'s cached plan as a constant, in the
-- private memory of the session. forget_keys() keeps that true: whenever sec.key changes, it rewrites tenant()'s own catalogue
-- row, upon which every session compiles tenant() anew. Only the keeper may call these.

-- VOLATILE: reads with a snapshot of its own, so that a statement that began before the change does not bring the old key back.
create function sec.key_now() returns sec.key
  language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
declare
  newest sec.key;
begin
  select * into newest from sec.key order by added_at desc, kid desc limit 1;
  return newest;
end $$;
alter function sec.key_now() owner to portico_keeper;

create function sec.newest_key() returns sec.key
  language plpgsql immutable security definer set search_path = pg_catalog, pg_temp as $$
begin
  return sec.key_now();
end $$;
alter function sec.newest_key() owner to portico_keeper;

-- The tenant of a ticket that another than the newest key has signed, as happens while a key is rotated; 42501 for a bad one.
create function sec.tenant_of(ticket text) returns int
  language plpgsql stable parallel restricted security definer set search_path = pg_catalog, pg_temp as $$
declare
  k sec.key;
begin
  select * into k from sec.key where kid = split_part(ticket, '|', 1);
  -- "is distinct from" refuses an unknown kid (NULL); hashing both sides hides where the two differ.
  if sha256(convert_to(encode(sha256(k.opad || sha256(k.ipad || convert_to(left(ticket, -65), 'UTF8'))), 'hex'), 'UTF8'))
     is distinct from sha256(convert_to(right(ticket, 64), 'UTF8')) then
    raise exception 'bad tenant ticket' using errcode = '42501';
  end if;
  if to_timestamp(split_part(ticket, '|', 4)::float8) < clock_timestamp() then
    raise exception 'expired tenant ticket' using errcode = '42501';
  end if;
  return split_part(ticket, '|', 2)::int;
end $$;
alter function sec.tenant_of(text) owner to portico_keeper;

-- The tenant of this transaction's ticket; NULL without a ticket, so that no row matches; 42501 for a bad one.
-- Few expressions, because plpgsql prepares each one anew in each transaction; CASE, because it keeps the order: nothing is
-- parsed before the mac has been proved. Comparing keyed hashes first hides where two macs differ, and the comparison of the
-- macs themselves makes it exact. debug_print_plan is off in here: it would print the key, and anyone may set it.
create function sec.tenant() returns int
  language plpgsql stable parallel restricted security definer
  set search_path = pg_catalog, pg_temp set debug_print_plan = off as $$
declare
  t text := current_setting('app.ticket', true);
  mac text := encode(sha256((sec.newest_key()).opad
                || sha256((sec.newest_key()).ipad || convert_to(left(t, -65), 'UTF8'))), 'hex');
begin
  return case when t <> '' then
    case when starts_with(t, (sec.newest_key()).kid || '|')
          and hashtextextended(mac, (sec.newest_key()).seed) = hashtextextended(right(t, 64), (sec.newest_key()).seed)
          and mac = right(t, 64)
    then case when to_timestamp(split_part(t, '|', 4)::float8) >= clock_timestamp() then split_part(t, '|', 2)::int
         else sec.tenant_of(t) end
    else sec.tenant_of(t) end
  end;
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

create function sec.forget_keys() returns trigger
  language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
begin
  alter function sec.tenant() cost 100;                               -- what it costs already: only the new row matters
  return null;
end $$;
alter function sec.forget_keys() owner to portico_keeper;
create trigger forget_keys after insert or update or delete or truncate on sec.key
  for each statement execute function sec.forget_keys();

revoke all on function sec.tenant(), sec.actor(), sec.newest_key(), sec.key_now(), sec.tenant_of(text), sec.forget_keys() from public;
grant execute on function sec.tenant(), sec.actor() to portico_app, portico_worker, portico_ingest, portico_portal,
  portico_auditor, portico_search;

-- The companies. The only table of schema app without tenant_id; no role behind the wall reads it.
create table app.tenant(
  id   int generated always as identity primary key,
  slug text not null unique check (slug ~ '^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$'));
alter table app.tenant owner to portico_owner;
grant select on app.tenant, app.tenant_id_seq to portico_backup;

-- The number of the company with that slug, given on first sight. Of two that come at once, the second waits in the
-- insert, gets nothing back, and finds the row on its next turn.
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
alter function sec.outside_wall() owner to portico_owner;
revoke all on function sec.outside_wall() from public;
grant execute on function sec.outside_wall() to portico_app, portico_worker, portico_ingest, portico_portal, portico_migrator;
