-- Changes of what processes keep in memory (KeptAnswers) are told to all of them: NOTIFY kept, "tenant topic". A transaction tells
-- the same thing once, however many rows it touches.
create function app.tell_change() returns trigger
  language plpgsql set search_path = pg_catalog, pg_temp as $$
begin
  perform pg_notify('kept', coalesce(new.tenant_id, old.tenant_id) || ' ' || tg_argv[0]);
  return null;
end $$;
alter function app.tell_change() owner to portico_owner;
revoke all on function app.tell_change() from public;

create trigger tell_change after insert or update or delete on app.building
  for each row execute function app.tell_change('building');
create trigger tell_change after insert or delete or update of name, roles, disabled_at on app.member
  for each row execute function app.tell_change('member');
create trigger tell_change after insert or update or delete on app.fault
  for each row execute function app.tell_change('fault');
