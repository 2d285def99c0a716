"""The gate proves itself: a page with planted faults must fail, one without must not."""

from urllib.parse import quote

import gate

BAD = """<!doctype html><html lang="en"><head><title>Bad</title><style>
body { margin: 0 } .weak { color: #bbb; background: #fff } .small { width: 18px; height: 18px; padding: 0 }
.wide { width: 2000px; height: 10px; background: #000 } :focus { outline: none }</style></head>
<body><main><h2>No first heading</h2><p class="weak">Weak colour</p><input type="text"><button class="small">x</button><img src="data:,">
<a href="#a" id="twice">one</a> <a href="#b" id="twice">two</a><div class="wide"></div></main></body></html>"""

GOOD = """<!doctype html><html lang="en"><head><title>Good</title><style>
a, button { display: inline-block; min-width: 44px; min-height: 44px } :focus { outline: 3px solid #05c }</style></head>
<body><main><h1>Good</h1><p>Plain words.</p><p><label>Name <input style="min-height: 30px"></label></p><button>Save</button></main></body></html>"""


def show(browser, html):
    browser.driver.get("data:text/html;charset=utf-8," + quote(html))


def test_the_gate_finds_planted_faults(browser):
    browser.size(320)
    show(browser, BAD)
    rules = {line.split(":")[0] for line in gate.axe(browser)}
    assert {"color-contrast", "label", "image-alt", "page-has-heading-one"} <= rules, rules
    own = "\n".join(gate.own(browser))
    for wanted in ("h1: 0", "id twice: twice", "overflow: ", "target 18×18", "img without size"):
        assert wanted in own, f"{wanted} not in {own}"
    assert any("no focus ring" in line for line in gate.tab_stops(browser))


def test_the_gate_lets_a_good_page_pass(browser):
    show(browser, GOOD)
    assert gate.axe(browser) == []
    assert gate.own(browser) == []
    assert gate.tab_stops(browser) == []
