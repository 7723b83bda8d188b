"""What a query leaves: its rows as Athena's text, and the object in the output location."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from functools import lru_cache
from pathlib import Path
from typing import Any

from toolkit.local.athena.errors import invalid_request
from toolkit.local.athena.hive_types import BIGINT, STRING, HiveType
from toolkit.local.athena.result_metadata import result_metadata
from toolkit.local.athena.storage import Storage

# DDL and utility statements leave a text object, queries a CSV.
TEXT, CSV, NOTHING = "txt", "csv", ""

# A page of GetQueryResults is read in chunks of this size.
PAGE_IN_BYTES = 2**18

# A value of a result's CSV with what ends it.
_VALUE = re.compile(rb'(?:"((?:[^"]++|"")*+)"|)[,\n]')

# Java's Integer.MAX_VALUE, the length of an unbounded varchar.
UNBOUNDED = 2_147_483_647

_PRECISION = {
    "tinyint": 3,
    "smallint": 5,
    "int": 10,
    "bigint": 19,
    "float": 17,
    "double": 17,
    "timestamp": 3,
    "timestamp with time zone": 3,
    "time": 3,
    "time with time zone": 3,
    "string": UNBOUNDED,
    "binary": 1_073_741_824,
}
_API_NAMES = {"string": "varchar", "int": "integer", "binary": "varbinary", "struct": "row"}


@dataclass(frozen=True, slots=True)
class ResultColumn:
    """A column of a result; ``shown_as`` overrides the type's name, as utility statements do."""

    name: str
    kind: HiveType = STRING
    shown_as: str = ""

    def info(self) -> dict[str, Any]:
        """Give the column as GetQueryResults describes it."""
        kind = self.kind
        precision = kind.arguments[0] if kind.arguments else _PRECISION.get(kind.name, 0)
        return {
            "CatalogName": "hive",
            "SchemaName": "",
            "TableName": "",
            "Name": self.name,
            "Label": self.name,
            "Type": self.shown_as or _API_NAMES.get(kind.name, kind.name),
            "Precision": 0 if self.shown_as else precision,
            "Scale": kind.arguments[1] if kind.name == "decimal" else 0,
            "Nullable": "UNKNOWN",
            "CaseSensitive": not self.shown_as and kind.is_text,
        }


# What a statement that writes is called in the metadata.
_UPDATE_TYPES = {
    "CREATE_TABLE_AS_SELECT": "CREATE TABLE",
    "DELETE": "DELETE",
    "INSERT": "INSERT",
    "MERGE": "MERGE",
    "UPDATE": "UPDATE",
}

Row = tuple[str | None, ...]


@dataclass(frozen=True, slots=True)
class Left:
    """What a query has left: the columns as the API shows them, and the object in the output location with its measures."""

    columns: tuple[dict[str, Any], ...] = ()
    extension: str = CSV
    row_count: int = 0
    size_in_bytes: int = 0
    update_count: int | None = None
    location: str = ""

    @property
    def end(self) -> int:
        """The offset behind the last row; no end of line stands behind the last one of a text."""
        return self.size_in_bytes + (self.extension == TEXT)

    def document(self) -> dict[str, Any]:
        """Give it as JSON holds it."""
        return {each.name: getattr(self, each.name) for each in fields(self)}

    @classmethod
    def of(cls, document: dict[str, Any]) -> Left:
        """Read what ``document`` gave."""
        return cls(**{**document, "columns": tuple(document["columns"])})


@dataclass(frozen=True, slots=True)
class Result:
    """
    The outcome of a query.

    ``file`` is a local CSV of its rows, or ``data`` the CSV itself if it is small, and ``row_count`` how many there are;
    ``rows`` stand in its place where a statement shows text of its own. A query that writes leaves no object.
    ``substatement_type`` is what the statement turned out to be, where its text alone does not say it.
    ``reused_location`` is the object of an older query that serves this one.
    """

    columns: tuple[ResultColumn, ...] = ()
    rows: tuple[Row, ...] = ()
    file: Path | None = None
    data: bytes | None = None
    row_count: int = 0
    size_in_bytes: int = 0
    extension: str = CSV
    update_count: int | None = None
    data_manifest_location: str = ""
    substatement_type: str = ""
    reused_location: str = ""
    reused: Left | None = None

    def save(self, url: str, storage: Storage, described: Mapping[str, Any]) -> None:
        """
        Put the result object where it belongs, and beside it the metadata of its columns if it has any.

        A statement that writes elsewhere leaves its metadata alone.
        """
        if self.file is not None:
            storage.put_file(url, self.file)
        elif self.extension != NOTHING:
            storage.write(url, self.content())
        if self.columns:
            kind = _UPDATE_TYPES.get(described.get("SubstatementType", ""), "")
            metadata = result_metadata(described["QueryExecutionId"], kind, self.update_count, _described(self.columns))
            storage.write(f"{url}.metadata", metadata)

    def content(self) -> bytes:
        """Give the bytes of the object: a small CSV, or the lines of a statement that shows text."""
        if self.data is not None:
            return self.data
        return "\n".join("\t".join(value or "" for value in row) for row in self.rows).encode()

    def left(self, location: str) -> Left:
        """Give what stays of the result, whose object is at *location*."""
        if self.reused is not None:
            return self.reused
        return Left(
            _described(self.columns),
            self.extension,
            len(self.rows) if self.file is None and self.data is None else self.row_count,
            self.size_in_bytes if self.file is not None else len(self.content()),
            self.update_count,
            location,
        )


