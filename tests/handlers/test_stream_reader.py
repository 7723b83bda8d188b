import base64
import json
import uuid

import pytest

from toolkit import aws
from toolkit.handlers import judging, stream_reader
from toolkit.handlers.framing import Frame, framed, unframed
from toolkit.repositories import RegisteredSchema, open_repository
from toolkit.simulation import EXAMPLE_EVENT

EVENT = json.dumps(EXAMPLE_EVENT).encode()
VERSION_ID = str(uuid.UUID(int=7))
MIDNIGHT = 1_772_409_600.0  # 2026-03-02T00:00:00Z


@pytest.fixture
def place(make_queue, bucket, monkeypatch):
    names = {name: make_queue(name) for name in ("dead", "redrive")}
    monkeypatch.setenv("DEAD_LETTER_QUEUE", names["dead"])
    monkeypatch.setenv("REDRIVE_QUEUE", names["redrive"])
    monkeypatch.setenv("EVENTS_LOCATION", f"s3://{bucket}/events/{{event_name}}/")
    monkeypatch.setenv("OVERSIZED_LOCATION", f"s3://{bucket}/oversized/")
    return {**names, "location": f"s3://{bucket}/events/"}


@pytest.fixture
def registry(monkeypatch):
    """A registry that knows one version by its id."""

    class Registry:
        def load_by_id(self, identity):
            if identity != VERSION_ID:
                from toolkit.errors import SchemaNotFound

                raise SchemaNotFound(f"no schema version has the id {identity}")
            return RegisteredSchema("user_registered", "3", open_repository("").load("user_registered"))

    real = judging.Judges.__init__

    def made(self, settings):
        real(self, settings)
        self._glue = Registry()

    monkeypatch.setattr(judging.Judges, "__init__", made)
    monkeypatch.setenv("SCHEMA_CACHE_SECONDS", str(uuid.uuid4().int % 10**6))  # judges of this test's own


def batch(*data, first=100, arrived=MIDNIGHT + 60):
    return {
        "Records": [
            {
                "eventID": f"shardId-000000000006:{first + index}",
                "eventSource": "aws:kinesis",
                "eventSourceARN": "arn:aws:kinesis:eu-west-1:123456789012:stream/events",
                "kinesis": {
                    "sequenceNumber": str(first + index),
                    "partitionKey": "p",
                    "data": base64.b64encode(record).decode(),
                    "approximateArrivalTimestamp": arrived,
                },
            }
            for index, record in enumerate(data)
        ]
    }


@pytest.mark.parametrize("compressed", [False, True])
def test_a_frame_gives_its_event_and_the_id_of_its_schema(compressed):
    assert unframed(framed(EVENT, VERSION_ID, compressed=compressed)) == Frame(VERSION_ID, EVENT)
    assert unframed(EVENT) == Frame("", EVENT)
    assert unframed(b"") == Frame("", b"")


@pytest.mark.parametrize(
    ("data", "fault"),
    [
        (b"\x03\x00abc", "a frame of 5 bytes, cut short"),
        (b"\x03\x09" + bytes(16) + b"{}", "the unknown compression 09"),
        (b"\x03\x05" + bytes(16) + b"{}", "a payload that is no zlib"),
        (framed(EVENT, VERSION_ID, compressed=True)[:-6], "a payload that is cut short, or too long"),
    ],
)
def test_a_broken_frame_keeps_its_bytes(data, fault):
    assert (unframed(data).event, unframed(data).fault) == (data, fault)


def test_valid_records_are_stored_byte_for_byte_under_their_sequence_numbers(place, registry, lines_below):
    records = [EVENT, framed(EVENT, VERSION_ID), framed(EVENT, VERSION_ID, compressed=True)]
    for _ in range(2):  # a batch that comes again overwrites its object
        assert stream_reader.handler(batch(*records)) == {"batchItemFailures": []}
    assert lines_below(place["location"]) == {
        "events/user_registered/dt=2026-03-02/shardId-000000000006-100-102.json.gz": [EVENT] * 3
    }


def test_the_day_is_the_events_and_further_keys_are_escaped(place, monkeypatch, lines_below):
    from toolkit.samples import sample_events

    monkeypatch.setenv("EVENT_NAME", "order_placed")
    monkeypatch.setenv("EVENT_TIME_POINTER", "/event_time")
    monkeypatch.setenv("PARTITION_KEYS", "city=/shipping_address/city,coupon=/coupon_code")
    order = json.loads(next(sample_events(1, broken_share=0)))
    order |= {"event_time": "2026-03-01T23:59:59.999-01:00", "coupon_code": None}
    order["shipping_address"]["city"] = "São/=Paulo"
    text = json.dumps(order).encode()
    assert stream_reader.handler(batch(text)) == {"batchItemFailures": []}
    [key] = lines_below(place["location"])
    assert key == (
        "events/order_placed/dt=2026-03-02/city=S%C3%A3o%2F%3DPaulo/coupon=__HIVE_DEFAULT_PARTITION__/"
        "shardId-000000000006-100-100.json.gz"
    )


