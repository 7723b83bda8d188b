"""
The forwarder: valid events from their queue to Firehose, which buffers them into objects of S3.

Firehose bills each record in steps of 5 KB, so that several events travel in one, a line each. What Firehose throttles
is sent again by itself, the failed records only; what it still does not take comes again from the queue.

Source of the limits: https://docs.aws.amazon.com/firehose/latest/dev/limits.html
"""

from __future__ import annotations

import logging
import random
import time
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from toolkit import aws
from toolkit.errors import AwsError
from toolkit.handlers.event_sink import log_followed, one_line, write_lines
from toolkit.handlers.messages import batched, message_from_record, records
from toolkit.handlers.observing import log, metrics
from toolkit.handlers.partitions import escaped, partition_of
from toolkit.handlers.settings import Settings

# A record may have 1,000 KiB, a call 500 records and 4 MiB.
MAXIMUM_RECORD_BYTES = 1000 * 1024
MAXIMUM_CALL_RECORDS = 500
MAXIMUM_CALL_BYTES = 4 * 1024 * 1024
# Large enough that the last, half-filled step of 5 KB costs little; small enough that a failed record repeats little.
PACKED_RECORD_BYTES = 256 * 1024
TRIES = 4
FIRST_PAUSE_SECONDS = 0.1


@dataclass(slots=True)
class Packed:
    """One record for Firehose: events, a line each, and the ids of the messages that brought them."""

    data: bytearray = field(default_factory=bytearray)
    message_ids: list[str] = field(default_factory=list)


def handler(event: Any, context: object = None) -> dict[str, Any]:
    """
    Send the events of an SQS batch to the delivery stream of their name; Lambda's entry point.

    Answers ``{"batchItemFailures": [{"itemIdentifier": …}]}`` with the messages that must come again. ``DELIVERY_STREAM`` names
    the stream; ``{event_name}`` in it stands for the event's. An event stands on one line: its line breaks, which JSON allows
    only between tokens, become blanks; every other byte stays. One too large for a record is put into S3 directly.

    Raises:
        ValueError: *event* is no SQS batch.
    """
    settings = Settings.from_environment()
    batch = records(event)
    if batch is None:
        raise ValueError("expected an SQS batch as Lambda hands it over: {'Records': [{'eventSource': 'aws:sqs', …}]}")
    groups: dict[str, list[tuple[str, bytes]]] = defaultdict(list)
    again: list[str] = []
    for record in batch:
        message = message_from_record(record, unwrap_sns=False)
        name = message.attributes.get("event_name", settings.event_name)
        line = one_line(message.body) + b"\n"
        if len(line) > MAXIMUM_RECORD_BYTES:
            again += _store(record, message.body, settings.location_of(escaped(name)))
        else:
            groups[settings.delivery_stream.replace("{event_name}", name)].append((record["messageId"], line))
    sent = 0
    rows = {record["messageId"]: record for record in batch}
    for stream, lines in groups.items():
        packed = list(pack(lines))
        sent += len(packed)
        refused = deliver(stream, packed)
        again += refused
        taken = {message_id for message_id, _ in lines}.difference(refused)
        log_followed("forwarded events", (rows[message_id] for message_id in sorted(taken)), stream=stream)
    log(logging.INFO, "forwarded", events=len(batch), records=sent, come_again=len(again))
    metrics(settings.metrics_namespace, "event_forwarder", forwarded=len(batch) - len(again), come_again=len(again))
    return {"batchItemFailures": [{"itemIdentifier": message_id} for message_id in again]}


def pack(lines: Sequence[tuple[str, bytes]], *, most_bytes: int = PACKED_RECORD_BYTES) -> Iterator[Packed]:
    """Yield *lines*, each with the id of its message, packed into records of about *most_bytes*; none is split."""
    packed = Packed()
    for message_id, line in lines:
        if packed.data and len(packed.data) + len(line) > most_bytes:
            yield packed
            packed = Packed()
        packed.data += line
        packed.message_ids.append(message_id)
    if packed.data:
        yield packed


def deliver(stream: str, packed: Sequence[Packed], *, sleep: Callable[[float], None] = time.sleep) -> list[str]:
    """Put records into a delivery stream, trying failed ones again, and return the ids of the messages of what remained."""
    remaining: list[str] = []
    for group in batched(
        packed, lambda record: len(record.data), most=MAXIMUM_CALL_RECORDS, most_bytes=MAXIMUM_CALL_BYTES
    ):
        pending = group
        for attempt in range(TRIES):
            pending, reason = _put(stream, pending)
            if not pending:
                break
            if attempt + 1 < TRIES:
                sleep(FIRST_PAUSE_SECONDS * 2**attempt * (1 + random.random()))  # noqa: S311 - jitter, not a secret
        if pending:
            log(logging.ERROR, "not forwarded", stream=stream, records=len(pending), reason=reason)
        remaining += [message_id for record in pending for message_id in record.message_ids]
    return remaining


def _put(stream: str, group: list[Packed]) -> tuple[list[Packed], str]:
    """Return the records that Firehose did not take, and its reason."""
    try:
        answer = aws.call(
            "firehose",
            "put_record_batch",
            DeliveryStreamName=stream,
            Records=[{"Data": bytes(record.data)} for record in group],
        )
    except AwsError as error:
        return group, str(error)
    responses = answer.get("RequestResponses", [])
    if not answer.get("FailedPutCount") and len(responses) == len(group):
        return [], ""
    failed = [
        record
        for index, record in enumerate(group)
        if index >= len(responses) or "RecordId" not in responses[index] or responses[index].get("ErrorCode")
    ]
    return failed, "; ".join(
        sorted({str(response["ErrorCode"]) for response in responses if response.get("ErrorCode")})
    )


def _store(record: Mapping[str, Any], body: bytes, location: str) -> list[str]:
    place = f"{location}{partition_of(None, int(record['attributes']['SentTimestamp']) / 1000)}/"
    try:
        uri = write_lines(place, f"oversized-{record['messageId']}", [body])
        log_followed("stored object", [record], location=uri)
    except AwsError as error:
        log(logging.ERROR, "not stored", location=place, reason=str(error))
        return [record["messageId"]]
    return []
