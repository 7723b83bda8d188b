"""The commands about tables: ``ddl``, ``create-table``, ``preflight``, ``diff`` and ``evolve``."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any, get_type_hints

from toolkit.cli import (
    EXIT_FOUND_FAULTS,
    EXIT_OK,
    SCHEMA_HELP,
    add_athena_options,
    add_repository_option,
    add_strictness_option,
    named_schemas,
)
from toolkit.cli_validate import empty_advice
from toolkit.errors import AwsError, InvalidInput, NotFound, number_of

if TYPE_CHECKING:
    from toolkit.cli import AddCommand
    from toolkit.hive import Policy, TablePlan
    from toolkit.hive.projection import Projection

# Athena's limit on a row: https://docs.aws.amazon.com/athena/latest/ug/service-limits.html
LONGEST_LINE_BYTES = 32 * 1024**2
BLOCK_BYTES = 1 << 20
# Of a number in an option; Python reads no text of thousands.
_MOST_DIGITS = 19
# Findings that `toolkit preflight` shows one by one.
MOST_FINDINGS = 20


def add_commands(command: AddCommand) -> None:
    """Add the commands by *command*."""
    made = command(
        "ddl", run_ddl, "print the CREATE EXTERNAL TABLE statement of a schema; what it loses goes to stderr"
    )
    _add_table(made)
    made.add_argument("--glue", action="store_true", help="print Glue's TableInput as JSON instead of the statement")

    made = command(
        "create-table", run_create_table, "create the Athena table of a schema, and its database where missing"
    )
    _add_table(made)
    add_athena_options(made)

    made = command("preflight", run_preflight, "tell which events of a file would break or lose something in the table")
    made.add_argument("events", metavar="EVENTS", help="NDJSON, plain, gzip or zstd; - reads standard input")
    made.add_argument("--schema", required=True, metavar="SCHEMA", help=SCHEMA_HELP)
    _add_policy(made)
    add_repository_option(made)
    add_strictness_option(made)

    made = command("diff", run_diff, "compare two versions of a schema: what changed, for whom, and in the table")
    made.add_argument("old", metavar="OLD", help=SCHEMA_HELP)
    made.add_argument("new", metavar="NEW", help="the newer version, named likewise")
    made.add_argument(
        "--level",
        default="BACKWARD",
        type=str.upper,
        help="what the newer version must be: BACKWARD (default), FORWARD, FULL or NONE; else the status is 1",
    )
    _add_policy(made)
    add_repository_option(made)
    add_strictness_option(made)

    made = command("evolve", run_evolve, "show by which statements the table of the catalogue becomes that of a schema")
    made.add_argument("schema", metavar="SCHEMA", help=SCHEMA_HELP)
    made.add_argument("--from", dest="old", metavar="SCHEMA", help="the version that the table was made from")
    made.add_argument("--database", default="events", help="database of the table (events)")
    made.add_argument("--table", metavar="NAME", help="name of the table (made from the schema's name)")
    made.add_argument("--apply", action="store_true", help="run the plan after showing it")
    made.add_argument(
        "--allow-destructive", action="store_true", help="with --apply: run it even if it takes something away"
    )
    _add_policy(made)
    add_repository_option(made)
    add_athena_options(made)


def _add_table(made: argparse.ArgumentParser) -> None:
    made.add_argument("schema", metavar="SCHEMA", help=SCHEMA_HELP)
    made.add_argument("--database", default="events", help="database of the table (events)")
    made.add_argument("--table", metavar="NAME", help="name of the table (made from the schema's name)")
    made.add_argument("--location", metavar="S3URI", help="prefix of the events (s3://events/TABLE/)")
    made.add_argument(
        "--partition",
        action="append",
        default=[],
        metavar="NAME[:TYPE]",
        help="partition key, such as dt or year:int; may be repeated",
    )
    made.add_argument(
        "--projection",
        action="append",
        default=[],
        metavar="NAME=KIND",
        help="compute the partitions of a key: dt=date:2024-01-01,NOW or year=integer:2020,2030 or region=enum:eu,us "
        "or customer=injected; may be repeated",
    )
    made.add_argument(
        "--location-template", default="", metavar="S3URI", help="where projected partitions lie: s3://bucket/x/${dt}/"
    )
    _add_policy(made)
    add_repository_option(made)


def _add_policy(made: argparse.ArgumentParser) -> None:
    made.add_argument(
        "--storage",
        metavar="FORMAT",
        help="openx, hive or ion over JSON as it came; parquet, orc or iceberg for a curated table (openx)",
    )
    made.add_argument(
        "--policy",
        action="append",
        default=[],
        metavar="CHOICE=VALUE",
        help="how schemas become columns, such as timestamps=timestamp or recursion_depth=1; may be repeated",
    )


def policy_from(storage: str, choices: Iterable[str]) -> Policy:
    """
    Return the policy of *storage* with *choices* such as ``dates=date``.

    Raises:
        InvalidInput: a choice has no such name or value.
    """
    from dataclasses import replace

    from toolkit.hive import Policy, default_policy

    hints = get_type_hints(Policy)
    given: dict[str, Any] = {}
    for choice in choices:
        name, found, value = choice.partition("=")
        if not found or name not in hints or name == "storage":
            names = ", ".join(sorted(hints.keys() - {"storage"}))
            raise InvalidInput(f"--policy {choice}: expected CHOICE=VALUE with a choice of {names}")
        # No schema stands in itself so often that more digits would be meant.
        is_number = hints[name] is int and value.isdecimal() and len(value) < _MOST_DIGITS
        given[name] = int(value) if is_number else value
    return replace(default_policy(storage), **given)  # type: ignore[arg-type]  # it checks the name


def projection_from(text: str) -> tuple[str, Projection]:
    """
    Return the key and the projection that *text* tells, such as ``dt=date:2024-01-01,NOW``.

    Raises:
        InvalidInput: there is no such kind, or its range does not read.
    """
    from toolkit.hive import DateProjection, EnumProjection, InjectedProjection, IntegerProjection

    name, _, rule = text.partition("=")
    kind, _, values = rule.partition(":")
    parts = values.split(",") if values else []
    if kind == "enum" and parts:
        return name, EnumProjection(tuple(parts))
    are_numbers = all(part.removeprefix("-").isdecimal() and len(part) <= _MOST_DIGITS for part in parts)
    if kind == "integer" and len(parts) == 2 and are_numbers:
        return name, IntegerProjection(int(parts[0]), int(parts[1]))
    if kind == "date" and 1 <= len(parts) <= 2:
        return name, DateProjection(parts[0], parts[1] if len(parts) == 2 else "NOW")
    if kind == "injected" and not parts:
        return name, InjectedProjection()
    raise InvalidInput(
        f"--projection {text}: expected NAME=date:FIRST,LAST or NAME=integer:FIRST,LAST or NAME=enum:A,B or NAME=injected"
    )


def _plan(options: argparse.Namespace) -> TablePlan:
    from toolkit.hive import Column, losses_summary, parse_type, plan_table
    from toolkit.repositories import event_name

    (schema,) = named_schemas(options, options.schema)
    name = options.table or event_name(options.schema)
    keys = []
    for text in options.partition:
        key, _, kind = text.partition(":")
        keys.append(Column(key, parse_type(kind or "string")))
    projections = dict(map(projection_from, options.projection))
    for key in projections.keys() - {column.name for column in keys}:
        raise InvalidInput(f"--projection {key}=...: {key!r} is no partition key; add --partition {key}")
    plan = plan_table(
        schema,
        database=options.database,
        name=name,
        location=options.location or f"s3://events/{name}/",
        partition_keys=tuple(keys),
        policy=policy_from(options.storage or "openx", options.policy),
        projections=projections,
        location_template=options.location_template,
    )
    print(losses_summary(plan.losses), file=sys.stderr)
    _tell_names(plan)
    return plan


def _tell_names(plan: TablePlan) -> None:
    for key, column in plan.columns.naming.renamed.items():
        print(f"the key {key!r} is named {column} in the table", file=sys.stderr)


def run_ddl(options: argparse.Namespace) -> int:
    """Run ``toolkit ddl``."""
    from toolkit.hive import create_table_sql, table_input

    table = _plan(options).table
    print(json.dumps(table_input(table), indent=2, ensure_ascii=False) if options.glue else create_table_sql(table))
    return EXIT_OK


def run_create_table(options: argparse.Namespace) -> int:
    """Run ``toolkit create-table``."""
    from toolkit import aws
    from toolkit.athena import Athena, tables

    table = _plan(options).table
    with Athena(work_group=options.work_group, output_location=options.output_location) as athena:
        tables.create_database(athena, table.database)
        execution = tables.create_table(athena, table)
    print(f"{table.database}.{table.name} is there (query {execution.query_execution_id})")
    bucket, prefix = aws.split_s3_uri(table.location)
    try:
        aws.call("s3", "list_objects_v2", Bucket=bucket, Prefix=prefix, MaxKeys=1)
    except AwsError as error:
        # The catalogue takes any location; who queries the table would meet this.
        print(f"its location {table.location} can't be read: {error}", file=sys.stderr)
    if table.partition_keys and not options.projection:
        print(
            f"its partitions must be registered before a query sees them: toolkit query 'MSCK REPAIR TABLE "
            f"`{table.database}`.`{table.name}`' finds those laid out as {table.partition_keys[0].name}=.../; or let "
            "--projection compute them",
            file=sys.stderr,
        )
    return EXIT_OK


def run_preflight(options: argparse.Namespace) -> int:
    """Run ``toolkit preflight``."""
    from toolkit.hive import plan_table, preflight
    from toolkit.validator import compile_schema

    (schema,) = named_schemas(options, options.schema)
    validator = compile_schema(schema, strict=options.strict)
    policy = policy_from(options.storage or "openx", options.policy)
    plan = plan_table(schema, database="preflight", name="events", location="s3://preflight/", policy=policy)
    report = preflight(_lines(options.events), plan.table, accepts=lambda line: not validator.validate_json(line))
    _tell_names(plan)
    if not report.lines:
        print(f"toolkit: {empty_advice(options.events)}", file=sys.stderr)
    print(report)
    for sample in report.samples[:MOST_FINDINGS]:
        verdict = "accepted" if sample.accepted else "refused"
        print(
            f"line {sample.line}: {sample.column or '(row)'}: {sample.effect}: {sample.consequence} ({verdict} by the schema)"
        )
    more = sum(report.counts.values()) - min(len(report.samples), MOST_FINDINGS)
    if more:
        print(f"... and {more:,} more findings, which the counts above include")
    return EXIT_FOUND_FAULTS if report.surprises else EXIT_OK


def _lines(source: str) -> Iterator[bytes]:
    """Yield the lines of an NDJSON file without their ends; ``-`` is standard input."""
    from toolkit import aws
    from toolkit.validator.bulk.source import READ_ERRORS, LongLine, Opened, blocks, cant_read

    number = 0
    with Opened(sys.stdin.buffer if source == "-" else source, aws.open_object) as opened:
        try:
            for block in blocks(opened.read, longest_line=LONGEST_LINE_BYTES, size=BLOCK_BYTES):
                if isinstance(block, LongLine):
                    raise InvalidInput(
                        f"{source}: line {number + 1} has {block.length} bytes; Athena reads at most 32 MB"
                    )
                for line in block.data.removesuffix(b"\n").split(b"\n"):
                    number += 1
                    yield line.removesuffix(b"\r")
        except READ_ERRORS as error:
            raise cant_read(opened.name, error) from error


def run_diff(options: argparse.Namespace) -> int:
    """Run ``toolkit diff``."""
    from toolkit.hive import alter_table_plan, compatibility, incompatible_changes, plan_successor, plan_table
    from toolkit.validator import compile_schema

    old, new = named_schemas(options, options.old, options.new)
    for schema in (old, new):
        # Says what is no schema, and where.
        compile_schema(schema, strict=options.strict)
    verdict = compatibility(old, new, strict=options.strict)
    broken = incompatible_changes([old, new], options.level, strict=options.strict)
    print(verdict)
    policy = policy_from(options.storage or "openx", options.policy)
    before = plan_table(old, database="d", name="t", location="s3://bucket/t/", policy=policy)
    after = plan_successor(before.table, new, policy=policy, known_names=before.columns.naming.by_spelling)
    plan = alter_table_plan(before.table, after.table)
    print(f"\nIn a table of {policy.storage}:")
    for change in plan.changes:
        print(f"  {change}")
    print(
        "\n".join(
            [*(f"  refused: {refusal}" for refusal in plan.refusals)]
            or [f"  {number_of(len(plan.steps), 'statement')}"]
        )
    )
    if broken:
        told = "1 change breaks" if len(broken) == 1 else f"{len(broken)} changes break"
        print(f"{told} {options.level}", file=sys.stderr)
    return EXIT_FOUND_FAULTS if broken else EXIT_OK


def run_evolve(options: argparse.Namespace) -> int:
    """Run ``toolkit evolve``."""
    from toolkit.athena import Athena, tables
    from toolkit.athena.catalog import Catalog
    from toolkit.hive import alter_table_plan, losses_summary, plan_successor, storage_of
    from toolkit.repositories import event_name

    schema, *older_schema = named_schemas(options, options.schema, *filter(None, [options.old]))
    name = options.table or event_name(options.schema)
    try:
        table = Catalog().table(options.database, name)
    except NotFound as error:
        raise InvalidInput(
            f"there is no table {options.database}.{name} yet: make it by `toolkit create-table`, or name another by --table and "
            "--database"
        ) from error
    policy = policy_from(options.storage or storage_of(table), options.policy)
    expected = None
    names = None
    if older_schema:
        older = plan_successor(table, *older_schema, policy=policy)
        expected, names = older.table, older.columns.naming.by_spelling
    target = plan_successor(table, schema, policy=policy, known_names=names)
    print(losses_summary(target.losses), file=sys.stderr)
    plan = alter_table_plan(table, target.table, expected=expected)
    print(plan)
    if plan.refusals:
        return EXIT_FOUND_FAULTS
    if options.apply:
        with Athena(work_group=options.work_group, output_location=options.output_location) as athena:
            done = tables.alter_table(athena, plan, allow_destructive=options.allow_destructive)
        print(f"{number_of(len(done), 'statement')} run")
    return EXIT_OK
