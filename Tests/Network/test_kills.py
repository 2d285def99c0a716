"""T82, T83 and "Done when 5": kill -9 of the server in the middle of reports and jobs, 50 times.

Afterwards every acknowledged report is there exactly once, and every event's jobs ran or are visibly pending.
"""

import http.client
import random
import threading
import time
import uuid

import pytest
from portico import Portico

KILLS = 50
REPORTERS = 6


@pytest.fixture(scope="module")
def server(cluster):
    with Portico(cluster) as portico:
        yield portico


class Reporter(threading.Thread):
    """Reports one fault after another. A report whose answer got lost is sent again with its key until it is acknowledged."""

    def __init__(self, server, slug, role, unit, photo):
        super().__init__()
        self.server, self.unit, self.photo = server, unit, photo
        self.program = server.program(role, slug)
        self.stop = threading.Event()
        self.acknowledged, self.begun, self.strange, self.retried = [], [], [], 0

    def run(self):
        while not self.stop.is_set():
            key = uuid.uuid4().hex
            self.begun.append(key)
            body = {"title": f"kill {key}", "description": "x", "category": "elevator", "unitId": self.unit}
            self.report(key, body, [("photos", "p.jpg", "image/jpeg", self.photo)] if random.random() < 0.3 else [])

    def report(self, key, body, files):
        """Until it is acknowledged; after the end at most one second more."""
        while True:
            try:
                answer = self.program.upload("faults", body, files, key) if files else self.program.post("faults", body, key)
                if answer.status == 201:
                    self.acknowledged.append((key, answer.json()["id"], answer.json()["number"], len(files)))
                    return
                if answer.status not in (409, 429, 503):
                    self.strange.append(f"{answer.status} {answer.text[:200]}")
                    return
            except (OSError, http.client.HTTPException):
                self.program.close()
            if self.stop.is_set():
                return
            self.retried += 1
            time.sleep(0.02)


@pytest.fixture(scope="module")
def aftermath(server, phone):
    """50 rounds of: serve, let the reporters work, kill -9, start again. Then the last server is left alone to finish."""
    reporters = []
    for index in range(REPORTERS):
        slug = ("lindenhof", "harbour")[index % 2]
        unit = server.sql(f"select u.id from app.unit u join app.tenant t on t.id = u.tenant_id and t.slug = '{slug}' order by u.id limit 1")[0]["id"]
        reporters.append(Reporter(server, slug, "manager", unit, phone))
    started, random_ = time.monotonic(), random.Random(5)
    for reporter in reporters:
        reporter.start()
    for _ in range(KILLS):
        time.sleep(random_.uniform(0.05, 0.9))
        server.forget_limits()
        server.kill()
        server.start()
    time.sleep(1)
    for reporter in reporters:
        reporter.stop.set()
    for reporter in reporters:
        reporter.join()
    killing = time.monotonic() - started
    finished = time.monotonic()
    server.wait_for_jobs(60)
    print(
        f"{KILLS} kills in {killing:.0f} s: {sum(len(one.begun) for one in reporters)} reports, {sum(len(one.acknowledged) for one in reporters)} acknowledged, "
        f"{sum(one.retried for one in reporters)} retries; jobs settled {time.monotonic() - finished:.1f} s later")
    return reporters


def acknowledged(reporters):
    return [one for reporter in reporters for one in reporter.acknowledged]


def test_t82_t83_every_acknowledged_report_is_there_exactly_once(server, aftermath):
    assert not [one for reporter in aftermath for one in reporter.strange]
    rows = server.sql("select id, number, title from app.fault where title like 'kill %'")
    titles = [row["title"] for row in rows]
    assert len(titles) == len(set(titles)), "a report is there twice"
    there = {row["title"]: row for row in rows}
    lost = [key for key, *_ in acknowledged(aftermath) if f"kill {key}" not in there]
    assert not lost, f"{len(lost)} acknowledged reports are lost"
    for key, identity, number, _ in acknowledged(aftermath):
        row = there[f"kill {key}"]
        assert (row["id"], row["number"]) == (identity, number)
    assert len(acknowledged(aftermath)) > KILLS


def test_t82_numbers_have_neither_gaps_nor_doubles(server, aftermath):
    for row in server.sql(
        "select tenant_id, count(*) as n, count(distinct number) as d, min(right(number, 4)::int) as low, max(right(number, 4)::int) as high "
        "from app.fault where title like 'kill %' group by tenant_id"):
        assert row["n"] == row["d"] == row["high"] - row["low"] + 1, row


