"""
Parts of an input spread over several processes, with the verdicts handed back in the order of the parts.

The caller's own process works as one of them, so that nothing waits for the others to start; they are started once the work
left is seen to take longer than their start. On Linux, where the caller's process has no other thread, they are copies of it,
which start in some milliseconds and know the templates that were learned. Elsewhere they are fresh interpreters that import
nothing of the caller's program (it needs no ``if __name__ == "__main__"``). Either kind reads pickles from one pipe, writes
pickles to another, and ends when the first does, for whatever reason. A worker takes its next task in while it is busy with the
one before.
"""

from __future__ import annotations

import contextlib
import gc
import os
import pickle
import queue
import signal
import subprocess
import sys
import threading
import time
from collections import deque
from collections.abc import Iterator
from typing import IO, Any

from toolkit.dataclass import dataclass
from toolkit.errors import ToolkitError
from toolkit.validator.bulk.job import Job, Task
from toolkit.validator.bulk.judging import Verdicts
from toolkit.validator.bulk.source import LongLine

# One that is worked on and one that waits.
_TASKS_IN_FLIGHT = 2
# Verdicts that may wait for those on a part before them, for each process.
_MOST_WAITING = 16
# Seconds that the work left must take one process, so that others are worth their start: fresh ones, and copies.
_LEAST_SECONDS = 0.4
_LEAST_SECONDS_COPIED = 0.02
# Seconds until a worker that was told to end is killed.
_PATIENCE = 2.0
_PROGRAM = (
    "import pickle, sys; sys.path[:] = pickle.load(sys.stdin.buffer); "
    "from toolkit.validator.bulk.processes import work; work()"
)
_READY = "ready"
_ENDED = "ended"


@dataclass(slots=True)
class _Entry:
    task: Task
    verdicts: Verdicts | None = None


class _Worker:
    """One process, with the tasks that it has been given."""

    def __init__(self, job: Job, *, is_copy: bool) -> None:
        self.in_flight: deque[_Entry] = deque()
        self.is_ready = is_copy
        self._listener: threading.Thread | None = None
        try:
            self._process = _Copy(job) if is_copy else _fresh()
        except OSError as error:
            raise ToolkitError(f"{sys.executable}: a worker process can't be started: {error}") from error
        assert self._process.stdin is not None  # noqa: S101  # both are pipes
        assert self._process.stdout is not None  # noqa: S101
        self._input: IO[bytes] = self._process.stdin
        self._output: IO[bytes] = self._process.stdout
        if not is_copy:
            self._say(sys.path, job)

    def listen(self, answers: queue.SimpleQueue[tuple[_Worker, Any]]) -> None:
        """Put what the worker says into *answers*, from a thread; copies are made before there is one."""
        self._listener = threading.Thread(target=self._listen, args=(answers,), daemon=True)
        self._listener.start()

    def _listen(self, answers: queue.SimpleQueue[tuple[_Worker, Any]]) -> None:
        with contextlib.suppress(EOFError, OSError, ValueError, pickle.UnpicklingError):
            while True:
                answers.put((self, pickle.load(self._output)))  # noqa: S301  # from our own process
        answers.put((self, _ENDED))

    def _say(self, *words: Any) -> None:
        # One that has died shows in what the listener hears.
        with contextlib.suppress(OSError):
            for word in words:
                pickle.dump(word, self._input, pickle.HIGHEST_PROTOCOL)
            self._input.flush()

    def send(self, entry: _Entry) -> None:
        self.in_flight.append(entry)
        self._say(entry.task)

    def take(self, answer: Any) -> None:
        """Take account of what the worker said."""
        if answer == _READY:
            self.is_ready = True
        elif isinstance(answer, Verdicts):
            self.in_flight.popleft().verdicts = answer
        elif isinstance(answer, BaseException):
            raise answer
        else:
            with contextlib.suppress(subprocess.TimeoutExpired):
                self._process.wait(_PATIENCE)
            raise ToolkitError(
                f"a worker process ended with exit code {self._process.returncode} before it was done; if the memory ran out, "
                "use fewer processes"
            )

    def end(self) -> None:
        # Its answers are in or no longer wanted, and it keeps nothing: waiting for it to end by itself would take longer.
        self._process.kill()
        with contextlib.suppress(OSError):
            self._input.close()

    def join(self) -> None:
        try:
            self._process.wait(_PATIENCE)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        if self._listener is not None:
            self._listener.join()
        self._output.close()


