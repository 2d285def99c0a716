"""Coming in: invited by mail, registered by oneself, back after a forgotten password. With and without JavaScript.

What would have left the house is read where a person would read it during development: at /development/mail.
"""

import re
import uuid

import gate
import pytest

PASSWORD, OTHER = "tulpe-anker-73-wolke", "birke-kanal-58-mond"


@pytest.fixture(params=["with JavaScript", "without JavaScript"])
def page(request, portico):
    portico.forget_limits()
    return request.getfixturevalue("browser" if request.param == "with JavaScript" else "plain")


def be(page, portico, role, slug="lindenhof"):
    person = portico.person(role, slug)
    page.at(f"{slug}.localhost:{portico.port}").forget()
    page.sign_in(person["email"], person["password"])
    assert page.path == "/dashboard", page.words[:300]


def newest_mail(page, portico, address, words):
    """The link of the newest mail to an address whose text has these words."""
    portico.wait_for_jobs()
    page.go("/development/mail")
    for path in [row.get_attribute("href") for row in page.all("main a[href*='/development/mail/']")]:
        page.go(path.removeprefix(page.base))
        if address in page.words and words in page.words:
            link = next(one.get_attribute("href") for one in page.all("main a[href]") if re.search(r"/(register|verify|password|login)", one.get_attribute("href")))
            return link.removeprefix(page.base)
    raise AssertionError(f"no mail to {address} with {words}: {page.words[:500]}")


def fill(page, **values):
    for name, value in values.items():
        page.type(f"#f-{name}", value)


def test_invited_by_mail_and_signed_in(page, portico):
    address = f"nora-{uuid.uuid4().hex[:8]}@mail.example"
    be(page, portico, "manager")
    page.go("/admin/invitations")
    page.press('a[href="/admin/invitations/new"]')
    fill(page, email="not an address")
    page.press('form[action="/admin/invitations"] button.primary')
    assert page.find(".error-summary") and page.find("#f-email").get_attribute("value") == "not an address"
    fill(page, email=address)
    page.choose("#f-role", "resident")
    page.press('form[action="/admin/invitations"] button.primary')
    assert page.path == "/admin/invitations" and address in page.find(".flash").text

    page.forget()
    link = newest_mail(page, portico, address, "/register?code=")
    page.go(link)
    assert page.find("#f-email").get_attribute("value") == address
    fill(page, display_name="Nora Blumenau", password="kurz", password_confirm="kurz")
    page.press('form[action="/register"] button.primary')
    assert page.find("#f-password").get_attribute("aria-invalid") == "true" and page.find("#f-password").get_attribute("value") == ""
    fill(page, password=PASSWORD, password_confirm=PASSWORD)
    page.press('form[action="/register"] button.primary')
    assert page.path == "/dashboard" and "Nora" in page.words, page.words[:300]
    assert "Nora Blumenau" in page.find(".flash").text

    page.forget()
    page.go(link)
    fill(page, email=address, display_name="Nora", password=PASSWORD, password_confirm=PASSWORD)
    page.press('form[action="/register"] button.primary')
    assert page.find(".error-summary") and page.path == "/register", "the code works once"
    be(page, portico, "manager")
    page.go("/admin/invitations?state=accepted")
    assert address in page.words


def test_a_list_of_people_is_looked_at_and_then_invited(page, portico):
    good, late = (f"{name}-{uuid.uuid4().hex[:8]}@mail.example" for name in ("kim", "robin"))
    be(page, portico, "manager")
    page.go("/admin/invitations/bulk")
    page.type("#f-csv", f"email,role\n{good},resident\nbroken,resident\n{late},admin\n")
    page.press('form[action="/admin/invitations/bulk"] button.primary')
    assert good in page.words and page.find("input[name=skip_errors]")
    page.press('form[action="/admin/invitations/bulk"] button.primary')
    assert page.find("[role=alert]").text, "it says that rows have errors"
    page.find("input[name=skip_errors]").click()
    page.press('form[action="/admin/invitations/bulk"] button.primary')
    assert page.path == "/admin/invitations", page.words[:300]
    page.go(f"/admin/invitations?q={good}")
    assert good in page.words
    page.press('form[action$="/revocation"] button')
    page.go(f"/admin/invitations?q={good}&state=revoked")
    assert good in page.words and not page.has('form[action$="/resend"]')


def test_registered_without_an_invitation(page, portico):
    address = f"sam-{uuid.uuid4().hex[:8]}@mail.example"
    page.at(f"harbour.localhost:{portico.port}").forget()
    page.go("/login")
    page.press('a[href="/register"]')
    fill(page, full_name="Sam Quayle", email=address, password=PASSWORD)
    page.choose("#f-requested_role", "owner")
    page.find("#f-accept_terms").click()
    page.press('form[action="/register"] button.primary')
    assert page.path == "/register/sent", page.words[:300]
    page.sign_in(address, PASSWORD)
    assert page.path == "/login", "not before the address is confirmed"
    page.go(newest_mail(page, portico, address, "/verify?token="))
    page.press('form[action="/verify"] button.primary')
    assert page.path == "/verify/done"
    page.sign_in(address, PASSWORD)
    assert page.path == "/dashboard", page.words[:300]
    be(page, portico, "admin", "harbour")
    page.go(f"/admin/users?q={address}")
    page.press('form[action$="/approval"] button')
    assert "Sam Quayle" in page.find(".flash").text


def test_back_after_a_forgotten_password(page, portico):
    address = f"toni-{uuid.uuid4().hex[:8]}@mail.example"
    tenant, member = "(select id from app.tenant where slug = 'lindenhof')", str(uuid.uuid4())
    portico.sql(
        f"insert into app.member(tenant_id, id, email, name, roles, locale) values ({tenant}, '{member}', '{address}', 'Toni Behrens', '{{resident}}', 'en')")
    page.go("/login")
    page.press('a[href="/password/forgot"]')
    fill(page, email=address)
    page.press('form[action="/password/forgot"] button.primary')
    assert page.path == "/password/sent"
    page.go(newest_mail(page, portico, address, "/password/reset?token="))
    fill(page, password=OTHER, password_confirm="something else")
    page.press('form[action="/password/reset"] button.primary')
    assert page.find("#f-password_confirm").get_attribute("aria-invalid") == "true"
    fill(page, password=OTHER, password_confirm=OTHER)
    page.press('form[action="/password/reset"] button.primary')
    assert page.path == "/login" and page.find(".flash").text
    page.sign_in(address, OTHER)
    assert page.path == "/dashboard", page.words[:300]
    page.go("/account")
    page.tick("density", "compact")
    page.press('form[action="/account"] button.primary')
    page.go("/faults")
    assert page.run("return document.documentElement.dataset.density") == "compact"
    page.go("/account/password")
    fill(page, current_password=OTHER, password=PASSWORD, password_confirm=PASSWORD)
    page.press('form[action="/account/password"] button.primary')
    assert page.path == "/account" and page.find(".flash").text


def test_every_page_before_sign_in_passes_the_gate(browser, portico):
    trouble = []
    for slug, path in (
        ("lindenhof", "/register?code="), ("harbour", "/register"), ("harbour", "/register/sent"), ("harbour", "/register/resend"), ("lindenhof", "/password/forgot"),
        ("lindenhof", "/password/sent"), ("lindenhof", "/password/reset?token=x"), ("lindenhof", "/verify/done"),
    ):
        browser.at(f"{slug}.localhost:{portico.port}").go(path)
        trouble += gate.complaints(browser, path.split("?")[0])
    assert trouble == []
