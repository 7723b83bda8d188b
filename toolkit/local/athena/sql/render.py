"""
Values as the text that Athena prints, written as DuckDB SQL so that a whole result is rendered at once.

``[1, 2]``, ``{a=1, b=2}``, ``2024-01-02 03:04:05.000``, and doubles as Java prints them.
"""

from __future__ import annotations

from toolkit.local.athena.errors import QueryError
from toolkit.local.athena.hive_types import HiveType, is_mixed, time_precision
from toolkit.local.athena.sql.functions import offset_minutes, zone_of
from toolkit.local.athena.sql.routines.json_texts import json_quoted

# Trino prints a timestamp with the precision of its type; Athena's have milliseconds, in Iceberg tables microseconds.
TIMESTAMP_FORMAT = "%Y-%m-%d %H:%M:%S.%g"
MICROSECOND_FORMAT = "%Y-%m-%d %H:%M:%S.%f"


# DuckDB plans a lambda inside another one twice: each level takes twice the time and memory, 16 of them 7 s and 1.5 GB.
MOST_LISTS = 14


def check_lists(kind: HiveType) -> None:
    """
    Refuse a type of too many arrays and maps inside each other, before a value of it is made text.

    Raises:
        QueryError: there are more than MOST_LISTS.
    """
    if _lists(kind) > MOST_LISTS:
        raise QueryError(
            f"NOT_SUPPORTED: the local Athena writes values of at most {MOST_LISTS} arrays and maps inside each other, and "
            f"this type has {_lists(kind)}: select a part of it"
        )


def _lists(kind: HiveType) -> int:
    return (kind.name in ("array", "map")) + max(map(_lists, kind.children), default=0)


def text_of_column(value: str, kind: HiveType) -> str:
    """
    Give the SQL of the text of a result's column.

    Doubles are as DuckDB writes them: what Java writes otherwise is cheaper to change in the text than to plan for.
    """
    check_lists(kind)
    return f"CAST({value} AS VARCHAR)" if kind.name == "double" else text_sql(value, kind)


def text_sql(value: str, kind: HiveType, *, depth: int = 0) -> str:
    """Give the SQL of the text of *value*, itself SQL; NULL stays NULL, inside nested values it is the word ``null``."""
    inner = _text_sql(value, kind, depth)
    return f"coalesce({inner}, 'null')" if depth else inner


def _text_sql(value: str, kind: HiveType, depth: int) -> str:
    match kind.name:
        case "char":
            return f"trino.padded_char({value}, {kind.arguments[0]})"
        case "string" | "varchar" | "json" | "uuid":
            return f"CAST({value} AS VARCHAR)"
        case "double":
            return f"trino.java_double({value})"
        case "float":
            return f"trino.java_real({value})"
        case "decimal" if kind.arguments[0] == kind.arguments[1]:
            return f"trino.fraction_text(CAST({value} AS VARCHAR))"
        case "date":
            return f"trino.shown_date({value})"
        case "timestamp":
            return _clock_text(value, kind)
        case "timestamp with time zone":
            if is_mixed(kind):
                return f"({_clock_text(f'trino.zone_clock({value})', kind)} || ' ' || ({value}).z)"
            zone = zone_of(kind)
            return f"({_clock_text(local_time_sql(value, zone), kind)} || {_literal(f' {zone}')})"
        case "time with time zone":
            minutes = offset_minutes(kind)
            local = f"({value} + to_minutes({minutes}))"
            return f"({_text_sql(local, HiveType('time', kind.arguments), depth)} || {_literal(kind.fields[0])})"
        case "time":
            digits = time_precision(kind)
            pattern = f"%H:%M:%S.{'%f' if digits > 3 else '%g'}"
            return f"left(strftime(DATE '1970-01-01' + {value}, '{pattern}'), {9 + digits if digits else 8})"
        case "binary":
            return f"lower(rtrim(regexp_replace(hex({value}), '(..)', '\\1 ', 'g')))"
        case "ipaddress":
            return f"trino.address_text({value})"
        case "geometry" | "sphericalgeography":
            return f"trino.st_astext({value})"
        case "bingtile":
            return f"trino.bing_tile_text({value})"
        case "interval day to second":
            return f"trino.interval_text({value})"
        case "interval year to month":
            return f"trino.months_text({value})"
        case "array":
            element = f"e{depth}"
            inner = text_sql(element, kind.children[0], depth=depth + 1)
            return _bracketed(value, "[", f"list_transform({value}, lambda {element}: {inner})", ", ")
        case "map":
            entry = f"e{depth}"
            key = text_sql(f"{entry}.key", kind.children[0], depth=depth + 1)
            member = text_sql(f"{entry}.value", kind.children[1], depth=depth + 1)
            # In the order of their keys: measured on Athena by the authors of athena-local, September 2026.
            entries = f"list_sort(map_entries({value}))"
            pairs = f"list_transform({entries}, lambda {entry}: {key} || '=' || {member})"
            return _bracketed(value, "{", pairs, ", ")
        case "struct":
            members = (
                f"{_literal(name + '=')} || {text_sql(f'struct_extract({value}, {_literal(name)})', child, depth=depth + 1)}"
                for name, child in zip(kind.fields, kind.children, strict=True)
            )
            # A call, because a chain of a thousand || is deeper than the engine parses.
            return f"CASE WHEN {value} IS NOT NULL THEN '{{' || concat_ws(', ', {', '.join(members)}) || '}}' END"
    return f"CAST({value} AS VARCHAR)"


