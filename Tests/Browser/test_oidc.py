"""Flow 3: signing in with a company's identity provider, which here is oidc-provider-mock on Authlib. With and without JavaScript.

Both demo companies have one entry for it here: `works` at Lindenhof, whose claims give roles, and the same provider at Harbour.
"""

import shutil
import uuid

import gate
import pytest
from chromium import NARROW, WIDE
from peers import IdentityProvider
from portico import ROOT, Portico

ENTRY = """identity:
  providers:
    works:
      preset: oidc
      issuer: "{issuer}"
      clientID: portico
      title: {titles}
      roles: {{default: resident, claim: groups, rules: [{{value: fixers, role: technician}}], apply: always}}
    gone:
      preset: oidc
      issuer: "http://127.0.0.1:1"
      clientID: portico
      title: {gone}
"""


class HouseWithProvider(Portico):
    def __init__(self, cluster, folder):
        self.provider = IdentityProvider()
        for name in ("Public", "Templates", "Migrations"):
            (folder / name).symlink_to(ROOT / name)
        shutil.copytree(ROOT / "tenants", folder / "tenants")
        for slug, titles, gone in (("lindenhof", "{en: Works ID, de: Werks-ID}", "{en: Gone, de: Weg}"), ("harbour", "{en: Harbour ID}", "{en: Gone}")):
            file = folder / f"tenants/{slug}/tenant.yaml"
            text = file.read_text().replace("identity:\n  secondFactor: {requiredFor: []}\n", "")
            file.write_text(text + "\n" + ENTRY.format(issuer=self.provider.issuer, titles=titles, gone=gone))
        super().__init__(cluster, home=folder, PORTICO_OUTBOUND_PRIVATE=f"127.0.0.1:{self.provider.port},127.0.0.1:1")

    def __enter__(self):
        self.provider.start()
        return super().__enter__()

    def __exit__(self, *arguments):
        super().__exit__(*arguments)
        self.provider.stop()


@pytest.fixture(scope="module")
def _with_provider(cluster, tmp_path_factory):
    with HouseWithProvider(cluster, tmp_path_factory.mktemp("home")) as house:
        yield house


@pytest.fixture
def house(_with_provider):
    _with_provider.provider.start()
    _with_provider.forget_limits()
    return _with_provider


@pytest.fixture(params=["with JavaScript", "without JavaScript"])
def page(request, house, as_new):
    return as_new(request.getfixturevalue("_with_scripts" if request.param == "with JavaScript" else "_without_scripts"), house)


@pytest.fixture
def kim(house):
    """Somebody whom the provider knows, and Portico does not."""
    name = f"kim-{uuid.uuid4().hex[:8]}"
    house.provider.person(name, email=f"{name}@mail.example", email_verified=True, name="Kim Falk")
    return name


def at_provider(page, house, subject):
    """On the provider's own page."""
    assert page.driver.current_url.startswith(f"{house.provider.issuer}/oauth2/authorize?"), page.driver.current_url
    page.find('input[name="sub"]').send_keys(subject)
    page.press('form button[type="submit"]:not([value])')


def sign_in(page, house, subject, next=None):
    page.go("/login" + (f"?next={next}" if next else ""))
    page.press('a[href^="/login/oidc/works"]')
    at_provider(page, house, subject)


def look(page, name):
    """Axe and our own checks, wide and light, narrow and dark; both are scripts themselves."""
    if not page.scripts:
        return
    trouble = []
    for width, dark in ((WIDE, False), (NARROW, True)):
        page.size(width)
        page.theme(dark)
        trouble += [f"{name} ({width} px): {line}" for line in gate.axe(page) + gate.own(page)]
    page.size(WIDE)
    page.theme(False)
    assert trouble == []


def count(house, kim):
    return house.sql(f"select count(*) as n from app.member where email = '{kim}@mail.example'")[0]["n"]


