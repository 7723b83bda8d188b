"""Strict mode over generated schemas of every dialect: the rule, told by the plain interpreter, in every way of judging."""

import json
import random

import plain_interpreter as interpreter
from hypothesis import given
from hypothesis import strategies as st

from toolkit.schema.dialect import DIALECTS
from toolkit.validator import compile_schema, validate_ndjson
from toolkit.validator.bulk.batches import event_verdicts
from toolkit.validator.bulk.judging import Judge

KEYS = ["a", "b", "c", "x-1"]
SCALARS = [None, True, 0, 1, 2.5, "", "a", "xyz"]
INSTANCES = st.recursive(
    st.sampled_from(SCALARS), lambda below: st.lists(below, max_size=3) | st.dictionaries(st.sampled_from(KEYS), below)
)
TYPE_NAMES = st.sampled_from(["null", "boolean", "integer", "number", "string", "array", "object"])
PATTERNS = st.sampled_from(["^a", "^[bc]$", "x-", "^"])
REFERENCES = st.sampled_from(["one", "two"]).map(lambda name: {"$ref": f"#/$defs/{name}"})
# Since when each keyword has the meaning that the interpreter gives it, where not in draft 4; see `translated`.
SINCE = {
    "propertyNames": 6, "contains": 6, "if": 7, "then": 7, "else": 7, "dependentSchemas": 4, "minContains": 2019,
    "unevaluatedProperties": 2019, "unevaluatedItems": 2019,
}  # fmt: skip


def declaring(below):
    """Return the values of the keywords that hand schemas down."""
    fields = st.dictionaries(st.sampled_from(KEYS), below, min_size=1, max_size=4)
    return {
        "properties": fields,
        "patternProperties": st.dictionaries(PATTERNS, below, min_size=1, max_size=2),
        "additionalProperties": below,
        "unevaluatedProperties": below,
        "items": below,
        "prefixItems": st.lists(below, min_size=1, max_size=2),
        "unevaluatedItems": below,
        "contains": below,
    }


def applying(below):
    """Return the values of the keywords that apply schemas in place."""
    some = st.lists(below, min_size=1, max_size=3)
    return {
        "allOf": some,
        "anyOf": some,
        "oneOf": some,
        "not": below,
        "if": below,
        "then": below,
        "else": below,
        "dependentSchemas": st.dictionaries(st.sampled_from(KEYS), below, max_size=2),
        "$ref": REFERENCES.map(lambda schema: schema["$ref"]),
    }


ASSERTING = {
    "type": TYPE_NAMES | st.lists(TYPE_NAMES, min_size=2, max_size=3, unique=True),
    "const": INSTANCES,
    "enum": st.lists(INSTANCES, min_size=1, max_size=3),
    "required": st.lists(st.sampled_from(KEYS), min_size=1, max_size=2, unique=True),
    "minProperties": st.integers(0, 2),
    "maxProperties": st.integers(1, 4),
    "maxItems": st.integers(1, 3),
    "propertyNames": st.just({"maxLength": 2}),
    "minimum": st.just(1),
    "minLength": st.just(1),
    "description": st.just("said of the value"),
}


@st.composite
def schemas(draw, handed, applied, most=3):
    """Return a schema of some keywords, with *handed* for the schemas of children and *applied* for those in place."""
    made = {}
    for choices, least, limit in ((declaring(handed), 0, most), (applying(applied), 0, most - 1), (ASSERTING, 0, 1)):
        names = draw(st.lists(st.sampled_from(sorted(choices)), min_size=least, max_size=limit, unique=True))
        made |= {name: draw(choices[name]) for name in names}
    return made


