"""
Refused events on their way to the dead-letter queue, and back from it.

The body is the event as it came; message attributes say why it was refused. SQS takes ten attributes and a mebibyte in all:
a producer's own attributes are folded into one where there are too many, and an event that leaves no room for its reasons
is kept in S3, with its address in the message.
"""

from __future__ import annotations

import hashlib
import json
import logging
from collections.abc import Mapping, Sequence
from typing import Any

from toolkit import aws
from toolkit.errors import InvalidInput
from toolkit.handlers.messages import (
    ENCODING_ATTRIBUTE,
    MAXIMUM_ATTRIBUTES,
    MAXIMUM_MESSAGE_BYTES,
    NOT_IN_SQS,
    Message,
    entry,
    size_in_bytes,
)
from toolkit.handlers.observing import log
from toolkit.validator import ValidationError, best_match

MAXIMUM_REASONS = 10
REASONS_ATTRIBUTE = "reasons"
LOCATION_ATTRIBUTE = "content_location"
FOLDED_ATTRIBUTE = "attributes"
# The first reason in words, for whoever looks at the queue; all of them; how many; and the schema that refused.
_ADDED = ("field", "rule", "schema", REASONS_ATTRIBUTE, "reasons_total")
_FACTS = ("instance_location", "keyword_location", "keyword", "expected", "found")
# A producer's key may be long, and a reason names it.
_LONGEST_TEXT = 1000


def dead_letter(
    message: Message, errors: Sequence[ValidationError], *, schema: str, oversized_location: str = ""
) -> Message:
    """
    Return the message for the dead-letter queue: the body as it came, the reasons as attributes.

    ``field`` and ``rule`` name the first reason, ``schema`` is ``name/version``. ``reasons`` is a JSON list of at most ten
    objects (instance_location, keyword_location, keyword, expected, found; of a union also ``nearest``, the same of the best
    reason of the branch that came nearest), fewer where the message would outgrow SQS; ``reasons_total`` counts them all.
    No reason holds a value of the event. Where even one reason is too much, the body goes to S3 below *oversized_location*
    and ``content_location`` says where.

    Raises:
        InvalidInput: there is no such location, and the event leaves no room for its reasons.
        AwsError: S3 did not take an oversized body.
    """
    reasons = [_reason(error) for error in errors[:MAXIMUM_REASONS]]
    made = _letter(message, reasons, len(errors), schema)
    while len(reasons) > 1 and not _fits(made):
        reasons.pop()
        made = _letter(message, reasons, len(errors), schema)
    if _fits(made):
        return made
    if not oversized_location:
        raise InvalidInput(
            "the event leaves no room for the reasons in its message: set OVERSIZED_LOCATION to keep it in S3"
        )
    return _letter(_stored(message, oversized_location), reasons, len(errors), schema)


def parked_letter(message: Message, reason: str, *, oversized_location: str = "") -> Message:
    """
    Return the message for the redrive queue of an event that can't be judged: the body as it came, ``reason`` beside it.

    Raises:
        AwsError: S3 did not take an oversized body.
    """
    made = Message(message.body, {**message.attributes, "reason": NOT_IN_SQS.sub("\ufffd", reason[:_LONGEST_TEXT])})
    return made if _fits(made) or not oversized_location else _stored(made, oversized_location)


def restored(message: Message, *, oversized_location: str = "") -> Message:
    """
    Return the message as it was before it became a dead letter; any other message as it is.

    A body is read from S3 only below *oversized_location*: a producer can write any address into an attribute.

    Raises:
        AwsError: the body lies in S3 and can't be read.
    """
    attributes = message.attributes
    if not attributes or (REASONS_ATTRIBUTE not in attributes and LOCATION_ATTRIBUTE not in attributes):
        return message
    kept = {name: value for name, value in attributes.items() if name not in _ADDED}
    if FOLDED_ATTRIBUTE in kept:
        kept |= _unfolded(kept.pop(FOLDED_ATTRIBUTE))
    location = kept.get(LOCATION_ATTRIBUTE, "")
    if not oversized_location or not location.startswith(oversized_location.rstrip("/") + "/"):
        return Message(message.body, kept)
    del kept[LOCATION_ATTRIBUTE]
    with aws.open_object(location) as file:
        return Message(file.read(), kept)


