"""
JSON text to Python values, with one verdict whichever decoder is installed.

orjson is used where it is installed, for its speed; json otherwise, and for the first texts, since orjson takes longer to
import than some texts to read. Whatever one of them refuses is read again by the module `json_text`, which decides and says
where the fault is; what json alone would accept (NaN, lone surrogates, a byte order mark) is kept from it. Integers beyond 64
bits, which orjson may read as floats, are read by json.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable

from toolkit.dataclass import dataclass
from toolkit.validator.error import ValidationError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Literal

    DuplicateKeys = Literal["accept", "warn", "refuse"]

# orjson's own limit, which every reader is held to.
MOST_DEPTH = 1024
# Every digit as 0, what may stand before a number as a space, and any other byte as x: what is looked for is found in that
# faster than by a pattern. The first table knows no minus, with which 19 digits are too many, the second does.
_DIGITS = bytes(48 if byte in b"0123456789" else 32 if byte in b" \t\r\n:,[-" else 120 for byte in range(256))
_SIGNED_DIGITS = _DIGITS[: ord("-")] + b"-" + _DIGITS[ord("-") + 1 :]
_LONG = b" " + b"0" * 19
_TOO_LONG = (b" " + b"0" * 20, b" -" + b"0" * 19)
# Texts of so many bytes together are read by json before orjson is imported.
_BYTES_BEFORE_ORJSON = 10_000
_LONE_SURROGATE = re.compile("[\ud800-\udfff]")
# Byte order marks; UTF-32 comes first since its mark starts with that of UTF-16.
_MARKS = (
    (b"\xff\xfe\x00\x00", "UTF-32, by its byte order mark"),
    (b"\x00\x00\xfe\xff", "UTF-32, by its byte order mark"),
    (b"\xff\xfe", "UTF-16, by its byte order mark"),
    (b"\xfe\xff", "UTF-16, by its byte order mark"),
    (b"\xef\xbb\xbf", "UTF-8 with a byte order mark"),
)


class DuplicateKeyWarning(UserWarning):
    """A key stood twice in one object, and the last one counted."""


@dataclass(frozen=True, slots=True)
class Decoded:
    """A value, or the error that says why the text has none."""

    value: Any = None
    error: ValidationError | None = None


def decode(
    data: bytes | bytearray | memoryview | str, *, duplicate_keys: DuplicateKeys = "accept", exact: bool = True
) -> Decoded:
    """
    Return the value that *data* means, or a `ValidationError` with one of our own words as keyword.

    Unless *exact*, an integer beyond 64 bits may become the float nearest to it, which saves the search for one.
    With *duplicate_keys* "accept" the last of several equal keys in one object counts, as in most decoders; "warn" does
    the same with a `DuplicateKeyWarning`, "refuse" makes it an error.
    """
    if isinstance(data, bytearray | memoryview):
        data = bytes(data)
    if duplicate_keys == "accept":
        loads = quick_loads(len(data))
        if loads is not None and not (exact and has_long_integer(data)):
            try:
                return Decoded(loads(data))
            except ValueError:
                pass
    return _read_carefully(data, duplicate_keys)


def has_long_integer(data: bytes | str) -> bool:
    """Tell whether an integer in *data* may have so many digits that orjson reads it as a float."""
    if isinstance(data, str):
        data = data.encode("utf-8", "surrogatepass")
    digits = data.translate(_DIGITS)
    if _LONG not in digits and not digits.startswith(_LONG[1:]):
        return False
    digits = b" " + data.translate(_SIGNED_DIGITS)
    return any(long in digits for long in _TOO_LONG)


class _Orjson:
    """What of orjson is there: nothing before enough was read, and for good where it is not installed."""

    loads: Callable[[bytes | str], Any] | None = None
    bytes_before = _BYTES_BEFORE_ORJSON


def quick_loads(byte_count: int) -> Callable[[bytes | str], Any] | None:
    """
    Return ``orjson.loads`` for another *byte_count* bytes, or None where json had better read them.

    What it accepts means what the careful reader says it means, if `has_long_integer` is False.
    """
    if _Orjson.loads is None and _Orjson.bytes_before >= 0:
        _Orjson.bytes_before -= byte_count
        if _Orjson.bytes_before < 0:
            try:
                import orjson
            except ImportError:  # slower without it, and otherwise the same
                return None
            _Orjson.loads = orjson.loads
    return _Orjson.loads


def _read_carefully(data: bytes | str, duplicate_keys: DuplicateKeys) -> Decoded:
    if isinstance(data, bytes):
        for mark, found in _MARKS:
            if data.startswith(mark):
                return Decoded(error=_error("encoding", "UTF-8 without a byte order mark", found, 1, 1, 0))
        try:
            text = data.decode("utf-8")
        except UnicodeDecodeError as error:
            before = data[: error.start].decode("utf-8")
            found = f"the byte 0x{data[error.start]:02x}"
            return _at("encoding", "UTF-8", found, before, len(before))
    else:
        text = data
        lone = _LONE_SURROGATE.search(text)
        if lone:
            return _at("encoding", "text that UTF-8 can hold", "half of a surrogate pair", text, lone.start())
    try:
        return Decoded(_read_fast(text, duplicate_keys))
    except (ValueError, RecursionError):
        pass  # the slow reader knows what it is, and where
    from toolkit.validator.json_text import Fault, read

    try:
        value = read(text, unique_keys=duplicate_keys == "refuse")
    except Fault as fault:
        return _at(fault.keyword, fault.expected, fault.found, text, fault.position)
    return Decoded(value)


def _read_fast(text: str, duplicate_keys: DuplicateKeys) -> Any:
    """Return the value of *text*, or raise a ValueError where the slow reader had better have a look."""
    pairs = {"accept": None, "warn": _warned_pairs, "refuse": _unique_pairs}[duplicate_keys]
    value = json.loads(text, parse_constant=_refused, parse_float=_float, parse_int=_int, object_pairs_hook=pairs)
    if "\\u" in text and _has_lone_surrogate(value):
        raise ValueError
    if text.count("[") + text.count("{") > MOST_DEPTH and _is_deep(value):
        # A greater recursion limit lets json go deeper than others.
        raise ValueError
    return value


def _is_deep(value: Any) -> bool:
    level, depth = [value], 0
    while level:
        level = [item for item in level if isinstance(item, dict | list)]
        depth += bool(level)
        level = [below for item in level for below in (item.values() if isinstance(item, dict) else item)]
    return depth > MOST_DEPTH


def _refused(name: str) -> None:
    raise ValueError(name)


def _float(text: str) -> float:
    value = float(text)
    if value - value != 0:
        raise ValueError
    return value


def _int(text: str) -> int:
    if len(text) > 300:
        _float(text)
    return int(text)


def _unique_pairs(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    unique = dict(pairs)
    if len(unique) < len(pairs):
        raise ValueError
    return unique


def _warned_pairs(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    unique = dict(pairs)
    if len(unique) < len(pairs):
        import warnings

        warnings.warn("a key stands twice in one object; the last one counts", DuplicateKeyWarning, stacklevel=2)
    return unique


def _has_lone_surrogate(value: Any) -> bool:
    stack = [value]
    while stack:
        item = stack.pop()
        if isinstance(item, str):
            if _LONE_SURROGATE.search(item):
                return True
        elif isinstance(item, dict):
            stack.extend(item)
            stack.extend(item.values())
        elif isinstance(item, list):
            stack.extend(item)
    return False


def _at(keyword: str, expected: str, found: str, text: str, position: int) -> Decoded:
    """Return the error at *position* of *text*, counted in lines, columns and bytes."""
    before = text[:position]
    line = before.count("\n") + 1
    column = position - (before.rfind("\n") + 1) + 1
    return Decoded(error=_error(keyword, expected, found, line, column, len(before.encode("utf-8", "surrogatepass"))))


def _error(keyword: str, expected: str, found: str, line: int, column: int, byte_offset: int) -> ValidationError:
    return ValidationError("", "", keyword, expected, found, (), line, column, byte_offset)
