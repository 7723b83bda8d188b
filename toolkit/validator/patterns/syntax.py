"""
Patterns of ECMA-262, read into a tree.

Characters are code points, as with the flag u. Where that flag is stricter than what schemas in the wild contain, the
older rules hold: a brace or bracket that opens nothing is itself, and so is an escaped character that is neither letter
nor digit. Source: https://tc39.es/ecma262/#sec-patterns and its Annex B.
"""

from __future__ import annotations

import functools
import re
import string

from toolkit.dataclass import dataclass
from toolkit.validator.patterns.characters import (
    DIGITS,
    LINE_ENDS,
    SPACE,
    WORD,
    Ranges,
    complement,
    joined,
    unicode_property,
)


class PatternSyntax(ValueError):
    """The text is no pattern of ECMA-262; the message says why and where."""


@dataclass(frozen=True, slots=True)
class Characters:
    """One character out of a set."""

    ranges: Ranges


@dataclass(frozen=True, slots=True)
class Sequence:
    """One after the other; the empty sequence matches the empty text."""

    parts: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Choice:
    """One of several, tried in order."""

    options: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Repeat:
    """A number of times; ``most`` is None where there is no end."""

    body: Node
    least: int
    most: int | None
    lazy: bool


@dataclass(frozen=True, slots=True)
class Group:
    """What a back reference may refer to, by its number from 1."""

    body: Node
    number: int


@dataclass(frozen=True, slots=True)
class Look:
    """What must, or must not, stand before or behind this position."""

    body: Node
    ahead: bool
    negative: bool


@dataclass(frozen=True, slots=True)
class Assertion:
    """A property of the position: start, end, boundary, no boundary."""

    kind: str


@dataclass(frozen=True, slots=True)
class Backreference:
    """The text that a group matched; the empty text where it matched nothing."""

    number: int


Node = Characters | Sequence | Choice | Repeat | Group | Look | Assertion | Backreference

_CLASSES = {"d": DIGITS, "w": WORD, "s": SPACE}
_CLASSES |= {name.upper(): complement(ranges) for name, ranges in _CLASSES.items()}
_CONTROLS = {"t": 9, "n": 10, "v": 11, "f": 12, "r": 13}
# A tree deeper than this is no pattern that somebody wrote.
_MOST_DEPTH = 100


# What a pattern is compiled to is chosen by looking at its tree several times.
@functools.lru_cache(maxsize=256)
def parsed(pattern: str) -> Node:
    """
    Return the tree of *pattern*.

    Raises:
        PatternSyntax: it is no pattern of ECMA-262.
    """
    return _Parser(pattern).parsed()


