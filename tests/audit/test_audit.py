"""Stored events held against their schema by SQL: the counts are the validator's own."""

import json
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path

import pytest

from toolkit import aws
from toolkit.athena import Athena
from toolkit.audit import Audit, audit, audit_sql, checks_from_schema, volume_sql
from toolkit.audit.patterns import NotExpressible, trino_pattern
from toolkit.errors import InvalidInput
from toolkit.hive import Column, Policy, create_database_sql, create_table_sql, parse_type, plan_table, repair_table_sql
from toolkit.samples import sample_events
from toolkit.schema import load_schema
from toolkit.validator import compile_schema

SCHEMAS = Path(__file__).parent.parent.parent / "schemas"
NOW = datetime(2026, 3, 9, tzinfo=UTC)
DAY = (Column("dt", parse_type("string")),)


def planned(schema, name="t", location="s3://bucket/t/", **options):
    return plan_table(schema, database="audits", name=name, location=location, **options)


def asked(plan, schema, **options):
    return Audit(plan.table, checks_from_schema(schema, plan.table, plan.columns.naming), NOW, **options)


def test_the_whole_statement():
    schema = load_schema(
        {
            "type": "object",
            "required": ["id", "who"],
            "properties": {
                "id": {"type": "integer", "minimum": 1},
                "who": {"type": ["string", "null"], "enum": ["it's", None]},
                "tags": {"type": "array", "items": {"type": "string", "pattern": "^\\d+$"}, "uniqueItems": True},
            },
        }
    )
    plan = planned(schema, partition_keys=DAY)
    (sql,) = audit_sql(asked(plan, schema, event_id="id", day_key="dt", first_day="2026-03-01"))
    assert sql == (Path(__file__).parent / "audit.trino.sql").read_text(encoding="utf-8").removesuffix("\n")


def test_what_sql_cannot_tell_comes_with_its_reason():
    schema = load_schema(
        {
            "properties": {
                "a": {"type": ["string", "integer"], "minLength": 2},
                "b": {"type": "string", "pattern": "(?=x)", "format": "email"},
                "c": {"type": "number", "multipleOf": 0.1, "not": {"const": 1}},
            },
            "required": ["a", "missing"],
        }
    )
    plan = planned(schema)
    found = checks_from_schema(schema, plan.table, plan.columns.naming)
    assert {(each.column, each.keyword) for each in found.unchecked} == {
        ("a", "minLength"),
        ("b", "pattern"),
        ("b", "format"),
        ("c", "multipleOf"),
        ("c", "not"),
        ("missing", "required"),
        ("", "additionalProperties"),
        ("", "type"),
    }
    assert [(each.column, each.keyword) for each in found.checks] == [("a", "required")]


@pytest.mark.parametrize(
    ("schema", "left"),
    [
        ({"type": "integer", "minimum": 0, "maximum": 2**64, "multipleOf": 3}, {"minimum", "maximum", "multipleOf"}),
        ({"type": "number", "multipleOf": 0.01}, {"multipleOf"}),
        ({"type": "array", "items": {"type": ["string", "integer"]}, "uniqueItems": True}, {"uniqueItems"}),
        ({"type": "array", "items": {"type": "string"}, "uniqueItems": True, "minItems": 1}, set()),
        ({"type": "object", "additionalProperties": {"type": "string"}, "required": ["a"]}, {"required"}),
        ({"type": "object", "required": ["a"]}, {"required"}),
        ({"type": "object", "properties": {"a": {}}, "enum": [{"a": 1}], "required": []}, {"enum"}),
        ({"type": "string", "format": "date"}, {"format"}),
        ({"type": "integer", "format": "int64", "minLength": 3}, set()),
        ({"type": "string", "nonsense": 1}, set()),
    ],
)
def test_no_keyword_is_passed_over(schema, left):
    schema = load_schema({"$schema": "https://json-schema.org/draft/2020-12/schema", "properties": {"x": schema}})
    plan = planned(schema)
    found = checks_from_schema(schema, plan.table, plan.columns.naming).unchecked
    assert {each.keyword for each in found if each.column} == left


@pytest.mark.parametrize(
    ("dialect", "formats", "is_checked"),
    [("draft-07", None, True), ("2020-12", None, False), ("2020-12", True, True), ("draft-07", False, False)],
)
def test_a_format_decides_where_the_validator_lets_it(dialect, formats, is_checked):
    uri = {
        "draft-07": "http://json-schema.org/draft-07/schema#",
        "2020-12": "https://json-schema.org/draft/2020-12/schema",
    }
    schema = load_schema({"$schema": uri[dialect], "properties": {"d": {"type": "string", "format": "date"}}})
    plan = planned(schema)
    found = checks_from_schema(schema, plan.table, plan.columns.naming, formats=formats)
    assert bool(found.checks) is is_checked
    assert compile_schema(schema, formats=formats).is_valid({"d": "soon"}) is not is_checked


