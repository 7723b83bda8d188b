"""``toolkit audit``, ``backfill`` and ``replay``: commands for events that are stored, or were refused, already."""

from __future__ import annotations

import argparse
import json
import sys
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING

from toolkit.cli import (
    EXIT_FOUND_FAULTS,
    EXIT_OK,
    SCHEMA_HELP,
    add_athena_options,
    add_repository_option,
    add_strictness_option,
    named_schemas,
)
from toolkit.cli_validate import add_event_time_option, add_formats_option
from toolkit.errors import InvalidInput, NotFound, number_of

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from typing import TextIO

    from toolkit.cli import AddCommand
    from toolkit.hive import Table

_NO_DAY = "unknown"


def add_stored_commands(command: AddCommand) -> None:
    """Add the commands by *command*."""
    made = command(
        "audit", run_audit, "check the stored events of a whole table against their schema, by SQL on Athena"
    )
    made.add_argument("table", metavar="TABLE", help="the table, as DATABASE.TABLE")
    made.add_argument("--schema", required=True, metavar="SCHEMA", help=SCHEMA_HELP)
    made.add_argument("--event-id", default="", metavar="COLUMN", help="column whose values must differ")
    made.add_argument("--event-time", default="", metavar="COLUMN", help="column of when an event happened")
    _add_days(made)
    made.add_argument("--day-key", metavar="KEY", help="partition key that holds the day (the table's first)")
    made.add_argument("--late-after", type=int, default=1, metavar="N", help="an event is late after N days (1)")
    made.add_argument("--budget", type=_dollars, metavar="DOLLARS", help="do not run if it may cost more")
    add_formats_option(made)
    made.add_argument("--dry-run", action="store_true", help="print the queries and what they read, and run nothing")
    made.add_argument("--unchecked", action="store_true", help="list the rules that SQL can't tell of, and why")
    add_repository_option(made)
    add_athena_options(made)

    made = command("backfill", run_backfill, "fill a columnar table from a raw one, day by day; run again, it goes on")
    made.add_argument("raw", metavar="RAW", help="the raw table, as DATABASE.TABLE")
    made.add_argument("curated", metavar="CURATED", help="the table to fill, as DATABASE.TABLE")
    made.add_argument("--schema", metavar="SCHEMA", help="make the table where it is missing: " + SCHEMA_HELP)
    made.add_argument("--location", metavar="S3URI", help="where a new table lies")
    made.add_argument(
        "--storage",
        choices=("parquet", "orc", "iceberg"),
        default="parquet",
        help="the format of a new table (parquet)",
    )
    _add_days(made)
    made.add_argument("--budget", type=_dollars, metavar="DOLLARS", help="do not run if it may cost more")
    made.add_argument("--dry-run", action="store_true", help="tell what it would run and cost, and run nothing")
    add_repository_option(made)
    add_athena_options(made)

    made = command("replay", run_replay, "judge refused events again, after their schema was mended")
    made.add_argument("rejects", metavar="REJECTS", help="a rejects file that `toolkit validate --rejects` wrote")
    made.add_argument("--schema", required=True, metavar="SCHEMA", help=SCHEMA_HELP)
    made.add_argument(
        "--accepted", required=True, metavar="PLACE", help="where valid events go: a file (.gz) or s3://bucket/prefix/"
    )
    made.add_argument(
        "--rejects", dest="still", required=True, metavar="FILE", help="where those go that are still refused"
    )
    add_event_time_option(made)
    add_strictness_option(made)
    add_formats_option(made)
    add_repository_option(made)

    made = command("spark-package", run_spark_package, "write the files that a Spark service needs to run the job")
    made.add_argument("folder", nargs="?", default="dist", metavar="FOLDER", help="where they go (dist)")


def _add_days(made: argparse.ArgumentParser) -> None:
    made.add_argument("--from", dest="first_day", type=_day, default="", metavar="DAY", help="first day, as YYYY-MM-DD")
    made.add_argument("--to", dest="last_day", type=_day, default="", metavar="DAY", help="last day")


def _day(text: str) -> str:
    # Partitions are compared as text, so that any other word would take none of them, or all.
    try:
        return date.fromisoformat(text).isoformat() if text else ""
    except ValueError:
        raise argparse.ArgumentTypeError(f"expected a day as YYYY-MM-DD, found {text!r}") from None


