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

import catalogue
from checks import DENIED, WALLED
from platform_attacks import PlatformAttacks
from session import Copy, Session, ticket, ticket_key
from table_attacks import TableAttacks
from ticket_attacks import TicketAttacks
from visitor_attacks import VisitorAttacks

HERE = pathlib.Path(__file__).parent
# Functions that search for the caller because full text has no index under row security: whose ids, and words that find all.
SEARCHES = {
    "app.search_faults": ("app.fault", "'canary'"),
    "app.find_faults": ("app.fault", "'canary', 100"),
    "app.find_people": ("app.member", "'canary', 100"),
    "app.find_places": ("app.building", "'canary', 100"),
    "app.find_messages": ("app.message", "'canary', 100"),
    "app.find_announcements": ("app.announcement", "'canary', current_date, true, 100"),
    "app.find_documents": ("app.document", "'canary', current_date, true, 100"),
}
# What these find is not the company's but one member's own.
OF_MEMBERS = {"app.find_messages", "app.find_announcements", "app.find_documents"}


class Attack(TableAttacks, TicketAttacks, VisitorAttacks, PlatformAttacks):
    """One round of all attacks on `database`, which is not the same afterwards. `one_is_enough`: raise at the first that gets
    through. `fingerprints`: also compare the sources of the definer functions; the mutation test does without, so that what they
    do is found out by attacking them."""

    def __init__(self, database, one_is_enough=False, fingerprints=True):
        super().__init__(database, one_is_enough)
        self.fingerprints = fingerprints
        self.root = self.session(os.environ["PGUSER"])
        self.key = ticket_key()

    def run(self):
        try:
            self.a, self.b = (int(self.be("portico_app", f"select sec.register_tenant('wall-{x}')").rows) for x in "ab")
            # Good for longer than any round takes on a busy machine.
            self.pass_a, self.pass_b = ticket(self.a, self.key, life=1_800), ticket(self.b, self.key, life=1_800)
            self.tables = catalogue.tables(self.root)
            self.planted = catalogue.plant(self.root, self.tables, (self.a, self.b))
            for table in self.tables:
                self.attack_table(table)
            self.attack_functions()
            self.attack_visitors()
            self.attack_platform()
            self.attack_tickets()
            self.attack_structure()
            self.attack_note()
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

    # Functions of the definer: they step over the wall, so each is named here

    def attack_functions(self):
        found = self.root.run("""select oid::regproc from pg_proc
            where pronamespace in ('app'::regnamespace, 'jobs'::regnamespace) and prosecdef order by 1""")
        for name in filter(None, found.rows.split("\n")):
            if name in self.DOORS:
                continue
            if name not in SEARCHES:
                self.check(f"{name}: a definer function that no attack knows; add it to SEARCHES", False)
                continue
            table, call = SEARCHES[name]
            own = self.root.run(f"select string_agg(id::text, ',') from {table} where tenant_id = {self.a}").rows
            call = f"{name}({call}) as found"
            member = self.root.run(f"select id from app.member where tenant_id = {self.a} order by id limit 1").rows
            self.gives(
                f"{name}: finds what is A's",
                self.as_tenant(
                    "portico_app", ticket(self.a, self.key, user=member), f"select string_agg(found.id::text, ',') from {call}"),
                own,
            )
            if name in OF_MEMBERS:
                other = ticket(self.a, self.key, user="00000000-0000-7000-8000-0000000fffff")
                self.gives(
                    f"{name}: nothing for somebody else of A", self.as_tenant("portico_app", other, f"select count(*) from {call}"), "0")
            self.gives(f"{name}: nothing without a ticket", self.be("portico_app", f"select count(*) from {call}"), "0")
            self.refuses(
                f"{name}: not for the portal", self.as_tenant("portico_portal", self.pass_a, f"select * from {call}"), DENIED
            )

    def attack_structure(self):
        table = next(t.name for t in self.tables if t.name.startswith("app."))
        for role in WALLED:
            for name, sql in {
                "set role owner": "set role portico_owner",
                "set role keeper": "set role portico_keeper",
                "set role search": "set role portico_search",
                "set role clerk": "set role portico_clerk",
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
                "replace the tenant": "create or replace function sec.tenant() returns int language sql as 'select 1'",
                "replace the proof": "create or replace function sec.enter(text) returns int language sql as 'select 1'",
                "forge the proof's path": "alter function sec.enter(text) reset all",
            }.items():
                self.refuses(f"{role} cannot: {name}", self.be(role, sql), DENIED)
        self.refuses(
            "app cannot: row security off in the session",
            self.be("portico_app", f"set row_security = off; select count(*) from {table}"),
            DENIED,
        )
        self.be("portico_app", "reset row_security")
        self.gives(
            "owner under FORCE sees none", self.root.run(f"set role portico_owner; select count(*) from {table}; reset role"), "0"
        )
        self.root.run("reset role")
        self.gives("backup sees all", self.be("portico_backup", f"select count(distinct tenant_id) >= 2 from {table}"), "t")
        self.refuses("backup cannot write", self.be("portico_backup", f"delete from {table}"), DENIED)
        self.gives("nothing stands outside the wall", self.be("portico_app", "select count(*) from sec.outside_wall()"), "0")
        self.root.run("begin; create table app.bare(tenant_id int not null); commit")
        self.gives("a table outside the wall is reported", self.be("portico_app", "select name from sec.outside_wall()"), "bare")
        self.refuses(
            "protect() refuses a table without tenant_id",
            self.root.run("alter table app.bare drop column tenant_id; select app.protect('app.bare')"),
            "P0001",
        )
        self.root.run("drop table app.bare")

    def attack_tenants(self):
        ask = "select sec.register_tenant('wall-a')"
        self.gives("a company keeps its number", self.be("portico_worker", ask), str(self.a))
        for role in ("portico_portal", "portico_ingest", "portico_auditor", "portico_backup", "portico_visitor"):
            self.refuses(f"{role} cannot register a company", self.be(role, ask), DENIED)
        for slug in ("", "Wall", "wall_a", "-a", "a-", "a.b", "ä", "a" * 64):
            self.refuses(
                f"no company is called {slug!r}", self.be("portico_app", f"select sec.register_tenant('{slug}')"), "23514"
            )
        numbers = []
        rivals = [Session("portico_app", self.database) for _ in range(4)]
        race = [
            threading.Thread(target=lambda s=s: numbers.append(s.run("select sec.register_tenant('wall-race')").rows))
            for s in rivals
        ]
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
        self.check(
            "backup is complete",
            whole.returncode == 0 and not whole.stderr and all(f"\n{tenant}\t" in copied for tenant in (self.a, self.b)),
            whole.stderr,
        )
        self.check("backup holds no key", "COPY sec." not in whole.stdout)
        part = dump("portico_app", "-t", table.name)
        self.check("app cannot dump", part.returncode != 0 and "row-level security" in part.stderr, part.stderr)

    def compare_rights(self):
        held, reviewed = set(rights(self.database)), set((HERE / "rights.txt").read_text(encoding="utf-8").splitlines())
        difference = [f"in the database alone: {line}" for line in sorted(held - reviewed)]
        difference += [f"in rights.txt alone: {line}" for line in sorted(reviewed - held)]
        difference = [line for line in difference if ": # " not in line and (self.fingerprints or ": definer " not in line)]
        self.check(
            "all rights are those of rights.txt",
            not difference,
            "\n    "
            + "\n    ".join(difference)
            + "\n    Reviewed and wanted? Then: python3 Tests/Wall/attack.py DATABASE --rights",
        )

    def lint(self):
        found = findings(self.database)
        self.check("lint gives no row", not found, found)


def findings(database):
    """The rows of lint.sql, or its error."""
    lint = subprocess.run(["psql", "-XAtq", "-d", database, "-f", str(HERE / "lint.sql")], capture_output=True, text=True)
    return (lint.stdout + lint.stderr).strip()


def rights(database):
    """Every right behind the wall, one per line."""
    listed = subprocess.run(
        ["psql", "-XAtq", "-d", database, "-f", str(HERE / "rights.sql")], capture_output=True, text=True, check=True
    )
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
