"""What a function written in Python is to DuckDB, and what it raises for a value that Trino refuses."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

# A function, DuckDB's types of its arguments, and of its result.
Routine = tuple[Callable[..., Any], tuple[str, ...], str]


class Refusal(ValueError):
    """A value is refused; the text is ``NAME: message``, as a query's reason shows it."""


def invalid(message: str) -> Refusal:
    """Give the refusal of an argument."""
    return Refusal(f"INVALID_FUNCTION_ARGUMENT: {message}")
