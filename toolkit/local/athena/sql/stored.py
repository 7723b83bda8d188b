"""The types of what a query writes: Hive's tables and files hold fewer than Trino's queries have."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from toolkit.local.athena.errors import QueryError
from toolkit.local.athena.hive_types import (
    GEOMETRIES,
    MAXIMUM_CHAR,
    MAXIMUM_VARCHAR,
    RESULT_ONLY,
    SKETCHES,
    HiveType,
    from_duckdb,
    hive_text,
    time_precision,
    trino_text,
)
from toolkit.local.athena.sql.analysis import Field
from toolkit.local.athena.sql.planner import Planner

_NOT_IN_HIVE = RESULT_ONLY | SKETCHES | GEOMETRIES | {"bingtile"}

_NAMED = re.compile(r"\bfield0\b", re.IGNORECASE)

# The precision of Hive's timestamps, which neither a query nor a work group sets.
_HIVE_DIGITS = 3


def kinds_of(planner: Planner, text: str, fields: Sequence[Field]) -> dict[str, HiveType]:
    """Give the type of each column of a planned query."""
    found = planner.cursor.sql(text).types
    return {
        field.name: field.kind
        if field.kind is not None and "unknown" not in hive_text(field.kind)
        else from_duckdb(seen)
        for field, seen in zip(fields, found, strict=True)
    }


def check_names(fields: Sequence[Field]) -> None:
    """
    Check that each column of a table or view has a name and a type of its own.

    Raises:
        QueryError: a column has none, or the name of another.
    """
    for number, each in enumerate(fields, 1):
        if each.name == f"_col{number - 1}":
            raise QueryError(f"MISSING_COLUMN_NAME: line 1:1: Column name not specified at position {number}")
    check_distinct(fields)
    for each in fields:
        if each.kind is not None and each.kind.name == "unknown":
            raise QueryError(f"COLUMN_TYPE_UNKNOWN: line 1:1: Column type is unknown: {each.name}")


def check_distinct(fields: Sequence[Field]) -> None:
    """
    Check that no two columns have one name.

    Raises:
        QueryError: two have.
    """
    seen: set[str] = set()
    for each in fields:
        if each.name in seen:
            raise QueryError(f"DUPLICATE_COLUMN_NAME: line 1:1: Column name '{each.name}' specified more than once")
        seen.add(each.name)


def check_partition_keys(keys: Sequence[str], fields: Sequence[Field]) -> None:
    """
    Check that the partition keys are the last columns, and not all of them.

    Source: Trino's ``HiveMetadata.validatePartitionColumns``.

    Raises:
        QueryError: a key is no column, there is no other column, or they stand elsewhere.
    """
    names = [field.name for field in fields]
    if missing := [key for key in keys if key not in names]:
        raise QueryError(f"INVALID_TABLE_PROPERTY: Partition columns [{', '.join(missing)}] not present in schema")
    if len(keys) == len(names):
        raise QueryError("INVALID_TABLE_PROPERTY: Table contains only partition columns")
    if keys and names[-len(keys) :] != list(keys):
        raise QueryError(
            "HIVE_COLUMN_ORDER_MISMATCH: Partition keys must be the last columns in the table and in the same order as the "
            f"table properties: [{', '.join(keys)}]"
        )


def check_hive_columns(kinds: Mapping[str, HiveType], sql: str) -> None:
    """
    Check that Hive's tables and files hold each of these columns.

    Source: Trino's ``verifyHiveColumnName`` and ``HiveMetadata.validateTimestampColumns``; Athena leaves the precision of
    Hive's timestamps at milliseconds.

    Raises:
        QueryError: one has a name or a type that Hive lacks, or a timestamp of another precision, which has to be cast.
    """
    for name in kinds:
        _check_name(name)
    for name, kind in kinds.items():
        _check_precision(name, kind)
    check_types(kinds, sql)


def check_types(kinds: Mapping[str, HiveType], sql: str) -> None:
    """
    Check that the catalogue has words for the types of these columns: it has Hive's, for Iceberg's tables too.

    Source: Trino's ``HiveTypeTranslator``.

    Raises:
        QueryError: one has a type that Hive lacks; it has to be cast.
    """
    for kind in kinds.values():
        _check_type(kind, sql)


def check_view(kinds: Mapping[str, HiveType], sql: str) -> None:
    """
    Check that the catalogue has words for the types of a view's columns.

    Source: https://github.com/Tomme/dbt-athena/issues/115

    Raises:
        QueryError: one has a type that Hive lacks; the view has to cast it.
    """
    for name, kind in kinds.items():
        try:
            _check_type(kind, sql)
        except QueryError as error:
            reason = str(error).removeprefix("NOT_SUPPORTED: ")
            raise QueryError(f"NOT_SUPPORTED: Invalid column type for column {name}: {reason}") from error


def _check_name(name: str) -> None:
    for is_found, problem in (
        (name.startswith(" "), "start with a space"),
        (name.endswith(" "), "end with a space"),
        ("," in name, "contain commas"),
    ):
        if is_found:
            raise QueryError(f"NOT_SUPPORTED: Hive column names must not {problem}: '{name}'")


def _check_precision(name: str, kind: HiveType) -> None:
    if kind.name == "timestamp" and time_precision(kind) != _HIVE_DIGITS:
        raise QueryError(
            f"NOT_SUPPORTED: Incorrect timestamp precision for {trino_text(kind)}; the configured precision is MILLISECONDS; "
            f"column name: {name}"
        )
    for each in kind.children:
        _check_precision(name, each)


def _check_type(kind: HiveType, sql: str) -> None:
    text = trino_text(kind)
    if kind.name in _NOT_IN_HIVE:
        raise QueryError(f"NOT_SUPPORTED: Unsupported Hive type: {text}")
    if kind.name == "varchar" and kind.arguments and kind.arguments[0] > MAXIMUM_VARCHAR:
        supported = f"Supported VARCHAR types: VARCHAR(<={MAXIMUM_VARCHAR}), VARCHAR."
        raise QueryError(f"NOT_SUPPORTED: Unsupported Hive type: {text}. {supported}")
    if kind.name == "char" and kind.arguments and kind.arguments[0] > MAXIMUM_CHAR:
        supported = f"Supported CHAR types: CHAR(<={MAXIMUM_CHAR})."
        raise QueryError(f"NOT_SUPPORTED: Unsupported Hive type: {text}. {supported}")
    is_anonymous = kind.fields == tuple(f"field{number}" for number in range(len(kind.fields)))
    # A query may give the names by which fields without one are known here.
    if kind.name == "struct" and is_anonymous and not _NAMED.search(sql):
        raise QueryError(
            f"NOT_SUPPORTED: Anonymous row type is not supported in Hive. Please give each field a name: {text}"
        )
    for each in kind.children:
        _check_type(each, sql)
