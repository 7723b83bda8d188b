import gzip
import json
from dataclasses import replace

import pytest

from toolkit import aws
from toolkit.athena import Athena
from toolkit.athena.backfill import backfill, backfill_estimate, check_tables, partitions_between
from toolkit.athena.partitions import NULL_PARTITION, Partition
from toolkit.errors import InvalidInput, QueryFailed
from toolkit.hive import (
    Column,
    DateProjection,
    create_database_sql,
    create_table_sql,
    curated_policy,
    default_policy,
    parse_type,
    plan_successor,
    plan_table,
    repair_table_sql,
)
from toolkit.schema import load_schema

SCHEMA = {
    "type": "object",
    "properties": {
        "id": {"type": "integer"},
        "at": {"type": "string", "format": "date-time"},
        "who": {"type": "object", "properties": {"name": {"type": "string"}}},
    },
}
KEYS = (Column("dt", parse_type("string")),)
DAYS = ["2026-03-01", "2026-03-02", "2026-03-03"]


class Lake:
    """A raw table with events on two days, and an empty curated one."""

    def __init__(self, bucket, unique, storage):
        self.bucket = bucket
        self.athena = Athena()
        schema = load_schema(SCHEMA)
        database = f"backfill_{unique}"
        self.raw = plan_table(
            schema, database=database, name="raw", location=f"s3://{bucket}/raw/", partition_keys=KEYS
        ).table
        self.curated = plan_table(
            schema,
            database=database,
            name="curated",
            location=f"s3://{bucket}/curated/",
            partition_keys=KEYS,
            policy=curated_policy(storage),
        ).table
        self.put("2026-03-01", "a", range(10))
        self.put("2026-03-02", "a", range(10, 15))
        self.athena.execute(create_database_sql(database))
        for table in (self.raw, self.curated):
            self.athena.execute(create_table_sql(table))
        self.athena.execute(repair_table_sql(self.raw))

    def put(self, day, name, numbers):
        lines = [json.dumps({"id": n, "at": f"{day}T12:00:00Z", "who": {"name": f"n{n}"}}) for n in numbers]
        body = gzip.compress("\n".join(lines).encode(), mtime=0)
        aws.call("s3", "put_object", Bucket=self.bucket, Key=f"raw/dt={day}/{name}.json.gz", Body=body)

    def days(self):
        return [Partition((day,), f"s3://{self.bucket}/raw/dt={day}/") for day in DAYS]

    def fill(self):
        return [
            (filled.values["dt"], filled.state, filled.rows)
            for filled in backfill(self.raw, self.curated, self.days(), self.athena)
        ]

    def ids(self):
        sql = f'SELECT id FROM "{self.curated.database}"."curated" ORDER BY id'
        return self.athena.query(sql)["id"].tolist()


@pytest.fixture
def lake(platform, bucket, unique):
    return Lake(bucket, unique, "parquet")


@pytest.fixture(params=["parquet", "iceberg"])
def any_lake(platform, bucket, unique, request):
    return Lake(bucket, unique, request.param)


def test_what_a_backfill_will_run_is_told_before(any_lake):
    def estimated(curated):
        found = backfill_estimate(any_lake.raw, curated, any_lake.days())
        return found.to_write, found.queries, found.unfilled, found.left_out

    other = replace(any_lake.curated, columns=(*any_lake.curated.columns[1:], Column("more", parse_type("string"))))
    assert estimated(other) == (2, 6, ("more",), ("id",))
    assert estimated(any_lake.curated) == (2, 6, (), ())
    any_lake.fill()
    # Whether the rows of an Iceberg table are still there takes a query to know.
    checked = 2 if any_lake.curated.is_iceberg else 0
    assert estimated(any_lake.curated) == (0, checked, (), ())
    any_lake.put("2026-03-02", "late", [99])
    assert estimated(any_lake.curated) == (1, checked + 3, (), ())


