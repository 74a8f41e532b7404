"""What must hold for all services of the run together. The last tests: whatever went before has left its traces."""

import json
import re

import pytest

from harness.service import Service


@pytest.fixture(scope="module")
def services():
    assert Service.all, "no service was started"
    return Service.all


def test_no_secret_is_in_any_log(services):
    for service in services:
        log = service.log
        for secret in service.secrets:
            assert secret not in log, f"{secret[:8]}… is in the log"
            # Not even the part that makes it one.
            if secret.count(".") == 2:
                assert secret.split(".")[2] not in log


def test_no_personal_address_is_in_any_log(services):
    for service in services:
        assert not re.search(r"[\w.]+@[\w-]+\.[a-z]+", service.log)


def test_no_request_ended_in_a_fault(services):
    for service in services:
        if getattr(service, "expects_faults", False):
            continue
        faults = [entry for entry in service.entries() if entry.get("status", 0) in (500, 502, 504)]
        assert not faults, faults[:3]
        errors = [entry for entry in service.entries(level="error")]
        assert not errors, errors[:3]


def test_every_line_of_every_log_is_json(services):
    for service in services:
        assert service.lines
        for line in service.lines:
            assert isinstance(json.loads(line), dict)


def test_no_service_died(services):
    for service in services:
        assert service.was_killed or service.process.poll() in (None, 0), f"{service.process.returncode}:\n{service.log[-2_000:]}"
