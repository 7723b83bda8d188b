"""What the README, the packaging and the public names promise."""

import ast
import importlib
import inspect
import json
import pkgutil
import re
import tomllib
from pathlib import Path

import pytest

import toolkit

ROOT = Path(__file__).parent.parent
PACKAGES = ["toolkit", *(f"toolkit.{module.name}" for module in pkgutil.iter_modules(toolkit.__path__) if module.ispkg)]
PYPROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())
# conda-forge's names for what PyPI calls otherwise, and its packages that hold what PyPI calls an extra.
CONDA_NAMES = {"duckdb": "python-duckdb", "moto[server]": "moto"}
# On conda-forge Flask and its companions come with moto; on PyPI they are its `server` extra.
CARD = {"jupyterlab", "pandas", "pyathena", "boto3", "ipywidgets", "nbval"}


def readme_blocks():
    return re.findall(r"^```(\w*)\n(.*?)^```$", (ROOT / "README.md").read_text(), flags=re.M | re.S)


def test_the_quick_start_is_two_one_line_blocks():
    blocks = readme_blocks()
    assert [language for language, _ in blocks] == ["shell", "shell"]
    assert [block.count("\n") for _, block in blocks] == [1, 1]
    assert "toolkit tour" in blocks[0][1]
    assert "pytest --nbval" in blocks[1][1]


@pytest.mark.parametrize("page", [ROOT / "README.md", ROOT / "docs" / "code.md"], ids=lambda page: page.name)
def test_a_page_leads_to_what_is_there(page):
    links = re.findall(r"\]\((?!https?:)([^)#]+)", page.read_text())
    assert links
    assert [link for link in links if not (page.parent / link).exists()] == []
    paths = re.findall(r"`((?:tests|toolkit)/[\w/.]+)`", page.read_text())
    assert [path for path in paths if not (ROOT / path).exists()] == []


def test_the_tree_of_errors_names_each():
    tree = (ROOT / "toolkit" / "errors.py").read_text().split('"""')[1]
    made = {"ToolkitError"}
    before = 0
    sources = [ast.parse(path.read_text()) for path in (ROOT / "toolkit").rglob("*.py")]
    classes = [node for source in sources for node in ast.walk(source) if isinstance(node, ast.ClassDef)]
    while before != len(made):
        before = len(made)
        made |= {node.name for node in classes if made & {base.id for base in node.bases if isinstance(base, ast.Name)}}
    assert {name for name in made if not name.startswith("_") and not re.search(rf"\b{name}\b", tree)} == set()


def test_ci_runs_what_the_readme_says():
    script = (ROOT / ".ci" / "run").read_text()
    assert "README.md" in script
    assert "pytest" not in script


def test_the_top_level_is_what_the_card_fixes():
    tracked = {path.name for path in ROOT.iterdir() if not path.name.startswith(".")}
    allowed = {"notebooks", "toolkit", "schemas", "tests", "environment.yml", "README.md"}
    allowed |= {"docs", "pyproject.toml", "LICENSE", "CHANGELOG.md"}
    made = {"build", "dist", "tour"}  # by commands of the README; git ignores them
    assert tracked - made == allowed


def test_environment_yml_asks_for_what_pyproject_asks_for():
    wanted = PYPROJECT["project"]["dependencies"] + PYPROJECT["project"]["optional-dependencies"]["test"]
    lines = re.findall(r"^  - ([a-z][\w.-]*.*)$", (ROOT / "environment.yml").read_text(), flags=re.M)
    found = set(lines) - {"conda-forge", "nodefaults", "pip", "pip:"}
    assert found == {conda(requirement) for requirement in wanted} | {"python>=3.11"}


def conda(requirement):
    name = re.match(r"[\w.-]+(\[\w+\])?", requirement).group()
    return CONDA_NAMES.get(name, name) + requirement.removeprefix(name)


def test_the_packages_of_the_card_are_asked_for():
    wanted = PYPROJECT["project"]["dependencies"] + PYPROJECT["project"]["optional-dependencies"]["test"]
    assert {re.match(r"[\w.-]+", requirement).group() for requirement in wanted} >= CARD


@pytest.mark.parametrize("name", PACKAGES)
def test_a_package_lists_its_public_names(name):
    module = importlib.import_module(name)
    listed = set(getattr(module, "__all__", ()))
    path = Path(module.__file__)
    imported = {
        alias.asname or alias.name
        for node in ast.parse(path.read_text()).body
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("toolkit")
        for alias in node.names
    }
    assert {public for public in imported if not public.startswith("_")} <= listed
    assert all(hasattr(module, public) for public in listed)


def test_the_names_of_the_root_have_homes():
    assert sorted(toolkit.__all__) == sorted(toolkit._HOMES)
    assert set(toolkit.__all__) < set(dir(toolkit))
    with pytest.raises(AttributeError, match="module 'toolkit' has no attribute 'nonsense'"):
        _ = toolkit.nonsense


@pytest.mark.parametrize("name", PACKAGES)
def test_every_public_name_has_its_docstring(name):
    module = importlib.import_module(name)
    for public in getattr(module, "__all__", ()):
        value = getattr(module, public)
        if inspect.isfunction(value) or inspect.isclass(value):
            own = vars(value).get("__doc__") if inspect.isclass(value) else value.__doc__
            assert own, f"{name}.{public} has no docstring"
            # A dataclass without one gets its signature as docstring.
            assert not own.startswith(f"{public}("), f"{name}.{public} has no docstring of its own"


@pytest.mark.parametrize("notebook", sorted((ROOT / "notebooks").glob("*.ipynb")), ids=lambda path: path.stem)
def test_a_notebook_keeps_its_outputs(notebook):
    cells = [cell for cell in json.loads(notebook.read_text())["cells"] if cell["cell_type"] == "code"]
    assert sum(bool(cell["outputs"]) for cell in cells) >= len(cells) / 3
    assert all(cell["execution_count"] is not None for cell in cells)
    errors = [output for cell in cells for output in cell["outputs"] if output["output_type"] == "error"]
    assert not errors
    # What a reader without a kernel gets: no promise of a widget, and no state of one.
    text = notebook.read_text()
    assert "application/vnd.jupyter.widget" not in text
    assert "VBox(" not in text
