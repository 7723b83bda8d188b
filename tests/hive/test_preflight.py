"""Sample events are read as the SerDe would read them."""

import json

import pytest

from toolkit.errors import TableError
from toolkit.hive import Column, Policy, Table, plan_table, preflight
from toolkit.hive.preflight import MAX_KINDS
from toolkit.hive.serde import HIVE_JSON, PARQUET
from toolkit.schema import load_schema


def table(hive_type, **options):
    return Table("d", "t", (Column("x", hive_type),), location="s3://bucket/t/", **options)


def effects(hive_type, text, **options):
    """The effects on the column x of one event whose x is written as *text*."""
    line = f'{{"x": {text}}}'.encode()
    return [finding.effect for finding in preflight([line], table(hive_type, **options)).samples]


@pytest.mark.parametrize(
    ("hive_type", "text", "expected"),
    [
        ("bigint", "1", []),
        ("bigint", "null", []),
        ("bigint", '"1"', []),
        ("bigint", "9223372036854775807", []),
        ("bigint", "9223372036854775808", ["error"]),
        ("bigint", "1.0", ["error"]),
        ("bigint", "1e3", ["error"]),
        ("bigint", "true", ["error"]),
        ("bigint", '"a"', ["error"]),
        ("tinyint", "128", ["error"]),
        ("double", "1.5", []),
        ("double", "0.1", []),
        ("double", "100000000000000000000", []),
        ("double", "9007199254740993", ["rounded"]),
        ("double", "0.1234567890123456789", ["rounded"]),
        ("double", "1e400", ["changed"]),
        ("double", '"x"', ["error"]),
        ("boolean", "true", []),
        ("boolean", '"TRUE"', []),
        ("boolean", "1", ["changed"]),
        ("boolean", '"yes"', ["changed"]),
        ("string", '"a"', []),
        ("string", "1", ["changed"]),
        ("string", '{"a": 1}', ["changed"]),
        ("varchar(2)", '"abc"', ["changed"]),
        ("date", '"2024-02-29"', []),
        ("date", '"2024-02-30"', ["changed"]),
        ("date", '"2024-02-28 noon"', ["changed"]),
        ("date", '"soon"', ["null"]),
        ("timestamp", '"2024-01-01 00:00:00.123"', []),
        ("timestamp", '"2024-01-01T00:00:00Z"', []),
        ("timestamp", '"2024-01-01T00:00:00.123Z"', []),
        ("timestamp", '"2024-01-01T00:00:00+01:00"', []),
        ("timestamp", '"2024-01-01T00:00:00.12Z"', ["error"]),
        ("timestamp", '"2024-01-01T00:00:00"', ["error"]),
        ("timestamp", '"2024-01-01t00:00:00z"', ["error"]),
        ("timestamp", '"2024-01-01"', ["error"]),
        ("decimal(10,2)", "1.50", ["error"]),
        ("binary", '"AA=="', ["error"]),
        ("array<bigint>", "[1, null, 2]", []),
        ("array<bigint>", "[1.5]", ["error"]),
        ("array<bigint>", "1", ["changed"]),
        ("array<string>", '""', ["null"]),
        ("struct<a:bigint>", '{"a": 1}', []),
        ("struct<a:bigint>", '{"A": 1}', []),
        ("struct<a:bigint>", '{"a": 1, "b": 2}', ["dropped"]),
        ("struct<a:bigint>", '"a"', ["error"]),
        ("struct<a:bigint>", "[1]", ["changed"]),
        ("map<string,bigint>", '{"a": 1}', []),
        ("map<string,bigint>", '{"A": 1}', ["changed"]),
        ("map<string,bigint>", '{"a": "x"}', ["error"]),
        ("map<string,bigint>", "1", ["error"]),
    ],
)
def test_what_the_openx_serde_makes_of_a_value(hive_type, text, expected):
    assert effects(hive_type, text) == expected


@pytest.mark.parametrize(
    ("hive_type", "text", "expected"),
    [
        ("string", '{"a": 1}', ["error"]),
        ("array<bigint>", "1", ["error"]),
        ("decimal(10,2)", "1.5", []),
        ("string", '"a"', []),
    ],
)
def test_what_the_hive_serde_makes_of_a_value(hive_type, text, expected):
    assert effects(hive_type, text, serde=HIVE_JSON) == expected


