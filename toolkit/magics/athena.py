"""The magics themselves: they run a statement, tell what it read and cost, and hand over the DataFrame."""

from __future__ import annotations

import ast
import re
import sys
import time
from collections.abc import Mapping, Sequence
from keyword import iskeyword
from typing import Any

from IPython.core.magic import Magics, line_cell_magic, magics_class

from toolkit.athena import Athena, QueryExecution
from toolkit.athena.executions import size_text
from toolkit.athena.faults import marked
from toolkit.athena.parameters import bind, count_marks, parameter_names
from toolkit.errors import AwsError, InvalidInput, QueryFailed, ToolkitError
from toolkit.magics.completion import NameMatcher
from toolkit.magics.options import STAYING, USAGE, MagicOptions, read_options

# A query that is quicker than this needs no progress.
_QUIET_SECONDS = 2.0
_VARIABLE = re.compile(r"[A-Za-z_]\w*(?:\.[A-Za-z_]\w*)*")


@magics_class
class AthenaMagics(Magics):
    """``%%athena`` and ``%athena``; holds what stays from cell to cell, and one connection for each database and work group."""

    def __init__(self, shell: Any) -> None:
        super().__init__(shell)
        self._namespace: dict[str, Any] = shell.user_ns
        self.staying = MagicOptions()
        self._connections: dict[tuple[str | None, ...], Athena] = {}

    @line_cell_magic
    def athena(self, line: str, cell: str | None = None) -> Any:
        """Run SQL on Athena; see ``%athena --help``."""
        try:
            return self._run(line, cell)
        except ToolkitError as error:
            # One sentence and the place of the fault; a traceback through the toolkit helps nobody to mend SQL.
            name, text = type(error).__name__, str(error)
            error._render_traceback_ = lambda: [f"{name}: {text}"]  # type: ignore[attr-defined]
            raise
        except KeyboardInterrupt as stop:
            # Where in the toolkit it waited, nobody wants to read either.
            said = str(stop) or "interrupted"
            stop._render_traceback_ = lambda: [said]  # type: ignore[attr-defined]
            raise

    def _run(self, line: str, cell: str | None) -> Any:
        options = read_options(line, is_cell=cell is not None)
        if options.help:
            print(USAGE)
            return None
        options = options.after(self.staying)
        self.staying = MagicOptions(**{name: getattr(options, name) for name in STAYING})
        target = options.rest if cell is not None else ""
        sql = (cell if cell is not None else options.rest).rstrip().removesuffix(";")
        if target and (not target.isidentifier() or iskeyword(target)):
            raise InvalidInput(f"%%athena {target}: expected the name of one variable for the DataFrame")
        if not sql.strip():
            if cell is None and any(getattr(self.staying, name) is not None for name in STAYING):
                return None
            raise InvalidInput(
                "the statement is empty: write SQL below %%athena, or after %athena; %athena --help tells more"
            )
        parameters = parameters_of(sql, options.params, self._namespace)
        athena = self._connected(options)
        if options.estimate:
            print(athena.estimate(sql, parameters))
            return None
        frame = self._query(athena, sql, parameters, options)
        last = athena.last_execution
        assert last is not None  # noqa: S101 - the query ended, or it would have raised
        print(summary(len(frame), last))
        if target:
            self._namespace[target] = frame
            return None
        return frame if len(frame.columns) else None

    def _query(self, athena: Athena, sql: str, parameters: Any, options: MagicOptions) -> Any:
        progress = _Progress()
        try:
            return athena.query(
                sql,
                parameters,
                on_progress=progress,
                budget_in_bytes=options.budget_in_bytes,
                reuse_minutes=options.reuse_minutes,
            )
        except QueryFailed as error:
            error.reason = _with_mark(error.reason, bind(sql, parameters).sql)
            raise
        except AwsError as error:
            error.message = _with_mark(error.message, bind(sql, parameters).sql)
            raise
        except KeyboardInterrupt:
            last = athena.last_execution
            if last is None:
                raise KeyboardInterrupt("interrupted before the query was started") from None
            raise KeyboardInterrupt(f"interrupted: query {last.query_execution_id} was stopped on Athena") from None
        finally:
            progress.end()

    def _connected(self, options: MagicOptions) -> Athena:
        key = (options.database, options.work_group, options.output_location)
        if key not in self._connections:
            self._connections[key] = Athena(
                database=options.database or "default",
                work_group=options.work_group,
                output_location=options.output_location,
            )
        return self._connections[key]