def test_a_keyword_of_another_dialect_is_none():
    schema = load_schema(
        {
            "$schema": "http://json-schema.org/draft-04/schema#",
            "properties": {"a": {"type": "string", "const": "x"}},
            "dependentRequired": {"a": ["b"]},
        }
    )
    plan = planned(schema)
    assert checks_from_schema(schema, plan.table, plan.columns.naming).checks == ()


def test_a_key_that_the_serde_does_not_find_is_not_called_missing():
    schema = load_schema(
        {
            "properties": {"ship to": {"type": "string", "minLength": 1}, "id": {"type": "string"}},
            "required": ["ship to"],
        }
    )
    plan = planned(schema, policy=Policy(storage="hive"))
    found = checks_from_schema(schema, plan.table, plan.columns.naming)
    assert found.checks == ()
    assert ("ship to", "required") in {(each.column, each.keyword) for each in found.unchecked}


def test_text_of_a_schema_stays_text():
    hostile = "x'); DROP TABLE t; --"
    schema = load_schema(
        {"properties": {hostile: {"type": "string", "enum": [hostile], "pattern": "'\\n\"", "minLength": 1}}}
    )
    plan = planned(schema)
    (sql,) = audit_sql(asked(plan, schema))
    assert "NOT IN ('x''); DROP TABLE t; --')" in sql
    assert 'regexp_like("event"."x_drop_table_t", \'[\\x27][\\x0a][\\x22]\')' in sql


@pytest.mark.parametrize(
    ("pattern", "written"),
    [
        ("^a.c$", r"\A[a][^\x0a\x0d" + "\u2028-\u2029" + r"][c]\z"),
        ("a|b+?", "[a]|[b]{1,}?"),
        ("[^a]", "[^a]"),
        (r"[\s\S]", "(?s:.)"),
        ("(ab){2,3}", "(?:[a][b]){2,3}"),
    ],
)
def test_a_pattern_means_the_same_in_athena(pattern, written):
    assert trino_pattern(pattern) == written


@pytest.mark.parametrize("pattern", [r"\bx", "(?!x)", r"(a)\1", "[]", "("])
def test_a_pattern_that_athena_reads_otherwise_is_refused(pattern):
    with pytest.raises(NotExpressible):
        trino_pattern(pattern)


def test_bounds_beyond_every_column_are_left_by_name():
    huge = 10**400
    schema = load_schema(
        {
            "type": "object",
            "properties": {
                "a": {"type": "number", "maximum": huge},
                "b": {"type": "integer", "minimum": 0, "maximum": 9, "multipleOf": huge},
            },
        }
    )
    plan = planned(schema)
    left = checks_from_schema(schema, plan.table, plan.columns.naming).unchecked
    assert {(rule.column, rule.keyword) for rule in left} >= {("a", "maximum"), ("b", "multipleOf")}


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"event_id": "nope"}, "no column 'nope'"),
        ({"event_id": "items"}, "expected a plain value"),
        ({"day_key": "day"}, "expected a partition key as day, found 'day'; there are: dt"),
        ({"first_day": "2026-03-01"}, "no partition key that holds the day"),
        ({"day_key": "dt", "last_day": "yesterday"}, "expected YYYY-MM-DD, found 'yesterday'"),
        # As text it would come after every day of December.
        ({"day_key": "dt", "first_day": "2026-3-2"}, "expected YYYY-MM-DD, found '2026-3-2'"),
    ],
)
def test_a_column_that_is_not_there_is_refused(options, message):
    schema = load_schema(SCHEMAS / "order_placed" / "2.json")
    plan = planned(schema, partition_keys=DAY)
    with pytest.raises(InvalidInput, match=message):
        audit_sql(asked(plan, schema, **options))


