-- What members have signed in with before, so that they are told of what they have not. A browser keeps a random text; of that and of its
-- member there is the SHA-256 here, which says nothing about two members who share a browser. Programs are known by name and network.
create table app.known_device(
  tenant_id int not null,
  hash      bytea not null check (length(hash) = 32),
  member_id uuid not null,
  first_at  timestamptz not null,
  seen_at   timestamptz not null,
  primary key (tenant_id, hash),
  foreign key (tenant_id, member_id) references app.member(tenant_id, id) on delete cascade);
create index known_device_member on app.known_device(tenant_id, member_id);
create index known_device_age on app.known_device(tenant_id, seen_at);
select app.protect('app.known_device');
