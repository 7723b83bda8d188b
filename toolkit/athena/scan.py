"""
What a query will read and cost, before it runs.

Athena charges the bytes that it reads from S3. Which those are follows from the partitions that the WHERE clause leaves,
the sizes of the objects in them, and, for Parquet, the columns that the query names. What can't be known is counted whole, so
that an estimate is what a query reads at most.

Source: https://docs.aws.amazon.com/athena/latest/ug/ctas-partitioning-and-bucketing.html and
https://aws.amazon.com/athena/pricing/
"""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from toolkit import aws
from toolkit.athena.catalog import Catalog
from toolkit.athena.executions import scan_cost_in_dollars, size_text
from toolkit.athena.objects import ObjectListing
from toolkit.athena.parameters import bind
from toolkit.athena.partitions import (
    NULL_PARTITION,
    Partition,
    partition_location,
    projected_partitions,
    registered_partitions,
)
from toolkit.athena.references import References, TableReference, condition_sql, equal_values, keys_of, references
from toolkit.errors import InvalidInput, TableError, number_of
from toolkit.hive import Table, iceberg_metadata_location, query_name, query_type, table_from_glue

MOST_NESTED_VIEWS = 8
_VIEW = re.compile(r"/\* Presto View: (.*) \*/", re.S)


@dataclass(frozen=True, slots=True)
class TableScan:
    """
    What is read of one table: bytes, objects, partitions of how many, and by name the columns that count (None: all).

    ``partitions_total`` is None for a table without partition keys, and where they can't be counted. ``exact`` is False where
    something had to be counted whole or guessed from a sample.
    """

    database: str
    name: str
    data_scanned_in_bytes: int
    objects: int
    partitions: int | None = None
    partitions_total: int | None = None
    columns: tuple[str, ...] | None = None
    exact: bool = True

    @property
    def extent(self) -> str:
        """The files, partitions and columns in words: ``2 files, 1 of 3 partitions``."""
        parts = [number_of(self.objects, "file")]
        if self.partitions is not None:
            total = self.partitions_total
            among = number_of(self.partitions if total is None else total, "partition")
            parts.append(among if total is None else f"{self.partitions:,} of {among}")
        if self.columns is not None:
            parts.append(number_of(len(self.columns), "column"))
        return ", ".join(parts)

    def __str__(self) -> str:
        return f"{self.database}.{self.name}: {size_text(self.data_scanned_in_bytes)} in {self.extent}"


@dataclass(frozen=True, slots=True)
class ScanEstimate:
    """
    What a query reads at most, by table.

    ``problem`` says in a sentence why that can't be known, and is "" otherwise; ``exact`` says that nothing was guessed.
    """

    tables: tuple[TableScan, ...] = ()
    problem: str = ""
    limited: bool = False

    @property
    def data_scanned_in_bytes(self) -> int:
        """The bytes of all tables together; 0 while there is a problem."""
        return sum(table.data_scanned_in_bytes for table in self.tables)

    @property
    def exact(self) -> bool:
        """Whether the query will read just this, and not less."""
        return not self.problem and not self.limited and all(table.exact for table in self.tables)

    @property
    def cost_in_dollars(self) -> Decimal:
        """What that costs by the list price; 0 if no table is read."""
        return scan_cost_in_dollars(self.data_scanned_in_bytes) if self.tables else Decimal(0)

    def __str__(self) -> str:
        if self.problem:
            return f"the cost can't be told beforehand: {self.problem}"
        if not self.tables:
            return "reads no table: free"
        word = "reads" if self.exact else "reads at most"
        total = f"{word} {size_text(self.data_scanned_in_bytes)} (${self.cost_in_dollars:.5f})"
        return (
            f"{total} in {self.tables[0].extent}"
            if len(self.tables) == 1
            else f"{total}: {'; '.join(map(str, self.tables))}"
        )


