-- Bytes that the storage did not take: they wait here, written with the rows they belong to, until the job storage.flush has
-- brought them there. Until then they are served from here.
create table app.blob_spool(
  tenant_id int not null references app.tenant(id),
  id        uuid not null,                                              -- the object's own: its key is t<tenant>/<id>
  bytes     bytea not null check (length(bytes) <= 33554432),
  added_at  timestamptz not null default now(),
  primary key (tenant_id, id));
alter table app.blob_spool alter column bytes set storage external;     -- photos do not shrink
select app.protect('app.blob_spool');
