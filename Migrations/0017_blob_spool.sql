-- Bytes that the storage did not take: they wait here, written with the rows they belong to, until the job storage.flush has
-- brought them there. Until then they are served from here, and for two minutes more: as long as another process may still
-- believe that the storage is down.
create table app.blob_spool(
  tenant_id int not null references app.tenant(id),
  id        uuid not null,                                              -- the object's own: its key is t<tenant>/<id>
  bytes     bytea not null check (length(bytes) <= 33554432),
  added_at  timestamptz not null default now(),
  stored_at timestamptz,                                                -- since when the storage has them
  primary key (tenant_id, id));
create index blob_spool_waiting on app.blob_spool(tenant_id, id) where stored_at is null;
alter table app.blob_spool alter column bytes set storage external;     -- photos do not shrink
select app.protect('app.blob_spool');
