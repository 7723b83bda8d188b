"""
The sink: valid events from their queue into S3, as gzip-compressed NDJSON under a partition per day.

One batch becomes one object per day. The key derives from the messages, so a batch that comes again unchanged overwrites
its object instead of doubling the events.
"""

from __future__ import annotations

import gzip
import hashlib
import json
import logging
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from typing import Any

from toolkit import aws
from toolkit.errors import AwsError
from toolkit.handlers.messages import CORRELATION_ATTRIBUTE, message_from_record, records
from toolkit.handlers.observing import log, metrics
from toolkit.handlers.partitions import escaped, partition_of
from toolkit.handlers.settings import Settings

_MOST_IDS_A_LINE = 100


def handler(event: Any, context: object = None) -> dict[str, Any]:
    """
    Write the events of an SQS batch below ``EVENTS_LOCATION`` and return the messages that must come again.

    The answer is Lambda's ``{"batchItemFailures": [{"itemIdentifier": …}]}``; objects are named
    ``<event>/dt=2026-01-31/<digest>.json.gz``, with further partition keys behind the day where ``PARTITION_KEYS`` names some. An
    event stands on one line: its line breaks, which JSON allows only between tokens, become blanks; every other byte stays.

    Raises:
        ValueError: *event* is no SQS batch.
    """
    settings = Settings.from_environment()
    batch = records(event)
    if batch is None:
        raise ValueError("expected an SQS batch as Lambda hands it over: {'Records': [{'eventSource': 'aws:sqs', …}]}")
    pointers = settings.pointers()
    groups: dict[str, list[Mapping[str, Any]]] = defaultdict(list)
    for record in batch:
        place = _partition(record, settings.event_time_pointer, pointers)
        groups[f"{_location(record, settings)}{place}/"].append(record)
    again: list[str] = []
    for place, rows in sorted(groups.items()):
        try:
            uri = write_lines(place, _digest(rows), [accepted_event(row) for row in rows], settings.compression)
            log_followed("stored object", rows, location=uri)
        except AwsError as error:
            log(logging.ERROR, "not stored", location=place, events=len(rows), reason=str(error))
            again += [row["messageId"] for row in rows]
    stored = len(batch) - len(again)
    log(logging.INFO, "stored", events=stored, objects=len(groups), come_again=len(again))
    metrics(settings.metrics_namespace, "event_sink", stored=stored, come_again=len(again))
    return {"batchItemFailures": [{"itemIdentifier": message_id} for message_id in again]}


def accepted_event(record: Mapping[str, Any]) -> bytes:
    """Return the event of one record as the gate judged it: what looks like an envelope now is an event."""
    return message_from_record(record, unwrap_sns=False).body


def log_followed(message: str, rows: Iterable[Mapping[str, Any]], **where: str) -> None:
    """Say *where* the events have gone that carry a correlation id: whoever gave them one follows them."""
    ids = [
        value["stringValue"]
        for row in rows
        if (value := (row.get("messageAttributes") or {}).get(CORRELATION_ATTRIBUTE)) and value.get("stringValue")
    ]
    for at in range(0, len(ids), _MOST_IDS_A_LINE):
        log(logging.INFO, message, **where, correlation_ids=ids[at : at + _MOST_IDS_A_LINE])


def write_lines(location: str, name: str, events: Sequence[bytes], compression: str = "gzip") -> str:
    """
    Put *events*, one a line, as one object below *location* and return its URI; equal input gives equal bytes.

    *compression* is gzip or none.

    Raises:
        AwsError: S3 refused the object.
    """
    bucket, prefix = aws.split_s3_uri(location)
    key = f"{prefix}{name}.json{'.gz' if compression == 'gzip' else ''}"
    body = b"".join(one_line(event) + b"\n" for event in events)
    if compression == "gzip":
        body = gzip.compress(body, compresslevel=6, mtime=0)
    aws.call("s3", "put_object", Bucket=bucket, Key=key, Body=body)
    return f"s3://{bucket}/{key}"


def _location(record: Mapping[str, Any], settings: Settings) -> str:
    """Return where the events of this name lie."""
    attributes = record.get("messageAttributes") or {}
    name = (attributes.get("event_name") or {}).get("stringValue") or settings.event_name
    return settings.location_of(escaped(name))


def _partition(record: Mapping[str, Any], event_time_pointer: str, pointers: Mapping[str, str]) -> str:
    sent = int(record["attributes"]["SentTimestamp"]) / 1000
    event = None
    if event_time_pointer or pointers:
        # The gate lets no event through that is no JSON; one that reached the queue past it still belongs to a day.
        with suppress(ValueError, RecursionError):
            event = json.loads(accepted_event(record))
    return partition_of(event, sent, event_time_pointer=event_time_pointer, pointers=pointers)


def _digest(rows: Sequence[Mapping[str, Any]]) -> str:
    ids = "\n".join(sorted(row["messageId"] for row in rows))
    return hashlib.sha256(ids.encode()).hexdigest()[:32]


_BLANKS = bytes.maketrans(b"\r\n", b"  ")


def one_line(event: bytes) -> bytes:
    """Return *event*, which is JSON, without line breaks: between tokens, where alone they can be, blanks mean the same."""
    return event.translate(_BLANKS)
