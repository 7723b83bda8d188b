"""
What does it take to bring a sample of a year's size the whole way: validate → S3 → raw table → curated table → query?

Run by hand: ``python tests/benchmarks/bench_pipeline.py [--events N]``; ten million events of about 200 bytes by default, on
the local platform. Prints the time of each stage, the peak memory of this process and of the platform's, and what the same
query scans in the raw and in the curated table. Needs about 3 GB of disk for ten million.
"""

from __future__ import annotations

import argparse
import gzip
import json
import resource
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from bench_growth import platform_megabytes

from toolkit import aws
from toolkit.athena import Athena
from toolkit.athena.backfill import backfill, partitions_between
from toolkit.hive import (
    Column,
    create_database_sql,
    create_table_sql,
    curated_policy,
    parse_type,
    plan_table,
    repair_table_sql,
)
from toolkit.local import launch
from toolkit.schema import load_schema
from toolkit.tour import environment
from toolkit.validator import compile_schema, validate_ndjson

SCHEMA = {
    "type": "object",
    "required": ["id", "at", "customer", "amount", "channel"],
    "properties": {
        "id": {"type": "integer", "minimum": 0},
        "at": {"type": "string", "format": "date-time"},
        "customer": {
            "type": "object",
            "required": ["id", "country"],
            "properties": {"id": {"type": "integer"}, "country": {"type": "string", "pattern": "^[A-Z]{2}$"}},
        },
        "amount": {"type": "number", "minimum": 0, "multipleOf": 0.01, "maximum": 1000000},
        "channel": {"enum": ["web", "app", "store"]},
        "note": {"type": ["string", "null"], "maxLength": 200},
    },
}
DAYS = [f"2026-03-{day:02d}" for day in range(1, 11)]
BLOCK = 50_000
QUERY = "SELECT channel, count(*) AS events, avg(amount) AS amount FROM {} GROUP BY channel ORDER BY channel"


def block(day: str, start: int) -> bytes:
    """Lines of one day; one in two hundred is broken."""
    lines = []
    for number in range(start, start + BLOCK):
        amount = "-1" if number % 200 == 0 else f"{number % 9973 + number % 100 / 100:.2f}"
        lines.append(
            f'{{"id":{number},"at":"{day}T{number % 24:02d}:{number % 60:02d}:00Z","customer":{{"id":{number % 5000},"country":'
            f'"{("DE", "FR", "BR")[number % 3]}"}},"amount":{amount},"channel":"{("web", "app", "store")[number % 3]}","note":'
            f'"a note of some length, as customers write them, number {number % 1000}"}}'
        )
    return "\n".join(lines).encode() + b"\n"


@contextmanager
def stage(name: str, events: int) -> Iterator[None]:
    start = time.perf_counter()
    yield
    seconds = time.perf_counter() - start
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"{name:36} {seconds:9.1f} s {events / seconds:14,.0f} events/s {memory:8.0f} MB", flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--events", type=int, default=10_000_000)
    parser.add_argument("--processes", type=int, default=2)
    arguments = parser.parse_args()
    per_day = arguments.events // len(DAYS) // BLOCK * BLOCK or BLOCK
    events = per_day * len(DAYS)
    schema = load_schema(SCHEMA)
    validator = compile_schema(schema, strict=True)
    with tempfile.TemporaryDirectory() as folder, launch() as platform, environment(platform.environment):
        with stage("make the files", events):
            for number, day in enumerate(DAYS):
                with (Path(folder) / f"{day}.ndjson").open("wb") as file:
                    for start in range(0, per_day, BLOCK):
                        file.write(block(day, number * per_day + start))
        size = sum(path.stat().st_size for path in Path(folder).iterdir())
        print(f"{events:,} events, {size / 1e9:.2f} GB")
        valid = 0
        with stage(f"validate, {arguments.processes} processes", events):
            for day in DAYS:
                report = validate_ndjson(
                    Path(folder) / f"{day}.ndjson",
                    validator,
                    rejects=Path(folder) / f"{day}.rejects",
                    processes=arguments.processes,
                )
                valid += report.valid
        aws.create_bucket("pipeline")
        with stage("put into S3, without the rejects", events):
            stored = sum(store(Path(folder), day) for day in DAYS)
        assert stored == valid, f"expected {valid} events in S3, found {stored}"
        keys = (Column("dt", parse_type("string")),)
        raw = plan_table(
            schema, database="pipeline", name="raw", location="s3://pipeline/raw/", partition_keys=keys
        ).table
        curated = plan_table(
            schema,
            database="pipeline",
            name="curated",
            location="s3://pipeline/curated/",
            partition_keys=keys,
            policy=curated_policy(),
        ).table
        with Athena() as athena:
            athena.execute(create_database_sql("pipeline"))
            for table in (raw, curated):
                athena.execute(create_table_sql(table))
            athena.execute(repair_table_sql(raw))
            with stage("query the raw table, cold", events):
                cold = athena.query(QUERY.format("pipeline.raw"))
            scanned = athena.last_execution.data_scanned_in_bytes
            with stage("fill the curated table", events):
                rows = sum(filled.rows or 0 for filled in backfill(raw, curated, partitions_between(raw), athena))
            assert rows == valid, f"expected {valid} rows, found {rows}"
            with stage("fill it again: nothing to do", events):
                states = {filled.state for filled in backfill(raw, curated, partitions_between(raw), athena)}
            assert states == {"unchanged"}
            with stage("query the raw table, warm", events):
                athena.query(QUERY.format("pipeline.raw"))
            with stage("query the curated table", events):
                found = athena.query(QUERY.format("pipeline.curated"))
            assert found["events"].tolist() == cold["events"].tolist()
            curated_scanned = athena.last_execution.data_scanned_in_bytes
        print(
            f"the query scans {scanned:,} bytes raw, {curated_scanned:,} curated: {scanned / curated_scanned:.1f}× less"
        )
        print(f"peak memory of the platform: {platform_megabytes():,.0f} MB")


def store(folder: Path, day: str) -> int:
    """Put the accepted lines of a day as objects of a hundred thousand lines; return their number."""
    refused = {json.loads(line)["line_number"] for line in (folder / f"{day}.rejects").open("rb")}
    kept: list[bytes] = []
    stored = objects = 0

    def put() -> None:
        nonlocal stored, objects
        body = gzip.compress(b"".join(kept), compresslevel=1, mtime=0)
        aws.call("s3", "put_object", Bucket="pipeline", Key=f"raw/dt={day}/{objects:04d}.json.gz", Body=body)
        stored += len(kept)
        objects += 1
        kept.clear()

    with (folder / f"{day}.ndjson").open("rb") as file:
        for number, line in enumerate(file, 1):
            if number not in refused:
                kept.append(line)
            if len(kept) == 100_000:
                put()
    if kept:
        put()
    return stored


if __name__ == "__main__":
    main()
