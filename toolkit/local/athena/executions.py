"""Query executions: accepted, queued, run on a pool of threads, and kept with their results."""

from __future__ import annotations

import logging
import threading
import time
import uuid
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any

from toolkit.local.athena.errors import Cancelled, Category, QueryError, invalid_request
from toolkit.local.athena.metadata import page
from toolkit.local.athena.results import CSV, TEXT, Result
from toolkit.local.athena.session import Progress
from toolkit.local.athena.work_groups import PRIMARY

logger = logging.getLogger(__name__)

# How many queries run at once; more wait as QUEUED.
WORKERS = 8

# GetQueryExecution waits so long for a query to end: a client that polls by the second then sees a short query at once.
PATIENCE_SECONDS = 2.0

# GetQueryResults gives at most so many rows a page.
MAXIMUM_ROWS = 1_000

# Beyond so many finished executions the oldest are forgotten, so that memory stays bounded.
MAXIMUM_KEPT = 10_000
MAXIMUM_KEPT_RESULTS = 200

FINAL = frozenset({"SUCCEEDED", "FAILED", "CANCELLED"})


@dataclass(slots=True)
class Execution:
    """One execution: ``described`` is what the API shows of it, ``result`` what it left."""

    described: dict[str, Any]
    output_location: str
    progress: Progress
    ended: threading.Event = field(default_factory=threading.Event)
    result: Result | None = None

    @property
    def identifier(self) -> str:
        """Its QueryExecutionId."""
        return str(self.described["QueryExecutionId"])

    @property
    def state(self) -> str:
        """QUEUED, RUNNING, SUCCEEDED, FAILED or CANCELLED."""
        return str(self.described["Status"]["State"])


Run = Callable[[Execution], Result]
Save = Callable[[str, bytes], None]


