-- as: superuser
-- Titles that are spelt alike, found among the company's own. An index of groups of three letters alone collects every company's
-- titles that share one with the word before it looks whose they are: 20 ms among 1,000,000 faults of 200 companies, and each
-- company pays for all others. With the company's number before each group it takes less than one, as with whole words (0024).
drop index app.fault_titles;

-- The groups of three letters of each word, two blanks before it and one behind, as pg_trgm cuts them.
create function app.spelling_of(tenant int, words text) returns tsvector
  language plpgsql immutable parallel safe as $$
begin
  return array_to_tsvector(array(select distinct tenant || ':' || substr('  ' || w || ' ', i, 3)
                                   from regexp_split_to_table(app.folded(words), '[^[:alnum:]]+') w, generate_series(1, length(w) + 1) i
                                  where w <> ''));
end $$;
alter function app.spelling_of(int, text) owner to portico_owner;

-- What finds rows with a word spelt nearly so. Letters that are wrong, swapped, missing or too many leave whole what stands before
-- and behind them: three groups in a row somewhere, two in words of up to seven letters. How alike the words are is for the asker to
-- judge.
create function app.spelling_asked(tenant int, word text) returns tsquery
  language plpgsql immutable parallel safe as $$
declare
  padded text := '  ' || word || ' ';
  groups int := length(word) + 1;
  whole int := case when groups < 9 then 2 else 3 end;
begin
  return (select coalesce(string_agg(run, ' | '), '')::tsquery
            from (select string_agg(quote_literal(tenant || ':' || substr(padded, first + n, 3)), ' & ') as run
                    from generate_series(1, groups - whole + 1) first, generate_series(0, whole - 1) n group by first) as runs);
end $$;
alter function app.spelling_asked(int, text) owner to portico_owner;

revoke all on function app.spelling_of(int, text), app.spelling_asked(int, text) from public;
grant execute on function app.spelling_of(int, text) to portico_app, portico_worker, portico_search, portico_migrator, portico_clerk;
grant execute on function app.spelling_asked(int, text) to portico_search;

create index fault_spelling on app.fault using gin (app.spelling_of(tenant_id, title));

-- What the search box asks, as in 0024, with two differences: titles spelt alike come through the index above, the newest of them
-- judged first, and the functions keep their plans, which took longer to make than to follow.
create or replace function app.find_faults(words text, most int) returns table(id uuid, rank real)
  language plpgsql stable security definer set search_path = pg_catalog, pg_temp set pg_trgm.word_similarity_threshold = 0.45 as $$
#variable_conflict use_column
begin
  return query with asked as (
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
    select near.id, near.title
      from (select f.id, f.title from app.fault f
             where f.tenant_id = (select sec.tenant()) and (select count(*) < 5 from worded)
               and app.spelling_of(f.tenant_id, f.title) @@ (select app.spelling_asked(sec.tenant(), parts[1]) from asked)
             order by f.id desc offset 0) as near
     where app.folded(near.title) operator(public.%>) (select parts[1] from asked)
     limit least(most, 100)
  ), found as (
    select id, rank from numbered
    union all select id, rank from worded
    union all select id, rank from (select s.id, (select min(public.word_similarity(w, app.folded(s.title))) from asked, unnest(parts) w) as rank
                                 from spelt s) s where rank >= 0.4
  )
  select found.id, max(found.rank) as rank from found group by found.id order by 2 desc, 1 desc limit most;
end $$;

create or replace function app.find_people(words text, most int) returns table(id uuid, rank real)
  language plpgsql stable security definer set search_path = pg_catalog, pg_temp set pg_trgm.word_similarity_threshold = 0.5 as $$
#variable_conflict use_column
begin
  return query select m.id, case when lower(m.email) = lower(trim(words)) then 3
                    else public.word_similarity(app.folded(words), app.folded(m.name || ' ' || m.email)) end::real as rank
    from app.member m
   where m.tenant_id = (select sec.tenant())
     and app.folded(m.name || ' ' || m.email) operator(public.%>) app.folded(words)
   order by 2 desc, m.disabled_at is not null, m.name, m.id limit most;
end $$;

create or replace function app.find_places(words text, most int) returns table(id uuid, is_unit boolean, rank real)
  language plpgsql stable security definer set search_path = pg_catalog, pg_temp as $$
#variable_conflict use_column
begin
  return query with asked as (
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
   order by 3 desc, 2, 1 limit most;
end $$;
