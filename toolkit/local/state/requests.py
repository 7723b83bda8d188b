"""What a request to moto may change, told from its method and headers alone."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote

_READING = re.compile(
    r"(Get|List|Describe|BatchGet|TransactGet|Query|Scan|Head|Search|Check|Lookup|Filter)[A-Z]|Query$|Scan$"
)
_SCOPE = re.compile(r"Credential=[^/,]+/[^/]+/[^/]+/([^/]+)/aws4_request")

# Where requests are signed for another name than moto's.
_NAMES = {"monitoring": "cloudwatch"}

# https://docs.aws.amazon.com/AmazonS3/latest/userguide/conditional-writes.html
_CONDITIONS = ("HTTP_IF_MATCH", "HTTP_IF_NONE_MATCH")

# Operations that change entities of a container and nothing else of their backend.
_OF_ENTITIES = {
    "sqs": re.compile(r"(Send|Receive|Delete|ChangeMessageVisibility)(Message)?(Batch)?"),
    "dynamodb": re.compile(r"(Put|Update|Delete)Item|BatchWriteItem"),
    "kinesis": re.compile(r"PutRecords?"),
    "glue": re.compile(r"(Batch)?(Create|Update|Delete)Partition"),
    "firehose": re.compile(r"PutRecord(Batch)?"),
}


# moto has no locks: of two requests at once both may find a condition true, and a list fails while something is added to it.
# Requests to these services change little and wait for nothing, so that each may wait for the one before it. SQS has locks
# of ours; what moto does for SNS, Firehose and EventBridge may wait for an HTTP endpoint that calls back.
_IN_TURN = frozenset({"dynamodb", "glue", "iam", "kinesis", "kms", "logs", "cloudwatch", "secretsmanager", "ssm"})


@dataclass(frozen=True, slots=True)
class Request:
    """
    A request: its service, and what it may do.

    ``is_writing`` says whether it may change anything, ``touches_entities_only`` whether that can be entities of
    containers alone, ``goes_in_turn`` whether it must not run beside another such request.
    """

    service: str
    is_writing: bool = True
    touches_entities_only: bool = False
    goes_in_turn: bool = False


def request_of(environ: dict[str, Any]) -> Request:
    """Give what is known of a WSGI request before it is served; in doubt it may change anything."""
    found = _SCOPE.search(
        environ.get("HTTP_AUTHORIZATION", "")
        or unquote(environ.get("QUERY_STRING", "")).replace("X-Amz-Credential", "Credential")
    )
    service = found[1].lower() if found else "s3"
    service = _NAMES.get(service, service)
    operation = environ.get("HTTP_X_AMZ_TARGET", "").rpartition(".")[2]
    if operation:
        pattern = _OF_ENTITIES.get(service)
        is_writing = not _READING.match(operation)
        of_entities = pattern is not None and pattern.fullmatch(operation) is not None
        return Request(service, is_writing, of_entities, service in _IN_TURN)
    method = environ["REQUEST_METHOD"]
    is_writing = method not in ("GET", "HEAD", "OPTIONS")
    if service != "s3":
        is_writing = is_writing or "Action=" in environ.get("QUERY_STRING", "")
        return Request(service, is_writing, goes_in_turn=service in _IN_TURN)
    # Without a condition large bodies need not wait for each other.
    has_condition = is_writing and not environ.keys().isdisjoint(_CONDITIONS)
    return Request("s3", is_writing, _is_of_an_object(environ, method), has_condition)


def _is_of_an_object(environ: dict[str, Any], method: str) -> bool:
    query = environ.get("QUERY_STRING", "")
    if method == "POST":
        return query in ("delete", "delete=")
    has_key = len(environ.get("PATH_INFO", "").strip("/").split("/", 1)) == 2
    plain = not query or query.startswith("x-id=")
    return method in ("PUT", "DELETE") and has_key and plain
