"""
Sketches of many values: HyperLogLog, t-digest and quantile digest, and the histogram of numbers.

HyperLogLogs and t-digests are the bytes that Trino keeps, so that those which Athena wrote into a table can be read, and merged
with those made here. A quantile digest is in a form of its own.
Sources: io.airlift.stats 239, which Trino 435 uses; https://arxiv.org/abs/1702.01284 for the estimate of a full HyperLogLog
"""

from __future__ import annotations

import heapq
import itertools
import math
import struct
from collections.abc import Iterable, Sequence
from typing import Any

from toolkit.local.athena.sql.routines.binary import murmur3
from toolkit.local.athena.sql.routines.refusal import Refusal, Routine, invalid

# -- HyperLogLog

# 4,096 buckets: a standard error of 1.625 %, which Trino's approx_set has.
INDEX_BITS = 12
# A sketch of few values keeps 26 bits of each hash, and how many zeros follow them.
PREFIX_BITS, ZERO_BITS = 26, 6
# With more values Trino makes it a full one.
MOST_SPARSE = 511
SPARSE, DENSE_OF_OLD, DENSE = 2, 1, 3
MOST_DELTA = 15


class _HyperLogLog:
    """Either entries by their 26 bits, with the zeros that follow, or the value of each bucket."""

    def __init__(self, entries: dict[int, int] | None, buckets: list[int] | None = None) -> None:
        self.entries = entries
        self.buckets = buckets

    def full(self) -> list[int]:
        """Give the values of all buckets."""
        if self.buckets is not None:
            return self.buckets
        found = [0] * 2**INDEX_BITS
        rest = PREFIX_BITS - INDEX_BITS
        for prefix, zeros in (self.entries or {}).items():
            low = prefix & (2**rest - 1)
            value = (rest - low.bit_length() if low else rest + zeros) + 1
            found[prefix >> rest] = max(found[prefix >> rest], value)
        return found

    def merged(self, other: _HyperLogLog) -> _HyperLogLog:
        """Give the sketch of the values of both."""
        if self.entries is not None and other.entries is not None:
            entries = dict(self.entries)
            for prefix, zeros in other.entries.items():
                entries[prefix] = max(zeros, entries.get(prefix, 0))
            return _HyperLogLog(entries).settled()
        return _HyperLogLog(None, list(map(max, self.full(), other.full())))

    def settled(self) -> _HyperLogLog:
        """Give it with all buckets, if it has too many entries."""
        return self if len(self.entries or ()) <= MOST_SPARSE else _HyperLogLog(None, self.full())

    def content(self) -> bytes:
        """Give its bytes."""
        if self.entries is not None:
            codes = [prefix << ZERO_BITS | zeros for prefix, zeros in sorted(self.entries.items())]
            return struct.pack(f"<BBH{len(codes)}I", SPARSE, INDEX_BITS, len(codes), *codes)
        buckets = self.full()
        least = min(buckets)
        deltas = [value - least for value in buckets]
        packed = bytes(
            min(high, MOST_DELTA) << 4 | min(low, MOST_DELTA)
            for high, low in zip(deltas[::2], deltas[1::2], strict=True)
        )
        over = [(number, delta - MOST_DELTA) for number, delta in enumerate(deltas) if delta > MOST_DELTA]
        numbers, values = [number for number, _ in over], bytes(value for _, value in over)
        head = struct.pack("<BBB", DENSE, INDEX_BITS, least)
        return head + packed + struct.pack(f"<H{len(over)}H", len(over), *numbers) + values

    def cardinality(self) -> int:
        """Estimate how many distinct values it has seen."""
        if self.entries is not None:
            total = 1 << PREFIX_BITS
            return round(total * math.log(total / (total - len(self.entries))))
        return round(_estimate(self.full()))


def _estimate(buckets: Sequence[int]) -> float:
    """Give Ertl's improved estimate, which needs no table of corrections."""
    size, most = len(buckets), 64 - INDEX_BITS
    counts = [0] * (most + 2)
    for value in buckets:
        counts[min(value, most + 1)] += 1
    z = size * _tau(1 - counts[most + 1] / size)
    for count in reversed(counts[1 : most + 1]):
        z = 0.5 * (z + count)
    z += size * _sigma(counts[0] / size)
    return size * size / (2 * math.log(2) * z)


