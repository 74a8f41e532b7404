"""Wrong configuration, places that are taken, and the end of a service."""

import json
import os
import re
import shutil
import signal
import socket
import subprocess
import tempfile
import threading
import time
from pathlib import Path

import httpx
import pytest

from harness.cast import ADA, NORTHLIGHT
from harness.cluster import binaries
from harness.service import JWT_SECRET, Service, free_port, programs
from harness.signing_in import bearer, sign_in, tokens
from harness.streams import Stream
from harness.traffic import Traffic
from harness.waiting import eventually
from harness.wire import connect


def run(*arguments: str, **environment: str) -> subprocess.CompletedProcess:
    """A start that is expected to end by itself."""
    with tempfile.TemporaryDirectory(prefix="dashboard-") as folder:
        settings = {"PATH": os.environ["PATH"], "DATA_DIR": folder, "PORT": "0"} | environment
        done = subprocess.run(
            [programs() / "dashboard", *arguments], env=settings, capture_output=True, text=True, timeout=20)
        if done.returncode == 78:
            assert not os.listdir(folder), "something was started"
        return done


MISTAKES = {
    "PORT": ["x", "-1", "65536", "8080 "],
    "HOST": ["nonsense", "256.1.1.1", "127.0.0.1:80"],
    "JWT_SECRET": ["hunter2-too-short"],
    "JWT_SECRET_PREVIOUS": ["hunter2-short-too"],
    "DISCORD_TOKEN_SECRET": ["hunter2-too-short"],
    "DISCORD_TOKEN_SECRET_PREVIOUS": ["hunter2-too-short"],
    "DATABASE_URL": [
        "hunter2", "postgresql://[broken", "postgresql://dash:hunter2@host/x?nonsense=1",
        "postgresql://dash:hunter2@host:99999/x", "host=h port=hunter2 password=hunter2",
        "postgresql://dash:hunter2@host/x?sslmode=hunter2", "host=a,b port=1,2,3 password=hunter2"],
    "DATABASE_POOL_SIZE": ["0", "many", "1e3"],
    "DATA_DIR": ["/etc/passwd", "/proc/nothing", "/proc/nothing/at/all"],
    "RATE_LIMIT_USER_PER_MINUTE": ["0", "-5", "lots"],
    "RATE_LIMIT_KEY_PER_MINUTE": ["0", " "],
    "RATE_LIMIT_SIGN_IN_PER_15_MINUTES": ["0"],
    "API_KEY_SCOPES": ["off", "ENFORCE"],
    "RATE_LIMIT_TENANT_PER_MINUTE": ["0", "1.5"],
    "CORS_ALLOWED_ORIGINS": ["*", "https://a.example/b,x", "https://a.example\nhttps://b.example", "x\x85y"],
    "TRUSTED_PROXIES": ["10.0.0.1/8", "x,y", "127.0.0.1\n10.0.0.1", "\x1b[31m", "x\u2028y"],
    "LOG_LEVEL": ["loud"],
    "LOG_FORMAT": ["xml"],
    "METRICS_TOKEN": ["hunter2-too-short"],
    "OPERATOR_NAME": ["a\x1b[31mb"],
    "OPERATOR_CONTACT": ["a\nb"],
    "DASHBOARD_URL": ["ftp://x", "dashboard.example.org", "https://example.org/path", "https://EXAMPLE.org", "https://"],
    "DASHBOARD_OAUTH_CALLBACK": ["https://elsewhere.example.org"],
    "DASHBOARD_DISCORD_CLIENT_ID": ["abc"],
    "DASHBOARD_DISCORD_CLIENT_SECRET": ["hunter2\nhunter2"],
    "DISCORD_API_BASE": ["discord.com", "https://discord.com/api/"],
    "JWT_SECRET_FILE": ["/nonexistent/hunter2"],
    "ENV_FILE": ["/nonexistent/file", "/", "/nonexistent\nfile"],
}


def test_every_variable_is_tried():
    example = (Path(__file__).parents[2] / ".env.example").read_text()
    names = re.findall(r"^#(\w+)=", example, re.MULTILINE)
    assert len(names) > 20 and set(names) <= set(MISTAKES)


