"""A running Portico for tests: its own database, its own folder, its own port.

    with Cluster.open() as cluster:
        with Portico(cluster) as portico:            # migrated, seeded with the demo companies, serving
            portico.visitor("manager").get("/faults")

The binary is $PORTICO_BINARY, else .build/debug/portico. The database server is the one that $PORTICO_ADMIN_URL names (as
bin/test does), else the private cluster of bin/postgres. Every Portico has a database of its own there, dropped at the end.
"""

import contextlib
import fcntl
import json
import os
import secrets
import shutil
import signal
import socket
import subprocess
import tempfile
import threading
import time
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import psycopg2
from visitor import Program, Visitor

ROOT = Path(__file__).resolve().parents[2]
PHONE = Path(__file__).with_name("phone.jpg")


def binary() -> str:
    path = Path(os.environ.get("PORTICO_BINARY", ROOT / ".build/debug/portico"))
    if not path.exists():
        raise SystemExit(f"{path} does not exist: build Portico first, or name it with PORTICO_BINARY")
    return str(path)


def unfinished(ahead: int = 0) -> str:
    """Asks for the jobs that run, wait, or are due within that many seconds. What seems to run for an hour is a row that the tests of pages have planted."""
    return (
        "select kind, state, attempt from jobs.queue where (state = 'running' and lease_until < now() + interval '10 minutes') "
        f"or (state = 'queued' and run_at < now() + interval '{int(ahead)} seconds')")


