"""The data directory of a platform: its places, its lock, and who serves from it."""

from __future__ import annotations

import json
import os
import shutil
import stat
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from toolkit.local.errors import DirectoryInUse, NotADataDirectory

LOCK_NAME = "server.json"
STORE_NAME = "state.sqlite"
OBJECTS_NAME = "objects"
CACHE_NAME = "cache"

# All that a platform ever makes in its directory but its lock; nothing else is ever removed from it. The database comes last:
# it tells the directory from others, so that a reset that was cut off can be done again.
_OWN = (OBJECTS_NAME, CACHE_NAME, f"{STORE_NAME}-wal", f"{STORE_NAME}-shm", STORE_NAME)

# Whoever asks who holds a directory takes the lock for a moment; so it is tried for half a second.
_MOST_ATTEMPTS = 25
_SECONDS_BETWEEN_ATTEMPTS = 0.02


@dataclass(frozen=True, slots=True)
class Holder:
    """The server that holds a directory: its process, and once it listens its endpoint and what its cache may take."""

    process_id: int
    endpoint_url: str
    cache_in_bytes: int


@dataclass(frozen=True, slots=True)
class DataDirectory:
    """A folder that keeps the state of one platform."""

    path: Path

    @property
    def store(self) -> Path:
        """The database."""
        return self.path / STORE_NAME

    @property
    def objects(self) -> Path:
        """The contents of S3 objects."""
        return self.path / OBJECTS_NAME

    @property
    def cache(self) -> Path:
        """What can be made again from the rest: converted tables, local copies."""
        return self.path / CACHE_NAME

    @property
    def is_kept(self) -> bool:
        """Whether a platform has kept anything here: folders called ``objects`` are in many places, such as ``.git``."""
        return self.store.is_file()

    @contextmanager
    def held(self) -> Iterator[IO[str]]:
        """
        Hold the directory, made where it is missing, until the block ends; gives the file that says who holds it.

        The lock is the operating system's: it ends with the process, however that ends.

        Raises:
            DirectoryInUse: another server holds it.
            NotADataDirectory: the path is a file, or can't be written.
        """
        with self._locked_file() as file:
            announce(file)
            yield file

    def _locked_file(self) -> IO[str]:
        for attempt in range(_MOST_ATTEMPTS):
            if attempt:
                time.sleep(_SECONDS_BETWEEN_ATTEMPTS)
            try:
                self.path.mkdir(parents=True, exist_ok=True)
                # Opened for appending, so that whoever holds it keeps its words.
                file = (self.path / LOCK_NAME).open("a+", encoding="utf-8")
            except OSError as error:
                raise NotADataDirectory(self.path, error.strerror or str(error)) from error
            # A reset deletes the file: who has locked a deleted one holds nothing.
            if _lock(file) and _is_at(file, self.path / LOCK_NAME):
                return file
            file.close()
        raise DirectoryInUse(self.path, self.holder())

    def holder(self) -> Holder | None:
        """Give the server that holds the directory now; None if nobody does."""
        try:
            with (self.path / LOCK_NAME).open("r+", encoding="utf-8") as file:
                if _lock(file):
                    return None
                told = json.loads(file.read() or "{}")
        except (OSError, ValueError):
            return None
        return Holder(
            int(told.get("process_id", 0)), str(told.get("endpoint_url", "")), int(told.get("cache_in_bytes", 0))
        )

    def size_in_bytes(self) -> int:
        """Give how much disk the platform takes here; what else lies in the directory does not count."""
        return sum(map(_size_in_bytes, (self.path / name for name in _OWN)))

    def cache_size_in_bytes(self) -> int:
        """Give how much of it the cache takes, without what is an object's own file."""
        return _size_in_bytes(self.cache, most_links=1)

    def reset(self) -> None:
        """
        Remove all state; the folder itself stays, and so does all in it where no platform has kept anything.

        Raises:
            DirectoryInUse: a server holds it.
        """
        if not self.is_kept:
            return
        with self.held():
            for name in _OWN:
                place = self.path / name
                if place.is_dir():
                    shutil.rmtree(place)
                else:
                    place.unlink(missing_ok=True)
            # As long as it is held, so that nobody holds a file that is about to go; Windows deletes no open file.
            with suppress(PermissionError):
                (self.path / LOCK_NAME).unlink(missing_ok=True)


def announce(file: IO[str], endpoint_url: str = "", cache_in_bytes: int = 0) -> None:
    """Write into the lock file who holds it."""
    file.seek(0)
    file.truncate()
    told = {"process_id": os.getpid(), "endpoint_url": endpoint_url, "cache_in_bytes": cache_in_bytes}
    file.write(json.dumps(told))
    file.flush()


def _size_in_bytes(folder: Path, *, most_links: int | None = None) -> int:
    size = 0
    for path in (folder, *folder.rglob("*")):
        try:
            status = path.stat()
        except FileNotFoundError:
            continue  # a server at work has deleted it
        if stat.S_ISREG(status.st_mode) and (most_links is None or status.st_nlink <= most_links):
            size += status.st_size
    return size


def _is_at(file: IO[str], path: Path) -> bool:
    """Tell whether an open file is the one at a path."""
    try:
        return os.path.samestat(os.fstat(file.fileno()), path.stat())
    except FileNotFoundError:
        return False


def _lock(file: IO[str]) -> bool:
    """Take the lock if it is free; it ends when the file is closed."""
    try:
        import fcntl
    except ImportError:
        return _lock_on_windows(file)
    try:
        fcntl.flock(file.fileno(), fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True


def _lock_on_windows(file: IO[str]) -> bool:
    import importlib

    msvcrt = importlib.import_module("msvcrt")
    # Far beyond what is written, because Windows keeps others from reading what is locked.
    file.seek(2**20)
    try:
        msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
    except OSError:
        return False
    finally:
        file.seek(0)
    return True
