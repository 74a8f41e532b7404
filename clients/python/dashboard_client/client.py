"""The requests of a bot."""

from __future__ import annotations

from typing import Any, Dict, Iterable, Optional, Union

from .batches import Outcome, encode, split
from .fields import Account, Post, Settings, Time
from .retry import Retry
from .signing import Signer
from .transport import Transport

# Discord's id of a server.
GuildID = Union[str, int]


class Dashboard:
    """The dashboard, as a bot sees it. May be used by several threads.

    Every method may raise RequestError or UnreachableError, both DashboardErrors.
    """

    def __init__(self, url: str, key: str, secret: str, *, timeout: float = 30.0, retry: Optional[Retry] = None) -> None:
        """`url` is like https://dashboard.example.org. `timeout` is in seconds, for each attempt.

        Raises ValueError if the address, key or secret has the wrong form.
        """
        self._transport = Transport(url, Signer(key, secret), timeout, retry or Retry())

    def heartbeat(
        self, *, instance: Optional[int] = None, status: Optional[str] = None, shard_count: Optional[int] = None,
        shards_down: Optional[int] = None, guild_count: Optional[int] = None, version: Optional[str] = None,
        latency_ms: Optional[int] = None, started_at: Optional[Time] = None,
    ) -> str:
        """Reports that the bot is alive. Call it every 30 s. Returns `online`, `degraded` or `offline`."""
        answer: Dict[str, str] = self._post("/api/v1/bot/heartbeat", {
            "instance": instance, "status": status, "shardCount": shard_count, "shardsDown": shards_down,
            "guildCount": guild_count, "version": version, "latencyMs": latency_ms, "startedAt": started_at,
        })
        return answer["state"]

    def joined(self, guild: GuildID, name: str, icon: Optional[str] = None) -> None:
        """Registers a server, renames it, or brings it back. `icon` is Discord's hash of it, not an address."""
        self._post(_path(guild, "joined"), {"name": name, "icon": icon})

    def left(self, guild: GuildID) -> None:
        """Marks a server as left. Its data stays readable."""
        self._transport.send("POST", _path(guild, "left"))

    def queue(self, guild: GuildID, depth: int, oldest_age_seconds: Optional[int] = None) -> None:
        """Reports the length of a server's queue."""
        self._post(_path(guild, "queue"), {"depth": depth, "oldestAgeSeconds": oldest_age_seconds})

    def settings(self, guild: GuildID) -> Settings:
        """The settings that a server's admins made for the bot."""
        settings: Settings = self._transport.send("GET", _path(guild, "settings"))
        return settings

    def upsert_accounts(self, guild: GuildID, accounts: Iterable[Account]) -> Outcome:
        """Adds or updates any number of accounts, in as many requests as they need.

        If one of the requests fails, the batches before it are stored. Sending everything again does no harm.
        """
        return self._send_items(_path(guild, "accounts"), accounts)

    def record_posts(self, guild: GuildID, posts: Iterable[Post]) -> Outcome:
        """Records the numbers of any number of posts, in the same way as `upsert_accounts`."""
        return self._send_items(_path(guild, "posts"), posts)

    def _post(self, path: str, fields: Dict[str, Any]) -> Any:
        return self._transport.send("POST", path, encode({k: v for k, v in fields.items() if v is not None}))

    def _send_items(self, path: str, items: Iterable[Any]) -> Outcome:
        listed = list(items)
        outcome = Outcome()
        for start, body in split(listed):
            outcome.add(self._transport.send("POST", path, body), start, listed)
        return outcome


def _path(guild: GuildID, what: str) -> str:
    text = str(guild)
    if not (text.isascii() and text.isdigit()):
        raise ValueError(f"the id of a server consists of digits: {text!r}")
    return f"/api/v1/bot/guilds/{text}/{what}"
