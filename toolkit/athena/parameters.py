"""
Parameters: values that Athena binds to the ``?`` of a statement, so that none of them becomes SQL.

A statement names them (``WHERE dt = :day``) or counts them (``WHERE dt = ?``). Athena itself knows ``?`` alone and wants
each value as the text of a literal; that text is made here, by type.

Source: https://docs.aws.amazon.com/athena/latest/ug/querying-with-prepared-statements.html
"""

from __future__ import annotations

import decimal
import math
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

from toolkit.errors import InvalidInput
from toolkit.hive.text import query_literal
from toolkit.hive.types import MAX_PRECISION

# https://docs.aws.amazon.com/athena/latest/APIReference/API_StartQueryExecution.html (ExecutionParameters)
MAX_PARAMETER_CHARACTERS = 1024

# What may hold a colon or a question mark that is none of ours comes first.
_TOKEN = re.compile(
    r"""(?P<text>'(?:[^']|'')*'?|"(?:[^"]|"")*"?|`(?:[^`]|``)*`?|--[^\n]*|/\*.*?(?:\*/|\Z))"""
    r"""|(?P<mark>\?)"""
    # In DDL a colon stands between a field and its type.
    r"""|(?<![:\w`"'>)\]]):(?P<name>[A-Za-z_]\w*)""",
    re.S,
)


@dataclass(frozen=True, slots=True)
class BoundStatement:
    """
    A statement and the literals for its ``?``, in order.

    ``inlined`` is the same statement with each literal in its place: what is asked when sizes are looked up beforehand.
    """

    sql: str
    literals: tuple[str, ...]
    inlined: str


def parameter_names(sql: str) -> tuple[str, ...]:
    """Return the names that *sql* writes as ``:name``, each once, in order; text in quotes and comments has none."""
    return tuple(dict.fromkeys(found["name"] for found in _TOKEN.finditer(sql) if found["name"]))


def count_marks(sql: str) -> int:
    """Return how many ``?`` of *sql* stand for a value."""
    return sum(found["mark"] is not None for found in _TOKEN.finditer(sql))


def bind(sql: str, parameters: Mapping[str, Any] | Sequence[Any] | None = None) -> BoundStatement:
    """
    Return *sql* with *parameters* bound: a mapping to its ``:name``, a sequence to its ``?``.

    A list, tuple, set, Series or array becomes as many values as it holds, for ``IN (:names)``; an empty one becomes NULL, which
    is in nothing. A literal that is longer than Athena takes as a parameter stands in the statement, quoted.

    Raises:
        InvalidInput: a value is missing or left over, or can't be written as a literal; ``:name`` and ``?`` are mixed.
    """
    if parameters is None:
        # A statement without parameters is sent as it is, whatever it holds; Athena says what it lacks.
        return BoundStatement(sql, (), sql)
    names, marks = parameter_names(sql), count_marks(sql)
    if names and marks:
        raise InvalidInput(f"parameters: expected either :name or ?, found both (:{names[0]} and ?)")
    if isinstance(parameters, Mapping):
        values = _named(names, parameters, marks)
    else:
        values = _counted(names, list(parameters), marks)
    sent: list[str] = []
    written: list[str] = []
    literals: list[str] = []
    end = 0
    for found in _TOKEN.finditer(sql):
        if found["text"]:
            continue
        value = values[found["name"]] if found["name"] else values[len(written) // 2]
        texts = [literal(item, name=found["name"] or f"? number {len(written) // 2 + 1}") for item in _items(value)]
        between = sql[end : found.start()]
        fits = [len(text) <= MAX_PARAMETER_CHARACTERS for text in texts]
        literals += [text for text, fit in zip(texts, fits, strict=True) if fit]
        sent += [between, ", ".join("?" if fit else text for text, fit in zip(texts, fits, strict=True))]
        written += [between, ", ".join(texts)]
        end = found.end()
    return BoundStatement("".join([*sent, sql[end:]]), tuple(literals), "".join([*written, sql[end:]]))


def _named(names: Sequence[str], parameters: Mapping[str, Any], marks: int) -> dict[Any, Any]:
    if marks:
        raise InvalidInput(f"parameters: expected a sequence of {marks} values for ?, found names")
    missing = [name for name in names if name not in parameters]
    if missing:
        raise InvalidInput(f"parameters: expected a value for :{missing[0]}, found none; set {missing[0]} first")
    return {name: parameters[name] for name in names}


def _counted(names: Sequence[str], parameters: Sequence[Any], marks: int) -> dict[Any, Any]:
    if names:
        raise InvalidInput(f"parameters: expected a mapping with a value for :{names[0]}, found a sequence")
    if len(parameters) != marks:
        raise InvalidInput(f"parameters: expected {marks} values, one for each ?, found {len(parameters)}")
    return dict(enumerate(parameters))


def _items(value: Any) -> list[Any]:
    if isinstance(value, str | bytes | Mapping):
        return [value]
    # pandas and NumPy hand over Python values with tolist(), a scalar included.
    plain = value.tolist() if hasattr(value, "tolist") else value
    if isinstance(plain, Iterable) and not isinstance(plain, str | bytes | Mapping):
        return list(plain) or [None]
    return [plain]


def literal(value: Any, *, name: str = "value") -> str:
    """
    Return *value* as a literal of a query: text, numbers, booleans, dates, times, bytes, and None for NULL.

    A time with a zone is written in UTC. Missing values of pandas are NULL.

    Raises:
        InvalidInput: the value is of another type, a number is not finite, or a Decimal has more than 38 digits.
    """
    if hasattr(value, "item"):
        value = value.item()
    if value is None or type(value).__name__ in ("NAType", "NaTType"):
        return "NULL"
    match value:
        case bool():
            return "TRUE" if value else "FALSE"
        case int():
            return str(int(value))
        case float() if math.isfinite(value):
            # With an exponent it is a DOUBLE, in Trino's grammar and in Athena's.
            text = repr(float(value))
            return text if "e" in text else f"{text}e0"
        case decimal.Decimal() if fits_decimal(value):
            return f"DECIMAL {query_literal(format(value, 'f'))}"
        case str():
            return query_literal(_encodable(value, name))
        case bytes():
            return f"X{query_literal(value.hex())}"
        case datetime():
            return _timestamp(value)
        case date():
            return f"DATE {query_literal(value.isoformat())}"
    raise InvalidInput(
        f"parameter {name}: expected text, a finite number, a boolean, a date, a time, None, or a list of these, found "
        f"{type(value).__name__}{f' {value}' if isinstance(value, float | decimal.Decimal) else ''}"
    )


def fits_decimal(value: decimal.Decimal) -> bool:
    """Whether *value* is finite and has, written without an exponent, no more digits than a DECIMAL."""
    exponent = value.as_tuple().exponent
    return isinstance(exponent, int) and max(value.adjusted(), 0) + 1 + max(-exponent, 0) <= MAX_PRECISION


def _timestamp(value: datetime) -> str:
    zone = ""
    if value.tzinfo is not None:
        value, zone = value.astimezone(UTC).replace(tzinfo=None), " UTC"
    text = value.isoformat(" ", "microseconds" if value.microsecond % 1000 else "milliseconds")
    return f"TIMESTAMP {query_literal(text + zone)}"


def _encodable(value: str, name: str) -> str:
    try:
        value.encode()
    except UnicodeEncodeError as error:
        raise InvalidInput(
            f"parameter {name}: expected text, found a lone surrogate, which UTF-8 can't carry"
        ) from error
    return value
