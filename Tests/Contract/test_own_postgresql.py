"""The service as a newcomer starts it, with a PostgreSQL of its own."""

import os
import shutil
import signal
import subprocess
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path

import httpx
import pytest

from harness.cluster import binaries
from harness.service import free_port, programs
from harness.waiting import eventually


class Standalone:
    """The service as a newcomer starts it: no database, no secret."""

    def __init__(self, folder: Path, spelled: str | None = None, prefix: tuple = (), **more: str):
        self.folder, self.started = folder, time.time()
        self.port = free_port()
        self.origin = f"http://127.0.0.1:{self.port}"
        settings = {"PATH": os.environ["PATH"], "DATA_DIR": spelled or str(folder), "PORT": str(self.port)} | more
        self.output = open(folder.parent / f"output-{self.port}", "w+b")
        self.process = subprocess.Popen(
            [*prefix, programs() / "dashboard"], env=settings, stdin=subprocess.DEVNULL, stdout=self.output,
            stderr=subprocess.STDOUT, cwd="/")

        def is_ready():
            assert self.process.poll() is None
            return httpx.get(self.origin + "/healthz").status_code == 200

        try:
            eventually(is_ready, within=30)
        except AssertionError:
            self.process.kill()
            self.output.seek(0)
            raise AssertionError(self.output.read().decode()) from None

    def text(self) -> str:
        self.output.seek(0)
        return self.output.read().decode()

    def wait_for_a_beat(self):
        """Until the demo's own beacon has sent a heartbeat since this start."""
        address = f"host={self.folder}/run user=dashboard dbname=dashboard"
        question = f"SELECT 1 FROM dashboard.bot_health WHERE version = 'demo' AND last_heartbeat > to_timestamp({self.started})"

        def has_beaten():
            assert self.process.poll() is None, f"it ended with {self.process.returncode}:\n{self.text()}"
            done = subprocess.run([binaries() / "psql", "-XAtc", question, address], capture_output=True, text=True)
            return done.stdout == "1\n"

        eventually(has_beaten, within=20, every=0.1)


def state_of(service: Standalone) -> str:
    assert service.process.poll() is None, f"it ended with {service.process.returncode}:\n{service.text()}"
    return httpx.get(service.origin + "/api/v1/status").json()["state"]


def processes_with(word: str) -> list[str]:
    """Command lines of the processes that have it in their arguments or environment."""
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            command = (folder / "cmdline").read_bytes()
            if word.encode() in command + (folder / "environ").read_bytes():
                found.append(command.replace(b"\0", b" ").decode("utf-8", "replace"))
        except OSError:
            continue
    return found


def expect_nothing_left(folder: Path):
    left = ["not looked yet"]

    def is_empty():
        left[:] = processes_with(str(folder))
        return not left

    try:
        eventually(is_empty)
    except AssertionError:
        raise AssertionError(f"left behind: {left}") from None


@dataclass
class Home:
    """A folder for installations, and those that were started in it."""

    parent: Path
    running: list[Standalone] = field(default_factory=list)

    @property
    def folder(self) -> Path:
        return self.parent / "data"

    def start(self, spelled: str | None = None, prefix: tuple = (), **more: str) -> Standalone:
        self.running.append(Standalone(self.folder, spelled, prefix, **more))
        return self.running[-1]

    def end_last(self):
        self.running[-1].process.terminate()
        assert self.running[-1].process.wait(15) == 0
        expect_nothing_left(self.folder)


@pytest.fixture
def home():
    home = Home(Path(tempfile.mkdtemp(prefix="own-", dir="/tmp")))
    # For the user that PostgreSQL runs as.
    home.parent.chmod(0o755)
    yield home
    for service in home.running:
        if service.process.poll() is None:
            service.process.terminate()
            service.process.wait(15)
    shutil.rmtree(home.parent, ignore_errors=True)


def test_its_postgresql_is_found_running_by_any_name_of_the_folder(home):
    parent, folder = home.parent, home.folder
    (parent / "link").symlink_to(folder)
    # It works in "/".
    names = [f"{parent.relative_to('/')}/data", f"{folder}/", f"{parent}//./data", f"{parent}/link"]
    postmaster = None
    for name in names:
        service = home.start(name)
        pid = (folder / "postgresql/postmaster.pid").read_text().splitlines()[0]
        # The server that the killed service left behind keeps running.
        assert pid == (postmaster or pid), name
        postmaster = pid
        # Checked after each second.
        time.sleep(2.5)
        assert "PostgreSQL has stopped" not in service.text(), name
        if name != names[-1]:
            service.process.kill()
            service.process.wait()
    home.end_last()


