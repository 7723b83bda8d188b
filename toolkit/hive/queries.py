"""
Statements that read one table and write another: CTAS, INSERT INTO, UNLOAD.

Names stand in double quotes here: Athena runs these with Trino's grammar.

Sources: https://docs.aws.amazon.com/athena/latest/ug/create-table-as.html, …/insert-into.html, …/unload.html
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from decimal import Decimal as Number
from math import prod

from toolkit.errors import TableError
from toolkit.hive.casts import cast_expression, timestamp_name
from toolkit.hive.ddl import Partition, PartitionValue, check_table, partition_text
from toolkit.hive.rules import normalise_location
from toolkit.hive.serde import ORC, PARQUET
from toolkit.hive.table import Column, Table, TableName, Transform
from toolkit.hive.text import query_literal, query_name, statement
from toolkit.hive.types import INTEGERS, Array, Decimal, HiveType, Struct, query_type

# A query may write at most so many partitions; where there are buckets, partitions times buckets.
# https://docs.aws.amazon.com/athena/latest/ug/ctas-insert-into.html
MAX_PARTITIONS = 100

_FORMATS = {PARQUET.library: "PARQUET", ORC.library: "ORC"}
_COMPRESSIONS = {
    "PARQUET": ("GZIP", "SNAPPY", "ZSTD", "LZ4", "NONE"),
    "ORC": ("ZLIB", "SNAPPY", "ZSTD", "LZ4", "NONE"),
    "ICEBERG": ("GZIP", "SNAPPY", "ZSTD", "LZ4", "NONE"),
    "AVRO": ("GZIP", "SNAPPY", "ZSTD", "DEFLATE", "NONE"),
    "JSON": ("GZIP", "ZSTD", "DEFLATE", "NONE"),
    "TEXTFILE": ("GZIP", "ZSTD", "DEFLATE", "NONE"),
}


def query_table(table: Table | TableName) -> str:
    """Return ``"database"."table"``, as queries want it."""
    return f"{query_name(table.database)}.{query_name(table.name)}"


def create_table_as_sql(
    source: Table,
    target: Table,
    partitions: Sequence[Partition] = (),
    *,
    compression: str = "",
    bucketed_by: Sequence[str] = (),
    bucket_count: int = 0,
) -> tuple[str, ...]:
    """
    Render the statements that fill the new table *target* from *source*, with the casts that the types ask for.

    The first is ``CREATE TABLE … AS SELECT``, each further one ``INSERT INTO``. A query writes at most 100 partitions:
    *partitions* name those to take, by the keys of *target*, and come in batches; without them one query takes all that
    there is. Of an Iceberg table they are told by its `slices`, each of which may have every bucket. The prefix of *target*
    must be empty, and no work group may enforce its own output location.

    Raises:
        TableError: *target* is neither Parquet, ORC nor Iceberg, a type can't be cast, a partition does not fit, the
            compression does not exist, or buckets are asked for together with more than one batch.
    """
    check_table(target)
    batches = _batches(target, partitions, bucket_count)
    if len(batches) > 1 and bucket_count:
        raise TableError(
            f"table {target.name!r}: INSERT INTO can't write buckets, so at most {MAX_PARTITIONS // bucket_count} partitions "
            f"fit with {bucket_count} buckets, found {len(partitions)}"
        )
    properties = ",\n".join(f"  {item}" for item in _ctas_properties(target, compression, bucketed_by, bucket_count))
    first = f"CREATE TABLE {query_table(target)} WITH (\n{properties}\n) AS\n{select_sql(source, target, batches[0])}"
    return (
        statement(first, what=f"table {target.name!r}"),
        *(_insert(source, target, batch) for batch in batches[1:]),
    )


def insert_sql(source: Table, target: Table, partitions: Sequence[Partition] = ()) -> tuple[str, ...]:
    """
    Render the ``INSERT INTO`` statements that add rows of *source* to the existing *target*, at most 100 partitions each.

    Raises:
        TableError: a type can't be cast, or a partition does not fit the keys of *target*.
    """
    return tuple(_insert(source, target, batch) for batch in _batches(target, partitions, 0))


def replace_rows_sql(source: Table, target: Table, partition: Partition) -> str:
    """
    Render the ``MERGE INTO`` that puts the rows of one *partition* of *source* in the place of those in the Iceberg *target*.

    *target* has the partition keys of *source* as columns, which tell the rows to be replaced. It happens in one snapshot: a
    query sees the old rows or the new ones, and running it again changes nothing.

    Raises:
        TableError: *target* is no Iceberg table or lacks a key, a type can't be cast, or the partition does not fit.

    Source: https://docs.aws.amazon.com/athena/latest/ug/merge-into-statement.html
    """
    if not target.is_iceberg:
        raise TableError(f"table {target.name!r}: MERGE INTO changes Iceberg tables, found {target.serde.library}")
    names, nothing, marks, no_marks, on = [], [], [], [], []
    for column in target.columns:
        names.append(query_name(column.name))
        nothing.append(_column_expression(None, column, is_iceberg=True))
    for key in source.partition_keys:
        given = target.column(key.name)
        if given is None:
            raise TableError(f"table {target.name!r}: expected the partition key {key.name!r} as a column, found none")
        # A blank in the name keeps it apart from every column of a schema.
        mark, kind = query_name(f"replaced {key.name}"), query_type(given.type)
        old = f'"old".{query_name(key.name)}'
        if (value := partition.values.get(key.name)) is None:
            # NULL equals nothing, so that a number stands for it on both sides.
            literal, kind, old = "1", "integer", f"IF({old} IS NULL, 1)"
        else:
            literal = _typed_literal(partition_text(given, value), given.type)
        marks.append(f"CAST({literal} AS {kind}) AS {mark}")
        no_marks.append(f"CAST(NULL AS {kind}) AS {mark}")
        on.append(f'{old} = "new".{mark}')
    rows = select_sql(source, replace(target, partitioning=()))
    where = partition_filter_sql(source, source, [partition])
    first_mark = query_name(f"replaced {source.partition_keys[0].name}")
    values = ", ".join(f'"new".{name}' for name in names)
    # One row that is not among the new ones meets every old row of the partition; new rows meet none.
    return statement(
        f'MERGE INTO {query_table(target)} AS "old"\nUSING (\n'
        f"SELECT *, {', '.join(no_marks)}\nFROM (\n{rows}\nWHERE {where}\n)\n"
        f'UNION ALL\nSELECT {", ".join([*nothing, *marks])}\n) AS "new"\nON {" AND ".join(on)}\n'
        f'WHEN MATCHED THEN DELETE\nWHEN NOT MATCHED AND "new".{first_mark} IS NULL\n'
        f"THEN INSERT ({', '.join(names)})\nVALUES ({values})",
        what=f"table {target.name!r}",
    )


def _insert(source: Table, target: Table, batch: Sequence[Partition]) -> str:
    names = ", ".join(query_name(column.name) for column in (*target.columns, *target.partition_keys))
    text = f"INSERT INTO {query_table(target)} ({names})\n{select_sql(source, target, batch)}"
    return statement(text, what=f"table {target.name!r}")


def _batches(target: Table, partitions: Sequence[Partition], bucket_count: int) -> list[Sequence[Partition]]:
    buckets = max(1, bucket_count) * prod(
        part.argument or 1 for part in target.partitioning if part.function == "bucket"
    )
    size = MAX_PARTITIONS // buckets
    if size < 1 and (partitions or bucket_count):
        raise TableError(
            f"table {target.name!r}: expected at most {MAX_PARTITIONS} buckets, of which one query can write, found {buckets}"
        )
    return [partitions[start : start + size] for start in range(0, len(partitions), size or 1)] or [()]


def select_sql(source: Table, target: Table, partitions: Sequence[Partition] = ()) -> str:
    """
    Render the ``SELECT`` of the columns of *target* from *source*, partition keys last, for *partitions* only.

    A column that *source* lacks is NULL; a partition key that it lacks is an error.
    """
    lines = []
    for column in (*target.columns, *target.partition_keys):
        given = source.column(column.name)
        if given is None and column in target.partition_keys:
            raise _no_such_key(source, target, column)
        expression = _column_expression(given, column, is_iceberg=target.is_iceberg)
        lines.append(f"  {expression} AS {query_name(column.name)}")
    text = "SELECT\n" + ",\n".join(lines) + f"\nFROM {query_table(source)} AS {query_name(_ALIAS)}"
    return f"{text}\nWHERE {partition_filter_sql(source, target, partitions)}" if partitions else text


def slices(target: Table) -> tuple[str, ...]:
    """
    Return by what the rows of *target* are told apart when it is written in batches: its partition keys, or for Iceberg
    its transforms as text, such as ``day(at)``; a bucket's number is known to no query and so is none of them.
    """
    if not target.is_iceberg:
        return tuple(key.name for key in target.partition_keys)
    return tuple(str(part) for part in target.partitioning if part.function != "bucket")


def partitions_sql(source: Table, target: Table) -> str:
    """
    Render the query of the partition values of *target* that *source* has rows for: one text for each of its `slices`.

    Raises:
        TableError: *target* has no partition keys or transforms, or *source* lacks a key as a column.
    """
    shown = [
        f"CAST({expression} AS varchar) AS {query_name(name)}"
        for name, (expression, _) in _slice_expressions(source, target).items()
    ]
    if not shown:
        raise TableError(f"table {target.name!r}: expected partition keys, found none")
    places = ", ".join(str(number) for number in range(1, len(shown) + 1))
    return f"SELECT DISTINCT {', '.join(shown)}\nFROM {query_table(source)} AS {query_name(_ALIAS)}\nORDER BY {places}"


def _slice_expressions(source: Table, target: Table) -> dict[str, tuple[str, Column | None]]:
    """Return the expression over *source* of each of the `slices`, with the partition key that it is, if any."""
    found: dict[str, tuple[str, Column | None]] = {}
    for key in target.partition_keys:
        given = source.column(key.name)
        if given is None:
            raise _no_such_key(source, target, key)
        found[key.name] = _column_expression(given, key), key
    for part in target.partitioning:
        column = target.column(part.column)
        if part.function != "bucket" and column is not None:
            value = _column_expression(source.column(column.name), column, is_iceberg=True)
            found[str(part)] = _transformed(value, column, part), None
    return found


def _transformed(value: str, column: Column, part: Transform) -> str:
    """
    Return *value*, of the type of *column*, as Iceberg's transform *part* puts rows together.

    Source: https://iceberg.apache.org/spec/#partition-transforms
    """
    kind = str(column.type)
    if part.function == "identity":
        return f"to_hex({value})" if kind == "binary" else value
    if part.function != "truncate":
        return f"date_trunc('{part.function}', {value})"
    if kind == "string":
        return f"substr({value}, 1, {part.argument})"
    width = str(part.argument)
    if isinstance(column.type, Decimal):
        # The width counts in units of the last digit.
        width = f"DECIMAL '{Number(part.argument or 1).scaleb(-column.type.scale):f}'"
    # Rounded down to a multiple, below zero as well.
    return f"{value} - mod(mod({value}, {width}) + {width}, {width})"


def _no_such_key(source: Table, target: Table, key: Column) -> TableError:
    return TableError(
        f"table {target.name!r}: the partition key {key.name!r} is no column of {source.database}.{source.name}"
    )


# Every column is qualified, so that no name of a schema can be taken for the table or for a lambda's argument.
_ALIAS = "source"


def _column_expression(given: Column | None, wanted: Column, *, is_iceberg: bool = False) -> str:
    if given is None:
        return f"CAST(NULL AS {query_type(wanted.type, timestamp=timestamp_name(is_iceberg=is_iceberg))})"
    expression = f"{query_name(_ALIAS)}.{query_name(given.name)}"
    return cast_expression(expression, given.type, wanted.type, path=wanted.name, is_iceberg=is_iceberg)


def partition_filter_sql(source: Table, target: Table, partitions: Sequence[Partition]) -> str:
    """
    Render the condition that a row of *source*, known as ``"source"``, is in one of *partitions* of *target*.

    Raises:
        TableError: a partition names other `slices` than *target* has, or *source* lacks one.
    """
    expressions = _slice_expressions(source, target)
    rows = []
    for partition in partitions:
        if set(partition.values) != set(expressions):
            raise TableError(
                f"table {target.name!r}: expected a value for each partition key ({', '.join(expressions) or 'none'}), found "
                f"{', '.join(sorted(partition.values)) or 'none'}"
            )
        rows.append([_equals(*expressions[name], partition.values[name]) for name in expressions])
    if len(expressions) == 1 and not any(literal is None for ((_, literal),) in rows):
        return f"{rows[0][0][0]} IN ({', '.join(str(literal) for ((_, literal),) in rows)})"
    return "\n   OR ".join(
        "("
        + " AND ".join(f"{value} IS NULL" if literal is None else f"{value} = {literal}" for value, literal in row)
        + ")"
        for row in rows
    )


def _equals(expression: str, key: Column | None, value: PartitionValue | None) -> tuple[str, str | None]:
    """Return the expression and the literal that are equal in a partition of that *value*; no literal stands for NULL."""
    if value is None:
        return (expression if key is not None else f"CAST({expression} AS varchar)"), None
    if key is not None:
        # What is compared is what will be written: text may spell one day in several ways.
        return expression, _typed_literal(partition_text(key, value), key.type)
    return f"CAST({expression} AS varchar)", query_literal(str(value))


def _typed_literal(text: str, hive_type: HiveType) -> str:
    kind = str(hive_type)
    if kind in INTEGERS:
        return text
    if kind in ("date", "timestamp"):
        return f"{kind.upper()} {query_literal(text)}"
    return query_literal(text)


def _ctas_properties(target: Table, compression: str, bucketed_by: Sequence[str], bucket_count: int) -> list[str]:
    if not target.location:
        raise TableError(f"table {target.name!r}: expected a location, found none")
    location = query_literal(target.location)
    if target.is_iceberg:
        items = ["table_type = 'ICEBERG'", "is_external = false", f"location = {location}"]
        items.append(f"format = {query_literal(target.parameters.get('format', 'parquet').upper())}")
        if target.partitioning:
            items.append(f"partitioning = {_array(str(transform) for transform in target.partitioning)}")
        kind = "ICEBERG"
    else:
        kind = _FORMATS.get(target.serde.library, "")
        if not kind:
            raise TableError(
                f"table {target.name!r}: CTAS writes Parquet, ORC or Iceberg here, found {target.serde.library}"
            )
        items = [f"format = '{kind}'", f"external_location = {location}"]
        if target.partition_keys:
            items.append(f"partitioned_by = {_array(key.name for key in target.partition_keys)}")
    if bool(bucketed_by) != bool(bucket_count):
        raise TableError(f"table {target.name!r}: bucketed_by and bucket_count go together")
    if bucketed_by:
        names = [column.name for column in target.columns]
        for name in bucketed_by:
            if name not in names or target.is_iceberg:
                raise TableError(f"table {target.name!r}: can't be bucketed by {name!r}")
        items += [f"bucketed_by = {_array(bucketed_by)}", f"bucket_count = {bucket_count}"]
    if compression:
        items.append(f"write_compression = {query_literal(_compression(compression, kind))}")
    return items


def _array(values: Iterable[str]) -> str:
    return f"ARRAY[{', '.join(query_literal(value) for value in values)}]"


def _compression(compression: str, kind: str) -> str:
    if compression.upper() not in _COMPRESSIONS[kind]:
        raise TableError(f"compression {compression!r}: expected one of {', '.join(_COMPRESSIONS[kind])} for {kind}")
    return compression.upper()


def unload_sql(
    source: Table | str,
    location: str,
    *,
    file_format: str = "PARQUET",
    compression: str = "",
    partitioned_by: Sequence[str] = (),
) -> str:
    """
    Render ``UNLOAD``, which writes the rows of *source* as files below the empty prefix *location*.

    *source* is a table, of which every column is taken, or a query of the caller's own. *file_format* is PARQUET, ORC, AVRO,
    JSON or TEXTFILE; *partitioned_by* names columns that then come last.

    Raises:
        TableError: the format, compression or location does not exist, or a partition column is none of the table.
    """
    kind = file_format.upper()
    if kind not in _COMPRESSIONS or kind == "ICEBERG":
        raise TableError(f"format {file_format!r}: expected PARQUET, ORC, AVRO, JSON or TEXTFILE")
    query = source.strip().removesuffix(";") if isinstance(source, str) else _whole_table(source, partitioned_by)
    items = [f"format = '{kind}'"]
    if compression:
        items.append(f"compression = {query_literal(_compression(compression, kind))}")
    if partitioned_by:
        items.append(f"partitioned_by = {_array(partitioned_by)}")
    to = query_literal(normalise_location(location))
    return statement(f"UNLOAD (\n{query}\n)\nTO {to}\nWITH ({', '.join(items)})", what="unload")


def _whole_table(table: Table, partitioned_by: Sequence[str]) -> str:
    names = [column.name for column in (*table.columns, *table.partition_keys)]
    unknown = [name for name in partitioned_by if name not in names]
    if unknown:
        raise TableError(f"table {table.name!r}: expected columns to partition by, found {unknown[0]!r}")
    ordered = [name for name in names if name not in partitioned_by] + list(partitioned_by)
    return f"SELECT {', '.join(query_name(name) for name in ordered)}\nFROM {query_table(table)}"


def unnest_sql(array: str, kind: Array) -> str:
    """
    Return the ``UNNEST`` of the expression *array*, which has one column whatever its elements are; `element_sql` reads it.

    Rows are packed in arrays of one. Unnested as they are, Athena makes one column of them in a query, as its guide has it, and
    Trino one of each field, as does Athena's engine 3 where it makes a view.

    Sources: https://docs.aws.amazon.com/athena/latest/ug/filtering-with-unnest.html,
    https://trino.io/docs/current/sql/select.html#unnest, https://repost.aws/questions/QUXHNVR7hXQYe1hjyDWxpgqA
    """
    return f"UNNEST(transform({array}, e -> ARRAY[e]))" if isinstance(kind.element, Struct) else f"UNNEST({array})"


def element_sql(column: str, kind: Array) -> str:
    """Return the element of an array of type *kind* from the *column* that `unnest_sql` makes."""
    return f"{column}[1]" if isinstance(kind.element, Struct) else column
