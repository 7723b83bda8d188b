"""The explorer as an app in a notebook: a form over `ExplorerModel`."""

from __future__ import annotations

import html
import threading
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import ipywidgets

from toolkit.athena.faults import marked
from toolkit.athena.plots import KINDS, UNITS, Plot, plots_for
from toolkit.athena.selection import NO_VALUE, Filter
from toolkit.athena.time_ranges import has_time_name
from toolkit.errors import ToolkitError, number_of
from toolkit.widgets.controls import CopyButton, Download
from toolkit.widgets.form import ROW, Form, set_choice
from toolkit.widgets.markup import code_block, list_html, python_html, sql_html, status_html, table_html
from toolkit.widgets.models.explorer import ExplorerModel, sentence
from toolkit.widgets.models.work import FAILED
from toolkit.widgets.query_controls import ColumnTree, FilterRows, SqlEditor, tree_columns

if TYPE_CHECKING:
    # It takes longer to load than an app may take to appear.
    import pandas as pd

# So long somebody may type on before the catalogue and S3 are asked.
SECONDS_BEFORE_LOOKING = 0.4
MOST_SHOWN_BYTES = "2MB"
_SNAPSHOT_ROWS = 10
_MOST_CHARACTERS = 40
_PARTITIONS = "the partitions"
_PLOT_TAB = 1
_NARROW = {"description_width": "auto"}
_LIMITS = (("100 rows", 100), ("1,000 rows", 1000), ("10,000 rows", 10_000), ("100,000 rows", 100_000), ("all rows", 0))
_REUSE = (("never", 0), ("of the last 10 minutes", 10), ("of the last hour", 60), ("of the last day", 1440))


