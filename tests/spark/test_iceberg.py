"""The curated table of Iceberg, written by a session of its own: Spark takes jars when it starts, and at no other time."""

import json
import os
import shutil
import subprocess
import sys

import pytest

JAR = os.environ.get("ICEBERG_SPARK_JAR", "")

pytestmark = [
    pytest.mark.java,
    pytest.mark.slow,
    pytest.mark.timeout(300),
    pytest.mark.skipif(not JAR, reason="ICEBERG_SPARK_JAR names no jar of iceberg-spark-runtime-3.5_2.12"),
]

PROGRAM = """
import json, sys
from pyspark.sql import SparkSession
from toolkit.hive import curated_policy
from toolkit.schema import load_schema
from toolkit.spark import accepted, curated, plan_curated, spark_type, write_iceberg
from toolkit.spark.job import main
from toolkit.validator import compile_schema

jar, warehouse = sys.argv[1:]
spark = (
    SparkSession.builder.master("local[1]")
    .config("spark.ui.enabled", "false")
    .config("spark.sql.session.timeZone", "America/New_York")
    .config("spark.jars", jar)
    .config("spark.sql.extensions", "org.apache.iceberg.spark.extensions.IcebergSparkSessionExtensions")
    .config("spark.sql.catalog.lake", "org.apache.iceberg.spark.SparkCatalog")
    .config("spark.sql.catalog.lake.type", "hadoop")
    .config("spark.sql.catalog.lake.warehouse", warehouse)
    .getOrCreate()
)
schema = load_schema(
    {
        "type": "object",
        "properties": {
            "userId": {"type": "integer"},
            "at": {"type": "string", "format": "date-time"},
            "price": {"type": "number", "multipleOf": 0.01, "maximum": 100, "minimum": 0},
            "steps": {
                "type": "array",
                "items": {"type": "object", "properties": {"at": {"type": "string", "format": "date-time"}}},
            },
        },
    }
)
validator = compile_schema(schema, strict=True)
plan = plan_curated(schema, database="d", name="t", location="s3://bucket/t/", policy=curated_policy("iceberg"))
# The times of a table that Athena makes have no zone.
columns = ", ".join(
    f"{each.name} {spark_type(each.type).simpleString()}".replace("timestamp", "timestamp_ntz")
    for each in plan.table.columns
)
spark.sql(f"CREATE TABLE lake.d.t ({columns}) USING iceberg PARTITIONED BY (dt)")
spark.sql(f"CREATE TABLE lake.d.by_job ({columns}) USING iceberg PARTITIONED BY (dt)")

def write(*events):
    frame = spark.createDataFrame([(bytearray(json.dumps(event).encode()),) for event in events], "value binary")
    write_iceberg(curated(accepted(frame, validator), plan, event_time="at"), "lake.d.t")

first, second = (
    {"userId": n, "at": f"2026-03-0{n}T23:30:00-01:00", "price": n / 10, "steps": [{"at": "2026-03-01T12:00:00Z"}]}
    for n in (1, 2)
)
write(first, second, {"userId": "refused"})
write(first, second)
write({**second, "userId": 9})

events, place = f"{warehouse}/events.ndjson", f"{warehouse}/schema.json"
with open(events, "w") as file:
    print(json.dumps(first), json.dumps({**second, "userId": 9}), '{"userId": "refused"}', sep="\\n", file=file)
with open(place, "w") as file:
    json.dump(schema.contents, file)
arguments = [f"--events={events}", f"--schema={place}", "--event-time=at"]
assert main([*arguments, "--iceberg=lake.d.by_job"]) == 0
assert main([*arguments, "--iceberg=lake.d.none"]) == 2
for table in ("t", "by_job"):
    rows = spark.sql(
        "SELECT userid, cast(at AS string), cast(price AS string), cast(steps[0].at AS string), dt "
        f"FROM lake.d.{table} ORDER BY userid"
    ).collect()
    print("found", json.dumps([list(row) for row in rows]))
spark.stop()
"""


def test_a_day_of_an_iceberg_table_is_replaced(tmp_path):
    """By the function, and by the job; times are UTC whatever the zone of the session."""
    pytest.importorskip("pyspark", reason="the extra `spark` is not installed")
    if shutil.which("java") is None:
        pytest.skip("Java is not installed")
    environment = os.environ | {"PYSPARK_PYTHON": sys.executable, "PYSPARK_DRIVER_PYTHON": sys.executable}
    answer = subprocess.run(
        [sys.executable, "-c", PROGRAM, JAR, str(tmp_path)],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert answer.returncode == 0, answer.stderr
    assert "lake.d.none: the session finds no such table; make it by" in answer.stderr
    rows = [
        [1, "2026-03-02 00:30:00", "0.10", "2026-03-01 12:00:00", "2026-03-02"],
        [9, "2026-03-03 00:30:00", "0.20", "2026-03-01 12:00:00", "2026-03-03"],
    ]
    found = [line.removeprefix("found ") for line in answer.stdout.splitlines() if line.startswith("found ")]
    assert [json.loads(text) for text in found] == [rows, rows]
