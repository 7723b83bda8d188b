"""Keys become plain names, one for one across the whole record."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from toolkit.errors import TableError
from toolkit.hive import Policy, columns_from_schema, plan_table
from toolkit.hive.names import allocate_names, plain_name
from toolkit.schema import load_schema


@pytest.mark.parametrize(
    ("key", "name"),
    [
        ("userId", "userid"),
        ("Straße", "stra_e"),
        ("é", "e"),
        ("a  b", "a_b"),
        ("(a)", "a"),
        ("_id", "_id"),
        ("", "key"),
        ("😀", "key"),
        ("`); DROP TABLE x; --", "drop_table_x"),
        ("12", "12"),
    ],
)
def test_a_key_becomes_a_plain_name(key, name):
    assert plain_name(key) == name


@pytest.mark.parametrize(
    ("key", "name"),
    [("userId", "user_id"), ("HTTPServer", "http_server"), ("a1B", "a1_b"), ("already_there", "already_there")],
)
def test_snake_case_starts_a_word_at_each_capital(key, name):
    assert plain_name(key, style="snake") == name


@given(st.lists(st.text(), unique=True), st.booleans())
def test_every_key_has_a_name_of_its_own(keys, case_sensitive):
    naming = allocate_names(keys, case_sensitive=case_sensitive)
    seen = {key if case_sensitive else key.lower() for key in keys}
    names = {naming.name(key) for key in keys}
    assert len(names) == len(seen)
    assert all(set(name) <= set("abcdefghijklmnopqrstuvwxyz0123456789_") and 0 < len(name) <= 236 for name in names)
    assert all(naming.mapping.get(naming.name(key), naming.name(key)) == naming.seen(key) for key in keys)


@pytest.mark.parametrize("storage", ["openx", "hive", "ion", "parquet", "orc", "iceberg"])
def test_a_key_of_any_length_becomes_a_column(storage):
    schema = load_schema({"properties": {"x" * 300: {"type": "string"}, "X Y" * 300: {"type": "string"}}})
    policy = Policy(storage=storage)
    found = plan_table(schema, database="d", name="t", location="s3://bucket/t/", policy=policy).table
    assert [len(column.name) for column in found.columns] == [236, 236]


def test_a_name_stands_for_one_key_at_every_depth():
    schema = load_schema(
        {
            "type": "object",
            "properties": {
                "ts": {"type": "string"},
                "inner": {"type": "object", "properties": {"t-s": {"type": "string"}, "ts": {"type": "string"}}},
                "t_s": {"type": "string"},
            },
        }
    )
    plan = columns_from_schema(schema)
    assert str(plan.columns[1].type) == "struct<t_s_2:string,ts:string>"
    assert plan.naming.mapping == {"t_s_2": "t-s"}


def test_letter_case_matters_only_where_keys_collide():
    def serde(properties, **choices):
        schema = load_schema({"type": "object", "properties": {key: {"type": "string"} for key in properties}})
        policy = Policy(**choices)
        return dict(
            plan_table(schema, database="d", name="t", location="s3://bucket/t/", policy=policy).table.serde.properties
        )

    assert serde(["userId"]) == {}
    assert serde(["userId"], key_case="sensitive") == {"case.insensitive": "false", "mapping.userid": "userId"}
    assert serde(["URL", "Url", "id", "Name"]) == {
        "case.insensitive": "false",
        "mapping.url": "URL",
        "mapping.url_2": "Url",
        "mapping.name": "Name",
    }


def test_keys_that_differ_in_case_at_different_places_are_one():
    schema = load_schema(
        {
            "type": "object",
            "properties": {"ID": {"type": "string"}, "x": {"type": "object", "properties": {"id": {"type": "string"}}}},
        }
    )
    plan = columns_from_schema(schema)
    assert not plan.naming.case_sensitive
    assert (plan.columns[0].name, str(plan.columns[1].type)) == ("id", "struct<id:string>")


def test_names_given_earlier_stay():
    schema = {"type": "object", "properties": {"a-b": {"type": "string"}}}
    earlier = columns_from_schema(load_schema(schema)).naming.names
    schema["properties"]["a_b"] = {"type": "string"}
    plan = columns_from_schema(load_schema(schema), known_names=earlier)
    assert plan.naming.names == {"a-b": "a_b", "a_b": "a_b_2"}


def test_collisions_are_refused_if_the_policy_says_so():
    schema = load_schema({"type": "object", "properties": {"a-b": {"type": "string"}, "a_b": {"type": "string"}}})
    with pytest.raises(TableError, match="key 'a-b': its name 'a_b' is taken"):
        columns_from_schema(schema, Policy(collisions="refuse"))
