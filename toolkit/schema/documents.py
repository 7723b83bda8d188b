"""Documents that schemas refer to by URI, read from files: nothing is ever fetched, so somebody has to say where they are."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from toolkit.errors import SchemaError, SchemaNotFound
from toolkit.schema.loading import read_document
from toolkit.schema.registry import SchemaRegistry
from toolkit.schema.uri import is_relative


def read_documents(places: Iterable[str | Path]) -> SchemaRegistry:
    """
    Return a registry of the documents at *places*, for ``load_schema(…, registry=…)`` and `open_repository`.

    A place is a JSON file whose ``$id`` (``id`` in draft 4) says its URI; ``URI=FILE`` for one that doesn't say it; or a
    folder, of which every ``*.json`` below that has an absolute ``$id`` is taken. So schemas may refer to shared definitions
    by URI, and name a metaschema of a company's own as ``$schema``.

    Raises:
        SchemaNotFound: there is no such file or folder.
        SchemaError: a file is no JSON schema, a single one does not say its URI, or two documents claim the same.
    """
    found: dict[str, tuple[str, Any]] = {}
    for uri, path, contents in _documents(places):
        if uri in found and found[uri][1] != contents:
            raise SchemaError(f"expected one document for {uri}, found another one in {found[uri][0]}", source=path)
        found.setdefault(uri, (path, contents))
    return SchemaRegistry().with_documents({uri: contents for uri, (_, contents) in found.items()})


def _documents(places: Iterable[str | Path]) -> Iterator[tuple[str, str, Any]]:
    for place in map(str, places):
        if Path(place).is_dir():
            for path in sorted(Path(place).rglob("*.json")):
                contents = read_document(str(path))
                if uri := _own_uri(contents):
                    yield uri, str(path), contents
            continue
        uri, _, path_text = place.rpartition("=")
        if Path(place).is_file():
            uri, path_text = "", place
        if not Path(path_text).is_file():
            problem = "expected a file, a folder or URI=FILE, and there is none; check the path"
            raise SchemaNotFound(problem, source=path_text)
        contents = read_document(path_text)
        uri = uri.removesuffix("#") or _own_uri(contents)
        if not uri or is_relative(uri):
            raise SchemaError(f"expected an absolute URI as $id; name it: https://…={path_text}", source=path_text)
        yield uri, path_text, contents


def _own_uri(contents: Any) -> str:
    for keyword in ("$id", "id"):
        uri = contents.get(keyword) if isinstance(contents, dict) else None
        if isinstance(uri, str) and not is_relative(uri):
            return uri.removesuffix("#")
    return ""
