"""Rows to data files, and data files to snapshots."""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Iterable, Sequence
from contextlib import suppress
from typing import Any

from toolkit.local.athena.errors import QueryError
from toolkit.local.athena.iceberg.catalog import commit_errors, exclusive
from toolkit.local.athena.writers import GZIP_LEVEL

# Source: https://docs.aws.amazon.com/athena/latest/ug/ctas-insert-into.html
MAXIMUM_PARTITIONS = 100

# Rows that wait in memory for a file, all files of a statement together.
HELD_IN_BYTES = 2**26


def written_files(metadata: Any, io: Any, batches: Iterable[Any]) -> tuple[list[Any], int]:
    """
    Write Arrow batches with the columns of a table's schema as data files, one for each partition; gives them and the
    number of their rows.

    Few rows are held at a time, whatever their number. If it fails nothing stays.

    Raises:
        QueryError: the rows fall into too many partitions, or have NULL where a column is required.
    """
    import pyarrow as pa

    writers = _Writers(metadata, io)
    count = 0
    try:
        for batch in batches:
            if batch.num_rows:
                rows = _conformed(pa.Table.from_batches([batch]), metadata.schema())
                for values, part in _partitioned(metadata, rows):
                    writers.add(values, part)
                count += batch.num_rows
        return writers.finish(), count
    except BaseException:
        writers.abandon()
        raise


def _conformed(rows: Any, schema: Any) -> Any:
    import pyarrow as pa
    from pyiceberg.io.pyarrow import schema_to_pyarrow

    # Queries see names in lower case; other engines may have given others.
    rows = rows.rename_columns([field.name for field in schema.fields])
    for number, field in enumerate(schema.fields):
        if field.required and rows.column(number).null_count:
            raise QueryError(f"CONSTRAINT_VIOLATION: NULL value not allowed for NOT NULL column: {field.name}")
        if str(field.field_type) == "uuid" and pa.types.is_string(rows.column(number).type):
            rows = rows.set_column(number, field.name, _uuids(rows.column(number)))
    try:
        return rows.cast(schema_to_pyarrow(schema))
    except (pa.ArrowInvalid, ValueError) as error:
        raise QueryError(f"CONSTRAINT_VIOLATION: {error}") from error


def _uuids(texts: Any) -> Any:
    import pyarrow as pa

    values = [None if text is None else uuid.UUID(text).bytes for text in texts.to_pylist()]
    return pa.array(values, pa.binary(16))


class _File:
    """
    One data file on its way, of rows that have the table's schema with its field identifiers.

    pyiceberg's own ``write_file`` takes all rows at once, converts the schema once more, and makes an empty list or map of
    a NULL one where the elements are rows.
    """

    def __init__(self, metadata: Any, io: Any, key: Any, name: str) -> None:
        from pyiceberg.io.fileformat import FileFormatFactory
        from pyiceberg.manifest import FileFormat
        from pyiceberg.table.locations import load_location_provider

        properties = metadata.properties
        if properties.get("write.parquet.compression-codec") == "gzip":
            properties = {"write.parquet.compression-level": str(GZIP_LEVEL)} | properties
        self.metadata = metadata
        self.key = key
        self.format = FileFormat(properties.get("write.format.default", "parquet"))
        model = FileFormatFactory.get(self.format)
        places = load_location_provider(table_location=metadata.location, table_properties=properties)
        self.path = places.new_data_location(data_file_name=f"{name}.{model.file_extension()}", partition_key=key)
        self.output = io.new_output(self.path)
        self.writer = model.create_writer(self.output, metadata.schema(), properties)
        self.held: list[Any] = []
        self.held_in_bytes = 0

    def hold(self, rows: Any) -> None:
        """Keep rows until there are enough of them for a group of the file."""
        self.held.append(rows)
        self.held_in_bytes += rows.nbytes

    def flush(self) -> None:
        """Write the rows that are held."""
        import pyarrow as pa

        if self.held:
            self.writer.write(pa.concat_tables(self.held))
        self.held, self.held_in_bytes = [], 0

    def finish(self) -> Any:
        """Close the file, and give it as manifests hold it."""
        from pyiceberg.manifest import DataFile, DataFileContent
        from pyiceberg.typedef import Record

        self.flush()
        try:
            statistics = self.writer.close()
        except OverflowError:
            # pyiceberg makes bounds of Python's dates, which have no year 0; what has no bounds is just read.
            statistics = self.statistics_without_bounds()
        return DataFile.from_args(
            content=DataFileContent.DATA,
            file_path=self.path,
            file_format=self.format,
            partition=self.key.partition if self.key else Record(),
            sort_order_id=None,
            spec_id=self.metadata.default_spec_id,
            equality_ids=None,
            key_metadata=None,
            **statistics.to_serialized_dict(),
            file_size_in_bytes=len(self.output),
        )

    def statistics_without_bounds(self) -> Any:
        """Give what the closed file tells of itself but the least and the greatest value of each column."""
        import pyarrow.parquet as pq
        from pyiceberg.io import pyarrow as files

        with self.output.to_input_file().open() as stream:
            metadata = pq.read_metadata(stream)
        schema = self.metadata.schema()
        return files.data_file_statistics_from_parquet_metadata(
            parquet_metadata=metadata,
            stats_columns=files.compute_statistics_plan(schema, {"write.metadata.metrics.default": "counts"}),
            parquet_column_mapping=files.parquet_path_to_id_mapping(schema),
        )