LEAVES = st.sampled_from(
    [True, {}, {"type": "object"}, {"type": "integer"}, {"type": "string"}, {"minProperties": 0}, False]
)
NULLABLE = st.sampled_from([{"type": "null"}, {"enum": [None]}])
OWN_FIELDS = st.dictionaries(st.sampled_from(KEYS), LEAVES | REFERENCES, min_size=1, max_size=3).map(
    lambda fields: {"type": "object", "properties": fields}
)
TAGGED = st.lists(OWN_FIELDS, min_size=1, max_size=3).map(
    lambda branches: {
        "oneOf": [
            branch | {"properties": branch["properties"] | {"a": {"const": tag}}, "required": ["a"]}
            for branch, tag in zip(branches, ["a", "xyz", ""], strict=False)
        ]
    }
)
UNIONS = TAGGED | st.tuples(OWN_FIELDS | REFERENCES, NULLABLE).map(lambda pair: {"anyOf": [*pair]})
# What references lead to applies nothing in place that could lead back.
SMALL = schemas(LEAVES | OWN_FIELDS, LEAVES | OWN_FIELDS, 2).map(
    lambda schema: {key: value for key, value in schema.items() if key != "$ref"}
)
HANDED = LEAVES | OWN_FIELDS | UNIONS | REFERENCES | SMALL
ROOTS = schemas(HANDED, OWN_FIELDS | SMALL | UNIONS | REFERENCES)
RECURSIVE = st.dictionaries(st.sampled_from(KEYS), REFERENCES | HANDED, min_size=1, max_size=3).map(
    lambda fields: {"type": "object", "properties": fields}
)


@st.composite
def documents(draw):
    return draw(ROOTS | UNIONS) | {"$defs": {"one": draw(OWN_FIELDS | SMALL | RECURSIVE), "two": draw(RECURSIVE)}}


def fitting(schemas, root, source, depth=3):
    """Return an instance that has a fair chance to be valid by *schemas*, which meet at its place."""
    met = [below for schema in schemas for below in in_place(schema, root, 4)]
    named = [
        choice for schema in met for choice in ([schema["const"]] if "const" in schema else schema.get("enum", ()))
    ]
    if named and source.random() < 0.7:
        return source.choice(named)
    types = {name for schema in met for name in ([schema["type"]] if isinstance(schema.get("type"), str) else [])}
    words = {word for schema in met for word in schema} | types
    kinds = ["object"] * (not words.isdisjoint({"object", "properties", "patternProperties", "additionalProperties"}))
    kinds += ["array"] * (not words.isdisjoint({"array", "items", "prefixItems", "contains", "unevaluatedItems"}))
    kind = source.choice(kinds or ["scalar", "object", "array"]) if depth and source.random() < 0.9 else "scalar"
    if kind == "object":
        made = {}
        for key in source.sample(KEYS, source.randrange(5)):
            handed = list(interpreter.fields_below(met, key, {}, root))
            if handed or source.random() < 0.2:
                made[key] = fitting(handed, root, source, depth - 1)
        return made
    if kind == "array":
        handed = [
            schema[word] for schema in met for word in ("items", "contains", "unevaluatedItems") if word in schema
        ]
        handed += [one for schema in met for one in schema.get("prefixItems", ())]
        return [
            fitting(source.sample(handed, min(1, len(handed))), root, source, depth - 1)
            for _ in range(source.randrange(4))
        ]
    fit = [value for value in SCALARS if any(interpreter.TYPES[name](value) for name in types)]
    return source.choice(fit or SCALARS)


def in_place(schema, root, depth):
    """Yield the schemas that may apply where *schema* does."""
    if isinstance(schema, bool) or not depth:
        return
    yield schema
    applied = [schema[word] for word in ("if", "then", "else") if word in schema]
    applied += [one for word in ("allOf", "anyOf", "oneOf") for one in schema.get(word, ())]
    applied += [root["$defs"][schema["$ref"].rpartition("/")[2]]] if "$ref" in schema else []
    for one in [*applied, *schema.get("dependentSchemas", {}).values()]:
        yield from in_place(one, root, depth - 1)


