"""The statements of Hive's DDL as values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from toolkit.local.athena.hive_types import HiveType


@dataclass(frozen=True, slots=True)
class TableName:
    """A table as a statement names it; ``database`` is "" where the query's own is meant."""

    database: str
    name: str


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a table or one of its partition keys."""

    name: str
    kind: HiveType
    comment: str | None = None


@dataclass(frozen=True, slots=True)
class PartitionField:
    """One element of an Iceberg table's PARTITIONED BY: ``day(ts)`` is the transform ``day`` of the column ``ts``."""

    transform: str
    column: str
    argument: int | None = None


@dataclass(frozen=True, slots=True)
class PartitionTerm:
    """One ``key = value`` of a PARTITION clause; DROP PARTITION compares with other operators too."""

    key: str
    operator: str
    value: str


PartitionSpec = tuple[PartitionTerm, ...]


@dataclass(frozen=True, slots=True)
class Statement:
    """
    The root of all statements; the API says of it ``statement_type`` and, where it has such a name, ``substatement_type``.

    AWS documents no names; these were measured on Athena by the authors of athena-local, September 2026.
    """

    statement_type = "DDL"
    substatement_type = ""


@dataclass(frozen=True, slots=True)
class Utility(Statement):
    """A statement that only shows."""

    statement_type = "UTILITY"


@dataclass(frozen=True, slots=True)
class CreateDatabase(Statement):
    """CREATE DATABASE."""

    substatement_type = "CREATE_DATABASE"

    name: str
    if_not_exists: bool = False
    comment: str | None = None
    location: str | None = None
    properties: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class DropDatabase(Statement):
    """DROP DATABASE."""

    substatement_type = "DROP_DATABASE"

    name: str
    if_exists: bool = False
    cascade: bool = False


@dataclass(frozen=True, slots=True)
class SetDatabaseProperties(Statement):
    """ALTER DATABASE … SET DBPROPERTIES."""

    name: str
    properties: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class CreateTable(Statement):
    """CREATE EXTERNAL TABLE, and CREATE TABLE without a query."""

    substatement_type = "CREATE_TABLE"

    table: TableName
    columns: tuple[Column, ...]
    external: bool = True
    if_not_exists: bool = False
    comment: str | None = None
    partition_keys: tuple[Column, ...] = ()
    clustered_by: tuple[str, ...] = ()
    bucket_count: int = 0
    serde: str | None = None
    serde_properties: Mapping[str, str] = field(default_factory=dict)
    stored_as: str | None = None
    input_format: str | None = None
    output_format: str | None = None
    location: str | None = None
    properties: Mapping[str, str] = field(default_factory=dict)
    partition_fields: tuple[PartitionField, ...] = ()


@dataclass(frozen=True, slots=True)
class DropTable(Statement):
    """DROP TABLE."""

    substatement_type = "DROP_TABLE"

    table: TableName
    if_exists: bool = False


@dataclass(frozen=True, slots=True)
class DropView(Statement):
    """DROP VIEW."""

    substatement_type = "DROP_VIEW"

    table: TableName
    if_exists: bool = False


@dataclass(frozen=True, slots=True)
class AddPartitions(Statement):
    """ALTER TABLE … ADD PARTITION."""

    substatement_type = "ALTER_TABLE_ADD_PARTITION"

    table: TableName
    partitions: tuple[tuple[PartitionSpec, str | None], ...]
    if_not_exists: bool = False


@dataclass(frozen=True, slots=True)
class DropPartitions(Statement):
    """ALTER TABLE … DROP PARTITION."""

    substatement_type = "ALTER_TABLE_DROP_PARTITION"

    table: TableName
    partitions: tuple[PartitionSpec, ...]
    if_exists: bool = False


@dataclass(frozen=True, slots=True)
class RenamePartition(Statement):
    """ALTER TABLE … PARTITION … RENAME TO PARTITION."""

    table: TableName
    old: PartitionSpec
    new: PartitionSpec


