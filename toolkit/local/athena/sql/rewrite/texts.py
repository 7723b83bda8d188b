"""Functions of texts: joining, formatting, trimming, regular expressions."""

from __future__ import annotations

import re

from sqlglot import exp

from toolkit.local.athena.hive_types import trino_text
from toolkit.local.athena.sql.coercion import FLOATING
from toolkit.local.athena.sql.functions import Kind
from toolkit.local.athena.sql.rewrite.casts import as_text, pad_chars
from toolkit.local.athena.sql.rewrite.nodes import (
    Rule,
    as_type,
    call,
    kind_name,
    macro,
    nesting,
    once,
    paren,
    substituted,
)
from toolkit.local.athena.sql.rewrite.operators import concatenation
from toolkit.local.athena.sql.routines.regular import compiled, is_plain, may_be_empty

# DuckDB gives no group beyond this one.
MAXIMUM_GROUP = 9


def concat(node: exp.Anonymous) -> exp.Expr:
    kinds = node.meta.get("argument_kinds") or [None] * len(node.expressions)
    result: exp.Expr = node.expressions[0]
    kind = kinds[0]
    for each, other in zip(node.expressions[1:], kinds[1:], strict=True):
        pair = exp.DPipe(this=paren(result), expression=paren(each))
        pair.meta["kind"] = node.meta.get("kind")
        for side, side_kind in ((pair.left, kind), (pair.right, other)):
            side.meta["kind"] = side_kind
        result = concatenation(pair)
        kind = node.meta.get("kind")
    return result


def concat_ws(node: exp.Anonymous) -> exp.Expr:
    separator, *rest = node.expressions
    if len(rest) == 1 and kind_name(rest[0]) == "array":
        return macro("concat_ws", separator, rest[0])
    return macro("concat_ws", separator, call("list_value", *rest))


def java_format(node: exp.Anonymous) -> exp.Expr:
    pattern, *values = node.expressions
    kinds = (node.meta.get("argument_kinds") or [None] * (len(values) + 1))[1:]
    pairs = [
        call("list_value", exp.Literal.string(_base_name(kind)), _format_text(value, kind))
        for value, kind in zip(values, kinds, strict=True)
    ]
    listed = call("list_value", *pairs) if pairs else exp.Literal.string("[]")
    return macro("format", pattern, as_type(call("to_json", listed), "VARCHAR") if pairs else listed)


def like_escape(node: exp.Escape) -> exp.Expr:
    like = node.this
    if not isinstance(like, exp.Like):
        return node
    matched = macro("like_escape", like.this, like.expression, node.expression)
    return exp.Not(this=matched) if like.args.get("negate") else matched


def like(node: exp.Like) -> exp.Expr:
    """Give both sides with the blanks that a char has at its end."""
    pad_chars((node.this, node.expression))
    return node


# These go on after a match.
_EVERY_MATCH = frozenset({"regexp_replace", "regexp_extract_all", "regexp_count", "regexp_split"})


def regular(node: exp.Anonymous) -> exp.Expr:
    """Leave to RE2 what it takes, and give the rest to Python."""
    pad_chars(node.expressions)
    name, arguments = node.name.lower(), list(node.expressions)
    if len(arguments) == 3 and isinstance(arguments[2], exp.Lambda):
        return replaced_by_lambda(arguments[0], arguments[1], arguments[2])
    pattern = arguments[1]
    is_native = isinstance(pattern, exp.Literal) and pattern.is_string and is_plain(pattern.name)
    if name in _EVERY_MATCH and is_native:
        is_native = not may_be_empty(pattern.name)
    if len(arguments) == 3 and is_native:
        third = arguments[2]
        if name == "regexp_replace":
            new = _native_replacement(third, pattern.name)
            is_native = new is not None
            arguments[2] = new or third
        else:
            groups = min(compiled(pattern.name).groups, MAXIMUM_GROUP)
            number = third.this if isinstance(third, exp.Cast) else third
            is_native = isinstance(number, exp.Literal) and number.is_int and int(number.name) <= groups
            arguments[2] = number if is_native else third
    text, *others = arguments
    if not is_native:
        return macro(f"any_{name}", text, *others)
    if "$" not in pattern.name:
        return (
            once(text, lambda text: macro(name, text, *others))
            if name in ("regexp_extract", "regexp_extract_all")
            else macro(name, text, *others)
        )

    def native_in_one_line(text: exp.Expr) -> exp.Expr:
        # To Trino the end of a text is before its last line's end as well.
        has_lines = call("contains", text.copy(), exp.Literal.string("\n"))
        other = macro(f"any_{name}", text.copy(), *(each.copy() for each in others))
        return exp.Case(ifs=[exp.If(this=has_lines, true=other)], default=macro(name, text, *others))

    return once(text, native_in_one_line)


