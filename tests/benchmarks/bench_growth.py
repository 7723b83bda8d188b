"""
How do time and memory grow with the number of events, fields, partitions and objects?

Run by hand: ``python tests/benchmarks/bench_growth.py [--most N] [--svg FILE] [events fields partitions objects]``. Each point
runs in a process of its own, so that its peak memory is its own; the platform's is that of the server beside it. The last
column is the exponent between this point and the one before: 1 is linear. Set-up (making events, putting objects) does not
count. ``--svg`` draws the curves, both axes logarithmic, with a dashed line of what grows linearly.
"""

from __future__ import annotations

import argparse
import json
import math
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from toolkit import aws
from toolkit.athena import Athena
from toolkit.hive import Column, create_database_sql, create_table_sql, parse_type, plan_table
from toolkit.local import launch
from toolkit.repositories import bundled_schemas
from toolkit.samples import sample_events
from toolkit.schema import load_schema
from toolkit.tour import environment
from toolkit.validator import compile_schema, validate_ndjson

POINTS = {
    "events": (10_000, 100_000, 1_000_000, 10_000_000),
    "fields": (10, 100, 1_000, 5_000),
    "partitions": (1, 10, 100, 1_000, 10_000),
    "objects": (1, 10, 100, 1_000, 10_000),
}
SMALL = {
    "type": "object",
    "properties": {
        "id": {"type": "integer"},
        "name": {"type": "string"},
        "at": {"type": "string", "format": "date-time"},
    },
}
MEGABYTE = 2**20


def megabytes() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def platform_megabytes() -> float:
    """Return the peak memory of the processes that this one has started, as far as this system tells."""
    peaks = []
    for task in Path("/proc/self/task").glob("*/children"):
        for pid in task.read_text().split():
            lines = Path(f"/proc/{pid}/status").read_text().splitlines()
            peaks += [int(line.split()[1]) / 1024 for line in lines if line.startswith("VmHWM")]
    return max(peaks, default=math.nan)


def timed(run: Callable[[], Any]) -> float:
    start = time.perf_counter()
    run()
    return time.perf_counter() - start


