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
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from sqlglot import exp

from toolkit.local.athena.errors import QueryError
from toolkit.local.athena.hive_types import BIGINT, STRING, HiveType, TypeSyntaxError, parse_type, trino_text
from toolkit.local.athena.sql.coercion import as_decimal, can_become, common_of, common_type, is_orderable
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
    INTERVALS,
    JSON,
    MONTHS,
    NUMERIC_ORDER,
    TEMPORAL_ORDER,
    TEXT,
    TIMESTAMP,
    UNKNOWN,
    ZONED,
    Kind,
    array_of,
    in_zone,
    precision_of,
    with_precision,
)
from toolkit.local.athena.sql.literals import typed_literal_kind
from toolkit.local.athena.sql.routines.times import iso_instant, joda_instant
from toolkit.local.athena.sql.signatures import (
    LAMBDA,
    AmbiguousCall,
    NoSignature,
    Resolved,
    lambda_parameters,
    other_functions,
    resolve,
    result_of,
    shown,
    signatures,
    with_lambda,
)

# Columns that every table has and no star shows: https://docs.aws.amazon.com/athena/latest/ug/select.html
HIDDEN_COLUMNS = {"$path": STRING}


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
            if name in scope.tables and not with_.args.get("recursive"):
                raise self.error("DUPLICATE_NAMED_QUERY", each, f"WITH query name '{name}' specified more than once")
            if with_.args.get("recursive") and not names and name in scope.tables:
                raise self.error("MISSING_COLUMN_ALIASES", each, "missing column aliases in recursive WITH query")
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
            if not _are_alike(a.kind, b.kind):
                raise self.error(
                    "TYPE_MISMATCH",
                    tree.right,
                    f"column {number} in {tree.key.upper()} query has incompatible types: {_shown(a.kind)}, {_shown(b.kind)}",
                )
            fields.append(Field(a.name, common_of((a.kind, b.kind))))
        self.modifiers(tree, tuple(fields), scope)
        return tuple(fields)

    def values(self, tree: exp.Values, scope: Scope) -> tuple[Field, ...]:
        for each in list(tree.expressions):
            if isinstance(each, exp.Tuple) and len(each.expressions) == 1 and _is_row(each.expressions[0]):
                each = each.expressions[0]
                each.parent.replace(exp.Tuple(expressions=each.expressions))
        rows = [row.expressions if isinstance(row, exp.Tuple) else [row] for row in tree.expressions]
        kinds = [[self.kind(value, scope) for value in row] for row in rows]
        columns: list[Kind] = list(kinds[0])
        for given in kinds[1:]:
            fitting = len(given) == len(columns) and all(map(_are_alike, columns, given))
            if not fitting:
                raise self.error(
                    "TYPE_MISMATCH",
                    tree,
                    f"Values rows have mismatched types: {_shown(_row_kind(columns))} vs {_shown(_row_kind(given))}",
                )
            columns = [common_of(pair) for pair in zip(columns, given, strict=True)]
        return tuple(Field(f"_col{number}", kind) for number, kind in enumerate(columns))

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
            self.scalar(where.this, "WHERE")
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
        self.grouped(tree, scope)
        distinct = tree.args.get("distinct")
        if distinct is not None and distinct.args.get("on"):
            raise self.error("SYNTAX_ERROR", tree, "DISTINCT ON is not supported")
        return tuple(fields)

    def group(self, group: exp.Group, tree: exp.Select, scope: Scope) -> None:
        for each in list(group.walk()):
            if isinstance(each, exp.Column):
                self.kind(each, scope)
        self.scalar(group, "GROUP BY")
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
                    if tree.args.get("distinct") and _plain_text(key) not in set(map(_plain_text, _selected(tree))):
                        message = "For SELECT DISTINCT, ORDER BY expressions must appear in select list"
                        raise self.error("EXPRESSION_NOT_IN_DISTINCT", tree, message)
                kind: Kind = key.meta.get("kind")
                if not is_orderable(kind):
                    message = f"Type {_shown(kind)} is not orderable, and therefore cannot be used in ORDER BY: "
                    raise self.error("TYPE_MISMATCH", tree, message + key.sql(dialect="trino"))

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
            raise self.error("NOT_SUPPORTED", join, "Natural join not supported")
        for name in using:
            left_field = next((f for each in scope.sources for f in each.fields if f.name == name), None)
            right_field = next((f for f in source.fields if f.name == name), None)
            if left_field is None or right_field is None:
                side = "left" if left_field is None else "right"
                raise self.error("COLUMN_NOT_FOUND", join, f"Column '{name}' is missing from {side} side of join")
            scope.merged[name] = Field(name, common_of((left_field.kind, right_field.kind)))
        if source.alias and any(each.alias == source.alias for each in scope.sources):
            source = Source(source.alias, source.fields, (*source.qualifiers, "\0ambiguous"))
        scope.sources.append(source)
        if on := join.args.get("on"):
            self.condition(on, scope, "JOIN ON")

    def source(self, node: exp.Expr, scope: Scope) -> Source:
        for name in ("match_recognize", "pivots"):
            if node.args.get(name):
                words = {"match_recognize": "MATCH_RECOGNIZE", "pivots": "PIVOT"}[name]
                raise self.error("NOT_SUPPORTED", node, f"the local Athena does not support {words}")
        match node:
            case exp.Table() if isinstance(node.this, exp.Identifier):
                return self.table(node, scope)
            case exp.Subquery() | exp.Values():
                inner = scope.outer or Scope()
                if isinstance(node, exp.Subquery) and isinstance(node.this, exp.Table):
                    return self.source(node.this, scope)
                visible = Scope(inner, tables=scope.tables)
                fields = self.query(node, visible)
                inner_query = node.this if isinstance(node, exp.Subquery) else node
                if isinstance(inner_query, exp.Values) and not _alias_columns(node):
                    # DuckDB has other names for the columns of VALUES.
                    names = [exp.to_identifier(each.name, quoted=True) for each in fields]
                    alias = exp.to_identifier(node.alias or "values__", quoted=True)
                    node.set("alias", exp.TableAlias(this=alias, columns=names))
                self.aliased(node, node.alias, _alias_columns(node), fields)
                return Source(node.alias.lower(), _renamed(fields, _alias_columns(node)))
            case exp.Unnest():
                return self.unnest(node, scope)
            case exp.Lateral():
                inner_scope = Scope(scope)
                this = node.this
                fields = self.query(this.this if isinstance(this, exp.Subquery) else this, inner_scope)
                return Source(node.alias.lower(), _renamed(fields, _alias_columns(node)))
        raise self.error("SYNTAX_ERROR", node, f"{node.sql(dialect='trino')[:60]} is not supported in FROM")

    def aliased(self, node: exp.Expr, alias: str, names: Sequence[str], fields: Sequence[Field]) -> None:
        visible = [each for each in fields if not each.is_hidden]
        if names and len(names) != len(visible):
            message = f"Column alias list has {len(names)} entries but '{alias}' has {len(visible)} columns available"
            raise self.error("MISMATCHED_COLUMN_ALIASES", node, message)

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
                    raise QueryError(f"INVALID_FUNCTION_ARGUMENT: Cannot unnest type: {_shown(kind)}")
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
                if node.is_int and int(node.name) >= 2**63:
                    raise self.error("SYNTAX_ERROR", node, f"Invalid numeric literal: {node.name}")
                return _literal_kind(node)
            case exp.HexString() | exp.BitString():
                written = self.sql[node.meta["start"] :][:2].lower() if "start" in node.meta else ""
                if written not in ("0x", "0b"):
                    return BINARY
                whole = exp.Literal(this=str(int(node.name, 16 if written == "0x" else 2)), is_string=False)
                whole.meta.update(node.meta)
                node.replace(whole)
                whole.meta["kind"] = _literal_kind(whole)
                return whole.meta["kind"]  # type: ignore[no-any-return]
            case exp.CurrentTime():
                raise self.error(
                    "NOT_SUPPORTED", node, "the local Athena does not support current_time; localtime has no zone"
                )
            case exp.Null():
                return UNKNOWN
            case exp.Boolean():
                return BOOLEAN
            case exp.Cast():
                return self.cast(node, scope)
            case exp.Paren() | exp.Alias() | exp.Distinct() | exp.Order() | exp.WithinGroup() | exp.IgnoreNulls():
                return next(iter(self.kinds(node.args.values(), scope)), None)
            case exp.Filter():
                self.filtered(node, scope)
                return self.kind(node.this, scope)
            case exp.Window():
                return self.window(node, scope)
            case exp.Trim():
                return self.trimmed(node, scope)
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
                if not all(_are_alike(kinds[0], each) for each in kinds[1:]) or not all(map(is_orderable, kinds)):
                    message = "Cannot check if {} is BETWEEN {} and {}".format(*map(_shown, kinds))
                    raise self.error("TYPE_MISMATCH", node, message)
                return BOOLEAN
            case exp.Neg(this=exp.Literal() as number) if number.is_int and int(number.name) in (2**31, 2**63):
                # The least integer, of which the digits alone would be too many.
                kind = INTEGER if int(number.name) == 2**31 else BIGINT
                number.meta["kind"] = kind
                return kind
            case exp.Neg():
                negated = self.kind(node.this, scope)
                if negated is not None and negated.name not in (*NUMERIC_ORDER, *INTERVALS, "unknown"):
                    raise self.error("TYPE_MISMATCH", node, f"Cannot negate {_shown(negated)}")
                return negated
            case exp.All() | exp.Any():
                fields = self.query(node.this, Scope(scope)) if isinstance(node.this, exp.Query) else ()
                return fields[0].kind if fields else None
            case exp.Extract():
                return self.extract(node, scope)
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
                if index is not None and index.name not in INTEGRAL | {"unknown"}:
                    raise self.error(
                        "TYPE_MISMATCH", node.this, f"Cannot use {_shown(index)} for subscript of {_shown(whole)}"
                    )
                return whole.children[0]
            case "map":
                if index is not None and not can_become(index, whole.children[0]):
                    message = f"Cannot use {_shown(index)} for subscript of {_shown(whole)}"
                    raise self.error("TYPE_MISMATCH", node.this, message)
                coerce(node.expressions[0], whole.children[0])
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
        target = node.meta["target"] if "target" in node.meta else kind_of(node.args["to"])
        if target is None:
            raise self.error("TYPE_NOT_FOUND", node, f"Unknown type: {node.args['to'].sql(dialect='trino')}")
        if node.meta.get("is_literal") and isinstance(node.this, exp.Literal):
            found = typed_literal_kind(node.this.name, target)
            if found is None:
                message = f"'{node.this.name}' is not a valid {node.args['to'].sql(dialect='trino').upper()} literal"
                raise self.error("INVALID_LITERAL", node, message)
            return found
        if source is not None and not can_cast(source, target):
            raise self.error("TYPE_MISMATCH", node, f"Cannot cast {_shown(source)} to {_shown(target)}")
        if target.name == ZONED.name and isinstance(node.this, exp.Literal):
            zoned = typed_literal_kind(node.this.name, target)
            return with_precision(zoned, precision_of(target)) if zoned is not None and zoned.fields else target
        if target.name == ZONED.name and source is not None and source.name == ZONED.name:
            return HiveType(ZONED.name, target.arguments, fields=source.fields)
        return target

    def extract(self, node: exp.Extract, scope: Scope) -> Kind:
        kind = self.kind(node.expression, scope)
        field = node.this.name.upper()
        if field not in EXTRACT_FIELDS:
            raise self.error("SYNTAX_ERROR", node, f"Invalid EXTRACT field: {field}")
        if kind is not None and kind.name != "unknown":
            try:
                resolve(EXTRACT_FIELDS[field], (kind,))
            except NoSignature as error:
                message = f"Cannot extract {field} from {_shown(kind)}"
                raise self.error("TYPE_MISMATCH", node.expression, message) from error
        return BIGINT

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
            if len(fields) == 1 and not _are_alike(kind, fields[0].kind):
                message = "value and result of subquery must be of the same type for IN expression: "
                message += f"{_shown(kind)} vs {_shown(fields[0].kind)}"
                raise self.error("TYPE_MISMATCH", node.this, message)
            return BOOLEAN
        listed = [kind, *(self.kind(each, scope) for each in list(node.expressions))]
        if node.expressions:
            self.unified(listed, node.expressions, "IN value and list items must be the same type", first=kind)
        return BOOLEAN

    def construct(self, node: exp.Expr, scope: Scope) -> Kind:
        match node:
            case exp.Case():
                operand = self.kind(node.this, scope) if node.this else None
                results: list[Kind] = []
                values: list[exp.Expr] = []
                for each in node.args["ifs"]:
                    condition = self.kind(each.this, scope)
                    if node.this:
                        if not _are_alike(operand, condition):
                            message = "CASE operand type does not match WHEN clause operand type: "
                            message += f"{_shown(operand)} vs {_shown(condition)}"
                            raise self.error("TYPE_MISMATCH", each.this, message)
                    elif condition is not None and condition.name not in ("boolean", "unknown"):
                        raise self.error(
                            "TYPE_MISMATCH",
                            each.this,
                            f"CASE WHEN clause must evaluate to a boolean (actual: {_shown(condition)})",
                        )
                    results.append(self.kind(each.args["true"], scope))
                    values.append(each.args["true"])
                if default := node.args.get("default"):
                    results.append(self.kind(default, scope))
                    values.append(node.args["default"])
                return self.unified(results, values, "All CASE results must be the same type")
            case exp.If():
                self.condition(node.this, scope, "IF condition")
                results = self.kinds((node.args["true"], node.args.get("false")), scope)
                if len(results) == 2 and not _are_alike(*results):
                    message = f"Result types for IF must be the same: {_shown(results[0])} vs {_shown(results[1])}"
                    raise self.error("TYPE_MISMATCH", node, message)
                values = [node.args[each] for each in ("true", "false") if node.args.get(each)]
                return self.unified(results, values, "Result types for IF must be the same")
            case exp.Array():
                kinds = self.kinds(node.expressions, scope)
                if not kinds:
                    return array_of(UNKNOWN)
                return array_of(self.unified(kinds, node.expressions, "All ARRAY elements must be the same type"))
            case exp.Tuple():
                return _row_kind(self.kinds(node.expressions, scope))
            case exp.Interval():
                return self.interval(node)
        inner = Scope(scope, parameters={each.name.lower(): None for each in node.expressions})
        return self.kind(node.this, inner)

    def unified(self, kinds: Sequence[Kind], nodes: Sequence[exp.Expr], message: str, *, first: Kind = None) -> Kind:
        """Give the type of branches that must have one, and make each of them that."""
        found = kinds[0]
        given = list(kinds)[-len(nodes) :]
        for each, node in zip(given, nodes, strict=True):
            if found is None or each is None:
                return None
            both = common_type(found, each)
            if both is None:
                raise self.error(
                    "TYPE_MISMATCH",
                    node,
                    f"{message} or coercible to a common type. Cannot find common type between {_shown(found)} and "
                    f"{_shown(each)}, all types (without duplicates): [{', '.join(dict.fromkeys(map(_shown, kinds)))}]",
                )
            found = both
        if first is None:
            for node in list(nodes):
                coerce(node, found)
        return found

    def filtered(self, node: exp.Filter, scope: Scope) -> None:
        condition = node.expression.this
        kind = self.kind(condition, scope)
        if kind is not None and kind.name not in ("boolean", "unknown"):
            message = f"Filter expression must evaluate to a boolean (actual: {_shown(kind)})"
            raise self.error("TYPE_MISMATCH", condition, message)

    def window(self, node: exp.Window, scope: Scope) -> Kind:
        call = node.this
        while isinstance(call, exp.Filter | exp.IgnoreNulls | exp.RespectNulls):
            if isinstance(call, exp.Filter):
                raise self.error("NOT_SUPPORTED", node, "FILTER is not yet supported for window functions")
            call = call.this
        if isinstance(call, exp.Anonymous):
            name = call.name.lower()
            function = FUNCTIONS.get(name)
            if function is not None and not (function.is_aggregate or function.is_window):
                raise self.error("FUNCTION_NOT_WINDOW", node, f"Not a window function: {name}")
            if any(isinstance(each, exp.Distinct) for each in call.expressions):
                message = "DISTINCT in window function parameters not yet supported"
                raise self.error("NOT_SUPPORTED", node, message)
        for each in node.find_all(exp.Window):
            if each is not node and each.find_ancestor(exp.Window, exp.Query) is node:
                message = "Cannot nest window functions or row pattern measures inside window function arguments"
                raise self.error("NESTED_WINDOW", each, message)
        if node.args.get("spec") is not None:
            self.frame(node, node.args["spec"])
        return self.kinds(node.args.values(), scope)[0]

    def frame(self, node: exp.Window, spec: exp.WindowSpec) -> None:
        start, end = str(spec.args.get("start") or ""), str(spec.args.get("end") or "")
        start_side, end_side = (str(spec.args.get(each) or "") for each in ("start_side", "end_side"))
        if (start, start_side) == ("UNBOUNDED", "FOLLOWING"):
            raise self.error("INVALID_WINDOW_FRAME", spec, "Window frame start cannot be UNBOUNDED FOLLOWING")
        if (end, end_side) == ("UNBOUNDED", "PRECEDING"):
            raise self.error("INVALID_WINDOW_FRAME", spec, "Window frame end cannot be UNBOUNDED PRECEDING")
        if start == "CURRENT ROW" and end_side == "PRECEDING":
            message = "Window frame starting from CURRENT ROW cannot end with PRECEDING"
            raise self.error("INVALID_WINDOW_FRAME", spec, message)
        if start_side == "FOLLOWING" and (end_side == "PRECEDING" or end == "CURRENT ROW"):
            message = f"Window frame starting from FOLLOWING cannot end with {end_side or end}"
            raise self.error("INVALID_WINDOW_FRAME", spec, message)

    def trimmed(self, node: exp.Trim, scope: Scope) -> Kind:
        kinds = self.kinds((node.this, node.args.get("expression")), scope)
        known = [each for each in kinds if each is not None]
        if len(known) < len(kinds):
            return STRING
        try:
            found = resolve("trim", known)
        except NoSignature as error:
            message = f"Unexpected parameters ({shown(known)}) for function trim. Expected: {_expected('trim')}"
            raise QueryError(f"FUNCTION_NOT_FOUND: {message}") from error
        except AmbiguousCall as error:
            raise self.error("AMBIGUOUS_FUNCTION_CALL", node, _AMBIGUOUS) from error
        return result_of(found)

    def scalar(self, node: exp.Expr, clause: str) -> None:
        """Refuse aggregates and window functions in a clause that judges single rows."""
        for each in node.walk(prune=lambda part: isinstance(part, exp.Query)):
            if _is_aggregate(each) or isinstance(each, exp.Window):
                message = (
                    f"{clause} clause cannot contain aggregations, window functions or grouping operations: "
                    f"[{each.sql(dialect='trino')}]"
                )
                raise self.error("EXPRESSION_NOT_SCALAR", each, message)

    def grouped(self, tree: exp.Select, scope: Scope) -> None:
        """Refuse what is neither aggregated nor grouped, and aggregates in aggregates."""
        group = tree.args.get("group")
        having = tree.args.get("having")
        order = tree.args.get("order")
        parts = [*tree.expressions, *([having.this] if having else []), *(order.expressions if order else [])]
        aggregates = [each for part in parts for each in _aggregates(part)]
        for each in aggregates:
            inner = next((found for one in each.expressions for found in _aggregates(one)), None)
            if inner is not None:
                name = each.name.lower()
                message = f"Cannot nest aggregations inside aggregation '{name}': [{inner.sql(dialect='trino')}]"
                raise self.error("NESTED_AGGREGATION", each, message)
        if group is None and not aggregates and having is None:
            return
        if group is not None and (group.args.get("all") or group.args.get("distinct")):
            return
        keys = {_plain_text(key) for key in _grouping_keys(group, tree)} if group is not None else set()
        names = {_output_name(each, number) for number, each in enumerate(tree.expressions)}
        for part in parts:
            is_order = isinstance(part, exp.Ordered)
            key = part.this if is_order else part
            if is_order and (isinstance(key, exp.Literal) or (isinstance(key, exp.Column) and key.name in names)):
                continue
            found = _ungrouped(key, keys)
            if found is not None and self.belongs(found, scope):
                message = f"'{found.sql(dialect='trino')}' must be an aggregate expression or appear in GROUP BY clause"
                raise self.error("EXPRESSION_NOT_AGGREGATE", found, message)

    def belongs(self, column: exp.Expr, scope: Scope) -> bool:
        """Whether a column is one of this query's own sources, and not of one around it."""
        name, alias = column.name.lower(), column.text("table").lower()
        return any(
            (not alias or source.alias == alias) and any(f.name == name for f in source.fields)
            for source in scope.sources
        )

    def interval(self, node: exp.Interval) -> Kind:
        unit = node.args.get("unit")
        names = str(unit or "").upper().removeprefix("INTERVAL").strip()
        if isinstance(unit, exp.IntervalSpan):
            names = f"{unit.this.name.upper()} TO {unit.expression.name.upper()}"
        if names in ("YEAR", "MONTH", "YEAR TO MONTH"):
            pattern, kind = (r"\d+-\d+" if "TO" in names else r"\d+"), MONTHS
        elif names.split(" TO ")[0] in ("DAY", "HOUR", "MINUTE", "SECOND"):
            pattern, kind = _INTERVALS.get(names, r"\d+"), INTERVAL
        else:
            raise self.error("TYPE_NOT_FOUND", node, "Unknown resolvedType: INTERVAL")
        value = node.this
        if not (isinstance(value, exp.Literal) and value.is_string):
            raise self.error("SYNTAX_ERROR", node, "mismatched input after INTERVAL. Expecting: '+', '-', <string>")
        if not re.fullmatch(rf"\s*[+-]?\s*{pattern}\s*", value.name):
            raise self.error("INVALID_LITERAL", node, f"'{value.name}' is not a valid INTERVAL literal")
        return kind

    def logical(self, operand: exp.Expr, node: exp.Expr, scope: Scope) -> None:
        kind = self.kind(operand, scope)
        if kind is not None and kind.name not in ("boolean", "unknown"):
            name = "NOT" if isinstance(node, exp.Not) else "Logical expression"
            raise self.error(
                "TYPE_MISMATCH", operand, f"{name} term must evaluate to a boolean (actual: {_shown(kind)})"
            )

    def binary(self, node: exp.Binary, scope: Scope) -> Kind:
        if isinstance(node, exp.Escape):
            self.kind(node.this, scope)
            escape = self.kind(node.expression, scope)
            if escape is not None and escape.name not in TEXT | {"unknown"}:
                message = f"Escape for LIKE expression must evaluate to a varchar (actual: {_shown(escape)})"
                raise self.error("TYPE_MISMATCH", node.expression, message)
            return BOOLEAN
        left, right = self.kind(node.left, scope), self.kind(node.right, scope)
        if isinstance(node, exp.Is):
            if not isinstance(node.right, exp.Null):
                message = f"mismatched input '{node.right.sql(dialect='trino')}'. Expecting: 'DISTINCT', 'NOT', 'NULL'"
                raise self.error("SYNTAX_ERROR", node.right, message)
            return BOOLEAN
        if isinstance(node, exp.ILike | exp.Glob | exp.SimilarTo | exp.RegexpLike):
            raise self.error("SYNTAX_ERROR", node, f"mismatched input '{node.key}'")
        if isinstance(node, exp.Like):
            for operand, kind, what in ((node.left, left, "Left side of"), (node.right, right, "Pattern for")):
                if kind is not None and kind.name not in TEXT | {"unknown"}:
                    message = f"{what} LIKE expression must evaluate to a varchar (actual: {_shown(kind)})"
                    raise self.error("TYPE_MISMATCH", operand, message)
            return BOOLEAN
        if isinstance(node, exp.Predicate):
            self.compare(node, left, right)
            return BOOLEAN
        match node:
            case exp.DPipe():
                return self.concatenated(node, left, right)
            case exp.Add() | exp.Sub() | exp.Mul() | exp.Div() | exp.Mod():
                return self.arithmetic(node, left, right)
        raise self.error("SYNTAX_ERROR", node, f"{node.key} is no operator of Athena's")

    def concatenated(self, node: exp.Binary, left: Kind, right: Kind) -> Kind:
        if left is None or right is None:
            return None
        try:
            found = resolve("concat", (left, right))
        except NoSignature as error:
            message = (
                f"Unexpected parameters ({shown((left, right))}) for function concat. Expected: {_expected('concat')}"
            )
            raise self.error("FUNCTION_NOT_FOUND", node, message) from error
        except AmbiguousCall as error:
            raise self.error("AMBIGUOUS_FUNCTION_CALL", node, _AMBIGUOUS) from error
        for each, wanted in zip((node.left, node.right), found.kinds, strict=True):
            coerce(each, wanted)
        return _concatenated(found.kinds, result_of(found), (left, right))

    def arithmetic(self, node: exp.Binary, left: Kind, right: Kind) -> Kind:
        if left is None or right is None:
            return None
        found = arithmetic_kind(type(node), left, right)
        if found is None:
            operator = _OPERATORS[type(node)]
            message = f"Cannot apply operator: {_shown(left)} {operator} {_shown(right)}"
            raise self.error("TYPE_MISMATCH", node, message)
        if found.name == "decimal" and (found.arguments[1] > 38 or found.arguments[0] < 1):
            message = "DECIMAL scale must be in range [0, precision ({})]: {}".format(*found.arguments)
            raise self.error("INVALID_FUNCTION_ARGUMENT", node, message)
        for each, kind in ((node.left, left), (node.right, right)):
            if kind.name == "unknown":
                coerce(each, found)
        return found

    def compare(self, node: exp.Binary, left: Kind, right: Kind) -> None:
        is_ordered = isinstance(node, exp.LT | exp.LTE | exp.GT | exp.GTE)
        if _are_alike(left, right) and not (is_ordered and not (is_orderable(left) and is_orderable(right))):
            if left is not None and right is not None and left.name != right.name and "char" in (left.name, right.name):
                for each in (node.left, node.right):
                    coerce(each, common_type(left, right))
            return
        if isinstance(node, exp.NullSafeEQ | exp.NullSafeNEQ):
            raise self.error("TYPE_MISMATCH", node, f"Cannot check if {_shown(left)} is distinct from {_shown(right)}")
        operator = _OPERATORS.get(type(node), node.key.upper())
        if isinstance(node, exp.GT | exp.GTE):
            # Trino knows < alone, with its sides changed.
            left, right, operator = (left, right, operator.replace(">", "<"))
        raise self.error("TYPE_MISMATCH", node, f"Cannot apply operator: {_shown(left)} {operator} {_shown(right)}")

    # -- calls

    def call(self, node: exp.Anonymous, scope: Scope) -> Kind:
        name = node.name.lower()
        arguments = [each for each in node.expressions if not isinstance(each, exp.Star)]
        kinds: list[Kind] = [LAMBDA if isinstance(each, exp.Lambda) else self.kind(each, scope) for each in arguments]
        self.kinds(node.args.get("order") or (), scope)
        node.meta["argument_kinds"] = kinds
        special = _SPECIAL.get(name)
        if special is not None:
            return special(self, node, kinds, scope)
        if name not in signatures() and not any(name in names for names in other_functions().values()):
            raise self.error("FUNCTION_NOT_FOUND", node, f"Function '{name}' not registered")
        function = FUNCTIONS.get(name)
        if function is not None and function.is_window and not node.find_ancestor(exp.Window):
            raise self.error("MISSING_OVER", node, f"Window function system.builtin.{name} requires an OVER clause")
        if function is None:
            message = f"the local Athena does not support the function {name}; docs/local-athena-functions.md lists those it has"
            raise self.error("NOT_SUPPORTED", node, message)
        given = [each for each in kinds if each is not None]
        if len(given) < len(kinds):
            return self.loose_call(node, kinds, scope)
        try:
            found = resolve(name, given)
            for number, each in enumerate(node.expressions):
                if isinstance(each, exp.Lambda):
                    found = self.lambda_argument(found, number, each, scope)
        except NoSignature as error:
            message = f"Unexpected parameters ({shown(given)}) for function {name}. Expected: {_expected(name)}"
            raise self.error("FUNCTION_NOT_FOUND", node, message) from error
        except AmbiguousCall as error:
            raise self.error("AMBIGUOUS_FUNCTION_CALL", node, _AMBIGUOUS) from error
        arguments = [each for each in node.expressions if not isinstance(each, exp.Star)]
        for each, wanted in zip(arguments, found.kinds, strict=True):
            coerce(each, wanted)
        node.meta["argument_kinds"] = [
            kind if kind.name == wanted.name else wanted for kind, wanted in zip(given, found.kinds, strict=True)
        ]
        result = result_of(found)
        if name in _TWO_OR_MORE and len(given) < 2:
            raise QueryError(f"INVALID_FUNCTION_ARGUMENT: There must be two or more concatenation arguments to {name}")
        if name == "concat":
            return _concatenated(found.kinds, result, given)
        if result is not None and result.name == ZONED.name:
            return self.zone_of_result(node, name, given, result)
        return result

    def loose_call(self, node: exp.Anonymous, kinds: list[Kind], scope: Scope) -> Kind:
        """Type a call of which an argument's type is not known: by the older rules, and without coercing anything."""
        function = FUNCTIONS[node.name.lower()]
        for each in node.expressions:
            if isinstance(each, exp.Lambda):
                parameters = dict.fromkeys((name.name.lower() for name in each.expressions), None)
                each.meta["kind"] = self.kind(each.this, Scope(scope, parameters=parameters))
        return function.returns(kinds)

    def lambda_argument(self, found: Resolved, number: int, node: exp.Lambda, scope: Scope) -> Resolved:
        given = lambda_parameters(found, number)
        names = [each.name.lower() for each in node.expressions]
        if len(given) != len(names):
            message = f"Expected a lambda that takes {len(given)} argument(s) but got {len(names)}"
            raise self.error("INVALID_PARAMETER_USAGE", node, message)
        kind = self.kind(node.this, Scope(scope, parameters=dict(zip(names, given, strict=True))))
        node.meta["kind"] = kind
        if kind is None:
            return found
        found = with_lambda(found, number, kind)
        wanted = found.signature.parameters[number].children[-1]
        if wanted.is_variable:
            coerce(node.this, found.variables[wanted.name.lower()])
        return found

    def zone_of_result(self, node: exp.Anonymous, name: str, kinds: Sequence[HiveType], result: HiveType) -> Kind:
        if name in ("at_timezone", "with_timezone") or (name == "from_unixtime" and len(kinds) == 2):
            zone = self.at_time_zone(node, node.expressions[1], Scope())
            return with_precision(zone, precision_of(result)) if zone is not None else None
        if name in ("from_iso8601_timestamp", "parse_datetime"):
            texts = [each.name for each in node.expressions if isinstance(each, exp.Literal)]
            if len(texts) < len(kinds):
                return result
            try:
                _, zone_text = iso_instant(*texts) if len(texts) == 1 else joda_instant(*texts)
            except ValueError:
                return result
            return HiveType(result.name, result.arguments, fields=(zone_text,))
        same = next((kind for kind in kinds if kind.name == ZONED.name), None)
        return HiveType(result.name, result.arguments, fields=same.fields) if same is not None else result

    # -- calls that are syntax

    def row(self, node: exp.Anonymous, kinds: list[Kind], scope: Scope) -> Kind:
        return _row_kind(kinds)

    def coalesce(self, node: exp.Anonymous, kinds: list[Kind], scope: Scope) -> Kind:
        if len(kinds) < 2:
            raise self.error("SYNTAX_ERROR", node, "The 'coalesce' function must have at least two arguments")
        return self.unified(kinds, node.expressions, "All COALESCE operands must be the same type")

    def nullif(self, node: exp.Anonymous, kinds: list[Kind], scope: Scope) -> Kind:
        if len(kinds) != 2:
            raise self.error("SYNTAX_ERROR", node, "Invalid number of arguments for 'nullif' function")
        if not _are_alike(*kinds):
            message = f"Types are not comparable with NULLIF: {_shown(kinds[0])} vs {_shown(kinds[1])}"
            raise self.error("TYPE_MISMATCH", node, message)
        return kinds[0]

    def attempt(self, node: exp.Anonymous, kinds: list[Kind], scope: Scope) -> Kind:
        if len(kinds) != 1:
            raise self.error("SYNTAX_ERROR", node, "The 'try' function must have exactly one argument")
        return kinds[0]

    def grouping(self, node: exp.Anonymous, kinds: list[Kind], scope: Scope) -> Kind:
        return BIGINT if len(kinds) > 31 else INTEGER

    def typeof(self, node: exp.Anonymous, kinds: list[Kind], scope: Scope) -> Kind:
        return STRING

    def now(self, node: exp.Anonymous, kinds: list[Kind], scope: Scope) -> Kind:
        kind = {"current_timestamp": ZONED, "localtimestamp": TIMESTAMP}[node.name.lower()]
        return with_precision(kind, int(node.expressions[0].name)) if node.expressions else kind

    def format(self, node: exp.Anonymous, kinds: list[Kind], scope: Scope) -> Kind:
        if len(kinds) < 2:
            raise self.error("SYNTAX_ERROR", node, "The 'format' function must have at least two arguments")
        if kinds[0] is not None and kinds[0].name not in TEXT:
            message = f"Format string type must be varchar (actual: {_shown(kinds[0])})"
            raise self.error("TYPE_MISMATCH", node.expressions[0], message)
        for each, kind in zip(node.expressions[1:], kinds[1:], strict=True):
            if kind is not None and kind.children:
                raise self.error("NOT_SUPPORTED", each, f"Type not supported for formatting: {_shown(kind)}")
        return STRING

    def listagg(self, node: exp.Anonymous, kinds: list[Kind], scope: Scope) -> Kind:
        for each, kind in zip(node.expressions, kinds, strict=True):
            if kind is not None and kind.name not in TEXT | {"unknown"}:
                message = f"Expected expression of varchar, but '{each.sql(dialect='trino')}' has {_shown(kind)} type"
                raise self.error("TYPE_MISMATCH", node, message)
        return STRING


