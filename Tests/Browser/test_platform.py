"""Operators at the platform's host: the link of a new one, signing in, looking after companies, entering one, and being sent out."""

import re
import time
import uuid

import gate
import pyotp
import pytest

HOST = "platform.localhost"
PASSWORD = "granit-welle-77-fenster"


@pytest.fixture
def operator(portico):
    """Somebody whom `portico operator add` has just printed a link for."""
    address = f"op-{uuid.uuid4().hex[:8]}@platform.example"
    printed = portico.house.run("operator", "add", address, "--name", "Ada Vogel")
    return {"email": address, "link": re.search(r"http://platform\.localhost:\d+(/set-up/\S+)", printed)[1]}


def set_up(page, portico, operator) -> pyotp.TOTP:
    page.at(f"{HOST}:{portico.port}").go(operator["link"])
    gate.look(page, "platform set-up")
    totp = pyotp.TOTP(page.find("code.secret").text.replace(" ", ""))
    page.type("#f-password", PASSWORD)
    page.type("#f-password_confirm", PASSWORD)
    page.type("#f-code", totp.now())
    page.press("main form button[type=submit]")
    page.until(lambda: page.path == "/sign-in", "the sign-in page")
    gate.look(page, "platform sign-in")
    return totp


def sign_in(page, operator, totp):
    page.go("/sign-in")
    page.type("#f-email", operator["email"])
    page.type("#f-password", PASSWORD)
    # One step ahead, which is taken and is not the one of a moment ago.
    page.type("#f-code", totp.at(time.time() + 30))
    page.press("main form button[type=submit]")
    page.until(lambda: page.path == "/companies", "the companies")


def ask(page, company="lindenhof"):
    page.go(f"/companies/{company}")
    page.type("#f-reason", "Ticket 4711: mails do not arrive")
    page.press("form[action$='/entries'] button[type=submit]")
    page.until(lambda: "/entries/" in page.path, "the entry")


@pytest.mark.parametrize("kind", ["browser", "plain"])
def test_an_operator_sets_up_an_account_enters_a_company_and_is_sent_out(request, portico, operator, kind):
    page = request.getfixturevalue(kind)
    totp = set_up(page, portico, operator)
    sign_in(page, operator, totp)
    assert "Lindenhof" in page.words and "Harbour" in page.words
    page.go("/companies/lindenhof")
    page.press("form[action$='/entries'] button[type=submit]")
    assert page.find("#f-reason").get_attribute("aria-invalid") == "true"
    gate.look(page, "platform company without a reason")
    ask(page)
    gate.look(page, "platform entry")
    back = page.path
    page.find("a[href*='/support/']").click()
    page.until(lambda: "/support/" in page.path, "the company's door")
    gate.look(page, "platform door")
    page.press("main form button[type=submit]")
    page.until(lambda: page.path.endswith("/dashboard"), "the company's dashboard")
    assert "you may only look" in page.words
    gate.look(page, "platform dashboard as support")
    page.at(f"lindenhof.localhost:{portico.port}").go("/faults")
    assert page.has("tbody tr")
    # The admin sees it and ends it.
    admin = portico.visitor("admin")
    seen = admin.get("/admin/support").page
    assert "Ticket 4711: mails do not arrive" in admin.get("/admin/support").text
    assert admin.submit(seen.form("/revocation")).status == 303
    page.go("/faults")
    assert page.path.startswith("/login")
    page.at(f"{HOST}:{portico.port}").go(back)
    assert not page.has("a[href*='/support/']")


def test_every_page_of_the_platform_passes_the_gate(browser, portico, operator):
    portico.sql(
        """with job as (insert into jobs.queue(tenant_id, id, kind, state, attempt, max_attempts, finished_at)
               select id, gen_random_uuid(), 'faults.tell', 'parked', 3, 3, now() from app.tenant returning tenant_id, id)
           insert into app.job(tenant_id, id, args, last_error) select tenant_id, id, '{}', repeat('Something long went wrong. ', 40) from job""")
    totp = set_up(browser, portico, operator)
    sign_in(browser, operator, totp)
    ask(browser, "harbour")
    titles = set()
    for path in (
        "/companies", "/companies?q=zzzz", "/companies/lindenhof", "/companies/harbour", "/jobs", "/jobs?state=running", "/mail", "/mail?state=sent",
        "/schedules", "/log", "/nothing-here",
    ):
        browser.go(path)
        gate.look(browser, f"platform {path}")
        titles.add(browser.title)
        noise = [line for line in browser.console() if "the server responded with a status of" not in line]
        assert noise == [], f"{path}: {noise}"
    assert len(titles) > 6
    for stop in gate.tab_stops(browser.go("/companies/lindenhof")):
        raise AssertionError(stop)
