"""Recursive schemas: many definitions that refer to each other end as tables that a statement holds, with each cut named."""

import pytest

from toolkit.hive import Policy, columns_from_schema, create_table_sql, plan_table
from toolkit.hive.circles import circles
from toolkit.schema import load_schema


def object_of(**properties):
    return {"type": "object", "properties": properties}


def ref(name):
    return {"$ref": f"#/$defs/{name}"}


def crowd(number, **more):
    """A schema of *number* kinds of values, each of which holds annotations that hold any of the kinds."""
    kinds = [f"kind{place}" for place in range(number)]
    annotation = object_of(url={"type": "string"}, **{f"value_{kind}": ref(kind) for kind in kinds})
    notes = {"type": "array", "items": ref("annotation")}
    definitions = {
        kind: object_of(notes=notes, text={"type": "string"}, next=ref(kinds[(place + 1) % number]))
        for place, kind in enumerate(kinds)
    }
    event = object_of(**{f"field_{kind}": ref(kind) for kind in kinds}, **more)
    return load_schema(event | {"$defs": definitions | {"annotation": annotation}})


def cuts(plan):
    return {loss.column for loss in plan.losses if loss.rule == "recursion" and loss.effect == "changed"}


def test_a_crowd_of_kinds_that_hold_each_other_becomes_a_table_of_one_statement():
    plan = plan_table(
        crowd(80, plain={"type": "integer"}), database="d", name="t", location="s3://bucket/t/", policy=Policy()
    )
    assert len(create_table_sql(plan.table).encode()) <= 262_144
    types = {column.name: str(column.type) for column in plan.table.columns}
    assert types["plain"] == "bigint"
    assert types["field_kind0"] == "struct<notes:array<string>,text:string,next:string>"
    assert {"field_kind0.notes[]", "field_kind0.next"} <= cuts(plan.columns)


def test_a_small_crowd_is_followed_as_often_as_the_policy_says():
    found = columns_from_schema(crowd(2), Policy(recursion_depth=0))
    assert str(found.columns[0].type) == (
        "struct<notes:array<struct<url:string,value_kind0:string,value_kind1:struct<notes:array<string>,text:string,"
        "next:string>>>,text:string,next:struct<notes:array<struct<url:string,value_kind0:string,value_kind1:string>>,"
        "text:string,next:string>>"
    )


def test_every_string_that_stands_for_more_is_named():
    plan = columns_from_schema(crowd(40))
    named = cuts(plan)
    for origin in plan.origins:
        assert (origin.rule == "recursion") == (origin.column in named)


@pytest.mark.parametrize("width", [300, 2000])
def test_a_tree_of_many_fields_is_followed_less_deep(width):
    # Three times its fields fit into a statement, or its first level alone.
    fields = {f"a_field_of_a_long_name_{number}": {"type": "string"} for number in range(width)}
    tree = object_of(**fields, left=ref("tree"), right=ref("tree"))
    schema = load_schema(object_of(tree=ref("tree")) | {"$defs": {"tree": tree}})
    deep = [origin.column for origin in columns_from_schema(schema).origins if origin.rule == "recursion"]
    assert "tree.left.left.left" in deep if width == 300 else deep == ["tree.left", "tree.right"]


def test_what_is_too_long_even_without_recursion_becomes_text():
    fields = {f"a_field_of_a_long_name_{number}": {"type": "string"} for number in range(4500)}
    wide = object_of(**fields, tree=ref("tree"))
    schema = load_schema(
        object_of(wide=wide, plain={"type": "integer"}) | {"$defs": {"tree": object_of(inner=ref("tree"))}}
    )
    found = columns_from_schema(schema)
    assert [str(column.type) for column in found.columns] == ["string", "bigint"]
    assert {loss.rule for loss in found.losses if loss.column == "wide"} == {"long-type"}


def test_a_root_that_refers_to_itself_has_its_columns():
    schema = load_schema(
        {"$ref": "#/$defs/tree", "$defs": {"tree": object_of(v={"type": "integer"}, inner=ref("tree"))}}
    )
    assert [str(column.type) for column in columns_from_schema(schema, Policy(recursion_depth=0)).columns] == [
        "bigint",
        "string",
    ]


def test_circles_are_told_apart():
    schema = load_schema(
        object_of(a=ref("a"), c=ref("c"), alone=ref("alone"))
        | {
            "$defs": {
                "a": object_of(b=ref("b")),
                "b": object_of(a=ref("a"), c=ref("c"), nowhere=ref("absent")),
                "c": object_of(c={"type": "array", "items": ref("c")}),
                "alone": {"type": "string", "not": ref("alone")},
            }
        }
    )
    found = circles(schema)
    assert {uri.rsplit("/", 1)[1] for uri in found} == {"a", "b", "c"}
    assert found["#/$defs/a"] == found["#/$defs/b"] != found["#/$defs/c"]


def test_a_long_chain_of_references_costs_no_stack():
    definitions = {f"d{number}": object_of(x=ref(f"d{number + 1}")) for number in range(3000)}
    schema = load_schema(object_of(x=ref("d0")) | {"$defs": definitions | {"d3000": ref("d0")}})
    assert len(circles(schema)) == 3001
