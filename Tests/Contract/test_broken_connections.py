"""Bytes that are no HTTP, requests that never end, and clients that disconnect."""

import os
import random
import socket
import time

import pytest

from harness.cast import NORTHLIGHT
from harness.waiting import eventually
from harness.wire import connect, receive, send_raw, status_of


@pytest.fixture(autouse=True)
def the_service_lives_on(service):
    yield
    assert service.process.poll() is None, service.log
    started = time.monotonic()
    assert service.is_healthy()
    assert time.monotonic() - started < 1


GARBAGE = {
    "zeros": b"\0" * 1_000,
    "high bytes": bytes(range(128, 256)) * 10,
    "a TLS hello": bytes.fromhex("16030100f1010000ed0303") + b"\x55" * 230,
    "HTTP/2": b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n" + b"\0" * 20,
    "SSH": b"SSH-2.0-OpenSSH_9.2\r\n",
    "line ends only": b"\r\n" * 500,
    "a line without end": b"GET /" + b"a" * 50_000,
    "no version": b"GET /healthz\r\n\r\n",
    "version 0.9": b"GET /healthz HTTP/0.9\r\n\r\n",
    "version 1.2": b"GET /healthz HTTP/1.2\r\nHost: x\r\n\r\n",
    "version 3": b"GET /healthz HTTP/3.0\r\n\r\n",
    "a broken version": b"GET /healthz HTTP/x\r\nHost: x\r\n\r\n",
    "no path": b"GET  HTTP/1.1\r\nHost: x\r\n\r\n",
    "no slash": b"GET healthz HTTP/1.1\r\nHost: x\r\n\r\n",
    "a whole address": b"GET http://127.0.0.1/healthz HTTP/1.1\r\nHost: x\r\n\r\n",
    "a star": b"GET * HTTP/1.1\r\nHost: x\r\n\r\n",
    "no host": b"GET /healthz HTTP/1.1\r\n\r\n",
    "two hosts": b"GET /healthz HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n",
    "a header without colon": b"GET /healthz HTTP/1.1\r\nHost: x\r\nnonsense\r\n\r\n",
    "a header without name": b"GET /healthz HTTP/1.1\r\nHost: x\r\n: y\r\n\r\n",
    "a blank before the first header": (
        b"POST /api/v1/auth/refresh HTTP/1.1\r\n Content-Length: 37\r\nHost: x\r\n\r\nGET /healthz HTTP/1.1\r\nHost: x\r\n\r\n"),
    "a blank before the colon of a length": (
        b"POST /api/v1/auth/refresh HTTP/1.1\r\nHost: x\r\nContent-Length : 37\r\n\r\nGET /healthz HTTP/1.1\r\nHost: x\r\n\r\n"),
    "a version behind NUL in the path": b"GET /healthz\0HTTP/ /guilds/1 HTTP/1.1\r\nHost: x\r\n\r\n",
    "chunks in HTTP/1.0": (
        b"POST /api/v1/auth/refresh HTTP/1.0\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"),
    "a blank before the colon": b"GET /healthz HTTP/1.1\r\nHost : x\r\n\r\n",
    "a folded header": b"GET /healthz HTTP/1.1\r\nHost: x\r\nX-A: 1\r\n  2\r\n\r\n",
    "NUL in a header": b"GET /healthz HTTP/1.1\r\nHost: x\r\nX-A: a\0b\r\n\r\n",
    "NUL in the path": b"GET /heal\0thz HTTP/1.1\r\nHost: x\r\n\r\n",
    "a header folded with a tab": b"GET /healthz HTTP/1.1\r\nHost: x\r\nX-A: 1\r\n\t2\r\n\r\n",
    "NUL in a header before others": b"GET /healthz HTTP/1.1\r\nX-A: a\0b\r\nHost: x\r\n\r\n",
    "one bare line feed": b"GET /healthz HTTP/1.1\r\nHost: x\nX-A: 1\r\n\r\n",
    "a bare carriage return": b"GET /healthz HTTP/1.1\r\nHost: x\rX-A: 1\r\n\r\n",
    "bare line feeds": b"GET /healthz HTTP/1.1\nHost: x\n\n",
    "a length that is no number": b"POST /api/v1/auth/refresh HTTP/1.1\r\nHost: x\r\nContent-Length: x\r\n\r\n",
    "a negative length": b"POST /api/v1/auth/refresh HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\n\r\n",
    "an endless length": b"POST /api/v1/auth/refresh HTTP/1.1\r\nHost: x\r\nContent-Length: 99999999999999999999\r\n\r\n",
    "a length of 2^63": b"POST /api/v1/auth/refresh HTTP/1.1\r\nHost: x\r\nContent-Length: 9223372036854775808\r\n\r\n",
    "two lengths": b"POST /api/v1/auth/refresh HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\nContent-Length: 5\r\n\r\n{}",
    "length and chunks": (
        b"POST /api/v1/auth/refresh HTTP/1.1\r\nHost: x\r\nContent-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n"
        b"0\r\n\r\nGET /healthz HTTP/1.1\r\nHost: x\r\n\r\n"),
    "a broken chunk": (
        b"POST /api/v1/auth/refresh HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\nab\r\n0\r\n\r\n"),
    "a huge chunk": (
        b"POST /api/v1/auth/refresh HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nFFFFFFFFFFFFFFFF\r\nab"),
    "an unknown coding": (
        b"POST /api/v1/auth/refresh HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: cow\r\n\r\nabc"),
    "a coding before chunked": (
        b"POST /api/v1/auth/refresh HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n"),
    "an expectation": b"GET /healthz HTTP/1.1\r\nHost: x\r\nExpect: miracles\r\n\r\n",
}


