"""
Strings of JSON as bytes: patterns that accept only strings whose value matches a pattern or a format.

What stands here accepts less than the keyword does, never more: it knows ASCII alone, no escapes, and never goes back
on a choice. A string that it misses is judged on the generic path.
"""

from __future__ import annotations

from toolkit.validator.bulk.shape import Unfit
from toolkit.validator.formats import quick_pattern
from toolkit.validator.patterns.characters import Ranges, complement
from toolkit.validator.patterns.cost import search_cost
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

# Stand-ins for what differs between the two regexes of a template; no key or literal contains a control character.
ANY_STRING = b"\x01"
CHARACTER = b"\x02"
# Around the keys of objects, which the regexes compare with keys before the lines; see the module `learning`.
KEY_START, KEY_END = b"\x03", b"\x04"

_MOST_STEPS = 100_000
# Printable ASCII but for the quote and the backslash.
_PLAIN = frozenset(range(0x20, 0x7F)) - {0x22, 0x5C}
# What a branch of its own would take is left to looks behind, which few days need.
_MONTH_AND_DAY = (
    rb"(?:0[1-9]|1[0-2])-"
    rb"(?:0[1-9]|1[0-9]|2(?:[0-8]|(?<!02-2)9)|3(?:(?<!02-3)0|(?<=0[13578]-3)1|(?<=1[02]-3)1))"
)
_DATE = rb"(?:1[6-9]|2[0-9])[0-9]{2}+-" + _MONTH_AND_DAY
_TIME = rb"(?:[01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9](?:\.[0-9]{1,9}+)?+(?:Z|[+-](?:0[0-9]|1[0-3]):[0-5][0-9])"
_PATH = rb"[A-Za-z0-9._~!$&'()*+,;=:@/-]*+"
_BYTE = rb"(?>25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9][0-9]|[0-9])"
# Each accepts a part of what the format is, by any reading of its standard.
FORMAT_TEXTS: dict[str, bytes] = {
    "date": _DATE,
    "date-time": _DATE + b"T" + _TIME,
    "time": _TIME,
    "uuid": rb"[0-9A-Fa-f]{8}+-[0-9A-Fa-f]{4}+-[0-9A-Fa-f]{4}+-[0-9A-Fa-f]{4}+-[0-9A-Fa-f]{12}+",
    "uri": rb"https?+://[A-Za-z0-9.-]++(?::[0-9]{1,5}+)?+(?:/"
    + _PATH
    + rb")?+(?:\?"
    + _PATH
    + rb")?+(?:#"
    + _PATH
    + rb")?+",
    "ipv4": _BYTE + rb"(?:\." + _BYTE + rb"){3}",
    # Of these the common part is known as a pattern of ASCII that matches no quote.
    **{
        name: (quick_pattern(name) or "").replace(r"[^:\n]", '[^:"]').encode()
        for name in (
            "duration",
            "email",
            "hostname",
            "idn-email",
            "idn-hostname",
            "ipv6",
            "uri-reference",
            "uri-template",
        )
    },
}


def pattern_text(pattern: str) -> bytes:
    """
    Return a bytes pattern of string bodies in which *pattern*, of ECMA-262, matches.

    Raises:
        Unfit: none can be had, for instance where it looks around or refers back.
    """
    try:
        tree = parsed(pattern)
    except PatternSyntax as error:
        raise Unfit("a pattern can't be read") from error
    if search_cost(tree).longest(_MOST_STEPS) is not None:
        raise Unfit("a pattern may take more than linear time")
    while isinstance(tree, Group):
        tree = tree.body
    options = tree.options if isinstance(tree, Choice) else (tree,)
    return _choice([_searched(option) for option in options])


def _searched(tree: Node) -> bytes:
    parts = list(tree.parts) if isinstance(tree, Sequence) else [tree]
    before, behind = b"", ANY_STRING
    if parts and parts[0] == Assertion("start"):
        del parts[0]
    elif parts and isinstance(parts[0], Characters):
        # The first place where the match can begin is tried, and no other.
        before = _class(complement(parts[0].ranges)) + b"*+"
    elif parts:
        raise Unfit("a pattern does not say where it starts")
    if parts and parts[-1] == Assertion("end"):
        del parts[-1]
        behind = b""
    return before + b"".join(map(_possessive, parts)) + behind


def _possessive(node: Node) -> bytes:
    match node:
        case Characters(ranges):
            return _class(ranges)
        case Sequence(parts):
            return b"".join(map(_possessive, parts))
        case Choice(options):
            return _choice(list(map(_possessive, options)))
        case Group(body, _):
            return b"(?:" + _possessive(body) + b")"
        case Repeat(body, least, most, _):
            inner = _possessive(body)
            if not isinstance(body, Characters):
                inner = b"(?:" + inner + b")"
            return inner + b"{%d,%s}+" % (least, b"" if most is None else b"%d" % most)
    raise Unfit("a pattern looks around or refers back")


def _choice(options: list[bytes]) -> bytes:
    return options[0] if len(options) == 1 else b"(?>" + b"|".join(options) + b")"


def _class(ranges: Ranges) -> bytes:
    points = sorted(point for first, last in ranges for point in range(first, min(last, 0x7E) + 1) if point in _PLAIN)
    if not points:
        raise Unfit("a pattern asks for characters beyond ASCII")
    text, at = b"", 0
    while at < len(points):
        end = at
        while end + 1 < len(points) and points[end + 1] == points[end] + 1:
            end += 1
        text += rb"\x%02x" % points[at] if end == at else rb"\x%02x-\x%02x" % (points[at], points[end])
        at = end + 1
    return b"[" + text + b"]"