class Cluster:
    """The database server that the tests' databases lie on."""

    def __init__(self, admin_url: str, lock=None):
        self.admin_url = admin_url
        self.lock = lock
        parts = urlsplit(admin_url)
        self.sockets = parse_qs(parts.query).get("host", [parts.hostname or "localhost"])[0]
        self.user = parts.username or "postgres"
        self.template = None
        self.threads = threading.local()

    @classmethod
    @contextlib.contextmanager
    def open(cls):
        given = os.environ.get("PORTICO_TEST_ADMIN_URL") or os.environ.get("PORTICO_ADMIN_URL")
        if given:
            cluster = cls(given)
        else:
            postgres = str(ROOT / "bin/postgres")
            subprocess.run([postgres, "start", "--while-used"], check=True)
            url = subprocess.run([postgres, "url"], check=True, capture_output=True, text=True).stdout.strip()
            # Held as long as this process runs: the cluster ends with the last one that uses it.
            lock = open(Path(os.environ.get("PORTICO_VAR", ROOT / "var")) / "postgres/users")
            fcntl.flock(lock, fcntl.LOCK_SH)
            cluster = cls(url.replace("://", "://postgres@", 1), lock)
        try:
            yield cluster
        finally:
            cluster.close()

    def close(self):
        if self.template:
            self.template.destroy()
        if self.lock:
            self.lock.close()
            subprocess.run([str(ROOT / "bin/postgres"), "stop", "--if-unused"], check=False)

    def url(self, database: str, user: str = "") -> str:
        name = f"{user}@" if user else ""
        return f"postgresql://{name}/{database}?host={self.sockets}"

    def sql(self, statement: str, database: str = "postgres") -> list:
        """Runs one statement as the superuser; rows as dictionaries when it is a query."""
        for is_last in (False, True):
            connection = self.connection(database)
            try:
                with connection.cursor() as cursor:
                    if is_query(statement):
                        cursor.execute(f"select coalesce(json_agg(rows), '[]') from ({statement}) rows")
                        return cursor.fetchone()[0]
                    cursor.execute(statement)
                    # Nothing that a statement sets holds for the next one.
                    cursor.execute("discard all")
                    return []
            except psycopg2.Error as error:
                # Tests end backends and the server itself: a connection that was kept may be gone.
                if is_last or not connection.closed:
                    raise AssertionError(f"{statement}\n{error}") from None

    def connection(self, database: str):
        """Kept for each thread: a psql of its own for each of ten thousand questions would take longer than they do."""
        kept = self.threads.__dict__
        if database not in kept or kept[database].closed:
            kept[database] = psycopg2.connect(self.url(database, self.user), application_name="tests")
            kept[database].autocommit = True
        return kept[database]

    def forget(self, database: str):
        """Postgres copies no database that somebody is connected to."""
        connection = self.threads.__dict__.pop(database, None)
        if connection:
            connection.close()

    @contextlib.contextmanager
    def held(self, statement: str, database: str):
        """What the statement locks stays locked as long as the block runs."""
        session = subprocess.Popen(
            ["psql", "-XAtq", "-v", "ON_ERROR_STOP=1", "-d", self.url(database, self.user)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        try:
            session.stdin.write(f"begin;\n{statement};\n\\echo held\n")
            session.stdin.flush()
            while (line := session.stdout.readline().strip()) != "held":
                assert line or session.poll() is None, statement
            yield
        finally:
            session.communicate("rollback;\n")

    def seeded(self) -> "House":
        """The database and folder that every Portico starts as a copy of: migrated and seeded once.

        $PORTICO_TEST_SEED names a folder that keeps it for the next run, for whoever works on the tests.
        """
        if not self.template:
            self.template = House(self, kept=os.environ.get("PORTICO_TEST_SEED"))
            if not self.template.is_prepared:
                self.template.prepare()
        return self.template


def is_query(statement: str) -> bool:
    return statement.lstrip().lower().startswith("select")


class House:
    """A database with its secrets and its folder of photos."""

    def __init__(self, cluster: Cluster, ticket_key=None, secret=None, kept=None):
        self.cluster = cluster
        self.database = "portico_kept" if kept else f"portico_{os.getpid()}_{secrets.token_hex(3)}"
        self.ticket_key = ticket_key or ("5e" * 64 if kept else secrets.token_hex(64))
        self.secret = secret or secrets.token_hex(64)
        self.kept = kept
        self.folder = Path(kept or tempfile.mkdtemp(prefix="portico-"))

    @property
    def is_prepared(self) -> bool:
        return bool(self.kept) and (self.folder / "prepared").exists()

    def environment(self, admin: bool = False) -> dict:
        kept = {name: value for name, value in os.environ.items() if not name.startswith(("PORTICO_", "PG"))}
        kept |= {
            "PORTICO_ENV": "development", "PORTICO_VAR": str(self.folder), "PORTICO_HOME": str(ROOT),
            "PORTICO_DATABASE_URL": self.cluster.url(self.database), "PORTICO_TICKET_KEY": self.ticket_key,
            "PORTICO_SECRET": self.secret, "PORTICO_SEAL_KEYS": "5a" * 32,
            # Several nodes share the cluster, and each role has a limit there.
            "PORTICO_POOL": "12",
            "PORTICO_PUSH_KEY": "5b" * 32,
        }
        if admin:
            kept["PORTICO_ADMIN_URL"] = self.cluster.url(self.database, self.cluster.user)
        return kept

    def run(self, *arguments: str, admin: bool = False, cwd=ROOT) -> str:
        done = subprocess.run(
            [binary(), *arguments], env=self.environment(admin), cwd=cwd, capture_output=True, text=True, timeout=300)
        if done.returncode != 0:
            raise AssertionError(f"portico {' '.join(arguments)} failed\n{done.stdout[-4000:]}\n{done.stderr[-4000:]}")
        return done.stdout

    def prepare(self):
        self.cluster.sql(f"drop database if exists {self.database} with (force)")
        self.cluster.sql(f"create database {self.database}")
        self.folder.mkdir(exist_ok=True)
        self.run("migrate", admin=True)
        self.run("seed", "demo")
        self.drain()
        if self.kept:
            (self.folder / "prepared").touch()

    def drain(self, seconds: float = 120):
        """What the seed left to do is done once, not by every copy while a test looks at it."""
        with open(self.folder / "drain.log", "ab") as log:
            worker = subprocess.Popen(
                [binary(), "serve", "--role", "worker"], env=self.environment(), cwd=ROOT, stdout=log, stderr=subprocess.STDOUT,
                stdin=subprocess.DEVNULL, start_new_session=True)
        try:
            end = time.monotonic() + seconds
            while self.cluster.sql(unfinished(), self.database):
                assert worker.poll() is None and time.monotonic() < end, (self.folder / "drain.log").read_text(errors="replace")[-4000:]
                time.sleep(0.1)
        finally:
            worker.terminate()
            worker.wait(60)

    def copy(self) -> "House":
        copy = House(self.cluster, self.ticket_key, self.secret)
        self.cluster.forget(self.database)
        self.cluster.sql(f"create database {copy.database} template {self.database}")
        shutil.copytree(self.folder, copy.folder, dirs_exist_ok=True)
        return copy

    def destroy(self):
        if self.kept:
            return
        self.cluster.forget(self.database)
        self.cluster.sql(f"drop database if exists {self.database} with (force)")
        shutil.rmtree(self.folder, ignore_errors=True)


class Portico:
    """`portico serve` on a house of its own.

    `settings` are further environment variables; `home` is another folder with tenants, Public and Migrations.
    """

    def __init__(self, cluster: Cluster, role: str = "all", home=None, **settings: str):
        self.cluster = cluster
        self.role = role
        self.home = home
        self.settings = settings
        self.house = None
        self.process = None
        self.workers = []
        self.port = 0
        self.runs = 0

    def __enter__(self) -> "Portico":
        self.house = self.cluster.seeded().copy()
        try:
            self.port = free_port()
            self.start()
            self.people = json.loads(self.house.run("seed", "demo", "--sign-ins"))
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_):
        for worker in self.workers:
            if worker.poll() is None:
                self.end(worker)
        if self.process and self.process.poll() is None:
            self.stop()
        if os.environ.get("PORTICO_KEEP_LOGS"):
            shutil.copy(self.log, os.environ["PORTICO_KEEP_LOGS"])
        self.house.destroy()

    # MARK: The process

    @property
    def log(self) -> Path:
        return self.house.folder / "serve.log"

    def environment(self) -> dict:
        home = {"PORTICO_HOME": str(self.home)} if self.home else {}
        # A worker does not listen, but writes the port into the links of its mails.
        return self.house.environment() | {"PORTICO_PORT": str(self.port)} | self.settings | home

    def start(self):
        environment = self.environment()
        self.runs += 1
        with open(self.log, "ab") as log:
            self.process = subprocess.Popen(
                [binary(), "serve", "--role", self.role], env=environment, cwd=environment["PORTICO_HOME"], stdout=log,
                stderr=subprocess.STDOUT, stdin=subprocess.DEVNULL, start_new_session=True)
        self.wait_until_ready()

    def wait_until_ready(self, seconds: float = 240):
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            if self.process.poll() is not None:
                raise AssertionError(f"portico serve ended with {self.process.returncode}\n{self.tail()}")
            with contextlib.suppress(OSError):
                if self.visitor().get("/readyz").status == 200:
                    return
            time.sleep(0.02)
        raise AssertionError(f"portico serve was not ready after {seconds} s\n{self.tail()}")

    def stop(self, seconds: float = 60):
        """SIGTERM, as a supervisor would; insists after `seconds`."""
        self.process.send_signal(signal.SIGTERM)
        try:
            return self.process.wait(seconds)
        except subprocess.TimeoutExpired:
            self.kill()
            raise AssertionError(f"portico serve did not end within {seconds} s of SIGTERM\n{self.tail()}") from None

    def kill(self):
        """kill -9 of the server and of everything that it started: a power cut for its memory, not for its database."""
        self.end(self.process)

    def worker(self) -> subprocess.Popen:
        """One more process on the same house that only runs jobs."""
        with open(self.log, "ab") as log:
            worker = subprocess.Popen(
                [binary(), "serve", "--role", "worker"], env=self.environment(), cwd=ROOT, stdout=log,
                stderr=subprocess.STDOUT, stdin=subprocess.DEVNULL, start_new_session=True)
        self.workers.append(worker)
        return worker

    @staticmethod
    def end(process: subprocess.Popen):
        """kill -9 of such a process."""
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()

    @property
    def pid(self) -> int:
        assert self.process.poll() is None, f"the server died\n{self.tail()}"
        return self.process.pid

    def memory(self) -> int:
        """Resident memory of the serving process in MiB."""
        for line in Path(f"/proc/{self.pid}/status").read_text().splitlines():
            if line.startswith("VmRSS"):
                return int(line.split()[1]) // 1024
        raise AssertionError("no VmRSS")

    def tail(self, lines: int = 30) -> str:
        return "\n".join(self.log.read_text(errors="replace").splitlines()[-lines:]) if self.log.exists() else ""

    def log_lines(self) -> list:
        """Every log line so far; each must be one JSON object."""
        return [json.loads(line) for line in self.log.read_text().splitlines() if line.startswith("{")]

    # MARK: What tests ask it

    def sql(self, statement: str) -> list:
        return self.cluster.sql(statement, self.house.database)

    def forget_limits(self):
        """Rate limits start afresh, so that tests do not use up each other's."""
        self.sql("delete from app.rate_limit")

    def person(self, role: str, slug: str = "lindenhof") -> dict:
        return next(one for one in self.people if one["role"] == role and one["slug"] == slug)

    def visitor(self, role: str | None = None, slug: str = "lindenhof", language: str | None = None) -> Visitor:
        """A browser without scripts; signed in when a role is named."""
        visitor = Visitor(self.port, f"{slug}.localhost:{self.port}", language)
        if role:
            person = self.person(role, slug)
            visitor.sign_in(person["email"], person["password"])
        return visitor

    def program(self, role: str, slug: str = "lindenhof") -> Program:
        """A program with a bearer token."""
        person = self.person(role, slug)
        return Program(self.port, f"{slug}.localhost:{self.port}").sign_in(person["email"], person["password"])

    def wait_for_jobs(self, seconds: float = 60, ahead: int = 0):
        """Until nothing is queued or running any more, nor due within that many seconds."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            left = self.sql(unfinished(ahead))
            if not left:
                return
            time.sleep(0.05)
        raise AssertionError(f"jobs still waiting after {seconds} s: {left}\n{self.tail()}")


class Node(Portico):
    """One more node: another process that serves the same house, on a port of its own."""

    def __init__(self, first: Portico):
        super().__init__(first.cluster, first.role, first.home, **first.settings)
        self.house, self.people = first.house, first.people

    @property
    def log(self) -> Path:
        return self.house.folder / f"serve-{self.port}.log"

    def __enter__(self) -> "Node":
        self.port = free_port()
        self.start()
        return self

    def __exit__(self, *_):
        if self.process and self.process.poll() is None:
            self.stop()


def free_port() -> int:
    """A port that the system gives to no outgoing connection, so that it is still free when a killed server comes back to it."""
    lowest = int(Path("/proc/sys/net/ipv4/ip_local_port_range").read_text().split()[0])
    while True:
        port = 10_240 + secrets.randbelow(max(lowest, 20_000) - 10_240)
        with contextlib.suppress(OSError), socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(("127.0.0.1", port))
            return port