def test_t82_photos_of_acknowledged_reports_are_there_and_open(server, aftermath):
    wanted = [(identity, count) for _, identity, _, count in acknowledged(aftermath) if count]
    assert wanted
    programs = [server.program("manager", slug) for slug in ("lindenhof", "harbour")]
    for identity, count in wanted:
        fault = next(answer.json() for program in programs if (answer := program.get(f"faults/{identity}")).status == 200)
        assert len(fault["photos"]) == count
        for photo in fault["photos"]:
            assert any(program.get(photo["url"]).status == 200 for program in programs), photo


def test_t82_every_events_jobs_ran_or_are_visibly_pending(server, aftermath):
    """Each report has its event, each event its two jobs; none is stuck as running; none vanished."""
    lost = server.sql(
        """select f.number from app.fault f where f.title like 'kill %'
            and (select count(*) from app.event e where e.tenant_id = f.tenant_id and e.subject = f.id and e.name = 'FaultReported') <> 1""")
    assert not lost, f"reports without exactly one event: {lost[:5]}"
    jobs = server.sql(
        """select f.number, q.kind, q.state, count(*) as n from app.fault f
             join app.job j on j.tenant_id = f.tenant_id and j.args->>'fault' ilike f.id::text
             join jobs.queue q on q.tenant_id = j.tenant_id and q.id = j.id
            where f.title like 'kill %' group by 1, 2, 3""")
    by_fault = {}
    for job in jobs:
        by_fault.setdefault(job["number"] + job["kind"], []).append(job)
        assert job["state"] in ("done", "queued", "parked"), job
    faults = server.sql("select count(*) as n from app.fault where title like 'kill %'")[0]["n"]
    assert len([one for one in by_fault if one.endswith("faults.assign-by-rule")]) == len({job["number"] + str(job["kind"]) for job in jobs if job["kind"] == "faults.assign-by-rule"})
    assert len(by_fault) >= 2 * len({job["number"] for job in jobs})
    parked = server.sql("select kind, count(*) as n, min(j.last_error) as error from jobs.queue q join app.job j using (tenant_id, id) where q.state = 'parked' group by kind")
    print(f"{faults} faults, parked: {parked}")
    running = server.sql("select kind from jobs.queue where state = 'running'")
    assert not running, "a dead worker still holds jobs"


def test_t82_each_effect_happened_once(server, aftermath):
    """One receipt per reporter, one notice per manager and fault, at most one assignment by rule."""
    twice = server.sql(
        """select n.member_id, n.facts->>'number' as number, n.kind, count(*) as n from app.notification n
            where n.facts->>'title' like 'kill %' group by n.tenant_id, 1, 2, 3 having count(*) > 1""")
    assert not twice, f"told twice: {twice[:3]}"
    silent = server.sql(
        """select f.number from app.fault f where f.title like 'kill %' and not exists
             (select from app.notification n where n.tenant_id = f.tenant_id and n.member_id = f.reporter_id
                 and n.facts->>'number' = f.number and n.kind = 'fault.received')""")
    pending = server.sql("select count(*) as n from jobs.queue where state in ('queued', 'parked') and kind = 'faults.tell'")[0]["n"]
    assert len(silent) <= pending, f"{len(silent)} reporters were not told and only {pending} jobs are pending"
    assigned = server.sql(
        """select e.fault_id, count(*) as n from app.fault_entry e join app.fault f on f.tenant_id = e.tenant_id and f.id = e.fault_id
            where f.title like 'kill %' and e.kind = 'assigned' group by 1 having count(*) > 1""")
    assert not assigned, f"assigned twice: {assigned[:3]}"


def test_t82_a_dead_servers_job_is_rescued_within_15_seconds(server, aftermath):
    """Jobs that a killed worker had in hand run again on the next one."""
    program = server.program("manager", "harbour")
    unit = server.sql("select u.id from app.unit u join app.tenant t on t.id = u.tenant_id and t.slug = 'harbour' order by u.id limit 1")[0]["id"]
    server.forget_limits()
    slowest = 0.0
    for index in range(3):
        for number in range(5):
            assert program.post("faults", {"title": f"rescue {index} {number}", "description": "x", "category": "elevator", "unitId": unit}).status == 201
        server.kill()
        program.close()
        began = time.monotonic()
        server.start()
        server.wait_for_jobs(20)
        slowest = max(slowest, time.monotonic() - began)
    print(f"slowest rescue {slowest:.1f} s after kill -9")
    assert slowest < 15 + 3
