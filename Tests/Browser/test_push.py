"""Notifications on devices, as a browser has them: the page offers them where they are possible, and the service worker shows what arrives.

Chromium is handed the messages by its own tools; how they travel, Tests/Network/test_push.py looks at.
"""

import json

import pytest

SETTINGS = "/account/notifications"
FORM = "form[data-push]"


def enter(page, portico):
    person = portico.person("resident")
    page.sign_in(person["email"], person["password"])
    page.go(SETTINGS)


def shown(page, css: str) -> bool:
    return any(one.is_displayed() for one in page.all(css))


def permit(page, setting: str):
    page.driver.execute_cdp_cmd("Browser.setPermission", {"permission": {"name": "notifications"}, "setting": setting, "origin": page.base})


@pytest.fixture
def registered(browser, portico):
    """A page whose browser has the service worker and may show notifications."""
    enter(browser, portico)
    permit(browser, "granted")
    browser.driver.set_script_timeout(60)
    done = browser.driver.execute_async_script(
        """const done = arguments[0], form = document.querySelector("form[data-push]");
           navigator.serviceWorker.register(form.dataset.worker).then(() => navigator.serviceWorker.ready).then(() => done("ready"), (error) => done(String(error)));""")
    assert done == "ready"
    browser.driver.execute_cdp_cmd("ServiceWorker.enable", {})
    yield browser
    browser.driver.execute_cdp_cmd("Browser.resetPermissions", {})
    browser.forget()


def deliver(page, data: str):
    # Chromium counts registrations, and tells a driver none of the numbers; what nobody has is dropped.
    for number in range(8):
        page.driver.execute_cdp_cmd("ServiceWorker.deliverPushMessage", {"origin": page.base, "registrationId": str(number), "data": data})


def notifications(page) -> list:
    return page.driver.execute_async_script(
        """const done = arguments[0];
           navigator.serviceWorker.ready.then((worker) => worker.getNotifications())
             .then((all) => done(all.map(({ title, body, tag, data }) => ({ title, body, tag, path: data.path }))), (error) => done(String(error)));""")


def test_the_button_is_there_for_whoever_can_use_it(browser, plain, portico):
    enter(browser, portico)
    browser.until(lambda: shown(browser, f"{FORM} button"), "the button")
    assert not shown(browser, "[data-push-missing]")
    enter(plain, portico)
    assert not shown(plain, FORM) and shown(plain, "[data-push-missing]"), "without scripts the page says how it works"


def test_a_browser_that_does_not_allow_it_is_told_where_that_can_be_changed(browser, portico):
    enter(browser, portico)
    permit(browser, "denied")
    browser.until(lambda: shown(browser, f"{FORM} button"), "the button")
    browser.find(f"{FORM} button").click()
    browser.until(lambda: "does not allow" in browser.find(f"{FORM} [role=status]").text, "the reason")
    assert browser.path == SETTINGS
    browser.driver.execute_cdp_cmd("Browser.resetPermissions", {})


def test_the_service_worker_shows_what_arrives(registered):
    message = {"title": "Anna Kern", "body": "It is cold", "path": "/messages/1", "tag": "conversation:1", "lang": "en"}
    deliver(registered, json.dumps(message))
    wanted = {name: message[name] for name in ("title", "body", "tag", "path")}
    registered.until(lambda: notifications(registered) == [wanted], "the notification")
    deliver(registered, json.dumps(message | {"body": "Still"}))
    registered.until(lambda: [one["body"] for one in notifications(registered)] == ["Still"], "the newer one in the place of the older")
    # Whatever a service hands over, somebody is told something, as browsers demand.
    deliver(registered, "no JSON")
    registered.until(lambda: len(notifications(registered)) == 2, "a notification without words")
    assert {one["path"] for one in notifications(registered)} == {"/messages/1", "/notifications"}
