"""Forms under a person's hands: refused ones keep everything, drafts come back, two editors merge, the keyboard is enough."""

import uuid

import pytest
from portico import PHONE


@pytest.fixture(params=["with JavaScript", "without JavaScript"])
def page(request, portico):
    return request.getfixturevalue("browser" if request.param == "with JavaScript" else "plain")


def enter(page, portico, role, slug="harbour"):
    person = portico.person(role, slug)
    page.at(f"{slug}.localhost:{portico.port}").sign_in(person["email"], person["password"])
    return page


def home(portico, slug="harbour"):
    return portico.sql(
        f"""select o.unit_id as id from app.occupancy o join app.member m on m.tenant_id = o.tenant_id and m.id = o.member_id
            where m.email = '{portico.person("resident", slug)["email"]}' and o.until is null limit 1""")[0]["id"]


def make(portico, title, slug="harbour", **more):
    answer = portico.program("resident", slug).post(
        "faults", {"title": title, "description": "As it was.", "category": "plumbing", "unitId": home(portico, slug)} | more)
    assert answer.status == 201, answer.text
    return answer.json()


def test_a_refused_report_keeps_what_was_typed(page, portico):
    enter(page, portico, "resident").go("/faults/new")
    page.choose("#f-place", f"unit-{home(portico)}")
    page.tick("category", "heating")
    page.type("#f-location_note", 'Cellar, "second" door & <left>')
    page.type("#f-description", "First line\n\n  third line, indented\n</textarea><b>x</b>")
    page.press('form[action="/faults"] button.primary')
    assert page.title.startswith("Error:") and page.h1 == "Report a fault"
    summary = page.find(".error-summary")
    assert "There is a problem" in summary.text and len(page.all(".error-summary li")) == 1
    page.until(lambda: page.run("return document.activeElement.classList.contains('error-summary')"), "the focus in the summary")
    assert page.find("#f-title").get_attribute("aria-invalid") == "true"
    assert page.find("#f-title-error").text
    assert page.find("#f-place").get_attribute("value") == f"unit-{home(portico)}"
    assert page.find("#f-location_note").get_attribute("value") == 'Cellar, "second" door & <left>'
    assert page.find("#f-description").get_attribute("value") == "First line\n\n  third line, indented\n</textarea><b>x</b>"
    assert page.find('input[name=category][value=heating]').is_selected()
    page.find(".error-summary a").click()
    page.type("#f-title", "Now with a title")
    page.press('form[action="/faults"] button.primary')
    assert page.path.startswith("/faults/F-") and page.h1 == "Now with a title"


def test_a_sign_in_that_ended_meanwhile_loses_nothing(page, portico):
    enter(page, portico, "resident").go("/faults/new")
    page.choose("#f-place", f"unit-{home(portico)}")
    page.tick("category", "heating")
    title = f"Typed for an hour {uuid.uuid4().hex[:8]}"
    page.type("#f-title", title)
    page.type("#f-description", "First line\n\n  third line, indented\n</textarea><b>x</b>")
    page.find("#f-photos").send_keys(str(PHONE))
    person = portico.person("resident", "harbour")
    portico.sql(
        f"""update app.session s set idle_until = now() - interval '1 minute' from app.member m
            where m.tenant_id = s.tenant_id and m.id = s.member_id and m.email = '{person["email"]}' and s.kind = 'browser'""")
    page.press('form[action="/faults"] button.primary')
    assert page.h1 == "Sign in" and "What you typed is kept" in page.words
    page.type("#f-email", person["email"])
    page.type("#f-password", person["password"])
    page.press('form[action="/login"] button.primary')
    assert page.h1 == "Report a fault" and "choose the files again" in page.find(".flash").text
    assert page.find("#f-title").get_attribute("value") == title
    assert page.find("#f-description").get_attribute("value") == "First line\n\n  third line, indented\n</textarea><b>x</b>"
    assert page.find('input[name=category][value=heating]').is_selected()
    assert not portico.sql(f"select id from app.fault where title = '{title}'"), "nothing is sent by itself"
    page.press('form[action="/faults"] button.primary')
    assert page.path.startswith("/faults/F-") and page.h1 == title


def test_nothing_filled_in_names_every_field(page, portico):
    enter(page, portico, "manager").go("/faults/new")
    page.press('form[action="/faults"] button.primary')
    links = [link.get_attribute("href").split("#")[1] for link in page.all(".error-summary a")]
    assert set(links) >= {"f-place", "f-title", "f-description", "f-category"}, links
    assert len({link.text for link in page.all(".error-summary a")}) == len(links), "each line says which field it means"
    for anchor in links:
        assert page.has(f"#{anchor}")