# A call that the grammar knows, and whose arguments no signature describes.
_SPECIAL: dict[str, Callable[[_Analyser, exp.Anonymous, list[Kind], Scope], Kind]] = {
    "row": _Analyser.row,
    "coalesce": _Analyser.coalesce,
    "nullif": _Analyser.nullif,
    "try": _Analyser.attempt,
    "format": _Analyser.format,
    "grouping": _Analyser.grouping,
    "typeof": _Analyser.typeof,
    "listagg": _Analyser.listagg,
    "current_timestamp": _Analyser.now,
    "localtimestamp": _Analyser.now,
}

_TWO_OR_MORE = frozenset({"concat", "map_concat"})

_AMBIGUOUS = "Could not choose a best candidate operator. Explicit type casts must be added."

_INTERVALS = {
    "DAY TO HOUR": r"\d+ \d+",
    "DAY TO MINUTE": r"\d+ \d+:\d+",
    "DAY TO SECOND": r"\d+ \d+:\d+:\d+(\.\d+)?",
    "HOUR TO MINUTE": r"\d+:\d+",
    "HOUR TO SECOND": r"\d+:\d+:\d+(\.\d+)?",
    "MINUTE TO SECOND": r"\d+:\d+(\.\d+)?",
    "SECOND": r"\d+(\.\d+)?",
}

