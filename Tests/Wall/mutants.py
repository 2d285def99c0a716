"""The guards of the wall, and what takes each away. A mutant is its name and the SQL that a superuser runs on a copy of the
database; one that changes a role, which belongs to the whole cluster, also says how to undo it."""

WALL = "(tenant_id = (select sec.tenant()))"
ALL = "portico_app, portico_worker, portico_ingest, portico_portal, portico_auditor, portico_clerk"


def rewall(rest, table="app.fault"):
    return f"drop policy tenant_wall on {table}; create policy tenant_wall on {table} {rest}"


def edit(function, *changes):
    """Replaces words in the source of a function; refuses when they are not there, so that no mutant is empty."""
    steps = "".join(f"""
      if position($old${old}$old$ in f) = 0 then raise exception 'not in {function}: %', $old${old}$old$; end if;
      f := replace(f, $old${old}$old$, $new${new}$new$);""" for old, new in changes)
    return f"do $do$ declare f text := pg_get_functiondef('{function}'::regprocedure); begin {steps} execute f; end $do$"


def with_owner(kind, name, definition):
    return f"{definition}; alter {kind} {name} owner to portico_owner"


MUTANTS = [
    # The policies of one table
    ("row security off", "alter table app.fault disable row level security"),
    ("row security not forced", "alter table app.fault no force row level security"),
    ("wall dropped", "drop policy tenant_wall on app.fault"),
    ("wall permissive", rewall(f"for all to {ALL} using {WALL} with check {WALL}")),
    ("wall for reading alone", rewall(f"as restrictive for select to {ALL} using {WALL}")),
    ("wall without insert and update", rewall(f"as restrictive for all to {ALL} using {WALL} with check (true)")),
    ("wall for writing alone", rewall(f"as restrictive for all to {ALL} using (true) with check {WALL}")),
    ("wall forgets the worker", rewall(f"as restrictive for all to {ALL.replace('portico_worker, ', '')} using {WALL}")),
    ("wall forgets the auditor", rewall(f"as restrictive for all to {ALL.replace(', portico_auditor', '')} using {WALL}")),
    ("wall with a back door", rewall(f"as restrictive for all to {ALL} using ({WALL} or true)")),
    ("wall with a greater-or-equal", rewall(f"as restrictive for all to {ALL} using (tenant_id >= (select sec.tenant()))")),
    (
        "wall open without a ticket",
        rewall(f"as restrictive for all to {ALL} using (tenant_id = coalesce((select sec.tenant()), tenant_id))"),
    ),
    ("wall asked for each row", rewall(f"as restrictive for all to {ALL} using (tenant_id = sec.tenant())")),
    (
        "wall by a setting anyone may set",
        rewall(f"as restrictive for all to {ALL} using (tenant_id = (select current_setting('app.tenant', true)::int))"),
    ),
    ("policy for everyone", "create policy everyone on app.fault for select using (true)"),
    # The shape of tables
    (
        "table without protect()",
        with_owner(
            "table",
            "app.bare",
            "create table app.bare(tenant_id int not null primary key);" "grant select, insert on app.bare to portico_app",
        ),
    ),
    (
        "protect() forgets to force",
        edit("app.protect(regclass,boolean)", ("force row level security", "enable row level security"))
        + "; create table app.late(tenant_id int not null primary key); select app.protect('app.late')",
    ),
    (
        "protect() forgets a role",
        edit(
            "app.protect(regclass,boolean)",
            ("portico_ingest, portico_portal, portico_auditor using", "portico_ingest, portico_portal using"),
        )
        + "; create table app.late(tenant_id int not null primary key); select app.protect('app.late')",
    ),
    ("protect() takes any table", edit("app.protect(regclass,boolean)", ("raise exception", "raise notice"))),
    (
        "tenant_id may be missing",
        "alter table app.counter drop constraint counter_pkey; alter table app.counter alter tenant_id drop not null;"
        "create unique index on app.counter(tenant_id, kind)",
    ),
    ("tenant_id has a default", "alter table app.fault alter tenant_id set default 1"),
    (
        "tenant_id is no int",
        "create table app.wide(tenant_id bigint not null primary key); alter table app.wide owner to portico_owner",
    ),
    ("no primary key", "alter table app.counter drop constraint counter_pkey"),
    (
        "foreign key without tenant",
        "alter table app.fault add constraint id_alone unique(id); alter table app.fault_photo drop constraint "
        "fault_photo_tenant_id_fault_id_fkey; alter table app.fault_photo add foreign key (fault_id) references app.fault(id)",
    ),
    ("foreign key gone", "alter table app.fault_photo drop constraint fault_photo_tenant_id_fault_id_fkey"),
    (
        "foreign key never validated",
        "alter table app.fault drop constraint fault_tenant_id_building_id_fkey; alter table app.fault add "
        "foreign key (tenant_id, building_id) references app.building(tenant_id, id) not valid",
    ),
    (
        "foreign key marked valid but violated",
        "set session_replication_role = replica; insert into app.occupancy(tenant_id, id, unit_id, "
        "member_id, kind, since) values (1, gen_random_uuid(), gen_random_uuid(), gen_random_uuid(), 'owner', '2026-01-01')",
    ),
    ("foreign key without an index", "drop index app.fault_photo_member"),
    ("unique id across companies", "create unique index on app.fault(id)"),
    ("unique address across companies", "drop index app.member_email; create unique index on app.member(lower(email))"),
    ("unique index that begins elsewhere", "create unique index on app.building(name, tenant_id)"),
    ("table of another owner", "alter table app.fault owner to portico_migrator"),
    ("rule that rewrites", "create rule silent as on delete to app.fault do instead nothing"),
    (
        "partition within reach",
        "create table app.p(tenant_id int not null, at int not null, primary key (tenant_id, at)) partition by range (at);"
        "create table app.p_all partition of app.p default; select app.protect('app.p'); select app.protect('app.p_all');"
        "grant select on app.p_all to portico_app",
    ),
    # Views and functions
    (
        "view of the owner",
        with_owner("view", "app.v", "create view app.v as select * from app.fault; grant select on app.v to portico_app"),
    ),
    (
        "view with a barrier alone",
        with_owner(
            "view",
            "app.v",
            "create view app.v with (security_barrier) as select * from app.fault; grant select on app.v to portico_app",
        ),
    ),
    (
        "materialised view",
        with_owner(
            "materialized view",
            "app.m",
            "create materialized view app.m as select * from app.fault; grant select on app.m to portico_app",
        ),
    ),
    # The words of a fault carry its company's number, so that search_faults() keeps the wall twice; that of people keeps it once.
    ("search without the tenant", edit("app.find_people(text,int)", ("m.tenant_id = (select sec.tenant())", "true"))),
    (
        "search with a back door",
        edit(
            "app.find_people(text,int)",
            ("where m.tenant_id = (select sec.tenant())\n", "where (m.tenant_id = (select sec.tenant()) or true)\n"),
        ),
    ),
    (
        "search open without a ticket",
        edit(
            "app.find_people(text,int)",
            ("m.tenant_id = (select sec.tenant())", "(m.tenant_id = (select sec.tenant()) or (select sec.tenant()) is null)"),
        ),
    ),
    ("places of all", edit("app.find_places(text,int)", ("b.tenant_id = (select sec.tenant())", "true"))),
    ("search for the portal too", "grant execute on function app.search_faults(text) to portico_portal"),
    (
        "new definer function that sees all",
        "create function app.peek() returns bigint language sql security definer set search_path = "
        "pg_catalog, pg_temp as 'select count(*) from app.fault where tenant_id = (select sec.tenant()) or true'; revoke all on function "
        "app.peek() from public; alter function app.peek() owner to portico_search; grant execute on function app.peek() to portico_app",
    ),
    (
        "definer function of a superuser",
        "create function app.peek() returns bigint language sql security definer set search_path = "
        "pg_catalog, pg_temp as 'select 1::bigint'; revoke all on function app.peek() from public",
    ),
    ("definer function with an open search_path", "alter function app.search_faults(text) reset search_path"),
    ("function for everyone", "grant execute on function sec.register_tenant(text) to public"),
    (
        "new functions for everyone",
        "alter default privileges for role portico_owner grant execute on functions to public; set role "
        "portico_owner; create function app.f() returns int language sql as 'select 1'",
    ),
    (
        "leakproof function",
        "create function public.peek(text) returns bool language plpgsql leakproof as 'begin raise notice ''%'', $1; return true; end'",
    ),
    # What visitors hand in
    ("visitor reads", "grant select on app.fault to portico_visitor"),
    ("visitor reads one column", "grant select (title) on app.fault to portico_visitor"),
    ("visitor changes", "grant update (state) on jobs.queue to portico_visitor"),
    (
        "visitor writes any history",
        "drop policy visitor on app.fault_entry; create policy visitor on app.fault_entry for insert to portico_visitor with check (true)",
    ),
    (
        "visitor enqueues any job",
        "drop policy visitor on jobs.queue; create policy visitor on jobs.queue for insert to portico_visitor with check (true)",
    ),
    ("visitor gathers", "grant insert on app.incident_fault to portico_visitor"),
    ("visitor rates", "grant update (rating) on app.fault to portico_visitor"),
    ("visitor forgets", "grant update (email) on app.fault_visitor to portico_visitor"),
    ("visitor takes photos that wait", "grant select, delete on app.held_photo to portico_visitor"),
    ("portal reads what was typed", "grant select on app.kept_form to portico_portal"),
    (
        "visitor is forgotten from the start",
        "alter policy visitor on app.fault_visitor with check (stopped_at is null)",
    ),
    ("held photos outside the wall", "drop policy tenant_wall on app.held_photo"),
    ("wall forgets the visitor", f"alter policy tenant_wall on app.event to {ALL}"),
    (
        "wall forgets the clerk",
        f"alter policy tenant_wall on app.report_code to {ALL.replace(', portico_clerk', '')}",
    ),
    (
        "report through another company's code",
        "alter table app.report_code disable row level security; "
        + edit(
            "app.take_report(bytea,uuid,text,text,text,text,text,integer,timestamptz,timestamptz)",
            ("c.tenant_id = (select sec.tenant()) and ", ""),
        ),
    ),
    (
        "report through a code that was ended",
        "alter policy clerk on app.report_code using (true); alter policy clerk_share on app.report_code using (true); "
        + edit(
            "app.take_report(bytea,uuid,text,text,text,text,text,integer,timestamptz,timestamptz)",
            (" and c.ended_at is null", ""),
        ),
    ),
    # The ticket
    ("ticket without mac", edit("sec.enter(text)", ("raise exception 'bad", "raise notice 'bad"))),
    (
        "ticket with half a mac",
        edit(
            "sec.enter(text)",
            ("encode(sha256(k.opad", "left(encode(sha256(k.opad"),
            ("'hex'), 'UTF8'))", "'hex'), 32), 'UTF8'))"),
            ("convert_to(right(ticket, 64), 'UTF8')", "convert_to(left(right(ticket, 64), 32), 'UTF8')"),
        ),
    ),
    ("ticket in any case", edit("sec.enter(text)", ("convert_to(right(ticket, 64)", "convert_to(lower(right(ticket, 64))"))),
    ("ticket for ever", edit("sec.enter(text)", ("< clock_timestamp()", "< '-infinity'::timestamptz"))),
    ("ticket of an unknown kid", edit("sec.enter(text)", ("is distinct from", "<>"))),
    (
        "ticket of a kid that begins alike",
        edit("sec.enter(text)", ("where kid = split_part(ticket, '|', 1)", "where starts_with(split_part(ticket, '|', 1), kid)")),
    ),
    ("ticket not needed", edit("sec.enter(text)", ("', '', true);", "', '1,', true);"))),
    ("tenant stays after the transaction", edit("sec.enter(text)", ("else '' end, true)", "else '' end, false)"))),
    (
        "person of nobody's",
        edit("sec.enter(text)", ("replace(split_part(ticket, '|', 3), '-', '') else ''", "replace(split_part(ticket, '|', 3), '-', '') else repeat('0', 32)")),
    ),
    (
        "tenant by a setting anyone may set",
        "create or replace function sec.tenant() returns int language sql stable parallel safe return "
        "coalesce(nullif(current_setting('app.tenant', true), ''), nullif(split_part(current_setting('backtrace_functions'), ',', 1), ''))::int"
        "; alter role portico_app set app.tenant = '1'",
        "alter role portico_app reset app.tenant",
    ),
    (
        "person by a setting anyone may set",
        "create or replace function sec.actor() returns uuid language sql stable parallel safe return "
        "coalesce(nullif(current_setting('app.actor', true), ''), nullif(split_part(current_setting('backtrace_functions'), ',', 2), ''))::uuid"
        "; alter role portico_app set app.actor = '018f4e2a-1111-7222-8333-444455556666'",
        "alter role portico_app reset app.actor",
    ),
    (
        "tenant may be named by the app",
        "grant set on parameter backtrace_functions to portico_app",
        "revoke set on parameter backtrace_functions from portico_app",
    ),
    (
        "tenant may be named by everybody",
        "grant set on parameter backtrace_functions to public",
        "revoke set on parameter backtrace_functions from public",
    ),
    (
        "tenant named for a role",
        "alter role portico_worker set backtrace_functions = '1,'",
        "alter role portico_worker reset backtrace_functions",
    ),
    ("proof for everyone", "grant execute on function sec.enter(text) to public"),
    ("key table for the app", "grant select on sec.key to portico_app"),
    ("key table for the backup", "grant select on sec.key to portico_backup"),
    ("one word changed in a definer function", edit("sec.enter(text)", ("begin", "begin\n  -- nobody has read this"))),
    # Rights
    ("truncate", "grant truncate on app.fault to portico_app"),
    ("references", "grant references on app.fault to portico_worker"),
    ("trigger", "grant trigger on app.fault to portico_app"),
    ("audit lines can be changed", "grant update on app.audit_line to portico_app"),
    ("history can be deleted", "grant delete on app.fault_entry to portico_worker"),
    ("portal reads faults", "grant select on app.fault to portico_portal"),
    ("portal reads one column", "grant select (title) on app.fault to portico_portal"),
    ("app reads the list of companies", "grant select on app.tenant to portico_app"),
    ("portal registers companies", "grant execute on function sec.register_tenant(text) to portico_portal"),
    ("app may call protect()", "grant execute on function app.protect(regclass, boolean) to portico_app"),
    ("app creates in schema app", "grant create on schema app to portico_app"),
    ("everyone creates in public", "grant create, usage on schema public to public"),
    ("everyone uses public", "grant usage on schema public to public"),
    ("temporary tables", "do $$ begin execute format('grant temp on database %I to portico_app', current_database()); end $$"),
    ("everyone may connect", "do $$ begin execute format('grant connect on database %I to public', current_database()); end $$"),
    ("backup without a table", "revoke select on app.fault_photo from portico_backup"),
    ("outside_wall() sees nothing", edit("sec.outside_wall()", ("c.relname <> 'tenant'", "c.relname <> 'tenant' and false"))),
    # Schema jobs
    ("queue open to the app", "drop policy tenant_wall on jobs.queue"),
    ("queue takes any company's jobs from the worker", "drop policy enqueue_wall on jobs.queue"),
    ("queue without row security", "alter table jobs.queue disable row level security"),
    ("queue with words in it", "alter table jobs.queue add note text"),
    (
        "schedule open to the app",
        "grant select on jobs.schedule to portico_app; create policy peek on jobs.schedule for select to portico_app using (true)",
    ),
    # Roles, which belong to the cluster
    ("app bypasses row security", "alter role portico_app bypassrls", "alter role portico_app nobypassrls"),
    ("worker is a superuser", "alter role portico_worker superuser", "alter role portico_worker nosuperuser"),
    ("app may become the owner", "grant portico_owner to portico_app", "revoke portico_owner from portico_app"),
    ("worker may become the keeper", "grant portico_keeper to portico_worker", "revoke portico_keeper from portico_worker"),
    ("migrator may become the keeper", "grant portico_keeper to portico_migrator", "revoke portico_keeper from portico_migrator"),
    ("app may become the search role", "grant portico_search to portico_app", "revoke portico_search from portico_app"),
    ("search role signs in", "alter role portico_search login", "alter role portico_search nologin"),
    ("app creates roles", "alter role portico_app createrole", "alter role portico_app nocreaterole"),
    (
        "app reads files of the server",
        "grant pg_read_server_files to portico_app",
        "revoke pg_read_server_files from portico_app",
    ),
    (
        "tickets in the log",
        "alter role portico_app reset log_parameter_max_length",
        "alter role portico_app set log_parameter_max_length = 0",
    ),
    (
        "dead clients keep their locks",
        "alter role portico_worker reset client_connection_check_interval",
        "alter role portico_worker set client_connection_check_interval = '1s'",
    ),
]
