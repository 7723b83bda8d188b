"""
Names and types: each column of a query is resolved, each expression gets the type that Trino gives it.

The types decide how the query is translated (``7 / 2`` of integers is 3) and what is refused: DuckDB compares a number
with text, Trino does not. Where a type is not known here it is None, and nothing is refused on its account.
Types are left on the nodes as ``meta["kind"]``; resolved stars are expanded in place.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from sqlglot import exp

from toolkit.local.athena.errors import QueryError
from toolkit.local.athena.hive_types import BIGINT, STRING, HiveType, TypeSyntaxError, parse_type, trino_text
from toolkit.local.athena.sql.dialect import place
from toolkit.local.athena.sql.functions import (
    BINARY,
    BOOLEAN,
    DATE,
    DOUBLE,
    FUNCTIONS,
    INTEGER,
    INTEGRAL,
    INTERVAL,
    JSON,
    NUMERIC_ORDER,
    TEMPORAL_ORDER,
    TIMESTAMP,
    UNKNOWN,
    ZONED,
    Kind,
    array_of,
    common,
    in_zone,
)

# Columns that every table has and no star shows: https://docs.aws.amazon.com/athena/latest/ug/select.html
HIDDEN_COLUMNS = {"$path": STRING}

TEXT = frozenset({"string", "varchar", "char"})


@dataclass(frozen=True, slots=True)
class Field:
    """A column that can be named: its name in lower case, its type, and whether a star leaves it out."""

    name: str
    kind: Kind
    is_hidden: bool = False


@dataclass(frozen=True, slots=True)
class Source:
    """Something in FROM: the name it goes by, and its columns; ``qualifiers`` are the database and catalogue it may carry."""

    alias: str
    fields: tuple[Field, ...]
    qualifiers: tuple[str, ...] = ()


@dataclass(slots=True)
class Scope:
    """What can be named at a place: sources here, those around it, common table expressions and lambda parameters."""

    outer: Scope | None = None
    sources: list[Source] = field(default_factory=list)
    tables: dict[str, tuple[Field, ...]] = field(default_factory=dict)
    parameters: dict[str, Kind] = field(default_factory=dict)
    merged: dict[str, Field] = field(default_factory=dict)

    def table(self, name: str) -> tuple[Field, ...] | None:
        """Find a common table expression."""
        scope: Scope | None = self
        while scope is not None:
            if name in scope.tables:
                return scope.tables[name]
            scope = scope.outer
        return None


ColumnsOf = Callable[[exp.Table], tuple[Field, ...]]


def analyse(tree: exp.Expr, sql: str, columns_of: ColumnsOf) -> tuple[Field, ...]:
    """
    Resolve and type a query in place, and give the columns of its result.

    Raises:
        QueryError: a name means nothing or too much here, or a type does not fit.
    """
    return _Analyser(sql, columns_of).query(tree, Scope())


class _Analyser:
    def __init__(self, sql: str, columns_of: ColumnsOf) -> None:
        self.sql = sql
        self.columns_of = columns_of

    def error(self, name: str, node: exp.Expr, message: str) -> QueryError:
        return QueryError(f"{name}: {place(self.sql, node)}: {message}")

    # -- queries

    def query(self, tree: exp.Expr, outer: Scope) -> tuple[Field, ...]:
        scope = Scope(outer)
        if with_ := tree.args.get("with_"):
            self.common_tables(with_, scope)
        match tree:
            case exp.Subquery():
                fields = self.query(tree.this, scope)
                self.modifiers(tree, fields, scope)
                return fields
            case exp.SetOperation():
                return self.set_operation(tree, scope)
            case exp.Select():
                return self.select(tree, scope)
            case exp.Values():
                return self.values(tree, scope)
            case exp.Table():
                return self.source(tree, scope).fields
        raise self.error("NOT_SUPPORTED", tree, f"{type(tree).__name__} is not supported here")

    def common_tables(self, with_: exp.With, scope: Scope) -> None:
        for each in with_.expressions:
            name = each.alias.lower()
            names = [column.name.lower() for column in each.args["alias"].columns]
            if with_.args.get("recursive") and isinstance(each.this, exp.SetOperation):
                # The first branch says what columns the recursion has.
                first = each.this.left.copy()
                scope.tables[name] = _renamed(self.query(first, scope), names)
            fields = self.query(each.this, scope)
            if names and len(names) != len(fields):
                raise self.error(
                    "MISMATCHED_COLUMN_ALIASES",
                    each,
                    f"Column alias list has {len(names)} entries but relation has {len(fields)} columns",
                )
            scope.tables[name] = _renamed(fields, names)

    def set_operation(self, tree: exp.SetOperation, scope: Scope) -> tuple[Field, ...]:
        left = self.query(tree.left, scope)
        right = self.query(tree.right, scope)
        if len(left) != len(right):
            raise self.error(
                "TYPE_MISMATCH",
                tree,
                f"{tree.key.upper()} query has different number of fields: {len(left)}, {len(right)}",
            )
        fields = []
        for number, (a, b) in enumerate(zip(left, right, strict=True), 1):
            if not _are_comparable(a.kind, b.kind):
                raise self.error(
                    "TYPE_MISMATCH",
                    tree,
                    f"column {number} in {tree.key.upper()} query has incompatible types: {_shown(a.kind)}, {_shown(b.kind)}",
                )
            fields.append(Field(a.name, common((a.kind, b.kind))))
        self.modifiers(tree, tuple(fields), scope)
        return tuple(fields)

    def values(self, tree: exp.Values, scope: Scope) -> tuple[Field, ...]:
        rows = [row.expressions if isinstance(row, exp.Tuple) else [row] for row in tree.expressions]
        kinds = [[self.kind(value, scope) for value in row] for row in rows]
        if len({len(row) for row in rows}) > 1:
            raise self.error("TYPE_MISMATCH", tree, "Values rows have mismatched types")
        return tuple(Field(f"_col{number}", common(column)) for number, column in enumerate(zip(*kinds, strict=True)))

    def select(self, tree: exp.Select, scope: Scope) -> tuple[Field, ...]:
        if from_ := tree.args.get("from_"):
            scope.sources.append(self.source(from_.this, scope))
            for join in from_.this.args.get("joins") or ():
                self.join(join, scope)
        for join in tree.args.get("joins") or ():
            self.join(join, scope)
        for lateral in tree.args.get("laterals") or ():
            scope.sources.append(self.source(lateral, scope))
        if where := tree.args.get("where"):
            self.condition(where.this, scope, "WHERE")
        self.expand_stars(tree, scope)
        fields = []
        for number, expression in enumerate(tree.expressions):
            kind = self.kind(expression, scope)
            fields.append(Field(_output_name(expression, number), kind))
        if group := tree.args.get("group"):
            self.group(group, tree, scope)
        if having := tree.args.get("having"):
            self.condition(having.this, scope, "HAVING")
        for window in tree.args.get("windows") or ():
            self.kinds(window.args.values(), scope)
        self.modifiers(tree, tuple(fields), scope)
        distinct = tree.args.get("distinct")
        if distinct is not None and distinct.args.get("on"):
            raise self.error("SYNTAX_ERROR", tree, "DISTINCT ON is not supported")
        return tuple(fields)

    def group(self, group: exp.Group, tree: exp.Select, scope: Scope) -> None:
        for each in group.walk():
            if isinstance(each, exp.Column):
                self.kind(each, scope)
        for each in group.expressions:
            if isinstance(each, exp.Literal) and each.is_int:
                if not 1 <= int(each.name) <= len(tree.expressions):
                    raise self.error(
                        "INVALID_COLUMN_REFERENCE", each, f"GROUP BY position {each.name} is not in select list"
                    )
            else:
                self.kind(each, scope)

    def modifiers(self, tree: exp.Expr, fields: tuple[Field, ...], scope: Scope) -> None:
        if order := tree.args.get("order"):
            inner = Scope(scope, [Source("", fields)])
            for each in order.expressions:
                key = each.this if isinstance(each, exp.Ordered) else each
                if isinstance(key, exp.Column) and not key.table and any(f.name == key.name.lower() for f in fields):
                    key.meta["kind"] = next(f.kind for f in fields if f.name == key.name.lower())
                elif isinstance(key, exp.Literal) and key.is_int:
                    if not 1 <= int(key.name) <= len(fields):
                        raise self.error(
                            "INVALID_COLUMN_REFERENCE", key, f"ORDER BY position {key.name} is not in select list"
                        )
                else:
                    self.kind(key, scope if isinstance(tree, exp.Select) else inner)

    def expand_stars(self, tree: exp.Select, scope: Scope) -> None:
        expressions: list[exp.Expr] = []
        for each in tree.expressions:
            if isinstance(each, exp.Star):
                if not scope.sources:
                    raise self.error("COLUMN_NOT_FOUND", each, "SELECT * not allowed in queries without FROM clause")
                expressions += self.all_columns(scope)
            elif isinstance(each, exp.Column) and isinstance(each.this, exp.Star):
                name = each.table.lower()
                found = next((source for source in scope.sources if source.alias == name), None)
                if found is None:
                    raise self.error("TABLE_NOT_FOUND", each, f"Unable to resolve reference {name}")
                # The columns of USING belong to no side of the join.
                expressions += [
                    _column(f.name, found.alias) for f in found.fields if not f.is_hidden and f.name not in scope.merged
                ]
            else:
                expressions.append(each)
        tree.set("expressions", expressions)

    def all_columns(self, scope: Scope) -> list[exp.Expr]:
        columns: list[exp.Expr] = [_column(name) for name in scope.merged]
        for source in scope.sources:
            columns += [
                _column(f.name, source.alias) for f in source.fields if not f.is_hidden and f.name not in scope.merged
            ]
        return columns

    # -- sources

    def join(self, join: exp.Join, scope: Scope) -> None:
        source = self.source(join.this, scope)
        using = [name.name.lower() for name in join.args.get("using") or ()]
        if str(join.args.get("method") or "").upper() == "NATURAL":
            left = {f.name for each in scope.sources for f in each.fields}
            using = [f.name for f in source.fields if f.name in left and not f.is_hidden]
        for name in using:
            left_field = next((f for each in scope.sources for f in each.fields if f.name == name), None)
            right_field = next((f for f in source.fields if f.name == name), None)
            if left_field is None or right_field is None:
                side = "left" if left_field is None else "right"
                raise self.error("COLUMN_NOT_FOUND", join, f"Column '{name}' is missing from {side} side of join")
            scope.merged[name] = Field(name, common((left_field.kind, right_field.kind)))
        if source.alias and any(each.alias == source.alias for each in scope.sources):
            source = Source(source.alias, source.fields, (*source.qualifiers, "\0ambiguous"))
        scope.sources.append(source)
        if on := join.args.get("on"):
            self.condition(on, scope, "JOIN ON")

    def source(self, node: exp.Expr, scope: Scope) -> Source:
        match node:
            case exp.Table() if isinstance(node.this, exp.Identifier):
                return self.table(node, scope)
            case exp.Subquery() | exp.Values():
                inner = scope.outer or Scope()
                if isinstance(node, exp.Subquery) and isinstance(node.this, exp.Table):
                    return self.source(node.this, scope)
                visible = Scope(inner, tables=scope.tables)
                fields = self.query(node, visible)
                return Source(node.alias.lower(), _renamed(fields, _alias_columns(node)))
            case exp.Unnest():
                return self.unnest(node, scope)
            case exp.Lateral():
                inner_scope = Scope(scope)
                this = node.this
                fields = self.query(this.this if isinstance(this, exp.Subquery) else this, inner_scope)
                return Source(node.alias.lower(), _renamed(fields, _alias_columns(node)))
        raise self.error("SYNTAX_ERROR", node, f"{node.sql(dialect='trino')[:60]} is not supported in FROM")

    def table(self, node: exp.Table, scope: Scope) -> Source:
        name = node.name.lower()
        fields = None if node.db else scope.table(name)
        if fields is None:
            fields = self.columns_of(node)
            fields += tuple(Field(hidden, kind, is_hidden=True) for hidden, kind in HIDDEN_COLUMNS.items())
        else:
            node.meta["is_common_table"] = True
        qualifiers = tuple(part.name.lower() for part in (node.args.get("db"), node.args.get("catalog")) if part)
        return Source(
            (node.alias or name).lower(), _renamed(fields, _alias_columns(node)), () if node.alias else qualifiers
        )

    def unnest(self, node: exp.Unnest, scope: Scope) -> Source:
        fields: list[Field] = []
        shapes: list[int] = []
        for each in node.expressions:
            kind = self.kind(each, scope)
            before = len(fields)
            match kind:
                case HiveType(name="array", children=(HiveType(name="struct") as row,)):
                    fields += [Field(name, child) for name, child in zip(row.fields, row.children, strict=True)]
                case HiveType(name="array", children=(element,)):
                    fields.append(Field(f"_col{before}", element))
                case HiveType(name="map", children=(key, value)):
                    fields += [Field(f"_col{before}", key), Field(f"_col{before + 1}", value)]
                case None:
                    fields.append(Field(f"_col{before}", None))
                case _:
                    raise self.error("TYPE_MISMATCH", each, f"Cannot unnest type: {_shown(kind)}")
            shapes.append(len(fields) - before)
        node.meta["shapes"] = shapes
        names = _alias_columns(node)
        if node.args.get("offset"):
            # sqlglot moves the last alias of WITH ORDINALITY there.
            offset = node.args["offset"]
            fields.append(Field("ordinality", BIGINT))
            if isinstance(offset, exp.Identifier):
                names = [*names, offset.name.lower()] if names else names
        if names and len(names) != len(fields):
            raise self.error(
                "MISMATCHED_COLUMN_ALIASES",
                node,
                f"Column alias list has {len(names)} entries but relation has {len(fields)} columns",
            )
        renamed = _renamed(tuple(fields), names)
        node.meta["fields"] = renamed
        return Source(node.alias.lower(), renamed)

    def condition(self, node: exp.Expr, scope: Scope, clause: str) -> None:
        kind = self.kind(node, scope)
        if kind is not None and kind.name not in ("boolean", "unknown"):
            raise self.error(
                "TYPE_MISMATCH", node, f"{clause} clause must evaluate to a boolean: actual type {_shown(kind)}"
            )

    # -- expressions

    def kinds(self, nodes: Iterable[object], scope: Scope) -> list[Kind]:
        flat: list[exp.Expr] = []
        for node in nodes:
            if isinstance(node, exp.Expr):
                flat.append(node)
            elif isinstance(node, list):
                flat += [each for each in node if isinstance(each, exp.Expr)]
        return [self.kind(node, scope) for node in flat]

    def kind(self, node: exp.Expr, scope: Scope) -> Kind:
        found = self._kind(node, scope)
        node.meta["kind"] = found
        return found

    def _kind(self, node: exp.Expr, scope: Scope) -> Kind:
        match node:
            case exp.Column():
                return self.column(node, scope)
            case exp.Identifier():
                return scope_parameter(scope, node.name)
            case exp.Literal():
                return _literal_kind(node)
            case exp.Null():
                return UNKNOWN
            case exp.Boolean():
                return BOOLEAN
            case exp.Cast():
                return self.cast(node, scope)
            case (
                exp.Paren()
                | exp.Alias()
                | exp.Filter()
                | exp.Distinct()
                | exp.Order()
                | exp.WithinGroup()
                | exp.IgnoreNulls()
            ):
                return next(iter(self.kinds(node.args.values(), scope)), None)
            case exp.Window():
                return self.kinds(node.args.values(), scope)[0]
            case exp.Subquery():
                fields = self.query(node, Scope(scope))
                if len(fields) != 1:
                    raise self.error(
                        "NOT_SUPPORTED",
                        node,
                        f"Multiple columns returned by subquery are not yet supported. Found {len(fields)}",
                    )
                return fields[0].kind
            case exp.Exists():
                self.query(node.this, Scope(scope))
                return BOOLEAN
            case exp.In():
                return self.membership(node, scope)
            case exp.Anonymous():
                return self.call(node, scope)
            case exp.Bracket():
                return self.subscript(node, scope)
            case exp.AtTimeZone():
                self.kind(node.this, scope)
                return self.at_time_zone(node, node.args["zone"], scope)
            case exp.Dot():
                return self.dereference(node, scope)
            case exp.Case() | exp.If() | exp.Array() | exp.Tuple() | exp.Interval() | exp.Lambda():
                return self.construct(node, scope)
            case exp.Connector() | exp.Not():
                for operand in (node.this, node.args.get("expression")):
                    if operand is not None:
                        self.logical(operand, node, scope)
                return BOOLEAN
            case exp.Binary():
                return self.binary(node, scope)
            case exp.Between():
                kinds = self.kinds((node.this, node.args["low"], node.args["high"]), scope)
                self.compare(node, kinds[0], kinds[1], "BETWEEN")
                self.compare(node, kinds[0], kinds[2], "BETWEEN")
                return BOOLEAN
            case exp.Neg():
                return self.kind(node.this, scope)
            case exp.Query():
                self.query(node, Scope(scope))
                return None
        self.kinds(node.args.values(), scope)
        return _SIMPLE.get(type(node))

    def column(self, node: exp.Column, scope: Scope) -> Kind:
        parts = [part.name for part in node.parts]
        lowered = [part.lower() for part in parts]
        if len(parts) == 1 and lowered[0] in _all_parameters(scope):
            return scope_parameter(scope, lowered[0])
        at: Scope | None = scope
        while at is not None:
            for used in range(min(len(parts), 3), 0, -1):
                matches = self.matches(lowered[:used], at)
                if len(matches) > 1:
                    raise self.error("AMBIGUOUS_NAME", node, f"Column '{'.'.join(lowered[:used])}' is ambiguous")
                if matches:
                    source, found = matches[0]
                    return self.resolved(node, source, found, parts[used:])
            at = at.outer
        raise self.error("COLUMN_NOT_FOUND", node, f"Column '{'.'.join(lowered)}' cannot be resolved")

    def matches(self, names: Sequence[str], scope: Scope) -> list[tuple[Source, Field]]:
        name = names[-1]
        if len(names) == 1 and name in scope.merged:
            return [(Source("", ()), scope.merged[name])]
        matches = []
        for source in scope.sources:
            if len(names) >= 2 and (source.alias != names[-2] or name in scope.merged):
                continue
            if len(names) == 3 and names[0] not in source.qualifiers[:1]:
                continue
            matches += [(source, f) for f in source.fields if f.name == name]
        return matches

    def resolved(self, node: exp.Column, source: Source, found: Field, rest: list[str]) -> Kind:
        column = _column(found.name, source.alias)
        column.meta.update(node.meta)
        column.meta["kind"] = kind = found.kind
        result: exp.Expr = column
        for name in rest:
            result = exp.Dot(this=result, expression=exp.to_identifier(name.lower(), quoted=True))
            kind = self.field_kind(node, kind, name.lower())
            result.meta["kind"] = kind
            result.meta["field"] = name.lower()
        if rest:
            result.meta["start"] = min((part.meta["start"] for part in node.parts if "start" in part.meta), default=0)
        node.replace(result)
        return kind

    def field_kind(self, node: exp.Expr, whole: Kind, name: str) -> Kind:
        if whole is None:
            return None
        if whole.name != "struct":
            raise self.error("TYPE_MISMATCH", node, f"Expression {node.sql(dialect='trino')} is not of type ROW")
        lowered = [each.lower() for each in whole.fields]
        if name not in lowered:
            raise self.error(
                "COLUMN_NOT_FOUND", node, f"Column '{node.sql(dialect='trino').lower()}' cannot be resolved"
            )
        return whole.children[lowered.index(name)]

    def dereference(self, node: exp.Dot, scope: Scope) -> Kind:
        whole = self.kind(node.this, scope)
        return self.field_kind(node, whole, node.expression.name.lower())

    def subscript(self, node: exp.Bracket, scope: Scope) -> Kind:
        whole = self.kind(node.this, scope)
        index = self.kinds(node.expressions, scope)[0]
        node.meta["container"] = whole
        if whole is None:
            return None
        match whole.name:
            case "array":
                if index is not None and index.name not in INTEGRAL:
                    raise self.error(
                        "TYPE_MISMATCH", node, f"Cannot use {_shown(index)} for subscript of {_shown(whole)}"
                    )
                return whole.children[0]
            case "map":
                self.compare(node, whole.children[0], index, "[]")
                return whole.children[1]
            case "struct":
                position = node.expressions[0]
                if not isinstance(position, exp.Literal) or not position.is_int:
                    raise self.error("TYPE_MISMATCH", node, "Subscript expression on ROW requires a constant index")
                if not 1 <= int(position.name) <= len(whole.children):
                    raise self.error(
                        "INVALID_FUNCTION_ARGUMENT",
                        node,
                        f"Invalid subscript index: {position.name}. ROW index is out of range",
                    )
                return whole.children[int(position.name) - 1]
        raise self.error("TYPE_MISMATCH", node, f"Cannot use {_shown(index)} for subscript of {_shown(whole)}")

    def cast(self, node: exp.Cast, scope: Scope) -> Kind:
        source = self.kind(node.this, scope)
        target = kind_of(node.args["to"])
        if target == ZONED and isinstance(node.this, exp.Literal):
            # A literal keeps the zone that it names.
            zone = re.search(r"\d\s*([A-Za-z][\w/+-]*|[+-]\d\d:\d\d)$", node.this.name)
            return in_zone(zone[1]) if zone else ZONED
        return source if target == ZONED and source is not None and source.name == ZONED.name else target

    def at_time_zone(self, node: exp.Expr, zone: exp.Expr, scope: Scope) -> Kind:
        if not (isinstance(zone, exp.Literal) and zone.is_string):
            message = "the local Athena does not support a time zone that is not a literal"
            raise self.error("NOT_SUPPORTED", node, message)
        try:
            ZoneInfo(zone.name)
        except (ZoneInfoNotFoundError, ValueError) as error:
            if not re.fullmatch(r"[+-]\d\d:\d\d", zone.name):
                message = f"'{zone.name}' is not a valid time zone"
                raise self.error("INVALID_FUNCTION_ARGUMENT", node, message) from error
        return in_zone(zone.name)

    def membership(self, node: exp.In, scope: Scope) -> Kind:
        kind = self.kind(node.this, scope)
        if query := node.args.get("query"):
            fields = self.query(query, Scope(scope))
            if len(fields) == 1:
                self.compare(node, kind, fields[0].kind, "IN")
        for each in node.expressions:
            self.compare(node, kind, self.kind(each, scope), "IN")
        return BOOLEAN

    def construct(self, node: exp.Expr, scope: Scope) -> Kind:
        match node:
            case exp.Case():
                operand = self.kind(node.this, scope) if node.this else None
                results = []
                for each in node.args["ifs"]:
                    condition = self.kind(each.this, scope)
                    if node.this:
                        self.compare(each, operand, condition, "=")
                    elif condition is not None and condition.name not in ("boolean", "unknown"):
                        raise self.error(
                            "TYPE_MISMATCH",
                            each.this,
                            f"CASE WHEN clause must evaluate to a boolean (actual: {_shown(condition)})",
                        )
                    results.append(self.kind(each.args["true"], scope))
                if default := node.args.get("default"):
                    results.append(self.kind(default, scope))
                return self.unified(node, results, "All CASE results must be the same type")
            case exp.If():
                self.condition(node.this, scope, "IF condition")
                results = self.kinds((node.args["true"], node.args.get("false")), scope)
                return self.unified(node, results, "Result types for IF must be the same")
            case exp.Array():
                kinds = self.kinds(node.expressions, scope)
                return (
                    array_of(self.unified(node, kinds, "All ARRAY elements must be the same type"))
                    if kinds
                    else array_of(UNKNOWN)
                )
            case exp.Tuple():
                return _row_kind(self.kinds(node.expressions, scope))
            case exp.Interval():
                if isinstance(node.this, exp.Expr):
                    self.kind(node.this, scope)
                return INTERVAL
        inner = Scope(scope, parameters={each.name.lower(): None for each in node.expressions})
        return self.kind(node.this, inner)

    def unified(self, node: exp.Expr, kinds: Sequence[Kind], message: str) -> Kind:
        for each in kinds[1:]:
            for other in kinds[:1]:
                if not _are_comparable(other, each):
                    raise self.error("TYPE_MISMATCH", node, f"{message}: {_shown(other)} vs {_shown(each)}")
        return common(kinds)

    def logical(self, operand: exp.Expr, node: exp.Expr, scope: Scope) -> None:
        kind = self.kind(operand, scope)
        if kind is not None and kind.name not in ("boolean", "unknown"):
            name = "NOT" if isinstance(node, exp.Not) else "Logical expression"
            raise self.error(
                "TYPE_MISMATCH", operand, f"{name} term must evaluate to a boolean (actual: {_shown(kind)})"
            )

    def binary(self, node: exp.Binary, scope: Scope) -> Kind:
        left, right = self.kind(node.left, scope), self.kind(node.right, scope)
        if isinstance(node, exp.Is):
            return BOOLEAN
        if isinstance(node, exp.Like):
            for operand, kind in ((node.left, left), (node.right, right)):
                if kind is not None and kind.name not in TEXT | {"unknown"}:
                    message = f"Left side of LIKE expression must evaluate to a varchar (actual: {_shown(kind)})"
                    raise self.error("TYPE_MISMATCH", operand, message)
            return BOOLEAN
        if isinstance(node, exp.Predicate):
            self.compare(node, left, right, _OPERATORS.get(type(node), node.key.upper()))
            return BOOLEAN
        match node:
            case exp.DPipe():
                return self.concatenated(node, left, right)
            case exp.Add() | exp.Sub() | exp.Mul() | exp.Div() | exp.Mod():
                return self.arithmetic(node, left, right)
        return None

    def concatenated(self, node: exp.Expr, left: Kind, right: Kind) -> Kind:
        for a, b in ((left, right), (right, left)):
            if a is not None and a.name == "array":
                return a if b is None or a.children[0].name != "unknown" else b
        for each in (left, right):
            if each is not None and each.name not in TEXT | {"unknown", "binary", "array"}:
                raise self.error(
                    "TYPE_MISMATCH",
                    node,
                    f"Unexpected parameters ({_shown(left)}, {_shown(right)}) for function concat",
                )
        return STRING if left is None or left.name != "binary" else BINARY

    def arithmetic(self, node: exp.Binary, left: Kind, right: Kind) -> Kind:
        operator = _OPERATORS[type(node)]
        if left is None or right is None:
            return None
        names = (left.name, right.name)
        if "unknown" in names:
            return right if left.name == "unknown" else left
        if "interval" in names:
            other = right if left.name == "interval" else left
            if other.name == "date" and isinstance(node, exp.Add | exp.Sub):
                return DATE
            if other.name in ("timestamp", "timestamp with time zone", "time", "interval", *NUMERIC_ORDER):
                return INTERVAL if other.name in NUMERIC_ORDER else other
        elif names[0] in TEMPORAL_ORDER and names[1] in TEMPORAL_ORDER and isinstance(node, exp.Sub):
            return INTERVAL
        elif set(names) <= set(NUMERIC_ORDER):
            if "decimal" in names and not {"float", "double"} & set(names):
                return None
            return common((left, right))
        raise self.error("TYPE_MISMATCH", node, f"Cannot apply operator: {_shown(left)} {operator} {_shown(right)}")

    def compare(self, node: Any, left: Kind, right: Kind, operator: str) -> None:
        if not _are_comparable(left, right):
            raise self.error("TYPE_MISMATCH", node, f"Cannot apply operator: {_shown(left)} {operator} {_shown(right)}")

    # -- calls

    def call(self, node: exp.Anonymous, scope: Scope) -> Kind:
        name = node.name.lower()
        function = FUNCTIONS.get(name)
        if function is None:
            raise self.error("FUNCTION_NOT_FOUND", node, f"Function '{name}' not registered")
        arguments = [each for each in node.expressions if not isinstance(each, exp.Star)]
        lambdas = {number: each for number, each in enumerate(arguments) if isinstance(each, exp.Lambda)}
        kinds: list[Kind] = [
            None if number in lambdas else self.kind(each, scope) for number, each in enumerate(arguments)
        ]
        if not function.minimum <= len(arguments) <= function.maximum:
            raise self.error(
                "FUNCTION_NOT_FOUND",
                node,
                f"Unexpected parameters ({', '.join(map(_shown, kinds))}) for function {name}.",
            )
        results = {number: self.lambda_kind(name, number, each, kinds, scope) for number, each in lambdas.items()}
        self.kinds(node.args.get("order") or (), scope)
        node.meta["argument_kinds"] = kinds
        match name:
            case "row":
                return _row_kind(kinds)
            case "at_timezone" | "with_timezone" | "from_unixtime" if len(arguments) == 2:
                return self.at_time_zone(node, arguments[1], scope)
            case "concat":
                return next((kind for kind in kinds if kind is not None and kind.name == "array"), STRING)
            case "transform":
                return array_of(results.get(1))
            case "zip_with":
                return array_of(results.get(2))
            case "reduce":
                return results.get(3)
            case "transform_values" if kinds[0] is not None and kinds[0].name == "map":
                value = results.get(1)
                return HiveType("map", children=(kinds[0].children[0], value)) if value else None
            case "map" if not kinds:
                return HiveType("map", children=(UNKNOWN, UNKNOWN))
            case "element_at" if kinds[0] is not None and kinds[0].name not in ("array", "map"):
                raise self.error(
                    "FUNCTION_NOT_FOUND",
                    node,
                    f"Unexpected parameters ({', '.join(map(_shown, kinds))}) for function element_at.",
                )
            case "map_entries" if kinds[0] is not None and kinds[0].name == "map":
                return array_of(_row_kind(kinds[0].children))
            case "map_from_entries" if (
                kinds[0] is not None and kinds[0].children and len(kinds[0].children[0].children) == 2
            ):
                return HiveType("map", children=kinds[0].children[0].children)
            case "approx_percentile" if kinds[-1] is not None and kinds[-1].name == "array":
                return array_of(kinds[0])
            case "max" | "min" if len(kinds) == 2:
                return array_of(kinds[0])
        return function.returns(kinds) if kinds or function.minimum == 0 or name == "count" else None

    def lambda_kind(self, name: str, number: int, node: exp.Lambda, kinds: list[Kind], scope: Scope) -> Kind:
        parameters = [each.name.lower() for each in node.expressions]
        given = _lambda_kinds(name, number, kinds, len(parameters))
        inner = Scope(scope, parameters=dict(zip(parameters, given, strict=True)))
        found = self.kind(node.this, inner)
        node.meta["kind"] = found
        return found


def _lambda_kinds(name: str, number: int, kinds: list[Kind], count: int) -> list[Kind]:
    whole = kinds[0]
    if whole is None or not whole.children:
        return [None] * count
    match name, whole.name:
        case "zip_with", "array":
            other = kinds[1]
            return [whole.children[0], other.children[0] if other is not None and other.children else None][:count]
        case "reduce", "array":
            return [kinds[1], whole.children[0]][:count] if number == 2 else [kinds[1]][:count]
        case _, "map":
            return list(whole.children)[:count] + [None] * (count - 2)
        case _, "array":
            return [whole.children[0], *[None] * (count - 1)][:count]
    return [None] * count


def kind_of(to: exp.DataType) -> Kind:
    """Give the type that a cast names, None for one that is not known here."""
    kinds = exp.DataType.Type
    match to.this:
        case kinds.ARRAY:
            return array_of(kind_of(to.expressions[0])) if to.expressions else None
        case kinds.MAP:
            key, value = (kind_of(each) for each in to.expressions) if len(to.expressions) == 2 else (None, None)
            return HiveType("map", children=(key, value)) if key and value else None
        case kinds.STRUCT:
            members = [
                (each.name.lower(), kind_of(each.args["kind"]))
                if isinstance(each, exp.ColumnDef)
                else (f"field{n}", kind_of(each))
                for n, each in enumerate(to.expressions)
            ]
            if any(kind is None for _, kind in members):
                return None
            return HiveType(
                "struct", children=tuple(kind for _, kind in members if kind), fields=tuple(n for n, _ in members)
            )
        case kinds.DECIMAL:
            numbers = [int(each.name) for each in to.expressions]
            return HiveType("decimal", tuple([*numbers, 0][:2]) if numbers else (38, 0))
        case kinds.VARCHAR | kinds.CHAR:
            numbers = [int(each.name) for each in to.expressions if each.name.isdigit()]
            name = "varchar" if to.this == kinds.VARCHAR else "char"
            return (
                HiveType(name, (numbers[0],)) if numbers else (STRING if name == "varchar" else HiveType("char", (1,)))
            )
    named = _CAST_KINDS.get(to.this)
    if named is None:
        try:
            return parse_type(str(to.this.value).lower())
        except (TypeSyntaxError, AttributeError):
            return None
    return named


_T = exp.DataType.Type
_CAST_KINDS = {
    _T.TEXT: STRING,
    _T.BIGINT: BIGINT,
    _T.INT: INTEGER,
    _T.SMALLINT: HiveType("smallint"),
    _T.TINYINT: HiveType("tinyint"),
    _T.BOOLEAN: BOOLEAN,
    _T.DOUBLE: DOUBLE,
    _T.FLOAT: HiveType("float"),
    _T.DATE: DATE,
    _T.TIMESTAMP: TIMESTAMP,
    _T.TIMESTAMPNTZ: TIMESTAMP,
    _T.TIMESTAMPTZ: ZONED,
    _T.TIME: HiveType("time"),
    _T.VARBINARY: BINARY,
    _T.JSON: JSON,
    _T.UUID: HiveType("uuid"),
    _T.INTERVAL: INTERVAL,
}

_OPERATORS: dict[type, str] = {
    exp.EQ: "=",
    exp.NEQ: "<>",
    exp.LT: "<",
    exp.LTE: "<=",
    exp.GT: ">",
    exp.GTE: ">=",
    exp.Add: "+",
    exp.Sub: "-",
    exp.Mul: "*",
    exp.Div: "/",
    exp.Mod: "%",
    exp.NullSafeEQ: "IS DISTINCT FROM",
    exp.NullSafeNEQ: "IS DISTINCT FROM",
}

_SIMPLE: dict[type, HiveType] = {
    exp.CurrentDate: DATE,
    exp.CurrentTimestamp: ZONED,
    exp.Localtimestamp: TIMESTAMP,
    exp.Extract: BIGINT,
    exp.Trim: STRING,
    exp.Substring: STRING,
    exp.StrPosition: BIGINT,
    exp.Normalize: STRING,
    exp.CurrentUser: STRING,
    exp.CurrentCatalog: STRING,
    exp.Unhex: BINARY,
    exp.HexString: BINARY,
    exp.Escape: STRING,
}


def scope_parameter(scope: Scope, name: str) -> Kind:
    """Give the type of a lambda parameter that can be named here."""
    return _all_parameters(scope).get(name.lower())


def _all_parameters(scope: Scope | None) -> dict[str, Kind]:
    parameters: dict[str, Kind] = {}
    while scope is not None:
        parameters = {**scope.parameters, **parameters}
        scope = scope.outer
    return parameters


def _literal_kind(node: exp.Literal) -> HiveType:
    if node.is_string:
        return STRING
    if not node.is_int:
        # Athena reads 1.5 as a double, where Trino has a decimal.
        return DOUBLE
    return INTEGER if int(node.name) < 2**31 else BIGINT


def _row_kind(kinds: Sequence[Kind]) -> Kind:
    known = [kind for kind in kinds if kind is not None]
    if len(known) != len(kinds):
        return None
    return HiveType("struct", children=tuple(known), fields=tuple(f"field{number}" for number in range(len(known))))


def _output_name(expression: exp.Expr, number: int) -> str:
    match expression:
        case exp.Alias() | exp.Column():
            return str(expression.alias_or_name).lower()
        case exp.Dot():
            return str(expression.expression.name).lower()
    return f"_col{number}"


def _renamed(fields: tuple[Field, ...], names: Sequence[str]) -> tuple[Field, ...]:
    if not names:
        return fields
    visible = [each for each in fields if not each.is_hidden]
    return tuple(Field(name, each.kind) for name, each in zip(names, visible, strict=False))


def _alias_columns(node: exp.Expr) -> list[str]:
    alias = node.args.get("alias")
    return [column.name.lower() for column in alias.columns] if isinstance(alias, exp.TableAlias) else []


def _column(name: str, table: str = "") -> exp.Column:
    return exp.column(exp.to_identifier(name, quoted=True), exp.to_identifier(table, quoted=True) if table else None)


def _are_comparable(left: Kind, right: Kind) -> bool:
    if left is None or right is None or left == right or "unknown" in (left.name, right.name):
        return True
    names = {left.name, right.name}
    if names <= set(NUMERIC_ORDER) or names <= set(TEMPORAL_ORDER) or names <= TEXT:
        return True
    if left.name == right.name and left.children and len(left.children) == len(right.children):
        return all(_are_comparable(a, b) for a, b in zip(left.children, right.children, strict=True))
    return left.name == right.name


def _shown(kind: Kind) -> str:
    return "unknown" if kind is None else trino_text(kind)
