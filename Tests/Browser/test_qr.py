"""From the sheet in the staircase to the confirmed repair, without an account and without JavaScript: the code is read from the printed page."""

import base64
import os
import subprocess
import time
import uuid
from pathlib import Path

import gate
from chromium import NARROW, WIDE
from portico import PHONE, ROOT
from routes import visits

A4 = {"paperWidth": 8.27, "paperHeight": 11.69, "printBackground": True, "preferCSSPageSize": False}


def read_codes(picture: Path) -> list:
    """What a phone's camera would see."""
    seen = subprocess.run(["zbarimg", "--quiet", "--raw", "-Sbinary=0", str(picture)], capture_output=True, text=True, check=False)
    return sorted(seen.stdout.split())


def pages(browser, folder: Path) -> list:
    """The page as Chromium prints it on A4: one picture per sheet of paper, and the words of each."""
    printed = browser.driver.execute_cdp_cmd("Page.printToPDF", A4)
    file = folder / "printed.pdf"
    file.write_bytes(base64.b64decode(printed["data"]))
    subprocess.run(["pdftoppm", "-r", "100", "-png", str(file), str(folder / "page")], check=True)
    words = subprocess.run(["pdftotext", "-layout", str(file), "-"], capture_output=True, text=True, check=True).stdout
    # Wide letters are set apart; words are words all the same.
    return list(zip(sorted(folder.glob("page-*.png")), (" ".join(page.split()) for page in words.split("\f")), strict=False))


def sheets(browser, portico) -> str:
    """A manager's list of codes, with a sheet for every building; gives the short address of the first one."""
    manager = portico.person("manager")
    browser.sign_in(manager["email"], manager["password"])
    browser.go("/faults")
    browser.find('a[href="/faults/codes"]').click()
    if browser.has('form input[name="place"][value="all"]'):
        browser.press('form:has(input[name="place"][value="all"]) button')
    return browser.find("tbody code").text


def test_from_sheet_to_repair(browser, plain, portico, tmp_path):
    address = sheets(browser, portico)
    browser.find('tbody a[href^="/faults/codes/sheets"]').click()
    browser.find(".poster .qr")
    picture = tmp_path / "sheet.png"
    browser.screenshot(picture)
    (link,) = read_codes(picture)
    assert link == f"http://{address}", "the code and the short address lead to the same place"
    assert "Something broken?" in browser.words and "Etwas kaputt?" in browser.words

    title = f"Lift steht {uuid.uuid4().hex[:8]}"
    plain.driver.get(link)
    assert plain.h1 == "Report a fault" and "You need no account" in plain.words
    plain.tick("category", "elevator")
    plain.type("#f-description", "Since this morning")
    plain.type("#f-name", "Nora Blum")
    plain.type("#f-email", f"nora-{uuid.uuid4().hex[:8]}@example.test")
    plain.find("#f-photos").send_keys(str(PHONE))
    time.sleep(2.2)     # nobody types faster, and the form knows
    plain.press('form[action^="/r/"] button.primary')
    # Something was forgotten: the photo need not be chosen again.
    assert plain.path.startswith("/r/") and plain.find('input[name="held_photos"]').is_selected(), plain.words[:400]
    plain.type("#f-title", title)
    plain.press('form[action^="/r/"] button.primary')
    assert plain.path.startswith("/s/"), plain.words[:400]
    private = plain.path
    assert title in plain.h1 and plain.all(".gallery img") and "Reported" in plain.words
    number = next(word for word in plain.words.split() if word.startswith("F-20")).rstrip(".")
    portico.wait_for_jobs()

    browser.go(f"/faults/{number}")
    assert "Reported by QR" in browser.words and "Nora Blum" in browser.words
    manager, technician = portico.program("manager"), portico.program("technician")
    person = portico.sql(f"select id from app.member where email = '{portico.person('technician')['email']}'")[0]["id"]
    assert manager.patch(f"/api/v1/faults/{number}", {"assigneeId": person}).status == 200
    assert technician.post(f"/api/v1/faults/{number}/resolve", {"resolution": "Door contact replaced"}).status == 200
    portico.wait_for_jobs()

    plain.go(private)
    assert "Door contact replaced" in plain.words
    assert "Jan" not in plain.words and portico.person("technician")["name"] not in plain.words
    plain.tick("rating", "4")
    plain.type("#f-rating_note", "Quick, thank you")
    plain.press(f'form[action="{private}/confirm"] button')
    assert "Closed" in plain.words and "Thank you" in plain.find(".flash").text and "Quick, thank you" in plain.words
    plain.press(f'form[action="{private}/contact-deletion"] button')
    assert "Your contact data is deleted" in plain.words and not plain.has(f'form[action="{private}/contact-deletion"]')
    browser.go(f"/faults/{number}")
    assert "Closed" in browser.words and "Quick, thank you" in browser.words and "Nora Blum" not in browser.words


