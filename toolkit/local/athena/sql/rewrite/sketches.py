"""Sketches of many values, check sums and histograms: aggregates over a list of what they saw, in routines of Python's."""

from __future__ import annotations

from sqlglot import exp

from toolkit.local.athena.hive_types import HiveType, trino_text
from toolkit.local.athena.sql.coercion import FLOATING
from toolkit.local.athena.sql.functions import INTEGRAL, INTERVALS, MONTHS, Kind, precision_of
from toolkit.local.athena.sql.rewrite.aggregates import aggregate
from toolkit.local.athena.sql.rewrite.instants import moment
from toolkit.local.athena.sql.rewrite.nodes import (
    Rule,
    Unsupported,
    as_kind,
    as_type,
    call,
    macro,
    nesting,
    paren,
    struct,
)

# Decimals of so many digits are one whole number to Trino, longer ones two.
MOST_SHORT_DIGITS = 18


def approx_set(node: exp.Anonymous) -> exp.Expr:
    kind: Kind = node.meta["argument_kinds"][0]
    name = {"bigint": "bigints", "double": "doubles"}.get(kind.name if kind is not None else "", "texts")
    return macro(f"hyperloglog_of_{name}", aggregate("list", exp.Distinct(expressions=[node.expressions[0]])))


def _of_geometries(name: str) -> Rule:
    def rewritten(node: exp.Anonymous) -> exp.Expr:
        return macro(name, aggregate("list", node.expressions[0]))

    return rewritten


def bing_tiles_around(node: exp.Anonymous) -> exp.Expr:
    if len(node.expressions) > 3:
        raise Unsupported(node, "bing_tiles_around with a radius")
    return macro("bing_tiles_around", *node.expressions)


def merge(node: exp.Anonymous) -> exp.Expr:
    kind: Kind = node.meta["argument_kinds"][0]
    if kind is None:
        raise Unsupported(node, "merge of this")
    return macro(f"merged_{kind.name}s", aggregate("list", node.expressions[0]))


def _weighted(value: exp.Expr, weight: exp.Expr) -> exp.Expr:
    return aggregate("list", struct([("v", value), ("w", weight)]))


def tdigest_agg(node: exp.Anonymous) -> exp.Expr:
    value, weight = (*node.expressions, exp.Literal.number(1))[:2]
    return macro("tdigest_of", _weighted(value, weight))


def qdigest_agg(node: exp.Anonymous) -> exp.Expr:
    kind: Kind = node.meta["argument_kinds"][0]
    value, *others = node.expressions
    weight = others[0] if others else exp.Literal.number(1)
    accuracy = aggregate("any_value", others[1]) if len(others) > 1 else exp.Literal.number("0.01")
    name = "doubles" if kind is not None and kind.name in FLOATING else "bigints"
    return macro(f"qdigest_of_{name}", _weighted(value, weight), accuracy)


def _digest(node: exp.Anonymous) -> str:
    """Give what the macros for a digest's values are called by."""
    kind: Kind = node.meta["argument_kinds"][0]
    if kind is None:
        raise Unsupported(node, f"{node.name.lower()} of this")
    if kind.name == "tdigest":
        return "tdigest_value"
    return "qdigest_double" if kind.children[0].name in FLOATING else "qdigest_bigint"


def value_at_quantile(node: exp.Anonymous) -> exp.Expr:
    return as_kind(macro(_digest(node), *node.expressions), node.meta["kind"])


def values_at_quantiles(node: exp.Anonymous) -> exp.Expr:
    return as_kind(macro(f"{_digest(node)}s", *node.expressions), node.meta["kind"])


def quantile_at_value(node: exp.Anonymous) -> exp.Expr:
    return macro(f"quantile_at_{_digest(node).removeprefix('qdigest_')}", *node.expressions)


def numeric_histogram(node: exp.Anonymous) -> exp.Expr:
    buckets, value, weight = (*node.expressions, exp.Literal.number(1))[:3]
    return as_kind(
        macro("numeric_histogram", aggregate("any_value", buckets), _weighted(value, weight)), node.meta["kind"]
    )


