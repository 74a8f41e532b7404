"""`/readyz` and `/metrics`, as a load balancer and Prometheus read them."""

import json
import secrets
import subprocess
from pathlib import Path

import httpx
import pytest

from harness.answers import expect_problem
from harness.cast import ADA, CASA_VERDE, NORTHLIGHT
from harness.cluster import Cluster
from harness.leaks import run
from harness.numbers import Numbers
from harness.service import Service
from harness.signing_in import begin, sign_in
from harness.streams import Stream
from harness.waiting import eventually

REQUESTS, DURATIONS = "dashboard_http_requests_total", "dashboard_http_request_duration_seconds"
ACCOUNTS = "/api/v1/guilds/{guildId}/accounts"


def test_requests_are_counted_by_route_and_status(own_service):
    before = Numbers(own_service)
    with sign_in(own_service, ADA) as ada:
        for _ in range(7):
            for guild in (NORTHLIGHT, CASA_VERDE):
                assert ada.get(f"/api/v1/guilds/{guild}/accounts").status_code == 200
        for _ in range(3):
            assert ada.get(f"/api/v1/guilds/{NORTHLIGHT}/accounts?limit=x").status_code == 400
        assert ada.head(f"/api/v1/guilds/{NORTHLIGHT}/accounts").status_code == 200
    assert httpx.get(f"{own_service.origin}/api/v1/guilds/{NORTHLIGHT}/accounts").status_code == 401
    after = Numbers(own_service)

    def more(name, **labels):
        return after.sum(name, **labels) - before.sum(name, **labels)

    assert more(REQUESTS, route=ACCOUNTS, method="GET", status="200") == 15
    assert more(REQUESTS, route=ACCOUNTS, status="400") == 3
    assert more(REQUESTS, route=ACCOUNTS, status="401") == 1
    assert more(REQUESTS, route=ACCOUNTS) == 19 == more(DURATIONS + "_count", route=ACCOUNTS)
    assert more("dashboard_sign_ins_total", outcome="completed") == 1
    # The request that asks is counted when it is answered.
    assert more(REQUESTS, route="/metrics") == 1
    assert not [family for family in after.families.values() if not family.documentation or family.type == "unknown"]


def test_histograms_are_whole(own_service):
    httpx.get(own_service.origin + "/healthz")
    numbers = Numbers(own_service)
    routes = {(sample.labels["method"], sample.labels["route"]) for sample in numbers.samples if sample.name == REQUESTS}
    assert ("GET", "/healthz") in routes
    for method, route in routes:
        labels = {"method": method, "route": route}
        buckets = [
            (float(sample.labels["le"]), sample.value) for sample in numbers.samples
            if sample.name == DURATIONS + "_bucket" and labels.items() <= sample.labels.items()]
        assert [bound for bound, _ in buckets] == sorted(bound for bound, _ in buckets) and len(buckets) == 15
        counts = [count for _, count in buckets]
        assert counts == sorted(counts)
        assert counts[-1] == numbers.one(DURATIONS + "_count", **labels) == numbers.sum(REQUESTS, **labels)
        assert 0 < numbers.one(DURATIONS + "_sum", **labels) < 60 * counts[-1]


def test_unknown_addresses_make_no_labels(own_service):
    def labels(numbers: Numbers) -> set:
        return {(sample.name, tuple(sorted(sample.labels.items()))) for sample in numbers.samples}

    with httpx.Client(base_url=own_service.origin) as client:
        def ask(path: str):
            assert client.get(path).status_code in (401, 404)
            assert client.post(path).status_code in (401, 403, 404, 405)
            assert client.request("BREW", path).status_code in (404, 405)

        # The set of statuses is complete after one of each kind.
        kinds = ["/{}", "/api/v1/{}", "/guilds/{}/x", f"/api/v1/guilds/{NORTHLIGHT}/{{}}", "/assets/{}/x", "/healthz/{}"]
        for kind in kinds:
            ask(kind.format("known"))
        # The background queues are read a moment after the start.
        eventually(lambda: Numbers(own_service).one("dashboard_thinning_days_waiting") == 0)
        before = Numbers(own_service)
        for _ in range(200):
            for kind in kinds:
                ask(kind.format(secrets.token_urlsafe(8)))
    after = Numbers(own_service)
    assert labels(after) == labels(before)
    assert after.sum(REQUESTS, route="none") - before.sum(REQUESTS, route="none") >= 3_000
    routes = {sample.labels["route"] for sample in after.samples if sample.name == REQUESTS}
    assert all("{" in route or secrets_free(route) for route in routes)


