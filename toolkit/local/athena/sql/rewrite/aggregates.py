"""Aggregates whose names or results differ."""

from __future__ import annotations

from sqlglot import exp

from toolkit.local.athena.errors import QueryError
from toolkit.local.athena.hive_types import HiveType
from toolkit.local.athena.sql.coercion import FLOATING
from toolkit.local.athena.sql.functions import INTERVALS, MONTHS, Kind
from toolkit.local.athena.sql.rewrite.casts import as_text
from toolkit.local.athena.sql.rewrite.decimals import decimal_average
from toolkit.local.athena.sql.rewrite.instants import moments
from toolkit.local.athena.sql.rewrite.lambdas import folded
from toolkit.local.athena.sql.rewrite.nodes import Rule, as_kind, call, kind_name, macro, struct


def aggregate(name: str, *arguments: exp.Expr) -> exp.Anonymous:
    """Give a call of an aggregate of DuckDB's as a part of something: FILTER and OVER around the whole belong to it."""
    node = call(name, *arguments)
    node.meta["aggregate"] = True
    return node


def _parts(whole: exp.Expr) -> list[exp.Expr]:
    """Give the aggregates that a whole is made of, none if it is one itself."""
    if whole.meta.get("aggregate"):
        return []
    found = whole.walk(prune=lambda node: bool(node.meta.get("aggregate")))
    return [node for node in found if node.meta.get("aggregate")]


def filtered(node: exp.Filter) -> exp.Expr:
    """Put the condition to each of the aggregates that one of Trino's is made of."""
    parts = _parts(node.this)
    for each in parts:
        part = exp.Filter(this=each.copy(), expression=node.expression.copy())
        part.meta["aggregate"] = True
        each.replace(part)
    node.meta["aggregate"] = True
    return node.this if parts else node


def over(node: exp.Window) -> exp.Expr:
    """Put the window to each of the aggregates that one of Trino's is made of."""
    parts = _parts(node.this)
    for each in parts:
        part = node.copy()
        part.set("this", each.copy())
        each.replace(part)
    return node.this if parts else node


def approx_percentile(node: exp.Anonymous) -> exp.Expr:
    if len(node.expressions) == 3:
        return digested_percentile(node)
    if len(node.expressions) > 3:
        # The element itself is within any accuracy that was asked for.
        return weighted_percentile(*node.expressions[:3])
    value, share = node.expressions
    if any(share.find_all(exp.Column)):
        # DuckDB wants a constant.
        return weighted_percentile(value, exp.Literal.number(1), share)
    for each in share.expressions if isinstance(share, exp.Array) else [share]:
        literal = each.this if isinstance(each, exp.Cast) else each
        if not isinstance(literal, exp.Literal):
            continue
        # Trino takes the element after that share of them, DuckDB the one that completes it.
        number = float(literal.name)
        if not 0 <= number <= 1:
            raise QueryError("INVALID_FUNCTION_ARGUMENT: Percentile must be between 0 and 1")
        after = exp.Literal.number(repr(min(1.0, number + 1e-12)))
        share = after if literal is share else share
        literal.replace(after)
    return call("quantile_disc", value, share)


def digested_percentile(node: exp.Anonymous) -> exp.Expr:
    """Give what Trino reads off a t-digest of weighted values: something between two of them, rounded for whole numbers."""
    value, weight, share = node.expressions
    digest = macro("tdigest_of", aggregate("list", struct([("v", value), ("w", weight)])))
    found = macro(f"digested_percentile{'s' if kind_name(share) == 'array' else ''}", digest, _one_of_all(share))
    kind: Kind = node.meta["kind"]
    return as_kind(found, kind) if kind is not None else found


def weighted_percentile(value: exp.Expr, weight: exp.Expr, share: exp.Expr) -> exp.Expr:
    listed = aggregate("list", struct([("v", value), ("w", weight)]))
    return macro(f"weighted_percentile{'s' if kind_name(share) == 'array' else ''}", listed, _one_of_all(share))


def _one_of_all(share: exp.Expr) -> exp.Expr:
    return aggregate("any_value", share) if any(share.find_all(exp.Column)) else share


def of_distinct(node: exp.Anonymous, rule: Rule) -> exp.Expr:
    """Give an aggregate that takes each value once: so do those that it is made of."""
    node.set("expressions", node.expressions[0].expressions)
    made = rule(node)
    for part in _parts(made) or [made]:
        if not isinstance(part.expressions[0], exp.Distinct):
            part.set("expressions", [exp.Distinct(expressions=part.expressions)])
    return made


