"""
The requests that move messages, answered past moto's HTTP layer.

For each request moto makes a Flask request, finds the operation by reflection, and walks the service's model to parse and
to serialise: some five times the work of the operation itself. Here the same operation of moto's is called with the
parameters of the JSON body. Whatever is not plain, and every refusal, goes the long way, for its words are moto's.
"""

from __future__ import annotations

import base64
import io
import json
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from moto.core.exceptions import ServiceException
from moto.iam.models import get_account_id_from
from moto.sqs.responses import SQSResponse

from toolkit.local.http import answer_json


@dataclass(frozen=True, slots=True)
class _Plain:
    """An operation of moto's, with the parameters that make a request plain and their types; ``entry`` is of each in Entries."""

    method: str
    required: Mapping[str, type]
    optional: Mapping[str, type] = field(default_factory=dict)
    entry: Mapping[str, type] = field(default_factory=dict)
    entry_optional: Mapping[str, type] = field(default_factory=dict)


_QUEUE: dict[str, type] = {"QueueUrl": str}
_BATCH: dict[str, type] = {**_QUEUE, "Entries": list}
_HANDLE: dict[str, type] = {"ReceiptHandle": str}
_DELAY: dict[str, type] = {"DelaySeconds": int}
_VISIBILITY: dict[str, type] = {"VisibilityTimeout": int}

_OPERATIONS = {
    "SendMessage": _Plain("send_message", {**_QUEUE, "MessageBody": str}, _DELAY),
    "SendMessageBatch": _Plain("send_message_batch", _BATCH, {}, {"Id": str, "MessageBody": str}, _DELAY),
    "ReceiveMessage": _Plain(
        "receive_message",
        _QUEUE,
        {
            "MaxNumberOfMessages": int,
            "WaitTimeSeconds": int,
            "AttributeNames": list,
            "MessageSystemAttributeNames": list,
            "MessageAttributeNames": list,
            **_VISIBILITY,
        },
    ),
    "DeleteMessage": _Plain("delete_message", {**_QUEUE, **_HANDLE}),
    "DeleteMessageBatch": _Plain("delete_message_batch", _BATCH, {}, {"Id": str, **_HANDLE}),
    "ChangeMessageVisibility": _Plain("change_message_visibility", {**_QUEUE, **_HANDLE, **_VISIBILITY}),
    "ChangeMessageVisibilityBatch": _Plain(
        "change_message_visibility_batch", _BATCH, {}, {"Id": str, **_HANDLE, **_VISIBILITY}
    ),
}

_CREDENTIAL = re.compile(r"Credential=([^/,]+)/[^/,]*/([^/,]+)/sqs/aws4_request")

# A region in the user agent, an account or a page of another origin: moto looks at these.
_ODD_HEADERS = ("HTTP_ORIGIN", "HTTP_X_MOTO_ACCOUNT_ID", "HTTP_CONTENT_ENCODING")

Environ = dict[str, Any]


class _Response(SQSResponse):
    """moto's operations of SQS, with parameters that are parsed already."""

    def __init__(self, account: str, region: str, parameters: dict[str, Any]) -> None:
        # Nothing else of the class's state is read by the operations above.
        self.current_account = account
        self.region = region
        self._given = parameters

    def _get_param(self, param_name: str, if_none: Any = None) -> Any:
        return self._given.get(param_name, if_none)


def answer_directly(environ: Environ, start_response: Callable[..., Any]) -> Iterable[bytes] | None:
    """Answer a request of SQS; None if it has to go the long way, and then its body can be read again."""
    answer = _answer(environ["HTTP_X_AMZ_TARGET"].rpartition(".")[2], environ)
    return None if answer is None else answer_json(start_response, answer, version="1.0", default=_base64)


def _answer(name: str, environ: Environ) -> dict[str, Any] | None:
    operation = _OPERATIONS.get(name)
    found = _CREDENTIAL.search(environ.get("HTTP_AUTHORIZATION", ""))
    if operation is None or found is None or any(header in environ for header in _ODD_HEADERS):
        return None
    if "region/" in environ.get("HTTP_USER_AGENT", ""):
        return None
    body = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
    environ["wsgi.input"] = io.BytesIO(body)
    try:
        parameters = json.loads(body)
    except ValueError:
        return None
    if not _is_plain(parameters, operation):
        return None
    response = _Response(get_account_id_from(found[1]), found[2], parameters)
    try:
        return getattr(response, operation.method)().result or {}
    except ServiceException:
        # It refuses before it changes anything, so the request can be answered again.
        return None


def _is_plain(parameters: Any, operation: _Plain) -> bool:
    if not _has(parameters, operation.required, operation.optional):
        return False
    entries = parameters.get("Entries", ())
    return all(_has(each, operation.entry, operation.entry_optional) for each in entries)


def _has(given: Any, required: Mapping[str, type], optional: Mapping[str, type]) -> bool:
    """Tell whether an object has the required members, and beside them optional ones alone, all of their types."""
    if not isinstance(given, dict) or not required.keys() <= given.keys():
        return False
    # bool is a subclass of int, and no number here.
    return all(type(value) is (required.get(name) or optional.get(name)) for name, value in given.items())


def _base64(value: bytes) -> str:
    return base64.b64encode(value).decode()
