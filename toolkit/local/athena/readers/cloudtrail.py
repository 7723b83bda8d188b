"""
Logs of CloudTrail: one JSON value an object, whose ``Records`` are the rows.

Source: https://docs.aws.amazon.com/athena/latest/ug/cloudtrail-logs.html
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator

from toolkit.local.athena.errors import QueryError

_DECODER = json.JSONDecoder(strict=False)
_RECORDS = re.compile(r'\s*\{\s*"Records"\s*:\s*\[')
_BETWEEN = re.compile(r"[\s,:]*")


def record_lines(log: bytes, url: str, texts: frozenset[str]) -> bytes:
    """
    Give the records of a log as lines of JSON; what one of *texts*, keys in small letters, nests is there as text.

    Raises:
        QueryError: it is no such log.
    """
    text = log.decode(errors="replace")
    try:
        found = _RECORDS.match(text)
        if found is None:
            raise ValueError('no "Records"')
        lines = [_line(text[start:end], texts) for start, end in _values(text, found.end(), "]")]
    except ValueError as error:
        raise QueryError(f"HIVE_CURSOR_ERROR: {url} is no CloudTrail log: {error}") from error
    return "".join(f"{line}\n" for line in lines).encode()


def _line(record: str, texts: frozenset[str]) -> str:
    if not record.startswith("{"):
        raise ValueError("a record is no object")
    parts = [record[start:end] for start, end in _values(record, 1, "}")]
    members = []
    for key, value in zip(parts[::2], parts[1::2], strict=True):
        is_text = value[0] in "{[" and _DECODER.decode(key).lower() in texts
        # A line's end stands between the parts of a value, never inside one.
        members.append(f"{key}:{json.dumps(value) if is_text else value.replace(chr(10), ' ')}")
    return "{" + ",".join(members) + "}"


def _values(text: str, place: int, closing: str) -> Iterator[tuple[int, int]]:
    """Give where the values of a list begin and end, keys among them."""
    while not text.startswith(closing, place := _BETWEEN.match(text, place).end()):  # type: ignore[union-attr]
        _, end = _DECODER.raw_decode(text, place)
        yield place, end
        place = end
