"""
What was set aside, sent on its way again: after a schema was mended, an outage ended, a fault of ours was corrected.

SQS's own StartMessageMoveTask moves what a redrive policy set aside, but neither what the data-quality gate refused nor what
came from a stream: this moves all of them. A message is deleted only once the other side has taken it, so that a move that
dies in between doubles a message and loses none.

Source: https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_StartMessageMoveTask.html
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from toolkit import aws
from toolkit.handlers.dead_letters import restored
from toolkit.handlers.messages import MAXIMUM_BATCH_ENTRIES, Message, message_from_record, queue_url, send
from toolkit.handlers.polling import queue_length

STREAM_ATTRIBUTE = "stream"
_VISIBILITY_SECONDS = 120


@dataclass(frozen=True, slots=True)
class Redriven:
    """How many messages went into the queue and into the stream, and how many were not taken and stay where they are."""

    to_queue: int = 0
    to_stream: int = 0
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
    url = queue_url(source)
    queue_url(target)
    waiting = queue_length(source)
    done = Redriven()
    while (seen := done.to_queue + done.to_stream + done.failed) < waiting:
        batch = aws.call(
            "sqs",
            "receive_message",
            QueueUrl=url,
            MaxNumberOfMessages=min(MAXIMUM_BATCH_ENTRIES, waiting - seen),
            WaitTimeSeconds=1,
            VisibilityTimeout=_VISIBILITY_SECONDS,
            MessageAttributeNames=["All"],
        ).get("Messages", [])
        if not batch:
            break
        messages = [message_from_record(found, unwrap_sns=False) for found in batch]
        from_stream = [bool(stream) and message.attributes.get(STREAM_ATTRIBUTE) == stream for message in messages]
        taken = _into_queue(target, messages, from_stream)
        taken |= _into_stream(stream, messages, from_stream, oversized_location)
        entries = [{"Id": str(number), "ReceiptHandle": batch[number]["ReceiptHandle"]} for number in sorted(taken)]
        if entries:
            aws.call("sqs", "delete_message_batch", QueueUrl=url, Entries=entries)
        into_stream = sum(from_stream[number] for number in taken)
        done = Redriven(
            done.to_queue + len(taken) - into_stream,
            done.to_stream + into_stream,
            done.failed + len(batch) - len(taken),
        )
    return done


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
    if not numbers:
        return set()
    records: list[dict[str, Any]] = []
    for number in numbers:
        message = restored(messages[number], oversized_location=oversized_location)
        key = message.attributes.get("partition_key") or message.attributes.get("sequence_number") or "redriven"
        records.append({"Data": message.body, "PartitionKey": key})
    answer = aws.call("kinesis", "put_records", StreamName=stream, Records=records)
    return {number for number, result in zip(numbers, answer["Records"], strict=True) if "SequenceNumber" in result}
