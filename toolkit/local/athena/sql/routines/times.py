"""Points in time read and written by patterns: MySQL's, Joda's, and ISO 8601."""

from __future__ import annotations

import datetime
import re
from collections.abc import Callable
from functools import lru_cache
from zoneinfo import ZoneInfo

from toolkit.local.athena.hive_types import HiveType
from toolkit.local.athena.sql.literals import local_and_zone, typed_literal_kind, zone_name
from toolkit.local.athena.sql.routines.refusal import Refusal, Routine, invalid

MONTHS = "January February March April May June July August September October November December".split()  # noqa: SIM905
DAYS = "Monday Tuesday Wednesday Thursday Friday Saturday Sunday".split()  # noqa: SIM905

# A part of a pattern: a literal text, or what is read there, and how many letters it had.
Part = tuple[str, str | int]

# Source: https://trino.io/docs/current/functions/datetime.html#mysql-date-functions
_MYSQL: dict[str, tuple[Part, ...]] = {
    "a": (("weekday", 3),),
    "b": (("month_name", 3),),
    "c": (("month", 1),),
    "d": (("day", 2),),
    "e": (("day", 1),),
    "f": (("fraction", 6),),
    "H": (("hour", 2),),
    "h": (("clock_hour", 2),),
    "I": (("clock_hour", 2),),
    "i": (("minute", 2),),
    "j": (("year_day", 3),),
    "k": (("hour", 1),),
    "l": (("clock_hour", 1),),
    "M": (("month_name", 4),),
    "m": (("month", 2),),
    "p": (("half", 2),),
    "r": (("clock_hour", 2), ("", ":"), ("minute", 2), ("", ":"), ("second", 2), ("", " "), ("half", 2)),
    "S": (("second", 2),),
    "s": (("second", 2),),
    "T": (("hour", 2), ("", ":"), ("minute", 2), ("", ":"), ("second", 2)),
    "v": (("week", 2),),
    "W": (("weekday", 4),),
    "x": (("week_year", 4),),
    "Y": (("year", 4),),
    "y": (("short_year", 2),),
}
UNSUPPORTED_MYSQL = "DUuVwX"

# Source: https://www.joda.org/joda-time/apidocs/org/joda/time/format/DateTimeFormat.html
_JODA = {
    "y": "year",
    "Y": "year",
    "x": "week_year",
    "w": "week",
    "e": "weekday_number",
    "D": "year_day",
    "d": "day",
    "H": "hour",
    "h": "clock_hour",
    "k": "clock_hour_of_day",
    "K": "half_hour",
    "m": "minute",
    "s": "second",
    "S": "fraction",
    "a": "half",
    "C": "century",
    "G": "era",
    "z": "zone_name",
    "Z": "zone",
}


@lru_cache(maxsize=256)
def mysql_parts(pattern: str) -> tuple[Part, ...]:
    """
    Read one of MySQL's patterns.

    Raises:
        Refusal: it is empty or has what Trino does not support.
    """
    parts: list[Part] = []
    letters = iter(pattern)
    for letter in letters:
        if letter != "%":
            parts.append(("", letter))
            continue
        specifier = next(letters, None)
        if specifier is None:
            raise invalid("Both printing and parsing not supported")
        if specifier in UNSUPPORTED_MYSQL:
            raise invalid(f"%{specifier} not supported in date format string")
        parts += _MYSQL.get(specifier, (("", specifier),))
    if not parts:
        raise invalid("Both printing and parsing not supported")
    return tuple(parts)


_TOKEN = re.compile(r"''|'((?:[^']|'')*)(?:'|\Z)|([A-Za-z])\2*|(.)", re.DOTALL)


@lru_cache(maxsize=256)
def joda_parts(pattern: str) -> tuple[Part, ...]:
    """
    Read one of Joda's patterns.

    Raises:
        Refusal: it is empty or has a letter that is none of Joda's.
    """
    if not pattern:
        raise invalid("Invalid pattern specification")
    parts: list[Part] = []
    for found in _TOKEN.finditer(pattern):
        letter, count = found[2], len(found[0])
        if letter is None:
            parts.append(("", found[3] or (found[1] or "").replace("''", "'") or ("'" if found[0] == "''" else "")))
        elif letter in "yYx" and count == 2:
            parts.append(("short_year" if letter in "yY" else "short_week_year", 2))
        elif letter == "M":
            parts.append(("month_name", count) if count > 2 else ("month", count))
        elif letter == "E":
            parts.append(("weekday", count))
        elif letter in _JODA:
            parts.append((_JODA[letter], count))
        else:
            raise invalid(f"Illegal pattern component: {found[0]}")
    return tuple(parts)


