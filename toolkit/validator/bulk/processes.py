"""
Blocks spread over several processes, with the verdicts handed back in the order of the blocks.

Workers are started afresh (the method "spawn"), hold one end of a pipe each, and end when the other end is closed, for
whatever reason. A worker takes its next task in while it is busy with the one before.
"""

from __future__ import annotations

import contextlib
import multiprocessing
import queue
import signal
import threading
from collections import deque
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from multiprocessing.connection import Connection, wait
from pathlib import Path
from typing import TYPE_CHECKING, Any

from toolkit.errors import ToolkitError
from toolkit.validator.bulk.judging import Judge, Verdicts
from toolkit.validator.bulk.source import Block, LongLine, blocks, read_range

if TYPE_CHECKING:
    from multiprocessing.context import SpawnProcess

    from toolkit.validator.validator import Validator

# One that is worked on and one that waits.
_TASKS_IN_FLIGHT = 2
# Seconds until a worker that was told to end is killed.
_PATIENCE = 2.0


@dataclass(frozen=True, slots=True)
class Range:
    """A part of a file, made of whole lines, which a worker reads itself."""

    path: Path
    offset: int
    byte_count: int


Task = Block | LongLine | Range


@dataclass(frozen=True, slots=True)
class Job:
    """What is done with every block: by whom it is judged, how much is kept, and how long a line may be."""

    validator: Validator
    most_refused: int | None
    expected_bytes: int
    templates: bool
    longest_line: int
    block_bytes: int

    def judge(self) -> Judge:
        """Return a judge for this job."""
        return Judge(
            self.validator,
            most_refused=self.most_refused,
            expected_bytes=self.expected_bytes,
            templates=self.templates,
        )

    def verdicts(self, task: Task, judge: Judge) -> Verdicts:
        """Return what *judge* finds in *task*; offsets count from the start of the task."""
        if isinstance(task, Block):
            return judge.verdicts(task.data)
        if isinstance(task, LongLine):
            return judge.refuse_long_line(task.length, self.longest_line)
        found = Verdicts()
        with ExitStack() as stack:
            read = read_range(task.path, task.offset, task.byte_count, stack)
            parts = blocks(read, longest_line=self.longest_line, size=self.block_bytes, at_start=task.offset == 0)
            for part in parts:
                found.extend(self.verdicts(part, judge), part.offset, self.most_refused)
        return found


@dataclass(slots=True)
class _Entry:
    task: Task
    verdicts: Verdicts | None = None


class _Worker:
    def __init__(self, job: Job) -> None:
        context = multiprocessing.get_context("spawn")
        self.connection, other_end = context.Pipe()
        self.in_flight: deque[_Entry] = deque()
        self.process: SpawnProcess = context.Process(target=_work, args=(other_end, job), daemon=True)
        try:
            self.process.start()
        except AssertionError as error:
            raise ToolkitError("a daemonic process can't start others; call with processes=1 there") from error
        finally:
            other_end.close()

    def send(self, entry: _Entry) -> None:
        try:
            self.connection.send(entry.task)
        except OSError as error:
            raise self._died() from error
        self.in_flight.append(entry)

    def receive(self) -> None:
        try:
            answer = self.connection.recv()
        except (EOFError, OSError) as error:
            raise self._died() from error
        if isinstance(answer, BaseException):
            raise answer
        self.in_flight.popleft().verdicts = answer

    def _died(self) -> ToolkitError:
        self.process.join(_PATIENCE)
        return ToolkitError(
            f"a worker process ended with exit code {self.process.exitcode} before it was done; in a script, call under "
            '`if __name__ == "__main__":`, and if the memory ran out, use fewer processes'
        )

    def end(self) -> None:
        self.connection.close()

    def join(self) -> None:
        self.process.join(_PATIENCE)
        if self.process.is_alive():
            self.process.kill()
            self.process.join()
        self.process.close()


def verdicts_in_order(job: Job, tasks: Iterator[Task], processes: int) -> Iterator[tuple[Task, Verdicts]]:
    """
    Yield each of *tasks* with its verdicts, in their order, worked on by so many *processes*.

    What *tasks* raises is raised again when the verdicts on all tasks before have been yielded.

    Raises:
        ToolkitError: a worker ended before it was done.
    """
    workers: list[_Worker] = []
    try:
        # One by one, so that those which were started are ended where another can't be.
        while len(workers) < processes:
            workers.append(_Worker(job))
        yield from _spread(job, tasks, workers)
    finally:
        for worker in workers:
            worker.end()
        for worker in workers:
            worker.join()


def _spread(job: Job, tasks: Iterator[Task], workers: list[_Worker]) -> Iterator[tuple[Task, Verdicts]]:
    judge = job.judge()
    entries: deque[_Entry] = deque()
    failure: Exception | None = None
    is_exhausted = False
    while True:
        while not is_exhausted and len(entries) < 4 * len(workers):
            worker = min(workers, key=lambda worker: len(worker.in_flight))
            if len(worker.in_flight) >= _TASKS_IN_FLIGHT:
                break
            try:
                task = next(tasks)
            except StopIteration:
                is_exhausted = True
            except Exception as error:
                is_exhausted, failure = True, error
            else:
                entries.append(_Entry(task))
                if isinstance(task, LongLine):
                    entries[-1].verdicts = job.verdicts(task, judge)
                else:
                    worker.send(entries[-1])
        while entries and entries[0].verdicts is not None:
            entry = entries.popleft()
            if entry.verdicts is not None:
                yield entry.task, entry.verdicts
        if not entries and is_exhausted:
            break
        if entries:
            by_connection: dict[Any, _Worker] = {worker.connection: worker for worker in workers}
            for connection in wait(list(by_connection)):
                by_connection[connection].receive()
    if failure is not None:
        raise failure


def _work(connection: Connection, job: Job) -> None:
    # Ctrl-C reaches the whole group; the parent decides what becomes of us.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    tasks: queue.SimpleQueue[Task | None] = queue.SimpleQueue()
    threading.Thread(target=_take_in, args=(connection, tasks), daemon=True).start()
    judge = job.judge()
    with contextlib.suppress(OSError):
        while (task := tasks.get()) is not None:
            try:
                answer: Verdicts | Exception = job.verdicts(task, judge)
            except OSError as error:
                answer = error
            connection.send(answer)


def _take_in(connection: Connection, tasks: queue.SimpleQueue[Task | None]) -> None:
    with contextlib.suppress(EOFError, OSError):
        while True:
            tasks.put(connection.recv())
    tasks.put(None)
