"""Operators: numbers, comparisons, subscripts, concatenation."""

from __future__ import annotations

import functools

from sqlglot import exp

from toolkit.local.athena.hive_types import HiveType, duckdb_text, is_mixed
from toolkit.local.athena.sql.coercion import FLOATING, common_type
from toolkit.local.athena.sql.functions import INTERVALS, MONTHS, Kind
from toolkit.local.athena.sql.rewrite import instants
from toolkit.local.athena.sql.rewrite.casts import as_text
from toolkit.local.athena.sql.rewrite.decimals import decimal_arithmetic
from toolkit.local.athena.sql.rewrite.instants import joined_membership, moment
from toolkit.local.athena.sql.rewrite.nodes import (
    Rule,
    as_kind,
    as_type,
    call,
    kind_name,
    macro,
    may_be_nan,
    may_be_null,
    members_of,
    paren,
    struct,
)
from toolkit.local.athena.sql.rewrite.times import temporal_arithmetic

# Digits of the least integer and the least bigint.
_LEAST = frozenset({str(2**31), str(2**63)})

_TEMPORAL = frozenset({"date", "time", "timestamp", "timestamp with time zone", "time with time zone"})


def literal(node: exp.Literal) -> exp.Expr:
    if node.is_string or node.is_int or "e" in node.name.lower():
        return node
    return exp.Literal.number(f"{node.name}e0")


def arithmetic(node: exp.Binary) -> exp.Expr:
    kind: Kind = node.meta.get("kind")
    left, right = kind_name(node.left), kind_name(node.right)
    if kind is not None and "unknown" in (left, right):
        # Always NULL; the other side stays, for it may hold an aggregate.
        other = node.right if left == "unknown" else node.left
        return as_kind(
            exp.Case(ifs=[exp.If(this=exp.Is(this=paren(other), expression=exp.Null()), true=exp.Null())]), kind
        )
    if INTERVALS & {left, right} or left in _TEMPORAL or right in _TEMPORAL:
        if not is_mixed(kind):
            for side in (node.left, node.right):
                side.replace(moment(side.copy(), side.meta.get("kind")))
        return temporal_arithmetic(node, left, right)
    if kind is not None and kind.name == "decimal":
        return decimal_arithmetic(node, kind)
    if isinstance(node, exp.Div):
        if left in FLOATING or right in FLOATING:
            # DuckDB's / of two doubles follows IEEE, as Trino's does.
            return exp.Div(
                this=paren(as_type(node.left, "DOUBLE")), expression=paren(node.right), typed=False, safe=False
            )
        return exp.IntDiv(this=paren(node.left), expression=paren(node.right))
    return node


def negation(node: exp.Neg) -> exp.Expr:
    kind: Kind = node.meta.get("kind")
    if kind is not None and isinstance(node.this, exp.Literal) and node.this.name in _LEAST:
        # DuckDB takes the digits for a larger type.
        return as_type(exp.Neg(this=node.this.copy()), duckdb_text(kind))
    if kind is None or kind.name not in INTERVALS:
        return node
    return call(
        f"to_{'months' if kind.name == MONTHS.name else 'milliseconds'}",
        exp.Neg(this=macro("interval_months" if kind.name == MONTHS.name else "interval_milliseconds", node.this)),
    )


def comparison(node: exp.Binary) -> exp.Expr:
    left: Kind = node.left.meta.get("kind")
    right: Kind = node.right.meta.get("kind")
    if left is None or right is None:
        return node
    if is_mixed(left) or is_mixed(right):
        return type(node)(this=moment(node.left, left), expression=moment(node.right, right))
    if isinstance(node, exp.NullSafeEQ | exp.NullSafeNEQ):
        return node
    if isinstance(node, exp.EQ | exp.NEQ) and isinstance(node.right, exp.Any | exp.All):
        if isinstance(node, exp.EQ) is isinstance(node.right, exp.Any):
            # As IN of a sub-query, or NOT IN.
            return joined_membership(node) if isinstance(node, exp.EQ) else node
        return _all_alike(node) if may_be_null(node.left) and right.name not in FLOATING else node
    if isinstance(node, exp.EQ | exp.NEQ) and left.name == right.name and left.name in ("array", "map", "struct"):
        equal = _equal(node.left, node.right, left, right, 0)
        return equal if isinstance(node, exp.EQ) else exp.Not(this=exp.Paren(this=equal))
    if isinstance(node, exp.LT | exp.LTE | exp.GT | exp.GTE) and left.name == right.name in ("array", "struct"):
        return _ordered(node, node.left, node.right, left, right)
    if left.name == right.name == "char" and isinstance(node, exp.LT | exp.LTE | exp.GT | exp.GTE):
        # A blank is more than some characters that may stand in its place.
        wide = common_type(left, right)
        return type(node)(this=as_text(node.left, wide), expression=as_text(node.right, wide))
    if not FLOATING & {left.name, right.name} or isinstance(node, exp.NullSafeEQ | exp.NullSafeNEQ):
        # As to DuckDB, NaN is not distinct from NaN, nor NULL from NULL.
        return node
    # NaN is less than nothing, greater than nothing and equal to nothing; to DuckDB it is the greatest.
    left_may, right_may = may_be_nan(node.left), may_be_nan(node.right)
    if isinstance(node, exp.NEQ) or not (left_may or right_may):
        return exp.Paren(this=_never_equal(node)) if isinstance(node, exp.NEQ) and left_may and right_may else node
    checked = []
    if left_may and (right_may or isinstance(node, exp.GT | exp.GTE)):
        checked.append(node.left)
    if right_may and isinstance(node, exp.LT | exp.LTE):
        checked.append(node.right)
    condition: exp.Expr = node.copy()
    for each in checked:
        other = node.right if each is node.left else node.left
        condition = exp.And(this=condition, expression=_no_nan(each, other, is_term=instants.is_term(node)))
    return exp.Paren(this=condition) if checked else node


