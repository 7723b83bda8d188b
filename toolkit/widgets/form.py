"""What every app does between its model and its controls: fields move both ways, and work runs in a thread of its own."""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Callable, Mapping
from typing import Any

import ipywidgets

from toolkit.errors import ToolkitError
from toolkit.widgets.controls import ActionButton, Lifeline
from toolkit.widgets.models.work import Work

STYLE = {"description_width": "8em"}
WIDE = {"width": "auto"}
# Fields whose change asks a service that may take its time to say no: the kernel is not to stand still meanwhile.
_ASKING = ("repository",)
ROW = {"flex_flow": "row wrap", "grid_gap": "4px 14px", "align_items": "center"}


class Form(Work):
    """
    The shell over a model, which a subclass inherits as well: it builds the view, and shows what the model says.

    The fields of the form are attributes of the model. Setting one in code moves the field, and typing in the field sets it.
    """

    def prepare(self) -> None:
        """Be ready to be shown; the view is built when first needed."""
        self._view: ipywidgets.Widget | None = None
        self._lock = threading.RLock()
        self._refreshing = False
        self._fields: dict[str, Any] = {}
        self._said: dict[str, Any] = {}

    def build(self) -> ipywidgets.Widget:
        """Make the controls, those of attributes in ``_fields``, and return them as one widget."""
        raise NotImplementedError

    def show(self) -> None:
        """Let the controls show what the model says."""
        raise NotImplementedError

    def snapshot(self) -> str:
        """Return the app as HTML, for whoever reads the notebook without a kernel."""
        raise NotImplementedError

    @property
    def view(self) -> ipywidgets.Widget:
        """The app as one widget, to be put into another one; made when first needed."""
        if self._view is None:
            body = self.build()
            for name, field in self._fields.items():
                field.observe(self._moved(name), "value")
            self._lifeline = Lifeline(type(self).__name__, self._restore)
            self._view = ipywidgets.VBox([self._lifeline, body])
            self._view.add_class("toolkit-app")
            self._refresh()
            self._lifeline.origin = hashlib.sha256(repr(self._lifeline.settings).encode()).hexdigest()[:16]
            self.observe(self._refresh)
        return self._view

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> dict[str, Any]:
        bundle: dict[str, Any] = self.view._repr_mimebundle_()
        return {**bundle, "text/plain": repr(self), "text/html": self.snapshot()}

    @property
    def kept(self) -> tuple[str, ...]:
        """The attributes that outlive the kernel, in the order in which they are set again: those of the fields."""
        return tuple(self._fields)

    def start(self, action: Callable[[], object]) -> None:
        """Do *action* in a thread of its own, so that the kernel hears the next click; its errors are the model's to tell."""

        def quietly() -> None:
            try:
                action()
            except ToolkitError:
                # The form shows it: `state` and `message` are set.
                return

        threading.Thread(target=quietly, name=type(self).__name__, daemon=True).start()

    def action_button(self, action: Callable[[], Callable[[], object]], **settings: Any) -> ActionButton:
        """Return a button that starts what *action* returns at the click, or cancels the work that runs."""
        button = ActionButton(self.when_settled, **settings)
        button.on_click(lambda _: self.cancel() if self.is_running else self.start(action()))
        return button

    def when_settled(self, act: Callable[[], object]) -> None:
        """Do *act* once the fields have what was typed before; a cancel waits for nothing, and never becomes a start."""
        if self.is_running:
            act()
        else:
            self._lifeline.settle(lambda: None if self.is_running else act())

    def _moved(self, name: str) -> Callable[[dict[str, Any]], None]:
        def move(change: dict[str, Any]) -> None:
            # The lock waits for a refresh in the worker's thread; in this thread a refresh moves fields itself.
            with self._lock:
                if self._refreshing:
                    return
            if name in _ASKING:
                self.start(lambda: setattr(self, name, change["new"]))
            else:
                with self._lock:
                    setattr(self, name, change["new"])

        return move

    def _refresh(self) -> None:
        with self._lock:
            self._refreshing = True
            try:
                self.show()
                self._lifeline.settings = {name: getattr(self, name) for name in self.kept}
            finally:
                self._refreshing = False

    def is_news(self, name: str) -> bool:
        """
        Say whether the attribute *name* has another value than at the last time, so that its field is to be moved.

        Where it has not, a field that says something else was typed in just now: work that ends in its own thread must not take
        the letters away from whoever types them.
        """
        value = getattr(self, name)
        news = name not in self._said or self._said[name] != value
        self._said[name] = value
        return news

    def show_text(self, name: str) -> None:
        """Move the text field of the attribute *name*; blanks at the ends don't count, and stay as they were typed."""
        field, text = self._fields[name], getattr(self, name)
        if self.is_news(name) and field.value.strip() != text.strip():
            field.value = text

    def _restore(self, settings: Mapping[str, Any]) -> None:
        """Set again what stood in the form before the kernel ended, in the order of the fields, which follow each other."""
        for name in self.kept:
            value = settings.get(name)
            if isinstance(value, type(getattr(self, name))):
                setattr(self, name, value)


def set_choice(field: ipywidgets.Dropdown, options: tuple[str, ...], value: str) -> None:
    """Offer *options*, of which *value* is chosen, or none."""
    if tuple(field.options) != options:
        field.options = options
    chosen = value if value in options else None
    if field.value != chosen:
        field.value = chosen


def schema_fields(*, wide: bool = True) -> dict[str, ipywidgets.Widget]:
    """Return the fields of `SchemaChoice`: repository, schema and version."""
    layout = WIDE if wide else {"width": "auto", "flex": "1 1 14em"}
    style = STYLE if wide else {"description_width": "auto"}
    return {
        "repository": ipywidgets.Text(
            description="Schemas in",
            placeholder="the samples",
            tooltip="A folder, s3://bucket/prefix/, dynamodb://table or glue://registry; empty: the toolkit's samples",
            # Each value is opened, so only finished ones count.
            continuous_update=False,
            style=style,
            layout=layout,
        ),
        "schema": ipywidgets.Dropdown(description="Schema", style=style, layout=layout),
        "version": ipywidgets.Dropdown(
            description="Version", style=style, layout=layout if wide else {"width": "auto", "flex": "0 1 9em"}
        ),
    }
