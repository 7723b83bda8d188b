"""
The same verdicts and the same types on a Spark DataFrame.

The validator travels to the executors once, with the task, and judges Arrow batches there; nothing here asks which cluster
it runs on. Needs pyspark (``pip install 'athena-event-toolkit[spark]'``).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

from toolkit.hive import Array, Decimal, HiveType, Map, Primitive, Struct, Table, Text
from toolkit.validator import Validator

if TYPE_CHECKING:
    import pyarrow as pa
    from pyspark.sql import DataFrame
    from pyspark.sql.types import DataType, StructType

VERDICT_COLUMNS = "event binary, valid boolean, reasons array<string>"


def judge(frame: DataFrame, validator: Validator, *, column: str = "value") -> DataFrame:
    """
    Return the events of *frame* with their verdicts.

    *column* holds one event a row, as text or binary. The answer has ``event`` (binary, byte for byte), ``valid`` and
    ``reasons`` (the sentences of `ValidationError`, empty for a valid event). A null row is an empty event, which is not JSON.
    """
    return frame.select(frame[column].cast("binary").alias("event")).mapInArrow(_judging(validator), VERDICT_COLUMNS)


def _judging(validator: Validator) -> Callable[[Iterator[pa.RecordBatch]], Iterator[pa.RecordBatch]]:
    def judge_batches(batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        import pyarrow as pa

        for batch in batches:
            events = batch.column(0)
            reasons = [[str(error) for error in validator.validate_json(event or b"")] for event in events.to_pylist()]
            valid = [not found for found in reasons]
            yield pa.RecordBatch.from_arrays(
                [events, pa.array(valid, pa.bool_()), pa.array(reasons, pa.list_(pa.string()))],
                names=["event", "valid", "reasons"],
            )

    return judge_batches


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
