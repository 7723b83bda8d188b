"""An audit run on Athena."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

from toolkit.athena import Athena
from toolkit.athena.executions import QueryExecution
from toolkit.audit.report import AuditReport, BrokenRule
from toolkit.audit.statements import Audit, audit_sql, volume_sql


def audit(asked: Audit, athena: Athena, *, on_progress: Callable[[QueryExecution], None] | None = None) -> AuditReport:
    """
    Return what *athena* finds in the table of *asked*, by the queries of `audit_sql` and `volume_sql`, one after the other.

    Raises:
        QueryFailed: a query failed, such as for a line that the SerDe refuses.
        AwsError: the service refused the call or can't be reached.
    """
    row: dict[str, Any] = {}
    executions: list[QueryExecution] = []

    def rows(sql: str) -> list[dict[Any, Any]]:
        frame = athena.query(sql, on_progress=on_progress)
        if athena.last_execution is not None:
            executions.append(athena.last_execution)
        found: list[dict[Any, Any]] = frame.astype(object).where(frame.notna(), None).to_dict("records")
        return found

    for sql in audit_sql(asked):
        row |= rows(sql)[0]
    volume = rows(volume_sql(asked)) if asked.day_key or asked.event_time else []
    unreadable = int(row["unreadable"])
    broken = [
        BrokenRule(check, count, row[f"where_{number}"] or "")
        for number, check in enumerate(asked.checks.checks)
        # Rows that could not be read are counted once, as such.
        if (count := int(row[f"check_{number}"]) - (unreadable if check.breaks_on_nulls else 0)) > 0
    ]
    return AuditReport(
        table=f"{asked.table.database}.{asked.table.name}",
        rows=int(row["rows"]),
        unreadable=unreadable,
        broken=tuple(sorted(broken, key=lambda found: -found.rows)),
        checked=len(asked.checks.checks),
        unchecked=asked.checks.unchecked,
        duplicates=_count(row, "duplicates"),
        future=_count(row, "future"),
        late=_count(row, "late"),
        volume=tuple((found["day"] or "", int(found["rows"])) for found in volume),
        data_scanned_in_bytes=sum(execution.data_scanned_in_bytes for execution in executions),
        cost_in_dollars=sum((execution.cost_in_dollars for execution in executions), Decimal(0)),
    )


def _count(row: dict[str, Any], name: str) -> int | None:
    return int(row[name]) if name in row else None
