"""The image that the Dockerfile describes, made and run without Docker, with the settings of docker-compose.yml."""

import re
import secrets

import httpx
import pytest

from harness.cluster import Cluster
from harness.compose import load
from harness.container import Container
from harness.discord import APPLICATION, Discord, come_back
from harness.dockerfile import last_stage
from harness.service import free_port
from harness.waiting import eventually

PERSON = "100000000000000098"
METRICS_TOKEN = secrets.token_hex(32)


@pytest.fixture(scope="module")
def compose():
    return load(
        DASHBOARD_URL="https://dashboard.example.org",
        DASHBOARD_DISCORD_CLIENT_ID=APPLICATION["DASHBOARD_DISCORD_CLIENT_ID"])


@pytest.fixture(scope="module")
def database():
    """A PostgreSQL that is reached over TCP with a password, as in Compose."""
    cluster = Cluster()
    port, password = free_port(), secrets.token_hex(32)
    cluster.sql(f"CREATE ROLE dashboard LOGIN SUPERUSER PASSWORD '{password}'")
    cluster.sql("CREATE DATABASE dashboard OWNER dashboard")
    with open(cluster.data / "postgresql.conf", "a", encoding="utf-8") as settings:
        settings.write(f"listen_addresses = '127.0.0.1'\nport = {port}\n")
    (cluster.data / "pg_hba.conf").write_text("host dashboard all 127.0.0.1/32 scram-sha-256\n")
    cluster.restart()
    cluster.address_over_tcp = f"host=127.0.0.1 port={port} user=dashboard dbname=dashboard password={password}"
    yield cluster
    cluster.remove()


@pytest.fixture(scope="module")
def discord():
    discord = Discord(PERSON, {"200000000000000098": "A server of nobody's"})
    yield discord
    discord.stop()


@pytest.fixture(scope="module")
def container(compose, database, discord):
    port = free_port()
    container = Container(
        last_stage(),
        environment=compose["services"]["dashboard"]["environment"] | {
            # The network is this machine's, so the port has to be a free one.
            "PORT": str(port),
            "DASHBOARD_URL": f"http://127.0.0.1:{port}",
            "DISCORD_API_BASE": discord.base,
        },
        secrets={
            "database_url": database.address_over_tcp,
            "discord_client_secret": APPLICATION["DASHBOARD_DISCORD_CLIENT_SECRET"],
            "metrics_token": METRICS_TOKEN,
        })
    container.origin = f"http://127.0.0.1:{port}"
    yield container
    container.stop()


@pytest.fixture(scope="module")
def visitor(container):
    """Once the service is ready."""
    def is_ready():
        assert container.process.poll() is None, container.log
        return httpx.get(container.origin + "/readyz", timeout=5).status_code == 200

    try:
        eventually(is_ready, within=30)
    except AssertionError as error:
        raise AssertionError(f"{error}\n{container.log}") from None
    with httpx.Client(base_url=container.origin, timeout=20) as client:
        yield client


def compose_health(compose, container) -> list[str]:
    """With the port that the container has here."""
    kind, *command = compose["services"]["dashboard"]["healthcheck"]["test"]
    assert kind == "CMD"
    return [part.replace("127.0.0.1/8080", f"127.0.0.1/{container.environment['PORT']}") for part in command]


def test_it_becomes_ready(visitor):
    assert visitor.get("/readyz").status_code == 200


def test_a_person_signs_in_and_sees_a_page(visitor):
    assert come_back(visitor).status_code in (302, 303)
    page = visitor.get("/")
    assert page.status_code == 200 and "A server of nobody's" in page.text.replace("&#39;", "'")


def test_its_metrics_need_the_token(visitor):
    assert visitor.get("/metrics").status_code == 401
    told = visitor.get("/metrics", headers={"Authorization": f"Bearer {METRICS_TOKEN}"})
    assert told.status_code == 200 and "dashboard_http_requests_total" in told.text


def test_it_is_an_ordinary_user_without_any_of_roots_rights(visitor, container):
    assert set(container.status("Uid").split()) == {"10001"} == set(container.status("Gid").split())
    assert {int(container.status(name), 16) for name in ("CapPrm", "CapEff", "CapBnd", "CapInh")} == {0}
    assert container.status("NoNewPrivs") == "1"


def test_not_even_root_could_write_to_its_files(visitor, container):
    for path in ("/x", "/usr/local/bin/x", "/etc/passwd", "/run/x", "/run/secrets/database_url"):
        refused = container.execute("sh", "-c", f"echo >> {path}", user=False)
        assert "Read-only file system" in refused.stderr, f"{path}: {refused}"


def test_it_keeps_its_secrets_in_its_volume(visitor, container):
    listed = container.execute("stat", "--format=%a %U %n", "/var/lib/tracking-dashboard/token-secret")
    assert listed.stdout.startswith("600 dashboard "), listed
    assert container.execute("sh", "-c", "echo > /var/backups/tracking-dashboard/x").returncode == 0


def test_it_finds_time_zones_and_certificates(visitor, container):
    for path in ("/usr/share/zoneinfo/Europe/Berlin", "/etc/ssl/certs/ca-certificates.crt"):
        assert container.execute("test", "-s", path).returncode == 0, path


def test_its_pg_dump_takes_the_server_of_compose(visitor, compose, container):
    server = int(re.match(r"postgres:(\d+)-", compose["services"]["db"]["image"])[1])
    told = container.execute("pg_dump", "--version").stdout
    assert int(re.search(r"(\d+)\.", told)[1]) >= server, told


def test_it_backs_up_into_its_volume(visitor, container):
    done = container.execute("dashboard", "backup", "/var/backups/tracking-dashboard/first")
    assert done.returncode == 0, done
    size = container.execute("stat", "--format=%s %a", "/var/backups/tracking-dashboard/first").stdout.split()
    assert int(size[0]) > 1_000 and size[1] == "600", size


def test_both_health_checks_hold(visitor, compose, container):
    for check in (container.stage.health, compose_health(compose, container)):
        done = container.execute(*check)
        assert done.returncode == 0, done


def test_without_the_database_it_is_alive_but_not_ready(visitor, compose, container, database):
    database.stop()
    eventually(lambda: container.execute(*compose_health(compose, container)).returncode != 0, within=30, every=0.2)
    assert container.execute(*container.stage.health).returncode == 0
    database.start()
    eventually(lambda: container.execute(*compose_health(compose, container)).returncode == 0, within=30, every=0.2)


def test_as_process_1_it_stops_on_sigterm(visitor, container):
    assert container.execute("sh", "-c", "cat /proc/1/comm").stdout == "dashboard\n"
    assert container.end(within=10) == 0, container.log
