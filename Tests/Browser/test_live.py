"""Pages that follow what others do: two people at two nodes, what somebody is doing is left alone, and nothing is missed.

Without JavaScript a page is as old as its last reload; that is what every other test of pages looks at.
"""

import json
import time

import pytest
from chromium import Chromium
from live import comment, report
from portico import PHONE, Node, Portico


@pytest.fixture(scope="module")
def nodes(cluster):
    with Portico(cluster) as first, Node(first) as second:
        yield first, second


@pytest.fixture(scope="module")
def other():
    browser = Chromium()
    yield browser
    browser.close()


def enter(browser, portico, role, path):
    person = portico.person(role)
    browser.at(f"lindenhof.localhost:{portico.port}").forget()
    browser.language("en")
    browser.size(1280)
    browser.sign_in(person["email"], person["password"])
    browser.console()
    browser.go(path)
    follows(browser)
    return browser


def follows(browser):
    browser.until(lambda: browser.has("html[data-live=on]"), "a socket")


def timed(browser, condition, what):
    """How long it took is told, and no reason to fail: `portico bench live` measures."""
    began = time.monotonic()
    browser.until(condition, what)
    print(f"{what} after {time.monotonic() - began:.2f} s")


def test_a_report_at_one_node_appears_in_lists_dashboards_and_bells_at_the_other(nodes, _with_scripts, other):
    first, second = nodes
    listed = enter(_with_scripts, second, "manager", "/faults")
    home = enter(other, first, "manager", "/dashboard")
    bell = home.find("#bell").get_attribute("aria-label")
    made = report(first, "Drops from the ceiling lamp")
    timed(listed, lambda: "Drops from the ceiling lamp" in listed.words, "the report in the list")
    timed(home, lambda: home.find("#bell").get_attribute("aria-label") != bell, "the bell")
    listed.go(f"/faults/{made['number']}")
    follows(listed)
    comment(first, made["id"], "It is getting worse.", "resident")
    timed(listed, lambda: "It is getting worse." in listed.find("#timeline-region").text, "the comment in the timeline")
    assert listed.console() == []


def test_what_somebody_is_doing_is_left_alone_until_they_ask(nodes, _with_scripts):
    first, second = nodes
    made = report(first, "The blind is stuck")
    page = enter(_with_scripts, second, "manager", f"/faults/{made['number']}")
    page.find("#f-comment").send_keys("We shall send some")
    page.run("document.querySelector('#acts-region details').open = true")
    comment(first, made["id"], "Quite stuck indeed.", "resident")
    page.until(lambda: "Quite stuck indeed." in page.find("#timeline-region").text, "the comment")
    assert page.find("#f-comment").get_attribute("value") == "We shall send some"
    page.find("#f-comment").send_keys("body.")
    assert page.find("#f-comment").get_attribute("value") == "We shall send somebody.", "the focus stayed in the field"
    assert page.run("return document.querySelector('#acts-region details').open")
    # Somebody else assigns it: the open form stays, the news are offered.
    technician = first.sql(f"select id from app.member where email = '{first.person('technician')['email']}'")[0]["id"]
    fault = first.program("manager").get(f"faults/{made['id']}").json()
    answer = first.program("manager").post(f"faults/{made['id']}/assign", {"assigneeId": technician, "version": fault["version"]})
    assert answer.status == 200, answer.text
    page.until(lambda: page.has(".live-news"), "the offer")
    assert "Updated." in page.find(".live-news").text and page.run("return document.querySelector('#acts-region details').open")
    page.find(".live-news button").click()
    page.until(lambda: not page.has(".live-news") and not page.has("#acts-region details[open]"), "the new form")
    assert page.find("#f-comment").get_attribute("value") == "We shall send somebody."


def test_ticked_rows_stay_ticked(nodes, _with_scripts):
    first, second = nodes
    page = enter(_with_scripts, second, "manager", "/faults")
    page.find("tbody input[name=fault_ids]").click()
    report(first, "A second lamp drips")
    page.until(lambda: page.has(".live-news"), "the offer")
    assert len(page.all("tbody input[name=fault_ids]:checked")) == 1 and "A second lamp drips" not in page.find("#list-region").text
    page.find(".live-news button").click()
    page.until(lambda: "A second lamp drips" in page.find("#list-region").text, "the row")


def manager(portico):
    return portico.sql(f"select id from app.member where email = '{portico.person('manager')['email']}'")[0]["id"]


