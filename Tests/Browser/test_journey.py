"""The main job from end to end: a resident reports with a phone's photo, a manager assigns, a technician resolves, the resident confirms.

With and without JavaScript, in German and English, and as a program.
"""

import struct
import uuid

import pytest
from journey import Journey
from portico import PHONE

# Company, language of the page, and whether members choose the language themselves.
PLACES = {"lindenhof in German": ("lindenhof", "de", None), "harbour in English": ("harbour", "en", None), "lindenhof in English": ("lindenhof", "en", "en")}


def walk(browser, portico, slug, language, locale):
    journey, page = Journey(browser, portico, slug, language, locale), browser
    browser.language("en" if locale is None and language == "en" else "de")
    words, title = journey.words, f"Wasser <i>läuft</i> {uuid.uuid4().hex[:8]}"
    journey.be("manager")
    manager_before = journey.unread()
    journey.be("technician")
    technician_before = journey.unread()

    journey.be("resident")
    number = journey.report(title)
    assert page.h1 == title and words["reported"] in page.words
    assert page.all(".prose strong") and len(page.all(".prose li")) == 2
    check_photo(journey, number)
    portico.wait_for_jobs()

    journey.be("manager")
    assert journey.unread() == manager_before + 1, "the manager is told once"
    assert title in journey.notice(number)
    page.go(f"/faults/{number}")
    journey.act("assign", assignee_id=journey.technician())
    assert number in page.find(".flash").text
    assert not page.has('form[action$="/confirm"]')
    portico.wait_for_jobs()

    journey.be("technician")
    assert journey.unread() == technician_before + 1, "the technician is told once"
    page.go("/faults/mine")
    assert any(number in row.text for row in page.all(".rows li")), "the worklist has it"
    page.find(f'a[href="/faults/{number}"]').click()
    page.find('form[action$="/start"]')
    journey.act("start")
    journey.act("hold", reason="Ersatzteil <bestellt>")
    assert words["hold"] in page.words and "Ersatzteil <bestellt>" in page.words
    journey.act("start")
    refused = refuse_resolution(journey)
    assert refused
    journey.act("resolve", resolution="Dichtung ersetzt.", photos=str(PHONE))
    assert words["resolved"] in page.words
    assert len(page.all(".gallery img")) == 2, "both photos, each in its place"
    portico.wait_for_jobs()

    journey.be("resident")
    assert words["notice"] in journey.notice(number)
    page.go(f"/faults/{number}")
    journey.act("reopen", reason="Tropft wieder.")
    assert words["reopened"] in page.words
    portico.wait_for_jobs()

    journey.be("technician")
    page.go(f"/faults/{number}")
    journey.act("start")
    journey.act("resolve", resolution="Nun aber.")
    portico.wait_for_jobs()

    journey.be("resident")
    page.go("/dashboard")
    page.find(f'a[href="/faults/{number}"]').click()
    page.find('form[action$="/confirm"]')
    journey.act("confirm")
    assert words["closed"] in page.find(".page-head").text
    entries = [one.text for one in page.all(".timeline > li")]
    assert len(entries) == 10, entries
    assert [line for line in page.console() if "status of 422" not in line] == []

    other = journey.report(f"Versehen {uuid.uuid4().hex[:8]}", photos=())
    journey.act("cancel", reason="War schon offen.")
    assert words["cancelled"] in page.find(".page-head").text
    assert not page.all(".acts form"), f"{other}: nothing can be done with a cancelled fault"
    page.sign_out()
    assert page.path.startswith("/login")
    page.go(f"/faults/{number}")
    assert page.path.startswith("/login?next=")


