"""FLOWS-1 flow 6 (a)-(e) and flow 7 (a)-(e), each through the browser and through the API, with a real mail server and moto's S3.

A test's name says the flow and the line, and ends with the door.
"""

import shutil
import threading
import uuid

import pytest
from journey import Journey
from portico import PHONE

SLUG, STRANGER = "lindenhof", "harbour"


@pytest.fixture
def journey(page, real):
    """Lindenhof's people at one browser, in English."""
    return Journey(page, real, SLUG, "en", "en")


@pytest.fixture
def photos(tmp_path):
    """Two files, as somebody chooses them."""
    return [shutil.copy(PHONE, tmp_path / name) for name in ("front.jpg", "back.jpg")]


class Programs:
    """The same people with bearer tokens."""

    def __init__(self, real):
        self.real = real
        self.resident, self.manager, self.technician = (real.program(role, SLUG) for role in ("resident", "manager", "technician"))
        self.worker = self.technician.get("me").json()["id"]

    def report(self, files=(), **values) -> dict:
        unit = self.real.sql(
            f"""select o.unit_id as id from app.occupancy o join app.member m on m.tenant_id = o.tenant_id and m.id = o.member_id
                where m.email = '{self.real.person("resident", SLUG)["email"]}' and o.until is null limit 1""")[0]["id"]
        body = {"title": f"Tap {uuid.uuid4().hex[:8]}", "description": "It drips.", "category": "plumbing", "unitId": unit} | values
        answer = self.resident.upload("faults", body, files) if files else self.resident.post("faults", body)
        assert answer.status == 201, answer.text
        return answer.json()


@pytest.fixture
def programs(real):
    return Programs(real)


def told(real, number, kind, role) -> int:
    """How many notices of a kind about a fault somebody has in the inbox."""
    return real.sql(
        f"""select count(*) as n from app.notification n join app.member m on m.tenant_id = n.tenant_id and m.id = n.member_id
             join app.tenant t on t.id = n.tenant_id and t.slug = '{SLUG}'
            where n.facts->>'number' = '{number}' and n.kind = '{kind}' and m.email = '{real.person(role, SLUG)["email"]}'""")[0]["n"]


def mails(real, number, role) -> list:
    """Subjects of the mails about a fault that arrived for somebody."""
    found = real.mailbox.mails(real.person(role, SLUG)["email"])
    return [str(mail["Subject"]) for mail in found if number in mail["Subject"] or number in mail.get_body(("plain",)).get_content()]


def fault(real, number) -> dict:
    return real.sql(
        f"""select f.id, f.state, f.version, f.assignee_id, (select count(*) from app.fault_entry e where e.tenant_id = f.tenant_id
                   and e.fault_id = f.id) as entries
              from app.fault f join app.tenant t on t.id = f.tenant_id and t.slug = '{SLUG}' where f.number = '{number}'""")[0]


def photo_rows(real, number) -> list:
    return real.sql(
        f"""select p.id, p.object_key, p.thumb_key from app.fault_photo p join app.tenant t on t.id = p.tenant_id and t.slug = '{SLUG}'
             where p.fault_id = '{fault(real, number)["id"]}'""")


def objects(real, number) -> set:
    return {row[name] for row in photo_rows(real, number) for name in ("object_key", "thumb_key")}


def check_gallery(page, count):
    """So many photos, and each is really drawn: small on the fault's page, large on its own."""
    assert len(page.all(".gallery img")) == count, page.words[:300]
    for place in range(count):
        page.until(lambda place=place: page.all(".gallery img")[place].get_property("naturalWidth"), f"photo {place + 1} small")
    for href in [link.get_attribute("href").removeprefix(page.base) for link in page.all(".gallery a")]:
        back = page.path
        page.go(href)
        page.until(lambda: int(page.find("figure.photo img").get_property("naturalWidth") or 0) > 1000, "photo large")
        page.go(back)


# MARK: Flow 6


def test_flow_6_a_two_photos_open_for_the_manager_browser(real, journey, photos):
    journey.be("resident")
    number = journey.report(f"Two photos {uuid.uuid4().hex[:8]}", photos)
    journey.be("manager")
    journey.browser.go(f"/faults/{number}")
    check_gallery(journey.browser, 2)
    assert len(objects(real, number)) == 4 and objects(real, number) <= real.bucket.keys(), "they are in the store"


def test_flow_6_a_two_photos_open_for_the_manager_api(real, programs, phone):
    made = programs.report([("photos", "a.jpg", "image/jpeg", phone), ("photos", "b.jpg", "image/jpeg", phone)])
    assert made["faultId"] == made["id"]
    shown = programs.manager.get(f"faults/{made['id']}").json()["photos"]
    assert len(shown) == 2
    for photo in shown:
        for path in (photo["url"], photo["thumbnailUrl"]):
            answer = programs.manager.get(path)
            assert answer.status == 200 and answer.body.startswith(b"\xff\xd8\xff")
    assert objects(real, made["number"]) <= real.bucket.keys()


