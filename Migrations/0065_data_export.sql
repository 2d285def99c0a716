-- What the house knows of one person, packed for them: on request of themselves, or of somebody of the office.
create table app.data_export(
  tenant_id    int not null references app.tenant(id),
  id           uuid not null,
  member_id    uuid not null,                                           -- whose data it is
  requested_by uuid not null,
  requested_at timestamptz not null,
  ready_at     timestamptz,                                             -- NULL: a job is at work
  object_key   text,                                                    -- NULL: not ready yet, or no longer there
  bytes        bigint check (bytes > 0),
  expires_at   timestamptz,
  primary key (tenant_id, id),
  check ((ready_at is null) = (expires_at is null)),
  check (object_key is null or ready_at is not null),
  foreign key (tenant_id, member_id) references app.member(tenant_id, id),
  foreign key (tenant_id, requested_by) references app.member(tenant_id, id));
create unique index data_export_object on app.data_export(tenant_id, object_key);
create index data_export_member on app.data_export(tenant_id, member_id, id);
create index data_export_requested_by on app.data_export(tenant_id, requested_by);
create index data_export_due on app.data_export(tenant_id, expires_at) where object_key is not null;
select app.protect('app.data_export');
