"""
Partition projection: the partitions of a table computed from its properties instead of looked up.

Source: https://docs.aws.amazon.com/athena/latest/ug/partition-projection-supported-types.html
"""

from __future__ import annotations

import itertools
import re
from calendar import monthrange
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from toolkit.local.athena.catalog import GlueDict, partition_keys_of
from toolkit.local.athena.errors import QueryError
from toolkit.local.athena.sql.formats import UnsupportedPattern, from_joda
from toolkit.local.athena.storage import as_folder

# A guard of ours: beyond this a query would list S3 for hours.
MAXIMUM_PARTITIONS = 1_000_000

_NOW = re.compile(r"NOW\s*(?:([+-])\s*(\d+)\s*([A-Z]+))?", re.IGNORECASE)
_TEMPLATE = re.compile(r"\$\{([^}]*)\}")
_SECONDS = {"SECOND": 1, "MINUTE": 60, "HOUR": 3600, "DAY": 86_400, "WEEK": 604_800}
_MONTHS = {"MONTH": 1, "YEAR": 12}


@dataclass(frozen=True, slots=True)
class ProjectedPartition:
    """One partition: a value for each key, and where its objects lie."""

    values: tuple[str, ...]
    location: str


# Of the values that a key could have, those that the query can want.
Narrow = Callable[[str, list[str]], list[str]]


def is_projected(table: GlueDict) -> bool:
    """Tell whether a table's partitions are projected; those in the catalogue are then ignored."""
    return _properties(table).get("projection.enabled", "").strip().lower() == "true"


def project(
    table: GlueDict, given: Mapping[str, list[str]], narrow: Narrow, *, now: datetime | None = None
) -> list[ProjectedPartition]:
    """
    Give the partitions that a query can want.

    *given* holds the values that the WHERE clause names for a key; keys of type injected need them. *narrow* drops
    values that the clause rules out, before they are combined.

    Raises:
        QueryError: a key is not configured, or not so that it can be projected.
    """
    properties = _properties(table)
    moment = now or datetime.now(UTC).replace(tzinfo=None)
    names = [key["Name"] for key in partition_keys_of(table)]
    domains = [narrow(name, _domain(name, properties, given, moment)) for name in names]
    count = 1
    for domain in domains:
        count *= len(domain)
    if count > MAXIMUM_PARTITIONS:
        raise QueryError(
            f"INVALID_TABLE_PROPERTY: table {table['Name']} projects {count} partitions for this query; name fewer of them "
            "in WHERE"
        )
    location = _locator(table, properties, names)
    return [ProjectedPartition(values, location(values)) for values in itertools.product(*domains)]


def location_of_partition(table: GlueDict) -> Callable[[tuple[str, ...]], str]:
    """Give the function from the values of a projected table's keys to where the objects of that partition lie."""
    properties = _properties(table)
    names = [key["Name"] for key in partition_keys_of(table)]
    locate = _locator(table, properties, names)

    def written(name: str, value: str) -> str:
        digits = properties.get(f"projection.{name.lower()}.digits", "")
        return value.zfill(int(digits)) if digits.isdigit() else value

    return lambda values: locate(written(name, value) for name, value in zip(names, values, strict=True))


def _properties(table: GlueDict) -> dict[str, str]:
    return {key.lower(): value for key, value in (table.get("Parameters") or {}).items()}


def _domain(name: str, properties: Mapping[str, str], given: Mapping[str, list[str]], now: datetime) -> list[str]:
    prefix = f"projection.{name.lower()}."
    kind = properties.get(f"{prefix}type", "").strip().lower()

    def needed(key: str) -> str:
        if f"{prefix}{key}" not in properties:
            raise QueryError(f"INVALID_TABLE_PROPERTY: projection.{name}.{key} is required for the type {kind}")
        return properties[f"{prefix}{key}"]

    match kind:
        case "enum":
            # Blanks around a value count.
            return needed("values").split(",")
        case "integer":
            return _integers(
                name, needed("range"), properties.get(f"{prefix}interval", "1"), properties.get(f"{prefix}digits", "")
            )
        case "date":
            unit = properties.get(f"{prefix}interval.unit", "")
            return list(
                _dates(name, needed("range"), needed("format"), properties.get(f"{prefix}interval", ""), unit, now)
            )
        case "injected":
            if not given.get(name):
                raise QueryError(
                    f"CONSTRAINT_VIOLATION: For the injected projected partition column {name}, the WHERE clause must contain "
                    "only static equality conditions, and at least one such condition must be present."
                )
            return given[name]
    problem = f"unknown projection type '{kind}'" if kind else "the type of projection is missing"
    raise QueryError(
        f"INVALID_TABLE_PROPERTY: projection.{name}.type: {problem}; every partition column has to be configured"
    )


