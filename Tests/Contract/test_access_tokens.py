"""Access tokens, read and forged by a library that is not the service's."""

import base64
import hashlib
import hmac
import json
import time

import httpx
import jwt
import pytest

from harness.answers import expect_problem
from harness.cast import ADA, ADAS, BOB, CASA_VERDE, CHARLIE, HARBOR, NORTHLIGHT, client
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


def test_an_issued_token_names_its_key_and_nothing_of_the_secret(issued):
    header = jwt.get_unverified_header(issued.access)
    assert header == {"alg": "HS256", "typ": "JWT", "kid": key_id()}


def test_every_token_has_an_id_of_its_own(service, genuine):
    assert read(tokens(service, ADA).access)["jti"] != genuine["jti"]


def test_a_viewers_token_lists_the_server_that_lets_members_look(service):
    listed = read(tokens(service, BOB).access)["guilds"]
    assert [guild["id"] for guild in listed] == [NORTHLIGHT]


def test_a_token_of_the_same_secret_is_taken_whoever_wrote_it(service, genuine):
    assert ask(service, signed(genuine)).status_code == 200


def test_the_word_bearer_may_be_in_any_case(service, issued):
    for word in ("bearer", "BEARER", "Bearer"):
        answer = httpx.get(service.origin + ME, headers={"Authorization": f"{word} {issued.access}"})
        assert answer.status_code == 200


WRONG_CLAIMS = {
    "expired": lambda now: {"iat": now - 901, "exp": now - 1},
    "not yet valid": lambda now: {"iat": now + 120, "exp": now + 1020},
    "of longer life than any that is issued": lambda now: {"exp": now + 86_400},
    "of negative life": lambda now: {"iat": now, "exp": now - 10},
    "for another audience": lambda now: {"aud": "another-api"},
    "for a list of audiences": lambda now: {"aud": ["tracking-dashboard-api", "other"]},
    "of another issuer": lambda now: {"iss": "https://discord.com"},
    "without issuer": lambda now: {"iss": None},
    "without audience": lambda now: {"aud": None},
    "without expiry": lambda now: {"exp": None},
    "without time of issue": lambda now: {"iat": None},
    "without user": lambda now: {"sub": None},
    "without session": lambda now: {"sid": None},
    "of another user's session": lambda now: {"sub": BOB},
    "of nobody": lambda now: {"sub": "0"},
    "of a user that is no number": lambda now: {"sub": "ada"},
    "of a session that never was": lambda now: {"sid": "9000000000"},
    "of a session beyond 64 bits": lambda now: {"sid": "99999999999999999999"},
    "with a session that is no text": lambda now: {"sid": 1},
    "with a time that is text": lambda now: {"exp": str(now + 900)},
    "with a time that is a fraction": lambda now: {"iat": now + 0.5, "exp": now + 900.5},
    "with a time beyond 64 bits": lambda now: {"iat": 10**30, "exp": 10**30 + 900},
    "with servers that are no list": lambda now: {"guilds": {"id": NORTHLIGHT}},
    "with a server that is no object": lambda now: {"guilds": [NORTHLIGHT]},
    "with a server without tenant": lambda now: {"guilds": [{"id": NORTHLIGHT, "permissions": "8"}]},
}


@pytest.mark.parametrize("kind", WRONG_CLAIMS)
def test_a_rightly_signed_token_is_refused_that_is(service, genuine, kind):
    changed = genuine | WRONG_CLAIMS[kind](int(time.time()))
    content = {name: value for name, value in changed.items() if value is not None}
    # PyJWT would refuse to write some of them.
    token = handmade({"alg": "HS256", "typ": "JWT", "kid": key_id()}, content)
    expect_problem(ask(service, token), 401)
    expect_problem(ask(service, token, POSTS), 401)


def part(content: bytes) -> str:
    return base64.urlsafe_b64encode(content).rstrip(b"=").decode()


def handmade(header, content, secret=JWT_SECRET, digest=hashlib.sha256) -> str:
    def text(value):
        return part(value if isinstance(value, bytes) else json.dumps(value).encode())

    head = f"{text(header)}.{text(content)}"
    return f"{head}.{part(hmac.digest(secret.encode(), head.encode(), digest))}"


