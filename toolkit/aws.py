"""
The edge to AWS: the one module of the core that names boto3.

Clients follow the environment as every AWS tool does: ``AWS_ENDPOINT_URL`` leads to the embedded local platform or any
other endpoint, its absence to AWS. Foreign errors leave this module as ours, through one table.

Source of the settings: https://docs.aws.amazon.com/sdkref/latest/guide/settings-reference.html
"""

from __future__ import annotations

import io
import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, BinaryIO
from urllib.parse import urlsplit

from toolkit.aws_queues import TARGETS, QueueCalls
from toolkit.errors import AwsError, CredentialsMissing, EndpointUnreachable, NotFound

# What a client depends on. A client is shared as long as these stay, because making one takes about 50 ms.
_SETTINGS = (
    "AWS_ENDPOINT_URL",
    "AWS_PROFILE",
    "AWS_ACCESS_KEY_ID",
    "AWS_SECRET_ACCESS_KEY",
    "AWS_SESSION_TOKEN",
    "AWS_REGION",
    "AWS_DEFAULT_REGION",
)
_connections: dict[tuple[str, tuple[str | None, ...]], tuple[Any, QueueCalls | None]] = {}

_CREDENTIAL_CODES = frozenset(
    {
        "ExpiredToken",
        "ExpiredTokenException",
        "InvalidAccessKeyId",
        "InvalidClientTokenId",
        "InvalidSignatureException",
        "SignatureDoesNotMatch",
        "UnrecognizedClientException",
    }
)
# What botocore raises where a profile, a role or a session gives no credentials; the last one is of its newer versions.
_SIGN_IN_ERRORS = (
    "NoCredentialsError",
    "PartialCredentialsError",
    "CredentialRetrievalError",
    "TokenRetrievalError",
    "ProfileNotFound",
    "SSOError",
    "InvalidConfigError",
    "RefreshWithMFAUnsupportedError",
    "LoginError",
)
_FORBIDDEN = "403"
_NOT_FOUND_CODES = frozenset(
    {
        "404",
        "AWS.SimpleQueueService.NonExistentQueue",
        "EntityNotFoundException",
        "NoSuchBucket",
        "NoSuchKey",
        "QueueDoesNotExist",
        "ResourceNotFoundException",
    }
)
# Greedy: the value itself may hold such words.
_QUOTED_VALUE = re.compile(r", value: .*, (?=type: |valid )", re.DOTALL)
# What to do about a refusal, by how its message begins.
_HINTS = {
    "No output location provided": "set AWS_ATHENA_S3_STAGING_DIR, such as s3://my-results/, or name a work group that has one "
    "by AWS_ATHENA_WORK_GROUP",
}
_EXPIRED_CODES = frozenset({"ExpiredToken", "ExpiredTokenException"})
_NO_ACCOUNT = "or work without an account: `toolkit local` prints the settings of the local platform"
_SIGN_IN = (
    "set AWS_PROFILE or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY (`aws sso login` renews a session); " + _NO_ACCOUNT
)


def session() -> Any:
    """
    Return a boto3 session that follows the environment; its region is ``AWS_REGION`` or ``AWS_DEFAULT_REGION``.

    Raises:
        EndpointUnreachable: the endpoint is no URL.
    """
    import boto3

    _check_endpoint(endpoint_url())
    return boto3.Session(region_name=os.environ.get("AWS_REGION") or None)


def endpoint_url() -> str | None:
    """Return the endpoint that replaces AWS, or None for AWS itself."""
    return os.environ.get("AWS_ENDPOINT_URL") or None


def client(service: str) -> Any:
    """
    Return the shared boto3 client of *service* for the current environment.

    Clients may be used from several threads. Standard retries, 10 seconds to connect and 70 to read: an SQS long poll
    takes up to 20.

    Raises:
        AwsError: no region is set.
        EndpointUnreachable: the endpoint is no URL.
    """
    return _connection(service)[0]


def _connection(service: str) -> tuple[Any, QueueCalls | None]:
    while True:
        current = settings()
        found = _connections.get((service, current))
        if found is None:
            found = _connect(service)
            if settings() != current:
                # Another thread changed the environment meanwhile, so nobody knows which of the two this one follows.
                continue
            found = _connections.setdefault((service, current), found)
        return found


def settings() -> tuple[str | None, ...]:
    """Return what of the environment tells one client from another."""
    return tuple(os.environ.get(name) for name in _SETTINGS)


def _connect(service: str) -> tuple[Any, QueueCalls | None]:
    from botocore.config import Config

    with translated_errors(service):
        used = session()
        made = used.client(
            service,
            config=Config(
                retries={"mode": "standard", "max_attempts": 4},
                connect_timeout=10,
                read_timeout=70,
                max_pool_connections=32,
            ),
        )
        return made, QueueCalls(made, used.get_credentials()) if service == "sqs" else None


