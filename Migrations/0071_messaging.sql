-- Conversations between people of a company, about a unit, a fault or nothing. The order within one is total: whoever writes holds the
-- conversation's row, takes the next number and gives it back with COMMIT, so numbers have neither gaps nor doubles.
create table app.conversation(
  tenant_id int not null references app.tenant(id),
  id        uuid not null,
  subject   text not null check (length(subject) <= 140),               -- empty: its people are its name
  unit_id   uuid,
  fault_id  uuid,
  last_seq  int not null default 0 check (last_seq >= 0),
  last_at   timestamptz not null,
  made_by   uuid not null,
  made_at   timestamptz not null,
  primary key (tenant_id, id),
  check (unit_id is null or fault_id is null),
  foreign key (tenant_id, unit_id) references app.unit(tenant_id, id),
  foreign key (tenant_id, fault_id) references app.fault(tenant_id, id),
  foreign key (tenant_id, made_by) references app.member(tenant_id, id));
create index conversation_unit on app.conversation(tenant_id, unit_id);
create index conversation_fault on app.conversation(tenant_id, fault_id);
create index conversation_made on app.conversation(tenant_id, made_by);
select app.protect('app.conversation');

-- Who takes part, and how each of them has it. Whoever comes later reads from there on; whoever left reads nothing.
create table app.conversation_member(
  tenant_id       int not null,
  conversation_id uuid not null,
  member_id       uuid not null,
  joined_at       timestamptz not null,
  added_by        uuid not null,
  from_seq        int not null default 0 check (from_seq >= 0),         -- what was said up to there is not theirs to read
  left_at         timestamptz,
  removed_by      uuid,                                                 -- NULL: left by themselves
  read_seq        int not null default 0 check (read_seq >= 0),
  noted_seq       int not null default 0 check (noted_seq >= 0),        -- up to there a notice said that something is unread
  muted_until     timestamptz,
  archived_at     timestamptz,
  hides_preview   boolean not null default false,                       -- what is said is not shown on a locked screen
  primary key (tenant_id, conversation_id, member_id),
  foreign key (tenant_id, conversation_id) references app.conversation(tenant_id, id),
  foreign key (tenant_id, member_id) references app.member(tenant_id, id),
  foreign key (tenant_id, added_by) references app.member(tenant_id, id),
  foreign key (tenant_id, removed_by) references app.member(tenant_id, id));
create index conversation_member_all on app.conversation_member(tenant_id, member_id);
create index conversation_member_added on app.conversation_member(tenant_id, added_by);
create index conversation_member_removed on app.conversation_member(tenant_id, removed_by);
select app.protect('app.conversation_member');

create table app.message(
  tenant_id       int not null,
  id              uuid not null,
  conversation_id uuid not null,
  seq             int not null check (seq > 0),
  author_id       uuid not null,
  body            text not null check (length(body) <= 10000),          -- empty: files alone, or taken back
  client_key      text not null check (length(client_key) between 1 and 200), -- the same one sent twice is one message
  sent_at         timestamptz not null,
  edited_at       timestamptz,
  deleted_at      timestamptz,
  primary key (tenant_id, id),
  unique (tenant_id, conversation_id, seq),
  unique (tenant_id, author_id, client_key),
  foreign key (tenant_id, conversation_id) references app.conversation(tenant_id, id),
  foreign key (tenant_id, author_id) references app.member(tenant_id, id));
select app.protect('app.message');

-- What a message said before its author changed it or took it back.
create table app.message_edit(
  tenant_id  int not null,
  id         uuid not null,
  message_id uuid not null,
  body       text not null check (length(body) <= 10000),
  at         timestamptz not null,                                      -- when it ceased to be what the message says
  primary key (tenant_id, id),
  foreign key (tenant_id, message_id) references app.message(tenant_id, id));
create index message_edit_message on app.message_edit(tenant_id, message_id, id);
select app.protect('app.message_edit');

create table app.message_file(
  tenant_id  int not null,
  id         uuid not null,
  message_id uuid not null,
  filename   text not null check (length(filename) <= 255),
  object_key text not null,
  thumb_key  text not null,
  width      int not null check (width > 0),
  height     int not null check (height > 0),
  bytes      int not null check (bytes > 0),
  primary key (tenant_id, id),
  unique (tenant_id, object_key),
  unique (tenant_id, thumb_key),
  foreign key (tenant_id, message_id) references app.message(tenant_id, id));
create index message_file_message on app.message_file(tenant_id, message_id, id);
select app.protect('app.message_file');

-- Abuse that somebody told of. Whoever looks after it sees that message and what stands around it, and every look is on record.
create table app.message_report(
  tenant_id   int not null,
  id          uuid not null,
  message_id  uuid not null,
  reporter_id uuid not null,
  reason      text not null check (length(reason) between 1 and 1000),
  reported_at timestamptz not null,
  closed_at   timestamptz,
  closed_by   uuid,
  outcome     text check (length(outcome) between 1 and 1000),
  primary key (tenant_id, id),
  unique (tenant_id, message_id, reporter_id),
  check ((closed_at is null) = (closed_by is null) and (closed_at is null) = (outcome is null)),
  foreign key (tenant_id, message_id) references app.message(tenant_id, id),
  foreign key (tenant_id, reporter_id) references app.member(tenant_id, id),
  foreign key (tenant_id, closed_by) references app.member(tenant_id, id));
create index message_report_reporter on app.message_report(tenant_id, reporter_id);
create index message_report_closed on app.message_report(tenant_id, closed_by);
select app.protect('app.message_report');

-- Whom somebody does not want to hear from.
create table app.message_block(
  tenant_id  int not null,
  member_id  uuid not null,
  blocked_id uuid not null,
  at         timestamptz not null,
  primary key (tenant_id, member_id, blocked_id),
  foreign key (tenant_id, member_id) references app.member(tenant_id, id),
  foreign key (tenant_id, blocked_id) references app.member(tenant_id, id));
create index message_block_blocked on app.message_block(tenant_id, blocked_id);
select app.protect('app.message_block');

-- How somebody wants to write and be seen. No row: as the house has it.
create table app.message_habit(
  tenant_id      int not null,
  member_id      uuid not null,
  hides_presence boolean not null default false,
  enter_sends    boolean not null default true,
  changed_at     timestamptz not null,
  primary key (tenant_id, member_id),
  foreign key (tenant_id, member_id) references app.member(tenant_id, id));
select app.protect('app.message_habit');

-- Who has a page open somewhere: the processes note it every 20 seconds, and whoever was seen in the last 45 is here. Nothing is lost
-- with it, so no commit waits for it.
create unlogged table app.presence(
  tenant_id int not null,
  member_id uuid not null,
  seen_at   timestamptz not null,
  primary key (tenant_id, member_id),
  foreign key (tenant_id, member_id) references app.member(tenant_id, id) on delete cascade)
  with (fillfactor = 50);
select app.protect('app.presence');
