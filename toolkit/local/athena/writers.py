"""Rows to files, in each format that CREATE TABLE AS, INSERT INTO and UNLOAD write."""

from __future__ import annotations

import base64
import bz2
import gzip
import math
import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from itertools import islice
from json.encoder import encode_basestring as _json_string
from pathlib import Path
from typing import Any

from toolkit.local.athena.errors import QueryError
from toolkit.local.athena.hive_types import HiveType, trino_text
from toolkit.local.athena.readers.arrow import arrow_schema, groups_of
from toolkit.local.athena.readers.delimited import DelimitedRules, delimited_text
from toolkit.local.athena.sql.routines.json_texts import java_double

ROWS_AT_ONCE = 10_000
# zlib's own default, which Hive and Trino write with. Arrow's and Python's is 9, thirteen times slower on numbers in a row.
GZIP_LEVEL = 6

FORMATS = ("AVRO", "JSON", "ORC", "PARQUET", "TEXTFILE")

# The codec that each format is written with where none is named.
# Source: https://docs.aws.amazon.com/athena/latest/ug/compression-formats.html
_DEFAULT_CODECS = {"AVRO": "DEFLATE", "JSON": "GZIP", "ORC": "ZLIB", "PARQUET": "GZIP", "TEXTFILE": "GZIP"}

_EPOCH = datetime(1970, 1, 1)
_MILLISECOND = timedelta(milliseconds=1)

_PARQUET_CODECS = frozenset({"none", "snappy", "gzip", "zstd", "lz4"})
_ORC_CODECS = {"NONE": "uncompressed", "SNAPPY": "snappy", "ZLIB": "zlib", "GZIP": "zlib", "ZSTD": "zstd", "LZ4": "lz4"}
_AVRO_CODECS = {
    "NONE": "null",
    "DEFLATE": "deflate",
    "GZIP": "deflate",
    "BZIP2": "bzip2",
    "SNAPPY": "snappy",
    "ZSTD": "zstandard",
}


def _zstd(content: bytes) -> bytes:
    import pyarrow as pa

    return bytes(pa.Codec("zstd").compress(content, asbytes=True))


class _Deflated:
    """A file of the format of zlib, which Python's library has no file for."""

    def __init__(self, path: Path) -> None:
        self._file = path.open("wb")
        self._packer = zlib.compressobj()

    def __enter__(self) -> _Deflated:
        return self

    def __exit__(self, *_: object) -> None:
        with self._file:
            self._file.write(self._packer.flush())

    def write(self, content: bytes) -> None:
        self._file.write(self._packer.compress(content))


@contextmanager
def _open_gzip(path: Path) -> Iterator[Any]:
    # Neither a name nor a time, so that the same rows give the same bytes.
    with path.open("wb") as file, gzip.GzipFile("", "wb", GZIP_LEVEL, file, 0) as packed:
        yield packed


def _open_zstd(path: Path) -> Any:
    import pyarrow as pa

    return pa.CompressedOutputStream(str(path), "zstd")


_TEXT_CODECS: dict[str, tuple[Callable[[Path], Any], str]] = {
    "NONE": (lambda path: path.open("wb"), ""),
    "GZIP": (_open_gzip, ".gz"),
    "BZIP2": (lambda path: bz2.BZ2File(path, "wb"), ".bz2"),
    "DEFLATE": (_Deflated, ".deflate"),
    "ZSTD": (_open_zstd, ".zst"),
}


@dataclass(frozen=True, slots=True)
class WriteOptions:
    """The format of files, the codec, "" for the format's own, and the marks of delimited text."""

    kind: str
    compression: str = ""
    rules: DelimitedRules = field(default_factory=DelimitedRules)

    @property
    def codec(self) -> str:
        """The codec to write with."""
        codec = (self.compression or _DEFAULT_CODECS[self.kind]).upper()
        return "NONE" if codec == "UNCOMPRESSED" else codec


def check_format(kind: str) -> None:
    """
    Check that a format can be written.

    Raises:
        QueryError: it can't.
    """
    if kind not in FORMATS:
        raise QueryError(f"NOT_SUPPORTED: the local Athena does not write {kind}; it writes {', '.join(FORMATS)}")


def write_file(
    path: Path, batches: Iterable[Any], kinds: Mapping[str, HiveType], options: WriteOptions
) -> tuple[int, str]:
    """
    Write the rows of Arrow batches, of which there is one at least; gives their number, and the suffix of the file's name.

    Raises:
        QueryError: the format can't be written with this codec.
    """
    count = 0

    def counted() -> Iterator[Any]:
        nonlocal count
        for batch in batches:
            count += batch.num_rows
            yield batch

    match options.kind:
        case "PARQUET":
            suffix = _write_parquet(path, counted(), kinds, options)
        case "ORC":
            suffix = _write_orc(path, counted(), kinds, options)
        case "AVRO":
            suffix = _write_avro(path, counted(), kinds, options)
        case _:
            suffix = _write_text(path, counted(), kinds, options)
    return count, suffix