def _sigma(x: float) -> float:
    if x == 1:
        return math.inf
    y, z, last = 1.0, x, -1.0
    while z != last:
        x *= x
        last = z
        z += x * y
        y += y
    return z


def _tau(x: float) -> float:
    if x in (0, 1):
        return 0.0
    y, z, last = 1.0, 1 - x, -1.0
    while z != last:
        x = math.sqrt(x)
        last = z
        y *= 0.5
        z -= (1 - x) ** 2 * y
    return z / 3


def _of_hashes(hashes: Iterable[int]) -> _HyperLogLog:
    entries: dict[int, int] = {}
    rest = 64 - PREFIX_BITS
    for value in hashes:
        low = value & (2**rest - 1)
        # One bit at the end stands for what lies behind it, so there are never more zeros than places.
        zeros = rest - low.bit_length() if low else rest
        prefix = value >> rest
        if entries.get(prefix, -1) < zeros:
            entries[prefix] = zeros
    return _HyperLogLog(entries).settled()


def _hyperloglog(contents: Iterable[bytes]) -> bytes | None:
    hashes = [int.from_bytes(murmur3(content)[:8], "little") for content in contents]
    return _of_hashes(hashes).content() if hashes else None


def hyperloglog_of_bigints(values: list[int | None]) -> bytes | None:
    """Give the sketch of whole numbers, None if there are none."""
    return _hyperloglog(value.to_bytes(8, "little", signed=True) for value in values if value is not None)


def hyperloglog_of_doubles(values: list[float | None]) -> bytes | None:
    """Give the sketch of doubles, None if there are none."""
    return _hyperloglog(struct.pack("<d", value) for value in values if value is not None)


def hyperloglog_of_texts(values: list[str | None]) -> bytes | None:
    """Give the sketch of texts, None if there are none."""
    return _hyperloglog(value.encode() for value in values if value is not None)


def _read_hyperloglog(content: bytes) -> _HyperLogLog:
    try:
        tag, index_bits = content[0], content[1]
        if index_bits != INDEX_BITS:
            raise invalid(
                f"the local Athena reads HyperLogLogs of {2**INDEX_BITS} buckets, this one has {2**index_bits}"
            )
        if tag == SPARSE:
            (count,) = struct.unpack_from("<H", content, 2)
            codes = struct.unpack(f"<{count}I", content[4:])
            return _HyperLogLog({code >> ZERO_BITS: code & (2**ZERO_BITS - 1) for code in codes})
        if tag not in (DENSE, DENSE_OF_OLD):
            raise invalid(f"Invalid HyperLogLog: no form has the number {tag}")
        half = 2 ** (INDEX_BITS - 1)
        packed, rest = content[3 : 3 + half], content[3 + half :]
        buckets = [content[2] + delta for byte in packed for delta in (byte >> 4, byte & 15)]
        if tag == DENSE:
            (count,) = struct.unpack_from("<H", rest)
            numbers = struct.unpack_from(f"<{count}H", rest, 2)
            for number, value in zip(numbers, rest[2 + 2 * count :], strict=True):
                buckets[number] += value
        else:
            number, value = struct.unpack("<hB", rest)
            if number >= 0:
                buckets[number] += value
        return _HyperLogLog(None, buckets)
    except (struct.error, IndexError, ValueError) as error:
        if isinstance(error, Refusal):
            raise
        raise invalid("Invalid HyperLogLog: its bytes end too early or too late") from error


def merged_hyperloglogs(sketches: list[bytes | None]) -> bytes | None:
    """Give the sketch of the values of all these, None if there are none."""
    known = {each for each in sketches if each is not None}
    if not known:
        return None
    whole = _HyperLogLog({})
    for each in known:
        whole = whole.merged(_read_hyperloglog(each))
    return whole.content()


