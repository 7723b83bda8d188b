"""Losses as data, as text and as a DataFrame."""

import pytest

from toolkit.hive import Loss, Policy, columns_from_schema, curated_policy, losses_frame, losses_text, plan_table
from toolkit.schema import load_schema
from toolkit.validator import compile_schema


def test_losses_as_text():
    losses = [Loss("a", "/properties/a", "number", "rounded", "more than 15 digits"), Loss("", "", "row", "null", "x")]
    assert losses_text(losses) == (
        "column  pointer        rule    effect   consequence\n"
        "------  -------        ----    ------   -----------\n"
        "a       /properties/a  number  rounded  more than 15 digits\n"
        "(row)   (root)         row     null     x"
    )
    assert losses_text([]) == "Nothing is lost: every value that the schema accepts comes back from the table."


def test_losses_as_a_data_frame():
    frame = losses_frame([Loss("a", "/properties/a", "number", "rounded", "more than 15 digits")])
    assert list(frame.columns) == ["column", "pointer", "rule", "effect", "consequence"]
    assert frame.iloc[0]["effect"] == "rounded"


def test_a_row_says_what_is_lost_of_it():
    schema = load_schema({"properties": {"a": {"type": "string"}}, "additionalProperties": True})
    found = columns_from_schema(schema).losses
    assert [(loss.column, loss.rule, loss.effect) for loss in found] == [
        ("", "row", "null"),
        ("", "open-object", "dropped"),
        # A further key may differ from a declared one in letter case alone.
        ("", "open-object", "error"),
    ]


@pytest.mark.parametrize(
    ("policy", "effects"),
    [
        (Policy(), ["error", "null"]),
        (Policy(storage="hive"), ["error", "null"]),
        (Policy(malformed="null"), ["null", "null"]),
        (Policy(storage="ion"), []),
        (curated_policy(), []),
    ],
)
def test_a_table_over_json_says_what_becomes_of_odd_lines(policy, effects):
    schema = load_schema({"type": "object", "properties": {"a": {"type": "string"}}})
    plan = plan_table(schema, database="d", name="t", location="s3://bucket/t/", policy=policy)
    assert [loss.effect for loss in plan.losses if loss.rule == "line"] == effects


@pytest.mark.parametrize("storage", ["hive", "ion"])
def test_readers_that_find_keys_in_any_case_keep_those_of_maps(storage):
    text = {"type": "string"}
    schema = load_schema(
        {
            "type": "object",
            "properties": {"m": {"type": "object", "additionalProperties": text}, "id": text, "ID": text},
        }
    )
    found = columns_from_schema(schema, Policy(storage=storage)).losses
    wanted = [("id_2", "null")] * (storage == "hive") + [("id", "changed")]
    assert sorted((loss.column, loss.effect) for loss in found if loss.column != "id_2" or storage == "hive") == sorted(
        wanted
    )


def test_each_column_says_where_it_comes_from():
    schema = load_schema(
        {
            "type": "object",
            "properties": {"a": {"type": "array", "items": {"$ref": "#/$defs/b"}}},
            "$defs": {"b": {"type": "object", "properties": {"c": {"type": "boolean"}}}},
        }
    )
    found = [
        (origin.column, origin.pointer, origin.rule, str(origin.type)) for origin in columns_from_schema(schema).origins
    ]
    assert found == [
        ("a", "/properties/a", "array", "array<struct<c:boolean>>"),
        ("a[]", "/properties/a/items", "object", "struct<c:boolean>"),
        ("a[].c", "/$defs/b/properties/c", "boolean", "boolean"),
    ]


def test_a_type_that_is_too_long_is_kept_as_text():
    properties = {f"field_number_{number}": {"type": "number"} for number in range(7000)}
    schema = load_schema({"type": "object", "properties": {"wide": {"type": "object", "properties": properties}}})
    plan = columns_from_schema(schema)
    assert [str(column.type) for column in plan.columns] == ["string"]
    assert {(loss.column, loss.rule, loss.effect) for loss in plan.losses} == {
        ("wide", "long-type", "changed"),
        ("wide", "long-type", "error"),
    }


def test_tell_apart_letter_case_and_maps_lose_nothing():
    schema = load_schema(
        {"type": "object", "properties": {"m": {"type": "object", "additionalProperties": {"type": "string"}}}}
    )
    assert [loss.effect for loss in columns_from_schema(schema).losses] == ["changed", "error"]
    assert columns_from_schema(schema, Policy(key_case="sensitive")).losses == ()


@pytest.mark.parametrize("storage", ["openx", "hive"])
def test_a_key_without_a_column_clashes_with_one_that_differs_in_letter_case(storage):
    schema = load_schema(
        {"properties": {"a": {"type": "array", "items": {"enum": ["x", 1]}}, "A": {"type": "string"}}, "type": "object"}
    )
    found = columns_from_schema(schema, policy=Policy(storage=storage, ambiguous="drop")).losses
    assert ("a", "/properties/A", "key", "error") in [
        (loss.column, loss.pointer, loss.rule, loss.effect) for loss in found
    ]


@pytest.mark.parametrize("storage", ["openx", "hive"])
def test_a_further_key_may_be_read_as_a_declared_one(storage):
    schema = load_schema({"type": "object", "properties": {"A": {"type": "integer"}}, "additionalProperties": True})
    assert compile_schema(schema, strict=True).is_valid({"a": []})
    found = columns_from_schema(schema, Policy(storage=storage)).losses
    assert [loss.effect for loss in found if "is read as that one" in loss.consequence] == ["error"]
    told_apart = columns_from_schema(schema, Policy(key_case="sensitive")).losses
    assert not any("letter case" in loss.consequence for loss in told_apart)


@pytest.mark.parametrize("keyword", ["additionalProperties", "unevaluatedProperties"])
def test_a_key_that_only_some_alternatives_declare_may_be_any_further_one(keyword):
    """Beside the alternatives that say nothing of the key it holds what every further key may."""
    items = {"type": "array", "items": {"type": "string"}}
    contents = {"type": "object", "anyOf": [True, {"properties": {"b": items}}]}
    schema = load_schema({**contents, keyword: True})
    assert compile_schema(schema, strict=True).is_valid({"b": 1.5})
    (column,) = columns_from_schema(schema).columns
    assert str(column.type) == "string"
    (column,) = columns_from_schema(load_schema({**contents, keyword: {"type": "array"}})).columns
    assert str(column.type) == "array<string>"


@pytest.mark.parametrize(
    "number", [{"type": "number", "multipleOf": 1}, {"enum": [1, 2]}, {"type": ["number", "null"], "multipleOf": 1.0}]
)
def test_before_draft_06_a_whole_number_of_no_integer_type_may_have_a_point(number):
    draft_04 = {"$schema": "http://json-schema.org/draft-04/schema#"}
    schema = load_schema({**draft_04, "type": "object", "properties": {"n": number}})
    assert compile_schema(schema, strict=True).is_valid({"n": 1.0})
    assert "an integer written as 1.0 or 1e3 fails the query" in [
        loss.consequence for loss in columns_from_schema(schema).losses
    ]