# -- reading

_MAXIMUM_DIGITS = {
    "year": 9,
    "week_year": 9,
    "year_day": 3,
    "fraction": 9,
    "century": 9,
}


class _Reader:
    def __init__(self, text: str) -> None:
        self.text = text
        self.position = 0
        self.fields: dict[str, int] = {}
        self.zone = ""
        self.fraction = 0

    def refusal(self) -> Refusal:
        rest = self.text[self.position :]
        where = (
            f' is malformed at "{rest}"' if rest and self.position else ("" if not self.position else " is too short")
        )
        return invalid(f'Invalid format: "{self.text}"{where}')

    def read(self, parts: tuple[Part, ...]) -> None:
        for number, (name, size) in enumerate(parts):
            following = parts[number + 1][0] if number + 1 < len(parts) else ""
            if not name:
                text = str(size)
                if self.text[self.position : self.position + len(text)].lower() != text.lower():
                    raise self.refusal()
                self.position += len(text)
            elif name in _NAMES:
                self._name(name)
            elif name in ("zone", "zone_name"):
                self._zone()
            else:
                self._digits(
                    name, int(size), is_followed=following not in ("", *_NAMES, "zone", "zone_name", "fraction")
                )
        if self.position < len(self.text):
            raise self.refusal()

    def _name(self, name: str) -> None:
        rest = self.text[self.position :].lower()
        for value, full in _NAMES[name]:
            for candidate in (full.lower(), full.lower()[:3]):
                if rest.startswith(candidate):
                    self.fields[name] = value
                    self.position += len(candidate)
                    return
        raise self.refusal()

    def _digits(self, name: str, size: int, *, is_followed: bool) -> None:
        maximum = size if is_followed else max(size, _MAXIMUM_DIGITS.get(name, 2))
        sign = r"[+-]?" if name in ("year", "week_year") else ""
        found = re.compile(rf"({sign}\d{{1,{maximum}}})").match(self.text, self.position)
        if found is None:
            raise self.refusal()
        self.position = found.end()
        if name == "fraction":
            self.fraction = int(found[1].ljust(3, "0")[:3])
        elif name in ("short_year", "short_week_year"):
            value = int(found[1])
            self.fields[name.removeprefix("short_")] = (
                value + (1900 if value >= 70 else 2000) if len(found[1]) == 2 else value
            )
        else:
            self.fields[name] = int(found[1])

    def _zone(self) -> None:
        found = re.compile(r"Z|[+-]\d{2}(?::?\d{2})?|[A-Za-z]+(?:/[A-Za-z_+\-0-9]+)*").match(self.text, self.position)
        zone = zone_name(found[0]) if found is not None else None
        if found is None or zone is None:
            raise self.refusal()
        self.zone = zone
        self.position = found.end()

    def local(self) -> datetime.datetime:
        fields = self.fields
        try:
            day = self._day()
            hour, minute, second = self._hour(), fields.get("minute", 0), fields.get("second", 0)
            return datetime.datetime.combine(day, datetime.time(hour, minute, second, 1000 * self.fraction))
        except ValueError as error:
            raise invalid(f'Cannot parse "{self.text}": {error}') from error

    def _day(self) -> datetime.date:
        fields = self.fields
        month = fields.get("month", fields.get("month_name"))
        weekday = fields.get("weekday", fields.get("weekday_number"))
        if "week" in fields or "week_year" in fields:
            return datetime.date.fromisocalendar(fields.get("week_year", 2000), fields.get("week", 1), weekday or 1)
        if "year_day" in fields:
            first = datetime.date(fields.get("year", 2000), 1, 1)
            last = (datetime.date(first.year + 1, 1, 1) - first).days if first.year < 9999 else 365
            if not 1 <= fields["year_day"] <= last:
                raise ValueError(f"Value {fields['year_day']} for dayOfYear must be in the range [1,{last}]")
            return first + datetime.timedelta(fields["year_day"] - 1)
        # Joda's default year, where there is a month or a day.
        year = fields.get("year", 2000 if month or "day" in fields else 1970)
        day = datetime.date(year, month or 1, fields.get("day", 1))
        return day + datetime.timedelta(weekday - day.isoweekday()) if weekday else day

    def _hour(self) -> int:
        fields = self.fields
        half = 12 * fields.get("half", 0)
        if "clock_hour" in fields:
            if not 1 <= fields["clock_hour"] <= 12:
                raise ValueError(f"Value {fields['clock_hour']} for clockhourOfHalfday must be in the range [1,12]")
            return fields["clock_hour"] % 12 + half
        if "half_hour" in fields:
            return fields["half_hour"] + half
        if "clock_hour_of_day" in fields:
            return fields["clock_hour_of_day"] % 24
        return fields.get("hour", half)


