"""A query as Python to take along."""

from __future__ import annotations


def query_code(
    sql: str,
    *,
    database: str,
    work_group: str | None = None,
    output_location: str | None = None,
    budget_in_bytes: int | None = None,
    reuse_minutes: int = 0,
) -> str:
    """Return lines of Python that run *sql* and leave its rows in ``frame``; every setting is a literal."""
    options = {"database": database, "work_group": work_group, "output_location": output_location}
    given = ", ".join(f"{name}={value!r}" for name, value in options.items() if value)
    limits = {"budget_in_bytes": budget_in_bytes, "reuse_minutes": reuse_minutes}
    asked = "".join(f", {name}={value!r}" for name, value in limits.items() if value)
    # Line by line, so that it reads as SQL and no quote in it ends the text.
    lines = [f"    {line!r}" for line in sql.splitlines(keepends=True)] or ["    ''"]
    return "\n".join(
        [
            "from toolkit import Athena",
            "",
            "sql = (",
            *lines,
            ")",
            f"with Athena({given}) as athena:",
            f"    frame = athena.query(sql{asked})",
            "    print(athena.last_execution)",
            "",
        ]
    )
