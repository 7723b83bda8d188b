"""Notebooks as files: run again, with outputs that are the same on every machine."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from toolkit.errors import InvalidInput, ToolkitError

CELL_TIMEOUT_IN_SECONDS = 120
_WIDGET_VIEW = "application/vnd.jupyter.widget-view+json"
_METADATA = {
    "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
    "language_info": {"name": "python"},
}


class NotebookFailed(ToolkitError):
    """A cell of a notebook raised; names the notebook, the cell and the error."""


def refresh_notebooks(folder: str | Path, environment: Mapping[str, str]) -> tuple[Path, ...]:
    """
    Run every notebook of *folder* in a fresh kernel whose whole environment is *environment*; return those that changed.

    Outputs are written back without what differs from run to run: times, the state and ids of widgets, the version of
    Python. A notebook that fails stays as it was.

    Raises:
        InvalidInput: a file is no notebook.
        NotebookFailed: a cell raised, or took longer than two minutes.
    """
    return tuple(path for path in sorted(Path(folder).glob("*.ipynb")) if _refresh(path, environment))


def _refresh(path: Path, environment: Mapping[str, str]) -> bool:
    import nbformat
    from nbclient import NotebookClient
    from nbclient.exceptions import CellExecutionError, CellTimeoutError

    try:
        before: str = path.read_text(encoding="utf-8")
        notebook: Any = nbformat.reads(before, as_version=4)  # type: ignore[no-untyped-call]
    except (ValueError, TypeError, AttributeError, nbformat.ValidationError) as error:
        raise InvalidInput(f"{path}: expected a Jupyter notebook of version 4, found something else") from error
    client = NotebookClient(
        notebook,
        timeout=CELL_TIMEOUT_IN_SECONDS,
        kernel_name="python3",
        coalesce_streams=True,
        store_widget_state=False,
        # A kernel warns that its TCP is not encrypted, which on the loopback of this machine alarms for nothing.
        extra_arguments=["--IPKernelApp.log_level=ERROR"],
        resources={"metadata": {"path": str(path.parent)}},
    )
    try:
        client.execute(env=dict(environment))
    except CellExecutionError as error:
        raise NotebookFailed(
            f"{path.name}: {error.ename}: {error.evalue}, in the cell\n{_failing_cell(notebook)}"
        ) from error
    except CellTimeoutError as error:
        raise NotebookFailed(f"{path.name}: a cell took longer than {CELL_TIMEOUT_IN_SECONDS} s") from error
    text: str = nbformat.writes(stable(notebook))  # type: ignore[no-untyped-call]
    after = text.rstrip("\n") + "\n"
    if after != before:
        path.write_text(after, encoding="utf-8")
    return after != before


def stable(notebook: Any) -> Any:
    """Return the run *notebook* (an nbformat node, which is changed) without what differs from run to run."""
    notebook.metadata.clear()
    notebook.metadata.update(_METADATA)
    for cell in notebook.cells:
        cell.metadata.pop("execution", None)
        for output in cell.get("outputs", ()):
            output.get("data", {}).pop(_WIDGET_VIEW, None)
    return notebook


def _failing_cell(notebook: Any) -> str:
    return next(
        (
            cell.source
            for cell in notebook.cells
            if any(output.output_type == "error" for output in cell.get("outputs", ()))
        ),
        "",
    )
