"""
Two at once: on the shards of one stream, on one partition of the registry, and a handler that outlasted its time beside the one
that was called in its place. Nothing is lost, and what is there twice is what the contract allows.
"""

import json
import threading
from collections import Counter
from itertools import count

import pytest
from botocore.client import BaseClient
from cases import CITIES, forget

from toolkit import aws
from toolkit.handlers import event_validator, json_schema_to_hive, partition_updater, stream_reader
from toolkit.handlers.messages import Message, send
from toolkit.handlers.polling import queue_length
from toolkit.repositories import open_repository, publish
from toolkit.runner import QueueMapping, QueuePoller, StreamMapping, StreamPoller
from toolkit.runner.streams import Checkpoints
from toolkit.schema import load_schema


@pytest.fixture
def places(names, at_once, monkeypatch):
    """The platform with the schema ``moved``; an empty queue need not be waited for, and a message is never hidden."""
    monkeypatch.setenv("EVENT_NAME", "moved")
    forget()
    publish(open_repository(f"dynamodb://{names.schema_table}"), "moved", load_schema(CITIES))
    yield names
    forget()
    partition_updater.register.__kwdefaults__["lease_seconds"] = partition_updater.LEASE_SECONDS


def event(number, **more):
    return json.dumps({"id": str(number), **more}).encode()


class Ended(Checkpoints):
    """Leases that end at once and that nobody renews, as those of one who stands still for long."""

    renewal_seconds = 1000.0


def reader(names, stream, owner, **options):
    mapping = StreamMapping(stream, stream_reader.handler, batch_size=4, retry_pause_in_seconds=0.0, **options)
    return StreamPoller(mapping, threading.Event(), Ended(names.checkpoints, owner=owner, lease_seconds=0.0))


def test_another_that_takes_over_between_any_two_calls_loses_nothing(places, unique, stored, monkeypatch):
    stream = f"two-{unique}"
    aws.call("kinesis", "create_stream", StreamName=stream, ShardCount=2)
    one, other = (reader(places, stream, owner) for owner in ("one", "other"))
    real, calls, lock = BaseClient._make_api_call, [], threading.Lock()
    settled, is_inside = {}, False

    def call(client, name, parameters):
        nonlocal is_inside
        with lock:
            calls.append(name)
            is_it = len(calls) == at and not is_inside
        if is_it:
            is_inside = True
            other.run_once()
        answer = real(client, name, parameters)
        if name == "UpdateItem" and "sequence_number = :number" in parameters["UpdateExpression"]:
            place, number = parameters["Key"]["place"]["S"], parameters["ExpressionAttributeValues"][":number"]["S"]
            # Whoever came late never sets a shard back.
            assert settled.get(place, "") == "" or int(settled[place]) < int(number)
            settled[place] = number
        return answer

    monkeypatch.setattr(BaseClient, "_make_api_call", call)
    sent = set()
    at = 0
    for at in count(1):
        events = [event(f"{at}-{number}") for number in range(6)]
        for number, data in enumerate(events):
            real(aws.client("kinesis"), "PutRecord", {"StreamName": stream, "Data": data, "PartitionKey": f"k{number}"})
        sent |= set(events)
        calls.clear()
        is_inside = False
        one.run_once()
        is_over = len(calls) < at
        at_last, at = at, 0
        while one.run_once() or other.run_once():
            pass
        if is_over:
            break
    assert at_last > 10
    arrived = Counter(stored(places.bucket))
    assert set(arrived) == sent
    # Each of the two may have stored what both had read.
    assert max(arrived.values()) <= 2
    assert len(settled) == 2
    assert queue_length(places.dead_letter_queue) == queue_length(places.redrive_queue) == 0


