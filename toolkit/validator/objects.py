"""Emitters of the keywords that judge objects."""

from __future__ import annotations

import functools
from collections.abc import Callable

from toolkit.dataclass import dataclass, field, replace
from toolkit.schema import Schema
from toolkit.validator.place import Place, Texts
from toolkit.validator.source import Writer, as_decoded, count_of, renamed
from toolkit.validator.values import emit_finite, emit_limits, emit_texts, pattern_failure, what_is_said
from toolkit.validator.wording import json_text

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from toolkit.validator.compiler import Compiler

NO_FIELD = "no undeclared field"
# From this many optional fields on, walking the fields that are there is faster than asking for each that may be.
_MANY_OPTIONAL = 10
# So many required fields are looked for at once.
_MANY_REQUIRED = 20
# So many kinds of fields are told apart by comparing numbers; with more, or where a type is all that matters of most, it is
# faster to look up what judges each; and what is written in place is compiled for the first event, whether it is met or not.
_MOST_KINDS_TOLD_APART = 16
# Free fields are remembered up to so many fields in all, and with so many characters in a name.
_MOST_KINDS = 1000
_MOST_KEY_CHARACTERS = 100
# In a table of types, since two types are numbers.
_NUMBER = object()
# The types for which the Python type settles that a value is of them; an integral float is an integer as well.
_EXACT_TYPES = {"string": str, "boolean": bool, "integer": int, "null": type(None)}

# Writes the code that judges the value in the first variable, which stands under the key in the second.
EmitChild = Callable[[str, str, Place, Writer], None]


@dataclass(slots=True)
class Fields:
    """
    All that is said about the fields of one object.

    ``rest`` judges the fields that neither ``properties`` nor ``patterns`` name, by the schema ``rest_schema``; where ``closed``
    there must be none.
    ``exact`` holds the Python type of each property whose type is all that matters, ``generations`` that of its dialect, and
    ``judges`` the name of a function for others. ``schemas`` are those of the properties of which but one schema speaks.
    """

    properties: dict[str, EmitChild] = field(default_factory=dict)
    required: list[str] = field(default_factory=list)
    patterns: list[tuple[str, EmitChild]] = field(default_factory=list)
    rest: EmitChild | None = None
    rest_schema: Schema | None = None
    closed: bool = False
    closed_by_strictness: bool = False
    exact: dict[str, type] = field(default_factory=dict)
    generations: dict[str, int] = field(default_factory=dict)
    judges: dict[str, Callable[[], str]] = field(default_factory=dict)
    schemas: dict[str, Schema] = field(default_factory=dict)


def emit_counts(compiler: Compiler, schema: Schema, at: Place, writer: Writer) -> None:
    """``minProperties`` and ``maxProperties``."""
    emit_limits(compiler, schema, at, writer, ("minProperties", "maxProperties"), "field")


def emit_fields(compiler: Compiler, schema: Schema, at: Place, writer: Writer) -> None:
    """``properties``, ``required``, ``patternProperties`` and ``additionalProperties``, which mean something together."""
    fields = fields_of(compiler, schema, at)
    if at.reporting:
        report_fields(compiler, fields, at, writer)
        return
    check_fields(compiler, fields, at, writer)
    if at.evaluated:
        _track_fields(compiler, schema, fields, at, writer)


def fields_of(compiler: Compiler, schema: Schema, at: Place) -> Fields:
    """Return what *schema* says about the fields of the object at *at*."""
    contents: Any = schema.contents
    known = schema.dialect.keywords.intersection(contents)
    fields = Fields()
    required = contents["required"] if "required" in known else []
    # A boolean stood here in draft 3; where it is let through it says nothing.
    fields.required = list(dict.fromkeys(required)) if isinstance(required, list) else []
    for key in contents["properties"] if "properties" in known else ():
        _add_property(compiler, fields, key, compiler.subschema(schema, "properties", key), at)
    for pattern in contents["patternProperties"] if "patternProperties" in known else ():
        subschema = schema.subschema("patternProperties", pattern)
        fields.patterns.append((pattern, _child(compiler, subschema, "patternProperties", pattern)))
    if "additionalProperties" in known:
        if contents["additionalProperties"] is False:
            fields.closed = True
        else:
            fields.rest_schema = schema.subschema("additionalProperties")
            fields.rest = _child(compiler, fields.rest_schema, "additionalProperties")
    elif at.strict:
        fields.closed = fields.closed_by_strictness = True
    return fields


def _add_property(compiler: Compiler, fields: Fields, key: str, schema: Schema, at: Place) -> None:
    fields.properties[key] = _child(compiler, schema, "properties", key)
    fields.judges[key] = lambda: compiler.judge_name(schema, at)
    note_exact(fields, key, (schema,))


