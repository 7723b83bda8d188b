"""Schemas come from mappings and files, with the files that they refer to."""

import json

import pytest

from toolkit.errors import SchemaError, SchemaNotFound, UnresolvableReference
from toolkit.schema import DRAFT4, DRAFT7, DRAFT2020_12, SchemaRegistry, as_schema, load_schema


@pytest.fixture
def folder(tmp_path):
    """Files by relative path, written as JSON unless they are text already."""

    def write(**files):
        for name, contents in files.items():
            path = tmp_path / name.replace("__", "/").replace("_json", ".json")
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(contents if isinstance(contents, str) else json.dumps(contents))
        return tmp_path

    return write


def test_a_mapping_is_copied():
    source = {"properties": {"a": {"type": "string"}}}
    schema = load_schema(source)
    source["properties"]["a"]["type"] = "integer"
    assert schema.contents == {"properties": {"a": {"type": "string"}}}


def test_a_schema_uri_without_its_final_hash_names_the_same_dialect():
    assert load_schema({"$schema": "http://json-schema.org/draft-07/schema"}).dialect is DRAFT7
    assert load_schema({"$schema": "http://json-schema.org/draft-07/schema#"}).dialect is DRAFT7
    assert load_schema({}).dialect is DRAFT2020_12
    assert load_schema({}, default_dialect=DRAFT7).dialect is DRAFT7


def test_an_id_that_is_no_text_names_no_dialect():
    with pytest.raises(SchemaError, match=r"expected \$schema to name a known dialect"):
        load_schema({"$schema": "https://example.com/mine", "$id": 5})


def test_an_unknown_dialect_is_refused():
    with pytest.raises(SchemaError) as caught:
        load_schema({"$schema": "https://example.com/mine"})
    assert str(caught.value) == (
        '#/$schema: expected $schema to name a known dialect, found "https://example.com/mine"; register that '
        "metaschema (read_documents, --documents URI=FILE), or name a draft from draft-04 to 2020-12"
    )


def test_a_pointer_behind_the_path_selects_a_definition(folder):
    path = folder(a_json={"definitions": {"x": {"$ref": "#/definitions/y"}, "y": {"type": "string"}}}) / "a.json"
    schema = load_schema(f"{path}#/definitions/x")
    assert schema.contents == {"$ref": "#/definitions/y"}
    assert schema.resolve("#/definitions/y").contents == {"type": "string"}


def test_an_anchor_behind_the_path_selects_its_schema(folder):
    path = folder(a_json={"$defs": {"x": {"$anchor": "here", "type": "string"}}}) / "a.json"
    assert load_schema(f"{path}#here").pointer == "/$defs/x"


def test_a_missing_definition_names_what_is_missing(folder):
    path = folder(a_json={"definitions": {}}) / "a.json"
    with pytest.raises(UnresolvableReference) as caught:
        load_schema(f"{path}#/definitions/x")
    assert str(caught.value) == (
        f'{path.as_uri()}#: the reference "#/definitions/x" leads nowhere: there is nothing at "/definitions/x"'
    )


def test_a_hash_in_the_name_of_a_file_stays_there(tmp_path):
    path = tmp_path / "a#1.json"
    path.write_text('{"type": "string"}')
    assert load_schema(str(path)).contents == {"type": "string"}


def test_references_between_files_follow_their_folders(folder):
    root = folder(
        order__1_json={"properties": {"customer": {"$ref": "../customer/1.json#/$defs/name"}}},
        customer__1_json={"$defs": {"name": {"$ref": "name.json"}}},
        customer__name_json={"type": "string"},
    )
    schema = load_schema(root / "order" / "1.json")
    name = schema.subschema("properties", "customer").resolve("../customer/1.json#/$defs/name")
    assert name.resolve("name.json").contents == {"type": "string"}


