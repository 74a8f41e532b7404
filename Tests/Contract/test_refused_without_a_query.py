"""Tokens that the service can reject by itself cost no query: they are refused while the database is away, as fast
as usual."""

import time
from concurrent.futures import ThreadPoolExecutor

import httpx
import jwt
import pytest

from harness.answers import expect_problem
from harness.cast import ADA, NORTHLIGHT
from harness.cluster import Cluster
from harness.forgeries import FORGERIES, KNOWN_TO_THE_DATABASE, WRONG_CLAIMS, with_wrong_claims
from harness.service import Service
from harness.signing_in import Tokens, tokens
from harness.waiting import eventually

ME = "/api/v1/auth/me"
POSTS = f"/api/v1/guilds/{NORTHLIGHT}/posts"
REFRESH = "/api/v1/auth/refresh"


@pytest.fixture(scope="module")
def cut_off():
    """A service whose database was stopped, and a pair of tokens from before."""
    cluster = Cluster()
    cluster.create("away")
    service = Service(cluster, "away")
    pair = tokens(service, ADA)
    cluster.stop()
    # The service has noticed: its cached sessions are dropped, so a token that needs a lookup gets a 503.
    eventually(lambda: ask(service, ME, pair.access).status_code == 503, within=10)
    yield service, pair
    service.stop()
    cluster.remove()


def ask(service: Service, path: str, token: str | bytes) -> httpx.Response:
    value = token.encode() if isinstance(token, str) else token
    return httpx.get(service.origin + path, headers=[(b"Authorization", b"Bearer " + value)])


def content(pair: Tokens) -> dict:
    return jwt.decode(pair.access, options={"verify_signature": False})


def expect_refused_at_once(send):
    started = time.monotonic()
    expect_problem(send(), 401)
    # A request that waits for a connection times out after 3 seconds.
    assert time.monotonic() - started < 1


def test_a_token_that_needs_a_lookup_waits_for_the_database(cut_off):
    service, pair = cut_off
    good = [pair.access, *(with_wrong_claims(content(pair), kind) for kind in KNOWN_TO_THE_DATABASE)]
    with ThreadPoolExecutor(8) as threads:
        asked = [threads.submit(ask, service, POSTS, token) for token in good]
        asked.append(threads.submit(httpx.post, service.origin + REFRESH, json={"refreshToken": pair.refresh}))
        for answer in asked:
            expect_problem(answer.result(), 503)


@pytest.mark.parametrize("kind", FORGERIES)
def test_no_query_is_made_for_a_token(cut_off, kind):
    service, pair = cut_off
    for path in (ME, POSTS):
        expect_refused_at_once(lambda: ask(service, path, FORGERIES[kind](content(pair), pair.access)))


@pytest.mark.parametrize("kind", sorted(WRONG_CLAIMS.keys() - KNOWN_TO_THE_DATABASE))
def test_no_query_is_made_for_a_correctly_signed_but_invalid_token(cut_off, kind):
    service, pair = cut_off
    expect_refused_at_once(lambda: ask(service, ME, with_wrong_claims(content(pair), kind)))


@pytest.mark.parametrize("place", [0, 20, 40, 79])
def test_no_query_is_made_for_an_invented_refresh_token(cut_off, place):
    service, pair = cut_off
    other = "A" if pair.refresh[place] != "A" else "B"
    invented = pair.refresh[:place] + other + pair.refresh[place + 1:]
    expect_refused_at_once(lambda: httpx.post(service.origin + REFRESH, json={"refreshToken": invented}))
    # A browser with such cookies is redirected to the sign-in page.
    cookies = {"Cookie": f"dashboard_access={pair.access[:-2]}; dashboard_refresh={invented}"}
    assert httpx.get(service.origin + "/account", headers=cookies).status_code == 303
