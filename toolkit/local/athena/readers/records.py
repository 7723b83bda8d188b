"""Objects of records that a library reads: Avro and Ion."""

from __future__ import annotations

import io
import json
import struct
import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import islice
from typing import Any

from toolkit.local.athena.errors import QueryError
from toolkit.local.athena.hive_types import HiveType
from toolkit.local.athena.readers.arrow import Reader, table_of
from toolkit.local.athena.readers.compression import decompressed, raw_snappy
from toolkit.local.athena.readers.json_values import BadValue
from toolkit.local.athena.readers.native_values import native_converter
from toolkit.local.athena.storage import S3Object

RECORDS_PER_BATCH = 20_000

# What reading a damaged file of Avro may end in: a length, a name or a block is anything.
_DAMAGED = (
    ArithmeticError,
    EOFError,
    LookupError,
    MemoryError,
    OSError,
    TypeError,
    ValueError,
    struct.error,
    zlib.error,
)

Getter = Callable[[Mapping[str, Any]], Any]


def avro_reader(columns: Mapping[str, HiveType], properties: Mapping[str, str]) -> Reader:
    """
    Give the reader of Avro files, whose columns are found by name.

    Raises:
        QueryError: ``avro.schema.literal`` is no schema.
    """
    literal = properties.get("avro.schema.literal")
    try:
        schema = json.loads(literal) if literal else None
    except ValueError as error:
        raise QueryError(f"HIVE_INVALID_METADATA: avro.schema.literal is no JSON: {error}") from error

    def read(content: bytes, item: S3Object, errors: dict[str, str]) -> Iterator[Any]:
        import fastavro
        import fastavro.read
        from fastavro.repository.base import SchemaRepositoryError
        from fastavro.schema import SchemaParseException

        fastavro.read.BLOCK_READERS |= {"snappy": _snappy_block, "zstandard": _zstandard_block}
        getters: dict[str, Getter] = {name: _by_name(name) for name in columns}
        converters = {name: native_converter(kind) for name, kind in columns.items()}
        try:
            records: Any = fastavro.reader(io.BytesIO(content), schema)
            for batch in _batches(records, getters, converters, errors):
                yield table_of(columns, batch)
        except (SchemaParseException, SchemaRepositoryError, *_DAMAGED) as error:
            raise QueryError(f"HIVE_BAD_DATA: Not valid Avro file: {item.url}: {error}") from error
        except fastavro.read.SchemaResolutionError as error:
            raise QueryError(f"HIVE_BAD_DATA: {item.url} does not fit avro.schema.literal: {error}") from error

    return read


def ion_reader(columns: Mapping[str, HiveType], properties: Mapping[str, str]) -> Reader:
    """
    Give the reader of objects of Ion values, or of JSON.

    Raises:
        QueryError: the library for Ion is not installed.

    Source: https://docs.aws.amazon.com/athena/latest/ug/ion-serde.html
    """
    try:
        from amazon.ion import simpleion
        from amazon.ion.exceptions import IonException
    except ImportError as error:
        raise QueryError(
            "HIVE_UNSUPPORTED_FORMAT: the local Athena reads Ion with the package amazon-ion, which is not installed: "
            "pip install amazon-ion"
        ) from error
    is_case_sensitive = properties.get("ion.path_extractor.case_sensitive", "").lower() == "true"
    fails = properties.get("ion.fail_on_overflow", "true").lower() == "true"
    paths = {
        name: (properties.get(f"ion.{name}.path_extractor") or f"({name})").strip("() ").split() for name in columns
    }

    def text_of(value: Any) -> str:
        return str(simpleion.dumps(value, binary=False, omit_version_marker=True))

    def read(content: bytes, item: S3Object, errors: dict[str, str]) -> Iterator[Any]:
        getters = {name: _by_path(steps, is_case_sensitive) for name, steps in paths.items()}
        converters = {name: native_converter(kind, text_of) for name, kind in columns.items()}
        try:
            values = simpleion.loads(decompressed(content, item.key), single_value=False)
        except (IonException, ValueError, EOFError) as error:
            raise QueryError(f"HIVE_CURSOR_ERROR: {item.url} is no Ion: {error}") from error
        records = (_plain(value) for value in values)
        for batch in _batches(records, getters, converters, errors if fails else {}):
            yield table_of(columns, batch)

    return read


def _plain(value: Any) -> Any:
    """Give Ion's null of any type as None, at any depth."""
    from amazon.ion.simple_types import IonPyNull

    if isinstance(value, IonPyNull):
        return None
    if isinstance(value, Mapping):
        return {key: _plain(each) for key, each in value.items()}
    if isinstance(value, list):
        return [_plain(each) for each in value]
    return value


def _by_name(name: str) -> Getter:
    def get(record: Mapping[str, Any]) -> Any:
        if name in record:
            return record[name]
        return next((value for key, value in record.items() if key.lower() == name), None)

    return get


def _by_path(steps: list[str], is_case_sensitive: bool) -> Getter:
    def get(record: Mapping[str, Any]) -> Any:
        value: Any = record
        for step in steps:
            if isinstance(value, list) and step.isdigit():
                value = value[int(step)] if int(step) < len(value) else None
            elif isinstance(value, Mapping):
                value = value.get(step) if is_case_sensitive else _by_name(step.lower())(value)
            else:
                return None
        return value

    return get


def _batches(
    records: Iterable[Any],
    getters: Mapping[str, Getter],
    converters: Mapping[str, Callable[[Any], Any]],
    errors: dict[str, str],
) -> Iterator[dict[str, list[Any]]]:
    iterator = iter(records)
    while batch := list(islice(iterator, RECORDS_PER_BATCH)):
        columns: dict[str, list[Any]] = {name: [] for name in converters}
        for record in batch:
            for name, convert in converters.items():
                value = None
                try:
                    value = convert(getters[name](record)) if isinstance(record, Mapping) else None
                except BadValue as error:
                    errors.setdefault(name, str(error))
                columns[name].append(value)
        yield columns


def _snappy_block(file: Any) -> io.BytesIO:
    """Read a block of the snappy codec: the block, and a checksum of four bytes."""
    return io.BytesIO(raw_snappy(_block(file)[:-4]))


def _zstandard_block(file: Any) -> io.BytesIO:
    import pyarrow as pa

    return io.BytesIO(pa.input_stream(pa.py_buffer(_block(file)), compression="zstd").read())


def _block(file: Any) -> bytes:
    """Read the bytes of a block of an Avro file behind their length."""
    length = shift = 0
    while True:
        byte = file.read(1)[0]
        length |= (byte & 0x7F) << shift
        shift += 7
        if not byte & 0x80:
            break
    length = (length >> 1) ^ -(length & 1)
    block: bytes = file.read(length)
    return block
