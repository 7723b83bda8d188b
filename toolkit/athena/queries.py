"""Run SQL: through PyAthena, with progress, cancelling on interrupt, and errors of our own."""

from __future__ import annotations

import logging
import os
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from toolkit import aws
from toolkit.athena.executions import QueryExecution
from toolkit.athena.hints import hint, missing_table_hint
from toolkit.athena.parameters import bind
from toolkit.athena.scan import ScanEstimate, Scanner
from toolkit.errors import (
    AwsError,
    BudgetExceeded,
    CredentialsMissing,
    InvalidInput,
    NotFound,
    QueryFailed,
    ToolkitError,
)

if TYPE_CHECKING:
    import pandas as pd

# Athena itself needs some hundred milliseconds for the smallest query.
POLL_INTERVAL_IN_SECONDS = 0.3

OnProgress = Callable[[QueryExecution], object]
Parameters = Mapping[str, Any] | Sequence[Any] | None
# What PyAthena and we read besides the settings of every client.
_VARIABLES = ("AWS_ATHENA_WORK_GROUP", "AWS_ATHENA_S3_STAGING_DIR")


def _settings() -> tuple[object, ...]:
    return aws.settings(), *map(os.environ.get, _VARIABLES)


def connect(
    *,
    database: str = "default",
    work_group: str | None = None,
    output_location: str | None = None,
    **options: Any,
) -> Any:
    """
    Return a PyAthena connection that follows the environment, endpoint included.

    The work group is *work_group*, else ``AWS_ATHENA_WORK_GROUP``, else ``primary``; results go to *output_location*, else
    ``AWS_ATHENA_S3_STAGING_DIR``, else to where the work group puts them. *options* go to ``pyathena.connect``.

    Source: https://pyathena.dev/
    """
    import pyathena

    # What PyAthena logs it also raises, and we report that once; an application's own handlers still get the records.
    logging.getLogger("pyathena").addHandler(logging.NullHandler())
    with translated_errors():
        return pyathena.connect(
            session=aws.session(),
            schema_name=database,
            work_group=work_group or os.environ.get("AWS_ATHENA_WORK_GROUP") or "primary",
            s3_staging_dir=output_location,
            poll_interval=POLL_INTERVAL_IN_SECONDS,
            **options,
        )


