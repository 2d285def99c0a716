-- Passkeys (WebAuthn): the public half of a key whose private half never leaves its holder's device. A counter that is not 0 only grows.
create table app.passkey(
  tenant_id     int not null,
  id            uuid not null,
  member_id     uuid not null,
  name          text not null check (length(name) between 1 and 80),
  host          text not null check (length(host) between 1 and 253),   -- browsers show it at this name of the company and at no other
  credential_id bytea not null check (length(credential_id) between 1 and 1023),
  public_key    bytea not null check (length(public_key) between 64 and 1024),  -- COSE (RFC 9052), as it came
  algorithm     int not null check (algorithm in (-7, -257)),           -- ES256, RS256
  counter       bigint not null check (counter between 0 and 4294967295),
  transports    text[] not null check (cardinality(transports) <= 8),
  can_back_up   boolean not null,
  backed_up     boolean not null check (can_back_up or not backed_up),
  made_at       timestamptz not null,
  used_at       timestamptz,
  primary key (tenant_id, id),
  unique (tenant_id, credential_id),
  foreign key (tenant_id, member_id) references app.member(tenant_id, id) on delete cascade);
create index passkey_member on app.passkey(tenant_id, member_id, id);
select app.protect('app.passkey');

-- Challenges are signed and stored nowhere. Once one was answered its hash stands here for as long as it would still be good, so that no
-- answer counts twice, on whichever node.
create table app.spent_challenge(
  tenant_id  int not null references app.tenant(id),
  hash       bytea not null check (length(hash) = 32),
  expires_at timestamptz not null,
  primary key (tenant_id, hash));
create index spent_challenge_age on app.spent_challenge(tenant_id, expires_at);
select app.protect('app.spent_challenge');
