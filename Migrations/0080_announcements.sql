-- News of the house. For whom they are is found when they are read: by who lives or owns where today, and who holds which role.
create table app.announcement(
  tenant_id    int not null references app.tenant(id),
  id           uuid not null,
  title        text not null check (length(title) between 1 and 140),
  body         text not null check (length(body) between 1 and 20000),
  audience     text not null check (audience in ('company', 'building', 'entrance', 'unit', 'role')),
  roles        text[] not null default '{}',
  important    boolean not null default false,                          -- asks everybody to say that they have read it
  pinned       boolean not null default false,
  comments     boolean not null default false,
  state        text not null default 'draft' check (state in ('draft', 'scheduled', 'published', 'withdrawn')),
  sort_at      timestamptz not null,                                    -- when it was, or is to be, published; of a draft the last change
  publish_at   timestamptz,
  published_at timestamptz,
  expires_on   date,                                                    -- the last day on which it stands in front
  withdrawn_at timestamptz,
  withdrawn_by uuid,
  reason       text check (length(reason) between 1 and 1000),
  written_by   uuid not null,
  written_at   timestamptz not null,
  edited_at    timestamptz,                                             -- after it was published
  version      int not null default 1,
  primary key (tenant_id, id),
  check (state <> 'scheduled' or publish_at is not null),
  check (state not in ('published', 'withdrawn') or published_at is not null),
  check (state <> 'withdrawn' or (withdrawn_at is not null and reason is not null)),
  foreign key (tenant_id, written_by) references app.member(tenant_id, id),
  foreign key (tenant_id, withdrawn_by) references app.member(tenant_id, id));
create index announcement_list on app.announcement(tenant_id, state, sort_at);
create index announcement_written on app.announcement(tenant_id, written_by);
create index announcement_withdrawn on app.announcement(tenant_id, withdrawn_by);
select app.protect('app.announcement');

-- The places of an audience: each row names one.
create table app.announcement_place(
  tenant_id       int not null,
  id              uuid not null,
  announcement_id uuid not null,
  building_id     uuid,
  entrance_id     uuid,
  unit_id         uuid,
  primary key (tenant_id, id),
  check (num_nonnulls(building_id, entrance_id, unit_id) > 0),
  foreign key (tenant_id, announcement_id) references app.announcement(tenant_id, id) on delete cascade,
  foreign key (tenant_id, building_id) references app.building(tenant_id, id),
  foreign key (tenant_id, entrance_id) references app.entrance(tenant_id, id),
  foreign key (tenant_id, unit_id) references app.unit(tenant_id, id));
create index announcement_place_of on app.announcement_place(tenant_id, announcement_id);
create index announcement_place_building on app.announcement_place(tenant_id, building_id);
create index announcement_place_entrance on app.announcement_place(tenant_id, entrance_id);
create index announcement_place_unit on app.announcement_place(tenant_id, unit_id);
select app.protect('app.announcement_place');

create table app.announcement_reading(
  tenant_id       int not null,
  announcement_id uuid not null,
  member_id       uuid not null,
  read_at         timestamptz not null,
  acknowledged_at timestamptz,                                          -- "I have read this"
  primary key (tenant_id, announcement_id, member_id),
  foreign key (tenant_id, announcement_id) references app.announcement(tenant_id, id) on delete cascade,
  foreign key (tenant_id, member_id) references app.member(tenant_id, id));
create index announcement_reading_member on app.announcement_reading(tenant_id, member_id);
select app.protect('app.announcement_reading');

create table app.announcement_comment(
  tenant_id       int not null,
  id              uuid not null,
  announcement_id uuid not null,
  author_id       uuid not null,
  body            text not null check (length(body) <= 5000),           -- empty once it was removed
  at              timestamptz not null,
  removed_at      timestamptz,
  removed_by      uuid,
  primary key (tenant_id, id),
  foreign key (tenant_id, announcement_id) references app.announcement(tenant_id, id) on delete cascade,
  foreign key (tenant_id, author_id) references app.member(tenant_id, id),
  foreign key (tenant_id, removed_by) references app.member(tenant_id, id));
create index announcement_comment_of on app.announcement_comment(tenant_id, announcement_id, id);
create index announcement_comment_author on app.announcement_comment(tenant_id, author_id);
create index announcement_comment_removed on app.announcement_comment(tenant_id, removed_by);
select app.protect('app.announcement_comment');

create table app.announcement_file(
  tenant_id       int not null,
  id              uuid not null,
  announcement_id uuid not null,
  filename        text not null check (length(filename) between 1 and 255),
  type            text not null check (length(type) between 3 and 120),
  bytes           int not null check (bytes > 0),
  object_key      text not null,
  thumb_key       text,                                                 -- pictures alone have one
  width           int check (width > 0),
  height          int check (height > 0),
  primary key (tenant_id, id),
  unique (tenant_id, object_key),
  unique (tenant_id, thumb_key),
  foreign key (tenant_id, announcement_id) references app.announcement(tenant_id, id) on delete cascade);
create index announcement_file_of on app.announcement_file(tenant_id, announcement_id, id);
select app.protect('app.announcement_file');
