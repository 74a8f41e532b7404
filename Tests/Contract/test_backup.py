"""`dashboard backup` and `dashboard restore`: all data is restored, or nothing."""

import json
import os
import shutil
import stat
import subprocess
import tempfile
from pathlib import Path

import pytest

from harness.cast import ADA, BOB, NORTHLIGHT
from harness.cluster import Cluster, binaries
from harness.service import Service, programs
from harness.signing_in import bearer, sign_in

EMPTY = "SELECT count(*) FROM pg_namespace WHERE nspname IN ('dashboard', 'bot')"
COUNTS = """
    SELECT n.nspname || '.' || c.relname,
           (xpath('//n/text()', query_to_xml(format('SELECT count(*) AS n FROM %I.%I', n.nspname, c.relname), false, true, '')))[1]
      FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
     WHERE n.nspname IN ('dashboard', 'bot') AND c.relkind = 'r' ORDER BY 1"""
# All columns of a row, in an order of its own.
SUM = "SELECT md5(string_agg(t::text, '|' ORDER BY t::text)) FROM dashboard.{} t"


def dashboard(*arguments, **environment: str) -> subprocess.CompletedProcess:
    return subprocess.run(
        [programs() / "dashboard", *map(str, arguments)], env={"PATH": os.environ["PATH"]} | environment,
        capture_output=True, text=True, timeout=120, stdin=subprocess.DEVNULL)


def dump_of_schema(address: str) -> str:
    return subprocess.run(
        [binaries() / "pg_dump", "--schema-only", "--schema=dashboard", "--schema=bot", address],
        capture_output=True, text=True, check=True).stdout


def schema_of(cluster: Cluster, database: str) -> list[str]:
    """As PostgreSQL writes it once it has read its own text: there, (a AND b) AND c becomes a AND b AND c."""
    copy = f"copy_{os.urandom(4).hex()}"
    cluster.create(copy)
    subprocess.run(
        [binaries() / "psql", "--quiet", "--no-psqlrc", "--set=ON_ERROR_STOP=1", cluster.address(copy)],
        input=dump_of_schema(cluster.address(database)), capture_output=True, text=True, check=True)
    # Newer ones guard their scripts with a word of their own.
    lines = [line for line in dump_of_schema(cluster.address(copy)).splitlines()
             if line.strip() and not line.startswith(("\\", "--"))]
    return sorted(lines) + ["", *sum(cluster.sql("SELECT defaclrole::regrole, defaclacl FROM pg_default_acl", database), [])]


@pytest.fixture(scope="module")
def elsewhere():
    """Another server of PostgreSQL, without a database of this service."""
    cluster = Cluster()
    yield cluster
    for service in Service.all:
        if service.cluster is cluster:
            service.stop()
    cluster.remove()


@pytest.fixture(scope="module")
def original(own_service):
    own_service.heartbeat(status="healthy", latency_ms=12)
    with bearer(own_service, ADA) as ada:
        made = ada.post(f"/api/v1/guilds/{NORTHLIGHT}/brands", json={"name": "Ünïcode ✓ \\N 'quoted'"})
        assert made.status_code == 201, made.text
    return own_service


@pytest.fixture(scope="module")
def signed_in(original):
    """Cookies of before the backup."""
    with sign_in(original, BOB) as browser:
        yield dict(browser.cookies)


@pytest.fixture(scope="module")
def backup(original, signed_in):
    # The demo's bot writes all the time: here it must not, so that both can be compared.
    original.stop()
    folder = Path(tempfile.mkdtemp(prefix="backup-"))
    done = dashboard("backup", folder / "file", "--json", DATABASE_URL=original.environment["DATABASE_URL"])
    assert done.returncode == 0, done
    assert os.listdir(folder) == ["file"]
    yield folder / "file", json.loads(done.stdout)
    shutil.rmtree(folder)


def fresh(cluster: Cluster) -> tuple[str, str]:
    """A new database, and its address."""
    database = f"empty_{os.urandom(4).hex()}"
    cluster.create(database)
    return database, cluster.address(database)


