"""
The tables beside an Iceberg table that tell of it: ``"orders$snapshots"`` and its like.

Source: https://docs.aws.amazon.com/athena/latest/ug/querying-iceberg-table-metadata.html and, for the columns and their
types, https://trino.io/docs/435/connector/iceberg.html#metadata-tables
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from toolkit.local.athena.errors import QueryError
from toolkit.local.athena.hive_types import HiveType, duckdb_text, parse_type, quoted
from toolkit.local.athena.iceberg.kinds import hive_type

Row = tuple[Any, ...]

_ZONED = HiveType("timestamp with time zone")
_SUMMARY = "struct<contains_null:boolean,contains_nan:boolean,lower_bound:string,upper_bound:string>"


@dataclass(frozen=True, slots=True)
class MetadataTable:
    """A metadata table: its columns and their types, and its rows."""

    kinds: dict[str, HiveType]
    rows: Callable[[], Iterator[Row]]


def find(table: Any, name: str, shown: str, where: str) -> MetadataTable:
    """
    Give the metadata table of that name, such as ``snapshots``; *shown* is what the query calls it.

    Raises:
        QueryError: there is none.
    """
    make = _TABLES.get(name)
    if make is None:
        raise QueryError(
            f"TABLE_NOT_FOUND: {where}: Table 'awsdatacatalog.{table.name()[0]}.{shown.lower()}' does not exist"
        )
    return make(table)


def metadata_sql(shown: MetadataTable, cursor: Any, name: str) -> str:
    """Give the DuckDB SQL of a metadata table; *name* begins the names of what is made on the cursor."""
    import pyarrow as pa

    rows = list(shown.rows())
    data = {
        column: pa.array([row[number] for row in rows], _arrow(kind))
        for number, (column, kind) in enumerate(shown.kinds.items())
    }
    cursor.register(f"{name}_given", pa.table(data))
    selected = ", ".join(
        f"CAST({quoted(column)} AS {duckdb_text(kind)}) AS {quoted(column)}" for column, kind in shown.kinds.items()
    )
    cursor.execute(
        f'CREATE TEMP TABLE {quoted(name + "t")} AS SELECT {selected}, CAST(NULL AS VARCHAR) AS "$path" '
        f"FROM {quoted(name + '_given')}"
    ).fetchall()
    cursor.unregister(f"{name}_given")
    return f"SELECT * FROM {quoted(name + 't')}"


def _arrow(kind: HiveType) -> Any:
    import pyarrow as pa

    from toolkit.local.athena.readers.arrow import arrow_type

    match kind.name:
        case "timestamp with time zone":
            return pa.timestamp("us", "UTC")
        case "time" | "uuid":
            return pa.string()
        case "array":
            return pa.list_(_arrow(kind.children[0]))
        case "map":
            return pa.map_(_arrow(kind.children[0]), _arrow(kind.children[1]))
        case "struct":
            return pa.struct([(name, _arrow(child)) for name, child in zip(kind.fields, kind.children, strict=True)])
    return arrow_type(kind)


def _kinds(**texts: str | HiveType) -> dict[str, HiveType]:
    return {name: parse_type(text) if isinstance(text, str) else text for name, text in texts.items()}


def _instant(milliseconds: int) -> datetime:
    return datetime.fromtimestamp(milliseconds / 1000, UTC)


def _history(table: Any) -> MetadataTable:
    def rows() -> Iterator[Row]:
        from pyiceberg.table.snapshots import ancestors_of

        metadata = table.metadata
        ancestors = {each.snapshot_id for each in ancestors_of(metadata.current_snapshot(), metadata)}
        for entry in metadata.snapshot_log:
            snapshot = metadata.snapshot_by_id(entry.snapshot_id)
            parent = snapshot.parent_snapshot_id if snapshot else None
            yield _instant(entry.timestamp_ms), entry.snapshot_id, parent, entry.snapshot_id in ancestors

    return MetadataTable(
        _kinds(made_current_at=_ZONED, snapshot_id="bigint", parent_id="bigint", is_current_ancestor="boolean"), rows
    )


def _snapshots(table: Any) -> MetadataTable:
    def rows() -> Iterator[Row]:
        for each in sorted(table.metadata.snapshots, key=lambda snapshot: int(snapshot.timestamp_ms)):
            summary = each.summary
            yield (
                _instant(each.timestamp_ms),
                each.snapshot_id,
                each.parent_snapshot_id,
                summary.operation.value if summary else None,
                each.manifest_list,
                list(summary.additional_properties.items()) if summary else None,
            )

    return MetadataTable(
        _kinds(
            committed_at=_ZONED,
            snapshot_id="bigint",
            parent_id="bigint",
            operation="string",
            manifest_list="string",
            summary="map<string,string>",
        ),
        rows,
    )


def _manifests(table: Any) -> MetadataTable:
    def rows() -> Iterator[Row]:
        for each in _current_manifests(table):
            spec = table.metadata.specs()[each.partition_spec_id]
            kinds = [field.field_type for field in spec.partition_type(table.schema()).fields]
            summaries = [
                {
                    "contains_null": summary.contains_null,
                    "contains_nan": summary.contains_nan,
                    "lower_bound": _human(field.transform, kind, summary.lower_bound),
                    "upper_bound": _human(field.transform, kind, summary.upper_bound),
                }
                for field, kind, summary in zip(spec.fields, kinds, each.partitions or (), strict=False)
            ]
            yield (
                each.manifest_path,
                each.manifest_length,
                each.partition_spec_id,
                each.added_snapshot_id,
                each.added_files_count,
                each.added_rows_count,
                each.existing_files_count,
                each.existing_rows_count,
                each.deleted_files_count,
                each.deleted_rows_count,
                summaries,
            )

    return MetadataTable(
        _kinds(
            path="string",
            length="bigint",
            partition_spec_id="int",
            added_snapshot_id="bigint",
            added_data_files_count="int",
            added_rows_count="bigint",
            existing_data_files_count="int",
            existing_rows_count="bigint",
            deleted_data_files_count="int",
            deleted_rows_count="bigint",
            partition_summaries=f"array<{_SUMMARY}>",
        ),
        rows,
    )


def _human(transform: Any, kind: Any, bound: bytes | None) -> str | None:
    from pyiceberg.conversions import from_bytes

    return None if bound is None else str(transform.to_human_string(kind, from_bytes(kind, bound)))


def _files(table: Any) -> MetadataTable:
    def rows() -> Iterator[Row]:
        for each in _current_files(table):
            counts = (each.column_sizes, each.value_counts, each.null_value_counts, each.nan_value_counts)
            yield (
                int(each.content),
                each.file_path,
                str(each.file_format).rpartition(".")[2].upper(),
                each.record_count,
                each.file_size_in_bytes,
                *(list(count.items()) if count else None for count in counts),
                *(_bounds(table, bounds) for bounds in (each.lower_bounds, each.upper_bounds)),
                each.key_metadata,
                each.split_offsets,
                each.equality_ids,
            )

    counts = dict.fromkeys(("column_sizes", "value_counts", "null_value_counts", "nan_value_counts"), "map<int,bigint>")
    return MetadataTable(
        _kinds(
            content="int",
            file_path="string",
            file_format="string",
            record_count="bigint",
            file_size_in_bytes="bigint",
            **counts,
            lower_bounds="map<int,string>",
            upper_bounds="map<int,string>",
            key_metadata="binary",
            split_offsets="array<bigint>",
            equality_ids="array<int>",
        ),
        rows,
    )


def _bounds(table: Any, bounds: dict[int, bytes] | None) -> list[tuple[int, str | None]] | None:
    from pyiceberg.transforms import IdentityTransform

    if not bounds:
        return None
    texts = []
    for number, bound in bounds.items():
        field = _field(table, number)
        if field is not None:
            texts.append((number, _human(IdentityTransform(), field.field_type, bound)))
    return texts


def _field(table: Any, number: int) -> Any:
    try:
        return table.schema().find_field(number)
    except ValueError:
        return None


def _partitions(table: Any) -> MetadataTable:
    """One row for each partition, with the smallest and largest values of its columns where files tell them."""
    specs = table.metadata.specs()
    partition = table.metadata.specs_struct()
    partition_kind = hive_type(partition) if partition.fields else None
    measured = [field for field in table.schema().fields if field.field_type.is_primitive]
    kinds: dict[str, HiveType] = {"partition": partition_kind} if partition_kind else {}
    kinds |= _kinds(record_count="bigint", file_count="bigint", total_size="bigint")
    if measured:
        kinds["data"] = HiveType(
            "struct",
            children=tuple(_statistics_kind(hive_type(field.field_type)) for field in measured),
            fields=tuple(field.name.lower() for field in measured),
        )

    def rows() -> Iterator[Row]:
        groups: dict[tuple[Any, ...], list[Any]] = defaultdict(list)
        for each in _current_files(table):
            if int(each.content) == 0:
                spec = specs[each.spec_id]
                known = {field.field_id: each.partition[number] for number, field in enumerate(spec.fields)}
                groups[tuple(known.get(field.field_id) for field in partition.fields)].append(each)
        for values, files in groups.items():
            row: list[Any] = []
            if partition_kind:
                row.append(
                    {
                        field.name.lower(): _python_value(value, field.field_type)
                        for field, value in zip(partition.fields, values, strict=True)
                    }
                )
            row += [
                sum(each.record_count for each in files),
                len(files),
                sum(each.file_size_in_bytes for each in files),
            ]
            if measured:
                row.append({field.name.lower(): _statistics(field, files) for field in measured})
            yield tuple(row)

    return MetadataTable(kinds, rows)


def _statistics_kind(kind: HiveType) -> HiveType:
    # Named row(min, max, null_count, nan_count) in Trino.
    count = HiveType("bigint")
    return HiveType("struct", children=(kind, kind, count, count), fields=("min", "max", "null_count", "nan_count"))


def _statistics(field: Any, files: list[Any]) -> dict[str, Any]:
    from pyiceberg.conversions import from_bytes

    def known(name: str) -> list[Any]:
        return [found[field.field_id] for each in files if (found := getattr(each, name)) and field.field_id in found]

    kind = field.field_type
    lowest = [from_bytes(kind, bound) for bound in known("lower_bounds")]
    highest = [from_bytes(kind, bound) for bound in known("upper_bounds")]
    nulls, nans = known("null_value_counts"), known("nan_value_counts")
    return {
        "min": _python_value(min(lowest), kind) if lowest else None,
        "max": _python_value(max(highest), kind) if highest else None,
        "null_count": sum(nulls) if nulls else None,
        "nan_count": sum(nans) if nans else None,
    }


def _python_value(value: Any, kind: Any) -> Any:
    """Give a value of Iceberg's own encoding as Arrow takes it for the type that queries see."""
    import uuid
    from datetime import date, time, timedelta

    if value is None:
        return None
    match str(kind):
        case "date" if isinstance(value, int):
            return date(1970, 1, 1) + timedelta(value)
        case "timestamp" if isinstance(value, int):
            return datetime(1970, 1, 1) + timedelta(microseconds=value)
        case "timestamptz" if isinstance(value, int):
            return datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=value)
        case "time" if isinstance(value, int):
            return str((datetime.combine(date(1970, 1, 1), time()) + timedelta(microseconds=value)).time())
        case "uuid" if isinstance(value, bytes):
            return str(uuid.UUID(bytes=value))
        case "uuid" | "time":
            return str(value)
    return value


