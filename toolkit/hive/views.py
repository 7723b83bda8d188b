"""
Views that make nested tables flat: structs as columns, and one view per array of objects.

Source: https://docs.aws.amazon.com/athena/latest/ug/flattening-arrays.html
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from toolkit.errors import TableError
from toolkit.hive.casts import cast_expression
from toolkit.hive.queries import element_sql, query_table, unnest_sql
from toolkit.hive.rules import check_name
from toolkit.hive.table import Table
from toolkit.hive.text import query_name, statement
from toolkit.hive.types import BIGINT, Array, HiveType, Map, Struct

_MAX_NAME = 200


@dataclass(frozen=True, slots=True)
class View:
    """A view: its name, its statement, and the names and types of its columns."""

    database: str
    name: str
    sql: str
    columns: tuple[tuple[str, HiveType], ...]


@dataclass(frozen=True, slots=True)
class _Part:
    """A value that a view can select: its expression, the name for it, and its types before and after the cast."""

    expression: str
    name: str
    source: HiveType
    target: HiveType


def flatten_views(table: Table, *, types: Table | None = None) -> tuple[View, ...]:
    """
    Return the views that show *table* flat, the first with a row per row, then one for each array of objects.

    The first, ``<table>_flat``, has a column for each field of a struct (``address_street``); arrays and maps stay as they are.
    ``<table>_<array>`` has a row per element with its place (``items_index``, from 1), its fields, and the scalars of the row
    around it; rows with an empty array have none there. With *types*, a table of the same columns such as the curated one,
    values are cast to its types. A view goes stale when its table changes: run its statement again.

    Raises:
        TableError: a type can't be cast, or a name is not plain.
    """
    check_name(table.name, what="table name")
    parts = []
    for column in (*table.columns, *table.partition_keys):
        wanted = types.column(column.name) if types is not None else None
        expression = f"{query_name(_ALIAS)}.{query_name(column.name)}"
        parts.append(_Part(expression, column.name, column.type, wanted.type if wanted else column.type))
    origin = f"{query_table(table)} AS {query_name(_ALIAS)}"
    flat = list(_flattened(parts))
    views = [_view(table, f"{table.name}_flat", flat, origin)]
    views += _array_views(table, flat, origin, 1)
    return tuple(_distinct(views))


_ALIAS = "source"
# What an array's elements and their places are called in a view's query.
_ELEMENT, _INDEX = query_name("element"), query_name("index")


def _flattened(parts: list[_Part]) -> Iterator[_Part]:
    """Yield *parts* with each struct replaced by its fields, at every depth."""
    for part in parts:
        if isinstance(part.source, Struct):
            if not isinstance(part.target, Struct):
                raise TableError(f"{part.name}: a {part.source} can't be shown as {part.target}")
            inner = []
            for given in part.source.fields:
                wanted = part.target.field(given.name)
                inner.append(
                    _Part(
                        f"{part.expression}.{query_name(given.name)}",
                        _joined(part.name, given.name),
                        given.type,
                        wanted.type if wanted else given.type,
                    )
                )
            yield from _flattened(inner)
        else:
            yield part


def _array_views(table: Table, flat: list[_Part], origin: str, depth: int) -> Iterator[View]:
    scalars = [part for part in flat if not isinstance(part.source, Array | Map)]
    for part in flat:
        unnested = _unnested(part, depth)
        if unnested is not None:
            elements, joins = unnested
            parts = [*scalars, *_flattened(elements)]
            yield _view(table, _joined(table.name, part.name), parts, origin + joins)
            yield from _array_views(table, parts, origin + joins, depth + joins.count("UNNEST"))


def _unnested(part: _Part, depth: int) -> tuple[list[_Part], str] | None:
    """Return the places and the element of *part* and the joins that make it a row; None where it is no array of objects."""
    places: list[_Part] = []
    joins = ""
    expression, source, target = part.expression, part.source, part.target
    while isinstance(source, Array) and isinstance(target, Array):
        alias = query_name(f"u{depth + len(places)}")
        joins += f"\nCROSS JOIN {unnest_sql(expression, source)} WITH ORDINALITY AS {alias} ({_ELEMENT}, {_INDEX})"
        number = f"_{len(places) + 1}" if places else ""
        places.append(_Part(f"{alias}.{_INDEX}", _joined(part.name, f"index{number}"), BIGINT, BIGINT))
        expression = element_sql(f"{alias}.{_ELEMENT}", source)
        if isinstance(source.element, Struct):
            return [*places, _Part(expression, part.name, source.element, target.element)], joins
        source, target = source.element, target.element
    return None


def _view(table: Table, name: str, parts: list[_Part], origin: str) -> View:
    named: list[_Part] = []
    for part in parts:
        named.append(replace(part, name=_free(part.name, [other.name for other in named])))
    lines = ",\n".join(
        f"  {cast_expression(part.expression, part.source, part.target, path=part.name)} AS {query_name(part.name)}"
        for part in named
    )
    # Athena takes a view's name with letters, digits and _ only.
    target = f"{query_name(table.database)}.{query_name(name)}"
    text = statement(f"CREATE OR REPLACE VIEW {target} AS\nSELECT\n{lines}\nFROM {origin}", what=f"view {name!r}")
    return View(table.database, name, text, tuple((part.name, part.target) for part in named))


def _distinct(views: list[View]) -> Iterator[View]:
    """Yield *views*; where a path and a name fall together (``a_b`` and ``a.b``), the later one is numbered."""
    taken: list[str] = []
    for view in views:
        name = _free(view.name, taken)
        taken.append(name)
        old, new = (f"{query_name(view.database)}.{query_name(part)} AS\n" for part in (view.name, name))
        yield view if name == view.name else replace(view, name=name, sql=view.sql.replace(old, new, 1))


def _joined(*names: str) -> str:
    return "_".join(names)[:_MAX_NAME]


def _free(name: str, taken: list[str]) -> str:
    number, free = 1, name
    while free in taken:
        number += 1
        free = f"{name}_{number}"
    return free
