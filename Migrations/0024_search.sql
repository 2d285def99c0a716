-- as: superuser
-- One box that finds people, places and faults. Likeness of words (pg_trgm) is not leakproof, so under the wall it would read every
-- row of the company: reviewed definer functions, tenant test inside, that give ids and ranks and nothing else. The pages then read
-- the rows through the wall. A rank of 3 and more is what was named exactly: a number, a unit's code, a mail address.
create extension pg_trgm with schema public;
grant usage on schema public to portico_search;                        -- names pg_trgm's operators in what it owns; may create nothing

-- Words as people compare them: Müller, Mueller and MÜLLER are the same, café is cafe.
create function app.folded(words text) returns text
  language sql immutable parallel safe
  return translate(replace(replace(replace(replace(lower(words), 'ä', 'ae'), 'ö', 'oe'), 'ü', 'ue'), 'ß', 'ss'),
                   'áàâãåéèêëíìîïóòôõúùûýÿçñ', 'aaaaaeeeeiiiioooouuuyycn');
alter function app.folded(text) owner to portico_owner;

-- "WE 03" and "we03" are the same flat.
create function app.code(label text) returns text
  language sql immutable parallel safe
  return regexp_replace(app.folded(label), '[^[:alnum:]]+', '', 'g');
alter function app.code(text) owner to portico_owner;

-- The words of a row, each with its company's number before it. A search for beginnings of words collects all that begin so before it
-- looks at anything else: among 1,000,000 faults of 200 companies that took 55 ms, and takes 3 ms where only the company's own can.
create function app.words_of(tenant int, words text) returns tsvector
  language plpgsql immutable parallel safe as $$
begin
  return array_to_tsvector(array(select tenant || ':' || lexeme from unnest(to_tsvector('simple', app.folded(words)))));
end $$;
alter function app.words_of(int, text) owner to portico_owner;

-- What finds rows with all the words, or with words that begin so.
create function app.words_asked(tenant int, words text) returns tsquery
  language plpgsql immutable parallel safe as $$
begin
  return (select coalesce(string_agg(quote_literal(tenant || ':' || lexeme) || ':*', ' & '), '')::tsquery
            from unnest(to_tsvector('simple', app.folded(words))));
end $$;
alter function app.words_asked(int, text) owner to portico_owner;

-- Whoever writes a row computes what its indexes hold.
revoke all on function app.folded(text), app.code(text), app.words_of(int, text), app.words_asked(int, text) from public;
grant execute on function app.folded(text), app.code(text), app.words_of(int, text)
  to portico_app, portico_worker, portico_search, portico_migrator;
grant execute on function app.words_asked(int, text) to portico_search;

-- Whether a title fits words that nearly spell it, from 0 to 1: the least likeness of any of them, short ones aside. For rows that
-- are few because the asker may see few; the index serves those who see all.
create function app.likeness(words text, text text) returns real
  language sql immutable parallel safe
  return (select coalesce(min(public.word_similarity(w, app.folded(text))), 0)
            from regexp_split_to_table(app.folded(words), '[^[:alnum:]]+') w where length(w) > 2);
alter function app.likeness(text, text) owner to portico_owner;
revoke all on function app.likeness(text, text) from public;
grant execute on function app.likeness(text, text) to portico_app, portico_worker, portico_search;

drop index app.fault_words;
create index fault_words on app.fault using gin (app.words_of(tenant_id, number || ' ' || title || ' ' || description));
create index fault_titles on app.fault using gin (tenant_id, app.folded(title) public.gin_trgm_ops);
create index member_search on app.member using gin (tenant_id, app.folded(name || ' ' || email) public.gin_trgm_ops);
create index unit_code on app.unit(tenant_id, app.code(label));

create or replace function app.search_faults(words text) returns table(id uuid)
  language sql stable security definer set search_path = pg_catalog, pg_temp as $$
  select f.id from app.fault f
   where f.tenant_id = (select sec.tenant())
     and app.words_of(f.tenant_id, f.number || ' ' || f.title || ' ' || f.description) @@
         (select app.words_asked(sec.tenant(), words))
   order by f.id desc
   limit 1000
$$;

