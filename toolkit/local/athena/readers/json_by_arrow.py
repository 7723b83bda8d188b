"""
Plain JSON lines read by Arrow, in a third of the time that DuckDB needs to tell their types and read them.

Arrow takes JSON's own grammar alone, and with a schema no value of another kind than the schema's; so what it reads as declared
is what the SerDe's rules make of it. Fields that nobody declared are read too, for one of them may be a declared key in other
letters.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from toolkit.local.athena.hive_types import HiveType
from toolkit.local.athena.readers.json_values import SerdeRules

# The first lines show how most keys are spelled, and of what kind their values are.
_SAMPLE_IN_BYTES = 2**16

# So much fits the caches while it is parsed; no line may be longer than a block.
_BLOCK_IN_BYTES = 2**18

# Keys that were not seen before, or hold a value for the first time, let a piece be read anew, but not for ever.
_ATTEMPTS = 4

# With more brackets a line may be nested as deep, and at some ten thousand levels Arrow runs out of its stack.
_MOST_BRACKETS = 1_000

# Declared types that are read as one of Arrow's.
_INTEGERS = frozenset({"tinyint", "smallint", "int", "bigint"})
_FLOATS = frozenset({"double", "float"})
_TEXTS = frozenset({"string", "varchar", "char", "date", "timestamp"})


class ArrowLines:
    """What is known about the lines of one layout: how their keys are spelled, and whether Arrow reads them at all."""

    def __init__(self, columns: Mapping[str, HiveType], rules: SerdeRules) -> None:
        self._columns = columns
        self._rules = rules
        self._schema: Any = None
        self._is_of_use = not any(map(_has_map, columns.values()))

    def read(self, text: bytes) -> Any | None:
        """
        Give the values of a text of whole lines as an Arrow table by the keys of the lines, or None if they are read otherwise.

        Declared columns have the type by which they are read, the others any. Where that failed once, it is not tried again.
        """
        if not self._is_of_use:
            return None
        longest = _longest_plain(text)
        table = self._read(text, longest) if longest else None
        self._is_of_use = table is not None
        return table

    def _read(self, text: bytes, longest: int) -> Any | None:
        import pyarrow as pa

        try:
            schema = self._schema
            if schema is None:
                sample = text[: text.find(b"\n", _SAMPLE_IN_BYTES) + 1 or len(text)]
                schema = self._wanted(_parsed(sample, len(sample), None).schema)
            for _ in range(_ATTEMPTS):
                table = _parsed(text, longest, schema)
                if table.num_rows != text.count(b"\n"):  # two objects on one line
                    return None
                wanted = self._wanted(table.schema)
                if wanted == schema:
                    self._schema = schema
                    return table
                schema = wanted
        except pa.ArrowException:
            return None
        return None

    def _wanted(self, found: Any) -> Any:
        """Give the types by which the declared columns are read, by the keys that were found."""
        import pyarrow as pa

        return pa.schema(self._fields(self._columns, found))

    def _fields(self, declared: Mapping[str, HiveType], found: Any) -> list[tuple[str, Any]]:
        import pyarrow as pa

        keys = {field.name.lower(): field for field in found}
        fields: dict[str, Any] = {}
        for name, kind in declared.items():
            field = keys.get(self._rules.key_of.get(name, name).lower())
            if field is None or (wanted := self._type(kind, field.type)) is None:
                continue
            # Several columns may be mapped to one key; a schema with a name twice would crash the reader.
            if fields.setdefault(field.name, wanted) != wanted:
                raise pa.ArrowInvalid(f"{field.name} is read as two types")
        return sorted(fields.items())

    def _type(self, kind: HiveType, found: Any) -> Any | None:
        """Give the type by which a value is read, None where it is to be found out."""
        import pyarrow as pa
        from pyarrow import types

        if types.is_null(found):
            return None
        if kind.name in _TEXTS:
            return pa.string()
        if kind.name in _INTEGERS:
            return pa.int64()
        if kind.name in _FLOATS:
            return pa.float64()
        if kind.name == "decimal":
            return None  # as integers, if all are, for these are exact
        if kind.name == "boolean":
            return pa.bool_()
        if kind.name == "array" and types.is_list(found):
            element = self._type(kind.children[0], found.value_type)
            return None if element is None else pa.list_(element)
        if kind.name == "struct" and types.is_struct(found):
            fields = self._fields(dict(zip(kind.fields, kind.children, strict=True)), found)
            return pa.struct(fields) if fields else None
        raise pa.ArrowInvalid(f"no {kind.name} is read of {found}")


def _parsed(text: bytes, longest: int, schema: Any) -> Any:
    import pyarrow as pa
    from pyarrow import json

    read = json.ReadOptions(use_threads=False, block_size=max(_BLOCK_IN_BYTES, longest + 1))
    parse = json.ParseOptions(explicit_schema=schema, unexpected_field_behavior="infer")
    return json.read_json(pa.BufferReader(text), read_options=read, parse_options=parse)


def _longest_plain(text: bytes) -> int:
    """
    Give the size of the longest line if the text is UTF-8 and each line, if JSON, an object of not too many brackets; else 0.

    Arrow looks at neither. Inside an object no bracket that opens one follows a bracket that closes one, so a line feed between
    two such brackets is the end of a line.
    """
    import numpy as np

    letters = np.frombuffer(text, np.uint8)
    ends = np.flatnonzero(letters == ord("\n"))
    starts = np.concatenate(([0], ends[:-1] + 1))
    lasts = letters[ends - 1]
    if b"\r" in text:
        lasts = np.where(lasts == ord("\r"), letters[ends - 2], lasts)
    if not ((letters[starts] == ord("{")).all() and (lasts == ord("}")).all() and _is_utf8(text)):
        return 0
    sizes = ends - starts + 1
    is_long = sizes > _MOST_BRACKETS
    for start, end in zip(starts[is_long].tolist(), ends[is_long].tolist(), strict=True):
        if text.count(b"[", start, end) + text.count(b"{", start, end) > _MOST_BRACKETS:
            return 0
    return int(sizes.max())


def _is_utf8(text: bytes) -> bool:
    if text.isascii():
        return True
    try:
        text.decode()
    except UnicodeDecodeError:
        return False
    return True


def _has_map(kind: HiveType) -> bool:
    return kind.name in ("map", "binary") or any(map(_has_map, kind.children))
