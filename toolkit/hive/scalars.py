"""
The Hive type of a scalar, with the rule that chose it and what the rule costs.

What the readers of JSON do with a value was read from their sources: the upstream OpenX SerDe, which AWS names, and Trino's
rewrite of it. They differ; a loss names the worse of the two.
"""

from __future__ import annotations

from dataclasses import dataclass

from toolkit.hive import types
from toolkit.hive.losses import Effect
from toolkit.hive.policy import Policy
from toolkit.hive.shape import NUMERIC, Shape
from toolkit.hive.types import MAX_PRECISION, Decimal, HiveType, Primitive

# Every decimal text of so many digits survives the way through a double and back (DBL_DIG of IEEE 754 binary64).
_EXACT_DIGITS = 15
_BITS = {"tinyint": 8, "smallint": 16, "int": 32, "bigint": 64}

Losses = tuple[tuple[Effect, str], ...]


@dataclass(frozen=True, slots=True)
class Choice:
    """A type, the rule that chose it, and (effect, consequence) of each loss."""

    type: HiveType
    rule: str
    losses: Losses = ()


def scalar_type(shape: Shape, policy: Policy) -> Choice:
    """Return the type for *shape*, which holds neither objects nor arrays."""
    kinds = shape.kinds - {"null"}
    if not kinds:
        return Choice(types.STRING, "null")
    if kinds == {"boolean"}:
        return Choice(types.BOOLEAN, "boolean")
    if kinds == {"integer"}:
        return _integer(shape, policy)
    if kinds <= NUMERIC:
        return _number(shape, policy)
    if kinds == {"string"}:
        return _text(shape, policy)
    losses: Losses = (("changed", 'values of several types read alike as text: 1 and "1" are the same'),)
    if policy.storage == "ion":
        losses = (*losses, ("error", "the Ion reader does not turn other types into text"))
    return Choice(types.STRING, "mixed-scalars", losses)


def _integer(shape: Shape, policy: Policy) -> Choice:
    may_have_points = not shape.no_points
    if policy.integers == "string":
        return Choice(types.STRING, "integer-text", _spelling(may_have_points))
    digits = _digits(shape)
    name = _fitting(shape, policy)
    if name is None or policy.integers == "decimal":
        return _long_integer(digits, policy, may_have_points=may_have_points)
    losses: list[tuple[Effect, str]] = []
    if shape.minimum is None or shape.maximum is None:
        losses.append(("error", "an integer beyond 64 bits fails the query or reads as NULL"))
    if may_have_points:
        losses.append(("error", "an integer written as 1.0 or 1e3 fails the query"))
    return Choice(Primitive(name), "integer", tuple(losses))


def _spelling(may_have_points: bool) -> Losses:
    if may_have_points:
        return (("changed", "1, 1.0 and 1e0 are one number and read as different text"),)
    return (("changed", "an integer reads as text, of which 10 comes before 9"),)


def _long_integer(digits: int | None, policy: Policy, *, may_have_points: bool) -> Choice:
    if policy.is_raw or (digits is not None and digits > MAX_PRECISION):
        return Choice(types.STRING, "long-integer", _spelling(may_have_points))
    losses: Losses = ()
    if digits is None:
        losses = (("null", f"an integer of more than {MAX_PRECISION} digits reads as NULL"),)
    return Choice(Decimal(digits or MAX_PRECISION, 0), "long-integer", losses)


def _fitting(shape: Shape, policy: Policy) -> str | None:
    """Return the integer type that holds the bounds, as far as they are given; None if 64 bits don't."""
    smallest = "tinyint" if policy.integers == "fit" else "bigint"
    if policy.integers == "fit" and policy.storage == "iceberg":
        smallest = "int"
    if shape.minimum is None or shape.maximum is None:
        smallest = "bigint"
    for name, bits in _BITS.items():
        if bits < _BITS[smallest]:
            continue
        low = shape.minimum is None or shape.minimum >= -(2 ** (bits - 1))
        high = shape.maximum is None or shape.maximum <= 2 ** (bits - 1) - 1
        if low and high:
            return name
    return None


def _digits(shape: Shape) -> int | None:
    """Return the number of digits before the point that the bounds allow, None if unbounded."""
    if shape.minimum is None or shape.maximum is None:
        return None
    return max(len(str(abs(int(bound)))) for bound in (shape.minimum, shape.maximum))


def _number(shape: Shape, policy: Policy) -> Choice:
    digits = _digits(shape)
    scale = shape.scale
    if scale is not None and policy.decimals == "decimal":
        return _decimal(digits, scale, policy)
    if policy.numbers == "string" or (scale is not None and policy.decimals == "string"):
        return Choice(types.STRING, "number-text", _spelling(True))
    if scale is not None and digits is not None and digits + scale <= _EXACT_DIGITS:
        return Choice(types.DOUBLE, "number")
    return Choice(
        types.DOUBLE,
        "number",
        (("rounded", "a number of more than 15 digits is rounded, one beyond 1.8e308 is infinite"),),
    )


def _decimal(digits: int | None, scale: int, policy: Policy) -> Choice:
    precision = MAX_PRECISION if digits is None else digits + scale
    losses: list[tuple[Effect, str]] = []
    if precision > MAX_PRECISION or digits is None:
        precision = MAX_PRECISION
        losses.append(("null", f"a number of more than {MAX_PRECISION - scale} digits before the point reads as NULL"))
    if policy.is_raw:
        losses.append(("error", "the SerDe that AWS names can't read decimals; keep them as number or string"))
    else:
        losses.append(
            ("rounded", "where the raw table holds doubles, more than 15 digits are rounded before they arrive")
        )
    return Choice(Decimal(precision, scale), "decimal", tuple(losses))


def _text(shape: Shape, policy: Policy) -> Choice:
    if "date-time" in shape.formats and policy.timestamps == "timestamp":
        return Choice(types.TIMESTAMP, "date-time", _TIMESTAMP_LOSSES[policy.is_raw])
    if "date" in shape.formats and policy.dates == "date":
        return Choice(types.DATE, "date", _DATE_LOSSES[policy.is_raw])
    return Choice(types.STRING, "string")


# By whether the table is raw: there the SerDe reads the text, else a cast of ours does.
_TIMESTAMP_LOSSES: dict[bool, Losses] = {
    True: (
        ("error", "fractions of other than three digits, lower-case t and z, and times without a zone fail the query"),
        ("changed", "the zone is lost: the time is in UTC"),
    ),
    False: (
        ("rounded", "fractions of a second beyond milliseconds"),
        ("changed", "the zone is lost: the time is in UTC"),
        (
            "null",
            (
                "a leap second, the year 0000, an offset beyond 14 hours, more than nine digits of a second's fraction, and text "
                "that is no RFC 3339 time, read as NULL"
            ),
        ),
    ),
}
_DATE_LOSSES: dict[bool, Losses] = {
    True: (("changed", "text that is no date reads as another day or as NULL"),),
    False: (("null", "text that is no date reads as NULL"),),
}
