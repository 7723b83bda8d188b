"""
How a SerDe reads one value into one type: what comes out unharmed, and what does not.

Each reader takes a decoded JSON value (numbers as their text) and yields notes; silence means that the value arrives.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal as Exact
from typing import Any

from toolkit.hive.losses import Effect
from toolkit.hive.rules import is_day
from toolkit.hive.serde import OPENX_JSON
from toolkit.hive.table import Table
from toolkit.hive.types import Array, Decimal, HiveType, Map, Struct, Text

# A key of an event is shown up to so many characters.
_MOST_KEY_CHARACTERS = 100
_BITS = {"tinyint": 8, "smallint": 16, "int": 32, "bigint": 64}
_INTEGER = re.compile(r"[+-]?[0-9]{1,400}")
_FLOAT = re.compile(r"\s*[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?\s*")
_LENIENT_DATE = re.compile(r"[0-9]{1,4}-[0-9]{1,2}-[0-9]{1,2}")
# The forms that the upstream SerDe reads; every other one is an error there.
_TIMESTAMP = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}"
    r"(?: [0-9]{2}:[0-9]{2}:[0-9]{2}(?:\.[0-9]{1,9})?"
    r"|T[0-9]{2}:[0-9]{2}:[0-9]{2}(?:\.[0-9]{3})?(?:Z|[+-][0-9]{2}:[0-9]{2}))"
    r"|[0-9]{1,13}(?:\.[0-9]{1,9})?"
)


class Number(str):
    """A JSON number as its text."""

    __slots__ = ()


@dataclass(frozen=True, slots=True)
class Note:
    """What happens to the value of a column."""

    column: str
    effect: Effect
    consequence: str


_Read = Callable[[Any, str], Iterator[Note]]


@dataclass(frozen=True, slots=True)
class Reader:
    """The readers of a table's columns, by the key they look for."""

    columns: Mapping[str, tuple[str, _Read]]
    case_sensitive: bool
    is_openx: bool = True

    @property
    def tells_case(self) -> bool:
        """Whether keys of one object may differ in letter case alone, declared or not."""
        return self.case_sensitive or not self.is_openx

    def row(self, event: Mapping[str, Any]) -> Iterator[Note]:
        """Yield what happens to the columns of *event*."""
        yield from _object(event, self.columns, "", self.case_sensitive)


def read_with(table: Table) -> Reader:
    """Return the readers of *table*, whose SerDe reads JSON."""
    properties = {key.lower(): value for key, value in table.serde.properties.items()}
    is_openx = table.serde.library == OPENX_JSON.library
    case_sensitive = is_openx and properties.get("case.insensitive", "true").lower() == "false"
    keys = {name.removeprefix("mapping."): key for name, key in properties.items() if name.startswith("mapping.")}
    context = _Context(keys if is_openx else {}, case_sensitive, is_openx)
    columns = {context.key(c.name): (c.name, context.reader(c.type)) for c in table.columns}
    return Reader(columns, case_sensitive, is_openx)


@dataclass(frozen=True, slots=True)
class _Context:
    """The properties of a SerDe that hold at every depth."""

    keys: Mapping[str, str]
    case_sensitive: bool
    is_openx: bool

    def key(self, name: str) -> str:
        key = self.keys.get(name, name)
        return key if self.case_sensitive else key.lower()

    def reader(self, hive_type: HiveType) -> _Read:
        match hive_type:
            case Array(element):
                return _array(self.reader(element), self.is_openx)
            case Map(_, value):
                return _map(self.reader(value), self.case_sensitive or not self.is_openx)
            case Struct(fields):
                inner = {self.key(field.name): (field.name, self.reader(field.type)) for field in fields}
                return _struct(inner, self.case_sensitive, self.is_openx)
            case Text(_, length):
                return _text(length, self.is_openx)
            case Decimal():
                return _never_read("decimals") if self.is_openx else _decimal
            case _:
                return _PRIMITIVES[str(hive_type)](self.is_openx)


def key_path(path: str, key: str) -> str:
    """Return the place of a *key* that is no column, in the object at *path*; an odd or long key is written for a line."""
    shown = key if key.isprintable() and 0 < len(key) <= _MOST_KEY_CHARACTERS else ascii(key[:_MOST_KEY_CHARACTERS])
    return f"{path}.{shown}" if path else shown


def _object(
    value: Mapping[str, Any], columns: Mapping[str, tuple[str, _Read]], path: str, case_sensitive: bool
) -> Iterator[Note]:
    met: set[str] = set()
    for key, inner in value.items():
        found = columns.get(key if case_sensitive else key.lower())
        if found is None:
            yield Note(key_path(path, key), "dropped", "a key that the table does not declare is not read")
            continue
        name, read = found
        inside = f"{path}.{name}" if path else name
        if name in met:
            yield Note(inside, "changed", "of keys that differ only in letter case the last one in the event is read")
        met.add(name)
        if inner is not None:
            yield from read(inner, inside)


def _struct(columns: Mapping[str, tuple[str, _Read]], case_sensitive: bool, is_openx: bool) -> _Read:
    def read(value: Any, path: str) -> Iterator[Note]:
        if isinstance(value, dict):
            yield from _object(value, columns, path, case_sensitive)
        elif isinstance(value, list) and is_openx:
            yield Note(path, "changed", "an array where an object is declared is read by position")
        else:
            yield Note(path, "error", f"{_kind(value)} where an object is declared fails the query")

    return read


