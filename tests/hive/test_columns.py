"""Schemas become columns whose types hold what the validator accepts, or a loss says otherwise."""

import pytest

from toolkit.errors import SchemaError, TableError, UnresolvableReference
from toolkit.hive import Policy, columns_from_schema, curated_policy, plan_table
from toolkit.schema import load_schema


def plan(schema, policy=None, **options):
    return columns_from_schema(load_schema(schema), policy, **options)


def type_of(schema, policy=None):
    """The type of one column whose schema is *schema*."""
    found = plan({"type": "object", "properties": {"x": schema}}, policy)
    return str(found.columns[0].type)


RAW = [
    ({"type": "string"}, "string"),
    ({"type": "boolean"}, "boolean"),
    ({"type": "integer"}, "bigint"),
    ({"type": "number"}, "double"),
    ({"type": "null"}, "string"),
    ({"type": ["string", "null"]}, "string"),
    ({"type": ["integer", "number"]}, "double"),
    ({"type": ["integer", "string"]}, "string"),
    ({"anyOf": [{"type": "integer"}, {"type": "null"}]}, "bigint"),
    ({"oneOf": [{"type": "integer"}, {"type": "number"}]}, "double"),
    ({"type": "array", "prefixItems": [{"type": "integer"}], "unevaluatedItems": {"type": "boolean"}}, "array<string>"),
    (
        {"type": "array", "allOf": [{"prefixItems": [{"type": "string"}]}], "unevaluatedItems": {"type": "integer"}},
        "array<string>",
    ),
    (
        {
            "type": "array",
            "anyOf": [{"items": {"type": "string"}}, {"minItems": 2}],
            "unevaluatedItems": {"type": "null"},
        },
        "array<string>",
    ),
    ({"type": "array", "allOf": [{"prefixItems": [{"type": "number"}]}], "unevaluatedItems": False}, "array<double>"),
    (
        {
            "type": "array",
            "prefixItems": [{"type": ["integer", "number"]}],
            "allOf": [{"items": {"type": ["integer", "boolean"]}}],
            "unevaluatedItems": False,
        },
        "array<string>",
    ),
    ({"type": "array", "prefixItems": [{"type": "number"}]}, "array<string>"),
    ({"type": "integer", "maximum": 2**70}, "string"),
    ({"type": "integer", "minimum": 0, "maximum": 2**64 - 1}, "string"),
    ({"type": "number", "multipleOf": 1}, "bigint"),
    ({"type": "number", "multipleOf": 0.01}, "double"),
    ({"type": "string", "format": "date"}, "string"),
    ({"type": "string", "format": "date-time"}, "string"),
    ({"enum": ["a", "b"]}, "string"),
    ({"enum": [1, 2, None]}, "bigint"),
    ({"enum": [1, 2.5]}, "double"),
    ({"const": True}, "boolean"),
    ({"const": {"a": 1}}, "struct<a:bigint>"),
    ({"type": "string", "enum": ["a", 1]}, "string"),
    ({"type": "integer", "enum": ["a", 1]}, "bigint"),
    ({"type": "array"}, "array<string>"),
    ({"type": "array", "items": {"type": "integer"}}, "array<bigint>"),
    ({"type": "array", "items": False}, "array<string>"),
    ({"type": "array", "prefixItems": [{"type": "integer"}], "items": {"type": "number"}}, "array<double>"),
    ({"type": "array", "prefixItems": [{"type": "integer"}, {"type": "string"}], "items": False}, "array<string>"),
    ({"type": "array", "prefixItems": [{"type": "integer"}]}, "array<string>"),
    ({"type": "array", "prefixItems": [{"type": "integer"}], "maxItems": 1}, "array<bigint>"),
    ({"type": "object"}, "string"),
    ({"type": "object", "additionalProperties": True}, "string"),
    ({"type": "object", "additionalProperties": {"type": "integer"}}, "map<string,bigint>"),
    ({"type": "object", "patternProperties": {"^x": {"type": "integer"}}}, "map<string,bigint>"),
    (
        {
            "type": "object",
            "patternProperties": {"^x": {"type": "integer"}},
            "additionalProperties": {"type": "number"},
        },
        "map<string,double>",
    ),
    ({"type": "object", "properties": {"b": {"type": "integer"}, "a": {}}}, "struct<b:bigint,a:string>"),
    ({}, "string"),
    (True, "string"),
    ({"type": ["object", "string"], "properties": {"a": {"type": "integer"}}}, "string"),
    ({"type": ["object", "null"], "properties": {"a": {"type": "integer"}}}, "struct<a:bigint>"),
]


