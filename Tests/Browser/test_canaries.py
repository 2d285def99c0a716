"""T33, T34 in the browser: what people write is shown as text, wherever it appears; no dialog, no refused script, no new element."""

import uuid
from urllib.parse import urlencode

import pytest

XSS = [
    '"><i id=x>', "<img src=x onerror=alert(1)>", "'><svg onload=alert(1)>", "</title><script>alert(1)</script>", "</textarea><script>alert(1)</script>",
    "javascript:alert(1)", "{{7*7}} ${7*7} <%= 7 %>", "\u2028</script><script>alert(1)</script>", "&lt;b&gt; %3Cb%3E &amp;amp;", "=cmd|'/c calc'!A1",
]
MARKDOWN = [
    "[a](javascript:alert(1))", "[a](data:text/html,x)", "![a](http://evil.example/x.png)", "![a](data:image/svg+xml,x)", "<img src=x onerror=alert(1)>",
    "<a href='javascript:alert(1)'>x</a>", "[a](java\nscript:alert(1))", "[a](&#106;avascript:alert(1))", "<javascript:alert(1)>", "[x]: javascript:alert(1)\n\n[x]",
    "<!-- --><script>alert(1)</script>", "```\n</code><script>alert(1)</script>\n```", "[a](//evil.example)", "[a](vbscript:x)", "<style>body{display:none}</style>",
]


def write(portico, title, description):
    unit = portico.sql(
        f"""select o.unit_id as id from app.occupancy o join app.member m on m.tenant_id = o.tenant_id and m.id = o.member_id
            where m.email = '{portico.person("resident")["email"]}' and o.until is null limit 1""")[0]["id"]
    answer = portico.program("resident").post(
        "faults", {"title": title, "description": description, "category": "other", "unitId": unit, "locationNote": title})
    return answer.json() if answer.status == 201 else None


def enter(browser, portico, role):
    person = portico.person(role)
    browser.sign_in(person["email"], person["password"])


@pytest.mark.parametrize("text", XSS)
def test_t33_text_of_others_is_text_everywhere(browser, portico, text):
    """Title, place, reason, search word and notice with a hostile text: on lists, pages, inbox, audit log and CSV."""
    title = f"{text} {uuid.uuid4().hex[:6]}"[:140]
    fault = write(portico, title, text)
    if "\u2028" in text:
        assert fault is None, "a line separator has no place in a title"
        fault = write(portico, title.replace("\u2028", ""), text)
        title = title.replace("\u2028", "")
    portico.wait_for_jobs()
    enter(browser, portico, "admin")
    for path in (f"/faults/{fault['number']}", f"/faults/{fault['number']}/edit", f"/faults?{urlencode({'q': title})}", "/faults", "/dashboard", "/notifications",
                 "/admin/audit", f"/buildings?{urlencode({'q': title})}", f"/faults?{urlencode({'state': title, 'category': title, 'assignee': title})}"):
        browser.go(path)
        assert browser.console() == [], path
        assert not browser.has("#x, main script, main img:not([src^='/files/']), main svg[onload]"), path
        assert "49" not in browser.title.replace(title[-6:], "")
    browser.go(f"/faults/{fault['number']}")
    assert " ".join(title.split()) in browser.h1 or " ".join(title.split()) == " ".join(browser.h1.split())
    csv = portico.visitor("admin").get("/faults.csv").text
    assert not [line for line in csv.splitlines() if line.split(",")[1:2] and line.split(",")[1].lstrip('"').startswith(("=", "+", "-", "@"))]


@pytest.mark.parametrize("text", MARKDOWN)
def test_t34_markdown_makes_nothing_dangerous(browser, portico, text):
    fault = write(portico, f"T34 {uuid.uuid4().hex[:6]}", text)
    enter(browser, portico, "manager")
    browser.go(f"/faults/{fault['number']}")
    bad = browser.run(
        """return [...document.querySelectorAll(".prose a, .prose img, .prose script, .prose style, .prose iframe")]
             .filter((e) => e.tagName !== "A" || !/^(https?:|mailto:|tel:|\\/(?!\\/)|#)/.test(e.getAttribute("href") || "#")).map((e) => e.outerHTML)""")
    assert not bad, bad
    assert browser.console() == []
