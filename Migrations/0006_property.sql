-- Buildings, their units, and who lives in or owns them.
create table app.building(
  tenant_id   int not null references app.tenant(id),
  id          uuid not null,
  name        text not null check (length(name) between 1 and 120),
  street      text not null,
  postal_code text not null,
  city        text not null,
  created_at  timestamptz not null default now(),
  version     int not null default 1,
  primary key (tenant_id, id),
  unique (tenant_id, name));
select app.protect('app.building');

create table app.unit(
  tenant_id   int not null,
  id          uuid not null,
  building_id uuid not null,
  label       text not null check (length(label) between 1 and 60),
  floor       int not null default 0,
  created_at  timestamptz not null default now(),
  version     int not null default 1,
  primary key (tenant_id, id),
  unique (tenant_id, building_id, label),
  unique (tenant_id, id, building_id),                                  -- lets a fault prove that its unit stands in its building
  foreign key (tenant_id, building_id) references app.building(tenant_id, id));
select app.protect('app.unit');

create table app.occupancy(
  tenant_id int not null,
  id        uuid not null,
  unit_id   uuid not null,
  member_id uuid not null,
  kind      text not null check (kind in ('resident', 'owner')),
  since     date not null,
  until     date check (until >= since),
  primary key (tenant_id, id),
  unique (tenant_id, unit_id, member_id, kind, since),
  foreign key (tenant_id, unit_id) references app.unit(tenant_id, id),
  foreign key (tenant_id, member_id) references app.member(tenant_id, id));
create index occupancy_member on app.occupancy(tenant_id, member_id);
select app.protect('app.occupancy');
