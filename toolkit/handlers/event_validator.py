"""
The data-quality gate: each event against its schema, the valid ones on, the invalid ones aside with their reasons.

A valid event goes to the valid-events queue byte for byte as it came. An invalid one goes to the dead-letter queue with
its original bytes as the body, so that it can be replayed, and the reasons in message attributes. An outage is never a
verdict: what could not be sent or judged for any other reason than the event itself is reported back to the queue.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

from toolkit import aws
from toolkit.errors import AwsError
from toolkit.handlers.messages import (
    MAXIMUM_MESSAGE_BYTES,
    Message,
    entry,
    json_bytes,
    message_from_record,
    queue_url,
    records,
    send,
    size_in_bytes,
)
from toolkit.handlers.settings import Settings
from toolkit.repositories import open_repository
from toolkit.validator import ValidationError, Validator, compile_schema

logger = logging.getLogger(__name__)

MAXIMUM_REASONS = 10
EVENT_NAME_ATTRIBUTE = "event_name"
SCHEMA_VERSION_ATTRIBUTE = "schema_version"
REASONS_ATTRIBUTE = "reasons"


def handler(event: Any, context: object = None) -> dict[str, Any]:
    """
    Judge *event* and send it on; Lambda's entry point.

    An SQS batch, as Lambda hands it over, answers ``{"batchItemFailures": [{"itemIdentifier": …}]}`` with the messages
    that must come again; an invalid event is no failure, it was handled. A plain event (a dict, text or bytes) answers
    ``{"valid": bool, "errors": [str]}``.

    A message says its schema in the attributes ``event_name`` and ``schema_version``; the settings say it for those that
    don't (see `Settings`).

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


def dead_letter(message: Message, errors: Sequence[ValidationError], *, schema: str) -> Message:
    """
    Return the message for the dead-letter queue: the body as it came, the reasons as attributes.

    ``reasons`` is a JSON list of at most ten objects (instance_location, keyword_location, keyword, expected, found),
    fewer where the message would outgrow SQS; ``reasons_total`` counts them all. No reason holds a value of the event.
    """
    reasons = [
        {
            name: _text(getattr(error, name))
            for name in ("instance_location", "keyword_location", "keyword", "expected", "found")
        }
        for error in errors[:MAXIMUM_REASONS]
    ]
    while True:
        attributes = {
            **message.attributes,
            "schema": schema,
            REASONS_ATTRIBUTE: json.dumps(reasons),
            "reasons_total": str(len(errors)),
        }
        made = Message(message.body, attributes)
        if not reasons or size_in_bytes(entry(made, "0")) <= MAXIMUM_MESSAGE_BYTES:
            return made
        reasons.pop()


def _text(value: object) -> str:
    return value if isinstance(value, str) else json.dumps(value, default=str)


def _handle_plain(event: Any, settings: Settings) -> dict[str, Any]:
    data = json_bytes(event)
    name, version = settings.event_name, settings.schema_version
    errors = _validator(settings.schema_repository, name, version, settings.strict).validate_json(data)
    if not errors:
        send_event_to_queue(data, settings.valid_events_queue)
        return {"valid": True, "errors": []}
    failures = send(settings.dead_letter_queue, [dead_letter(Message(data), errors, schema=f"{name}/{version}")])
    if failures:
        raise AwsError(failures[0], service="sqs", operation="send_message_batch")
    logger.info("refused: %s", "; ".join(f"{error.instance_location or '/'} {error.keyword}" for error in errors))
    return {"valid": False, "errors": [str(error) for error in errors]}


def _handle_batch(batch: Sequence[Mapping[str, Any]], settings: Settings) -> list[str]:
    """Return the ids of the messages that must come again."""
    valid: list[tuple[str, Message]] = []
    invalid: list[tuple[str, Message]] = []
    again: list[str] = []
    for record in batch:
        message = message_from_record(record)
        name = message.attributes.get(EVENT_NAME_ATTRIBUTE, settings.event_name)
        version = message.attributes.get(SCHEMA_VERSION_ATTRIBUTE, settings.schema_version)
        try:
            validator = _validator(settings.schema_repository, name, version, settings.strict)
        except Exception as error:
            logger.error("schema %s/%s: %s", name, version or "latest", error)
            again.append(record["messageId"])
            continue
        errors = validator.validate_json(message.body)
        if errors:
            message = dead_letter(message, errors, schema=f"{name}/{version}")
        (invalid if errors else valid).append((record["messageId"], message))
    for queue_name, judged in ((settings.valid_events_queue, valid), (settings.dead_letter_queue, invalid)):
        again += _send_judged(queue_name, judged)
    logger.info("judged %d: %d valid, %d invalid, %d to come again", len(batch), len(valid), len(invalid), len(again))
    return again


def _send_judged(queue_name: str, judged: Sequence[tuple[str, Message]]) -> list[str]:
    try:
        failures = send(queue_name, [message for _, message in judged])
    except AwsError as error:
        logger.error("%s", error)
        return [message_id for message_id, _ in judged]
    for reason in sorted(set(failures.values())):
        logger.error("%s: %s", queue_name, reason)
    return [judged[index][0] for index in failures]


@cache
def _validator(repository: str, name: str, version: str, strict: bool) -> Validator:
    return compile_schema(open_repository(repository).load(name, version), strict=strict)
