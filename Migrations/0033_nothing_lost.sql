-- What somebody typed while their sign-in ended: kept for an hour, for the same browser and the same member. No passwords.
create table app.kept_form(
  tenant_id  int not null,
  id         uuid not null,
  token_hash bytea not null check (length(token_hash) = 32),            -- SHA-256 of the browser's cookie
  member_id  uuid not null,
  path       text not null check (length(path) <= 8192),                -- where it was sent to
  back       text not null check (length(back) <= 8192),                -- the page that it stood on; empty when it is not known
  fields     jsonb not null check (length(fields::text) <= 1048576),    -- [[name, value], …] in their order
  had_files  boolean not null,
  kept_at    timestamptz not null,
  primary key (tenant_id, id),
  unique (tenant_id, token_hash),
  foreign key (tenant_id, member_id) references app.member(tenant_id, id) on delete cascade);
create index kept_form_member on app.kept_form(tenant_id, member_id);
create index kept_form_age on app.kept_form(tenant_id, kept_at);
select app.protect('app.kept_form');

-- An import that nobody carried out: its rows, which are people's data, are gone; that it was there stays on record.
alter table app.import
  drop constraint import_state_check,
  add constraint import_state_check
    check (state in ('mapping', 'checking', 'checked', 'importing', 'done', 'failed', 'expired'));
create index import_open on app.import(tenant_id, added_at) where state in ('mapping', 'checked', 'failed');
