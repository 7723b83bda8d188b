"""
Objects of JSON lines to the declared columns, piece by piece: the lines of a large object, or of many small ones.

A piece is read at once where that gives what the SerDe's rules give, else line by line. Two pieces are read at a time, and
few are held, so that memory is bounded whatever the size of an object.
"""

from __future__ import annotations

import gzip
import zlib
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

from toolkit.local.athena.errors import QueryError
from toolkit.local.athena.hive_types import HiveType
from toolkit.local.athena.readers.arrow import object_numbers, write_columns
from toolkit.local.athena.readers.cloudtrail import record_lines
from toolkit.local.athena.readers.compression import decompressed
from toolkit.local.athena.readers.json_at_once import read_at_once
from toolkit.local.athena.readers.json_by_arrow import ArrowLines
from toolkit.local.athena.readers.json_lines import line_by_line
from toolkit.local.athena.readers.json_values import SerdeRules
from toolkit.local.athena.readers.text_lines import without_skipped
from toolkit.local.athena.storage import S3Object, Storage

PIECE_IN_BYTES = 2**24

# Below this size the time does not matter, and reading line by line starts at once.
SMALLEST_AT_ONCE_IN_BYTES = 2**16

# DuckDB finds out the types of a piece in one thread.
WORKERS = 2

# What is read as a stream: plain text, and gzip. Other suffixes may mean another compression.
_PLAIN = frozenset({"", "json", "jsonl", "ndjson", "txt", "log"})
_GZIP = frozenset({"gz", "gzip"})


@dataclass(frozen=True, slots=True)
class Piece:
    """Whole lines, each with its end: which objects' they are, by number and size in bytes."""

    text: bytes
    parts: tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True)
class _Read:
    """The rows of lines, the number of the object of all or an array of each one's, and what could not be read by object."""

    table: Any
    numbers: Any
    errors: Mapping[int, Mapping[str, str]]


@dataclass(frozen=True, slots=True)
class JsonReader:
    """
    Reads the objects of one layout; *connection* is to the DuckDB that may read in the folder of the copies.

    With *holds_records* each object is a CloudTrail log.
    """

    storage: Storage
    connection: Any
    columns: Mapping[str, HiveType]
    rules: SerdeRules
    skipped: tuple[int, int]
    check: Callable[[], None]
    holds_records: bool = False

    def convert(self, items: Sequence[S3Object], path: Path) -> None:
        """Write the columns of objects to a Parquet file."""
        errors: dict[int, Mapping[str, str]] = {}
        slowly = line_by_line(self.columns, self.rules)
        lines = ArrowLines(self.columns, self.rules)

        def read(piece: Piece) -> list[_Read]:
            if len(piece.text) >= SMALLEST_AT_ONCE_IN_BYTES:
                table = read_at_once(self.connection, piece.text, path.parent, self.columns, self.rules, lines)
                if table is not None:
                    return [_Read(table, _numbers(piece), {})]
            found, start = [], 0
            for number, size in piece.parts:
                messages: dict[str, str] = {}
                table = slowly(piece.text[start : start + size], messages)
                found.append(_Read(table, number, {number: messages} if messages else {}))
                start += size
            return found

        def tables() -> Iterator[tuple[Any, Any]]:
            for each in self._read(items, read):
                for number, messages in each.errors.items():
                    errors[number] = {**messages, **errors.get(number, {})}  # the first of a column counts
                yield each.table, each.numbers

        write_columns(path, self.columns, tables(), errors)

    def _read(self, items: Sequence[S3Object], read: Callable[[Piece], list[_Read]]) -> Iterator[_Read]:
        running: deque[Future[list[_Read]]] = deque()
        with ThreadPoolExecutor(WORKERS, thread_name_prefix="json") as pool:
            for piece in pieces(self._texts(items)):
                self.check()
                running.append(pool.submit(read, piece))
                if len(running) > WORKERS:
                    yield from running.popleft().result()
            while running:
                yield from running.popleft().result()

    def _texts(self, items: Sequence[S3Object]) -> Iterator[tuple[int, bytes]]:
        for number, item in enumerate(items):
            name = item.key.rpartition("/")[2].lower()
            suffix = name.rpartition(".")[2] if "." in name else ""
            if self.holds_records:
                texts = frozenset(column for column, kind in self.columns.items() if kind.is_text)
                yield number, record_lines(decompressed(self.storage.read(item), item.key), item.url, texts)
                continue
            if self.skipped != (0, 0) or suffix not in _PLAIN | _GZIP:
                yield number, without_skipped(decompressed(self.storage.read(item), item.key), self.skipped)
                continue
            with self.storage.open(item) as file:
                for text in whole_lines(_Gzip(file, item.key) if suffix in _GZIP else file):
                    yield number, text


def whole_lines(file: Any) -> Iterator[bytes]:
    """Give the bytes of a file in parts that end where a line ends, but for the last one."""
    rest = b""
    while chunk := file.read(PIECE_IN_BYTES):
        end = chunk.rfind(b"\n") + 1
        if end:
            yield rest + chunk[:end]
            rest = chunk[end:]
        else:
            rest += chunk
    if rest:
        yield rest


def pieces(texts: Iterable[tuple[int, bytes]]) -> Iterator[Piece]:
    """Put the texts of objects, by number, together to pieces."""
    held: list[bytes] = []
    parts: list[tuple[int, int]] = []
    whole = 0
    for number, text in texts:
        ended = text if text.endswith(b"\n") or not text else text + b"\n"
        held.append(ended)
        parts.append((number, len(ended)))
        whole += len(ended)
        if whole > PIECE_IN_BYTES // 2:
            yield Piece(b"".join(held), tuple(parts))
            held, parts, whole = [], [], 0
    if held:
        yield Piece(b"".join(held), tuple(parts))


def _numbers(piece: Piece) -> Any:
    """Give the number of the object of each line."""
    import numpy as np

    if len(piece.parts) == 1:
        return piece.parts[0][0]
    ends, start = [], 0
    for _, size in piece.parts:
        ends.append(piece.text.count(b"\n", start, start + size))
        start += size
    return object_numbers(np.repeat(np.array([number for number, _ in piece.parts], np.int32), ends))


class _Gzip:
    """A compressed file whose faults are the query's."""

    def __init__(self, file: BinaryIO, key: str) -> None:
        self.file = gzip.GzipFile(fileobj=file)
        self.key = key

    def read(self, size: int) -> bytes:
        try:
            return self.file.read(size)
        except (OSError, EOFError, zlib.error) as error:
            raise QueryError(f"HIVE_CURSOR_ERROR: {self.key} can't be decompressed: {error}") from error
