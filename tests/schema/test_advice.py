"""What a schema hardly means is told, and what it may mean is not."""

import json

import pytest

from toolkit.schema import DRAFT4, DRAFT7, DRAFT2020_12, load_schema
from toolkit.schema.advice import schema_advice


def advice(contents, dialect=DRAFT2020_12):
    return schema_advice(load_schema({"$schema": dialect.uri, **contents}))


@pytest.mark.parametrize(
    ("contents", "pointer", "meant"),
    [
        ({"type": "object", "requierd": ["a"]}, "#/requierd", "required"),
        ({"properties": {"a": {"enm": [1]}}}, "#/properties/a/enm", "enum"),
        ({"properties": {"a": {"minlength": 1}}}, "#/properties/a/minlength", "minLength"),
        ({"items": {"anyOf": [{"maxItem": 1}]}}, "#/items/anyOf/0/maxItem", "maxItems"),
    ],
)
def test_a_misspelt_keyword_is_told_with_the_one_that_is_meant(contents, pointer, meant):
    assert advice(contents) == (f'{pointer}: no keyword of 2020-12, so it is ignored; did you mean "{meant}"?',)


def test_a_keyword_of_another_dialect_is_told():
    assert advice({"type": "object", "unevaluatedProperties": False}, DRAFT7) == (
        "#/unevaluatedProperties: draft-07 ignores this keyword, which 2019-09 has",
    )
    assert advice({"properties": {"a": {"const": 1}}}, DRAFT4) == (
        "#/properties/a/const: draft-04 ignores this keyword, which draft-06 has",
    )


def test_what_stands_beside_a_reference_is_told_where_it_is_ignored():
    contents = {"properties": {"a": {"$ref": "#/definitions/b", "minimum": 0, "title": "A"}}, "definitions": {"b": {}}}
    assert advice(contents, DRAFT7) == (
        "#/properties/a: draft-07 ignores what stands beside $ref (minimum); put both into allOf",
    )
    assert advice(contents) == ()


def test_an_event_in_the_place_of_its_schema_is_told():
    [told] = advice({"order_id": 5, "total": {"amount": 1}})
    assert told == "no keyword of 2020-12 in it decides, so it accepts every event; is it a schema?"
    [told] = advice({"definitions": {"x": {"type": "object"}}})
    assert told.startswith("it defines schemas and accepts every event")


def test_the_schema_of_an_interface_is_told_where_it_lets_null_pass(tmp_path):
    """What a schema inside a document refers to is read too, at its place in the document."""
    pet = {
        "type": "object",
        "properties": {"name": {"type": "string", "nullable": True}, "mate": {"$ref": "#/schemas/Pet"}},
    }
    document = {
        "openapi": "3.0.3",
        "schemas": {"Pet": pet, "Dog": {"allOf": [{"$ref": "#/schemas/Pet"}, {"requierd": []}]}},
    }
    path = tmp_path / "openapi.json"
    path.write_text(json.dumps(document))
    misspelt, nullable = schema_advice(load_schema(f"{path}#/schemas/Dog"))
    assert misspelt.startswith("#/schemas/Dog/allOf/1/requierd: no keyword of 2020-12, so it is ignored; did you mean")
    assert nullable.startswith(
        "#/schemas/Pet/properties/name/nullable: no keyword of JSON Schema but of OpenAPI 3.0, so null"
    )
    document["schemas"]["Dog"]["allOf"][0]["$ref"] = "#/schemas/Cat"
    path.write_text(json.dumps(document))
    assert len(schema_advice(load_schema(f"{path}#/schemas/Dog"))) == 1


@pytest.mark.parametrize(
    "contents",
    [
        {},
        {"type": "object", "x-owner": "shop", "javaType": "org.shop.Order", "example": {}, "notes": "", "id": "a"},
        {"properties": {"requierd": {"type": "string"}}},
        {"type": "string", "enum": ["requierd"], "default": {"enm": 1}},
        {"$defs": {"x": {"type": "object"}}, "$ref": "#/$defs/x"},
        {"type": "string", "nullable": False},
        {"type": "object", "tsAdditionalProperties": False, "xEnum": []},
    ],
)
def test_what_may_be_meant_is_passed_over(contents):
    assert advice(contents) == ()


def test_the_schema_that_accepts_everything_is_its_author_s_word():
    assert schema_advice(load_schema({})) == ()
