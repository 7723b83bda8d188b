"""
The data-quality gate: each event against its schema, the valid ones on, the invalid ones aside with their reasons.

A valid event goes to the valid-events queue byte for byte as it came. An invalid one goes to the dead-letter queue with
its original bytes as the body, so that it can be replayed, and the reasons in message attributes. An outage is never a
verdict: what could not be sent or judged for any other reason than the event itself is reported back to the queue.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Mapping, Sequence
from typing import Any

from toolkit import aws
from toolkit.errors import AwsError
from toolkit.handlers.dead_letters import dead_letter, log_refusal, restored, with_room
from toolkit.handlers.judging import Judge, Judges, judges
from toolkit.handlers.messages import (
    CORRELATION_ATTRIBUTE,
    MAXIMUM_ATTRIBUTES,
    Message,
    entry,
    is_wrapped,
    json_bytes,
    message_from_record,
    queue_url,
    records,
    send,
    send_entries,
)
from toolkit.handlers.observing import log, metrics, reason_of
from toolkit.handlers.settings import Settings

EVENT_NAME_ATTRIBUTE = "event_name"
SCHEMA_VERSION_ATTRIBUTE = "schema_version"
# What those ask for who come after the gate.
_FOLLOWED_ATTRIBUTES = (EVENT_NAME_ATTRIBUTE, SCHEMA_VERSION_ATTRIBUTE, CORRELATION_ATTRIBUTE)


def handler(event: Any, context: object = None) -> dict[str, Any]:
    """
    Judge *event* and send it on; Lambda's entry point.

    An SQS batch, as Lambda hands it over, answers ``{"batchItemFailures": [{"itemIdentifier": …}]}`` with the messages
    that must come again; an invalid event is no failure, it was handled. A plain event (a dict, text or bytes) answers
    ``{"valid": bool, "errors": [str]}``.

    A message says its schema in the attributes ``event_name`` and ``schema_version``; the settings say it for those that
    don't (see `Settings`). It may be wrapped as a notification of SNS.

    Raises:
        AwsError: a plain event could not be sent on.
        SchemaError: the schema of a plain event can't be loaded.

    Source: https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-errorhandling.html
    """
    settings = Settings.from_environment()
    batch = records(event)
    if batch is None:
        return _handle_plain(event, settings)
    return {"batchItemFailures": [{"itemIdentifier": name} for name in _handle_batch(list(batch), settings)]}


def send_event_to_queue(event: Any, queue_name: str) -> dict[str, Any]:
    """
    Send one event to a queue, print ``Response status code: [200]`` and return the answer of SQS.

    Bytes and text are sent as they are, any other value as JSON.

    Raises:
        NotFound: no queue has this name.
        AwsError: SQS refused the message or can't be reached.
    """
    made = entry(Message(json_bytes(event)), "0")
    del made["Id"]
    answer = aws.call("sqs", "send_message", QueueUrl=queue_url(queue_name), **made)
    print(f"Response status code: [{answer['ResponseMetadata']['HTTPStatusCode']}]")
    return answer


def _handle_plain(event: Any, settings: Settings) -> dict[str, Any]:
    data = json_bytes(event)
    judge = judges(settings).judge(settings.event_name, settings.schema_version)
    errors = judge.errors(data)
    if not errors:
        send_event_to_queue(data, settings.valid_events_queue)
        return {"valid": True, "errors": []}
    letter = dead_letter(Message(data), errors, schema=judge.schema, oversized_location=settings.oversized_location)
    failures = send(settings.dead_letter_queue, [letter])
    if failures:
        raise AwsError(failures[0], service="sqs", operation="send_message_batch")
    log_refusal(judge.schema, errors, "")
    return {"valid": False, "errors": [str(error) for error in errors]}


class _Batch:
    """The records of one batch, parted into entries for the two queues and the ids of those that must come again."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.valid: list[dict[str, Any]] = []
        self.invalid: list[dict[str, Any]] = []
        self.again: set[int] = set()
        self._judges: Judges | None = None
        self._known: dict[tuple[str, str], Judge | Exception] = {}

    def add_all(self, batch: Sequence[Mapping[str, Any]]) -> None:
        default = self._judge(self.settings.event_name, self.settings.schema_version)
        unwrap = self.settings.unwrap_sns == "auto"
        for index, record in enumerate(batch):
            try:
                body = record["body"]
                if record.get("messageAttributes") or not isinstance(default, Judge) or (unwrap and is_wrapped(body)):
                    self._add(index, record, unwrap)
                elif errors := default.errors(body):
                    self._refuse(index, record, message_from_record(record, unwrap_sns=False), default, errors)
                else:
                    # As SQS delivered this text, SQS takes it.
                    self.valid.append({"Id": str(index), "MessageBody": body})
            except Exception as error:
                # Whatever fails here says nothing about the event: it comes again, and in the end to the redrive queue.
                self._fail(index, record, error)

    def _add(self, index: int, record: Mapping[str, Any], unwrap: bool) -> None:
        message = message_from_record(record, unwrap_sns=unwrap)
        message = restored(message, oversized_location=self.settings.oversized_location)
        name = message.attributes.get(EVENT_NAME_ATTRIBUTE, self.settings.event_name)
        version = message.attributes.get(SCHEMA_VERSION_ATTRIBUTE, self.settings.schema_version)
        judge = self._judge(name, version)
        if not isinstance(judge, Judge):
            raise judge
        if errors := judge.errors(message.body):
            self._refuse(index, record, message, judge, errors)
        else:
            made = entry(message, str(index))
            if len(made.get("MessageAttributes", ())) > MAXIMUM_ATTRIBUTES:
                attributes = with_room(message.attributes, keep=_FOLLOWED_ATTRIBUTES)
                made = entry(Message(message.body, attributes), str(index))
            self.valid.append(made)
            if followed := message.attributes.get(CORRELATION_ATTRIBUTE):
                log(logging.INFO, "valid", schema=judge.schema, correlation_id=followed)

    def _refuse(self, index: int, record: Mapping[str, Any], message: Message, judge: Judge, errors: Any) -> None:
        letter = dead_letter(message, errors, schema=judge.schema, oversized_location=self.settings.oversized_location)
        log_refusal(judge.schema, errors, message.attributes.get(CORRELATION_ATTRIBUTE, record["messageId"]))
        self.invalid.append(entry(letter, str(index)))

    def _fail(self, index: int, record: Mapping[str, Any], error: Exception) -> None:
        log(logging.ERROR, "comes again", reason=reason_of(error), correlation_id=record.get("messageId"))
        self.again.add(index)

    def _judge(self, name: str, version: str) -> Judge | Exception:
        known = self._known.get((name, version))
        if known is None:
            try:
                self._judges = self._judges or judges(self.settings)
                known = self._judges.judge(name, version)
            except Exception as error:
                known = error
            self._known[name, version] = known
        return known

    def send(self) -> None:
        """Send both kinds; what a queue does not take comes again."""
        pairs = ((self.settings.valid_events_queue, self.valid), (self.settings.dead_letter_queue, self.invalid))
        for queue_name, entries in pairs:
            try:
                failures = send_entries(queue_name, entries)
            except AwsError as error:
                failures = {int(made["Id"]): str(error) for made in entries}
            for reason in sorted(set(failures.values())):
                log(logging.ERROR, "not sent", queue=queue_name, reason=reason)
            self.again.update(failures)


def _handle_batch(batch: Sequence[Mapping[str, Any]], settings: Settings) -> list[str]:
    """Return the ids of the messages that must come again."""
    started = time.perf_counter()
    parted = _Batch(settings)
    parted.add_all(batch)
    judged = time.perf_counter()
    parted.send()
    counts = {"events": len(batch), "valid": len(parted.valid), "invalid": len(parted.invalid)}
    counts["come_again"] = len(parted.again)
    log(logging.INFO, "judged", **counts)
    times = {"judging_ms": 1000 * (judged - started), "sending_ms": 1000 * (time.perf_counter() - judged)}
    metrics(settings.metrics_namespace, "event_validator", **counts, **times)
    return [batch[index]["messageId"] for index in sorted(parted.again)]
