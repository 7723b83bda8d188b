"""Numbers: bases, sums of digits, and distributions."""

from __future__ import annotations

import functools
import itertools
import math
import statistics
from collections.abc import Callable

from toolkit.local.athena.sql.routines.refusal import Routine, invalid

DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz"
# Source: io.trino.operator.scalar.ArrayCombinationsFunction of Trino 435
MOST_CHOSEN = 5
MOST_ELEMENTS = 100_000


def to_base(number: int, radix: int) -> str:
    """Write a number in a base of 2 to 36."""
    if not 2 <= radix <= 36:
        raise invalid("Radix must be between 2 and 36")
    digits, rest = "", abs(number)
    while rest:
        rest, digit = divmod(rest, radix)
        digits = DIGITS[digit] + digits
    return ("-" if number < 0 else "") + (digits or "0")


def from_base(text: str, radix: int) -> int:
    """Read a number in a base of 2 to 36."""
    if not 2 <= radix <= 36:
        raise invalid("Radix must be between 2 and 36")
    digits = text[1:] if text[:1] in ("-", "+") else text
    try:
        if not digits.isascii() or not digits.isalnum():
            raise ValueError(text)
        number = int(text, radix)
    except ValueError as error:
        raise invalid(f"Not a valid base-{radix} number: {text}") from error
    if not -(2**63) <= number < 2**63:
        raise invalid(f"Not a valid base-{radix} number: {text}")
    return number


def luhn_check(text: str) -> bool:
    """Whether the last digit is the right one by Luhn's formula."""
    if not text:
        return False
    if not (text.isascii() and text.isdigit()):
        raise invalid("Input contains non-digit character")
    total = 0
    for place, digit in enumerate(reversed(text)):
        value = int(digit) * (1 + place % 2)
        total += value - 9 if value > 9 else value
    return total % 10 == 0


def normal_cdf(mean: float, deviation: float, value: float) -> float:
    """Give the share of a normal distribution below a value."""
    if not deviation > 0:
        raise invalid("standardDeviation must be > 0")
    return statistics.NormalDist(mean, deviation).cdf(value)


def inverse_normal_cdf(mean: float, deviation: float, share: float) -> float:
    """Give the value below which that share of a normal distribution lies."""
    if not 0 < share < 1:
        raise invalid("p must be 0 > p > 1")
    if not deviation > 0:
        raise invalid("sd must be > 0")
    return statistics.NormalDist(mean, deviation).inv_cdf(share)


def beta_cdf(alpha: float, beta: float, value: float) -> float:
    """Give the share of a beta distribution up to a value."""
    if not 0 <= value <= 1:
        raise invalid("value must be in the interval [0, 1]")
    if not (alpha > 0 and beta > 0):
        raise invalid("a, b must be > 0")
    if value in (0, 1):
        return float(value)
    if value > (alpha + 1) / (alpha + beta + 2):
        return 1 - beta_cdf(beta, alpha, 1 - value)
    front = math.lgamma(alpha + beta) - math.lgamma(alpha) - math.lgamma(beta)
    front = math.exp(front + alpha * math.log(value) + beta * math.log1p(-value))
    return front * _beta_fraction(alpha, beta, value) / alpha


def _beta_fraction(alpha: float, beta: float, value: float) -> float:
    """Give the continued fraction of the incomplete beta function, by Lentz: https://dlmf.nist.gov/8.17.E22"""
    upper, lower = 1.0, 1 / (1 - (alpha + beta) * value / (alpha + 1))
    whole = lower
    for step in range(1, 10_000):
        even = step * (beta - step) * value / ((alpha + 2 * step - 1) * (alpha + 2 * step))
        odd = -(alpha + step) * (alpha + beta + step) * value / ((alpha + 2 * step) * (alpha + 2 * step + 1))
        for term in (even, odd):
            lower = 1 / (1 + term * lower)
            upper = 1 + term / upper
            whole *= upper * lower
        if abs(upper * lower - 1) < 1e-16:
            break
    return whole


def _wilson(successes: int, trials: int, z: float, sign: int) -> float:
    if successes < 0:
        raise invalid("number of successes must not be negative")
    if trials <= 0:
        raise invalid("number of trials must be positive")
    if successes > trials:
        raise invalid("number of successes must not be larger than number of trials")
    if z < 0:
        raise invalid("z-score must not be negative")
    share = successes / trials
    middle = share + z * z / (2 * trials)
    spread = z * math.sqrt((share * (1 - share) + z * z / (4 * trials)) / trials)
    return (middle + sign * spread) / (1 + z * z / trials)