def _check_days(options: argparse.Namespace) -> None:
    if options.first_day and options.last_day and options.first_day > options.last_day:
        raise InvalidInput(f"--from {options.first_day} comes after --to {options.last_day}")


def _dollars(text: str) -> Decimal:
    try:
        amount = Decimal(text.removeprefix("$"))
    except ArithmeticError:
        amount = Decimal("NaN")
    if not amount.is_finite():
        raise argparse.ArgumentTypeError(f"expected an amount such as 0.50, found {text!r}")
    return amount


def named_table(text: str) -> Table:
    """
    Return the table DATABASE.TABLE of the catalogue.

    Raises:
        InvalidInput: the text is not of that form.
        NotFound: there is no such table.
    """
    from toolkit.athena.catalog import Catalog
    from toolkit.athena.hints import table_hint

    database, dot, name = text.partition(".")
    if not dot or not database or not name:
        raise InvalidInput(f"{text!r}: expected a table as DATABASE.TABLE")
    try:
        return Catalog().table(database, name)
    except NotFound as error:
        error.hint = table_hint(database, name)
        raise


def run_audit(options: argparse.Namespace) -> int:
    """Run ``toolkit audit``."""
    from toolkit.athena import Athena
    from toolkit.athena.scan import Scanner
    from toolkit.audit import Audit, audit, audit_sql, checks_from_schema, volume_sql
    from toolkit.hive import columns_from_schema, names_by_key

    _check_days(options)
    table = named_table(options.table)
    (schema,) = named_schemas(options, options.schema)
    keys = [key.name for key in table.partition_keys]
    columns = columns_from_schema(schema, reserved=tuple(keys), known_names=names_by_key(table))
    naming = columns.naming
    if not {column.name for column in columns.columns} & {column.name for column in table.columns}:
        raise InvalidInput(f"{options.table}: the table has no column of {options.schema}; is that its schema?")
    asked = Audit(
        table,
        checks_from_schema(schema, table, naming, formats=options.formats),
        datetime.now(UTC),
        event_id=options.event_id,
        event_time=options.event_time,
        day_key=options.day_key or (keys[0] if keys else ""),
        first_day=options.first_day,
        last_day=options.last_day,
        late_after_days=options.late_after,
    )
    queries = [*audit_sql(asked), *([volume_sql(asked)] if asked.day_key or asked.event_time else [])]
    scanner = Scanner()
    estimates = [scanner.estimate(sql, database=table.database) for sql in queries]
    total = sum((estimate.cost_in_dollars for estimate in estimates), Decimal(0))
    for number, estimate in enumerate(estimates, 1):
        print(f"query {number} of {len(estimates)}: {estimate}", file=sys.stderr)
    if options.dry_run:
        print(";\n\n".join(queries) + ";")
        return EXIT_OK
    if options.budget is not None and (total > options.budget or any(estimate.problem for estimate in estimates)):
        raise InvalidInput(
            f"{options.table}: the audit may cost ${total:.5f}, the budget is ${options.budget}; take fewer days with --from and "
            "--to, or a larger --budget"
        )
    with Athena(work_group=options.work_group, output_location=options.output_location) as athena:
        report = audit(asked, athena)
    print("\n".join(report.lines()))
    if options.unchecked:
        for rule in report.unchecked:
            print(f"not checked: {rule.column or 'the event'} {rule.keyword}: {rule.reason}")
    return EXIT_OK if report.is_clean else EXIT_FOUND_FAULTS


