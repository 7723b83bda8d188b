"""The table creator without its picture: settings, the statement they make, and the table on Athena."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from toolkit import aws
from toolkit.athena import Athena, QueryExecution
from toolkit.athena.catalog import Catalog
from toolkit.errors import InvalidInput, NotFound, QueryFailed, TableError, ToolkitError
from toolkit.hive import (
    Column,
    DateProjection,
    Table,
    TablePlan,
    changes,
    create_database_sql,
    create_table_sql,
    losses_frame,
    normalise_location,
    plan_table,
    repair_table_sql,
)
from toolkit.hive.rules import check_name
from toolkit.repositories import event_name
from toolkit.widgets.models.observable import TextState
from toolkit.widgets.models.schema_choice import SchemaChoice
from toolkit.widgets.models.table_code import creation_code

if TYPE_CHECKING:
    import pandas as pd

OnProgress = Callable[[QueryExecution], object]
IDLE, RUNNING, DONE, FAILED, CANCELLED = "idle", "running", "done", "failed", "cancelled"
MOST_DIFFERENCES = 3


@dataclass(frozen=True, slots=True)
class TableCreation:
    """A table that can be queried now; ``executions`` are the statements that ran, ``existed`` says that it was there before."""

    table: Table
    executions: tuple[QueryExecution, ...]
    existed: bool

    def __str__(self) -> str:
        keys = ", ".join(key.name for key in self.table.partition_keys)
        layout = f", partitioned by {keys}" if keys else ""
        how = "was there already" if self.existed else "is created"
        return f"{self.table.database}.{self.table.name} {how}: {len(self.table.columns)} columns{layout}"


class TableCreatorModel(SchemaChoice):
    """
    Settings that make a table, as plain attributes; those of `SchemaChoice` say of which events.

    ``partition_keys`` is a text such as ``dt`` or ``year:int, month:int``.
    With ``project_from``, a day such as 2026-03-01, Athena computes the partitions of the one key from that day to today;
    without it, `create` registers those that lie at the location.

    ``state`` is idle, running, done, failed or cancelled, and ``message`` the sentence to it.

    Any text is taken; `problems` says what is wrong with it. A table that is called as its schema follows the schema, and
    a location that ends with the table's name follows the table.
    """

    database = TextState("events")
    table = TextState("")
    location = TextState("")
    partition_keys = TextState("dt")
    project_from = TextState("")

    def __init__(
        self,
        repository: str | Path = "",
        *,
        schema: str = "",
        version: str = "",
        database: str = "events",
        table: str = "",
        location: str = "",
        partition_keys: str = "dt",
        project_from: str = "",
        work_group: str | None = None,
        output_location: str | None = None,
    ) -> None:
        super().__init__(repository, schema=schema, version=version)
        self.work_group = work_group
        self.output_location = output_location
        self.creation: TableCreation | None = None
        self._plan: TablePlan | None = None
        self._problems: tuple[str, ...] = ()
        self.state = IDLE
        self.message = ""
        self._creating = threading.Lock()
        self._cancelled = threading.Event()
        self.database = database
        self.table = table or (event_name(self.schema) if self.schema else "")
        self.location = location or f"s3://events/{self.table}/"
        self.partition_keys = partition_keys
        self.project_from = project_from
        self.begin()

    @property
    def plan(self) -> TablePlan | None:
        """The table as planned, with its columns' origins; None while there are problems."""
        return self._plan

    @property
    def ddl(self) -> str:
        """The ``CREATE EXTERNAL TABLE`` statement; "" while there are problems."""
        return create_table_sql(self._plan.table) if self._plan else ""

    @property
    def losses(self) -> pd.DataFrame:
        """What may not survive the way into the table: column, pointer, rule, effect, consequence."""
        return losses_frame(self._plan.losses if self._plan else ())

    @property
    def problems(self) -> tuple[str, ...]:
        """What keeps the table from being created, a sentence each; empty if nothing does."""
        return self._problems

    @property
    def python(self) -> str:
        """Lines of Python that make the same table; "" while there are problems."""
        if self._plan is None:
            return ""
        return creation_code(
            self._plan.table,
            repository=self.repository,
            schema=self.schema,
            version=self.version,
            project_from=self.project_from,
            work_group=self.work_group,
            output_location=self.output_location,
        )

    def create(self, on_progress: OnProgress | None = None) -> TableCreation:
        """
        Create the database where it is missing, and the table, and register its partitions; return what was done.

        A table that exists with the same columns, location and format is left as it is. *on_progress* is called with each
        `QueryExecution` that Athena reports. `state` and `message` tell how far it is, also after an error.

        Raises:
            InvalidInput: there are problems, or a creation is running.
            TableError: a table of this name exists and differs.
            QueryFailed: a statement failed, or `cancel` was called.
            AwsError: a service refused a call or can't be reached.
        """
        plan = self._plan
        if plan is None:
            error = InvalidInput(f"not created: {'; '.join(self.problems)}")
            self._tell(FAILED, str(error))
            raise error
        if not self._creating.acquire(blocking=False):
            raise InvalidInput("a table is being created: wait for it, or cancel it")
        try:
            return self._run(plan.table, on_progress)
        finally:
            self._creating.release()

    def _run(self, table: Table, on_progress: OnProgress | None) -> TableCreation:
        self._cancelled.clear()
        self.creation = None
        self._tell(RUNNING, f"Looking for {table.database}.{table.name}")
        try:
            self.creation = self._create(table, on_progress)
        except QueryFailed as error:
            cancelled = error.state == "CANCELLED"
            self._tell(CANCELLED if cancelled else FAILED, error.reason if cancelled else str(error))
            raise
        except ToolkitError as error:
            self._tell(FAILED, str(error))
            raise
        except KeyboardInterrupt:
            self._tell(CANCELLED, "interrupted")
            raise
        except Exception as error:
            self._tell(FAILED, f"{type(error).__name__}: {error}")
            raise
        self._tell(DONE, str(self.creation))
        return self.creation

    def cancel(self) -> None:
        """Stop the statement that runs, on Athena too, and start no other; does nothing when none runs."""
        self._cancelled.set()

    def follow(self, name: str, old: Any) -> None:
        """Let a table that is called as its schema follow it, and a location that ends with the table's name follow that."""
        if name == "schema" and (not self.table or (old and self.table == event_name(old))):
            name, old = "table", self.table
            self.table = event_name(self.schema) if self.schema else ""
        base = self.location.removesuffix("/")
        if name == "table" and old and self.table and base.endswith(f"/{old}"):
            self.location = f"{base.removesuffix(old)}{self.table}/"

    def settle(self) -> None:
        """Plan the table, or find what is wrong."""
        problems = list(self._found_problems())
        self._plan = None
        if not problems:
            try:
                self._plan = self._planned()
            except (ToolkitError, OSError) as error:
                problems.append(str(error))
        self._problems = tuple(problems)
        if self.state != RUNNING:
            # What was said belongs to the settings as they were.
            self.state, self.message = IDLE, ""

    def _found_problems(self) -> Iterator[str]:
        """Yield what can be said of each setting alone, so that all of it can be mended at once."""
        checks: tuple[Callable[[], object], ...] = (
            self.load,
            lambda: check_name(self.database, what="database name"),
            lambda: check_name(self.table, what="table name"),
            lambda: normalise_location(self.location),
            self._keys,
            self._projections,
        )
        for check in checks:
            try:
                check()
            except (ToolkitError, OSError) as error:
                yield str(error)

    def _keys(self) -> tuple[Column, ...]:
        texts = [text.strip() for text in self.partition_keys.split(",")] if self.partition_keys else []
        return tuple(_partition_key(text) for text in texts)

    def _projections(self) -> dict[str, DateProjection]:
        if not self.project_from:
            return {}
        try:
            date.fromisoformat(self.project_from)
        except ValueError as error:
            raise TableError(
                f"project from {self.project_from!r}: expected a day such as 2026-03-01, or nothing"
            ) from error
        names = [text.partition(":")[0].strip() for text in self.partition_keys.split(",")]
        if len(names) != 1 or not names[0]:
            raise TableError(
                f"project from {self.project_from}: expected one partition key that holds days, such as dt"
            )
        return {names[0].lower(): DateProjection(self.project_from)}

    def _planned(self) -> TablePlan:
        return plan_table(
            self.load(),
            database=self.database,
            name=self.table,
            location=self.location,
            partition_keys=self._keys(),
            projections=self._projections(),
        )

    def _tell(self, state: str, message: str) -> None:
        self.state, self.message = state, message
        self.notify()

    def _create(self, table: Table, on_progress: OnProgress | None) -> TableCreation:
        existed = self._exists(table)
        name = f"{table.database}.{table.name}"
        steps = (
            [] if existed else [("the database", create_database_sql(table.database)), (name, create_table_sql(table))]
        )
        if table.partition_keys and "projection.enabled" not in table.parameters:
            steps.append(("the partitions", repair_table_sql(table)))
        executions = []
        with Athena(work_group=self.work_group, output_location=self.output_location) as athena:
            for number, (what, sql) in enumerate(steps, 1):
                self._tell(RUNNING, f"Step {number} of {len(steps)}: {what}")
                executions.append(self._execute(athena, what, sql, on_progress))
        return TableCreation(table, tuple(executions), existed)

    def _execute(self, athena: Athena, what: str, sql: str, on_progress: OnProgress | None) -> QueryExecution:
        stopped = f"cancelled before {what} was done; start again to go on from there"
        if self._cancelled.is_set():
            raise QueryFailed(stopped, query_execution_id="", state="CANCELLED", query=sql)

        def on_poll(execution: QueryExecution) -> None:
            if on_progress is not None:
                on_progress(execution)
            if self._cancelled.is_set() and execution.state in ("QUEUED", "RUNNING"):
                aws.call("athena", "stop_query_execution", QueryExecutionId=execution.query_execution_id)

        try:
            return athena.execute(sql, on_progress=on_poll)
        except QueryFailed as error:
            if error.state != "CANCELLED":
                raise
            raise QueryFailed(
                stopped, query_execution_id=error.query_execution_id, state=error.state, query=sql
            ) from error

    def _exists(self, table: Table) -> bool:
        """Tell whether the table is there; CREATE … IF NOT EXISTS would silently keep one that differs."""
        try:
            found = Catalog().table(table.database, table.name)
        except NotFound:
            return False
        differences = _differences(found, table)
        if differences:
            more = f" and {len(differences) - MOST_DIFFERENCES} more" if len(differences) > MOST_DIFFERENCES else ""
            raise TableError(
                f"{table.database}.{table.name} exists and differs; from it to this one: "
                f"{'; '.join(differences[:MOST_DIFFERENCES])}{more}; "
                "choose another table name, or drop that table first"
            )
        return True


def _partition_key(text: str) -> Column:
    name, _, kind = (part.strip() for part in text.partition(":"))
    if not name:
        raise TableError("partition keys: expected names such as dt or year:int, separated by commas")
    return Column(check_name(name, what="partition key"), kind or "string")


def _differences(found: Table, wanted: Table) -> list[str]:
    """Return what a query would notice, a phrase each; it notices neither comments nor the order of columns."""
    return [
        str(change)
        for change in changes(found, wanted)
        # Athena keeps the comment of a table among its properties.
        if change.kind not in ("comment", "moved") and (change.kind, change.path) != ("property", "comment")
    ]
