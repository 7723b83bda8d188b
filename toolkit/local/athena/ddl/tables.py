"""Databases and tables: what CREATE, DROP and ALTER do to the catalogue."""

from __future__ import annotations

import re
import time
from collections.abc import Iterable
from typing import Any

from toolkit.local.athena.catalog import GlueDict, columns_of, is_view, partition_keys_of
from toolkit.local.athena.ddl import statements as st
from toolkit.local.athena.errors import QueryError
from toolkit.local.athena.formats import (
    DEFAULT_SERIALIZATION_FORMAT,
    IGNORE_KEY_OUTPUT,
    OPENX_JSON_SERDE,
    STORED_AS,
    StorageFormat,
    is_known_serde,
)
from toolkit.local.athena.hive_types import hive_text
from toolkit.local.athena.iceberg.catalog import is_iceberg
from toolkit.local.athena.results import Result, done
from toolkit.local.athena.session import Session

EXECUTION_ERROR = "FAILED: Execution Error, return code 1 from org.apache.hadoop.hive.ql.exec.DDLTask."

# Measured on Athena by the authors of athena-local, September 2026.
NOT_FOR_ICEBERG = "Query type not supported by Athena Iceberg at this time"

# Glue's own limit on the bytes of a name.
MAXIMUM_NAME_BYTES = 255


def create_database(statement: st.CreateDatabase, session: Session) -> Result:
    """Create a database in the catalogue."""
    if session.catalog.database(statement.name) is not None:
        if statement.if_not_exists:
            return done()
        raise QueryError(f"{EXECUTION_ERROR} Database {statement.name} already exists")
    database: GlueDict = {"Name": statement.name, "Parameters": dict(statement.properties)}
    if statement.comment is not None:
        database["Description"] = statement.comment
    if statement.location is not None:
        database["LocationUri"] = statement.location
    session.catalog.create_database(database)
    return done()


def drop_database(statement: st.DropDatabase, session: Session) -> Result:
    """Drop a database; one with tables only if CASCADE is said."""
    if session.catalog.database(statement.name) is None:
        if statement.if_exists:
            return done()
        raise _no_database(statement.name)
    if not statement.cascade and session.catalog.tables(statement.name):
        raise QueryError(
            f"{EXECUTION_ERROR} InvalidOperationException(message:Database {statement.name} is not empty. One or more "
            "tables exist.)"
        )
    session.catalog.delete_database(statement.name)
    return done()


def set_database_properties(statement: st.SetDatabaseProperties, session: Session) -> Result:
    """Add to a database's properties."""
    database = session.catalog.database(statement.name)
    if database is None:
        raise _no_database(statement.name)
    database["Parameters"] = {**(database.get("Parameters") or {}), **statement.properties}
    keys = ("Name", "Description", "LocationUri", "Parameters")
    session.catalog.update_database({key: database[key] for key in keys if key in database})
    return done()


def create_table(statement: st.CreateTable, session: Session) -> Result:
    """Create an external table in the catalogue, after all that Athena checks."""
    is_managed = statement.properties.get("table_type", "").upper() == "ICEBERG"
    if is_managed:
        _check_iceberg(statement)
    elif not statement.external:
        raise QueryError("FAILED: SemanticException External keyword required for table type HIVE")
    elif statement.partition_fields:
        raise QueryError(
            f"FAILED: SemanticException Partition column '{statement.partition_fields[0].column}' needs a type; transforms and "
            "columns without a type are for Iceberg tables"
        )
    _check_columns(statement)
    location = checked_location(statement.location)
    storage_format = _storage_format(statement)
    database, name = resolved(statement.table, session)
    if session.catalog.database(database) is None:
        raise _no_database(database)
    if session.catalog.table(database, name) is not None:
        if statement.if_not_exists:
            return done()
        raise QueryError(f"{EXECUTION_ERROR} AlreadyExistsException(message:Table {name} already exist)")
    if is_managed:
        from toolkit.local.athena.iceberg import tables as iceberg

        iceberg.create_table(statement, database, name, session)
        return done()
    parameters = {"EXTERNAL": "TRUE", "transient_lastDdlTime": str(int(time.time()))}
    if statement.comment is not None:
        parameters["comment"] = statement.comment
    session.catalog.create_table(
        database,
        {
            "Name": name,
            "TableType": "EXTERNAL_TABLE",
            "Parameters": {**parameters, **statement.properties},
            "PartitionKeys": [as_glue(column) for column in statement.partition_keys],
            "StorageDescriptor": {
                "Columns": [as_glue(column) for column in statement.columns],
                "Location": location,
                "InputFormat": storage_format.input_format,
                "OutputFormat": storage_format.output_format,
                "SerdeInfo": {
                    "SerializationLibrary": storage_format.serde,
                    "Parameters": {"serialization.format": DEFAULT_SERIALIZATION_FORMAT, **statement.serde_properties},
                },
                "BucketColumns": list(statement.clustered_by),
                "NumberOfBuckets": statement.bucket_count or -1,
                "Compressed": False,
                "StoredAsSubDirectories": False,
                "SortColumns": [],
                "Parameters": {},
            },
        },
    )
    return done()


