"""
Instances that are not plain JSON values: subclasses such as OrderedDict, tuples, Decimals, and what is no JSON at all.

Generated functions test exact types, which is what makes them fast. One that meets another type stops with
`ForeignType`, and the validation starts again on a plain copy.
"""

from __future__ import annotations

from collections.abc import Mapping

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

PLAIN_TYPES: frozenset[type] = frozenset({dict, list, str, int, float, bool, type(None)})


class ForeignType(Exception):
    """A generated function met a value whose type is not one of `PLAIN_TYPES`."""


class NotJson(Exception):
    """A value that no JSON text could mean; ``path`` leads to it, ``type_name`` is its Python type."""

    def __init__(self, path: tuple[str | int, ...], type_name: str) -> None:
        super().__init__(path, type_name)
        self.path = path
        self.type_name = type_name


def foreign(value: Any) -> bool:
    """Return False for a plain *value* (a function returns that as its verdict), and raise `ForeignType` otherwise."""
    if type(value) in PLAIN_TYPES:
        return False
    raise ForeignType


def plain(value: Any, path: tuple[str | int, ...] = ()) -> Any:
    """
    Return a deep copy of *value* in plain types: any mapping as dict, tuple as list, UserString as text, an integral Decimal
    as int.

    Raises:
        NotJson: it contains something else, or a key that is no text.
    """
    kind = type(value)
    if kind in (str, int, float, bool) or value is None:
        return value
    if isinstance(value, Mapping):
        copy = {}
        for key, item in value.items():
            if not isinstance(key, str):
                raise NotJson(path, f"{type(key).__name__} as key")
            copy[str.__str__(key)] = plain(item, (*path, str.__str__(key)))
        return copy
    if isinstance(value, list | tuple):
        return [plain(item, (*path, index)) for index, item in enumerate(value)]
    # An IntEnum or a str subclass stands for its plain value.
    if isinstance(value, str):
        return str.__str__(value)
    if isinstance(value, int):
        return int.__int__(value)
    if isinstance(value, float):
        return float.__float__(value)
    from collections import UserString
    from decimal import Decimal

    # It is equal to its text, and so found among the texts of an enum.
    if isinstance(value, UserString):
        return str.__str__(value.data)
    if isinstance(value, Decimal) and value.is_finite() and abs(value.adjusted()) <= _MOST_DIGITS:
        return int(value) if value == value.to_integral_value() else float(value)
    raise NotJson(path, kind.__name__)


# Beyond the range of binary64 a Decimal could stand for an integer that fills the memory.
_MOST_DIGITS = 308
