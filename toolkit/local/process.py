"""
The platform in a child process, which keeps the interpreter lock of this one free.

The child never outlives its parent. Its standard input is a pipe that only the parent holds: when that end closes,
however the parent came to its end, the child stops. Ctrl-C reaches the parent alone, because the child has a session of
its own.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import sysconfig
import threading
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager, suppress
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

# So many lines of what it said are shown where it did not start.
LAST_LINES = 20

# How long the child may take to end in good order before it is killed.
STOP_TIMEOUT_SECONDS = 5.0

# The child imports what its parent can import, wherever that comes from.
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
        [sys.executable, "-P", "-c", _BOOTSTRAP, json.dumps(_import_path()), settings],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        start_new_session=True,
    )
    assert child.stdin is not None  # noqa: S101 - for the type checker: PIPE was asked for
    assert child.stdout is not None  # noqa: S101
    assert child.stderr is not None  # noqa: S101
    try:
        yield _platform_of(child, child.stdout, _Words(child.stderr), host, port, region)
    finally:
        _end(child, child.stdin, child.stdout)


def _import_path() -> list[str]:
    """Give where the child imports from: the standard library first, which no file beside a notebook may stand in for."""
    standard = tuple({sysconfig.get_path("stdlib"), sysconfig.get_path("platstdlib")})

    def is_other(folder: str) -> bool:
        return not folder.startswith(standard) or "site-packages" in folder or "dist-packages" in folder

    return sorted(sys.path, key=is_other)


class _Words:
    """What the child says on standard error: it goes on to that of this process, and the last of it is kept."""

    def __init__(self, stderr: IO[bytes]) -> None:
        self._last: deque[bytes] = deque(maxlen=LAST_LINES)
        self._thread = threading.Thread(target=self._pass_on, args=(stderr,), daemon=True)
        self._thread.start()

    def _pass_on(self, stderr: IO[bytes]) -> None:
        with stderr:
            for line in stderr:
                self._last.append(line)
                with suppress(OSError):
                    os.write(2, line)

    def last(self) -> str:
        """Give the last lines, once the child has ended or said nothing for a moment."""
        self._thread.join(1)
        return b"".join(self._last).decode(errors="replace").strip()


def _platform_of(
    child: subprocess.Popen[bytes], stdout: IO[bytes], words: _Words, host: str, port: int, region: str
) -> Platform:
    line = _first_line(stdout)
    if not line:
        # Its output may close a moment before it ends.
        with suppress(subprocess.TimeoutExpired):
            child.wait(1)
        reason = (
            f"the local platform gave no sign within {READY_TIMEOUT_SECONDS:.0f} s: is the machine overloaded?"
            if child.poll() is None
            else f"the local platform ended with status {child.returncode} before it was ready"
        )
        said = words.last()
        raise PlatformDidNotStart(f"{reason}; it said:\n{said}" if said else reason)
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