def in_order(node: exp.Anonymous, rule: Rule) -> exp.Expr:
    """Give an aggregate of several arguments that Trino takes in an order: it tells in what lists of them alone."""
    last = node.expressions[-1]
    order = last.expressions
    last.replace(last.this)
    made = of_distinct(node, rule) if isinstance(node.expressions[0], exp.Distinct) else rule(node)
    for part in _parts(made) if made.name != node.name else ():
        if part.name == "list":
            part.set("expressions", [exp.Order(this=part.expressions[0], expressions=[each.copy() for each in order])])
    return made


def approx_distinct(node: exp.Anonymous) -> exp.Expr:
    # The exact count is within any error that was asked for.
    moments(node)
    return call("count", exp.Distinct(expressions=[node.expressions[0]]))


def approx_most_frequent(node: exp.Anonymous) -> exp.Expr:
    # The exact counts are within any capacity that was asked for.
    buckets, value, _ = node.expressions
    return macro("most_frequent", aggregate("histogram", value), buckets)


def listagg(node: exp.Anonymous) -> exp.Expr:
    node.set("this", "string_agg")
    if len(node.expressions) == 1:
        node.append("expressions", exp.Literal.string(""))
    return node


def within_group(node: exp.WithinGroup) -> exp.Expr:
    aggregate: exp.Expr = node.this
    if not (isinstance(aggregate, exp.Anonymous) and aggregate.name == "string_agg"):
        return node
    order = node.expression
    last = aggregate.expressions[-1]
    if order.expressions:
        last.replace(exp.Order(this=last.copy(), expressions=[each.copy() for each in order.expressions]))
    return aggregate


def count_if(node: exp.Anonymous) -> exp.Expr:
    return call("count", exp.Case(ifs=[exp.If(this=node.expressions[0], true=exp.Literal.number(1))]))


def skewness(node: exp.Anonymous) -> exp.Expr:
    # Trino has the skewness of the population, DuckDB an estimate from a sample.
    value = node.expressions[0]
    return macro("population_skewness", aggregate("skewness", value), aggregate("count", value.copy()))


def geometric_mean(node: exp.Anonymous) -> exp.Expr:
    return call("exp", aggregate("avg", call("ln", node.expressions[0])))


def corr(node: exp.Anonymous) -> exp.Expr:
    return macro("finite", aggregate(node.name, *node.expressions))


def least_or_most(node: exp.Anonymous) -> exp.Expr:
    value = node.expressions[0]
    if kind_name(value) == "char" and len(node.expressions) == 1:
        # A blank is more than some characters that may stand in its place.
        padded = aggregate(node.name, as_text(value.copy(), value.meta["kind"]))
        return call("rtrim", padded, exp.Literal.string(" "))
    if kind_name(value) not in FLOATING:
        return node
    if len(node.expressions) > 1:
        return node if node.name.lower() == "min" else most_numbers(node)
    # NaN counts only where there is nothing else. It is DuckDB's greatest number, so its least one is right as it is.
    if node.name.lower() == "min":
        return node
    number = exp.Case(ifs=[exp.If(this=exp.Not(this=call("isnan", value.copy())), true=value.copy())])
    return exp.Coalesce(this=aggregate(node.name, number), expressions=[aggregate(node.name, value.copy())])


def most_numbers(node: exp.Anonymous) -> exp.Expr:
    """Give the greatest of some doubles, those that are NaN after all others."""
    value, count = node.expressions
    is_nan = call("isnan", value.copy())
    number = exp.Case(ifs=[exp.If(this=exp.Not(this=is_nan), true=value.copy())])
    others = aggregate("list", exp.Case(ifs=[exp.If(this=is_nan.copy(), true=value.copy())]))
    return macro("most_numbers", aggregate("max", number, count), others, aggregate("any_value", count.copy()))


def sum_or_average(node: exp.Anonymous) -> exp.Expr:
    value = node.expressions[0]
    kind: Kind = node.meta["argument_kinds"][0]
    if kind is not None and kind.name == "decimal" and node.name.lower() == "avg":
        return decimal_average(aggregate("sum", value), aggregate("count", value.copy()), kind)
    if kind is None or kind.name not in INTERVALS:
        return node
    unit = "months" if kind.name == MONTHS.name else "milliseconds"
    total = aggregate(node.name, macro(f"interval_{unit}", value))
    # An average is rounded as Java's Math.round does it.
    return macro(f"{unit}_interval", total if node.name.lower() == "sum" else macro("half_above", total))