def plain_text(value: Any, kind: HiveType) -> str:
    """Give the text of a simple value as Hive writes it."""
    match kind.name:
        case "boolean":
            return "true" if value else "false"
        case "timestamp":
            return str(value.isoformat(sep=" ", timespec="milliseconds"))
        case "binary":
            return base64.b64encode(value).decode()
        case "decimal":
            return f"{value:f}"
        case "float":
            import numpy as np

            # As many digits as tell it from other numbers of its type; Python holds it as a double, which has more.
            return java_double(float(str(np.float32(value))))
        case "double":
            return java_double(value)
    return str(value)


def _unknown_codec(options: WriteOptions) -> QueryError:
    return QueryError(f"NOT_SUPPORTED: {options.kind} can't be written with the compression {options.codec}")


def _typed(batch: Any, kinds: Mapping[str, HiveType]) -> Any:
    import pyarrow as pa

    return pa.Table.from_batches([batch]).cast(arrow_schema(kinds))


def _groups(batches: Iterable[Any], kinds: Mapping[str, HiveType]) -> Iterator[Any]:
    return groups_of(_typed(batch, kinds) for batch in batches)


def _write_parquet(path: Path, batches: Iterable[Any], kinds: Mapping[str, HiveType], options: WriteOptions) -> str:
    import pyarrow.parquet as pq

    codec = options.codec.lower()
    if codec not in _PARQUET_CODECS:
        raise _unknown_codec(options)
    with pq.ParquetWriter(
        path,
        arrow_schema(kinds),
        compression=codec,
        compression_level=GZIP_LEVEL if codec == "gzip" else None,
        use_deprecated_int96_timestamps=True,  # as Athena does
    ) as writer:
        for table in _groups(batches, kinds):
            writer.write_table(table)
    return ""


def _write_orc(path: Path, batches: Iterable[Any], kinds: Mapping[str, HiveType], options: WriteOptions) -> str:
    from pyarrow import orc

    if options.codec not in _ORC_CODECS:
        raise _unknown_codec(options)
    with orc.ORCWriter(str(path), compression=_ORC_CODECS[options.codec]) as writer:
        for table in _groups(batches, kinds):
            writer.write(table)
    return ".orc"


# -- Avro


def _write_avro(path: Path, batches: Iterable[Any], kinds: Mapping[str, HiveType], options: WriteOptions) -> str:
    import fastavro
    from fastavro import _write as listed

    if options.codec not in _AVRO_CODECS:
        raise _unknown_codec(options)
    # fastavro itself needs further libraries for these two.
    codecs: Any = listed.BLOCK_WRITERS  # type: ignore[attr-defined]  # compiled
    codecs |= {"snappy": _write_snappy_block, "zstandard": _write_zstandard_block}
    schema = {
        "type": "record",
        "name": "row",
        "fields": [
            {"name": name, "type": _avro_type(kind, f"row_{number}"), "default": None}
            for number, (name, kind) in enumerate(kinds.items())
        ],
    }
    change = _avro_change(_row_type(kinds))
    rows = map(change, _rows(batches)) if change else _rows(batches)
    with path.open("wb") as file:
        fastavro.writer(file, fastavro.parse_schema(schema), rows, codec=_AVRO_CODECS[options.codec])
    return ".avro"


def _write_snappy_block(file: Any, block: bytes, _level: Any) -> None:
    import pyarrow as pa

    # Behind the block stands the checksum of what was compressed.
    content = pa.Codec("snappy").compress(block, asbytes=True) + zlib.crc32(block).to_bytes(4, "big")
    file.write(_avro_long(len(content)) + content)


def _write_zstandard_block(file: Any, block: bytes, _level: Any) -> None:
    content = _zstd(block)
    file.write(_avro_long(len(content)) + content)


def _avro_long(number: int) -> bytes:
    number <<= 1
    parts = bytearray()
    while number > 0x7F:
        parts.append(number & 0x7F | 0x80)
        number >>= 7
    return bytes([*parts, number])


_AVRO_TYPES: dict[str, Any] = {
    "boolean": "boolean",
    "tinyint": "int",
    "smallint": "int",
    "int": "int",
    "bigint": "long",
    "float": "float",
    "double": "double",
    "string": "string",
    "varchar": "string",
    "char": "string",
    "binary": "bytes",
    "date": {"type": "int", "logicalType": "date"},
    "timestamp": {"type": "long", "logicalType": "timestamp-millis"},
}