# EXTRACT's fields and the functions that give the same.
EXTRACT_FIELDS = {
    "YEAR": "year",
    "QUARTER": "quarter",
    "MONTH": "month",
    "WEEK": "week",
    "DAY": "day",
    "DAY_OF_MONTH": "day",
    "DAY_OF_WEEK": "day_of_week",
    "DAYOFWEEK": "day_of_week",
    "DOW": "day_of_week",
    "DAY_OF_YEAR": "day_of_year",
    "DAYOFYEAR": "day_of_year",
    "DOY": "day_of_year",
    "YEAR_OF_WEEK": "year_of_week",
    "YOW": "year_of_week",
    "HOUR": "hour",
    "MINUTE": "minute",
    "SECOND": "second",
    "TIMEZONE_HOUR": "timezone_hour",
    "TIMEZONE_MINUTE": "timezone_minute",
}


def _is_aggregate(node: exp.Expr) -> bool:
    if not isinstance(node, exp.Anonymous) or isinstance(_holder(node), exp.Window):
        return False
    function = FUNCTIONS.get(node.name.lower())
    return function is not None and function.is_aggregate


def _holder(node: exp.Expr) -> exp.Expr | None:
    parent = node.parent
    while isinstance(parent, exp.Filter | exp.IgnoreNulls | exp.RespectNulls | exp.WithinGroup):
        parent = parent.parent
    # A window holds the call itself, and other things in its clauses.
    return (
        parent
        if isinstance(parent, exp.Window) and parent.this.find(type(node)) is not None and node.arg_key == "this"
        else None
    )


