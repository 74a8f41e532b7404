"""Signed requests over HTTP, with retries."""

from __future__ import annotations

import http.client
import json
import logging
import time
import urllib.error
import urllib.request
from typing import Any, Optional
from urllib.parse import urlsplit

from .errors import DashboardError, RequestError, UnreachableError
from .retry import Retry
from .signing import Signer

log = logging.getLogger("dashboard_client")


class _NoRedirects(urllib.request.HTTPRedirectHandler):
    """A signature is for one address, and a redirected POST would become a GET."""

    def redirect_request(self, *_: Any) -> None:
        return None


class Transport:
    """Sends requests and reads their responses. May be used by several threads."""

    def __init__(self, url: str, signer: Signer, timeout: float, retry: Retry) -> None:
        parts = urlsplit(url.rstrip("/"))
        if parts.scheme not in ("https", "http") or not parts.netloc or parts.path or parts.query or parts.fragment:
            raise ValueError("the address must be like https://dashboard.example.org, without a path")
        self._origin = f"{parts.scheme}://{parts.netloc}"
        self._signer, self._timeout, self._retry = signer, timeout, retry
        self._opener = urllib.request.build_opener(_NoRedirects)

    def send(self, method: str, path: str, body: bytes = b"") -> Any:
        """The JSON of the response; None if it is empty. Each attempt is signed anew.

        Raises RequestError or UnreachableError once a retry is pointless or all attempts failed.
        """
        attempt = 0
        while True:
            attempt += 1
            try:
                return self._send_once(method, path, body)
            except DashboardError as error:
                pause = self._retry.pause(error, attempt)
                if pause is None:
                    raise
                log.warning("%s %s: %s; next attempt in %.1f s", method, path, error, pause)
            time.sleep(pause)

    def _send_once(self, method: str, path: str, body: bytes) -> Any:
        headers = {
            "Accept": "application/json", "Content-Type": "application/json", "User-Agent": "dashboard-client-python",
            **self._signer.headers(method, path, body),
        }
        request = urllib.request.Request(self._origin + path, body or None, headers, method=method)
        try:
            with self._opener.open(request, timeout=self._timeout) as response:
                return _parse(response.status, response.headers, response.read())
        except urllib.error.HTTPError as error:
            raise _refusal(error) from None
        except (OSError, http.client.HTTPException) as error:
            raise UnreachableError(f"{self._origin} is unreachable: {error}") from error


def _parse(status: int, headers: http.client.HTTPMessage, text: bytes) -> Optional[Any]:
    if not text:
        return None
    try:
        return json.loads(text)
    except ValueError:
        raise RequestError(status, "Unexpected response", "the response is not JSON", headers.get("X-Request-Id")) from None


def _refusal(error: urllib.error.HTTPError) -> RequestError:
    with error:
        try:
            body = error.read()
        except (OSError, http.client.HTTPException):
            # The status counts, even if the connection broke after it.
            body = b""
    return RequestError.read(error.code, str(error.reason), error.headers, body)
