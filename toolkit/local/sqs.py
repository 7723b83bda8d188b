"""
moto's SQS, made to cost the same per message however long the queue is, and to keep to the service's own limits.

moto keeps a queue's messages in a list and walks it several times for every message: to count what is visible, to find
a receipt handle, to read the retention period. With 1,000 messages waiting a batch of ten took 95 ms to send. Here a
standard queue keeps its messages in a ``MessageIndex`` instead; everything that is not about finding messages stays
moto's own. FIFO queues stay moto's altogether: their order per group needs the walk.
"""

from __future__ import annotations

import copy
import heapq
import re
import secrets
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from functools import lru_cache
from importlib import import_module
from typing import Any, TypeAlias

from moto.core.common_models import BaseModel
from moto.sqs.constants import MAXIMUM_MESSAGE_LENGTH
from moto.sqs.exceptions import BatchRequestTooLong, InvalidParameterValue, ReceiptHandleIsInvalid, SQSException

from toolkit.local.state.tracking import MISSING, Keys, touch, touch_service

# moto sets most attributes of a queue by name at run time, which no type checker can follow: its models count as untyped.
models: Any = import_module("moto.sqs.models")
Message: TypeAlias = Any
Queue: TypeAlias = Any

# "A message can include only XML, JSON, and unformatted text": the characters that SQS takes.
# https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SendMessage.html
FORBIDDEN_CHARACTER = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")

# https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/quotas-messages.html
MOST_ATTRIBUTES = 10

# The longest that a message may stay invisible, counted from its sending as moto counts it.
MAXIMUM_INVISIBLE_SECONDS = 43_200

READY, DELAYED, IN_FLIGHT = "ready", "delayed", "in flight"

# Stale entries are dropped once they outnumber the live ones by this factor; so each costs a constant share.
STALE_FACTOR = 2
STALE_MINIMUM = 64


class Entry:
    """One stay of a message in one state; a message that moves on gets a new entry, which makes the old one stale."""

    __slots__ = ("due", "message", "state")

    def __init__(self, message: Message, state: str, due: float) -> None:
        self.message = message
        self.state = state
        self.due = due