class _Parser:
    def __init__(self, pattern: str) -> None:
        self.pattern = pattern
        self.position = 0
        self.depth = 0
        self.groups = 0
        self.names: set[str] = set()
        # Names may be referred to before they are read, so their numbers are found ahead.
        self.numbers = _group_numbers(pattern)
        self.references: list[tuple[int, int]] = []

    def parsed(self) -> Node:
        tree = self._choice()
        if self.position < len(self.pattern):
            raise self._fault("a bracket that closes nothing")
        for number, position in self.references:
            if not 0 < number <= self.groups:
                raise PatternSyntax(f"a back reference to a group that does not exist, at character {position + 1}")
        return tree

    def _fault(self, what: str) -> PatternSyntax:
        return PatternSyntax(f"{what}, at character {self.position + 1}")

    def _peek(self, length: int = 1) -> str:
        return self.pattern[self.position : self.position + length]

    def _accept(self, text: str) -> bool:
        if self.pattern.startswith(text, self.position):
            self.position += len(text)
            return True
        return False

    def _choice(self) -> Node:
        self.depth += 1
        if self.depth > _MOST_DEPTH:
            raise self._fault("nesting that is too deep")
        options = [self._sequence()]
        while self._accept("|"):
            options.append(self._sequence())
        self.depth -= 1
        return options[0] if len(options) == 1 else Choice(tuple(options))

    def _sequence(self) -> Node:
        parts: list[Node] = []
        while self.position < len(self.pattern) and self._peek() not in "|)":
            parts.append(self._quantified(self._atom()))
        return parts[0] if len(parts) == 1 else Sequence(tuple(parts))

    def _quantified(self, atom: Node) -> Node:
        bounds = self._quantifier()
        if bounds is None:
            return atom
        if isinstance(atom, Assertion) or (isinstance(atom, Look) and not atom.ahead):
            raise self._fault("a quantifier after an assertion")
        lazy = self._accept("?")
        if self._quantifier() is not None:
            raise self._fault("a quantifier after a quantifier")
        return Repeat(atom, *bounds, lazy)

    def _quantifier(self) -> tuple[int, int | None] | None:
        for sign, bounds in (("*", (0, None)), ("+", (1, None)), ("?", (0, 1))):
            if self._accept(sign):
                return bounds
        if self._peek() != "{":
            return None
        inside, closed, _ = self.pattern[self.position + 1 :].partition("}")
        least, comma, most = inside.partition(",")
        if not closed or not _is_number(least) or not (most == "" or _is_number(most)):
            return None
        self.position += len(inside) + 2
        if len(inside) > 12:
            raise self._fault("a quantifier beyond all bounds")
        found = int(least), (int(most) if most else None) if comma else int(least)
        if found[1] is not None and found[1] < found[0]:
            raise self._fault("a quantifier whose bounds are out of order")
        return found

    def _atom(self) -> Node:
        character = self._peek()
        if character == "(":
            return self._group()
        if character == "[":
            return self._class()
        if character == "\\":
            return self._escape()
        self.position += 1
        match character:
            case ".":
                return Characters(complement(LINE_ENDS))
            case "^":
                return Assertion("start")
            case "$":
                return Assertion("end")
            case "*" | "+" | "?":
                self.position -= 1
                raise self._fault("a quantifier with nothing to repeat")
        return _single(ord(character))

    def _group(self) -> Node:
        for opening, ahead, negative in (
            ("(?=", True, False),
            ("(?!", True, True),
            ("(?<=", False, False),
            ("(?<!", False, True),
        ):
            if self._accept(opening):
                return Look(self._closed(), ahead, negative)
        if self._accept("(?:"):
            # As a sequence, so that a quantifier may follow where the body alone allows none.
            return Sequence((self._closed(),))
        number = self.groups = self.groups + 1
        if self._accept("(?<"):
            name, closed, _ = self.pattern[self.position :].partition(">")
            if not closed or not name.replace("$", "_").isidentifier() or name in self.names:
                raise self._fault("a group whose name is missing, wrong or used twice")
            self.names.add(name)
            self.position += len(name) + 1
        elif self._accept("(?"):
            raise self._fault("a group of a kind that ECMA-262 does not know")
        else:
            self.position += 1
        return Group(self._closed(), number)

    def _closed(self) -> Node:
        body = self._choice()
        if not self._accept(")"):
            raise self._fault("a group that is not closed")
        return body

    def _escape(self) -> Node:
        start = self.position
        following = self.pattern[self.position + 1 : self.position + 2]
        if following in ("b", "B"):
            self.position += 2
            return Assertion("boundary" if following == "b" else "no boundary")
        if following == "k":
            self.position += 2
            name, closed, _ = self.pattern[self.position :].partition(">")
            if not name.startswith("<") or not closed:
                raise self._fault("a back reference without a name")
            self.position += len(name) + 1
            self.references.append((self.numbers.get(name[1:], 0), start))
            return Backreference(self.numbers.get(name[1:], 0))
        if following and following in "123456789":
            end = self.position + 2
            while end < len(self.pattern) and self.pattern[end] in string.digits and end - start < 6:
                end += 1
            number = int(self.pattern[start + 1 : end])
            self.position = end
            self.references.append((number, start))
            return Backreference(number)
        return Characters(self._escaped())

    def _escaped(self) -> Ranges:
        """Read an escape that stands for a character or a set, in a class or outside."""
        self.position += 1
        character = self._peek()
        if character == "":
            raise self._fault("a backslash at the end")
        self.position += 1
        if character in _CLASSES:
            return _CLASSES[character]
        if character in "pP":
            return self._property(negative=character == "P")
        return _point(self._escaped_point(character))

    def _property(self, *, negative: bool) -> Ranges:
        expression, closed, _ = self.pattern[self.position :].partition("}")
        ranges = unicode_property(expression[1:]) if closed and expression.startswith("{") else None
        if ranges is None:
            raise self._fault("a Unicode property that is not known")
        self.position += len(expression) + 1
        return complement(ranges) if negative else ranges

    def _escaped_point(self, character: str) -> int:
        if character in _CONTROLS:
            return _CONTROLS[character]
        if character == "0" and not _is_number(self._peek()):
            return 0
        if character == "c" and self._peek() and self._peek() in string.ascii_letters:
            self.position += 1
            return ord(self.pattern[self.position - 1]) % 32
        if character == "x":
            return self._hexadecimal(2)
        if character == "u":
            return self._unicode_escape()
        if character in string.ascii_letters or character in string.digits:
            raise self._fault("an escaped letter or digit that has no meaning")
        return ord(character)

    def _unicode_escape(self) -> int:
        if self._accept("{"):
            digits, closed, _ = self.pattern[self.position :].partition("}")
            if not closed or not digits or len(digits) > 20 or any(digit not in string.hexdigits for digit in digits):
                raise self._fault("a code point that is none")
            self.position += len(digits) + 1
            point = int(digits, 16)
            if point > 0x10FFFF:
                raise self._fault("a code point beyond Unicode")
            return point
        point = self._hexadecimal(4)
        if 0xD800 <= point <= 0xDBFF and self._peek(2) == "\\u":
            start = self.position
            self.position += 2
            low = self._hexadecimal(4)
            if 0xDC00 <= low <= 0xDFFF:
                return 0x10000 + ((point - 0xD800) << 10) + (low - 0xDC00)
            self.position = start
        return point

    def _hexadecimal(self, length: int) -> int:
        digits = self._peek(length)
        if len(digits) < length or any(digit not in string.hexdigits for digit in digits):
            raise self._fault(f"an escape without its {length} hexadecimal digits")
        self.position += length
        return int(digits, 16)

    def _class(self) -> Node:
        self.position += 1
        negative = self._accept("^")
        ranges: list[tuple[int, int]] = []
        while not self._accept("]"):
            first = self._class_atom()
            if self._peek() == "-" and self._peek(2) not in ("-]", "-"):
                self.position += 1
                last = self._class_atom()
                if _is_point(first) and _is_point(last):
                    if last[0][0] < first[0][0]:
                        raise self._fault("a range whose ends are out of order")
                    ranges.append((first[0][0], last[0][0]))
                    continue
                # A set can't end a range: the hyphen is itself.
                ranges += [*last, (0x2D, 0x2D)]
            ranges += first
        union = joined(ranges)
        return Characters(complement(union) if negative else union)

    def _class_atom(self) -> Ranges:
        character = self._peek()
        if character == "":
            raise self._fault("a class that is not closed")
        if character == "\\":
            if self._peek(2) == "\\b":
                self.position += 2
                return _point(8)
            if self._peek(2) == "\\B":
                raise self._fault("an escaped letter or digit that has no meaning")
            return self._escaped()
        self.position += 1
        return _point(ord(character))


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdigit()


def _point(point: int) -> Ranges:
    return ((point, point),)


def _single(point: int) -> Characters:
    return Characters(_point(point))


def _is_point(ranges: Ranges) -> bool:
    return len(ranges) == 1 and ranges[0][0] == ranges[0][1]


# What matters for counting groups: an escape, a class, an opening bracket with its kind.
_GROUPS = re.compile(r"\\.|\[(?:\\.|[^\]\\])*\]|\(\?<(?![=!])([^>]*)>|\((?!\?)", re.DOTALL)


def _group_numbers(pattern: str) -> dict[str, int]:
    openings = [match for match in _GROUPS.finditer(pattern) if match[0].startswith("(")]
    return {match[1]: number for number, match in enumerate(openings, 1) if match[1]}
