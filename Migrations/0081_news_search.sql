-- as: superuser
-- Words in announcements and documents (see 0024, 0072): reviewed definer functions that look at nothing but what the asker may read,
-- and give ids alone. The asker is the ticket's own actor; `everything` says that a role lets them read all of the company's.
create index announcement_words on app.announcement using gin (app.words_of(tenant_id, title || ' ' || body));
create index document_words on app.document using gin (app.words_of(tenant_id, name || ' ' || note || ' ' || content))
  where deleted_at is null;

create function app.find_announcements(words text, on_day date, everything boolean, most int) returns table(id uuid)
  language plpgsql stable security definer set search_path = pg_catalog, pg_temp as $$
#variable_conflict use_column
declare
  asked constant tsquery := app.words_asked(sec.tenant(), words);
  held text[];
begin
  select m.roles into held from app.member m
   where m.tenant_id = (select sec.tenant()) and m.id = (select sec.actor()) and m.disabled_at is null;
  if held is null then return; end if;
  return query
    select a.id from app.announcement a
     where a.tenant_id = (select sec.tenant()) and app.words_of(a.tenant_id, a.title || ' ' || a.body) @@ asked
       and (everything or a.state = 'published' and (
            a.audience = 'company'
         or a.audience = 'role' and a.roles && held
         or exists (select from app.announcement_place p
                      join app.unit u on u.tenant_id = p.tenant_id
                       and (u.id = p.unit_id or u.entrance_id = p.entrance_id or u.building_id = p.building_id)
                      join app.occupancy o on o.tenant_id = u.tenant_id and o.unit_id = u.id
                     where p.tenant_id = a.tenant_id and p.announcement_id = a.id and o.member_id = (select sec.actor())
                       and o.since <= on_day and coalesce(o.until >= on_day, true))))
     order by a.sort_at desc, a.id desc limit most;
end $$;

create function app.find_documents(words text, on_day date, everything boolean, most int) returns table(id uuid)
  language plpgsql stable security definer set search_path = pg_catalog, pg_temp as $$
#variable_conflict use_column
declare
  asked constant tsquery := app.words_asked(sec.tenant(), words);
  held text[];
  shut uuid[];
begin
  select m.roles into held from app.member m
   where m.tenant_id = (select sec.tenant()) and m.id = (select sec.actor()) and m.disabled_at is null;
  if held is null then return; end if;
  shut := array(
    select f.id from app.folder f
     where f.tenant_id = (select sec.tenant())
       and (f.deleted_at is not null or not everything and not (
            (f.roles = '{}' or f.roles && held)
        and (not exists (select from app.folder_building b where b.tenant_id = f.tenant_id and b.folder_id = f.id)
          or exists (select from app.folder_building b
                       join app.unit u on u.tenant_id = b.tenant_id and u.building_id = b.building_id
                       join app.occupancy o on o.tenant_id = u.tenant_id and o.unit_id = u.id
                      where b.tenant_id = f.tenant_id and b.folder_id = f.id and o.member_id = (select sec.actor())
                        and o.since <= on_day and coalesce(o.until >= on_day, true))))));
  return query
    select d.id from app.document d left join app.folder f on f.tenant_id = d.tenant_id and f.id = d.folder_id
     where d.tenant_id = (select sec.tenant()) and d.deleted_at is null
       and app.words_of(d.tenant_id, d.name || ' ' || d.note || ' ' || d.content) @@ asked
       and (d.folder_id is null or not f.path && shut)
     order by d.changed_at desc, d.id desc limit most;
end $$;

alter function app.find_announcements(text, date, boolean, int) owner to portico_search;
alter function app.find_documents(text, date, boolean, int) owner to portico_search;
revoke all on function app.find_announcements(text, date, boolean, int), app.find_documents(text, date, boolean, int) from public;
grant execute on function app.find_announcements(text, date, boolean, int), app.find_documents(text, date, boolean, int)
  to portico_app, portico_worker;
grant select on app.announcement, app.announcement_place, app.document, app.folder, app.folder_building, app.occupancy to portico_search;
