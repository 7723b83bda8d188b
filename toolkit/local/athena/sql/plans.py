"""
Plans of queries that were run, for the next time that the same text comes.

A plan is held against what it stands on before it is used again: the tables in the catalogue, the objects at their locations
and the copies of these. What is found then is read, so an answer is never older than without it.
"""

from __future__ import annotations

import threading
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from toolkit.local.athena.errors import QueryError
from toolkit.local.athena.hive_types import HiveType
from toolkit.local.athena.results import ResultColumn
from toolkit.local.athena.session import Footprint, Session

# The longest unused goes first. Texts that programs write can be long, and seldom come again.
MAXIMUM_PLANS = 128
MAXIMUM_TEXT_LENGTH = 20_000

# Of all plans together: what was found at their locations is kept with them.
MAXIMUM_OBJECTS = 100_000


@dataclass(frozen=True, slots=True)
class Plan:
    """
    The DuckDB SQL of a query, its columns, what its reading counts as scanned, and what it stands on.

    How many rows it gives is known when it has run. A plan with relations of its own has the cursor on which they are, and
    serves one query at a time.
    """

    text: str
    columns: tuple[ResultColumn, ...]
    kinds: Sequence[HiveType]
    scanned_in_bytes: int
    footprint: Footprint
    object_count: int
    cursor: Any = None
    row_count: int | None = None

    def stands(self, session: Session) -> bool:
        """Tell whether a query would be planned in the same way now."""
        footprint, catalog, storage = self.footprint, session.catalog, session.storage
        if any(catalog.stamp(*name) != stamp for name, stamp in footprint.tables.items()):
            return False
        try:
            for locations, listed in footprint.found:
                if list(storage.list_each(locations)) != listed:
                    return False
        except QueryError:
            # It is told when the query is planned.
            return False
        if not storage.copies.keep(footprint.copies):
            return False
        return not any(session.natives.tables(*each) for each in footprint.read_as_parquet)

    def close(self) -> None:
        """Let go of its relations."""
        if self.cursor is not None:
            self.cursor.close()


class Plans:
    """The plans of a database, by text and by the database to which names belong."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._plans: dict[tuple[str, str], Plan] = {}

    def __len__(self) -> int:
        """How many are kept and not in use."""
        return len(self._plans)

    def take(self, sql: str, session: Session) -> Plan | None:
        """Give the plan of a query, if there is one that stands; one with relations has to be kept again after its use."""
        key = (sql, session.database)
        with self._lock:
            plan = self._plans.pop(key, None)
            if plan is not None and plan.cursor is None:
                self._plans[key] = plan
        if plan is None or plan.stands(session):
            return plan
        plan.close()
        return None

    def keep(self, sql: str, database: str, plan: Plan) -> None:
        """Keep the plan of a query in the place of an older one."""
        if len(sql) > MAXIMUM_TEXT_LENGTH or plan.object_count > MAXIMUM_OBJECTS:
            plan.close()
            return
        dropped = []
        with self._lock:
            if (older := self._plans.pop((sql, database), None)) is not None:
                dropped.append(older)
            self._plans[sql, database] = plan
            count = sum(each.object_count for each in self._plans.values())
            while len(self._plans) > MAXIMUM_PLANS or count > MAXIMUM_OBJECTS:
                count -= self._plans[next(iter(self._plans))].object_count
                dropped.append(self._plans.pop(next(iter(self._plans))))
        for each in dropped:
            each.close()