def test_a_backup_is_private_and_a_file_that_pg_restore_reads(backup):
    file, told = backup
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    listed = subprocess.run([binaries() / "pg_restore", "--list", file], capture_output=True, text=True, check=True)
    assert "TABLE DATA dashboard posts" in listed.stdout and "ROW SECURITY dashboard posts" in listed.stdout
    rows = {table["name"]: table["rows"] for table in told["tables"]}
    assert rows["dashboard.guilds"] == 5 and rows["dashboard.posts"] > 100
    assert len(told["auditHeads"]) == 6 and told["owner"] == "dashboard_owner"


def test_a_restored_database_is_the_same_and_works(original, backup, signed_in, elsewhere):
    file, told = backup
    database, address = fresh(elsewhere)
    done = dashboard("restore", file, DATABASE_URL=address)
    assert done.returncode == 0 and done.stdout.startswith("restored "), done
    assert dict(elsewhere.sql(COUNTS, database)) == {table["name"]: str(table["rows"]) for table in told["tables"]}
    for table in ("posts", "brands", "guild_settings", "users", "audit_log", "audit_heads", "client_accounts"):
        assert elsewhere.sql(SUM.format(table), database) == original.cluster.sql(SUM.format(table), original.database), table
    assert schema_of(elsewhere, database) == schema_of(original.cluster, original.database)
    for question in ("SELECT has_database_privilege('tracking_bot', current_database(), 'TEMPORARY')",
                     "SELECT has_schema_privilege('tracking_bot', 'public', 'CREATE')"):
        assert elsewhere.sql(question, database) == [["f"]]
    verified = dashboard("audit", "verify", DATABASE_URL=address)
    assert verified.returncode == 0 and "all 6 chains are whole" in verified.stdout

    service = Service(elsewhere, database)
    assert not service.entries(message="migrated")
    with service.client(cookies=signed_in) as browser:
        me = browser.get("/api/v1/auth/me")
        assert me.status_code == 200 and f'"{BOB}"' in me.text
    with bearer(service, ADA) as ada:
        names = [brand["name"] for brand in ada.get(f"/api/v1/guilds/{NORTHLIGHT}/brands").json()["items"]]
        assert "Ünïcode ✓ \\N 'quoted'" in names
        # Ids go on where they were.
        assert ada.post(f"/api/v1/guilds/{NORTHLIGHT}/brands", json={"name": "After it"}).status_code == 201
    service.heartbeat(status="healthy")
    assert dashboard("audit", "verify", DATABASE_URL=address).returncode == 0
    service.stop()


def expect_nothing_done(done: subprocess.CompletedProcess, code: int, cluster: Cluster, database: str):
    assert done.returncode == code, done
    assert not done.stdout and done.stderr.strip()
    assert cluster.sql(EMPTY, database) == [["0"]]


