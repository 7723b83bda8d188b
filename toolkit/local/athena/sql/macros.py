"""
The functions of Trino that DuckDB does not have under another name, as macros, made in a database when first needed;
their text is ``macros.sql``.

Each states Trino's behaviour where it differs from DuckDB's: NULL in, NULL out; errors by Trino's names; places counted
from 1. Source: https://trino.io/docs/current/functions.html
"""

from __future__ import annotations

import functools
import re
import threading
from collections.abc import Callable, Sequence
from importlib.resources import files
from typing import Any

from toolkit.local.athena.sql.routines import ROUTINES, geometry, tiles
from toolkit.local.athena.sql.routines.refusal import Refusal

SCHEMA = "trino"

# DuckDB's TRY runs all rows one by one after an error. Inside it stand copies of the macros that give NULL where they would
# refuse, unless that NULL might become something else on its way to TRY.
QUIET = "quiet_"

# In a query of constants alone stand copies that refuse by error(): what DuckDB can reckon beforehand, and can't, is NULL to it.
LOUD = "loud_"

_STATEMENT = re.compile(r"CREATE MACRO trino\.(\w+)\(.*?(?=;\n)", re.DOTALL)
_CALL = re.compile(r"\btrino\.(\w+)\(")
_ROUTINE = re.compile(r"\bpy_(\w+)\(")

# Routines of these types get their arguments a batch at a time, which costs half of what it does one by one.
_ARGUMENTS = frozenset({"VARCHAR", "BLOB", "BOOLEAN", "INTEGER", "BIGINT", "FLOAT", "DOUBLE"})
_RESULTS = {
    "VARCHAR": "string",
    "BLOB": "binary",
    "BOOLEAN": "bool",
    "INTEGER": "int32",
    "BIGINT": "int64",
    "FLOAT": "float",
    "DOUBLE": "double",
    "DATE": "date32",
    "TIMESTAMP": "timestamp[us]",
}
# Their values may be equal and not alike: 0.0 and -0.0.
_INEXACT = frozenset({"FLOAT", "DOUBLE"})

_TEXT = (files(__package__) / "macros.sql").read_text()
STATEMENTS: dict[str, str] = {
    # What is a routine and nothing else.
    **{
        name: f"CREATE MACRO {SCHEMA}.{name}({', '.join('abcd'[: len(arguments)])}) AS "
        f"py_{name}({', '.join('abcd'[: len(arguments)])})"
        for name, (_, arguments, _) in (*geometry.ROUTINES.items(), *tiles.ROUTINES.items())
    },
    **{found[1]: found[0] for found in _STATEMENT.finditer(re.sub(r"(?m)^--.*$", "", _TEXT))},
}


@functools.cache
def may_refuse(name: str) -> bool:
    """Whether a macro refuses some values."""
    text = STATEMENTS[name]
    return any(each == "refuse" or (each != name and may_refuse(each)) for each in _CALL.findall(text)[1:])


class MacroLibrary:
    """The macros of one database, made with all that they call when first used."""

    def __init__(self, connection: Any) -> None:
        self._connection = connection
        self._made: set[str] = set()
        self._routines: set[str] = set()
        self._lock = threading.Lock()
        connection.execute(f"CREATE SCHEMA {SCHEMA}").fetchall()

    def need(self, sql: str) -> None:
        """Make every macro that a generated statement calls."""
        wanted = set(_CALL.findall(sql)) - self._made
        if wanted:
            with self._lock:
                for name in sorted(wanted):
                    self._make(name)

    def _make(self, name: str) -> None:
        if name in self._made:
            return
        statement = _statement(name)
        for routine in set(_ROUTINE.findall(statement)) - self._routines:
            function, arguments, result = ROUTINES[routine.removeprefix(QUIET)]
            called = _unless_refused(function) if routine.startswith(QUIET) else function
            is_batched = result in _RESULTS and set(arguments) <= _ARGUMENTS
            self._connection.create_function(
                f"py_{routine}",
                _by_batches(called, arguments, result) if is_batched else _unless_null(called),
                list(arguments),
                result,
                type="arrow" if is_batched else "native",
                null_handling="special",
            )
            self._routines.add(routine)
        for needed in _CALL.findall(statement):
            if needed != name:
                self._make(needed)
        self._connection.execute(statement).fetchall()
        self._made.add(name)


def _by_batches(function: Callable[..., Any], arguments: Sequence[str], result: str) -> Callable[..., Any]:
    """Give a function of Arrow arrays that calls another one for each row, but once for rows that are alike."""
    is_exact = _INEXACT.isdisjoint(arguments)

    @functools.wraps(function)
    def called(*columns: Any) -> Any:
        import pyarrow as pa

        kind = pa.type_for_alias(_RESULTS[result])
        rows = zip(*(column.to_pylist() for column in columns), strict=True)
        if not is_exact:
            return pa.array([None if None in row else function(*row) for row in rows], kind)
        known: dict[Any, Any] = {}
        values = []
        for row in rows:
            if row not in known:
                known[row] = None if None in row else function(*row)
            values.append(known[row])
        return pa.array(values, kind)

    return called


def _unless_null(function: Callable[..., Any]) -> Callable[..., Any]:
    # DuckDB's own handling of NULL refuses a function that gives NULL for something.
    # It counts the parameters by the signature, which is the function's own.
    @functools.wraps(function)
    def called(*arguments: Any) -> Any:
        return None if any(each is None for each in arguments) else function(*arguments)

    return called


def _unless_refused(function: Callable[..., Any]) -> Callable[..., Any]:
    @functools.wraps(function)
    def called(*arguments: Any) -> Any:
        try:
            return function(*arguments)
        except Refusal:
            return None

    return called


def _statement(name: str) -> str:
    if name == f"{QUIET}refuse":
        return f"CREATE MACRO {SCHEMA}.{name}(name, message) AS NULL"
    if name == f"{LOUD}refuse":
        return f"CREATE MACRO {SCHEMA}.{name}(name, message) AS error(name || ': ' || message)"
    if name.startswith(LOUD):
        return _CALL.sub(rf"{SCHEMA}.{LOUD}\1(", STATEMENTS[name.removeprefix(LOUD)])
    if name.startswith(QUIET):
        quiet = _CALL.sub(rf"{SCHEMA}.{QUIET}\1(", STATEMENTS[name.removeprefix(QUIET)])
        return _ROUTINE.sub(rf"py_{QUIET}\1(", quiet)
    return STATEMENTS[name]
