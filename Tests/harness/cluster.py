"""A throwaway PostgreSQL cluster, reached through a socket only."""

import glob
import os
import pwd
import shutil
import signal
import subprocess
import tempfile
from pathlib import Path

from harness.waiting import eventually


def binaries() -> Path:
    """The folder of the newest PostgreSQL server."""
    found = [Path(path).parent for path in glob.glob("/usr/lib/postgresql/*/bin/initdb")]
    assert found, "PostgreSQL's server programs are not below /usr/lib/postgresql: install the package postgresql"
    return max(found, key=lambda folder: int(folder.parent.name.split(".")[0]))


def _unprivileged() -> list[str]:
    """Prefix of a command that must not run as root."""
    if os.geteuid() != 0:
        return []
    return ["setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups", "--"]


class Cluster:
    superuser = "dashboard_tests"

    # Every cluster of the run, so that its logs are checked at the end.
    all: list["Cluster"] = []

    def __init__(self):
        # Short, since a socket's whole path must fit into 107 bytes.
        self.folder = Path(tempfile.mkdtemp(prefix="pg-", dir="/tmp"))
        self.data = self.folder / "data"
        if os.geteuid() == 0:
            account = pwd.getpwnam("postgres")
            os.chown(self.folder, account.pw_uid, account.pw_gid)
        self._run(
            "initdb", "--pgdata", self.data, "--username", self.superuser, "--auth", "trust", "--encoding", "UTF8",
            "--locale", "C.UTF-8", "--no-sync",
        )
        # The data is not worth an fsync; a commit still survives a kill of the server.
        with open(self.data / "postgresql.conf", "a", encoding="utf-8") as settings:
            settings.write(
                f"listen_addresses = ''\nunix_socket_directories = '{self.folder}'\nmax_connections = 200\n"
                "fsync = off\nfull_page_writes = off\nshared_buffers = 128MB\n"
                # Statements are looked at in full.
                "track_activity_query_size = 16384\n"
            )
        self.log = ""
        Cluster.all.append(self)
        self.start()

    def _run(self, program, *arguments):
        command = [*_unprivileged(), str(binaries() / program), *map(str, arguments)]
        done = subprocess.run(
            command, cwd=self.folder, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
            text=True, timeout=60)
        assert done.returncode == 0, f"{program} failed:\n{done.stdout}"

    # Starting and stopping

    def start(self):
        # A postmaster that was killed may leave children that hold its shared memory for a moment.
        def started():
            # pg_ctl's own output must not stay open in the server.
            self._run("pg_ctl", "start", "--pgdata", self.data, "--wait", "--silent", "--log", self.folder / "log")
            return True

        eventually(started, within=20, every=0.2)

    def stop(self, mode="fast"):
        self._run("pg_ctl", "stop", "--pgdata", self.data, "--wait", "--silent", "--mode", mode)

    def restart(self):
        self.stop()
        self.start()

    def kill(self):
        """`kill -9` of the postmaster and everything it started."""
        pid = int((self.data / "postmaster.pid").read_text().splitlines()[0])
        children = subprocess.run(["pgrep", "--parent", str(pid)], capture_output=True, text=True).stdout.split()
        for victim in [pid, *map(int, children)]:
            try:
                os.kill(victim, signal.SIGKILL)
            except ProcessLookupError:
                pass

    def read_log(self) -> str:
        """The server's whole log, while its folder exists and after."""
        if (self.folder / "log").exists():
            self.log = (self.folder / "log").read_text("utf-8", "replace")
        return self.log

    def remove(self):
        try:
            self.stop("immediate")
        except AssertionError:
            pass
        self.read_log()
        shutil.rmtree(self.folder, ignore_errors=True)

    # Asking

    def address(self, database: str, user: str | None = None) -> str:
        return f"host={self.folder} user={user or self.superuser} dbname={database}"

    def sql(self, text: str, database="postgres", user: str | None = None) -> list[list[str]]:
        """The rows of the last statement, as text. Statements run in one transaction."""
        done = subprocess.run(
            [
                str(binaries() / "psql"), "-XqAt", "-F", "\x1f", "-v", "ON_ERROR_STOP=1",
                "-c", text, self.address(database, user),
            ],
            capture_output=True, text=True, timeout=60,
        )
        assert done.returncode == 0, f"{text}\n{done.stderr}"
        return [line.split("\x1f") for line in done.stdout.splitlines()]

    def create(self, database: str, template: str | None = None):
        self.sql(f"CREATE DATABASE {database}" + (f" TEMPLATE {template}" if template else ""))
