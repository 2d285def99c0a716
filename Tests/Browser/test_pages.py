"""UX §13 and §14 on every page of the route table: axe, own checks, weight; light and dark, 1280 and 320 px, as every role."""

import gzip
import re
import uuid

import gate
import pytest
from chromium import NARROW, PHONE, WIDE
from routes import fill, names, news, table, table_of, talk

COMPANIES = {"lindenhof": "de", "harbour": "en"}
ROLES = {"lindenhof": ["resident", "owner", "portal", "technician", "caretaker", "manager", "admin"], "harbour": ["resident", "portal", "technician", "manager", "admin"]}
# KiB after gzip: HTML, CSS, JavaScript; then requests with a cold cache, photos aside.
BUDGET = {"list": (20, 20, 25, 9), "dashboard": (45, 20, 25, 9)}


def leave_jobs_lying(house, slug):
    """Jobs in every state, as after a bad day: one parked with a long error."""
    for index, state in enumerate(("parked", "parked", "done", "queued", "running")):
        times = {"parked": "now(), null, null", "done": "now(), null, null", "queued": "null, null, null", "running": "null, gen_random_uuid(), now() + interval '1 hour'"}
        due = "now() + interval '1 day'" if state == "queued" else "now()"
        house.sql(
            f"""with tenant as (select id from app.tenant where slug = '{slug}'), job as (
                  insert into jobs.queue(tenant_id, id, kind, state, run_at, attempt, max_attempts, finished_at, worker, lease_until)
                  select id, gen_random_uuid(), 'faults.tell', '{state}', {due}, {0 if state == "queued" else 3}, 3, {times[state]} from tenant returning tenant_id, id)
                insert into app.job(tenant_id, id, args, last_error) select tenant_id, id, '{{}}', '{"Something long went wrong. " * 40 if index == 0 else "x"}' from job""")


@pytest.fixture(scope="session")
def addresses(house):
    """Every page that GET opens, by company: `name → (path, roles)`, with ids of the demo data, and the pages of failures."""
    routes = table(house)
    for slug in COMPANIES:
        leave_jobs_lying(house, slug)
    return {slug: pages(house, routes, slug) for slug in COMPANIES}


def pages(house, routes, slug):
    found = {}
    for route in routes:
        if route["method"] != "GET" or route["face"] != "page" or route["path"] in ("/", "/login", "/reports", "/again", "/ws") or "files/" in route["path"] or route["path"].endswith(("/file", "/thumbnail", "/versions/{version}")) or route["path"] in ("/search/hits", "/admin/configuration/brand/contrast", "/documents/{document}/preview") or route["path"].endswith((".csv", ".pem")):
            continue
        # The manual is long, and the same for everybody: once for each company will do.
        roles = {"admin"} if route["path"] in ("/api", "/interface/{chapter}") else set(route["roles"][slug])
        name = route["path"].strip("/").replace("/", "-").replace("{", "").replace("}", "")
        for role in ROLES[slug]:
            if role in roles:
                ids = visible_ids(house, slug, role, route["path"])
                if ids is not None:
                    found[(role, name)] = fill(route["path"], ids)
    for role in ROLES[slug]:
        found[(role, "nothing-here")] = "/nothing-here"
    for role, name, path in (
        ("resident", "forbidden", "/admin/audit"), ("manager", "faults-empty", "/faults?q=zzzzqqqq"), ("manager", "faults-open", "/faults?state=open&category=heating"),
        ("manager", "faults-page-2", "/faults?state=closed"), ("admin", "jobs-done", "/admin/jobs?state=done"), ("admin", "jobs-running", "/admin/jobs?state=running"), ("admin", "audit-filtered", "/admin/audit?entity=fault"),
        ("manager", "report-empty", "/reports/2020-01"), ("manager", "faults-by-age", "/faults?state=open&age=7-30"),
        ("resident", "notices-unread", "/notifications?show=unread"), ("manager", "buildings-empty", "/buildings?q=zzzzqqqq"),
    ):
        found[(role, name)] = path
    return found


