"""Fields of text to the declared types, as the SerDes for text convert them."""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal, InvalidOperation
from typing import Any

from toolkit.local.athena.errors import QueryError
from toolkit.local.athena.hive_types import HiveType
from toolkit.local.athena.readers.json_values import BadValue, rounded
from toolkit.local.athena.sql.formats import UnsupportedPattern, from_joda, read_time

Converter = Callable[[str], Any]

RANGES = {"tinyint": 2**7, "smallint": 2**15, "int": 2**31, "bigint": 2**63}

_INTEGER = re.compile(r"[+-]?[0-9]+")
_NUMBER = re.compile(r"[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?[dDfF]?")
_DATE = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})")
_TIMESTAMP = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2}) (\d{1,2}):(\d{1,2})(?::(\d{1,2})(?:\.(\d{1,9}))?)?")
_SPECIAL = {"NaN": "nan", "Infinity": "inf", "+Infinity": "inf", "-Infinity": "-inf"}
_EPOCH = date(1970, 1, 1)
_EPOCH_TIME = datetime(1970, 1, 1)


def lazy_converter(kind: HiveType, formats: Sequence[str] = ()) -> Converter:
    """Give the function that LazySimpleSerDe applies to a field of a simple type: what it can't read is None."""
    match kind.name:
        case "string":
            return lambda text: text
        case "varchar" | "char":
            length = kind.arguments[0]
            return lambda text: text[:length]
        case "decimal":
            return lambda text: as_decimal(text.strip(), kind)
        case "timestamp":
            patterns = [strptime_pattern(each) for each in formats]
            return lambda text: as_timestamp(text.strip(), patterns)
        case name if name in RANGES:
            limit = RANGES[name]
            return lambda text: as_integer(text, limit)
    return _LAZY[kind.name]


def strict_converter(kind: HiveType, position: int) -> Converter:
    """
    Give the function that OpenCSVSerde applies to a field: what it can't read fails the query.

    Source: https://docs.aws.amazon.com/athena/latest/ug/csv-serde.html
    """
    convert = _strict(kind)

    def strict(text: str) -> Any:
        value = convert(text)
        if value is None:
            raise BadValue(
                f"HIVE_BAD_DATA: Error parsing field value '{text}' for field {position}: For input string: \"{text}\""
            )
        return value

    return strict


def _strict(kind: HiveType) -> Converter:
    match kind.name:
        case "string":
            return lambda text: text
        case "varchar" | "char":
            length = kind.arguments[0]
            return lambda text: text[:length]
        case "boolean":
            return lambda text: text.lower() == "true"
        case "date":
            return _numeric_date
        case "timestamp":
            return _numeric_timestamp
        case "decimal":
            return lambda text: as_decimal(text.strip(), kind)
        case name if name in RANGES:
            limit = RANGES[name]
            return lambda text: as_integer(text, limit)
        case "float" | "double":
            return as_double
    return lambda text: None


def as_integer(text: str, limit: int) -> int | None:
    """Give a whole number within -limit … limit - 1."""
    if not _INTEGER.fullmatch(text) or len(text) > 20:
        return None
    number = int(text)
    return number if -limit <= number < limit else None


def as_double(text: str) -> float | None:
    """Give a number as Java's ``Double.parseDouble`` reads it."""
    text = text.strip()
    if text in _SPECIAL:
        return float(_SPECIAL[text])
    return float(text.rstrip("dDfF")) if _NUMBER.fullmatch(text) else None


def as_decimal(text: str, kind: HiveType) -> Decimal | None:
    """Give a number rounded to the scale of the type, None beyond its precision."""
    try:
        number = Decimal(text)
    except InvalidOperation:
        return None
    return rounded(number, *kind.arguments) if number.is_finite() else None


def as_date(text: str) -> date | None:
    """Give the date of ``YYYY-MM-DD``."""
    found = _DATE.fullmatch(text.strip())
    try:
        return date(*map(int, found.groups())) if found else None
    except ValueError:
        return None


def as_timestamp(text: str, patterns: Sequence[str] = ()) -> datetime | None:
    """Give the time of ``YYYY-MM-DD HH:MM:SS[.f]``, cut to milliseconds, or of one of some strptime patterns."""
    for pattern in patterns:
        if (moment := parsed_by(pattern, text)) is not None:
            return moment
    found = _TIMESTAMP.fullmatch(text)
    if not found:
        return None
    year, month, day, hour, minute = map(int, found.groups()[:5])
    milliseconds = int((found[7] or "0")[:3].ljust(3, "0"))
    try:
        return datetime(year, month, day, hour, minute, int(found[6] or 0), milliseconds * 1000)
    except ValueError:
        return None


