"""Clients that send their request or body slowly or read slowly, and more of them than there are connections."""

import os
import resource
import socket
import threading
import time

import httpx
import pytest

from harness.cast import ADA, NORTHLIGHT
from harness.signed import Key
from harness.signing_in import bearer
from harness.streams import Stream
from harness.waiting import eventually
from harness.wire import connect, receive, send_raw, status_of

REFRESH = b"POST /api/v1/auth/refresh HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
POSTS = f"/api/v1/bot/guilds/{NORTHLIGHT}/posts"


def seconds_until_closed(connection: socket.socket, trickle: bytes = b"") -> tuple[float, bytes]:
    """Sends a byte each half second meanwhile; also returns the answer."""
    started, received = time.monotonic(), b""
    connection.settimeout(0.5)
    while time.monotonic() - started < 40:
        try:
            chunk = connection.recv(65_536)
            if not chunk:
                return time.monotonic() - started, received
            received += chunk
        except TimeoutError:
            pass
        except OSError:
            return time.monotonic() - started, received
        if trickle:
            try:
                connection.sendall(trickle)
            except OSError:
                return time.monotonic() - started, received
    raise AssertionError("the connection is still open after 40 s")


def test_slow_clients_are_cut_off(service):
    """In parallel, since each takes some time."""
    silent, slow_head, slow_body, stuck_body, kept = (connect(service) for _ in range(5))
    # Much of it comes at once, and then nothing.
    stuck_body.sendall(REFRESH + b"Content-Length: 4000\r\n\r\n" + b" " * 3_900)
    slow_head.sendall(b"GET /healthz HTTP/1.1\r\nHost: x\r\nX-Slow: ")
    slow_body.sendall(REFRESH + b"Content-Length: 4000\r\n\r\n{")
    kept.sendall(b"GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n")
    assert status_of(receive(kept)) == 200
    found = {}
    threads = [
        threading.Thread(target=lambda name=name, args=args: found.update({name: seconds_until_closed(*args)}))
        for name, args in {
            "silent": (silent,), "slow head": (slow_head, b"a"), "slow body": (slow_body, b" "), "stuck body": (stuck_body,),
        }.items()]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert {name: 9 < seconds < 14 for name, (seconds, _) in found.items()} == {
        "silent": True, "slow head": True, "slow body": True, "stuck body": True}, found
    assert found["silent"][1] == b""
    assert status_of(found["slow head"][1]) == 408 and status_of(found["slow body"][1]) == 408
    # A kept connection may wait for longer.
    kept.sendall(b"GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n")
    assert status_of(receive(kept)) == 200


def test_a_chunked_body_beyond_the_limit_is_refused_while_it_comes(service):
    with connect(service) as connection:
        connection.sendall(REFRESH + b"Transfer-Encoding: chunked\r\n\r\n")
        sent, chunk = 0, b"10000\r\n" + b"a" * 65_536 + b"\r\n"
        try:
            while sent < 20_000_000:
                connection.sendall(chunk)
                sent += 65_536
        except OSError:
            pass
        assert sent < 5_000_000, "the service goes on reading"
    with connect(service) as connection:
        connection.sendall(REFRESH + b"Transfer-Encoding: chunked\r\n\r\n1100\r\n" + b"a" * 4_352 + b"\r\n")
        answer = receive(connection)
    assert status_of(answer) == 413 and b"connection: close" in answer.lower()


def memory(service) -> int:
    """Bytes."""
    with open(f"/proc/{service.process.pid}/statm", encoding="ascii") as file:
        return int(file.read().split()[1]) * resource.getpagesize()


def large_request(headers: dict[str, str], count: int) -> bytes:
    lines = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
    return f"POST {POSTS} HTTP/1.1\r\nHost: x\r\n{lines}Content-Length: {count}\r\n\r\n".encode()


def test_a_large_signed_body_needs_a_known_key(start_service):
    service = start_service()
    key = Key.make(service)
    size = 8_000_000
    signed = key.headers(POSTS, b"")
    unknown = signed | {"Dashboard-Key": "tdk_" + "A" * 16}
    old = signed | {"Dashboard-Timestamp": "1000"}
    none = {"Content-Type": "application/json"}
    before = memory(service)
    connections = []
    for headers in [unknown, old, none]:
        for _ in range(20):
            connection = connect(service)
            connection.sendall(large_request(headers, size))
            connections.append(connection)
    for connection in connections:
        # The key is checked before a byte of the body arrives.
        assert status_of(receive(connection)) == 401
        connection.close()
    assert memory(service) - before < 20_000_000
    service.stop()


