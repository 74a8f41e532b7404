"""`backup` and `restore` that are stopped in the middle: by Ctrl-C, by SIGTERM, and by `kill -9`."""

import glob
import os
import shutil
import signal
import subprocess
import tempfile
from pathlib import Path

import pytest

from harness.cluster import Cluster
from harness.service import Service, programs
from harness.signals import default_signals
from harness.waiting import eventually

SCHEMAS = "SELECT nspname FROM pg_namespace WHERE nspname IN ('dashboard', 'bot', 'dashboard_restore') ORDER BY 1"
# All commands of pg_restore wait at this table; and our own last step but two, at which it has committed.
WAIT = """
    CREATE FUNCTION public.wait() RETURNS event_trigger LANGUAGE plpgsql AS $$
    BEGIN
        IF tg_tag = 'ALTER DEFAULT PRIVILEGES' OR current_query() LIKE '%CREATE TABLE dashboard.posts %' THEN
            PERFORM pg_sleep(60);
        END IF;
    END $$;
    CREATE EVENT TRIGGER wait ON ddl_command_start WHEN TAG IN ({}) EXECUTE FUNCTION public.wait()"""


def command(*arguments, ignoring: int | None = None, **environment: str) -> subprocess.Popen:
    def reset():
        default_signals()
        if ignoring:
            signal.signal(ignoring, signal.SIG_IGN)

    return subprocess.Popen(
        [programs() / "dashboard", *map(str, arguments)], env={"PATH": os.environ["PATH"]} | environment, text=True,
        stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, preexec_fn=reset)


def done(*arguments, **environment: str) -> subprocess.CompletedProcess:
    process = command(*arguments, **environment)
    out, errors = process.communicate(timeout=60)
    return subprocess.CompletedProcess(process.args, process.returncode, out, errors)


def end(process: subprocess.Popen, number: int, within=20) -> str:
    """Sends the signal, and returns the command's output."""
    process.send_signal(number)
    out, errors = process.communicate(timeout=within)
    assert not out, out
    return errors


def archive_programs() -> list[str]:
    """Command lines of `pg_dump` and `pg_restore` for a backup or a database of a test here."""
    found = []
    for folder in glob.glob("/proc/[0-9]*"):
        try:
            line = Path(folder, "cmdline").read_bytes().replace(b"\0", b" ").decode("utf-8", "replace")
        except OSError:
            continue
        if line.split(" ")[0].endswith(("/pg_dump", "/pg_restore")) and "stopping-" in line:
            found.append(line)
    return found


def kill(process: int):
    """It may have ended by itself: its connection was closed."""
    try:
        os.kill(process, signal.SIGKILL)
    except ProcessLookupError:
        pass


def temporary_folders() -> set[str]:
    return set(glob.glob("/tmp/tracking-dashboard-*"))


@pytest.fixture(scope="module")
def cluster_of_its_own():
    cluster = Cluster()
    yield cluster
    for service in Service.all:
        if service.cluster is cluster:
            service.stop()
    cluster.remove()


@pytest.fixture(scope="module")
def folder():
    folder = Path(tempfile.mkdtemp(prefix="stopping-", dir="/tmp"))
    yield folder
    shutil.rmtree(folder)


@pytest.fixture(scope="module")
def backup(cluster_of_its_own, folder):
    cluster_of_its_own.create("original")
    Service(cluster_of_its_own, "original").stop()
    made = done("backup", folder / "file", DATABASE_URL=cluster_of_its_own.address("original"))
    assert made.returncode == 0, made
    return folder / "file"


def fresh(cluster: Cluster, *tags: str) -> tuple[str, str]:
    """A new database in which a restore stops at those commands, and its address."""
    database = f"target_{os.urandom(4).hex()}"
    cluster.create(database)
    if tags:
        cluster.sql(WAIT.format(", ".join(f"'{tag}'" for tag in tags)), database)
    return database, cluster.address(database)


def go_on(cluster: Cluster, database: str):
    cluster.sql("DROP EVENT TRIGGER wait", database)


def wait_for(cluster: Cluster, database: str, what: str):
    eventually(lambda: cluster.sql(
        f"SELECT 1 FROM pg_stat_activity WHERE datname = '{database}' AND wait_event = 'PgSleep'"
        f" AND query LIKE '%{what}%'"), within=30)