def events(count: int) -> dict[str, float]:
    """Lines of order_placed, three per cent of them broken, judged in one process."""
    pool = [event for event in sample_events(10_000, broken_share=0.03) if b"\n" not in event]
    block = b"\n".join(pool) + b"\n"
    validator = compile_schema(load_schema(bundled_schemas() / "order_placed" / "2.json"), strict=True)
    with tempfile.NamedTemporaryFile(suffix=".ndjson") as file:
        for _ in range(count // len(pool)):
            file.write(block)
        file.flush()
        seconds = timed(lambda: validate_ndjson(file.name, validator))
    return {"seconds": seconds, "megabytes": megabytes()}


def fields(count: int) -> dict[str, float]:
    """A schema of so many fields, a fifth of them nested, compiled, made a table, and judging a hundred events."""
    kinds: list[dict[str, Any]] = [
        {"type": "string"},
        {"type": "integer"},
        {"type": "boolean"},
        {"type": ["string", "null"]},
    ]
    properties: dict[str, Any] = {}
    for number in range(count):
        inner = kinds[number % 4]
        properties[f"field{number}"] = (
            inner if number % 5 else {"type": "object", "properties": {f"inner{number}": inner}}
        )
    schema = {"type": "object", "properties": properties}
    values: list[Any] = ["text", 7, True, None]
    event = json.dumps(
        {
            f"field{number}": values[number % 4] if number % 5 else {f"inner{number}": values[number % 4]}
            for number in range(count)
        }
    ).encode()

    def run() -> None:
        loaded = load_schema(schema)
        validator = compile_schema(loaded, strict=True)
        plan = plan_table(loaded, database="d", name="t", location="s3://bucket/t/")
        create_table_sql(plan.table)
        for _ in range(100):
            assert not validator.validate_json(event)

    return {"seconds": timed(run), "megabytes": megabytes()}


@contextmanager
def lake() -> Iterator[tuple[Athena, str]]:
    with launch() as platform, environment(platform.environment), Athena() as athena:
        aws.create_bucket("growth")
        athena.execute(create_database_sql("growth"))
        athena.query("SELECT 1 AS one")
        yield athena, "growth"


def lines(number: int) -> bytes:
    return b"".join(
        b'{"id": %d, "name": "n%d", "at": "2026-03-02T00:00:00Z"}\n' % (number * 100 + n, n) for n in range(100)
    )


def partitions(count: int) -> dict[str, float]:
    """A query of one partition of a table that has so many, a hundred rows in each of the first hundred."""
    with lake() as (athena, bucket):
        keys = (Column("part", parse_type("string")),)
        table = plan_table(
            load_schema(SMALL), database="growth", name="t", location=f"s3://{bucket}/t/", partition_keys=keys
        ).table
        athena.execute(create_table_sql(table))
        described = aws.call("glue", "get_table", DatabaseName="growth", Name="t")["Table"]["StorageDescriptor"]
        for start in range(0, count, 100):
            inputs = [
                {
                    "Values": [f"p{number:05d}"],
                    "StorageDescriptor": {**described, "Location": f"s3://{bucket}/t/part=p{number:05d}/"},
                }
                for number in range(start, min(start + 100, count))
            ]
            aws.call("glue", "batch_create_partition", DatabaseName="growth", TableName="t", PartitionInputList=inputs)
        for number in range(min(count, 100)):
            aws.call("s3", "put_object", Bucket=bucket, Key=f"t/part=p{number:05d}/a.json", Body=lines(number))
        seconds = timed(lambda: athena.query("SELECT count(*) AS c FROM growth.t WHERE part = 'p00000'"))
        return {"seconds": seconds, "megabytes": platform_megabytes()}


def objects(count: int) -> dict[str, float]:
    """The first query over so many objects of a hundred rows each, which converts them, and the median of later ones."""
    with lake() as (athena, bucket):
        table = plan_table(load_schema(SMALL), database="growth", name="t", location=f"s3://{bucket}/t/").table
        athena.execute(create_table_sql(table))

        def put(number: int) -> None:
            aws.call("s3", "put_object", Bucket=bucket, Key=f"t/{number:05d}.json", Body=lines(number))

        with ThreadPoolExecutor(4) as threads:
            list(threads.map(put, range(count)))
        query = "SELECT count(*) AS c, sum(id) AS s FROM growth.t"
        seconds = timed(lambda: athena.query(query))
        later = [timed(lambda: athena.query(query)) for _ in range(3)]
        return {"seconds": seconds, "megabytes": platform_megabytes(), "later": sorted(later)[1]}


def draw(points: list[dict[str, Any]], file: Path) -> None:
    """Draw time and memory of *points* by their number, a column for each subject."""
    import altair as alt
    import pandas as pd

    frame = pd.DataFrame(points)
    # From the largest point down to the axis: a curve that is flatter than this grows less than linearly.
    last = frame.sort_values("count").groupby("subject").last()
    frame["linear"] = frame["seconds"].to_numpy()
    for subject, row in last.iterrows():
        of_subject = frame["subject"] == subject
        frame.loc[of_subject, "linear"] = row["seconds"] * frame.loc[of_subject, "count"] / row["count"]
    rows = []
    for value, title in (("seconds", "seconds"), ("megabytes", "peak memory, MB")):
        columns = []
        for subject in dict.fromkeys(frame["subject"]):
            data = frame[frame["subject"] == subject]
            number = alt.X(
                "count:Q", title=subject, scale=alt.Scale(type="log"), axis=alt.Axis(format="~s", tickCount=4)
            )
            base = alt.Chart(data).encode(number)
            layers = [base.mark_line(point=True).encode(alt.Y(f"{value}:Q", title=title, scale=alt.Scale(type="log")))]
            if value == "seconds":
                layers.append(base.mark_line(strokeDash=[3, 3], color="#999").encode(alt.Y("linear:Q")))
            columns.append(alt.layer(*layers).properties(width=140, height=110))
        rows.append(alt.hconcat(*columns))
    alt.vconcat(*rows).save(str(file), format="svg")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("subjects", nargs="*", choices=[*POINTS, []], metavar="SUBJECT", help=", ".join(POINTS))
    parser.add_argument("--most", type=int, default=10**9, help="leave out larger points")
    parser.add_argument("--svg", type=Path, metavar="FILE", help="draw the curves into this file")
    parser.add_argument("--point", nargs=2, metavar=("SUBJECT", "N"), help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.point:
        subject, count = arguments.point
        print(json.dumps(globals()[subject](int(count))))
        return
    points: list[dict[str, Any]] = []
    for subject in arguments.subjects or POINTS:
        print(f"\n{subject:>12} {'seconds':>10} {'MB':>8} {'exponent':>9}")
        before: tuple[int, float] | None = None
        for count in POINTS[subject]:
            if count > arguments.most:
                break
            answer = subprocess.run(
                [sys.executable, __file__, "--point", subject, str(count)], check=True, capture_output=True, text=True
            )
            found = json.loads(answer.stdout.splitlines()[-1])
            exponent = f"{math.log(found['seconds'] / before[1]) / math.log(count / before[0]):9.2f}" if before else ""
            print(f"{count:>12,} {found['seconds']:>10.3f} {found['megabytes']:>8.0f} {exponent}", flush=True)
            before = (count, found["seconds"])
            points.append({"subject": subject, "count": count, **found})
    if arguments.svg:
        draw(points, arguments.svg)


if __name__ == "__main__":
    main()
