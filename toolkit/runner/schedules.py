"""A schedule to a handler: the same event again and again, for what nobody tells of."""

from __future__ import annotations

import threading

from toolkit.runner.mapping import ScheduleMapping, invoke


class SchedulePoller:
    """The worker of a `ScheduleMapping`; `run` works until *stop* is set."""

    def __init__(self, mapping: ScheduleMapping, stop: threading.Event) -> None:
        self.mapping = mapping
        self.handled = 0
        self._stop = stop

    def check(self) -> None:
        """Nothing need be there for a schedule."""

    def run(self) -> None:
        """Call until *stop* is set, at once and then at each interval."""
        while not self._stop.is_set():
            self.run_once()
            self._stop.wait(self.mapping.every_seconds)

    def run_once(self) -> int:
        """Call the handler once; return 1 where it came to its end, else 0."""
        outcome = invoke(
            self.mapping.handler, dict(self.mapping.event), [], self.mapping.timeout_in_seconds, self.mapping.name
        )
        self.handled += outcome.is_success
        return int(outcome.is_success)
