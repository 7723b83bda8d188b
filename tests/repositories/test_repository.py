import json

import pytest

from toolkit import aws
from toolkit.errors import NotFound, SchemaError, SchemaNotFound
from toolkit.repositories import FolderRepository, GlueRepository, bundled_schemas, open_repository
from toolkit.validator import compile_schema

ADDRESS = {"$id": "https://x.example/common/address.json", "type": "object", "properties": {"city": {"type": "string"}}}


def event(version):
    return {
        "$id": f"https://x.example/moved/{version}.json",
        "type": "object",
        "properties": {"to": {"$ref": "../common/address.json"}, "version": {"const": version}},
    }


DOCUMENTS = {
    "common/address.json": ADDRESS,
    "moved/1.json": event(1),
    "moved/2.json": event(2),
    "moved/10.json": event(10),
    "moved/notes.txt": "no schema",
    "other/1.json": True,
}


@pytest.fixture
def folder(tmp_path):
    for name, contents in DOCUMENTS.items():
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(json.dumps(contents))
    return open_repository(tmp_path)


@pytest.fixture
def s3(bucket):
    for name, contents in DOCUMENTS.items():
        aws.call("s3", "put_object", Bucket=bucket, Key=f"schemas/{name}", Body=json.dumps(contents).encode())
    aws.call("s3", "put_object", Bucket=bucket, Key="schemas/../../escape.json", Body=b"{}")
    return open_repository(f"s3://{bucket}/schemas")


@pytest.fixture(params=["folder", "s3"])
def repository(request):
    return request.getfixturevalue(request.param)


def test_names_are_those_that_have_versions(repository):
    assert repository.names() == ("moved", "other")


def test_versions_are_ordered_as_numbers(repository):
    assert repository.versions("moved") == ("1", "2", "10")
    assert repository.versions("unknown") == ()


def test_the_latest_version_is_the_default(repository):
    assert repository.load("moved").contents["properties"]["version"] == {"const": 10}
    assert repository.load("moved", "2").contents["properties"]["version"] == {"const": 2}


def test_references_between_documents_resolve(repository):
    validator = compile_schema(repository.load("moved", "1"))
    assert validator.is_valid({"to": {"city": "Porto"}})
    assert not validator.is_valid({"to": {"city": 1}})


@pytest.mark.parametrize(
    ("name", "version", "message"),
    [
        ("unknown", "", "no schema named 'unknown'; there are: moved, other"),
        ("moved", "3", "moved has no version '3'; it has: 1, 2, 10"),
        ("../moved", "", "'../moved' is no event name"),
        ("..", "", "'..' is no event name"),
    ],
)
def test_what_is_not_there_is_refused_with_what_is(repository, name, version, message):
    with pytest.raises(SchemaNotFound, match=message.replace(".", r"\.")):
        repository.load(name, version)


def test_a_broken_document_is_named(tmp_path):
    (tmp_path / "bad").mkdir()
    (tmp_path / "bad" / "1.json").write_text('{"type": ')
    with pytest.raises(SchemaError, match=r"bad/1\.json"):
        FolderRepository(tmp_path).load("bad")


def test_a_folder_may_hold_other_folders_too(tmp_path):
    for name in ("order_placed", ".git", "my notes"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "1.json").write_text('{"type": "object"}')
    assert FolderRepository(tmp_path).names() == ("order_placed",)
    with pytest.raises(SchemaNotFound, match="no schema named 'nothing'; there are: order_placed"):
        FolderRepository(tmp_path).load("nothing")


def test_a_missing_folder_is_named(tmp_path):
    with pytest.raises(SchemaNotFound, match=r"nowhere.*expected a folder laid out as <event>/<version>\.json"):
        open_repository(tmp_path / "nowhere")


@pytest.mark.parametrize(("place", "kind"), [("s3", "bucket"), ("dynamodb", "table"), ("glue", "registry")])
def test_a_place_that_is_not_there_is_named(platform, unique, place, kind):
    repository = open_repository(f"{place}://none-{unique}")
    for ask in (repository.names, lambda: repository.add("moved", "1", "{}")):
        with pytest.raises(NotFound) as caught:
            ask()
        assert f"{repository}: there is no such {kind}; correct the name, or make it" in str(caught.value)


def test_the_bundled_schemas_all_compile():
    repository = FolderRepository(bundled_schemas())
    assert set(repository.names()) == {"order_placed", "product_viewed", "user_registered"}
    assert repository.versions("order_placed") == ("1", "2")
    for name in repository.names():
        for version in repository.versions(name):
            compile_schema(repository.load(name, version), strict=True).is_valid({})


def test_a_registered_name_that_no_table_can_have_is_none(monkeypatch):
    """The registry takes names that can be no folder: events of theirs would be stored where no table looks."""
    answer = {
        "SchemaArn": "arn:aws:glue:eu-west-1:123456789012:schema/events/order$placed",
        "VersionNumber": 1,
        "DataFormat": "JSON",
        "SchemaDefinition": "{}",
    }
    monkeypatch.setattr(aws, "call", lambda *_, **__: answer)
    with pytest.raises(SchemaNotFound, match=r"'order\$placed' is no event name"):
        GlueRepository("events").load_by_id("some-id")
