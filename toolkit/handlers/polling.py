"""
A queue's messages to a handler, as Lambda's event source mapping does it.

Builds the event that Lambda would build, calls the same handler, and deletes only what succeeded; the rest comes again
after its visibility timeout.

Source: https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-configure.html
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from toolkit import aws
from toolkit.handlers.messages import MAXIMUM_BATCH_ENTRIES, queue_url

Handler = Callable[[Any, object], Mapping[str, Any]]
_THREADS = 4


def drain(queue_name: str, handler: Handler, *, batch_size: int = 1000) -> Iterator[int]:
    """
    Hand every waiting message of a queue to *handler*, and yield how many each batch settled.

    Ends when the queue gives no more. A batch holds up to *batch_size* messages (1 to 10,000 in Lambda). Messages that the
    handler reports in ``batchItemFailures`` stay in the queue; an exception leaves the whole batch there.

    Raises:
        NotFound: no queue has this name.
        AwsError: SQS can't be reached.
    """
    url = queue_url(queue_name)
    with ThreadPoolExecutor(_THREADS, thread_name_prefix="poll") as pool:
        while batch := _receive(url, batch_size, pool):
            answer = handler({"Records": batch}, None) or {}
            again = {failure["itemIdentifier"] for failure in answer.get("batchItemFailures", ())}
            done = [record for record in batch if record["messageId"] not in again]
            groups = [done[at : at + MAXIMUM_BATCH_ENTRIES] for at in range(0, len(done), MAXIMUM_BATCH_ENTRIES)]
            list(pool.map(lambda group: _delete(url, group), groups))
            yield len(done)
            if not done:
                return


def queue_length(queue_name: str) -> int:
    """Return how many messages wait in a queue, seen or not, as SQS counts them."""
    names = ["ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible"]
    counts = aws.call("sqs", "get_queue_attributes", QueueUrl=queue_url(queue_name), AttributeNames=names)["Attributes"]
    return sum(int(counts[name]) for name in names)


def _receive(url: str, batch_size: int, pool: ThreadPoolExecutor) -> list[dict[str, Any]]:
    batch: list[dict[str, Any]] = []
    while len(batch) < batch_size:
        room = batch_size - len(batch)
        sizes = [min(MAXIMUM_BATCH_ENTRIES, room - at) for at in range(0, room, MAXIMUM_BATCH_ENTRIES)][:_THREADS]
        answers = list(pool.map(lambda most: _receive_once(url, most), sizes))
        batch += [lambda_record(message, url) for answer in answers for message in answer]
        if not any(answers):
            break
    return batch


def _receive_once(url: str, most: int) -> list[dict[str, Any]]:
    answer = aws.call(
        "sqs",
        "receive_message",
        QueueUrl=url,
        MaxNumberOfMessages=most,
        MessageAttributeNames=["All"],
        MessageSystemAttributeNames=["SentTimestamp", "ApproximateReceiveCount"],
    )
    messages: list[dict[str, Any]] = answer.get("Messages", [])
    return messages


def _delete(url: str, done: list[dict[str, Any]]) -> None:
    entries = [{"Id": str(index), "ReceiptHandle": record["receiptHandle"]} for index, record in enumerate(done)]
    aws.call("sqs", "delete_message_batch", QueueUrl=url, Entries=entries)


def lambda_record(message: Mapping[str, Any], url: str) -> dict[str, Any]:
    """
    Return a received message as the record that Lambda would hand over.

    Source: https://docs.aws.amazon.com/lambda/latest/dg/with-sqs.html#example-standard-queue-message-event
    """
    return {
        "messageId": message["MessageId"],
        "receiptHandle": message["ReceiptHandle"],
        "body": message["Body"],
        "attributes": dict(message.get("Attributes", {})),
        "messageAttributes": {
            name: {"stringValue": value.get("StringValue"), "dataType": value["DataType"]}
            for name, value in message.get("MessageAttributes", {}).items()
        },
        "md5OfBody": message.get("MD5OfBody", ""),
        "eventSource": "aws:sqs",
        "eventSourceARN": f"arn:aws:sqs:::{url.rsplit('/', 1)[-1]}",
        "awsRegion": "",
    }
