"""FLOWS-1 flow 5 (a)-(e), each through the browser and through the API, with a real mail server.

Where the flow lets the delegate vote, these tests let them report a fault (the right `report_fault`): votes come later, and ask the
same question of the same place. A test's name says the flow and the line; its parameter the door.
"""

import uuid

import pytest
from visitor import Program

PASSWORD = "tulpe-anker-73-wolke"
RIGHT = "report_fault"


def address() -> str:
    return f"anna-{uuid.uuid4().hex[:12]}@mail.example"


class ByBrowser:
    """What people do at the pages."""

    def __init__(self, house, page):
        self.house, self.page = house, page

    def at(self, slug):
        self.page.at(f"{slug}.localhost:{self.house.port}").forget()
        self.page.language("en")
        return self.page

    def enter(self, role, slug="lindenhof"):
        person = self.house.person(role, slug)
        self.at(slug).sign_in(person["email"], person["password"])

    def offer(self, email, unit):
        self.enter("owner")
        self.page.go("/delegations/new")
        self.page.type("#f-delegate_email", email)
        self.page.choose("#f-unit_id", unit)
        self.page.tick("rights", RIGHT)
        self.page.press('form[action="/delegations"] button.primary')
        assert email in self.page.find(".flash").text
        return self.page.path.rsplit("/", 1)[-1]

    def come_in(self, email, link):
        """By the mail's link, up to the page that asks for an answer."""
        self.at("lindenhof").go(link)
        for name, value in {"email": email, "display_name": "Anna Roth", "password": PASSWORD, "password_confirm": PASSWORD}.items():
            self.page.type(f"#f-{name}", value)
        self.page.press('form[action="/register"] button.primary')
        assert self.page.path.partition("?")[0].endswith("/accept"), self.page.words[:300]

    def accept(self, id):
        self.page.press(f'form[action="/delegations/{id}/accept"] button.primary')
        assert self.page.path == f"/delegations/{id}"

    def again(self, email):
        self.at("lindenhof").sign_in(email, PASSWORD)

    def places(self) -> list:
        """Where whoever is signed in may report."""
        self.page.go("/faults/new")
        return [one.get_attribute("value") for one in self.page.all("#f-place option") if one.get_attribute("value")]

    def may_report(self, unit) -> bool:
        self.page.go(f"/faults/new?unit={unit}")
        if self.page.status == 403:
            return False
        if f"unit-{unit}" not in self.places():
            return False
        self.page.tick("category", "plumbing")
        self.page.type("#f-title", "The tap drips")
        self.page.type("#f-description", "In the bath, since this morning.")
        self.page.press('form[action="/faults"] button.primary')
        assert self.page.path.startswith("/faults/F-"), self.page.words[:300]
        return True

    def says(self) -> str:
        """The page of what was just reported."""
        return self.page.words

    def opens(self, path) -> int:
        self.page.go(path)
        return self.page.status

    def revoke(self, id):
        self.enter("owner")
        self.page.go(f"/delegations/{id}")
        self.page.find(f'form[action="/delegations/{id}/revocation"] button').click()
        self.page.press("dialog[open] .danger")
        assert "has ended" in self.page.find(".flash").text

    def knows(self, role, slug, id) -> int:
        self.enter(role, slug)
        return self.opens(f"/delegations/{id}")

    def lists(self, role, slug) -> str:
        self.enter(role, slug)
        self.page.go("/delegations?show=all")
        return self.page.words


class ByProgram:
    """The same at /api/v1."""

    def __init__(self, house, _):
        self.house, self.client, self.answer = house, None, None

    def at(self, slug) -> Program:
        self.client = Program(self.house.port, f"{slug}.localhost:{self.house.port}")
        return self.client

    def offer(self, email, unit):
        body = {"delegateEmail": email, "rights": [RIGHT], "unitId": unit, "expiresAt": None}
        answer = self.house.program("owner").post("delegations", body)
        assert answer.status == 201, answer.text
        return answer.json()["delegationId"]

    def come_in(self, email, link):
        code = link.partition("code=")[2].partition("&")[0]
        answer = self.at("lindenhof").post("auth/register", {"email": email, "password": PASSWORD, "invitationCode": code})
        assert answer.status == 201, answer.text
        self.client.token = answer.json()["token"]

    def accept(self, id):
        answer = self.client.post(f"delegations/{id}/accept", {})
        assert (answer.status, answer.json()["state"]) == (200, "accepted"), answer.text

    def again(self, email):
        self.at("lindenhof").sign_in(email, PASSWORD)

    def may_report(self, unit) -> bool:
        body = {"title": "The tap drips", "description": "In the bath, since this morning.", "category": "plumbing", "unitId": unit}
        self.answer = self.client.post("faults", body)
        assert self.answer.status in (201, 403, 404), self.answer.text
        return self.answer.status == 201

    def says(self) -> str:
        behalf = self.answer.json()
        return f"{behalf['reporter']['name']} on behalf of {behalf['onBehalfOf']['name']}"

    def opens(self, path) -> int:
        return self.client.get(path.lstrip("/")).status

    def revoke(self, id):
        assert self.house.program("owner").post(f"delegations/{id}", method="DELETE").status == 204

    def knows(self, role, slug, id) -> int:
        return self.house.program(role, slug).get(f"delegations/{id}").status

    def lists(self, role, slug) -> str:
        return self.house.program(role, slug).get("delegations?show=all").text


