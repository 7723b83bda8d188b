"""
Event source mappings as values, in Lambda's words, and the call of a handler with Lambda's rules for its answer.

Source: https://docs.aws.amazon.com/lambda/latest/api/API_CreateEventSourceMapping.html
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from toolkit.errors import InvalidInput
from toolkit.handlers.observing import log, reason_of

Handler = Callable[[Any, Any], Any]


@dataclass(frozen=True, slots=True)
class QueueMapping:
    """
    From an SQS queue to a handler.

    A batch holds up to *batch_size* messages (1 to 10,000) and about *maximum_batch_bytes*, and is handed over when it is full or
    *maximum_batching_window_in_seconds* after its first message: large values of both make a handler that writes objects
    what Firehose's buffer is. *timeout_in_seconds* bounds a call; *maximum_concurrency* is how many batches are worked on at
    once.
    """

    queue_name: str
    handler: Handler
    batch_size: int = 10
    maximum_batching_window_in_seconds: float = 0.0
    maximum_batch_bytes: int = 6 * 1024 * 1024
    timeout_in_seconds: float = 60.0
    maximum_concurrency: int = 2

    def __post_init__(self) -> None:
        _check("batch_size", self.batch_size, 1, 10_000)
        _check("maximum_batching_window_in_seconds", self.maximum_batching_window_in_seconds, 0, 900)
        _check("maximum_concurrency", self.maximum_concurrency, 1, 1000)

    @property
    def name(self) -> str:
        """What logs call it."""
        return f"{self.queue_name} → {_name(self.handler)}"


@dataclass(frozen=True, slots=True)
class StreamMapping:
    """
    From a Kinesis stream, or the stream of a DynamoDB table, to a handler; the records of a shard in their order.

    A batch whose call fails is halved where *bisect_batch_on_function_error* says so, down to the one record at fault. That is
    tried *maximum_retry_attempts* times (-1: for ever) and given up after *maximum_record_age_in_seconds* (-1: never); what is
    given up goes to *on_failure*, a queue or an ``s3://bucket/prefix/``, with its bytes.
    """

    stream_name: str
    handler: Handler
    kind: str = "kinesis"
    batch_size: int = 100
    maximum_batching_window_in_seconds: float = 0.0
    bisect_batch_on_function_error: bool = True
    maximum_retry_attempts: int = -1
    maximum_record_age_in_seconds: float = -1
    on_failure: str = ""
    timeout_in_seconds: float = 60.0
    retry_pause_in_seconds: float = 1.0

    def __post_init__(self) -> None:
        _check("batch_size", self.batch_size, 1, 10_000)
        _check("maximum_retry_attempts", self.maximum_retry_attempts, -1, 10_000)
        if self.kind not in ("kinesis", "dynamodb"):
            raise InvalidInput(f"kind: expected kinesis or dynamodb, found {self.kind!r}")
        if not self.on_failure and (self.maximum_retry_attempts >= 0 or self.maximum_record_age_in_seconds >= 0):
            raise InvalidInput(
                f"{self.stream_name}: records would be given up and lost: name an on_failure target, or retry for ever (-1)"
            )

    @property
    def name(self) -> str:
        """What logs call it."""
        return f"{self.stream_name} → {_name(self.handler)}"


@dataclass(frozen=True, slots=True)
class ScheduleMapping:
    """
    A handler that is called with *event* every *every_seconds*, as a rule of EventBridge calls it.

    A call that fails is not repeated before the next one, which is to find what the last one left.
    """

    handler: Handler
    event: Mapping[str, Any]
    every_seconds: float = 60.0
    timeout_in_seconds: float = 300.0

    def __post_init__(self) -> None:
        _check("every_seconds", self.every_seconds, 0, 86_400)

    @property
    def name(self) -> str:
        """What logs call it."""
        return f"every {self.every_seconds:g} s → {_name(self.handler)}"


@dataclass(frozen=True, slots=True)
class Invocation:
    """What a call came to: the identifiers of the failed items, or None where the whole batch failed."""

    failed: frozenset[str] | None

    @property
    def is_success(self) -> bool:
        """Whether every item was handled."""
        return self.failed == frozenset()


class Context:
    """The part of Lambda's context that a handler may ask."""

    def __init__(self, timeout_in_seconds: float) -> None:
        self._end = time.monotonic() + timeout_in_seconds

    def get_remaining_time_in_millis(self) -> int:
        """Return how long the call may still take."""
        return max(0, int(1000 * (self._end - time.monotonic())))


def invoke(
    handler: Handler,
    event: Any,
    identifiers: Sequence[str],
    timeout_in_seconds: float,
    name: str,
    *,
    meanwhile: Callable[[], object] | None = None,
    every_seconds: float = 10.0,
) -> Invocation:
    """
    Call *handler* and read its answer as Lambda does.

    The whole batch failed where it raised, outlasted its time, answered something else than ``batchItemFailures``, or named an
    item that was not in the batch. A call that outlasted its time is left alone: a thread can't be ended, and what it still does
    is done at least once. *meanwhile* is called again and again while the handler works: who holds a lease renews it there.

    Source: https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-errorhandling.html
    """
    outcome: list[Any] = []

    def run() -> None:
        try:
            outcome.append(handler(event, Context(timeout_in_seconds)))
        except Exception as error:
            log(logging.ERROR, "failed", mapping=name, items=len(identifiers), reason=reason_of(error))
            outcome.append(error)

    thread = threading.Thread(target=run, name=name, daemon=True)
    thread.start()
    deadline = time.monotonic() + timeout_in_seconds
    while thread.is_alive() and (left := deadline - time.monotonic()) > 0:
        thread.join(left if meanwhile is None else min(left, every_seconds))
        if meanwhile is not None and thread.is_alive():
            meanwhile()
    if not outcome:
        log(logging.ERROR, "timed out", mapping=name, items=len(identifiers), seconds=timeout_in_seconds)
        return Invocation(None)
    return Invocation(_failed(outcome[0], frozenset(identifiers)))


def _failed(answer: Any, identifiers: frozenset[str]) -> frozenset[str] | None:
    if isinstance(answer, Exception):
        return None
    if not answer or not isinstance(answer, Mapping) or not answer.get("batchItemFailures"):
        return frozenset()
    try:
        found = frozenset(item["itemIdentifier"] for item in answer["batchItemFailures"])
    except (TypeError, KeyError):
        return None
    return found if found <= identifiers else None


def _check(name: str, value: float, least: float, most: float) -> None:
    if not least <= value <= most:
        raise InvalidInput(f"{name}: expected {least:g} to {most:g}, found {value:g}")


def _name(handler: Handler) -> str:
    return getattr(handler, "__module__", "").rpartition(".")[2] or repr(handler)
