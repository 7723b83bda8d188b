"""Several pollers at once, until somebody says stop."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Sequence

from toolkit.handlers.observing import log, reason_of
from toolkit.runner.mapping import QueueMapping, ScheduleMapping, StreamMapping
from toolkit.runner.queues import QueuePoller
from toolkit.runner.schedules import SchedulePoller
from toolkit.runner.streams import Checkpoints, StreamPoller


class Runner:
    """
    Runs *mappings* in threads of this process; *checkpoints* is the DynamoDB table of the places in streams.

    A context manager: it starts on entry and stops on exit, when every batch that was begun is done.
    """

    def __init__(
        self,
        mappings: Sequence[QueueMapping | StreamMapping | ScheduleMapping],
        *,
        checkpoints: str,
        lease_seconds: float = 30.0,
    ) -> None:
        self.stop_event = threading.Event()
        shared = Checkpoints(checkpoints, lease_seconds=lease_seconds)
        self.pollers: list[QueuePoller | StreamPoller | SchedulePoller] = []
        for mapping in mappings:
            if isinstance(mapping, QueueMapping):
                self.pollers += [QueuePoller(mapping, self.stop_event) for _ in range(mapping.maximum_concurrency)]
            elif isinstance(mapping, ScheduleMapping):
                self.pollers.append(SchedulePoller(mapping, self.stop_event))
            else:
                self.pollers.append(StreamPoller(mapping, self.stop_event, shared))
        self._threads: list[threading.Thread] = []

    def __enter__(self) -> Runner:
        if not self._threads:
            self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    @property
    def handled(self) -> dict[str, int]:
        """How many messages and records each mapping has settled."""
        found: dict[str, int] = {}
        for poller in self.pollers:
            found[poller.mapping.name] = found.get(poller.mapping.name, 0) + poller.handled
        return found

    def start(self) -> None:
        """
        Check every mapping, then start them all.

        Raises:
            InvalidInput: a queue's visibility timeout is too short for its mapping.
            NotFound: a queue or a stream is not there.
        """
        for poller in self.pollers:
            poller.check()
        for number, poller in enumerate(self.pollers):
            thread = threading.Thread(target=self._run, args=(poller,), name=f"poll-{number}", daemon=True)
            thread.start()
            self._threads.append(thread)

    def stop(self) -> None:
        """Let every poller finish its batch, and wait for that."""
        self.stop_event.set()
        for thread in self._threads:
            thread.join()
        self._threads.clear()

    def wait_until(self, is_done: Callable[[], bool], *, seconds: float, pause: float = 0.2) -> bool:
        """Return whether *is_done* came true within *seconds*."""
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            if is_done():
                return True
            time.sleep(pause)
        return is_done()

    def _run(self, poller: QueuePoller | StreamPoller | SchedulePoller) -> None:
        while not self.stop_event.is_set():
            try:
                poller.run()
            except Exception as error:
                # A fault of ours: whatever it is, the source must not stand still until somebody looks.
                log(logging.ERROR, "poller failed", mapping=poller.mapping.name, reason=reason_of(error))
                self.stop_event.wait(1.0)
