"""Errors that an analyst can act on: the nearest branch, the best match, bounded size, and other shapes."""

import jsonschema_rs
import pytest

from toolkit.validator import basic_output, best_match, compile_schema, detailed_output, errors_frame

PAYMENT = {
    "oneOf": [
        {
            "type": "object",
            "properties": {"kind": {"const": "card"}, "number": {"type": "string"}},
            "required": ["kind"],
        },
        {
            "type": "object",
            "properties": {"kind": {"const": "transfer"}, "iban": {"type": "string"}, "bic": {"type": "string"}},
            "required": ["kind", "iban"],
        },
        {"type": "null"},
    ]
}


def test_a_union_reports_the_branch_that_came_nearest():
    (error,) = compile_schema({"properties": {"payment": PAYMENT}}).iter_errors(
        {"payment": {"kind": "transfer", "iban": 5, "bic": 6}}
    )
    assert str(error) == (
        "$.payment: expected a match of exactly one of 3 alternatives, found object; "
        "the nearest alternative failed at $.payment.iban: expected string, found integer (and 1 more)"
    )
    assert [reason.keyword_location for reason in error.context] == [
        "/properties/payment/oneOf/1/properties/iban/type",
        "/properties/payment/oneOf/1/properties/bic/type",
    ]


def test_a_union_of_mere_types_names_them():
    (error,) = compile_schema({"anyOf": [{"type": "string"}, {"type": "null"}, {"type": "string"}]}).iter_errors(5)
    assert str(error) == "$: expected string or null, found integer"


def test_several_matches_are_counted():
    (error,) = compile_schema({"oneOf": [{"type": "integer"}, {"minimum": 1}]}).iter_errors(5)
    assert str(error) == "$: expected a match of exactly one of 2 alternatives, found 2 matches"


def test_the_first_and_the_best_error():
    schema = {"properties": {"deep": {"items": {"type": "string"}}, "near": {"type": "string"}}, "required": ["deep"]}
    validator = compile_schema(schema, strict=True)
    instance = {"deep": [1], "near": 2, "x": 3}
    assert str(validator.first_error(instance)) == "$.deep[0]: expected string, found integer"
    assert str(validator.best_error(instance)) == "$.near: expected string, found integer"
    assert validator.first_error({"deep": []}) is None
    assert validator.best_error({"deep": []}) is None
    assert best_match([]) is None


def test_the_best_error_of_a_union_lies_in_its_nearest_branch():
    validator = compile_schema(PAYMENT)
    assert str(validator.best_error({"kind": "transfer", "iban": 5})) == "$.iban: expected string, found integer"


def test_errors_are_collected_up_to_a_number():
    validator = compile_schema({"items": {"type": "string"}}, most_errors=7)
    assert len(list(validator.iter_errors(list(range(100_000))))) == 7
    assert len(list(compile_schema({"items": {"type": "string"}}).iter_errors(list(range(100_000))))) == 1000


def test_large_values_and_keys_do_not_grow_the_report():
    validator = compile_schema({"additionalProperties": {"enum": ["a"]}}, show_values=True)
    (error,) = validator.iter_errors({"k" * 10_000_000: "v" * 10_000_000})
    assert len(str(error)) < 1000
    (error,) = compile_schema({"enum": ["x" * 10_000_000, "y"]}).iter_errors(1)
    assert len(str(error)) < 1000


def test_values_stay_out_of_every_shape():
    validator = compile_schema({"properties": {"a": {"pattern": "^x$", "maxLength": 3}}}, strict=True)
    errors = tuple(validator.iter_errors({"a": "secret", "b": "secret"}))
    assert len(errors) == 3
    shapes = [str(error) for error in errors] + [repr(errors), str(basic_output(errors)), str(detailed_output(errors))]
    assert "secret" not in "".join(shapes)


SCHEMA = {
    "$id": "https://example.com/order",
    "properties": {"a": {"$ref": "#/$defs/a"}, "b": {"items": {"type": "integer"}}},
    "$defs": {"a": {"type": "string"}},
}


def test_the_basic_output_is_flat():
    errors = compile_schema(SCHEMA).iter_errors({"a": 1, "b": [1, "x"]})
    assert basic_output(errors) == {
        "valid": False,
        "errors": [
            {
                "valid": False,
                "keywordLocation": "/properties/a/$ref/type",
                "absoluteKeywordLocation": "https://example.com/order#/$defs/a/type",
                "instanceLocation": "/a",
                "error": "expected string, found integer",
            },
            {
                "valid": False,
                "keywordLocation": "/properties/b/items/type",
                "absoluteKeywordLocation": "https://example.com/order#/properties/b/items/type",
                "instanceLocation": "/b/1",
                "error": "expected integer, found string",
            },
        ],
    }
    assert basic_output([]) == {"valid": True}


def test_the_detailed_output_is_a_tree():
    output = detailed_output(compile_schema(SCHEMA).iter_errors({"a": 1, "b": ["x", "y"]}))
    assert (output["keywordLocation"], output["instanceLocation"]) == ("/properties", "")
    first, second = output["errors"]
    assert first["keywordLocation"] == "/properties/a/$ref/type"
    assert (second["keywordLocation"], second["instanceLocation"]) == ("/properties/b/items/type", "/b")
    assert [leaf["instanceLocation"] for leaf in second["errors"]] == ["/b/0", "/b/1"]
    assert detailed_output([]) == {"valid": True}