def test_what_a_cast_takes_inside_of_a_column_is_told_before(any_lake):
    raw, curated = (
        replace(
            table, columns=tuple(replace(c, type=parse_type(kind)) if c.name == "who" else c for c in table.columns)
        )
        for table, kind in (
            (any_lake.raw, "struct<name:string,born:bigint,marks:array<struct<n:string,new:int>>>"),
            (any_lake.curated, "struct<name:string,at:string,born:int,marks:array<struct<n:double>>>"),
        )
    )
    found = backfill_estimate(raw, curated, any_lake.days())
    assert (found.unfilled, found.left_out) == (("who.at",), ("who.marks[].new",))
    assert found.narrowed == ("who.born (bigint → int)", "who.marks[].n (string → double)")
    assert "where they don't fit: who.born (bigint → int), who.marks[].n (string → double)" in str(found)


@pytest.mark.parametrize("kind", ["double", "float", "decimal(10,2)"])
def test_fractions_are_not_rounded_into_a_column_of_integers(any_lake, kind):
    """As after a schema of which only the raw table has the newer version: 1.5 would be 2, and nobody be told."""
    raw = replace(
        any_lake.raw, columns=(replace(any_lake.raw.columns[0], type=parse_type(kind)), *any_lake.raw.columns[1:])
    )
    for started in (
        lambda: list(backfill(raw, any_lake.curated, any_lake.days(), any_lake.athena)),
        lambda: backfill_estimate(raw, any_lake.curated, []),
    ):
        with pytest.raises(InvalidInput) as caught:
            started()
        assert f": id ({kind} → bigint): fractions of {raw.database}.raw would be rounded to integers; " in str(
            caught.value
        )


def test_each_day_is_filled_once(any_lake):
    assert any_lake.fill() == [
        ("2026-03-01", "written", 10),
        ("2026-03-02", "written", 5),
        ("2026-03-03", "empty", None),
    ]
    assert any_lake.fill() == [
        ("2026-03-01", "unchanged", None),
        ("2026-03-02", "unchanged", None),
        ("2026-03-03", "empty", None),
    ]
    assert any_lake.ids() == list(range(15))


def test_late_events_of_an_iceberg_table_replace_their_day_alone(platform, bucket, unique):
    lake = Lake(bucket, unique, "iceberg")
    lake.fill()
    lake.put("2026-03-02", "late", [99])
    assert lake.fill()[:2] == [("2026-03-01", "unchanged", None), ("2026-03-02", "written", 6)]
    assert lake.ids() == [*range(15), 99]
    sql = f'SELECT typeof("at") AS t, min(dt) AS first, max(dt) AS last FROM "{lake.curated.database}"."curated" GROUP BY 1'
    assert lake.athena.fetch(sql) == [("timestamp(6)", "2026-03-01", "2026-03-02")]


@pytest.mark.parametrize("change", ["DELETE FROM", "DROP TABLE"])
def test_an_iceberg_table_that_lost_its_rows_is_filled_again(platform, bucket, unique, change):
    lake = Lake(bucket, unique, "iceberg")
    lake.fill()
    quote = "`" if change == "DROP TABLE" else '"'
    lake.athena.execute(f"{change} {quote}{lake.curated.database}{quote}.{quote}curated{quote}")
    if change == "DROP TABLE":
        lake.athena.execute(create_table_sql(lake.curated))
    assert [state for _, state, _ in lake.fill()] == ["written", "written", "empty"]
    assert lake.ids() == list(range(15))


def test_a_later_schema_keeps_the_day_of_an_iceberg_table():
    table = planned("iceberg")
    assert [str(part) for part in table.partitioning] == ["dt"]
    assert plan_successor(table, load_schema(SCHEMA)).table == table


def test_late_events_replace_their_day_alone(lake):
    lake.fill()
    lake.put("2026-03-02", "late", [99])
    first, second, _ = backfill(lake.raw, lake.curated, lake.days(), lake.athena)
    assert (first.state, second.state, second.rows) == ("unchanged", "written", 6)
    assert second.replaced.startswith(f"s3://{lake.bucket}/curated/dt=2026-03-02/")
    assert second.replaced != second.location
    assert lake.ids() == [*range(15), 99]


