"""
Trino's tree to DuckDB's: one function per kind of node, children before parents.

Types come from ``analysis``; what can't be said in DuckDB is refused by name.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from decimal import Decimal
from typing import Any

from sqlglot import exp
from sqlglot.generators.duckdb import DuckDBGenerator

from toolkit.local.athena.errors import QueryError
from toolkit.local.athena.hive_types import HiveType, duckdb_text, hive_text, is_mixed, trino_text
from toolkit.local.athena.sql.analysis.casts import kind_of
from toolkit.local.athena.sql.analysis.expressions import EXTRACT_FIELDS
from toolkit.local.athena.sql.analysis.grouping import plain_text
from toolkit.local.athena.sql.analysis.scopes import output_name
from toolkit.local.athena.sql.coercion import common_type
from toolkit.local.athena.sql.dialect import place
from toolkit.local.athena.sql.formats import UnsupportedPattern, from_joda, from_mysql
from toolkit.local.athena.sql.functions import (
    AGGREGATES,
    FUNCTIONS,
    INTEGRAL,
    INTERVALS,
    MONTHS,
    TIMESTAMP,
    Kind,
    precision_of,
    zone_of,
)
from toolkit.local.athena.sql.literals import local_and_zone
from toolkit.local.athena.sql.macros import QUIET
from toolkit.local.athena.sql.render import json_sql
from toolkit.local.athena.sql.rewrite_json import json_call, mark_json
from toolkit.local.athena.sql.routines.regular import is_plain

TEXT = frozenset({"string", "varchar", "char"})
_TEMPORAL = frozenset({"date", "time", "timestamp", "timestamp with time zone"})
# DuckDB's timestamps have six digits after the seconds.
MAXIMUM_PRECISION_OF_TIME = 6
FLOATING = frozenset({"float", "double"})


def to_duckdb(tree: exp.Expr, sql: str) -> str:
    """
    Give the DuckDB SQL of an analysed query.

    Raises:
        QueryError: it needs something that the local Athena can't do.
    """
    rewriter = _Rewriter(sql)
    _name_outputs(tree)
    for select in list(tree.find_all(exp.Select)):
        _group_instants(select, sql)
    for window in tree.find_all(exp.Window):
        _partition_instants(window)
    for fetch in list(tree.find_all(exp.Fetch)):
        _keep_ties(fetch, sql)
    for call in tree.find_all(exp.Anonymous):
        if "json" in call.meta:
            mark_json(call)
    for node in reversed(list(tree.walk())):
        rule = _RULES.get(type(node))
        if rule is None:
            continue
        new = rule(rewriter, node)
        if new is not node:
            new.meta.setdefault("kind", node.meta.get("kind"))
            if node.meta.get("holds_json"):
                new.meta["holds_json"] = True
            if node is tree:
                tree = new
            else:
                node.replace(new)
    return _text(tree)


def assigned(column: str, source: Kind, target: HiveType) -> str:
    """Give the DuckDB SQL of a column's values as INSERT and UPDATE put them into a column of another type."""
    value = exp.column(column, quoted=True)
    if source is None or source == target or source.name == "unknown":
        return _text(value)
    cast = _text(_Rewriter("").cast_to(value, source, target, exp.Cast()))
    if target.name != "varchar" or not target.arguments or (source.arguments and source.arguments <= target.arguments):
        return cast
    # Source: io.trino.sql.planner.LogicalPlanner.noTruncationCast of Trino 435
    message = (
        f"INVALID_CAST_ARGUMENT: Cannot truncate non-space characters when casting from {trino_text(source)} to "
        f"{trino_text(target)} on INSERT"
    )
    is_longer = f"length(rtrim({_text(value)})) > {target.arguments[0]}"
    return f"CASE WHEN {is_longer} THEN error({_text(exp.Literal.string(message))}) ELSE {cast} END"


def _text(tree: exp.Expr) -> str:
    return str(_Generator(dialect="duckdb", normalize_functions=False).generate(tree))


def _name_outputs(tree: exp.Expr) -> None:
    for select in tree.find_all(exp.Select):
        for number, each in enumerate(select.expressions):
            if not isinstance(each, exp.Alias | exp.Column | exp.Star):
                name = output_name(each, number)
                # In a sub-select of an expression the name is never seen, but it never hurts.
                alias = exp.Alias(this=each.copy(), alias=exp.to_identifier(name, quoted=True))
                alias.meta["kind"] = each.meta.get("kind")
                each.replace(alias)


def _group_instants(select: exp.Select, sql: str) -> None:
    """Group values that carry a zone each by their instants, and show any zone of a group."""
    group = select.args.get("group")
    for key in list(group.expressions) if group is not None else ():
        chosen = _meant(key, select)
        if isinstance(key, exp.Rollup | exp.Cube | exp.GroupingSets) and any(
            is_mixed(each.meta.get("kind")) for each in key.find_all(exp.Column)
        ):
            message = "the local Athena does not support grouping sets of instants that have a zone each"
            raise QueryError(f"NOT_SUPPORTED: {place(sql, key)}: {message}")
        kind: Kind = chosen.meta.get("kind")
        if not is_mixed(kind):
            continue
        key.replace(_moment(chosen.copy(), kind))
        parts = [*select.expressions, select.args.get("having"), select.args.get("order")]
        same = [each for part in parts if part is not None for each in _occurrences(part, plain_text(chosen))]
        for each in same:
            shown = exp.Anonymous(this="any_value", expressions=[each.copy()])
            shown.meta.update(kind=kind, argument_kinds=[kind])
            each.replace(shown)


def _meant(key: exp.Expr, query: exp.Expr) -> exp.Expr:
    """Give what a key of GROUP BY or ORDER BY stands for: the column at its position, or the key itself."""
    if not (isinstance(key, exp.Literal) and key.is_int):
        return key
    column: exp.Expr = query.expressions[int(key.name) - 1]
    return column.this if isinstance(column, exp.Alias) else column


def _occurrences(node: exp.Expr, text: str) -> list[exp.Expr]:
    """Give the places of an expression in a query's clauses, each the outermost."""
    if isinstance(node, exp.Query):
        return []
    if not isinstance(node, exp.Alias | exp.Ordered | exp.Having | exp.Order) and plain_text(node) == text:
        return [node]
    return [found for child in node.iter_expressions() for found in _occurrences(child, text)]


def _partition_instants(window: exp.Window) -> None:
    keys = list(window.args.get("partition_by") or ())
    order = window.args.get("order")
    keys += [each.this for each in order.expressions] if order is not None else []
    for key in keys:
        if is_mixed(key.meta.get("kind")):
            key.replace(_moment(key.copy(), key.meta["kind"]))


def _keep_ties(fetch: exp.Fetch, sql: str) -> None:
    """Put ``FETCH FIRST n ROWS WITH TIES`` as a condition on the rank."""
    options = fetch.args.get("limit_options")
    if options is None or not options.args.get("with_ties"):
        return
    query = fetch.parent
    order = query.args.get("order") if isinstance(query, exp.Select) else None
    if isinstance(query, exp.Select) and order is None:
        at = exp.Null()
        at.meta["start"] = sql.upper().rfind("FETCH", 0, int(options.meta.get("start", len(sql))))
        raise QueryError(f"MISSING_ORDER_BY: {place(sql, at)}: FETCH FIRST WITH TIES clause requires ORDER BY")
    if query is None or order is None or query.args.get("distinct") or query.args.get("offset"):
        message = "the local Athena does not support FETCH FIRST … WITH TIES here; put the query into a sub-query"
        raise QueryError(f"NOT_SUPPORTED: {place(sql, fetch)}: {message}")
    aliases = {each.alias: each.this for each in query.expressions if isinstance(each, exp.Alias)}
    keys = order.copy()
    for each in keys.expressions:
        key = each.this if isinstance(each, exp.Ordered) else each
        meant = _meant(key, query)
        if meant is not key:
            key.replace(meant.copy())
        elif isinstance(key, exp.Column) and not key.table and key.name in aliases:
            key.replace(aliases[key.name].copy())
    rank = exp.Window(this=exp.Anonymous(this="rank"), order=keys, over="OVER")
    count = fetch.args.get("count") or exp.Literal.number(1)
    query.set("qualify", exp.Qualify(this=exp.LTE(this=rank, expression=count.copy())))
    query.set("limit", None)


class _Generator(DuckDBGenerator):
    def ignorenulls_sql(self, expression: exp.IgnoreNulls) -> str:
        return f"{self.sql(expression, 'this')} IGNORE NULLS"


