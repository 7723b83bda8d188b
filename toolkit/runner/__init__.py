"""
The runner: polls queues and streams and calls the handlers, as Lambda's event source mappings do.

It is the platform's form on a laptop, and a deployment for those without Lambda. Several may run side by side.
"""

from toolkit.runner.mapping import Invocation, QueueMapping, ScheduleMapping, StreamMapping
from toolkit.runner.platform import platform_mappings
from toolkit.runner.queues import QueuePoller
from toolkit.runner.redriving import Redriven, redrive, redrive_given_up, redrive_notifications
from toolkit.runner.running import Runner
from toolkit.runner.schedules import SchedulePoller
from toolkit.runner.streams import StreamPoller

__all__ = [
    "Invocation",
    "QueueMapping",
    "QueuePoller",
    "Redriven",
    "Runner",
    "ScheduleMapping",
    "SchedulePoller",
    "StreamMapping",
    "StreamPoller",
    "platform_mappings",
    "redrive",
    "redrive_given_up",
    "redrive_notifications",
]
