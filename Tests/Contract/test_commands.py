"""The program's commands: their help, their exit codes, and their output for scripts."""

import json
import os
import re
import subprocess

import pytest

from harness.cast import ADA
from harness.service import Service, programs
from harness.signing_in import bearer

COMMANDS = ["serve", "demo", "migrate", "doctor", "backup", "restore", "client", "api-key", "audit", "version"]


def dashboard(*arguments: str, **environment: str) -> subprocess.CompletedProcess:
    return subprocess.run(
        [programs() / "dashboard", *arguments], env={"PATH": os.environ["PATH"]} | environment, capture_output=True,
        text=True, timeout=60, stdin=subprocess.DEVNULL)


def test_help_lists_every_command():
    for arguments in (["help"], ["--help"], ["-h"]):
        done = dashboard(*arguments)
        assert done.returncode == 0 and not done.stderr
        assert re.findall(r"^  (\S+)   *\S", done.stdout, re.MULTILINE) == [*COMMANDS, "help"]


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_has_help_of_its_own_and_refuses_unknown_arguments(command, tmp_path):
    asked = dashboard(command, "--help")
    assert asked.returncode == 0 and asked.stdout.startswith(f"usage: dashboard {command}")
    assert dashboard("help", command).stdout == asked.stdout == dashboard(command, "-h").stdout
    for nonsense in (["--nonsense"], ["nonsense", "x", "y"]):
        done = dashboard(command, *nonsense, DATA_DIR=str(tmp_path))
        assert done.returncode == 64, done
        assert not done.stdout and "usage: dashboard " in done.stderr
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("command", [["migrate"], ["client", "list"], ["api-key", "list"], ["audit", "verify"], ["demo"]])
def test_a_wrong_configuration_ends_every_command_with_78(command, tmp_path):
    done = dashboard(*command, LOG_LEVEL="loud", DATABASE_URL="hunter2", DATA_DIR=str(tmp_path))
    assert done.returncode == 78 and not done.stdout
    assert [line.split()[0] for line in done.stderr.splitlines()[1:]] == ["DATABASE_URL", "LOG_LEVEL"]


@pytest.mark.parametrize("command", [["migrate"], ["client", "list"], ["api-key", "list"], ["audit", "verify"]])
def test_a_database_that_is_away_ends_every_command_with_1(command):
    done = dashboard(*command, DATABASE_URL="host=127.0.0.1 port=1 user=x password=hunter2")
    assert done.returncode == 1 and not done.stdout and done.stderr.strip()
    assert "hunter2" not in done.stderr


def test_a_command_whose_output_cannot_be_written_fails():
    for command in (["version"], ["help"]):
        with open("/dev/full", "w") as full:
            done = subprocess.run([programs() / "dashboard", *command], stdout=full, stderr=subprocess.PIPE, timeout=60)
        assert done.returncode == 1 and b"could not write" in done.stderr


def test_an_option_is_no_name_of_a_key():
    assert dashboard("api-key", "create", "--nonsense").returncode == 64


def test_the_version_is_for_scripts_too():
    version = dashboard("version").stdout
    assert re.fullmatch(r"tracking-dashboard \d+\.\d+\.\d+\n", version) and dashboard("--version").stdout == version
    told = json.loads(dashboard("version", "--json").stdout)
    assert f"tracking-dashboard {told['version']}\n" == version and told["migration"] >= 20


def test_migrations_are_for_scripts_too(cluster):
    cluster.create("scripted")
    address = cluster.address("scripted")
    pending = json.loads(dashboard("migrate", "--dry-run", "--json", DATABASE_URL=address).stdout)
    applied = json.loads(dashboard("migrate", "--json", DATABASE_URL=address).stdout)
    assert pending["dryRun"] is True and applied["dryRun"] is False
    assert pending["migrations"] == applied["migrations"] and applied["migrations"][0]["number"] == 1
    assert pending["functions"] == applied["functions"] and {"name": "bot_posts"} in applied["functions"]
    again = json.loads(dashboard("migrate", "--json", DATABASE_URL=address).stdout)
    assert again == {"dryRun": False, "migrations": [], "functions": []}


