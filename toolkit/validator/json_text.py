"""
A reader of JSON that stops at the first fault and knows where it is; slow, and used where the fast ones have failed.

It keeps its own stack, so nesting costs no recursion, and it defines what a text may be: RFC 8259, without lone
surrogates, without numbers beyond binary64, nested at most `MOST_DEPTH` deep, and with each key once if so asked.
"""

from __future__ import annotations

import json.decoder
import re

from toolkit.validator.decoding import MOST_DEPTH
from toolkit.validator.wording import json_text

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

_SPACE = re.compile(r"[ \t\n\r]*")
_NUMBER = re.compile(r"-?(?:0|[1-9][0-9]*)(\.[0-9]+)?([eE][+-]?[0-9]+)?")
_CONSTANTS = {"true": True, "false": False, "null": None}
_CONSTANT = re.compile("|".join(_CONSTANTS))
_LONE = re.compile("[\ud800-\udfff]")
# What an incomplete text has where a value or a bracket should be: it may go on in the next line.
END_OF_TEXT = "the end of the text"
# More digits than the greatest float has; Python refuses to read many more.
_MOST_DIGITS = 310


class Fault(Exception):
    """What is wrong at ``position``, in characters from 0; ``keyword`` is one of ``TEXT_KEYWORDS``."""

    def __init__(self, keyword: str, expected: str, found: str, position: int) -> None:
        super().__init__(keyword, expected, found, position)
        self.keyword = keyword
        self.expected = expected
        self.found = found
        self.position = position


def read(text: str, *, unique_keys: bool = False) -> Any:
    """
    Return the value of *text*.

    Raises:
        Fault: it is no JSON, or beyond the bounds.
    """
    reader = _Reader(text, unique_keys)
    return reader.document()


class _Reader:
    def __init__(self, text: str, unique_keys: bool) -> None:
        self.text = text
        self.unique_keys = unique_keys
        self.position = 0

    def document(self) -> Any:
        """Read values into a stack of open containers until the outermost is closed."""
        stack: list[tuple[Any, str | None]] = []
        while True:
            self._skip()
            opening = self.text[self.position : self.position + 1]
            if opening in ("[", "{"):
                if len(stack) == MOST_DEPTH:
                    raise self._fault("depth", f"at most {MOST_DEPTH} nested arrays and objects", "more")
                self.position += 1
                self._skip()
                container: Any = [] if opening == "[" else {}
                closing = "]" if opening == "[" else "}"
                if not self._accept(closing):
                    stack.append((container, self._key(container) if opening == "{" else None))
                    continue
                value: Any = container
            else:
                value = self._scalar()
            # Put the value where it belongs, and close what ends with it.
            while stack:
                container, key = stack.pop()
                if key is None:
                    container.append(value)
                else:
                    container[key] = value
                self._skip()
                if self._accept(","):
                    self._skip()
                    stack.append((container, None if key is None else self._key(container)))
                    break
                if not self._accept("]" if key is None else "}"):
                    expected = "a comma or the end of the array" if key is None else "a comma or the end of the object"
                    raise self._unexpected(expected)
                value = container
            else:
                self._skip()
                if self.position < len(self.text):
                    raise self._unexpected(END_OF_TEXT)
                return value

    def _fault(self, keyword: str, expected: str, found: str, position: int | None = None) -> Fault:
        return Fault(keyword, expected, found, self.position if position is None else position)

    def _unexpected(self, expected: str) -> Fault:
        # The character itself may be personal data as little as a value.
        found = END_OF_TEXT if self.position >= len(self.text) else "something else"
        return self._fault("json", expected, found)

    def _skip(self) -> None:
        match = _SPACE.match(self.text, self.position)
        self.position = match.end() if match else self.position

    def _accept(self, sign: str) -> bool:
        if self.text.startswith(sign, self.position):
            self.position += 1
            return True
        return False

    def _key(self, container: dict[str, Any]) -> str:
        start = self.position
        if not self.text.startswith('"', start):
            raise self._unexpected("a key in double quotes")
        key = self._string()
        if self.unique_keys and key in container:
            raise self._fault("duplicateKeys", "each key once in an object", f"{json_text(key)} twice", start)
        self._skip()
        if not self._accept(":"):
            raise self._unexpected("a colon after the key")
        return key

    def _scalar(self) -> Any:
        if self.text.startswith('"', self.position):
            return self._string()
        match = _CONSTANT.match(self.text, self.position)
        if match:
            self.position = match.end()
            return _CONSTANTS[match[0]]
        match = _NUMBER.match(self.text, self.position)
        if not match:
            raise self._unexpected("a value")
        text = match[0]
        number = float(text)
        if number - number != 0:
            raise self._fault("json", "a number within the range of binary64", "one beyond it")
        self.position = match.end()
        is_integer = match[1] is None and match[2] is None and len(text) <= _MOST_DIGITS
        return int(text) if is_integer else number

    def _string(self) -> str:
        start = self.position
        try:
            value, self.position = json.decoder.scanstring(self.text, start + 1, True)  # type: ignore[attr-defined]
        except json.JSONDecodeError as error:
            raise self._fault("json", "a string", _reason(error.msg), error.pos) from error
        if _LONE.search(value):
            raise self._fault("json", "a string", "half of a surrogate pair in it", start)
        text: str = value
        return text


def _reason(message: str) -> str:
    """Return json's own words for a fault in a string, without the position they end with."""
    words = message.removesuffix(" at").removesuffix(" starting")
    return words[0].lower() + words[1:]
