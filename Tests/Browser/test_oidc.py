"""Flow 3: signing in with a company's identity provider, which here is oidc-provider-mock on Authlib. With and without JavaScript.

Both demo companies have one entry for it here: `works` at Lindenhof, whose claims give roles, and the same provider at Harbour.
"""

import base64
import hashlib
import http.server
import json
import secrets
import shutil
import socket
import time
import threading
import urllib.error
import urllib.parse
import urllib.request
import uuid

import gate
import pytest
from peers import IdentityProvider, Mailbox
from portico import ROOT, Portico, free_port

ENTRY = """identity:
  redirects: ["http://127.0.0.1/signed-in"]
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
    slow:
      preset: oidc
      issuer: "http://127.0.0.1:{slow}"
      clientID: portico
      title: {sluggish}
"""

# A started provider has new keys, and unknown ones are asked for once a minute at most.
PAUSE = 61


class HouseWithProvider(Portico):
    def __init__(self, cluster, folder):
        self.provider, self.mailbox = IdentityProvider(), Mailbox()
        # Takes connections and never answers.
        self.silent = socket.create_server(("127.0.0.1", 0), backlog=50)
        slow = self.silent.getsockname()[1]
        shutil.copytree(ROOT / "Public", folder / "Public")      # assets are no links
        for name in ("Templates", "Migrations"):
            (folder / name).symlink_to(ROOT / name)
        shutil.copytree(ROOT / "tenants", folder / "tenants")
        for slug, words in (
            ("lindenhof", ("{en: Works ID, de: Werks-ID}", "{en: Gone, de: Weg}", "{en: Sluggish, de: Lahm}")),
            ("harbour", ("{en: Harbour ID}", "{en: Gone}", "{en: Sluggish}")),
        ):
            file = folder / f"tenants/{slug}/tenant.yaml"
            text = file.read_text().replace("identity:\n  secondFactor: {requiredFor: []}\n", "")
            assert "\nidentity:" not in text
            titles, gone, sluggish = words
            file.write_text(text + "\n" + ENTRY.format(issuer=self.provider.issuer, titles=titles, gone=gone, slow=slow, sluggish=sluggish))
        open_to = ",".join(f"127.0.0.1:{port}" for port in (self.provider.port, 1, slow))
        super().__init__(cluster, home=folder, PORTICO_OUTBOUND_PRIVATE=open_to, **self.mailbox.settings)

    def __enter__(self):
        self.provider.start()
        self.mailbox.start()
        return super().__enter__()

    def __exit__(self, *arguments):
        super().__exit__(*arguments)
        self.provider.stop()
        self.mailbox.stop()
        self.silent.close()


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
    assert page.driver.current_url.startswith(f"{house.provider.issuer}/oauth2/authorize?"), f"{page.driver.current_url} {page.words[:300]}"
    page.find('input[name="sub"]').send_keys(subject)
    page.press('form button[type="submit"]:not([value])')


def sign_in(page, house, subject, next=None):
    page.go("/login" + (f"?next={next}" if next else ""))
    page.press('a[href^="/login/oidc/works"]')
    at_provider(page, house, subject)


def state_of(page):
    """Of the sign-in whose page at the provider is open."""
    return next(part for part in page.driver.current_url.split("&") if part.startswith("state="))


def confirm(page, css):
    """Presses a button that asks first where there is JavaScript."""
    if page.scripts:
        page.find(css).click()
        page.press("dialog[open] .button.danger, dialog[open] .button.primary")
    else:
        page.press(css)


def count(house, kim):
    return house.sql(f"select count(*) as n from app.member where email = '{kim}@mail.example'")[0]["n"]


def roles(house, email):
    return house.sql(f"select roles from app.member where email = '{email}'")[0]["roles"]


