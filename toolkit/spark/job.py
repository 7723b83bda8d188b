"""
The whole way on Spark, as a job: judge, keep what is accepted, keep what is refused with its reasons, write the curated table.

    spark-submit --py-files toolkit-spark.zip toolkit_job.py --events s3://…/ --schema schema.json --rejects s3://…/ …

``docs/spark.md`` tells how EMR Serverless, Glue and Athena's Spark take it.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any, Literal

from toolkit.errors import ToolkitError
from toolkit.hive import TablePlan, curated_policy
from toolkit.schema import Schema, load_schema
from toolkit.spark.curated import curated, plan_curated, write_iceberg, write_partitions
from toolkit.spark.judging import accepted, read_lines, rejected, report
from toolkit.validator import compile_schema

if TYPE_CHECKING:
    from pyspark.sql import DataFrame, SparkSession

_RECORDS_PER_BATCH = "spark.sql.execution.arrow.maxRecordsPerBatch"


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the job and return its exit status: 0 done, 1 more was refused than allowed, 2 it could not work."""
    from py4j.protocol import Py4JJavaError
    from pyspark.errors import PySparkException

    options = _parser().parse_args(arguments)
    try:
        found = run(options)
    except ToolkitError as error:
        print(f"toolkit: {' '.join(str(error).split())}", file=sys.stderr)
        return 2
    except (PySparkException, Py4JJavaError) as error:
        # A path, catalogue or table that is not there, or a right that the job lacks. Below the first line come the plans.
        told = error.java_exception if isinstance(error, Py4JJavaError) else error
        print(f"toolkit: Spark says: {str(told).strip().partition(chr(10))[0]}", file=sys.stderr)
        return 2
    print(json.dumps(found))
    return 1 if found["invalid"] > options.most_invalid else 0


def run(options: argparse.Namespace, spark: SparkSession | None = None) -> dict[str, Any]:
    """
    Run the job in *spark*, or in the session that there is, and return its counts.

    The zone of the session becomes UTC, so that times without one are what Athena takes them for.

    Raises:
        ToolkitError: the schema can't be read, compiled or made a table, or there is no such Iceberg table.
    """
    from pyspark.sql import SparkSession

    session = spark or SparkSession.builder.appName("toolkit").getOrCreate()
    session.conf.set("spark.sql.session.timeZone", "UTC")
    if session.conf.get(_RECORDS_PER_BATCH) == "10000":
        # Batches that fit a processor's cache take 15 % less time than those of Spark's default.
        session.conf.set(_RECORDS_PER_BATCH, "4000")
    schema = _schema(session, options.schema)
    validator = compile_schema(schema, strict=options.strict)
    lines = read_lines(session, options.events)
    if options.iceberg and not session.catalog.tableExists(options.iceberg):
        raise ToolkitError(
            f"{options.iceberg}: the session finds no such table; make it by the statement of `toolkit ddl --storage iceberg "
            "--partition dt`, and give the session Iceberg's runtime and the catalogue (--jars, --conf spark.sql.catalog.…)"
        )
    # What can't be written is said before anything is read.
    rows = {storage: _planned(options, storage, schema, accepted(lines, validator)) for storage in _storages(options)}
    counts = report(lines, validator)
    if options.rejects:
        rejected(lines, validator).write.mode("overwrite").json(options.rejects, compression="gzip")
    if options.accepted:
        good = accepted(lines, validator)
        writer = good.write.mode("overwrite").partitionBy(*(name for name in good.columns if name != "value"))
        writer.text(options.accepted, compression="gzip", lineSep="\n")
    if options.curated:
        write_partitions(*rows["parquet"], options.curated)
    if options.iceberg:
        write_iceberg(rows["iceberg"][0], options.iceberg)
    return {
        "valid": counts.valid,
        "invalid": counts.invalid,
        "counts": [[location, keyword, count] for (location, keyword), count in counts.counts.items()],
    }


_Storage = Literal["parquet", "iceberg"]


def _storages(options: argparse.Namespace) -> Iterator[_Storage]:
    if options.curated:
        yield "parquet"
    if options.iceberg:
        yield "iceberg"


def _planned(
    options: argparse.Namespace, storage: _Storage, schema: Schema, events: DataFrame
) -> tuple[DataFrame, TablePlan]:
    plan = plan_curated(
        schema,
        database="events",
        name=options.table,
        location="s3://events/events/",
        policy=curated_policy(storage),
    )
    return curated(events, plan, event_time=options.event_time), plan


def _schema(spark: SparkSession, text: str) -> Schema:
    """Read a schema from a local file, or from wherever the cluster reads: ``s3://…/schema.json``, with a place behind #."""
    path, _, place = text.partition("#")
    if "://" not in path:
        return load_schema(text)
    contents = "\n".join(row.value for row in spark.read.text(path, wholetext=True).collect())
    try:
        loaded = load_schema(json.loads(contents))
    except ValueError as error:
        raise ToolkitError(f"{path}: expected JSON: {error}") from error
    return loaded.resolve(f"#{place}") if place else loaded


def _parser() -> argparse.ArgumentParser:
    made = argparse.ArgumentParser(
        prog="toolkit_job", description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    made.add_argument("--events", required=True, metavar="PATH", help="NDJSON: a file, folder or s3:// prefix")
    made.add_argument("--schema", required=True, metavar="PATH", help="the JSON Schema; s3:// is read by the cluster")
    made.add_argument("--accepted", metavar="PATH", help="where valid events go, byte for byte, as gzip NDJSON")
    made.add_argument("--rejects", metavar="PATH", help="where invalid events go with their reasons, as gzip NDJSON")
    made.add_argument("--curated", metavar="PATH", help="where the curated table lies, as Parquet by day")
    made.add_argument(
        "--iceberg",
        metavar="NAME",
        help="the curated table of Iceberg, as CATALOG.DATABASE.TABLE, which is there already; the session needs Iceberg's "
        "runtime and the catalogue (see docs/spark.md)",
    )
    made.add_argument("--table", default="events", metavar="NAME", help="name of the curated table (events)")
    made.add_argument(
        "--event-time",
        default="event_time",
        metavar="COLUMN",
        help="column of the day, where the path has no dt=…/ (event_time)",
    )
    made.add_argument(
        "--most-invalid", type=int, default=sys.maxsize, metavar="N", help="fail with more invalid events"
    )
    made.add_argument("--no-strict", dest="strict", action="store_false", help="accept undeclared fields")
    return made


if __name__ == "__main__":
    sys.exit(main())
