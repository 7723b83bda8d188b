"""Statements around a query: UNLOAD, PREPARE, EXECUTE, DEALLOCATE and EXPLAIN; and parameters put into a query."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from sqlglot import exp
from sqlglot.errors import TokenError
from sqlglot.tokenizer_core import Token, TokenType

from toolkit.local.athena.errors import ApiError, QueryError, invalid_request
from toolkit.local.athena.sql.dialect import (
    MALFORMED_QUERY,
    AthenaDialect,
    parse,
    refuse_row_patterns,
    without_patterns,
)

# Source: https://docs.aws.amazon.com/athena/latest/APIReference/API_StartQueryExecution.html
MAXIMUM_PARAMETER_LENGTH = 1_024


@dataclass(frozen=True, slots=True)
class Unload:
    """``UNLOAD (query) TO 's3://…' WITH (…)``; a property's value is text or a list of names."""

    query: str
    location: str
    properties: dict[str, str | list[str]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Prepare:
    """``PREPARE name FROM query``."""

    name: str
    query: str


@dataclass(frozen=True, slots=True)
class Execute:
    """``EXECUTE name USING value, …``."""

    name: str
    parameters: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Deallocate:
    """``DEALLOCATE PREPARE name``."""

    name: str


@dataclass(frozen=True, slots=True)
class Explain:
    """
    ``EXPLAIN [ANALYZE] [(option …)] query``.

    ``form`` is TEXT, GRAPHVIZ or JSON; ``kind`` LOGICAL, DISTRIBUTED, VALIDATE or IO.
    """

    query: str
    is_run: bool = False
    form: str = "TEXT"
    kind: str = "DISTRIBUTED"


@dataclass(frozen=True, slots=True)
class Optimize:
    """``OPTIMIZE table REWRITE DATA USING BIN_PACK [WHERE condition]``; ``condition`` is "" for all rows."""

    table: str
    condition: str = ""


@dataclass(frozen=True, slots=True)
class Vacuum:
    """``VACUUM table``."""

    table: str


Command = Unload | Prepare | Execute | Deallocate | Explain | Optimize | Vacuum


_FIRST_WORDS = frozenset({"UNLOAD", "PREPARE", "EXECUTE", "DEALLOCATE", "EXPLAIN", "OPTIMIZE", "VACUUM"})


def parse_command(sql: str) -> Command | None:
    """
    Read one of these statements; None if it is another.

    Raises:
        ApiError: it begins like one and does not go on so.
    """
    first = re.match(r"\s*(\w+)", sql)
    if first is None or first[1].upper() not in _FIRST_WORDS:
        return None
    reader = _Reader(sql)
    reader.word()
    match first[1].upper():
        case "UNLOAD":
            return _unload(reader)
        case "PREPARE":
            name = reader.name()
            reader.expect("FROM")
            return Prepare(name, reader.rest())
        case "EXECUTE":
            name = reader.name()
            if reader.at_end():
                return Execute(name)
            reader.expect("USING")
            return Execute(name, tuple(reader.list()))
        case "DEALLOCATE":
            reader.expect("PREPARE")
            return Deallocate(reader.name())
        case "OPTIMIZE":
            return _optimize(reader)
        case "VACUUM":
            table = reader.qualified_name()
            if not reader.at_end():
                raise reader.fail("<EOF>")
            return Vacuum(table)
    return _explain(reader)


def bound(sql: str, parameters: Sequence[str]) -> str:
    """
    Give a query with its ``?`` replaced.

    A parameter is a constant expression, or text that clients send without quotes; it becomes that and nothing else. Without
    a place for one, parameters count for nothing.

    Raises:
        QueryError: there are more or fewer places than parameters.
        ApiError: a parameter is too long.
    """
    # In a pattern of rows the sign says that something may lack.
    seen = without_patterns(sql)
    places = [each for each in tokens_of(sql) if each.token_type == TokenType.PLACEHOLDER and seen[each.start] == "?"]
    if places:
        refuse_row_patterns(sql)
    if not places:
        return sql
    if len(places) != len(parameters):
        raise QueryError(
            f"INVALID_PARAMETER_USAGE: line 1:1: Incorrect number of parameters: expected {len(places)} but found "
            f"{len(parameters)}"
        )
    for parameter in parameters:
        if len(parameter) > MAXIMUM_PARAMETER_LENGTH:
            raise invalid_request(f"A parameter is longer than {MAXIMUM_PARAMETER_LENGTH} characters")
    pieces, position = [], 0
    for token, parameter in zip(places, parameters, strict=True):
        pieces += [sql[position : token.start], _literal(parameter)]
        position = token.end + 1
    return "".join([*pieces, sql[position:]])


def query_of_view(sql: str) -> str:
    """Give the text of the query in CREATE VIEW … AS query."""
    depth = 0
    for token in tokens_of(sql):
        depth += {"(": 1, ")": -1}.get(token.text, 0)
        if depth == 0 and token.text.upper() == "AS":
            return sql[token.end + 1 :].strip().rstrip(";").strip()
    raise invalid_request("line 1:1: mismatched input '<EOF>'. Expecting: 'AS'", MALFORMED_QUERY)


def _literal(parameter: str) -> str:
    """Give a parameter as a constant expression if it is one, else as text."""
    try:
        tree = parse(f"SELECT {parameter}")
    except ApiError:
        tree = None
    if isinstance(tree, exp.Select) and len(tree.expressions) == 1 and _used(tree) == {"expressions"}:
        value = tree.expressions[0]
        constant = not isinstance(value, exp.Alias) and not value.find(exp.Column, exp.Query, exp.Star, exp.Placeholder)
        if constant:
            return f"({parameter})" if isinstance(value, exp.Binary) else parameter
    return "'" + parameter.replace("'", "''") + "'"


def _used(tree: exp.Expr) -> set[str]:
    return {key for key, value in tree.args.items() if value}


def _unload(reader: _Reader) -> Unload:
    query = reader.group()
    reader.expect("TO")
    location = reader.string()
    properties: dict[str, str | list[str]] = {}
    if not reader.at_end():
        reader.expect("WITH")
        reader.expect("(")
        while True:
            key = reader.name()
            reader.expect("=")
            properties[key] = reader.value()
            if reader.peek() != ",":
                break
            reader.word()
        reader.expect(")")
    return Unload(query, location, properties)


# Source: https://docs.aws.amazon.com/athena/latest/ug/athena-explain-statement.html
_EXPLAIN_OPTIONS: dict[bool, dict[str, tuple[str, ...]]] = {
    False: {"FORMAT": ("TEXT", "GRAPHVIZ", "JSON"), "TYPE": ("LOGICAL", "DISTRIBUTED", "VALIDATE", "IO")},
    True: {"FORMAT": ("TEXT", "JSON")},
}


def _explain(reader: _Reader) -> Explain:
    is_run = reader.peek() == "ANALYZE"
    if is_run:
        reader.word()
    given: dict[str, str] = {}
    # Also a query may stand in parentheses.
    while reader.peek() == ("," if given else "(") and (given or reader.peek(1) in ("FORMAT", "TYPE")):
        reader.word()
        option = reader.one_of(_EXPLAIN_OPTIONS[is_run])
        given[option] = reader.one_of(_EXPLAIN_OPTIONS[is_run][option])
    if given:
        reader.expect(")")
    return Explain(reader.rest(), is_run, given.get("FORMAT", "TEXT"), given.get("TYPE", "DISTRIBUTED"))


def _optimize(reader: _Reader) -> Optimize:
    table = reader.qualified_name()
    for word in ("REWRITE", "DATA", "USING", "BIN_PACK"):
        reader.expect(word)
    if reader.at_end():
        return Optimize(table)
    reader.expect("WHERE")
    return Optimize(table, reader.rest())


class _Reader:
    def __init__(self, sql: str) -> None:
        self.sql = sql
        # sqlglot takes all after such a first word for one token; a word that it does not know is only a word.
        masked = re.sub(r"\w+", lambda found: "x" * len(found[0]), sql, count=1)
        self.tokens = [token for token in tokens_of(masked) if token.token_type != TokenType.SEMICOLON]
        self.position = 0

    def at_end(self) -> bool:
        return self.position >= len(self.tokens)

    def peek(self, further: int = 0) -> str:
        position = self.position + further
        return self.tokens[position].text.upper() if position < len(self.tokens) else ""

    def word(self) -> str:
        word = self.peek()
        self.position += 1
        return word

    def fail(self, expected: str) -> ApiError:
        start = len(self.sql) if self.at_end() else self.tokens[self.position].start
        line, column = self.sql.count("\n", 0, start) + 1, start - self.sql.rfind("\n", 0, start)
        found = "<EOF>" if self.at_end() else self.tokens[self.position].text
        return invalid_request(
            f"line {line}:{column}: mismatched input '{found}'. Expecting: {expected}", MALFORMED_QUERY
        )

    def expect(self, word: str) -> None:
        if self.peek() != word:
            raise self.fail(f"'{word}'")
        self.position += 1

    def one_of(self, words: Iterable[str]) -> str:
        if self.peek() not in words:
            raise self.fail(", ".join(f"'{word}'" for word in words))
        return self.word()

    def name(self) -> str:
        if self.at_end() or not re.fullmatch(r"\w+", self.tokens[self.position].text):
            raise self.fail("<identifier>")
        self.position += 1
        return str(self.tokens[self.position - 1].text).lower()

    def qualified_name(self) -> str:
        """Give the text of a table's name, with what it is qualified by."""
        if self.at_end():
            raise self.fail("<identifier>")
        start = self.tokens[self.position].start
        self.position += 1
        while self.peek() == ".":
            self.position += 2
        if self.position > len(self.tokens):
            raise self.fail("<identifier>")
        return self.sql[start : self.tokens[self.position - 1].end + 1]

    def string(self) -> str:
        if self.at_end() or self.tokens[self.position].token_type != TokenType.STRING:
            raise self.fail("<string>")
        self.position += 1
        return str(self.tokens[self.position - 1].text)

    def value(self) -> str | list[str]:
        if self.peek() != "ARRAY":
            self.position += 1
            if self.position > len(self.tokens):
                raise self.fail("<value>")
            return str(self.tokens[self.position - 1].text)
        self.word()
        self.expect("[")
        names = [self.string()]
        while self.peek() == ",":
            self.word()
            names.append(self.string())
        self.expect("]")
        return names

    def group(self) -> str:
        """Give the text inside the parentheses that begin here."""
        if self.peek() != "(":
            raise self.fail("'('")
        start = self.tokens[self.position].end + 1
        depth = 0
        while not self.at_end():
            depth += {"(": 1, ")": -1}.get(self.peek(), 0)
            self.position += 1
            if depth == 0:
                return self.sql[start : self.tokens[self.position - 1].start]
        raise self.fail("')'")

    def rest(self) -> str:
        if self.at_end():
            raise self.fail("<query>")
        text = self.sql[self.tokens[self.position].start : self.tokens[-1].end + 1]
        self.position = len(self.tokens)
        return text

    def list(self) -> list[str]:
        """Give the texts between the commas that stand in no parentheses."""
        texts, depth, start = [], 0, self.tokens[self.position].start if not self.at_end() else 0
        if self.at_end():
            raise self.fail("<expression>")
        while not self.at_end():
            word = self.peek()
            depth += {"(": 1, "[": 1, ")": -1, "]": -1}.get(word, 0)
            if word == "," and depth == 0:
                texts.append(self.sql[start : self.tokens[self.position].start].strip())
                start = self.tokens[self.position].end + 1
            self.position += 1
        return [*texts, self.sql[start : self.tokens[-1].end + 1].strip()]


def tokens_of(sql: str) -> list[Token]:
    """
    Give the tokens of a text of SQL.

    Raises:
        ApiError: it can't be divided into tokens.
    """
    try:
        return list(AthenaDialect().tokenize(sql))
    except TokenError as error:
        raise invalid_request(f"line 1:1: {error}", MALFORMED_QUERY) from error
