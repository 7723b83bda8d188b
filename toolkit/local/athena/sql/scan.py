"""Tables of the catalogue as relations in DuckDB: which partitions, which objects, which columns."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from toolkit.local.athena.catalog import GlueDict, columns_of, partition_keys_of
from toolkit.local.athena.errors import QueryError
from toolkit.local.athena.formats import Format, format_of, serde_name, serde_properties
from toolkit.local.athena.hive_types import HiveType, TypeSyntaxError, duckdb_text, hive_text, parse_type, quoted
from toolkit.local.athena.readers.arrow import read_errors
from toolkit.local.athena.readers.json_lines import convert_json_lines
from toolkit.local.athena.readers.json_values import serde_rules
from toolkit.local.athena.readers.parquet import parquet_relation
from toolkit.local.athena.session import Session
from toolkit.local.athena.storage import S3Object, as_folder

# What Hive writes for NULL in the name of a partition's folder.
NULL_PARTITION = "__HIVE_DEFAULT_PARTITION__"


@dataclass(frozen=True, slots=True)
class Partition:
    """Some objects of a table, and the values of the partition keys that they share."""

    values: tuple[str, ...]
    location: str


def declared_columns(table: GlueDict) -> dict[str, HiveType]:
    """
    Give a table's columns, without partition keys, and their types.

    Raises:
        QueryError: the catalogue holds a type that is none.
    """
    return {column["Name"].lower(): _declared(table, column) for column in columns_of(table)}


def partition_kinds(table: GlueDict) -> dict[str, HiveType]:
    """Give a table's partition keys and their types."""
    return {key["Name"].lower(): _declared(table, key) for key in partition_keys_of(table)}


def scan_sql(
    table: GlueDict, partitions: Sequence[Partition], used: frozenset[str], session: Session, cursor: Any, name: str
) -> str:
    """
    Give the DuckDB SQL of a table's rows in these partitions, for the columns in *used*.

    *name* begins the names of what is made on the cursor for it. Bytes read are counted in the session.
    """
    columns = declared_columns(table)
    keys = partition_kinds(table)
    wanted = {column: kind for column, kind in columns.items() if column in used}
    found = [
        (item, partition)
        for partition in partitions
        for item in session.storage.list(as_folder(partition.location))
        if item.size_in_bytes
    ]
    if not found:
        return _nothing({**columns, **keys})
    paths, relation, values = _relation(table, columns, wanted, [item for item, _ in found], session, cursor)
    hidden = [key for key in keys if key in used]
    if not hidden and "$path" not in used:
        absent = {column: kind for column, kind in {**columns, **keys}.items() if column not in wanted}
        return f"SELECT {', '.join([*values, *_nulls(absent), 'NULL AS dummy__'])} FROM {relation}"
    places = f"{name}p"
    _register(places, paths, found, keys, cursor)
    selected = [*values, *(f"p.{quoted(key)}" for key in keys), 'p."$path"']
    absent = {column: kind for column, kind in columns.items() if column not in wanted}
    return (
        f"SELECT {', '.join([*selected, *_nulls(absent)])} FROM {relation} AS r JOIN {quoted(places)} AS p "
        "ON r.filename = p.filename__"
    )


def _relation(
    table: GlueDict,
    columns: dict[str, HiveType],
    wanted: dict[str, HiveType],
    items: list[S3Object],
    session: Session,
    cursor: Any,
) -> tuple[list[Path], str, list[str]]:
    descriptor = table["StorageDescriptor"]
    match format_of(descriptor):
        case Format.OPENX_JSON | Format.HIVE_JSON as found:
            paths = _json_copies(table, columns, wanted, items, session, is_openx=found is Format.OPENX_JSON)
            return paths, _read_parquet(paths), [quoted(column) for column in wanted]
        case Format.PARQUET:
            paths = []
            for item in items:
                paths.append(session.storage.copy_of(item, ".parquet"))
                session.progress.check()
            relation, values = parquet_relation(paths, items, wanted, session.progress)
            return paths, relation, values
    raise QueryError(
        f"HIVE_UNSUPPORTED_FORMAT: the local Athena does not read tables of the SerDe {serde_name(descriptor) or '(none)'} yet"
    )


