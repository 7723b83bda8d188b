"""DuckDB, closed off from files and network."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import duckdb


def closed_database(readable: Path, scratch: Path, memory_limit_in_bytes: int) -> Any:
    """Give an empty database in memory that reaches files in one folder and nothing else; its settings aren't locked yet."""
    database = duckdb.connect(":memory:")
    # In a process without a script, as a launched server is, DuckDB takes whoever looks at its output for a person.
    database.execute("SET enable_progress_bar = false").fetchall()
    for name, value in (
        ("TimeZone", "'UTC'"),
        ("python_enable_replacements", "false"),
        # Copies never change, and each query would read the ends of its files several times.
        ("parquet_metadata_cache", "true"),
        ("autoinstall_known_extensions", "false"),
        ("autoload_known_extensions", "false"),
        ("memory_limit", f"'{memory_limit_in_bytes}B'"),
        ("temp_directory", literal(str(scratch))),
        ("allowed_directories", f"[{literal(str(readable))}]"),
        ("enable_external_access", "false"),
    ):
        database.execute(f"SET GLOBAL {name} = {value}").fetchall()
    return database


def lock_settings(database: Any) -> None:
    """Keep queries from changing the settings of a database."""
    database.execute("SET GLOBAL lock_configuration = true").fetchall()


def literal(text: str) -> str:
    """Give the SQL of a text."""
    return "'" + text.replace("'", "''") + "'"
