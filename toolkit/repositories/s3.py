"""Schemas under an S3 prefix."""

from __future__ import annotations

import tempfile
import threading
from collections.abc import Mapping
from pathlib import Path

from toolkit import aws
from toolkit.errors import AwsError, SchemaError, VersionExists
from toolkit.repositories.folder import FolderRepository
from toolkit.repositories.repository import (
    PLAIN_NAME,
    chosen_version,
    named_where_missing,
    plain_name,
    sorted_versions,
)
from toolkit.schema import Schema

_EXISTS_CODES = frozenset({"PreconditionFailed", "ConditionalRequestConflict"})


class S3Repository:
    """
    Schemas under an S3 prefix as ``<event>/<version>.json``.

    Each question lists the prefix, and a schema is read with the documents beside it, so that references between them
    resolve as in a folder. What was fetched once is kept in memory; `CachedRepository` asks seldom.
    """

    def __init__(self, uri: str) -> None:
        self.bucket, prefix = aws.split_s3_uri(uri)
        self.prefix = prefix if not prefix or prefix.endswith("/") else prefix + "/"
        self._documents: dict[str, tuple[str, bytes]] = {}
        self._lock = threading.Lock()

    def __repr__(self) -> str:
        return f"S3Repository('s3://{self.bucket}/{self.prefix}')"

    def __str__(self) -> str:
        return f"s3://{self.bucket}/{self.prefix}"

    def names(self) -> tuple[str, ...]:
        """Return the event names, sorted."""
        return tuple(sorted({name for name, _, rest in self._parts() if _is_version(rest)}))

    def versions(self, name: str) -> tuple[str, ...]:
        """Return the versions of *name*, oldest first."""
        plain_name(name)
        return sorted_versions(
            rest.removesuffix(".json") for found, _, rest in self._parts() if found == name and _is_version(rest)
        )

    def load(self, name: str, version: str = "") -> Schema:
        """Return one schema, by default its latest version."""
        chosen = chosen_version(self, name, version)
        with self._lock, tempfile.TemporaryDirectory(prefix="toolkit-schemas-") as folder:
            for path, text in self._contents(self._tags()).items():
                target = Path(folder, path)
                target.parent.mkdir(parents=True, exist_ok=True)
                target.write_bytes(text)
            try:
                return FolderRepository(folder).load(name, chosen)
            except SchemaError as error:
                # The name of a folder that is gone by now helps nobody.
                error.source = error.source.replace(
                    str(Path(folder).resolve()), f"s3://{self.bucket}/{self.prefix}".rstrip("/")
                )
                raise

    def add(self, name: str, version: str, text: str) -> None:
        """Store one version; see `SchemaRepository.add`."""
        key = f"{self.prefix}{plain_name(name)}/{version}.json"
        try:
            with named_where_missing(self, "bucket"):
                aws.call(
                    "s3",
                    "put_object",
                    Bucket=self.bucket,
                    Key=key,
                    Body=text.encode(),
                    ContentType="application/schema+json",
                    IfNoneMatch="*",
                )
        except AwsError as error:
            if error.code in _EXISTS_CODES:
                raise VersionExists(f"{name} has a version {version} already", source=str(self)) from error
            raise

    def _parts(self) -> list[tuple[str, str, str]]:
        return [path.partition("/") for path in self._tags()]

    def _tags(self) -> dict[str, str]:
        """Return the documents below the prefix and their entity tags."""
        found = {}
        with named_where_missing(self, "bucket"):
            pages = list(aws.pages("s3", "list_objects_v2", Bucket=self.bucket, Prefix=self.prefix))
        for item in (item for page in pages for item in page.get("Contents", ())):
            path = item["Key"].removeprefix(self.prefix)
            # A key is anybody's text: only plain names become paths, so that none leads out of a folder.
            if path.endswith(".json") and all(PLAIN_NAME.fullmatch(part) for part in path.split("/")):
                found[path] = item["ETag"]
        return found

    def _contents(self, tags: Mapping[str, str]) -> dict[str, bytes]:
        for path, tag in tags.items():
            if self._documents.get(path, ("",))[0] != tag:
                with aws.open_object(f"s3://{self.bucket}/{self.prefix}{path}") as file:
                    self._documents[path] = (tag, file.read())
        return {path: self._documents[path][1] for path in tags}


def _is_version(rest: str) -> bool:
    return rest.endswith(".json") and rest.removesuffix(".json").isdecimal()