def summary(rows: int, execution: QueryExecution) -> str:
    """Return what a query gave and what it cost, in one line that is the same for the same query."""
    if execution.statement_type != "DML":
        return "done"
    how = "an earlier result, free" if execution.reused_previous_result else f"${execution.cost_in_dollars:.5f}"
    return f"{rows:,} {'row' if rows == 1 else 'rows'}; {size_text(execution.data_scanned_in_bytes)} read, {how}"


def parameters_of(sql: str, params: Sequence[str] | None, namespace: Mapping[str, Any]) -> Any:
    """
    Return what to bind: the variables of *namespace* that *sql* names as ``:name``, or those that *params* names for its ``?``.

    One of *params* may be a number or a quoted text as well. Nothing is evaluated.

    Raises:
        InvalidInput: a variable is not there, or *params* and ``?`` don't belong together.
    """
    if params is not None:
        return [_value(text, namespace) for text in params]
    names = parameter_names(sql)
    if names:
        missing = [name for name in names if name not in namespace]
        if missing:
            raise InvalidInput(
                f":{missing[0]} needs a variable of that name in the notebook; set {missing[0]} = … first"
            )
        return {name: namespace[name] for name in names}
    if count_marks(sql):
        raise InvalidInput(
            "the statement has ? for values: name their variables with --params first,second, or write :first"
        )
    return None


def _value(text: str, namespace: Mapping[str, Any]) -> Any:
    if _VARIABLE.fullmatch(text):
        first, *attributes = text.split(".")
        if first in namespace:
            value = namespace[first]
            for attribute in attributes:
                try:
                    value = getattr(value, attribute)
                except AttributeError as error:
                    raise InvalidInput(f"--params {text}: {error}") from error
            return value
    try:
        return ast.literal_eval(text)
    except (ValueError, SyntaxError) as error:
        raise InvalidInput(
            f"--params {text}: expected a variable of the notebook, a number or a quoted text"
        ) from error


def _with_mark(reason: str, sql: str) -> str:
    mark = marked(sql, reason)
    return f"{reason}\n\n{mark}" if mark else reason


class _Progress:
    """Tells on one line how far a query is, once it has run for two seconds."""

    def __init__(self) -> None:
        self._started = time.monotonic()
        self._width = 0

    def __call__(self, execution: QueryExecution) -> None:
        seconds = time.monotonic() - self._started
        if seconds < _QUIET_SECONDS:
            return
        text = f"{execution.state.lower()}, {size_text(execution.data_scanned_in_bytes)} read, {seconds:.0f} s"
        self._write(text)

    def end(self) -> None:
        """Leave the line empty."""
        if self._width:
            self._write("")
            self._write("")

    def _write(self, text: str) -> None:
        print(f"\r{text.ljust(self._width)}", end="\r" if not text else "", file=sys.stderr, flush=True)
        self._width = len(text)


def load(shell: Any) -> None:
    """Make the magics and their completion known to the IPython *shell*; what ``%load_ext toolkit`` calls."""
    magics = AthenaMagics(shell)
    shell.register_magics(magics)
    completer = getattr(shell, "Completer", None)
    if completer is not None:
        # Loaded again, the new one takes the place of the old.
        matchers = [found for found in completer.custom_matchers if not isinstance(found, NameMatcher)]
        completer.custom_matchers[:] = [*matchers, NameMatcher(magics)]