def _fresh() -> subprocess.Popen[bytes]:
    return subprocess.Popen(  # noqa: S603  # our own interpreter and program
        [sys.executable, "-c", _PROGRAM], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )


class _Copy:
    """A copy of this process that works on *job*, with what of ``subprocess.Popen`` is asked for."""

    def __init__(self, job: Job) -> None:
        self.returncode: int | None = None
        (tasks, stdin), (stdout, answers) = os.pipe(), os.pipe()
        self._pid = os.fork()
        if self._pid == 0:
            # Whatever happens, the copy must not go on with the caller's program, nor write what that has buffered.
            try:
                # What it never changes it need not own; a collection would touch everything.
                gc.freeze()
                os.close(stdin)
                os.close(stdout)
                signal.signal(signal.SIGTERM, signal.SIG_DFL)
                signal.signal(signal.SIGINT, signal.SIG_IGN)
                _serve(os.fdopen(tasks, "rb"), os.fdopen(answers, "wb"), job)
            finally:
                os._exit(1)
        os.close(tasks)
        os.close(answers)
        self.stdin, self.stdout = os.fdopen(stdin, "wb"), os.fdopen(stdout, "rb")

    def kill(self) -> None:
        if self._poll() is None:
            os.kill(self._pid, signal.SIGKILL)

    def wait(self, timeout: float = _PATIENCE) -> int:
        ending = time.monotonic() + timeout
        while (returncode := self._poll()) is None:
            if time.monotonic() > ending:
                raise subprocess.TimeoutExpired("a copy of this process", timeout)
            time.sleep(0.001)
        return returncode

    def _poll(self) -> int | None:
        if self.returncode is None:
            try:
                pid, status = os.waitpid(self._pid, os.WNOHANG)
            except ChildProcessError:
                # Where SIGCHLD is ignored, as under some services, its end is nobody's to ask for: `subprocess` says 0 too.
                self.returncode = 0
            else:
                self.returncode = os.waitstatus_to_exitcode(status) if pid else None
        return self.returncode


def _may_copy() -> bool:
    """Tell whether this process may be copied: only one without other threads, whose locks nobody would release."""
    try:
        return sys.platform == "linux" and len(os.listdir("/proc/self/task")) == 1  # noqa: PTH208
    except OSError:
        return False


def verdicts_in_order(job: Job, tasks: Iterator[Task], processes: int) -> Iterator[tuple[Task, Verdicts]]:
    """
    Yield each of *tasks* with its verdicts, in their order, worked on by so many *processes*, of which ours is one.

    What *tasks* raises is raised again when the verdicts on all tasks before have been yielded.

    Raises:
        ToolkitError: a worker could not be started, or ended before it was done.
    """
    workers: list[_Worker] = []
    answers: queue.SimpleQueue[tuple[_Worker, Any]] = queue.SimpleQueue()
    try:
        yield from _spread(job, tasks, workers, processes - 1, answers)
    finally:
        for worker in workers:
            worker.end()
        for worker in workers:
            worker.join()