def test_a_file_that_is_no_photo_comes_back_with_the_form(page, portico, tmp_path):
    bad = tmp_path / "photo.jpg"
    bad.write_bytes(b"%PDF-1.4 no photo")
    enter(page, portico, "resident").go("/faults/new")
    page.choose("#f-place", f"unit-{home(portico)}")
    page.tick("category", "other")
    page.type("#f-title", "With a wrong file")
    page.type("#f-description", "Kept")
    page.find("#f-photos").send_keys(str(bad))
    page.press('form[action="/faults"] button.primary')
    assert page.find("#f-title").get_attribute("value") == "With a wrong file"
    assert page.find("#f-description").get_attribute("value") == "Kept"
    assert page.has(".error-summary") and page.find("#f-photos-error").text
    assert page.title.startswith("Error:")


def test_two_clicks_make_one_report(page, portico):
    title = f"Clicked twice {uuid.uuid4().hex}"
    enter(page, portico, "resident").go("/faults/new")
    page.choose("#f-place", f"unit-{home(portico)}")
    page.tick("category", "other")
    page.type("#f-title", title)
    page.type("#f-description", "x")
    button = page.find('form[action="/faults"] button.primary')
    page.driver.execute_cdp_cmd("Runtime.evaluate", {"expression": "scrollTo(0, document.body.scrollHeight)"})
    box = page.run("const r = arguments[0].getBoundingClientRect(); return [r.left + r.width / 2, r.top + r.height / 2]", button)
    for kind in ("mousePressed", "mouseReleased", "mousePressed", "mouseReleased"):
        page.driver.execute_cdp_cmd("Input.dispatchMouseEvent", {"type": kind, "x": box[0], "y": box[1], "button": "left", "clickCount": 1})
    page.find(".timeline")
    assert portico.sql(f"select count(*) as n from app.fault where title = '{title}'")[0]["n"] == 1
    # Back, and the same form once more: the same key, the same fault.
    page.driver.back()
    page.find("#f-title")
    if page.find("#f-title").get_attribute("value") == title:
        page.press('form[action="/faults"] button.primary')
        assert portico.sql(f"select count(*) as n from app.fault where title = '{title}'")[0]["n"] == 1


def test_changes_of_two_people_to_different_fields_are_joined(page, portico):
    fault = make(portico, f"Joined {uuid.uuid4().hex[:8]}")
    enter(page, portico, "manager").go(f"/faults/{fault['number']}/edit")
    page.type("#f-description", "Written on the page.")
    answer = portico.program("admin", "harbour").patch(f"faults/{fault['id']}", {"title": "Changed meanwhile"})
    assert answer.status == 200, answer.text
    page.press("form .button.primary")
    assert page.h1 == "Changed meanwhile" and "Written on the page." in page.words
    assert "others made meanwhile" in page.find(".flash").text


def test_changes_of_two_people_to_the_same_field_are_put_side_by_side(page, portico):
    """409: when you opened, now, yours; a choice per field; nothing is lost whichever way it is resolved."""
    fault = make(portico, f"Merged {uuid.uuid4().hex[:8]}")
    enter(page, portico, "manager").go(f"/faults/{fault['number']}/edit")
    page.type("#f-title", "My title")
    page.type("#f-description", "My words")
    portico.program("admin", "harbour").patch(f"faults/{fault['id']}", {"title": "Their title"})
    page.press("form .button.primary")
    assert page.has("table.merge") and page.has('input[name=title][value="Their title"]')
    assert page.find('input[name=title][value="My title"]').is_selected()
    assert fault["title"] in page.find("table.merge").text
    page.find('input[name=title][value="Their title"]').find_element("xpath", "./ancestor::label").click()
    page.press("form .button.primary")
    assert page.h1 == "Their title" and "My words" in page.words


def test_an_act_on_a_fault_that_changed_meanwhile_says_so(page, portico):
    fault = make(portico, f"Too late {uuid.uuid4().hex[:8]}")
    enter(page, portico, "resident").go(f"/faults/{fault['number']}")
    page.find('form[action$="/cancel"]').find_element("xpath", "./ancestor::details").find_element("css selector", "summary").click()
    page.type('form[action$="/cancel"] textarea', "No longer needed")
    technician = portico.sql(f"select id from app.member where email = '{portico.person('technician', 'harbour')['email']}'")[0]["id"]
    assert portico.program("manager", "harbour").patch(f"faults/{fault['id']}", {"assigneeId": technician}).status == 200
    page.press('form[action$="/cancel"] button[type=submit]')
    assert "no longer possible" in page.find(".error-summary").text, page.words[:300]
    assert portico.program("manager", "harbour").get(f"faults/{fault['id']}").json()["status"] == "assigned"


