"""
What an Iceberg table's own metadata says, in the words of Athena's statement.

Source: https://iceberg.apache.org/spec/#table-metadata and
https://docs.aws.amazon.com/athena/latest/ug/querying-iceberg-creating-tables.html
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from toolkit.errors import TableError
from toolkit.hive.rules import Properties
from toolkit.hive.table import Transform

# The only TBLPROPERTIES that Athena takes for an Iceberg table.
ICEBERG_PROPERTIES = frozenset(
    [
        "table_type",
        "format",
        "write_compression",
        "compression_level",
        "optimize_rewrite_data_file_threshold",
        "optimize_rewrite_delete_file_threshold",
        "optimize_rewrite_min_data_file_size_bytes",
        "optimize_rewrite_max_data_file_size_bytes",
        "vacuum_min_snapshots_to_keep",
        "vacuum_max_snapshot_age_seconds",
        "vacuum_max_metadata_files_to_keep",
    ]
)
# What Athena calls some of Iceberg's properties.
_ICEBERG_NAMES = {
    "format": "write.format.default",
    "write_compression": "write.parquet.compression-codec",
    "compression_level": "write.parquet.compression-level",
}
_TRANSFORM = re.compile(r"(?P<function>[a-z]+)(?:\[(?P<argument>[0-9]{1,9})\])?")


def iceberg_properties(metadata: Mapping[str, Any]) -> Properties:
    """Return the TBLPROPERTIES of the table that *metadata* describes: those that a statement could have set."""
    stored = metadata.get("properties") or {}
    found = {"table_type": "ICEBERG"}
    for name in sorted(ICEBERG_PROPERTIES - {"table_type"}):
        value = stored.get(_ICEBERG_NAMES.get(name, name), stored.get(name))
        if value is not None:
            found[name] = str(value)
    return Properties(found)


def iceberg_partitioning(metadata: Mapping[str, Any]) -> tuple[Transform, ...]:
    """
    Return the partition transforms by which new rows are written.

    Raises:
        TableError: there is one that Athena does not know.
    """
    names = dict(_field_names(metadata))
    specs = {spec.get("spec-id"): spec for spec in metadata.get("partition-specs") or ()}
    fields = specs.get(metadata.get("default-spec-id"), {}).get("fields") or ()
    return tuple(
        _transform(str(field.get("transform")), names.get(field.get("source-id"), ""))
        for field in fields
        # A transform that was dropped stays as one that gives nothing.
        if field.get("transform") != "void"
    )


def _field_names(metadata: Mapping[str, Any]) -> Iterator[tuple[int, str]]:
    for schema in metadata.get("schemas") or ():
        if schema.get("schema-id") == metadata.get("current-schema-id"):
            yield from ((field["id"], str(field["name"]).lower()) for field in schema.get("fields") or ())


def _transform(text: str, column: str) -> Transform:
    found = _TRANSFORM.fullmatch(text)
    if found is None:
        raise TableError(f"partitioning of {column!r}: expected a transform such as day or bucket[16], found {text!r}")
    argument = found["argument"]
    return Transform(found["function"], column, None if argument is None else int(argument))
