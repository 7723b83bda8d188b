"""
The ``.metadata`` object beside each result: its columns as a protocol buffer.

AWS documents neither its form nor its use, and clients only move it about. Here each column is a message of the members
that GetQueryResults shows, in the order in which the API lists them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

_COLUMN = 4
_MEMBERS = (
    "CatalogName",
    "SchemaName",
    "TableName",
    "Name",
    "Label",
    "Type",
    "Precision",
    "Scale",
    "Nullable",
    "CaseSensitive",
)
_NULLABLE = {"NOT_NULL": 1, "NULLABLE": 2, "UNKNOWN": 3}


def result_metadata(columns: Iterable[Mapping[str, Any]]) -> bytes:
    """Give the bytes for these columns, each as GetQueryResults describes it."""
    return b"".join(_bytes_field(_COLUMN, b"".join(_members(column))) for column in columns)


def _members(column: Mapping[str, Any]) -> Iterable[bytes]:
    for number, name in enumerate(_MEMBERS, 1):
        value = column[name]
        if name == "Nullable":
            value = _NULLABLE[value]
        if isinstance(value, str):
            if value:
                yield _bytes_field(number, value.encode())
        elif value:
            yield _varint(number << 3) + _varint(int(value))


def _bytes_field(number: int, content: bytes) -> bytes:
    return _varint(number << 3 | 2) + _varint(len(content)) + content


def _varint(value: int) -> bytes:
    parts = bytearray()
    while value > 0x7F:
        parts.append(value & 0x7F | 0x80)
        value >>= 7
    parts.append(value)
    return bytes(parts)
