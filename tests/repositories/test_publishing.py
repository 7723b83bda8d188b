"""What each repository takes, gives back and refuses; the same facts for all four."""

import json
import threading

import pytest

from toolkit import aws
from toolkit.errors import IncompatibleSchema, InvalidInput, SchemaError, SchemaNotFound, VersionExists
from toolkit.repositories import FolderRepository, bundled_schemas, check, open_repository, publish
from toolkit.repositories.dynamodb import TABLE_KEYS
from toolkit.samples import sample_events
from toolkit.schema import bundled, load_schema
from toolkit.validator import compile_schema

FIRST = {"type": "object", "required": ["id"], "properties": {"id": {"type": "integer"}}}
WIDER = {**FIRST, "properties": {**FIRST["properties"], "note": {"type": "string"}}}
BREAKING = {**FIRST, "required": ["id", "note"], "properties": WIDER["properties"]}


@pytest.fixture
def table(platform, unique):
    name = f"schemas-{unique}"
    aws.call("dynamodb", "create_table", TableName=name, BillingMode="PAY_PER_REQUEST", **TABLE_KEYS)
    return name


@pytest.fixture(params=["folder", "s3", "dynamodb", "glue"])
def repository(request, tmp_path):
    if request.param == "folder":
        return FolderRepository(tmp_path)
    if request.param == "s3":
        return open_repository(f"s3://{request.getfixturevalue('bucket')}/schemas/")
    if request.param == "dynamodb":
        return open_repository(f"dynamodb://{request.getfixturevalue('table')}")
    request.getfixturevalue("glue")
    return open_repository("glue://events")


def test_what_is_published_comes_back_and_what_breaks_producers_does_not_go_in(repository):
    assert publish(repository, "moved", load_schema(FIRST)).version == "1"
    outcome = publish(repository, "moved", load_schema(WIDER))
    assert (outcome.version, outcome.is_new, outcome.compatibility.level) == ("2", True, "BACKWARD")
    with pytest.raises(IncompatibleSchema, match=r"moved/3.*not BACKWARD: 1 change breaks it") as refused:
        publish(repository, "moved", load_schema(BREAKING))
    assert refused.value.changes == (
        "since version 2: note: required narrowed: optional → required (breaks producers)",
    )
    assert repository.names() == ("moved",)
    assert repository.versions("moved") == ("1", "2")
    assert repository.load("moved").contents == WIDER
    assert repository.load("moved", "1").contents == FIRST


def test_an_equal_schema_is_not_published_again(repository):
    publish(repository, "moved", load_schema(FIRST))
    again = publish(repository, "moved", load_schema(dict(reversed(FIRST.items()))))
    assert (again.version, again.is_new) == ("1", False)
    assert repository.versions("moved") == ("1",)


def test_a_transitive_level_looks_at_all_versions(repository):
    publish(repository, "moved", load_schema(FIRST))
    publish(repository, "moved", load_schema(WIDER), level="NONE")
    with pytest.raises(IncompatibleSchema, match="since version 1"):
        publish(repository, "moved", load_schema(BREAKING), level="BACKWARD_TRANSITIVE")


def test_check_changes_nothing(repository):
    assert check(repository, "moved", load_schema(FIRST)).version == "1"
    assert repository.names() == ()
    with pytest.raises(InvalidInput, match="compatibility level 'SIDEWAYS': expected one of NONE, BACKWARD"):
        check(repository, "moved", load_schema(FIRST), level="SIDEWAYS")


def test_a_schema_that_does_not_compile_is_refused(repository):
    with pytest.raises(SchemaError, match="#/type"):
        publish(repository, "moved", load_schema({"type": "strnig"}))
    assert repository.names() == ()


def test_a_published_version_stands_alone(repository):
    source = FolderRepository(bundled_schemas()).load("order_placed", "2")
    publish(repository, "order_placed", source)
    loaded = repository.load("order_placed")
    assert not any("order_placed" not in uri and uri.startswith("file:") for uri in loaded.registry.documents)
    assert bundled(loaded) == loaded.contents
    here, there = compile_schema(loaded, strict=True), compile_schema(source, strict=True)
    for event in sample_events(40, broken_share=0.3):
        places = [
            [(error.instance_location, error.keyword) for error in validator.validate_json(event)]
            for validator in (here, there)
        ]
        assert places[0] == places[1]


def test_a_version_is_never_overwritten(repository):
    repository.add("moved", "1", json.dumps(FIRST))
    with pytest.raises(VersionExists):
        repository.add("moved", "1", json.dumps(WIDER))
    assert repository.load("moved").contents == FIRST


