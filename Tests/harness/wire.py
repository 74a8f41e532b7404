"""Requests byte by byte, for those that no client library would send."""

import socket

from harness.service import Service


def connect(service: Service, timeout=10.0, receive_buffer: int | None = None) -> socket.socket:
    """`receive_buffer`: bytes that the kernel takes before they are read."""
    connection = socket.socket()
    if receive_buffer:
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, receive_buffer)
    connection.settimeout(timeout)
    connection.connect(("127.0.0.1", service.port))
    return connection


def send_raw(service: Service, request: bytes, timeout=10.0) -> bytes:
    """The answer, up to its end, the end of the connection or the timeout."""
    with connect(service, timeout) as connection:
        try:
            connection.sendall(request)
        except OSError:
            pass  # Refused before all was sent: only the answer matters.
        return receive(connection)


def receive(connection: socket.socket) -> bytes:
    received = b""
    try:
        while not _is_whole(received):
            chunk = connection.recv(65_536)
            if not chunk:
                break
            received += chunk
    except (ConnectionResetError, TimeoutError):
        pass
    return received


def _is_whole(answer: bytes) -> bool:
    head, separator, body = answer.partition(b"\r\n\r\n")
    if not separator or head.startswith(b"HTTP/1.1 100"):
        return False
    for line in head.split(b"\r\n")[1:]:
        name, _, value = line.partition(b":")
        if name.lower() == b"content-length":
            return len(body) >= int(value)
    return status_of(answer) in (204, 304)


def status_of(answer: bytes) -> int | None:
    """None when the connection was closed without an answer."""
    line = answer.split(b"\r\n", 1)[0].split(b" ")
    return int(line[1]) if len(line) > 1 and line[0].startswith(b"HTTP/1.") else None
