"""
The rows of a snapshot, as a relation in DuckDB.

Columns are found in data files by their field ids, at every depth, so that a renamed column keeps its values and a new
one of an old name does not inherit any. Files of one shape are read together.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from toolkit.local.athena.errors import QueryError
from toolkit.local.athena.hive_types import HiveType, duckdb_text, quoted
from toolkit.local.athena.iceberg.files import immutable
from toolkit.local.athena.iceberg.kinds import hive_type
from toolkit.local.athena.session import Session

FIELD_ID = b"PARQUET:field_id"

# The number of a row in its file, which statements that change rows ask for.
POSITION = "$row_position"


def columns_of_schema(schema: Any) -> dict[str, HiveType]:
    """Give the columns of an Iceberg schema as queries see them."""
    return {field.name.lower(): hive_type(field.field_type) for field in schema.fields}


def snapshot_schema(table: Any, snapshot_id: int | None) -> Any:
    """Give the schema that a snapshot was written with; that of the table as it is now for None."""
    snapshot = table.metadata.snapshot_by_id(snapshot_id) if snapshot_id is not None else None
    if snapshot is None or snapshot.schema_id is None:
        return table.schema()
    return table.schemas()[snapshot.schema_id]


def snapshot_sql(
    table: Any,
    snapshot_id: int | None,
    used: frozenset[str],
    row_filter: Any,
    session: Session,
    cursor: Any,
    name: str,
    *,
    only: frozenset[str] | None = None,
) -> str:
    """
    Give the DuckDB SQL of the rows of a snapshot, for the columns in *used*; other columns are NULL.

    Files that *row_filter* rules out are left out, and those whose location is not in *only* where it is given. *name*
    begins the names of what is made on the cursor.

    Raises:
        QueryError: a data file can't be read here.
    """
    schema = snapshot_schema(table, snapshot_id)
    nulls = {
        column: f"CAST(NULL AS {duckdb_text(kind)}) AS {quoted(column)}"
        for column, kind in columns_of_schema(schema).items()
    }
    wanted = {field.name.lower(): field for field in schema.fields if field.name.lower() in used}
    shapes: dict[tuple[str, ...], list[tuple[Path, str]]] = defaultdict(list)
    deleted: list[tuple[str, Any]] = []
    for task in planned_tasks(table, snapshot_id, row_filter):
        if only is None or task.file.file_path in only:
            path = _copied(task.file, wanted, session)
            shapes[_values(path, table, wanted)].append((path, task.file.file_path))
            deleted += [(str(path), positions) for positions in _deleted_positions(table, task)]
    if not shapes:
        hidden = ['CAST(NULL AS VARCHAR) AS "$path"', f"CAST(NULL AS BIGINT) AS {quoted(POSITION)}"]
        return f"SELECT {', '.join([*nulls.values(), *hidden])} WHERE false"
    absent = [null for column, null in nulls.items() if column not in wanted]
    needs_place = bool(deleted) or "$path" in used or POSITION in used
    places, without = "", ""
    if needs_place:
        places = f"{name}p"
        _register_places(places, [each for files in shapes.values() for each in files], cursor)
    if deleted:
        without = (
            f" WHERE NOT EXISTS (FROM {quoted(name + 'd')} AS d "
            "WHERE d.filename__ = r.filename AND d.position__ = r.file_row_number)"
        )
        _register_deleted(f"{name}d", deleted, cursor)
    selects = []
    for values, files in shapes.items():
        listed = ", ".join("'" + str(path).replace("'", "''") + "'" for path, _ in files)
        if not needs_place:
            selects.append(f"SELECT {', '.join([*values, *absent, 'NULL AS dummy__'])} FROM read_parquet([{listed}])")
            continue
        hidden = ['p."$path"', f"r.file_row_number AS {quoted(POSITION)}"]
        selects.append(
            f"SELECT {', '.join([*values, *absent, *hidden])} "
            f"FROM read_parquet([{listed}], filename=true, file_row_number=true) AS r "
            f"JOIN {quoted(places)} AS p ON r.filename = p.filename__{without}"
        )
    return " UNION ALL ".join(selects)


def _copied(file: Any, wanted: Mapping[str, Any], session: Session) -> Path:
    """Give the local copy of a data file, of which the columns in *wanted* are read."""
    if str(file.file_format).rpartition(".")[2].upper() != "PARQUET":
        raise QueryError(f"NOT_SUPPORTED: the local Athena reads Iceberg data files of Parquet alone: {file.file_path}")
    session.progress.scanned(_bytes_read(file, wanted.values()))
    return session.storage.copy_of(immutable(file.file_path, file.file_size_in_bytes), ".parquet")


def _values(path: Path, table: Any, wanted: Mapping[str, Any]) -> tuple[str, ...]:
    """Give the SQL of the columns in *wanted* from a data file, which is alike for files of one shape."""
    fields = _fields_by_id(path, table.name_mapping())
    return tuple(
        f"{_value(fields.get(field.field_id), field.field_type)} AS {quoted(column)}"
        for column, field in wanted.items()
    )


def planned_tasks(table: Any, snapshot_id: int | None, row_filter: Any) -> list[Any]:
    """
    Give the data files of a snapshot that a filter does not rule out, each with its delete files.

    Raises:
        QueryError: the snapshot has equality deletes, which pyiceberg does not read.
    """
    if snapshot_id is None and table.current_snapshot() is None:
        return []
    from pyiceberg.expressions.visitors import UnpartitionedResidualEvaluator

    scan = table.scan(row_filter=row_filter, case_sensitive=False, snapshot_id=snapshot_id)
    # Which rows of a file the filter takes is not asked here; pyiceberg would ask, and fail where a partition is NULL.
    whole = UnpartitionedResidualEvaluator(table.schema(), scan.row_filter)
    scan._manifest_planner._build_residual_evaluator = lambda _: lambda _: whole
    try:
        tasks = scan.plan_files()
        return sorted(tasks, key=lambda task: str(task.file.file_path))
    except (NotImplementedError, ValueError) as error:
        raise QueryError(f"NOT_SUPPORTED: {'.'.join(table.name())}: {error}") from error


def _bytes_read(file: Any, fields: Any) -> int:
    sizes = file.column_sizes or {}
    identifiers = [number for field in fields for number in _leaves(field.field_id, field.field_type)]
    if not sizes:
        return int(file.file_size_in_bytes) if identifiers else 0
    return sum(sizes.get(number, 0) for number in identifiers)


def _leaves(number: int, kind: Any) -> list[int]:
    from pyiceberg import types as iceberg

    match kind:
        case iceberg.StructType():
            return [leaf for field in kind.fields for leaf in _leaves(field.field_id, field.field_type)]
        case iceberg.ListType():
            return _leaves(kind.element_id, kind.element_type)
        case iceberg.MapType():
            return _leaves(kind.key_id, kind.key_type) + _leaves(kind.value_id, kind.value_type)
    return [number]


# -- columns by field id


@dataclass(frozen=True, slots=True)
class _Member:
    """A part of a file's column: its name there, and its own parts by field id."""

    name: str
    children: Mapping[int, _Member]


