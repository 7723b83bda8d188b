"""Run SQL: through PyAthena, with progress, cancelling on interrupt, and errors of our own."""

from __future__ import annotations

import logging
import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from toolkit import aws
from toolkit.athena.executions import QueryExecution
from toolkit.errors import AwsError, QueryFailed

if TYPE_CHECKING:
    import pandas as pd

# Athena itself needs some hundred milliseconds for the smallest query.
POLL_INTERVAL_IN_SECONDS = 0.3

OnProgress = Callable[[QueryExecution], None]


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
    the process. An interrupt (Ctrl-C, the notebook's stop button) cancels the running query on Athena too.
    """

    def __init__(
        self, *, database: str = "default", work_group: str | None = None, output_location: str | None = None
    ) -> None:
        self.database = database
        self.work_group = work_group
        self.output_location = output_location
        self._connection: Any = None
        self.last_execution: QueryExecution | None = None

    def __enter__(self) -> Athena:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Close the connection; a later query opens a new one."""
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def execute(
        self, sql: str, parameters: Sequence[Any] | None = None, *, on_progress: OnProgress | None = None
    ) -> QueryExecution:
        """
        Run one statement to its end and return what Athena says of it.

        *parameters* are bound by Athena to the ``?`` of the statement, strings already quoted as literals.
        *on_progress* is called with the `QueryExecution` at each poll.

        Raises:
            QueryFailed: the query ended as FAILED or CANCELLED; carries Athena's reason.
            AwsError: the service refused the call or can't be reached.
        """
        from pyathena.cursor import Cursor

        self._run(Cursor, sql, parameters, on_progress)
        assert self.last_execution is not None  # noqa: S101 - set by every run that does not raise
        return self.last_execution

    def query(
        self, sql: str, parameters: Sequence[Any] | None = None, *, on_progress: OnProgress | None = None
    ) -> pd.DataFrame:
        """
        Run one query and return its rows as a DataFrame, typed after Athena's columns.

        Rows, arrays and maps arrive as the text that Athena prints; take them apart in SQL (``customer.tier``,
        ``CROSS JOIN UNNEST``). `last_execution` holds the statistics afterwards. Raises as `execute` does.
        """
        from pyathena.pandas.cursor import PandasCursor

        cursor = self._run(PandasCursor, sql, parameters, on_progress)
        with translated_errors():
            frame: pd.DataFrame = cursor.as_pandas()
        return frame

    def fetch(self, sql: str, parameters: Sequence[Any] | None = None) -> list[tuple[Any, ...]]:
        """Run one query and return its rows as tuples of Python values, without pandas; raises as `execute` does."""
        from pyathena.cursor import Cursor

        cursor = self._run(Cursor, sql, parameters, None)
        with translated_errors():
            rows: list[tuple[Any, ...]] = cursor.fetchall()
        return rows

    def _run(
        self, cursor_class: type, sql: str, parameters: Sequence[Any] | None, on_progress: OnProgress | None
    ) -> Any:
        if self._connection is None:
            self._connection = connect(
                database=self.database, work_group=self.work_group, output_location=self.output_location
            )

        def on_poll(status: Any) -> None:
            self.last_execution = execution_from_pyathena(status)
            if on_progress is not None:
                on_progress(self.last_execution)

        with translated_errors():
            cursor = self._connection.cursor(cursor_class, on_poll=on_poll)
            try:
                cursor.execute(sql, parameters=list(parameters) if parameters else None, paramstyle="qmark")
            except Exception as error:
                last = self.last_execution
                if (
                    last is not None
                    and last.query_execution_id == cursor.query_id
                    and last.state in ("FAILED", "CANCELLED")
                ):
                    raise QueryFailed(
                        last.state_change_reason or str(error),
                        query_execution_id=last.query_execution_id,
                        state=last.state,
                        query=sql,
                    ) from error
                raise
        return cursor


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
