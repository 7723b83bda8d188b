"""
Fill a columnar table from a raw one, partition by partition: resumable, idempotent, and never half to be seen.

Each partition is written by ``UNLOAD`` to a place of its own, ``<partition>/<fingerprint>/``, and becomes visible when the
catalogue's partition is led there, which is one step. The fingerprint is that of the raw objects and of the query, so the
catalogue alone tells what is done: a run that was cut off is started again, a partition whose raw objects have not changed is
passed over, one that got late events is written anew. Two runs over the same partition at once are not meant to be.

An Iceberg table has the partition keys as columns. There one ``MERGE`` replaces the rows of a partition, in one snapshot, and a
small object beside the table, ``<location>.backfill/<partition>``, tells what is done.

Sources: https://docs.aws.amazon.com/athena/latest/ug/unload.html, …/alter-table-set-location.html, …/merge-into-statement.html
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from urllib.parse import quote

from toolkit import aws, hive
from toolkit.athena.executions import QueryExecution, scan_cost_in_dollars, size_text
from toolkit.athena.objects import ObjectListing
from toolkit.athena.partitions import NULL_PARTITION, Partition, projected_partitions, registered_partitions
from toolkit.athena.queries import Athena
from toolkit.errors import InvalidInput, NotFound, ToolkitError, number_of
from toolkit.hive import (
    ORC,
    PARQUET,
    Table,
    add_partitions_sql,
    normalise_location,
    query_name,
    replace_rows_sql,
    select_sql,
    set_partition_location_sql,
    unload_sql,
)
from toolkit.hive.casts import CastEffect, cast_effects
from toolkit.hive.queries import partition_filter_sql, query_table

_FORMATS = {PARQUET.library: "PARQUET", ORC.library: "ORC"}
# DeleteObjects takes so many keys a call.
_MOST_DELETED = 1_000


@dataclass(frozen=True, slots=True)
class FilledPartition:
    """
    What became of one partition.

    ``state`` is ``written``, ``unchanged`` (it held these very objects already) or ``empty`` (there are no raw objects). Rows are
    counted in both tables after writing and agree; None where nothing was written. ``replaced`` is the location that the
    partition had before; its objects are still there.
    """

    values: Mapping[str, str]
    state: str
    rows: int | None = None
    location: str = ""
    replaced: str = ""
    data_scanned_in_bytes: int = 0
    cost_in_dollars: Decimal = Decimal(0)


@dataclass(frozen=True, slots=True)
class BackfillEstimate:
    """
    What a back-fill will run: ``to_write`` of ``partitions`` hold other objects than when they were filled last.

    Each takes three ``queries``: one that writes, which reads the raw objects, and one of either table that counts the rows; for
    an Iceberg table a fourth, which counts what is there. Bytes and dollars are what they read of the raw table at most.
    ``unfilled`` are columns and fields that the raw table lacks, so that they are NULL; ``left_out`` are those that only it
    has, and ``narrowed`` those whose values become NULL where they don't fit the type of the columnar table.
    """

    partitions: int
    to_write: int
    queries: int
    data_scanned_in_bytes: int
    cost_in_dollars: Decimal
    unfilled: tuple[str, ...] = ()
    left_out: tuple[str, ...] = ()
    narrowed: tuple[str, ...] = ()

    def __str__(self) -> str:
        cost = f"{size_text(self.data_scanned_in_bytes)} (${self.cost_in_dollars:.5f}) at most"
        work = f"{self.to_write:,} of {number_of(self.partitions, 'partition')} to write by {self.queries:,} queries"
        lines = [f"{work}, which read {cost}"]
        if self.unfilled:
            lines.append(f"columns that the raw table lacks and that are NULL: {', '.join(self.unfilled)}")
        if self.left_out:
            lines.append(f"columns of the raw table that are left out: {', '.join(self.left_out)}")
        if self.narrowed:
            lines.append(f"columns whose values become NULL where they don't fit: {', '.join(self.narrowed)}")
        return "\n".join(lines)


class RowsDiffer(ToolkitError):
    """A partition of the columnar table has another number of rows than its raw one; says which, and both numbers."""


def backfill(raw: Table, curated: Table, partitions: Iterable[Partition], athena: Athena) -> Iterator[FilledPartition]:
    """
    Yield each of *partitions* of *raw* (see `partitions_between`) when *curated* holds what *raw* holds there.

    *curated* has the partition keys of *raw*: as keys, where it is of Parquet or ORC with partitions in the catalogue, or as
    columns, where it is of Iceberg. What arrives in a raw partition while it is read is found by the next run.

    Raises:
        InvalidInput: the tables don't fit.
        RowsDiffer: the numbers of rows differ though the raw objects have not changed meanwhile.
        QueryFailed, AwsError: a statement failed; partitions yielded before are done.
    """
    check_tables(raw, curated)
    identity = _iceberg_identity(curated) if curated.is_iceberg else ""
    for partition in partitions:
        if curated.is_iceberg:
            yield _filled_iceberg(raw, curated, identity, partition, athena)
        else:
            yield _filled(raw, curated, partition, athena)


def backfill_estimate(raw: Table, curated: Table, partitions: Sequence[Partition]) -> BackfillEstimate:
    """
    Return what `backfill` will run over *partitions*, from the catalogue and the names of objects; nothing is run, and
    *curated* need not be there yet.

    Raises:
        InvalidInput: the tables don't fit.
        AwsError: a service refused the call or can't be reached.
    """
    check_tables(raw, curated)
    identity = _iceberg_identity(curated) if curated.is_iceberg else ""
    to_write = 0
    reads: list[int] = []
    for partition in partitions:
        objects = _objects(partition.location)
        if not objects:
            continue
        is_done, counts = _is_done(raw, curated, identity, partition, objects)
        reads += [0] * counts
        if not is_done:
            size = sum(size for _, _, size in objects)
            to_write += 1
            reads += [size, size, 0]
    cost = sum((scan_cost_in_dollars(size) for size in reads), Decimal(0))
    return BackfillEstimate(
        len(partitions),
        to_write,
        len(reads),
        sum(reads),
        cost,
        *(_affected(raw, curated, effect) for effect in ("unfilled", "left out", "narrowed")),
    )


def _affected(raw: Table, curated: Table, wanted: CastEffect) -> tuple[str, ...]:
    """Return the columns, and the fields inside them, that filling *curated* has this effect on."""
    found: list[tuple[CastEffect, str]] = []
    for column in curated.columns:
        given = raw.column(column.name)
        found += [("unfilled", column.name)] if given is None else cast_effects(given.type, column.type, column.name)
    found += [("left out", column.name) for column in raw.columns if curated.column(column.name) is None]
    return tuple(path for effect, path in found if effect == wanted)


def _is_done(
    raw: Table, curated: Table, identity: str, partition: Partition, objects: list[tuple[str, str, int]]
) -> tuple[bool, int]:
    """Return whether *partition* was filled from these very *objects*, and how many queries it takes to be sure."""
    values, spec = _values(raw, partition)
    if not curated.is_iceberg:
        return _catalogued(curated, values) == _location(curated, values, objects, _query(raw, curated, spec)), 0
    known = _document(_marker(raw, curated, values))
    fingerprint = _fingerprint(objects, replace_rows_sql(raw, curated, spec) + identity)
    return known is not None and known.get("fingerprint") == fingerprint, int(known is not None)


def check_tables(raw: Table, curated: Table) -> None:
    """
    Check that *curated* can be filled from *raw*.

    Raises:
        InvalidInput: the partition keys differ, *curated* is neither Iceberg nor made of catalogued Parquet or ORC partitions,
            or a column of integers would be filled with fractions.
    """
    where = f"{curated.database}.{curated.name}"
    keys, wanted = ([key.name for key in table.partition_keys] for table in (raw, curated))
    if curated.is_iceberg:
        wanted = [key for key in keys if curated.column(key) is not None]
    if not wanted or keys != wanted:
        raise InvalidInput(
            f"{where}: expected the partition keys of {raw.database}.{raw.name} ({', '.join(keys) or 'none'}), found "
            f"{', '.join(wanted) or 'none'}"
        )
    if not curated.is_iceberg and curated.serde.library not in _FORMATS:
        raise InvalidInput(f"{where}: expected a table of Parquet, ORC or Iceberg, found {curated.serde.library}")
    if curated.is_projected:
        raise InvalidInput(
            f"{where}: its partitions are projected, so the catalogue can't lead to what was written; make it without"
        )
    if rounded := _affected(raw, curated, "rounded"):
        raise InvalidInput(
            f"{where}: {', '.join(rounded)}: fractions of {raw.database}.{raw.name} would be rounded to integers; "
            "give the columnar table the wider type, or fill a new one that is made from the newer schema"
        )


def _filled(raw: Table, curated: Table, partition: Partition, athena: Athena) -> FilledPartition:
    values, spec = _values(curated, partition)
    query = _query(raw, curated, spec)
    objects = _objects(partition.location)
    if not objects:
        return FilledPartition(values, "empty")
    location = _location(curated, values, objects, query)
    known = _catalogued(curated, values)
    if known == location:
        return FilledPartition(values, "unchanged", location=location)
    _delete_objects(location)
    executions = [athena.execute(unload_sql(query, location, file_format=_FORMATS[curated.serde.library]))]
    _lead(curated, values, location, is_known=bool(known), athena=athena)
    rows = _rows(raw, curated, spec, partition, objects, athena, executions)
    return _written(values, rows, location, known, executions)


def _filled_iceberg(raw: Table, curated: Table, identity: str, partition: Partition, athena: Athena) -> FilledPartition:
    values, spec = _values(raw, partition)
    sql = replace_rows_sql(raw, curated, spec)
    objects = _objects(partition.location)
    if not objects:
        return FilledPartition(values, "empty")
    place = _marker(raw, curated, values)
    done = {"fingerprint": _fingerprint(objects, sql + identity)}
    executions: list[QueryExecution] = []
    known = _document(place)
    if known is not None and known == done | {"rows": _count(curated, raw, spec, athena, executions)}:
        return FilledPartition(values, "unchanged", location=place)
    executions.append(athena.execute(sql))
    rows = _rows(raw, curated, spec, partition, objects, athena, executions)
    bucket, key = aws.split_s3_uri(place)
    aws.call("s3", "put_object", Bucket=bucket, Key=key, Body=json.dumps(done | {"rows": rows}).encode())
    return _written(values, rows, place, "", executions)


def _iceberg_identity(table: Table) -> str:
    """Return what tells a table from one of its name and place that was dropped: the files are others; "" before it is made."""
    try:
        answer = aws.call("glue", "get_table", DatabaseName=table.database, Name=table.name)["Table"]
    except NotFound:
        return ""
    metadata = _document(hive.iceberg_metadata_location(answer)) or {}
    return str(metadata.get("table-uuid", ""))


def _document(uri: str) -> dict[str, Any] | None:
    """Return the JSON object at *uri*, None if there is none."""
    try:
        with aws.open_object(uri) as file:
            found: dict[str, Any] = json.load(file)
    except NotFound:
        return None
    return found


def _rows(
    raw: Table,
    curated: Table,
    spec: hive.Partition,
    partition: Partition,
    objects: list[tuple[str, str, int]],
    athena: Athena,
    executions: list[QueryExecution],
) -> int:
    """Return the rows that *curated* has there, as many as *raw* has, unless *objects* are no longer those of *partition*."""
    rows, expected = (_count(table, raw, spec, athena, executions) for table in (curated, raw))
    if rows != expected and _objects(partition.location) == objects:
        raise RowsDiffer(
            f"{curated.database}.{curated.name} {spec.values}: expected {number_of(expected, 'row')} as in {raw.name}, "
            f"found {rows:,}"
        )
    return rows


def _written(
    values: Mapping[str, str], rows: int, location: str, replaced: str, executions: list[QueryExecution]
) -> FilledPartition:
    return FilledPartition(
        values,
        "written",
        rows,
        location,
        replaced=replaced,
        data_scanned_in_bytes=sum(execution.data_scanned_in_bytes for execution in executions),
        cost_in_dollars=sum((execution.cost_in_dollars for execution in executions), Decimal(0)),
    )


def _query(raw: Table, curated: Table, partition: hive.Partition) -> str:
    """Return the query of the partition's rows without its keys, which stand in the catalogue."""
    names = ", ".join(query_name(column.name) for column in curated.columns)
    return f"SELECT {names}\nFROM (\n{select_sql(raw, curated, [partition])}\n)"