def visible_ids(house, slug, role, path):
    """Ids that this role may open; the richest fault that it sees. None when there is none."""
    if "{" not in path:
        return {}
    tenant = f"(select id from app.tenant where slug = '{slug}')"
    member = f"(select id from app.member where email = '{house.person(role, slug)['email']}')"
    if "{provider}" in path:
        return None         # The demo companies have none: test_oidc.py looks at these.
    if "{kind}" in path:
        return {"kind": "fault.assigned"}
    if "{chapter}" in path:
        return {"chapter": "faults" if slug == "lindenhof" else "messages"}
    if "{number}" in path:
        rows = house.sql(f"select number::text as number from app.configuration_version where tenant_id = {tenant} order by number desc limit 1")
        return rows[0] if rows else None
    if "{conversation}" in path or "{report}" in path:
        ids = talk(house, slug, path, role)
        return ids if all(name in ids for name in names(path)) else None
    if any(name in path for name in ("{announcement}", "{folder}", "{document}")):
        ids = news(house, slug, path, role)
        return ids if all(name in ids for name in names(path)) else None
    if "{month}" in path:
        return house.sql(f"select to_char(max(reported_at), 'YYYY-MM') as month from app.fault where tenant_id = {tenant}")[0]
    if "{fault}" in path:
        everything = role in ("manager", "admin", "caretaker")
        mine = "true" if everything else f"(f.reporter_id = {member} or f.assignee_id = {member})"
        if path.endswith("/edit"):
            mine = "true" if role in ("manager", "admin") else f"f.reporter_id = {member} and f.state = 'reported'"
        photo = "join" if "{photo}" in path else "left join"
        rows = house.sql(
            f"""select f.number as fault, min(p.id::text) as photo, count(distinct p.id) as photos, count(distinct e.id) as entries from app.fault f
                 {photo} app.fault_photo p on p.tenant_id = f.tenant_id and p.fault_id = f.id
                 join app.fault_entry e on e.tenant_id = f.tenant_id and e.fault_id = f.id
                where f.tenant_id = {tenant} and {mine} group by f.id, f.number order by photos desc, entries desc, f.id desc limit 1""")
        return rows[0] if rows else None
    if "/people/" in path:      # oneself has pages of one's own
        return house.sql(f"select id from app.member where tenant_id = {tenant} and kind = 'person' and id <> {member} order by id limit 1")[0]
    if "/technicians/" in path:
        return house.sql(f"select id from app.member where tenant_id = {tenant} and 'technician' = any(roles) order by id limit 1")[0]
    if "/incidents/" in path:
        home = f"""i.building_id in (select u.building_id from app.occupancy o join app.unit u on u.tenant_id = o.tenant_id and u.id = o.unit_id
                    where o.member_id = {member} and o.until is null)"""
        rows = house.sql(
            f"select i.number as id from app.incident i where i.tenant_id = {tenant} and {'true' if role not in ('resident', 'owner', 'portal') else home} limit 1")
        return rows[0] if rows else None
    if "{vote}" in path:
        running = path.endswith(("/paper", "/extension", "/cancellation"))
        home = f"""v.building_id in (select u.building_id from app.occupancy o join app.unit u on u.tenant_id = o.tenant_id and u.id = o.unit_id
                    where o.member_id = {member} and o.kind = 'owner' and o.until is null)"""
        rows = house.sql(
            f"""select v.id as vote from app.vote v where v.tenant_id = {tenant} and not v.secret and v.state = '{'open' if running else 'closed'}'
                   and {'true' if role in ('manager', 'admin') else home} order by v.id limit 1""")
        return rows[0] if rows else None
    if "/delegations/" in path:
        own = "true" if role in ("manager", "admin") else f"(delegator_id = {member} or delegate_id = {member})"
        mine = f"delegate_id = {member} and state = 'pending'" if path.endswith("/accept") else own
        rows = house.sql(f"select id from app.delegation where tenant_id = {tenant} and {mine} order by id limit 1")
        return rows[0] if rows else None
    if "/passkeys/" in path:
        rows = house.sql(f"select id from app.passkey where tenant_id = {tenant} and member_id = {member} limit 1")
        return rows[0] if rows else None
    if "/batches/" in path:
        return None         # The demo data has none: each is there for as long as it can be undone.
    # Owners first: only they can hand over.
    order = "kind, id" if "/occupancies/" in path else "id"
    rows = house.sql(f"select id from {table_of(path)} where tenant_id = {tenant} order by {order} limit 1")
    return rows[0] if rows else None


def everybody():
    return [(slug, role) for slug in COMPANIES for role in ROLES[slug]]


def enter(browser, portico, slug, role):
    person = portico.person(role, slug)
    browser.at(f"{slug}.localhost:{portico.port}").sign_in(person["email"], person["password"])


def judge(browser, where, trouble):
    trouble += gate.complaints(browser, where, every_theme=True)
    trouble += [f"{where}: console: {line}" for line in browser.console() if "the server responded with a status of" not in line]


