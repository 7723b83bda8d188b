"""
Verdicts of strict mode, in one pass where the schema allows it.

The rule is told in the module `declared`. Here schemas that meet at one place are written together: what any of them
declares is known, and everything else refused. Where it depends on the instance which schemas meet (a union that can't be
told apart beforehand, ``if``, dependent schemas, unevaluated keywords), the ordinary verdict is written and followed by a
search for undeclared fields.
"""

from __future__ import annotations

import functools

from toolkit.schema import Schema
from toolkit.schema.dialect import words
from toolkit.validator.declared import Applied, says_nothing, undeclared
from toolkit.validator.keywords import emit_guarded_fields, emit_keywords
from toolkit.validator.objects import Fields, fields_of, note_exact
from toolkit.validator.place import Place, Scope
from toolkit.validator.reporting import UNDECLARED, Enough, Notes
from toolkit.validator.source import Writer
from toolkit.validator.values import ANNOTATIONS, types_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from toolkit.validator.compiler import Compiler, Key

Group = tuple[Schema, ...]

_REFERENCES = words("$ref $dynamicRef $recursiveRef")
_FIELDS = words("properties required patternProperties additionalProperties")
_ITEMS = words("items prefixItems additionalItems")
# Keywords that apply subschemas to the same instance under a condition, and those that depend on what others evaluated.
_CONDITIONAL = words(
    "anyOf oneOf if then else dependentSchemas dependencies propertyDependencies unevaluatedProperties "
    "unevaluatedItems contains"
)
_SKIPPED = _FIELDS | _REFERENCES | {"allOf"}


def emit_strict(compiler: Compiler, schemas: Group, at: Place, writer: Writer) -> None:
    """
    Write the strict verdict about ``at.variable`` by *schemas*, which all apply to it.

    What lies behind a reference is called, not written in place, since it may lead back here.
    """
    flat, followed = _flattened(compiler, schemas, at.scope)
    every = tuple(schema for schema, _ in flat)
    if compiler.loop(_key(flat), at, writer):
        return
    if not followed and not writer.is_full:
        writer.depth += 1
        _emit_merged(compiler, schemas, flat, at, writer)
        writer.depth -= 1
    elif compiler.may_inline(every, writer):
        with compiler.inlining(every):
            _emit_flat(compiler, schemas, flat, at, writer)
    else:
        name = compiler.strict_name(schemas, at.scope, raising=at.raising)
        writer.line(f"if not {name}({at.variable}): return False")


def emit_strict_body(compiler: Compiler, schemas: Group, at: Place, writer: Writer) -> None:
    """Write the strict verdict by *schemas* in place, as the body of their own function."""
    flat, _ = _flattened(compiler, schemas, at.scope)
    with compiler.inlining(tuple(schema for schema, _ in flat)):
        _emit_flat(compiler, schemas, flat, at, writer)


def _key(flat: list[Applied]) -> Key:
    return True, tuple((schema.uri, scope) for schema, scope in flat if not says_nothing(schema))


def _emit_flat(compiler: Compiler, schemas: Group, flat: list[Applied], at: Place, writer: Writer) -> None:
    writer.depth += 1
    with compiler.looping(_key(flat), at, writer) as (inner, body):
        _emit_merged(compiler, schemas, flat, inner, body)
    writer.depth -= 1


def _emit_merged(compiler: Compiler, schemas: Group, flat: list[Applied], at: Place, writer: Writer) -> None:
    if any(schema.contents is False for schema, _ in flat):
        writer.line("return False")
        return
    flat = [(schema, scope) for schema, scope in flat if not says_nothing(schema)]
    if not flat or (len(flat) == 1 and _emit_union(compiler, *flat[0], at, writer)):
        return
    if not _can_merge(flat):
        for schema in schemas:
            compiler.emit_or_call(schema, at, writer)
        search = functools.partial(_has_undeclared, compiler, tuple((schema, at.scope) for schema in schemas))
        writer.line(f"if {compiler.space.bind(search, 'has_undeclared')}({at.variable}): return False")
        return
    for schema, scope in flat:
        at = emit_keywords(compiler, schema, at.in_scope(scope), writer, skip=_SKIPPED)
    if all(_may_be_object(schema) for schema, _ in flat):
        emit_guarded_fields(compiler, _merged(compiler, flat, at), at, writer)


