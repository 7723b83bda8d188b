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
from toolkit.hive import Column, create_database_sql, create_table_sql, parse_type, plan_table, repair_table_sql
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
    }
    assert [(each.column, each.keyword) for each in found.checks] == [("a", "required")]


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


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"event_id": "nope"}, "no column 'nope'"),
        ({"event_id": "items"}, "expected a plain value"),
        ({"day_key": "day"}, "expected a partition key as day, found 'day'; there are: dt"),
        ({"first_day": "2026-03-01"}, "no partition key that holds the day"),
        ({"day_key": "dt", "last_day": "yesterday"}, "expected YYYY-MM-DD, found 'yesterday'"),
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
