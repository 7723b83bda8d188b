"""Parquet files as they are: columns found by name, whatever the letter case, and read as the declared types."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache
from pathlib import Path

from toolkit.local.athena.errors import QueryError
from toolkit.local.athena.hive_types import HiveType, duckdb_text, quoted, trino_text
from toolkit.local.athena.session import Progress
from toolkit.local.athena.storage import S3Object


def parquet_relation(
    paths: Sequence[Path], items: Sequence[S3Object], wanted: Mapping[str, HiveType], progress: Progress
) -> tuple[str, list[str]]:
    """
    Give the relation that reads the files, and the SQL of each wanted column in it.

    Raises:
        QueryError: a file is no Parquet, or has a column whose type the declared one can't read.
    """
    names: dict[str, str] = {}
    for path, item in zip(paths, items, strict=True):
        columns, sizes = _columns(path, item.url)
        for name, physical in columns.items():
            names.setdefault(name.lower(), name)
            if name.lower() in wanted:
                _check(name, physical, wanted[name.lower()], item)
        progress.scanned(sum(size for name, size in sizes.items() if name.lower() in wanted))
    listed = ", ".join("'" + str(path).replace("'", "''") + "'" for path in paths)
    values = [
        f"CAST({quoted(names[name])} AS {duckdb_text(kind)}) AS {quoted(name)}"
        if name in names
        else f"CAST(NULL AS {duckdb_text(kind)}) AS {quoted(name)}"
        for name, kind in wanted.items()
    ]
    return f"read_parquet([{listed}], filename=true, union_by_name=true)", values


@lru_cache(maxsize=10_000)
def _columns(path: Path, url: str) -> tuple[dict[str, str], dict[str, int]]:
    """Give each top-level column's Arrow type in words, and the bytes that it takes in the file."""
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
    return {field.name: _family(field.type) for field in schema}, sizes


def _family(kind: object) -> str:
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


def _check(name: str, physical: str, declared: HiveType, item: S3Object) -> None:
    if physical not in _READABLE.get(declared.name, {"bytes"}):
        raise QueryError(
            f"HIVE_BAD_DATA: Field {name}'s type {physical.upper()} in parquet file {item.url} is incompatible with type "
            f"{trino_text(declared)} defined in table schema"
        )
