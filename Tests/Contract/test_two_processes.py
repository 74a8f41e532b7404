"""Two processes on one database: a session revoked in one ends in the other within 2 seconds, in spite of its caches."""

import time

import pytest

from harness.cast import ADA, CHARLIE, NORTHLIGHT
from harness.numbers import Numbers
from harness.signing_in import Tokens, bearer, tokens
from harness.streams import Stream
from harness.waiting import eventually

ME = "/api/v1/auth/me"
STREAM = f"/api/v1/guilds/{NORTHLIGHT}/status/stream"
GUESTS = f"/api/v1/guilds/{NORTHLIGHT}/access"


@pytest.fixture(scope="module")
def two(own_service, start_service):
    other = start_service(own_service.database)
    yield own_service, other
    other.stop()


def logout(client, pair: Tokens):
    return client.post("/api/v1/auth/logout", headers=pair.header)


def logout_everywhere(client, pair: Tokens):
    return client.post("/api/v1/auth/logout-all", headers=pair.header)


def end_from_the_list(client, pair: Tokens):
    session = client.get(ME, headers=pair.header).json()["sessionId"]
    return client.delete(f"/api/v1/auth/sessions/{session}", headers=pair.header)


def use_a_grandparent(client, pair: Tokens):
    """A refresh token that is reused, as by a thief and its owner in turn."""
    token = pair.refresh
    for _ in range(2):
        token = client.post("/api/v1/auth/refresh", json={"refreshToken": token}).json()["refreshToken"]
    return client.post("/api/v1/auth/refresh", json={"refreshToken": pair.refresh})


def expect_end(within: float, status: int, client, path: str, stream: Stream, started: float):
    eventually(lambda: client.get(path).status_code == status, within=within)
    assert stream.ended.wait(max(0, within - (time.monotonic() - started))), "the stream goes on"
    assert time.monotonic() - started <= within


@pytest.mark.parametrize(
    "end, status", [(logout, 204), (logout_everywhere, 204), (end_from_the_list, 204), (use_a_grandparent, 401)])
def test_a_session_that_ends_here_ends_there_with_its_streams(two, end, status):
    here, there = two
    pair = tokens(here, ADA)
    with here.client() as at_home, there.client(headers=pair.header) as abroad, bearer(there, CHARLIE) as someone_else:
        # The other process has cached the session and makes no query for it.
        assert abroad.get(ME).status_code == 200
        stream = Stream(abroad, STREAM)
        stream.next()
        started = time.monotonic()
        assert end(at_home, pair).status_code == status
        expect_end(2, 401, abroad, ME, stream, started)
        assert someone_else.get(ME).status_code == 200


def test_a_guests_access_that_ends_here_ends_there_with_its_streams(two):
    here, there = two
    with bearer(here, ADA) as ada:
        given = ada.post(GUESTS, json={"userId": CHARLIE, "level": "viewer", "hours": 1})
        assert given.status_code == 201
        # A token lists the servers at the time of its issue.
        with bearer(there, CHARLIE) as charlie:
            path = f"/api/v1/guilds/{NORTHLIGHT}"
            assert charlie.get(path).status_code == 200
            stream = Stream(charlie, STREAM)
            stream.next()
            started = time.monotonic()
            assert ada.delete(f"{GUESTS}/{given.json()['id']}").status_code == 204
            expect_end(2, 404, charlie, path, stream, started)
            assert charlie.get(ME).status_code == 200


def test_a_sign_in_is_valid_in_both_processes_and_streams_on_both_get_the_same_events(two):
    here, there = two
    pair = tokens(here, ADA)
    with here.client(headers=pair.header) as at_home, there.client(headers=pair.header) as abroad:
        assert at_home.get(ME).json()["sessionId"] == abroad.get(ME).json()["sessionId"]
        streams = [Stream(client, STREAM) for client in (at_home, abroad) for _ in range(3)]
        for latency in (101, 102, 103):
            here.heartbeat(status="healthy", latency_ms=latency)
            for stream in streams:
                stream.until(latencyMs=latency)
        for stream in streams:
            assert not stream.ended.is_set()
            stream.close()


def leads(service) -> bool:
    return Numbers(service).one("dashboard_background_leader") == 1


def housekeeping(service) -> float:
    return Numbers(service).one("dashboard_background_work_total", work="housekeeping", outcome="done")


def test_background_work_is_done_by_one_and_by_another_when_that_is_killed(start_service):
    first = start_service()
    eventually(lambda: leads(first))
    others = [start_service(first.database) for _ in range(2)]
    try:
        eventually(lambda: housekeeping(first) == 1)
        # They have been retrying for a while without the lead.
        done = Numbers(others[1]).one("dashboard_background_work_total", work="status", outcome="done")
        eventually(lambda: Numbers(others[1]).one(
            "dashboard_background_work_total", work="status", outcome="done") > done + 1, within=10)
        assert [leads(service) for service in (first, *others)] == [True, False, False]
        assert [housekeeping(service) for service in others] == [0, 0]
        first.kill()
        eventually(lambda: sum(leads(service) for service in others) == 1, within=10)
        eventually(lambda: sum(housekeeping(service) for service in others) == 1)
        # A process that stops releases the lead.
        [leader] = [service for service in others if leads(service)]
        [left] = [service for service in others if service is not leader]
        assert leader.end() == 0
        eventually(lambda: leads(left) and housekeeping(left) == 1, within=10)
    finally:
        for service in others:
            service.stop()
