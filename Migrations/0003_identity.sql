-- Members of a company, their sessions, and what keeps strangers from guessing.

create table app.member(
  tenant_id     int not null references app.tenant(id),
  id            uuid not null,
  email         text not null check (length(email) between 3 and 254),
  name          text not null check (length(name) between 1 and 120),
  roles         text[] not null check (cardinality(roles) > 0),
  password_hash text,                                                   -- NULL: cannot sign in with a password
  locale        text,                                                   -- NULL: the company's first language
  time_zone     text,
  theme         text not null default 'auto' check (theme in ('auto', 'light', 'dark')),
  disabled_at   timestamptz,
  created_at    timestamptz not null default now(),
  version       int not null default 1,
  primary key (tenant_id, id));
create unique index member_email on app.member(tenant_id, lower(email));
select app.protect('app.member');

-- The token itself is never stored, only its SHA-256.
create table app.session(
  tenant_id   int not null,
  token_hash  bytea not null check (length(token_hash) = 32),
  id          uuid not null,
  member_id   uuid not null,
  kind        text not null check (kind in ('browser', 'access', 'refresh')),
  family      uuid not null,                                            -- one sign-in; reuse of a refresh token ends it all
  created_at  timestamptz not null default now(),
  seen_at     timestamptz not null default now(),
  idle_until  timestamptz not null,
  expires_at  timestamptz not null,
  spent_at    timestamptz,                                              -- a refresh token that was exchanged
  address     text,
  agent       text,
  primary key (tenant_id, token_hash),
  foreign key (tenant_id, member_id) references app.member(tenant_id, id) on delete cascade);
create index session_member on app.session(tenant_id, member_id);
create index session_family on app.session(tenant_id, family);
create index session_expiry on app.session(tenant_id, expires_at);
select app.protect('app.session');

-- Fixed windows, counted in the database so that a limit holds across nodes.
create table app.rate_limit(
  tenant_id int not null,
  bucket    text not null,
  starts_at timestamptz not null,
  count     int not null,
  primary key (tenant_id, bucket, starts_at));
select app.protect('app.rate_limit');

-- One effect per key: the answer is kept beside the change that it belongs to, in the same transaction.
create table app.idempotency(
  tenant_id   int not null,
  member_id   uuid not null,
  key         text not null check (length(key) between 8 and 128),
  fingerprint bytea not null,
  answer      jsonb,
  created_at  timestamptz not null default now(),
  primary key (tenant_id, member_id, key),
  foreign key (tenant_id, member_id) references app.member(tenant_id, id) on delete cascade);
create index idempotency_age on app.idempotency(tenant_id, created_at);
select app.protect('app.idempotency');

-- Numbers that people see: per company and kind, without gaps because the row lock lives as long as the transaction.
create table app.counter(
  tenant_id int not null,
  kind      text not null,
  value     bigint not null,
  primary key (tenant_id, kind));
select app.protect('app.counter');
