"""The partitions of a table in the catalogue: ADD, DROP, RENAME, SET LOCATION and MSCK REPAIR TABLE."""

from __future__ import annotations

import operator
from collections.abc import Callable
from typing import Any
from urllib.parse import quote, unquote

from toolkit.local.athena.catalog import GlueDict, partition_keys_of
from toolkit.local.athena.ddl import statements as st
from toolkit.local.athena.ddl.tables import EXECUTION_ERROR, NOT_FOR_ICEBERG, altered, checked_location
from toolkit.local.athena.errors import QueryError
from toolkit.local.athena.iceberg.catalog import is_iceberg
from toolkit.local.athena.results import Result, done, shown
from toolkit.local.athena.session import Session
from toolkit.local.athena.storage import as_folder

_COMPARISONS: dict[str, Callable[[Any, Any], bool]] = {
    "=": operator.eq,
    "<": operator.lt,
    ">": operator.gt,
    "<=": operator.le,
    ">=": operator.ge,
    "<>": operator.ne,
    "!=": operator.ne,
}
_NUMBERS = frozenset({"tinyint", "smallint", "int", "bigint", "float", "double"})

# What Hive leaves as it is in the name of a partition's folder.
_PLAIN = " !$&()+,-.;<>@_`|~"


def add_partitions(statement: st.AddPartitions, session: Session) -> Result:
    """Register partitions; where a location is not given, in Hive's layout under the table's."""
    database, table = _altered(statement.table, session)
    known = {tuple(partition["Values"]) for partition in session.catalog.partitions(database, table["Name"])}
    new = []
    for spec, location in statement.partitions:
        values = _values(table, spec)
        if tuple(values) in known:
            if statement.if_not_exists:
                continue
            raise QueryError(
                f"{EXECUTION_ERROR} AlreadyExistsException(message:Partition already exists: {_shown(spec)})"
            )
        known.add(tuple(values))
        if location is not None:
            checked_location(location)
        new.append(new_partition(table, values, location))
    session.catalog.create_partitions(database, table["Name"], new)
    return done()


def drop_partitions(statement: st.DropPartitions, session: Session) -> Result:
    """Forget partitions; their objects stay."""
    database, table = _altered(statement.table, session)
    names = _key_names(table)
    partitions = session.catalog.partitions(database, table["Name"])
    doomed: list[list[str]] = []
    for spec in statement.partitions:
        _check_keys(table, spec)
        hits = [
            partition["Values"]
            for partition in partitions
            if all(_matches(partition["Values"][names.index(term.key)], term, table) for term in spec)
        ]
        if not hits and not statement.if_exists:
            raise QueryError(f"FAILED: SemanticException [Error 10006]: Partition not found ({_shown(spec)})")
        doomed += [values for values in hits if values not in doomed]
    session.catalog.delete_partitions(database, table["Name"], doomed)
    return done()


def rename_partition(statement: st.RenamePartition, session: Session) -> Result:
    """Give a partition other values."""
    database, table = _altered(statement.table, session)
    values, partition = found_partition(table, database, statement.old, session)
    partition["Values"] = _values(table, statement.new)
    session.catalog.update_partition(database, table["Name"], values, partition)
    return done()


def set_location(statement: st.SetLocation, session: Session) -> Result:
    """Move a table or one of its partitions to another location."""
    checked_location(statement.location)
    database, table = _altered(statement.table, session)
    if statement.partition is None:
        table["StorageDescriptor"]["Location"] = statement.location
        session.catalog.update_table(database, table)
    else:
        values, partition = found_partition(table, database, statement.partition, session)
        partition["StorageDescriptor"]["Location"] = statement.location
        session.catalog.update_partition(database, table["Name"], values, partition)
    return done()


def repair_table(statement: st.RepairTable, session: Session) -> Result:
    """Register the partitions that lie in Hive's layout under the table's location; none is removed."""
    database, table = _altered(statement.table, session)
    if not partition_keys_of(table):
        raise QueryError(f"{EXECUTION_ERROR} Table {table['Name']} is not a partitioned table")
    found = register_found_partitions(session, database, table)
    if not found:
        return shown((), "result")
    name = table["Name"]
    first = "Partitions not in metastore:\t" + "\t".join(f"{name}:{path}" for path in found)
    return shown((first, *(f"Repair: Added partition to metastore {name}:{path}" for path in found)), "result")