_NAMES: dict[str, list[tuple[int, str]]] = {
    "month_name": list(enumerate(MONTHS, 1)),
    "weekday": list(enumerate(DAYS, 1)),
    "half": [(0, "AM"), (1, "PM")],
    "era": [(1, "AD"), (0, "BC")],
}


# The texts of a column of dates repeat.
@lru_cache(maxsize=16_384)
def date_parse(text: str, pattern: str) -> datetime.datetime:
    """Read a point in time by one of MySQL's patterns."""
    reader = _Reader(text)
    reader.read(mysql_parts(pattern))
    return reader.local()


def parse_datetime(text: str, pattern: str) -> datetime.datetime:
    """Give the instant that a text names by one of Joda's patterns, in UTC; a zone of its own is refused."""
    local, zone = joda_instant(text, pattern)
    return _instant(local, _only_utc(zone, text))


def parse_datetime_anywhere(text: str, pattern: str) -> datetime.datetime:
    """Give the instant that a text names by one of Joda's patterns, in UTC, whatever its zone."""
    return _instant(*joda_instant(text, pattern))


def joda_instant(text: str, pattern: str) -> tuple[datetime.datetime, str]:
    """Give the wall-clock time and the zone that a text names by one of Joda's patterns."""
    reader = _Reader(text)
    reader.read(joda_parts(pattern))
    return reader.local(), reader.zone or "UTC"


def _only_utc(zone: str, text: str) -> str:
    if zone != "UTC":
        raise Refusal(
            f"NOT_SUPPORTED: the local Athena keeps no zone for each value, as '{text}' has one; use at_timezone on it"
        )
    return zone


def _instant(local: datetime.datetime, zone: str) -> datetime.datetime:
    return local.replace(tzinfo=zone_info(zone)).astimezone(datetime.UTC).replace(tzinfo=None)


def zone_info(zone: str) -> datetime.tzinfo:
    """Give a zone by its name or offset."""
    if zone[0] in "+-":
        hours, minutes = int(zone[1:3]), int(zone[4:6])
        offset = datetime.timedelta(hours=hours, minutes=minutes)
        return datetime.timezone(-offset if zone[0] == "-" else offset)
    return ZoneInfo(zone)


_ISO_DAY = r"([+-]?\d{1,4})(?:-?W(\d{1,2})(?:-(\d))?|-(\d{3})|-(\d{1,2})(?:-(\d{1,2}))?)?"
_ISO_TIME = r"(\d{1,2})(?::(\d{1,2})(?::(\d{1,2})(?:[.,](\d{1,9}))?)?)?"
_ISO_DATE = re.compile(_ISO_DAY)
_ISO = re.compile(rf"{_ISO_DAY}(?:[Tt](?:{_ISO_TIME})?(Z|z|[+-]\d\d(?::?\d\d)?)?)?")


def _iso_day(text: str, found: re.Match[str]) -> datetime.date:
    year, week, weekday, day_of_year, month, day = found.groups()[:6]
    try:
        if week is not None:
            return datetime.date.fromisocalendar(int(year), int(week), int(weekday or 1))
        if day_of_year is not None:
            result = datetime.date(int(year), 1, 1) + datetime.timedelta(int(day_of_year) - 1)
            if result.year != int(year) or not int(day_of_year):
                raise ValueError(day_of_year)
            return result
        return datetime.date(int(year), int(month or 1), int(day or 1))
    except ValueError as error:
        raise invalid(f'Cannot parse "{text}": {error}') from error


def from_iso8601_date(text: str) -> datetime.date:
    """Read a day in one of ISO 8601's forms."""
    found = _ISO_DATE.fullmatch(text)
    if found is None:
        raise invalid(f'Invalid format: "{text}"')
    return _iso_day(text, found)


def iso_instant(text: str) -> tuple[datetime.datetime, str]:
    """Give the wall-clock time and the zone of a text in one of ISO 8601's forms."""
    found = _ISO.fullmatch(text)
    if found is None:
        raise invalid(f'Invalid format: "{text}"')
    hour, minute, second, fraction, zone = found.groups()[6:]
    try:
        clock = datetime.time(
            int(hour or 0), int(minute or 0), int(second or 0), 1000 * int((fraction or "0").ljust(3, "0")[:3])
        )
    except ValueError as error:
        raise invalid(f'Cannot parse "{text}": {error}') from error
    return datetime.datetime.combine(_iso_day(text, found), clock), _iso_zone(zone, text) if zone else "UTC"


