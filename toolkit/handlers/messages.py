"""
Events as SQS messages, byte for byte.

An event is bytes; a message body is Unicode text of the characters that XML allows. What can't be such text (invalid
UTF-8, some control characters) travels as base64, said by a message attribute, and comes out as the same bytes.

Source: https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SendMessage.html
"""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, field
from functools import cache
from typing import Any, TypeVar

from toolkit import aws
from toolkit.errors import AwsError, CredentialsMissing, EndpointUnreachable

Entry = TypeVar("Entry")

MAXIMUM_MESSAGE_BYTES = 1024 * 1024
"""The largest message, attributes included, and the largest batch as a whole (since August 2025)."""
MAXIMUM_BATCH_ENTRIES = 10
MAXIMUM_ATTRIBUTES = 10
ENCODING_ATTRIBUTE = "content_transfer_encoding"
CORRELATION_ATTRIBUTE = "correlation_id"
_SENDING_THREADS = 8
# Answers to a whole batch that may be about one of its messages.
_FAULTS_OF_ONE = frozenset({"InvalidAttributeValue", "InvalidMessageContents", "InvalidParameterValue"})
_NOTIFICATION_KEYS = frozenset({"Type", "MessageId", "TopicArn", "Message", "Timestamp"})
# Exactly what SNS writes: an event that merely resembles a notification is an event.
_ENVELOPE_KEYS = _NOTIFICATION_KEYS | {
    *("Subject", "SignatureVersion", "Signature", "SigningCertURL", "UnsubscribeURL", "MessageAttributes"),
    "SequenceNumber",
}
NOT_IN_SQS = re.compile("[^\\t\\n\\r\\u0020-\\ud7ff\\ue000-\\ufffd\\U00010000-\\U0010ffff]")


@dataclass(frozen=True, slots=True)
class Message:
    """One event on its way: the original bytes and string attributes."""

    body: bytes
    attributes: Mapping[str, str] = field(default_factory=dict)


def entry(message: Message, entry_id: str) -> dict[str, Any]:
    """Return *message* as an entry of SendMessageBatch."""
    attributes = {name: value for name, value in message.attributes.items() if name != ENCODING_ATTRIBUTE}
    try:
        text = message.body.decode()
        carried = bool(text) and not NOT_IN_SQS.search(text)
    except UnicodeDecodeError:
        carried = False
    if not carried:
        text = base64.b64encode(message.body).decode()
        attributes[ENCODING_ATTRIBUTE] = "base64"
    made: dict[str, Any] = {"Id": entry_id, "MessageBody": text}
    if attributes:
        made["MessageAttributes"] = {
            name: {"DataType": "String", "StringValue": value} for name, value in attributes.items()
        }
    return made


def message_from_record(record: Mapping[str, Any], *, unwrap_sns: bool = True) -> Message:
    """
    Return the message of one record of Lambda's SQS event, or of a ReceiveMessage answer.

    With *unwrap_sns* a body that is a notification of SNS, as a subscription without raw delivery sends it, gives the
    message inside and its attributes; the message's id becomes ``correlation_id``.

    Source: https://docs.aws.amazon.com/lambda/latest/dg/with-sqs.html
    """
    body = record["body"] if "body" in record else record["Body"]
    given = record.get("messageAttributes") or record.get("MessageAttributes") or {}
    attributes = {
        name: text
        for name, value in given.items()
        if isinstance(text := value.get("stringValue", value.get("StringValue")), str)
    }
    if unwrap_sns and not attributes and is_wrapped(body) and (inside := _notification(body)) is not None:
        body, attributes = inside
    data = body.encode("utf-8", "surrogatepass")
    if attributes.get(ENCODING_ATTRIBUTE) == "base64":
        # Where the sender's claim is wrong, the text itself is what came, and the validator judges that.
        with suppress(ValueError):
            data = base64.b64decode(body, validate=True)
    return Message(data, attributes)


def is_wrapped(body: str) -> bool:
    """Whether *body* may be a notification of SNS; cheap, and right about nearly every body that is none."""
    return '"TopicArn"' in body and body.startswith("{")


def _notification(body: str) -> tuple[str, dict[str, str]] | None:
    """
    Return the message and the attributes of a notification, or None where *body* is something else.

    Source: https://docs.aws.amazon.com/sns/latest/dg/sns-message-and-json-formats.html
    """
    try:
        found = json.loads(body)
    except (ValueError, RecursionError):
        return None
    if not found.keys() >= _NOTIFICATION_KEYS or found["Type"] != "Notification" or found.keys() - _ENVELOPE_KEYS:
        return None
    message, given = found["Message"], found.get("MessageAttributes") or {}
    if not isinstance(message, str) or not str(found["TopicArn"]).startswith("arn:"):
        return None
    if not isinstance(given, dict) or not all(isinstance(value, dict) for value in given.values()):
        return None
    attributes = {name: text for name, value in given.items() if isinstance(text := value.get("Value"), str)}
    return message, {CORRELATION_ATTRIBUTE: str(found["MessageId"]), **attributes}


