"""From an old database to the newest schema, and what is refused on the way."""

import os
import subprocess
import threading
import time
from pathlib import Path

import pytest

from harness.cluster import Cluster, binaries
from harness.service import Service, programs
from harness.waiting import eventually

MIGRATIONS = sorted((Path(__file__).parents[2] / "migrations").glob("*.sql"))
LEDGER = """
    CREATE TABLE dashboard.schema_migrations (
        number integer PRIMARY KEY, name text NOT NULL, checksum text NOT NULL, applied_at timestamptz NOT NULL DEFAULT now());
    GRANT SELECT ON dashboard.schema_migrations TO dashboard_app;"""
GUILD = 300000000000000001


def old(cluster: Cluster, upto: int) -> tuple[str, str]:
    """A database as a version of then left it, and its address."""
    database = f"old_{os.urandom(4).hex()}"
    cluster.create(database)
    for file in MIGRATIONS[:]:
        number = int(file.name[:4])
        if number > upto:
            break
        become = "SET ROLE dashboard_owner; SELECT set_config('app.scope', 'all', false);"
        script = (become if number > 1 else "") + "SET search_path = dashboard, pg_temp;\n" + file.read_text() + (
            become + LEDGER if number == 1 else "") + f"""
            INSERT INTO dashboard.schema_migrations (number, name, checksum)
            VALUES ({number}, '{file.stem[5:]}', encode(sha256(convert_to($file${file.read_text()}$file$, 'UTF8')), 'hex'));"""
        done = subprocess.run(
            [binaries() / "psql", "-Xq", "-1", "-v", "ON_ERROR_STOP=1", cluster.address(database)], input=script,
            capture_output=True, text=True)
        assert done.returncode == 0, f"{file.name}: {done.stderr}"
    return database, cluster.address(database)


def dashboard(*arguments: str, **environment: str) -> subprocess.CompletedProcess:
    return subprocess.run(
        [programs() / "dashboard", *arguments], env={"PATH": os.environ["PATH"]} | environment, capture_output=True,
        text=True, timeout=60)


def applied(cluster: Cluster, database: str) -> list[int]:
    return [int(number) for [number] in cluster.sql("SELECT number FROM dashboard.schema_migrations ORDER BY 1", database)]


NUMBERS = [int(file.name[:4]) for file in MIGRATIONS]


@pytest.mark.parametrize("upto", [1, 11, 15, 19])
def test_an_old_database_becomes_a_new_one_with_all_that_is_in_it(cluster, upto):
    database, address = old(cluster, upto)
    assert applied(cluster, database) == [number for number in NUMBERS if number <= upto]
    if upto == 1:
        # There is no table of ours yet: what somebody else has in the database stays.
        cluster.sql("CREATE TABLE public.theirs AS SELECT generate_series(1, 1000) AS number", database)
    else:
        cluster.sql(f"""
            SELECT bot.guild_joined({GUILD}, 'From before'); SELECT bot.heartbeat(version => 'old');
            SET app.scope = 'all'; SET search_path = dashboard;
            INSERT INTO users (id, username) VALUES (1, 'someone');
            INSERT INTO brands (client_id, id, name) OVERRIDING SYSTEM VALUE SELECT client_id, 1, 'Old brand' FROM guilds;
            """, database)
    done = dashboard("migrate", DATABASE_URL=address)
    assert done.returncode == 0, done
    assert [int(line.split()[1]) for line in done.stdout.splitlines()] == [number for number in NUMBERS if number > upto]
    assert applied(cluster, database) == NUMBERS
    if upto == 1:
        assert cluster.sql("SELECT count(*) FROM public.theirs", database) == [["1000"]]
    else:
        assert cluster.sql(
            "SELECT g.name, b.name, h.version FROM dashboard.guilds g JOIN dashboard.brands b USING (client_id),"
            " dashboard.bot_health h", database) == [["From before", "Old brand", "old"]]
    assert dashboard("audit", "verify", DATABASE_URL=address).returncode == 0
    service = Service(
        cluster, database, DASHBOARD_DISCORD_CLIENT_ID="1", DASHBOARD_DISCORD_CLIENT_SECRET="x" * 32)
    service.stop()


REFUSALS = {
    "an old migration that was edited": (
        "UPDATE dashboard.schema_migrations SET checksum = repeat('0', 64) WHERE number = 3",
        "migration 3 (clients_and_guilds) was applied with another text"),
    "a newer database": (
        "INSERT INTO dashboard.schema_migrations (number, name, checksum) VALUES (9999, 'from_the_future', '')",
        "migration 9999 (from_the_future), which this version does not know"),
}


@pytest.mark.parametrize("what", REFUSALS)
def test_what_does_not_fit_is_refused_and_not_touched(cluster, what, tmp_path):
    change, sentence = REFUSALS[what]
    database, address = old(cluster, 19)
    cluster.sql(change, database)
    before = applied(cluster, database)
    for command in (["migrate"], ["migrate", "--dry-run"], ["serve"], ["serve", "--no-migrate"]):
        done = dashboard(*command, DATABASE_URL=address, DATA_DIR=str(tmp_path), PORT="0")
        assert done.returncode == 1 and sentence in done.stderr, done
    assert "BAD   migrations" in dashboard("doctor", DATABASE_URL=address, DATA_DIR=str(tmp_path)).stdout
    assert applied(cluster, database) == before


def test_a_migration_that_waits_for_a_lock_gives_up_and_readers_get_on(cluster):
    # 0012 changes a table of 0004.
    database, address = old(cluster, 11)
    reader = subprocess.Popen(
        [binaries() / "psql", "-Xq", cluster.address(database)], stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, text=True)
    reader.stdin.write("BEGIN; SELECT count(*) FROM dashboard.client_accounts;\n")
    reader.stdin.flush()
    held = "SELECT 1 FROM pg_locks WHERE relation = 'dashboard.client_accounts'::regclass AND {}"
    eventually(lambda: cluster.sql(held.format("granted"), database))
    outcome = []
    migrating = threading.Thread(target=lambda: outcome.append(dashboard("migrate", DATABASE_URL=address)))
    started = time.monotonic()
    migrating.start()
    eventually(lambda: cluster.sql(held.format("NOT granted"), database), every=0.01)
    waited = []
    while migrating.is_alive():
        began = time.monotonic()
        # As long as a request of the service waits for a lock.
        cluster.sql("SET lock_timeout = '3s'; SELECT count(*) FROM dashboard.client_accounts", database)
        waited.append(time.monotonic() - began)
    migrating.join()
    assert outcome[0].returncode == 1 and "migration 12 (account_status_since) failed" in outcome[0].stderr
    assert time.monotonic() - started < 30 and len(waited) > 5 and max(waited) < 2.5, waited
    assert applied(cluster, database)[-1] == 11
    reader.stdin.close()
    reader.wait(5)
    assert dashboard("migrate", DATABASE_URL=address).returncode == 0
    assert applied(cluster, database) == NUMBERS
