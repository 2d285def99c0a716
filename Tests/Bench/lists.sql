-- A million faults over 200 companies, for `portico bench lists`; run as a superuser in a database of its own.
-- Each company, the bench's own among them, gets 20 buildings, 500 units, 60 people, 5,000 faults. Made within minutes, because
-- nothing is checked while it is made (no triggers, no foreign keys): what it makes is consistent by construction.
\set ON_ERROR_STOP on
set session_replication_role = replica;
set maintenance_work_mem = '256MB';
set synchronous_commit = off;

insert into app.tenant(slug) select 'company-' || n from generate_series(1, 199) n;

-- Ids are made of tenant and number, so that rows can name each other. Those of faults begin with their time, as UUIDv7 do.
create function pg_temp.id(kind text, tenant int, n int) returns uuid immutable language sql as
  $$ select md5(kind || ' ' || tenant || ' ' || n)::uuid $$;
create function pg_temp.fault_id(tenant int, at timestamptz, n int) returns uuid immutable language sql as $$
  select (lpad(to_hex((extract(epoch from at) * 1000)::bigint), 12, '0') || '7' ||
          substr(md5('fault ' || tenant || ' ' || n), 1, 3) || '8' || substr(md5('fault ' || tenant || ' ' || n), 4, 15))::uuid $$;

create temp table company as select id, 5000 as faults from app.tenant;

insert into app.member(tenant_id, id, email, name, roles)
select c.id, pg_temp.id('member', c.id, n), 'person-' || n || '@company.test',
       (array['Maria','Jan','Aylin','Tom','Ines','Paul','Sofia','Emre','Greta','Luis'])[1 + n % 10] || ' ' ||
       (array['Kern','Weber','Demir','Novak','Brandt','Sommer','Falk'])[1 + n % 7],
       array[case when n < 2 then 'manager' when n < 10 then 'technician' else 'resident' end]
  from company c cross join generate_series(0, 59) n;

insert into app.building(tenant_id, id, name, street, postal_code, city)
select c.id, pg_temp.id('building', c.id, n), 'House ' || n, 'Lindenstraße ' || n, '10115', 'Berlin'
  from company c cross join generate_series(0, 19) n;

insert into app.unit(tenant_id, id, building_id, label)
select c.id, pg_temp.id('unit', c.id, n), pg_temp.id('building', c.id, n % 20), 'Apartment ' || n / 20 + 1
  from company c cross join generate_series(0, 499) n;

insert into app.fault(tenant_id, id, number, title, description, category, priority, state, building_id, unit_id, reporter_id,
                      assignee_id, resolution, reported_at, due_at, state_at, resolved_at, closed_at)
select f.tenant, pg_temp.fault_id(f.tenant, f.at, f.n), 'F-' || extract(year from f.at) || '-' || lpad(f.n::text, 5, '0'), f.title,
       f.title || '. ' || (array['Since yesterday evening, in the whole flat.', 'It gets worse when it rains outside.', 'Neighbours have it, too.',
                                 'Please ring before you come, the child sleeps at noon.', 'Only in the mornings, for half an hour.'])[1 + f.h % 5],
       (array['plumbing','heating','electrical','elevator','structural','common_area','security','cleaning'])[1 + f.h % 8],
       (array['normal','normal','high','low','urgent'])[1 + f.h % 5], f.state,
       pg_temp.id('building', f.tenant, f.unit % 20), pg_temp.id('unit', f.tenant, f.unit), pg_temp.id('member', f.tenant, 10 + f.h % 50),
       case when f.state <> 'reported' then pg_temp.id('member', f.tenant, 2 + f.h % 8) end,
       case when f.state in ('resolved', 'closed') then 'Repaired' end, f.at, f.at + interval '2 days', f.at,
       case when f.state in ('resolved', 'closed') then f.at end, case when f.state = 'closed' then f.at end
  from (select c.id as tenant, n, now() - (c.faults - n) * interval '4 hours' as at, h, h % 500 as unit,
               (array['Tap','Radiator','Lamp','Lift','Door','Window','Drain','Boiler','Shutter','Intercom','Stair rail','Mailbox'])[1 + h % 12] || ' ' ||
               (array['drips','stays cold','flickers','sticks','rattles','smells','is broken','leaks','is loose'])[1 + h / 12 % 9] || ' in the ' ||
               (array['bathroom','kitchen','cellar','stairwell','attic','yard','bedroom'])[1 + h / 108 % 7] as title,
               -- Nine of ten are done, as in a company that works.
               case when h / 7 % 10 > 0 then 'closed'
                    else (array['reported','assigned','in_progress','on_hold','resolved'])[1 + h / 70 % 5] end as state
          from company c cross join generate_series(1, c.faults) n
               cross join lateral (select ('x' || substr(md5(c.id || '/' || n), 1, 7))::bit(28)::int as h) as hash) f;

vacuum (analyze);
