-- as: superuser
-- Who acts for an owner gets into the folders of the owner's building (0053) and finds what lies there by its words, too. Otherwise as it
-- was (0081).
create or replace function app.find_documents(words text, on_day date, everything boolean, most int) returns table(id uuid)
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
                        and o.since <= on_day and coalesce(o.until >= on_day, true))
          or exists (select from app.folder_building b
                       join app.unit u on u.tenant_id = b.tenant_id and u.building_id = b.building_id
                       join app.delegation d on d.tenant_id = u.tenant_id and d.unit_id = u.id
                       join app.member p on p.tenant_id = d.tenant_id and p.id = d.delegator_id and p.disabled_at is null
                       join app.occupancy o on o.tenant_id = d.tenant_id and o.unit_id = d.unit_id and o.member_id = d.delegator_id
                      where b.tenant_id = f.tenant_id and b.folder_id = f.id and d.delegate_id = (select sec.actor())
                        and d.state = 'accepted' and 'view_documents' = any(d.rights) and coalesce(d.expires_at > now(), true)
                        and o.kind = 'owner' and o.since <= on_day and coalesce(o.until >= on_day, true))))));
  return query
    select d.id from app.document d left join app.folder f on f.tenant_id = d.tenant_id and f.id = d.folder_id
     where d.tenant_id = (select sec.tenant()) and d.deleted_at is null
       and app.words_of(d.tenant_id, d.name || ' ' || d.note || ' ' || d.content) @@ asked
       and (d.folder_id is null or not f.path && shut)
     order by d.changed_at desc, d.id desc limit most;
end $$;
grant select on app.delegation to portico_search;
