"""Versions of a schema are compared: who may stay as they are."""

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from toolkit.errors import InvalidInput, SchemaError
from toolkit.hive import compatibility, incompatible_changes
from toolkit.schema import load_schema
from toolkit.validator import compile_schema

OBJECT = {"type": "object", "properties": {"a": {"type": "integer"}}}


def level(old, new, **options):
    return compatibility(load_schema(old), load_schema(new), **options).level


def value(old, new):
    """The verdict on one property whose schema changes."""
    wrap = {"type": "object", "required": ["x"]}
    return level(wrap | {"properties": {"x": old}}, wrap | {"properties": {"x": new}})


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ({"type": "integer"}, {"type": "integer", "description": "x"}, "FULL"),
        ({"type": "integer"}, {"type": "number"}, "BACKWARD"),
        ({"type": ["string", "null"]}, {"type": "string"}, "FORWARD"),
        ({"type": "integer"}, {"type": "string"}, "NONE"),
        ({"type": "string"}, {"type": "string", "maxLength": 5}, "FORWARD"),
        ({"type": "string", "maxLength": 5}, {"type": "string", "maxLength": 6}, "BACKWARD"),
        ({"minimum": 1}, {"minimum": 0}, "BACKWARD"),
        ({"minimum": 0}, {}, "BACKWARD"),
        ({"enum": ["a"]}, {"enum": ["a", "b"]}, "BACKWARD"),
        ({"enum": ["a"]}, {"const": "a"}, "FULL"),
        ({"enum": ["a"]}, {"type": "string"}, "NONE"),
        ({"enum": [1]}, {"enum": [True]}, "NONE"),
        ({"enum": [1]}, {"enum": [1.0]}, "FULL"),
        ({"const": 1, "enum": [1, 2]}, {"const": 1, "enum": [2]}, "FORWARD"),
        ({"multipleOf": 0.01}, {"multipleOf": 0.005}, "BACKWARD"),
        ({"multipleOf": 2}, {"multipleOf": 3}, "NONE"),
        ({"pattern": "a"}, {"pattern": "b"}, "NONE"),
        ({"pattern": "a"}, {}, "BACKWARD"),
        ({}, {"format": "date"}, "FORWARD"),
        ({"type": "array", "uniqueItems": False}, {"type": "array"}, "FULL"),
        ({}, {"not": {"type": "string"}}, "FORWARD"),
        ({"type": "array", "items": {"type": "integer"}}, {"type": "array", "items": {"type": "number"}}, "BACKWARD"),
        ({"type": "array"}, {"type": "array", "items": {"type": "number"}}, "FORWARD"),
        ({"anyOf": [{"type": "string"}]}, {"anyOf": [{"type": "string"}, {"type": "integer"}]}, "BACKWARD"),
        ({"oneOf": [{"type": "string"}]}, {"oneOf": [{"type": "string"}, {"type": "integer"}]}, "BACKWARD"),
        ({"oneOf": [{"type": "string"}]}, {"oneOf": [{"type": "string"}, {"minLength": 3}]}, "NONE"),
        (True, {}, "FULL"),
        (True, False, "FORWARD"),
        (
            {"type": "object", "additionalProperties": {"type": "integer"}},
            {"type": "object", "additionalProperties": {"type": "number"}},
            "BACKWARD",
        ),
    ],
)
def test_the_verdict_on_a_value(old, new, expected):
    assert value(old, new) == expected


def test_the_verdict_on_fields():
    wider = {"type": "object", "properties": {"a": {"type": "integer"}, "b": {"type": "string"}}}
    assert level(OBJECT, wider) == "BACKWARD"
    assert level(wider, OBJECT) == "FORWARD"
    assert level(OBJECT, wider, strict=False) == "FORWARD"
    assert level(OBJECT, OBJECT | {"required": ["a"]}) == "FORWARD"
    assert level(OBJECT | {"required": ["a"]}, OBJECT) == "BACKWARD"
    closed = {"additionalProperties": False}
    assert level(OBJECT | closed, wider | closed, strict=False) == "BACKWARD"


def test_a_rename_is_not_guessed():
    found = compatibility(
        load_schema(OBJECT), load_schema({"type": "object", "properties": {"b": {"type": "integer"}}})
    )
    assert [(change.kind, change.path, change.pointer) for change in found.changes] == [
        ("removed", "a", "/properties/a"),
        ("added", "b", "/properties/b"),
    ]


def test_a_key_that_an_alternative_declares_already_is_not_new():
    old = {"type": "object", "anyOf": [{"properties": {"a": {"type": "string"}}}]}
    assert level(old, old | {"properties": {"a": {"type": "integer"}}}) == "NONE"