class Explorer(Form, ExplorerModel):
    """
    An app that asks a table on Athena and shows what comes back; show it by naming it at the end of a cell.

    The fields of the form are attributes, and setting one moves the field: ``explorer.table = "orders"``. `sql`, `estimate`,
    `problems` and `python` say what the form says; `run`, `make_profile` and `plot` do what its buttons do, and `frame`,
    `profile` and `chart` are what came of it.
    """

    def __init__(self, table: str = "", **settings: Any) -> None:
        """Take what `ExplorerModel` takes."""
        self._timer: threading.Timer | None = None
        self._looked_for: object = None
        self._drafts: list[list[str]] = []
        self._shown_table: Any = None
        self._shown_frame: Any = None
        self._shown_plot: Any = None
        self._plot_due = False
        self._drawing = threading.Lock()
        self._asked: dict[str, str] = {}
        self._plot_column = ""
        ExplorerModel.__init__(self, table, **settings)
        self.prepare()

    def __repr__(self) -> str:
        return f"Explorer('{self.database}.{self.table}')"

    # -- attributes as the form's controls have them

    @property
    def chosen(self) -> list[str]:
        """`columns` as a list."""
        return list(self.columns)

    @chosen.setter
    def chosen(self, names: list[str]) -> None:
        self.columns = tuple(names)

    @property
    def conditions(self) -> list[list[str]]:
        """`filters` as lists of three texts, with those that somebody has begun to write."""
        if _complete(self._drafts) != self.filters:
            self._drafts = [[found.column, found.operator, _as_text(found.value)] for found in self.filters]
        return self._drafts

    @conditions.setter
    def conditions(self, rows: list[list[str]]) -> None:
        self._drafts = [list(row) for row in rows]
        self.filters = _complete(self._drafts)

    @property
    def query(self) -> str:
        """`sql`, without asking AWS for it; "" until the table was looked up."""
        return self.sql if self.is_edited or self.known is not None else ""

    @query.setter
    def query(self, text: str) -> None:
        self.sql = text

    @property
    def time_place(self) -> str:
        """`time_column`, or what stands for the partitions in the form."""
        return self.time_column or _PARTITIONS

    @time_place.setter
    def time_place(self, name: str | None) -> None:
        self.time_column = "" if name in (None, _PARTITIONS) else name

    # -- the view

    def build(self) -> ipywidgets.Widget:
        """Make the controls."""
        fields = self._fields
        fields["database"] = ipywidgets.Dropdown(description="Database", style=_NARROW, layout=_share(14))
        fields["table"] = ipywidgets.Dropdown(description="Table", style=_NARROW, layout=_share(18, grow=2))
        fields["chosen"] = ColumnTree()
        for name, label, example in (("time_from", "From", "2026-03-02"), ("time_to", "To", "2026-03-08 18:00")):
            fields[name] = ipywidgets.Text(description=label, placeholder=example, style=_NARROW, layout=_share(12))
        fields["time_place"] = ipywidgets.Dropdown(description="Time is in", style=_NARROW, layout=_share(14))
        fields["conditions"] = FilterRows()
        fields["limit"] = ipywidgets.Dropdown(description="Limit", options=_LIMITS, style=_NARROW, layout=_share(12))
        fields["budget"] = ipywidgets.Text(
            description="Budget",
            placeholder="none; such as 1 GB",
            style=_NARROW,
            layout=_share(10),
            tooltip="A query that would read more does not run",
        )
        fields["reuse_minutes"] = ipywidgets.Dropdown(
            description="Reuse results", options=_REUSE, style=_NARROW, layout=_share(16)
        )
        self._run_button = self.action_button(lambda: self.run, description="Run", layout={"width": "11em"})
        fields["query"] = SqlEditor(label="SQL")
        fields["query"].on_run(lambda: self.when_settled(self._run_button.click))
        self._look_button = ipywidgets.Button(
            description="↻ Look again",
            tooltip="Ask for databases, tables, columns and sizes again",
            layout={"width": "auto"},
        )
        self._look_button.on_click(lambda _: self._look_again())
        self._form_button = ipywidgets.Button(description="Back to the form", tooltip="Drop what was written by hand")
        self._form_button.on_click(lambda _: self.use_form())
        self._shown = {
            name: ipywidgets.HTML() for name in ("status", "problems", "estimate", "notes", "code", "profile", "drawn")
        }
        self._shown["status"].add_class("toolkit-told")
        self._shown["estimate"].layout.flex = "1 1 20em"
        self._copy = CopyButton()
        self._download = Download("Download rows (CSV)", mime="text/csv")
        self._rows = ipywidgets.VBox(
            [ipywidgets.HTML(status_html("No rows yet: run the query."))], layout={"overflow": "auto"}
        )
        self._profile_button = self.action_button(
            lambda: self.make_profile, description="Profile all rows", layout={"width": "11em"}
        )
        self._tabs = ipywidgets.Tab(
            [
                ipywidgets.VBox([self._rows, self._download]),
                self._build_plot(),
                ipywidgets.VBox([self._profile_button, self._shown["profile"]]),
                ipywidgets.VBox([self._copy, self._shown["code"]]),
            ],
            titles=("Rows", "Plot", "Profile", "Python"),
            layout={"min_height": "24em"},
        )
        self._tabs.observe(lambda _: self._tab_opened(), "selected_index")
        columns = ipywidgets.VBox([fields["chosen"]], layout={"flex": "2 1 20em", "min_width": "16em"})
        query = ipywidgets.VBox([fields["query"]], layout={"flex": "3 1 28em", "min_width": "16em"})
        panel = ipywidgets.VBox(
            [
                ipywidgets.HBox([fields["database"], fields["table"], self._look_button], layout=ROW),
                ipywidgets.HBox([fields[name] for name in ("time_from", "time_to", "time_place")], layout=ROW),
                fields["conditions"],
                ipywidgets.HBox([columns, query], layout={**ROW, "align_items": "stretch"}),
                ipywidgets.HBox([fields[name] for name in ("limit", "budget", "reuse_minutes")], layout=ROW),
                self._shown["problems"],
                self._shown["notes"],
                ipywidgets.HBox([self._run_button, self._form_button, self._shown["estimate"]], layout=ROW),
                self._shown["status"],
            ],
            layout={"grid_gap": "4px"},
        )
        panel.add_class("toolkit-panel")
        return ipywidgets.VBox([panel, self._tabs])

    def _build_plot(self) -> ipywidgets.Widget:
        self._plot = {
            "column": ipywidgets.Dropdown(description="Column", style=_NARROW, layout=_share(11)),
            "kind": ipywidgets.Dropdown(description="Show", style=_NARROW, layout=_share(11)),
            "series": ipywidgets.Dropdown(description="By", style=_NARROW, layout=_share(11)),
            "unit": ipywidgets.Dropdown(
                description="Each", options=UNITS, value="day", style=_NARROW, layout=_share(11)
            ),
        }
        self._count_all = ipywidgets.Checkbox(
            description="All rows, counted by Athena", indent=False, layout={"width": "auto"}
        )
        self._plot_button = self.action_button(lambda: self._draw, description="Draw", layout={"width": "11em"})
        self._plot["series"].tooltip = "One line or colour for each value of this column"
        for name in ("column", "kind"):
            self._plot[name].observe(lambda _: self._offer_plots(), "value")
        for control in self._plot.values():
            control.observe(lambda _: self._plot_moved(), "value")
        return ipywidgets.VBox(
            [
                ipywidgets.HBox(list(self._plot.values()), layout=ROW),
                ipywidgets.HBox([self._plot_button, self._count_all], layout=ROW),
                self._shown["drawn"],
            ]
        )

    def _draw(self) -> object:
        self._asked = chosen = {name: control.value or "" for name, control in self._plot.items()}
        return self.plot(
            chosen["kind"],
            chosen["column"],
            series=chosen["series"],
            unit=chosen["unit"],
            all_rows=self._count_all.value,
        )

    def _tab_opened(self) -> None:
        # Whoever opens the tab wants to see something.
        if self._tabs.selected_index == _PLOT_TAB and self.plotted is None:
            self._plot_moved()

    def _plot_moved(self) -> None:
        # The lock waits for a refresh in the worker's thread; in this thread a refresh moves the controls itself.
        with self._lock:
            if self._refreshing:
                return
            # Athena is asked only by the button.
            self._plot_due = not self._count_all.value
        self._draw_what_is_due()

    def _draw_what_is_due(self) -> None:
        """Count the rows at hand as was chosen last, once nothing else runs."""
        ready = self.frame is not None and self._plot["column"].value and not self.is_running
        # One drawing at a time: what is chosen meanwhile is due after it.
        if self._plot_due and ready and self._drawing.acquire(blocking=False):
            self.start(self._draw_all_that_is_due)

    def _draw_all_that_is_due(self) -> None:
        try:
            while self._plot_due and not self.is_running:
                self._plot_due = False
                self._draw()
        finally:
            self._drawing.release()

    def _offer_plots(self) -> None:
        types = dict(self.result_columns)
        with self._lock:
            before, self._refreshing = self._refreshing, True
            try:
                name = self._plot["column"].value or ""
                kinds = _kinds(name, types.get(name, ""))
                # Another column is first shown as suits it best.
                current = self._plot["kind"].value if name == self._plot_column else ""
                self._plot_column = name
                set_choice(self._plot["kind"], kinds, current if current in kinds else next(iter(kinds), ""))
                self._plot["unit"].layout.display = None if self._plot["kind"].value == "over time" else "none"
            finally:
                self._refreshing = before

    # -- looking things up

    def _look_again(self) -> None:
        self.refresh()
        self._look_soon(at_once=True)

    def _look_soon(self, *, at_once: bool = False) -> None:
        """Ask the catalogue and S3 in a thread, once nobody has moved anything for a moment."""
        wanted = (self._generation, self.database, self.table, self.query)
        if wanted == self._looked_for:
            return
        self._looked_for = wanted
        if self._timer is not None:
            self._timer.cancel()
        self._timer = threading.Timer(0 if at_once or self.known is None else SECONDS_BEFORE_LOOKING, self._look)
        self._timer.name = f"{type(self).__name__}-look"
        self._timer.daemon = True
        self._timer.start()

    def _look(self) -> None:
        try:
            self.look()
        except ToolkitError as error:
            self.tell(FAILED, sentence(error))

    # -- showing

    def show(self) -> None:
        """Let the controls show what the model says, without asking AWS for anything."""
        fields, known = self._fields, self.known
        set_choice(fields["database"], _with(self.known_databases, self.database), self.database)
        set_choice(fields["table"], _with(self.known_tables, self.table), self.table)
        if known is not None and known is not self._shown_table:
            self._shown_table = known
            fields["chosen"].columns = tree_columns(known.columns)
            fields["conditions"].offer(known.columns)
        if known is not None:
            key = (_PARTITIONS,) if known.time_key else ()
            set_choice(fields["time_place"], (*key, *_with(self.time_columns, self.time_column)), self.time_place)
        for name in ("chosen", "conditions"):
            if self.is_news(name):
                fields[name].value = getattr(self, name)
        for name in ("time_from", "time_to", "budget", "query"):
            self.show_text(name)
        for name, options in (("limit", _LIMITS), ("reuse_minutes", _REUSE)):
            _set_number(fields[name], options, getattr(self, name), "rows" if name == "limit" else "minutes")
        # Who hears that the work has ended finds the buttons as they are then.
        self._show_buttons()
        self._show_words()
        self._show_rows()
        self._show_plot()
        self._look_soon()
        self._draw_what_is_due()

    def _show_words(self) -> None:
        shown, known = self._shown, self.known
        settled = known is not None or self.is_edited
        fault = marked(self.query, self.message) if self.state == FAILED else ""
        shown["status"].value = status_html(self.message, state=self.state) + (
            code_block(html.escape(fault)) if fault else ""
        )
        shown["problems"].value = list_html(
            self.problems if settled else self.known_problems, title="Before this can run"
        )
        notes = ["The query was written by hand; the form does not change it."] if self.is_edited else list(self.hints)
        shown["notes"].value = _note(notes)
        for name in ("problems", "notes"):
            shown[name].layout.display = None if shown[name].value else "none"
        shown["estimate"].value = self._estimate_html()
        shown["code"].value = python_html(self.python) if settled and self.python else status_html("Nothing yet.")
        self._copy.text = self.python if settled else ""

    def _estimate_html(self) -> str:
        if not self.query.strip():
            return ""
        found = self.known_estimate
        if found is None:
            return _note(["Looking up what this query reads …"])
        try:
            budget = self.budget_in_bytes
        except ToolkitError:
            budget = None
        over = budget is not None and not found.problem and found.data_scanned_in_bytes > budget
        text = f"Before the run: {found}"
        if over:
            return list_html([f"It {found}"], title=f"More than the budget of {self.budget}: it will not run")
        return _note([text])

    def _show_buttons(self) -> None:
        for button, label, tooltip, style in (
            (self._run_button, "Run", "Run the query on Athena (Ctrl-Enter in the SQL)", "primary"),
            (self._plot_button, "Draw", "Count the rows and draw them", ""),
            (self._profile_button, "Profile all rows", "One query over all rows of the selection", ""),
        ):
            # Never disabled: a disabled button loses the focus, and with it the place of whoever works with the keyboard.
            button.description = "Cancel" if self.is_running else label
            button.button_style = "warning" if self.is_running else style
            button.tooltip = "Stop, on Athena too" if self.is_running else tooltip
        self._form_button.layout.display = None if self.is_edited else "none"

    def _show_rows(self) -> None:
        if self.frame is None or self.frame is self._shown_frame:
            return
        self._shown_frame = frame = self.frame
        self._download.offer(lambda: frame.to_csv(index=False).encode(), f"{self.result_table or 'rows'}.csv")
        self._rows.children = (_rows_table(frame),)
        names = tuple(name for name, kind in self.result_columns if plots_for(kind))
        first = (
            self._plot["column"].value if self._plot["column"].value in names else _first_to_plot(self.result_columns)
        )
        set_choice(self._plot["column"], names, first)
        if tuple(self._plot["series"].options) != ("", *names):
            self._plot["series"].options = ("", *names)
        self._offer_plots()
        self._plot_due = self._tabs.selected_index == _PLOT_TAB and not self._count_all.value

    def _show_plot(self) -> None:
        self._shown["profile"].value = (
            status_html("Missing and distinct values, the least, the greatest, the most frequent.")
            if self.profile is None
            else profile_html(self.profile)
        )
        if self.plotted is None:
            self._shown["drawn"].value = status_html(
                "No rows yet: run the query, or let Athena count all of them." if self.frame is None else ""
            )
            self._shown_plot = None
        elif self.plotted is not self._shown_plot:
            self._shown_plot = self.plotted
            self._show_plotted(self.plotted[0])
            self._shown["drawn"].value = status_html("Drawing …")
            self._shown["drawn"].value = self.plot_html()

    def _show_plotted(self, plot: Plot) -> None:
        """Let the controls say what is shown, where it was plotted from a cell; of their own they may be further already."""
        if self._asked == {name: getattr(plot, name) for name in self._plot}:
            return
        for name in ("column", "kind", "series", "unit"):
            control, value = self._plot[name], getattr(plot, name)
            if value in control.options:
                control.value = value
            if name == "column":
                self._offer_plots()

    def plot_html(self) -> str:
        """Return what was last plotted as HTML: the picture, whose rows it counts, and its numbers as a table."""
        from toolkit.widgets.charts import themed_svg

        if self.plotted is None:
            return ""
        plot, numbers, all_rows = self.plotted
        whose = "all rows of the selection"
        if self.frame is not None and not (all_rows or self.has_all_rows):
            whose = f"the {number_of(len(self.frame), 'row')} at hand"
        title = f"{plot.column} {plot.kind}" + (f" by {plot.series}" if plot.series else "")
        picture = themed_svg(self.chart, label=f"{title}, of {whose}; the numbers are in the table below")
        table = table_html(list(numbers.columns), numbers.head(500).itertuples(index=False))
        return f"{_note([f'Of {whose}.'])}{picture}<details><summary>Numbers</summary>{table}</details>"

    def snapshot(self) -> str:
        """Return the app as HTML, without asking AWS: showing an app must not wait for it."""
        settings = [("Table", f"{self.database}.{self.table}")]
        settings += [("Columns", ", ".join(self.columns))] if self.columns else []
        settings += (
            [("Time", f"{self.time_from or '…'} to {self.time_to or '…'}")] if self.time_from or self.time_to else []
        )
        settings += [("Filter", f"{found.column} {found.operator} {_as_text(found.value)}") for found in self.filters]
        parts = [
            table_html(("Setting", "Value"), settings, caption="Explorer"),
            sql_html(self.query) if self.query else list_html(self.known_problems, title="Before this can run"),
            self._estimate_html() if self.known_estimate else "",
        ]
        if self.frame is not None:
            rows = self.frame.head(_SNAPSHOT_ROWS)
            texts = rows.astype(object).where(rows.notna(), "")
            caption = f"{len(rows)} of {number_of(len(self.frame), 'row')}"
            parts.append(
                table_html([str(name) for name in rows.columns], texts.itertuples(index=False), caption=caption)
            )
        if self.plotted is not None:
            parts.append(self.plot_html())
        return "\n".join(parts)


