-- The keys that sign what programs present (RS256). The private half is sealed by the house's own key; the public half is what
-- /.well-known/jwks.json shows. A key is published before it signs, and verifies until the last token that it signed is over.
create table app.signing_key(
  tenant_id      int not null references app.tenant(id),
  id             uuid not null,
  kid            text not null check (kid ~ '^[0-9A-Za-z_-]{43}$'),     -- RFC 7638 thumbprint of the public half
  public_key     bytea not null check (length(public_key) between 256 and 4096),
  sealed_key     bytea not null check (length(sealed_key) between 512 and 8192),
  made_at        timestamptz not null,
  signs_from     timestamptz not null,
  verifies_until timestamptz check (verifies_until > signs_from),       -- NULL: no other key follows yet
  primary key (tenant_id, id),
  unique (tenant_id, kid));
create unique index signing_key_last on app.signing_key(tenant_id) where verifies_until is null;
select app.protect('app.signing_key');
-- It is set by the job that rotates; requests make a company's first key, and read.
revoke update, delete on app.signing_key from portico_app;
revoke all on app.signing_key from portico_auditor;

-- Refresh tokens take each other's place for 90 days at most.
alter table app.session add column signed_in_at timestamptz;            -- NULL: created_at