def json_sql(value: str, kind: HiveType, depth: int) -> str:
    """Give the SQL of a value's JSON, keys in order and without spaces; NULL stays NULL, inside of others it is ``null``."""
    inner = _json_sql(value, kind, depth)
    return f"coalesce({inner}, 'null')" if depth else f"CASE WHEN {value} IS NOT NULL THEN {inner} END"


def _json_sql(value: str, kind: HiveType, depth: int) -> str:
    each = f"j{depth}__"
    match kind.name:
        case "decimal":
            return text_sql(value, kind)
        case "date":
            return f"'\"' || trino.date_text({value}) || '\"'"
        case "timestamp":
            return f"'\"' || trino.timestamp_text({value}, {time_precision(kind)}) || '\"'"
        case "boolean" | "tinyint" | "smallint" | "int" | "bigint" | "json":
            return f"CAST({value} AS VARCHAR)"
        case "float" | "double":
            return f"trino.json_double({value})"
        case "array":
            element = json_sql(each, kind.children[0], depth + 1)
            return _bracketed(value, "[", f"list_transform({value}, lambda {each}: {element})", ",")
        case "map":
            key = text_sql(f"{each}.key", kind.children[0])
            member = json_sql(f"{each}.value", kind.children[1], depth + 1)
            pair = f"trino.json_quoted({key}) || ':' || {member}"
            entries = f"map_entries({value})"
            if kind.children[0].is_text:
                pairs = f"list_transform(list_sort({entries}), lambda {each}: {pair})"
            else:
                # In the order of the texts: 10 comes before 9.
                pairs = f"list_sort(list_transform({entries}, lambda {each}: {{'k': {key}, 'p': {pair}}}))"
                pairs = f"list_transform({pairs}, lambda {each}: {each}.p)"
            return _bracketed(value, "{", pairs, ",")
        case "struct":
            members = (
                f"{_literal(json_quoted('' if name == f'field{n}' else name) + ':')} || "
                + json_sql(f"struct_extract({value}, {_literal(name)})", child, depth + 1)
                for n, (name, child) in enumerate(zip(kind.fields, kind.children, strict=True))
            )
            joined = " || ',' || ".join(members)
            return f"CASE WHEN {value} IS NOT NULL THEN '{{' || {joined} || '}}' END"
    return f"trino.json_quoted({text_sql(value, kind)})"


def _bracketed(value: str, bracket: str, texts: str, separator: str) -> str:
    """
    Give the SQL of the list *texts*, made of *value*, as one text in brackets.

    DuckDB's array_to_string is a macro that names its list twice: what nests doubles at each level.
    """
    joined = f"coalesce(list_aggregate({texts}, 'string_agg', '{separator}'), '')"
    return f"CASE WHEN {value} IS NOT NULL THEN '{bracket}' || {joined} || '{']' if bracket == '[' else '}'}' END"


def _time_format(kind: HiveType) -> str:
    digits = time_precision(kind)
    # Of nine digits the last three are never known here.
    return MICROSECOND_FORMAT + "0" * max(0, digits - 6) if digits > 3 else TIMESTAMP_FORMAT


def _clock_text(value: str, kind: HiveType) -> str:
    """Give the SQL of a wall-clock time's text with the digits of its type, of which strftime knows three and six."""
    digits = time_precision(kind)
    text = f"strftime({value}, '{_time_format(kind)}')"
    return f"trino.signed_year({value}, {f'left({text}, {digits - 6})' if 3 < digits < 6 else text})"


def local_time_sql(value: str, zone: str) -> str:
    """Give the SQL of the wall-clock time of an instant in a zone; *zone* is a name of the database or an offset."""
    if zone[0] in "+-":
        sign = "+" if zone[0] == "+" else "-"
        hours, minutes = zone[1:].split(":")
        return f"({_utc_clock(value)} {sign} INTERVAL '{int(hours)} hours {int(minutes)} minutes')"
    return _utc_clock(value) if zone == "UTC" else f"timezone({_literal(zone)}, {value})"


def _utc_clock(value: str) -> str:
    # What timezone('UTC', …) gives, in a tenth of its time.
    return f"make_timestamp(epoch_us({value}))"


def _literal(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"