def run_backfill(options: argparse.Namespace) -> int:
    """Run ``toolkit backfill``."""
    from toolkit.athena import Athena, tables
    from toolkit.athena.backfill import backfill, backfill_estimate, partitions_between

    _check_days(options)
    raw = named_table(options.raw)
    is_new = False
    try:
        curated = named_table(options.curated)
    except NotFound:
        curated, is_new = _new_curated(options, raw), True
    days = partitions_between(raw, options.first_day, options.last_day)
    estimate = backfill_estimate(raw, curated, days)
    print(estimate, file=sys.stderr)
    if options.dry_run:
        return EXIT_OK
    if options.budget is not None and estimate.cost_in_dollars > options.budget:
        raise InvalidInput(
            f"{options.curated}: the back-fill may cost ${estimate.cost_in_dollars:.5f}, the budget is ${options.budget}; take "
            "fewer days with --from and --to, or a larger --budget"
        )
    with Athena(work_group=options.work_group, output_location=options.output_location) as athena:
        if is_new:
            tables.create_database(athena, curated.database)
            tables.create_table(athena, curated)
        rows = written = 0
        for filled in backfill(raw, curated, days, athena):
            where = " ".join(f"{name}={value}" for name, value in filled.values.items())
            counted = (
                f"{number_of(filled.rows, 'row')}, {filled.data_scanned_in_bytes:,} bytes scanned"
                if filled.rows is not None
                else ""
            )
            print(f"{where}  {filled.state:9} {counted}".rstrip(), flush=True)
            written += filled.state == "written"
            rows += filled.rows or 0
    print(
        f"{number_of(len(days), 'partition')}: {written} written with {number_of(rows, 'row')}, as many as in {options.raw}"
    )
    return EXIT_OK


def _new_curated(options: argparse.Namespace, raw: Table) -> Table:
    """Return the table that is to be filled and is not there yet."""
    from toolkit.hive import curated_policy, names_by_key, plan_table

    if not options.schema or not options.location:
        raise InvalidInput(f"{options.curated}: there is no such table; give --schema and --location to make it")
    database, _, name = options.curated.partition(".")
    return plan_table(
        *named_schemas(options, options.schema),
        database=database,
        name=name,
        location=options.location,
        partition_keys=raw.partition_keys,
        policy=curated_policy(options.storage),
        # Columns are filled from those of their names.
        known_names=names_by_key(raw),
    ).table


def run_spark_package(options: argparse.Namespace) -> int:
    """Run ``toolkit spark-package``."""
    from toolkit.spark.package import write_package

    for path in write_package(options.folder):
        print(path)
    return EXIT_OK


def run_replay(options: argparse.Namespace) -> int:
    """Run ``toolkit replay``."""
    from toolkit.replay import replay
    from toolkit.validator import compile_schema

    validator = compile_schema(*named_schemas(options, options.schema), strict=options.strict, formats=options.formats)
    report = replay(
        options.rejects,
        validator,
        options.accepted,
        options.still,
        day_of=day_function(options.event_time, options.accepted),
    )
    tell_written(report.written, options.event_time)
    print(
        f"{report.read:,} refused events read: {report.accepted:,} accepted now, {report.refused:,} still refused, "
        f"{report.lost:,} too long to have been kept"
    )
    return EXIT_FOUND_FAULTS if report.refused or report.lost else EXIT_OK


def day_function(pointer: str, place: str | None) -> Callable[[bytes], str] | None:
    """
    Return what tells the day of an event by the time at *pointer*, None where none is given; *place* is where events go.

    Raises:
        InvalidInput: it is no JSON pointer, or the place has no days.
    """
    if pointer and not (place or "").startswith("s3://"):
        raise InvalidInput("--event-time parts objects by day: give --accepted s3://bucket/prefix/ with it")
    if pointer and not pointer.startswith("/"):
        raise InvalidInput(f"--event-time {pointer}: expected a JSON pointer, such as /{pointer}")
    return (lambda event: _day_of(event, pointer)) if pointer else None


def tell_written(names: Sequence[str], pointer: str, file: TextIO | None = None) -> None:
    """Print the *names* of what was written to *file* (standard output), and say where days by *pointer* are missing."""
    for name in names:
        print(name, file=file)
    if any(f"/dt={_NO_DAY}/" in name for name in names):
        print(
            f"{pointer} tells some events no day from 2020 to tomorrow: they lie under dt={_NO_DAY}, where a table that computes "
            "its days does not look",
            file=sys.stderr,
        )


def _day_of(event: bytes, pointer: str) -> str:
    from toolkit.handlers.partitions import FIRST_PROJECTED_DAY, day_from, value_at

    day = day_from(value_at(json.loads(event), pointer))
    tomorrow = (datetime.now(UTC) + timedelta(days=1)).date().isoformat()
    return day if day is not None and FIRST_PROJECTED_DAY <= day <= tomorrow else _NO_DAY