def refuse_resolution(journey) -> bool:
    """Resolved without saying how: 422, the form is open, the summary leads to the field."""
    page = journey.browser
    form = page.find('form[action$="/resolve"]')
    folded = form.find_elements("xpath", "./ancestor::details[not(@open)]")
    if folded:
        folded[0].find_element("css selector", "summary").click()
    page.press('form[action$="/resolve"] button[type=submit]')
    assert page.title.startswith(journey.words["error"])
    assert journey.words["problem"] in page.find(".error-summary").text
    assert page.find('form[action$="/resolve"] textarea').is_displayed(), "the refused form stands open"
    assert page.find('form[action$="/resolve"] [aria-invalid=true]').get_attribute("aria-describedby")
    page.find(".error-summary a").click()
    if page.scripts:
        page.until(lambda: page.run("return document.activeElement.name") == "resolution", "in the field that the summary names")
    return True


def check_photo(journey, number):
    """The photo is shown, upright, and says nothing of where and with what it was taken."""
    page = journey.browser
    image = page.find(".gallery img")
    assert image.get_attribute("alt") and int(image.get_dom_attribute("height")) > int(image.get_dom_attribute("width")), "upright"
    wait_for_image(page, ".gallery img")
    page.press(".gallery a")
    wait_for_image(page, "figure.photo img")
    picture = page.find("figure.photo img")
    assert (picture.get_dom_attribute("width"), picture.get_dom_attribute("height")) == ("1500", "2000")
    visitor = journey.portico.visitor("resident", journey.slug)
    for path in (picture.get_attribute("src"), image_source(visitor, number)):
        answer = visitor.get(path.removeprefix(page.base))
        assert answer.status == 200 and answer.header("Content-Type") == "image/jpeg"
        for secret in (b"Exif", b"GPS", b"CNRY", b"http://ns.adobe.com"):
            assert secret not in answer.body, f"{secret} is still in the photo"
    page.go(f"/faults/{number}")


def wait_for_image(page, css):
    page.until(lambda: int(page.find(css).get_property("naturalWidth") or 0), f"showing {css}")


def image_source(visitor, number):
    return visitor.get(f"/faults/{number}").page.images[-1]["src"]


@pytest.mark.parametrize("where", PLACES)
def test_the_journey_with_javascript(browser, portico, where):
    walk(browser, portico, *PLACES[where])


@pytest.mark.parametrize("where", PLACES)
def test_the_journey_without_javascript(plain, portico, where):
    walk(plain, portico, *PLACES[where])


@pytest.fixture(autouse=True)
def own_languages_again(portico):
    yield
    portico.sql("update app.member set locale = null")


