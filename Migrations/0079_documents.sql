-- A shelf of documents: folders in a tree, and in them documents with all their versions.
create table app.folder(
  tenant_id  int not null references app.tenant(id),
  id         uuid not null,
  parent_id  uuid,                                                      -- NULL: stands at the top. No link, whose rows no backup could order
  name       text not null check (length(name) between 1 and 120),
  path       uuid[] not null,                                           -- from the top down to this one: what closes one of them, closes it
  roles      text[] not null default '{}',                              -- whose it is; empty: everybody's
  made_by    uuid not null,
  made_at    timestamptz not null,
  deleted_at timestamptz,
  version    int not null default 1,
  primary key (tenant_id, id),
  foreign key (tenant_id, made_by) references app.member(tenant_id, id));
create index folder_parent on app.folder(tenant_id, parent_id);
create index folder_made on app.folder(tenant_id, made_by);
create unique index folder_name on app.folder(tenant_id, parent_id, name) nulls not distinct where deleted_at is null;
select app.protect('app.folder');

-- Whose folder it is besides: of those who live in or own something there. None: of every building.
create table app.folder_building(
  tenant_id   int not null,
  folder_id   uuid not null,
  building_id uuid not null,
  primary key (tenant_id, folder_id, building_id),
  foreign key (tenant_id, folder_id) references app.folder(tenant_id, id) on delete cascade,
  foreign key (tenant_id, building_id) references app.building(tenant_id, id));
create index folder_building_building on app.folder_building(tenant_id, building_id);
select app.protect('app.folder_building');

create table app.document(
  tenant_id  int not null references app.tenant(id),
  id         uuid not null,
  folder_id  uuid,                                                      -- NULL: at the top, for everybody
  name       text not null check (length(name) between 1 and 200),
  note       text not null default '' check (length(note) <= 2000),
  content    text not null default '' check (length(content) <= 100000), -- of the newest version, where that is text
  number     int not null default 1 check (number > 0),                 -- of the newest version
  made_by    uuid not null,
  made_at    timestamptz not null,
  changed_at timestamptz not null,
  deleted_at timestamptz,
  deleted_by uuid,
  version    int not null default 1,
  primary key (tenant_id, id),
  foreign key (tenant_id, folder_id) references app.folder(tenant_id, id),
  foreign key (tenant_id, made_by) references app.member(tenant_id, id),
  foreign key (tenant_id, deleted_by) references app.member(tenant_id, id));
create index document_folder on app.document(tenant_id, folder_id, name);
create index document_made on app.document(tenant_id, made_by);
create index document_deleted on app.document(tenant_id, deleted_by);
select app.protect('app.document');

create table app.document_version(
  tenant_id   int not null,
  id          uuid not null,
  document_id uuid not null,
  number      int not null check (number > 0),
  filename    text not null check (length(filename) between 1 and 255),
  type        text not null check (length(type) between 3 and 120),
  bytes       int not null check (bytes > 0),
  sha256      bytea not null check (length(sha256) = 32),               -- of the file as it was handed in
  object_key  text not null,
  thumb_key   text,                                                     -- pictures alone have one
  width       int check (width > 0),
  height      int check (height > 0),
  added_by    uuid not null,
  added_at    timestamptz not null,
  primary key (tenant_id, id),
  unique (tenant_id, document_id, number),
  unique (tenant_id, object_key),
  unique (tenant_id, thumb_key),
  foreign key (tenant_id, document_id) references app.document(tenant_id, id) on delete cascade,
  foreign key (tenant_id, added_by) references app.member(tenant_id, id));
create index document_version_added on app.document_version(tenant_id, added_by);
select app.protect('app.document_version');
