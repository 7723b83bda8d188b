"""
Schemas kept at hand: a queue of events must not ask its repository for each of them.

A version never changes, so it is kept until others push it out; which version is the latest is asked anew after some
seconds. Where the repository does not answer then, what it said last holds on for a bounded time: an outage of the
repository need not be one of the platform.
"""

from __future__ import annotations

import threading
import time
from collections import OrderedDict
from collections.abc import Callable
from typing import Any, TypeVar

from toolkit.errors import AwsError
from toolkit.repositories.repository import SchemaRepository, chosen_version
from toolkit.schema import Schema

DEFAULT_SECONDS = 60.0
DEFAULT_STALE_SECONDS = 3600.0
DEFAULT_MOST = 256

Found = TypeVar("Found")


class Memory:
    """
    At most *most* answers by key, the one unused for longest dropped first; safe for several threads.

    An answer is asked anew once it is *seconds* old; where that fails with an `AwsError` and it is not yet
    *stale_seconds* old, it is given once more. Answers that are exceptions of another kind are never kept.
    """

    def __init__(
        self,
        *,
        most: int = DEFAULT_MOST,
        seconds: float = DEFAULT_SECONDS,
        stale_seconds: float = DEFAULT_STALE_SECONDS,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.most = most
        self.seconds = seconds
        self.stale_seconds = stale_seconds
        self._clock = clock
        self._known: OrderedDict[Any, tuple[float, float, Any]] = OrderedDict()
        self._lock = threading.Lock()

    def __len__(self) -> int:
        return len(self._known)

    def get(self, key: Any, ask: Callable[[], Found], *, is_fixed: bool = False) -> Found:
        """Return what *ask* answers or answered; with *is_fixed* an answer never grows old."""
        now = self._clock()
        with self._lock:
            known = self._known.get(key)
            if known is not None:
                self._known.move_to_end(key)
                if is_fixed or now - known[1] < self.seconds:
                    found: Found = known[2]
                    return found
        try:
            made = ask()
        except AwsError:
            if known is None or now - known[0] >= self.stale_seconds:
                raise
            self._keep(key, known[0], now, known[2])
            stale: Found = known[2]
            return stale
        self._keep(key, now, now, made)
        return made

    def _keep(self, key: Any, answered: float, asked: float, value: Any) -> None:
        with self._lock:
            self._known[key] = (answered, asked, value)
            self._known.move_to_end(key)
            while len(self._known) > self.most:
                self._known.popitem(last=False)


class CachedRepository:
    """*repository* with its answers remembered; see `Memory` for *most*, *seconds* and *stale_seconds*."""

    def __init__(
        self,
        repository: SchemaRepository,
        *,
        most: int = DEFAULT_MOST,
        seconds: float = DEFAULT_SECONDS,
        stale_seconds: float = DEFAULT_STALE_SECONDS,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.repository = repository
        self._lists = Memory(most=most, seconds=seconds, stale_seconds=stale_seconds, clock=clock)
        self._schemas = Memory(most=most, seconds=seconds, stale_seconds=stale_seconds, clock=clock)

    def __repr__(self) -> str:
        return f"CachedRepository({self.repository!r})"

    def __str__(self) -> str:
        return str(self.repository)

    def names(self) -> tuple[str, ...]:
        """Return the event names, sorted."""
        return self._lists.get("", self.repository.names)

    def versions(self, name: str) -> tuple[str, ...]:
        """Return the versions of *name*, oldest first."""
        return self._lists.get((name,), lambda: self.repository.versions(name))

    def load(self, name: str, version: str = "") -> Schema:
        """Return one schema, by default its latest version."""
        if not version:
            version = chosen_version(self, name, "")
        return self._schemas.get((name, version), lambda: self.repository.load(name, version), is_fixed=True)

    def add(self, name: str, version: str, text: str) -> None:
        """Store one version; see `SchemaRepository.add`. Others see it after the seconds of their caches."""
        self.repository.add(name, version, text)
