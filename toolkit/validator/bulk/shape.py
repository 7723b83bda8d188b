"""
How a producer writes its lines: the order of the keys, the white space, the kinds of the values.

A `Shape` is what some sample lines have in common, place by place; the items of an array share one place. Lines whose
keys come in orders that contradict each other can't share a shape.
"""

from __future__ import annotations

import contextlib
import itertools
import re
from collections.abc import Iterable, Iterator
from graphlib import CycleError, TopologicalSorter
from typing import Any

from toolkit.dataclass import dataclass, field

# One token of a line that is known to be JSON, behind the white space before it.
_TOKEN = re.compile(rb'([ \t\r]*+)("[^"\\]*+(?:\\.[^"\\]*+)*+"|[{}\[\]:,]|[^ \t\r{}\[\]:,"]++|\Z)')
# What a shape does not tell apart: the letters of texts that are no keys, the digits of numbers, the two booleans; and, once
# that is gone, all but the first and the last of equal items in a row.
_SCALAR = re.compile(
    rb'("[^"\\]*+(?:\\.[^"\\]*+)*+")([ \t\r]*+:)?+|(-?+)([0-9])[0-9]*+(\.[0-9]++)?+([eE][+-]?+[0-9]++)?+|false'
)
_EQUAL_ITEMS = re.compile(rb'(\{[^{}]*+\}|""|-?+[01][.5e1]*+)([ \t\r]*+,[ \t\r]*+)(?:\1\2)+(?=\1)')
# Deeper lines, and objects written in more ways than this, are left to the generic path.
MOST_DEPTH = 24
MOST_SEQUENCES = 64
MOST_KEYS = 256
# So many fields, of which every so many-th is there, are sparse.
_MANY_FIELDS, _SPARSE = 12, 4

# A value as it was written: its kind; for an object its members ``(key, written key, value)``, for an array its items, for
# a number its text.
Tree = tuple[str, Any]


class Unfit(Exception):
    """A line or a schema from which no template can be made; the message says why."""


@dataclass(slots=True)
class Shape:
    """What was seen at one place: the kinds of scalars and marks of numbers, and how objects and arrays were written there."""

    scalars: set[str] = field(default_factory=set)
    sequences: dict[tuple[str, ...], int] = field(default_factory=dict)
    written: dict[str, bytes] = field(default_factory=dict)
    members: dict[str, Shape] = field(default_factory=dict)
    lengths: set[int] = field(default_factory=set)
    item: Shape | None = None
    positions: dict[str, int] = field(default_factory=dict, compare=False)

    @property
    def always(self) -> frozenset[str]:
        """The keys that every object here had."""
        return frozenset.intersection(*map(frozenset, self.sequences)) if self.sequences else frozenset()

    def has_exponents(self) -> bool:
        """Tell whether a number here or below was written with an exponent."""
        below = [*self.members.values(), *([self.item] if self.item else [])]
        return "exponent" in self.scalars or any(shape.has_exponents() for shape in below)

    def order(self) -> list[str]:
        """Return all keys in an order that each object here kept."""
        return _merged_order(self.sequences)

    def takes(self, tree: Tree) -> bool:
        """Tell whether *tree* can be added, which is whether an order of the keys is left that suits it too."""
        kind, content = tree
        if kind == "array":
            return self.item is None or all(self.item.takes(item) for item in content)
        if kind != "object":
            return True
        keys = tuple(key for key, _, _ in content)
        if keys not in self.sequences and not self._keeps_order(keys):
            if len(self.sequences) >= MOST_SEQUENCES or len(self.members.keys() | set(keys)) > MOST_KEYS:
                return False
            try:
                if not self._is_sparse():
                    _merged_order([*self.sequences, keys])
            except CycleError:
                return False
        return all(key not in self.members or self.members[key].takes(value) for key, _, value in content)

    def _is_sparse(self) -> bool:
        """Tell whether the order of the keys can't matter: they are data, or too many for a template."""
        return is_sparse(map(len, self.sequences), len(self.members))

    def _keeps_order(self, keys: tuple[str, ...]) -> bool:
        """Tell whether *keys*, all of them known, come in the order found before."""
        positions = [self.positions.get(key, -1) for key in keys]
        return -1 not in positions and len(self.sequences) < MOST_SEQUENCES and positions == sorted(positions)

    def add(self, tree: Tree, count: int = 1) -> None:
        """Add *tree*, which `takes` said yes to and which *count* lines have."""
        kind, content = tree
        if kind == "object":
            keys = tuple(key for key, _, _ in content)
            is_new = keys not in self.sequences and not self._keeps_order(keys)
            self.sequences[keys] = self.sequences.get(keys, 0) + count
            if is_new and not self._is_sparse():
                # What was sparse before may have no order.
                with contextlib.suppress(CycleError):
                    self.positions = {key: position for position, key in enumerate(_merged_order(self.sequences))}
            for key, written, value in content:
                self.written.setdefault(key, written)
                member = self.members.get(key)
                if member is None:
                    member = self.members[key] = Shape()
                member.add(value, count)
        elif kind == "array":
            self.lengths.add(len(content))
            for item in content:
                self.item = self.item or Shape()
                self.item.add(item, count)
        else:
            self.scalars.add(kind)
            if content is not None:
                self.scalars.update(_number_marks(content))


