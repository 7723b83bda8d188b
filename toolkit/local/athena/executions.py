"""Query executions: accepted, queued, run on a pool of threads, and kept; their results lie in the output location."""

from __future__ import annotations

import hashlib
import json
import logging
import threading
import time
import uuid
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from itertools import islice
from typing import Any

from toolkit.local.athena.errors import Cancelled, Category, QueryError, invalid_request
from toolkit.local.athena.limits import Limits, Rate, too_many_queries
from toolkit.local.athena.metadata import page
from toolkit.local.athena.results import CSV, NOTHING, TEXT, Left, Result, rows_left
from toolkit.local.athena.session import Progress
from toolkit.local.athena.shelf import Documents, Shelf
from toolkit.local.athena.storage import Storage
from toolkit.local.athena.work_groups import PRIMARY
from toolkit.local.errors import is_disk_full

logger = logging.getLogger(__name__)

# How many queries run at once; more wait as QUEUED. They share DuckDB's threads and memory, so a few long ones must not keep
# short ones waiting.
WORKERS = 20

# GetQueryExecution waits so long for a query to end: a client that polls by the second then sees a short query at once.
PATIENCE_SECONDS = 2.0

# A waiting request holds a thread of the server; beyond so many the answer comes at once.
MAXIMUM_WAITING = 16

# GetQueryResults gives at most so many rows a page.
MAXIMUM_ROWS = 1_000

# Beyond so many finished executions the oldest are forgotten, so that memory stays bounded. Athena keeps 45 days.
MAXIMUM_KEPT = 10_000

FINAL = frozenset({"SUCCEEDED", "FAILED", "CANCELLED"})

# How the reasons of Hive's own statements begin; such a reason is left as the result's object. Measured on Athena by the
# authors of athena-local, September 2026, as is where each statement has its object.
HIVE_FAILED = "FAILED: "
_FOLDERS = {"CREATE_TABLE_AS_SELECT": "tables/"}
_EXTENSIONS = {
    "CREATE_TABLE_AS_SELECT": NOTHING,
    "EXPLAIN": TEXT,
    "INSERT": NOTHING,
    "OPTIMIZE": NOTHING,
    "UNLOAD": NOTHING,
    "VACUUM": NOTHING,
}


@dataclass(slots=True)
class Execution:
    """
    One execution: ``described`` is what the API shows of it, ``left`` what lies in its output location.

    ``database`` is where names without one are looked up, which a request need not give. A ``token`` that comes again with a
    request of the same ``fingerprint`` means this execution.
    """

    described: dict[str, Any]
    output_location: str
    progress: Progress
    database: str = ""
    token: str = ""
    fingerprint: str = ""
    ended: threading.Event = field(default_factory=threading.Event)
    left: Left | None = None
    future: Future[None] | None = None

    @property
    def identifier(self) -> str:
        """Its QueryExecutionId."""
        return str(self.described["QueryExecutionId"])

    @property
    def state(self) -> str:
        """QUEUED, RUNNING, SUCCEEDED, FAILED or CANCELLED."""
        return str(self.described["Status"]["State"])


Run = Callable[[Execution], Result]


