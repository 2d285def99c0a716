-- as: superuser
-- What is written along with nearly everything is written with less. A message to three people wrote five lines of jobs.signal with
-- three indexes each, and every line took a lock on the company's row for its foreign key.

-- One line for each transaction that changes what pages show, with all of its topics. Otherwise as it was (0070): read by every process
-- a moment later, empty after a crash.
drop table jobs.signal;
create unlogged table jobs.signal(
  tenant_id int not null,                                               -- the ticket's; a foreign key would lock the company's row
  xact      bigint not null default pg_current_xact_id()::text::bigint,
  topics    uuid[] not null check (cardinality(topics) > 0),            -- not ids: 16 bytes of HMAC each (TicketKey)
  told_at   timestamptz not null default now(),
  primary key (xact, tenant_id));                                       -- read from a transaction on, across companies
comment on table jobs.signal is 'Lives for ten minutes, so what is old is found by looking at all of it';

alter table jobs.signal owner to portico_owner;
alter table jobs.signal enable row level security;
alter table jobs.signal force row level security;
create policy tenant_wall on jobs.signal as restrictive for all to portico_app, portico_visitor
  using (tenant_id = (select sec.tenant())) with check (tenant_id = (select sec.tenant()));
create policy tell_wall on jobs.signal as restrictive for insert to portico_worker with check (tenant_id = (select sec.tenant()));
create policy staff on jobs.signal for all to portico_app, portico_visitor, portico_worker using (true) with check (true);
grant insert (tenant_id, topics) on jobs.signal to portico_app, portico_visitor;
grant insert (tenant_id, topics), select, delete on jobs.signal to portico_worker;
grant select on jobs.signal to portico_backup;
alter table jobs.signal set (autovacuum_vacuum_scale_factor = 0.02, autovacuum_vacuum_cost_delay = 0);

-- Numbers and marks that change with every message leave their rows on their pages, and their indexes alone.
alter table app.conversation set (fillfactor = 80);
alter table app.conversation_member set (fillfactor = 80);

-- Whoever writes these carries a ticket, and no ticket names a company that is not there; companies are never deleted. Their foreign keys
-- to app.tenant proved nothing else, and locked one row for every change of a company: where several change something at once, each
-- lock names all that hold it, and is written to the log.
alter table app.event drop constraint event_tenant_id_fkey;
alter table jobs.queue drop constraint queue_tenant_id_fkey;
