"""The header's search box: suggestions by keyboard alone with JavaScript, a plain form without."""

import pytest


def sign_in(browser, portico, role="manager"):
    person = portico.person(role, "lindenhof")
    browser.sign_in(person["email"], person["password"])
    assert browser.path == "/dashboard", browser.words[:300]
    return browser


def fault(portico):
    return portico.sql(
        """select f.number, f.title from app.fault f join app.tenant t on t.id = f.tenant_id and t.slug = 'lindenhof'
            order by f.id desc limit 1""")[0]


def test_suggestions_are_chosen_with_the_keyboard_alone(browser, portico):
    page, known = sign_in(browser, portico), fault(portico)
    page.run("document.activeElement.blur()")
    page.run("document.dispatchEvent(new KeyboardEvent('keydown', {key: 'k', ctrlKey: true, bubbles: true}))")
    assert page.run("return document.activeElement.id") == "site-search"
    box = page.find("#site-search")
    page.until(lambda: box.get_attribute("role") == "combobox", "the combobox")
    assert box.get_attribute("aria-expanded") == "false"
    box.send_keys(known["number"])
    page.until(lambda: box.get_attribute("aria-expanded") == "true", "suggestions")
    page.key(page.Keys.ARROW_DOWN)
    active = box.get_attribute("aria-activedescendant")
    assert active and page.find(f"#{active}").get_attribute("aria-selected") == "true"
    page.key(page.Keys.ESCAPE)
    assert box.get_attribute("aria-expanded") == "false" and not box.get_attribute("aria-activedescendant")
    page.key(page.Keys.ARROW_DOWN)
    page.until(lambda: box.get_attribute("aria-expanded") == "true", "suggestions again")
    page.key(page.Keys.ARROW_DOWN)
    page.key(page.Keys.ENTER)
    page.until(lambda: page.path == f"/faults/{known['number']}", "the fault's page")
    assert not page.console()


def test_enter_without_a_choice_leads_to_the_search_page(browser, portico):
    page = sign_in(browser, portico)
    page.find("#site-search").send_keys("wasserhan", page.Keys.ENTER)
    page.until(lambda: page.path.startswith("/search?q=wasserhan"), "the search page")
    assert page.has("main mark") and page.h1


def test_what_is_no_longer_typed_is_not_shown(browser, portico):
    page = sign_in(browser, portico)
    box = page.find("#site-search")
    box.send_keys("hei")
    for _ in range(3):
        page.key(page.Keys.BACKSPACE)
    page.run("return new Promise((done) => setTimeout(done, 600))")
    assert box.get_attribute("aria-expanded") == "false"


@pytest.mark.parametrize("width", [1280, 360])
def test_without_scripts_it_is_a_form_or_a_link(plain, portico, width):
    page, known = sign_in(plain, portico), fault(portico)
    page.size(width)
    if width == 360:
        page.press(".search-link")
        page.find("main input[name=q]").send_keys(known["number"])
        page.press("main form[action='/search'] button")
    else:
        page.find("#site-search").send_keys(known["number"], page.Keys.ENTER)
    assert page.path.startswith("/search?q=")
    assert page.find(f"main a[href='/faults/{known['number']}']")