def _count(
    table: Table, raw: Table, partition: hive.Partition, athena: Athena, executions: list[QueryExecution]
) -> int:
    where = partition_filter_sql(table, raw, [partition])
    frame = athena.query(f'SELECT count(*) AS "rows" FROM {query_table(table)} AS "source"\nWHERE {where}')
    if athena.last_execution is not None:
        executions.append(athena.last_execution)
    return int(frame["rows"].iloc[0])


def _fingerprint(objects: list[tuple[str, str, int]], query: str) -> str:
    digest = hashlib.sha256(query.encode())
    for parts in objects:
        digest.update(repr(parts).encode())
    return digest.hexdigest()[:16]


def _location(table: Table, values: Mapping[str, str], objects: list[tuple[str, str, int]], query: str) -> str:
    return f"{normalise_location(table.location)}{_key_path(table, values)}/{_fingerprint(objects, query)}/"


def _marker(raw: Table, curated: Table, values: Mapping[str, str]) -> str:
    """Return where it stands what a partition of the Iceberg table *curated* was filled from."""
    return f"{normalise_location(curated.location)[:-1]}.backfill/{_key_path(raw, values)}"


def _key_path(table: Table, values: Mapping[str, str]) -> str:
    return "/".join(f"{key.name}={quote(values[key.name], safe='')}" for key in table.partition_keys)


