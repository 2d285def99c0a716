"""T82, T83 and "Done when 5": kill -9 of the server in the middle of reports and jobs, 50 times, and of workers alone, 150 times.

Afterwards every acknowledged report is there exactly once, and every event's jobs ran or are visibly pending.
"""

import contextlib
import http.client
import os
import random
import threading
import time
import uuid
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from portico import Portico

KILLS = 50
WORKER_KILLS = 150
REPORTERS = 6


@pytest.fixture(scope="module")
def server(cluster):
    with Portico(cluster) as portico:
        yield portico


class Reporter(threading.Thread):
    """Reports one fault after another. A report whose answer got lost is sent again with its key until it is acknowledged."""

    def __init__(self, server, slug, role, unit, photo=None):
        super().__init__(daemon=True)
        self.server, self.unit, self.photo = server, unit, photo
        self.program = server.program(role, slug)
        self.stop, self.pause = threading.Event(), threading.Event()
        self.acknowledged, self.begun, self.strange, self.retried = [], [], [], 0

    def run(self):
        while not self.stop.is_set():
            if self.pause.is_set():
                time.sleep(0.05)
                continue
            key = uuid.uuid4().hex
            self.begun.append(key)
            body = {"title": f"kill {key}", "description": "x", "category": "elevator", "unitId": self.unit}
            self.report(key, body, [("photos", "p.jpg", "image/jpeg", self.photo)] if self.photo else [])

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
    """50 rounds of: serve, let the reporters work, kill -9, start again. Then the last server is left alone to finish.

    Every fifth kill comes as soon as the server is ready, every fifth after a report with a photo, the others after some reports;
    each a random moment later. So there is something to lose on a slow machine too.
    """
    reporters = []
    for index in range(REPORTERS):
        slug = ("lindenhof", "harbour")[index % 2]
        reporters.append(Reporter(server, slug, "manager", unit_of(server, slug), phone if index < 2 else None))
    started, random_, killed = time.monotonic(), random.Random(5), 0
    for reporter in reporters:
        reporter.start()
    try:
        for round_ in range(KILLS):
            if round_ % 5 == 1:
                wait_for_reports(server, reporters[:2], 1)
            elif round_ % 5:
                wait_for_reports(server, reporters[2:], random_.randint(1, 12))
            time.sleep(random_.uniform(0, 0.3))
            server.forget_limits()
            assert server.pid, "the server is alive until it is killed"
            server.kill()
            killed += 1
            server.start()
        time.sleep(1)
    finally:
        for reporter in reporters:
            reporter.stop.set()
        for reporter in reporters:
            reporter.join()
    assert killed == KILLS == server.runs - 1
    killing = time.monotonic() - started
    finished = time.monotonic()
    server.wait_for_jobs(180)
    print(
        f"{killed} kills in {killing:.0f} s: {sum(len(one.begun) for one in reporters)} reports, {sum(len(one.acknowledged) for one in reporters)} acknowledged, "
        f"{sum(one.retried for one in reporters)} retries; jobs settled {time.monotonic() - finished:.1f} s later")
    return reporters


def wait_for_reports(server, reporters, count, seconds=120):
    """Until that many more have been acknowledged."""
    wanted = count + sum(len(one.acknowledged) for one in reporters)
    end, forgotten = time.monotonic() + seconds, time.monotonic()
    while sum(len(one.acknowledged) for one in reporters) < wanted:
        now = time.monotonic()
        assert now < end, f"not {count} reports in {seconds} s: {[one.strange[:1] for one in reporters]}"
        if now - forgotten > 0.5:       # a member's limit of reports must not end the waiting
            server.forget_limits()
            forgotten = time.monotonic()
        time.sleep(0.002)


def unit_of(server, slug):
    return server.sql(
        f"select u.id from app.unit u join app.tenant t on t.id = u.tenant_id and t.slug = '{slug}' order by u.id limit 1")[0]["id"]


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
    assert len(acknowledged(aftermath)) > 3 * KILLS


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
    """Each report has its event, each event its jobs; none is stuck as running; none vanished."""
    check_jobs(server, aftermath)


def check_jobs(server, reporters):
    lost = server.sql(
        """select f.number from app.fault f where f.title like 'kill %'
            and (select count(*) from app.event e where e.tenant_id = f.tenant_id and e.subject = f.id and e.name = 'FaultReported') <> 1""")
    assert not lost, f"reports without exactly one event: {lost[:5]}"
    jobs = """(select count(*) from app.job j join jobs.queue q on q.tenant_id = j.tenant_id and q.id = j.id
                where j.tenant_id = f.tenant_id and (j.args->>'fault')::uuid = f.id and q.kind = '%s' and q.state in ('done', 'queued', 'parked'))"""
    faults = server.sql(
        f"""select f.number, {jobs % "faults.assign-by-rule"} as rules, {jobs % "faults.tell"} as tells,
                   (select count(*) from app.event e where e.tenant_id = f.tenant_id and e.subject = f.id) as events
              from app.fault f where f.title like 'kill %'""")
    assert len(faults) >= len(acknowledged(reporters))
    wrong = [fault for fault in faults if fault["rules"] != 1 or fault["tells"] != fault["events"]]
    assert not wrong, f"events without their jobs: {wrong[:5]}"
    parked = server.sql("select kind, count(*) as n, min(j.last_error) as error from jobs.queue q join app.job j using (tenant_id, id) where q.state = 'parked' group by kind")
    print(f"{len(faults)} faults, parked: {parked}")
    running = server.sql("select kind from jobs.queue where state = 'running'")
    assert not running, "a dead worker still holds jobs"


def test_t82_each_effect_happened_once(server, aftermath):
    """One receipt per reporter, one notice per manager and fault, at most one assignment by rule."""
    check_effects(server)