@pytest.mark.parametrize("name, value", [(name, value) for name in MISTAKES for value in MISTAKES[name]])
def test_a_wrong_setting_is_named_and_ends_the_start_with_78(name, value):
    done = run("serve", **{name: value})
    assert done.returncode == 78
    lines = [line for line in done.stderr.splitlines() if line.startswith(name + " ")]
    assert len(lines) == 1, done.stderr
    assert not done.stdout
    assert "hunter2" not in done.stdout + done.stderr
    assert all(re.match("[A-Z0-9_]+ ", line) for line in done.stderr.splitlines()[1:]), done.stderr


@pytest.mark.parametrize("name", [
    "JWT_SECRET", "DISCORD_TOKEN_SECRET", "METRICS_TOKEN", "DATABASE_URL", "JWT_SECRET_FILE", "DATA_DIR", "ENV_FILE"])
def test_a_value_that_is_not_utf_8_is_a_mistake(name):
    done = run("serve", **{name: b"/hunter2-\xff" * 20})
    assert done.returncode == 78 and "hunter2" not in done.stdout + done.stderr
    [_, line] = done.stderr.splitlines()
    assert line.startswith(name + " ") and "UTF-8" in line


def test_a_folder_that_this_user_cannot_write_to_is_told_with_all_other_mistakes():
    folder = tempfile.mkdtemp(prefix="theirs-", dir="/tmp")
    os.chmod(folder, 0o555)
    # Root may write anywhere.
    as_nobody = ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups", "--"] if os.geteuid() == 0 else []
    program = Path(tempfile.mkdtemp(prefix="program-", dir="/tmp"))
    program.chmod(0o755)
    shutil.copy(programs() / "dashboard", program)
    try:
        for path in (folder, folder + "/below/it"):
            done = subprocess.run(
                [*as_nobody, program / "dashboard"], env={"PATH": os.environ["PATH"], "DATA_DIR": path, "PORT": "x"},
                capture_output=True, text=True, timeout=20)
            assert done.returncode == 78 and not done.stdout
            assert [line.split()[:2] for line in done.stderr.splitlines()[1:]] == [["PORT", "must"], ["DATA_DIR", path]]
        assert not os.listdir(folder)
    finally:
        shutil.rmtree(folder)
        shutil.rmtree(program)


def test_all_mistakes_are_told_at_once_with_a_line_for_each():
    wrong = {name: values[0] for name, values in MISTAKES.items() if not name.endswith("_SECRET_FILE")}
    done = run("serve", **wrong)
    assert done.returncode == 78
    for name in wrong:
        assert len([line for line in done.stderr.splitlines() if line.startswith(name + " ")]) == 1, (name, done.stderr)


def test_half_of_discords_credentials_is_a_mistake():
    assert "DASHBOARD_DISCORD_CLIENT_SECRET" in run("serve", DASHBOARD_DISCORD_CLIENT_ID="123456789012345678").stderr
    assert "DASHBOARD_DISCORD_CLIENT_ID" in run("serve", DASHBOARD_DISCORD_CLIENT_SECRET="s").stderr


@pytest.mark.parametrize(
    "address",
    ["postgresql://dash:hunter2@127.0.0.1:1/dash", "host=127.0.0.1 port=1 password=hunter2",
     "host=/nonexistent dbname=x"])
def test_a_database_that_cannot_be_reached_ends_the_start_without_the_password(address):
    done = run("serve", DATABASE_URL=address)
    assert done.returncode == 1
    assert done.stderr.strip()
    assert "hunter2" not in done.stdout + done.stderr


def test_an_unknown_command_is_refused():
    assert run("frobnicate").returncode == 64
    assert "usage" in run("help").stdout
    assert run("version").stdout.startswith("tracking-dashboard ")


def test_a_second_service_in_the_same_folder_is_refused(service, cluster):
    done = run("serve", DATABASE_URL=cluster.address("shared"), DATA_DIR=service.environment["DATA_DIR"])
    assert done.returncode not in (0, 78)
    assert "in use" in done.stderr and service.environment["DATA_DIR"] in done.stderr
    assert service.is_healthy()


