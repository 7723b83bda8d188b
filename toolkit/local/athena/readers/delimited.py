"""
Delimited text as LazySimpleSerDe reads and writes it: one separator for each level of nesting, no quotes.

Source: https://docs.aws.amazon.com/athena/latest/ug/lazy-simple-serde.html and, for the separators,
https://github.com/apache/hive/blob/rel/release-2.3.9/serde/src/java/org/apache/hadoop/hive/serde2/lazy/LazySerDeParameters.java
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from toolkit.local.athena.hive_types import HiveType
from toolkit.local.athena.readers.arrow import Reader
from toolkit.local.athena.readers.text_lines import FieldConverter, line_reader
from toolkit.local.athena.readers.text_values import bulk_converter, lazy_converter

# Hive's separators of fields, items and keys, and of the levels below them.
DEFAULT_SEPARATORS = "\x01\x02\x03\x04\x05\x06\x07\x08"
DEFAULT_NULL = "\\N"

# Types of fields that are read many at once.
_BULK = frozenset({"tinyint", "smallint", "int", "bigint", "double", "date", "timestamp", "boolean", "string"})


@dataclass(frozen=True, slots=True)
class DelimitedRules:
    """The properties of a LazySimpleSerDe."""

    separators: str = DEFAULT_SEPARATORS
    escape: str = ""
    null: str = DEFAULT_NULL
    last_takes_rest: bool = False
    timestamp_formats: tuple[str, ...] = ()


def delimited_rules(properties: Mapping[str, str]) -> DelimitedRules:
    """Read the properties of a LazySimpleSerDe."""
    fields = properties.get("field.delim") or properties.get("serialization.format")
    items = properties.get("colelction.delim") or properties.get("collection.delim")
    keys = properties.get("mapkey.delim")
    separators = "".join(
        separator(text, default) for text, default in zip((fields, items, keys), DEFAULT_SEPARATORS, strict=False)
    )
    escape = properties.get("escape.delim")
    formats = tuple(part for part in properties.get("timestamp.formats", "").split(",") if part)
    return DelimitedRules(
        separators + DEFAULT_SEPARATORS[3:],
        separator(escape, "\\") if escape is not None else "",
        properties.get("serialization.null.format", DEFAULT_NULL),
        properties.get("serialization.last.column.takes.rest", "").lower() == "true",
        formats,
    )


def separator(text: str | None, default: str) -> str:
    """Give the character that a property means: itself, or the one of that number."""
    if not text:
        return default
    digits = text.removeprefix("-")
    if digits.isdigit() and -128 <= int(text) <= 127:
        return chr(int(text) % 256)
    return text[0]


def delimited_reader(columns: Mapping[str, HiveType], rules: DelimitedRules, skipped: tuple[int, int]) -> Reader:
    """Give the reader of objects of delimited lines."""
    first = rules.separators[0]
    limit = len(columns) - 1 if rules.last_takes_rest else -1

    def split(line: str) -> list[str | None]:
        return list(_split(line, first, rules.escape, limit))

    converters = {name: _converter(kind, rules, 1) for name, kind in columns.items()}
    names = _BULK - {"string"} if rules.escape else _BULK
    if rules.timestamp_formats:
        names -= {"timestamp"}
    bulk = {name: bulk_converter(kind, names=names) for name, kind in columns.items()}
    return line_reader(columns, converters, split, rules.null, skipped, bulk)


def _split(text: str, mark: str, escape: str, limit: int = -1) -> list[str]:
    if not escape or escape not in text:
        return text.split(mark, limit)
    parts: list[str] = []
    start = position = 0
    while position < len(text):
        if text[position] == escape:
            position += 2
            continue
        if text[position] == mark and (limit < 0 or len(parts) < limit):
            parts.append(text[start:position])
            start = position + 1
        position += 1
    return [*parts, text[start:]]


def _unescaped(text: str, escape: str) -> str:
    parts, position = [], 0
    while position < len(text):
        if text[position] == escape and position + 1 < len(text):
            position += 1
            parts.append({"r": "\r", "n": "\n"}.get(text[position], text[position]))
        else:
            parts.append(text[position])
        position += 1
    return "".join(parts)


def _converter(kind: HiveType, rules: DelimitedRules, level: int) -> FieldConverter:
    match kind.name:
        case "array":
            element = _nullable(_converter(kind.children[0], rules, level + 1), rules)
            mark = _mark(rules, level)
            return lambda text: [element(each) for each in _split(text, mark, rules.escape)] if text else []
        case "map":
            return _map(kind, rules, level)
        case "struct":
            return _struct(kind, rules, level)
    convert = lazy_converter(kind, rules.timestamp_formats)
    if rules.escape:
        return lambda text: convert(_unescaped(text, rules.escape) if rules.escape in text else text)
    return convert


def _nullable(convert: FieldConverter, rules: DelimitedRules) -> FieldConverter:
    return lambda text: None if text == rules.null else convert(text)


def _map(kind: HiveType, rules: DelimitedRules, level: int) -> FieldConverter:
    key_of = _nullable(_converter(kind.children[0], rules, level + 2), rules)
    value_of = _nullable(_converter(kind.children[1], rules, level + 2), rules)
    between, within = _mark(rules, level), _mark(rules, level + 1)

    def convert(text: str) -> list[tuple[Any, Any]]:
        entries: dict[Any, Any] = {}
        for entry in _split(text, between, rules.escape) if text else []:
            parts = _split(entry, within, rules.escape, 1)
            key = key_of(parts[0])
            if key is not None and key not in entries:
                entries[key] = value_of(parts[1]) if len(parts) > 1 else None
        return list(entries.items())

    return convert


def _struct(kind: HiveType, rules: DelimitedRules, level: int) -> FieldConverter:
    members = [_nullable(_converter(child, rules, level + 1), rules) for child in kind.children]
    mark = _mark(rules, level)

    def convert(text: str) -> dict[str, Any]:
        parts = _split(text, mark, rules.escape)
        return {
            name: member(parts[number]) if number < len(parts) else None
            for number, (name, member) in enumerate(zip(kind.fields, members, strict=True))
        }

    return convert


def _mark(rules: DelimitedRules, level: int) -> str:
    return rules.separators[min(level, len(rules.separators) - 1)]


# -- writing


def delimited_text(value: Any, kind: HiveType, rules: DelimitedRules, plain: Callable[[Any, HiveType], str]) -> str:
    """Give the text of a value; *plain* gives that of a simple one."""
    return _text(value, kind, rules, plain, 1)


def _text(value: Any, kind: HiveType, rules: DelimitedRules, plain: Callable[[Any, HiveType], str], level: int) -> str:
    if value is None:
        return rules.null
    match kind.name:
        case "array":
            texts = [_text(each, kind.children[0], rules, plain, level + 1) for each in value]
            return _mark(rules, level).join(texts)
        case "map":
            pairs = [
                _mark(rules, level + 1).join(
                    _text(part, child, rules, plain, level + 2) for part, child in zip(pair, kind.children, strict=True)
                )
                for pair in value
            ]
            return _mark(rules, level).join(pairs)
        case "struct":
            members = zip(kind.fields, kind.children, strict=True)
            return _mark(rules, level).join(
                _text(value[name], child, rules, plain, level + 1) for name, child in members
            )
    text = plain(value, kind)
    if not rules.escape:
        return text
    special = {rules.escape, *rules.separators[: level + 1]}
    escaped = "".join(rules.escape + each if each in special else each for each in text)
    return escaped.replace("\n", rules.escape + "n").replace("\r", rules.escape + "r")