def _map(read_value: _Read, keeps_case: bool) -> _Read:
    def read(value: Any, path: str) -> Iterator[Note]:
        if not isinstance(value, dict):
            yield Note(path, "error", f"{_kind(value)} where a map is declared fails the query")
            return
        for key, inner in value.items():
            if not keeps_case and key != key.lower():
                yield Note(path, "changed", "the keys of a map are lowered")
            if inner is not None:
                yield from read_value(inner, f"{path}{{}}")

    return read


def _array(read_element: _Read, is_openx: bool) -> _Read:
    def read(value: Any, path: str) -> Iterator[Note]:
        if isinstance(value, list):
            for element in value:
                if element is not None:
                    yield from read_element(element, f"{path}[]")
        elif is_openx and value == "" and not isinstance(value, Number):
            yield Note(path, "null", "an empty text where an array is declared reads as NULL")
        elif is_openx:
            yield Note(path, "changed", f"{_kind(value)} where an array is declared reads as an array of one")
            yield from read_element(value, f"{path}[]")
        else:
            yield Note(path, "error", f"{_kind(value)} where an array is declared fails the query")

    return read


def _text(length: int | None, is_openx: bool) -> _Read:
    def read(value: Any, path: str) -> Iterator[Note]:
        if isinstance(value, dict | list):
            if is_openx:
                yield Note(path, "changed", f"{_kind(value)} becomes JSON text, of which spelling and case may change")
            else:
                yield Note(path, "error", f"{_kind(value)} where text is declared fails the query")
            return
        if isinstance(value, bool | Number):
            yield Note(path, "changed", f"{_kind(value)} reads as text")
        elif length is not None and len(value) > length:
            yield Note(path, "changed", f"text of more than {length} characters is cut")

    return read


def _boolean(value: Any, path: str) -> Iterator[Note]:
    if isinstance(value, dict | list):
        yield Note(path, "error", f"{_kind(value)} where a boolean is declared fails the query")
    elif not isinstance(value, bool) and value.lower() not in ("true", "false"):
        yield Note(path, "changed", f"{_kind(value)} where a boolean is declared reads as false")


def _integer(name: str) -> Callable[[bool], _Read]:
    limit = 2 ** (_BITS[name] - 1)

    def read(value: Any, path: str) -> Iterator[Note]:
        if isinstance(value, bool | dict | list):
            yield Note(path, "error", f"{_kind(value)} where an integer is declared fails the query")
        elif not _INTEGER.fullmatch(value):
            is_number = isinstance(value, Number)
            what = "an integer written with a point or an exponent" if is_number else "text that is no integer"
            yield Note(path, "error", f"{what} fails the query or reads as NULL")
        elif not -limit <= int(value) < limit:
            yield Note(path, "error", f"an integer beyond {_BITS[name]} bits fails the query or reads as NULL")

    return lambda is_openx: read


def _double(value: Any, path: str) -> Iterator[Note]:
    if isinstance(value, bool | dict | list):
        yield Note(path, "error", f"{_kind(value)} where a number is declared fails the query")
    elif not _FLOAT.fullmatch(value):
        yield Note(path, "error", "text that is no number fails the query or reads as NULL")
    elif len(value) > 15 or "e" in value.lower():
        near = float(value)
        if near in (float("inf"), float("-inf")):
            yield Note(path, "changed", "a number beyond 1.8e308 reads as infinity")
        elif Exact(repr(near)) != Exact(value.strip()):
            yield Note(path, "rounded", "a number of more digits than a double holds is rounded")


def _float(value: Any, path: str) -> Iterator[Note]:
    notes = list(_double(value, path))
    yield from notes
    if not notes and len(value) > 7:
        yield Note(path, "rounded", "a number of more digits than a float holds is rounded")


def _decimal(value: Any, path: str) -> Iterator[Note]:
    if not isinstance(value, str) or not _FLOAT.fullmatch(value):
        yield Note(path, "error", f"{_kind(value)} where a decimal is declared fails the query")


def _never_read(what: str) -> _Read:
    def read(value: Any, path: str) -> Iterator[Note]:
        yield Note(path, "error", f"the SerDe that AWS names can't read {what}")

    return read


def _date(value: Any, path: str) -> Iterator[Note]:
    if not isinstance(value, str) or isinstance(value, Number):
        yield Note(path, "error", f"{_kind(value)} where a date is declared fails the query")
    elif is_day(value):
        return
    elif _LENIENT_DATE.match(value):
        yield Note(path, "changed", "text that is not just YYYY-MM-DD of a real day reads as a day nearby")
    else:
        yield Note(path, "null", "text that is no date reads as NULL")


def _timestamp(value: Any, path: str) -> Iterator[Note]:
    if not isinstance(value, str):
        yield Note(path, "error", f"{_kind(value)} where a timestamp is declared fails the query")
    elif not _TIMESTAMP.fullmatch(value):
        yield Note(path, "error", "a time in a form that the SerDe does not know fails the query")


_PRIMITIVES: dict[str, Callable[[bool], _Read]] = {
    "boolean": lambda is_openx: _boolean,
    "float": lambda is_openx: _float,
    "double": lambda is_openx: _double,
    "string": lambda is_openx: _text(None, is_openx),
    "binary": lambda is_openx: _never_read("binary values"),
    "date": lambda is_openx: _date,
    "timestamp": lambda is_openx: _timestamp,
} | {name: _integer(name) for name in _BITS}


def _kind(value: Any) -> str:
    for kind, name in ((bool, "a boolean"), (Number, "a number"), (dict, "an object"), (list, "an array")):
        if isinstance(value, kind):
            return name
    return "text"
