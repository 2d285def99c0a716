"""Reads the tables of the real schema from the catalogue and plants a row per tenant in each, so that a new table is attacked
without anyone writing a line for it. A table whose CHECKs the generator cannot guess gets its values in FIXTURES."""

import json
import re

# Values as SQL, where type and CHECKs of a column do not tell what would be accepted. {n} is a number of the row's own.
FIXTURES = {
    "app.notification": {"path": "'/faults/{n}'"},
    "app.fault": {"state": "'reported'", "source": "'qr'", "reporter_id": "null"},
    "app.fault_photo": {"added_by": "null"},
    "app.fault_comment": {"author_id": "null"},
    "app.report_code": {"ended_at": "now()"},
    "app.fault_visitor": {"language": "'de'"},
    "app.delivery": {"address": "'canary-{n}@example.test'", "channel": "'push'"},   # only that may name a device
    "app.invitation": {"email": "'canary-{n}@example.test'"},
    "app.unit_share": {"numerator": "1", "denominator": "{n}"},
    "app.vote": {
        "weighting": "'unit'", "owners": "'joint'", "results": "'after_end'", "record": "'start'", "starts_at": "now()",
        "ends_at": "now() + interval '1 day'", "state": "'cancelled'", "cancelled_at": "now()", "cancelled_why": "'canary'",
        "cancelled_by": "null"},    # who did it takes its place
    "app.vote_question": {"kind": "'yes_no'", "majority": "'simple'", "least": "1", "most": "1", "position": "1"},
    "app.vote_option": {"code": "'choice'", "position": "1"},
    "app.vote_voter": {"weight_n": "1", "weight_d": "{n}", "heads_n": "1", "heads_d": "1"},
    "app.vote_entry": {"seq": "{n}", "kind": "'ballot'", "revision": "0", "receipt": "sha256('{n}'::bytea)", "voter_id": "null"},
    "app.vote_scan": {"type": "'application/pdf'"},
    "app.delegation": {"rights": "array['pay']"},
    "app.registration": {"email": "'canary-{n}@example.test'", "password_hash": "'canary {n}'"},
    "app.personal_token": {"made_at": "now()", "expires_at": "now() + interval '1 day'", "scopes": "array['faults:see_own']"},
    "app.preview": {"ends_at": "now() + interval '1 minute'", "began_at": "now()"},
    "app.support_entry": {
        "asked_at": "now()", "expires_at": "now() + interval '30 minutes'", "ended_at": "now()", "ended_how": "'admin'"},
    "app.passkey": {"public_key": "repeat('k', 80)::bytea", "algorithm": "-7"},
    "app.signing_key": {
        "kid": "lpad('{n}', 43, 'k')", "public_key": "repeat('p', 300)::bytea", "sealed_key": "repeat('s', 600)::bytea",
        "signs_from": "now()", "verifies_until": "now() + interval '1 day'"},
    "app.configuration_version": {"base": "sha256('{n}'::bytea)", "published_by": "null"},   # who did takes its place
    "app.mailed_link": {"member_id": "null"},    # the link to a member takes its place
    "app.announcement_place": {"building_id": "null"},    # the building takes its place
    "app.message_report": {"closed_at": "now()", "closed_by": "null", "outcome": "'x'"},
}

TABLES = """
select json_agg(json_build_object('oid', c.oid::int, 'name', n.nspname || '.' || c.relname, 'partition', c.relispartition,
    'columns', (select json_agg(json_build_object('name', attname, 'type', format_type(atttypid, null), 'needed', attnotnull and
        not atthasdef and attidentity = '' and attgenerated = '') order by attnum) from pg_attribute where attrelid = c.oid
        and attnum > 0 and not attisdropped),
    'checks', (select coalesce(json_agg(pg_get_constraintdef(oid)), '[]') from pg_constraint where conrelid = c.oid
        and contype = 'c'),
    'links', (select coalesce(json_agg(json_build_object('to', f.confrelid::int, 'columns', (select json_agg(json_build_array(
        a.attname, b.attname) order by i) from generate_subscripts(f.conkey, 1) i
        join pg_attribute a on a.attrelid = f.conrelid and a.attnum = f.conkey[i]
        join pg_attribute b on b.attrelid = f.confrelid and b.attnum = f.confkey[i]))), '[]')
        from pg_constraint f where f.conrelid = c.oid and f.contype = 'f'),
    'uniques', (select coalesce(json_agg(array(select attname from pg_attribute where attrelid = i.indrelid
        and attnum = any(i.indkey))), '[]') from pg_index i where i.indrelid = c.oid and i.indisunique and i.indpred is null))
    order by c.oid)
  from pg_class c join pg_namespace n on n.oid = c.relnamespace
 where n.nspname in ('app', 'jobs') and c.relkind in ('r', 'p')
   and exists (select from pg_attribute where attrelid = c.oid and attname = 'tenant_id')"""


