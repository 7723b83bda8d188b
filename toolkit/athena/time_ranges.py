"""
Time ranges as conditions: on a column, or on the partition keys that name times, so that Athena reads those partitions alone.

Which keys those are is seen from the table's projection, from the keys' types and names, and from the values that they have.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from toolkit.athena.java_dates import parse, smallest_unit, sorts_as_time, strftime_pattern, written
from toolkit.athena.parameters import literal
from toolkit.errors import InvalidInput, TableError
from toolkit.hive import Table, query_name
from toolkit.hive.casts import instant_expression
from toolkit.hive.types import INTEGERS

# Values that a key of type string or int may have, the finer first where one would match the other.
_PATTERNS = (
    "%Y-%m-%d-%H",
    "%Y-%m-%dT%H",
    "%Y-%m-%d %H",
    "%Y-%m-%d",
    "%Y/%m/%d/%H",
    "%Y/%m/%d",
    "%Y%m%d%H",
    "%Y%m%d",
    "%Y-%m",
    "%Y/%m",
    "%Y%m",
    "%d-%m-%Y",
    "%Y",
)
_DAY_NAMES = ("dt", "day", "date", "ds", "event_date", "event_day", "ingestion_date", "partition_date")
_PARTS = (("year", "y", "yyyy"), ("month", "m", "mm"), ("day", "d", "dd"), ("hour", "h", "hh"))
# A key whose texts do not sort as times is compared with each of them.
_MOST_VALUES = 1000
_STEPS = {"HOURS": timedelta(hours=1), "MINUTES": timedelta(minutes=1), "SECONDS": timedelta(seconds=1)}


@dataclass(frozen=True, slots=True)
class TimeRange:
    """
    From *start* to *end*, both included; None is open. An end that is a day means all of it.

    ``column`` is the path of the column that is meant; "" is the partition key.
    """

    start: date | None = None
    end: date | None = None
    column: str = ""

    @classmethod
    def read(cls, start: str, end: str, column: str = "") -> TimeRange:
        """
        Return the range that two texts name, each empty, a day, or a time: ``2026-03-02``, ``2026-03-02 18:00``.

        Raises:
            InvalidInput: a text is neither, or the end comes before the start.
        """
        found = cls(_moment(start, "from"), _moment(end, "to"), column)
        if found.start is not None and found.end is not None and found.first > found.last:
            raise InvalidInput(f"time range: from {start} comes after to {end}")
        return found

    @property
    def is_open(self) -> bool:
        """Whether it has neither a start nor an end."""
        return self.start is None and self.end is None

    @property
    def first(self) -> datetime:
        """The first moment, without a zone."""
        return _as_datetime(self.start) if self.start is not None else datetime.min

    @property
    def last(self) -> datetime:
        """The last moment, without a zone."""
        if self.end is None:
            return datetime.max
        return self.end if isinstance(self.end, datetime) else datetime.combine(self.end, time.max)

    def conditions(self, expression: str, type_name: str) -> Iterator[str]:
        """
        Yield the conditions on a column of a type of Hive; text is read as RFC 3339, and what is none lies in no range.

        Raises:
            InvalidInput: the type names no times.
        """
        kind = type_name.partition("(")[0]
        if kind not in ("string", "varchar", "char", "date", "timestamp"):
            raise InvalidInput(f"time range: expected a column of times or of text, found {type_name}")
        if kind == "date":
            start = literal(self.first.date()) if self.start is not None else ""
            end = literal(self.last.date()) if self.end is not None else ""
            yield from ([f"{expression} >= {start}"] if start else [])
            yield from ([f"{expression} <= {end}"] if end else [])
            return
        zone = "" if kind == "timestamp" else " UTC"
        if zone:
            expression = instant_expression(expression)
        if self.start is not None:
            yield f"{expression} >= {_timestamp(self.first, zone)}"
        if isinstance(self.end, datetime):
            yield f"{expression} <= {_timestamp(self.last, zone)}"
        elif self.end is not None:
            following = self.end + timedelta(days=1) if self.end < date.max else None
            yield (
                f"{expression} < {_timestamp(_as_datetime(following), zone)}"
                if following
                else f"{expression} <= {_timestamp(self.last, zone)}"
            )


def _moment(text: str, what: str) -> date | None:
    text = text.strip()
    if not text:
        return None
    try:
        if len(text) <= 10:
            return date.fromisoformat(text)
        moment = datetime.fromisoformat(text)
        # Partitions are named and times compared in UTC.
        return moment.astimezone(UTC).replace(tzinfo=None) if moment.tzinfo else moment
    except (OverflowError, ValueError) as error:
        raise InvalidInput(
            f"time range, {what} {text!r}: expected a day such as 2026-03-02, or a time such as 2026-03-02 18:00"
        ) from error


def _as_datetime(value: date) -> datetime:
    return value if isinstance(value, datetime) else datetime(value.year, value.month, value.day)


def _timestamp(moment: datetime, zone: str) -> str:
    return literal(moment)[:-1] + zone + "'"


@dataclass(frozen=True, slots=True)
class TimeKey:
    """
    The partition keys that name times: one with a pattern of ``strftime``, or year, month, day and hour apart.

    ``types`` are Hive's; ``patterns`` has one pattern a key, "" for a key of type date or timestamp.
    """

    names: tuple[str, ...]
    types: tuple[str, ...]
    patterns: tuple[str, ...]

    def __str__(self) -> str:
        return ", ".join(self.names)

    def conditions(self, chosen: TimeRange, prefix: str) -> Iterator[str]:
        """
        Yield the conditions that leave the partitions of the range; those at its ends are taken whole.

        *prefix* stands before each name: "", or an alias and a dot.

        Raises:
            InvalidInput: the key's texts do not sort as times, and the range is open or has more than 1,000 of them.
        """
        if chosen.is_open:
            return
        if len(self.names) > 1:
            yield self._parts_condition(chosen, prefix)
            return
        expression = f"{prefix}{query_name(self.names[0])}"
        if not self.patterns[0]:
            yield from chosen.conditions(expression, self.types[0])
        elif sorts_as_time(self.patterns[0]):
            if chosen.start is not None:
                yield f"{expression} >= {self._value(0, chosen.first)}"
            if chosen.end is not None:
                yield f"{expression} <= {self._value(0, chosen.last)}"
        else:
            yield f"{expression} IN ({', '.join(self._values(chosen))})"

    def _value(self, number: int, moment: datetime) -> str:
        text = written(moment, self.patterns[number])
        return str(int(text)) if self.types[number] in INTEGERS else literal(text)

    def _values(self, chosen: TimeRange) -> list[str]:
        if chosen.start is None or chosen.end is None:
            raise InvalidInput(f"time range: {self.names[0]} does not sort as time, so give both from and to")
        step = _STEPS.get(smallest_unit(self.patterns[0]), timedelta(days=1))
        values: dict[str, None] = {}
        moment = chosen.first
        while moment <= chosen.last:
            values[self._value(0, moment)] = None
            if len(values) > _MOST_VALUES:
                raise InvalidInput(
                    f"time range: more than {_MOST_VALUES:,} values of {self.names[0]}; choose a shorter one"
                )
            if chosen.last - moment < step:
                break
            moment += step
        return list(values)

    def _parts_condition(self, chosen: TimeRange, prefix: str) -> str:
        """Return year, month and day compared from the left to the right, as (2026, 3, 2) is compared with (2026, 2, 27)."""
        expressions = [f"{prefix}{query_name(name)}" for name in self.names]
        sides = []
        for moment, sign, given in ((chosen.first, ">", chosen.start), (chosen.last, "<", chosen.end)):
            if given is not None:
                values = [self._value(number, moment) for number in range(len(self.names))]
                sides.append(_compared(expressions, values, sign))
        return " AND ".join(sides)


def _compared(expressions: Sequence[str], values: Sequence[str], sign: str) -> str:
    if len(expressions) == 1:
        return f"{expressions[0]} {sign}= {values[0]}"
    rest = _compared(expressions[1:], values[1:], sign)
    return f"({expressions[0]} {sign} {values[0]} OR ({expressions[0]} = {values[0]} AND {rest}))"


def time_key(table: Table, values: Mapping[str, Sequence[str]] | None = None) -> TimeKey | None:
    """
    Return the partition keys of *table* that name times, or None if there are none.

    *values* are some values that each key has; they say how a key of type string writes its times.
    """
    seen = values or {}
    types = {key.name: str(key.type) for key in table.partition_keys}
    for name, kind in types.items():
        if kind in ("date", "timestamp"):
            return TimeKey((name,), (kind,), ("",))
        pattern = _projected_pattern(table, name)
        if pattern and "%Y" in pattern:
            return TimeKey((name,), (kind,), (pattern,))
    parts = _part_keys(table, types, seen)
    if parts is not None:
        return parts
    for name, kind in types.items():
        given = [value for value in seen.get(name, ()) if value]
        pattern = next((found for found in _PATTERNS if given and all(_writes(found, value) for value in given)), "")
        if not given and name in _DAY_NAMES and kind == "string":
            pattern = "%Y-%m-%d"
        if pattern and (pattern != "%Y" or name in _PARTS[0]):
            return TimeKey((name,), (kind,), (pattern,))
    return None


def _writes(pattern: str, value: str) -> bool:
    moment = parse(value, pattern)
    return moment is not None and 1970 <= moment.year < 2200 and written(moment, pattern) == value


def _projected_pattern(table: Table, name: str) -> str:
    if table.parameters.get(f"projection.{name}.type", "").lower() != "date":
        return ""
    try:
        return strftime_pattern(table.parameters.get(f"projection.{name}.format", ""))
    except TableError:
        return ""


def _part_keys(table: Table, types: Mapping[str, str], seen: Mapping[str, Sequence[str]]) -> TimeKey | None:
    """Return keys such as year, month and day, if the table has them in that order; a key of text needs equal lengths to sort."""
    names, patterns = [], []
    for words, pattern in zip(_PARTS, ("%Y", "%m", "%d", "%H"), strict=True):
        name = next((word for word in words if word in types), None)
        if name is None:
            break
        digits = table.parameters.get(f"projection.{name}.digits", "")
        texts = [value for value in seen.get(name, ()) if value]
        if (
            types[name] == "string"
            and pattern != "%Y"
            and (digits not in ("", "2") or any(len(text) != 2 for text in texts))
        ):
            break
        names.append(name)
        patterns.append(pattern)
    if len(names) < 2:
        return None
    return TimeKey(tuple(names), tuple(types[name] for name in names), tuple(patterns))


def has_time_name(name: str) -> bool:
    """Whether a column of text is called as if it held times."""
    word = name.lower()
    return word.endswith(("time", "_at", "date", "timestamp", "_ts", "_on")) or word in ("ts", "time", "date", "when")
