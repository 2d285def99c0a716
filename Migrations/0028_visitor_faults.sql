-- as: superuser
-- What a visitor reports is found by the search like any other fault: the clerk, who puts it on record, computes its words.
grant execute on function app.folded(text), app.words_of(int, text) to portico_clerk;

-- And it waits no longer than any other for somebody who looks after it.
alter policy visitor on jobs.queue
  with check (kind in ('faults.tell', 'faults.suggest', 'faults.assign-anyway') and state = 'queued' and unique_key is null);
