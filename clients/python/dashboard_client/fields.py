"""The fields of what is sent and received, named as in JSON. The bot guide explains them."""

from __future__ import annotations

from datetime import datetime
from typing import Optional, TypedDict, Union

# ISO 8601 with a zone, or a datetime with one.
Time = Union[str, datetime]
Identifier = Union[str, int]


class _AccountRequired(TypedDict):
    platform: str
    handle: str
    measuredAt: Time


class Account(_AccountRequired, total=False):
    externalId: Optional[Identifier]
    displayName: Optional[str]
    url: Optional[str]
    status: Optional[str]
    followers: Optional[int]
    brand: Optional[str]
    # Needs a brand.
    group: Optional[str]


class _PostRequired(TypedDict):
    platform: str
    externalId: Identifier
    postedAt: Time
    views: int
    measuredAt: Time


class Post(_PostRequired, total=False):
    # One of these two is required.
    handle: Optional[str]
    accountExternalId: Optional[Identifier]
    likes: Optional[int]
    comments: Optional[int]
    shares: Optional[int]
    caption: Optional[str]
    url: Optional[str]


class Settings(TypedDict):
    trackingEnabled: bool
    checkIntervalMinutes: int
    # None: posts are kept for ever.
    postRetentionDays: Optional[int]
