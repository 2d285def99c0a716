"""A company changes its own configuration in the browser while others work: nobody's request fails, all pages follow, and every
version comes back. Without JavaScript, too."""

import os
import re
import shutil
import threading
import time

import gate
import pytest
from portico import ROOT, Portico

# Requests per second; less only where a machine is too small for a debug build and a browser at once.
RATE = int(os.environ.get("PORTICO_TEST_RATE", "100"))
PATHS = ["/login", "/dashboard", "/faults", "/faults/new", "/notifications", "/buildings", "/login", "/account"]


@pytest.fixture(scope="module")
def server(cluster, tmp_path_factory):
    """A home with companies of its own, so that the checkout's files stay as they are."""
    home = tmp_path_factory.mktemp("home")
    shutil.copytree(ROOT / "Public", home / "Public")      # assets are no links
    for name in ("Templates", "Migrations"):
        (home / name).symlink_to(ROOT / name)
    shutil.copytree(ROOT / "tenants", home / "tenants")
    with Portico(cluster, home=home) as portico:
        yield portico


@pytest.fixture
def yaml(server):
    """Lindenhof's file; afterwards as it was."""
    path = server.home / "tenants/lindenhof/tenant.yaml"
    before = path.read_text()
    server.forget_limits()
    yield path
    path.with_name("back").write_text(before)
    path.with_name("back").rename(path)
    until(lambda: "Lindenhof Hausverwaltung GmbH" in server.visitor().get("/login").text)


@pytest.fixture(params=["with scripts", "without scripts"])
def page(request, server, _with_scripts, _without_scripts):
    """The administrator's browser, signed in."""
    browser = fresh(_with_scripts if request.param == "with scripts" else _without_scripts, server)
    admin = server.person("admin")
    browser.sign_in(admin["email"], admin["password"])
    return browser


def fresh(browser, server):
    browser.at(f"lindenhof.localhost:{server.port}").forget()
    browser.language("en")
    browser.theme(False)
    return browser


def comments(text):
    return [line for line in text.splitlines() if line.lstrip().startswith("#")]


def until(condition, seconds=30):
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "not in time"
        time.sleep(0.05)


class Load:
    """Requests of eight people of both companies, so many a second, until the block ends."""

    def __init__(self, server):
        people = [("manager", "lindenhof"), ("resident", "lindenhof"), ("caretaker", "lindenhof"), ("manager", "harbour")] * 2
        self.visitors = [server.visitor(role, slug) for role, slug in people]
        self.bad, self.count, self.began = [], 0, 0.0
        self.lock, self.stop = threading.Lock(), threading.Event()
        self.threads = [threading.Thread(target=self.run, args=(index,)) for index in range(len(self.visitors))]

    def run(self, index):
        visitor, turn = self.visitors[index], 0
        while not self.stop.is_set():
            due = self.began + (turn * len(self.visitors) + index) / RATE
            time.sleep(max(0.0, due - time.monotonic()))
            path = PATHS[(turn + index) % len(PATHS)]
            turn += 1
            try:
                status = visitor.get(path).status
            except OSError as error:
                status = error
            with self.lock:
                self.count += 1
                # A role may lose or gain a page meanwhile; that is an answer, not a failure.
                if status not in (200, 303, 403):
                    self.bad.append(f"{visitor.host} {path}: {status}")

    def __enter__(self):
        self.began = time.monotonic()
        for thread in self.threads:
            thread.start()
        return self

    def __exit__(self, *_):
        self.seconds = time.monotonic() - self.began
        self.stop.set()
        for thread in self.threads:
            thread.join()


def publish(page, reason):
    page.type("#f-reason", reason)
    page.press('button[name="step"][value="publish"]')
    assert page.has(".flash[role=alert]") and not page.has(".error-summary"), page.words[:600]


def hue_of(server, visitor) -> str:
    """Which brand the company's style sheet has."""
    sheet = re.search(r'href="(/brand/lindenhof-[0-9a-f]+\.css)"', visitor.get("/login").text)[1]
    return re.search(r"--brand-h:([0-9.]+)", visitor.get(sheet).text)[1]


