"""JupyterLab with the notebooks open, and the platform that its kernels reach."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Mapping, Sequence
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
