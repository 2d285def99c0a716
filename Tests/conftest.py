"""What the tests in Browser and Network share: one database server, one seeded Portico."""

import sys

import pytest

sys.dont_write_bytecode = True

from portico import Cluster, Portico  # noqa: E402


@pytest.fixture(scope="session")
def cluster():
    with Cluster.open() as cluster:
        yield cluster


@pytest.fixture(scope="session")
def house(cluster):
    """A Portico that many tests use; each makes what it changes."""
    with Portico(cluster) as portico:
        yield portico


@pytest.fixture
def portico(house):
    """The shared Portico: limits start afresh, and the same process must be alive afterwards."""
    house.forget_limits()
    before = house.pid
    yield house
    assert house.pid == before, "the server was replaced by another process"


@pytest.fixture(scope="session")
def phone():
    """A photo as a phone makes it: on its side, with GPS, serial number and maker note."""
    from portico import PHONE

    return PHONE.read_bytes()
