"""
Names for keys: plain, short, and one for one across the whole record.

The OpenX SerDe maps by bare name at every depth: ``mapping.ts = timestamp`` renames a nested ``ts`` as well. So within one
table a name stands for one key only, wherever that key occurs.

Source: https://docs.aws.amazon.com/athena/latest/ug/openx-json-serde.html
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from toolkit.errors import TableError
from toolkit.hive.rules import MAX_NAME_BYTES, Properties

# A mapped name is part of a property key, which has the same limit as the name itself: "mapping.<name>" of the OpenX SerDe, or
# the longer one of Ion.
MAX_LENGTH = MAX_NAME_BYTES - len("ion..path_extractor")

_OTHER = re.compile(r"[^a-z0-9_]+")
_ENDS = re.compile(r"\A[^a-z0-9_]+|[^a-z0-9_]+\Z")
_WORD_END = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")


@dataclass(frozen=True, slots=True)
class Naming:
    """
    Which name stands for which key.

    ``names`` holds name by key as the reader sees keys: lowered, unless ``case_sensitive``. ``by_spelling`` holds them by key
    as the schema spells it, which a later version needs that tells keys by letter case.
    """

    names: Mapping[str, str] = field(default_factory=Properties)
    case_sensitive: bool = False
    by_spelling: Mapping[str, str] = field(default_factory=Properties, compare=False, repr=False)

    def name(self, key: str) -> str:
        """Return the name of *key*."""
        return self.names[self.seen(key)]

    def seen(self, key: str) -> str:
        """Return *key* as the reader sees it."""
        return key if self.case_sensitive else key.lower()

    @property
    def mapping(self) -> dict[str, str]:
        """Key by name, where the two differ: what the SerDe must be told."""
        return {name: key for key, name in self.names.items() if name != key}

    @property
    def renamed(self) -> dict[str, str]:
        """Name by key as the schema spells it, where they differ in more than letter case: what a person must be told."""
        return {key: name for key, name in self.by_spelling.items() if name != self.seen(key)}


def plain_name(key: str, *, style: str = "lower") -> str:
    """
    Return *key* as a name of ``[a-z0-9_]``: accents dropped, every other run of characters one ``_``,
    and ``key`` where nothing is left.

    With the style ``snake`` a word starts at each capital: ``userId`` becomes ``user_id``.
    """
    if style == "snake":
        key = _WORD_END.sub("_", key)
    letters = unicodedata.normalize("NFKD", key).lower()
    letters = "".join(letter for letter in letters if not unicodedata.combining(letter))
    # What is no letter leaves nothing behind at either end: "(a)" is a.
    return _OTHER.sub("_", _ENDS.sub("", letters))[:MAX_LENGTH] or "key"


def allocate_names(
    keys: Iterable[str],
    *,
    case_sensitive: bool = False,
    style: str = "lower",
    collisions: str = "number",
    reserved: Iterable[str] = (),
    known: Mapping[str, str] | None = None,
) -> Naming:
    """
    Return a naming in which each of *keys* has a name and no two share one.

    *known* holds names given earlier, by key: they stay, so that a later version of a schema renames nothing. *reserved*
    are names that no key may have. A key that is its own name keeps it; the others get ``_2``, ``_3``, … where they
    fall together, in the order in which they come.

    Raises:
        TableError: two names fall together and *collisions* is ``refuse``; or *known* gives one name to two keys.
    """
    originals: dict[str, str] = {}
    for key in keys:
        originals.setdefault(key if case_sensitive else key.lower(), key)
    taken = set(reserved)
    names: dict[str, str] = {}
    for key, name in (known or {}).items():
        canonical = key if case_sensitive else key.lower()
        if canonical in originals:
            if name in taken:
                raise TableError(f"name {name!r}, given earlier to the key {key!r}, is taken by another")
            names[canonical] = name
            taken.add(name)
    wanted = {key: plain_name(originals[key], style=style) for key in originals if key not in names}
    for key in sorted(wanted, key=lambda key: wanted[key] != key):
        name = wanted[key]
        if name in taken and collisions == "refuse":
            raise TableError(f"key {key!r}: its name {name!r} is taken; rename the key, or let collisions be numbered")
        names[key] = _free_name(name, taken)
        taken.add(names[key])
    return Naming(
        Properties({key: names[key] for key in originals}),
        case_sensitive,
        Properties({spelled: names[key] for key, spelled in originals.items()}),
    )


def _free_name(name: str, taken: set[str]) -> str:
    number = 1
    free = name
    while free in taken:
        number += 1
        suffix = f"_{number}"
        free = name[: MAX_LENGTH - len(suffix)] + suffix
    return free