def _may_be_object(schema: Schema) -> bool:
    """Tell whether the keywords of *schema* about any value let an object through."""
    contents: Any = schema.contents
    present = _present(schema)
    if "type" in present and "object" not in types_of(schema):
        return False
    choices = [contents["const"]] if "const" in present else contents["enum"] if "enum" in present else [{}]
    return any(isinstance(choice, dict) for choice in choices)


def _has_undeclared(compiler: Compiler, applied: tuple[Applied, ...], instance: Any) -> bool:
    return next(undeclared(compiler, instance, (), applied), None) is not None


def report_strictly(compiler: Compiler, schema: Schema, at: Place, writer: Writer) -> None:
    """
    Write the report of what *schema*, which alone applies to its instance, refuses in strict mode.

    Where it depends on the instance what is declared, the ordinary report is followed by a search for undeclared fields.
    """
    present = _present(schema)
    said = present - ANNOTATIONS
    if not said or (said == {"allOf"} and _is_free(compiler, schema, at.scope)):
        compiler.emit(schema, at, writer)
    elif writer.is_full:
        compiler.call(schema, at, writer)
    elif len(said) == 1 and said <= _REFERENCES:
        (keyword,) = said
        scope = compiler.entered(schema, at.scope)
        compiler.call(compiler.referenced(schema, keyword, scope), at.in_scope(scope).at_keyword(keyword), writer)
    elif _declares_by_itself(schema, present):
        with compiler.writing(schema, writer):
            at = emit_keywords(compiler, schema, at.in_scope(compiler.entered(schema, at.scope)), writer, skip=_FIELDS)
            # Where no object may be there is no field to tell of.
            if "type" not in present or "object" in types_of(schema):
                emit_guarded_fields(compiler, fields_of(compiler, schema, at), at, writer)
    else:
        compiler.emit(schema, at, writer)
        note = functools.partial(_note_undeclared, compiler, ((schema, at.scope),))
        writer.line(f"{compiler.space.bind(note, 'note_undeclared')}({at.variable}, {compiler.path(at)}, errors)")


def _is_free(compiler: Compiler, schema: Schema, scope: Scope) -> bool:
    """Tell whether neither *schema* nor what applies through it says anything."""
    return all(says_nothing(one) for one, _ in _flattened(compiler, (schema,), scope)[0])


def _declares_by_itself(schema: Schema, present: frozenset[str]) -> bool:
    """Tell whether what is declared where *schema* applies is what itself says under its own fields and items."""
    contents: Any = schema.contents
    if _REFERENCES & present or not all(_is_silent(schema, keyword) for keyword in _CONDITIONAL & present):
        return False
    return "allOf" not in present or all(
        _declares_nothing(schema.subschema("allOf", index)) for index in range(len(contents["allOf"]))
    )


def _note_undeclared(compiler: Compiler, applied: tuple[Applied, ...], instance: Any, path: Any, errors: Notes) -> None:
    for tokens, value in undeclared(compiler, instance, (), applied):
        here = path
        for token in tokens:
            here = (here, token)
        errors.append((here, None, UNDECLARED, value, None, None))
        if len(errors) == errors.most:
            raise Enough


def _flattened(compiler: Compiler, schemas: Group, scope: Scope) -> tuple[list[Applied], bool]:
    """Return what applies without condition through ``$ref`` and ``allOf``, and whether a reference was followed."""
    flat: list[Applied] = []
    seen: set[tuple[str, Scope]] = set()
    followed = False
    stack = [(schema, scope) for schema in reversed(schemas)]
    while stack:
        schema, outer = stack.pop()
        inner = compiler.entered(schema, outer)
        if (schema.uri, inner) in seen:
            continue
        seen.add((schema.uri, inner))
        flat.append((schema, inner))
        contents: Any = schema.contents
        present = _present(schema)
        for keyword in sorted(_REFERENCES & present):
            followed = True
            stack.append((compiler.referenced(schema, keyword, inner), inner))
        if "allOf" in present:
            stack += [(schema.subschema("allOf", index), inner) for index in range(len(contents["allOf"]))]
    return flat, followed


