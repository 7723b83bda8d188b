"""
A queue to a handler: receive, hand over, delete what succeeded.

The rest comes again after the queue's visibility timeout, and after its ``maxReceiveCount`` SQS moves it to the redrive queue. A
runner that is killed at any moment loses nothing: no message is deleted before its handler answered.
"""

from __future__ import annotations

import logging
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from toolkit import aws
from toolkit.errors import AwsError, InvalidInput
from toolkit.handlers.messages import MAXIMUM_BATCH_ENTRIES, queue_url
from toolkit.handlers.observing import log
from toolkit.handlers.polling import lambda_record
from toolkit.runner.mapping import QueueMapping, invoke

_RECEIVERS = 4
_LONGEST_WAIT_SECONDS = 5
_PAUSE_AFTER_ERROR_SECONDS = 1.0
_DELETE_TRIES = 3


class QueuePoller:
    """One worker of a `QueueMapping`; `run` works until *stop* is set and leaves no batch half done."""

    def __init__(self, mapping: QueueMapping, stop: threading.Event) -> None:
        self.mapping = mapping
        self.handled = 0
        self._stop = stop
        self._pool = ThreadPoolExecutor(_RECEIVERS, thread_name_prefix="receive")

    def check(self) -> None:
        """
        Hold the queue's visibility timeout against the mapping.

        Raises:
            InvalidInput: messages would come again while they are still worked on.
            NotFound: there is no such queue.
        """
        url = queue_url(self.mapping.queue_name)
        answer = aws.call("sqs", "get_queue_attributes", QueueUrl=url, AttributeNames=["VisibilityTimeout"])
        visibility = int(answer["Attributes"]["VisibilityTimeout"])
        needed = self.mapping.maximum_batching_window_in_seconds + self.mapping.timeout_in_seconds
        if visibility < needed:
            raise InvalidInput(
                f"{self.mapping.queue_name}: its visibility timeout is {visibility} s, but a batch may take {needed:g} s "
                "(window + timeout): raise the one or lower the others"
            )

    def run(self) -> None:
        """Poll until *stop* is set; an outage is waited out."""
        with self._pool:
            while not self._stop.is_set():
                try:
                    self.run_once()
                except AwsError as error:
                    log(logging.ERROR, "can't poll", mapping=self.mapping.name, reason=str(error))
                    self._stop.wait(_PAUSE_AFTER_ERROR_SECONDS)

    def run_once(self) -> int:
        """Collect one batch and hand it over; return how many of its messages are settled."""
        url = queue_url(self.mapping.queue_name)
        batch = self._collect(url)
        if not batch:
            return 0
        outcome = invoke(
            self.mapping.handler,
            {"Records": batch},
            [record["messageId"] for record in batch],
            self.mapping.timeout_in_seconds,
            self.mapping.name,
        )
        if outcome.failed is None:
            return 0
        done = [record for record in batch if record["messageId"] not in outcome.failed]
        self._delete(url, done)
        self.handled += len(done)
        return len(done)

    def _collect(self, url: str) -> list[dict[str, Any]]:
        batch: list[dict[str, Any]] = []
        size = 0
        deadline = 0.0
        while len(batch) < self.mapping.batch_size and size < self.mapping.maximum_batch_bytes:
            if batch and (self._stop.is_set() or time.monotonic() >= deadline):
                break
            room = self.mapping.maximum_batch_bytes - size
            found = self._receive(url, self.mapping.batch_size - len(batch), room, is_first=not batch)
            if not found:
                if not batch:
                    return []
                # The window stays open; messages that are taken already are hidden meanwhile.
                self._stop.wait(min(0.2, max(0.0, deadline - time.monotonic())))
                continue
            if not batch:
                deadline = time.monotonic() + self.mapping.maximum_batching_window_in_seconds
            batch += found
            size += sum(len(record["body"]) for record in found)
        return batch

    def _receive(self, url: str, most: int, most_bytes: int, *, is_first: bool) -> list[dict[str, Any]]:
        # One long poll for the first message; several at once as soon as there is more.
        first = self._receive_once(url, min(most, MAXIMUM_BATCH_ENTRIES), _LONGEST_WAIT_SECONDS if is_first else 0)
        if len(first) < MAXIMUM_BATCH_ENTRIES or most <= MAXIMUM_BATCH_ENTRIES:
            return first
        # As many more as there is room for, if they are as large as the first.
        size = sum(len(record["body"]) for record in first)
        by_size = (most_bytes - size) // max(size, 1)
        calls = max(0, min(4 * _RECEIVERS, (most - len(first)) // MAXIMUM_BATCH_ENTRIES, by_size))
        answers = self._pool.map(lambda _: self._receive_once(url, MAXIMUM_BATCH_ENTRIES, 0), range(calls))
        return first + [record for answer in answers for record in answer]

    def _receive_once(self, url: str, most: int, wait_seconds: int) -> list[dict[str, Any]]:
        answer = aws.call(
            "sqs",
            "receive_message",
            QueueUrl=url,
            MaxNumberOfMessages=most,
            WaitTimeSeconds=wait_seconds,
            MessageAttributeNames=["All"],
            MessageSystemAttributeNames=["SentTimestamp", "ApproximateReceiveCount"],
        )
        return [lambda_record(message, url) for message in answer.get("Messages", [])]

    def _delete(self, url: str, done: list[dict[str, Any]]) -> None:
        groups = [done[at : at + MAXIMUM_BATCH_ENTRIES] for at in range(0, len(done), MAXIMUM_BATCH_ENTRIES)]
        list(self._pool.map(lambda group: self._delete_group(url, group), groups))

    def _delete_group(self, url: str, group: list[dict[str, Any]]) -> None:
        entries = [{"Id": str(index), "ReceiptHandle": record["receiptHandle"]} for index, record in enumerate(group)]
        reason = ""
        for _ in range(_DELETE_TRIES):
            try:
                answer = aws.call("sqs", "delete_message_batch", QueueUrl=url, Entries=entries)
                failed = {failure["Id"] for failure in answer.get("Failed", ())}
                entries = [entry for entry in entries if entry["Id"] in failed]
                if not entries:
                    return
                reason = "; ".join(sorted({str(failure.get("Code")) for failure in answer["Failed"]}))
            except AwsError as error:
                reason = str(error)
        # They were handled and come again: at least once.
        log(logging.WARNING, "not deleted", mapping=self.mapping.name, messages=len(entries), reason=reason)
