"""The text of one scalar: patterns that accept only values which some schemas allow."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Sequence, Set
from typing import Any

from toolkit.schema import Schema
from toolkit.validator.bulk.charset import ANY_STRING, CHARACTER, FORMAT_TEXTS, pattern_text
from toolkit.validator.bulk.numerals import Bounds, decimal_text, integer_text, multiples_text
from toolkit.validator.bulk.shape import Unfit
from toolkit.validator.formats import format_check

# A repetition beyond this would only slow the compilation of a regex down.
_MOST_REPEATS = 10_000
_NUMBER_END = rb'(?=[ \t\r",}\]])'


def values_of(schemas: Sequence[Schema], keyword: str) -> list[Any]:
    """Return the values of *keyword* in those of *schemas* whose dialect knows it."""
    return [
        schema.contents[keyword]
        for schema in schemas
        if isinstance(schema.contents, dict) and keyword in schema.contents and keyword in schema.dialect.keywords
    ]


def literal_text(value: Any) -> bytes | None:
    """Return a pattern of how the scalar *value* is usually written, or None where it needs escapes."""
    if isinstance(value, float) and not math.isfinite(value):
        return None
    try:
        written = json.dumps(value, ensure_ascii=False).encode()
    except (UnicodeEncodeError, ValueError):
        return None
    if isinstance(value, int) and len(written) > 18:
        return None
    return None if b"\\" in written or b"\x7f" in written else re.escape(written)


def string_text(schemas: Sequence[Schema], excluded: Sequence[str], *, asserts_format: bool | None) -> bytes:
    """
    Return a pattern of strings that every one of *schemas* allows, none of which is in *excluded*.

    Raises:
        Unfit: none can be had.
    """
    bodies = [pattern_text(pattern) for pattern in values_of(schemas, "pattern")]
    for schema in schemas:
        for name in values_of([schema], "format"):
            # As in toolkit.validator.values: a metaschema that requires the vocabulary of assertion is not overruled.
            dialect = schema.dialect
            asserted = dialect.asserts_format and (asserts_format is None or dialect.generation in (2019, 2020))
            if format_check(name, dialect.generation) is None or not (asserted or asserts_format):
                continue
            if name not in FORMAT_TEXTS:
                raise Unfit(f"the format {name} is not known to templates")
            bodies.append(FORMAT_TEXTS[name])
        is_encoded = values_of([schema], "contentEncoding") or values_of([schema], "contentMediaType")
        if is_encoded and schema.dialect.generation not in (2019, 2020):
            raise Unfit("encoded content")
    least = max([0, *values_of(schemas, "minLength")])
    most = min([math.inf, *values_of(schemas, "maxLength")])
    if least or most < math.inf:
        bodies.append(_length_text(least, most))
    body = bodies.pop(0) if bodies else ANY_STRING
    if excluded:
        # They must not come back in the disguise of escapes, which only this stand-in allows.
        body = body.replace(ANY_STRING, CHARACTER + b"*+")
        texts = [literal_text(text) for text in excluded]
        known = [text.removeprefix(b'"') for text in texts if text is not None]
        if known:
            body = b"(?!" + b"|".join(known) + b")" + body
    return b'"' + b"".join(b"(?=" + other + b'")' for other in bodies) + body + b'"'


def _length_text(least: float, most: float) -> bytes:
    """Lengths count characters: no string has more of them than bytes, and each starts with a byte that goes on nothing."""
    if least > _MOST_REPEATS:
        raise Unfit("minLength is large")
    if most < least:
        raise Unfit("no length is allowed")
    rest = b"*+"
    if most < math.inf:
        rest = b"{0,%d}+" % min(int(most - math.ceil(least)), 2**31)
    least = math.ceil(least)
    if least == 0:
        return CHARACTER + rest
    if least == 1:
        # One character may be up to four bytes long, which only an upper limit minds.
        return CHARACTER + (b"++" if most == math.inf else b"{1,%d}+" % min(int(most), 2**31))
    first = rb"(?>[ !#-\[\]-\x7f]{%d}|(?:(?![\x80-\xbf])" % least + CHARACTER + rb"[\x80-\xbf]*+){%d})" % least
    return first + CHARACTER + rest


def number_text(schemas: Sequence[Schema], seen: Set[str], *, whole: bool) -> bytes:
    """
    Return a pattern of numbers, or if *whole* integers, that every one of *schemas* allows.

    *seen* are the marks of the numbers seen at this place; others may be left out where that makes the pattern faster.

    Raises:
        Unfit: none can be had.
    """
    bounds = _bounds(schemas)
    text = integer_text(bounds, seen) if whole else decimal_text(bounds, seen)
    divisors = values_of(schemas, "multipleOf")
    if divisors:
        multiples = multiples_text(divisors, whole=whole)
        text = multiples if bounds == Bounds() else b"(?=" + text + _NUMBER_END + b")" + multiples
    return text


def _bounds(schemas: Sequence[Schema]) -> Bounds:
    least: list[Any] = []
    greatest: list[Any] = []
    above: list[Any] = []
    below: list[Any] = []
    for schema in schemas:
        for keyword, exclusive, inclusive_limits, exclusive_limits in (
            ("minimum", "exclusiveMinimum", least, above),
            ("maximum", "exclusiveMaximum", greatest, below),
        ):
            flag = next(iter(values_of([schema], exclusive)), None)
            # In draft 4 the exclusive form is a boolean beside the inclusive one.
            limits = exclusive_limits if flag is True else inclusive_limits
            limits.extend(values_of([schema], keyword))
            if flag is not None and not isinstance(flag, bool):
                exclusive_limits.append(flag)
    if not all(math.isfinite(limit) for limit in (*least, *greatest, *above, *below)):
        raise Unfit("a bound is infinite")
    return Bounds(
        max(least, default=None), min(greatest, default=None), max(above, default=None), min(below, default=None)
    )
