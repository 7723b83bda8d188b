"""Lines of JSON, one object each, to the declared columns: the OpenX and the Hive SerDe."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any

import orjson

from toolkit.local.athena.hive_types import HiveType
from toolkit.local.athena.readers.arrow import arrow_schema, table_of
from toolkit.local.athena.readers.json_values import BadValue, ExactTextNeeded, Number, SerdeRules, row_converter

LINES_PER_BATCH = 50_000

# Whether any key may have an upper-case letter: in ASCII, escaped, or beyond ASCII. Says yes too often, never too seldom.
_UPPER_CASE_KEY = re.compile(rb'(?:[A-Z]|\\u|[\x80-\xff])[^"\n]*"\s*:')

_EXACT = json.JSONDecoder(parse_float=Number, parse_int=Number, parse_constant=Number, strict=False)

RowConverter = Callable[[dict[str, Any]], dict[str, Any]]


class Malformed(ValueError):
    """A line is no JSON, or has a key twice."""


def line_by_line(columns: Mapping[str, HiveType], rules: SerdeRules) -> Callable[[bytes, dict[str, str]], Any]:
    """Give the function from a text to an Arrow table of the columns; what could not be read it puts into the second."""
    row_of = row_converter(columns, rules)
    one_by_one = {name: row_converter({name: kind}, rules) for name, kind in columns.items()}

    def read(text: bytes, errors: dict[str, str]) -> Any:
        import pyarrow as pa

        batches = _batches(text, columns, rules, row_of, one_by_one, errors)
        tables = [table_of(columns, batch) for batch in batches]
        return pa.concat_tables(tables) if tables else arrow_schema(columns).empty_table()

    return read


def _batches(
    text: bytes,
    columns: Mapping[str, HiveType],
    rules: SerdeRules,
    row_of: RowConverter,
    one_by_one: Mapping[str, RowConverter],
    errors: dict[str, str],
) -> Iterator[dict[str, list[Any]]]:
    parse = _parser(text, rules)
    nothing = dict.fromkeys(columns)
    lines = text.split(b"\n")
    if not lines[-1]:
        lines.pop()
    for start in range(0, len(lines), LINES_PER_BATCH):
        rows = []
        for line in lines[start : start + LINES_PER_BATCH]:
            try:
                try:
                    value = parse(line)
                    rows.append(nothing if value is None else row_of(value))
                except ExactTextNeeded:
                    rows.append(row_of(_cased(_parse_exactly(line), rules)))
            except Malformed as error:
                if not rules.ignores_malformed:
                    errors.setdefault("", str(error))
                rows.append(nothing)
            except BadValue:
                rows.append(_what_can_be_read(_cased(_parse_exactly(line), rules), one_by_one, errors))
        yield {name: [row[name] for row in rows] for name in columns}


def _parser(text: bytes, rules: SerdeRules) -> Callable[[bytes], dict[str, Any] | None]:
    lowers = rules.is_openx and rules.is_case_insensitive and _UPPER_CASE_KEY.search(text) is not None

    def parse(line: bytes) -> dict[str, Any] | None:
        stripped = line.strip()
        if stripped[:1] != b"{":
            if rules.is_openx and stripped[:1] != b"[":
                return None  # a row of nulls, without a word
            raise Malformed(f"Row is not a valid JSON Object: {_excerpt(stripped)}")
        try:
            value: Any = orjson.loads(stripped)
        except orjson.JSONDecodeError:
            value = _parse_exactly(stripped)
        parsed: dict[str, Any] = lowered(value) if lowers else value
        return parsed

    return parse


def _parse_exactly(line: bytes) -> dict[str, Any]:
    # Text after the object is ignored, and bytes that are no UTF-8 are replaced, as Hadoop's Text does.
    try:
        value, _ = _EXACT.raw_decode(line.decode(errors="replace").strip())
    except (ValueError, RecursionError) as error:
        raise Malformed(f"Row is not a valid JSON Object - JSONException: {error} in {_excerpt(line)}") from error
    sound: dict[str, Any] = _sound(value)
    return sound


def _sound(value: Any) -> Any:
    # Half of a surrogate pair is no character, and no column can hold it.
    if isinstance(value, dict):
        return {_sound(key): _sound(each) for key, each in value.items()}
    if isinstance(value, list):
        return [_sound(each) for each in value]
    if isinstance(value, str) and not value.isascii():
        return value.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return value


def _cased(value: dict[str, Any], rules: SerdeRules) -> dict[str, Any]:
    if rules.is_openx and rules.is_case_insensitive:
        cased: dict[str, Any] = lowered(value)
        return cased
    return value


def lowered(value: Any) -> Any:
    """
    Give a JSON value with all its keys in lower case.

    Raises:
        Malformed: an object has a key in two spellings.
    """
    if isinstance(value, dict):
        fields = {key.lower(): lowered(each) for key, each in value.items()}
        if len(fields) != len(value):
            # Documented for Athena, where Trino's own reader takes the last one:
            # https://docs.aws.amazon.com/athena/latest/ug/openx-json-serde.html
            seen: set[str] = set()
            twice = next(key for key in map(str.lower, value) if key in seen or seen.add(key))  # type: ignore[func-returns-value]
            raise Malformed(f'Row is not a valid JSON Object - JSONException: Duplicate key "{twice}"')
        return fields
    if isinstance(value, list):
        return [lowered(each) for each in value]
    return value


def _what_can_be_read(
    value: dict[str, Any],
    one_by_one: Mapping[str, RowConverter],
    errors: dict[str, str],
) -> dict[str, Any]:
    # Only a query that reads the column fails for it.
    row: dict[str, Any] = {}
    for name, convert in one_by_one.items():
        try:
            row |= convert(value)
        except BadValue as error:
            errors.setdefault(name, str(error))
            row[name] = None
    return row


def _excerpt(line: bytes) -> str:
    return line[:80].decode(errors="replace")
