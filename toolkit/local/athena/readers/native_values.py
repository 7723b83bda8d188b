"""Values that a library has read (dates, decimals, records) to the declared types."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime, time
from decimal import Decimal
from typing import Any

from toolkit.local.athena.hive_types import HiveType, trino_text
from toolkit.local.athena.readers.json_values import BadValue
from toolkit.local.athena.readers.text_values import RANGES, as_decimal

Converter = Callable[[Any], Any]


def native_converter(kind: HiveType, text_of: Callable[[Any], str] | None = None) -> Converter:
    """
    Give the function from a value to one of the type; None stays None.

    *text_of* gives the text that a string column shows of what is no string; without it that is an error.
    """
    convert = _converter(kind, text_of)
    return lambda value: None if value is None else convert(value)


def _converter(kind: HiveType, text_of: Callable[[Any], str] | None) -> Converter:
    match kind.name:
        case "array":
            values, element = _checker(kind, list), native_converter(kind.children[0], text_of)
            return lambda value: [element(each) for each in values(value)]
        case "map":
            entries = _checker(kind, Mapping)
            key_of, value_of = (native_converter(child, text_of) for child in kind.children)
            return lambda value: [(key_of(key), value_of(each)) for key, each in entries(value).items()]
        case "struct":
            return _struct(kind, text_of)
        case "string":
            return _text(kind, text_of)
        case "varchar" | "char":
            whole, length = _text(kind, text_of), kind.arguments[0]
            return lambda value: whole(value)[:length]
        case "decimal":
            return _decimal(kind)
        case "float" | "double":
            number = _checker(kind, int, float, Decimal)
            return lambda value: float(number(value))
        case "boolean":
            return _checker(kind, bool)
        case "binary":
            content = _checker(kind, bytes)
            return lambda value: bytes(content(value))
        case "date":
            day = _checker(kind, date)
            return lambda value: value.date() if isinstance(value, datetime) else day(value)
        case "timestamp":
            return _timestamp(kind)
    return _integer(kind)


def _refusal(kind: HiveType, value: Any) -> BadValue:
    return BadValue(f"Cannot read {trino_text(kind)} from a value of type {type(value).__name__}")


def _checker(kind: HiveType, *types: type) -> Converter:
    """Give the function that gives a value of one of *types* as it is, and refuses any other."""

    def check(value: Any) -> Any:
        if not isinstance(value, types) or (isinstance(value, bool) and bool not in types):
            raise _refusal(kind, value)
        return value

    return check


def _text(kind: HiveType, text_of: Callable[[Any], str] | None) -> Callable[[Any], str]:
    def text(value: Any) -> str:
        if isinstance(value, str):
            return str(value)
        if text_of is None:
            raise _refusal(kind, value)
        return text_of(value)

    return text


def _integer(kind: HiveType) -> Converter:
    limit = RANGES[kind.name]
    whole = _checker(kind, int)

    def integer(value: Any) -> int:
        if not -limit <= whole(value) < limit:
            raise BadValue(f"{value} is out of range for {trino_text(kind)}")
        return int(value)

    return integer


def _decimal(kind: HiveType) -> Converter:
    number = _checker(kind, int, float, Decimal)

    def decimal(value: Any) -> Decimal:
        found = as_decimal(str(number(value)), kind)
        if found is None:
            raise BadValue(f"{value} is out of range for {trino_text(kind)}")
        return found

    return decimal


def _timestamp(kind: HiveType) -> Converter:
    moment = _checker(kind, datetime)

    def timestamp(value: Any) -> datetime:
        if isinstance(value, date) and not isinstance(value, datetime):
            return datetime.combine(value, time())
        naive = moment(value)
        if naive.tzinfo is not None:
            naive = naive.astimezone(UTC).replace(tzinfo=None)
        return datetime(
            naive.year, naive.month, naive.day, naive.hour, naive.minute, naive.second, naive.microsecond // 1000 * 1000
        )

    return timestamp


def _struct(kind: HiveType, text_of: Callable[[Any], str] | None) -> Converter:
    record = _checker(kind, Mapping)
    members = {name: native_converter(child, text_of) for name, child in zip(kind.fields, kind.children, strict=True)}

    def struct(value: Any) -> dict[str, Any]:
        lowered = {str(key).lower(): each for key, each in record(value).items()}
        return {name: member(lowered.get(name)) for name, member in members.items()}

    return struct
