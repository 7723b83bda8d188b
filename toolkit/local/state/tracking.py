"""
Dictionaries and lists that note which of their entries a request touches.

moto keeps all state in plain objects. To write down what a request changed without walking all of it, the large
containers (the objects of a bucket, the items of a table, ...) are replaced by ones that note every key that is looked
up or assigned while a request that may change something is served: an entry changed in place was looked up before.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import Any, Protocol

MISSING: Any = object()

Keys = tuple[Any, ...]


class Container(Protocol):
    """What holds entities and notes the touched ones."""

    path: str

    def entity(self, keys: Keys) -> Any:
        """Give the content of an entry; MISSING if there is none."""

    def all_keys(self) -> Iterable[Keys]:
        """Give the keys of all entries."""

    def restore(self, keys: Keys, content: Any) -> None:
        """Take an entry back in."""


class Notes:
    """
    What one request touched: entries of containers, by path and text of the keys, and whole services.

    ``afterwards`` is what is to be done once that is written.
    """

    def __init__(self) -> None:
        self.entities: dict[tuple[str, str], tuple[Container, Keys]] = {}
        self.services: set[str] = set()
        self.afterwards: list[Callable[[], None]] = []


class _Recording(threading.local):
    notes: Notes | None = None


_recording = _Recording()


@contextmanager
def recording() -> Iterator[Notes]:
    """Note what this thread touches in the block."""
    before, notes = _recording.notes, Notes()
    _recording.notes = notes
    try:
        yield notes
    finally:
        _recording.notes = before


def touch(container: Container, keys: Keys) -> None:
    """Note an entry, if a request is being recorded and the container is kept."""
    if _recording.notes is not None and container.path:
        _recording.notes.entities.setdefault((container.path, text_of(keys)), (container, keys))


def touch_service(service: str) -> None:
    """Note that something of a service was touched which is in no container."""
    if _recording.notes is not None:
        _recording.notes.services.add(service)


def do_afterwards(act: Callable[[], None]) -> None:
    """Do something once what this thread changes is written; at once where nothing is."""
    if _recording.notes is None:
        act()
    else:
        _recording.notes.afterwards.append(act)


def text_of(keys: Keys) -> str:
    """Give a text that tells keys of one container apart."""
    return "\x1f".join(key if isinstance(key, str) else f"{key!s}" for key in keys)


class TrackedList(list[Any]):
    """A list of entities that only grows, by their numbers."""

    def __init__(self, path: str = "", entries: Iterable[Any] = ()) -> None:
        super().__init__(entries)
        self.path = path

    def append(self, value: Any) -> None:
        """Add an entry."""
        touch(self, (len(self),))
        super().append(value)

    def extend(self, values: Iterable[Any]) -> None:
        """Add many entries."""
        for value in values:
            self.append(value)

    def __iadd__(self, values: Iterable[Any]) -> TrackedList:  # type: ignore[misc]  # it is the list itself
        self.extend(values)
        return self

    def __deepcopy__(self, memo: dict[int, Any]) -> list[Any]:
        """Give a plain list: a copy is not the one that is kept."""
        import copy

        return [copy.deepcopy(value, memo) for value in self]

    # -- as a container

    def entity(self, keys: Keys) -> Any:
        """Give an entry; MISSING if there is none of this number."""
        return self[keys[0]] if keys[0] < len(self) else MISSING

    def all_keys(self) -> Iterator[Keys]:
        """Give the numbers of all entries."""
        return ((number,) for number in range(len(self)))

    def restore(self, keys: Keys, content: Any) -> None:
        """Take an entry back in, the next one of the list."""
        super().append(content)


class TrackedDict(dict[Any, Any]):
    """
    A dictionary of entities, or of plain dictionaries of entities.

    The latter become tracked themselves; their entities have two keys. A missing key makes one, as moto's own
    ``defaultdict`` does, if the dictionary is made with *grows*.
    """

    def __init__(self, path: str, entries: Iterable[tuple[Any, Any]] = (), *, grows: bool = False, prefix: Keys = ()):
        super().__init__()
        self.path = path
        self.grows = grows
        self.prefix = prefix
        for key, value in entries:
            dict.__setitem__(self, key, self._taken(key, value))

    def _taken(self, key: Any, value: Any) -> Any:
        if self.grows and type(value) is dict:
            return TrackedDict(self.path, value.items(), prefix=(*self.prefix, key))
        return value

    def _touch(self, key: Any) -> None:
        touch(self, (*self.prefix, key))

    def __getitem__(self, key: Any) -> Any:
        self._touch(key)
        return super().__getitem__(key)

    def __missing__(self, key: Any) -> Any:
        if not self.grows:
            raise KeyError(key)
        value = self._taken(key, {})
        super().__setitem__(key, value)
        return value

    def __setitem__(self, key: Any, value: Any) -> None:
        self._touch(key)
        super().__setitem__(key, self._taken(key, value))

    def __delitem__(self, key: Any) -> None:
        self._touch_below(key)
        super().__delitem__(key)

    def get(self, key: Any, default: Any = None) -> Any:
        """Give an entry, noting it."""
        self._touch(key)
        return super().get(key, default)

    def setdefault(self, key: Any, default: Any = None) -> Any:
        """Give an entry, made if it is missing."""
        if key not in self:
            self[key] = default
        return self[key]

    def pop(self, key: Any, *default: Any) -> Any:
        """Take an entry out."""
        self._touch_below(key)
        return super().pop(key, *default)

    def update(self, *others: Any, **more: Any) -> None:
        """Take in many entries."""
        for key, value in dict(*others, **more).items():
            self[key] = value

    def clear(self) -> None:
        """Take out all entries."""
        for key in list(self):
            del self[key]

    def _touch_below(self, key: Any) -> None:
        self._touch(key)
        below = super().get(key)
        if isinstance(below, TrackedDict):
            for keys in list(below.all_keys()):
                touch(below, keys)

    def __deepcopy__(self, memo: dict[int, Any]) -> dict[Any, Any]:
        """Give a plain dictionary: a copy is not the one that is kept."""
        import copy

        return {copy.deepcopy(key, memo): copy.deepcopy(value, memo) for key, value in self.items()}

    def __reduce__(self) -> Any:
        return (dict, (), None, None, iter(dict.items(self)))

    # -- as a container

    def entity(self, keys: Keys) -> Any:
        """Give the content of an entry; MISSING if there is none."""
        found: Any = self
        for key in keys[len(self.prefix) :]:
            if not isinstance(found, dict) or key not in found:
                return MISSING
            found = dict.__getitem__(found, key)
        return MISSING if isinstance(found, TrackedDict) else found

    def all_keys(self) -> Iterator[Keys]:
        """Give the keys of all entries."""
        for key, value in dict.items(self):
            if isinstance(value, TrackedDict):
                yield from value.all_keys()
            else:
                yield (*self.prefix, key)

    def restore(self, keys: Keys, content: Any) -> None:
        """Take an entry back in."""
        key, *rest = keys[len(self.prefix) :]
        if not rest:
            dict.__setitem__(self, key, content)
            return
        if key not in self:
            dict.__setitem__(self, key, self._taken(key, {}))
        dict.__getitem__(self, key).restore(keys, content)
