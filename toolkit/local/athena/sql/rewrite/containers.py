"""Functions of arrays, maps and rows without lambdas."""

from __future__ import annotations

from sqlglot import exp

from toolkit.local.athena.hive_types import trino_text
from toolkit.local.athena.sql.coercion import FLOATING
from toolkit.local.athena.sql.functions import Kind
from toolkit.local.athena.sql.rewrite.casts import as_text
from toolkit.local.athena.sql.rewrite.nodes import Rule, Unsupported, as_kind, call, macro, struct


def row(node: exp.Anonymous | exp.Tuple) -> exp.Expr:
    return struct((f"field{number}", value) for number, value in enumerate(node.expressions))


def tuple_row(node: exp.Tuple) -> exp.Expr:
    """Give a row for values in brackets, with the fields that ROW gives it, where what stands around takes them out."""
    around = node.parent
    while isinstance(around, exp.Paren):
        around = around.parent
    holders = (exp.Array, exp.Anonymous, exp.Lambda, exp.Dot, exp.Cast, exp.Alias)
    return row(node) if isinstance(around, holders) else node


def _is_null(value: exp.Expr) -> bool:
    while isinstance(value, exp.Paren | exp.Cast):
        value = value.this
    return isinstance(value, exp.Null)


def truncate(node: exp.Anonymous) -> exp.Expr:
    kind: Kind = node.meta.get("kind")
    if kind is not None and any(map(_is_null, node.expressions[1:])):
        # DuckDB refuses to round to NULL digits.
        return as_kind(exp.Null(), kind)
    if kind is None or kind.name != "decimal":
        return macro("truncate", *node.expressions)
    digits = node.expressions[1] if len(node.expressions) > 1 else exp.Literal.number(0)
    number = digits.this if isinstance(digits, exp.Neg) else digits
    if not isinstance(number, exp.Literal):
        return as_kind(macro("truncate", *node.expressions), kind)
    return as_kind(call("trunc", node.expressions[0], digits), kind)


def rounded(node: exp.Anonymous) -> exp.Expr:
    kind: Kind = node.meta.get("kind")
    if kind is not None and any(map(_is_null, node.expressions[1:])):
        return as_kind(exp.Null(), kind)
    if len(node.expressions) < 2 or kind is None or kind.name == "decimal":
        return macro("round", *node.expressions)
    if kind.name in FLOATING:
        return as_kind(macro("round_double", *node.expressions), kind)
    bits = {"tinyint": 7, "smallint": 15, "int": 31}.get(kind.name, 63)
    ends = [exp.Literal.number(str(each)) for each in (-(2**bits), 2**bits - 1)]
    whole = macro("round_integer", *node.expressions)
    return as_kind(macro("fitting_integer", whole, exp.Literal.string(trino_text(kind)), *ends), kind)


def map_concat(node: exp.Anonymous) -> exp.Expr:
    result: exp.Expr = node.expressions[0]
    for each in node.expressions[1:]:
        result = macro("map_concat_pair", result, each)
    return result


def multimap_from_entries(node: exp.Anonymous) -> exp.Expr:
    kind: Kind = node.expressions[0].meta.get("kind")
    if kind is None or not kind.children or len(kind.children[0].fields) != 2:
        raise Unsupported(node, "multimap_from_entries of this")
    entry = exp.to_identifier("entry__")
    key, value = (call("struct_extract", entry.copy(), exp.Literal.string(each)) for each in kind.children[0].fields)
    body = struct([("k", key), ("v", value)])
    listed = call(
        "list_transform", macro("known_entries", node.expressions[0]), exp.Lambda(this=body, expressions=[entry])
    )
    return macro("multimap_from_entries", listed)


def array_join(node: exp.Anonymous) -> exp.Expr:
    whole = node.expressions[0]
    kind: Kind = whole.meta.get("kind")
    if kind is not None and kind.children and not kind.children[0].is_text:
        name = exp.to_identifier("joined__")
        body = as_text(name.copy(), kind.children[0])
        whole = call("list_transform", whole, exp.Lambda(this=body, expressions=[name]))
    return macro("array_join", whole, *node.expressions[1:])


def array_extreme(node: exp.Anonymous) -> exp.Expr:
    kind: Kind = node.meta.get("kind")
    name = {"array_max": "greatest", "array_min": "least"}[node.name.lower()]
    if kind is not None and kind.name in FLOATING:
        return macro(f"{name}_double", node.expressions[0])
    return macro(node.name.lower(), node.expressions[0])


def extreme(node: exp.Anonymous) -> exp.Expr:
    name = node.name.lower()
    kind: Kind = node.meta.get("kind")
    suffix = "double" if kind is not None and kind.name in FLOATING else "of"
    result = macro(f"{name}_{suffix}", call("list_value", *node.expressions))
    return as_kind(result, kind) if kind is not None and kind.name == "float" else result


CALLS: dict[str, Rule] = {
    "row": row,
    "truncate": truncate,
    "round": rounded,
    "array_join": array_join,
    "array_max": array_extreme,
    "array_min": array_extreme,
    "greatest": extreme,
    "least": extreme,
    "map_concat": map_concat,
    "multimap_from_entries": multimap_from_entries,
}


RULES: dict[type, Rule] = {
    exp.Tuple: tuple_row,
}
