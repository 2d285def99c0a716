-- as: superuser
-- What pages show and that has changed, for those who watch it (Kit/Live). A line is written with the change itself and read by every
-- process a moment later; NOTIFY without content is only the bell that saves it from asking. Topics are an HMAC, so that a line says
-- nothing to whoever reads it. After a crash of Postgres the table is empty and every process lost its connection: all look anew.
create unlogged table jobs.signal(
  tenant_id int not null references app.tenant(id),
  id        bigint generated always as identity,
  xact      bigint not null default pg_current_xact_id()::text::bigint, -- lines of one transaction appear together, and late
  topic     uuid not null,                                              -- not an id: 16 bytes of HMAC (TicketKey)
  told_at   timestamptz not null default now(),
  primary key (tenant_id, id));

create index signal_xact on jobs.signal(xact);
create index signal_told on jobs.signal(told_at);

alter table jobs.signal owner to portico_owner;
alter table jobs.signal enable row level security;
alter table jobs.signal force row level security;
create policy tenant_wall on jobs.signal as restrictive for all to portico_app, portico_visitor
  using (tenant_id = (select sec.tenant())) with check (tenant_id = (select sec.tenant()));
create policy tell_wall on jobs.signal as restrictive for insert to portico_worker with check (tenant_id = (select sec.tenant()));
create policy staff on jobs.signal for all to portico_app, portico_visitor, portico_worker using (true) with check (true);
grant insert (tenant_id, topic) on jobs.signal to portico_app, portico_visitor;
grant insert (tenant_id, topic), select, delete on jobs.signal to portico_worker;
grant select on jobs.signal, jobs.signal_id_seq to portico_backup;

-- Lines come and go all day.
alter table jobs.signal set (autovacuum_vacuum_scale_factor = 0.02, autovacuum_vacuum_cost_delay = 0);