def restricted(schema, generation):
    """Return *schema*, of 2020-12, without the keywords that the dialect of *generation* does not have."""
    if isinstance(schema, list):
        return [restricted(one, generation) for one in schema]
    if not isinstance(schema, dict):
        return schema
    return {
        key: value if key in ("const", "enum", "required", "type") else restricted(value, generation)
        for key, value in schema.items()
        if SINCE.get(key, 4) <= generation and not (key == "contains" and generation == 2019)
    }


def translated(schema, generation):
    """Return what says the same as *schema*, of 2020-12, in the dialect of *generation*."""
    if generation >= 2020:
        return schema
    if isinstance(schema, bool):
        return schema if generation > 4 else {} if schema else {"not": {}}
    made = {}
    for key, value in schema.items():
        if key in ("properties", "patternProperties", "dependentSchemas", "$defs"):
            made[key] = {name: translated(below, generation) for name, below in value.items()}
        elif key in ("allOf", "anyOf", "oneOf", "prefixItems"):
            made[key] = [translated(below, generation) for below in value]
        elif isinstance(value, dict | bool) and key not in ("const", "enum"):
            made[key] = translated(value, generation)
        else:
            made[key] = value
    if "enum" in made:
        distinct = []
        for choice in made["enum"]:
            distinct += [choice] if not any(interpreter.equal(choice, other) for other in distinct) else []
        made["enum"] = distinct
    if "prefixItems" in made:
        made |= {"additionalItems": made.pop("items")} if "items" in made else {}
        made["items"] = made.pop("prefixItems")
    if generation < 2019:
        if "dependentSchemas" in made:
            made["dependencies"] = made.pop("dependentSchemas")
        if "$ref" in made:
            made["allOf"] = [*made.get("allOf", []), {"$ref": made.pop("$ref").replace("$defs", "definitions")}]
        if "$defs" in made:
            made["definitions"] = made.pop("$defs")
    if generation == 4 and "const" in made:
        constant = {"enum": [made.pop("const")]}
        made |= constant if "enum" not in made else {"allOf": [*made.get("allOf", []), constant]}
    return made


@given(st.sampled_from(DIALECTS), documents(), st.integers(0, 2**32))
def test_the_rule_in_every_dialect_and_way(written, eager_learning, dialect, schema, seed):
    schema, source = restricted(schema, dialect.generation), random.Random(seed)
    instances = [fitting([schema], schema, source) for _ in range(30)]
    document = translated(schema, dialect.generation) | {"$schema": dialect.uri}
    strict, loose = compile_schema(document, strict=True), compile_schema(document)
    expected = [interpreter.is_strictly_valid(schema, instance, schema) for instance in instances]
    for instance, verdict in zip(instances, expected, strict=True):
        errors = list(strict.iter_errors(instance))
        assert strict.is_valid(instance) is verdict
        assert (not errors) is verdict
        assert loose.is_valid(instance) is interpreter.is_valid(schema, instance, schema)
        if loose.is_valid(instance):
            # Strictness alone refuses it, and names nothing but what is undeclared, each once.
            undeclared = list(interpreter.undeclared([schema], instance, schema))
            assert sorted(error.instance_location for error in errors) == sorted(undeclared)
            assert {error.keyword for error in errors} <= {"unevaluatedProperties"}
        else:
            assert not verdict
    lines = [json.dumps(instance).encode() for instance in instances] * 3
    text = b"\n".join(lines) + b"\n"
    report = validate_ndjson(text, strict, most_samples=len(lines))
    refused = [number for number, verdict in enumerate(expected * 3, 1) if not verdict]
    assert [sample.line_number for sample in report.samples] == refused
    # As Spark hands them over.
    verdicts = event_verdicts(Judge(strict, most_refused=None, expected_bytes=1 << 40), text, len(lines), lambda: lines)
    assert [found.index + 1 for found in verdicts.refused] == refused
