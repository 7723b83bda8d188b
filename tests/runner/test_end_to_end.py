"""
The platform on the local endpoints, run by the runner: what is sent to SNS and to Kinesis arrives, or is refused with its
reasons, and the tables answer SQL.
"""

import json
from collections import Counter
from dataclasses import replace

import pytest

from toolkit import aws
from toolkit.athena import Athena
from toolkit.handlers.polling import queue_length
from toolkit.repositories import FolderRepository, bundled_schemas, open_repository, publish
from toolkit.runner import QueueMapping, Runner, platform_mappings
from toolkit.samples import sample_events
from toolkit.validator import compile_schema

COUNT = 120


@pytest.mark.timeout(300)
def test_every_event_arrives_in_both_forms_or_is_refused_with_its_reasons(names, stored, dead_letters, monkeypatch):
    monkeypatch.setenv("EVENT_NAME", "order_placed")
    monkeypatch.setenv("EVENT_TIME_POINTER", "/event_time")
    monkeypatch.setenv("PARTITION_KEYS", "country=/shipping_address/country")
    schema = FolderRepository(bundled_schemas()).load("order_placed", "2")
    publish(open_repository(f"dynamodb://{names.schema_table}"), "order_placed", schema)
    validator = compile_schema(schema, strict=True)
    events = list(sample_events(2 * COUNT + 100, broken_share=0.1))
    to_topic = [event for event in events if event.isascii() or _is_text(event)][:COUNT]
    to_stream = events[-COUNT:]
    topic = aws.call("sns", "create_topic", Name=names.topic)["TopicArn"]
    for at in range(0, COUNT, 10):
        entries = [
            {
                "Id": str(number),
                "Message": event.decode(),
                "MessageAttributes": {"event_name": {"DataType": "String", "StringValue": "order_placed"}},
            }
            for number, event in enumerate(to_topic[at : at + 10])
        ]
        aws.call("sns", "publish_batch", TopicArn=topic, PublishBatchRequestEntries=entries)
    for at in range(0, COUNT, 60):
        records = [{"Data": event, "PartitionKey": str(at)} for event in to_stream[at : at + 60]]
        assert aws.call("kinesis", "put_records", StreamName=names.stream, Records=records)["FailedRecordCount"] == 0

    sent = [*to_topic, *to_stream]
    valid = Counter(event for event in sent if not validator.validate_json(event))
    invalid = Counter(event for event in sent if validator.validate_json(event))
    mappings = platform_mappings(names, buffer_seconds=1, batch_size=100)
    mappings = [_faster(mapping) for mapping in mappings]
    with Runner(mappings, checkpoints=names.checkpoints) as runner:
        assert runner.wait_until(
            lambda: (
                queue_length(names.dead_letter_queue) >= invalid.total()
                and len(stored(names.bucket)) >= valid.total()
                and queue_length(names.events_queue) == queue_length(names.valid_events_queue) == 0
                and queue_length(names.objects_queue) == 0
            ),
            seconds=250,
        )
    arrived = Counter(stored(names.bucket))
    assert arrived.keys() == valid.keys()
    letters = dead_letters(names.dead_letter_queue)
    assert {letter.body for letter in letters} == set(invalid)
    assert all(json.loads(letter.attributes["reasons"]) for letter in letters)
    assert all(letter.attributes["schema"] == "order_placed/1" for letter in letters)
    assert queue_length(names.redrive_queue) == queue_length(names.valid_redrive_queue) == 0
    with Athena(database=names.database) as athena:
        frame = athena.query("SELECT country, count(*) AS events FROM order_placed GROUP BY country ORDER BY country")
    expected = Counter(json.loads(line)["shipping_address"]["country"] for line in arrived.elements())
    assert dict(zip(frame["country"], frame["events"], strict=True)) == dict(expected)


def _is_text(event):
    try:
        event.decode()
    except UnicodeDecodeError:
        return False
    return True


def _faster(mapping):
    window = min(1.0, mapping.maximum_batching_window_in_seconds)
    if isinstance(mapping, QueueMapping):
        return replace(mapping, maximum_batching_window_in_seconds=window, timeout_in_seconds=10)
    return replace(mapping, maximum_batching_window_in_seconds=window)
