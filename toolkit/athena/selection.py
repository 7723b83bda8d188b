"""
A selection of a table's rows, and the query that asks for it.

Pure: a `Table` and what was chosen go in, the text of a query comes out. Names are quoted and values are literals, through
`toolkit.hive.text`; so neither a column's name nor a filter's value becomes SQL.

Columns are named by their path: ``customer.tier`` for a field of a struct, ``items[].sku`` for a field of the structs in an
array, with a row for each of them. A name that is not plain stands in double quotes: ``"a.b".c``.
"""

from __future__ import annotations

import csv
import math
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal as Number
from decimal import InvalidOperation
from difflib import get_close_matches
from typing import Any

from toolkit.athena.parameters import fits_decimal, literal
from toolkit.athena.time_ranges import TimeKey, TimeRange
from toolkit.errors import InvalidInput
from toolkit.hive import Array, HiveType, Map, Struct, Table, query_name, query_type
from toolkit.hive.queries import element_sql, unnest_sql
from toolkit.hive.text import query_literal, statement
from toolkit.hive.types import INTEGERS

_SOURCE = "source"
_PLAIN = re.compile(r"[a-z_][a-z0-9_]*")
_MAX_NAME = 200

# What a column can be compared with, by the kind of its type; the first is offered first.
OPERATORS: Mapping[str, tuple[str, ...]] = {
    "text": ("=", "!=", "in", "contains", "starts with", "is null", "is not null"),
    "number": ("=", "!=", "<", "<=", ">", ">=", "between", "in", "is null", "is not null"),
    "boolean": ("is true", "is false", "is null", "is not null"),
    "date": ("=", "<", "<=", ">", ">=", "between", "in", "is null", "is not null"),
    "time": (">=", "<", "<=", ">", "between", "is null", "is not null"),
    "nested": ("is null", "is not null"),
}
NO_VALUE = frozenset({"is true", "is false", "is null", "is not null"})
_COMPARED = frozenset({"=", "!=", "<", "<=", ">", ">="})


@dataclass(frozen=True, slots=True)
class ColumnPath:
    """
    A column, or a place inside one.

    ``name`` is the path as text, ``parts`` its names, with ``[]`` for the elements of an array. ``arrays`` counts those: how
    often a row is multiplied before the value is there.
    """

    name: str
    parts: tuple[str, ...]
    type: HiveType
    is_partition_key: bool = False

    @property
    def kind(self) -> str:
        """One of text, number, boolean, date, time and nested: what can be asked of it."""
        return kind_of(str(self.type)) if not isinstance(self.type, Array | Map | Struct) else "nested"

    @property
    def arrays(self) -> tuple[tuple[str, ...], ...]:
        """The paths of the arrays around it, the outer first."""
        return tuple(self.parts[:number] for number, part in enumerate(self.parts) if part == "[]")


def kind_of(type_name: str) -> str:
    """Return the kind of a scalar type by its name in Hive or in Trino."""
    name = type_name.partition("(")[0].strip().lower()
    if name in (*INTEGERS, "integer", "float", "real", "double", "decimal"):
        return "number"
    if name == "boolean":
        return "boolean"
    if name == "date":
        return "date"
    if name.startswith("timestamp"):
        return "time"
    return "text" if name in ("string", "varchar", "char") else "nested"


@dataclass(frozen=True, slots=True)
class Filter:
    """
    A condition: a column's path, an operator of `OPERATORS`, and a value.

    The value is text as somebody types it, or a value of Python. ``in`` and ``between`` take several: a sequence, or text with
    commas, in which double quotes hold a comma together.
    """

    column: str
    operator: str = "="
    value: Any = ""


@dataclass(frozen=True, slots=True)
class Selection:
    """
    What is asked of a table. No columns means every column; ``limit`` 0 means every row.

    ``time_range`` is about the partition key *time_key* if that is given, or about the column that it names itself.
    """

    table: Table
    columns: tuple[str, ...] = ()
    filters: tuple[Filter, ...] = ()
    time_range: TimeRange | None = None
    time_key: TimeKey | None = None
    limit: int = 0


def column_paths(table: Table) -> tuple[ColumnPath, ...]:
    """Return every column of *table* and every place inside it, in order, parents before their children."""
    keys = {key.name for key in table.partition_keys}
    return tuple(
        ColumnPath(path_text(parts), parts, kind, column.name in keys)
        for column in (*table.columns, *table.partition_keys)
        for parts, kind in _inside((column.name,), column.type)
    )


def _inside(parts: tuple[str, ...], kind: HiveType) -> Iterator[tuple[tuple[str, ...], HiveType]]:
    yield parts, kind
    match kind:
        case Struct(fields):
            for field in fields:
                yield from _inside((*parts, field.name), field.type)
        case Array(element):
            # The elements themselves are listed only if they are no structs, whose fields are.
            inner = _inside((*parts, "[]"), element)
            if isinstance(element, Struct):
                next(inner)
            yield from inner
        case _:
            return


