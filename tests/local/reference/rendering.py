"""
Trino's values as the text that Athena prints.

Rules of Athena that plain Trino's JSON does not show: ``[1, 2]``, ``{k=v}``, ``{name=v}`` with ``field0`` for a field that has
no name, ``null`` inside of a nested value, bytes as ``0a ff``, and three digits at least after the seconds.
"""

import base64
import re
from typing import Any, NamedTuple


class Type(NamedTuple):
    """A type as Trino writes it: ``map(varchar, row(a integer))``."""

    name: str
    arguments: tuple["Type", ...] = ()
    fields: tuple[str, ...] = ()
    numbers: tuple[int, ...] = ()


def parse_type(text: str) -> Type:
    """Give the type that Trino wrote as *text*."""
    text = text.strip()
    match = re.fullmatch(r"([a-z]+)\s*(?:\((.*)\))?(.*)", text, re.S | re.I)
    assert match, text
    name, inside, rest = match[1].lower(), match[2], match[3].strip().lower()
    if name in ("array", "map") and inside is not None:
        return Type(name, tuple(parse_type(part) for part in _split(inside)))
    if name == "row":
        fields, types = zip(*(_field(part) for part in _split(inside)), strict=True)
        return Type(name, tuple(types), tuple(field or f"field{number}" for number, field in enumerate(fields)))
    numbers = tuple(int(number) for number in inside.split(",")) if inside else ()
    return Type(f"{name} {rest}".strip(), numbers=numbers)


def _split(text: str) -> list[str]:
    parts, depth, start, quoted = [], 0, 0, False
    for place, letter in enumerate(text):
        if letter == '"':
            quoted = not quoted
        elif not quoted and letter in "()":
            depth += 1 if letter == "(" else -1
        elif not quoted and letter == "," and not depth:
            parts.append(text[start:place])
            start = place + 1
    return [part.strip() for part in (*parts, text[start:])]


# The types of more than one word, which a field without a name would else be taken apart from.
_WORDY = ("timestamp", "time", "interval")


def _field(text: str) -> tuple[str, Type]:
    if text.startswith('"'):
        name, _, rest = text[1:].partition('" ')
        return name, parse_type(rest)
    first, space, rest = text.partition(" ")
    if not space or "(" in first or first.lower() in _WORDY:
        return "", parse_type(text)
    return first, parse_type(rest)


def athena_text(value: Any, kind: Type, *, nested: bool = False) -> str | None:
    """Give the text that Athena prints for a value of Trino's JSON, None for NULL."""
    if value is None:
        return "null" if nested else None
    match kind.name:
        case "boolean":
            return "true" if value else "false"
        case "varbinary":
            return base64.b64decode(value).hex(" ")
        case "array":
            return "[" + ", ".join(_inside(item, kind.arguments[0]) for item in value) + "]"
        case "map":
            keys, values = kind.arguments
            return "{" + ", ".join(f"{_key(key, keys)}={_inside(item, values)}" for key, item in value.items()) + "}"
        case "row":
            members = zip(kind.fields, value, kind.arguments, strict=True)
            return "{" + ", ".join(f"{name}={_inside(item, member)}" for name, item, member in members) + "}"
        case "timestamp" | "timestamp with time zone":
            return _with_milliseconds(value)
    return str(value)


def _inside(value: Any, kind: Type) -> str:
    return str(athena_text(value, kind, nested=True))


def _key(text: str, kind: Type) -> str:
    """Give the text of a map's key, which JSON holds as text: a row or an array as Java prints a list."""
    if kind.name != "row":
        return _inside(text, kind)
    return _inside(_split(text[1:-1]), kind)


def _with_milliseconds(text: str) -> str:
    """Give the text of a point in time with three digits at least after the seconds."""
    match = re.match(r"(.*?\d\d:\d\d:\d\d)(?:\.(\d+))?(.*)", text, re.S)
    assert match, text
    return f"{match[1]}.{(match[2] or '').ljust(3, '0')}{match[3]}"