def test_a_port_that_is_taken_is_refused(service, cluster):
    done = run("serve", DATABASE_URL=cluster.address("shared"), PORT=str(service.port))
    assert done.returncode not in (0, 78)
    assert str(service.port) in done.stderr or "in use" in done.stderr.lower()
    assert service.is_healthy()


def test_a_folder_that_cannot_be_made_is_refused(cluster):
    done = run("serve", DATABASE_URL=cluster.address("shared"), DATA_DIR="/proc/nothing")
    assert done.returncode == 78 and "DATA_DIR" in done.stderr


def test_a_secret_comes_from_a_file_as_well(start_service, tmp_path):
    file = tmp_path / "secret"
    file.write_text(JWT_SECRET + "\n")
    service = start_service(JWT_SECRET="", JWT_SECRET_FILE=str(file))
    with bearer(service, ADA) as visitor:
        assert visitor.get("/api/v1/auth/me").status_code == 200
    service.stop()


def test_variables_come_from_a_file_and_the_environment_wins(start_service, tmp_path):
    file = tmp_path / "variables"
    file.write_text(f"# Comment\n\nexport JWT_SECRET='{JWT_SECRET}'\nLOG_FORMAT=text # not this\nOPERATOR_NAME=\"Z \\\"é\\\"\"\n")
    service = start_service(JWT_SECRET="", ENV_FILE=str(file), LOG_FORMAT="json")
    with bearer(service, ADA) as visitor:
        assert visitor.get("/api/v1/auth/me").status_code == 200
        assert "Z &quot;é&quot;" in visitor.get("/privacy").text
    assert not (Path(service.environment["DATA_DIR"]) / "token-secret").exists()
    service.stop()


def test_a_line_of_the_file_that_is_wrong_is_told_with_all_other_mistakes(tmp_path):
    file = tmp_path / "variables"
    file.write_text("LOG_LEVEL=info\nJWT_SECRET 'hunter2'\nPORT=hunter2\n")
    done = run("serve", ENV_FILE=str(file), PORT="", HOST="x")
    assert done.returncode == 78 and "hunter2" not in done.stdout + done.stderr
    assert [line.split()[0] for line in done.stderr.splitlines()[1:]] == ["ENV_FILE", "HOST", "PORT"], done.stderr
    assert f"{file}, line 2: " in done.stderr


def test_names_of_the_file_that_nothing_reads_are_warned_of_where_they_resemble_one(cluster, tmp_path):
    file = tmp_path / "variables"
    file.write_text("DASHBORD_URL=https://a.example\nOTHER_PROGRAM=1\nDISCORD_CLIENT_ID=hunter2\nPGAPPNAME=x\nLOG_LEVEL=info\n")
    cluster.create("misspelt")
    service = Service(cluster, "misspelt", ENV_FILE=str(file))
    said = [entry["message"] for entry in service.entries(level="warning") if "ENV_FILE" in entry["message"]]
    assert said == [
        "ENV_FILE sets DASHBORD_URL, which nothing reads: is DASHBOARD_URL meant?",
        "ENV_FILE sets DISCORD_CLIENT_ID, which nothing reads: is DASHBOARD_DISCORD_CLIENT_ID meant?"]
    service.stop()
    told = run("doctor", DATABASE_URL=cluster.address("misspelt"), ENV_FILE=str(file))
    assert told.returncode == 0 and all(f"note  configuration: {warning}" in told.stdout for warning in said), told


def test_without_a_secret_one_is_made_and_kept(start_service):
    service = start_service(JWT_SECRET="")
    kept = Path(service.environment["DATA_DIR"]) / "token-secret"
    secret = kept.read_text()
    assert len(secret) >= 64 and kept.stat().st_mode & 0o077 == 0
    service.stop()