def write_csv(path: Path, names: Sequence[str], batches: Iterable[Any]) -> int:
    """Write Arrow batches of text as Athena's CSV, all values in quotes and NULL as nothing; gives the number of rows."""
    import pyarrow.csv

    options = pyarrow.csv.WriteOptions(include_header=False, quoting_style="all_valid")
    count = 0
    with path.open("wb") as file:
        file.write(_csv_line(names))
        for batch in batches:
            if batch.num_rows:
                pyarrow.csv.write_csv(batch, file, options)
                count += batch.num_rows
    return count


def small_csv(names: Sequence[str], rows: Iterable[Sequence[str | None]]) -> bytes:
    """Give rows of text as Athena's CSV, all values in quotes and NULL as nothing."""
    return b"".join(map(_csv_line, (names, *rows)))


def rows_left(left: Left, storage: Storage, token: str | None, count: int) -> tuple[list[Row], str]:
    """
    Read a page of a result from its object; gives its rows and the token of the next page, empty after the last.

    Raises:
        ApiError: the token is none of ours, or the object is gone.
    """
    if left.extension not in (CSV, TEXT):
        return [], ""
    if left.extension == TEXT and not left.row_count:
        return [], ""
    if token is not None and not (token.isascii() and token.isdigit() and len(token) < 20 and int(token) <= left.end):
        raise invalid_request(f"Malformed nextPageToken {token}")
    offset = int(token or 0)
    if offset == left.end:
        return [], ""
    reader = _Pages(lambda start, length: storage.slice(left.location, start, length), offset)
    rows = reader.quoted(count, len(left.columns)) if left.extension == CSV else reader.lines(count)
    # Athena gives a token with every page that is full, were there no more.
    return rows, str(reader.offset) if reader.offset < left.end or len(rows) == count else ""


class _Pages:
    """Reads rows of an object from an offset on, in chunks."""

    def __init__(self, read: Callable[[int, int], bytes], offset: int) -> None:
        self.offset = offset
        self._read = read
        self._chunk = b""
        self._position = 0
        self._at_end = False

    def quoted(self, count: int, width: int) -> list[Row]:
        """Give the next rows of a CSV whose every value is in quotes or NULL."""
        rows: list[Row] = []
        while len(rows) < count and (row := self._row(max(1, width))) is not None:
            rows.append(row)
        return rows

    def _row(self, width: int) -> Row | None:
        end = self._chunk.find(b"\n", self._position)
        line = self._chunk[self._position : max(end, self._position)]
        # Two quotes for each value, those around it: none is NULL, and none holds a quote or an end of line.
        if line.count(b'"') == 2 * width and line.startswith(b'"') and line.endswith(b'"'):
            texts = line[1:-1].decode().split('","')
            if len(texts) == width:
                self._advance(end + 1)
                return tuple(texts)
        return self._row_by_values(width)

    def _row_by_values(self, width: int) -> Row | None:
        while True:
            values: list[str | None] = []
            position = self._position
            while len(values) < width and (found := _VALUE.match(self._chunk, position)):
                text = found[1]
                values.append(None if text is None else text.decode().replace('""', '"'))
                position = found.end()
            if len(values) == width:
                self._advance(position)
                return tuple(values)
            if not self._more():
                return None

    def lines(self, count: int) -> list[Row]:
        """Give the next lines of a text."""
        rows: list[Row] = []
        while len(rows) < count:
            end = self._chunk.find(b"\n", self._position)
            if end >= 0:
                rows.append((self._chunk[self._position : end].decode(),))
                self._advance(end + 1)
            elif not self._more():
                rows.append((self._chunk[self._position :].decode(),))
                self._advance(len(self._chunk) + 1)
                break
        return rows

    def _advance(self, position: int) -> None:
        self.offset += position - self._position
        self._position = position

    def _more(self) -> bool:
        if self._at_end:
            return False
        rest = self._chunk[self._position :]
        # As much again as there is of a row, which is looked at from its beginning each time.
        length = max(PAGE_IN_BYTES, len(rest))
        chunk = self._read(self.offset + len(rest), length)
        self._at_end = len(chunk) < length
        self._chunk, self._position = rest + chunk, 0
        return bool(chunk)


def shown(lines: Iterable[str], *names: str, kind: str = "string", update_count: int | None = 0) -> Result:
    """Give the result of a statement that shows text, one line a row, under the column *names*."""
    columns = tuple(ResultColumn(name, STRING, kind) for name in names)
    rows = tuple((part,) for line in lines for part in line.split("\n"))
    return Result(columns, rows, extension=TEXT, update_count=update_count)


def written(count: int, *, manifest: str = "") -> Result:
    """Give the result of a statement that has written *count* rows."""
    columns = (ResultColumn("rows", BIGINT),)
    return Result(
        columns,
        extension=NOTHING,
        update_count=count,
        data_manifest_location=manifest,
    )


def done() -> Result:
    """Give the result of a statement that shows nothing."""
    return Result(extension=TEXT)


@lru_cache(maxsize=1_000)
def _described(columns: tuple[ResultColumn, ...]) -> tuple[dict[str, Any], ...]:
    return tuple(column.info() for column in columns)


def _csv_line(values: Iterable[str | None] | Sequence[str]) -> bytes:
    return (",".join("" if value is None else '"' + value.replace('"', '""') + '"' for value in values) + "\n").encode()