def test_a_first_start_that_is_killed_during_initdb_can_be_repeated(home):
    settings = {"PATH": os.environ["PATH"], "DATA_DIR": str(home.folder), "PORT": "0"}
    for _ in range(2):
        first = subprocess.Popen(
            [programs() / "dashboard"], env=settings, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL, cwd="/")
        # Early in initdb: long before there is a cluster.
        eventually(lambda: [path for path in home.folder.glob("postgresql*/PG_VERSION")], within=20, every=0.001)
        first.kill()
        first.wait()
        subprocess.run(["pkill", "-KILL", "-f", str(home.folder)], check=False)
    home.start()
    assert not [path for path in home.folder.glob("postgresql.new-*")]
    home.end_last()


def test_with_its_own_postgresql_it_starts_finds_its_data_again_and_survives_being_killed(home):
    first = home.start()
    eventually(lambda: '"mode":"demo"' in first.text())
    first.wait_for_a_beat()
    assert state_of(first) == "online"
    for private in ("run", "postgresql"):
        assert (home.folder / private).stat().st_mode & 0o077 == 0, f"others can enter {private}"
    with httpx.Client(base_url=first.origin) as client:
        assert client.get("/api/v1/auth/discord").status_code == 302
    started = time.monotonic()
    first.process.send_signal(signal.SIGINT)
    assert first.process.wait(15) == 0
    assert time.monotonic() - started < 10
    expect_nothing_left(home.folder)

    second = home.start()
    assert "creating the sample guilds" not in second.text()
    # The harshest end: its PostgreSQL is left behind, or dies with it; neither blocks the next start.
    second.wait_for_a_beat()
    second.process.kill()
    second.process.wait()
    third = home.start()
    assert state_of(third) in ("online", "degraded", "offline")
    home.end_last()


def test_its_postgresql_depends_on_none_of_libpqs_variables(home):
    stray = {"PGSSLMODE": "require", "PGPORT": "1", "PGSERVICE": "none", "PGOPTIONS": "-cnone=1", "PGHOSTADDR": "192.0.2.1"}
    assert state_of(home.start(**stray))


@pytest.fixture
def installed(home):
    """PostgreSQL's programs in a folder of the test's own, and a prefix for programs that are to find them where Debian has
    them."""
    copy = home.parent / "installed"
    shutil.copytree(binaries().parent.parent, copy, symlinks=True)
    prefix = ("unshare", "--mount", "sh", "-c", f'mount --bind {copy} /usr/lib/postgresql && exec "$@"', "sh")
    return copy / binaries().parent.name, prefix


def postmaster(home: Home) -> str:
    return (home.folder / "postgresql/postmaster.pid").read_text().splitlines()[0]


def replace(file: Path):
    """As a package manager does it: a new file under the old name."""
    shutil.copy2(file, file.with_name("new"))
    os.utime(file.with_name("new"))
    file.with_name("new").rename(file)


REPLACED = "PostgreSQL's programs were replaced; restarting it"


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can mount")
def test_its_postgresql_is_restarted_once_after_an_update_of_its_programs(home, installed):
    version, prefix = installed
    service = home.start(prefix=prefix)
    service.wait_for_a_beat()
    first = postmaster(home)
    assert Path(f"/proc/{first}/exe").readlink() == Path("/usr/lib/postgresql") / version.name / "bin/postgres"
    library, program = version / "lib/plpgsql.so", version / "bin/postgres"
    # In the midst of an update the library is long outageer than the service waits for the files to stay as they are.
    library.rename(library.with_name("old"))
    time.sleep(7)
    assert postmaster(home) == first and REPLACED not in service.text()
    library.with_name("old").rename(library)
    for file in (library, program):
        replace(file)
    eventually(lambda: postmaster(home) != first, within=20)
    second = postmaster(home)
    service.started = time.time()
    service.wait_for_a_beat()
    assert state_of(service) == "online"
    assert httpx.get(service.origin + "/readyz").status_code == 200
    assert service.text().count(REPLACED) == 1 and "PostgreSQL has stopped" not in service.text()
    # One that a killed run left behind, and that was updated since.
    service.process.kill()
    service.process.wait()
    replace(program)
    assert Path(f"/proc/{second}/exe").readlink().name == "postgres (deleted)"
    third = home.start(prefix=prefix)
    assert postmaster(home) != second and state_of(third) in ("online", "degraded", "offline")
    home.end_last()