def _avro_type(kind: HiveType, name: str) -> list[Any]:
    """Give the Avro type of a column, always with null; records are named by their place."""
    found: Any
    match kind.name:
        case "array":
            found = {"type": "array", "items": _avro_type(kind.children[0], name)}
        case "map":
            if not kind.children[0].is_text:
                raise QueryError(f"NOT_SUPPORTED: Avro has no map with keys of type {trino_text(kind.children[0])}")
            found = {"type": "map", "values": _avro_type(kind.children[1], name)}
        case "struct":
            members = enumerate(zip(kind.fields, kind.children, strict=True))
            found = {
                "type": "record",
                "name": name,
                "fields": [
                    {"name": member, "type": _avro_type(child, f"{name}_{number}"), "default": None}
                    for number, (member, child) in members
                ],
            }
        case "decimal":
            precision, scale = kind.arguments
            found = {"type": "bytes", "logicalType": "decimal", "precision": precision, "scale": scale}
        case _:
            found = _AVRO_TYPES[kind.name]
    return ["null", found]


def _avro_change(kind: HiveType) -> Callable[[Any], Any] | None:
    """
    Give the function that makes of a value what fastavro writes, or None where that is the value itself.

    It is made once for a type, as it is called for every value; rows are changed in place.
    """
    match kind.name:
        case "array":
            of_element = _avro_change(kind.children[0])
            if of_element is None:
                return None
            return lambda value: [each if each is None else of_element(each) for each in value]
        case "map":
            of_value = _avro_change(kind.children[1])
            if of_value is None:
                return dict
            return lambda value: {key: each if each is None else of_value(each) for key, each in value}
        case "struct":
            changes = [
                (name, change)
                for name, child in zip(kind.fields, kind.children, strict=True)
                if (change := _avro_change(child))
            ]
            return partial(_change_members, changes) if changes else None
        case "timestamp":
            return lambda value: (value - _EPOCH) // _MILLISECOND
    return None


def _change_members(changes: list[tuple[str, Callable[[Any], Any]]], value: dict[str, Any]) -> dict[str, Any]:
    for name, change in changes:
        if value[name] is not None:
            value[name] = change(value[name])
    return value


def _row_type(kinds: Mapping[str, HiveType]) -> HiveType:
    return HiveType("struct", children=tuple(kinds.values()), fields=tuple(kinds))


def _rows(batches: Iterable[Any]) -> Iterator[dict[str, Any]]:
    """Give the rows of batches one by one; as Python's objects they take many times the room."""
    for batch in batches:
        for start in range(0, batch.num_rows, ROWS_AT_ONCE):
            yield from batch.slice(start, ROWS_AT_ONCE).to_pylist()


# -- text


def _write_text(path: Path, batches: Iterable[Any], kinds: Mapping[str, HiveType], options: WriteOptions) -> str:
    if options.codec not in _TEXT_CODECS:
        raise _unknown_codec(options)
    open_packed, suffix = _TEXT_CODECS[options.codec]
    lines = _json_lines(batches, kinds) if options.kind == "JSON" else _delimited_lines(batches, kinds, options.rules)
    with open_packed(path) as file:
        while text := "".join(islice(lines, ROWS_AT_ONCE)):
            file.write(text.encode())
    return suffix


def _json_lines(batches: Iterable[Any], kinds: Mapping[str, HiveType]) -> Iterator[str]:
    write = _json_writer(_row_type(kinds))
    return (f"{write(row)}\n" for row in _rows(batches))


def _json_writer(kind: HiveType) -> Callable[[Any], str]:
    """Give the function that writes a value that is not NULL as JSON; made once for a type, as every value needs it."""
    match kind.name:
        case "array":
            write = _json_writer(kind.children[0])
            return lambda value: f"[{','.join(['null' if each is None else write(each) for each in value])}]"
        case "map":
            of_key, write = kind.children[0], _json_writer(kind.children[1])
            return lambda value: (
                "{"
                + ",".join(
                    f"{_json_string(plain_text(key, of_key))}:{'null' if each is None else write(each)}"
                    for key, each in value
                )
                + "}"
            )
        case "struct":
            members = [
                (name, f"{_json_string(name)}:", _json_writer(child))
                for name, child in zip(kind.fields, kind.children, strict=True)
            ]
            return lambda value: (
                "{"
                + ",".join([label + write(value[name]) for name, label, write in members if value[name] is not None])
                + "}"
            )
        case "boolean" | "decimal" | "tinyint" | "smallint" | "int" | "bigint":
            return lambda value: plain_text(value, kind)
        case "float" | "double":
            return lambda value: (
                plain_text(value, kind) if math.isfinite(value) else _json_string(plain_text(value, kind))
            )
        case "date" | "timestamp" | "binary":
            return lambda value: _json_string(plain_text(value, kind))
    return _json_string


def _delimited_lines(batches: Iterable[Any], kinds: Mapping[str, HiveType], rules: DelimitedRules) -> Iterator[str]:
    for row in _rows(batches):
        fields = (delimited_text(row[name], kind, rules, plain_text) for name, kind in kinds.items())
        yield rules.separators[0].join(fields) + "\n"
