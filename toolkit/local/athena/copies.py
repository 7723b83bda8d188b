"""
Local copies of S3 objects, as they are or converted: files that never change, and of which the unused ones go.

A copy is named for its object's bucket, key and ETag, and for what was made of it. Small objects share a copy, a bundle,
whose members are listed in a file beside it. All of them can be made again, so beyond a limit the longest unused are
deleted; never one that a running query may read.
"""

from __future__ import annotations

import hashlib
import os
import tempfile
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

# Copies that share the disk space of their object are looked at so often: they cost space once the object is gone.
SWEEP_SECONDS = 30.0

# Copies converted to columns, which alone come in bundles.
COLUMNS = ".parquet"

# Beside a bundle: the digests of its members, in their order, without a mark between them.
_MEMBERS = ".members"
_DIGEST_LENGTH = 64


@dataclass(frozen=True, slots=True)
class Place:
    """Where the copy of an object is: the file, and which of how many members it is there."""

    path: Path
    number: int = 0
    members: int = 1


@dataclass(slots=True)
class _Copy:
    """A copy by its size on disk, 0 while its object is the same file, whether it is, its last use, its members, its uses."""

    size_in_bytes: int
    is_shared: bool
    used: float
    members: tuple[bytes, ...] = ()
    uses: int = 0