def note_exact(fields: Fields, key: str, schemas: tuple[Schema, ...]) -> None:
    """Note the Python type of the property *key*, where *schemas* ask for no more than one type."""
    if len(schemas) == 1:
        fields.schemas[key] = schemas[0]
        fields.generations[key] = schemas[0].dialect.generation
        exact = exact_type(schemas[0])
        if exact is not None:
            fields.exact[key] = exact
        elif is_number(schemas[0]):
            fields.exact[key] = float


def is_number(schema: Schema) -> bool:
    """Tell whether all that *schema* asks for is a number."""
    contents: Any = schema.contents
    return is_mere_type(schema) and contents["type"] == "number"


def _child(compiler: Compiler, schema: Schema, *tokens: str) -> EmitChild:
    def emit(variable: str, key: str, at: Place, writer: Writer) -> None:
        compiler.emit_child(schema, at.at_child(variable, key, *tokens), writer)

    return emit


def is_mere_type(schema: Schema) -> bool:
    """Tell whether *schema* says nothing but one ``type``."""
    contents = schema.contents
    return isinstance(contents, dict) and what_is_said(schema) == {"type"} and isinstance(contents["type"], str)


def exact_type(schema: Schema) -> type | None:
    """Return the Python type that is all *schema* asks for, or None if it asks for more."""
    contents: Any = schema.contents
    return _EXACT_TYPES.get(contents["type"]) if is_mere_type(schema) else None


def check_fields(compiler: Compiler, fields: Fields, at: Place, writer: Writer) -> None:
    """Write the verdict about the fields."""
    needed = set(fields.required)
    optional = [key for key in fields.properties if key not in needed]
    only_named = not fields.patterns and fields.rest is None
    is_mostly_optional = len(optional) >= _MANY_OPTIONAL and len(optional) > len(fields.required)
    if only_named and is_mostly_optional:
        _check_present(compiler, fields, at, writer)
        return
    counts = fields.closed and not fields.patterns
    _check_named(compiler, fields, optional, at, writer, counts=counts)
    if fields.patterns or fields.rest is not None:
        _emit_loop(compiler, fields, at, writer)


def _check_named(
    compiler: Compiler, fields: Fields, optional: list[str], at: Place, writer: Writer, *, counts: bool
) -> None:
    """
    Read what is required in one ``try``, then look at each optional field.

    Where no other field may be there, *counts* compares the number of fields in the end, which costs almost nothing.
    """
    space, variable = compiler.space, at.variable
    if counts and not optional:
        writer.line(f"if len({variable}) != {len(fields.properties)}: return False")
    values = {key: space.name("value") for key in fields.properties}
    needed = set(fields.required)
    bodies = {}
    texts = Texts()
    for key, emit in fields.properties.items():
        body = Writer()
        body.nesting = writer.nesting + (key not in needed)
        body.depth = writer.depth
        texts.follow(body)
        emit(values[key], "", replace(at, texts=texts if at.raising and key in needed else None), body)
        bodies[key] = body.lines
    if len(texts.entries) < 2:
        for key in fields.properties:
            if values[key] in texts.entries:
                body = Writer()
                body.nesting = writer.nesting
                body.line(texts.entries.pop(values[key])[1])
                bodies[key] += body.lines
    read = [key for key in fields.required if key in fields.properties]
    if at.raising:
        for key in fields.required:
            value, judging = values.get(key, ""), bodies.get(key, [])
            if value in texts.entries:
                writer.line(f"{value} = {variable}[{space.bind(key, 'key')}]")
                writer.lines.extend(judging)
            else:
                _read(space.bind(key, "key"), value, judging, at, writer)
        if texts.entries:
            emit_texts(compiler, texts, writer)
        if texts.numbers:
            emit_finite(compiler, texts.numbers, writer)
    else:
        _read_required(compiler, fields, {key: values[key] for key in read if bodies[key]}, at, writer)
        for key in read:
            writer.lines.extend(bodies[key])
    counter = space.name("count") if counts and optional else None
    if counter:
        writer.line(f"{counter} = {len(fields.properties)}")
    for key in optional:
        name = space.bind(key, "key")
        if bodies[key]:
            with writer.block(f"if {name} in {variable}:"):
                _read(name, values[key], bodies[key], at, writer)
            if counter:
                writer.line(f"else: {counter} -= 1")
        elif counter:
            writer.line(f"if {name} not in {variable}: {counter} -= 1")
    if counter:
        writer.line(f"if len({variable}) != {counter}: return False")