def _iso_zone(zone: str, text: str) -> str:
    name = zone_name(zone)
    if name is None:
        # ISO 8601 has offsets of up to a day, Trino zones of up to 14 hours.
        hours, minutes = int(zone[1:3]), int(zone[3:].removeprefix(":") or 0)
        if hours > 23 or minutes > 59:
            raise invalid(f'Invalid format: "{text}" is malformed at "{zone}"')
        raise Refusal(f"NOT_SUPPORTED: Time zone not supported: {zone[0]}{hours:02}:{minutes:02}")
    return name


def from_iso8601_timestamp(text: str) -> datetime.datetime:
    """Give the instant that a text names, in UTC; a zone of its own is refused."""
    local, zone = iso_instant(text)
    return _instant(local, _only_utc(zone, text))


def from_iso8601_timestamp_anywhere(text: str) -> datetime.datetime:
    """Give the instant that a text names, in UTC, whatever its zone."""
    return _instant(*iso_instant(text))


def from_iso8601_timestamp_nanos(text: str) -> datetime.datetime:
    """Give the instant that a text names, in UTC, with microseconds."""
    found = _ISO.fullmatch(text)
    digits = ((found.groups()[9] if found is not None else None) or "").ljust(6, "0")
    if digits[6:].strip("0"):
        raise Refusal(f"NOT_SUPPORTED: the local Athena keeps microseconds, and '{text}' has nanoseconds")
    local, zone = iso_instant(text)
    return _instant(local.replace(microsecond=int(digits[:6])), zone)


# -- with a zone of their own: the instant in UTC, of 26 letters, a space, and the zone


def _own(local: datetime.datetime, zone: str) -> str:
    return f"{_instant(local, zone):%Y-%m-%d %H:%M:%S.%f} {zone}".rjust(27 + len(zone), "0")


def own_from_iso8601_timestamp(text: str) -> str:
    """Give the instant that a text in one of ISO 8601's forms names, and its zone."""
    return _own(*iso_instant(text))


def own_from_iso8601_timestamp_nanos(text: str) -> str:
    """Give the instant that a text in one of ISO 8601's forms names, with microseconds, and its zone."""
    local, zone = iso_instant(text)
    return _own(local.replace(microsecond=from_iso8601_timestamp_nanos(text).microsecond), zone)


def own_parse_datetime(text: str, pattern: str) -> str:
    """Give the instant that a text names by one of Joda's patterns, and its zone."""
    return _own(*joda_instant(text, pattern))


def own_from_text(text: str) -> str:
    """
    Give the instant that a text such as ``2024-01-01 10:00 Europe/Paris`` names, and its zone.

    Raises:
        Refusal: it names none; a cast says so.
    """
    kind = typed_literal_kind(text, HiveType("timestamp with time zone"))
    if kind is None:
        raise Refusal(f"INVALID_CAST_ARGUMENT: Value cannot be cast to timestamp with time zone: {text}")
    local, zone = local_and_zone(text) or (text.strip(), "UTC")
    day, _, clock = local.partition(" ")
    year, month, of_month = (int(each) for each in day.split("-"))
    hour, minute, second = ([*(clock or "0:0").split(":"), "0"])[:3]
    whole, _, fraction = second.partition(".")
    moment = datetime.datetime(
        year, month, of_month, int(hour), int(minute), int(whole), int(fraction.ljust(6, "0")[:6] or 0)
    )
    return _own(moment, zone)


def known_zone(zone: str) -> str:
    """
    Give a zone's name as values show it.

    Raises:
        Refusal: there is none of that name.
    """
    name = zone_name(zone)
    if name is None:
        raise invalid(f"'{zone}' is not a valid time zone")
    return name


# -- writing


def date_format(moment: datetime.datetime, pattern: str) -> str:
    """Write a wall-clock time by one of MySQL's patterns."""
    return _shown(moment, mysql_parts(pattern), "UTC")


def format_datetime(moment: datetime.datetime, pattern: str, zone: str) -> str:
    """
    Write an instant, given in UTC, in a zone, by one of Joda's patterns.

    Raises:
        Refusal: *zone* is empty, since the time has none, and the pattern has letters for it.
    """
    parts = joda_parts(pattern)
    if not zone and any(name in ("zone", "zone_name") for name, _ in parts):
        raise invalid(
            "format_datetime for TIMESTAMP type, cannot use 'Z' nor 'z' in format, as this type does not contain TZ information"
        )
    zone = zone or "UTC"
    local = moment.replace(tzinfo=datetime.UTC).astimezone(zone_info(zone))
    return _shown(local, parts, zone)


