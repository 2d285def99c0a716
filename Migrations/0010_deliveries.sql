-- What leaves the house: one row per recipient, event and channel, so that nobody is told twice.
create table app.delivery(
  tenant_id       int not null,
  id              uuid not null,                                        -- Message-ID is made from it
  notification_id uuid,                                                 -- NULL: a mail of its own, such as an invitation
  member_id       uuid,                                                 -- NULL: to an address
  digest          uuid,                                                 -- the delivery of the digest that took it along; no foreign
                                                                        -- key, so that a dump of the table loads in any order
  channel         text not null check (channel in ('mail', 'sms')),
  mode            text not null check (mode in ('now', 'digest')),
  kind            text not null check (length(kind) between 1 and 100),
  address         text check (length(address) between 3 and 254),       -- where it goes or went; of members known when it is sent
  language        text,                                                 -- NULL: the member's
  facts           jsonb,                                                -- of a mail of its own; forgotten once it is settled
  urgent          boolean not null default false,                       -- heeds no quiet hours
  dedupe_key      text not null check (length(dedupe_key) between 1 and 200),
  state           text not null default 'queued' check (state in ('queued', 'sent', 'failed', 'parked', 'suppressed')),
  reason          text check (length(reason) between 1 and 60),         -- why it was parked or suppressed
  tries           int not null default 0 check (tries >= 0),
  sending_at      timestamptz,                                          -- a try that has begun and has no outcome yet
  due_at          timestamptz not null,
  created_at      timestamptz not null,
  settled_at      timestamptz,
  primary key (tenant_id, id),
  unique (tenant_id, member_id, channel, dedupe_key),
  check (member_id is not null or address is not null),
  check ((state in ('sent', 'parked', 'suppressed')) = (settled_at is not null)),
  check (state in ('queued', 'failed') or sending_at is null),
  check (state <> 'suppressed' or reason is not null),
  foreign key (tenant_id, notification_id) references app.notification(tenant_id, id) on delete cascade,
  foreign key (tenant_id, member_id) references app.member(tenant_id, id) on delete cascade);
create unique index delivery_address on app.delivery(tenant_id, channel, lower(address), dedupe_key) where member_id is null;
create index delivery_notification on app.delivery(tenant_id, notification_id);
create index delivery_digest on app.delivery(tenant_id, digest) where digest is not null;
create index delivery_state on app.delivery(tenant_id, state, id);
create index delivery_waiting on app.delivery(tenant_id, member_id)
  where mode = 'digest' and state = 'queued' and digest is null;
select app.protect('app.delivery');

-- Every try with its outcome. One without an outcome was cut off in the middle: the message may have arrived.
create table app.delivery_try(
  tenant_id   int not null,
  id          uuid not null,
  delivery_id uuid not null,
  began_at    timestamptz not null,
  ended_at    timestamptz,
  outcome     text check (outcome in ('sent', 'later', 'refused', 'rejected', 'uncertain')),
  detail      text not null default '' check (length(detail) <= 1000),  -- the other side's words
  primary key (tenant_id, id),
  check ((ended_at is null) = (outcome is null)),
  foreign key (tenant_id, delivery_id) references app.delivery(tenant_id, id) on delete cascade);
create index delivery_try_delivery on app.delivery_try(tenant_id, delivery_id, id);
select app.protect('app.delivery_try');

-- Addresses that the other side has refused for good: nothing is sent there any more.
create table app.suppressed_address(
  tenant_id int not null,
  channel   text not null check (channel in ('mail', 'sms')),
  address   text not null check (address = lower(address) and length(address) between 3 and 254),
  detail    text not null default '' check (length(detail) <= 1000),
  at        timestamptz not null,
  primary key (tenant_id, channel, address));
select app.protect('app.suppressed_address');