def wilson_interval_lower(successes: int, trials: int, z: float) -> float:
    """Give the lower end of Wilson's interval."""
    return _wilson(successes, trials, z, -1)


def wilson_interval_upper(successes: int, trials: int, z: float) -> float:
    """Give the upper end of Wilson's interval."""
    return _wilson(successes, trials, z, 1)


def width_bucket_of(value: float, bins: list[float]) -> int:
    """Give the number of bins, in ascending order, that are not above a value."""
    if not bins:
        raise invalid("Bins cannot be an empty array")
    if math.isnan(value):
        raise invalid("Operand cannot be NaN")
    low, high = 0, len(bins)
    while low < high:
        # Trino looks no further than this.
        if None not in (bins[low], bins[high - 1]) and bins[low] > bins[high - 1]:
            raise invalid("Bin values are not sorted in ascending order")
        middle = (low + high) // 2
        if bins[middle] is None or not math.isfinite(bins[middle]):
            raise invalid(f"Bin value must be finite, got {bins[middle]}")
        if value < bins[middle]:
            high = middle
        else:
            low = middle + 1
    return low


def index_combinations(size: int, chosen: int) -> list[list[int]]:
    """Give the choices of so many of the first *size* numbers, as Trino orders them: by the last number first."""
    if not 0 <= chosen <= MOST_CHOSEN:
        # The macro refuses these, but DuckDB calls this first where all is constant.
        return []
    if chosen * math.comb(size, chosen) > MOST_ELEMENTS:
        raise invalid("combinations exceed max size")
    found = [list(each) for each in itertools.combinations(range(1, size + 1), chosen)]
    return sorted(found, key=lambda each: each[::-1])


# Java sorts so few elements by insertion alone.
_FEW = 32


def order_of(compared: list[list[int | None]]) -> list[int] | None:
    """
    Give the places, from 1, of elements in the order of what a comparator says of each two.

    Where it contradicts itself, as with NULL, the order is that of java.util.TimSort for few elements.
    """
    if any(None in row for row in compared):
        return None
    size = len(compared)
    if size >= _FEW:

        def comparison(one: int, other: int) -> int:
            return compared[one][other] or 0

        return [place + 1 for place in sorted(range(size), key=functools.cmp_to_key(comparison))]
    sorted_ = list(range(size))

    def is_before(one: int, other: int) -> bool:
        return (compared[one][other] or 0) < 0

    end = _first_run(sorted_, is_before)
    for place in range(end, size):
        pivot, left, right = sorted_.pop(place), 0, place
        while left < right:
            middle = (left + right) // 2
            if is_before(pivot, sorted_[middle]):
                right = middle
            else:
                left = middle + 1
        sorted_.insert(left, pivot)
    return [place + 1 for place in sorted_]


def _first_run(places: list[int], is_before: Callable[[int, int], bool]) -> int:
    """Give where the run ends that a list begins with, one that goes down turned about."""
    if len(places) < 2:
        return len(places)
    goes_down, end = is_before(places[1], places[0]), 2
    while end < len(places) and is_before(places[end], places[end - 1]) == goes_down:
        end += 1
    if goes_down:
        places[:end] = reversed(places[:end])
    return end


ROUTINES: dict[str, Routine] = {
    "index_combinations": (index_combinations, ("BIGINT", "BIGINT"), "BIGINT[][]"),
    "to_base": (to_base, ("BIGINT", "BIGINT"), "VARCHAR"),
    "from_base": (from_base, ("VARCHAR", "BIGINT"), "BIGINT"),
    "luhn_check": (luhn_check, ("VARCHAR",), "BOOLEAN"),
    "normal_cdf": (normal_cdf, ("DOUBLE",) * 3, "DOUBLE"),
    "order_of": (order_of, ("BIGINT[][]",), "BIGINT[]"),
    "beta_cdf": (beta_cdf, ("DOUBLE",) * 3, "DOUBLE"),
    "inverse_normal_cdf": (inverse_normal_cdf, ("DOUBLE",) * 3, "DOUBLE"),
    "wilson_interval_lower": (wilson_interval_lower, ("BIGINT", "BIGINT", "DOUBLE"), "DOUBLE"),
    "wilson_interval_upper": (wilson_interval_upper, ("BIGINT", "BIGINT", "DOUBLE"), "DOUBLE"),
    "width_bucket_of": (width_bucket_of, ("DOUBLE", "DOUBLE[]"), "BIGINT"),
}
