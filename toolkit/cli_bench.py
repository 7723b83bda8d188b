"""``toolkit bench``: the benchmarks behind the figures in the docs."""

from __future__ import annotations

import argparse
import ast
import subprocess
import sys
from pathlib import Path

from toolkit.errors import InvalidInput

FOLDER = Path(__file__).parent.parent / "tests" / "benchmarks"
_PREFIX = "bench_"


def benchmarks(folder: Path = FOLDER) -> dict[str, str]:
    """Return the question that each benchmark of *folder* answers, the first line of its docstring, by name."""
    return {
        path.stem.removeprefix(_PREFIX): (ast.get_docstring(ast.parse(path.read_text(encoding="utf-8"))) or "").split(
            "\n"
        )[0]
        for path in sorted(folder.glob(f"{_PREFIX}*.py"))
    }


def run_bench(options: argparse.Namespace) -> int:
    """
    Run ``toolkit bench``.

    Raises:
        InvalidInput: there is no such benchmark, or none at all, as in an installed package.
    """
    found = benchmarks()
    if not found:
        raise InvalidInput(
            f"{FOLDER}: expected the benchmarks, found none; they come with a checkout of the repository"
        )
    if not options.name:
        width = max(map(len, found))
        print("\n".join(f"{name:{width}}  {question}" for name, question in found.items()))
        return 0
    if options.name not in found:
        raise InvalidInput(f"no benchmark named {options.name!r}; there are: {', '.join(found)}")
    command = [sys.executable, str(FOLDER / f"{_PREFIX}{options.name}.py"), *options.arguments]
    return subprocess.run(command, check=False).returncode  # noqa: S603 - our own interpreter and script
