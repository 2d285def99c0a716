"""kill -9 of the server in the middle of an import of 10,000 rows, some of them faulty: at every step of the dry run and of the import.

Each time either nothing of the file is there or all of it; the import goes on by itself after the restart, or says that it failed and can
be started again; in the end everything was made once, and the faulty rows can be downloaded.
"""

import csv
import io
import random
import time
import uuid

import pytest
from portico import Portico

ROWS, FAULTY = 10_000, 1_000    # every thousandth row is faulty
HEAD = "Gebäude;Straße;PLZ;Ort;Eingang;Einheit;Etage;Fläche;Name;E-Mail;Rolle;Anteil;Seit\r\n"
# What a good file of that many rows makes: forty units to a building, four people to a unit.
MADE = {"building": 63, "entrance": 189, "unit": 2_500, "member": ROWS - ROWS // FAULTY, "occupancy": ROWS - ROWS // FAULTY}
ACTIONS = {"building": "building.added", "entrance": "entrance.added", "unit": "unit.added", "member": "member.added", "occupancy": "occupancy.began"}


@pytest.fixture(scope="module")
def server(cluster):
    with Portico(cluster) as portico:
        yield portico


class Import:
    """One file with names of its own, and what became of it."""

    def __init__(self, server):
        self.server, self.key = server, uuid.uuid4().hex[:8]
        self.program = server.program("manager")
        answer = self.program.upload("imports", {}, [("file", "houses.csv", "text/csv", self.file().encode())])
        assert answer.status == 201, answer.text
        self.id, self.mapping = answer.json()["importId"], answer.json()["mapping"]

    def file(self) -> str:
        lines = [HEAD]
        for row in range(ROWS):
            unit, part = row // 4, row % 4
            email = f"p{row}-{self.key}@bench.test" if row % FAULTY != 7 else f"p{row}-{self.key}@@bench.test"
            role = "Mieter;" if part == 0 else "Eigentümer;1/2" if part == 1 else "Eigentümer;1/4"
            lines.append(
                f"Kill {self.key} {unit // 40};Weg {unit // 40};10115;Berlin;Aufgang {unit % 3};{unit % 40};{unit % 7};{40 + unit % 60},5;"
                f"Person {row};{email};{role};01.0{1 + row % 9}.2020\r\n")
        return "".join(lines)

    def check(self):
        answer = self.program.post(f"imports/{self.id}/mapping", self.mapping)
        assert answer.status == 200 and answer.json()["status"] == "checking", answer.text

    def run(self):
        answer = self.program.post(f"imports/{self.id}/run", {"skip_errors": True})
        assert answer.status == 200 and answer.json()["status"] == "importing", answer.text

    def state(self) -> str:
        return self.program.get(f"imports/{self.id}").json()["status"]

    def settled(self, seconds=300) -> str:
        """What the page says once the import is no longer at work."""
        end = time.monotonic() + seconds
        while (state := self.state()) in ("checking", "importing"):
            assert time.monotonic() < end, f"still {state} after {seconds} s\n{self.server.tail()}"
            time.sleep(0.1)
        return state

    def there(self) -> dict:
        """How much of the file is in the company, by the database itself."""
        building = f"(select id from app.building where name like 'Kill {self.key} %')"
        wanted = {
            "building": building, "entrance": f"(select id from app.entrance where building_id in {building})",
            "unit": f"(select id from app.unit where building_id in {building})",
            "member": f"(select id from app.member where email like '%-{self.key}@bench.test')",
            "occupancy": f"(select o.id from app.occupancy o join app.unit u on u.tenant_id = o.tenant_id and u.id = o.unit_id where u.building_id in {building})",
        }
        columns = ", ".join(f"(select count(*) from {rows} r) as {name}" for name, rows in wanted.items())
        return self.server.sql(f"select {columns}")[0]

    def lines(self) -> dict:
        """How many audit lines the import wrote, by action."""
        rows = self.server.sql(
            f"""select action, count(*) as n from app.audit_line where after->>'import' = '{self.id}' or (entity_id = '{self.id}' and action = 'import.done')
                group by action""")
        return {row["action"]: row["n"] for row in rows}

    def killed(self):
        self.server.kill()
        self.program.close()

    def up_again(self):
        """The server too, once it is seen that nothing of the file is there, or all of it."""
        nothing = dict.fromkeys(MADE, 0)
        assert self.there() in (nothing, MADE), "half an import"
        self.server.start()

    def finish(self):
        """By itself, or started again where it says that it failed; then everything is there once."""
        for _ in range(3):
            state = self.settled()
            if state == "done":
                break
            assert self.there() == dict.fromkeys(MADE, 0), f"{state}, and yet something is there"
            if state == "failed":
                self.check()
            else:
                assert state == "checked"
                self.run()
        assert self.state() == "done"
        assert self.there() == MADE
        assert self.lines() == {action: MADE[name] for name, action in ACTIONS.items()} | {"import.done": 1}
        again = self.program.post(f"imports/{self.id}/run", {"skip_errors": True})
        assert (again.status, again.json()["code"]) == (409, "import_not_ready")
        assert self.there() == MADE

    def check_errors(self):
        answer = self.program.get(f"imports/{self.id}")
        assert answer.json()["errorRows"] == ROWS // FAULTY
        sheet = list(csv.reader(io.StringIO(self.program.get(f"imports/{self.id}/errors.csv").text)))
        # The head is row 1.
        assert [int(line[0]) for line in sheet[1:]] == [9 + FAULTY * index for index in range(ROWS // FAULTY)]
        assert all(self.key in line[2] and line[3] for line in sheet[1:])


def wait(server, condition, what, seconds=120):
    end = time.monotonic() + seconds
    while not server.sql(condition):
        assert time.monotonic() < end, f"not {what} in {seconds} s\n{server.tail()}"
        time.sleep(0.02)


STUCK = """select a.pid from pg_stat_activity a join pg_locks l on l.pid = a.pid and not l.granted
            where a.datname = current_database() and a.usename = 'portico_worker'"""


def test_killed_in_the_middle_of_the_dry_run(server):
    one = Import(server)
    # The third of five portions cannot go on; two are kept already.
    with server.cluster.held(f"select from app.import_row where import_id = '{one.id}' and number = 5000 for update", server.house.database):
        one.check()
        wait(server, STUCK, "in the third portion")
        assert 0 < server.sql(f"select progress from app.import where id = '{one.id}'")[0]["progress"] < ROWS
        one.killed()
    one.up_again()
    assert one.settled() == "checked"
    one.check_errors()
    assert one.there() == dict.fromkeys(MADE, 0), "a dry run makes nothing"
    one.finish()
    one.check_errors()


@pytest.mark.parametrize("table", ["building", "unit", "member", "occupancy"])
def test_killed_in_the_middle_of_the_import(server, table):
    """Everything before that table is written already, in the transaction that the kill cuts off."""
    one = Import(server)
    one.check()
    assert one.settled() == "checked"
    with server.cluster.held(f"lock table app.{table} in share row exclusive mode", server.house.database):
        one.run()
        wait(server, f"{STUCK} and l.relation = 'app.{table}'::regclass", f"at app.{table}")
        one.killed()
    one.up_again()
    one.finish()
    one.check_errors()


def test_killed_at_random_moments(server):
    random_ = random.Random(10)
    first = Import(server)
    began = time.monotonic()
    first.check()
    assert first.settled() == "checked"
    first.run()
    assert first.settled() == "done"
    pace = time.monotonic() - began
    kills = 0
    one = Import(server)
    one.check()
    while kills < 5:
        time.sleep(pace * random_.uniform(0.05, 0.6))
        if one.state() == "checked":
            one.run()
            time.sleep(pace * random_.uniform(0.02, 0.4))
        one.killed()
        kills += 1
        one.up_again()
    one.finish()
    one.check_errors()