def path_text(parts: Sequence[str]) -> str:
    """Return the path as text: ``items[].sku``."""
    text = ""
    for part in parts:
        if part == "[]":
            text += "[]"
        else:
            text += ("." if text else "") + (part if _PLAIN.fullmatch(part) else query_name(part))
    return text


def selection_sql(selection: Selection) -> str:
    """
    Render the query of *selection*; without a final semicolon.

    Raises:
        InvalidInput: a column is not there, an operator does not suit its type, a value is none of it, or the columns are in
            arrays beside each other, which have no rows in common.
    """
    return _query(selection)[0]


def selected_columns(selection: Selection) -> tuple[tuple[str, str], ...]:
    """Return the name and Athena's type of each column of the result; raises as `selection_sql` does."""
    return _query(selection)[1]


def _query(selection: Selection) -> tuple[str, tuple[tuple[str, str], ...]]:
    table = selection.table
    paths = {path.name: path for path in column_paths(table)}
    tops = tuple(path.name for path in paths.values() if len(path.parts) == 1)
    chosen = [_found(paths, name, table) for name in selection.columns or tops]
    about = [_found(paths, condition.column, table) for condition in selection.filters]
    column = selection.time_range.column if selection.time_range else ""
    timed = [_found(paths, column, table)] if column else []
    used = [*chosen, *about, *timed]
    # As short as can be said without a doubt: names alone, unless elements stand beside them, or a table is called as a column.
    doubtful = any(path.arrays or path.parts[0].lower() in (table.name, table.database) for path in used)
    prefix = f"{query_name(_SOURCE)}." if doubtful else ""
    aliases, joins = _unnested(paths, used, table, prefix)

    def expression(path: ColumnPath) -> str:
        return _expression(path.parts, aliases, prefix)

    names = _distinct([_result_name(path) for path in chosen])
    lines = [_named(expression(path), query_name(name)) for path, name in zip(chosen, names, strict=True)]
    conditions = []
    if selection.time_range:
        conditions += list(
            _time_conditions(selection, expression(timed[0]) if timed else "", timed[0] if timed else None, prefix)
        )
    conditions += [
        condition_sql(expression(path), path, condition)
        for path, condition in zip(about, selection.filters, strict=True)
    ]
    text = "SELECT\n" + ",\n".join(lines)
    text += f"\nFROM {query_name(table.database)}.{query_name(table.name)}"
    text += f" AS {query_name(_SOURCE)}{joins}" if doubtful else ""
    if conditions:
        text += "\nWHERE " + "\n  AND ".join(conditions)
    if selection.limit:
        text += f"\nLIMIT {int(selection.limit)}"
    types = tuple((name, query_type(path.type)) for name, path in zip(names, chosen, strict=True))
    return statement(text, what=f"query of {table.name!r}"), types


def _found(paths: Mapping[str, ColumnPath], name: str, table: Table) -> ColumnPath:
    if name not in paths:
        # Mostly the marks of an array are missing, or a letter.
        plain = {path.replace("[]", ""): path for path in paths}
        like = get_close_matches(name.replace("[]", "").lower(), plain, 1)
        meant = f"did you mean {plain[like[0]]}? " if like else ""
        raise InvalidInput(
            f"column {name!r}: {table.database}.{table.name} has none of that name; {meant}it has "
            f"{', '.join(list(paths)[:12])}{' …' if len(paths) > 12 else ''}"
        )
    return paths[name]


def _unnested(
    paths: Mapping[str, ColumnPath], used: Sequence[ColumnPath], table: Table, prefix: str
) -> tuple[dict[tuple[str, ...], str], str]:
    """Return the expression of each array's elements, and the joins that make them."""
    wanted = sorted(dict.fromkeys(array for path in used for array in path.arrays), key=len)
    for inner, outer in zip(wanted[1:], wanted, strict=False):
        if inner[: len(outer)] != outer:
            raise InvalidInput(
                f"columns of {path_text(outer)} and of {path_text(inner)}: the elements of two arrays beside each other have no "
                "rows in common; choose those of one"
            )
    aliases: dict[tuple[str, ...], str] = {}
    joins = ""
    for number, array in enumerate(wanted, 1):
        kind = _type_at(array, table)
        assert isinstance(kind, Array)  # noqa: S101 - that is what [] stands for
        alias = query_name(f"u{number}")
        unnested = unnest_sql(_expression(array, aliases, prefix), kind)
        joins += f"\nCROSS JOIN {unnested} AS {alias} ({query_name('element')})"
        aliases[array] = element_sql(f"{alias}.{query_name('element')}", kind)
    return aliases, joins


def _type_at(parts: Sequence[str], table: Table) -> HiveType:
    column = table.column(parts[0])
    assert column is not None  # noqa: S101 - paths are made from the table
    kind: HiveType = column.type
    for part in parts[1:]:
        if part == "[]":
            assert isinstance(kind, Array)  # noqa: S101
            kind = kind.element
        else:
            assert isinstance(kind, Struct)  # noqa: S101
            field = kind.field(part)
            assert field is not None  # noqa: S101
            kind = field.type
    return kind


def _named(expression: str, name: str) -> str:
    return f"  {expression}" if expression == name else f"  {expression} AS {name}"