def test_lines_that_are_no_event():
    lines = [
        b'\xef\xbb\xbf{"x": 1}',
        b"",
        b"1",
        b'{"x": 1',
        b'{"x": NaN}',
        b'{"x": 1, "X": 2}',
        b'{"x": 1}\r\n',
        b"[1]",
    ]
    found = [(finding.line, finding.column, finding.effect) for finding in preflight(lines, table("bigint")).samples]
    assert found == [
        (1, "", "null"),
        (2, "", "null"),
        (3, "", "null"),
        (4, "", "error"),
        (5, "", "error"),
        (6, "", "error"),
        (8, "", "changed"),
    ]


def test_deep_nesting_is_reported_and_not_followed():
    line = b'{"x":' + b"[" * 200_000 + b"]" * 200_000 + b"}"
    assert [finding.effect for finding in preflight([line], table("bigint")).samples] == ["error"]


def test_a_preflight_stands_beside_the_validators_verdicts():
    schema = load_schema(
        {
            "type": "object",
            "properties": {"user-id": {"type": "integer"}, "tags": {"type": "array", "items": {"type": "string"}}},
        }
    )
    plan = plan_table(schema, database="d", name="t", location="s3://bucket/t/")
    lines = [b'{"user-id": 1, "tags": [2]}', b"{}", b'{"user-id": 1.0}', b'{"user-id": "x"}', b'{"other": 1}', b"{"]

    def accepts(line):
        try:
            event = json.loads(line)
        except ValueError:
            return False
        return isinstance(event.get("user-id", 0), int | float)

    report = preflight(lines, plan.table, accepts=accepts)
    assert (report.lines, report.clean, report.whole, report.surprises) == (6, 1, 2, 1)
    assert report.to_frame()["line"].tolist() == [1, 3, 4, 5, 6]
    assert [(sample.line, sample.column, sample.effect, sample.accepted) for sample in report.samples] == [
        (1, "tags[]", "changed", True),
        (3, "user_id", "error", True),
        (4, "user_id", "error", False),
        (5, "other", "dropped", True),
        (6, "", "error", False),
    ]
    assert "1 without a finding, 1 accepted ones that fail a query or read as NULL" in str(report)


def test_a_preflight_shows_no_value():
    report = preflight([b'{"x": "secret@example.com", "key": "secret"}', b'{"x": {"secret": 1}}'], table("bigint"))
    assert "secret" not in str(report) + repr(report.samples)


def test_a_preflight_keeps_a_hundred_samples_at_most():
    report = preflight((b'{"x": 1.5}' for _ in range(1000)), table("bigint"))
    assert (len(report.samples), report.counts) == (100, {("x", "error", _FRACTION): 1000})


_FRACTION = "an integer written with a point or an exponent fails the query or reads as NULL"


def test_case_sensitive_keys_are_told_apart():
    schema = load_schema({"type": "object", "properties": {"a": {"type": "integer"}, "A": {"type": "string"}}})
    made = plan_table(schema, database="d", name="t", location="s3://bucket/t/").table
    assert preflight([b'{"a": 1, "A": "x"}'], made).samples == ()
    assert [finding.column for finding in preflight([b'{"a": "x", "A": 1}'], made).samples] == ["a", "a_2"]


def test_a_columnar_table_has_no_preflight():
    schema = load_schema({"type": "object", "properties": {"a": {"type": "integer"}}})
    made = plan_table(schema, database="d", name="t", location="s3://bucket/t/", policy=Policy(storage="parquet")).table
    assert made.serde == PARQUET
    with pytest.raises(TableError, match="a preflight reads as the OpenX or the Hive JSON SerDe"):
        preflight([], made)


def test_a_key_that_is_no_column_is_named_by_its_place():
    table = plan_table(
        {"type": "object", "properties": {"o": {"type": "object", "properties": {"a": {"type": "string"}}}}},
        database="d",
        name="t",
        location="s3://bucket/t/",
    ).table
    report = preflight([b'{"o": {"Colour": 1}, "x\\u0007": 1}', b'{"o": {"Colour": 2}}'], table)
    assert {column: count for (column, _, _), count in report.counts.items()} == {"o.Colour": 2, r"'x\x07'": 1}


def test_keys_without_end_are_counted_together():
    table = plan_table(
        {"type": "object", "properties": {"a": {"type": "string"}}}, database="d", name="t", location="s3://bucket/t/"
    ).table
    report = preflight((b'{"k%d": 1}' % number for number in range(5000)), table)
    assert len(report.counts) == MAX_KINDS + 1
    assert sum(report.counts.values()) == 5000
