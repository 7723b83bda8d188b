"""
How fast is Spark on this machine beside as many plain processes, for the same verdicts on the same file?

``rejected`` is beside processes that write the rejects too; the others are beside those that count alone, although
``accepted`` and ``judge`` give every event back.

Run by hand: ``python tests/benchmarks/bench_spark.py [--events N] [--cores N]``. Spark is warm: its first passes do not
count. Both take turns, so that other work on the machine meets both; the ratios are those of the medians. ``report`` and
``rejected`` leave the file to Python workers, ``accepted`` and ``judge`` hand Arrow batches of its lines to them and back.
"""

from __future__ import annotations

import argparse
import os
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from pyspark.sql import DataFrame, SparkSession

from toolkit.repositories import bundled_schemas
from toolkit.samples import sample_events
from toolkit.schema import load_schema
from toolkit.spark import accepted, judge, read_lines, rejected, report
from toolkit.validator import Validator, compile_schema, validate_ndjson


def seconds(run: Callable[[], Any]) -> float:
    start = time.perf_counter()
    run()
    return time.perf_counter() - start


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--events", type=int, default=500_000)
    parser.add_argument("--cores", type=int, default=os.cpu_count() or 1)
    parser.add_argument("--rounds", type=int, default=3)
    arguments = parser.parse_args()
    os.environ["PYSPARK_PYTHON"] = os.environ["PYSPARK_DRIVER_PYTHON"] = sys.executable
    pool = [event for event in sample_events(10_000, broken_share=0.03) if b"\n" not in event]
    validator = compile_schema(load_schema(bundled_schemas() / "order_placed" / "2.json"), strict=True)
    with tempfile.NamedTemporaryFile(suffix=".ndjson") as file:
        for _ in range(max(1, arguments.events // len(pool))):
            file.write(b"\n".join(pool) + b"\n")
        file.flush()
        size = Path(file.name).stat().st_size
        print(f"{size / 1e6:,.0f} MB, medians of {arguments.rounds}, times beside as many plain processes")
        for cores in sorted({1, arguments.cores}):
            session = (
                SparkSession.builder.master(f"local[{cores}]")
                .config("spark.ui.enabled", "false")
                .config("spark.ui.showConsoleProgress", "false")
                .config("spark.log.level", "ERROR")
                # As the job has it.
                .config("spark.sql.execution.arrow.maxRecordsPerBatch", "4000")
                .getOrCreate()
            )
            measure(session, file.name, validator, cores, arguments.rounds)
            session.stop()


def measure(session: SparkSession, path: str, validator: Validator, cores: int, rounds: int) -> None:
    megabytes = Path(path).stat().st_size / 1e6
    frame = read_lines(session, path)
    expected = validate_ndjson(path, validator, processes=cores)
    for _ in range(2):
        found = report(frame, validator)
    assert (found.valid, found.invalid, found.counts) == (expected.valid, expected.invalid, expected.counts)
    plain, writing = f"validate_ndjson, processes={cores}", "  the same with rejects"
    runs: dict[str, Callable[[], Any]] = {
        plain: lambda: validate_ndjson(path, validator, processes=cores),
        f"report, local[{cores}]": lambda: report(frame, validator),
        writing: lambda: with_rejects(path, validator, cores),
        f"rejected, local[{cores}]": lambda: drained(rejected(frame, validator)),
        f"accepted, local[{cores}]": lambda: drained(accepted(frame, validator)),
        f"judge, local[{cores}]": lambda: drained(judge(frame, validator)),
    }
    times: dict[str, list[float]] = {name: [] for name in runs}
    for _ in range(rounds):
        for name, run in runs.items():
            times[name].append(seconds(run))
    medians = {name: statistics.median(taken) for name, taken in times.items()}
    for name, taken in medians.items():
        beside = medians[writing if name in (writing, f"rejected, local[{cores}]") else plain]
        print(f"{name:30} {taken:8.2f} s {megabytes / taken:8.0f} MB/s {taken / beside:8.2f}×", flush=True)


def with_rejects(path: str, validator: Validator, processes: int) -> None:
    with tempfile.TemporaryDirectory() as folder:
        validate_ndjson(path, validator, processes=processes, rejects=Path(folder) / "rejects.ndjson")


def drained(frame: DataFrame) -> None:
    """Have every row made, and thrown away."""
    frame.write.format("noop").mode("overwrite").save()


if __name__ == "__main__":
    main()
