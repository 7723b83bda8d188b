"""
From what generated functions note to errors that a person can read.

A function notes ``(path, keywords, site, value, found, branches)``: linked pairs for the two locations, a constant of
the place in the schema, the refused value, a phrase of its own for it or None, and for a union the functions that tell
why each branch refused. All of this becomes text only here.
"""

from __future__ import annotations

import functools
from collections.abc import Callable

from toolkit.dataclass import dataclass
from toolkit.validator.error import ValidationError
from toolkit.validator.foreign import ForeignType
from toolkit.validator.wording import COUNTING, found_phrase, joined, json_text, shortened, type_name

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

# The reasons of a union's nearest branch are cut here; a count of thousands helps nobody.
_MOST_REASONS = 20
# Unions that are branches of unions are looked into so deep.
_MOST_UNIONS = 3
# A key in a location is cut beyond so many characters.
_MOST_KEY_CHARACTERS = 256
# An error of these at a branch's own place says that another kind of value was meant.
_KINDS = frozenset({"type", "const", "enum", "false"})


@dataclass(frozen=True, slots=True)
class Site:
    """
    What is known of an error before there is an instance: the rest of its keyword location, and what was expected.

    ``missing`` names the field that is not there, where that is the error.
    """

    suffix: str
    keyword: str
    expected: str
    absolute: str
    missing: str | None = None


# What strict mode refuses stands at no place of the schema; it is what `unevaluatedProperties: false` would say.
UNDECLARED = Site("", "unevaluatedProperties", "no undeclared field", "")


@dataclass(frozen=True, slots=True)
class Limits:
    """How many errors are collected, and whether they quote values."""

    most_errors: int = 1000
    show_values: bool = False


class Enough(Exception):
    """As many errors were collected as were asked for; generated functions raise it."""


class Notes(list["Any"]):
    """What a generated function notes; it stops once there are ``most``."""

    most: int


def collected(report: Callable[..., Any], instance: Any, limits: Limits) -> list[ValidationError]:
    """Return the errors that the generated function *report* finds in *instance*."""
    return _converted(_notes(report, instance, None, None, limits.most_errors), limits)


def places(report: Callable[..., Any], instance: Any, limits: Limits) -> list[tuple[tuple[Any, ...], Site]]:
    """Return the tokens of the place of each error that *report* finds in *instance*, and the site that refused it."""
    notes = _notes(report, instance, None, None, limits.most_errors)
    return [(_located(path)[0], site) for path, _, site, *_ in notes]


def _notes(report: Callable[..., Any], instance: Any, path: Any, keywords: Any, most: int) -> list[Any]:
    notes = Notes()
    notes.most = most
    # Full, it has what was asked for; `contextlib.suppress` takes longer than the report.
    try:  # noqa: SIM105
        report(instance, path, keywords, notes)
    except Enough:
        pass
    return notes


def _converted(notes: list[Any], limits: Limits) -> list[ValidationError]:
    errors = []
    for path, keywords, site, value, found, branches in notes:
        # The place of most errors, without the call.
        is_at_root = (
            path is not None and path[0] is None and type(path[1]) is str and len(path[1]) < _MOST_KEY_CHARACTERS
        )
        tokens, location = _at_root(path[1]) if is_at_root else _located(path)
        keyword_location = site.suffix
        while keywords is not None:
            keywords, token = keywords
            keyword_location = token + keyword_location
        keyword, expected = site.keyword, site.expected
        context: tuple[ValidationError, ...] = ()
        if branches is not None:
            expected, value, nearest = _nearest(value, path, branches, expected)
            context = tuple(_converted(nearest, limits))
        phrase = found or (found_phrase(keyword, value) if keyword in COUNTING else type_name(value))
        if limits.show_values:
            phrase = f"{phrase} {json_text(value)}"
        errors.append(
            ValidationError(
                location,
                keyword_location,
                keyword,
                expected,
                phrase,
                tokens,
                None,
                None,
                None,
                context,
                site.absolute,
                site.missing,
            )
        )
    return errors


def _located(path: Any) -> tuple[tuple[Any, ...], str]:
    """Return the tokens of linked pairs, outermost first, and the pointer they make."""
    if path is None:
        return (), ""
    tokens = []
    location = ""
    while path is not None:
        path, token = path
        if isinstance(token, str):
            if len(token) > _MOST_KEY_CHARACTERS:
                token = shortened(token, _MOST_KEY_CHARACTERS)
            escaped = _escaped(token)
        elif type(token) is int:
            escaped = str(token)
        else:
            raise ForeignType
        tokens.append(token)
        location = f"/{escaped}{location}"
    tokens.reverse()
    return tuple(tokens), location


