-- as: superuser
-- Those who look after all companies. They are nobody's members: their accounts, sessions and log stand in a schema of their own, which
-- one role alone may use, and that role reads nothing of any company but counts and times of its jobs. Whoever takes over a role that
-- serves companies finds no operator; whoever takes over this one finds no company.

-- Roles belong to the cluster; two databases may be migrated at once (see 0001).
do $$
declare
  wanted record;
begin
  lock table pg_authid in share row exclusive mode;
  for wanted in
    select role.*, r.oid is null as is_new
      from (values ('portico_platform', 'login nobypassrls', 10)) as role(name, options, connections)
      left join pg_roles r on r.rolname = role.name
     where r.oid is null or r.rolsuper or r.rolcreaterole or r.rolcreatedb or r.rolreplication or not r.rolcanlogin
        or r.rolbypassrls or r.rolconnlimit <> connections
  loop
    execute format('%s role %I nosuperuser nocreaterole nocreatedb noreplication %s connection limit %s',
      case when wanted.is_new then 'create' else 'alter' end, wanted.name, wanted.options, wanted.connections);
  end loop;

  for wanted in
    select m.roleid::regrole as role, m.member::regrole as member from pg_auth_members m
     where 'portico_platform' in (m.member::regrole::text, m.roleid::regrole::text)
  loop
    execute format('revoke %s from %s', wanted.role, wanted.member);
  end loop;

  for wanted in
    select name, setting, value
      from (values
        ('statement_timeout', '5s'), ('lock_timeout', '2s'), ('idle_in_transaction_session_timeout', '10s'),
        ('client_connection_check_interval', '1s'), ('log_parameter_max_length', '0'), ('jit', 'off')
      ) as s(setting, value), unnest('{portico_platform}'::name[]) as name
     where not exists (select from pg_db_role_setting
                        where setdatabase = 0 and setrole = name::text::regrole and setting || '=' || value = any(setconfig))
  loop
    execute format('alter role %I set %I = %L', wanted.name, wanted.setting, wanted.value);
  end loop;

  execute format('grant connect on database %I to portico_platform', current_database());
end $$;

-- no tenant: operators look after all companies and belong to none; one role alone reads these tables (comments below, per table).
create schema platform authorization portico_owner;
grant usage on schema platform to portico_platform, portico_backup;

-- Made by `portico operator add`, which prints a link; whoever opens it chooses the password and takes the secret into an app.
create table platform.operator(
  id            uuid primary key,
  email         text not null check (email = lower(email) and length(email) between 3 and 254),
  name          text not null check (length(name) between 1 and 120),
  password_hash text,                                                   -- NULL until the link was used
  totp_secret   bytea not null,                                         -- sealed for "platform.operator:<id>"
  last_step     bigint not null default 0,                              -- no code of this step or an earlier one is taken again
  link_hash     bytea check (length(link_hash) = 32),                   -- SHA-256 of the link's token, which is kept nowhere
  link_until    timestamptz,
  made_at       timestamptz not null,
  disabled_at   timestamptz,
  check ((link_hash is null) = (link_until is null)),
  check (password_hash is null or link_hash is null));
create unique index operator_email on platform.operator(email);
create unique index operator_link on platform.operator(link_hash);

create table platform.session(
  token_hash  bytea primary key check (length(token_hash) = 32),        -- SHA-256; the token is kept nowhere
  id          uuid not null unique,
  operator_id uuid not null references platform.operator(id),
  made_at     timestamptz not null,
  seen_at     timestamptz not null,
  idle_until  timestamptz not null,
  expires_at  timestamptz not null,
  address     text,
  agent       text);
create index session_operator on platform.session(operator_id);
create index session_expiry on platform.session(expires_at);

-- Fixed windows, as in app.rate_limit.
create table platform.rate_limit(
  bucket    text not null,
  starts_at timestamptz not null,
  count     int not null,
  primary key (bucket, starts_at));

-- What operators did. Nobody may change or remove a line.
create table platform.log(
  id          uuid primary key,
  at          timestamptz not null,
  operator_id uuid references platform.operator(id),                    -- NULL: nobody knows who it was
  action      text not null check (length(action) between 1 and 100),
  company     text check (length(company) between 1 and 63),            -- its slug
  facts       jsonb not null,
  address     text,
  request_id  text);
create index log_operator on platform.log(operator_id, id);
create index log_company on platform.log(company, id);

do $$
declare
  t regclass;
begin
  foreach t in array '{platform.operator,platform.session,platform.rate_limit,platform.log}'::regclass[] loop
    execute format('alter table %s owner to portico_owner', t);
    execute format('grant select on %s to portico_backup', t);
  end loop;
end $$;
grant select, insert, update on platform.operator to portico_platform;
grant select, insert, update, delete on platform.session, platform.rate_limit to portico_platform;
grant select, insert on platform.log to portico_platform;
comment on table platform.operator is 'no tenant: people who look after all companies; only portico_platform reads it';
comment on table platform.session is 'no tenant: their sign-ins; only portico_platform reads it';
comment on table platform.rate_limit is 'no tenant: how often somebody tried to sign in there';
comment on table platform.log is 'no tenant: what operators did, append-only';

-- Queue and schedules hold no words of a company (0004); what a job is about stays behind the wall.
grant usage on schema jobs to portico_platform;
create policy platform on jobs.queue for select to portico_platform using (true);
create policy platform on jobs.schedule for select to portico_platform using (true);
grant select (tenant_id, id, kind, state, run_at, attempt, max_attempts, enqueued_at, finished_at) on jobs.queue to portico_platform;
grant select on jobs.schedule to portico_platform;
-- Parked jobs of all companies, the newest first, and the one that waits longest.
create index queue_state on jobs.queue(state, id desc) where state in ('queued', 'running', 'parked');
