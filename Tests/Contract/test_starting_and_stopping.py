"""Ports and folders in use, migrations at a start, and the stop of a service."""

import json
import os
import signal
import socket
import subprocess
import tempfile
import threading
import time

import httpx
import pytest

from harness.brief import run
from harness.cast import ADA, NORTHLIGHT
from harness.cluster import binaries
from harness.service import Service, free_port, programs
from harness.signing_in import bearer, sign_in, tokens
from harness.streams import Stream
from harness.traffic import Traffic
from harness.waiting import eventually
from harness.wire import connect


def test_a_second_service_in_the_same_folder_is_refused(service, cluster):
    done = run("serve", DATABASE_URL=cluster.address("shared"), DATA_DIR=service.environment["DATA_DIR"])
    assert done.returncode not in (0, 78)
    assert "in use" in done.stderr and service.environment["DATA_DIR"] in done.stderr
    assert service.is_healthy()


def test_a_port_that_is_taken_is_refused(service, cluster):
    done = run("serve", DATABASE_URL=cluster.address("shared"), PORT=str(service.port))
    assert done.returncode not in (0, 78)
    assert str(service.port) in done.stderr or "in use" in done.stderr.lower()
    assert service.is_healthy()


def test_a_pending_migration_is_logged_and_applied(cluster):
    cluster.create("migrating")
    address = cluster.address("migrating")
    told = run("migrate", "--dry-run", DATABASE_URL=address)
    assert told.returncode == 0 and told.stdout.startswith("pending 1 ")
    assert run("migrate", DATABASE_URL=address).stdout.startswith("applied 1 ")
    assert run("migrate", DATABASE_URL=address).stdout == "the schema is up to date\n"


def test_a_changed_schema_is_refused(cluster):
    cluster.create("tampered")
    address = cluster.address("tampered")
    assert run("migrate", DATABASE_URL=address).returncode == 0
    cluster.sql("ALTER TABLE dashboard.posts NO FORCE ROW LEVEL SECURITY", "tampered")
    done = run("serve", DATABASE_URL=address)
    assert done.returncode != 0 and "posts" in done.stderr and "row-level security" in done.stderr


def test_services_that_start_at_once_on_a_new_database_both_come_up(cluster):
    cluster.create("together")
    services = [Service(cluster, "together", ready=False) for _ in range(3)]
    for service in services:
        eventually(service.is_ready, within=30)
    assert cluster.sql("SELECT count(*) FROM dashboard.guilds", "together") == [["5"]]
    for service in services:
        service.stop()


# Ends


def test_a_signal_ends_a_start_that_waits_for_a_lock(cluster):
    cluster.create("awaited")
    address = cluster.address("awaited")
    assert run("migrate", DATABASE_URL=address).returncode == 0
    cluster.sql("DELETE FROM dashboard.schema_migrations WHERE number = (SELECT max(number) FROM dashboard.schema_migrations)", "awaited")
    holder = subprocess.Popen(
        [binaries() / "psql", "-qXc", "BEGIN; LOCK TABLE dashboard.schema_migrations; SELECT pg_sleep(30)", address],
        stdout=subprocess.DEVNULL)
    try:
        waits = "SELECT 1 FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND application_name LIKE '%migrations'"
        with tempfile.TemporaryDirectory(prefix="dashboard-") as folder:
            service = subprocess.Popen(
                [programs() / "dashboard"], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
                env={"PATH": os.environ["PATH"], "DATA_DIR": folder, "PORT": "0", "DATABASE_URL": address})
            eventually(lambda: cluster.sql(waits, "awaited"), within=10)
            service.terminate()
            output, errors = service.communicate(timeout=5)
        assert service.returncode == 0 and not errors and "stopped while starting" in output
    finally:
        holder.kill()
        holder.wait()


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_ends_the_service_within_ten_seconds_despite_open_clients(start_service, number):
    service = start_service()
    with sign_in(service, ADA) as browser:
        assert browser.get("/").status_code == 200
        with connect(service) as idle, connect(service) as half:
            half.sendall(b"GET /healthz HTTP/1.1\r\nHost: x\r\nX-Slow: ")
            idle.sendall(b"")
            started = time.monotonic()
            assert service.end(number) == 0
            assert time.monotonic() - started < 10


def test_a_request_under_way_is_finished_before_the_end(start_service):
    service = start_service()
    with bearer(service, ADA) as visitor:
        holder = threading.Thread(target=service.sql, args=("LOCK TABLE posts IN ACCESS EXCLUSIVE MODE; SELECT pg_sleep(1.5)",))
        holder.start()
        eventually(lambda: service.sql("SELECT 1 FROM pg_locks WHERE mode = 'AccessExclusiveLock' AND relation = 'posts'::regclass"))
        answers = []
        asking = threading.Thread(
            target=lambda: answers.append(visitor.get(f"/api/v1/guilds/{NORTHLIGHT}/posts?limit=1")))
        asking.start()
        eventually(lambda: service.sql("SELECT 1 FROM pg_stat_activity WHERE wait_event_type = 'Lock'"))
        service.process.send_signal(signal.SIGTERM)
        # Others are refused at once, because they would never be accepted.
        eventually(lambda: is_refused(service))
        assert asking.is_alive()
        asking.join(10)
        holder.join()
        assert answers and answers[0].status_code == 200
        assert service.process.wait(10) == 0