def drop_table(statement: st.DropTable, session: Session) -> Result:
    """Drop a table from the catalogue; its objects stay, but for those of an Iceberg table."""
    return _drop(statement, session, views=False)


def drop_view(statement: st.DropView, session: Session) -> Result:
    """Drop a view from the catalogue."""
    return _drop(statement, session, views=True)


def add_columns(statement: st.AddColumns, session: Session) -> Result:
    """Append columns to a table."""
    database, table = altered(statement.table, session)
    if statement.refusal and not is_iceberg(table):
        raise QueryError(statement.refusal)
    if statement.partition is not None:
        return _set_partition_columns(database, table, statement.partition, statement.columns, session, adds=True)
    taken = {column["Name"] for column in columns_of(table) + partition_keys_of(table)}
    for column in statement.columns:
        if column.name in taken:
            raise _duplicate(column.name)
        taken.add(column.name)
    if is_iceberg(table):
        from toolkit.local.athena.iceberg import tables as iceberg

        iceberg.add_columns(statement, database, table["Name"], session)
        return done()
    table["StorageDescriptor"]["Columns"] = columns_of(table) + [as_glue(column) for column in statement.columns]
    session.catalog.update_table(database, table)
    return done()


def replace_columns(statement: st.ReplaceColumns, session: Session) -> Result:
    """Put other columns in place of a table's."""
    database, table = altered(statement.table, session)
    if is_iceberg(table):
        raise QueryError(NOT_FOR_ICEBERG, error_type=1200)
    if statement.partition is not None:
        return _set_partition_columns(database, table, statement.partition, statement.columns, session, adds=False)
    _check_unique(column.name for column in statement.columns)
    table["StorageDescriptor"]["Columns"] = [as_glue(column) for column in statement.columns]
    session.catalog.update_table(database, table)
    return done()


def change_column(statement: st.ChangeColumn, session: Session) -> Result:
    """Give one column another name, type or comment."""
    database, table = altered(statement.table, session)
    columns = columns_of(table)
    if statement.old not in {column["Name"] for column in columns}:
        raise QueryError(f"{EXECUTION_ERROR} Invalid column reference {statement.old}")
    changed = [as_glue(statement.new) if column["Name"] == statement.old else column for column in columns]
    if statement.position and not is_iceberg(table):
        changed = _moved(changed, statement)
    _check_unique(column["Name"] for column in changed + partition_keys_of(table))
    if is_iceberg(table):
        from toolkit.local.athena.iceberg import tables as iceberg

        iceberg.change_column(statement, database, table["Name"], session)
        return done()
    table["StorageDescriptor"]["Columns"] = changed
    session.catalog.update_table(database, table)
    return done()


def set_table_properties(statement: st.SetTableProperties, session: Session) -> Result:
    """Add to a table's properties."""
    database, table = altered(statement.table, session)
    if is_iceberg(table):
        from toolkit.local.athena.iceberg import tables as iceberg

        iceberg.set_properties(statement.properties, database, table["Name"], session)
        return done()
    table["Parameters"] = {**(table.get("Parameters") or {}), **statement.properties}
    session.catalog.update_table(database, table)
    return done()


def unset_table_properties(statement: st.UnsetTableProperties, session: Session) -> Result:
    """Remove some of an Iceberg table's properties."""
    from toolkit.local.athena.iceberg import tables as iceberg

    database, table = _altered_iceberg(statement.table, session, "ALTER TABLE UNSET TBLPROPERTIES")
    iceberg.unset_properties(statement.keys, database, table["Name"], session)
    return done()


