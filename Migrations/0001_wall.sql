-- as: superuser
-- The ground of the tenant wall: roles, schemas, and the place of the ticket keys. Runs before any table exists.
-- The keys themselves are not here: `portico migrate` puts them into sec.key, and no dump takes that schema along.

-- Roles belong to the cluster, not to the database: they may exist already, and then become what these lines say. Two databases
-- may be migrated at once; pg_authid is shared by all of them, so this lock holds across databases.
do $$
declare
  wanted record;
begin
  lock table pg_authid in share row exclusive mode;
  for wanted in
    select role.*, r.oid is null as is_new
      from (values
        ('portico_owner',    'nologin nobypassrls', -1),   -- owns every object; nobody signs in as it
        ('portico_keeper',   'nologin nobypassrls', -1),   -- owns the ticket keys and what proves a ticket, nothing else
        ('portico_migrator', 'login bypassrls', 5),        -- DDL and backfills: under FORCE an owner would see no rows
        ('portico_search',   'nologin bypassrls', -1),     -- owns reviewed definer functions for full text, nothing else
        ('portico_app',      'login nobypassrls', 100),    -- staff web and JSON API
        ('portico_worker',   'login nobypassrls', 40),     -- background jobs, one tenant ticket per job
        ('portico_ingest',   'login nobypassrls', 10),     -- telemetry: INSERT only
        ('portico_portal',   'login nobypassrls', 20),     -- residents and public portal: narrow
        ('portico_auditor',  'login nobypassrls', 5),      -- reads one tenant at a time
        ('portico_backup',   'login bypassrls', 3)         -- pg_dump: SELECT only
      ) as role(name, options, connections)
      left join pg_roles r on r.rolname = role.name
     where r.oid is null or r.rolsuper or r.rolcreaterole or r.rolcreatedb or r.rolreplication
        or r.rolcanlogin <> (options like 'login%') or r.rolbypassrls <> (options like '% bypassrls') or r.rolconnlimit <> connections
  loop
    execute format('%s role %I nosuperuser nocreaterole nocreatedb noreplication %s connection limit %s',
      case when wanted.is_new then 'create' else 'alter' end, wanted.name, wanted.options, wanted.connections);
  end loop;

  for wanted in
    select m.roleid::regrole as role, m.member::regrole as member from pg_auth_members m
     where m.member::regrole::text like 'portico\_%'
       and (m.roleid::regrole::text, m.member::regrole::text)
           not in (values ('portico_owner', 'portico_migrator'), ('portico_search', 'portico_migrator'))
  loop
    execute format('revoke %s from %s', wanted.role, wanted.member);
  end loop;
  if not pg_has_role('portico_migrator', 'portico_owner', 'member') then
    grant portico_owner to portico_migrator;
  end if;
  if not pg_has_role('portico_migrator', 'portico_search', 'member') then
    grant portico_search to portico_migrator;              -- hands over the search functions that it creates
  end if;

  -- Setting what is already set would still rewrite the shared row and disturb servers that are signing in.
  for wanted in
    select name, setting, value
      from (values
        ('{portico_app,portico_portal}',                  'statement_timeout', '5s'),
        ('{portico_app,portico_portal}',                  'lock_timeout', '2s'),
        ('{portico_app,portico_portal}',                  'idle_in_transaction_session_timeout', '10s'),
        ('{portico_worker,portico_ingest}',               'statement_timeout', '60s'),
        ('{portico_worker,portico_ingest}',               'lock_timeout', '5s'),
        ('{portico_worker,portico_ingest}',               'idle_in_transaction_session_timeout', '60s'),
        ('{portico_auditor}',                             'default_transaction_read_only', 'on'),
        ('{portico_app,portico_worker,portico_ingest,portico_portal,portico_auditor}',
                                                          'client_connection_check_interval', '1s'),  -- a dead client frees its locks
        ('{portico_app,portico_worker,portico_ingest,portico_portal,portico_auditor}',
                                                          'log_parameter_max_length', '0'),  -- tickets are bind values: not into the log
        ('{portico_app,portico_worker,portico_ingest,portico_portal,portico_auditor}',
                                                          'jit', 'off')              -- short queries: compiling costs more than it saves
      ) as s(names, setting, value), unnest(names::name[]) as name
     where not exists (select from pg_db_role_setting
                        where setdatabase = 0 and setrole = name::text::regrole and setting || '=' || value = any(setconfig))
  loop
    execute format('alter role %I set %I = %L', wanted.name, wanted.setting, wanted.value);
  end loop;

  execute format('revoke all on database %I from public', current_database());   -- takes CONNECT and TEMP away
  execute format('grant connect on database %I to portico_migrator, portico_app, portico_worker, portico_ingest, '
    'portico_portal, portico_auditor, portico_backup', current_database());
end $$;

-- Extensions live in public, which nobody may use: their index support works without any right on the schema.
revoke all on schema public from public;
create extension btree_gin with schema public;                         -- one index on (tenant_id, words)

create schema if not exists sec;                                       -- the migrator's ledger may be here already
create schema app authorization portico_owner;                         -- behind the wall
create schema jobs authorization portico_owner;                        -- queue and schedules: no row security, so no content either
alter default privileges for role portico_owner, portico_migrator revoke execute on functions from public;

grant usage on schema app to portico_app, portico_worker, portico_ingest, portico_portal, portico_auditor,
  portico_backup, portico_search;
grant create on schema app to portico_search;                          -- ALTER FUNCTION … OWNER TO asks for it; nobody signs in as it
grant usage on schema sec to portico_owner, portico_keeper, portico_app, portico_worker, portico_ingest, portico_portal,
  portico_auditor, portico_search;
grant usage on schema jobs to portico_app, portico_worker, portico_backup;

-- The ticket: kid|tenant|user|expiry|mac, mac = hex HMAC-SHA256 of the rest, minted by the server per transaction and sent
-- as a bind value of set_config('app.ticket', $1, true). sha256() is built in, so no extension is needed; storing the key
-- xored with HMAC's two paddings saves the xor. While a key is rotated two kids are valid.
create table sec.key(
  kid      text primary key check (kid ~ '^[0-9A-Za-z]{1,16}$'),
  ipad     bytea not null check (length(ipad) = 64),
  opad     bytea not null check (length(opad) = 64),
  seed     bigint not null default hashtextextended(gen_random_uuid()::text, 0),
  added_at timestamptz not null default clock_timestamp());
alter table sec.key owner to portico_keeper;