class _Rewriter:
    def __init__(self, sql: str) -> None:
        self.sql = sql

    def unsupported(self, node: exp.Expr, what: str) -> QueryError:
        return QueryError(f"NOT_SUPPORTED: {place(self.sql, node)}: the local Athena does not support {what}")

    # -- literals and operators

    def literal(self, node: exp.Literal) -> exp.Expr:
        if node.is_string or node.is_int or "e" in node.name.lower():
            return node
        return exp.Literal.number(f"{node.name}e0")

    def arithmetic(self, node: exp.Binary) -> exp.Expr:
        kind: Kind = node.meta.get("kind")
        left, right = _kind(node.left), _kind(node.right)
        if INTERVALS & {left, right} or left in _TEMPORAL or right in _TEMPORAL:
            if not is_mixed(kind):
                for side in (node.left, node.right):
                    side.replace(_moment(side.copy(), side.meta.get("kind")))
            return self.temporal(node, left, right)
        if kind is not None and kind.name == "decimal":
            return _decimal(node, kind)
        if isinstance(node, exp.Div):
            if left in FLOATING or right in FLOATING:
                # DuckDB's / of two doubles follows IEEE, as Trino's does.
                return exp.Div(
                    this=_paren(_cast(node.left, "DOUBLE")), expression=_paren(node.right), typed=False, safe=False
                )
            return exp.IntDiv(this=_paren(node.left), expression=_paren(node.right))
        return node

    def temporal(self, node: exp.Binary, left: str, right: str) -> exp.Expr:
        kind: Kind = node.meta.get("kind")
        if isinstance(node, exp.Mul | exp.Div) or (left in INTERVALS and right in INTERVALS):
            return self.interval_arithmetic(node, left, right)
        if not INTERVALS & {left, right}:
            if left == right == "date":
                return _call("to_days", _cast(exp.Paren(this=node.copy()), "INTEGER"))
            pair = [_cast(each, "TIMESTAMP") if _kind(each) == "date" else each for each in (node.left, node.right)]
            return _macro("time_between", *pair)
        interval, other = (node.left, node.right) if left in INTERVALS else (node.right, node.left)
        if _kind(other) == "date":
            if _kind(interval) != MONTHS.name:
                interval = _macro("whole_days", interval)
            shifted = type(node)(this=_paren(other), expression=_paren(interval))
            return _cast(exp.Paren(this=shifted), "DATE")
        if _kind(other) == "timestamp with time zone" and _kind(interval) == MONTHS.name:
            # Months are added on the clock of the zone.
            shifted = type(node)(this=_local(other, other.meta["kind"]), expression=_paren(interval))
            return _again(exp.Paren(this=shifted), other, kind)
        if is_mixed(kind):
            moved = type(node)(this=_moment(other, kind), expression=_paren(interval))
            return _macro("zoned_value", moved, _zone(other))
        return type(node)(this=_paren(other), expression=_paren(interval))

    def interval_arithmetic(self, node: exp.Binary, left: str, right: str) -> exp.Expr:
        kind: Kind = node.meta.get("kind")
        unit = "months" if kind is not None and kind.name == MONTHS.name else "milliseconds"
        measured = [
            _macro(f"interval_{unit}", each) if name in INTERVALS else each
            for each, name in ((node.left, left), (node.right, right))
        ]
        if isinstance(node, exp.Div):
            value: exp.Expr = exp.Div(
                this=_cast(measured[0], "DOUBLE"), expression=_paren(measured[1]), typed=False, safe=False
            )
        else:
            value = type(node)(this=_paren(measured[0]), expression=_paren(measured[1]))
        return _macro(f"{unit}_interval", exp.Paren(this=value))

    def negation(self, node: exp.Neg) -> exp.Expr:
        kind: Kind = node.meta.get("kind")
        if kind is None or kind.name not in INTERVALS:
            return node
        return _call(
            f"to_{'months' if kind.name == MONTHS.name else 'milliseconds'}",
            exp.Neg(this=_macro("interval_months" if kind.name == MONTHS.name else "interval_milliseconds", node.this)),
        )

    def comparison(self, node: exp.Binary) -> exp.Expr:
        left: Kind = node.left.meta.get("kind")
        right: Kind = node.right.meta.get("kind")
        if left is None or right is None:
            return node
        if is_mixed(left) or is_mixed(right):
            return type(node)(this=_moment(node.left, left), expression=_moment(node.right, right))
        if isinstance(node, exp.NullSafeEQ | exp.NullSafeNEQ):
            return node
        if isinstance(node, exp.EQ | exp.NEQ) and left.name == right.name and left.name in ("array", "map", "struct"):
            equal = _equal(node.left, node.right, left, right, 0)
            return equal if isinstance(node, exp.EQ) else exp.Not(this=exp.Paren(this=equal))
        if not FLOATING & {left.name, right.name} or isinstance(node, exp.NullSafeEQ | exp.NullSafeNEQ):
            # As to DuckDB, NaN is not distinct from NaN, nor NULL from NULL.
            return node
        # NaN is less than nothing, greater than nothing and equal to nothing; to DuckDB it is the greatest.
        may_be_nan = [_may_be_nan(each) for each in (node.left, node.right)]
        if isinstance(node, exp.NEQ) or not any(may_be_nan):
            return exp.Paren(this=_never_equal(node)) if isinstance(node, exp.NEQ) and all(may_be_nan) else node
        checked = []
        if may_be_nan[0] and (may_be_nan[1] or isinstance(node, exp.GT | exp.GTE)):
            checked.append(node.left)
        if may_be_nan[1] and isinstance(node, exp.LT | exp.LTE):
            checked.append(node.right)
        condition: exp.Expr = node.copy()
        for each in checked:
            number = each.copy() if _kind(each) in FLOATING else _cast(each.copy(), "DOUBLE")
            condition = exp.And(this=condition, expression=exp.Not(this=_call("isnan", number)))
        return exp.Paren(this=condition) if checked else node

    def interval(self, node: exp.Interval) -> exp.Expr:
        unit = node.args.get("unit")
        names = str(unit or "").upper()
        if isinstance(unit, exp.IntervalSpan):
            names = f"{unit.this.name.upper()} TO {unit.expression.name.upper()}"
        text = node.this.name.replace(" ", "", 1) if node.this.name.strip()[:2] in ("- ", "+ ") else node.this.name
        if names in ("YEAR", "MONTH", "YEAR TO MONTH"):
            return _call("to_months", exp.Literal.number(_months(text.strip(), names)))
        return _call("to_milliseconds", exp.Literal.number(_milliseconds(text.strip(), names)))

    def at_time_zone(self, node: exp.AtTimeZone) -> exp.Expr:
        # The instant stays; the zone in which it is shown is part of its type.
        return exp.Paren(this=_zoned(node.this))

    def with_timezone(self, node: exp.Anonymous) -> exp.Expr:
        clock, zone = node.expressions
        if is_mixed(node.meta.get("kind")):
            return _macro("zoned_clock", clock, _macro("known_zone", zone))
        return _instant(clock, zone.name)

    def to_iso8601(self, node: exp.Anonymous) -> exp.Expr:
        value = node.expressions[0]
        kind: Kind = value.meta.get("kind")
        if kind is not None and kind.name == "date":
            return _macro("date_to_iso8601", value)
        if kind is None or kind.name != "timestamp with time zone":
            return _macro("to_iso8601", value, _digits(kind))
        local = _local(value, kind)
        suffix = _macro("zone_suffix", _macro("zone_minutes", local.copy(), _moment(value.copy(), kind)))
        return exp.Paren(this=exp.DPipe(this=_macro("to_iso8601", local, _digits(kind)), expression=suffix))

    def at_timezone(self, node: exp.Anonymous) -> exp.Expr:
        if is_mixed(node.meta.get("kind")):
            return _macro("zoned_value", _zoned(node.expressions[0]), _macro("known_zone", node.expressions[1]))
        return exp.Paren(this=_zoned(node.expressions[0]))

    def membership(self, node: exp.Between | exp.In) -> exp.Expr:
        """Compare the instants alone."""
        for each in (node.this, node.args.get("low"), node.args.get("high"), *(node.args.get("expressions") or ())):
            if isinstance(each, exp.Expr) and is_mixed(each.meta.get("kind")):
                each.replace(_moment(each.copy(), each.meta["kind"]))
        return node

    def extract(self, node: exp.Extract) -> exp.Expr:
        value = node.expression
        call = exp.Anonymous(this=EXTRACT_FIELDS[node.this.name.upper()], expressions=[value])
        call.meta.update(kind=node.meta.get("kind"), argument_kinds=[value.meta.get("kind")])
        return self.call(call)

    def dereference(self, node: exp.Dot) -> exp.Expr:
        return _call("struct_extract", node.this, exp.Literal.string(node.expression.name.lower()))

    def subscript(self, node: exp.Bracket) -> exp.Expr:
        container: Kind = node.meta.get("container")
        index = node.expressions[0]
        if container is None:
            return _call("list_extract", node.this, index)
        if container.name == "array":
            return _macro("array_subscript", node.this, index)
        if container.name == "map":
            return _macro("map_subscript", node.this, index)
        return _call("struct_extract", node.this, exp.Literal.string(container.fields[int(index.name) - 1]))

    def concatenation(self, node: exp.DPipe) -> exp.Expr:
        left, right = _kind(node.left), _kind(node.right)
        kind: Kind = node.meta.get("kind")
        if kind is not None and kind.name == "array":
            # An element joins an array at its end or beginning.
            one, other = node.left.meta.get("kind"), node.right.meta.get("kind")
            if one is not None and other is not None and one.name == "array" and common_type(one, kind) == kind:
                if other.name == "array" and common_type(other, kind) == kind:
                    return _macro("array_concat", node.left, node.right)
                return _macro("array_append", node.left, node.right)
            return _macro("array_prepend", node.left, node.right)
        if "char" in (left, right):
            pair = [_as_text(each, each.meta.get("kind")) for each in (node.left, node.right)]
            return exp.DPipe(this=pair[0], expression=pair[1])
        return node

    # -- casts

    def cast(self, node: exp.Cast) -> exp.Expr:
        target = node.meta["target"] if "target" in node.meta else kind_of(node.args["to"])
        if node.meta.get("is_literal") and node.meta.get("kind") is not None:
            target = node.meta["kind"]
        source: Kind = node.this.meta.get("kind")
        if is_mixed(source) and is_mixed(node.meta.get("kind")):
            target = node.meta["kind"]
        if target is None:
            raise self.unsupported(node, f"a cast to {node.args['to'].sql(dialect='trino')}")
        if precision_of(target) > MAXIMUM_PRECISION_OF_TIME:
            raise self.unsupported(node, f"{trino_text(target)}: it keeps microseconds")
        new = self.cast_to(node.this, source, target, node)
        return _tried(new) if isinstance(node, exp.TryCast) else new

    def cast_to(self, value: exp.Expr, source: Kind, target: HiveType, node: exp.Expr) -> exp.Expr:
        name = source.name if source is not None else ""
        if source == target and target.is_nested:
            return value
        if target.name == "json":
            if node.meta.get("is_literal"):
                return _macro("json_parse", value)
            return value if name == "json" else _to_json(value, source)
        if name == "json":
            return _from_json(value, target)
        if target.name == "char":
            return _macro("char_text", _as_text(value, source), exp.Literal.number(target.arguments[0]))
        if target.name == "timestamp with time zone" and source is not None and source.name == target.name:
            if not is_mixed(target) or is_mixed(source):
                return value if is_mixed(target) else _moment(value, source)
            return _macro("zoned_value", value, exp.Literal.string(zone_of(source)))
        if target.is_text:
            text = _as_text(value, source)
            if not target.arguments:
                return text
            length = exp.Literal.number(target.arguments[0])
            if name in TEXT | {"unknown"}:
                return _call("left", text, length)
            return _macro("fitting", text, length, exp.Literal.string(trino_text(target)))
        if name in TEXT:
            if target.name == "timestamp with time zone":
                if is_mixed(node.meta.get("kind")) and value is node.this:
                    return _macro("own_from_text", value)
                return self.zoned_text(value, node)
            return _from_text(value, target)
        if target.name in INTEGRAL:
            return _to_integer(value, name, target)
        if target.name == "decimal" and name in FLOATING:
            return _cast_kind(_macro("double_digits", _cast(value, "DOUBLE")), target)
        if target.name == "float" and name == "double":
            return _macro("double_to_real", value)
        if target.name == "timestamp with time zone":
            return _macro("zoned_value", _zoned(value), _utc()) if is_mixed(target) else _zoned(value)
        if name == "time" and target.name == "timestamp":
            return exp.Paren(this=exp.Add(this=_cast(_macro("now"), "DATE"), expression=value))
        if name == "uuid" and target.name == "binary":
            return _call(
                "unhex", _call("replace", _cast(value, "VARCHAR"), exp.Literal.string("-"), exp.Literal.string(""))
            )
        if name in ("", "unknown"):
            return _cast_kind(value, target)
        if name == "timestamp with time zone" and target.name in ("date", "timestamp", "time"):
            return _to_precision(_cast_kind(_local(value, source), target), source, target)
        if source is not None and source.name == target.name and target.children:
            return self.nested_cast(value, source, target, node)
        return _to_precision(_cast_kind(value, target), source, target)

    def zoned_text(self, value: exp.Expr, node: exp.Expr) -> exp.Expr:
        found = local_and_zone(value.name) if isinstance(value, exp.Literal) else None
        if found is not None:
            local, zone = found
            return _instant(_cast(exp.Literal.string(local), "TIMESTAMP"), zone)
        return _macro("zoned_from_text" if _ignores_zone(node) else "utc_from_text", value)

    def nested_cast(self, value: exp.Expr, source: HiveType, target: HiveType, node: exp.Expr) -> exp.Expr:
        if source.name == "struct":
            # Trino casts rows by position, DuckDB by name.
            parts = _members(value, source.fields)
            row = _struct(
                (new, self.cast_to(part, old_kind, new_kind, node))
                for part, old_kind, new, new_kind in zip(
                    parts, source.children, target.fields, target.children, strict=True
                )
            )
            return row if isinstance(value, exp.Struct) else _unless_null(value, row)
        element = exp.to_identifier(f"element{_depth(value)}__")
        if source.name == "array":
            body = self.cast_to(element.copy(), source.children[0], target.children[0], node)
            return _call("list_transform", value, exp.Lambda(this=body, expressions=[element]))
        key, member = (_call("struct_extract", element.copy(), exp.Literal.string(each)) for each in ("key", "value"))
        body = _struct(
            (
                ("key", self.cast_to(key, source.children[0], target.children[0], node)),
                ("value", self.cast_to(member, source.children[1], target.children[1], node)),
            )
        )
        entries = _call("list_transform", _call("map_entries", value), exp.Lambda(this=body, expressions=[element]))
        return _call("map_from_entries", entries)

    # -- calls

    def call(self, node: exp.Anonymous) -> exp.Expr:
        name = node.name.lower()
        if "json" in node.meta:
            return self.json_call(node)
        special = _CALLS.get(name)
        if special is not None:
            return special(self, node)
        function = FUNCTIONS.get(name)
        if function is None:
            return node  # one of ours, made by another rule
        if name in _LOCAL_TIME and not name.startswith("timezone_"):
            value = node.expressions[-1].copy()
            for argument in node.expressions:
                if _kind(argument) == "timestamp with time zone":
                    argument.replace(_local(argument.copy(), argument.meta["kind"]))
            if name == "date_trunc":
                return self.truncated(node, value)
        elif not _holds_mixed(node.meta.get("kind")) and not function.is_window:
            self.moments(node)
        if not function.is_aggregate and not function.is_window:
            for argument in node.expressions:
                if _kind(argument) == "char":
                    argument.replace(_as_text(argument.copy(), argument.meta["kind"]))
        if function.is_macro:
            return _macro(_variant(function.implementation, node), *node.expressions)
        node.set("this", function.implementation)
        if name in AGGREGATES and name in ("stddev", "variance"):
            node.set("this", function.implementation)
        return node

    def json_call(self, node: exp.Anonymous) -> exp.Expr:
        def cast(value: exp.Expr, source: Kind, target: HiveType) -> exp.Expr:
            return self.cast_to(value, source, target, node)

        def tried_cast(value: exp.Expr, source: Kind, target: HiveType) -> exp.Expr:
            return _tried(cast(value, source, target))

        return json_call(node, cast, tried_cast, _to_json)

    def moments(self, node: exp.Anonymous) -> None:
        """Take the instants of arguments that carry a zone each, for a function that gives no such value."""
        for argument in node.expressions:
            inner = argument.expressions[0] if isinstance(argument, exp.Distinct) else argument
            if is_mixed(inner.meta.get("kind")):
                inner.replace(_moment(inner.copy(), inner.meta["kind"]))

    def truncated(self, node: exp.Anonymous, value: exp.Expr) -> exp.Expr:
        # Truncated on the clock of its zone, then an instant again.
        kind: Kind = node.meta.get("kind")
        truncated = _macro(_variant("date_trunc", node), *node.expressions)
        if kind is None or kind.name != "timestamp with time zone":
            return truncated
        return _again(truncated, value, kind)

    def row(self, node: exp.Anonymous) -> exp.Expr:
        return _struct((f"field{number}", value) for number, value in enumerate(node.expressions))

    def concat(self, node: exp.Anonymous) -> exp.Expr:
        kinds = node.meta.get("argument_kinds") or [None] * len(node.expressions)
        result: exp.Expr = node.expressions[0]
        kind = kinds[0]
        for each, other in zip(node.expressions[1:], kinds[1:], strict=True):
            pair = exp.DPipe(this=_paren(result), expression=_paren(each))
            pair.meta["kind"] = node.meta.get("kind")
            for side, side_kind in ((pair.left, kind), (pair.right, other)):
                side.meta["kind"] = side_kind
            result = self.concatenation(pair)
            kind = node.meta.get("kind")
        return result

    def attempt(self, node: exp.Anonymous) -> exp.Expr:
        return _tried(node.expressions[0])

    def typeof(self, node: exp.Anonymous) -> exp.Expr:
        kind = (node.meta.get("argument_kinds") or [None])[0]
        if kind is None:
            raise self.unsupported(node, "typeof of this expression")
        text = exp.Literal.string(trino_text(kind))
        if not node.meta.get("holds_aggregate"):
            return text
        # What it was asked of made one row of all, and still does.
        is_there = exp.GTE(this=_call("count", exp.Star()), expression=exp.Literal.number(0))
        return exp.Case(ifs=[exp.If(this=is_there, true=text)])

    def any_match(self, node: exp.Anonymous) -> exp.Expr:
        return self.matches(node, "all_of" if node.name.lower() == "all_match" else "any_of")

    def matches(self, node: exp.Anonymous, macro: str) -> exp.Expr:
        whole, condition = node.expressions
        matched = _macro(macro, _call("list_transform", whole, condition))
        return exp.Not(this=exp.Paren(this=matched)) if node.name.lower() == "none_match" else matched

    def transform(self, node: exp.Anonymous) -> exp.Expr:
        return _call("list_transform", *node.expressions)

    def filter(self, node: exp.Anonymous) -> exp.Expr:
        return _call("list_filter", *node.expressions)

    def reduce(self, node: exp.Anonymous) -> exp.Expr:
        whole, start, step, last = node.expressions
        if start.find(exp.Lambda) is not None and isinstance(start, exp.Lambda):
            raise self.unsupported(node, "reduce_agg")
        # list_reduce wants one type for what it holds and what it takes, so both go into pairs.
        folded: exp.Expr = self.folded(whole, start, step)
        if isinstance(last, exp.Lambda):
            name = last.expressions[0].name
            body = last.this.copy()
            if not (isinstance(body, exp.Column | exp.Identifier) and body.name.lower() == name.lower()):
                one = exp.Lambda(this=body, expressions=[exp.to_identifier(name)])
                folded = _call(
                    "list_extract", _call("list_transform", _call("list_value", folded), one), exp.Literal.number(1)
                )
        return _unless_null(whole, folded)

    def folded(self, whole: exp.Expr, start: exp.Expr, step: exp.Expr) -> exp.Expr:
        element, state = whole.meta.get("kind"), start.meta.get("kind")
        if element is not None and state is not None and element.children and element.children[0] == state:
            return _call("list_reduce", _call("list_prepend", start, whole.copy()), step)
        names = [each.name for each in step.expressions]
        depth = _depth(step)
        left, right = (exp.to_identifier(f"{each}{depth}__") for each in ("held", "taken"))
        body = _substituted(step.this.copy(), {names[0]: (left.name, "s"), names[1]: (right.name, "e")})
        kind = duckdb_text(element.children[0]) if element is not None and element.children else "INTEGER"
        nothing = _cast(exp.Null(), kind)
        held = duckdb_text(state) if state is not None else "INTEGER"
        first = _struct([("s", start), ("e", nothing.copy())])
        taken = exp.to_identifier(f"each{depth}__")
        rest = _call(
            "list_transform",
            whole.copy(),
            exp.Lambda(this=_struct([("s", _cast(exp.Null(), held)), ("e", taken.copy())]), expressions=[taken]),
        )
        next_one = _struct([("s", _cast(body, held)), ("e", nothing.copy())])
        folded = _call(
            "list_reduce", _call("list_prepend", first, rest), exp.Lambda(this=next_one, expressions=[left, right])
        )
        return _call("struct_extract", folded, exp.Literal.string("s"))

    def zip_with(self, node: exp.Anonymous) -> exp.Expr:
        left, right, function = node.expressions
        a, b = (each.name for each in function.expressions)
        body = function.this.copy()
        for column in list(body.find_all(exp.Column, exp.Identifier)):
            for name, position in ((a, 1), (b, 2)):
                is_name = isinstance(column, exp.Column) or not isinstance(column.parent, exp.Column)
                if is_name and column.name.lower() == name.lower():
                    value = _call("struct_extract", exp.to_identifier("pair__"), exp.Literal.number(position))
                    if column is body:
                        body = value
                    else:
                        column.replace(value)
                    break
        zipped = _call(
            "list_transform",
            _call("list_zip", left, right),
            exp.Lambda(this=body, expressions=[exp.to_identifier("pair__")]),
        )
        return _unless_null(left, _unless_null(right, zipped))

    def map_function(self, node: exp.Anonymous) -> exp.Expr:
        whole, function = node.expressions
        key, value = (each.name for each in function.expressions)
        entry_name = f"entry{_depth(function)}__"
        body = _substituted(function.this.copy(), {key: (entry_name, "key"), value: (entry_name, "value")})
        entry = [exp.to_identifier(entry_name)]
        name = node.name.lower()
        if name == "map_filter":
            return _call(
                "map_from_entries",
                _call("list_filter", _call("map_entries", whole), exp.Lambda(this=body, expressions=entry)),
            )
        other = _call(
            "struct_extract",
            exp.to_identifier(entry_name),
            exp.Literal.string("key" if name == "transform_values" else "value"),
        )
        members = [("key", other), ("value", body)] if name == "transform_values" else [("key", body), ("value", other)]
        return _call(
            "map_from_entries",
            _call("list_transform", _call("map_entries", whole), exp.Lambda(this=_struct(members), expressions=entry)),
        )

    def map_zip_with(self, node: exp.Anonymous) -> exp.Expr:
        left, right, function = node.expressions
        key, first, second = (each.name for each in function.expressions)
        held = exp.to_identifier(f"held{_depth(function)}__")
        keys = _macro("joined_keys", left, right)
        members = [
            ("k", held.copy()),
            ("a", exp.Bracket(this=left.copy(), expressions=[held.copy()])),
            ("b", exp.Bracket(this=right.copy(), expressions=[held.copy()])),
        ]
        entry_name = f"entry{_depth(function)}__"
        triples = _call("list_transform", keys, exp.Lambda(this=_struct(members), expressions=[held]))
        names = {key: (entry_name, "k"), first: (entry_name, "a"), second: (entry_name, "b")}
        body = _substituted(function.this.copy(), names)
        own = _call("struct_extract", exp.to_identifier(entry_name), exp.Literal.string("k"))
        entries = _call(
            "list_transform",
            triples,
            exp.Lambda(this=_struct([("key", own), ("value", body)]), expressions=[exp.to_identifier(entry_name)]),
        )
        return _unless_null(left, _unless_null(right, _call("map_from_entries", entries)))

    def map_concat(self, node: exp.Anonymous) -> exp.Expr:
        result: exp.Expr = node.expressions[0]
        for each in node.expressions[1:]:
            result = _macro("map_concat_pair", result, each)
        return result

    def extreme(self, node: exp.Anonymous) -> exp.Expr:
        name = node.name.lower()
        kind: Kind = node.meta.get("kind")
        suffix = "double" if kind is not None and kind.name in FLOATING else "of"
        result = _macro(f"{name}_{suffix}", _call("list_value", *node.expressions))
        return _cast_kind(result, kind) if kind is not None and kind.name == "float" else result

    def concat_ws(self, node: exp.Anonymous) -> exp.Expr:
        separator, *rest = node.expressions
        if len(rest) == 1 and _kind(rest[0]) == "array":
            return _macro("concat_ws", separator, rest[0])
        return _macro("concat_ws", separator, _call("list_value", *rest))

    def format(self, node: exp.Anonymous) -> exp.Expr:
        pattern, *values = node.expressions
        kinds = (node.meta.get("argument_kinds") or [None] * (len(values) + 1))[1:]
        pairs = [
            _call("list_value", exp.Literal.string(_base_name(kind)), _format_text(value, kind))
            for value, kind in zip(values, kinds, strict=True)
        ]
        listed = _call("list_value", *pairs) if pairs else exp.Literal.string("[]")
        return _macro("format", pattern, _cast(_call("to_json", listed), "VARCHAR") if pairs else listed)

    def multimap_from_entries(self, node: exp.Anonymous) -> exp.Expr:
        kind: Kind = node.expressions[0].meta.get("kind")
        if kind is None or not kind.children or len(kind.children[0].fields) != 2:
            raise self.unsupported(node, "multimap_from_entries of this")
        entry = exp.to_identifier("entry__")
        key, value = (
            _call("struct_extract", entry.copy(), exp.Literal.string(each)) for each in kind.children[0].fields
        )
        body = _struct([("k", key), ("v", value)])
        listed = _call("list_transform", node.expressions[0], exp.Lambda(this=body, expressions=[entry]))
        return _macro("multimap_agg_entries", listed)

    def json_contains(self, node: exp.Anonymous) -> exp.Expr:
        document, wanted = node.expressions
        name = {"bigint": "long", "double": "double", "boolean": "boolean"}.get(_kind(wanted), "text")
        return _macro(f"json_array_contains_{name}", document, wanted)

    def zone_part(self, node: exp.Anonymous) -> exp.Expr:
        value = node.expressions[0]
        kind: Kind = value.meta["kind"]
        return _macro(node.name.lower(), _local(value, kind), _moment(value.copy(), kind))

    def like(self, node: exp.Escape) -> exp.Expr:
        like = node.this
        if not isinstance(like, exp.Like):
            return node
        return _macro("like_escape", like.this, like.expression, node.expression)

    def map_union(self, node: exp.Anonymous) -> exp.Expr:
        listed = _call("flatten", _call("list", _call("map_entries", node.expressions[0])))
        return _macro("map_union_entries", listed)

    def multimap_agg(self, node: exp.Anonymous) -> exp.Expr:
        key, value = node.expressions
        return _macro("multimap_agg_entries", _call("list", _struct([("k", key), ("v", value)])))

    def iso_timestamp(self, node: exp.Anonymous) -> exp.Expr:
        kind: Kind = node.meta.get("kind")
        if is_mixed(kind):
            return _macro(f"own_{node.name.lower()}", *node.expressions)
        is_known = kind is not None and bool(kind.fields)
        anywhere = is_known or _ignores_zone(node)
        return _macro(f"{node.name.lower()}{'_anywhere' if anywhere else ''}", *node.expressions)

    def array_sort(self, node: exp.Anonymous) -> exp.Expr:
        if len(node.expressions) == 1:
            return _macro("array_sort", *node.expressions)
        # Each element's place is the number of those that come before it; equal ones keep their order.
        whole, comparator = node.expressions
        depth = _depth(comparator)
        listed, place_, other, pair, found = (
            exp.to_identifier(f"{name}{depth}__") for name in ("sorted", "place", "other", "pair", "found")
        )
        first, second = (each.name for each in comparator.expressions)
        compared = _substituted(comparator.this.copy(), {first: (pair.name, "x"), second: (pair.name, "y")})
        is_before = exp.LT(this=_macro("comparison", compared), expression=exp.Literal.number(0))
        is_other = exp.NEQ(this=_call("struct_extract", pair.copy(), exp.Literal.string("n")), expression=place_.copy())
        places = _macro("places", listed.copy())
        pairs = _call(
            "list_transform",
            places,
            exp.Lambda(
                this=_struct(
                    [
                        ("x", _call("list_extract", listed.copy(), other.copy())),
                        ("y", _call("list_extract", listed.copy(), place_.copy())),
                        ("n", other.copy()),
                    ]
                ),
                expressions=[other],
            ),
        )
        before = exp.Lambda(this=exp.And(this=is_other, expression=is_before), expressions=[pair])
        rank = _call("len", _call("list_filter", pairs, before))
        ranked = exp.Lambda(this=_struct([("r", rank), ("n", place_.copy())]), expressions=[place_])
        order = _call("list_sort", _call("list_transform", places.copy(), ranked))
        number = _call("struct_extract", found.copy(), exp.Literal.string("n"))
        result = _call(
            "list_transform",
            order,
            exp.Lambda(this=_call("list_extract", listed.copy(), number), expressions=[found]),
        )
        bound = _call("list_transform", _call("list_value", whole), exp.Lambda(this=result, expressions=[listed]))
        return _unless_null(whole, _call("list_extract", bound, exp.Literal.number(1)))

    def from_unixtime(self, node: exp.Anonymous) -> exp.Expr:
        return _macro("from_unixtime", node.expressions[0])

    def date_format(self, node: exp.Anonymous) -> exp.Expr:
        return self.formatted(node, from_mysql)

    def format_datetime(self, node: exp.Anonymous) -> exp.Expr:
        return self.formatted(node, from_joda)

    def formatted(self, node: exp.Anonymous, convert: Callable[[str], str]) -> exp.Expr:
        value, pattern = node.expressions
        name = node.name.lower()
        kind: Kind = value.meta.get("kind")
        if isinstance(pattern, exp.Literal) and pattern.is_string:
            try:
                converted = convert(pattern.name)
            except UnsupportedPattern:
                converted = ""
            if converted:
                if kind is not None and kind.name == "timestamp with time zone":
                    value = _local(value, kind)
                return _macro(name, value, exp.Literal.string(converted))
        if name == "date_format":
            if kind is not None and kind.name == "timestamp with time zone":
                value = _local(value, kind)
            return _macro("any_date_format", value, pattern)
        zone = _zone(value) if is_mixed(kind) else exp.Literal.string(zone_of(kind))
        if kind is not None and kind.name == "timestamp with time zone":
            value = _call("timezone", _utc(), _moment(value, kind))
        return _macro("any_format_datetime", value, pattern, zone)

    def json_path(self, node: exp.Anonymous) -> exp.Expr:
        return _macro(node.name.lower(), *node.expressions)

    def regular(self, node: exp.Anonymous) -> exp.Expr:
        """Leave to RE2 what it takes, and give the rest to Python."""
        name, arguments = node.name.lower(), list(node.expressions)
        if len(arguments) == 3 and isinstance(arguments[2], exp.Lambda):
            return self.replaced_by_lambda(arguments[0], arguments[1], arguments[2])
        pattern = arguments[1]
        is_native = isinstance(pattern, exp.Literal) and pattern.is_string and is_plain(pattern.name)
        if len(arguments) == 3 and is_native:
            third = arguments[2]
            is_native = (
                name == "regexp_replace"
                and isinstance(third, exp.Literal)
                and third.is_string
                and not re.search(r"[$\\]", third.name)
            )
        return _macro(name if is_native else f"any_{name}", *arguments)

    def replaced_by_lambda(self, text: exp.Expr, pattern: exp.Expr, function: exp.Lambda) -> exp.Expr:
        piece = exp.to_identifier(f"piece{_depth(function)}__")
        body = _substituted(function.this.copy(), {function.expressions[0].name: (piece.name, "g")})
        before, groups = (_call("struct_extract", piece.copy(), exp.Literal.string(each)) for each in ("b", "g"))
        is_last = exp.Is(this=groups, expression=exp.Null())
        new = exp.Case(ifs=[exp.If(this=is_last, true=exp.Literal.string(""))], default=_cast(body, "VARCHAR"))
        joined = exp.Lambda(this=exp.DPipe(this=before, expression=exp.Paren(this=new)), expressions=[piece])
        return _macro("joined_pieces", _call("list_transform", _macro("regexp_pieces", text, pattern), joined))

    def approx_percentile(self, node: exp.Anonymous) -> exp.Expr:
        value, share = node.expressions[0], node.expressions[-1]
        if len(node.expressions) > 2:
            raise self.unsupported(node, "approx_percentile with weights or an accuracy")
        if isinstance(share, exp.Literal):
            # Trino takes the element after that share of them, DuckDB the one that completes it.
            number = float(share.name)
            if not 0 <= number <= 1:
                raise QueryError("INVALID_FUNCTION_ARGUMENT: Percentile must be between 0 and 1")
            share = exp.Literal.number(repr(min(1.0, number + 1e-12)))
        return _call("quantile_disc", value, share)

    def approx_distinct(self, node: exp.Anonymous) -> exp.Expr:
        # The exact count is within any error that was asked for.
        self.moments(node)
        return _call("count", exp.Distinct(expressions=[node.expressions[0]]))

    def approx_most_frequent(self, node: exp.Anonymous) -> exp.Expr:
        # The exact counts are within any capacity that was asked for.
        buckets, value, _ = node.expressions
        return _macro("most_frequent", _call("histogram", value), buckets)

    def listagg(self, node: exp.Anonymous) -> exp.Expr:
        node.set("this", "string_agg")
        if len(node.expressions) == 1:
            node.append("expressions", exp.Literal.string(""))
        return node

    def within_group(self, node: exp.WithinGroup) -> exp.Expr:
        call: exp.Expr = node.this
        if not (isinstance(call, exp.Anonymous) and call.name == "string_agg"):
            return node
        order = node.expression
        last = call.expressions[-1]
        last.replace(exp.Order(this=last.copy(), expressions=[each.copy() for each in order.expressions]))
        return call

    def count_if(self, node: exp.Anonymous) -> exp.Expr:
        return _call("count", exp.Case(ifs=[exp.If(this=node.expressions[0], true=exp.Literal.number(1))]))

    def skewness(self, node: exp.Anonymous) -> exp.Expr:
        # Trino has the skewness of the population, DuckDB an estimate from a sample.
        self.plain_aggregate(node)
        value = node.expressions[0]
        return _macro("population_skewness", _call("skewness", value), _call("count", value.copy()))

    def corr(self, node: exp.Anonymous) -> exp.Expr:
        if isinstance(node.parent, exp.Window | exp.Filter):
            return node
        return _macro("finite", node.copy())

    def plain_aggregate(self, node: exp.Anonymous) -> None:
        if isinstance(node.parent, exp.Window | exp.Filter):
            raise self.unsupported(node, f"{node.name.lower()} with OVER or FILTER")

    def least_or_most(self, node: exp.Anonymous) -> exp.Expr:
        value = node.expressions[0]
        if (
            len(node.expressions) > 1
            or _kind(value) not in FLOATING
            or isinstance(node.parent, exp.Window | exp.Filter)
        ):
            return node
        # NaN counts only where there is nothing else.
        number = exp.Case(ifs=[exp.If(this=exp.Not(this=_call("isnan", value.copy())), true=value.copy())])
        return exp.Coalesce(this=_call(node.name, number), expressions=[node.copy()])

    def sum_or_average(self, node: exp.Anonymous) -> exp.Expr:
        value = node.expressions[0]
        kind: Kind = value.meta.get("kind")
        if kind is None or kind.name not in INTERVALS:
            return node
        unit = "months" if kind.name == MONTHS.name else "milliseconds"
        self.plain_aggregate(node)
        return _macro(f"{unit}_interval", _call(node.name, _macro(f"interval_{unit}", value)))

    def by_count(self, node: exp.Anonymous) -> exp.Expr:
        name = {"max_by": "arg_max", "min_by": "arg_min"}[node.name.lower()]
        return _call(name if len(node.expressions) == 3 else f"{name}_null", *node.expressions)

    def reduce_agg(self, node: exp.Anonymous) -> exp.Expr:
        self.plain_aggregate(node)
        value, start, step, _ = node.expressions
        element: Kind = value.meta.get("kind")
        listed = _call("list", value)
        known = exp.to_identifier("known__")
        present = exp.Not(this=exp.Is(this=known.copy(), expression=exp.Null()))
        whole = _call("list_filter", listed, exp.Lambda(this=present, expressions=[known]))
        whole.meta["kind"] = HiveType("array", children=(element,)) if element is not None else None
        return self.folded(whole, start, step)

    def array_join(self, node: exp.Anonymous) -> exp.Expr:
        whole = node.expressions[0]
        kind: Kind = whole.meta.get("kind")
        if kind is not None and kind.children and not kind.children[0].is_text:
            name = exp.to_identifier("joined__")
            body = _as_text(name.copy(), kind.children[0])
            whole = _call("list_transform", whole, exp.Lambda(this=body, expressions=[name]))
        return _macro("array_join", whole, *node.expressions[1:])

    def array_extreme(self, node: exp.Anonymous) -> exp.Expr:
        kind: Kind = node.meta.get("kind")
        name = {"array_max": "greatest", "array_min": "least"}[node.name.lower()]
        if kind is not None and kind.name in FLOATING:
            return _macro(f"{name}_double", node.expressions[0])
        return _macro(node.name.lower(), node.expressions[0])

    def date_add(self, node: exp.Anonymous) -> exp.Expr:
        unit, count, value = node.expressions
        kind: Kind = value.meta.get("kind")
        if is_mixed(kind) and not _is_day_or_longer(unit):
            return _macro("zoned_value", _macro("date_add", unit, count, _moment(value, kind)), _zone(value))
        if kind is None or kind.name != "timestamp with time zone" or not _is_day_or_longer(unit):
            added = _macro(_variant("date_add", node), unit, count, value)
            if kind is not None and kind.name == "timestamp" and precision_of(kind) < 3:
                return _to_precision(added, TIMESTAMP, kind)
            return added
        return _again(_macro("date_add", unit, count, _local(value, kind)), value, kind)

    def date_diff(self, node: exp.Anonymous) -> exp.Expr:
        unit, *values = node.expressions
        kinds = [each.meta.get("kind") for each in values]
        if all(kind is not None and kind.name == "date" for kind in kinds):
            return _macro("day_diff", unit, *values)
        if _is_day_or_longer(unit) and kinds[0] is not None and kinds[0].name == "timestamp with time zone":
            if any(map(is_mixed, kinds)):
                # Both on the clock of the first one's zone.
                zone = _zone(values[0]) if is_mixed(kinds[0]) else exp.Literal.string(zone_of(kinds[0]))
                moments = [_moment(value, kind) for value, kind in zip(values, kinds, strict=True)]
                values = [_macro("clock_in", each, zone.copy()) for each in moments]
            else:
                values = [_local(value, kinds[0]) for value in values]
        else:
            values = [_moment(value, kind) for value, kind in zip(values, kinds, strict=True)]
        return _macro("date_diff", unit, *values)

    def normalized(self, node: exp.Normalize) -> exp.Expr:
        form = node.args.get("form")
        return _macro(
            "normalize", node.this, exp.Literal.string(form.name.upper() if isinstance(form, exp.Expr) else "NFC")
        )

    def group(self, node: exp.Group) -> exp.Expr:
        """Give GROUP BY DISTINCT as the grouping sets that differ."""
        quantifier = node.args.get("all")
        node.set("all", None)
        structures = (exp.Rollup, exp.Cube, exp.GroupingSets)
        if quantifier is not False or not any(isinstance(each, structures) for each in node.expressions):
            return node
        sets: list[list[exp.Expr]] = [[]]
        for each in node.expressions:
            sets = [[*before, *more] for before in sets for more in _grouping_sets(each)]
        unlike = {frozenset(key.sql() for key in keys): keys for keys in sets}
        tuples = [
            exp.Tuple(expressions=list({key.sql(): key.copy() for key in keys}.values())) for keys in unlike.values()
        ]
        return exp.Group(expressions=[exp.GroupingSets(expressions=tuples)])

    def map_agg(self, node: exp.Anonymous) -> exp.Expr:
        key, value = node.expressions
        return _macro("map_agg_entries", _call("list", _struct([("k", key), ("v", value)])))

    def now(self, node: exp.Expr) -> exp.Expr:
        return _macro("now")

    def local_time(self, node: exp.Expr) -> exp.Expr:
        return _cast(self.local_now(node), "TIME")

    def local_now(self, node: exp.Expr) -> exp.Expr:
        return _call("timezone", exp.Literal.string("UTC"), _macro("now"))

    def substring(self, node: exp.Substring) -> exp.Expr:
        parts = [node.this, node.args.get("start"), node.args.get("length")]
        return _macro("substr", *[part for part in parts if part is not None])

    def position(self, node: exp.StrPosition) -> exp.Expr:
        return _macro("strpos", node.this, node.args["substr"])

    def trim(self, node: exp.Trim) -> exp.Expr:
        side = str(node.args.get("position") or "").upper()
        characters = node.args.get("expression")
        name = {"LEADING": "ltrim", "TRAILING": "rtrim"}.get(side, "trim")
        return _macro(name, node.this) if characters is None else _macro(name, node.this, characters)

    def ignore_nulls(self, node: exp.IgnoreNulls) -> exp.Expr:
        # DuckDB has the words inside the parentheses.
        call = node.this
        if isinstance(call, exp.Anonymous) and call.expressions:
            call.expressions[-1].replace(exp.IgnoreNulls(this=call.expressions[-1].copy()))
            return call
        return node

    # -- relations

    def recursive(self, node: exp.With) -> exp.Expr:
        """Give every recursive query a column that counts its steps, so that it ends where Trino ends it."""
        for each in node.expressions if node.args.get("recursive") else ():
            name, union = each.alias.lower(), each.this
            if not (isinstance(union, exp.SetOperation) and _reads(union.right, name)):
                continue
            left, right = union.left, union.right
            if union.args.get("distinct") or not (isinstance(left, exp.Select) and isinstance(right, exp.Select)):
                raise self.unsupported(each, "WITH RECURSIVE other than SELECT … UNION ALL SELECT …")
            table = next(found for found in right.find_all(exp.Table) if found.name.lower() == name)
            left.append("expressions", exp.alias_(exp.Literal.number(0), _STEP, quoted=True))
            step = exp.column(_STEP, table.alias_or_name, quoted=True)
            right.append("expressions", exp.alias_(_macro("recursion_step", step), _STEP, quoted=True))
            alias = each.args["alias"]
            if alias.columns:
                alias.append("columns", exp.to_identifier(_STEP, quoted=True))
        return node

    def table(self, node: exp.Table) -> exp.Expr:
        if node.meta.get("is_common_table") or not isinstance(node.this, exp.Identifier):
            return node
        if node.args.get("when") or node.args.get("version"):
            raise self.unsupported(node, "time travel")
        name = node.name.lower()
        if not node.args.get("alias"):
            node.set("alias", exp.TableAlias(this=exp.to_identifier(name, quoted=True)))
        node.set("this", exp.to_identifier(node.meta["relation"], quoted=True))
        node.set("db", None)
        node.set("catalog", None)
        return node

    def unnest(self, node: exp.Unnest) -> exp.Expr:
        """Give a lateral sub-select: arrays side by side, shorter ones filled up with NULL, rows and maps as columns."""
        inner: list[exp.Expr] = []
        outer: list[exp.Expr] = []
        lengths: list[exp.Expr] = []
        names = [each.name for each in node.meta["fields"]]
        for number, (value, width) in enumerate(zip(node.expressions, node.meta["shapes"], strict=True)):
            kind: Kind = value.meta.get("kind")
            is_map = kind is not None and kind.name == "map"
            listed = _call("map_entries", value) if is_map else value
            inner.append(exp.alias_(_call("unnest", listed), f"c{number}", quoted=True))
            lengths.append(exp.Coalesce(this=_call("len", listed.copy()), expressions=[exp.Literal.number(0)]))
            column = exp.column(f"c{number}", "r__", quoted=True)
            element = kind.children[0] if kind is not None and kind.name == "array" else None
            if is_map:
                members: Iterable[str] = ("key", "value")
            elif element is not None and element.name == "struct":
                members = element.fields
            else:
                members = ()
            outer += [_call("struct_extract", column.copy(), exp.Literal.string(member)) for member in members] or [
                column
            ]
            assert len(outer) >= width  # noqa: S101 - analysis and rewriting agree on the shape
        if node.args.get("offset"):
            longest = _call("greatest", *lengths) if len(lengths) > 1 else lengths[0]
            numbers = _call("range", exp.Literal.number(1), exp.Add(this=longest, expression=exp.Literal.number(1)))
            inner.append(exp.alias_(_call("unnest", numbers), "n", quoted=True))
            outer.append(exp.column("n", "r__", quoted=True))
        rows = exp.Select(expressions=inner)
        select = exp.Select(
            expressions=[exp.alias_(value, name, quoted=True) for value, name in zip(outer, names, strict=True)]
        ).from_(exp.Subquery(this=rows, alias=exp.TableAlias(this=exp.to_identifier("r__", quoted=True))))
        alias = exp.TableAlias(this=exp.to_identifier(node.alias.lower() or "unnest__", quoted=True))
        return exp.Lateral(this=exp.Subquery(this=select), alias=alias)


