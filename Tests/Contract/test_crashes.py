"""A fatal signal: its report, the notice of the next start, and the retried work."""

import json
import os
import signal
import subprocess
import threading

import httpx
import pytest

from harness.cast import ADA, NORTHLIGHT
from harness.dockerfile import REPOSITORY
from harness.numbers import Numbers
from harness.service import Service, free_port, programs
from harness.signing_in import bearer
from harness.waiting import eventually

FATAL = ["SIGILL", "SIGTRAP", "SIGSEGV", "SIGBUS", "SIGFPE", "SIGABRT"]
POSTS = f"/api/v1/guilds/{NORTHLIGHT}/posts"
LOCKED = "SELECT 1 FROM pg_locks WHERE mode = 'AccessExclusiveLock' AND granted AND relation = 'posts'::regclass"
WAITS = "SELECT 1 FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()"


@pytest.fixture
def service(start_service, tmp_path):
    service = start_service(DATA_DIR=str(tmp_path / "data"))
    yield service
    service.stop()


def crash(service: Service, name: str) -> dict:
    """Ends it by that signal while a request waits for a table; the line on standard error."""
    with bearer(service, ADA) as visitor:
        assert visitor.get(POSTS).status_code == 200
        holder = subprocess.Popen(
            ["psql", "-XqAt", service.cluster.address(service.database), "-c",
             "BEGIN; LOCK TABLE dashboard.posts IN ACCESS EXCLUSIVE MODE; SELECT pg_sleep(60)"])
        try:
            eventually(lambda: service.sql(LOCKED))
            asking = threading.Thread(target=lambda: pytest.raises(Exception, visitor.get, POSTS + "?limit=1"))
            asking.start()
            eventually(lambda: service.sql(WAITS))
            service.was_killed = True
            service.process.send_signal(getattr(signal, name))
            assert service.process.wait(10) == -getattr(signal, name)
            asking.join(10)
        finally:
            holder.kill()
            holder.wait()
    [line] = [line for line in (service.folder / "errors").read_text().splitlines() if '"crashed"' in line]
    return json.loads(line)


def again(start_service, service: Service) -> Service:
    return start_service(service.database, DATA_DIR=service.environment["DATA_DIR"])


def doctor(service: Service) -> dict | None:
    done = subprocess.run(
        [programs() / "dashboard", "doctor", "--json"], capture_output=True, text=True, timeout=60,
        env={"PATH": os.environ["PATH"]} | {name: service.environment[name] for name in ("DATABASE_URL", "DATA_DIR")})
    assert done.returncode == 0, done.stdout
    found = {finding["subject"]: finding for finding in json.loads(done.stdout)["findings"]}
    return found.get("last crash")


@pytest.mark.parametrize("name", FATAL)
def test_a_fatal_signal_names_the_request_that_was_under_way(service, name):
    line = crash(service, name)
    assert (line["level"], line["signal"], line["sender"]) == ("error", name, os.getpid())
    [work] = [work for work in line["underWay"] if "request" in work]
    assert work["work"] == "GET /api/v1/guilds/{guildId}/posts" and work["milliseconds"] < 60_000
    # It has no line in the log, since it was never answered; the ids count on from the last one that was.
    last = service.entries(route="/api/v1/guilds/{guildId}/posts")[-1]["request"]
    assert work["request"] != last and len(work["request"]) == len(last)
    assert json.loads((service.folder.parent / service.environment["DATA_DIR"] / "last-crash").read_text()) == line


def test_doctor_and_the_next_start_name_the_crash_and_the_one_after_that_does_not(service, start_service):
    assert doctor(service) is None
    line = crash(service, "SIGSEGV")
    [request] = [work["request"] for work in line["underWay"] if "request" in work]
    found = doctor(service)
    assert found["health"] == "warning" and "remove that file" in found["advice"]
    for part in ("SIGSEGV", line["time"], "GET /api/v1/guilds/{guildId}/posts", request):
        assert part in found["text"]
    for expected in (1, 0):
        following = again(start_service, service)
        told = following.entries(message="the last run ended with SIGSEGV")
        assert [entry["level"] for entry in told] == ["warning"] * expected
        assert all(entry["at"] == line["time"] and request in entry["underWay"] for entry in told)
        assert following.end() == 0
        assert doctor(service)["text"] == found["text"]
    os.unlink(service.environment["DATA_DIR"] + "/last-crash")
    assert doctor(service) is None


def test_background_work_that_two_runs_crashed_in_is_left_out_of_one_run(service, start_service):
    assert service.end() == 0
    record = {"time": "2026-01-02T03:04:05.000006Z", "level": "error", "message": "crashed", "signal": "SIGILL",
              "version": "1", "underWay": [], "unlisted": 0, "culprit": "background housekeeping"}
    for runs, is_skipped in ((1, False), (2, True)):
        path = service.environment["DATA_DIR"] + "/last-crash"
        with open(path, "w", encoding="utf-8") as file:
            file.write(json.dumps(record | {"runs": runs}) + "\n")
        following = again(start_service, service)
        following.expects_faults = is_skipped
        housekeeping(following, "failed" if is_skipped else "done")
        # All else is done.
        eventually(lambda: work_done(following, "status", "done"), within=15)
        assert [entry["work"] for entry in following.entries(level="error")] == ["housekeeping"] * is_skipped
        assert following.end() == 0
    last = again(start_service, service)
    housekeeping(last, "done")
    assert last.end() == 0


def work_done(service: Service, work: str, outcome: str) -> float:
    return Numbers(service).one("dashboard_background_work_total", work=work, outcome=outcome)


def housekeeping(service: Service, outcome: str):
    """Waits for its first turn, which ends so."""
    eventually(lambda: sum(work_done(service, "housekeeping", each) for each in ("done", "failed")), within=15)
    assert work_done(service, "housekeeping", outcome) == 1


def test_the_supervisor_starts_the_service_again_after_a_crash(cluster, tmp_path):
    cluster.create("supervised")
    port = free_port()
    supervisor = subprocess.Popen(
        [REPOSITORY / "script/supervise", programs() / "dashboard", "serve"], stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE, text=True,
        env={"PATH": os.environ["PATH"], "DATABASE_URL": cluster.address("supervised"), "PORT": str(port),
             "DATA_DIR": str(tmp_path / "data")})

    def healthy_child() -> int:
        assert httpx.get(f"http://127.0.0.1:{port}/healthz").status_code == 200
        [child] = subprocess.run(
            ["pgrep", "--parent", str(supervisor.pid)], capture_output=True, text=True).stdout.split()
        return int(child)

    try:
        first = eventually(healthy_child, within=20)
        os.kill(first, signal.SIGSEGV)
        eventually(lambda: healthy_child() != first, within=20)
        supervisor.terminate()
        _, errors = supervisor.communicate(timeout=15)
    finally:
        supervisor.kill()
        supervisor.wait()
    assert supervisor.returncode == 0
    assert '"signal":"SIGSEGV"' in errors and "killed by SIGSEGV; starting it again in 1 s" in errors