def test_brand_role_and_category_change_under_load_and_revert_brings_them_back(server, yaml, page):
    before = yaml.read_text()
    manager, resident = server.visitor("manager"), server.visitor("resident", language="en")
    assert manager.get("/admin/audit").status == 403
    with Load(server) as load:
        page.go("/admin/configuration/brand")
        page.type("#f-name", "Lindenhof im Wandel")
        page.type("#f-hue", "300")
        publish(page, "New letterhead")
        assert hue_of(server, manager) == "300"
        assert all("Lindenhof im Wandel" in one.get("/dashboard").text for one in (manager, resident))

        page.go("/admin/configuration/roles")
        page.find('input[name="grants"][value="manager audit:see"]').click()
        publish(page, "Managers look after the log")
        assert manager.get("/admin/audit").status == 200

        page.go("/admin/configuration/categories")
        page.type('[name="categories.1.title_en"]', "Heating and hot water")
        publish(page, "Clearer")
        assert "Heating and hot water" in resident.get("/faults/new").text

        changed = yaml.read_text()
        page.go("/admin/configuration/history")
        page.go("/admin/configuration/history/1")
        page.press('form[action$="/revert"] button')
        assert yaml.read_text() == before
        assert hue_of(server, manager) == "150"
        assert manager.get("/admin/audit").status == 403
        assert "Heating and hot water" not in resident.get("/faults/new").text
    assert load.bad == [], load.bad[:5]
    assert load.count >= 0.9 * RATE * load.seconds, f"{load.count} requests in {load.seconds:.1f} s"
    # A few lines differ; every comment is where it was.
    assert 3 < len(set(changed.splitlines()) ^ set(before.splitlines())) < 9
    assert comments(changed) == comments(before)


def test_a_broken_file_is_refused_with_the_line_and_nothing_changes(server, yaml, page):
    before = yaml.read_text()
    line = next(number for number, text in enumerate(before.splitlines(), 1) if text.startswith("currency:"))
    page.go("/admin/configuration/text")
    area = page.find("#f-text")
    page.run("arguments[0].value = arguments[1]", area, before.replace("currency: EUR", "currency: EURO"))
    page.type("#f-reason", "Slip")
    page.press('button[name="step"][value="check"]')
    assert f"tenant.yaml, line {line}" in page.words
    page.press('button[name="step"][value="publish"]')
    assert page.status == 422
    assert f"tenant.yaml, line {line}" in page.words
    assert "currency: EURO" in page.find("#f-text").get_attribute("value")
    assert yaml.read_text() == before
    assert server.visitor("manager").get("/dashboard").status == 200


def test_two_administrators_at_once_and_the_second_merges(server, yaml, page):
    admin = server.program("admin")
    page.go("/admin/configuration/brand")
    opened = admin.get("admin/configuration/identity").json()
    answer = admin.post("admin/configuration/identity", {"rule": "open", "role": "resident", "delegateRole": "portal", "base": opened["base"], "reason": "Come in"})
    assert answer.status == 201, answer.text
    page.type("#f-hue", "25")
    page.type("#f-reason", "Mine")
    page.press('button[name="step"][value="publish"]')
    assert page.status == 409
    merged = page.find("textarea").get_attribute("value")
    assert "hue: 25" in merged and "rule: open" in merged
    publish(page, "Both")
    assert "hue: 25" in yaml.read_text() and "rule: open" in yaml.read_text()


def test_contrast_follows_what_is_typed(server, yaml, _with_scripts):
    page = fresh(_with_scripts, server)
    admin = server.person("admin")
    page.sign_in(admin["email"], admin["password"])
    page.go("/admin/configuration/brand")
    before = page.find("#contrast").text
    page.type("#f-hue", "60")
    page.until(lambda: page.find("#contrast").text != before, "other figures")
    assert page.path == "/admin/configuration/brand"


def test_pages_that_follow_a_form_pass_the_gate(server, yaml, _with_scripts):
    page = fresh(_with_scripts, server)
    admin = server.person("admin")
    page.sign_in(admin["email"], admin["password"])
    page.go("/admin/configuration/categories")
    page.type('[name="deadline_high"]', "2")
    page.press('button[name="step"][value="check"]')
    gate.look(page, "configuration categories-checked")
    publish(page, "Faster")
    page.go("/admin/configuration/history/1")
    gate.look(page, "configuration version")
    page.go("/admin/configuration/history")
    gate.look(page, "configuration history")
    page.go("/admin/configuration/text")
    page.run("arguments[0].value += '\\nsurprise: 1\\n'", page.find("#f-text"))
    page.press('button[name="step"][value="check"]')
    gate.look(page, "configuration text-checked")
