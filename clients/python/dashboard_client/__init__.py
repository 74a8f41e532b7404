"""A client of the Tracking Dashboard for bots. See README.md of the folder `clients`."""

from .batches import Outcome, Rejection
from .client import Dashboard
from .errors import DashboardError, RequestError, UnreachableError
from .fields import Account, Post, Settings
from .retry import Retry

__all__ = [
    "Account", "Dashboard", "DashboardError", "Outcome", "Post", "Rejection", "RequestError", "Retry", "Settings",
    "UnreachableError",
]