def _grouping_sets(node: exp.Expr) -> list[list[exp.Expr]]:
    """Give the sets that a part of GROUP BY stands for."""
    keys = [each.expressions if isinstance(each, exp.Tuple) else [each.unnest()] for each in node.expressions]
    match node:
        case exp.Rollup():
            chosen = [keys[:count] for count in range(len(keys), -1, -1)]
        case exp.Cube():
            numbers = range(2 ** len(keys) - 1, -1, -1)
            chosen = [[key for place, key in enumerate(keys) if number >> place & 1] for number in numbers]
        case exp.GroupingSets():
            return [each for part in node.expressions for each in _grouping_sets(part)]
        case exp.Tuple():
            return [list(node.expressions)]
        case _:
            return [[node.unnest()]]
    return [[each for key in part for each in key] for part in chosen]


_STEP = "step__"


def _reads(query: exp.Expr, name: str) -> bool:
    return any(table.name.lower() == name and not table.db for table in query.find_all(exp.Table))


# -- numbers and times


def _decimal(node: exp.Binary, kind: HiveType) -> exp.Expr:
    """Give the operation of two decimals, with the precision and scale that Trino gives its result."""
    scales = [each.meta["kind"].arguments[1] if _kind(each) == "decimal" else 0 for each in (node.left, node.right)]
    scale = kind.arguments[1]
    if isinstance(node, exp.Div):
        shift = scale - scales[0] + scales[1]
        quotient = _macro("decimal_quotient", _unscaled(node.left), _unscaled(node.right), exp.Literal.number(shift))
        return _cast_kind(_scaled(quotient, scale), kind)
    if isinstance(node, exp.Mul):
        product = exp.Mul(this=_unscaled(node.left), expression=_unscaled(node.right))
        return _cast_kind(_scaled(exp.Paren(this=product), scale), kind)
    wide = HiveType("decimal", (max(kind.arguments[0], 38 if isinstance(node, exp.Mod) else 0), scale))
    pair = [_cast_kind(each, wide) for each in (node.left, node.right)]
    if isinstance(node, exp.Mod):
        rest = _macro("decimal_rest", *map(_unscaled_from, pair))
        return _cast_kind(_scaled(rest, scale), kind)
    return _cast_kind(exp.Paren(this=type(node)(this=pair[0], expression=pair[1])), kind)