def _check_endpoint(url: str | None) -> None:
    """
    Hold the endpoint of the environment against what the SDK can use, which would end in a ValueError.

    Raises:
        EndpointUnreachable: it is no URL of a host.
    """
    try:
        parts = urlsplit(url or "http://aws")
        is_good = parts.scheme in ("http", "https") and bool(parts.hostname) and (parts.port is None or parts.port > 0)
    except ValueError:
        is_good = False
    if not is_good:
        raise EndpointUnreachable(
            f"AWS_ENDPOINT_URL: expected a URL such as http://127.0.0.1:4599, found {url!r}; `toolkit local` prints that of the "
            "local platform, and without the variable AWS itself is reached"
        )


def call(service: str, operation: str, /, **parameters: Any) -> dict[str, Any]:
    """
    Call *operation* (``send_message``) of *service* (``sqs``) and return its answer.

    Raises:
        CredentialsMissing: no credentials were found, or they were refused.
        EndpointUnreachable: nothing answers at the endpoint.
        NotFound: the queue, bucket, table or other resource does not exist.
        AwsError: any other refusal, with the service's code.
    """
    with translated_errors(service, operation):
        used, queue_calls = _connection(service)
        if queue_calls is not None and operation in TARGETS:
            # A queue that is empty answers with an empty object.
            made = queue_calls.answer(operation, parameters)
            if made is not None:
                return made
        answer: dict[str, Any] = getattr(used, operation)(**parameters)
    return answer


def open_object(uri: str) -> BinaryIO:
    """
    Return the object at an ``s3://bucket/key`` URI as a binary file that is read as it arrives.

    Raises:
        NotFound: there is no such bucket or object.
        AwsError: the text is no S3 URI, or S3 refused; and whoever reads the file, where the connection breaks.
    """
    bucket, key = split_s3_uri(uri)
    if not key:
        raise AwsError(f"{uri!r} names no object: expected s3://bucket/key", service="s3")
    try:
        body = call("s3", "get_object", Bucket=bucket, Key=key)["Body"]
    except NotFound as error:
        what = f"there is no bucket {bucket}" if error.code == "NoSuchBucket" else "there is no such object"
        raise NotFound(f"{uri}: {what}", code=error.code) from error
    return io.BufferedReader(_Body(uri, body), 1 << 20)


class _Body(io.RawIOBase):
    """The body of an answer, which arrives after the call; its errors are ours."""

    def __init__(self, uri: str, body: Any) -> None:
        self._uri = uri
        self._body = body

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        try:
            return int(self._body.readinto(buffer))
        except Exception as error:
            if not is_foreign(error):
                raise
            raise AwsError(f"{self._uri}: the connection broke before the object's end; do the same again") from error

    def close(self) -> None:
        self._body.close()
        super().close()


def object_size(uri: str) -> int:
    """Return the bytes of the object at an ``s3://bucket/key`` URI; raises as `call` does."""
    bucket, key = split_s3_uri(uri)
    return int(call("s3", "head_object", Bucket=bucket, Key=key)["ContentLength"])


def object_end(uri: str, size: int) -> bytes:
    """Return the last *size* bytes of an object, or all of a shorter one; raises as `call` does."""
    bucket, key = split_s3_uri(uri)
    with translated_errors("s3", "get_object"):
        body: bytes = client("s3").get_object(Bucket=bucket, Key=key, Range=f"bytes=-{size}")["Body"].read()
    return body


def arrow_filesystem() -> Any:
    """
    Return a ``pyarrow.fs.S3FileSystem`` that follows the environment, endpoint included, which Arrow does not do itself.

    Raises:
        CredentialsMissing: no credentials were found, or they can't be renewed.
    """
    from pyarrow import fs

    with translated_errors("s3"):
        found = session()
        credentials = found.get_credentials()
        frozen = credentials.get_frozen_credentials() if credentials else None
    options: dict[str, Any] = {"region": found.region_name}
    if frozen is not None:
        options |= {
            "access_key": frozen.access_key,
            "secret_key": frozen.secret_key,
            "session_token": frozen.token,
        }
    endpoint = endpoint_url()
    if endpoint is not None:
        options["endpoint_override"] = endpoint
    return fs.S3FileSystem(**options)


def create_bucket(name: str) -> None:
    """
    Create a bucket in the region of the environment; raises as `call` does.

    Source: https://docs.aws.amazon.com/AmazonS3/latest/API/API_CreateBucket.html (us-east-1 is no location constraint).
    """
    region = client("s3").meta.region_name
    where = {} if region == "us-east-1" else {"CreateBucketConfiguration": {"LocationConstraint": region}}
    call("s3", "create_bucket", Bucket=name, **where)


