"""
What can go wrong when the platform starts, in one tree.

    LocalPlatformError
    ├── PortInUse            somebody else listens on the port
    ├── AlreadyRunning       this process serves a platform already
    └── PlatformDidNotStart  the child process ended or stayed silent
"""

from __future__ import annotations


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