def test_a_session_that_ended_asks_to_sign_in_and_says_what_became_of_the_form(page, portico):
    enter(page, portico, "resident").go("/faults/new")
    page.type("#f-title", "Written before the session ended")
    portico.sql("delete from app.session")
    page.press('form[action="/faults"] button.primary')
    assert page.path.startswith("/login")


def test_the_report_by_keyboard_alone(browser, portico):
    """Tab, arrows, typing and Enter: no pointer from sign-in to the fault's page."""
    page, keys = browser, browser.Keys
    person = portico.person("resident", "harbour")
    page.at(f"harbour.localhost:{portico.port}").go("/login")
    page.until(lambda: page.run("return document.activeElement.id") == "f-email", "the focus in the first field")
    page.key(person["email"], keys.TAB, person["password"], keys.ENTER)
    page.find(".shell")
    page.go("/faults/new")

    def to(condition):
        for _ in range(60):
            page.key(keys.TAB)
            if page.run(f"const e = document.activeElement; return {condition}"):
                return
        raise AssertionError(f"Tab never reaches {condition}")

    page.key(keys.TAB)
    assert page.run("return document.activeElement.className") == "skip", "the first stop skips to the content"
    page.key(keys.ENTER)
    to("e.id === 'f-place'")
    page.key(keys.ARROW_DOWN, keys.ARROW_DOWN)
    to("e.id === 'f-location_note'")
    page.key("Behind the door")
    to("e.name === 'category'")
    page.key(keys.SPACE)
    assert page.has("input[name=category]:checked")
    page.key(keys.ARROW_DOWN, keys.ARROW_DOWN)      # the third, which nobody is assigned to by rule
    assert page.find("input[name=category]:checked").get_attribute("value") == "plumbing"
    to("e.id === 'f-title'")
    page.key("By keyboard")
    to("e.id === 'f-description'")
    page.key("Only keys")
    to("e.type === 'submit' && e.form.action.endsWith('/faults')")
    page.key(keys.ENTER)
    page.find(".timeline")
    assert page.h1 == "By keyboard"
    to("e.tagName === 'SUMMARY'")
    page.key(keys.ENTER)
    to("e.tagName === 'TEXTAREA' && e.form.action.endsWith('/cancel')")
    page.key("Never mind")
    to("e.type === 'submit'")
    page.key(keys.ENTER)
    page.until(lambda: "withdrawn" in page.find(".flash").text, "withdrawn")


def test_a_draft_comes_back_and_goes_when_it_was_sent(browser, portico):
    page = enter(browser, portico, "resident")
    page.go("/faults/new")
    page.tick("category", "other")
    page.type("#f-title", "A draft")
    page.type("#f-description", "not sent yet")
    page.run("return new Promise((done) => setTimeout(done, 500))")
    page.go("/dashboard")
    page.go("/faults/new")
    assert page.find("#f-title").get_attribute("value") == "A draft"
    assert page.find("[data-draft-notice]").is_displayed()
    page.choose("#f-place", f"unit-{home(portico)}")
    page.press('form[action="/faults"] button.primary')
    assert page.path.startswith("/faults/F-")
    page.go("/faults/new")
    assert page.find("#f-title").get_attribute("value") == ""
    assert not page.find("[data-draft-notice]").is_displayed()


def test_a_draft_of_one_form_is_not_restored_into_another(browser, portico):
    program = portico.program("manager", "harbour")
    drafts = [program.post("announcements", {"title": title, "body": "As it was.", "comments": True}) for title in ("The first", "The second")]
    assert [answer.status for answer in drafts] == [201, 201], drafts[0].text
    first, second = (answer.json() for answer in drafts)
    page = enter(browser, portico, "manager")
    page.go(f"/announcements/{first['announcementId']}/edit")
    page.type("#f-title", "Typed into the first")
    page.tick("audience", "building")
    page.run("document.querySelector('input[name=comments]').click()")
    building = page.run("const box = document.querySelector('input[name=building_ids]'); box.click(); return box.value")
    page.run("return new Promise((done) => setTimeout(done, 500))")
    assert building not in page.run("return JSON.stringify(localStorage)"), "ids do not lie in the browser's storage"
    for path, title in ((f"/announcements/{second['announcementId']}/edit", "The second"), ("/announcements/new", "")):
        page.go(path)
        assert page.find("#f-title").get_attribute("value") == title
        assert not page.find("[data-draft-notice]").is_displayed()
    page.go(f"/announcements/{first['announcementId']}/edit")
    assert page.find("#f-title").get_attribute("value") == "Typed into the first"
    assert page.find("[data-draft-notice]").is_displayed()
    assert page.has("input[name=audience][value=building]:checked") and not page.has("input[name=comments]:checked")
    assert not page.has("input[name=building_ids]:checked"), "whom it is for is chosen anew"
    changed = program.post(
        f"announcements/{first['announcementId']}", {"title": "Changed by others", "body": "As it is.", "version": first["version"]})
    assert changed.status == 200, changed.text
    page.go(f"/announcements/{first['announcementId']}/edit")
    assert page.find("#f-title").get_attribute("value") == "Changed by others", "a draft of what it was before is not put over it"
    assert not page.find("[data-draft-notice]").is_displayed()