def check_effects(server):
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


def test_t82_a_dead_servers_jobs_are_free_within_15_seconds_and_run_elsewhere(server, aftermath):
    """By the database's own clock: how long the dead worker still holds them, and who has finished them in the end."""
    unit, rescued, rounds = unit_of(server, "harbour"), 0, 0
    while rescued == 0 or rounds < 3:
        rounds += 1
        assert rounds <= 20, "no kill met a running job"
        server.forget_limits()
        program = server.program("manager", "harbour")
        for number in range(5):
            body = {"title": f"rescue {rounds} {number}", "description": "x", "category": "elevator", "unitId": unit}
            assert program.post("faults", body).status == 201
        server.kill()
        program.close()
        held = server.sql("select id, extract(epoch from lease_until - now()) as seconds from jobs.queue where state = 'running'")
        assert all(job["seconds"] < 15 for job in held), held
        rescued += len(held)
        server.start()
        server.wait_for_jobs(120)
        ids = ", ".join(f"'{job['id']}'" for job in held)
        left = server.sql(f"select id, state from jobs.queue where id in ({ids}) and state <> 'done'") if held else []
        assert not left, f"not run again: {left}"
    print(f"{rescued} jobs of dead workers ran again in {rounds} rounds")


def test_t82_workers_killed_at_150_random_points_do_everything_once(cluster):
    """Three workers at a time beside a web process, each killed at a random moment and replaced; the last one is left alone."""
    with Portico(cluster, role="web") as web:
        began = time.monotonic()
        first = web.worker()
        web.program("manager").post("faults", {"title": "lane 0", "description": "x", "category": "elevator", "unitId": unit_of(web, "lindenhof")})
        web.wait_for_jobs(120)
        # How long a worker needs here until it works: the kills fall before, around and after that moment.
        pace = time.monotonic() - began
        web.end(first)
        reporters = [Reporter(web, slug, "manager", unit_of(web, slug)) for slug in ("lindenhof", "harbour")]
        for reporter in reporters:
            reporter.start()
        killed = []

        def lane(seed):
            random_ = random.Random(seed)
            for _ in range(WORKER_KILLS // 3):
                worker = web.worker()
                time.sleep(pace * random_.uniform(0.3, 1.5))
                assert worker.poll() is None, f"a worker ended by itself\n{web.tail()}"
                web.end(worker)
                killed.append(worker.pid)

        try:
            with ThreadPoolExecutor(3) as lanes:
                running = [lanes.submit(lane, seed) for seed in range(3)]
                while not all(one.done() for one in running):
                    web.forget_limits()
                    # Always something to lose, and never more than the last worker can do alone in its time.
                    waiting = web.sql("select count(*) as n from jobs.queue where state = 'queued' and run_at < now()")[0]["n"]
                    for reporter in reporters:
                        (reporter.pause.set if waiting > 500 else reporter.pause.clear)()
                    time.sleep(0.2)
                for one in running:
                    one.result()
        finally:
            for reporter in reporters:
                reporter.stop.set()
            for reporter in reporters:
                reporter.join()
        assert len(killed) == WORKER_KILLS
        last = web.worker()
        web.wait_for_jobs(240)
        states = web.sql("select state, count(*) as n, count(*) filter (where attempt > 1) as again from jobs.queue group by 1 order by 1")
        print(f"{len(killed)} workers killed; {sum(len(one.acknowledged) for one in reporters)} reports; jobs: {states}")
        assert sum(row["again"] for row in states) > 0, "no kill met a running job"
        check_jobs(web, reporters)
        check_effects(web)
        web.end(last)


def test_t82_nothing_that_the_server_starts_holds_its_port(server, phone):
    """A worker that outlives a killed server by a moment must not keep the next one from listening, nor clients waiting."""
    server.forget_limits()
    server.kill()
    server.start()      # afresh, so that its image workers start while we look
    program, unit = server.program("manager", "harbour"), unit_of(server, "harbour")
    own = sockets_of(server.port)
    assert own & descriptors(server.pid), "not even the server itself listens"
    done = threading.Event()

    def upload():
        try:
            for index in range(3):
                body = {"title": f"port {index}", "description": "x", "category": "other", "unitId": unit}
                assert program.upload("faults", body, [("photos", "p.jpg", "image/jpeg", phone)]).status == 201
        finally:
            done.set()

    uploader = threading.Thread(target=upload)
    uploader.start()
    seen = set()
    while not done.is_set():
        for child in children(server.pid):
            # Between fork and exec a child has what its parent has; then it is not yet another program.
            if arguments_of(child) in (b"", arguments_of(server.pid)):
                continue
            assert not sockets_of(server.port) & descriptors(child), "a child of the server has inherited its connections"
            seen.add(child)
    uploader.join()
    assert seen, "no image worker was seen"


def sockets_of(port):
    """The server's side of every TCP socket on a port, as /proc names descriptors."""
    lines = [line.split() for line in Path("/proc/net/tcp").read_text().splitlines()[1:]]
    return {f"socket:[{line[9]}]" for line in lines if line[1].endswith(f":{port:04X}")}


def children(pid):
    with contextlib.suppress(OSError):
        return [int(child) for task in Path(f"/proc/{pid}/task").iterdir() for child in (task / "children").read_text().split()]
    return []


def descriptors(pid):
    found = set()
    with contextlib.suppress(OSError):
        for one in Path(f"/proc/{pid}/fd").iterdir():
            with contextlib.suppress(OSError):
                found.add(os.readlink(one))
    return found


def arguments_of(pid):
    with contextlib.suppress(OSError):
        return Path(f"/proc/{pid}/cmdline").read_bytes()
    return b""
