"""Controls for queries that ipywidgets lacks: a tree of columns, rows of filters, and a field for SQL."""

from __future__ import annotations

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
        super().__init__(layout={"overflow": "hidden"})
        self._kinds: dict[str, str] = {}
        self._rows: list[ipywidgets.HBox] = []
        self._building = False
        self._add = ipywidgets.Button(description="Add filter", icon="plus", tooltip="Add a condition on a column")
        self._add.on_click(lambda _: self._append())
        self.children = (self._add,)
        self.observe(self._moved, "value")

    def offer(self, columns: Sequence[ColumnPath]) -> None:
        """Offer *columns* for conditions."""
        kinds = {column.name: column.kind for column in columns}
        if kinds != self._kinds:
            self._kinds = kinds
            self._build()

    def _append(self) -> None:
        if self._kinds:
            first = next((name for name, kind in self._kinds.items() if kind != "nested"), next(iter(self._kinds)))
            self.value = [*self.value, [first, OPERATORS[self._kinds[first]][0], ""]]
            self._rows[-1].children[0].focus()

    def _moved(self, _: object) -> None:
        if not self._building:
            self._build()

    def _build(self) -> None:
        self._rows = [self._row(number, *row) for number, row in enumerate(self.value)]
        self.children = (*self._rows, self._add)

    def _row(self, number: int, column: str, operator: str, value: str) -> ipywidgets.HBox:
        what = f"Filter {number + 1}"
        # A column that is not there any more stays to be seen; the problem below names it.
        names = list(self._kinds) if column in self._kinds else [column, *self._kinds]
        operators = OPERATORS.get(self._kinds.get(column, "text"), ())
        where = ipywidgets.Dropdown(
            description=f"{what}: column", options=names, value=column, layout={"flex": "3 1 8em", "width": "auto"}
        )
        how = ipywidgets.Dropdown(
            description=f"{what}: condition",
            options=operators if operator in operators else (operator, *operators),
            value=operator,
            layout={"flex": "0 0 6.5em", "width": "auto"},
        )
        text = ipywidgets.Text(
            description=f"{what}: value",
            value=value,
            placeholder=_EXAMPLES.get(operator, "value"),
            layout={"flex": "3 1 7em", "width": "auto", "display": "none" if operator in NO_VALUE else None},
        )
        gone = ipywidgets.Button(
            icon="times", tooltip=f"Remove filter {number + 1}", layout={"width": "2.4em", "flex": "0 0 auto"}
        )
        for control in (where, how, text):
            control.add_class("toolkit-unlabelled")
        where.observe(lambda change: self._change(number, column=change["new"]), "value")
        how.observe(lambda change: self._change(number, operator=change["new"]), "value")
        text.observe(lambda change: self._change(number, value=change["new"]), "value")
        gone.on_click(lambda _: self._remove(number))
        return ipywidgets.HBox([where, how, text, gone], layout={"width": "100%"})

    def _change(
        self, number: int, *, column: str | None = None, operator: str | None = None, value: str | None = None
    ) -> None:
        row = list(self.value[number])
        if column is not None:
            row[0] = column
            operators = OPERATORS[self._kinds.get(column, "text")]
            row[1] = row[1] if row[1] in operators else operators[0]
        row[1] = operator if operator is not None else row[1]
        row[2] = value if value is not None else row[2]
        # A row that is typed in stays as it is, so that the cursor stays where it is.
        self._building = value is not None
        try:
            self.value = [row if other == number else found for other, found in enumerate(self.value)]
        finally:
            self._building = False

    def _remove(self, number: int) -> None:
        self.value = [row for other, row in enumerate(self.value) if other != number]
        self._add.focus()