class MessageIndex:
    """
    The messages of one standard queue, by state and by receipt handle.

    Times are milliseconds since the epoch, as moto's messages hold them. It looks enough like the list it replaces
    (iteration, ``append``, ``remove``, length) for the rest of moto. The queue's lock guards it. ``path`` names it where
    its messages are kept on disk.
    """

    def __init__(self, messages: Iterable[Message] = ()) -> None:
        self.path = ""
        self._by_id: dict[str, Message] = {}
        self._current: dict[Message, Entry] = {}
        self._ready: deque[Entry] = deque()
        self._later: list[tuple[float, int, Entry]] = []
        self._pushed = 0
        self._by_handle: dict[str, Message] = {}
        self._handles: dict[Message, list[str]] = {}
        self._counts = {READY: 0, DELAYED: 0, IN_FLIGHT: 0}
        for message in messages:
            self.append(message)

    def __iter__(self) -> Iterator[Message]:
        return iter(list(self._current))

    def __len__(self) -> int:
        return len(self._current)

    def append(self, message: Message) -> None:
        """Take in a message that was sent or moved here."""
        self._by_id[message.id] = message
        touch(self, (message.id,))
        self._place(message, _now())

    def remove(self, message: Message) -> None:
        """Let go of a message; its old entries turn stale."""
        entry = self._current.pop(message)
        del self._by_id[message.id]
        touch(self, (message.id,))
        self._counts[entry.state] -= 1
        for handle in self._handles.pop(message, ()):
            del self._by_handle[handle]
        self._sweep()

    def moved(self, message: Message) -> None:
        """File a live message anew after its times have changed."""
        self._counts[self._current.pop(message).state] -= 1
        touch(self, (message.id,))
        self._place(message, _now())
        self._sweep()

    def take(self) -> Message | None:
        """Give the longest waiting message that can be received, no longer filed as ready; None if there is none."""
        self._promote()
        while self._ready:
            entry = self._ready.popleft()
            if self._current.get(entry.message) is entry:
                return entry.message
        return None

    def received(self, message: Message, handle: str) -> None:
        """File a message that ``take`` gave, under the handle with which it was handed out."""
        self._by_handle[handle] = message
        self._handles.setdefault(message, []).append(handle)
        self.moved(message)

    def with_handle(self, handle: str) -> Message | None:
        """Give the live message that was ever handed out with this handle."""
        return self._by_handle.get(handle)

    def count(self, state: str) -> int:
        """How many messages are in this state now."""
        self._promote()
        return self._counts[state]

    def ready(self) -> list[Message]:
        """All messages that could be received now."""
        self._promote()
        return [message for message, entry in self._current.items() if entry.state == READY]

    def seconds_until_due(self) -> float | None:
        """Seconds until the next hidden message may come back; None if none is hidden."""
        return max(0.0, (self._later[0][0] - _now()) / 1000) if self._later else None

    def entity(self, keys: Keys) -> Any:
        """Give a message with the handles it was handed out under; MISSING if it is gone."""
        message = self._by_id.get(keys[0])
        return MISSING if message is None else (message, tuple(self._handles.get(message, ())))

    def all_keys(self) -> Iterator[Keys]:
        """Give the identifiers of all messages."""
        return ((identifier,) for identifier in list(self._by_id))

    def restore(self, keys: Keys, content: Any) -> None:
        """Take a message back in; one that was in flight stays hidden for as long as it would have."""
        message, handles = content
        self.append(message)
        for handle in handles:
            self._by_handle[handle] = message
            self._handles.setdefault(message, []).append(handle)

    def _place(self, message: Message, now: float) -> None:
        if message.delayed_until > now:
            entry = Entry(message, DELAYED, message.delayed_until)
        elif message.visible_at > now:
            entry = Entry(message, IN_FLIGHT, message.visible_at)
        else:
            entry = Entry(message, READY, now)
        self._current[message] = entry
        self._counts[entry.state] += 1
        if entry.state == READY:
            self._ready.append(entry)
        else:
            self._pushed += 1
            heapq.heappush(self._later, (entry.due, self._pushed, entry))

    def _promote(self) -> None:
        now = _now()
        while self._later and self._later[0][0] <= now:
            entry = heapq.heappop(self._later)[2]
            if self._current.get(entry.message) is entry:
                self._counts[entry.state] -= 1
                self._place(entry.message, now)

    def _sweep(self) -> None:
        if len(self._later) > STALE_FACTOR * len(self._current) + STALE_MINIMUM:
            self._later = [item for item in self._later if self._current.get(item[2].message) is item[2]]
            heapq.heapify(self._later)
        if len(self._ready) > STALE_FACTOR * len(self._current) + STALE_MINIMUM:
            self._ready = deque(entry for entry in self._ready if self._current.get(entry.message) is entry)


