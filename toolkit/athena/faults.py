"""Where in a statement Athena found a fault: its reasons name a line and a column."""

from __future__ import annotations

import re

_PLACE = re.compile(r"\bline (\d+):(\d+)\b")


def fault_place(reason: str, sql: str) -> tuple[int, int] | None:
    """Return line and column, both from 1, that the *reason* names and that *sql* has; None if there is none."""
    found = _PLACE.search(reason)
    if found is None:
        return None
    line, column = int(found[1]), int(found[2])
    lines = sql.split("\n")
    return (line, column) if 1 <= line <= len(lines) and 1 <= column <= len(lines[line - 1]) + 1 else None


def marked(sql: str, reason: str, *, around: int = 2) -> str:
    """Return the lines of *sql* around the fault, numbered, with a mark below its place; "" if the reason names no place."""
    place = fault_place(reason, sql)
    if place is None:
        return ""
    line, column = place
    lines = sql.split("\n")
    first, last = max(1, line - around), min(len(lines), line + around)
    width = len(str(last))
    told = []
    for number in range(first, last + 1):
        sign = ">" if number == line else " "
        told.append(f"{sign} {number:{width}} | {lines[number - 1].rstrip()}")
        if number == line:
            told.append(f"  {'':{width}} | {' ' * (column - 1)}^")
    return "\n".join(told)
