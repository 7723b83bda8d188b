"""What a query leaves: its rows as Athena's text, and the object in the output location."""

from __future__ import annotations

import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from toolkit.local.athena.hive_types import BIGINT, STRING, HiveType

# DDL and utility statements leave a text object, queries a CSV.
TEXT, CSV, NOTHING = "txt", "csv", ""

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
            "CaseSensitive": not self.shown_as and (kind.is_text or kind.name == "json"),
        }


Row = tuple[str | None, ...]


@dataclass(frozen=True, slots=True)
class Result:
    """
    The outcome of a query.

    ``table`` is an Arrow table of text columns; ``rows`` stand in its place where a statement shows text of its own.
    A query that writes leaves no object; ``output_folder`` is where below the output location it would have.
    """

    columns: tuple[ResultColumn, ...] = ()
    rows: tuple[Row, ...] = ()
    table: Any = None
    extension: str = CSV
    update_count: int | None = None
    substatement_type: str = ""
    data_manifest_location: str = ""
    output_folder: str = ""

    @property
    def has_header(self) -> bool:
        """Whether the names of the columns are the first row, as they are of queries alone."""
        return self.extension == CSV

    @property
    def row_count(self) -> int:
        """The number of rows, without the header."""
        return len(self.rows) if self.table is None else int(self.table.num_rows)

    def page(self, start: int, count: int) -> list[Row]:
        """Give some rows, the header counted as row 0 where there is one."""
        rows: list[Row] = []
        if self.has_header:
            if start == 0 and count > 0:
                rows.append(tuple(column.name for column in self.columns))
                count -= 1
            start = max(start - 1, 0)
        if self.table is None:
            rows += self.rows[start : start + count]
        elif count > 0:
            columns = [column.to_pylist() for column in self.table.slice(start, count).columns]
            rows += zip(*columns, strict=True)
        return rows

    def content(self) -> bytes:
        """Give the bytes of the result object: every value of a CSV in quotes, NULL as nothing at all."""
        if self.extension == TEXT:
            return "".join("\t".join(value or "" for value in row) + "\n" for row in self.rows).encode()
        buffer = io.BytesIO()
        buffer.write(_csv_line(column.name for column in self.columns))
        if self.table is not None and self.table.num_rows and self.table.num_columns:
            import pyarrow.csv

            options = pyarrow.csv.WriteOptions(include_header=False, quoting_style="all_valid")
            pyarrow.csv.write_csv(self.table, buffer, options)
        for row in self.rows:
            buffer.write(_csv_line(row))
        return buffer.getvalue()


def shown(lines: Iterable[str], *names: str, extension: str = TEXT) -> Result:
    """Give the result of a statement that shows text, one line a row, under the column *names*."""
    columns = tuple(ResultColumn(name, STRING, "string") for name in names)
    return Result(columns, tuple((line,) for line in lines), extension=extension)


def written(count: int, kind: str, *, manifest: str = "", folder: str = "") -> Result:
    """Give the result of a statement that has written *count* rows."""
    columns = (ResultColumn("rows", BIGINT),)
    return Result(
        columns,
        extension=NOTHING,
        update_count=count,
        substatement_type=kind,
        data_manifest_location=manifest,
        output_folder=folder,
    )


def done() -> Result:
    """Give the result of a statement that shows nothing."""
    return Result(extension=TEXT)


def _csv_line(values: Iterable[str | None] | Sequence[str]) -> bytes:
    return (",".join("" if value is None else '"' + value.replace('"', '""') + '"' for value in values) + "\n").encode()
