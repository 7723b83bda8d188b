"""
Each handler behind its own source, as the runner drives it: how to feed it, one pass of its poller, and what must come of it.

A pass makes every call that the handler and its poller make. The tests count them and break each one.
"""

import json
import threading

from toolkit import aws, aws_queues
from toolkit.handlers import (
    event_forwarder,
    event_sink,
    event_validator,
    json_schema_to_hive,
    judging,
    messages,
    partition_updater,
    stream_reader,
)
from toolkit.handlers.messages import Message, queue_url, send
from toolkit.handlers.polling import queue_length
from toolkit.repositories import open_repository, publish
from toolkit.runner import QueueMapping, QueuePoller, StreamMapping, StreamPoller
from toolkit.runner.streams import Checkpoints
from toolkit.schema import load_schema
from toolkit.simulation import EXAMPLE_EVENT

CITIES = {"type": "object", "required": ["id"], "properties": {"id": {"type": "string"}, "city": {"type": "string"}}}
# Every name that a test's process has in memory and a new process has not.
OWNER = "the runner"


class Killed(BaseException):
    """The process is dead; no handler catches this."""


class Calls:
    """Counts the calls to AWS, however they are made, and kills the process around the one with the *number*."""

    def __init__(self, kill):
        self.number, self.when = 0, ""
        self.names = []
        self._kill = kill
        self._lock = threading.Lock()
        self._is_dead = False

    def install(self, monkeypatch):
        from botocore.client import BaseClient

        real, direct = BaseClient._make_api_call, aws_queues.QueueCalls.answer

        def call(client, name, parameters):
            return self.around(name, lambda: real(client, name, parameters))

        def answer(calls, operation, parameters):
            return self.around(operation, lambda: direct(calls, operation, parameters))

        monkeypatch.setattr(BaseClient, "_make_api_call", call)
        monkeypatch.setattr(aws_queues.QueueCalls, "answer", answer)

    def arm(self, number, when):
        with self._lock:
            self.number, self.when = number, when
            self.names.clear()
            self._is_dead = False

    def around(self, name, make):
        with self._lock:
            if self._is_dead:
                self._kill()
            self.names.append(name)
            is_it = len(self.names) == self.number
            self._is_dead = is_it and self.when == "before"
        if self._is_dead:
            self._kill()
        try:
            return make()
        finally:
            # An error is an answer too.
            if is_it:
                self._is_dead = True
                self._kill()


def forget():
    """Forget what a process knows: the next one starts anew, and long after the last, whose leases have ended."""
    partition_updater.register.__kwdefaults__["lease_seconds"] = 0.0
    partition_updater._done.clear()
    judging._judges.cache_clear()
    messages._queue_url.cache_clear()


class Case:
    """A handler behind its source; ``valid`` and ``invalid`` are what was sent so far."""

    source = "valid_events_queue"
    handler = None

    def __init__(self, names):
        self.names = names
        self.queue = getattr(names, self.source)
        self.valid = set()
        self.invalid = set()

    def prepare(self):
        """Make what the handler needs beside the platform."""

    def poller(self):
        return QueuePoller(QueueMapping(self.queue, self.handler, batch_size=100), threading.Event())

    def is_empty(self):
        return queue_length(self.queue) == 0

    def event(self, tag, **changes):
        return json.dumps({**EXAMPLE_EVENT, "documentNumber": tag, **changes}).encode()

    def publish(self):
        schema = open_repository("").load("user_registered")
        publish(open_repository(f"dynamodb://{self.names.schema_table}"), "user_registered", schema)


class Validator(Case):
    handler = staticmethod(event_validator.handler)
    source = "events_queue"

    def prepare(self):
        self.publish()

    def feed(self, tag):
        valid, invalid = self.event(tag), self.event(tag, age="no number")
        assert send(self.queue, [Message(valid), Message(invalid, {"trace": tag})]) == {}
        self.valid.add(valid)
        self.invalid.add(invalid)

    def arrived(self, stored, letters):
        return {letter.body for letter in letters(self.names.valid_events_queue)}


