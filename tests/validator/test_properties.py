"""Generated schemas and instances: generated functions, a plain interpreter and jsonschema-rs say the same."""

import json
from fractions import Fraction

import jsonschema_rs
import pytest
from hypothesis import given
from hypothesis import strategies as st
from plain_interpreter import is_strictly_valid, is_valid

from toolkit.validator import compile_schema, validate_ndjson

KEYS = st.sampled_from(["a", "b", "c", "x-1"])
SCALARS = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-3, 4),
    st.sampled_from([0.5, 1.0, 2.5, 1e300, -0.0, 2**64, 0.0001]),
    st.sampled_from(["", "a", "ab", "xyz", "12"]),
)
INSTANCES = st.recursive(
    SCALARS, lambda below: st.lists(below, max_size=3) | st.dictionaries(KEYS, below, max_size=3), max_leaves=8
)
TYPE_NAMES = st.sampled_from(["null", "boolean", "integer", "number", "string", "array", "object"])
PATTERNS = st.sampled_from(["^a", "b$", "^[0-9]{2}$", "x-", "^$", "[^a]"])
SIZES = st.integers(0, 3)
REFERENCES = st.sampled_from(["#/$defs/one", "#/$defs/two"])


def keywords(below):
    """Return the values that each keyword may have, with *below* for subschemas."""
    mapping = st.dictionaries(KEYS, below, max_size=3)
    some = st.lists(below, min_size=1, max_size=3)
    names = st.lists(KEYS, max_size=2, unique=True)
    return {
        "type": TYPE_NAMES | st.lists(TYPE_NAMES, min_size=1, max_size=3, unique=True),
        "enum": st.lists(INSTANCES, min_size=1, max_size=3),
        "const": INSTANCES,
        "minimum": st.integers(-2, 3),
        "maximum": st.sampled_from([0, 1.5, 3]),
        "exclusiveMinimum": st.integers(-2, 2),
        "multipleOf": st.sampled_from([1, 2, 0.5, 0.0001]),
        "minLength": SIZES,
        "maxLength": SIZES,
        "pattern": PATTERNS,
        "minItems": SIZES,
        "maxItems": SIZES,
        "uniqueItems": st.booleans(),
        "items": below,
        "prefixItems": some,
        "contains": below,
        "maxContains": SIZES,
        "minContains": SIZES,
        "unevaluatedItems": below,
        "minProperties": SIZES,
        "maxProperties": SIZES,
        "required": names,
        "properties": mapping,
        "patternProperties": st.dictionaries(PATTERNS, below, max_size=2),
        "additionalProperties": below,
        "unevaluatedProperties": below,
        "propertyNames": below,
        "dependentRequired": st.dictionaries(KEYS, names, max_size=2),
        "dependentSchemas": mapping,
        "allOf": some,
        "anyOf": some,
        "oneOf": some,
        "not": below,
        "if": below,
        "then": below,
        "else": below,
    }


@st.composite
def schemas(draw, below=None, most=4):
    choices = keywords(st.booleans() if below is None else below)
    names = draw(st.lists(st.sampled_from(sorted(choices)), max_size=most, unique=True))
    return {name: draw(choices[name]) for name in names}


LEAVES = st.booleans() | schemas(most=2)
FLAT = schemas(below=LEAVES | REFERENCES.map(lambda ref: {"$ref": ref}), most=3) | LEAVES
DEEP = schemas(below=FLAT)


@st.composite
def documents(draw):
    root = draw(DEEP)
    if draw(st.booleans()):
        root |= {"$ref": draw(REFERENCES)}
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        **root,
        # Neither leads back to itself, so that no schema is refused for a circle.
        "$defs": {"one": draw(LEAVES), "two": draw(schemas(below=LEAVES, most=3))},
    }


@given(documents(), st.lists(INSTANCES, min_size=1, max_size=6))
def test_three_validators_agree(written, schema, instances):
    validator, oracle = compile_schema(schema), jsonschema_rs.validator_for(schema)
    for instance in instances * 2:
        expected = is_valid(schema, instance, schema)
        assert validator.is_valid(instance) is expected
        assert (not list(validator.iter_errors(instance))) is expected
        # It reads what is beyond 64 bits as a float, and so do multiples of such.
        if "multipleOf" not in json.dumps(schema):
            assert oracle.is_valid(instance) is expected