def test_a_file_beside_stands_in_for_an_unregistered_id(folder):
    root = folder(
        order__1_json={"$id": "https://example.com/order/1.json", "items": {"$ref": "../item/1.json"}},
        item__1_json={"$id": "https://example.com/item/1.json", "type": "string"},
    )
    schema = load_schema(root / "order" / "1.json")
    assert schema.resolve("../item/1.json").contents["type"] == "string"


def test_a_registered_document_goes_before_the_file_beside(folder):
    root = folder(
        order__1_json={"$id": "https://example.com/order/1.json", "items": {"$ref": "../item/1.json"}},
        item__1_json={"type": "string"},
    )
    registry = SchemaRegistry().with_document({"type": "integer"}, uri="https://example.com/item/1.json")
    schema = load_schema(root / "order" / "1.json", registry=registry)
    assert schema.resolve("../item/1.json").contents == {"type": "integer"}


def test_a_reference_does_not_leave_the_root(folder):
    root = folder(a__b__1_json={"$ref": "../../../secret.json"}, secret_json={})
    with pytest.raises(UnresolvableReference, match=r"leaves the folder .*; move the file below it, or pass root="):
        load_schema(root / "a" / "b" / "1.json")


def test_a_reference_that_is_no_uri_leads_nowhere(folder):
    root = folder(a_json={"$ref": "http://[::1"})
    with pytest.raises(UnresolvableReference, match=r"no document \"http://\[::1\" is registered"):
        load_schema(root / "a.json").resolve("http://[::1")


def test_files_may_refer_to_each_other(folder):
    root = folder(a_json={"items": {"$ref": "b.json"}}, b_json={"items": {"$ref": "a.json"}})
    schema = load_schema(root / "a.json")
    assert schema.resolve("b.json").resolve("a.json").contents == schema.contents


def test_a_missing_file_is_not_found(tmp_path):
    with pytest.raises(SchemaNotFound) as caught:
        load_schema(tmp_path / "none.json")
    assert str(caught.value) == f"{tmp_path / 'none.json'}: there is no such file; check the path"


@pytest.mark.parametrize("url", ["https://example.com/schema.json", "s3://bucket/schema.json#/definitions/x"])
def test_a_url_is_not_fetched(url):
    with pytest.raises(SchemaNotFound) as caught:
        load_schema(url)
    assert str(caught.value) == f"{url}: expected a file, found a URL, and nothing is fetched; download it first"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('{"a":\n tru}', "expected JSON, found a fault at line 2, column 2: Expecting value"),
        ("[]", "expected an object or a boolean as schema, found an array"),
        ('{"minimum": NaN}', "expected JSON: NaN is no JSON value"),
        ("[" * 100_000, "nested too deep to be read"),
    ],
)
def test_what_is_no_schema_is_refused(tmp_path, text, message):
    path = tmp_path / "a.json"
    path.write_text(text)
    with pytest.raises(SchemaError) as caught:
        load_schema(path)
    assert str(caught.value) == f"{path}#: {message}"


def test_a_folder_is_refused(tmp_path):
    with pytest.raises(SchemaError, match="can't be read: Is a directory"):
        load_schema(tmp_path)


def test_a_mapping_is_a_schema_and_a_schema_stays_itself():
    contents = {"type": "object"}
    schema = as_schema(contents)
    assert schema.contents == contents
    assert as_schema(schema) is schema


def test_what_is_no_mapping_is_no_schema():
    with pytest.raises(SchemaError, match="found a string; load_schema reads files"):
        as_schema("schema.json")


@pytest.mark.parametrize(
    "build_on", [{"$ref": DRAFT4.uri + "#"}, {"allOf": [{"required": ["self"]}, {"$ref": DRAFT4.uri}]}]
)
def test_a_metaschema_that_describes_itself_is_of_the_draft_that_it_builds_on(build_on):
    uri = "https://example.com/self-describing"
    registry = SchemaRegistry().with_document({"$schema": uri, **build_on}, uri=uri)
    schema = load_schema({"$schema": uri + "#"}, registry=registry)
    assert (schema.dialect.generation, schema.dialect.asserts_format) == (4, True)
