"""The signature of a request: three headers, made with an API key."""

from __future__ import annotations

import hashlib
import hmac
import threading
import time
from typing import Dict


def signature(secret: str, timestamp: int, method: str, path: str, body: bytes) -> str:
    """HMAC-SHA256 in hexadecimal. `timestamp` is in milliseconds, `path` includes the query."""
    lines = "\n".join([str(timestamp), method, path, hashlib.sha256(body).hexdigest()])
    return hmac.new(secret.encode(), lines.encode(), hashlib.sha256).hexdigest()


class Signer:
    """Signs requests. May be used by several threads."""

    def __init__(self, key: str, secret: str) -> None:
        # The key is sent as it is. Exchanged with the secret, it would give that away.
        if not key.startswith("tdk_"):
            raise ValueError("the id of an API key begins with tdk_")
        if not secret.startswith("tds_"):
            raise ValueError("the secret of an API key begins with tds_")
        self._key, self._secret = key, secret
        self._lock = threading.Lock()
        self._last = 0

    def headers(self, method: str, path: str, body: bytes) -> Dict[str, str]:
        timestamp = self._timestamp()
        return {
            "Dashboard-Key": self._key, "Dashboard-Timestamp": str(timestamp),
            "Dashboard-Signature": signature(self._secret, timestamp, method, path, body),
        }

    def _timestamp(self) -> int:
        """Milliseconds since 1970. No value twice within a second, since the dashboard accepts each signature once."""
        with self._lock:
            now = time.time_ns() // 1_000_000
            # A clock that was set back must not keep the old time for longer.
            self._last = self._last + 1 if 0 <= self._last - now < 1_000 else now
            return self._last