def hyperloglog_cardinality(sketch: bytes) -> int:
    """Estimate how many distinct values a sketch has seen."""
    return _read_hyperloglog(sketch).cardinality()


# -- t-digest

COMPRESSION = 100.0
TDIGEST = 0
_HEAD = struct.Struct("<BddddI")


class _TDigest:
    """Centroids in order of their means, with weights, and the least and greatest value."""

    def __init__(self, low: float, high: float, means: Sequence[float], weights: Sequence[float]) -> None:
        self.low = low
        self.high = high
        self.means = means
        self.weights = weights

    def content(self) -> bytes:
        """Give its bytes."""
        count = len(self.means)
        head = _HEAD.pack(TDIGEST, self.low, self.high, COMPRESSION, sum(self.weights), count)
        return head + struct.pack(f"<{2 * count}d", *self.means, *self.weights)

    def value_at(self, share: float) -> float:
        """Give the value below which that share of the values lies, between centroids by interpolation."""
        if not 0 <= share <= 1:
            raise invalid("quantiles should be in [0, 1] range")
        means, weights = self.means, self.weights
        if len(means) < 2:
            return means[0] if means else math.nan
        total = sum(weights)
        place = share * total
        if place < 1:
            return self.low
        if place < weights[0] / 2:
            return self.low + (place - 1) / (weights[0] / 2 - 1) * (means[0] - self.low)
        behind, half = total - place, weights[-1] / 2
        if place >= total - 1:
            return self.high
        if behind <= half and half > 1:
            return self.high + (behind - 1) / (half - 1) * (means[-1] - self.high)
        before = weights[0] / 2
        for number, (left, right) in enumerate(itertools.pairwise(weights)):
            step = (left + right) / 2
            if before + step > place:
                return self._between(number, place - before, left, right)
            before += step
        return self.high

    def _between(self, number: int, place: float, left: float, right: float) -> float:
        here, there = self.means[number], self.means[number + 1]
        # A centroid of one value is that value as far as it reaches.
        if left == 1 and place < left / 2:
            return here
        if right == 1 and place >= left / 2:
            return there
        length = (left + right) / 2
        if left == 1:
            place, length = place - left / 2, right / 2
        elif right == 1:
            length = left / 2
        return here + place / length * (there - here)


def _compressed(pairs: list[tuple[float, float]], low: float, high: float) -> _TDigest:
    """Give the digest of values with their weights."""
    pairs.sort(key=lambda pair: pair[0])
    total = sum(weight for _, weight in pairs)
    normalizer = COMPRESSION / (4 * math.log(total / COMPRESSION) + 24)

    def most(share: float) -> float:
        return share * (1 - share) / normalizer

    mean, weight = pairs[0]
    means, weights, before, limit = [mean], [weight], 0.0, most(0)
    for next_mean, next_weight in pairs[1:]:
        both = weight + next_weight
        if both <= total * min(limit, most(min((before + both) / total, 1))):
            mean += (next_mean - mean) * next_weight / both
            weight = both
            means[-1], weights[-1] = mean, weight
            continue
        before += weight
        limit = most(before / total)
        mean, weight = next_mean, next_weight
        means.append(mean)
        weights.append(weight)
    return _TDigest(low, high, means, weights)


def tdigest_of(values: list[float | None], weights: list[float | None]) -> bytes | None:
    """Give the digest of doubles, each with a weight; None if there are none."""
    pairs = [(v, w) for v, w in zip(values, weights, strict=True) if v is not None and w is not None]
    if not pairs:
        return None
    for value, weight in pairs:
        if weight < 1:
            raise invalid(f"weight must be >= 1, was {weight}")
        if not (math.isfinite(value) and math.isfinite(weight)):
            # Source: io.airlift.stats.TDigest.add; Trino reports it as an internal error.
            word = "value" if not math.isfinite(value) else "weight"
            is_nan = math.isnan(value) or math.isnan(weight)
            raise Refusal(f"GENERIC_INTERNAL_ERROR: {word} {'is NaN' if is_nan else 'must be finite'}")
    numbers = [value for value, _ in pairs]
    return _compressed(pairs, min(numbers), max(numbers)).content()