def _shown(moment: datetime.datetime, parts: tuple[Part, ...], zone: str) -> str:
    return "".join(str(size) if not name else _WRITERS[name](moment, int(size), zone) for name, size in parts)


def _number(value: Callable[[datetime.datetime], int]) -> Callable[[datetime.datetime, int, str], str]:
    return lambda moment, size, zone: str(value(moment)).rjust(size, "0")


def _month_name(moment: datetime.datetime, size: int, zone: str) -> str:
    return MONTHS[moment.month - 1][: 3 if size < 4 else None]


def _weekday(moment: datetime.datetime, size: int, zone: str) -> str:
    return DAYS[moment.isoweekday() - 1][: 3 if size < 4 else None]


def _fraction(moment: datetime.datetime, size: int, zone: str) -> str:
    return f"{moment.microsecond // 1000:03d}".ljust(size, "0")[:size]


def _offset(moment: datetime.datetime, size: int, zone: str) -> str:
    if size > 2:
        return zone
    text = f"{moment:%z}"[:5] or "+0000"
    return text if size == 1 else f"{text[:3]}:{text[3:]}"


def _zone_text(moment: datetime.datetime, size: int, zone: str) -> str:
    name = zone if zone[0] in "+-" else moment.tzname() or "UTC"
    if size > 3 and zone == "UTC":
        return "Coordinated Universal Time"
    if size > 3 or (name[0] in "+-" and zone[0] not in "+-"):
        raise Refusal("NOT_SUPPORTED: the local Athena does not know the long names of time zones (zzzz)")
    return name


_WRITERS: dict[str, Callable[[datetime.datetime, int, str], str]] = {
    "year": _number(lambda moment: moment.year),
    "short_year": _number(lambda moment: moment.year % 100),
    "century": _number(lambda moment: moment.year // 100),
    "era": lambda moment, size, zone: "AD",
    "week_year": _number(lambda moment: moment.isocalendar()[0]),
    "short_week_year": _number(lambda moment: moment.isocalendar()[0] % 100),
    "week": _number(lambda moment: moment.isocalendar()[1]),
    "weekday_number": _number(lambda moment: moment.isoweekday()),
    "year_day": _number(lambda moment: moment.timetuple().tm_yday),
    "month": _number(lambda moment: moment.month),
    "day": _number(lambda moment: moment.day),
    "hour": _number(lambda moment: moment.hour),
    "clock_hour": _number(lambda moment: moment.hour % 12 or 12),
    "half_hour": _number(lambda moment: moment.hour % 12),
    "clock_hour_of_day": _number(lambda moment: moment.hour or 24),
    "minute": _number(lambda moment: moment.minute),
    "second": _number(lambda moment: moment.second),
    "fraction": _fraction,
    "month_name": _month_name,
    "weekday": _weekday,
    "half": lambda moment, size, zone: "PM" if moment.hour >= 12 else "AM",
    "zone": _offset,
    "zone_name": _zone_text,
}

ROUTINES: dict[str, Routine] = {
    "date_parse": (date_parse, ("VARCHAR", "VARCHAR"), "TIMESTAMP"),
    "parse_datetime": (parse_datetime, ("VARCHAR", "VARCHAR"), "TIMESTAMP"),
    "parse_datetime_anywhere": (parse_datetime_anywhere, ("VARCHAR", "VARCHAR"), "TIMESTAMP"),
    "from_iso8601_date": (from_iso8601_date, ("VARCHAR",), "DATE"),
    "from_iso8601_timestamp": (from_iso8601_timestamp, ("VARCHAR",), "TIMESTAMP"),
    "known_zone": (known_zone, ("VARCHAR",), "VARCHAR"),
    "own_from_iso8601_timestamp": (own_from_iso8601_timestamp, ("VARCHAR",), "VARCHAR"),
    "own_from_iso8601_timestamp_nanos": (own_from_iso8601_timestamp_nanos, ("VARCHAR",), "VARCHAR"),
    "own_from_text": (own_from_text, ("VARCHAR",), "VARCHAR"),
    "own_parse_datetime": (own_parse_datetime, ("VARCHAR", "VARCHAR"), "VARCHAR"),
    "from_iso8601_timestamp_nanos": (from_iso8601_timestamp_nanos, ("VARCHAR",), "TIMESTAMP"),
    "from_iso8601_timestamp_anywhere": (from_iso8601_timestamp_anywhere, ("VARCHAR",), "TIMESTAMP"),
    "date_format": (date_format, ("TIMESTAMP", "VARCHAR"), "VARCHAR"),
    "format_datetime": (format_datetime, ("TIMESTAMP", "VARCHAR", "VARCHAR"), "VARCHAR"),
}