@dataclass(slots=True)
class LineShape:
    """The shape of whole lines, and the white space seen in each of the places where it may stand."""

    root: Shape = field(default_factory=Shape)
    gaps: dict[str, set[bytes]] = field(default_factory=dict)
    lines: int = 0

    def takes(self, tree: Tree) -> bool:
        """Tell whether a line of this *tree* can be added."""
        return self.root.takes(tree)

    def add(self, tree: Tree, gaps: dict[str, set[bytes]], count: int) -> None:
        """Add *count* lines by the *tree* and the *gaps* that they share."""
        self.root.add(tree, count)
        self.lines += count
        for place, texts in gaps.items():
            self.gaps.setdefault(place, set()).update(texts)


def is_sparse(present: Iterable[int], possible: int) -> bool:
    """Tell whether of many *possible* fields few are there, given their number in each object."""
    counts = list(present)
    return possible > _MANY_FIELDS and sum(counts) * _SPARSE < possible * len(counts)


def _number_marks(written: bytes) -> Iterator[str]:
    yield "zero" if written.startswith((b"0", b"-0")) else "digits"
    for mark, byte in (("negative", b"-"), ("fraction", b"."), ("exponent", b"e"), ("exponent", b"E")):
        if written.startswith(byte) if mark == "negative" else byte in written:
            yield mark


def _merged_order(sequences: Iterable[tuple[str, ...]]) -> list[str]:
    sorter: TopologicalSorter[str] = TopologicalSorter()
    for keys in sequences:
        for before, after in itertools.pairwise(keys):
            sorter.add(after, before)
        for key in keys[:1]:
            sorter.add(key)
    return list(sorter.static_order())


def outline(line: bytes) -> bytes:
    """Return the JSON of *line* without what a shape does not tell apart, so that many lines have the same outline."""
    return _EQUAL_ITEMS.sub(rb"\1\2", without_scalars(line))


def without_scalars(line: bytes) -> bytes:
    """Return the JSON of *line* without the letters of texts that are no keys and the digits of numbers."""
    return _SCALAR.sub(_plainest, line)


def letters(lines: bytes) -> float:
    """Return what part of *lines* are texts that are no keys."""
    return sum(len(text) for text, colon, *_ in _SCALAR.findall(lines) if not colon) / max(1, len(lines))


def _plainest(match: re.Match[bytes]) -> bytes:
    text, colon, sign, digit, fraction, exponent = match.groups()
    if digit:
        number = sign + (b"0" if digit == b"0" else b"1")
        if fraction:
            number += b".5"
        return number + b"e1" if exponent else number
    if colon is not None:
        return match[0]
    return b'""' if text else b"true"


def tree_of(line: bytes, decode_text: Any) -> tuple[Tree, dict[str, set[bytes]]]:
    """
    Return how *line*, which must be valid JSON, is written: its tree and its white space by place.

    *decode_text* turns a written string into its value.

    Raises:
        Unfit: it is nested too deep, or has a key twice in one object.
    """
    return _Reader(line, decode_text).read()


class _Reader:
    def __init__(self, line: bytes, decode_text: Any) -> None:
        self.tokens = iter(_TOKEN.findall(line))
        self.decode_text = decode_text
        self.gaps: dict[str, set[bytes]] = {}
        self.gap, self.token = next(self.tokens)

    def read(self) -> tuple[Tree, dict[str, set[bytes]]]:
        self._note("start")
        tree = self._value(0)
        self._note("end")
        return tree, self.gaps

    def _advance(self) -> None:
        self.gap, self.token = next(self.tokens)

    def _note(self, place: str) -> None:
        self.gaps.setdefault(place, set()).add(self.gap)

    def _value(self, depth: int) -> Tree:
        if depth > MOST_DEPTH:
            raise Unfit("lines are nested too deep")
        token = self.token
        self._advance()
        match token[:1]:
            case b"{":
                return "object", self._members(depth)
            case b"[":
                return "array", self._items(depth)
            case b'"':
                return "string", None
            case b"n":
                return "null", None
            case b"t" | b"f":
                return "boolean", None
        return "number" if token.strip(b"-0123456789") else "integer", token

    def _members(self, depth: int) -> list[tuple[str, bytes, Tree]]:
        members: list[tuple[str, bytes, Tree]] = []
        if self.token == b"}":
            self._note("empty object")
        else:
            self._note("open")
            while True:
                written = self.token
                self._advance()
                self._note("before colon")
                self._advance()
                self._note("after colon")
                members.append((self.decode_text(written), written, self._value(depth + 1)))
                if self.token == b"}":
                    break
                self._note("before comma")
                self._advance()
                self._note("after comma")
            self._note("close")
        self._advance()
        if len({key for key, _, _ in members}) < len(members):
            raise Unfit("a key stands twice in one object")
        return members

    def _items(self, depth: int) -> list[Tree]:
        items: list[Tree] = []
        if self.token == b"]":
            self._note("empty array")
        else:
            self._note("open array")
            while True:
                items.append(self._value(depth + 1))
                if self.token == b"]":
                    break
                self._note("before array comma")
                self._advance()
                self._note("after array comma")
            self._note("close array")
        self._advance()
        return items
