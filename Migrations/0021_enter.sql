-- as: superuser
-- The ticket is proved once per transaction instead of once per table of each statement, which had been a third of what a page
-- costs Postgres. sec.enter() proves it and notes tenant and person where every role may read and only the keeper may write: in a
-- parameter that needs a privilege (GRANT SET ON PARAMETER, Postgres 15). A parameter of our own would not do, since anybody may set
-- those. Of the parameters that Postgres protects, backtrace_functions is the one that takes any word and then does nothing: it
-- names C functions whose errors are logged with a backtrace, and no C function is called "12". Set locally, the note ends with the
-- transaction. The tenant's expression needs no secret any more, so the planner sees through it.
grant set on parameter backtrace_functions to portico_keeper;

-- The tenant whose rows this transaction sees from now on; NULL, and no rows, for an empty ticket; 42501 for a bad one.
create function sec.enter(ticket text) returns int
  language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
declare
  k sec.key;
begin
  if coalesce(ticket, '') = '' then
    perform set_config('backtrace_functions', '', true);
    return null;
  end if;
  select * into k from sec.key where kid = split_part(ticket, '|', 1);
  -- "is distinct from" refuses an unknown kid (NULL); hashing both sides hides where the two differ.
  if sha256(convert_to(encode(sha256(k.opad || sha256(k.ipad || convert_to(left(ticket, -65), 'UTF8'))), 'hex'), 'UTF8'))
     is distinct from sha256(convert_to(right(ticket, 64), 'UTF8')) then
    raise exception 'bad tenant ticket' using errcode = '42501';
  end if;
  if to_timestamp(split_part(ticket, '|', 4)::float8) < clock_timestamp() then
    raise exception 'expired tenant ticket' using errcode = '42501';
  end if;
  perform set_config('backtrace_functions', split_part(ticket, '|', 2) || ','
    || case when length(split_part(ticket, '|', 3)) = 36 then replace(split_part(ticket, '|', 3), '-', '') else '' end, true);
  return split_part(ticket, '|', 2)::int;
end $$;
alter function sec.enter(text) owner to portico_keeper;
revoke all on function sec.enter(text) from public;
grant execute on function sec.enter(text) to portico_app, portico_worker, portico_ingest, portico_portal, portico_auditor;

-- Bodies that are bound when they are made: nobody's search_path changes what they call.
create or replace function sec.tenant() returns int
  language sql stable parallel safe security invoker
  return nullif(split_part(current_setting('backtrace_functions'), ',', 1), '')::int;
create or replace function sec.actor() returns uuid
  language sql stable parallel safe security invoker
  return nullif(split_part(current_setting('backtrace_functions'), ',', 2), '')::uuid;

-- What only the old proof needed: the key as a constant of a plan, and the ways to forget it.
drop trigger forget_keys on sec.key;
drop function sec.forget_keys();
drop function sec.newest_key();
drop function sec.key_now();
drop function sec.tenant_of(text);
