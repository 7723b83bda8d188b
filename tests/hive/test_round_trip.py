"""
The promise: a value that the strict validator accepts and no loss names comes back from the table.

Schemas and events are generated, the accepted events written to S3, the table made by its statement on the local
Athena, and every value read back through PyAthena.
"""

import json
from datetime import datetime
from itertools import count

import pytest
from generated_events import Anything, cases, expected_row, losses_of
from hypothesis import HealthCheck, assume, given, settings

from toolkit.hive import (
    Array,
    Field,
    Map,
    Policy,
    Struct,
    create_table_as_sql,
    create_table_sql,
    curated_policy,
    flatten_views,
    plan_table,
    preflight,
    query_name,
    select_sql,
)
from toolkit.hive.types import BIGINT
from toolkit.schema import load_schema

BUCKET = "lake"
_numbers = count()


def readable(events, plan, table):
    """The events that the preflight passes; what it finds in the others, a loss must have named."""
    announced = {loss.column for loss in plan.losses}
    clashes = any("letter case" in loss.consequence for loss in plan.losses)
    # A key that the SerDe can't find is one that the table does not declare.
    drops = any(loss.effect == "dropped" or loss.rule == "key" for loss in plan.losses)
    kept = []
    for event in events:
        findings = preflight([json.dumps(event).encode()], table).samples
        for finding in findings:
            # What lies beyond the columns has none to be named by.
            is_of_object = drops if finding.effect == "dropped" else clashes and finding.column == ""
            assert finding.column in announced or is_of_object, (finding, event)
        if not any(finding.effect == "error" for finding in findings):
            kept.append(event)
    return kept


SETTINGS = settings(
    # Each one creates a table and runs queries.
    max_examples=settings.default.max_examples * 15 // 100,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow, HealthCheck.filter_too_much],
)


