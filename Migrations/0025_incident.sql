-- An outage of a whole building or entrance: gathers the faults that are one and the same, and tells everybody who lives there.
create table app.incident(
  tenant_id    int not null,
  id           uuid not null,
  number       text not null,                                           -- O-2026-0003
  title        text not null check (length(title) between 1 and 140),
  category     text not null check (length(category) between 1 and 60),
  building_id  uuid not null,
  entrance_id  uuid,                                                    -- NULL: the whole building
  state        text not null default 'open' check (state in ('open', 'resolved')),
  since        timestamptz not null,
  expected_end timestamptz check (expected_end >= since),
  declared_by  uuid not null,
  declared_at  timestamptz not null,
  resolved_at  timestamptz,
  resolution   text check (length(resolution) between 1 and 5000),
  version      int not null default 1,
  primary key (tenant_id, id),
  unique (tenant_id, number),
  foreign key (tenant_id, building_id) references app.building(tenant_id, id),
  foreign key (tenant_id, entrance_id, building_id) references app.entrance(tenant_id, id, building_id),
  foreign key (tenant_id, declared_by) references app.member(tenant_id, id),
  check (state <> 'resolved' or (resolved_at is not null and resolution is not null)));
create index incident_place on app.incident(tenant_id, building_id, category) where state = 'open';
create index incident_building on app.incident(tenant_id, building_id, id);
create index incident_entrance on app.incident(tenant_id, entrance_id, building_id);
create index incident_state on app.incident(tenant_id, state, id);
create index incident_declared_by on app.incident(tenant_id, declared_by);
select app.protect('app.incident');

-- What it gathers. A fault is part of one outage at most; whoever gathers it holds its row.
create table app.incident_fault(
  tenant_id   int not null,
  id          uuid not null,
  fault_id    uuid not null,
  incident_id uuid not null,
  at          timestamptz not null,
  by_itself   boolean not null,                                         -- came in while the outage was open
  primary key (tenant_id, id),
  unique (tenant_id, fault_id, incident_id),
  foreign key (tenant_id, fault_id) references app.fault(tenant_id, id),
  foreign key (tenant_id, incident_id) references app.incident(tenant_id, id) on delete cascade);
create index incident_fault_incident on app.incident_fault(tenant_id, incident_id, fault_id);
select app.protect('app.incident_fault');

-- Who said "me too" instead of reporting it again.
create table app.incident_member(
  tenant_id   int not null,
  incident_id uuid not null,
  member_id   uuid not null,
  at          timestamptz not null,
  primary key (tenant_id, incident_id, member_id),
  foreign key (tenant_id, incident_id) references app.incident(tenant_id, id) on delete cascade,
  foreign key (tenant_id, member_id) references app.member(tenant_id, id) on delete cascade);
create index incident_member_member on app.incident_member(tenant_id, member_id);
select app.protect('app.incident_member');

-- What happened to it, with the words that were sent, by language: {"de": "…", "en": "…"}; none where nobody was told.
create table app.incident_entry(
  tenant_id   int not null,
  id          uuid not null,
  incident_id uuid not null,
  at          timestamptz not null,
  actor_id    uuid,
  kind        text not null check (kind in ('declared', 'edited', 'gathered', 'released', 'told', 'resolved', 'reopened')),
  note        text not null default '' check (length(note) <= 5000),
  texts       jsonb not null default '{}',
  primary key (tenant_id, id),
  foreign key (tenant_id, incident_id) references app.incident(tenant_id, id) on delete cascade,
  foreign key (tenant_id, actor_id) references app.member(tenant_id, id));
create index incident_entry_incident on app.incident_entry(tenant_id, incident_id, id);
create index incident_entry_actor on app.incident_entry(tenant_id, actor_id);
select app.protect('app.incident_entry', append_only => true);