class StandardQueue(models.Queue):  # type: ignore[misc]  # moto is untyped here
    """A queue without order whose every operation costs the same at any length."""

    def __init__(self, name: str, region: str, account_id: str, **attributes: Any) -> None:
        # Every handle of this queue begins with this, so a handle of a deleted message is known without keeping it.
        self.handle_prefix = secrets.token_hex(12)
        super().__init__(name, region, account_id, **attributes)

    @property
    def _messages(self) -> MessageIndex:
        return self._index

    @_messages.setter
    def _messages(self, messages: Iterable[Message]) -> None:
        # moto assigns a list when it makes a queue and when it purges one.
        self._index = MessageIndex(messages)

    @property
    def messages(self) -> list[Message]:
        """All messages that can be received now."""
        with self._messages_lock:
            return self._index.ready()

    @property
    def approximate_number_of_messages(self) -> int:
        """How many can be received now."""
        with self._messages_lock:
            return self._index.count(READY)

    @property
    def approximate_number_of_messages_delayed(self) -> int:
        """How many were sent with a delay that still runs."""
        with self._messages_lock:
            return self._index.count(DELAYED)

    @property
    def approximate_number_of_messages_not_visible(self) -> int:
        """How many were received and not deleted yet."""
        with self._messages_lock:
            return self._index.count(IN_FLIGHT)

    def delete_message(self, receipt_handle: str) -> None:
        """Delete by any handle the message was handed out with; a message that is gone already is no error."""
        with self._messages_lock:
            message = self._index.with_handle(receipt_handle)
            if message is not None:
                self._index.remove(message)
            elif not receipt_handle.startswith(self.handle_prefix):
                raise ReceiptHandleIsInvalid

    def receive(self, count: int, wait_seconds: float, visibility_timeout: int) -> list[Message]:
        """Up to *count* messages, waiting for the first one; messages received too often go to the dead-letter queue."""
        deadline = time.monotonic() + wait_seconds
        while True:
            with self._messages_lock:
                received, spent = self._take(count, visibility_timeout)
            if spent:
                # Outside our lock: two queues may be each other's dead-letter queues.
                for message in spent:
                    # Where a task that moves it back sends it.
                    message.dead_letter_source_arn = self.queue_arn
                    self.dead_letter_queue.add_message(message)
            remaining = deadline - time.monotonic()
            if received or remaining <= 0:
                return received
            with self._messages_lock:
                due = self._index.seconds_until_due()
                if not self._index.count(READY):
                    self._messages_lock.wait(min(remaining, remaining if due is None else due + 0.001))

    def _take(self, count: int, visibility_timeout: int) -> tuple[list[Message], list[Message]]:
        taken: list[Message] = []
        spent: list[Message] = []
        oldest = _now() - 1000 * self.message_retention_period
        while len(taken) < count and (message := self._index.take()) is not None:
            if message.sent_timestamp <= oldest:
                self._index.remove(message)
            elif self._is_spent(message):
                self._index.remove(message)
                spent.append(message)
            else:
                taken.append(message)
        for message in taken:
            message.approximate_receive_count += 1
            message.approximate_first_receive_timestamp = message.approximate_first_receive_timestamp or int(_now())
            message.visible_at = _now() + 1000 * visibility_timeout if visibility_timeout else 0.0
            message.receipt_handle = self.handle_prefix + secrets.token_urlsafe(60)
            self._index.received(message, message.receipt_handle)
        # Copies, because moto strips from them the attributes that the caller did not ask for.
        return [copy.copy(message) for message in taken], spent

    def _is_spent(self, message: Message) -> bool:
        return bool(
            self.dead_letter_queue is not None
            and self.redrive_policy
            and message.approximate_receive_count >= self.redrive_policy["maxReceiveCount"]
        )

    def change_visibility(self, receipt_handle: str, visibility_timeout: int) -> None:
        """Hide the message for that many seconds from now; 0 makes it visible."""
        with self._messages_lock:
            message = self._index.with_handle(receipt_handle)
            if message is None:
                raise ReceiptHandleIsInvalid
            visible_at = _now() + 1000 * visibility_timeout
            if visible_at - message.sent_timestamp > 1000 * MAXIMUM_INVISIBLE_SECONDS:
                raise InvalidParameterValue(
                    f"Value {visibility_timeout} for parameter VisibilityTimeout is invalid. Reason: Total "
                    f"VisibilityTimeout for the message is beyond the limit [{MAXIMUM_INVISIBLE_SECONDS} seconds]"
                )
            message.visible_at = visible_at if visibility_timeout else 0.0
            self._index.moved(message)
            self._messages_lock.notify_all()


class SQSBackend(models.SQSBackend):  # type: ignore[misc]  # moto is untyped here
    """moto's backend with standard queues of ours, and limits counted in bytes as the service counts them."""

    # moto looks for its URLs beside the module that a backend says it comes from.
    __module__ = models.__name__

    def create_queue(self, name: str, tags: dict[str, str] | None = None, **attributes: Any) -> Queue:
        """Make a queue, or find the one of that name if its attributes agree."""
        is_fifo = str(attributes.get("FifoQueue", "")).lower() == "true"
        if name in self.queues or is_fifo:
            return super().create_queue(name, tags, **attributes)
        attributes.pop("region", None)
        queue = StandardQueue(name, region=self.region_name, account_id=self.account_id, **attributes)
        queue.tags = tags or {}
        self.queues[name] = queue
        return queue

    def get_queue(self, queue_name: str) -> Queue:
        """Find a queue by name."""
        queue = super().get_queue(queue_name)
        if not isinstance(queue, StandardQueue):
            touch_service("sqs")  # its messages are in a list of moto's own
        return queue

    def send_message(self, queue_name: str, message_body: str, *arguments: Any, **options: Any) -> Message:
        """Send a message, whose attributes count as much as its body."""
        # Alone the body is looked at with the rest of the message.
        if attributes := options.get("message_attributes"):
            _check_length(self.get_queue(queue_name), message_body, attributes)
        return super().send_message(queue_name, message_body, *arguments, **options)

    def send_message_batch(self, queue_name: str, entries: dict[str, dict[str, Any]]) -> Any:
        """Send up to ten messages of at most 1 MiB together, counted in bytes."""
        length = sum(_length(entry["MessageBody"], entry.get("MessageAttributes")) for entry in entries.values())
        if length > MAXIMUM_MESSAGE_LENGTH:
            raise BatchRequestTooLong(length)
        return super().send_message_batch(queue_name, entries)

    def _validate_message(self, queue: Queue, message_body: str, *arguments: Any, **options: Any) -> None:
        if not message_body:
            raise SQSException("MissingParameter", "The request must contain the parameter MessageBody.")
        if found := FORBIDDEN_CHARACTER.search(message_body):
            raise SQSException(
                "InvalidMessageContents", f"Invalid character #x{ord(found[0]):X} was found in the message body."
            )
        _check_length(queue, message_body)
        super()._validate_message(queue, message_body, *arguments, **options)

    def receive_message(
        self,
        queue_name: str,
        count: int,
        wait_seconds_timeout: int,
        visibility_timeout: int,
        message_attribute_names: list[str] | None = None,
    ) -> list[Message]:
        """Hand out copies of up to *count* messages, stripped of the attributes that were not asked for."""
        queue = self.get_queue(queue_name)
        if not isinstance(queue, StandardQueue):
            received: list[Message] = super().receive_message(
                queue_name, count, wait_seconds_timeout, visibility_timeout, message_attribute_names
            )
            return received
        messages = queue.receive(count, wait_seconds_timeout, int(visibility_timeout))
        for message in messages:
            models._filter_message_attributes(message, message_attribute_names or [])
        return messages

    def change_message_visibility(self, queue_name: str, receipt_handle: str, visibility_timeout: int) -> None:
        """Hide a message for that many seconds from now; 0 makes it visible."""
        queue = self.get_queue(queue_name)
        if isinstance(queue, StandardQueue):
            queue.change_visibility(receipt_handle, int(visibility_timeout))
        else:
            super().change_message_visibility(queue_name, receipt_handle, visibility_timeout)

    def is_message_valid_based_on_retention_period(self, queue_name: str, message: Message) -> bool:
        """Tell whether the queue still keeps the message."""
        # moto computes every attribute of the queue for this one.
        return bool(_now() < message.sent_timestamp + 1000 * self.get_queue(queue_name).message_retention_period)


