"""The properties of the systemd unit, and the addresses that the proxies hide."""

import json
import re
import subprocess

import pytest

from harness.dockerfile import REPOSITORY
from harness.image import run
from harness.service import programs

UNIT = REPOSITORY / "deploy/dashboard.service"


@pytest.fixture(scope="module")
def unit() -> dict[str, list[str]]:
    lines = (line for line in UNIT.read_text().splitlines() if "=" in line and not line.startswith("#"))
    found: dict[str, list[str]] = {}
    for name, _, value in (line.partition("=") for line in lines):
        found.setdefault(name, []).append(value)
    return found


def test_systemd_finds_nothing_wrong_with_the_unit(tmp_path):
    copy = tmp_path / UNIT.name
    copy.write_text(UNIT.read_text().replace("/usr/local/bin/dashboard", str(programs() / "dashboard")))
    told = subprocess.run(["systemd-analyze", "verify", "--man=no", copy], capture_output=True, text=True)
    assert told.returncode == 0 and UNIT.name not in told.stderr, told.stderr


def test_the_unit_is_hardened():
    told = run(
        "systemd-analyze", "security", "--offline=yes", "--threshold=20", "--no-pager", "--json=short", UNIT)
    assert json.loads(told[told.index("["):told.rindex("]") + 1])


def test_the_unit_signals_the_service_only_and_waits_for_its_stop(unit):
    # The service 10 seconds, its own PostgreSQL 60.
    assert int(unit["TimeoutStopSec"][0]) > 70
    assert unit["KillMode"] == ["mixed"]


def test_the_unit_does_not_restart_after_a_wrong_command_or_configuration(unit):
    codes = re.search(r"^Exit codes: .*?\.$", (REPOSITORY / "docs/commands.md").read_text(), re.MULTILINE | re.DOTALL)[0]
    useless = [re.search(rf"(\d+) {kind}", codes)[1] for kind in ("wrong command", "wrong configuration")]
    assert unit["RestartPreventExitStatus"] == [" ".join(useless)]
    assert unit["Restart"] == ["on-failure"]


def test_the_unit_starts_the_service_again_after_any_number_of_crashes(unit):
    # `on-failure` is every end by a signal but SIGTERM, SIGINT, SIGHUP and SIGPIPE, and every exit code but 0.
    assert unit["Restart"] == ["on-failure"] and unit["StartLimitIntervalSec"] == ["0"]
    assert 1 <= int(unit["RestartSec"][0]) <= 10
    assert "StartLimitBurst" not in unit and "SuccessExitStatus" not in unit


def test_the_unit_runs_as_a_user_of_its_own_with_the_data_where_it_may_write(unit):
    assert unit["User"] == ["tracking-dashboard"]
    assert unit["Environment"] == ["DATA_DIR=/var/lib/" + unit["StateDirectory"][0]]
    assert unit["EnvironmentFile"] == ["/etc/tracking-dashboard/environment"]
    assert unit["StateDirectoryMode"] == ["0700"]


@pytest.mark.parametrize("name", ["Caddyfile", "nginx.conf"])
def test_a_proxy_hides_the_operators_addresses(name):
    text = (REPOSITORY / "deploy" / name).read_text()
    assert "metrics" in text and "readyz" in text and "404" in text
