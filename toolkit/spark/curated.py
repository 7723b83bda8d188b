"""
Events as the rows of a curated table, written as Parquet or Iceberg partitions.

Names and types are those of the table that the same schema makes for Athena, so either engine reads what the other wrote.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING

from toolkit.errors import TableError
from toolkit.hive import (
    Array,
    Column,
    Field,
    HiveType,
    Map,
    Policy,
    Struct,
    TablePlan,
    curated_policy,
    parse_type,
    plan_table,
)
from toolkit.schema import Schema
from toolkit.spark.types import spark_type, struct_type

if TYPE_CHECKING:
    from pyspark.sql import Column as SparkColumn
    from pyspark.sql import DataFrame, SparkSession
    from pyspark.sql.types import DataType

# Read as text and cast afterwards: Spark's JSON reader rounds and is strict about times where its casts are not.
_AS_TEXT = ("date", "timestamp")


def plan_curated(
    schema: Schema, *, database: str, name: str, location: str, partition_key: str = "dt", policy: Policy | None = None
) -> TablePlan:
    """
    Return the curated table for events of *schema*, with one partition key of text, which holds the day.

    Keys are told apart by letter case, as Spark's reader does; ``plan.table`` is what `create_table_sql` makes for Athena. With
    ``curated_policy("iceberg")`` it is a table of Iceberg, whose last column holds the day and parts it.

    Raises:
        TableError: the schema can't become columns, or a name or the location breaks a rule.
    """
    return plan_table(
        schema,
        database=database,
        name=name,
        location=location,
        partition_keys=(Column(partition_key, parse_type("string")),),
        policy=replace(policy or curated_policy(), key_case="sensitive"),
    )


def curated(frame: DataFrame, plan: TablePlan, *, event_time: str = "", column: str = "value") -> DataFrame:
    """
    Return the events of *frame* as rows of ``plan.table``.

    *column* holds valid events as text; see `accepted`. The partition key is the frame's column of that name, as `read_lines` has
    it of a partitioned prefix, so that raw and curated partitions hold the same events. A frame without it is parted by the
    day (UTC) of *event_time*, a column of the table; an event whose time can't be read has the day ``unknown``. A value that
    can't be cast is null, as the losses of the plan say.

    Raises:
        TableError: neither the frame nor the table has a column of the day, or the table has more than one partition key.
    """
    from pyspark.sql import functions

    table = plan.table
    keys_of_days = [key.name for key in table.partition_keys] or [str(part) for part in table.partitioning]
    if len(keys_of_days) != 1 or table.column(keys_of_days[0]) is None:
        raise TableError(
            f"table {table.name!r}: expected one partition key, found {', '.join(keys_of_days) or 'none'}; make the plan by "
            "plan_curated"
        )
    key = keys_of_days[0]
    columns = tuple(each for each in table.columns if each.name != key)
    if key not in frame.columns and table.column(event_time) is None:
        raise TableError(
            f"table {table.name!r}: expected a column {event_time!r} that tells the day, found "
            f"{', '.join(each.name for each in table.columns)}; or read from a prefix with {key}=…/"
        )
    keys = {name: key for key, name in plan.columns.naming.names.items()}
    rows = Struct(tuple(Field(each.name, each.type) for each in columns))
    parsed = functions.from_json(functions.col(column).cast("string"), _read_type(rows, keys))
    whole = parsed.cast(struct_type(replace(table, columns=columns, partition_keys=(), partitioning=()))).alias("event")
    if key in frame.columns:
        return frame.select(whole, functions.col(key).alias("partition")).select(
            "event.*", functions.col("partition").alias(key)
        )
    return frame.select(whole).select("event.*").withColumn(key, _day(functions.col(event_time)))


def _day(time: SparkColumn) -> SparkColumn:
    from pyspark.sql import functions

    day = functions.date_format(
        functions.to_utc_timestamp(time.cast("timestamp"), functions.current_timezone()), "yyyy-MM-dd"
    )
    return functions.coalesce(day, functions.lit("unknown"))


def _read_type(hive_type: HiveType, keys: Mapping[str, str]) -> DataType:
    """Return the type by which events are read: fields have their JSON keys, and what must be cast is text."""
    from pyspark.sql import types

    match hive_type:
        case Struct(fields):
            return types.StructType(
                [types.StructField(keys[each.name], _read_type(each.type, keys)) for each in fields]
            )
        case Array(element):
            return types.ArrayType(_read_type(element, keys))
        case Map(_, value):
            return types.MapType(types.StringType(), _read_type(value, keys))
    kind = str(hive_type)
    if kind in _AS_TEXT or kind.startswith("decimal"):
        return types.StringType()
    return spark_type(hive_type)


def write_partitions(rows: DataFrame, plan: TablePlan, location: str = "") -> None:
    """
    Write *rows* (see `curated`) as Parquet below *location*, the table's own unless given.

    A partition that gets rows is replaced, so a run may be repeated; hand over all events of the days that it touches. Partitions
    are written as ``dt=2026-03-02/``; register them with `repair_table_sql` or `add_partitions_sql`.
    """
    keys = [key.name for key in plan.table.partition_keys]
    (
        rows.repartition(*keys)
        .write.option("partitionOverwriteMode", "dynamic")
        .mode("overwrite")
        .partitionBy(*keys)
        .parquet(location or plan.table.location)
    )


def write_iceberg(rows: DataFrame, table: str) -> None:
    """
    Write *rows* (see `curated`) into the Iceberg *table* (``catalog.database.table``) of the session; a partition that gets rows
    is replaced, so a run may be repeated.

    The table is there already, made by `create_table_sql` or by Spark. The session needs Iceberg's runtime and a catalogue, as
    EMR, Glue and Athena's Spark have them. Times are written in UTC, as Athena's ``timestamp``, which has no zone, wants them,
    whatever the zone of the session.
    """
    # Spark casts its own timestamps to those without a zone by the zone of the session, when the write is planned.
    with _zone_of_session(rows.sparkSession, "UTC"):
        rows.writeTo(table).overwritePartitions()


@contextmanager
def _zone_of_session(spark: SparkSession, zone: str) -> Iterator[None]:
    name = "spark.sql.session.timeZone"
    before = spark.conf.get(name)
    spark.conf.set(name, zone)
    try:
        yield
    finally:
        spark.conf.set(name, before)
