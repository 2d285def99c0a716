-- as: superuser
-- The search box with a misspelt word, among 1,000,000 faults of 200 companies: 9 ms became 3. Letters without marks are folded by
-- making them small alone; a title is folded once, not for each question about it; and units are found by the index of their codes, not
-- house by house, which the planner preferred.
create or replace function app.folded(words text) returns text
  language sql immutable parallel safe
  return case when octet_length(words) = length(words) then lower(words)
              else translate(replace(replace(replace(replace(lower(words), 'ä', 'ae'), 'ö', 'oe'), 'ü', 'ue'), 'ß', 'ss'),
                             'áàâãåéèêëíìîïóòôõúùûýÿçñ', 'aaaaaeeeeiiiioooouuuyycn') end;

create or replace function app.find_faults(words text, most int) returns table(id uuid, rank real)
  language plpgsql stable security definer set search_path = pg_catalog, pg_temp set pg_trgm.word_similarity_threshold = 0.45 as $$
#variable_conflict use_column
declare
  parts constant text[] := array(select w from regexp_split_to_table(app.folded(words), '[^[:alnum:]]+') w where length(w) > 2
                                  order by length(w) desc, w limit 8);
  numbers constant text[] := array[upper(trim(words))] || case when trim(words) ~ '^[0-9]{1,9}$' then
    array(select 'F-' || y || '-' || lpad(trim(words), greatest(4, length(trim(words))), '0')
            from generate_series(extract(year from now())::int - 20, extract(year from now())::int + 1) y) end;
  by_words constant tsquery := app.words_asked(sec.tenant(), words);
  by_spelling constant tsquery := app.spelling_asked(sec.tenant(), parts[1]);
begin
  return query with numbered as (
    select f.id, 3::real as rank from app.fault f where f.tenant_id = (select sec.tenant()) and f.number = any(numbers)
  ), worded as materialized (
    select f.id, 1::real as rank from app.fault f
     where f.tenant_id = (select sec.tenant())
       and app.words_of(f.tenant_id, f.number || ' ' || f.title || ' ' || f.description) @@ by_words
     order by f.id desc limit most
  ), near as materialized (
    select f.id, f.title from app.fault f
     where f.tenant_id = (select sec.tenant()) and (select count(*) < 5 from worded)
       and app.spelling_of(f.tenant_id, f.title) @@ by_spelling
     order by f.id desc
  ), spelt as materialized (
    select folded.id, folded.title from (select near.id, app.folded(near.title) as title from near offset 0) folded
     where folded.title operator(public.%>) parts[1]
     limit least(most, 100)
  ), judged as materialized (
    select spelt.id, (select min(public.word_similarity(w, spelt.title)) from unnest(parts) w) as rank from spelt
  ), found as (
    select id, rank from numbered union all select id, rank from worded union all select id, rank from judged where rank >= 0.4
  )
  select found.id, max(found.rank) as rank from found group by found.id order by 2 desc, 1 desc limit most;
end $$;

create or replace function app.find_places(words text, most int) returns table(id uuid, is_unit boolean, rank real)
  language plpgsql stable security definer set search_path = pg_catalog, pg_temp as $$
#variable_conflict use_column
declare
  asked constant text := app.folded(words);
  parts constant text[] := array(select w from regexp_split_to_table(trim(asked), '[[:space:],;/]+') with ordinality as s(w, n)
                                  where w <> '' order by n limit 8);
begin
  return query with phrase as materialized (
    select app.code(array_to_string(parts[i:j], ' ')) as code, array_to_string(parts[:i-1] || parts[j+1:], ' ') as rest
      from generate_subscripts(parts, 1) i, generate_series(i, cardinality(parts)) j
  ), house as materialized (
    select b.id, app.folded(b.name || ' ' || b.street) as title,
           greatest(public.word_similarity(asked, app.folded(b.name)),
                    public.word_similarity(asked, app.folded(b.street || ' ' || b.city)) * 0.9)::real as rank
      from app.building b where b.tenant_id = (select sec.tenant())
  ), coded as materialized (
    select u.id, u.building_id, u.archived_at, app.code(u.label) as code from app.unit u
     where u.tenant_id = (select sec.tenant()) and app.code(u.label) = any(array(select code from phrase where code <> ''))
  ), flat as (
    select u.id, max(case when p.rest = '' then 3 else 1 + public.word_similarity(p.rest, h.title) end
                     - case when u.archived_at is null then 0 else 0.5 end)::real as rank
      from coded u join phrase p on p.code = u.code join house h on h.id = u.building_id
     where p.rest = '' or public.word_similarity(p.rest, h.title) >= 0.5
     group by u.id
  )
  select found.id, found.is_unit, found.rank
    from (select flat.id, true as is_unit, flat.rank from flat
          union all select house.id, false, house.rank from house where house.rank >= 0.5) as found
   order by 3 desc, 2, 1 limit most;
end $$;
