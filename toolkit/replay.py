"""
Refused events judged again, after a schema was mended: accepted ones go on, the rest is kept with its new reasons.

Everything that is written derives from the rejects file, so a replay that was cut off, or is run twice, writes the same objects
again and doubles nothing; and a file is there whole or not at all.
"""

from __future__ import annotations

import filecmp
import gzip
import hashlib
from collections import Counter
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import IO, cast

from toolkit.errors import InvalidInput
from toolkit.handlers.event_sink import one_line, write_lines
from toolkit.validator import Validator, read_rejected_lines
from toolkit.validator.bulk.rejects import RejectsWriter

# Uncompressed; an object of so many bytes is read by one reader and written at once.
OBJECT_BYTES = 64 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class ReplayReport:
    """
    What became of the lines of a rejects file: ``read`` = ``accepted`` + ``refused`` + ``lost``.

    ``lost`` lines were too long to be kept when they were refused; they must be taken from their source. ``written`` names the
    files or objects that hold the accepted events.
    """

    read: int
    accepted: int
    refused: int
    lost: int
    written: tuple[str, ...]


def replay(
    rejects: str | Path,
    validator: Validator,
    accepted: str,
    still_refused: str | Path,
    *,
    day_of: Callable[[bytes], str] | None = None,
) -> ReplayReport:
    """
    Judge every line of *rejects* (see `validate_ndjson`) again and return the counts.

    *accepted* is a file, gzip if it ends in ``.gz``, or an ``s3://bucket/prefix/`` below which objects
    ``replay-<digest>-<number>.json.gz`` are put, with *day_of* in a partition ``dt=<day>/`` for each day it tells. Events keep
    their bytes, but for line breaks between tokens, which become blanks. *still_refused* is a new rejects file. Files appear when
    all is done: after a death the same call begins anew, and after its end it finds what it would write.

    Raises:
        InvalidInput: *rejects* can't be read, or a file can't be written or holds something else already.
        AwsError: S3 refused an object; run the replay again.
    """
    path = Path(rejects)
    counts = {"read": 0, "accepted": 0, "refused": 0, "lost": 0}
    with _Files(path) as files, ExitStack() as stack:
        refused = RejectsWriter(stack.enter_context(files.open(still_refused, "rejects")))
        target: _Objects | _File = (
            _Objects(accepted, _digest(path))
            if accepted.startswith("s3://")
            else _File(accepted, files.open(accepted, "accepted events"), stack)
        )
        for line in read_rejected_lines(path):
            counts["read"] += 1
            if line.body is None:
                counts["lost"] += 1
                continue
            errors = validator.validate_json(line.body)
            if errors:
                counts["refused"] += 1
                refused.write(line.line_number, line.byte_offset, line.body, errors)
            else:
                counts["accepted"] += 1
                target.add(line.body, day_of(line.body) if day_of else "")
        written = target.finish()
    return ReplayReport(**counts, written=written)


def _digest(path: Path) -> str:
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()[:16]
    except OSError as error:
        raise InvalidInput(f"{path}: can't be read: {error.strerror}") from error


class _Files:
    """
    Local files of a replay: written under names of their own, and in their places only when all of them are written.

    What a replay that was killed has left under these names is overwritten by the next.
    """

    def __init__(self, source: Path) -> None:
        self._source = source
        self._places: dict[Path, Path] = {}

    def __enter__(self) -> _Files:
        return self

    def open(self, name: str | Path, what: str) -> IO[bytes]:
        """Return the file that becomes *name*; *what* it holds is for errors."""
        path = Path(name)
        try:
            if path.exists() and not path.is_file():
                return path.open("wb")
            if path.exists() and path.samefile(self._source):
                raise InvalidInput(f"{path}: the {what} would overwrite the source; name another file")
            part = path.with_name(f".{path.name}.part")
            file = part.open("wb")
        except OSError as error:
            raise InvalidInput(f"{path}: {what} can't be written: {error.strerror}") from error
        self._places[path] = part
        return file

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        try:
            if kind is None:
                for path, part in self._places.items():
                    if path.exists() and path.stat().st_size and not filecmp.cmp(path, part, shallow=False):
                        raise InvalidInput(
                            f"{path}: there is something in this file already; name another one, or remove it"
                        )
                for path, part in self._places.items():
                    part.replace(path)
        finally:
            for part in self._places.values():
                part.unlink(missing_ok=True)


class _File:
    """Accepted events in one local file."""

    def __init__(self, name: str, raw: IO[bytes], stack: ExitStack) -> None:
        self._name = name
        self._file: IO[bytes] = stack.enter_context(raw)
        if name.endswith(".gz"):
            self._file = cast("IO[bytes]", stack.enter_context(gzip.GzipFile("", "wb", fileobj=raw, mtime=0)))

    def add(self, event: bytes, _: str) -> None:
        self._file.write(one_line(event) + b"\n")

    def finish(self) -> tuple[str, ...]:
        return (self._name,)


class _Objects:
    """Accepted events in objects below a prefix, by day; what is put where depends on nothing but the rejects file."""

    def __init__(self, prefix: str, digest: str) -> None:
        self._prefix = prefix.rstrip("/") + "/"
        self._digest = digest
        self._pending: dict[str, list[bytes]] = {}
        self._size = 0
        self._numbers: Counter[str] = Counter()
        self._written: list[str] = []

    def add(self, event: bytes, day: str) -> None:
        self._pending.setdefault(day, []).append(event)
        self._size += len(event)
        if self._size >= OBJECT_BYTES:
            self._flush()

    def finish(self) -> tuple[str, ...]:
        self._flush()
        return tuple(self._written)

    def _flush(self) -> None:
        for day, events in self._pending.items():
            location = f"{self._prefix}dt={day}/" if day else self._prefix
            name = f"replay-{self._digest}-{self._numbers[day]:05d}"
            self._written.append(write_lines(location, name, events))
            self._numbers[day] += 1
        self._pending.clear()
        self._size = 0