class Copies:
    """
    The copies in a directory, of ``limit_in_bytes`` together.

    What queries that run read stays, however much it is; so the limit may be passed until they end.
    """

    def __init__(self, directory: Path, limit_in_bytes: int) -> None:
        self.directory = directory
        self.limit_in_bytes = limit_in_bytes
        # Called with the path of each copy that is about to be deleted.
        self.before_deletion: Callable[[Path], None] = lambda path: None
        self._guard = threading.Lock()
        self._locks: dict[str, threading.Lock] = {}
        # By path, the longest unused first.
        self._copies: dict[Path, _Copy] = {}
        # By the digest of a member: in which bundle, and where there.
        self._bundled: dict[bytes, tuple[Path, int]] = {}
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
        path = self._path(digest, suffix)
        if self._use(path):
            return path
        with self.making(digest):
            if not self._use(path):
                self.make(path, make)
        with self._guard:
            self._locks.pop(digest, None)
        return path

    def new_file(self) -> Path:
        """Give a new empty file beside the copies, for the content of an object; left behind, it goes at the next start."""
        folder = self.directory / "00"
        folder.mkdir(parents=True, exist_ok=True)
        descriptor, name = tempfile.mkstemp(dir=folder)
        os.close(descriptor)
        return Path(name)

    @contextmanager
    def making(self, name: str) -> Iterator[None]:
        """Keep others from making the copies of that name while the block runs."""
        with self._guard:
            lock = self._locks.setdefault(name, threading.Lock())
        with lock:
            yield

    def find(self, digests: Sequence[str]) -> list[Place | None]:
        """Give for each name where its columns are, alone or in a bundle; None where there are none."""
        # Each file is looked at once, for it may hold thousands of members.
        there: dict[Path, _Copy | None] = {}
        places: list[Place | None] = []
        for digest in digests:
            with self._guard:
                path, number = self._bundled.get(bytes.fromhex(digest), (None, 0))
            path = path or self._path(digest, COLUMNS)
            if path not in there:
                there[path] = self._use(path)
            copy = there[path]
            places.append(None if copy is None else Place(path, number, len(copy.members) or 1))
        return places

    def keep(self, paths: Iterable[Path]) -> bool:
        """Tell whether these copies are all there, and count that as a use of each."""
        return all(self._use(path) is not None for path in paths)

    def bundle(self, digests: Sequence[str], make: Callable[[Path], None]) -> None:
        """Keep the columns of several names in one file; *make* gets an empty file to write in its place."""
        whole = hashlib.sha256("".join(digests).encode()).hexdigest()
        path = self._path(whole, COLUMNS)
        path.parent.mkdir(parents=True, exist_ok=True)
        # First the members: a bundle without them means nothing, and is deleted at the next start.
        _beside(path).write_text("".join(digests))
        self.make(path, make, tuple(map(bytes.fromhex, digests)))

    def uses(self, path: Path) -> int:
        """Tell how often a copy was used since the start; 0 if there is none."""
        with self._guard:
            copy = self._copies.get(path)
            return 0 if copy is None else copy.uses

    def make(self, path: Path, make: Callable[[Path], None], members: tuple[bytes, ...] = ()) -> None:
        """Make a copy at a path among the copies by *make*, which gets an empty file to write in its place."""
        path.parent.mkdir(parents=True, exist_ok=True)
        with temporary(path.parent) as made:
            make(made)
            found = made.stat()
            made.replace(path)
        size_in_bytes, is_shared = _space(found)
        self._add(path, _Copy(size_in_bytes, is_shared, time.monotonic(), members))

    def _path(self, digest: str, suffix: str) -> Path:
        return self.directory / digest[:2] / (digest[2:42] + suffix)

    def _take_stock(self) -> None:
        # Oldest first, as they were last used in another run.
        found = []
        for folder in self.directory.glob("??"):
            for path in folder.iterdir():
                status = path.stat()
                if path.name.startswith(tempfile.gettempprefix()) or _is_half(path):
                    path.unlink(missing_ok=True)  # a server was killed while it wrote this one
                elif path.suffix != _MEMBERS:
                    found.append((status.st_mtime, path, status))
        now = time.monotonic()
        for _, path, status in sorted(found, key=lambda each: each[0]):
            size_in_bytes, is_shared = _space(status)
            self._add(path, _Copy(size_in_bytes, is_shared, now, _members_of(path)))

    def _use(self, path: Path) -> _Copy | None:
        with self._guard:
            copy = self._copies.pop(path, None)
            if copy is None:
                return None
            if not path.exists():  # somebody has emptied the directory
                self._forget(copy)
                return None
            copy.used = time.monotonic()
            copy.uses += 1
            self._copies[path] = copy
        # For the order after a restart; a shared one has the time of its object, which is nobody's business to change.
        if not copy.is_shared:
            with suppress(OSError):
                os.utime(path)
        return copy

    def _add(self, path: Path, copy: _Copy) -> None:
        with self._guard:
            if (older := self._copies.pop(path, None)) is not None:
                self._forget(older)
            self._copies[path] = copy
            self._size_in_bytes += copy.size_in_bytes
            self._bundled.update((member, (path, number)) for number, member in enumerate(copy.members))

    def _forget(self, copy: _Copy) -> None:
        self._size_in_bytes -= copy.size_in_bytes
        for member in copy.members:
            self._bundled.pop(member, None)

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
                self._delete(path, copy)

    def delete(self, path: Path) -> None:
        """Delete a copy that is of no use."""
        with self._guard:
            if (copy := self._copies.get(path)) is not None:
                self._delete(path, copy)

    def _delete(self, path: Path, copy: _Copy) -> None:
        self.before_deletion(path)
        path.unlink(missing_ok=True)
        if copy.members:
            _beside(path).unlink(missing_ok=True)
        del self._copies[path]
        self._forget(copy)

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


def _beside(path: Path) -> Path:
    return path.with_suffix(_MEMBERS)


def _is_half(path: Path) -> bool:
    """Tell whether a file lists the members of a bundle that was never finished."""
    return path.suffix == _MEMBERS and not path.with_suffix(COLUMNS).exists()


def _members_of(path: Path) -> tuple[bytes, ...]:
    """Give the digests of a bundle's members, none for another copy."""
    beside = _beside(path)
    if not beside.exists():
        return ()
    text = beside.read_text()
    return tuple(bytes.fromhex(text[start : start + _DIGEST_LENGTH]) for start in range(0, len(text), _DIGEST_LENGTH))


def _space(status: os.stat_result) -> tuple[int, bool]:
    """Give the size that counts, and whether the file is its object's too."""
    is_shared = status.st_nlink > 1
    return 0 if is_shared else status.st_size, is_shared