def test_flow_6_b_without_a_model_tags_and_an_assignee_appear_browser(real, journey):
    journey.be("resident")
    number = journey.report(f"The tap drips {uuid.uuid4().hex[:8]}", (), "cleaning")
    real.wait_for_jobs()
    journey.be("manager")
    page = journey.browser
    page.go(f"/faults/{number}")
    suggestion = page.find('form[action$="/suggestion"]').find_element("xpath", "./ancestor::section")
    assert suggestion.find_elements("css selector", ".badges .badge") and "Plumbing" in suggestion.text
    worker = real.sql(f"select name from app.member where id = '{fault(real, number)['assignee_id']}'")[0]["name"]
    assert worker in page.words and "Assigned" in page.find(".page-head").text


def test_flow_6_b_without_a_model_tags_and_an_assignee_appear_api(real, programs):
    made = programs.report(title="Wasserhahn tropft", description="Das Waschbecken ist undicht.", category="cleaning")
    real.wait_for_jobs()
    shown = programs.manager.get(f"faults/{made['id']}").json()
    assert (shown["aiState"], shown["aiSource"], shown["aiCategory"], shown["aiTags"]) == ("done", "rules", "plumbing", ["leak"])
    assert shown["assigneeId"] and shown["status"] == "assigned" and shown["category"] == "cleaning"


def flushed(real, number):
    real.bucket.start()
    real.later(lambda: objects(real, number) <= real.bucket.keys(), "in the store")
    waiting = f"select id from app.blob_spool where stored_at is null and id::text = any(array{[key.split('/')[-1] for key in objects(real, number)]})"
    real.later(lambda: not real.sql(waiting), "out of the spool")


def test_flow_6_c_storage_stopped_reports_are_taken_shown_and_flushed_later_browser(real, journey):
    journey.be("resident")
    real.bucket.stop()
    number = journey.report(f"No storage {uuid.uuid4().hex[:8]}")
    check_gallery(journey.browser, 1)
    assert len(objects(real, number)) == 2
    flushed(real, number)
    journey.be("manager")
    journey.browser.go(f"/faults/{number}")
    check_gallery(journey.browser, 1)


def test_flow_6_c_storage_stopped_reports_are_taken_shown_and_flushed_later_api(real, programs, phone):
    real.bucket.stop()
    made = programs.report([("photos", "a.jpg", "image/jpeg", phone)])
    (photo,) = programs.manager.get(f"faults/{made['id']}").json()["photos"]

    def look():
        for path in (photo["url"], photo["thumbnailUrl"]):
            answer = programs.manager.get(path)
            assert answer.status == 200 and answer.body.startswith(b"\xff\xd8\xff"), answer.text[:200]

    look()
    flushed(real, made["number"])
    look()


def interrupted(real, report) -> str:
    """Reports while nobody can be told, kills the worker once it tries to, and lets another one go on."""
    with real.cluster.held("lock table app.notification in share row exclusive mode", real.house.database):
        number = report()
        stuck = """select a.pid from pg_stat_activity a join pg_locks l on l.pid = a.pid and not l.granted
                    where a.datname = current_database() and a.usename = 'portico_worker' and l.relation = 'app.notification'::regclass"""
        real.later(lambda: real.sql(stuck), "in the middle of telling people")
        real.fire()
    real.hire()
    # Also what was refused by the lock before the kill and is tried again in a minute.
    real.wait_for_jobs(180, ahead=90)
    return number


def test_flow_6_d_one_notice_after_the_worker_was_killed_in_the_middle_browser(real, journey):
    journey.be("resident")
    number = interrupted(real, lambda: journey.report(f"Killed {uuid.uuid4().hex[:8]}", ()))
    journey.be("manager")
    journey.browser.go("/notifications")
    assert len([row for row in journey.browser.all(".rows li") if number in row.text]) == 1
    assert told(real, number, "fault.reported", "manager") == 1


def test_flow_6_d_one_notice_after_the_worker_was_killed_in_the_middle_api(real, programs):
    number = interrupted(real, lambda: programs.report()["number"])
    listed = programs.manager.get("notifications?limit=100").json()["items"]
    assert len([one for one in listed if number in one["text"]]) == 1
    assert told(real, number, "fault.reported", "manager") == 1


