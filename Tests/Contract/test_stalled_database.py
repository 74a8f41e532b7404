"""Backends of PostgreSQL that neither answer nor close the connection, as with a stalled network."""

import os
import signal
import threading
import time
from concurrent.futures import ThreadPoolExecutor

import httpx
import pytest

from harness.cast import ADA, NORTHLIGHT
from harness.cluster import Cluster
from harness.service import Service
from harness.signing_in import bearer, tokens
from harness.streams import Stream
from harness.waiting import eventually

ME = "/api/v1/auth/me"
POSTS = f"/api/v1/guilds/{NORTHLIGHT}/posts?limit=5"


@pytest.fixture(scope="module")
def cluster_of_two():
    """A cluster and two services on one database of it: the stalled backends are those of one."""
    cluster = Cluster()
    cluster.create("stalled")
    services = [Service(cluster, "stalled") for _ in range(2)]
    yield cluster, *services
    for service in services:
        service.stop()
    cluster.remove()


class Stalled:
    """Backends that are stopped, and continue at the end."""

    def __init__(self, cluster: Cluster, which: str, *more: int):
        self.pids = [*more] + [int(pid) for [pid] in cluster.sql(f"SELECT pid FROM pg_stat_activity WHERE {which}", "stalled")]
        assert self.pids, f"there is no backend with {which}"

    def __enter__(self):
        for pid in self.pids:
            os.kill(pid, signal.SIGSTOP)
        return self

    def __exit__(self, *_):
        for pid in self.pids:
            os.kill(pid, signal.SIGCONT)


def backends(cluster, name: str) -> set[str]:
    return {pid for [pid] in cluster.sql(
        f"SELECT pid FROM pg_stat_activity WHERE application_name = '{name}'", "stalled")}


def test_a_revocation_takes_effect_within_two_seconds_though_the_listeners_have_stalled(cluster_of_two):
    cluster, here, there = cluster_of_two
    pair = tokens(here, ADA)
    with here.client() as at_home, there.client(headers=pair.header) as abroad:
        assert abroad.get(ME).status_code == 200
        stream = Stream(abroad, f"/api/v1/guilds/{NORTHLIGHT}/status/stream")
        stream.next()
        with Stalled(cluster, "application_name = 'tracking-dashboard listener'"):
            started = time.monotonic()
            assert at_home.post("/api/v1/auth/logout", headers=pair.header).status_code == 204
            eventually(lambda: abroad.get(ME).status_code == 401, within=2.5)
            assert stream.ended.wait(max(0, 3 - (time.monotonic() - started))), "the stream goes on"


def test_stalled_listeners_are_replaced_and_receive_notifications(cluster_of_two):
    cluster, here, there = cluster_of_two
    before = backends(cluster, "tracking-dashboard listener")
    with Stalled(cluster, "application_name = 'tracking-dashboard listener'"):
        eventually(lambda: len(backends(cluster, "tracking-dashboard listener") - before) == 2, within=9)
        pair = tokens(here, ADA)
        with here.client() as at_home, there.client(headers=pair.header) as abroad:
            assert abroad.get(ME).status_code == 200
            assert at_home.post("/api/v1/auth/logout", headers=pair.header).status_code == 204
            eventually(lambda: abroad.get(ME).status_code == 401, within=2)


def test_stalled_idle_connections_are_replaced_before_use(cluster_of_two):
    cluster, here, _ = cluster_of_two
    with bearer(here, ADA) as ada:
        assert ada.get(POSTS).status_code == 200
        with Stalled(cluster, "application_name = 'tracking-dashboard' AND state = 'idle'") as stalled:
            # Checked after 5 s of silence, closed 2 s later.
            time.sleep(9)
            started = time.monotonic()
            for _ in range(30):
                assert ada.get(POSTS).status_code == 200
            assert time.monotonic() - started < 3
            assert not backends(cluster, "tracking-dashboard") <= {str(pid) for pid in stalled.pids}