def _expression(parts: tuple[str, ...], aliases: Mapping[tuple[str, ...], str], prefix: str) -> str:
    place = max((number for number, part in enumerate(parts) if part == "[]"), default=-1)
    if place < 0:
        return prefix + ".".join(map(query_name, parts))
    return ".".join([aliases[parts[:place]], *(query_name(name) for name in parts[place + 1 :])])


def _result_name(path: ColumnPath) -> str:
    return "_".join(part for part in path.parts if part != "[]")[:_MAX_NAME]


def _distinct(names: Sequence[str]) -> list[str]:
    given: list[str] = []
    taken = set(names)
    for name in names:
        free, number = name, 1
        while free in given or (number > 1 and free in taken):
            number += 1
            free = f"{name}_{number}"
        given.append(free)
    return given


def _time_conditions(selection: Selection, column: str, path: ColumnPath | None, prefix: str) -> Iterator[str]:
    chosen = selection.time_range
    assert chosen is not None  # noqa: S101 - asked by the caller
    if path is not None:
        yield from chosen.conditions(column, str(path.type))
    elif selection.time_key is not None:
        yield from selection.time_key.conditions(chosen, prefix)
    elif not chosen.is_open:
        raise InvalidInput("time range: the table has no partition key that names times; choose a column for it")


def condition_sql(expression: str, path: ColumnPath, condition: Filter) -> str:
    """
    Render one condition on *expression*, which is of the type of *path*.

    Raises:
        InvalidInput: the operator does not suit the type, or the value is none of it.
    """
    operator, kind = condition.operator, path.kind
    where = f"filter on {path.name}"
    if operator not in OPERATORS[kind]:
        raise InvalidInput(f"{where}: expected one of {', '.join(OPERATORS[kind])}, found {operator!r}")
    if operator in NO_VALUE:
        # Of unknown truth is neither true nor false, so = serves and IS does not exist for it.
        return (
            f"{expression} = {operator[3:].upper()}"
            if kind == "boolean" and "null" not in operator
            else (f"{expression} {operator.upper()}")
        )
    if operator == "contains":
        return f"strpos(lower({expression}), lower({query_literal(_text(condition.value))})) > 0"
    if operator == "starts with":
        return f"{expression} LIKE {query_literal(_escaped(_text(condition.value)) + '%')} ESCAPE '\\'"
    if operator in _COMPARED:
        sign = "<>" if operator == "!=" else operator
        return f"{expression} {sign} {_typed(condition.value, path, where)}"
    values = _several(condition.value, where)
    texts = [_typed(value, path, where) for value in values]
    if operator == "between":
        if len(texts) != 2:
            raise InvalidInput(f"{where}: between needs two values, found {len(texts)}; write them as 1, 9")
        return f"{expression} BETWEEN {texts[0]} AND {texts[1]}"
    if not texts:
        raise InvalidInput(f"{where}: in needs at least one value, found none")
    return f"{expression} IN ({', '.join(texts)})"


def _text(value: Any) -> str:
    return value if isinstance(value, str) else str(value)


def _escaped(text: str) -> str:
    return re.sub(r"([\\%_])", r"\\\1", text)


def _several(value: Any, where: str) -> list[Any]:
    if not isinstance(value, str):
        return list(value) if isinstance(value, list | tuple | set | frozenset | range) else [value]
    try:
        rows = list(csv.reader([value], skipinitialspace=True, strict=True))
    except csv.Error as error:
        raise InvalidInput(f"{where}: values are separated by commas, found {value!r} ({error})") from error
    return [item.strip() for row in rows for item in row]


def _typed(value: Any, path: ColumnPath, where: str) -> str:
    """Return the literal of *value* for a column of that type."""
    name = str(path.type)
    try:
        match path.kind:
            case "number":
                return _number(value, name)
            case "date":
                day = value if isinstance(value, date) else date.fromisoformat(str(value).strip())
                return literal(day.date() if isinstance(day, datetime) else day)
            case "time":
                moment = value if isinstance(value, date) else datetime.fromisoformat(str(value).strip())
                return literal(
                    moment if isinstance(moment, datetime) else datetime(moment.year, moment.month, moment.day)
                )
            case _:
                return literal(_text(value))
    except (ValueError, InvalidOperation) as error:
        expected = {
            "number": f"a number ({name})",
            "date": "a day such as 2026-03-02",
            "time": "a time such as 2026-03-02 18:00",
        }
        raise InvalidInput(f"{where}: expected {expected[path.kind]}, found {value!r}") from error


def _number(value: Any, name: str) -> str:
    # Decimal takes 1_000, SQL does not; with an x it is refused.
    number = Number(str(value).strip().replace("_", "x"))
    if name in INTEGERS or name.startswith("decimal"):
        if not fits_decimal(number):
            raise ValueError
        # A fraction is compared as one: nothing equals it, and much is below it.
        is_whole = name in INTEGERS and number == int(number) and abs(number) < 2**63
        return str(int(number)) if is_whole else literal(number)
    if not math.isfinite(number):
        raise ValueError
    return literal(float(number))