@functools.lru_cache(maxsize=1024)
def _at_root(key: str) -> tuple[tuple[str, ...], str]:
    return (key,), "/" + _escaped(key)


def _escaped(key: str) -> str:
    return key.replace("~", "~0").replace("/", "~1") if "~" in key or "/" in key else key


def _nearest(value: Any, path: Any, branches: Any, expected: str) -> tuple[str, Any, list[Any]]:
    """
    Return what a union expected, the value that it refused, and the notes of the branch that came nearest.

    That is the branch of the right kind (no type or constant refused at its own place or in a field directly below)
    with the fewest reasons. Where every branch wants another type, their types are all there is to say; where each wants
    a constant of its own in one field, what that field may hold.
    """
    reasons = _reasons(value, path, branches)
    if all(len(notes) == 1 and notes[0][2].keyword == "type" and notes[0][0] is path for notes in reasons):
        types = dict.fromkeys(notes[0][2].expected for notes in reasons)
        return " or ".join(types), value, []
    unknown = _unknown_kind(reasons, path)
    if unknown:
        key = unknown[0][0][1]
        kinds = joined(dict.fromkeys(note[2].expected for note in unknown), "or")
        return f"field {json_text(key)} to be {kinds}", unknown[0][3], []
    return expected, value, min(reasons, key=lambda notes: _distance(_opened(notes, path), path))


def _unknown_kind(reasons: list[list[Any]], path: Any) -> list[Any]:
    """
    Return a note of each branch for the field that tells the branches apart, if its value belongs to none of them.

    Branches that want another type than there is have no part in that.
    """
    branches = [notes for notes in reasons if not _is_of_another_type(notes, path)]
    choices = _constants(branches, path).values() if len(branches) > 1 else ()
    return max(choices, key=lambda notes: len({note[2].expected for note in notes}), default=[])


def _constants(branches: list[list[Any]], path: Any, level: int = 0) -> dict[str, list[Any]]:
    """Return by field the notes of *branches* for a constant that it must equal, where each has one."""
    found = []
    for notes in branches:
        fields: dict[str, list[Any]] = {}
        for note in notes:
            if _is_constant_below(note, path):
                fields.setdefault(note[0][1], []).append(note)
            elif _is_union_here(note, path) and level < _MOST_UNIONS:
                inner = [notes for notes in _reasons(note[3], path, note[5]) if not _is_of_another_type(notes, path)]
                fields |= _constants(inner, path, level + 1) if inner else {}
        found.append(fields)
    return {
        key: [note for fields in found for note in fields[key]]
        for key in found[0]
        if all(key in each for each in found)
    }


def _opened(notes: list[Any], path: Any, level: int = 0) -> list[Any]:
    """Return *notes* with those of its nearest branch in the place of a union that is a branch itself: alone it hides them."""
    if level == _MOST_UNIONS:
        return notes
    opened = []
    for note in notes:
        if _is_union_here(note, path):
            inner = [_opened(notes, path, level + 1) for notes in _reasons(note[3], path, note[5])]
            nearest: list[Any] = min(inner, key=lambda notes: _distance(notes, path))
            opened += nearest
        else:
            opened.append(note)
    return opened


def _reasons(value: Any, path: Any, branches: Any) -> list[list[Any]]:
    """Return why each branch of a union refused *value*."""
    return [_notes(report, value, path, keywords, _MOST_REASONS) for report, keywords in branches]


def _is_union_here(note: Any, path: Any) -> bool:
    return note[0] is path and bool(note[5])


def _is_of_another_type(notes: list[Any], path: Any) -> bool:
    return any(note[0] is path and note[2].keyword == "type" for note in notes)


def _is_constant_below(note: Any, path: Any) -> bool:
    """Tell whether *note* is of a field directly below *path* that must equal one of some values."""
    return note[0] is not None and note[0][0] is path and note[2].keyword in ("const", "enum")


def _distance(notes: list[Any], path: Any) -> tuple[bool, bool, int]:
    wrong_here = any(note[0] is path and note[2].keyword in _KINDS for note in notes)
    wrong_below = any(_is_constant_below(note, path) for note in notes)
    return wrong_here, wrong_below, len(notes)
