"""Discord as a server of the tests' own, for people whom the demo does not have."""

import json
import secrets
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import httpx

from harness.leaks import run
from harness.service import Service
from harness.signing_in import Tokens, begin

APPLICATION = {
    "DASHBOARD_DISCORD_CLIENT_ID": "100000000000000097", "DASHBOARD_DISCORD_CLIENT_SECRET": secrets.token_urlsafe(24),
}


class Discord:
    """Has one person and their servers, and accepts any code and token."""

    def __init__(self, person: str, guilds: dict[str, str]):
        self.person, self.guilds = person, guilds
        discord = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self):
                self.rfile.read(int(self.headers["Content-Length"]))
                self.answer({"access_token": new_secret(), "refresh_token": new_secret(), "token_type": "Bearer",
                             "expires_in": 604_800, "scope": "identify email guilds"})

            def do_GET(self):
                self.answer(discord.list() if self.path.endswith("/guilds") else {
                    "id": discord.person, "username": "many", "global_name": "Many", "avatar": None,
                    "email": "many@demo.invalid", "verified": True})

            def answer(self, content):
                body = json.dumps(content).encode()
                self.send_response(200)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_):
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.base = f"http://127.0.0.1:{self.server.server_port}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def list(self) -> list[dict]:
        return [
            {"id": id, "name": name, "icon": None, "owner": False, "permissions": "32"} for id, name in self.guilds.items()]

    @property
    def settings(self) -> dict[str, str]:
        """The variables that make a service use this server."""
        return APPLICATION | {"DISCORD_API_BASE": self.base}

    def stop(self):
        self.server.shutdown()
        self.server.server_close()


def new_secret() -> str:
    """A token of Discord's: the service stores it, and must not reveal it."""
    secret = secrets.token_urlsafe(24)
    run.secrets.add(secret)
    return secret


def come_back(client: httpx.Client, **settings) -> httpx.Response:
    """A sign-in to which Discord agrees; the answer to its callback."""
    state = begin(client).params["state"]
    return client.get(
        "/api/v1/auth/discord/callback", params={"code": secrets.token_urlsafe(32), "state": state}, **settings)


def tokens(service: Service) -> Tokens:
    with service.client() as client:
        pair = come_back(client, headers={"Accept": "application/json"}).json()
        return Tokens(pair["accessToken"], pair["refreshToken"])
