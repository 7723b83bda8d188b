"""
Native copies: Parquet copies that queries read again and again, once more as database files of DuckDB's own.

DuckDB reads its own storage in a fraction of the time that it needs for Parquet, at about the same size on disk. A native
copy is made in the background once its Parquet has been used some times and nobody asks, and is one of the copies: it goes
when it was not used for long. It holds the same rows in the same order, with the columns as a table declares them; where a
value has no place in its column none is made, so that who reads the Parquet is told.
"""

from __future__ import annotations

import hashlib
import logging
import os
import sys
import threading
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

import duckdb

from toolkit.local.athena.copies import Copies
from toolkit.local.athena.sql.database import closed_database, literal, lock_settings
from toolkit.local.memory import give_back

logger = logging.getLogger(__name__)

# Another version's storage may differ, so its files are others.
SUFFIX = f".{duckdb.__version__}.duckdb"

# The use of a Parquet copy with which its native one begins to be made.
USES = 3

# Smaller files are read in a millisecond or two, larger ones would keep a core busy for minutes.
MINIMUM_IN_BYTES = 2**21
MAXIMUM_IN_BYTES = 2**30

# A table of more files is read as Parquet.
MAXIMUM_FILES = 16

# Each has an open file, of which a process has a thousand or so.
MAXIMUM_ATTACHED = 200

# A group of rows is in memory as a whole while it is written. It is at least DuckDB's own, and a multiple of its vector's.
MAXIMUM_GROUP_IN_BYTES = 2**28
_GROUP_ROWS = 122_880
_VECTOR_ROWS = 2_048
_MEMORY_IN_BYTES = 2**29

# It is made when no query came for so long, or after so long at most, for it takes a core from those that run meanwhile.
QUIET_SECONDS, PATIENCE_SECONDS = 1.0, 10.0

# What other threads of the system yield to; source: setpriority(2)
_NICENESS = 10

_TABLE = "content"


