"""The stack: created or updated from the template, looked at, torn down; through CloudFormation's API."""

from __future__ import annotations

import http.client
import json
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from toolkit import aws
from toolkit.errors import AwsError, InvalidInput, NotFound
from toolkit.infra.packaging import Package
from toolkit.infra.template import check_parameters, compact_template, template_text
from toolkit.infra.template import parameters as template_parameters

CAPABILITIES = ["CAPABILITY_IAM"]
_POLL_SECONDS = 2.0
_TIMEOUT_SECONDS = 1800.0
# CloudFormation takes larger templates from S3 alone.
MOST_BODY_BYTES = 51_200
_FORBIDDEN = "403"
# Where moto, on which the local platform stands, says how it is set up; on no other endpoint does such a document exist.
_MOTO_SETTINGS = "/moto-api/config"
_PROBE_SECONDS = 5.0
_NEVER_MADE = frozenset(
    {"CREATE_FAILED", "DELETE_FAILED", "ROLLBACK_COMPLETE", "ROLLBACK_FAILED", "REVIEW_IN_PROGRESS"}
)
_NO_CHANGE = "No updates are to be performed"


@dataclass(frozen=True, slots=True)
class StackStatus:
    """A stack as CloudFormation reports it; ``failures`` are resources with the reason why they failed."""

    name: str
    status: str
    outputs: Mapping[str, str]
    failures: tuple[str, ...] = ()

    @property
    def is_working(self) -> bool:
        """Whether CloudFormation still works on it."""
        return self.status.endswith("_IN_PROGRESS")

    @property
    def is_good(self) -> bool:
        """Whether the last action succeeded."""
        return self.status in ("CREATE_COMPLETE", "UPDATE_COMPLETE")


def deploy(
    stack: str,
    package: Package,
    parameters: Mapping[str, str],
    *,
    on_progress: Callable[[StackStatus], object] | None = None,
    poll_seconds: float = _POLL_SECONDS,
) -> StackStatus:
    """
    Upload the zip, create or update the stack, wait, and return how it ended.

    *parameters* are the template's; ``CodeKey`` is added, and a stack that is there keeps those that are not given. The bucket
    ``CodeBucket`` is made where it is missing.

    Raises:
        InvalidInput: a parameter that the template needs is missing, or the endpoint executes no functions.
        AwsError: CloudFormation refused, or the stack failed; says which resource and why.
    """
    given = {**stack_parameters(stack), **parameters, "CodeKey": package.key}
    for name in ("CodeBucket", "EventsBucketName"):
        if not given.get(name):
            raise InvalidInput(f"{name}: expected the name of a bucket")
    check_parameters(template_text(), given)
    check_endpoint()
    operation = _operation(stack)
    bucket = given["CodeBucket"]
    try:
        aws.call("s3", "head_bucket", Bucket=bucket)
    except NotFound:
        aws.create_bucket(bucket)
    except AwsError as error:
        if error.code == _FORBIDDEN:
            error.message = (
                f"the bucket {bucket!r} is another account's, or you may not look at it: name another as CodeBucket"
            )
        raise
    aws.call("s3", "put_object", Bucket=bucket, Key=package.key, Body=package.content)
    request: dict[str, Any] = {
        "StackName": stack,
        "Parameters": [{"ParameterKey": key, "ParameterValue": value} for key, value in sorted(given.items())],
        "Capabilities": CAPABILITIES,
        **_template(bucket, package),
    }
    try:
        aws.call("cloudformation", operation, **request)
    except AwsError as error:
        if _NO_CHANGE not in error.message:
            raise
        return status(stack)
    reached = _wait(stack, on_progress, poll_seconds)
    if not reached.is_good:
        raise AwsError(
            f"the stack {stack} ended as {reached.status}: {'; '.join(reached.failures) or 'no reason given'}",
            service="cloudformation",
            operation=operation,
        )
    return reached


def check_endpoint() -> None:
    """
    Look whether the endpoint is one that can hold the stack.

    Raises:
        InvalidInput: it is a local platform, which has queues, streams and tables, but executes no functions.
    """
    endpoint = aws.endpoint_url()
    if endpoint is not None and _is_moto(endpoint):
        raise InvalidInput(
            f"the local platform at {endpoint} does not execute the functions of the template: make its queues, streams and "
            "tables by `toolkit platform deploy --runner`, and call the same handlers by `toolkit platform run`"
        )


def _is_moto(endpoint: str) -> bool:
    parts = urlsplit(endpoint)
    if parts.scheme != "http" or not parts.hostname:
        return False
    connection = http.client.HTTPConnection(parts.hostname, parts.port, timeout=_PROBE_SECONDS)
    try:
        connection.request("GET", _MOTO_SETTINGS)
        found = json.loads(connection.getresponse().read())
    except (OSError, http.client.HTTPException, ValueError):
        # Whoever answers is asked by the SDK next, which tells what is wrong.
        return False
    finally:
        connection.close()
    return isinstance(found, dict) and "lambda" in found


