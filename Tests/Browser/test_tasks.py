"""Two tasks of a manager's day, from the dashboard after signing in: in under ten clicks, and by keyboard alone. With and without JavaScript."""

import base64
import subprocess

import pytest

MONTH = "date_trunc('month', now() at time zone 'Europe/Berlin')"
LAST_MONTH = f"f.reported_at >= ({MONTH} - interval '1 month') at time zone 'Europe/Berlin' and f.reported_at < {MONTH} at time zone 'Europe/Berlin'"
DAY = "date_trunc('day', now() at time zone 'Europe/Berlin')"
TOMORROW = f"f.due_at >= ({DAY} + interval '1 day') at time zone 'Europe/Berlin' and f.due_at < ({DAY} + interval '2 days') at time zone 'Europe/Berlin'"
OPEN = "f.state not in ('resolved', 'closed', 'cancelled')"
UNANSWERED = f"f.category = 'plumbing' and f.assignee_id is null and f.state in ('reported', 'reopened') and {LAST_MONTH}"


class Mouse:
    """Every click counts: a choice in a list is two, one to open it and one to take it."""

    def __init__(self, page):
        self.page, self.count = page, 0

    def follow(self, css):
        """What leads to another page."""
        self.count += 1
        self._until_answered(lambda: self._click(css))

    def choose(self, css, value):
        """In a filter, which applies itself where there is JavaScript."""
        self.count += 2
        if self.page.scripts:
            self._until_answered(lambda: self.page.choose(css, value))
        else:
            self.page.choose(css, value)

    def take(self, css, value):
        """In a form, which waits for its button. One click, as the radio button of a shorter list."""
        self.count += 1
        self.page.choose(css, value)

    def tick(self, css):
        self.count += 1
        self.page.find(css).find_element("xpath", "./ancestor::label").click()

    def print(self) -> str:
        """By the browser's own keys; the words on paper, sheet by sheet."""
        self.count += 2
        printed = self.page.driver.execute_cdp_cmd("Page.printToPDF", {"paperWidth": 8.27, "paperHeight": 11.69})
        words = subprocess.run(["pdftotext", "-layout", "-", "-"], input=base64.b64decode(printed["data"]), capture_output=True, check=True)
        return words.stdout.decode()

    def apply(self):
        if not self.page.scripts:
            self.follow(".filters button[type=submit]")

    def _click(self, css):
        self.page.click(css)

    def _until_answered(self, act):
        self.page.run("document.documentElement.dataset.old = '1'")
        act()
        self.page.until(lambda: not self.page.has("html[data-old]") and self.page.run("return document.readyState") == "complete", "answered")


class Keyboard(Mouse):
    """Nothing but keys: Tab until the control has the focus, then its own."""

    def choose(self, css, value):
        word = self.page.find(f'{css} option[value="{value}"]').text.split()[0]
        self._reach(css)
        if self.page.scripts:
            self._until_answered(lambda: self._press(word))
        else:
            self._press(word)
        assert self.page.find(css).get_property("value") == value

    def take(self, css, value):
        word = self.page.find(f'{css} option[value="{value}"]').text
        self._reach(css)
        self._press(word)

    def tick(self, css):
        self._reach(css)
        self._press(self.page.Keys.SPACE)
        assert self.page.find(css).is_selected()

    def _click(self, css):
        self._reach(css)
        self._press(self.page.Keys.ENTER)

    def _press(self, keys):
        self.count += len(keys)
        self.page.key(keys)

    def _reach(self, css):
        for _ in range(400):
            if self.page.run("return document.activeElement.matches(arguments[0])", css):
                return
            self._press(self.page.Keys.TAB)
        raise AssertionError(f"Tab does not lead to {css} on {self.page.path}")


@pytest.fixture(params=["browser", "plain"], ids=["with JavaScript", "without JavaScript"])
def page(request, portico):
    """A manager's dashboard."""
    page = request.getfixturevalue(request.param)
    person = portico.person("manager")
    page.sign_in(person["email"], person["password"])
    assert page.path == "/dashboard", page.words[:300]
    return page