def _unscaled(value: exp.Expr) -> exp.Expr:
    """Give a decimal's digits as one whole number."""
    return _cast(value, "HUGEINT") if _kind(value) in INTEGRAL else _unscaled_from(value)


def _unscaled_from(value: exp.Expr) -> exp.Expr:
    return _macro("unscaled", value)


def _scaled(whole: exp.Expr, scale: int) -> exp.Expr:
    """Give a whole number as the digits of a decimal with that scale."""
    return _macro("scaled", whole, exp.Literal.number(scale))


def _months(text: str, names: str) -> int:
    sign = -1 if text.startswith("-") else 1
    numbers = [int(each) for each in text.lstrip("+-").split("-")]
    return sign * (numbers[0] if names == "MONTH" else 12 * numbers[0] + (numbers[1] if len(numbers) > 1 else 0))


_MILLISECONDS = {"DAY": 86_400_000, "HOUR": 3_600_000, "MINUTE": 60_000, "SECOND": 1_000}


def _milliseconds(text: str, names: str) -> int:
    sign = -1 if text.startswith("-") else 1
    units = list(_MILLISECONDS)
    first = units.index(names.split(" TO ")[0])
    numbers = re.split(r"[ :]", text.lstrip("+-"))
    return sign * sum(
        int(Decimal(number) * _MILLISECONDS[unit]) for number, unit in zip(numbers, units[first:], strict=False)
    )


