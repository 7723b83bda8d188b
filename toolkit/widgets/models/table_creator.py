"""The table creator without its picture: settings, the statements they make, and the table on Athena."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any, get_args

from toolkit import aws
from toolkit.athena import Athena, QueryExecution
from toolkit.athena.backfill import FilledPartition, backfill, partitions_between
from toolkit.athena.catalog import Catalog
from toolkit.errors import AwsError, InvalidInput, NotFound, QueryFailed, TableError, ToolkitError, number_of
from toolkit.hive import (
    AlterPlan,
    Column,
    Policy,
    Table,
    TablePlan,
    View,
    alter_table_plan,
    changes,
    create_database_sql,
    create_table_as_sql,
    create_table_sql,
    curated_policy,
    default_policy,
    flatten_views,
    losses_frame,
    normalise_location,
    plan_table,
    repair_table_sql,
)
from toolkit.hive.policy import Storage
from toolkit.hive.projection import Projection
from toolkit.hive.rules import check_name
from toolkit.repositories import event_name
from toolkit.widgets.models.checks import Check, checks
from toolkit.widgets.models.inspection import Inspection, inspect, is_noticed, scan_cost
from toolkit.widgets.models.observable import State, TextState
from toolkit.widgets.models.projections import projections_from_text
from toolkit.widgets.models.schema_choice import SchemaChoice
from toolkit.widgets.models.table_code import Planned, copy_code, creation_code, evolution_code, views_code
from toolkit.widgets.models.work import one_line

if TYPE_CHECKING:
    import pandas as pd

OnProgress = Callable[[QueryExecution], object]
Step = tuple[str, str]
"""What a statement is about, and the statement."""
STORAGES: tuple[Storage, ...] = get_args(Storage)
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
        return f"{self.table.database}.{self.table.name} {how}: {number_of(len(self.table.columns), 'column')}{layout}"


@dataclass(frozen=True, slots=True)
class TableChange:
    """A table that is now as it was planned; ``executions`` are the statements that changed it."""

    plan: AlterPlan
    executions: tuple[QueryExecution, ...]

    def __str__(self) -> str:
        table = self.plan.target
        if not self.executions:
            return f"{table.database}.{table.name} is as planned already"
        return f"{table.database}.{table.name} is changed, in {number_of(len(self.executions), 'statement')}"


@dataclass(frozen=True, slots=True)
class CuratedCopy:
    """
    A columnar copy of the table that has the rows that it had.

    ``partitions`` say what became of each; without partition keys ``executions`` are the statements that made the copy.
    """

    table: Table
    executions: tuple[QueryExecution, ...] = ()
    partitions: tuple[FilledPartition, ...] = ()

    def __str__(self) -> str:
        name = f"{self.table.database}.{self.table.name}"
        written = [filled for filled in self.partitions if filled.state == "written"]
        # Athena calls CREATE TABLE AS a DDL statement, and charges for what it reads all the same.
        cost = sum((scan_cost(execution.data_scanned_in_bytes) for execution in self.executions), Decimal(0))
        cost += sum((filled.cost_in_dollars for filled in written), Decimal(0))
        if not self.table.partition_keys:
            return f"{name} is created and filled; reading the events cost ${cost:f}"
        if not self.partitions:
            return f"{name} is there, and empty: the table has no partition yet"
        partitions = number_of(len(self.partitions), "partition")
        if not written:
            return f"{name} is up to date: {partitions}, nothing new in them"
        rows = number_of(sum(filled.rows or 0 for filled in written), "row")
        return (
            f"{name} is filled: {rows} in {len(written)} of {partitions}, as many as in the table; that cost ${cost:f}"
        )


@dataclass(frozen=True, slots=True)
class FlatViews:
    """Views that show the table flat."""

    views: tuple[View, ...]

    def __str__(self) -> str:
        return f"created: {', '.join(f'{view.database}.{view.name}' for view in self.views)}"


class TableCreatorModel(SchemaChoice):
    """
    Settings that make a table, as plain attributes; those of `SchemaChoice` say of which events.

    ``storage`` is who reads the rows: openx, hive or ion for JSON as it came, parquet, orc or iceberg for columns with real dates
    and decimals. ``partition_keys`` is a text such as ``dt`` or ``year:int, month:int``. With ``projection``, such as
    2026-03-01 for the days since then, Athena computes the partitions (see `toolkit.widgets.models.projections`), at
    ``location_template`` where the paths are not ``key=value/``; without it, `create` registers those at the location.

    Any text is taken; `problems` says what is wrong with it. A table that is called as its schema follows the schema, and
    a location that ends with the table's name follows the table.
    """

    database = TextState("events")
    table = TextState("")
    location = TextState("")
    partition_keys = TextState("dt")
    projection = TextState("")
    location_template = TextState("")
    storage = TextState("openx")
    allow_destructive = State(False)

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
        projection: str = "",
        location_template: str = "",
        storage: str = "openx",
        work_group: str | None = None,
        output_location: str | None = None,
    ) -> None:
        super().__init__(repository, schema=schema, version=version)
        self.work_group = work_group
        self.output_location = output_location
        self.creation: TableCreation | None = None
        self._plan: TablePlan | None = None
        self._ddl = ""
        self._problems: tuple[str, ...] = ()
        self._filling: Athena | None = None
        self.inspection: Inspection | None = None
        self._emptied = ""
        self.database = database
        self.table = table or (event_name(self.schema) if self.schema else "")
        self.location = location or (f"s3://events/{self.table}/" if self.table else "")
        self.partition_keys = partition_keys
        self.projection = projection
        self.location_template = location_template
        self.storage = storage
        self.begin()

    @property
    def plan(self) -> TablePlan | None:
        """The table as planned, with its columns' origins; None while there are problems."""
        return self._plan

    @property
    def ddl(self) -> str:
        """The ``CREATE EXTERNAL TABLE`` statement; "" while there are problems."""
        return self._ddl

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
        return creation_code(self._settings(self._plan)) if self._plan else ""

    @property
    def evolution_python(self) -> str:
        """Lines of Python that change the table that exists as `evolve` does; "" while there are problems."""
        if self._plan is None:
            return ""
        return evolution_code(self._settings(self._plan), allow_destructive=self.allow_destructive)

    @property
    def copy_python(self) -> str:
        """Lines of Python that make and fill the copy as `curate` does; "" where none can be made."""
        copy = self.curated
        return copy_code(self._settings(self._plan), copy.table) if self._plan and copy else ""

    @property
    def views_python(self) -> str:
        """Lines of Python that create the flat views as `create_views` does; "" where there are none."""
        return views_code(self._settings(self._plan)) if self._plan and self.views else ""

    def _settings(self, plan: TablePlan) -> Planned:
        return Planned(
            plan.table,
            repository=self.repository,
            schema=self.schema,
            version=self.version,
            policy=self._policy(),
            projections=self._projections(),
            location_template=self.location_template,
            work_group=self.work_group,
            output_location=self.output_location,
        )

    @property
    def checks(self) -> tuple[Check, ...]:
        """What is to be said of names, losses, layout, location and cost; of the location after `inspect`."""
        return checks(self._plan, self.inspection) if self._plan else ()

    @property
    def curated(self) -> TablePlan | None:
        """The columnar copy as planned, with real dates, timestamps and decimals; None where none can be made."""
        try:
            return self.plan_copy()
        except ToolkitError:
            return None

    @property
    def views(self) -> tuple[View, ...]:
        """The views that show the table flat; none while there are problems, or where a type can't be shown flat."""
        try:
            return flatten_views(self._plan.table) if self._plan else ()
        except ToolkitError:
            return ()

    def plan_copy(self) -> TablePlan:
        """
        Return the columnar copy as planned, beside the table.

        Raises:
            InvalidInput: there are problems.
            TableError: the table is columnar already, or takes the whole bucket, which leaves no place beside it.
        """
        if self._plan is None:
            raise InvalidInput(f"no copy: {'; '.join(self.problems)}")
        table = self._plan.table
        if not self._policy().is_raw:
            raise TableError(f"{_name(table)} is columnar already: a copy would bring nothing")
        bucket, prefix = aws.split_s3_uri(table.location)
        if not prefix:
            raise TableError(
                f"{_name(table)} takes the whole bucket {bucket}: a copy would lie inside it; give it a prefix"
            )
        return plan_table(
            self.load(),
            database=table.database,
            name=f"{table.name}_curated",
            location=f"{table.location.rstrip('/')}_curated/",
            partition_keys=table.partition_keys,
            policy=curated_policy(),
        )

    def inspect(self) -> Inspection | None:
        """
        Look for the table in the catalogue and for objects at the location; return what was found, None while there are problems.

        What can't be asked, for want of credentials for instance, is told in its ``failure``.
        """
        plan = self._plan
        if plan is None:
            return None
        found = inspect(plan.table)
        # Somebody may have typed on meanwhile.
        if self._plan is plan:
            self.inspection = found
            self.notify()
        return found

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
        table = self._ready().table
        self.creation = None
        try:
            self.creation = self.work(f"Looking for {_name(table)}", lambda: self._create(table, on_progress))
        finally:
            self.inspect()
        return self.creation

    def evolve(self, on_progress: OnProgress | None = None) -> TableChange:
        """
        Make the table that exists as it is planned, by the steps of ``inspection.plan``; return what was done.

        Raises:
            InvalidInput: there are problems, or something is running.
            NotFound: there is no such table.
            TableError: a change can't be made in place, or takes something away and ``allow_destructive`` is not set.
            QueryFailed: a statement failed, or `cancel` was called.
            AwsError: a service refused a call or can't be reached.
        """
        table = self._ready().table
        try:
            return self.work(f"Comparing {_name(table)}", lambda: self._evolve(table, on_progress))
        finally:
            # What failed half-way may have dropped the table.
            self.inspect()

    def curate(self, on_progress: OnProgress | None = None) -> CuratedCopy:
        """
        Create the columnar copy of the table and fill it with the rows that the table has; return what was done.

        A partitioned copy is filled partition by partition (see `toolkit.athena.backfill`): called again, or after a cancel, it
        goes on with what is new in the table.

        Raises:
            NotFound: the table is not there yet.
            TableError: the table is columnar already, the copy can't be made, or a table of its name differs.
            RowsDiffer: a partition of the copy has another number of rows than the table.
            InvalidInput, QueryFailed, AwsError: as `create`.
        """
        raw = self._ready().table
        try:
            # Before anybody hears that work begins, and types another name.
            copy = self.plan_copy().table
        except ToolkitError as error:
            raise self._failed(error) from None
        return self.work(f"Looking for {_name(raw)}", lambda: self._curate(raw, copy, on_progress))

    def create_views(self, on_progress: OnProgress | None = None) -> FlatViews:
        """Create the views that show the table flat, replacing older ones; raises as `curate`."""
        table = self._ready().table
        return self.work(f"Looking for {_name(table)}", lambda: self._create_views(table, on_progress))

    def _ready(self) -> TablePlan:
        if self._plan is None:
            raise self._failed(InvalidInput(f"not created: {'; '.join(self.problems)}"))
        return self._plan

    def _failed(self, error: ToolkitError) -> ToolkitError:
        if not self.is_running:
            self.tell("failed", str(error))
        return error

    def follow(self, name: str, old: Any) -> None:
        """Let a table that is called as its schema follow it, and a location that is empty or ends with its name follow that."""
        if name == "schema" and (not self.table or (old and self.table == event_name(old))):
            name, old = "table", self.table
            self.table = event_name(self.schema) if self.schema else ""
        if name == "table" and self.table and not self.location:
            self.location = f"s3://events/{self.table}/"
        if name == "table" and not self.table:
            self._emptied = old
        # Who empties the field to type another name means that one's place, and not the place of the table before.
        old = old or self._emptied
        base = self.location.removesuffix("/")
        if name == "table" and old and self.table and base.endswith(f"/{old}"):
            self.location = f"{base.removesuffix(old)}{self.table}/"

    def settle(self) -> None:
        """Plan the table, or find what is wrong."""
        seen = self._changes
        problems = list(self._found_problems())
        plan, ddl = None, ""
        if not problems:
            try:
                planned = self._planned()
                # Of thousands of columns the statement may be longer than Athena takes.
                ddl = create_table_sql(planned.table)
                plan = planned
            except (ToolkitError, OSError) as error:
                problems.append(one_line(error))
        with self._adopting:
            if seen != self._changes:
                return
            self._plan, self._ddl, self._problems = plan, ddl, tuple(problems)
        if self.inspection is not None and (plan is None or self.inspection.table != plan.table):
            self.inspection = None
        self.rest()

    def _found_problems(self) -> Iterator[str]:
        """Yield what can be said of each setting alone, so that all of it can be mended at once."""
        checks: tuple[Callable[[], object], ...] = (
            self.load,
            lambda: check_name(self.database, what="database name"),
            lambda: check_name(self.table, what="table name"),
            lambda: normalise_location(self.location),
            self._keys,
            self._policy,
            self._projections,
        )
        for check in checks:
            try:
                check()
            except (ToolkitError, OSError) as error:
                yield one_line(error)

    def _texts(self) -> tuple[str, ...]:
        return tuple(text.strip() for text in self.partition_keys.split(",")) if self.partition_keys else ()

    def _keys(self) -> tuple[Column, ...]:
        # Iceberg's are columns, or transforms of some: the table checks them.
        return () if self.storage == "iceberg" else tuple(_partition_key(text) for text in self._texts())

    def _policy(self) -> Policy:
        if self.storage not in STORAGES:
            raise TableError(f"format {self.storage!r}: expected one of {', '.join(STORAGES)}")
        return default_policy(self.storage)

    def _projections(self) -> dict[str, Projection]:
        names = [text.partition(":")[0].strip().lower() for text in self.partition_keys.split(",") if text.strip()]
        return projections_from_text(self.projection, names)

    def _planned(self) -> TablePlan:
        iceberg = self.storage == "iceberg"
        if iceberg and self.projection:
            raise TableError("an Iceberg table knows its partitions itself: leave the projection empty")
        return plan_table(
            self.load(),
            database=self.database,
            name=self.table,
            location=self.location,
            partition_keys=() if iceberg else self._keys(),
            # Iceberg partitions by columns of its own.
            partitioning=self._texts() if iceberg else (),
            policy=self._policy(),
            projections=self._projections(),
            location_template=self.location_template,
        )

    def _create(self, table: Table, on_progress: OnProgress | None) -> TableCreation:
        existed = self._exists(table)
        steps = (
            []
            if existed
            else [("the database", create_database_sql(table.database)), (_name(table), create_table_sql(table))]
        )
        if table.partition_keys and not table.is_projected:
            steps.append(("the partitions", repair_table_sql(table)))
        return TableCreation(table, self._run(steps, on_progress), existed)

    def _evolve(self, table: Table, on_progress: OnProgress | None) -> TableChange:
        plan = alter_table_plan(Catalog().table(table.database, table.name), table)
        if plan.refusals:
            raise TableError(f"{_name(table)} can't become what is planned: {'; '.join(map(str, plan.refusals))}")
        if plan.is_destructive and not self.allow_destructive:
            touched = "; ".join(step.touches for step in plan.steps if step.is_destructive)
            raise TableError(
                f"{_name(table)}: the change takes away {touched}; allow that first, or choose another table name"
            )
        return TableChange(plan, self._run([(step.touches, step.sql) for step in plan.steps], on_progress))

    def _curate(self, raw: Table, curated: Table, on_progress: OnProgress | None) -> CuratedCopy:
        found = self._there(raw)
        if curated.partition_keys:
            steps = [] if self._exists(curated) else [(_name(curated), create_table_sql(curated))]
            self._run(steps, on_progress)
            return CuratedCopy(curated, partitions=tuple(self._filled(found, curated)))
        if curated.name in Catalog().tables(curated.database):
            raise TableError(
                f"{_name(curated)} exists already, and without partition keys nothing tells what is new: drop it first"
            )
        statements = create_table_as_sql(found, curated)
        return CuratedCopy(curated, self._run([(_name(curated), sql) for sql in statements], on_progress))

    def _filled(self, raw: Table, curated: Table) -> Iterator[FilledPartition]:
        partitions, where = partitions_between(raw), ""
        with self._athena() as athena:
            self._filling = athena
            try:
                for number, partition in enumerate(partitions, 1):
                    where = "/".join(partition.values)
                    self.tell("running", f"Partition {number} of {len(partitions)}: {where}")
                    self._stop_if_cancelled(f"partition {where} was filled")
                    yield from backfill(raw, curated, [partition], athena)
            except QueryFailed as error:
                if error.state == "CANCELLED":
                    self._stop_if_cancelled(f"partition {where} was filled")
                raise
            finally:
                self._filling = None

    def cancel(self) -> None:
        """Stop what runs, on Athena too; does nothing when nothing runs."""
        super().cancel()
        filling = self._filling
        if self.is_running and filling is not None:
            try:
                filling.cancel()
            except AwsError as error:
                self.tell("running", f"not cancelled: {one_line(error)}")

    def _stop_if_cancelled(self, what: str, sql: str = "") -> None:
        if self._cancelled.is_set():
            raise QueryFailed(
                f"cancelled before {what}; start again to go on from there",
                query_execution_id="",
                state="CANCELLED",
                query=sql,
            )

    def _create_views(self, table: Table, on_progress: OnProgress | None) -> FlatViews:
        views = flatten_views(self._there(table))
        self._run([(view.name, view.sql) for view in views], on_progress)
        return FlatViews(views)

    def _there(self, table: Table) -> Table:
        try:
            return Catalog().table(table.database, table.name)
        except NotFound as error:
            raise NotFound(f"{_name(table)} is not there: create it first") from error

    def _athena(self) -> Athena:
        return Athena(work_group=self.work_group, output_location=self.output_location)

    def _run(self, steps: Sequence[Step], on_progress: OnProgress | None) -> tuple[QueryExecution, ...]:
        executions = []
        with self._athena() as athena:
            for number, (what, sql) in enumerate(steps, 1):
                self.tell("running", f"Step {number} of {len(steps)}: {what}")
                try:
                    executions.append(self._execute(athena, what, sql, on_progress))
                except QueryFailed as error:
                    if executions:
                        done = f"done before: {', '.join(name for name, _ in steps[: len(executions)])}"
                        error.hint = f"{error.hint}; {done}" if error.hint else done
                    raise
        return tuple(executions)

    def _execute(self, athena: Athena, what: str, sql: str, on_progress: OnProgress | None) -> QueryExecution:
        stopped = f"cancelled before {what} was done; start again to go on from there"
        self._stop_if_cancelled(f"{what} was done", sql)

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
        differences = [str(change) for change in changes(found, table) if is_noticed(change.kind, change.path)]
        if differences:
            more = f" and {len(differences) - MOST_DIFFERENCES} more" if len(differences) > MOST_DIFFERENCES else ""
            raise TableError(
                f"{table.database}.{table.name} exists and differs; from it to this one: "
                f"{'; '.join(differences[:MOST_DIFFERENCES])}{more}; "
                "change it by the plan (`evolve`), or choose another table name"
            )
        return True


def _partition_key(text: str) -> Column:
    name, _, kind = (part.strip() for part in text.partition(":"))
    if not name:
        raise TableError("partition keys: expected names such as dt or year:int, separated by commas")
    return Column(check_name(name, what="partition key"), kind or "string")


def _name(table: Table) -> str:
    return f"{table.database}.{table.name}"
