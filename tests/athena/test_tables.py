"""Every statement as an action, on the local platform; what the DDL makes is what Glue is told."""

import datetime
import json
from pathlib import Path

import pytest

from toolkit import aws
from toolkit.athena import Athena, tables
from toolkit.athena.catalog import Catalog
from toolkit.errors import NotFound, QueryFailed, TableError
from toolkit.hive import (
    Column,
    Partition,
    TableName,
    alter_table_plan,
    create_table_as_sql,
    curated_policy,
    parse_create_table,
    plan_table,
    table_input,
)
from toolkit.schema import load_schema

GOLDEN = Path(__file__).parent.parent / "golden"
CREATED = sorted(
    path for path in GOLDEN.rglob("*.sql") if path.read_text(encoding="utf-8").startswith("CREATE EXTERNAL")
)
EVENTS = {
    "type": "object",
    "properties": {
        "id": {"type": "string"},
        "at": {"type": "string", "format": "date-time"},
        "items": {"type": "array", "items": {"type": "object", "properties": {"sku": {"type": "string"}}}},
    },
}
DAY = (Column("day", "string"),)


@pytest.fixture
def athena(platform, bucket):
    with Athena(output_location=f"s3://{bucket}/results/") as found:
        yield found


@pytest.fixture
def database(athena, unique):
    name = f"tables_{unique}"
    tables.create_database(athena, name)
    return name


@pytest.fixture
def planned(database, bucket):
    def make(name, contents=EVENTS, **options):
        given = {"database": database, "name": name, "location": f"s3://{bucket}/{name}/"} | options
        return plan_table(load_schema(contents), **given).table

    return make


def put(table, key, *lines):
    bucket, prefix = aws.split_s3_uri(table.location)
    aws.call("s3", "put_object", Bucket=bucket, Key=f"{prefix}{key}", Body="\n".join(lines).encode())


@pytest.mark.parametrize("path", CREATED, ids=lambda path: str(path.relative_to(GOLDEN)))
def test_a_table_input_is_what_the_statement_makes(path, athena, database):
    ddl = path.read_text(encoding="utf-8").replace("`shop`.", f"`{database}`.", 1)
    table = parse_create_table(ddl)
    athena.execute(ddl)
    made = aws.call("glue", "get_table", DatabaseName=database, Name=table.name)["Table"]
    wanted = table_input(table)
    made["Parameters"].pop("transient_lastDdlTime", None)
    assert {key: made.get(key) for key in wanted if key != "StorageDescriptor"} == {
        key: value for key, value in wanted.items() if key != "StorageDescriptor"
    }
    storage = wanted["StorageDescriptor"]
    assert {key: made["StorageDescriptor"].get(key) for key in storage} == storage
    assert Catalog().table(database, table.name) == table


def test_a_table_is_made_and_dropped(athena, database, planned):
    table = planned("events")
    assert tables.create_table(athena, table).state == "SUCCEEDED"
    assert tables.create_table(athena, table).state == "SUCCEEDED"
    assert tables.drift(table) == ()
    with pytest.raises(QueryFailed):
        tables.create_table(athena, table, if_not_exists=False)
    tables.drop_table(athena, TableName(database, "events"))
    with pytest.raises(NotFound):
        tables.drift(table)
    tables.drop_database(athena, database)
    assert database not in Catalog().databases()


def test_an_older_table_that_differs_is_not_taken_for_the_new_one(athena, planned):
    tables.create_table(athena, planned("events"))
    wider = {"type": "object", "properties": {**EVENTS["properties"], "more": {"type": "boolean"}}}
    with pytest.raises(TableError, match=r"was there before and differs \(removed more: boolean\)"):
        tables.create_table(athena, planned("events", wider))


