"""Access tokens, read and forged by a library that is not the service's."""

import time

import httpx
import jwt
import pytest

from harness.answers import expect_problem
from harness.cast import ADA, ADAS, BOB, CASA_VERDE, HARBOR, NORTHLIGHT, client
from harness.forgeries import FORGERIES, WRONG_CLAIMS, handmade, with_wrong_claims
from harness.forging import claims, key_id, signed
from harness.service import JWT_SECRET
from harness.signing_in import tokens
from harness.wire import send_raw, status_of

ME = "/api/v1/auth/me"
POSTS = f"/api/v1/guilds/{NORTHLIGHT}/posts"


@pytest.fixture(scope="module")
def issued(service):
    return tokens(service, ADA)


@pytest.fixture(scope="module")
def genuine(issued) -> dict:
    return read(issued.access)


def read(token: str, **options) -> dict:
    return jwt.decode(
        token, JWT_SECRET, algorithms=["HS256"], audience="tracking-dashboard-api", issuer="tracking-dashboard",
        options={"require": ["iss", "aud", "sub", "sid", "jti", "iat", "exp", "username"]}, **options)


def ask(service, token: str | bytes, path: str = ME) -> httpx.Response:
    value = token.encode() if isinstance(token, str) else token
    return httpx.get(service.origin + path, headers=[(b"Authorization", b"Bearer " + value)])


def test_an_issued_token_has_the_promised_claims(issued, genuine):
    assert genuine["sub"] == ADA
    assert genuine["username"] == "ada"
    assert genuine["exp"] - genuine["iat"] == 900
    assert abs(genuine["iat"] - time.time()) < 30
    assert genuine["sid"].isdigit() and len(genuine["jti"]) >= 16
    assert sorted(guild["id"] for guild in genuine["guilds"]) == ADAS
    assert all(guild["clientId"] == str(client(guild["id"])) for guild in genuine["guilds"])
    assert {guild["id"]: guild["permissions"] for guild in genuine["guilds"]}[CASA_VERDE] == "68640"


def test_an_issued_token_names_its_key_without_the_secret(issued):
    header = jwt.get_unverified_header(issued.access)
    assert header == {"alg": "HS256", "typ": "JWT", "kid": key_id()}


def test_every_token_has_an_id_of_its_own(service, genuine):
    assert read(tokens(service, ADA).access)["jti"] != genuine["jti"]


def test_a_viewers_token_lists_the_server_that_lets_members_look(service):
    listed = read(tokens(service, BOB).access)["guilds"]
    assert [guild["id"] for guild in listed] == [NORTHLIGHT]


def test_a_token_signed_with_the_same_secret_is_accepted(service, genuine):
    assert ask(service, signed(genuine)).status_code == 200


def test_the_word_bearer_may_be_in_any_case(service, issued):
    for word in ("bearer", "BEARER", "Bearer"):
        answer = httpx.get(service.origin + ME, headers={"Authorization": f"{word} {issued.access}"})
        assert answer.status_code == 200


def test_a_token_may_have_a_type_and_a_start(service, genuine):
    for header in ({"typ": "at+jwt"}, {"typ": "JWT"}):
        assert ask(service, signed(genuine, **header)).status_code == 200
    assert ask(service, handmade({"alg": "HS256", "kid": key_id()}, genuine)).status_code == 200
    assert ask(service, signed(genuine | {"nbf": genuine["iat"]})).status_code == 200


@pytest.mark.parametrize("kind", WRONG_CLAIMS)
def test_a_correctly_signed_token_is_refused_if(service, genuine, kind):
    token = with_wrong_claims(genuine, kind)
    expect_problem(ask(service, token), 401)
    expect_problem(ask(service, token, POSTS), 401)


@pytest.mark.parametrize("kind", FORGERIES)
def test_a_token_is_refused(service, genuine, issued, kind):
    token = FORGERIES[kind](genuine, issued.access)
    expect_problem(ask(service, token), 401)
    expect_problem(ask(service, token, POSTS), 401)


@pytest.mark.parametrize("value", ["", "Bearer", "Basic YWRhOmFkYQ==", "Token {}", "{}", "Bearer\t{}", "Bearer  {}"])
def test_an_authorization_of_another_form_is_refused(service, issued, value):
    raw = b"GET %s HTTP/1.1\r\nHost: x\r\nAuthorization: %s\r\nConnection: close\r\n\r\n"
    answer = send_raw(service, raw % (ME.encode(), value.format(issued.access).encode()))
    assert status_of(answer) == 401


def test_two_authorizations_are_refused_even_if_both_are_good(service, issued):
    good = ("Authorization", f"Bearer {issued.access}")
    expect_problem(httpx.get(service.origin + ME, headers=[good, good]), 401)


def test_a_wrong_bearer_token_does_not_fall_back_to_good_cookies(ada_in_a_browser):
    answer = ada_in_a_browser.get(ME, headers={"Authorization": "Bearer wrong"})
    expect_problem(answer, 401)


def test_a_token_cannot_extend_the_access_of_its_user(service, genuine):
    # Correctly signed, but the list is only an upper bound: Ada is not in Charlie's server.
    token = signed(claims(ADA, genuine["sid"], [*ADAS, HARBOR]))
    expect_problem(ask(service, token, f"/api/v1/guilds/{HARBOR}/posts"), 404)
    assert ask(service, token, POSTS).status_code == 200


def test_a_token_with_fewer_servers_opens_only_these(service, genuine):
    token = signed(claims(ADA, genuine["sid"], [CASA_VERDE]))
    expect_problem(ask(service, token, POSTS), 404)
    assert ask(service, token, f"/api/v1/guilds/{CASA_VERDE}/posts").status_code == 200
    assert [guild["id"] for guild in ask(service, token).json()["guilds"]] == [CASA_VERDE]


def test_a_new_secret_lets_tokens_of_the_previous_one_live_on(start_service):
    service = start_service()
    pair = tokens(service, ADA)
    service.stop()
    changed = "to-rotate-to/hT4yLw9QpZ2xNc7VbM1kJs6DgF8rAe3U/0oIqYt5RzXnHvB4jKmWl7PcE2sGdTua9f"
    service = start_service(service.database, JWT_SECRET=changed, JWT_SECRET_PREVIOUS=JWT_SECRET)
    assert ask(service, pair.access).status_code == 200
    with service.client() as client:
        answer = client.post("/api/v1/auth/refresh", json={"refreshToken": pair.refresh})
    assert answer.status_code == 200
    renewed = answer.json()["accessToken"]
    assert jwt.get_unverified_header(renewed)["kid"] == key_id(changed)
    assert ask(service, renewed).status_code == 200
    service.stop()

    service = start_service(service.database, JWT_SECRET="knows-nothing-of-the-others/M7vWlS3cQ0zRtUu8IoN2bXk" * 2)
    expect_problem(ask(service, pair.access), 401)
    expect_problem(ask(service, renewed), 401)
    service.stop()