def test_flow_3_a_b_first_and_second_sign_in(page, house, kim):
    page.go("/login?next=%2Ffaults")
    assert "Sign in with Works ID" in page.words
    gate.look(page, "oidc login")
    page.press('a[href="/login/oidc/works?next=%2Ffaults"]')
    at_provider(page, house, kim)
    assert page.path == "/faults" and house.sql(f"select name from app.member where email = '{kim}@mail.example'") == [{"name": "Kim Falk"}], page.words[:300]
    assert roles(house, f"{kim}@mail.example") == ["resident"]
    house.wait_for_jobs()
    assert len(house.mailbox.subjects(f"{kim}@mail.example")) == 1, "the welcome"
    page.forget()
    house.provider.person(kim, email=f"{kim}@mail.example", email_verified=True, name="Kim Falk", groups=["fixers"])
    sign_in(page, house, kim)
    assert page.path == "/dashboard" and count(house, kim) == 1, page.words[:300]
    assert roles(house, f"{kim}@mail.example") == ["technician"], "roles follow the claims"
    house.wait_for_jobs()
    newest = house.mailbox.mails(f"{kim}@mail.example")[-1].get_body(("plain",)).get_content()
    assert "not used there before" in newest and "Chrome" in newest and "127.0.0.1" in newest, "a browser without cookies is a new device"
    assert house.mailbox.link(f"{kim}@mail.example", "/account/sessions") == "/account/sessions"
    page.go("/account/sessions")
    confirm(page, 'form[action="/account/sessions/revocation"] button')
    page.driver.execute_cdp_cmd("Network.deleteCookies", {"name": "portico", "domain": "lindenhof.localhost"})
    sign_in(page, house, kim)
    house.wait_for_jobs()
    assert len(house.mailbox.subjects(f"{kim}@mail.example")) == 2, "once for each device"


def test_flow_3_an_invited_person_joins_with_the_provider(page, house, kim):
    address = f"{kim}@mail.example"
    office = house.program("manager")
    assert office.post("invitations", {"email": address, "role": "owner"}).status == 201
    house.wait_for_jobs()
    page.go(house.mailbox.link(address, "/register"))
    assert "Continue with Works ID" in page.words and page.has("#f-password"), page.words[:300]
    gate.look(page, "oidc register")
    # The other one's address is not the invitation's.
    house.provider.person(f"{kim}-else", email=f"{kim}-else@mail.example", email_verified=True)
    page.press('a[href^="/login/oidc/works?invitation="]')
    at_provider(page, house, f"{kim}-else")
    assert page.status == 403 and "The invitation is for another address" in page.words, page.words[:300]
    gate.look(page, "oidc other address")
    page.go(house.mailbox.link(address, "/register"))
    page.press('a[href^="/login/oidc/works?invitation="]')
    at_provider(page, house, kim)
    assert page.path == "/dashboard" and count(house, kim) == 1, page.words[:300]
    assert "owner" in roles(house, address)
    house.wait_for_jobs()
    assert len(house.mailbox.subjects(address)) == 2, "the invitation and one welcome"
    page.forget()
    sign_in(page, house, kim)
    assert page.path == "/dashboard"


def test_link_sign_in_with_it_and_unlink(page, house, kim):
    person = house.person("resident")
    house.sql("delete from app.identity")
    page.sign_in(person["email"], person["password"])
    page.go("/account/security")
    gate.look(page, "oidc security")
    page.press('a[href="/account/security/providers/works"]')
    at_provider(page, house, kim)
    assert page.path == "/account/security" and "Works ID is linked" in page.words, page.words[:400]
    gate.look(page, "oidc linked")
    page.forget()
    sign_in(page, house, kim)
    page.go("/account")
    assert person["email"] in page.words and count(house, kim) == 0
    page.go("/account/security")
    confirm(page, 'form[action^="/account/security/identities/"] button')
    assert "The account is unlinked" in page.words, page.words[:400]


def test_flow_3_d_an_address_that_is_known_is_shown_the_way(page, house, kim):
    person = house.person("owner")
    house.provider.person(kim, email=person["email"], email_verified=True)
    sign_in(page, house, kim)
    assert page.status == 409 and "This address has an account already" in page.words, page.words[:400]
    gate.look(page, "oidc link first")
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


def test_the_provider_is_down_or_slow_and_passwords_still_work(page, house, kim):
    page.go("/login?next=%2Ffaults")
    page.press('a[href="/login/oidc/gone?next=%2Ffaults"]')
    assert page.status == 503 and "Gone cannot be reached" in page.words, page.words[:300]
    gate.look(page, "oidc down")
    page.go("/login/oidc/slow")
    assert page.status == 504 and "Sluggish" in page.words, page.words[:300]
    # It dies while somebody is there.
    page.go("/login")
    page.press('a[href="/login/oidc/works"]')
    page.find('input[name="sub"]').send_keys(kim)
    state = state_of(page)
    house.provider.stop()
    page.go(f"/login/oidc/works/callback?code=x&{state}")
    assert page.status == 503 and "Try again with Works ID" in page.words, page.words[:300]
    person = house.person("resident")
    page.sign_in(person["email"], person["password"])
    assert page.path == "/dashboard"
    house.provider.start()
    time.sleep(PAUSE)


