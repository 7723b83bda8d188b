"""
Files of NDJSON that the executors read themselves, each a range of bytes at a time.

To read a line in the JVM, and hand it to Python through Arrow, costs half as much as its verdict. Where a verdict needs no more
than the file, a task gets a range instead, and reads it as `validate_ndjson` does.
"""

from __future__ import annotations

import functools
import os
from collections.abc import Iterable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, cast

from toolkit.validator.bulk.source import Block, LongLine, Opened, blocks, is_compressed, limited, line_start
from toolkit.validator.ndjson import BLOCK_BYTES, LONGEST_LINE

if TYPE_CHECKING:
    from pyspark.sql import DataFrame
    from pyspark.sql.types import StructType

# What Spark tells of a file, before the columns of its path.
_FILE_COLUMNS = {"path": "string", "modificationTime": "timestamp", "length": "long", "content": "binary"}
_PATH, _RANGES = "_toolkit_path", "_toolkit_ranges"
# A task takes some hundredths of a second to start; 128 MB are what Spark gives to one that reads.
_LEAST_BYTES, _MOST_BYTES = 4 * 1024 * 1024, 128 * 1024 * 1024
_RANGES_PER_CORE = 4
# What could be judged while a file is opened.
_OPENING_BYTES = 64 * 1024
# What Spark unpacks by name, and we can't.
_UNKNOWN_CODECS = (".bz2", ".deflate", ".lz4", ".snappy", ".xz")


@dataclass(frozen=True, slots=True)
class FileRange:
    """
    The lines of the file at the URI *path* that begin from *start* on and before *stop*; of a packed one, all from 0 on.

    ``keys`` are what the path says of them, as in ``dt=2026-03-02/``: the values of the frame's further columns.
    """

    path: str
    start: int
    stop: int
    keys: tuple[str | None, ...] = ()

    def parts(self) -> Iterator[Block | LongLine]:
        """Yield the lines in blocks, as they come."""
        with ExitStack() as stack:
            file = stack.enter_context(_opened(self.path))
            if is_compressed(file.read(4)):
                if self.start == 0:
                    file.seek(0)
                    read = stack.enter_context(Opened(file, None)).read
                    yield from blocks(read, longest_line=LONGEST_LINE, size=BLOCK_BYTES)
                return
            start, stop = line_start(file, self.start), line_start(file, self.stop)
            file.seek(start)
            read = limited(file.read, stop - start)
            yield from blocks(read, longest_line=LONGEST_LINE, size=BLOCK_BYTES, at_start=start == 0)


def note_path(frame: DataFrame, path: str) -> DataFrame:
    """Return *frame*, which is the lines of the files at *path* as long as nobody makes another frame of it."""
    frame.__dict__[_PATH] = path
    return frame


def ranges_of(frame: DataFrame) -> list[list[FileRange]] | None:
    """
    Return the ranges of the files whose lines *frame* is, those of each task; they are listed once for a frame, as Spark does.

    None where it is something else, or where Python can't read the files as the JVM does: from a store that is neither local nor
    S3, packed in another way than by gzip or zstd, or with rights that the session alone has.
    """
    path = frame.__dict__.get(_PATH)
    if path is None:
        return None
    if _RANGES not in frame.__dict__:
        frame.__dict__[_RANGES] = _ranges(frame, path)
    listed: list[list[FileRange]] | None = frame.__dict__[_RANGES]
    return listed


def _ranges(frame: DataFrame, path: str) -> list[list[FileRange]] | None:
    from pyspark.errors import PySparkException

    try:
        cores = frame.sparkSession.sparkContext.defaultParallelism
    except PySparkException:  # a remote session has none
        return None
    reader = frame.sparkSession.read.format("binaryFile")
    names = [name for name in frame.columns if name != "value"]
    if reader.load(path).columns[len(_FILE_COLUMNS) :] != names:
        return None
    files = reader.schema(texts_schema(names, *_FILE_COLUMNS.items())).load(path)
    listed = files.select("path", "length", *names).collect()
    if not all(_is_readable(where) for where, *_ in listed):
        return None
    whole = sum(length for _, length, *_ in listed)
    size = max(_LEAST_BYTES, min(_MOST_BYTES, whole // (_RANGES_PER_CORE * cores)))
    ranges = (
        FileRange(where, start, min(start + size, length), tuple(keys))
        for where, length, *keys in listed
        for start in range(0, length, size)
    )
    tasks = list(_tasks(ranges, size))
    try:
        with _opened(tasks[0][0].path) if tasks else ExitStack():
            return tasks
    except OSError:
        return None


def texts_schema(names: Iterable[str], *others: tuple[str, str]) -> StructType:
    """Return the schema of *others*, name and type each, and of texts called *names*."""
    from pyspark.sql.types import StructType

    made = StructType()
    for name, kind in (*others, *((name, "string") for name in names)):
        made = made.add(name, kind)
    return made


def _tasks(ranges: Iterable[FileRange], size: int) -> Iterator[list[FileRange]]:
    """Yield *ranges*, in their order, in groups of up to *size* bytes."""
    task: list[FileRange] = []
    room = size
    for each in ranges:
        taken = each.stop - each.start + _OPENING_BYTES
        if task and taken > room:
            yield task
            task, room = [], size
        task.append(each)
        room -= taken
    if task:
        yield task


def _is_readable(path: str) -> bool:
    return path.partition(":")[0] in ("file", "s3", "s3a", "s3n") and not path.endswith(_UNKNOWN_CODECS)


def _opened(path: str) -> IO[bytes]:
    """
    Open the file at a URI as Hadoop writes it.

    Raises:
        OSError: it can't be opened.
    """
    scheme, _, rest = path.partition(":")
    if scheme == "file":
        return Path("/" + rest.lstrip("/")).open("rb", buffering=0)
    endpoint = os.environ.get("AWS_ENDPOINT_URL_S3") or os.environ.get("AWS_ENDPOINT_URL")
    place = rest.lstrip("/")
    return cast("IO[bytes]", _store(place.partition("/")[0], endpoint).open_input_file(place))


@functools.lru_cache(maxsize=16)
def _store(bucket: str, endpoint: str | None) -> Any:
    """Return S3 as pyarrow reaches it; the region of a bucket takes a request."""
    from pyarrow import fs

    return fs.S3FileSystem(endpoint_override=endpoint, region=None if endpoint else fs.resolve_s3_region(bucket))
