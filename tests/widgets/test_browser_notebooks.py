"""Every notebook in a real browser: all cells run, it reads well in both themes, and nothing is asked of another host."""

from pathlib import Path

import pytest

pytestmark = pytest.mark.timeout(300)
NOTEBOOKS = sorted(path.stem for path in (Path(__file__).parents[2] / "notebooks").glob("*.ipynb"))
# The first three are those that an analyst works in; all are run without a browser as well.
FIRST = 3


@pytest.mark.parametrize(
    "name", [*NOTEBOOKS[:FIRST], *(pytest.param(name, marks=pytest.mark.slow) for name in NOTEBOOKS[FIRST:])]
)
def test_a_notebook_runs_and_reads_well_in_light_and_in_dark(open_notebook, name):
    notebook = open_notebook(name)
    for theme in ("light", "dark"):
        notebook.use_theme(theme)
        notebook.screenshot(f"{name}-{theme}")
        # How outputs are shown is JupyterLab's: an SVG as a picture without a text, wide tables in a box that Tab passes over.
        notebook.check_access(but=("image-alt", "scrollable-region-focusable"))
    notebook.check()