def test_printed_posters(browser, portico, tmp_path):
    """One sheet of A4 each: code, short address, place, no navigation, nothing cut off."""
    sheets(browser, portico)
    count = len(browser.all("tbody tr"))
    browser.go("/faults/codes/sheets")
    total = len(browser.all(".poster"))
    printed = pages(browser, tmp_path)
    assert total >= count and len(printed) == total
    for picture, words in printed:
        (link,) = read_codes(picture)
        assert link.removeprefix("http://") in words, "the short address stands whole on the sheet"
        assert "Something broken?" in words and "Etwas kaputt?" in words and "Lindenhof Hausverwaltung" in words
        for screen in ("Dashboard", "Notifications", "Print this page", "Faults"):
            assert screen not in words, screen


def test_printed_work_sheet(browser, portico, tmp_path):
    """The code on a work sheet opens the fault, after signing in."""
    manager = portico.person("manager")
    browser.sign_in(manager["email"], manager["password"])
    rows = portico.sql(
        "select f.id, f.number from app.fault f join app.tenant t on t.id = f.tenant_id where t.slug = 'lindenhof' order by f.id desc limit 3")
    browser.go("/faults/sheets?" + "&".join(f"fault_ids={row['id']}" for row in rows))
    printed = pages(browser, tmp_path)
    assert len(printed) == len(rows), "one sheet of paper each"
    links = [read_codes(picture) for picture, _ in printed]
    numbers = sorted(row["number"] for row in rows)
    assert sorted(link.rsplit("/", 1)[-1] for links in links for link in links) == numbers, links
    browser.forget()
    browser.driver.get(next(link for found in links for link in found))
    assert browser.path.startswith("/login?next=%2Ffaults%2FF-")
    browser.type("#f-email", manager["email"])
    browser.type("#f-password", manager["password"])
    browser.press('form[action="/login"] button[type=submit]')
    assert browser.path.startswith("/faults/F-")


def test_public_pages_pass_the_gate(browser, portico):
    """Form, refused form and private page: axe and own checks, wide and as narrow as a phone, light and dark."""
    address = sheets(browser, portico)
    browser.forget()
    trouble = []

    def judge(name):
        for width in (WIDE, NARROW):
            for dark in (False, True):
                browser.size(width)
                browser.theme(dark)
                trouble.extend(f"{name} ({width} px, dark: {dark}): {line}" for line in gate.axe(browser) + gate.own(browser))
                if os.environ.get("PORTICO_SCREENSHOTS") == "1":
                    folder = Path(os.environ.get("PORTICO_SCREENSHOT_FOLDER", ROOT / "var/screenshots"))
                    browser.screenshot(folder / f"visitor/{name}-{width}-{'dark' if dark else 'light'}.png")
        browser.size(WIDE)

    browser.driver.get(f"http://{address}")
    judge("form")
    time.sleep(2.2)
    browser.press('form[action^="/r/"] button.primary')
    assert browser.title.startswith("Error:")
    judge("refused")
    browser.tick("category", "electrical")
    browser.type("#f-title", "Licht flackert")
    browser.type("#f-description", "Seit gestern **abend**")
    browser.press('form[action^="/r/"] button.primary')
    browser.until(lambda: browser.path.startswith("/s/"), "on the private page")
    judge("status")
    assert trouble == [], "\n".join(trouble)


def test_the_demo_has_a_sheet_and_what_came_through_it(browser, portico):
    ids = visits(portico, "lindenhof")
    browser.go(f"/r/{ids['code']}")
    assert browser.h1 == "Report a fault"
    browser.go(f"/s/{ids['token']}")
    assert "F-20" in browser.words and "Reported" in browser.words and "Robin Sommer" not in browser.words
