"""
Partition projection: partitions that Athena computes from rules in the table's properties.

Source: https://docs.aws.amazon.com/athena/latest/ug/partition-projection-supported-types.html
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from toolkit.errors import TableError
from toolkit.hive.rules import Properties, is_day, normalise_location
from toolkit.hive.table import Table

_UNITS = ("YEARS", "MONTHS", "WEEKS", "DAYS", "HOURS", "MINUTES", "SECONDS", "MILLIS")
_RELATIVE = re.compile(
    r"NOW(?:\s*[+-]\s*[0-9]+\s*(?:YEARS?|MONTHS?|WEEKS?|DAYS?|HOURS?|MINUTES?|SECONDS?|MILLISECONDS?))?"
)
# Formats whose texts sort as their times do.
_SORTED = re.compile(r"yyyy(?:[^A-Za-z]?MM(?:[^A-Za-z]?dd(?:[^A-Za-z]?HH)?)?)?")
_PLACEHOLDER = re.compile(r"\$\{([^}]*)\}")
_MAX_INT64 = 2**63 - 1


@dataclass(frozen=True, slots=True)
class EnumProjection:
    """A few dozen values at most, each known beforehand; blanks count, a comma can't be written."""

    values: tuple[str, ...]

    def properties(self) -> Iterator[tuple[str, str]]:
        """Yield the properties after ``projection.<column>.``."""
        if not self.values or any(not value or "," in value for value in self.values):
            raise TableError("projection enum: expected at least one value, none empty and none with a comma")
        yield "type", "enum"
        yield "values", ",".join(self.values)


@dataclass(frozen=True, slots=True)
class IntegerProjection:
    """Integers from *first* to *last*, both included; *digits* pads with zeros."""

    first: int
    last: int
    interval: int | None = None
    digits: int | None = None

    def properties(self) -> Iterator[tuple[str, str]]:
        """Yield the properties after ``projection.<column>.``."""
        if not -_MAX_INT64 <= self.first <= self.last <= _MAX_INT64:
            raise TableError(
                f"projection integer: expected first <= last within 64 bits, found {self.first}, {self.last}"
            )
        yield "type", "integer"
        yield "range", f"{self.first},{self.last}"
        for name, value in (("interval", self.interval), ("digits", self.digits)):
            if value is not None:
                if value < 1:
                    raise TableError(f"projection integer: {name} must be above 0, found {value}")
                yield name, str(value)


@dataclass(frozen=True, slots=True)
class DateProjection:
    """
    Days, hours or months from *first* to *last*, as text of the Java pattern *format*.

    Either end may be relative to UTC now: ``NOW``, ``NOW-3YEARS``, ``NOW+1DAY``.
    """

    first: str
    last: str = "NOW"
    format: str = "yyyy-MM-dd"
    interval: int | None = None
    interval_unit: str | None = None

    def properties(self) -> Iterator[tuple[str, str]]:
        """Yield the properties after ``projection.<column>.``."""
        for end in (self.first, self.last):
            if not end or "," in end or (end.startswith("NOW") and not _RELATIVE.fullmatch(end)):
                raise TableError(f"projection date: expected a date of the format or NOW±nUNIT, found {end!r}")
            if self.format == "yyyy-MM-dd" and not end.startswith("NOW") and not is_day(end):
                raise TableError(f"projection date: expected a day such as 2026-03-01, found {end!r}")
        if not self.format:
            raise TableError("projection date: expected a format such as yyyy-MM-dd")
        is_relative = self.first.startswith("NOW") or self.last.startswith("NOW")
        if not is_relative and _SORTED.fullmatch(self.format) and self.first > self.last:
            raise TableError(f"projection date: expected first <= last, found {self.first}, {self.last}")
        yield "type", "date"
        yield "range", f"{self.first},{self.last}"
        yield "format", self.format
        if self.interval is not None:
            if self.interval < 1:
                raise TableError(f"projection date: interval must be above 0, found {self.interval}")
            yield "interval", str(self.interval)
        if self.interval_unit is not None:
            if self.interval_unit.upper() not in _UNITS:
                raise TableError(
                    f"projection date: expected a unit of {', '.join(_UNITS)}, found {self.interval_unit!r}"
                )
            yield "interval.unit", self.interval_unit.upper()


@dataclass(frozen=True, slots=True)
class InjectedProjection:
    """Any text: every query must give the value, and the key must be a string."""

    def properties(self) -> Iterator[tuple[str, str]]:
        """Yield the properties after ``projection.<column>.``."""
        yield "type", "injected"


Projection = EnumProjection | IntegerProjection | DateProjection | InjectedProjection


def projection_parameters(projections: Mapping[str, Projection], *, location_template: str = "") -> Properties:
    """
    Return the TBLPROPERTIES that project *projections*, one for each partition key.

    *location_template* holds ``${key}`` for each key, such as ``s3://bucket/events/${day}/``, and gets its final slash;
    without it the objects lie as ``key=value/``.

    Raises:
        TableError: a rule of a projection is broken.
    """
    parameters = {"projection.enabled": "true"}
    for column, projection in projections.items():
        for name, value in projection.properties():
            parameters[f"projection.{column.lower()}.{name}"] = value
    if location_template:
        parameters["storage.location.template"] = location_template.removesuffix("/") + "/"
    return Properties(parameters)


def check_projection(table: Table) -> None:
    """
    Check the projection of *table*, if it has one.

    Raises:
        TableError: a partition key is not configured, a configured one is no partition key, an injected one is no
            string, or the template does not hold each key once or is no location.
    """
    parameters = table.parameters
    if not table.is_projected:
        return
    where = f"table {table.name!r}: projection"
    keys = {key.name: key for key in table.partition_keys}
    if not keys:
        raise TableError(f"{where}: expected partition keys, found none")
    for name, key in keys.items():
        kind = parameters.get(f"projection.{name}.type")
        if kind not in ("enum", "integer", "date", "injected"):
            raise TableError(
                f"{where}: partition key {name!r} needs projection.{name}.type of enum, integer, date or injected; "
                "every key must be configured"
            )
        if kind == "injected" and str(key.type) != "string":
            raise TableError(f"{where}: partition key {name!r} is injected and must be a string, found {key.type}")
    for parameter in parameters:
        column = parameter.removeprefix("projection.").rpartition(".type")[0]
        if parameter.startswith("projection.") and parameter.endswith(".type") and column not in keys:
            raise TableError(f"{where}: {parameter!r} configures {column!r}, which is no partition key")
    template = parameters.get("storage.location.template")
    if template is not None:
        _check_template(template, set(keys), where=where)


def _check_template(template: str, keys: set[str], *, where: str) -> None:
    named = _PLACEHOLDER.findall(template)
    if sorted(named) != sorted(keys):
        raise TableError(
            f"{where}: storage.location.template must hold ${{key}} once for each partition key "
            f"({', '.join(sorted(keys))}), found {', '.join(named) or 'none'}"
        )
    # The final slash may be missing: it is in AWS's own statement for the logs of a load balancer.
    normalise_location(_PLACEHOLDER.sub("x", template))
