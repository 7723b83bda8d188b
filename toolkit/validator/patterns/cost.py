"""
How many steps a backtracking matcher may need for a pattern, judged from above.

A pattern whose every choice is settled by the next character (its Glushkov automaton is deterministic) needs about one
step for each character. Otherwise a bound ``factor * length ** degree`` is added up: every loop on a path may have to try
each of its lengths, every optional part both ways. A loop whose body can be matched in two ways is worse than that:
it is where ``^(a+)+$`` takes exponential time. The bound is never too low, and often too high.
"""

from __future__ import annotations

import math

from toolkit.dataclass import dataclass, field
from toolkit.validator.patterns.characters import Ranges, overlap
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

# A larger automaton is not looked into; its pattern counts as ambiguous.
_MOST_POSITIONS = 300
# Repetitions up to this many count as a factor, more as a loop.
_FEW = 16


@dataclass(frozen=True, slots=True)
class Cost:
    """At most ``2 ** doublings * length ** degree`` steps; with ``exponential`` there is no such bound."""

    degree: int = 0
    doublings: float = 0.0
    exponential: bool = False

    def __add__(self, other: Cost) -> Cost:
        return Cost(
            self.degree + other.degree,
            self.doublings + other.doublings,
            self.exponential or other.exponential,
        )

    def longest(self, budget: int) -> int | None:
        """Return the longest text that *budget* steps are enough for; None if that is every text."""
        if self.exponential or self.doublings > 40:
            return 0
        steps = budget / 2**self.doublings
        if self.degree == 0:
            return None if steps >= 1 else 0
        if self.degree == 1 and self.doublings <= 6:
            return None
        return int(steps ** (1 / self.degree))


def search_cost(node: Node) -> Cost:
    """Return the cost of looking for *node* anywhere in a text."""
    cost = _cost(node)
    if _has_loop(node) and _is_deterministic(node):
        cost = Cost(degree=1)
    return cost if cost.degree == 0 or _is_anchored(node) else cost + Cost(degree=1)


def _cost(node: Node) -> Cost:
    match node:
        case Characters() | Assertion():
            return Cost()
        case Backreference():
            return Cost(degree=1)
        case Group(body, _) | Look(body, _, _):
            return _cost(body)
        case Sequence(parts):
            total = Cost()
            for part in parts:
                total += _cost(part)
            return total
        case Choice(options):
            costs = [_cost(option) for option in options]
            return Cost(
                max(cost.degree for cost in costs),
                max(cost.doublings for cost in costs) + math.log2(len(costs)),
                any(cost.exponential for cost in costs),
            )
        case Repeat():
            return _repeat_cost(node)


def _repeat_cost(node: Repeat) -> Cost:
    body, least, most = node.body, node.least, node.most
    inner = _cost(body)
    span = math.inf if most is None else most - least
    if isinstance(body, Characters):
        return Cost(degree=1) if span > _FEW else Cost(doublings=math.log2(span + 1))
    if span == math.inf or most is None or most > _FEW:
        if inner.exponential or not _is_deterministic(Repeat(body, 0, None, node.lazy)):
            return Cost(exponential=True)
        return Cost(degree=1)
    return Cost(inner.degree * most, inner.doublings * most + math.log2(span + 1), inner.exponential)


def _has_loop(node: Node) -> bool:
    match node:
        case Repeat(body, least, most, _):
            return most is None or most - least > _FEW or _has_loop(body)
        case Group(body, _) | Look(body, _, _):
            return _has_loop(body)
        case Sequence(parts) | Choice(parts):
            return any(_has_loop(part) for part in parts)
    return isinstance(node, Backreference)


def _is_anchored(node: Node) -> bool:
    match node:
        case Assertion(kind):
            return kind == "start"
        case Group(body, _):
            return _is_anchored(body)
        case Sequence(parts):
            return bool(parts) and _is_anchored(parts[0])
        case Choice(options):
            return all(_is_anchored(option) for option in options)
    return False


@dataclass(slots=True)
class _Automaton:
    """The positions of a pattern, and which may follow which; ``ambiguous`` if two ways lead to the same place."""

    ranges: list[Ranges] = field(default_factory=list)
    follow: list[set[int]] = field(default_factory=list)
    ambiguous: bool = False

    def add(self, ranges: Ranges) -> int:
        self.ranges.append(ranges)
        self.follow.append(set())
        return len(self.ranges) - 1

    def link(self, last: list[int], first: list[int]) -> None:
        for position in last:
            for following in first:
                if following in self.follow[position]:
                    self.ambiguous = True
                self.follow[position].add(following)

    def is_settled(self, positions: list[int]) -> bool:
        """Tell whether no two of *positions* accept the same character."""
        taken = [self.ranges[position] for position in positions]
        return not any(overlap(left, right) for index, left in enumerate(taken) for right in taken[:index])


# Whether it can be empty, and the positions it can start and end with.
_Ends = tuple[bool, list[int], list[int]]


def _is_deterministic(node: Node) -> bool:
    automaton = _Automaton()
    try:
        _, first, _ = _ends(node, automaton)
    except _NotRegular:
        return False
    return (
        not automaton.ambiguous
        and automaton.is_settled(first)
        and all(automaton.is_settled(list(following)) for following in automaton.follow)
    )


class _NotRegular(Exception):
    pass


def _ends(node: Node, automaton: _Automaton) -> _Ends:
    if len(automaton.ranges) > _MOST_POSITIONS:
        raise _NotRegular
    match node:
        case Characters(ranges):
            position = [automaton.add(ranges)]
            return False, position, position
        case Assertion():
            return True, [], []
        case Group(body, _):
            return _ends(body, automaton)
        case Sequence(parts):
            total: _Ends = (True, [], [])
            for part in parts:
                total = _after(total, _ends(part, automaton), automaton)
            return total
        case Choice(options):
            ends = [_ends(option, automaton) for option in options]
            if sum(empty for empty, _, _ in ends) > 1:
                automaton.ambiguous = True
            return (
                any(empty for empty, _, _ in ends),
                [position for _, first, _ in ends for position in first],
                [position for _, _, last in ends for position in last],
            )
        case Repeat(body, least, most, _):
            return _repeated(body, least, most, automaton)
    raise _NotRegular


def _repeated(body: Node, least: int, most: int | None, automaton: _Automaton) -> _Ends:
    if least > _MOST_POSITIONS or (most or 0) > _MOST_POSITIONS:
        raise _NotRegular
    total: _Ends = (True, [], [])
    for _ in range(least if most is not None else max(least - 1, 0)):
        total = _after(total, _ends(body, automaton), automaton)
    if most is None:
        empty, first, last = _ends(body, automaton)
        automaton.ambiguous |= empty
        automaton.link(last, first)
        return _after(total, (empty or least == 0, first, last), automaton)
    rest: _Ends = (True, [], [])
    for _ in range(most - least):
        # x{0,3} is (x(x(x)?)?)?, so that no two ways lead to the same length.
        empty, first, last = _after(_ends(body, automaton), rest, automaton)
        automaton.ambiguous |= empty
        rest = (True, first, last)
    return _after(total, rest, automaton)


def _after(left: _Ends, right: _Ends, automaton: _Automaton) -> _Ends:
    left_empty, left_first, left_last = left
    right_empty, right_first, right_last = right
    automaton.link(left_last, right_first)
    return (
        left_empty and right_empty,
        left_first + right_first if left_empty else left_first,
        left_last + right_last if right_empty else right_last,
    )
