"""
moto's state, written down as requests change it.

A backend (one service in one account and region) is written whole, but for its large containers: of those each touched
entity is written by itself. So a message, an item or a partition costs the same however many there are.
"""

from __future__ import annotations

import io
import logging
import pickle
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path
from typing import Any
from urllib.parse import quote

from toolkit.local.errors import UnreadableState
from toolkit.local.sqs import MessageIndex
from toolkit.local.state.objects import TrackedObjects
from toolkit.local.state.requests import Request
from toolkit.local.state.store import Store
from toolkit.local.state.tracking import MISSING, Container, Notes, TrackedDict, TrackedList, recording, text_of

logger = logging.getLogger(__name__)

# Services whose state is kept. What moto holds of others refers to threads or functions, which can't be written down.
KEPT = (
    "s3",
    "sqs",
    "sns",
    "glue",
    "kinesis",
    "firehose",
    "dynamodb",
    "iam",
    "events",
    "logs",
    "cloudwatch",
    "secretsmanager",
    "kms",
)

# Requests to these make resources of other services.
CREATORS = frozenset({"cloudformation", "events", "scheduler", "stepfunctions", "lambda", "pipes", "cloudcontrol"})

# The large containers of each service: attributes and, for ``*``, every entry; behind a point an attribute's own.
CONTAINERS = {
    "s3": ("buckets/*/keys",),
    "sqs": ("queues/*/_index",),
    "glue": ("databases/*/tables", "databases/*/tables/*/partitions"),
    "kinesis": ("streams/*/shards/*/records",),
    "dynamodb": ("tables/*/items", "tables/*/stream_shard.items"),
    "logs": ("groups/*/streams/*/events",),
    "cloudwatch": ("metric_data",),
}

# How often the state of a backend is walked while other requests change it.
_MOST_ATTEMPTS = 20

_TRACKED = (TrackedDict, TrackedList, TrackedObjects, MessageIndex)


class Ledger:
    """Writes the state of moto's backends to a store, and reads it back."""

    def __init__(self, store: Store, path: Path) -> None:
        self.store = store
        self._path = path
        self._lock = threading.RLock()
        self._written: dict[tuple[str, str, str], bytes] = {}
        self._live: dict[str, dict[str, Container]] = {}
        self._refused: set[str] = set()
        # Services whose last changes could not be written.
        self._owed: set[str] = set()
        # What is to be done once they are.
        self._afterwards: list[Callable[[], None]] = []

    @contextmanager
    def writing(self, request: Request) -> Iterator[None]:
        """
        Note what the block changes, and write it down at its end, whether the request went well or not.

        Raises:
            OSError: it can't be written, as where the disk is full; the next that can be is written with it.
        """
        with recording() as notes:
            try:
                yield
            finally:
                self._write(request, notes)

    def restore(self) -> None:
        """
        Fill moto's backends with what was written.

        Raises:
            UnreadableState: it was written by a moto that kept something else.
        """
        with self._lock:
            older: set[str] = set()
            for service, account, region, content in self.store.backends():
                try:
                    backend = _backends(service)[account][region]
                    backend.__dict__.update(pickle.loads(content))  # noqa: S301 - written by ourselves, in a folder of the user
                    self._written[service, account, region] = content
                    if service == "s3":
                        _claim_buckets(backend)
                    if self._restore_containers(service, account, region, backend):
                        older.add(service)
                except UnreadableState:
                    raise
                except Exception as error:
                    raise UnreadableState(self._path, f"{service}: {type(error).__name__}: {error}") from error
            self._owe(older)

    def _restore_containers(self, service: str, account: str, region: str, backend: Any) -> bool:
        """Fill the containers of a backend; tells whether one was written with the backend, as an older version did."""
        is_older = False
        for pattern in CONTAINERS.get(service, ()):
            # One pattern after the other: the entries of one hold the containers of the next.
            for path, container in self._containers(service, account, region, backend, pattern):
                is_older |= any(True for _ in container.all_keys())
                for content in self.store.entities(path):
                    keys, value = pickle.loads(content)  # noqa: S301 - as above
                    container.restore(keys, value)
        return is_older

    def _write(self, request: Request, notes: Notes) -> None:
        services = set(notes.services)
        if not request.touches_entities_only:
            services |= set(KEPT) if request.service in CREATORS else {request.service}
        # Pickled and written under one lock, so that an older state never follows a newer one.
        with self._lock:
            services |= self._owed
            self._afterwards += notes.afterwards
            notes.afterwards.clear()
            try:
                with self.store.transaction():
                    for service in KEPT:
                        if service in services:
                            self._write_service(service)
                    for container, keys in notes.entities.values():
                        if self._is_kept(container):
                            self._write_entity(container, keys)
            except BaseException:
                self._owe(services | {container.path.partition("/")[0] for container, _ in notes.entities.values()})
                raise
            self._owed.clear()
            for act in self._afterwards:
                act()
            self._afterwards.clear()

    def _owe(self, services: set[str]) -> None:
        """Note that nothing is known to be written of some services, so that they are written whole the next time."""
        self._owed = services
        for service in services:
            self._live.pop(service, None)
        self._written = {place: content for place, content in self._written.items() if place[0] not in services}

    def _is_kept(self, container: Container) -> bool:
        """Tell whether a container, or the one that it is a part of, still belongs to a backend."""
        whole: Any = self._live.get(container.path.partition("/")[0], {}).get(container.path)
        for key in getattr(container, "prefix", ()):
            if whole is None or key not in whole:
                # All below the key is gone with it; what is written then is that.
                return whole is not None
            whole = dict.get(whole, key)
        return whole is container

    def _write_service(self, service: str) -> None:
        if service in self._refused:
            return
        before = self._live.get(service, {})
        self._live[service] = now = {}
        for account, region, backend in _backends(service).iter_backends():
            for pattern in CONTAINERS.get(service, ()):
                for path, container in self._containers(service, account, region, backend, pattern):
                    now[path] = container
                    if before.get(path) is not container:
                        self.store.delete_entities(path)
                        for keys in list(container.all_keys()):
                            self._write_entity(container, keys)
            try:
                content = _pickled(backend.__dict__)
            except Exception:
                logger.exception("the state of %s can't be kept", service)
                self._refused.add(service)
                return
            if self._written.get((service, account, region)) != content:
                self.store.put_backend(service, account, region, content)
                self._written[service, account, region] = content
        for path in before.keys() - now.keys():
            self.store.delete_entities(path)

    def _write_entity(self, container: Container, keys: Any) -> None:
        content = container.entity(keys)
        if content is MISSING:
            self.store.delete_entity(container.path, text_of(keys))
        else:
            self.store.put_entity(container.path, text_of(keys), _pickled((keys, content)))

    def _containers(
        self, service: str, account: str, region: str, backend: Any, pattern: str
    ) -> Iterator[tuple[str, Container]]:
        """Give the containers that a pattern names, each made to note what is touched."""
        live = self._live.setdefault(service, {})
        for path, owner, attribute in _places(backend, pattern.split("/"), f"{service}/{account}/{region}"):
            current = getattr(owner, attribute, None)
            if current is None:
                continue
            if not isinstance(current, _TRACKED) or (current.path not in ("", path)):
                current = _tracked(current, path)
                setattr(owner, attribute, current)
            current.path = path
            live[path] = current
            yield path, current