def expect_gone(cluster: Cluster, database: str):
    """Neither programs nor their connections."""
    eventually(lambda: not archive_programs(), within=5)
    eventually(lambda: not cluster.sql(
        f"SELECT 1 FROM pg_stat_activity WHERE datname = '{database}' AND pid <> pg_backend_pid()"
        " AND backend_type = 'client backend'"), within=5)


def expect_restored(cluster: Cluster, database: str, backup: Path):
    again = done("restore", backup, DATABASE_URL=cluster.address(database))
    assert again.returncode == 0 and again.stdout.startswith("restored "), again
    assert cluster.sql(SCHEMAS, database) == [["bot"], ["dashboard"]]
    service = Service(cluster, database)
    assert not service.entries(message="migrated")
    service.stop()


# A restore


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
@pytest.mark.parametrize("place", ["CREATE TABLE", "ALTER DEFAULT PRIVILEGES"])
def test_a_restore_that_is_stopped_leaves_the_database_empty(cluster_of_its_own, backup, number, place):
    cluster, before = cluster_of_its_own, temporary_folders()
    database, address = fresh(cluster, place)
    process = command("restore", backup, DATABASE_URL=address)
    wait_for(cluster, database, place)
    errors = end(process, number)
    assert process.returncode == 128 + number
    assert errors.splitlines()[-1] == f"stopped by {number.name}: rolled back", errors
    assert cluster.sql(SCHEMAS, database) == []
    expect_gone(cluster, database)
    assert temporary_folders() == before
    go_on(cluster, database)
    expect_restored(cluster, database, backup)


@pytest.mark.parametrize("place, is_committed", [("CREATE TABLE", False), ("ALTER DEFAULT PRIVILEGES", True)])
def test_a_database_after_a_killed_restore_is_refused_by_the_service(cluster_of_its_own, backup, folder, place, is_committed):
    cluster = cluster_of_its_own
    database, address = fresh(cluster, place)
    process = command("restore", backup, DATABASE_URL=address)
    wait_for(cluster, database, place)
    process.kill()
    process.communicate()
    # It takes its pg_restore with it.
    eventually(lambda: not archive_programs(), within=5)
    assert cluster.sql("SELECT to_regclass('dashboard.posts') IS NOT NULL", database) == [["t" if is_committed else "f"]]

    for refused in (["serve"], ["serve", "--no-migrate"], ["migrate"], ["migrate", "--dry-run"], ["backup", folder / "x"]):
        told = done(*refused, DATABASE_URL=address, DATA_DIR=str(folder / "data"), PORT="0")
        assert told.returncode == 1 and "a restore into this database is in progress, or was interrupted" in told.stderr, told
    told = done("doctor", DATABASE_URL=address, DATA_DIR=str(folder / "data"))
    assert told.returncode == 1 and "BAD   migrations: a restore into this database" in told.stdout
    assert not (folder / "x").exists() and not list(folder.glob("x.part-*"))

    go_on(cluster, database)
    expect_restored(cluster, database, backup)


def loader() -> int:
    """The one `pg_restore` of a test here."""
    [found] = [int(Path(path).name) for path in glob.glob("/proc/[0-9]*") if is_loader(path)]
    return found


def is_loader(folder: str) -> bool:
    try:
        line = Path(folder, "cmdline").read_bytes()
    except OSError:
        return False
    return line.split(b"\0")[0].endswith(b"/pg_restore") and b"stopping-" in line


def has_pending(process: int, number: int) -> bool:
    [pending] = [line for line in Path(f"/proc/{process}/status").read_text().splitlines() if line.startswith("ShdPnd")]
    return int(pending.split()[1], 16) >> (number - 1) & 1 == 1


def test_a_second_ctrl_c_does_not_wait_for_the_rollback(cluster_of_its_own, backup):
    cluster = cluster_of_its_own
    database, address = fresh(cluster, "CREATE TABLE")
    process = command("restore", backup, DATABASE_URL=address)
    wait_for(cluster, database, "CREATE TABLE")
    stubborn = loader()
    os.kill(stubborn, signal.SIGSTOP)
    try:
        process.send_signal(signal.SIGINT)
        eventually(lambda: has_pending(stubborn, signal.SIGTERM))
        end(process, signal.SIGINT, within=2)
        assert process.returncode == -signal.SIGINT
        go_on(cluster, database)
        expect_restored(cluster, database, backup)
    finally:
        kill(stubborn)


