-- Named filters of the list, and acts on many faults at once with what is needed to take them back.
create table app.fault_view(
  tenant_id  int not null,
  id         uuid not null,
  owner_id   uuid not null,
  name       text not null check (length(name) between 1 and 60),
  query      text not null check (length(query) <= 2000),               -- normalised: names in order, empty values left out
  shared     boolean not null,
  is_default boolean not null,                                          -- what the owner's list opens with
  created_at timestamptz not null default now(),
  primary key (tenant_id, id),
  unique (tenant_id, owner_id, name),
  foreign key (tenant_id, owner_id) references app.member(tenant_id, id) on delete cascade);
create unique index fault_view_default on app.fault_view(tenant_id, owner_id) where is_default;
select app.protect('app.fault_view');
create trigger tell_change after insert or update or delete on app.fault_view
  for each row execute function app.tell_change('fault_view');

create table app.fault_batch(
  tenant_id int not null,
  id        uuid not null,
  member_id uuid not null,
  act       text not null check (act in ('assign', 'priority', 'comment')),
  at        timestamptz not null,
  undone_at timestamptz,
  primary key (tenant_id, id),
  foreign key (tenant_id, member_id) references app.member(tenant_id, id));
create index fault_batch_member on app.fault_batch(tenant_id, member_id);
select app.protect('app.fault_batch');

-- What became of each fault: done, or why not; and how it stood before.
create table app.fault_batch_row(
  tenant_id     int not null,
  id            uuid not null,
  batch_id      uuid not null,
  fault_id      uuid not null,
  result        text not null check (result in ('done', 'unchanged', 'not_possible')),
  before        jsonb not null default '{}',
  version_after int not null,
  undone        boolean not null default false,
  primary key (tenant_id, id),
  unique (tenant_id, batch_id, fault_id),
  foreign key (tenant_id, batch_id) references app.fault_batch(tenant_id, id) on delete cascade,
  foreign key (tenant_id, fault_id) references app.fault(tenant_id, id));
create index fault_batch_row_fault on app.fault_batch_row(tenant_id, fault_id);
select app.protect('app.fault_batch_row');