@pytest.fixture(params=[ByBrowser, ByProgram], ids=["browser", "api"])
def door(request, real):
    return request.param(real, request.getfixturevalue("page") if request.param is ByBrowser else None)


@pytest.fixture
def units(real):
    """A unit of the demo's owner, and one of somebody else."""
    own = f"""select o.unit_id from app.occupancy o join app.member m on m.tenant_id = o.tenant_id and m.id = o.member_id
               where m.email = '{real.person("owner")["email"]}' and o.kind = 'owner' and o.until is null"""
    mine = real.sql(f"select unit_id as id from ({own}) o limit 1")[0]["id"]
    other = real.sql(
        f"""select u.id from app.unit u join app.tenant t on t.id = u.tenant_id and t.slug = 'lindenhof'
             where u.id not in ({own}) order by u.id limit 1""")[0]["id"]
    return mine, other


def offered(real, door, unit) -> tuple:
    """An offer to somebody unknown: its id, their address, and the link in the one mail that they got."""
    email = address()
    id = door.offer(email, unit)
    real.wait_for_jobs()
    assert len(real.mailbox.mails(email)) == 1
    return id, email, real.mailbox.link(email, "/register?code=")


def lent(real, door, unit) -> tuple:
    id, email, link = offered(real, door, unit)
    door.come_in(email, link)
    door.accept(id)
    return id, email


def state(real, id) -> str:
    return real.sql(f"select state from app.delegation where id = '{id}'")[0]["state"]


def test_flow_5_a_a_new_person_gets_the_mail_registers_accepts_and_acts_for_that_unit_and_nothing_else(real, door, units):
    mine, other = units
    owner = real.person("owner")["name"]
    id, email = lent(real, door, mine)
    assert door.may_report(mine)
    assert f"on behalf of {owner}" in door.says()
    assert not door.may_report(other)
    assert [door.opens(path) for path in ("/buildings", "/people", f"/units/{mine}")] == [403, 403, 403]
    real.wait_for_jobs()
    assert any("acts for you now" in subject or "handelt jetzt für Sie" in subject for subject in real.mailbox.subjects(real.person("owner")["email"]))
    lines = real.sql(
        f"""select l.action from app.audit_line l join app.member m on m.tenant_id = l.tenant_id and m.id = l.actor_id
             join app.member o on o.tenant_id = l.tenant_id and o.id = l.on_behalf_of
            where m.email = '{email}' and o.email = '{real.person("owner")["email"]}'""")
    assert [line["action"] for line in lines] == ["fault.reported"]


def test_flow_5_b_without_accepting_one_cannot(real, door, units):
    id, email, link = offered(real, door, units[0])
    door.come_in(email, link)
    assert not door.may_report(units[0])
    assert state(real, id) == "pending"


def test_flow_5_c_revoked_it_ends_at_the_next_request_and_what_was_reported_stays(real, door, units):
    id, email = lent(real, door, units[0])
    assert door.may_report(units[0])
    door.revoke(id)
    door.again(email)
    assert not door.may_report(units[0])
    kept = f"select count(*) as n from app.fault f join app.member m on m.tenant_id = f.tenant_id and m.id = f.reporter_id where m.email = '{email}'"
    assert real.sql(kept)[0]["n"] == 1


def test_flow_5_d_one_that_has_run_out_is_refused_with_the_worker_stopped(real, door, units):
    id, email = lent(real, door, units[0])
    real.fire()
    real.sql(f"update app.delegation set offered_at = now() - interval '2 days', expires_at = now() - interval '1 second' where id = '{id}'")
    assert not door.may_report(units[0])
    assert state(real, id) == "accepted", "nobody was there to note it"


def test_flow_5_e_another_company_sees_neither_the_delegation_nor_its_link(real, door, units):
    id, email, link = offered(real, door, units[0])
    assert door.knows("manager", "lindenhof", id) == 200
    assert [door.knows(role, "harbour", id) for role in ("owner", "admin")] == [404, 404]
    assert door.opens(f"/delegations/{id}/accept") == 404 if isinstance(door, ByBrowser) else True
    assert email in door.lists("manager", "lindenhof") and email not in door.lists("admin", "harbour")
    answer = real.program("admin", "harbour").post(f"delegations/{id}/accept", {"token": link.rpartition("%3D")[2] or "x"})
    assert answer.status == 404