def register_found_partitions(session: Session, database: str, table: GlueDict) -> list[str]:
    """Register what lies in Hive's layout under a table's location and is not known; gives the new folders."""
    names = _key_names(table)
    known = {tuple(partition["Values"]) for partition in session.catalog.partitions(database, table["Name"])}
    location = as_folder(table["StorageDescriptor"]["Location"])
    new: dict[str, GlueDict] = {}
    for item in session.storage.list(location):
        folders = item.relative_key.split("/")[:-1][: len(names)]
        pairs = [folder.partition("=") for folder in folders]
        # Hive's own names are in lower case; a folder `DT=…` is passed over, as on AWS.
        if [key for key, _, _ in pairs] != names:
            continue
        values = [unquote(value) for _, _, value in pairs]
        if tuple(values) not in known:
            known.add(tuple(values))
            path = "/".join(folders)
            new[path] = new_partition(table, values, f"{location}{path}/")
    session.catalog.create_partitions(database, table["Name"], new.values())
    return list(new)


def folder_of(names: list[str], values: list[str]) -> str:
    """Give the folder of a partition in Hive's layout, without a final slash."""
    return "/".join(f"{name}={quote(value, safe=_PLAIN)}" for name, value in zip(names, values, strict=True))


def _altered(name: st.TableName, session: Session) -> tuple[str, GlueDict]:
    database, table = altered(name, session)
    if is_iceberg(table):
        raise QueryError(NOT_FOR_ICEBERG, error_type=1200)
    return database, table


def new_partition(table: GlueDict, values: list[str], location: str | None) -> GlueDict:
    """Give a partition for the catalogue; without a location it lies in Hive's layout under the table's."""
    descriptor = dict(table["StorageDescriptor"])
    descriptor["Location"] = location or f"{as_folder(descriptor['Location'])}{folder_of(_key_names(table), values)}/"
    return {"Values": values, "StorageDescriptor": descriptor, "Parameters": {}}


def found_partition(
    table: GlueDict, database: str, spec: st.PartitionSpec, session: Session
) -> tuple[list[str], GlueDict]:
    """
    Give the values of the partition that a clause names, and the partition.

    Raises:
        QueryError: there is none.
    """
    values = _values(table, spec)
    partition = session.catalog.partition(database, table["Name"], values)
    if partition is None:
        raise QueryError(f"FAILED: SemanticException [Error 10006]: Partition not found ({_shown(spec)})")
    return values, partition


def _values(table: GlueDict, spec: st.PartitionSpec) -> list[str]:
    _check_keys(table, spec)
    given = {term.key: term.value for term in spec}
    missing = [name for name in _key_names(table) if name not in given]
    if missing or len(given) != len(spec) or any(term.operator != "=" for term in spec):
        raise QueryError(
            f"FAILED: SemanticException partition spec ({_shown(spec)}) has to give one value for each of "
            f"{', '.join(_key_names(table))}"
        )
    return [given[name] for name in _key_names(table)]


def _check_keys(table: GlueDict, spec: st.PartitionSpec) -> None:
    names = _key_names(table)
    if not names:
        raise QueryError(
            f"FAILED: SemanticException table is not partitioned but partition spec exists: ({_shown(spec)})"
        )
    for term in spec:
        if term.key not in names:
            raise QueryError(
                "FAILED: SemanticException [Error 10098]: Non-Partition column appears in the partition specification: "
                f"{term.key}"
            )


def _matches(value: str, term: st.PartitionTerm, table: GlueDict) -> bool:
    kinds = {key["Name"]: key.get("Type", "string") for key in partition_keys_of(table)}
    compare = _COMPARISONS[term.operator]
    if kinds[term.key] in _NUMBERS:
        try:
            return compare(float(value), float(term.value))
        except ValueError:
            return False
    return compare(value, term.value)


def _key_names(table: GlueDict) -> list[str]:
    return [key["Name"] for key in partition_keys_of(table)]


def _shown(spec: st.PartitionSpec) -> str:
    return ", ".join(f"{term.key}{term.operator}{term.value}" for term in spec)
