"""The table maker: the schema that judges the events becomes their Athena table, and each new version changes it."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from toolkit.athena import QueryExecution
from toolkit.athena.catalog import Catalog
from toolkit.athena.partitions import refresh_partitions, registered_partitions
from toolkit.athena.statements import run_statement
from toolkit.errors import AwsError, InvalidInput, NotFound, QueryFailed, SchemaNotFound, TableError
from toolkit.handlers.observing import log, metrics, reason_of
from toolkit.handlers.partitions import FIRST_PROJECTED_DAY, PARTITION_KEY, table_name
from toolkit.handlers.settings import Settings
from toolkit.hive import (
    AlterPlan,
    Column,
    DateProjection,
    Policy,
    Table,
    alter_table_plan,
    create_database_sql,
    create_table_sql,
    parse_type,
    plan_successor,
    repair_table_sql,
    table_from_schema,
)
from toolkit.repositories import open_repository
from toolkit.schema import Schema

# What the settings alone tell of a table: by which rules Athena computes its partitions.
_OF_PARTITIONS = ("projection.", "storage.location.template")


def handler(event: Mapping[str, Any] | None = None, context: object = None) -> dict[str, Any]:
    """
    Create the table of one schema, or change it to a newer version, and return the statement; Lambda's entry point.

    *event* may name ``event_name``, ``schema_version``, ``database``, ``table`` and ``location``; the settings say what it
    leaves out (see `Settings`). The table is named for the event (``order-placed`` becomes order_placed) and partitioned by
    day, and its database is made where it is missing. Athena computes its partitions, except where ``PARTITION_KEYS`` names
    further ones: those are registered as they come. Answers ``{"query": str, "query_execution_id": str, "state": "SUCCEEDED"}``.

    A batch of the stream of a DynamoDB repository answers ``{"batchItemFailures": …}``: each name of which a version was
    published gets the table of its latest version, so that a record that comes late or again never takes a table back.

    For a repository that tells nobody of new versions a schedule calls with ``{"all_names": true}``: each name whose table is
    missing, or is not that of its latest version, gets it. Answers ``{"made": [name], "refused": int}``.

    Raises:
        AwsError: some tables of ``all_names`` could not be made, for reasons that are not their schemas'.
        SchemaError: the schema can't be loaded.
        TableError: the schema can't become a table, or the table that is there can't become it.
        QueryFailed: Athena refused the statement.
    """
    settings = Settings.from_environment()
    if isinstance(event, Mapping) and isinstance(event.get("Records"), list):
        return _handle_stream(event["Records"], settings)
    if isinstance(event, Mapping) and event.get("all_names") is True:
        return _make_all(settings)
    execution = _make(settings, event or {})
    return {
        "query": execution.query,
        "query_execution_id": execution.query_execution_id,
        "state": execution.state,
    }


def create_hive_table_with_athena(query: str) -> QueryExecution:
    """
    Print a ``CREATE TABLE`` statement, run it on Athena and return the finished execution.

    Raises:
        QueryFailed: Athena refused the statement; carries its reason.
    """
    print(f"Query: {query}")
    return run_statement(query)


def _schema_of(settings: Settings, given: Mapping[str, Any]) -> Schema:
    name, version = given.get("event_name", settings.event_name), given.get("schema_version", settings.schema_version)
    return open_repository(settings.schema_repository).load(str(name), str(version))


def _table_of(settings: Settings, given: Mapping[str, Any], schema: Schema) -> Table:
    """Return the table that *given* and the settings ask for, as if there were none yet; see `handler`."""
    texts = {key: str(value) for key, value in given.items()}
    name = texts.get("event_name", settings.event_name)
    location = texts.get("location", settings.location_of(name)).rstrip("/") + "/"
    pointers = settings.pointers()
    text = parse_type("string")
    return table_from_schema(
        schema,
        database=texts.get("database", settings.events_database),
        name=texts.get("table", table_name(name)),
        location=location,
        partition_keys=(Column(PARTITION_KEY, text), *(Column(key, text) for key in pointers)),
        projections=None if pointers else {PARTITION_KEY: DateProjection(FIRST_PROJECTED_DAY, "NOW+1DAY")},
        location_template="" if pointers else f"{location}{PARTITION_KEY}=${{{PARTITION_KEY}}}/",
    )


def _plan(settings: Settings, given: Mapping[str, Any], wanted: Table, present: Table, schema: Schema) -> AlterPlan:
    """Return how the table that is there becomes that of *schema*: what others added to it stays, *wanted* tells the rest."""
    if "location" not in given:
        _check_owner(settings, str(given.get("event_name", settings.event_name)), present)
    target = plan_successor(present, schema, policy=Policy()).table
    added = {key: value for key, value in target.parameters.items() if not key.startswith(_OF_PARTITIONS)}
    parameters = added | dict(wanted.parameters)
    target = replace(target, location=wanted.location, partition_keys=wanted.partition_keys, parameters=parameters)
    return alter_table_plan(present, target)


def _check_owner(settings: Settings, name: str, present: Table) -> None:
    """
    Hold a table that is there against the event that asks for it.

    Raises:
        TableError: it holds the events of another name, from which this one differs in case, dashes and dots alone.
    """
    before, _, after = settings.location_of("\0").partition("\0")
    owner = present.location.removeprefix(before).removesuffix(after)
    if f"{before}{owner}{after}" == present.location and owner != name and table_name(owner) == table_name(name):
        raise TableError(
            f"{present.database}.{present.name}: is the table of the event {owner!r}; publish {name!r} under a name that differs "
            "in more than case, dashes and dots, or name another table"
        )


def _make(settings: Settings, given: Mapping[str, Any]) -> QueryExecution:
    """Create the table, or change the one that is there; return the last statement's execution."""
    schema = _schema_of(settings, given)
    table = _table_of(settings, given, schema)
    run_statement(create_database_sql(table.database))
    execution = _create_or_change(settings, given, table, schema)
    if table.has_registered_partitions:
        # Also where nothing else was left to do: whoever died behind a statement left these.
        refresh_partitions(table)
        if next(registered_partitions(table), None) is None:
            run_statement(repair_table_sql(table))
    return execution


