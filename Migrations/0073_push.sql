-- Devices that are told by push: browsers (RFC 8030) and apps (Firebase). Whoever knows a device's address can wake it, so that it is
-- sealed, and found again by its hash.
create table app.push_registration(
  tenant_id  int not null,
  id         uuid not null,
  member_id  uuid not null,
  kind       text not null check (kind in ('web', 'fcm')),
  hash       bytea not null check (length(hash) = 32),                  -- SHA-256 of the address
  sealed     bytea not null check (length(sealed) <= 16384),            -- address and keys
  label      text not null check (length(label) between 1 and 120),
  browser    bytea check (length(browser) = 32),                        -- what signing in knows the browser by; signing out there ends it
  made_at    timestamptz not null,
  last_ok_at timestamptz,                                               -- the last time that its service took something for it
  failures   int not null default 0 check (failures >= 0),              -- since then
  primary key (tenant_id, id),
  unique (tenant_id, hash),
  foreign key (tenant_id, member_id) references app.member(tenant_id, id) on delete cascade);
create index push_registration_member on app.push_registration(tenant_id, member_id, id);
select app.protect('app.push_registration');

-- Every device has a delivery of its own, so that one of them can fail alone.
alter table app.delivery
  add column registration_id uuid,                                      -- NULL: no push, or the device is gone
  drop constraint delivery_channel_check,
  add constraint delivery_channel_check check (channel in ('mail', 'sms', 'push')),
  add constraint delivery_device check (registration_id is null or channel = 'push'),
  add foreign key (tenant_id, registration_id) references app.push_registration(tenant_id, id) on delete set null (registration_id);
create index delivery_registration on app.delivery(tenant_id, registration_id);

alter table app.notice_preference
  drop constraint notice_preference_channel_check,
  add constraint notice_preference_channel_check check (channel in ('mail', 'sms', 'push'));
