"""The Glue Data Catalog, as the engine asks it: databases, tables and partitions in the API's own shapes."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import suppress
from typing import Any, Protocol, TypeVar

from toolkit.local.athena.errors import QueryError

GlueDict = dict[str, Any]
Found = TypeVar("Found")

# What GetTable gives back and TableInput takes.
# Source: https://docs.aws.amazon.com/glue/latest/webapi/API_TableInput.html
TABLE_INPUT_KEYS = (
    "Name",
    "Description",
    "Owner",
    "Retention",
    "StorageDescriptor",
    "PartitionKeys",
    "ViewOriginalText",
    "ViewExpandedText",
    "TableType",
    "Parameters",
)
PARTITION_INPUT_KEYS = ("Values", "StorageDescriptor", "Parameters")

# How often a statement looks anew at a catalogue that others change between its look and its change.
_MOST_OVERTAKEN = 5

# Of BatchCreatePartition and BatchDeletePartition.
MAXIMUM_CREATED = 100
MAXIMUM_DELETED = 25


class BeyondBounds(QueryError):
    """What a statement puts into the catalogue is longer than the catalogue takes; ``message`` is its own."""

    def __init__(self, message: str) -> None:
        service = "(Service: AWSGlue; Status Code: 400; Error Code: ValidationException)"
        super().__init__(f"HIVE_METASTORE_ERROR: {message} {service}")
        self.message = message


class Overtaken(QueryError):
    """What a statement has looked for in the catalogue was made or dropped meanwhile: whoever looks again knows what to do."""

    def __init__(self, message: str, code: str) -> None:
        super().__init__(f"HIVE_METASTORE_ERROR: {message} (Service: AWSGlue; Status Code: 400; Error Code: {code})")


def looking_anew(run: Callable[[], Found]) -> Found:
    """Give what *run* gives, which looks at the catalogue and changes it: again where others change it in between."""
    for _ in range(_MOST_OVERTAKEN):
        with suppress(Overtaken):
            return run()
    return run()


class DirectTables(Protocol):
    """A shorter way to the tables, where the catalogue is in this process: a request takes longer than a short query."""

    def table(self, database: str, name: str) -> GlueDict | None:
        """Give a table as GetTable does, if there is one; it is the caller's own."""

    def stamp(self, database: str, name: str) -> object:
        """Give what equals an earlier stamp as long as neither the table nor its partitions have changed; None without it."""

    def partitions(self, database: str, table: str) -> list[GlueDict] | None:
        """Give a table's partitions as GetPartitions does, not to be changed; None if there is no such table."""