def test_a_restore_completes_once_its_last_step_has_begun(cluster_of_its_own, backup):
    """The command cannot find out whether that step was rolled back, so the checked data stays."""
    cluster = cluster_of_its_own
    database, address = fresh(cluster)
    cluster.sql("""
        CREATE FUNCTION public.wait() RETURNS event_trigger LANGUAGE plpgsql AS $$
        BEGIN
            IF current_query() = 'DROP SCHEMA dashboard_restore' THEN
                PERFORM pg_sleep(1.5);
            END IF;
        END $$;
        CREATE EVENT TRIGGER wait ON ddl_command_start WHEN TAG IN ('DROP SCHEMA') EXECUTE FUNCTION public.wait()""", database)
    process = command("restore", backup, DATABASE_URL=address)
    wait_for(cluster, database, "DROP SCHEMA")
    process.send_signal(signal.SIGTERM)
    out, errors = process.communicate(timeout=20)
    assert process.returncode == 0 and out.startswith("restored ") and not errors
    assert cluster.sql(SCHEMAS, database) == [["bot"], ["dashboard"]]


def test_an_ignored_signal_stays_ignored(cluster_of_its_own, slow, folder):
    process = command("backup", folder / "nohup", ignoring=signal.SIGHUP, DATABASE_URL=slow)
    wait_for(cluster_of_its_own, "slow", "slow")
    process.send_signal(signal.SIGHUP)
    with pytest.raises(subprocess.TimeoutExpired):
        process.wait(1)
    end(process, signal.SIGTERM)
    assert process.returncode == 143


def test_a_restore_ends_the_loading_of_a_killed_one(cluster_of_its_own, backup):
    """As if its pg_restore was left behind, and would commit into the second one's data."""
    cluster = cluster_of_its_own
    database, address = fresh(cluster, "CREATE TABLE")
    process = command("restore", backup, DATABASE_URL=address)
    wait_for(cluster, database, "CREATE TABLE")
    left = loader()
    os.kill(left, signal.SIGSTOP)
    try:
        process.kill()
        # Not until its output ends: the stopped one may hold that open.
        process.wait(20)
        go_on(cluster, database)
        expect_restored(cluster, database, backup)
    finally:
        kill(left)
    expect_gone(cluster, database)


def test_the_cause_of_a_failed_restore_is_reported_even_if_it_cannot_be_undone(cluster_of_its_own, backup):
    cluster = cluster_of_its_own
    database, address = fresh(cluster)
    # The restore's own last change but one is refused, and then the emptying.
    cluster.sql("""
        CREATE FUNCTION public.refuse() RETURNS event_trigger LANGUAGE plpgsql AS $$
        BEGIN
            RAISE EXCEPTION 'no % here', tg_tag;
        END $$;
        CREATE EVENT TRIGGER wait ON ddl_command_start WHEN TAG IN ('ALTER DEFAULT PRIVILEGES')
            EXECUTE FUNCTION public.refuse();
        CREATE FUNCTION public.refuse_drop() RETURNS event_trigger LANGUAGE plpgsql AS $$
        BEGIN
            IF current_query() LIKE '%CASCADE%' THEN
                RAISE EXCEPTION 'not that either';
            END IF;
        END $$;
        CREATE EVENT TRIGGER wait2 ON ddl_command_start WHEN TAG IN ('DROP SCHEMA')
            EXECUTE FUNCTION public.refuse_drop()""", database)
    told = done("restore", backup, DATABASE_URL=address)
    assert told.returncode == 1
    assert "no ALTER DEFAULT PRIVILEGES here" in told.stderr and "not that either" in told.stderr
    assert "run again, which first removes it" in told.stderr
    refused = done("migrate", DATABASE_URL=address)
    assert refused.returncode == 1 and "was interrupted" in refused.stderr
    cluster.sql("DROP EVENT TRIGGER wait2", database)
    go_on(cluster, database)
    expect_restored(cluster, database, backup)


# A backup

