"""How often a request is sent again, and after which pause."""

from __future__ import annotations

import random
from dataclasses import dataclass
from typing import Optional

from .errors import DashboardError, RequestError, UnreachableError

# Every other response would be the same again.
RETRIED_STATUSES = (429, 502, 503, 504)


@dataclass(frozen=True)
class Retry:
    """Exponential back-off with jitter. All pauses are in seconds."""

    # Requests in all. 1: no retry.
    attempts: int = 6
    first_pause: float = 1.0
    # Of a back-off. If `Retry-After` is longer, the error is raised at once.
    longest_pause: float = 60.0

    def pause(self, error: DashboardError, attempt: int) -> Optional[float]:
        """The pause after the failed attempt, counted from 1. None: do not retry."""
        if attempt >= self.attempts:
            return None
        if isinstance(error, RequestError):
            if error.status not in RETRIED_STATUSES:
                return None
            if error.retry_after is not None:
                # Not all bots that were told to wait may come back at once.
                jitter = random.uniform(0, self.first_pause)
                return error.retry_after + jitter if error.retry_after <= self.longest_pause else None
        elif not isinstance(error, UnreachableError):
            return None
        backoff = min(self.longest_pause, self.first_pause * 2 ** (attempt - 1))
        return random.uniform(backoff / 2, backoff)
