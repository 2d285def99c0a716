"""What people do in many flows: come in, and confirm what they asked for."""


def be(page, portico, role):
    person = portico.person(role, "lindenhof")
    page.forget()
    page.sign_in(person["email"], person["password"])
    assert page.path == "/dashboard", page.words[:300]
    return person


def confirm(page, css):
    """Presses a button that asks first where there is JavaScript."""
    if page.scripts:
        page.find(css).click()
        page.press("dialog[open] .button.danger, dialog[open] .button.primary")
    else:
        page.press(css)
