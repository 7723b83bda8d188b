import json

import pytest

from toolkit.cli import main
from toolkit.errors import SchemaError, SchemaNotFound
from toolkit.repositories import FolderRepository, open_repository, publish
from toolkit.schema import bundled, load_schema, read_documents
from toolkit.validator import compile_schema

ADDRESS = {
    "$id": "https://example.com/common/address.json",
    "type": "object",
    "properties": {"city": {"$ref": "city.json"}},
}
CITY = {"$id": "https://example.com/common/city.json", "type": "string"}
MOVED = {"$id": "https://example.com/moved.json", "properties": {"to": {"$ref": ADDRESS["$id"]}}}
# As Snowplow's: it describes itself, and says neither its URI nor, but by a reference, its draft.
META_URI = "https://example.com/self-describing"
META = {
    "$schema": f"{META_URI}#",
    "allOf": [{"required": ["self"]}, {"$ref": "http://json-schema.org/draft-04/schema#"}],
}
DESCRIBED = {"$schema": f"{META_URI}#", "self": {}, "properties": {"age": {"minimum": 0, "exclusiveMinimum": True}}}


@pytest.fixture
def folder(tmp_path):
    for name, contents in {"common/address": ADDRESS, "common/city": CITY, "moved/1": MOVED, "plain/1": {}}.items():
        path = tmp_path / f"{name}.json"
        path.parent.mkdir(exist_ok=True)
        path.write_text(json.dumps(contents))
    (tmp_path / "meta").write_text(json.dumps(META))
    (tmp_path / "described.json").write_text(json.dumps(DESCRIBED))
    return tmp_path


def test_references_by_uri_lead_to_the_documents_of_a_folder(folder):
    # The whole folder: the schema itself is among its own documents then.
    for places in (
        [folder],
        [folder / "common"],
        [folder / "common" / "city.json", folder / "common" / "address.json"],
    ):
        registry = read_documents(places)
        for schema in (
            load_schema(folder / "moved" / "1.json", registry=registry),
            open_repository(folder, registry=registry).load("moved"),
            open_repository(folder / "moved" / "1.json", registry=registry).load("any"),
        ):
            validator = compile_schema(schema, strict=True)
            events = ({"to": {"city": "Porto"}}, {"to": {"city": 1}}, {"to": {"zip": 1}})
            assert [validator.is_valid(event) for event in events] == [True, False, False]


def test_a_metaschema_is_named_with_its_uri(folder):
    registry = read_documents([f"{META_URI}={folder / 'meta'}"])
    schema = load_schema(folder / "described.json", registry=registry)
    assert schema.dialect.generation == 4
    validator = compile_schema(schema, strict=True)
    assert [validator.is_valid({"age": age}) for age in (0, 1)] == [False, True]
    with pytest.raises(SchemaError, match="#/required: expected at least 1 item"):
        compile_schema(load_schema({**DESCRIBED, "required": []}, registry=registry))


def test_what_is_published_names_the_draft_of_its_metaschema(folder, tmp_path):
    registry = read_documents([f"{META_URI}={folder / 'meta'}"])
    target = FolderRepository(tmp_path / "published")
    publish(target, "described", load_schema(DESCRIBED, registry=registry))
    published = target.load("described").contents
    assert published == {**DESCRIBED, "$schema": "http://json-schema.org/draft-04/schema"}

    vocabularies = {"$vocabulary": {"https://json-schema.org/draft/2020-12/vocab/core": True}}
    registry = registry.with_document(vocabularies, uri="https://example.com/core-alone")
    with pytest.raises(SchemaError, match="core-alone chooses keywords as no draft has them"):
        bundled(load_schema({"$schema": "https://example.com/core-alone"}, registry=registry))


@pytest.mark.parametrize(
    ("place", "error", "message"),
    [
        ("nowhere", SchemaNotFound, "nowhere.*expected a file, a folder or URI=FILE"),
        ("https://example.com/x=nowhere.json", SchemaNotFound, "nowhere.json"),
        ("meta", SchemaError, r"expected an absolute URI as \$id; name it: https://…=meta"),
        ("x=meta", SchemaError, "expected an absolute URI"),
        ("broken.json", SchemaError, "expected JSON, found a fault at line 1"),
    ],
)
def test_a_place_that_gives_no_document_is_refused(folder, monkeypatch, place, error, message):
    monkeypatch.chdir(folder)
    (folder / "broken.json").write_text("{")
    with pytest.raises(error, match=message):
        read_documents([place])


def test_two_documents_of_one_uri_are_refused(folder):
    (folder / "twin.json").write_text(json.dumps({**CITY, "maxLength": 9}))
    with pytest.raises(SchemaError, match=r"twin.json.*one document for https://example.com/common/city.json"):
        read_documents([folder])


def test_the_commands_take_documents(folder, capsys):
    events = folder / "events.ndjson"
    events.write_text('{"to": {"city": "Porto"}}\n')
    schema = str(folder / "moved" / "1.json")
    assert main(["validate", str(events), "--schema", schema]) == 2
    assert "--documents" in capsys.readouterr().err
    common = ["--documents", str(folder / "common")]
    assert main(["validate", str(events), "--schema", schema, *common]) == 0
    assert main(["ddl", schema, *common]) == 0
    assert "`to` struct<`city`:string>" in capsys.readouterr().out
    (folder / "new").mkdir()
    assert main(["schema", "publish", schema, "--repository", str(folder / "new"), *common]) == 0
    assert main(["validate", str(events), "--schema", "moved", "--repository", str(folder / "new")]) == 0
