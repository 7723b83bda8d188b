"""Functions that take lambdas, over arrays and maps."""

from __future__ import annotations

from sqlglot import exp

from toolkit.local.athena.hive_types import duckdb_text
from toolkit.local.athena.sql.rewrite.nodes import (
    Rule,
    Unsupported,
    as_type,
    call,
    macro,
    nesting,
    struct,
    substituted,
    unless_null,
)


def any_match(node: exp.Anonymous) -> exp.Expr:
    return matches(node, "all_of" if node.name.lower() == "all_match" else "any_of")


def matches(node: exp.Anonymous, combined: str) -> exp.Expr:
    whole, condition = node.expressions
    matched = macro(combined, call("list_transform", whole, condition))
    return exp.Not(this=exp.Paren(this=matched)) if node.name.lower() == "none_match" else matched


def transform_array(node: exp.Anonymous) -> exp.Expr:
    return call("list_transform", *node.expressions)


def filter_array(node: exp.Anonymous) -> exp.Expr:
    return call("list_filter", *node.expressions)


def reduce_array(node: exp.Anonymous) -> exp.Expr:
    whole, start, step, last = node.expressions
    if start.find(exp.Lambda) is not None and isinstance(start, exp.Lambda):
        raise Unsupported(node, "reduce_agg")
    # list_reduce wants one type for what it holds and what it takes, so both go into pairs.
    result: exp.Expr = folded(whole, start, step)
    if isinstance(last, exp.Lambda):
        name = last.expressions[0].name
        body = last.this.copy()
        if not (isinstance(body, exp.Column | exp.Identifier) and body.name.lower() == name.lower()):
            one = exp.Lambda(this=body, expressions=[exp.to_identifier(name)])
            result = call(
                "list_extract", call("list_transform", call("list_value", result), one), exp.Literal.number(1)
            )
    return unless_null(whole, result)


def folded(whole: exp.Expr, start: exp.Expr, step: exp.Expr) -> exp.Expr:
    element, state = whole.meta.get("kind"), start.meta.get("kind")
    if element is not None and state is not None and element.children and element.children[0] == state:
        return call("list_reduce", call("list_prepend", start, whole.copy()), step)
    names = [each.name for each in step.expressions]
    depth = nesting(step)
    left, right = (exp.to_identifier(f"{each}{depth}__") for each in ("held", "taken"))
    body = substituted(step.this.copy(), {names[0]: (left.name, "s"), names[1]: (right.name, "e")})
    kind = duckdb_text(element.children[0]) if element is not None and element.children else "INTEGER"
    nothing = as_type(exp.Null(), kind)
    held = duckdb_text(state) if state is not None else "INTEGER"
    first = struct([("s", start), ("e", nothing.copy())])
    taken = exp.to_identifier(f"each{depth}__")
    rest = call(
        "list_transform",
        whole.copy(),
        exp.Lambda(this=struct([("s", as_type(exp.Null(), held)), ("e", taken.copy())]), expressions=[taken]),
    )
    next_one = struct([("s", as_type(body, held)), ("e", nothing.copy())])
    folded = call(
        "list_reduce", call("list_prepend", first, rest), exp.Lambda(this=next_one, expressions=[left, right])
    )
    return call("struct_extract", folded, exp.Literal.string("s"))


def zip_with(node: exp.Anonymous) -> exp.Expr:
    left, right, function = node.expressions
    a, b = (each.name for each in function.expressions)
    body = function.this.copy()
    for column in list(body.find_all(exp.Column, exp.Identifier)):
        for name, position in ((a, 1), (b, 2)):
            is_name = isinstance(column, exp.Column) or not isinstance(column.parent, exp.Column)
            if is_name and column.name.lower() == name.lower():
                value = call("struct_extract", exp.to_identifier("pair__"), exp.Literal.number(position))
                if column is body:
                    body = value
                else:
                    column.replace(value)
                break
    zipped = call(
        "list_transform",
        call("list_zip", left, right),
        exp.Lambda(this=body, expressions=[exp.to_identifier("pair__")]),
    )
    return unless_null(left, unless_null(right, zipped))


