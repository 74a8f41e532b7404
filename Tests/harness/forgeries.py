"""Access tokens that must be rejected, each wrong in one way."""

import base64
import hashlib
import hmac
import json
import time

from harness.cast import BOB, CHARLIE, NORTHLIGHT
from harness.forging import key_id, signed
from harness.service import JWT_SECRET

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
    "not to be taken before its time": lambda now: {"nbf": now + 60},
    "not to be taken before a time that is text": lambda now: {"nbf": str(now)},
    "not to be taken before a time that is a fraction": lambda now: {"nbf": now - 0.5},
    "with servers that are no list": lambda now: {"guilds": {"id": NORTHLIGHT}},
    "with a server that is no object": lambda now: {"guilds": [NORTHLIGHT]},
    "with a server without tenant": lambda now: {"guilds": [{"id": NORTHLIGHT, "permissions": "8"}]},
}

# The signature and every claim are valid: only the database has the state of the session.
KNOWN_TO_THE_DATABASE = {"of another user's session", "of a session that never was"}


def with_wrong_claims(genuine: dict, kind: str) -> str:
    changed = genuine | WRONG_CLAIMS[kind](int(time.time()))
    content = {name: value for name, value in changed.items() if value is not None}
    # PyJWT would refuse to write some of them.
    return handmade(HEADER, content)


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
    "of another type": lambda c, t: handmade(HEADER | {"typ": "dpop+jwt"}, c),
    "of a type that is no text": lambda c, t: handmade(HEADER | {"typ": None}, c),
    "of an empty type": lambda c, t: handmade(HEADER | {"typ": ""}, c),
    "with an extension that must be known": lambda c, t: handmade(HEADER | {"crit": ["exp"], "exp": 1}, c),
    "with an empty list of extensions": lambda c, t: handmade(HEADER | {"crit": []}, c),
    "of which the content is not encoded": lambda c, t: handmade(HEADER | {"b64": False, "crit": ["b64"]}, c),
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
