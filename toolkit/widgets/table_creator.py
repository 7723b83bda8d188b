"""The table creator as an app in a notebook: a form over `TableCreatorModel`."""

from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import ipywidgets

from toolkit.errors import ToolkitError
from toolkit.hive import create_table_sql
from toolkit.widgets.controls import CopyButton
from toolkit.widgets.form import ROW, STYLE, WIDE, Form, schema_fields, set_choice
from toolkit.widgets.markup import folded_html, list_html, python_html, sql_html, status_html, table_html
from toolkit.widgets.models import TableCreatorModel
from toolkit.widgets.planning import checks_html, difference_html, losses_html

# Attribute, label, and what an empty field shows.
_TEXTS = (
    ("database", "Database", ""),
    ("table", "Table", ""),
    ("location", "Location", "s3://bucket/prefix/"),
    ("partition_keys", "Partition keys", "dt or year:int, month:int"),
    ("projection", "Projection", "2026-03-01, or dt: 2026-03-01; hour: 0..23"),
    ("location_template", "Path template", "s3://bucket/events/${dt}/; empty: key=value/"),
)
_FORMATS = (
    ("JSON, OpenX SerDe", "openx"),
    ("JSON, Hive SerDe", "hive"),
    ("JSON, Ion SerDe", "ion"),
    ("Parquet", "parquet"),
    ("ORC", "orc"),
    ("Iceberg", "iceberg"),
)
_SHOWN = ("status", "problems", "statement", "checks", "losses", "difference", "copy", "views", "code")
_NOTHING = "Nothing yet: there are problems."
# So long somebody may type on before the catalogue and S3 are asked.
SECONDS_BEFORE_LOOKING = 0.6