@pytest.mark.parametrize("storage", ["parquet", "iceberg"])
def test_events_without_a_partition_key_are_filled_too(platform, bucket, unique, storage):
    """Their partition is called by Hive's word for NULL, and a query finds them by IS NULL alone."""
    keys = (*KEYS, Column("country", "string"))
    athena, database = Athena(), f"backfill_{unique}"
    raw, curated = (
        plan_table(
            load_schema(SCHEMA),
            database=database,
            name=name,
            location=f"s3://{bucket}/{name}/",
            partition_keys=keys,
            policy=default_policy(format_),
        ).table
        for name, format_ in (("raw", "openx"), ("curated", storage))
    )

    def put(country, name, *numbers):
        body = "\n".join(json.dumps({"id": number}) for number in numbers).encode()
        key = f"raw/dt=2026-03-01/country={country}/{name}.json"
        aws.call("s3", "put_object", Bucket=bucket, Key=key, Body=body)

    def filled():
        return {
            (each.values["country"], each.state, each.rows)
            for each in backfill(raw, curated, partitions_between(raw), athena)
        }

    def found():
        return athena.fetch(f'SELECT country, id FROM "{database}"."curated" ORDER BY id')

    put("DE", "a", 1, 2)
    put(NULL_PARTITION, "a", 3, 4, 5)
    put("a%2Fb", "a", 6)
    athena.execute(create_database_sql(database))
    for table in (raw, curated):
        athena.execute(create_table_sql(table))
    athena.execute(repair_table_sql(raw))
    assert filled() == {("DE", "written", 2), (NULL_PARTITION, "written", 3), ("a/b", "written", 1)}
    assert found() == [("DE", 1), ("DE", 2), (None, 3), (None, 4), (None, 5), ("a/b", 6)]
    put(NULL_PARTITION, "late", 7)
    assert filled() == {("DE", "unchanged", None), (NULL_PARTITION, "written", 4), ("a/b", "unchanged", None)}
    assert found() == [("DE", 1), ("DE", 2), (None, 3), (None, 4), (None, 5), ("a/b", 6), (None, 7)]


def test_a_run_that_was_cut_off_leaves_nothing_behind(lake, monkeypatch):
    real = lake.athena.execute

    def fail_at_the_catalogue(sql, *arguments, **options):
        if sql.startswith("ALTER TABLE"):
            raise QueryFailed("cut off", query_execution_id="x", state="FAILED")
        return real(sql, *arguments, **options)

    with monkeypatch.context() as patch:
        patch.setattr(lake.athena, "execute", fail_at_the_catalogue)
        with pytest.raises(QueryFailed, match="cut off"):
            lake.fill()
    assert lake.ids() == []
    assert [state for _, state, _ in lake.fill()] == ["written", "written", "empty"]
    assert lake.ids() == list(range(15))


def test_the_types_are_the_curated_ones(lake):
    lake.fill()
    sql = f'SELECT typeof("at") AS t, "at" AS v, who.name AS n FROM "{lake.curated.database}"."curated" WHERE id = 3'
    row = lake.athena.query(sql).iloc[0]
    assert row["t"] == "timestamp(3)"
    assert str(row["v"]) == "2026-03-01 12:00:00"
    assert row["n"] == "n3"


def test_the_catalogue_tells_which_days_there_are(lake):
    assert partitions_between(lake.raw) == lake.days()[:2]
    assert partitions_between(lake.raw, first="2026-03-02") == lake.days()[1:2]
    assert partitions_between(lake.raw, last="2026-03-01") == lake.days()[:1]


def test_projected_days_are_computed():
    table = planned("openx", projections={"dt": DateProjection("2026-03-01", "2026-03-05")})
    found = partitions_between(table, first="2026-03-02", last="2026-03-03")
    assert found == [Partition((day,), f"s3://bucket/t/dt={day}/") for day in ("2026-03-02", "2026-03-03")]


def planned(storage="parquet", keys=KEYS, **options):
    policy = default_policy(storage)
    return plan_table(
        load_schema(SCHEMA),
        database="d",
        name="t",
        location="s3://bucket/t/",
        partition_keys=keys,
        policy=policy,
        **options,
    ).table


@pytest.mark.parametrize(
    ("curated", "message"),
    [
        (planned("iceberg", keys=()), "expected the partition keys of d.t .dt., found none"),
        (planned(keys=()), "expected the partition keys of d.t .dt., found none"),
        (planned("openx"), "expected a table of Parquet, ORC or Iceberg, found org.openx"),
        (planned(projections={"dt": DateProjection("2026-01-01", "NOW")}), "its partitions are projected"),
    ],
)
def test_tables_that_do_not_fit_are_refused(curated, message):
    with pytest.raises(InvalidInput, match=message):
        check_tables(planned("openx"), curated)
