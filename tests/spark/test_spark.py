"""Verdicts, types and rows on Spark are those of one machine; needs pyspark and Java."""

import base64
import bz2
import gzip
import json
from datetime import UTC, datetime
from decimal import Decimal
from itertools import pairwise

import pytest

from toolkit import aws
from toolkit.errors import TableError
from toolkit.hive import Column, parse_type, plan_table
from toolkit.repositories import bundled_schemas
from toolkit.samples import sample_events
from toolkit.schema import load_schema
from toolkit.validator import compile_schema, validate_ndjson

pytestmark = [pytest.mark.java, pytest.mark.filterwarnings("ignore")]
pytest.importorskip("pyspark", reason="the extra `spark` is not installed")

from pyarrow import compress  # noqa: E402 - needs pyarrow, as pyspark's Arrow batches do

from toolkit.spark import (  # noqa: E402 - needs pyspark
    accepted,
    curated,
    hive_type,
    judge,
    plan_curated,
    read_lines,
    rejected,
    report,
    spark_type,
    struct_type,
    table_columns,
    write_partitions,
)
from toolkit.spark.files import FileRange, ranges_of  # noqa: E402
from toolkit.spark.job import main as run_job  # noqa: E402

ORDER = bundled_schemas() / "order_placed" / "2.json"
# Empty, no UTF-8, with line breaks between its tokens and inside a string.
ODD = [b"", b"\xff", b'{\n"event_id":\r\n1}', b'"a\nb"', b" ", b"{}"]


@pytest.fixture(scope="module")
def validator():
    return compile_schema(load_schema(ORDER), strict=True)


@pytest.fixture(scope="module")
def events():
    return [*sample_events(1500, broken_share=0.2), *ODD]


def frame_of(spark, events):
    return spark.createDataFrame([(bytearray(event),) for event in events], "value binary")


def test_verdicts_are_those_of_one_machine(spark, validator, events):
    rows = judge(frame_of(spark, events), validator).collect()
    found = sorted((bytes(row.event), row.valid, tuple(row.reasons)) for row in rows)
    expected = sorted(
        (event, not errors, tuple(str(error) for error in errors))
        for event in events
        for errors in [validator.validate_json(event)]
    )
    assert found == expected
    assert {row.valid for row in rows} == {True, False}


def test_the_parts_are_the_whole(spark, validator, events):
    frame = frame_of(spark, events)
    good = [row.value.encode() for row in accepted(frame, validator).collect()]
    bad = [
        row.body.encode() if row.body is not None else base64.b64decode(row.body_base64)
        for row in rejected(frame, validator).collect()
    ]
    assert sorted(good + bad) == sorted(events)
    assert sorted(good) == sorted(event for event in events if not validator.validate_json(event))


def test_a_null_row_is_no_event(spark, validator):
    (row,) = judge(spark.createDataFrame([(None,)], "value binary"), validator).collect()
    assert not row.valid


def test_the_report_is_that_of_the_files(spark, validator, tmp_path):
    lines = [event for event in sample_events(600, broken_share=0.2) if b"\n" not in event]
    lines += [b'{"a": "\xe2\x80\xa8"}', b"", b"  ", b'{"cr":\r1}']
    (tmp_path / "a.json").write_bytes(b"\n".join(lines[:300]) + b"\n")
    (tmp_path / "b.json.gz").write_bytes(gzip.compress(b"\r\n".join(lines[300:])))
    (tmp_path / "_hidden.json").write_bytes(b"not read")
    single = [validate_ndjson(tmp_path / name, validator) for name in ("a.json", "b.json.gz")]
    found = report(read_lines(spark, str(tmp_path)), validator)
    assert (found.valid, found.invalid) == (sum(r.valid for r in single), sum(r.invalid for r in single))
    expected = {}
    for each in single:
        for pair, count in each.counts.items():
            expected[pair] = expected.get(pair, 0) + count
    assert found.counts == expected
    assert found.fast_lines <= found.valid