def test_what_is_not_there_is_refused_with_what_is(repository):
    repository.add("moved", "1", "true")
    with pytest.raises(SchemaNotFound, match="no schema named 'unknown'; there are: moved"):
        repository.load("unknown")
    for version in ("7", "x"):
        with pytest.raises(SchemaNotFound, match=f"moved has no version '{version}'; it has: 1"):
            repository.load("moved", version)
    with pytest.raises(SchemaNotFound, match="is no event name"):
        repository.load("../moved")


def test_two_that_publish_at_once_get_a_version_each(table):
    outcomes = []

    def run(number):
        fields = {**FIRST["properties"], f"note_{number}": {"type": "string"}}
        schema = load_schema({**FIRST, "properties": fields})
        outcomes.append(publish(open_repository(f"dynamodb://{table}"), "moved", schema, level="NONE").version)

    threads = [threading.Thread(target=run, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["1", "2", "3", "4"]


def test_a_large_schema_fits_a_table_and_is_named_where_it_fits_nowhere(table, glue):
    large = json.dumps({**FIRST, "description": "words " * 100_000})
    glue_repository = open_repository("glue://events")
    with pytest.raises(SchemaError, match="too long for the Glue Schema Registry: 600,"):
        glue_repository.add("moved", "1", large)


def test_a_large_schema_is_compressed_in_dynamodb(table):
    repository = open_repository(f"dynamodb://{table}")
    large = {**FIRST, "description": "words " * 100_000}
    publish(repository, "moved", load_schema(large))
    assert repository.load("moved").contents == large
    noise = "".join(chr(0x4E00 + (number * 7919) % 20_000) for number in range(500_000))
    with pytest.raises(SchemaError, match="too large for an item of DynamoDB"):
        repository.add("noise", "1", json.dumps({"description": noise}))


def test_a_schema_is_found_by_the_id_in_a_frame(glue):
    repository = open_repository("glue://events")
    publish(repository, "moved", load_schema(FIRST))
    [identity] = glue.by_id
    found = repository.load_by_id(identity)
    assert (found.name, found.version, found.schema.contents) == ("moved", "1", FIRST)
    with pytest.raises(SchemaNotFound, match="no schema version has the id 0-0"):
        repository.load_by_id("0-0")


@pytest.mark.parametrize(
    "location", ["foo://x", "https://x.example/schemas", "https://x.example/s.json#/a", "S3://bucket/"]
)
def test_a_location_of_another_scheme_is_no_folder(location, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(InvalidInput) as caught:
        open_repository(location, may_be_new=True)
    assert str(caught.value).startswith(f"{location}: expected a folder, a schema document, s3://bucket/prefix/, ")
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("location", ["dynamodb://", "glue://a/b"])
def test_a_location_without_one_name_is_refused(location):
    with pytest.raises(InvalidInput, match="expected one name behind ://"):
        open_repository(location)


@pytest.mark.parametrize("level", ["BACKWARD", "FULL_TRANSITIVE"])
@pytest.mark.parametrize("text", ['{"type": 5}', "{"])
def test_a_version_that_is_no_schema_does_not_keep_the_next_from_being_published(repository, text, level):
    """Somebody wrote it past `publish`; what comes after it is compared with the last one that is a schema."""
    publish(repository, "moved", load_schema(FIRST))
    repository.add("moved", "2", text)
    with pytest.raises(IncompatibleSchema, match="moved/3"):
        publish(repository, "moved", load_schema({"type": "array"}), level=level)
    assert publish(repository, "moved", load_schema(WIDER), level="BACKWARD").version == "3"


def test_half_a_surrogate_pair_is_published_as_its_escape(repository):
    contents = {"title": "\ud800", "description": "é"}
    publish(repository, "odd", load_schema(contents))
    assert repository.load("odd").contents == contents


def test_a_name_that_no_folder_could_have_is_refused(repository):
    with pytest.raises(SchemaNotFound, match="at most 200 letters"):
        publish(repository, "x" * 201, load_schema(FIRST))
    assert repository.names() == ()


def test_a_folder_holds_a_version_whole_or_not_at_all(tmp_path, monkeypatch):
    repository = open_repository(tmp_path)

    def fail(self, target):
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(type(tmp_path), "hardlink_to", fail)
        with pytest.raises(SchemaError, match="can't be written: No space left on device"):
            repository.add("moved", "1", "{}")
    assert repository.versions("moved") == ()
    assert list((tmp_path / "moved").iterdir()) == []
