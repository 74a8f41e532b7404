"""Live streams, read by a library that is not the service's."""

import json
import queue
import socket
import threading
import time

import httpx
import httpx_sse


class Stream:
    """An open stream whose events are gathered in the background."""

    def __init__(self, client: httpx.Client, path: str):
        self.answer: httpx.Response | None = None
        self.error: Exception | None = None
        self.ended = threading.Event()
        # Times of the events about changes of tracked data.
        self.changes: list[float] = []
        self._events: queue.Queue = queue.Queue()
        self._opened = threading.Event()
        threading.Thread(target=self._read, args=(client, path), daemon=True).start()
        assert self._opened.wait(10), "the stream was not answered"

    def _read(self, client: httpx.Client, path: str):
        try:
            with httpx_sse.connect_sse(client, "GET", path, timeout=60) as source:
                self.answer = source.response
                if self.answer.status_code != 200:
                    self.answer.read()
                    return
                self._opened.set()
                for event in source.iter_sse():
                    # The line with the reconnection time is an event without data to this library.
                    if event.event == "tracking":
                        self.changes.append(time.monotonic())
                    elif event.data:
                        self._events.put(event)
        except Exception as error:  # noqa: BLE001
            self.error = error
        finally:
            self._opened.set()
            self.ended.set()

    def next(self, within=5.0) -> dict:
        """The data of the next event."""
        try:
            event = self._events.get(timeout=within)
        except queue.Empty:
            raise AssertionError(f"no event within {within} s (ended: {self.ended.is_set()}, {self.error!r})") from None
        assert event.event == "status" and event.id
        return json.loads(event.data)

    def until(self, within=5.0, **wanted) -> dict:
        """The first event that fulfils the condition."""
        deadline = time.monotonic() + within
        while True:
            event = self.next(max(0.01, deadline - time.monotonic()))
            if all(event[name] == value for name, value in wanted.items()):
                return event

    def heard(self, seconds: float) -> list[dict]:
        """All events within that time."""
        deadline, heard = time.monotonic() + seconds, []
        while (left := deadline - time.monotonic()) > 0:
            try:
                heard.append(json.loads(self._events.get(timeout=left).data))
            except queue.Empty:
                break
        return heard

    def close(self):
        if self.answer is not None and not self.ended.is_set():
            # Wakes the thread that reads, which closing would not.
            self.answer.extensions["network_stream"].get_extra_info("socket").shutdown(socket.SHUT_RDWR)
            self.ended.wait(5)
