"""Verdicts and types on Spark; needs pyspark and Java."""

import os
import shutil
import sys

import pytest

from toolkit.repositories import bundled_schemas
from toolkit.samples import sample_events
from toolkit.schema import load_schema
from toolkit.validator import compile_schema

pytestmark = pytest.mark.java
pyspark = pytest.importorskip("pyspark", reason="the extra `spark` is not installed")

ORDER = bundled_schemas() / "order_placed" / "2.json"


@pytest.fixture(scope="module")
def spark():
    """Spark on this machine, its workers in this interpreter's environment."""
    if shutil.which("java") is None:
        pytest.skip("Java is not installed")
    from pyspark.sql import SparkSession

    os.environ["PYSPARK_PYTHON"] = os.environ["PYSPARK_DRIVER_PYTHON"] = sys.executable
    session = (
        SparkSession.builder.master("local[2]")
        .config("spark.ui.enabled", "false")
        .config("spark.sql.session.timeZone", "UTC")
        .getOrCreate()
    )
    yield session
    session.stop()
    del os.environ["PYSPARK_PYTHON"], os.environ["PYSPARK_DRIVER_PYTHON"]


@pytest.mark.filterwarnings("ignore")
def test_verdicts_are_those_of_one_machine(spark):
    validator = compile_schema(load_schema(ORDER), strict=True)
    events = list(sample_events(400, broken_share=0.2))
    frame = spark.createDataFrame([(bytearray(event),) for event in events], "value binary")
    from toolkit.spark import judge

    rows = judge(frame, validator).collect()
    found = sorted((bytes(row.event), row.valid, tuple(row.reasons)) for row in rows)
    expected = sorted(
        (event, not errors, tuple(str(error) for error in errors))
        for event in events
        for errors in [validator.validate_json(event)]
    )
    assert found == expected
    assert {row.valid for row in rows} == {True, False}


@pytest.mark.filterwarnings("ignore")
def test_the_struct_type_reads_what_the_table_reads(spark, tmp_path):
    from toolkit.hive import Column, parse_type, plan_table
    from toolkit.spark import struct_type

    table = plan_table(
        load_schema(ORDER),
        database="d",
        name="t",
        location="s3://bucket/t/",
        partition_keys=(Column("dt", parse_type("string")),),
    ).table
    folder = tmp_path / "dt=2026-03-02"
    folder.mkdir()
    (folder / "events.json").write_bytes(b"\n".join(sample_events(50, broken_share=0)))
    frame = spark.read.schema(struct_type(table)).json(str(tmp_path))
    assert frame.schema == struct_type(table)
    row = frame.orderBy("order_id").first()
    assert row.order_id == 100_000
    assert row.dt == "2026-03-02"
    assert {item.sku for item in row["items"]}
