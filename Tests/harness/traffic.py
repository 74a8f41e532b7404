"""Requests at a steady rate, each on a connection of its own, until the service is gone."""

import socket
import threading
import time
from dataclasses import dataclass

from harness.service import Service


@dataclass
class Answer:
    """Reads to the end of the connection, without a library, which would cost more than the service."""

    text: bytes

    @property
    def status(self) -> int:
        return int(self.text.split(b" ", 2)[1])

    @property
    def headers(self) -> dict[str, str]:
        lines = self.text.partition(b"\r\n\r\n")[0].decode().split("\r\n")[1:]
        return {name.lower(): value for name, _, value in (line.partition(": ") for line in lines)}

    @property
    def body(self) -> bytes:
        return self.text.partition(b"\r\n\r\n")[2]

    @property
    def is_whole(self) -> bool:
        return b"\r\n\r\n" in self.text and len(self.body) == int(self.headers.get("content-length", -1))


class Traffic:
    def __init__(self, service: Service, path: str, headers: dict[str, str], per_second: int, threads=20):
        self.service = service
        lines = [f"GET {path} HTTP/1.1", f"Host: 127.0.0.1:{service.port}", "Connection: close"]
        self.request = "\r\n".join(lines + [f"{name}: {value}" for name, value in headers.items()] + ["", ""]).encode()
        self.pause = threads / per_second
        self.answers: list[Answer] = []
        # Connections without an answer.
        self.failures: list[OSError | None] = []
        self.is_over = threading.Event()
        self.threads = [threading.Thread(target=self._ask, args=(number * self.pause / threads,)) for number in range(threads)]

    def start(self):
        self.started = time.monotonic()
        for thread in self.threads:
            thread.start()

    @property
    def rate(self) -> float:
        return len(self.answers) / (time.monotonic() - self.started)

    def _ask(self, offset: float):
        due = self.started + offset
        while not self.is_over.wait(max(0, due - time.monotonic())):
            due += self.pause
            try:
                connection = socket.create_connection(("127.0.0.1", self.service.port), 20)
            except OSError:
                return
            with connection:
                text, error = b"", None
                try:
                    connection.sendall(self.request)
                    while chunk := connection.recv(65_536):
                        text += chunk
                except OSError as caught:
                    error = caught
            if text:
                self.answers.append(Answer(text))
            else:
                self.failures.append(error)

    def stop(self):
        self.is_over.set()
        for thread in self.threads:
            thread.join(30)
