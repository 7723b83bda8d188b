"""What to do about a statement that failed: for a name that is not there, one like it, which the catalogue has."""

from __future__ import annotations

import re
from collections.abc import Iterable
from difflib import get_close_matches
from typing import Any

from toolkit.athena.catalog import Catalog
from toolkit.athena.references import references
from toolkit.errors import NotFound, ToolkitError

_TABLE = re.compile(r"TABLE_NOT_FOUND: .*?Table '(?:awsdatacatalog\.)?([^'.]+)\.([^']+)'", re.I)
_DATABASE = re.compile(r"SCHEMA_NOT_FOUND: .*?Schema '([^']+)'", re.I)
_COLUMN = re.compile(r"COLUMN_NOT_FOUND: .*?Column '([^']+)'", re.I)
# A field in the text of a type, at any depth.
_FIELD = re.compile(r"[<,]([^<>,:]+):")
# A query names few tables; each is a request.
_MOST_TABLES = 5


def hint(reason: str, sql: str, database: str) -> str:
    """
    Return what to do about *reason*, with which the statement *sql* failed, "" where that is not known.

    For a name that is not there it is ``did you mean …?``, with one like it.

    Unqualified tables are in *database*. The catalogue is asked only for names that were not found; where it can't be, nothing
    is said.
    """
    if "specified bucket does not exist" in reason:
        return "make the bucket, or correct the location"
    try:
        if found := _TABLE.search(reason):
            return _table(found[1], found[2], database)
        if found := _DATABASE.search(reason):
            return _meant(found[1], Catalog().databases())
        if found := _COLUMN.search(reason):
            names = _columns(sql, database)
            # Of a path each part may be misspelt: one that is there is none of the wrong ones.
            parts = (part for part in found[1].lower().split(".") if part not in names)
            return next(filter(None, (_meant(part, names) for part in parts)), "")
    except ToolkitError:
        # What Athena said stands for itself.
        return ""
    return ""


def missing_table_hint(sql: str, database: str) -> str:
    """Return ``did you mean …?`` for the first table that the statement *sql* reads and the catalogue lacks, or ""."""
    try:
        for reference in references(sql, database).tables[:_MOST_TABLES]:
            try:
                Catalog().describe(reference.database, reference.name)
            except NotFound:
                return _table(reference.database, reference.name, database)
    except ToolkitError:
        return ""
    return ""


def table_hint(database: str, name: str) -> str:
    """Return ``did you mean …?`` for a table that the catalogue lacks, or ""."""
    try:
        databases = Catalog().databases()
        return _table(database, name, database) if database.lower() in databases else _meant(database, databases)
    except ToolkitError:
        return ""


def _table(database: str, name: str, default: str) -> str:
    catalog = Catalog()
    if like := get_close_matches(name.lower(), catalog.tables(database), 1):
        return f"did you mean {database}.{like[0]}?"
    # The table may be in another database than that of unqualified names.
    if database == default.lower():
        for other in catalog.databases():
            if other != database and name.lower() in catalog.tables(other):
                return f"did you mean {other}.{name.lower()}?"
    return ""


def _columns(sql: str, database: str) -> list[str]:
    """Give the columns of the tables that a statement reads, and the fields in them."""
    catalog = Catalog()
    names = []
    for reference in references(sql, database).tables[:_MOST_TABLES]:
        described: dict[str, Any] = catalog.describe(reference.database, reference.name)
        columns = (described.get("StorageDescriptor") or {}).get("Columns") or []
        for column in [*columns, *(described.get("PartitionKeys") or [])]:
            names += [column["Name"], *_FIELD.findall(column.get("Type") or "")]
    return names


def _meant(name: str, names: Iterable[str]) -> str:
    like = get_close_matches(name.lower(), names, 1)
    return f"did you mean {like[0]}?" if like else ""
