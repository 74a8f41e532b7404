"""Splitting items into batches, and the outcome of these."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Iterator, List, Mapping, Optional, Sequence, Tuple

# What the dashboard accepts in one request.
MAXIMUM_ITEMS = 1_000
MAXIMUM_BYTES = 8_388_608


@dataclass(frozen=True)
class Rejection:
    """An item that was not stored."""

    # In the list that was passed, from 0.
    index: int
    # The first invalid field; None if the item is no object.
    field: Optional[str]
    message: str
    item: Any


@dataclass
class Outcome:
    """What became of the items. The numbers and the rejected ones add up to all of them."""

    stored: int = 0
    unchanged: int = 0
    rejected: List[Rejection] = field(default_factory=list)

    def add(self, answer: Mapping[str, Any], start: int, items: Sequence[Any]) -> None:
        """The answer to the batch that begins with `items[start]`."""
        self.stored += answer["stored"]
        self.unchanged += answer["unchanged"]
        for one in answer["rejected"]:
            index = start + one["index"]
            self.rejected.append(Rejection(index, one["field"], one["message"], items[index]))


def encode(value: Any) -> bytes:
    """JSON. Times become ISO 8601; one without a zone is a ValueError."""
    text = json.dumps(value, ensure_ascii=False, allow_nan=False, default=_time, separators=(",", ":"))
    # Half a surrogate pair is not in UTF-8. Its replacement, \ud800, is JSON.
    return text.encode("utf-8", "backslashreplace")


def split(items: Sequence[Any]) -> Iterator[Tuple[int, bytes]]:
    """Bodies of requests, each with the index of its first item.

    An item that is too large for any request is sent alone, and refused with 413.
    """
    batch: List[bytes] = []
    start = size = 0
    for index, item in enumerate(items):
        text = encode(item)
        # 12 bytes stand around the items, one between them.
        if batch and (len(batch) == MAXIMUM_ITEMS or 12 + size + len(text) > MAXIMUM_BYTES):
            yield start, _body(batch)
            batch, start, size = [], index, 0
        batch.append(text)
        size += len(text) + 1
    if batch:
        yield start, _body(batch)


def _body(batch: List[bytes]) -> bytes:
    return b'{"items":[' + b",".join(batch) + b"]}"


def _time(value: Any) -> str:
    if not isinstance(value, datetime):
        raise TypeError(f"{type(value).__name__} has no form in JSON")
    if value.utcoffset() is None:
        raise ValueError(f"{value} has no time zone; use datetime.now(timezone.utc)")
    return value.isoformat()
