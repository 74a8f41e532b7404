"""Locks held by another session: the bot's role does not block a start, and the wait for others times out with a message."""

import os
import subprocess
import time
from contextlib import contextmanager

from harness.cluster import binaries
from harness.numbers import Numbers
from harness.service import programs
from harness.waiting import eventually

# Keys that earlier versions locked, which are public in the sources.
KEYS = [7402116509, 7402116510, 7402116511]


@contextmanager
def holding(cluster, database: str, locks: str, user: str | None = None):
    """While a session holds these locks; gives its process id."""
    mark = f"holder {time.monotonic_ns()}"
    session = subprocess.Popen(
        [binaries() / "psql", "-XqAt", "-c", f"BEGIN; {locks}; SELECT pg_sleep(120)",
         cluster.address(database, user) + f" application_name='{mark}'"], stdout=subprocess.DEVNULL)
    try:
        [[pid]] = eventually(lambda: cluster.sql(
            f"SELECT pid FROM pg_stat_activity WHERE application_name = '{mark}' AND query LIKE '%pg_sleep%'"
            " AND wait_event = 'PgSleep'"))
        yield int(pid), mark
    finally:
        session.kill()
        session.wait()
        cluster.sql(f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = '{mark}'")


def advisory(*keys: int) -> str:
    return "; ".join(f"SELECT pg_advisory_lock({key})" for key in keys)


def leads(service) -> bool:
    return Numbers(service).one("dashboard_background_leader") == 1


def test_advisory_locks_of_the_bot_keep_no_service_from_starting_and_leading(cluster, start_service):
    # The role is there once any database of the cluster was migrated.
    start_service().stop()
    database = f"held_{os.urandom(4).hex()}"
    cluster.create(database)
    with holding(cluster, database, advisory(*KEYS), "tracking_bot"):
        service = start_service(database)
        eventually(lambda: leads(service), within=10)
        assert service.end() == 0


def test_the_bot_cannot_take_the_leaders_place_by_the_lock_that_marks_it(cluster, start_service):
    first = start_service()
    eventually(lambda: leads(first), within=10)
    second = start_service(first.database)
    try:
        [[token]] = first.sql("SELECT token FROM leadership")
        with holding(cluster, first.database, "SELECT 1", "tracking_bot"):
            bot = subprocess.Popen(
                [binaries() / "psql", "-XqAt", "-c", f"SELECT pg_advisory_lock({token}); SELECT pg_sleep(60)",
                 cluster.address(first.database, "tracking_bot")], stdout=subprocess.DEVNULL)
            try:
                waits = f"SELECT 1 FROM pg_locks WHERE locktype = 'advisory' AND NOT granted"
                eventually(lambda: first.sql(waits))
                assert not leads(second)
                first.kill()
                eventually(lambda: leads(second), within=10)
            finally:
                bot.kill()
                bot.wait()
    finally:
        second.stop()


def test_the_leader_keeps_its_place_while_others_ask(start_service):
    first = start_service()
    eventually(lambda: leads(first), within=10)
    second = start_service(first.database)
    [seat] = first.sql("SELECT pid, token FROM leadership")
    done = Numbers(second).one("dashboard_background_work_total", work="status", outcome="done")
    # The state is read every two seconds, as often as it asks.
    eventually(lambda: Numbers(second).one(
        "dashboard_background_work_total", work="status", outcome="done") > done + 2, within=15)
    assert [leads(first), leads(second)] == [True, False]
    assert first.sql("SELECT pid, token FROM leadership") == [seat]
    second.stop()


def test_the_wait_for_the_lock_of_migrations_times_out_and_names_its_holder(cluster, tmp_path):
    database = f"listed_{os.urandom(4).hex()}"
    cluster.create(database)
    address = cluster.address(database)
    settings = {"PATH": os.environ["PATH"], "DATABASE_URL": address, "DATA_DIR": str(tmp_path), "PORT": "0"}
    assert subprocess.run([programs() / "dashboard", "migrate"], env=settings, capture_output=True).returncode == 0
    cluster.sql("DELETE FROM dashboard.schema_migrations WHERE number = (SELECT max(number) FROM dashboard.schema_migrations)", database)
    with holding(cluster, database, "LOCK TABLE dashboard.schema_migrations IN SHARE MODE") as (pid, mark):
        started = time.monotonic()
        both = [subprocess.Popen(
            [programs() / "dashboard", command], env=settings, text=True, stdout=subprocess.PIPE,
            stderr=subprocess.PIPE) for command in ("migrate", "serve")]
        outputs = [process.communicate(timeout=60) for process in both]
        assert 30 <= time.monotonic() - started < 40
    holder = f"pid {pid}, user {cluster.superuser}, application {mark}"
    assert [process.returncode for process in both] == [75, 75]
    for _, errors in outputs:
        assert f"({holder}): end that session, or try again" in errors
    assert f"waiting for a lock held by another session ({holder})" in outputs[0][1]
    told = [line for line in outputs[1][0].splitlines() if "waiting for a lock held by another session" in line]
    assert len(told) == 1 and holder in told[0] and '"level":"warning"' in told[0]