def install() -> None:
    """Make moto use these classes; to be called before its first SQS request."""
    models.sqs_backends.backend = SQSBackend
    responses: Any = import_module("moto.sqs.responses")
    if responses.validate_message_attributes.__module__ != __name__:
        responses.validate_message_attributes = _checked(responses.validate_message_attributes)
    # Called for each attribute of a queue at each message; there are some twenty names in all.
    if not hasattr(models.camelcase_to_underscores, "cache_info"):
        models.camelcase_to_underscores = lru_cache(maxsize=256)(models.camelcase_to_underscores)
    # moto holds on to every object it ever made, for a dashboard; a server that runs for long would never free a
    # deleted message or S3 object.
    setattr(BaseModel, "__new__", staticmethod(_untracked))  # noqa: B010 - spelt so that type checkers let it pass


def _untracked(cls: type, *_arguments: Any, **_options: Any) -> Any:
    return object.__new__(cls)


def _checked(itself: Callable[[Any], None]) -> Callable[[Any], None]:
    """Make moto's check of a message's attributes look for what the service refuses besides."""

    def validate_message_attributes(attributes: dict[str, Any] | None) -> None:
        itself(attributes)
        attributes = attributes or {}
        if len(attributes) > MOST_ATTRIBUTES:
            raise InvalidParameterValue(
                f"Number of message attributes [{len(attributes)}] exceeds the allowed maximum [{MOST_ATTRIBUTES}]."
            )
        for name, value in attributes.items():
            if not value.get("StringValue") and not value.get("BinaryValue"):
                raise InvalidParameterValue(
                    f"Message (user) attribute '{name}' must contain a non-empty value of type '{value['DataType']}'."
                )

    return validate_message_attributes


def _length(body: str, attributes: dict[str, Any] | None) -> int:
    """Give the bytes that count of a message: its body, and the names, types and values of its attributes."""
    parts = [body]
    for name, value in (attributes or {}).items():
        parts += [name, value["DataType"], value.get("StringValue") or value.get("BinaryValue") or ""]
    return sum(len(_utf8(part)) if isinstance(part, str) else len(part) for part in parts)


def _check_length(queue: Queue, body: str, attributes: dict[str, Any] | None = None) -> None:
    if _length(body, attributes) > queue.maximum_message_size:
        raise InvalidParameterValue(
            "One or more parameters are invalid. "
            f"Reason: Message must be shorter than {queue.maximum_message_size} bytes."
        )


def _utf8(text: str) -> bytes:
    return text.encode("utf-8", "surrogatepass")


def _now() -> float:
    return time.time() * 1000
