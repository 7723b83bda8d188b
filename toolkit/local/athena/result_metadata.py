"""
The ``.metadata`` object beside each result: what the statement was and its columns, as a protocol buffer.

AWS documents nothing of it, but its JDBC driver reads it. Its form is known from those who read it (burtcorp/athena-jdbc);
which members a column of which type has was measured on Athena by the authors of athena-local, September 2026.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

_IDENTIFIER, _UPDATE_TYPE, _UPDATE_COUNT, _COLUMN = 1, 2, 3, 4
_TEXTS = {"CatalogName": 1, "Name": 4, "Label": 5, "Type": 6}
_PRECISION, _SCALE, _NULLABLE, _CASE_SENSITIVE = 7, 8, 9, 10

_UNKNOWN = 3

# Of these no lengths are told; of a date, and a yes or no, something.
_UNMEASURED = frozenset({"string", "array", "map", "row", "json", "uuid", "ipaddress"})
_WITHOUT_PRECISION = frozenset({"boolean", "date", "interval day to second", "interval year to month"})


def result_metadata(
    identifier: str, update_type: str, update_count: int | None, columns: Iterable[Mapping[str, Any]]
) -> bytes:
    """
    Give the bytes for an execution and its columns, each as GetQueryResults describes it.

    ``update_type`` is the kind of a statement that writes, with the number of rows it wrote; else it is empty.
    """
    parts = [_bytes_field(_IDENTIFIER, identifier.encode())]
    if update_type:
        parts += [_bytes_field(_UPDATE_TYPE, update_type.encode()), _number_field(_UPDATE_COUNT, update_count or 0)]
    parts += [_bytes_field(_COLUMN, b"".join(_members(column))) for column in columns]
    return b"".join(parts)


def _members(column: Mapping[str, Any]) -> Iterable[bytes]:
    for name, number in _TEXTS.items():
        yield _bytes_field(number, column[name].encode())
    kind = column["Type"]
    if kind not in _UNMEASURED | _WITHOUT_PRECISION:
        yield _number_field(_PRECISION, column["Precision"])
    if kind not in _UNMEASURED and (kind == "date" or kind not in _WITHOUT_PRECISION):
        yield _number_field(_SCALE, column["Scale"])
    yield _number_field(_NULLABLE, _UNKNOWN)
    if kind not in _UNMEASURED:
        yield _number_field(_CASE_SENSITIVE, int(column["CaseSensitive"]))


def _bytes_field(number: int, content: bytes) -> bytes:
    return _varint(number << 3 | 2) + _varint(len(content)) + content


def _number_field(number: int, value: int) -> bytes:
    return _varint(number << 3) + _varint(value)


def _varint(value: int) -> bytes:
    parts = bytearray()
    while value > 0x7F:
        parts.append(value & 0x7F | 0x80)
        value >>= 7
    parts.append(value)
    return bytes(parts)