class _Writers:
    """The files of a statement, one for each partition; the rows that they hold are bounded together."""

    def __init__(self, metadata: Any, io: Any) -> None:
        self.metadata = metadata
        self.io = io
        self.identifier = uuid.uuid4()
        self.files: dict[tuple[Any, ...], _File] = {}

    def add(self, values: tuple[Any, ...], rows: Any) -> None:
        """Take rows of the partition of these values."""
        if values not in self.files:
            if len(self.files) == MAXIMUM_PARTITIONS:
                raise QueryError(
                    f"ICEBERG_TOO_MANY_OPEN_PARTITIONS: Exceeded limit of {MAXIMUM_PARTITIONS} open writers for "
                    "partitions/buckets"
                )
            name = f"00000-{len(self.files)}-{self.identifier}"
            self.files[values] = _File(self.metadata, self.io, _key_of(self.metadata, values), name)
        self.files[values].hold(rows)
        while sum(file.held_in_bytes for file in self.files.values()) > HELD_IN_BYTES:
            max(self.files.values(), key=lambda file: file.held_in_bytes).flush()

    def finish(self) -> list[Any]:
        """Close all files, and give them."""
        return [file.finish() for file in self.files.values()]

    def abandon(self) -> None:
        """Delete what has been written."""
        for file in self.files.values():
            with suppress(Exception):  # what made the statement fail is told, not what follows from it
                file.writer.close()
            with suppress(Exception):
                self.io.delete(file.path)


def append(table: Any, batches: Iterable[Any]) -> int:
    """Add rows to a table in one snapshot; gives their number."""
    files, count = written_files(table.metadata, table.io, batches)
    if files:
        # Others may have written meanwhile: what is only added goes with any state of the table.
        with (
            exclusive(table.name()),
            commit_errors(".".join(table.name())),
            table.refresh().transaction() as transaction,
        ):
            append_files(transaction, files)
    return count


def append_files(transaction: Any, files: Iterable[Any]) -> None:
    """Add data files to the table of a transaction."""
    with transaction.update_snapshot().fast_append() as snapshot:
        for file in files:
            snapshot.append_data_file(file)


def rewrite(table: Any, removed: Sequence[Any], batches: Iterable[Any]) -> list[str]:
    """
    Put rows in place of data files, in one snapshot; gives the locations of the files that hold them.

    Athena itself marks rows as deleted in files of their own (merge on read); files without the rows (copy on write)
    read the same.
    """
    files, _ = written_files(table.metadata, table.io, batches)
    if removed or files:
        with commit_errors(".".join(table.name())), table.transaction() as transaction:
            if removed:
                with transaction.update_snapshot().overwrite() as snapshot:
                    # An evaluator for each manifest: pyiceberg's own notes the one that it looks at, and is shared by
                    # threads that look at several, which then miss files to delete.
                    evaluator = snapshot._build_manifest_evaluator
                    snapshot._build_manifest_evaluator = lambda spec: lambda manifest: evaluator(spec)(manifest)
                    for file in removed:
                        snapshot.delete_data_file(file)
                    for file in files:
                        snapshot.append_data_file(file)
            else:
                append_files(transaction, files)
    return [file.file_path for file in files]


def _partitioned(metadata: Any, rows: Any) -> Iterable[tuple[tuple[Any, ...], Any]]:
    """Give the rows of each partition by its values."""
    spec, schema = metadata.spec(), metadata.schema()
    if spec.is_unpartitioned():
        return [((), rows)]
    columns = [_partition_values(field, schema, rows) for field in spec.fields]
    places: dict[tuple[Any, ...], list[int]] = defaultdict(list)
    for number, values in enumerate(zip(*columns, strict=True)):
        places[values].append(number)
    return ((values, rows.take(numbers)) for values, numbers in places.items())


def _key_of(metadata: Any, values: tuple[Any, ...]) -> Any:
    from pyiceberg.partitioning import PartitionFieldValue, PartitionKey

    spec = metadata.spec()
    if spec.is_unpartitioned():
        return None
    pairs = [PartitionFieldValue(field, value) for field, value in zip(spec.fields, values, strict=True)]
    return PartitionKey(pairs, spec, metadata.schema())


def _partition_values(field: Any, schema: Any, rows: Any) -> list[Any]:
    from pyiceberg.partitioning import _to_partition_representation

    kind = schema.find_type(field.source_id)
    transform = field.transform.transform(kind)
    encoded = rows.column(schema.find_column_name(field.source_id)).combine_chunks().dictionary_encode()
    known = [transform(_to_partition_representation(kind, value)) for value in encoded.dictionary.to_pylist()]
    missing = transform(None)
    return [missing if place is None else known[place] for place in encoded.indices.to_pylist()]