def test_a_request_under_way_times_out_and_the_next_ones_are_answered(cluster_of_two):
    cluster, here, _ = cluster_of_two
    with bearer(here, ADA) as ada:
        assert ada.get(POSTS).status_code == 200
        with Stalled(cluster, "application_name = 'tracking-dashboard'"):
            started = time.monotonic()
            # Its rights are cached: only the posts are queried.
            answer = ada.get(POSTS, timeout=20)
            assert answer.status_code in (200, 503)
            assert time.monotonic() - started < 13
            if answer.status_code == 503:
                assert int(answer.headers["retry-after"]) > 0
            eventually(lambda: ada.get(POSTS, timeout=20).status_code == 200, within=10)


def test_a_service_whose_database_hangs_is_not_ready_at_once(cluster_of_two):
    cluster, here, _ = cluster_of_two
    with here.client() as probe:
        assert probe.get("/readyz").status_code == 200
        postmaster = int((cluster.data / "postmaster.pid").read_text().splitlines()[0])
        with Stalled(cluster, "pid <> pg_backend_pid()", postmaster):
            # Not a cached state; then before, while, and after the connections are closed and opened again.
            time.sleep(1.1)
            begun = time.monotonic()
            while time.monotonic() - begun < 22:
                with ThreadPoolExecutor(10) as threads:
                    for answer, seconds in threads.map(lambda _: ask_readiness(probe), range(10)):
                        assert answer.status_code == 503 and int(answer.headers["retry-after"]) > 0
                        assert [part["name"] for part in answer.json()["parts"] if part["status"] == "bad"] == ["database"]
                        assert seconds < 2.8
            started = time.monotonic()
            assert probe.get("/metrics").status_code == 200
            assert time.monotonic() - started < 1
        eventually(lambda: probe.get("/readyz").status_code == 200, within=10)


def ask_readiness(client: httpx.Client) -> tuple[httpx.Response, float]:
    started = time.monotonic()
    answer = client.get("/readyz?verbose")
    return answer, time.monotonic() - started


def test_concurrent_readiness_checks_share_one_query(cluster_of_two):
    cluster, here, _ = cluster_of_two
    waiting = ("SELECT count(*) FROM pg_stat_activity WHERE application_name = 'tracking-dashboard'"
               " AND wait_event_type = 'Lock' AND query LIKE '%schema_migrations%'")
    time.sleep(1.1)
    lock = "LOCK TABLE dashboard.schema_migrations IN ACCESS EXCLUSIVE MODE"
    holder = threading.Thread(target=cluster.sql, args=(f"{lock}; SELECT pg_sleep(6)", "stalled"))
    holder.start()
    eventually(lambda: cluster.sql(
        "SELECT 1 FROM pg_locks WHERE mode = 'AccessExclusiveLock' AND granted"
        " AND relation = 'dashboard.schema_migrations'::regclass", "stalled"))
    with ThreadPoolExecutor(30) as threads, here.client() as probe:
        asked = [threads.submit(ask_readiness, probe) for _ in range(30)]
        eventually(lambda: cluster.sql(waiting, "stalled") == [["1"]], within=1.5)
        while not all(one.done() for one in asked):
            assert cluster.sql(waiting, "stalled") <= [["1"]]
        answers = [one.result() for one in asked]
        assert all(answer.status_code == 503 and seconds < 2.8 for answer, seconds in answers)
        holder.join()
        eventually(lambda: probe.get("/readyz").status_code == 200, within=5)


def test_a_stream_of_a_revoked_session_ends_without_listeners(cluster_of_two):
    """The listener's connection is gone and does not come back; those that are open go on."""
    cluster, here, there = cluster_of_two
    pair = tokens(here, ADA)
    with there.client(headers=pair.header) as abroad:
        stream = Stream(abroad, f"/api/v1/guilds/{NORTHLIGHT}/status/stream")
        stream.next()
        cluster.sql("ALTER DATABASE stalled ALLOW_CONNECTIONS false")
        try:
            cluster.sql(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'tracking-dashboard listener'")
            # As long as the attempts fail.
            time.sleep(3)
            assert not stream.ended.is_set()
            assert here.client(headers=pair.header).post("/api/v1/auth/logout").status_code == 204
            started = time.monotonic()
            eventually(lambda: abroad.get(ME).status_code == 401, within=2)
            assert stream.ended.wait(max(0, 3 - (time.monotonic() - started))), "the stream goes on"
        finally:
            cluster.sql("ALTER DATABASE stalled ALLOW_CONNECTIONS true")