def _create_or_change(settings: Settings, given: Mapping[str, Any], table: Table, schema: Schema) -> QueryExecution:
    try:
        present = Catalog().table(table.database, table.name)
    except NotFound:
        return create_hive_table_with_athena(create_table_sql(table))
    plan = _plan(settings, given, table, present, schema)
    if plan.refusals:
        raise TableError(f"{table.database}.{table.name}: {'; '.join(str(refusal) for refusal in plan.refusals)}")
    execution = None
    for step in plan.steps:
        execution = create_hive_table_with_athena(step.sql)
    # Nothing to change: the statement that says so is the one that creates it where it is missing.
    return execution or create_hive_table_with_athena(create_table_sql(table))


def _handle_stream(batch: list[Mapping[str, Any]], settings: Settings) -> dict[str, Any]:
    """Make the tables of the names that were published; what failed comes again."""
    made = refused = 0
    failed: list[dict[str, str]] = []
    for name, versions in _published(batch).items():
        try:
            is_refused = _make_newest(settings, name, list(versions))
        except Exception as error:
            log(logging.ERROR, "comes again", schema=name, reason=reason_of(error))
            failed.append({"itemIdentifier": min(versions.values(), key=int)})
        else:
            refused += is_refused
            made += not is_refused
    metrics(settings.metrics_namespace, "json_schema_to_hive", tables_made=made, tables_refused=refused)
    return {"batchItemFailures": failed}


def _make_all(settings: Settings) -> dict[str, Any]:
    """Make the tables that are not those of the latest versions; one that fails keeps no other from being made."""
    repository = open_repository(settings.schema_repository)
    made: list[str] = []
    failed: list[str] = []
    refused = 0
    for name in repository.names():
        try:
            if _is_current(settings, name):
                continue
            if _make_newest(settings, name, list(repository.versions(name))):
                refused += 1
            else:
                made.append(name)
        except SchemaNotFound:
            # A registry may hold schemas of other kinds too.
            continue
        except Exception as error:
            log(logging.ERROR, "comes again", schema=name, reason=reason_of(error))
            failed.append(name)
    metrics(settings.metrics_namespace, "json_schema_to_hive", tables_made=len(made), tables_refused=refused)
    if failed:
        raise AwsError(f"tables that could not be made: {', '.join(failed)}; they are tried again at the next call")
    return {"made": made, "refused": refused}


def _is_current(settings: Settings, name: str) -> bool:
    """Whether the table of *name* is there and that of its latest version; where that can't be told, it is not."""
    try:
        given = {"event_name": name}
        schema = _schema_of(settings, given)
        table = _table_of(settings, given, schema)
        plan = _plan(settings, given, table, Catalog().table(table.database, table.name), schema)
    except SchemaNotFound:
        raise
    except (InvalidInput, NotFound):
        return False
    return not plan.steps and not plan.refusals


def _make_newest(settings: Settings, name: str, versions: list[str]) -> bool:
    """
    Make the table of the latest version; where that can be none, and no table is there yet, of the newest of *versions*.

    Returns whether something was refused: no second try helps there, and it must not block the others.
    """
    is_refused = False
    for version in ("", *sorted(versions, key=int, reverse=True)):
        try:
            _make(settings, {"event_name": name, "schema_version": version})
            break
        except (InvalidInput, QueryFailed) as error:
            if isinstance(error, QueryFailed) and error.is_retryable:
                raise
            log(logging.ERROR, "no table", schema=f"{name}/{version or 'latest'}", reason=reason_of(error))
            is_refused = True
        if _is_there(settings.events_database, table_name(name)):
            break
    return is_refused


def _is_there(database: str, table: str) -> bool:
    try:
        Catalog().table(database, table)
    except NotFound:
        return False
    return True


def _published(batch: list[Mapping[str, Any]]) -> dict[str, dict[str, str]]:
    """Return the versions that were added by name, each with the sequence number of its record."""
    found: dict[str, dict[str, str]] = {}
    for record in batch:
        keys = record.get("dynamodb", {}).get("Keys", {})
        if record.get("eventName") == "INSERT" and "name" in keys and "version" in keys:
            found.setdefault(keys["name"]["S"], {})[keys["version"]["N"]] = record["dynamodb"]["SequenceNumber"]
    return found
