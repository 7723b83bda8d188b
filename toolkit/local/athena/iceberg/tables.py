"""
Iceberg tables as DDL makes, changes and shows them.

Source: https://docs.aws.amazon.com/athena/latest/ug/querying-iceberg-creating-tables.html and the pages beside it
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from toolkit.local.athena.ddl import statements as st
from toolkit.local.athena.errors import QueryError
from toolkit.local.athena.hive_types import HiveType, hive_text
from toolkit.local.athena.iceberg.catalog import commit_errors, iceberg_catalog, load
from toolkit.local.athena.iceberg.kinds import hive_type, iceberg_type
from toolkit.local.athena.iceberg.maintenance import files_of
from toolkit.local.athena.session import Session

# The keys that TBLPROPERTIES of an Iceberg table may have; others are refused.
PROPERTIES = frozenset(
    {
        "comment",
        "compression_level",
        "format",
        "format_version",
        "optimize_rewrite_data_file_threshold",
        "optimize_rewrite_delete_file_threshold",
        "optimize_rewrite_max_data_file_size_bytes",
        "optimize_rewrite_min_data_file_size_bytes",
        "table_type",
        "vacuum_max_metadata_files_to_keep",
        "vacuum_max_snapshot_age_seconds",
        "vacuum_min_snapshots_to_keep",
        "write_compression",
        "write_data_path_enabled",
        "write_target_data_file_size_bytes",
    }
)

# Athena's key → Iceberg's own, which other engines follow.
_ICEBERG_KEYS = {
    "format": "write.format.default",
    "format_version": "format-version",
    "write_compression": "write.parquet.compression-codec",
    "compression_level": "write.parquet.compression-level",
    "write_target_data_file_size_bytes": "write.target-file-size-bytes",
}
_ATHENA_KEYS = {value: key for key, value in _ICEBERG_KEYS.items()}
_CODECS = {"none": "uncompressed"}

_TRANSFORM = re.compile(r"(\w+)\s*\(\s*(.+?)\s*\)")
_SUFFIXES = {"bucket": "bucket", "truncate": "trunc", "year": "year", "month": "month", "day": "day", "hour": "hour"}


def schema_of(columns: Iterable[tuple[str, HiveType, str | None]]) -> Any:
    """
    Give the Iceberg schema of columns: name, type, comment.

    Raises:
        QueryError: a type has no place in Iceberg.
    """
    from pyiceberg.schema import Schema
    from pyiceberg.types import NestedField

    listed = list(columns)
    identifiers = itertools.count(len(listed) + 1)
    return Schema(
        *(
            NestedField(number, name, iceberg_type(kind, identifiers), required=False, doc=comment)
            for number, (name, kind, comment) in enumerate(listed, 1)
        )
    )


def partition_spec(fields: Sequence[st.PartitionField], schema: Any) -> Any:
    """
    Give the Iceberg partition spec for the fields of PARTITIONED BY.

    Raises:
        QueryError: a column does not exist, or its type does not go with the transform.
    """
    from pyiceberg import transforms
    from pyiceberg.partitioning import PartitionField, PartitionSpec

    made = []
    for number, field in enumerate(fields):
        source = next((each for each in schema.fields if each.name == field.column), None)
        if source is None:
            raise QueryError(
                f"FAILED: SemanticException Partition column '{field.column}' is not one of the table's columns"
            )
        text = f"{field.transform}[{field.argument}]" if field.argument is not None else field.transform
        try:
            transform = transforms.parse_transform(text)
        except ValueError as error:
            raise QueryError(f"FAILED: SemanticException Unknown partition transform: {field.transform}") from error
        if isinstance(transform, transforms.UnknownTransform):
            raise QueryError(f"FAILED: SemanticException Unknown partition transform: {field.transform}")
        if not transform.can_transform(source.field_type):
            raise QueryError(
                f"FAILED: SemanticException Cannot partition by {field.transform} of column '{field.column}' "
                f"of type {hive_text(hive_type(source.field_type))}"
            )
        suffix = _SUFFIXES.get(field.transform)
        name = f"{field.column}_{suffix}" if suffix else field.column
        made.append(PartitionField(source.field_id, 1000 + number, transform, name))
    return PartitionSpec(*made)


def partition_field(text: str) -> st.PartitionField:
    """
    Read an element of CTAS's ``partitioning``: ``dt``, ``day(ts)``, ``bucket(id, 8)``, ``truncate(name, 4)``.

    Raises:
        QueryError: it is none of these.
    """
    text = text.strip()
    found = _TRANSFORM.fullmatch(text)
    if found is None:
        if not text or re.search(r"[(),]", text):
            raise QueryError(f"INVALID_TABLE_PROPERTY: Invalid partition field declaration: {text}")
        return st.PartitionField("identity", text.strip('"').lower())
    parts = [part.strip().strip('"').lower() for part in found[2].split(",")]
    numbers = [part for part in parts if part.isdigit()]
    names = [part for part in parts if not part.isdigit()]
    if len(names) != 1 or len(numbers) > 1:
        raise QueryError(f"INVALID_TABLE_PROPERTY: Invalid partition field declaration: {text}")
    return st.PartitionField(found[1].lower(), names[0], int(numbers[0]) if numbers else None)


def iceberg_properties(properties: Mapping[str, str]) -> dict[str, str]:
    """
    Give the properties that an Iceberg table keeps, for those that Athena takes.

    Raises:
        QueryError: a key is none of Athena's, or a format can't be written here.
    """
    kept = {}
    for key, value in properties.items():
        name = key.lower()
        if name not in PROPERTIES:
            raise QueryError(f"Unsupported table property key: {key}")
        if name == "format" and value.lower() != "parquet":
            if value.lower() not in ("orc", "avro"):
                raise QueryError(f"FAILED: SemanticException Unsupported file format for Iceberg: {value}")
            raise QueryError(
                f"NOT_SUPPORTED: the local Athena writes Iceberg tables as Parquet, not as {value.upper()}"
            )
        if name == "write_compression":
            value = _CODECS.get(value.lower(), value.lower())
        if name not in ("table_type",):
            kept[_ICEBERG_KEYS.get(name, name)] = value.lower() if name == "format" else value
    return kept


def create_table(statement: st.CreateTable, database: str, name: str, session: Session) -> None:
    """Make an empty Iceberg table of a CREATE TABLE statement."""
    columns = [(column.name, column.kind, column.comment) for column in statement.columns]
    for column, kind, _ in columns:
        _check_declared(column, kind)
    schema = schema_of(columns)
    spec = partition_spec(statement.partition_fields, schema)
    properties = iceberg_properties(statement.properties)
    if statement.comment is not None:
        properties["comment"] = statement.comment
    with commit_errors(f"{database}.{name}"):
        iceberg_catalog(session).create_table(
            (database, name), schema, (statement.location or "").rstrip("/"), spec, properties=properties
        )


def create_with_rows(
    session: Session,
    database: str,
    name: str,
    kinds: Mapping[str, HiveType],
    location: str,
    fields: Sequence[st.PartitionField],
    properties: Mapping[str, str],
    batches: Iterable[Any],
) -> int:
    """Make an Iceberg table with rows, in one commit; gives their number."""
    from toolkit.local.athena.iceberg.writing import append_files, written_files

    schema = schema_of((each, kind, None) for each, kind in kinds.items())
    spec = partition_spec(fields, schema)
    with commit_errors(f"{database}.{name}"):
        transaction = iceberg_catalog(session).create_table_transaction(
            (database, name), schema, location.rstrip("/"), spec, properties=iceberg_properties(properties)
        )
        files, count = written_files(transaction.table_metadata, transaction._table.io, batches)
        append_files(transaction, files)
        transaction.commit_transaction()
    return count


def drop_table(database: str, name: str, session: Session) -> None:
    """Drop an Iceberg table with all its files: Athena manages them."""
    from toolkit.local.athena.iceberg.files import immutable

    try:
        table = load(session, database, name)
        files = set(files_of(table)) | {entry.metadata_file for entry in table.metadata.metadata_log}
        files.add(table.metadata_location)
    except (QueryError, FileNotFoundError):
        files = set()  # they are gone already
    session.catalog.delete_table(database, name)
    for location in files:
        session.storage.delete(immutable(location))


def rename_table(database: str, name: str, to_database: str, to_name: str, session: Session) -> None:
    """Give an Iceberg table another name; its files stay where they are."""
    iceberg_catalog(session).rename_table((database, name), (to_database, to_name))


# -- schema evolution


def add_columns(statement: st.AddColumns, database: str, name: str, session: Session) -> None:
    """Add columns, which are NULL in the rows that are there."""
    table = load(session, database, name)
    with commit_errors(f"{database}.{name}"), table.update_schema(case_sensitive=False) as update:
        for column in statement.columns:
            _check_declared(column.name, column.kind)
            update.add_column(column.name, iceberg_type(column.kind, itertools.count(1)), doc=column.comment)


def drop_column(statement: st.DropColumn, database: str, name: str, session: Session) -> None:
    """Drop a column; its values stay in old snapshots."""
    table = load(session, database, name)
    _check_column(statement.column, table)
    with commit_errors(f"{database}.{name}"), table.update_schema(case_sensitive=False) as update:
        update.delete_column(statement.column)


def change_column(statement: st.ChangeColumn, database: str, name: str, session: Session) -> None:
    """Rename a column, widen its type, set its comment or move it."""
    table = load(session, database, name)
    old, new = statement.old, statement.new
    current = _check_column(old, table)
    kind = iceberg_type(new.kind, itertools.count(1))
    if not current.is_primitive or not kind.is_primitive:
        if hive_text(hive_type(current)) != hive_text(new.kind):
            raise QueryError(f"NOT_SUPPORTED: Cannot change the type of column {old} from {current} to {kind}")
        kind = None
    elif hive_text(hive_type(current)) == hive_text(new.kind):
        kind = None
    elif not _is_promotion(current, kind):
        raise QueryError(
            f"FAILED: SemanticException Cannot change column type: {old}: "
            f"{hive_text(hive_type(current))} -> {hive_text(new.kind)}"
        )
    with commit_errors(f"{database}.{name}"), table.update_schema(case_sensitive=False) as update:
        if kind is not None or new.comment is not None:
            update.update_column(old, field_type=kind, **({"doc": new.comment} if new.comment is not None else {}))
        if statement.position == "FIRST":
            update.move_first(old)
        elif statement.position:
            update.move_after(old, statement.after)
        if new.name != old:
            update.rename_column(old, new.name)


def set_properties(properties: Mapping[str, str], database: str, name: str, session: Session) -> None:
    """Set properties of a table."""
    kept = iceberg_properties(properties)
    with commit_errors(f"{database}.{name}"), load(session, database, name).transaction() as transaction:
        transaction.set_properties(kept)


def unset_properties(keys: Iterable[str], database: str, name: str, session: Session) -> None:
    """Remove properties of a table; those that it does not have are passed over."""
    table = load(session, database, name)
    known = [_ICEBERG_KEYS.get(key.lower(), key) for key in keys]
    present = [key for key in known if key in table.properties]
    with commit_errors(f"{database}.{name}"), table.transaction() as transaction:
        transaction.remove_properties(*present)
    # pyiceberg's catalogue adds properties to Glue's and takes none away. A commit that comes in between must stay.
    while (glue := session.catalog.table(database, name)) is not None:
        glue["Parameters"] = {key: value for key, value in glue["Parameters"].items() if key not in present}
        if session.catalog.update_unchanged_table(database, glue):
            break


def _check_declared(name: str, kind: HiveType) -> None:
    # Source: https://docs.aws.amazon.com/athena/latest/ug/querying-iceberg-supported-data-types.html
    if kind.name in ("tinyint", "smallint", "char", "varchar"):
        raise QueryError(f"FAILED: SemanticException Type not supported for Iceberg: {hive_text(kind)} (column {name})")
    for child in kind.children:
        _check_declared(name, child)


def _check_column(column: str, table: Any) -> Any:
    for field in table.schema().fields:
        if field.name.lower() == column:
            return field.field_type
    raise QueryError(f"FAILED: SemanticException Invalid column reference {column}")


def _is_promotion(old: Any, new: Any) -> bool:
    # Source: https://iceberg.apache.org/spec/#schema-evolution
    pairs = {("int", "long"), ("float", "double")}
    if str(old).startswith("decimal") and str(new).startswith("decimal"):
        return bool(old.scale == new.scale and old.precision <= new.precision)
    return (str(old), str(new)) in pairs


# -- showing


def described_partitions(table: Any) -> list[tuple[str, str, str]]:
    """Give the name, transform and column of each field of a table's partition spec."""
    return [
        (field.name, str(field.transform), table.schema().find_column_name(field.source_id) or "")
        for field in table.spec().fields
    ]


def partition_text(table: Any) -> list[str]:
    """Give the fields of a table's partition spec as PARTITIONED BY has them."""
    texts = []
    for _, transform, column in described_partitions(table):
        quoted = "`" + column.replace("`", "``") + "`"
        name, bracket, number = transform.partition("[")
        if name == "identity":
            texts.append(quoted)
        elif bracket:
            texts.append(f"{name}({number.rstrip(']')}, {quoted})")
        else:
            texts.append(f"{name}({quoted})")
    return texts


def shown_properties(table: Any) -> dict[str, str]:
    """Give the properties of a table as CREATE TABLE takes them."""
    shown = {"table_type": "iceberg", "format": "parquet"}
    for key, value in table.properties.items():
        name = _ATHENA_KEYS.get(key, key)
        if name in PROPERTIES and name not in ("comment", "format_version"):
            shown[name] = value
    return shown