def is_refused(service: Service) -> bool:
    try:
        connect(service).close()
    except ConnectionRefusedError:
        return True
    return False


def test_connections_that_wait_to_be_accepted_at_a_stop_are_answered(start_service):
    service = start_service()
    service.process.send_signal(signal.SIGSTOP)
    waiting = [connect(service) for _ in range(800)]
    try:
        for client in waiting:
            client.settimeout(10)
            client.sendall(b"GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n")
        service.process.send_signal(signal.SIGTERM)
        service.process.send_signal(signal.SIGCONT)
        answers = [read_all(client) for client in waiting]
    finally:
        for client in waiting:
            client.close()
    assert service.process.wait(10) == 0
    assert not [answer for answer in answers if not answer.startswith(b"HTTP/1.1 200 ") or b'"ok"' not in answer], answers[-1]


def read_all(client: socket.socket) -> bytes:
    """The bytes up to the end of the connection, or the error."""
    answer = b""
    try:
        while piece := client.recv(65_536):
            answer += piece
        return answer
    except OSError as error:
        return repr(error).encode()


def test_a_stop_under_load_answers_all_that_was_accepted_and_ends_streams_cleanly(start_service):
    service = start_service()
    header = tokens(service, ADA).header
    with service.client(headers=header, limits=httpx.Limits(max_connections=None)) as client:
        streams = [Stream(client, f"/api/v1/guilds/{NORTHLIGHT}/status/stream") for _ in range(20)]
        traffic = Traffic(service, f"/api/v1/guilds/{NORTHLIGHT}/accounts?limit=10", header, per_second=200)
        traffic.start()
        try:
            eventually(lambda: len(traffic.answers) > 400, within=20)
            rate, started = traffic.rate, time.monotonic()
            assert service.end(within=12) == 0
            assert time.monotonic() - started < 10
        finally:
            traffic.stop()
        assert rate > 150, rate
        for stream in streams:
            assert stream.ended.wait(5) and stream.error is None
    # Each request that was accepted has a line in the log, and its answer came whole.
    assert all(answer.is_whole and answer.status == 200 for answer in traffic.answers)
    accepted = {entry["request"] for entry in service.entries(route="/api/v1/guilds/{guildId}/accounts")}
    assert accepted == {answer.headers["x-request-id"] for answer in traffic.answers}
    assert len(accepted) == len(traffic.answers)
    # Later connections were refused at once, and did not wait.
    assert not [error for error in traffic.failures if isinstance(error, TimeoutError)]


def test_nothing_of_the_service_is_left_in_the_database(start_service):
    service = start_service()
    with bearer(service, ADA) as visitor:
        visitor.get(f"/api/v1/guilds/{NORTHLIGHT}/posts")
    assert service.end() == 0
    eventually(lambda: service.sql(
        "SELECT 1 WHERE NOT EXISTS (SELECT FROM pg_stat_activity WHERE application_name LIKE 'tracking-dashboard%'"
        " AND datname = current_database())"))


def test_a_log_pipe_without_a_reader_delays_nothing(cluster):
    cluster.create("unread")
    with tempfile.TemporaryDirectory(prefix="dashboard-") as folder:
        port = free_port()
        settings = {
            "PATH": os.environ["PATH"], "DATA_DIR": folder, "PORT": str(port), "DATABASE_URL": cluster.address("unread")}
        process = subprocess.Popen(
            [programs() / "dashboard", "serve"], env=settings, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL)
        try:
            origin = f"http://127.0.0.1:{port}"
            eventually(lambda: httpx.get(origin + "/healthz").status_code == 200, within=30)
            with httpx.Client(base_url=origin, timeout=5) as client:
                # The pipe takes 64 KB, the service keeps another megabyte.
                for _ in range(9_000):
                    assert client.get("/healthz").status_code == 200
                read = threading.Thread(target=lambda: text.append(process.stdout.read()))
                text: list[bytes] = []
                read.start()
                for _ in range(20):
                    assert client.get("/healthz").status_code == 200
                    time.sleep(0.05)
            process.terminate()
            assert process.wait(10) == 0
            read.join()
        finally:
            process.kill()
            process.wait()
    lines = text[0].decode().splitlines()
    # Whole lines only, and the number of dropped ones.
    entries = [json.loads(line) for line in lines]
    lost = sum(entry.get("lines", 0) for entry in entries)
    assert lost > 0 and sum("status" in entry for entry in entries) + lost >= 9_000