def checksum(node: exp.Anonymous) -> exp.Expr:
    value = node.expressions[0]
    kind: Kind = node.meta["argument_kinds"][0]
    if kind is None:
        raise Unsupported(node, "checksum of this")
    hashed: exp.Expr = exp.Literal.number(1)
    if kind.name != "unknown":
        hashed = exp.Coalesce(this=_hash(value, kind, node), expressions=[exp.Literal.number(1)])
    return macro("checksum_of", aggregate("sum", as_type(hashed, "HUGEINT")))


def _hash(value: exp.Expr, kind: HiveType, node: exp.Expr) -> exp.Expr:
    """Give the hash that Trino has for a value of a type; source: the operators XX_HASH_64 in io.trino.spi.type of Trino 435."""
    match kind.name:
        case "boolean":
            return _hash_of_number(value)
        case "string" | "varchar" | "char" | "json":
            return macro("hash_of_text", as_type(value, "VARCHAR"))
        case "binary":
            return macro("hash_of_bytes", value)
        case "double" | "float":
            return macro(f"hash_of_{kind.name}", value)
        case "decimal":
            unscaled = macro("unscaled", value)
            return (
                _hash_of_number(unscaled) if kind.arguments[0] <= MOST_SHORT_DIGITS else macro("hash_of_long", unscaled)
            )
        case "date":
            return _hash_of_number(exp.Paren(this=exp.Sub(this=paren(value), expression=_epoch())))
        case "timestamp" if precision_of(kind) <= 6:
            return _hash_of_number(call("epoch_us", value))
        case "timestamp with time zone" if precision_of(kind) <= 3:
            return _hash_of_number(call("epoch_ms", moment(value, kind)))
        case "time" if precision_of(kind) <= 6:
            moment_of_day = exp.Paren(this=exp.Add(this=_epoch(), expression=paren(value)))
            picoseconds = exp.Mul(this=call("epoch_us", moment_of_day), expression=exp.Literal.number(10**6))
            return _hash_of_number(exp.Paren(this=picoseconds))
        case "array":
            name = exp.to_identifier(f"hashed{nesting(value)}__")
            body = exp.Lambda(this=_hash(name.copy(), kind.children[0], node), expressions=[name])
            return macro("hash_of_array", call("list_transform", value, body))
        case "map":
            name = exp.to_identifier(f"hashed{nesting(value)}__")
            pair = [
                _hash(call("struct_extract", name.copy(), exp.Literal.string(part)), child, node)
                for part, child in zip(("key", "value"), kind.children, strict=True)
            ]
            body = exp.Lambda(this=call("list_value", *pair), expressions=[name])
            return macro("hash_of_map", call("list_transform", call("map_entries", value), body))
    if kind.name in INTEGRAL:
        return _hash_of_number(value)
    if kind.name in INTERVALS:
        return _hash_of_number(macro(f"interval_{'months' if kind.name == MONTHS.name else 'milliseconds'}", value))
    raise Unsupported(node, f"checksum of {trino_text(kind)}")


def _hash_of_number(value: exp.Expr) -> exp.Expr:
    return macro("hash_of_number", as_type(value, "BIGINT"))


def _epoch() -> exp.Expr:
    return as_type(exp.Literal.string("1970-01-01"), "DATE")


CALLS: dict[str, Rule] = {
    "approx_set": approx_set,
    "bing_tiles_around": bing_tiles_around,
    "checksum": checksum,
    "convex_hull_agg": _of_geometries("convex_hull_agg"),
    "geometry_union_agg": _of_geometries("geometry_union"),
    "merge": merge,
    "numeric_histogram": numeric_histogram,
    "qdigest_agg": qdigest_agg,
    "quantile_at_value": quantile_at_value,
    "tdigest_agg": tdigest_agg,
    "value_at_quantile": value_at_quantile,
    "values_at_quantiles": values_at_quantiles,
}
