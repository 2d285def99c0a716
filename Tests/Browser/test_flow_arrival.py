"""FLOWS-1 flow 1 (a)-(e) and FLOWS-2 §1.1 (1)-(5), each through the browser and through the API, with a real mail server.

A test's name says the flow and the line; its parameter the door.
"""

import json
import re
import uuid

import pytest
from visitor import Program

PASSWORD = "tulpe-anker-73-wolke"


def address() -> str:
    return f"nora-{uuid.uuid4().hex[:12]}@mail.example"


class ByBrowser:
    """What a person does at the pages."""

    def __init__(self, house, page):
        self.house, self.page = house, page

    def at(self, slug):
        self.page.at(f"{slug}.localhost:{self.house.port}").forget()
        return self.page

    def fill(self, **values):
        for name, value in values.items():
            self.page.type(f"#f-{name}", value)

    def invite(self, email, slug="lindenhof"):
        person = self.house.person("manager", slug)
        self.at(slug).sign_in(person["email"], person["password"])
        self.page.go("/admin/invitations/new")
        self.fill(email=email)
        self.page.choose("#f-role", "resident")
        self.page.press('form[action="/admin/invitations"] button.primary')
        assert email in self.page.find(".flash").text

    def come_in(self, email, code, slug="lindenhof", language="en") -> bool:
        self.at(slug).language(language)
        self.page.go(f"/register?code={code}")
        self.fill(email=email, display_name="Nora Blum", password=PASSWORD, password_confirm=PASSWORD)
        self.page.press('form[action="/register"] button.primary')
        if self.page.path == "/dashboard":
            return True
        assert self.page.find(".error-summary") and self.page.path == "/register"
        return False

    def role(self) -> str:
        """Of whoever is signed in."""
        self.page.press_menu()
        return self.page.find(".menu .who span").text

    def register(self, email, slug="lindenhof") -> tuple:
        """Everything that the answer tells, without what differs between any two answers."""
        self.at(slug).go("/register")
        self.fill(full_name="Nora Blum", email=email, password=PASSWORD)
        self.page.find("#f-accept_terms").click()
        self.page.press('form[action="/register"] button.primary')
        assert self.page.path == "/register/sent", self.page.words[:300]
        html = re.sub(r'(name="(?:csrf_token|form_key)" value=")[^"]*', r"\1", self.page.run("return document.documentElement.outerHTML"))
        return self.page.path, html

    def verify(self, link, slug="lindenhof") -> int:
        """The status of the link's page, after its button if it has one."""
        self.at(slug).go(link)
        status = self.page.status
        if status == 200 and self.page.has('form[action="/verify"]'):
            self.page.press('form[action="/verify"] button.primary')
            assert self.page.path == "/verify/done"
        return status

    def can_sign_in(self, email, slug="lindenhof") -> bool:
        self.at(slug).sign_in(email, PASSWORD)
        return self.page.path == "/dashboard"

    def people(self, slug) -> str:
        """Everybody that a manager finds under that part of a mail address."""
        person = self.house.person("admin", slug)
        self.at(slug).sign_in(person["email"], person["password"])
        self.page.go("/people?q=nora")
        return self.page.words


class ByProgram:
    """What a program does at /api/v1."""

    def __init__(self, house, _):
        self.house, self.client = house, None

    def at(self, slug) -> Program:
        self.client = Program(self.house.port, f"{slug}.localhost:{self.house.port}")
        return self.client

    def invite(self, email, slug="lindenhof"):
        answer = self.house.program("manager", slug).post("invitations", {"email": email, "role": "resident"})
        assert answer.status == 201, answer.text

    def come_in(self, email, code, slug="lindenhof", language="en") -> bool:
        body = json.dumps({"email": email, "password": PASSWORD, "invitationCode": code}).encode()
        answer = self.at(slug).request(
            "POST", "auth/register", body, {"Content-Type": "application/json", "Accept-Language": language})
        if answer.status != 201:
            assert (answer.status, answer.json()["code"]) == (400, "invitation_invalid"), answer.text
            return False
        assert set(answer.json()) >= {"userId", "token"}
        self.client.token = answer.json()["token"]
        return True

    def role(self) -> str:
        (role,) = self.client.get("me").json()["roles"]
        return role.capitalize()

    def register(self, email, slug="lindenhof") -> tuple:
        answer = self.at(slug).post("auth/register", {"full_name": "Nora Blum", "email": email, "password": PASSWORD})
        assert answer.status == 201, answer.text
        body = answer.json()
        assert body["status"] == "pending_verification"
        return answer.status, {name: value for name, value in body.items() if name not in ("registration_id", "registrationId")}

    def verify(self, link, slug="lindenhof") -> int:
        answer = self.at(slug).get(f"auth{link}")
        assert answer.status != 200 or answer.json()["status"] == "verified"
        return answer.status

    def can_sign_in(self, email, slug="lindenhof") -> bool:
        return self.at(slug).post("auth/login", {"email": email, "password": PASSWORD}).status == 200

    def people(self, slug) -> str:
        return self.house.program("admin", slug).get("people?q=nora").text


