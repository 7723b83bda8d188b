"""Phrases for what a keyword expected and what was found; never a value of the instance unless asked for."""

from __future__ import annotations

import json
from collections.abc import Iterable

from toolkit.schema.dialect import words

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

# Longer texts from a schema or an instance are cut, so that no report grows with its input.
MOST_CHARACTERS = 120


def shortened(text: str, most: int = MOST_CHARACTERS) -> str:
    """Return *text* in one line of at most *most* characters, with an ellipsis where it was cut."""
    cut = text if len(text) <= most else text[: most - 1] + "…"
    return "".join(character if character.isprintable() else ascii(character)[1:-1] for character in cut)


def json_text(value: Any, most: int = MOST_CHARACTERS) -> str:
    """Return *value* as JSON, shortened."""
    if isinstance(value, str):
        value = value[: most + 1]
    try:
        return shortened(json.dumps(value, ensure_ascii=False), most)
    except (RecursionError, TypeError, ValueError):
        return "a value that can't be shown"


def listed(values: Iterable[Any], joint: str) -> str:
    """Return the JSON texts of *values* as ``"a", "b" or "c"``, shortened."""
    return joined((json_text(value, 40) for value in values), joint)


def joined(phrases: Iterable[str], joint: str) -> str:
    """Return *phrases* as ``a, b or c``, at most a dozen of them."""
    texts = list(phrases)
    if len(texts) > 12:
        texts = [*texts[:11], f"one of {len(texts) - 11} more"]
    return texts[0] if len(texts) == 1 else f"{', '.join(texts[:-1])} {joint} {texts[-1]}"


_TYPE_NAMES: dict[type, str] = {
    str: "string",
    int: "integer",
    bool: "boolean",
    type(None): "null",
    list: "array",
    dict: "object",
}


def type_name(value: Any) -> str:
    """Return the JSON type of *value*; ``integer`` for a whole number that is written as one."""
    kind = type(value)
    if kind in _TYPE_NAMES:
        return _TYPE_NAMES[kind]
    if isinstance(value, float):
        return "number" if value - value == 0 else str(value)
    return next((name for known, name in _TYPE_NAMES.items() if isinstance(value, known)), kind.__name__)


def counted(number: float, noun: str) -> str:
    """Return ``1 item``, ``2 items``."""
    number = int(number) if number == int(number) else number
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


# Keywords that refuse by a size, or by what is not there.
COUNTING = words(
    "minLength maxLength minItems maxItems contains minContains maxContains minProperties maxProperties required "
    "dependentRequired dependencies"
)


def found_phrase(keyword: str, value: Any) -> str:
    """Return what was found where *keyword* refused *value*: its type, and its size where the keyword counts."""
    if keyword in ("minLength", "maxLength") and isinstance(value, str):
        return f"string of {counted(len(value), 'character')}"
    if keyword in ("minItems", "maxItems", "contains", "minContains", "maxContains") and isinstance(value, list):
        return f"array of {counted(len(value), 'item')}"
    if keyword in ("minProperties", "maxProperties") and isinstance(value, dict):
        return f"object of {counted(len(value), 'field')}"
    if keyword in ("required", "dependentRequired", "dependencies") and isinstance(value, dict):
        return "no such field"
    return type_name(value)