def by_count(node: exp.Anonymous) -> exp.Expr:
    name = {"max_by": "arg_max", "min_by": "arg_min"}[node.name.lower()]
    if name == "arg_max" and len(node.expressions) == 2 and kind_name(node.expressions[1]) in FLOATING:
        # NaN counts only where there is nothing else.
        value, key = node.expressions
        number = exp.Case(ifs=[exp.If(this=exp.Not(this=call("isnan", key.copy())), true=key.copy())])
        numbers = exp.GT(this=aggregate("count", number), expression=exp.Literal.number(0))
        of_numbers = aggregate("arg_max_null", value.copy(), number.copy())
        of_all = aggregate("arg_max_null", value.copy(), key.copy())
        return exp.Case(ifs=[exp.If(this=numbers, true=of_numbers)], default=of_all)
    if len(node.expressions) == 2:
        return call(f"{name}_null", *node.expressions)
    # In a row each, for DuckDB leaves NULL out.
    value, key, count = node.expressions
    return macro("members", aggregate(name, struct([("v", value)]), key, count))


def reduce_agg(node: exp.Anonymous) -> exp.Expr:
    value, start, step, _ = node.expressions
    element: Kind = value.meta.get("kind")
    listed = aggregate("list", value)
    known = exp.to_identifier("known__")
    present = exp.Not(this=exp.Is(this=known.copy(), expression=exp.Null()))
    whole = call("list_filter", listed, exp.Lambda(this=present, expressions=[known]))
    whole.meta["kind"] = HiveType("array", children=(element,)) if element is not None else None
    return folded(whole, start, step)


def map_union(node: exp.Anonymous) -> exp.Expr:
    listed = call("flatten", aggregate("list", call("map_entries", node.expressions[0])))
    return macro("map_union_entries", listed)


def map_agg(node: exp.Anonymous) -> exp.Expr:
    listed = aggregate("list", struct(zip(("k", "v"), node.expressions, strict=True)))
    return macro("map_agg_entries" if node.name.lower() == "map_agg" else "multimap_of_known", listed)


def ignore_nulls(node: exp.IgnoreNulls) -> exp.Expr:
    # DuckDB has the words inside the parentheses.
    function = node.this
    if isinstance(function, exp.Anonymous) and function.expressions:
        function.expressions[-1].replace(exp.IgnoreNulls(this=function.expressions[-1].copy()))
        return function
    return node


def frame(node: exp.WindowSpec) -> exp.Expr:
    """Refuse a NULL as how far a frame reaches, of which DuckDB makes a frame of its own."""
    for side in ("start", "end"):
        value = node.args.get(side)
        if not isinstance(value, exp.Expr) or isinstance(value, exp.Literal | exp.Interval):
            continue
        kind: Kind = value.meta.get("kind")
        if kind is None:
            continue
        message = "INVALID_WINDOW_FRAME: Window frame offset value must not be negative or null"
        refused = as_kind(call("error", exp.Literal.string(message)), kind)
        is_null = exp.Is(this=exp.Paren(this=value.copy()), expression=exp.Null())
        node.set(side, exp.Paren(this=exp.Case(ifs=[exp.If(this=is_null, true=refused)], default=value.copy())))
    return node


CALLS: dict[str, Rule] = {
    "geometric_mean": geometric_mean,
    "count_if": count_if,
    "skewness": skewness,
    "corr": corr,
    "regr_intercept": corr,
    "regr_slope": corr,
    "max": least_or_most,
    "min": least_or_most,
    "sum": sum_or_average,
    "avg": sum_or_average,
    "max_by": by_count,
    "min_by": by_count,
    "reduce_agg": reduce_agg,
    "map_union": map_union,
    "multimap_agg": map_agg,
    "approx_percentile": approx_percentile,
    "approx_distinct": approx_distinct,
    "approx_most_frequent": approx_most_frequent,
    "listagg": listagg,
    "map_agg": map_agg,
}


RULES: dict[type, Rule] = {
    exp.Filter: filtered,
    exp.Window: over,
    exp.WindowSpec: frame,
    exp.WithinGroup: within_group,
    exp.IgnoreNulls: ignore_nulls,
}