def _aggregates(node: exp.Expr) -> list[exp.Expr]:
    return [each for each in node.walk(prune=lambda part: isinstance(part, exp.Query)) if _is_aggregate(each)]


def _grouping_keys(group: exp.Group, tree: exp.Select) -> list[exp.Expr]:
    """Give all by which a query groups, in any of its grouping sets."""
    structure = (exp.Group, exp.Tuple, exp.Paren, exp.GroupingSets, exp.Cube, exp.Rollup)
    keys: list[exp.Expr] = []
    for each in group.walk():
        if isinstance(each, exp.Group) or not isinstance(each.parent, structure):
            continue
        if isinstance(each, exp.Literal) and each.is_int and int(each.name) <= len(tree.expressions):
            keys.append(tree.expressions[int(each.name) - 1])
        keys.append(each)
    return keys


def _selected(tree: exp.Expr) -> list[exp.Expr]:
    return [
        part for each in tree.expressions for part in ((each.this, each) if isinstance(each, exp.Alias) else (each,))
    ]


def _plain_text(node: exp.Expr) -> str:
    """Give an expression as text in which equal ones are alike, however their columns are named."""
    while isinstance(node, exp.Alias | exp.Paren):
        node = node.this
    copied = node.copy()
    for column in list(copied.find_all(exp.Column)):
        column.set("table", None)
    return str(copied.sql(dialect="trino", normalize_functions="lower", comments=False)).lower().replace('"', "")


