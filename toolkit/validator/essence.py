"""What schemas have in common that judge alike: their contents without what never decides, and without their place."""

from __future__ import annotations

import json

from toolkit.schema import Dialect, Schema
from toolkit.schema.dialect import words
from toolkit.schema.structure import subschemas

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

_SILENT = words("$comment $defs default definitions deprecated description examples readOnly title writeOnly")
# A schema that may have a name of its own is not like any other.
_NAMING = words("$anchor $dynamicAnchor $id $recursiveAnchor $schema id")


def essence(schema: Schema) -> str | None:
    """Return a text that is the same only for schemas that accept the same instances; None where there is none."""
    try:
        told = json.dumps(_told(schema.contents, schema.dialect))
    except (_Named, RecursionError):
        return None
    # References are resolved against the base.
    return f"= {schema.dialect.uri} {schema.base_uri} {told}"


class _Named(Exception):
    """A schema has a name of its own."""


def _told(contents: Any, dialect: Dialect) -> Any:
    if isinstance(contents, bool):
        return contents
    if not _NAMING.isdisjoint(contents):
        raise _Named
    told = {keyword: value for keyword, value in contents.items() if keyword not in _SILENT}
    copied = set()
    for (keyword, *rest), below in subschemas(told, dialect):
        if not rest:
            told[keyword] = _told(below, dialect)
        elif len(rest) == 1:
            if keyword not in copied:
                copied.add(keyword)
                told[keyword] = told[keyword].copy()
            told[keyword][rest[0]] = _told(below, dialect)
    return told