def test_partitions_are_added_repaired_and_dropped(athena, bucket, planned):
    table = planned("events", partition_keys=DAY)
    tables.create_table(athena, table)
    days = [Partition({"day": f"{number:04}"}, f"s3://{bucket}/elsewhere/{number}/") for number in range(130)]
    assert len(tables.add_partitions(athena, table, days)) == 2
    put(table, "day=2024-02-29/a.json", '{"id": "a"}')
    tables.repair_table(athena, table)
    assert athena.fetch(f'SELECT day, id FROM "{table.database}"."events"') == [("2024-02-29", "a")]
    put(table, "apart/a.json", '{"id": "b"}')
    moved = Partition({"day": "2024-02-29"}, f"{table.location}apart/")
    assert tables.set_partition_location(athena, table, moved).state == "SUCCEEDED"
    assert athena.fetch(f'SELECT day, id FROM "{table.database}"."events"') == [("2024-02-29", "b")]
    assert len(tables.drop_partitions(athena, table, days[:101])) == 2
    found = aws.call("glue", "get_partitions", DatabaseName=table.database, TableName="events")["Partitions"]
    assert len(found) == 30


def test_a_curated_table_is_made_and_filled_a_hundred_partitions_a_query(athena, planned):
    raw = planned("raw", partition_keys=DAY)
    tables.create_table(athena, raw)
    for number in range(101):
        put(raw, f"day={number:04}/a.json", f'{{"id": "{number}", "at": "2024-01-01T00:00:00Z"}}')
    tables.repair_table(athena, raw)
    curated = planned("curated", policy=curated_policy(), partition_keys=DAY)
    count = f'SELECT count(*), count(DISTINCT day), max(at) FROM "{raw.database}"."curated"'
    assert len(tables.create_table_as(athena, raw, curated)) == 2
    ((rows, days, latest),) = athena.fetch(count)
    assert (rows, days, str(latest)[:10]) == (101, 101, "2024-01-01")
    assert len(tables.insert(athena, raw, curated, [Partition({"day": "0007"})])) == 1
    assert athena.fetch(count)[0][:2] == (102, 101)


def test_rows_without_a_partition_are_not_left_out_unsaid(athena, planned):
    raw = planned("raw")
    tables.create_table(athena, raw)
    put(raw, "a.json", '{"id": "x"}', "{}")
    by_id = parse_create_table(
        f"CREATE EXTERNAL TABLE `{raw.database}`.`by_id` (`at` timestamp) PARTITIONED BY (`id` string) STORED AS PARQUET "
        f"LOCATION '{raw.location}by_id/'"
    )
    with pytest.raises(TableError, match="has rows whose partition key 'id' is NULL or empty"):
        tables.create_table_as(athena, raw, by_id)


def test_views_show_a_table_flat_and_rows_are_unloaded(athena, bucket, planned):
    table = planned("events")
    tables.create_table(athena, table)
    put(table, "a.json", '{"id": "x", "items": [{"sku": "s1"}, {"sku": "s2"}]}')
    put(table, "b.json", '{"id": "x"}')
    once = tables.create_deduplicated_view(athena, table, "id")
    assert athena.fetch(f'SELECT id FROM "{table.database}"."{once.name}"') == [("x",)]
    views = tables.create_views(athena, table)
    assert [view.name for view in views] == ["events_flat", "events_items"]
    found = athena.fetch(f'SELECT items_sku FROM "{table.database}"."events_items" ORDER BY items_index')
    assert found == [("s1",), ("s2",)]
    tables.unload(athena, f'SELECT id FROM "{table.database}"."events"', f"s3://{bucket}/out/", file_format="json")
    listed = aws.call("s3", "list_objects_v2", Bucket=bucket, Prefix="out/")["Contents"]
    assert len(listed) == 1


def test_a_plan_is_run_and_the_table_is_the_target(athena, planned):
    old = planned("events")
    tables.create_table(athena, old)
    new = planned("events", {"type": "object", "properties": {**EVENTS["properties"], "more": {"type": "boolean"}}})
    plan = alter_table_plan(old, new)
    assert len(tables.alter_table(athena, plan)) == 1
    assert tables.drift(new) == ()
    with pytest.raises(TableError, match=r"has changed since the plan was made \(added more: boolean\)"):
        tables.alter_table(athena, plan)


def test_what_is_destructive_needs_leave(athena, planned):
    old = planned("events")
    tables.create_table(athena, old)
    new = planned("events", {"type": "object", "properties": {"id": {"type": "string"}, "Big Key": {"type": "string"}}})
    plan = alter_table_plan(old, new)
    with pytest.raises(TableError, match="takes away the definition of the table"):
        tables.alter_table(athena, plan)
    tables.alter_table(athena, plan, allow_destructive=True)
    assert tables.drift(new) == ()


