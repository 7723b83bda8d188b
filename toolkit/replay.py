"""
Refused events judged again, after a schema was mended: accepted ones go on, the rest is kept with its new reasons.

The accepted events of a file that is judged for the first time go the same way (`store_accepted`). Everything that is written
derives from the file that was judged, so a run that was cut off, or is repeated, writes the same objects again and doubles
nothing; and a file is there whole or not at all.
"""

from __future__ import annotations

import filecmp
import gzip
import hashlib
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import IO, TYPE_CHECKING, cast

from toolkit.aws import call, check_bucket, split_s3_uri
from toolkit.errors import AwsError, InvalidInput
from toolkit.handlers.event_sink import one_line, write_lines
from toolkit.validator import Validator, read_rejected_lines
from toolkit.validator.bulk.rejects import RejectsWriter
from toolkit.validator.bulk.source import READ_ERRORS, LongLine, Opened, blocks, cant_read, is_same_file
from toolkit.validator.ndjson import BLOCK_BYTES, LONGEST_LINE

if TYPE_CHECKING:
    from toolkit.validator.bulk.source import OpenUri

# Uncompressed; an object of so many bytes is read by one reader and written at once.
OBJECT_BYTES = 64 * 1024 * 1024
_ACCEPTED = "accepted events"


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
    if accepted.startswith("s3://"):
        # The names of the objects come from all of its bytes.
        _refuse_stream(path)
    counts = {"read": 0, "accepted": 0, "refused": 0, "lost": 0}
    with _Files(path) as files, ExitStack() as stack:
        refused = RejectsWriter(stack.enter_context(files.open(still_refused, "rejects")))
        target: _Objects | _File = (
            _Objects(accepted, f"replay-{_digest(path)}")
            if accepted.startswith("s3://")
            else _File(accepted, files.open(accepted, _ACCEPTED), stack)
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


def store_accepted(
    source: str,
    rejects: str | Path,
    accepted: str,
    *,
    day_of: Callable[[bytes], str] | None = None,
    open_uri: OpenUri | None = None,
    judged: object = None,
) -> tuple[str, ...]:
    """
    Write every event of *source* that is not in *rejects*, and return the names of the files or objects.

    *rejects* is what `validate_ndjson` wrote of the same *source*, a path or an S3 URI that *open_uri* opens. *accepted* and
    *day_of* are those of `replay`; objects are called ``events-<digest of the source>-<number>.json.gz``. *judged* is what
    `source_state` said before *source* was judged.

    Raises:
        InvalidInput: *source* can't be read, is another one than was *judged*, or a file can't be written or holds something
            else already.
        AwsError: S3 refused an object; run it again.
    """
    _refuse_changed(source, judged)
    refused = {line.line_number for line in read_rejected_lines(rejects)}
    with _Files(Path(source)) as files, ExitStack() as stack:
        target: _Objects | _File = (
            _Objects(accepted, f"events-{_digest(source, open_uri)}")
            if accepted.startswith("s3://")
            else _File(accepted, files.open(accepted, _ACCEPTED), stack)
        )
        for number, line in _numbered_lines(source, open_uri):
            if number not in refused and line.strip(b" \t\r"):
                target.add(line, day_of(line) if day_of else "")
        _refuse_changed(source, judged)
        return target.finish()


def source_state(source: str) -> object:
    """Return what tells whether *source*, a path or an S3 URI, was written to meanwhile; None where that can't be told."""
    try:
        if source.startswith("s3://"):
            bucket, key = split_s3_uri(source)
            return call("s3", "head_object", Bucket=bucket, Key=key)["ETag"]
        status = Path(source).stat()
    except (OSError, ValueError, AwsError):
        # Who judges it will tell.
        return None
    return status.st_dev, status.st_ino, status.st_size, status.st_mtime_ns


def _refuse_changed(source: str, judged: object) -> None:
    if judged is not None and source_state(source) != judged:
        raise InvalidInput(f"{source}: was written to after it was judged; judge a copy that nobody writes to")


def check_place(source: str, accepted: str, rejects: str | None = None) -> None:
    """
    Refuse a place for the accepted events of *source* that can't be one, before they are judged; see `store_accepted`.

    Raises:
        InvalidInput: it is a folder, lies in none, is the source itself or the file of the *rejects*, or the source can't be
            read twice.
        NotFound: there is no such bucket.
        AwsError: it is no S3 URI, or S3 can't be asked.
    """
    if "://" not in source:
        _refuse_stream(Path(source))
    if accepted.startswith("s3://"):
        check_bucket(split_s3_uri(accepted)[0])
        return
    path = Path(accepted)
    _refuse_source(path, Path(source), _ACCEPTED)
    if rejects and is_same_file(path, rejects):
        raise InvalidInput(_one_file(path, "the rejects"))
    if path.is_dir() or not path.parent.is_dir():
        found = "Is a directory" if path.is_dir() else "No such file or directory"
        raise InvalidInput(f"{path}: {_ACCEPTED} can't be written: {found}")


def _one_file(path: Path, what: str) -> str:
    return f"{path}: the {_ACCEPTED} and {what} would be one file; name another one"


def _refuse_stream(source: Path) -> None:
    if source.exists() and not source.is_file() and not source.is_dir():
        raise InvalidInput(
            f"{source}: expected a file, which can be read twice, found a pipe or a device; write it to one"
        )


def _refuse_source(path: Path, source: Path, what: str) -> None:
    if path.exists() and source.exists() and path.samefile(source):
        raise InvalidInput(f"{path}: the {what} would overwrite the source; name another file")


def _numbered_lines(source: str, open_uri: OpenUri | None) -> Iterator[tuple[int, bytes]]:
    """Yield the lines as `validate_ndjson` counts them, but for those that it refuses unread."""
    number = 0
    with Opened(source, open_uri) as opened:
        try:
            for block in blocks(opened.read, longest_line=LONGEST_LINE, size=BLOCK_BYTES):
                if isinstance(block, LongLine):
                    number += 1
                    continue
                for line in block.data.removesuffix(b"\n").split(b"\n"):
                    number += 1
                    yield number, line.removesuffix(b"\r")
        except READ_ERRORS as error:
            raise cant_read(opened.name, error) from error


def _digest(source: str | Path, open_uri: OpenUri | None = None) -> str:
    """Return what tells the bytes of *source* from others, compressed as they may be."""
    digest = hashlib.sha256()
    try:
        is_uri = open_uri is not None and "://" in str(source)
        with open_uri(str(source)) if open_uri and is_uri else Path(source).open("rb") as file:
            while data := file.read(BLOCK_BYTES):
                digest.update(data)
    except OSError as error:
        raise InvalidInput(f"{source}: can't be read: {error.strerror}") from error
    return digest.hexdigest()[:16]


class _Files:
    """
    Local files of a replay: written under names of their own, and in their places only when all of them are written.

    What a replay that was killed has left under these names is overwritten by the next.
    """

    def __init__(self, source: Path) -> None:
        self._source = source
        self._names: list[str] = []
        self._places: dict[Path, Path] = {}

    def __enter__(self) -> _Files:
        return self

    def open(self, name: str | Path, what: str) -> IO[bytes]:
        """Return the file that becomes *name*; *what* it holds is for errors."""
        path = Path(name)
        self._names.append(str(path))
        try:
            if path.exists() and not path.is_file():
                return path.open("wb")
            _refuse_source(path, self._source, what)
            if any(is_same_file(path, other) for other in self._places):
                raise InvalidInput(_one_file(path, "those still refused"))
            part = path.with_name(f".{path.name}.part")
            file = part.open("wb")
        except OSError as error:
            raise InvalidInput(f"{path}: {what} can't be written: {error.strerror}") from error
        self._places[path] = part
        return file

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, *_: object) -> None:
        try:
            if isinstance(error, OSError):
                raise self._not_written(error) from error
            if kind is None:
                for path, part in self._places.items():
                    if path.exists() and path.stat().st_size and not filecmp.cmp(path, part, shallow=False):
                        raise InvalidInput(
                            f"{path}: there is something in this file already; name another one, or remove it"
                        )
                for path, part in self._places.items():
                    part.replace(path)
        except OSError as found:
            raise self._not_written(found) from found
        finally:
            for part in self._places.values():
                part.unlink(missing_ok=True)

    def _not_written(self, error: OSError) -> InvalidInput:
        names = " or ".join(self._names)
        return InvalidInput(f"{names}: can't be written: {error.strerror or error}; nothing was kept there")


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
    """Accepted events in objects below a prefix, by day; what is put where depends on nothing but the file that was judged."""

    def __init__(self, prefix: str, name: str) -> None:
        self._prefix = prefix.rstrip("/") + "/"
        self._name = name
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
            name = f"{self._name}-{self._numbers[day]:05d}"
            self._written.append(write_lines(location, name, events))
            self._numbers[day] += 1
        self._pending.clear()
        self._size = 0