def _ungrouped(node: exp.Expr, keys: set[str]) -> exp.Expr | None:
    """Give a column that stands neither in an aggregate nor in an expression that is grouped by."""
    if isinstance(node, exp.Query | exp.Lambda) or _is_aggregate(node) or _plain_text(node) in keys:
        return None
    if isinstance(node, exp.Column):
        return node
    if isinstance(node, exp.Anonymous) and node.name.lower() == "grouping":
        return None
    if isinstance(node, exp.Filter | exp.WithinGroup) and _aggregates(node.this):
        return None
    for child in node.iter_expressions():
        found = _ungrouped(child, keys)
        if found is not None:
            return found
    return None


def coerce(node: exp.Expr, wanted: Kind) -> None:
    """Put an implicit cast around an expression whose values are to become another type."""
    while isinstance(node, exp.Distinct | exp.Order | exp.IgnoreNulls):
        node = node.expressions[0] if isinstance(node, exp.Distinct) else node.this
    kind: Kind = node.meta.get("kind")
    if kind is None or wanted is None or isinstance(node, exp.Lambda) or not _differs(kind, wanted):
        return
    inner = node.copy()
    inner.meta.update(node.meta)
    cast = exp.Cast(this=inner, to=exp.DataType.build("INT"))
    cast.meta.update({key: node.meta[key] for key in ("start", "before") if key in node.meta})
    cast.meta.update(target=wanted, kind=wanted, is_implicit=True)
    node.replace(cast)


