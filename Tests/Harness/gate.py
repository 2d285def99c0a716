"""The accessibility gate of UX §13: axe-core, and the checks of our own for what axe misses."""

import importlib.util
import os
from functools import cache
from pathlib import Path

from chromium import NARROW, PHONE, WIDE
from portico import ROOT

TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


@cache
def axe_source() -> str:
    """axe.min.js out of the wheel axe-playwright-python; its own Python code is not used."""
    package = importlib.util.find_spec("axe_playwright_python").submodule_search_locations[0]
    return (Path(package) / "axe.min.js").read_text()


def axe(browser) -> list:
    """Violations as `rule: selector (why)`."""
    browser.driver.execute_cdp_cmd("Runtime.evaluate", {"expression": "typeof axe === 'undefined' ? 0 : 1"})
    if not browser.run("return typeof axe !== 'undefined'"):
        browser.run(axe_source())
    result = browser.driver.execute_async_script(
        """const [tags, done] = arguments;
           axe.run(document, {runOnly: tags, resultTypes: ["violations"]}).then(
             (r) => done({violations: r.violations.map((v) => ({id: v.id, nodes: v.nodes.map((n) =>
               n.target.join(" ") + " (" + [...n.any, ...n.all, ...n.none].map((c) => c.message).join("; ") + ")")})), passes: r.passes.length}),
             (e) => done({error: String(e)}))""", TAGS)
    assert "error" not in result, result
    assert result["passes"] > 5, "axe tested next to nothing"
    return [f"{one['id']}: {node}" for one in result["violations"] for node in one["nodes"][:3]]


# Each gives a list of complaints.
OWN = """
const out = [];
const seen = (e) => { const r = e.getBoundingClientRect(), s = getComputedStyle(e);
  return r.width > 0 && r.height > 0 && s.visibility !== "hidden" && !e.closest("[hidden], dialog:not([open])") && e.checkVisibility(); };
const name = (e) => e.tagName.toLowerCase() + (e.id ? "#" + e.id : "") + "." + [...e.classList].join(".") + " " + (e.innerText || e.name || "").trim().slice(0, 30);

// 1. One title, one h1, ids once, a language, a main.
if (!document.title.trim()) out.push("title: none");
if (document.querySelectorAll("h1").length !== 1) out.push("h1: " + document.querySelectorAll("h1").length);
if (document.querySelectorAll("main").length !== 1) out.push("main: " + document.querySelectorAll("main").length);
if (!document.documentElement.lang) out.push("lang: none");
const ids = [...document.querySelectorAll("[id]")].map((e) => e.id);
for (const id of new Set(ids.filter((id, i) => ids.indexOf(id) !== i))) out.push("id twice: " + id);
for (const e of document.querySelectorAll("[aria-describedby], [aria-labelledby], [for], [popovertarget]"))
  for (const a of ["aria-describedby", "aria-labelledby", "for", "popovertarget"])
    for (const id of (e.getAttribute(a) || "").split(" ").filter(Boolean))
      if (!document.getElementById(id)) out.push(a + " leads nowhere: " + id);

for (const e of document.querySelectorAll("a[href^='#']"))
  if (!document.getElementById(decodeURIComponent(e.hash.slice(1)))) out.push("link leads nowhere: " + e.hash);

// 2. Nothing wider than the window; what scrolls sideways does so in a region of its own.
const wide = document.documentElement.clientWidth;
if (document.scrollingElement.scrollWidth > wide) {
  out.push("overflow: " + document.scrollingElement.scrollWidth + " > " + wide);
  const guilty = [...document.body.querySelectorAll("*")].filter((e) => seen(e) && e.getBoundingClientRect().right > wide + 1);
  for (const e of guilty.slice(0, 3)) out.push("overflow by: " + name(e));
}
// Text cut off by a box that cannot scroll.
for (const e of document.querySelectorAll("main *")) {
  const s = getComputedStyle(e);
  if (seen(e) && e.scrollWidth > e.clientWidth + 1 && s.overflowX === "hidden" && s.textOverflow !== "ellipsis" && e.clientWidth > 1 && e.innerText?.trim()
      && !e.classList.contains("visually-hidden")) out.push("cut off: " + name(e));
}

// 3. Targets of at least 24 px (2.5.8), except links inside a sentence.
const targets = "a[href], button, input:not([type=hidden]), select, textarea, summary, [tabindex='0']";
for (const e of document.querySelectorAll(targets)) {
  if (!seen(e) || e.closest(".visually-hidden, .skip")) continue;
  const box = e.matches("input[type=radio], input[type=checkbox]") && e.closest("label") || e;
  const r = box.getBoundingClientRect();
  if (r.width >= 23.5 && r.height >= 23.5) continue;
  const sentence = e.tagName === "A" && getComputedStyle(e).display === "inline" && [...e.parentNode.childNodes].some((n) => n.nodeType === 3 && n.textContent.trim().length > 2);
  if (!sentence) out.push("target " + Math.round(r.width) + "×" + Math.round(r.height) + ": " + name(e));
}

// 4. Placeholders are readable, and no field has only a placeholder for a name.
for (const e of document.querySelectorAll("[placeholder]")) if (!e.labels?.length && !e.getAttribute("aria-label")) out.push("placeholder as a name: " + name(e));

// 5. Pictures have room before they arrive.
for (const e of document.querySelectorAll("img")) if (!e.hasAttribute("width") || !e.hasAttribute("height")) out.push("img without size: " + e.src);
for (const e of document.querySelectorAll("img")) if (seen(e) && e.complete && !e.naturalWidth) out.push("img broken: " + e.src);
return out;
"""


