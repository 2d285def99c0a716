#!/usr/bin/env python3
"""Attacks the tenant wall of the real schema; exits 1 if any attack gets through.

    PGHOST= PGUSER=postgres PORTICO_TICKET_KEY_FILE= python3 attack.py DATABASE [--rights]

DATABASE is migrated and holds the ticket key of the file; the cluster trusts the portico_* roles. The attack works on a copy.
It plants rows of two companies in every table that the catalogue names and tries to cross from A to B as every role: reading,
changing, moving, linking; then with forged tickets, by tampering, through dumps. It also runs lint.sql and compares all
rights with rights.txt; --rights writes that file anew, so that the commit shows what changed."""
import os
import pathlib
import subprocess
import sys
import threading
import time

import catalogue
from session import Copy, Session, padded, ticket, ticket_key

HERE = pathlib.Path(__file__).parent
DENIED, FOREIGN_KEY, UNIQUE = "42501", "23503", "23505"  # insufficient privilege and row security share 42501
STAFF = ("portico_app", "portico_worker")
WALLED = (*STAFF, "portico_ingest", "portico_portal", "portico_auditor")
# Functions that search for the caller because full text has no index under row security, each with words that find all.
SEARCHES = {"app.search_faults": "'canary'"}


class Attack:
    """One round of all attacks on `database`, which is not the same afterwards. `fingerprints`: also compare the sources of the
    definer functions; the mutation test does without, so that what they do is found out by attacking them."""

    def __init__(self, database, quiet=False, fingerprints=True):
        self.database, self.quiet, self.fingerprints = database, quiet, fingerprints
        self.count, self.failed = 0, []
        self.sessions = {}
        self.root = self.session(os.environ["PGUSER"])
        self.key = ticket_key()

    def session(self, role):
        if role not in self.sessions:
            self.sessions[role] = Session(role, self.database)
        return self.sessions[role]

    def be(self, role, sql):
        return self.session(role).run(sql)

    def as_tenant(self, role, pass_, sql):
        return self.be(role, f"begin; set local app.ticket = '{pass_}'; {sql}")

    def check(self, name, ok, got=""):
        self.count += 1
        if not ok:
            self.failed.append(name)
            if not self.quiet:
                print(f"FAILED {name}: {got}")

    def gives(self, name, answer, want):
        self.check(name, not answer.errors and answer.rows == want, answer)

    def refuses(self, name, answer, *codes):
        self.check(name, not answer.rows and any(f"{code}:" in answer.errors for code in codes), answer)

    def run(self):
        try:
            self.a, self.b = (int(self.be("portico_app", f"select sec.register_tenant('wall-{x}')").rows) for x in "ab")
            self.pass_a, self.pass_b = ticket(self.a, self.key), ticket(self.b, self.key)
            self.tables = catalogue.tables(self.root)
            self.planted = catalogue.plant(self.root, self.tables, (self.a, self.b))
            for table in self.tables:
                self.attack_table(table)
            self.attack_functions()
            self.attack_tickets()
            self.attack_structure()
            self.attack_key()
            self.attack_rotation()
            self.attack_tenants()
            self.attack_dumps()
            self.compare_rights()
            self.lint()
        finally:
            for session in self.sessions.values():
                session.close()
        return self

    # Every table, by what the catalogue says of it

    def rights(self, role, table):
        asked = ("select", "insert", "update", "delete")
        answer = self.root.run("select " + ", ".join(f"has_table_privilege('{role}', {table.oid}, '{right}')" for right in asked))
        return {right for right, held in zip(asked, answer.rows.split("|")) if held == "t"}

    def attack_table(self, table):
        for role in WALLED:
            rights = self.rights(role, table)
            whole_queue = table.name.startswith("jobs.") and role == "portico_worker"  # claims before it holds a ticket
            if not whole_queue:
                self.attack_reading(role, table, rights)
                self.attack_changing(role, table, rights)
            if role in STAFF and "insert" in rights and table.name != "jobs.schedule":
                self.attack_inserting(role, table)
            self.refuses(f"{role} {table.name}: truncate", self.as_tenant(role, self.pass_a, f"truncate {table.name}"), DENIED)
        if not table.partition:
            self.check(f"{table.name}: planted for both", self.root.run(
                f"select count(*) >= 2 from {table.name} where tenant_id in ({self.a}, {self.b})").rows == "t")

    def attack_reading(self, role, table, rights):
        name, split = f"{role} {table.name}", f"select count(*) filter (where tenant_id <> {self.a}), count(*) > 0 from {table.name}"
        if "select" not in rights:
            self.refuses(f"{name}: may not read", self.as_tenant(role, self.pass_a, f"select count(*) from {table.name}"), DENIED)
            return
        self.gives(f"{name}: no ticket, no rows", self.be(role, f"select count(*) from {table.name}"), "0")
        self.gives(f"{name}: A sees A alone", self.as_tenant(role, self.pass_a, split), "0|t")
        self.gives(f"{name}: B sees B alone", self.as_tenant(role, self.pass_b, split.replace(f"<> {self.a}", f"<> {self.b}")), "0|t")

    def attack_changing(self, role, table, rights):
        name = f"{role} {table.name}"
        moved = self.as_tenant(role, self.pass_a, f"update {table.name} set tenant_id = {self.b}")
        self.refuses(f"{name}: move a row to B", moved, DENIED)
        for right, verb in (("update", f"update {table.name} set tenant_id = tenant_id"), ("delete", f"delete from {table.name}")):
            answer = self.as_tenant(role, self.pass_a, f"with w as ({verb} where tenant_id = {self.b} returning 1) select count(*) from w")
            if right in rights:
                self.gives(f"{name}: {right} B's row", answer, "0")
            else:
                self.refuses(f"{name}: may not {right}", answer, DENIED)

    def attack_inserting(self, role, table):
        name = f"{role} {table.name}"
        mine, theirs = self.planted[table.oid, self.a], self.planted[table.oid, self.b]
        fresh = catalogue.invented_row(table, self.a, 900_000, self.planted)
        foreign = catalogue.invented_row(table, self.b, 900_001, self.planted)
        self.refuses(f"{name}: insert for B", self.as_tenant(role, self.pass_a, catalogue.insert(table, foreign)), DENIED)
        if table.name in ("jobs.queue", "app.job"):
            self.refuses(f"{name}: insert without a ticket", self.be(role, catalogue.insert(table, foreign)), DENIED)
        for to, columns in table.links:
            parent = self.planted.get((to, self.b))
            lead = {here: parent[there] for here, there in columns if there != "tenant_id"} if parent else {}
            if lead:
                answer = self.as_tenant(role, self.pass_a, catalogue.insert(table, fresh | lead))
                self.refuses(f"{name}: link {', '.join(lead)} to B's row", answer, FOREIGN_KEY)
        # What B uses is free for A: B's own values, except where they would be links. Only an index of A's own may object.
        same = {column: value for column, value in theirs.items() if column not in table.linked} | {"tenant_id": str(self.a)}
        answer = self.as_tenant(role, self.pass_a, catalogue.insert(table, mine | same) + "; select 'free'")
        own = f"{UNIQUE}:" in answer.errors and self.own_index(answer.errors)
        self.check(f"{name}: what B uses is free for A", answer.rows == "free" or own, answer)

    def own_index(self, errors):
        index = errors.split('unique constraint "')[1].split('"')[0]
        return self.root.run(f"""select bool_and(attname = 'tenant_id') from pg_class c join pg_index on indexrelid = c.oid
            join pg_attribute on attrelid = indrelid and attnum = indkey[0] where relname = '{index}'""").rows == "t"

    # Functions of the definer: they step over the wall, so each is named here

    def attack_functions(self):
        found = self.root.run("""select p.oid::regproc || ' ' || (proretset or prorettype = 'record'::regtype)::text from pg_proc p
            where pronamespace in ('app'::regnamespace, 'jobs'::regnamespace) and prosecdef order by 1""").rows.split("\n")
        for line in filter(None, found):
            name = line.split()[0]
            if name not in SEARCHES:
                self.check(f"{name}: a definer function that no attack knows; add it to SEARCHES or attack it", False)
                continue
            call = f"{name}({SEARCHES[name]}) as found"
            ids = self.root.run("select string_agg(id::text, ',') from app.fault where tenant_id = "
                                f"{self.a}").rows if name == "app.search_faults" else ""
            self.gives(f"{name}: finds what is A's", self.as_tenant("portico_app", self.pass_a, f"select string_agg(found::text, ',') from {call}"), ids)
            self.gives(f"{name}: nothing without a ticket", self.be("portico_app", f"select count(*) from {call}"), "0")
            self.refuses(f"{name}: not for the portal", self.as_tenant("portico_portal", self.pass_a, f"select * from {call}"), DENIED)

    def attack_tickets(self):
        ask, a, pass_a = "select sec.tenant()", self.a, self.pass_a
        expiry = pass_a.split("|")[3]
        self.gives("a ticket names its tenant", self.as_tenant("portico_app", pass_a, ask), str(a))
        self.gives("an empty ticket names none", self.as_tenant("portico_app", "", "select sec.tenant() is null"), "t")
        for name, bad in {
            "tenant swapped": pass_a.replace(f"1|{a}|", f"1|{self.b}|", 1),
            "expiry raised": pass_a.replace(expiry, str(int(expiry) + 9)),
            "user swapped": pass_a.replace("|u1|", "|u2|"),
            "expired": ticket(a, self.key, life=-1),
            "expired long ago": ticket(a, self.key, life=-10**8),
            "wrong key": ticket(self.b, b"x" * 64),
            "unknown kid": ticket(self.b, self.key, kid="9"),
            "no kid": ticket(self.b, self.key, kid=""),
            "kid that only begins alike": ticket(self.b, self.key, kid="10"),
            "no mac": pass_a[:-65],
            "empty mac": pass_a[:-64],
            "upper-case mac": pass_a[:-64] + pass_a[-64:].upper(),
            "last character of the mac": pass_a[:-1] + ("0" if pass_a[-1] != "0" else "1"),
            "mac shifted": pass_a[:-64] + pass_a[-63:] + pass_a[-64],
            "trailing bytes": pass_a + "0",
            "leading blank": " " + pass_a,
            "garbage": "x" * 70,
            "short": "|",
            "letters beyond ASCII": "ü" * 70,
        }.items():
            self.refuses(f"ticket refused: {name}", self.as_tenant("portico_app", bad, ask), DENIED)
        person = "018f4e2a-1111-7222-8333-444455556666"
        self.gives("the ticket names its person", self.as_tenant("portico_app", ticket(a, self.key, user=person), "select sec.actor()"), person)
        self.gives("the system is no person", self.as_tenant("portico_app", pass_a, "select sec.actor() is null"), "t")
        self.gives("no ticket, no person", self.be("portico_app", "select sec.actor() is null"), "t")
        forged = ticket(a, b"x" * 64, user=person)
        self.refuses("a forged ticket names no person", self.as_tenant("portico_app", forged, "select sec.actor()"), DENIED)
        self.gives("the ticket is gone after commit", self.be(
            "portico_app", f"begin; set local app.ticket = '{pass_a}'; commit; select sec.tenant() is null"), "t")
        self.gives("the ticket is gone after rollback", self.be(
            "portico_app", f"begin; set local app.ticket = '{pass_a}'; rollback; select sec.tenant() is null"), "t")

    def attack_structure(self):
        table = next(t.name for t in self.tables if t.name.startswith("app."))
        for role in WALLED:
            for name, sql in {
                "set role owner": "set role portico_owner",
                "set role keeper": "set role portico_keeper",
                "set role search": "set role portico_search",
                "set role migrator": "set role portico_migrator",
                "session authorization": "set session authorization postgres",
                "temporary table": "create temp table t(a int)",
                "table in app": "create table app.t(a int)",
                "function in public": "create function public.f() returns int language sql as 'select 1'",
                "schema": "create schema t",
                "drop the wall": f"drop policy tenant_wall on {table}",
                "row security off on the table": f"alter table {table} disable row level security",
                "call protect": f"select app.protect('{table}')",
                "read the companies": "select * from app.tenant",
                "read a file": "select pg_read_file('/etc/passwd')",
                "run a program": "copy (select 1) to program 'true'",
                "replace the proof": "create or replace function sec.tenant() returns int language sql as 'select 1'",
                "forge the proof's path": "alter function sec.tenant() reset all",
            }.items():
                self.refuses(f"{role} cannot: {name}", self.be(role, sql), DENIED)
        self.refuses("app cannot: row security off in the session",
                     self.be("portico_app", f"set row_security = off; select count(*) from {table}"), DENIED)
        self.be("portico_app", "reset row_security")
        self.gives("owner under FORCE sees none", self.root.run(f"set role portico_owner; select count(*) from {table}; reset role"), "0")
        self.root.run("reset role")
        self.gives("backup sees all", self.be("portico_backup", f"select count(distinct tenant_id) >= 2 from {table}"), "t")
        self.refuses("backup cannot write", self.be("portico_backup", f"delete from {table}"), DENIED)
        self.gives("nothing stands outside the wall", self.be("portico_app", "select count(*) from sec.outside_wall()"), "0")
        self.root.run("begin; create table app.bare(tenant_id int not null); commit")
        self.gives("a table outside the wall is reported", self.be("portico_app", "select name from sec.outside_wall()"), "bare")
        self.refuses("protect() refuses a table without tenant_id", self.root.run(
            "alter table app.bare drop column tenant_id; select app.protect('app.bare')"), "P0001")
        self.root.run("drop table app.bare")

    # The key

    def attack_key(self):
        for role in (*WALLED, "portico_migrator", "portico_backup"):
            for name, sql in {
                "the keys": "select * from sec.key",
                "one column of them": "select kid from sec.key",
                "the newest key": "select sec.newest_key()",
                "the key now": "select sec.key_now()",
                "keys through the second way": "select sec.tenant_of('1|1|u|9|')",
            }.items():
                self.refuses(f"{role} cannot read {name}", self.be(role, sql), DENIED)
            self.refuses(f"{role} cannot add a key", self.be(
                role, "insert into sec.key values ('8', '', '')"), DENIED)
        spied = subprocess.run(["psql", "-X", "-U", "portico_app", "-d", self.database], capture_output=True, text=True, input=f"""
            set client_min_messages = debug5; set debug_print_plan = on; set debug_print_parse = on; set debug_print_rewritten = on;
            set debug_pretty_print = off; discard all; set client_min_messages = debug5; set debug_print_plan = on;
            begin; set local app.ticket = '{self.pass_a}'; select sec.tenant(), sec.actor(); rollback;
            begin; set local app.ticket = '{self.pass_a}0'; select sec.tenant(); rollback;
            begin; set local app.ticket = '{ticket(self.a, self.key, kid="9")}'; select sec.tenant_of('x');""")
        said = spied.stdout + spied.stderr
        for name, byte in (("inner", 0x36), ("outer", 0x5C)):
            pad = bytes(b ^ byte for b in self.key)
            signed = [b - 256 if b > 127 else b for b in pad[:8]]      # as the plan printer writes bytes
            seen = " ".join(map(str, signed)) in said or pad.hex()[:16] in said
            self.check(f"printed plans do not show the {name} key", "PLANNEDSTMT" in said and not seen, len(said))

    def attack_rotation(self):
        """One session through the life of two keys: what it learned of the first it must forget."""
        ask = "select sec.tenant()"
        new = bytes(64 - i for i in range(64))
        old_pass, new_pass = ticket(self.a, self.key), ticket(self.b, new, kid="2")
        self.gives("rotation: the old key serves", self.as_tenant("portico_app", old_pass, ask), str(self.a))
        self.refuses("rotation: the new key is unknown", self.as_tenant("portico_app", new_pass, ask), DENIED)
        kept = self.root.run("select kid, encode(ipad, 'hex'), encode(opad, 'hex'), seed, added_at from sec.key").rows.split("\n")
        self.root.run(f"begin; insert into sec.key(kid, ipad, opad) values ('2', '\\x{padded(new, 0x36)}', '\\x{padded(new, 0x5C)}'); commit")
        self.gives("rotation: the new key serves", self.as_tenant("portico_app", new_pass, ask), str(self.b))
        self.gives("rotation: the old key serves still", self.as_tenant("portico_app", old_pass, ask), str(self.a))
        self.refuses("rotation: a kid with the other's mac", self.as_tenant("portico_app", ticket(self.b, new, kid="1"), ask), DENIED)
        self.root.run("begin; delete from sec.key where kid = '1'; commit")
        self.refuses("rotation: the deleted old key is refused", self.as_tenant("portico_app", old_pass, ask), DENIED)
        self.gives("rotation: the new key serves on", self.as_tenant("portico_app", new_pass, ask), str(self.b))
        # A statement whose snapshot is of before, and that learns of the change (by locking a table) before it compiles the proof
        late = Session("portico_app", self.database)
        held = threading.Thread(target=late.run, args=(
            f"begin; set local app.ticket = '{new_pass}'; select pg_sleep(0.5), pg_table_size('pg_am'), (select count(*) from app.member)",))
        held.start()
        time.sleep(0.2)
        self.root.run("begin; delete from sec.key; commit")
        held.join()
        self.refuses("rotation: a statement under way brings no key back", late.run(
            f"begin; set local app.ticket = '{new_pass}'; {ask}"), DENIED)
        late.close()
        self.refuses("rotation: the deleted new key is refused", self.as_tenant("portico_app", new_pass, ask), DENIED)
        for kid, ipad, opad, seed, added in (line.split("|") for line in kept):
            self.root.run(f"begin; insert into sec.key values ('{kid}', '\\x{ipad}', '\\x{opad}', {seed}, '{added}'); commit")
        self.gives("rotation: back to the old key", self.as_tenant("portico_app", old_pass, ask), str(self.a))

    def attack_tenants(self):
        ask = "select sec.register_tenant('wall-a')"
        self.gives("a company keeps its number", self.be("portico_worker", ask), str(self.a))
        for role in ("portico_portal", "portico_ingest", "portico_auditor", "portico_backup"):
            self.refuses(f"{role} cannot register a company", self.be(role, ask), DENIED)
        for slug in ("", "Wall", "wall_a", "-a", "a-", "a.b", "ä", "a" * 64):
            self.refuses(f"no company is called {slug!r}", self.be("portico_app", f"select sec.register_tenant('{slug}')"), "23514")
        numbers = []
        rivals = [Session("portico_app", self.database) for _ in range(4)]
        race = [threading.Thread(target=lambda s=s: numbers.append(s.run("select sec.register_tenant('wall-race')").rows)) for s in rivals]
        for thread in race:
            thread.start()
        for thread in race:
            thread.join()
        for rival in rivals:
            rival.close()
        self.check("four who register one company at once get one number", len(numbers) == 4 and len(set(numbers)) == 1, numbers)

    # A dump by the backup role holds both companies and no ticket key; one by the app must not pass for a backup

    def attack_dumps(self):
        def dump(role, *options):
            return subprocess.run(["pg_dump", "-U", role, "-d", self.database, *options], capture_output=True, text=True)
        table = next(t for t in self.tables if t.name.startswith("app."))
        whole = dump("portico_backup", "--exclude-schema=sec", "--data-only")
        copied = whole.stdout.split(f"COPY {table.name} ")[-1].split("\\.")[0]
        self.check("backup is complete", whole.returncode == 0 and not whole.stderr
                   and all(f"\n{tenant}\t" in copied for tenant in (self.a, self.b)), whole.stderr)
        self.check("backup holds no key", "COPY sec." not in whole.stdout)
        part = dump("portico_app", "-t", table.name)
        self.check("app cannot dump", part.returncode != 0 and "row-level security" in part.stderr, part.stderr)

    def compare_rights(self):
        held, reviewed = set(rights(self.database)), set((HERE / "rights.txt").read_text(encoding="utf-8").splitlines())
        difference = [f"in the database alone: {line}" for line in sorted(held - reviewed)]
        difference += [f"in rights.txt alone: {line}" for line in sorted(reviewed - held)]
        difference = [line for line in difference if ": # " not in line and (self.fingerprints or ": definer " not in line)]
        self.check("all rights are those of rights.txt", not difference,
                   "\n    " + "\n    ".join(difference) + "\n    Reviewed and wanted? Then: python3 Tests/Wall/attack.py DATABASE --rights")

    def lint(self):
        found = findings(self.database)
        self.check("lint gives no row", not found, found)


def findings(database):
    """The rows of lint.sql, or its error."""
    lint = subprocess.run(["psql", "-XAtq", "-d", database, "-f", str(HERE / "lint.sql")], capture_output=True, text=True)
    return (lint.stdout + lint.stderr).strip()


def rights(database):
    """Every right behind the wall, one per line."""
    listed = subprocess.run(["psql", "-XAtq", "-d", database, "-f", str(HERE / "rights.sql")], capture_output=True, text=True, check=True)
    return listed.stdout.splitlines()


def main(database, *options):
    if options == ("--rights",):
        head = "# Every right behind the wall, reviewed. Written by attack.py --rights, compared by attack.py; see rights.sql."
        (HERE / "rights.txt").write_text("\n".join([head, *rights(database)]) + "\n", encoding="utf-8")
        return 0
    with Copy(database, f"{database}_attacked") as copy:
        done = Attack(copy).run()
    print(f"{done.count - len(done.failed)} passed, {len(done.failed)} failed")
    return 1 if done.failed else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