def _integers(name: str, text: str, interval: str, digits: str) -> list[str]:
    try:
        first, last = (int(part) for part in text.split(","))
        step, width = int(interval), int(digits or 0)
    except ValueError as error:
        raise QueryError(f"INVALID_TABLE_PROPERTY: projection.{name}.range: '{text}' is not two integers") from error
    if step < 1 or last - first > MAXIMUM_PARTITIONS * step:
        raise QueryError(
            f"INVALID_TABLE_PROPERTY: projection.{name}: the range {text} by {step} is too wide or has no step"
        )
    return [f"{'-' if number < 0 else ''}{abs(number):0{width}d}" for number in range(first, last + 1, step)]


def _dates(name: str, text: str, pattern: str, interval: str, unit: str, now: datetime) -> Iterator[str]:
    try:
        strftime = from_joda(pattern)
    except UnsupportedPattern as error:
        raise QueryError(f"INVALID_TABLE_PROPERTY: projection.{name}.format: {error} can't be read here") from error
    parts = text.split(",")
    if len(parts) != 2:
        raise QueryError(f"INVALID_TABLE_PROPERTY: projection.{name}.range: '{text}' is not two dates")
    first, last = (_bound(name, part.strip(), strftime, now) for part in parts)
    step = int(interval) if interval.isdigit() and int(interval) > 0 else 1
    word = (unit.strip().upper().removesuffix("S") if unit else "") or _unit_of(strftime)
    if word not in _SECONDS and word not in _MONTHS:
        raise QueryError(f"INVALID_TABLE_PROPERTY: projection.{name}.interval.unit: '{unit}' is no unit")
    seen = ""
    moment = first
    count = 0
    while moment <= last:
        value = _formatted(moment, strftime)
        if value != seen:
            yield value
        seen = value
        count += 1
        if count > MAXIMUM_PARTITIONS:
            raise QueryError(f"INVALID_TABLE_PROPERTY: projection.{name}.range: more than {MAXIMUM_PARTITIONS} values")
        moment = _shifted(first, step * count, word)


def _unit_of(strftime: str) -> str:
    # Where the unit is left out it is the finest of the format.
    for letters, unit in (("S", "SECOND"), ("M", "MINUTE"), ("HI", "HOUR"), ("dj", "DAY"), ("mbB", "MONTH")):
        if any(f"%{letter}" in strftime or f"%-{letter}" in strftime for letter in letters):
            return unit
    return "YEAR"


def _bound(name: str, text: str, strftime: str, now: datetime) -> datetime:
    if found := _NOW.fullmatch(text):
        if found[1] is None:
            return now
        count = int(found[2]) * (-1 if found[1] == "-" else 1)
        unit = found[3].upper().removesuffix("S")
        if unit not in _SECONDS and unit not in _MONTHS:
            raise QueryError(f"INVALID_TABLE_PROPERTY: projection.{name}.range: '{found[3]}' is no unit")
        return _shifted(now, count, unit)
    try:
        return datetime.strptime(text, strftime.replace("%-", "%"))
    except ValueError as error:
        raise QueryError(
            f"INVALID_TABLE_PROPERTY: projection.{name}.range: '{text}' does not fit the format"
        ) from error


def _formatted(moment: datetime, strftime: str) -> str:
    return moment.strftime(strftime.replace("%g", f"{moment.microsecond // 1000:03d}"))


def _shifted(moment: datetime, count: int, unit: str) -> datetime:
    if unit in _SECONDS:
        return moment + timedelta(seconds=count * _SECONDS[unit])
    months = moment.year * 12 + moment.month - 1 + count * _MONTHS[unit]
    year, month = divmod(months, 12)
    return moment.replace(year=year, month=month + 1, day=min(moment.day, monthrange(year, month + 1)[1]))


def _locator(table: GlueDict, properties: Mapping[str, str], names: list[str]) -> Callable[[Iterable[str]], str]:
    template = properties.get("storage.location.template")
    if template is None:
        base = as_folder(table["StorageDescriptor"]["Location"])
        return lambda values: base + "".join(f"{name}={value}/" for name, value in zip(names, values, strict=True))
    missing = set(names) - {name.lower() for name in _TEMPLATE.findall(template)}
    if missing:
        raise QueryError(
            f"INVALID_TABLE_PROPERTY: storage.location.template has no ${{{min(missing)}}}; "
            "it needs one for each partition column"
        )

    def locate(values: Iterable[str]) -> str:
        by_name = dict(zip(names, values, strict=True))
        return as_folder(_TEMPLATE.sub(lambda found: by_name.get(found[1].lower(), found[0]), template))

    return locate
