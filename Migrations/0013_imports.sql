-- Imports of buildings, units, people and shares from CSV: the file's rows wait here until they are checked and taken over.
create table app.import(
  tenant_id   int not null,
  id          uuid not null,
  filename    text not null check (length(filename) <= 200),
  columns     text[] not null,                                          -- the headings, as the file has them
  mapping     jsonb not null default '{}',                              -- our field → number of its column, from 0
  state       text not null check (state in ('mapping', 'checking', 'checked', 'importing', 'done', 'failed')),
  rows        int not null,
  progress    int not null default 0,                                   -- rows read so far by the check
  errors      int not null default 0,
  skip_errors boolean not null default false,
  counts      jsonb,
  problem     text,                                                     -- a code; why it failed
  added_by    uuid not null,
  added_at    timestamptz not null,
  run_by      uuid,
  finished_at timestamptz,
  version     int not null default 1,
  primary key (tenant_id, id),
  foreign key (tenant_id, added_by) references app.member(tenant_id, id),
  foreign key (tenant_id, run_by) references app.member(tenant_id, id));
create index import_added_by on app.import(tenant_id, added_by);
create index import_run_by on app.import(tenant_id, run_by);
select app.protect('app.import');

-- One row of a file: its cells as they came, and what the check read in them. The new_… are the ids that things get which are
-- not there yet, so that a check and an import that is run again agree. Gone once the import is done.
create table app.import_row(
  tenant_id     int not null,
  import_id     uuid not null,
  number        int not null,                                           -- line of the file as a spreadsheet counts; 1 is the heading
  cells         text[] not null,
  faulty        boolean not null default false,
  building      text,
  street        text,
  postal_code   text,
  city          text,
  entrance      text,
  unit          text,
  floor         int,
  area          int,
  unit_kind     text,
  person        text,
  email         text,
  role          text check (role in ('resident', 'owner')),
  numerator     bigint,
  denominator   bigint,
  since         date,
  until         date,
  new_building  uuid,
  new_entrance  uuid,
  new_unit      uuid,
  new_member    uuid,
  new_occupancy uuid,
  primary key (tenant_id, import_id, number),
  foreign key (tenant_id, import_id) references app.import(tenant_id, id) on delete cascade);
select app.protect('app.import_row');

create table app.import_error(
  tenant_id int not null,
  import_id uuid not null,
  number    int not null,
  field     text not null,
  value     text not null,
  code      text not null,
  detail    text not null default '',
  primary key (tenant_id, import_id, number, field),
  foreign key (tenant_id, import_id) references app.import(tenant_id, id) on delete cascade);
select app.protect('app.import_error');