def test_the_demo_is_for_this_machine_only(start_service):
    done = run("serve", HOST="0.0.0.0", DATABASE_URL="host=/nonexistent")
    assert done.returncode != 0
    port = free_port()
    service = start_service(HOST="0.0.0.0", PORT=str(port), DASHBOARD_URL=f"http://127.0.0.1:{port}")
    assert service.entries(message="ready")[0]["mode"] == "normal"
    with service.client() as visitor:
        assert visitor.get("/demo/discord/authorize").status_code == 404
        answer = visitor.get("/api/v1/auth/discord")
        assert answer.status_code == 503
    service.stop()


def test_a_pending_migration_is_told_and_applied(cluster):
    cluster.create("migrating")
    address = cluster.address("migrating")
    told = run("migrate", "--dry-run", DATABASE_URL=address)
    assert told.returncode == 0 and told.stdout.startswith("pending 1 ")
    assert run("migrate", DATABASE_URL=address).stdout.startswith("applied 1 ")
    assert run("migrate", DATABASE_URL=address).stdout == "the schema is up to date\n"


def test_a_schema_that_somebody_changed_is_refused(cluster):
    cluster.create("tampered")
    address = cluster.address("tampered")
    assert run("migrate", DATABASE_URL=address).returncode == 0
    cluster.sql("ALTER TABLE dashboard.posts NO FORCE ROW LEVEL SECURITY", "tampered")
    done = run("serve", DATABASE_URL=address)
    assert done.returncode != 0 and "posts" in done.stderr and "row-level security" in done.stderr


def test_services_that_start_at_once_on_a_new_database_both_come_up(cluster):
    cluster.create("together")
    services = [Service(cluster, "together", ready=False) for _ in range(3)]
    for service in services:
        eventually(service.is_ready, within=30)
    assert cluster.sql("SELECT count(*) FROM dashboard.guilds", "together") == [["5"]]
    for service in services:
        service.stop()


# Ends


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_ends_the_service_within_ten_seconds_whatever_clients_do(start_service, number):
    service = start_service()
    with sign_in(service, ADA) as browser:
        assert browser.get("/").status_code == 200
        with connect(service) as idle, connect(service) as half:
            half.sendall(b"GET /healthz HTTP/1.1\r\nHost: x\r\nX-Slow: ")
            idle.sendall(b"")
            started = time.monotonic()
            assert service.end(number) == 0
            assert time.monotonic() - started < 10


def test_a_request_under_way_is_finished_before_the_end(start_service):
    service = start_service()
    with bearer(service, ADA) as visitor:
        holder = threading.Thread(target=service.sql, args=("LOCK TABLE posts IN ACCESS EXCLUSIVE MODE; SELECT pg_sleep(1.5)",))
        holder.start()
        eventually(lambda: service.sql("SELECT 1 FROM pg_locks WHERE mode = 'AccessExclusiveLock' AND relation = 'posts'::regclass"))
        answers = []
        asking = threading.Thread(
            target=lambda: answers.append(visitor.get(f"/api/v1/guilds/{NORTHLIGHT}/posts?limit=1")))
        asking.start()
        eventually(lambda: service.sql("SELECT 1 FROM pg_stat_activity WHERE wait_event_type = 'Lock'"))
        service.process.send_signal(signal.SIGTERM)
        # Others are refused, and do not wait for somebody who will never accept them.
        eventually(lambda: is_refused(service))
        assert asking.is_alive()
        asking.join(10)
        holder.join()
        assert answers and answers[0].status_code == 200
        assert service.process.wait(10) == 0


def is_refused(service: Service) -> bool:
    try:
        connect(service).close()
    except ConnectionRefusedError:
        return True
    return False


def test_who_waits_to_be_accepted_when_the_stop_begins_is_answered(start_service):
    service = start_service()
    service.process.send_signal(signal.SIGSTOP)
    waiting = [connect(service) for _ in range(800)]
    try:
        for client in waiting:
            client.settimeout(10)
            client.sendall(b"GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n")
        service.process.send_signal(signal.SIGTERM)
        service.process.send_signal(signal.SIGCONT)
        answers = [read_all(client) for client in waiting]
    finally:
        for client in waiting:
            client.close()
    assert service.process.wait(10) == 0
    assert not [answer for answer in answers if not answer.startswith(b"HTTP/1.1 200 ") or b'"ok"' not in answer], answers[-1]


