"""`health-beacon`, the stand-in for a bot's heartbeat."""

import signal
import subprocess

import pytest

from harness.cluster import Cluster
from harness.service import Service, programs
from harness.waiting import eventually


@pytest.fixture(scope="module")
def fragile():
    """A service on a cluster that may be restarted."""
    cluster = Cluster()
    cluster.create("beaten")
    service = Service(cluster, "beaten")
    yield service
    service.stop()
    cluster.remove()


@pytest.fixture
def address(fragile) -> str:
    """As the only role that a bot needs."""
    return fragile.cluster.address(fragile.database, "tracking_bot")


def once(address: str | None, *arguments: str) -> subprocess.CompletedProcess:
    environment = {} if address is None else {"DATABASE_URL": address}
    return subprocess.run(
        [programs() / "health-beacon", *arguments], env=environment, capture_output=True, text=True, timeout=30)


def stored(service, columns: str, instance=1) -> list[str]:
    return service.sql(f"SELECT {columns} FROM bot_health WHERE instance = {instance}")[0]


def test_a_single_beat_is_stored_with_all_its_fields(fragile, address):
    done = once(
        address, "--once", "--shards", "8", "--shards-down", "1", "--guilds", "12", "--latency", "345",
        "--version", "9.8.7", "--instance", "3")
    assert done.returncode == 0, done.stderr
    assert stored(fragile, "status, shard_count, shards_down, guild_count, latency_ms, version", 3) == [
        "healthy", "8", "1", "12", "345", "9.8.7"]
    assert stored(fragile, "state, last_heartbeat > now() - interval '5 s'", 3) == ["degraded", "t"]
    fragile.sql("DELETE FROM bot_health WHERE instance = 3")


@pytest.mark.parametrize("status, state", [("healthy", "online"), ("degraded", "degraded"), ("stopping", "offline")])
def test_a_beat_reports_the_state_of_the_bot(fragile, address, status, state):
    assert once(address, "--once", "--status", status).returncode == 0
    assert stored(fragile, "state") == [state]


@pytest.mark.parametrize(
    "arguments",
    [["--nonsense"], ["--interval"], ["--interval", "0"], ["--interval", "86"], ["--interval", "x"], ["--shards", "-1"],
     ["--status", "fine"], ["--instance", "0"], ["--latency", "99999999999999999999"], ["extra"]],
    ids=" ".join)
def test_a_wrong_command_line_ends_with_64(address, arguments):
    done = once(address, "--once", *arguments)
    assert done.returncode == 64 and done.stderr


def test_a_missing_address_ends_with_78():
    assert once(None, "--once").returncode == 78
    assert once("", "--once").returncode == 78


@pytest.mark.parametrize("address", [
    "postgresql://app:x@hunter2@db.example.org/d", "postgresql://u:123/hunter2@host/db", "hunter2", "service=hunter2"])
def test_a_wrong_address_ends_with_78_and_does_not_show_the_password(address):
    done = once(address, "--once")
    assert done.returncode == 78 and "DATABASE_URL" in done.stderr and "hunter2" not in done.stdout + done.stderr


def test_help_ends_with_0(address):
    assert once(address, "--help").returncode == 0


def test_a_beat_that_was_not_stored_ends_with_1_and_keeps_the_password(address):
    done = once("postgresql://bot:hunter2@127.0.0.1:1/x", "--once")
    assert done.returncode == 1 and done.stderr and "hunter2" not in done.stderr
    assert once(address, "--once", "--shards", "1", "--shards-down", "2").returncode == 1


def test_the_bots_role_may_do_nothing_else(fragile):
    for statement in (
        "SELECT * FROM dashboard.posts", "SELECT * FROM dashboard.users", "DELETE FROM dashboard.bot_health",
        "CREATE TABLE public.x (y int)", "CREATE TEMPORARY TABLE x (y int)", "SET ROLE dashboard_owner",
    ):
        with pytest.raises(AssertionError, match="permission denied"):
            fragile.cluster.sql(statement, fragile.database, "tracking_bot")


@pytest.fixture
def beacon(address):
    process = subprocess.Popen(
        [programs() / "health-beacon", "--interval", "1", "--shards", "2", "--guilds", "3", "--version", "test"],
        env={"DATABASE_URL": address}, stderr=subprocess.PIPE, text=True)
    yield process
    if process.poll() is None:
        process.kill()
    process.wait()


def test_it_beats_until_a_stop_signal_and_reports_the_stop(fragile, beacon):
    eventually(lambda: stored(fragile, "version, state") == ["test", "online"])
    first = stored(fragile, "last_heartbeat")
    eventually(lambda: stored(fragile, "last_heartbeat") != first, within=3)
    beacon.send_signal(signal.SIGTERM)
    assert beacon.wait(5) == 0
    assert stored(fragile, "status, state") == ["stopping", "offline"]


def test_it_survives_a_restart_of_the_database(fragile, beacon):
    eventually(lambda: stored(fragile, "version, state") == ["test", "online"])
    fragile.cluster.restart()
    [last] = stored(fragile, "last_heartbeat")
    eventually(lambda: stored(fragile, "last_heartbeat") != [last], within=5)
    fragile.cluster.kill()
    assert beacon.poll() is None
    fragile.cluster.start()
    [last] = stored(fragile, "last_heartbeat")
    eventually(lambda: stored(fragile, "last_heartbeat") != [last], within=12)
    beacon.terminate()
    _, errors = beacon.communicate(timeout=10)
    assert "trying again" in errors and "again" in errors.splitlines()[-1]


def test_it_waits_for_a_database_that_is_not_there_yet(fragile, address):
    fragile.cluster.stop()
    try:
        process = subprocess.Popen(
            [programs() / "health-beacon", "--interval", "1", "--version", "late"], env={"DATABASE_URL": address},
            stderr=subprocess.PIPE, text=True)
        assert "trying again" in process.stderr.readline()
        assert process.poll() is None
    finally:
        fragile.cluster.start()
    eventually(lambda: stored(fragile, "version") == ["late"], within=12)
    process.terminate()
    assert process.wait(5) == 0
    process.stderr.close()


def test_it_ends_at_once_even_while_the_database_is_away(fragile, beacon):
    eventually(lambda: stored(fragile, "version") == ["test"])
    fragile.cluster.stop()
    try:
        beacon.terminate()
        assert beacon.wait(8) == 0
    finally:
        fragile.cluster.start()
