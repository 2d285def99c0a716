-- What rules or a model think of a fault: a suggestion beside what its reporter wrote, never in its place.
create table app.fault_suggestion(
  tenant_id   int not null,
  id          uuid not null,                                            -- the fault's own
  state       text not null check (state in ('queued', 'done', 'fallback', 'skipped')),
  category    text check (length(category) between 1 and 100),
  priority    text check (priority in ('urgent', 'high', 'normal', 'low')),
  tags        text[] not null default '{}' check (cardinality(tags) <= 8),
  confidence  float8 not null default 0 check (confidence between 0 and 1),
  source      text not null default 'rules' check (length(source) between 1 and 200),   -- or the model's name
  at          timestamptz not null default now(),
  accepted_at timestamptz,
  accepted_by uuid,                                                     -- nobody: it was taken by itself; no foreign key: members may go
  primary key (tenant_id, id),
  foreign key (tenant_id, id) references app.fault(tenant_id, id));
select app.protect('app.fault_suggestion');
