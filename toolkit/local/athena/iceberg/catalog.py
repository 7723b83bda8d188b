"""Iceberg tables in the Glue catalogue: a Glue table whose ``metadata_location`` points at the metadata."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache
from typing import Any

from toolkit.local.athena.catalog import GlueDict, Overtaken
from toolkit.local.athena.errors import QueryError
from toolkit.local.athena.session import Session

# Two commits of this process to one table must not both find it unchanged.
_committing = threading.Lock()

# Statements that change rows hold their table from reading it to the commit; those that only add wait for the commit alone.
_writing: dict[tuple[str, ...], threading.RLock] = {}


def is_iceberg(table: GlueDict) -> bool:
    """Tell whether a table of the catalogue is an Iceberg table."""
    return str((table.get("Parameters") or {}).get("table_type", "")).upper() == "ICEBERG"


def iceberg_catalog(session: Session) -> Any:
    """Give pyiceberg's catalogue over the session's Glue client and objects."""
    return _catalog_class()(session)


def load(session: Session, database: str, name: str) -> Any:
    """
    Load an Iceberg table.

    Raises:
        QueryError: its metadata can't be read.
    """
    from pyiceberg.exceptions import NoSuchPropertyException, NoSuchTableError

    try:
        return iceberg_catalog(session).load_table((database, name))
    except (FileNotFoundError, NoSuchPropertyException) as error:
        raise QueryError(
            f"ICEBERG_INVALID_METADATA: Metadata not found in metadata location for table {database}.{name}"
        ) from error
    except NoSuchTableError as error:
        raise QueryError(f"TABLE_NOT_FOUND: Table 'awsdatacatalog.{database}.{name}' does not exist") from error
    except ValueError as error:
        raise QueryError(f"ICEBERG_INVALID_METADATA: {database}.{name}: {error}") from error


@contextmanager
def exclusive(name: tuple[str, ...]) -> Iterator[None]:
    """Keep other writers of this process from a table, named by its database and its name, while the block runs."""
    with _committing:
        lock = _writing.setdefault(name, threading.RLock())
    with lock:
        yield


@contextmanager
def commit_errors(name: str) -> Iterator[None]:
    """Turn pyiceberg's refusals of a change to the table of that name into Athena's."""
    from pyiceberg.exceptions import CommitFailedException, NoSuchTableError, TableAlreadyExistsError, ValidationError

    try:
        yield
    except NoSuchTableError as error:
        raise Overtaken(str(error), "EntityNotFoundException") from error
    except TableAlreadyExistsError as error:
        raise Overtaken(str(error), "AlreadyExistsException") from error
    except CommitFailedException as error:
        raise QueryError(f"ICEBERG_COMMIT_ERROR: Failed to commit Iceberg update to table: {name}") from error
    except (ValidationError, ValueError, NotImplementedError) as error:
        raise QueryError(f"NOT_SUPPORTED: {name}: {error}") from error


@lru_cache(maxsize=1)
def _catalog_class() -> type[Any]:
    from pyiceberg.catalog.glue import GlueCatalog

    from toolkit.local.athena.iceberg.files import StorageFileIO

    class SessionCatalog(GlueCatalog):
        def __init__(self, session: Session) -> None:
            super().__init__("awsdatacatalog", client=session.catalog.glue)
            self.storage = session.storage

        def _load_file_io(self, properties: Any = None, location: str | None = None) -> Any:
            return StorageFileIO(self.storage, dict(properties or {}))

        def commit_table(self, *arguments: Any) -> Any:
            with _committing:
                return super().commit_table(*arguments)

    return SessionCatalog
