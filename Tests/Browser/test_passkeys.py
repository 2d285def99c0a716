"""Flow 2 with passkeys: Chromium's own virtual authenticator makes, keeps and shows them, through the pages as people use them."""

import uuid

import gate
import pytest
from selenium.webdriver.common.virtual_authenticator import Credential, VirtualAuthenticatorOptions

ADD = "/account/security/passkeys"
BUTTON = "form[data-passkey] button[type=submit]"


@pytest.fixture
def person(portico):
    """Somebody of their own, with the password of the demo's manager."""
    portico.forget_limits()
    demo, address = portico.person("manager"), f"kim-{uuid.uuid4().hex[:8]}@mail.example"
    portico.sql(
        f"""insert into app.member(tenant_id, id, email, name, roles, locale, password_hash)
            select tenant_id, gen_random_uuid(), '{address}', 'Kim Falk', '{{manager}}', 'en', password_hash from app.member where email = '{demo["email"]}'""")
    return {"email": address, "password": demo["password"]}


@pytest.fixture
def device(browser):
    """A device that keeps passkeys and knows its holder's finger."""
    options = VirtualAuthenticatorOptions(
        protocol="ctap2", transport="internal", has_resident_key=True, has_user_verification=True, is_user_verified=True)
    browser.driver.add_virtual_authenticator(options)
    yield browser.driver
    browser.driver.remove_virtual_authenticator()


def member(person) -> str:
    return f"(select id from app.member where email = '{person['email']}')"


def shown(page, css: str) -> bool:
    return any(one.is_displayed() for one in page.all(css))


def add(page, name: str | None = None):
    page.go(ADD)
    page.until(lambda: shown(page, BUTTON), "the browser's way to a passkey")
    if name:
        page.type("#f-name", name)
    page.press(BUTTON)


def enter(page):
    """Without a password."""
    page.forget()
    page.go("/login")
    page.until(lambda: shown(page, BUTTON), "the button for passkeys")
    page.press(BUTTON)


def test_flow_2_passkeys_from_the_first_to_the_last(browser, portico, person, device):
    page = browser
    page.sign_in(person["email"], person["password"])
    page.go("/account")
    page.press('a[href="/account/security"]')
    gate.look(page, "passkey security-without")
    page.press(f'a[href="{ADD}"]')
    page.until(lambda: shown(page, BUTTON), "the browser's way to a passkey")
    assert not shown(page, "[data-passkey-missing]") and page.find("#f-name").get_attribute("value").startswith("Chrome")
    gate.look(page, "passkey add")
    page.type("#f-name", "My laptop")
    page.press(BUTTON)
    codes = [one.text for one in page.all(".recovery-codes code")]
    assert len(codes) == 10, page.words[:400]
    assert len(device.get_credentials()) == 1 and device.get_credentials()[0].rp_id == "lindenhof.localhost"
    gate.look(page, "passkey codes")
    page.press('a.primary[href="/account/security"]')
    assert "My laptop" in page.words and "10 of 10 left" in page.words
    gate.look(page, "passkey security-with")

    # In without a password, straight to where one wanted to go
    page.forget()
    page.go("/faults?state=open")
    page.until(lambda: shown(page, BUTTON), "the button for passkeys")
    gate.look(page, "passkey sign-in")
    page.press(BUTTON)
    assert page.path == "/faults?state=open", page.words[:300]
    # The password alone does not do any more; the passkey is the second step
    page.forget()
    page.sign_in(person["email"], person["password"])
    assert page.path.startswith("/login/mfa") and not page.has("#f-code"), page.words[:300]
    page.until(lambda: shown(page, BUTTON), "the button for passkeys")
    gate.look(page, "passkey second-step")
    page.press(BUTTON)
    assert page.path == "/dashboard", page.words[:300]

    # Who changes factors proves first who they are, with the passkey
    portico.sql(f"update app.session set proved_at = now() - interval '6 minutes' where member_id = {member(person)}")
    page.go(ADD)
    assert page.path.startswith("/account/prove"), page.path
    page.until(lambda: shown(page, BUTTON), "the button for passkeys")
    gate.look(page, "passkey prove")
    page.press(BUTTON)
    assert page.path == ADD, page.words[:300]
    # One device keeps one passkey of a member
    page.until(lambda: shown(page, BUTTON), "the browser's way to a passkey")
    page.find(BUTTON).click()
    page.until(lambda: "on this device already" in page.words, "told that there is one")

    page.go("/account/security")
    page.press('a[href^="/account/security/passkeys/"]')
    gate.look(page, "passkey one")
    page.type("#f-name", "Old laptop")
    page.press('form[action^="/account/security/passkeys/"]:not([action$="/removal"]) button')
    assert page.path == "/account/security" and "Old laptop" in page.words
    page.press('a[href^="/account/security/passkeys/"]')
    page.find('form[action$="/removal"] button').click()
    page.press("dialog[open] .danger")
    assert page.path == "/account/security" and "removed" in page.find(".flash").text and "Old laptop" not in page.words
    # The device still has it, but nobody here knows it
    enter(page)
    assert page.status == 401 and page.path == "/login" and "not accepted" in page.words
    gate.look(page, "passkey refused")
    page.sign_in(person["email"], person["password"])
    assert page.path == "/dashboard", "the password alone again"
    portico.wait_for_jobs()
    page.go("/development/mail")
    for subject in ("A passkey was added", "Your second factor for"):
        assert subject in page.words
    assert [line for line in page.console() if "status of 401" not in line] == []