@pytest.mark.parametrize("slug, role", everybody())
def test_every_page_passes_the_gate(browser, portico, addresses, slug, role):
    browser.language(COMPANIES[slug])
    enter(browser, portico, slug, role)
    trouble, titles = [], {}
    for (who, name), path in addresses[slug].items():
        if who != role:
            continue
        browser.size(WIDE)
        browser.theme(False)
        browser.go(path)
        assert browser.run("return document.documentElement.lang") == COMPANIES[slug]
        if name not in ("nothing-here", "forbidden") and browser.has(".problem-code"):
            trouble.append(f"{slug} {role} {name}: {browser.words[:120]}")
        judge(browser, f"{slug} {role} {name}", trouble)
        # A page that led elsewhere is that one.
        if "empty" not in name and "-page" not in name and "?" not in path and browser.path == path:
            title = browser.title
            if title in titles:
                trouble.append(f"{slug} {role}: {name} and {titles[title]} have the same title: {title}")
            titles[title] = name
    assert not trouble, "\n".join(trouble[:60])
    assert len(titles) > 4


@pytest.mark.parametrize("slug", COMPANIES)
def test_pages_of_mistakes_pass_the_gate(browser, portico, slug):
    """Sign-in, refused forms, merge, sign-in refused: what people see when something is wrong."""
    trouble = []
    browser.language(COMPANIES[slug])
    person = portico.person("manager", slug)
    browser.at(f"{slug}.localhost:{portico.port}").go("/login")
    judge(browser, f"{slug} nobody login", trouble)
    browser.size(WIDE)
    browser.type("#f-email", "nobody@example.com")
    browser.type("#f-password", "not the right one")
    browser.press('form[action="/login"] button[type=submit]')
    judge(browser, f"{slug} nobody login-refused", trouble)
    browser.size(WIDE)
    browser.type("#f-email", person["email"])
    browser.type("#f-password", person["password"])
    browser.press('form[action="/login"] button[type=submit]')
    browser.go("/faults/new")
    browser.press('form[action="/faults"] button.primary')
    judge(browser, f"{slug} manager report-refused", trouble)
    fault = portico.sql(
        f"""select f.id, f.number from app.fault f join app.tenant t on t.id = f.tenant_id and t.slug = '{slug}'
            where f.state = 'reported' order by f.id desc limit 1""")[0]
    browser.size(WIDE)
    browser.go(f"/faults/{fault['number']}/edit")
    browser.type("#f-title", f"Mine {uuid.uuid4().hex[:6]}")
    assert portico.program("admin", slug).patch(f"faults/{fault['id']}", {"title": f"Theirs {uuid.uuid4().hex[:6]}"}).status == 200
    browser.press("form .button.primary")
    assert browser.has("table.merge"), browser.words[:300]
    judge(browser, f"{slug} manager merge", trouble)
    browser.size(WIDE)
    browser.go(f"/faults/{fault['number']}")
    browser.press('form[action$="/assign"] button[type=submit]')
    assert browser.title.startswith(("Error:", "Fehler:"))
    judge(browser, f"{slug} manager assign-refused", trouble)
    assert not trouble, "\n".join(trouble[:60])


@pytest.mark.parametrize("width", [WIDE, NARROW])
@pytest.mark.parametrize("slug, role", [("lindenhof", "resident"), ("lindenhof", "technician"), ("lindenhof", "admin")])
def test_focus_is_seen_at_every_stop(browser, portico, addresses, slug, role, width):
    enter(browser, portico, slug, role)
    trouble = []
    for (who, name), path in addresses[slug].items():
        if who == role:
            browser.size(width)
            browser.go(path)
            trouble += [f"{role} {name} at {width} px: {line}" for line in gate.tab_stops(browser)]
    assert not trouble, "\n".join(trouble[:40])


def test_menus_and_dialogs_pass_the_gate(browser, portico):
    """What unfolds: account menu, the phone's More menu, every act of a fault, the keys' sheet, the question before discarding."""
    enter(browser, portico, "lindenhof", "admin")
    trouble = []
    browser.go("/faults")
    browser.press_menu()
    judge(browser, "lindenhof admin menu-account", trouble)
    browser.size(NARROW)
    browser.go("/faults")
    if browser.find(".sidebar .more button").is_displayed():
        browser.find(".sidebar .more button").click()
        trouble += [f"menu-more: {line}" for line in gate.axe(browser) + gate.own(browser)]
    browser.size(WIDE)
    browser.go("/faults")
    browser.key("?")
    browser.find("dialog[open]")
    judge(browser, "lindenhof admin keys", trouble)
    fault = portico.sql(
        "select f.number from app.fault f join app.tenant t on t.id = f.tenant_id and t.slug = 'lindenhof' where f.state = 'assigned' order by f.id desc limit 1")
    browser.size(WIDE)
    browser.go(f"/faults/{fault[0]['number']}")
    for index in range(len(browser.all(".acts summary"))):
        browser.all(".acts summary")[index].click()
        judge(browser, f"lindenhof admin act-{index}", trouble)
        browser.size(WIDE)
    assert not trouble, "\n".join(trouble[:40])


