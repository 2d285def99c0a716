-- as: superuser
-- Words in messages (see 0024): a reviewed definer function that looks at nothing but what the asker may read, and gives ids alone. The
-- asker is the ticket's own actor, not an argument.
create index message_words on app.message using gin (app.words_of(tenant_id, body)) where deleted_at is null;

create function app.find_messages(words text, most int) returns table(id uuid)
  language plpgsql stable security definer set search_path = pg_catalog, pg_temp as $$
#variable_conflict use_column
declare
  asked constant tsquery := app.words_asked(sec.tenant(), words);
begin
  return query
    select m.id from app.conversation_member p join app.message m on m.tenant_id = p.tenant_id and m.conversation_id = p.conversation_id
     where p.tenant_id = (select sec.tenant()) and p.member_id = (select sec.actor()) and p.left_at is null
       and m.seq > p.from_seq and m.deleted_at is null and app.words_of(m.tenant_id, m.body) @@ asked
     order by m.id desc limit most;
end $$;
alter function app.find_messages(text, int) owner to portico_search;
revoke all on function app.find_messages(text, int) from public;
grant execute on function app.find_messages(text, int) to portico_app, portico_worker;
grant select on app.message, app.conversation_member to portico_search;
