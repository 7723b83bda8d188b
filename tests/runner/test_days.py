"""
Midnight and clocks that are wrong: an event's day is the same in its object's key, in the registry, in the catalogue and in the
answer of a query, in the table whose days Athena computes and in the one whose partitions are registered.
"""

import base64
import json
from datetime import UTC, datetime, time, timedelta

import pytest
from cases import CITIES, forget

from toolkit import aws
from toolkit.athena import Athena
from toolkit.handlers import event_sink, json_schema_to_hive, partition_updater, stream_reader
from toolkit.repositories import open_repository, publish
from toolkit.schema import load_schema

EVENTS = {**CITIES, "properties": {**CITIES["properties"], "at": {"type": "string"}}}
MIDNIGHT = datetime.combine(datetime.now(UTC).date(), time(), UTC)
TODAY, YESTERDAY, TOMORROW = ((MIDNIGHT + timedelta(days=days)).date().isoformat() for days in (0, -1, 1))


def text(moment):
    return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def shifted(moment, hours):
    """The same moment as a clock of another zone writes it."""
    return (moment + timedelta(hours=hours)).isoformat(timespec="seconds").replace("+00:00", f"{hours:+03d}:00")


JUST_BEFORE, JUST_AFTER = MIDNIGHT - timedelta(milliseconds=1), MIDNIGHT + timedelta(milliseconds=1)
# What the producer's clock said, when the event arrived, and the day on which it is to be found.
CLOCKS = [
    (text(JUST_BEFORE), JUST_BEFORE, YESTERDAY),
    (text(JUST_BEFORE), JUST_AFTER, YESTERDAY),
    (text(MIDNIGHT), JUST_BEFORE, TODAY),
    (text(JUST_AFTER), JUST_AFTER, TODAY),
    (shifted(MIDNIGHT, 14), JUST_AFTER, TODAY),
    (shifted(MIDNIGHT - timedelta(seconds=1), -12), JUST_AFTER, YESTERDAY),
    # Ahead and behind, as far as the table looks.
    (text(MIDNIGHT + timedelta(hours=30)), JUST_AFTER, TOMORROW),
    (text(MIDNIGHT - timedelta(days=400)), JUST_AFTER, (MIDNIGHT - timedelta(days=400)).date().isoformat()),
    ("2020-01-01T00:00:00Z", JUST_AFTER, "2020-01-01"),
    # Further off than it looks: the day of arrival.
    (text(MIDNIGHT + timedelta(hours=49)), JUST_AFTER, TODAY),
    (text(MIDNIGHT + timedelta(hours=25)), JUST_BEFORE, YESTERDAY),
    ("2019-12-31T23:59:59Z", JUST_AFTER, TODAY),
    ("1970-01-01T00:00:00Z", JUST_BEFORE, YESTERDAY),
    ("0001-01-01T00:00:00+14:00", JUST_AFTER, TODAY),
    ("9999-12-31T23:59:60Z", JUST_AFTER, TODAY),
    ("soon", JUST_BEFORE, YESTERDAY),
    # Leap seconds, and days that are none.
    ("2024-02-29T23:59:60Z", JUST_AFTER, "2024-02-29"),
    ("2023-02-29T12:00:00Z", JUST_AFTER, TODAY),
    ("2024-13-01", JUST_BEFORE, YESTERDAY),
    (None, JUST_AFTER, TODAY),
]


@pytest.fixture(params=["computed", "registered"])
def keys(request, names, monkeypatch):
    """The table of the events, and the variables that make it."""
    monkeypatch.setenv("EVENT_NAME", "moved")
    monkeypatch.setenv("EVENT_TIME_POINTER", "/at")
    if request.param == "registered":
        monkeypatch.setenv("PARTITION_KEYS", "city=/city")
    forget()
    publish(open_repository(f"dynamodb://{names.schema_table}"), "moved", load_schema(EVENTS))
    json_schema_to_hive.handler({"event_name": "moved"})
    yield request.param
    forget()
    partition_updater.register.__kwdefaults__["lease_seconds"] = partition_updater.LEASE_SECONDS


def by_stream(event, arrived, number):
    inner = {
        "sequenceNumber": str(number),
        "data": base64.b64encode(event).decode(),
        "approximateArrivalTimestamp": arrived.timestamp(),
    }
    record = {"eventSource": "aws:kinesis", "eventID": f"shardId-0:{number}", "eventSourceARN": "", "kinesis": inner}
    assert stream_reader.handler({"Records": [record]}) == {"batchItemFailures": []}


def by_queue(event, arrived, number):
    record = {
        "messageId": f"m{number}",
        "body": event.decode(),
        "attributes": {"SentTimestamp": str(int(arrived.timestamp() * 1000))},
        "eventSource": "aws:sqs",
    }
    assert event_sink.handler({"Records": [record]}) == {"batchItemFailures": []}


@pytest.mark.parametrize("way", [by_stream, by_queue])
def test_key_registry_catalogue_and_query_agree_on_the_day(names, keys, way):
    expected = {}
    for number, (clock, arrived, day) in enumerate(CLOCKS):
        event = {"id": str(number), "city": "Leeds", **({"at": clock} if clock is not None else {})}
        way(json.dumps(event).encode(), arrived, number)
        expected[str(number)] = day
    objects = [
        item["Key"]
        for page in aws.pages("s3", "list_objects_v2", Bucket=names.bucket, Prefix="events/moved/")
        for item in page["Contents"]
    ]
    assert sorted(key.split("/")[2] for key in objects) == sorted(f"dt={day}" for day in expected.values())
    told = [{"s3": {"bucket": {"name": names.bucket}, "object": {"key": key.replace("=", "%3D")}}} for key in objects]
    registered = partition_updater.handler({"Records": told})["registered"]
    pages = aws.pages("glue", "get_partitions", DatabaseName=names.database, TableName="moved")
    catalogued = sorted(found["Values"] for page in pages for found in page["Partitions"])
    if keys == "registered":
        assert catalogued == [[day, "Leeds"] for day in sorted(set(expected.values()))]
        assert registered == len(catalogued)
    else:
        assert (registered, catalogued) == (0, [])
    with Athena(database=names.database) as athena:
        frame = athena.query("SELECT id, dt FROM moved")
        assert dict(zip(frame["id"], frame["dt"], strict=True)) == expected
        for day in set(expected.values()):
            frame = athena.query(f"SELECT id FROM moved WHERE dt = '{day}'")
            assert sorted(frame["id"]) == sorted(found for found, known in expected.items() if known == day)
