"""
Numbers as text: patterns of the integers and decimals within bounds.

They hold for at most 19 digits before the point, as 64 bits do.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Set
from fractions import Fraction

from toolkit.dataclass import dataclass
from toolkit.validator.bulk.shape import Unfit

MOST_DIGITS = 19
_GREATEST = 10**MOST_DIGITS - 1
# Up to here every integer is a binary64, so that rounding never crosses one.
_MOST_EXACT = 2**53
# Where there is no bound on one side; rounder than the one above.
_MOST_PLAIN = 10**15 - 1
# The marks of any number; see the module `shape`.
_EVERY_MARK = frozenset({"integer", "number", "negative", "zero", "digits", "fraction", "exponent"})
# The first digit decides, so that there is nothing to go back on.
_MANY = rb"[1-9][0-9]{0,%d}+" % (MOST_DIGITS - 1)
_DIGITS = rb"(?:%b|0)" % _MANY
_FRACTION = rb"(?:\.[0-9]++)?+"


@dataclass(frozen=True, slots=True)
class Bounds:
    """The least and the greatest number that is allowed; None where there is no bound."""

    least: int | float | None = None
    greatest: int | float | None = None
    above: int | float | None = None
    below: int | float | None = None


def integer_text(bounds: Bounds, seen: Set[str] = _EVERY_MARK) -> bytes:
    """
    Return a pattern of the integers within *bounds*, or without bounds of those that have no mark but the *seen* ones.

    Raises:
        Unfit: there is none.
    """
    if bounds == Bounds():
        return _sign(seen) + _digits(seen)
    low = max(
        [-_GREATEST]
        + [math.ceil(limit) for limit in (bounds.least,) if limit is not None]
        + [math.floor(limit) + 1 for limit in (bounds.above,) if limit is not None]
    )
    high = min(
        [_GREATEST]
        + [math.floor(limit) for limit in (bounds.greatest,) if limit is not None]
        + [math.ceil(limit) - 1 for limit in (bounds.below,) if limit is not None]
    )
    return _signed(low, high, _between)


def decimal_text(bounds: Bounds, seen: Set[str] = _EVERY_MARK) -> bytes:
    """
    Return a pattern of decimals within *bounds*, with a fraction or without, or without bounds of those written as *seen*.

    An exponent is only in the latter.

    Raises:
        Unfit: there is none, or a bound is so large that rounding could cross it.
    """
    limits = [limit for limit in (bounds.least, bounds.greatest, bounds.above, bounds.below) if limit is not None]
    if not limits:
        fraction = rb"\.[0-9]++" if not seen & {"integer", "exponent"} else _FRACTION
        exponent = rb"(?:[eE][+-]?+[0-9]{1,2}+)?+" if "exponent" in seen else b""
        return _sign(seen) + _digits(seen) + fraction + exponent
    if any(abs(limit) > _MOST_EXACT for limit in limits):
        raise Unfit("a bound is beyond 2**53")
    # An exclusive bound keeps its distance from what a long fraction could be rounded to.
    low = max(
        [-_MOST_PLAIN]
        + [max(math.ceil(limit), 1 - _MOST_PLAIN) for limit in (bounds.least,) if limit is not None]
        + [math.floor(limit) + 2 for limit in (bounds.above,) if limit is not None]
    )
    high = min(
        [_MOST_PLAIN]
        + [min(math.floor(limit), _MOST_PLAIN - 1) for limit in (bounds.greatest,) if limit is not None]
        + [math.ceil(limit) - 2 for limit in (bounds.below,) if limit is not None]
    )
    return _signed(low, high, _decimals_between)


def multiples_text(divisors: list[int | float], *, whole: bool) -> bytes:
    """
    Return a pattern of integers, or unless *whole* decimals, that are multiples of each of *divisors*.

    Raises:
        Unfit: not every integer is a multiple of each.
    """
    exact = [Fraction(repr(divisor)) for divisor in divisors]
    if any(Fraction(1) % divisor for divisor in exact):
        raise Unfit("an integer may be no multiple")
    places = 0
    # With at most 15 digits a decimal survives binary64.
    while not whole and places < 6 and not any(Fraction(1, 10 ** (places + 1)) % divisor for divisor in exact):
        places += 1
    fraction = rb"(?:\.[0-9]{1,%d}+)?+" % places if places else b""
    return rb"-?+(?>0|[1-9][0-9]{0,8}+)" + fraction


def _sign(seen: Set[str]) -> bytes:
    return b"-?+" if "negative" in seen else b""


def _digits(seen: Set[str]) -> bytes:
    """Return the pattern of what stands before the point; a choice takes as long as ten digits, and is left out if it can be."""
    marks = seen & {"zero", "digits"}
    return {frozenset({"zero"}): b"0", frozenset({"digits"}): _MANY}.get(frozenset(marks), _DIGITS)


def _signed(low: int, high: int, between: Callable[[int, int], bytes]) -> bytes:
    parts = []
    if high >= 0:
        parts.append(between(max(low, 0), high))
    if low < 0:
        parts.append(b"-" + between(max(-high, 0), -low))
    parts = [part for part in parts if part not in (b"", b"-")]
    if not parts:
        raise Unfit("no number is within the bounds")
    return parts[0] if len(parts) == 1 else b"(?>" + b"|".join(parts) + b")"


def _decimals_between(low: int, high: int) -> bytes:
    """Decimals from *low* to *high*, neither below zero: any fraction behind what is less than *high*, none behind it."""
    parts = []
    if high == _MOST_PLAIN:
        # No bound: a fraction does no harm.
        return _between(low, high) + _FRACTION if low <= high else b""
    if low <= high:
        parts.append(_between(high, high) + rb"(?:\.0++)?+(?![0-9.])")
    if low < high:
        parts.append(_between(low, high - 1) + _FRACTION)
    return b"(?>" + b"|".join(parts) + b")" if parts else b""


def _between(low: int, high: int) -> bytes:
    """Integers from *low* to *high*, neither below zero; those with more digits come first, for no choice is revised."""
    if low > high:
        return b""
    if (low, high) == (0, _GREATEST):
        return _DIGITS
    parts: list[bytes] = []
    digits = len(str(high))
    while digits >= len(str(low)):
        least = 0 if digits == 1 else 10 ** (digits - 1)
        first, last = max(low, least), min(high, 10**digits - 1)
        if first == least and last == 10**digits - 1 and digits > 1:
            # Together with all shorter lengths that are complete as well.
            shortest = digits
            while shortest > 1 and low <= 10 ** (shortest - 2):
                shortest -= 1
            parts.append(rb"[1-9][0-9]{%d,%d}+" % (shortest - 1, digits - 1))
            digits = shortest - 1
            continue
        parts.extend(_same_length(str(first), str(last)))
        digits -= 1
    if low == 0 and digits == 0 and parts[-1].startswith(b"[1-9][0-9]{0,"):
        parts.append(b"0")
    return parts[0] if len(parts) == 1 else b"(?>" + b"|".join(parts) + b")"


def _same_length(first: str, last: str) -> list[bytes]:
    """Patterns of the numerals from *first* to *last*, which have equally many digits."""
    rest = len(first) - 1
    if first[1:] == "0" * rest and last[1:] == "9" * rest:
        return [_digit(first[0], last[0]) + (rb"[0-9]{%d}" % rest if rest else b"")]
    if first[0] == last[0]:
        return [first[0].encode() + part for part in _same_length(first[1:], last[1:])]
    parts = [first[0].encode() + part for part in _same_length(first[1:], "9" * rest)]
    low, high = chr(ord(first[0]) + 1), chr(ord(last[0]) - 1)
    if low <= high:
        parts.append(_digit(low, high) + rb"[0-9]{%d}" % rest)
    return parts + [last[0].encode() + part for part in _same_length("0" * rest, last[1:])]


def _digit(first: str, last: str) -> bytes:
    return first.encode() if first == last else b"[" + first.encode() + b"-" + last.encode() + b"]"
