"""Decimals: operations whose results have Trino's precision, scale and rounding."""

from __future__ import annotations

from sqlglot import exp

from toolkit.local.athena.hive_types import MAXIMUM_PRECISION, HiveType
from toolkit.local.athena.sql.coercion import as_decimal
from toolkit.local.athena.sql.rewrite.nodes import as_kind, as_type, call, macro


def decimal_arithmetic(node: exp.Binary, kind: HiveType) -> exp.Expr:
    """Give the operation of two decimals, with the precision and scale that Trino gives its result."""
    kinds = [as_decimal(each.meta["kind"]) for each in (node.left, node.right)]
    scale = kind.arguments[1]
    if isinstance(node, exp.Mul):
        # DuckDB's product has Trino's scale, and is checked where it may have more than 38 digits. A factor as wide as the
        # product keeps it from reckoning with fewer.
        left = as_kind(node.left, HiveType("decimal", (kind.arguments[0], kinds[0].arguments[1])))
        return as_kind(exp.Paren(this=exp.Mul(this=left, expression=as_kind(node.right, kinds[1]))), kind)
    if isinstance(node, exp.Div):
        shift = scale - kinds[0].arguments[1] + kinds[1].arguments[1]
        unit = as_type(exp.Literal.string(str(10**shift)), "HUGEINT")
        dividend = exp.Mul(this=_unscaled(node.left, kinds[0]), expression=unit)
        return _scaled(macro("decimal_quotient", dividend, _unscaled(node.right, kinds[1])), kind)
    wide = HiveType("decimal", (MAXIMUM_PRECISION if isinstance(node, exp.Mod) else kind.arguments[0], scale))
    pair = [as_kind(each, wide) for each in (node.left, node.right)]
    if isinstance(node, exp.Mod):
        return as_kind(macro("decimal_rest", *pair), kind)
    return as_kind(exp.Paren(this=type(node)(this=pair[0], expression=pair[1])), kind)


def decimal_average(total: exp.Expr, count: exp.Expr, kind: HiveType) -> exp.Expr:
    """Give the average of decimals of that type, from their sum and their number."""
    wide = HiveType("decimal", (MAXIMUM_PRECISION, kind.arguments[1]))
    whole = call("nullif", count, exp.Literal.number(0))
    return _scaled(macro("decimal_quotient", _unscaled(total, wide), as_type(whole, "HUGEINT")), kind)


def _unscaled(value: exp.Expr, kind: HiveType) -> exp.Expr:
    """Give a decimal's digits as one whole number."""
    precision, scale = kind.arguments
    if precision + scale > MAXIMUM_PRECISION:
        return macro("unscaled", value)
    wide = as_kind(value, HiveType("decimal", (precision + scale, scale)))
    return as_type(exp.Mul(this=wide, expression=_power_of_ten(scale)) if scale else value, "HUGEINT")


def _scaled(whole: exp.Expr, kind: HiveType) -> exp.Expr:
    """Give a whole number as the digits of a decimal of that type."""
    scale = kind.arguments[1]
    digits = as_kind(whole, HiveType("decimal", (MAXIMUM_PRECISION, 0)))
    if scale:
        unit = as_kind(exp.Literal.string(f"0.{1:0{scale}}"), HiveType("decimal", (scale, scale)))
        digits = exp.Paren(this=exp.Mul(this=digits, expression=unit))
    return as_kind(digits, kind)


def _power_of_ten(exponent: int) -> exp.Expr:
    return as_kind(exp.Literal.string(str(10**exponent)), HiveType("decimal", (exponent + 1, 0)))