def conversation(portico, subject):
    """Between the resident and the manager."""
    portico.forget_limits()
    answer = portico.program("resident").post("conversations", {"participantIds": [manager(portico)], "subject": subject})
    assert answer.status == 201, answer.text
    return answer.json()["conversationId"]


def test_what_is_typed_and_said_at_one_node_shows_at_the_other(nodes, _with_scripts, other):
    first, second = nodes
    path = f"/messages/{conversation(first, 'The key of the bicycle cellar')}"
    reader = enter(other, first, "manager", path)
    writer = enter(_with_scripts, second, "resident", path)
    timed(reader, lambda: "online" in reader.find("#people-region").text, "that the resident is here")
    writer.find("#f-content").send_keys("Who has ")
    timed(reader, lambda: "typing" in reader.find("#typing").text, "that somebody is typing")
    reader.find("#f-content").send_keys("I shall loo")
    writer.find("#f-content").send_keys("the key?\n")
    timed(reader, lambda: "Who has the key?" in reader.find("#thread-region").text, "the message")
    reader.until(lambda: reader.find("#typing").text == "", "that nobody is typing any more")
    assert reader.find("#f-content").get_attribute("value") == "I shall loo", "what they are writing is left alone"
    writer.until(lambda: "Who has the key?" in writer.find("#thread-region").text, "one's own message")
    reader.find("#f-content").send_keys("k.\n")
    timed(writer, lambda: "I shall look." in writer.find("#thread-region").text, "the answer")
    timed(reader, lambda: "Read by" in reader.find("#thread-region").text, "that it was read")
    assert reader.console() == [] and writer.console() == []


def upload(page, button):
    """Sends a form with a picture; its answer takes the place of the page, which is not loaded anew."""
    page.find("#f-attachments").send_keys(str(PHONE))
    page.find(".previews li")
    page.run("window.isSame = true; document.body.dataset.before = '1'")
    page.click(button)
    page.until(lambda: not page.has("body[data-before]"), "the answer to the upload")
    assert page.run("return window.isSame === true")


def test_a_conversation_begun_with_a_picture_goes_on_without_reload(nodes, _with_scripts, other):
    first, second = nodes
    first.forget_limits()
    writer = enter(_with_scripts, second, "resident", f"/messages/new?to={manager(first)}")
    writer.type("#f-subject", "The stain")
    writer.type("#f-content", "It looks like this.")
    upload(writer, 'form[action="/messages"] button[type=submit]')
    assert "It looks like this." in writer.find("#thread-region").text
    talk = writer.path.removeprefix("/messages/")

    def answer(text):
        said = first.program("manager").post(f"conversations/{talk}/messages", {"content": text})
        assert said.status == 201, said.text
        timed(writer, lambda: text in writer.find("#thread-region").text, "the answer")

    answer("Thank you, we shall look.")
    writer.click("details.attach summary")
    writer.type("#f-content", "And from behind.")
    upload(writer, "form[data-m=messages] button[type=submit]")
    answer("That is worse.")
    reader = enter(other, first, "manager", f"/messages/{talk}")
    timed(writer, lambda: "online" in writer.find("#people-region").text, "that the manager is here")
    reader.find("#f-content").send_keys("Somebody co")
    timed(writer, lambda: "typing" in writer.find("#typing").text, "that somebody is typing")
    reader.find("#f-content").send_keys("mes.\n")
    timed(writer, lambda: "Somebody comes." in writer.find("#thread-region").text, "the message")
    assert writer.run("return window.isSame === true"), "nothing was loaded anew"
    assert reader.console() == [] and writer.console() == []


def test_what_was_said_while_a_node_was_down_is_there_when_it_is_back(nodes, _with_scripts):
    first, _ = nodes
    talk = conversation(first, "Said meanwhile")
    with Node(first) as third:
        reader = enter(_with_scripts, third, "manager", f"/messages/{talk}")
        third.kill()
        reader.until(lambda: not reader.has("html[data-live=on]"), "the loss")
        for number in range(3):
            answer = first.program("resident").post(f"conversations/{talk}/messages", {"content": f"Number {number}"})
            assert answer.status == 201, answer.text
        third.start()
        reader.until(lambda: "Number 2" in reader.find("#thread-region").text, "all of it", 60)
        assert [f"Number {number}" in reader.find("#thread-region").text for number in range(3)] == [True] * 3
    reader.console()


