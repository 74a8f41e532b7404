"""Signing in as a person of the demo, step by step as a browser does it."""

import time
from dataclasses import dataclass

import httpx

from harness.service import Service


@dataclass
class Tokens:
    access: str
    refresh: str

    @property
    def header(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.access}"}


def begin(client: httpx.Client, return_to: str | None = None) -> httpx.URL:
    """Starts a sign-in; the address of Discord's consent page."""
    params = {} if return_to is None else {"returnTo": return_to}
    answer = client.get("/api/v1/auth/discord", params=params)
    assert answer.status_code == 302, answer.text
    return client.base_url.join(answer.headers["location"])


def consent(client: httpx.Client, consent_page: httpx.URL, person: str) -> httpx.URL:
    """Agrees as the person does at Discord; returns the address of the callback."""
    params = {name: consent_page.params[name] for name in ("state", "code_challenge", "redirect_uri")}
    answer = client.get("/demo/discord/choose", params=params | {"person": person})
    assert answer.status_code == 302, answer.text
    return httpx.URL(answer.headers["location"])


def sign_in(service: Service, person: str) -> httpx.Client:
    """A client with the cookies of a browser in which that person is signed in."""
    client = service.client()
    answer = client.get(consent(client, begin(client), person))
    assert answer.status_code == 303, answer.text
    assert client.cookies.get("dashboard_access") and client.cookies.get("dashboard_refresh")
    return client


def tokens(service: Service, person: str) -> Tokens:
    """The pair that a program gets."""
    with service.client() as client:
        answer = client.get(consent(client, begin(client), person), headers={"Accept": "application/json"})
        assert answer.status_code == 200, answer.text
        pair = answer.json()
        return Tokens(pair["accessToken"], pair["refreshToken"])


# Seconds. Access tokens are valid for 15 minutes, and a run of all tests on a slow machine takes longer than that.
RENEWED_AFTER = 300


def bearer(service: Service, person: str) -> httpx.Client:
    """A client that sends an access token of that person's, renewed as programs do it while it is used."""
    pair = tokens(service, person)
    since = time.monotonic()

    def renew(request: httpx.Request):
        nonlocal pair, since
        sends_another = request.headers.get("authorization") != pair.header["Authorization"]
        if sends_another or time.monotonic() - since < RENEWED_AFTER:
            return
        answer = httpx.post(service.origin + "/api/v1/auth/refresh", json={"refreshToken": pair.refresh}, timeout=20)
        # A session that a test ended stays ended.
        if answer.status_code != 200:
            return
        pair = Tokens(answer.json()["accessToken"], answer.json()["refreshToken"])
        since = time.monotonic()
        client.headers.update(pair.header)
        request.headers.update(pair.header)

    client = service.client(event_hooks={"request": [renew]})
    client.headers.update(pair.header)
    return client
