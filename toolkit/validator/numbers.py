"""Numbers as JSON Schema sees them: ``multipleOf`` without the faults of binary fractions."""

from __future__ import annotations

from collections.abc import Callable

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


# Up to here a power of ten is an exact float.
_MOST_PLACES = 22


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
    unit = 10.0**places
    multiplier = int(exact * 10**places)
    # Below it a product with the unit, rounded, is the number of units that the shortest decimal of a float has.
    limit = 2**50 / unit if places <= _MOST_PLACES else 0

    def is_multiple(number: int | float) -> bool:
        if type(number) is float and -limit < number < limit:
            return round(number, places) == number and round(number * unit) % multiplier == 0
        try:
            return Fraction(number if type(number) is int else repr(number)) % exact == 0
        except ValueError:  # inf and nan
            return False

    return is_multiple
