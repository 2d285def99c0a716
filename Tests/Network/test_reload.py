"""A company's configuration changes while requests run: none is dropped, and a bad file changes nothing but a banner."""

import shutil
import signal
import threading
import time

import pytest
from portico import ROOT, Portico


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    """A home with companies of its own, so that the checkout's files stay as they are."""
    home = tmp_path_factory.mktemp("home")
    for name in ("Public", "Templates", "Migrations"):
        (home / name).symlink_to(ROOT / name)
    shutil.copytree(ROOT / "tenants", home / "tenants")
    return home


@pytest.fixture(scope="module")
def server(cluster, home):
    with Portico(cluster, home=home) as portico:
        yield portico


@pytest.fixture
def yaml(home, server):
    """Lindenhof's file; put back afterwards, and live again."""
    path = home / "tenants/lindenhof/tenant.yaml"
    before = path.read_text()
    yield path
    write(path, before)
    server.process.send_signal(signal.SIGHUP)
    manager, admin = server.visitor("manager"), server.visitor("admin")
    assert wait_until(lambda: manager.get("/buildings").status == 200) is not None
    assert wait_until(lambda: "Hausverwaltung GmbH" in manager.get("/login").text and "tenant.yaml" not in admin.get("/dashboard").text) is not None


def write(path, text):
    """As editors do: a new file moved into place."""
    fresh = path.with_name("tenant.yaml.new")
    fresh.write_text(text)
    fresh.rename(path)


class Readers:
    """Four clients that read pages of both companies until told to stop, and keep every status that is not 200."""

    def __init__(self, server):
        self.server, self.bad, self.count = server, [], 0
        self.stop = threading.Event()
        self.threads = [threading.Thread(target=self.read, args=(server.visitor("manager", slug),)) for slug in ("lindenhof", "harbour") * 2]

    def read(self, visitor):
        while not self.stop.is_set():
            for path in ("/dashboard", "/faults", "/faults/new"):
                try:
                    answer = visitor.get(path)
                    if answer.status != 200:
                        self.bad.append(f"{visitor.host} {path}: {answer.status}")
                except OSError as error:
                    self.bad.append(f"{visitor.host} {path}: {error}")
                self.count += 1

    def __enter__(self):
        for thread in self.threads:
            thread.start()
        return self

    def __exit__(self, *_):
        self.stop.set()
        for thread in self.threads:
            thread.join()


def wait_until(condition, seconds=60):
    began = time.monotonic()
    while time.monotonic() - began < seconds:
        if condition():
            return time.monotonic() - began
        time.sleep(0.05)
    return None


def test_a_changed_file_is_live_within_seconds_and_no_request_is_dropped(server, yaml):
    text = yaml.read_text()
    visitor = server.visitor()
    with Readers(server) as readers:
        for round_ in range(6):
            name = f"Lindenhof Ausgabe {round_}"
            write(yaml, text.replace("name: Lindenhof Hausverwaltung GmbH", f"name: {name}"))
            assert wait_until(lambda: name in visitor.get("/login").text) is not None, "the change does not get live"
    assert not readers.bad, readers.bad[:5]
    assert readers.count > 50


def test_sighup_reloads_at_once(server, yaml):
    text = yaml.read_text()
    write(yaml, text.replace("name: Lindenhof Hausverwaltung GmbH", "name: Lindenhof nach Signal"))
    server.process.send_signal(signal.SIGHUP)
    visitor = server.visitor()
    assert wait_until(lambda: "Lindenhof nach Signal" in visitor.get("/login").text) is not None
    assert server.pid


BROKEN = {
    "an unknown key": lambda text: text + "\nsurprise: 1\n", "no YAML": lambda text: "name: [\n", "an anchor": lambda text: text.replace("name: L", "name: &a L"),
    "a key twice": lambda text: text + "\ncurrency: EUR\n", "nothing": lambda _: "", "the other company's host": lambda text: text.replace("lindenhof.localhost", "harbour.localhost"),
    "an unknown permission": lambda text: text.replace("faults:assign", "faults:everything"), "half a file": lambda text: text[: text.index("title:", len(text) // 2) + 3],
    "bytes": lambda _: "\0\1\2",
}


@pytest.mark.parametrize("label", BROKEN)
def test_a_broken_file_keeps_the_last_good_one_and_tells_the_administrators(server, yaml, label):
    good = yaml.read_text()
    admin, manager, other = server.visitor("admin"), server.visitor("manager"), server.visitor("admin", "harbour")
    before = admin.get("/dashboard").page.words
    with Readers(server) as readers:
        write(yaml, BROKEN[label](good))
        server.process.send_signal(signal.SIGHUP)
        assert wait_until(lambda: "tenant.yaml" in admin.get("/dashboard").page.words) is not None, f"{label}: no banner for the administrator"
        assert "tenant.yaml" not in manager.get("/dashboard").page.words
        assert "tenant.yaml" not in other.get("/dashboard").page.words
        assert "Lindenhof Hausverwaltung GmbH" in manager.get("/dashboard").text
        write(yaml, good)
        server.process.send_signal(signal.SIGHUP)
        assert wait_until(lambda: "tenant.yaml" not in admin.get("/dashboard").page.words) is not None, "the banner stays after the repair"
    assert not readers.bad, readers.bad[:5]
    assert before
    refused = [line for line in server.log_lines() if line["level"] in ("warning", "error") and "tenant" in line["message"].lower()]
    assert refused, "the log says nothing of the refused file"


def test_a_lost_permission_counts_at_the_next_request(server, yaml):
    manager = server.visitor("manager")
    assert manager.get("/buildings").status == 200
    text = yaml.read_text()
    start = text.index("  manager:")
    write(yaml, text[:start] + text[start:].replace("      - property:see\n", "", 1))
    server.process.send_signal(signal.SIGHUP)
    assert wait_until(lambda: manager.get("/buildings").status == 403) is not None
