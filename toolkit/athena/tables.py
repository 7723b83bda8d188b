"""
Databases, tables, partitions and views made, filled, changed and dropped: the statements of :mod:`toolkit.hive`, run.

Each function runs what its namesake ``…_sql`` renders, to the end, and returns what Athena says of it. All of them raise
`QueryFailed` where Athena refuses a statement and `AwsError` where the service can't be reached; what the SQL can't be rendered
for raises `TableError` before anything runs.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TypeVar

from toolkit import hive
from toolkit.athena.catalog import Catalog
from toolkit.athena.executions import QueryExecution
from toolkit.athena.partitions import refresh_partitions
from toolkit.athena.queries import Athena
from toolkit.errors import NotFound, TableError
from toolkit.hive import AlterPlan, Partition, Table, TableName, View

# What one call of Glue's BatchCreatePartition takes, and far less text than a statement may have.
PARTITIONS_A_STATEMENT = 100

_T = TypeVar("_T")


def create_database(
    athena: Athena, name: str, *, if_not_exists: bool = True, comment: str = "", location: str = ""
) -> QueryExecution:
    """Create a database; one that is there already is kept as it is."""
    return athena.execute(
        hive.create_database_sql(name, if_not_exists=if_not_exists, comment=comment, location=location)
    )


def drop_database(athena: Athena, name: str, *, if_exists: bool = True, cascade: bool = False) -> QueryExecution:
    """Drop a database, with *cascade* its tables too; the objects of external tables stay."""
    return athena.execute(hive.drop_database_sql(name, if_exists=if_exists, cascade=cascade))


def create_table(athena: Athena, table: Table, *, if_not_exists: bool = True) -> QueryExecution:
    """
    Create *table*, and compare what the catalogue has afterwards.

    Raises:
        TableError: a table of that name was there before and differs; the message lists how, and it is left as it was.
    """
    execution = athena.execute(hive.create_table_sql(table, if_not_exists=if_not_exists))
    if if_not_exists:
        # The statement passes silently over an older, different table.
        found = drift(table)
        if found:
            raise TableError(
                f"table {table.database}.{table.name}: was there before and differs ({'; '.join(map(str, found))}); "
                "`toolkit evolve` (alter_table_plan) says how it becomes the new one; or drop it first"
            )
    return execution


def drift(table: Table, *, catalog: Catalog | None = None) -> tuple[hive.Change, ...]:
    """
    Return how the catalogue's table of that name differs from *table*; empty if it does not.

    Raises:
        NotFound: there is no such table.
    """
    return hive.changes(table, (catalog or Catalog()).table(table.database, table.name))


def drop_table(athena: Athena, table: Table | TableName, *, if_exists: bool = True) -> QueryExecution:
    """Drop a table; the objects of an external table stay, those of an Iceberg table go."""
    return athena.execute(hive.drop_table_sql(table, if_exists=if_exists))


def repair_table(athena: Athena, table: Table | TableName) -> QueryExecution:
    """Register the partitions that lie as ``key=value/`` under the location of the table."""
    return athena.execute(hive.repair_table_sql(table))


def add_partitions(
    athena: Athena, table: Table, partitions: Sequence[Partition], *, if_not_exists: bool = True
) -> tuple[QueryExecution, ...]:
    """Register *partitions*, a hundred a statement; one that is registered already is kept as it is."""
    statements = [hive.add_partitions_sql(table, batch, if_not_exists=if_not_exists) for batch in _batches(partitions)]
    return _run(athena, statements)


def drop_partitions(
    athena: Athena, table: Table, partitions: Sequence[Partition], *, if_exists: bool = True
) -> tuple[QueryExecution, ...]:
    """Take *partitions* out of the catalogue, a hundred a statement; the objects stay."""
    statements = [hive.drop_partitions_sql(table, batch, if_exists=if_exists) for batch in _batches(partitions)]
    return _run(athena, statements)


def set_partition_location(athena: Athena, table: Table, partition: Partition) -> QueryExecution:
    """Lead one *partition* of the catalogue to its location."""
    return athena.execute(hive.set_partition_location_sql(table, partition))


def partitions_to_write(athena: Athena, source: Table, target: Table) -> tuple[Partition, ...]:
    """
    Return the partitions of *target* for which *source* has rows, in order of their values; none without partition keys.

    For an Iceberg table they are told by its transforms, buckets apart.

    Raises:
        TableError: *source* has rows whose partition key is NULL or empty text, which no query by partition would take.
    """
    names = hive.slices(target)
    if not names:
        return ()
    rows = athena.fetch(hive.partitions_sql(source, target))
    for row in rows if target.partition_keys else ():
        missing = [name for name, value in zip(names, row, strict=True) if not value]
        if missing:
            raise TableError(
                f"table {source.database}.{source.name}: has rows whose partition key {missing[0]!r} is NULL or empty; give "
                "them a value, or select the partitions to take yourself"
            )
    return tuple(Partition(dict(zip(names, row, strict=True))) for row in rows)


def create_table_as(
    athena: Athena,
    source: Table,
    target: Table,
    partitions: Sequence[Partition] | None = None,
    *,
    compression: str = "",
    bucketed_by: Sequence[str] = (),
    bucket_count: int = 0,
) -> tuple[QueryExecution, ...]:
    """
    Make *target* from the rows of *source*: one ``CREATE TABLE AS``, then an ``INSERT INTO`` for each further 100 partitions.

    Without *partitions* all of them are taken; a query finds out which there are.
    """
    if partitions is None:
        partitions = partitions_to_write(athena, source, target)
    statements = hive.create_table_as_sql(
        source, target, partitions, compression=compression, bucketed_by=bucketed_by, bucket_count=bucket_count
    )
    return _run(athena, statements)


def insert(
    athena: Athena, source: Table, target: Table, partitions: Sequence[Partition] | None = None
) -> tuple[QueryExecution, ...]:
    """
    Append the rows of *source* to *target*, 100 partitions a query.

    Without *partitions* all of them are taken; a query finds out which there are.
    """
    if partitions is None:
        partitions = partitions_to_write(athena, source, target)
        if hive.slices(target) and not partitions:
            return ()
    return _run(athena, hive.insert_sql(source, target, partitions))


def replace_rows(athena: Athena, source: Table, target: Table, partition: Partition) -> QueryExecution:
    """Put the rows of one *partition* of *source* in the place of those in the Iceberg *target*, in one snapshot."""
    return athena.execute(hive.replace_rows_sql(source, target, partition))


def unload(
    athena: Athena,
    source: Table | str,
    location: str,
    *,
    file_format: str = "PARQUET",
    compression: str = "",
    partitioned_by: Sequence[str] = (),
) -> QueryExecution:
    """Write the rows of *source*, a table or a query, as files below the empty prefix *location*."""
    return athena.execute(
        hive.unload_sql(
            source, location, file_format=file_format, compression=compression, partitioned_by=partitioned_by
        )
    )


def create_views(athena: Athena, table: Table, *, types: Table | None = None) -> tuple[View, ...]:
    """Create the views that show *table* flat, replacing older ones, and return them; see `toolkit.hive.flatten_views`."""
    views = hive.flatten_views(table, types=types)
    _run(athena, [view.sql for view in views])
    return views


def create_deduplicated_view(
    athena: Athena, table: Table, key: str = "event_id", *, name: str = "", across_partitions: bool = False
) -> View:
    """Create the view that shows each event of *table* once, replacing an older one; see `toolkit.hive.deduplicated_view`."""
    view = hive.deduplicated_view(table, key, name=name, across_partitions=across_partitions)
    athena.execute(view.sql)
    return view


def alter_table(athena: Athena, plan: AlterPlan, *, allow_destructive: bool = False) -> tuple[QueryExecution, ...]:
    """
    Run the steps of *plan*, one after the other; the first that fails ends it. Registered partitions get the columns that are
    new.

    Raises:
        TableError: the plan holds a refusal; it takes something away and *allow_destructive* is not set; or the
            catalogue's table is no longer the one that the plan was made for.
    """
    where = f"table {plan.table.database}.{plan.table.name}"
    if plan.refusals:
        raise TableError(f"{where}: " + "; ".join(map(str, plan.refusals)))
    if plan.is_destructive and not allow_destructive:
        touched = "; ".join(step.touches for step in plan.steps if step.is_destructive)
        raise TableError(f"{where}: the plan takes away {touched}; allow that, or change the target")
    if plan.steps:
        try:
            moved = drift(plan.table)
        except NotFound as error:
            raise TableError(f"{where}: is gone since the plan was made; create it anew") from error
        if moved:
            raise TableError(f"{where}: has changed since the plan was made ({moved[0]}); make the plan anew")
    executions = _run(athena, [step.sql for step in plan.steps])
    if plan.steps and plan.target.has_registered_partitions:
        refresh_partitions(plan.target)
    return executions


def _run(athena: Athena, statements: Sequence[str]) -> tuple[QueryExecution, ...]:
    return tuple(athena.execute(statement) for statement in statements)


def _batches(items: Sequence[_T]) -> Iterator[Sequence[_T]]:
    for start in range(0, len(items), PARTITIONS_A_STATEMENT):
        yield items[start : start + PARTITIONS_A_STATEMENT]
