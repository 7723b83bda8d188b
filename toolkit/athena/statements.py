"""One statement on Athena through the SDK alone: for a function in AWS Lambda, which has no PyAthena."""

from __future__ import annotations

import os
import time
import uuid
from collections.abc import Callable
from typing import Any

from toolkit import aws
from toolkit.athena.executions import TERMINAL_STATES, QueryExecution
from toolkit.errors import AwsError, QueryFailed

# What Athena says when too many ask at once; the statement was not started.
THROTTLED_CODES = frozenset({"TooManyRequestsException", "ThrottlingException"})
TRIES = 8
FIRST_PAUSE_SECONDS = 0.5
LONGEST_PAUSE_SECONDS = 15.0
# ErrorCategory of https://docs.aws.amazon.com/athena/latest/APIReference/API_AthenaError.html
_SYSTEM = 1


def run_statement(
    sql: str, *, database: str = "default", sleep: Callable[[float], None] = time.sleep
) -> QueryExecution:
    """
    Run one statement to its end and return what Athena says of it.

    The work group is ``AWS_ATHENA_WORK_GROUP``, else ``primary``; the output goes to ``AWS_ATHENA_S3_STAGING_DIR``, else where
    the work group puts it. A start that Athena throttles is tried again with growing pauses, under one token, so
    that a lost answer does not run the statement twice.

    Raises:
        QueryFailed: the statement ended as FAILED or CANCELLED; carries Athena's reason.
        AwsError: the service refused the call, still throttles, or can't be reached.
    """
    request: dict[str, Any] = {
        "QueryString": sql,
        "QueryExecutionContext": {"Database": database},
        "WorkGroup": os.environ.get("AWS_ATHENA_WORK_GROUP") or "primary",
        "ClientRequestToken": uuid.uuid4().hex,
    }
    if location := os.environ.get("AWS_ATHENA_S3_STAGING_DIR"):
        request["ResultConfiguration"] = {"OutputLocation": location}
    identifier = _patiently(lambda: aws.call("athena", "start_query_execution", **request), sleep)["QueryExecutionId"]
    pause = 0.1
    while True:
        answer = _patiently(lambda: aws.call("athena", "get_query_execution", QueryExecutionId=identifier), sleep)
        execution = execution_from_answer(answer["QueryExecution"])
        if execution.state in TERMINAL_STATES:
            break
        sleep(pause)
        pause = min(pause * 1.5, 2.0)
    if execution.state != "SUCCEEDED":
        raise QueryFailed(
            execution.state_change_reason or "no reason given",
            query_execution_id=identifier,
            state=execution.state,
            query=sql,
            is_retryable=_is_retryable(answer["QueryExecution"]["Status"]),
        )
    return execution


def execution_from_answer(answer: dict[str, Any]) -> QueryExecution:
    """Return our value for the ``QueryExecution`` of the API."""
    status, statistics = answer.get("Status", {}), answer.get("Statistics", {})
    return QueryExecution(
        query_execution_id=answer["QueryExecutionId"],
        query=answer.get("Query", ""),
        state=status.get("State", ""),
        statement_type=answer.get("StatementType", ""),
        state_change_reason=status.get("StateChangeReason", ""),
        work_group=answer.get("WorkGroup", ""),
        output_location=answer.get("ResultConfiguration", {}).get("OutputLocation", ""),
        data_scanned_in_bytes=statistics.get("DataScannedInBytes", 0),
        total_execution_time_in_millis=statistics.get("TotalExecutionTimeInMillis", 0),
    )


def _is_retryable(status: dict[str, Any]) -> bool:
    error = status.get("AthenaError", {})
    return status["State"] == "CANCELLED" or error.get("ErrorCategory") == _SYSTEM or error.get("Retryable") is True


def _patiently(call: Callable[[], dict[str, Any]], sleep: Callable[[float], None]) -> dict[str, Any]:
    for attempt in range(TRIES):
        try:
            return call()
        except AwsError as error:
            if error.code not in THROTTLED_CODES or attempt + 1 == TRIES:
                raise
        sleep(min(FIRST_PAUSE_SECONDS * 2**attempt, LONGEST_PAUSE_SECONDS))
    raise AssertionError("unreachable")
