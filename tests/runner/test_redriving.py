"""What was set aside comes back: refused events, poison, and records of a stream, byte for byte."""

import base64
import io
import json
import threading
import uuid

import pytest

from toolkit import aws
from toolkit.cli import main
from toolkit.errors import NotFound
from toolkit.handlers import event_validator, stream_reader
from toolkit.handlers.framing import framed
from toolkit.handlers.messages import Message, queue_url, send
from toolkit.handlers.polling import queue_length
from toolkit.repositories import open_repository, publish
from toolkit.runner import (
    QueueMapping,
    QueuePoller,
    Redriven,
    StreamMapping,
    StreamPoller,
    redrive,
    redrive_given_up,
    redrive_notifications,
)
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


def notification(names, city):
    key = f"events/moved/dt=2026-03-02/city={city}/1.json"
    return {
        "Records": [
            {"eventSource": "aws:s3", "s3": {"bucket": {"name": names.bucket}, "object": {"key": key, "size": 3}}}
        ]
    }


def given_up_by_lambda(payload):
    return {
        "version": "1.0",
        "requestContext": {"condition": "RetriesExhausted", "approximateInvokeCount": 3},
        "requestPayload": payload,
        "responseContext": {"statusCode": 200, "functionError": "Unhandled"},
    }


@pytest.fixture
def functions(monkeypatch):
    """Lambda's Invoke; answers what the test says, by the name of the function."""
    answers, asked = {}, []
    real = aws.call

    def call(service, operation, /, **parameters):
        if (service, operation) != ("lambda", "invoke"):
            return real(service, operation, **parameters)
        asked.append((parameters["FunctionName"], json.loads(parameters["Payload"])))
        answer, error = answers.get(parameters["FunctionName"], (None, ""))
        return {"Payload": io.BytesIO(json.dumps(answer).encode()), **({"FunctionError": error} if error else {})}

    monkeypatch.setattr(aws, "call", call)
    return answers, asked


def test_notifications_go_back_to_their_queue_and_to_no_other(names, capsys):
    plain, wrapped = notification(names, "a"), given_up_by_lambda(notification(names, "b"))
    sent = [Message(json.dumps(found).encode()) for found in (plain, wrapped)]
    assert send(names.objects_redrive_queue, sent) == {}
    assert main(["platform", "redrive", "objects", "--bucket", names.bucket, "--prefix", names.prefix]) == 0
    said = f"{names.objects_redrive_queue}: 2 to {names.objects_queue}, 0 to {names.partition_updater}, 0 not taken\n"
    assert capsys.readouterr().out == said
    found = aws.call("sqs", "receive_message", QueueUrl=queue_url(names.objects_queue), MaxNumberOfMessages=10)
    # S3's first message says that notifications are on.
    assert [json.loads(message["Body"]) for message in found["Messages"]][1:] == [plain, notification(names, "b")]
    assert queue_length(names.valid_events_queue) == queue_length(names.objects_redrive_queue) == 0


def test_where_s3_calls_the_function_a_notification_goes_there(names, functions):
    answers, asked = functions
    source = names.objects_redrive_queue
    assert send(source, [Message(json.dumps(given_up_by_lambda(notification(names, "b"))).encode())]) == {}
    answers[names.partition_updater] = ({"errorType": "NotFound"}, "Unhandled")
    assert redrive_notifications(source, "none", names.partition_updater) == Redriven(failed=1)
    assert queue_length(source) == 1
    aws.call("sqs", "purge_queue", QueueUrl=queue_url(source))
    assert send(source, [Message(json.dumps(given_up_by_lambda(notification(names, "b"))).encode())]) == {}
    answers[names.partition_updater] = ({"registered": 1}, "")
    assert redrive_notifications(source, "none", names.partition_updater) == Redriven(to_function=1)
    assert asked == [(names.partition_updater, notification(names, "b"))] * 2
    assert queue_length(source) == 0


def test_records_that_a_mapping_gave_up_go_back_into_the_stream(names, moved, stored, capsys):
    for number in range(3):
        data = f'{{"id": {number}}}'.encode()
        aws.call("kinesis", "put_record", StreamName=names.stream, Data=data, PartitionKey="p")
    mapping = StreamMapping(
        names.stream,
        lambda event, context: 1 / 0,
        maximum_retry_attempts=0,
        retry_pause_in_seconds=0.0,
        on_failure=f"s3://{names.bucket}/failed/",
    )
    assert StreamPoller(mapping, threading.Event(), Checkpoints(names.checkpoints, owner="one")).run_once() == 3
    # As Lambda writes it, and what somebody else left there.
    record = {"kinesis": {"data": base64.b64encode(b'{"id": 3}').decode(), "partitionKey": "p", "sequenceNumber": "9"}}
    lambdas = {"requestContext": {}, "KinesisBatchInfo": {}, "payload": json.dumps({"Records": [record]})}
    for name, body in (("aws/lambda/uuid/shard/2026/11/27/x", json.dumps(lambdas)), ("failed/note.txt", "remember")):
        aws.call("s3", "put_object", Bucket=names.bucket, Key=name, Body=body.encode())
    assert main(["platform", "redrive", "failed", "--bucket", names.bucket, "--prefix", names.prefix]) == 1
    said = f"s3://{names.bucket}: 4 to {names.stream}, 0 to {names.table_maker}, 1 not taken\n"
    assert capsys.readouterr().out == said
    assert read(names) == 4
    assert sorted(stored(names.bucket)) == [f'{{"id": {number}}}'.encode() for number in range(4)]
    left = [
        item["Key"]
        for prefix in ("failed/", "aws/")
        for item in aws.call("s3", "list_objects_v2", Bucket=names.bucket, Prefix=prefix).get("Contents", ())
    ]
    assert left == ["failed/note.txt"]


def test_versions_that_a_mapping_gave_up_go_to_the_table_maker(names, functions):
    answers, asked = functions
    records = [{"eventName": "INSERT", "dynamodb": {"Keys": {"name": {"S": "moved"}, "version": {"N": "1"}}}}]
    body = json.dumps({"DDBStreamBatchInfo": {}, "payload": json.dumps({"Records": records})}).encode()
    aws.call("s3", "put_object", Bucket=names.bucket, Key="aws/lambda/uuid/shard/x", Body=body)
    again = {"batchItemFailures": [{"itemIdentifier": "1"}]}
    for answer, expected in ((again, Redriven(failed=1)), ({"batchItemFailures": []}, Redriven(to_function=1))):
        answers[names.table_maker] = (answer, "")
        assert redrive_given_up(names.bucket, stream=names.stream, function=names.table_maker) == expected
    assert asked == [(names.table_maker, {"Records": records})] * 2
    assert aws.call("s3", "list_objects_v2", Bucket=names.bucket, Prefix="aws/")["KeyCount"] == 0
