"""The validator as an app in a notebook: a form over `EventValidatorModel`."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import ipywidgets

from toolkit.widgets.controls import CopyButton, Download, DropZone
from toolkit.widgets.form import ROW, Form, schema_fields, set_choice
from toolkit.widgets.markup import list_html, progress_html, status_html, table_html
from toolkit.widgets.models.event_validator import FILES, PATH, TEXT, EventValidatorModel
from toolkit.widgets.models.work import DONE
from toolkit.widgets.verdict import refusals_html, verdict_html

_GIVEN = (FILES, PATH, TEXT)
_PLAIN = {"description_width": "auto"}


class EventValidator(Form, EventValidatorModel):
    """
    An app that judges events by their schema; show it by naming it at the end of a cell.

    The fields of the form are attributes, and setting one moves the field: ``app.source = "events.ndjson"``. `validate` does what
    the button does; `validation`, `refusals` and `python` say what was found, and how to find it again.
    """

    def __init__(self, repository: str | Path = "", **settings: Any) -> None:
        """Take what `EventValidatorModel` takes."""
        EventValidatorModel.__init__(self, repository, **settings)
        self.prepare()

    def __repr__(self) -> str:
        return f"EventValidator(schema={self.schema!r}, version={self.version!r}, strict={self.strict!r})"

    def build(self) -> ipywidgets.Widget:
        """Make the controls."""
        self._fields = schema_fields(wide=False)
        self._fields |= {
            "strict": ipywidgets.Checkbox(
                description="Refuse undeclared fields",
                indent=False,
                tooltip="A table has no column for a field that the schema does not declare",
                layout={"width": "auto"},
            ),
            "source": ipywidgets.Text(
                description="Path or S3 URI",
                placeholder="events.ndjson, logs/*.json.gz, s3://bucket/key or s3://bucket/prefix/",
                style=_PLAIN,
                layout={"width": "auto"},
            ),
            "text": ipywidgets.Textarea(
                description="JSON",
                placeholder="One event, an array of events, or one event a line",
                rows=7,
                style=_PLAIN,
                layout={"width": "auto"},
            ),
        }
        self._drop = DropZone(
            "Drop files of any size here (NDJSON, plain, gzip or zstd), or choose them:", self._dropped
        )
        self._tabs = ipywidgets.Tab(
            [self._drop, ipywidgets.VBox([self._fields["source"]]), ipywidgets.VBox([self._fields["text"]])],
            titles=("Files", "Path or S3", "Paste"),
        )
        self._tabs.observe(self._turned, "selected_index")
        self._button = self.action_button(lambda: self.validate, layout={"width": "9em"})
        self._bar = ipywidgets.HTML(layout={"width": "16em"})
        self._status, self._faults = ipywidgets.HTML(layout={"flex": "1 1 20em"}), ipywidgets.HTML()
        self._status.add_class("toolkit-told")
        self._verdict, self._reasons = ipywidgets.HTML(), ipywidgets.HTML()
        self._rejects = Download("Download refused lines", mime="application/x-ndjson")
        self._document = Download("Download report", mime="application/json")
        self._copy = CopyButton()
        panel = ipywidgets.VBox(
            [
                ipywidgets.HBox(
                    [self._fields[name] for name in ("repository", "schema", "version", "strict")], layout=ROW
                ),
                self._faults,
                self._tabs,
                ipywidgets.HBox([self._button, self._bar, self._status], layout=ROW),
            ]
        )
        panel.add_class("toolkit-panel")
        take = ipywidgets.HBox([self._rejects, self._document, self._copy], layout=ROW)
        return ipywidgets.VBox([panel, self._verdict, self._reasons, take])

    @property
    def kept(self) -> tuple[str, ...]:
        """The fields, and then which of them counts."""
        return (*super().kept, "given")

    def show(self) -> None:
        """Let the controls show what the model says."""
        set_choice(self._fields["schema"], self.names, self.schema)
        set_choice(self._fields["version"], self.versions, self.version)
        for name in ("repository", "source", "text"):
            self.show_text(name)
        self._fields["strict"].value = self.strict
        self._tabs.selected_index = _GIVEN.index(self.given)
        # Never disabled: a disabled button loses the focus, and with it the place of whoever works with the keyboard.
        self._button.description = "Cancel" if self.is_running else "Validate"
        self._button.button_style = "warning" if self.is_running else "primary"
        self._button.tooltip = "Stop, and keep what was found before" if self.is_running else "Judge every event"
        self._bar.value = progress_html(self.fraction, label="Events judged") if self.is_running else ""
        self._bar.layout.display = None if self.is_running else "none"
        # A tick before what was refused would say that all is well.
        has_refused = self.validation is not None and self.validation.report.invalid > 0
        self._status.value = status_html(self.message, state="" if self.state == DONE and has_refused else self.state)
        self._faults.value = list_html(self.problems, title="Before events can be judged")
        self._copy.text = "" if self.problems else self.python
        if not self.is_running:
            self._show_found()

    def _show_found(self) -> None:
        found = self.validation
        name = found.schema if found else ""
        self._verdict.value = self._stale_html() + verdict_html(found) if found else ""
        self._reasons.value = refusals_html(found) if found else ""
        self._rejects.offer(found.rejects if found and found.report.invalid else None, f"{name}-refused.ndjson")
        report = json.dumps(self.report, indent=2, ensure_ascii=False).encode() if found else None
        self._document.offer(report, f"{name}-report.json")

    def snapshot(self) -> str:
        """Return the app as HTML."""
        settings = [
            ("Schema", f"{self.schema}, version {self.version}"),
            ("Undeclared fields", "refused" if self.strict else "allowed"),
            ("Events", {PATH: self.source, FILES: f"{len(self.files)} files", TEXT: "pasted"}[self.given]),
        ]
        parts = [
            table_html(("Setting", "Value"), settings, caption="Validator"),
            list_html(self.problems, title="Before events can be judged"),
        ]
        if self.validation:
            parts += [self._stale_html(), verdict_html(self.validation), refusals_html(self.validation)]
        return "\n".join(part for part in parts if part)

    def _stale_html(self) -> str:
        found = self.validation
        if found is None or self.is_current:
            return ""
        by = f"{found.schema}, version {found.version}, undeclared fields {'refused' if found.strict else 'allowed'}"
        return status_html(f"Judged by {by}. Something was chosen anew since then: validate again.")

    def _dropped(self, paths: tuple[Path, ...]) -> None:
        self.files = tuple(map(str, paths))

    def _turned(self, change: dict[str, Any]) -> None:
        with self._lock:
            if not self._refreshing:
                self.given = _GIVEN[change["new"]]
