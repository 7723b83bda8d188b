"""
A quick look at a schema that spares most of them the check by their metaschema.

Whatever is well-formed here is valid under the metaschema of its dialect. What is not may be valid all the same: there the
metaschema decides. So keywords that few schemas have are left to it, and where dialects differ the stricter form is asked
for. It takes far less time than the compilation of a metaschema, for which a process that judges a few events would wait.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from toolkit.schema.dialect import Dialect, words
from toolkit.schema.loading import MOST_DEPTH

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

_TYPES = words("array boolean integer null number object string")
# Keywords whose value is a schema, a list of them, or schemas by name.
_SCHEMA = words(
    "additionalItems additionalProperties contains contentSchema else if items not propertyNames then unevaluatedItems "
    "unevaluatedProperties"
)
_LIST = words("allOf anyOf oneOf prefixItems")
_MAPPING = words("$defs definitions dependentSchemas patternProperties properties")
# Where draft 4, which has no other boolean schemas, has them.
_BOOLEAN_IN_DRAFT4 = words("additionalItems additionalProperties")
# Keywords that the metaschemas bind, and that are left to them.
LEFT_TO_METASCHEMA = words(
    "$anchor $dynamicAnchor $dynamicRef $recursiveAnchor $recursiveRef $vocabulary dependencies dependentRequired "
    "propertyDependencies"
)


def _is_text(value: Any) -> bool:
    return type(value) is str


def _is_boolean(value: Any) -> bool:
    return type(value) is bool


def _is_number(value: Any) -> bool:
    return type(value) is int or (type(value) is float and value - value == 0)


def _is_count(value: Any) -> bool:
    return type(value) is int and value >= 0


def _is_divisor(value: Any) -> bool:
    return _is_number(value) and value > 0


def _are_unique_texts(value: Any) -> bool:
    return type(value) is list and all(map(_is_text, value)) and 0 < len(value) == len(set(value))


def _are_types(value: Any) -> bool:
    return value in _TYPES if type(value) is str else _are_unique_texts(value) and _TYPES.issuperset(value)


def _are_choices(value: Any) -> bool:
    # Other values than texts are compared by rules of their own.
    return _are_unique_texts(value) or (type(value) is list and len(value) == 1)


def _is_list(value: Any) -> bool:
    return type(value) is list


_CHECKS: dict[str, Callable[[Any], bool]] = {
    **dict.fromkeys(
        words("$comment $id $ref $schema contentEncoding contentMediaType description format id pattern title"),
        _is_text,
    ),
    **dict.fromkeys(words("deprecated readOnly uniqueItems writeOnly"), _is_boolean),
    **dict.fromkeys(words("exclusiveMaximum exclusiveMinimum maximum minimum"), _is_number),
    **dict.fromkeys(
        words("maxContains maxItems maxLength maxProperties minContains minItems minLength minProperties"), _is_count
    ),
    "enum": _are_choices,
    "examples": _is_list,
    "multipleOf": _is_divisor,
    "required": _are_unique_texts,
    "type": _are_types,
}
KNOWN = frozenset(_CHECKS) | _SCHEMA | _LIST | _MAPPING | LEFT_TO_METASCHEMA | {"const", "default"}


def is_well_formed(contents: Mapping[str, Any] | bool, dialect: Dialect) -> bool:
    """Tell whether *contents* are plainly a schema of *dialect*, which is one of the known ones; False says nothing."""
    level: list[Any] = [contents]
    for _ in range(MOST_DEPTH):
        below: list[Any] = []
        for schema in level:
            if type(schema) is bool and dialect.generation > 4:
                continue
            if type(schema) is not dict or not _is_plain(schema, dialect.generation, is_root=schema is contents):
                return False
            for keyword, value in schema.items():
                if not _takes(keyword, value, dialect.generation, below):
                    return False
        if not below:
            return True
        level = below
    return False


def _is_plain(schema: Mapping[str, Any], generation: int, *, is_root: bool) -> bool:
    """Tell whether *schema* has neither a dialect of its own nor what is left to the metaschema."""
    if not LEFT_TO_METASCHEMA.isdisjoint(schema) or ("$schema" in schema and not is_root):
        return False
    if generation == 4:
        return "exclusiveMinimum" not in schema and "exclusiveMaximum" not in schema
    return generation <= 7 or "#" not in str(schema.get("$id"))


def _takes(keyword: str, value: Any, generation: int, below: list[Any]) -> bool:
    """Tell whether *keyword* may have *value*, as far as the schemas in it, which are added to *below*, are ones."""
    if keyword in _CHECKS:
        return _CHECKS[keyword](value)
    if keyword in _MAPPING:
        if type(value) is not dict:
            return False
        below += value.values()
    elif keyword in _LIST or (keyword == "items" and type(value) is list and generation < 2020):
        if type(value) is not list or not value:
            return False
        below += value
    elif keyword in _SCHEMA and not (type(value) is bool and keyword in _BOOLEAN_IN_DRAFT4):
        below.append(value)
    return True