def test_a_refused_plan_is_not_run(athena, planned):
    old = planned("events")
    tables.create_table(athena, old)
    new = planned("events", {"type": "object", "properties": {"id": {"type": "boolean"}}})
    with pytest.raises(TableError, match="id: string → boolean: old events could not be read as the new type"):
        tables.alter_table(athena, alter_table_plan(old, new))


# Iceberg


@pytest.fixture
def iceberg(planned):
    def make(contents=EVENTS, **options):
        given = {"policy": curated_policy("iceberg"), "partitioning": ("day(at)", "bucket(16, id)")} | options
        return planned("iceberg", contents, **given)

    return make


def test_an_iceberg_table_comes_back_with_its_partitioning_and_properties(athena, iceberg):
    table = iceberg(parameters={"vacuum_max_snapshot_age_seconds": "3600", "format": "parquet"})
    tables.create_table(athena, table)
    assert Catalog().table(table.database, table.name) == table
    assert tables.create_table(athena, table).state == "SUCCEEDED"


def test_an_iceberg_table_is_filled_from_the_raw_one(athena, planned, iceberg):
    raw = planned("raw")
    tables.create_table(athena, raw)
    put(raw, "a.json", '{"id": "a", "at": "2024-02-29t12:30:45.5z", "items": [{"sku": "s"}]}', '{"id": "b"}')
    target = iceberg()
    assert len(tables.create_table_as(athena, raw, target)) == 1
    assert tables.drift(target) == ()
    tables.insert(athena, raw, target)
    found = athena.fetch(f'SELECT id, to_unixtime(at), items[1].sku FROM "{raw.database}"."iceberg" ORDER BY id, at')
    assert found == [("a", 1709209845.5, "s")] * 2 + [("b", None, None)] * 2


def test_the_rows_of_a_day_are_replaced(athena, planned, iceberg):
    raw, target = planned("raw", partition_keys=DAY), iceberg(partition_keys=DAY, partitioning=())
    tables.create_table(athena, raw)
    put(raw, "day=2024-02-29/a.json", '{"id": "a"}')
    put(raw, "day=2024-03-01/a.json", '{"id": "b"}')
    tables.repair_table(athena, raw)
    tables.create_table_as(athena, raw, target)
    put(raw, "day=2024-02-29/b.json", '{"id": "c"}')
    assert tables.replace_rows(athena, raw, target, Partition({"day": "2024-02-29"})).state == "SUCCEEDED"
    assert athena.fetch(f'SELECT id FROM "{raw.database}"."iceberg" ORDER BY id') == [("a",), ("b",), ("c",)]


NUMBERED = {
    "type": "object",
    "properties": {
        "id": {"type": "string"},
        "at": {"type": "string", "format": "date-time"},
        "n": {"type": "integer"},
        "price": {"type": "number", "multipleOf": 0.01, "minimum": -1000, "maximum": 1000},
        "good": {"type": "boolean"},
    },
}


@pytest.mark.parametrize(
    ("partitioning", "queries"),
    [
        (("day(at)",), 2),
        pytest.param(("month(at)", "bucket(25, id)"), 2, marks=pytest.mark.slow),
        (("truncate(2, n)", "good"), 2),
        pytest.param(("truncate(100, price)",), 1, marks=pytest.mark.slow),
        pytest.param(("truncate(2, id)", "bucket(90, n)"), 5, marks=pytest.mark.slow),
    ],
)
def test_an_iceberg_table_is_filled_a_hundred_partitions_a_query(athena, planned, iceberg, partitioning, queries):
    raw = planned("raw", NUMBERED)
    tables.create_table(athena, raw)
    days = [datetime.date(2024, 1, 1) + datetime.timedelta(days=number) for number in range(120)]
    events = [
        {"id": f"c{n % 4}-{n}", "at": f"{day}T01:00:00+02:00", "n": n - 60, "price": (n - 60) / 2, "good": n % 3 == 0}
        for n, day in enumerate(days)
    ]
    put(raw, "a.json", '{"id": "none"}', *map(json.dumps, events))
    target = iceberg(NUMBERED, partitioning=partitioning)
    assert len(tables.create_table_as(athena, raw, target)) == queries
    wanted = [("none", None), *sorted((event["id"], event["n"]) for event in events)]
    count = f'SELECT id, n FROM "{raw.database}"."iceberg"'
    assert sorted(athena.fetch(count)) == sorted(wanted)
    assert len(tables.insert(athena, raw, target)) == queries
    assert sorted(athena.fetch(count)) == sorted(wanted * 2)


