"""
Sample events read as the table's SerDe would read them, before the table is made.

What a value becomes follows the sources of the upstream OpenX SerDe and of Trino's rewrite; where they differ the worse
counts. Findings name line, column and effect, and never show a value: events hold personal data.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import astuple, dataclass, fields
from typing import TYPE_CHECKING, Any

from toolkit.errors import TableError, number_of
from toolkit.hive.losses import Effect
from toolkit.hive.readers import Note, Number, Reader, read_with
from toolkit.hive.serde import HIVE_JSON, OPENX_JSON, malformed_effect
from toolkit.hive.table import Table

if TYPE_CHECKING:
    import pandas as pd

MAX_SAMPLES = 100
# Kinds of findings that are counted apart: keys that the table does not declare come from the data.
MAX_KINDS = 1000
_BOM = b"\xef\xbb\xbf"
# JSON's own blanks, and what Java's String.trim takes off the ends of a line.
_TRIMMED = "".join(map(chr, range(0x21)))


@dataclass(frozen=True, slots=True)
class Finding:
    """
    What happens to one column (``""``: the whole row), or to a key that is no column, in one line, counted from 1.

    ``accepted`` is the validator's verdict on the line, None where nobody asked it.
    """

    line: int
    column: str
    effect: Effect
    consequence: str
    accepted: bool | None = None


@dataclass(frozen=True, slots=True)
class Preflight:
    """
    How sample events fare: ``lines`` read, ``clean`` ones without a finding, findings counted by column, effect and consequence.

    ``whole`` lines lose no value: it may be rounded or read as something else, but none fails a query, is NULL or has no column.
    ``surprises`` are lines that the validator accepts and that break or null something all the same.
    """

    lines: int
    clean: int
    whole: int
    surprises: int
    counts: Mapping[tuple[str, Effect, str], int]
    samples: tuple[Finding, ...]

    def __str__(self) -> str:
        surprises = f"{self.surprises:,} accepted ones that fail a query or read as NULL"
        head = f"{number_of(self.lines, 'line')} read, {self.clean:,} without a finding, {surprises}"
        rows = [
            f"  {count:>8,} × {column or '(row)'}: {effect}, {consequence} (first in line {self._first(column, consequence)})"
            for (column, effect, consequence), count in self.counts.items()
        ]
        return "\n".join([head, *rows])

    def _first(self, column: str, consequence: str) -> str:
        lines = (sample.line for sample in self.samples if (sample.column, sample.consequence) == (column, consequence))
        return str(next(lines, "?"))

    def to_frame(self) -> pd.DataFrame:
        """Return the samples as a DataFrame with the columns line, column, effect, consequence and accepted."""
        import pandas as pd

        names = [field.name for field in fields(Finding)]
        return pd.DataFrame([astuple(sample) for sample in self.samples], columns=names)


def preflight(lines: Iterable[bytes], table: Table, *, accepts: Callable[[bytes], bool] | None = None) -> Preflight:
    """
    Return how *lines* would fare in *table*, which reads JSON.

    *accepts* is the validator's verdict on the bytes of a line. Memory stays constant: of each kind of finding the first is kept,
    and of all together the first hundred.

    Raises:
        TableError: the table does not read JSON by the OpenX or the Hive SerDe.
    """
    counts: Counter[tuple[str, Effect, str]] = Counter()
    samples: list[Finding] = []
    total = clean = whole = surprises = 0
    read = row_reader(table)
    for number, line in enumerate(lines, start=1):
        total += 1
        notes = list(dict.fromkeys(read(line, number == 1)))
        accepted = accepts(line) if accepts is not None else None
        clean += not notes
        whole += not any(note.effect in ("error", "null", "dropped") for note in notes)
        surprises += bool(accepted) and any(note.effect in ("error", "null") for note in notes)
        for note in notes:
            key = (note.column, note.effect, note.consequence)
            if key not in counts and len(counts) >= MAX_KINDS:
                key = ("", note.effect, note.consequence)
            counts[key] += 1
            if counts[key] == 1 or len(samples) < MAX_SAMPLES:
                samples.append(Finding(number, note.column, note.effect, note.consequence, accepted))
    return Preflight(total, clean, whole, surprises, dict(counts.most_common()), tuple(samples))


def row_reader(table: Table) -> Callable[[bytes, bool], Iterator[Note]]:
    """
    Return a function that yields what happens to a line; its second argument says whether it is the first of its object.

    Raises:
        TableError: the table does not read JSON by the OpenX or the Hive SerDe.
    """
    if table.serde.library not in (OPENX_JSON.library, HIVE_JSON.library):
        raise TableError(
            f"table {table.name!r}: a preflight reads as the OpenX or the Hive JSON SerDe does, found {table.serde.library!r}"
        )
    reader = read_with(table)
    malformed = malformed_effect(table.serde)

    def read(line: bytes, is_first: bool) -> Iterator[Note]:
        if is_first and line.startswith(_BOM):
            yield Note("", "null", "a byte order mark before the first event makes a row of nulls")
            return
        try:
            text = line.decode()
        except UnicodeDecodeError:
            yield Note("", "changed", "bytes that are no UTF-8 read as U+FFFD")
            text = line.decode(errors="replace")
        text = text.strip(_TRIMMED)
        if not text.startswith(("{", "[")):
            yield Note("", "null", "a line that is no object makes a row of nulls")
            return
        try:
            event = _DECODER.decode(text)
        except RecursionError:
            yield Note("", "error", "the event is nested too deep to be read here")
        except ValueError:
            yield Note("", malformed, _MALFORMED[malformed])
        else:
            yield from _row(event, reader, malformed)

    return read


def _row(event: Any, reader: Reader, malformed: Effect) -> Iterator[Note]:
    if isinstance(event, list):
        yield Note("", "changed", "an array is read by position, as if it were the columns")
    elif _has_clash(event, case_sensitive=reader.tells_case):
        yield Note("", malformed, "a key stands twice in an object, or two keys differ only in letter case")
    else:
        yield from reader.row(event)


_MALFORMED: dict[Effect, str] = {
    "error": "a line that is no JSON fails every query",
    "null": "a line that is no JSON makes a row of nulls",
}


class _Pairs(dict[str, Any]):
    """An object, and whether a key stood in it twice."""

    has_duplicate = False


def _pairs(items: list[tuple[str, Any]]) -> _Pairs:
    found = _Pairs(items)
    found.has_duplicate = len(found) < len(items)
    return found


def _refuse_constant(name: str) -> None:
    raise ValueError(f"{name} is no JSON")


# Numbers keep their text: whether a bigint can be read depends on how it is written.
_DECODER = json.JSONDecoder(
    object_pairs_hook=_pairs, parse_int=Number, parse_float=Number, parse_constant=_refuse_constant, strict=True
)


def _has_clash(event: Any, *, case_sensitive: bool) -> bool:
    """Whether two keys of one object are the same to the reader, anywhere; declared columns or not."""
    pending = [event]
    while pending:
        value = pending.pop()
        if isinstance(value, _Pairs):
            if value.has_duplicate or (not case_sensitive and len({key.lower() for key in value}) < len(value)):
                return True
            pending.extend(value.values())
        elif isinstance(value, list):
            pending.extend(value)
    return False
