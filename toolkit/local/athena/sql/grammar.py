"""
What sqlglot reads in many dialects and Trino's grammar has no place for: RETURNING, ON CONFLICT, QUALIFY, ``x::int``.

Such text is refused before it runs, as Trino refuses it; read over, it would be answered wrongly.

Source: https://github.com/trinodb/trino/blob/435/core/trino-parser/src/main/antlr4/io/trino/sql/parser/SqlBase.g4
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from sqlglot import exp
from sqlglot.tokenizer_core import Token, TokenType

_QUERY = frozenset({"with_", "order", "offset", "limit"})

# The parts that a node may have; a node that is not listed may have all that sqlglot gives it.
_PARTS: Mapping[type[exp.Expr], frozenset[str]] = {
    exp.Select: _QUERY
    | {"expressions", "distinct", "from_", "joins", "where", "group", "having", "windows", "hint", "sample"}
    # ALL after SELECT.
    | {"kind", "operation_modifiers"},
    exp.SetOperation: _QUERY | {"this", "expression", "distinct"},
    exp.Subquery: _QUERY | {"this", "alias", "joins", "sample"},
    exp.Table: frozenset({"this", "db", "catalog", "alias", "joins", "sample", "version"}),
    exp.Insert: frozenset({"with_", "this", "expression"}),
    exp.Update: frozenset({"with_", "this", "expressions", "where"}),
    exp.Delete: frozenset({"with_", "this", "where"}),
    exp.Merge: frozenset({"with_", "this", "using", "on", "whens"}),
    exp.Create: frozenset({"with_", "this", "kind", "replace", "exists", "properties", "expression"}),
    exp.Star: frozenset(),
    exp.Cast: frozenset({"this", "to", "safe"}),
    exp.TryCast: frozenset({"this", "to", "safe"}),
    exp.Join: frozenset({"this", "side", "kind", "method", "on", "using"}),
    exp.CTE: frozenset({"this", "alias"}),
    exp.With: frozenset({"expressions", "recursive"}),
    exp.Limit: frozenset({"expression"}),
    exp.Fetch: frozenset({"direction", "count", "limit_options"}),
    exp.LimitOptions: frozenset({"rows", "with_ties"}),
    exp.TableSample: frozenset({"method", "percent"}),
    exp.In: frozenset({"this", "expressions", "query"}),
    exp.WindowSpec: frozenset({"kind", "start", "start_side", "end", "end_side"}),
}
_JOINS = frozenset({"", "INNER", "CROSS", "OUTER"})
_METHODS = frozenset({"", "NATURAL"})
_NO_PROPERTIES = (exp.TemporaryProperty, exp.MaterializedProperty, exp.TransientProperty, exp.GlobalProperty)
# How a part begins where its name does not say so.
_WORDS = {
    "conflict": "ON",
    "alternative": "OR",
    "overwrite": "OVERWRITE",
    "from_": "FROM",
    "locks": "FOR",
    "laterals": "LATERAL",
    "method": "",
    "except_": "",
    "hints": "WITH",
    "connect": "START",
    "for_": "FOR",
    "expressions": "BY",
}

_UNITS = frozenset({"SECOND", "MINUTE", "HOUR", "DAY", "MONTH", "YEAR"})


def foreign(tree: exp.Expr, tokens: Sequence[Token], sql: str) -> tuple[int, str] | None:
    """Give where and how something begins that is not Trino's, if anything is."""
    for token in (*_foreign_tokens(tokens), *_in_grouping(tokens)):
        return token.start, sql[token.start : token.end + 1]
    if isinstance(tree, exp.Create) and tree.kind == "VIEW" and isinstance(tree.this, exp.Schema):
        return next((token.start, "(") for token in tokens if token.token_type == TokenType.L_PAREN)
    for node in tree.walk():
        for part in _foreign_parts(node):
            return _found(part, node, sql)
    joins = list(tree.find_all(exp.Join))
    if sum(token.token_type == TokenType.JOIN for token in tokens) > sum(map(_has_criteria, joins)):
        return len(sql.rstrip()), "<EOF>"
    return None


def _has_criteria(join: exp.Join) -> bool:
    return bool(join.args.get("on") or join.args.get("using") or join.kind == "CROSS" or join.method)


