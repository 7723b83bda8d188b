"""Spark with Hive's metastore as outside judge: it creates the Parquet and ORC tables, writes and reads them."""

import datetime
import shutil
from decimal import Decimal

import pytest

from toolkit.hive import Policy, create_table_sql, curated_policy, plan_table, render_type
from toolkit.schema import load_schema

# Spark leaves its sockets to the garbage collector.
pytestmark = [
    pytest.mark.java,
    pytest.mark.slow,
    pytest.mark.timeout(400),
    pytest.mark.filterwarnings("ignore"),
]

SCHEMA = {
    "type": "object",
    "description": 'It\'s "one" order; \\ and\na second line.',
    "properties": {
        "orderId": {"type": "integer", "minimum": 0, "maximum": 9},
        "select": {"type": "string", "description": "A reserved word; it's quoted."},
        "`); DROP TABLE x; --": {"type": "boolean"},
        "day": {"type": "string", "format": "date"},
        "at": {"type": "string", "format": "date-time"},
        "total": {"type": "number", "multipleOf": 0.01, "minimum": 0, "maximum": 999},
        "share": {"type": "number"},
        "ship to": {"type": "object", "properties": {"from": {"type": "string"}, "_id": {"type": "string"}}},
        "labels": {"type": "object", "additionalProperties": {"type": "string"}},
        "items": {"type": "array", "items": {"type": "object", "properties": {"sku": {"type": "string"}}}},
    },
}
VALUES = (
    "named_struct('from', 'here', '_id', 'x')",
    "map('a', 'b')",
    "array(named_struct('sku', 's1'), named_struct('sku', cast(null as string)))",
)


@pytest.fixture(scope="module")
def spark(tmp_path_factory):
    if shutil.which("java") is None:
        pytest.skip("needs Java")
    sql = pytest.importorskip("pyspark.sql", reason="needs PySpark")
    folder = tmp_path_factory.mktemp("metastore")
    session = (
        sql.SparkSession.builder.master("local[1]")
        .appName("tables")
        .config("spark.ui.enabled", "false")
        .config("spark.driver.memory", "768m")
        .config("spark.sql.shuffle.partitions", "1")
        .config("spark.sql.session.timeZone", "UTC")
        .config("spark.sql.warehouse.dir", str(folder / "warehouse"))
        .config(
            "spark.hadoop.javax.jdo.option.ConnectionURL", f"jdbc:derby:;databaseName={folder}/metastore;create=true"
        )
        .enableHiveSupport()
        .getOrCreate()
    )
    # The metastore starts with the first statement and would leave its log where the tests run.
    session.sparkContext._jvm.java.lang.System.setProperty("derby.system.home", str(folder))
    session.sql("CREATE DATABASE shop")
    yield session
    session.stop()


@pytest.mark.parametrize("storage", ["parquet", "orc"])
@pytest.mark.parametrize("policy", ["curated", "text"])
def test_spark_makes_writes_and_reads_the_table(spark, tmp_path, storage, policy):
    chosen = curated_policy(storage) if policy == "curated" else Policy(storage=storage, integers="fit")
    name = f"{storage}_{policy}"
    schema = load_schema(SCHEMA)
    table = plan_table(schema, database="shop", name=name, location="s3://bucket/t/", policy=chosen).table
    # Spark has no S3 here: the location alone is another.
    spark.sql(create_table_sql(table).replace("'s3://bucket/t/'", f"'{tmp_path}/'"))
    described = spark.catalog.listColumns(f"shop.{name}")
    assert [(column.name, column.dataType) for column in described] == [
        (column.name, render_type(column.type)) for column in table.columns
    ]
    assert described[1].description == "A reserved word; it's quoted."
    dates = (
        ("date '2024-02-29'", "timestamp '2024-02-29 12:30:45.5'", "1.25")
        if policy == "curated"
        else ("'2024-02-29'", "'2024-02-29T12:30:45.5Z'", "1.25D")
    )
    total = f"cast({dates[2]} as {render_type(table.columns[5].type)})"
    first = f"cast(1 as {render_type(table.columns[0].type)})"
    row = ", ".join((first, "'x'", "true", dates[0], dates[1], total, "0.1D", *VALUES))
    spark.sql(f"INSERT INTO shop.{name} SELECT {row}")
    (found,) = spark.sql(f"SELECT *, cast(at as string) AS shown FROM shop.{name}").collect()
    assert (found[0], found[1], found[2], found[6]) == (1, "x", True, 0.1)
    assert found[7].asDict() == {"from": "here", "_id": "x"}
    assert found[8] == {"a": "b"}
    assert [item.sku for item in found[9]] == ["s1", None]
    if policy == "curated":
        assert found[3] == datetime.date(2024, 2, 29)
        assert found.shown == "2024-02-29 12:30:45.5"
        assert found[5] == Decimal("1.25")
    else:
        assert found[3:6] == ("2024-02-29", "2024-02-29T12:30:45.5Z", 1.25)
