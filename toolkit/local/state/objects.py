"""
The contents of S3 objects in files, and the keys of a bucket as entities.

moto holds every object in memory, and reads it whole for each range that is asked of it. Here a large object is a file
that never changes; what is small stays in memory and in the store.
"""

from __future__ import annotations

import hashlib
import mmap
import tempfile
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager
from datetime import UTC, datetime
from importlib import import_module
from pathlib import Path
from typing import Any

from moto.s3.utils import _VersionedKeyStore

from toolkit.local.state.tracking import MISSING, Keys, do_afterwards, touch

models: Any = import_module("moto.s3.models")
responses: Any = import_module("moto.s3.responses")

# Smaller objects are kept in the store itself, which spares a file each.
SMALLEST_FILE_IN_BYTES = 32_768

CHUNK_IN_BYTES = 2**20

# Where a request's WSGI environment holds the open file that is its whole answer.
SENT_FILE = "toolkit.local.sent_file"

# What S3 encrypts every object with: https://docs.aws.amazon.com/AmazonS3/latest/userguide/default-encryption-faq.html
DEFAULT_ENCRYPTION = "AES256"


class ContentFiles:
    """A folder of files that never change, one for each large object."""

    def __init__(self, directory: Path) -> None:
        self.directory = directory
        # Once closed, objects that Python lets go of leave their files behind, for the next start.
        self.is_open = True

    def write(self, content: bytes) -> str:
        """Keep a content; gives its name."""
        self.directory.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile(dir=self.directory, prefix="", suffix="", delete=False) as file:
            try:
                file.write(content)
                file.flush()
            except OSError:
                # The disk is full, and half a content would fill it for nothing.
                Path(file.name).unlink()
                raise
        return Path(file.name).name

    def adopt(self, path: Path) -> str:
        """Take over a file that lies on the same disk; gives its name."""
        self.directory.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile(dir=self.directory, prefix="", suffix="", delete=False) as file:
            pass
        path.replace(file.name)
        return Path(file.name).name

    def path(self, name: str) -> Path:
        """Give the file of a name."""
        return self.directory / name

    def remove(self, name: str) -> None:
        """Delete a content that no object has any longer."""
        if self.is_open:
            self.path(name).unlink(missing_ok=True)

    def sweep(self, used: Iterable[str]) -> None:
        """Delete the files that no object uses, as a crash leaves them."""
        known = set(used)
        if self.directory.is_dir():
            for file in self.directory.iterdir():
                if file.name not in known:
                    file.unlink()


# One platform a process: its folder.
_files: ContentFiles | None = None