def _read_tdigest(content: bytes) -> _TDigest:
    try:
        tag, low, high, _, _, count = _HEAD.unpack_from(content)
        numbers = struct.unpack(f"<{2 * count}d", content[_HEAD.size :])
    except struct.error as error:
        raise invalid("Invalid t-digest: its bytes end too early or too late") from error
    if tag != TDIGEST:
        raise invalid(f"Invalid t-digest: no form has the number {tag}")
    return _TDigest(low, high, numbers[:count], numbers[count:])


def merged_tdigests(digests: list[bytes | None]) -> bytes | None:
    """Give the digest of the values of all these, None if there are none."""
    known = [_read_tdigest(each) for each in digests if each is not None]
    if not known:
        return None
    pairs = [pair for each in known for pair in zip(each.means, each.weights, strict=True)]
    low, high = min(each.low for each in known), max(each.high for each in known)
    return (_compressed(pairs, low, high) if pairs else known[0]).content()


def tdigest_value(digest: bytes, share: float) -> float:
    """Give the value below which that share of a digest's values lies."""
    return _read_tdigest(digest).value_at(share)


def tdigest_values(digest: bytes, shares: list[float]) -> list[float]:
    """Give the values below which those shares of a digest's values lie."""
    found = _read_tdigest(digest)
    return [found.value_at(each) for each in _rising(shares)]


# -- quantile digest

# Values are kept one by one up to this many for each share of the accuracy; further ones join a neighbour.
PARTS_PER_ERROR = 20
_QUANTILES = struct.Struct("<cdQ")


def _quantile_digest(letter: str, accuracy: float, pairs: list[tuple[Any, float]], most: int) -> bytes:
    """Write a digest: its values in order, each with the weight of those up to it, no more than so many."""
    total = sum(weight for _, weight in pairs)
    kept: list[tuple[Any, float]] = []
    limit = total / most if len(pairs) > most else 0
    weight = 0.0
    for number, (value, each) in enumerate(pairs):
        weight += each
        is_first_or_last = number in (0, len(pairs) - 1)
        if is_first_or_last or weight + pairs[number + 1][1] > limit:
            kept.append((value, weight))
            weight = 0.0
    head = _QUANTILES.pack(letter.encode(), accuracy, len(kept))
    return head + struct.pack(f"<{len(kept)}{letter}{len(kept)}d", *(v for v, _ in kept), *(w for _, w in kept))


def _read_quantiles(digest: bytes) -> tuple[str, float, list[tuple[Any, float]]]:
    mark, accuracy, count = _QUANTILES.unpack_from(digest)
    letter = mark.decode()
    numbers = struct.unpack(f"<{count}{letter}{count}d", digest[_QUANTILES.size :])
    return letter, accuracy, list(zip(numbers[:count], numbers[count:], strict=True))


def _joined(pairs: Iterable[tuple[Any, float]]) -> list[tuple[Any, float]]:
    """Give pairs in order of their values, each value once."""
    total: dict[Any, float] = {}
    for value, weight in pairs:
        total[value] = total.get(value, 0.0) + weight
    return sorted(total.items())


def _qdigest(letter: str, values: list[Any], weights: list[int | None], accuracy: float) -> bytes | None:
    if not 0 < accuracy < 1:
        raise invalid(f"Percentile accuracy must be exclusively between 0 and 1, was {accuracy}")
    pairs = [(v, float(w)) for v, w in zip(values, weights, strict=True) if v is not None and w is not None]
    refused = next((weight for _, weight in pairs if weight <= 0), None)
    if refused is not None:
        raise invalid(f"Percentile weight must be > 0, was {refused:.0f}")
    if any(value != value for value, _ in pairs):
        raise Refusal("NOT_SUPPORTED: the local Athena's qdigest_agg takes no NaN")
    return _quantile_digest(letter, accuracy, _joined(pairs), math.ceil(PARTS_PER_ERROR / accuracy)) if pairs else None


