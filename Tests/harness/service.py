"""The service as a process of its own, in demo mode on a database of its own."""

import json
import os
import resource
import shutil
import signal
import socket
import subprocess
import tempfile
import threading
from pathlib import Path

import httpx

from harness.cluster import Cluster
from harness.leaks import run
from harness.waiting import eventually

# Known to the tests, which forge tokens with it.
JWT_SECRET = "known-to-the-tests-only/Vq3xB8nL0sT5wZ7yC2dF9gH4jK6mP1rA/e5Uu8IoN2bXkQ0zRtM7vWlS3c"


def programs() -> Path:
    """The folder of `dashboard` and `health-beacon`."""
    named = os.environ.get("DASHBOARD_BINARY")
    assert named, "DASHBOARD_BINARY must name the executable `dashboard`; script/test sets it"
    assert os.access(named, os.X_OK), f"DASHBOARD_BINARY names no executable: {named}"
    return Path(named).resolve().parent


def free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


class Visitor(httpx.Client):
    """A client that `with` closes even if it was used before."""

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()


class Service:
    """Started and ready when made, unless `ready=False`."""

    # Every service of the run, so that its log is checked at the end.
    all: list["Service"] = []

    def __init__(self, cluster: Cluster, database: str, *, ready=True, arguments=("serve",), descriptors: int | None = None,
                 **environment: str):
        self.cluster = cluster
        self.database = database
        self.was_killed = False
        self.folder = Path(tempfile.mkdtemp(prefix="dashboard-"))
        # Without the beacon beside it: only the tests report the state of the bot.
        program = self.folder / "dashboard"
        shutil.copy(programs() / "dashboard", program)
        self.port = int(environment.get("PORT", 0)) or free_port()
        self.environment = {
            "PATH": os.environ["PATH"],
            "DATABASE_URL": cluster.address(database),
            "DATA_DIR": str(self.folder / "data"),
            "PORT": str(self.port),
            "JWT_SECRET": JWT_SECRET,
            "RATE_LIMIT_USER_PER_MINUTE": "1000000",
            "RATE_LIMIT_TENANT_PER_MINUTE": "1000000",
            "RATE_LIMIT_SIGN_IN_PER_15_MINUTES": "1000000",
        } | environment
        self.origin = f"http://127.0.0.1:{self.port}"
        self._lines: list[str] = []
        self._errors = open(self.folder / "errors", "w+", encoding="utf-8")
        self.process = subprocess.Popen(
            [program, *arguments], env=self.environment, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
            stderr=self._errors, cwd=self.folder,
            preexec_fn=descriptors and (lambda: resource.setrlimit(resource.RLIMIT_NOFILE, (descriptors, descriptors))))
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()
        Service.all.append(self)
        if ready:
            try:
                eventually(self.is_ready, within=30)
            except AssertionError:
                self.stop()
                raise AssertionError(f"the service did not start:\n{self.log}")

    def _read(self):
        for line in self.process.stdout:
            self._lines.append(line.decode("utf-8", "replace"))

    @property
    def log(self) -> str:
        """Its standard output and standard error."""
        if not self._errors.closed:
            self._errors.seek(0)
            self.errors = self._errors.read()
        return "".join(self._lines) + self.errors

    @property
    def lines(self) -> list[str]:
        """Of the log proper."""
        return list(self._lines)

    def entries(self, **fields) -> list[dict]:
        """The log's lines that have these fields."""
        found = []
        for line in self.lines:
            try:
                entry = json.loads(line)
            except ValueError:
                continue
            if isinstance(entry, dict) and all(entry.get(name) == value for name, value in fields.items()):
                found.append(entry)
        return found

    def kill(self):
        """`kill -9`: this one may be dead at the end of the run."""
        self.was_killed = True
        self.process.kill()
        self.process.wait()

    def is_ready(self) -> bool:
        assert self.process.poll() is None, f"the service ended with {self.process.returncode}:\n{self.log}"
        return bool(self.entries(message="ready")) and self.is_healthy()

    def is_healthy(self) -> bool:
        return httpx.get(self.origin + "/healthz", timeout=5).status_code == 200

    # Asking

    def client(self, **settings) -> "Visitor":
        """A client of its own, with a cookie jar, which follows no redirects."""
        settings.setdefault("timeout", 20)
        return Visitor(base_url=self.origin, **settings)

    def sql(self, text: str, user: str | None = None) -> list[list[str]]:
        return self.cluster.sql("SET search_path = dashboard, pg_temp; " + text, self.database, user)

    def heartbeat(self, **values):
        """As the bot's role writes it."""
        named = ", ".join(f"{name} => {value!r}" for name, value in values.items())
        self.cluster.sql(f"SELECT bot.heartbeat({named})", self.database, "tracking_bot")

    # Stopping

    def end(self, number=signal.SIGTERM, within=15) -> int:
        """The exit code."""
        self.process.send_signal(number)
        code = self.process.wait(within)
        self._reader.join(5)
        return code

    def stop(self):
        if self.process.poll() is None:
            self.process.terminate()
            try:
                self.process.wait(12)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()
        self._reader.join(5)
        if not self._errors.closed:
            _ = self.log
            self._errors.close()
        self.note_secrets()
        shutil.rmtree(self.folder, ignore_errors=True)

    def note_secrets(self):
        """Secrets from the environment, and those that it created."""
        run.secrets |= {value for name, value in self.environment.items() if "SECRET" in name and "FILE" not in name and value}
        run.secrets |= {file.read_text() for file in self.folder.glob("data/*-secret")}
