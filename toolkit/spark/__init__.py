"""
The same verdicts and the same types on Spark, past one machine.

Needs pyspark (``pip install 'athena-event-toolkit[spark]'``) or a cluster that has it.
"""

from toolkit.spark.curated import curated, plan_curated, write_iceberg, write_partitions
from toolkit.spark.judging import accepted, judge, read_lines, rejected, report
from toolkit.spark.types import hive_type, spark_type, struct_type, table_columns

__all__ = [
    "accepted",
    "curated",
    "hive_type",
    "judge",
    "plan_curated",
    "read_lines",
    "rejected",
    "report",
    "spark_type",
    "struct_type",
    "table_columns",
    "write_iceberg",
    "write_partitions",
]
