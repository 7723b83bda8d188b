r"""
Patterns of ECMA-262 as those of Athena's ``regexp_like``.

Athena reads patterns by Java's syntax, where ``\d``, ``\w``, ``$`` and ``.`` mean other characters than ECMA-262 says; so every
set of characters is written out and the ends are ``\A`` and ``\z``, which all of Trino's engines read alike.

Source: https://trino.io/docs/current/functions/regexp.html
"""

from __future__ import annotations

from toolkit.validator.patterns.characters import EVERYTHING, GREATEST, Ranges, complement
from toolkit.validator.patterns.syntax import (
    Assertion,
    Characters,
    Choice,
    Group,
    Node,
    PatternSyntax,
    Repeat,
    Sequence,
    parsed,
)


class NotExpressible(ValueError):
    """SQL has no equal of it; the message says of what."""


def trino_pattern(pattern: str) -> str:
    """
    Return the pattern that finds in Athena what *pattern* finds by ECMA-262.

    Raises:
        NotExpressible: it looks around, refers back or asks for a word boundary, which the engines read differently; or
            it is no pattern.
    """
    try:
        return _written(parsed(pattern))
    except PatternSyntax as error:
        raise NotExpressible(f"the pattern can't be read: {error}") from error


def _written(node: Node) -> str:
    match node:
        case Characters(ranges):
            return _class(ranges)
        case Sequence(parts):
            return "".join(f"(?:{_written(part)})" if isinstance(part, Choice) else _written(part) for part in parts)
        case Choice(options):
            return "|".join(_written(option) for option in options)
        case Group(body, _):
            return f"(?:{_written(body)})"
        case Assertion("start"):
            return r"\A"
        case Assertion("end"):
            return r"\z"
        case Repeat(body, least, most, lazy):
            inner = _written(body) if isinstance(body, Characters | Group) else f"(?:{_written(body)})"
            bounds = f"{{{least},{'' if most is None else most}}}"
            return f"{inner}{bounds}{'?' if lazy else ''}"
    raise NotExpressible("the pattern looks around, refers back or asks for a word boundary")


def _class(ranges: Ranges) -> str:
    if ranges == EVERYTHING:
        return "(?s:.)"
    if not ranges:
        raise NotExpressible("the pattern asks for a character out of none")
    # The last code points are no characters, so a set that reaches them is written as what it leaves out.
    negative = ranges[-1][1] == GREATEST
    parts = complement(ranges) if negative else ranges
    text = "".join(
        _character(first) if first == last else f"{_character(first)}-{_character(last)}" for first, last in parts
    )
    return f"[{'^' if negative else ''}{text}]"


def _character(point: int) -> str:
    if point < 0x80:
        return chr(point) if chr(point).isalnum() else f"\\x{point:02x}"
    if 0xD800 <= point < 0xE000:
        raise NotExpressible("the pattern asks for half a surrogate pair")
    return chr(point)