def broken(event, number):
    """*event* with one fault that the table can hold; the faults take turns."""
    faults = [
        lambda e: e["items"][0].update(quantity=-3),
        lambda e: e["payment"].update(method="gold"),
        lambda e: e["customer"].pop("id"),
        lambda e: e.update(event_time="yesterday"),
        lambda e: e.update(order_id=0),
        lambda e: e.update(coupon_code="bad coupon\n"),
        lambda e: e.update(items=[]),
        lambda e: e["shipping_address"].update(postal_code="ü"),
        lambda e: e.update(gift_note="x" * 501),
        lambda e: e["total"].update(amount=-0.01),
        lambda e: e.pop("event_id"),
        lambda e: e["items"][0].pop("sku"),
        lambda e: e["shipping_address"].update(street=""),
        lambda e: e.update(requested_delivery_date="2026-02-30"),
    ]
    faults[number % len(faults)](event)
    return event


@pytest.fixture
def orders(platform, bucket, unique):
    schema = load_schema(SCHEMAS / "order_placed" / "2.json")
    plan = planned(schema, f"orders_{unique}", f"s3://{bucket}/orders/", partition_keys=DAY)
    events = [json.loads(event) for event in sample_events(150, broken_share=0)]
    events = [broken(event, number) if number % 3 == 0 else event for number, event in enumerate(events)]
    events[1]["event_id"] = events[2]["event_id"]
    events[4]["event_time"] = "2099-01-01T00:00:00Z"
    lines = [json.dumps(event, ensure_ascii=False) for event in events]
    for day in ("2026-03-08", "2026-03-20"):
        part = lines[:100] if day == "2026-03-08" else lines[100:]
        aws.call("s3", "put_object", Bucket=bucket, Key=f"orders/dt={day}/a.json", Body="\n".join(part).encode())
    with Athena() as athena:
        athena.execute(create_database_sql("audits"))
        athena.execute(create_table_sql(plan.table))
        athena.execute(repair_table_sql(plan.table))
    return schema, plan, events


def test_the_counts_are_the_validators(orders):
    schema, plan, events = orders
    with Athena() as athena:
        report = audit(
            asked(plan, schema, event_id="event_id", event_time="event_time", day_key="dt", late_after_days=7), athena
        )
    validator = compile_schema(schema)
    expected = Counter(error.keyword for event in events for error in validator.iter_errors(event))
    found = Counter()
    for rule in report.broken:
        found[rule.check.keyword] += rule.rows
    assert found == expected
    assert report.rows == 150
    assert (report.unreadable, report.duplicates, report.future) == (0, 1, 1)
    assert report.late == sum(event["event_time"] < "2026-03-13" for event in events[100:])
    assert report.volume == (("2026-03-08", 100), ("2026-03-20", 50))
    assert report.data_scanned_in_bytes > 0
    assert not report.is_clean
    frame = report.to_frame()
    assert frame["rows"].sum() == sum(rule.rows for rule in report.broken)
    assert all(path.startswith("s3://") for path in frame["example_path"])


def test_days_prune_partitions(orders):
    schema, plan, _ = orders
    with Athena() as athena:
        whole = audit(asked(plan, schema), athena)
        report = audit(asked(plan, schema, day_key="dt", first_day="2026-03-10", last_day="2026-03-31"), athena)
    assert report.rows == 50
    assert report.volume == (("2026-03-20", 50),)
    assert report.data_scanned_in_bytes < 2 * whole.data_scanned_in_bytes


def test_unreadable_lines_are_counted_once(platform, bucket, unique):
    schema = load_schema({"properties": {"a": {"type": "integer"}, "b": {"type": "string"}}, "required": ["a", "b"]})
    name = f"lines_{unique}"
    plan = planned(schema, name, f"s3://{bucket}/lines/")
    aws.call("s3", "put_object", Bucket=bucket, Key="lines/a.json", Body=b'{"a": 1, "b": "x"}\nbroken\n{"a": 2}\n')
    with Athena() as athena:
        athena.execute(create_database_sql("audits"))
        athena.execute(create_table_sql(plan.table))
        report = audit(asked(plan, schema), athena)
    assert (report.rows, report.unreadable) == (3, 1)
    assert [(rule.check.column, rule.rows) for rule in report.broken] == [("b", 1)]


def test_many_checks_take_several_queries():
    properties = {f"f{number}": {"type": "integer", "minimum": number} for number in range(250)}
    schema = load_schema({"properties": properties})
    plan = planned(schema)
    statements = audit_sql(asked(plan, schema))
    assert len(statements) == 3
    assert '"check_249"' in statements[-1]
    assert [statement.count('"unreadable"') for statement in statements] == [1, 0, 0]


def test_a_volume_needs_days():
    schema = load_schema({"properties": {"a": {"type": "integer"}}})
    with pytest.raises(InvalidInput, match="needs a day key or an event time"):
        volume_sql(asked(planned(schema), schema))