def _json_copies(
    table: GlueDict,
    columns: dict[str, HiveType],
    wanted: dict[str, HiveType],
    items: list[S3Object],
    session: Session,
    *,
    is_openx: bool,
) -> list[Path]:
    rules = serde_rules(serde_properties(table["StorageDescriptor"]), is_openx=is_openx)
    shape = ",".join(f"{column}:{hive_text(kind)}" for column, kind in columns.items())
    purpose = f"json\0{rules}\0{shape}"
    paths = []
    for item in items:
        # JSON is read whole, whichever columns are asked for.
        session.progress.scanned(item.size_in_bytes)
        path = session.storage.copy_of(item, ".parquet", purpose, convert_json_lines(columns, rules, item.key))
        _raise_for_errors(path, item, wanted)
        paths.append(path)
    return paths


def _raise_for_errors(path: Path, item: S3Object, wanted: dict[str, HiveType]) -> None:
    errors = read_errors(path)
    if "" in errors:
        raise QueryError(f"HIVE_CURSOR_ERROR: {errors['']} ({item.url})")
    for column in wanted:
        if column in errors:
            raise QueryError(f"HIVE_BAD_DATA: Error parsing column '{column}': {errors[column]} ({item.url})")


def _read_parquet(paths: Sequence[Path]) -> str:
    listed = ", ".join("'" + str(path).replace("'", "''") + "'" for path in paths)
    return f"read_parquet([{listed}], filename=true)"


def _register(
    name: str, paths: list[Path], found: list[tuple[S3Object, Partition]], keys: dict[str, HiveType], cursor: Any
) -> None:
    import pyarrow as pa

    data: dict[str, Any] = {
        "filename__": pa.array([str(path) for path in paths], pa.string()),
        "$path": pa.array([item.url for item, _ in found], pa.string()),
    }
    for number, key in enumerate(keys):
        texts = [partition.values[number] for _, partition in found]
        data[key] = pa.array([None if text == NULL_PARTITION else text for text in texts], pa.string())
    cursor.register(f"{name}_given", pa.table(data))
    typed = ", ".join(["filename__", '"$path"', *(partition_value(quoted(key), kind) for key, kind in keys.items())])
    cursor.execute(f"CREATE TEMP TABLE {quoted(name)} AS SELECT {typed} FROM {quoted(name + '_given')}").fetchall()
    cursor.unregister(f"{name}_given")


def partition_rows(name: str, keys: dict[str, HiveType], values: Sequence[tuple[str, ...]], cursor: Any) -> None:
    """Make the relation of a table's partitions, one row each, as its ``$partitions`` shows them."""
    import pyarrow as pa

    data = {
        key: pa.array([None if each[number] == NULL_PARTITION else each[number] for each in values], pa.string())
        for number, key in enumerate(keys)
    }
    cursor.register(f"{name}_given", pa.table(data))
    typed = ", ".join(partition_value(quoted(key), kind) for key, kind in keys.items())
    cursor.execute(
        f'CREATE TEMP TABLE {quoted(name)} AS SELECT {typed}, CAST(NULL AS VARCHAR) AS "$path" FROM {quoted(name + "_given")}'
    ).fetchall()
    cursor.unregister(f"{name}_given")


def partition_value(column: str, kind: HiveType) -> str:
    """Give the SQL that reads a partition's text as the type of its key."""
    if kind.is_text:
        return column
    return f"CAST({column} AS {duckdb_text(kind)}) AS {column}"


def _nothing(columns: dict[str, HiveType]) -> str:
    return f"SELECT {', '.join([*_nulls(columns), 'CAST(NULL AS VARCHAR) AS ' + quoted('$path')])} WHERE false"


def _nulls(columns: dict[str, HiveType]) -> list[str]:
    return [f"CAST(NULL AS {duckdb_text(kind)}) AS {quoted(name)}" for name, kind in columns.items()]


def _declared(table: GlueDict, column: dict[str, Any]) -> HiveType:
    try:
        return parse_type(column.get("Type") or "string")
    except TypeSyntaxError as error:
        raise QueryError(f"HIVE_INVALID_METADATA: column {column['Name']} of table {table['Name']}: {error}") from error