def _differs(kind: HiveType, wanted: HiveType) -> bool:
    """Whether values of one type must be made anew to be of another."""
    if kind == wanted or wanted.name in _UNSTORED:
        return False
    if kind.name == wanted.name == "struct" and kind.fields != wanted.fields:
        # DuckDB brings rows together by the names of their fields.
        return True
    if kind.name == wanted.name and kind.children:
        return any(map(_differs, kind.children, wanted.children))
    if kind.is_text and wanted.is_text:
        return wanted.name == "char"
    return kind.name != wanted.name or (kind.name == "decimal" and kind.arguments != wanted.arguments)


_UNSTORED = frozenset({"hyperloglog", "tdigest", "qdigest", "setdigest", "unknown", "function", "color"})


def arithmetic_kind(operator: type, left: HiveType, right: HiveType) -> Kind:
    """Give the type of an arithmetic operation, None if there is none for such operands."""
    names = {left.name, right.name}
    if "unknown" in names:
        other = right if left.name == "unknown" else left
        return other if other.name in (*NUMERIC_ORDER, *INTERVALS, "unknown", *TEMPORAL_ORDER, "time") else None
    if names <= set(NUMERIC_ORDER):
        if "decimal" not in names or names & {"float", "double"}:
            return common_type(left, right)
        return _decimal_kind(operator, as_decimal(left), as_decimal(right))
    if names & INTERVALS:
        if left.name == right.name:
            return left if operator in (exp.Add, exp.Sub) else None
        interval, other = (left, right) if left.name in INTERVALS else (right, left)
        if other.name in ("date", "timestamp", ZONED.name, "time"):
            if other.name == "time" and interval.name == MONTHS.name:
                return None
            fits = operator is exp.Add or (operator is exp.Sub and left is other)
            return other if fits else None
        if other.name in (*INTEGRAL, "double", "float"):
            fits = operator is exp.Mul or (operator is exp.Div and left is interval)
            return interval if fits else None
        return None
    if operator is exp.Sub and names <= set(TEMPORAL_ORDER):
        return INTERVAL
    if operator is exp.Sub and left.name == right.name == "time":
        return INTERVAL
    return None