def test_flow_6_e_another_company_finds_neither_the_fault_nor_its_photos_browser(real, journey, photos):
    journey.be("resident")
    number = journey.report(f"Ours {uuid.uuid4().hex[:8]}", photos)
    row, pictures = fault(real, number), photo_rows(real, number)
    stranger = Journey(journey.browser, real, STRANGER, "en", None)
    stranger.be("manager")
    paths = [f"/faults/{row['id']}", f"/faults/{row['id']}/edit", *(f"/files/{one['id']}{end}" for one in pictures for end in ("", "/thumbnail"))]
    paths += [f"/faults/{number}/photos/{one['id']}" for one in pictures]
    for path in paths:
        stranger.browser.go(path)
        assert stranger.browser.status == 404, path
        assert "Ours" not in stranger.browser.words


def test_flow_6_e_another_company_finds_neither_the_fault_nor_its_photos_api(real, programs, phone):
    made = programs.report([("photos", "a.jpg", "image/jpeg", phone)])
    stranger = real.program("manager", STRANGER)
    (photo,) = programs.manager.get(f"faults/{made['id']}").json()["photos"]
    for path in (f"faults/{made['id']}", photo["url"], photo["thumbnailUrl"]):
        assert stranger.get(path).status == 404, path
        assert programs.manager.get(path).status == 200, path


# MARK: Flow 7


def test_flow_7_a_assigning_tells_the_technician_and_is_in_the_history_browser(real, journey):
    journey.be("resident")
    number = journey.report(f"Assign {uuid.uuid4().hex[:8]}", ())
    real.wait_for_jobs()
    journey.be("manager")
    journey.browser.go(f"/faults/{number}")
    journey.act("assign", assignee_id=journey.technician())
    assert journey.browser.status == 200 and number in journey.browser.find(".flash").text
    assert any("assigned" in one.text for one in journey.browser.all(".timeline > li")), "history has a row"
    real.wait_for_jobs()
    assert told(real, number, "fault.assigned", "technician") == 1
    assert len(mails(real, number, "technician")) == 1
    journey.be("technician")
    assert number in journey.notice(number)


def test_flow_7_a_assigning_tells_the_technician_and_is_in_the_history_api(real, programs):
    made = programs.report()
    real.wait_for_jobs()
    answer = programs.manager.patch(f"faults/{made['id']}", {"assigneeId": programs.worker})
    assert answer.status == 200 and answer.json()["assigneeId"] == programs.worker
    assert [one["kind"] for one in programs.manager.get(f"faults/{made['id']}").json()["history"]] == ["reported", "assigned"]
    real.wait_for_jobs()
    assert told(real, made["number"], "fault.assigned", "technician") == 1
    assert len(mails(real, made["number"], "technician")) == 1


def check_told_once(real, number, before):
    real.wait_for_jobs()
    assert told(real, number, "fault.resolved", "resident") == 1
    assert len(mails(real, number, "resident")) == before + 1


def test_flow_7_b_resolving_tells_the_reporter_once_browser(real, journey):
    journey.be("resident")
    number = journey.report(f"Resolve {uuid.uuid4().hex[:8]}", ())
    journey.be("manager")
    journey.browser.go(f"/faults/{number}")
    journey.act("assign", assignee_id=journey.technician())
    real.wait_for_jobs()
    before = len(mails(real, number, "resident"))
    journey.be("technician")
    journey.browser.go(f"/faults/{number}")
    journey.act("resolve", resolution="Seal replaced.")
    check_told_once(real, number, before)
    journey.be("resident")
    journey.browser.go("/notifications")
    assert len([row for row in journey.browser.all(".rows li") if number in row.text and "everything in order" in row.text]) == 1


def test_flow_7_b_resolving_tells_the_reporter_once_api(real, programs):
    made = programs.report()
    path = f"faults/{made['id']}"
    assert programs.manager.patch(path, {"assigneeId": programs.worker}).status == 200
    real.wait_for_jobs()
    before = len(mails(real, made["number"], "resident"))
    assert programs.technician.patch(path, {"status": "resolved", "resolution": "Seal replaced."}).status == 200
    check_told_once(real, made["number"], before)


def test_flow_7_c_of_two_managers_with_the_same_version_one_is_refused_browser(real, journey, second_page):
    journey.be("resident")
    number = journey.report(f"Race {uuid.uuid4().hex[:8]}", ())
    real.wait_for_jobs()
    other = Journey(second_page, real, SLUG, "en", "en")
    journey.be("manager")
    other.be("admin")
    for one in (journey, other):
        one.browser.go(f"/faults/{number}")
    people = [option.get_attribute("value") for option in journey.browser.all('form[action$="/assign"] option[value]:not([value=""])')]
    before = fault(real, number)
    journey.act("assign", assignee_id=people[0])
    assert journey.browser.status == 200
    other.act("assign", assignee_id=people[1])
    assert other.browser.status == 409, other.browser.words[:300]
    after = fault(real, number)
    assert (after["assignee_id"], after["version"]) == (people[0], before["version"] + 1)


