"""What is there already: the table in the catalogue, the objects at the location, and what reading them costs."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from urllib.parse import unquote

from toolkit import aws
from toolkit.athena import QueryExecution
from toolkit.athena.catalog import Catalog
from toolkit.errors import NotFound, ToolkitError
from toolkit.hive import AlterPlan, Table, alter_table_plan
from toolkit.widgets.models.work import one_line

# A listing has a thousand objects a page; a look at a location is no inventory.
MOST_OBJECTS = 10_000
SMALL_OBJECT_BYTES = 1_000_000
_UNNOTICED = ("comment", "moved")


@dataclass(frozen=True, slots=True)
class Inspection:
    """
    What was found for a table that is planned.

    ``plan`` leads from the table that exists to the planned one, None where none exists. ``partitions`` are the values in the
    paths below the location, by key. ``is_whole`` says that no object was left out; ``failure`` what could not be asked.
    """

    table: Table
    plan: AlterPlan | None = None
    object_count: int = 0
    byte_count: int = 0
    partitions: tuple[Mapping[str, str], ...] = ()
    is_whole: bool = True
    failure: str = ""

    @property
    def exists(self) -> bool:
        """Whether there is a table of this name."""
        return self.plan is not None

    @property
    def differs(self) -> bool:
        """Whether a table of this name exists, and a query would notice the difference."""
        return self.plan is not None and any(is_noticed(change.kind, change.path) for change in self.plan.changes)


def is_noticed(kind: str, path: str) -> bool:
    """Tell whether a query notices a change: neither comments nor the order of columns count."""
    # Athena keeps the comment of a table among its properties.
    return kind not in _UNNOTICED and (kind, path) != ("property", "comment")


def inspect(table: Table) -> Inspection:
    """Return what is there for *table*; what can't be asked is told in ``failure``."""
    try:
        plan = _plan(table)
        count, size, whole, found = _objects(table)
    except (ToolkitError, OSError) as error:
        return Inspection(table, failure=one_line(error))
    return Inspection(table, plan, count, size, tuple(found), whole)


def _plan(table: Table) -> AlterPlan | None:
    try:
        return alter_table_plan(Catalog().table(table.database, table.name), table)
    except NotFound:
        return None


def _objects(table: Table) -> tuple[int, int, bool, list[dict[str, str]]]:
    bucket, prefix = aws.split_s3_uri(table.location)
    count = size = 0
    partitions: dict[tuple[tuple[str, str], ...], None] = {}
    try:
        for key, length in _listed(bucket, prefix):
            if count == MOST_OBJECTS:
                return count, size, False, [dict(values) for values in partitions]
            count, size = count + 1, size + length
            values = partition_values(key[len(prefix) :], [key.name for key in table.partition_keys])
            if values:
                partitions[tuple(values.items())] = None
    except NotFound:
        return 0, 0, True, []
    return count, size, True, [dict(values) for values in partitions]


def _listed(bucket: str, prefix: str) -> Iterator[tuple[str, int]]:
    for page in aws.pages("s3", "list_objects_v2", Bucket=bucket, Prefix=prefix):
        for item in page.get("Contents", ()):
            # Athena passes over what begins with a dot or an underscore, and over what stands for a folder.
            if item["Size"] and item["Key"].rpartition("/")[2][:1] not in ("_", "."):
                yield item["Key"], item["Size"]


def partition_values(path: str, keys: list[str]) -> dict[str, str]:
    """Return the values of the partition *keys* in a path such as ``dt=2026-03-01/a.json``; none where one is missing."""
    found = {name.lower(): unquote(value) for name, value in re.findall(r"([^/=]+)=([^/]*)/", path)}
    return {key: found[key] for key in keys} if keys and all(key in found for key in keys) else {}


def scan_cost(byte_count: int) -> Decimal:
    """Return what a query that reads *byte_count* bytes costs in dollars by the list price."""
    query = QueryExecution("", "", "SUCCEEDED", statement_type="DML", data_scanned_in_bytes=byte_count)
    return query.cost_in_dollars


def megabytes(byte_count: int) -> str:
    """Return a size as text: ``12.3 MB``."""
    for unit, size in (("TB", 10**12), ("GB", 10**9), ("MB", 10**6), ("kB", 10**3)):
        if byte_count >= size:
            return f"{byte_count / size:,.1f} {unit}"
    return f"{byte_count} bytes"