def _may_be_nan(node: exp.Expr) -> bool:
    if _kind(node) not in FLOATING and _kind(node):
        return False
    while isinstance(node, exp.Paren | exp.Cast | exp.Neg):
        node = node.this
    return not isinstance(node, exp.Literal)


def _never_equal(node: exp.Binary) -> exp.Expr:
    # NaN <> NaN holds.
    return exp.Or(this=node.copy(), expression=_call("isnan", _cast(node.left.copy(), "DOUBLE")))


def _equal(left: exp.Expr, right: exp.Expr, kind: HiveType, other: HiveType, depth: int) -> exp.Expr:
    """Give the comparison of nested values, member by member, unknown where a NULL leaves it open."""
    if kind.name == "struct" == other.name:
        members = [
            _equal(_field(left, a), _field(right, b), x, y, depth)
            for a, b, x, y in zip(kind.fields, other.fields, kind.children, other.children, strict=True)
        ]
        return exp.Paren(this=exp.and_(*members, copy=False))
    if kind.name == "map" == other.name:
        return _macro("maps_equal", left.copy(), right.copy())
    if kind.name == "array" == other.name:
        pair = exp.to_identifier(f"pair{depth}__")
        first, second = (_call("struct_extract", pair.copy(), exp.Literal.number(n)) for n in (1, 2))
        body = _equal(first, second, kind.children[0], other.children[0], depth + 1)
        results = _call(
            "list_transform", _call("list_zip", left.copy(), right.copy()), exp.Lambda(this=body, expressions=[pair])
        )
        return _macro("arrays_equal", left.copy(), right.copy(), results)
    return exp.Paren(this=exp.EQ(this=left.copy(), expression=right.copy()))


