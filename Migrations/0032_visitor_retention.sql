-- as: superuser
-- What visitors said of themselves is kept no longer than it is needed. The link still shows how their report stands.
alter table app.fault_visitor
  add forgotten_at timestamptz,
  add constraint fault_visitor_forgotten check (forgotten_at is null or (name is null and email is null and phone is null));
create index fault_visitor_known on app.fault_visitor(tenant_id, id)
  where name is not null or email is not null or phone is not null;
alter policy visitor on app.fault_visitor with check (stopped_at is null and forgotten_at is null);

-- Photos of a form that came back: whoever sent it, a visitor or a member, need not choose them again. Kept for an hour.
create table app.held_photo(
  tenant_id  int not null,
  id         uuid not null,
  holder     bytea not null check (length(holder) = 32),                -- SHA-256 of what the browser alone knows
  filename   text not null check (length(filename) <= 255),             -- to show
  object_key text not null,
  thumb_key  text not null,
  width      int not null,
  height     int not null,
  bytes      int not null,
  held_at    timestamptz not null,
  primary key (tenant_id, id));
create index held_photo_age on app.held_photo(tenant_id, held_at);
select app.protect('app.held_photo');
