"""The explorer without its picture: what is asked of a table, what that costs, and what came back."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeVar

from toolkit import aws
from toolkit.athena import Athena, Catalog, QueryExecution, ScanEstimate, Scanner
from toolkit.athena.executions import bytes_from_text, size_text
from toolkit.athena.plots import Plot, counted, plot_frame, plot_sql
from toolkit.athena.profiles import profile_frame, profile_sql
from toolkit.athena.selection import ColumnPath, Filter, Selection, column_paths, selected_columns, selection_sql
from toolkit.athena.time_ranges import TimeKey, TimeRange, has_time_name, time_key
from toolkit.errors import AwsError, CredentialsMissing, InvalidInput, NotFound, QueryFailed, ToolkitError, number_of
from toolkit.hive import Column, Table, table_from_glue
from toolkit.widgets.models.explorer_code import query_code
from toolkit.widgets.models.observable import State, TextState
from toolkit.widgets.models.work import CANCELLED, FAILED, RUNNING, Cancelled, Work

if TYPE_CHECKING:
    import pandas as pd

OnProgress = Callable[[QueryExecution], object]
T = TypeVar("T")
DEFAULT_LIMIT = 1000
DEFAULT_BUDGET = "1 GB"
# Enough to see how a partition key writes its times.
_SEEN_PARTITIONS = 100


class NamesState(State[tuple[str, ...]]):
    """Names in order; any iterable of texts is taken."""

    def accepted(self, value: Iterable[str]) -> tuple[str, ...]:
        """Return the names as a tuple."""
        names = (value,) if isinstance(value, str) else tuple(value)
        if not all(isinstance(name, str) for name in names):
            raise TypeError(f"{self.name}: expected names of columns, found {names!r}")
        return names


class FiltersState(State[tuple[Filter, ...]]):
    """Conditions in order; a tuple of column, operator and value does for a `Filter`."""

    def accepted(self, value: Iterable[Filter | Sequence[Any]]) -> tuple[Filter, ...]:
        """Return the conditions as a tuple of `Filter`."""
        return tuple(found if isinstance(found, Filter) else Filter(*found) for found in value)


@dataclass(frozen=True, slots=True)
class Described:
    """A table as the catalogue has it, its columns with all places inside them, and the keys that name times; or why not."""

    table: Table | None = None
    columns: tuple[ColumnPath, ...] = ()
    time_key: TimeKey | None = None
    problem: str = ""


@dataclass(frozen=True, slots=True)
class Answer:
    """A DataFrame, and the sentence that says what it took."""

    frame: Any
    said: str

    def __str__(self) -> str:
        return self.said


class ExplorerModel(Work):
    """
    A selection of one table's rows, as plain attributes, and the query that they make.

    ``database`` and ``table`` say of which table. ``columns`` are paths such as ``customer.tier`` or ``items[].sku`` (a row for
    each item); none means all. ``filters`` are `Filter` values, or tuples such as ``("customer.tier", "=", "gold")``.
    ``time_from`` and ``time_to`` are days or times, both included, in the partitions, or in ``time_column``. ``limit`` 0 means
    every row. ``budget`` is a size such as ``1 GB``, above which nothing runs, or "" for none; ``reuse_minutes`` how old a
    result may be that Athena gives again, 0 for none.

    ``sql`` is what these make; setting it to other text puts that in its place until `use_form` is called. ``frame`` is the last
    result, ``profile`` its profile and ``plotted`` what was last plotted. ``state`` is idle, running, done, failed or cancelled,
    and ``message`` the sentence to it.

    Nothing is asked of AWS until something that needs it is read. Any text is taken; `problems` says what is wrong with it.
    """

    database = TextState("default")
    table = TextState("")
    columns = NamesState(())
    filters = FiltersState(())
    time_from = TextState("")
    time_to = TextState("")
    time_column = TextState("")
    limit = State(DEFAULT_LIMIT)
    budget = TextState(DEFAULT_BUDGET)
    reuse_minutes = State(0)

    def __init__(
        self,
        table: str = "",
        *,
        database: str = "",
        columns: Iterable[str] = (),
        filters: Iterable[Filter | Sequence[Any]] = (),
        time_from: str = "",
        time_to: str = "",
        time_column: str = "",
        limit: int = DEFAULT_LIMIT,
        budget: str = DEFAULT_BUDGET,
        reuse_minutes: int = 0,
        sql: str = "",
        work_group: str | None = None,
        output_location: str | None = None,
    ) -> None:
        super().__init__()
        self.work_group = work_group
        self.output_location = output_location
        self.frame: pd.DataFrame | None = None
        self.execution: QueryExecution | None = None
        self.profile: pd.DataFrame | None = None
        self.plotted: tuple[Plot, pd.DataFrame, bool] | None = None
        self.result_columns: tuple[tuple[str, str], ...] = ()
        self.result_table = ""
        self._result_sql = ""
        self._result_is_whole = False
        self._edited: str | None = None
        self._athena: Athena | None = None
        self._looking = threading.RLock()
        self._generation = 0
        self.refresh()
        if "." in table and not database:
            database, _, table = table.partition(".")
        self.database = database or "default"
        self.table = table
        self.columns = tuple(columns)
        self.filters = tuple(filters)  # type: ignore[arg-type]  # the attribute takes tuples too
        self.time_from, self.time_to, self.time_column = time_from, time_to, time_column
        self.limit, self.budget, self.reuse_minutes = limit, budget, reuse_minutes
        if sql:
            self.sql = sql

    # -- what the catalogue says

    def refresh(self) -> None:
        """Forget what the catalogue and S3 said, so that it is asked again."""
        self._generation += 1
        self._databases: tuple[tuple[str, ...], str] | None = None
        self._tables: dict[str, tuple[tuple[str, ...], str]] = {}
        self._described: dict[tuple[str, str], Described] = {}
        self._scanner = Scanner()
        self._estimates: dict[tuple[str, str], ScanEstimate] = {}
        self.notify()

    @property
    def databases(self) -> tuple[str, ...]:
        """The names of the databases; none if they can't be listed, which `problems` tells."""
        with self._looking:
            generation, found = self._generation, self._databases
            if found is None:
                found = _names(Catalog().databases)
                if generation == self._generation:
                    self._databases = found
            return found[0]

    @property
    def tables(self) -> tuple[str, ...]:
        """The names of the tables and views of the database; none if they can't be listed."""
        with self._looking:
            # Who forgets what was said, with `refresh`, wants no answer to an older question.
            database, known = self.database, self._tables
            if database not in known:
                known[database] = _names(lambda: Catalog().tables(database)) if database else ((), "")
            return known[database][0]

    @property
    def described(self) -> Described:
        """The chosen table; looked up once."""
        with self._looking:
            key, known = (self.database, self.table), self._described
            if key not in known:
                found = _described(*key)
                if not key[1] and self._tables.get(key[0]) == ((), ""):
                    found = Described(problem=f"database {key[0]!r} has no table: choose another")
                known[key] = found
            return known[key]

    @property
    def known(self) -> Described | None:
        """The chosen table if it was looked up before, without asking AWS."""
        return self._described.get((self.database, self.table))

    @property
    def known_databases(self) -> tuple[str, ...]:
        """The databases if they were listed before, without asking AWS."""
        return self._databases[0] if self._databases else ()

    @property
    def known_tables(self) -> tuple[str, ...]:
        """The tables if they were listed before, without asking AWS."""
        return self._tables.get(self.database, ((), ""))[0]

    @property
    def known_problems(self) -> tuple[str, ...]:
        """What kept the catalogue from being listed, a sentence each."""
        found = (self._databases, self._tables.get(self.database))
        return tuple(dict.fromkeys(problem[1] for problem in found if problem and problem[1]))

    def look(self) -> None:
        """Look up all that the form shows: databases, tables, the table, and what the query would cost."""
        _ = self.databases, self.tables, self.described, self.estimate
        self.notify()

    # -- the query

    @property
    def selection(self) -> Selection:
        """
        What is chosen, as a value.

        Raises:
            InvalidInput: no table is chosen or it can't be looked up, or a time is none.
        """
        found = self.described
        if found.table is None:
            raise InvalidInput(found.problem)
        chosen = TimeRange.read(self.time_from, self.time_to, self.time_column)
        return Selection(
            found.table,
            self.columns,
            self.filters,
            None if chosen.is_open else chosen,
            found.time_key,
            max(0, self.limit),
        )

    @property
    def sql(self) -> str:
        """The query: what the form makes, or what was put in its place; "" while there are problems."""
        if self._edited is not None:
            return self._edited
        try:
            return selection_sql(self.selection)
        except ToolkitError:
            return ""

    @sql.setter
    def sql(self, text: str) -> None:
        edited = None if not text.strip() or text.strip() == self._form_sql().strip() else text
        if edited != self._edited:
            self._edited = edited
            self.rest()
            self.notify()

    @property
    def is_edited(self) -> bool:
        """Whether the query was written by hand, so that the form does not change it."""
        return self._edited is not None

    def use_form(self) -> None:
        """Go back to the query that the form makes."""
        if self._edited is not None:
            self._edited = None
            self.rest()
            self.notify()

    def _form_sql(self) -> str:
        try:
            return selection_sql(self.selection)
        except ToolkitError:
            return ""

    @property
    def problems(self) -> tuple[str, ...]:
        """What keeps the query from being run, a sentence each; empty if nothing does."""
        found = []
        if self._edited is None:
            try:
                selection_sql(self.selection)
            except ToolkitError as error:
                found.append(sentence(error))
        try:
            _ = self.budget_in_bytes
        except InvalidInput as error:
            found.append(str(error))
        return tuple(found)

    @property
    def budget_in_bytes(self) -> int | None:
        """The budget, or None; raises InvalidInput if the text is no size."""
        return bytes_from_text(self.budget) if self.budget else None

    @property
    def estimate(self) -> ScanEstimate:
        """What the query reads at most, and costs; its ``problem`` says why that is not known."""
        return self._estimate_of(self.sql)

    @property
    def known_estimate(self) -> ScanEstimate | None:
        """The estimate if it was made before, without asking AWS."""
        return self._estimates.get((self.database, self.sql)) if self.known or self.is_edited else None

    def _estimate_of(self, sql: str) -> ScanEstimate:
        if not sql.strip():
            return ScanEstimate(problem="there is no query yet")
        key = (self.database, sql)
        with self._looking:
            known = self._estimates
            if key not in known:
                try:
                    found = self._scanner.estimate(sql, database=key[0])
                except ToolkitError as error:
                    found = ScanEstimate(problem=sentence(error))
                known[key] = found
            return known[key]

    @property
    def hints(self) -> tuple[str, ...]:
        """What is worth knowing of the selection, a sentence each: what is not pruned, what makes rows of elements."""
        found = self.known
        if found is None or found.table is None or self.is_edited:
            return ()
        hints = []
        partitioned = ", ".join(key.name for key in found.table.partition_keys)
        filtered = {condition.column for condition in self.filters}
        if self.time_column and partitioned and not filtered & {key.name for key in found.table.partition_keys}:
            hints.append(
                f"The range is on {self.time_column}; a filter on {partitioned} as well would read fewer partitions."
            )
        arrays = sorted({name.rpartition("[]")[0] for name in (*self.columns, *filtered) if "[]" in name}, key=len)
        if arrays:
            hints.append(f"One row for each element of {arrays[-1]}; rows without any are left out.")
        return tuple(hints)

    @property
    def python(self) -> str:
        """Lines of Python that run the same query; "" while there is none."""
        if not self.sql.strip():
            return ""
        try:
            budget = self.budget_in_bytes
        except InvalidInput:
            budget = None
        return query_code(
            self.sql,
            database=self.database,
            work_group=self.work_group,
            output_location=self.output_location,
            budget_in_bytes=budget,
            reuse_minutes=self.reuse_minutes,
        )

    # -- what runs

    def run(self, on_progress: OnProgress | None = None) -> pd.DataFrame:
        """
        Run the query and return its rows, which stay at hand as `frame`.

        *on_progress* is called with each `QueryExecution` that Athena reports. `state` and `message` tell how far it is, also
        after an error; the form and the last result stay as they are.

        Raises:
            InvalidInput: there are problems, or something is running.
            BudgetExceeded: the query would read more than the budget, or was stopped when it did.
            QueryFailed: it failed, or `cancel` was called.
            AwsError: a service refused a call or can't be reached.
        """

        def ask() -> Answer:
            # Somebody may choose other things while Athena works.
            sql, table, limit = self._runnable(), self.table, 0 if self.is_edited else self.limit
            athena = self._connected()
            frame = self._query(athena, sql, on_progress)
            self.frame, self.execution, self.result_columns = frame, athena.last_execution, athena.last_columns
            self.result_table, self._result_sql = table, sql
            self._result_is_whole = limit == 0 or len(frame) < limit
            self.profile, self.plotted = None, None
            return Answer(frame, f"{number_of(len(frame), 'row')}; {self.execution}")

        return self._framed("Asking Athena …", ask)

    def make_profile(self, on_progress: OnProgress | None = None) -> pd.DataFrame:
        """
        Profile all rows of the selection with one query, its limit left out, and return the DataFrame, which stays as `profile`.

        A query written by hand is profiled as it is, after it ran. Raises as `run` does.
        """

        def ask() -> Answer:
            (sql, columns), place, athena = self._all_rows(), self._place, self._connected()
            profile = profile_frame(self._query(athena, profile_sql(sql, columns), on_progress), columns)
            if place == self._place:
                self.profile = profile
            return Answer(profile, f"{number_of(profile.attrs['rows'], 'row')} profiled; {athena.last_execution}")

        return self._framed("Profiling …", ask)

    def plot(
        self,
        kind: str,
        column: str,
        *,
        series: str = "",
        unit: str = "day",
        all_rows: bool = False,
        on_progress: OnProgress | None = None,
    ) -> pd.DataFrame:
        """
        Count the rows at hand for a picture and return the counts; see `toolkit.athena.plots`.

        With *all_rows* Athena counts all rows of the selection, its limit left out. Columns are those of the result. Raises as
        `run` does.
        """

        def ask() -> Answer:
            place, what = self._place, "of the rows at hand"
            if all_rows:
                (sql, columns), athena = self._all_rows(), self._connected()
                plot = _plot(kind, column, series, unit, columns)
                numbers = plot_frame(self._query(athena, plot_sql(sql, plot), on_progress), plot)
                what = str(athena.last_execution)
            else:
                if self.frame is None:
                    raise InvalidInput("there are no rows yet: run the query first, or plot all rows")
                plot = _plot(kind, column, series, unit, self.result_columns)
                numbers = counted(self.frame, plot)
            if place == self._place:
                self.plotted = (plot, numbers, all_rows)
            return Answer(numbers, f"{number_of(int(numbers['rows'].sum()), 'row')} plotted; {what}")

        return self._framed("Counting …", ask)

    def _framed(self, first: str, ask: Callable[[], Answer]) -> pd.DataFrame:
        frame: pd.DataFrame = self.work(first, ask).frame
        return frame

    @property
    def chart(self) -> Any:
        """What was last plotted as an `altair.Chart`; None before."""
        from toolkit.widgets.charts import chart

        return chart(*self.plotted[:2]) if self.plotted else None

    @property
    def has_all_rows(self) -> bool:
        """Whether the rows at hand are all that the selection has: they are of this one, and its limit was not reached."""
        # Without a question to AWS, as a picture is shown.
        is_known = self.is_edited or self.known is not None
        return self.frame is not None and self._result_is_whole and is_known and self._result_sql == self.sql

    def cancel(self) -> None:
        """Stop what runs, on Athena too; does nothing when nothing runs."""
        super().cancel()
        if self.is_running and self._athena is not None:
            try:
                self._athena.cancel()
            except AwsError as error:
                self.tell(RUNNING, f"not cancelled: {sentence(error)}")

    def changed(self, name: str, old: Any) -> None:
        """Let what was said end with the settings that it was about."""
        if name == "table" or name == "database":
            # The last rows stay at hand; what is said of all rows is said of another table.
            self._edited, self.profile, self.plotted = None, None, None
        self.rest()

    def _runnable(self) -> str:
        if self.known is not None and self.known.problem:
            # It may have been mended meanwhile: somebody signed in, or the table was made.
            self.refresh()
        problems = self.problems
        sql = self.sql
        if problems or not sql.strip():
            raise InvalidInput("; ".join(problems) or "there is no query yet: choose a table")
        return sql

    def _all_rows(self) -> tuple[str, tuple[tuple[str, str], ...]]:
        """Return the query without its limit, and the columns of its result."""
        if not self.is_edited:
            self._runnable()
            chosen = self.selection
            whole = Selection(chosen.table, chosen.columns, chosen.filters, chosen.time_range, chosen.time_key)
            return selection_sql(whole), selected_columns(whole)
        if self._result_sql != self.sql:
            raise InvalidInput("a query written by hand is run first: what columns it has, its result tells")
        return self.sql, self.result_columns

    @property
    def _place(self) -> tuple[str, str]:
        return self.database, self.table

    def _query(self, athena: Athena, sql: str, on_progress: OnProgress | None) -> pd.DataFrame:
        def on_poll(execution: QueryExecution) -> None:
            read = f", {size_text(execution.data_scanned_in_bytes)} read" if execution.data_scanned_in_bytes else ""
            seconds = execution.total_execution_time_in_millis / 1000
            if self.is_running:
                self.tell(RUNNING, f"{execution.state.capitalize()}{read}, {seconds:.1f} s")
            if on_progress is not None:
                on_progress(execution)
            if self._cancelled.is_set():
                athena.cancel()

        if self._cancelled.is_set():
            raise Cancelled("cancelled before the query was started")
        return athena.query(
            sql, on_progress=on_poll, budget_in_bytes=self.budget_in_bytes, reuse_minutes=self.reuse_minutes or None
        )

    def _connected(self) -> Athena:
        if self._athena is None or self._athena.database != self.database:
            self._athena = Athena(
                database=self.database, work_group=self.work_group, output_location=self.output_location
            )
        return self._athena

    def ending(self, error: BaseException) -> tuple[str, str]:
        """Return the state that *error* leaves, and in one sentence what went wrong and what to do."""
        match error:
            case QueryFailed() if error.state == "CANCELLED":
                return CANCELLED, "cancelled on Athena"
            case Cancelled():
                return CANCELLED, str(error)
            case KeyboardInterrupt():
                return CANCELLED, "interrupted; the query was stopped on Athena"
            case CredentialsMissing():
                # The connection keeps its session; after a new sign-in another is made.
                self._athena = None
        return FAILED, sentence(error)

    @property
    def time_columns(self) -> tuple[str, ...]:
        """The columns that a time range can be about, besides the partition key: dates, times, and text called like them."""
        found = self.known
        if found is None:
            return ()
        return tuple(
            path.name
            for path in found.columns
            if not path.is_partition_key
            and "[]" not in path.parts
            and (path.kind in ("date", "time") or (path.kind == "text" and has_time_name(path.parts[-1])))
        )