def _native_replacement(new: exp.Expr, pattern: str) -> exp.Expr | None:
    """Give a replacement as RE2 reads it, with groups behind a backslash in the place of ``$``; None if it can't."""
    if not (isinstance(new, exp.Literal) and new.is_string) or "\\" in new.name:
        return None
    groups = compiled(pattern).groups
    numbers = [found[1] for found in re.finditer(r"\$(\d*)", new.name, flags=re.ASCII)]
    # A pattern with $ may be left to Python after all, in whose words the replacement then has to be.
    if numbers and ("$" in pattern or not all(len(each) == 1 and int(each) <= groups for each in numbers)):
        return None
    return exp.Literal.string(re.sub(r"\$(\d)", r"\\\1", new.name, flags=re.ASCII))


def replaced_by_lambda(text: exp.Expr, pattern: exp.Expr, function: exp.Lambda) -> exp.Expr:
    piece = exp.to_identifier(f"piece{nesting(function)}__")
    body = substituted(function.this.copy(), {function.expressions[0].name: (piece.name, "g")})
    before, groups = (call("struct_extract", piece.copy(), exp.Literal.string(each)) for each in ("b", "g"))
    is_last = exp.Is(this=groups, expression=exp.Null())
    new = exp.Case(ifs=[exp.If(this=is_last, true=exp.Literal.string(""))], default=as_type(body, "VARCHAR"))
    joined = exp.Lambda(this=exp.DPipe(this=before, expression=exp.Paren(this=new)), expressions=[piece])
    return macro("joined_pieces", call("list_transform", macro("regexp_pieces", text, pattern), joined))


def normalized(node: exp.Normalize) -> exp.Expr:
    form = node.args.get("form")
    return macro("normalize", node.this, exp.Literal.string(form.name.upper() if isinstance(form, exp.Expr) else "NFC"))


def substring(node: exp.Substring) -> exp.Expr:
    parts = [node.this, node.args.get("start"), node.args.get("length")]
    return macro(
        "bytes_substr" if kind_name(node.this) == "binary" else "substr", *[part for part in parts if part is not None]
    )


def position(node: exp.StrPosition) -> exp.Expr:
    return macro("strpos", node.this, node.args["substr"])


def trim(node: exp.Trim) -> exp.Expr:
    side = str(node.args.get("position") or "").upper()
    characters = node.args.get("expression")
    name = {"LEADING": "ltrim", "TRAILING": "rtrim"}.get(side, "trim")
    return trimmed(name, node.this, characters)


def trimmed(name: str, value: exp.Expr, characters: exp.Expr | None) -> exp.Expr:
    """Give a text without some characters at its ends, blanks if none are named."""
    if characters is None:
        return once(value, lambda text: macro(name, text))
    if kind_name(characters) == "char":
        characters = as_text(characters, characters.meta["kind"])
    text = macro(name, value, characters)
    # A char ends with its last character that is no blank, and so does what is left of it.
    return macro("rtrim", text, exp.Literal.string(" ")) if kind_name(value) == "char" else text


def trim_call(node: exp.Anonymous) -> exp.Expr:
    return trimmed(node.name.lower(), node.expressions[0], (*node.expressions[1:], None)[0])


def _base_name(kind: Kind) -> str:
    if kind is not None and kind.name.startswith("timestamp"):
        return kind.name
    return trino_text(kind).split("(")[0] if kind is not None else "varchar"


def _format_text(value: exp.Expr, kind: Kind) -> exp.Expr:
    if kind is not None and kind.name in FLOATING:
        return macro("java_double", value)
    return as_text(value, kind)


CALLS: dict[str, Rule] = {
    "concat": concat,
    "regexp_replace": regular,
    "regexp_extract": regular,
    "regexp_like": regular,
    "regexp_extract_all": regular,
    "regexp_count": regular,
    "regexp_split": regular,
    "concat_ws": concat_ws,
    "ltrim": trim_call,
    "rtrim": trim_call,
    "trim": trim_call,
    "format": java_format,
}


RULES: dict[type, Rule] = {
    exp.Substring: substring,
    exp.StrPosition: position,
    exp.Trim: trim,
    exp.Escape: like_escape,
    exp.Like: like,
    exp.Normalize: normalized,
}