class Executions:
    """The executions of an account."""

    def __init__(self, storage: Storage, documents: Documents | None = None, limits: Limits | None = None) -> None:
        self._storage = storage
        self._limits = limits or Limits()
        self._rate = Rate(self._limits)
        self._pool = ThreadPoolExecutor(WORKERS, thread_name_prefix="athena")
        self._waiting = threading.BoundedSemaphore(MAXIMUM_WAITING)
        self._lock = threading.Lock()
        self._shelf = Shelf("athena/executions", documents)
        self._executions: dict[str, Execution] = {}
        self._active: set[str] = set()
        self._by_token: dict[str, str] = {}
        self._is_closing = False
        for key, document in self._shelf.items():
            self._executions[key] = _restored(document)
            if document["token"]:
                self._by_token[document["token"]] = key
        for execution in self._executions.values():
            if execution.state not in FINAL:
                self._end(execution, "FAILED", _interrupted(), time.time())

    def close(self) -> None:
        """Stop what runs, and take no more."""
        self._is_closing = True
        self._pool.shutdown(wait=False, cancel_futures=True)
        with self._lock:
            running = [each for each in self._executions.values() if each.future is not None and each.future.running()]
        for each in running:
            each.progress.cancel()
        for each in running:
            _interrupt(each)
        self._pool.shutdown(wait=True)

    def begun_with(self, token: str, fingerprint: str) -> str | None:
        """
        Give the execution that a request with this token began.

        Raises:
            ApiError: it was another request that it began.
        """
        with self._lock:
            identifier = self._by_token.get(token)
        if identifier is None or identifier not in self._executions:
            return None
        if self._executions[identifier].fingerprint != fingerprint:
            raise invalid_request("Idempotent parameters do not match", "IDEMPOTENT_PARAMETER_MISMATCH")
        return identifier

    def start(self, execution: Execution, run: Run) -> str:
        """
        Queue an execution.

        Raises:
            ApiError: as many are active as the account may have, or they come too fast.
        """
        self._rate.spend()
        with self._lock:
            # Two requests with one token may come at once.
            if execution.token and execution.token in self._by_token:
                return self._by_token[execution.token]
            if len(self._active) >= self._limits.active_queries:
                raise too_many_queries()
            if not _is_managed(execution.described):
                location = result_url(execution.output_location, execution.described)
                execution.described["ResultConfiguration"]["OutputLocation"] = location
            # Before anything else, since the disk may be full.
            self._keep_on_disk(execution, execution.state)
            if execution.token:
                self._by_token[execution.token] = execution.identifier
            self._executions[execution.identifier] = execution
            self._active.add(execution.identifier)
            self._forget_oldest()
            execution.future = self._pool.submit(self._run, execution, run)
        # At once where it is stopped before its turn has come; at the end of the platform it stands there as interrupted.
        execution.future.add_done_callback(lambda future: self._never_run(execution) if future.cancelled() else None)
        return execution.identifier

    def reusable(self, sql: str, database: str, group: str, parameters: Any, age_in_minutes: int) -> Execution | None:
        """Find the newest query of the same text and settings that ended well, is young enough, and left its result."""
        oldest = time.time() - 60 * age_in_minutes
        shown = as_shown(sql)
        with self._lock:
            candidates = list(reversed(self._executions.values()))
        for each in candidates:
            described = each.described
            if (
                described["Query"] == shown
                and described["WorkGroup"] == group
                and each.database == database
                and described.get("ExecutionParameters") == (parameters or None)
                and each.state == "SUCCEEDED"
                and each.left is not None
                and described.get("SubstatementType") == "SELECT"
                and not described["Statistics"]["ResultReuseInformation"]["ReusedPreviousResult"]
                and described["Status"]["CompletionDateTime"] >= oldest
                and self._storage.exists(each.left.location)
            ):
                return each
        return None

    def find(self, identifier: str) -> Execution:
        """
        Give an execution.

        Raises:
            ApiError: there is none of that id.
        """
        execution = self._executions.get(identifier)
        if execution is None:
            raise invalid_request(f"QueryExecution {identifier} was not found", "QUERY_EXECUTION_NOT_FOUND")
        return execution

    def get(self, request: Any) -> dict[str, Any]:
        """Answer GetQueryExecution, waiting a little for the end."""
        execution = self.find(request["QueryExecutionId"])
        if not execution.ended.is_set() and self._waiting.acquire(blocking=False):
            try:
                execution.ended.wait(PATIENCE_SECONDS)
            finally:
                self._waiting.release()
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
            if execution.future is not None:
                execution.future.cancel()
            if not execution.ended.is_set():
                threading.Thread(target=_interrupt, args=(execution,), name="stop", daemon=True).start()
                execution.ended.wait(PATIENCE_SECONDS)
        return {}

    def results(self, request: Any) -> dict[str, Any]:
        """
        Answer GetQueryResults: one page of rows, a query's names of columns as the first of all.

        The order of its checks and what it says of failed statements was measured on Athena by the authors of athena-local,
        September 2026.
        """
        execution = self.find(request["QueryExecutionId"])
        maximum = request.get("MaxResults") or MAXIMUM_ROWS
        if maximum > MAXIMUM_ROWS:
            raise invalid_request(f"MaxResults is more than maximum allowed length {MAXIMUM_ROWS}")
        if execution.state not in FINAL:
            raise invalid_request(
                f"Query has not yet finished. Current state: {execution.state}", "INVALID_QUERY_EXECUTION_STATE"
            )
        if execution.state == "FAILED" and _failed_in_hive(execution.described):
            return {"ResultSet": {"Rows": []}}
        if execution.state == "CANCELLED" or (execution.state == "FAILED" and _is_alteration(execution.described)):
            raise invalid_request("Could not find results", "RESULT_NOT_FOUND")
        if execution.state != "SUCCEEDED" or execution.left is None:
            raise invalid_request(
                f"Query did not finish successfully. Final query state: {execution.state}",
                "INVALID_QUERY_EXECUTION_STATE",
            )
        left = execution.left
        if request.get("QueryResultType") == "DATA_MANIFEST":
            return self._manifest(execution, request)
        rows, token = rows_left(left, self._storage, request.get("NextToken"), maximum)
        shown = [{"Data": [{} if value is None else {"VarCharValue": value} for value in row]} for row in rows]
        answer: dict[str, Any] = {
            "ResultSet": {"Rows": shown, "ResultSetMetadata": {"ColumnInfo": list(left.columns)}},
        }
        if left.update_count is not None or left.extension == CSV:
            answer["UpdateCount"] = left.update_count or 0
        return {**answer, "NextToken": token} if token else answer

    def _manifest(self, execution: Execution, request: Any) -> dict[str, Any]:
        url = execution.described["Statistics"].get("DataManifestLocation")
        files = self._storage.slice(url, 0, 2**31).decode().splitlines() if url else []
        shown = page("Rows", [{"Data": [{"VarCharValue": file}]} for file in files], request, maximum=MAXIMUM_ROWS)
        token = shown.pop("NextToken", None)
        answer = {"ResultSet": {**shown, "ResultSetMetadata": {"ColumnInfo": []}}, "UpdateCount": 0}
        return {**answer, "NextToken": token} if token else answer

    def runtime_statistics(self, request: Any) -> dict[str, Any]:
        """Answer GetQueryRuntimeStatistics."""
        execution = self.find(request["QueryExecutionId"])
        if execution.state not in FINAL:
            raise invalid_request(
                f"Query has not yet finished. Current state: {execution.state}", "INVALID_QUERY_EXECUTION_STATE"
            )
        statistics = execution.described["Statistics"]
        keys = (
            "QueryQueueTimeInMillis",
            "ServicePreProcessingTimeInMillis",
            "QueryPlanningTimeInMillis",
            "EngineExecutionTimeInMillis",
            "ServiceProcessingTimeInMillis",
            "TotalExecutionTimeInMillis",
        )
        rows: dict[str, int] = {"InputBytes": statistics.get("DataScannedInBytes", 0)}
        if execution.progress.rows_read is not None:
            rows["InputRows"] = execution.progress.rows_read
        shown: dict[str, Any] = {"Timeline": {key: statistics[key] for key in keys if key in statistics}, "Rows": rows}
        if execution.left is not None:
            rows |= {"OutputRows": execution.left.row_count, "OutputBytes": execution.left.size_in_bytes}
            stage_state = {"SUCCEEDED": "FINISHED", "FAILED": "FAILED"}.get(execution.state, "CANCELED")
            shown["OutputStage"] = {
                "StageId": 0,
                "State": stage_state,
                "ExecutionTime": statistics["EngineExecutionTimeInMillis"],
                **rows,
                "SubStages": [],
            }
        return {"QueryRuntimeStatistics": shown}

    def forget_group(self, group: str) -> None:
        """Forget the finished executions of a work group that is deleted."""
        with self._lock:
            for each in list(self._executions.values()):
                if each.described["WorkGroup"] == group and each.state in FINAL:
                    self._forget(each)

    def _never_run(self, execution: Execution) -> None:
        if not self._is_closing:
            self._end(execution, "CANCELLED", None, time.time())

    def _run(self, execution: Execution, run: Run) -> None:
        begun = time.time()
        status = execution.described["Status"]
        failure: QueryError | None = None
        state = "SUCCEEDED"
        try:
            execution.progress.begin()
            execution.progress.check()
            status["State"] = "RUNNING"
            with self._storage.copies.reading():
                result = run(execution)
            self._keep(execution, result)
        except Cancelled:
            state, failure = ("FAILED", _interrupted()) if self._is_closing else ("CANCELLED", None)
        except QueryError as error:
            state, failure = "FAILED", error
        except Exception as error:
            state, reason = "FAILED", f"GENERIC_INTERNAL_ERROR: {type(error).__name__}: {error}"
            if is_disk_full(error):
                reason = "GENERIC_INTERNAL_ERROR: the disk of the local platform is full: delete objects, or free room"
            else:
                logger.exception("query %s failed inside the local Athena", execution.identifier)
            failure = QueryError(reason, category=Category.SYSTEM, error_type=233)
        self._end(execution, state, failure, begun)

    def _keep(self, execution: Execution, result: Result) -> None:
        described = execution.described
        if result.substatement_type:
            described["SubstatementType"] = result.substatement_type
        if result.data_manifest_location:
            described["Statistics"]["DataManifestLocation"] = result.data_manifest_location
        if result.reused_location:
            url = result.reused_location
        else:
            url = result_url(execution.output_location, described)
            result.save(url, self._storage, described)
        if not _is_managed(described):
            described["ResultConfiguration"]["OutputLocation"] = url
        described["Statistics"]["ResultReuseInformation"] = {"ReusedPreviousResult": bool(result.reused_location)}
        execution.left = result.left(url)

    def _end(self, execution: Execution, state: str, failure: QueryError | None, begun: float) -> None:
        described = execution.described
        status = described["Status"]
        now = time.time()
        # Nothing takes no time at all; the service never says so, and clients count on it.
        engine, queued = (max(1, int(1000 * each)) for each in (now - begun, begun - status["SubmissionDateTime"]))
        planning = max(1, min(engine, execution.progress.planning_time_in_millis))
        described["Statistics"] |= {
            "EngineExecutionTimeInMillis": engine,
            "DataScannedInBytes": execution.progress.data_scanned_in_bytes,
            "TotalExecutionTimeInMillis": engine + queued + 2,
            "QueryQueueTimeInMillis": queued,
            "ServicePreProcessingTimeInMillis": 1,
            "QueryPlanningTimeInMillis": planning,
            "ServiceProcessingTimeInMillis": 1,
        }
        described["Statistics"].setdefault("ResultReuseInformation", {"ReusedPreviousResult": False})
        if failure is not None:
            status["StateChangeReason"] = failure.reason
            status["AthenaError"] = {
                "ErrorCategory": int(failure.category),
                "ErrorType": failure.error_type,
                "Retryable": failure.is_retryable,
                "ErrorMessage": failure.reason,
            }
        elif state == "CANCELLED":
            status["StateChangeReason"] = execution.progress.reason or "Query cancelled by user"
        if failure is not None and _failed_in_hive(described) and not _is_managed(described):
            self._leave_reason(described["ResultConfiguration"]["OutputLocation"], failure)
        status["CompletionDateTime"] = now
        # Whoever sees that it has ended finds it there after a restart, and may start the next one.
        with self._lock:
            try:
                self._keep_on_disk(execution, state)
            except OSError as error:
                # After a restart it stands there as interrupted.
                logger.warning("how query %s ended is not on disk: %s", execution.identifier, error)
            status["State"] = state
            self._active.discard(execution.identifier)
        execution.ended.set()

    def _leave_reason(self, url: str, failure: QueryError) -> None:
        try:
            self._storage.write(url, failure.reason.encode())
        except (QueryError, OSError) as error:
            logger.warning("the reason of a failed statement is not in %s: %s", url, error)

    def _keep_on_disk(self, execution: Execution, state: str) -> None:
        status = {**execution.described["Status"], "State": state}
        self._shelf[execution.identifier] = {
            "described": {**execution.described, "Status": status},
            "output_location": execution.output_location,
            "database": execution.database,
            "token": execution.token,
            "fingerprint": execution.fingerprint,
            "left": None if execution.left is None else execution.left.document(),
        }

    def _forget_oldest(self) -> None:
        finished = (each for each in self._executions.values() if each.state in FINAL)
        for each in list(islice(finished, max(0, len(self._executions) - MAXIMUM_KEPT))):
            self._forget(each)

    def _forget(self, execution: Execution) -> None:
        del self._executions[execution.identifier]
        self._by_token.pop(execution.token, None)
        self._shelf.pop(execution.identifier, None)


