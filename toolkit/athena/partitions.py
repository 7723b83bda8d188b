"""
The partitions of a table: those in the catalogue, or those that Athena computes from the table's properties.

Source: https://docs.aws.amazon.com/athena/latest/ug/partitions.html and …/ug/partition-projection.html
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from toolkit import aws
from toolkit.athena.java_dates import parse, smallest_unit, strftime_pattern, written
from toolkit.errors import AwsError, TableError
from toolkit.hive import Table

NULL_PARTITION = "__HIVE_DEFAULT_PARTITION__"
"""What Hive writes for NULL in the name of a partition's folder, and in the catalogue."""
# More than these nobody waits for while typing; a query over them is asked without an estimate.
MOST_PARTITIONS = 100_000

# What one call of Glue's BatchUpdatePartition takes.
_MOST_UPDATED = 100

_NOW = re.compile(r"NOW\s*(?:([+-])\s*(\d+)\s*(YEAR|MONTH|WEEK|DAY|HOUR|MINUTE|SECOND)S?)?", re.I)
_TEMPLATE = re.compile(r"\$\{([^}]*)\}")


@dataclass(frozen=True, slots=True)
class Partition:
    """The values of the partition keys, as the catalogue writes them, and the prefix of the objects."""

    values: tuple[str, ...]
    location: str


Narrow = Callable[[str, list[str]], list[str]]
"""Takes a key and its possible values and returns those that the query can want."""


def registered_partitions(table: Table) -> Iterator[Partition]:
    """
    Yield the partitions of *table* in the catalogue; raises as `toolkit.aws.call` does.

    Raises:
        TableError: there are more than 100,000.
    """
    names = {"DatabaseName": table.database, "TableName": table.name}
    count = 0
    for page in aws.pages("glue", "get_partitions", **names, ExcludeColumnSchema=True):
        for found in page["Partitions"]:
            count += 1
            if count > MOST_PARTITIONS:
                raise TableError(f"{table.database}.{table.name} has more than {MOST_PARTITIONS:,} partitions")
            location = (found.get("StorageDescriptor") or {}).get("Location") or ""
            yield Partition(tuple(found["Values"]), location)


def refresh_partitions(table: Table) -> int:
    """
    Give the columns that were added at the end of *table* to its registered partitions, and return how many lacked some.

    A partition keeps the columns that the table had when it was registered. One with columns of its own, which are not the first
    of the table's, is left alone. Raises as `toolkit.aws.call` does.

    Source: https://docs.aws.amazon.com/athena/latest/ug/updates-and-partitions.html
    """
    names = {"DatabaseName": table.database, "TableName": table.name}
    columns = aws.call("glue", "get_table", DatabaseName=table.database, Name=table.name)["Table"]["StorageDescriptor"][
        "Columns"
    ]
    wanted = _names_and_types(columns)
    entries = []
    for page in aws.pages("glue", "get_partitions", **names):
        for found in page["Partitions"]:
            storage = found.get("StorageDescriptor") or {}
            known = _names_and_types(storage.get("Columns", ()))
            if known and len(known) < len(wanted) and wanted[: len(known)] == known:
                kept = {key: found[key] for key in ("Values", "Parameters") if key in found}
                made = {**kept, "StorageDescriptor": {**storage, "Columns": columns}}
                entries.append({"PartitionValueList": found["Values"], "PartitionInput": made})
    for at in range(0, len(entries), _MOST_UPDATED):
        answer = aws.call("glue", "batch_update_partition", **names, Entries=entries[at : at + _MOST_UPDATED])
        for failed in answer.get("Errors", ()):
            detail = failed.get("ErrorDetail", {})
            raise AwsError(
                str(detail.get("ErrorMessage")),
                service="glue",
                operation="batch_update_partition",
                code=str(detail.get("ErrorCode", "")),
            )
    return len(entries)


def _names_and_types(columns: Iterable[Mapping[str, str]]) -> list[tuple[str, str]]:
    return [(column["Name"], column.get("Type", "")) for column in columns]


def projected_partitions(table: Table, narrow: Narrow | None = None, *, now: datetime | None = None) -> list[Partition]:
    """
    Return the partitions that the properties of *table* describe, and that *narrow* lets pass, key by key.

    *now* is the UTC time without a zone that ``NOW`` in a range means; by default this moment.

    Raises:
        TableError: a key is not configured or needs a value of the query (``injected``), or there are more than 100,000.
    """
    moment = now or datetime.now(UTC).replace(tzinfo=None)
    domains = []
    for key in table.partition_keys:
        values = list(_values(table, key.name, moment))
        domains.append(narrow(key.name, values) if narrow else values)
    count = 1
    for domain in domains:
        count *= len(domain)
    if count > MOST_PARTITIONS:
        raise TableError(f"{table.database}.{table.name} projects {count:,} partitions, more than {MOST_PARTITIONS:,}")
    return [Partition(values, partition_location(table, values)) for values in itertools.product(*domains)]