def test_a_refused_record_keeps_its_bytes_frame_included(place, registry, dead_letters):
    bad = framed(b'{"eid": 1}', VERSION_ID)
    assert stream_reader.handler(batch(bad, b"\x03\x00abc", b"\xff")) == {"batchItemFailures": []}
    found = {letter.body: letter.attributes for letter in dead_letters(place["dead"])}
    assert found.keys() == {bad, b"\x03\x00abc", b"\xff"}
    assert found[bad]["schema"] == "user_registered/3"
    assert found[bad]["sequence_number"] == "100"
    assert found[bad]["stream"] == "events"
    assert found[b"\x03\x00abc"]["rule"] == "frame"


def test_a_frame_that_names_no_version_is_refused_with_that_reason(place, registry, lines_below, dead_letters):
    lost = framed(EVENT, str(uuid.UUID(int=8)))
    assert stream_reader.handler(batch(EVENT, lost, EVENT)) == {"batchItemFailures": []}
    [refused] = dead_letters(place["dead"])
    assert refused.body == lost
    assert refused.attributes["rule"] == "schema"
    assert f"no schema version has the id {uuid.UUID(int=8)}" in refused.attributes["reasons"]
    assert sum(map(len, lines_below(place["location"]).values())) == 2
    assert dead_letters(place["redrive"]) == []


def test_a_record_that_can_not_be_judged_blocks_no_shard(place, lines_below, dead_letters):
    """A framed record where the settings name no registry: their fault, and no verdict."""
    framed_record = framed(EVENT, VERSION_ID)
    assert stream_reader.handler(batch(EVENT, framed_record, EVENT)) == {"batchItemFailures": []}
    [parked] = dead_letters(place["redrive"])
    assert parked.body == framed_record
    assert "set SCHEMA_REPOSITORY=glue://registry" in parked.attributes["reason"]
    assert sum(map(len, lines_below(place["location"]).values())) == 2
    assert dead_letters(place["dead"]) == []


def test_a_registry_that_does_not_answer_ends_the_batch_there(place, faults, monkeypatch, lines_below, dead_letters):
    monkeypatch.setenv("SCHEMA_REPOSITORY", "glue://events-of-an-outage")
    monkeypatch.setenv("SCHEMA_VERSION", "1")
    faults.refuse("get_schema_version", "ThrottlingException")
    assert stream_reader.handler(batch(EVENT, EVENT)) == {"batchItemFailures": [{"itemIdentifier": "100"}]}
    assert lines_below(place["location"]) == {}
    assert dead_letters(place["dead"]) == dead_letters(place["redrive"]) == []


def test_an_object_that_is_not_stored_makes_its_records_come_again(place, faults, lines_below):
    faults.refuse("put_object", "SlowDown", times=1)
    records = batch(EVENT, EVENT)
    assert stream_reader.handler(records) == {"batchItemFailures": [{"itemIdentifier": "100"}]}
    assert stream_reader.handler(records) == {"batchItemFailures": []}
    assert sum(map(len, lines_below(place["location"]).values())) == 2


def test_a_dead_letter_that_is_not_sent_ends_the_batch_there(place, faults, lines_below):
    faults.refuse("send_message_batch", times=1)
    assert stream_reader.handler(batch(EVENT, b"{}", EVENT)) == {"batchItemFailures": [{"itemIdentifier": "101"}]}
    # What stands before it is stored, what comes after it comes again.
    assert [len(found) for found in lines_below(place["location"]).values()] == [1]


def test_a_lost_answer_of_s3_overwrites_and_doubles_nothing(place, faults, lines_below):
    faults.lose("put_object")
    records = batch(EVENT)
    stream_reader.handler(records)
    stream_reader.handler(records)
    assert list(lines_below(place["location"]).values()) == [[EVENT]]


def test_a_record_too_large_for_a_queue_goes_to_s3(place, dead_letters):
    data = b'{"filler": "' + b"x" * (2 * 1024 * 1024) + b'"}'
    assert stream_reader.handler(batch(data)) == {"batchItemFailures": []}
    [letter] = dead_letters(place["dead"])
    with aws.open_object(letter.attributes["content_location"]) as file:
        assert file.read() == data


def test_anything_but_a_batch_is_refused():
    with pytest.raises(ValueError, match="expected a Kinesis batch"):
        stream_reader.handler({"Records": [{"eventSource": "aws:sqs"}]})
