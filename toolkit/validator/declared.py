"""
Strict mode: which fields of an instance no schema declares.

The rule, for an instance that is valid otherwise. At each object of the instance, take every schema that applies
there: through ``properties``, ``items`` and the like from above, and from each of those through ``$ref``, ``allOf``, the
branches of ``anyOf`` and ``oneOf`` that accept, ``if`` where it accepts with its ``then``, else ``else``, and
``dependentSchemas`` whose field is present. A field is declared if one of these names it under ``properties``, matches
it by ``patternProperties``, or has an ``additionalProperties`` or ``unevaluatedProperties`` that accepts it, ``true``
included. Two objects are left alone, with all that is below them: one at which nothing applies but ``true``, ``{}`` or
annotations, which is free, and one that ``const`` or ``enum`` spells out.

This is what ``unevaluatedProperties: false`` at every object would say, if schemas that meet at one place knew of one
another. Strictness never changes which branch is taken.
"""

from __future__ import annotations

from collections.abc import Iterator

from toolkit.schema import Schema
from toolkit.schema.dialect import words
from toolkit.validator.place import Scope
from toolkit.validator.values import refusing

REFERENCES = frozenset({"$ref", "$dynamicRef", "$recursiveRef"})
_SAYING_NOTHING = REFERENCES | {"allOf"}
_IN_PLACE = REFERENCES | words("allOf anyOf oneOf if dependentSchemas dependencies propertyDependencies")

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
    leaves_alone = [compiler.remembered(_leaves_alone, schema) for schema, _ in active]
    if all(is_silent for is_silent, _ in leaves_alone) or any(spells for _, spells in leaves_alone):
        return
    if isinstance(instance, list):
        leftovers = list(_leftovers(compiler, active, "unevaluatedItems", instance))
        for index, item in enumerate(instance):
            if isinstance(item, dict | list):
                below = tuple(
                    found for schema, scope in active for found in _item(compiler, schema, scope, index, item)
                )
                below += tuple(applied for applied, evaluated in leftovers if index not in evaluated)
                yield from undeclared(compiler, item, (*path, index), below)
        return
    leftovers = list(_leftovers(compiler, active, "unevaluatedProperties", instance))
    for key, value in instance.items():
        below = tuple(found for schema, scope in active for found in _field(compiler, schema, scope, key))
        below += tuple(applied for applied, evaluated in leftovers if key not in evaluated)
        if not below:
            yield (*path, key), value
        elif isinstance(value, dict | list):
            yield from undeclared(compiler, value, (*path, key), below)


def _leftovers(
    compiler: Compiler, active: list[Applied], keyword: str, instance: Any
) -> Iterator[tuple[Applied, set[str | int]]]:
    """Yield what each *keyword* hands down, with the fields or items that it does not speak of: those evaluated beside it."""
    from toolkit.validator.compiler import Purpose

    for schema, scope in active:
        if keyword in compiler.remembered(present, schema):
            evaluated: set[str | int] = set()
            compiler.function(schema, Purpose("track", scope, bare=True))(instance, evaluated)
            yield (compiler.subschema(schema, keyword), scope), evaluated


def present(schema: Schema) -> frozenset[str]:
    """Return the keywords of *schema* that have a meaning."""
    contents = schema.contents
    if isinstance(contents, bool):
        return frozenset()
    if "$ref" in contents and schema.dialect.generation <= 7:
        return frozenset({"$ref"})
    return schema.dialect.keywords.intersection(contents)


def says_nothing(schema: Schema) -> bool:
    """Tell whether *schema* by itself says nothing, what it refers to left aside."""
    return not refusing(schema, present(schema)) - _SAYING_NOTHING


def spells_out(schema: Schema) -> bool:
    """Tell whether ``const`` or ``enum`` of *schema* names an object or an array as a whole."""
    contents: Any = schema.contents
    known = present(schema)
    choices = [contents["const"]] if "const" in known else []
    choices += contents["enum"] if "enum" in known else []
    return any(isinstance(choice, dict | list) for choice in choices)


def _leaves_alone(schema: Schema) -> tuple[bool, bool]:
    return says_nothing(schema), spells_out(schema)


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
    known = compiler.remembered(present, schema)
    if known.isdisjoint(_IN_PLACE):
        return

    def accepts(subschema: Schema) -> bool:
        verdict: bool = compiler.function(subschema, Purpose("check", compiler.entered(subschema, scope)))(instance)
        return verdict

    applied = [compiler.referenced(schema, keyword, scope) for keyword in sorted(REFERENCES & known)]
    if "allOf" in known:
        applied += [compiler.subschema(schema, "allOf", index) for index in range(len(contents["allOf"]))]
    for keyword in ("anyOf", "oneOf"):
        if keyword in known:
            branches = [compiler.subschema(schema, keyword, index) for index in range(len(contents[keyword]))]
            # Where none accepts, the union is at fault already; a field that one of them knows is not.
            applied += [branch for branch in branches if accepts(branch)] or branches
    if "if" in known:
        condition = compiler.subschema(schema, "if")
        accepted = accepts(condition)
        applied += [condition] if accepted else []
        if ("then" if accepted else "else") in known:
            applied.append(compiler.subschema(schema, "then" if accepted else "else"))
    if isinstance(instance, dict):
        for keyword in known & {"dependentSchemas", "dependencies"}:
            applied += [
                compiler.subschema(schema, keyword, key)
                for key, dependency in contents[keyword].items()
                if key in instance and isinstance(dependency, dict)
            ]
        if "propertyDependencies" in known:
            applied += [
                compiler.subschema(schema, "propertyDependencies", key, instance[key])
                for key, choices in contents["propertyDependencies"].items()
                if isinstance(instance.get(key), str) and instance[key] in choices
            ]
    for subschema in applied:
        yield from _active(compiler, subschema, scope, instance, seen)


def _field(compiler: Compiler, schema: Schema, scope: Scope, key: str) -> Iterator[Applied]:
    contents: Any = schema.contents
    known = compiler.remembered(present, schema)
    matched = False
    if "properties" in known and key in contents["properties"]:
        matched = True
        yield compiler.subschema(schema, "properties", key), scope
    if "patternProperties" in known:
        from toolkit.validator.patterns import pattern_search

        for pattern in contents["patternProperties"]:
            if pattern_search(pattern)(key):
                matched = True
                yield compiler.subschema(schema, "patternProperties", pattern), scope
    if not matched and "additionalProperties" in known:
        yield compiler.subschema(schema, "additionalProperties"), scope


def _item(compiler: Compiler, schema: Schema, scope: Scope, index: int, item: Any) -> Iterator[Applied]:
    from toolkit.validator.compiler import Purpose

    contents: Any = schema.contents
    known = compiler.remembered(present, schema)
    if "prefixItems" in known:
        prefix_keyword, rest = "prefixItems", "items"
    elif "items" in known and isinstance(contents["items"], list):
        prefix_keyword, rest = "items", "additionalItems"
    else:
        prefix_keyword, rest = "", "items"
    if prefix_keyword and index < len(contents[prefix_keyword]):
        yield compiler.subschema(schema, prefix_keyword, index), scope
    elif rest in known:
        yield compiler.subschema(schema, rest), scope
    if "contains" in known:
        subschema = compiler.subschema(schema, "contains")
        if compiler.function(subschema, Purpose("check", compiler.entered(subschema, scope)))(item):
            yield subschema, scope
