"""Machines of the company and their tokens: with and without JavaScript."""

import re

import gate
import pytest
from visitor import Program


@pytest.fixture(params=["with JavaScript", "without JavaScript"])
def page(request, portico):
    portico.forget_limits()
    return request.getfixturevalue("browser" if request.param == "with JavaScript" else "plain")


def confirm(page, css):
    """Presses a button that asks first where there is JavaScript."""
    if page.scripts:
        page.find(css).click()
        page.press("dialog[open] .button.danger, dialog[open] .button.primary")
    else:
        page.press(css)


def machine(portico, secret):
    client = Program(portico.port, f"lindenhof.localhost:{portico.port}")
    client.token = secret
    return client


def test_a_device_is_made_works_gets_a_new_token_and_is_revoked(page, portico):
    person = portico.person("admin", "lindenhof")
    page.sign_in(person["email"], person["password"])
    name = f"Gateway {'with' if page.scripts else 'without'}"
    page.press('nav a[href="/admin/devices"]')
    page.type("#f-name", name)
    page.type("#f-place", "Cellar")
    page.press('form[action="/admin/devices"] button.primary')
    assert page.find(".error-summary") and page.find("#f-place").get_attribute("value") == "Cellar", "no scope was chosen"
    page.find('input[name=scopes][value="faults:see_all"]').click()
    page.press('form[action="/admin/devices"] button.primary')
    first = page.find("code.secret").text
    assert re.fullmatch(r"portico_[A-Za-z0-9_-]{43}", first)
    gate.look(page, "device")

    device = machine(portico, first)
    assert device.get("faults").status == 200 and device.get("buildings").status == 403 and device.get("devices").status == 403
    page.go("/admin/devices")
    row = next(row for row in page.all("main tbody tr") if name in row.text)
    assert first not in page.words and "Active" in row.text and "127.0.0.1" in row.text and "Cellar" in row.text
    base = row.find_element("css selector", "form").get_attribute("action").removeprefix(page.base).removesuffix("/token")
    confirm(page, f'form[action="{base}/token"] button')
    second = page.find("code.secret").text
    assert device.get("faults").status == 401 and machine(portico, second).get("faults").status == 200
    page.go("/admin/devices")
    confirm(page, f'form[action="{base}/revocation"] button')
    assert "revoked" in page.find(".flash").text and machine(portico, second).get("faults").status == 401
    page.go("/admin/audit?entity=device")
    assert "Token replaced" in page.words or "token replaced" in page.words, page.words[:500]
