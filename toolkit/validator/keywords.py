"""
The order in which the keywords of one schema are written, and the type that each of them speaks about.

One emitter stands for each keyword, or for keywords that only mean something together. A keyword that is not in the
dialect is not looked at.
"""

from __future__ import annotations

import functools
from collections.abc import Callable

from toolkit.schema import Schema
from toolkit.validator import objects, values
from toolkit.validator.place import Place
from toolkit.validator.source import Writer

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Literal

    from toolkit.validator.compiler import Compiler

Emitter = Callable[["Compiler", Schema, Place, Writer], None]


def _from(module: Literal["arrays", "applicators"], name: str) -> Emitter:
    """Return an emitter of a module that only schemas with its keywords load."""

    def emit(compiler: Compiler, schema: Schema, at: Place, writer: Writer) -> None:
        home: Any
        if module == "arrays":
            from toolkit.validator import arrays as home
        else:
            from toolkit.validator import applicators as home
        getattr(home, name)(compiler, schema, at, writer)

    return emit


# (type spoken about or None for any, keywords that call the emitter, emitter), in the order of writing: what is cheap
# and refuses often comes first, the unevaluated keywords must come last.
EMITTERS: tuple[tuple[str | None, frozenset[str], Emitter], ...] = (
    (None, frozenset({"const"}), values.emit_const),
    (None, frozenset({"enum"}), values.emit_enum),
    ("string", frozenset({"minLength", "maxLength"}), values.emit_lengths),
    ("string", frozenset({"pattern"}), values.emit_pattern),
    ("string", frozenset({"format"}), values.emit_format),
    ("string", frozenset({"contentEncoding", "contentMediaType"}), values.emit_content),
    (
        "number",
        frozenset({"minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum"}),
        values.emit_bounds,
    ),
    ("number", frozenset({"multipleOf"}), values.emit_multiple_of),
    ("array", frozenset({"minItems", "maxItems"}), _from("arrays", "emit_counts")),
    ("array", frozenset({"uniqueItems"}), _from("arrays", "emit_unique")),
    ("array", frozenset({"prefixItems", "items", "additionalItems"}), _from("arrays", "emit_items")),
    ("array", frozenset({"contains"}), _from("arrays", "emit_contains")),
    ("object", frozenset({"minProperties", "maxProperties"}), objects.emit_counts),
    (
        "object",
        frozenset({"properties", "required", "patternProperties", "additionalProperties"}),
        objects.emit_fields,
    ),
    ("object", frozenset({"propertyNames"}), objects.emit_names),
    ("object", frozenset({"dependentRequired", "dependentSchemas", "dependencies"}), objects.emit_dependents),
    ("object", frozenset({"propertyDependencies"}), objects.emit_property_dependencies),
    (None, frozenset({"$ref", "$dynamicRef", "$recursiveRef"}), _from("applicators", "emit_references")),
    (None, frozenset({"allOf"}), _from("applicators", "emit_all_of")),
    (None, frozenset({"anyOf"}), _from("applicators", "emit_any_of")),
    (None, frozenset({"oneOf"}), _from("applicators", "emit_one_of")),
    (None, frozenset({"not"}), _from("applicators", "emit_not")),
    (None, frozenset({"if"}), _from("applicators", "emit_if")),
)
UNEVALUATED: tuple[tuple[str, frozenset[str], Emitter], ...] = (
    ("array", frozenset({"unevaluatedItems"}), _from("arrays", "emit_unevaluated")),
    ("object", frozenset({"unevaluatedProperties"}), objects.emit_unevaluated),
)
# What an applicator or another function decides about is no simple condition.
_SIMPLE = frozenset({"type", "const", "enum", "required"})


