"""A PostgreSQL whose programs were replaced while it ran: new sessions fail, while those of the pools continue."""

import json
import os
import subprocess

import httpx

from harness.cast import ADA
from harness.numbers import Numbers
from harness.service import programs
from harness.signing_in import bearer
from harness.waiting import eventually

PART = "new connections"


def part(service) -> dict:
    answer = httpx.get(service.origin + "/readyz?verbose")
    [found] = [part for part in answer.json()["parts"] if part["name"] == PART]
    assert answer.status_code == (200 if found["status"] == "good" else 503)
    return found


def works(service) -> float:
    return Numbers(service).one("dashboard_database_new_connections_work")


def doctor(service) -> tuple[int, dict | None]:
    done = subprocess.run(
        [programs() / "dashboard", "doctor", "--json"], capture_output=True, text=True, timeout=60,
        env={"PATH": os.environ["PATH"]} | {name: service.environment[name] for name in ("DATABASE_URL", "DATA_DIR")})
    found = {finding["subject"]: finding for finding in json.loads(done.stdout)["findings"]}
    return done.returncode, found.get(PART)


def library(service, name: str):
    """Only blocks of new sessions use it: the service's own calls use another function of the library."""
    service.sql(f"UPDATE pg_proc SET probin = '$libdir/{name}' WHERE proname = 'plpgsql_inline_handler'")


def test_new_connections_that_cannot_load_pl_pgsql_are_noticed_within_a_minute(start_service):
    service = start_service()
    eventually(lambda: part(service)["text"] == "work" and works(service) == 1)
    assert doctor(service) == (0, None)
    began = dict(message="new database connections fail", level="warning")
    ended = dict(message="new database connections work again", level="info")
    library(service, "plpgsql_of_another_version")
    try:
        eventually(lambda: part(service)["status"] == "bad", within=65, every=0.5)
        assert works(service) == 0
        code, finding = doctor(service)
        assert code == 1 and finding["health"] == "bad" and "restart it" in finding["advice"]
        # Those that are open still do.
        with bearer(service, ADA) as visitor:
            assert visitor.get("/api/v1/auth/me").status_code == 200
        # Retried every two seconds now, and logged once.
        failed = "dashboard_background_work_total", dict(work="connections", outcome="failed")
        eventually(lambda: Numbers(service).one(failed[0], **failed[1]) >= 3, within=15)
        [entry] = service.entries(**began)
        assert "58P01" in entry["reason"] and not service.entries(**ended)
    finally:
        library(service, "plpgsql")
    eventually(lambda: part(service)["status"] == "good", within=10)
    assert works(service) == 1 and len(service.entries(**began)) == len(service.entries(**ended)) == 1
    assert doctor(service) == (0, None)
    assert service.end() == 0