class Sink(Case):
    handler = staticmethod(event_sink.handler)

    def feed(self, tag):
        valid, other = self.event(tag), self.event(f"{tag} of another name")
        assert send(self.queue, [Message(valid), Message(other, {"event_name": "other"})]) == {}
        self.valid |= {valid, other}

    def arrived(self, stored, letters):
        return set(stored(self.names.bucket))


class Forwarder(Sink):
    handler = staticmethod(event_forwarder.handler)

    def prepare(self):
        for name in ("user_registered", "other"):
            target = {
                "RoleARN": "arn:aws:iam::123456789012:role/delivery",
                "BucketARN": f"arn:aws:s3:::{self.names.bucket}",
                "Prefix": f"events/{name}/",
            }
            stream = f"{self.names.prefix}{name}"
            aws.call(
                "firehose",
                "create_delivery_stream",
                DeliveryStreamName=stream,
                ExtendedS3DestinationConfiguration=target,
            )


class StreamCase(Case):
    kind = "kinesis"

    def poller(self):
        mapping = StreamMapping(self.queue, self.handler, kind=self.kind, retry_pause_in_seconds=0.0)
        return StreamPoller(mapping, threading.Event(), Checkpoints(self.names.checkpoints, owner=OWNER))

    def is_empty(self):
        return self.poller().run_once() == 0


class Reader(StreamCase):
    handler = staticmethod(stream_reader.handler)
    source = "stream"

    def prepare(self):
        self.publish()

    def feed(self, tag):
        valid, invalid = self.event(tag), self.event(tag, age="no number")
        for data in (valid, invalid):
            aws.call("kinesis", "put_record", StreamName=self.queue, Data=data, PartitionKey="p")
        self.valid.add(valid)
        self.invalid.add(invalid)

    def arrived(self, stored, letters):
        return set(stored(self.names.bucket))


class Updater(Case):
    handler = staticmethod(partition_updater.handler)
    source = "objects_queue"

    def prepare(self):
        repository = open_repository(f"dynamodb://{self.names.schema_table}")
        publish(repository, "moved", load_schema(CITIES))
        json_schema_to_hive.handler({"event_name": "moved", "database": self.names.database})

    def feed(self, tag):
        key = f"events/moved/dt=2026-03-02/city={tag}/1.json"
        aws.call("s3", "put_object", Bucket=self.names.bucket, Key=key, Body=b"{}\n")
        self.valid.add(("2026-03-02", tag))

    def arrived(self, stored, letters):
        pages = aws.pages("glue", "get_partitions", DatabaseName=self.names.database, TableName="moved")
        return {tuple(found["Values"]) for page in pages for found in page["Partitions"]}


class TableMaker(StreamCase):
    handler = staticmethod(json_schema_to_hive.handler)
    kind = "dynamodb"
    source = "schema_table"

    def feed(self, tag):
        name = tag.replace("-", "_").replace(" ", "_")
        publish(open_repository(f"dynamodb://{self.queue}"), name, load_schema(CITIES))
        self.valid.add(name)

    def arrived(self, stored, letters):
        pages = aws.pages("glue", "get_tables", DatabaseName=self.names.database)
        return {table["Name"] for page in pages for table in page["TableList"]}


CASES = {
    "event_validator": Validator,
    "event_sink": Sink,
    "event_forwarder": Forwarder,
    "stream_reader": Reader,
    "partition_updater": Updater,
    "json_schema_to_hive": TableMaker,
}


def settings(names, name):
    """Return the variables that a case needs beside the platform's."""
    found = {**names.environment(), "EVENT_NAME": "user_registered", "SCHEMA_CACHE_SECONDS": "60"}
    if name == "partition_updater":
        found["PARTITION_KEYS"] = "city=/city"
    return found


def hide_for(names, seconds):
    """Let messages that a dead process had taken come again after so many seconds."""
    for queue in (names.events_queue, names.valid_events_queue, names.objects_queue):
        aws.call(
            "sqs", "set_queue_attributes", QueueUrl=queue_url(queue), Attributes={"VisibilityTimeout": str(seconds)}
        )
