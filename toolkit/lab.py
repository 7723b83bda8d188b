"""The notebooks: open in JupyterLab, or run again, with the platform that their kernels reach."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

FIRST_NOTEBOOK = "01-validate-events.ipynb"
STOP_TIMEOUT_SECONDS = 10.0


def notebooks_folder() -> Path:
    """
    Return the folder of the notebooks: the checkout's own, or a copy in the current directory.

    An installed package is no place to work in, so its notebooks are copied to ``./notebooks`` once; a notebook that
    exists there already stays as it is.
    """
    package = Path(__file__).parent
    bundled = package / "bundled" / "notebooks"
    if not bundled.is_dir():
        return package.parent / "notebooks"
    target = Path.cwd() / "notebooks"
    target.mkdir(exist_ok=True)
    for notebook in bundled.glob("*.ipynb"):
        if not (target / notebook.name).exists():
            shutil.copy(notebook, target)
    return target


def run_jupyter_lab(environment: Mapping[str, str], *, open_browser: bool = True, options: Sequence[str] = ()) -> int:
    """
    Run JupyterLab until it ends or Ctrl-C, and return its exit status.

    Its kernels inherit *environment*. Whatever ends this function ends JupyterLab and its kernels too.
    """
    command = [
        *(sys.executable, "-m", "jupyterlab", str(notebooks_folder() / FIRST_NOTEBOOK)),
        # Ctrl-C stops at once: everything is saved or lost already when somebody types it.
        "--ServerApp.answer_yes=True",
        *(() if open_browser else ("--no-browser",)),
        *options,
    ]
    process = subprocess.Popen(command, env={**os.environ, **environment})  # noqa: S603 - our own interpreter
    try:
        return process.wait()
    except KeyboardInterrupt:
        # The terminal sent Ctrl-C to JupyterLab as well.
        return 130
    finally:
        if process.poll() is None:
            process.terminate()
            try:
                process.wait(STOP_TIMEOUT_SECONDS)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


@contextmanager
def kernel_environment() -> Iterator[dict[str, str]]:
    """
    Start a local platform, and yield the whole environment of kernels whose outputs are to be the same on every machine.

    It holds nothing of the account, nor of the IPython profile, of whoever runs it.
    """
    from toolkit.local import launch

    with launch() as platform, tempfile.TemporaryDirectory() as profile:
        yield {
            **{name: value for name, value in os.environ.items() if not name.startswith("AWS_")},
            **platform.environment,
            "AWS_EC2_METADATA_DISABLED": "true",
            "AWS_CONFIG_FILE": os.devnull,
            "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
            "IPYTHONDIR": profile,
        }


def refresh(folder: Path) -> tuple[Path, ...]:
    """
    Run the notebooks of *folder* again on a local platform of their own, keep their outputs, and return those that changed.

    Raises:
        NotebookFailed: a cell raised, or took too long; that notebook stays as it was.
    """
    from toolkit.widgets import refresh_notebooks

    with kernel_environment() as environment:
        return refresh_notebooks(folder, environment)
