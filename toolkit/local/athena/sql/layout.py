"""How the objects of a table or partition are laid out: format, SerDe, columns; a partition may have its own."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from toolkit.local.athena.catalog import GlueDict, columns_of, partition_keys_of
from toolkit.local.athena.errors import QueryError
from toolkit.local.athena.formats import Format, format_of, holds_records, serde_name, serde_properties
from toolkit.local.athena.hive_types import HiveType, TypeSyntaxError, hive_text, parse_type

# What Hive writes for NULL in the name of a partition's folder.
NULL_PARTITION = "__HIVE_DEFAULT_PARTITION__"


@dataclass(frozen=True, slots=True)
class Partition:
    """
    Some objects of a table, and the values of the partition keys that they share.

    ``descriptor`` is the partition's own, if it has one in the catalogue.
    """

    values: tuple[str, ...]
    location: str
    descriptor: GlueDict | None = None


@dataclass(frozen=True, slots=True)
class Layout:
    """
    How objects are read: the columns by the table's names with the types in the files, and the SerDe.

    Columns in ``coerced`` have another type here than in the table.
    """

    format: Format
    serde_name: str
    serde: Mapping[str, str]
    parameters: Mapping[str, str]
    columns: dict[str, HiveType]
    coerced: frozenset[str] = field(default_factory=frozenset)
    holds_records: bool = False

    def key(self) -> str:
        """Give a text that is the same for layouts that are the same."""
        shape = ",".join(f"{name}:{hive_text(kind)}" for name, kind in self.columns.items())
        return f"{self.serde_name}\0{self.holds_records}\0{sorted(self.serde.items())}\0{shape}"


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


def layout_of(table: GlueDict, columns: dict[str, HiveType], partition: Partition) -> Layout:
    """
    Give how the objects of a partition of a table are read.

    Raises:
        QueryError: the partition declares a column with a type that can't become the table's.
    """
    descriptor = partition.descriptor
    if descriptor is None or not (descriptor.get("SerdeInfo") or {}).get("SerializationLibrary"):
        descriptor = table["StorageDescriptor"]
    layout = Layout(
        format_of(descriptor),
        serde_name(descriptor),
        serde_properties(descriptor),
        table.get("Parameters") or {},
        columns,
        holds_records=holds_records(descriptor),
    )
    own = (partition.descriptor or {}).get("Columns")
    if not own or [(each["Name"].lower(), each.get("Type")) for each in own] == [
        (each["Name"].lower(), each.get("Type")) for each in columns_of(table)
    ]:
        return layout
    return _with_own_columns(layout, table, own, partition)


def _with_own_columns(layout: Layout, table: GlueDict, own: list[GlueDict], partition: Partition) -> Layout:
    """
    Give the layout with the types that the partition declares for the table's columns.

    Parquet's columns are compared by name, those of other formats by position.
    Source: https://docs.aws.amazon.com/athena/latest/ug/updates-and-partitions.html
    """
    declared = [(column["Name"].lower(), _declared(table, column)) for column in own]
    by_name = dict(declared)
    columns: dict[str, HiveType] = {}
    coerced = set()
    for number, (name, kind) in enumerate(layout.columns.items()):
        if layout.format is Format.PARQUET:
            there = (name, by_name[name]) if name in by_name else (name, kind)
        else:
            there = declared[number] if number < len(declared) else (name, kind)
        if there[1] != kind:
            if not _is_coercible(there[1], kind):
                raise _mismatch(table, (name, kind), there, partition)
            coerced.add(name)
        columns[name] = there[1]
    return replace(layout, columns=columns, coerced=frozenset(coerced))


_INTEGERS = ("tinyint", "smallint", "int", "bigint")


def _is_coercible(found: HiveType, wanted: HiveType) -> bool:
    """
    Tell whether values of a partition's type can become those of the table's.

    Source: https://docs.aws.amazon.com/athena/latest/ug/updates-and-partitions.html and
    https://github.com/trinodb/trino/blob/435/plugin/trino-hive/src/main/java/io/trino/plugin/hive/HiveCoercionPolicy.java
    """
    if found == wanted:
        return True
    if found.is_text:
        return wanted.is_text or wanted.name in (*_INTEGERS, "timestamp")
    if wanted.is_text:
        return found.name in (*_INTEGERS, "timestamp", "decimal")
    if found.name in _INTEGERS:
        return wanted.name in _INTEGERS and _INTEGERS.index(found.name) <= _INTEGERS.index(wanted.name)
    if found.name in ("float", "double", "decimal"):
        return wanted.name in ("float", "double", "decimal")
    if found.name != wanted.name or not found.children:
        return False
    if found.name == "struct":
        pairs = zip(found.fields, wanted.fields, strict=False)
        return all(one == other for one, other in pairs) and all(
            _is_coercible(one, other) for one, other in zip(found.children, wanted.children, strict=False)
        )
    return all(_is_coercible(one, other) for one, other in zip(found.children, wanted.children, strict=True))


def _mismatch(
    table: GlueDict, column: tuple[str, HiveType], there: tuple[str, HiveType], partition: Partition
) -> QueryError:
    keys = [key["Name"] for key in partition_keys_of(table)]
    name = "/".join(f"{key}={value}" for key, value in zip(keys, partition.values, strict=False))
    return QueryError(
        "HIVE_PARTITION_SCHEMA_MISMATCH: There is a mismatch between the table and partition schemas. The types are "
        f"incompatible and cannot be coerced. The column '{column[0]}' in table '{table.get('DatabaseName', '')}."
        f"{table['Name']}' is declared as type '{hive_text(column[1])}', but partition '{name}' declared column '{there[0]}' "
        f"as type '{hive_text(there[1])}'."
    )


def _declared(table: GlueDict, column: dict[str, Any]) -> HiveType:
    try:
        return parse_type(column.get("Type") or "string")
    except TypeSyntaxError as error:
        raise QueryError(f"HIVE_INVALID_METADATA: column {column['Name']} of table {table['Name']}: {error}") from error