class Catalog:
    """The catalogue behind a Glue client."""

    def __init__(self, glue: Any, direct: DirectTables | None = None) -> None:
        self.glue = glue
        self._direct = direct

    def databases(self) -> list[GlueDict]:
        """All databases."""
        return list(self._pages("get_databases", "DatabaseList"))

    def database(self, name: str) -> GlueDict | None:
        """Find the database of that name."""
        found: GlueDict | None = self._one("get_database", "Database", Name=name)
        return found

    def create_database(self, database: Mapping[str, Any]) -> None:
        """Create a database from a DatabaseInput."""
        self._call("create_database", DatabaseInput=dict(database))

    def update_database(self, database: Mapping[str, Any]) -> None:
        """Replace a database by a DatabaseInput of its name."""
        self._call("update_database", Name=database["Name"], DatabaseInput=dict(database))

    def delete_database(self, name: str) -> None:
        """Delete a database and the tables in it."""
        self._call("delete_database", Name=name)

    def tables(self, database: str) -> list[GlueDict]:
        """All tables and views of a database, by name."""
        return sorted(self._pages("get_tables", "TableList", DatabaseName=database), key=lambda table: table["Name"])

    def table(self, database: str, name: str) -> GlueDict | None:
        """Find the table or view of that name."""
        if self._direct is not None:
            return self._direct.table(database, name)
        return self._one("get_table", "Table", DatabaseName=database, Name=name)

    def stamp(self, database: str, name: str) -> object:
        """Give what equals an earlier stamp as long as neither the table nor its partitions have changed; None if unknown."""
        return None if self._direct is None else self._direct.stamp(database, name)

    def create_table(self, database: str, table: Mapping[str, Any]) -> None:
        """Create a table from a TableInput."""
        self._call("create_table", DatabaseName=database, TableInput=dict(table))

    def update_table(self, database: str, table: Mapping[str, Any]) -> None:
        """Replace a table by what GetTable gave and the caller changed."""
        self._call("update_table", DatabaseName=database, TableInput=_only(table, TABLE_INPUT_KEYS))

    def update_unchanged_table(self, database: str, table: Mapping[str, Any]) -> bool:
        """Do what ``update_table`` does if the table is still what GetTable gave; tells whether it was."""
        try:
            self._call(
                "update_table",
                DatabaseName=database,
                TableInput=_only(table, TABLE_INPUT_KEYS),
                VersionId=table["VersionId"],
            )
        except self.glue.exceptions.ConcurrentModificationException:
            return False
        return True

    def delete_table(self, database: str, name: str) -> None:
        """Delete a table; its objects stay."""
        self._call("delete_table", DatabaseName=database, Name=name)

    def partitions(self, database: str, table: str) -> list[GlueDict]:
        """All partitions of a table, not to be changed."""
        if self._direct is not None and (found := self._direct.partitions(database, table)) is not None:
            return found
        return list(self._pages("get_partitions", "Partitions", DatabaseName=database, TableName=table))

    def partition(self, database: str, table: str, values: list[str]) -> GlueDict | None:
        """Find the partition of these values."""
        return self._one("get_partition", "Partition", DatabaseName=database, TableName=table, PartitionValues=values)

    def create_partitions(self, database: str, table: str, partitions: Iterable[GlueDict]) -> None:
        """Create partitions from PartitionInputs."""
        inputs = list(partitions)
        for start in range(0, len(inputs), MAXIMUM_CREATED):
            self._call(
                "batch_create_partition",
                DatabaseName=database,
                TableName=table,
                PartitionInputList=inputs[start : start + MAXIMUM_CREATED],
            )

    def update_partition(self, database: str, table: str, values: list[str], partition: GlueDict) -> None:
        """Replace the partition of these values."""
        self._call(
            "update_partition",
            DatabaseName=database,
            TableName=table,
            PartitionValueList=values,
            PartitionInput=_only(partition, PARTITION_INPUT_KEYS),
        )

    def delete_partitions(self, database: str, table: str, values: Iterable[list[str]]) -> None:
        """Delete the partitions of these values."""
        doomed = [{"Values": each} for each in values]
        for start in range(0, len(doomed), MAXIMUM_DELETED):
            self._call(
                "batch_delete_partition",
                DatabaseName=database,
                TableName=table,
                PartitionsToDelete=doomed[start : start + MAXIMUM_DELETED],
            )

    def _call(self, operation: str, **arguments: Any) -> GlueDict:
        known = self.glue.exceptions
        try:
            answer: GlueDict = getattr(self.glue, operation)(**arguments)
        except known.ValidationException as error:
            raise BeyondBounds(error.response["Error"]["Message"]) from error
        except (known.AlreadyExistsException, known.EntityNotFoundException) as error:
            raise Overtaken(error.response["Error"]["Message"], error.response["Error"]["Code"]) from error
        return answer

    def _pages(self, operation: str, key: str, **arguments: Any) -> Iterator[GlueDict]:
        answer = self._call(operation, **arguments)
        yield from answer[key]
        while token := answer.get("NextToken"):
            answer = self._call(operation, NextToken=token, **arguments)
            yield from answer[key]

    def _one(self, operation: str, key: str, **arguments: Any) -> GlueDict | None:
        try:
            found: GlueDict = self._call(operation, **arguments)[key]
        except Overtaken:
            return None
        return found


def columns_of(table: GlueDict) -> list[GlueDict]:
    """Give the columns of a table without its partition keys; those that an Iceberg table has no more are left out."""
    columns = (table.get("StorageDescriptor") or {}).get("Columns") or []
    return [each for each in columns if (each.get("Parameters") or {}).get("iceberg.field.current") != "false"]


def partition_keys_of(table: GlueDict) -> list[GlueDict]:
    """Give the partition keys of a table."""
    return list(table.get("PartitionKeys") or [])


def is_view(table: GlueDict) -> bool:
    """Tell whether a table of the catalogue is a view."""
    return bool(table.get("TableType") == "VIRTUAL_VIEW")


def _only(whole: Mapping[str, Any], keys: Iterable[str]) -> dict[str, Any]:
    return {key: whole[key] for key in keys if key in whole}
