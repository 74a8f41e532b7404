"""Fixtures of all tests: one PostgreSQL cluster, one service in demo mode, and the people who sign in to it."""

import os

import pytest

from harness.cast import ADA, BOB, CHARLIE
from harness.cluster import Cluster
from harness.described import answers
from harness.leaks import run
from harness.service import Service, programs
from harness.signing_in import bearer, sign_in
from harness.statements import Statements


def pytest_collection_modifyitems(items):
    # Checks of the run as a whole come last.
    items.sort(key=lambda item: item.path.name == "test_the_whole_run.py")


@pytest.fixture(scope="session", autouse=True)
def everything_stops():
    programs()
    run.watch_every_client()
    answers.watch(lambda port: any(service.port == port for service in Service.all))
    yield
    for service in Service.all:
        service.stop()


@pytest.fixture(scope="session")
def cluster():
    cluster = Cluster()
    yield cluster
    for service in Service.all:
        if service.cluster is cluster:
            service.stop()
    cluster.remove()


@pytest.fixture(scope="session", autouse=True)
def statements(cluster):
    """Those of the services on the cluster that most tests share."""
    statements = Statements(cluster)
    yield statements
    statements.stop()


@pytest.fixture(scope="session")
def service(cluster):
    """The service that most tests share. Tests leave its data as they found it, apart from sessions."""
    cluster.create("shared")
    return Service(cluster, "shared")


@pytest.fixture(scope="session")
def start_service(cluster):
    """Starts another service, on the given database or on a new one."""
    def start(database: str | None = None, **settings) -> Service:
        if database is None:
            database = f"own_{os.urandom(4).hex()}"
            cluster.create(database)
        return Service(cluster, database, **settings)

    return start


@pytest.fixture(scope="module")
def own_service(start_service):
    """A service for one file alone, whose data it may change."""
    service = start_service()
    yield service
    service.stop()


@pytest.fixture(scope="session")
def ada(service):
    return bearer(service, ADA)


@pytest.fixture(scope="session")
def bob(service):
    return bearer(service, BOB)


@pytest.fixture(scope="session")
def charlie(service):
    return bearer(service, CHARLIE)


@pytest.fixture(scope="session")
def nobody(service):
    return service.client()


@pytest.fixture
def ada_in_a_browser(service):
    """Cookies instead of a token; a session of its own for each test."""
    with sign_in(service, ADA) as client:
        yield client