def read_all(client: socket.socket) -> bytes:
    """Up to the end of the connection, or what kept it from coming."""
    answer = b""
    try:
        while piece := client.recv(65_536):
            answer += piece
        return answer
    except OSError as error:
        return repr(error).encode()


def test_a_stop_under_load_answers_all_that_was_accepted_and_ends_streams_cleanly(start_service):
    service = start_service()
    header = tokens(service, ADA).header
    with service.client(headers=header, limits=httpx.Limits(max_connections=None)) as client:
        streams = [Stream(client, f"/api/v1/guilds/{NORTHLIGHT}/status/stream") for _ in range(20)]
        traffic = Traffic(service, f"/api/v1/guilds/{NORTHLIGHT}/accounts?limit=10", header, per_second=200)
        traffic.start()
        try:
            eventually(lambda: len(traffic.answers) > 400, within=20)
            rate, started = traffic.rate, time.monotonic()
            assert service.end(within=12) == 0
            assert time.monotonic() - started < 10
        finally:
            traffic.stop()
        assert rate > 150, rate
        for stream in streams:
            assert stream.ended.wait(5) and stream.error is None
    # Each request that was accepted has a line in the log, and its answer came whole.
    assert all(answer.is_whole and answer.status == 200 for answer in traffic.answers)
    accepted = {entry["request"] for entry in service.entries(route="/api/v1/guilds/{guildId}/accounts")}
    assert accepted == {answer.headers["x-request-id"] for answer in traffic.answers}
    assert len(accepted) == len(traffic.answers)
    # Whatever came after it was told at once, and not left to wait.
    assert not [error for error in traffic.failures if isinstance(error, TimeoutError)]


def test_nothing_of_the_service_is_left_in_the_database(start_service):
    service = start_service()
    with bearer(service, ADA) as visitor:
        visitor.get(f"/api/v1/guilds/{NORTHLIGHT}/posts")
    assert service.end() == 0
    eventually(lambda: service.sql(
        "SELECT 1 WHERE NOT EXISTS (SELECT FROM pg_stat_activity WHERE application_name LIKE 'tracking-dashboard%'"
        " AND datname = current_database())"))


# With its own PostgreSQL