def _values(table: Table, partition: Partition) -> tuple[dict[str, str], hive.Partition]:
    """Return the values of *partition* as the catalogue writes them, and as queries ask for them: NULL is a word there."""
    values = dict(zip((key.name for key in table.partition_keys), partition.values, strict=True))
    return values, hive.Partition({key: None if text == NULL_PARTITION else text for key, text in values.items()})


def _lead(table: Table, values: Mapping[str, str], location: str, *, is_known: bool, athena: Athena) -> None:
    """Lead a partition of the catalogue to *location*."""
    if NULL_PARTITION not in values.values():
        partition = hive.Partition(values, location)
        statement = set_partition_location_sql(table, partition) if is_known else add_partitions_sql(table, [partition])
        athena.execute(statement)
        return
    # Hive's grammar keeps the word that stands for NULL to itself: no statement may name such a partition.
    names = {"DatabaseName": table.database, "TableName": table.name}
    storage = aws.call("glue", "get_table", DatabaseName=table.database, Name=table.name)["Table"]["StorageDescriptor"]
    ordered = [values[key.name] for key in table.partition_keys]
    made = {"Values": ordered, "StorageDescriptor": {**storage, "Location": location}}
    if is_known:
        aws.call("glue", "update_partition", **names, PartitionValueList=ordered, PartitionInput=made)
    else:
        aws.call("glue", "create_partition", **names, PartitionInput=made)


