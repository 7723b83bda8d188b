"""Numbers as JSON Schema sees them: ``multipleOf`` without the faults of binary fractions."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from toolkit.schema import Schema

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


# Up to here a power of ten is an exact float.
_MOST_PLACES = 22
# Integers from here on, on either side of zero, may have been read as floats.
_LONG = 2**63
_LIMITS = ("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum")


def minds_long_integers(schemas: Iterable[Schema]) -> bool:
    """
    Tell whether a verdict by *schemas* may be another for an integer beyond 64 bits and for the float nearest to it.

    It is the same where no more is asked than the type, which both are of since draft 6, or limits that both are beyond.
    """
    return any(_minds(schema) for schema in schemas)


def _minds(schema: Schema) -> bool:
    contents: Any = schema.contents
    if not isinstance(contents, dict):
        return False
    if schema.dialect.generation <= 4 or "multipleOf" in contents or "uniqueItems" in contents:
        return True
    named = [contents[keyword] for keyword in (*_LIMITS, "const", "enum") if keyword in contents]
    while named:
        value = named.pop()
        if isinstance(value, list):
            named += value
        elif isinstance(value, dict):
            named += value.values()
        elif isinstance(value, int | float) and not -_LONG < value < _LONG:
            return True
    return False


def are_finite(numbers: list[Any]) -> bool:
    """Tell whether none of *numbers* is infinite or NaN; False as well where the quick test can't tell."""
    try:
        total = sum(numbers)
    except OverflowError:  # a float and an integer beyond all floats
        return False
    return bool(total - total == 0)


def multiple_of(divisor: int | float) -> Callable[[int | float], bool]:
    """
    Return a function that tells whether a number is an exact multiple of *divisor*.

    Both are taken as the decimals that they were written as, so that 0.0075 is a multiple of 0.0001 though their
    binary forms are not. Infinity and NaN are multiples of nothing.
    """
    from decimal import Decimal
    from fractions import Fraction

    exact = Fraction(repr(divisor))
    places = max(0, -int(Decimal(repr(divisor)).as_tuple().exponent))
    multiplier = int(exact * 10**places)
    # Below the limit a product with the unit, rounded, is the number of units that the shortest decimal of a float has.
    unit = 10.0 ** min(places, _MOST_PLACES)
    limit = 2**50 / unit if places <= _MOST_PLACES else 0

    def is_multiple(number: int | float) -> bool:
        if type(number) is float and -limit < number < limit:
            return round(number, places) == number and round(number * unit) % multiplier == 0
        try:
            return Fraction(number if type(number) is int else repr(number)) % exact == 0
        except ValueError:  # inf and nan
            return False

    return is_multiple
