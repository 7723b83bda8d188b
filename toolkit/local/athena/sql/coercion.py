"""
Which types become which without a cast, as Trino has it.

Source: io.trino.type.TypeCoercion of Trino 435, and https://trino.io/docs/current/language/types.html
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import reduce

from toolkit.local.athena.hive_types import GEOMETRIES, MAXIMUM_PRECISION, MIXED_ZONES, SKETCHES, STRING, HiveType
from toolkit.local.athena.sql.functions import (
    DECIMAL_DIGITS,
    INTEGRAL,
    NUMERIC_ORDER,
    TEMPORAL_ORDER,
    TEXT,
    TIMES_OF_DAY,
    ZONED,
    Kind,
    precision_of,
    time_at,
    with_precision,
    zone_of,
)

# The longest char; a varchar without a length becomes that.
MAXIMUM_CHAR = 65_536

# Types whose values have no order.
UNORDERED = frozenset(
    {"json", "map", "hyperloglog", "tdigest", "qdigest", "setdigest", "color", "function", "bingtile"}
)

UNORDERED |= GEOMETRIES
INCOMPARABLE = SKETCHES | GEOMETRIES

FLOATING = frozenset({"float", "double"})


def common_type(left: HiveType, right: HiveType) -> HiveType | None:
    """Give the type that both become where they meet, None if there is none."""
    if left == right or right.name == "unknown":
        return left
    if left.name == "unknown":
        return right
    names = {left.name, right.name}
    if names <= set(NUMERIC_ORDER):
        return _common_number(left, right)
    if names <= TEXT:
        return _common_text(left, right)
    if names <= set(TEMPORAL_ORDER):
        return _common_time(left, right)
    if names <= TIMES_OF_DAY:
        return _common_time_of_day(left, right)
    if left.name == right.name and left.children and len(left.children) == len(right.children):
        children = [common_type(a, b) for a, b in zip(left.children, right.children, strict=True)]
        known = tuple(each for each in children if each is not None)
        if len(known) < len(children):
            return None
        return HiveType(left.name, children=known, fields=_common_fields(left, right))
    return None


def common_of(kinds: Iterable[Kind]) -> Kind:
    """Give the type that all of these become, None if there is none or one of them is not known."""
    listed = list(kinds)
    if not listed or None in listed:
        return None
    return reduce(lambda a, b: common_type(a, b) if a is not None and b is not None else None, listed)


def can_become(source: HiveType, target: HiveType) -> bool:
    """Whether values of one type are taken for another without a cast."""
    found = common_type(source, target)
    return found is not None and _is_alike(found, target)


def is_assignable(source: HiveType, target: HiveType) -> bool:
    """Whether INSERT and UPDATE put values of one type into a column of another; a single value may still not fit."""
    if target.children and _has_length(target):
        return can_become(source, target)
    return common_type(source, target) is not None


def is_comparable(kind: Kind) -> bool:
    """Whether two values of that type can be told to be equal or not."""
    return kind is None or (kind.name not in INCOMPARABLE and all(map(is_comparable, kind.children)))


def is_orderable(kind: Kind) -> bool:
    """Whether values of that type can be sorted and compared with ``<``."""
    return kind is None or (kind.name not in UNORDERED and all(map(is_orderable, kind.children)))


def _is_alike(left: HiveType, right: HiveType) -> bool:
    """Whether two types are one, whatever their zones and the names of their fields."""
    return (
        left.name == right.name
        and (left.arguments == right.arguments or precision_of(left) == precision_of(right) > -1)
        and len(left.children) == len(right.children)
        and all(map(_is_alike, left.children, right.children))
    )


def _has_length(kind: HiveType) -> bool:
    return (kind.name in TEXT and bool(kind.arguments)) or any(map(_has_length, kind.children))


def as_decimal(kind: HiveType) -> HiveType:
    """Give the decimal that holds the values of an integer type."""
    return HiveType("decimal", (DECIMAL_DIGITS[kind.name], 0)) if kind.name in INTEGRAL else kind


def _common_number(left: HiveType, right: HiveType) -> HiveType:
    if "decimal" in (left.name, right.name) and not FLOATING & {left.name, right.name}:
        a, b = as_decimal(left).arguments, as_decimal(right).arguments
        scale = max(a[1], b[1])
        return HiveType("decimal", (min(MAXIMUM_PRECISION, max(a[0] - a[1], b[0] - b[1]) + scale), scale))
    return max(left, right, key=lambda kind: NUMERIC_ORDER.index(kind.name))


def _common_text(left: HiveType, right: HiveType) -> HiveType:
    lengths = [kind.arguments[0] if kind.arguments else None for kind in (left, right)]
    if "char" in (left.name, right.name):
        return HiveType("char", (max(MAXIMUM_CHAR if n is None else min(n, MAXIMUM_CHAR) for n in lengths),))
    return STRING if None in lengths else HiveType("varchar", (max(n for n in lengths if n is not None),))


def _common_time(left: HiveType, right: HiveType) -> HiveType:
    widest = max(left, right, key=lambda kind: TEMPORAL_ORDER.index(kind.name))
    found = with_precision(widest, max(precision_of(left), precision_of(right)))
    if left.name == right.name == ZONED.name and zone_of(left) != zone_of(right):
        return HiveType(found.name, found.arguments, fields=(MIXED_ZONES,))
    return found


def _common_time_of_day(left: HiveType, right: HiveType) -> HiveType:
    precision = max(precision_of(left), precision_of(right))
    if left.name == right.name == "time":
        return with_precision(left, precision)
    # A time without an offset is one of the session's zone, which is UTC.
    offsets = {kind.fields[0] if kind.fields else "+00:00" for kind in (left, right)}
    return with_precision(time_at(offsets.pop() if len(offsets) == 1 else MIXED_ZONES), precision)


def _common_fields(left: HiveType, right: HiveType) -> tuple[str, ...]:
    if left.fields == right.fields or left.name != "struct":
        return left.fields
    pairs = zip(left.fields, right.fields, strict=True)
    return tuple(a if a == b else f"field{number}" for number, (a, b) in enumerate(pairs))
