"""
JSON values to the declared types, as the SerDes convert them.

The rules are those of Trino's reader of the OpenX format, which Athena's engine descends from; where AWS documents
something else, a comment says so.
Source: https://github.com/trinodb/trino/blob/435/lib/trino-hive-formats/src/main/java/io/trino/hive/formats/line/openxjson/README.md
"""

from __future__ import annotations

import base64
import binascii
import json
import math
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from decimal import ROUND_HALF_UP, Context, Decimal, InvalidOperation
from typing import Any

from toolkit.local.athena.hive_types import HiveType

Converter = Callable[[Any], Any]

_RANGES = {"tinyint": 2**7, "smallint": 2**15, "int": 2**31, "bigint": 2**63}
_EPOCH = date(1970, 1, 1)
_EPOCH_TIME = datetime(1970, 1, 1)
_DATE = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})(?:\s.*)?", re.DOTALL)
_TIMESTAMP = re.compile(
    r"(\d{4})-(\d{1,2})-(\d{1,2})[T ](\d{1,2}):(\d{1,2}):(\d{1,2})(?:\.(\d{1,9}))?\s*(Z|[+-]\d{2}:?\d{2}(?::?\d{2})?)?"
)
_NUMERIC_TIMESTAMP = re.compile(r"([+-]?\d+)(?:\.(\d+))?")
_HEXADECIMAL = re.compile(r"0[xX][0-9a-fA-F]+")
_OCTAL = re.compile(r"0[0-7]+")

# From this many digits on a number is milliseconds, below it seconds.
MILLISECOND_DIGITS = 13


class BadValue(ValueError):
    """A value can't stand in its column, and the SerDe fails the query for it."""


class ExactTextNeeded(Exception):
    """A number's own text decides, and the parser did not keep it: the line has to be parsed with ``Number``."""


class Number(str):
    """A JSON number by its own text, which a string column shows."""

    __slots__ = ()


@dataclass(frozen=True, slots=True)
class SerdeRules:
    """
    How one SerDe, with its properties, treats what does not fit.

    ``key_of`` maps the name of a column or struct field, at any depth, to the JSON key it is read from.
    """

    is_openx: bool = True
    is_case_insensitive: bool = True
    has_dots_in_keys: bool = False
    ignores_malformed: bool = False
    key_of: Mapping[str, str] = field(default_factory=dict)
    timestamp_formats: tuple[str, ...] = ()


def serde_rules(properties: Mapping[str, str], *, is_openx: bool) -> SerdeRules:
    """Read the properties of a JSON SerDe; their keys count in any letter case, as Hive's do."""
    lowered = {key.lower(): value for key, value in properties.items()}

    def says(key: str, default: str) -> bool:
        return lowered.get(key, default).strip().lower() == "true"

    if not is_openx:
        formats = tuple(part for part in lowered.get("timestamp.formats", "").split(",") if part)
        return SerdeRules(
            is_openx=False, timestamp_formats=formats, ignores_malformed=says("ignore.malformed.json", "")
        )
    is_case_insensitive = says("case.insensitive", "true")
    mappings = {key[len("mapping.") :]: value for key, value in lowered.items() if key.startswith("mapping.")}
    return SerdeRules(
        is_case_insensitive=is_case_insensitive,
        has_dots_in_keys=says("dots.in.keys", "false"),
        ignores_malformed=says("ignore.malformed.json", "false"),
        key_of={name: key.lower() if is_case_insensitive else key for name, key in mappings.items()},
    )


def converter(kind: HiveType, rules: SerdeRules) -> Converter:
    """Give the function from a parsed JSON value to a Python value of the type; NULL stays None."""
    convert = _converter(kind, rules)
    if rules.is_openx:
        return lambda value: None if value is None else convert(value)

    def strict(value: Any) -> Any:
        if value is None:
            return None
        converted = convert(value)
        if converted is None:
            raise BadValue(f"For input string: {text_of(value)[:100]}")
        return converted

    return strict


def _converter(kind: HiveType, rules: SerdeRules) -> Converter:
    match kind.name:
        case "array":
            return _array(converter(kind.children[0], rules), is_openx=rules.is_openx)
        case "map":
            return _map(kind, rules)
        case "struct":
            return _struct(kind, rules)
        case "string":
            return text_of if rules.is_openx else _scalar_text
        case "varchar" | "char":
            length = kind.arguments[0]
            whole = text_of if rules.is_openx else _scalar_text
            return lambda value: whole(value)[:length]
        case "decimal":
            return _decimal(*kind.arguments)
        case "timestamp" if rules.timestamp_formats:
            return _formatted_timestamp(rules.timestamp_formats)
        case "timestamp":
            return _timestamp
        case name if name in _RANGES:
            return _integer(_RANGES[name])
    return _SCALARS[kind.name]


