"""
Local copies of S3 objects, as they are or converted: files that never change, and of which the unused ones go.

A copy is named for its object's bucket, key and ETag, and for what was made of it. All of them can be made again, so
beyond a limit the longest unused are deleted; never one that a running query may read.
"""

from __future__ import annotations

import os
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

# Copies that share the disk space of their object are looked at so often: they cost space once the object is gone.
SWEEP_SECONDS = 30.0


@dataclass(slots=True)
class _Copy:
    """A copy by its size on disk, 0 while its object is the same file, whether it is, and its last use."""

    size_in_bytes: int
    is_shared: bool
    used: float


class Copies:
    """
    The copies in a directory, of ``limit_in_bytes`` together.

    What queries that run read stays, however much it is; so the limit may be passed until they end.
    """

    def __init__(self, directory: Path, limit_in_bytes: int) -> None:
        self.directory = directory
        self.limit_in_bytes = limit_in_bytes
        self._guard = threading.Lock()
        self._locks: dict[str, threading.Lock] = {}
        # By path, the longest unused first.
        self._copies: dict[Path, _Copy] = {}
        self._size_in_bytes = 0
        self._reading: dict[object, float] = {}
        self._swept = 0.0
        self._take_stock()

    @property
    def size_in_bytes(self) -> int:
        """The disk space of all copies."""
        return self._size_in_bytes

    @contextmanager
    def reading(self) -> Iterator[None]:
        """Keep the copies that are asked for in this block until it ends."""
        reader = object()
        with self._guard:
            self._reading[reader] = time.monotonic()
        try:
            yield
        finally:
            with self._guard:
                del self._reading[reader]
                self._drop_unused()

    def get(self, digest: str, suffix: str, make: Callable[[Path], None]) -> Path:
        """Give the copy of that name, by *make* if there is none; *make* gets an empty file to write in its place."""
        path = self.directory / digest[:2] / (digest[2:42] + suffix)
        if self._use(path):
            return path
        with self._guard:
            lock = self._locks.setdefault(digest, threading.Lock())
        with lock:
            if not self._use(path):
                path.parent.mkdir(parents=True, exist_ok=True)
                with temporary(path.parent) as made:
                    make(made)
                    found = made.stat()
                    made.replace(path)
                self._add(path, _Copy(*_space(found), time.monotonic()))
        with self._guard:
            self._locks.pop(digest, None)
        return path

    def _take_stock(self) -> None:
        # Oldest first, as they were last used in another run.
        found = []
        for folder in self.directory.glob("??"):
            for path in folder.iterdir():
                status = path.stat()
                if path.name.startswith(tempfile.gettempprefix()):
                    path.unlink(missing_ok=True)  # a server was killed while it wrote this one
                else:
                    found.append((status.st_mtime, path, status))
        now = time.monotonic()
        for _, path, status in sorted(found, key=lambda each: each[0]):
            self._copies[path] = _Copy(*_space(status), now)
            self._size_in_bytes += self._copies[path].size_in_bytes

    def _use(self, path: Path) -> bool:
        with self._guard:
            copy = self._copies.pop(path, None)
            if copy is None:
                return False
            if not path.exists():  # somebody has emptied the directory
                self._size_in_bytes -= copy.size_in_bytes
                return False
            copy.used = time.monotonic()
            self._copies[path] = copy
        # For the order after a restart; a shared one has the time of its object, which is nobody's business to change.
        if not copy.is_shared:
            with suppress(OSError):
                os.utime(path)
        return True

    def _add(self, path: Path, copy: _Copy) -> None:
        with self._guard:
            self._copies[path] = copy
            self._size_in_bytes += copy.size_in_bytes

    def _drop_unused(self) -> None:
        now = time.monotonic()
        if now - self._swept > SWEEP_SECONDS:
            self._swept = now
            self._sweep()
        oldest_reader = min(self._reading.values(), default=now)
        for path, copy in list(self._copies.items()):
            if self._size_in_bytes <= self.limit_in_bytes or copy.used >= oldest_reader:
                break
            if not copy.is_shared:
                path.unlink(missing_ok=True)
                del self._copies[path]
                self._size_in_bytes -= copy.size_in_bytes

    def _sweep(self) -> None:
        for path, copy in self._copies.items():
            if copy.is_shared:
                with suppress(FileNotFoundError):
                    copy.size_in_bytes, copy.is_shared = _space(path.stat())
                    self._size_in_bytes += copy.size_in_bytes


@contextmanager
def temporary(directory: Path) -> Iterator[Path]:
    """Give a new empty file, which is deleted at the end if it is still there."""
    descriptor, name = tempfile.mkstemp(dir=directory)
    os.close(descriptor)
    try:
        yield Path(name)
    finally:
        Path(name).unlink(missing_ok=True)


def _space(status: os.stat_result) -> tuple[int, bool]:
    """Give the size that counts, and whether the file is its object's too."""
    is_shared = status.st_nlink > 1
    return 0 if is_shared else status.st_size, is_shared
