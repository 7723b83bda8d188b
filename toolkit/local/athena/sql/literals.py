"""Literals with a type before them, such as ``DATE '2024-02-29'``: whether they are valid, and which type exactly they have."""

from __future__ import annotations

import datetime
import ipaddress
import json
import re
import uuid
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from toolkit.local.athena.hive_types import HiveType
from toolkit.local.athena.sql.functions import Kind, in_zone, time_at, with_precision

_DATE = re.compile(r"\s*([+-]?)(\d{4,})-(\d{1,2})-(\d{1,2})\s*")
_TIME = re.compile(r"(\d{1,2}):(\d{1,2})(?::(\d{1,2})(?:\.(\d{1,12}))?)?")
_TIMESTAMP = re.compile(rf"{_DATE.pattern[:-3]}(?: {_TIME.pattern})?\s*(.*?)\s*")
_CLOCK = re.compile(rf"\s*({_TIME.pattern})\s*([+-]\d\d:\d\d)?\s*")
# As Java's Double.valueOf takes them.
_NUMBER = re.compile(r"\s*[+-]?(?:NaN|Infinity|(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?[dDfF]?)\s*")
_OFFSET = re.compile(r"([+-])(\d{1,2})(?::?(\d{2}))?")


def typed_literal_kind(text: str, kind: HiveType) -> Kind:
    """Give the exact type of a literal, the precision of its digits or its zone included; None if its text is not valid."""
    match kind.name:
        case "date":
            found = _DATE.fullmatch(text)
            return kind if found is not None and _is_day(found[2], found[3], found[4]) else None
        case "timestamp" | "timestamp with time zone":
            return _timestamp_kind(text)
        case "time" | "time with time zone":
            found = _CLOCK.fullmatch(text)
            if found is None or not _is_time(found[2], found[3], found[4]):
                return None
            if found[6] is None:
                return with_precision(HiveType("time"), len(found[5] or ""))
            return with_precision(time_at(zone), len(found[5] or "")) if (zone := zone_name(found[6])) else None
        case "char":
            return HiveType("char", (max(1, len(text)),))
        case "tinyint" | "smallint" | "int" | "bigint":
            bits = {"tinyint": 7, "smallint": 15, "int": 31, "bigint": 63}[kind.name]
            return kind if re.fullmatch(r"[+-]?\d+", text) and -(2**bits) <= int(text) < 2**bits else None
        case "double" | "float":
            return kind if _NUMBER.fullmatch(text) else None
        case "boolean":
            return kind if text.lower() in ("true", "false", "t", "f", "1", "0") else None
        case "json":
            try:
                json.loads(text, parse_constant=lambda name: int(name))
            except (ValueError, RecursionError):
                return None
            return kind
        case "ipaddress":
            try:
                ipaddress.ip_address(text)
            except ValueError:
                return None
            return kind
        case "uuid":
            try:
                uuid.UUID(text)
            except ValueError:
                return None
            return kind if len(text) == 36 else None
        case "decimal":
            return kind if re.fullmatch(r"\s*[+-]?(\d+\.?\d*|\.\d+)\s*", text) and kind.arguments[0] <= 38 else None
    return kind


def _timestamp_kind(text: str) -> Kind:
    found = _TIMESTAMP.fullmatch(text)
    if found is None or not _is_day(found[2], found[3], found[4]):
        return None
    if found[5] is not None and not _is_time(found[5], found[6], found[7]):
        return None
    precision = len(found[8] or "")
    if not found[9]:
        return with_precision(HiveType("timestamp"), precision)
    zone = zone_name(found[9])
    if zone is None or _is_skipped(found, zone):
        return None
    return with_precision(in_zone(zone), precision)


def _is_skipped(found: re.Match[str], zone: str) -> bool:
    """Whether the clocks of a zone pass over a time, as they do in spring."""
    if zone[0] in "+-" or zone == "UTC" or found[5] is None or not 1 <= int(found[2]) <= 9998:
        return False
    numbers = [int(found[part] or 0) for part in (2, 3, 4, 5, 6, 7)]
    local = datetime.datetime(*numbers, tzinfo=ZoneInfo(zone))  # type: ignore[arg-type, misc]
    there_and_back = local.astimezone(datetime.UTC).astimezone(ZoneInfo(zone))
    return there_and_back.replace(tzinfo=None) != local.replace(tzinfo=None)


def first_offset(local: str, zone: str) -> int | None:
    """Give the offset, in seconds, of the first of two instants at which the clocks of a zone show one time; else None."""
    found = _TIMESTAMP.fullmatch(local)
    if found is None or zone[0] in "+-" or zone == "UTC" or not 1 <= int(found[2]) <= 9998:
        return None
    numbers = [int(found[part] or 0) for part in (2, 3, 4, 5, 6, 7)]
    first = datetime.datetime(*numbers, tzinfo=ZoneInfo(zone))  # type: ignore[arg-type, misc]
    offsets = [each.utcoffset() for each in (first, first.replace(fold=1))]
    if offsets[0] is None or offsets[0] == offsets[1]:
        return None
    return int(offsets[0].total_seconds())


def zone_name(text: str) -> str | None:
    """Give the name of a zone as values show it, None if there is none of that name."""
    offset = _OFFSET.fullmatch(text)
    if offset is not None:
        hours, minutes = int(offset[2]), int(offset[3] or 0)
        if hours > 14 or minutes > 59 or (hours == 14 and minutes):
            return None
        return "UTC" if not hours and not minutes else f"{offset[1]}{hours:02}:{minutes:02}"
    if text.upper() in ("UTC", "Z", "GMT", "UT", "ETC/UTC", "ZULU"):
        return "UTC"
    try:
        ZoneInfo(text)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return None
    return text


def local_and_zone(text: str) -> tuple[str, str] | None:
    """Give the wall-clock time and the zone of the text of an instant, None if it is none or names no zone."""
    found = _TIMESTAMP.fullmatch(text)
    if found is None or not found[9] or _timestamp_kind(text) is None:
        return None
    return text[: found.start(9)].strip(), zone_name(found[9]) or "UTC"


def clock_and_offset(text: str) -> tuple[str, str] | None:
    """Give the time of day and the offset of the text of one, ``+00:00`` without one; None if it is none."""
    found = _CLOCK.fullmatch(text)
    if found is None or typed_literal_kind(text, HiveType("time")) is None:
        return None
    return found[1], found[6] or "+00:00"


def _is_day(year: str, month: str, day: str) -> bool:
    # The calendar repeats every 400 years.
    try:
        datetime.date(int(year) % 400 + 2000, int(month), int(day))
    except ValueError:
        return False
    return True


def _is_time(hour: str, minute: str, second: str | None) -> bool:
    return int(hour) < 24 and int(minute) < 60 and int(second or 0) < 60