class Executions:
    """The executions of an account."""

    def __init__(self, save: Save) -> None:
        self._save = save
        self._pool = ThreadPoolExecutor(WORKERS, thread_name_prefix="athena")
        self._lock = threading.Lock()
        self._executions: dict[str, Execution] = {}
        self._by_token: dict[str, str] = {}

    def close(self) -> None:
        """Stop what runs, and take no more."""
        with self._lock:
            running = [each for each in self._executions.values() if each.state not in FINAL]
        for each in running:
            each.progress.cancel()
        self._pool.shutdown(wait=True, cancel_futures=True)

    def start(self, execution: Execution, run: Run, token: str | None) -> str:
        """Queue an execution; a client's token that was seen before gives the execution it began."""
        with self._lock:
            if token and token in self._by_token:
                return self._by_token[token]
            if token:
                self._by_token[token] = execution.identifier
            self._executions[execution.identifier] = execution
            self._forget_oldest()
        self._pool.submit(self._run, execution, run)
        return execution.identifier

    def find(self, identifier: str) -> Execution:
        """
        Give an execution.

        Raises:
            ApiError: there is none of that id.
        """
        execution = self._executions.get(identifier)
        if execution is None:
            raise invalid_request(f"QueryExecution {identifier} was not found")
        return execution

    def get(self, request: Any) -> dict[str, Any]:
        """Answer GetQueryExecution, waiting a little for the end."""
        execution = self.find(request["QueryExecutionId"])
        execution.ended.wait(PATIENCE_SECONDS)
        return {"QueryExecution": execution.described}

    def batch_get(self, request: Any) -> dict[str, Any]:
        """Answer BatchGetQueryExecution."""
        found, missing = [], []
        for identifier in request["QueryExecutionIds"]:
            if identifier in self._executions:
                found.append(self._executions[identifier].described)
            else:
                message = f"QueryExecution {identifier} was not found"
                missing.append({"QueryExecutionId": identifier, "ErrorCode": "INVALID_INPUT", "ErrorMessage": message})
        return {"QueryExecutions": found, "UnprocessedQueryExecutionIds": missing}

    def list(self, request: Any) -> dict[str, Any]:
        """Answer ListQueryExecutions, newest first."""
        group = request.get("WorkGroup") or PRIMARY
        with self._lock:
            executions = list(self._executions.values())
        newest = [each.identifier for each in reversed(executions) if each.described["WorkGroup"] == group]
        return page("QueryExecutionIds", newest, request)

    def stop(self, request: Any) -> dict[str, Any]:
        """Answer StopQueryExecution; what has ended stays as it is."""
        execution = self.find(request["QueryExecutionId"])
        if execution.state not in FINAL:
            execution.progress.cancel()
            # An interrupt that comes between two statements is lost on DuckDB, so it is repeated.
            while not execution.ended.wait(0.05):
                execution.progress.cancel()
        return {}

    def results(self, request: Any) -> dict[str, Any]:
        """Answer GetQueryResults: one page of rows, a query's names of columns as the first of all."""
        execution = self.find(request["QueryExecutionId"])
        if execution.state not in FINAL:
            raise invalid_request(
                f"Query has not yet finished. Current state: {execution.state}", "INVALID_QUERY_EXECUTION_STATE"
            )
        if execution.state != "SUCCEEDED" or execution.result is None:
            raise invalid_request(
                f"Query did not finish successfully. Final query state: {execution.state}"
                if execution.state != "SUCCEEDED"
                else "The local Athena keeps no result of this query any longer; its object is in the output location",
                "INVALID_QUERY_EXECUTION_STATE",
            )
        result = execution.result
        token = request.get("NextToken") or "0"
        if not token.isdigit():
            raise invalid_request("Invalid NextToken")
        maximum = request.get("MaxResults") or MAXIMUM_ROWS
        if not 1 <= maximum <= MAXIMUM_ROWS:
            raise invalid_request(f"MaxResults is more than maximum allowed length {MAXIMUM_ROWS}.")
        start = int(token)
        rows = [
            {"Data": [{} if value is None else {"VarCharValue": value} for value in row]}
            for row in result.page(start, maximum)
        ]
        columns = [column.info() for column in result.columns]
        answer: dict[str, Any] = {
            "ResultSet": {"Rows": rows, "ResultSetMetadata": {"ColumnInfo": columns}},
            "UpdateCount": result.update_count or 0,
        }
        if start + maximum < result.row_count + result.has_header:
            answer["NextToken"] = str(start + maximum)
        return answer

    def runtime_statistics(self, request: Any) -> dict[str, Any]:
        """Answer GetQueryRuntimeStatistics."""
        execution = self.find(request["QueryExecutionId"])
        statistics = execution.described["Statistics"]
        keys = (
            "QueryQueueTimeInMillis",
            "ServiceProcessingTimeInMillis",
            "QueryPlanningTimeInMillis",
            "EngineExecutionTimeInMillis",
            "TotalExecutionTimeInMillis",
        )
        rows: dict[str, int] = {"InputBytes": statistics.get("DataScannedInBytes", 0)}
        if execution.result is not None:
            rows["OutputRows"] = execution.result.row_count
        timeline = {key: statistics[key] for key in keys if key in statistics}
        return {"QueryRuntimeStatistics": {"Timeline": timeline, "Rows": rows}}

    def _run(self, execution: Execution, run: Run) -> None:
        begun = time.time()
        status = execution.described["Status"]
        failure: QueryError | None = None
        state = "SUCCEEDED"
        try:
            execution.progress.check()
            status["State"] = "RUNNING"
            result = run(execution)
            self._keep(execution, result)
        except Cancelled:
            state = "CANCELLED"
        except QueryError as error:
            state, failure = "FAILED", error
        except Exception as error:
            logger.exception("query %s failed inside the local Athena", execution.identifier)
            state = "FAILED"
            reason = f"GENERIC_INTERNAL_ERROR: {type(error).__name__}: {error}"
            failure = QueryError(reason, category=Category.SYSTEM, error_type=233)
        self._end(execution, state, failure, begun)

    def _keep(self, execution: Execution, result: Result) -> None:
        described = execution.described
        if result.substatement_type:
            described["SubstatementType"] = result.substatement_type
        if result.data_manifest_location:
            described["Statistics"]["DataManifestLocation"] = result.data_manifest_location
        url = result_url(execution.output_location, result.output_folder + execution.identifier, result.extension)
        if result.extension in (CSV, TEXT):
            self._save(url, result.content())
        described["ResultConfiguration"]["OutputLocation"] = url
        execution.result = result

    def _end(self, execution: Execution, state: str, failure: QueryError | None, begun: float) -> None:
        described = execution.described
        status = described["Status"]
        now = time.time()
        engine, queued = int(1000 * (now - begun)), int(1000 * (begun - status["SubmissionDateTime"]))
        described["Statistics"] |= {
            "EngineExecutionTimeInMillis": engine,
            "DataScannedInBytes": execution.progress.data_scanned_in_bytes,
            "TotalExecutionTimeInMillis": engine + queued,
            "QueryQueueTimeInMillis": queued,
            "QueryPlanningTimeInMillis": 0,
            "ServiceProcessingTimeInMillis": 0,
            "ResultReuseInformation": {"ReusedPreviousResult": False},
        }
        if failure is not None:
            status["StateChangeReason"] = failure.reason
            status["AthenaError"] = {
                "ErrorCategory": int(failure.category),
                "ErrorType": failure.error_type,
                "Retryable": False,
                "ErrorMessage": failure.reason,
            }
        elif state == "CANCELLED":
            status["StateChangeReason"] = "Query cancelled by user"
        status["CompletionDateTime"] = now
        status["State"] = state
        execution.ended.set()

    def _forget_oldest(self) -> None:
        finished = [each for each in self._executions.values() if each.state in FINAL]
        for each in finished[: max(0, len(finished) - MAXIMUM_KEPT_RESULTS)]:
            each.result = None if each.result is not None and each.result.row_count else each.result
        for each in finished[: max(0, len(self._executions) - MAXIMUM_KEPT)]:
            del self._executions[each.identifier]


def described(
    sql: str, request: Any, *, statement_type: str, database: str, work_group: str, engine_version: dict[str, str]
) -> dict[str, Any]:
    """Give what the API shows of an execution that has just been accepted."""
    results = {
        key: value for key, value in (request.get("ResultConfiguration") or {}).items() if key != "OutputLocation"
    }
    shown: dict[str, Any] = {
        "QueryExecutionId": str(uuid.uuid4()),
        "Query": sql,
        "StatementType": statement_type,
        "ResultConfiguration": results,
        "ResultReuseConfiguration": {"ResultReuseByAgeConfiguration": {"Enabled": False}},
        "QueryExecutionContext": {"Database": database, "Catalog": "awsdatacatalog"},
        "Status": {"State": "QUEUED", "SubmissionDateTime": time.time()},
        "Statistics": {},
        "WorkGroup": work_group,
        "EngineVersion": engine_version,
    }
    if request.get("ExecutionParameters"):
        shown["ExecutionParameters"] = request["ExecutionParameters"]
    return shown


def result_url(output_location: str, identifier: str, extension: str) -> str:
    """Give the URL of the object in which a result is left."""
    folder = output_location if output_location.endswith("/") else output_location + "/"
    return f"{folder}{identifier}.{extension}" if extension else f"{folder}{identifier}"