class _Kept:
    """The file of a content, which goes once its object has let go of it and nobody reads the object any longer."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.is_let_go = False

    def let_go(self) -> None:
        """Say that no object has the content any longer."""
        self.is_let_go = True

    def __del__(self) -> None:
        if self.is_let_go and _files is not None:
            _files.remove(self.name)


class _Given:
    """A file that is to become the content of an object."""

    def __init__(self, path: Path) -> None:
        self.path = path


class StoredKey(models.FakeKey):  # type: ignore[misc]  # moto is untyped here
    """An object whose content is a file, or a few bytes; who holds it can read it, also when it is replaced or deleted."""

    file_name: str = ""
    _kept: _Kept | None = None
    encryption: str | None
    _small: bytes = b""
    _etag: str | None
    disposed: bool

    def __init__(self, *arguments: Any, **options: Any) -> None:
        try:
            super().__init__(*arguments, **options)
        finally:
            self._value_buffer.close()
        self.encryption = self.encryption or DEFAULT_ENCRYPTION

    @property
    def value(self) -> bytes:
        """The whole content."""
        return self.path.read_bytes() if self.file_name else self._small

    @value.setter
    def value(self, content: bytes | str | _Given) -> None:
        assert _files is not None  # noqa: S101 - installed before moto serves
        # Where there is no room for the new content, the old one stays.
        if isinstance(content, _Given):
            size = content.path.stat().st_size
            self._take(b"", _files.adopt(content.path))
        else:
            content = content.encode() if isinstance(content, str) else bytes(content)
            size = len(content)
            is_small = size < SMALLEST_FILE_IN_BYTES
            self._take(content if is_small else b"", "" if is_small else _files.write(content))
            if self._etag is None:
                self._etag = hashlib.md5(content, usedforsecurity=False).hexdigest()
        self.contentsize = size

    def _take(self, small: bytes, file_name: str) -> None:
        self._let_go()
        self._small, self.file_name = small, file_name
        self._kept = _Kept(file_name) if file_name else None

    @property
    def path(self) -> Path:
        """The file of the content, if it is one."""
        assert _files is not None  # noqa: S101 - a name was given by it
        return _files.path(self.file_name)

    @property
    def etag(self) -> str:
        """The MD5 of the content, in quotes."""
        return f'"{self._etag}"'

    def _let_go(self) -> None:
        if self._kept is not None:
            # As long as the change is not written, the next start finds the object as it was.
            do_afterwards(self._kept.let_go)

    def dispose(self, garbage: bool = False) -> None:
        """Let go of the content; called when the object is deleted or replaced."""
        if not self.disposed:
            self._let_go()
            if self.multipart:
                self.multipart.dispose()
        self.disposed = True

    def __del__(self) -> None:
        # A key that was neither deleted nor replaced stays on disk.
        pass

    def __reduce__(self) -> Any:
        state = {name: value for name, value in self.__dict__.items() if name not in ("lock", "_value_buffer", "_kept")}
        return (_revived, (state,))

    def __deepcopy__(self, memo: dict[int, Any]) -> StoredKey:
        """Give a view of the same content, for listings; it never owns the file."""
        copied: StoredKey = object.__new__(StoredKey)
        copied.__dict__.update(self.__dict__)
        return copied


def _revived(state: dict[str, Any]) -> StoredKey:
    key: StoredKey = object.__new__(StoredKey)
    key.__dict__.update(state)
    key.lock = threading.Lock()
    key._kept = _Kept(key.file_name) if key.file_name else None
    return key


class TrackedObjects(_VersionedKeyStore):
    """The objects of a bucket, each with its versions; notes which are touched."""

    def __init__(self, path: str = "", objects: _VersionedKeyStore | None = None) -> None:
        super().__init__()
        self.path = path
        if objects is not None:
            for key in objects:
                dict.__setitem__(self, key, objects.getlist(key))

    def __sgetitem__(self, key: str) -> list[Any]:
        touch(self, (key,))
        found: list[Any] = dict.__getitem__(self, key)
        return found

    def __setitem__(self, key: str, value: Any) -> None:
        touch(self, (key,))
        super().__setitem__(key, value)

    def setlist(self, key: Any, versions: Any) -> None:
        """Replace the versions of an object."""
        touch(self, (key,))
        super().setlist(key, versions)

    def pop(self, key: str) -> None:  # type: ignore[override]  # moto's own signature
        """Delete an object with all its versions."""
        touch(self, (key,))
        super().pop(key)

    def __delitem__(self, key: str) -> None:
        touch(self, (key,))
        super().__delitem__(key)

    def entity(self, keys: Keys) -> Any:
        """Give the versions of an object; MISSING if there is none."""
        return dict.get(self, keys[0], MISSING)

    def all_keys(self) -> Iterator[Keys]:
        """Give the keys of all objects."""
        return ((key,) for key in dict(self))

    def restore(self, keys: Keys, content: Any) -> None:
        """Take an object back in."""
        dict.__setitem__(self, keys[0], content)


class _Content:
    """A file as the body of an answer: a length and slices for ranges, else chunk by chunk."""

    def __init__(self, path: Path, size: int) -> None:
        self.size = size
        # Opened at once: the object may be replaced while it is being sent.
        self.file = path.open("rb")

    def __len__(self) -> int:
        return self.size

    def __getitem__(self, part: slice) -> bytes:
        with self.file as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as mapped:
            return mapped[part]

    def __iter__(self) -> Iterator[bytes]:
        with self.file as file:
            while chunk := file.read(CHUNK_IN_BYTES):
                yield chunk


class _SentKey(StoredKey):
    """A view of an object whose content is sent from its file."""

    @property  # type: ignore[misc]  # it is for sending alone
    def value(self) -> Any:
        return _Content(self.path, self.contentsize)


def _sent(key: StoredKey) -> StoredKey:
    if not isinstance(key, StoredKey) or not key.file_name:
        return key
    view: StoredKey = object.__new__(_SentKey)
    view.__dict__.update(key.__dict__)
    return view


def _sending(get_object: Callable[[Any], Any]) -> Callable[[Any], Any]:
    """Make moto's GetObject send a large object from its file instead of reading it whole."""

    def get(self: Any) -> Any:
        find = self._get_key

        def found(*arguments: Any, **options: Any) -> Any:
            key, not_modified = find(*arguments, **options)
            return _sent(key), not_modified

        self._get_key = found
        try:
            answer = get_object(self)
        finally:
            del self._get_key
        if isinstance(answer[-1], _Content):
            import_module("flask").request.environ[SENT_FILE] = answer[-1].file
        return answer

    get.is_sending = True  # type: ignore[attr-defined]
    return get


