"""The local Athena held against the answers of a real Trino; docs/trino-reference.md tells how they came about."""

import zlib

import pytest

from .comparing import Answer, Found, ask_all, outcome, recorded_answers
from .differences import endpoint, listed, summary
from .record import with_double_literals
from .rendering import athena_text, parse_type
from .statements import Statement, statements

# The ordinary run takes one statement of so many, chosen by its text alone.
ONE_OF = 10


@pytest.fixture(scope="module")
def url():
    with endpoint() as url:
        yield url


def check(url, answers, capsys):
    known = listed()
    results = ask_all(url, answers)
    with capsys.disabled():
        print(f"\n{summary(results)}")
    unlike = [
        f"{answer.statement.name}: {outcome}, listed as {known.get(answer.statement.name, 'same')}: {answer.statement.sql}"
        for answer, _, outcome in results
        if outcome != known.get(answer.statement.name, "same")
    ]
    advice = "`python -m tests.local.reference.differences` writes the list anew, with `--show` it prints both answers"
    assert not unlike, f"{len(unlike)} statements fare otherwise than differences.txt says; {advice}\n" + "\n".join(
        unlike
    )


def test_a_sample_is_answered_as_trino_does(url, capsys):
    answers = [answer for answer in recorded_answers() if zlib.crc32(answer.statement.sql.encode()) % ONE_OF == 0]
    assert len(answers) > 500
    check(url, answers, capsys)


@pytest.mark.slow
@pytest.mark.timeout(600)
def test_every_statement_is_answered_as_trino_does(url, capsys):
    check(url, recorded_answers(), capsys)


def test_every_statement_of_the_corpus_has_an_answer():
    assert {statement.name for statement in statements()} == {answer.statement.name for answer in recorded_answers()}


def test_what_is_listed_is_in_the_corpus():
    assert set(listed()) <= {answer.statement.name for answer in recorded_answers()}


def test_plain_decimal_literals_are_put_to_trino_as_doubles():
    text, exponents = with_double_literals("SELECT 1.5, '1.5', a.b1, t.\"1.5\", 1.5E0, DECIMAL '1.5', -.5, 2. -- 1.5")
    assert text == "SELECT 1.5E0, '1.5', a.b1, t.\"1.5\", 1.5E0, DECIMAL '1.5', -.5E0, 2.E0 -- 1.5"
    assert exponents == [10, 61, 67]
    assert [text[place : place + 2] for place in exponents] == ["E0"] * 3


@pytest.mark.parametrize(
    ("kind", "value", "text"),
    [
        ("array(row(a integer, varchar(1)))", [[1, None]], "[{a=1, field1=null}]"),
        ('row("a b" map(varchar, varbinary))', [{"k": "AP8="}], "{a b={k=00 ff}}"),
        ("timestamp(0) with time zone", "2020-01-01 00:00:00 UTC", "2020-01-01 00:00:00.000 UTC"),
        (
            "row(timestamp(6) with time zone, x boolean)",
            ["2020-01-01 00:00:00.123456 UTC", True],
            "{field0=2020-01-01 00:00:00.123456 UTC, x=true}",
        ),
        ("INTERVAL DAY TO SECOND", "1 00:00:00.000", "1 00:00:00.000"),
        ("varchar(3)", None, None),
    ],
)
def test_values_are_rendered_as_athena_prints_them(kind, value, text):
    assert athena_text(value, parse_type(kind)) == text


def recorded(kind, *values, sql="SELECT x"):
    return Answer(Statement("x", sql), {"sql": sql, "columns": [["x", kind]], "rows": [[value] for value in values]})


def found(kind, *values, name="x"):
    return Found([{"Name": name, "Type": kind, "Precision": 0, "Scale": 0}], [[value] for value in values])


@pytest.mark.parametrize(
    ("expected", "given", "verdict"),
    [
        (recorded("integer", 1, 2), found("integer", "2", "1"), "same"),
        (recorded("integer", 1, 2, sql="SELECT x ORDER BY x"), found("integer", "2", "1"), "wrong"),
        (recorded("integer", 1), found("bigint", "1"), "types"),
        (recorded("integer", 1), found("integer", "1", name="y"), "types"),
        (recorded("integer", 1), found("integer", None), "wrong"),
        (recorded("integer", 1), Found(reason="NOT_SUPPORTED: no"), "refused"),
        (recorded("double", "0.30000000000000004"), found("double", "0.30000000000000005"), "same"),
        (recorded("double", "1.0E7"), found("double", "10000000.0"), "wrong"),
        (recorded("map(varchar, integer)", {"a": 1, "b": 2}), found("map", "{b=2, a=1}"), "same"),
        (recorded("map(varchar, integer)", {"a": 1, "b": 2}), found("map", "{b=1, a=2}"), "wrong"),
    ],
)
def test_an_answer_is_judged(expected, given, verdict):
    assert outcome(expected, given) == verdict


@pytest.mark.parametrize(
    ("given", "verdict"),
    [
        (Found(reason="TYPE_MISMATCH: line 1:9: no"), "same"),
        (Found(reason="TYPE_MISMATCH: line 1:8: no"), "position"),
        (Found(reason="COLUMN_NOT_FOUND: line 1:9: no"), "error"),
        (found("integer", "1"), "lenient"),
    ],
)
def test_a_refusal_is_judged(given, verdict):
    answer = Answer(Statement("x", "SELECT"), {"error": "TYPE_MISMATCH", "message": "line 1:9: no", "at": [1, 9]})
    assert outcome(answer, given) == verdict
