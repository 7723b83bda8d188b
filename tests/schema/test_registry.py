"""References resolve within registered documents, and nowhere else."""

import pytest

from toolkit.errors import SchemaError, UnresolvableReference
from toolkit.schema import DRAFT7, SchemaRegistry, load_schema


def test_adding_answers_with_a_new_registry():
    empty = SchemaRegistry()
    full = empty.with_document({"type": "string"}, uri="https://example.com/a")
    assert full.resolve("a", "https://example.com/b").contents == {"type": "string"}
    with pytest.raises(UnresolvableReference):
        empty.resolve("https://example.com/a")


def test_an_unregistered_reference_says_where_it_stands_and_what_to_do():
    schema = load_schema({"$id": "https://example.com/a", "properties": {"b": {"$ref": "c"}}})
    with pytest.raises(UnresolvableReference) as caught:
        schema.subschema("properties", "b").resolve("c")
    assert str(caught.value) == (
        'https://example.com/a#/properties/b: the reference "c" leads nowhere: no document "https://example.com/c" '
        "is registered, and none is fetched; register it (read_documents, --documents)"
    )


@pytest.mark.parametrize("ref", ["#/a/5", "#/a/x", "#/a/-1", "#/nothing"])
def test_a_pointer_to_nothing_is_unresolvable(ref):
    with pytest.raises(UnresolvableReference, match="there is nothing at"):
        load_schema({"a": [{}]}).resolve(ref)


def test_a_reference_to_what_is_no_schema_is_refused():
    with pytest.raises(SchemaError, match='"#/title" leads to a string, expected an object or a boolean as schema'):
        load_schema({"title": "a"}).resolve("#/title")


def test_ids_that_are_pointers_name_nothing():
    schema = load_schema(
        {
            "$schema": "http://json-schema.org/draft-07/schema",
            "$id": "http://example.com/example.json",
            "properties": {"name": {"$id": "#/properties/name", "type": "string"}},
        }
    )
    assert schema.dialect is DRAFT7
    assert schema.subschema("properties", "name").uri == "http://example.com/example.json#/properties/name"


def test_an_id_on_the_way_changes_the_base():
    schema = load_schema({"$id": "https://a.org/", "$defs": {"x": {"$id": "folder/", "$defs": {"y": {"$ref": "z"}}}}})
    assert schema.resolve("#/$defs/x/$defs/y").uri == "https://a.org/folder/#/$defs/y"


def test_a_urn_takes_fragments():
    schema = load_schema({"$id": "urn:example:a", "$defs": {"x": {"type": "string"}}})
    assert schema.resolve("#/$defs/x").contents == {"type": "string"}


def test_metaschemas_are_at_hand():
    contents = SchemaRegistry().resolve("http://json-schema.org/draft-07/schema#").contents
    assert contents["title"] == "Core schema meta-schema"