def install(files: ContentFiles) -> None:
    """Make moto keep its objects in *files*; to be called before its first S3 request."""
    global _files
    _files = files
    models.FakeKey = StoredKey
    responses.FakeKey = StoredKey
    if not hasattr(responses.S3Response.get_object, "is_sending"):
        responses.S3Response.get_object = _sending(responses.S3Response.get_object)


def file_names(backend: Any) -> Iterator[str]:
    """Give the files that the objects and unfinished uploads of an S3 backend use."""
    for bucket in backend.buckets.values():
        for versions in dict.values(bucket.keys):
            for version in versions:
                yield from _names_of(version)
        for upload in bucket.multiparts.values():
            for part in upload.parts.values():
                yield from _names_of(part)


def _names_of(version: Any) -> Iterator[str]:
    version = getattr(version, "key", version)  # a delete marker holds the object that it hides
    if getattr(version, "file_name", ""):
        yield version.file_name
    for part in getattr(getattr(version, "multipart", None), "parts", {}).values():
        yield from _names_of(part)


def _backend_of(bucket: str) -> Any:
    """Give moto's backend that has a bucket; None if none has."""
    owner = models.s3_backends.bucket_accounts.get(bucket)
    if owner is None:
        return None
    partition, account = owner
    return models.s3_backends[account][partition]


def object_at(bucket: str, key: str) -> StoredKey | None:
    """Find the newest version of an object, if it has content."""
    backend = _backend_of(bucket)
    found = None if backend is None else backend.buckets[bucket].keys.get(key)
    return found if isinstance(found, StoredKey) else None


class DirectObjects:
    """The objects of moto's S3 as files, for an engine in the same process; *recorded* surrounds each change."""

    def __init__(self, recorded: Callable[[], AbstractContextManager[Any]]) -> None:
        self._recorded = recorded

    def path(self, bucket: str, key: str, etag: str) -> Path | None:
        """Give the file of an object if that version of it is a file."""
        found = object_at(bucket, key)
        if found is None or not found.file_name or found.etag.strip('"') != etag:
            return None
        return found.path

    def read(self, bucket: str, key: str, etag: str) -> bytes | None:
        """Give the bytes of an object if there is that version of it."""
        found = object_at(bucket, key)
        if found is None or found.etag.strip('"') != etag:
            return None
        return found.value

    def slice(self, bucket: str, key: str, start: int, length: int) -> bytes | None:
        """Give a part of an object, less than *length* where it ends; None if there is no such object."""
        found = object_at(bucket, key)
        if found is None:
            return None
        if not found.file_name:
            return found.value[start : start + length]
        with found.path.open("rb") as file:
            file.seek(start)
            return file.read(length)

    def list(self, bucket: str, prefix: str) -> list[tuple[str, str, int, datetime]] | None:
        """Give key, ETag, size and time of the objects below a prefix, by key; None if there is no such bucket."""
        backend = _backend_of(bucket)
        if backend is None:
            return None
        keys = backend.buckets[bucket].keys
        # Copied at once, for other requests may put objects meanwhile.
        names = sorted(name for name in list(keys.keys()) if name.startswith(prefix))
        found = ((name, keys.get(name)) for name in names)
        return [
            (name, each.etag.strip('"'), each.size, each.last_modified.replace(tzinfo=UTC))
            for name, each in found
            if isinstance(each, models.FakeKey)
        ]

    def write(self, bucket: str, key: str, content: bytes) -> bool:
        """Make an object of bytes; False if there is no such bucket."""
        backend = _backend_of(bucket)
        if backend is None:
            return False
        with self._recorded():
            backend.put_object(bucket, key, content)
        return True

    def put(self, bucket: str, key: str, path: Path) -> bool:
        """Make a file an object, taking the file over; False if there is no such bucket."""
        backend = _backend_of(bucket)
        if backend is None:
            return False
        with path.open("rb") as file:
            etag = hashlib.file_digest(file, _md5).hexdigest()
        with self._recorded():
            backend.put_object(bucket, key, _Given(path), etag=etag)
        return True


def _md5() -> Any:
    return hashlib.md5(usedforsecurity=False)