def closed(schema):
    """Return *schema*, which applies nothing in place, with ``unevaluatedProperties: false`` where it speaks."""
    if isinstance(schema, list):
        return [closed(item) for item in schema]
    if not isinstance(schema, dict) or not schema:
        return schema
    made = dict(schema)
    for keyword in ("items", "additionalProperties"):
        if keyword in made:
            made[keyword] = closed(made[keyword])
    for keyword in ("properties", "patternProperties", "$defs"):
        if keyword in made:
            made[keyword] = {key: closed(value) for key, value in made[keyword].items()}
    if "prefixItems" in made:
        made["prefixItems"] = closed(made["prefixItems"])
    return made if set(made) <= {"$ref", "$defs", "$schema"} else made | {"unevaluatedProperties": False}


PLAIN_KEYWORDS = (
    "type",
    "properties",
    "items",
    "required",
    "patternProperties",
    "additionalProperties",
    "prefixItems",
    "minimum",
)


@st.composite
def plain(draw, depth=2):
    below = st.booleans() if depth == 0 else plain(depth - 1) | REFERENCES.map(lambda ref: {"$ref": ref})
    choices = keywords(below)
    names = draw(st.lists(st.sampled_from(PLAIN_KEYWORDS), max_size=4, unique=True))
    return {name: draw(choices[name]) for name in names}


@given(plain(), plain(0), plain(1), st.lists(INSTANCES, min_size=1, max_size=6))
def test_strict_mode_is_unevaluated_properties_false_at_every_object(written, root, one, two, instances):
    two = json.loads(json.dumps(two).replace("#/$defs/two", "#/$defs/one"))
    schema = {**root, "$defs": {"one": one, "two": two}}
    validator, shut = compile_schema(schema, strict=True), closed(schema)
    for instance in instances:
        expected = is_valid(shut, instance, shut)
        assert validator.is_valid(instance) is expected
        errors = list(validator.iter_errors(instance))
        assert (not errors) is expected
        undeclared = [error.instance_location for error in errors if error.keyword == "unevaluatedProperties"]
        assert len(set(undeclared)) == len(undeclared)


@given(documents(), st.lists(INSTANCES, min_size=1, max_size=6))
def test_strict_verdict_and_strict_report_agree(written, schema, instances):
    validator, loose = compile_schema(schema, strict=True), compile_schema(schema)
    for instance in instances:
        errors = list(validator.iter_errors(instance))
        assert validator.is_valid(instance) is (not errors)
        if not loose.is_valid(instance):
            assert errors
        elif errors:
            assert {error.keyword for error in errors} == {"unevaluatedProperties"}


@st.composite
def spaced(draw, value):
    """Return *value* as JSON with one of some spacings, its keys in their order or turned around."""
    separators = draw(st.sampled_from([(",", ":"), (", ", ": "), (" , ", " :")]))
    return json.dumps(value, separators=separators, ensure_ascii=draw(st.booleans())).encode()


@pytest.mark.parametrize("strict", [False, True])
@given(data=st.data())
def test_templates_change_no_verdict(strict, eager_learning, data):
    schema = data.draw(documents() | plain())
    schema.setdefault("$defs", {"one": True, "two": True})
    instances = data.draw(st.lists(INSTANCES, min_size=1, max_size=6))
    lines = [data.draw(spaced(instance)) for instance in instances]
    text = b"\n".join(lines * 3) + b"\n"
    validator = compile_schema(schema, strict=strict)
    assert validate_ndjson(text, validator) == validate_ndjson(
        text, compile_schema(schema, strict=strict), templates=False
    )