def test_files_are_read_in_ranges_as_lines_are(spark, validator, tmp_path, monkeypatch):
    """By the executors themselves, and line by line where the frame is another one or its files are not to be read by Python."""
    monkeypatch.setattr("toolkit.spark.files._LEAST_BYTES", 1000)
    monkeypatch.setattr("toolkit.spark.files._OPENING_BYTES", 0)
    lines = [event for event in sample_events(300, broken_share=0.2) if b"\n" not in event]
    lines += [b"", b"\xff", b" \t\r", b"{}", lines[0] + b"\r"]
    folder = tmp_path / "with space" / "dt=2026-03-02"
    folder.mkdir(parents=True)
    (folder / "a.json").write_bytes(b"\n".join(lines))
    (folder / "b.json").write_bytes(b"\n".join(lines[:50]) + b"\n")
    (folder / "c.json.gz").write_bytes(gzip.compress(b"\n".join(lines)))
    (folder / "empty.json").write_bytes(b"")
    frame = read_lines(spark, str(tmp_path / "with space"))
    assert len(ranges_of(frame)) > 6
    assert ranges_of(frame) is ranges_of(frame)
    changed = frame.where("true")
    assert ranges_of(changed) is None
    found, expected = report(frame, validator), report(changed, validator)
    assert (found.valid, found.invalid, found.counts) == (expected.valid, expected.invalid, expected.counts)
    assert sorted(map(str, rejected(frame, validator).collect())) == sorted(
        map(str, rejected(changed, validator).collect())
    )
    assert sorted(accepted(frame, validator).collect()) == sorted(accepted(changed, validator).collect())
    assert accepted(frame, validator).schema == accepted(changed, validator).schema
    (folder / "d.json.bz2").write_bytes(bz2.compress(lines[0]))
    packed = read_lines(spark, str(tmp_path / "with space"))
    assert ranges_of(packed) is None
    assert report(packed, validator).total == found.total + 1


def test_small_files_share_a_task_whatever_packs_them(spark, validator, tmp_path):
    lines = [event for event in sample_events(200, broken_share=0.2) if b"\n" not in event]
    for number in range(40):
        text = b"\n".join(lines[number * 5 : number * 5 + 5])
        suffix, packed = [
            (".json", text),
            (".gz", gzip.compress(text)),
            (".zst", compress(text, "zstd", asbytes=True)),
        ][number % 3]
        (tmp_path / f"{number}{suffix}").write_bytes(packed)
    frame = read_lines(spark, str(tmp_path))
    (files,) = ranges_of(frame)
    assert len(files) == 40
    found = report(frame, validator)
    expected = validate_ndjson(lines, validator)
    assert (found.valid, found.invalid, found.counts) == (expected.valid, expected.invalid, expected.counts)
    assert rejected(frame, validator).count() == expected.invalid


def test_the_partitions_of_a_path_keep_their_text(spark, tmp_path):
    """Spark takes 03 for a number unless it is told, and writes the events of March below month=3."""
    validator = compile_schema(load_schema({"type": "object", "properties": {"id": {"type": "integer"}}}))
    for number, month in enumerate(["03", "12"]):
        folder = tmp_path / f"raw/month={month}/dt=0{number}"
        folder.mkdir(parents=True)
        (folder / "a.json").write_text(json.dumps({"id": number}) + "\n")
    lines = read_lines(spark, str(tmp_path / "raw"))
    expected = [("03", "00", '{"id": 0}'), ("12", "01", '{"id": 1}')]
    # Read by the executors, and handed over as lines.
    for frame in (lines, lines.filter("true")):
        assert (ranges_of(frame) is not None) == (frame is lines)
        rows = accepted(frame, validator).collect()
        assert sorted((row.month, row.dt, row.value) for row in rows) == expected


def test_a_range_of_an_object_on_s3_is_read(bucket):
    lines = b"".join(b'{"n":%d}\n' % number for number in range(100))
    aws.call("s3", "put_object", Bucket=bucket, Key="a b/c.json", Body=lines)
    aws.call("s3", "put_object", Bucket=bucket, Key="c.gz", Body=gzip.compress(lines))
    cuts = [0, 300, 600, len(lines)]
    parts = [FileRange(f"s3://{bucket}/a b/c.json", start, stop).parts() for start, stop in pairwise(cuts)]
    assert b"".join(part.data for each in parts for part in each) == lines
    assert b"".join(part.data for part in FileRange(f"s3a://{bucket}/c.gz", 0, 50).parts()) == lines
    assert not list(FileRange(f"s3a://{bucket}/c.gz", 50, 100).parts())


@pytest.mark.parametrize(
    "text",
    [
        "bigint",
        "decimal(20,3)",
        "array<map<string,int>>",
        "struct<a:string,b:array<struct<c:timestamp,d:date>>>",
        "boolean",
        "double",
        "float",
        "smallint",
        "tinyint",
        "binary",
    ],
)
def test_a_type_comes_back(text):
    assert hive_type(spark_type(parse_type(text))) == parse_type(text)


