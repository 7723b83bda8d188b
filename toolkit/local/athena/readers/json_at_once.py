"""
Plain JSON lines converted by DuckDB's own reader, some thirty times as fast as line by line, where both say the same.

First DuckDB tells which keys and types *all* lines hold. Where each declared column finds values of its own kind alone,
its reader and the SerDe's rules agree, and it writes the columns. Wherever they might not agree (a text in a column of
numbers, two spellings of a key, a broken line, ...) the answer is no, and the rules are followed line by line.
"""

from __future__ import annotations

import mmap
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from toolkit.local.athena.hive_types import HiveType, duckdb_text, quoted
from toolkit.local.athena.readers.json_values import SerdeRules

# Below this size the time does not matter, and reading line by line starts at once.
SMALLEST_IN_BYTES = 2**18

# What may be read at once: plain text, or gzip, which DuckDB knows by its suffix as well.
_SUFFIXES = ("", ".json", ".jsonl", ".ndjson", ".txt", ".log", ".gz")

# A line may be as long as a row of Athena: https://docs.aws.amazon.com/athena/latest/ug/service-limits.html
_OPTIONS = "format = 'newline_delimited', records = true, maximum_object_size = 33554432"
_PROFILE = f"{_OPTIONS}, sample_size = -1, maximum_depth = -1, map_inference_threshold = -1"

# DuckDB takes a comma before a closing bracket, and `nan`; neither is JSON.
_NO_JSON = re.compile(rb",\s*[}\]]|[:\[,]\s*[-+]?(?i:nan|inf)")
_TELLTALES = (
    b",}",
    b",]",
    b" }",
    b" ]",
    b"\t}",
    b"\t]",
    b":nan",
    b":NaN",
    b":inf",
    b":Inf",
    b": nan",
    b": NaN",
    b": inf",
    b": Inf",
)

_INTEGERS = frozenset({"tinyint", "smallint", "int", "bigint"})
# Kinds that DuckDB tells only of texts.
_TEXTS = frozenset({"VARCHAR", "DATE", "TIME", "TIMESTAMP", "TIMESTAMP WITH TIME ZONE", "UUID"})

_DATE = r"\d{4}-\d{2}-\d{2}"
_TIMESTAMP = _DATE + r"[T ]([01]\d|2[0-3]):[0-5]\d:[0-5]\d(\.\d{1,9})?Z?"


class _NotAtOnceError(Exception):
    """The columns have to be read line by line."""


def is_suitable(source: Path, key: str, skipped: tuple[int, int]) -> bool:
    """Tell whether an object can be tried at once: large enough, and of a compression that DuckDB reads."""
    name = key.rpartition("/")[2].lower()
    suffix = f".{name.rpartition('.')[2]}" if "." in name else ""
    return suffix in _SUFFIXES and skipped == (0, 0) and source.stat().st_size >= SMALLEST_IN_BYTES


def convert_at_once(
    cursor: Any, source: Path, target: Path, key: str, columns: Mapping[str, HiveType], rules: SerdeRules
) -> bool:
    """Write the columns of *source* as Parquet, and say whether that could be done; if not, *target* means nothing."""
    import duckdb

    if rules.has_dots_in_keys or (rules.timestamp_formats and any(map(_has_timestamp, columns.values()))):
        return False
    file = _literal(str(source))
    compression = "gzip" if key.lower().endswith(".gz") else "uncompressed"
    try:
        lines = None if compression == "gzip" else _lines(source)
        if lines is not None and lines < 0:
            return False
        profile = cursor.sql(f"SELECT * FROM read_json({file}, {_PROFILE}, compression = '{compression}')")
        found = {name: _kind_of(kind) for name, kind in zip(profile.columns, profile.types, strict=True)}
        reads, values = _columns(columns, found, rules)
        if not reads:
            return False
        given = ", ".join(f"{_literal(name)}: {_literal(kind)}" for name, kind in reads.items())
        relation = f"read_json({file}, {_OPTIONS}, compression = '{compression}', columns = {{{given}}})"
        text = f"COPY (SELECT {', '.join(values)} FROM {relation}) TO {_literal(str(target))}"
        [(count,)] = cursor.execute(f"{text} (FORMAT parquet, COMPRESSION snappy, ROW_GROUP_SIZE 122880)").fetchall()
    except duckdb.InterruptException:
        raise
    except (duckdb.Error, _NotAtOnceError):
        return False
    # Where a line is blank DuckDB gives no row, and the SerDe a row of nulls.
    return bool(lines == count) if lines is not None else _gzip_lines(source) == count


