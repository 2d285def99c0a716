"""Browsers that the tests share: one with JavaScript and one without."""

import pytest
from chromium import Chromium
from peers import RealHouse


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


@pytest.fixture
def as_new():
    """Makes a shared browser a new visitor's, at a Portico of a test's own."""
    return fresh


@pytest.fixture(scope="session")
def _real(cluster, tmp_path_factory):
    with RealHouse(cluster, tmp_path_factory.mktemp("home")) as house:
        yield house


@pytest.fixture
def real(_real):
    """A Portico with real servers for mail and storage; all of them are up."""
    _real.mailbox.start()
    _real.bucket.start()
    _real.hire()
    _real.forget_limits()
    return _real


@pytest.fixture
def page(_with_scripts, real):
    """Chromium as a new visitor of it."""
    return fresh(_with_scripts, real)


@pytest.fixture
def second_page(_without_scripts, real):
    """Another person at another browser, which has JavaScript switched off."""
    return fresh(_without_scripts, real)
