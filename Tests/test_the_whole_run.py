"""Invariants of all services of the run together. The last tests, so that they see the traces of all others."""

import json
import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from harness.cluster import Cluster
from harness.described import answers
from harness.endpoints import describe
from harness.leaks import GRAM, Detector, run
from harness.service import Service
from harness.waiting import eventually


@pytest.fixture(scope="module")
def services():
    assert Service.all, "no service was started"
    return Service.all


@pytest.fixture(scope="module")
def detector(services):
    for service in services:
        service.note_secrets()
    assert len(run.secrets) > 3
    return Detector(run.secrets)


def test_the_detector_finds_a_secret_wherever_it_is():
    secret = "Zk3nQm8rT1vXy6wB9cDf2gHj5kLp7sNu0aEi4oUq"
    detector = Detector({f"eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMDAwMDAwMDAwMDAwMDAwMDEifQ.{secret}", "hunter2" * 3})
    for distance in range(GRAM):
        assert detector.find("x" * distance + secret), distance
        assert detector.find("x" * distance + f"cookie={secret[8:8 + 2 * GRAM]}; and so on"), distance
    assert detector.find("to ada@demo.invalid, from")
    assert detector.find("https://discord.com/api/webhooks/1/x")
    assert detector.find("eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMDAwMDAwMDAwMDAwMDAwMDEifQ") == []


def test_no_secret_or_personal_address_is_in_any_log(services, detector):
    proofs = Detector(run.proofs)
    for service in services:
        assert not detector.find(service.log) and not proofs.find(service.log), service.log[:200]


def test_no_secret_is_in_the_log_of_a_database(detector):
    for cluster in Cluster.all:
        # Errors are logged with the statement. Those of the tests themselves may name people.
        assert not [found for found in detector.find(cluster.read_log()) if found.startswith("a piece")]


def test_no_secret_or_personal_address_is_in_an_answer_about_an_error(detector):
    for asked, text in run.errors.items():
        assert not detector.find(text), f"{asked}\n{text}"


def test_no_secret_or_personal_address_is_in_a_statement(cluster, statements, detector):
    # The sampler works: it sees the statement of a connection with that name.
    mark = f"planted {time.time()}"
    with ThreadPoolExecutor(1) as thread:
        asking = thread.submit(
            cluster.sql, f"SELECT pg_sleep(1) /* {mark} */", "postgres application_name='tracking-dashboard planted'")
        eventually(lambda: [statement for statement in statements.seen if mark in statement], within=5)
        asking.result()
    proofs = Detector(run.proofs)
    seen = [statement for statement in statements.seen if mark not in statement]
    assert len(seen) >= 3, seen
    for statement in seen:
        assert not detector.find(statement) and not proofs.find(statement), statement


def test_no_request_ended_in_a_fault(services):
    for service in services:
        if getattr(service, "expects_faults", False):
            continue
        faults = [entry for entry in service.entries() if entry.get("status", 0) in (500, 502, 504)]
        assert not faults, faults[:3]
        errors = [entry for entry in service.entries(level="error")]
        assert not errors, errors[:3]


def test_every_answer_matches_the_description(service):
    compared, faults = answers.faults(describe(service))
    assert compared > 0 and not faults, "\n".join(faults[:40])


def test_every_line_of_every_log_is_json(services):
    for service in services:
        assert service.lines
        for line in service.lines:
            assert isinstance(json.loads(line), dict)


def test_no_service_died(services):
    for service in services:
        assert service.was_killed or service.process.poll() in (None, 0), f"{service.process.returncode}:\n{service.log[-2_000:]}"