def fingerprint(request: Any, output_location: str) -> str:
    """
    Give a text that is alike for requests that ask the same: the query, where it is looked up, and where its result goes.

    Nothing else counts. Measured on Athena by the authors of athena-local, September 2026.
    """
    context = request.get("QueryExecutionContext") or {}
    asked = [request["QueryString"], context.get("Catalog"), context.get("Database"), output_location]
    return hashlib.sha256(json.dumps(asked).encode()).hexdigest()


def described(
    sql: str,
    request: Any,
    *,
    statement_type: str,
    substatement_type: str,
    work_group: str,
    configuration: dict[str, Any],
) -> dict[str, Any]:
    """Give what the API shows of an execution that has just been accepted."""
    own = request.get("ResultConfiguration") or {}
    shared = configuration.get("ResultConfiguration") or {}
    first, second = (shared, own) if configuration.get("EnforceWorkGroupConfiguration") else (own, shared)
    results = {key: value for key, value in {**second, **first}.items() if key != "OutputLocation"}
    reuse = (request.get("ResultReuseConfiguration") or {}).get("ResultReuseByAgeConfiguration") or {"Enabled": False}
    context = request.get("QueryExecutionContext") or {}
    shown_context = {"Database": context.get("Database"), "Catalog": (context.get("Catalog") or "").lower()}
    shown: dict[str, Any] = {
        "QueryExecutionId": str(uuid.uuid4()),
        "Query": as_shown(sql),
        "StatementType": statement_type,
        "ResultConfiguration": results,
        "ResultReuseConfiguration": {"ResultReuseByAgeConfiguration": reuse},
        "QueryExecutionContext": {key: value for key, value in shown_context.items() if value},
        "Status": {"State": "QUEUED", "SubmissionDateTime": time.time()},
        "Statistics": {},
        "WorkGroup": work_group,
        "EngineVersion": configuration["EngineVersion"],
    }
    managed = configuration.get("ManagedQueryResultsConfiguration") or {}
    if managed.get("Enabled"):
        shown["ManagedQueryResultsConfiguration"] = managed
    if substatement_type:
        shown["SubstatementType"] = substatement_type
    if request.get("ExecutionParameters"):
        shown["ExecutionParameters"] = request["ExecutionParameters"]
    return shown