def _field(value: exp.Expr, name: str) -> exp.Expr:
    if isinstance(value, exp.Paren) and isinstance(value.this, exp.Tuple):
        value = value.this
    if isinstance(value, exp.Tuple):
        member: exp.Expr = value.expressions[int(name.removeprefix("field"))].copy()
        return member
    return _call("struct_extract", value.copy(), exp.Literal.string(name))


_BITS = {"tinyint": 7, "smallint": 15, "int": 31, "bigint": 63}


def _to_integer(value: exp.Expr, name: str, target: HiveType) -> exp.Expr:
    bits = _BITS[target.name]
    ends = [exp.Literal.number(str(each)) for each in (-(2**bits), 2**bits - 1)]
    shown = exp.Literal.string(trino_text(target))
    if name in FLOATING:
        # 2^63 - 1 is no double: the next below it is.
        if bits == 63:
            ends = [exp.Literal.number(each) for each in ("-9.223372036854775808e18", "9.223372036854774784e18")]
        return _cast_kind(_macro("double_to_integer", _cast(value, "DOUBLE"), shown, *ends), target)
    if name == "decimal":
        return _cast_kind(_macro("decimal_to_integer", value, shown, *ends), target)
    if name in INTEGRAL and _BITS[name] > bits:
        return _cast_kind(_macro("integer_to_integer", value, shown, *ends), target)
    return _cast_kind(value, target)


