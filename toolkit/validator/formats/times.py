"""
Dates, times and durations.

Source: RFC 3339, section 5.6 and appendix A; a leap second is one only where UTC has 23:59:60.
"""

from __future__ import annotations

import re
from datetime import date

_DATE = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})")
_TIME = re.compile(
    r"([01][0-9]|2[0-3]):([0-5][0-9]):([0-5][0-9]|60)(?:\.[0-9]+)?(?:[Zz]|([+-])([01][0-9]|2[0-3]):([0-5][0-9]))"
)
# The day that every month has needs no calendar; the second 60 needs a closer look.
_COMMON_DATE_TIME = re.compile(
    r"[0-9]{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|1[0-9]|2[0-8])[Tt](?:[01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9](?:\.[0-9]+)?"
    r"(?:[Zz]|[+-](?:[01][0-9]|2[0-3]):[0-5][0-9])"
)
_COMMON_DATE = re.compile(r"[0-9]{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|1[0-9]|2[0-8])")
_DURATION = re.compile(
    r"P(?:[0-9]+W|(?=[0-9T])(?:[0-9]+Y(?:[0-9]+M(?:[0-9]+D)?)?|[0-9]+M(?:[0-9]+D)?|[0-9]+D)?"
    r"(?:T(?=[0-9])(?:[0-9]+H(?:[0-9]+M(?:[0-9]+S)?)?|[0-9]+M(?:[0-9]+S)?|[0-9]+S))?)"
)


def is_date(text: str) -> bool:
    """Tell whether *text* is a full-date, such as 2026-02-28, that the calendar has."""
    if _COMMON_DATE.fullmatch(text):
        return True
    match = _DATE.fullmatch(text)
    if match is None:
        return False
    year, month, day = map(int, match.groups())
    try:
        # The year 0000 is a date in RFC 3339, and a leap year like 2000.
        date(year or 2000, month, day)
    except ValueError:
        return False
    return True


def is_time(text: str) -> bool:
    """Tell whether *text* is a full-time, such as 08:30:06.283185Z, with its offset."""
    match = _TIME.fullmatch(text)
    if match is None:
        return False
    hour, minute, second, sign, offset_hour, offset_minute = match.groups()
    if second != "60":
        return True
    minutes = int(hour) * 60 + int(minute)
    if sign:
        offset = int(offset_hour) * 60 + int(offset_minute)
        minutes += -offset if sign == "+" else offset
    return minutes % 1440 == 1439


def is_date_time(text: str) -> bool:
    """Tell whether *text* is a date-time, such as 2026-02-28T08:30:06Z."""
    if _COMMON_DATE_TIME.fullmatch(text):
        return True
    return text[10:11] in ("T", "t") and is_date(text[:10]) and is_time(text[11:])


def is_duration(text: str) -> bool:
    """Tell whether *text* is a duration, such as P4DT12H30M5S; weeks stand alone."""
    return _DURATION.fullmatch(text) is not None
