"""What strangers hand in enters through a role that only inserts, and through one function that gives a report its number."""

import catalogue
from checks import DENIED, Checks

ROLE = "portico_visitor"


class VisitorAttacks(Checks):
    # Functions of the definer that put something on record: they are attacked here
    DOORS = ("app.take_report",)

    def attack_visitors(self):
        self.set_ended("null")
        report = "select app.take_report({}, gen_random_uuid(), 't', 'd', 'c', 'low', '', 2026, now(), now())"
        own, foreign = (self.code(tenant) for tenant in (self.a, self.b))
        count = "select count(*) from app.fault where tenant_id = {} and source = 'qr'"
        before = self.root.run(count.format(self.b)).rows
        self.gives(
            "a visitor's report gets a number", self.visit(report.format(own) + " ~ '^F-2026-[0-9]{4,}$'"), "t"
        )
        self.gives("B's code opens nothing of A", self.visit(report.format(foreign) + " is null"), "t")
        self.gives("a code of nobody opens nothing", self.visit(report.format("sha256('x')") + " is null"), "t")
        self.gives("no ticket, no report", self.be(ROLE, report.format(own) + " is null"), "t")
        self.set_ended("now()")
        self.gives("a code that was ended opens nothing", self.visit(report.format(own) + " is null"), "t")
        self.set_ended("null")
        self.check("nothing of all this reached B", self.root.run(count.format(self.b)).rows == before)
        for role in ("portico_app", "portico_worker", "portico_portal", "portico_ingest", "portico_auditor"):
            self.refuses(f"{role} takes no reports", self.as_tenant(role, self.pass_a, report.format(own)), DENIED)
        self.attack_inserts()

    def set_ended(self, when):
        self.root.run(f"begin; update app.report_code set ended_at = {when} where tenant_id in ({self.a}, {self.b}); commit")

    def visit(self, sql):
        return self.as_tenant(ROLE, self.pass_a, sql)

    def table(self, name):
        return next(table for table in self.tables if table.name == name)

    def code(self, tenant):
        return self.planted[self.table("app.report_code").oid, tenant]["token_hash"]

    def row(self, name, tenant, /, **changes):
        table = self.table(name)
        return catalogue.insert(table, catalogue.invented_row(table, tenant, 950_000, self.planted) | changes)

    def attack_inserts(self):
        entry = {"kind": "'reported'", "to_state": "'reported'"}
        line = {"action": "'fault.reported'", "via": "'visitor'"}
        queued = {"kind": "'faults.tell'", "max_attempts": "3"}
        cases = {
            "app.fault_visitor": ({}, [{"stopped_at": "now()"}, {"forgotten_at": "now()"}]),
            "app.fault_entry": (entry, [{"kind": "'closed'"}, {"to_state": "'closed'"}, {"from_state": "'closed'"}]),
            "app.audit_line": (line, [{"action": "'member.signed_in'"}, {"via": "null"}]),
            "app.event": ({"name": "'FaultReported'"}, [{"name": "'FaultResolved'"}]),
            "app.fault_photo": ({"stage": "'report'", "added_by": "null"}, [{"stage": "'resolution'"}, {"words": "'Gas'"}]),
            "app.fault_suggestion": ({"state": "'queued'"}, [{"state": "'done'"}]),
            "app.blob_spool": ({}, [{"stored_at": "now()"}]),
            "jobs.queue": (queued, [{"kind": "'notices.send'"}, {"unique_key": "'x'"}]),
        }
        for name, (right, wrongs) in cases.items():
            fine = self.visit(self.row(name, self.a, **right) + "; select 'in'")
            self.check(f"visitor {name}: its own insert is let in", "42501:" not in fine.errors, fine)
            self.refuses(f"visitor {name}: insert for B", self.visit(self.row(name, self.b, **right)), DENIED)
            self.refuses(f"visitor {name}: insert without a ticket", self.be(ROLE, self.row(name, self.a, **right)), DENIED)
            self.refuses(
                f"visitor {name}: reads nothing back",
                self.visit(self.row(name, self.a, **right) + " returning tenant_id"),
                DENIED,
            )
            for wrong in wrongs:
                self.refuses(
                    f"visitor {name}: not with {', '.join(wrong)}", self.visit(self.row(name, self.a, **(right | wrong))), DENIED
                )
        for sql in (
            "select count(*) from app.fault",
            "select value from app.counter",
            "select token_hash from app.report_code",
            # Gathering is the worker's business; rating, reopening and forgetting are the server's, after it has seen the private link
            "select title from app.incident",
            self.row("app.incident_fault", self.a),
            "update app.fault set rating = 5",
            "update app.fault set state = 'reopened'",
            "update app.fault_visitor set email = null",
            "delete from app.delivery",
            # What waits for a form's next try
            self.row("app.held_photo", self.a),
            "delete from app.held_photo returning object_key",
            self.row("app.kept_form", self.a),
            "select fields from app.kept_form",
        ):
            self.refuses(f"visitor: {sql}", self.visit(sql), DENIED)
