"""Work that a form starts: one at a time, with a state and a sentence that say how far it is, and a way to stop it."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import TypeVar

from toolkit.errors import InvalidInput, QueryFailed, ToolkitError
from toolkit.widgets.models.observable import Observable

IDLE, RUNNING, DONE, FAILED, CANCELLED = "idle", "running", "done", "failed", "cancelled"
T = TypeVar("T")


def one_line(error: BaseException) -> str:
    """Return the sentence of *error*; services send some over several lines."""
    return " ".join(str(error).split())


class Cancelled(ToolkitError):
    """The work was stopped by whoever started it; says how far it had come."""


class Work(Observable):
    """``state`` is idle, running, done, failed or cancelled, and ``message`` the sentence to it."""

    def __init__(self) -> None:
        super().__init__()
        self.state = IDLE
        self.message = ""
        self._working = threading.Lock()
        self._cancelled = threading.Event()

    def cancel(self) -> None:
        """Stop the work that runs, and what it started on AWS; does nothing when none runs."""
        self._cancelled.set()

    @property
    def is_running(self) -> bool:
        """Whether work is being done."""
        return self.state == RUNNING

    def rest(self) -> None:
        """Forget what was said of work that is over: it belongs to the settings as they were."""
        if not self.is_running:
            self.state, self.message = IDLE, ""

    def tell(self, state: str, message: str) -> None:
        """Say how far the work is."""
        self.state, self.message = state, message
        self.notify()

    def work(self, first: str, action: Callable[[], T]) -> T:
        """
        Do *action*, beginning with the sentence *first*; return what it returns, and tell how it ended.

        Raises:
            InvalidInput: other work is running.
            ToolkitError: *action* raised it, or `cancel` was called.
        """
        if not self._working.acquire(blocking=False):
            raise InvalidInput("something is running already: wait for it, or cancel it")
        try:
            self._cancelled.clear()
            self.tell(RUNNING, first)
            result = action()
        except BaseException as error:
            self._end(*self.ending(error))
            raise
        self._end(DONE, str(result))
        return result

    def ending(self, error: BaseException) -> tuple[str, str]:
        """Return the state and the sentence of work that *error* ended."""
        if isinstance(error, Cancelled):
            return CANCELLED, one_line(error)
        if isinstance(error, QueryFailed) and error.state == "CANCELLED":
            return CANCELLED, error.reason
        if isinstance(error, ToolkitError):
            return FAILED, one_line(error)
        if isinstance(error, KeyboardInterrupt):
            return CANCELLED, "interrupted"
        return FAILED, f"{type(error).__name__}: {one_line(error)}"

    def _end(self, state: str, message: str) -> None:
        # Who reads the sentence may start the next work at once: it is told when there is room for that, and not before.
        self.state, self.message = state, message
        self._working.release()
        self.notify()