def _columns(
    columns: Mapping[str, HiveType], found: Mapping[str, _Kind], rules: SerdeRules
) -> tuple[dict[str, str], list[str]]:
    """Give what to read by key, and the SQL of each column."""
    spelled = _spellings(found, rules, at_top=True)
    reads: dict[str, str] = {}
    values = []
    for name, kind in columns.items():
        key = spelled.get(rules.key_of.get(name, name))
        if key is None:
            values.append(f"CAST(NULL AS {duckdb_text(kind)}) AS {quoted(name)}")
            continue
        read, value = _value(kind, found[key], quoted(key), rules)
        reads[key] = read
        values.append(f"CAST({value} AS {duckdb_text(kind)}) AS {quoted(name)}")
    return reads, values


def _spellings(keys: Mapping[str, _Kind], rules: SerdeRules, *, at_top: bool = False) -> dict[str, str]:
    """Give the keys as they are spelled, by the name that a column looks for."""
    lowered: dict[str, str] = {}
    for key in keys:
        if key.lower() in lowered:
            raise _NotAtOnceError
        # Of two keys that differ in case alone DuckDB calls the second one `KEY_1`.
        stem = re.fullmatch(r"(.*)_\d+", key)
        if at_top and stem and any(stem[1].lower() == other.lower() and stem[1] != other for other in keys):
            raise _NotAtOnceError
        lowered[key.lower()] = key
    if rules.is_case_insensitive or not rules.is_openx:
        return lowered
    return {key: key for key in keys}


def _value(kind: HiveType, found: _Kind, value: str, rules: SerdeRules) -> tuple[str, str]:
    """Give as what DuckDB shall read a value, and the SQL that makes the declared type of it."""
    match kind.name, found.name:
        case _, "NULL":
            return "VARCHAR", f"CAST(CAST({value} AS VARCHAR) AS {duckdb_text(kind)})"
        case "string", name if name in _TEXTS:
            return "VARCHAR", value
        case "varchar" | "char", name if name in _TEXTS:
            return "VARCHAR", f"left({value}, {kind.arguments[0]})"
        case name, "BIGINT" if name in _INTEGERS:
            return "BIGINT", value
        case "double" | "float", "BIGINT" | "DOUBLE":
            safe = f"CASE WHEN isfinite({value}) OR {value} IS NULL THEN {value} ELSE error('not finite') END"
            return "DOUBLE", safe
        case "boolean", "BOOLEAN":
            return "BOOLEAN", value
        case "decimal", "BIGINT":
            return "BIGINT", value
        case "decimal", "DOUBLE":
            return "DOUBLE", _decimal(value, kind)
        case "date", name if name in _TEXTS:
            return "VARCHAR", _checked(value, _DATE, value)
        case "timestamp", name if name in _TEXTS:
            # Cut to milliseconds, as Athena reads them.
            return "VARCHAR", _checked(value, _TIMESTAMP, f"left(replace(rtrim({value}, 'Z'), 'T', ' '), 23)")
        case "array", "LIST":
            read, element = _value(kind.children[0], found.children[0], "e__", rules)
            if element == "e__":
                return f"{read}[]", value
            return f"{read}[]", f"list_transform({value}, lambda e__: {element})"
        case "struct", "STRUCT":
            return _struct(kind, found, value, rules)
        case "map", "STRUCT" if kind.children[0].name == "string":
            return _map(kind, found, value, rules)
    raise _NotAtOnceError