def _all_alike(node: exp.Binary) -> exp.Expr:
    """
    Compare with ``= ALL`` or ``<> ANY`` of a query: where its values differ among themselves, it does not matter with what.

    So it is to Trino even for NULL.
    """
    inner = node.right.this
    value = exp.column("value__", quoted=True)
    values = exp.Subquery(
        this=inner.this.copy() if isinstance(inner, exp.Subquery) else inner.copy(),
        alias=exp.TableAlias(
            this=exp.to_identifier("values__", quoted=True), columns=[exp.to_identifier("value__", quoted=True)]
        ),
    )
    differ = exp.NEQ(this=call("min", value), expression=call("max", value.copy()))
    asked = exp.Coalesce(
        this=exp.Subquery(this=exp.Select(expressions=[differ]).from_(values)), expressions=[exp.Boolean(this=False)]
    )
    if isinstance(node, exp.EQ):
        return exp.Paren(this=exp.And(this=node.copy(), expression=exp.Not(this=asked)))
    return exp.Paren(this=exp.Or(this=node.copy(), expression=asked))


def _no_nan(value: exp.Expr, other: exp.Expr, *, is_term: bool = False) -> exp.Expr:
    """Tell whether a value is no NaN; beside a NULL that does not matter, nor in a term of WHERE what is then false or NULL."""
    number = value.copy() if kind_name(value) in FLOATING else as_type(value.copy(), "DOUBLE")
    is_number = exp.Not(this=call("isnan", number))
    if is_term or not may_be_null(other):
        return is_number
    return exp.Paren(this=exp.Or(this=is_number, expression=_is_null(other)))


def simple_case(node: exp.Case) -> exp.Expr:
    """Compare the operand as ``=`` does, where it or a value could be NaN."""
    operand = node.this
    if operand is None or not any(_meet_in_nan(operand, each.this) for each in node.args["ifs"]):
        return node
    ifs = [exp.If(this=_equals(operand, each.this), true=each.args["true"]) for each in node.args["ifs"]]
    return exp.Case(ifs=ifs, default=node.args.get("default"))


def null_if(node: exp.Anonymous) -> exp.Expr:
    first, second = node.expressions
    is_plain = kind_name(first) not in ("array", "map", "struct")
    if (
        is_plain
        and not _meet_in_nan(first, second)
        and not any(is_mixed(each.meta.get("kind")) for each in (first, second))
    ):
        return call("nullif", first, second)
    return exp.Case(ifs=[exp.If(this=_equals(first, second), true=exp.Null())], default=first.copy())


def _meet_in_nan(one: exp.Expr, other: exp.Expr) -> bool:
    return bool(FLOATING & {kind_name(one), kind_name(other)}) and may_be_nan(one) and may_be_nan(other)


def _equals(one: exp.Expr, other: exp.Expr) -> exp.Expr:
    return comparison(exp.EQ(this=paren(one.copy()), expression=paren(other.copy())))


def dereference(node: exp.Dot) -> exp.Expr:
    return call("struct_extract", node.this, exp.Literal.string(node.expression.name.lower()))


def subscript(node: exp.Bracket) -> exp.Expr:
    container: Kind = node.meta.get("container")
    index = node.expressions[0]
    if container is None:
        return call("list_extract", node.this, index)
    if container.name == "array":
        return macro("array_subscript", node.this, index)
    if container.name == "map":
        return macro(f"map_subscript{'_double' if container.children[0].name in FLOATING else ''}", node.this, index)
    return call("struct_extract", node.this, exp.Literal.string(container.fields[int(index.name) - 1]))


