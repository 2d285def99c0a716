"""Flow 2: signing in with password and a code of an authenticator app, which here is pyotp. With and without JavaScript.

The app gets the secret as a phone would: from the QR code on the page.
"""

import re
import subprocess
import time
import uuid
from pathlib import Path
from urllib.parse import parse_qs, unquote, urlsplit

import gate
import pyotp
import pytest
from visitor import Program

AUTHENTICATOR = "/account/security/authenticator"


@pytest.fixture(params=["with JavaScript", "without JavaScript"])
def page(request, portico):
    portico.forget_limits()
    return request.getfixturevalue("browser" if request.param == "with JavaScript" else "plain")


@pytest.fixture
def person(portico):
    """Somebody of their own, with the password of the demo's manager."""
    demo, address = portico.person("manager"), f"kim-{uuid.uuid4().hex[:8]}@mail.example"
    portico.sql(
        f"""insert into app.member(tenant_id, id, email, name, roles, locale, password_hash)
            select tenant_id, gen_random_uuid(), '{address}', 'Kim Falk', '{{manager}}', 'en', password_hash from app.member where email = '{demo["email"]}'""")
    return {"email": address, "password": demo["password"]}


def program(portico, slug="lindenhof"):
    return Program(portico.port, f"{slug}.localhost:{portico.port}")


def scanned(page, folder: Path) -> pyotp.TOTP:
    """What a phone's camera makes of the picture."""
    file = folder / "page.png"
    page.screenshot(file)
    seen = subprocess.run(["zbarimg", "--quiet", "--raw", str(file)], capture_output=True, text=True, check=True).stdout.strip()
    parts = urlsplit(seen)
    assert (parts.scheme, parts.netloc) == ("otpauth", "totp"), seen
    query = {name: values[0] for name, values in parse_qs(parts.query).items()}
    assert (query["digits"], query["period"], query["algorithm"]) == ("6", "30", "SHA1")
    assert unquote(parts.path).startswith(f"/{query['issuer']}:"), seen
    assert query["secret"] == page.find("code.secret").text.replace(" ", ""), "picture and text say the same"
    return pyotp.TOTP(query["secret"])


def next_code(totp: pyotp.TOTP) -> str:
    """One step ahead, which is taken and is not the one of a moment ago."""
    return totp.at(time.time() + 30)


def enrol(page, folder) -> tuple:
    page.go("/account")
    page.press('a[href="/account/security"]')
    page.press(f'a[href="{AUTHENTICATOR}"]')
    totp = scanned(page, folder)
    page.type("#f-code", totp.now())
    page.press(f'form[action="{AUTHENTICATOR}"] button.primary')
    codes = [one.text for one in page.all(".recovery-codes code")]
    assert len(codes) == 10, page.words[:400]
    return totp, codes


def cookies(page) -> dict:
    return {one["name"]: one["value"] for one in page.driver.execute_cdp_cmd("Network.getCookies", {})["cookies"]}


def test_flow_2_a_b_the_second_factor_from_set_up_to_the_end(page, portico, person, tmp_path):
    page.sign_in(person["email"], person["password"])
    before = cookies(page)["portico"]
    totp, codes = enrol(page, tmp_path)
    assert cookies(page)["portico"] != before, "T67: the session's token is another one"
    gate.look(page, "factor recovery-codes")
    page.press('a.primary[href="/account/security"]')
    assert "10 of 10 left" in page.words
    gate.look(page, "factor security-on")

    # (a) no session before the code
    page.forget()
    page.go("/faults?state=open")
    page.type("#f-email", person["email"])
    page.type("#f-password", person["password"])
    page.press('form[action="/login"] button[type=submit]')
    assert page.path.startswith("/login/mfa") and "portico" not in cookies(page), page.words[:300]
    gate.look(page, "factor second-step")
    page.go("/dashboard")
    assert page.path.startswith("/login?")
    page.go("/login/mfa?next=/faults?state=open")
    page.type("#f-code", "000000" if totp.now() != "000000" else "000001")
    page.press('form[action="/login/mfa"] button.primary')
    assert page.status == 401 and "4 more tries" in page.words
    # (b) a code signs in …
    code = next_code(totp)
    page.type("#f-code", code)
    page.press('form[action="/login/mfa"] button.primary')
    assert page.path == "/faults?state=open" and "portico" in cookies(page), page.words[:300]
    # … and the same one again does not (T68)
    page.forget()
    page.sign_in(person["email"], person["password"])
    page.type("#f-code", code)
    page.press('form[action="/login/mfa"] button.primary')
    assert page.status == 401 and page.find("#f-code-error").text

    page.find("details summary").click()
    page.type("#f-recovery_code", codes[0].lower().replace("-", " "))
    page.press('details form button[type=submit]')
    assert page.path == "/dashboard", page.words[:300]
    portico.wait_for_jobs()
    page.go("/development/mail")
    for subject in ("A second factor was set up", "A recovery code was used"):
        assert subject in page.words

    page.go("/account/security")
    assert "9 of 10 left" in page.words
    page.press('a[href="/account/security/removal"]')
    gate.look(page, "factor removal")
    page.type("#f-password", person["password"])
    page.type("#f-code", codes[1])
    page.press('form[action="/account/security/removal"] button[type=submit]')
    assert page.path == "/account/security" and "switched off" in page.find(".flash").text
    gate.look(page, "factor security-off")
    page.forget()
    page.sign_in(person["email"], person["password"])
    assert page.path == "/dashboard"


