"""The catalogue as Athena's own API shows it: data catalogs, databases and table metadata."""

from __future__ import annotations

import re
from typing import Any, Protocol

from toolkit.local.athena.catalog import Catalog, GlueDict, columns_of, partition_keys_of
from toolkit.local.athena.errors import ApiError, invalid_request
from toolkit.local.athena.formats import serde_name, serde_properties

DATA_CATALOG = "AwsDataCatalog"

# Of every list operation here.
MAXIMUM_RESULTS = 50


class Registered(Protocol):
    """The data catalogs of the account."""

    def found(self, name: str) -> dict[str, Any]:
        """Give a catalog; an ``ApiError`` if there is none of that name."""


class Metadata:
    """Answers for the operations on databases and tables."""

    def __init__(self, catalog: Catalog, catalogs: Registered) -> None:
        self.catalog = catalog
        self._catalogs = catalogs

    def _check_catalog(self, name: str) -> None:
        if self._catalogs.found(name)["Name"] != DATA_CATALOG:
            raise ApiError("MetadataException", f"The local Athena can't reach the data catalog {name}")

    def list_databases(self, request: Any) -> dict[str, Any]:
        """Answer ListDatabases."""
        self._check_catalog(request["CatalogName"])
        databases = sorted(self.catalog.databases(), key=lambda database: database["Name"])
        return page("DatabaseList", [_database(database) for database in databases], request)

    def get_database(self, request: Any) -> dict[str, Any]:
        """Answer GetDatabase."""
        self._check_catalog(request["CatalogName"])
        return {"Database": _database(self._found_database(request["DatabaseName"]))}

    def list_table_metadata(self, request: Any) -> dict[str, Any]:
        """Answer ListTableMetadata; ``Expression`` is a pattern of names."""
        self._check_catalog(request["CatalogName"])
        self._found_database(request["DatabaseName"])
        tables = self.catalog.tables(request["DatabaseName"].lower())
        if expression := request.get("Expression"):
            try:
                pattern = re.compile(expression.replace("*", ".*") if ".*" not in expression else expression)
            except re.error as error:
                raise ApiError("MetadataException", f"Unsupported regex pattern: {expression}") from error
            tables = [table for table in tables if pattern.fullmatch(table["Name"])]
        return page("TableMetadataList", [_table_metadata(table) for table in tables], request)

    def get_table_metadata(self, request: Any) -> dict[str, Any]:
        """Answer GetTableMetadata."""
        self._check_catalog(request["CatalogName"])
        database, name = request["DatabaseName"].lower(), request["TableName"].lower()
        table = self.catalog.table(database, name)
        if table is None:
            raise ApiError(
                "MetadataException",
                f"EntityNotFoundException: Table {name} not found. (Service: AWSGlue; Status Code: 400; Error Code: "
                "EntityNotFoundException)",
            )
        return {"TableMetadata": _table_metadata(table)}

    def _found_database(self, name: str) -> GlueDict:
        database = self.catalog.database(name.lower())
        if database is None:
            raise ApiError(
                "MetadataException",
                f"EntityNotFoundException: Database {name} not found. (Service: AWSGlue; Status Code: 400; Error Code: "
                "EntityNotFoundException)",
            )
        return database


def page(key: str, items: list[Any], request: Any, *, maximum: int = MAXIMUM_RESULTS) -> dict[str, Any]:
    """
    Give one page of a list operation's answer; the token is the number of the next item.

    Raises:
        ApiError: the token is none of ours.
    """
    token = request.get("NextToken") or "0"
    if not (token.isascii() and token.isdigit()):
        raise invalid_request(f"The nextPageToken is malformed: {token}")
    start, count = int(token), min(request.get("MaxResults") or maximum, maximum)
    answer: dict[str, Any] = {key: items[start : start + count]}
    if start + count < len(items):
        answer["NextToken"] = str(start + count)
    return answer


def _database(database: GlueDict) -> dict[str, Any]:
    shown = {"Name": database["Name"], "Parameters": database.get("Parameters") or {}}
    return {**shown, "Description": database["Description"]} if database.get("Description") else shown


def _table_metadata(table: GlueDict) -> dict[str, Any]:
    descriptor = table.get("StorageDescriptor") or {}
    parameters = dict(table.get("Parameters") or {})
    parameters |= {
        "inputformat": descriptor.get("InputFormat") or "",
        # Without the slash at its end, which Glue keeps.
        "location": (descriptor.get("Location") or "").rstrip("/"),
        "outputformat": descriptor.get("OutputFormat") or "",
        "serde.serialization.lib": serde_name(descriptor),
    }
    parameters |= {f"serde.param.{key}": value for key, value in serde_properties(descriptor).items()}
    metadata = {
        "Name": table["Name"],
        "TableType": table.get("TableType") or "EXTERNAL_TABLE",
        "Columns": [_column(column) for column in columns_of(table)],
        "PartitionKeys": [_column(key) for key in partition_keys_of(table)],
        "Parameters": {key: _squashed(key, value) for key, value in parameters.items()},
    }
    created = table.get("CreateTime")
    return {**metadata, "CreateTime": created.timestamp()} if created is not None else metadata


def _squashed(key: str, value: str) -> str:
    """Give a value with one blank for many, as the API shows it; lines and tabs stay, but for the table's comment."""
    return " ".join(value.split()) if key == "comment" else re.sub(" +", " ", value)


def _column(column: GlueDict) -> dict[str, Any]:
    shown = {"Name": column["Name"], "Type": column.get("Type") or ""}
    return {**shown, "Comment": column["Comment"]} if column.get("Comment") else shown