def _read(key: str, value: str, body: list[str], at: Place, writer: Writer) -> None:
    """Write the reading of the field *key* into *value*, and the *body* that judges it; without a variable if used once."""
    reading = f"{at.variable}[{key}]"
    if not body:
        writer.line(reading)
    elif at.raising and _is_used_once(value, body):
        writer.lines += renamed(body, value, reading)
    else:
        writer.line(f"{value} = {reading}")
        writer.lines.extend(body)


def _is_used_once(value: str, body: list[str]) -> bool:
    """Tell whether *body* needs *value* once, except where it is about to refuse."""
    first, *others = body
    if count_of(value, first.removesuffix(f"return foreign({value})")) != 1:
        return False
    # What is below the first line runs where the first test fails, and is short.
    indent = len(first) - len(first.lstrip())
    return first.endswith(":") and len(others) == 1 and others[0][indent] == " " if others else True


def _read_required(compiler: Compiler, fields: Fields, values: dict[str, str], at: Place, writer: Writer) -> None:
    """Write the reading of the required fields, into the variables of *values* where these are needed."""
    with writer.block("try:"):
        for key in fields.required:
            target = f"{values[key]} = " if key in values else ""
            writer.line(f"{target}{at.variable}[{compiler.space.bind(key, 'key')}]")
    if fields.required:
        writer.line("except KeyError: return False")


def _require(compiler: Compiler, fields: Fields, at: Place, writer: Writer) -> None:
    """Write what refuses an object without the required fields, whose values are looked at later."""
    space, variable = compiler.space, at.variable
    if fields.closed and len(fields.required) == len(fields.properties) == len(
        fields.properties.keys() & fields.required
    ):
        # The walk refuses every other field.
        writer.line(f"if len({variable}) != {len(fields.properties)}: return False")
    elif len(fields.required) >= _MANY_REQUIRED:
        writer.line(f"if not {variable}.keys() >= {space.bind(frozenset(fields.required), 'required')}: return False")
    elif at.raising:
        for name in fields.required:
            writer.line(f"{variable}[{space.bind(name, 'key')}]")
    else:
        _read_required(compiler, fields, {}, at, writer)


def _check_present(compiler: Compiler, fields: Fields, at: Place, writer: Writer) -> None:
    """Walk the fields that are there: one look-up finds the type of each, and most need no more."""
    space = compiler.space
    if at.raising:
        alike = [] if len(fields.exact) * 4 >= len(fields.properties) * 3 else _alike(compiler, fields)
        if 0 < len(alike) <= _MOST_KINDS_TOLD_APART:
            _walk_by_kind(compiler, fields, alike, at, writer)
        else:
            _walk_present(compiler, fields, at, writer)
        return
    _require(compiler, fields, at, writer)
    key, value, kind = space.name("key"), space.name("value"), space.name("kind")
    kinds = space.bind({name: fields.exact.get(name, False) for name in fields.properties}, "kinds")
    judges = compiler.table(_judges(fields))
    outer = writer.block("try:") if fields.closed else writer.inline()
    with outer, writer.block(f"for {key}, {value} in {at.variable}.items():"):
        writer.line(f"{kind} = {kinds}[{key}]" if fields.closed else f"{kind} = {kinds}.get({key})")
        with writer.block(f"if type({value}) is not {kind}:"):
            known = "" if fields.closed else f"{kind} is not None and "
            writer.line(f"if {known}not {judges}[{key}]({value}): return False")
        if float in fields.exact.values():
            # Infinity and NaN, whose difference with themselves is not zero, are no JSON.
            writer.line(f"elif {kind} is float and {value} - {value}: return False")
    if fields.closed:
        writer.line("except KeyError: return False")


def _walk_present(compiler: Compiler, fields: Fields, at: Place, writer: Writer) -> None:
    """Do the same where a field that no schema names may have a KeyError."""
    space, variable = compiler.space, at.variable
    _require(compiler, fields, at, writer)
    key, value = space.name("key"), space.name("value")
    kinds: dict[str, Any] = {name: fields.exact.get(name) for name in as_decoded(fields.properties)}
    judges: dict[str, Callable[[Any], Any]] = {}
    for name, judge in _judges(fields).items():
        compiler.enter(judges, name, judge)
    number = space.bind(_NUMBER, "number") if float in kinds.values() else ""
    kinds_, judges_ = space.bind(_with_numbers(kinds), "kinds"), space.bind(judges, "judges")
    with writer.block(f"for {key}, {value} in {variable}.items():"):
        attempt = writer.inline() if fields.closed else writer.block("try:")
        with attempt, writer.block(f"if type({value}) is not {kinds_}[{key}]:"):
            # Infinity and NaN, whose difference with themselves is not zero, are no JSON.
            is_number = f"{kinds_}[{key}] is {number} and type({value}) is float and not {value} - {value}"
            writer.line(f"if {f'not ({is_number}) and ' if number else ''}not {judges_}[{key}]({value}): return False")
        if not fields.closed:
            with writer.block("except KeyError:"):
                writer.line(f"if {key} in {kinds_}: raise")
                writer.line(f"{space.bind(functools.partial(_note_free, kinds, judges), 'note_free')}({key})")


