"""Calls of functions: those that a rewrite of their own makes, DuckDB's own, and macros."""

from __future__ import annotations

import re

from sqlglot import exp

from toolkit.local.athena.hive_types import HiveType, trino_text
from toolkit.local.athena.sql.analysis.expressions import EXTRACT_FIELDS
from toolkit.local.athena.sql.analysis.row_patterns import FEW_ROWS, MATCHED_ROWS
from toolkit.local.athena.sql.functions import AGGREGATES, FUNCTIONS, ZONED_TIME, Kind
from toolkit.local.athena.sql.rewrite import aggregates, containers, instants, lambdas, sketches, texts, times
from toolkit.local.athena.sql.rewrite.casts import cast_to, pad_chars, to_json
from toolkit.local.athena.sql.rewrite.instants import clock_of, holds_mixed, local_time_of_day, moments
from toolkit.local.athena.sql.rewrite.json_calls import json_call
from toolkit.local.athena.sql.rewrite.nodes import Rule, Unsupported, call, kind_name, macro, once, tried
from toolkit.local.athena.sql.rewrite.operators import null_if
from toolkit.local.athena.sql.rewrite.times import truncated
from toolkit.local.athena.sql.rewrite.variants import variant


def function_call(node: exp.Anonymous) -> exp.Expr:
    name = node.name.lower()
    if "json" in node.meta:
        return json_function(node)
    special = _ALL_CALLS.get(name)
    if special is not None:
        if not node.expressions or name == "listagg":
            return special(node)
        if isinstance(node.expressions[-1], exp.Order):
            return aggregates.in_order(node, special)
        return aggregates.of_distinct(node, special) if isinstance(node.expressions[0], exp.Distinct) else special(node)
    function = FUNCTIONS.get(name)
    if function is None:
        return node  # one of ours, made by another rule
    if name in _LOCAL_TIME and not name.startswith("timezone_"):
        value = node.expressions[-1].copy()
        for argument in node.expressions:
            if kind_name(argument) == "timestamp with time zone":
                argument.replace(clock_of(argument.copy(), argument.meta["kind"]))
            elif kind_name(argument) == ZONED_TIME.name:
                argument.replace(local_time_of_day(argument.copy(), argument.meta["kind"]))
        if name == "date_trunc":
            return truncated(node, value)
    elif not holds_mixed(node.meta.get("kind")) and not function.is_window:
        moments(node)
    if not function.is_aggregate and not function.is_window:
        pad_chars(node.expressions)
    if function.is_macro:
        return macro(variant(function.implementation, node), *node.expressions)
    node.set("this", function.implementation)
    if name in AGGREGATES and name in ("stddev", "variance"):
        node.set("this", function.implementation)
    return node


def json_function(node: exp.Anonymous) -> exp.Expr:
    def cast(value: exp.Expr, source: Kind, target: HiveType) -> exp.Expr:
        return cast_to(value, source, target, node)

    def tried_cast(value: exp.Expr, source: Kind, target: HiveType) -> exp.Expr:
        return tried(cast(value, source, target))

    return json_call(node, cast, tried_cast, to_json)


def extract(node: exp.Extract) -> exp.Expr:
    value = node.expression
    call = exp.Anonymous(this=EXTRACT_FIELDS[node.this.name.upper()], expressions=[value])
    call.meta.update(kind=node.meta.get("kind"), argument_kinds=[value.meta.get("kind")])
    return function_call(call)


def attempt(node: exp.Anonymous) -> exp.Expr:
    """Give TRY, of what is made of aggregates and windows alone: their own errors are caught by nothing."""
    value: exp.Expr = node.expressions[0]
    if value.meta.get("comes_before_try"):
        return value
    return tried(value)


def typeof(node: exp.Anonymous) -> exp.Expr:
    kind = (node.meta.get("argument_kinds") or [None])[0]
    if kind is None:
        raise Unsupported(node, "typeof of this expression")
    text = exp.Literal.string(trino_text(kind))
    if not node.meta.get("holds_aggregate"):
        return text
    # What it was asked of made one row of all, and still does.
    is_there = exp.GTE(this=call("count", exp.Star()), expression=exp.Literal.number(0))
    return exp.Case(ifs=[exp.If(this=is_there, true=text)])


def json_contains(node: exp.Anonymous) -> exp.Expr:
    document, wanted = node.expressions
    name = {"bigint": "long", "double": "double", "boolean": "boolean"}.get(kind_name(wanted), "text")
    return macro(f"json_array_contains_{name}", document, wanted)


# Paths that mean the same to DuckDB.
_NAMES = re.compile(r"\$(\.[A-Za-z_]\w*)*", re.ASCII)

# The number of an element; of an object it is the name of a member, about which Python is asked.
_INDEX = re.compile(r"(?<=[\w\]])\[\d{1,6}\]")


def json_path(node: exp.Anonymous) -> exp.Expr:
    document, path = node.expressions
    name, path_text = node.name.lower(), path.name if isinstance(path, exp.Literal) else ""
    if _NAMES.fullmatch(path_text):
        return once(document, lambda text: macro(f"plain_{name}", text, path))
    if name != "json_size" and _NAMES.fullmatch(_INDEX.sub("", path_text)):
        return once(document, lambda text: macro(f"indexed_{name}", text, path))
    return macro(name, document, path)


# What these give depends on the clock of the zone.
_LOCAL_TIME = frozenset(
    """
    date date_trunc day day_of_month day_of_week day_of_year dow doy hour last_day_of_month millisecond minute month quarter
    second week week_of_year year year_of_week yow
    """.split()  # noqa: SIM905 - twenty quoted words would read worse
)


CALLS: dict[str, Rule] = {
    MATCHED_ROWS: lambda node: macro("matched_rows", *node.expressions),
    FEW_ROWS: lambda node: macro("few_rows", *node.expressions),
    "nullif": null_if,
    "try": attempt,
    "typeof": typeof,
    "json_extract": json_path,
    "json_extract_scalar": json_path,
    "json_size": json_path,
    "json_array_contains": json_contains,
}


RULES: dict[type, Rule] = {
    exp.Extract: extract,
    exp.Anonymous: function_call,
}


_ALL_CALLS: dict[str, Rule] = {
    name: rewrite
    for table in (
        CALLS,
        *(module.CALLS for module in (aggregates, containers, instants, lambdas, sketches, texts, times)),
    )
    for name, rewrite in table.items()
}
