"""The Arrow types that hold declared columns, and the Parquet files in which readers leave what they read."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

from toolkit.local.athena.hive_types import HiveType

# Where a file keeps what could not be read: column → message, "" for whole lines.
ERRORS_KEY = b"toolkit.errors"

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


def write_columns(
    path: Path, columns: Mapping[str, HiveType], batches: Iterator[Mapping[str, Any]], errors: Mapping[str, str]
) -> None:
    """Write batches of column values, lists or Arrow arrays, as Parquet; *errors* is read when all batches have been."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    schema = pa.schema([(name, arrow_type(kind)) for name, kind in columns.items()])
    with pq.ParquetWriter(path, schema, compression="snappy", write_statistics=True) as writer:
        for batch in batches:
            arrays = [_array(batch[field.name], field.type) for field in schema]
            writer.write_table(pa.Table.from_arrays(arrays, schema=schema))
        writer.add_key_value_metadata({ERRORS_KEY: json.dumps(dict(errors)).encode()})


def _array(values: Any, kind: Any) -> Any:
    import pyarrow as pa

    return values.cast(kind) if isinstance(values, pa.Array) else pa.array(values, kind)


@lru_cache(maxsize=100_000)
def read_errors(path: Path) -> Mapping[str, str]:
    """Give what ``write_columns`` was told could not be read; files never change, so the answer is kept."""
    import pyarrow.parquet as pq

    metadata = pq.read_metadata(path).metadata or {}
    errors: dict[str, str] = json.loads(metadata.get(ERRORS_KEY, b"{}"))
    return errors