@pytest.fixture(params=[Mouse, Keyboard], ids=["mouse", "keyboard"])
def hand(request, page):
    return request.param(page)


def rows(portico, condition, columns="f.id, f.number") -> list:
    return portico.sql(
        f"""select {columns} from app.fault f join app.tenant t on t.id = f.tenant_id and t.slug = 'lindenhof'
             join app.building b on b.tenant_id = f.tenant_id and b.id = f.building_id
             left join app.unit u on u.tenant_id = f.tenant_id and u.id = f.unit_id
            where {condition} order by b.name, u.label nulls first, f.id""")


def add(portico, count, change):
    """Some more faults like that, so that there is something to do on every day of the calendar."""
    program, unit = portico.program("manager"), portico.sql(
        "select u.id from app.unit u join app.tenant t on t.id = u.tenant_id and t.slug = 'lindenhof' order by u.id limit 1")[0]["id"]
    for number in range(count):
        body = {"title": f"Siphon {number}", "description": "x", "category": "plumbing", "unitId": unit}
        answer = program.post("faults", body)
        assert answer.status == 201, answer.text
        portico.sql(f"update app.fault f set {change} where f.id = '{answer.json()['id']}'")
    portico.wait_for_jobs()


def test_find_last_months_unanswered_plumbing_faults_and_assign_them_all(portico, page, hand):
    add(portico, 3, f"reported_at = ({MONTH} - interval '10 days') at time zone 'Europe/Berlin'")
    wanted = {row["id"] for row in rows(portico, UNANSWERED)}
    others = {row["id"]: row["assignee_id"] for row in rows(portico, f"not ({UNANSWERED})", "f.id, f.assignee_id")}
    assert len(wanted) >= 3

    hand.follow('.stats a[href="/faults?assignee=none"]')
    hand.choose("#f-category", "plumbing")
    hand.choose("#f-month", "last")
    hand.apply()
    assert str(len(wanted)) in page.find(".list-bar [role=status]").text
    hand.follow('.bulk-bar button[name="all"]:not([formaction])')
    # A radio button each while they are few, as at the start; tests of people may have brought more.
    person = page.find('[name="assignee_id"][value], [name="assignee_id"] option[value]:not([value=""])').get_property("value")
    if page.has('input[name="assignee_id"]'):
        hand.tick(f'input[name="assignee_id"][value="{person}"]')
    else:
        hand.take('select[name="assignee_id"]', person)
    hand.follow('form:has([name="assignee_id"]) button[type=submit]')
    assert page.path.startswith("/faults/batches/"), page.words[:300]

    portico.wait_for_jobs()
    assigned = {row["id"]: row["assignee_id"] for row in rows(portico, "true", "f.id, f.assignee_id")}
    assert {assigned[one] for one in wanted} == {person}
    assert {one: assigned[one] for one in others} == others, "nobody else's fault was touched"
    if isinstance(hand, Keyboard):
        return
    assert hand.count < 10, f"{hand.count} clicks"


def test_print_tomorrows_sheets(portico, page, hand):
    add(portico, 2, f"due_at = ({DAY} + interval '36 hours') at time zone 'Europe/Berlin'")
    wanted = [row["number"] for row in rows(portico, f"{TOMORROW} and {OPEN}")]
    assert 2 <= len(wanted) <= 50

    hand.follow('.stats a[href="/faults?due=tomorrow"]')
    hand.follow('.bulk-bar button[formaction="/faults/sheets"][name="all"]')
    printed = hand.print().split("\f")[:-1]

    assert len(printed) == len(wanted), "one sheet of paper for each fault"
    for number, sheet in zip(wanted, printed, strict=True):
        assert number in sheet
    if isinstance(hand, Keyboard):
        return
    assert hand.count < 10, f"{hand.count} clicks"
