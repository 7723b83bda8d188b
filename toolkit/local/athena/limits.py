"""How many queries an account may start, which a client meets as TooManyRequestsException, and what the cache may take."""

from __future__ import annotations

import threading
import time
from dataclasses import dataclass

from toolkit.local.athena.errors import ApiError

# Source: https://docs.aws.amazon.com/athena/latest/ug/service-limits.html
DEFAULT_ACTIVE_QUERIES = 150

# What a laptop can spare, and some forty gigabytes of JSON converted.
DEFAULT_CACHE_IN_BYTES = 10 * 10**9


@dataclass(frozen=True, slots=True)
class Limits:
    """
    Quotas of an account, and of the disk.

    ``active_queries`` may be queued or running at once. Of ``starts_per_second`` an account has as many in reserve as
    ``burst`` says; None leaves the rate unlimited. Converted copies of objects may take ``cache_in_bytes``; beyond that the
    longest unused are deleted, and made again when a query needs them.
    """

    active_queries: int = DEFAULT_ACTIVE_QUERIES
    starts_per_second: float | None = None
    burst: int = 80
    cache_in_bytes: int = DEFAULT_CACHE_IN_BYTES


class Rate:
    """A bucket of tokens that fills with time."""

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._lock = threading.Lock()
        self._tokens = float(limits.burst)
        self._filled = time.monotonic()

    def spend(self) -> None:
        """
        Take one token.

        Raises:
            ApiError: there is none.
        """
        rate = self._limits.starts_per_second
        if rate is None:
            return
        with self._lock:
            now = time.monotonic()
            self._tokens = min(float(self._limits.burst), self._tokens + rate * (now - self._filled))
            self._filled = now
            if self._tokens < 1:
                raise ApiError("ThrottlingException", "Rate exceeded")
            self._tokens -= 1


def too_many_queries() -> ApiError:
    """Give the refusal of a query beyond the quota of active ones."""
    return ApiError(
        "TooManyRequestsException",
        "You have exceeded the limit for the number of queries you can run concurrently. Reduce the number of concurrent "
        "queries submitted by this account. Contact customer support to request a concurrent query limit increase.",
        details={"Reason": "CONCURRENT_QUERY_LIMIT_EXCEEDED"},
    )