@pytest.mark.parametrize(("schema", "expected"), RAW)
def test_the_type_of_a_raw_column(schema, expected):
    assert type_of(schema) == expected


CURATED = [
    ({"type": "integer", "minimum": 0, "maximum": 2**64 - 1}, "decimal(20,0)"),
    ({"type": "number", "multipleOf": 0.01}, "decimal(38,2)"),
    ({"type": "number", "multipleOf": 0.01, "minimum": -5, "maximum": 1000}, "decimal(6,2)"),
    ({"type": "number", "multipleOf": 0.01, "maximum": 1000}, "decimal(38,2)"),
    ({"type": "number", "multipleOf": 1e-50}, "double"),
    ({"type": "string", "format": "date"}, "date"),
    ({"type": ["string", "null"], "format": "date-time"}, "timestamp"),
    ({"type": "array", "items": {"type": "string", "format": "date-time"}}, "array<timestamp>"),
    ({"oneOf": [{"type": "string", "format": "date"}, {"type": "string"}]}, "string"),
    ({"oneOf": [{"type": "string", "format": "date"}, {"type": "null"}]}, "date"),
]


@pytest.mark.parametrize(("schema", "expected"), CURATED)
def test_the_type_of_a_curated_column(schema, expected):
    assert type_of(schema, curated_policy()) == expected


OBJECTS = [
    # alternatives of objects are merged
    (
        {"oneOf": [{"properties": {"a": {"type": "integer"}}}, {"properties": {"b": {"type": "string"}}}]},
        "struct<a:bigint,b:string>",
    ),
    # a field that both declare takes the wider type
    (
        {"anyOf": [{"properties": {"a": {"type": "integer"}}}, {"properties": {"a": {"type": "number"}}}]},
        "struct<a:double>",
    ),
    (
        {"allOf": [{"properties": {"a": {"type": "number"}}}, {"properties": {"a": {"type": "integer"}}}]},
        "struct<a:bigint>",
    ),
    # an alternative that is silent about a field leaves it to the declaration beside it
    (
        {"properties": {"a": {}}, "oneOf": [{"properties": {"a": {"type": "integer"}}}, {"required": ["b"]}]},
        "struct<a:string>",
    ),
    (
        {
            "properties": {"kind": {"enum": ["x", "y"]}},
            "if": {"properties": {"kind": {"const": "x"}}},
            "then": {"properties": {"size": {"type": "integer"}}},
            "else": {"properties": {"name": {"type": "string"}}},
        },
        "struct<kind:string,size:bigint,name:string>",
    ),
    ({"dependentSchemas": {"a": {"properties": {"b": {"type": "boolean"}}}}}, "struct<b:boolean>"),
    # a key of one alternative may be a further key of the other
    (
        {"anyOf": [{"properties": {"a": {"type": "integer"}}}, {"additionalProperties": {"type": "number"}}]},
        "struct<a:double>",
    ),
    ({"properties": {"a": {"type": "integer"}, "b": False}}, "struct<a:bigint>"),
]


@pytest.mark.parametrize(("schema", "expected"), OBJECTS)
def test_objects_are_merged(schema, expected):
    assert type_of({"type": "object"} | schema) == expected


def test_references_are_followed_by_pointer_id_and_anchor():
    schema = {
        "type": "object",
        "properties": {
            "a": {"$ref": "#/$defs/a"},
            "b": {"$ref": "https://example.com/b"},
            "c": {"$ref": "#see"},
        },
        "$defs": {
            "a": {"type": "integer"},
            "b": {"$id": "https://example.com/b", "type": "boolean"},
            "c": {"$anchor": "see", "type": "number"},
        },
    }
    assert [str(column.type) for column in plan(schema).columns] == ["bigint", "boolean", "double"]


