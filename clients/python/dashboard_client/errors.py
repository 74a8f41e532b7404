"""The errors of the client."""

from __future__ import annotations

import json
from email.message import Message
from typing import Any, Dict, List, Optional


class DashboardError(Exception):
    """Base class of the client's errors."""


class UnreachableError(DashboardError):
    """No response arrived: a network error or a timeout. `__cause__` is the last one."""


class RequestError(DashboardError):
    """A response that is no success."""

    def __init__(
        self, status: int, title: str, detail: str, request_id: Optional[str] = None,
        errors: Optional[List[Dict[str, str]]] = None, retry_after: Optional[int] = None,
    ) -> None:
        super().__init__(status, title, detail, request_id)
        self.status = status
        self.title = title
        self.detail = detail
        # The dashboard's log has the request under this id. A proxy's response has none.
        self.request_id = request_id
        # `pointer` and `message` of each invalid field.
        self.errors = errors or []
        # Seconds.
        self.retry_after = retry_after

    def __str__(self) -> str:
        fields = "".join("; " + f"{error['pointer']} {error['message']}".strip() for error in self.errors)
        request = f" (request {self.request_id})" if self.request_id else ""
        return f"{self.status} {self.title}: {self.detail}{fields}{request}"

    @classmethod
    def read(cls, status: int, reason: str, headers: Message, body: bytes) -> RequestError:
        """From a problem document (RFC 9457), or from a proxy's response of any kind."""
        retry_after = headers.get("Retry-After") or ""
        seconds = int(retry_after) if retry_after.isascii() and retry_after.isdigit() else None
        request_id = headers.get("X-Request-Id")
        problem = _problem(body)
        if problem is None:
            place = headers.get("Location")
            detail = f"redirected to {place}" if place else "the response is no problem document"
            return cls(status, reason, detail, request_id, retry_after=seconds)
        return cls(
            status, str(problem.get("title", reason)), str(problem.get("detail", "")),
            problem.get("requestId", request_id), _fields(problem.get("errors")), seconds)


def _problem(body: bytes) -> Optional[Dict[str, Any]]:
    try:
        problem = json.loads(body)
    except ValueError:
        return None
    return problem if isinstance(problem, dict) else None


def _fields(errors: Any) -> List[Dict[str, str]]:
    """Of another server's document the errors may be anything."""
    listed = errors if isinstance(errors, list) else []
    return [error for error in listed if isinstance(error, dict) and {"pointer", "message"} <= error.keys()]