def test_more_buckets_than_a_query_writes_are_refused(athena, planned, iceberg):
    target = iceberg(partitioning=("day(at)", "bucket(128, id)"))
    with pytest.raises(TableError, match="expected at most 100 buckets, of which one query can write, found 128"):
        create_table_as_sql(planned("raw"), target, [Partition({"day(at)": None})])


def test_the_golden_plan_of_an_iceberg_table_runs(athena, iceberg):
    versions = load_schema(GOLDEN / "evolution" / "schema.json").contents["$defs"]
    old, new = (iceberg(versions[name], partitioning=()) for name in ("1", "2"))
    plan = alter_table_plan(old, new, expected=old)
    if plan.refusals:
        refused = {refusal.path.split(".")[0].split("[")[0] for refusal in plan.refusals}
        versions["2"]["properties"] = {
            key: value for key, value in versions["2"]["properties"].items() if key.lower() not in refused
        } | {key: value for key, value in versions["1"]["properties"].items() if key.lower() in refused}
        new = iceberg(versions["2"], partitioning=())
        plan = alter_table_plan(old, new, expected=old)
    assert plan.refusals == ()
    tables.create_table(athena, old)
    tables.alter_table(athena, plan, allow_destructive=True)
    assert tables.drift(new) == ()


def test_every_change_of_an_iceberg_table_keeps_its_rows(athena, iceberg):
    old = iceberg(
        {
            "type": "object",
            "properties": {
                "n": {"type": "integer", "minimum": 0, "maximum": 9},
                "price": {"type": "number", "multipleOf": 0.01, "minimum": 0, "maximum": 99},
                "gone": {"type": "string"},
                "id": {"type": "string"},
            },
        },
        policy=curated_policy("iceberg"),
        partitioning=(),
    )
    old = parse_create_table(
        f"CREATE TABLE `{old.database}`.`iceberg` (`n` int, `price` decimal(4,2), `gone` string, `id` string COMMENT 'the id') "
        f"LOCATION '{old.location}' TBLPROPERTIES ('table_type' = 'ICEBERG', 'format' = 'parquet')"
    )
    new = parse_create_table(
        f"CREATE TABLE `{old.database}`.`iceberg` (`id` string COMMENT 'its id', `n` bigint, `price` decimal(9,2), `more` date) "
        f"LOCATION '{old.location}' TBLPROPERTIES ('table_type' = 'ICEBERG', 'format' = 'parquet', "
        "'vacuum_max_snapshot_age_seconds' = '60')"
    )
    tables.create_table(athena, old)
    athena.execute(f"INSERT INTO {old.database}.iceberg VALUES (1, DECIMAL '1.25', 'x', 'a')")
    plan = alter_table_plan(Catalog().table(old.database, "iceberg"), new)
    tables.alter_table(athena, plan, allow_destructive=True)
    assert tables.drift(new) == ()
    assert [tuple(map(str, row)) for row in athena.fetch(f"SELECT * FROM {old.database}.iceberg")] == [
        ("a", "1", "1.25", "None")
    ]


def test_glue_makes_and_replaces_tables_too(planned):
    table = planned("events")
    Catalog().create_table(table)
    assert tables.drift(table) == ()
    wider = planned("events", {"type": "object", "properties": {**EVENTS["properties"], "more": {"type": "boolean"}}})
    Catalog().replace_table(wider)
    assert tables.drift(wider) == ()


def test_glue_can_not_change_an_iceberg_table(iceberg):
    with pytest.raises(TableError, match="Glue can't change an Iceberg table"):
        Catalog().replace_table(iceberg())
