-- Events, and the jobs that follow from them: written in the transaction of the change that causes them.

-- What has to be done, when, and who is at it. Nothing here says what a job is about: that stands behind the wall in app.job.
-- Workers claim before they hold a ticket, so portico_worker sees every row; portico_app sees its own company's.
create table jobs.queue(
  tenant_id    int not null references app.tenant(id),
  id           uuid not null,
  kind         text not null check (length(kind) between 1 and 100),
  state        text not null default 'queued' check (state in ('queued', 'running', 'done', 'parked', 'discarded')),
  run_at       timestamptz not null default now(),
  attempt      int not null default 0,
  max_attempts int not null check (max_attempts between 1 and 1000),
  unique_key   text check (length(unique_key) between 1 and 200),
  worker       uuid,                                                    -- one process from start to end
  lease_until  timestamptz,                                             -- the worker's heartbeat moves it on
  enqueued_at  timestamptz not null default now(),
  finished_at  timestamptz,
  primary key (tenant_id, id),
  check (attempt between 0 and max_attempts),
  check (state <> 'running' or attempt > 0),
  check ((state = 'running') = (worker is not null)),
  check ((state = 'running') = (lease_until is not null)),
  check ((state in ('done', 'parked', 'discarded')) = (finished_at is not null)));

create index queue_due on jobs.queue(run_at, id) where state = 'queued';
create index queue_lease on jobs.queue(lease_until) where state = 'running';
create index queue_finished on jobs.queue(finished_at) where finished_at is not null;
create index queue_list on jobs.queue(tenant_id, id desc) where state <> 'done';
-- At most one job of a kind and key waits for its first try.
create unique index queue_unique on jobs.queue(tenant_id, kind, unique_key)
  where state = 'queued' and attempt = 0 and unique_key is not null;

alter table jobs.queue owner to portico_owner;
alter table jobs.queue enable row level security;
alter table jobs.queue force row level security;
create policy tenant_wall on jobs.queue as restrictive for all to portico_app
  using (tenant_id = (select sec.tenant())) with check (tenant_id = (select sec.tenant()));
create policy enqueue_wall on jobs.queue as restrictive for insert to portico_worker with check (tenant_id = (select sec.tenant()));
create policy staff on jobs.queue for all to portico_app, portico_worker using (true) with check (true);
grant select, insert, update (state, run_at, attempt, finished_at, unique_key) on jobs.queue to portico_app;
grant select, insert, update, delete on jobs.queue to portico_worker;
grant select on jobs.queue to portico_backup;

-- Rows come and go all day: clean up early, and leave room on each page for the new state of a row.
alter table jobs.queue set (fillfactor = 70, autovacuum_vacuum_scale_factor = 0.02, autovacuum_vacuum_cost_delay = 0);

-- What a job is about. Goes away with its row in the queue.
create table app.job(
  tenant_id  int not null,
  id         uuid not null,
  args       jsonb not null,
  actor_id   uuid,                                                      -- whose act it follows from; no foreign key: members may go
  request_id text,
  last_error text,
  primary key (tenant_id, id),
  foreign key (tenant_id, id) references jobs.queue(tenant_id, id) on delete cascade);
select app.protect('app.job');

-- What has happened, for whoever wants to know later.
create table app.event(
  tenant_id  int not null references app.tenant(id),
  id         uuid not null,
  name       text not null check (length(name) between 1 and 100),
  subject    uuid not null,
  at         timestamptz not null default now(),
  facts      jsonb not null,
  actor_id   uuid,
  request_id text,
  primary key (tenant_id, id));
create index event_subject on app.event(tenant_id, subject, id);
select app.protect('app.event', append_only => true);

-- When what recurs is due next; tenant 0 is the whole fleet.
create table jobs.schedule(
  name      text not null check (length(name) between 1 and 100),
  tenant_id int not null,
  next_at   timestamptz not null,
  last_at   timestamptz,
  primary key (name, tenant_id));
create index schedule_due on jobs.schedule(next_at);
alter table jobs.schedule owner to portico_owner;
alter table jobs.schedule enable row level security;
alter table jobs.schedule force row level security;
create policy fleet on jobs.schedule for all to portico_worker using (true) with check (true);
grant select, insert, update, delete on jobs.schedule to portico_worker;
grant select on jobs.schedule to portico_backup;
