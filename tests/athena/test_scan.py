"""What an estimate says before, against what the local Athena says afterwards."""

import gzip
import io
import json
from datetime import datetime

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from toolkit import aws
from toolkit.athena import Athena, Scanner
from toolkit.athena.executions import bytes_from_text, size_text
from toolkit.athena.partitions import projected_partitions
from toolkit.errors import InvalidInput, NotFound, TableError
from toolkit.hive import (
    Column,
    DateProjection,
    EnumProjection,
    InjectedProjection,
    IntegerProjection,
    Table,
    projection_parameters,
)

DAYS = ("2026-03-01", "2026-03-02", "2026-03-03")


def put(bucket, key, body):
    aws.call("s3", "put_object", Bucket=bucket, Key=key, Body=body)
    return len(body)


@pytest.fixture
def events(platform, bucket):
    """A database with a partitioned JSON table, a projected one over the same objects, and a Parquet one."""
    database = bucket.replace("-", "_")
    sizes = {}
    for number, day in enumerate(DAYS):
        lines = "\n".join(json.dumps({"n": n, "s": "x" * number}) for n in range(100)).encode()
        sizes[day] = put(bucket, f"json/dt={day}/a.json", lines)
        sizes[day] += put(bucket, f"json/dt={day}/b.json.gz", gzip.compress(lines))
        put(bucket, f"json/dt={day}/_SUCCESS", b"hidden")
        data = io.BytesIO()
        columns = {
            "n": list(range(1000)),
            "S": [f"text {n}" for n in range(1000)],
            "r": [{"a": n} for n in range(1000)],
        }
        pq.write_table(pa.table(columns), data)
        put(bucket, f"parquet/{day}.parquet", data.getvalue())
    serde = "ROW FORMAT SERDE 'org.openx.data.jsonserde.JsonSerDe'"
    with Athena(database=database) as athena:
        athena.execute(f"CREATE DATABASE `{database}`")
        athena.execute(
            f"CREATE EXTERNAL TABLE `registered` (`n` int, `s` string) PARTITIONED BY (`dt` string) {serde} "
            f"LOCATION 's3://{bucket}/json/'"
        )
        athena.execute("MSCK REPAIR TABLE `registered`")
        athena.execute(
            f"CREATE EXTERNAL TABLE `projected` (`n` int, `s` string) PARTITIONED BY (`dt` string) {serde} "
            f"LOCATION 's3://{bucket}/json/' TBLPROPERTIES ('projection.enabled'='true', 'projection.dt.type'='date', "
            "'projection.dt.format'='yyyy-MM-dd', 'projection.dt.range'='2026-02-01,2026-03-31')"
        )
        athena.execute(
            f"CREATE EXTERNAL TABLE `columnar` (`n` bigint, `s` string, `r` struct<`a`:bigint>) STORED AS PARQUET "
            f"LOCATION 's3://{bucket}/parquet/'"
        )
        athena.execute("CREATE VIEW seen AS SELECT n FROM registered WHERE dt = '2026-03-02'")
        athena.sizes = sizes
        yield athena


CONDITIONS = (
    ("true", DAYS),
    ("dt = '2026-03-02'", DAYS[1:2]),
    ("dt > '2026-03-01' AND n > 5", DAYS[1:]),
    ("dt BETWEEN '2026-03-01' AND '2026-03-02' AND dt <> '2026-03-01'", DAYS[1:2]),
    ("dt IN ('2026-03-01', '2026-03-03')", (DAYS[0], DAYS[2])),
    ("(dt = '2026-03-01' OR dt = '2026-03-02')", DAYS[:2]),
    ("dt LIKE '%-02' AND (n = 1 OR dt = 'x')", DAYS[1:2]),
    ("CAST(dt AS date) >= DATE '2026-03-02' + INTERVAL '1' DAY", DAYS[2:]),
    ("substr(dt, 9) = '01'", DAYS[:1]),
    ("dt = '1999-01-01'", ()),
    ("n = 1 OR dt = '2026-03-01'", DAYS),
)


