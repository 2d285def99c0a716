-- What members want to be told, where and when. A kind without a row is as the house has it by default.
create table app.notice_preference(
  tenant_id  int not null,
  member_id  uuid not null,
  kind       text not null check (length(kind) between 1 and 100),
  channel    text not null check (channel in ('mail', 'sms')),
  mode       text not null check (mode in ('now', 'digest', 'off')),
  changed_at timestamptz not null,
  primary key (tenant_id, member_id, kind, channel),
  foreign key (tenant_id, member_id) references app.member(tenant_id, id) on delete cascade);
select app.protect('app.notice_preference');

-- Quiet hours in minutes of the member's own day (22:00 is 1320), the hour of the digest, and the number for SMS.
create table app.notice_habit(
  tenant_id   int not null,
  member_id   uuid not null,
  quiet_from  int check (quiet_from between 0 and 1439),
  quiet_to    int check (quiet_to between 0 and 1439),
  digest_hour int not null default 8 check (digest_hour between 0 and 23),
  phone       text check (phone ~ '^[+][1-9][0-9]{6,14}$'),
  version     int not null default 1,
  primary key (tenant_id, member_id),
  check ((quiet_from is null) = (quiet_to is null)),
  foreign key (tenant_id, member_id) references app.member(tenant_id, id) on delete cascade);
select app.protect('app.notice_habit');
