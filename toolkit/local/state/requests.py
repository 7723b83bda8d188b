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

# Operations that change entities of a container and nothing else of their backend.
_OF_ENTITIES = {
    "sqs": re.compile(r"(Send|Receive|Delete|ChangeMessageVisibility)(Message)?(Batch)?"),
    "dynamodb": re.compile(r"(Put|Update|Delete)Item|BatchWriteItem"),
    "kinesis": re.compile(r"PutRecords?"),
    "glue": re.compile(r"(Batch)?(Create|Update|Delete)Partition"),
    "firehose": re.compile(r"PutRecord(Batch)?"),
}


@dataclass(frozen=True, slots=True)
class Request:
    """A request: its service, whether it may change anything, and whether that can be entities of containers alone."""

    service: str
    is_writing: bool = True
    touches_entities_only: bool = False


def request_of(environ: dict[str, Any]) -> Request:
    """Give what is known of a WSGI request before it is served; in doubt it may change anything."""
    found = _SCOPE.search(
        environ.get("HTTP_AUTHORIZATION", "")
        or unquote(environ.get("QUERY_STRING", "")).replace("X-Amz-Credential", "Credential")
    )
    service = found[1].lower() if found else "s3"
    operation = environ.get("HTTP_X_AMZ_TARGET", "").rpartition(".")[2]
    if operation:
        pattern = _OF_ENTITIES.get(service)
        return Request(
            service, not _READING.match(operation), pattern is not None and pattern.fullmatch(operation) is not None
        )
    method = environ["REQUEST_METHOD"]
    if service != "s3":
        return Request(
            service, method not in ("GET", "HEAD", "OPTIONS") or "Action=" in environ.get("QUERY_STRING", "")
        )
    return Request("s3", method not in ("GET", "HEAD", "OPTIONS"), _is_of_an_object(environ, method))


def _is_of_an_object(environ: dict[str, Any], method: str) -> bool:
    query = environ.get("QUERY_STRING", "")
    if method == "POST":
        return query in ("delete", "delete=")
    has_key = len(environ.get("PATH_INFO", "").strip("/").split("/", 1)) == 2
    plain = not query or query.startswith("x-id=")
    return method in ("PUT", "DELETE") and has_key and plain and "HTTP_X_AMZ_TAGGING" not in environ
