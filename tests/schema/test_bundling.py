import json

import pytest

from toolkit.schema import bundled, load_schema
from toolkit.validator import compile_schema


@pytest.fixture
def folder(tmp_path):
    def write(**documents):
        for name, contents in documents.items():
            path = tmp_path / "schemas" / name.replace("__", "/")
            path = path.with_suffix(".json")
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(json.dumps(contents))
        return tmp_path / "schemas"

    return write


def verdicts(contents, instances):
    validator = compile_schema(load_schema(json.loads(json.dumps(contents))), strict=True)
    return [validator.is_valid(instance) for instance in instances]


def test_a_document_that_stands_alone_stays_as_it_is():
    contents = {"properties": {"a": {"$ref": "#/$defs/b"}}, "$defs": {"b": {"type": "string"}}}
    assert bundled(load_schema(contents)) == contents
    assert bundled(load_schema(True)) is True


@pytest.mark.parametrize(
    "dialect", ["https://json-schema.org/draft/2020-12/schema", "http://json-schema.org/draft-07/schema#"]
)
def test_files_without_ids_are_embedded_and_refer_to_each_other(folder, dialect):
    root = folder(
        moved__1={"$schema": dialect, "properties": {"to": {"$ref": "../common/address.json#/properties/home"}}},
        common__address={"properties": {"home": {"properties": {"city": {"$ref": "city.json"}}}}},
        common__city={"type": "string", "minLength": 2},
    )
    contents = bundled(load_schema(root / "moved" / "1.json"))
    instances = [{"to": {"city": "Porto"}}, {"to": {"city": "x"}}, {"to": {"zip": 1}}]
    assert verdicts(contents, instances) == [True, False, False]
    assert str(root) not in json.dumps(contents)


def test_files_beside_a_document_with_an_id_are_embedded(folder):
    root = folder(
        moved__1={
            "$id": "https://example.com/moved/1.json",
            "properties": {"to": {"$ref": "../common/address.json#/$defs/home"}, "at": {"$ref": "../common/city.json"}},
        },
        common__address={"$defs": {"home": {"properties": {"city": {"$ref": "city.json"}}}}},
        common__city={"type": "string", "minLength": 2},
    )
    found = bundled(load_schema(root / "moved/1.json"))
    assert found["properties"]["to"]["$ref"] == "bundled:/common/address.json#/$defs/home"
    assert verdicts(found, [{"to": {"city": "Oslo"}}, {"to": {"city": "x"}}, {"at": "x"}]) == [True, False, False]


def test_a_part_of_a_document_takes_the_document_along(folder):
    root = folder(a__all={"definitions": {"x": {"$ref": "#/definitions/y"}, "y": {"type": "integer"}}})
    contents = bundled(load_schema(f"{root}/a/all.json#/definitions/x"))
    assert verdicts(contents, [1, "1"]) == [True, False]


def test_documents_that_refer_in_a_circle_come_to_an_end(folder):
    root = folder(
        t__node={"properties": {"next": {"$ref": "other.json"}}},
        t__other={"properties": {"back": {"$ref": "node.json"}}},
    )
    contents = bundled(load_schema(root / "t" / "node.json"))
    assert verdicts(contents, [{"next": {"back": {"next": {}}}}, {"next": {"next": {}}}]) == [True, False]


def test_a_reference_alone_in_a_draft_that_ignores_its_neighbours(folder):
    draft = "http://json-schema.org/draft-04/schema#"
    root = folder(t__1={"$schema": draft, "$ref": "2.json"}, t__2={"$schema": draft, "type": "null"})
    assert verdicts(bundled(load_schema(root / "t" / "1.json")), [None, 1]) == [True, False]


def test_a_metaschema_is_not_embedded():
    contents = {"properties": {"schema": {"$ref": "https://json-schema.org/draft/2020-12/schema"}}}
    assert bundled(load_schema(contents)) == contents


def test_boolean_documents_are_embedded(folder):
    root = folder(t__1={"properties": {"a": {"$ref": "never.json"}}}, t__never=False)
    assert verdicts(bundled(load_schema(root / "t" / "1.json")), [{}, {"a": 1}]) == [True, False]


def test_bundling_twice_changes_nothing(folder):
    root = folder(t__1={"properties": {"a": {"$ref": "2.json"}}}, t__2={"type": "string"})
    once = bundled(load_schema(root / "t" / "1.json"))
    assert bundled(load_schema(once)) == once
