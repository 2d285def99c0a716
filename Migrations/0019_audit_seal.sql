-- The audit log says in whose name a job acted, and is sealed: a hash chain per company that any later change breaks.
alter table app.audit_line
  add column on_behalf_of uuid,
  add column via          text,                                         -- kind of the job that acted; NULL: people themselves
  add column written_xid  bigint not null default pg_current_xact_id()::text::bigint,
  add foreign key (tenant_id, on_behalf_of) references app.member(tenant_id, id);
create index audit_behalf on app.audit_line(tenant_id, on_behalf_of);
create index audit_action on app.audit_line(tenant_id, action, id);
-- The sealer's place. Ids and times do not say when a line became visible, transactions do: all that are older than a
-- snapshot's xmin are over, so that nothing can turn up behind the horizon that a seal notes.
create index audit_written on app.audit_line(tenant_id, written_xid, id);

create table app.audit_seal(
  tenant_id int not null,
  id        bigint not null check (id > 0),                             -- place in the chain, without gaps
  line_id   uuid not null,
  hash      bytea not null check (length(hash) = 32),                   -- SHA-256 of the hash before, this row and its line
  horizon   bigint not null,                                            -- every older transaction's lines are sealed
  sealed_at timestamptz not null,
  primary key (tenant_id, id),
  unique (tenant_id, line_id),
  foreign key (tenant_id, line_id) references app.audit_line(tenant_id, id));
select app.protect('app.audit_seal', append_only => true);