def _rows_table(frame: pd.DataFrame) -> ipywidgets.Widget:
    if frame.empty:
        return ipywidgets.HTML(status_html("No row: nothing in the table is as the query wants it."))
    from itables.widget import ITable

    return ITable(
        with_null(frame),
        maxBytes=MOST_SHOWN_BYTES,
        classes="display compact nowrap",
        scrollX=True,
        pageLength=10,
        showIndex=False,
        allow_html=False,
    )


def with_null(frame: pd.DataFrame) -> pd.DataFrame:
    """Return *frame* with NULL where text is missing, which pandas would show as NaN, a number."""
    import pandas as pd

    shown = frame.copy(deep=False)
    for number in range(len(frame.columns)):
        column = frame.iloc[:, number]
        if pd.api.types.is_object_dtype(column.dtype) or pd.api.types.is_string_dtype(column.dtype):
            shown.isetitem(number, column.astype(object).where(column.notna(), "NULL").to_numpy())
    return shown


def _share(width: int, *, grow: int = 1) -> dict[str, str]:
    """Return the layout of a field that is *width* em wide, or as much wider as its row has place for."""
    return {"width": "auto", "flex": f"{grow} 1 {width}em", "min_width": "9em"}


def profile_html(profile: pd.DataFrame) -> str:
    """Return a profile as a table, a line for each column."""
    import pandas as pd

    rows: Any = profile.itertuples(index=False)
    lines = [
        (
            row.column,
            _cut(row.type),
            f"{row.missing:,} ({row.missing_percent} %)" if row.missing else "",
            "" if pd.isna(row.distinct) else f"{row.distinct:,}",
            "" if pd.isna(row.min) else _cut(row.min),
            "" if pd.isna(row.max) else _cut(row.max),
            row.top,
        )
        for row in rows
    ]
    heads = ("column", "type", "missing", "distinct", "min", "max", "most frequent")
    table = table_html(heads, lines, caption=f"{number_of(profile.attrs['rows'], 'row')}")
    return f'<div style="white-space: nowrap">{table}</div>'