def partition_location(table: Table, values: Sequence[str]) -> str:
    """Return where the objects of a projected partition lie."""
    named = dict(zip((key.name for key in table.partition_keys), values, strict=True))
    template = table.parameters.get("storage.location.template")
    if template:
        return _TEMPLATE.sub(lambda found: named.get(found[1].lower(), found.group()), template)
    base = table.location if table.location.endswith("/") else f"{table.location}/"
    return base + "".join(f"{name}={value}/" for name, value in named.items())


def _values(table: Table, name: str, now: datetime) -> Iterator[str]:
    prefix = f"projection.{name}."
    kind = table.parameters.get(f"{prefix}type", "").strip().lower()
    where = f"{table.database}.{table.name}: projection.{name}"

    def needed(key: str) -> str:
        value = table.parameters.get(prefix + key)
        if value is None:
            raise TableError(f"{where}.{key} is missing")
        return str(value)

    match kind:
        case "enum":
            yield from needed("values").split(",")
        case "integer":
            yield from _integers(where, needed("range"), table.parameters, prefix)
        case "date":
            yield from _dates(where, needed("range"), needed("format"), table.parameters, prefix, now)
        case "injected":
            raise TableError(f"{where} is injected: which partitions there are is known from the query alone")
        case _:
            raise TableError(f"{where}.type: expected enum, integer, date or injected, found {kind!r}")


def _integers(where: str, text: str, parameters: Mapping[str, str], prefix: str) -> Iterator[str]:
    try:
        first, last = (int(part) for part in text.split(","))
        step = int(parameters.get(f"{prefix}interval", "1"))
        width = int(parameters.get(f"{prefix}digits", "0"))
    except ValueError as error:
        raise TableError(f"{where}.range: expected two integers, found {text!r}") from error
    if step < 1 or (last - first) // step >= MOST_PARTITIONS:
        raise TableError(f"{where}: more than {MOST_PARTITIONS:,} values")
    for number in range(first, last + 1, step):
        yield f"{'-' if number < 0 else ''}{abs(number):0{width}d}"


def _dates(
    where: str, text: str, pattern: str, parameters: Mapping[str, str], prefix: str, now: datetime
) -> Iterator[str]:
    strftime = strftime_pattern(pattern)
    parts = [part.strip() for part in text.split(",")]
    if len(parts) != 2:
        raise TableError(f"{where}.range: expected two dates, found {text!r}")
    first, last = (_bound(where, part, strftime, now) for part in parts)
    try:
        step = int(parameters.get(f"{prefix}interval", "1"))
    except ValueError:
        step = 1
    unit = parameters.get(f"{prefix}interval.unit", smallest_unit(strftime)).upper().removesuffix("S")
    seen = None
    for number in range(MOST_PARTITIONS + 1):
        moment = _moved(first, number * max(1, step), unit)
        if moment is None or moment > last:
            return
        value = written(moment, strftime)
        if value != seen:
            yield value
        seen = value
    raise TableError(f"{where}.range: more than {MOST_PARTITIONS:,} values")


def _bound(where: str, text: str, strftime: str, now: datetime) -> datetime:
    relative = _NOW.fullmatch(text)
    if relative:
        sign, amount, unit = relative.groups()
        found = _moved(now, int(f"{sign}{amount}"), unit.upper()) if sign else now
    else:
        found = parse(text, strftime)
    if found is None:
        raise TableError(f"{where}.range: expected a date of the format or NOW±nUNIT, found {text!r}")
    return found


_STEPS = {
    "WEEK": timedelta(weeks=1),
    "DAY": timedelta(days=1),
    "HOUR": timedelta(hours=1),
    "MINUTE": timedelta(minutes=1),
    "SECOND": timedelta(seconds=1),
}


def _moved(moment: datetime, count: int, unit: str) -> datetime | None:
    """Return *moment* moved by *count* units, or None beyond what a date can be."""
    try:
        if unit in _STEPS:
            return moment + count * _STEPS[unit]
        months = moment.year * 12 + moment.month - 1 + count * (12 if unit == "YEAR" else 1)
        year, month = divmod(months, 12)
        # The 31st of a month that has none is its last day.
        for day in range(moment.day, 27, -1):
            try:
                return moment.replace(year=year, month=month + 1, day=day)
            except ValueError:
                continue
        return moment.replace(year=year, month=month + 1)
    except (ValueError, OverflowError):
        return None
