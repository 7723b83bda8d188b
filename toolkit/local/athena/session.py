"""What a running query may touch: the catalogue, the objects, and its own settings."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

import duckdb

from toolkit.local.athena.catalog import Catalog
from toolkit.local.athena.errors import Cancelled
from toolkit.local.athena.sql.natives import Natives
from toolkit.local.athena.storage import S3Object, Storage


@dataclass(slots=True)
class Progress:
    """What is known of a query while it runs: how much it read, and whether its user has stopped it."""

    data_scanned_in_bytes: int = 0
    bytes_scanned_cutoff: int | None = None
    rows_read: int | None = None
    planning_time_in_millis: int = 0
    reason: str = ""
    cancelled: threading.Event = field(default_factory=threading.Event)
    interrupt: Callable[[], None] | None = None
    begun: float = field(default_factory=time.monotonic)

    def planned(self) -> None:
        """Note that planning is over."""
        self.planning_time_in_millis = int(1000 * (time.monotonic() - self.begun))

    def begin(self) -> None:
        """Note that the query's turn has come."""
        self.begun = time.monotonic()

    def scanned(self, size_in_bytes: int) -> None:
        """
        Count bytes that were read.

        Raises:
            Cancelled: they are more than the work group allows, and Athena then cancels the query.
        """
        self.data_scanned_in_bytes += size_in_bytes
        if self.bytes_scanned_cutoff is not None and self.data_scanned_in_bytes > self.bytes_scanned_cutoff:
            self.reason = "Query cancelled! : Bytes scanned limit was exceeded"
            raise Cancelled
        self.check()

    def check(self) -> None:
        """Raise ``Cancelled`` if the user has stopped the query."""
        if self.cancelled.is_set():
            raise Cancelled

    def cancel(self) -> None:
        """Stop the query, now if it is in the engine, else at its next step."""
        self.cancelled.set()
        interrupt = self.interrupt
        if interrupt is not None:
            # What ran may have come to its end, and its connection be closed.
            with suppress(duckdb.Error):
                interrupt()


@dataclass(slots=True)
class Footprint:
    """
    What the plan of a query stands on: stamps of tables by database and name, what was found at locations, the copies that
    it reads, those of them that are read together as Parquet, with the columns that native ones would have, and whether it
    made relations on its cursor. It lasts unless it depends on more than these.
    """

    tables: dict[tuple[str, str], object] = field(default_factory=dict)
    found: list[tuple[Sequence[str], Sequence[Sequence[S3Object]]]] = field(default_factory=list)
    copies: set[Path] = field(default_factory=set)
    read_as_parquet: list[tuple[Sequence[Path], str]] = field(default_factory=list)
    has_relations: bool = False
    lasts: bool = True

    @property
    def object_count(self) -> int:
        """How many objects were found."""
        return sum(len(objects) for _, listed in self.found for objects in listed)


@dataclass(frozen=True, slots=True)
class Session:
    """The surroundings of one query."""

    catalog: Catalog
    storage: Storage
    database: str
    query_execution_id: str
    output_location: str
    natives: Natives
    progress: Progress = field(default_factory=Progress)
    footprint: Footprint = field(default_factory=Footprint)
