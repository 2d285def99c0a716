"""Reading, changing, moving and linking across companies, for every table and every role of the catalogue."""

import catalogue
from checks import DENIED, FOREIGN_KEY, STAFF, UNIQUE, WALLED, Checks


class TableAttacks(Checks):
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
                self.attack_inserting(role, table, rights)
            self.refuses(f"{role} {table.name}: truncate", self.as_tenant(role, self.pass_a, f"truncate {table.name}"), DENIED)
        if not table.partition:
            self.check(
                f"{table.name}: planted for both",
                self.root.run(f"select count(*) >= 2 from {table.name} where tenant_id in ({self.a}, {self.b})").rows == "t",
            )

    def attack_reading(self, role, table, rights):
        name, split = (
            f"{role} {table.name}",
            f"select count(*) filter (where tenant_id <> {self.a}), count(*) > 0 from {table.name}",
        )
        if "select" not in rights:
            self.refuses(f"{name}: may not read", self.as_tenant(role, self.pass_a, f"select count(*) from {table.name}"), DENIED)
            return
        self.gives(f"{name}: no ticket, no rows", self.be(role, f"select count(*) from {table.name}"), "0")
        self.gives(f"{name}: A sees A alone", self.as_tenant(role, self.pass_a, split), "0|t")
        self.gives(
            f"{name}: B sees B alone", self.as_tenant(role, self.pass_b, split.replace(f"<> {self.a}", f"<> {self.b}")), "0|t"
        )

    def attack_changing(self, role, table, rights):
        name = f"{role} {table.name}"
        moved = self.as_tenant(role, self.pass_a, f"update {table.name} set tenant_id = {self.b}")
        self.refuses(f"{name}: move a row to B", moved, DENIED)
        for right, verb in (
            ("update", f"update {table.name} set tenant_id = tenant_id"),
            ("delete", f"delete from {table.name}"),
        ):
            answer = self.as_tenant(
                role, self.pass_a, f"with w as ({verb} where tenant_id = {self.b} returning 1) select count(*) from w"
            )
            if right in rights:
                self.gives(f"{name}: {right} B's row", answer, "0")
            else:
                self.refuses(f"{name}: may not {right}", answer, DENIED)

    def attack_inserting(self, role, table, rights):
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
                attempt = catalogue.insert(table, fresh | lead)
                if table.is_once(lead) and "delete" in rights:
                    # The planted one makes room, so that only the link can object.
                    attempt = f"delete from {table.name} where tenant_id = {self.a}; {attempt}"
                elif table.is_once(lead):
                    # Nobody may make room there: the planted row itself is led to B's.
                    changes = ", ".join(f"{here} = {value}" for here, value in lead.items())
                    attempt = f"update {table.name} set {changes} where tenant_id = {self.a}"
                answer = self.as_tenant(role, self.pass_a, attempt)
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