def drop_column(statement: st.DropColumn, session: Session) -> Result:
    """Drop a column of an Iceberg table."""
    from toolkit.local.athena.iceberg import tables as iceberg

    database, table = _altered_iceberg(statement.table, session, "ALTER TABLE DROP COLUMN")
    iceberg.drop_column(statement, database, table["Name"], session)
    return done()


def rename_table(statement: st.RenameTable, session: Session) -> Result:
    """Give an Iceberg table another name."""
    from toolkit.local.athena.iceberg import tables as iceberg

    database, table = altered(statement.table, session)
    if not is_iceberg(table):
        # What Glue answers, as measured on Athena by the authors of athena-local, September 2026.
        raise QueryError(f"{EXECUTION_ERROR} Table cannot be renamed")
    to_database, to_name = statement.new.database or database, statement.new.name
    if session.catalog.database(to_database) is None:
        raise _no_database(to_database)
    if session.catalog.table(to_database, to_name) is not None:
        raise QueryError(f"{EXECUTION_ERROR} AlreadyExistsException(message:Table {to_name} already exists)")
    iceberg.rename_table(database, table["Name"], to_database, to_name, session)
    return done()


# -- what the other modules of DDL need as well


def resolved(table: st.TableName, session: Session) -> tuple[str, str]:
    """Give the database and the name that a statement means."""
    return table.database or session.database, table.name


def existing(table: st.TableName, session: Session) -> tuple[str, GlueDict]:
    """
    Give the database and the table that a statement names.

    Raises:
        QueryError: there is none.
    """
    database, name = resolved(table, session)
    found = session.catalog.table(database, name)
    if found is None:
        raise QueryError(f"FAILED: SemanticException [Error 10001]: Table not found {database}.{name}")
    return database, found


def altered(table: st.TableName, session: Session) -> tuple[str, GlueDict]:
    """
    Give the database and the table that an ALTER names.

    Raises:
        QueryError: there is none, or it is a view.
    """
    database, found = existing(table, session)
    if is_view(found):
        raise QueryError(
            "FAILED: SemanticException [Error 10131]: To alter a view you need to use the ALTER VIEW command."
        )
    return database, found


def _altered_iceberg(table: st.TableName, session: Session, statement: str) -> tuple[str, GlueDict]:
    # Source: https://docs.aws.amazon.com/athena/latest/ug/unsupported-ddl.html
    database, found = altered(table, session)
    if not is_iceberg(found):
        raise QueryError(
            f"FAILED: SemanticException {statement} is not supported for Hive tables; it is for Iceberg tables alone"
        )
    return database, found


def as_glue(column: st.Column) -> GlueDict:
    """Give a column as the catalogue holds it."""
    glue: dict[str, Any] = {"Name": column.name, "Type": hive_text(column.kind)}
    return glue if column.comment is None else {**glue, "Comment": column.comment}


def _moved(columns: list[GlueDict], statement: st.ChangeColumn) -> list[GlueDict]:
    names = [column["Name"] for column in columns]
    column = columns.pop(names.index(statement.new.name))
    names.remove(statement.new.name)
    if statement.position == "AFTER" and statement.after not in names:
        raise QueryError(f"{EXECUTION_ERROR} Invalid column reference {statement.after}")
    place = names.index(statement.after) + 1 if statement.position == "AFTER" else 0
    return [*columns[:place], column, *columns[place:]]


def _set_partition_columns(
    database: str,
    table: GlueDict,
    spec: st.PartitionSpec,
    columns: tuple[st.Column, ...],
    session: Session,
    *,
    adds: bool,
) -> Result:
    from toolkit.local.athena.ddl.partitions import found_partition

    if is_iceberg(table):
        raise QueryError("FAILED: SemanticException the partitions of Iceberg tables have no columns of their own")
    values, partition = found_partition(table, database, spec, session)
    kept = list(partition["StorageDescriptor"].get("Columns") or []) if adds else []
    new = kept + [as_glue(column) for column in columns]
    _check_unique(column["Name"] for column in new + partition_keys_of(table))
    partition["StorageDescriptor"]["Columns"] = new
    session.catalog.update_partition(database, table["Name"], values, partition)
    return done()


