"""Where somebody is signed in, and their tokens for programs: with and without JavaScript."""

import re

import gate
import pytest
from steps import be, confirm
from visitor import Program


@pytest.fixture(params=["with JavaScript", "without JavaScript"])
def page(request, portico):
    portico.forget_limits()
    return request.getfixturevalue("browser" if request.param == "with JavaScript" else "plain")


def program(portico, person):
    client = Program(portico.port, f"lindenhof.localhost:{portico.port}")
    pair = client.post("auth/login", {"email": person["email"], "password": person["password"]}).json()
    client.token = pair["accessToken"]
    return client


def test_signing_out_another_device(page, portico):
    person = be(page, portico, "technician")
    other = portico.visitor("technician")
    client = program(portico, person)
    page.go("/account/sessions")
    rows = page.all("main tbody tr")
    assert len(rows) >= 3 and sum("This one" in row.text for row in rows) == 1
    assert "Chrome on Linux" in page.words and "127.0.0.1" in page.words
    assert other.get("/dashboard").status == 200 and client.get("me").status == 200
    page.press('main tbody form[action$="/revocation"] button')
    assert page.path == "/account/sessions" and "has ended" in page.find(".flash").text
    assert len(page.all("main tbody tr")) == len(rows) - 1
    assert client.get("me").status == 401, "the newest, which is the program, was the first to end"

    confirm(page, 'form[action="/account/sessions/revocation"] button')
    assert page.path == "/account/sessions" and "here only" in page.find(".flash").text
    assert len(page.all("main tbody tr")) == 1
    assert other.get("/dashboard").status == 303
    page.go("/dashboard")
    assert page.path == "/dashboard"


def test_a_token_is_made_used_and_revoked(page, portico):
    be(page, portico, "manager")
    name = f"Importer {'with' if page.scripts else 'without'}"
    page.go("/account/tokens")
    page.type("#f-name", name)
    page.press('form[action="/account/tokens"] button.primary')
    assert page.find(".error-summary") and page.find("#f-name").get_attribute("value") == name, "no scope was chosen"
    page.find('input[name=scopes][value="faults:see_all"]').click()
    page.press('form[action="/account/tokens"] button.primary')
    secret = page.find("code.secret").text
    assert re.fullmatch(r"portico_[A-Za-z0-9_-]{43}", secret)
    gate.look(page, "token")

    client = Program(portico.port, f"lindenhof.localhost:{portico.port}")
    client.token = secret
    assert client.get("faults").status == 200 and client.get("buildings").status == 403 and client.get("me/tokens").status == 403
    page.go("/account/tokens")
    assert secret not in page.words
    row = next(row for row in page.all("main tbody tr") if name in row.text)
    assert "Active" in row.text and "127.0.0.1" in row.text
    mine = f'main tbody form[action="{row.find_element("css selector", "form").get_attribute("action").removeprefix(page.base)}"] button'
    confirm(page, mine)
    assert "revoked" in page.find(".flash").text
    assert client.get("faults").status == 401


def test_an_admin_ends_what_somebody_is_signed_in_with(page, portico):
    visitor, person = portico.visitor("resident"), portico.person("resident", "lindenhof")
    client = program(portico, person)
    be(page, portico, "admin")
    member = portico.sql(f"select id from app.member where email = '{person['email']}'")[0]["id"]
    page.go(f"/people/{member}")
    confirm(page, 'form[action$="/sessions/revocation"] button')
    assert page.path == f"/people/{member}" and "ended" in page.find(".flash").text
    assert "No sign-ins" in page.words
    assert visitor.get("/dashboard").status == 303 and client.get("me").status == 401
    portico.wait_for_jobs()
    again = portico.visitor("resident")
    assert "hat alle Ihre Anmeldungen beendet" in again.get("/notifications").page.words or "has ended all your sign-ins" in again.get("/notifications").page.words
