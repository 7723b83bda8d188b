"""
Lines taken apart by a regular expression: RegexSerDe.

Source: https://docs.aws.amazon.com/athena/latest/ug/regex-serde.html
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from toolkit.local.athena.errors import QueryError
from toolkit.local.athena.hive_types import HiveType
from toolkit.local.athena.readers.arrow import Reader
from toolkit.local.athena.readers.text_lines import line_reader
from toolkit.local.athena.readers.text_values import lazy_converter

_POSIX = {
    "Alpha": "a-zA-Z",
    "Digit": "0-9",
    "Alnum": "a-zA-Z0-9",
    "Upper": "A-Z",
    "Lower": "a-z",
    "XDigit": "0-9a-fA-F",
}


def regex_of(properties: Mapping[str, str]) -> re.Pattern[str]:
    """
    Give the pattern of a table, read from Java's syntax.

    Raises:
        QueryError: there is none, or it is no pattern, or one of Java's that can't be run here.
    """
    text = properties.get("input.regex", "")
    if not text:
        raise QueryError('HIVE_CURSOR_ERROR: This table does not have serde property "input.regex"!')
    flags = re.ASCII | (re.IGNORECASE if properties.get("input.regex.case.insensitive", "").lower() == "true" else 0)
    try:
        return re.compile(_from_java(text), flags)
    except re.error as error:
        raise QueryError(f"HIVE_CURSOR_ERROR: input.regex: the local Athena can't run this pattern: {error}") from error


def regex_reader(columns: Mapping[str, HiveType], pattern: re.Pattern[str], skipped: tuple[int, int]) -> Reader:
    """
    Give the reader of objects of lines: one column a group, NULLs where none match.

    Groups beyond the columns are read over, and columns beyond the groups are NULL: some of the statements in Athena's guide
    have a group too many. Source: io.trino.hive.formats.line.regex.RegexDeserializer
    """
    width = len(columns)
    missing = [None] * max(0, width - pattern.groups)

    def split(line: str) -> list[str | None] | None:
        found = pattern.fullmatch(line)
        return [*found.groups()[:width], *missing] if found else None

    converters = {name: lazy_converter(kind) for name, kind in columns.items()}
    return line_reader(columns, converters, split, None, skipped)


def _from_java(text: str) -> str:
    text = re.sub(r"\(\?<([A-Za-z]\w*)>", r"(?P<\1>", text)
    text = re.sub(r"\\p\{(\w+)\}", lambda found: _posix(found[1], text, found.start()), text)
    return text.replace(r"\h", r"[ \t]").replace(r"\z", r"\Z")


def _posix(name: str, text: str, start: int) -> str:
    if name not in _POSIX:
        raise re.error(f"unknown class \\p{{{name}}}")
    inside = text.rfind("[", 0, start) > text.rfind("]", 0, start)
    return _POSIX[name] if inside else f"[{_POSIX[name]}]"
