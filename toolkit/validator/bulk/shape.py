"""
How a producer writes its lines: the order of the keys, the white space, the kinds of the values.

A `Shape` is what some sample lines have in common, place by place; the items of an array share one place. Lines whose
keys come in orders that contradict each other can't share a shape.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterable, Iterator
from graphlib import CycleError, TopologicalSorter
from typing import Any

from toolkit.dataclass import dataclass, field

# One token of a line that is known to be JSON, behind the white space before it.
_TOKEN = re.compile(rb'([ \t\r]*+)("[^"\\]*+(?:\\.[^"\\]*+)*+"|[{}\[\]:,]|[^ \t\r{}\[\]:,"]++|\Z)')
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

    @property
    def always(self) -> frozenset[str]:
        """The keys that every object here had."""
        return frozenset.intersection(*map(frozenset, self.sequences)) if self.sequences else frozenset()

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
        if keys not in self.sequences:
            if len(self.sequences) >= MOST_SEQUENCES or len(self.members.keys() | set(keys)) > MOST_KEYS:
                return False
            try:
                _merged_order([*self.sequences, keys])
            except CycleError:
                return False
        return all(key not in self.members or self.members[key].takes(value) for key, _, value in content)

    def add(self, tree: Tree) -> None:
        """Add *tree*, which `takes` said yes to."""
        kind, content = tree
        if kind == "object":
            keys = tuple(key for key, _, _ in content)
            self.sequences[keys] = self.sequences.get(keys, 0) + 1
            for key, written, value in content:
                self.written.setdefault(key, written)
                self.members.setdefault(key, Shape()).add(value)
        elif kind == "array":
            self.lengths.add(len(content))
            for item in content:
                self.item = self.item or Shape()
                self.item.add(item)
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

    def add(self, tree: Tree, gaps: dict[str, set[bytes]]) -> None:
        """Add a line by its *tree* and its *gaps*."""
        self.root.add(tree)
        self.lines += 1
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
