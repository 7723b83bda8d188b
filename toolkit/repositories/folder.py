"""Schemas in a folder, or one schema for whatever name is asked."""

from __future__ import annotations

import re
import uuid
from pathlib import Path

from toolkit.errors import SchemaError, VersionExists
from toolkit.repositories.repository import PLAIN_NAME, chosen_version, plain_name, sorted_versions
from toolkit.schema import Schema, SchemaRegistry, load_schema


def bundled_schemas() -> Path:
    """Return the folder of the schemas that come with the toolkit: the checkout's, or the installed copy."""
    package = Path(__file__).parent.parent
    installed = package / "bundled" / "schemas"
    return installed if installed.is_dir() else package.parent / "schemas"


class FolderRepository:
    """
    Schemas in a folder as ``<event>/<version>.json``; other files, such as shared definitions, may lie beside them.

    References by URI are looked up in *registry*.
    """

    def __init__(self, folder: str | Path, *, registry: SchemaRegistry | None = None) -> None:
        self.folder = Path(folder)
        self.registry = registry

    def __repr__(self) -> str:
        return f"FolderRepository({str(self.folder)!r})"

    def __str__(self) -> str:
        return str(self.folder)

    def names(self) -> tuple[str, ...]:
        """Return the event names, sorted."""
        # Other folders may lie there too, such as .git.
        if not self.folder.is_dir():
            return ()
        folders = (path.name for path in self.folder.iterdir() if PLAIN_NAME.fullmatch(path.name) and path.is_dir())
        return tuple(sorted(name for name in folders if self.versions(name)))

    def versions(self, name: str) -> tuple[str, ...]:
        """Return the versions of *name*, oldest first."""
        return sorted_versions(
            path.stem for path in (self.folder / plain_name(name)).glob("*.json") if path.stem.isdecimal()
        )

    def load(self, name: str, version: str = "") -> Schema:
        """Return one schema, by default its latest version."""
        chosen = chosen_version(self, name, version)
        return load_schema(self.folder / name / f"{chosen}.json", root=self.folder, registry=self.registry)

    def add(self, name: str, version: str, text: str) -> None:
        """Write one version; see `SchemaRepository.add`."""
        path = self.folder / plain_name(name) / f"{version}.json"
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            # Whole or not at all: whoever dies while he writes leaves no broken version, and nobody reads half of one.
            draft = path.with_name(f".{uuid.uuid4().hex}")
            try:
                draft.write_text(text, encoding="utf-8")
                path.hardlink_to(draft)
            finally:
                draft.unlink(missing_ok=True)
        except FileExistsError as error:
            raise VersionExists(f"{name} has a version {version} already", source=str(path)) from error
        except OSError as error:
            raise SchemaError(f"can't be written: {error.strerror}", source=str(path)) from error


class OneSchemaRepository:
    """
    One schema under whatever name and version is asked for: for a queue that holds one kind of event.

    References by URI are looked up in *registry*.
    """

    def __init__(self, source: str, *, registry: SchemaRegistry | None = None) -> None:
        self.source = source
        self.registry = registry

    def __repr__(self) -> str:
        return f"OneSchemaRepository({self.source!r})"

    def __str__(self) -> str:
        return str(self.source)

    def names(self) -> tuple[str, ...]:
        """Return the name that the source suggests."""
        return (event_name(self.source),)

    def versions(self, name: str) -> tuple[str, ...]:
        """Return one version for any name."""
        return ("1",)

    def load(self, name: str, version: str = "") -> Schema:
        """Return the schema."""
        return load_schema(self.source, registry=self.registry)

    def add(self, name: str, version: str, text: str) -> None:
        """Refuse: a single document has no versions."""
        raise SchemaError("one document is no repository to publish in; name a folder", source=self.source)


def event_name(source: str) -> str:
    """
    Return the event name that a schema's source suggests, in ``[a-z0-9_]``.

    ``schemas/order_placed/2.json`` and ``order_placed/2`` give order_placed, ``webhooks.json#/definitions/push_event``
    gives push_event, ``invoice.json`` gives invoice.
    """
    path, _, fragment = source.partition("#")
    stem = fragment.rstrip("/").rsplit("/", 1)[-1]
    if not stem:
        parts = path.removesuffix(".json").rstrip("/").split("/")
        stem = parts[-2] if len(parts) > 1 and parts[-1].isdecimal() else parts[-1]
    return re.sub(r"[^a-z0-9_]", "_", stem.lower()).strip("_") or "events"