def concatenation(node: exp.DPipe) -> exp.Expr:
    left, right = kind_name(node.left), kind_name(node.right)
    kind: Kind = node.meta.get("kind")
    if kind is not None and kind.name == "array":
        # An element joins an array at its end or beginning.
        one, other = node.left.meta.get("kind"), node.right.meta.get("kind")
        if one is not None and other is not None and one.name == "array" and common_type(one, kind) == kind:
            if other.name == "array" and common_type(other, kind) == kind:
                return macro("array_concat", node.left, node.right)
            return macro("array_append", node.left, node.right)
        return macro("array_prepend", node.left, node.right)
    if "char" in (left, right):
        pair = [as_text(each, each.meta.get("kind")) for each in (node.left, node.right)]
        return exp.DPipe(this=pair[0], expression=pair[1])
    return node


def _ordered(node: exp.Binary, left: exp.Expr, right: exp.Expr, kind: HiveType, other: HiveType) -> exp.Expr:
    """Give ``<`` and its like of nested values; it refuses a NULL that stands before what decides, where DuckDB orders it."""
    if kind.name == other.name == "struct":
        whole: exp.Expr = exp.Boolean(this=isinstance(node, exp.LTE | exp.GTE))
        parts = list(zip(kind.fields, other.fields, kind.children, other.children, strict=True))
        for number, (a, b, x, y) in reversed(list(enumerate(parts))):
            one, two = _field(left, a), _field(right, b)
            ifs = [exp.If(this=exp.or_(*map(_is_null, (one, two)), copy=False), true=_refused_null("ROW", "fields"))]
            if number == len(parts) - 1:
                whole = _ordered(node, one, two, x, y)
            else:
                ifs.append(
                    exp.If(
                        this=exp.Not(this=_equal(one, two, x, y, 0, is_sorted=True)),
                        true=_ordered(node, one, two, x, y),
                    )
                )
            whole = exp.Case(ifs=ifs, default=whole)
        rows = [each for each in (left, right) if not isinstance(each.unnest(), exp.Tuple | exp.Struct)]
        if rows:
            nothing = exp.If(this=exp.or_(*map(_is_null, rows), copy=False), true=exp.Null())
            whole = exp.Case(ifs=[nothing], default=whole)
        return exp.Paren(this=whole)
    if kind.name == other.name == "array":
        is_open = macro("arrays_are_open", left.copy(), right.copy())
        compared = type(node)(this=paren(left.copy()), expression=paren(right.copy()))
        refused = exp.If(this=is_open, true=_refused_null("ARRAY", "arrays"))
        return exp.Paren(this=exp.Case(ifs=[refused], default=compared))
    compared = type(node)(this=paren(left.copy()), expression=paren(right.copy()))
    if FLOATING & {kind.name, other.name}:
        # In a row NaN is the greatest, as it is to DuckDB.
        return exp.Paren(this=compared)
    compared.left.meta["kind"], compared.right.meta["kind"] = kind, other
    return exp.Paren(this=comparison(compared))


def _is_null(value: exp.Expr) -> exp.Expr:
    return exp.Is(this=paren(value.copy()), expression=exp.Null())


def _refused_null(what: str, of: str) -> exp.Expr:
    message = f"{what} comparison not supported for {of} with null elements"
    return macro("refuse", exp.Literal.string("NOT_SUPPORTED"), exp.Literal.string(message))


def _never_equal(node: exp.Binary) -> exp.Expr:
    # NaN <> NaN holds, and NaN <> NULL does not.
    is_unlike: exp.Expr = call("isnan", as_type(node.left.copy(), "DOUBLE"))
    if may_be_null(node.right):
        is_unlike = exp.Paren(this=exp.And(this=is_unlike, expression=exp.Not(this=_is_null(node.right))))
    return exp.Or(this=node.copy(), expression=is_unlike)


