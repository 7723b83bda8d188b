"""
Patterns of ECMA-262 as functions, each with a bound on its time.

Python's ``re`` is used wherever its time is certain to stay small: for patterns whose steps are bounded by the length,
and for others up to the length that `MOST_BACKTRACKING` steps allow. Beyond that a matcher of our own takes over, whose
time grows with the length alone. Three kinds can't be had that way: a pattern with a back reference that may take
exponential time is refused when compiled; one with a back reference that is merely slow, or one that looks around,
does not match a text for which it would need too many steps.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Callable
from typing import Any

from toolkit.errors import SchemaError
from toolkit.validator.patterns.automaton import TooLarge, TooManySteps, linear_search
from toolkit.validator.patterns.cost import search_cost
from toolkit.validator.patterns.syntax import Assertion, Characters, PatternSyntax, Repeat, Sequence, parsed
from toolkit.validator.patterns.translation import translated

# Some hundredths of a second.
MOST_BACKTRACKING = 1_000_000

Search = Callable[[str], Any]


def pattern_search(pattern: str, *, pointer: str = "", source: str = "") -> Search:
    """
    Return a function that tells, by a true value, whether *pattern* matches anywhere in a text.

    Raises:
        SchemaError: the pattern is not one of ECMA-262, or can't be matched in a bounded time; *pointer* and *source*
            say where it stands.
    """
    try:
        return _search(pattern)
    except (PatternSyntax, TooLarge) as error:
        raise SchemaError(
            f"expected a regular expression of ECMA-262, found {error}", pointer=pointer, source=source
        ) from error


def plain_class(pattern: str) -> tuple[str, int, int | None] | None:
    """
    Return the characters and the bounds of a *pattern* such as ``^[0-9a-f]{32}$``, or None for any other.

    Such a pattern needs no matcher: the text is within the bounds, and nothing is left when the characters are stripped.
    """
    tree = parsed(pattern)
    if not isinstance(tree, Sequence) or len(tree.parts) != 3 or tree.parts[0] != Assertion("start"):
        return None
    body = tree.parts[1]
    if tree.parts[2] != Assertion("end") or not isinstance(body, Repeat) or not isinstance(body.body, Characters):
        return None
    ranges = body.body.ranges
    if not ranges or ranges[-1][1] > 0x7F:
        return None
    characters = "".join(chr(point) for first, last in ranges for point in range(first, last + 1))
    return characters, body.least, body.most


def plain_prefix(pattern: str) -> str | None:
    """Return the text that matches of a *pattern* such as ``^x-`` begin with, or None for any other."""
    tree = parsed(pattern)
    if not isinstance(tree, Sequence) or tree.parts[:1] != (Assertion("start"),):
        return None
    letters = [part.ranges[0] for part in tree.parts[1:] if isinstance(part, Characters) and len(part.ranges) == 1]
    is_plain = len(letters) == len(tree.parts) - 1 and all(first == last for first, last in letters)
    return "".join(chr(first) for first, _ in letters) if is_plain else None


def is_pattern(text: str) -> bool:
    """Tell whether *text* is a regular expression of ECMA-262."""
    try:
        parsed(text)
    except PatternSyntax:
        return False
    return True


@functools.lru_cache(maxsize=1024)
def _search(pattern: str) -> Search:
    tree = parsed(pattern)
    longest = search_cost(tree).longest(MOST_BACKTRACKING)
    fast: Search | None
    try:
        fast = re.compile(translated(tree), re.ASCII).search
    except (re.error, RecursionError, OverflowError):
        # Python wants to know how far it looks behind; the other matcher does not.
        fast, longest = None, 0
    if fast is not None and longest is None:
        return fast
    try:
        slow: Search = linear_search(tree)
    except TooLarge as error:
        if fast is None or not longest:
            raise TooLarge(f"one that can't be matched in a bounded time, with {error}") from error
        slow = _never
    if fast is None or not longest:
        return lambda text: _within_steps(slow, text)
    limit, quick = longest, fast

    def search(text: str) -> Any:
        return quick(text) if len(text) <= limit else _within_steps(slow, text)

    return search


def _within_steps(search: Search, text: str) -> Any:
    try:
        return search(text)
    except TooManySteps:
        return False


def _never(text: str) -> bool:
    return False
