"""
Records in the frame of the Glue Schema Registry, from a producer through Kinesis to the table, judged by the very version
that each one names.
"""

import base64
import json
import os
import threading
import uuid
from dataclasses import replace

import pytest

from toolkit import aws
from toolkit.athena import Athena
from toolkit.errors import NotFound
from toolkit.handlers import json_schema_to_hive, stream_reader
from toolkit.handlers.framing import framed
from toolkit.handlers.polling import queue_length
from toolkit.repositories import open_repository, publish
from toolkit.runner import Runner, StreamMapping, StreamPoller, platform_mappings
from toolkit.runner.streams import Checkpoints
from toolkit.schema import load_schema

FIRST = {"type": "object", "required": ["id"], "properties": {"id": {"type": "integer"}}}
SECOND = {**FIRST, "properties": {**FIRST["properties"], "note": {"type": "string"}}}


@pytest.fixture
def registry(names, unique, monkeypatch):
    """A registry of the local platform with two versions of a JSON schema, and one Avro schema."""
    name = f"events-{unique}"
    aws.call("glue", "create_registry", RegistryName=name)
    options = {"RegistryId": {"RegistryName": name}, "Compatibility": "BACKWARD"}
    created = aws.call(
        "glue", "create_schema", SchemaName="moved", DataFormat="JSON", SchemaDefinition=json.dumps(FIRST), **options
    )
    schema = {"RegistryName": name, "SchemaName": "moved"}
    second = aws.call("glue", "register_schema_version", SchemaId=schema, SchemaDefinition=json.dumps(SECOND))
    avro = json.dumps({"type": "record", "name": "r", "fields": [{"name": "id", "type": "long"}]})
    other = aws.call("glue", "create_schema", SchemaName="avro", DataFormat="AVRO", SchemaDefinition=avro, **options)
    monkeypatch.setenv("SCHEMA_REPOSITORY", f"glue://{name}")
    monkeypatch.setenv("EVENT_NAME", "moved")
    return {"first": created["SchemaVersionId"], "second": second["SchemaVersionId"], "avro": other["SchemaVersionId"]}


def put(names, records):
    entries = [{"Data": data, "PartitionKey": "p"} for data in records]
    assert aws.call("kinesis", "put_records", StreamName=names.stream, Records=entries)["FailedRecordCount"] == 0


def poller(names, **options):
    mapping = StreamMapping(names.stream, stream_reader.handler, **{"retry_pause_in_seconds": 0.0, **options})
    return StreamPoller(mapping, threading.Event(), Checkpoints(names.checkpoints))


def test_framed_records_reach_the_table_or_the_dead_letter_queue_with_their_frames(
    names, registry, stored, dead_letters
):
    events = {
        kind: [json.dumps(event, indent=1).encode() for event in found]
        for kind, found in {
            "first": [{"id": number} for number in range(5)],
            "second": [{"id": number, "note": "née"} for number in range(5, 10)],
        }.items()
    }
    valid = [event.replace(b"\n", b" ") for found in events.values() for event in found]
    sent = [
        framed(event, registry[kind], compressed=bool(number % 2))
        for kind, found in events.items()
        for number, event in enumerate(found)
    ]
    plain = b'{"id": 10, "note": "no frame: the latest version"}'
    unknown = framed(b'{"id": 1}', str(uuid.UUID(int=8)))
    refused = {
        # The first version does not declare the note of the second.
        framed(b'{"id": 1, "note": "early"}', registry["first"]): ("/note", "unevaluatedProperties"),
        framed(b'{"id": "1"}', registry["second"], compressed=True): ("/id", "type"),
        unknown: ("/", "schema"),
        framed(b'{"id": 1}', registry["avro"]): ("/", "schema"),
        framed(b'{"id": 1}', registry["first"])[:11]: ("/", "frame"),
        framed(b'{"id": 1}', registry["first"], compressed=True)[:-4]: ("/", "frame"),
        b"\x03\x07" + unknown[2:]: ("/", "frame"),
        framed(b"", registry["first"]): ("/", "json"),
    }
    put(names, [*sent, *refused, plain])
    assert poller(names).run_once() == len(sent) + len(refused) + 1
    assert sorted(stored(names.bucket)) == sorted([*valid, plain])
    found = {letter.body: letter.attributes for letter in dead_letters(names.dead_letter_queue)}
    assert found.keys() == refused.keys()
    reasons = {body: (attributes["field"], attributes["rule"]) for body, attributes in found.items()}
    assert reasons == refused
    [reason] = json.loads(found[unknown]["reasons"])
    assert reason["found"] == f"no schema version has the id {uuid.UUID(int=8)}"
    assert queue_length(names.redrive_queue) == 0
    json_schema_to_hive.handler({"database": names.database, "schema_version": "2"})
    with Athena(database=names.database) as athena:
        frame = athena.query("SELECT count(*) AS events, count(note) AS notes, sum(id) AS total FROM moved")
    assert frame.to_dict("records") == [{"events": 11, "notes": 6, "total": 55}]