# -- scalars


def text_of(value: Any) -> str:
    """Give the text that a string column shows of any JSON value: a string as it is, all others as canonical JSON."""
    if isinstance(value, str):
        return str(value)
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        return str(value)
    if isinstance(value, float):
        raise ExactTextNeeded
    return "".join(_canonical(value))


def _canonical(value: Any) -> Iterator[str]:
    match value:
        case dict():
            for number, (key, each) in enumerate(value.items()):
                yield "," if number else "{"
                yield json.dumps(key, ensure_ascii=False) + ":"
                yield from _canonical(each)
            yield "}" if value else "{}"
        case list():
            for number, each in enumerate(value):
                yield "," if number else "["
                yield from _canonical(each)
            yield "]" if value else "[]"
        case Number():
            yield str(value)
        case float():
            raise ExactTextNeeded
        case _:
            yield json.dumps(value, ensure_ascii=False)


def _scalar_text(value: Any) -> str:
    _refuse_nested(value, "string")
    return text_of(value)


def _refuse_nested(value: Any, kind: str) -> None:
    if isinstance(value, dict | list):
        found = "an object" if isinstance(value, dict) else "an array"
        raise BadValue(f"Primitive can not be coerced from {found}: {kind} expected")


def _boolean(value: Any) -> bool:
    # Anything but `true` is false, an object as well.
    return value is True or (isinstance(value, str) and value.lower() == "true")


def _number(value: Any) -> Decimal | None:
    if isinstance(value, bool):
        return None
    if isinstance(value, float):
        raise ExactTextNeeded
    if isinstance(value, int):
        return Decimal(value)
    text = str(value).strip()
    if _HEXADECIMAL.fullmatch(text):
        return Decimal(int(text, 16))
    if _OCTAL.fullmatch(text):
        return Decimal(int(text, 8))
    try:
        number = Decimal(text)
    except InvalidOperation:
        return None
    return number if number.is_finite() else None


def _integer(limit: int) -> Converter:
    def convert(value: Any) -> int | None:
        if type(value) is int:
            return value if -limit <= value < limit else None
        if type(value) is float:
            return int(value) if value.is_integer() and -limit <= value < limit else None
        _refuse_nested(value, "number")
        number = _number(value)
        if number is None or number.copy_abs() > limit or number != number.to_integral_value():
            return None
        whole = int(number)
        return whole if -limit <= whole < limit else None

    return convert


def _double(value: Any) -> float | None:
    if type(value) is float:
        return value
    _refuse_nested(value, "number")
    if isinstance(value, bool):
        return None
    try:
        number = float(value)
    except (ValueError, OverflowError):
        return None
    # Python reads `nan` and `inf` in more spellings than Java's parseDouble.
    if not math.isfinite(number) and isinstance(value, str):
        return number if value.strip().lstrip("+-") in ("NaN", "Infinity") or value.strip()[-1].isdigit() else None
    return number


def _decimal(precision: int, scale: int) -> Converter:
    def convert(value: Any) -> Decimal | None:
        _refuse_nested(value, "number")
        number = _number(value)
        return None if number is None else rounded(number, precision, scale)

    return convert


# Python's decimals have 28 digits unless told otherwise.
_DIGITS = Context(prec=100)


def rounded(number: Decimal, precision: int, scale: int) -> Decimal | None:
    """Give a finite number with *scale* digits behind the point, None if it has more than *precision* in all."""
    # Far beyond the type: to round it would take all its digits.
    if number.adjusted() >= precision - scale and number:
        return None
    result = number.quantize(Decimal(1).scaleb(-scale), ROUND_HALF_UP, _DIGITS)
    return result if result.copy_abs() < Decimal(10) ** (precision - scale) else None


def _binary(value: Any) -> bytes | None:
    _refuse_nested(value, "binary")
    if not isinstance(value, str) or isinstance(value, Number):
        return None
    try:
        return base64.b64decode(value, validate=True)
    except (binascii.Error, ValueError):
        return None


