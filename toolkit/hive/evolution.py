"""
What changed between two tables: columns, the fields inside them, and how they are read.

A rename is never guessed: it shows as a field removed and another added.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Literal

from toolkit.hive.serde import ORC
from toolkit.hive.table import Table
from toolkit.hive.types import INTEGERS, Array, Decimal, HiveType, Map, Struct, Text, is_wider_integer

ChangeKind = Literal[
    "added",
    "removed",
    "widened",
    "narrowed",
    "retyped",
    "moved",
    "comment",
    "serde",
    "property",
    "partition",
    "location",
]
# How many digits an integer type may need before the point.
_INTEGER_DIGITS = {"tinyint": 3, "smallint": 5, "int": 10, "bigint": 19}


@dataclass(frozen=True, slots=True)
class Change:
    """
    One difference between two tables.

    ``path`` is a column, a field inside one (``address.street``), or the name of a property; ``old`` and ``new`` are texts to be
    shown, "" for what is not there. ``origin`` and ``target`` are the two tables in full.
    """

    kind: ChangeKind
    path: str
    old: str
    new: str
    origin: Table = field(repr=False, compare=False)
    target: Table = field(repr=False, compare=False)

    @property
    def column(self) -> str:
        """The column that the change lies in, whole."""
        return self.path.split(".")[0].split("[")[0].split("{")[0]

    @property
    def is_nested(self) -> bool:
        """Whether the change lies inside a column."""
        return self.path != self.column

    def __str__(self) -> str:
        found = " → ".join(text for text in (self.old, self.new) if text)
        return f"{self.kind} {self.path}: {found}" if found else f"{self.kind} {self.path}"


def changes(old: Table, new: Table) -> tuple[Change, ...]:
    """
    Return what differs from *old* to *new*, columns first; empty if the tables differ in nothing but their names.

    The order of columns counts where the format reads by position (ORC) and for Iceberg, which keeps it.
    """
    found = [*_column_changes(old, new), *_moves(old, new), *_table_changes(old, new)]
    return tuple(Change(kind, path, before, after, old, new) for kind, path, before, after in found)


_Found = tuple[ChangeKind, str, str, str]


def _column_changes(old: Table, new: Table) -> Iterator[_Found]:
    before = {column.name: column for column in old.columns}
    after = {column.name: column for column in new.columns}
    for name in [*before, *(name for name in after if name not in before)]:
        was, will_be = before.get(name), after.get(name)
        if will_be is None:
            yield "removed", name, str(before[name].type), ""
        elif was is None:
            yield "added", name, "", str(will_be.type)
        else:
            yield from type_changes(was.type, will_be.type, name)
            if was.comment != will_be.comment:
                yield "comment", name, was.comment, will_be.comment


def type_changes(old: HiveType, new: HiveType, path: str) -> Iterator[_Found]:
    """Yield what differs between two types, down to the fields of structs."""
    match old, new:
        case _ if old == new:
            return
        case Struct(), Struct():
            for was in old.fields:
                will_be = new.field(was.name)
                if will_be is None:
                    yield "removed", f"{path}.{was.name}", str(was.type), ""
                else:
                    yield from type_changes(was.type, will_be.type, f"{path}.{was.name}")
            for will_be in new.fields:
                if old.field(will_be.name) is None:
                    yield "added", f"{path}.{will_be.name}", "", str(will_be.type)
        case Array(was_element), Array(element):
            yield from type_changes(was_element, element, f"{path}[]")
        case Map(was_key, was_value), Map(key, value) if was_key == key:
            yield from type_changes(was_value, value, f"{path}{{}}")
        case _:
            kind: ChangeKind = "retyped"
            if reads_as(old, new):
                kind = "widened"
            elif reads_as(new, old):
                kind = "narrowed"
            yield kind, path, str(old), str(new)


def reads_as(written: HiveType, declared: HiveType) -> bool:
    """Whether every value of the type *written* keeps its meaning as one of the type *declared*."""
    if written == declared or str(declared) == "string":
        return str(written) != "binary" or written == declared
    match written, declared:
        case Struct(), Struct(fields):
            pairs = [(written.field(wanted.name), wanted) for wanted in fields]
            return all(given is None or reads_as(given.type, wanted.type) for given, wanted in pairs)
        case Array(was), Array(will_be):
            return reads_as(was, will_be)
        case Map(was_key, was), Map(key, will_be):
            return was_key == key and reads_as(was, will_be)
        case Text(_, length), Text("varchar", longer):
            return length <= longer
        case Decimal(precision, scale), Decimal(wider, new_scale):
            return scale <= new_scale and precision - scale <= wider - new_scale
        case _, Decimal(precision, scale):
            return _INTEGER_DIGITS.get(str(written), precision + 1) <= precision - scale
    return _widens(str(written), str(declared))


def _widens(old: str, new: str) -> bool:
    # A bigint of more than 53 bits is rounded as a double, which the losses of the new table say.
    return is_wider_integer(old, new) or (new == "double" and old in (*INTEGERS, "float"))


def reads_by_position(table: Table) -> bool:
    """Whether the files of *table* are read by the place of a column, not by its name."""
    return (
        table.serde.library == ORC.library and table.serde.properties.get("orc.column.index.access", "true") != "false"
    )


def _moves(old: Table, new: Table) -> Iterator[_Found]:
    if not (new.is_iceberg or reads_by_position(new)):
        return
    kept = [column.name for column in old.columns if new.column(column.name) is not None]
    wanted = [column.name for column in new.columns if old.column(column.name) is not None]
    for position, name in enumerate(wanted):
        if kept[position] != name:
            yield "moved", name, f"place {kept.index(name) + 1}", f"place {position + 1}"
            kept.remove(name)
            kept.insert(position, name)


def _table_changes(old: Table, new: Table) -> Iterator[_Found]:
    if old.partition_keys != new.partition_keys:
        before, after = (", ".join(f"{key.name} {key.type}" for key in table.partition_keys) for table in (old, new))
        yield "partition", "partition keys", before, after
    if old.partitioning != new.partitioning:
        before, after = (", ".join(map(str, table.partitioning)) for table in (old, new))
        yield "partition", "partitioning", before, after
    if old.location != new.location:
        yield "location", "location", old.location, new.location
    for name in ("library", "input_format", "output_format"):
        if getattr(old.serde, name) != getattr(new.serde, name):
            yield "serde", name, getattr(old.serde, name), getattr(new.serde, name)
    yield from _property_changes("serde", old.serde.properties, new.serde.properties)
    yield from _property_changes("property", old.parameters, new.parameters)
    if old.description != new.description:
        yield "comment", "table", old.description, new.description


def _property_changes(kind: ChangeKind, old: Mapping[str, str], new: Mapping[str, str]) -> Iterator[_Found]:
    for key in [*old, *(key for key in new if key not in old)]:
        if old.get(key) != new.get(key):
            yield kind, key, old.get(key, ""), new.get(key, "")