def test_a_registry_that_does_not_answer_or_denies_is_no_verdict(names, registry, stored, monkeypatch):
    from toolkit.errors import AwsError

    real, answers = aws.call, ["ThrottlingException", "AccessDeniedException", "InternalServiceException"]

    def call(service, operation, /, **parameters):
        if operation == "get_schema_version" and answers:
            raise AwsError("injected", service=service, operation=operation, code=answers.pop(0))
        return real(service, operation, **parameters)

    monkeypatch.setattr(aws, "call", call)
    put(names, [framed(b'{"id": 1}', registry["second"])])
    assert poller(names).run_once() == 1
    assert answers == []
    assert stored(names.bucket) == [b'{"id": 1}']
    assert queue_length(names.dead_letter_queue) == queue_length(names.redrive_queue) == 0


def test_a_framed_dead_letter_can_be_put_into_the_stream_again(names, registry, stored, dead_letters):
    """A redrive of what a producer framed before its version was published, by the bytes in the queue."""
    early = framed(b'{"id": 7}', str(uuid.UUID(int=9)))
    put(names, [early])
    worker = poller(names)
    assert worker.run_once() == 1
    [body] = [letter.body for letter in dead_letters(names.dead_letter_queue)]
    assert base64.b64encode(body) == base64.b64encode(early)
    put(names, [body[:2] + uuid.UUID(registry["first"]).bytes + body[18:]])
    assert worker.run_once() == 1
    assert stored(names.bucket) == [b'{"id": 7}']


def test_the_tables_of_a_registry_follow_its_versions_though_it_tells_nobody(names, registry):
    """Beside the JSON schema the registry holds one of Avro, which is no table's."""
    repository = os.environ["SCHEMA_REPOSITORY"]
    [tables] = [
        mapping
        for mapping in platform_mappings(names, schema_repository=repository)
        if mapping.handler is json_schema_to_hive.handler
    ]

    def columns():
        try:
            found = aws.call("glue", "get_table", DatabaseName=names.database, Name="moved")["Table"]
        except NotFound:
            return []
        return [column["Name"] for column in found["StorageDescriptor"]["Columns"]]

    with Runner([replace(tables, every_seconds=0.2)], checkpoints=names.checkpoints) as runner:
        assert runner.wait_until(lambda: columns() == ["id", "note"], seconds=60)
        third = {**SECOND, "properties": {**SECOND["properties"], "more": {"type": "boolean"}}}
        assert publish(open_repository(repository), "moved", load_schema(third)).version == "3"
        assert runner.wait_until(lambda: columns() == ["id", "note", "more"], seconds=60)
    found = aws.call("glue", "get_tables", DatabaseName=names.database)["TableList"]
    assert [table["Name"] for table in found] == ["moved"]