def secrets_free(route: str) -> bool:
    return route == "none" or all(len(part) <= 20 for part in route.split("/"))


def test_metrics_have_bot_connections_and_streams(own_service):
    own_service.heartbeat(status="healthy")
    eventually(lambda: Numbers(own_service).one("dashboard_bot_state", state="online") == 1)
    before = Numbers(own_service)
    assert before.one("dashboard_event_loops") >= 1
    assert 0 <= before.one("dashboard_bot_heartbeat_age_seconds") < 60
    assert before.one("dashboard_bot_instances", state="online") == 1
    assert sum(before.one("dashboard_bot_state", state=state) for state in ("online", "degraded", "offline", "unknown")) == 1
    for pool in ("shared", "leased"):
        limit, opened, busy, waiting = (
            before.one(f"dashboard_database_{name}", pool=pool)
            for name in ("connections_limit", "connections_open", "connections_busy", "requests_waiting"))
        assert busy <= opened <= limit and waiting == 0
    assert before.one("dashboard_database_connections_open", pool="shared") >= 1
    assert before.one("dashboard_http_requests_under_way") >= 1

    with sign_in(own_service, ADA) as ada:
        streams = [Stream(ada, f"/api/v1/guilds/{NORTHLIGHT}/status/stream") for _ in range(3)]
        assert Numbers(own_service).one("dashboard_streams_open") == 3
        for stream in streams:
            stream.close()
        eventually(lambda: Numbers(own_service).one("dashboard_streams_open") == 0)
        ada.get("/api/v1/guilds/" + NORTHLIGHT)
    written = before.one("dashboard_usage_flushes_total", outcome="written")
    eventually(lambda: Numbers(own_service).one("dashboard_usage_flushes_total", outcome="written") > written, within=8)
    eventually(lambda: Numbers(own_service).one("dashboard_usage_requests_waiting") == 0)


def test_metrics_have_waiting_deliveries_with_the_age_of_the_oldest(own_service):
    waiting, age = "dashboard_webhook_deliveries_waiting", "dashboard_webhook_deliveries_oldest_age_seconds"
    eventually(lambda: Numbers(own_service).one(waiting) == 0, within=15)
    assert Numbers(own_service).one(age) == 0
    own_service.sql(
        "INSERT INTO webhook_deliveries (client_id, kind, incident_id, created_at, next_attempt_at, delivered_at)"
        " SELECT id, 'bot_offline', 900001, now() - interval '1 hour', now() + interval '1 day',"
        " CASE WHEN row_number() OVER (ORDER BY id) > 2 THEN now() END FROM clients")
    try:
        eventually(lambda: Numbers(own_service).one(waiting) == 2, within=15)
        numbers = Numbers(own_service)
        assert 3_600 <= numbers.one(age) < 3_700
        assert numbers.one("dashboard_thinning_days_waiting") == 0
        assert numbers.one("dashboard_background_work_total", work="queues", outcome="done") > 0
    finally:
        own_service.sql("DELETE FROM webhook_deliveries WHERE incident_id = 900001")
    eventually(lambda: Numbers(own_service).one(waiting) == 0, within=15)


