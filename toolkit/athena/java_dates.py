"""
Java date patterns, as partition projection writes them, and the dates that they make.

Source: https://docs.aws.amazon.com/athena/latest/ug/partition-projection-supported-types.html
"""

from __future__ import annotations

import re
from datetime import datetime

from toolkit.errors import TableError

_WORD = re.compile(r"'((?:[^']|'')*)'|([A-Za-z])\2*|[^A-Za-z']")
_DIRECTIVES = {
    "yyyy": "%Y",
    "uuuu": "%Y",
    "MM": "%m",
    "dd": "%d",
    "HH": "%H",
    "mm": "%M",
    "ss": "%S",
    "DDD": "%j",
    "yy": "%y",
}
# What the texts of a pattern must hold, the large before the small, to sort as the times that they name.
_SORTABLE = ("%Y", "%m", "%d", "%H", "%M", "%S")
UNITS = {"%Y": "YEARS", "%m": "MONTHS", "%d": "DAYS", "%j": "DAYS", "%H": "HOURS", "%M": "MINUTES", "%S": "SECONDS"}


def strftime_pattern(java: str) -> str:
    """
    Return the ``strftime`` pattern that writes what the Java pattern *java* writes.

    Raises:
        TableError: the pattern has a letter that is not known here.
    """
    parts = []
    end = 0
    for found in _WORD.finditer(java):
        if found.start() != end:
            break
        end = found.end()
        text = found.group()
        if text.startswith("'"):
            parts.append((found[1].replace("''", "'") or "'").replace("%", "%%"))
        elif not found[2]:
            parts.append(text.replace("%", "%%"))
        elif text in _DIRECTIVES:
            parts.append(_DIRECTIVES[text])
        else:
            raise TableError(f"date pattern {java!r}: expected yyyy, MM, dd, HH, mm or ss, found {text!r}")
    if end != len(java):
        raise TableError(f"date pattern {java!r}: a quote is not closed")
    return "".join(parts)


def directives(strftime: str) -> tuple[str, ...]:
    """Return the directives of a ``strftime`` pattern, in order."""
    return tuple(re.findall(r"%[A-Za-z]", strftime))


def sorts_as_time(strftime: str) -> bool:
    """Whether the texts of the pattern sort as their times do: year first, then month, then day, none left out."""
    found = directives(strftime)
    return bool(found) and (found == _SORTABLE[: len(found)] or found == ("%Y", "%j"))


def smallest_unit(strftime: str) -> str:
    """Return the unit of the smallest part that the pattern writes, such as DAYS."""
    order = list(UNITS)
    return UNITS[max((part for part in directives(strftime) if part in UNITS), key=order.index, default="%d")]


def written(moment: datetime, strftime: str) -> str:
    """Return *moment* as the pattern writes it; ``strftime`` of some C libraries leaves out the zeros of early years."""
    return moment.strftime(strftime.replace("%Y", f"{moment.year:04d}"))


def parse(text: str, strftime: str) -> datetime | None:
    """Return the time that *text* names by the pattern, or None if it is none."""
    if {"%Y", "%y"}.isdisjoint(directives(strftime)):
        # Python chooses 1900, and will not go on to choose.
        text, strftime = f"1900 {text}", f"%Y {strftime}"
    try:
        return datetime.strptime(text, strftime)
    except ValueError:
        return None
