-- as: superuser
-- Faults that people without an account report through the code on a sheet in their house. What they hand in enters through a role
-- of its own that can only insert: nobody who takes that role over, by whatever injection, reads a single row.

-- Roles belong to the cluster; two databases may be migrated at once (see 0001).
do $$
declare
  wanted record;
begin
  lock table pg_authid in share row exclusive mode;
  for wanted in
    select role.*, r.oid is null as is_new
      from (values
        ('portico_visitor', 'login nobypassrls', 20),      -- what strangers hand in: INSERT only, reads nothing
        ('portico_clerk',   'nologin nobypassrls', -1)     -- owns the one function that gives a stranger's report its number
      ) as role(name, options, connections)
      left join pg_roles r on r.rolname = role.name
     where r.oid is null or r.rolsuper or r.rolcreaterole or r.rolcreatedb or r.rolreplication
        or r.rolcanlogin <> (options like 'login%') or r.rolbypassrls or r.rolconnlimit <> connections
  loop
    execute format('%s role %I nosuperuser nocreaterole nocreatedb noreplication %s connection limit %s',
      case when wanted.is_new then 'create' else 'alter' end, wanted.name, wanted.options, wanted.connections);
  end loop;

  for wanted in
    select m.roleid::regrole as role, m.member::regrole as member from pg_auth_members m
     where m.member::regrole::text in ('portico_visitor', 'portico_clerk')
        or m.roleid::regrole::text in ('portico_visitor', 'portico_clerk')
  loop
    execute format('revoke %s from %s', wanted.role, wanted.member);
  end loop;

  for wanted in
    select name, setting, value
      from (values
        ('statement_timeout', '5s'), ('lock_timeout', '2s'), ('idle_in_transaction_session_timeout', '10s'),
        ('client_connection_check_interval', '1s'), ('log_parameter_max_length', '0'), ('jit', 'off')
      ) as s(setting, value), unnest('{portico_visitor,portico_clerk}'::name[]) as name
     where not exists (select from pg_db_role_setting
                        where setdatabase = 0 and setrole = name::text::regrole and setting || '=' || value = any(setconfig))
  loop
    execute format('alter role %I set %I = %L', wanted.name, wanted.setting, wanted.value);
  end loop;

  execute format('grant connect on database %I to portico_visitor', current_database());
end $$;

grant usage on schema app, sec to portico_visitor, portico_clerk;
grant usage on schema jobs to portico_visitor;
grant execute on function sec.enter(text) to portico_visitor;
grant execute on function sec.tenant(), sec.actor() to portico_visitor, portico_clerk;

-- A code on a sheet: a building, or one entrance or common part of it. Replacing a code ends it and makes another one. The code
-- itself is not here: it follows from the server's secret and the id, and is looked up by its SHA-256.
alter table app.common_part add unique (tenant_id, id, building_id);
create table app.report_code(
  tenant_id   int not null,
  id          uuid not null,
  building_id uuid not null,
  entrance_id uuid,                                                     -- or part_id, or neither: the whole building
  part_id     uuid,
  token_hash  bytea not null check (length(token_hash) = 32),
  made_at     timestamptz not null,
  made_by     uuid,                                                     -- NULL: came with the company's first data
  ended_at    timestamptz,
  ended_by    uuid,
  primary key (tenant_id, id),
  unique (tenant_id, token_hash),
  check (ended_by is null or ended_at is not null),
  foreign key (tenant_id, building_id) references app.building(tenant_id, id),
  foreign key (tenant_id, entrance_id, building_id) references app.entrance(tenant_id, id, building_id),
  foreign key (tenant_id, part_id, building_id) references app.common_part(tenant_id, id, building_id),
  foreign key (tenant_id, made_by) references app.member(tenant_id, id),
  foreign key (tenant_id, ended_by) references app.member(tenant_id, id));
create unique index report_code_place on app.report_code(tenant_id, building_id, coalesce(entrance_id, part_id, building_id))
  where ended_at is null;
create index report_code_building on app.report_code(tenant_id, building_id);
create index report_code_entrance on app.report_code(tenant_id, entrance_id, building_id);
create index report_code_part on app.report_code(tenant_id, part_id, building_id);
create index report_code_made on app.report_code(tenant_id, made_by);
create index report_code_ended on app.report_code(tenant_id, ended_by);
select app.protect('app.report_code');

-- Nobody of the company reported it: a visitor did, through a code.
alter table app.fault
  alter reporter_id drop not null,
  add source text not null default 'member' check (source in ('member', 'qr')),
  add constraint fault_somebody check (reporter_id is not null or source = 'qr');
alter table app.fault_photo alter added_by drop not null;
alter table app.fault_comment alter author_id drop not null;

