"""Regular expressions that RE2 can't take: lookaround, references back, possessive quantifiers; and groups that may lack."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from functools import lru_cache
from typing import Any

from toolkit.local.athena.sql.routines.refusal import Routine, invalid

# How long one value may be matched; a pattern that explodes is stopped.
SECONDS = 10

# What RE2 and Joni understand in the same way.
_BEYOND_RE2 = re.compile(
    r"\(\?[=!<>#]|\(\?[a-z-]*x|\\[Qu]|\\[pP]\{\^?[A-Z][a-z]{2,}\}|\\[1-9kGzZhHRXK]|[*+?}]\+|&&|\\x\{|\[\["
)


# A property, or a class that names some.
_PROPERTY = re.compile(r"(?<!\\)\[(?:[^\]\[\\]|\\[^pP])*\\[pP](?:[^\]\[\\]|\\.)*\]|(?<!\\)\\[pP](?:\{\^?\w+\}|\w)")


def is_plain(pattern: str) -> bool:
    """Whether RE2 can take a pattern, and takes it as Trino does."""
    if _BEYOND_RE2.search(pattern):
        return False
    try:
        re.compile(re.sub(r"\\[pP](\{\^?\w+\}|\w)", "x", pattern))
    except re.error:
        return False
    return True


def may_be_empty(pattern: str) -> bool:
    """Whether a pattern also matches nothing, after which RE2 goes on from another place than Joni."""
    simple = re.compile(re.sub(r"\\[pP](\{\^?\w+\}|\w)", "x", pattern))
    return simple.match("") is not None or re.search(r"\\[bB]", pattern) is not None


def matches(pattern: Any, text: str) -> Iterator[Any]:
    """Give every match; after one of nothing the search goes on behind the next character, as in Java."""
    at = 0
    while at <= len(text):
        match = pattern.search(text, at, timeout=SECONDS)
        if match is None:
            return
        yield match
        at = match.end() + (match.end() == match.start())


@lru_cache(maxsize=256)
def compiled(pattern: str) -> Any:
    """
    Give a compiled pattern.

    Raises:
        Refusal: it is none.
    """
    import regex

    # In Java's syntax a bracket may stand in a class as it is, and $ also matches before a last line's end.
    try:
        quoted = re.sub(r"\\Q(.*?)(?:\\E|\Z)", lambda found: re.escape(found[1]), pattern, flags=re.DOTALL)
        # Joni's words are ASCII's, and its properties those of all characters.
        quoted = _PROPERTY.sub(r"(?u:\g<0>)", quoted)
        # Classes are intersected in the newer syntax alone.
        version = regex.VERSION1 if "&&" in quoted else regex.VERSION0
        return regex.compile(quoted, version | regex.ASCII)
    except regex.error as error:
        raise invalid(str(error)) from error


def _checked_group(pattern: Any, group: int) -> int:
    if group < 0:
        raise invalid("Group cannot be negative")
    if group > pattern.groups:
        raise invalid(f"Pattern has {pattern.groups} groups. Cannot access group {group}")
    return group


def regexp_like(text: str, pattern: str) -> bool:
    """Whether a pattern is found in a text."""
    return compiled(pattern).search(text, timeout=SECONDS) is not None


def regexp_extract(text: str, pattern: str, group: int) -> str | None:
    """Give a group of the first match."""
    found = compiled(pattern)
    number = _checked_group(found, group)
    match = found.search(text, timeout=SECONDS)
    return match[number] if match is not None else None


def regexp_extract_all(text: str, pattern: str, group: int) -> list[str | None]:
    """Give a group of every match."""
    found = compiled(pattern)
    number = _checked_group(found, group)
    return [match[number] for match in matches(found, text)]


def regexp_count(text: str, pattern: str) -> int:
    """Give the number of matches."""
    return sum(1 for _ in matches(compiled(pattern), text))


def regexp_position(text: str, pattern: str, start: int, occurrence: int) -> int:
    """Give where the match of that number begins, counted from 1, -1 if there is none."""
    if start < 1:
        raise invalid("start position cannot be smaller than 1")
    if occurrence < 1:
        raise invalid("occurrence cannot be smaller than 1")
    if start > len(text):
        return -1
    for number, match in enumerate(compiled(pattern).finditer(text, start - 1, timeout=SECONDS), 1):
        if number == occurrence:
            return int(match.start()) + 1
    return -1


def regexp_split(text: str, pattern: str) -> list[str]:
    """Give the texts between the matches."""
    parts, position = [], 0
    for match in matches(compiled(pattern), text):
        if match.end() == 0 and match.start() == 0:
            # Joni takes an empty match at the beginning for none.
            parts.append("")
            continue
        parts.append(text[position : match.start()])
        position = match.end()
    return [*parts, text[position:]]


def regexp_pieces(text: str, pattern: str) -> str:
    """Give, as JSON, what stands before each match and the groups of it, and what stands after the last."""
    pieces, position = [], 0
    for match in matches(compiled(pattern), text):
        pieces.append({"b": text[position : match.start()], "g": list(match.groups())})
        position = match.end()
    return json.dumps([*pieces, {"b": text[position:], "g": None}])


_REFERENCE = re.compile(r"\\(.)|\\\Z|\$(?:\{([^}]*)\}|(\d)|)", re.DOTALL)


@lru_cache(maxsize=256)
def _template(pattern: str, replacement: str) -> tuple[str | int, ...]:
    found = compiled(pattern)
    parts: list[str | int] = []
    position = 0
    while (match := _REFERENCE.search(replacement, position)) is not None:
        parts.append(replacement[position : match.start()])
        position = match.end()
        if match[1] is not None:
            parts.append(match[1])
        elif match[2] is not None:
            if match[2] not in found.groupindex:
                raise invalid(f"Illegal replacement sequence: unknown group {{ {match[2]} }}")
            parts.append(found.groupindex[match[2]])
        elif match[3] is not None:
            number = int(match[3])
            if number > found.groups:
                raise invalid(f"Illegal replacement sequence: unknown group {number}")
            # More digits belong to it as long as there is such a group.
            while position < len(replacement) and replacement[position].isdigit():
                longer = 10 * number + int(replacement[position])
                if longer > found.groups:
                    break
                number, position = longer, position + 1
            parts.append(number)
        else:
            raise invalid(f"Illegal replacement sequence: {replacement}")
    return (*parts, replacement[position:])


def regexp_replace(text: str, pattern: str, replacement: str) -> str:
    """Replace every match; ``$1`` and ``${name}`` stand for groups."""
    template = _template(pattern, replacement)

    def replaced(match: Any) -> str:
        return "".join(part if isinstance(part, str) else (match[part] or "") for part in template)

    parts, end = [], 0
    for match in matches(compiled(pattern), text):
        parts += [text[end : match.start()], replaced(match)]
        end = match.end()
    return "".join([*parts, text[end:]])


def like(text: str, pattern: str, escape: str) -> bool:
    """Whether a text is like a pattern in which a character escapes."""
    return _like(pattern, escape).fullmatch(text) is not None


@lru_cache(maxsize=256)
def _like(pattern: str, escape: str) -> re.Pattern[str]:
    if len(escape) != 1:
        raise invalid("Escape string must be a single character")
    parts, letters = [], iter(pattern)
    for letter in letters:
        if letter == escape:
            escaped = next(letters, "")
            if escaped not in ("%", "_", escape) or not escaped:
                raise invalid("Escape character must be followed by '%', '_' or the escape character itself")
            parts.append(re.escape(escaped))
        else:
            parts.append({"%": ".*", "_": "."}.get(letter) or re.escape(letter))
    return re.compile("".join(parts), re.DOTALL)


ROUTINES: dict[str, Routine] = {
    "regexp_like": (regexp_like, ("VARCHAR", "VARCHAR"), "BOOLEAN"),
    "regexp_extract": (regexp_extract, ("VARCHAR", "VARCHAR", "BIGINT"), "VARCHAR"),
    "regexp_extract_all": (regexp_extract_all, ("VARCHAR", "VARCHAR", "BIGINT"), "VARCHAR[]"),
    "regexp_count": (regexp_count, ("VARCHAR", "VARCHAR"), "BIGINT"),
    "regexp_position": (regexp_position, ("VARCHAR", "VARCHAR", "INTEGER", "INTEGER"), "INTEGER"),
    "regexp_pieces": (regexp_pieces, ("VARCHAR", "VARCHAR"), "VARCHAR"),
    "regexp_split": (regexp_split, ("VARCHAR", "VARCHAR"), "VARCHAR[]"),
    "regexp_replace": (regexp_replace, ("VARCHAR", "VARCHAR", "VARCHAR"), "VARCHAR"),
    "like": (like, ("VARCHAR", "VARCHAR", "VARCHAR"), "BOOLEAN"),
}
