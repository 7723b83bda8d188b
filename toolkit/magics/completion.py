"""Names of databases, tables and columns, offered while somebody writes SQL in ``%%athena``."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from toolkit.athena import Catalog
from toolkit.athena.selection import column_paths
from toolkit.errors import ToolkitError
from toolkit.hive import Column, Table

_MAGIC = re.compile(r"\s*%{1,2}athena\b(?P<line>[^\n]*)")
_DATABASE = re.compile(r"(?:--database|-d)[=\s]+[\"']?([A-Za-z0-9_]+)")
_TABLE = re.compile(
    r"\b(?:from|join)\s+(?P<name>\"?\w+\"?(?:\.\"?\w+\"?)?)(?:\s+(?:as\s+)?(?P<alias>(?!where\b|on\b|join\b|cross\b|left\b|group\b|order\b|limit\b)\w+))?",
    re.I,
)
# What the catalogue said is asked again after so long.
_KEPT_FOR_SECONDS = 60.0
_MOST = 200


class NameMatcher:
    """A matcher of IPython's: completes names inside ``%%athena`` and ``%athena``, and nothing elsewhere."""

    # IPython asks a matcher for the version of its interface, and calls it by its name.
    matcher_api_version = 2
    matcher_identifier = "toolkit.athena"
    matcher_priority = 100.0

    def __init__(self, magics: Any, *, clock: Callable[[], float] = time.monotonic) -> None:
        self.__qualname__ = type(self).__name__
        self._magics = magics
        self._clock = clock
        self._kept: dict[tuple[str, ...], tuple[float, Any]] = {}

    def __call__(self, context: Any) -> dict[str, Any]:
        """Return the completions for the place of the cursor, as IPython's matchers do."""
        from IPython.core.completer import SimpleCompletion

        found = _MAGIC.match(context.full_text)
        token = re.split(r"[^\w.]", context.token)[-1]
        if found is None or (context.cursor_line == 0 and context.full_text.lstrip().startswith("%%")):
            return {"completions": []}
        names = list(
            self.names(
                context.full_text[found.end() :] if "%%" in found.group() else found["line"], found["line"], token
            )
        )
        completions = [SimpleCompletion(text, type=kind) for text, kind in names[:_MOST]]
        return {"completions": completions, "suppress": bool(completions), "matched_fragment": token}

    def names(self, sql: str, line: str, token: str) -> Iterator[tuple[str, str]]:
        """Yield the names that begin with *token*, with what they are, those of columns first."""
        given = _DATABASE.search(line)
        database = given[1] if given else self._magics.staying.database or "default"
        word = token.lower()
        seen = set()
        for name, kind in self._candidates(sql, database, word):
            if name.lower().startswith(word) and name not in seen:
                seen.add(name)
                yield name, kind

    def _candidates(self, sql: str, database: str, word: str) -> Iterator[tuple[str, str]]:
        for found in _TABLE.finditer(sql):
            parts = found["name"].replace('"', "").lower().split(".")
            alias = (found["alias"] or parts[-1]).lower()
            for name in self._columns(parts[-2] if len(parts) > 1 else database, parts[-1]):
                yield name, "column"
                if word.startswith(f"{alias}."):
                    yield f"{alias}.{name}", "column"
        for name in self._ask(("tables", database), lambda: Catalog().tables(database)):
            yield name, "table"
        for name in self._ask(("databases",), lambda: Catalog().databases()):
            yield name, "database"
            if word.startswith(f"{name}."):
                for table in self._ask(("tables", name), lambda name=name: Catalog().tables(name)):  # type: ignore[misc]
                    yield f"{name}.{table}", "table"

    def _columns(self, database: str, table: str) -> Sequence[str]:
        return self._ask(("columns", database, table), lambda: _column_names(database, table))

    def _ask(self, key: tuple[str, ...], ask: Callable[[], Sequence[str]]) -> Sequence[str]:
        then, kept = self._kept.get(key, (-_KEPT_FOR_SECONDS, ()))
        if self._clock() - then >= _KEPT_FOR_SECONDS:
            try:
                kept = tuple(ask())
            except ToolkitError:
                # Nobody wants an error while typing; the query itself will tell.
                kept = ()
            self._kept[key] = (self._clock(), kept)
        names: Sequence[str] = kept
        return names


def _column_names(database: str, table: str) -> list[str]:
    described = Catalog().describe(database, table)
    columns = [
        *((described.get("StorageDescriptor") or {}).get("Columns") or ()),
        *(described.get("PartitionKeys") or ()),
    ]
    made = Table(database, table, tuple(Column(found["Name"], found["Type"]) for found in columns))
    return [path.name for path in column_paths(made) if "[]" not in path.parts]