def qdigest_of_bigints(values: list[int | None], weights: list[int | None], accuracy: float) -> bytes | None:
    """Give the digest of whole numbers, each with a weight; None if there are none."""
    return _qdigest("q", values, weights, accuracy)


def qdigest_of_doubles(values: list[float | None], weights: list[int | None], accuracy: float) -> bytes | None:
    """Give the digest of doubles, each with a weight; None if there are none."""
    return _qdigest("d", values, weights, accuracy)


def merged_qdigests(digests: list[bytes | None]) -> bytes | None:
    """Give the digest of the values of all these, None if there are none."""
    known = [_read_quantiles(each) for each in digests if each is not None]
    if not known:
        return None
    accuracy = max(each for _, each, _ in known)
    pairs = _joined(pair for _, _, found in known for pair in found)
    return _quantile_digest(known[0][0], accuracy, pairs, math.ceil(PARTS_PER_ERROR / accuracy))


def _qdigest_value(digest: bytes, share: float) -> Any:
    if not 0 <= share <= 1:
        raise invalid("quantile must be between [0,1]")
    _, _, pairs = _read_quantiles(digest)
    weights = [weight for _, weight in pairs]
    return pairs[_place(weights, share * sum(weights))][0]


def qdigest_bigint(digest: bytes, share: float) -> int:
    """Give the whole number below which that share of a digest's values lies."""
    return int(_qdigest_value(digest, share))


def qdigest_double(digest: bytes, share: float) -> float:
    """Give the double below which that share of a digest's values lies."""
    return float(_qdigest_value(digest, share))


def qdigest_bigints(digest: bytes, shares: list[float]) -> list[int]:
    """Give the whole numbers below which those shares of a digest's values lie."""
    return [qdigest_bigint(digest, each) for each in _rising(shares)]


def qdigest_doubles(digest: bytes, shares: list[float]) -> list[float]:
    """Give the doubles below which those shares of a digest's values lie."""
    return [qdigest_double(digest, each) for each in _rising(shares)]


def _rising(shares: list[float]) -> list[float]:
    if sorted(shares) != shares:
        raise invalid("percentiles must be sorted in increasing order")
    return shares


def quantile_at_bigint(digest: bytes, value: int) -> float | None:
    """Give the share of a digest's values that are less than one, None if it is beyond all of them."""
    return quantile_at_double(digest, value)


def quantile_at_double(digest: bytes, value: float) -> float | None:
    """Give the share of a digest's values that are less than one, None if it is beyond all of them."""
    _, _, pairs = _read_quantiles(digest)
    if not pairs[0][0] <= value <= pairs[-1][0]:
        return None
    return sum(weight for each, weight in pairs if each < value) / sum(weight for _, weight in pairs)


# -- histograms

# Source: io.trino.operator.aggregation.DoubleHistogramAggregation of Trino 435
BUFFER = 100


def numeric_histogram(
    buckets: int, values: list[float | None], weights: list[float | None]
) -> list[list[float]] | None:
    """Give the middles of so many buckets at most and the weight of each, None if there are no values."""
    if buckets < 2:
        raise invalid("numeric_histogram bucket count must be greater than one")
    found: list[tuple[float, float]] = []
    for value, weight in zip(values, weights, strict=True):
        if value is None or weight is None:
            continue
        if len(found) == buckets + BUFFER:
            found = _merged_buckets(found, buckets)
        found.append((value, weight))
    if not found:
        return None
    found = _merged_buckets(found, buckets)
    return [[value for value, _ in found], [weight for _, weight in found]]