def test_partitions_are_pruned_as_athena_prunes_them(events):
    for table, total in (("registered", 3), ("projected", 59)):
        for condition, days in CONDITIONS:
            sql = f"SELECT count(n) AS c FROM {table} WHERE {condition}"
            estimate = events.estimate(sql)
            assert estimate.problem == ""
            assert estimate.data_scanned_in_bytes == sum(events.sizes[day] for day in days), condition
            [scan] = estimate.tables
            assert (scan.objects, scan.partitions_total) == (2 * len(days), total)
            events.execute(sql)
            assert events.last_execution.data_scanned_in_bytes == estimate.data_scanned_in_bytes, condition
            assert events.last_execution.cost_in_dollars == estimate.cost_in_dollars


COLUMNAR = (
    "SELECT n FROM columnar",
    "SELECT s, r.a FROM columnar WHERE n > 3",
    "SELECT * FROM columnar",
    "SELECT count(*) AS c FROM columnar",
    "WITH x AS (SELECT n FROM columnar) SELECT * FROM x",
    "SELECT c.s AS other FROM columnar AS c JOIN columnar AS d ON c.n = d.n",
    "SELECT n FROM seen",
)


def test_columns_and_views_are_counted_as_athena_counts_them(events):
    for sql in COLUMNAR:
        estimate = events.estimate(sql)
        scanned = events.execute(sql).data_scanned_in_bytes
        # Which part of a join, or of a query over a query, needs which column is not looked at: the estimate is the upper bound.
        assert scanned <= estimate.data_scanned_in_bytes
        if "WITH" not in sql and "JOIN" not in sql:
            assert scanned == estimate.data_scanned_in_bytes, sql


def test_an_estimate_says_what_it_found(events):
    size = events.sizes[DAYS[1]]
    assert str(events.estimate("SELECT n FROM registered WHERE dt = '2026-03-02'")) == (
        f"reads {size_text(size)} ($0.00005) in 2 files, 1 of 3 partitions"
    )
    limited = events.estimate("SELECT n FROM columnar LIMIT 3")
    assert not limited.exact
    assert str(limited).startswith("reads at most ")
    assert str(limited).endswith(" in 3 files, 1 column")
    assert str(events.estimate("SELECT 1 AS one")) == "reads no table: free"
    assert events.estimate("DROP TABLE x").cost_in_dollars == 0


def test_parameters_prune_too(events):
    sql = "SELECT n FROM registered WHERE dt = :day"
    assert events.estimate(sql, {"day": DAYS[0]}).data_scanned_in_bytes == events.sizes[DAYS[0]]


def test_a_query_of_a_with_clause_hides_a_table_from_what_follows_alone(events):
    for sql, names in (
        ("WITH registered AS (SELECT * FROM registered) SELECT n FROM registered", ["registered"]),
        (
            "WITH a AS (SELECT n FROM registered), registered AS (SELECT 1 AS n) SELECT * FROM a, registered",
            ["registered"],
        ),
        ("WITH registered AS (SELECT 1 AS n), a AS (SELECT n FROM registered) SELECT * FROM a", []),
        (
            "WITH RECURSIVE registered(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM registered WHERE n < 3) TABLE registered",
            [],
        ),
        (
            "SELECT * FROM (WITH registered AS (SELECT 1 AS n) SELECT * FROM registered) JOIN registered USING (n)",
            ["registered"],
        ),
    ):
        estimate = events.estimate(sql)
        assert [scan.name for scan in estimate.tables] == names, sql
        assert events.execute(sql).data_scanned_in_bytes == estimate.data_scanned_in_bytes, sql


