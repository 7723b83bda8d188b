"""The database of a data directory: backends, their entities, and the documents of services of our own."""

from __future__ import annotations

import errno
import json
import os
import sqlite3
import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from toolkit.local.errors import UnreadableState

# Raised when what is written can no longer be read by what was there before.
VERSION = 1

_TABLES = """
CREATE TABLE IF NOT EXISTS backends (
    service TEXT, account TEXT, region TEXT, content BLOB NOT NULL, PRIMARY KEY (service, account, region)
);
CREATE TABLE IF NOT EXISTS entities (
    place INTEGER PRIMARY KEY, path TEXT NOT NULL, key TEXT NOT NULL, content BLOB NOT NULL, UNIQUE (path, key)
);
CREATE TABLE IF NOT EXISTS documents (
    place INTEGER PRIMARY KEY, kind TEXT NOT NULL, key TEXT NOT NULL, content TEXT NOT NULL, UNIQUE (kind, key)
);
"""


class Store:
    """
    An SQLite file. Entities come back in the order in which they first came.

    What a ``transaction`` wrote survives the end of the process, however it ends; the last moments before a power
    failure may be missing, but never half of a transaction. Where the disk has no room, writing raises the OSError that says so.
    """

    def __init__(self, path: Path) -> None:
        self._lock = threading.RLock()
        self._path = path
        try:
            self._database = sqlite3.connect(path, check_same_thread=False, isolation_level=None)
        except sqlite3.Error as error:
            raise UnreadableState(path, str(error)) from error
        try:
            self._prepare(path)
        except BaseException:
            self._database.close()
            raise

    def _prepare(self, path: Path) -> None:
        try:
            self._database.execute("PRAGMA journal_mode = WAL")
            self._database.execute("PRAGMA synchronous = NORMAL")
            [version] = self._database.execute("PRAGMA user_version").fetchone()
            if version not in (0, VERSION):
                raise UnreadableState(path, f"it is of version {version}, this program writes version {VERSION}")
            self._database.executescript(_TABLES)
            self._database.execute(f"PRAGMA user_version = {VERSION}")
        except sqlite3.Error as error:
            raise UnreadableState(path, str(error)) from error

    def close(self) -> None:
        """Let go of the file."""
        with self._lock:
            self._database.close()

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """Write all of the block or nothing; other threads wait."""
        with self._lock, _told_of_a_full_disk():
            self._database.execute("BEGIN IMMEDIATE")
            try:
                yield
                self._database.execute("COMMIT")
            except BaseException:
                # What finds no room has been taken back by SQLite itself, as a rule.
                if self._database.in_transaction:
                    self._database.execute("ROLLBACK")
                raise

    def put_backend(self, service: str, account: str, region: str, content: bytes) -> None:
        """Keep a backend without its entities."""
        self._write("INSERT OR REPLACE INTO backends VALUES (?, ?, ?, ?)", service, account, region, content)

    def backends(self) -> list[tuple[str, str, str, bytes]]:
        """Give all backends: service, account, region and content."""
        return self._read("SELECT service, account, region, content FROM backends ORDER BY service, region")

    def put_entity(self, path: str, key: str, content: bytes) -> None:
        """Keep an entity, in the place of an older one of its key."""
        self._write(
            "INSERT INTO entities (path, key, content) VALUES (?, ?, ?) "
            "ON CONFLICT (path, key) DO UPDATE SET content = excluded.content",
            path,
            key,
            content,
        )

    def delete_entity(self, path: str, key: str) -> None:
        """Forget an entity."""
        self._write("DELETE FROM entities WHERE path = ? AND key = ?", path, key)

    def delete_entities(self, path: str) -> None:
        """Forget all entities of a container."""
        self._write("DELETE FROM entities WHERE path = ?", path)

    def entities(self, path: str) -> list[bytes]:
        """Give the entities of a container in their order."""
        return [
            content for (content,) in self._read("SELECT content FROM entities WHERE path = ? ORDER BY place", path)
        ]

    def put_document(self, kind: str, key: str, document: Any) -> None:
        """Keep a document of our own, as JSON."""
        self._write(
            "INSERT INTO documents (kind, key, content) VALUES (?, ?, ?) "
            "ON CONFLICT (kind, key) DO UPDATE SET content = excluded.content",
            kind,
            key,
            json.dumps(document),
        )

    def delete_document(self, kind: str, key: str) -> None:
        """Forget a document."""
        self._write("DELETE FROM documents WHERE kind = ? AND key = ?", kind, key)

    def documents(self, kind: str) -> list[tuple[str, Any]]:
        """Give the documents of a kind with their keys, in their order."""
        rows = self._read("SELECT key, content FROM documents WHERE kind = ? ORDER BY place", kind)
        return [(key, json.loads(content)) for key, content in rows]

    def counts(self) -> Iterable[tuple[str, int]]:
        """Give how many entities each container holds, and how many documents there are of each kind."""
        yield from self._read("SELECT path, count(*) FROM entities GROUP BY path ORDER BY path")
        yield from self._read("SELECT kind, count(*) FROM documents GROUP BY kind ORDER BY kind")

    def _write(self, sql: str, *values: Any) -> None:
        with self._lock, _told_of_a_full_disk():
            self._database.execute(sql, values)

    def _read(self, sql: str, *values: Any) -> list[Any]:
        with self._lock:
            try:
                return self._database.execute(sql, values).fetchall()
            except sqlite3.DatabaseError as error:
                raise UnreadableState(self._path, str(error)) from error


@contextmanager
def _told_of_a_full_disk() -> Iterator[None]:
    try:
        yield
    except sqlite3.OperationalError as error:
        if error.sqlite_errorcode != sqlite3.SQLITE_FULL:
            raise
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC)) from error
