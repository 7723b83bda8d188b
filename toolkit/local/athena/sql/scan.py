"""Tables of the catalogue as relations in DuckDB: which partitions, which objects, which columns."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from toolkit.local.athena.catalog import GlueDict
from toolkit.local.athena.errors import QueryError
from toolkit.local.athena.formats import Format
from toolkit.local.athena.hive_types import HiveType, duckdb_text, hive_text, quoted
from toolkit.local.athena.readers.arrow import read_errors
from toolkit.local.athena.readers.delimited import convert_delimited, delimited_rules
from toolkit.local.athena.readers.json_at_once import convert_at_once, is_suitable
from toolkit.local.athena.readers.json_lines import convert_json_lines
from toolkit.local.athena.readers.json_values import serde_rules
from toolkit.local.athena.readers.orc import convert_orc
from toolkit.local.athena.readers.parquet import parquet_relation
from toolkit.local.athena.readers.quoted_lines import convert_csv, csv_rules
from toolkit.local.athena.readers.records import convert_avro, convert_ion
from toolkit.local.athena.readers.regex_lines import convert_regex, regex_of
from toolkit.local.athena.readers.text_lines import skipped_lines
from toolkit.local.athena.session import Session
from toolkit.local.athena.sql.layout import (
    NULL_PARTITION,
    Layout,
    Partition,
    declared_columns,
    layout_of,
    partition_kinds,
)
from toolkit.local.athena.storage import S3Object


def scan_sql(
    table: GlueDict, partitions: Sequence[Partition], used: frozenset[str], session: Session, cursor: Any, name: str
) -> str:
    """
    Give the DuckDB SQL of a table's rows in these partitions, for the columns in *used*.

    *name* begins the names of what is made on the cursor for it. Bytes read are counted in the session.
    """
    columns = declared_columns(table)
    keys = partition_kinds(table)
    groups: dict[str, _Group] = {}
    listed = session.storage.list_each([partition.location for partition in partitions])
    for partition, objects in zip(partitions, listed, strict=True):
        layout = layout_of(table, columns, partition)
        group = groups.setdefault(layout.key(), _Group(layout, []))
        group.found += [(item, partition) for item in objects if item.size_in_bytes and not _is_marker(item)]
    selects = [
        _group_sql(group, columns, keys, used, session, cursor, f"{name}g{number}")
        for number, group in enumerate(groups.values())
        if group.found
    ]
    return " UNION ALL ".join(selects) if selects else _nothing({**columns, **keys})


@dataclass(slots=True)
class _Group:
    """Objects that are read alike."""

    layout: Layout
    found: list[tuple[S3Object, Partition]]


def _is_marker(item: S3Object) -> bool:
    # Hadoop's stand-in for a folder.
    return item.key.endswith("_$folder$")


def _group_sql(
    group: _Group,
    columns: dict[str, HiveType],
    keys: dict[str, HiveType],
    used: frozenset[str],
    session: Session,
    cursor: Any,
    name: str,
) -> str:
    found, layout = group.found, group.layout
    wanted = [column for column in columns if column in used]
    paths, relation, values = _relation(layout, wanted, [item for item, _ in found], session, cursor)
    selected = [
        f"{_value(values.get(column), kind, layout, column)} AS {quoted(column)}" for column, kind in columns.items()
    ]
    if not any(key in used for key in keys) and "$path" not in used:
        return f"SELECT {', '.join([*selected, *_nulls(keys), 'NULL AS dummy__'])} FROM {relation}"
    _register(name, paths, found, keys, cursor)
    selected += [*(f"p.{quoted(key)}" for key in keys), 'p."$path"']
    return f"SELECT {', '.join(selected)} FROM {relation} AS r JOIN {quoted(name)} AS p ON r.filename = p.filename__"


def _value(value: str | None, kind: HiveType, layout: Layout, column: str) -> str:
    wanted = duckdb_text(kind)
    if value is None:
        return f"CAST(NULL AS {wanted})"
    if column not in layout.coerced:
        return value
    # A text that is no number becomes NULL on the way, as in Trino's coercions.
    return f"TRY_CAST({value} AS {wanted})" if layout.columns[column].is_text else f"CAST({value} AS {wanted})"


def _relation(
    layout: Layout, wanted: list[str], items: list[S3Object], session: Session, cursor: Any
) -> tuple[list[Path], str, dict[str, str]]:
    """Give the local copies of objects, the relation that reads them, and the SQL of each wanted column that it has."""
    storage, progress = session.storage, session.progress
    kinds = {column: layout.columns[column] for column in wanted if column in layout.columns}
    match layout.format:
        case Format.PARQUET | Format.ORC as found:
            paths = []
            for item in items:
                if found is Format.ORC:
                    by_position = layout.serde.get("orc.column.index.access", "true").lower() != "false"
                    names = list(layout.columns) if by_position else []
                    convert = convert_orc(names, item.url, by_position=by_position)
                    paths.append(storage.copy_of(item, ".parquet", f"orc\0{names}", convert))
                else:
                    paths.append(storage.copy_of(item, ".parquet"))
                progress.check()
            relation, values = parquet_relation(paths, items, kinds, progress, is_orc=found is Format.ORC)
            return paths, relation, values
        case Format.GROK | Format.OTHER:
            raise QueryError(
                f"HIVE_UNSUPPORTED_FORMAT: the local Athena does not read tables of the SerDe {layout.serde_name or '(none)'}"
            )
    paths = []
    for item in items:
        # Rows are read whole, whichever columns are asked for.
        progress.scanned(item.size_in_bytes)
        purpose, convert = _conversion(layout, item)
        path = storage.copy_of(item, ".parquet", purpose, convert, _at_once(layout, item, cursor))
        _raise_for_errors(path, item, wanted)
        paths.append(path)
    return paths, _read_parquet(paths), {column: quoted(column) for column in kinds}


def _at_once(layout: Layout, item: S3Object, cursor: Any) -> Callable[[Path, Path], bool] | None:
    """Give how an object may become a Parquet file at once, if its format can."""
    if layout.format not in (Format.OPENX_JSON, Format.HIVE_JSON):
        return None
    rules = serde_rules(layout.serde, is_openx=layout.format is Format.OPENX_JSON)
    skipped = skipped_lines(layout.parameters)

    def convert(source: Path, target: Path) -> bool:
        return is_suitable(source, item.key, skipped) and convert_at_once(
            cursor, source, target, item.key, layout.columns, rules
        )

    return convert


def _conversion(layout: Layout, item: S3Object) -> tuple[str, Callable[[bytes, Path], None]]:
    """Give how an object of rows becomes a Parquet file of the columns, and what tells this from other ways."""
    columns = layout.columns
    skipped = skipped_lines(layout.parameters)
    shape = ",".join(f"{column}:{hive_text(kind)}" for column, kind in columns.items())
    what: object
    match layout.format:
        case Format.OPENX_JSON | Format.HIVE_JSON as found:
            rules = serde_rules(layout.serde, is_openx=found is Format.OPENX_JSON)
            what, convert = rules, convert_json_lines(columns, rules, item.key, skipped)
        case Format.DELIMITED:
            delimited = delimited_rules(layout.serde)
            what, convert = delimited, convert_delimited(columns, delimited, item.key, skipped)
        case Format.CSV:
            quotes = csv_rules(layout.serde)
            what, convert = quotes, convert_csv(columns, quotes, item.key, skipped)
        case Format.REGEX:
            pattern = regex_of(layout.serde)
            what, convert = pattern, convert_regex(columns, pattern, item.key, skipped)
        case Format.AVRO:
            what = layout.serde.get("avro.schema.literal")
            convert = convert_avro(columns, layout.serde, item.url)
        case _:
            what, convert = sorted(layout.serde.items()), convert_ion(columns, layout.serde, item.key, item.url)
    return f"{layout.format.value}\0{what}\0{skipped}\0{shape}", convert


def _raise_for_errors(path: Path, item: S3Object, wanted: Sequence[str]) -> None:
    errors = read_errors(path)
    if "" in errors:
        raise QueryError(f"HIVE_CURSOR_ERROR: {errors['']} ({item.url})")
    for column in wanted:
        if column in errors:
            if errors[column].startswith("HIVE_"):
                raise QueryError(f"{errors[column]} ({item.url})")
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
