"""Parquet files as they are: columns found by name, whatever the letter case, and read as the declared types."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from toolkit.local.athena.errors import QueryError
from toolkit.local.athena.hive_types import HiveType, duckdb_text, quoted, trino_text
from toolkit.local.athena.session import Progress
from toolkit.local.athena.storage import S3Object


@dataclass(frozen=True, slots=True)
class FileColumn:
    """A top-level column of a file: its Arrow type, the name of its type in the file, and the bytes that it takes."""

    kind: Any
    physical: str
    size_in_bytes: int


def parquet_values(
    paths: Sequence[Path],
    items: Sequence[S3Object],
    kinds: Mapping[str, HiveType],
    wanted: Collection[str],
    progress: Progress,
    *,
    is_orc: bool = False,
) -> tuple[dict[str, str], bool]:
    """
    Give the SQL of each column that is in the files, and whether these have the same columns.

    Columns that are not wanted are left out where they can't be read as declared. What is read is counted: of files
    converted from ORC their columns' share of the object.

    Raises:
        QueryError: a file is no Parquet, or has a wanted column whose type the declared one can't read.
    """
    names: dict[str, str] = {}
    unreadable: set[str] = set()
    shapes = set()
    for path, item in zip(paths, items, strict=True):
        columns = _columns(path, item.url)
        shapes.add(tuple((name, column.kind) for name, column in columns.items()))
        for name, column in columns.items():
            names.setdefault(name.lower(), name)
            if name.lower() in kinds and not _is_readable(kinds[name.lower()], column.kind):
                if name.lower() in wanted:
                    raise _mismatch(name, column, kinds[name.lower()], item, is_orc=is_orc)
                unreadable.add(name.lower())
        read = sum(column.size_in_bytes for name, column in columns.items() if name.lower() in wanted)
        if is_orc:
            whole = sum(column.size_in_bytes for column in columns.values())
            read = item.size_in_bytes * read // whole if whole else 0
        progress.scanned(read)
    values = {
        name: _cast(quoted(names[name]), kind)
        for name, kind in kinds.items()
        if name in names and name not in unreadable
    }
    return values, len(shapes) < 2


def _cast(value: str, kind: HiveType) -> str:
    # Members of structs go by their names; a longer text than its type allows is cut.
    # Source: https://docs.aws.amazon.com/athena/latest/ug/data-types.html
    cast = f"CAST({value} AS {duckdb_text(kind)})"
    return f"left({cast}, {kind.arguments[0]})" if kind.name in ("varchar", "char") else cast


@lru_cache(maxsize=10_000)
def _columns(path: Path, url: str) -> dict[str, FileColumn]:
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        metadata = pq.read_metadata(path)
        schema = metadata.schema.to_arrow_schema()
    except (pa.ArrowException, OSError) as error:
        raise QueryError(f"HIVE_BAD_DATA: Not valid Parquet file: {url}") from error
    sizes = dict.fromkeys(schema.names, 0)
    for group in range(metadata.num_row_groups):
        row_group = metadata.row_group(group)
        for number in range(row_group.num_columns):
            chunk = row_group.column(number)
            sizes[chunk.path_in_schema.split(".")[0]] += chunk.total_compressed_size
    physical = {}
    for number in range(len(metadata.schema)):
        column = metadata.schema.column(number)
        top = column.path.split(".")[0]
        # As parquet-mr calls them, which Athena's messages quote.
        physical[top] = column.physical_type.replace("BYTE_ARRAY", "BINARY") if top == column.path else "GROUP"
    return {
        field.name: FileColumn(field.type, physical.get(field.name, "GROUP"), sizes[field.name]) for field in schema
    }


def _family(kind: Any) -> str:
    from pyarrow import types

    for test, family in (
        (types.is_boolean, "boolean"),
        (types.is_integer, "integer"),
        (types.is_floating, "floating"),
        (types.is_decimal, "decimal"),
        (types.is_date, "date"),
        (types.is_timestamp, "timestamp"),
        (types.is_struct, "struct"),
        (types.is_map, "map"),
        (types.is_nested, "array"),
        (types.is_time, "time"),
    ):
        if test(kind):
            return family
    return "bytes"


# The physical families that each declared type can be read from.
# Source: https://docs.aws.amazon.com/athena/latest/ug/handling-schema-updates-chapter.html
_READABLE = {
    "boolean": {"boolean"},
    "tinyint": {"integer"},
    "smallint": {"integer"},
    "int": {"integer"},
    "bigint": {"integer"},
    "float": {"floating"},
    "double": {"floating"},
    "decimal": {"decimal", "integer"},
    "date": {"date"},
    "timestamp": {"timestamp"},
    "struct": {"struct"},
    "map": {"map"},
    "array": {"array"},
}


def _is_readable(declared: HiveType, found: Any) -> bool:
    from pyarrow import types

    if types.is_null(found):
        return True
    if _family(found) not in _READABLE.get(declared.name, {"bytes"}):
        return False
    match declared.name:
        case "array":
            return _is_readable(declared.children[0], found.value_type)
        case "map":
            return _is_readable(declared.children[0], found.key_type) and _is_readable(
                declared.children[1], found.item_type
            )
        case "struct":
            members = {field.name.lower(): field.type for field in found}
            return all(
                _is_readable(child, members[name])
                for name, child in zip(declared.fields, declared.children, strict=True)
                if name in members
            )
    return True


def _mismatch(name: str, column: FileColumn, declared: HiveType, item: S3Object, *, is_orc: bool) -> QueryError:
    if is_orc:
        return QueryError(
            f"HIVE_BAD_DATA: Malformed ORC file. Cannot read SQL type '{trino_text(declared)}' from ORC stream '.{name}' of type "
            f"{str(column.kind).upper()} [{item.url}]"
        )
    return QueryError(
        f"HIVE_BAD_DATA: Field {name}'s type {column.physical} in parquet file {item.url} is incompatible with type "
        f"{trino_text(declared)} defined in table schema"
    )