KINDS = {
    "minimum": ({"type": "integer", "minimum": -2.5}, [-3, -2, 0]),
    "maximum": ({"type": "number", "maximum": 0.1}, [0.1, 0.11, -5, 1e9]),
    "exclusiveMinimum": ({"type": "integer", "exclusiveMinimum": 0}, [0, 1, -1]),
    "exclusiveMaximum": ({"type": "number", "exclusiveMaximum": 1e3}, [999.5, 1000, 1000.0]),
    "multipleOf": ({"type": "integer", "multipleOf": 3}, [3, 4, -6, -7]),
    "enum": ({"enum": [1, 2.5]}, [1, 2.5, 2]),
    "const": ({"type": "boolean", "const": True}, [True, False]),
    "minLength": ({"type": "string", "minLength": 2}, ["🎉", "🎉🎉", "", "ab"]),
    "maxLength": ({"type": "string", "maxLength": 2}, ["🎉🎉", "🎉🎉🎉", "e\u0301x"]),
    "pattern": ({"type": "string", "pattern": "^[\\w-]+$"}, ["a_1", "ü", "a\n", "a-b", "", "a b"]),
    "format": (
        {"type": "string", "format": "date-time"},
        [
            "2024-02-29T12:00:00Z",
            "2023-02-29T12:00:00Z",
            "2024-02-29T12:00:60Z",
            "2016-12-31T23:59:60Z",
            "2017-01-01T00:59:60.5+01:00",
            "2017-01-01T00:59:60.5-01:00",
            "2024-02-29t12:00:00.1234567z",
            "2024-02-29 12:00:00Z",
        ],
    ),
    "uuid": ({"type": "string", "format": "uuid"}, ["f47ac10b-58cc-4372-a567-0e02b2c3d479", "f47ac10b"]),
    "minItems": ({"type": "array", "items": {"type": "string"}, "minItems": 1}, [[], ["a"]]),
    "maxItems": ({"type": "array", "items": {"type": "string"}, "maxItems": 1}, [["a"], ["a", "a"]]),
    "uniqueItems": ({"type": "array", "items": {"type": "string"}, "uniqueItems": True}, [["a", "b"], ["a", "a"]]),
    "required": (
        {"type": "object", "properties": {"x y": {"type": "string"}, "b": {"type": "integer"}}, "required": ["x y"]},
        [{"x y": ""}, {"b": 1}, {}],
    ),
    "dependentRequired": (
        {"properties": {"a": {"type": "string"}, "b": {"type": "string"}}, "dependentRequired": {"a": ["b"]}}
        | {"type": "object"},
        [{"a": "1", "b": "2"}, {"a": "1"}, {"b": "1"}],
    ),
}


def test_each_kind_of_check_counts_as_the_validator_does(platform, bucket, unique):
    """On the top, inside a struct, as elements of an array and as values of a map."""
    kinds = {name: contents for name, (contents, _) in KINDS.items()}
    contents = {
        "$schema": "https://json-schema.org/draft/2019-09/schema",
        "type": "object",
        "properties": {
            **kinds,
            "In Side": {"type": "object", "properties": kinds},
            "each": {"type": "array", "items": {"type": "object", "properties": kinds}},
            "by_key": {
                "type": "object",
                "properties": {n: {"type": "object", "additionalProperties": kinds[n]} for n in kinds},
            },
        },
    }
    schema = load_schema(contents)
    events = []
    for name, (_, values) in KINDS.items():
        for value in values:
            events += [{name: value}, {"In Side": {name: value}}, {"each": [{}, {name: value}, {name: values[0]}]}]
            events += [{"by_key": {name: {"k": value, "K2": values[0]}}}]
    plan = planned(schema, f"kinds_{unique}", f"s3://{bucket}/kinds/")
    body = "\n".join(json.dumps(event) for event in events).encode()
    aws.call("s3", "put_object", Bucket=bucket, Key="kinds/a.json", Body=body)
    checks = checks_from_schema(schema, plan.table, plan.columns.naming, formats=True)
    with Athena() as athena:
        athena.execute(create_database_sql("audits"))
        athena.execute(create_table_sql(plan.table))
        report = audit(Audit(plan.table, checks, NOW), athena)
    validator = compile_schema(schema, formats=True)
    expected = Counter(
        pointer for event in events for pointer in {error.keyword_location for error in validator.iter_errors(event)}
    )
    assert {rule.check.pointer: rule.rows for rule in report.broken} == expected
    assert len(expected) > 3 * len(KINDS)
