"""What Athena tells about one query, as a value."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

# Charged per TB of scanned data, rounded up to the megabyte, at least 10 MB a query; DDL and failed queries are free.
# Source: https://aws.amazon.com/athena/pricing/ (most regions; some are dearer)
DOLLARS_PER_TERABYTE = Decimal(5)
MINIMUM_BYTES = 10 * 1000**2
TERMINAL_STATES = frozenset({"SUCCEEDED", "FAILED", "CANCELLED"})


@dataclass(frozen=True, slots=True)
class QueryExecution:
    """
    One query as Athena reports it.

    Sizes are bytes, times are milliseconds. ``statement_type`` is DDL, DML or UTILITY; ``state_change_reason`` says why a
    query failed.

    Source: https://docs.aws.amazon.com/athena/latest/APIReference/API_QueryExecution.html
    """

    query_execution_id: str
    query: str
    state: str
    statement_type: str = ""
    state_change_reason: str = ""
    work_group: str = ""
    output_location: str = ""
    data_scanned_in_bytes: int = 0
    total_execution_time_in_millis: int = 0

    @property
    def cost_in_dollars(self) -> Decimal:
        """What the scan costs by the list price; 0 for DDL and for a query that failed."""
        if self.statement_type != "DML" or self.state == "FAILED":
            return Decimal(0)
        megabytes = -(-max(self.data_scanned_in_bytes, MINIMUM_BYTES) // 1000**2)
        return megabytes * DOLLARS_PER_TERABYTE / 1000**2