# For a pattern that only counts milliseconds since 1970.
MILLISECONDS = "millis"


# Parts of a Java pattern: text in quotes, a zone, a fraction of a second, all else.
_JAVA_PART = re.compile(r"('(?:[^']|'')*')|([ZXx]+)|(S+)|([^'ZXxS]+)")


def strptime_pattern(pattern: str) -> str:
    """
    Give the strptime pattern of a Java one, or ``millis``.

    Raises:
        QueryError: it has a letter that can't be read here.
    """
    if pattern == MILLISECONDS:
        return MILLISECONDS
    try:
        # strptime reads a fraction of any length with %f, and numbers with and without a leading zero.
        return "".join(
            "%z" if zone else "%f" if fraction else from_joda(quoted or plain).replace("%-", "%")
            for quoted, zone, fraction, plain in _JAVA_PART.findall(pattern)
        )
    except UnsupportedPattern as error:
        raise QueryError(
            f"HIVE_INVALID_METADATA: timestamp.formats: the local Athena can't read the part {error} of {pattern}"
        ) from error


def parsed_by(pattern: str, text: str) -> datetime | None:
    """Give the time that a pattern reads from a text, in UTC where it has a zone."""
    try:
        if pattern == MILLISECONDS:
            return _EPOCH_TIME + timedelta(milliseconds=int(Decimal(text)))
        moment = read_time(text, pattern)
    except (ValueError, InvalidOperation, OverflowError):
        return None
    if moment.tzinfo is not None:
        moment = moment.astimezone(UTC).replace(tzinfo=None)
    return moment.replace(microsecond=moment.microsecond // 1000 * 1000)


# The texts that Arrow reads as both SerDes do; a batch with any other is read one by one.
_BULK_PATTERNS = {
    **dict.fromkeys(RANGES, r"^-?[0-9]{1,18}$"),
    "double": r"^-?[0-9]+(\.[0-9]+)?([eE][+-]?[0-9]+)?$",
    "date": r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$",
    "timestamp": r"^[0-9]{4}-[0-9]{2}-[0-9]{2} [0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]{1,6})?$",
    "boolean": r"^(?i:true|false)$",
}
_BULK_TYPES = {
    "tinyint": "int8",
    "smallint": "int16",
    "int": "int32",
    "bigint": "int64",
    "double": "float64",
    "date": "date32",
}

Bulk = Callable[[Any], Any]


def bulk_converter(kind: HiveType, *, names: frozenset[str]) -> Bulk | None:
    """
    Give the function from an Arrow array of texts to one of values, or to None where some text needs a closer look.

    *names* are the types that the SerDe reads as Arrow does; for others there is no such function.
    """
    if kind.name not in names:
        return None
    if kind.name == "string":
        return lambda texts: texts
    pattern = _BULK_PATTERNS[kind.name]

    def convert(texts: Any) -> Any:
        import pyarrow as pa
        import pyarrow.compute as pc

        if pc.all(pc.match_substring_regex(texts, pattern)).as_py() is False:
            return None
        try:
            match kind.name:
                case "boolean":
                    return pc.equal(pc.utf8_lower(texts), "true")
                case "timestamp":
                    return pc.floor_temporal(texts.cast(pa.timestamp("us")), unit="millisecond")
            return texts.cast(getattr(pa, _BULK_TYPES[kind.name])())
        except pa.ArrowInvalid:
            return None  # out of range

    return convert


def _numeric_date(text: str) -> date | None:
    number = as_integer(text, 2**31)
    try:
        return None if number is None else _EPOCH + timedelta(number)
    except OverflowError:
        return None


def _numeric_timestamp(text: str) -> datetime | None:
    number = as_integer(text, 2**63)
    try:
        return None if number is None else _EPOCH_TIME + timedelta(milliseconds=number)
    except OverflowError:
        return None


def _lazy_boolean(text: str) -> bool | None:
    return {"true": True, "false": False}.get(text.lower())


def _lazy_binary(text: str) -> bytes:
    try:
        return base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        return text.encode()


_LAZY: Mapping[str, Converter] = {
    "boolean": _lazy_boolean,
    "float": as_double,
    "double": as_double,
    "binary": _lazy_binary,
    "date": as_date,
}