def _operation(stack: str) -> str:
    """Return the call that makes or changes the stack; raises AwsError where it is in a state that allows neither."""
    try:
        found = status(stack)
    except NotFound:
        return "create_stack"
    reasons = f" ({'; '.join(found.failures)})" if found.failures else ""
    if found.is_working:
        way_out = "somebody works on it: wait until `toolkit platform status` says that it is done"
    elif found.status in _NEVER_MADE:
        way_out = "it was never made, or is half gone: `toolkit platform teardown`, then deploy again"
    elif found.status == "UPDATE_ROLLBACK_FAILED":
        way_out = "it can be changed again after `aws cloudformation continue-update-rollback`"
    else:
        return "update_stack"
    raise AwsError(f"the stack {stack} is {found.status}{reasons}: {way_out}", service="cloudformation")


def stack_parameters(stack: str) -> dict[str, str]:
    """Return the template's parameters as the stack was made or changed with them last; none if there is no such stack."""
    try:
        [found] = aws.call("cloudformation", "describe_stacks", StackName=stack)["Stacks"]
    except AwsError as error:
        if _is_missing(error):
            return {}
        raise
    known = template_parameters(template_text())
    given = {each["ParameterKey"]: each.get("ParameterValue", "") for each in found.get("Parameters", ())}
    return {name: value for name, value in given.items() if name in known}


def _is_missing(error: AwsError) -> bool:
    return "does not exist" in error.message or error.code == "ValidationError"


def status(stack: str) -> StackStatus:
    """
    Return the stack as it is.

    Raises:
        NotFound: there is none of this name.
    """
    try:
        [found] = aws.call("cloudformation", "describe_stacks", StackName=stack)["Stacks"]
    except AwsError as error:
        if _is_missing(error):
            raise _no_stack(stack) from error
        raise
    if found["StackStatus"] == "DELETE_COMPLETE":
        raise _no_stack(stack)
    outputs = {output["OutputKey"]: output["OutputValue"] for output in found.get("Outputs", ())}
    failures: tuple[str, ...] = ()
    if "FAILED" in found["StackStatus"] or "ROLLBACK" in found["StackStatus"]:
        failures = _failures(stack)
    return StackStatus(stack, found["StackStatus"], outputs, failures)


def _no_stack(stack: str) -> NotFound:
    return NotFound(
        f"no stack named {stack!r}: --stack names another, and `toolkit platform deploy` makes it; what was made without "
        "CloudFormation is meant by --runner",
        service="cloudformation",
    )


def teardown(
    stack: str,
    *,
    on_progress: Callable[[StackStatus], object] | None = None,
    poll_seconds: float = _POLL_SECONDS,
) -> None:
    """
    Delete the stack and wait for it. The bucket of the events and the table of the schemas stay: the template retains them.

    Raises:
        NotFound: there is none of this name.
        AwsError: something could not be deleted.
    """
    status(stack)
    aws.call("cloudformation", "delete_stack", StackName=stack)
    try:
        reached = _wait(stack, on_progress, poll_seconds)
    except NotFound:
        return
    raise AwsError(
        f"the stack {stack} ended as {reached.status}: {'; '.join(reached.failures)}", service="cloudformation"
    )


def _template(bucket: str, package: Package) -> dict[str, str]:
    text = compact_template(template_text())
    if len(text.encode()) <= MOST_BODY_BYTES:
        return {"TemplateBody": text}
    key = f"{package.key.removesuffix('.zip')}.yaml"
    aws.call("s3", "put_object", Bucket=bucket, Key=key, Body=text.encode())
    url = aws.client("s3").generate_presigned_url("get_object", Params={"Bucket": bucket, "Key": key}, ExpiresIn=3600)
    return {"TemplateURL": url}


def _wait(stack: str, on_progress: Callable[[StackStatus], object] | None, poll_seconds: float) -> StackStatus:
    deadline = time.monotonic() + _TIMEOUT_SECONDS
    while True:
        reached = status(stack)
        if on_progress is not None:
            on_progress(reached)
        if not reached.is_working:
            return reached
        if time.monotonic() > deadline:
            raise AwsError(f"the stack {stack} is {reached.status} for too long", service="cloudformation")
        time.sleep(poll_seconds)


def _failures(stack: str) -> tuple[str, ...]:
    events = aws.call("cloudformation", "describe_stack_events", StackName=stack).get("StackEvents", ())
    return tuple(
        f"{event['LogicalResourceId']}: {event.get('ResourceStatusReason', 'no reason given')}"
        for event in events
        if event.get("ResourceStatus", "").endswith("_FAILED")
    )