def _cut(text: str) -> str:
    return text if len(text) <= _MOST_CHARACTERS else f"{text[: _MOST_CHARACTERS - 1]}…"


def _complete(rows: Sequence[Sequence[str]]) -> tuple[Filter, ...]:
    """Return the filters that are written to their end; one without its value is only begun."""
    return tuple(Filter(*row) for row in rows if row[2].strip() or row[1] in NO_VALUE)


def _as_text(value: Any) -> str:
    if isinstance(value, str):
        return value
    if isinstance(value, list | tuple | set | frozenset | range):
        return ", ".join(f'"{text}"' if "," in (text := str(item)) else text for item in value)
    return str(value)


def _with(names: tuple[str, ...], chosen: str) -> tuple[str, ...]:
    return names if not chosen or chosen in names else (chosen, *names)


def _set_number(field: ipywidgets.Dropdown, options: Sequence[tuple[str, int]], value: int, what: str) -> None:
    offered = tuple(options) if value in {number for _, number in options} else (*options, (f"{value:,} {what}", value))
    if tuple(field.options) != offered:
        field.options = offered
    if field.value != value:
        field.value = value


def _kinds(name: str, type_name: str) -> tuple[str, ...]:
    """Return what can be plotted of a column, what says most first."""
    kinds = plots_for(type_name)
    return tuple(sorted(kinds, key=KINDS.index)) if has_time_name(name) else kinds


def _first_to_plot(columns: Sequence[tuple[str, str]]) -> str:
    """Return the column that is plotted first: a time, else a number that is no identifier, else a text."""
    by_kind: dict[str, str] = {}
    for name, type_name in columns:
        for kind in _kinds(name, type_name)[:1]:
            identifies = kind == "distribution" and name.lower().endswith("id")
            by_kind.setdefault("top values" if identifies else kind, name)
    return next((by_kind[kind] for kind in KINDS if kind in by_kind), "")


def _note(sentences: Sequence[str]) -> str:
    if not sentences:
        return ""
    lines = "<br>".join(html.escape(sentence) for sentence in sentences)
    return (
        '<div role="status" style="line-height: 1.4; padding: 2px 0; overflow-wrap: anywhere; '
        f'color: var(--jp-content-font-color1, #212121)">{lines}</div>'
    )
