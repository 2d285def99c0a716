-- What a company signs its sealed exports with. The certificate is public, the key is sealed with the installation's key. Keys are never
-- removed: what was signed with one is checked by its certificate for as long as anybody keeps it.
create table app.seal_key(
  tenant_id   int not null,
  id          uuid not null,
  certificate bytea not null,                                            -- X.509, DER
  private_key bytea not null,                                            -- sealed
  made_at     timestamptz not null,
  primary key (tenant_id, id));
select app.protect('app.seal_key');
