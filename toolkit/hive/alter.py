"""
From one table to another: the plan of statements, shown before anything runs.

The ladder, from AWS's documentation of what each format can read:

1. nothing that a query notices: no statement;
2. columns that come last: ``ALTER TABLE … ADD COLUMNS``; properties: ``SET TBLPROPERTIES``;
3. an external table over files that are read by name: drop it and create it anew, the data stays;
4. Iceberg: its own ``ADD``, ``DROP`` and ``CHANGE COLUMN``;
5. what old files could not be read as: refused, with the way out.

Sources: https://docs.aws.amazon.com/athena/latest/ug/handling-schema-updates-chapter.html,
…/querying-iceberg-evolving-table-schema.html and …/unsupported-ddl.html
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from toolkit.errors import TableError
from toolkit.hive.ddl import column_sql, create_table_sql, drop_table_sql, qualified_name, repair_table_sql
from toolkit.hive.evolution import Change, changes, reads_by_position
from toolkit.hive.serde import HIVE_JSON, ION, OPENX_JSON, ORC, PARQUET
from toolkit.hive.table import Column, Table
from toolkit.hive.text import hive_literal, hive_name, statement
from toolkit.hive.types import Array, Decimal, Map, Struct, Text, is_wider_integer, parse_type

_JSON = (OPENX_JSON.library, HIVE_JSON.library, ION.library)
_BY_COLUMN = ("added", "removed", "widened", "narrowed", "retyped")


@dataclass(frozen=True, slots=True)
class Step:
    """One statement of a plan: what it touches, and whether something is gone afterwards that the plan does not put back."""

    sql: str
    touches: str
    is_destructive: bool = False


@dataclass(frozen=True, slots=True)
class Refusal:
    """A change that can't be made in place: where, from what to what, why, and the way out."""

    path: str
    old: str
    new: str
    reason: str
    way_out: str

    def __str__(self) -> str:
        return f"{self.path}: {self.old or 'nothing'} → {self.new or 'nothing'}: {self.reason}; {self.way_out}"


@dataclass(frozen=True, slots=True)
class AlterPlan:
    """
    How *table* becomes *target*.

    ``drift`` is what the table has that the older schema does not explain; ``steps`` are empty where anything is refused.
    """

    table: Table
    target: Table
    changes: tuple[Change, ...]
    drift: tuple[Change, ...]
    steps: tuple[Step, ...]
    refusals: tuple[Refusal, ...]
    notes: tuple[str, ...] = ()

    @property
    def is_destructive(self) -> bool:
        """Whether any step takes something away."""
        return any(step.is_destructive for step in self.steps)

    def __str__(self) -> str:
        lines = []
        if self.drift:
            lines.append(f"{self.table.database}.{self.table.name} has drifted from its schema:")
            lines += [f"  {change}" for change in self.drift]
        lines.append("Changes:" if self.changes else "Nothing changes.")
        lines += [f"  {change}" for change in self.changes]
        if self.refusals:
            lines.append("Refused:")
            lines += [f"  {refusal}" for refusal in self.refusals]
        for number, step in enumerate(self.steps, start=1):
            lines.append(f"Step {number}{' (destructive)' if step.is_destructive else ''}: {step.touches}")
            lines += [f"    {line}" for line in step.sql.splitlines()]
        return "\n".join([*lines, *(f"Note: {note}" for note in self.notes)])


def alter_table_plan(table: Table, target: Table, *, expected: Table | None = None) -> AlterPlan:
    """
    Return the plan by which *table*, as the catalogue has it, becomes *target*; nothing is run.

    *expected* is what the older schema makes; where *table* differs from it, the plan says so first.
    """
    drift = changes(expected, table) if expected is not None else ()
    found = changes(table, target)
    refusals = tuple(_refusals(table, target, found))
    steps: tuple[Step, ...] = ()
    if not refusals:
        steps = tuple(
            _iceberg_steps(table, target, found) if table.is_iceberg else _external_steps(table, target, found)
        )
    return AlterPlan(table, target, found, drift, steps, refusals, tuple(_notes(table, found, steps)))


def alter_table_sql(table: Table, differences: Sequence[Change]) -> list[str]:
    """
    Return the statements that make *differences*, as :func:`changes` found them, in *table*.

    *table* may have drifted from the older of the two tables: the statements lead to the newer one all the same.

    Raises:
        TableError: a change can't be made in place; the message names path, both types and the way out.
    """
    if not differences:
        return []
    plan = alter_table_plan(table, _named_like(differences[0].target, table), expected=differences[0].origin)
    if plan.refusals:
        raise TableError(f"table {table.name!r}: " + "; ".join(map(str, plan.refusals)))
    return [step.sql for step in plan.steps]