def test_a_file_that_is_cut_damaged_or_foreign_changes_nothing(backup, elsewhere, tmp_path):
    whole = backup[0].read_bytes()
    end = whole.rindex(b"\nTRACKING-DASHBOARD-BACKUP")
    assert end > 100_000
    other = subprocess.run(
        [binaries() / "pg_dump", "--format=custom", elsewhere.address("postgres")], capture_output=True, check=True).stdout
    files = {
        "cut in the middle": whole[: len(whole) // 2], "cut by a byte": whole[:-1], "without its end": whole[:end],
        "without its beginning": whole[1:], "with a bit flipped": whole[:5_000] + bytes([whole[5_000] ^ 1]) + whole[5_001:],
        "with a byte too many": whole + b"\n", "empty": b"", "short": b"x", "of pg_dump": other, "zeros": bytes(1_000_000),
        "of pg_dump with our end": other + whole[end:], "only the end": whole[end:],
        "with a length that is not": whole[:end] + b"\nTRACKING-DASHBOARD-BACKUP 1 999999999999\n",
        "with a negative length": whole[:end] + b"\nTRACKING-DASHBOARD-BACKUP 1 -00000000001\n",
        "as text": b"PGDMP" + whole[5:].replace(b"dashboard", b"dashb0ard"),
    }
    database, address = fresh(elsewhere)
    for name, content in files.items():
        file = tmp_path / name
        file.write_bytes(content)
        done = dashboard("restore", file, DATABASE_URL=address)
        expect_nothing_done(done, 65, elsewhere, database)
        assert str(file) in done.stderr, name
    for missing in (tmp_path / "missing", tmp_path):
        expect_nothing_done(dashboard("restore", missing, DATABASE_URL=address), 66, elsewhere, database)


def forged(backup: Path, target: Path, change) -> Path:
    """The backup with another manifest, as only a deliberate change makes it."""
    whole = backup.read_bytes()
    end = whole.rindex(b"\nTRACKING-DASHBOARD-BACKUP")
    length = int(whole[end:].split()[2])
    manifest = json.loads(whole[end - length:end])
    change(manifest)
    text = json.dumps(manifest).encode()
    target.write_bytes(whole[: end - length] + text + b"\nTRACKING-DASHBOARD-BACKUP 1 %012d\n" % len(text))
    return target


def test_a_backup_of_a_newer_version_is_refused(backup, elsewhere, tmp_path):
    database, address = fresh(elsewhere)
    file = forged(backup[0], tmp_path / "newer", lambda manifest: manifest.update(migration=9_999, version="9.0.0"))
    done = dashboard("restore", file, DATABASE_URL=address)
    expect_nothing_done(done, 1, elsewhere, database)
    assert "9.0.0" in done.stderr and "newer version" in done.stderr


DIFFERENCES = {
    "rows": lambda manifest: manifest["tables"][0].update(rows=12_345),
    "a table": lambda manifest: manifest["tables"].append({"name": "dashboard.more", "rows": 1}),
    "the audit log": lambda manifest: manifest["auditHeads"][0].update(hash="00" * 32),
    "the owner": lambda manifest: manifest.update(owner="somebody_else"),
}


@pytest.mark.parametrize("what", DIFFERENCES)
def test_a_restore_that_differs_from_the_backup_is_rolled_back(backup, elsewhere, tmp_path, what):
    database, address = fresh(elsewhere)
    file = forged(backup[0], tmp_path / "different", DIFFERENCES[what])
    expect_nothing_done(dashboard("restore", file, DATABASE_URL=address), 1, elsewhere, database)
    # The right one can be restored after it.
    assert dashboard("restore", backup[0], DATABASE_URL=address).returncode == 0


def test_a_database_with_something_in_it_is_not_touched(original, backup):
    before = original.cluster.sql(COUNTS, original.database)
    done = dashboard("restore", backup[0], DATABASE_URL=original.environment["DATABASE_URL"])
    assert done.returncode == 1 and "not empty" in done.stderr
    assert original.cluster.sql(COUNTS, original.database) == before


def test_a_backup_that_fails_leaves_the_old_one(backup, elsewhere, tmp_path):
    file = tmp_path / "file"
    file.write_bytes(b"the old one")
    _, empty = fresh(elsewhere)
    for address in (empty, "host=/nonexistent password=hunter2"):
        done = dashboard("backup", file, DATABASE_URL=address)
        assert done.returncode == 1 and done.stderr.strip() and "hunter2" not in done.stderr
    assert file.read_bytes() == b"the old one" and os.listdir(tmp_path) == ["file"]
    assert dashboard("backup", "/nonexistent/file", DATABASE_URL=elsewhere.address("postgres")).returncode == 1
    for arguments in ([], [file, file], ["--json"], [""], ["--what", file]):
        assert dashboard("backup", *arguments).returncode == 64 == dashboard("restore", *arguments).returncode


def test_two_backups_into_one_file_at_once_are_both_whole(original, elsewhere, tmp_path):
    command = [programs() / "dashboard", "backup", tmp_path / "file", "--json"]
    environment = {"PATH": os.environ["PATH"], "DATABASE_URL": original.environment["DATABASE_URL"]}
    for _ in range(3):
        both = [subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True) for _ in range(2)]
        told = [json.loads(one.communicate(timeout=60)[0]) for one in both]
        assert [one.returncode for one in both] == [0, 0] and os.listdir(tmp_path) == ["file"]
        _, empty = fresh(elsewhere)
        done = dashboard("restore", tmp_path / "file", "--json", DATABASE_URL=empty)
        assert done.returncode == 0 and json.loads(done.stdout) in told, done