def _fields_by_id(path: Path, mapping: Any) -> Mapping[int, _Member]:
    return _members_of_file(path, mapping.model_dump_json() if mapping is not None else "")


@lru_cache(maxsize=10_000)
def _members_of_file(path: Path, mapping: str) -> Mapping[int, _Member]:
    import pyarrow.parquet as pq

    schema = pq.read_schema(path)
    names = json.loads(mapping) if mapping else []
    return _members(schema, names)


def _members(fields: Any, names: list[Any]) -> dict[int, _Member]:
    """Give fields by their ids; a file without ids is read by the names that the table's mapping gives."""
    from pyarrow import types

    members: dict[int, _Member] = {}
    for field in fields:
        found: dict[str, Any] = next((each for each in names if field.name in each.get("names", ())), {})
        number = (field.metadata or {}).get(FIELD_ID)
        number = int(number) if number is not None else found.get("field-id")
        if number is None:
            continue
        inner = found.get("fields", [])
        if types.is_struct(field.type):
            children = _members(list(field.type), inner)
        elif types.is_map(field.type):
            parts = [field.type.key_field.with_name("key"), field.type.item_field.with_name("value")]
            children = _members(parts, inner)
        elif types.is_nested(field.type):
            children = _members([field.type.value_field.with_name("element")], inner)
        else:
            children = {}
        members[number] = _Member(field.name, children)
    return members