@pytest.mark.parametrize("slug", ["lindenhof", "harbour"])
def test_the_journey_of_programs(portico, slug, phone):
    """Done when 2, through /api/v1 with bearer tokens: the same states, the same rules, camelCase."""
    people = {role: portico.program(role, slug) for role in ("resident", "manager", "technician")}
    resident, manager, technician = people.values()
    places = portico.sql(
        f"""select o.unit_id as id from app.occupancy o join app.member m on m.tenant_id = o.tenant_id and m.id = o.member_id
            where m.email = '{portico.person("resident", slug)["email"]}' and o.until is null limit 1""")
    body = {"title": "Heizung kalt", "description": "Seit *gestern*", "category": "plumbing", "unitId": places[0]["id"]}
    made = resident.upload("faults", body, [("photos", "a.jpg", "image/jpeg", phone), ("photos", "b.jpg", "image/jpeg", phone)])
    assert made.status == 201, made.text
    fault = made.json()
    assert fault["faultId"] == fault["id"] and fault["status"] == "reported" and fault["number"].startswith("F-")
    path = f"faults/{fault['id']}"
    assert resident.post("faults", {"title": "", "description": "x", "category": "nonsense"}).status == 400
    answer = resident.post("faults", {"title": "", "category": "nonsense"})
    assert {"title", "description", "category"} <= {problem["field"] for problem in answer.json()["errors"]}
    assert resident.post("faults", body | {"unitId": str(uuid.uuid4())}).status == 404
    portico.wait_for_jobs()

    notices = manager.get("notifications?show=unread").json()["items"]
    assert [one for one in notices if fault["number"] in one["text"]][0]["path"] == f"/faults/{fault['number']}"
    member = technician.get("me").json()["id"]
    assert resident.patch(path, {"assigneeId": member}).status == 403
    assert manager.patch(path, {"assigneeId": str(uuid.uuid4())}).status == 400
    version = manager.get(path).json()["version"]
    assigned = manager.patch(path, {"assigneeId": member, "version": version})
    assert assigned.status == 200 and assigned.json()["assigneeId"] == member and assigned.json()["version"] == version + 1
    stale = manager.patch(path, {"assigneeId": resident.get("me").json()["id"], "version": version})
    assert stale.status in (400, 409), stale.text
    assert manager.patch(path, {"status": "on_hold", "reason": "x", "version": version}).status == 409
    portico.wait_for_jobs()

    assert fault["id"] in {one["id"] for one in technician.get("faults/mine").json()["items"]}
    wrong = technician.patch(path, {"status": "closed"})
    assert wrong.status in (400, 403)
    assert technician.patch(path, {"status": "in_progress"}).status == 200
    assert technician.patch(path, {"status": "resolved"}).status == 400, "a resolution needs words"
    assert technician.patch(path, {"status": "on_hold", "reason": "Teil fehlt"}).json()["status"] == "on_hold"
    refused = technician.patch(path, {"status": "resolved", "resolution": "x"})
    assert refused.status == 400 and refused.json()["code"] == "invalid_transition"
    assert set(refused.json()["allowedTransitions"]) >= {"in_progress"}
    assert technician.patch(path, {"status": "in_progress"}).status == 200
    assert technician.upload(f"{path}/resolve", {"resolution": "Entlüftet"}, [("photos", "c.jpg", "image/jpeg", phone)]).status == 200
    portico.wait_for_jobs()

    assert [one for one in resident.get("notifications?show=unread").json()["items"] if one["kind"] == "fault.resolved" and fault["number"] in one["text"]]
    assert resident.patch(path, {"status": "reopened", "reason": "Wieder kalt"}).json()["status"] == "reopened"
    assert technician.patch(path, {"status": "in_progress"}).status == 200
    assert technician.patch(path, {"status": "resolved", "resolution": "Ventil getauscht"}).status == 200
    closed = resident.patch(path, {"status": "closed"})
    assert closed.status == 200 and closed.json()["status"] == "closed" and closed.json()["closedAt"]
    full = resident.get(path).json()
    assert [one["kind"] for one in full["history"]] == [
        "reported", "assigned", "started", "held", "started", "resolved", "reopened", "started", "resolved", "confirmed"]
    assert [one["stage"] for one in full["photos"]] == ["report", "report", "resolution"]
    for photo in full["photos"]:
        data = resident.get(photo["url"]).body
        assert data.startswith(b"\xff\xd8") and jpeg_size(data) == (1500, 2000) and b"CNRY" not in data and b"Exif" not in data
        assert max(jpeg_size(resident.get(photo["thumbnailUrl"]).body)) == 400
    second = resident.post("faults", body).json()
    assert resident.patch(f"faults/{second['id']}", {"status": "cancelled", "reason": "Irrtum"}).json()["status"] == "cancelled"
    assert manager.patch(f"faults/{second['id']}", {"status": "in_progress"}).status == 400
    listed = manager.get("faults?state=closed&limit=5").json()
    assert listed["total"] >= 1 and fault["id"] in {one["id"] for one in listed["items"]} and "nextCursor" in listed or listed["total"] <= 5
    assert resident.post("auth/logout").status in (200, 204)
    assert resident.get("me").status == 401


def jpeg_size(data: bytes) -> tuple:
    place = 2
    while True:
        marker, length = data[place + 1], struct.unpack(">H", data[place + 2:place + 4])[0]
        if 0xC0 <= marker <= 0xCF and marker not in (0xC4, 0xC8, 0xCC):
            height, width = struct.unpack(">HH", data[place + 5:place + 9])
            return width, height
        place += 2 + length