def _alike(compiler: Compiler, fields: Fields) -> list[list[str]]:
    """Return the names of the properties, those together of which the same is said; what is not short stands alone."""
    alike: dict[object, list[str]] = {}
    for name in fields.properties:
        schema = fields.schemas.get(name)
        is_short = schema is not None and compiler.is_leaf(schema)
        said = (schema.dialect, _without_words(schema)) if schema is not None and is_short else name
        alike.setdefault(said, []).append(name)
    return list(alike.values())


def _without_words(schema: Schema) -> str:
    """Return a text that is the same for two schemas without subschemas only if they refuse the same."""
    contents: Any = schema.contents
    said = what_is_said(schema)
    return repr(sorted((keyword, contents[keyword]) for keyword in said) if isinstance(contents, dict) else contents)


def _walk_by_kind(compiler: Compiler, fields: Fields, alike: list[list[str]], at: Place, writer: Writer) -> None:
    """Walk the fields that are there: one look-up finds the number of each kind, and a few comparisons what judges it."""
    space = compiler.space
    _require(compiler, fields, at, writer)
    key, value, kind = space.name("key"), space.name("value"), space.name("kind")
    numbers = {name: number for number, names in enumerate(alike) for name in names}
    kinds = {name: numbers[name] for name in as_decoded(numbers)}
    kinds_ = space.bind(kinds, "kinds")

    def tell_apart(first: int, last: int) -> None:
        middle = (first + last + 1) // 2
        if first < last:
            with writer.block(f"if {kind} < {middle}:", keep=True):
                tell_apart(first, middle - 1)
            with writer.block("else:", keep=True):
                tell_apart(middle, last)
        elif first < len(alike):
            name = alike[first][0]
            if len(alike[first]) > 1 or (name in fields.schemas and compiler.is_leaf(fields.schemas[name])):
                fields.properties[name](value, key, replace(at, texts=None), writer)
            else:
                writer.line(f"if not {fields.judges[name]()}({value}): return False")

    with writer.block(f"for {key}, {value} in {at.variable}.items():"):
        with writer.inline() if fields.closed else writer.block("try:"):
            writer.line(f"{kind} = {kinds_}[{key}]")
            # The last number is that of fields which no schema names.
            tell_apart(0, len(alike) - fields.closed)
        if not fields.closed:
            with writer.block("except KeyError:"):
                writer.line(f"if {key} in {kinds_}: raise")
                note = functools.partial(_note_kind, kinds, len(alike))
                writer.line(f"{space.bind(note, 'note_free')}({key})")


def _note_kind(kinds: dict[str, int], number: int, key: str) -> None:
    """Note that the field *key*, which no schema names, is of the kind *number*, so that it costs less the next time."""
    if len(kinds) < _MOST_KINDS and len(key) <= _MOST_KEY_CHARACTERS:
        kinds[key] = number


def _judges(fields: Fields) -> dict[str, str]:
    """Return the name of the function that judges each property; those of which no more than a type is asked share one."""
    shared: dict[tuple[type, int], str] = {}
    judges = {}
    for name in fields.properties:
        if name in fields.exact:
            # In draft 4 an integer is another thing.
            kind = fields.exact[name], fields.generations[name]
            if kind not in shared:
                shared[kind] = fields.judges[name]()
            judges[name] = shared[kind]
        else:
            judges[name] = fields.judges[name]()
    return judges


def _with_numbers(kinds: dict[str, Any]) -> dict[str, Any]:
    for name, kind in kinds.items():
        if kind is float:
            kinds[name] = _NUMBER
    return kinds


def _note_free(kinds: dict[str, Any], judges: dict[str, Callable[[Any], Any]], key: str) -> None:
    """Note that the field *key*, which no schema names, may have any value, so that it costs less the next time."""
    if len(kinds) < _MOST_KINDS and len(key) <= _MOST_KEY_CHARACTERS:
        judges[key] = type  # whatever it is, it is true
        kinds[key] = _NUMBER