class Table:
    def __init__(self, facts):
        self.oid, self.name, self.partition = facts["oid"], facts["name"], facts["partition"]
        self.columns = {column["name"]: column["type"] for column in facts["columns"]}
        self.needed = [column["name"] for column in facts["columns"] if column["needed"]]
        self.checks = facts["checks"]
        self.links = [(link["to"], link["columns"]) for link in facts["links"]]
        self.uniques = [set(columns) for columns in facts["uniques"]]

    @property
    def linked(self):
        """Columns that point into other tables, tenant_id aside."""
        return {here for _, columns in self.links for here, _ in columns if here != "tenant_id"}

    def is_once(self, led):
        """Whether a second row like the planted one, but with `led` pointing elsewhere, is refused for being the second."""
        return any(columns - {"tenant_id"} <= self.linked - set(led) for columns in self.uniques)


def tables(root):
    """All tables with a tenant, each after those it points to."""
    waiting = [Table(facts) for facts in json.loads(root.run(TABLES).rows)]
    known, ordered = {table.oid for table in waiting}, []
    while waiting:
        done = {table.oid for table in ordered}
        ready = [t for t in waiting if all(to in done or to == t.oid or to not in known for to, _ in t.links)]
        if not ready:
            raise SystemExit("tables point at each other in a circle: " + ", ".join(t.name for t in waiting))
        ordered += ready
        waiting = [t for t in waiting if t not in ready]
    return ordered


def invent(table, column, n):
    """A value as SQL that the column should take: what FIXTURES says, the first of a list or the least that a CHECK allows, or one by its type."""
    fixture = FIXTURES.get(table.name, {}).get(column)
    if fixture:
        return fixture.format(n=n)
    for check in table.checks:
        listed = re.match(rf"CHECK \(\({column} = ANY \(ARRAY\['([^']+)'::text", check)
        if listed:
            return f"'{listed[1]}'"
        least = re.search(rf"\({column} >= (\d+)\)", check)
        if least:
            return least[1]
    return of_kind(table.columns[column], n)


def of_kind(kind, n):
    if kind.endswith("[]"):
        return f"array[{of_kind(kind[:-2], n)}]"
    return {
        "uuid": f"'00000000-0000-7000-8000-{n:012d}'::uuid",
        "text": f"'canary {n}'",
        "jsonb": f"'{{\"canary\": {n}}}'::jsonb",
        "bytea": f"sha256('{n}'::bytea)",
        "boolean": "true",
        "date": f"date '2026-01-01' + {n % 1000}",
        "timestamp with time zone": f"timestamptz '2026-01-01' + {n} * interval '1 minute'",
    }.get(kind, f"{n}::{kind}")


def invented_row(table, tenant, n, parents):
    """One row of the table as {column: SQL}; links lead to `parents`, which maps (oid, tenant) to a planted row."""
    row = {column: invent(table, column, n) for column in [*table.needed, *FIXTURES.get(table.name, {})]}
    row["tenant_id"] = str(tenant)
    for to, columns in table.links:
        parent = parents.get((to, tenant))
        if parent and any(here in row for here, _ in columns if here != "tenant_id"):
            row.update({here: parent[there] for here, there in columns if there in parent})
    return row


def insert(table, row):
    return f"insert into {table.name}({', '.join(row)}) overriding system value values ({', '.join(row.values())})"


def plant(root, ordered, tenants):
    """Puts one row per tenant into each table; returns {(oid, tenant): row}."""
    planted = {}
    for table in ordered:
        if table.partition:
            continue
        for tenant in tenants:
            row = invented_row(table, tenant, tenant * 1000 + len(planted), planted)
            answer = root.run(f"begin; {insert(table, row)} on conflict do nothing; commit")
            if answer.errors:
                raise SystemExit(
                    f"cannot plant a row in {table.name}: {answer.errors}\n"
                    "Say in FIXTURES of Tests/Wall/catalogue.py what its columns take."
                )
            planted[table.oid, tenant] = row
    return planted
