-- Tokens that members make for their own programs. Each may at most what its scopes and its member's present rights have in common.
-- The token itself is never stored, only its SHA-256; lines stay for the record once it is over.
create table app.personal_token(
  tenant_id  int not null,
  id         uuid not null,
  member_id  uuid not null,
  name       text not null check (length(name) between 1 and 80),
  token_hash bytea not null check (length(token_hash) = 32),
  scopes     text[] not null check (cardinality(scopes) between 1 and 100),
  made_at    timestamptz not null,
  expires_at timestamptz not null check (expires_at > made_at and expires_at <= made_at + interval '366 days'),
  used_at    timestamptz,
  address    text,                                                      -- that it was last used from
  revoked_at timestamptz,
  primary key (tenant_id, id),
  unique (tenant_id, token_hash),
  foreign key (tenant_id, member_id) references app.member(tenant_id, id) on delete cascade);
create index personal_token_member on app.personal_token(tenant_id, member_id, id);
create unique index personal_token_name on app.personal_token(tenant_id, member_id, lower(name)) where revoked_at is null;
select app.protect('app.personal_token');