FEWER = settings(SETTINGS, max_examples=settings.default.max_examples * 8 // 100)


def planned(schema, policy=None, suffix=""):
    name = f"t{next(_numbers)}{suffix}"
    return plan_table(schema, database="lake", name=name, location=f"s3://{BUCKET}/{name}/", policy=policy)


POLICIES = {
    "default": Policy(),
    "sensitive": Policy(key_case="sensitive", name_style="snake", recursion_depth=0),
    "text": Policy(integers="string", numbers="string"),
    "maps": Policy(free_objects="map", integers="fit"),
    "typed": Policy(timestamps="timestamp", dates="date", decimals="decimal", integers="decimal"),
    "hive": Policy(storage="hive", open_objects="string", ambiguous="drop"),
}


@pytest.mark.parametrize("policy", POLICIES.values(), ids=POLICIES)
@FEWER
@given(case=cases())
def test_what_no_loss_names_comes_back_from_the_raw_table(lake, policy, case):
    schema, events = case
    plan = planned(schema, policy)
    events = readable(events, plan.columns, plan.table)
    assume(events)
    lake.put(plan.table, events)
    lake.run(create_table_sql(plan.table))
    found = lake.rows(plan.table.name, [column.name for column in plan.table.columns])
    assert found == [expected_row(event, plan.columns, losses_of(plan.columns)) for event in events]


def curated_rows(lake, raw, curated, events):
    """What the casts make of *events* on their way from the raw to the curated table."""
    lake.put(raw.table, events)
    lake.run(create_table_sql(raw.table))
    return lake.rows_of(f"({select_sql(raw.table, curated.table)})", [column.name for column in curated.table.columns])


@SETTINGS
@given(case=cases())
def test_what_no_loss_names_survives_the_casts_to_the_curated_table(lake, case):
    schema, events = case
    raw, curated = planned(schema), planned(schema, curated_policy(), "c")
    events = readable(events, raw.columns, raw.table)
    assume(events)
    found = curated_rows(lake, raw, curated, events)
    wanted = [expected_row(event, curated.columns, losses_of(curated.columns)) for event in events]
    assert found == wanted


@pytest.mark.parametrize("storage", ["parquet", "orc", "iceberg"])
@FEWER
@given(case=cases())
def test_what_no_loss_names_comes_back_from_the_curated_table(lake, storage, case):
    schema, events = case
    raw, curated = planned(schema), planned(schema, curated_policy(storage), "c")
    events = readable(events, raw.columns, raw.table)
    assume(events)
    lake.put(raw.table, events)
    lake.run(create_table_sql(raw.table), *create_table_as_sql(raw.table, curated.table))
    found = lake.rows(curated.table.name, [column.name for column in curated.table.columns])
    wanted = [expected_row(event, curated.columns, losses_of(curated.columns)) for event in events]
    assert found == wanted


def test_a_missing_object_stays_null_at_every_depth(lake):
    day = {"type": "object", "properties": {"day": {"type": "string", "format": "date"}}}
    around = {"type": "object", "properties": {"inner": day, "list": {"type": "array", "items": day}}}
    schema = load_schema({"type": "object", "properties": {"row": {"type": "integer"}, "outer": around}})
    raw, curated = planned(schema), planned(schema, curated_policy(), "c")
    events = [{"row": 1}, {"row": 2, "outer": {}}, {"row": 3, "outer": {"inner": {}, "list": [None, {}]}}]
    assert [row["outer"] for row in curated_rows(lake, raw, curated, events)] == [
        None,
        {"inner": None, "list": None},
        {"inner": {"day": None}, "list": [None, {"day": None}]},
    ]


def flat(value, hive_type):
    """The type and the value of each leaf of a row, as the flattening view shows them."""
    if isinstance(hive_type, Struct):
        for field in hive_type.fields:
            unknown = value is None or isinstance(value, Anything)
            yield from flat(value if unknown else value[field.name], field.type)
    else:
        yield hive_type, value


def elements(value, hive_type, places=()):
    """The places and the value of each object inside an array of arrays of objects."""
    if not isinstance(hive_type, Array):
        yield places, value
    elif value is not None:
        for number, inner in enumerate(value, start=1):
            yield from elements(inner, hive_type.element, (*places, number))


def depth_of_objects(hive_type):
    """How many arrays stand around a struct; 0 where *hive_type* is no array of structs."""
    depth = 0
    while isinstance(hive_type, Array):
        hive_type, depth = hive_type.element, depth + 1
    return (depth, hive_type) if isinstance(hive_type, Struct) else (0, hive_type)


def is_known(value):
    return not isinstance(value, Anything) and (not isinstance(value, list) or all(map(is_known, value)))


def array_rows(types, rows, order):
    """
    The rows of each array view in turn, with the positions of the columns that order them, made with none of the SQL.

    None stands for the rows where a loss was announced of the array itself, so that nobody knows how many there are.
    """
    kept = [position for position, kind in enumerate(types) if not isinstance(kind, Array | Map)]
    for position, kind in enumerate(types):
        depth, inner = depth_of_objects(kind)
        if not depth:
            continue
        numbered = [*map(kept.index, order), *range(len(kept), len(kept) + depth)]
        found_types = [*(types[each] for each in kept), *[BIGINT] * depth, *(leaf for leaf, _ in flat(None, inner))]
        if rows is None or not all(is_known(row[position]) for row in rows):
            found = None
        else:
            found = [
                [*(row[each] for each in kept), *places, *(value for _, value in flat(element, inner))]
                for row in rows
                for places, element in elements(row[position], kind)
            ]
        yield found, numbered
        yield from array_rows(found_types, found, numbered)


@SETTINGS
@given(case=cases())
def test_what_no_loss_names_comes_back_from_the_flattening_views(lake, case):
    schema, events = case
    plan = planned(schema)
    events = readable(events, plan.columns, plan.table)
    assume(events)
    lake.put(plan.table, events)
    lake.run(create_table_sql(plan.table))
    row = Struct(tuple(Field(column.name, column.type) for column in plan.columns.columns))
    rows = [list(flat(expected_row(event, plan.columns, losses_of(plan.columns)), row)) for event in events]
    types, rows = [kind for kind, _ in rows[0]], [[value for _, value in found] for found in rows]
    first, *others = flatten_views(plan.table)
    lake.run(first.sql)
    names = [name for name, _ in first.columns]
    assert [list(found.values()) for found in lake.rows(first.name, names)] == rows
    wanted = list(array_rows(types, rows, [names.index("row")]))
    assert len(others) == len(wanted)
    for view, (its_rows, order) in zip(others, wanted, strict=True):
        lake.run(view.sql)
        names = [name for name, _ in view.columns]
        found = lake.rows(view.name, names, ", ".join(query_name(names[position]) for position in order))
        assert its_rows is None or [list(each.values()) for each in found] == its_rows


def test_an_array_of_objects_has_a_row_for_each_element(lake):
    item = {
        "type": "object",
        "properties": {"sku": {"type": "string"}, "tags": {"type": "array", "items": {"type": "string"}}},
    }
    plan = planned(
        load_schema(
            {
                "type": "object",
                "properties": {"row": {"type": "integer"}, "items": {"type": "array", "items": item}},
            }
        )
    )
    lake.put(
        plan.table,
        [
            {"row": 1, "items": [{"sku": "a", "tags": ["x"]}, {"sku": "b"}]},
            {"row": 2, "items": []},
            {"row": 3},
            {"row": 4, "items": [{"sku": "c"}]},
        ],
    )
    lake.run(create_table_sql(plan.table), *(view.sql for view in flatten_views(plan.table)))
    _, view = flatten_views(plan.table)
    found = lake.rows(view.name, [name for name, _ in view.columns])
    assert sorted(tuple(map(str, row.values())) for row in found) == [
        ("1", "1", "a", "['x']"),
        ("1", "2", "b", "None"),
        ("4", "1", "c", "None"),
    ]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2024-02-29T12:30:45Z", datetime(2024, 2, 29, 12, 30, 45)),
        ("2024-02-29t12:30:45.5z", datetime(2024, 2, 29, 12, 30, 45, 500_000)),
        ("2024-02-29T12:30:45.123+02:00", datetime(2024, 2, 29, 10, 30, 45, 123_000)),
        ("2024-12-31T23:30:00-01:00", datetime(2025, 1, 1, 0, 30)),
        ("2024-02-15T12:30:45-14:00", datetime(2024, 2, 16, 2, 30, 45)),
        # RFC 3339 takes these, and Trino's reader fails at them.
        ("2024-02-29T12:30:45+14:01", None),
        ("2024-02-29t12:30:45.123-23:59", None),
        ("soon", None),
    ],
)
def test_rfc_3339_times_become_timestamps_in_utc(lake, text, expected):
    schema = load_schema(
        {"type": "object", "properties": {"row": {"type": "integer"}, "t": {"type": "string", "format": "date-time"}}}
    )
    raw, curated = planned(schema), planned(schema, curated_policy(), "c")
    (row,) = curated_rows(lake, raw, curated, [{"row": 1, "t": text}])
    found = row["t"]
    assert (None if found is None else datetime.fromisoformat(found)) == expected
