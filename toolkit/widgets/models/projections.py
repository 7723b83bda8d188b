"""
Partition projection as a text in a form.

``2026-03-01`` projects the days from there on for the one partition key; several keys are parted by semicolons:
``dt: 2026-03-01..NOW; hour: 00..23; channel: web, app; tenant: injected``.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime

from toolkit.errors import TableError
from toolkit.hive import DateProjection, EnumProjection, InjectedProjection, IntegerProjection
from toolkit.hive.projection import Projection

EXPECTED = "expected a day such as 2026-03-01, a range such as 0..23, values such as web, app, or the word injected"
# By the shape of the text: Python's pattern, Java's, and the step, which Athena wants for all but days.
_DATES = (
    (re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}"), "%Y-%m-%d", "yyyy-MM-dd", None),
    (re.compile(r"[0-9]{4}-[0-9]{2}"), "%Y-%m", "yyyy-MM", "MONTHS"),
    (re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}-[0-9]{2}"), "%Y-%m-%d-%H", "yyyy-MM-dd-HH", "HOURS"),
    (re.compile(r"[0-9]{4}/[0-9]{2}/[0-9]{2}"), "%Y/%m/%d", "yyyy/MM/dd", None),
)


def projections_from_text(text: str, keys: Sequence[str]) -> dict[str, Projection]:
    """
    Return the projection of each of the partition keys *keys*; none for an empty text.

    Raises:
        TableError: a part can't be read, or the keys it names are not *keys*.
    """
    parts = [part.strip() for part in text.split(";") if part.strip()]
    if not parts:
        return {}
    if len(parts) == 1 and ":" not in parts[0]:
        if len(keys) != 1:
            raise TableError(
                f"projection {text!r}: expected one for each partition key, such as 'dt: 2026-03-01; hour: 0..23', for "
                f"{', '.join(keys) or 'no keys'}"
            )
        return {keys[0]: _projection(parts[0], keys[0])}
    found = {}
    for part in parts:
        name, colon, said = (piece.strip() for piece in part.partition(":"))
        if not colon or name.lower() not in keys:
            raise TableError(f"projection {part!r}: expected 'key: values' with a key of {', '.join(keys) or 'none'}")
        found[name.lower()] = _projection(said, name.lower())
    missing = [key for key in keys if key not in found]
    if missing:
        raise TableError(f"projection: Athena wants one for every partition key, found none for {', '.join(missing)}")
    return found


def _projection(text: str, key: str) -> Projection:
    if text.lower() == "injected":
        return InjectedProjection()
    first, dots, last = (part.strip() for part in text.partition(".."))
    for pattern, python, java, unit in _DATES:
        if pattern.fullmatch(first) or (first.startswith("NOW") and dots and pattern.fullmatch(last)):
            _check_date(first, python, key)
            step = {"interval": 1, "interval_unit": unit} if unit else {}
            return DateProjection(first, last or "NOW", format=java, **step)  # type: ignore[arg-type]
    if first.startswith("NOW"):
        return DateProjection(first, last or "NOW")
    if dots and first.isdecimal() and last.isdecimal():
        return IntegerProjection(int(first), int(last), digits=len(first) if first != str(int(first)) else None)
    values = tuple(value.strip() for value in text.split(","))
    if dots or not all(values) or (first[:1].isdigit() and len(values) == 1):
        raise TableError(f"projection of {key} {text!r}: {EXPECTED}")
    return EnumProjection(values)


def _check_date(text: str, pattern: str, key: str) -> None:
    if text.startswith("NOW"):
        return
    try:
        datetime.strptime(text, pattern)
    except ValueError as error:
        raise TableError(f"projection of {key} {text!r}: {EXPECTED}") from error