class Scanner:
    """Estimates queries; keeps what it saw in S3 for a minute. May be used from several threads."""

    def __init__(self, catalog: Catalog | None = None, listing: ObjectListing | None = None) -> None:
        self.catalog = catalog or Catalog()
        self.listing = listing or ObjectListing()

    def estimate(
        self, sql: str, parameters: Mapping[str, Any] | Sequence[Any] | None = None, *, database: str = "default"
    ) -> ScanEstimate:
        """
        Return what the statement *sql* reads; unqualified tables are in *database*.

        An estimate says itself what kept it from knowing. Raises as `toolkit.aws.call` does: NotFound for a table that is not
        there, CredentialsMissing and so on.
        """
        try:
            found = references(bind(sql, parameters).inlined, database)
            tables = tuple(self._scans(found, MOST_NESTED_VIEWS))
        except (InvalidInput, TableError) as error:
            return ScanEstimate(problem=str(error))
        return ScanEstimate(tables, limited=found.limited)

    def _scans(self, found: References, depth: int) -> list[TableScan]:
        scans = []
        for reference in found.tables:
            described = self.catalog.describe(reference.database, reference.name)
            view = _view_sql(described)
            if view is None:
                scans.append(self._scan(reference, described, found.names))
            elif depth:
                inner = references(view, reference.database)
                scans += self._scans(inner, depth - 1)
            else:
                raise TableError(
                    f"{reference.database}.{reference.name}: views are nested more than {MOST_NESTED_VIEWS} deep"
                )
        return scans

    def _scan(self, reference: TableReference, described: Mapping[str, Any], names: frozenset[str] | None) -> TableScan:
        table = table_from_glue(dict(described))
        if table.is_iceberg:
            return _iceberg_scan(table, described)
        if not table.partition_keys:
            return self._scan_of(table, [table.location], names)
        partitions, total, pruned = self._partitions(table, reference)
        scan = self._scan_of(table, [partition.location for partition in partitions], names)
        return replace(scan, partitions=len(partitions), partitions_total=total, exact=scan.exact and pruned)

    def _scan_of(self, table: Table, locations: Sequence[str], names: frozenset[str] | None) -> TableScan:
        objects = self.listing.objects(locations, root=table.location)
        size, exact, columns = sum(found.size for found in objects), True, None
        if "parquet" in table.serde.library.lower():
            counted = tuple(column.name for column in table.columns if names is None or column.name in names)
            size, exact = self.listing.column_bytes(objects, counted)
            columns = None if names is None else counted
        elif "orc" in table.serde.library.lower() and names is not None:
            exact = False
        return TableScan(table.database, table.name, size, len(objects), columns=columns, exact=exact)

    def _partitions(self, table: Table, reference: TableReference) -> tuple[list[Partition], int | None, bool]:
        """Return the partitions that the query can want, how many there are, and whether every condition was understood."""
        keys = [key.name for key in table.partition_keys]
        about = [(condition, keys_of(condition, reference, keys)) for condition in reference.conditions]
        conditions = [(condition, names) for condition, names in about if names]
        evaluator = _Evaluator(table)
        if not table.is_projected:
            everything = list(registered_partitions(table))
            wanted = evaluator.filtered(everything, [condition for condition, _ in conditions])
            return wanted, len(everything), evaluator.understood
        injected = {
            key: [value for condition, _ in conditions for value in equal_values(condition, key)]
            for key in keys
            if table.parameters.get(f"projection.{key}.type", "").lower() == "injected"
        }
        if injected:
            return _injected(table, injected, evaluator, conditions), None, evaluator.understood
        total = 1

        def narrow(key: str, values: list[str]) -> list[str]:
            nonlocal total
            total *= len(values)
            alone = [condition for condition, names in conditions if names == {key}]
            return evaluator.filtered_values(key, values, alone)

        wanted = projected_partitions(table, narrow)
        wanted = evaluator.filtered(wanted, [condition for condition, names in conditions if len(names) > 1])
        return wanted, total, evaluator.understood


def _injected(
    table: Table,
    injected: Mapping[str, list[str]],
    evaluator: _Evaluator,
    conditions: Sequence[tuple[Any, frozenset[str]]],
) -> list[Partition]:
    for key, values in injected.items():
        if not values:
            raise TableError(
                f"{table.database}.{table.name}: the partition key {key} is injected, so the query must give its values: "
                f"WHERE {key} = … or IN (…)"
            )
    if len(injected) != len(table.partition_keys):
        # Rare, and the other keys would have to be computed as well: those of one value are enough to find the objects.
        raise TableError(
            f"{table.database}.{table.name}: a mix of injected and computed partition keys is not estimated"
        )
    found: list[tuple[str, ...]] = [()]
    for column in table.partition_keys:
        found = [(*values, value) for values in found for value in dict.fromkeys(injected[column.name])]
    partitions = [Partition(values, partition_location(table, values)) for values in found]
    return evaluator.filtered(partitions, [condition for condition, _ in conditions])


