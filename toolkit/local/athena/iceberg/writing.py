"""Rows to data files, and data files to snapshots."""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any

from toolkit.local.athena.errors import QueryError
from toolkit.local.athena.iceberg.catalog import commit_errors, exclusive

# Source: https://docs.aws.amazon.com/athena/latest/ug/ctas-insert-into.html
MAXIMUM_PARTITIONS = 100


def written_files(metadata: Any, io: Any, rows: Any) -> list[Any]:
    """
    Write an Arrow table with the columns of a table's schema as data files, one or more for each partition.

    Raises:
        QueryError: the rows fall into too many partitions, or have NULL where a column is required.
    """
    import pyarrow as pa
    from pyiceberg.io.pyarrow import schema_to_pyarrow

    if not rows.num_rows:
        return []
    schema = metadata.schema()
    # Queries see names in lower case; other engines may have given others.
    rows = rows.rename_columns([field.name for field in schema.fields])
    for number, field in enumerate(schema.fields):
        if field.required and rows.column(number).null_count:
            raise QueryError(f"CONSTRAINT_VIOLATION: NULL value not allowed for NOT NULL column: {field.name}")
        if str(field.field_type) == "uuid" and pa.types.is_string(rows.column(number).type):
            rows = rows.set_column(number, field.name, _uuids(rows.column(number)))
    try:
        rows = rows.cast(schema_to_pyarrow(schema))
    except (pa.ArrowInvalid, ValueError) as error:
        raise QueryError(f"CONSTRAINT_VIOLATION: {error}") from error
    identifier = uuid.uuid4()
    return [
        _written_file(metadata, io, part, key, f"00000-{number}-{identifier}")
        for number, (key, part) in enumerate(_partitioned(metadata, rows))
    ]


def _uuids(texts: Any) -> Any:
    import pyarrow as pa

    values = [None if text is None else uuid.UUID(text).bytes for text in texts.to_pylist()]
    return pa.array(values, pa.binary(16))


def _written_file(metadata: Any, io: Any, rows: Any, key: Any, name: str) -> Any:
    """
    Write one data file, of rows that have the table's schema with its field identifiers.

    pyiceberg's own ``write_file`` converts the schema once more, and makes an empty list or map of a NULL one where the
    elements are rows.
    """
    from pyiceberg.io.fileformat import FileFormatFactory
    from pyiceberg.manifest import DataFile, DataFileContent, FileFormat
    from pyiceberg.table.locations import load_location_provider
    from pyiceberg.typedef import Record

    properties = metadata.properties
    file_format = FileFormat(properties.get("write.format.default", "parquet"))
    model = FileFormatFactory.get(file_format)
    places = load_location_provider(table_location=metadata.location, table_properties=properties)
    path = places.new_data_location(data_file_name=f"{name}.{model.file_extension()}", partition_key=key)
    output = io.new_output(path)
    writer = model.create_writer(output, metadata.schema(), properties)
    with writer:
        writer.write(rows)
    return DataFile.from_args(
        content=DataFileContent.DATA,
        file_path=path,
        file_format=file_format,
        partition=key.partition if key else Record(),
        file_size_in_bytes=len(output),
        sort_order_id=None,
        spec_id=metadata.default_spec_id,
        equality_ids=None,
        key_metadata=None,
        **writer.result().to_serialized_dict(),
    )


def append(table: Any, rows: Any) -> list[str]:
    """Add rows to a table in one snapshot; gives the locations of the files that hold them."""
    files = written_files(table.metadata, table.io, rows)
    if files:
        # Others may have written meanwhile: what is only added goes with any state of the table.
        with (
            exclusive(table.name()),
            commit_errors(".".join(table.name())),
            table.refresh().transaction() as transaction,
        ):
            append_files(transaction, files)
    return [file.file_path for file in files]


def append_files(transaction: Any, files: Iterable[Any]) -> None:
    """Add data files to the table of a transaction."""
    with transaction.update_snapshot().fast_append() as snapshot:
        for file in files:
            snapshot.append_data_file(file)


def rewrite(table: Any, removed: Sequence[Any], rows: Any) -> list[str]:
    """
    Put rows in place of data files, in one snapshot; gives the locations of the files that hold them.

    Athena itself marks rows as deleted in files of their own (merge on read); files without the rows (copy on write)
    read the same.
    """
    files = written_files(table.metadata, table.io, rows)
    if removed or files:
        with commit_errors(".".join(table.name())), table.transaction() as transaction:
            if removed:
                with transaction.update_snapshot().overwrite() as snapshot:
                    for file in removed:
                        snapshot.delete_data_file(file)
                    for file in files:
                        snapshot.append_data_file(file)
            else:
                append_files(transaction, files)
    return [file.file_path for file in files]


def _partitioned(metadata: Any, rows: Any) -> Iterable[tuple[Any, Any]]:
    from pyiceberg.partitioning import PartitionFieldValue, PartitionKey

    spec, schema = metadata.spec(), metadata.schema()
    if spec.is_unpartitioned():
        return [(None, rows)]
    columns = [_partition_values(field, schema, rows) for field in spec.fields]
    places: dict[tuple[Any, ...], list[int]] = defaultdict(list)
    for number, values in enumerate(zip(*columns, strict=True)):
        places[values].append(number)
    if len(places) > MAXIMUM_PARTITIONS:
        raise QueryError(
            f"ICEBERG_TOO_MANY_OPEN_PARTITIONS: Exceeded limit of {MAXIMUM_PARTITIONS} open writers for partitions/buckets"
        )

    def key_of(values: tuple[Any, ...]) -> Any:
        pairs = [PartitionFieldValue(field, value) for field, value in zip(spec.fields, values, strict=True)]
        return PartitionKey(pairs, spec, schema)

    return ((key_of(values), rows.take(numbers)) for values, numbers in places.items())


def _partition_values(field: Any, schema: Any, rows: Any) -> list[Any]:
    from pyiceberg.partitioning import _to_partition_representation

    kind = schema.find_type(field.source_id)
    transform = field.transform.transform(kind)
    encoded = rows.column(schema.find_column_name(field.source_id)).combine_chunks().dictionary_encode()
    known = [transform(_to_partition_representation(kind, value)) for value in encoded.dictionary.to_pylist()]
    missing = transform(None)
    return [missing if place is None else known[place] for place in encoded.indices.to_pylist()]