def test_a_comment_that_was_not_sent_waits_at_its_own_fault(browser, portico):
    first, second = (make(portico, f"Commented {uuid.uuid4().hex[:8]}") for _ in range(2))
    page = enter(browser, portico, "manager")
    page.go(f"/faults/{first['number']}")
    page.type("#f-comment", "About the first alone")
    page.run("return new Promise((done) => setTimeout(done, 500))")
    page.go(f"/faults/{second['number']}")
    assert page.find("#f-comment").get_attribute("value") == ""
    page.go(f"/faults/{first['number']}")
    assert page.find("#f-comment").get_attribute("value") == "About the first alone"


def test_words_to_one_person_are_not_offered_to_another_and_ticks_go_along_with_a_search(browser, portico):
    page = enter(browser, portico, "manager")
    page.go("/messages/new")
    first, second = page.run("return [...document.querySelectorAll('input[name=participant_ids]')].slice(0, 2).map((box) => box.value)")
    words = lambda: page.find("#f-content").get_attribute("value")
    page.go(f"/messages/new?to={first}")
    page.type("#f-content", "For the first alone")
    page.run("return new Promise((done) => setTimeout(done, 500))")
    page.go(f"/messages/new?to={second}")
    assert words() == ""
    page.go(f"/messages/new?to={first}&q=a")
    assert words() == "For the first alone"
    tick = "const box = document.querySelector('input[name=participant_ids]:not(:checked)'); box.click(); return box.value"

    def search():
        page.run("const field = document.querySelector('.filters [type=search]'); field.value = 'nobody at all'; field.form.requestSubmit()")
        page.until(lambda: "nobody" in page.path, "searched")
        return page.run("return [...document.querySelectorAll('input[name=participant_ids]:checked')].map((box) => box.value)")

    other = page.run(tick)
    assert sorted(search()) == sorted([first, other])
    assert words() == "For the first alone"
    page.go("/messages/new?q=a")
    assert words() == ""
    page.type("#f-content", "For whoever it will be")
    page.run("return new Promise((done) => setTimeout(done, 500))")
    other = page.run(tick)
    assert search() == [other]
    assert words() == "For whoever it will be"


def test_photos_are_shown_and_can_be_taken_back_before_sending(browser, portico):
    page = enter(browser, portico, "resident")
    page.go("/faults/new")
    page.find("#f-photos").send_keys(str(PHONE))
    page.find(".previews li")
    assert "phone.jpg" in page.find(".previews li").text
    page.find(".previews button").click()
    page.until(lambda: not page.has(".previews li"), "without preview")
    assert page.run("return document.getElementById('f-photos').files.length") == 0


def test_lists_filter_themselves_and_keep_the_filter_in_the_address(browser, portico):
    page = enter(browser, portico, "manager")
    page.go("/faults")
    page.choose("#f-state", "closed")
    page.find(".chip")
    assert "state=closed" in page.path and "category=" not in page.path
    page.find("tbody a.title").click()
    page.find(".timeline")
    page.driver.back()
    page.find(".chip")
    assert "state=closed" in page.path, "Back keeps the filter"
    page.press(".chip")
    assert not page.has(".chip")
    page.key("/")
    page.until(lambda: page.run("return document.activeElement.type") == "search", "in the search field")
    page.key("zzzznothing", page.Keys.ENTER)
    page.find(".empty")
    assert "0" in page.find(".list-bar").text or "No faults" in page.find(".list-bar").text


def test_lists_without_scripts_filter_by_a_button(plain, portico):
    page = enter(plain, portico, "manager")
    page.go("/faults")
    page.choose("#f-state", "closed")
    page.press("form.filters button[type=submit]")
    assert page.has(".chip") and "state=closed" in page.path
    page.press("a[rel=next]")
    assert page.has("a[rel=prev]") and "state=closed" in page.path and "cursor=" in page.path
    first = page.find("tbody a.title").text
    page.press("a[rel=prev]")
    assert page.find("tbody a.title").text != first
