"""The people of a company at one browser, and what they do with a fault."""

from portico import PHONE

WORDS = {
    "en": {"reported": "reported this", "resolved": "resolved this", "reopened": "opened this again", "closed": "Closed", "notice": "Is everything in order?",
           "error": "Error:", "problem": "There is a problem", "cancelled": "Cancelled", "hold": "On hold"},
    "de": {"reported": "hat dies gemeldet", "resolved": "hat dies erledigt", "reopened": "hat dies wieder geöffnet", "closed": "Abgeschlossen",
           "notice": "Ist alles in Ordnung?", "error": "Fehler:", "problem": "Bitte prüfen Sie Ihre Eingaben", "cancelled": "Zurückgezogen", "hold": "Zurückgestellt"},
}


class Journey:
    """The people of one company at one browser, one after the other."""

    def __init__(self, browser, portico, slug, language, locale):
        self.browser, self.portico, self.slug, self.language, self.locale = browser.at(f"{slug}.localhost:{portico.port}"), portico, slug, language, locale
        self.words = WORDS[language]

    def be(self, role):
        person = self.portico.person(role, self.slug)
        if self.locale:
            self.portico.sql(f"update app.member set locale = '{self.locale}' where email = '{person['email']}'")
        self.browser.forget()
        self.browser.sign_in(person["email"], person["password"])
        assert self.browser.path == "/dashboard", self.browser.words[:300]
        assert self.browser.run("return document.documentElement.lang") == self.language

    def unread(self) -> int:
        label = self.browser.find(".bell").get_attribute("aria-label")
        digits = "".join(character for character in label if character.isdigit())
        return int(digits or 0)

    def report(self, title, photos=(PHONE,), category="plumbing") -> str:
        """Fills in the form and gives the number that the page tells."""
        page = self.browser
        page.go("/faults/new")
        place = self.portico.sql(
            f"""select o.unit_id as id from app.occupancy o join app.member m on m.tenant_id = o.tenant_id and m.id = o.member_id
                where m.email = '{self.portico.person("resident", self.slug)["email"]}' and o.until is null limit 1""")[0]["id"]
        page.choose("#f-place", f"unit-{place}")
        page.type("#f-location_note", "Bad, hinter der Tür <b>links</b>")
        page.tick("category", category)
        page.type("#f-title", title)
        page.type("#f-description", "**Tropft** seit gestern.\n\n- oben\n- unten\n\n<script>alert(1)</script>")
        if photos:
            page.find("#f-photos").send_keys("\n".join(str(photo) for photo in photos))
        page.press('form[action="/faults"] button.primary')
        assert page.path.startswith("/faults/F-"), page.words[:400]
        number = page.path.split("/")[2].split("?")[0]
        assert number in page.find(".flash").text
        return number

    def act(self, name, **values):
        """Unfolds an act's form if it is folded, fills it in, sends it."""
        page = self.browser
        form = page.find(f'form[action$="/{name}"]')
        folded = form.find_elements("xpath", "./ancestor::details[not(@open)]")
        if folded:
            folded[0].find_element("css selector", "summary").click()
        for field, value in values.items():
            css = f'form[action$="/{name}"] [name="{field}"]'
            if page.find(css).tag_name == "select":
                page.choose(css, value)
            elif page.find(css).get_attribute("type") == "file":
                page.find(css).send_keys(value)
            else:
                page.type(css, value)
        page.press(f'form[action$="/{name}"] button[type=submit]')

    def notice(self, number) -> str:
        self.browser.go("/notifications")
        return next(row.text for row in self.browser.all(".rows li") if number in row.text)

    def technician(self) -> str:
        email = self.portico.person("technician", self.slug)["email"]
        return self.portico.sql(f"select id from app.member where email = '{email}'")[0]["id"]
