"""Requests as a bot signs them."""

import hashlib
import hmac
import json
import subprocess
import time
from dataclasses import dataclass

import httpx

from harness.leaks import run
from harness.service import Service


@dataclass
class Key:
    id: str
    secret: str

    @staticmethod
    def make(service: Service, *options: str) -> "Key":
        """From the command line, as the operator does."""
        done = subprocess.run(
            [service.folder / "dashboard", "api-key", "create", "A bot", *options], env=service.environment,
            capture_output=True, text=True, timeout=20)
        assert done.returncode == 0, done.stderr
        words = dict(line.split(maxsplit=1) for line in done.stdout.splitlines()[:2])
        run.secrets.add(words["secret"])
        return Key(words["key"], words["secret"])

    def headers(self, path: str, body: bytes, method="POST") -> dict[str, str]:
        timestamp = str(int(time.time() * 1_000))
        return {
            "Content-Type": "application/json", "Dashboard-Key": self.id, "Dashboard-Timestamp": timestamp,
            "Dashboard-Signature": self.signature(timestamp, method, path, body),
        }

    def signature(self, timestamp: str, method: str, path: str, body: bytes) -> str:
        lines = [timestamp, method, path, hashlib.sha256(body).hexdigest()]
        return hmac.new(self.secret.encode(), "\n".join(lines).encode(), hashlib.sha256).hexdigest()

    def post(self, service: Service, path: str, value=None, body: bytes | None = None, timeout=30.0) -> httpx.Response:
        content = json.dumps(value).encode() if body is None else body
        return httpx.post(
            service.origin + path, content=content, headers=self.headers(path, content), timeout=timeout)