def report_fields(compiler: Compiler, fields: Fields, at: Place, writer: Writer) -> None:
    """Write the report on the fields."""
    space, variable = compiler.space, at.variable
    for key, emit in fields.properties.items():
        name, value = space.bind(key, "key"), space.name("value")
        with writer.block(f"if {name} in {variable}:"):
            start = len(writer.lines)
            writer.line(f"{value} = {variable}[{name}]")
            emit(value, name, at, writer)
            if len(writer.lines) == start + 1:
                writer.lines.pop()
    for key in fields.required:
        with writer.block(f"if {space.bind(key, 'key')} not in {variable}:"):
            compiler.fail(writer, at, "required", f"field {json_text(key)}", missing=key)
    _emit_loop(compiler, fields, at, writer)


def _emit_loop(compiler: Compiler, fields: Fields, at: Place, writer: Writer) -> None:
    """Write the loop over the fields that patterns or the rest speak about."""
    has_rest = fields.rest is not None or fields.closed
    if not fields.patterns and not has_rest:
        return
    if fields.rest_schema is not None and not fields.properties and not fields.patterns and not at.reporting:
        from toolkit.validator.arrays import emit_every

        emit_every(compiler, fields.rest_schema, at, writer, "additionalProperties", f"{at.variable}.values()")
        return
    space = compiler.space
    key, value, matched = space.name("key"), space.name("value"), space.name("matched")
    known = space.bind(frozenset(fields.properties), "declared")
    # One look tells whether there is anything to report.
    only_named = fields.closed and at.reporting and not fields.patterns
    guard = writer.block(f"if not {known}.issuperset({at.variable}):") if only_named else writer.inline()
    before_loop = len(writer.lines)
    with guard, writer.block(f"for {key}, {value} in {at.variable}.items():"):
        start = len(writer.lines)
        if fields.patterns and has_rest:
            writer.line(f"{matched} = {key} in {known}")
        for pattern, emit in fields.patterns:
            with writer.block(f"if not ({pattern_failure(compiler, pattern, key)}):"):
                if has_rest:
                    writer.line(f"{matched} = True")
                emit(value, key, at, writer)
        if has_rest:
            unmatched = f"if not {matched}:" if fields.patterns else f"if {key} not in {known}:"
            before = len(writer.lines)
            # Where nothing is named, everything is the rest.
            with writer.block(unmatched) if fields.patterns or fields.properties else writer.inline():
                if fields.rest is not None:
                    fields.rest(value, key, at, writer)
                elif fields.closed_by_strictness and at.reporting:
                    compiler.fail_undeclared(writer, at, value, key)
                else:
                    child = at.at_child(value, key, "additionalProperties")
                    compiler.fail(writer, child, "additionalProperties", NO_FIELD, keyword_tokens=())
            if before == len(writer.lines) and before == start + 1:
                writer.lines.pop()
    if not at.reporting:
        writer.take_all(before_loop, value, f"{at.variable}.values()")


def _track_fields(compiler: Compiler, schema: Schema, fields: Fields, at: Place, writer: Writer) -> None:
    """Write what these keywords evaluate."""
    contents: Any = schema.contents
    space = compiler.space
    if "additionalProperties" in contents and "additionalProperties" in schema.dialect.keywords:
        writer.line(f"{at.evaluated}.update({at.variable})")
        return
    if fields.properties:
        writer.line(f"{at.evaluated} |= {space.bind(frozenset(fields.properties), 'declared')}")
    for pattern, _ in fields.patterns:
        failure = pattern_failure(compiler, pattern, key := space.name("key"))
        writer.line(f"{at.evaluated}.update([{key} for {key} in {at.variable} if not ({failure})])")


def emit_names(compiler: Compiler, schema: Schema, at: Place, writer: Writer) -> None:
    """``propertyNames``: each name, judged as a text; an error stands at the field of that name."""
    name = compiler.space.name("key")
    with writer.block(f"for {name} in {at.variable}:"):
        child = at.at_child(name, name, "propertyNames").knowing(None)
        compiler.emit_child(schema.subschema("propertyNames"), child, writer)


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
                            compiler.fail(writer, at, keyword, expected, keyword_tokens=(keyword, key), missing=name)
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
    loop = writer.block(f"for {key}, {value} in {at.variable}.items():")
    with loop, writer.block(f"if {key} not in {at.evaluated}:"):
        child = at.at_child(value, key, "unevaluatedProperties")
        if subschema.contents is False:
            compiler.fail(writer, child, "unevaluatedProperties", NO_FIELD, keyword_tokens=())
        else:
            compiler.emit_child(subschema, child, writer)
    if not at.reporting:
        writer.line(f"{at.evaluated}.update({at.variable})")