def _named_like(target: Table, table: Table) -> Table:
    return replace(target, database=table.database, name=table.name)


# What is refused


def _refusals(table: Table, target: Table, found: Sequence[Change]) -> Iterator[Refusal]:
    if (table.database, table.name) != (target.database, target.name):
        old, new = (f"{one.database}.{one.name}" for one in (table, target))
        yield Refusal("name", old, new, "Athena can't rename a table", "create the new one and drop the old one")
    if table.is_iceberg != target.is_iceberg:
        yield Refusal("table", _format(table), _format(target), "the data has another layout", _WAY_OUT)
        return
    for change in found:
        reason = _reason(table, change)
        if reason:
            yield Refusal(change.path, change.old, change.new, reason, _WAY_OUT)


_WAY_OUT = "create a new table by CTAS from the old one, with the cast you want"


def _format(table: Table) -> str:
    return "Iceberg" if table.is_iceberg else table.serde.library


def _reason(table: Table, change: Change) -> str:
    """Return why *change* can't be made, "" if it can."""
    match change.kind:
        case "partition":
            return "partitions are the layout of the objects"
        case "serde" if change.path in ("library", "input_format", "output_format"):
            return "old files have another format"
        case "comment" | "property" | "serde":
            return ""
        case "location":
            return "an Iceberg table holds its location in its metadata" if table.is_iceberg else ""
    if table.is_iceberg:
        return _iceberg_reason(change)
    if table.serde.library in _JSON:
        # Every query reads the text anew, so old lines must make sense as the new type.
        makes_sense = change.kind in ("added", "removed", "moved") or (
            change.kind == "widened" and not _fails_as_text(table, change)
        )
        return "" if makes_sense else "old events could not be read as the new type"
    return _columnar_reason(table, change)


def _fails_as_text(table: Table, change: Change) -> bool:
    """Whether the reader fails where a column of text meets the values of the older type; see ``toolkit.hive.readers``."""
    if change.new != "string" or table.serde.library == OPENX_JSON.library:
        return False
    old = parse_type(change.old)
    # Ion's reader turns nothing into text, Hive's no objects and arrays.
    return isinstance(old, Array | Map | Struct) or (table.serde.library == ION.library and not isinstance(old, Text))


def _columnar_reason(table: Table, change: Change) -> str:
    if table.serde.library not in (PARQUET.library, ORC.library):
        return "" if change.kind == "added" else "this format is read by position"
    if change.kind == "widened":
        if not table.partition_keys:
            return "a columnar format changes type only in partitioned tables"
        allowed = is_wider_integer(change.old, change.new) or (change.old, change.new) == ("float", "double")
        return "" if allowed else "the format can't read old files as the new type"
    if change.kind in ("narrowed", "retyped"):
        return "the format can't read old files as the new type"
    if reads_by_position(table):
        is_last = change.kind == "added" and not change.is_nested and _comes_last(change)
        return "" if is_last else "ORC is read by position unless orc.column.index.access is false"
    return ""


def _comes_last(change: Change) -> bool:
    """Whether the column stands behind all that were there before."""
    names = [column.name for column in change.target.columns]
    older = [names.index(column.name) for column in change.origin.columns if column.name in names]
    return names.index(change.path) > max(older, default=-1)


def _iceberg_reason(change: Change) -> str:
    if change.is_nested:
        return "Athena changes whole columns of an Iceberg table, not the fields inside them"
    if change.kind in ("added", "removed", "moved"):
        return ""
    if change.kind == "widened":
        old, new = parse_type(change.old), parse_type(change.new)
        if isinstance(old, Decimal) and isinstance(new, Decimal) and old.scale == new.scale:
            return ""
        if (change.old, change.new) in (("int", "bigint"), ("float", "double")):
            return ""
    return "Iceberg widens int to bigint, float to double, and a decimal at the same scale only"


# External tables


def _external_steps(table: Table, target: Table, found: Sequence[Change]) -> Iterator[Step]:
    # A comment alone is no reason to touch a table that people query.
    effective = [change for change in found if change.kind != "comment"]
    if not effective:
        return
    if not all(_is_simple(table, change) for change in effective):
        yield from _created_anew(table, target)
        return
    added = [column for column in target.columns if table.column(column.name) is None]
    if added:
        yield add_columns_step(table, added)
    properties = {change.path: change.new for change in effective if change.kind == "property"}
    if properties:
        yield _properties_step(table, properties)
    if any(change.kind == "location" for change in effective):
        text = f"ALTER TABLE {qualified_name(table)} SET LOCATION {hive_literal(target.location)}"
        yield Step(text, f"where the table looks for its data: {target.location}")