@dataclass(frozen=True, slots=True)
class AddColumns(Statement):
    """ALTER TABLE … [PARTITION …] ADD COLUMNS; ``refusal`` is what Hive's grammar has against it, for it has reserved words."""

    substatement_type = "ALTER_TABLE_ADD_COLUMN"

    table: TableName
    columns: tuple[Column, ...]
    partition: PartitionSpec | None = None
    refusal: str = ""


@dataclass(frozen=True, slots=True)
class ReplaceColumns(Statement):
    """ALTER TABLE … [PARTITION …] REPLACE COLUMNS."""

    substatement_type = "ALTER_TABLE_REPLACE_COLUMN"

    table: TableName
    columns: tuple[Column, ...]
    partition: PartitionSpec | None = None


@dataclass(frozen=True, slots=True)
class ChangeColumn(Statement):
    """ALTER TABLE … CHANGE COLUMN."""

    substatement_type = "ALTER_TABLE_CHANGE_COLUMN"

    table: TableName
    old: str
    new: Column
    position: str = ""
    after: str = ""


@dataclass(frozen=True, slots=True)
class DropColumn(Statement):
    """ALTER TABLE … DROP COLUMN."""

    substatement_type = "ALTER_TABLE_DROP_COLUMN"

    table: TableName
    column: str


@dataclass(frozen=True, slots=True)
class RenameTable(Statement):
    """ALTER TABLE … RENAME TO."""

    substatement_type = "ALTER_TABLE_RENAME"

    table: TableName
    new: TableName


@dataclass(frozen=True, slots=True)
class UnsetTableProperties(Statement):
    """ALTER TABLE … UNSET TBLPROPERTIES."""

    table: TableName
    keys: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SetTableProperties(Statement):
    """ALTER TABLE … SET TBLPROPERTIES."""

    substatement_type = "ALTER_TABLE_PROPERTIES"

    table: TableName
    properties: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class SetLocation(Statement):
    """ALTER TABLE … SET LOCATION, of the table or of one partition."""

    substatement_type = "ALTER_TABLE_SET_LOCATION"

    table: TableName
    location: str
    partition: PartitionSpec | None = None


@dataclass(frozen=True, slots=True)
class RepairTable(Statement):
    """MSCK REPAIR TABLE."""

    substatement_type = "MSCK_REPAIR"

    table: TableName


@dataclass(frozen=True, slots=True)
class ShowDatabases(Utility):
    """SHOW DATABASES."""

    substatement_type = "SHOW_DATABASES"

    like: str | None = None


@dataclass(frozen=True, slots=True)
class ShowTables(Utility):
    """SHOW TABLES."""

    substatement_type = "SHOW_TABLES"

    database: str = ""
    like: str | None = None


@dataclass(frozen=True, slots=True)
class ShowViews(Utility):
    """SHOW VIEWS."""

    substatement_type = "SHOW_VIEWS"

    database: str = ""
    like: str | None = None


@dataclass(frozen=True, slots=True)
class ShowPartitions(Utility):
    """SHOW PARTITIONS."""

    substatement_type = "SHOW_PARTITIONS"

    table: TableName


@dataclass(frozen=True, slots=True)
class ShowColumns(Utility):
    """SHOW COLUMNS."""

    substatement_type = "SHOW_COLUMNS"

    table: TableName


@dataclass(frozen=True, slots=True)
class ShowCreateTable(Utility):
    """SHOW CREATE TABLE."""

    substatement_type = "SHOW_CREATE_TABLE"

    table: TableName


@dataclass(frozen=True, slots=True)
class ShowCreateView(Utility):
    """SHOW CREATE VIEW."""

    substatement_type = "SHOW_CREATE_VIEW"

    table: TableName


@dataclass(frozen=True, slots=True)
class ShowTableProperties(Utility):
    """SHOW TBLPROPERTIES."""

    substatement_type = "SHOW_TABLE_PROPERTIES"

    table: TableName
    key: str | None = None


@dataclass(frozen=True, slots=True)
class Describe(Utility):
    """DESCRIBE, plain, EXTENDED or FORMATTED; ``path`` leads to a column and what is inside it."""

    substatement_type = "DESCRIBE_TABLE"

    table: TableName
    mode: str = ""
    path: tuple[str, ...] = ()
    partition: PartitionSpec | None = None