def nodes(reference):
    """Return strategies of objects whose fields lead, at the earliest one level below, to what *reference* names."""
    below = reference | LEAVES | reference.map(lambda schema: {"type": "array", "items": schema})
    below |= reference.map(lambda schema: {"type": "object", "additionalProperties": schema})
    below |= st.lists(reference | LEAVES, min_size=1, max_size=2).map(lambda branches: {"anyOf": branches})
    named = {f"p{number}": {"type": ["string", "number"]} for number in range(12)}
    return st.fixed_dictionaries(
        {"type": st.just("object"), "properties": st.dictionaries(KEYS, below, min_size=1, max_size=3)},
        optional={"required": st.lists(KEYS, max_size=2, unique=True), "additionalProperties": reference},
    ) | st.dictionaries(KEYS, below, max_size=2).map(
        lambda fields: {"type": "object", "properties": named | fields, "required": list(fields)[:1]}
    )


NODES = nodes(REFERENCES.map(lambda reference: {"$ref": reference}))


@given(NODES, NODES, st.lists(INSTANCES | st.dictionaries(KEYS, INSTANCES), min_size=1, max_size=6))
def test_what_is_recursive_is_judged_alike_in_every_way(written, one, two, instances):
    """By the form that raises, by reports, by the oracle; and strict refusals are those that strict reports explain."""
    schema = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$ref": "#/$defs/one",
        "$defs": {"one": one, "two": two},
    }
    loose, strict, oracle = (
        compile_schema(schema),
        compile_schema(schema, strict=True),
        jsonschema_rs.validator_for(schema),
    )
    for instance in instances:
        verdict = loose.is_valid(instance)
        assert verdict is (not list(loose.iter_errors(instance)))
        assert strict.is_valid(instance) is (not list(strict.iter_errors(instance)))
        assert verdict or not strict.is_valid(instance)
        if "multipleOf" not in json.dumps(schema):
            assert oracle.is_valid(instance) is verdict


TEXTS = st.sampled_from(["", "a", "ab", "12", "a\nb", "12\n34", "\n", "xyz"])
ITEMS = st.recursive(
    st.fixed_dictionaries({"type": st.just("string")}, optional={"minLength": SIZES})
    | st.fixed_dictionaries({"type": st.just("string")}, optional={"maxLength": SIZES, "minLength": SIZES})
    | st.fixed_dictionaries({"type": st.just("string"), "pattern": PATTERNS})
    | st.sampled_from([{"type": "number"}, {"type": "integer"}, {"type": "string", "enum": ["a", "b"]}, {"const": "a"}])
    | LEAVES,
    lambda below: (
        st.fixed_dictionaries(
            {"type": st.just("array"), "items": below}, optional={"minItems": SIZES, "maxItems": SIZES}
        )
        | st.fixed_dictionaries({"type": st.just("object"), "additionalProperties": below})
    ),
    max_leaves=3,
)
ROWS = st.recursive(
    TEXTS | st.integers(0, 2) | st.sampled_from([0.5, None, True, {}]),
    lambda below: st.lists(below, max_size=4) | st.lists(TEXTS, max_size=4) | st.dictionaries(KEYS, below, max_size=3),
    max_leaves=8,
)


@given(ITEMS, st.lists(st.lists(ROWS, max_size=4) | ROWS, min_size=1, max_size=6))
def test_items_are_judged_together_as_one_by_one(eager_learning, items, instances):
    schema = {"items": items, "additionalProperties": items}
    loose, strict = compile_schema(schema), compile_schema(schema, strict=True)
    for instance in instances * 2:
        assert loose.is_valid(instance) is is_valid(schema, instance, schema)
        assert loose.is_valid(instance) is (not list(loose.iter_errors(instance)))
        assert strict.is_valid(instance) is is_strictly_valid(schema, instance, schema)


@given(
    st.sampled_from([0.01, 0.1, 0.5, 0.25, 0.05, 0.3, 0.0001, 1e-7, 2.5, 7, 1e-300, 1e16, 123.456]),
    st.floats(allow_nan=False, allow_infinity=False) | st.integers() | st.decimals(-1000, 1000, places=4).map(float),
)
def test_a_multiple_is_one_of_decimals(divisor, number):
    exact = Fraction(repr(number)) % Fraction(repr(divisor)) == 0
    validator = compile_schema({"type": "number", "multipleOf": divisor})
    assert validator.is_valid(number) is exact
    product = divisor * round(number) if abs(number) < 1e9 and divisor < 1e9 else divisor
    assert validator.is_valid(product) is (Fraction(repr(product)) % Fraction(repr(divisor)) == 0)
