"""
The statements of the corpus: those of `corpus/*.sql`, one a line, and those that `generated` makes.

A line that starts with ``--`` is a comment. Each statement is known by its subject and a digest of its text, so that it
keeps its name when others come and go.
"""

import hashlib
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from . import generated

HERE = Path(__file__).parent
CORPUS = HERE / "corpus"
ANSWERS = HERE / "answers"


class Statement(NamedTuple):
    subject: str
    sql: str

    @property
    def name(self) -> str:
        return f"{self.subject}-{hashlib.sha256(self.sql.encode()).hexdigest()[:10]}"


def statements() -> Iterator[Statement]:
    """Give every statement once, the written ones first, in the order in which they stand."""
    seen: set[str] = set()
    for statement in (*_written(), *(Statement(*pair) for pair in generated.statements())):
        if statement.sql not in seen:
            seen.add(statement.sql)
            yield statement


def _written() -> Iterator[Statement]:
    for path in sorted(CORPUS.glob("*.sql")):
        for line in path.read_text(encoding="utf-8").splitlines():
            if line.strip() and not line.startswith("--"):
                yield Statement(path.stem, line.rstrip())