@pytest.fixture(params=[ByBrowser, ByProgram], ids=["browser", "api"])
def door(request, real):
    return request.param(real, request.getfixturevalue("page") if request.param is ByBrowser else None)


def invited(real, door, slug="lindenhof") -> tuple:
    """Somebody whose invitation has come by mail, and its code."""
    email = address()
    door.invite(email, slug)
    real.wait_for_jobs()
    return email, real.mailbox.link(email, "/register?code=").partition("code=")[2]


def members(real, email) -> int:
    return real.sql(f"select count(*) as n from app.member where lower(email) = '{email}'")[0]["n"]


def deliveries(real, email) -> list:
    return real.sql(
        f"""select d.state, d.tries from app.delivery d left join app.member m on m.tenant_id = d.tenant_id and m.id = d.member_id
             where lower(coalesce(d.address, m.email)) = '{email}'""")


def test_flow_1_a_a_valid_code_lets_in_with_the_invited_role(real, door):
    email, code = invited(real, door)
    assert door.come_in(email, code)
    assert door.role() == "Resident"
    assert members(real, email) == 1


def test_flow_1_b_the_second_use_of_the_code_is_refused_and_makes_nobody(real, door):
    email, code = invited(real, door)
    assert door.come_in(email, code)
    assert not door.come_in(email, code)
    assert not door.come_in(address(), code)
    assert members(real, email) == 1


def test_flow_1_c_with_the_mail_server_down_one_comes_in_and_the_welcome_arrives_later_once(real, door):
    email, code = invited(real, door)
    before = len(real.mailbox.mails(email))
    real.mailbox.stop()
    assert door.come_in(email, code)
    real.later(lambda: any(one["tries"] and one["state"] == "failed" for one in deliveries(real, email)), "tried while the server is down")
    real.mailbox.start()
    real.later(lambda: all(one["state"] == "sent" for one in deliveries(real, email)), "settled")
    assert [subject.startswith("Welcome to") for subject in real.mailbox.subjects(email)[before:]] == [True]


@pytest.mark.parametrize("language, words", [("en", "Welcome to"), ("de", "Willkommen bei")])
def test_flow_1_d_the_welcome_goes_to_the_right_address_in_the_right_language(real, door, language, words):
    email, code = invited(real, door)
    before = len(real.mailbox.mails(email))
    assert door.come_in(email, code, language=language)
    real.wait_for_jobs()
    (mail,) = real.mailbox.mails(email)[before:]
    assert words in mail["Subject"] and mail["To"].addresses[0].addr_spec == email
    assert f"lindenhof.localhost:{real.port}/login" in mail.get_body(("plain",)).get_content()


def test_flow_1_e_a_code_of_one_company_is_refused_at_the_other(real, door):
    email, code = invited(real, door, "lindenhof")
    assert not door.come_in(email, code, "harbour")
    assert email not in door.people("harbour")
    assert members(real, email) == 0
    assert door.come_in(email, code, "lindenhof"), "it is still good where it belongs"
    assert email not in door.people("harbour")


def test_flows_2_1_1_1_one_mail_whose_link_activates_the_account(real, door):
    email = address()
    door.register(email)
    real.wait_for_jobs()
    assert len(real.mailbox.mails(email)) == 1
    assert door.verify(real.mailbox.link(email, "/verify?token=")) == 200
    assert door.can_sign_in(email)
    real.wait_for_jobs()
    assert len(real.mailbox.mails(email)) == 1


def test_flows_2_1_1_2_a_known_address_gets_the_same_answer(real, door):
    known = real.person("owner" if any(one["role"] == "owner" for one in real.people) else "resident")["email"]
    assert door.register(known) == door.register(address())
    real.wait_for_jobs()
    assert "already have an account" in real.mailbox.subjects(known)[-1] or "bereits ein Konto" in real.mailbox.subjects(known)[-1]


def test_flows_2_1_1_3_with_mail_down_one_registers_and_the_mail_arrives_later(real, door):
    email = address()
    real.mailbox.stop()
    door.register(email)
    real.later(lambda: any(one["tries"] and one["state"] == "failed" for one in deliveries(real, email)), "tried while the server is down")
    real.mailbox.start()
    real.later(lambda: all(one["state"] == "sent" for one in deliveries(real, email)), "settled")
    assert door.verify(real.mailbox.link(email, "/verify?token=")) == 200
    assert len(real.mailbox.mails(email)) == 1


def test_flows_2_1_1_4_nobody_signs_in_before_the_address_is_confirmed(real, door):
    email = address()
    door.register(email)
    assert not door.can_sign_in(email)


def test_flows_2_1_1_5_two_companies_have_the_same_address_and_know_nothing_of_each_other(real, door):
    email = address()
    door.register(email, "lindenhof")
    real.wait_for_jobs()
    link = real.mailbox.link(email, "/verify?token=")
    door.register(email, "harbour")
    real.wait_for_jobs()
    other = real.mailbox.link(email, "/verify?token=")
    assert other != link
    assert door.verify(link, "harbour") == 404
    assert door.verify(link, "lindenhof") == 200
    assert door.can_sign_in(email, "lindenhof") and not door.can_sign_in(email, "harbour")
    assert door.verify(other, "harbour") == 200
    assert door.can_sign_in(email, "harbour")
