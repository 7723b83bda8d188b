"""Runs of rows that fit a pattern: what MATCH_RECOGNIZE finds in one partition."""

from __future__ import annotations

import json
from typing import Any

from toolkit.local.athena.sql.routines.refusal import Refusal, Routine

# What stands in the place of a variable for a row of no run, and for the row where an empty run is.
UNMATCHED, EMPTY = -2, -1

_LABEL, _SPLIT, _JUMP, _START, _END, _DONE = range(6)
_STEPS = {"label": _LABEL, "split": _SPLIT, "jump": _JUMP, "start": _START, "end": _END, "done": _DONE}

# So many places in pattern and rows are tried from one row; what is kept for conditions may make many of each.
MOST_STATES = 1_000_000

# How the pair of a row and another is written as one number.
PAIR = 2**32


class _Run:
    """A run so far: the variable of its last row, the run before that row, and the rows that conditions may speak of."""

    __slots__ = ("before", "is_excluded", "kept", "label")

    def __init__(
        self, label: int, before: _Run | None, kept: tuple[tuple[int, ...], ...], *, is_excluded: bool
    ) -> None:
        self.label, self.before, self.kept, self.is_excluded = label, before, kept, is_excluded


def matched_rows(masks: list[int], pairs: list[list[int]], spec: str) -> list[list[int]]:
    """
    Give the rows of all runs of a partition as ``[number of the run, row, variable, whether it is excluded]``, from 1.

    *masks* has a bit for each condition that holds of a row; *pairs* has, for each condition that speaks of another row of
    the run, the rows and others of which it holds as ``row * PAIR + other``, where 0 is no other row. *spec* is JSON: the
    program of ``sql.row_patterns``, the conditions of each variable, and where to go on after a run.

    Raises:
        Refusal: after a run it can't go on where it is told to.
    """
    return list(_Partition(masks, pairs, json.loads(spec)).rows())


class _Partition:
    def __init__(self, masks: list[int], pairs: list[list[int]], spec: dict[str, Any]) -> None:
        self.masks = masks
        self.pairs = [frozenset(each or ()) for each in pairs]
        # Steps as numbers, which are compared faster than words.
        self.program = [(_STEPS[word], *(rest or (0,))) for word, *rest in spec["program"]]
        self.conditions: list[dict[str, list[Any]]] = spec["conditions"]
        self.wanted = [sum(1 << bit for bit in each["bits"]) for each in self.conditions]
        self.skip: list[Any] = spec["skip"]
        self.shows_unmatched: bool = spec["unmatched"]
        # Whose rows are kept for the conditions, from which end, and how many.
        self.anchors: list[list[Any]] = [anchor for each in self.conditions for _, *anchor in each["pairs"]]
        numbers = iter(range(len(self.anchors)))
        self.terms = [[(number, next(numbers)) for number, *_ in each["pairs"]] for each in self.conditions]

    def rows(self) -> Any:
        start, number, last = 0, 0, -1
        while start < len(self.masks):
            labels = self.run(start)
            if labels is None:
                if self.shows_unmatched and start > last:
                    yield [0, start + 1, UNMATCHED, 0]
                start += 1
                continue
            number += 1
            if not labels:
                yield [number, start + 1, EMPTY, 0]
                start += 1
                continue
            for place, (label, is_excluded) in enumerate(labels):
                yield [number, start + place + 1, label, int(is_excluded)]
            last = start + len(labels) - 1
            start = self.after(start, [label for label, _ in labels])

    def after(self, start: int, labels: list[int]) -> int:
        """Give where to look for the next run."""
        match self.skip:
            case ["next"]:
                return start + 1
            case ["past"]:
                return start + len(labels)
        direction, wanted = self.skip
        places = [place for place, label in enumerate(labels) if label in wanted]
        if not places:
            raise Refusal("GENERIC_USER_ERROR: AFTER MATCH SKIP failed: pattern variable is not present in match")
        place = places[0] if direction == "first" else places[-1]
        if place == 0:
            raise Refusal("GENERIC_USER_ERROR: AFTER MATCH SKIP failed: cannot skip to first row of match")
        return start + place

    def run(self, start: int) -> list[tuple[int, bool]] | None:
        """Give the preferred run that begins at a row, None if there is none."""
        # The same place in pattern and rows leads to the same end, where what the conditions speak of is the same.
        seen: set[tuple[int, int, Any]] = set()
        nothing = ((),) * len(self.anchors)
        waiting: list[tuple[int, int, _Run | None]] = [(0, start, None)]
        while waiting:
            at, row, run = waiting.pop()
            state = (at, row, run.kept if run is not None else nothing)
            if state in seen:
                continue
            seen.add(state)
            if len(seen) > MOST_STATES:
                message = "the local Athena gives up a pattern of MATCH_RECOGNIZE that may be matched in so many ways"
                raise Refusal(f"NOT_SUPPORTED: {message}")
            step = self.program[at]
            kind = step[0]
            if kind == _LABEL:
                if row < len(self.masks) and (kept := self.fits(row, step[1], state[2])) is not None:
                    waiting.append((at + 1, row + 1, _Run(step[1], run, kept, is_excluded=step[2])))
            elif kind == _SPLIT:
                waiting.append((step[2], row, run))
                waiting.append((step[1], row, run))
            elif kind == _JUMP:
                waiting.append((step[1], row, run))
            elif kind == _DONE:
                found: list[tuple[int, bool]] = []
                while run is not None:
                    found.append((run.label, run.is_excluded))
                    run = run.before
                return found[::-1]
            elif row == (0 if kind == _START else len(self.masks)):
                waiting.append((at + 1, row, run))
        return None

    def fits(self, row: int, label: int, kept: tuple[tuple[int, ...], ...]) -> tuple[tuple[int, ...], ...] | None:
        """Give what is kept of a run with a row as that variable, None if the row is none."""
        wanted = self.wanted[label]
        if self.masks[row] & wanted != wanted:
            return None
        if not self.anchors:
            return kept
        kept = tuple(
            _with_row(rows, row + 1, direction, count) if not labels or label in labels else rows
            for rows, (direction, labels, count) in zip(kept, self.anchors, strict=True)
        )
        for number, anchor in self.terms[label]:
            direction, _, count = self.anchors[anchor]
            rows = kept[anchor]
            other = 0 if len(rows) <= count else rows[count] if direction == "first" else rows[-1 - count]
            if (row + 1) * PAIR + other not in self.pairs[number]:
                return None
        return kept


def _with_row(rows: tuple[int, ...], row: int, direction: str, count: int) -> tuple[int, ...]:
    if direction == "last":
        return (*rows, row)[-1 - count :]
    return rows if len(rows) > count else (*rows, row)


ROUTINES: dict[str, Routine] = {"matched_rows": (matched_rows, ("BIGINT[]", "BIGINT[][]", "VARCHAR"), "BIGINT[][]")}
