"""The sketches that HyperLogLog and the digests are: the errors that their documentation promises, and their bytes."""

import bisect
import random
import statistics

import pytest

from toolkit.local.athena.sql.routines import sketches
from toolkit.local.athena.sql.routines.refusal import Refusal

SHARES = [0.0, 0.01, 0.1, 0.25, 0.5, 0.75, 0.9, 0.99, 1.0]


def share_of(ordered, value):
    """Give the least and the greatest share of the values at which this one stands."""
    return bisect.bisect_left(ordered, value) / len(ordered), bisect.bisect_right(ordered, value) / len(ordered)


@pytest.mark.parametrize("count", [100, 2_000, 8_000, 40_000])
def test_a_hyperloglog_keeps_its_standard_error(count):
    """Documented: 1.625 %. Of ten sketches the mean square is near that, and none is four times as far off."""
    errors = []
    for number in range(10):
        sketch = sketches.hyperloglog_of_bigints([number * 10**12 + each for each in range(count)])
        errors.append(sketches.hyperloglog_cardinality(sketch) / count - 1)
    assert max(map(abs, errors)) < 4 * 0.01625
    assert statistics.fmean(each * each for each in errors) ** 0.5 < 2 * 0.01625


@pytest.mark.parametrize("count", [10, 511, 512, 3_000])
def test_a_merged_hyperloglog_is_that_of_all_values(count):
    values = [f"value {each}" for each in range(count)]
    parts = [sketches.hyperloglog_of_texts(values[number::7]) for number in range(7)]
    assert sketches.merged_hyperloglogs([*parts, None, parts[0]]) == sketches.hyperloglog_of_texts(values)


def test_a_hyperloglog_of_the_old_form_is_read():
    """Trino reads the form with one bucket beside the others too, which it wrote years ago."""
    packed = bytes([0x12]) * 2048
    old = bytes([1, 12, 3]) + packed + (5).to_bytes(2, "little") + bytes([4])
    buckets = sketches._read_hyperloglog(old).full()
    assert buckets[:6] == [4, 5, 4, 5, 4, 9]


@pytest.mark.parametrize(
    "content", [b"", b"\x02", b"\x02\x0c\x01\x00", b"\x09\x0c\x00", b"\x03\x0c\x00abc", b"\x02\x0b\x00\x00"]
)
def test_what_is_no_hyperloglog_is_refused(content):
    with pytest.raises(Refusal, match="HyperLogLog"):
        sketches.hyperloglog_cardinality(content)


@pytest.mark.parametrize("spread", [random.Random(1).random, lambda: random.Random(2).gauss(0, 1)])
def test_a_tdigest_is_near_in_the_middle_and_nearer_at_the_ends(spread):
    values = [random.Random(number).gauss(0, 10) + spread() for number in range(20_000)]
    whole = sketches.tdigest_of(values, [1.0] * len(values))
    parts = [sketches.tdigest_of(values[number::9], [1.0] * len(values[number::9])) for number in range(9)]
    ordered = sorted(values)
    for digest in (whole, sketches.merged_tdigests(parts)):
        assert len(digest) < 8_000
        for share, value in zip(SHARES, sketches.tdigest_values(digest, SHARES), strict=True):
            low, high = share_of(ordered, value)
            allowed = max(0.001, 0.06 * share * (1 - share))
            assert low - allowed <= share <= high + allowed


@pytest.mark.parametrize("accuracy", [0.2, 0.01, 0.001])
def test_a_qdigest_keeps_the_accuracy_it_was_asked_for(accuracy):
    values = [int(random.Random(number).expovariate(1) * 10**15) for number in range(30_000)]
    parts = [
        sketches.qdigest_of_bigints(values[number::5], [1] * len(values[number::5]), accuracy) for number in range(5)
    ]
    ordered = sorted(values)
    for digest in (sketches.qdigest_of_bigints(values, [1] * len(values), accuracy), sketches.merged_qdigests(parts)):
        for share in SHARES:
            low, high = share_of(ordered, sketches.qdigest_bigint(digest, share))
            assert low - accuracy <= share <= high + accuracy
        for value in ordered[:: len(ordered) // 20]:
            low, high = share_of(ordered, value)
            assert low - accuracy <= sketches.quantile_at_bigint(digest, value) <= high + accuracy


def test_a_numeric_histogram_keeps_the_weight_and_the_mean():
    values = [random.Random(number).gauss(50, 20) for number in range(5_000)]
    middles, weights = sketches.numeric_histogram(20, values, [1.0] * len(values))
    assert len(middles) == 20
    assert middles == sorted(middles)
    assert sum(weights) == pytest.approx(len(values))
    mean = sum(m * w for m, w in zip(middles, weights, strict=True)) / len(values)
    assert mean == pytest.approx(statistics.fmean(values))
