"""
What was set aside, sent on its way again: after a schema was mended, an outage ended, a fault of ours was corrected.

SQS's own StartMessageMoveTask moves what a redrive policy set aside, but neither what the data-quality gate refused nor what
came from a stream, nor what Lambda gave up: this moves all of them. A message or object is deleted only once the other side has
taken it, so that a move that dies in between doubles a message and loses none.

Source: https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_StartMessageMoveTask.html
"""

from __future__ import annotations

import base64
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from toolkit import aws
from toolkit.errors import AwsError, NotFound
from toolkit.handlers.dead_letters import attributes_of, restored
from toolkit.handlers.messages import MAXIMUM_BATCH_ENTRIES, Message, batched, message_from_record, queue_url, send
from toolkit.handlers.polling import queue_length

STREAM_ATTRIBUTE = "stream"
GIVEN_UP_PREFIXES = ("failed/", "aws/lambda/")
"""
Where mappings of a stream put what they gave up: the runner's, and Lambda's, which takes no prefix.

Source: https://docs.aws.amazon.com/lambda/latest/dg/kinesis-on-failure-destination.html
"""
_VISIBILITY_SECONDS = 120
# A call takes 500 records and 5 MiB, partition keys included.
_MOST_RECORDS = 500
_MOST_RECORD_BYTES = 5 * 1024 * 1024
# A stream takes records of one mebibyte, or of up to ten where it was set to.
_LARGE_RECORD_BYTES = 1024 * 1024
_REFUSED_RECORD_CODES = frozenset({"ValidationException", "InvalidArgumentException"})


@dataclass(frozen=True, slots=True)
class Redriven:
    """
    What became of what was set aside: how much went into a queue, a stream, a function, and how much was not taken.

    What was not taken (``failed``) stays where it is.
    """

    to_queue: int = 0
    to_stream: int = 0
    to_function: int = 0
    failed: int = 0


def redrive(source: str, target: str, *, stream: str = "", oversized_location: str = "") -> Redriven:
    """
    Move the messages that wait in the queue *source* to the queue *target*, and return what became of them.

    Those that the stream reader set aside go back into the Kinesis stream *stream* as the bytes that they were, frame included.
    As many are moved as waited at the start: what is refused again meanwhile does not go round for ever. Reasons stay beside
    an event on its way; the gate takes them off before it judges.

    Raises:
        NotFound: there is no such queue or stream.
        AwsError: a service refused; what was not moved is still in *source*.
    """
    for queue in (source, target):
        queue_url(queue)
    into_stream = 0

    def take(messages: Sequence[Message]) -> set[int]:
        nonlocal into_stream
        from_stream = [bool(stream) and attributes_of(message).get(STREAM_ATTRIBUTE) == stream for message in messages]
        taken = _into_stream(stream, messages, from_stream, oversized_location)
        into_stream += len(taken)
        return taken | _into_queue(target, messages, from_stream)

    taken, failed = _moved(source, take)
    return Redriven(to_queue=taken - into_stream, to_stream=into_stream, failed=failed)


def redrive_notifications(source: str, target: str, function: str) -> Redriven:
    """
    Send S3's notifications in the queue *source* on their way again, and return what became of them.

    They go to the queue *target*, from which a runner takes them; where there is none, S3 calls Lambda's *function*, and so
    does this. What Lambda wrote around a notification when it gave up is taken off.

    Raises as `redrive`.
    """
    try:
        queue_url(target)
    except NotFound:
        taken, failed = _moved(source, lambda messages: _into_function(function, messages))
        return Redriven(to_function=taken, failed=failed)
    taken, failed = _moved(
        source,
        lambda messages: (
            set(range(len(messages))) - set(send(target, [Message(_request_of(message.body)) for message in messages]))
        ),
    )
    return Redriven(to_queue=taken, failed=failed)


def redrive_given_up(bucket: str, *, stream: str, function: str) -> Redriven:
    """
    Put the records that a stream's mapping gave up into *bucket* on their way again, and return what became of them.

    Records of Kinesis go back into *stream*, bytes and partition keys as they were; those of a table's stream are handed to
    Lambda's *function*. An object is deleted once all of its records are taken; one that is no such object stays.

    Raises as `redrive`.
    """
    done = Redriven()
    for prefix in GIVEN_UP_PREFIXES:
        for page in aws.pages("s3", "list_objects_v2", Bucket=bucket, Prefix=prefix):
            for item in page.get("Contents", ()):
                found = _given_up(bucket, item["Key"], stream, function)
                if not found.failed:
                    aws.call("s3", "delete_object", Bucket=bucket, Key=item["Key"])
                done = Redriven(
                    to_stream=done.to_stream + found.to_stream,
                    to_function=done.to_function + found.to_function,
                    failed=done.failed + found.failed,
                )
    return done


def _given_up(bucket: str, key: str, stream: str, function: str) -> Redriven:
    with aws.open_object(f"s3://{bucket}/{key}") as file:
        records = _records_of(file.read())
    if records is None:
        return Redriven(failed=1)
    if all("kinesis" in record for record in records):
        taken = sum(_put(stream, [_entry(record["kinesis"]) for record in records]))
        return Redriven(to_stream=taken, failed=len(records) - taken)
    if _is_done(function, json.dumps({"Records": records}).encode()):
        return Redriven(to_function=len(records))
    return Redriven(failed=len(records))