def _equal(
    left: exp.Expr, right: exp.Expr, kind: HiveType, other: HiveType, depth: int, *, is_sorted: bool = False
) -> exp.Expr:
    """
    Give the comparison of nested values, member by member, unknown where a NULL leaves it open.

    NaN is equal to nothing, but where values *are sorted*.
    """
    if kind.name == "struct" == other.name:
        members = [
            _equal(_field(left, a), _field(right, b), x, y, depth, is_sorted=is_sorted)
            for a, b, x, y in zip(kind.fields, other.fields, kind.children, other.children, strict=True)
        ]
        return exp.Paren(this=exp.and_(*members, copy=False))
    if kind.name == "map" == other.name:
        are_floats = kind.children[1].name in FLOATING and other.children[1].name in FLOATING and not is_sorted
        return macro("float_maps_equal" if are_floats else "maps_equal", left.copy(), right.copy())
    if kind.name == "array" == other.name:
        pair = exp.to_identifier(f"pair{depth}__")
        first, second = (call("struct_extract", pair.copy(), exp.Literal.number(n)) for n in (1, 2))
        body = _equal(first, second, kind.children[0], other.children[0], depth + 1, is_sorted=is_sorted)
        results = call(
            "list_transform", call("list_zip", left.copy(), right.copy()), exp.Lambda(this=body, expressions=[pair])
        )
        return macro("arrays_equal", left.copy(), right.copy(), results)
    equal: exp.Expr = exp.EQ(this=left.copy(), expression=right.copy())
    if {kind.name, other.name} <= FLOATING and may_be_nan(left) and may_be_nan(right) and not is_sorted:
        equal = exp.And(this=equal, expression=_no_nan(as_type(left.copy(), "DOUBLE"), right))
    return exp.Paren(this=equal)


def _field(value: exp.Expr, name: str) -> exp.Expr:
    if isinstance(value, exp.Paren) and isinstance(value.this, exp.Tuple):
        value = value.this
    if isinstance(value, exp.Tuple):
        member: exp.Expr = value.expressions[int(name.removeprefix("field"))].copy()
        return member
    return call("struct_extract", value.copy(), exp.Literal.string(name))


def membership(node: exp.In) -> exp.Expr:
    """Compare rows with those of a query as wholes, in which NULL is NULL, and nested values with listed ones by parts."""
    width = node.meta.get("width", 1)
    if width > 1:
        names = [f"field{number}" for number in range(width)]
        columns = [exp.to_identifier(name) for name in names]
        alias = exp.TableAlias(this=exp.to_identifier("rows__"), columns=columns)
        query = node.args["query"]
        inner = exp.Subquery(this=query.this if isinstance(query, exp.Subquery) else query, alias=alias)
        row = struct((name, exp.column(name)) for name in names)
        node.set("query", exp.Subquery(this=exp.Select(expressions=[row]).from_(inner)))
        members = node.this.expressions if isinstance(node.this, exp.Tuple) else members_of(node.this, names)
        row_is_known = [exp.Not(this=exp.Is(this=paren(each.copy()), expression=exp.Null())) for each in members]
        node.set("this", struct(zip(names, members, strict=True)))
        # A term of WHERE is a join to Trino, in which NULL is nothing.
        return exp.Paren(this=exp.and_(node.copy(), *row_is_known, copy=False)) if instants.is_term(node) else node
    kind = node.this.meta.get("kind")
    if "width" in node.meta and kind is not None and kind.name == "struct" and not node.meta.get("is_member"):
        # A row of one member, as the rows of a query of one column are.
        node.set("this", _field(node.this, kind.fields[0]))
    values = node.args.get("expressions") or ()
    kinds = [each.meta.get("kind") for each in (node.this, *values)]
    if values and all(kind is not None and kind.name in ("array", "map", "struct") for kind in kinds):
        return exp.Paren(this=exp.or_(*(_equals(node.this, each) for each in values), copy=False))
    return instants.membership(node)


def between(node: exp.Between) -> exp.Expr:
    parts = (node.this, node.args["low"], node.args["high"])
    if {kind_name(each) for each in parts} == {"char"}:
        # A blank is more than some characters that may stand in its place.
        wide = functools.reduce(common_type, (each.meta["kind"] for each in parts))
        return exp.Between(**dict(zip(("this", "low", "high"), (as_text(each, wide) for each in parts), strict=True)))
    if all(kind_name(each) in ("array", "struct") for each in parts):
        bounds = [
            exp.GTE(this=paren(parts[0].copy()), expression=paren(parts[1].copy())),
            exp.LTE(this=paren(parts[0].copy()), expression=paren(parts[2].copy())),
        ]
        return exp.Paren(this=exp.and_(*map(comparison, bounds), copy=False))
    return instants.membership(node)


RULES: dict[type, Rule] = {
    exp.Between: between,
    exp.In: membership,
    exp.Literal: literal,
    exp.Add: arithmetic,
    exp.Div: arithmetic,
    exp.Mod: arithmetic,
    exp.Mul: arithmetic,
    exp.Sub: arithmetic,
    exp.Neg: negation,
    exp.EQ: comparison,
    exp.NEQ: comparison,
    exp.LT: comparison,
    exp.LTE: comparison,
    exp.GT: comparison,
    exp.GTE: comparison,
    exp.NullSafeEQ: comparison,
    exp.NullSafeNEQ: comparison,
    exp.Case: simple_case,
    exp.Dot: dereference,
    exp.Bracket: subscript,
    exp.DPipe: concatenation,
}