def test_the_detailed_output_puts_reasons_below_their_union():
    output = detailed_output(compile_schema(PAYMENT).iter_errors({"kind": "transfer", "iban": 5, "bic": 6}))
    (union,) = output["errors"] if output["keywordLocation"] == "" else [output]
    assert union["keywordLocation"] == "/oneOf"
    assert union["errors"][0]["instanceLocation"] == ""
    assert [leaf["instanceLocation"] for leaf in union["errors"][0]["errors"]] == ["/iban", "/bic"]


def test_errors_become_a_frame():
    frame = errors_frame(compile_schema(SCHEMA).iter_errors({"a": 1, "b": ["x"]}))
    assert frame[["json_path", "keyword", "expected", "found"]].to_numpy().tolist() == [
        ["$.a", "type", "string", "integer"],
        ["$.b[0]", "type", "integer", "string"],
    ]
    assert errors_frame([]).empty


@pytest.mark.parametrize("instance", [{"a": 1, "b": ["x", 1, None]}, {"a": "x", "b": [1]}, {"b": {}}])
def test_locations_are_those_of_jsonschema_rs(instance):
    ours = {(error.instance_location, error.keyword_location) for error in compile_schema(SCHEMA).iter_errors(instance)}
    theirs = set()
    for error in jsonschema_rs.validator_for(SCHEMA).iter_errors(instance):
        theirs.add(tuple("".join(f"/{token}" for token in path) for path in (error.instance_path, error.schema_path)))
    assert {location for location, _ in ours} == {location for location, _ in theirs}


READING = {
    "oneOf": [
        {"type": "object", "required": ["kind", "lat"], "properties": {"kind": {"const": "gps"}, "lat": {}}},
        {"type": "object", "required": ["kind", "level"], "properties": {"kind": {"const": "battery"}, "level": {}}},
        {"type": "object", "required": ["kind"], "properties": {"kind": {"enum": ["wifi", "lte"]}}},
        {"type": "null"},
    ]
}


def test_a_kind_that_no_branch_of_a_union_has_is_said_with_those_they_have():
    validator = compile_schema({"properties": {"reading": READING}})
    (error,) = validator.iter_errors({"reading": {"kind": "radar", "lat": 1}})
    assert str(error) == ('$.reading: expected field "kind" to be "gps", "battery" or "wifi" or "lte", found string')
    assert (error.keyword, error.keyword_location, error.context) == ("oneOf", "/properties/reading/oneOf", ())
    shown = compile_schema({"properties": {"reading": READING}}, show_values=True)
    assert str(shown.best_error({"reading": {"kind": 7}})).endswith(" found integer 7")


def test_a_union_that_is_a_branch_is_no_nearer_for_hiding_its_reasons():
    """As in events whose action has two forms: alone, that branch refuses with a single reason."""

    def branch(kind, *needed):
        return {"properties": {"kind": {"const": kind}}, "required": ["kind", *needed]}

    forms = {"oneOf": [branch("requested", "team"), branch("requested", "person")]}
    schema = {"oneOf": [branch("opened", "a", "b", "c"), {"anyOf": [branch("closed", "d"), forms]}]}
    validator = compile_schema(schema)
    assert str(validator.best_error({"kind": "opened", "d": 1})) == '$: expected field "a", found no such field'
    assert str(validator.best_error({"kind": "closed", "a": 1, "b": 1})) == '$: expected field "d", found no such field'
    [error] = validator.iter_errors({"kind": "other"})
    assert str(error) == '$: expected field "kind" to be "opened", "closed" or "requested", found string'


def test_a_kind_that_a_branch_has_leads_into_that_branch():
    assert (
        str(compile_schema(READING).best_error({"kind": "battery"})) == '$: expected field "level", found no such field'
    )
    assert str(compile_schema(READING).best_error({})) == '$: expected field "kind", found no such field'


def test_constants_that_all_branches_share_do_not_hide_the_one_that_tells_them_apart():
    branches = [{"properties": {"v": {"const": 1}, "kind": {"const": kind}}} for kind in ("a", "b")]
    (error,) = compile_schema({"anyOf": branches}).iter_errors({"v": 2, "kind": "c"})
    assert str(error) == '$: expected field "kind" to be "a" or "b", found string'


def test_an_error_names_the_field_that_is_missing():
    schema = {"required": ["a"], "dependentRequired": {"b": ["c d"]}, "properties": {"b": True}}
    errors = compile_schema(schema).iter_errors({"b": 1})
    assert [(error.instance_location, error.keyword, error.missing) for error in errors] == [
        ("", "required", "a"),
        ("", "dependentRequired", "c d"),
    ]


def test_a_location_holds_no_control_character():
    validator = compile_schema({"type": "object"}, strict=True)
    (error,) = validator.iter_errors({'\x1b[31m\t"\\\x9b': 1})
    assert error.json_path == r'$["\u001b[31m\t\"\\\u009b"]'
