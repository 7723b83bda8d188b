"""Newline-delimited JSON, judged line by line in constant memory."""

from __future__ import annotations

import gzip
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any

from toolkit.errors import InvalidInput
from toolkit.schema.pointer import json_path
from toolkit.validator.error import ValidationError
from toolkit.validator.validator import Validator

# Distinct (location, keyword) pairs that are counted apart; names of undeclared fields come from the data.
MOST_PAIRS = 10_000
OTHER = ("other", "other")


@dataclass(frozen=True, slots=True)
class LineErrors:
    """One refused line: its number from 1, its offset in bytes from the start of the source, and the reasons."""

    line_number: int
    byte_offset: int
    errors: tuple[ValidationError, ...]


@dataclass(frozen=True, slots=True)
class NdjsonReport:
    """
    What a run over lines found.

    ``counts`` tells how many errors each (location, keyword) pair had; a location is a path such as
    ``$.items[*].sku``, with every index as ``*``. ``samples`` are the first refused lines. Blank lines are counted
    apart and are neither valid nor invalid.
    """

    valid: int = 0
    invalid: int = 0
    blank: int = 0
    counts: dict[tuple[str, str], int] = field(default_factory=dict)
    samples: tuple[LineErrors, ...] = ()

    @property
    def total(self) -> int:
        """The number of lines that were judged."""
        return self.valid + self.invalid


def validate_ndjson(
    source: str | Path | IO[bytes] | Iterable[bytes], validator: Validator, *, most_samples: int = 20
) -> NdjsonReport:
    r"""
    Return what *validator* says about each line of *source*.

    *source* is a path (gzip if it ends in ``.gz``), a binary file object or an iterable of lines as bytes. Lines end
    with ``\n`` or ``\r\n`` and nothing else; the last needs no end. The first *most_samples* refused lines are kept.

    Raises:
        InvalidInput: the path can't be read.
    """
    valid = invalid = blank = 0
    counts: Counter[tuple[str, str]] = Counter()
    samples: list[LineErrors] = []
    offset = 0
    with _opened(source) as lines:
        for number, line in enumerate(_checked(lines), 1):
            content = line.rstrip(b"\r\n")
            if not content.strip(b" \t"):
                blank += 1
            elif errors := validator.validate_json(content):
                invalid += 1
                for error in errors:
                    pair = (_location(error), error.keyword)
                    counts[pair if pair in counts or len(counts) < MOST_PAIRS else OTHER] += 1
                if len(samples) < most_samples:
                    samples.append(LineErrors(number, offset, errors))
            else:
                valid += 1
            offset += len(line)
    return NdjsonReport(valid, invalid, blank, dict(counts.most_common()), tuple(samples))


def _opened(source: Any) -> AbstractContextManager[Iterable[bytes]]:
    if not isinstance(source, str | Path):
        return nullcontext(source)
    path = Path(source)
    try:
        return gzip.GzipFile(path, "rb") if path.suffix == ".gz" else path.open("rb")
    except OSError as error:
        raise InvalidInput(f"{path}: can't be read: {error.strerror}") from error


def _checked(lines: Iterable[bytes]) -> Iterator[bytes]:
    try:
        for line in lines:
            if not isinstance(line, bytes):
                raise InvalidInput(
                    f"expected lines of bytes, found {type(line).__name__}; open the file in binary mode"
                )
            yield line
    except (OSError, EOFError) as error:
        raise InvalidInput(f"can't be read to its end: {error}") from error


def _location(error: ValidationError) -> str:
    return json_path("*" if isinstance(token, int) else token for token in error.path or ()).replace('["*"]', "[*]")