def test_a_table_comes_back():
    table = plan_curated(load_schema(ORDER), database="d", name="t", location="s3://bucket/t/").table
    assert [(column.name, column.type) for column in table_columns(struct_type(table))] == [
        (column.name, column.type) for column in (*table.columns, *table.partition_keys)
    ]


def test_the_struct_type_reads_what_the_table_reads(spark, tmp_path):
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


CURATED = {
    "type": "object",
    "properties": {
        "eventId": {"type": "integer"},
        "at": {"type": "string", "format": "date-time"},
        "price": {"type": "number", "multipleOf": 0.01, "minimum": 0, "maximum": 1000000},
        "free": {},
        "Tags": {"type": "array", "items": {"type": "object", "properties": {"a b": {"type": "boolean"}}}},
        "rest": {"type": "object", "additionalProperties": {"type": "integer"}},
    },
}


def test_values_come_back_from_the_curated_table(spark, tmp_path):
    plan = plan_curated(load_schema(CURATED), database="d", name="t", location="s3://bucket/t/")
    events = [
        {
            "eventId": 2**53 + 1,
            "at": "2026-03-02T23:30:00.250-02:00",
            "price": 0.1,
            "free": {"X": [1, None]},
            "Tags": [{"a b": True}, {}],
            "rest": {"Q": 1},
        },
        {"eventId": 2, "at": "2026-03-02T10:00:00Z"},
    ]
    frame = frame_of(spark, [json.dumps(event).encode() for event in events])
    rows = curated(accepted(frame, compile_schema(load_schema(CURATED), strict=True)), plan, event_time="at")
    write_partitions(rows, plan, str(tmp_path / "t"))
    write_partitions(rows, plan, str(tmp_path / "t"))
    back = spark.read.parquet(str(tmp_path / "t"))
    names = [column.name for column in plan.table.columns]
    first, second = (row.asDict(recursive=True) for row in back.orderBy("eventid", ascending=False).collect())
    assert list(back.columns) == [*names, "dt"]
    assert first["eventid"] == 2**53 + 1
    assert first["at"].astimezone(UTC) == datetime(2026, 3, 3, 1, 30, 0, 250000, tzinfo=UTC)
    assert first["price"] == Decimal("0.10")
    assert json.loads(first["free"]) == {"X": [1, None]}
    assert first["tags"] == [{"a_b": True}, {"a_b": None}]
    assert first["rest"] == {"Q": 1}
    assert str(first["dt"]) == "2026-03-03"
    assert [second[name] for name in ("price", "free", "tags", "rest")] == [None] * 4


def test_a_day_must_be_known(spark):
    plan = plan_curated(load_schema(CURATED), database="d", name="t", location="s3://bucket/t/")
    with pytest.raises(TableError, match="expected a column 'nope' that tells the day, found eventid, at"):
        curated(frame_of(spark, []), plan, event_time="nope")


def test_the_job_keeps_every_event(spark, tmp_path, capsys):
    lines = [event for event in sample_events(400, broken_share=0.1) if b"\n" not in event]
    for day, part in (("2026-03-02", lines[:200]), ("2026-03-03", lines[200:])):
        (tmp_path / "raw" / f"dt={day}").mkdir(parents=True)
        (tmp_path / "raw" / f"dt={day}" / "a.json").write_bytes(b"\n".join(part) + b"\n")
    places = {name: str(tmp_path / name) for name in ("accepted", "rejects", "curated")}
    arguments = [f"--{name}={path}" for name, path in places.items()]
    assert run_job([f"--events={tmp_path / 'raw'}", f"--schema={ORDER}", *arguments]) == 0
    found = json.loads(capsys.readouterr().out)
    assert found["valid"] + found["invalid"] == len(lines)
    good = sum(len(part.splitlines()) for part in texts(tmp_path / "accepted"))
    bad = sum(len(part.splitlines()) for part in texts(tmp_path / "rejects"))
    assert (good, bad) == (found["valid"], found["invalid"])
    rows = spark.read.parquet(places["curated"])
    assert rows.count() == found["valid"]
    assert sorted(row.dt.isoformat() for row in rows.select("dt").distinct().collect()) == ["2026-03-02", "2026-03-03"]


def texts(folder):
    return [gzip.decompress(path.read_bytes()) for path in folder.rglob("part-*.gz")]


def test_a_schema_that_is_none_ends_the_job_in_a_sentence(spark, tmp_path, capsys):
    (tmp_path / "s.json").write_text('{"type": "objekt"}')
    assert run_job([f"--events={tmp_path}", f"--schema={tmp_path / 's.json'}"]) == 2
    assert "#/type: expected" in capsys.readouterr().err
