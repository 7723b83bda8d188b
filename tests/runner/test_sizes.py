"""
Events at the limits of every service on their way, and above them: the valid ones arrive byte for byte, the refused ones keep
their bytes, in S3 where no message holds them, and come back from there.

SNS takes 256 KiB, SQS 1 MiB, Firehose 1,000 KiB, a record of Kinesis 10 MiB.
"""

import json
import threading

import pytest
from cases import forget

from toolkit import aws
from toolkit.errors import AwsError
from toolkit.handlers import event_sink, event_validator, stream_reader
from toolkit.handlers.messages import Message, queue_url, send
from toolkit.handlers.polling import queue_length
from toolkit.repositories import open_repository, publish
from toolkit.runner import QueueMapping, QueuePoller, Redriven, StreamMapping, StreamPoller, redrive
from toolkit.runner.streams import Checkpoints
from toolkit.schema import load_schema

KIB = 1024
MIB = 1024 * KIB
FIRST = {"type": "object", "required": ["id"], "properties": {"id": {"type": "string"}}}
SECOND = {**FIRST, "properties": {**FIRST["properties"], "more": {"type": "integer"}}}


def sized(size, **more):
    """An event of so many bytes."""
    return json.dumps({"id": "x" * (size - len(json.dumps({"id": "", **more}))), **more}).encode()


@pytest.fixture
def work(names, at_once, monkeypatch):
    """One pass of every poller of both forms."""
    monkeypatch.setenv("EVENT_NAME", "moved")
    monkeypatch.setenv("SCHEMA_CACHE_SECONDS", "0")
    forget()
    publish(open_repository(f"dynamodb://{names.schema_table}"), "moved", load_schema(FIRST))
    stop = threading.Event()
    pollers = [
        QueuePoller(QueueMapping(names.events_queue, event_validator.handler, batch_size=10), stop),
        QueuePoller(QueueMapping(names.valid_events_queue, event_sink.handler, batch_size=10), stop),
        StreamPoller(
            StreamMapping(names.stream, stream_reader.handler, retry_pause_in_seconds=0.0),
            stop,
            Checkpoints(names.checkpoints, owner="one"),
        ),
    ]

    def once():
        for _ in range(3):
            for poller in pollers:
                poller.run_once()
        assert queue_length(names.events_queue) == queue_length(names.valid_events_queue) == 0

    yield once
    forget()


def topic(names):
    return aws.call("sns", "create_topic", Name=names.topic)["TopicArn"]


def test_events_of_every_size_arrive_or_are_refused_by_the_service_that_the_producer_calls(names, work, stored):
    valid = {sized(size) for size in (256 * KIB, 1000 * KIB - 1, 1000 * KIB, MIB)}
    assert send(names.events_queue, [Message(event) for event in valid]) == {}
    by_topic = sized(256 * KIB - 1)
    aws.call("sns", "publish", TopicArn=topic(names), Message=by_topic.decode())
    streamed = {sized(size) for size in (MIB + 1, 9 * MIB)}
    for event in streamed:
        aws.call("kinesis", "put_record", StreamName=names.stream, Data=event, PartitionKey="p")
    # The producer is told, so that nothing is lost on the way.
    with pytest.raises(AwsError, match="too long"):
        aws.call("sns", "publish", TopicArn=topic(names), Message=sized(256 * KIB + 1).decode())
    url = queue_url(names.events_queue)
    with pytest.raises(AwsError, match="shorter than 1048576"):
        aws.call("sqs", "send_message", QueueUrl=url, MessageBody=sized(MIB + 1).decode())
    assert list(send(names.events_queue, [Message(sized(MIB + 1)), Message(sized(100))])) == [0]
    work()
    assert set(stored(names.bucket)) == {*valid, *streamed, by_topic, sized(100)}
    assert queue_length(names.dead_letter_queue) == 0


def test_refused_events_of_every_size_keep_their_bytes_and_come_back_once_their_schema_is_mended(names, work, stored):
    sizes = (256 * KIB, MIB - 2000, MIB - 200, MIB)
    queued = {sized(size, more=1) for size in sizes}
    assert send(names.events_queue, [Message(event) for event in queued]) == {}
    # Its own attributes leave no room either.
    followed = sized(MIB - 200, more=2)
    assert send(names.events_queue, [Message(followed, {"correlation_id": "followed", "event_name": "moved"})]) == {}
    streamed = {sized(size, more=3) for size in (256 * KIB, MIB, 9 * MIB)}
    for event in streamed:
        aws.call("kinesis", "put_record", StreamName=names.stream, Data=event, PartitionKey="p")
    work()
    assert stored(names.bucket) == []
    assert queue_length(names.dead_letter_queue) == 8
    # Those that leave no room for their reasons lie in S3 as they came.
    kept = [
        aws.call("s3", "get_object", Bucket=names.bucket, Key=item["Key"])["Body"].read()
        for item in aws.call("s3", "list_objects_v2", Bucket=names.bucket, Prefix="oversized/")["Contents"]
    ]
    assert sorted(map(len, kept)) == [MIB - 200, MIB - 200, MIB, MIB, 9 * MIB]
    assert set(kept) < {*queued, followed, *streamed}
    publish(open_repository(f"dynamodb://{names.schema_table}"), "moved", load_schema(SECOND))
    place = f"s3://{names.bucket}/oversized/"
    done = redrive(names.dead_letter_queue, names.events_queue, stream=names.stream, oversized_location=place)
    assert done == Redriven(to_queue=5, to_stream=3)
    work()
    assert set(stored(names.bucket)) == {*queued, followed, *streamed}
    assert queue_length(names.dead_letter_queue) == queue_length(names.redrive_queue) == 0