def _foreign_parts(node: exp.Expr) -> Iterator[str]:
    allowed = next((_PARTS[kind] for kind in type(node).__mro__ if kind in _PARTS), None)
    if allowed is not None:
        parts = ((part, value) for part, value in node.args.items() if value and part not in allowed)
        yield from (part for part, value in parts if not isinstance(value, exp.MatchRecognize))
    match node:
        case exp.Join():
            if node.method.upper() not in _METHODS:
                yield node.method
            if node.kind.upper() not in _JOINS:
                yield node.kind
        case exp.Create() if node.kind not in ("TABLE", "VIEW") or (node.kind == "TABLE" and node.args.get("replace")):
            yield "replace" if node.args.get("replace") else str(node.kind)
        case exp.Properties():
            yield from (type(each).__name__.removesuffix("Property") for each in node.find_all(*_NO_PROPERTIES))


def _foreign_tokens(tokens: Sequence[Token]) -> Iterator[Token]:
    for before, token, after in zip((None, *tokens), tokens, (*tokens[1:], None), strict=False):
        following = after.text.upper() if after is not None else ""
        match token.token_type:
            case TokenType.DCOLON | TokenType.DCOLONDOLLAR:
                yield token
            case TokenType.NOT if token.text == "!":
                yield token
            case TokenType.L_BRACKET if not _ends_value(before):
                yield token
            case TokenType.STRING if before is not None and before.token_type == TokenType.ALIAS:
                yield token
            case TokenType.INTERVAL if after is not None and after.token_type == TokenType.NUMBER:
                yield after
            case TokenType.STRING if before is not None and before.token_type == TokenType.INTERVAL:
                # sqlglot reads '1 day'; a text without a unit is a literal of a type that there is not.
                if following not in _UNITS and re.search(r"[^\W\d]", token.text):
                    yield token


def _in_grouping(tokens: Sequence[Token]) -> Iterator[Token]:
    """Give what in ``grouping(a, t.b)`` is none of the names of columns that may stand there."""
    for number, token in enumerate(tokens[:-1]):
        if token.text.upper() != "GROUPING" or tokens[number + 1].token_type != TokenType.L_PAREN:
            continue
        is_name = True
        for each in tokens[number + 2 :]:
            if each.token_type == TokenType.R_PAREN:
                break
            fits = re.match(r"\w", each.text) and each.token_type not in (TokenType.STRING, TokenType.NUMBER)
            if not (fits if is_name else each.token_type in (TokenType.COMMA, TokenType.DOT)):
                yield each
                break
            is_name = not is_name


def _ends_value(token: Token | None) -> bool:
    """Tell whether a subscript may follow."""
    if token is None:
        return False
    if token.token_type in (TokenType.R_PAREN, TokenType.R_BRACKET, TokenType.STRING, TokenType.PLACEHOLDER):
        return True
    return bool(re.match(r"\w", token.text)) and token.text.upper() not in _BEFORE_VALUES


# Reserved words after which a value begins, and no subscript.
_BEFORE_VALUES = frozenset(
    {
        "AND",
        "BETWEEN",
        "BY",
        "CASE",
        "CROSS",
        "DISTINCT",
        "ELSE",
        "ESCAPE",
        "EXCEPT",
        "FROM",
        "HAVING",
        "IN",
        "INTERSECT",
    }
    | {"IS", "JOIN", "LIKE", "NOT", "ON", "OR", "SELECT", "THEN", "UNION", "USING", "VALUES", "WHEN", "WHERE"}
)


def _found(part: str, node: exp.Expr, sql: str) -> tuple[int, str]:
    """Give the place of a part's first word in the text, or else of its node."""
    word = _WORDS.get(part, part.rstrip("_")).upper()
    value: Any = node.args.get(part)
    within = value[0] if isinstance(value, list) and value else value
    beginning = _start(within) if isinstance(within, exp.Expr) else None
    places = [found.start() for found in re.finditer(rf"\b{re.escape(word)}\b", sql, re.IGNORECASE)] if word else []
    before = [place for place in places if beginning is None or place <= beginning]
    if before:
        start = before[-1]
        return start, sql[start : start + len(word)]
    start = beginning if beginning is not None else _start(node) or 0
    return start, sql[start:].split(maxsplit=1)[0] if sql[start:].strip() else "<EOF>"


def _start(node: exp.Expr) -> int | None:
    return min((each.meta["start"] for each in node.walk() if "start" in each.meta), default=None)
