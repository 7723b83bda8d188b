"""Patterns for dates: MySQL's (``date_format``), Joda's (``format_datetime``) and Java's, in the words of strftime."""

from __future__ import annotations

import re
from datetime import datetime

# Source: https://trino.io/docs/current/functions/datetime.html#mysql-date-functions
_MYSQL = {
    "a": "%a",
    "b": "%b",
    "c": "%-m",
    "d": "%d",
    "e": "%-d",
    "f": "%g000",
    "H": "%H",
    "h": "%I",
    "I": "%I",
    "i": "%M",
    "j": "%j",
    "k": "%-H",
    "l": "%-I",
    "M": "%B",
    "m": "%m",
    "p": "%p",
    "r": "%I:%M:%S %p",
    "S": "%S",
    "s": "%S",
    "T": "%H:%M:%S",
    "v": "%V",
    "W": "%A",
    "x": "%G",
    "Y": "%Y",
    "y": "%y",
    "%": "%%",
}

# Letter → the strftime of a run of that length; longer runs take the longest.
# Source: https://www.joda.org/joda-time/key_format.html
_JODA: dict[str, dict[int, str]] = {
    "y": {1: "%Y", 2: "%y", 3: "%Y"},
    "Y": {1: "%Y", 2: "%y", 3: "%Y"},
    "x": {1: "%G"},
    "w": {2: "%V"},
    "e": {1: "%u"},
    "E": {1: "%a", 4: "%A"},
    "D": {1: "%-j", 3: "%j"},
    "M": {1: "%-m", 2: "%m", 3: "%b", 4: "%B"},
    "d": {1: "%-d", 2: "%d"},
    "a": {1: "%p"},
    "h": {1: "%-I", 2: "%I"},
    "H": {1: "%-H", 2: "%H"},
    "m": {1: "%-M", 2: "%M"},
    "s": {1: "%-S", 2: "%S"},
    "S": {3: "%g", 6: "%f"},
}
_JODA_TOKEN = re.compile(r"'((?:[^']|'')*)'|([A-Za-z])\2*|(.)", re.DOTALL)


class UnsupportedPattern(ValueError):
    """A pattern asks for something that can't be said here; the argument is that part of it."""


# What strptime reads as Trino does, each by its number of digits.
_READ_ALIKE = {
    "%Y": r"[1-9]\d{3}",
    "%m": r"\d\d",
    "%d": r"\d\d",
    "%H": r"\d\d",
    "%M": r"\d\d",
    "%S": r"\d\d",
    "%g": r"\d{3}",
}


def read_alike(strftime: str) -> str:
    """Give the regular expression of texts that DuckDB reads by a pattern as Trino does, "" where it is none of these."""
    parts = re.findall(r"%-?.|[^%]", strftime, re.DOTALL)
    fields = [part for part in parts if part[0] == "%"]
    if "%Y" not in fields or len(set(fields)) < len(fields) or not set(fields) <= set(_READ_ALIKE):
        return ""
    return "".join(_READ_ALIKE.get(part) or re.escape(part) for part in parts)


def from_mysql(pattern: str) -> str:
    """
    Give the strftime pattern of a MySQL one.

    Raises:
        UnsupportedPattern: Trino does not know a letter of it either, or DuckDB can't write it.
    """

    def one(found: re.Match[str]) -> str:
        letter = found[1]
        if letter not in _MYSQL and letter in "DUuVwX":
            raise UnsupportedPattern(f"%{letter}")
        return _MYSQL.get(letter, letter)

    return re.sub(r"%(.)", one, pattern)


def from_joda(pattern: str) -> str:
    """
    Give the strftime pattern of a Joda or Java one.

    Raises:
        UnsupportedPattern: a letter of it can't be written with strftime.
    """

    def one(found: re.Match[str]) -> str:
        literal, letter, other = found[1], found[2], found[3]
        if other == "'":
            raise UnsupportedPattern(other)
        if letter is None:
            text = other if literal is None else (literal.replace("''", "'") or "'")
            return text.replace("%", "%%")
        runs = _JODA.get(letter)
        length = len(found[0])
        fitting = [run for run in runs or () if run <= length]
        if not runs or not fitting or (letter == "S" and length not in runs):
            raise UnsupportedPattern(found[0])
        return runs[max(fitting)]

    return _JODA_TOKEN.sub(one, pattern)


def read_time(text: str, pattern: str) -> datetime:
    """
    Give the time that *text* names by a strptime pattern; it is of 1900 where neither names a year.

    Raises:
        ValueError: *text* is none of that pattern.
    """
    if {"Y", "y", "G"}.isdisjoint(re.findall("%(.)", pattern)):
        # Python will not go on to choose the year.
        text, pattern = f"1900 {text}", f"%Y {pattern}"
    return datetime.strptime(text, pattern)
