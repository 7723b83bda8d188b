"""
The reader of the stream: Kinesis records against their schemas, the valid ones into partitioned S3, the refused ones aside.

A record names its schema by the frame of the Glue Schema Registry; one without a frame is judged by the schema of the settings.
Objects are named for the shard and the sequence numbers of what they hold, so that a batch which comes again overwrites
them. A refused record goes to the dead-letter queue as it came, frame included, with its reasons; one that can't be judged
at all, since its schema does not exist or is broken, to the redrive queue. When a service does not answer the batch ends
there, and Lambda goes on from that record.
"""

from __future__ import annotations

import base64
import logging
import time
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

from toolkit import aws
from toolkit.errors import AwsError, SchemaNotFound
from toolkit.handlers.dead_letters import dead_letter, log_refusal, parked_letter
from toolkit.handlers.event_sink import write_lines
from toolkit.handlers.framing import Frame, unframed
from toolkit.handlers.judging import Judge, Judges, judges
from toolkit.handlers.messages import Message, send
from toolkit.handlers.observing import log, metrics, reason_of
from toolkit.handlers.partitions import escaped, partition_of
from toolkit.handlers.settings import Settings
from toolkit.validator import ValidationError

_WRITERS = 8


@dataclass(frozen=True, slots=True)
class StreamRecord:
    """One record of Lambda's Kinesis event; ``arrived_at`` is in seconds since the epoch."""

    data: bytes
    shard_id: str
    sequence_number: str
    partition_key: str
    stream: str
    arrived_at: float

    @property
    def attributes(self) -> dict[str, str]:
        """Where the record stood, for whoever finds it in a queue."""
        found = {
            "stream": self.stream,
            "shard_id": self.shard_id,
            "sequence_number": self.sequence_number,
            "partition_key": self.partition_key,
        }
        return {name: value for name, value in found.items() if value}


def handler(event: Any, context: object = None) -> dict[str, Any]:
    """
    Judge and store the records of a Kinesis batch; Lambda's entry point.

    Answers ``{"batchItemFailures": [{"itemIdentifier": sequence number}]}`` with at most one item: the first record that must
    come again, and with it all that follow. Valid events stand, a line each and without their frames, in
    ``<EVENTS_LOCATION>/<event>/dt=2026-01-31/<shard>-<first>-<last>.json.gz``.

    Raises:
        ValueError: *event* is no Kinesis batch.

    Source: https://docs.aws.amazon.com/lambda/latest/dg/services-kinesis-batchfailurereporting.html
    """
    settings = Settings.from_environment()
    started = time.perf_counter()
    batch = _Batch([stream_record(record) for record in _records(event)], settings)
    batch.judge()
    judged = time.perf_counter()
    batch.send_aside()
    batch.store()
    counts = {
        "events": len(batch.records),
        "valid": len(batch.valid),
        "invalid": len(batch.refused),
        "parked": len(batch.parked),
        "come_again": len(batch.records) - batch.end,
    }
    log(logging.INFO, "read", **counts)
    times = {"judging_ms": 1000 * (judged - started), "storing_ms": 1000 * (time.perf_counter() - judged)}
    metrics(settings.metrics_namespace, "stream_reader", **counts, **times)
    if batch.end == len(batch.records):
        return {"batchItemFailures": []}
    return {"batchItemFailures": [{"itemIdentifier": batch.records[batch.end].sequence_number}]}


def stream_record(record: Mapping[str, Any]) -> StreamRecord:
    """Return one record of Lambda's event as a value."""
    inner = record["kinesis"]
    return StreamRecord(
        data=base64.b64decode(inner["data"]),
        shard_id=str(record.get("eventID", "")).partition(":")[0],
        sequence_number=str(inner["sequenceNumber"]),
        partition_key=str(inner.get("partitionKey", "")),
        stream=str(record.get("eventSourceARN", "")).rpartition("/")[2],
        arrived_at=float(inner.get("approximateArrivalTimestamp") or 0) or time.time(),
    )


def _records(event: Any) -> Sequence[Mapping[str, Any]]:
    batch = event.get("Records") if isinstance(event, Mapping) else None
    if not isinstance(batch, list) or not all(record.get("eventSource") == "aws:kinesis" for record in batch):
        raise ValueError(
            "expected a Kinesis batch as Lambda hands it over: {'Records': [{'eventSource': 'aws:kinesis', …}]}"
        )
    return batch


