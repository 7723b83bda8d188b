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
    def bad(value: Any) -> BadValue:
        return BadValue(f"Cannot read {trino_text(kind)} from a value of type {type(value).__name__}")

    def check(value: Any, *types: type) -> None:
        if not isinstance(value, types) or (isinstance(value, bool) and bool not in types):
            raise bad(value)

    def text(value: Any) -> str:
        if isinstance(value, str):
            return str(value)
        if text_of is None:
            raise bad(value)
        return text_of(value)

    def integer(value: Any) -> int:
        check(value, int)
        limit = RANGES[kind.name]
        if not -limit <= value < limit:
            raise BadValue(f"{value} is out of range for {trino_text(kind)}")
        return int(value)

    def double(value: Any) -> float:
        check(value, int, float, Decimal)
        return float(value)

    def decimal(value: Any) -> Decimal:
        check(value, int, float, Decimal)
        number = as_decimal(str(value), kind)
        if number is None:
            raise BadValue(f"{value} is out of range for {trino_text(kind)}")
        return number

    def boolean(value: Any) -> bool:
        check(value, bool)
        return bool(value)

    def binary(value: Any) -> bytes:
        check(value, bytes)
        return bytes(value)

    def day(value: Any) -> date:
        check(value, date)
        return value.date() if isinstance(value, datetime) else value

    def timestamp(value: Any) -> datetime:
        if isinstance(value, date) and not isinstance(value, datetime):
            return datetime.combine(value, time())
        check(value, datetime)
        naive = value.astimezone(UTC).replace(tzinfo=None) if value.tzinfo is not None else value
        return datetime(
            naive.year, naive.month, naive.day, naive.hour, naive.minute, naive.second, naive.microsecond // 1000 * 1000
        )

    match kind.name:
        case "array":
            element = native_converter(kind.children[0], text_of)

            def array(value: Any) -> list[Any]:
                check(value, list)
                return [element(each) for each in value]

            return array
        case "map":
            key_of, value_of = (native_converter(child, text_of) for child in kind.children)

            def mapping(value: Any) -> list[tuple[Any, Any]]:
                check(value, Mapping)
                return [(key_of(key), value_of(each)) for key, each in value.items()]

            return mapping
        case "struct":
            members = {
                name: native_converter(child, text_of) for name, child in zip(kind.fields, kind.children, strict=True)
            }

            def struct(value: Any) -> dict[str, Any]:
                check(value, Mapping)
                lowered = {str(key).lower(): each for key, each in value.items()}
                return {name: member(lowered.get(name)) for name, member in members.items()}

            return struct
        case "varchar" | "char":
            length = kind.arguments[0]
            return lambda value: text(value)[:length]
        case name if name in RANGES:
            return integer
    simple: dict[str, Converter] = {
        "string": text,
        "float": double,
        "double": double,
        "decimal": decimal,
        "boolean": boolean,
        "binary": binary,
        "date": day,
        "timestamp": timestamp,
    }
    return simple[kind.name]
