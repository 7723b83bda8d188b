"""
The embedded platform: AWS endpoints on this machine, and an Athena that executes.

    from toolkit.local import launch

    with launch() as platform:
        os.environ.update(platform.environment)
        ...                                     # boto3, PyAthena, the AWS CLI

``launch`` serves from a child process and ``start`` from a thread of this one. The package imports nothing of the
rest of the toolkit; everything reaches it through the endpoint.
"""

from toolkit.local.athena.limits import Limits
from toolkit.local.errors import (
    AlreadyRunning,
    DirectoryInUse,
    LocalPlatformError,
    NotADataDirectory,
    PlatformDidNotStart,
    PortInUse,
    UnreadableState,
)
from toolkit.local.platform import Platform
from toolkit.local.process import launch
from toolkit.local.server import start

__all__ = [
    "AlreadyRunning",
    "DirectoryInUse",
    "Limits",
    "LocalPlatformError",
    "NotADataDirectory",
    "Platform",
    "PlatformDidNotStart",
    "PortInUse",
    "UnreadableState",
    "launch",
    "start",
]
