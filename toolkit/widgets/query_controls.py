"""Controls for queries that ipywidgets lacks: a tree of columns, and a field for SQL."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import anywidget
import traitlets

from toolkit.athena.selection import ColumnPath

_STATIC = Path(__file__).parent / "static"


class ColumnTree(anywidget.AnyWidget):
    """Columns with a checkbox each, nested ones below their parents; ``value`` has the names of those that are checked."""

    _esm = _STATIC / "column_tree.js"
    _css = _STATIC / "column_tree.css"
    columns = traitlets.List().tag(sync=True)
    value = traitlets.List(traitlets.Unicode()).tag(sync=True)
    label = traitlets.Unicode("Columns").tag(sync=True)


class SqlEditor(anywidget.AnyWidget):
    """A field for SQL, coloured as the notebook's editors are; Ctrl-Enter in it calls what `on_run` was given."""

    _esm = _STATIC / "sql_editor.js"
    _css = _STATIC / "sql_editor.css"
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