def test_text_at_200_percent_and_forced_colours(browser, portico, addresses):
    enter(browser, portico, "lindenhof", "manager")
    trouble = []
    for (who, name), path in addresses["lindenhof"].items():
        if who != "manager":
            continue
        browser.size(WIDE // 2, 500)        # 200 % zoom of 1280 px
        browser.theme(False, forced_colors="active")
        browser.go(path)
        browser.run("document.documentElement.style.fontSize = '200%'")
        trouble += [f"{name} at 200 %: {line}" for line in gate.own(browser) if line.startswith(("overflow", "cut off"))]
    assert not trouble, "\n".join(trouble[:40])


# MARK: Weight


def weights(portico, visitor, path):
    """KiB after gzip of HTML, CSS and JavaScript, and the number of requests with an empty cache, photos aside."""
    def size(data):
        return len(gzip.compress(data, 6)) / 1024

    html = visitor.get(path)
    assert html.status == 200, f"{path}: {html.status}"
    sheets = set(re.findall(r'<link rel="stylesheet" href="([^"]+)"', html.text))
    scripts = set(re.findall(r'<script[^>]* src="([^"]+)"', html.text))
    others = set(re.findall(r'<link rel="(?:preload|icon)" href="([^"]+)"', html.text))
    others |= {one.split("#")[0] for one in re.findall(r'<use href="([^"]+)"', html.text)}
    others |= {one for one in re.findall(r'<img src="([^"]+)"', html.text) if not one.startswith(("/files/", "/message-files/", "/announcement-files/", "/documents/"))}
    css = sum(size(visitor.get(one).body) for one in sheets)
    js = sum(size(visitor.get(one).body) for one in scripts)
    return size(html.body), css, js, 1 + len(sheets) + len(scripts) + len(others)


def test_pages_keep_their_budgets(portico, addresses):
    trouble, lines = [], []
    for slug in COMPANIES:
        for role in ROLES[slug]:
            visitor = portico.visitor(role, slug)
            for (who, name), path in addresses[slug].items():
                if who != role or name in ("nothing-here", "forbidden"):
                    continue
                if visitor.get(path).status == 303:
                    continue        # it leads to another of these pages
                kind = name if name in BUDGET else "list"
                html, css, js, requests = weights(portico, visitor, path)
                lines.append(f"{slug} {role} {name}: HTML {html:.1f}, CSS {css:.1f}, JS {js:.1f} KiB, {requests} requests")
                for label, value, most in zip(("HTML", "CSS", "JS", "requests"), (html, css, js, requests), BUDGET[kind]):
                    if value > most:
                        trouble.append(f"{slug} {role} {name}: {label} {value:.1f} > {most}")
    print("\n".join(lines))
    assert not trouble, "\n".join(trouble)


def test_the_typeface_is_small_and_kept_for_ever(portico):
    visitor = portico.visitor()
    font = re.search(r'/a/inter-[^"]+', visitor.get("/login").text).group()
    answer = visitor.get(font)
    assert len(answer.body) <= 40 * 1024 and "immutable" in answer.header("Cache-Control")


def test_nothing_moves_while_a_page_loads(browser, portico):
    """Cumulative layout shift of a fault with photos and of the list, at both widths: at most 0.01."""
    enter(browser, portico, "lindenhof", "manager")
    number = portico.sql(
        """select f.number from app.fault f join app.tenant t on t.id = f.tenant_id and t.slug = 'lindenhof'
            join app.fault_photo p on p.tenant_id = f.tenant_id and p.fault_id = f.id order by f.id desc limit 1""")[0]["number"]
    for width in (WIDE, PHONE):
        browser.size(width)
        for path in ("/dashboard", "/faults", f"/faults/{number}"):
            browser.go(path)
            shift = browser.driver.execute_async_script(
                """const done = arguments[0]; let sum = 0;
                   new PerformanceObserver((l) => { for (const e of l.getEntries()) if (!e.hadRecentInput) sum += e.value; })
                     .observe({type: "layout-shift", buffered: true});
                   setTimeout(() => done(sum), 300)""")
            assert shift <= 0.01, f"{path} at {width} px: {shift:.3f}"


def test_no_script_is_loaded_that_is_not_ours_and_none_inline(browser, portico, addresses):
    enter(browser, portico, "lindenhof", "admin")
    for (who, _), path in addresses["lindenhof"].items():
        if who == "admin":
            browser.go(path)
            found = browser.run(
                """return [...document.querySelectorAll("script:not([src]), style, [style], [onclick], [onload], [onerror]")]
                     .filter((e) => !e.closest("svg")).map((e) => e.outerHTML.slice(0, 80))
                   .concat(performance.getEntriesByType("resource").map((e) => e.name).filter((n) => !n.startsWith(location.origin)))""")
            assert not found, f"{path}: {found}"
