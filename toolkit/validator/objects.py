"""Emitters of the keywords that judge objects."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from toolkit.schema import Schema
from toolkit.validator.patterns import pattern_search
from toolkit.validator.place import Place
from toolkit.validator.source import Writer
from toolkit.validator.values import emit_limits
from toolkit.validator.wording import json_text

if TYPE_CHECKING:
    from toolkit.validator.compiler import Compiler

NO_FIELD = "no undeclared field"


def emit_counts(compiler: Compiler, schema: Schema, at: Place, writer: Writer) -> None:
    """``minProperties`` and ``maxProperties``."""
    emit_limits(compiler, schema, at, writer, ("minProperties", "maxProperties"), "field")


def emit_fields(compiler: Compiler, schema: Schema, at: Place, writer: Writer) -> None:
    """``properties``, ``required``, ``patternProperties`` and ``additionalProperties``, which mean something together."""
    contents: Any = schema.contents
    keywords = schema.dialect.keywords
    properties = contents.get("properties", {}) if "properties" in keywords else {}
    required = contents.get("required", []) if "required" in keywords else []
    # A boolean stood here in draft 3; where it is let through it says nothing.
    required = list(dict.fromkeys(required)) if isinstance(required, list) else []
    if at.reporting:
        _report_properties(compiler, schema, at, writer, properties, required)
    else:
        _check_properties(compiler, schema, at, writer, properties, required)
    if properties and at.evaluated:
        writer.line(f"{at.evaluated} |= {compiler.space.bind(frozenset(properties), 'declared')}")
    _emit_rest(compiler, schema, at, writer, properties)


def _is_closed(schema: Schema) -> bool:
    """Tell whether only the names under ``properties`` may appear."""
    contents: Any = schema.contents
    keywords = schema.dialect.keywords
    return (
        "additionalProperties" in keywords
        and contents.get("additionalProperties") is False
        and not (contents.get("patternProperties") and "patternProperties" in keywords)
    )


def _check_properties(
    compiler: Compiler, schema: Schema, at: Place, writer: Writer, properties: dict[str, Any], required: list[str]
) -> None:
    """Read what is required in one ``try``, then look at each optional field; where closed, count instead of compare."""
    space, variable = compiler.space, at.variable
    optional = [key for key in properties if key not in required]
    closed = _is_closed(schema)
    if closed and not optional:
        writer.line(f"if len({variable}) != {len(properties)}: return False")
    values = {key: space.name("value") for key in properties}
    bodies = {}
    for key in properties:
        body = Writer()
        body.nesting = writer.nesting
        if key in optional:
            body.nesting += 1
        compiler.emit_or_call(
            schema.subschema("properties", key), at.at_child(values[key], "", "properties", key), body
        )
        bodies[key] = body.lines
    read = [key for key in required if key in properties]
    if read:
        with writer.block("try:"):
            for key in read:
                target = f"{values[key]} = " if bodies[key] else ""
                writer.line(f"{target}{variable}[{space.bind(key, 'key')}]")
        writer.line("except KeyError: return False")
    for key in required:
        if key not in properties:
            writer.line(f"if {space.bind(key, 'key')} not in {variable}: return False")
    for key in read:
        writer.lines.extend(bodies[key])
    counter = space.name("count") if closed and optional else None
    if counter:
        writer.line(f"{counter} = {len(properties)}")
    for key in optional:
        name = space.bind(key, "key")
        if bodies[key]:
            with writer.block(f"if {name} in {variable}:"):
                writer.line(f"{values[key]} = {variable}[{name}]")
                writer.lines.extend(bodies[key])
            if counter:
                writer.line(f"else: {counter} -= 1")
        elif counter:
            writer.line(f"if {name} not in {variable}: {counter} -= 1")
    if counter:
        writer.line(f"if len({variable}) != {counter}: return False")


def _report_properties(
    compiler: Compiler, schema: Schema, at: Place, writer: Writer, properties: dict[str, Any], required: list[str]
) -> None:
    space, variable = compiler.space, at.variable
    for key in properties:
        name, value = space.bind(key, "key"), space.name("value")
        with writer.block(f"if {name} in {variable}:"):
            start = len(writer.lines)
            writer.line(f"{value} = {variable}[{name}]")
            child = at.at_child(value, name, "properties", key)
            compiler.emit_or_call(schema.subschema("properties", key), child, writer)
            if len(writer.lines) == start + 1:
                writer.lines.pop()
    for key in required:
        with writer.block(f"if {space.bind(key, 'key')} not in {variable}:"):
            compiler.fail(writer, at, "required", f"field {json_text(key)}")


def _emit_rest(compiler: Compiler, schema: Schema, at: Place, writer: Writer, properties: dict[str, Any]) -> None:
    """Write the loop over the fields that patterns or ``additionalProperties`` speak about, where there can be any."""
    contents: Any = schema.contents
    keywords = schema.dialect.keywords
    patterns = contents.get("patternProperties", {}) if "patternProperties" in keywords else {}
    has_rest = "additionalProperties" in contents and "additionalProperties" in keywords
    if has_rest and at.evaluated:
        writer.line(f"{at.evaluated}.update({at.variable})")
    if not patterns and (not has_rest or (_is_closed(schema) and not at.reporting)):
        return
    space = compiler.space
    key, value, matched = space.name("key"), space.name("value"), space.name("matched")
    known = space.bind(frozenset(properties), "declared")
    with writer.block(f"for {key}, {value} in {at.variable}.items():"):
        start = len(writer.lines)
        if patterns and has_rest:
            writer.line(f"{matched} = {key} in {known}")
        for pattern in patterns:
            search = pattern_search(pattern, pointer=f"{schema.pointer}/patternProperties", source=schema.base_uri)
            with writer.block(f"if {space.bind(search, 'search')}({key}):"):
                if has_rest:
                    writer.line(f"{matched} = True")
                elif at.evaluated:
                    writer.line(f"{at.evaluated}.add({key})")
                child = at.at_child(value, key, "patternProperties", pattern)
                compiler.emit_or_call(schema.subschema("patternProperties", pattern), child, writer)
        if has_rest:
            rest = schema.subschema("additionalProperties")
            child = at.at_child(value, key, "additionalProperties")
            unmatched = f"if not {matched}:" if patterns else f"if {key} not in {known}:"
            before = len(writer.lines)
            with writer.block(unmatched):
                if rest.contents is False:
                    compiler.fail(writer, child, "additionalProperties", NO_FIELD, keyword_tokens=())
                else:
                    compiler.emit_or_call(rest, child, writer)
            if before == len(writer.lines) and before == start + 1:
                writer.lines.pop()


def emit_names(compiler: Compiler, schema: Schema, at: Place, writer: Writer) -> None:
    """``propertyNames``: each name, judged as a text; an error stands at the field of that name."""
    name = compiler.space.name("key")
    with writer.block(f"for {name} in {at.variable}:"):
        child = at.at_child(name, name, "propertyNames").knowing(None)
        compiler.emit_or_call(schema.subschema("propertyNames"), child, writer)


def emit_dependents(compiler: Compiler, schema: Schema, at: Place, writer: Writer) -> None:
    """``dependentRequired``, ``dependentSchemas`` and the older ``dependencies``, which is either."""
    contents: Any = schema.contents
    space, variable = compiler.space, at.variable
    for keyword in ("dependentRequired", "dependentSchemas", "dependencies"):
        if keyword not in contents or keyword not in schema.dialect.keywords:
            continue
        for key, dependency in contents[keyword].items():
            with writer.block(f"if {space.bind(key, 'key')} in {variable}:"):
                # One name alone was allowed in draft 3 and is still met.
                names = [dependency] if isinstance(dependency, str) else dependency
                if isinstance(names, list):
                    for name in names:
                        with writer.block(f"if {space.bind(name, 'key')} not in {variable}:"):
                            expected = f"field {json_text(name)} beside {json_text(key)}"
                            compiler.fail(writer, at, keyword, expected, keyword_tokens=(keyword, key))
                else:
                    compiler.emit_or_call(schema.subschema(keyword, key), at.at_keyword(keyword, key), writer)


def emit_property_dependencies(compiler: Compiler, schema: Schema, at: Place, writer: Writer) -> None:
    """``propertyDependencies``: the schema that stands under the text a field has."""
    contents: Any = schema.contents
    space = compiler.space
    for key, choices in contents["propertyDependencies"].items():
        value = space.name("value")
        writer.line(f"{value} = {at.variable}.get({space.bind(key, 'key')})")
        for choice in choices:
            # A list or a number never equals a text, so its type needs no test.
            with writer.block(f"if {value} == {space.bind(choice, 'choice')}:"):
                tokens = ("propertyDependencies", key, choice)
                compiler.emit_or_call(schema.subschema(*tokens), at.at_keyword(*tokens), writer)


def emit_unevaluated(compiler: Compiler, schema: Schema, at: Place, writer: Writer) -> None:
    """``unevaluatedProperties``: the fields that no other keyword here evaluated."""
    space = compiler.space
    key, value = space.name("key"), space.name("value")
    subschema = schema.subschema("unevaluatedProperties")
    with (
        writer.block(f"for {key}, {value} in {at.variable}.items():"),
        writer.block(f"if {key} not in {at.evaluated}:"),
    ):
        child = at.at_child(value, key, "unevaluatedProperties")
        if subschema.contents is False:
            compiler.fail(writer, child, "unevaluatedProperties", NO_FIELD, keyword_tokens=())
        else:
            compiler.emit_or_call(subschema, child, writer)
    if not at.reporting:
        writer.line(f"{at.evaluated}.update({at.variable})")
