"""
How fast is Spark on this machine beside as many plain processes, for the same verdicts on the same file?

Run by hand: ``python tests/benchmarks/bench_spark.py [--events N] [--cores N]``. Spark is warm: its first pass does not
count. The ratio is that of the medians; Spark reads the file with the JVM and hands Arrow batches to Python workers.
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

from pyspark.sql import SparkSession

from toolkit.repositories import bundled_schemas
from toolkit.samples import sample_events
from toolkit.schema import load_schema
from toolkit.spark import read_lines, report
from toolkit.validator import compile_schema, validate_ndjson


def median(run: Callable[[], Any], rounds: int) -> tuple[float, Any]:
    times, answer = [], None
    for _ in range(rounds):
        start = time.perf_counter()
        answer = run()
        times.append(time.perf_counter() - start)
    return statistics.median(times), answer


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
        print(f"{size / 1e6:,.0f} MB, {arguments.cores} cores, medians of {arguments.rounds}")
        plain = {}
        for processes in (1, arguments.cores):
            plain[processes], expected = median(
                lambda processes=processes: validate_ndjson(file.name, validator, processes=processes), arguments.rounds
            )
            print(
                f"validate_ndjson, {processes} processes {plain[processes]:8.2f} s {size / 1e6 / plain[processes]:8.0f} MB/s"
            )
        for cores in (1, arguments.cores):
            session = (
                SparkSession.builder.master(f"local[{cores}]")
                .config("spark.ui.enabled", "false")
                .config("spark.log.level", "ERROR")
                # As the job has it.
                .config("spark.sql.execution.arrow.maxRecordsPerBatch", "4000")
                .getOrCreate()
            )
            frame = read_lines(session, file.name)
            report(frame, validator)
            seconds, found = median(lambda frame=frame: report(frame, validator), arguments.rounds)
            assert (found.valid, found.invalid, found.counts) == (expected.valid, expected.invalid, expected.counts)
            print(
                f"Spark, local[{cores}] {seconds:17.2f} s {size / 1e6 / seconds:8.0f} MB/s, "
                f"{seconds / plain[cores]:.2f}× the time of as many processes"
            )
            session.stop()


if __name__ == "__main__":
    main()
