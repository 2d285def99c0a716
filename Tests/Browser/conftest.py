"""Browsers that the tests share: one with JavaScript and one without."""

import pytest
from chromium import Chromium


@pytest.fixture(scope="session")
def _with_scripts():
    browser = Chromium()
    yield browser
    browser.close()


@pytest.fixture(scope="session")
def _without_scripts():
    browser = Chromium(scripts=False)
    yield browser
    browser.close()


def fresh(browser, portico):
    browser.at(f"lindenhof.localhost:{portico.port}")
    browser.forget()
    browser.language("en")
    browser.size(1280)
    browser.theme(False)
    browser.console()
    return browser


@pytest.fixture
def browser(_with_scripts, portico):
    """Chromium as a new visitor, wide and light."""
    return fresh(_with_scripts, portico)


@pytest.fixture
def plain(_without_scripts, portico):
    """Chromium as a new visitor with JavaScript switched off."""
    return fresh(_without_scripts, portico)