def map_function(node: exp.Anonymous) -> exp.Expr:
    whole, function = node.expressions
    key, value = (each.name for each in function.expressions)
    entry_name = f"entry{nesting(function)}__"
    body = substituted(function.this.copy(), {key: (entry_name, "key"), value: (entry_name, "value")})
    entry = [exp.to_identifier(entry_name)]
    name = node.name.lower()
    if name == "map_filter":
        return call(
            "map_from_entries",
            call("list_filter", call("map_entries", whole), exp.Lambda(this=body, expressions=entry)),
        )
    other = call(
        "struct_extract",
        exp.to_identifier(entry_name),
        exp.Literal.string("key" if name == "transform_values" else "value"),
    )
    members = [("key", other), ("value", body)] if name == "transform_values" else [("key", body), ("value", other)]
    return call(
        "map_from_entries",
        call("list_transform", call("map_entries", whole), exp.Lambda(this=struct(members), expressions=entry)),
    )


def map_zip_with(node: exp.Anonymous) -> exp.Expr:
    left, right, function = node.expressions
    key, first, second = (each.name for each in function.expressions)
    held = exp.to_identifier(f"held{nesting(function)}__")
    keys = macro("joined_keys", left, right)
    members = [
        ("k", held.copy()),
        ("a", exp.Bracket(this=left.copy(), expressions=[held.copy()])),
        ("b", exp.Bracket(this=right.copy(), expressions=[held.copy()])),
    ]
    entry_name = f"entry{nesting(function)}__"
    triples = call("list_transform", keys, exp.Lambda(this=struct(members), expressions=[held]))
    names = {key: (entry_name, "k"), first: (entry_name, "a"), second: (entry_name, "b")}
    body = substituted(function.this.copy(), names)
    own = call("struct_extract", exp.to_identifier(entry_name), exp.Literal.string("k"))
    entries = call(
        "list_transform",
        triples,
        exp.Lambda(this=struct([("key", own), ("value", body)]), expressions=[exp.to_identifier(entry_name)]),
    )
    return unless_null(left, unless_null(right, call("map_from_entries", entries)))


def array_sort(node: exp.Anonymous) -> exp.Expr:
    if len(node.expressions) == 1:
        return macro("array_sort", *node.expressions)
    # Every two elements are compared, and the order found in Python as Java finds it.
    whole, comparator = node.expressions
    depth = nesting(comparator)
    listed, place_, other, pair = (
        exp.to_identifier(f"{name}{depth}__") for name in ("sorted", "place", "other", "pair")
    )
    first, second = (each.name for each in comparator.expressions)
    compared = substituted(comparator.this.copy(), {first: (pair.name, "x"), second: (pair.name, "y")})
    members = [
        ("x", call("list_extract", listed.copy(), place_.copy())),
        ("y", call("list_extract", listed.copy(), other.copy())),
        ("same", exp.EQ(this=place_.copy(), expression=other.copy())),
    ]
    is_same = call("struct_extract", pair.copy(), exp.Literal.string("same"))
    result = exp.Case(ifs=[exp.If(this=is_same, true=exp.Literal.number(0))], default=macro("comparison", compared))
    places = macro("places", listed.copy())
    pairs = call("list_transform", places, exp.Lambda(this=struct(members), expressions=[other]))
    row = call("list_transform", pairs, exp.Lambda(this=result, expressions=[pair]))
    rows = call("list_transform", places.copy(), exp.Lambda(this=row, expressions=[place_]))
    element = exp.Lambda(this=call("list_extract", listed.copy(), place_.copy()), expressions=[place_.copy()])
    ordered = call("list_transform", macro("order_of", rows), element)
    body = exp.Lambda(this=ordered, expressions=[listed])
    return call("list_extract", call("list_transform", call("list_value", whole), body), exp.Literal.number(1))


CALLS: dict[str, Rule] = {
    "any_match": any_match,
    "all_match": any_match,
    "none_match": any_match,
    "transform": transform_array,
    "filter": filter_array,
    "reduce": reduce_array,
    "zip_with": zip_with,
    "map_filter": map_function,
    "transform_keys": map_function,
    "transform_values": map_function,
    "map_zip_with": map_zip_with,
    "array_sort": array_sort,
}