def as_shown(sql: str) -> str:
    """Give the text of a query as Athena gives it back."""
    return sql.strip().removesuffix(";").rstrip()


def _interrupt(execution: Execution) -> None:
    """Stop what runs. An interrupt that comes between two statements is lost on DuckDB, so it is repeated."""
    while not execution.ended.wait(0.05):
        execution.progress.cancel()


def _is_managed(described: dict[str, Any]) -> bool:
    """Tell whether Athena keeps the result itself, and shows no location of it."""
    return "ManagedQueryResultsConfiguration" in described


def _failed_in_hive(described: dict[str, Any]) -> bool:
    """Tell whether a failed statement is one of Hive's DDL, not of the engine."""
    reason: str = described["Status"]["StateChangeReason"]
    return described["StatementType"] != "DML" and reason.startswith(HIVE_FAILED)


def _is_alteration(described: dict[str, Any]) -> bool:
    return str(described.get("SubstatementType", "")).startswith("ALTER_TABLE_")


def result_url(output_location: str, described: dict[str, Any]) -> str:
    """Give the URL of the object in which an execution leaves its result, or would."""
    folder = output_location if output_location.endswith("/") else output_location + "/"
    kind = described.get("SubstatementType", "")
    extension = _EXTENSIONS.get(kind, CSV if described["StatementType"] == "DML" else TEXT)
    url = f"{folder}{_FOLDERS.get(kind, '')}{described['QueryExecutionId']}"
    return f"{url}.{extension}" if extension else url


def _restored(document: dict[str, Any]) -> Execution:
    execution = Execution(
        document["described"],
        document["output_location"],
        Progress(),
        document.get("database", ""),
        document["token"],
        document.get("fingerprint", ""),
    )
    execution.left = None if document["left"] is None else Left.of(document["left"])
    execution.progress.data_scanned_in_bytes = document["described"]["Statistics"].get("DataScannedInBytes", 0)
    if execution.state in FINAL:
        execution.ended.set()
    return execution


def _interrupted() -> QueryError:
    return QueryError(
        "GENERIC_INTERNAL_ERROR: the local Athena was stopped while this query ran; start it again",
        category=Category.SYSTEM,
        error_type=233,
        is_retryable=True,
    )