def _catalogued(table: Table, values: Mapping[str, str]) -> str:
    ordered = [values[key.name] for key in table.partition_keys]
    try:
        answer = aws.call(
            "glue", "get_partition", DatabaseName=table.database, TableName=table.name, PartitionValues=ordered
        )
    except NotFound:
        return ""
    location: str = answer["Partition"]["StorageDescriptor"]["Location"]
    return normalise_location(location)


def _objects(location: str) -> list[tuple[str, str, int]]:
    """Return URI, entity tag and size of each object that a query over *location* reads, sorted."""
    return sorted((found.uri, found.etag, found.size) for found in ObjectListing().objects([location]))


def _delete_objects(location: str) -> None:
    """Delete what a run that was cut off has left at *location*, which nothing leads to yet."""
    bucket, prefix = aws.split_s3_uri(location)
    pages = aws.pages("s3", "list_objects_v2", Bucket=bucket, Prefix=prefix)
    keys = [{"Key": item["Key"]} for page in pages for item in page.get("Contents", ())]
    for start in range(0, len(keys), _MOST_DELETED):
        answer = aws.call(
            "s3", "delete_objects", Bucket=bucket, Delete={"Objects": keys[start : start + _MOST_DELETED]}
        )
        for failed in answer.get("Errors", ()):
            raise ToolkitError(f"s3://{bucket}/{failed['Key']}: can't be deleted: {failed['Message']}")


def partitions_between(table: Table, first: str = "", last: str = "") -> list[Partition]:
    """
    Return the partitions of *table*, of the catalogue or projected, whose first key is from *first* to *last*, in order.

    Raises:
        TableError: there are more than 100,000, or the projection does not tell which there are.
    """
    found = projected_partitions(table) if table.is_projected else registered_partitions(table)
    chosen = [each for each in found if (not first or each.values[0] >= first) and (not last or each.values[0] <= last)]
    return sorted(chosen, key=lambda each: each.values)