# Of one table, a row of which takes pg_dump a minute, and other readers no time.
SLOW = """
    CREATE FUNCTION public.slow(int) RETURNS boolean LANGUAGE plpgsql AS $$
    BEGIN
        IF current_setting('application_name') = 'tracking-dashboard archive' THEN
            PERFORM pg_sleep(60);
        END IF;
        RETURN true;
    END $$;
    GRANT EXECUTE ON FUNCTION public.slow(int) TO PUBLIC;
    CREATE TABLE dashboard.slow AS SELECT 1 AS a;
    ALTER TABLE dashboard.slow ENABLE ROW LEVEL SECURITY;
    CREATE POLICY slow ON dashboard.slow USING (public.slow(a));
    GRANT SELECT ON dashboard.slow TO dashboard_owner"""


@pytest.fixture(scope="module")
def slow(cluster_of_its_own, backup):
    """A database whose backup is slow, and its address."""
    cluster_of_its_own.create("slow", template="original")
    cluster_of_its_own.sql(SLOW, "slow")
    return cluster_of_its_own.address("slow")


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_backup_that_is_stopped_leaves_nothing(cluster_of_its_own, slow, folder, number):
    file = folder / "kept"
    file.write_bytes(b"the old one")
    before = set(os.listdir(folder))
    process = command("backup", file, DATABASE_URL=slow)
    wait_for(cluster_of_its_own, "slow", "slow")
    assert list(folder.glob("kept.part-*")) and archive_programs()
    errors = end(process, number)
    assert process.returncode == 128 + number
    assert errors.splitlines()[-1] == f"stopped by {number.name}: rolled back", errors
    assert set(os.listdir(folder)) == before and file.read_bytes() == b"the old one"
    expect_gone(cluster_of_its_own, "slow")


def test_a_backup_that_is_stopped_while_counting_cancels_its_statement(cluster_of_its_own, backup, folder):
    cluster, before = cluster_of_its_own, set(os.listdir(folder))
    cluster.create("counting", template="original")
    cluster.sql(SLOW.replace("'tracking-dashboard archive'", "'tracking-dashboard backup'"), "counting")
    process = command("backup", folder / "counted", DATABASE_URL=cluster.address("counting"))
    wait_for(cluster, "counting", "count")
    end(process, signal.SIGTERM, within=3)
    assert process.returncode == 143 and set(os.listdir(folder)) == before
    expect_gone(cluster, "counting")


def test_a_killed_backup_ends_its_pg_dump_and_blocks_no_other(cluster_of_its_own, slow, backup, folder):
    file = folder / "killed"
    process = command("backup", file, DATABASE_URL=slow)
    wait_for(cluster_of_its_own, "slow", "slow")
    process.kill()
    process.communicate()
    expect_gone(cluster_of_its_own, "slow")
    assert not file.exists() and list(folder.glob("killed.part-*"))
    again = done("backup", file, DATABASE_URL=cluster_of_its_own.address("original"))
    assert again.returncode == 0 and not list(folder.glob("killed.part-*")), again
    assert done("restore", file, DATABASE_URL=fresh(cluster_of_its_own)[1]).returncode == 0


# With a PostgreSQL of their own


@pytest.fixture
def data_folder():
    parent = Path(tempfile.mkdtemp(prefix="stopped-", dir="/tmp"))
    parent.chmod(0o755)
    yield parent / "data"
    shutil.rmtree(parent, ignore_errors=True)


def processes_in(folder: Path) -> list[str]:
    found = []
    for process in glob.glob("/proc/[0-9]*"):
        try:
            line = Path(process, "cmdline").read_bytes().replace(b"\0", b" ").decode("utf-8", "replace")
        except OSError:
            continue
        if str(folder) in line:
            found.append(line)
    return found


@pytest.mark.parametrize("sign", ["postgresql.new-*/PG_VERSION", "postgresql/postmaster.pid"])
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_stopped_restore_stops_the_postgresql_it_has_started(data_folder, backup, sign, number):
    process = command("restore", backup, DATA_DIR=str(data_folder))
    eventually(lambda: list(data_folder.glob(sign)), within=30, every=0.001)
    errors = end(process, number)
    assert process.returncode == 128 + number and "rolled back" in errors, errors
    eventually(lambda: not processes_in(data_folder), within=5)
    assert not list(data_folder.glob("postgresql.new-*"))
    again = done("restore", backup, DATA_DIR=str(data_folder))
    assert again.returncode == 0, again
    eventually(lambda: not processes_in(data_folder), within=5)