def _is_day_or_longer(unit: exp.Expr) -> bool:
    return isinstance(unit, exp.Literal) and unit.name.lower() in ("day", "week", "month", "quarter", "year")


def _to_precision(value: exp.Expr, source: Kind, target: HiveType) -> exp.Expr:
    """Round a point in time to the digits of its new type, if it may have more."""
    if source is None or target.name not in ("timestamp", "time") or precision_of(source) <= precision_of(target):
        return value
    unit = exp.Literal.number(10 ** (6 - precision_of(target)))
    return _macro("rounded_time" if target.name == "timestamp" else "rounded_clock", value, unit)


def _from_json(value: exp.Expr, target: HiveType) -> exp.Expr:
    text = _macro("json_cast", value, exp.Literal.string(hive_text(target)))
    if target.is_nested:
        return _cast_kind(_cast(text, "JSON"), target)
    return text if target.is_text else _cast_kind(text, target)


def _to_json(value: exp.Expr, source: Kind) -> exp.Expr:
    if source is None or source.name == "unknown":
        return _cast(exp.Null(), "JSON") if source is not None else _call("to_json", value)
    name = exp.to_identifier("json__")
    body = exp.Var(this=json_sql("json__", source, 0))
    listed = _call("list_transform", _call("list_value", value), exp.Lambda(this=body, expressions=[name]))
    return _cast(_call("list_extract", listed, exp.Literal.number(1)), "JSON")


def _depth(value: exp.Expr) -> int:
    return sum(1 for _ in value.find_all(exp.Lambda))


# -- building


def _kind(node: exp.Expr) -> str:
    kind = node.meta.get("kind")
    return kind.name if kind is not None else ""


def _call(name: str, *arguments: exp.Expr) -> exp.Anonymous:
    return exp.Anonymous(this=name, expressions=list(arguments))


def _macro(name: str, *arguments: exp.Expr) -> exp.Anonymous:
    return _call(f"trino.{name}", *arguments)


def _tried(node: exp.Expr) -> exp.Expr:
    for call in node.find_all(exp.Anonymous):
        schema, dot, name = call.name.partition(".")
        if dot and not name.startswith(QUIET):
            call.set("this", f"{schema}.{QUIET}{name}")
    return _call("TRY", node)


def _paren(node: exp.Expr) -> exp.Expr:
    if isinstance(node, exp.Binary | exp.Not | exp.Between | exp.In | exp.Case | exp.Lambda | exp.Neg):
        wrapped = exp.Paren(this=node)
        wrapped.meta["kind"] = node.meta.get("kind")
        return wrapped
    return node


def _cast(node: exp.Expr, duckdb_type: str) -> exp.Expr:
    return exp.Cast(this=node, to=exp.DataType.build(duckdb_type, dialect="duckdb"))


def _cast_kind(node: exp.Expr, target: HiveType) -> exp.Expr:
    return _cast(node, duckdb_text(target))


def _struct(members: Iterable[tuple[str, exp.Expr]]) -> exp.Expr:
    return exp.Struct(
        expressions=[
            exp.PropertyEQ(this=exp.to_identifier(name, quoted=True), expression=value) for name, value in members
        ]
    )


def _members(row: exp.Expr, names: Sequence[str]) -> list[exp.Expr]:
    """Return the members of *row*: those that it is made of, or else a call for each."""
    if isinstance(row, exp.Struct):
        return [member.expression for member in row.expressions]
    return [_call("struct_extract", row.copy(), exp.Literal.string(name)) for name in names]


def _unless_null(value: exp.Expr, result: exp.Expr) -> exp.Expr:
    return exp.Case(
        ifs=[exp.If(this=exp.Is(this=_paren(value.copy()), expression=exp.Null()), true=exp.Null())], default=result
    )


def _utc() -> exp.Literal:
    return exp.Literal.string("UTC")


def _moment(value: exp.Expr, kind: Kind) -> exp.Expr:
    """Give the instant of a value that may carry a zone."""
    return _call("struct_extract", value, exp.Literal.string("t")) if is_mixed(kind) else value


def _zone(value: exp.Expr) -> exp.Expr:
    """Give the zone that a value carries."""
    return _call("struct_extract", value.copy(), exp.Literal.string("z"))


def _again(clock: exp.Expr, value: exp.Expr, kind: Kind) -> exp.Expr:
    """Give a wall-clock time as an instant in the zone of its type, or of the value that it was made of."""
    return _macro("zoned_clock", clock, _zone(value)) if is_mixed(kind) else _instant(clock, zone_of(kind))


def _holds_mixed(kind: Kind) -> bool:
    return is_mixed(kind) or (kind is not None and any(map(_holds_mixed, kind.children)))


def _zoned(value: exp.Expr) -> exp.Expr:
    kind = _kind(value)
    if kind == "timestamp with time zone":
        return _moment(value, value.meta.get("kind"))
    if kind in TEXT:
        return _macro("zoned_from_text", value)
    return _call("timezone", exp.Literal.string("UTC"), _cast(value, "TIMESTAMP"))


def _local(value: exp.Expr, kind: Kind) -> exp.Expr:
    if is_mixed(kind):
        return _macro("zone_clock", value)
    zone = zone_of(kind)
    if zone[0] in "+-":
        return exp.Paren(
            this=exp.Add(this=_call("timezone", exp.Literal.string("UTC"), value), expression=_offset(zone))
        )
    return _call("timezone", exp.Literal.string(zone), value)


def _instant(value: exp.Expr, zone: str) -> exp.Expr:
    local = _cast(value, "TIMESTAMP")
    if zone[0] in "+-":
        return _call("timezone", exp.Literal.string("UTC"), exp.Sub(this=local, expression=_offset(zone)))
    return _call("timezone", exp.Literal.string(zone), local)


def _offset(zone: str) -> exp.Expr:
    hours, minutes = zone[1:].split(":")
    sign = -1 if zone[0] == "-" else 1
    return _call("to_minutes", exp.Literal.number(sign * (60 * int(hours) + int(minutes))))


def _as_text(value: exp.Expr, source: Kind) -> exp.Expr:
    match source.name if source is not None else "":
        case "string" | "varchar":
            return value
        case "char":
            return (
                _macro("padded_char", value, exp.Literal.number(source.arguments[0])) if source is not None else value
            )
        case "double" | "float":
            return _macro("scientific", value)
        case "decimal" if source is not None and source.arguments[0] == source.arguments[1]:
            return _macro("fraction_text", _cast(value, "VARCHAR"))
        case "timestamp":
            return _macro("timestamp_text", value, _digits(source))
        case "time":
            return _macro("time_text", value, _digits(source))
        case "timestamp with time zone":
            text = _macro("timestamp_text", _local(value, source), _digits(source))
            if is_mixed(source):
                shown = exp.DPipe(this=text, expression=exp.Literal.string(" "))
                return exp.Paren(this=exp.DPipe(this=shown, expression=_zone(value)))
            return exp.Paren(this=exp.DPipe(this=text, expression=exp.Literal.string(f" {zone_of(source)}")))
        case "interval day to second":
            return _macro("interval_text", value)
        case "interval year to month":
            return _macro("months_text", value)
        case "json":
            return _macro("json_scalar", value)
        case "binary":
            return _call("decode", value)
    return _cast(value, "VARCHAR")


def _digits(kind: Kind) -> exp.Expr:
    return exp.Literal.number(precision_of(kind) if kind is not None else 3)


