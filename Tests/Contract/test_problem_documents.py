"""If a client asks for JSON, every error is a problem document, and its headers name the limit that was hit."""

import json
import socket

import pytest

from harness.answers import expect_problem
from harness.cast import ADA, BOB, NORTHLIGHT
from harness.signing_in import bearer, begin, consent, sign_in
from harness.streams import Stream
from harness.wire import connect, receive, status_of

BEGIN = "/api/v1/auth/discord"
CALLBACK = BEGIN + "/callback"
REFRESH = "/api/v1/auth/refresh"
STREAM = f"/api/v1/guilds/{NORTHLIGHT}/status/stream"
JSON = {"Accept": "application/json"}
PROBLEM = {"Accept": "application/problem+json"}


def expect_limit(answer, policy: str):
    """The fields of the limit that was hit, and of no other."""
    expect_problem(answer, 429)
    name = policy.split(";")[0]
    assert answer.headers["ratelimit-policy"] == policy
    assert answer.headers["ratelimit"] == f"{name};r=0;t={answer.headers['retry-after']}"


# Documents


@pytest.mark.parametrize("accept", [JSON, PROBLEM, {"Accept": "Application/JSON, */*;q=0.1"}], ids=["json", "problem", "both"])
def test_a_malformed_sign_in_is_a_document_for_a_program(nobody, accept):
    expect_problem(nobody.get(CALLBACK + "?state=%00", headers=accept), 400, naming="state")
    assert nobody.get(CALLBACK + "?state=%00").headers["content-type"].startswith("text/html")


def test_a_sign_in_over_the_limit_is_a_document_for_a_program(start_service):
    service = start_service(RATE_LIMIT_SIGN_IN_PER_15_MINUTES="1")
    with service.client() as client:
        assert client.get(BEGIN, headers=JSON).status_code == 302
        expect_limit(client.get(BEGIN, headers=JSON), '"sign-in";q=1;w=900')
        assert client.get(BEGIN).headers["content-type"].startswith("text/html")
    service.stop()


def test_a_sign_in_without_a_database_is_a_document_for_a_program(start_service):
    service = start_service()
    with service.client() as client:
        service.sql("ALTER TABLE oauth_states RENAME TO elsewhere")
        service.expects_faults = True
        expect_problem(client.get(BEGIN, headers=JSON), 500)
        service.sql("ALTER TABLE elsewhere RENAME TO oauth_states")
        assert client.get(BEGIN, headers=JSON).status_code == 302
    service.stop()


@pytest.mark.parametrize("path", ["/healthz", "/readyz", "/metrics"])
def test_a_method_that_an_operation_does_not_have_is_a_document(nobody, path):
    answer = nobody.post(path)
    expect_problem(answer, 405)
    assert answer.headers["allow"] == "HEAD, GET"


def test_an_address_that_does_not_exist_is_a_document_for_a_program(nobody):
    expect_problem(nobody.get("/nowhere", headers=JSON), 404)
    expect_problem(nobody.get("/account", headers=JSON), 401)
    assert nobody.get("/nowhere").headers["content-type"].startswith("text/html")


# Limits


def test_a_stream_too_many_names_the_limit_of_streams(own_service):
    with bearer(own_service, BOB) as bob:
        streams = [Stream(bob, STREAM) for _ in range(20)]
        assert all(stream.answer.status_code == 200 for stream in streams)
        expect_limit(bob.get(STREAM), '"streams";q=20;qu="concurrent-requests"')
        for stream in streams:
            stream.close()


def test_a_used_up_limit_of_refreshing_is_named(start_service):
    service = start_service(RATE_LIMIT_SIGN_IN_PER_15_MINUTES="1")
    with service.client() as client:
        expect_problem(client.post(REFRESH, json={"refreshToken": "x"}), 401)
        expect_limit(client.post(REFRESH, json={"refreshToken": "x"}), '"sign-in";q=1;w=900')
    service.stop()


