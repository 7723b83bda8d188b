"""Where in the text of an event the place stands that an error names."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass

from toolkit.errors import InvalidInput
from toolkit.validator import TEXT_KEYWORDS, ValidationError
from toolkit.validator.error import best_match

_BLANKS = re.compile(r"[ \t\r\n]*")
_STRING = re.compile(r'"(?:[^"\\]|\\.)*"', re.S)
_SCALAR = re.compile(r"[^\s,\]}]*")
_STEPS = re.compile(r'"(?:[^"\\]|\\.)*"|[\[\]{}]', re.S)
_UNDECLARED = ("additionalProperties", "unevaluatedProperties")
MOST_AROUND = 140
MOST_MARKED = 240
END_OF_LINE = "(end of the line)"


@dataclass(frozen=True, slots=True)
class Excerpt:
    """A part of a text around a marked place; "…" stands where something was left out."""

    before: str
    marked: str
    after: str


@dataclass(frozen=True, slots=True)
class Member:
    """A member of an object or an array: its token, where its key (or value) begins, where its value begins and ends."""

    token: str | int
    start: int
    value: int
    end: int


def excerpt(line: bytes, error: ValidationError) -> Excerpt:
    """
    Return the part of *line* around the place that *error* names, for a union that where its nearest branch refused.

    Bytes that are no UTF-8 show as U+FFFD.
    """
    error = best_match([error]) or error
    text = line.decode(errors="replace")
    if error.keyword in TEXT_KEYWORDS:
        start = len(line[: error.byte_offset or 0].decode(errors="replace"))
        end = start + 1
    else:
        start, end = place(text, error.path or (), with_key=error.keyword in _UNDECLARED)
    marked = text[start:end] or END_OF_LINE
    return Excerpt(
        ("…" if start > MOST_AROUND else "") + text[max(0, start - MOST_AROUND) : start],
        marked if len(marked) <= MOST_MARKED else marked[:MOST_MARKED] + "…",
        text[end : end + MOST_AROUND] + ("…" if len(text) > end + MOST_AROUND else ""),
    )


def place(text: str, path: tuple[str | int, ...], *, with_key: bool = False) -> tuple[int, int]:
    """
    Return where the value at *path* begins and ends in the JSON *text*; with *with_key* its key counts too.

    Where the path leads further than the text, it is the last place on it that is there. A key that stands twice is its
    last one, as readers of JSON have it.
    """
    begin = start = _skip(text, 0)
    end = _end(text, start)
    for token in path:
        found = None
        for member in members(text, start):
            if member.token == token:
                found = member
        if found is None:
            return begin, end
        begin, start, end = found.start if with_key else found.value, found.value, found.end
    return begin, end


def members(text: str, start: int) -> Iterator[Member]:
    """Yield the members of the object or array that begins at *start*; nothing for another value."""
    opening = text[start : start + 1]
    if opening not in ("{", "["):
        return
    at, index = _skip(text, start + 1), 0
    while at < len(text) and text[at] not in "]}":
        begin, token = at, index
        if opening == "{":
            key = _STRING.match(text, at)
            if key is None:
                return
            at = _skip(text, _skip(text, key.end()) + 1)
            yield Member(json.loads(key.group(), strict=False), begin, at, _end(text, at))
        else:
            yield Member(token, at, at, _end(text, at))
        at = _skip(text, _end(text, at))
        if text[at : at + 1] == ",":
            at = _skip(text, at + 1)
        index += 1


def events_in(text: str) -> tuple[bytes, ...]:
    """
    Return the events of a pasted *text*: one JSON object or an array of them, however it is laid out, else a line each.

    The spelling of each stays: only line ends between the parts of one event become blanks.

    Raises:
        InvalidInput: the text is empty.
    """
    text = text.strip()
    if not text:
        raise InvalidInput("nothing to validate: paste an event, an array of events, or one event a line")
    try:
        value = json.loads(text)
    except (ValueError, RecursionError):
        first = text.partition("\n")[0].rstrip(", \t\r")
        if first[:1] in ("{", "[") and first[-1:] not in ("}", "]"):
            # An event laid out over several lines, with a fault somewhere: its lines say nothing one by one.
            return (re.sub(r"[\r\n]+", " ", text).encode(errors="replace"),)
        return tuple(line.encode(errors="replace") for line in text.split("\n") if line.strip())
    parts = [text[member.value : member.end] for member in members(text, 0)] if isinstance(value, list) else [text]
    # Inside JSON's strings there is no line end.
    return tuple(re.sub(r"[\r\n]+", " ", part).encode(errors="replace") for part in parts)


def _skip(text: str, at: int) -> int:
    found = _BLANKS.match(text, at)
    return found.end() if found else at


def _end(text: str, start: int) -> int:
    if text[start : start + 1] == '"':
        found = _STRING.match(text, start)
        return found.end() if found else len(text)
    if text[start : start + 1] not in ("{", "["):
        found = _SCALAR.match(text, start)
        return found.end() if found else start
    depth = 0
    for step in _STEPS.finditer(text, start):
        if step.group() in "{[":
            depth += 1
        elif step.group() in "}]":
            depth -= 1
            if not depth:
                return step.end()
    return len(text)
