"""The table of allowed imports, held against the code's own."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent / "toolkit"

# Each room and the rooms it may import; errors and its own room are free to all but `local`, which stands alone.
ALLOWED = {
    "dataclass": set(),
    "errors": set(),
    "lazy": set(),
    "aws_queues": set(),
    "aws": {"errors", "aws_queues"},
    "schema": {"dataclass", "errors", "lazy"},
    "validator": {"dataclass", "errors", "lazy", "schema"},
    "hive": {"errors", "schema"},
    "repositories": {"errors", "schema", "validator", "hive", "aws"},
    "athena": {"errors", "schema", "hive", "aws"},
    "handlers": {"errors", "schema", "validator", "hive", "repositories", "athena", "aws"},
    "magics": {"errors", "hive", "athena", "aws"},
    "widgets": {"errors", "lazy", "schema", "validator", "hive", "repositories", "athena", "aws"},
    "audit": {"errors", "schema", "validator", "hive", "athena"},
    "spark": {"errors", "schema", "validator", "hive"},
    "infra": {"errors", "aws"},
    "runner": {"errors", "aws", "handlers", "infra"},
    "local": set(),
}
# The entry points at the end of the flow may use every room; they are the only ones that start the local platform.
EDGES = {
    "__init__",
    "__main__",
    "cli_validate",
    "cli",
    "cli_bench",
    "cli_platform",
    "cli_schema",
    "cli_stored",
    "cli_query",
    "cli_tables",
    "lab",
    "questions",
    "replay",
    "samples",
    "simulation",
    "tour",
}
# The only modules in which the AWS SDK may be named: our edge, and the platform that plays AWS.
NAMES_BOTO3 = {"aws", "aws_queues", "local"}


def room_of(path):
    return path.relative_to(ROOT).parts[0].removesuffix(".py")


def imported_modules(path):
    package = ("toolkit", *path.relative_to(ROOT).parts[:-1])
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = ".".join(package[: len(package) - node.level + 1]) if node.level else ""
            module = ".".join(part for part in (base, node.module) if part)
            yield module
            if module == "toolkit":
                yield from (f"toolkit.{alias.name}" for alias in node.names)


MODULES = sorted(path for path in ROOT.rglob("*.py"))


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(ROOT)))
def test_a_module_imports_only_the_rooms_before_it(path):
    room = room_of(path)
    if room in EDGES:
        return
    rooms = {name.split(".")[1] for name in imported_modules(path) if name.startswith("toolkit.")}
    assert rooms - {room} <= ALLOWED[room]


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(ROOT)))
def test_boto3_is_named_at_the_edge_only(path):
    names = {name.split(".")[0] for name in imported_modules(path)}
    assert room_of(path) in NAMES_BOTO3 or not names & {"boto3", "botocore"}


@pytest.mark.parametrize("heavy", ["pandas", "pyarrow", "pyspark", "ipywidgets", "boto3", "duckdb", "moto"])
def test_import_toolkit_stays_light(heavy):
    code = f"import sys, toolkit; sys.exit({heavy!r} in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