def _merged_buckets(pairs: list[tuple[float, float]], count: int) -> list[tuple[float, float]]:
    """Join equal values, and then neighbours, those first that lie close and weigh little, until so many are left."""
    ordered = _joined(pairs)
    left = len(ordered)
    after: list[int | None] = [*range(1, left), None]
    before: list[int | None] = [None, *range(left - 1)]
    versions = [0] * left

    def penalty(number: int) -> float:
        other = after[number]
        if other is None:
            return math.inf
        (v, w), (x, y) = ordered[number], ordered[other]
        both, distance = float(w + y), float(v - x)
        return both * distance * distance * (w * y / (both * both))

    queue = [(penalty(number), number, 0) for number in range(left)]
    heapq.heapify(queue)
    while left > count:
        _, number, version = heapq.heappop(queue)
        other = after[number]
        if version != versions[number] or other is None:
            continue
        (v, w), (x, y) = ordered[number], ordered[other]
        ordered[number] = ((v * w + x * y) / (w + y), w + y)
        versions[other] = -1
        following = after[other]
        after[number] = following
        if following is not None:
            before[following] = number
        for changed in (number, before[number]):
            if changed is not None:
                versions[changed] += 1
                heapq.heappush(queue, (penalty(changed), changed, versions[changed]))
        left -= 1
    return sorted(pair for pair, version in zip(ordered, versions, strict=True) if version >= 0)


# -- percentiles of weighted values


def weighted_place(weights: list[float], share: float) -> int:
    """Give the place, from 1, of the value at that share of a total weight; the values are in order."""
    if not 0 <= share <= 1:
        raise invalid("Percentile must be between 0 and 1")
    return _place(map(_checked_weight, weights), share * sum(weights)) + 1


def _checked_weight(weight: float) -> float:
    if not weight >= 1:
        raise invalid(f"weight must be >= 1, was {weight}")
    return weight


def _place(weights: Iterable[float], wanted: float) -> int:
    """Give the place, from 0, at which weights add up to more than is wanted, or the last one."""
    place = -1
    for place, before in enumerate(itertools.accumulate(weights)):  # noqa: B007
        if before > wanted:
            break
    return place


ROUTINES: dict[str, Routine] = {
    "hyperloglog_of_bigints": (hyperloglog_of_bigints, ("BIGINT[]",), "BLOB"),
    "hyperloglog_of_doubles": (hyperloglog_of_doubles, ("DOUBLE[]",), "BLOB"),
    "hyperloglog_of_texts": (hyperloglog_of_texts, ("VARCHAR[]",), "BLOB"),
    "merged_hyperloglogs": (merged_hyperloglogs, ("BLOB[]",), "BLOB"),
    "hyperloglog_cardinality": (hyperloglog_cardinality, ("BLOB",), "BIGINT"),
    "tdigest_of": (tdigest_of, ("DOUBLE[]", "DOUBLE[]"), "BLOB"),
    "merged_tdigests": (merged_tdigests, ("BLOB[]",), "BLOB"),
    "tdigest_value": (tdigest_value, ("BLOB", "DOUBLE"), "DOUBLE"),
    "tdigest_values": (tdigest_values, ("BLOB", "DOUBLE[]"), "DOUBLE[]"),
    "qdigest_of_bigints": (qdigest_of_bigints, ("BIGINT[]", "BIGINT[]", "DOUBLE"), "BLOB"),
    "qdigest_of_doubles": (qdigest_of_doubles, ("DOUBLE[]", "BIGINT[]", "DOUBLE"), "BLOB"),
    "merged_qdigests": (merged_qdigests, ("BLOB[]",), "BLOB"),
    "qdigest_bigint": (qdigest_bigint, ("BLOB", "DOUBLE"), "BIGINT"),
    "qdigest_double": (qdigest_double, ("BLOB", "DOUBLE"), "DOUBLE"),
    "qdigest_bigints": (qdigest_bigints, ("BLOB", "DOUBLE[]"), "BIGINT[]"),
    "qdigest_doubles": (qdigest_doubles, ("BLOB", "DOUBLE[]"), "DOUBLE[]"),
    "quantile_at_bigint": (quantile_at_bigint, ("BLOB", "BIGINT"), "DOUBLE"),
    "quantile_at_double": (quantile_at_double, ("BLOB", "DOUBLE"), "DOUBLE"),
    "numeric_histogram": (numeric_histogram, ("BIGINT", "DOUBLE[]", "DOUBLE[]"), "DOUBLE[][]"),
    "weighted_place": (weighted_place, ("DOUBLE[]", "DOUBLE"), "BIGINT"),
}
