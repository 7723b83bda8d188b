"""Tables of the catalogue as relations in DuckDB: which partitions, which objects, which columns."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from toolkit.local.athena.catalog import GlueDict
from toolkit.local.athena.copies import Place
from toolkit.local.athena.errors import QueryError
from toolkit.local.athena.formats import Format
from toolkit.local.athena.hive_types import BIGINT, STRING, HiveType, duckdb_text, hive_text, quoted
from toolkit.local.athena.readers.arrow import FILE, OBJECT, Reader, read_errors, write_columns
from toolkit.local.athena.readers.delimited import delimited_reader, delimited_rules
from toolkit.local.athena.readers.json_objects import JsonReader
from toolkit.local.athena.readers.json_values import serde_rules
from toolkit.local.athena.readers.orc import convert_orc
from toolkit.local.athena.readers.parquet import parquet_values
from toolkit.local.athena.readers.quoted_lines import csv_reader, csv_rules
from toolkit.local.athena.readers.records import avro_reader, ion_reader
from toolkit.local.athena.readers.regex_lines import regex_of, regex_reader
from toolkit.local.athena.readers.text_lines import skipped_lines
from toolkit.local.athena.session import Session
from toolkit.local.athena.sql.buckets import Bucket, objects_in
from toolkit.local.athena.sql.database import literal
from toolkit.local.athena.sql.functions import ZONED
from toolkit.local.athena.sql.layout import (
    NULL_PARTITION,
    Layout,
    Partition,
    declared_columns,
    layout_of,
    partition_kinds,
)
from toolkit.local.athena.sql.natives import native_path
from toolkit.local.athena.storage import S3Object, Storage

# Writes the columns of some objects to a file.
Convert = Callable[[Sequence[S3Object], Path], None]

# Of how copies are written: those of another one are made again.
_VERSION = 2

# Columns beside "$path" that tell of the file of a row; source: io.trino.plugin.hive.HiveColumnHandle of Trino 435
FILE_FACTS = {"$file_size": BIGINT, "$file_modified_time": ZONED}


def scan_sql(
    table: GlueDict,
    partitions: Sequence[Partition],
    used: frozenset[str],
    session: Session,
    cursor: Any,
    name: str,
    bucket: Bucket | None = None,
) -> str:
    """
    Give the DuckDB SQL of a table's rows in these partitions, of one bucket if only that is wanted, for the columns in *used*.

    *name* begins the names of what is made on the cursor for it. Bytes read are counted in the session.
    """
    columns = declared_columns(table)
    keys = partition_kinds(table)
    groups: dict[str, _Group] = {}
    locations = [partition.location for partition in partitions]
    listed = list(session.storage.list_each(locations))
    session.footprint.found.append((locations, listed))
    for partition, objects in zip(partitions, listed, strict=True):
        layout = layout_of(table, columns, partition)
        group = groups.setdefault(layout.key(), _Group(layout, []))
        items = [item for item in objects if not _is_marker(item)]
        wanted = items if bucket is None else objects_in(bucket, items)
        group.found += [(item, partition) for item in wanted if item.size_in_bytes]
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
    layout = group.layout
    wanted = [column for column in columns if column in used]
    relation = _relation(layout, wanted, [item for item, _ in group.found], session, cursor)
    session.footprint.copies.update(place.path for place in relation.places)
    selected = [
        f"{_value(relation.values.get(column), kind, layout, column)} AS {quoted(column)}"
        for column, kind in columns.items()
        if column in used
    ]
    wanted_keys = [key for key in keys if key in used]
    facts = [each for each in FILE_FACTS if each in used]
    if "$path" not in used and not facts and not wanted_keys and relation.is_whole:
        return f"SELECT {', '.join([*selected, 'NULL AS dummy__'])} FROM {relation.text}"
    _register(name, relation, group.found, keys, facts, cursor)
    session.footprint.has_relations = True
    selected += [f"p.{quoted(each)}" for each in (*wanted_keys, "$path", *facts)]
    same = f"r.{quoted(FILE)} = p.file__"
    if relation.has_numbers:
        same += f" AND r.{quoted(OBJECT)} = p.number__"
    return f"SELECT {', '.join(selected)} FROM {relation.text} AS r JOIN {quoted(name)} AS p ON {same}"


@dataclass(frozen=True, slots=True)
class _Relation:
    """
    A relation that reads local copies, where the rows of each object are, and the SQL of each wanted column it has.

    It is whole if all its rows are wanted; only if it has numbers do objects share files.
    """

    text: str
    places: Sequence[Place]
    values: Mapping[str, str]
    is_whole: bool = True
    has_numbers: bool = False


def _value(value: str | None, kind: HiveType, layout: Layout, column: str) -> str:
    wanted = duckdb_text(kind)
    if value is None:
        return f"CAST(NULL AS {wanted})"
    if column not in layout.coerced:
        return value
    # A text that is no number becomes NULL on the way, as in Trino's coercions.
    return f"TRY_CAST({value} AS {wanted})" if layout.columns[column].is_text else f"CAST({value} AS {wanted})"


def _relation(layout: Layout, wanted: list[str], items: list[S3Object], session: Session, cursor: Any) -> _Relation:
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
            values, are_alike = parquet_values(
                paths, items, layout.columns, kinds, progress, is_orc=found is Format.ORC
            )
            places = [Place(path) for path in paths]
            declared = ", ".join(f"{value} AS {quoted(column)}" for column, value in values.items())
            if are_alike and declared and (rows := _native_rows(paths, declared, session)):
                return _Relation(rows, places, {column: quoted(column) for column in values})
            return _Relation(_parquet_rows(paths, are_alike=are_alike), places, values)
        case Format.GROK | Format.OTHER:
            raise QueryError(
                f"HIVE_UNSUPPORTED_FORMAT: the local Athena does not read tables of the SerDe {layout.serde_name or '(none)'}"
            )
    for item in items:
        # Rows are read whole, whichever columns are asked for.
        progress.scanned(item.size_in_bytes)
    purpose, convert_rows = _conversion(layout, session, cursor)
    found_at = storage.columns_of(items, purpose, convert_rows, progress.check)
    for item, place in zip(items, found_at, strict=True):
        if messages := read_errors(place.path).get(place.number):
            _raise_for(messages, item, wanted)
    members = {place.path: place.members for place in found_at}
    different = len(set(found_at))
    return _Relation(
        _native_rows(list(members), "*", session) or _parquet_rows(list(members)),
        found_at,
        {column: quoted(column) for column in kinds},
        is_whole=different == len(found_at) == sum(members.values()),
        has_numbers=True,
    )


def _conversion(layout: Layout, session: Session, cursor: Any) -> tuple[str, Convert]:
    """Give how objects of rows become a Parquet file of the columns, and what tells this from other ways."""
    columns = layout.columns
    skipped = skipped_lines(layout.parameters)
    shape = ",".join(f"{column}:{hive_text(kind)}" for column, kind in columns.items())
    storage, check = session.storage, session.progress.check
    what: object
    convert: Convert
    match layout.format:
        case Format.OPENX_JSON | Format.HIVE_JSON as found:
            rules = serde_rules(layout.serde, is_openx=found is Format.OPENX_JSON)
            what = (rules, layout.holds_records)
            convert = JsonReader(storage, cursor, columns, rules, skipped, check, layout.holds_records).convert
        case Format.DELIMITED:
            what = delimited = delimited_rules(layout.serde)
            convert = _each(storage, columns, delimited_reader(columns, delimited, skipped), check)
        case Format.CSV:
            what = quotes = csv_rules(layout.serde)
            convert = _each(storage, columns, csv_reader(columns, quotes, skipped), check)
        case Format.REGEX:
            what = pattern = regex_of(layout.serde)
            convert = _each(storage, columns, regex_reader(columns, pattern, skipped), check)
        case Format.AVRO:
            what = layout.serde.get("avro.schema.literal")
            convert = _each(storage, columns, avro_reader(columns, layout.serde), check)
        case _:
            what = sorted(layout.serde.items())
            convert = _each(storage, columns, ion_reader(columns, layout.serde), check)
    return f"{_VERSION}\0{layout.format.value}\0{what}\0{skipped}\0{shape}", convert


def _each(
    storage: Storage, columns: dict[str, HiveType], read: Reader, check: Callable[[], None]
) -> Callable[[Sequence[S3Object], Path], None]:
    def convert(items: Sequence[S3Object], path: Path) -> None:
        errors: dict[int, dict[str, str]] = {}

        def tables() -> Iterator[tuple[Any, int]]:
            for number, item in enumerate(items):
                check()
                for table in read(storage.read(item), item, errors.setdefault(number, {})):
                    yield table, number

        write_columns(path, columns, tables(), errors)

    return convert


def _raise_for(errors: Mapping[str, str], item: S3Object, wanted: Sequence[str]) -> None:
    if "" in errors:
        raise QueryError(f"HIVE_CURSOR_ERROR: {errors['']} ({item.url})")
    for column in wanted:
        if column in errors:
            if errors[column].startswith("HIVE_"):
                raise QueryError(f"{errors[column]} ({item.url})")
            raise QueryError(f"HIVE_BAD_DATA: Error parsing column '{column}': {errors[column]} ({item.url})")


def _native_rows(paths: Sequence[Path], columns: str, session: Session) -> str:
    """Give the relation of the rows of Parquet copies from their native copies, empty if not all have one."""
    footprint = session.footprint
    tables = session.natives.tables(paths, columns)
    if tables is None:
        footprint.read_as_parquet.append((paths, columns))
        return ""
    footprint.copies.update(native_path(path, columns) for path in paths)
    # Where no column is wanted DuckDB reads the first one of a union, so that is the constant.
    each = (f"SELECT {literal(str(path))} AS {quoted(FILE)}, * FROM {tables[path]}" for path in paths)
    return f"({' UNION ALL '.join(each)})"


def _parquet_rows(paths: Sequence[Path], *, are_alike: bool = True) -> str:
    # To find out the union DuckDB opens every file before it begins.
    union = "" if are_alike else ", union_by_name=true"
    return f"read_parquet([{', '.join(literal(str(path)) for path in paths)}], filename='{FILE}'{union})"


def _register(
    name: str,
    relation: _Relation,
    found: list[tuple[S3Object, Partition]],
    keys: dict[str, HiveType],
    facts: Sequence[str],
    cursor: Any,
) -> None:
    import pyarrow as pa

    data: dict[str, Any] = {
        "file__": pa.array([str(place.path) for place in relation.places], pa.string()),
        "number__": pa.array([place.number for place in relation.places], pa.int32()),
        "$path": pa.array([item.url for item, _ in found], pa.string()),
    }
    if facts:
        data["$file_size"] = pa.array([item.size_in_bytes for item, _ in found], pa.int64())
        moments = pa.array([item.last_modified for item, _ in found], pa.timestamp("us", "UTC"))
        data["$file_modified_time"] = moments.cast(pa.timestamp("ms", "UTC"), safe=False)
    for number, key in enumerate(keys):
        texts = [partition.values[number] for _, partition in found]
        data[key] = pa.array([None if text == NULL_PARTITION else text for text in texts], pa.string())
    cursor.register(f"{name}_given", pa.table(data))
    typed = ", ".join(
        [
            "file__",
            "number__",
            *map(quoted, ("$path", *facts)),
            *(partition_value(quoted(key), kind) for key, kind in keys.items()),
        ]
    )
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
    return f"SELECT {', '.join(_nulls({**columns, '$path': STRING, **FILE_FACTS}))} WHERE false"


def _nulls(columns: dict[str, HiveType]) -> list[str]:
    return [f"CAST(NULL AS {duckdb_text(kind)}) AS {quoted(name)}" for name, kind in columns.items()]