HEADER = {"alg": "HS256", "typ": "JWT", "kid": key_id()}

FORGERIES = {
    "signed with another secret": lambda c, t: handmade(HEADER, c, secret="x" * 80),
    "signed with an empty secret": lambda c, t: handmade(HEADER, c, secret=""),
    "without algorithm": lambda c, t: signed(c, algorithm="none"),
    "without algorithm and with a good signature": lambda c, t: handmade(HEADER | {"alg": "none"}, c),
    "of algorithm None in another case": lambda c, t: handmade(HEADER | {"alg": "nOnE"}, c),
    "of HS512, rightly signed": lambda c, t: signed(c, algorithm="HS512"),
    "of HS384, rightly signed": lambda c, t: signed(c, algorithm="HS384"),
    "that says HS512 and is signed with HS256": lambda c, t: handmade(HEADER | {"alg": "HS512"}, c),
    "that says RS256 and is signed with HS256": lambda c, t: handmade(HEADER | {"alg": "RS256"}, c),
    "that says ES256 and is signed with HS256": lambda c, t: handmade(HEADER | {"alg": "ES256"}, c),
    "of an algorithm in lower case": lambda c, t: handmade(HEADER | {"alg": "hs256"}, c),
    "of an algorithm that is no text": lambda c, t: handmade(HEADER | {"alg": ["HS256"]}, c),
    "of another key": lambda c, t: handmade(HEADER | {"kid": "00000000"}, c),
    "of a key that is a path": lambda c, t: handmade(HEADER | {"kid": "../../etc/passwd"}, c),
    "of no key": lambda c, t: handmade({"alg": "HS256", "typ": "JWT"}, c),
    "of a key that is no text": lambda c, t: handmade(HEADER | {"kid": 7}, c),
    "with a header that is a list": lambda c, t: handmade([HEADER], c),
    "with a header that is no JSON": lambda c, t: handmade(b"{", c),
    "with claims that are no JSON": lambda c, t: handmade(HEADER, b"nonsense"),
    "with claims that are a list": lambda c, t: handmade(HEADER, [c]),
    "with claims that are nested too deep": lambda c, t: handmade(HEADER, b"[" * 3_000),
    "with claims that are not UTF-8": lambda c, t: handmade(HEADER, b'{"sub":"\xff\xfe"}'),
    "with claims that come twice": lambda c, t: handmade(
        HEADER, json.dumps(c)[:-1].encode() + b',"sub":"' + CHARLIE.encode() + b'"}'),
    "of which a letter was changed": lambda c, t: t[:60] + ("A" if t[60] != "A" else "B") + t[61:],
    "of which the signature was changed": lambda c, t: t[:-10] + ("A" if t[-10] != "A" else "B") + t[-9:],
    "without signature": lambda c, t: t.rpartition(".")[0] + ".",
    "of two parts": lambda c, t: t.rpartition(".")[0],
    "of four parts": lambda c, t: t + "." + t.rpartition(".")[2],
    "that was cut in the middle": lambda c, t: t[: len(t) // 2],
    "that was cut at its end": lambda c, t: t[:-1],
    "with padding": lambda c, t: t + "=",
    "with a blank at its end": lambda c, t: t + " x",
    "with a comma and another": lambda c, t: f"{t},{t}",
    "in plain base64": lambda c, t: t.replace("-", "+").replace("_", "/") + "+/",
    "larger than any": lambda c, t: handmade(HEADER, c | {"username": "x" * 7_000}),
    "of dots only": lambda c, t: "..",
    "of garbage": lambda c, t: b"\xff\xfe\xfd.\xfc\xfb.\xfa",
    "of emoji": lambda c, t: "🦊.🦊.🦊".encode(),
}


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
    expect_problem(httpx.get(service.origin + ME, headers=[good, good]), 400, 401)


def test_a_wrong_bearer_token_does_not_fall_back_to_good_cookies(ada_in_a_browser):
    answer = ada_in_a_browser.get(ME, headers={"Authorization": "Bearer wrong"})
    expect_problem(answer, 401)


def test_a_token_cannot_widen_what_its_user_may_see(service, genuine):
    # Rightly signed, and still only the upper bound: Ada is not in Charlie's server.
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
