"""From the tables that a query names to relations that it can read, with as few partitions as its WHERE allows."""

from __future__ import annotations

import itertools
import re
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from sqlglot import exp

from toolkit.local.athena.catalog import GlueDict, is_view
from toolkit.local.athena.ddl.show import view_definition
from toolkit.local.athena.errors import QueryError
from toolkit.local.athena.hive_types import BIGINT, HiveType, is_mixed, quoted
from toolkit.local.athena.iceberg.catalog import is_iceberg
from toolkit.local.athena.iceberg.metadata_tables import MetadataTable
from toolkit.local.athena.session import Session
from toolkit.local.athena.sql import information_schema
from toolkit.local.athena.sql.analysis import Field, analyse
from toolkit.local.athena.sql.buckets import Bucket, buckets_of
from toolkit.local.athena.sql.dialect import parse, place
from toolkit.local.athena.sql.layout import NULL_PARTITION, Partition, declared_columns, partition_kinds
from toolkit.local.athena.sql.macros import MacroLibrary
from toolkit.local.athena.sql.projection import is_projected, project
from toolkit.local.athena.sql.rewrite import to_duckdb
from toolkit.local.athena.sql.scan import FILE_FACTS, partition_rows, partition_value, scan_sql
from toolkit.local.platform import ACCOUNT_ID

# Where any of these stand, which partitions a query reads may depend on more than the catalogue and the objects.
_CHANGING = re.compile(r"\b(?:now|current_\w+|local_?time\w*|rand\w*|shuffle|uuid)\b", re.IGNORECASE)

# Views may stand on views; deeper than this they stand on themselves.
MAXIMUM_VIEW_DEPTH = 20

CATALOG = "awsdatacatalog"
CATALOGS = frozenset({"", CATALOG, "hive"})


