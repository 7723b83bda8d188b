"""Patterns of ECMA-262, translated to those of Python."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from toolkit.errors import SchemaError


def pattern_search(pattern: str, *, pointer: str = "", source: str = "") -> Callable[[str], Any]:
    """
    Return a function that tells, by a true value, whether *pattern* matches anywhere in a text.

    Raises:
        SchemaError: the pattern is not one of ECMA-262.
    """
    try:
        return re.compile(_translated(pattern)).search
    except (re.error, RecursionError, OverflowError) as error:
        raise SchemaError(
            f"expected a regular expression, found one that can't be read: {error}", pointer=pointer, source=source
        ) from error


_ESCAPES = {
    "d": "[0-9]",
    "D": "[^0-9]",
    "w": "[A-Za-z0-9_]",
    "W": "[^A-Za-z0-9_]",
}
_IN_CLASS = {"d": "0-9", "w": "A-Za-z0-9_"}


def _translated(pattern: str) -> str:
    output = []
    inside_class = False
    position = 0
    while position < len(pattern):
        character = pattern[position]
        if character == "\\" and position + 1 < len(pattern):
            escape = pattern[position + 1]
            table = _IN_CLASS if inside_class else _ESCAPES
            output.append(table.get(escape, character + escape))
            position += 2
            continue
        if inside_class:
            inside_class = character != "]"
            output.append("\\[" if character == "[" else character)
        elif character == "[":
            inside_class = True
            output.append(character)
        else:
            output.append("(?!\\n)\\Z" if character == "$" else character)
        position += 1
    return "".join(output)