def test_a_passkey_that_is_not_given_leaves_everything_as_it_was(browser, portico, person, device):
    page = browser
    page.sign_in(person["email"], person["password"])
    add(page)
    device.set_user_verified(False)
    page.forget()
    page.go("/login")
    page.until(lambda: shown(page, BUTTON), "the button for passkeys")
    page.find(BUTTON).click()
    page.until(lambda: "gave us no passkey" in page.words, "told that there was none", seconds=400)
    assert page.path == "/login"
    gate.look(page, "passkey cancelled")
    device.set_user_verified(True)
    page.press(BUTTON)
    assert page.path == "/dashboard"


def test_t68_a_copy_is_told_by_its_counter(browser, portico, person, device):
    page = browser
    page.sign_in(person["email"], person["password"])
    add(page)
    enter(page)
    assert page.path == "/dashboard"
    kept = device.get_credentials()[0]
    assert kept.sign_count > 0
    device.remove_all_credentials()
    device.add_credential(Credential.from_dict(kept.to_dict() | {"signCount": 0}))
    enter(page)
    assert page.status == 401 and "not accepted" in page.words
    lines = portico.sql(f"select count(*) as n from app.audit_line where action = 'member.passkey_rewound' and entity_id = {member(person)}")
    assert lines[0]["n"] == 1


def test_t02_another_company_is_another_site(browser, portico, person, device):
    page = browser
    page.sign_in(person["email"], person["password"])
    add(page)
    page.at(f"harbour.localhost:{portico.port}").go("/login")
    page.until(lambda: shown(page, BUTTON), "the button for passkeys")
    page.find(BUTTON).click()
    page.until(lambda: "gave us no passkey" in page.words, "told that there was none", seconds=400)
    assert page.path == "/login"
    page.at(f"lindenhof.localhost:{portico.port}")


def test_without_javascript_the_pages_are_whole(plain, portico, person):
    plain.go("/login")
    assert plain.has("form[data-passkey]") and not shown(plain, "form[data-passkey]")
    plain.sign_in(person["email"], person["password"])
    assert plain.path == "/dashboard"
    plain.go(ADD)
    assert shown(plain, "[data-passkey-missing]") and not shown(plain, "form[data-passkey]")