class Planner:
    """Plans one query on one cursor; what it makes there is temporary and named by numbers."""

    def __init__(self, session: Session, cursor: Any, macros: MacroLibrary, *, reads: bool = True) -> None:
        self.session = session
        # Whether Iceberg tables show the numbers of their rows, for statements that change them.
        self.shows_positions = False
        self.reads = reads
        self.cursor = cursor
        self.macros = macros
        self._numbers = itertools.count()
        self._tables: dict[tuple[str, str], GlueDict | None] = {}
        # The Iceberg tables in the query: pyiceberg's table, the snapshot or None, the metadata table or None. Nodes hold
        # their places here, for a copy of a node copies all that it holds.
        self._iceberg: list[tuple[Any, int | None, MetadataTable | None]] = []

    def plan(self, tree: exp.Expr, sql: str, *, database: str = "", depth: int = 0) -> tuple[str, tuple[Field, ...]]:
        """
        Give the DuckDB SQL of a query, its relations made, and the columns of its result.

        Raises:
            QueryError: a table, column or function does not exist, or a type does not fit.
        """
        if depth > MAXIMUM_VIEW_DEPTH:
            raise QueryError("INVALID_VIEW: Statement contains a recursive view")
        database = database or self.session.database
        if not self.reads or _CHANGING.search(sql):
            self.session.footprint.lasts = False

        def columns_of(node: exp.Table) -> tuple[Field, ...]:
            return self._columns_of(node, sql, database, depth)

        fields = analyse(tree, sql, columns_of)
        used = _used_columns(tree)
        for node in list(tree.find_all(exp.Table)):
            if "table" in node.meta:
                self._scan(node, _all_columns(node) if _renames(node) else used, sql)
        self._name_surroundings(tree)
        text = to_duckdb(tree, sql)
        self.macros.need(text)
        return text, fields

    def _name_surroundings(self, tree: exp.Expr) -> None:
        """Put the catalog, schema and user of the query in the place of the words for them, which would name DuckDB's."""
        words = {
            exp.CurrentCatalog: CATALOG,
            exp.CurrentSchema: self.session.database,
            exp.CurrentUser: ACCOUNT_ID,
        }
        for node in list(tree.find_all(*words)):
            node.replace(exp.cast(exp.Literal.string(words[type(node)]), "varchar"))

    def plan_stored(self, tree: exp.Expr, sql: str) -> tuple[str, tuple[Field, ...]]:
        """Plan a query whose rows are to be stored, where an instant has no zone of its own."""
        text, fields = self.plan(tree, sql)
        if not any(is_mixed(field.kind) for field in fields):
            return text, fields
        columns = ", ".join(f"c{number}" for number in range(len(fields)))
        given = ", ".join(
            f"struct_extract(c{number}, 't') AS {quoted(field.name)}"
            if is_mixed(field.kind)
            else f"c{number} AS {quoted(field.name)}"
            for number, field in enumerate(fields)
        )
        kinds = [HiveType(f.kind.name, f.kind.arguments) if f.kind and is_mixed(f.kind) else f.kind for f in fields]
        kept = tuple(replace(field, kind=kind) for field, kind in zip(fields, kinds, strict=True))
        return f"SELECT {given} FROM ({text}) AS r({columns})", kept

    def table(self, node: exp.Table, sql: str, database: str) -> tuple[str, GlueDict]:
        """
        Find the table that a node names.

        Raises:
            QueryError: its catalogue, database or itself does not exist.
        """
        catalog = node.catalog.lower()
        if catalog not in CATALOGS:
            raise QueryError(f"CATALOG_NOT_FOUND: {place(sql, node)}: Catalog '{catalog}' not found")
        schema, name = (node.db or database).lower(), node.name.lower()
        found = self._table(schema, name)
        if found is None and "$" in name:
            found = self._table(schema, name.partition("$")[0])
        if found is None:
            if self.session.catalog.database(schema) is None:
                raise QueryError(f"SCHEMA_NOT_FOUND: {place(sql, node)}: Schema '{schema}' does not exist")
            raise QueryError(
                f"TABLE_NOT_FOUND: {place(sql, node)}: Table 'awsdatacatalog.{schema}.{name}' does not exist"
            )
        return schema, found

    def _table(self, schema: str, name: str) -> GlueDict | None:
        # A query may name a table several times, and it is one at all of them.
        if (schema, name) not in self._tables:
            # First the stamp: a table that changes in between is then planned anew.
            stamp = self.session.footprint.tables[schema, name] = self.session.catalog.stamp(schema, name)
            if stamp is None:
                self.session.footprint.lasts = False
            self._tables[schema, name] = self.session.catalog.table(schema, name)
        return self._tables[schema, name]

    def _columns_of(self, node: exp.Table, sql: str, database: str, depth: int) -> tuple[Field, ...]:
        if (node.db or database).lower() == information_schema.SCHEMA and node.catalog.lower() in CATALOGS:
            return self._information(node, sql)
        schema, table = self.table(node, sql, database)
        if is_view(table):
            definition = view_definition(table)
            inner = definition["originalSql"]
            text, fields = self.plan(parse(inner), inner, database=definition.get("schema") or schema, depth=depth + 1)
            columns = ", ".join(quoted(each.name) for each in fields)
            node.meta["rows"] = f'SELECT *, CAST(NULL AS VARCHAR) AS "$path" FROM ({text}) AS v({columns})'
            # The columns of a view have lower-case names, as those of a table.
            return tuple(replace(each, written="") for each in fields)
        node.meta["table"] = table
        node.meta["database"] = schema
        if is_iceberg(table):
            return self._iceberg_columns(node, schema, table, sql)
        if node.args.get("version") or node.args.get("when"):
            raise QueryError(f"NOT_SUPPORTED: {place(sql, node)}: This connector does not support versioned tables")
        if "$" in node.name and node.name.lower() != table["Name"]:
            return self._partitions_table(node, schema, table, sql)
        kinds = {**declared_columns(table), **partition_kinds(table)}
        node.meta["columns"] = tuple(kinds)
        facts = tuple(Field(name, kind, is_hidden=True) for name, kind in FILE_FACTS.items())
        return (*(Field(name, kind) for name, kind in kinds.items()), *facts)

    def _information(self, node: exp.Table, sql: str) -> tuple[Field, ...]:
        table = information_schema.TABLES.get(node.name.lower())
        if table is None:
            name = f"awsdatacatalog.information_schema.{node.name.lower()}"
            raise QueryError(f"TABLE_NOT_FOUND: {place(sql, node)}: Table '{name}' does not exist")
        self.session.footprint.lasts = False
        node.meta["relation"] = relation = self._name()
        information_schema.make_relation(relation, table, node, self.session.catalog, self.cursor)
        return tuple(Field(name, kind) for name, kind in table.columns.items())

    def _scan(self, node: exp.Table, used: frozenset[str], sql: str) -> None:
        table: GlueDict = node.meta["table"]
        relation = self._name()
        if "iceberg" in node.meta:
            node.meta["rows"] = self._iceberg_sql(node, used, relation)
            return
        partitions = self._partitions(node, table, sql) if self.reads else []
        bucket = self._bucket(node, table, sql) if self.reads else None
        node.meta["rows"] = scan_sql(table, partitions, used, self.session, self.cursor, relation, bucket)

    def _iceberg_columns(self, node: exp.Table, schema: str, table: GlueDict, sql: str) -> tuple[Field, ...]:
        from toolkit.local.athena.iceberg import metadata_tables, scan, snapshots
        from toolkit.local.athena.iceberg.catalog import load

        self.session.footprint.lasts = False
        loaded = load(self.session, schema, table["Name"])
        if node.name.lower() != table["Name"]:
            shown = metadata_tables.find(loaded, node.name.lower().partition("$")[2], node.name, place(sql, node))
            node.meta["iceberg"] = len(self._iceberg)
            self._iceberg.append((loaded, None, shown))
            return tuple(Field(name, kind) for name, kind in shown.kinds.items())
        snapshot_id = snapshots.travelled_to(node, loaded, place(sql, node), self._constant)
        node.meta["iceberg"] = len(self._iceberg)
        self._iceberg.append((loaded, snapshot_id, None))
        node.set("version", None)
        columns = scan.columns_of_schema(scan.snapshot_schema(loaded, snapshot_id))
        fields = tuple(Field(name, kind) for name, kind in columns.items())
        node.meta["columns"] = tuple(columns)
        return (*fields, Field(scan.POSITION, BIGINT, is_hidden=True)) if self.shows_positions else fields

    def _iceberg_sql(self, node: exp.Table, used: frozenset[str], relation: str) -> str:
        from pyiceberg.expressions import AlwaysFalse

        from toolkit.local.athena.iceberg import filters, metadata_tables, scan

        table, snapshot_id, shown = self._iceberg[node.meta["iceberg"]]
        if shown is not None:
            return metadata_tables.metadata_sql(shown, self.cursor, relation)
        schema = scan.snapshot_schema(table, snapshot_id)
        names = frozenset(field.name.lower() for field in schema.fields)
        kept = filters.row_filter(_conditions(node, names), schema) if self.reads else AlwaysFalse()
        return scan.snapshot_sql(table, snapshot_id, used, kept, self.session, self.cursor, relation)

    def _constant(self, expression: exp.Expr) -> Any:
        """Give the value of an expression without columns; instants come in UTC."""
        select = exp.Select(expressions=[expression.copy()])
        text, _ = self.plan(select, "")
        return self.cursor.execute(text).fetchall()[0][0]

    def _partitions_table(self, node: exp.Table, schema: str, table: GlueDict, sql: str) -> tuple[Field, ...]:
        keys = partition_kinds(table)
        if node.name.lower() != f"{table['Name']}$partitions" or not keys:
            raise QueryError(
                f"TABLE_NOT_FOUND: {place(sql, node)}: Table 'awsdatacatalog.{schema}.{node.name.lower()}' does not exist"
            )
        self.session.footprint.lasts = False
        node.meta.pop("table")
        node.meta["relation"] = relation = self._name()
        values = [each.values for each in self._all_partitions(schema, table)]
        partition_rows(relation, keys, values, self.cursor)
        return tuple(Field(name, kind) for name, kind in keys.items())

    def _all_partitions(self, schema: str, table: GlueDict) -> list[Partition]:
        if is_projected(table):
            projected = project(table, {}, lambda _, values: values, self._listed)
            return [Partition(each.values, each.location) for each in projected]
        return [
            Partition(tuple(each["Values"]), each["StorageDescriptor"]["Location"])
            for each in self.session.catalog.partitions(schema, table["Name"])
        ]

    def _listed(self, location: str) -> list[str]:
        return [item.url for item in self.session.storage.list(location, hidden=True)]

    def _name(self) -> str:
        return f"relation__{next(self._numbers)}"

    # -- partitions

    def _partitions(self, node: exp.Table, table: GlueDict, sql: str) -> list[Partition]:
        keys = partition_kinds(table)
        if not keys:
            return [Partition((), table["StorageDescriptor"].get("Location") or "")]
        conditions = _conditions(node, frozenset(keys))
        if is_projected(table):
            # Its ranges may end now.
            self.session.footprint.lasts = False

            def narrow(name: str, values: list[str]) -> list[str]:
                own = [each for each in conditions if _names(each) == {name}]
                kept = self._kept(table, (name,), [(value,) for value in values], own, sql)
                return [values[number] for number in kept]

            projected = project(table, _given(conditions), narrow, self._listed)
            kept = self._kept(table, tuple(keys), [each.values for each in projected], conditions, sql)
            return [Partition(projected[number].values, projected[number].location) for number in kept]
        known = self.session.catalog.partitions(node.meta["database"], table["Name"])
        kept = self._kept(table, tuple(keys), [tuple(each["Values"]) for each in known], conditions, sql)
        return [
            Partition(
                tuple(known[number]["Values"]),
                known[number]["StorageDescriptor"]["Location"],
                known[number]["StorageDescriptor"],
            )
            for number in kept
        ]

    def _bucket(self, node: exp.Table, table: GlueDict, sql: str) -> Bucket | None:
        """Give the one bucket in which all rows are that a query wants, if its WHERE names a value for each column of them."""
        buckets, kinds = buckets_of(table), declared_columns(table)
        if buckets is None or not buckets.is_hives(kinds):
            return None
        named = _named_values(_conditions(node, frozenset(kinds)))
        if not named.keys() >= set(buckets.columns):
            return None
        number = buckets.number(kinds, {name: self._condition(value, sql) for name, value in named.items()})
        self.macros.need(number)
        return Bucket(self.cursor.execute(f"SELECT {number}").fetchall()[0][0], buckets.count)

    def _kept(
        self,
        table: GlueDict,
        names: Sequence[str],
        values: Sequence[tuple[str, ...]],
        conditions: Sequence[exp.Expr],
        sql: str,
    ) -> list[int]:
        """Give the numbers of the partitions for which the conditions hold."""
        import duckdb
        import pyarrow as pa

        if not values or not conditions:
            return list(range(len(values)))
        kinds = partition_kinds(table)
        name = self._name()
        data: dict[str, Any] = {"number__": pa.array(range(len(values)), pa.int64())}
        for position, key in enumerate(names):
            texts = [each[position] for each in values]
            data[key] = pa.array([None if text == NULL_PARTITION else text for text in texts], pa.string())
        self.cursor.register(name, pa.table(data))
        typed = ", ".join(["number__", *(partition_value(quoted(key), kinds[key]) for key in names)])
        where = " AND ".join(f"({self._condition(each, sql)})" for each in conditions)
        text = f"SELECT number__ FROM (SELECT {typed} FROM {quoted(name)}) WHERE {where} ORDER BY 1"
        self.macros.need(text)
        try:
            return [number for (number,) in self.cursor.execute(text).fetchall()]
        except duckdb.InterruptException:
            raise
        except duckdb.Error:
            # A value that does not fit its type is the query's to report, if it reads that partition at all.
            return list(range(len(values)))
        finally:
            self.cursor.unregister(name)

    def _condition(self, condition: exp.Expr, sql: str) -> str:
        copied = condition.copy()
        for column in copied.find_all(exp.Column):
            column.set("table", None)
        return to_duckdb(exp.Paren(this=copied), sql)


