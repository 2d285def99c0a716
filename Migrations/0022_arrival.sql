-- Coming in: invitations, people who register by themselves, the links that mails carry; and how close together a member wants
-- the rows of lists.
alter table app.member add column density text not null default 'normal' check (density in ('normal', 'compact'));

-- The code itself is never stored, only its SHA-256. Pending is what is none of the others; expired is what its time says.
create table app.invitation(
  tenant_id   int not null references app.tenant(id),
  id          uuid not null,
  email       text not null check (email = lower(email) and length(email) between 3 and 254),
  role        text not null check (length(role) between 1 and 40),      -- a key of the company's roles
  building_id uuid,
  unit_id     uuid,
  language    text,                                                     -- NULL: the company's first
  code_hash   bytea not null check (length(code_hash) = 32),
  sendings    int not null default 1 check (sendings > 0),              -- each has a code of its own; only the last one works
  invited_by  uuid not null,
  invited_at  timestamptz not null,
  sent_at     timestamptz not null,
  expires_at  timestamptz not null,
  accepted_at timestamptz,
  accepted_by uuid,
  revoked_at  timestamptz,
  revoked_by  uuid,
  primary key (tenant_id, id),
  check (accepted_at is null or accepted_by is not null),
  check (revoked_at is null or revoked_by is not null),
  check (accepted_at is null or revoked_at is null),
  check (unit_id is null or building_id is not null),
  foreign key (tenant_id, building_id) references app.building(tenant_id, id),
  foreign key (tenant_id, unit_id, building_id) references app.unit(tenant_id, id, building_id),
  foreign key (tenant_id, invited_by) references app.member(tenant_id, id),
  foreign key (tenant_id, accepted_by) references app.member(tenant_id, id),
  foreign key (tenant_id, revoked_by) references app.member(tenant_id, id));
create unique index invitation_code on app.invitation(tenant_id, code_hash);
create unique index invitation_open on app.invitation(tenant_id, email) where accepted_at is null and revoked_at is null;
create index invitation_building on app.invitation(tenant_id, building_id);
create index invitation_unit on app.invitation(tenant_id, unit_id, building_id);
create index invitation_invited_by on app.invitation(tenant_id, invited_by);
create index invitation_accepted_by on app.invitation(tenant_id, accepted_by);
create index invitation_revoked_by on app.invitation(tenant_id, revoked_by);
select app.protect('app.invitation');

-- Somebody who registered by themselves. Nobody is a member before the link in the mail proved the address: until then only this
-- row knows the password's hash, and several people may claim one address.
create table app.registration(
  tenant_id      int not null references app.tenant(id),
  id             uuid not null,
  email          text not null check (email = lower(email) and length(email) between 3 and 254),
  name           text not null check (length(name) between 1 and 120),
  phone          text check (phone ~ '^[+][1-9][0-9]{6,14}$'),
  language       text,
  requested_role text check (length(requested_role) between 1 and 40),  -- NULL: nothing beyond what everybody gets
  password_hash  text,
  created_at     timestamptz not null,
  verified_at    timestamptz,
  member_id      uuid,
  decided_at     timestamptz,
  decided_by     uuid,
  granted        boolean,
  primary key (tenant_id, id),
  check ((verified_at is null) = (password_hash is not null)),
  check (verified_at is null or member_id is not null),
  check (decided_at is null or decided_by is not null),
  check ((decided_at is null) = (granted is null)),
  check (decided_at is null or (verified_at is not null and requested_role is not null)),
  foreign key (tenant_id, member_id) references app.member(tenant_id, id) on delete cascade,
  foreign key (tenant_id, decided_by) references app.member(tenant_id, id));
create index registration_email on app.registration(tenant_id, email);
create index registration_age on app.registration(tenant_id, created_at);
create index registration_member on app.registration(tenant_id, member_id);
create index registration_decided_by on app.registration(tenant_id, decided_by);
select app.protect('app.registration');

-- The links of mails that prove an address: to end a registration, or to choose a new password. Good for one use.
create table app.mailed_link(
  tenant_id       int not null,
  id              uuid not null,
  token_hash      bytea not null check (length(token_hash) = 32),
  registration_id uuid,
  member_id       uuid,                                                 -- a new password for this member
  made_at         timestamptz not null,
  expires_at      timestamptz not null,
  used_at         timestamptz,
  primary key (tenant_id, id),
  check (registration_id is not null or member_id is not null),
  foreign key (tenant_id, registration_id) references app.registration(tenant_id, id) on delete cascade,
  foreign key (tenant_id, member_id) references app.member(tenant_id, id) on delete cascade);
create unique index mailed_link_token on app.mailed_link(tenant_id, token_hash);
create index mailed_link_registration on app.mailed_link(tenant_id, registration_id);
create index mailed_link_member on app.mailed_link(tenant_id, member_id);
create index mailed_link_age on app.mailed_link(tenant_id, expires_at);
select app.protect('app.mailed_link');
