"""The table maker: the schema that judges the events becomes their Athena table."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from toolkit.athena import Athena, QueryExecution
from toolkit.handlers.event_sink import PARTITION_KEY
from toolkit.handlers.settings import Settings
from toolkit.hive import Column, create_database_sql, create_table_sql, parse_type, table_from_schema
from toolkit.repositories import open_repository


def handler(event: Mapping[str, Any] | None = None, context: object = None) -> dict[str, Any]:
    """
    Create the table of one schema and return its statement; Lambda's entry point.

    *event* may name ``event_name``, ``schema_version``, ``database``, ``table`` and ``location``; the settings say what it
    leaves out (see `Settings`). The table is named for the event and partitioned by day, and its database is made where
    it is missing. Answers ``{"query": str, "query_execution_id": str, "state": "SUCCEEDED"}``.

    Raises:
        SchemaError: the schema can't be loaded.
        TableError: the schema can't become a table.
        QueryFailed: Athena refused the statement.
    """
    given = {key: str(value) for key, value in (event or {}).items()}
    settings = Settings.from_environment()
    name = given.get("event_name", settings.event_name)
    version = given.get("schema_version", settings.schema_version)
    database = given.get("database", settings.events_database)
    schema = open_repository(settings.schema_repository).load(name, version)
    table = table_from_schema(
        schema,
        database=database,
        name=given.get("table", name),
        location=given.get("location", f"{settings.events_location.rstrip('/')}/{name}/"),
        partition_keys=(Column(PARTITION_KEY, parse_type("string")),),
    )
    with Athena() as athena:
        athena.execute(create_database_sql(table.database))
    query = create_table_sql(table)
    execution = create_hive_table_with_athena(query)
    return {"query": query, "query_execution_id": execution.query_execution_id, "state": execution.state}


def create_hive_table_with_athena(query: str) -> QueryExecution:
    """
    Print a ``CREATE TABLE`` statement, run it on Athena and return the finished execution.

    Raises:
        QueryFailed: Athena refused the statement; carries its reason.
    """
    print(f"Query: {query}")
    with Athena() as athena:
        return athena.execute(query)
