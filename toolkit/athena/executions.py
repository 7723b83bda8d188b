"""What Athena tells about one query, as a value."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal

from toolkit.errors import InvalidInput

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
    reused_previous_result: bool = False

    @property
    def cost_in_dollars(self) -> Decimal:
        """What the scan costs by the list price; 0 for DDL, for a query that failed, and for a reused result."""
        if self.statement_type != "DML" or self.state == "FAILED" or self.reused_previous_result:
            return Decimal(0)
        return scan_cost_in_dollars(self.data_scanned_in_bytes)

    def __str__(self) -> str:
        how = ", an earlier result" if self.reused_previous_result else ""
        return (
            f"{self.state.lower()}, {size_text(self.data_scanned_in_bytes)} read, ${self.cost_in_dollars:.5f}, "
            f"{self.total_execution_time_in_millis / 1000:.1f} s{how}"
        )


def scan_cost_in_dollars(data_scanned_in_bytes: int) -> Decimal:
    """Return what a query over so many bytes costs by the list price."""
    megabytes = -(-max(data_scanned_in_bytes, MINIMUM_BYTES) // 1000**2)
    return megabytes * DOLLARS_PER_TERABYTE / 1000**2


def size_text(size_in_bytes: float) -> str:
    """Return a size for people, in units of 1000 as Athena charges: ``12.3 MB``."""
    size, unit = float(size_in_bytes), 0
    while round(size, 1) >= 1000 and unit < len(_SIZE_UNITS) - 1:
        size, unit = size / 1000, unit + 1
    return f"{size:,.{1 if unit else 0}f} {_SIZE_UNITS[unit]}"


_SIZE_UNITS = ("bytes", "kB", "MB", "GB", "TB")
_UNITS = ("", "k", "m", "g", "t")
_SIZE = re.compile(r"\s*(\d+(?:\.\d+)?)\s*([kKMGT]?)(i?)[bB]?(?:ytes?)?\s*")


def bytes_from_text(text: str) -> int:
    """
    Return the bytes that a text such as ``500 MB``, ``2GiB`` or ``1000000`` names.

    Raises:
        InvalidInput: the text is no size.
    """
    found = _SIZE.fullmatch(text)
    if found is None:
        raise InvalidInput(f"size {text!r}: expected a number of bytes, or one with a unit, such as 500 MB or 2 GB")
    number, unit, binary = found.groups()
    return int(Decimal(number) * (1024 if binary else 1000) ** _UNITS.index(unit.lower()))
