"""The catalogue: what Glue knows of databases and tables, as values."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from toolkit import aws
from toolkit.hive import Table, table_from_glue


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
        return table_from_glue(self.describe(database, name))

    def describe(self, database: str, name: str) -> dict[str, Any]:
        """
        Return what Glue says of a table or view, in Glue's own words; names are taken in lower case.

        Raises:
            NotFound: there is no such database or table.
        """
        answer = aws.call("glue", "get_table", DatabaseName=database.lower(), Name=name.lower(), **self._options)
        table: dict[str, Any] = answer["Table"]
        return table

    def _list(self, operation: str, items: str, **parameters: Any) -> Iterator[dict[str, Any]]:
        for page in aws.pages("glue", operation, **parameters, **self._options):
            yield from page[items]