class _Evaluator:
    """Evaluates conditions on the values of partition keys, in a DuckDB of its own that reaches nothing outside."""

    def __init__(self, table: Table) -> None:
        self.kinds = {key.name: query_type(key.type) for key in table.partition_keys}
        self.understood = True
        self._connection: Any = None

    def filtered(self, partitions: list[Partition], conditions: Sequence[Any]) -> list[Partition]:
        """Return the partitions that meet all *conditions*; one that can't be evaluated is taken as met."""
        names = list(self.kinds)
        columns = {name: [partition.values[number] for partition in partitions] for number, name in enumerate(names)}
        return [partitions[number] for number in self._rows(columns, len(partitions), conditions)]

    def filtered_values(self, key: str, values: list[str], conditions: Sequence[Any]) -> list[str]:
        """Return the values of one key that meet all *conditions*, which are about this key alone."""
        return [values[number] for number in self._rows({key: values}, len(values), conditions)]

    def _rows(self, columns: Mapping[str, list[str]], count: int, conditions: Sequence[Any]) -> list[int]:
        if not conditions or not count:
            return list(range(count))
        import duckdb
        import pyarrow as pa
        from sqlglot.errors import SqlglotError

        if self._connection is None:
            self._connection = duckdb.connect(config={"enable_external_access": "false", "threads": "1"})
        cursor = self._connection.cursor()
        data: dict[str, Any] = {"number__": pa.array(range(count), pa.int64())}
        for name, values in columns.items():
            data[name] = pa.array([None if value == NULL_PARTITION else value for value in values], pa.string())
        cursor.register("given__", pa.table(data))
        typed = ", ".join(
            f"TRY_CAST({query_name(name)} AS {_DUCKDB.get(self.kinds[name], self.kinds[name])}) AS {query_name(name)}"
            for name in columns
        )
        cursor.execute(f"CREATE TEMP TABLE keys__ AS SELECT number__, {typed} FROM given__")
        cursor.unregister("given__")
        rows = set(range(count))
        for condition in conditions:
            try:
                found = cursor.execute(f"SELECT number__ FROM keys__ WHERE {condition_sql(condition)}").fetchall()
            except (duckdb.Error, SqlglotError):
                self.understood = False
                continue
            rows &= {row[0] for row in found}
        cursor.execute("DROP TABLE keys__")
        return sorted(rows)


_DUCKDB = {"timestamp(3)": "timestamp", "varbinary": "blob"}


def _view_sql(described: Mapping[str, Any]) -> str | None:
    """Return the query of a view; None for a table."""
    if described.get("TableType") != "VIRTUAL_VIEW":
        return None
    found = _VIEW.match((described.get("ViewOriginalText") or "").strip())
    try:
        return str(json.loads(base64.b64decode(found[1]))["originalSql"]) if found else _no_view(described)
    except (ValueError, KeyError, TypeError):
        return _no_view(described)


def _no_view(described: Mapping[str, Any]) -> str:
    raise TableError(f"view {described.get('Name')!r}: its query can't be read from the catalogue")


def _iceberg_scan(table: Table, described: Mapping[str, Any]) -> TableScan:
    """Return the size of the current snapshot: which of its files a query needs only Iceberg's manifests tell."""
    place = iceberg_metadata_location(described)
    name = f"{table.database}.{table.name}"
    if not place:
        raise TableError(f"{name}: the catalogue names no metadata of this Iceberg table")
    try:
        with aws.open_object(place) as file:
            metadata = json.load(file)
        current = metadata.get("current-snapshot-id")
        snapshots = metadata.get("snapshots") or ()
        summary = next((found["summary"] for found in snapshots if found["snapshot-id"] == current), None)
        size, files = (int((summary or {}).get(key, 0)) for key in ("total-files-size", "total-data-files"))
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise TableError(f"{name}: the metadata of this Iceberg table can't be read ({place})") from error
    return TableScan(table.database, table.name, size, files, exact=False)