def test_bodies_of_one_network_have_a_limit_together(start_service):
    service = start_service()
    key = Key.make(service)
    before = memory(service)
    connections = [connect(service) for _ in range(12)]
    answers: dict[int, bytes] = {}

    def send(number: int, connection: socket.socket):
        try:
            connection.sendall(large_request(key.headers(POSTS, b""), 8_000_000) + b" " * 7_900_000)
            connection.settimeout(1)
        except OSError:
            pass
        answers[number] = receive(connection)

    threads = [threading.Thread(target=send, args=pair) for pair in enumerate(connections)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    statuses = sorted(str(status_of(answer)) for answer in answers.values())
    assert statuses.count("429") >= 8 and "500" not in statuses, statuses
    # The three that fit wait for their last bytes.
    assert statuses.count("None") <= 3
    assert memory(service) - before < 60_000_000
    for connection in connections:
        connection.close()
    # Their memory is free again.
    body = b'{"items":[]}' + b" " * 7_000_000
    eventually(lambda: key.post(service, POSTS, body=body).status_code == 200, within=10)
    service.stop()


def test_streams_that_were_given_up_before_their_answer_are_not_counted(service):
    with httpx.Client(base_url=service.origin) as asking:
        before = open_streams(asking)
        header = bearer(service, ADA).headers["authorization"]
        request = (
            f"GET /api/v1/guilds/{NORTHLIGHT}/status/stream HTTP/1.1\r\nHost: x\r\nAuthorization: {header}\r\n\r\n"
        ).encode()
        for number in range(600):
            connection = connect(service)
            connection.sendall(request)
            # From at once to some milliseconds later: before the answer, while it is made, and after it.
            time.sleep(number % 7 * 0.0005)
            if number % 2:
                connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")
            connection.close()
        eventually(lambda: open_streams(asking) == before, within=10)
    # A person may have twenty: none of them is in use.
    streams = [Stream(bearer(service, ADA), f"/api/v1/guilds/{NORTHLIGHT}/status/stream") for _ in range(20)]
    assert [stream.answer.status_code for stream in streams] == [200] * 20
    for stream in streams:
        stream.close()


def open_streams(client) -> float:
    for line in client.get("/metrics").text.splitlines():
        if line.startswith("dashboard_streams_open "):
            return float(line.split()[1])
    raise AssertionError("no metric of streams")


@pytest.fixture
def small_service(start_service):
    """A service with 400 descriptors."""
    service = start_service(descriptors=400)
    yield service
    service.stop()


@pytest.mark.parametrize("unfinished", [
    b"GET / HTTP/1.1\r\nHo", b"POST /api/v1/auth/refresh HTTP/1.1\r\nHost: x\r\nContent-Length: 4000\r\n\r\n{"])
def test_one_network_cannot_take_all_connections_with_unfinished_requests(small_service, unfinished):
    connections = []
    for _ in range(420):
        connection = connect(small_service, timeout=2)
        connection.sendall(unfinished)
        connections.append(connection)
    # Unfinished requests always have two seconds.
    eventually(lambda: httpx.get(small_service.origin + "/login", timeout=5).status_code == 200, within=8)
    for connection in connections:
        connection.close()


def test_one_network_cannot_take_all_connections_by_not_reading(small_service):
    """Each of them holds a response of a quarter of a megabyte, and has asked for more."""
    before = memory(small_service)
    connections = []
    for _ in range(420):
        connection = connect(small_service, timeout=2, receive_buffer=2_048)
        try:
            connection.sendall(b"GET /api/v1/openapi.json HTTP/1.1\r\nHost: x\r\n\r\n" * 20)
        except OSError:
            pass  # Refused, as there is no room.
        connections.append(connection)
    # Responses always have two seconds.
    eventually(lambda: httpx.get(small_service.origin + "/login", timeout=5).status_code == 200, within=8)
    assert memory(small_service) - before < 60_000_000
    for connection in connections:
        connection.close()


def form_from(address: str, size=15_900) -> bytes:
    """An unfinished form without a credential, behind a trusted proxy."""
    return (
        f"POST /guilds/{NORTHLIGHT}/brands/new HTTP/1.1\r\nHost: x\r\nContent-Length: 16000\r\n"
        f"Content-Type: application/x-www-form-urlencoded\r\nX-Forwarded-For: {address}\r\n\r\n").encode() + b" " * size


def test_bodies_of_strangers_leave_room_for_those_of_signed_in_people(start_service):
    """Five networks together hold all the memory that bodies without a credential may have."""
    service = start_service(TRUSTED_PROXIES="127.0.0.1")
    connections = []
    with bearer(service, ADA) as ada:
        # Smaller ones take the rest.
        for number, size in enumerate([15_900] * 2_600 + [4_000] * 5 + [1_000] * 5 + [200] * 5 + [40] * 5 + [5] * 40):
            connection = connect(service, timeout=5)
            connection.sendall(form_from(f"2001:db8:0:{number % 5}::1", size))
            connections.append(connection)
        with connect(service) as stranger:
            stranger.sendall(form_from("2001:db8:1::1"))
            assert status_of(receive(stranger)) == 503, "there is room for strangers"
        answer = ada.post(
            f"/api/v1/guilds/{NORTHLIGHT}/brands", json={"name": "While strangers send"},
            headers={"X-Forwarded-For": "2001:db8:ffff::7"})
        assert answer.status_code == 201
    for connection in connections:
        connection.close()
    service.stop()


def test_an_address_that_does_not_exist_takes_no_body(service):
    with connect(service) as connection:
        connection.sendall(b"POST /nowhere HTTP/1.1\r\nHost: x\r\nContent-Length: 60000\r\n\r\n")
        answer = receive(connection)
    assert status_of(answer) == 404 and b"connection: close" in answer.lower()


def test_a_large_body_needs_a_session(service, ada_in_a_browser):
    head = (
        f"POST /guilds/{NORTHLIGHT}/brands/new HTTP/1.1\r\nHost: x\r\nContent-Length: 60000\r\n"
        "Content-Type: application/x-www-form-urlencoded\r\n")
    with connect(service) as connection:
        connection.sendall(f"{head}\r\n".encode())
        assert status_of(receive(connection)) == 401
    cookies = "; ".join(f"{name}={value}" for name, value in ada_in_a_browser.cookies.items())
    with connect(service) as connection:
        connection.sendall(f"{head}Cookie: {cookies}\r\n\r\n".encode() + b"a" * 60_000)
        # The body was read: it has no form token.
        assert status_of(receive(connection)) == 403


def test_idle_connections_make_room_for_new_ones(small_service):
    connections = [connect(small_service) for _ in range(500)]
    started = time.monotonic()
    for _ in range(20):
        assert small_service.is_healthy()
    assert time.monotonic() - started < 3
    for connection in connections:
        connection.close()


def test_health_checks_are_answered_while_all_connections_are_in_use(small_service):
    """By open streams, so that none of them can be closed for asking nothing."""
    connections = []
    header = bearer(small_service, ADA).headers["authorization"]
    stream = (
        f"GET /api/v1/guilds/{NORTHLIGHT}/status/stream HTTP/1.1\r\nHost: x\r\nAuthorization: {header}\r\n\r\n").encode()
    slow = REFRESH + b"Content-Length: 4000\r\n\r\n{"
    try:
        # Streams, and too few slow bodies on each loop for an attack.
        for number in range(420):
            connection = connect(small_service, timeout=2)
            connection.sendall(stream if number < 20 else slow)
            connections.append(connection)
        eventually(lambda: small_service.entries(message="all connections are in use; new clients get 503"), within=5)
        started = time.monotonic()
        assert httpx.get(small_service.origin + "/healthz", timeout=5).text == '{"status":"ok"}'
        assert httpx.get(small_service.origin + "/status", timeout=5).status_code == 503
        assert time.monotonic() - started < 2
    finally:
        for connection in connections:
            connection.close()
    eventually(lambda: httpx.get(small_service.origin + "/status", timeout=5).status_code == 200, within=10)
    # Logged once by each loop, independent of the number of refused clients.
    taken = small_service.entries(message="all connections are in use; new clients get 503")
    assert len(taken) <= os.cpu_count()
    eventually(lambda: len(small_service.entries(message="connections are free again")) == len(taken), within=5)
