"""Things of Athena's own that are kept under a key: work groups, queries, executions; on disk too, if there is a store."""

from __future__ import annotations

from collections.abc import Iterator, MutableMapping
from typing import Any, Protocol


class Documents(Protocol):
    """Where documents are kept."""

    def put_document(self, kind: str, key: str, document: Any) -> None:
        """Keep a document, in the place of an older one."""

    def delete_document(self, kind: str, key: str) -> None:
        """Forget a document."""

    def documents(self, kind: str) -> list[tuple[str, Any]]:
        """Give the documents of a kind with their keys, in their order."""


class Shelf(MutableMapping[str, dict[str, Any]]):
    """
    A mapping whose assignments and deletions are written at once.

    A value that is changed in place has to be assigned again. Order is that of the first assignment.
    """

    def __init__(self, kind: str, documents: Documents | None = None) -> None:
        self.kind = kind
        self._documents = documents
        self._values: dict[str, dict[str, Any]] = dict(documents.documents(kind)) if documents is not None else {}

    def __getitem__(self, key: str) -> dict[str, Any]:
        return self._values[key]

    def __setitem__(self, key: str, value: dict[str, Any]) -> None:
        if self._documents is not None:
            self._documents.put_document(self.kind, key, value)
        self._values[key] = value

    def __delitem__(self, key: str) -> None:
        if self._documents is not None:
            self._documents.delete_document(self.kind, key)
        del self._values[key]

    def __iter__(self) -> Iterator[str]:
        return iter(list(self._values))

    def __len__(self) -> int:
        return len(self._values)