def test_a_ballot_cast_at_one_node_is_counted_on_pages_of_the_other(nodes, _with_scripts, other):
    first, second = nodes
    vote = first.sql(
        "select v.id from app.vote v join app.tenant t on t.id = v.tenant_id and t.slug = 'lindenhof' where v.state = 'open' and v.results = 'live'")[0]["id"]
    reader = enter(other, first, "manager", f"/votes/{vote}")
    turnout = reader.find("#turnout-region dd").text
    voter = enter(_with_scripts, second, "owner", f"/votes/{vote}")
    for question in range(len(voter.all("#ballot fieldset"))):
        voter.find(f"#ballot input[name='answers.{question}.option_ids']").click()
    voter.find("#ballot button[type=submit]").click()
    timed(reader, lambda: reader.find("#turnout-region dd").text != turnout, "the turnout")
    counted = int(turnout.split()[0])
    assert reader.find("#turnout-region dd").text.startswith(f"{counted + 1} of ")
    assert reader.console() == []


def test_a_node_that_is_killed_and_comes_back_is_caught_up_with(nodes, _with_scripts):
    first, _ = nodes
    with Node(first) as third:
        page = enter(_with_scripts, third, "manager", "/faults")
        third.kill()
        page.until(lambda: not page.has("html[data-live=on]"), "the loss")
        report(first, "Said while nobody listened")
        third.start()
        page.until(lambda: page.has("html[data-live=on]"), "a socket again", 60)
        page.until(lambda: "Said while nobody listened" in page.find("#list-region").text, "the report")
    page.console()


def test_a_page_without_a_socket_asks_by_itself(nodes, _with_scripts):
    """As behind a proxy that lets no WebSocket through."""
    first, second = nodes
    page = enter(_with_scripts, second, "manager", "/faults")
    page.driver.execute_cdp_cmd("Page.addScriptToEvaluateOnNewDocument", {
        "source": "if (location.search.includes('blocked')) window.WebSocket = class extends EventTarget { constructor() { super(); setTimeout(() => this.dispatchEvent(new CloseEvent('close', {code: 1006})), 10); } close() {} };"})
    page.go("/faults?state=open&blocked=1")
    time.sleep(3)
    assert not page.has("html[data-live=on]")
    report(first, "Nobody told the page")
    timed(page, lambda: "Nobody told the page" in page.find("#list-region").text, "the report")


def test_news_that_cannot_be_fetched_at_once_are_asked_for_again(nodes, _with_scripts):
    first, second = nodes
    page = enter(_with_scripts, second, "manager", "/faults")
    page.run("""
        const before = fetch;
        const answers = [() => Promise.resolve(new Response("", {status: 503})), () => Promise.reject(new TypeError("no network"))];
        window.fetch = (...all) => (answers.shift() ?? (() => before(...all)))();
        window.left = () => answers.length;""")
    report(first, "Asked for three times")
    timed(page, lambda: "Asked for three times" in page.find("#list-region").text, "the report")
    assert page.run("return window.left()") == 0


def test_what_a_busy_server_does_not_watch_is_asked_for_again(nodes, _with_scripts):
    first, second = nodes
    page = enter(_with_scripts, second, "manager", "/faults")
    page.driver.execute_cdp_cmd("Page.addScriptToEvaluateOnNewDocument", {"source": """
        if (location.search.includes("busy")) window.WebSocket = class extends WebSocket {
            send(text) {
                const {type, topics} = JSON.parse(text);
                if (type !== "subscribe" || window.wasBusy) return super.send(text);
                window.wasBusy = true;
                const refuse = (topic) => this.dispatchEvent(new MessageEvent("message", {data: JSON.stringify({type: "refused", topic, code: "busy"})}));
                setTimeout(() => topics.forEach(refuse));
            }
        };"""})
    page.go("/faults?state=open&busy=1")
    follows(page)
    page.until(lambda: page.run("return window.wasBusy"), "refused")
    report(first, "Told by a server that was busy")
    timed(page, lambda: "Told by a server that was busy" in page.find("#list-region").text, "the report")


def test_a_page_whose_session_is_over_is_left_unless_something_was_typed(nodes, _with_scripts):
    first, second = nodes
    made = report(first, "Seen by somebody who signs out")
    page = enter(_with_scripts, second, "manager", f"/faults/{made['number']}")
    page.find("#f-comment").send_keys("Not sent yet")
    page.run("window.asked = 0; const before = fetch; window.fetch = (...all) => { window.asked += 1; return before(...all); }")
    page.forget()
    comment(first, made["id"], "Told to a page without a session.", "resident")
    page.until(lambda: page.run("return window.asked") > 0, "a question")
    time.sleep(4)
    assert page.run("return window.asked") <= 3, "once for each piece of news, and not once a second"
    assert page.find("#f-comment").get_attribute("value") == "Not sent yet"
    page.run("document.querySelector('#f-comment').value = ''")
    comment(first, made["id"], "Told once more.", "resident")
    page.until(lambda: page.h1 == "Sign in", "the sign-in page")
    assert page.console() == []


