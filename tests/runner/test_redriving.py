"""What was set aside comes back: refused events, poison, and records of a stream, byte for byte."""

import json
import threading
import uuid

import pytest

from toolkit import aws
from toolkit.cli import main
from toolkit.errors import NotFound
from toolkit.handlers import event_validator, stream_reader
from toolkit.handlers.framing import framed
from toolkit.handlers.messages import Message, send
from toolkit.handlers.polling import queue_length
from toolkit.repositories import open_repository, publish
from toolkit.runner import QueueMapping, QueuePoller, Redriven, StreamMapping, StreamPoller, redrive
from toolkit.runner.streams import Checkpoints
from toolkit.schema import load_schema

FIRST = {"type": "object", "required": ["id"], "properties": {"id": {"type": "integer"}}}
MENDED = {**FIRST, "properties": {**FIRST["properties"], "note": {"type": "string"}}}


@pytest.fixture
def moved(names, monkeypatch):
    monkeypatch.setenv("EVENT_NAME", "moved")
    monkeypatch.setenv("SCHEMA_CACHE_SECONDS", "0")
    repository = open_repository(f"dynamodb://{names.schema_table}")
    publish(repository, "moved", load_schema(FIRST))
    return repository


def judge(names):
    poller = QueuePoller(
        QueueMapping(names.events_queue, event_validator.handler, timeout_in_seconds=5), threading.Event()
    )
    return poller.run_once()


def read(names):
    mapping = StreamMapping(names.stream, stream_reader.handler, retry_pause_in_seconds=0.0)
    return StreamPoller(mapping, threading.Event(), Checkpoints(names.checkpoints, owner="one")).run_once()


def test_refused_events_pass_once_their_schema_is_mended(names, moved):
    event = '{"id": 1, "note": "é"}'.encode()
    assert send(names.events_queue, [Message(event, {"trace": "t"}), Message(b'{"id": "never"}')]) == {}
    judge(names)
    assert queue_length(names.dead_letter_queue) == 2
    publish(moved, "moved", load_schema(MENDED))
    assert redrive(names.dead_letter_queue, names.events_queue) == Redriven(to_queue=2)
    judge(names)
    assert queue_length(names.valid_events_queue) == queue_length(names.dead_letter_queue) == 1
    [found] = aws.call(
        "sqs",
        "receive_message",
        QueueUrl=aws.call("sqs", "get_queue_url", QueueName=names.valid_events_queue)["QueueUrl"],
        MessageAttributeNames=["All"],
    )["Messages"]
    assert found["Body"].encode() == event
    # What the gate had added is gone, what the producer had said is there.
    assert {name: value["StringValue"] for name, value in found["MessageAttributes"].items()} == {"trace": "t"}


def test_records_of_a_stream_go_back_into_it_with_their_bytes(names, moved, stored):
    large = json.dumps({"id": 2, "note": "x" * 1_000_000}).encode()
    lost = framed(b'{"id": 3}', str(uuid.uuid4()))
    for data in (b'{"id": 1, "note": "n"}', large, lost):
        aws.call("kinesis", "put_record", StreamName=names.stream, Data=data, PartitionKey="p")
    assert read(names) == 3
    # The frame names a registry where there is none: nobody's verdict.
    assert (queue_length(names.dead_letter_queue), queue_length(names.redrive_queue)) == (2, 1)
    publish(moved, "moved", load_schema(MENDED))
    place = f"s3://{names.bucket}/oversized/"
    for queue, count in ((names.dead_letter_queue, 2), (names.redrive_queue, 1)):
        outcome = redrive(queue, names.events_queue, stream=names.stream, oversized_location=place)
        assert outcome == Redriven(to_stream=count)
    assert read(names) == 3
    assert sorted(stored(names.bucket)) == sorted([b'{"id": 1, "note": "n"}', large])
    assert (queue_length(names.dead_letter_queue), queue_length(names.redrive_queue)) == (0, 1)
    assert queue_length(names.events_queue) == 0


def test_what_the_other_side_does_not_take_stays(names, monkeypatch):
    assert send(names.redrive_queue, [Message(b"1"), Message(b"2")]) == {}
    monkeypatch.setattr("toolkit.runner.redriving.send", lambda queue, messages: {0: "refused"})
    assert redrive(names.redrive_queue, names.events_queue) == Redriven(to_queue=1, failed=1)
    assert queue_length(names.redrive_queue) == 1


def test_the_command_moves_each_queue_to_its_source(names, capsys):
    where = ["--bucket", names.bucket, "--prefix", names.prefix]
    assert send(names.valid_redrive_queue, [Message(b"{}")]) == {}
    assert main(["platform", "redrive", "valid", *where]) == 0
    said = f"{names.valid_redrive_queue}: 1 to {names.valid_events_queue}, 0 to {names.stream}, 0 not taken\n"
    assert capsys.readouterr().out == said
    assert queue_length(names.valid_events_queue) == 1
    assert main(["platform", "redrive", "events", "--prefix", "none-"]) == 2
    assert "queue 'none-events-redrive-queue'" in capsys.readouterr().err
    with pytest.raises(NotFound):
        redrive(names.redrive_queue, "none")