-- Who the visitor was, as far as they said, and their private link. Only those who may see people read the contact.
create table app.fault_visitor(
  tenant_id     int not null,
  id            uuid not null,                                          -- the fault's own
  code_id       uuid not null,
  token_hash    bytea not null check (length(token_hash) = 32),         -- of the private link, which is kept nowhere
  name          text check (length(name) between 1 and 120),
  email         text check (length(email) between 3 and 254),
  phone         text check (length(phone) between 3 and 40),
  language      text not null check (length(language) between 2 and 8),
  request_key   bytea check (length(request_key) = 32),                 -- the same form sent twice is one report
  request_print bytea check (length(request_print) = 32),
  reported_at   timestamptz not null,
  stopped_at    timestamptz,                                            -- wants no more letters
  primary key (tenant_id, id),
  unique (tenant_id, token_hash),
  unique (tenant_id, request_key),
  foreign key (tenant_id, id) references app.fault(tenant_id, id),
  foreign key (tenant_id, code_id) references app.report_code(tenant_id, id));
create index fault_visitor_code on app.fault_visitor(tenant_id, code_id);
select app.protect('app.fault_visitor');

-- The wall holds for the two new roles as for all others.
do $$
declare
  t regclass;
begin
  foreach t in array '{app.fault_visitor,app.fault_photo,app.fault_entry,app.fault_suggestion,app.audit_line,app.event,app.job,app.blob_spool}'::regclass[]
  loop
    execute format('alter policy tenant_wall on %s to portico_app, portico_worker, portico_ingest, portico_portal, portico_auditor, '
      'portico_visitor', t);
    execute format('grant insert on %s to portico_visitor', t);
  end loop;
  foreach t in array '{app.report_code,app.counter,app.fault}'::regclass[]
  loop
    execute format('alter policy tenant_wall on %s to portico_app, portico_worker, portico_ingest, portico_portal, portico_auditor, '
      'portico_clerk', t);
  end loop;
end $$;
alter policy tenant_wall on jobs.queue to portico_app, portico_visitor;
grant insert on jobs.queue to portico_visitor;

-- What a visitor may insert, and nothing else.
create policy visitor on app.fault_visitor for insert to portico_visitor with check (stopped_at is null);
create policy visitor on app.fault_photo for insert to portico_visitor with check (stage = 'report' and added_by is null);
create policy visitor on app.fault_entry for insert to portico_visitor
  with check (kind = 'reported' and actor_id is null and from_state is null and to_state = 'reported');
create policy visitor on app.fault_suggestion for insert to portico_visitor with check (state = 'queued');
create policy visitor on app.audit_line for insert to portico_visitor
  with check (action = 'fault.reported' and via = 'visitor' and actor_id is null and on_behalf_of is null);
create policy visitor on app.event for insert to portico_visitor with check (name = 'FaultReported' and actor_id is null);
create policy visitor on app.job for insert to portico_visitor with check (actor_id is null and last_error is null);
create policy visitor on app.blob_spool for insert to portico_visitor with check (stored_at is null);
create policy visitor on jobs.queue for insert to portico_visitor
  with check (kind in ('faults.tell', 'faults.suggest') and state = 'queued' and unique_key is null);

-- Puts a visitor's fault on record and gives its number; NULL when the code is not, or no longer, in force. The number is counted
-- here because that needs a look at the counter, which the visitor does not have.
create function app.take_report(
  code_hash bytea, fault uuid, title text, description text, category text, priority text, location_note text, year int,
  at timestamptz, due timestamptz) returns text
  language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  building uuid;
  count bigint;
  number text;
begin
  select c.building_id into building from app.report_code c
   where c.tenant_id = (select sec.tenant()) and c.token_hash = code_hash and c.ended_at is null for share;
  if building is null then return null; end if;
  insert into app.counter as c (tenant_id, kind, value) values ((select sec.tenant()), 'fault-' || year, 1)
    on conflict (tenant_id, kind) do update set value = c.value + 1 returning c.value into count;
  number := 'F-' || year || '-' || case when count < 10000 then lpad(count::text, 4, '0') else count::text end;
  insert into app.fault(tenant_id, id, number, title, description, category, priority, state, building_id, location_note, source,
                        reported_at, due_at, state_at)
  values ((select sec.tenant()), fault, number, title, description, category, priority, 'reported', building, location_note, 'qr',
          at, due, at);
  return number;
end $$;
alter function app.take_report(bytea, uuid, text, text, text, text, text, int, timestamptz, timestamptz) owner to portico_clerk;
revoke all on function app.take_report(bytea, uuid, text, text, text, text, text, int, timestamptz, timestamptz) from public;
grant execute on function app.take_report(bytea, uuid, text, text, text, text, text, int, timestamptz, timestamptz)
  to portico_visitor;
grant select (tenant_id, building_id, token_hash, ended_at) on app.report_code to portico_clerk;
grant update (ended_at) on app.report_code to portico_clerk;              -- "for share" asks for the right; the policy below lets none through
grant select, insert, update on app.counter to portico_clerk;
grant insert on app.fault to portico_clerk;
create policy clerk on app.report_code for select to portico_clerk using (ended_at is null);
create policy clerk_share on app.report_code for update to portico_clerk using (ended_at is null) with check (false);
create policy clerk on app.counter for all to portico_clerk using (kind like 'fault-%') with check (kind like 'fault-%');
create policy clerk on app.fault for insert to portico_clerk
  with check (source = 'qr' and state = 'reported' and reporter_id is null and unit_id is null);
