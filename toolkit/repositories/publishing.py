"""Publish a version of a schema: only if it compiles, stands alone, and breaks nobody."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass

from toolkit.errors import IncompatibleSchema, InvalidInput, SchemaError, VersionExists
from toolkit.hive.compatibility import LEVELS, Compatibility, Level, compatibility, incompatible_changes
from toolkit.repositories.repository import SchemaRepository, plain_name, schema_from_text
from toolkit.schema import Schema, SchemaLike, as_schema, bundled
from toolkit.validator import compile_schema

DEFAULT_LEVEL: Level = "BACKWARD"
_HALF_PAIR = re.compile("[\ud800-\udfff]")
# How often a publisher tries again that others were quicker than.
_TRIES = 20


@dataclass(frozen=True, slots=True)
class Published:
    """What became of a publication: the version, whether it is new, and how it compares with the one before it."""

    name: str
    version: str
    is_new: bool
    compatibility: Compatibility | None


def publish(
    repository: SchemaRepository,
    name: str,
    schema: SchemaLike,
    *,
    level: Level = DEFAULT_LEVEL,
    strict: bool = True,
) -> Published:
    """
    Publish *schema* as the next version of *name* and return what became of it.

    The document is stored with everything that it refers to (`toolkit.schema.bundled`), so that it never changes. A schema
    that equals the latest version is not published again. Two that publish at once get two versions, the later one
    compared with the earlier.

    Raises:
        SchemaError: the schema does not compile, or the repository takes no such document.
        IncompatibleSchema: it breaks *level*; carries the changes that do.
        InvalidInput: the level does not exist.
    """
    text = checked_text(schema, strict=strict)
    alone = schema_from_text(text, name)
    for _ in range(_TRIES):
        outcome = check(repository, name, alone, level=level, strict=strict)
        if not outcome.is_new:
            return outcome
        try:
            repository.add(plain_name(name), outcome.version, text)
        except VersionExists:
            if outcome.version not in repository.versions(name):
                raise
            continue
        return outcome
    raise VersionExists(f"others publish {name} all the time; try again", source=str(repository))


def check(
    repository: SchemaRepository,
    name: str,
    schema: SchemaLike,
    *,
    level: Level = DEFAULT_LEVEL,
    strict: bool = True,
) -> Published:
    """Return what `publish` would do, without doing it; raises as that does."""
    if level not in LEVELS:
        raise InvalidInput(f"compatibility level {level!r}: expected one of {', '.join(LEVELS)}")
    versions = repository.versions(plain_name(name))
    alone = schema_from_text(checked_text(schema, strict=strict), name)
    if not versions:
        return Published(name, "1", True, None)
    wanted, older = _usable(
        repository, name, versions, most=None if level.endswith("_TRANSITIVE") else 1, strict=strict
    )
    following = str(int(versions[-1]) + 1)
    if not older:
        return Published(name, following, True, None)
    verdict = compatibility(older[-1], alone, strict=strict)
    if wanted[-1] == versions[-1] and bundled(older[-1]) == bundled(alone):
        return Published(name, versions[-1], False, verdict)
    broken = incompatible_changes([*older, alone], level, strict=strict)
    if broken:
        counted = "1 change breaks" if len(broken) == 1 else f"{len(broken)} changes break"
        raise IncompatibleSchema(
            f"not {level}: {counted} it; change the schema, or publish it under another name",
            changes=tuple(f"since version {wanted[index]}: {change}" for index, change in broken),
            source=f"{name}/{following}",
        )
    return Published(name, following, True, verdict)


def _usable(
    repository: SchemaRepository, name: str, versions: Sequence[str], *, most: int | None, strict: bool
) -> tuple[list[str], list[Schema]]:
    """
    Return the latest *most* versions that are schemas, or all of them, oldest first.

    What somebody wrote past `publish` and is no schema judges no event: it must not keep the next version from being published.
    """
    found: list[tuple[str, Schema]] = []
    for version in reversed(versions):
        if most is not None and len(found) == most:
            break
        try:
            schema = repository.load(name, version)
            compile_schema(schema, strict=strict)
        except SchemaError:
            continue
        found.insert(0, (version, schema))
    return [version for version, _ in found], [schema for _, schema in found]


def checked_text(schema: SchemaLike, *, strict: bool = True) -> str:
    """
    Return the text under which *schema* is published: JSON in which nothing refers to the outside.

    Raises:
        SchemaError: the schema does not compile.
    """
    schema = as_schema(schema)
    compile_schema(schema, strict=strict)
    return document_text(bundled(schema)) + "\n"


def document_text(contents: object) -> str:
    """Return *contents* as JSON that can be read and be written as UTF-8, whatever its strings hold."""
    text = json.dumps(contents, indent=2, ensure_ascii=False)
    # Half of a surrogate pair is JSON only as an escape.
    return json.dumps(contents, indent=2) if _HALF_PAIR.search(text) else text