def test_metrics_have_the_cache_entries(own_service):
    def lookups(numbers: Numbers, cache: str) -> tuple[float, float]:
        return tuple(numbers.one("dashboard_cache_lookups_total", cache=cache, outcome=outcome) for outcome in ("hit", "miss"))

    before = Numbers(own_service)
    with sign_in(own_service, ADA) as ada:
        for _ in range(6):
            assert ada.get(f"/guilds/{NORTHLIGHT}").status_code == 200
    after = Numbers(own_service)
    caches = {sample.labels["cache"] for sample in after.samples if sample.name == "dashboard_cache_entries"}
    assert caches == {"sessions", "guild_names", "time_zones", "last_pages"}
    for cache in caches:
        assert after.one("dashboard_cache_entries", cache=cache) >= 1, cache
    for cache in ("sessions", "guild_names"):
        hits, misses = lookups(after, cache)
        assert hits >= lookups(before, cache)[0] + 5 and misses >= 1, cache
    assert lookups(after, "last_pages") == lookups(before, "last_pages")


def test_metrics_of_the_process_equal_those_of_the_kernel(own_service):
    numbers = Numbers(own_service)
    process = Path("/proc") / str(own_service.process.pid)
    resident = int((process / "statm").read_text().split()[1]) * 4_096
    assert abs(numbers.one("process_resident_memory_bytes") - resident) < 8_000_000
    assert abs(numbers.one("process_open_fds") - len(list((process / "fd").iterdir()))) <= 3
    assert numbers.one("process_max_fds") >= 1_024
    assert numbers.one("process_cpu_seconds_total") > 0
    started = (process / "stat").stat().st_mtime
    assert abs(numbers.one("process_start_time_seconds") - started) < 600
    version = subprocess.run([own_service.folder / "dashboard", "version"], capture_output=True, text=True).stdout
    assert numbers.one("dashboard_build_info", version=version.split()[1]) == 1


def test_a_sign_in_that_fails_is_counted(own_service):
    before = Numbers(own_service)
    with own_service.client() as client:
        state = begin(client).params["state"]
        assert client.get("/api/v1/auth/discord/callback", params={"state": state, "error": "access_denied"}).is_error
    after = Numbers(own_service)
    for outcome, more in (("completed", 0), ("refused", 1), ("failed", 0)):
        labels = {"outcome": outcome}
        assert after.one("dashboard_sign_ins_total", **labels) == before.one("dashboard_sign_ins_total", **labels) + more


# Access


def test_a_token_guards_the_metrics_and_is_nowhere_else(start_service):
    token = secrets.token_hex(24)
    run.secrets.add(token)
    service = start_service(METRICS_TOKEN=token)
    right = {"Authorization": f"Bearer {token}"}
    assert Numbers(service, headers=right).one("dashboard_event_loops") >= 1
    for wrong in ({}, {"Authorization": f"Bearer {token[:-1]}"}, {"Authorization": f"Basic {token}"}):
        expect_problem(httpx.get(service.origin + "/metrics", headers=wrong), 401)
    # It opens nothing else, and is no person's.
    expect_problem(httpx.get(service.origin + "/api/v1/auth/me", headers=right), 401)
    service.stop()


def test_without_a_token_no_proxy_can_fetch_them(service):
    for header in ("X-Forwarded-For", "Forwarded", "Via"):
        expect_problem(httpx.get(service.origin + "/metrics", headers={header: "127.0.0.1"}), 403)


# Readiness


def test_a_service_that_can_work_is_ready(service):
    answer = httpx.get(service.origin + "/readyz")
    assert answer.status_code == 200 and answer.json() == {"status": "ready"}
    parts = httpx.get(service.origin + "/readyz?verbose").json()["parts"]
    assert {part["name"]: part["status"] for part in parts} == {
        "database": "good", "new connections": "good", "migrations": "good", "role": "good"}
    assert "dashboard_app" in parts[3]["text"]