class _Batch:
    """The records of one batch up to ``end``, the index of the first that must come again."""

    def __init__(self, records: Sequence[StreamRecord], settings: Settings) -> None:
        self.records = records
        self.settings = settings
        self.end = len(records)
        self.valid: list[tuple[int, str, bytes]] = []
        self.refused: list[tuple[int, Message]] = []
        self.parked: list[tuple[int, Message]] = []
        self._judges: Judges | None = None
        self._pointers = settings.pointers()

    def judge(self) -> None:
        """Part the records into valid, refused and parked ones; ends where a service does not answer."""
        for index, record in enumerate(self.records):
            try:
                self._judge(index, record, unframed(record.data))
            except AwsError as error:
                self._end_at(index, "not judged", error)
                return
            except Exception as error:
                # The schema is not there or is broken, or the record breaks our code: it must not block its shard.
                log(logging.ERROR, "parked", reason=reason_of(error), correlation_id=record.sequence_number)
                letter = parked_letter(
                    Message(record.data, record.attributes),
                    reason_of(error),
                    oversized_location=self.settings.oversized_location,
                )
                self.parked.append((index, letter))

    def _judge(self, index: int, record: StreamRecord, frame: Frame) -> None:
        if frame.fault:
            fault = ValidationError("", "", "frame", "a frame of the Glue Schema Registry", frame.fault, ())
            self._refuse(index, record, (fault,), frame.schema_version_id or "unknown")
            return
        try:
            judge = self._judge_of(frame)
        except SchemaNotFound as error:
            if not frame.schema_version_id:
                raise
            # The registry answered, and what it says is about this record: it names no JSON schema.
            fault = ValidationError("", "", "schema", "a JSON schema version of the registry", error.message, ())
            self._refuse(index, record, (fault,), frame.schema_version_id)
            return
        value, errors = judge.judged(frame.event)
        if errors:
            self._refuse(index, record, errors, judge.schema)
            return
        place = partition_of(
            value,
            record.arrived_at,
            event_time_pointer=self.settings.event_time_pointer,
            pointers=self._pointers,
        )
        self.valid.append((index, f"{self.settings.location_of(escaped(judge.name))}{place}/", frame.event))

    def _judge_of(self, frame: Frame) -> Judge:
        self._judges = self._judges or judges(self.settings)
        if frame.schema_version_id:
            return self._judges.judge_of_id(frame.schema_version_id)
        return self._judges.judge(self.settings.event_name, self.settings.schema_version)

    def _refuse(self, index: int, record: StreamRecord, errors: Sequence[ValidationError], schema: str) -> None:
        message = Message(record.data, record.attributes)
        letter = dead_letter(message, errors, schema=schema, oversized_location=self.settings.oversized_location)
        log_refusal(schema, errors, record.sequence_number)
        self.refused.append((index, letter))

    def send_aside(self) -> None:
        """Send refused and parked records to their queues; what a queue does not take comes again."""
        for queue_name, letters in (
            (self.settings.dead_letter_queue, self.refused),
            (self.settings.redrive_queue, self.parked),
        ):
            try:
                failures = send(queue_name, [letter for _, letter in letters])
            except AwsError as error:
                failures = {number: str(error) for number in range(len(letters))}
            for number, reason in failures.items():
                self._end_at(letters[number][0], f"not sent to {queue_name}", reason)

    def store(self) -> None:
        """Write the valid events before ``end``, an object for each partition."""
        groups: dict[str, list[tuple[int, bytes]]] = defaultdict(list)
        for index, location, event in self.valid:
            if index < self.end:
                groups[location].append((index, event))
        writes = [self._write(location, rows) for location, rows in sorted(groups.items())]
        if len(writes) == 1:
            outcomes = [writes[0]()]
        else:
            with ThreadPoolExecutor(_WRITERS, thread_name_prefix="store") as pool:
                outcomes = list(pool.map(lambda write: write(), writes))
        for index, error in outcomes:
            if error is not None:
                self._end_at(index, "not stored", error)

    def _write(self, location: str, rows: list[tuple[int, bytes]]) -> Callable[[], tuple[int, AwsError | None]]:
        first, last = (self.records[index] for index in (rows[0][0], rows[-1][0]))
        # Both ends: a shorter batch that begins at the same record must not overwrite a longer one.
        name = f"{first.shard_id}-{first.sequence_number}-{last.sequence_number}"

        def write() -> tuple[int, AwsError | None]:
            try:
                write_lines(location, name, [event for _, event in rows], self.settings.compression)
            except AwsError as error:
                return rows[0][0], error
            return rows[0][0], None

        return write

    def _end_at(self, index: int, message: str, reason: object) -> None:
        number = self.records[index].sequence_number
        log(logging.ERROR, message, reason=str(reason), correlation_id=number, endpoint=aws.endpoint_url() or "AWS")
        self.end = min(self.end, index)
