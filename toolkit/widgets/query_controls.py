"""Controls for queries that ipywidgets lacks: a tree of columns, rows of filters, and a field for SQL."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import anywidget
import ipywidgets
import traitlets

from toolkit.athena.selection import NO_VALUE, OPERATORS, ColumnPath

_BROWSER = Path(__file__).parent / "browser"
_CSS = _BROWSER / "explorer.css"


class ColumnTree(anywidget.AnyWidget):
    """Columns with a checkbox each, nested ones below their parents; ``value`` has the names of those that are checked."""

    _esm = _BROWSER / "column_tree.js"
    _css = _CSS
    columns: Any = traitlets.List().tag(sync=True)
    value = traitlets.List(traitlets.Unicode()).tag(sync=True)
    label = traitlets.Unicode("Columns").tag(sync=True)


class SqlEditor(anywidget.AnyWidget):
    """A field for SQL, coloured as the notebook's editors are; Ctrl-Enter in it calls what `on_run` was given."""

    _esm = _BROWSER / "sql_editor.js"
    _css = _CSS
    value = traitlets.Unicode("").tag(sync=True)
    label = traitlets.Unicode("SQL").tag(sync=True)

    def on_run(self, run: Callable[[], object]) -> None:
        """Call *run* at Ctrl-Enter."""

        def received(_: Any, content: Any, __: Any) -> None:
            if isinstance(content, dict) and content.get("run"):
                run()

        self.on_msg(received)


def tree_columns(columns: Sequence[ColumnPath]) -> list[dict[str, Any]]:
    """Return what `ColumnTree` shows of the columns, as plain values."""
    parents = {column.parts[:-1] for column in columns} | {column.parts[:-2] for column in columns}
    found = []
    for column in columns:
        named = [part for part in column.parts if part != "[]"]
        last = named[-1] + ("[]" if column.parts[-1] == "[]" else "")
        found.append(
            {
                "name": column.name,
                "label": last + (" (partition)" if column.is_partition_key else ""),
                "type": str(column.type),
                "depth": len(named) - 1 + (column.parts[-1] == "[]"),
                "children": column.parts in parents,
            }
        )
    return found


_EXAMPLES = {"in": "a, b, c", "between": "1, 9"}


class FilterRows(ipywidgets.VBox):
    """Rows of column, operator and value; ``value`` is a list of these three texts for each row."""

    value: Any = traitlets.List()

    def __init__(self) -> None:
        super().__init__()
        self._kinds: dict[str, str] = {}
        self._rows: list[ipywidgets.HBox] = []
        self._showing = 0  # the thread that shows rows; what is clicked meanwhile comes in another
        self._add = ipywidgets.Button(description="+ Add filter", tooltip="Add a condition on a column")
        self._add.on_click(lambda _: self._append())
        self.children = (self._add,)
        self.observe(lambda _: self._show(), "value")

    def offer(self, columns: Sequence[ColumnPath]) -> None:
        """Offer *columns* for conditions."""
        self._kinds = {column.name: column.kind for column in columns}
        self._show()

    def _append(self) -> None:
        if self._kinds:
            first = next((name for name, kind in self._kinds.items() if kind != "nested"), next(iter(self._kinds)))
            self.value = [*self.value, [first, OPERATORS[self._kinds[first]][0], ""]]
            self._rows[-1].children[0].focus()

    def _show(self) -> None:
        """Show the rows in the controls that are there, so that none loses the focus; make or drop those at the end."""
        before, self._showing = self._showing, threading.get_ident()
        try:
            for number, row in enumerate(self.value):
                if number == len(self._rows):
                    self._rows.append(self._row(number))
                self._fill(self._rows[number], *row)
            del self._rows[len(self.value) :]
            if self.children != (*self._rows, self._add):
                self.children = (*self._rows, self._add)
        finally:
            self._showing = before

    def _row(self, number: int) -> ipywidgets.HBox:
        what = f"Filter {number + 1}"
        share = {"width": "auto", "min_width": "0"}
        controls = (
            ipywidgets.Dropdown(description=f"{what}: column", layout={"flex": "4 1 0", **share}),
            ipywidgets.Dropdown(description=f"{what}: condition", layout={"flex": "0 0 6em", **share}),
            ipywidgets.Text(description=f"{what}: value", layout={"flex": "3 1 0", **share}),
        )
        for place, control in enumerate(controls):
            control.add_class("toolkit-unlabelled")
            control.observe(lambda change, place=place: self._change(number, place, change["new"]), "value")
        drop = ipywidgets.Button(description="Remove", tooltip=f"Remove filter {number + 1}", layout={"width": "auto"})
        drop.on_click(lambda _: self._remove(number))
        return ipywidgets.HBox([*controls, drop])

    def _fill(self, row: ipywidgets.HBox, column: str, operator: str, value: str) -> None:
        where, how, text, _ = row.children
        # What is not there any more stays to be seen; the problem beside it names it.
        _offer(where, list(self._kinds), column)
        _offer(how, OPERATORS.get(self._kinds.get(column, ""), ()), operator)
        text.placeholder = _EXAMPLES.get(operator, "value")
        text.layout.visibility = "hidden" if operator in NO_VALUE else None
        if text.value != value:
            text.value = value

    def _change(self, number: int, place: int, text: str) -> None:
        if self._showing == threading.get_ident() or number >= len(self.value):
            return
        row = list(self.value[number])
        row[place] = text
        operators = OPERATORS.get(self._kinds.get(row[0], ""), ())
        if place == 0 and row[1] not in operators:
            row[1] = next(iter(operators), row[1])
        self.value = [row if other == number else found for other, found in enumerate(self.value)]

    def _remove(self, number: int) -> None:
        self.value = [row for other, row in enumerate(self.value) if other != number]
        self._add.focus()


def _offer(field: ipywidgets.Dropdown, options: Sequence[str], value: str) -> None:
    offered = tuple(options) if value in options else (value, *options)
    if tuple(field.options) != offered:
        field.options = offered
    if field.value != value:
        field.value = value
