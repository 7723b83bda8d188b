"""
Partition projection: the partitions of a table computed from its properties instead of looked up.

Source: https://docs.aws.amazon.com/athena/latest/ug/partition-projection-supported-types.html
"""

from __future__ import annotations

import itertools
import math
import re
from calendar import monthrange
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from toolkit.local.athena.catalog import GlueDict, partition_keys_of
from toolkit.local.athena.errors import QueryError
from toolkit.local.athena.sql.formats import UnsupportedPattern, from_joda, read_time
from toolkit.local.athena.storage import as_folder

# Of more values than these, and of more partitions, those are taken that have objects: one listing of the folder of all.
MANY_VALUES = 100_000
MANY_PARTITIONS = 20_000

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
# The URLs of all objects below a location.
Listed = Callable[[str], Iterable[str]]


@dataclass(frozen=True, slots=True)
class _Domain:
    """The values that a key can have: all of them, how many at most, whether a text is one, and a pattern for them."""

    values: Callable[[], Iterable[str]]
    count: int
    has: Callable[[str], bool]
    pattern: str


def is_projected(table: GlueDict) -> bool:
    """Tell whether a table's partitions are projected; those in the catalogue are then ignored."""
    return _properties(table).get("projection.enabled", "").strip().lower() == "true"


def project(
    table: GlueDict, given: Mapping[str, list[str]], narrow: Narrow, listed: Listed, *, now: datetime | None = None
) -> list[ProjectedPartition]:
    """
    Give the partitions that a query can want; where they would be many, those of them that have objects.

    *given* holds the values that the WHERE clause names for a key; keys of type injected need them. *narrow* drops
    values that the clause rules out, before they are combined. *listed* gives what lies below a location.

    Raises:
        QueryError: a key is not configured, or not so that it can be projected.
    """
    properties = _properties(table)
    moment = now or datetime.now(UTC).replace(tzinfo=None)
    names = [key["Name"] for key in partition_keys_of(table)]
    domains = [_domain(name, properties, given, moment) for name in names]
    location = _locator(table, properties, names)
    if all(domain.count <= MANY_VALUES for domain in domains):
        values = [narrow(name, list(domain.values())) for name, domain in zip(names, domains, strict=True)]
        if math.prod(map(len, values)) <= MANY_PARTITIONS:
            return [ProjectedPartition(each, location(each)) for each in itertools.product(*values)]
    found = _with_objects(_template(table, properties, names), names, domains, listed)
    for place, name in enumerate(names):
        kept = set(narrow(name, sorted({values[place] for values in found})))
        found = [values for values in found if values[place] in kept]
    return [ProjectedPartition(values, location(values)) for values in found]


def _with_objects(
    template: str, names: Sequence[str], domains: Sequence[_Domain], listed: Listed
) -> list[tuple[str, ...]]:
    """Give the values of the partitions in whose locations objects lie."""
    before, *rest = _TEMPLATE.split(template)
    pattern, seen = re.escape(before), set()
    for name, literal in zip(map(str.lower, rest[::2]), rest[1::2], strict=True):
        if name not in names:
            pattern += re.escape(f"${{{name}}}")
        elif name in seen:
            pattern += f"(?P=k{names.index(name)})"
        else:
            pattern += f"(?P<k{names.index(name)}>{domains[names.index(name)].pattern})"
            seen.add(name)
        pattern += re.escape(literal)
    matches = map(re.compile(pattern).match, listed(before.rpartition("/")[0] + "/"))
    values = {tuple(match[f"k{place}"] for place in range(len(names))) for match in matches if match}
    return sorted(
        each for each in values if all(domain.has(value) for domain, value in zip(domains, each, strict=True))
    )


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


def _domain(name: str, properties: Mapping[str, str], given: Mapping[str, list[str]], now: datetime) -> _Domain:
    prefix = f"projection.{name.lower()}."
    kind = properties.get(f"{prefix}type", "").strip().lower()

    def needed(key: str) -> str:
        if f"{prefix}{key}" not in properties:
            raise QueryError(f"INVALID_TABLE_PROPERTY: projection.{name}.{key} is required for the type {kind}")
        return properties[f"{prefix}{key}"]

    match kind:
        case "enum":
            # Blanks around a value count.
            return _listed_values(needed("values").split(","))
        case "integer":
            return _integers(
                name, needed("range"), properties.get(f"{prefix}interval", "1"), properties.get(f"{prefix}digits", "")
            )
        case "date":
            unit = properties.get(f"{prefix}interval.unit", "")
            return _dates(name, needed("range"), needed("format"), properties.get(f"{prefix}interval", ""), unit, now)
        case "injected":
            if not given.get(name):
                raise QueryError(
                    f"CONSTRAINT_VIOLATION: For the injected projected partition column {name}, the WHERE clause must contain "
                    "only static equality conditions, and at least one such condition must be present."
                )
            return _listed_values(given[name])
    problem = f"unknown projection type '{kind}'" if kind else "the type of projection is missing"
    raise QueryError(
        f"INVALID_TABLE_PROPERTY: projection.{name}.type: {problem}; every partition column has to be configured"
    )


