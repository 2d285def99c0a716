"""The people desk: roles, seeing as somebody, letting in and out, anonymising and a person's data; with and without JavaScript."""

import io
import uuid
import zipfile

import pytest
from steps import be, confirm
from visitor import Program


@pytest.fixture(params=["with JavaScript", "without JavaScript"])
def page(request, portico):
    portico.forget_limits()
    return request.getfixturevalue("browser" if request.param == "with JavaScript" else "plain")


@pytest.fixture
def person(portico):
    """Somebody whom nobody else needs: a copy of a resident with the same password."""
    known = portico.person("resident", "lindenhof")
    key = uuid.uuid4().hex[:12]
    email = f"people-{key}@lindenhof.example"
    portico.sql(
        f"""insert into app.member(tenant_id, id, email, name, roles, password_hash, locale)
            select tenant_id, gen_random_uuid(), '{email}', 'Pia {key}', '{{resident}}', password_hash, 'en'
              from app.member where email = '{known["email"]}'""")
    member = portico.sql(f"select id from app.member where email = '{email}'")[0]["id"]
    return {"id": member, "email": email, "name": f"Pia {key}", "password": known["password"]}


def program(portico, person):
    client = Program(portico.port, f"lindenhof.localhost:{portico.port}")
    answer = client.post("auth/login", {"email": person["email"], "password": person["password"]})
    if answer.status == 200:
        client.token = answer.json()["accessToken"]
    return client


def test_roles_hold_at_the_next_step_and_a_disabled_person_is_out(page, portico, person):
    client = program(portico, person)
    assert client.get("people").status == 403
    be(page, portico, "admin")
    page.go(f"/people?q={person['name'].split()[1]}&seen=never")
    assert "Nobody fits" in page.words or "Niemand passt" in page.words, "the program has signed in"
    page.go(f"/people/{person['id']}/roles")
    page.find('input[name="roles"][value="manager"]').click()
    page.press('main form button[type="submit"]')
    assert page.path == f"/people/{person['id']}", page.words[:300]
    assert client.get("people").status == 200
    confirm(page, 'form[action$="/suspension"] button')
    assert client.get("people").status == 401
    assert program(portico, person).token is None
    page.press('form[action$="/suspension/revocation"] button')
    assert program(portico, person).get("people").status == 200


def test_an_admin_sees_what_somebody_sees_and_changes_nothing(page, portico, person):
    be(page, portico, "admin")
    page.go(f"/people/{person['id']}/preview")
    page.type('textarea[name="reason"]', "Called: a report is missing")
    page.press('main form button[type="submit"]')
    assert page.path == "/dashboard" and f"as {person['name']} does" in page.find(".preview").text
    assert not page.has('nav a[href="/people"]')
    for path in ("/faults", "/notifications", "/account"):
        page.go(path)
        assert page.has(".preview"), path
    page.go("/account/sessions")
    assert page.has(".problem-code") and page.has(".preview")
    page.press(".preview button")
    assert page.path == f"/people/{person['id']}" and not page.has(".preview form")
    page.go("/people")
    assert page.path == "/people"
    page.forget()
    page.sign_in(person["email"], person["password"])
    page.go("/account/previews")
    assert "Called: a report is missing" in page.words


def test_a_person_takes_their_data_along_and_is_forgotten(page, portico, person):
    page.forget()
    page.sign_in(person["email"], person["password"])
    page.go("/account/exports")
    page.press('form[action="/account/exports"] button')
    portico.wait_for_jobs()
    page.go("/account/exports")
    link = page.find('a[href$="/file"]').get_attribute("href")
    client = program(portico, person)
    got = client.get("me/exports/" + link.split("/")[-2] + "/file")
    names = zipfile.ZipFile(io.BytesIO(got.body)).namelist()
    assert "README.txt" in names and "account.json" in names and "faults.csv" in names
    be(page, portico, "admin")
    page.go(f"/people/{person['id']}/anonymisation")
    page.type('textarea[name="reason"]', "Asked for it by letter")
    page.type('input[name="confirmation"]', person["name"])
    page.press('main form button[type="submit"]')
    assert page.path == f"/people/{person['id']}" and person["name"] not in page.words, page.words[:300]
    assert portico.sql(f"select count(*) as n from app.member where email = '{person['email']}'")[0]["n"] in (0, "0")
    assert program(portico, person).token is None
