-- Who can do what, and where: for giving new faults to the right person.
create table app.technician_skill(
  tenant_id int not null,
  id        uuid not null,
  member_id uuid not null,
  category  text not null check (length(category) between 1 and 60),
  primary key (tenant_id, id),
  unique (tenant_id, member_id, category),
  foreign key (tenant_id, member_id) references app.member(tenant_id, id) on delete cascade);
create index technician_skill_category on app.technician_skill(tenant_id, category);
select app.protect('app.technician_skill');

create table app.technician_building(
  tenant_id   int not null,
  id          uuid not null,
  member_id   uuid not null,
  building_id uuid not null,
  primary key (tenant_id, id),
  unique (tenant_id, member_id, building_id),
  foreign key (tenant_id, member_id) references app.member(tenant_id, id) on delete cascade,
  foreign key (tenant_id, building_id) references app.building(tenant_id, id) on delete cascade);
create index technician_building_building on app.technician_building(tenant_id, building_id);
select app.protect('app.technician_building');

-- Of two who have as many open faults, the one who got their last one longer ago comes first.
alter table app.fault add assigned_at timestamptz;
