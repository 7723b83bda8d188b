"""The queries of an audit as SQL text."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from toolkit.audit.checks import ALIAS, Check, Checks
from toolkit.errors import InvalidInput
from toolkit.hive import HiveType, Primitive, Struct, Table, query_literal, query_name
from toolkit.hive.casts import instant_expression
from toolkit.hive.rules import is_day

# A query's plan grows with its columns, and Trino compiles each; so many leave it quick.
MOST_CHECKS_A_QUERY = 100
MOST_QUERY_BYTES = 200_000
# A producer's clock that is ahead by less is no fault.
CLOCK_TOLERANCE = timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class Audit:
    """
    What is asked of a table beside its schema.

    ``event_id`` is a column whose values must differ, ``event_time`` one that holds when the event happened (RFC 3339 text, or a
    timestamp); with it, events after *now* are future ones. ``day_key`` is a partition key that holds the day of arrival as
    ``YYYY-MM-DD``; an event is late if that is more than ``late_after_days`` behind its time. ``first_day`` and ``last_day``
    limit the audit to partitions of the day key.

    Raises:
        InvalidInput: a column is none of the table, or what needs another one stands alone.
    """

    table: Table
    checks: Checks
    now: datetime
    event_id: str = ""
    event_time: str = ""
    day_key: str = ""
    first_day: str = ""
    last_day: str = ""
    late_after_days: int = 1
    unreadable: str = field(init=False, default="")

    def __post_init__(self) -> None:
        for name in (self.event_id, self.event_time):
            if name:
                _column_type(self.table, name)
        keys = [key.name for key in self.table.partition_keys]
        if self.day_key and self.day_key not in keys:
            raise InvalidInput(
                f"table {self.table.name!r}: expected a partition key as day, found {self.day_key!r}; there are: "
                f"{', '.join(keys) or 'none'}"
            )
        if (self.first_day or self.last_day) and not self.day_key:
            raise InvalidInput(f"table {self.table.name!r}: days were given, but no partition key that holds the day")
        names = [f"{query_name(ALIAS)}.{query_name(column.name)}" for column in self.table.columns]
        object.__setattr__(self, "unreadable", " AND ".join(f"{name} IS NULL" for name in names))

    def measures(self) -> dict[str, str]:
        """Return the counts that are taken beside the checks, as expressions by name."""
        found = {"rows": "count(*)", "unreadable": f"count_if({self.unreadable})"}
        if self.event_id:
            name = f"{query_name(ALIAS)}.{_path(self.event_id)}"
            found["duplicates"] = f"count({name}) - count(DISTINCT {name})"
        if self.event_time:
            time = self.time()
            limit = (self.now + CLOCK_TOLERANCE).strftime("%Y-%m-%d %H:%M:%S")
            found["future"] = f"count_if({time} > TIMESTAMP {query_literal(limit + ' UTC')})"
            if self.day_key:
                arrival = f"try_cast({query_name(ALIAS)}.{query_name(self.day_key)} AS date)"
                days = f"date_diff('day', CAST({time} AT TIME ZONE 'UTC' AS date), {arrival})"
                found["late"] = f"count_if({days} > {self.late_after_days:d})"
        return found

    def time(self) -> str:
        """Return the expression of an event's time, NULL where it can't be read."""
        name = f"{query_name(ALIAS)}.{_path(self.event_time)}"
        kind = _column_type(self.table, self.event_time)
        if str(kind) == "timestamp":
            return f"with_timezone({name}, 'UTC')"
        if str(kind) == "date":
            return f"with_timezone(CAST({name} AS timestamp), 'UTC')"
        return instant_expression(name)

    def source(self) -> str:
        """Return the FROM clause, with the days as its WHERE."""
        text = f"FROM {query_name(self.table.database)}.{query_name(self.table.name)} AS {query_name(ALIAS)}"
        key = f"{query_name(ALIAS)}.{query_name(self.day_key)}"
        literal = _day_literal(self.table, self.day_key)
        limits = [f"{key} >= {literal(self.first_day)}"] if self.first_day else []
        limits += [f"{key} <= {literal(self.last_day)}"] if self.last_day else []
        return f"{text}\nWHERE {' AND '.join(limits)}" if limits else text


def audit_sql(audit: Audit) -> tuple[str, ...]:
    """
    Render the queries that count the rows which break each check; the first takes the other measures too.

    Each answers with one row. ``check_N`` counts, ``where_N`` names the first object, in the order of keys, that holds such
    a row; N is the position of the check. Checks that are too many for one query take several, and each scans the table.
    """
    statements: list[str] = []
    measures = [f"{expression} AS {query_name(name)}" for name, expression in audit.measures().items()]
    for start, batch in _batches(audit.checks.checks):
        items = measures if not statements else []
        for number, check in enumerate(batch, start):
            items = [
                *items,
                f"count_if({check.condition}) AS {query_name(f'check_{number}')}",
                f'min(CASE WHEN {check.condition} THEN "$path" END) AS {query_name(f"where_{number}")}',
            ]
        statements.append("SELECT\n  " + ",\n  ".join(items) + f"\n{audit.source()}")
    return tuple(statements)


def volume_sql(audit: Audit) -> str:
    """
    Render the query that counts the rows of each day, by the day of arrival or else by the event's own.

    Raises:
        InvalidInput: the table has neither.
    """
    if audit.day_key:
        day = f"CAST({query_name(ALIAS)}.{query_name(audit.day_key)} AS varchar)"
    elif audit.event_time:
        day = f"CAST(CAST({audit.time()} AT TIME ZONE 'UTC' AS date) AS varchar)"
    else:
        raise InvalidInput("the volume of each day needs a day key or an event time")
    return f'SELECT {day} AS "day", count(*) AS "rows"\n{audit.source()}\nGROUP BY 1\nORDER BY 1'


def _batches(checks: Sequence[Check]) -> list[tuple[int, Sequence[Check]]]:
    batches: list[tuple[int, list[Check]]] = [(0, [])]
    size = 0
    for number, check in enumerate(checks):
        added = 2 * len(check.condition.encode()) + 100
        if batches[-1][1] and (size + added > MOST_QUERY_BYTES or len(batches[-1][1]) >= MOST_CHECKS_A_QUERY):
            batches.append((number, []))
            size = 0
        batches[-1][1].append(check)
        size += added
    return list(batches)


def _path(column: str) -> str:
    return ".".join(query_name(part) for part in column.split("."))


def _column_type(table: Table, path: str) -> HiveType:
    first, *rest = path.split(".")
    column = table.column(first)
    found: HiveType | None = column.type if column else None
    for name in rest:
        inner = found.field(name) if isinstance(found, Struct) else None
        found = inner.type if inner else None
    if found is None:
        raise InvalidInput(
            f"table {table.name!r}: no column {path!r}; there are: {', '.join(each.name for each in table.columns)}"
        )
    if not isinstance(found, Primitive):
        raise InvalidInput(f"table {table.name!r}: expected a plain value in {path!r}, found {found}")
    return found


def _day_literal(table: Table, key: str) -> Callable[[str], str]:
    column = table.column(key) if key else None
    is_date = column is not None and str(column.type) == "date"

    def literal(day: str) -> str:
        if not is_day(day):
            raise InvalidInput(f"day: expected YYYY-MM-DD, found {day!r}")
        return f"DATE {query_literal(day)}" if is_date else query_literal(day)

    return literal
