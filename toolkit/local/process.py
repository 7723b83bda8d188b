"""
The platform in a child process, which keeps the interpreter lock of this one free.

The child never outlives its parent. Its standard input is a pipe that only the parent holds: when that end closes,
however the parent came to its end, the child stops. Ctrl-C reaches the parent alone, because the child has a session of
its own.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import IO

from toolkit.local.athena.limits import Limits
from toolkit.local.errors import (
    DirectoryInUse,
    LocalPlatformError,
    NotADataDirectory,
    PlatformDidNotStart,
    PortInUse,
    UnreadableState,
)
from toolkit.local.platform import Platform, platform_at
from toolkit.local.server import DEFAULT_REGION
from toolkit.local.state.directory import DataDirectory

# Far above what a start takes (about a second), for machines under heavy load.
READY_TIMEOUT_SECONDS = 60.0

# How long the child may take to end in good order before it is killed.
STOP_TIMEOUT_SECONDS = 5.0

# The child imports what its parent can import, wherever that comes from, and nothing from the current directory.
_BOOTSTRAP = (
    "import json, sys; sys.path[:] = json.loads(sys.argv.pop(1)); from toolkit.local.__main__ import child; child()"
)


@contextmanager
def launch(
    *,
    host: str = "127.0.0.1",
    port: int = 0,
    region: str = DEFAULT_REGION,
    data_directory: str | Path | None = None,
    athena_limits: Limits | None = None,
) -> Iterator[Platform]:
    """
    Serve from a child process until the block ends; gives the ``Platform`` once it answers.

    Port 0 takes a free one. With a *data_directory* the account is as it was left there; without one each launch is an
    empty account, and what was in it is gone at the end. *athena_limits* are the quotas beyond which Athena answers
    TooManyRequestsException.

    Raises:
        PortInUse: something listens on the port.
        PlatformDidNotStart: the child ended or stayed silent.
        LocalPlatformError: the data directory is held by another server, or can't be read or written.
    """
    settings = json.dumps(
        {
            "host": host,
            "port": port,
            "region": region,
            "data_directory": None if data_directory is None else str(data_directory),
            "athena_limits": None if athena_limits is None else asdict(athena_limits),
        }
    )
    child = subprocess.Popen(  # noqa: S603 - our own interpreter and our own words
        [sys.executable, "-c", _BOOTSTRAP, json.dumps(sys.path), settings],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        start_new_session=True,
    )
    assert child.stdin is not None  # noqa: S101 - for the type checker: PIPE was asked for
    assert child.stdout is not None  # noqa: S101
    try:
        yield _platform_of(child, child.stdout, host, port, region)
    finally:
        _end(child, child.stdin, child.stdout)


def _platform_of(child: subprocess.Popen[bytes], stdout: IO[bytes], host: str, port: int, region: str) -> Platform:
    line = _first_line(stdout)
    if not line:
        silent = child.poll() is None
        raise PlatformDidNotStart(
            f"the local platform gave no sign within {READY_TIMEOUT_SECONDS:.0f} s: is the machine overloaded?"
            if silent
            else f"the local platform ended with status {child.returncode} before it was ready; its words are above"
        )
    answer = json.loads(line)
    match answer.get("error"):
        case None:
            return platform_at(host, int(answer["port"]), region)
        case "PortInUse":
            raise PortInUse(host, port)
        case "DirectoryInUse":
            directory = DataDirectory(Path(answer["path"]))
            raise DirectoryInUse(directory.path, directory.holder())
        case "NotADataDirectory":
            raise NotADataDirectory(Path(answer["path"]), answer["reason"])
        case "UnreadableState":
            raise UnreadableState(Path(answer["path"]), answer["reason"])
        case _:
            raise LocalPlatformError(answer["message"])


def _first_line(stdout: IO[bytes]) -> bytes:
    import threading

    # A pipe can't be waited for with select on every system; a thread can.
    lines: list[bytes] = []
    reader = threading.Thread(target=lambda: lines.append(stdout.readline()), daemon=True)
    reader.start()
    reader.join(READY_TIMEOUT_SECONDS)
    return lines[0] if lines else b""


def _end(child: subprocess.Popen[bytes], stdin: IO[bytes], stdout: IO[bytes]) -> None:
    try:
        stdin.close()
        child.wait(STOP_TIMEOUT_SECONDS)
    except (subprocess.TimeoutExpired, KeyboardInterrupt):
        child.kill()
        child.wait()
    finally:
        stdout.close()
