"""
Strict mode: which fields of an instance no schema declares.

The rule, for an instance that is valid otherwise. At each object of the instance, take every schema that applies
there: through ``properties``, ``items`` and the like from above, and from each of those through ``$ref``, ``allOf``, the
branches of ``anyOf`` and ``oneOf`` that accept, ``if`` where it accepts with its ``then``, else ``else``, and
``dependentSchemas`` whose field is present. A field is declared if one of these names it under ``properties``, matches
it by ``patternProperties``, or has an ``additionalProperties`` or ``unevaluatedProperties`` that accepts it, ``true``
included. An object at which nothing applies but ``true``, ``{}`` or annotations is free: neither it nor anything below it
is looked at.

This is what ``unevaluatedProperties: false`` at every object would say, if schemas that meet at one place knew of one
another. Strictness never changes which branch is taken.
"""

from __future__ import annotations

from collections.abc import Iterator

from toolkit.schema import Schema
from toolkit.validator.place import Scope
from toolkit.validator.values import ANNOTATIONS

_SAYING_NOTHING = ANNOTATIONS | {"$ref", "$dynamicRef", "$recursiveRef", "allOf"}

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from toolkit.validator.compiler import Compiler

Applied = tuple[Schema, Scope]


def undeclared(
    compiler: Compiler, instance: Any, path: tuple[str | int, ...] = (), applied: tuple[Applied, ...] | None = None
) -> Iterator[tuple[tuple[str | int, ...], Any]]:
    """Yield ``(path, value)`` of each field that is not declared at its place."""
    if not isinstance(instance, dict | list):
        return
    if applied is None:
        applied = ((compiler.root, ()),)
    active = [found for schema, scope in applied for found in _active(compiler, schema, scope, instance, set())]
    if all(says_nothing(schema) for schema, _ in active):
        return
    if isinstance(instance, list):
        for index, item in enumerate(instance):
            if isinstance(item, dict | list):
                below = tuple(
                    found for schema, scope in active for found in _item(compiler, schema, scope, index, item)
                )
                yield from undeclared(compiler, item, (*path, index), below)
        return
    for key, value in instance.items():
        below = tuple(found for schema, scope in active for found in _field(schema, scope, key))
        if not below:
            # An unevaluatedProperties speaks about what nothing beside it declares.
            below = tuple(
                (schema.subschema("unevaluatedProperties"), scope)
                for schema, scope in active
                if _has(schema, "unevaluatedProperties")
            )
        if below:
            yield from undeclared(compiler, value, (*path, key), below)
        else:
            yield (*path, key), value


def _has(schema: Schema, keyword: str) -> bool:
    return isinstance(schema.contents, dict) and keyword in schema.contents and keyword in schema.dialect.keywords


def says_nothing(schema: Schema) -> bool:
    """Tell whether *schema* by itself says nothing, what it refers to left aside."""
    contents = schema.contents
    return isinstance(contents, bool) or not (contents.keys() & schema.dialect.keywords) - _SAYING_NOTHING


def _active(
    compiler: Compiler, schema: Schema, scope: Scope, instance: Any, seen: set[tuple[str, Scope]]
) -> Iterator[Applied]:
    """Yield *schema* and every schema that applies to the same *instance* through it."""
    from toolkit.validator.compiler import Purpose

    scope = compiler.entered(schema, scope)
    if (schema.uri, scope) in seen:
        return
    seen.add((schema.uri, scope))
    yield schema, scope
    contents: Any = schema.contents
    if isinstance(contents, bool):
        return

    def accepts(subschema: Schema) -> bool:
        verdict: bool = compiler.function(subschema, Purpose("check", compiler.entered(subschema, scope)))(instance)
        return verdict

    references = [keyword for keyword in ("$ref", "$dynamicRef", "$recursiveRef") if _has(schema, keyword)]
    applied = [compiler.referenced(schema, keyword, scope) for keyword in references]
    if not (schema.dialect.generation <= 7 and "$ref" in contents):
        if _has(schema, "allOf"):
            applied += [schema.subschema("allOf", index) for index in range(len(contents["allOf"]))]
        for keyword in ("anyOf", "oneOf"):
            if _has(schema, keyword):
                branches = [schema.subschema(keyword, index) for index in range(len(contents[keyword]))]
                # Where none accepts, the union is at fault already; a field that one of them knows is not.
                applied += [branch for branch in branches if accepts(branch)] or branches
        if _has(schema, "if"):
            condition = schema.subschema("if")
            accepted = accepts(condition)
            applied += [condition] if accepted else []
            if _has(schema, "then" if accepted else "else"):
                applied.append(schema.subschema("then" if accepted else "else"))
        for keyword in ("dependentSchemas", "dependencies"):
            if _has(schema, keyword) and isinstance(instance, dict):
                applied += [
                    schema.subschema(keyword, key)
                    for key, dependency in contents[keyword].items()
                    if key in instance and isinstance(dependency, dict)
                ]
        if _has(schema, "propertyDependencies") and isinstance(instance, dict):
            applied += [
                schema.subschema("propertyDependencies", key, instance[key])
                for key, choices in contents["propertyDependencies"].items()
                if isinstance(instance.get(key), str) and instance[key] in choices
            ]
    for subschema in applied:
        yield from _active(compiler, subschema, scope, instance, seen)


def _field(schema: Schema, scope: Scope, key: str) -> Iterator[Applied]:
    contents: Any = schema.contents
    if _has(schema, "$ref") and schema.dialect.generation <= 7:
        return
    matched = False
    if _has(schema, "properties") and key in contents["properties"]:
        matched = True
        yield schema.subschema("properties", key), scope
    if _has(schema, "patternProperties"):
        from toolkit.validator.patterns import pattern_search

        for pattern in contents["patternProperties"]:
            if pattern_search(pattern)(key):
                matched = True
                yield schema.subschema("patternProperties", pattern), scope
    if not matched and _has(schema, "additionalProperties"):
        yield schema.subschema("additionalProperties"), scope


def _item(compiler: Compiler, schema: Schema, scope: Scope, index: int, item: Any) -> Iterator[Applied]:
    from toolkit.validator.compiler import Purpose

    contents: Any = schema.contents
    if isinstance(contents, bool) or (_has(schema, "$ref") and schema.dialect.generation <= 7):
        return
    items = contents.get("items")
    prefix_keyword = "prefixItems" if "prefixItems" in schema.dialect.keywords else "items"
    prefix = contents.get(prefix_keyword, []) if prefix_keyword == "prefixItems" or isinstance(items, list) else []
    rest = "additionalItems" if isinstance(items, list) else "items"
    if index < len(prefix):
        yield schema.subschema(prefix_keyword, index), scope
    elif _has(schema, rest):
        yield schema.subschema(rest), scope
    elif _has(schema, "unevaluatedItems"):
        yield schema.subschema("unevaluatedItems"), scope
    if _has(schema, "contains"):
        subschema = schema.subschema("contains")
        if compiler.function(subschema, Purpose("check", compiler.entered(subschema, scope)))(item):
            yield subschema, scope
