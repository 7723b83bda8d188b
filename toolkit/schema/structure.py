"""
Where subschemas stand inside a schema: the keywords that hold one, a list of them, or a mapping of them.

Ids and anchors count at these places alone; the same words inside ``enum``, ``const``, ``default`` or an unknown
keyword are plain data.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from toolkit.schema.dialect import Dialect, words

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

_HOLDS_ONE = words(
    "additionalItems additionalProperties contains propertyNames not if then else unevaluatedItems "
    "unevaluatedProperties contentSchema items"
)
_HOLDS_LIST = words("allOf anyOf oneOf prefixItems items")
_HOLDS_MAPPING = words(
    "properties patternProperties definitions $defs dependentSchemas dependencies propertyDependencies"
)
_HOLDS_ANY = _HOLDS_ONE | _HOLDS_LIST | _HOLDS_MAPPING


def subschemas(contents: Mapping[str, Any], dialect: Dialect) -> Iterable[tuple[tuple[str | int, ...], Any]]:
    """Return ``(tokens, contents)`` of each direct subschema; those that are no schemas by their type are left out."""
    # Most schemas hold none, which is seen in a tenth of the time.
    return () if _HOLDS_ANY.isdisjoint(contents) else _subschemas(contents, dialect)


def _subschemas(contents: Mapping[str, Any], dialect: Dialect) -> Iterator[tuple[tuple[str | int, ...], Any]]:
    for keyword, value in contents.items():
        if keyword not in _HOLDS_ANY or keyword not in dialect.keywords:
            continue
        if isinstance(value, dict | bool) and keyword in _HOLDS_ONE:
            yield (keyword,), value
        elif isinstance(value, dict) and keyword == "propertyDependencies":
            for name, choices in value.items():
                for choice, subschema in choices.items() if isinstance(choices, dict) else ():
                    if isinstance(subschema, dict | bool):
                        yield (keyword, name, choice), subschema
        elif isinstance(value, dict) and keyword in _HOLDS_MAPPING:
            for name, subschema in value.items():
                if isinstance(subschema, dict | bool):
                    yield (keyword, name), subschema
        elif isinstance(value, list) and keyword in _HOLDS_LIST:
            for index, subschema in enumerate(value):
                if isinstance(subschema, dict | bool):
                    yield (keyword, index), subschema


def is_place(tokens: Sequence[str], dialect: Dialect) -> bool:
    """Tell whether a pointer of *tokens* leads to a subschema by keywords of *dialect* alone."""
    at = 0
    while at < len(tokens):
        step = steps_to_subschema(tokens[at:], dialect)
        if not step:
            return False
        at += step
    return at == len(tokens)


def steps_to_subschema(tokens: Sequence[str], dialect: Dialect) -> int:
    """Return how many of *tokens* lead to a direct subschema by a keyword of *dialect*; 0 where none does."""
    keyword = tokens[0]
    if keyword not in _HOLDS_ANY or keyword not in dialect.keywords:
        return 0
    if keyword in _HOLDS_MAPPING:
        return 3 if keyword == "propertyDependencies" else 2
    return 2 if keyword in _HOLDS_LIST and tokens[1:2] and tokens[1].isdigit() else 1
