"""
When two JSON values are equal: by value for numbers, so that 1 is 1.0, and never a boolean with a number.

Source: https://json-schema.org/draft/2020-12/json-schema-core#section-4.2.2
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


def canonical(value: Any) -> Hashable:
    """Return a hashable stand-in for *value*; two stand-ins are equal when the JSON values are."""
    if value is True or value is False:
        return ("boolean", value)
    if isinstance(value, list):
        return ("array", *map(canonical, value))
    if isinstance(value, dict):
        return ("object", frozenset([(key, canonical(item)) for key, item in value.items()]))
    stand_in: Hashable = value
    return stand_in


def one_of(values: Sequence[Any]) -> Callable[[Any], bool]:
    """Return a function that tells whether its argument equals one of *values*."""
    stand_ins = frozenset(map(canonical, values))

    def equals_one(instance: Any) -> bool:
        return canonical(instance) in stand_ins

    return equals_one


def are_unique(items: list[Any]) -> bool:
    """Tell whether no two of *items* are equal."""
    if all(type(item) is str for item in items):
        return len(set(items)) == len(items)
    return len(set(map(canonical, items))) == len(items)
