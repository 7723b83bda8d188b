"""DuckDB, closed off from files and network, and the queries that run on it."""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import duckdb
from sqlglot import exp

from toolkit.local.athena.copies import Copies
from toolkit.local.athena.errors import Cancelled, QueryError
from toolkit.local.athena.hive_types import SKETCHES, HiveType, duckdb_text, from_duckdb, trino_text
from toolkit.local.athena.results import Result, ResultColumn, Row, shown, small_csv, write_csv
from toolkit.local.athena.session import Session
from toolkit.local.athena.sql.analysis import Field
from toolkit.local.athena.sql.commands import Explain
from toolkit.local.athena.sql.database import closed_database, lock_settings
from toolkit.local.athena.sql.dialect import parse
from toolkit.local.athena.sql.macros import MacroLibrary
from toolkit.local.athena.sql.natives import Natives
from toolkit.local.athena.sql.planner import Planner
from toolkit.local.athena.sql.plans import Plan, Plans
from toolkit.local.athena.sql.render import text_of_column
from toolkit.local.athena.sql.routines.json_texts import java_double

# Queries spill to disk beyond a quarter of the machine's memory, so that a bad one does not end the whole platform.
MEMORY_SHARE = 4
MINIMUM_MEMORY_IN_BYTES = 2**30

ROWS_PER_BATCH = 50_000

# A result of up to so many rows is made faster without Arrow, and without a file.
FEW_ROWS = 1_000