def _decimal_kind(operator: type, left: HiveType, right: HiveType) -> HiveType:
    # Source: https://trino.io/docs/current/functions/decimal.html#binary-arithmetic-decimal-operators
    (p, s), (q, t) = left.arguments, right.arguments
    if operator is exp.Mul:
        precision, scale = p + q, s + t
    elif operator is exp.Div:
        precision, scale = p + t + max(0, t - s), max(s, t)
    elif operator is exp.Mod:
        precision, scale = min(p - s, q - t) + max(s, t), max(s, t)
    else:
        scale = max(s, t)
        precision = max(p - s, q - t) + scale + 1
    return HiveType("decimal", (min(38, precision), scale))


def _concatenated(kinds: Sequence[HiveType], result: Kind, given: Sequence[Kind]) -> Kind:
    if kinds[0].name == "char":
        return HiveType("char", (min(65_536, sum(kind.arguments[0] for kind in kinds)),))
    return result


def can_cast(source: HiveType, target: HiveType) -> bool:
    """Whether CAST takes values of one type to another at all."""
    if "unknown" in (source.name, target.name):
        return True
    if target.name == "json":
        return _to_json(source)
    if source.name == "json" and target.children:
        return _from_json(target)
    if source.children or target.children:
        fits = source.name == target.name and len(source.children) == len(target.children)
        return fits and all(map(can_cast, source.children, target.children))
    return target.name in _CASTS[_family(source)] if _family(source) in _CASTS else source.name == target.name


