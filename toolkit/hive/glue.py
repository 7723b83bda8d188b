"""
Tables as Glue holds them: ``TableInput`` for CreateTable and UpdateTable, and back from GetTable's answer.

Source: https://docs.aws.amazon.com/glue/latest/dg/aws-glue-api-catalog-tables.html
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from toolkit.errors import TableError
from toolkit.hive.ddl import check_table
from toolkit.hive.iceberg import iceberg_partitioning, iceberg_properties
from toolkit.hive.rules import Properties
from toolkit.hive.serde import ICEBERG, Serde
from toolkit.hive.table import Column, Table, Transform
from toolkit.hive.types import parse_type, render_type

# What Hive, Athena and crawlers add on their own; none of it is part of what was declared.
_ADDED_PARAMETERS = frozenset(
    [
        "EXTERNAL",
        "transient_lastDdlTime",
        "last_modified_by",
        "last_modified_time",
        "numFiles",
        "numRows",
        "rawDataSize",
        "totalSize",
        "COLUMN_STATS_ACCURATE",
        "metadata_location",
        "previous_metadata_location",
    ]
)
# Hive writes this into every SerDe that has no delimiters of its own.
_ADDED_SERDE_PROPERTY = ("serialization.format", "1")


def table_input(table: Table) -> dict[str, Any]:
    """
    Return the Glue ``TableInput`` that makes the same table as :func:`create_table_sql`.

    For an Iceberg table it is to be sent with ``OpenTableFormatInput={"IcebergInput": {"MetadataOperation": "CREATE"}}``.

    Raises:
        TableError: as :func:`create_table_sql`; also an Iceberg table with partition transforms, which only its statement
            can create.
    """
    check_table(table)
    if table.partitioning:
        raise TableError(
            f"table {table.name!r}: Glue's TableInput can't carry partition transforms; create the table by its statement"
        )
    storage: dict[str, Any] = {
        "Columns": [_column_input(column) for column in table.columns],
        "Location": table.location,
    }
    if not table.is_iceberg:
        key, value = _ADDED_SERDE_PROPERTY
        storage |= {
            "InputFormat": table.serde.input_format,
            "OutputFormat": table.serde.output_format,
            "SerdeInfo": {
                "SerializationLibrary": table.serde.library,
                "Parameters": {key: value} | dict(table.serde.properties),
            },
        }
    return {
        "Name": table.name,
        # Without the type, SHOW CREATE TABLE and MSCK REPAIR TABLE fail.
        "TableType": "EXTERNAL_TABLE",
        # Hive keeps a table's comment among its parameters, where Athena's SHOW CREATE TABLE looks for it.
        "Parameters": {"EXTERNAL": "TRUE"}
        | ({"comment": table.description} if table.description else {})
        | dict(table.parameters),
        # Queries fail where the list is absent, even if there are no keys.
        "PartitionKeys": [_column_input(key) for key in table.partition_keys],
        "StorageDescriptor": storage,
    }


def _column_input(column: Column) -> dict[str, str]:
    described = {"Name": column.name, "Type": render_type(column.type)}
    return described | ({"Comment": column.comment} if column.comment else {})


def table_from_glue(
    answer: Mapping[str, Any], *, database: str = "", iceberg_metadata: Mapping[str, Any] | None = None
) -> Table:
    """
    Return the table that Glue's *answer* describes: the ``Table`` of GetTable, or a ``TableInput`` with *database*.

    What Hive and crawlers add by themselves (times, statistics, ``serialization.format``) is left out, so that the result
    equals the table that was created. Of an Iceberg table Glue knows the columns alone; its partitioning and properties come
    from *iceberg_metadata*, the decoded document at :func:`iceberg_metadata_location`.

    Raises:
        TableError: the answer describes a view, has no columns, or holds a type that is none of Hive's.
    """
    name = str(answer.get("Name", ""))
    if answer.get("TableType") == "VIRTUAL_VIEW":
        raise TableError(f"table {name!r}: expected a table, found a view")
    storage = answer.get("StorageDescriptor") or {}
    parameters = declared_parameters(answer.get("Parameters"))
    is_iceberg = parameters.get("table_type", "").upper() == "ICEBERG"
    partitioning: tuple[Transform, ...] = ()
    if is_iceberg:
        metadata = iceberg_metadata or {"properties": parameters}
        parameters, partitioning = iceberg_properties(metadata), iceberg_partitioning(metadata)
    return Table(
        database=str(answer.get("DatabaseName") or database),
        name=name,
        columns=_columns(storage.get("Columns")),
        partition_keys=_columns(answer.get("PartitionKeys")),
        serde=ICEBERG if is_iceberg else _serde(storage),
        location=str(storage.get("Location") or ""),
        parameters=parameters,
        description=parameters.get("comment") or str(answer.get("Description") or ""),
        partitioning=partitioning,
    )


def iceberg_metadata_location(answer: Mapping[str, Any]) -> str:
    """Return where Glue's *answer* says that the metadata of an Iceberg table lies, "" for any other table."""
    parameters = answer.get("Parameters") or {}
    if str(parameters.get("table_type", "")).upper() != "ICEBERG":
        return ""
    return str(parameters.get("metadata_location", ""))


def _columns(described: Sequence[Mapping[str, Any]] | None) -> tuple[Column, ...]:
    return tuple(
        Column(
            str(column["Name"]),
            parse_type(str(column.get("Type") or "string")),
            declared_comment(str(column.get("Comment") or "")),
        )
        for column in described or ()
        # Iceberg leaves columns in Glue that the table has no longer.
        if (column.get("Parameters") or {}).get("iceberg.field.current") != "false"
    )


def _serde(storage: Mapping[str, Any]) -> Serde:
    info = storage.get("SerdeInfo") or {}
    return Serde(
        library=str(info.get("SerializationLibrary") or ""),
        input_format=str(storage.get("InputFormat") or ""),
        output_format=str(storage.get("OutputFormat") or ""),
        properties=declared_serde_properties(info.get("Parameters")),
    )


def declared_parameters(parameters: Mapping[str, str] | None) -> Properties:
    """Return *parameters* without those that Hive, Athena and crawlers add."""
    return Properties({key: value for key, value in (parameters or {}).items() if key not in _ADDED_PARAMETERS})


def declared_serde_properties(properties: Mapping[str, str] | None) -> Properties:
    """Return *properties* without the one that Hive adds to every SerDe, and ``SHOW CREATE TABLE`` prints for some."""
    return Properties(
        {key: value for key, value in (properties or {}).items() if (key, value) != _ADDED_SERDE_PROPERTY}
    )


def declared_comment(comment: str) -> str:
    """Return *comment*, empty where Hive wrote its own placeholder for a SerDe that keeps none."""
    return "" if comment == "from deserializer" else comment