# None: the connection is closed without an answer, or waits for the rest of a request. All others are answered with 400.
ANSWERS = {
    "zeros": None, "high bytes": None, "a TLS hello": None, "SSH": None, "line ends only": None, "a huge chunk": None,
    "HTTP/2": 505, "version 0.9": 505, "version 3": 505, "a line without end": 414, "a whole address": 404, "a star": 404,
    "an endless length": 413, "an unknown coding": 501, "a coding before chunked": 501, "an expectation": 200,
}
# Valid as messages, so the connection may be kept.
SOUND = {"a whole address", "a star", "an expectation"}


@pytest.mark.parametrize("kind", GARBAGE)
def test_bytes_that_are_not_http_are_refused_and_end_the_connection(service, kind):
    answer = send_raw(service, GARBAGE[kind], timeout=2)
    assert status_of(answer) == ANSWERS.get(kind, 400), answer[:300]
    if status_of(answer) is not None and kind not in SOUND:
        assert b"connection: close" in answer.lower()


def test_nothing_is_read_after_a_chunked_body(service):
    """A proxy in between could read its end differently."""
    body = b"POST /api/v1/auth/refresh HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: Chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n"
    with connect(service, 2) as connection:
        connection.sendall(body + b"GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n")
        received = b""
        while chunk := connection.recv(65_536):
            received += chunk
    assert received.count(b"HTTP/1.1 ") == 1 and b"connection: close" in received.lower()


def test_a_request_with_two_meanings_is_never_answered_twice(service):
    answer = send_raw(service, GARBAGE["length and chunks"], timeout=0.4)
    assert answer.count(b"HTTP/1.1 ") == 1, "a request was smuggled"


def test_random_bytes_are_harmless(service):
    chance = random.Random(20_26)
    for _ in range(150):
        request = bytearray(b"POST /api/v1/auth/refresh HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
                            b"Cookie: a=b; dashboard_access=x\r\nContent-Length: 20\r\n\r\n{\"refreshToken\":\"x\"}")
        for _ in range(chance.randint(1, 8)):
            request[chance.randrange(len(request))] = chance.randrange(256)
        with connect(service, 0.05) as connection:
            connection.sendall(bytes(request))
            answer = receive(connection)
        # 501 for an unknown transfer coding, 505 for another version.
        assert status_of(answer) in (None, 501, 505) or 200 <= status_of(answer) < 500, answer[:200]


def test_half_a_request_from_two_hundred_clients_delays_no_other_client(service):
    connections = []
    try:
        for number in range(200):
            connection = connect(service)
            connection.sendall(b"GET /healthz HTTP/1.1\r\nHost: x\r\nX-Slow: "[: 10 + number % 35])
            connections.append(connection)
        for _ in range(20):
            started = time.monotonic()
            assert service.is_healthy()
            assert time.monotonic() - started < 1
    finally:
        for connection in connections:
            connection.close()


def test_a_request_that_comes_byte_by_byte_is_answered(service):
    with connect(service) as connection:
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        for byte in b"GET /healthz HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n":
            connection.sendall(bytes([byte]))
            time.sleep(0.002)
        assert status_of(receive(connection)) == 200


def test_a_client_that_goes_away_at_once_costs_nothing(service, ada):
    request = (
        f"GET /api/v1/guilds/{NORTHLIGHT}/posts?limit=100 HTTP/1.1\r\nHost: x\r\n"
        f"Authorization: {ada.headers['authorization']}\r\n\r\n").encode()
    before = descriptors(service)
    for _ in range(200):
        with connect(service) as connection:
            # Linger 0: a reset instead of a close.
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")
            connection.sendall(request)
    eventually(lambda: descriptors(service) <= before + 5)


def test_a_client_that_does_not_read_delays_no_other_client(service, ada):
    request = (
        f"GET /api/v1/guilds/{NORTHLIGHT}/posts?limit=100 HTTP/1.1\r\nHost: x\r\n"
        f"Authorization: {ada.headers['authorization']}\r\n\r\n").encode()
    connections = []
    try:
        for _ in range(20):
            connection = socket.socket()
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 2_048)
            connection.connect(("127.0.0.1", service.port))
            connection.sendall(request * 20)
            connections.append(connection)
        for _ in range(20):
            started = time.monotonic()
            assert ada.get("/api/v1/auth/me").status_code == 200
            assert time.monotonic() - started < 1
    finally:
        for connection in connections:
            connection.close()


def descriptors(service) -> int:
    return len(os.listdir(f"/proc/{service.process.pid}/fd"))