def _to_json(kind: HiveType) -> bool:
    if kind.name == "map":
        return kind.children[0].name in (*NUMERIC_ORDER, "boolean", "string", "varchar", "unknown") and _to_json(
            kind.children[1]
        )
    if kind.children:
        return all(map(_to_json, kind.children))
    return kind.name in (*NUMERIC_ORDER, "boolean", "string", "varchar", "json", "date", "timestamp", "unknown")


def _from_json(kind: HiveType) -> bool:
    if kind.name == "map":
        return kind.children[0].name in (*NUMERIC_ORDER, "boolean", "string", "varchar") and _from_json(
            kind.children[1]
        )
    if kind.children:
        return all(map(_from_json, kind.children))
    return kind.name in (*NUMERIC_ORDER, "boolean", "string", "varchar", "json")


def _family(kind: HiveType) -> str:
    return "number" if kind.name in (*NUMERIC_ORDER, "boolean") else "string" if kind.name == "varchar" else kind.name


_NUMBERS = frozenset({*NUMERIC_ORDER, "boolean"})
_VARCHAR = frozenset({"string", "varchar"})
_POINTS = frozenset({"timestamp", ZONED.name})
_CASTS: dict[str, frozenset[str]] = {
    "number": _NUMBERS | _VARCHAR,
    "json": _NUMBERS | _VARCHAR | {"json"},
    "string": _NUMBERS | _VARCHAR | _POINTS | {"char", "binary", "date", "time", "uuid", "ipaddress"},
    "char": _VARCHAR | {"char"},
    "binary": frozenset({"binary", "uuid", "ipaddress"}),
    "date": _VARCHAR | _POINTS | {"date"},
    "time": _VARCHAR | _POINTS | {"time"},
    "timestamp": _VARCHAR | _POINTS | {"date", "time"},
    ZONED.name: _VARCHAR | _POINTS | {"date", "time"},
    INTERVAL.name: _VARCHAR | {INTERVAL.name},
    MONTHS.name: _VARCHAR | {MONTHS.name},
    "uuid": _VARCHAR | {"uuid", "binary"},
}


def _expected(name: str) -> str:
    return ", ".join(
        f"{name}({', '.join(each.name for each in signature.parameters)})" for signature in signatures().get(name, ())
    )


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
    if named is not None and precision_of(named) > 0 and to.expressions:
        return with_precision(named, int(to.expressions[0].name))
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
    exp.CurrentTime: HiveType("time"),
    exp.Localtime: HiveType("time"),
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


def _is_row(node: exp.Expr) -> bool:
    return isinstance(node, exp.Anonymous) and node.name.lower() == "row"


def _literal_kind(node: exp.Literal) -> HiveType:
    if node.is_string:
        return HiveType("varchar", (len(node.name),))
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


def _are_alike(left: Kind, right: Kind) -> bool:
    """Whether two types meet in a common one, or one of them is not known."""
    return left is None or right is None or common_type(left, right) is not None


def _shown(kind: Kind) -> str:
    return "unknown" if kind is None else trino_text(kind)