def check_bucket(name: str) -> None:
    """
    Look whether the bucket is there; who may only write into it is believed.

    Raises:
        NotFound: there is no bucket of that name.
        AwsError: S3 can't be asked, as `call` says.
    """
    try:
        call("s3", "head_bucket", Bucket=name)
    except NotFound as error:
        error.message = f"there is no bucket {name!r}"
        raise
    except AwsError as error:
        if error.code != _FORBIDDEN:
            raise


def pages(service: str, operation: str, /, **parameters: Any) -> Iterator[dict[str, Any]]:
    """Yield each page of a paginated operation; raises as `call` does."""
    with translated_errors(service, operation):
        yield from client(service).get_paginator(operation).paginate(**parameters)


def wait(service: str, waiter: str, /, **parameters: Any) -> None:
    """Wait until the SDK's *waiter* (``table_exists``) of *service* is content, three minutes at most; raises as `call` does."""
    with translated_errors(service, waiter):
        client(service).get_waiter(waiter).wait(**parameters, WaiterConfig={"Delay": 2, "MaxAttempts": 90})


@contextmanager
def translated_errors(service: str = "", operation: str = "") -> Iterator[None]:
    """Turn the SDK's errors inside the block into ours, the foreign one kept as the cause."""
    from botocore.exceptions import BotoCoreError, ClientError
    from botocore.parsers import ResponseParserError

    try:
        yield
    except (BotoCoreError, ClientError, ResponseParserError) as error:
        raise translated(error, service=service, operation=operation) from error


def is_foreign(error: BaseException) -> bool:
    """Whether *error* comes from the AWS SDK."""
    from botocore.exceptions import BotoCoreError, ClientError

    return isinstance(error, (BotoCoreError, ClientError))


def translated(error: BaseException, *, service: str = "", operation: str = "") -> AwsError:
    """Return our error for a foreign one; raise it ``from`` that one."""
    from botocore import exceptions
    from botocore.parsers import ResponseParserError

    facts = {"service": service, "operation": operation}
    if isinstance(error, exceptions.ClientError):
        code = str(error.response.get("Error", {}).get("Code", ""))
        message = str(error.response.get("Error", {}).get("Message", "")) or str(error)
        if code in _EXPIRED_CODES:
            # A client keeps the session that it was made with; the next one takes that of a new sign-in.
            _connections.clear()
            return CredentialsMissing(
                f"{message.rstrip('.')}; sign in again (`aws sso login`, or new AWS_… variables), then do the same again",
                code=code,
                **facts,
            )
        if code in _CREDENTIAL_CODES:
            return CredentialsMissing(f"{message.rstrip('.')}; {_SIGN_IN}", code=code, **facts)
        kind = NotFound if code in _NOT_FOUND_CODES else AwsError
        made = kind(message, code=code, **facts)
        made.hint = next((hint for start, hint in _HINTS.items() if message.startswith(start)), "")
        return made
    if isinstance(error, tuple(getattr(exceptions, name) for name in _SIGN_IN_ERRORS if hasattr(exceptions, name))):
        return CredentialsMissing(f"{str(error).rstrip('.')}; {_SIGN_IN}", **facts)
    if isinstance(error, exceptions.NoRegionError):
        return AwsError(f"no region is set: export AWS_DEFAULT_REGION, such as eu-west-1; {_NO_ACCOUNT}", **facts)
    if isinstance(error, (exceptions.HTTPClientError, exceptions.ConnectionError)):
        where = endpoint_url() or "AWS"
        return EndpointUnreachable(
            f"nothing answers at {where}: start it with `toolkit local`, or correct AWS_ENDPOINT_URL, "
            "or unset it to reach AWS",
            **facts,
        )
    if isinstance(error, ResponseParserError):
        where = endpoint_url() or "AWS"
        return AwsError(
            f"what {where} answered is no answer of this service: is it an endpoint of AWS's APIs?", **facts
        )
    text = str(error)
    if isinstance(error, exceptions.ParamValidationError):
        # It quotes the value, which may be an event.
        text = _QUOTED_VALUE.sub(", ", text)
    return AwsError(text, **facts)


def split_s3_uri(uri: str) -> tuple[str, str]:
    """
    Return the bucket and the key (or prefix) of an ``s3://bucket/key`` URI.

    Raises:
        AwsError: the text is no S3 URI.
    """
    scheme, _, rest = uri.partition("://")
    bucket, _, key = rest.partition("/")
    if scheme != "s3" or not bucket:
        raise AwsError(f"{uri!r} is no S3 URI: expected s3://bucket/prefix/", service="s3")
    return bucket, key