def test_without_migrating_the_service_starts_only_on_a_complete_schema(cluster, tmp_path):
    cluster.create("unmigrated")
    address = cluster.address("unmigrated")
    done = dashboard("serve", "--no-migrate", DATABASE_URL=address, DATA_DIR=str(tmp_path), PORT="0")
    assert done.returncode == 1 and "dashboard migrate" in done.stderr
    assert cluster.sql("SELECT to_regnamespace('dashboard') IS NULL", "unmigrated") == [["t"]]
    assert dashboard("migrate", DATABASE_URL=address).returncode == 0
    service = Service(cluster, "unmigrated", arguments=["serve", "--no-migrate"])
    assert not service.entries(message="migrated")
    service.stop()


# Demo mode


def test_demo_mode_can_be_asked_for(cluster):
    cluster.create("demo")
    service = Service(
        cluster, "demo", arguments=["demo"], DASHBOARD_DISCORD_CLIENT_ID="1", DASHBOARD_DISCORD_CLIENT_SECRET="s" * 32)
    assert service.entries(message="ready")[0]["mode"] == "demo"
    with bearer(service, ADA) as visitor:
        assert visitor.get("/api/v1/auth/me").status_code == 200
    service.stop()


def test_demo_mode_reports_a_missing_beacon(cluster):
    cluster.create("beaconless")
    # The tests' services have none beside them.
    service = Service(cluster, "beaconless")
    [warning] = service.entries(level="warning")
    assert warning["message"].startswith("the simulated bot's beacon could not be started: ")
    assert warning["message"].endswith("/health-beacon: No such file or directory")
    assert not service.entries(message="started the simulated bot's beacon")
    service.stop()


@pytest.mark.parametrize("name, value", [
    ("HOST", "0.0.0.0"), ("HOST", "::"), ("HOST", "192.0.2.1"), ("DASHBOARD_URL", "https://dashboard.example.org"),
    ("DASHBOARD_URL", "http://127.0.0.1.example.org")])
def test_demo_mode_is_refused_beyond_this_machine(name, value, tmp_path):
    done = dashboard("demo", DATA_DIR=str(tmp_path), **{name: value})
    assert done.returncode == 78 and f"\n{name} must be of this machine only" in done.stderr
    assert not list(tmp_path.iterdir())


# Servers


def test_a_server_is_registered_from_the_command_line_and_listed(own_service):
    settings = {"DATABASE_URL": own_service.environment["DATABASE_URL"]}

    def clients() -> dict[str, dict]:
        return {item["guildId"]: item for item in json.loads(dashboard("client", "list", "--json", **settings).stdout)["items"]}

    before = clients()
    assert len(before) == 5 and all(item["accounts"] > 0 for item in before.values() if item["leftAt"] is None)
    guild = "700000000000000001"
    made = dashboard("client", "add", guild, "  Ünïcode ✓ ", **settings)
    assert made.returncode == 0 and clients()[guild]["clientId"] == made.stdout.strip()
    assert clients()[guild] | {"joinedAt": ""} == {
        "clientId": made.stdout.strip(), "guildId": guild, "name": "Ünïcode ✓", "joinedAt": "", "leftAt": None, "accounts": 0}
    assert dashboard("client", "add", guild, "Another name", **settings).stdout == made.stdout
    assert clients()[guild]["name"] == "Another name" and len(clients()) == 6
    assert own_service.sql(f"SELECT actor_type, source FROM audit_log WHERE target_id = '{guild}' ORDER BY id") == [
        ["system", "command_line"]] * 2
    assert f"  {guild}  joined " in dashboard("client", "list", **settings).stdout
    assert clients() | before == clients()


@pytest.mark.parametrize("arguments", [["0", "x"], ["x", "x"], ["1"], ["1", ""], ["1", "a" * 101], ["-1", "x"], ["1", "a\nb"]])
def test_a_server_that_cannot_be_is_not_registered(arguments):
    assert dashboard("client", "add", *arguments, DATABASE_URL="host=/nonexistent").returncode == 64