def _records_of(body: bytes) -> list[dict[str, Any]] | None:
    """Return the records in an object of the runner's or of Lambda's, whose payload is a text; None where it is neither."""
    try:
        found = json.loads(body)
        payload = found.get("payload")
        records = (json.loads(payload) if isinstance(payload, str) else payload or found)["Records"]
        kinds = {("kinesis" in record, "dynamodb" in record) for record in records}
    except (ValueError, RecursionError, KeyError, TypeError, AttributeError):
        return None
    return records if kinds in ({(True, False)}, {(False, True)}) else None


def _entry(inner: dict[str, Any]) -> dict[str, Any]:
    return {
        "Data": base64.b64decode(inner["data"]),
        "PartitionKey": inner.get("partitionKey") or inner["sequenceNumber"],
    }


def _put(stream: str, entries: Sequence[dict[str, Any]]) -> list[bool]:
    """Put records into *stream* and return of each whether it was taken."""
    taken: list[bool] = []
    for batch in batched(entries, _weight, most=_MOST_RECORDS, most_bytes=_MOST_RECORD_BYTES):
        if len(batch) == 1:
            taken.append(_is_put(stream, batch[0]))
            continue
        answer = aws.call("kinesis", "put_records", StreamName=stream, Records=batch)
        taken += ["SequenceNumber" in result for result in answer["Records"]]
    return taken


def _is_put(stream: str, entry: dict[str, Any]) -> bool:
    """Put one record; False where the stream takes none of its size, which must not keep the others from being moved."""
    try:
        aws.call("kinesis", "put_record", StreamName=stream, **entry)
    except AwsError as error:
        if error.code not in _REFUSED_RECORD_CODES:
            raise
        return False
    return True


def _weight(entry: dict[str, Any]) -> int:
    # What may be too large for the stream goes alone.
    if len(entry["Data"]) >= _LARGE_RECORD_BYTES:
        return _MOST_RECORD_BYTES
    return len(entry["Data"]) + len(entry["PartitionKey"].encode())


def _moved(source: str, take: Callable[[Sequence[Message]], set[int]]) -> tuple[int, int]:
    """Hand the messages that wait in *source* to *take*, which returns the numbers of those that it took; count both kinds."""
    url = queue_url(source)
    waiting = queue_length(source)
    moved = failed = 0
    while moved + failed < waiting:
        batch = aws.call(
            "sqs",
            "receive_message",
            QueueUrl=url,
            MaxNumberOfMessages=min(MAXIMUM_BATCH_ENTRIES, waiting - moved - failed),
            WaitTimeSeconds=1,
            VisibilityTimeout=_VISIBILITY_SECONDS,
            MessageAttributeNames=["All"],
        ).get("Messages", [])
        if not batch:
            break
        taken = take([message_from_record(found, unwrap_sns=False) for found in batch])
        entries = [{"Id": str(number), "ReceiptHandle": batch[number]["ReceiptHandle"]} for number in sorted(taken)]
        if entries:
            aws.call("sqs", "delete_message_batch", QueueUrl=url, Entries=entries)
        moved += len(taken)
        failed += len(batch) - len(taken)
    return moved, failed


def _request_of(body: bytes) -> bytes:
    """
    Return what a function was asked, without what Lambda wrote around it when it gave up.

    Source: https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-retain-records.html
    """
    try:
        found = json.loads(body)
    except (ValueError, RecursionError):
        return body
    if isinstance(found, dict) and "requestContext" in found and "requestPayload" in found:
        return json.dumps(found["requestPayload"]).encode()
    return body


def _into_function(function: str, messages: Sequence[Message]) -> set[int]:
    """Return the numbers of the messages with which the function came to an end."""
    return {number for number, message in enumerate(messages) if _is_done(function, _request_of(message.body))}


def _is_done(function: str, payload: bytes) -> bool:
    answer = aws.call("lambda", "invoke", FunctionName=function, Payload=payload)
    if answer.get("FunctionError"):
        return False
    said = json.loads(answer["Payload"].read() or b"null")
    return not (isinstance(said, dict) and said.get("batchItemFailures"))


def _into_queue(target: str, messages: Sequence[Message], from_stream: Sequence[bool]) -> set[int]:
    """Return the numbers of the messages that the queue took."""
    numbers = [number for number, is_from_stream in enumerate(from_stream) if not is_from_stream]
    failures = send(target, [messages[number] for number in numbers])
    return {number for index, number in enumerate(numbers) if index not in failures}


def _into_stream(
    stream: str, messages: Sequence[Message], from_stream: Sequence[bool], oversized_location: str
) -> set[int]:
    """Return the numbers of the messages that the stream took."""
    numbers = [number for number, is_from_stream in enumerate(from_stream) if is_from_stream]
    records: list[dict[str, Any]] = []
    for number in numbers:
        message = restored(messages[number], oversized_location=oversized_location)
        attributes = attributes_of(messages[number])
        key = attributes.get("partition_key") or attributes.get("sequence_number") or "redriven"
        records.append({"Data": message.body, "PartitionKey": key})
    return {number for number, is_taken in zip(numbers, _put(stream, records), strict=True) if is_taken}