def sentence(error: BaseException) -> str:
    """Return in one sentence what went wrong and what to do."""
    match error:
        case QueryFailed():
            text = error.reason
            if "TABLE_NOT_FOUND" in text or "SCHEMA_NOT_FOUND" in text:
                text += _way_out(error.hint)
            elif error.hint:
                text += f"; {error.hint}"
        case NotFound():
            text = error.message.rstrip(".") + _way_out(error.hint)
        case AwsError():
            text = error.message
        case ToolkitError():
            text = str(error)
        case _:
            text = f"{type(error).__name__}: {error}"
    return " ".join(text.split())


def _way_out(hint: str) -> str:
    """Return what to do about a table that is not there."""
    dropped = "it may have been dropped meanwhile: look again (↻) and choose another"
    return f"; {hint} Or {dropped}" if hint else f"; {dropped}"


def _names(ask: Callable[[], tuple[str, ...]]) -> tuple[tuple[str, ...], str]:
    try:
        return ask(), ""
    except ToolkitError as error:
        return (), sentence(error)


def _described(database: str, table: str) -> Described:
    if not database or not table:
        return Described(problem="no table is chosen: choose one")
    try:
        found = _table_or_view(database, table)
        seen = {} if found.is_projected or not found.partition_keys else _seen_values(found)
    except ToolkitError as error:
        return Described(problem=sentence(error))
    return Described(found, column_paths(found), time_key(found, seen))


def _table_or_view(database: str, name: str) -> Table:
    described = Catalog().describe(database, name)
    if described.get("TableType") != "VIRTUAL_VIEW":
        return table_from_glue(described)
    # A view is asked as a table is; only where its data lies is not its own.
    columns = (described.get("StorageDescriptor") or {}).get("Columns") or ()
    return Table(database, name, tuple(Column(column["Name"], column["Type"]) for column in columns))


def _seen_values(table: Table) -> dict[str, list[str]]:
    answer = aws.call(
        "glue",
        "get_partitions",
        DatabaseName=table.database,
        TableName=table.name,
        MaxResults=_SEEN_PARTITIONS,
        ExcludeColumnSchema=True,
    )
    rows = [found["Values"] for found in answer["Partitions"]]
    return {key.name: [row[number] for row in rows] for number, key in enumerate(table.partition_keys)}


def _plot(kind: str, column: str, series: str, unit: str, columns: Sequence[tuple[str, str]]) -> Plot:
    types = dict(columns)
    for name in filter(None, (column, series)):
        if name not in types:
            raise InvalidInput(f"plot: the result has no column {name!r}; it has {', '.join(types)}")
    return Plot(kind, column, types[column], series, unit)
