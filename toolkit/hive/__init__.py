"""From a schema to columns, to a Table, to SQL text."""

from toolkit.hive.alter import AlterPlan, Refusal, Step, alter_table_plan, alter_table_sql
from toolkit.hive.build import TablePlan, names_by_key, plan_successor, plan_table, storage_of, table_from_schema
from toolkit.hive.columns import ColumnPlan, Origin, columns_from_schema
from toolkit.hive.compatibility import Compatibility, SchemaChange, compatibility, incompatible_changes
from toolkit.hive.ddl import (
    Partition,
    add_partitions_sql,
    create_database_sql,
    create_table_sql,
    drop_database_sql,
    drop_partitions_sql,
    drop_table_sql,
    repair_table_sql,
    set_partition_location_sql,
)
from toolkit.hive.duplicates import deduplicated_view
from toolkit.hive.evolution import Change, changes
from toolkit.hive.glue import iceberg_metadata_location, table_from_glue, table_input
from toolkit.hive.losses import Loss, losses_frame, losses_summary, losses_text
from toolkit.hive.names import Naming
from toolkit.hive.policy import Policy, curated_policy, default_policy
from toolkit.hive.preflight import Finding, Preflight, preflight
from toolkit.hive.projection import (
    DateProjection,
    EnumProjection,
    InjectedProjection,
    IntegerProjection,
    projection_parameters,
)
from toolkit.hive.queries import (
    create_table_as_sql,
    insert_sql,
    partitions_sql,
    replace_rows_sql,
    select_sql,
    slices,
    unload_sql,
)
from toolkit.hive.reader import parse_create_table
from toolkit.hive.rules import normalise_location
from toolkit.hive.serde import HIVE_JSON, ICEBERG, ION, OPENX_JSON, ORC, PARQUET, Serde
from toolkit.hive.table import Column, Table, TableName, Transform
from toolkit.hive.text import hive_literal, hive_name, query_literal, query_name
from toolkit.hive.types import (
    Array,
    Decimal,
    Field,
    HiveType,
    Map,
    Primitive,
    Struct,
    Text,
    parse_type,
    query_type,
    render_type,
)
from toolkit.hive.views import View, flatten_views

__all__ = [
    "HIVE_JSON",
    "ICEBERG",
    "ION",
    "OPENX_JSON",
    "ORC",
    "PARQUET",
    "AlterPlan",
    "Array",
    "Change",
    "Column",
    "ColumnPlan",
    "Compatibility",
    "DateProjection",
    "Decimal",
    "EnumProjection",
    "Field",
    "Finding",
    "HiveType",
    "InjectedProjection",
    "IntegerProjection",
    "Loss",
    "Map",
    "Naming",
    "Origin",
    "Partition",
    "Policy",
    "Preflight",
    "Primitive",
    "Refusal",
    "SchemaChange",
    "Serde",
    "Step",
    "Struct",
    "Table",
    "TableName",
    "TablePlan",
    "Text",
    "Transform",
    "View",
    "add_partitions_sql",
    "alter_table_plan",
    "alter_table_sql",
    "changes",
    "columns_from_schema",
    "compatibility",
    "create_database_sql",
    "create_table_as_sql",
    "create_table_sql",
    "curated_policy",
    "deduplicated_view",
    "default_policy",
    "drop_database_sql",
    "drop_partitions_sql",
    "drop_table_sql",
    "flatten_views",
    "hive_literal",
    "hive_name",
    "iceberg_metadata_location",
    "incompatible_changes",
    "insert_sql",
    "losses_frame",
    "losses_summary",
    "losses_text",
    "names_by_key",
    "normalise_location",
    "parse_create_table",
    "parse_type",
    "partitions_sql",
    "plan_successor",
    "plan_table",
    "preflight",
    "projection_parameters",
    "query_literal",
    "query_name",
    "query_type",
    "render_type",
    "repair_table_sql",
    "replace_rows_sql",
    "select_sql",
    "set_partition_location_sql",
    "slices",
    "storage_of",
    "table_from_glue",
    "table_from_schema",
    "table_input",
    "unload_sql",
]