def test_who_changes_factors_proves_first_who_they_are(page, portico, person):
    page.sign_in(person["email"], person["password"])
    portico.sql(
        f"update app.session set proved_at = now() - interval '6 minutes' where member_id = (select id from app.member where email = '{person['email']}')")
    page.go(AUTHENTICATOR)
    assert page.path == "/account/prove?next=" + AUTHENTICATOR.replace("/", "%2F"), page.path
    gate.look(page, "factor prove")
    page.type("#f-password", "not mine")
    page.press('form[action="/account/prove"] button.primary')
    assert page.find("#f-password").get_attribute("aria-invalid") == "true"
    page.type("#f-password", person["password"])
    page.press('form[action="/account/prove"] button.primary')
    assert page.path == AUTHENTICATOR, page.words[:300]
    gate.look(page, "factor authenticator")
    page.type("#f-code", "12 34 56")
    page.press(f'form[action="{AUTHENTICATOR}"] button.primary')
    assert page.status == 422 and page.find("#f-code-error").text


def test_flow_2_a_b_for_programs(portico, person):
    portico.forget_limits()
    client = program(portico).sign_in(person["email"], person["password"])
    offer = client.post("auth/mfa/enrol").json()
    totp = pyotp.parse_uri(offer["otpauthUrl"])
    assert totp.secret == offer["secret"] and totp.name == person["email"]
    assert len(client.post("auth/mfa/confirm", {"code": totp.now()}).json()["recoveryCodes"]) == 10
    stranger = program(portico)
    first = stranger.post("auth/login", {"email": person["email"], "password": person["password"]})
    assert first.status == 200 and first.json()["mfaRequired"] is True and "accessToken" not in first.text
    token, code = first.json()["mfaToken"], next_code(totp)
    stranger.token = token
    assert stranger.get("me").status == 401, "the challenge is no token"
    stranger.token = None
    done = stranger.post("auth/mfa/verify", {"mfaToken": token, "code": code})
    assert done.status == 200, done.text
    stranger.token = done.json()["accessToken"]
    assert stranger.get("me").json()["email"] == person["email"]
    again = stranger.post("auth/login", {"email": person["email"], "password": person["password"]}).json()["mfaToken"]
    refused = stranger.post("auth/mfa/verify", {"mfaToken": again, "code": code})
    assert (refused.status, refused.json()["code"], refused.json()["triesLeft"]) == (401, "mfa_invalid", 4), refused.text
    # (e) at another company's host
    elsewhere = program(portico, "harbour")
    assert elsewhere.post("auth/mfa/verify", {"mfaToken": again, "code": next_code(totp)}).json()["code"] == "mfa_token_invalid"
    assert elsewhere.post("auth/login", {"email": person["email"], "password": person["password"]}).status == 401
    # T68: six wrong codes, and the right one is refused, too
    answers = [stranger.post("auth/mfa/verify", {"mfaToken": again, "code": "000000"}) for _ in range(5)]
    assert [one.status for one in answers] == [401] * 4 + [401] and answers[-1].json()["code"] == "mfa_token_invalid"
    third = stranger.post("auth/login", {"email": person["email"], "password": person["password"]}).json()["mfaToken"]
    late = stranger.post("auth/mfa/verify", {"mfaToken": third, "code": next_code(totp)})
    assert late.status == 429 and int(late.header("Retry-After")) > 0, late.text
    portico.forget_limits()


def test_flow_2_c_e_the_sixth_wrong_password_and_another_company(page, portico, person):
    page.at(f"harbour.localhost:{portico.port}").sign_in(person["email"], person["password"])
    assert page.status == 401 and page.path == "/login", "(e) as for an unknown member"
    page.at(f"lindenhof.localhost:{portico.port}")
    for _ in range(5):
        page.sign_in(person["email"], "wrong")
        assert page.status == 401
    page.sign_in(person["email"], "wrong")
    assert page.status == 429, "(c) the sixth"
    page.sign_in(person["email"], person["password"])
    assert page.status == 429 and "portico" not in cookies(page), "(c) and the right one, too"
    portico.forget_limits()


def test_t68_codes_of_strangers_and_recovery_of_the_owner(portico, person):
    """Ten programs at once with the right password and wrong codes: five tries are looked at, and a new password ends it."""
    portico.forget_limits()
    client = program(portico).sign_in(person["email"], person["password"])
    totp = pyotp.TOTP(client.post("auth/mfa/enrol").json()["secret"])
    client.post("auth/mfa/confirm", {"code": totp.now()})
    seen = []
    for _ in range(4):
        token = program(portico).post("auth/login", {"email": person["email"], "password": person["password"]}).json()["mfaToken"]
        seen += [program(portico).post("auth/mfa/verify", {"mfaToken": token, "code": "111111"}).status for _ in range(5)]
    assert seen.count(401) >= 5 and 200 not in seen and 429 in seen, seen
    failed = portico.sql(
        f"select count(*) as n from app.audit_line where action = 'member.factor_failed' and entity_id = (select id from app.member where email = '{person['email']}')")
    assert failed[0]["n"] == 5
    portico.wait_for_jobs()
    visitor = portico.visitor("manager", language="en")
    mails = visitor.get("/development/mail").text
    assert re.search("Somebody tries to sign in as you", mails), mails[:500]
    portico.forget_limits()
