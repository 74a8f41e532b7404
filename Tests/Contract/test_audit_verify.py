"""`dashboard audit verify`, as the operator runs it."""

import json
import subprocess

import pytest

from harness.cast import CASA_VERDE, NORTHLIGHT, client
from harness.service import programs


@pytest.fixture(scope="module")
def own(own_service):
    return own_service


def run(service, *arguments):
    return subprocess.run(
        [programs() / "dashboard", "audit", *arguments], env=service.environment, capture_output=True, text=True, timeout=60)


def test_an_unchanged_log_is_whole(own):
    done = run(own, "verify")
    assert done.returncode == 0, done.stdout + done.stderr
    assert f"whole   server {NORTHLIGHT}" in done.stdout and "chains are whole" in done.stdout
    report = json.loads(run(own, "verify", "--json").stdout)
    assert report["whole"] is True and len(report["chains"]) >= 6
    assert all(len(chain["lastHash"]) == 64 for chain in report["chains"] if chain["entries"])


def test_tampering_with_a_chain_is_reported(own):
    tenant = client(CASA_VERDE)
    own.sql(f"UPDATE audit_log SET changes = '{{}}' WHERE client_id = {tenant} AND id = 2")
    done = run(own, "verify")
    assert done.returncode == 1
    assert f"BROKEN  server {CASA_VERDE}" in done.stdout and "entry 2 was changed" in done.stdout
    assert run(own, "verify", "--guild", NORTHLIGHT).returncode == 0
    report = json.loads(run(own, "verify", "--guild", CASA_VERDE, "--json").stdout)
    assert report["whole"] is False
    assert report["chains"][0]["breaks"] == [{"kind": "changed", "from": 2, "to": 2}]
    own.sql(f"DELETE FROM audit_log WHERE client_id = {tenant} AND id = 2")
    assert "entry 2 was deleted" in run(own, "verify", "--guild", CASA_VERDE).stdout


@pytest.mark.parametrize("arguments", [[], ["check"], ["verify", "--guild"], ["verify", "--guild", "x"], ["verify", "--all"]])
def test_unknown_arguments_are_refused(own, arguments):
    done = run(own, *arguments)
    assert done.returncode == 64 and "usage: dashboard audit verify" in done.stderr


def test_an_unknown_server_is_an_error(own):
    assert run(own, "verify", "--guild", "999999999999999999").returncode == 66


def test_help_is_printed(own):
    for arguments in (["--help"], ["verify", "--help"]):
        done = run(own, *arguments)
        assert done.returncode == 0 and "usage: dashboard audit verify" in done.stdout
