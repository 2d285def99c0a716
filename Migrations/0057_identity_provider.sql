-- Signing in with a company's own identity provider. Who somebody is there, issuer and subject say, never a mail address.

create table app.identity(
  tenant_id int not null,
  id        uuid not null,
  member_id uuid not null,
  provider  text not null check (length(provider) between 1 and 40),    -- its key in the company's file when it was linked
  issuer    text not null check (length(issuer) between 8 and 500),
  subject   text not null check (length(subject) between 1 and 255),
  email     text check (length(email) between 3 and 254),               -- as the provider says it, for people to know it by
  linked_at timestamptz not null,
  used_at   timestamptz,                                                -- NULL: linked, and never signed in with
  primary key (tenant_id, id),
  unique (tenant_id, issuer, subject),
  foreign key (tenant_id, member_id) references app.member(tenant_id, id) on delete cascade);
create index identity_member on app.identity(tenant_id, member_id, id);
select app.protect('app.identity');

-- Sign-ins that came back from a provider: each does so once. They are over after ten minutes, so nothing is kept for long.
create table app.returned_sign_in(
  tenant_id int not null,
  id        uuid not null,
  at        timestamptz not null,
  primary key (tenant_id, id));
create index returned_sign_in_age on app.returned_sign_in(tenant_id, at);
select app.protect('app.returned_sign_in');

-- The provider of this sign-in vouched for a second factor of its own.
alter table app.session add vouched boolean not null default false;
-- The provider that stands for the password in the first step; NULL: it was the password.
alter table app.sign_in_challenge add provider text;
