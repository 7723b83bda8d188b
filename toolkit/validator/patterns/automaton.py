"""
A matcher that never goes back: it follows all ways at once, so that its time grows with the length alone.

It is used where Python's ``re`` might take more than linear time. States that were met once are kept, and the next
time a character costs one look-up. Patterns that look around are followed without that memory, within a bounded
number of steps.
"""

from __future__ import annotations

import bisect
from collections.abc import Callable

from toolkit.dataclass import dataclass, field
from toolkit.validator.patterns.characters import WORD, Ranges
from toolkit.validator.patterns.syntax import (
    Assertion,
    Backreference,
    Characters,
    Choice,
    Group,
    Look,
    Node,
    Repeat,
    Sequence,
)

# A pattern that needs more instructions, such as (a{1,1000}){1,1000}, is not matched this way.
MOST_INSTRUCTIONS = 20_000
# States that are remembered before memory is emptied and filled anew.
_MOST_MEMORY = 20_000
# Steps that a pattern which looks around may take on one text: about a second.
MOST_STEPS = 2_000_000
_WORD_CHARACTERS = frozenset(chr(point) for first, last in WORD for point in range(first, last + 1))


class TooLarge(ValueError):
    """The pattern can't be matched this way: too many instructions, or a back reference."""


class TooManySteps(Exception):
    """The bound on steps was reached before there was a verdict."""


@dataclass(slots=True)
class _Program:
    """
    Instructions by number, each ``(kind, argument, next)``.

    Kinds: set (consume a character of it), split (go on at both), jump, assert, look, match.
    """

    instructions: list[tuple[str, object, int]] = field(default_factory=list)

    def add(self, kind: str, argument: object = None, following: int = -1) -> int:
        if len(self.instructions) >= MOST_INSTRUCTIONS:
            raise TooLarge("more instructions than a pattern may have")
        self.instructions.append((kind, argument, following))
        return len(self.instructions) - 1


@dataclass(frozen=True, slots=True)
class _Set:
    starts: tuple[int, ...]
    ends: tuple[int, ...]

    def __contains__(self, character: object) -> bool:
        point = ord(character)  # type: ignore[arg-type]
        index = bisect.bisect_right(self.starts, point) - 1
        return index >= 0 and point <= self.ends[index]


@dataclass(frozen=True, slots=True)
class _Look:
    program: _Program
    start: int
    ahead: bool
    negative: bool


def linear_search(node: Node) -> Callable[[str], bool]:
    """
    Return a function that tells whether *node* matches anywhere in a text.

    It raises `TooManySteps` where *node* looks around and the text is too long for that.

    Raises:
        TooLarge: the pattern has a back reference, or is too large.
    """
    program = _Program()
    start = _compiled(node, program, program.add("match"), forward=True)
    if any(kind == "look" or argument in ("boundary", "no boundary") for kind, argument, _ in program.instructions):
        return lambda text: _Walk(program, text).search(start)
    return _Memory(program, start).search


def _compiled(node: Node, program: _Program, following: int, *, forward: bool) -> int:
    """Add the instructions of *node*, which go on at *following*, and return where they start."""
    match node:
        case Characters(ranges):
            return program.add("set", _set(ranges), following)
        case Sequence(parts):
            for part in reversed(parts) if forward else parts:
                following = _compiled(part, program, following, forward=forward)
            return following
        case Choice(options):
            return program.add("split", [_compiled(option, program, following, forward=forward) for option in options])
        case Group(body, _):
            return _compiled(body, program, following, forward=forward)
        case Assertion(kind):
            return program.add("assert", kind, following)
        case Look(body, ahead, negative):
            start = _compiled(body, program, program.add("match"), forward=ahead)
            return program.add("look", _Look(program, start, ahead, negative), following)
        case Repeat(body, least, most, _):
            if most is None:
                loop = program.add("split")
                again = _compiled(body, program, loop, forward=forward)
                program.instructions[loop] = ("split", [again, following], -1)
                following = loop
            else:
                end = following
                for _ in range(most - least):
                    following = program.add("split", [_compiled(body, program, following, forward=forward), end])
            for _ in range(least):
                following = _compiled(body, program, following, forward=forward)
            return following
        case Backreference():
            raise TooLarge("a back reference")


