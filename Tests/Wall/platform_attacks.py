"""Operators look after all companies through a role that sees none of them; and no role of the companies finds the operators."""

from checks import DENIED, WALLED, Checks

ROLE = "portico_platform"
TABLES = ("operator", "session", "rate_limit", "log")


class PlatformAttacks(Checks):
    def attack_platform(self):
        for table in self.tables:
            if table.name.startswith("app."):
                self.refuses(f"{ROLE} cannot read {table.name}", self.be(ROLE, f"select * from {table.name}"), DENIED)
        self.refuses(f"{ROLE} proves no ticket", self.be(ROLE, f"begin; select sec.enter('{self.pass_a}')"), DENIED)
        self.refuses(f"{ROLE} registers no company", self.be(ROLE, "select sec.register_tenant('wall-a')"), DENIED)
        self.refuses(f"{ROLE} reads no company's name", self.be(ROLE, "select * from app.tenant"), DENIED)
        self.gives(
            f"{ROLE} counts everybody's jobs",
            self.be(ROLE, f"select count(distinct tenant_id) from jobs.queue where tenant_id in ({self.a}, {self.b})"), "2")
        for name, sql in {
            "put a job back": "update jobs.queue set state = 'queued'",
            "remove a job": "delete from jobs.queue",
            "put a job in": f"insert into jobs.queue(tenant_id, id, kind, max_attempts) values ({self.a}, gen_random_uuid(), 'x', 1)",
            "move a schedule": "update jobs.schedule set next_at = now()",
            "read a job's key": "select unique_key from jobs.queue",
            "name a tenant": f"set backtrace_functions = '{self.a}'",
            "change the log": "update platform.log set action = 'x'",
            "clear the log": "delete from platform.log",
            "forget an operator": "delete from platform.operator",
            "become the owner": "set role portico_owner",
        }.items():
            self.refuses(f"{ROLE} cannot {name}", self.be(ROLE, sql), DENIED)
        for role in WALLED:
            for table in TABLES:
                self.refuses(f"{role} cannot read platform.{table}", self.be(role, f"select * from platform.{table}"), DENIED)
            self.refuses(
                f"{role} makes no operator",
                self.as_tenant(role, self.pass_a, "insert into platform.operator(id, email, name) values (gen_random_uuid(), 'a@b', 'c')"),
                DENIED)
