"""
Hive's buckets: the values of some columns decide in which file of how many a row lies, so that a query which names them
reads one file.

Source: https://docs.aws.amazon.com/athena/latest/ug/ctas-bucketing-guide.html and
https://github.com/trinodb/trino/blob/435/plugin/trino-hive/src/main/java/io/trino/plugin/hive/util/HiveBucketing.java
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from toolkit.local.athena.catalog import GlueDict
from toolkit.local.athena.errors import QueryError
from toolkit.local.athena.hive_types import HiveType, duckdb_text, quoted
from toolkit.local.athena.storage import S3Object

# The column that holds the bucket of a row that is being written.
BUCKET = "bucket__"

# A bucket's number in the name of its file: as Presto wrote it, as Hive does, and as Hive does in one of its tables.
_NAMES = (
    re.compile(r"\d{8}_\d{6}_\d{5}_[a-z0-9]{5}_bucket-(\d+)(?:[-_.].*)?"),
    re.compile(r"(\d+)_\d+.*"),
    re.compile(r"bucket_(\d+)(_\d+)?"),
)

# Hive's hash of a value, by its type.
_HASHES = {
    "boolean": "CAST({0} AS BIGINT)",
    "tinyint": "CAST({0} AS BIGINT)",
    "smallint": "CAST({0} AS BIGINT)",
    "int": "CAST({0} AS BIGINT)",
    "bigint": "xor({0} >> 32, {0})",
    "date": "({0} - DATE '1970-01-01')",
    "string": "trino.hive_hash({0})",
    "varchar": "trino.hive_hash({0})",
}


@dataclass(frozen=True, slots=True)
class Bucket:
    """One bucket of how many."""

    number: int
    count: int


@dataclass(frozen=True, slots=True)
class Buckets:
    """The columns whose values decide in which file of how many a row lies."""

    columns: tuple[str, ...]
    count: int

    def check(self, kinds: Mapping[str, HiveType], keys: Sequence[str]) -> None:
        """
        Check that the columns are those of a table, and no partition keys.

        Raises:
            QueryError: one is not.
        """
        for column in self.columns:
            if column not in kinds or column in keys:
                raise QueryError(f"INVALID_TABLE_PROPERTY: Bucketing column '{column}' is not a column of the table")

    def is_hives(self, kinds: Mapping[str, HiveType]) -> bool:
        """Tell whether Hive's hash of all columns is known here; rows are spread by DuckDB's where it is not."""
        return all(column in kinds and kinds[column].name in _HASHES for column in self.columns)

    def number(self, kinds: Mapping[str, HiveType], values: Mapping[str, str] | None = None) -> str:
        """Give the DuckDB SQL of a row's bucket, from its columns or from the SQL of their *values*."""
        given = values or {column: quoted(column) for column in self.columns}
        if not self.is_hives(kinds):
            return f"hash({', '.join(given[column] for column in self.columns)}) % {self.count}"
        total = "0"
        for column in self.columns:
            kind = kinds[column]
            hashed = _HASHES[kind.name].format(f"TRY_CAST({given[column]} AS {duckdb_text(kind)})")
            total = f"((31 * {total} + coalesce({hashed}, 0)) & 4294967295)"
        return f"({total} & 2147483647) % {self.count}"

    def parts(self, relation: Any) -> Iterator[tuple[int, Any]]:
        """Give the relation of each bucket with its number, from one of rows that hold theirs."""
        for number in range(self.count):
            yield number, relation.filter(f"{BUCKET} = {number}").project(f"* EXCLUDE ({BUCKET})")


def buckets_of(table: GlueDict) -> Buckets | None:
    """Give the buckets that a table declares, if they are Hive's of the first version; Spark's are others."""
    descriptor, parameters = table["StorageDescriptor"], table.get("Parameters") or {}
    columns = tuple(column.lower() for column in descriptor.get("BucketColumns") or ())
    is_first = parameters.get("bucketing_version", "1") == "1" and parameters.get("bucketing_format", "hive") == "hive"
    return Buckets(columns, descriptor["NumberOfBuckets"]) if columns and is_first else None


def objects_in(bucket: Bucket, objects: Sequence[S3Object]) -> Sequence[S3Object]:
    """
    Give the objects of a folder that hold the rows of a bucket: all of them, where their names do not tell.

    Where names hold no numbers, as many objects as buckets are taken in the order of their names, as Trino does.
    """
    numbers = [_number_in(each.key.rpartition("/")[2]) for each in objects]
    if len(objects) == bucket.count and all(number is None for number in numbers):
        return [sorted(objects, key=lambda each: each.key)[bucket.number]]
    if any(number is None or number >= bucket.count for number in numbers):
        return objects
    return [each for each, number in zip(objects, numbers, strict=True) if number == bucket.number]


def _number_in(name: str) -> int | None:
    return next((int(found[1]) for found in (pattern.fullmatch(name) for pattern in _NAMES) if found), None)