def test_two_writers_register_each_partition_once(places, forgiving, monkeypatch):
    forgiving(100, 1)
    monkeypatch.setenv("PARTITION_KEYS", "city=/city")
    # Neither remembers what is done, so that both ask the registry for each object.
    monkeypatch.setattr(partition_updater, "_MOST_REMEMBERED", 0)
    json_schema_to_hive.handler({"event_name": "moved"})
    for number in range(24):
        key = f"events/moved/dt=2026-03-02/city=c{number % 4}/{number}.json"
        aws.call("s3", "put_object", Bucket=places.bucket, Key=key, Body=b"{}\n")
    mapping = QueueMapping(places.objects_queue, partition_updater.handler, batch_size=6)
    real, created = BaseClient._make_api_call, []

    def called(client, name, parameters):
        answer = real(client, name, parameters)
        if name == "BatchCreatePartition" and not answer.get("Errors"):
            created.append(parameters["PartitionInputList"][0]["Values"][1])
        return answer

    monkeypatch.setattr(BaseClient, "_make_api_call", called)

    def work():
        poller = QueuePoller(mapping, threading.Event())
        for _ in range(100):
            poller.run_once()
            if queue_length(places.objects_queue) == 0:
                return

    threads = [threading.Thread(target=work) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert queue_length(places.objects_queue) == queue_length(places.objects_redrive_queue) == 0
    assert sorted(created) == [f"c{number}" for number in range(4)]
    registered = aws.call("dynamodb", "scan", TableName=places.partition_registry)["Items"]
    assert Counter(item["state"]["S"] for item in registered) == {"done": 4}


class Slow:
    """A handler whose first call outlasts its time, and does its work all the same when it is let go."""

    def __init__(self, handler):
        self.handler, self.may_go, self.calls, self.late = handler, threading.Event(), 0, []
        self.at_first = lambda: None

    def __call__(self, given, context):
        self.calls += 1
        if self.calls > 1:
            return self.handler(given, context)
        self.at_first()
        self.may_go.wait()
        self.late.append(self.handler(given, context))
        return self.late[-1]

    def finish(self, runner):
        self.may_go.set()
        while not self.late:
            runner.wait(0.01)


def test_a_validator_that_outlasts_its_time_doubles_and_loses_nothing(places, dead_letters):
    valid, invalid = {event(number) for number in range(5)}, {event(number, city=5) for number in range(3)}
    assert send(places.events_queue, [Message(body) for body in valid | invalid]) == {}
    slow = Slow(event_validator.handler)
    quick = QueueMapping(places.events_queue, slow, batch_size=100, timeout_in_seconds=0.2)
    stop = threading.Event()
    assert QueuePoller(quick, stop).run_once() == 0
    assert queue_length(places.events_queue) == 8
    patient = QueueMapping(places.events_queue, slow, batch_size=100, timeout_in_seconds=60)
    assert QueuePoller(patient, stop).run_once() == 8
    slow.finish(stop)
    assert queue_length(places.events_queue) == queue_length(places.redrive_queue) == 0
    assert Counter(letter.body for letter in dead_letters(places.valid_events_queue)) == dict.fromkeys(valid, 2)
    assert Counter(letter.body for letter in dead_letters(places.dead_letter_queue)) == dict.fromkeys(invalid, 2)


def test_a_reader_that_outlasts_its_time_loses_nothing_and_overwrites_its_object(places, stored, dead_letters):
    valid, invalid = [event(number) for number in range(5)], event("x", city=5)
    for data in (*valid, invalid):
        aws.call("kinesis", "put_record", StreamName=places.stream, Data=data, PartitionKey="p")
    slow = Slow(stream_reader.handler)

    mapping = StreamMapping(
        places.stream,
        slow,
        timeout_in_seconds=0.5,
        retry_pause_in_seconds=0.0,
        maximum_retry_attempts=100,
        bisect_batch_on_function_error=False,
        on_failure=f"s3://{places.bucket}/failed/",
    )
    # Only the first call is to outlast its time, however busy the machine.
    slow.at_first = lambda: object.__setattr__(mapping, "timeout_in_seconds", 60.0)
    poller = StreamPoller(mapping, threading.Event(), Checkpoints(places.checkpoints, owner="one"))
    assert poller.run_once() == 6
    slow.finish(threading.Event())
    assert slow.calls >= 2
    assert Counter(stored(places.bucket)) == dict.fromkeys(valid, 1)
    letters = [letter.body for letter in dead_letters(places.dead_letter_queue)]
    assert letters == [invalid] * slow.calls
    assert stored(places.bucket, "failed/") == []
    assert poller.run_once() == 0
