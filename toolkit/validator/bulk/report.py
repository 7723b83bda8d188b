"""What a run over lines found, as values: samples, counts, totals, and how reports of several runs add up."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from toolkit.dataclass import dataclass, field
from toolkit.errors import InvalidInput
from toolkit.validator.error import ValidationError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    import pandas as pd

# Distinct (location, keyword) pairs that are counted apart; names of undeclared fields come from the data.
MOST_PAIRS = 10_000
OTHER = ("other", "other")
# Errors of one line that are kept in a sample or a rejected line; all are counted.
MOST_ERRORS_KEPT = 100


@dataclass(frozen=True, slots=True)
class LineErrors:
    """
    One refused line: its number from 1, its offset in bytes from the start of the source, and the reasons.

    The offset is that of the uncompressed text. At most `MOST_ERRORS_KEPT` reasons are kept. ``source`` names the file it
    came from, where that is known.
    """

    line_number: int
    byte_offset: int
    errors: tuple[ValidationError, ...]
    source: str = field(default="", compare=False)


@dataclass(frozen=True, slots=True)
class NdjsonReport:
    """
    What a run over lines found.

    ``counts`` tells how many errors each (location, keyword) pair had, most first; a location is a path such as
    ``$.items[*].sku``, with every index as ``*``; that of a missing field is where it should be. ``samples`` are the first
    refused lines. Blank lines are counted apart and are neither valid nor invalid. ``byte_count`` is the size of the
    uncompressed text that was judged.
    ``fast_lines`` is how many of the valid lines a line template accepted without decoding them, ``elapsed_seconds`` how
    long the run took; these two don't count when reports are compared.
    """

    valid: int = 0
    invalid: int = 0
    blank: int = 0
    counts: Mapping[tuple[str, str], int] = field(default_factory=dict)
    samples: tuple[LineErrors, ...] = ()
    byte_count: int = 0
    fast_lines: int = field(default=0, compare=False)
    elapsed_seconds: float = field(default=0.0, compare=False)

    @property
    def total(self) -> int:
        """The number of lines that were judged."""
        return self.valid + self.invalid

    def to_frame(self) -> pd.DataFrame:
        """Return ``counts`` as a DataFrame with the columns location, keyword and errors, most errors first."""
        import pandas as pd

        rows = [(location, keyword, count) for (location, keyword), count in self.counts.items()]
        frame = pd.DataFrame(rows, columns=["location", "keyword", "errors"])
        return frame.astype({"location": "str", "keyword": "str", "errors": "int64"})


@dataclass(frozen=True, slots=True)
class Progress:
    """
    How far a run has come.

    ``read_bytes`` counts the source as it is stored, compressed or not; ``source_bytes`` is its whole size, None where
    that is not known.
    """

    lines: int
    invalid: int
    read_bytes: int
    source_bytes: int | None


class ReadingStopped(InvalidInput):
    """
    A source could not be read to its end, or the rejects not be written.

    ``report`` tells of all whole lines before that, ``byte_offset`` where in the uncompressed text they end.
    """

    def __init__(self, message: str, *, report: NdjsonReport, byte_offset: int) -> None:
        super().__init__(message, report, byte_offset)
        self.message = message
        self.report = report
        self.byte_offset = byte_offset

    def __str__(self) -> str:
        judged = f"{self.report.total:,} lines before byte {self.byte_offset:,} were judged"
        return f"{self.message}; {judged}, {self.report.invalid:,} of them are invalid"


class Counts:
    """Errors by (location, keyword), in the order of their first appearance, with a limit to the number of pairs."""

    def __init__(self) -> None:
        self.pairs: dict[tuple[str, str], int] = {}

    def add(self, counts: Mapping[tuple[str, str], int]) -> None:
        """Add what another count found after this one."""
        pairs = self.pairs
        for pair, count in counts.items():
            key = pair if pair in pairs or len(pairs) < MOST_PAIRS else OTHER
            pairs[key] = pairs.get(key, 0) + count

    def most_common(self) -> dict[tuple[str, str], int]:
        """Return the pairs, most errors first."""
        return dict(sorted(self.pairs.items(), key=lambda item: -item[1]))


def merge_reports(reports: Iterable[NdjsonReport], *, most_samples: int = 20) -> NdjsonReport:
    """
    Return one report that adds up *reports*, such as those of several files, in their order.

    Samples keep the line numbers and offsets of their own sources; see `LineErrors.source`.
    """
    totals: dict[str, Any] = dict.fromkeys(
        ("valid", "invalid", "blank", "byte_count", "fast_lines", "elapsed_seconds"), 0
    )
    counts = Counts()
    samples: list[LineErrors] = []
    for report in reports:
        for name in totals:
            totals[name] += getattr(report, name)
        counts.add(report.counts)
        samples += report.samples[: max(0, most_samples - len(samples))]
    return NdjsonReport(counts=counts.most_common(), samples=tuple(samples), **totals)