def test_flow_3_a_b_first_and_second_sign_in(page, house, kim):
    page.go("/login?next=%2Ffaults")
    assert "Sign in with Works ID" in page.words
    look(page, "login")
    page.press('a[href="/login/oidc/works?next=%2Ffaults"]')
    at_provider(page, house, kim)
    assert page.path == "/faults" and "Kim Falk" in page.words, page.words[:300]
    assert house.sql(f"select roles from app.member where email = '{kim}@mail.example'") == [{"roles": ["resident"]}]
    house.wait_for_jobs()
    assert house.sql(f"select count(*) as n from app.delivery d join app.member m on m.tenant_id = d.tenant_id and m.id = d.member_id where m.email = '{kim}@mail.example'")[0]["n"] == 1, "the welcome"
    page.forget()
    house.provider.person(kim, email=f"{kim}@mail.example", email_verified=True, name="Kim Falk", groups=["fixers"])
    sign_in(page, house, kim)
    assert page.path == "/dashboard" and count(house, kim) == 1, page.words[:300]
    assert house.sql(f"select roles from app.member where email = '{kim}@mail.example'") == [{"roles": ["technician"]}], "roles follow the claims"


def test_link_sign_in_with_it_and_unlink(page, house, kim):
    person = house.person("resident")
    house.sql("delete from app.identity")
    page.sign_in(person["email"], person["password"])
    page.go("/account/security")
    look(page, "security")
    page.press('a[href="/account/security/providers/works"]')
    at_provider(page, house, kim)
    assert page.path == "/account/security" and "Works ID is linked" in page.words, page.words[:400]
    look(page, "linked")
    page.forget()
    sign_in(page, house, kim)
    page.go("/account")
    assert person["email"] in page.words and count(house, kim) == 0
    page.go("/account/security")
    button = 'form[action^="/account/security/identities/"] button'
    if page.scripts:
        page.find(button).click()
        page.press("dialog[open] button.danger, dialog[open] button.primary")
    else:
        page.press(button)
    assert "The account is unlinked" in page.words, page.words[:400]


def test_flow_3_d_an_address_that_is_known_is_shown_the_way(page, house, kim):
    person = house.person("owner")
    house.provider.person(kim, email=person["email"], email_verified=True)
    sign_in(page, house, kim)
    assert page.status == 409 and "This address has an account already" in page.words, page.words[:400]
    look(page, "link first")
    house.provider.person(kim, email=person["email"], email_verified=False)
    page.forget()
    sign_in(page, house, kim)
    assert page.status == 403 and "names no confirmed mail address" in page.words
    assert house.sql(f"select count(*) as n from app.identity where subject = '{kim}'")[0]["n"] == 0


def test_cancelled_at_the_provider(page, house):
    page.go("/login")
    page.press('a[href="/login/oidc/works"]')
    page.press('button[value="deny"]')
    assert page.status == 403 and "You were not signed in" in page.words, page.words[:300]
    page.press('a[href="/login/oidc/works"]')
    assert page.driver.current_url.startswith(house.provider.issuer)


def test_the_provider_is_down_and_passwords_still_work(page, house, kim):
    page.go("/login?next=%2Ffaults")
    page.press('a[href="/login/oidc/gone?next=%2Ffaults"]')
    assert page.status == 503 and "Gone cannot be reached" in page.words, page.words[:300]
    look(page, "down")
    # It dies while somebody is there.
    page.go("/login")
    page.press('a[href="/login/oidc/works"]')
    page.find('input[name="sub"]').send_keys(kim)
    back = page.driver.current_url
    house.provider.stop()
    state = next(part for part in back.split("&") if part.startswith("state="))
    page.go(f"/login/oidc/works/callback?code=x&{state}")
    assert page.status == 503 and "Try again with Works ID" in page.words, page.words[:300]
    person = house.person("resident")
    page.sign_in(person["email"], person["password"])
    assert page.path == "/dashboard"
    house.provider.start()


def test_flow_3_c_e_replayed_and_at_another_company(page, house, kim):
    page.go("/login")
    page.press('a[href="/login/oidc/works"]')
    state = next(part for part in page.driver.current_url.split("&") if part.startswith("state="))
    page.at(f"harbour.localhost:{house.port}").go("/login")
    page.go(f"/login/oidc/works/callback?code=x&{state}")
    assert page.status == 400 and "This sign-in is over" in page.words, page.words[:300]
    page.at(f"lindenhof.localhost:{house.port}")
    sign_in(page, house, kim)
    assert page.path == "/dashboard"
    page.go(f"/login/oidc/works/callback?code=x&{state}")
    assert page.status == 400
    assert house.sql("select count(*) as n from app.identity i join app.tenant t on t.id = i.tenant_id and t.slug = 'harbour'")[0]["n"] == 0
