-- Property in full: entrances and common parts, what a unit is, archiving, and ownership as exact fractions.
alter table app.building add column archived_at timestamptz;

create table app.entrance(
  tenant_id   int not null,
  id          uuid not null,
  building_id uuid not null,
  name        text not null check (length(name) between 1 and 60),
  note        text not null default '' check (length(note) <= 500),
  archived_at timestamptz,
  created_at  timestamptz not null default now(),
  version     int not null default 1,
  primary key (tenant_id, id),
  unique (tenant_id, building_id, name),
  unique (tenant_id, id, building_id),                                  -- lets a unit prove that its entrance is its building's
  foreign key (tenant_id, building_id) references app.building(tenant_id, id));
select app.protect('app.entrance');

create table app.common_part(
  tenant_id   int not null,
  id          uuid not null,
  building_id uuid not null,
  name        text not null check (length(name) between 1 and 60),
  note        text not null default '' check (length(note) <= 500),
  archived_at timestamptz,
  created_at  timestamptz not null default now(),
  version     int not null default 1,
  primary key (tenant_id, id),
  unique (tenant_id, building_id, name),
  foreign key (tenant_id, building_id) references app.building(tenant_id, id));
select app.protect('app.common_part');

alter table app.unit
  add column kind        text not null default 'flat' check (kind in ('flat', 'commercial', 'parking', 'storage', 'other')),
  add column area        int check (area between 1 and 10000000),       -- hundredths of a square metre; NULL: not known
  add column entrance_id uuid,
  add column archived_at timestamptz,
  add foreign key (tenant_id, entrance_id, building_id) references app.entrance(tenant_id, id, building_id);
create index unit_entrance on app.unit(tenant_id, entrance_id, building_id);

-- A share of nothing but whole numbers: 1/3 stays 1/3. NULL: an owner whose share is not on record.
alter table app.occupancy
  add column numerator   bigint,
  add column denominator bigint,
  add column version     int not null default 1,
  add constraint occupancy_share check (
    (numerator is null) = (denominator is null) and (numerator is null or (kind = 'owner' and numerator between 1 and denominator)));

-- Whether fractions together are at most one whole. Exact: numeric holds any product of bigints.
create function app.shares_fit(numerators bigint[], denominators bigint[]) returns boolean
  language plpgsql immutable parallel safe set search_path = pg_catalog, pg_temp as $$
declare
  top numeric := 0;
  bottom numeric := 1;
  common numeric;
begin
  for i in 1 .. coalesce(array_length(numerators, 1), 0) loop
    common := lcm(bottom, denominators[i]::numeric);
    top := top * div(common, bottom) + numerators[i] * div(common, denominators[i]::numeric);
    bottom := common;
    if top > bottom then return false; end if;
  end loop;
  return true;
end $$;
alter function app.shares_fit(bigint[], bigint[]) owner to portico_owner;
revoke all on function app.shares_fit(bigint[], bigint[]) from public;
grant execute on function app.shares_fit(bigint[], bigint[]) to portico_app, portico_worker;

-- On no day do the shares of a unit exceed one whole. Whoever changes them first takes the unit's row; the second waits here, and
-- the next statement then sees what the first has committed. Sums only grow on days on which a share begins.
create function app.check_shares() returns trigger
  language plpgsql set search_path = pg_catalog, pg_temp as $$
declare
  exceeded uuid;
begin
  perform from app.unit u
    where exists (select from fresh f where f.tenant_id = u.tenant_id and f.unit_id = u.id and f.numerator is not null)
    order by u.tenant_id, u.id for no key update of u;
  select o.unit_id into exceeded
    from (select distinct tenant_id, unit_id from fresh where numerator is not null) f
   cross join lateral (select distinct c.since from app.occupancy c
                        where c.tenant_id = f.tenant_id and c.unit_id = f.unit_id and c.numerator is not null) d
    join app.occupancy o on o.tenant_id = f.tenant_id and o.unit_id = f.unit_id and o.numerator is not null
                        and o.since <= d.since and coalesce(o.until >= d.since, true)
   group by o.tenant_id, o.unit_id, d.since
  having not app.shares_fit(array_agg(o.numerator), array_agg(o.denominator))
   limit 1;
  if exceeded is not null then
    raise exception 'the shares of unit % exceed one whole', exceeded using errcode = '23514', constraint = 'occupancy_whole';
  end if;
  return null;
end $$;
alter function app.check_shares() owner to portico_owner;
revoke all on function app.check_shares() from public;

create trigger check_shares_added after insert on app.occupancy
  referencing new table as fresh for each statement execute function app.check_shares();
create trigger check_shares_changed after update on app.occupancy
  referencing new table as fresh for each statement execute function app.check_shares();
