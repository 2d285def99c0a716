-- What people say about a fault, what it cost, how it was rated, until when it waits, what has been told, what is the same.

-- Internal notes are for those who work for the company; every reading statement for others says "not internal".
create table app.fault_comment(
  tenant_id    int not null,
  id           uuid not null,
  fault_id     uuid not null,
  author_id    uuid not null,
  at           timestamptz not null,
  body         text not null check (length(body) between 1 and 5000),
  internal     boolean not null,
  withdrawn_at timestamptz,                                             -- taken back: nobody reads it any more
  primary key (tenant_id, id),
  foreign key (tenant_id, fault_id) references app.fault(tenant_id, id),
  foreign key (tenant_id, author_id) references app.member(tenant_id, id));
create index fault_comment_fault on app.fault_comment(tenant_id, fault_id, id);
create index fault_comment_author on app.fault_comment(tenant_id, author_id);
select app.protect('app.fault_comment');

-- Whom a comment names. A technician who is asked for advice may see the fault from then on.
create table app.fault_mention(
  tenant_id  int not null,
  id         uuid not null,
  comment_id uuid not null,
  fault_id   uuid not null,
  member_id  uuid not null,
  primary key (tenant_id, id),
  unique (tenant_id, comment_id, member_id, fault_id),
  foreign key (tenant_id, comment_id) references app.fault_comment(tenant_id, id),
  foreign key (tenant_id, fault_id) references app.fault(tenant_id, id),
  foreign key (tenant_id, member_id) references app.member(tenant_id, id));
create index fault_mention_fault on app.fault_mention(tenant_id, fault_id);
create index fault_mention_member on app.fault_mention(tenant_id, member_id, fault_id);
select app.protect('app.fault_mention');

alter table app.fault
  add cost_minor    bigint check (cost_minor between 0 and 100000000000000),
  add cost_currency text check (cost_currency ~ '^[A-Z]{3}$'),
  add rating        int check (rating between 1 and 5),
  add rating_note   text check (length(rating_note) between 1 and 500),
  add hold_until    date,                                               -- opens by itself on that day of the company's zone
  add warned_at     timestamptz,                                        -- told that the deadline comes near
  add escalated_at  timestamptz,                                        -- told that it has passed
  add check ((cost_minor is null) = (cost_currency is null)),
  add check (rating_note is null or rating is not null),
  add check (hold_until is null or state = 'on_hold');
create index fault_held on app.fault(tenant_id, hold_until) where hold_until is not null;

-- A fault that is handled with another one; it is cancelled itself. A table and no column of app.fault, because a table that
-- points at itself cannot be restored from a dump of its rows alone.
create table app.fault_duplicate(
  tenant_id   int not null,
  id          uuid not null,
  fault_id    uuid not null,
  original_id uuid not null,
  primary key (tenant_id, id),
  unique (tenant_id, fault_id, original_id),
  foreign key (tenant_id, fault_id) references app.fault(tenant_id, id),
  foreign key (tenant_id, original_id) references app.fault(tenant_id, id));
create index fault_duplicate_original on app.fault_duplicate(tenant_id, original_id, fault_id);
select app.protect('app.fault_duplicate');

alter table app.fault_entry drop constraint fault_entry_kind_check;
alter table app.fault_entry add constraint fault_entry_kind_check
  check (kind in ('reported', 'assigned', 'started', 'held', 'resolved', 'confirmed', 'reopened', 'cancelled', 'edited', 'closed',
                  'unassigned', 'resumed', 'merged', 'absorbed', 'separated', 'released', 'undone'));