def _refs(table: Any) -> MetadataTable:
    def rows() -> Iterator[Row]:
        for name, each in table.metadata.refs.items():
            kind = str(each.snapshot_ref_type).rpartition(".")[2].upper()
            ages = (each.max_ref_age_ms, each.min_snapshots_to_keep, each.max_snapshot_age_ms)
            yield (name, kind, each.snapshot_id, *ages)

    return MetadataTable(
        _kinds(
            name="string",
            type="string",
            snapshot_id="bigint",
            max_reference_age_in_ms="bigint",
            min_snapshots_to_keep="int",
            max_snapshot_age_in_ms="bigint",
        ),
        rows,
    )


def _properties(table: Any) -> MetadataTable:
    return MetadataTable(_kinds(key="string", value="string"), lambda: iter(table.properties.items()))


_TABLES: dict[str, Callable[[Any], MetadataTable]] = {
    "files": _files,
    "history": _history,
    "manifests": _manifests,
    "partitions": _partitions,
    "properties": _properties,
    "refs": _refs,
    "snapshots": _snapshots,
}


def _current_manifests(table: Any) -> list[Any]:
    snapshot = table.current_snapshot()
    return list(snapshot.manifests(table.io)) if snapshot is not None else []


def _current_files(table: Any) -> Iterator[Any]:
    for manifest in _current_manifests(table):
        for entry in manifest.fetch_manifest_entry(table.io, discard_deleted=True):
            yield entry.data_file
