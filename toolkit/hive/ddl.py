"""
Statements that create, change and drop databases, tables and partitions, as text in Hive's grammar.

Every name stands in backticks and every literal is escaped (:mod:`toolkit.hive.text`). Statements carry no final
semicolon: the API takes one statement a call, and Hive's parser refuses it.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from toolkit.errors import TableError
from toolkit.hive.iceberg import ICEBERG_PROPERTIES
from toolkit.hive.projection import check_projection
from toolkit.hive.rules import Properties, check_name, is_day, normalise_location
from toolkit.hive.serde import ION, LAZY_SIMPLE, ORC, PARQUET, Serde
from toolkit.hive.table import Column, Table, TableName, Transform
from toolkit.hive.text import hive_literal, hive_name, statement
from toolkit.hive.types import INTEGERS, HiveType, Primitive, Struct, Text, render_type, walk_types

_STORED_AS = {"PARQUET": PARQUET, "ORC": ORC, "ION": ION}

PartitionValue = str | int | datetime.date


@dataclass(frozen=True, slots=True)
class Partition:
    """
    One partition: a value for each partition key, and the location where that does not follow from them.

    A value of None is NULL; queries can ask for it, and no statement of DDL can name it.
    """

    values: Mapping[str, PartitionValue | None]
    location: str = ""

    def __post_init__(self) -> None:
        if self.location:
            object.__setattr__(self, "location", normalise_location(self.location))


def qualified_name(table: Table | TableName) -> str:
    """Return ```database`.`table```, as DDL wants it."""
    return f"{hive_name(table.database)}.{hive_name(table.name)}"


def create_database_sql(name: str, *, if_not_exists: bool = True, comment: str = "", location: str = "") -> str:
    """
    Render ``CREATE DATABASE``.

    Raises:
        TableError: the name is not plain, or the location is none.

    Source: https://docs.aws.amazon.com/athena/latest/ug/create-database.html
    """
    parts = ["CREATE DATABASE", "IF NOT EXISTS"] if if_not_exists else ["CREATE DATABASE"]
    parts.append(hive_name(check_name(name, what="database name")))
    if comment:
        parts.append(f"COMMENT {hive_literal(comment)}")
    if location:
        parts.append(f"LOCATION {hive_literal(normalise_location(location))}")
    return statement(" ".join(parts), what=f"database {name!r}")


def drop_database_sql(name: str, *, if_exists: bool = True, cascade: bool = False) -> str:
    """Render ``DROP DATABASE``; with *cascade* its tables go too, their data stays."""
    exists = "IF EXISTS " if if_exists else ""
    return f"DROP DATABASE {exists}{hive_name(TableName(name, '_').database)}{' CASCADE' if cascade else ''}"


def create_table_sql(table: Table, *, if_not_exists: bool = True) -> str:
    """
    Render the ``CREATE EXTERNAL TABLE`` statement of *table*, or ``CREATE TABLE`` for Iceberg.

    The text is HiveQL: backtick quotes, lower-case names, no final semicolon. Columns keep their order; partition keys
    appear in ``PARTITIONED BY`` alone. ``IF NOT EXISTS`` silently keeps an older, different table: compare first.

    Raises:
        TableError: a name is not plain (letters, digits, ``_``), the location is missing, the projection is incomplete,
            an Iceberg table has a type or property that Athena does not take there, or the text is too long.

    Source: https://docs.aws.amazon.com/athena/latest/ug/create-table.html
    """
    check_table(table)
    create = "CREATE TABLE" if table.is_iceberg else "CREATE EXTERNAL TABLE"
    exists = "IF NOT EXISTS " if if_not_exists else ""
    lines = [f"{create} {exists}{qualified_name(table)} (", *_column_lines(table.columns), ")"]
    if table.description:
        lines.append(f"COMMENT {hive_literal(table.description)}")
    if table.partition_keys:
        lines += ["PARTITIONED BY (", *_column_lines(table.partition_keys), ")"]
    if table.partitioning:
        lines += ["PARTITIONED BY (", ",\n".join(f"  {_transform(part)}" for part in table.partitioning), ")"]
    if not table.is_iceberg:
        lines += _format_lines(table.serde)
    lines.append(f"LOCATION {hive_literal(table.location)}")
    if table.parameters:
        lines += ["TBLPROPERTIES (", *_property_lines(table.parameters), ")"]
    return statement("\n".join(lines), what=f"table {table.name!r}")


def check_table(table: Table) -> None:
    """
    Check that *table* can be created.

    Raises:
        TableError: see :func:`create_table_sql`.
    """
    check_name(table.database, what="database name")
    check_name(table.name, what="table name")
    for column in (*table.columns, *table.partition_keys):
        check_name(column.name, what=f"table {table.name!r}: column name")
        for path, part in walk_types(column.type, (column.name,)):
            if isinstance(part, Struct):
                for inner in part.fields:
                    check_name(inner.name, what=f"table {table.name!r}: {'.'.join(path)}: field name")
    if not table.location:
        raise TableError(f"table {table.name!r}: expected a location, found none")
    if table.is_iceberg:
        _check_iceberg(table)
    check_projection(table)


def _check_iceberg(table: Table) -> None:
    unknown = sorted(set(table.parameters) - ICEBERG_PROPERTIES)
    if unknown:
        raise TableError(
            f"table {table.name!r}: Athena takes no property {unknown[0]!r} for Iceberg; expected one of "
            f"{', '.join(sorted(ICEBERG_PROPERTIES))}"
        )
    if table.description:
        raise TableError(f"table {table.name!r}: Athena's statement for Iceberg has no table comment; leave it empty")
    for column in table.columns:
        for path, part in walk_types(column.type, (column.name,)):
            if not _iceberg_knows(part):
                raise TableError(f"table {table.name!r}: {'.'.join(path)}: Iceberg has no type {part}")


def _iceberg_knows(hive_type: HiveType) -> bool:
    return not isinstance(hive_type, Text) and hive_type not in (Primitive("tinyint"), Primitive("smallint"))


def _column_lines(columns: Sequence[Column]) -> list[str]:
    return [",\n".join(f"  {column_sql(column)}" for column in columns)]


def column_sql(column: Column) -> str:
    """Return ```name` type COMMENT 'text'``, as a list of columns wants it."""
    comment = f" COMMENT {hive_literal(column.comment)}" if column.comment else ""
    return f"{hive_name(column.name)} {render_type(column.type, quoted=True)}{comment}"


def _property_lines(properties: Mapping[str, str]) -> list[str]:
    return [",\n".join(f"  {hive_literal(key)} = {hive_literal(value)}" for key, value in properties.items())]


def _transform(transform: Transform) -> str:
    column = hive_name(transform.column)
    if transform.function == "identity":
        return column
    return str(replace(transform, column=column))


def _format_lines(serde: Serde) -> list[str]:
    bare = replace(serde, properties=Properties())
    stored_as = next((name for name, known in _STORED_AS.items() if known == bare), "")
    if stored_as and not serde.properties:
        return [f"STORED AS {stored_as}"]
    lines = [f"ROW FORMAT SERDE {hive_literal(serde.library)}"]
    if serde.properties:
        lines += ["WITH SERDEPROPERTIES (", *_property_lines(serde.properties), ")"]
    if (serde.input_format, serde.output_format) == (LAZY_SIMPLE.input_format, LAZY_SIMPLE.output_format):
        return [*lines, "STORED AS TEXTFILE"]
    return [
        *lines,
        f"STORED AS INPUTFORMAT {hive_literal(serde.input_format)}",
        f"OUTPUTFORMAT {hive_literal(serde.output_format)}",
    ]


def drop_table_sql(table: Table | TableName, *, if_exists: bool = True) -> str:
    """Render ``DROP TABLE``; the data of an external table stays, that of an Iceberg table goes."""
    return f"DROP TABLE {'IF EXISTS ' if if_exists else ''}{qualified_name(table)}"


def repair_table_sql(table: Table | TableName) -> str:
    """
    Render ``MSCK REPAIR TABLE``, which registers the partitions that lie as ``k=v/`` under the location.

    It adds and never removes, wants lower-case paths, and passes silently over values with a colon.

    Source: https://docs.aws.amazon.com/athena/latest/ug/msck-repair-table.html
    """
    return f"MSCK REPAIR TABLE {qualified_name(table)}"


def add_partitions_sql(table: Table, partitions: Iterable[Partition], *, if_not_exists: bool = True) -> str:
    """
    Render ``ALTER TABLE … ADD PARTITION``, one clause for each of *partitions*.

    Raises:
        TableError: a partition names other keys than the table, a value does not fit the key's type, there is no
            partition, or the text is too long (hand over fewer at a time).

    Source: https://docs.aws.amazon.com/athena/latest/ug/alter-table-add-partition.html
    """
    clauses = [
        partition_spec(table, partition.values)
        + (f" LOCATION {hive_literal(partition.location)}" if partition.location else "")
        for partition in partitions
    ]
    if not clauses:
        raise TableError(f"table {table.name!r}: expected at least one partition to add")
    exists = " IF NOT EXISTS" if if_not_exists else ""
    return statement(
        "\n  ".join([f"ALTER TABLE {qualified_name(table)} ADD{exists}", *clauses]), what=f"table {table.name!r}"
    )


def drop_partitions_sql(table: Table, partitions: Iterable[Partition], *, if_exists: bool = True) -> str:
    """
    Render ``ALTER TABLE … DROP PARTITION``; the objects stay where they are.

    Raises:
        TableError: as :func:`add_partitions_sql`.

    Source: https://docs.aws.amazon.com/athena/latest/ug/alter-table-drop-partition.html
    """
    clauses = [partition_spec(table, partition.values) for partition in partitions]
    if not clauses:
        raise TableError(f"table {table.name!r}: expected at least one partition to drop")
    exists = " IF EXISTS" if if_exists else ""
    return statement(
        f"ALTER TABLE {qualified_name(table)} DROP{exists}\n  " + ",\n  ".join(clauses), what=f"table {table.name!r}"
    )


def set_partition_location_sql(table: Table, partition: Partition) -> str:
    """
    Render ``ALTER TABLE … SET LOCATION`` for one *partition*, which leads to its location from then on.

    Raises:
        TableError: the partition has no location, or as :func:`add_partitions_sql`.

    Source: https://docs.aws.amazon.com/athena/latest/ug/alter-table-set-location.html
    """
    if not partition.location:
        raise TableError(f"table {table.name!r}: expected a partition with a location, found none")
    spec = partition_spec(table, partition.values)
    text = f"ALTER TABLE {qualified_name(table)} {spec} SET LOCATION {hive_literal(partition.location)}"
    return statement(text, what=f"table {table.name!r}")


def partition_spec(table: Table, values: Mapping[str, PartitionValue | None]) -> str:
    """Return ``PARTITION (`k` = 'v', …)`` in the order of the table's keys."""
    expected = [key.name for key in table.partition_keys]
    if set(values) != set(expected):
        raise TableError(
            f"table {table.name!r}: expected a value for each partition key ({', '.join(expected) or 'none'}), "
            f"found {', '.join(sorted(values)) or 'none'}"
        )
    rendered = ", ".join(
        f"{hive_name(key.name)} = {_partition_value(key, values[key.name])}" for key in table.partition_keys
    )
    return f"PARTITION ({rendered})"


def _partition_value(key: Column, value: PartitionValue | None) -> str:
    text = partition_text(key, value)
    return text if isinstance(value, int) else hive_literal(text)


def partition_text(key: Column, value: PartitionValue | None) -> str:
    """
    Return *value* as it stands in the catalogue and in the path.

    Raises:
        TableError: the value does not fit the type of *key*, or is empty.
    """
    where = f"partition key {key.name!r} {key.type}"
    if isinstance(value, bool) or not isinstance(value, str | int | datetime.date):
        raise TableError(f"{where}: expected text, an integer or a date, found {type(value).__name__}")
    text = value.isoformat() if isinstance(value, datetime.date) else str(value)
    if not text:
        raise TableError(f"{where}: expected a value, found an empty text")
    kind = str(key.type)
    if kind in INTEGERS and not _is_integer(text):
        raise TableError(f"{where}: expected an integer, found {text!r}")
    if kind == "date" and not is_day(text):
        raise TableError(f"{where}: expected YYYY-MM-DD, found {text!r}")
    return text


def _is_integer(text: str) -> bool:
    digits = text.removeprefix("-")
    return digits.isascii() and digits.isdigit()
