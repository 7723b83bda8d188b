"""The one interface of all schema repositories, and what they share."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from difflib import get_close_matches
from typing import Any, Protocol

from toolkit.errors import NotFound, SchemaError, SchemaNotFound
from toolkit.schema import Schema, load_schema
from toolkit.schema.registry import json_kind

# File systems and the Glue Schema Registry take 255 characters, of which an ending may need some.
PLAIN_NAME = re.compile(r"[A-Za-z0-9_-][A-Za-z0-9._-]{0,199}")

_LONGEST_SHOWN = 60
# Names that an error lists.
_MOST_NAMES = 20


class SchemaRepository(Protocol):
    """Schemas by event name and version; versions are whole numbers, given as text, and never change."""

    def names(self) -> tuple[str, ...]:
        """Return the event names, sorted."""

    def versions(self, name: str) -> tuple[str, ...]:
        """Return the versions of *name*, oldest first; empty where the name is unknown."""

    def load(self, name: str, version: str = "") -> Schema:
        """
        Return one schema, by default its latest version.

        Raises:
            SchemaNotFound: no such name or version.
            SchemaError: the document is no JSON Schema.
            AwsError: the repository can't be asked; says nothing about the schema.
        """

    def add(self, name: str, version: str, text: str) -> None:
        """
        Store the document *text* as a version that is not there yet; `publish` checks it beforehand.

        Raises:
            VersionExists: the version is there.
            SchemaError: the repository takes no such document.
        """


def chosen_version(repository: SchemaRepository, name: str, version: str) -> str:
    """
    Return *version*, or the latest where it is "".

    Raises:
        SchemaNotFound: no such name or version; says what there is.
    """
    versions = repository.versions(name)
    if not versions:
        names = repository.names()
        like = get_close_matches(name, names, 1)
        meant = f"did you mean {like[0]!r}? " if like else ""
        more = f" and {len(names) - _MOST_NAMES} more" if len(names) > _MOST_NAMES else ""
        known = ", ".join(names[:_MOST_NAMES]) or "none"
        raise SchemaNotFound(f"no schema named {name!r}; {meant}there are: {known}{more}", source=str(repository))
    if version and version not in versions:
        raise SchemaNotFound(
            f"{name} has no version {version!r}; it has: {', '.join(versions)}", source=str(repository)
        )
    return version or versions[-1]


def is_document(text: str) -> bool:
    """Tell whether *text* means a schema document, or a place in one, and not a name in a repository."""
    return "#" in text or text.endswith(".json")


def plain_name(name: str) -> str:
    """
    Return *name* as it is, if it can be a folder, a key and a schema's name at once.

    Raises:
        SchemaNotFound: it can't.
    """
    if not PLAIN_NAME.fullmatch(name):
        shown = name if len(name) <= _LONGEST_SHOWN else name[:_LONGEST_SHOWN] + "…"
        way_out = "; a schema document stands in the place of a repository" if is_document(name) else ""
        raise SchemaNotFound(
            f"{shown!r} is no event name: expected at most 200 letters, digits, '_', '-' and '.'{way_out}"
        )
    return name


@contextmanager
def named_where_missing(repository: SchemaRepository, kind: str) -> Iterator[None]:
    """Let what the service says inside the block of a *kind* that is not there, such as a table, name the repository."""
    try:
        yield
    except NotFound as error:
        error.message = (
            f"{repository}: there is no such {kind}; correct the name, or make it: `toolkit platform deploy` makes the "
            "platform's own"
        )
        raise


def sorted_versions(versions: Iterable[str]) -> tuple[str, ...]:
    """Return *versions* in the order of their numbers."""
    return tuple(sorted(versions, key=int))


def schema_from_text(text: str, source: str) -> Schema:
    """
    Return the schema that the JSON *text* holds; *source* names it in errors.

    Raises:
        SchemaError: the text is no JSON, or neither an object nor a boolean.
    """
    try:
        contents: Any = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise SchemaError(f"expected JSON: {error}", source=source) from error
    if not isinstance(contents, dict | bool):
        raise SchemaError(f"expected an object or a boolean as schema, found {json_kind(contents)}", source=source)
    try:
        return load_schema(contents)
    except SchemaError as error:
        error.source = error.source or source
        raise
