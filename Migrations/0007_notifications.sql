-- The in-app inbox. The sentence is made when it is read, in the reader's language, from kind and facts.
create table app.notification(
  tenant_id  int not null,
  id         uuid not null,
  member_id  uuid not null,
  kind       text not null,
  path       text not null check (path like '/%' and path not like '//%'),
  facts      jsonb not null,
  dedupe_key text not null,                                             -- once per recipient and event
  created_at timestamptz not null default now(),
  read_at    timestamptz,
  primary key (tenant_id, id),
  unique (tenant_id, member_id, dedupe_key),
  foreign key (tenant_id, member_id) references app.member(tenant_id, id) on delete cascade);
create index notification_inbox on app.notification(tenant_id, member_id, id);
create index notification_unread on app.notification(tenant_id, member_id) where read_at is null;
select app.protect('app.notification');
