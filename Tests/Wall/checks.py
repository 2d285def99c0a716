"""What every attack is made of: someone tries something, and the answer is held against what it must be."""

from session import Session

DENIED, FOREIGN_KEY, UNIQUE = "42501", "23503", "23505"  # insufficient privilege and row security share 42501
STAFF = ("portico_app", "portico_worker")
WALLED = (*STAFF, "portico_ingest", "portico_portal", "portico_auditor", "portico_visitor")


def enter(pass_):
    """The transaction's first statement, without a row of its own."""
    return f"do $$ begin perform sec.enter('{pass_}'); end $$"


class GotThrough(Exception):
    """The first attack that got through, where one is enough to know."""


class Checks:
    def __init__(self, database, one_is_enough):
        self.database, self.one_is_enough = database, one_is_enough
        self.count, self.failed = 0, []
        self.sessions = {}

    def session(self, role):
        if role not in self.sessions:
            self.sessions[role] = Session(role, self.database)
        return self.sessions[role]

    def be(self, role, sql):
        return self.session(role).run(sql)

    def as_tenant(self, role, pass_, sql):
        return self.be(role, f"begin; {enter(pass_)}; {sql}")

    def check(self, name, ok, got=""):
        self.count += 1
        if not ok:
            self.failed.append(name)
            if self.one_is_enough:
                raise GotThrough(name)
            print(f"FAILED {name}: {got}")

    def gives(self, name, answer, want):
        self.check(name, not answer.errors and answer.rows == want, answer)

    def refuses(self, name, answer, *codes):
        self.check(name, not answer.rows and any(f"{code}:" in answer.errors for code in codes), answer)