def test_t66_new_keys_of_the_provider_are_fetched(page, house, kim):
    """It comes back with keys that nobody knows; what it says is believed all the same, because the keys are read again."""
    sign_in(page, house, kim)
    assert page.path == "/dashboard"
    house.provider.stop()
    house.provider.start()
    time.sleep(PAUSE)
    house.provider.person(kim, email=f"{kim}@mail.example", email_verified=True, name="Kim Falk")
    page.forget()
    sign_in(page, house, kim)
    assert page.path == "/dashboard" and count(house, kim) == 1, page.words[:300]


def test_flow_3_c_e_replayed_and_at_another_company(page, house, kim):
    page.go("/login")
    page.press('a[href="/login/oidc/works"]')
    state = state_of(page)
    page.at(f"harbour.localhost:{house.port}").go("/login")
    page.go(f"/login/oidc/works/callback?code=x&{state}")
    assert page.status == 400 and "This sign-in is over" in page.words, page.words[:300]
    page.at(f"lindenhof.localhost:{house.port}")
    sign_in(page, house, kim)
    assert page.path == "/dashboard"
    page.go(f"/login/oidc/works/callback?code=x&{state}")
    assert page.status == 400
    assert house.sql("select count(*) as n from app.identity i join app.tenant t on t.id = i.tenant_id and t.slug = 'harbour'")[0]["n"] == 0


class Waiting:
    """A program on this device that waits at a port that it found free."""

    def __init__(self):
        waiting = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_GET(self):
                waiting.led.append(urllib.parse.urlsplit(self.path))
                self.send_response(200)
                self.send_header("Content-Type", "text/html")
                self.end_headers()
                self.wfile.write(b"<!doctype html><title>Done</title><h1>Back to the program</h1>")

            def log_message(self, *_):
                pass

        self.led = []
        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", free_port()), Handler)
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        self.redirect = f"http://127.0.0.1:{self.server.server_port}/signed-in"
        self.verifier = secrets.token_urlsafe(32)
        self.challenge = base64.urlsafe_b64encode(hashlib.sha256(self.verifier.encode()).digest()).rstrip(b"=").decode()

    @property
    def answer(self) -> dict:
        last = next(one for one in reversed(self.led) if one.path == "/signed-in")
        return dict(urllib.parse.parse_qsl(last.query))

    def close(self):
        self.server.shutdown()
        self.server.server_close()


@pytest.fixture
def program():
    program = Waiting()
    yield program
    program.close()


def test_flow_3_a_program_signs_in_through_the_browser(page, house, kim, program):
    query = urllib.parse.urlencode({
        "redirect_uri": program.redirect, "code_challenge": program.challenge, "code_challenge_method": "S256", "state": "mine"})
    page.go(f"/api/v1/auth/oauth/works?{query}")
    at_provider(page, house, kim)
    assert page.driver.current_url.startswith(program.redirect) and "Back to the program" in page.words
    answer = program.answer
    assert answer["state"] == "mine" and set(answer) == {"login_code", "state"}

    def ask(path, body=None, token=None):
        request = urllib.request.Request(
            f"http://127.0.0.1:{house.port}/api/v1/{path}", json.dumps(body).encode() if body else None,
            {"Host": f"lindenhof.localhost:{house.port}", "Content-Type": "application/json"} | ({"Authorization": f"Bearer {token}"} if token else {}))
        try:
            with urllib.request.urlopen(request, timeout=30) as response:
                return response.status, json.load(response)
        except urllib.error.HTTPError as error:
            return error.code, json.load(error)

    wrong = {"loginCode": answer["login_code"], "codeVerifier": secrets.token_urlsafe(32)}
    right = {"loginCode": answer["login_code"], "codeVerifier": program.verifier}
    assert ask("auth/oauth/exchange", wrong)[0] == 401
    status, pair = ask("auth/oauth/exchange", right)
    assert status == 200 and ask("me", token=pair["accessToken"])[1]["email"] == f"{kim}@mail.example"
    assert ask("auth/oauth/exchange", right)[0] == 401, "once"
    page.go("/dashboard")
    assert page.path.startswith("/login"), "the browser itself is nobody"
    page.go(f"/api/v1/auth/oauth/works?{query.replace('signed-in', 'elsewhere')}")
    assert page.status == 400
    page.go(f"/api/v1/auth/oauth/gone?{query}")
    assert program.answer == {"error": "provider_unavailable", "state": "mine"}
