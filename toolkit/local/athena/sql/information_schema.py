"""``information_schema``: the catalogue as tables, in every database."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from sqlglot import exp

from toolkit.local.athena.catalog import Catalog, GlueDict, columns_of, is_view, partition_keys_of
from toolkit.local.athena.ddl.show import view_definition
from toolkit.local.athena.hive_types import BIGINT, STRING, HiveType, TypeSyntaxError, duckdb_text, parse_type, quoted
from toolkit.local.athena.hive_types import trino_text as shown_type
from toolkit.local.athena.iceberg.catalog import is_iceberg

SCHEMA = "information_schema"
_CATALOG = "awsdatacatalog"

Row = tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class InformationTable:
    """A table of the schema: its columns, and its rows for some databases."""

    columns: dict[str, HiveType]
    rows: Callable[[Catalog, list[str]], Iterator[Row]]


def _schemata(_catalog: Catalog, databases: list[str]) -> Iterator[Row]:
    for name in (*databases, SCHEMA):
        yield _CATALOG, name


def _tables(catalog: Catalog, databases: list[str]) -> Iterator[Row]:
    for database, table in _all(catalog, databases):
        yield _CATALOG, database, table["Name"], "VIEW" if is_view(table) else "BASE TABLE"
    for name in TABLES:
        yield _CATALOG, SCHEMA, name, "BASE TABLE"


def _views(catalog: Catalog, databases: list[str]) -> Iterator[Row]:
    for database, table in _all(catalog, databases):
        if is_view(table):
            yield _CATALOG, database, table["Name"], view_definition(table)["originalSql"]


def _columns(catalog: Catalog, databases: list[str]) -> Iterator[Row]:
    for database, table in _all(catalog, databases):
        keys = {key["Name"] for key in partition_keys_of(table)}
        for position, column in enumerate(columns_of(table) + partition_keys_of(table), 1):
            extra = "partition key" if column["Name"] in keys else None
            kind = _shown(column.get("Type") or "string", table)
            yield (
                *(_CATALOG, database, table["Name"], column["Name"].lower(), position, None, "YES", kind),
                *(column.get("Comment"), extra),
            )
    for name, each in TABLES.items():
        for position, (column_name, kind_of) in enumerate(each.columns.items(), 1):
            yield _CATALOG, SCHEMA, name, column_name, position, None, "YES", shown_type(kind_of), None, None


def _all(catalog: Catalog, databases: list[str]) -> Iterator[tuple[str, GlueDict]]:
    for database in databases:
        for table in catalog.tables(database):
            yield database, table


def _shown(kind: str, table: GlueDict) -> str:
    try:
        shown = shown_type(parse_type(kind))
    except TypeSyntaxError:
        return kind
    # The catalogue has one name for both; Iceberg's times have microseconds.
    return shown.replace("timestamp(3)", "timestamp(6)") if is_iceberg(table) else shown


def _texts(*names: str) -> dict[str, HiveType]:
    return dict.fromkeys(names, STRING)


# Source: https://trino.io/docs/435/connector/index.html, and the two last of `columns` are Athena's own.
TABLES = {
    "columns": InformationTable(
        _texts("table_catalog", "table_schema", "table_name", "column_name")
        | {"ordinal_position": BIGINT}
        | _texts("column_default", "is_nullable", "data_type", "comment", "extra_info"),
        _columns,
    ),
    "schemata": InformationTable(_texts("catalog_name", "schema_name"), _schemata),
    "tables": InformationTable(_texts("table_catalog", "table_schema", "table_name", "table_type"), _tables),
    "views": InformationTable(_texts("table_catalog", "table_schema", "table_name", "view_definition"), _views),
}


def make_relation(name: str, table: InformationTable, node: exp.Table, catalog: Catalog, cursor: Any) -> None:
    """Make a temporary table of an information table's rows, of the databases alone that the query's WHERE names."""
    import pyarrow as pa

    databases = sorted(each["Name"] for each in catalog.databases())
    named = _named_schemas(node)
    rows = list(table.rows(catalog, databases if named is None else [each for each in databases if each in named]))
    kinds = {column: pa.int64() if kind == BIGINT else pa.string() for column, kind in table.columns.items()}
    data = {column: pa.array([row[number] for row in rows], kinds[column]) for number, column in enumerate(kinds)}
    cursor.register(f"{name}_given", pa.table(data))
    typed = ", ".join(
        f"CAST({quoted(column)} AS {duckdb_text(kind)}) AS {quoted(column)}" for column, kind in table.columns.items()
    )
    text = f'CREATE TEMP TABLE {quoted(name)} AS SELECT {typed}, CAST(NULL AS VARCHAR) AS "$path" FROM {quoted(name + "_given")}'
    cursor.execute(text).fetchall()
    cursor.unregister(f"{name}_given")


def _named_schemas(node: exp.Table) -> set[str] | None:
    """Give the databases to which ``table_schema = '…'`` or IN narrows the only table of a query."""
    select = node.find_ancestor(exp.Select)
    where = select.args.get("where") if select is not None else None
    if select is None or where is None or select.args.get("joins"):
        return None
    for term in where.this.flatten() if isinstance(where.this, exp.And) else [where.this]:
        match term:
            case exp.EQ(this=exp.Column() as column, expression=exp.Literal() as value):
                if column.name.lower() == "table_schema":
                    return {value.name}
            case exp.In(this=exp.Column() as column) if term.expressions and all(
                isinstance(each, exp.Literal) for each in term.expressions
            ):
                if column.name.lower() == "table_schema":
                    return {each.name for each in term.expressions}
    return None
