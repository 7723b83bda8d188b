"""
Values as the text that Athena prints, written as DuckDB SQL so that a whole result is rendered at once.

``[1, 2]``, ``{a=1, b=2}``, ``2024-01-02 03:04:05.000``, and doubles as Java prints them.
"""

from __future__ import annotations

from toolkit.local.athena.hive_types import HiveType, time_precision
from toolkit.local.athena.sql.functions import zone_of

# Trino prints a timestamp with the precision of its type; Athena's have milliseconds, in Iceberg tables microseconds.
TIMESTAMP_FORMAT = "%Y-%m-%d %H:%M:%S.%g"
MICROSECOND_FORMAT = "%Y-%m-%d %H:%M:%S.%f"


def text_sql(value: str, kind: HiveType, *, depth: int = 0) -> str:
    """Give the SQL of the text of *value*, itself SQL; NULL stays NULL, inside nested values it is the word ``null``."""
    inner = _text_sql(value, kind, depth)
    return f"coalesce({inner}, 'null')" if depth else inner


def _text_sql(value: str, kind: HiveType, depth: int) -> str:
    match kind.name:
        case "string" | "varchar" | "char" | "json" | "uuid":
            return f"CAST({value} AS VARCHAR)"
        case "double" | "float":
            return f"trino.java_double({value})"
        case "timestamp":
            return f"strftime({value}, '{_time_format(kind)}')"
        case "timestamp with time zone":
            zone = zone_of(kind)
            return f"strftime({local_time_sql(value, zone)}, '{_time_format(kind)} {zone}')"
        case "time":
            text = f"CAST({value} AS VARCHAR)"
            return f"left({text} || CASE WHEN {text} LIKE '%.%' THEN '00' ELSE '.000' END, 12)"
        case "binary":
            return f"lower(rtrim(regexp_replace(hex({value}), '(..)', '\\1 ', 'g')))"
        case "interval":
            return f"trino.interval_text({value})"
        case "array":
            element = f"e{depth}"
            inner = text_sql(element, kind.children[0], depth=depth + 1)
            return f"'[' || array_to_string(list_transform({value}, lambda {element}: {inner}), ', ') || ']'"
        case "map":
            entry = f"e{depth}"
            key = text_sql(f"{entry}.key", kind.children[0], depth=depth + 1)
            member = text_sql(f"{entry}.value", kind.children[1], depth=depth + 1)
            pairs = f"list_transform(map_entries({value}), lambda {entry}: {key} || '=' || {member})"
            return f"'{{' || array_to_string({pairs}, ', ') || '}}'"
        case "struct":
            members = (
                f"{_literal(name + '=')} || {text_sql(f'struct_extract({value}, {_literal(name)})', child, depth=depth + 1)}"
                for name, child in zip(kind.fields, kind.children, strict=True)
            )
            joined = " || ', ' || ".join(members)
            return f"CASE WHEN {value} IS NOT NULL THEN '{{' || {joined} || '}}' END"
    return f"CAST({value} AS VARCHAR)"


def _time_format(kind: HiveType) -> str:
    return MICROSECOND_FORMAT if time_precision(kind) > 3 else TIMESTAMP_FORMAT


def local_time_sql(value: str, zone: str) -> str:
    """Give the SQL of the wall-clock time of an instant in a zone; *zone* is a name of the database or an offset."""
    if zone[0] in "+-":
        sign = "+" if zone[0] == "+" else "-"
        hours, minutes = zone[1:].split(":")
        return f"(timezone('UTC', {value}) {sign} INTERVAL '{int(hours)} hours {int(minutes)} minutes')"
    return f"timezone({_literal(zone)}, {value})"


def _literal(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"