def _listed_values(values: list[str]) -> _Domain:
    pattern = "|".join(re.escape(value) for value in sorted(values, key=len, reverse=True))
    return _Domain(lambda: values, len(values), frozenset(values).__contains__, pattern)


def _integers(name: str, text: str, interval: str, digits: str) -> _Domain:
    try:
        first, last = (int(part) for part in text.split(","))
        step, width = int(interval), int(digits or 0)
    except ValueError as error:
        raise QueryError(f"INVALID_TABLE_PROPERTY: projection.{name}.range: '{text}' is not two integers") from error
    if step < 1:
        raise QueryError(f"INVALID_TABLE_PROPERTY: projection.{name}: the range {text} by {step} has no step")
    numbers = range(first, last + 1, step)

    def written(number: int) -> str:
        return f"{'-' if number < 0 else ''}{abs(number):0{width}d}"

    return _Domain(
        lambda: map(written, numbers),
        len(numbers),
        lambda value: int(value) in numbers and value == written(int(value)),
        "-?[0-9]+",
    )


def _dates(name: str, text: str, pattern: str, interval: str, unit: str, now: datetime) -> _Domain:
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

    def number_of(moment: datetime) -> int:
        """Give how many steps a moment is after the first, to within one."""
        if word in _SECONDS:
            return int((moment - first).total_seconds()) // (step * _SECONDS[word])
        return ((moment.year - first.year) * 12 + moment.month - first.month) // (step * _MONTHS[word])

    def moment_at(number: int) -> datetime:
        return _shifted(first, step * number, word)

    def values() -> Iterator[str]:
        seen = ""
        for number in range(number_of(last) + 2):
            moment = moment_at(number)
            if moment <= last and (value := _formatted(moment, strftime)) != seen:
                yield value
                seen = value

    def has(value: str) -> bool:
        try:
            number = number_of(_parsed(value, strftime))
        except ValueError:
            return False
        near = [moment_at(each) for each in (number - 1, number, number + 1) if each >= 0]
        return any(each <= last and _formatted(each, strftime) == value for each in near)

    return _Domain(values, max(0, number_of(last) + 2), has, _pattern(strftime))


def _pattern(strftime: str) -> str:
    """Give a regular expression for what a format writes."""
    parts = re.split(r"(%-?[A-Za-z%])", strftime)
    digits = {"%Y": "[0-9]{4}", **{f"%{letter}": "[0-9]{2}" for letter in "mdHMSIy"}}
    return "".join(
        digits.get(part, "[0-9]{1,2}" if part.startswith("%-") else "[^/]+") if place % 2 else re.escape(part)
        for place, part in enumerate(parts)
    )


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
        return _parsed(text, strftime)
    except ValueError as error:
        raise QueryError(
            f"INVALID_TABLE_PROPERTY: projection.{name}.range: '{text}' does not fit the format"
        ) from error


def _parsed(text: str, strftime: str) -> datetime:
    return read_time(text, strftime.replace("%-", "%"))


def _formatted(moment: datetime, strftime: str) -> str:
    return moment.strftime(strftime.replace("%g", f"{moment.microsecond // 1000:03d}"))


def _shifted(moment: datetime, count: int, unit: str) -> datetime:
    if unit in _SECONDS:
        return moment + timedelta(seconds=count * _SECONDS[unit])
    months = moment.year * 12 + moment.month - 1 + count * _MONTHS[unit]
    year, month = divmod(months, 12)
    return moment.replace(year=year, month=month + 1, day=min(moment.day, monthrange(year, month + 1)[1]))


def _locator(table: GlueDict, properties: Mapping[str, str], names: list[str]) -> Callable[[Iterable[str]], str]:
    template = _template(table, properties, names)

    def locate(values: Iterable[str]) -> str:
        by_name = dict(zip(names, values, strict=True))
        return as_folder(_TEMPLATE.sub(lambda found: by_name.get(found[1].lower(), found[0]), template))

    return locate


def _template(table: GlueDict, properties: Mapping[str, str], names: Sequence[str]) -> str:
    """Give the location of a partition, with a place for each of its values."""
    template = properties.get("storage.location.template")
    if template is None:
        return as_folder(table["StorageDescriptor"]["Location"]) + "".join(f"{name}=${{{name}}}/" for name in names)
    missing = set(names) - {name.lower() for name in _TEMPLATE.findall(template)}
    if missing:
        raise QueryError(
            f"INVALID_TABLE_PROPERTY: storage.location.template has no ${{{min(missing)}}}; "
            "it needs one for each partition column"
        )
    return as_folder(template)
