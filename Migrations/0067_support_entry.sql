-- An operator of the platform enters a company: with a reason, for an hour at most, seen by the company's admins, who may end it.
-- Each entry is a person of its own in the company, who never gets a password, stands among the disabled and signs in through the one
-- link of the entry; so every audit line of that time bears the entry's id as its actor, under the seal.
create table app.support_entry(
  tenant_id  int not null,
  id         uuid not null,                                             -- the person's, too
  operator   uuid not null,                                             -- in platform.operator, which no company's role reads
  name       text not null check (length(name) between 1 and 120),
  reason     text not null check (length(reason) between 1 and 500),
  mode       text not null check (mode in ('look', 'change')),
  asked_at   timestamptz not null,
  entered_at timestamptz,                                               -- NULL: the link was not used yet; it is good once
  expires_at timestamptz not null check (expires_at > asked_at and expires_at <= asked_at + interval '60 minutes'),
  ended_at   timestamptz,
  ended_how  text check (ended_how in ('time', 'operator', 'admin')),
  ended_by   uuid,
  primary key (tenant_id, id),
  check ((ended_at is null) = (ended_how is null)),
  check (ended_by is null or ended_how = 'admin'),
  foreign key (tenant_id, id) references app.member(tenant_id, id),
  foreign key (tenant_id, ended_by) references app.member(tenant_id, id));
create index support_entry_ended_by on app.support_entry(tenant_id, ended_by);
create index support_entry_open on app.support_entry(tenant_id, expires_at) where ended_at is null;
select app.protect('app.support_entry');
-- What was said of an entry stays; only its beginning and end are noted.
revoke update, delete on app.support_entry from portico_app, portico_worker;
grant update (entered_at, ended_at, ended_how, ended_by) on app.support_entry to portico_app, portico_worker;