def _conditions(node: exp.Table, keys: frozenset[str]) -> list[exp.Expr]:
    """Give the terms of WHERE that speak of a table's partition keys alone."""
    select = node.find_ancestor(exp.Select)
    where = select.args.get("where") if select is not None else None
    # In brackets it may be on any side of an outer join, and renamed columns are others than the keys.
    in_brackets = isinstance(node.find_ancestor(exp.Subquery, exp.Select), exp.Subquery)
    if select is None or where is None or in_brackets or _renames(node) or _is_optional(node, select):
        return []
    alias = (node.alias or node.name).lower()
    terms = list(where.this.flatten()) if isinstance(where.this, exp.And) else [where.this]
    chosen = []
    for term in terms:
        columns = list(term.find_all(exp.Column))
        if (
            columns
            and not term.find(exp.Query)
            and all(column.name in keys and column.table == alias for column in columns)
        ):
            chosen.append(term)
    return chosen


def _used_columns(tree: exp.Expr) -> frozenset[str]:
    """Give the names of all columns that a query speaks of, in lower case."""
    named = {column.name.lower() for column in tree.find_all(exp.Column)}
    # USING has names that are no columns to the parser.
    joined = {name.name.lower() for join in tree.find_all(exp.Join) for name in join.args.get("using") or ()}
    return frozenset(named | joined)


