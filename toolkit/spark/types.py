"""Hive's types as Spark's, and back."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from toolkit.hive import Array, Column, Decimal, Field, HiveType, Map, Primitive, Struct, Table, Text, parse_type

if TYPE_CHECKING:
    from pyspark.sql.types import DataType, StructType


def struct_type(table: Table) -> StructType:
    """Return the Spark schema of a table: its columns, then its partition keys, all nullable as in Athena."""
    from pyspark.sql.types import StructField, StructType

    return StructType(
        [StructField(column.name, spark_type(column.type)) for column in (*table.columns, *table.partition_keys)]
    )


def spark_type(hive_type: HiveType) -> DataType:
    """
    Return Spark's type for a Hive type.

    Source: https://spark.apache.org/docs/latest/sql-ref-datatypes.html
    """
    from pyspark.sql import types

    plain: dict[str, Any] = {
        "boolean": types.BooleanType,
        "tinyint": types.ByteType,
        "smallint": types.ShortType,
        "int": types.IntegerType,
        "bigint": types.LongType,
        "float": types.FloatType,
        "double": types.DoubleType,
        "string": types.StringType,
        "binary": types.BinaryType,
        "date": types.DateType,
        "timestamp": types.TimestampType,
    }
    match hive_type:
        case Primitive(name):
            made: DataType = plain[name]()
            return made
        case Decimal(precision, scale):
            return types.DecimalType(precision, scale)
        case Text():
            # Spark holds varchar and char as strings and cuts nothing.
            return types.StringType()
        case Array(element):
            return types.ArrayType(spark_type(element))
        case Map(key, value):
            return types.MapType(spark_type(key), spark_type(value))
        case Struct(fields):
            return types.StructType([types.StructField(field.name, spark_type(field.type)) for field in fields])


def hive_type(spark_type: DataType) -> HiveType:
    """
    Return the Hive type that holds what *spark_type* holds.

    Raises:
        TableError: Hive has none, such as for an interval.
    """
    from pyspark.sql import types

    match spark_type:
        case types.DecimalType():
            return Decimal(spark_type.precision, spark_type.scale)
        case types.ArrayType():
            return Array(hive_type(spark_type.elementType))
        case types.MapType():
            return Map(hive_type(spark_type.keyType), hive_type(spark_type.valueType))
        case types.StructType():
            return Struct(tuple(Field(field.name, hive_type(field.dataType)) for field in spark_type.fields))
        case types.VarcharType() | types.CharType():
            return Text("varchar" if isinstance(spark_type, types.VarcharType) else "char", spark_type.length)
        case types.TimestampNTZType():
            return Primitive("timestamp")
    # Spark's own short names are Hive's, so for all that is left.
    return parse_type(spark_type.simpleString())


def table_columns(struct: StructType) -> tuple[Column, ...]:
    """
    Return the columns of a table that holds rows of *struct*, in its order; the other way is `struct_type`.

    Raises:
        TableError: a name or a type is none of Hive's.
    """
    return tuple(Column(field.name, hive_type(field.dataType)) for field in struct.fields)