def _from_text(value: exp.Expr, target: HiveType) -> exp.Expr:
    match target.name:
        case "tinyint" | "smallint" | "int" | "bigint":
            name = {"int": "INTEGER"}.get(target.name, target.name.upper())
            return _cast_kind(_macro("text_to_integer", value, exp.Literal.string(name)), target)
        case "double" | "float":
            return _cast_kind(_macro("text_to_double", value), target)
        case "boolean":
            return _macro("text_to_boolean", value)
        case "date":
            return _macro("text_to_date", value)
        case "timestamp":
            found = _cast(_macro("text_to_timestamp", value), "TIMESTAMP")
            unit = exp.Literal.number(10 ** (6 - precision_of(target)))
            return _macro("rounded_time", found, unit) if precision_of(target) < MAXIMUM_PRECISION_OF_TIME else found
        case "timestamp with time zone":
            return _macro("zoned_from_text", value)
        case "binary":
            return _call("encode", value)
    return _cast_kind(value, target)


def _variant(implementation: str, node: exp.Anonymous) -> str:
    kinds = [kind.name if kind is not None else "" for kind in node.meta.get("argument_kinds", ())]
    key = (
        implementation,
        next((kinds[index] for index in (_DECIDING.get(implementation, 0),) if index < len(kinds)), ""),
    )
    return _VARIANTS.get(key, implementation)


# What these give depends on the clock of the zone.
_LOCAL_TIME = frozenset(
    """
    date date_trunc day day_of_month day_of_week day_of_year dow doy hour last_day_of_month millisecond minute month quarter
    second week week_of_year year year_of_week yow
    """.split()  # noqa: SIM905 - twenty quoted words would read worse
)

# Which argument decides, where it is not the first.
_DECIDING = {"date_trunc": 1, "date_add": 2, "from_utf8": 1}
_VARIANTS = {
    ("length", "binary"): "bytes_length",
    ("reverse", "binary"): "bytes_reverse",
    ("substr", "binary"): "bytes_substr",
    ("lpad", "binary"): "bytes_pad_left",
    ("rpad", "binary"): "bytes_pad_right",
    ("from_utf8", "bigint"): "code_from_utf8",
    ("bitwise_left_shift", "int"): "int_left_shift",
    ("bitwise_left_shift", "smallint"): "smallint_left_shift",
    ("bitwise_left_shift", "tinyint"): "tinyint_left_shift",
    ("bitwise_right_shift", "int"): "int_right_shift",
    ("bitwise_right_shift", "smallint"): "smallint_right_shift",
    ("bitwise_right_shift", "tinyint"): "tinyint_right_shift",
    **{(each, "interval day to second"): f"{each}_part" for each in ("day", "hour", "minute", "second", "millisecond")},
    **{(each, "interval year to month"): f"{each}_part" for each in ("year", "month")},
    ("cardinality", "map"): "map_cardinality",
    ("element_at", "array"): "array_element_at",
    ("reverse", "array"): "array_reverse",
    ("date", "string"): "text_date",
    ("date", "varchar"): "text_date",
    ("date_trunc", "date"): "day_trunc",
    ("date_trunc", "time"): "clock_trunc",
    ("date_add", "date"): "day_add",
    ("sequence", "date"): "date_sequence",
    ("sequence", "timestamp"): "time_sequence",
    ("sequence", "timestamp with time zone"): "time_sequence",
    ("to_iso8601", "date"): "date_to_iso8601",
}


def _substituted(body: exp.Expr, members: dict[str, tuple[str, str]]) -> exp.Expr:
    lowered = {name.lower(): member for name, member in members.items()}
    for each in list(body.find_all(exp.Column, exp.Identifier)):
        if isinstance(each, exp.Identifier) and isinstance(each.parent, exp.Column):
            continue
        member = lowered.get(each.name.lower())
        if member is not None:
            value = _call("struct_extract", exp.to_identifier(member[0]), exp.Literal.string(member[1]))
            if each is body:
                return value
            each.replace(value)
    return body


def _base_name(kind: Kind) -> str:
    return trino_text(kind).split("(")[0] if kind is not None else "varchar"


def _format_text(value: exp.Expr, kind: Kind) -> exp.Expr:
    if kind is not None and kind.name.startswith("timestamp"):
        raise QueryError("NOT_SUPPORTED: the local Athena's format takes no timestamps; cast them to varchar")
    if kind is not None and kind.name in FLOATING:
        return _macro("java_double", value)
    return _as_text(value, kind)


def _ignores_zone(node: exp.Expr) -> bool:
    """Whether what stands around an instant asks for no zone of its own."""
    parent = node.parent
    while isinstance(parent, exp.Paren):
        parent = parent.parent
    if isinstance(parent, exp.AtTimeZone | exp.Predicate):
        return True
    return isinstance(parent, exp.Anonymous) and parent.name.lower() in ("at_timezone", "to_unixtime")


_CALLS: dict[str, Callable[[_Rewriter, exp.Anonymous], exp.Expr]] = {
    "row": _Rewriter.row,
    "concat": _Rewriter.concat,
    "try": _Rewriter.attempt,
    "typeof": _Rewriter.typeof,
    "any_match": _Rewriter.any_match,
    "all_match": _Rewriter.any_match,
    "none_match": _Rewriter.any_match,
    "transform": _Rewriter.transform,
    "filter": _Rewriter.filter,
    "reduce": _Rewriter.reduce,
    "zip_with": _Rewriter.zip_with,
    "map_filter": _Rewriter.map_function,
    "transform_keys": _Rewriter.map_function,
    "transform_values": _Rewriter.map_function,
    "date_format": _Rewriter.date_format,
    "format_datetime": _Rewriter.format_datetime,
    "json_extract": _Rewriter.json_path,
    "json_extract_scalar": _Rewriter.json_path,
    "json_size": _Rewriter.json_path,
    "count_if": _Rewriter.count_if,
    "skewness": _Rewriter.skewness,
    "corr": _Rewriter.corr,
    "regr_intercept": _Rewriter.corr,
    "regr_slope": _Rewriter.corr,
    "max": _Rewriter.least_or_most,
    "min": _Rewriter.least_or_most,
    "sum": _Rewriter.sum_or_average,
    "avg": _Rewriter.sum_or_average,
    "max_by": _Rewriter.by_count,
    "min_by": _Rewriter.by_count,
    "reduce_agg": _Rewriter.reduce_agg,
    "array_join": _Rewriter.array_join,
    "array_max": _Rewriter.array_extreme,
    "array_min": _Rewriter.array_extreme,
    "date_add": _Rewriter.date_add,
    "date_diff": _Rewriter.date_diff,
    "regexp_replace": _Rewriter.regular,
    "regexp_extract": _Rewriter.regular,
    "regexp_like": _Rewriter.regular,
    "greatest": _Rewriter.extreme,
    "least": _Rewriter.extreme,
    "concat_ws": _Rewriter.concat_ws,
    "format": _Rewriter.format,
    "json_array_contains": _Rewriter.json_contains,
    "timezone_hour": _Rewriter.zone_part,
    "timezone_minute": _Rewriter.zone_part,
    "map_zip_with": _Rewriter.map_zip_with,
    "map_concat": _Rewriter.map_concat,
    "map_union": _Rewriter.map_union,
    "multimap_agg": _Rewriter.multimap_agg,
    "multimap_from_entries": _Rewriter.multimap_from_entries,
    "from_iso8601_timestamp": _Rewriter.iso_timestamp,
    "parse_datetime": _Rewriter.iso_timestamp,
    "array_sort": _Rewriter.array_sort,
    "from_unixtime": _Rewriter.from_unixtime,
    "current_timestamp": _Rewriter.now,
    "localtimestamp": _Rewriter.local_now,
    "approx_percentile": _Rewriter.approx_percentile,
    "approx_distinct": _Rewriter.approx_distinct,
    "approx_most_frequent": _Rewriter.approx_most_frequent,
    "at_timezone": _Rewriter.at_timezone,
    "with_timezone": _Rewriter.with_timezone,
    "to_iso8601": _Rewriter.to_iso8601,
    "listagg": _Rewriter.listagg,
    "map_agg": _Rewriter.map_agg,
}

_RULES: dict[type, Callable[[_Rewriter, Any], exp.Expr]] = {
    exp.Literal: _Rewriter.literal,
    exp.Add: _Rewriter.arithmetic,
    exp.Div: _Rewriter.arithmetic,
    exp.Mod: _Rewriter.arithmetic,
    exp.Mul: _Rewriter.arithmetic,
    exp.Sub: _Rewriter.arithmetic,
    exp.Neg: _Rewriter.negation,
    exp.EQ: _Rewriter.comparison,
    exp.NEQ: _Rewriter.comparison,
    exp.LT: _Rewriter.comparison,
    exp.LTE: _Rewriter.comparison,
    exp.GT: _Rewriter.comparison,
    exp.GTE: _Rewriter.comparison,
    exp.NullSafeEQ: _Rewriter.comparison,
    exp.NullSafeNEQ: _Rewriter.comparison,
    exp.Between: _Rewriter.membership,
    exp.In: _Rewriter.membership,
    exp.Interval: _Rewriter.interval,
    exp.AtTimeZone: _Rewriter.at_time_zone,
    exp.Extract: _Rewriter.extract,
    exp.Dot: _Rewriter.dereference,
    exp.Bracket: _Rewriter.subscript,
    exp.DPipe: _Rewriter.concatenation,
    exp.Cast: _Rewriter.cast,
    exp.TryCast: _Rewriter.cast,
    exp.Anonymous: _Rewriter.call,
    exp.CurrentTimestamp: _Rewriter.now,
    exp.Localtime: _Rewriter.local_time,
    exp.Localtimestamp: _Rewriter.local_now,
    exp.Substring: _Rewriter.substring,
    exp.StrPosition: _Rewriter.position,
    exp.Trim: _Rewriter.trim,
    exp.Escape: _Rewriter.like,
    exp.WithinGroup: _Rewriter.within_group,
    exp.Normalize: _Rewriter.normalized,
    exp.Group: _Rewriter.group,
    exp.With: _Rewriter.recursive,
    exp.IgnoreNulls: _Rewriter.ignore_nulls,
    exp.Table: _Rewriter.table,
    exp.Unnest: _Rewriter.unnest,
}
