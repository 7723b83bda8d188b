"""The table creator as an app in a notebook: a form over `TableCreatorModel`."""

from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import ipywidgets

from toolkit.errors import ToolkitError
from toolkit.widgets.markup import list_html, python_html, sql_html, status_html, table_html
from toolkit.widgets.models import TableCreatorModel
from toolkit.widgets.models.table_creator import RUNNING

# Attribute, label, and what an empty field shows.
_TEXTS = (
    ("database", "Database", ""),
    ("table", "Table", ""),
    ("location", "Location", "s3://bucket/prefix/"),
    ("partition_keys", "Partition keys", "dt or year:int, month:int"),
    ("project_from", "Project from", "a day, such as 2026-03-01"),
)
_NOTHING = "Nothing yet: there are problems."
_STYLE = {"description_width": "8em"}
_WIDE = {"width": "auto"}


class TableCreator(TableCreatorModel):
    """
    An app that creates an Athena table from a schema; show it by naming it at the end of a cell.

    The fields of the form are attributes, and setting one moves the field: ``creator.table = "orders"``. `ddl`, `losses`,
    `problems` and `python` say what the form says, and `create` does what its button does.
    """

    def __init__(self, repository: str | Path = "", **settings: Any) -> None:
        """Take what `TableCreatorModel` takes."""
        super().__init__(repository, **settings)
        self._view: ipywidgets.Widget | None = None
        self._lock = threading.RLock()
        self._refreshing = False

    @property
    def view(self) -> ipywidgets.Widget:
        """The form as one widget, to be put into another app; made when first needed."""
        if self._view is None:
            self._build()
            self._refresh()
            self.observe(self._refresh)
        return self._view

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> dict[str, Any]:
        bundle: dict[str, Any] = self.view._repr_mimebundle_()
        # For whoever reads the notebook without a kernel.
        return {**bundle, "text/plain": repr(self), "text/html": self._snapshot()}

    def __repr__(self) -> str:
        return f"TableCreator(schema={self.schema!r}, version={self.version!r}, table='{self.database}.{self.table}')"

    def _build(self) -> None:
        self._fields = {
            "repository": ipywidgets.Text(
                description="Schemas in",
                placeholder="the samples",
                tooltip="A folder or s3://bucket/prefix/ laid out as <event>/<version>.json; empty: the toolkit's samples",
                # Each value is opened, so only finished ones count.
                continuous_update=False,
                style=_STYLE,
                layout=_WIDE,
            ),
            "schema": ipywidgets.Dropdown(description="Schema", style=_STYLE, layout=_WIDE),
            "version": ipywidgets.Dropdown(description="Version", style=_STYLE, layout=_WIDE),
        }
        for name, label, placeholder in _TEXTS:
            self._fields[name] = ipywidgets.Text(description=label, placeholder=placeholder, style=_STYLE, layout=_WIDE)
        for name, field in self._fields.items():
            field.observe(self._moved(name), "value")
        self._button = ipywidgets.Button(layout={"width": "8em", "margin": "2px 2px 2px calc(8em + 10px)"})
        self._button.on_click(lambda _: self._click())
        self._status = ipywidgets.HTML()
        self._problems_shown = ipywidgets.HTML()
        self._statement, self._losses_shown, self._code = ipywidgets.HTML(), ipywidgets.HTML(), ipywidgets.HTML()
        # As high as the form, so that the page does not jump while somebody types.
        self._tabs = ipywidgets.Tab([self._statement, self._losses_shown, self._code], layout={"min_height": "22em"})
        form = ipywidgets.VBox(
            [*self._fields.values(), self._button, self._status], layout={"flex": "2 1 24em", "min_width": "20em"}
        )
        results = ipywidgets.VBox(
            [self._problems_shown, self._tabs], layout={"flex": "3 1 34em", "min_width": "20em", "overflow": "hidden"}
        )
        self._view = ipywidgets.HBox([form, results], layout={"flex_flow": "row wrap", "grid_gap": "8px"})

    def _moved(self, name: str) -> Callable[[dict[str, Any]], None]:
        def move(change: dict[str, Any]) -> None:
            # The lock waits for a refresh in the worker's thread; in this thread a refresh moves fields itself.
            with self._lock:
                if not self._refreshing:
                    setattr(self, name, change["new"])

        return move

    def _click(self) -> None:
        if self.state == RUNNING:
            self.cancel()
            return
        # A thread of its own, so that the kernel hears the next click.
        threading.Thread(target=self._create_quietly, name="create-table", daemon=True).start()

    def _create_quietly(self) -> None:
        try:
            self.create()
        except ToolkitError:
            # The form shows it: `state`, `message` and `problems` are set.
            return

    def _refresh(self) -> None:
        """Let the form show what the model says."""
        with self._lock:
            self._refreshing = True
            try:
                self._show()
            finally:
                self._refreshing = False

    def _show(self) -> None:
        choices = {"schema": self.names, "version": self.versions}
        for name, field in self._fields.items():
            if name in choices:
                _set_choice(field, choices[name], getattr(self, name))
            else:
                _set_text(field, getattr(self, name))
        running = self.state == RUNNING
        # Never disabled: a disabled button loses the focus, and with it the place of whoever works with the keyboard.
        self._button.description = "Cancel" if running else "Create"
        self._button.button_style = "warning" if running else "primary"
        self._button.tooltip = "Stop, on Athena too" if running else "Create the table on Athena"
        self._status.value = status_html(self.message, state=self.state)
        self._problems_shown.value = list_html(self.problems, title="Before the table can be created")
        self._statement.value = sql_html(self.ddl) if self.ddl else status_html(_NOTHING)
        self._losses_shown.value = self._losses_html()
        self._code.value = python_html(self.python) if self.python else status_html(_NOTHING)
        self._tabs.titles = ("Statement", f"Losses ({len(self.losses)})", "Python")

    def _losses_html(self) -> str:
        losses = self.losses[["column", "effect", "consequence"]]
        if losses.empty:
            return status_html(_NOTHING if self.plan is None else "Nothing is lost: every accepted value comes back.")
        return table_html(list(losses.columns), losses.itertuples(index=False))

    def _snapshot(self) -> str:
        settings = [("Schema", f"{self.schema}, version {self.version}")]
        settings += [(label, getattr(self, name)) for name, label, _ in _TEXTS if getattr(self, name)]
        parts = [
            table_html(("Setting", "Value"), settings, caption="Table creator"),
            list_html(self.problems, title="Before the table can be created"),
            sql_html(self.ddl) if self.ddl else "",
            status_html(self.message, state=self.state) if self.message else "",
        ]
        return "\n".join(part for part in parts if part)


def _set_text(field: ipywidgets.Text, text: str) -> None:
    # Blanks at the ends don't count; taking them away would disturb whoever types.
    if field.value.strip() != text:
        field.value = text


def _set_choice(field: ipywidgets.Dropdown, options: tuple[str, ...], value: str) -> None:
    if tuple(field.options) != options:
        field.options = options
    chosen = value if value in options else None
    if field.value != chosen:
        field.value = chosen
