"""What an audit found, as values."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from toolkit.audit.checks import Check, Unchecked
from toolkit.errors import number_of

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True, slots=True)
class BrokenRule:
    """A check that *rows* rows break; ``example_path`` is the first object that holds one."""

    check: Check
    rows: int
    example_path: str = ""


@dataclass(frozen=True, slots=True)
class AuditReport:
    """
    What Athena says of the rows of a table.

    ``unreadable`` rows have nothing but NULLs: lines that are no JSON, under a SerDe that lets them pass, or events without any
    field. ``duplicates``, ``future`` and ``late`` are None where the audit did not ask. ``volume`` is the number of rows a day.
    ``unchecked`` is what SQL can't tell; ``checked`` counts what it could.
    """

    table: str
    rows: int
    unreadable: int
    broken: tuple[BrokenRule, ...] = ()
    checked: int = 0
    unchecked: tuple[Unchecked, ...] = ()
    duplicates: int | None = None
    future: int | None = None
    late: int | None = None
    volume: tuple[tuple[str, int], ...] = ()
    data_scanned_in_bytes: int = 0
    cost_in_dollars: Decimal = Decimal(0)

    @property
    def is_clean(self) -> bool:
        """Whether nothing was found."""
        return not (self.broken or self.unreadable or self.duplicates or self.future or self.late)

    def to_frame(self) -> pd.DataFrame:
        """Return the broken rules as a DataFrame: column, keyword, expected, rows, share, example_path, pointer."""
        import pandas as pd

        columns = ["column", "keyword", "expected", "rows", "share", "example_path", "pointer"]
        rows = [
            (
                found.check.column,
                found.check.keyword,
                found.check.expected,
                found.rows,
                found.rows / self.rows,
                found.example_path,
                found.check.pointer,
            )
            for found in self.broken
        ]
        return pd.DataFrame(rows, columns=columns)

    def lines(self) -> Iterator[str]:
        """Yield the report for a terminal."""
        yield f"{self.table}: {number_of(self.rows, 'row')}, {number_of(self.checked, 'rule')} checked, {len(self.broken)} broken"
        for count, words in (
            (self.unreadable, "rows without any value: unreadable lines, or empty events"),
            (self.duplicates, "rows repeat the event id of another"),
            (self.future, "events are from the future"),
            (self.late, "events came late"),
        ):
            if count is not None:
                share = f" ({count / self.rows:.2%})" if self.rows and count else ""
                yield f"  {count:,} {words}{share}"
        if self.broken:
            width = max(len(found.check.column) for found in self.broken)
            yield ""
            for found in self.broken:
                check = found.check
                place = f"{check.column:{width}}  {check.keyword:18} {found.rows:>10,}"
                yield f"{place}  expected {check.expected}; {found.example_path}"
        if self.volume:
            yield ""
            most = max(count for _, count in self.volume)
            for day, count in self.volume:
                yield f"{day or 'no day':10}  {count:>10,}  {'█' * round(30 * count / most)}"
        if self.unchecked:
            yield ""
            yield f"{len(self.unchecked)} rules that SQL can't tell of were not checked; --unchecked lists them"
        yield f"{self.data_scanned_in_bytes:,} bytes scanned, ${self.cost_in_dollars:.5f}"
