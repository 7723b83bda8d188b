"""
Casts between the types of two tables, as expressions of a query.

From the raw to the curated table values change type: text becomes a time, a double a decimal. A value that can't be cast
becomes NULL and the rest goes on (``TRY``); the loss report of the curated table names each such case beforehand.

Source: https://trino.io/docs/current/functions/conversion.html and …/functions/datetime.html
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from toolkit.errors import TableError
from toolkit.hive.text import query_literal, query_name
from toolkit.hive.types import (
    INTEGERS,
    TIMESTAMP,
    Array,
    Decimal,
    HiveType,
    Map,
    Primitive,
    Struct,
    Text,
    is_wider_integer,
    query_type,
    walk_types,
)


def cast_expression(
    expression: str, source: HiveType, target: HiveType, *, path: str = "", is_iceberg: bool = False
) -> str:
    """
    Return *expression*, of the type *source*, as an expression of the type *target*.

    Structs are cast field by field, by name; a field that *source* lacks is NULL. A NULL stays NULL at every depth. With
    *is_iceberg* times are ``timestamp(6)``, the only precision that CREATE TABLE AS takes for an Iceberg table.

    Raises:
        TableError: the types are of different kinds, such as text for a struct; *path* says where.
    """
    return _Casting(timestamp_name(is_iceberg=is_iceberg)).cast(expression, source, target, path, 1)


CastEffect = Literal["unfilled", "left out", "rounded", "narrowed"]


def cast_effects(source: HiveType, target: HiveType, path: str) -> Iterator[tuple[CastEffect, str]]:
    """
    Yield what the cast of a column *path* does to it that no single schema would want, at every depth.

    ``unfilled`` fields are those that *source* lacks, ``left out`` those that *target* lacks. ``rounded`` are fractions that
    become integers, and ``narrowed`` are values that are NULL where they don't fit; these two name both types. That text
    becomes a time, and a double a decimal, is what curated tables are for.
    """
    match source, target:
        case Struct(given), Struct(wanted):
            for field in wanted:
                if source.field(field.name) is None:
                    yield "unfilled", f"{path}.{field.name}"
            for field in given:
                other = target.field(field.name)
                if other is None:
                    yield "left out", f"{path}.{field.name}"
                else:
                    yield from cast_effects(field.type, other.type, f"{path}.{field.name}")
        case Array(given_element), Array(wanted_element):
            yield from cast_effects(given_element, wanted_element, f"{path}[]")
        case Map(_, given_value), Map(_, wanted_value):
            yield from cast_effects(given_value, wanted_value, f"{path}{{}}")
        case _:
            is_integer = str(target) in INTEGERS
            if is_integer and (
                str(source) in ("float", "double") or (isinstance(source, Decimal) and source.scale > 0)
            ):
                yield "rounded", f"{path} ({source} → {target})"
            elif _narrows(source, target):
                yield "narrowed", f"{path} ({source} → {target})"


def _narrows(source: HiveType, target: HiveType) -> bool:
    given, wanted = str(source), str(target)
    if given == "string":
        return wanted in (*INTEGERS, "float", "double", "boolean") or isinstance(target, Decimal)
    return is_wider_integer(wanted, given) or (given, wanted) == ("double", "float")


# An offset beyond 14 hours in a text of capitals; a date before the T may look like one.
_FAR_OFFSET = "T.*[+-](1[5-9]|2[0-9]|14:?0?[1-9])"


def instant_expression(text: str, *, timestamp: str = "") -> str:
    """
    Return the instant that the expression *text* names, or its time in UTC as a *timestamp* type; NULL where it names none.

    RFC 3339 takes lower-case letters, Trino's reader does not, and a plain CAST wants a blank for the T. It also takes any
    offset of less than a day: Trino knows those of up to 14 hours, and fails at another, which TRY does not catch.

    Source: https://trino.io/docs/current/functions/datetime.html and …/functions/conditional.html#try
    """
    instant = f"from_iso8601_timestamp(upper({text}))"
    if timestamp:
        instant = f"CAST(at_timezone({instant}, 'UTC') AS {timestamp})"
    return f"IF(NOT regexp_like(upper({text}), {query_literal(_FAR_OFFSET)}), TRY({instant}))"


def timestamp_name(*, is_iceberg: bool) -> str:
    """Return the type of a time in queries that write: Hive's tables hold milliseconds, Iceberg's microseconds."""
    return "timestamp(6)" if is_iceberg else "timestamp(3)"


@dataclass(frozen=True, slots=True)
class _Casting:
    """One walk over two types; ``timestamp`` is the name of a timestamp in the target."""

    timestamp: str

    def cast(self, expression: str, source: HiveType, target: HiveType, path: str, depth: int) -> str:
        if source == target and not self._is_precise(target):
            return expression
        match source, target:
            case Struct(), Struct(fields):
                inner = []
                for wanted in fields:
                    given = source.field(wanted.name)
                    if given is None:
                        inner.append("NULL")
                        continue
                    part = f"{expression}.{query_name(wanted.name)}"
                    inner.append(self.cast(part, given.type, wanted.type, f"{path}.{wanted.name}", depth))
                return f"IF({expression} IS NULL, NULL, CAST(ROW({', '.join(inner)}) AS {self.name(target)}))"
            case Array(given_element), Array(wanted_element):
                element = f"e{depth}"
                inside = self.cast(element, given_element, wanted_element, f"{path}[]", depth + 1)
                return f"transform({expression}, {element} -> {inside})"
            case Map(given_key, given_value), Map(wanted_key, wanted_value) if given_key == wanted_key:
                value = f"v{depth}"
                inside = self.cast(value, given_value, wanted_value, f"{path}{{}}", depth + 1)
                return f"transform_values({expression}, (k{depth}, {value}) -> {inside})"
            case ((Primitive() | Decimal() | Text()), (Primitive() | Decimal() | Text())):
                found = self._scalar(expression, source, target)
                if found is not None:
                    return found
        raise TableError(f"{path}: a {source} can't be cast to {target}; give both tables the same kind of type")

    def name(self, target: HiveType) -> str:
        return query_type(target, timestamp=self.timestamp)

    def _is_precise(self, target: HiveType) -> bool:
        """Whether *target* holds times of another precision than a table of Hive's gives."""
        return self.timestamp != timestamp_name(is_iceberg=False) and any(
            part == TIMESTAMP for _, part in walk_types(target)
        )

    def _scalar(self, expression: str, source: HiveType, target: HiveType) -> str | None:
        given, wanted = str(source), str(target)
        name = self.name(target)
        if "binary" in (given, wanted):
            return None
        if given == "string" and wanted == "timestamp":
            return instant_expression(expression, timestamp=name)
        if wanted == "string" or given == wanted or _widens(given, wanted):
            return f"CAST({expression} AS {name})"
        return f"TRY_CAST({expression} AS {name})"


def _widens(given: str, wanted: str) -> bool:
    others = (("float", "double"), ("date", "timestamp"), ("int", "double"), ("bigint", "double"))
    return is_wider_integer(given, wanted) or (given, wanted) in others
