"""
JSON text to Python values, with one verdict whichever decoder is installed.

orjson is used where it is installed, for its speed; json otherwise. What either of them refuses, or reads in a way of
its own, is decided by rules that both follow: UTF-8 without a byte order mark, no NaN or Infinity, no lone
surrogates, no number beyond binary64, no more than `MOST_DEPTH` nested arrays and objects.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import Any, Literal

from toolkit.validator.error import ValidationError
from toolkit.validator.wording import json_text

try:
    import orjson
except ImportError:  # the verdicts are the same without it, later
    orjson = None  # type: ignore[assignment,unused-ignore]

DuplicateKeys = Literal["accept", "refuse"]
# orjson's own limit, which json is held to as well.
MOST_DEPTH = 1024
# From here on orjson reads integers as floats.
_LONG_INTEGER = re.compile(rb"[0-9]{19}")
_LONG_INTEGER_TEXT = re.compile("[0-9]{19}")
_SURROGATE_ESCAPE = re.compile(r"[\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class Decoded:
    """A value, or the error that says why the text has none."""

    value: Any = None
    error: ValidationError | None = None


class _Refused(Exception):
    def __init__(self, keyword: str, expected: str, found: str) -> None:
        super().__init__(keyword, expected, found)
        self.phrases = (keyword, expected, found)


def decode(data: bytes | bytearray | memoryview | str, *, duplicate_keys: DuplicateKeys = "accept") -> Decoded:
    """
    Return the value that *data* means, or a `ValidationError` with one of our own words as keyword.

    With *duplicate_keys* "accept" the last of several equal keys in one object counts, as in most decoders.
    """
    if isinstance(data, bytearray | memoryview):
        data = bytes(data)
    if orjson is not None and duplicate_keys == "accept":
        try:
            value = orjson.loads(data)
        except (orjson.JSONDecodeError, RecursionError):
            return _decode_carefully(data, duplicate_keys)
        long_integer = _LONG_INTEGER_TEXT.search(data) if isinstance(data, str) else _LONG_INTEGER.search(data)
        if not long_integer:
            return Decoded(value)
    return _decode_carefully(data, duplicate_keys)


def _decode_carefully(data: bytes | str, duplicate_keys: DuplicateKeys) -> Decoded:
    text = ""
    try:
        if isinstance(data, bytes):
            if data.startswith((b"\xff\xfe", b"\xfe\xff")):
                raise _Refused("encoding", "UTF-8", "UTF-16 or UTF-32, by its byte order mark")
            if data.startswith(b"\xef\xbb\xbf"):
                raise _Refused("encoding", "UTF-8 without a byte order mark", "a byte order mark")
            text = data.decode("utf-8")
        else:
            text = data
            text.encode("utf-8")
        value = json.loads(
            text,
            parse_constant=_constant,
            parse_float=_float,
            parse_int=_int,
            object_pairs_hook=_unique_pairs if duplicate_keys == "refuse" else None,
        )
        if "\\u" in text and _has_lone_surrogate(value):
            raise _Refused("json", "JSON", "half of a surrogate pair in a string")
    except UnicodeDecodeError as error:
        return _fault("encoding", "UTF-8", f"the byte 0x{error.object[error.start]:02x}", text, error.start)
    except UnicodeEncodeError as error:
        return _fault("encoding", "text that UTF-8 can hold", "half of a surrogate pair", "", error.start)
    except json.JSONDecodeError as error:
        offset = len(text[: error.pos].encode("utf-8"))
        found = error.msg[0].lower() + error.msg[1:]
        return Decoded(error=_error("json", "JSON", f"a fault: {found}", error.lineno, error.colno, offset))
    except RecursionError:
        return Decoded(
            error=_error("depth", f"at most {MOST_DEPTH} nested arrays and objects", "more", None, None, None)
        )
    except _Refused as error:
        return Decoded(error=_error(*error.phrases, 1, 1, 0))
    return Decoded(value)


def _fault(keyword: str, expected: str, found: str, text: str, offset: int) -> Decoded:
    return Decoded(error=_error(keyword, expected, found, 1, offset + 1, offset))


def _error(
    keyword: str, expected: str, found: str, line: int | None, column: int | None, byte_offset: int | None
) -> ValidationError:
    return ValidationError("", "", keyword, expected, found, (), line, column, byte_offset)


def _constant(name: str) -> None:
    raise _Refused("json", "JSON", name)


def _float(text: str) -> float:
    value = float(text)
    if value - value != 0:
        raise _Refused("json", "a number within the range of binary64", "one beyond it")
    return value


def _int(text: str) -> int:
    if len(text) > 300:
        _float(text)
    return int(text)


def _unique_pairs(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    unique = dict(pairs)
    if len(unique) < len(pairs):
        names = [name for name, _ in pairs]
        twice = next(name for name in unique if names.count(name) > 1)
        raise _Refused("duplicateKeys", "each key once in an object", f"{json_text(twice)} twice")
    return unique


def _has_lone_surrogate(value: Any) -> bool:
    stack = [value]
    while stack:
        item = stack.pop()
        if isinstance(item, str):
            if _SURROGATE_ESCAPE.search(item):
                return True
        elif isinstance(item, dict):
            stack.extend(item)
            stack.extend(item.values())
        elif isinstance(item, list):
            stack.extend(item)
    return False
