"""`dashboard doctor`: its findings, its advice, and its exit code."""

import json
import os
import subprocess
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest

from harness.service import programs

SECRET = "the client secret that must never be printed"
CLIENT = "123456789012345678"


class Discord:
    """Answers every request in the same way."""

    def __init__(self, status: int, body: str):
        asked = self.asked = []

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self):
                asked.append((self.path, dict(self.headers), self.rfile.read(int(self.headers["Content-Length"]))))
                self.send_response(status)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body.encode())

            def log_message(self, *_):
                pass

        self.server = HTTPServer(("127.0.0.1", 0), Handler)
        self.base = f"http://127.0.0.1:{self.server.server_port}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def stop(self):
        self.server.shutdown()
        self.server.server_close()


@pytest.fixture
def discord(request):
    discord = Discord(*request.param)
    yield discord
    discord.stop()


TAKES = (200, '{"access_token":"x","token_type":"Bearer","expires_in":604800,"scope":"identify"}')
REFUSES = (401, '{"error":"invalid_client"}')


def doctor(tmp_path, *arguments, **environment) -> tuple[int, str]:
    done = subprocess.run(
        [programs() / "dashboard", "doctor", *arguments], text=True, timeout=60, stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
        env={"PATH": os.environ["PATH"], "DATA_DIR": str(tmp_path / "data")} | environment)
    assert SECRET not in done.stdout
    return done.returncode, done.stdout


def real(service, discord) -> dict[str, str]:
    return {
        "DATABASE_URL": service.environment["DATABASE_URL"], "DASHBOARD_URL": "https://dashboard.example.org",
        "DASHBOARD_DISCORD_CLIENT_ID": CLIENT, "DASHBOARD_DISCORD_CLIENT_SECRET": SECRET,
        "DISCORD_API_BASE": discord.base,
    }


def findings(text: str) -> dict[str, dict]:
    return {finding["subject"]: finding for finding in json.loads(text)["findings"]}


def test_demo_mode_before_its_first_start_is_healthy(tmp_path):
    code, text = doctor(tmp_path)
    assert code == 0, text
    assert "demo mode" in text and "no problems found" in text
    assert not (tmp_path / "data").exists()


@pytest.mark.parametrize("discord", [TAKES], indirect=True)
def test_a_right_configuration_is_healthy(service, discord, tmp_path):
    code, text = doctor(tmp_path, "--json", **real(service, discord))
    assert code == 0, text
    found = findings(text)
    assert {"configuration", "data directory", "database", "migrations", "clock", "tenants", "role", "discord"} <= set(found)
    assert "https://dashboard.example.org/api/v1/auth/discord/callback" in found["redirect URL"]["text"]
    [(path, headers, body)] = discord.asked
    assert path == "/oauth2/token" and headers["Authorization"].startswith("Basic ")
    assert b"grant_type=client_credentials" in body


@pytest.mark.parametrize("discord", [REFUSES], indirect=True)
def test_a_refused_secret_is_named(service, discord, tmp_path):
    code, text = doctor(tmp_path, **real(service, discord))
    assert code == 1
    assert "rejects the client id or the client secret" in text
    assert "https://dashboard.example.org/api/v1/auth/discord/callback" in text


@pytest.mark.parametrize("discord", [TAKES], indirect=True)
def test_a_database_that_is_away_is_named(service, discord, tmp_path):
    settings = real(service, discord) | {"DATABASE_URL": "postgresql://someone:hush-hush@127.0.0.1:1/nothing"}
    code, text = doctor(tmp_path, **settings)
    assert code == 1
    assert "BAD   database: cannot be reached" in text and "hush-hush" not in text


def test_mistakes_in_the_configuration_are_named(tmp_path):
    code, text = doctor(tmp_path, PORT="x", TRUSTED_PROXIES="10.0.0.1/8", CORS_ALLOWED_ORIGINS="https://a.example/b")
    assert code == 78
    for name in ("PORT", "TRUSTED_PROXIES", "CORS_ALLOWED_ORIGINS"):
        assert f"BAD   configuration: {name} must be" in text


def test_an_address_that_is_another_machines_is_named(tmp_path):
    code, text = doctor(tmp_path, HOST="192.0.2.1", DASHBOARD_URL="http://127.0.0.1:8080")
    assert code == 1 and "BAD   address: 192.0.2.1 is not an address of this machine" in text


def test_missing_credentials_are_named(service, tmp_path):
    code, text = doctor(
        tmp_path, DATABASE_URL=service.environment["DATABASE_URL"], DASHBOARD_URL="https://dashboard.example.org")
    assert code == 1
    assert "DASHBOARD_DISCORD_CLIENT_ID and DASHBOARD_DISCORD_CLIENT_SECRET are missing or empty" in text
    assert "https://dashboard.example.org/api/v1/auth/discord/callback" in text


def test_a_secret_that_others_can_read_is_named(tmp_path):
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "token-secret").write_text("x" * 64)
    (tmp_path / "data" / "token-secret").chmod(0o644)
    code, text = doctor(tmp_path)
    assert code == 1 and "chmod 600" in text