def _set(ranges: Ranges) -> _Set:
    return _Set(tuple(first for first, _ in ranges), tuple(last for _, last in ranges))


class _Memory:
    """Follows a program without look-around, remembering where each state leads."""

    def __init__(self, program: _Program, start: int) -> None:
        self.instructions = program.instructions
        self.start = start
        self.next: dict[tuple[frozenset[int], str], frozenset[int]] = {}
        self.at_start = self._closure({start}, at_start=True, at_end=False)
        self.inside = self._closure({start}, at_start=False, at_end=False)

    def search(self, text: str) -> bool:
        state, known = self.at_start, self.next
        for character in text:
            if -1 in state:
                return True
            key = (state, character)
            following = known.get(key)
            if following is None:
                if len(known) > _MOST_MEMORY:
                    known.clear()
                following = known[key] = self._step(state, character)
            state = following
        return -1 in state or -1 in self._closure(set(state), at_start=not text, at_end=True)

    def _step(self, state: frozenset[int], character: str) -> frozenset[int]:
        reached = set()
        for number in state:
            kind, argument, following = self.instructions[number]
            if kind == "set" and character in argument:  # type: ignore[operator]
                reached.add(following)
        return self._closure(reached, at_start=False, at_end=False) | self.inside

    def _closure(self, numbers: set[int], *, at_start: bool, at_end: bool) -> frozenset[int]:
        """Follow what consumes nothing; -1 stands for a match, an assertion of the end is kept for later."""
        closure, stack = set(), list(numbers)
        seen = set()
        while stack:
            number = stack.pop()
            if number in seen or number < 0:
                continue
            seen.add(number)
            kind, argument, following = self.instructions[number]
            if kind == "split":
                stack.extend(argument)  # type: ignore[arg-type]
            elif kind == "match":
                closure.add(-1)
            elif kind == "set":
                closure.add(number)
            elif argument == "start":
                if at_start:
                    stack.append(following)
            elif at_end:
                stack.append(following)
            else:
                closure.add(number)
        return frozenset(closure)


class _Walk:
    """Follows a program over one text, looking around where it asks for that, and counts the steps."""

    def __init__(self, program: _Program, text: str) -> None:
        self.instructions = program.instructions
        self.text = text
        self.steps = 0
        self.looked: dict[tuple[int, int], bool] = {}

    def search(self, start: int) -> bool:
        return self._run(start, 0, forward=True, anywhere=True)

    def _run(self, start: int, position: int, *, forward: bool, anywhere: bool) -> bool:
        states = self._closure({start}, position)
        while True:
            if -1 in states:
                return True
            if position == (len(self.text) if forward else 0) or (not states and not anywhere):
                return False
            character = self.text[position if forward else position - 1]
            position += 1 if forward else -1
            reached = {start} if anywhere else set()
            for number in states:
                kind, argument, following = self.instructions[number]
                if kind == "set" and character in argument:  # type: ignore[operator]
                    reached.add(following)
            states = self._closure(reached, position)

    def _closure(self, numbers: set[int], position: int) -> set[int]:
        closure: set[int] = set()
        seen: set[int] = set()
        stack = list(numbers)
        while stack:
            number = stack.pop()
            if number in seen:
                continue
            seen.add(number)
            kind, argument, following = self.instructions[number]
            if kind == "split":
                stack.extend(argument)  # type: ignore[arg-type]
            elif kind == "match":
                closure.add(-1)
            elif kind == "set":
                closure.add(number)
            elif self._holds(number, kind, argument, position):
                stack.append(following)
        self.steps += len(seen)
        if self.steps > MOST_STEPS:
            raise TooManySteps
        return closure

    def _holds(self, number: int, kind: str, argument: object, position: int) -> bool:
        if kind == "look":
            key = (number, position)
            if key not in self.looked:
                look: _Look = argument  # type: ignore[assignment]
                found = self._run(look.start, position, forward=look.ahead, anywhere=False)
                self.looked[key] = found != look.negative
            return self.looked[key]
        if argument in ("start", "end"):
            return position == (0 if argument == "start" else len(self.text))
        before = position > 0 and self.text[position - 1] in _WORD_CHARACTERS
        behind = position < len(self.text) and self.text[position] in _WORD_CHARACTERS
        return (before != behind) == (argument == "boundary")
