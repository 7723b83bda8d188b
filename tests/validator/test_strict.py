"""Strict mode: a field that nothing declares at its place is refused, at every depth."""

import pytest

from toolkit.validator import compile_schema

A = {"properties": {"a": {"type": "integer"}}}
B = {"properties": {"b": {"type": "integer"}}}
D7 = {"$schema": "http://json-schema.org/draft-07/schema#"}


@pytest.mark.parametrize(
    ("schema", "instance", "refused"),
    [
        (A, {"a": 1}, []),
        (A, {"a": 1, "x": 1}, ["/x"]),
        ({"properties": {"o": A}}, {"o": {"x": 1}}, ["/o/x"]),
        ({"items": A}, [{"a": 1}, {"x": 1}], ["/1/x"]),
        ({"allOf": [A, B]}, {"a": 1, "b": 1, "x": 1}, ["/x"]),
        ({"allOf": [{"properties": {"o": A}}, {"properties": {"o": B}}]}, {"o": {"a": 1, "b": 1, "x": 1}}, ["/o/x"]),
        ({"$ref": "#/$defs/a", "$defs": {"a": A}}, {"a": 1, "x": 1}, ["/x"]),
        (D7 | {"$ref": "#/definitions/a", "definitions": {"a": A}}, {"a": 1, "x": 1}, ["/x"]),
        ({"anyOf": [A | {"required": ["a"]}, B | {"required": ["b"]}]}, {"a": 1, "b": "text"}, ["/b"]),
        ({"anyOf": [A | {"required": ["a"]}, B | {"required": ["b"]}]}, {"a": 1, "b": 1}, []),
        ({"oneOf": [A | {"required": ["a"]}, B | {"required": ["b"]}]}, {"b": 1, "x": 1}, ["/x"]),
        ({"if": A | {"required": ["a"]}, "then": B, "else": {"properties": {"c": {}}}}, {"a": 1, "b": 1}, []),
        ({"if": A | {"required": ["a"]}, "then": B, "else": {"properties": {"c": {}}}}, {"b": 1, "c": 1}, ["/b"]),
        ({"patternProperties": {"^x-": A}}, {"x-1": {"a": 1, "b": 1}, "y": 1}, ["/x-1/b", "/y"]),
        ({"additionalProperties": A}, {"k": {"a": 1}, "l": {"b": 1}}, ["/l/b"]),
        ({"additionalProperties": True}, {"k": {"anything": [{"deep": 1}]}}, []),
        ({"properties": {"free": {}}}, {"free": {"anything": {"deep": 1}}}, []),
        ({"properties": {"free": {"description": "free"}}}, {"free": {"k": 1}}, []),
        ({"properties": {"o": {"type": "object"}}}, {"o": {"k": 1}}, ["/o/k"]),
        ({"dependentSchemas": {"a": B}, **A}, {"a": 1, "b": 1}, []),
        ({"dependentSchemas": {"a": B}, **A}, {"b": 1}, ["/b"]),
        (A | {"anyOf": [{"required": ["a"]}]}, {"a": 1}, []),
        (A | {"oneOf": [{"minProperties": 1}]}, {"a": 1, "x": 1}, ["/x"]),
        (A | {"anyOf": [{"type": "object", "minProperties": 1}, {"type": "null"}]}, {"a": 1}, []),
        ({"items": {"allOf": [True]}}, [{"k": 1}], []),
        ({"allOf": [{"allOf": [{}]}, {"minProperties": 1}]}, {"k": 1}, ["/k"]),
        ({"anyOf": [True]}, {"k": 1}, ["/k"]),
        ({"items": {"oneOf": [{"anyOf": [{}]}]}}, [{"k": 1}], ["/0/k"]),
        (True, {"k": 1}, []),
        ({"type": "array"}, [{"k": 1}], []),
        ({"contains": A | {"required": ["a"]}}, [{"a": 1, "x": 1}, {"y": 1}], ["/0/x"]),
        ({"prefixItems": [A], "items": B}, [{"a": 1}, {"a": 1}], ["/1/a"]),
        (D7 | {"items": [A], "additionalItems": B}, [{"b": 1}, {"b": 1}], ["/0/b"]),
        ({"properties": {"o": {"enum": [{"k": {"l": 1}}, {"m": [{"n": 1}]}]}}}, {"o": {"m": [{"n": 1}]}}, []),
        (A | {"const": {"a": 1, "k": 1}}, {"a": 1, "k": 1}, []),
        ({"anyOf": [A, {"const": {"k": 1}}]}, {"k": 1}, []),
        ({"anyOf": [A, {"const": {"k": 1}}]}, {"k": 2}, ["/k"]),
        ({"properties": {"ab": A}, "patternProperties": {"^a": B, "b$": A}}, {"ab": {"a": 1, "b": 1}}, []),
        ({"patternProperties": {"^a": A, "b$": A}}, {"ab": {"x": 1}}, ["/ab/x"]),
        ({"allOf": [{"prefixItems": [A]}], "unevaluatedItems": B}, [{"a": 1, "b": 1}, {"b": 1}], ["/0/b"]),
        ({"allOf": [{"properties": {"o": A}}, {"unevaluatedProperties": B}]}, {"o": {"a": 1, "b": 1}}, []),
        (D7 | {"items": {"$ref": "#/definitions/free", "type": "object"}, "definitions": {"free": {}}}, [{"k": 1}], []),
        ({"type": "object", "oneOf": [A | {"required": ["a"]}, B | {"required": ["b"]}]}, {"a": 1, "x": 1}, ["/x"]),
        ({"anyOf": [A, {"if": A, "then": B}]}, {"a": 1, "b": 1, "x": 1}, ["/x"]),
    ],
)
def test_undeclared_fields_are_refused(schema, instance, refused):
    validator = compile_schema(schema, strict=True)
    assert [error.instance_location for error in validator.iter_errors(instance)] == refused
    assert validator.is_valid(instance) is (not refused)
    assert compile_schema(schema).is_valid(instance)


def test_the_error_says_so():
    (error,) = compile_schema(A, strict=True).iter_errors({"x": "secret"})
    assert str(error) == "$.x: expected no undeclared field, found string"
    assert error.keyword == "unevaluatedProperties"


def test_strictness_changes_no_branch():
    schema = {"oneOf": [{"properties": {"o": A}}, {"properties": {"o": B}}]}
    instance = {"o": {"b": 1}}
    assert not compile_schema(schema).is_valid(instance)
    assert not compile_schema(schema, strict=True).is_valid(instance)


def test_recursion_is_followed():
    tree = {"properties": {"value": {"type": "integer"}, "children": {"items": {"$ref": "#"}}}}
    instance = {"value": 1, "children": [{"value": 2, "children": [{"value": 3, "x": 4}]}]}
    (error,) = compile_schema(tree, strict=True).iter_errors(instance)
    assert error.json_path == "$.children[0].children[0].x"


def test_a_field_is_reported_once():
    schema = A | {"additionalProperties": False}
    (error,) = compile_schema(schema, strict=True).iter_errors({"x": 1})
    assert error.keyword == "additionalProperties"
