-- Every published version of a company's configuration, whole, so that any of them can come back. The files in the company's folder stay
-- the source of truth; a line that nobody published is how they were found, changed by hand on the server.
create table app.configuration_version(
  tenant_id    int not null,
  id           uuid not null,
  number       int not null check (number > 0),
  published_at timestamptz not null,
  published_by uuid,                                                    -- NULL: found
  reason       text not null check (length(reason) <= 500),
  base         bytea check (length(base) = 32),                         -- SHA-256 of the files before; NULL: found
  digest       bytea not null check (length(digest) = 32),
  files        jsonb not null check (jsonb_typeof(files) = 'object'),   -- text by path in the folder
  changed      text[] not null,                                         -- paths
  added        int not null check (added >= 0),                         -- lines
  removed      int not null check (removed >= 0),
  reverts_to   int,                                                     -- the number of the version that came back
  primary key (tenant_id, id),
  unique (tenant_id, number),
  check ((published_by is null) = (base is null)),
  check (published_by is null or length(reason) > 0),
  foreign key (tenant_id, published_by) references app.member(tenant_id, id));
create index configuration_version_author on app.configuration_version(tenant_id, published_by);
select app.protect('app.configuration_version', append_only => true);
-- Every node hears of it: one with a folder of its own brings that up to date, all read theirs again.
create trigger tell_change after insert on app.configuration_version for each row execute function app.tell_change('configuration');
