"""
The schema repository changes, breaks and falls silent while events come, in both forms: nothing is lost, and nothing but an
answer of the repository ever becomes a verdict.
"""

import json
import threading

import pytest
from botocore.client import BaseClient
from botocore.exceptions import ClientError, EndpointConnectionError, ReadTimeoutError
from cases import forget

from toolkit import aws
from toolkit.handlers import event_sink, event_validator, stream_reader
from toolkit.handlers.messages import Message, send
from toolkit.handlers.polling import queue_length
from toolkit.repositories import open_repository, publish
from toolkit.runner import QueueMapping, QueuePoller, Redriven, StreamMapping, StreamPoller, redrive
from toolkit.runner.streams import Checkpoints
from toolkit.schema import load_schema

FIRST = {"type": "object", "required": ["id"], "properties": {"id": {"type": "string"}}}
SECOND = {**FIRST, "properties": {**FIRST["properties"], "note": {"type": "string"}}}


class Platform:
    """Both forms under pollers that are asked to work; ``valid`` and ``invalid`` are what was sent."""

    def __init__(self, names):
        self.names = names
        self.valid, self.invalid, self.count = set(), set(), 0
        stop = threading.Event()
        self.pollers = [
            QueuePoller(QueueMapping(names.events_queue, event_validator.handler, batch_size=100), stop),
            QueuePoller(QueueMapping(names.valid_events_queue, event_sink.handler, batch_size=100), stop),
            StreamPoller(
                StreamMapping(names.stream, stream_reader.handler, retry_pause_in_seconds=0.0, timeout_in_seconds=30),
                stop,
                Checkpoints(names.checkpoints, owner="one"),
            ),
        ]

    def send(self, *, valid=(), invalid=()):
        """Send events by both ways; each is another one."""
        for fields, kept in [(fields, self.valid) for fields in valid] + [(fields, self.invalid) for fields in invalid]:
            for way in ("queue", "stream"):
                self.count += 1
                event = json.dumps({"id": f"{way} {self.count}", **fields}).encode()
                kept.add(event)
                if way == "queue":
                    assert send(self.names.events_queue, [Message(event)]) == {}
                else:
                    aws.call("kinesis", "put_record", StreamName=self.names.stream, Data=event, PartitionKey="p")

    def work(self):
        for poller in self.pollers:
            poller.run_once()

    def is_done(self, stored, letters):
        return set(stored(self.names.bucket)) == self.valid and letters == self.invalid


@pytest.fixture
def both(names, at_once, monkeypatch):
    monkeypatch.setenv("EVENT_NAME", "moved")
    monkeypatch.setenv("SCHEMA_CACHE_SECONDS", "0")
    monkeypatch.setenv("SCHEMA_STALE_SECONDS", "0")
    forget()
    publish(open_repository(f"dynamodb://{names.schema_table}"), "moved", load_schema(FIRST))
    yield Platform(names)
    forget()


def waiting(names):
    return {
        "events": queue_length(names.events_queue),
        "valid": queue_length(names.valid_events_queue),
        "dead": queue_length(names.dead_letter_queue),
        "redrive": queue_length(names.redrive_queue) + queue_length(names.valid_redrive_queue),
    }


def denied(name):
    error = {"Error": {"Code": "AccessDeniedException", "Message": "injected"}, "ResponseMetadata": {}}
    return ClientError(error, name)


def throttled(name):
    error = {"Error": {"Code": "ProvisionedThroughputExceededException", "Message": "injected"}, "ResponseMetadata": {}}
    return ClientError(error, name)


OUTAGES = {
    "down": lambda name: EndpointConnectionError(endpoint_url="https://dynamodb"),
    "denies": denied,
    "throttles": throttled,
    "no answer": lambda name: ReadTimeoutError(endpoint_url="https://dynamodb"),
    "gone": lambda name: ClientError({"Error": {"Code": "ResourceNotFoundException", "Message": "injected"}}, name),
}


@pytest.mark.parametrize("kind", OUTAGES)
@pytest.mark.parametrize("operation", ["Query", "GetItem"])
def test_an_outage_of_the_repository_is_no_verdict(both, stored, dead_letters, monkeypatch, kind, operation):
    real = BaseClient._make_api_call

    def call(client, name, parameters):
        if name == operation and parameters.get("TableName") == both.names.schema_table:
            raise OUTAGES[kind](name)
        return real(client, name, parameters)

    both.send(valid=[{}], invalid=[{"note": "undeclared"}])
    # A shard that does not get on is tried again for ever: here until the outage ends.
    poller = both.pollers[-1]
    tries = []
    with monkeypatch.context() as patch:
        patch.setattr(BaseClient, "_make_api_call", call)
        both.pollers[0].run_once()
        assert waiting(both.names) == {"events": 2, "valid": 0, "dead": 0, "redrive": 0}
        handler = poller.mapping.handler

        def tried(event, context):
            tries.append(handler(event, context))
            if len(tries) == 2:
                patch.setattr(BaseClient, "_make_api_call", real)
            return tries[-1]

        object.__setattr__(poller.mapping, "handler", tried)
        assert poller.run_once() == 2
    assert [bool(answer["batchItemFailures"]) for answer in tries] == [True, True, False]
    both.work()
    assert {letter.body for letter in dead_letters(both.names.dead_letter_queue)} == both.invalid
    assert set(stored(both.names.bucket)) == both.valid
    assert waiting(both.names) == {"events": 0, "valid": 0, "dead": 2, "redrive": 0}


def test_a_new_and_a_broken_version_mid_run_lose_nothing(both, stored, dead_letters):
    names = both.names
    repository = open_repository(f"dynamodb://{names.schema_table}")
    both.send(valid=[{}], invalid=[{"note": "early"}])
    both.work()
    assert set(stored(names.bucket)) == both.valid
    # Somebody writes past `publish` what is no schema: no event is judged by it, nor by the version before.
    repository.add("moved", "2", '{"type": 5}')
    both.send(valid=[{}, {"note": "n"}], invalid=[{"id": 1}])
    both.work()
    assert waiting(names) == {"events": 3, "valid": 0, "dead": 2, "redrive": 3}
    # The next version is published as usual, and what waited in the meantime is judged by it.
    assert publish(repository, "moved", load_schema(SECOND)).version == "3"
    place = f"s3://{names.bucket}/oversized/"
    outcome = redrive(names.redrive_queue, names.events_queue, stream=names.stream, oversized_location=place)
    assert outcome == Redriven(to_stream=3)
    # What the first version had refused is valid now.
    outcome = redrive(names.dead_letter_queue, names.events_queue, stream=names.stream, oversized_location=place)
    assert outcome == Redriven(to_queue=1, to_stream=1)
    early = {event for event in both.invalid if b"early" in event}
    both.valid |= early
    both.invalid -= early
    both.work()
    both.work()
    letters = dead_letters(names.dead_letter_queue)
    assert {letter.body for letter in letters} == both.invalid
    assert {letter.attributes["schema"] for letter in letters} == {"moved/3"}
    assert set(stored(names.bucket)) == both.valid
    assert waiting(names) == {"events": 0, "valid": 0, "dead": 2, "redrive": 0}
