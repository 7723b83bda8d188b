"""Sets of characters as sorted ranges of code points, and the named sets of ECMA-262."""

from __future__ import annotations

import functools
import itertools
import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

# Sorted, disjoint, inclusive.
Ranges = tuple[tuple[int, int], ...]

GREATEST = 0x10FFFF
EVERYTHING: Ranges = ((0, GREATEST),)
DIGITS: Ranges = ((0x30, 0x39),)
WORD: Ranges = ((0x30, 0x39), (0x41, 0x5A), (0x5F, 0x5F), (0x61, 0x7A))
# WhiteSpace and LineTerminator. Source: https://tc39.es/ecma262/#sec-white-space
SPACE: Ranges = (
    (0x09, 0x0D),
    (0x20, 0x20),
    (0xA0, 0xA0),
    (0x1680, 0x1680),
    (0x2000, 0x200A),
    (0x2028, 0x2029),
    (0x202F, 0x202F),
    (0x205F, 0x205F),
    (0x3000, 0x3000),
    (0xFEFF, 0xFEFF),
)
LINE_ENDS: Ranges = ((0x0A, 0x0A), (0x0D, 0x0D), (0x2028, 0x2029))


def joined(ranges: Iterable[tuple[int, int]]) -> Ranges:
    """Return the union of *ranges*, which may overlap and come in any order."""
    union: list[tuple[int, int]] = []
    for first, last in sorted(ranges):
        if union and first <= union[-1][1] + 1:
            union[-1] = (union[-1][0], max(union[-1][1], last))
        else:
            union.append((first, last))
    return tuple(union)


def complement(ranges: Ranges) -> Ranges:
    """Return the code points that are not in *ranges*."""
    rest = []
    start = 0
    for first, last in ranges:
        if start < first:
            rest.append((start, first - 1))
        start = last + 1
    if start <= GREATEST:
        rest.append((start, GREATEST))
    return tuple(rest)


def overlap(left: Ranges, right: Ranges) -> bool:
    """Tell whether some code point is in both."""
    position = 0
    for first, last in left:
        while position < len(right) and right[position][1] < first:
            position += 1
        if position < len(right) and right[position][0] <= last:
            return True
    return False


@functools.cache
def _properties() -> dict[str, Any]:
    # A loader reads from a zip as well.
    loader: Any = __spec__.loader
    text = loader.get_data(str(Path(__file__).with_name("unicode.json")))
    properties: dict[str, Any] = json.loads(text)
    return properties


@functools.cache
def unicode_property(expression: str) -> Ranges | None:
    r"""
    Return the set that ``\p{expression}`` means, or None if there is no such property.

    *expression* is a general category, a binary property, or one of ``General_Category=`` and ``Script=`` with a
    value; short and long names are known, and neither case nor underscores matter. ``Script_Extensions`` is read
    as ``Script``.
    """
    name, _, value = expression.partition("=")
    name, value = _plain(name), _plain(value)
    if value:
        kind = {"GC": "General_Category", "GENERALCATEGORY": "General_Category"}.get(name)
        kind = kind or ("Script" if name in ("SC", "SCRIPT", "SCX", "SCRIPTEXTENSIONS") else None)
        return _ranges(kind, value) if kind else None
    if name in ("ANY", "ASCII"):
        return EVERYTHING if name == "ANY" else ((0, 0x7F),)
    category = _ranges("General_Category", name)
    return category if category is not None else _ranges("Binary", name)


def _plain(name: str) -> str:
    return name.upper().replace("_", "").replace(" ", "")


def _ranges(kind: str, name: str) -> Ranges | None:
    properties = _properties()
    name = properties[f"{kind} aliases"].get(name, name)
    if name not in properties[kind]:
        return None
    # Each number is the distance from the one before.
    points = list(itertools.accumulate(int(text) for text in properties[kind][name].split()))
    return tuple(zip(points[::2], points[1::2], strict=True))