def test_flow_7_c_of_two_managers_with_the_same_version_one_is_refused_api(real, programs):
    made = programs.report()
    real.wait_for_jobs()
    version = fault(real, made["number"])["version"]
    managers = [programs.manager, real.program("admin", SLUG)]
    barrier, statuses = threading.Barrier(2), []

    def assign(one):
        barrier.wait()
        statuses.append(one.patch(f"faults/{made['id']}", {"assigneeId": programs.worker, "version": version}).status)

    threads = [threading.Thread(target=assign, args=(one,)) for one in managers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(statuses) == [200, 409]
    assert fault(real, made["number"])["version"] == version + 1


def test_flow_7_d_reopening_and_a_second_resolution_leave_the_full_history_browser(real, journey):
    journey.be("resident")
    number = journey.report(f"Again {uuid.uuid4().hex[:8]}", ())
    for role, acts in (
        ("manager", [("assign", {"assignee_id": journey.technician()})]), ("technician", [("resolve", {"resolution": "First try."})]),
        ("resident", [("reopen", {"reason": "Still drips."})]),
        ("technician", [("start", {}), ("resolve", {"resolution": "Second try."})]),
    ):
        journey.be(role)
        journey.browser.go(f"/faults/{number}")
        for name, values in acts:
            journey.act(name, **values)
    lines = [one.text for one in journey.browser.all(".timeline > li")]
    wanted = ["reported", "assigned", "resolved", "opened this again", "started", "resolved"]
    assert len(lines) == len(wanted) and all(word in line for word, line in zip(wanted, lines, strict=True)), lines
    for said in ("First try.", "Still drips.", "Second try."):
        assert said in journey.browser.words


def test_flow_7_d_reopening_and_a_second_resolution_leave_the_full_history_api(programs):
    path = f"faults/{programs.report()['id']}"
    for program, change in (
        (programs.manager, {"assigneeId": programs.worker}), (programs.technician, {"status": "resolved", "resolution": "First try."}),
        (programs.resident, {"status": "reopened", "reason": "Still drips."}), (programs.technician, {"status": "in_progress"}),
        (programs.technician, {"status": "resolved", "resolution": "Second try."}),
    ):
        answer = program.patch(path, change)
        assert answer.status == 200, answer.text
    history = programs.resident.get(path).json()["history"]
    assert [one["kind"] for one in history] == ["reported", "assigned", "resolved", "reopened", "started", "resolved"]
    assert [one["note"] for one in history if one["note"]] == ["First try.", "Still drips.", "Second try."]


def test_flow_7_e_another_companys_manager_changes_nothing_browser(real, journey):
    journey.be("resident")
    number = journey.report(f"Not yours {uuid.uuid4().hex[:8]}", ())
    real.wait_for_jobs()
    before = fault(real, number)
    stranger = Journey(journey.browser, real, STRANGER, "en", None)
    stranger.be("manager")
    # With everything that a form of this session would send.
    for act, values in (("assign", {"assignee_id": stranger.technician()}), ("resolve", {"resolution": "x"}), ("cancel", {"reason": "x"})):
        stranger.browser.run(
            """const form = document.createElement("form");
               form.method = "post";
               form.action = arguments[0];
               const csrf = document.querySelector("input[name=csrf_token]").value;
               for (const [name, value] of Object.entries({...arguments[1], csrf_token: csrf, form_key: crypto.randomUUID?.() ?? String(Math.random())}))
                 form.append(Object.assign(document.createElement("input"), {type: "hidden", name, value}));
               document.body.append(form);
               document.documentElement.dataset.old = "1";
               form.submit();""", f"/faults/{before['id']}/{act}", values)
        stranger.browser.until(lambda: not stranger.browser.has("html[data-old]"), "answered")
        assert stranger.browser.status == 404, f"{act}: {stranger.browser.words[:200]}"
        stranger.browser.go("/dashboard")
    assert fault(real, number) == before


def test_flow_7_e_another_companys_manager_changes_nothing_api(real, programs):
    made = programs.report()
    real.wait_for_jobs()
    before, stranger = fault(real, made["number"]), real.program("manager", STRANGER)
    own = real.program("technician", STRANGER).get("me").json()["id"]
    for change in ({"assigneeId": own}, {"assigneeId": programs.worker}, {"status": "cancelled", "reason": "x"}):
        assert stranger.patch(f"faults/{made['id']}", change).status == 404
    assert fault(real, made["number"]) == before