@pytest.mark.parametrize(
    ("depth", "expected"),
    [
        (0, "struct<value:bigint,children:array<string>>"),
        (1, "struct<value:bigint,children:array<struct<value:bigint,children:array<string>>>>"),
    ],
)
def test_recursion_is_cut_as_json_text(depth, expected):
    node = {
        "type": "object",
        "properties": {
            "value": {"type": "integer"},
            "children": {"type": "array", "items": {"$ref": "#/$defs/node"}},
        },
    }
    found = plan(
        {"type": "object", "properties": {"x": {"$ref": "#/$defs/node"}}, "$defs": {"node": node}},
        Policy(recursion_depth=depth),
    )
    assert str(found.columns[0].type) == expected
    assert [loss.rule for loss in found.losses if loss.effect == "changed"] == ["recursion"]


def test_a_reference_to_itself_says_nothing():
    schema = {"type": "object", "properties": {"x": {"$ref": "#/$defs/x"}}, "$defs": {"x": {"$ref": "#/$defs/x"}}}
    assert str(plan(schema).columns[0].type) == "string"


@pytest.mark.parametrize(
    ("schema", "rule"),
    [
        ({"type": "string"}, "a row is an object"),
        ({"type": "array", "items": {"type": "object"}}, "a row is an object"),
        ({"type": "object"}, "expected declared properties"),
        ({"type": "object", "additionalProperties": {"type": "integer"}}, "expected declared properties"),
        ({"type": "object", "properties": {"a": False}}, "at least one property"),
        (False, "a row is an object"),
    ],
)
def test_a_schema_without_columns_is_refused(schema, rule):
    with pytest.raises(TableError, match=rule):
        plan(schema)


def test_a_remote_reference_is_refused_with_its_pointer():
    with pytest.raises(UnresolvableReference) as caught:
        plan({"type": "object", "properties": {"a": {"$ref": "https://example.com/absent"}}})
    assert caught.value.pointer == "/properties/a"


def test_an_ambiguous_value_is_refused_with_its_pointer():
    with pytest.raises(TableError, match="#/properties/a: expected values of one type"):
        plan({"type": "object", "properties": {"a": {}}}, Policy(ambiguous="refuse"))


def test_an_integer_names_what_a_bigint_does_not_hold():
    found = plan({"type": "object", "properties": {"n": {"type": "integer", "minimum": 0, "maximum": 9}}})
    assert [(loss.column, loss.pointer, loss.effect) for loss in found.losses] == [("n", "/properties/n", "error")]
    assert "1.0 or 1e3" in found.losses[0].consequence


def test_before_draft_06_an_integer_has_no_point():
    schema = {"$schema": "http://json-schema.org/draft-04/schema#", "type": "object"}
    found = plan(schema | {"properties": {"n": {"type": "integer", "minimum": 0, "maximum": 9}}})
    assert found.losses == ()


@pytest.mark.parametrize("policy", [Policy(), Policy(integers="string")])
def test_an_integer_that_becomes_text_is_named_in_every_draft(policy):
    schema = {"$schema": "http://json-schema.org/draft-04/schema#", "type": "object"}
    found = plan(schema | {"properties": {"n": {"type": "integer", "minimum": 0, "maximum": 2**64}}}, policy)
    assert str(found.columns[0].type) == "string"
    assert [(loss.column, loss.effect, loss.consequence) for loss in found.losses] == [
        ("n", "changed", "an integer reads as text, of which 10 comes before 9")
    ]


def test_a_partition_key_takes_its_name_from_a_column_of_that_key():
    schema = load_schema({"type": "object", "properties": {"day": {"type": "string"}, "x": {"type": "string"}}})
    from toolkit.hive import Column

    made = plan_table(
        schema, database="d", name="t", location="s3://bucket/t/", partition_keys=(Column("day", "string"),)
    ).table
    assert [column.name for column in made.columns] == ["day_2", "x"]
    assert dict(made.serde.properties) == {"mapping.day_2": "day"}


def test_fields_of_a_constant_object_point_to_the_schema_that_names_it():
    schema = load_schema({"type": "object", "properties": {"c": {"enum": [{"a": 1}, {"b": ["x", 1]}]}}})
    found = columns_from_schema(schema)
    assert str(found.columns[0].type) == "struct<a:bigint,b:array<string>>"
    assert {origin.pointer for origin in found.origins} == {"/properties/c"}


def test_a_mapping_is_a_schema_too():
    contents = {"type": "object", "properties": {"id": {"type": "string"}}}
    assert columns_from_schema(contents) == columns_from_schema(load_schema(contents))
    with pytest.raises(SchemaError, match="expected an object or a boolean as schema, found a string"):
        columns_from_schema("order_placed.json")
