"""Upgrades from an old database to the newest schema, and the refused ones."""

import os
import re
import subprocess
import threading
import time
from pathlib import Path

import pytest

from harness.cluster import Cluster, binaries
from harness.service import Service, programs
from harness.waiting import eventually

FOLDER = Path(__file__).parents[2] / "migrations"
MIGRATIONS = sorted(FOLDER.glob("*.sql"))
FUNCTIONS = sorted(f"functions/{file.name}" for file in (FOLDER / "functions").glob("*.sql"))
LEDGER = """
    CREATE TABLE dashboard.schema_migrations (
        number integer PRIMARY KEY, name text NOT NULL, checksum text NOT NULL, applied_at timestamptz NOT NULL DEFAULT now());
    GRANT SELECT ON dashboard.schema_migrations TO dashboard_app;"""
GUILD = 300000000000000001


def old(cluster: Cluster, upto: int) -> tuple[str, str]:
    """A database as an old version left it, and its address."""
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


def listed(output: str, word: str) -> tuple[list[int], list[str]]:
    """The numbers of the migrations and the files of functions that `dashboard migrate` names, in this order."""
    lines = [line.split() for line in output.splitlines()]
    assert all(line[0] == word for line in lines), output
    count = sum(line[1].isdigit() for line in lines)
    return [int(line[1]) for line in lines[:count]], [line[1] for line in lines[count:]]


def definitions(cluster: Cluster, database: str) -> list[list[str]]:
    """Functions and triggers, with who may call them."""
    functions = cluster.sql("""
        SELECT md5(pg_get_functiondef(oid)), oid::regprocedure, pg_get_userbyid(proowner), proacl FROM pg_proc
        WHERE pronamespace IN ('dashboard'::regnamespace, 'bot'::regnamespace) ORDER BY 2""", database)
    triggers = cluster.sql("""
        SELECT tgrelid::regclass, tgname, tgenabled, pg_get_triggerdef(oid) FROM pg_trigger
        WHERE NOT tgisinternal ORDER BY 1, 2""", database)
    assert len(functions) > 80 and len(triggers) > 10
    return functions + triggers


NUMBERS = [int(file.name[:4]) for file in MIGRATIONS]


# 28: the newest that was released with its functions in numbered files.
@pytest.mark.parametrize("upto", [1, 11, 15, 19, 28, 33])
def test_an_old_database_is_upgraded_with_all_its_data(cluster, upto):
    database, address = old(cluster, upto)
    assert applied(cluster, database) == [number for number in NUMBERS if number <= upto]
    if upto == 1:
        # None of our tables exists yet: other data in the database stays.
        cluster.sql("CREATE TABLE public.theirs AS SELECT generate_series(1, 1000) AS number", database)
    else:
        cluster.sql(f"""
            SELECT bot.guild_joined({GUILD}, 'From before'); SELECT bot.heartbeat(version => 'old');
            SET app.scope = 'all'; SET search_path = dashboard;
            INSERT INTO users (id, username) VALUES (1, 'someone');
            INSERT INTO brands (client_id, id, name) OVERRIDING SYSTEM VALUE SELECT client_id, 1, 'Old brand' FROM guilds;
            """, database)
    expected = ([number for number in NUMBERS if number > upto], FUNCTIONS)
    dry = dashboard("migrate", "--dry-run", DATABASE_URL=address)
    assert dry.returncode == 0 and listed(dry.stdout, "pending") == expected, dry
    done = dashboard("migrate", DATABASE_URL=address)
    assert done.returncode == 0 and listed(done.stdout, "applied") == expected, done
    assert applied(cluster, database) == NUMBERS
    fresh = f"fresh_{os.urandom(4).hex()}"
    cluster.create(fresh)
    assert dashboard("migrate", DATABASE_URL=cluster.address(fresh)).returncode == 0
    assert definitions(cluster, database) == definitions(cluster, fresh)
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


def test_a_start_applies_changed_functions_and_keeps_those_of_later_versions(cluster, tmp_path):
    database, address = old(cluster, 28)
    assert dashboard("migrate", DATABASE_URL=address).returncode == 0
    current = definitions(cluster, database)
    assert dashboard("migrate", "--dry-run", DATABASE_URL=address).stdout == "the schema is up to date\n"
    # As another version left it: a function and its checksum are different.
    cluster.sql("""
        SET ROLE dashboard_owner;
        CREATE OR REPLACE FUNCTION dashboard.saturated(total numeric) RETURNS bigint LANGUAGE sql AS 'SELECT 1::bigint';
        UPDATE dashboard.applied_functions SET checksum = 'another', version = '0.0.1' WHERE name = 'bounds'""", database)
    changed = definitions(cluster, database)
    settings = {"DATABASE_URL": address, "DATA_DIR": str(tmp_path), "PORT": "0"}
    assert dashboard("migrate", "--dry-run", **settings).stdout == "pending functions/bounds.sql\n"
    assert "1 file of functions pending" in dashboard("doctor", **settings).stdout
    refused = dashboard("serve", "--no-migrate", **settings)
    assert refused.returncode == 1 and "1 file of functions; run dashboard migrate" in refused.stderr
    cluster.sql("UPDATE dashboard.applied_functions SET version = '999.0.0' WHERE name = 'bounds'", database)
    assert dashboard("migrate", **settings).stdout == "the schema is up to date\n"
    assert definitions(cluster, database) == changed != current
    cluster.sql("UPDATE dashboard.applied_functions SET version = '0.0.1' WHERE name = 'bounds'", database)
    service = Service(
        cluster, database, DASHBOARD_DISCORD_CLIENT_ID="1", DASHBOARD_DISCORD_CLIENT_SECRET="x" * 32)
    assert [entry["files"] for entry in service.entries(message="applied functions")] == ["bounds"]
    assert definitions(cluster, database) == current
    service.stop()


def test_a_numbered_file_defines_no_function():
    # 33: the newest from before functions had files of their own.
    new = [file for file in MIGRATIONS if int(file.name[:4]) > 33]
    defining = re.compile(r"^ *CREATE (OR REPLACE )?(CONSTRAINT )?(FUNCTION|PROCEDURE|TRIGGER)\b", re.MULTILINE)
    assert new and [file.name for file in new if defining.search(file.read_text())] == []


REFUSALS = {
    "an old migration that was edited": (
        "UPDATE dashboard.schema_migrations SET checksum = repeat('0', 64) WHERE number = 3",
        "migration 3 (clients_and_guilds) was applied with other content than this version has"),
    "a newer database": (
        "INSERT INTO dashboard.schema_migrations (number, name, checksum) VALUES (9999, 'from_the_future', '')",
        "migration 9999 (from_the_future), which this version does not know"),
}


@pytest.mark.parametrize("what", REFUSALS)
def test_an_incompatible_database_is_refused_and_not_changed(cluster, what, tmp_path):
    change, sentence = REFUSALS[what]
    database, address = old(cluster, 19)
    cluster.sql(change, database)
    before = applied(cluster, database)
    for command in (["migrate"], ["migrate", "--dry-run"], ["serve"], ["serve", "--no-migrate"]):
        done = dashboard(*command, DATABASE_URL=address, DATA_DIR=str(tmp_path), PORT="0")
        assert done.returncode == 1 and sentence in done.stderr, done
    assert "BAD   migrations" in dashboard("doctor", DATABASE_URL=address, DATA_DIR=str(tmp_path)).stdout
    assert applied(cluster, database) == before


def test_a_migration_that_waits_for_a_lock_retries_and_does_not_block_readers(cluster):
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
