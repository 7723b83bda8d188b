r"""
Newline-delimited JSON, judged line by line in constant memory.

Lines end with ``\n`` or ``\r\n`` and nothing else; the last needs no end. A byte order mark at the start of the source
belongs to no line. The rules, and what makes it fast, are told in docs/validation.md and docs/validation-speed.md.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Generator, Iterator
from contextlib import ExitStack

from toolkit.errors import InvalidInput
from toolkit.validator.bulk.job import Job, Range, Task
from toolkit.validator.bulk.judging import Verdicts
from toolkit.validator.bulk.report import Counts, LineErrors, NdjsonReport, Progress, ReadingStopped
from toolkit.validator.bulk.source import READ_ERRORS, Opened, blocks, cant_read, ranges

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import IO

    from toolkit.validator.bulk.rejects import RejectsWriter
    from toolkit.validator.bulk.source import NdjsonSource, OpenUri
    from toolkit.validator.validator import Validator

# The largest event that the queues and buses of AWS carry is 1 MiB; an archive may hold larger ones.
LONGEST_LINE = 16 * 1024 * 1024
BLOCK_BYTES = 256 * 1024
# What a worker is given at once.
TASK_BYTES = 2 * 1024 * 1024


def validate_ndjson(
    source: NdjsonSource,
    validator: Validator,
    *,
    most_samples: int = 20,
    rejects: str | os.PathLike[str] | IO[bytes] | None = None,
    processes: int = 1,
    on_progress: Callable[[Progress], object] | None = None,
    open_uri: OpenUri | None = None,
    longest_line: int = LONGEST_LINE,
    templates: bool = True,
) -> NdjsonReport:
    """
    Return what *validator* says about each line of *source*.

    *source* is a path, a binary file, the text itself as bytes, an iterable of lines as bytes, or a URI that *open_uri*
    turns into a binary file (`toolkit.aws` has one for ``s3://``). gzip and zstd are recognised by content. Offsets count
    in the uncompressed text; the lines of an iterable count as if each had its line feed.

    The first *most_samples* refused lines are kept as samples. *rejects* is a path or a binary file to which every refused
    line is written with its reasons; see `read_rejects`. *processes* above one spread the work; the report is the same.
    *on_progress* is called after each block. A line of more than *longest_line* bytes is refused without being loaded.
    With *templates* lines may be judged by regular expressions learned from the schema and the first lines; verdicts are
    the same without.

    Raises:
        InvalidInput: the source can't be read, the rejects can't be written, or an option is out of range; all of it before
            any line is judged.
        ReadingStopped: the source can't be read to its end, or the rejects not be written to theirs; it has the report of
            the lines before.
        ToolkitError: a worker process ended before it was done.
    """
    started = time.perf_counter()
    _check(most_samples=(most_samples, 0), processes=(processes, 1), longest_line=(longest_line, 1))
    with ExitStack() as stack:
        opened = stack.enter_context(Opened(source, open_uri))
        writer = None
        if rejects is not None:
            from toolkit.validator.bulk.rejects import RejectsWriter

            writer = stack.enter_context(RejectsWriter(rejects, opened.path))
        if opened.size is not None and opened.size < 2 * TASK_BYTES:
            processes = 1
        job = Job(
            validator,
            most_refused=None if writer else most_samples,
            expected_bytes=opened.size or 0,
            templates=templates,
            longest_line=longest_line,
            block_bytes=BLOCK_BYTES,
        )
        run = _Run(opened, most_samples, writer, started)
        judged = _judged(job, opened, processes)
        stack.callback(judged.close)
        try:
            for task, verdicts in judged:
                run.add(task, verdicts)
                if on_progress is not None:
                    on_progress(run.progress())
        except READ_ERRORS as error:
            message = str(cant_read(opened.name, error))
            if writer and run.is_writing:
                message = f"{writer.name}: rejects can't be written: {getattr(error, 'strerror', None) or error}"
            raise ReadingStopped(message, report=run.report(), byte_offset=run.end) from error
        return run.report()


def _check(**limits: tuple[int, int]) -> None:
    for name, (value, least) in limits.items():
        if not isinstance(value, int) or value < least:
            raise InvalidInput(f"{name}: expected an integer of at least {least}, found {value!r}")


def _judged(job: Job, opened: Opened, processes: int) -> Generator[tuple[Task, Verdicts]]:
    if processes == 1:
        judge = job.judge()
        for part in blocks(opened.read, longest_line=job.longest_line, size=job.block_bytes):
            yield part, job.verdicts(part, judge)
        return
    from toolkit.validator.bulk.processes import verdicts_in_order

    tasks: Iterator[Task]
    if opened.path is not None:
        path = opened.path
        tasks = (Range(path, start, end - start) for start, end in ranges(path, TASK_BYTES, processes))
    else:
        tasks = blocks(opened.read, longest_line=job.longest_line, size=TASK_BYTES)
    yield from verdicts_in_order(job, tasks, processes)


class _Run:
    """What has been found so far, in the order of the source."""

    def __init__(self, opened: Opened, most_samples: int, writer: RejectsWriter | None, started: float) -> None:
        self.end = 0
        self.is_writing = False
        self._opened = opened
        self._most_samples = most_samples
        self._writer = writer
        self._started = started
        self._total = Verdicts()
        self._counts = Counts()
        self._samples: list[LineErrors] = []
        self._range_bytes = 0

    def add(self, task: Task, verdicts: Verdicts) -> None:
        total = self._total
        for refused in verdicts.refused:
            number, offset = total.lines + refused.index + 1, task.offset + refused.offset
            if len(self._samples) < self._most_samples:
                self._samples.append(LineErrors(number, offset, refused.errors, self._opened.name))
            if self._writer is not None:
                self.is_writing = True
                if refused.content is None:
                    self._writer.write_length(number, offset, refused.length, refused.errors[0])
                else:
                    self._writer.write(number, offset, refused.content, refused.errors)
        if self._writer is not None:
            self._writer.flush()
            self.is_writing = False
        total.lines += verdicts.lines
        total.valid += verdicts.valid
        total.invalid += verdicts.invalid
        total.fast += verdicts.fast
        self._counts.add(verdicts.counts)
        self.end = task.offset + task.byte_count
        if isinstance(task, Range):
            self._range_bytes = self.end

    def progress(self) -> Progress:
        read = self._range_bytes or self._opened.read_bytes
        return Progress(self._total.lines, self._total.invalid, read, self._opened.size)

    def report(self) -> NdjsonReport:
        total = self._total
        return NdjsonReport(
            total.valid,
            total.invalid,
            total.lines - total.valid - total.invalid,
            self._counts.most_common(),
            tuple(self._samples),
            byte_count=self.end,
            fast_lines=total.fast,
            elapsed_seconds=time.perf_counter() - self._started,
        )
