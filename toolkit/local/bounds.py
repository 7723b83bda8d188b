"""
Bounds that the services have and moto lacks, so that what goes through here goes through on AWS.

Most of them botocore's descriptions of the services tell; the others have their source beside them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from io import BytesIO
from typing import Any

from toolkit.local.http import answer_json
from toolkit.local.validation import Unreadable, decoded_length, has_operation, problem, request_in

# Services by the first word of the header that names an operation.
_SERVICES = {
    "AWSGlue": "glue",
    "DynamoDB_20120810": "dynamodb",
    "Firehose_20150804": "firehose",
    "Kinesis_20131202": "kinesis",
}
# https://docs.aws.amazon.com/firehose/latest/APIReference/API_PutRecordBatch.html
_FIREHOSE_BATCH_BYTES = 4 * 2**20

Environ = dict[str, Any]


def refused(environ: Environ, start_response: Callable[..., Any]) -> Iterable[bytes] | None:
    """Answer a request that its service would refuse for a bound; None for all others, whose body can be read again."""
    prefix, _, operation = environ.get("HTTP_X_AMZ_TARGET", "").partition(".")
    service = _SERVICES.get(prefix)
    if service is None or not has_operation(service, operation):
        return None
    body = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
    environ["wsgi.input"] = BytesIO(body)
    try:
        request = request_in(body or b"{}")
        code, message = _refusal(service, operation, request) if isinstance(request, Mapping) else ("", "")
    except Unreadable as error:
        code, message = "SerializationException", str(error)
    if not message:
        return None
    answer = {"__type": code, "message": message, "Message": message}
    return answer_json(start_response, answer, version="1.1", status="400 Bad Request")


def _refusal(service: str, operation: str, request: Mapping[str, Any]) -> tuple[str, str]:
    if found := problem(service, operation, request):
        return "ValidationException", found
    if (service, operation) == ("firehose", "PutRecordBatch"):
        size = sum(decoded_length(each["Data"]) for each in request["Records"])
        if size > _FIREHOSE_BATCH_BYTES:
            return "InvalidArgumentException", "Records size exceeds 4 MB limit"
    return "", ""