-- The number first, in full or without its year; then what has all the words or their beginnings; and only where that finds hardly
-- anything, the newest titles that are spelt alike: the longest word leads into the index, the others must be alike, too.
create function app.find_faults(words text, most int) returns table(id uuid, rank real)
  language sql stable security definer set search_path = pg_catalog, pg_temp set pg_trgm.word_similarity_threshold = 0.45 as $$
  with asked as (
    select array(select w from regexp_split_to_table(app.folded(words), '[^[:alnum:]]+') w where length(w) > 2
                  order by length(w) desc, w limit 8) as parts
  ), numbered as (
    select f.id, 3::real as rank from app.fault f
     where f.tenant_id = (select sec.tenant())
       and f.number = any(array[upper(trim(words))] || case when trim(words) ~ '^[0-9]{1,9}$' then
             array(select 'F-' || y || '-' || lpad(trim(words), greatest(4, length(trim(words))), '0')
                     from generate_series(extract(year from now())::int - 20, extract(year from now())::int + 1) y) end)
  ), worded as materialized (
    select f.id, 1::real as rank from app.fault f
     where f.tenant_id = (select sec.tenant())
       and app.words_of(f.tenant_id, f.number || ' ' || f.title || ' ' || f.description) @@
           (select app.words_asked(sec.tenant(), words))
     order by f.id desc limit most
  ), spelt as materialized (
    select f.id, f.title from app.fault f
     where f.tenant_id = (select sec.tenant()) and (select count(*) < 5 from worded)
       and app.folded(f.title) operator(public.%>) (select parts[1] from asked)
     order by f.id desc limit least(most, 100)
  ), found as (
    select id, rank from numbered
    union all select id, rank from worded
    union all select id, rank from (select s.id, (select min(public.word_similarity(w, app.folded(s.title))) from asked, unnest(parts) w) as rank
                                 from spelt s) s where rank >= 0.4
  )
  select found.id, max(found.rank) as rank from found group by found.id order by 2 desc, 1 desc limit most
$$;

create function app.find_people(words text, most int) returns table(id uuid, rank real)
  language sql stable security definer set search_path = pg_catalog, pg_temp set pg_trgm.word_similarity_threshold = 0.5 as $$
  select m.id, case when lower(m.email) = lower(trim(words)) then 3
                    else public.word_similarity(app.folded(words), app.folded(m.name || ' ' || m.email)) end::real as rank
    from app.member m
   where m.tenant_id = (select sec.tenant())
     and app.folded(m.name || ' ' || m.email) operator(public.%>) app.folded(words)
   order by 2 desc, m.disabled_at is not null, m.name, m.id limit most
$$;

-- Buildings by name and street; units by their code, alone or beside words that fit their building.
create function app.find_places(words text, most int) returns table(id uuid, is_unit boolean, rank real)
  language sql stable security definer set search_path = pg_catalog, pg_temp as $$
  with asked as (
    select array(select w from regexp_split_to_table(trim(app.folded(words)), '[[:space:],;/]+') with ordinality as s(w, n)
                  where w <> '' order by n limit 8) as parts
  ), phrase as (
    select app.code(array_to_string(parts[i:j], ' ')) as code, array_to_string(parts[:i-1] || parts[j+1:], ' ') as rest
      from asked, generate_subscripts(parts, 1) i, generate_series(i, cardinality(parts)) j
  ), house as materialized (
    select b.id, b.name, b.street, b.archived_at,
           greatest(public.word_similarity(app.folded(words), app.folded(b.name)),
                    public.word_similarity(app.folded(words), app.folded(b.street || ' ' || b.city)) * 0.9)::real as rank
      from app.building b where b.tenant_id = (select sec.tenant())
  ), flat as (
    select u.id, max(case when p.rest = '' then 3 else 1 + public.word_similarity(p.rest, app.folded(h.name || ' ' || h.street)) end
                     - case when u.archived_at is null then 0 else 0.5 end)::real as rank
      from app.unit u join phrase p on p.code = app.code(u.label) join house h on h.id = u.building_id
     where u.tenant_id = (select sec.tenant()) and app.code(u.label) = any(array(select code from phrase where code <> ''))
       and (p.rest = '' or public.word_similarity(p.rest, app.folded(h.name || ' ' || h.street)) >= 0.5)
     group by u.id
  )
  select found.id, found.is_unit, found.rank
    from (select flat.id, true as is_unit, flat.rank from flat
          union all select house.id, false, house.rank from house where house.rank >= 0.5) as found
   order by 3 desc, 2, 1 limit most
$$;

revoke all on function app.find_faults(text, int), app.find_people(text, int), app.find_places(text, int) from public;
alter function app.find_faults(text, int) owner to portico_search;
alter function app.find_people(text, int) owner to portico_search;
alter function app.find_places(text, int) owner to portico_search;
grant select on app.member, app.building, app.unit to portico_search;
grant execute on function app.find_faults(text, int), app.find_people(text, int), app.find_places(text, int)
  to portico_app, portico_worker;