def test_only_a_file_is_replaced(original, tmp_path):
    address = original.environment["DATABASE_URL"]
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "folder").mkdir()
    (tmp_path / "link").symlink_to(tmp_path / "elsewhere")
    before = {path.name: path.lstat().st_mode for path in tmp_path.iterdir()}
    for name in before:
        done = dashboard("backup", tmp_path / name, DATABASE_URL=address)
        assert done.returncode == 1 and "is not a regular file" in done.stderr, done
    assert {path.name: path.lstat().st_mode for path in tmp_path.iterdir()} == before
    assert dashboard("restore", tmp_path / "pipe", DATABASE_URL=address).returncode == 66


def test_a_backup_without_a_database_makes_none(tmp_path):
    done = dashboard("backup", tmp_path / "file", DATA_DIR=str(tmp_path / "data"))
    assert done.returncode == 66 and "no database of its own" in done.stderr and not os.listdir(tmp_path)


def test_a_login_that_is_no_superuser_backs_up_and_restores(tmp_path):
    cluster = Cluster()
    try:
        cluster.sql("CREATE ROLE keeper LOGIN CREATEROLE")
        for database in ("old", "new"):
            cluster.sql(f"CREATE DATABASE {database} OWNER keeper")
        old, new = (cluster.address(database, "keeper") for database in ("old", "new"))
        Service(cluster, "old", DATABASE_URL=old).stop()
        done = dashboard("backup", tmp_path / "file", DATABASE_URL=old)
        assert done.returncode == 0, done
        done = dashboard("restore", tmp_path / "file", DATABASE_URL=new)
        assert done.returncode == 0, done
        assert schema_of(cluster, "new") == schema_of(cluster, "old")
        assert cluster.sql("SELECT count(*) FROM dashboard.posts", "new") == cluster.sql("SELECT count(*) FROM dashboard.posts", "old")
        assert cluster.sql("SELECT count(*) > 100 FROM dashboard.posts", "new") == [["t"]]
    finally:
        cluster.remove()


def test_the_services_own_database_goes_to_another_machine(tmp_path):
    parent = Path(tempfile.mkdtemp(prefix="own-", dir="/tmp"))
    parent.chmod(0o755)
    try:
        old, new = {"DATA_DIR": str(parent / "old")}, {"DATA_DIR": str(parent / "new")}
        program = subprocess.Popen(
            [programs() / "dashboard"], env={"PATH": os.environ["PATH"], "PORT": "0"} | old, stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE, text=True)
        for line in program.stdout:
            if '"message":"ready"' in line:
                break
        running = dashboard("backup", parent / "running", "--json", **old)
        program.terminate()
        program.stdout.read()
        assert program.wait(15) == 0 and running.returncode == 0, running
        # Where it does not run, it is started for as long as that takes.
        stopped = dashboard("backup", parent / "stopped", "--json", **old)
        assert stopped.returncode == 0, stopped
        assert not (parent / "old" / "postgresql" / "postmaster.pid").exists()
        done = dashboard("restore", parent / "stopped", "--json", **new)
        assert done.returncode == 0 and json.loads(done.stdout) == json.loads(stopped.stdout), done
        assert not (parent / "new" / "postgresql" / "postmaster.pid").exists()
        again = dashboard("backup", parent / "again", "--json", **new)
        assert json.loads(again.stdout)["tables"] == json.loads(stopped.stdout)["tables"]
    finally:
        shutil.rmtree(parent, ignore_errors=True)