def test_bodies_that_are_too_large_together_name_their_limit(own_service):
    head = (
        f"POST {REFRESH} HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 4096\r\n\r\n").encode()
    held = []
    try:
        # Requests whose bodies do not end: 8 MB of them is all that one network may have.
        for _ in range(4_000):
            connection = connect(own_service, 5)
            held.append(connection)
            connection.sendall(head + b" " * 4_095)
            connection.settimeout(0.001)
            try:
                answer = connection.recv(65_536)
            except (TimeoutError, socket.timeout):
                continue
            break
        else:
            pytest.fail("no request was refused")
        connection.settimeout(5)
        if b"\r\n\r\n" not in answer:
            answer += receive(connection)
        assert status_of(answer) == 429, answer[:300]
        assert b'\r\nRateLimit-Policy: "bodies";q=8388608;qu="content-bytes"\r\n' in answer
        assert b'\r\nRateLimit: "bodies";r=0;t=5\r\n' in answer
    finally:
        for connection in held:
            connection.close()


# Times


def test_times_in_the_audit_log_are_in_utc(own_service):
    with bearer(own_service, ADA) as ada:
        address = f"/api/v1/guilds/{NORTHLIGHT}"
        given = ada.post(address + "/access", json={"userId": "100000000000000009", "level": "viewer", "hours": 1})
        assert given.status_code == 201
        key = ada.post(address + "/api-keys", json={"name": "Times", "scopes": ["posts"]})
        assert key.status_code == 201, key.text
        assert ada.post(f"{address}/api-keys/{key.json()['id']}/rotate", json={}).status_code == 201
        # As a bot writes it, in a session with a time zone of its own.
        own_service.cluster.sql(
            f"SET timezone = 'Asia/Tokyo'; SELECT bot.guild_left({NORTHLIGHT}); "
            f"SELECT bot.guild_joined({NORTHLIGHT}, 'Northlight', NULL)", own_service.database, "tracking_bot")
        entries = ada.get(address + "/audit?limit=20").json()["items"]
        changes = {entry["action"]: entry["changes"] for entry in entries}
        assert changes["access.given"]["endsAt"] == given.json()["endsAt"]
        assert changes["api_key.rotated"]["oldKeyEndsAt"].endswith("Z")
        left, nothing = changes["guild.rejoined"]["leftAt"]
        assert left.endswith("Z") and nothing is None
        file = ada.get(address + "/audit.csv").text
        for text in (json.dumps(entries), file):
            assert "+00:00" not in text and "+09:00" not in text
        assert left in file


# Lists


@pytest.mark.parametrize("list", ["access", "api-keys", "problems", "brands", "groups", "accounts", "posts", "audit"])
def test_every_list_of_a_server_has_items_and_a_cursor(ada, list):
    answer = ada.get(f"/api/v1/guilds/{NORTHLIGHT}/{list}").json()
    assert set(answer) == {"items", "nextCursor"}


@pytest.mark.parametrize("path", ["/api/v1/auth/sessions", "/api/v1/guilds"])
def test_every_list_of_a_person_has_items_and_a_cursor(ada, path):
    answer = ada.get(path).json()
    assert answer["items"] and answer["nextCursor"] is None


# Old callbacks


def test_an_old_callback_leads_a_signed_in_person_home(service):
    with sign_in(service, ADA) as browser:
        page = begin(browser, "/account")
        unknown = page.copy_set_param("state", "x" * 43).params["state"]
        answer = browser.get(CALLBACK, params={"state": unknown, "code": "x"})
        assert (answer.status_code, answer.headers["location"]) == (303, "/")
        # Another sign-in of this browser began since.
        back = consent(browser, page, ADA)
        browser.cookies.delete("dashboard_sign_in")
        begin(browser)
        answer = browser.get(back)
        assert (answer.status_code, answer.headers["location"]) == (303, "/")
        assert browser.get("/api/v1/auth/me").status_code == 200
