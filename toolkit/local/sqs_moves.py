"""
SQS's own redrive: tasks that move what waits in a dead-letter queue back to where it came from, or to a queue that is named.

moto has none of the three operations. As on AWS a moved message is a new one, with an id and a time of its own; only what can be
received is moved, and a task ends when nothing more can. Tasks are forgotten when the server ends; messages are not.

Sources: https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_StartMessageMoveTask.html and
API_ListMessageMoveTasks, API_CancelMessageMoveTask beside it
"""

from __future__ import annotations

import json
import logging
import threading
import time
import uuid
from collections.abc import Callable, Iterable
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from typing import Any

from toolkit.local.http import answer_json
from toolkit.local.sqs import Queue, StandardQueue, models

logger = logging.getLogger(__name__)

OPERATIONS = frozenset({"StartMessageMoveTask", "ListMessageMoveTasks", "CancelMessageMoveTask"})
MOST_PER_SECOND = 500
MOST_LISTED = 10
NO_SOURCE = "CouldNotDetermineMessageSource"

Environ = dict[str, Any]


class Refused(Exception):
    """The request is refused, with SQS's code and sentence."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


@dataclass(eq=False, slots=True)
class MoveTask:
    """One task; ``failure`` is the reason why it ended as FAILED."""

    source: Queue
    target: Queue | None
    per_second: int
    to_move: int
    handle: str = field(default_factory=lambda: uuid.uuid4().hex)
    started_at: float = field(default_factory=time.time)
    status: str = "RUNNING"
    moved: int = 0
    failure: str = ""
    is_cancelled: threading.Event = field(default_factory=threading.Event)

    def described(self) -> dict[str, Any]:
        """Return the task as ListMessageMoveTasks does."""
        found: dict[str, Any] = {
            "Status": self.status,
            "SourceArn": self.source.queue_arn,
            "ApproximateNumberOfMessagesMoved": self.moved,
            "ApproximateNumberOfMessagesToMove": self.to_move,
            "StartedTimestamp": int(self.started_at * 1000),
        }
        if self.status == "RUNNING":
            found["TaskHandle"] = self.handle
        if self.target is not None:
            found["DestinationArn"] = self.target.queue_arn
        if self.per_second:
            found["MaxNumberOfMessagesPerSecond"] = self.per_second
        if self.failure:
            found["FailureReason"] = self.failure
        return found


class MessageMoves:
    """The tasks of a server; *recorded* is the block in which what a step changes is written down."""

    def __init__(self, recorded: Callable[[], AbstractContextManager[None]]) -> None:
        self._recorded = recorded
        self._tasks: list[MoveTask] = []
        self._lock = threading.Lock()

    def answer(self, environ: Environ, start_response: Callable[..., Any]) -> Iterable[bytes] | None:
        """Answer a request; None where it is of another operation."""
        operation = environ["HTTP_X_AMZ_TARGET"].rpartition(".")[2]
        if operation not in OPERATIONS:
            return None
        try:
            given = json.loads(environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0)) or b"{}")
            answer = {
                "StartMessageMoveTask": self._start,
                "ListMessageMoveTasks": self._list,
                "CancelMessageMoveTask": self._cancel,
            }[operation](given)
            status = "200 OK"
        except Refused as error:
            answer = {"__type": f"com.amazonaws.sqs#{error.code}", "message": str(error)}
            status = "400 Bad Request"
        return answer_json(start_response, answer, version="1.0", status=status)

    def close(self) -> None:
        """Let every task end where it is."""
        for task in self._tasks:
            task.is_cancelled.set()

    def _start(self, given: dict[str, Any]) -> dict[str, Any]:
        source = _queue(given, "SourceArn")
        target = _queue(given, "DestinationArn") if given.get("DestinationArn") else None
        per_second = given.get("MaxNumberOfMessagesPerSecond") or 0
        if not isinstance(per_second, int) or not 0 <= per_second <= MOST_PER_SECOND:
            raise Refused(
                "InvalidParameterValue",
                f"Value {per_second} for parameter MaxNumberOfMessagesPerSecond is invalid. Reason: Must be between 1 and "
                f"{MOST_PER_SECOND}.",
            )
        backend = models.sqs_backends[source.account_id][source.region]
        if not any(queue.dead_letter_queue is source for queue in backend.queues.values()):
            raise Refused("InvalidParameterValue", "Source queue must be configured as a Dead Letter Queue.")
        with self._lock:
            if any(task.source is source and task.status in ("RUNNING", "CANCELLING") for task in self._tasks):
                raise Refused(
                    "InvalidParameterValue",
                    "There is already a task running. Only one active task is allowed for a source queue arn at a given time.",
                )
            task = MoveTask(source, target, per_second, source.approximate_number_of_messages)
            self._tasks.append(task)
        threading.Thread(target=self._run, args=(task,), name="move", daemon=True).start()
        return {"TaskHandle": task.handle}

    def _list(self, given: dict[str, Any]) -> dict[str, Any]:
        source = _queue(given, "SourceArn")
        most = given.get("MaxResults") or 1
        if not isinstance(most, int) or not 1 <= most <= MOST_LISTED:
            raise Refused(
                "InvalidParameterValue", f"Value for parameter MaxResults must be between 1 and {MOST_LISTED}."
            )
        found = [task.described() for task in reversed(self._tasks) if task.source is source]
        return {"Results": found[:most]}

    def _cancel(self, given: dict[str, Any]) -> dict[str, Any]:
        found = next((task for task in self._tasks if task.handle == given.get("TaskHandle")), None)
        if found is None:
            raise Refused("ResourceNotFoundException", "Task does not exist.")
        with self._lock:
            if found.status != "RUNNING":
                raise Refused("InvalidParameterValue", "Only active tasks can be cancelled.")
            found.status = "CANCELLING"
        found.is_cancelled.set()
        return {"ApproximateNumberOfMessagesMoved": found.moved}

    def _run(self, task: MoveTask) -> None:
        while not task.is_cancelled.is_set():
            try:
                with self._recorded():
                    is_moved = self._step(task)
            except Exception as error:
                if not isinstance(error, OSError):
                    logger.exception("moving messages of %s failed", task.source.queue_arn)
                reason = getattr(error, "strerror", None) or error
                task.failure, is_moved = f"The local platform can't keep what is moved: {reason}", False
            if not is_moved:
                self._end(task, "FAILED" if task.failure else "COMPLETED")
                return
            task.moved += 1
            if task.per_second:
                task.is_cancelled.wait(1 / task.per_second)
        self._end(task, "CANCELLED")

    def _end(self, task: MoveTask, status: str) -> None:
        # Whoever cancels a task at this moment must not make it one that never ends.
        with self._lock:
            task.status = status

    def _step(self, task: MoveTask) -> bool:
        """Move one message; False where there is none, or none that can be moved."""
        with task.source._messages_lock:
            message = task.source._index.take()
            if message is None:
                return False
            task.source._index.remove(message)
        target = task.target or _source_of(message)
        if target is None:
            task.failure = NO_SOURCE
            task.source.add_message(message)
            return False
        moved = models.Message(str(uuid.uuid4()), message.body, message.system_attributes)
        moved.message_attributes = message.message_attributes
        moved.mark_sent(delay_seconds=0)
        target.add_message(moved)
        return True


def _source_of(message: Any) -> Queue | None:
    """Return the queue that set a message aside, None where it was sent to its queue itself."""
    arn = getattr(message, "dead_letter_source_arn", "")
    return _by_arn(arn) if arn else None


def _queue(given: dict[str, Any], name: str) -> Queue:
    found = _by_arn(given[name]) if isinstance(given.get(name), str) else None
    if found is None:
        raise Refused(
            "ResourceNotFoundException", f"The resource that you specified for the {name} parameter doesn't exist."
        )
    if not isinstance(found, StandardQueue):
        raise Refused("UnsupportedOperation", "The local platform moves messages of standard queues alone.")
    return found


def _by_arn(arn: str) -> Queue | None:
    match arn.split(":"):
        case [_, _, "sqs", region, account, name]:
            backends = models.sqs_backends
            known = account in backends and region in backends[account]
            return backends[account][region].queues.get(name) if known else None
    return None
