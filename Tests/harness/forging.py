"""Access tokens, signed by the service or forged."""

import hashlib
import hmac
import secrets
import time

import jwt

from harness.service import JWT_SECRET, Service


def key_id(secret: str = JWT_SECRET) -> str:
    """The secret that signed, as named in the header."""
    derived = hmac.digest(secret.encode(), b"key id", hashlib.sha256)
    return hmac.digest(derived, b"", hashlib.sha256)[:4].hex()


def claims(user: str, session: str, guilds: list[str] | None = None, **changes) -> dict:
    now = int(time.time())
    content = {
        "iss": "tracking-dashboard", "aud": "tracking-dashboard-api", "sub": user, "sid": session,
        "jti": secrets.token_urlsafe(12), "iat": now, "exp": now + 900, "username": "someone",
    }
    if guilds is not None:
        content["guilds"] = [
            {"id": guild, "clientId": str(int(guild) - 200000000000000000), "permissions": "8"} for guild in guilds]
    content |= changes
    return {name: value for name, value in content.items() if value is not None}


def signed(content: dict, secret: str = JWT_SECRET, algorithm: str = "HS256", **headers) -> str:
    headers = {"kid": key_id(secret)} | headers
    return jwt.encode(content, secret if algorithm != "none" else None, algorithm, headers=headers)


def invented_people(service: Service, count: int, guild: str) -> list[str]:
    """That many viewers of the guild, each with a session; returns their access tokens."""
    first = 300000000000000000 + secrets.randbelow(10**9) * 10**4
    service.sql(f"""
        INSERT INTO users (id, username) SELECT {first} + n, 'person' || n FROM generate_series(1, {count}) AS n;
        INSERT INTO user_guilds (user_id, guild_id, name, permissions)
        SELECT {first} + n, {guild}, 'A server', 8 FROM generate_series(1, {count}) AS n;
    """)
    rows = service.sql(f"""
        INSERT INTO dashboard_sessions (user_id, refresh_hash, expires_at, absolute_expires_at)
        SELECT {first} + n, sha256(gen_random_uuid()::text::bytea), now() + interval '1 day', now() + interval '1 day'
        FROM generate_series(1, {count}) AS n RETURNING user_id, id
    """)
    # As a sign-in leaves it.
    service.sql(f"""
        SELECT append_audit_at(NULL, 0, 'user', user_id, 'sign_in.accepted', 'session', id::text, '{{}}', 'page', NULL)
        FROM dashboard_sessions WHERE user_id > {first} AND user_id <= {first} + {count}
    """)
    return [signed(claims(user, session, [guild])) for user, session in rows]