class Standalone:
    """The service as a newcomer starts it: no database, no secret."""

    def __init__(self, folder: Path, spelled: str | None = None):
        self.folder, self.started = folder, time.time()
        self.port = free_port()
        self.origin = f"http://127.0.0.1:{self.port}"
        settings = {"PATH": os.environ["PATH"], "DATA_DIR": spelled or str(folder), "PORT": str(self.port)}
        self.output = open(folder.parent / f"output-{self.port}", "w+b")
        self.process = subprocess.Popen(
            [programs() / "dashboard"], env=settings, stdin=subprocess.DEVNULL, stdout=self.output,
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
        """Until the demo's own beacon has said something since this start."""
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
    """Command lines of the processes that name it, there or in their environment."""
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


def end_all(running: list[Standalone]):
    for service in running:
        if service.process.poll() is None:
            service.process.terminate()
            service.process.wait(15)


def test_its_postgresql_is_known_by_whatever_name_the_folder_is_called():
    parent = Path(tempfile.mkdtemp(prefix="named-", dir="/tmp"))
    parent.chmod(0o755)
    folder = parent / "data"
    (parent / "link").symlink_to(folder)
    # It works in "/".
    names = [f"{parent.relative_to('/')}/data", f"{folder}/", f"{parent}//./data", f"{parent}/link"]
    running, postmaster = [], None
    try:
        for name in names:
            running.append(Standalone(folder, name))
            pid = (folder / "postgresql/postmaster.pid").read_text().splitlines()[0]
            # What the last one left behind when it was killed goes on.
            assert pid == (postmaster or pid), name
            postmaster = pid
            # Looked after each second.
            time.sleep(2.5)
            assert "PostgreSQL is gone" not in running[-1].text(), name
            if name != names[-1]:
                running[-1].process.kill()
                running[-1].process.wait()
        running[-1].process.terminate()
        assert running[-1].process.wait(15) == 0
        expect_nothing_left(folder)
    finally:
        end_all(running)
        shutil.rmtree(parent, ignore_errors=True)


def test_a_first_start_that_is_killed_over_making_the_cluster_leaves_nothing_in_the_way():
    parent = Path(tempfile.mkdtemp(prefix="killed-", dir="/tmp"))
    parent.chmod(0o755)
    folder = parent / "data"
    settings = {"PATH": os.environ["PATH"], "DATA_DIR": str(folder), "PORT": "0"}
    running = []
    try:
        for _ in range(2):
            first = subprocess.Popen(
                [programs() / "dashboard"], env=settings, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL, cwd="/")
            # Early in the making: long before there is a cluster.
            eventually(lambda: [path for path in folder.glob("postgresql*/PG_VERSION")], within=20, every=0.001)
            first.kill()
            first.wait()
            subprocess.run(["pkill", "-KILL", "-f", str(folder)], check=False)
        running.append(Standalone(folder))
        assert not [path for path in folder.glob("postgresql.new-*")]
        running[0].process.terminate()
        assert running[0].process.wait(15) == 0
        expect_nothing_left(folder)
    finally:
        end_all(running)
        shutil.rmtree(parent, ignore_errors=True)


def test_a_log_that_nobody_reads_holds_nothing_up(cluster):
    cluster.create("unread")
    with tempfile.TemporaryDirectory(prefix="dashboard-") as folder:
        port = free_port()
        settings = {
            "PATH": os.environ["PATH"], "DATA_DIR": folder, "PORT": str(port), "DATABASE_URL": cluster.address("unread")}
        process = subprocess.Popen(
            [programs() / "dashboard", "serve"], env=settings, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL)
        try:
            origin = f"http://127.0.0.1:{port}"
            eventually(lambda: httpx.get(origin + "/healthz").status_code == 200, within=30)
            with httpx.Client(base_url=origin, timeout=5) as client:
                # The pipe takes 64 KB, the service keeps another megabyte.
                for _ in range(9_000):
                    assert client.get("/healthz").status_code == 200
                read = threading.Thread(target=lambda: text.append(process.stdout.read()))
                text: list[bytes] = []
                read.start()
                for _ in range(20):
                    assert client.get("/healthz").status_code == 200
                    time.sleep(0.05)
            process.terminate()
            assert process.wait(10) == 0
            read.join()
        finally:
            process.kill()
            process.wait()
    lines = text[0].decode().splitlines()
    # Whole lines only, and how many there would have been.
    entries = [json.loads(line) for line in lines]
    lost = sum(entry.get("lines", 0) for entry in entries)
    assert lost > 0 and sum("status" in entry for entry in entries) + lost >= 9_000


def test_with_its_own_postgresql_it_starts_finds_its_data_again_and_survives_being_killed():
    parent = Path(tempfile.mkdtemp(prefix="alone-", dir="/tmp"))
    parent.chmod(0o755)
    folder = parent / "data"
    running = []

    def start() -> Standalone:
        running.append(Standalone(folder))
        return running[-1]

    try:
        first = start()
        eventually(lambda: '"mode":"demo"' in first.text())
        first.wait_for_a_beat()
        assert state_of(first) == "online"
        for private in ("run", "postgresql"):
            assert (folder / private).stat().st_mode & 0o077 == 0, f"others may enter {private}"
        with httpx.Client(base_url=first.origin) as client:
            assert client.get("/api/v1/auth/discord").status_code == 302
        started = time.monotonic()
        first.process.send_signal(signal.SIGINT)
        assert first.process.wait(15) == 0
        assert time.monotonic() - started < 10
        expect_nothing_left(folder)

        second = start()
        assert "filling in" not in second.text()
        # The harshest end: its PostgreSQL is left behind, or dies with it; neither blocks the next start.
        second.wait_for_a_beat()
        second.process.kill()
        second.process.wait()
        third = start()
        assert state_of(third) in ("online", "degraded", "offline")
        third.process.terminate()
        assert third.process.wait(15) == 0
        expect_nothing_left(folder)
    finally:
        end_all(running)
        shutil.rmtree(parent, ignore_errors=True)
