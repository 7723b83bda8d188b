"""
A stream to a handler: the records of each shard in their order, from where the last runner stopped.

The place in each shard stands in a DynamoDB table, with a lease that tells several runners apart: one works on a shard,
and another takes over where its lease ended. A shard is read once the shards that it came from are done, so that what has one
key keeps its order when a stream is split or merged. A record that its handler can't get past is isolated by halving the batch.
"""

from __future__ import annotations

import base64
import json
import logging
import threading
import time
import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from toolkit import aws
from toolkit.errors import AwsError, NotFound
from toolkit.handlers.messages import Message, send
from toolkit.handlers.observing import log
from toolkit.runner.mapping import StreamMapping, invoke

LEASE_SECONDS = 30.0
_IDLE_SECONDS = 0.5
_PAUSE_AFTER_ERROR_SECONDS = 1.0
_LONGEST_PAUSE_SECONDS = 30.0
# From here a shard is read anew.
_EXPIRED_CODES = frozenset({"ExpiredIteratorException", "TrimmedDataAccessException", "InvalidArgumentException"})
# The record after which to go on is gone, or belongs to an earlier stream of this name.
_LOST_PLACE_CODES = frozenset({"TrimmedDataAccessException", "InvalidArgumentException", "ValidationException"})
SHARD_END = "SHARD_END"
"""What stands in the place of a sequence number once a closed shard is done, as the Kinesis Client Library has it."""


@dataclass(frozen=True, slots=True)
class Shard:
    """A shard, the shards that it came from, and its last sequence number, "" while it is open."""

    id: str
    parents: tuple[str, ...] = ()
    last: str = ""


class Checkpoints:
    """The places in the shards, in the DynamoDB table *table*; *owner* is who works here."""

    def __init__(self, table: str, *, owner: str = "", lease_seconds: float = LEASE_SECONDS) -> None:
        self.table = table
        self.owner = owner or uuid.uuid4().hex
        self.lease_seconds = lease_seconds

    @property
    def renewal_seconds(self) -> float:
        """How often a lease is renewed by whoever works longer than it lasts."""
        return self.lease_seconds / 3

    def claim(self, shard: str) -> str | None:
        """Take or renew the lease of a shard; return the last settled sequence number, "" for none, None if another has it."""
        now = time.time()
        found = self._update(
            shard,
            "SET #owner = :owner, lease_until = :until",
            {":until": {"N": f"{now + self.lease_seconds:.3f}"}, ":now": {"N": f"{now:.3f}"}},
            "attribute_not_exists(place) OR #owner = :owner OR lease_until < :now",
        )
        return None if found is None else str(found.get("sequence_number", {}).get("S", ""))

    def settle(self, shard: str, sequence_number: str, *, before: str = "") -> bool:
        """
        Note that all up to *sequence_number* is done, and renew the lease; False where another took the shard over.

        *before* is what `claim` returned or the last call noted. Whoever has the lease again after another settled more in the
        meantime must not set the place back.
        """
        values = {":number": {"S": sequence_number}, ":until": {"N": f"{time.time() + self.lease_seconds:.3f}"}}
        unchanged = "attribute_not_exists(sequence_number)"
        if before:
            unchanged = "sequence_number = :before"
            values[":before"] = {"S": before}
        condition = f"#owner = :owner AND {unchanged}"
        expression = "SET sequence_number = :number, lease_until = :until"
        return self._update(shard, expression, values, condition) is not None

    def release(self, shard: str) -> None:
        """Give the lease back, for another to go on at once."""
        self._update(shard, "SET lease_until = :until", {":until": {"N": "0"}}, "#owner = :owner")

    def _update(self, shard: str, expression: str, values: dict[str, Any], condition: str) -> dict[str, Any] | None:
        """Return the item of the shard as it is now; None where *condition* did not hold."""
        try:
            answer = aws.call(
                "dynamodb",
                "update_item",
                TableName=self.table,
                Key={"place": {"S": shard}},
                UpdateExpression=expression,
                ConditionExpression=condition,
                ExpressionAttributeNames={"#owner": "owner"},
                ExpressionAttributeValues={":owner": {"S": self.owner}, **values},
                ReturnValues="ALL_NEW",
            )
        except AwsError as error:
            if error.code == "ConditionalCheckFailedException":
                return None
            raise
        attributes: dict[str, Any] = answer["Attributes"]
        return attributes