def _spread(
    job: Job,
    tasks: Iterator[Task],
    workers: list[_Worker],
    most_workers: int,
    answers: queue.SimpleQueue[tuple[_Worker, Any]],
) -> Iterator[tuple[Task, Verdicts]]:
    judge = job.judge()
    started = time.perf_counter()
    judged_bytes = 0
    entries: deque[_Entry] = deque()
    failure: Exception | None = None
    is_exhausted = False
    while True:
        own: _Entry | None = None
        most_entries = _MOST_WAITING * (len(workers) + 1)
        while not is_exhausted and own is None and len(entries) < most_entries:
            try:
                entry = _Entry(next(tasks))
            except StopIteration:
                is_exhausted = True
            except Exception as error:
                is_exhausted, failure = True, error
            else:
                entries.append(entry)
                worker = _idlest(workers)
                if worker is None or isinstance(entry.task, LongLine):
                    own = entry
                else:
                    worker.send(entry)
        if own is not None:
            own.verdicts = job.verdicts(own.task, judge)
            judged_bytes += own.task.byte_count
            if not workers:
                # Before anybody hears of these verdicts, and shows them with a thread of its own.
                is_copy = _may_copy()
                if _pays(job, judged_bytes, time.perf_counter() - started, is_copy=is_copy):
                    # One by one, so that those which were started are ended where another can't be.
                    while len(workers) < most_workers:
                        workers.append(_Worker(job, is_copy=is_copy))
                    for worker in workers:
                        worker.listen(answers)
        while entries and entries[0].verdicts is not None:
            yield entries[0].task, entries[0].verdicts
            entries.popleft()
        if not entries and is_exhausted:
            break
        # With nothing left to do but wait, wait: for the first entry, which a worker has.
        _hear(answers, is_waiting=own is None and (is_exhausted or len(entries) >= most_entries))
    if failure is not None:
        raise failure


def _pays(job: Job, judged_bytes: int, seconds: float, *, is_copy: bool) -> bool:
    """Tell whether workers are worth their start after so many *seconds*; of unknown sizes half is taken to be done."""
    known = 0 < judged_bytes < job.expected_bytes
    left = seconds * (job.expected_bytes - judged_bytes) / judged_bytes if known else seconds
    return left >= (_LEAST_SECONDS_COPIED if is_copy else _LEAST_SECONDS)


def _idlest(workers: list[_Worker]) -> _Worker | None:
    """Return the worker with the least to do, or None where each has enough."""
    able = [worker for worker in workers if worker.is_ready and len(worker.in_flight) < _TASKS_IN_FLIGHT]
    return min(able, key=lambda worker: len(worker.in_flight), default=None)


def _hear(answers: queue.SimpleQueue[tuple[_Worker, Any]], *, is_waiting: bool) -> None:
    with contextlib.suppress(queue.Empty):
        worker, answer = answers.get(is_waiting)
        worker.take(answer)
        while True:
            worker, answer = answers.get_nowait()
            worker.take(answer)


def work() -> None:
    """Be a fresh worker: judge the tasks on standard input, after the job, until there are no more."""
    # Ctrl-C reaches the whole group; the parent decides what becomes of us.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    # Whatever prints must not stand among the answers.
    output = os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    job: Job = pickle.load(sys.stdin.buffer)  # noqa: S301  # from the process that started us
    with contextlib.suppress(OSError):
        _answer(output, _READY)
        _serve(sys.stdin.buffer, output, job)


def _serve(source: IO[bytes], output: IO[bytes], job: Job) -> None:
    """Judge the tasks from *source* until there are no more."""
    tasks: queue.SimpleQueue[Task | None] = queue.SimpleQueue()
    threading.Thread(target=_take_in, args=(source, tasks), daemon=True).start()
    judge = job.judge()
    with contextlib.suppress(OSError):
        while (task := tasks.get()) is not None:
            try:
                answer: Verdicts | Exception = job.verdicts(task, judge)
            except OSError as error:
                answer = error
            _answer(output, answer)


def _answer(output: IO[bytes], answer: Any) -> None:
    pickle.dump(answer, output, pickle.HIGHEST_PROTOCOL)
    output.flush()


def _take_in(source: IO[bytes], tasks: queue.SimpleQueue[Task | None]) -> None:
    with contextlib.suppress(EOFError, OSError, pickle.UnpicklingError):
        while True:
            tasks.put(pickle.load(source))  # noqa: S301  # as above
    tasks.put(None)