def emit_keywords(
    compiler: Compiler,
    schema: Schema,
    at: Place,
    writer: Writer,
    *,
    bare: bool = False,
    skip: frozenset[str] = frozenset(),
) -> Place:
    """
    Write the code of every keyword of *schema*, and return the place with what is known of it then.

    Its unevaluated keywords are left out if *bare*, and those in *skip*.
    """
    contents: Any = schema.contents
    present = schema.dialect.keywords.intersection(contents)
    if "$ref" in present and schema.dialect.generation <= 7:
        if "$ref" not in skip:
            _from("applicators", "emit_references")(compiler, schema, at, writer)
        return at
    present -= skip
    unevaluated = [] if bare else [entry for entry in UNEVALUATED if not entry[1].isdisjoint(present)]
    outer = at
    if unevaluated and not at.reporting:
        own = compiler.space.name("evaluated")
        writer.line(f"{own} = set()")
        at = at.tracking(own)
    if "type" in present:
        at = values.emit_type(compiler, schema, at, writer)
    _emit_guarded(compiler, schema, at, writer, present)
    if unevaluated:
        if at.reporting:
            _report_unevaluated(compiler, schema, at, writer, unevaluated)
        else:
            for guard, _, emitter in unevaluated:
                with _guarded(at, guard, writer):
                    emitter(compiler, schema, at, writer)
            if outer.evaluated:
                writer.line(f"{outer.evaluated} |= {at.evaluated}")
    return at.tracking(outer.evaluated)


def emit_guarded_fields(compiler: Compiler, fields: objects.Fields, at: Place, writer: Writer) -> None:
    """Write the verdict or the report about *fields*, where the instance is an object."""
    emit = objects.report_fields if at.reporting else objects.check_fields
    before = len(writer.lines)
    with _guarded(at, "object", writer):
        emit(compiler, fields, at.knowing("object"), writer)
    if not at.known_type and len(writer.lines) > before:
        _refuse_foreign(at, writer)


@functools.lru_cache(maxsize=512)
def _wanted(present: frozenset[str]) -> tuple[tuple[str | None, Emitter], ...]:
    return tuple((guard, emitter) for guard, triggers, emitter in EMITTERS if not triggers.isdisjoint(present))


def _emit_guarded(
    compiler: Compiler,
    schema: Schema,
    at: Place,
    writer: Writer,
    present: frozenset[str],
) -> None:
    wanted = list(_wanted(present))
    is_typed = "type" in present
    while wanted:
        guard = wanted[0][0]
        before = len(writer.lines)
        with _guarded(at, guard, writer):
            while wanted and wanted[0][0] == guard:
                wanted.pop(0)[1](compiler, schema, at.knowing(guard or at.known_type), writer)
        if guard and not is_typed and not at.known_type and len(writer.lines) > before:
            # A value of a foreign type must not slip past the guard; once in a schema is enough.
            _refuse_foreign(at, writer)
            is_typed = True


def _refuse_foreign(at: Place, writer: Writer) -> None:
    """Write, behind a block for one type, what keeps a value of a foreign type from slipping past it."""
    writer.line(f"elif type({at.variable}) not in PLAIN_TYPES: foreign({at.variable})")


def _guarded(at: Place, guard: str | None, writer: Writer) -> Any:
    """Return the block in which the instance is known to be of the type *guard*; none is written where that is known."""
    known = {"integer": "number"}.get(at.known_type or "", at.known_type)
    if guard is None or known == guard:
        return writer.inline()
    if known is not None:
        return writer.never()
    return writer.block(f"if {values.TYPE_GUARDS[guard].format(at.variable)}:")


def _report_unevaluated(
    compiler: Compiler,
    schema: Schema,
    at: Place,
    writer: Writer,
    unevaluated: list[tuple[str, frozenset[str], Emitter]],
) -> None:
    """
    Write the report of unevaluated fields, which needs to know what the rest of the schema evaluates.

    Where the rest refuses the instance there is an error already, and what it would have evaluated is unknown.
    """
    own = compiler.space.name("evaluated")
    writer.line(f"{own} = set()")
    name = compiler.bare_tracker(schema, at)
    with writer.block(f"if {name}({at.variable}, {own}):"):
        for guard, _, emitter in unevaluated:
            with _guarded(at, guard, writer):
                emitter(compiler, schema, at.tracking(own), writer)


def simple_condition(compiler: Compiler, schema: Schema, variable: str) -> str | None:
    """Return an expression that judges *variable* by *schema* without a call, or None where it needs one."""
    contents: Any = schema.contents
    assertions = values.what_is_said(schema)
    if assertions == {"type"}:
        return f"(not ({values.type_failure(compiler, schema, variable)}))"
    if assertions == {"required"} and len(contents["required"]) <= 4:
        keys = [f"{compiler.space.bind(key, 'key')} in {variable}" for key in contents["required"]]
        return f"(type({variable}) is not dict or {' and '.join(keys)})" if keys else "True"
    return None
