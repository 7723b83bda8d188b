"""JSON as Trino has it: a text in one canonical form, paths into it, and its casts to other types."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Callable
from contextlib import suppress
from decimal import ROUND_HALF_UP, Context, Decimal, InvalidOperation
from functools import lru_cache
from json.encoder import encode_basestring
from typing import Any

import orjson

from toolkit.local.athena.hive_types import HiveType, parse_type, trino_text
from toolkit.local.athena.sql.routines.refusal import Refusal, Routine, invalid

MISSING = object()
_RANGES = {"tinyint": 7, "smallint": 15, "int": 31, "bigint": 63}


class Number(str):
    """A number as it stands in the text."""

    __slots__ = ()

    @property
    def is_whole(self) -> bool:
        """Whether it has neither point nor exponent."""
        return self.lstrip("-").isdigit()


class NotJson(ValueError):
    """A text is no JSON."""


def _constant(name: str) -> Any:
    raise NotJson(name)


_DECODER = json.JSONDecoder(parse_float=Number, parse_int=Number, parse_constant=_constant)


def read(text: str) -> Any:
    """
    Give the value that a text holds, with numbers as they are written.

    Raises:
        NotJson: it holds none.
    """
    try:
        return _DECODER.decode(text)
    except (ValueError, RecursionError) as error:
        raise NotJson(text) from error


def java_double(number: float) -> str:
    """Write a double as Java does."""
    if math.isnan(number):
        return "NaN"
    if math.isinf(number):
        return "Infinity" if number > 0 else "-Infinity"
    if number == 0 or 1e-3 <= abs(number) < 1e7:
        return repr(number) if "e" not in repr(number) else f"{number:f}".rstrip("0")
    return scientific(number)


def scientific(number: float) -> str:
    """Write a double with an exponent."""
    mantissa, _, power = repr(abs(number)).partition("e")
    whole, _, fraction = mantissa.partition(".")
    digits = (whole + fraction).lstrip("0")
    exponent = int(power or 0) + len(whole.lstrip("0")) - 1
    if whole == "0":
        exponent -= len(fraction) - len(digits)
    # Java writes its smallest number with one digit more than it takes.
    digits = digits.rstrip("0") if abs(number) > 5e-324 else "49"
    return f"{'-' if number < 0 else ''}{digits[0]}.{digits[1:] or '0'}E{exponent}"


_encoded = json.JSONEncoder(ensure_ascii=False).encode


def written(value: Any, *, is_sorted: bool = True) -> str:
    """Write a value without spaces, its keys in order, its numbers as Jackson writes them."""
    if isinstance(value, Number):
        # Jackson knows no whole -0.
        text = str(value).replace("-0", "0") if value.is_whole else java_double(float(value))
        return f'"{text}"' if text.endswith("Infinity") else text
    if isinstance(value, dict):
        items = sorted(value.items()) if is_sorted else value.items()
        members = (f"{encode_basestring(key)}:{written(each, is_sorted=is_sorted)}" for key, each in items)
        return "{" + ",".join(members) + "}"
    if isinstance(value, list):
        return "[" + ",".join(written(each, is_sorted=is_sorted) for each in value) + "]"
    return _encoded(value)


# Numbers that orjson reads or writes otherwise than Jackson: long and short doubles, exponents, more digits than 64 bits hold.
# It also finds some that are alike, and texts that only look so.
_UNLIKE_ORJSON = re.compile(r"[:\[,]\s*+[-0-9](?:[0-9.]*+[eE]|0?\.000|[0-9]{6,}+\.|[0-9]{18})", re.ASCII)
_NUMBER_OR_SPACE = tuple("-0123456789 \t\r\n")


def _read_at_once(text: str) -> Any:
    """
    Give the value of a text, with numbers as Python's.

    Raises:
        ValueError: it is no JSON, or holds what `read` takes and orjson doesn't, or a number that has another text.
    """
    if text.startswith(_NUMBER_OR_SPACE) or _UNLIKE_ORJSON.search(text):
        raise NotJson(text)
    return orjson.loads(text)


def _written_at_once(value: Any, *, is_sorted: bool = True) -> str:
    try:
        return orjson.dumps(value, option=orjson.OPT_SORT_KEYS if is_sorted else 0).decode()
    except orjson.JSONEncodeError:
        # It is more than 254 levels deep.
        return json.dumps(value, ensure_ascii=False, sort_keys=is_sorted, separators=(",", ":"))


_WIDE = re.compile("[\U00010000-\U0010ffff]")


def with_escapes(text: str) -> str:
    """Give JSON with escapes for what has no place in 16 bits, such as emoji, as Jackson writes it."""
    return text if text.isascii() else _WIDE.sub(_surrogates, text)


def _surrogates(found: re.Match[str]) -> str:
    number = ord(found[0]) - 0x10000
    return f"\\u{0xD800 + (number >> 10):04X}\\u{0xDC00 + (number & 0x3FF):04X}"


def json_parse(text: str) -> str:
    """Give a JSON text in its canonical form."""
    with suppress(ValueError, RecursionError):
        return with_escapes(_written_at_once(_read_at_once(text)))
    try:
        return with_escapes(written(read(text)))
    except NotJson as error:
        raise invalid(f"Cannot convert value to JSON: '{text}'") from error


# -- paths

_STEP = re.compile(r"\.(?:\"([^\"]*)\"|([\w:]+))|\[\s*(?:(\d+)|\"((?:[^\"\\]|\\.)*)\")\s*\]")


@lru_cache(maxsize=256)
def path_steps(path: str) -> tuple[str, ...]:
    """
    Give the names and indexes of a path such as ``$.a["b"][0]``.

    Raises:
        Refusal: it is no path, or one with wildcards.
    """
    if path[:1] != "$":
        raise invalid(f"Invalid JSON path: '{path}'")
    position = 1
    steps = []
    while position < len(path):
        found = _STEP.match(path, position)
        if found is None:
            raise invalid(f"Invalid JSON path: '{path}'")
        steps.append(next(re.sub(r"\\(.)", r"\1", each) for each in found.groups() if each is not None))
        position = found.end()
    return tuple(steps)


def _at(text: str, path: str) -> Any:
    steps = path_steps(path)
    try:
        value = read(text)
    except NotJson:
        # Trino reads as far as it must, and takes no notice of what follows.
        return _read_so_far(text, steps)
    return _below(value, steps)


def _below(value: Any, steps: tuple[str, ...]) -> Any:
    for step in steps:
        if isinstance(value, dict) and step in value:
            value = value[step]
        elif isinstance(value, list) and step.isdigit() and int(step) < len(value):
            value = value[int(step)]
        else:
            return MISSING
    return value


_SPACE = re.compile(r"[ \t\r\n]*")


def _read_so_far(text: str, steps: tuple[str, ...]) -> Any:
    """Give the value at a path of a text that stops being JSON after it."""
    position = 0
    try:
        for step in steps:
            found = _member_position(text, _skipped(text, position), step)
            if found is None:
                return MISSING
            position = found
        return _DECODER.raw_decode(text, _skipped(text, position))[0]
    except (ValueError, IndexError, RecursionError):
        return MISSING


def _skipped(text: str, position: int) -> int:
    found = _SPACE.match(text, position)
    return found.end() if found is not None else position


def _member_position(text: str, position: int, step: str) -> int | None:
    """Give where the value of a member or element begins, None if there is none."""
    opening, number = text[position], 0
    if opening not in "{[":
        return None
    position = _skipped(text, position + 1)
    while text[position] not in "}]":
        key = str(number)
        if opening == "{":
            key, position = _DECODER.raw_decode(text, position)
            position = _skipped(text, position)
            if text[position] != ":":
                return None
            position = _skipped(text, position + 1)
        if key == step:
            return position
        _, position = _DECODER.raw_decode(text, position)
        position, number = _skipped(text, position), number + 1
        if text[position] == ",":
            position = _skipped(text, position + 1)
    return None


def json_extract(text: str, path: str) -> str | None:
    """Give the part of a document at a path, as JSON."""
    with suppress(ValueError, RecursionError):
        value = _below(_read_at_once(text), path_steps(path))
        return None if value is MISSING else with_escapes(_written_at_once(value, is_sorted=False))
    value = _at(text, path)
    return None if value is MISSING else with_escapes(written(value, is_sorted=False))


def json_extract_scalar(text: str, path: str) -> str | None:
    """Give the text, number or truth at a path, as text."""
    return _scalar(_at(text, path))


def _scalar(value: Any) -> str | None:
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value) if isinstance(value, str) else None


def json_size(text: str, path: str) -> int | None:
    """Give how many members or elements are at a path, 0 for what has none."""
    value = _at(text, path)
    return None if value is MISSING else len(value) if isinstance(value, dict | list) else 0


def _array(text: str) -> list[Any] | None:
    try:
        value = read(text)
    except NotJson:
        return None
    return value if isinstance(value, list) else None


def json_array_length(text: str) -> int | None:
    """Give the number of elements of an array."""
    value = _array(text)
    return None if value is None else len(value)


def json_array_get(text: str, index: int) -> str | None:
    """
    Give an element of an array, counted from 0, or from the end below 0.

    A text comes without quotes, as JSON that is none, and a number as it is written: Trino's documentation calls the
    function broken.
    """
    value = _array(text)
    if value is None or not -len(value) <= index < len(value):
        return None
    element = value[index]
    if isinstance(element, str):
        return str(element)
    return None if element is None else written(element, is_sorted=False)


def _has(text: str, is_wanted: Callable[[Any], bool]) -> bool | None:
    """Whether an array has such an element; what comes after it is not read, and may be no JSON."""
    position = _after(text, "[", 0)
    if position is not None and _after(text, "]", position) is not None:
        return False
    while position is not None:
        try:
            element, end = _DECODER.raw_decode(text, position)
        except (ValueError, RecursionError):
            return None
        if is_wanted(element):
            return True
        if _after(text, "]", end) is not None:
            return False
        position = _after(text, ",", end)
    return None


def _after(text: str, mark: str, start: int) -> int | None:
    """Give the place behind a mark and the blanks around it, if it comes next."""
    found = re.compile(rf"[ \t\n\r]*{re.escape(mark)}[ \t\n\r]*").match(text, start)
    return None if found is None else found.end()


def json_array_contains_text(text: str, wanted: str) -> bool | None:
    """Whether an array has that text."""
    return _has(text, lambda each: isinstance(each, str) and not isinstance(each, Number) and each == wanted)


def json_array_contains_long(text: str, wanted: int) -> bool | None:
    """Whether an array has that whole number."""
    return _has(text, lambda each: isinstance(each, Number) and each.is_whole and int(each) == wanted)


def json_array_contains_double(text: str, wanted: float) -> bool | None:
    """Whether an array has that number, written with a point."""
    return _has(text, lambda each: isinstance(each, Number) and not each.is_whole and float(each) == wanted)


def json_array_contains_boolean(text: str, wanted: bool) -> bool | None:
    """Whether an array has that truth."""
    return _has(text, lambda each: isinstance(each, bool) and each == wanted)


def is_json_scalar(text: str) -> bool:
    """Whether a document is neither object nor array."""
    try:
        return not isinstance(read(text), dict | list)
    except NotJson as error:
        raise invalid(f"Invalid JSON value: {text}") from error


# -- casts


def json_cast(text: str, kind: str) -> str | None:
    """
    Give a document's value as text that casts to a type, given as Hive writes it; nested ones as JSON.

    JSON inside of them is text: its null is a value in arrays and maps, and none in rows.
    """
    target, cast_at_once = _casts(kind)
    with suppress(_Unlike, ValueError, RecursionError):
        value = cast_at_once(_read_at_once(text))
        return None if value is None else _written_at_once(value, is_sorted=False) if target.is_nested else str(value)
    try:
        document = read(text)
    except NotJson as error:
        # What json_array_get gave.
        raise _uncast(text, target) from error
    value = _cast(document, target, text)
    return None if value is None else _encoded(value) if target.is_nested else str(value)


@lru_cache(maxsize=256)
def _casts(kind: str) -> tuple[HiveType, Callable[[Any], Any]]:
    target = parse_type(kind)
    return target, _cast_at_once(target)


class _Unlike(Exception):
    """A value is not of the type it is cast to, or its text decides what becomes of it."""


def _cast_at_once(kind: HiveType) -> Callable[[Any], Any]:
    """Give the function that does of `_cast` what needs no thought; for all else it raises `_Unlike`."""
    children = [_cast_at_once(each) for each in kind.children]

    def of_type(value: Any, kept: type) -> Any:
        if value is not None and type(value) is not kept:
            raise _Unlike
        return value

    def whole(value: Any) -> Any:
        if value is not None and (type(value) is not int or not least <= value <= -1 - least):
            raise _Unlike
        return value

    def double(value: Any) -> Any:
        return float(value) if type(value) is int else of_type(value, float)

    def text(value: Any) -> Any:
        return str(value) if type(value) is int else of_type(value, str)

    def array(value: Any) -> Any:
        return value if of_type(value, list) is None else [children[0](each) for each in value]

    def mapping(value: Any) -> Any:
        return value if of_type(value, dict) is None else {key: children[1](each) for key, each in value.items()}

    def row(value: Any) -> Any:
        if of_type(value, dict) is None:
            return None
        given = {key.lower(): each for key, each in value.items()}
        return {name: None if given.get(lowered) is None else cast(given[lowered]) for name, lowered, cast in members}

    def unlike(value: Any) -> Any:
        raise _Unlike

    if kind.name in _RANGES:
        least = -(2 ** _RANGES[kind.name])
        return whole
    if kind.name == "map" and kind.children[0] != HiveType("string"):
        return unlike
    if kind.name == "struct":
        members = [(name, name.lower(), child) for name, child in zip(kind.fields, children, strict=True)]
        return row
    known: dict[str, Callable[[Any], Any]] = {
        "json": lambda value: _written_at_once(value, is_sorted=False),
        "boolean": lambda value: of_type(value, bool),
        "double": double,
        "string": text,
        "array": array,
        "map": mapping,
    }
    return unlike if kind.arguments else known.get(kind.name, unlike)


def _cast(value: Any, kind: HiveType, text: str) -> Any:
    if kind.name == "json":
        return written(value, is_sorted=False)
    if value is None:
        return None
    match kind.name:
        case "array":
            if not isinstance(value, list):
                raise _uncast(text, kind)
            return [_cast(each, kind.children[0], text) for each in value]
        case "map":
            if not isinstance(value, dict):
                raise _uncast(text, kind)
            return {
                str(_cast(key, kind.children[0], text)): _cast(each, kind.children[1], text)
                for key, each in value.items()
            }
        case "struct":
            return _row(value, kind, text)
        case _ if isinstance(value, dict | list):
            raise _uncast(text, kind)
        case "boolean":
            return _boolean(value, kind, text)
        case "string" | "varchar":
            return _text(value, kind, text)
        case "float" | "double":
            return _double(value, kind, text)
        case "decimal":
            return _decimal(value, kind, text)
    return _whole(value, kind, text)


def _row(value: Any, kind: HiveType, text: str) -> dict[str, Any]:
    if isinstance(value, list):
        if len(value) != len(kind.fields):
            raise _uncast(text, kind)
        given = dict(zip(kind.fields, value, strict=True))
    elif isinstance(value, dict):
        lowered = {key.lower(): each for key, each in value.items()}
        given = {name: lowered.get(name.lower()) for name in kind.fields}
    else:
        raise _uncast(text, kind)
    return {
        name: None if given[name] is None else _cast(given[name], child, text)
        for name, child in zip(kind.fields, kind.children, strict=True)
    }


def _uncast(text: str, kind: HiveType) -> Refusal:
    return Refusal(f"INVALID_CAST_ARGUMENT: Cannot cast '{text}' to {trino_text(kind)}")


def _boolean(value: Any, kind: HiveType, text: str) -> bool:
    if isinstance(value, bool):
        return value
    if isinstance(value, Number):
        return float(value) != 0
    if value.lower() in ("true", "t", "1", "false", "f", "0"):
        return str(value).lower() in ("true", "t", "1")
    raise _uncast(text, kind)


def _text(value: Any, kind: HiveType, text: str) -> str:
    if isinstance(value, bool):
        shown = "true" if value else "false"
    elif isinstance(value, Number) and not value.is_whole:
        shown = scientific(float(value)) if float(value) else "0E0"
    else:
        shown = str(value)
    if shown == "-0" and isinstance(value, Number):
        shown = "0"
    if kind.arguments and len(shown) > kind.arguments[0]:
        if not isinstance(value, str) or isinstance(value, Number):
            raise _uncast(text, kind)
        shown = shown[: kind.arguments[0]]
    return shown


# More digits than a decimal has, with those of its fraction that are rounded away.
_EXACT = Context(prec=1_000)
_MOST_DIGITS = 38


def _number(value: Any, kind: HiveType, text: str) -> Decimal:
    try:
        return (
            Decimal(int(value))
            if isinstance(value, bool)
            else Decimal(value.strip() if not isinstance(value, Number) else value)
        )
    except InvalidOperation as error:
        raise _uncast(text, kind) from error


def _double(value: Any, kind: HiveType, text: str) -> float:
    if isinstance(value, bool):
        return float(value)
    try:
        return float(value)
    except ValueError as error:
        raise _uncast(text, kind) from error


def _decimal(value: Any, kind: HiveType, text: str) -> str:
    precision, scale = kind.arguments
    number = _number(value, kind, text)
    if not number.is_finite() or number.adjusted() >= precision - scale + 1:
        raise _uncast(text, kind)
    rounded = number.quantize(Decimal(1).scaleb(-scale), ROUND_HALF_UP, _EXACT)
    if abs(rounded) >= Decimal(10) ** (precision - scale):
        raise _uncast(text, kind)
    return f"{rounded:f}"


def _whole(value: Any, kind: HiveType, text: str) -> int:
    if isinstance(value, str) and not isinstance(value, Number) and not re.fullmatch(r"[+-]?\d+", value):
        raise _uncast(text, kind)
    exact = _number(value, kind, text)
    if not exact.is_finite() or exact.adjusted() > _MOST_DIGITS:
        raise _uncast(text, kind)
    number = int(exact.quantize(Decimal(1), ROUND_HALF_UP, _EXACT))
    bits = _RANGES.get(kind.name)
    if bits is None or not -(2**bits) <= number < 2**bits:
        raise _uncast(text, kind)
    return number


def json_quoted(text: str) -> str:
    """Write a text as JSON."""
    return with_escapes(_encoded(text))


ROUTINES: dict[str, Routine] = {
    "json_quoted": (json_quoted, ("VARCHAR",), "VARCHAR"),
    "json_parse": (json_parse, ("VARCHAR",), "VARCHAR"),
    "json_extract": (json_extract, ("VARCHAR", "VARCHAR"), "VARCHAR"),
    "json_extract_scalar": (json_extract_scalar, ("VARCHAR", "VARCHAR"), "VARCHAR"),
    "json_size": (json_size, ("VARCHAR", "VARCHAR"), "BIGINT"),
    "json_array_length": (json_array_length, ("VARCHAR",), "BIGINT"),
    # A result of the type JSON is not read, where a cast to it would refuse a text without quotes.
    "json_array_get": (json_array_get, ("VARCHAR", "BIGINT"), "JSON"),
    "json_array_contains_text": (json_array_contains_text, ("VARCHAR", "VARCHAR"), "BOOLEAN"),
    "json_array_contains_long": (json_array_contains_long, ("VARCHAR", "BIGINT"), "BOOLEAN"),
    "json_array_contains_double": (json_array_contains_double, ("VARCHAR", "DOUBLE"), "BOOLEAN"),
    "json_array_contains_boolean": (json_array_contains_boolean, ("VARCHAR", "BOOLEAN"), "BOOLEAN"),
    "is_json_scalar": (is_json_scalar, ("VARCHAR",), "BOOLEAN"),
    "json_cast": (json_cast, ("VARCHAR", "VARCHAR"), "VARCHAR"),
}
