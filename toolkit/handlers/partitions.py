"""
Where an event belongs: its day, and the values of further partition keys, as Hive writes them into object keys.

Values come from events, so they are escaped as Hive does, and an empty or missing one is Hive's own word for NULL.

Source: https://docs.aws.amazon.com/athena/latest/ug/partitions.html
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from contextlib import suppress
from datetime import UTC, date, datetime, timedelta
from typing import Any
from urllib.parse import unquote

from toolkit.schema.pointer import tokens_from_pointer

PARTITION_KEY = "dt"
# Athena computes the partitions of the days from here to tomorrow; a query that names its days looks at no others.
FIRST_PROJECTED_DAY = "2020-01-01"
NULL_PARTITION = "__HIVE_DEFAULT_PARTITION__"
# What Hive escapes in the names of partitions, and whatever an S3 key had better not hold.
_ESCAPED = re.compile(r"[^A-Za-z0-9_.\-]")
# https://www.rfc-editor.org/rfc/rfc6901#section-4, as far as any array goes.
_INDEX = re.compile("0|[1-9][0-9]{0,9}")
_DAY = re.compile(r"\d{4}-\d\d-\d\d(?=[Tt ]|$)")
# A key of S3 takes 1,024 bytes: of these so many for all values, beside the location, the event and the object's own name.
_LONGEST_VALUE, _LONGEST_VALUES = 200, 600


def partition_of(
    event: Any, sent_at: float, *, event_time_pointer: str = "", pointers: Mapping[str, str] | None = None
) -> str:
    """
    Return the partition of a decoded *event* as a path, such as ``dt=2026-01-31/country=DE``.

    The day, in UTC, is that of the date-time at *event_time_pointer* or, where that says none, of *sent_at* (seconds since
    the epoch): not of the clock of whoever calls, which may lag. A clock that says a day before `FIRST_PROJECTED_DAY`, or
    later than the one after *sent_at*, says none: no query would find the event there. A value is cut where it takes more than
    200 characters of the path, or its share of 600 if there are more than three.
    """
    sent = datetime.fromtimestamp(sent_at, UTC).date()
    day = day_from(value_at(event, event_time_pointer)) if event_time_pointer else None
    if day is None or not FIRST_PROJECTED_DAY <= day <= (sent + timedelta(days=1)).isoformat():
        day = sent.isoformat()
    parts = [f"{PARTITION_KEY}={day}"]
    if pointers:
        most = min(_LONGEST_VALUE, _LONGEST_VALUES // len(pointers))
        parts += [f"{name}={escaped(value_at(event, pointer), most)}" for name, pointer in pointers.items()]
    return "/".join(parts)


def table_name(event_name: str) -> str:
    """Return the name of the table of an event: Athena's names are lower case and hold no dash and no dot."""
    return re.sub("[-.]", "_", event_name.lower())


def day_from(value: object) -> str | None:
    """Return the day in UTC of an RFC 3339 date-time or date; None for anything else."""
    if not isinstance(value, str) or not _DAY.match(value):
        return None
    try:
        moment = datetime.fromisoformat(value.upper())
        return (moment.astimezone(UTC) if moment.tzinfo else moment).date().isoformat()
    except (OverflowError, ValueError):
        # The first and the last day of the calendar, seen from another time zone; a leap second, which RFC 3339 admits and
        # Python does not.
        with suppress(ValueError):
            return date.fromisoformat(value[:10]).isoformat()
    return None


def value_at(instance: Any, pointer: str) -> Any:
    """Return what stands at the JSON *pointer*, None where nothing does."""
    for name in tokens_from_pointer(pointer):
        if isinstance(instance, list) and _INDEX.fullmatch(name) and int(name) < len(instance):
            instance = instance[int(name)]
        elif isinstance(instance, dict) and name in instance:
            instance = instance[name]
        else:
            return None
    return instance


def escaped(value: object, most: int = _LONGEST_VALUE) -> str:
    """Return a value as it stands in an object key, cut to *most* characters; see `unescaped`."""
    if value is None or value == "" or isinstance(value, dict | list):
        return NULL_PARTITION
    text = value if isinstance(value, str) else json.dumps(value)
    made = _ESCAPED.sub(_in_percents, text[:most])
    if len(made) <= most:
        return made
    made = ""
    for character in text:
        more = _ESCAPED.sub(_in_percents, character)
        if len(made) + len(more) > most:
            break
        made += more
    return made


def _in_percents(found: re.Match[str]) -> str:
    return "".join(f"%{byte:02X}" for byte in found[0].encode("utf-8", "replace"))


def unescaped(text: str) -> str:
    """Return the value that `escaped` wrote."""
    return unquote(text)
