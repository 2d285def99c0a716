-- Acts on more faults than one request should touch run as jobs, portion by portion; a killed worker's job goes on with what is left.
alter table app.fault_batch
  add state       text not null default 'done' check (state in ('running', 'done', 'undoing')),
  add assignee_id uuid,
  add priority    text check (priority in ('urgent', 'high', 'normal', 'low')),
  add comment     text check (length(comment) between 1 and 5000),
  add internal    boolean not null default false,
  add finished_at timestamptz,
  add foreign key (tenant_id, assignee_id) references app.member(tenant_id, id);
update app.fault_batch set finished_at = at;
create index fault_batch_assignee on app.fault_batch(tenant_id, assignee_id);

-- A row is pending until its fault has been looked at; undo_seen likewise for taking the act back.
alter table app.fault_batch_row drop constraint fault_batch_row_result_check;
alter table app.fault_batch_row
  add constraint fault_batch_row_result_check check (result in ('pending', 'done', 'unchanged', 'not_possible')),
  add undo_seen boolean not null default false;
create index fault_batch_row_pending on app.fault_batch_row(tenant_id, batch_id, fault_id) where result = 'pending';
create index fault_batch_row_undo on app.fault_batch_row(tenant_id, batch_id, fault_id) where result = 'done' and not undo_seen;