def _is_simple(table: Table, change: Change) -> bool:
    """Whether a statement of its own makes the change."""
    if change.kind == "property":
        return change.path in change.target.parameters
    if change.kind == "location":
        return True
    # ADD COLUMNS is documented not to work for dates; Ion and delimited text are not documented at all.
    return change.kind == "added" and not change.is_nested and change.new != "date"


def add_columns_step(table: Table, added: Sequence[Column]) -> Step:
    """Return the step that adds columns at the end of *table*."""
    listed = ",\n".join(f"  {column_sql(column)}" for column in added)
    text = f"ALTER TABLE {qualified_name(table)} ADD COLUMNS (\n{listed}\n)"
    names = ", ".join(column.name for column in added)
    return Step(
        statement(text, what=f"table {table.name!r}"), f"the columns of the table: {names} come last, NULL in old rows"
    )


def _properties_step(table: Table, properties: Mapping[str, str]) -> Step:
    listed = ", ".join(f"{hive_literal(key)} = {hive_literal(value)}" for key, value in properties.items())
    text = f"ALTER TABLE {qualified_name(table)} SET TBLPROPERTIES ({listed})"
    return Step(statement(text, what=f"table {table.name!r}"), f"the properties {', '.join(properties)}")


def _created_anew(table: Table, target: Table) -> Iterator[Step]:
    registered = table.has_registered_partitions
    gone = "the definition of the table and its registered partitions" if registered else "the definition of the table"
    yield Step(drop_table_sql(table, if_exists=False), f"{gone}; the objects in S3 stay", is_destructive=True)
    yield Step(create_table_sql(target, if_not_exists=False), "the definition of the table")
    if registered:
        yield Step(repair_table_sql(target), "the partitions: those that lie as key=value/ are registered again")


def _notes(table: Table, found: Sequence[Change], steps: Sequence[Step]) -> Iterator[str]:
    if any(step.is_destructive for step in steps) and table.has_registered_partitions:
        yield "partitions that do not lie as key=value/ must be added again by hand"
    elif steps and table.has_registered_partitions and any(change.kind == "added" for change in found):
        yield (
            "partitions that are registered keep the old columns, so that the new ones may be NULL there: `toolkit evolve "
            "--apply` and tables.alter_table give them the new ones (refresh_partitions), the statements alone don't"
        )
    if steps and any(change.kind in _BY_COLUMN for change in found):
        yield "views over the table go stale: create them again"


# Iceberg


def _iceberg_steps(table: Table, target: Table, found: Sequence[Change]) -> Iterator[Step]:
    name = qualified_name(table)
    order = [column.name for column in table.columns]
    for change in found:
        if change.kind == "removed":
            order.remove(change.path)
            text = f"ALTER TABLE {name} DROP COLUMN {hive_name(change.path)}"
            yield Step(text, f"the column {change.path}: its values can't be queried any more", is_destructive=True)
    added = [column for column in target.columns if table.column(column.name) is None]
    if added:
        order += [column.name for column in added]
        yield add_columns_step(table, added)
    retyped = {change.path for change in found if change.kind in ("widened", "comment")}
    for column in target.columns:
        if column.name in retyped:
            text = f"ALTER TABLE {name} CHANGE COLUMN {hive_name(column.name)} {column_sql(column)}"
            yield Step(statement(text, what=f"table {table.name!r}"), f"the column {column.name}")
    yield from _iceberg_moves(name, order, target)
    properties = {change.path: change.new for change in found if change.kind == "property" and change.new}
    if properties:
        yield _properties_step(table, properties)
    dropped = [change.path for change in found if change.kind == "property" and not change.new]
    if dropped:
        listed = ", ".join(hive_literal(key) for key in dropped)
        yield Step(f"ALTER TABLE {name} UNSET TBLPROPERTIES ({listed})", f"the properties {', '.join(dropped)}")


def _iceberg_moves(name: str, order: list[str], target: Table) -> Iterator[Step]:
    for position, column in enumerate(target.columns):
        if order[position] == column.name:
            continue
        order.remove(column.name)
        order.insert(position, column.name)
        place = f"AFTER {hive_name(target.columns[position - 1].name)}" if position else "FIRST"
        text = f"ALTER TABLE {name} CHANGE COLUMN {hive_name(column.name)} {column_sql(column)} {place}"
        yield Step(text, f"the place of the column {column.name}")
