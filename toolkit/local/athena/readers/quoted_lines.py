"""
Comma-separated lines with quotes, as OpenCSVSerde reads them.

A line is a record: no field goes over a line's end. Source: https://docs.aws.amazon.com/athena/latest/ug/csv-serde.html; the
treatment of quotes and escapes is that of the library behind the SerDe,
https://opencsv.sourceforge.net/apidocs/com/opencsv/CSVParser.html
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from toolkit.local.athena.hive_types import HiveType
from toolkit.local.athena.readers.arrow import Reader
from toolkit.local.athena.readers.text_lines import line_reader
from toolkit.local.athena.readers.text_values import bulk_converter, strict_converter

# Types of fields that are read many at once; dates and times are numbers here.
_BULK = frozenset({"tinyint", "smallint", "int", "bigint", "double", "string"})


@dataclass(frozen=True, slots=True)
class CsvRules:
    """The properties of an OpenCSVSerde."""

    separator: str = ","
    quote: str = '"'
    escape: str = "\\"


def csv_rules(properties: Mapping[str, str]) -> CsvRules:
    """Read the properties of an OpenCSVSerde; of each the first character counts."""

    def character(key: str, default: str) -> str:
        return (properties.get(key) or default)[0]

    return CsvRules(character("separatorChar", ","), character("quoteChar", '"'), character("escapeChar", "\\"))


def csv_reader(columns: Mapping[str, HiveType], rules: CsvRules, skipped: tuple[int, int]) -> Reader:
    """Give the reader of objects of comma-separated lines."""
    converters = {name: strict_converter(kind, number) for number, (name, kind) in enumerate(columns.items())}

    def split(line: str) -> list[str | None]:
        return list(fields_of(line, rules))

    bulk = {name: bulk_converter(kind, names=_BULK) for name, kind in columns.items()}
    return line_reader(columns, converters, split, None, skipped, bulk)


def fields_of(line: str, rules: CsvRules) -> list[str]:
    """Give the fields of a line."""
    if rules.quote not in line and rules.escape not in line:
        return line.split(rules.separator)
    if rules.escape not in line and (plain := _plainly_quoted(line, rules)) is not None:
        return plain
    fields: list[str] = []
    field: list[str] = []
    in_quotes = in_field = False
    position, end = 0, len(line)
    while position < end:
        character = line[position]
        following = line[position + 1] if position + 1 < end else ""
        inside = in_quotes or in_field
        if character == rules.escape and rules.escape != rules.quote:
            # An escape that stands before nothing special is dropped.
            if inside and following and following in (rules.quote, rules.escape):
                field.append(following)
                position += 1
        elif character == rules.quote:
            if inside and following == rules.quote:
                field.append(following)
                position += 1
            else:
                in_quotes = not in_quotes
                before = line[position - 1] if position else ""
                if position > 2 and before != rules.separator and following and following != rules.separator:
                    if field and not "".join(field).strip():
                        field.clear()
                    else:
                        field.append(character)
            in_field = not in_field
        elif character == rules.separator and not in_quotes:
            fields.append("".join(field))
            field.clear()
            in_field = False
        else:
            field.append(character)
            in_field = True
        position += 1
    return [*fields, "".join(field)]


def _plainly_quoted(line: str, rules: CsvRules) -> list[str] | None:
    """Give the fields of a line in which each is in quotes and none has a quote inside, None of another line."""
    quote = rules.quote
    if len(line) < 2 or line[0] != quote or line[-1] != quote:
        return None
    fields = line[1:-1].split(quote + rules.separator + quote)
    return None if any(quote in field for field in fields) else fields