def test_a_key_whose_values_were_limited_is_not_one_that_takes_any():
    old = {"type": "object", "additionalProperties": {"minLength": 3}}
    new = old | {"properties": {"a": {"type": "string"}}}
    assert level(old, new) == level(old, new, strict=False) == "NONE"
    assert level(new, old) == level(new, old, strict=False) == "NONE"


def test_alternatives_that_one_number_fits_in_two_spellings_do_not_exclude_each_other():
    one, other = ({"type": "object", "required": ["k"], "properties": {"k": {"const": number}}} for number in (1, 1.0))
    assert level({"oneOf": [one]}, {"oneOf": [one, other]}) == "NONE"
    assert level({"oneOf": [one]}, {"oneOf": [one, other | {"properties": {"k": {"const": 2}}}]}) == "BACKWARD"


def test_a_dynamic_reference_means_the_outermost_anchor():
    generic = {
        "$id": "https://example.com/list",
        "type": "array",
        "items": {"$dynamicRef": "#T"},
        "$defs": {"any": {"$dynamicAnchor": "T"}},
    }

    def numbers(kind):
        item = {"$dynamicAnchor": "T", "type": kind}
        own = {"$id": "https://example.com/numbers", "$ref": "list", "$defs": {"item": item}}
        return {"$ref": "https://example.com/numbers", "$defs": {"list": generic, "numbers": own}}

    (change,) = compatibility(numbers("integer"), numbers("number")).changes
    assert (change.path, change.is_backward, change.is_forward) == ("[]", True, False)


def test_a_tree_that_refers_to_itself_dynamically_is_compared_once():
    def tree(kind):
        node = {"$id": "node", "$recursiveAnchor": True, "properties": {"next": {"$recursiveRef": "#"}}}
        return {
            "$schema": "https://json-schema.org/draft/2019-09/schema",
            "$id": "https://example.com/tree",
            "$recursiveAnchor": True,
            "$ref": "node",
            "properties": {"name": {"type": kind}},
            "$defs": {"node": node},
        }

    assert [change.path for change in compatibility(tree("integer"), tree("number")).changes] == ["name"]


@pytest.mark.parametrize("broken", [{"type": 5}, {"type": [{}]}, {"properties": {"a": {"type": "text"}}}])
def test_what_is_no_schema_is_told(broken):
    for pair in ((broken, OBJECT), (OBJECT, broken)):
        with pytest.raises(SchemaError, match="type: expected one of"):
            compatibility(*pair)


def test_a_limit_that_is_no_number_tells_nothing():
    assert value({"minLength": "3"}, {"minLength": 3}) == "NONE"


def test_what_a_reference_leads_to_counts():
    def schema(kind):
        return {
            "type": "object",
            "properties": {"a": {"$ref": "#/$defs/a"}, "b": {"not": {"$ref": "#/$defs/a"}}},
            "$defs": {"a": {"type": kind}},
        }

    found = compatibility(load_schema(schema("integer")), load_schema(schema("number")))
    assert [change.path for change in found.changes] == ["a", "b"]
    assert level(schema("integer"), schema("integer")) == "FULL"


def test_recursive_schemas_end():
    def schema(kind):
        return {"type": "object", "properties": {"next": {"$ref": "#"}, "value": {"type": kind}}}

    assert level(schema("integer"), schema("number")) == "BACKWARD"


def test_transitive_levels_look_at_every_version():
    versions = [
        load_schema({"type": "object", "properties": {"a": {"type": kind}}}) for kind in ("string", "integer", "number")
    ]
    assert incompatible_changes(versions, "BACKWARD") == ()
    assert [(index, change.path) for index, change in incompatible_changes(versions, "BACKWARD_TRANSITIVE")] == [
        (0, "a")
    ]
    assert [index for index, _ in incompatible_changes(versions, "FULL_TRANSITIVE")] == [0, 1]
    with pytest.raises(InvalidInput, match="expected one of NONE, BACKWARD"):
        incompatible_changes(versions, "SIDEWAYS")


def test_a_change_reads_as_a_sentence():
    (change,) = compatibility(load_schema(OBJECT), load_schema(OBJECT | {"required": ["a"]})).changes
    assert str(change) == "a: required narrowed: optional → required (breaks producers)"