def _struct(kind: HiveType, found: _Kind, value: str, rules: SerdeRules) -> tuple[str, str]:
    spelled = _spellings(dict(zip(found.fields, found.children, strict=True)), rules)
    kinds = dict(zip(found.fields, found.children, strict=True))
    reads, packed = [], []
    for name, child in zip(kind.fields, kind.children, strict=True):
        key = spelled.get(rules.key_of.get(name, name))
        if key is None:
            packed.append(f"{quoted(name)} := CAST(NULL AS {duckdb_text(child)})")
            continue
        read, inner = _value(child, kinds[key], f"{value}.{quoted(key)}", rules)
        reads.append(f"{quoted(key)} {read}")
        packed.append(f"{quoted(name)} := CAST({inner} AS {duckdb_text(child)})")
    if not reads:
        raise _NotAtOnceError
    return (
        f"STRUCT({', '.join(reads)})",
        f"CASE WHEN {value} IS NULL THEN NULL ELSE struct_pack({', '.join(packed)}) END",
    )


def _map(kind: HiveType, found: _Kind, value: str, rules: SerdeRules) -> tuple[str, str]:
    if _spellings(dict(zip(found.fields, found.children, strict=True)), rules) != {key: key for key in found.fields}:
        raise _NotAtOnceError  # its keys are lowered
    forms = {_value(kind.children[1], each, "v__", rules) for each in found.children if each.name != "NULL"}
    if len(forms) != 1:
        raise _NotAtOnceError
    [(read, element)] = forms
    if element != "v__":
        raise _NotAtOnceError
    return f"MAP(VARCHAR, {read})", value


def _checked(value: str, pattern: str, text: str) -> str:
    return (
        f"CASE WHEN {value} IS NULL THEN NULL WHEN regexp_full_match({value}, '{pattern}') THEN {text} "
        "ELSE error('of another form') END"
    )


def _decimal(value: str, kind: HiveType) -> str:
    # The text of the number decides how it is rounded. A double is near enough to it but for long numbers, and for
    # those in the middle between two decimals.
    scaled = f"abs({value}) * 1e{kind.arguments[1]}"
    is_clear = f"{scaled} < 1e11 AND abs({scaled} - floor({scaled}) - 0.5) > 1e-4"
    return (
        f"CASE WHEN {value} IS NULL THEN NULL WHEN {is_clear} THEN CAST(CAST({value} AS VARCHAR) AS {duckdb_text(kind)}) "
        "ELSE error('not clear') END"
    )


def _has_timestamp(kind: HiveType) -> bool:
    return kind.name == "timestamp" or any(map(_has_timestamp, kind.children))


def _lines(source: Path) -> int:
    """Count the lines of a file; -1 if it may hold what is no JSON, or begins with a byte order mark."""
    with source.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as content:
        if content[:3] == b"\xef\xbb\xbf":
            return -1
        if any(content.find(each) >= 0 for each in _TELLTALES) and _NO_JSON.search(content):
            return -1
        size = len(content)
        lines, position = 0, 0
        while position < size:
            chunk = content[position : position + 2**24]
            lines += chunk.count(b"\n")
            position += len(chunk)
        return lines + (content[-1:] != b"\n")


def _gzip_lines(source: Path) -> int:
    import gzip

    lines, last = 0, b"\n"
    with gzip.open(source) as file:
        first = file.peek(3)[:3]
        tail = b""
        while chunk := file.read(2**22):
            whole = tail + chunk
            if any(each in whole for each in _TELLTALES) and _NO_JSON.search(whole):
                return -1
            lines += chunk.count(b"\n")
            last, tail = chunk[-1:], chunk[-16:]
    return -1 if first == b"\xef\xbb\xbf" else lines + (last != b"\n")


def _literal(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


# -- the types that DuckDB tells


class _Kind:
    """A type by name, with the fields and children of a nested one."""

    __slots__ = ("children", "fields", "name")

    def __init__(self, name: str, fields: tuple[str, ...] = (), children: tuple[_Kind, ...] = ()) -> None:
        self.name = name
        self.fields = fields
        self.children = children


def _kind_of(kind: Any) -> _Kind:
    match kind.id:
        case "struct":
            return _Kind(
                "STRUCT", tuple(n for n, _ in kind.children), tuple(_kind_of(child) for _, child in kind.children)
            )
        case "list":
            return _Kind("LIST", (), (_kind_of(kind.children[0][1]),))
        case "map":
            return _Kind("MAP")
        case "null":
            return _Kind("NULL")
    return _Kind(str(kind).strip('"'))
