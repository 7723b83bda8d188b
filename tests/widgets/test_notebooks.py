import os

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from toolkit.widgets import refresh_notebooks
from toolkit.widgets.notebooks import NotebookFailed


def write(path, *sources):
    cells = [new_code_cell(source, id=f"cell-{number}") for number, source in enumerate(sources)]
    nbformat.write(new_notebook(cells=[new_markdown_cell("# Title", id="title"), *cells]), path)
    return path


def outputs(path):
    return [cell.outputs for cell in nbformat.read(path, as_version=4).cells if cell.cell_type == "code"]


def test_outputs_are_written_back_and_the_next_run_changes_nothing(tmp_path):
    path = write(
        tmp_path / "a.ipynb",
        "import os\nprint('one')\nprint(os.environ['SPECIAL'])",
        "import ipywidgets\nipywidgets.IntSlider()",
    )
    assert refresh_notebooks(tmp_path, {**os.environ, "SPECIAL": "two"}) == (path,)
    printed, shown = outputs(path)
    assert printed == [{"output_type": "stream", "name": "stdout", "text": "one\ntwo\n"}]
    assert list(shown[0].data) == ["text/plain"]
    notebook = nbformat.read(path, as_version=4)
    assert notebook.metadata == {
        "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
        "language_info": {"name": "python"},
    }
    assert all(cell.metadata == {} for cell in notebook.cells)
    assert refresh_notebooks(tmp_path, {**os.environ, "SPECIAL": "two"}) == ()


def test_a_notebook_that_fails_stays_as_it_was(tmp_path):
    path = write(tmp_path / "a.ipynb", "1", "1 / 0", "2")
    before = path.read_bytes()
    with pytest.raises(NotebookFailed, match=r"^a\.ipynb: ZeroDivisionError: division by zero, in the cell\n1 / 0$"):
        refresh_notebooks(tmp_path, os.environ)
    assert path.read_bytes() == before


def test_a_folder_without_notebooks_has_nothing_to_refresh(tmp_path):
    assert refresh_notebooks(tmp_path, os.environ) == ()
