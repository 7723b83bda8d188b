"""The Arrow types that hold declared columns, and the Parquet files in which readers leave what they read."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

from toolkit.local.athena.hive_types import HiveType
from toolkit.local.athena.storage import S3Object

# The column with the path of a row's file, where one is asked for.
FILE = "$file"

# The column with the number of a row's object, of those that share a file.
OBJECT = "$object"

# A group of rows is full at either.
ROWS_PER_GROUP = 60_000
BYTES_PER_GROUP = 2**25

# Where a file keeps what could not be read, by object: column → message, "" for whole lines.
ERRORS_KEY = b"toolkit.errors"

# Gives the rows of an object's bytes as Arrow tables, and puts what could not be read into the last argument.
Reader = Callable[[bytes, S3Object, dict[str, str]], Iterator[Any]]

_PRIMITIVES = {
    "boolean": "bool_",
    "tinyint": "int8",
    "smallint": "int16",
    "int": "int32",
    "bigint": "int64",
    "float": "float32",
    "double": "float64",
    "string": "string",
    "varchar": "string",
    "char": "string",
    "binary": "binary",
    "date": "date32",
}


def arrow_type(kind: HiveType) -> Any:
    """Give the Arrow type of a declared type."""
    import pyarrow as pa

    match kind.name:
        case "array":
            return pa.list_(arrow_type(kind.children[0]))
        case "map":
            return pa.map_(arrow_type(kind.children[0]), arrow_type(kind.children[1]))
        case "struct":
            return pa.struct(
                [(name, arrow_type(child)) for name, child in zip(kind.fields, kind.children, strict=True)]
            )
        case "decimal":
            return pa.decimal128(*kind.arguments)
        case "timestamp":
            return pa.timestamp("us")
    return getattr(pa, _PRIMITIVES[kind.name])()


def table_of(columns: Mapping[str, HiveType], batch: Mapping[str, Any]) -> Any:
    """Give an Arrow table of column values, which are lists or Arrow arrays."""
    import pyarrow as pa

    schema = arrow_schema(columns)
    return pa.Table.from_arrays([_array(batch[field.name], field.type) for field in schema], schema=schema)


def arrow_schema(columns: Mapping[str, HiveType]) -> Any:
    """Give the Arrow schema of declared columns."""
    import pyarrow as pa

    return pa.schema([(name, arrow_type(kind)) for name, kind in columns.items()])


def write_columns(
    path: Path,
    columns: Mapping[str, HiveType],
    tables: Iterable[tuple[Any, Any]],
    errors: Mapping[int, Mapping[str, str]],
) -> None:
    """
    Write tables as Parquet, each with the number of the object that its rows are of, or an array of one for each row.

    *errors*, by object, is read when all tables have been.
    """
    import numpy as np
    import pyarrow as pa
    import pyarrow.parquet as pq

    schema = arrow_schema(columns).append(pa.field(OBJECT, pa.int32()))

    def numbered() -> Iterator[Any]:
        for table, numbers in tables:
            is_one = isinstance(numbers, int)
            array = object_numbers(np.full(table.num_rows, numbers, np.int32)) if is_one else numbers
            yield table.append_column(schema.field(OBJECT), array)

    with pq.ParquetWriter(path, schema, compression="snappy", write_statistics=True) as writer:
        for group in groups_of(numbered()):
            writer.write_table(group)
        found = {str(number): dict(messages) for number, messages in errors.items() if messages}
        writer.add_key_value_metadata({ERRORS_KEY: json.dumps(found).encode()})


def object_numbers(numbers: Any) -> Any:
    """Give the Arrow array of NumPy's 32-bit integers; Arrow's own way would import pandas, which takes a second."""
    import pyarrow as pa

    return pa.Array.from_buffers(pa.int32(), len(numbers), [None, pa.py_buffer(numbers)])


def groups_of(tables: Iterable[Any]) -> Iterator[Any]:
    """Give the rows of Arrow tables of one schema as tables of the size of a group of rows in a file."""
    import pyarrow as pa

    held: list[Any] = []
    rows = size = 0
    for table in tables:
        held.append(table)
        rows += table.num_rows
        size += table.nbytes
        if rows >= ROWS_PER_GROUP or size >= BYTES_PER_GROUP:
            yield pa.concat_tables(held)
            held, rows, size = [], 0, 0
    if held:
        yield pa.concat_tables(held)


def _array(values: Any, kind: Any) -> Any:
    import pyarrow as pa

    return values.cast(kind) if isinstance(values, pa.Array) else pa.array(values, kind)


@lru_cache(maxsize=10_000)
def read_errors(path: Path) -> Mapping[int, Mapping[str, str]]:
    """Give what ``write_columns`` was told could not be read; files never change, so the answer is kept."""
    import pyarrow.parquet as pq

    metadata = pq.read_metadata(path).metadata or {}
    return {int(number): messages for number, messages in json.loads(metadata.get(ERRORS_KEY, b"{}")).items()}