def memory_limit_in_bytes() -> int:
    """Give the memory that all queries together may take."""
    try:
        total = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    except (AttributeError, ValueError, OSError):
        return MINIMUM_MEMORY_IN_BYTES
    return max(MINIMUM_MEMORY_IN_BYTES, total // MEMORY_SHARE)


class Engine:
    """One DuckDB database; it reads files in its own directory and nothing else."""

    def __init__(self, directory: Path, copies: Copies) -> None:
        scratch, self._results = directory / "scratch", directory / "results"
        for folder in (scratch, self._results):
            # What a server left that was killed.
            shutil.rmtree(folder, ignore_errors=True)
            folder.mkdir(parents=True, exist_ok=True)
        self._database = closed_database(directory, scratch, memory_limit_in_bytes())
        self.macros = MacroLibrary(self._database)
        self._plans = Plans()
        lock_settings(self._database)
        self.natives = Natives(copies, self._database, scratch)

    def close(self) -> None:
        """Let go of the database."""
        self.natives.close()
        self._database.close()

    @contextmanager
    def planner(self, session: Session, *, reads: bool = True) -> Iterator[Planner]:
        """
        Give a planner on a cursor of its own, which ends with the block; DuckDB's errors become Athena's.

        Without *reads* every table is empty: enough to check a query and to know its columns.
        """
        cursor = self._database.cursor()
        try:
            with _running(cursor, session):
                yield Planner(session, cursor, self.macros, reads=reads)
        finally:
            cursor.close()

    def query(self, tree: exp.Expr | None, sql: str, session: Session) -> Result:
        """
        Run a query and give its result as text; without its *tree*, which is parsed where no plan is known.

        Raises:
            QueryError: the query is wrong, or met a value that it can't handle.
            Cancelled: its user stopped it.
        """
        plan = self._plans.take(sql, session)
        cursor = self._database.cursor() if plan is None or plan.cursor is None else plan.cursor
        is_kept = False
        try:
            with _running(cursor, session):
                if plan is None:
                    plan = self._planned(Planner(session, cursor, self.macros), tree or parse(sql), sql)
                else:
                    session.progress.scanned(plan.scanned_in_bytes)
                session.progress.planned()
                result = self._written(plan, cursor, session)
            if plan.footprint.lasts:
                is_kept = plan.cursor is not None
                self._plans.keep(sql, session.database, replace(plan, row_count=result.row_count))
            return result
        finally:
            if not is_kept:
                cursor.close()

    def _planned(self, planner: Planner, tree: exp.Expr, sql: str) -> Plan:
        progress, footprint = planner.session.progress, planner.session.footprint
        before = progress.data_scanned_in_bytes
        text, fields = planner.plan(tree, sql)
        kinds = _kinds(fields, text, planner.cursor)
        for kind in kinds:
            _check_shown(kind)
        names = [f"c{number}" for number in range(len(kinds))]
        # Cast apart from its text, in which a row stands once for each of its members.
        typed = ", ".join(
            name if kind.is_text else f"CAST({name} AS {duckdb_text(kind)}) AS {name}"
            for name, kind in zip(names, kinds, strict=True)
        )
        texts = ", ".join(f"{text_of_column(name, kind)} AS {name}" for name, kind in zip(names, kinds, strict=True))
        rendered = f"SELECT {texts} FROM (SELECT {typed} FROM ({text}) AS r({', '.join(names)}))"
        planner.macros.need(rendered)
        columns = tuple(ResultColumn(field.label, kind) for field, kind in zip(fields, kinds, strict=True))
        cursor = planner.cursor if footprint.has_relations else None
        scanned = progress.data_scanned_in_bytes - before
        return Plan(rendered, columns, kinds, scanned, footprint, footprint.object_count, cursor)

    def _written(self, plan: Plan, cursor: Any, session: Session) -> Result:
        names = [column.name for column in plan.columns]
        if plan.row_count is not None and plan.row_count <= FEW_ROWS:
            # It reads what it read the last time, so they are as many as then.
            rows = cursor.execute(plan.text).fetchall()
            data = small_csv(names, _with_java_doubles_in(rows, plan.kinds))
            return Result(plan.columns, data=data, row_count=len(rows), size_in_bytes=len(data))
        path = self._results / f"{session.query_execution_id}.csv"
        # Batch by batch, so that a result of any size takes little memory.
        batches = translated(cursor.sql(plan.text).to_arrow_reader(ROWS_PER_BATCH))
        try:
            count = write_csv(path, names, _with_java_doubles(batches, plan.kinds))
        except BaseException:
            path.unlink(missing_ok=True)
            raise
        return Result(plan.columns, file=path, row_count=count, size_in_bytes=path.stat().st_size)

    def explain(self, tree: exp.Expr, sql: str, command: Explain, session: Session) -> Result:
        """
        Give DuckDB's plan of a query, as lines after that of the column's name; the query runs with ANALYZE alone.

        Raises:
            QueryError: the query is wrong, or the kind of plan is one that DuckDB has not.
            Cancelled: its user stopped it.
        """
        if command.kind == "IO":
            raise QueryError("NOT_SUPPORTED: the local Athena does not support EXPLAIN (TYPE IO)")
        with self.planner(session, reads=command.is_run) as planner:
            text, _ = planner.plan(tree, sql)
            if command.kind == "VALIDATE":
                planner.cursor.execute(f"EXPLAIN {text}").fetchall()
                return shown(["Valid", "true"], "Valid", kind="boolean", update_count=None)
            options = f"{'ANALYZE, ' if command.is_run else ''}FORMAT {command.form.lower()}"
            rows = planner.cursor.execute(f"EXPLAIN ({options}) {text}").fetchall()
            lines = "\n".join(plan for _, plan in rows).strip("\n").splitlines()
            # As long as the text that Athena has in one value, which takes a line's end more for each.
            kind = HiveType("varchar", (sum(len(line) + 1 for line in lines),))
            result = shown(["Query Plan", *lines], "Query Plan", update_count=None)
            return replace(result, columns=(ResultColumn("Query Plan", kind),))


@contextmanager
def _running(cursor: Any, session: Session) -> Iterator[None]:
    """Let the user of a query stop what runs on a cursor in the block; DuckDB's errors become Athena's."""
    session.progress.interrupt = cursor.interrupt
    try:
        session.progress.check()
        yield
    except duckdb.InterruptException as error:
        raise Cancelled from error
    except duckdb.Error as error:
        raise query_error(error) from error
    except RecursionError as error:
        raise QueryError("STACK_OVERFLOW: statement is too large (stack overflow during analysis)") from error
    finally:
        session.progress.interrupt = None


def translated(reader: Any) -> Iterator[Any]:
    """Give the batches of an Arrow reader, whose errors hold DuckDB's words in classes of Arrow's."""
    try:
        yield from reader
    except OSError as error:
        if str(error).startswith("INTERRUPT"):
            raise Cancelled from error
        raise query_error(error) from error


def _kinds(fields: Sequence[Field], text: str, cursor: Any) -> list[HiveType]:
    """Give the types of result columns: Trino's where the analysis knows them, else DuckDB's."""
    known = [None if field.kind is None or _has_unknown(field.kind) else field.kind for field in fields]
    certain = [kind for kind in known if kind is not None]
    if len(certain) == len(known):
        # To ask DuckDB takes as long as to plan the query.
        return certain
    return [kind or from_duckdb(seen) for kind, seen in zip(known, cursor.sql(text).types, strict=True)]


def _check_shown(kind: HiveType) -> None:
    if kind.name in SKETCHES:
        message = (
            f"the local Athena shows no values of the type {trino_text(kind)}: what Athena prints for them is not known"
        )
        raise QueryError(f"NOT_SUPPORTED: {message}")
    for child in kind.children:
        _check_shown(child)


def _has_unknown(kind: HiveType) -> bool:
    return kind.name == "unknown" or any(map(_has_unknown, kind.children))


# Doubles as DuckDB writes them where Java has an exponent, or words that begin with a large letter.
_UNLIKE_JAVA = r"[ena]|^-?(?:0\.000|\d{8})"
_UNLIKE = re.compile(_UNLIKE_JAVA)


def _with_java_doubles(batches: Iterable[Any], kinds: Sequence[HiveType]) -> Iterator[Any]:
    """Give batches of text whose doubles are written as Java writes them."""
    import pyarrow as pa
    import pyarrow.compute as pc

    doubles = [number for number, kind in enumerate(kinds) if kind.name == "double"]
    for batch in batches:
        for number in doubles:
            column = batch.column(number)
            unlike = pc.match_substring_regex(column, _UNLIKE_JAVA)
            if pc.any(unlike).as_py():
                texts = pa.array([java_double(float(each)) for each in column.filter(unlike).to_pylist()], pa.string())
                column = pc.replace_with_mask(column, pc.fill_null(unlike, False), texts)
                batch = batch.set_column(number, batch.schema.names[number], column)
        yield batch


def _with_java_doubles_in(rows: Iterable[Row], kinds: Sequence[HiveType]) -> Iterable[Row]:
    """Give rows of text whose doubles are written as Java writes them."""
    doubles = {number for number, kind in enumerate(kinds) if kind.name == "double"}
    if not doubles:
        return rows
    return (
        tuple(
            java_double(float(value)) if number in doubles and value and _UNLIKE.search(value) else value
            for number, value in enumerate(row)
        )
        for row in rows
    )


# What DuckDB says, and Trino's name for it.
_MESSAGES = (
    (r".*executing the UDF: Refusal: ([A-Z_]{5,}: .*)", r"\1"),
    (r".*executing the UDF: TimeoutError: .*", "NOT_SUPPORTED: a regular expression took too long in the local Athena"),
    (r"Invalid Input Error: ([A-Z_]{5,}: .*)", r"\1"),
    # As the macro ``refuse`` puts it.
    (r"Conversion Error: Could not convert string '([A-Z_]{5,}: .*)' to BOOL", r"\1"),
    (r".*[Dd]ivision by zero.*", "DIVISION_BY_ZERO: Division by zero"),
    (r".*Map keys must be unique.*", "INVALID_FUNCTION_ARGUMENT: Duplicate map keys are not allowed"),
    (r".*map key list does not align.*", "INVALID_FUNCTION_ARGUMENT: Key and value arrays must be the same length"),
    (r".*Map keys can not be NULL.*", "INVALID_FUNCTION_ARGUMENT: map key cannot be null"),
    (
        r".*More than one row returned by a subquery.*",
        "SUBQUERY_MULTIPLE_ROWS: Scalar sub-query has returned multiple rows",
    ),
    (r".*n value must be > 0.*", "INVALID_FUNCTION_ARGUMENT: second argument of max_n/min_n must be positive"),
    (r".*Argument for ntile must be greater than zero.*", "INVALID_FUNCTION_ARGUMENT: Buckets must be greater than 0"),
    (
        r".*Strings must be of equal length.*",
        "INVALID_FUNCTION_ARGUMENT: The input strings to hamming_distance function must have the same length",
    ),
    (
        r".*Window ROWS (?:PRECEDING|FOLLOWING) expression cannot be (?:negative|NULL).*",
        "INVALID_WINDOW_FRAME: Window frame offset value must not be negative or null",
    ),
    (
        r"Out of Range Error: Invalid (?:GROUPS|RANGE|ROWS) (?:PRECEDING|FOLLOWING) value",
        "INVALID_WINDOW_FRAME: Window frame offset value must not be negative or null",
    ),
    (
        r"Conversion Error: Casting value .* to type DECIMAL\(38,\s*\d+\) failed: value is out of range!.*",
        "NUMERIC_VALUE_OUT_OF_RANGE: Decimal overflow",
    ),
    (r"Out of Range Error: Overflow in \w+ of (?:INT128|DECIMAL).*", "NUMERIC_VALUE_OUT_OF_RANGE: Decimal overflow"),
    (r"Conversion Error: Could not cast value \S+ to DECIMAL\(38.*", "NUMERIC_VALUE_OUT_OF_RANGE: Decimal overflow"),
    (
        r'Parser Error: window "(.*)" does not exist',
        r"INVALID_WINDOW_REFERENCE: line 1:1: Cannot resolve WINDOW name \1",
    ),
    (
        r"Parser Error: Duplicate CTE name .(\w+).*",
        r"DUPLICATE_NAMED_QUERY: line 1:1: WITH query name '\1' specified more than once",
    ),
    (r"Invalid UTF8 Codepoint (.*)", r"INVALID_FUNCTION_ARGUMENT: Not a valid Unicode code point: \1"),
    (
        r"Invalid Input Error: Invalid UTF8 Codepoint (.*)",
        r"INVALID_FUNCTION_ARGUMENT: Not a valid Unicode code point: \1",
    ),
    (
        r"Invalid Input Error: invalid (?:perl operator|escape sequence|character class).*",
        "INVALID_FUNCTION_ARGUMENT: the pattern is no regular expression",
    ),
    (r"Conversion Error: Could not convert string .* to DECIMAL\(38.*", "NUMERIC_VALUE_OUT_OF_RANGE: Decimal overflow"),
    (
        r"Conversion Error: Type INT128 with value (\S+) can't be cast .* INT64.*",
        r"NUMERIC_VALUE_OUT_OF_RANGE: bigint addition overflow: \1",
    ),
    (
        r"Out of Range Error: Overflow in (\w+) of INT64 \((.*)\)!",
        r"NUMERIC_VALUE_OUT_OF_RANGE: bigint \1 overflow: \2",
    ),
    (
        r"Out of Range Error: Overflow in (\w+) of INT32 \((.*)\)!",
        r"NUMERIC_VALUE_OUT_OF_RANGE: integer \1 overflow: \2",
    ),
    (
        r"Conversion Error: Type \w+ with value (\S+) can't be cast .* destination type INT(\d+).*",
        r"INVALID_CAST_ARGUMENT: Out of range for a type of \2 bits: \1",
    ),
    (r"Out of Range Error: (.*)", r"NUMERIC_VALUE_OUT_OF_RANGE: \1"),
    (r"Conversion Error: (.*)", r"INVALID_CAST_ARGUMENT: \1"),
    (
        r'Binder Error: column "?([^"]+)"? must appear in the GROUP BY clause.*',
        r"EXPRESSION_NOT_AGGREGATE: line 1:8: '\1' must be an aggregate expression or appear in GROUP BY clause",
    ),
    (
        r"Binder Error: No function matches the given name and argument types '(\w+)\((.*)\)'.*",
        r"FUNCTION_NOT_FOUND: line 1:8: Unexpected parameters (\2) for function \1.",
    ),
    (r"Binder Error: (.*)", r"TYPE_MISMATCH: line 1:1: \1"),
    (r"Out of Memory Error: (.*)", r"EXCEEDED_LOCAL_MEMORY_LIMIT: \1"),
    # Of a file that is damaged; that it is a copy on this machine says nothing to its owner.
    (
        r"""(?:[\w ]+ Error: )?(?:Failed to read file|Invalid string encoding found in Parquet file) "[^"]*": (.*)""",
        r"HIVE_BAD_DATA: Malformed file: \1",
    ),
    (r"(?:[\w ]+ Error: )?(don't know what type: .*|TProtocolException.*)", r"HIVE_BAD_DATA: Malformed file: \1"),
    (r"(?:Invalid Input Error: )?(.*)", r"GENERIC_USER_ERROR: \1"),
)


def query_error(error: Exception) -> QueryError:
    """Give the failure that an error of DuckDB's means for the user."""
    text = str(error).partition("\n\nLINE ")[0]
    for pattern, reason in _MESSAGES:
        if found := re.fullmatch(pattern, text, re.DOTALL):
            return QueryError(found.expand(reason))
    return QueryError(f"GENERIC_USER_ERROR: {text}")