def _drop(statement: st.DropTable | st.DropView, session: Session, *, views: bool) -> Result:
    database, name = resolved(statement.table, session)
    table = session.catalog.table(database, name)
    if table is None:
        if statement.if_exists:
            return done()
        raise QueryError(f"FAILED: SemanticException [Error 10001]: Table not found {database}.{name}")
    if is_view(table) and not views:
        raise QueryError(
            f"FAILED: SemanticException [Error 10125]: Cannot drop a view with DROP TABLE: {database}.{name}"
        )
    if views and not is_view(table):
        raise QueryError(
            f"FAILED: SemanticException [Error 10126]: Cannot drop a base table with DROP VIEW: {database}.{name}"
        )
    if is_iceberg(table):
        from toolkit.local.athena.iceberg import tables as iceberg

        iceberg.drop_table(database, name, session)
    else:
        session.catalog.delete_table(database, name)
    return done()


def _check_iceberg(statement: st.CreateTable) -> None:
    # Source: https://docs.aws.amazon.com/athena/latest/ug/querying-iceberg-creating-tables.html
    if statement.external:
        raise QueryError("FAILED: SemanticException EXTERNAL keyword is not supported for Iceberg tables")
    if statement.partition_keys:
        raise QueryError(
            f"FAILED: SemanticException Partition column '{statement.partition_keys[0].name}' of an Iceberg table takes no "
            "type: it is one of the table's columns"
        )
    if statement.serde or statement.stored_as or statement.input_format or statement.clustered_by:
        raise QueryError("FAILED: SemanticException ROW FORMAT, STORED AS and CLUSTERED BY are not for Iceberg tables")


def _check_columns(statement: st.CreateTable) -> None:
    _check_unique(column.name for column in statement.columns)
    taken = {column.name for column in statement.columns}
    for key in statement.partition_keys:
        if key.name in taken:
            raise QueryError("FAILED: SemanticException [Error 10035]: Column repeated in partitioning columns")
        taken.add(key.name)
        if key.kind.is_nested:
            raise QueryError(
                f"FAILED: SemanticException [Error 10099]: Partition column {key.name} must be of a primitive type"
            )
    for name in (*taken, statement.table.name):
        if len(name.encode()) > MAXIMUM_NAME_BYTES:
            raise QueryError(f"{EXECUTION_ERROR} InvalidInputException: the name {name[:40]}… has more than 255 bytes")
    for bucket in statement.clustered_by:
        if bucket not in taken:
            raise QueryError(f"FAILED: SemanticException [Error 10002]: Invalid column reference {bucket}")


def _check_unique(names: Iterable[str]) -> None:
    seen = set()
    for name in names:
        if name in seen:
            raise _duplicate(name)
        seen.add(name)


def _duplicate(name: str) -> QueryError:
    return QueryError(f"FAILED: SemanticException [Error 10036]: Duplicate column name: {name}")


def _no_database(name: str) -> QueryError:
    return QueryError(f"FAILED: SemanticException [Error 10072]: Database does not exist: {name}")


def checked_location(location: str | None) -> str:
    """
    Give a location as it is.

    Raises:
        QueryError: there is none, or it is no prefix in S3.
    """
    # Source: https://docs.aws.amazon.com/athena/latest/ug/tables-location-format.html
    if location is None:
        raise QueryError(
            "FAILED: SemanticException No location was specified for table. An S3 location must be specified"
        )
    if not re.match(r"s3[an]?://[^/]+", location):
        raise QueryError(
            f"{EXECUTION_ERROR} MetaException(message:{location} is no location in S3: it has to be s3://bucket/prefix/)"
        )
    if "*" in location or "?" in location:
        raise QueryError(f"{EXECUTION_ERROR} MetaException(message:A location takes no wildcard: {location})")
    return location


def _storage_format(statement: st.CreateTable) -> StorageFormat:
    if statement.serde is not None and not is_known_serde(statement.serde):
        raise QueryError(f"{EXECUTION_ERROR} Cannot validate serde: {statement.serde}")
    known = STORED_AS.get(statement.stored_as or "TEXTFILE")
    if known is None:
        raise QueryError(
            f"FAILED: SemanticException Unrecognized file format in STORED AS clause: '{(statement.stored_as or '').lower()}'"
        )
    output_format = known.output_format
    if not statement.stored_as and (statement.serde or "").lower() == OPENX_JSON_SERDE.lower():
        # Athena keeps Hive's older name of the class for this SerDe, and the newer one for OpenCSVSerde.
        output_format = IGNORE_KEY_OUTPUT
    return StorageFormat(
        statement.serde or known.serde,
        statement.input_format or known.input_format,
        statement.output_format or output_format,
    )