class KinesisSource:
    """The shards and records of a Kinesis stream, as Lambda's event has them."""

    def __init__(self, name: str) -> None:
        self.name = name
        self._arn = ""

    def shards(self) -> list[Shard]:
        """Return all shards, those that came from others behind these."""
        if not self._arn:
            described = aws.call("kinesis", "describe_stream_summary", StreamName=self.name)
            self._arn = str(described["StreamDescriptionSummary"]["StreamARN"])
        found: list[dict[str, Any]] = []
        asked: dict[str, Any] = {"StreamName": self.name}
        while asked:
            answer = aws.call("kinesis", "list_shards", **asked)
            found += answer["Shards"]
            asked = {"NextToken": token} if (token := answer.get("NextToken")) else {}
        return _in_order(found)

    def iterator(self, shard: str, after: str) -> str:
        """Return an iterator behind the sequence number *after*, or at the oldest record."""
        where = {"ShardIteratorType": "TRIM_HORIZON"}
        if after:
            where = {"ShardIteratorType": "AFTER_SEQUENCE_NUMBER", "StartingSequenceNumber": after}
        answer = aws.call("kinesis", "get_shard_iterator", StreamName=self.name, ShardId=shard, **where)
        return str(answer["ShardIterator"])

    def read(self, shard: str, iterator: str, most: int) -> tuple[list[dict[str, Any]], str | None]:
        """Return records and the next iterator, None at the end of a closed shard."""
        answer = aws.call("kinesis", "get_records", ShardIterator=iterator, Limit=most)
        return [self._record(shard, found) for found in answer["Records"]], answer.get("NextShardIterator")

    def _record(self, shard: str, found: dict[str, Any]) -> dict[str, Any]:
        return {
            "kinesis": {
                "kinesisSchemaVersion": "1.0",
                "partitionKey": found["PartitionKey"],
                "sequenceNumber": found["SequenceNumber"],
                "data": base64.b64encode(found["Data"]).decode(),
                "approximateArrivalTimestamp": found["ApproximateArrivalTimestamp"].timestamp(),
            },
            "eventSource": "aws:kinesis",
            "eventVersion": "1.0",
            "eventID": f"{shard}:{found['SequenceNumber']}",
            "eventName": "aws:kinesis:record",
            "eventSourceARN": self._arn,
            "awsRegion": "",
        }


class TableStreamSource:
    """The shards and records of a DynamoDB table's stream, as Lambda's event has them."""

    def __init__(self, name: str) -> None:
        self.name = name
        self._arn = ""

    def shards(self) -> list[Shard]:
        """Return all shards, those that came from others behind these."""
        if not self._arn:
            table = aws.call("dynamodb", "describe_table", TableName=self.name)["Table"]
            if "LatestStreamArn" not in table:
                raise NotFound(f"the table {self.name!r} has no stream", service="dynamodb")
            self._arn = str(table["LatestStreamArn"])
        found: list[dict[str, Any]] = []
        asked: dict[str, Any] = {"StreamArn": self._arn}
        while asked:
            answer = aws.call("dynamodbstreams", "describe_stream", **asked)["StreamDescription"]
            found += answer["Shards"]
            last = answer.get("LastEvaluatedShardId")
            asked = {"StreamArn": self._arn, "ExclusiveStartShardId": last} if last else {}
        return _in_order(found)

    def iterator(self, shard: str, after: str) -> str:
        """Return an iterator behind the sequence number *after*, or at the oldest record."""
        where = {"ShardIteratorType": "TRIM_HORIZON"}
        if after:
            where = {"ShardIteratorType": "AFTER_SEQUENCE_NUMBER", "SequenceNumber": after}
        answer = aws.call("dynamodbstreams", "get_shard_iterator", StreamArn=self._arn, ShardId=shard, **where)
        return str(answer["ShardIterator"])

    def read(self, shard: str, iterator: str, most: int) -> tuple[list[dict[str, Any]], str | None]:
        """Return records and the next iterator, None at the end of a closed shard."""
        answer = aws.call("dynamodbstreams", "get_records", ShardIterator=iterator, Limit=min(most, 1000))
        return [{**found, "eventSourceARN": self._arn} for found in answer["Records"]], answer.get("NextShardIterator")


def _in_order(found: Iterable[dict[str, Any]]) -> list[Shard]:
    shards = [
        Shard(
            shard["ShardId"],
            tuple(filter(None, (shard.get("ParentShardId"), shard.get("AdjacentParentShardId")))),
            str(shard.get("SequenceNumberRange", {}).get("EndingSequenceNumber") or ""),
        )
        for shard in found
    ]
    # Ids grow with time, in both services.
    return sorted(shards, key=lambda shard: shard.id)


def sequence_number(record: dict[str, Any]) -> str:
    """Return the place of a record in its shard."""
    inner = record.get("kinesis") or record["dynamodb"]
    return str(inner.get("sequenceNumber") or inner["SequenceNumber"])