def _places(value: Any, pattern: list[str], path: str) -> Iterator[tuple[str, Any, str]]:
    attribute, *rest = pattern
    path = f"{path}/{attribute}"
    if not rest:
        *parts, attribute = attribute.split(".")
        for part in parts:
            value = getattr(value, part)
        yield path, value, attribute
        return
    for key, each in list(dict.items(getattr(value, attribute))):
        yield from _places(each, rest[1:], f"{path}/{quote(str(key), safe='')}")


def _tracked(current: Any, path: str) -> Container:
    from moto.s3.utils import _VersionedKeyStore

    if isinstance(current, _VersionedKeyStore):
        return TrackedObjects(path, current)
    if isinstance(current, list):
        return TrackedList(path, current)
    return TrackedDict(path, dict.items(current), grows=path.endswith("/items"))


def _backends(service: str) -> Any:
    get_backend: Callable[[str], Any] = import_module("moto.backends").get_backend
    return get_backend(service)


def _claim_buckets(backend: Any) -> None:
    owners = import_module("moto.s3.models").s3_backends.bucket_accounts
    for name, bucket in backend.buckets.items():
        owners[name] = (bucket.partition, bucket.account_id)


_LOCKS = (type(threading.Lock()), type(threading.RLock()))


class _Pickler(pickle.Pickler):
    """Writes locks as new locks, and containers empty, because their entities are written one by one."""

    def reducer_override(self, value: Any) -> Any:
        if type(value).__module__.startswith("cryptography."):
            return _key_reduced(value)
        if isinstance(value, _LOCKS):
            return (threading.Lock, ())
        if isinstance(value, threading.Condition):
            return (threading.Condition, ())
        if isinstance(value, _TRACKED) and value.path:
            return (_empty, (type(value), getattr(value, "grows", False)))
        return NotImplemented


def _key_reduced(value: Any) -> Any:
    """Write a private key of KMS as PKCS #8; whatever else the library has can't be written."""
    from cryptography.hazmat.primitives import serialization

    if not hasattr(value, "private_bytes"):
        return NotImplemented
    content = value.private_bytes(
        serialization.Encoding.DER, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    return (_key, (content,))


def _key(content: bytes) -> Any:
    from cryptography.hazmat.primitives import serialization

    return serialization.load_der_private_key(content, None)


def _empty(kind: type, grows: bool) -> Any:
    return TrackedDict("", grows=grows) if kind is TrackedDict else kind()


def _pickled(value: Any) -> bytes:
    for attempt in range(_MOST_ATTEMPTS):
        buffer = io.BytesIO()
        try:
            _Pickler(buffer, pickle.HIGHEST_PROTOCOL).dump(value)
            break
        except RuntimeError as error:
            # "Dictionary changed size during iteration": another request has added to one.
            if isinstance(error, RecursionError) or attempt == _MOST_ATTEMPTS - 1:
                raise
    return buffer.getvalue()