def _present(schema: Schema) -> frozenset[str]:
    """Return the keywords of *schema* that have a meaning."""
    contents = schema.contents
    if isinstance(contents, bool):
        return frozenset()
    if "$ref" in contents and schema.dialect.generation <= 7:
        return frozenset({"$ref"})
    return schema.dialect.keywords & contents.keys()


def _can_merge(flat: list[Applied]) -> bool:
    """Tell whether what the schemas declare together is known beforehand and simple enough to be written together."""
    with_items = [schema for schema, _ in flat if _ITEMS & _present(schema)]
    with_fields = [schema for schema, _ in flat if _FIELDS & _present(schema)]
    complex_fields = {"patternProperties", "additionalProperties"}
    if len(with_items) > 1 or (len(with_fields) > 1 and any(complex_fields & _present(one) for one in with_fields)):
        return False
    return all(_is_silent(schema, keyword) for schema, _ in flat for keyword in _CONDITIONAL & _present(schema))


def _is_silent(schema: Schema, keyword: str) -> bool:
    """Tell whether no subschema under the conditional *keyword* could declare a field."""
    contents: Any = schema.contents
    match keyword:
        case "anyOf" | "oneOf":
            return all(_declares_nothing(schema.subschema(keyword, index)) for index in range(len(contents[keyword])))
        case "if" | "then" | "else":
            return _declares_nothing(schema.subschema(keyword))
        case "dependencies" | "dependentSchemas":
            return all(
                not isinstance(dependency, dict) or _declares_nothing(schema.subschema(keyword, key))
                for key, dependency in contents[keyword].items()
            )
    return False


def _declares_nothing(schema: Schema) -> bool:
    return not ((_FIELDS - {"required"}) | _ITEMS | _REFERENCES | _CONDITIONAL | {"allOf"}) & _present(schema)


def _merged(compiler: Compiler, flat: list[Applied], at: Place) -> Fields:
    """Return what the schemas say together about the fields; a field that two of them name is judged by both."""
    with_fields = [(schema, scope) for schema, scope in flat if _FIELDS & _present(schema)]
    if len(with_fields) == 1:
        schema, scope = with_fields[0]
        return fields_of(compiler, schema, at.in_scope(scope))
    merged = Fields(closed=True)
    below: dict[str, Group] = {}
    for schema, _ in with_fields:
        contents: Any = schema.contents
        if "required" in _present(schema):
            merged.required += [key for key in contents["required"] if key not in merged.required]
        if "properties" in _present(schema):
            for key in contents["properties"]:
                below[key] = (*below.get(key, ()), schema.subschema("properties", key))
    for key, schemas in below.items():
        _add_property(compiler, merged, key, schemas, at)
    return merged


def _add_property(compiler: Compiler, fields: Fields, key: str, schemas: Group, at: Place) -> None:
    def emit(variable: str, token: str, at: Place, writer: Writer) -> None:
        emit_strict(compiler, schemas, at.at_child(variable, token), writer)

    fields.properties[key] = emit
    fields.judges[key] = functools.partial(compiler.strict_name, schemas, at.scope, raising=at.raising)
    note_exact(fields, key, schemas)


def _emit_union(compiler: Compiler, schema: Schema, scope: Scope, at: Place, writer: Writer) -> bool:
    """Write a schema that is nothing but a union, if its branch can be told beforehand; tell whether it could."""
    contents: Any = schema.contents
    said = _present(schema) - ANNOTATIONS
    if said != {"anyOf"} and said != {"oneOf"}:
        return False
    (keyword,) = said
    branches = [schema.subschema(keyword, index) for index in range(len(contents[keyword]))]
    if len(branches) == 1 and _is_free(compiler, branches[0], scope):
        # By itself the branch would leave every field free, but a union says something.
        return False
    from toolkit.validator.applicators import emit_told_apart

    return emit_told_apart(compiler, branches, at.in_scope(scope), writer)