class StreamPoller:
    """The worker of a `StreamMapping`; `run` works until *stop* is set."""

    def __init__(self, mapping: StreamMapping, stop: threading.Event, checkpoints: Checkpoints) -> None:
        self.mapping = mapping
        self.handled = 0
        self._stop = stop
        self._checkpoints = checkpoints
        self._source = (
            KinesisSource(mapping.stream_name) if mapping.kind == "kinesis" else TableStreamSource(mapping.stream_name)
        )
        self._iterators: dict[str, str | None] = {}
        # What stands in the table of each shard that is ours, as far as we know.
        self._places: dict[str, str] = {}
        self._ended: set[str] = set()

    def check(self) -> None:
        """
        Look whether the stream is there.

        Raises:
            NotFound: it is not.
        """
        self._source.shards()

    def run(self) -> None:
        """Poll every shard until *stop* is set; an outage is waited out."""
        while not self._stop.is_set():
            try:
                if not self.run_once():
                    self._stop.wait(_IDLE_SECONDS)
            except AwsError as error:
                log(logging.ERROR, "can't poll", mapping=self.mapping.name, reason=str(error))
                self._iterators.clear()
                self._stop.wait(_PAUSE_AFTER_ERROR_SECONDS)
        for shard in self._iterators:
            try:
                self._checkpoints.release(self._key(shard))
            except AwsError as error:
                log(logging.WARNING, "lease not released", mapping=self.mapping.name, reason=str(error))

    def run_once(self) -> int:
        """Read a batch from each shard that is ours and hand it over; return how many records are settled."""
        settled = 0
        shards = self._source.shards()
        known = {shard.id for shard in shards}
        # A parent that the service lists no more has no records either.
        self._ended &= known
        for shard in shards:
            if self._stop.is_set():
                break
            if shard.id not in self._ended and self._ended.issuperset(known.intersection(shard.parents)):
                settled += self._work_on(shard)
        self.handled += settled
        return settled

    def _key(self, shard: str) -> str:
        return f"{self.mapping.kind}/{self.mapping.stream_name}/{shard}"

    def _work_on(self, found: Shard) -> int:
        shard = found.id
        place = self._checkpoints.claim(self._key(shard))
        if place is None or place != self._places.get(shard, place):
            # An iterator of ours stands behind what another has settled in the meantime.
            self._iterators.pop(shard, None)
        if place is None:
            return 0
        self._places[shard] = place
        if place == SHARD_END:
            if found.last:
                return self._end(shard)
            # An earlier stream of this name had such a shard; this one is open.
            place = ""
        if shard not in self._iterators:
            self._iterators[shard] = self._iterator(shard, place)
        batch = self._collect(shard)
        if not batch:
            # The iterator of a closed shard ends with it; an emulator may go on for ever, and tells the last number.
            is_read = bool(found.last) and int(place or 0) >= int(found.last)
            if is_read or (shard in self._iterators and self._iterators[shard] is None):
                if self._settle(shard, SHARD_END):
                    return self._end(shard)
                self._iterators.pop(shard, None)
            return 0
        if not self._process(shard, batch):
            # Stopped, or another took over: whoever comes next begins behind what is settled.
            self._iterators.pop(shard, None)
            return 0
        return len(batch)

    def _end(self, shard: str) -> int:
        self._ended.add(shard)
        self._iterators.pop(shard, None)
        self._checkpoints.release(self._key(shard))
        return 0

    def _iterator(self, shard: str, place: str) -> str:
        try:
            return self._source.iterator(shard, place)
        except AwsError as error:
            if not place or error.code not in _LOST_PLACE_CODES:
                raise
            # Rather twice than never: from the oldest record that there is.
            log(logging.WARNING, "place lost", mapping=self.mapping.name, shard=shard, after=place, reason=str(error))
            return self._source.iterator(shard, "")

    def _collect(self, shard: str) -> list[dict[str, Any]]:
        batch: list[dict[str, Any]] = []
        deadline = time.monotonic() + self.mapping.maximum_batching_window_in_seconds
        renewed_at = time.monotonic()
        while len(batch) < self.mapping.batch_size and (iterator := self._iterators[shard]) is not None:
            try:
                found, self._iterators[shard] = self._source.read(shard, iterator, self.mapping.batch_size - len(batch))
            except AwsError as error:
                if error.code not in _EXPIRED_CODES or batch:
                    raise
                self._iterators.pop(shard)
                return []
            batch += found
            if not found and (not batch or self._stop.is_set() or time.monotonic() >= deadline):
                break
            if not found:
                self._stop.wait(0.2)
            if time.monotonic() - renewed_at > self._checkpoints.renewal_seconds:
                # A window may last longer than a lease.
                renewed_at = time.monotonic()
                if not self._is_ours(shard):
                    self._iterators.pop(shard)
                    return []
        return batch

    def _process(self, shard: str, batch: list[dict[str, Any]]) -> bool:
        """Hand records over until they are settled; False where that ended before."""
        pending = batch
        attempt = 0
        while pending:
            if self._stop.is_set() and attempt:
                return False
            numbers = [sequence_number(record) for record in pending]
            outcome = invoke(
                self.mapping.handler,
                {"Records": pending},
                numbers,
                self.mapping.timeout_in_seconds,
                self.mapping.name,
                meanwhile=lambda: self._renew(shard),
                every_seconds=self._checkpoints.renewal_seconds,
            )
            done = len(pending) if outcome.is_success else 0
            if outcome.failed:
                # The lowest failed number is where it goes on.
                done = min(numbers.index(number) for number in outcome.failed)
            if done:
                if not self._settle(shard, numbers[done - 1]):
                    return False
                pending, attempt = pending[done:], 0
                continue
            if outcome.failed is None and self.mapping.bisect_batch_on_function_error and len(pending) > 1:
                # Halving is not counted as a try.
                half = len(pending) // 2
                return self._process(shard, pending[:half]) and self._process(shard, pending[half:])
            attempt += 1
            if self._is_given_up(pending[0], attempt):
                given_up = pending if not self.mapping.bisect_batch_on_function_error else pending[:1]
                if not self._give_up(shard, given_up):
                    return False
                pending, attempt = pending[len(given_up) :], 0
                continue
            if not self._is_ours(shard):
                return False
            self._stop.wait(min(self.mapping.retry_pause_in_seconds * 2 ** min(attempt, 10), _LONGEST_PAUSE_SECONDS))
        return True

    def _settle(self, shard: str, number: str) -> bool:
        is_settled = self._checkpoints.settle(self._key(shard), number, before=self._places[shard])
        if is_settled:
            self._places[shard] = number
        return is_settled

    def _is_ours(self, shard: str) -> bool:
        """Renew the lease; False where another has it, or had it and settled something."""
        return self._checkpoints.claim(self._key(shard)) == self._places[shard]

    def _renew(self, shard: str) -> None:
        try:
            self._checkpoints.claim(self._key(shard))
        except AwsError as error:
            # Where another takes over, settling the batch will tell.
            log(logging.WARNING, "lease not renewed", mapping=self.mapping.name, shard=shard, reason=str(error))

    def _is_given_up(self, record: dict[str, Any], attempt: int) -> bool:
        if 0 <= self.mapping.maximum_retry_attempts < attempt:
            return True
        arrived = record.get("kinesis", {}).get("approximateArrivalTimestamp")
        return bool(
            arrived
            and self.mapping.maximum_record_age_in_seconds >= 0
            and time.time() - arrived > self.mapping.maximum_record_age_in_seconds
        )

    def _give_up(self, shard: str, records: Sequence[dict[str, Any]]) -> bool:
        """Put records, bytes and all, where the mapping says; they are settled only once they are there."""
        numbers = [sequence_number(record) for record in records]
        target = self.mapping.on_failure
        try:
            if target.startswith("s3://"):
                bucket, prefix = aws.split_s3_uri(target)
                key = f"{prefix.rstrip('/')}/{shard}/{numbers[0]}-{numbers[-1]}.json".lstrip("/")
                body = json.dumps(
                    {"stream": self.mapping.stream_name, "shardId": shard, "Records": records}, default=str
                )
                aws.call("s3", "put_object", Bucket=bucket, Key=key, Body=body.encode())
            else:
                failures = send(target, [self._letter(shard, record) for record in records])
                if failures:
                    raise AwsError(next(iter(failures.values())), service="sqs")
        except AwsError as error:
            log(logging.ERROR, "can't be given up", mapping=self.mapping.name, target=target, reason=str(error))
            self._stop.wait(_PAUSE_AFTER_ERROR_SECONDS)
            return False
        log(logging.ERROR, "given up", mapping=self.mapping.name, records=len(records), target=target, first=numbers[0])
        return self._settle(shard, numbers[-1])

    def _letter(self, shard: str, record: dict[str, Any]) -> Message:
        data = (
            base64.b64decode(record["kinesis"]["data"])
            if "kinesis" in record
            else json.dumps(record, default=str).encode()
        )
        return Message(
            data,
            {
                "stream": self.mapping.stream_name,
                "shard_id": shard,
                "sequence_number": sequence_number(record),
                "reason": "retries exhausted",
            },
        )