def own(browser) -> list:
    return browser.run(OWN)


def complaints(page, name: str, every_theme: bool = False) -> list:
    """Axe and our own checks, without loading the page again: wide and light, narrow and dark, or each theme at each width. Both are
    scripts themselves: nothing is said about a browser without."""
    if not page.scripts:
        return []
    looks = [(WIDE, False), (NARROW, True)] + ([(WIDE, True), (NARROW, False)] if every_theme else [])
    found = []
    for width, dark in looks:
        page.size(width)
        page.theme(dark)
        page.run("scrollTo(0, 0)")   # what has scrolled under the bar at the top is not hidden, but axe takes it for that
        found += [f"{name} ({width} px, {'dark' if dark else 'light'}): {line}" for line in axe(page) + own(page)]
    take_pictures(page, name)
    page.size(WIDE)
    page.theme(False)
    return found


def look(page, name: str):
    """For a page in the middle of a test."""
    found = complaints(page, name)
    assert not found, "\n".join(found[:20])


def take_pictures(page, name: str):
    """Where a person wants to look as well: PORTICO_SCREENSHOTS=1."""
    if os.environ.get("PORTICO_SCREENSHOTS") != "1":
        return
    folder = Path(os.environ.get("PORTICO_SCREENSHOT_FOLDER", ROOT / "var/screenshots"))
    for width in (WIDE, PHONE):
        for dark in (False, True):
            page.size(width)
            page.theme(dark)
            page.screenshot(folder / f"{name.strip('/').replace(' ', '/')}-{width}-{'dark' if dark else 'light'}.png")


def tab_stops(browser, most: int = 80) -> list:
    """Walks the page by Tab. Complains about stops without a visible ring, hidden ones, and an order unlike the page's."""
    # From the top, also where a field has the focus from the start.
    browser.run("document.body.tabIndex = -1; document.body.focus(); document.body.removeAttribute('tabindex'); scrollTo(0, 0); window.__stops = []")
    out, stops = [], 0
    for _ in range(most):
        browser.key(browser.Keys.TAB)
        stop = browser.run(
            """const e = document.activeElement;
               if (!e || e === document.body || window.__stops.includes(e)) return null;
               const before = window.__stops.at(-1); window.__stops.push(e);
               const s = getComputedStyle(e), r = e.getBoundingClientRect();
               const label = (e.innerText || e.name || e.id || e.tagName).trim().slice(0, 40);
               const box = e.matches("input[type=radio], input[type=checkbox], input[type=file]") && e.closest("label") || e;
               const b = getComputedStyle(box);
               const ring = (x) => (x.outlineStyle !== "none" && parseFloat(x.outlineWidth) >= 2) || x.boxShadow !== "none";
               const x = Math.min(Math.max(r.left + r.width / 2, 1), innerWidth - 1), y = Math.min(Math.max(r.top + Math.min(r.height / 2, 12), 1), innerHeight - 1);
               const top = document.elementFromPoint(x, y);
               return {label, ring: ring(s) || ring(b), inside: r.bottom > 0 && r.top < innerHeight && r.right > 0 && r.left < innerWidth,
                       covered: top && !(e.contains(top) || top.contains(e) || box.contains(top)) ? top.tagName + "." + top.className : null,
                       order: !before || !!(before.compareDocumentPosition(e) & Node.DOCUMENT_POSITION_FOLLOWING)}""")
        if stop is None:
            break
        stops += 1
        if not stop["ring"]:
            out.append(f"no focus ring: {stop['label']}")
        if not stop["inside"]:
            out.append(f"focus out of sight: {stop['label']}")
        if stop["covered"]:
            out.append(f"focus under {stop['covered']}: {stop['label']}")
        if not stop["order"]:
            out.append(f"out of order: {stop['label']}")
    if stops < 2:
        out.append(f"only {stops} tab stops")
    return out