def send(queue_name: str, messages: Sequence[Message]) -> dict[int, str]:
    """
    Send *messages* in batches as large as SQS takes and return the failures: index → the service's reason.

    An empty answer means that every message arrived. Batches go out over several connections at once, so no order holds.

    Raises:
        NotFound, CredentialsMissing, EndpointUnreachable: the queue's address can't be found; nothing was sent.
    """
    return send_entries(queue_name, [entry(message, str(index)) for index, message in enumerate(messages)])


def send_entries(queue_name: str, entries: Sequence[dict[str, Any]]) -> dict[int, str]:
    """
    Send *entries*, whose ``Id`` is a whole number each, and return the failures: number → the service's reason.

    Raises as `send`.
    """
    if not entries:
        return {}
    url = queue_url(queue_name)
    batches = list(batched(entries, size_in_bytes, most=MAXIMUM_BATCH_ENTRIES, most_bytes=MAXIMUM_MESSAGE_BYTES))
    if len(batches) == 1:
        return _send_batch(url, batches[0])
    failures: dict[int, str] = {}
    with ThreadPoolExecutor(min(_SENDING_THREADS, len(batches)), thread_name_prefix="send") as pool:
        for result in pool.map(lambda batch: _send_batch(url, batch), batches):
            failures |= result
    return failures


def queue_url(queue_name: str) -> str:
    """
    Return the address of a queue, remembered per name and endpoint.

    Raises:
        NotFound: no queue has this name; the message names it.
    """
    return _queue_url(queue_name, aws.client("sqs"))


@cache
def _queue_url(queue_name: str, client: object) -> str:
    try:
        return str(aws.call("sqs", "get_queue_url", QueueName=queue_name)["QueueUrl"])
    except AwsError as error:
        error.message = f"queue {queue_name!r}: {error.message}"
        raise


def batched(
    entries: Iterable[Entry], weigh: Callable[[Entry], int], *, most: int, most_bytes: int
) -> Iterator[list[Entry]]:
    """Yield *entries* in batches of at most *most*, and of *most_bytes* by *weigh*; one that weighs more is alone."""
    batch: list[Entry] = []
    size = 0
    for each in entries:
        weight = weigh(each)
        if batch and (len(batch) == most or size + weight > most_bytes):
            yield batch
            batch, size = [], 0
        batch.append(each)
        size += weight
    if batch:
        yield batch


def size_in_bytes(made: Mapping[str, Any]) -> int:
    """Return what SQS counts of an entry: body, attribute names, types and values in UTF-8."""
    size = _utf8_length(made["MessageBody"])
    if attributes := made.get("MessageAttributes"):
        for name, value in attributes.items():
            size += _utf8_length(name) + len("String") + _utf8_length(value["StringValue"])
    return size


def _utf8_length(text: str) -> int:
    return len(text) if text.isascii() else len(text.encode("utf-8", "surrogatepass"))


def _send_batch(url: str, batch: list[dict[str, Any]]) -> dict[int, str]:
    try:
        answer = aws.call("sqs", "send_message_batch", QueueUrl=url, Entries=batch)
    except AwsError as error:
        if len(batch) > 1 and _is_about_one(error):
            # One message that the queue refuses must not take nine others with it to the redrive queue.
            return {number: reason for made in batch for number, reason in _send_batch(url, [made]).items()}
        return {int(made["Id"]): str(error) for made in batch}
    return {int(failed["Id"]): str(failed.get("Message") or failed["Code"]) for failed in answer.get("Failed", ())}


def _is_about_one(error: AwsError) -> bool:
    # Without a code it is botocore that refused a parameter, or nobody answered.
    unasked = isinstance(error, CredentialsMissing | EndpointUnreachable)
    return error.code in _FAULTS_OF_ONE or (not error.code and not unasked)


def json_bytes(event: object) -> bytes:
    """Return *event* as it stands: bytes and text unchanged, any other value as compact JSON."""
    if isinstance(event, bytes | bytearray | memoryview):
        return bytes(event)
    if isinstance(event, str):
        return event.encode("utf-8", "surrogatepass")
    return json.dumps(event, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "surrogatepass")


def records(event: object) -> Sequence[Mapping[str, Any]] | None:
    """Return the records of an SQS batch as Lambda hands it over, or None where *event* is a plain event."""
    batch = event.get("Records") if isinstance(event, Mapping) else None
    if not isinstance(batch, list):
        return None
    from_sqs = all(isinstance(record, Mapping) and record.get("eventSource") == "aws:sqs" for record in batch)
    return batch if from_sqs else None
