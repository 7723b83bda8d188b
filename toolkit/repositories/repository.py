"""Schema repositories behind one small interface: names, versions, load."""

from __future__ import annotations

import re
import shutil
import tempfile
import weakref
from collections.abc import Iterable
from pathlib import Path
from typing import Protocol

from toolkit import aws
from toolkit.errors import SchemaNotFound
from toolkit.schema import Schema, load_schema

_PLAIN_NAME = re.compile(r"[A-Za-z0-9_-][A-Za-z0-9._-]*")


class SchemaRepository(Protocol):
    """Schemas by event name and version; versions are whole numbers, given as text."""

    def names(self) -> tuple[str, ...]:
        """Return the event names, sorted."""

    def versions(self, name: str) -> tuple[str, ...]:
        """Return the versions of *name*, oldest first; empty where the name is unknown."""

    def load(self, name: str, version: str = "") -> Schema:
        """
        Return one schema, by default its latest version.

        Raises:
            SchemaNotFound: no such name or version.
            SchemaError: the document is no JSON Schema.
        """


def open_repository(location: str | Path = "") -> SchemaRepository:
    """
    Return the repository at *location*.

    That is a folder, an ``s3://bucket/prefix/``, one schema document or a place in one (``schema.json#/definitions/x``), or ""
    for the schemas that come with the toolkit.

    Raises:
        SchemaNotFound: the folder does not exist.
    """
    text = str(location)
    if text.startswith("s3://"):
        return S3Repository(text)
    folder = Path(text) if text else bundled_schemas()
    if not folder.is_dir():
        if "#" in text or folder.is_file():
            return OneSchemaRepository(text)
        raise SchemaNotFound(
            "expected a folder laid out as <event>/<version>.json, a schema document, or s3://bucket/prefix/",
            source=str(folder),
        )
    return FolderRepository(folder)


def bundled_schemas() -> Path:
    """Return the folder of the schemas that come with the toolkit: the checkout's, or the installed copy."""
    package = Path(__file__).parent.parent
    installed = package / "bundled" / "schemas"
    return installed if installed.is_dir() else package.parent / "schemas"


class FolderRepository:
    """Schemas in a folder as ``<event>/<version>.json``; other files, such as shared definitions, may lie beside them."""

    def __init__(self, folder: str | Path) -> None:
        self.folder = Path(folder)

    def __repr__(self) -> str:
        return f"FolderRepository({str(self.folder)!r})"

    def names(self) -> tuple[str, ...]:
        """Return the event names, sorted."""
        return tuple(sorted(path.name for path in self.folder.iterdir() if path.is_dir() and self.versions(path.name)))

    def versions(self, name: str) -> tuple[str, ...]:
        """Return the versions of *name*, oldest first."""
        return _sorted(path.stem for path in (self.folder / _plain(name)).glob("*.json") if path.stem.isdigit())

    def load(self, name: str, version: str = "") -> Schema:
        """Return one schema, by default its latest version."""
        chosen = _choose(self, name, version)
        return load_schema(self.folder / name / f"{chosen}.json", root=self.folder)


class OneSchemaRepository:
    """One schema under whatever name and version is asked for: for a queue that holds one kind of event."""

    def __init__(self, source: str) -> None:
        self.source = source

    def __repr__(self) -> str:
        return f"OneSchemaRepository({self.source!r})"

    def names(self) -> tuple[str, ...]:
        """Return the name that the source suggests."""
        return (event_name(self.source),)

    def versions(self, name: str) -> tuple[str, ...]:
        """Return one version for any name."""
        return ("1",)

    def load(self, name: str, version: str = "") -> Schema:
        """Return the schema."""
        return load_schema(self.source)


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
        stem = parts[-2] if len(parts) > 1 and parts[-1].isdigit() else parts[-1]
    return re.sub(r"[^a-z0-9_]", "_", stem.lower()).strip("_") or "events"


class S3Repository:
    """
    Schemas under an S3 prefix as ``<event>/<version>.json``.

    The documents are copied once, when first needed, so that references between them resolve as in a folder and a
    queue of events does not ask S3 for each; make a new object to see what was published since.
    """

    def __init__(self, uri: str) -> None:
        self.bucket, prefix = aws.split_s3_uri(uri)
        self.prefix = prefix if not prefix or prefix.endswith("/") else prefix + "/"
        self._copy: Path | None = None

    def __repr__(self) -> str:
        return f"S3Repository('s3://{self.bucket}/{self.prefix}')"

    def names(self) -> tuple[str, ...]:
        """Return the event names, sorted."""
        return self._folder().names()

    def versions(self, name: str) -> tuple[str, ...]:
        """Return the versions of *name*, oldest first."""
        return self._folder().versions(name)

    def load(self, name: str, version: str = "") -> Schema:
        """Return one schema, by default its latest version."""
        return self._folder().load(name, version)

    def _folder(self) -> FolderRepository:
        if self._copy is None:
            copy = Path(tempfile.mkdtemp(prefix="toolkit-schemas-"))
            weakref.finalize(self, shutil.rmtree, copy, ignore_errors=True)
            for page in aws.pages("s3", "list_objects_v2", Bucket=self.bucket, Prefix=self.prefix):
                for item in page.get("Contents", ()):
                    self._fetch(item["Key"], copy)
            self._copy = copy
        return FolderRepository(self._copy)

    def _fetch(self, key: str, folder: Path) -> None:
        relative = key.removeprefix(self.prefix)
        # A key is anybody's text: only plain names become paths, so that none leads out of the folder.
        if not all(_PLAIN_NAME.fullmatch(part) for part in relative.split("/")) or not relative.endswith(".json"):
            return
        target = folder / relative
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(aws.call("s3", "get_object", Bucket=self.bucket, Key=key)["Body"].read())


def _choose(repository: SchemaRepository, name: str, version: str) -> str:
    versions = repository.versions(name)
    if not versions:
        known = ", ".join(repository.names()) or "none"
        raise SchemaNotFound(f"no schema named {name!r}; there are: {known}", source=repr(repository))
    if version and version not in versions:
        raise SchemaNotFound(
            f"{name} has no version {version!r}; it has: {', '.join(versions)}", source=repr(repository)
        )
    return version or versions[-1]


def _plain(name: str) -> str:
    if not _PLAIN_NAME.fullmatch(name):
        raise SchemaNotFound(f"{name!r} is no event name: expected letters, digits, '_', '-' and '.'")
    return name


def _sorted(versions: Iterable[str]) -> tuple[str, ...]:
    return tuple(sorted(versions, key=int))