def test_statements_that_write_are_counted_by_what_they_read(events):
    for sql in (
        "INSERT INTO other SELECT n FROM registered WHERE dt = '2026-03-02'",
        "CREATE TABLE other AS SELECT n FROM registered WHERE dt = '2026-03-02'",
        "-- first\nUNLOAD (SELECT n FROM registered WHERE dt = '2026-03-02') TO 's3://b/x/' WITH (format = 'PARQUET')",
        "EXPLAIN ANALYZE SELECT n FROM registered WHERE dt = '2026-03-02'",
    ):
        estimate = events.estimate(sql)
        if not estimate.problem:
            assert estimate.data_scanned_in_bytes == events.sizes[DAYS[1]], sql


def test_what_can_not_be_known_is_said(events):
    assert events.estimate("SELEC 1 FRM").problem.startswith("the statement can't be read here: ")
    with pytest.raises(NotFound):
        events.estimate("SELECT 1 FROM nothing_there")


def test_conditions_reach_no_file(events, tmp_path):
    (tmp_path / "x").write_text("2026-03-02")
    estimate = events.estimate(f"SELECT n FROM registered WHERE dt = read_text('{tmp_path}/x')")
    assert not estimate.exact
    assert estimate.tables[0].partitions == 3


def table(**projections):
    return Table(
        "d",
        "t",
        (Column("value", "int"),),
        tuple(Column(name, "string") for name in projections),
        location="s3://bucket/t/",
        parameters=projection_parameters(projections),
    )


def test_projected_partitions_follow_their_rules():
    found = projected_partitions(
        table(
            region=EnumProjection(("eu", "us")),
            shard=IntegerProjection(0, 4, interval=4, digits=2),
            hour=DateProjection("NOW-1HOUR", format="yyyy/MM/dd/HH"),
        ),
        now=datetime(2026, 3, 1, 0, 30),
    )
    assert [partition.values for partition in found] == [
        (region, shard, hour)
        for region in ("eu", "us")
        for shard in ("00", "04")
        for hour in ("2026/02/28/23", "2026/03/01/00")
    ]
    assert found[0].location == "s3://bucket/t/region=eu/shard=00/hour=2026/02/28/23/"


def test_days_of_the_first_years_keep_their_zeros():
    found = projected_partitions(table(day=DateProjection("0099-12-31", "0100-01-01")))
    assert [partition.values[0] for partition in found] == ["0099-12-31", "0100-01-01"]


def test_months_are_months_whatever_their_length():
    found = projected_partitions(table(m=DateProjection("2025-12", "NOW", format="yyyy-MM")), now=datetime(2026, 3, 31))
    assert [partition.values[0] for partition in found] == ["2025-12", "2026-01", "2026-02", "2026-03"]


def test_projections_that_can_not_be_counted_are_refused():
    with pytest.raises(TableError, match="more than 100,000"):
        projected_partitions(table(n=IntegerProjection(0, 10**9)))
    with pytest.raises(TableError, match="injected"):
        projected_partitions(table(n=InjectedProjection()))


def test_sizes_are_read_and_written():
    assert [bytes_from_text(text) for text in ("17", "500 MB", "2GiB", "1.5 kB", "1 byte", "1TB")] == [
        17,
        500 * 10**6,
        2 * 2**30,
        1500,
        1,
        10**12,
    ]
    with pytest.raises(InvalidInput, match="size 'much': expected a number of bytes"):
        bytes_from_text("much")
    assert [size_text(size) for size in (0, 999, 1000, 999_949, 10**12, 5 * 10**15)] == [
        "0 bytes",
        "999 bytes",
        "1.0 kB",
        "999.9 kB",
        "1.0 TB",
        "5,000.0 TB",
    ]


def test_the_scanner_lists_a_prefix_once_a_minute(events, monkeypatch):
    calls = []
    real = aws.pages
    monkeypatch.setattr(aws, "pages", lambda *names, **options: calls.append(names) or real(*names, **options))
    scanner = Scanner()
    for _ in range(2):
        scanner.estimate("SELECT n FROM registered WHERE dt = '2026-03-02'", database=events.database)
    assert calls.count(("s3", "list_objects_v2")) == 1