def _date(value: Any) -> date | None:
    _refuse_nested(value, "date")
    text = str(value).strip()
    try:
        if found := _DATE.fullmatch(text):
            year, month, day = map(int, found.groups())
            # Lenient: 30 February is 1 or 2 March.
            return (
                date(year + (month - 1) // 12, (month - 1) % 12 + 1, 1) + timedelta(day - 1) if month and day else None
            )
        days = _number(value)
        return None if days is None or days != int(days) else _EPOCH + timedelta(int(days))
    except (ValueError, OverflowError):
        return None


def _timestamp(value: Any) -> datetime | None:
    _refuse_nested(value, "timestamp")
    text = str(value).strip()
    try:
        if found := _TIMESTAMP.fullmatch(text):
            return _text_timestamp(found)
        if found := _NUMERIC_TIMESTAMP.fullmatch(text):
            whole, fraction = found[1], found[2]
            if fraction is None and len(whole) >= MILLISECOND_DIGITS:
                return _EPOCH_TIME + timedelta(milliseconds=int(whole))
            return _EPOCH_TIME + timedelta(milliseconds=int(Decimal(text) * 1000))
    except (ValueError, OverflowError):
        pass
    return None


def _formatted_timestamp(formats: Sequence[str]) -> Converter:
    from toolkit.local.athena.readers.text_values import parsed_by, strptime_pattern

    patterns = [strptime_pattern(each) for each in formats]

    def convert(value: Any) -> datetime | None:
        _refuse_nested(value, "timestamp")
        for pattern in patterns:
            if (moment := parsed_by(pattern, str(value).strip())) is not None:
                return moment
        return _timestamp(value)

    return convert


def _text_timestamp(found: re.Match[str]) -> datetime:
    year, month, day, hour, minute, second = map(int, found.groups()[:6])
    # Athena's timestamps have milliseconds; more digits are cut.
    millisecond = int((found[7] or "0")[:3].ljust(3, "0"))
    month_start = datetime(year + (month - 1) // 12, (month - 1) % 12 + 1, 1, tzinfo=UTC)
    instant = month_start + timedelta(day - 1, second, 0, millisecond, minute, hour)
    zone = found[8]
    if zone and zone != "Z":
        digits = zone[1:].replace(":", "").ljust(6, "0")
        offset = timedelta(hours=int(digits[:2]), minutes=int(digits[2:4]), seconds=int(digits[4:]))
        instant = instant - offset if zone[0] == "+" else instant + offset
    return instant.replace(tzinfo=None)


_SCALARS: dict[str, Converter] = {
    "boolean": _boolean,
    "float": _double,
    "double": _double,
    "binary": _binary,
    "date": _date,
}


# -- nested values


def _array(element: Converter, *, is_openx: bool) -> Converter:
    def convert(value: Any) -> list[Any] | None:
        if isinstance(value, list):
            return [element(each) for each in value]
        if not is_openx:
            raise BadValue("an array was expected")
        # A lone value is an array of one; the empty string is no array at all.
        return None if value == "" else [element(value)]

    return convert


def _map(kind: HiveType, rules: SerdeRules) -> Converter:
    key_of, value_of = (converter(child, rules) for child in kind.children)

    def convert(value: Any) -> list[tuple[Any, Any]] | None:
        if isinstance(value, dict):
            entries = {key_of(key): value_of(each) for key, each in value.items()}
            entries.pop(None, None)
            return list(entries.items())
        if isinstance(value, str) and not value.strip() and not isinstance(value, Number):
            return None
        raise BadValue("an object was expected for a map")

    return convert


def _struct(kind: HiveType, rules: SerdeRules) -> Converter:
    row = row_converter(dict(zip(kind.fields, kind.children, strict=True)), rules)
    nothing = dict.fromkeys(kind.fields)

    def convert(value: Any) -> dict[str, Any] | None:
        if isinstance(value, dict):
            return row(value)
        if isinstance(value, str) and not value.strip() and not isinstance(value, Number):
            return nothing
        raise BadValue("an object was expected for a struct")

    return convert


def row_converter(columns: Mapping[str, HiveType], rules: SerdeRules) -> Callable[[dict[str, Any]], dict[str, Any]]:
    """Give the function from an object, its keys lowered already where the SerDe does, to the values of the columns."""
    fields = [
        (
            name,
            rules.key_of.get(name.lower(), name if not rules.is_case_insensitive else name.lower()),
            converter(kind, rules),
        )
        for name, kind in columns.items()
    ]

    def convert(value: dict[str, Any]) -> dict[str, Any]:
        if not rules.is_openx and any(key != key.lower() for key in value):
            # The Hive SerDe looks at columns and members in any letter case; keys of maps stay as they are.
            value = {key.lower(): each for key, each in value.items()}
        if rules.has_dots_in_keys:
            value = {key.replace(".", "_"): each for key, each in reversed(value.items())} | value
        return {name: convert_field(value.get(key)) for name, key, convert_field in fields}

    return convert
