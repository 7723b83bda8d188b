"""
The grammar of SQL/JSON's functions: ``JSON_VALUE(x, 'lax $.a' RETURNING integer NULL ON EMPTY)`` to a call.

The call's arguments are its expressions in the order in which they are written; ``JsonClauses`` in ``meta["json"]`` tells
what is what. Source: the rule ``primaryExpression`` of Trino 435's SqlBase.g4
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from sqlglot import exp
from sqlglot.tokenizer_core import TokenType

# The functions whose result is JSON in text, and stays that inside of others.
JSON_IN_TEXT = frozenset({"json_query", "json_object", "json_array"})


@dataclass(slots=True)
class JsonClauses:
    """
    What stands around the arguments of a call.

    ``formats`` has a word for each argument: ``JSON`` or an encoding where FORMAT is written, else "". ``names`` are
    those of the arguments after PASSING, ``repeated`` is one that stands there again. ``has_default`` tells which of ON
    EMPTY and ON ERROR bring one more argument.
    """

    formats: list[str] = field(default_factory=list)
    names: list[str] = field(default_factory=list)
    repeated: exp.Expr | None = None
    returning: exp.DataType | None = None
    returning_format: str = ""
    on_empty: str = "NULL"
    on_error: str = "NULL"
    wrapper: str = "WITHOUT"
    quotes: str = ""
    nulls: str = ""
    is_unique: bool = False

    @property
    def has_default(self) -> tuple[bool, bool]:
        """Whether ON EMPTY has a default, and whether ON ERROR has."""
        return self.on_empty == "DEFAULT", self.on_error == "DEFAULT"


def _call(name: str, arguments: list[exp.Expr], clauses: JsonClauses) -> exp.Anonymous:
    call = exp.Anonymous(this=name, expressions=arguments)
    call.meta["json"] = clauses
    return call


def _value(parser: Any, clauses: JsonClauses) -> exp.Expr:
    value: exp.Expr | None = parser._parse_disjunction()
    if value is None:
        parser.raise_error("Expecting: <expression>")
        return exp.Null()
    clauses.formats.append(_format(parser))
    return value


def _format(parser: Any) -> str:
    if not parser._match_text_seq("FORMAT", "JSON"):
        return ""
    if not parser._match_text_seq("ENCODING"):
        return "JSON"
    for encoding in ("UTF8", "UTF16", "UTF32"):
        if parser._match_text_seq(encoding):
            return encoding
    parser.raise_error("Expecting: 'UTF16', 'UTF32', 'UTF8'")
    return ""


def _invocation(parser: Any) -> tuple[list[exp.Expr], JsonClauses]:
    clauses = JsonClauses()
    arguments = [_value(parser, clauses)]
    if not parser._match(TokenType.COMMA) or not parser._match(TokenType.STRING, advance=False):
        parser.raise_error("Expecting: <string>")
    arguments.append(parser._parse_unary())
    clauses.formats.append("")
    if parser._match_text_seq("PASSING"):
        while True:
            arguments.append(_value(parser, clauses))
            if not parser._match(TokenType.ALIAS):
                parser.raise_error("Expecting: 'AS'")
            token = parser._curr
            name = parser._parse_id_var()
            name.meta["start"] = token.start
            parameter = name.name if name.args.get("quoted") else name.name.upper()
            if parameter in clauses.names:
                clauses.repeated = clauses.repeated or name
            clauses.names.append(parameter)
            if not parser._match(TokenType.COMMA):
                break
    return arguments, clauses


def _returning(parser: Any, clauses: JsonClauses) -> None:
    if parser._match_text_seq("RETURNING"):
        clauses.returning = parser._parse_types()
        clauses.quotes = clauses.quotes or ""
        clauses.returning_format = _format(parser)


def _behaviour(parser: Any, arguments: list[exp.Expr], words: tuple[tuple[str, ...], ...]) -> tuple[str, str]:
    """Give the behaviour and the word after its ON, both "" if none is written."""
    for each in words:
        if parser._match_text_seq(*each):
            if each == ("DEFAULT",):
                arguments.append(parser._parse_disjunction())
            parser._match_text_seq("ON")
            for event in ("EMPTY", "ERROR"):
                if parser._match_text_seq(event):
                    return " ".join(each), event
            parser.raise_error("Expecting: 'EMPTY', 'ERROR'")
    return "", ""


def _behaviours(
    parser: Any, arguments: list[exp.Expr], clauses: JsonClauses, words: tuple[tuple[str, ...], ...]
) -> None:
    behaviour, event = _behaviour(parser, arguments, words)
    if event == "EMPTY":
        clauses.on_empty = behaviour
        behaviour, event = _behaviour(parser, arguments, words)
    if event == "ERROR":
        clauses.on_error = behaviour


def _exists(parser: Any) -> exp.Anonymous:
    arguments, clauses = _invocation(parser)
    clauses.on_error = "FALSE"
    _behaviours(parser, arguments, clauses, (("TRUE",), ("FALSE",), ("UNKNOWN",), ("ERROR",)))
    return _call("json_exists", arguments, clauses)


def _json_value(parser: Any) -> exp.Anonymous:
    arguments, clauses = _invocation(parser)
    _returning(parser, clauses)
    _behaviours(parser, arguments, clauses, (("NULL",), ("ERROR",), ("DEFAULT",)))
    return _call("json_value", arguments, clauses)


def _query(parser: Any) -> exp.Anonymous:
    arguments, clauses = _invocation(parser)
    _returning(parser, clauses)
    if parser._match_text_seq("WITHOUT"):
        parser._match_text_seq("ARRAY")
        parser._match_text_seq("WRAPPER")
    elif parser._match_text_seq("WITH"):
        clauses.wrapper = "CONDITIONAL" if parser._match_text_seq("CONDITIONAL") else "UNCONDITIONAL"
        parser._match_text_seq("UNCONDITIONAL")
        parser._match_text_seq("ARRAY")
        parser._match_text_seq("WRAPPER")
    for word in ("KEEP", "OMIT"):
        if parser._match_text_seq(word, "QUOTES"):
            clauses.quotes = word
            parser._match_text_seq("ON", "SCALAR", "STRING")
    _behaviours(parser, arguments, clauses, (("NULL",), ("ERROR",), ("EMPTY", "ARRAY"), ("EMPTY", "OBJECT")))
    return _call("json_query", arguments, clauses)


def _nulls(parser: Any) -> str:
    for word in ("NULL", "ABSENT"):
        if parser._match_text_seq(word, "ON", "NULL"):
            return word
    return ""


def _object(parser: Any) -> exp.Anonymous:
    clauses = JsonClauses(nulls="NULL")
    arguments: list[exp.Expr] = []
    if not _ends(parser):
        while True:
            parser._match_text_seq("KEY")
            arguments.append(parser._parse_disjunction())
            clauses.formats.append("")
            if not (parser._match_text_seq("VALUE") or parser._match(TokenType.COLON)):
                parser.raise_error("Expecting: ':', 'VALUE'")
            arguments.append(_value(parser, clauses))
            if not parser._match(TokenType.COMMA):
                break
        clauses.nulls = _nulls(parser) or clauses.nulls
        for word in ("WITH", "WITHOUT"):
            if parser._match_text_seq(word, "UNIQUE"):
                clauses.is_unique = word == "WITH"
                parser._match_text_seq("KEYS")
    _returning(parser, clauses)
    return _call("json_object", arguments, clauses)


def _array(parser: Any) -> exp.Anonymous:
    clauses = JsonClauses(nulls="ABSENT")
    arguments: list[exp.Expr] = []
    if not _ends(parser):
        while True:
            arguments.append(_value(parser, clauses))
            if not parser._match(TokenType.COMMA):
                break
        clauses.nulls = _nulls(parser) or clauses.nulls
    _returning(parser, clauses)
    return _call("json_array", arguments, clauses)


def _ends(parser: Any) -> bool:
    if parser._match(TokenType.R_PAREN, advance=False):
        return True
    found = parser._match_text_seq("RETURNING")
    if found:
        parser._retreat(parser._index - 1)
    return bool(found)


PARSERS: dict[str, Callable[[Any], exp.Anonymous]] = {
    "JSON_ARRAY": _array,
    "JSON_EXISTS": _exists,
    "JSON_OBJECT": _object,
    "JSON_QUERY": _query,
    "JSON_VALUE": _json_value,
}