class Athena:
    """
    Athena in one database and work group.

    Holds a PyAthena connection, which is made when first needed; use it as a context manager or leave it to the end of
    the process. An interrupt (Ctrl-C, the notebook's stop button) cancels the running query on Athena too, and so does
    `cancel` from another thread. One statement at a time. `last_execution` is what Athena last said of it, `last_columns` are the
    names and types of the last DataFrame's columns.
    """

    def __init__(
        self, *, database: str = "default", work_group: str | None = None, output_location: str | None = None
    ) -> None:
        self.database = database
        self.work_group = work_group
        self.output_location = output_location
        self._connection: Any = None
        self._scanner: Scanner | None = None
        self._settings = _settings()
        self._cancelled = threading.Event()
        self.last_execution: QueryExecution | None = None
        self.last_columns: tuple[tuple[str, str], ...] = ()

    def __enter__(self) -> Athena:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Close the connection; a later query opens a new one."""
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def estimate(self, sql: str, parameters: Parameters = None) -> ScanEstimate:
        """
        Return what the statement would read and cost, without running it; see `toolkit.athena.ScanEstimate`.

        Raises:
            NotFound: a table is not there.
            AwsError: Glue or S3 refused or can't be reached.
        """
        self._follow_environment()
        if self._scanner is None:
            self._scanner = Scanner()
        return self._scanner.estimate(sql, parameters, database=self.database)

    def _follow_environment(self) -> None:
        """Let go what was made for another account or endpoint: a notebook may set AWS_PROFILE between two cells."""
        settings = _settings()
        if settings != self._settings:
            self.close()
            self._scanner, self._settings = None, settings

    def execute(
        self,
        sql: str,
        parameters: Parameters = None,
        *,
        on_progress: OnProgress | None = None,
        budget_in_bytes: int | None = None,
        reuse_minutes: int | None = None,
    ) -> QueryExecution:
        """
        Run one statement to its end and return what Athena says of it.

        *parameters* are Python values that Athena binds: a mapping to the ``:name`` of the statement, a sequence to its ``?``;
        see `toolkit.athena.parameters`. *on_progress* is called with the `QueryExecution` at each poll. With
        *budget_in_bytes* a query that would read more is not started, and one that does is stopped. With *reuse_minutes*
        Athena may answer with the result of the same statement if it is not older.

        Raises:
            QueryFailed: the query ended as FAILED or CANCELLED; carries Athena's reason.
            BudgetExceeded: the query would read more than its budget, or was stopped when it did.
            InvalidInput: there is no statement, or a parameter is missing or can't be written as a literal.
            AwsError: the service refused the call or can't be reached.
        """
        from pyathena.cursor import Cursor

        self._run(Cursor, sql, parameters, on_progress, budget_in_bytes, reuse_minutes)
        assert self.last_execution is not None  # noqa: S101 - set by every run that does not raise
        return self.last_execution

    def query(
        self,
        sql: str,
        parameters: Parameters = None,
        *,
        on_progress: OnProgress | None = None,
        budget_in_bytes: int | None = None,
        reuse_minutes: int | None = None,
    ) -> pd.DataFrame:
        """
        Run one query and return its rows as a DataFrame, typed after Athena's columns.

        Rows, arrays and maps arrive as the text that Athena prints; take them apart in SQL (``customer.tier``,
        ``CROSS JOIN UNNEST``). `last_execution` holds the statistics afterwards. Takes and raises what `execute` does.
        """
        from toolkit.athena.results import ResultCursor

        cursor = self._run(ResultCursor, sql, parameters, on_progress, budget_in_bytes, reuse_minutes)
        with translated_errors():
            frame: pd.DataFrame = cursor.as_frame()
            self.last_columns = tuple((column[0], column[1]) for column in cursor.description or ())
        return frame

    def fetch(self, sql: str, parameters: Parameters = None) -> list[tuple[Any, ...]]:
        """Run one query and return its rows as tuples of Python values, without pandas; raises as `execute` does."""
        from pyathena.cursor import Cursor

        cursor = self._run(Cursor, sql, parameters)
        with translated_errors():
            rows: list[tuple[Any, ...]] = cursor.fetchall()
        return rows

    def cancel(self) -> None:
        """Stop the statement that runs in another thread, on Athena too: its call raises QueryFailed as CANCELLED."""
        self._cancelled.set()
        running = self.last_execution
        if running is not None and running.state in ("QUEUED", "RUNNING"):
            _stop(running.query_execution_id)

    def _forget(self) -> None:
        # Set in `_run` itself, mypy would take it for None until the end, though the callbacks set it.
        self.last_execution = None

    def _run(
        self,
        cursor_class: type,
        sql: str,
        parameters: Parameters,
        on_progress: OnProgress | None = None,
        budget_in_bytes: int | None = None,
        reuse_minutes: int | None = None,
    ) -> Any:
        if not sql.strip():
            raise InvalidInput("the statement is empty: give SQL, such as 'SELECT 1'")
        bound = bind(sql, parameters)
        self._cancelled.clear()
        self._forget()
        self._follow_environment()
        if budget_in_bytes is not None:
            try:
                expected = self.estimate(bound.inlined).data_scanned_in_bytes
            except NotFound as error:
                error.hint = missing_table_hint(bound.inlined, self.database)
                raise
            if expected > budget_in_bytes:
                raise BudgetExceeded(budget_in_bytes=budget_in_bytes, data_scanned_in_bytes=expected)
        if self._connection is None:
            self._connection = connect(
                database=self.database, work_group=self.work_group, output_location=self.output_location
            )
        over_budget = threading.Event()

        def on_start(query_execution_id: str) -> None:
            self.last_execution = QueryExecution(query_execution_id, sql, "QUEUED")
            if self._cancelled.is_set():
                _stop(query_execution_id)

        def on_poll(status: Any) -> None:
            found = execution_from_pyathena(status)
            self.last_execution = found
            if on_progress is not None:
                on_progress(found)
            if budget_in_bytes is not None and found.data_scanned_in_bytes > budget_in_bytes:
                over_budget.set()
            if found.state in ("QUEUED", "RUNNING") and (over_budget.is_set() or self._cancelled.is_set()):
                _stop(found.query_execution_id)

        with self._renewed_after_a_sign_in(), translated_errors():
            cursor = self._connection.cursor(cursor_class, on_poll=on_poll)
            try:
                cursor.execute(
                    bound.sql,
                    list(bound.literals) or None,
                    paramstyle="qmark",
                    on_start_query_execution=on_start,
                    result_reuse_enable=True if reuse_minutes is not None else None,
                    result_reuse_minutes=reuse_minutes,
                )
            except Exception as error:
                last = self.last_execution
                if last is None or last.state not in ("FAILED", "CANCELLED"):
                    raise
                broken_budget = budget_in_bytes if over_budget.is_set() else None
                raise _failure(sql, last, str(error), broken_budget, self.database) from error
        return cursor

    @contextmanager
    def _renewed_after_a_sign_in(self) -> Iterator[None]:
        try:
            yield
        except CredentialsMissing:
            # The connection keeps the session that had none.
            self.close()
            raise


def _failure(sql: str, last: QueryExecution, said: str, broken_budget: int | None, database: str) -> ToolkitError:
    if broken_budget is not None:
        return BudgetExceeded(
            budget_in_bytes=broken_budget,
            data_scanned_in_bytes=last.data_scanned_in_bytes,
            query_execution_id=last.query_execution_id,
        )
    reason = last.state_change_reason or said
    return QueryFailed(
        reason,
        query_execution_id=last.query_execution_id,
        state=last.state,
        query=sql,
        hint=hint(reason, sql, database),
    )


def _stop(query_execution_id: str) -> None:
    aws.call("athena", "stop_query_execution", QueryExecutionId=query_execution_id)


def execution_from_pyathena(status: Any) -> QueryExecution:
    """Return our value for PyAthena's `AthenaQueryExecution`."""
    return QueryExecution(
        query_execution_id=status.query_id,
        query=status.query or "",
        state=status.state or "",
        statement_type=status.statement_type or "",
        state_change_reason=status.state_change_reason or "",
        work_group=status.work_group or "",
        output_location=status.output_location or "",
        data_scanned_in_bytes=status.data_scanned_in_bytes or 0,
        total_execution_time_in_millis=status.total_execution_time_in_millis or 0,
        reused_previous_result=bool(status.reused_previous_result),
    )


@contextmanager
def translated_errors() -> Iterator[None]:
    """Turn PyAthena's and the SDK's errors into ours; PyAthena keeps the SDK's as the cause."""
    import pyathena.error

    with aws.translated_errors("athena"):
        try:
            yield
        except pyathena.error.Error as error:
            cause = error.__cause__
            if cause is not None and aws.is_foreign(cause):
                raise cause from error
            raise AwsError(str(error), service="athena") from error