def test_an_added_property_is_told_by_its_kinds():
    kinds = {"$defs": {"m": {"type": "object", "properties": {"a": {}}}}}
    found = compatibility(
        load_schema({**kinds, "properties": {}}),
        load_schema(
            {**kinds, "properties": {"r": {"$ref": "#/$defs/m"}, "u": {"anyOf": [{"const": 1}, {"type": "null"}]}}}
        ),
    )
    assert [change.new for change in found.changes] == ["object", '["integer", "null"]']


def test_a_change_tells_its_direction_where_other_keywords_leave_its_effect_open():
    tuples = {"type": "array", "prefixItems": [{"type": "string"}]}
    (change,) = compatibility(load_schema(tuples | {"items": False}), load_schema(tuples)).changes
    assert (change.kind, change.is_backward, change.is_forward) == ("widened", False, False)


SCALARS = st.sampled_from(
    [
        {},
        {"type": "integer"},
        {"type": "number"},
        {"type": "string"},
        {"type": ["string", "null"]},
        {"type": "string", "minLength": 1},
        {"type": "integer", "minimum": 1},
        {"enum": [1, "a"]},
        {"const": 1},
        {"multipleOf": 2},
        {"not": {"type": "string"}},
        False,
    ]
)


def nested(inner):
    properties = st.dictionaries(st.sampled_from("ab"), inner, max_size=2)
    return st.one_of(
        st.builds(
            lambda p, r: {"type": "object", "properties": p, "required": r},
            properties,
            st.lists(st.sampled_from("ab"), unique=True),
        ),
        st.builds(
            lambda p, a: {"properties": p, "additionalProperties": a}, properties, st.one_of(st.booleans(), inner)
        ),
        st.builds(lambda i: {"type": "array", "items": i}, inner),
        st.builds(
            lambda k, s: {k: s}, st.sampled_from(["anyOf", "oneOf", "allOf"]), st.lists(inner, min_size=1, max_size=2)
        ),
    ) | st.one_of(
        st.builds(lambda a, b, c: {"if": a, "then": b, "else": c}, inner, inner, inner),
        st.builds(lambda a: {"type": "array", "contains": a}, inner),
        st.builds(lambda a, b: {"prefixItems": [a], "items": b}, inner, inner),
        st.builds(lambda a, b: {"patternProperties": {"a": a}, "additionalProperties": b}, inner, inner),
        st.builds(lambda a, b: {"properties": {"a": a}, "dependentSchemas": {"a": b}}, inner, inner),
        st.builds(lambda a, b: {"allOf": [a], "properties": {"b": b}}, inner, inner),
        st.builds(lambda a, b: {"anyOf": [a, True], "unevaluatedProperties": b}, inner, inner),
    )


SCHEMAS = st.recursive(SCALARS, nested, max_leaves=4)
VALUES = st.recursive(
    st.sampled_from([None, True, 0, 1, 2, 1.5, "", "a"]),
    lambda inner: st.one_of(st.lists(inner, max_size=2), st.dictionaries(st.sampled_from("ab"), inner, max_size=2)),
    max_leaves=4,
)


def places(schema, path=()):
    """The paths of all schemas inside *schema*."""
    yield path
    if isinstance(schema, dict):
        for key, inner in schema.items():
            if key in ("properties", "patternProperties", "dependentSchemas"):
                for name, subschema in inner.items():
                    yield from places(subschema, (*path, key, name))
            elif key in ("allOf", "anyOf", "oneOf", "prefixItems"):
                for index, subschema in enumerate(inner):
                    yield from places(subschema, (*path, key, index))
            elif key in ("items", "additionalProperties", "not", "if", "then", "else", "contains"):
                yield from places(inner, (*path, key))


def replaced(schema, path, new):
    if not path:
        return new
    copied = schema.copy()
    copied[path[0]] = replaced(schema[path[0]], path[1:], new)
    return copied


@pytest.mark.parametrize("strict", [True, False])
@settings(max_examples=200, suppress_health_check=[HealthCheck.filter_too_much, HealthCheck.too_slow])
@given(data=st.data(), old=SCHEMAS, part=SCHEMAS, events=st.lists(VALUES, min_size=5, max_size=5))
def test_a_verdict_holds_for_every_event(strict, data, old, part, events):
    new = replaced(old, data.draw(st.sampled_from(list(places(old)))), part)
    assume(old != new)
    older, newer = load_schema(old), load_schema(new)
    found = compatibility(older, newer, strict=strict)
    before, after = compile_schema(older, strict=strict), compile_schema(newer, strict=strict)
    for event in events:
        if found.is_backward:
            assert after.is_valid(event) or not before.is_valid(event), "BACKWARD"
        if found.is_forward:
            assert before.is_valid(event) or not after.is_valid(event), "FORWARD"
