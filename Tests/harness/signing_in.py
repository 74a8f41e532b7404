"""Signing in as a person of the demo, step by step as a browser does it."""

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
    """What Discord does when the person agrees; the address of the callback."""
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


def bearer(service: Service, person: str) -> httpx.Client:
    """A client that sends a new access token of that person's."""
    client = service.client()
    client.headers.update(tokens(service, person).header)
    return client
