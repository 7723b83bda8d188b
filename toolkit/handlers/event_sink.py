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
import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from toolkit import aws
from toolkit.errors import AwsError
from toolkit.handlers.messages import message_from_record, records
from toolkit.handlers.settings import Settings

logger = logging.getLogger(__name__)

PARTITION_KEY = "dt"
_DAY = re.compile(r"\d{4}-\d\d-\d\d(?=[Tt ]|$)")


def handler(event: Any, context: object = None) -> dict[str, Any]:
    """
    Write the events of an SQS batch below ``EVENTS_LOCATION`` and return the messages that must come again.

    The answer is Lambda's ``{"batchItemFailures": [{"itemIdentifier": …}]}``; objects are named
    ``dt=2026-01-31/<digest>.json.gz``. An event stands on one line: its line breaks, which JSON allows only between tokens,
    become blanks; every other byte stays.

    Raises:
        ValueError: *event* is no SQS batch.
    """
    settings = Settings.from_environment()
    batch = records(event)
    if batch is None:
        raise ValueError("expected an SQS batch as Lambda hands it over: {'Records': [{'eventSource': 'aws:sqs', …}]}")
    bucket, prefix = aws.split_s3_uri(settings.events_location)
    by_day: dict[str, list[Mapping[str, Any]]] = defaultdict(list)
    for record in batch:
        by_day[day_of(record, settings.event_time_pointer)].append(record)
    again: list[str] = []
    for day, rows in sorted(by_day.items()):
        key = f"{prefix.rstrip('/')}/{PARTITION_KEY}={day}/{_digest(rows)}.json.gz".lstrip("/")
        try:
            aws.call("s3", "put_object", Bucket=bucket, Key=key, Body=ndjson_gzip(rows))
        except AwsError as error:
            logger.error("s3://%s/%s: %s", bucket, key, error)
            again += [row["messageId"] for row in rows]
    return {"batchItemFailures": [{"itemIdentifier": message_id} for message_id in again]}


def ndjson_gzip(rows: Sequence[Mapping[str, Any]]) -> bytes:
    """Return the events of *rows*, one a line, compressed; equal rows give equal bytes."""
    lines = (message_from_record(row).body.translate(_BLANKS) for row in rows)
    return gzip.compress(b"".join(line + b"\n" for line in lines), compresslevel=6, mtime=0)


def day_of(record: Mapping[str, Any], event_time_pointer: str = "") -> str:
    """
    Return the day of an event in UTC, as 2026-01-31.

    The day of the date-time at *event_time_pointer*, or, where that says none, of the moment the message was sent.
    """
    if event_time_pointer and (day := _day_from(_event_time(message_from_record(record).body, event_time_pointer))):
        return day
    sent = int(record["attributes"]["SentTimestamp"]) / 1000
    return datetime.fromtimestamp(sent, UTC).date().isoformat()


def _day_from(value: object) -> str | None:
    if not isinstance(value, str) or not _DAY.match(value):
        return None
    try:
        moment = datetime.fromisoformat(value.upper())
    except ValueError:
        # RFC 3339 admits a leap second, which Python does not.
        return value[:10]
    return (moment.astimezone(UTC) if moment.tzinfo else moment).date().isoformat()


def _event_time(body: bytes, pointer: str) -> Any:
    try:
        instance = json.loads(body)
    except (ValueError, RecursionError):
        # The gate lets no such event through; one that reached the queue past it still belongs to a day.
        return None
    for token in pointer.split("/")[1:]:
        name = token.replace("~1", "/").replace("~0", "~")
        if not isinstance(instance, dict) or name not in instance:
            return None
        instance = instance[name]
    return instance


def _digest(rows: Sequence[Mapping[str, Any]]) -> str:
    ids = "\n".join(sorted(row["messageId"] for row in rows))
    return hashlib.sha256(ids.encode()).hexdigest()[:32]


_BLANKS = bytes.maketrans(b"\r\n", b"  ")
