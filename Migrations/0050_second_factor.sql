-- The second factor: an authenticator's secret (RFC 6238), recovery codes, and the moments between password and code.

alter table app.member add factor_since timestamptz;                    -- NULL: the password alone signs in
-- When whoever holds the session last proved who they are; NULL: not since it was handed on.
alter table app.session add proved_at timestamptz;
-- A form whose sender was not signed out, but had to prove first who they are.
alter table app.kept_form add for_proof boolean not null default false;

create table app.totp(
  tenant_id    int not null,
  id           uuid not null,
  member_id    uuid not null,
  secret       bytea not null,                                          -- sealed for "app.totp:<tenant>:<id>"
  made_at      timestamptz not null,
  confirmed_at timestamptz,                                             -- NULL: offered, no code of it was shown yet
  last_step    bigint not null default 0,                               -- no code of this step or an earlier one is taken again
  primary key (tenant_id, id),
  foreign key (tenant_id, member_id) references app.member(tenant_id, id) on delete cascade);
create unique index totp_member on app.totp(tenant_id, member_id) where confirmed_at is not null;
create index totp_holder on app.totp(tenant_id, member_id);
create unique index totp_offered on app.totp(tenant_id, member_id) where confirmed_at is null;
select app.protect('app.totp');

-- Ten for each member, each good once. The first character of a code says which one it is, so that one hash is compared, not ten.
create table app.recovery_code(
  tenant_id int not null,
  id        uuid not null,
  member_id uuid not null,
  place     int not null check (place between 0 and 9),
  hash      text not null,                                              -- argon2id, as a PHC string
  made_at   timestamptz not null,
  used_at   timestamptz,
  primary key (tenant_id, id),
  foreign key (tenant_id, member_id) references app.member(tenant_id, id) on delete cascade);
create unique index recovery_code_place on app.recovery_code(tenant_id, member_id, place);
select app.protect('app.recovery_code');

-- Somebody has given the right password and owes the second factor. No session; good for five minutes, five tries and one success.
create table app.sign_in_challenge(
  tenant_id  int not null,
  id         uuid not null,
  token_hash bytea not null check (length(token_hash) = 32),
  member_id  uuid not null,
  wrong      int not null default 0,
  made_at    timestamptz not null,
  expires_at timestamptz not null,
  primary key (tenant_id, id),
  foreign key (tenant_id, member_id) references app.member(tenant_id, id) on delete cascade);
create unique index sign_in_challenge_token on app.sign_in_challenge(tenant_id, token_hash);
create index sign_in_challenge_member on app.sign_in_challenge(tenant_id, member_id);
create index sign_in_challenge_age on app.sign_in_challenge(tenant_id, expires_at);
select app.protect('app.sign_in_challenge');