def _all_columns(node: exp.Table) -> frozenset[str]:
    """Give the names of all columns that a table has itself, whatever a query calls them."""
    return frozenset(node.meta.get("columns", ()))


def _renames(node: exp.Table) -> bool:
    alias = node.args.get("alias")
    return isinstance(alias, exp.TableAlias) and bool(alias.columns)


def _is_optional(node: exp.Table, select: exp.Select) -> bool:
    # Where an outer join may fill a table's side with NULL, a missing partition would make rows that are not there.
    sides = [str(join.args.get("side") or "").upper() for join in select.args.get("joins") or ()]
    if "FULL" in sides or "RIGHT" in sides:
        return True
    join = node.parent if isinstance(node.parent, exp.Join) else None
    return join is not None and str(join.args.get("side") or "").upper() == "LEFT"


def _names(condition: exp.Expr) -> set[str]:
    return {column.name for column in condition.find_all(exp.Column)}


def _named_values(conditions: Sequence[exp.Expr]) -> dict[str, exp.Expr]:
    """Give the literal that an equality condition names for each column."""
    named: dict[str, exp.Expr] = {}
    for condition in conditions:
        match condition.unnest():
            case exp.EQ(this=exp.Column() as column, expression=(exp.Literal() | exp.Boolean()) as value):
                named[column.name] = value
            case exp.EQ(this=(exp.Literal() | exp.Boolean()) as value, expression=exp.Column() as column):
                named[column.name] = value
    return named


def _given(conditions: Sequence[exp.Expr]) -> dict[str, list[str]]:
    """Give the values that conditions name for each key."""
    named = _named_values(conditions)
    given = {name: [value.name] for name, value in named.items() if isinstance(value, exp.Literal)}
    for condition in conditions:
        match condition.unnest():
            case exp.In(this=exp.Column() as column, expressions=values) if all(
                isinstance(each, exp.Literal) for each in values
            ):
                given[column.name] = [each.name for each in values]
    return given