def test_a_page_whose_session_got_another_name_in_another_tab_goes_on(nodes, _with_scripts):
    first, second = nodes
    page = enter(_with_scripts, second, "manager", "/faults")
    page.run(f"""
        window.opened = 0;
        const before = WebSocket;
        window.WebSocket = class extends before {{ constructor(...all) {{ super(...all); window.opened += 1; }} }};
        return fetch("/account/prove").then((answer) => answer.text()).then((text) => {{
            const form = new DOMParser().parseFromString(text, "text/html").querySelector('form[action="/account/prove"]');
            const body = new URLSearchParams(new FormData(form));
            body.set("password", {json.dumps(first.person("manager")["password"])});
            return fetch("/account/prove", {{method: "POST", body}});
        }}).then((answer) => answer.ok)""")
    page.until(lambda: page.run("return window.opened") == 1, "another socket", 90)
    follows(page)
    report(first, "Told through the new socket")
    timed(page, lambda: "Told through the new socket" in page.find("#list-region").text, "the report")


def test_a_question_stays_open_while_news_come_and_its_answer_counts(nodes, _with_scripts):
    first, second = nodes
    program = first.program("manager")
    made = program.post("announcements", {"title": "Summer party", "body": "In the yard.", "comments": True}).json()["announcementId"]
    assert program.post(f"announcements/{made}/publication", {}).status == 200
    assert first.program("resident").post(f"announcements/{made}/comments", {"body": "Nonsense"}).status == 201
    page = enter(_with_scripts, second, "manager", f"/announcements/{made}")
    page.click("#comments-region form button")
    page.find("dialog[open]")
    assert first.program("owner").post(f"announcements/{made}/comments", {"body": "I shall come"}).status == 201
    page.until(lambda: page.has(".live-news"), "the offer")
    page.press("dialog[open] button[value=yes]")
    assert "I shall come" in page.find("#comments-region").text and "Nonsense" not in page.find("#comments-region").text
    # Withdrawn, the comments go from pages that are open.
    page.run("window.isSame = true")
    reader = first.program("manager").post(f"announcements/{made}/withdrawal", {"reason": "It rains"})
    assert reader.status == 200, reader.text
    page.until(lambda: "It rains" in page.words and "I shall come" not in page.words, "the reason, without comments")
    assert page.run("return window.isSame === true")


def test_who_reads_further_up_stays_there_and_the_keyboard_where_it_is(nodes, _with_scripts):
    first, second = nodes
    talk = conversation(first, "A long one")
    program = first.program("resident")
    for number in range(40):
        assert program.post(f"conversations/{talk}/messages", {"content": f"Number {number}"}).status == 201
    page = enter(_with_scripts, second, "manager", f"/messages/{talk}")
    place = "return Math.round([...document.querySelectorAll('#thread-region .message')].find((one) => one.innerText.includes('Number 12')).getBoundingClientRect().top)"
    page.run("const region = document.querySelector('#thread-region'); window.region = region; region.scrollTop = -900; region.focus()")
    before = page.run(place)
    assert program.post(f"conversations/{talk}/messages", {"content": "One more\n\nof several\n\nlines"}).status == 201
    page.until(lambda: "of several" in page.find("#thread-region").text, "the message")
    assert abs(page.run(place) - before) <= 2
    assert page.run("return document.activeElement === window.region && window.region.isConnected"), "a screen reader goes on listening"


def test_the_page_of_a_refused_form_stays_as_it_is(nodes, _with_scripts):
    """It stands at an address that only takes the form."""
    first, second = nodes
    made = report(first, "A form that is refused")
    page = enter(_with_scripts, second, "manager", f"/faults/{made['number']}")
    page.run("document.querySelector('form[action$=\"/comments\"]').noValidate = true")
    page.press('form[action$="/comments"] button[type=submit]')
    assert page.path.endswith("/comments") and page.has("[role=alert]"), page.path
    page.console()    # the 422 of the form itself
    comment(first, made["id"], "Said meanwhile.", "resident")
    time.sleep(2)
    assert page.console() == []
