"""MATCH_RECOGNIZE over tables; what it answers beside Trino is in ``reference/corpus/row_patterns.sql``."""

import json

import pytest

from toolkit.local.athena.sql.routines.row_patterns import PAIR, matched_rows
from toolkit.local.athena.sql.row_patterns import MOST_STEPS, Pattern, PatternError

EVENTS = [
    {"user": "a", "at": "2024-03-01 10:00:00", "event": "view"},
    {"user": "a", "at": "2024-03-01 10:05:00", "event": "cart"},
    {"user": "a", "at": "2024-03-01 10:30:00", "event": "buy"},
    {"user": "b", "at": "2024-03-01 10:00:00", "event": "view"},
    {"user": "b", "at": "2024-03-01 12:00:00", "event": "buy"},
]
FUNNEL = """
    SELECT * FROM shop.events MATCH_RECOGNIZE (
        PARTITION BY user ORDER BY at
        MEASURES date_diff('minute', V.at, B.at) AS minutes, count(*) AS steps
        PATTERN (V X? B) DEFINE V AS event = 'view', B AS event = 'buy' AND B.at - V.at < INTERVAL '{}' HOUR
    )
"""


@pytest.fixture(scope="module")
def shop(athena):
    athena.run("CREATE DATABASE shop")
    athena.put("shop/events.json", "\n".join(map(json.dumps, EVENTS)))
    athena.run(
        "CREATE EXTERNAL TABLE shop.events (`user` string, at timestamp, event string) "
        "ROW FORMAT SERDE 'org.openx.data.jsonserde.JsonSerDe' LOCATION 's3://lake/shop/'"
    )
    return athena


def funnel(hours):
    return FUNNEL.format(hours)


def test_runs_of_rows_of_a_table_are_found(shop):
    assert shop.rows(funnel(1)) == [("a", "30", "3")]
    assert sorted(shop.rows(funnel(3))) == [("a", "30", "3"), ("b", "120", "2")]


def test_a_view_may_hold_a_pattern(shop):
    shop.run(f"CREATE VIEW shop.funnel AS {funnel(3)}")
    assert sorted(shop.rows("SELECT user, steps FROM shop.funnel")) == [("a", "3"), ("b", "2")]


def test_a_table_can_be_made_of_runs(shop):
    shop.run(f"CREATE TABLE shop.bought WITH (external_location = 's3://lake/bought/') AS {funnel(3)}")
    assert shop.value("SELECT sum(minutes) FROM shop.bought") == "150"


def test_the_sign_for_what_may_lack_is_no_parameter(shop):
    sql = funnel(3) + " WHERE user = ?"
    assert shop.rows(sql, ExecutionParameters=["'b'"]) == [("b", "120", "2")]


def test_a_pattern_is_refused_that_compares_the_rows_of_a_large_partition(shop):
    sql = (
        "SELECT count(*) FROM (SELECT x, x % 3 AS y FROM UNNEST(sequence(1, 9000)) t(x) UNION ALL SELECT 0, 0 FROM "
        "UNNEST(sequence(1, 2000))) MATCH_RECOGNIZE (ORDER BY x MEASURES count(*) AS n PATTERN (A B+) DEFINE B AS y > {})"
    )
    assert shop.reason(sql.format("A.y")) == (
        "NOT_SUPPORTED: the local Athena does not support MATCH_RECOGNIZE whose conditions speak of another row of the match "
        "in partitions of more than 10,000 rows"
    )
    assert int(shop.value(sql.format("PREV(y)"))) > 1000


@pytest.mark.parametrize(
    ("define", "what"),
    [
        ("B AS sum(x) > 3", "sum in DEFINE"),
        ("B AS x + A.x > FIRST(B.x)", "a condition of DEFINE that speaks of three rows"),
        ("B AS EXISTS (SELECT 1)", "a sub-query in DEFINE"),
        ("B AS MATCH_NUMBER() = 1", "match_number in DEFINE"),
        ("B AS PREV(CLASSIFIER()) = 'A'", "prev of CLASSIFIER and MATCH_NUMBER"),
    ],
)
def test_conditions_that_can_not_be_tried_beforehand_are_refused_by_name(shop, define, what):
    sql = (
        f"SELECT * FROM (VALUES 1, 2) t(x) MATCH_RECOGNIZE (ORDER BY x MEASURES x AS y PATTERN (A B+) DEFINE {define})"
    )
    reason = shop.reason(sql)
    assert reason.startswith("NOT_SUPPORTED: line 1:")
    assert f"the local Athena does not support {what} of MATCH_RECOGNIZE" in reason


@pytest.mark.parametrize("text", ["A {2", "A )", "(A", "A{3,2}", "A % B", "A{}", "PERMUTE(A, B, C, D, E, F, G)"])
def test_what_is_no_pattern_is_refused(text):
    with pytest.raises(PatternError):
        Pattern(text)


def test_a_pattern_that_would_be_too_long_is_refused():
    with pytest.raises(PatternError, match="too long"):
        Pattern(f"A{{{MOST_STEPS + 1}}}")
    with pytest.raises(PatternError, match="too long"):
        Pattern("(((A{99}){99}){99}){99}")


def labels_of(pattern, masks, pairs=(), conditions=None):
    """Give the variables of the rows of all runs; without conditions the bits of a row are the variables that it can be."""
    read = Pattern(pattern)
    every = [{"bits": [number], "pairs": []} for number in range(len(read.variables))]
    spec = {"program": read.program, "conditions": conditions or every, "skip": ["past"], "unmatched": False}
    found = matched_rows(list(masks), list(pairs), json.dumps(spec))
    return [(number, "" if label < 0 else read.variables[label]) for number, _, label, _ in found]


def test_a_greedy_quantifier_takes_most_and_a_reluctant_one_least():
    assert labels_of("A* B*", [3, 3]) == [(1, "A"), (1, "A")]
    assert labels_of("A*? B", [3, 3]) == [(1, "B"), (2, "B")]
    assert labels_of("(A?)* B", [1, 1, 2]) == [(1, "A"), (1, "A"), (1, "B")]


def test_a_pattern_that_fits_in_very_many_ways_is_matched_in_time_that_grows_with_the_rows():
    # Tried one after the other they were 2 to the power of 200.
    assert labels_of("(A | B)* C", [3] * 200) == []


def test_a_condition_speaks_of_the_row_that_the_run_has_for_a_variable():
    # B is a row of which the pair with the last A before it holds.
    conditions = [{"bits": [0], "pairs": []}, {"bits": [], "pairs": [[0, "last", [0], 0]]}]
    assert labels_of("A+ B", [1, 1, 0], [[3 * PAIR + 2]], conditions) == [(1, "A"), (1, "A"), (1, "B")]
    assert labels_of("A+ B", [1, 1, 0], [[3 * PAIR + 1]], conditions) == []
