"""Calls of SQL/JSON in DuckDB: their arguments as JSON in text, the work done by ``routines.json_paths``."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence

from sqlglot import exp

from toolkit.local.athena.hive_types import STRING, HiveType, hive_text
from toolkit.local.athena.sql.analysis.json_calls import holds_json
from toolkit.local.athena.sql.functions import INTEGRAL, TEXT, Kind
from toolkit.local.athena.sql.json_syntax import JsonClauses
from toolkit.local.athena.sql.rewrite.nodes import call, macro
from toolkit.local.athena.sql.routines.json_paths import ON_EMPTY, ON_ERROR

# Casts a value of one type to another; the tried one gives NULL where that fails.
Caster = Callable[[exp.Expr, Kind, HiveType], exp.Expr]


def json_call(
    node: exp.Anonymous, cast: Caster, tried_cast: Caster, to_json: Callable[[exp.Expr, Kind], exp.Expr]
) -> exp.Expr:
    """Give the DuckDB expression of a call of SQL/JSON."""
    clauses: JsonClauses = node.meta["json"]
    name = node.name.lower()
    kind: HiveType = node.meta["kind"]
    kinds: Sequence[Kind] = node.meta["argument_kinds"]
    if name in ("json_object", "json_array"):
        return _made(node, name, clauses, kinds, kind, cast, to_json)
    document = _text(node.expressions[0], kinds[0])
    path = exp.Literal.string(node.expressions[1].name)
    passed = zip(clauses.names, node.expressions[2:], kinds[2:], clauses.formats[2:], strict=False)
    passing = _passing(list(passed), to_json)
    words = [exp.Literal.string(each) for each in (clauses.on_empty, clauses.on_error)]
    if name == "json_exists":
        return _routine("json_exists", document, path, passing, words[1])
    if name == "json_query":
        wrapper, quotes = exp.Literal.string(clauses.wrapper), exp.Literal.string(clauses.quotes)
        return _as(_routine("json_query", document, path, passing, wrapper, quotes, *words), kind, cast)
    found = _routine("json_value", document, path, passing, exp.Literal.string(hive_text(kind)), *words)
    return _value(node, found, clauses, kind, tried_cast)


def _value(node: exp.Anonymous, found: exp.Expr, clauses: JsonClauses, kind: HiveType, tried_cast: Caster) -> exp.Expr:
    defaults = list(node.expressions[len(node.expressions) - sum(clauses.has_default) :])
    on_empty = defaults.pop(0) if clauses.has_default[0] else exp.Null()
    on_error = defaults.pop(0) if clauses.has_default[1] else exp.Null()
    value = found if kind == STRING else tried_cast(found.copy(), STRING, kind)
    if kind != STRING and clauses.on_error != "NULL":
        # A text that does not cast is an error as well.
        is_null = exp.Is(this=found.copy(), expression=exp.Null())
        failed = on_error.copy()
        if clauses.on_error == "ERROR":
            message = (
                f"cannot extract SQL scalar from JSON: Cannot cast value to declared return type: {hive_text(kind)}"
            )
            failed = macro("refuse", exp.Literal.string("JSON_VALUE_RESULT_ERROR"), exp.Literal.string(message))
        value = exp.Case(
            ifs=[exp.If(this=is_null, true=exp.Null())], default=exp.Coalesce(this=value, expressions=[failed])
        )
    if not any(clauses.has_default):
        return value
    branches = [
        exp.If(this=exp.EQ(this=found.copy(), expression=exp.Literal.string(mark)), true=default)
        for mark, default in ((ON_EMPTY, on_empty), (ON_ERROR, on_error))
    ]
    return exp.Case(ifs=branches, default=value)


def _made(
    node: exp.Anonymous,
    name: str,
    clauses: JsonClauses,
    kinds: Sequence[Kind],
    kind: HiveType,
    cast: Caster,
    to_json: Callable[[exp.Expr, Kind], exp.Expr],
) -> exp.Expr:
    parts = [
        _cast_text(argument)
        if name == "json_object" and place % 2 == 0
        else _member(argument, given, form, cast, to_json)
        for place, (argument, given, form) in enumerate(zip(node.expressions, kinds, clauses.formats, strict=True))
    ]
    listed = _list(parts)
    options: list[exp.Expr] = [exp.Literal.string(clauses.nulls)]
    if name == "json_object":
        options.append(exp.Boolean(this=clauses.is_unique))
    return _as(_routine(name, listed, *options), kind, cast)


def _member(
    argument: exp.Expr, kind: Kind, form: str, cast: Caster, to_json: Callable[[exp.Expr, Kind], exp.Expr]
) -> exp.Expr:
    if form:
        return _marked("j", _text(argument, kind))
    if argument.meta.get("holds_json"):
        return _marked("v", argument)
    return _marked("v", _scalar(argument, kind, cast, to_json))


def _scalar(argument: exp.Expr, kind: Kind, cast: Caster, to_json: Callable[[exp.Expr, Kind], exp.Expr]) -> exp.Expr:
    if kind is not None and kind.name not in INTEGRAL | TEXT | {"boolean", "double", "float", "decimal", "unknown"}:
        argument, kind = cast(argument, kind, STRING), STRING
    return _cast_text(to_json(argument, kind))


def _passing(
    passed: Sequence[tuple[str, exp.Expr, Kind, str]], to_json: Callable[[exp.Expr, Kind], exp.Expr]
) -> exp.Expr:
    """Give an object of the parameters: JSON as text under ``j`` and the name, other values under ``v``."""
    if not passed:
        return exp.Literal.string("{}")
    parts: list[exp.Expr] = []
    for number, (name, argument, kind, form) in enumerate(passed):
        before = "," if number else "{"
        parts.append(exp.Literal.string(before + json.dumps(("j" if form else "v") + name) + ":"))
        value = to_json(_text(argument, kind), STRING) if form else to_json(argument, kind)
        parts.append(exp.Coalesce(this=_cast_text(value), expressions=[exp.Literal.string("null")]))
    parts.append(exp.Literal.string("}"))
    return call("concat", *parts)


def mark_json(node: exp.Anonymous) -> None:
    """Note which arguments of a call hold JSON already; once they are rewritten, that can't be seen."""
    for argument in node.expressions:
        if holds_json(argument):
            argument.meta["holds_json"] = True


def _as(text: exp.Expr, kind: HiveType, cast: Caster) -> exp.Expr:
    if kind.name == "binary":
        return call("encode", text)
    return text if kind == STRING else cast(text, STRING, kind)


def _text(value: exp.Expr, kind: Kind) -> exp.Expr:
    return call("decode", value) if kind is not None and kind.name == "binary" else _cast_text(value)


def _marked(mark: str, value: exp.Expr) -> exp.Expr:
    # || gives NULL for NULL, which stays one in the list.
    return exp.DPipe(this=exp.Literal.string(mark), expression=exp.Paren(this=value))


def _list(parts: Sequence[exp.Expr]) -> exp.Expr:
    return _cast_text(call("to_json", call("list_value", *parts))) if parts else exp.Literal.string("[]")


def _cast_text(value: exp.Expr) -> exp.Expr:
    return exp.Cast(this=value, to=exp.DataType.build("VARCHAR", dialect="duckdb"))


def _routine(name: str, *arguments: exp.Expr) -> exp.Expr:
    return macro(f"sql_{name}", *arguments)
