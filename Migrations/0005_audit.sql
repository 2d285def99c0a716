-- Who changed what, from where. Append-only: no role behind the wall may update or delete a line.
create table app.audit_line(
  tenant_id  int not null,
  id         uuid not null,
  at         timestamptz not null default now(),
  actor_id   uuid,                                                      -- NULL: the system itself
  action     text not null,
  entity     text not null,
  entity_id  uuid,
  before     jsonb,
  after      jsonb,
  address    text,
  request_id text,
  primary key (tenant_id, id),
  foreign key (tenant_id, actor_id) references app.member(tenant_id, id));
create index audit_entity on app.audit_line(tenant_id, entity, entity_id, id);
create index audit_actor on app.audit_line(tenant_id, actor_id, id);
select app.protect('app.audit_line', append_only => true);