class Natives:
    """The native copies among *copies*, attached to a database when first needed."""

    def __init__(self, copies: Copies, database: Any, scratch: Path) -> None:
        self._copies = copies
        self._scratch = scratch
        self._database = database.cursor()
        self._statement = threading.Lock()
        self._attached: set[Path] = set()
        self._guard = threading.Lock()
        # Those that are waited for, and those that can't be made.
        self._asked: dict[Path, tuple[Path, str]] = {}
        self._hopeless: set[Path] = set()
        self._maker: threading.Thread | None = None
        self._interrupt: Callable[[], None] | None = None
        self._is_closed = False
        self._last_use = 0.0
        copies.before_deletion = self._detach

    def tables(self, paths: Sequence[Path], columns: str) -> dict[Path, str] | None:
        """
        Give the SQL name of the native copy of each of some Parquet copies, or None if any has none yet.

        *columns* is the SQL of what it selects of the Parquet. Those that are worth it are made then, for another time.
        """
        if not 0 < len(paths) <= MAXIMUM_FILES:
            return None
        self._last_use = time.monotonic()
        found = {path: self._table(path, columns) for path in paths}
        return {path: name for path, name in found.items() if name is not None} if all(found.values()) else None

    def _table(self, path: Path, columns: str) -> str | None:
        native = native_path(path, columns)
        if native not in self._attached and len(self._attached) >= MAXIMUM_ATTACHED:
            return None
        if self._copies.keep([native]):
            if native in self._attached or self._attach(native):
                return f"{_name(native)}.{_TABLE}"
            # The Parquet holds the same.
            self._hopeless.add(native)
            self._copies.delete(native)
        elif self._copies.uses(path) >= USES and native not in self._hopeless and native not in self._asked:
            self._ask(native, path, columns)
        return None

    def _attach(self, native: Path) -> bool:
        with self._statement:
            if native in self._attached:
                return True
            try:
                self._database.execute(f"ATTACH {literal(str(native))} AS {_name(native)} (READ_ONLY)").fetchall()
            except duckdb.Error as error:
                logger.warning("the native copy %s is not readable: %s", native.name, error)
                return False
            self._attached.add(native)
            return True

    def _detach(self, copy: Path) -> None:
        with self._statement:
            if copy in self._attached:
                self._attached.remove(copy)
                try:
                    # A query that reads it goes on to its end.
                    self._database.execute(f"DETACH {_name(copy)}").fetchall()
                except duckdb.Error as error:
                    logger.warning("the native copy %s can't be let go: %s", copy.name, error)

    # -- making

    def _ask(self, native: Path, path: Path, columns: str) -> None:
        try:
            size_in_bytes = path.stat().st_size
        except FileNotFoundError:
            return  # somebody has emptied the directory
        # Others aren't driven out for it.
        has_room = self._copies.size_in_bytes + 2 * size_in_bytes <= self._copies.limit_in_bytes
        if not (has_room and MINIMUM_IN_BYTES <= size_in_bytes <= MAXIMUM_IN_BYTES):
            return
        with self._guard:
            if self._is_closed:
                return
            self._asked[native] = (path, columns)
            if self._maker is None:
                self._maker = threading.Thread(target=self._make_all, name="native copies", daemon=True)
                self._maker.start()

    def _make_all(self) -> None:
        if sys.platform == "linux":
            # Only there has a thread a priority of its own.
            with suppress(OSError):
                os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), _NICENESS)
        while True:
            self._wait_for_quiet()
            with self._guard:
                if self._is_closed or not self._asked:
                    self._maker = None
                    return
                native, (path, columns) = next(iter(self._asked.items()))
            with self._copies.reading():
                if not self._copies.keep([path]) or not self._make(native, path, columns):
                    self._hopeless.add(native)
            with self._guard:
                del self._asked[native]
            give_back()

    def _wait_for_quiet(self) -> None:
        limit = time.monotonic() + PATIENCE_SECONDS
        while not self._is_closed and time.monotonic() < min(limit, self._last_use + QUIET_SECONDS):
            time.sleep(0.02)

    def _make(self, native: Path, path: Path, columns: str) -> bool:
        try:
            rows = _rows_per_group(path)
            if rows is None:
                return False
            source = f"SELECT {columns} FROM read_parquet({literal(str(path))})"
            self._copies.make(native, lambda made: self._write(source, made, rows))
        except (duckdb.Error, OSError) as error:
            # Whatever is wrong with it, who reads the Parquet is told.
            if not self._is_closed:
                logger.info("no native copy is made of %s: %s", path.name, error)
            return False
        return True

    def _write(self, source: str, made: Path, rows: int) -> None:
        made.unlink()
        database = closed_database(self._copies.directory, self._scratch, _MEMORY_IN_BYTES)
        try:
            database.execute("SET GLOBAL threads = 1").fetchall()
            lock_settings(database)
            with self._guard:
                self._interrupt = None if self._is_closed else database.interrupt
            if self._interrupt is None:
                raise duckdb.InterruptException("closed")
            database.execute(f"ATTACH {literal(str(made))} AS native (ROW_GROUP_SIZE {rows})").fetchall()
            database.execute(f"CREATE TABLE native.{_TABLE} AS {source}").fetchall()
            shapes = [database.execute(f"DESCRIBE {each}").fetchall() for each in (source, f"FROM native.{_TABLE}")]
            if shapes[0] != shapes[1]:
                raise duckdb.NotSupportedError("its types have no like in a table")
            database.execute("DETACH native").fetchall()
        finally:
            with self._guard:
                self._interrupt = None
            database.close()
            made.with_name(f"{made.name}.wal").unlink(missing_ok=True)

    def close(self) -> None:
        """Make no more of them."""
        with self._guard:
            self._is_closed = True
            maker = self._maker
        while maker is not None and maker.is_alive():
            # More than once, for it may be between two statements.
            with self._guard:
                if self._interrupt is not None:
                    self._interrupt()
            maker.join(0.1)
        with self._statement:
            self._attached.clear()
            self._database.close()


def native_path(path: Path, columns: str) -> Path:
    """Give where the native copy of some columns of a Parquet copy is."""
    return path.with_suffix(f".{hashlib.sha256(columns.encode()).hexdigest()[:16]}{SUFFIX}")


def _name(native: Path) -> str:
    digest, columns = native.name.split(".")[:2]
    return f"native__{native.parent.name}{digest}_{columns}"


def _rows_per_group(path: Path) -> int | None:
    """
    Give how many rows a group of a native copy has, None for a file that can't have one.

    As many as there are together in the Parquet: as rows are handed to threads by groups, a file of one group is read in
    its order either way.
    """
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        metadata = pq.read_metadata(path)
    except pa.ArrowException:
        return None
    groups = [metadata.row_group(number) for number in range(metadata.num_row_groups)]
    if not groups or max(group.total_byte_size for group in groups) > MAXIMUM_GROUP_IN_BYTES:
        return None
    rows: int = max(_GROUP_ROWS, *(group.num_rows for group in groups))
    return -(-rows // _VECTOR_ROWS) * _VECTOR_ROWS