def _value(member: _Member | None, kind: Any) -> str:
    wanted = duckdb_text(hive_type(kind))
    if member is None:
        return f"CAST(NULL AS {wanted})"
    return f"CAST({_projected(quoted(member.name), member, kind, 0)} AS {wanted})"


def _projected(value: str, member: _Member, kind: Any, depth: int) -> str:
    """Give the SQL of a value with the members that the schema has now, whatever the file calls them."""
    from pyiceberg import types as iceberg

    each = f"x{depth}"
    match kind:
        case iceberg.StructType():
            parts = []
            for field in kind.fields:
                part_of_file = member.children.get(field.field_id)
                if part_of_file is None:
                    part = f"CAST(NULL AS {duckdb_text(hive_type(field.field_type))})"
                else:
                    name = "'" + part_of_file.name.replace("'", "''") + "'"
                    part = _projected(f"struct_extract({value}, {name})", part_of_file, field.field_type, depth)
                parts.append(f"{quoted(field.name.lower())} := {part}")
            return f"CASE WHEN {value} IS NOT NULL THEN struct_pack({', '.join(parts)}) END"
        case iceberg.ListType() if _is_nested(kind.element_type) and kind.element_id in member.children:
            inner = _projected(each, member.children[kind.element_id], kind.element_type, depth + 1)
            return f"list_transform({value}, lambda {each}: {inner})"
        case iceberg.MapType() if _is_nested(kind.value_type) and kind.value_id in member.children:
            inner = _projected(each, member.children[kind.value_id], kind.value_type, depth + 1)
            values = f"list_transform(map_values({value}), lambda {each}: {inner})"
            return f"CASE WHEN {value} IS NOT NULL THEN map(map_keys({value}), {values}) END"
    return value


def _is_nested(kind: Any) -> bool:
    return not kind.is_primitive


# -- rows that delete files take away


def _deleted_positions(table: Any, task: Any) -> list[Any]:
    if not task.delete_files:
        return []
    from pyiceberg.io.pyarrow import _read_deletes

    found = []
    for delete_file in sorted(task.delete_files, key=lambda file: str(file.file_path)):
        positions = _read_deletes(table.io, delete_file).get(task.file.file_path)
        if positions is not None:
            found.append(positions)
    return found


def _register_places(name: str, files: list[tuple[Path, str]], cursor: Any) -> None:
    import pyarrow as pa

    paths, urls = [str(path) for path, _ in files], [url for _, url in files]
    _create(name, pa.table({"filename__": pa.array(paths, pa.string()), "$path": pa.array(urls, pa.string())}), cursor)


def _register_deleted(name: str, deleted: list[tuple[str, Any]], cursor: Any) -> None:
    import pyarrow as pa

    tables = []
    for path, positions in deleted:
        numbers = pa.chunked_array(positions) if isinstance(positions, list) else positions
        tables.append(
            pa.table(
                {
                    "filename__": pa.array([path] * len(numbers), pa.string()),
                    "position__": numbers.cast(pa.int64()),
                }
            )
        )
    _create(name, pa.concat_tables(tables), cursor)


def _create(name: str, table: Any, cursor: Any) -> None:
    cursor.register(f"{name}_given", table)
    cursor.execute(f"CREATE TEMP TABLE {quoted(name)} AS FROM {quoted(name + '_given')}").fetchall()
    cursor.unregister(f"{name}_given")
