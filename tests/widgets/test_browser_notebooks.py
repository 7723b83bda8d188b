"""Every notebook in a real browser: all cells run, nothing complains, nothing is asked of another host."""

from pathlib import Path

import pytest

pytestmark = pytest.mark.timeout(300)
NOTEBOOKS = sorted(path.stem for path in (Path(__file__).parents[2] / "notebooks").glob("*.ipynb"))


@pytest.mark.parametrize("name", [name for name in NOTEBOOKS if not name.startswith("02")])
def test_a_notebook_runs_and_reads_well_in_dark(open_notebook, name):
    notebook = open_notebook(name, theme="dark")
    notebook.screenshot(f"{name}-dark")
    # How outputs are shown is JupyterLab's: an SVG as a picture without a text, wide tables in a box that Tab passes over.
    notebook.check_access(but=("image-alt", "scrollable-region-focusable"))
    notebook.check()
