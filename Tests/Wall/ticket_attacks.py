"""Forged tickets, keys that show, keys that come and go."""

import os
import subprocess
import threading
import time

from checks import DENIED, WALLED, Checks, enter
from session import Session, padded, ticket


class TicketAttacks(Checks):
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
            "expired long ago": ticket(a, self.key, life=-(10**8)),
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
        self.gives(
            "the ticket names its person",
            self.as_tenant("portico_app", ticket(a, self.key, user=person), "select sec.actor()"),
            person,
        )
        self.gives("the system is no person", self.as_tenant("portico_app", pass_a, "select sec.actor() is null"), "t")
        self.gives("no ticket, no person", self.be("portico_app", "select sec.actor() is null"), "t")
        forged = ticket(a, b"x" * 64, user=person)
        self.refuses("a forged ticket names no person", self.as_tenant("portico_app", forged, "select sec.actor()"), DENIED)
        self.gives(
            "the ticket is gone after commit",
            self.be("portico_app", f"begin; {enter(pass_a)}; commit; select sec.tenant() is null"),
            "t",
        )
        self.gives(
            "the ticket is gone after rollback",
            self.be("portico_app", f"begin; {enter(pass_a)}; rollback; select sec.tenant() is null"),
            "t",
        )

    def attack_note(self):
        """The proved tenant stands in a parameter. Only the proof may write it."""
        foreign = f"'{self.b},'"
        for role in (*WALLED, "portico_migrator", "portico_backup"):
            for name, sql in {
                "set it": f"set backtrace_functions = {foreign}",
                "set it for the transaction": f"begin; set local backtrace_functions = {foreign}",
                "set it by function": f"select set_config('backtrace_functions', {foreign}, true)",
                "set it by view": f"update pg_settings set setting = {foreign} where name = 'backtrace_functions'",
                "set it for its role": f"alter role {role} set backtrace_functions = {foreign}",
                "set it for the database": f"alter database {self.database} set backtrace_functions = {foreign}",
                "set it for the server": f"alter system set backtrace_functions = {foreign}",
                "take the right": f"grant set on parameter backtrace_functions to {role}",
            }.items():
                answer = self.be(role, sql)
                # A grant without the right to grant is only a warning; what counts is that the next try is refused.
                if name == "take the right":
                    answer = self.be(role, f"set backtrace_functions = {foreign}")
                self.refuses(f"{role} cannot name its tenant: {name}", answer, DENIED)
            self.gives(f"{role} has none without a ticket", self.be(role, "select current_setting('backtrace_functions') = ''"), "t")
        started = subprocess.run(
            ["psql", "-XAt", "-U", "portico_app", "-d", self.database, "-c", "select sec.tenant()"],
            capture_output=True, text=True, env={**os.environ, "PGOPTIONS": f"-c backtrace_functions={self.b},"})
        self.check("no connection starts with a tenant", started.returncode != 0 and not started.stdout, started)
        ask, forged = "select sec.tenant()", ticket(self.b, b"x" * 64)
        kept = self.as_tenant("portico_app", self.pass_a, f"savepoint s; {enter(forged)}; rollback to s; {ask}")
        self.check("a refused ticket leaves the tenant as it was", kept.rows == str(self.a) and f"{DENIED}:" in kept.errors, kept)
        self.gives(
            "a savepoint takes its tenant along",
            self.as_tenant("portico_app", self.pass_a, f"savepoint s; {enter('')}; rollback to s; {ask}"), str(self.a))
        self.gives(
            "an empty ticket ends the tenant", self.as_tenant("portico_app", self.pass_a, f"{enter('')}; select sec.tenant() is null"),
            "t")
        self.gives(
            "a search path changes nothing",
            self.as_tenant("portico_app", self.pass_a, f"set local search_path = pg_temp, app, public; {ask}"), str(self.a))

    def attack_key(self):
        for role in (*WALLED, "portico_migrator", "portico_backup"):
            for name, sql in {
                "the keys": "select * from sec.key",
                "one column of them": "select kid from sec.key",
                "keys through the proof": "select sec.enter('1|1|u|9|')",
            }.items():
                self.refuses(f"{role} cannot read {name}", self.be(role, sql), DENIED)
            self.refuses(f"{role} cannot add a key", self.be(role, "insert into sec.key values ('8', '', '')"), DENIED)
        spied = subprocess.run(
            ["psql", "-X", "-U", "portico_app", "-d", self.database],
            capture_output=True,
            text=True,
            input=f"""
            set client_min_messages = debug5; set debug_print_plan = on; set debug_print_parse = on; set debug_print_rewritten = on;
            set debug_pretty_print = off; discard all; set client_min_messages = debug5; set debug_print_plan = on;
            begin; select sec.enter('{self.pass_a}'), sec.tenant(), sec.actor(); rollback;
            begin; select sec.enter('{self.pass_a}0'); rollback;
            begin; select sec.enter('{ticket(self.a, self.key, kid="9")}');""",
        )
        said = spied.stdout + spied.stderr
        for name, byte in (("inner", 0x36), ("outer", 0x5C)):
            pad = bytes(b ^ byte for b in self.key)
            signed = [b - 256 if b > 127 else b for b in pad[:8]]  # as the plan printer writes bytes
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
        self.root.run(
            f"begin; insert into sec.key(kid, ipad, opad) values ('2', '\\x{padded(new, 0x36)}', '\\x{padded(new, 0x5C)}'); commit"
        )
        self.gives("rotation: the new key serves", self.as_tenant("portico_app", new_pass, ask), str(self.b))
        self.gives("rotation: the old key serves still", self.as_tenant("portico_app", old_pass, ask), str(self.a))
        self.refuses(
            "rotation: a kid with the other's mac", self.as_tenant("portico_app", ticket(self.b, new, kid="1"), ask), DENIED
        )
        self.root.run("begin; delete from sec.key where kid = '1'; commit")
        self.refuses("rotation: the deleted old key is refused", self.as_tenant("portico_app", old_pass, ask), DENIED)
        self.gives("rotation: the new key serves on", self.as_tenant("portico_app", new_pass, ask), str(self.b))
        # A statement whose snapshot is of before, and that learns of the change (by locking a table) before it compiles the proof
        late = Session("portico_app", self.database)
        held = threading.Thread(
            target=late.run,
            args=(
                f"begin; {enter(new_pass)}; select pg_sleep(0.5), pg_table_size('pg_am'), (select count(*) from app.member)",
            ),
        )
        held.start()
        time.sleep(0.2)
        self.root.run("begin; delete from sec.key; commit")
        held.join()
        self.refuses(
            "rotation: a statement under way brings no key back",
            late.run(f"begin; {enter(new_pass)}; {ask}"),
            DENIED,
        )
        late.close()
        self.refuses("rotation: the deleted new key is refused", self.as_tenant("portico_app", new_pass, ask), DENIED)
        for kid, ipad, opad, seed, added in (line.split("|") for line in kept):
            self.root.run(f"begin; insert into sec.key values ('{kid}', '\\x{ipad}', '\\x{opad}', {seed}, '{added}'); commit")
        self.gives("rotation: back to the old key", self.as_tenant("portico_app", old_pass, ask), str(self.a))