def log_refusal(schema: str, errors: Sequence[ValidationError], correlation_id: str) -> None:
    """Say where and by which keywords an event was refused; no value of it."""
    reasons = [f"{error.instance_location or '/'} {error.keyword}" for error in errors[:MAXIMUM_REASONS]]
    log(logging.INFO, "refused", schema=schema, reasons=reasons, correlation_id=correlation_id)


def with_room(attributes: Mapping[str, str], *, added: int = 0, keep: Sequence[str] = ()) -> dict[str, str]:
    """
    Return *attributes*, all but *keep* folded into one where there are more than SQS takes beside so many *added* ones.

    A notification of SNS, taken out of its envelope, may bring any number.
    """
    own = dict(attributes)
    # One more may be needed to say that the body is base64.
    room = MAXIMUM_ATTRIBUTES - added - (ENCODING_ATTRIBUTE not in own)
    if len(own) <= room:
        return own
    kept = {name: own.pop(name) for name in (ENCODING_ATTRIBUTE, *keep) if name in own}
    return {**kept, FOLDED_ATTRIBUTE: json.dumps(own)}


def attributes_of(message: Message) -> Mapping[str, str]:
    """Return the attributes of a dead letter as they were given, those that were folded into one taken apart."""
    if FOLDED_ATTRIBUTE not in message.attributes:
        return message.attributes
    return {**message.attributes, **_unfolded(message.attributes[FOLDED_ATTRIBUTE])}


def _reason(error: ValidationError) -> dict[str, Any]:
    reason: dict[str, Any] = {name: _text(getattr(error, name)) for name in _FACTS}
    nearest = best_match(error.context)
    if nearest is not None:
        reason["nearest"] = _reason(nearest)
    return reason


def _unfolded(text: str) -> dict[str, str]:
    """Return folded attributes; what a producer wrote there that can be none stays one attribute."""
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        found = None
    if isinstance(found, dict) and all(isinstance(value, str) and value for value in found.values()):
        return found
    return {FOLDED_ATTRIBUTE: text}


def _letter(message: Message, reasons: Sequence[Mapping[str, Any]], total: int, schema: str) -> Message:
    first = reasons[0] if reasons else {}
    added = {
        # An attribute may not be empty.
        "field": NOT_IN_SQS.sub("\ufffd", first.get("instance_location") or "/"),
        "rule": first.get("keyword") or "unknown",
        "schema": schema,
        REASONS_ATTRIBUTE: json.dumps(reasons),
        "reasons_total": str(total),
    }
    own = with_room(message.attributes, added=len(added), keep=[LOCATION_ATTRIBUTE])
    return Message(message.body, {**own, **added})


def _stored(message: Message, location: str) -> Message:
    """Return *message* with its body in S3, under a key that derives from the body: a retry overwrites it."""
    bucket, prefix = aws.split_s3_uri(location)
    key = f"{prefix.rstrip('/')}/{hashlib.sha256(message.body).hexdigest()}".lstrip("/")
    aws.call("s3", "put_object", Bucket=bucket, Key=key, Body=message.body)
    uri = f"s3://{bucket}/{key}"
    attributes = {name: value for name, value in message.attributes.items() if name != ENCODING_ATTRIBUTE}
    return Message(uri.encode(), {**attributes, LOCATION_ATTRIBUTE: uri})


def _fits(message: Message) -> bool:
    length = len(message.body) + sum(len(name) + len(value) for name, value in message.attributes.items())
    # Far below the limit there is no need to count exactly.
    return 2 * length < MAXIMUM_MESSAGE_BYTES or size_in_bytes(entry(message, "0")) <= MAXIMUM_MESSAGE_BYTES


def _text(value: object) -> str:
    text = value if isinstance(value, str) else json.dumps(value, default=str)
    return text if len(text) <= _LONGEST_TEXT else text[: _LONGEST_TEXT - 1] + "…"