def is_ready(service: Service) -> bool:
    return httpx.get(service.origin + "/readyz").status_code == 200


def expect_unavailable(service: Service, part: str):
    eventually(lambda: not is_ready(service), within=8)
    answer = httpx.get(service.origin + "/readyz?verbose")
    assert answer.status_code == 503 and int(answer.headers["retry-after"]) > 0
    assert answer.json()["status"] == "unavailable"
    assert [found["name"] for found in answer.json()["parts"] if found["status"] == "bad"] == [part]
    for word in ("host=", "/tmp/", "user=", "dashboard_tests", "password", "SQLSTATE"):
        assert word not in answer.text
    assert httpx.get(service.origin + "/readyz").json() == {"status": "unavailable"}
    assert httpx.get(service.origin + "/healthz").status_code == 200


def test_migrations_that_are_missing_make_it_not_ready(own_service):
    assert is_ready(own_service)
    [row] = own_service.sql("DELETE FROM schema_migrations WHERE number = 19 RETURNING number, name, checksum")
    expect_unavailable(own_service, "migrations")
    own_service.sql(f"INSERT INTO schema_migrations (number, name, checksum) VALUES ({row[0]}, '{row[1]}', '{row[2]}')")
    eventually(lambda: is_ready(own_service))
    # Another process has a newer version: this one continues, and logs it.
    own_service.sql("INSERT INTO schema_migrations (number, name, checksum) VALUES (9999, 'later', '')")
    eventually(lambda: "newer" in httpx.get(own_service.origin + "/readyz?verbose").text)
    assert is_ready(own_service)
    own_service.sql("DELETE FROM schema_migrations WHERE number = 9999")


def test_a_database_that_is_away_makes_it_not_ready():
    cluster = Cluster()
    try:
        cluster.create("away")
        service = Service(cluster, "away")
        assert is_ready(service)
        cluster.stop()
        expect_unavailable(service, "database")
        assert Numbers(service).one("dashboard_database_connections_open", pool="shared") == 0
        cluster.start()
        eventually(lambda: is_ready(service), within=5)
        service.stop()
    finally:
        cluster.remove()


def test_a_service_without_a_role_of_its_own_logs_a_warning(cluster):
    cluster.sql("CREATE ROLE poor LOGIN NOSUPERUSER NOCREATEROLE")
    cluster.sql("CREATE DATABASE poor OWNER poor")
    service = Service(cluster, "poor", DATABASE_URL=cluster.address("poor", "poor"))
    answer = httpx.get(service.origin + "/readyz?verbose")
    assert answer.status_code == 200
    [role] = [part for part in answer.json()["parts"] if part["name"] == "role"]
    assert "login" in role["text"] and "poor" not in json.dumps(answer.json())
    service.stop()


# Traces


def test_a_trace_that_a_request_belongs_to_is_in_its_line_of_the_log(own_service):
    trace, parent = secrets.token_hex(16), secrets.token_hex(8)
    answer = httpx.get(own_service.origin + "/healthz", headers={"traceparent": f"00-{trace}-{parent}-01"})
    [entry] = eventually(lambda: own_service.entries(request=answer.headers["x-request-id"]))
    assert (entry["traceId"], entry["parentId"]) == (trace, parent)
    assert trace not in answer.text + str(answer.headers)


@pytest.mark.parametrize("value", ["hello", f"00-{'0' * 32}-{'1' * 16}-01", f"00-{'A' * 32}-{'1' * 16}-01", '00-"}{"x":"'])
def test_an_invalid_trace_is_not_logged(own_service, value):
    answer = httpx.get(own_service.origin + "/healthz", headers={"traceparent": value})
    assert answer.status_code == 200
    [entry] = eventually(lambda: own_service.entries(request=answer.headers["x-request-id"]))
    assert not {"traceId", "parentId"} & set(entry)
    assert value not in json.dumps(entry) + answer.text + str(answer.headers)
