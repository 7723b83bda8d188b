"""The catalogue: what Glue knows of databases and tables, as values."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from toolkit import aws
from toolkit.errors import TableError
from toolkit.hive import Table, iceberg_metadata_location, table_from_glue, table_input


class Catalog:
    """
    The Glue Data Catalog of the account that the environment leads to, or of the account *catalog_id*.

    Source: https://docs.aws.amazon.com/glue/latest/dg/aws-glue-api-catalog.html
    """

    def __init__(self, *, catalog_id: str | None = None) -> None:
        self._options = {"CatalogId": catalog_id} if catalog_id else {}

    def databases(self) -> tuple[str, ...]:
        """Return the names of the databases, sorted; raises as `toolkit.aws.call` does."""
        return tuple(sorted(found["Name"] for found in self._list("get_databases", "DatabaseList")))

    def tables(self, database: str) -> tuple[str, ...]:
        """
        Return the names of the tables and views of *database*, sorted.

        Raises:
            NotFound: there is no such database.
        """
        return tuple(sorted(found["Name"] for found in self._list("get_tables", "TableList", DatabaseName=database)))

    def table(self, database: str, name: str) -> Table:
        """
        Return one table; names are taken in lower case, as Glue stores them.

        Raises:
            NotFound: there is no such database or table.
            TableError: it is a view, or something that no statement of Hive could have made.
        """
        answer = self.describe(database, name)
        place = iceberg_metadata_location(answer)
        return table_from_glue(answer, iceberg_metadata=_document(place) if place else None)

    def describe(self, database: str, name: str) -> dict[str, Any]:
        """
        Return what Glue says of a table or view, in Glue's own words; names are taken in lower case.

        Raises:
            NotFound: there is no such database or table.
        """
        answer = aws.call("glue", "get_table", DatabaseName=database.lower(), Name=name.lower(), **self._options)
        table: dict[str, Any] = answer["Table"]
        return table

    def create_table(self, table: Table) -> None:
        """
        Create *table* through Glue, where a statement would be too long or Athena is not at hand.

        Raises:
            AwsError: there is a table of that name (``AlreadyExistsException``).
            TableError: as `toolkit.hive.table_input` does.
        """
        extra = {"OpenTableFormatInput": {"IcebergInput": {"MetadataOperation": "CREATE"}}} if table.is_iceberg else {}
        aws.call(
            "glue",
            "create_table",
            DatabaseName=table.database,
            TableInput=table_input(table),
            **extra,
            **self._options,
        )

    def replace_table(self, table: Table) -> None:
        """
        Put *table* in the place of the one of that name; its registered partitions stay, with the columns they had.

        Raises:
            NotFound: there is no such table.
            TableError: it is an Iceberg table, which changes by its own statements; or as `toolkit.hive.table_input` does.
        """
        if table.is_iceberg:
            raise TableError(
                f"table {table.name!r}: Glue can't change an Iceberg table; run the steps of alter_table_plan"
            )
        aws.call("glue", "update_table", DatabaseName=table.database, TableInput=table_input(table), **self._options)

    def _list(self, operation: str, items: str, **parameters: Any) -> Iterator[dict[str, Any]]:
        for page in aws.pages("glue", operation, **parameters, **self._options):
            yield from page[items]


def _document(uri: str) -> dict[str, Any]:
    with aws.open_object(uri) as file:
        found: dict[str, Any] = json.load(file)
    return found
