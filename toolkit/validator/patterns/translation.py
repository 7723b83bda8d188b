"""A tree of ECMA-262 written as a pattern of Python's ``re``."""

from __future__ import annotations

from toolkit.validator.patterns.characters import EVERYTHING, Ranges
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

# `\b` is read as ASCII, which the flag re.ASCII says; everything else is written out.
_ASSERTIONS = {"start": r"\A", "end": r"\Z", "boundary": r"\b", "no boundary": r"\B"}


def translated(node: Node) -> str:
    """Return the pattern of Python that means what *node* does, to be compiled with ``re.ASCII``."""
    match node:
        case Characters(ranges):
            return character_class(ranges)
        case Sequence(parts):
            return "".join(
                f"(?:{translated(part)})" if isinstance(part, Choice) else translated(part) for part in parts
            )
        case Choice(options):
            return "|".join(translated(option) for option in options)
        case Group(body, _):
            return f"({translated(body)})"
        case Look(body, ahead, negative):
            return f"(?{'' if ahead else '<'}{'!' if negative else '='}{translated(body)})"
        case Assertion(kind):
            return _ASSERTIONS[kind]
        case Backreference(number):
            # A group that took no part matches the empty text there; in Python it would fail.
            return f"(?({number})\\{number}|)"
        case Repeat(body, least, most, lazy):
            inner = translated(body)
            if not isinstance(body, Characters | Group):
                inner = f"(?:{inner})"
            signs = {(0, None): "*", (1, None): "+", (0, 1): "?"}
            sign = signs.get((least, most), f"{{{least},{'' if most is None else most}}}")
            return f"{inner}{sign}{'?' if lazy else ''}"


def character_class(ranges: Ranges) -> str:
    """Return the class of Python that holds *ranges*."""
    if not ranges:
        return r"(?!)"
    if ranges == EVERYTHING:
        return r"(?s:.)"
    if len(ranges) == 1 and ranges[0][0] == ranges[0][1]:
        return _escaped(ranges[0][0])
    parts = [_escaped(first) if first == last else f"{_escaped(first)}-{_escaped(last)}" for first, last in ranges]
    return f"[{''.join(parts)}]"


def _escaped(point: int) -> str:
    character = chr(point)
    if character.isascii() and character.isalnum():
        return character
    return f"\\x{point:02x}" if point < 256 else f"\\u{point:04x}" if point < 65536 else f"\\U{point:08x}"