class TableCreator(Form, TableCreatorModel):
    """
    An app that creates an Athena table from a schema; show it by naming it at the end of a cell.

    The fields of the form are attributes, and setting one moves the field: ``creator.table = "orders"``. `ddl`, `losses`,
    `checks`, `problems` and `python` say what the form says; `create`, `evolve`, `curate` and `create_views` do what its buttons
    do.
    """

    def __init__(self, repository: str | Path = "", **settings: Any) -> None:
        """Take what `TableCreatorModel` takes."""
        self._looked_for: object = None
        self._timer: threading.Timer | None = None
        TableCreatorModel.__init__(self, repository, **settings)
        self.prepare()

    def __repr__(self) -> str:
        return f"TableCreator(schema={self.schema!r}, version={self.version!r}, table='{self.database}.{self.table}')"

    def build(self) -> ipywidgets.Widget:
        """Make the controls."""
        self._fields = schema_fields()
        for name, label, placeholder in _TEXTS:
            self._fields[name] = ipywidgets.Text(description=label, placeholder=placeholder, style=STYLE, layout=WIDE)
        self._fields["storage"] = ipywidgets.Dropdown(description="Format", options=_FORMATS, style=STYLE, layout=WIDE)
        self._fields["allow_destructive"] = ipywidgets.Checkbox(
            description="Allow what takes something away", indent=False, layout=WIDE
        )
        self._button = self.action_button(self._main, layout={"width": "12em"})
        self._button.layout.margin = "2px 2px 2px calc(8em + 10px)"
        self._curate_button = self.action_button(lambda: self.curate, layout={"width": "12em"})
        self._views_button = self.action_button(lambda: self.create_views, layout={"width": "12em"})
        self._shown = {name: ipywidgets.HTML() for name in _SHOWN}
        self._shown["status"].add_class("toolkit-told")
        self._copy = CopyButton()
        self._copies = {
            "evolution_python": CopyButton(label="Copy the change as Python"),
            "copy_python": CopyButton(label="Copy the filling as Python"),
            "views_python": CopyButton(label="Copy the views as Python"),
        }
        self._destructive = ipywidgets.VBox([self._fields["allow_destructive"]])
        # As high as the form, so that the page does not jump while somebody types.
        self._tabs = ipywidgets.Tab(
            [
                self._shown["statement"],
                self._shown["checks"],
                self._shown["losses"],
                ipywidgets.VBox([self._destructive, self._shown["difference"], self._copies["evolution_python"]]),
                ipywidgets.VBox(
                    [
                        ipywidgets.HBox([self._curate_button, self._copies["copy_python"]], layout=ROW),
                        self._shown["copy"],
                        ipywidgets.HBox([self._views_button, self._copies["views_python"]], layout=ROW),
                        self._shown["views"],
                    ],
                    layout={"grid_gap": "4px"},
                ),
                ipywidgets.VBox([self._copy, self._shown["code"]]),
            ],
            titles=("Statement", "Checks", "Losses", "Difference", "Next", "Python"),
            layout={"min_height": "27em"},
        )
        shown = [field for name, field in self._fields.items() if name != "allow_destructive"]
        form = ipywidgets.VBox(
            [*shown, self._button, self._shown["status"]], layout={"flex": "2 1 24em", "min_width": "20em"}
        )
        results = ipywidgets.VBox(
            [self._shown["problems"], self._tabs],
            layout={"flex": "3 1 34em", "min_width": "20em", "overflow": "hidden"},
        )
        return ipywidgets.HBox([form, results], layout={"flex_flow": "row wrap", "grid_gap": "8px"})

    def show(self) -> None:
        """Let the controls show what the model says."""
        set_choice(self._fields["schema"], self.names, self.schema)
        set_choice(self._fields["version"], self.versions, self.version)
        for name in ("repository", *(name for name, _, _ in _TEXTS)):
            self.show_text(name)
        known = [value for _, value in _FORMATS]
        self._fields["storage"].value = self.storage if self.storage in known else None
        self._fields["allow_destructive"].value = self.allow_destructive
        differs = self.inspection is not None and self.inspection.differs
        self._label(self._button, "Change table" if differs else "Create", "Run the statements on Athena", primary=True)
        self._label(
            self._curate_button, "Fill curated copy", "Create a columnar copy on Athena, or fill it with what is new"
        )
        self._label(self._views_button, "Create flat views", "Create the views on Athena")
        self._shown["status"].value = status_html(self.message, state=self.state)
        self._shown["problems"].value = list_html(self.problems, title="Before the table can be created")
        self._shown["statement"].value = sql_html(self.ddl) if self.ddl else status_html(_NOTHING)
        self._shown["checks"].value = checks_html(self.checks) if self.plan else status_html(_NOTHING)
        self._shown["losses"].value = self._losses_html()
        self._shown["difference"].value = difference_html(self.inspection)
        destroys = (
            self.inspection is not None and self.inspection.plan is not None and self.inspection.plan.is_destructive
        )
        self._destructive.layout.display = None if destroys else "none"
        self._shown["code"].value = python_html(self.python) if self.python else status_html(_NOTHING)
        self._copy.text = self.python
        for name, button in self._copies.items():
            button.text = getattr(self, name)
        evolves = self.inspection is not None and self.inspection.differs
        self._copies["evolution_python"].layout.display = None if evolves else "none"
        self._show_next()
        self._look_soon()

    def _show_next(self) -> None:
        try:
            curated = self.plan_copy()
        except ToolkitError as error:
            self._shown["copy"].value = status_html(str(error) if self.plan else _NOTHING)
        else:
            lost = len({loss.column for loss in curated.losses})
            keys = bool(curated.table.partition_keys)
            how = "partition by partition; again, it goes on with what is new" if keys else "from the rows of the table"
            losing = f"{lost} {'column' if lost == 1 else 'columns'} may lose something" if lost else "nothing is lost"
            note = f"Real dates, timestamps and decimals in Parquet, filled {how}; {losing}."
            self._shown["copy"].value = status_html(note) + folded_html(
                f"Statement of {curated.table.name}", sql_html(create_table_sql(curated.table))
            )
        if self.views:
            names = ", ".join(view.name for view in self.views)
            self._shown["views"].value = status_html(f"Structs as columns, arrays as rows: {names}.") + "".join(
                folded_html(f"Statement of {view.name}", sql_html(view.sql)) for view in self.views
            )
        else:
            self._shown["views"].value = status_html(
                _NOTHING if self.plan is None else "No type of it can be shown flat."
            )

    def _losses_html(self) -> str:
        if self.plan is None:
            return status_html(_NOTHING)
        return losses_html(self.plan.losses) if self.plan.losses else status_html("Nothing is lost.")

    def _label(self, button: ipywidgets.Button, label: str, tooltip: str, *, primary: bool = False) -> None:
        # Never disabled: a disabled button loses the focus, and with it the place of whoever works with the keyboard.
        button.description = "Cancel" if self.is_running else label
        button.button_style = "warning" if self.is_running else "primary" if primary else ""
        button.tooltip = "Stop, on Athena too" if self.is_running else tooltip

    def _main(self) -> Callable[[], object]:
        return self.evolve if self.inspection is not None and self.inspection.differs else self.create

    def _look_soon(self) -> None:
        """Ask the catalogue and S3 once nobody has typed for a moment."""
        if self.plan is None or self.inspection is not None or self.plan is self._looked_for:
            return
        self._looked_for = self.plan
        if self._timer is not None:
            self._timer.cancel()
        self._timer = threading.Timer(SECONDS_BEFORE_LOOKING, self.inspect)
        self._timer.name = f"{type(self).__name__}-look"
        self._timer.daemon = True
        self._timer.start()

    def snapshot(self) -> str:
        """Return the app as HTML."""
        settings = [("Schema", f"{self.schema}, version {self.version}")]
        settings += [(label, getattr(self, name)) for name, label, _ in _TEXTS if getattr(self, name)]
        settings += [("Format", next((label for label, value in _FORMATS if value == self.storage), self.storage))]
        parts = [
            table_html(("Setting", "Value"), settings, caption="Table creator"),
            list_html(self.problems, title="Before the table can be created"),
            sql_html(self.ddl) if self.ddl else "",
            status_html(self.message, state=self.state) if self.message else "",
        ]
        return "\n".join(part for part in parts if part)
