"""
What can go wrong when the platform starts, in one tree.

    LocalPlatformError
    ├── PortInUse            somebody else listens on the port
    ├── AlreadyRunning       this process serves a platform already
    ├── PlatformDidNotStart  the child process ended or stayed silent
    ├── DirectoryInUse       another server keeps its state in the data directory
    ├── NotADataDirectory    the data directory can't be made or written
    └── UnreadableState      the state in the data directory is damaged or of another version
"""

from __future__ import annotations

import errno
from pathlib import Path
from typing import Any


class LocalPlatformError(Exception):
    """The root: catch this to catch all that starting the platform raises on purpose."""


class PortInUse(LocalPlatformError):
    """The address can't be bound because something listens there; ``host`` and ``port`` name it."""

    def __init__(self, host: str, port: int) -> None:
        super().__init__(host, port)
        self.host = host
        self.port = port

    def __str__(self) -> str:
        return f"port {self.port} of {self.host} is in use: stop what listens there, or choose another port (0 takes a free one)"


class AlreadyRunning(LocalPlatformError):
    """A platform runs in this process already; its state lives in module globals, so there can be only one."""

    def __str__(self) -> str:
        return (
            "this process serves a local platform already: leave its `with` block first, or use toolkit.local.launch()"
        )


class PlatformDidNotStart(LocalPlatformError):
    """The child process that should serve ended, or did not answer in time; the message says which."""


class DirectoryInUse(LocalPlatformError):
    """A server holds the data directory ``path``; ``holder`` tells which, as far as it is known."""

    def __init__(self, path: Path, holder: Any) -> None:
        super().__init__(path, holder)
        self.path = path
        self.holder = holder

    def __str__(self) -> str:
        process = f" by process {self.holder.process_id}" if self.holder and self.holder.process_id else ""
        place = f", which serves at {self.holder.endpoint_url}" if self.holder and self.holder.endpoint_url else ""
        return f"{self.path} is in use{process}{place}: use that server, stop it, or choose another directory"


class NotADataDirectory(LocalPlatformError):
    """The data directory ``path`` can't be made or written, for ``reason``."""

    def __init__(self, path: Path, reason: str) -> None:
        super().__init__(path, reason)
        self.path = path
        self.reason = reason

    def __str__(self) -> str:
        return f"{self.path} can't hold the platform's data: {self.reason}; choose a directory that can be written"


class UnreadableState(LocalPlatformError):
    """What lies in the data directory can't be read, for ``reason``."""

    def __init__(self, path: Path, reason: str) -> None:
        super().__init__(path, reason)
        self.path = path
        self.reason = reason

    def __str__(self) -> str:
        return (
            f"the state in {self.path} can't be read ({self.reason}): use the version that wrote it, or start anew with "
            "`toolkit local reset`"
        )


def is_disk_full(error: BaseException) -> bool:
    """Tell whether *error* says that the disk has no room, or its user none left."""
    return isinstance(error, OSError) and error.errno in (errno.ENOSPC, errno.EDQUOT)
