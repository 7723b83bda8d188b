"""
The patterns of MATCH_RECOGNIZE, read and made programs that ``routines.row_patterns`` runs over the rows of a partition.

A program is a list of steps: ``["label", variable, whether excluded]`` takes a row, ``["split", first, second]`` tries two ways
in that order, ``["jump", there]``, ``["start"]`` and ``["end"]`` of the partition, ``["done"]``.

Source: https://trino.io/docs/435/sql/pattern-recognition-in-window.html and match-recognize.html
"""

from __future__ import annotations

import itertools
import re
from typing import Any

_TOKEN = re.compile(r'\s*(\{-|-\}|"(?:[^"]|"")*"|[A-Za-z_]\w*|\d+|[()|*+?{},^$])')

# A pattern that is written out longer than this is refused: A{1000}{1000}.
MOST_STEPS = 10_000


class PatternError(ValueError):
    """A text is no pattern, or one that is too long."""


class Pattern:
    """A pattern: its program, and the variables in the order in which they come up."""

    def __init__(self, text: str) -> None:
        self.variables: list[str] = []
        self._tokens = _tokens(text)
        self._at = 0
        self._is_excluded = False
        program = self._alternatives()
        if self._at < len(self._tokens):
            raise PatternError(f"mismatched input '{self._tokens[self._at]}'")
        self.program: list[list[Any]] = [*program, ["done"]]

    def _next(self, *expected: str) -> str | None:
        if self._at < len(self._tokens) and self._tokens[self._at] in expected:
            self._at += 1
            return self._tokens[self._at - 1]
        return None

    def _wanted(self, token: str) -> None:
        if self._next(token) is None:
            raise PatternError(f"expected '{token}' in the pattern")

    def _alternatives(self) -> list[list[Any]]:
        found = self._sequence()
        while self._next("|"):
            found = _either(found, self._sequence())
        return found

    def _sequence(self) -> list[list[Any]]:
        found: list[list[Any]] = []
        while self._at < len(self._tokens) and self._tokens[self._at] not in ("|", ")", "-}", ","):
            found = _after(found, self._quantified())
        return found

    def _quantified(self) -> list[list[Any]]:
        body = self._primary()
        quantifier = self._next("*", "+", "?", "{")
        if quantifier is None:
            return body
        least, most = {"*": (0, None), "+": (1, None), "?": (0, 1), "{": (0, None)}[quantifier]
        if quantifier == "{":
            least, most = self._range()
        is_greedy = self._next("?") is None
        return _repeated(body, least, most, is_greedy=is_greedy)

    def _range(self) -> tuple[int, int | None]:
        least = self._number()
        most = least
        if self._next(","):
            most = self._number()
        self._wanted("}")
        if least is None and most is None:
            raise PatternError("a range of a pattern has no number")
        if most is not None and (least or 0) > most:
            raise PatternError("Pattern quantifier lower bound must not exceed upper bound")
        return least or 0, most

    def _number(self) -> int | None:
        if self._at < len(self._tokens) and self._tokens[self._at].isdigit():
            self._at += 1
            return int(self._tokens[self._at - 1])
        return None

    def _primary(self) -> list[list[Any]]:
        if self._at >= len(self._tokens):
            raise PatternError("the pattern ends too early")
        token = self._tokens[self._at]
        self._at += 1
        match token:
            case "^":
                return [["start"]]
            case "$":
                return [["end"]]
            case "(":
                found = self._alternatives()
                self._wanted(")")
                return found
            case "{-":
                before, self._is_excluded = self._is_excluded, True
                found = self._alternatives()
                self._is_excluded = before
                self._wanted("-}")
                return found
        if token.upper() == "PERMUTE" and self._next("("):
            return self._permutations()
        if not re.match(r'[\w"]', token) or token.isdigit():
            raise PatternError(f"mismatched input '{token}'")
        name = canonical(token)
        if name not in self.variables:
            self.variables.append(name)
        return [["label", self.variables.index(name), self._is_excluded]]

    def _permutations(self) -> list[list[Any]]:
        parts = [self._alternatives()]
        while self._next(","):
            parts.append(self._alternatives())
        self._wanted(")")
        if len(parts) > 6:
            raise PatternError("PERMUTE of more than six patterns is too long here")
        ways: list[list[list[Any]]] = []
        for order in itertools.permutations(parts):
            way: list[list[Any]] = []
            for part in order:
                way = _after(way, part)
            ways.append(way)
        found = ways.pop()
        while ways:
            found = _either(ways.pop(), found)
        return found


def canonical(name: str) -> str:
    """Give a variable's name as CLASSIFIER shows it: in large letters, unless it is quoted."""
    return name[1:-1].replace('""', '"') if name.startswith('"') else name.upper()


def _tokens(text: str) -> list[str]:
    tokens, at, text = [], 0, text.strip()
    while at < len(text):
        found = _TOKEN.match(text, at)
        if found is None:
            raise PatternError(f"mismatched input '{text[at : at + 1]}'")
        tokens.append(found[1])
        at = found.end()
    return tokens


def _moved(program: list[list[Any]], by: int) -> list[list[Any]]:
    return [[each[0], *(n + by for n in each[1:])] if each[0] in ("split", "jump") else each for each in program]


def _after(first: list[list[Any]], second: list[list[Any]]) -> list[list[Any]]:
    if len(first) + len(second) > MOST_STEPS:
        raise PatternError("the pattern is too long")
    return [*first, *_moved(second, len(first))]


def _either(first: list[list[Any]], second: list[list[Any]]) -> list[list[Any]]:
    ahead = [["split", 1, len(first) + 2], *_moved(first, 1)]
    return _after([*ahead, ["jump", len(first) + 2 + len(second)]], second)


def _repeated(body: list[list[Any]], least: int, most: int | None, *, is_greedy: bool) -> list[list[Any]]:
    found: list[list[Any]] = []
    for _ in range(least):
        found = _after(found, body)
    if most is None:
        out = len(body) + 2
        return _after(found, [["split", *((1, out) if is_greedy else (out, 1))], *_moved(body, 1), ["jump", 0]])
    rest: list[list[Any]] = []
    for _ in range(most - least):
        inner = _after(body, rest)
        out = len(inner) + 1
        rest = [["split", *((1, out) if is_greedy else (out, 1))], *_moved(inner, 1)]
        if len(rest) > MOST_STEPS:
            raise PatternError("the pattern is too long")
    return _after(found, rest)
