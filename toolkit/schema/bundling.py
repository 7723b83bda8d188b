"""
One document instead of several: a schema with everything that its references lead to.

A version that is published must not change when a shared definition beside it does. So the documents that it refers to
are embedded as JSON Schema's compound documents have it, each under ``$defs`` with an ``$id`` of its own.

Source: https://json-schema.org/draft/2020-12/json-schema-core#name-bundling
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from toolkit.errors import SchemaError
from toolkit.schema.dialect import DIALECTS, Dialect, known_dialect
from toolkit.schema.metaschema import bundled_documents
from toolkit.schema.registry import Document, Schema
from toolkit.schema.structure import subschemas
from toolkit.schema.uri import is_relative, without_fragment

_REFERENCES = ("$ref", "$dynamicRef", "$recursiveRef")


def bundled(schema: Schema) -> Any:
    """
    Return the contents of *schema* as a document that refers to nothing outside itself.

    Where it does so already the contents come back as they are. Otherwise every other document that a reference leads to
    stands in ``$defs`` (``definitions`` up to draft-07). References to the metaschemas of JSON Schema stay, since
    every validator knows those; a ``$schema`` that names another metaschema becomes the draft on which that builds.

    Raises:
        UnresolvableReference: a reference leads nowhere.
        SchemaError: a metaschema chooses keywords as no draft has them, so that its schemas can't stand alone.
    """
    bundle = _Bundle(schema)
    return bundle.contents()


def _draft(schema: Schema) -> Dialect:
    """Return the draft whose rules hold for *schema*."""
    dialect = schema.dialect
    for draft in DIALECTS:
        if (draft.keywords, draft.generation, draft.asserts_format) == (
            dialect.keywords,
            dialect.generation,
            dialect.asserts_format,
        ):
            return draft
    raise SchemaError(
        f"the metaschema {dialect.uri} chooses keywords as no draft has them, so this schema can't stand alone; "
        "name a draft as $schema",
        pointer="/$schema",
        source=without_fragment(schema.uri),
    )


class _Bundle:
    def __init__(self, schema: Schema) -> None:
        self.schema = schema
        self.home = self._document(schema)
        self.is_whole = schema.contents is schema.registry.documents[self.home].contents
        self.needed: list[str] = [self.home]
        for uri in self.needed:
            for _, _, target in self._references(uri):
                if (found := self._document(target)) is not None and found not in self.needed:
                    self.needed.append(found)
        self.names = self._names()

    def contents(self) -> Any:
        if self.is_whole and len(self.needed) == 1:
            contents = self.schema.contents
            if isinstance(contents, bool) or known_dialect(self.schema.dialect.uri) is not None:
                return contents
            return {**contents, "$schema": _draft(self.schema).uri}
        keyword = "definitions" if self.schema.dialect.generation <= 7 else "$defs"
        embedded = self.needed[1:] if self.is_whole else self.needed
        if self.is_whole:
            root = self._copied(self.home)
            if "$ref" in root and self.schema.dialect.generation <= 7:
                # Up to draft-07 whatever stands beside a reference is ignored, definitions included.
                root = {"allOf": [root]}
        else:
            root = {"allOf": [{"$ref": self._reference(self.schema)}]}
        root.setdefault("$schema", _draft(self.schema).uri)
        root[self.schema.dialect.id_keyword] = self.names[self.home] if self.is_whole else "bundled:/"
        definitions = root.setdefault(keyword, {})
        for uri in embedded:
            document = self._copied(uri)
            definitions[self._free_key(definitions, uri)] = document
        return root

    def _document(self, schema: Schema) -> Any:
        """Return the URI of the document in which *schema* stands; None for a metaschema."""
        registry, base = schema.registry, schema.base_uri
        for uri in registry.documents:
            if base in registry._index(uri).resources:
                return self._first_of_equal(uri)
        if any(True for _ in bundled_documents(base)):
            return None
        return base

    def _first_of_equal(self, uri: str) -> str:
        # A file that is known under two URIs is one document.
        documents = self.schema.registry.documents
        return next(other for other in documents if documents[other].contents is documents[uri].contents)

    def _references(self, uri: str) -> Iterator[tuple[Schema, str, Schema]]:
        """Yield each reference of a document: the schema in which it stands, the keyword, and what it leads to."""
        for schema in self._schemas(uri):
            if not isinstance(schema.contents, dict):
                continue
            for keyword in _REFERENCES:
                if isinstance(reference := schema.contents.get(keyword), str):
                    yield schema, keyword, schema.resolve(reference)

    def _schemas(self, uri: str) -> Iterator[Schema]:
        stack = [self.schema.registry.resolve("", uri)]
        while stack:
            schema = stack.pop()
            yield schema
            if isinstance(schema.contents, dict):
                stack.extend(schema.subschemas().values())

    def _names(self) -> dict[str, str]:
        """Return the ``$id`` of each document: its own where it is absolute, else one made from the end of its path."""
        names: dict[str, str] = {}
        for uri in self.needed:
            own = self.schema.registry.resolve("", uri).base_uri
            if is_relative(own) or own.startswith("file:") or not own:
                tail = "/".join(without_fragment(uri).rstrip("/").split("/")[-2:])
                own = f"bundled:/{tail}"
                while own in names.values():
                    own += "~"
            names[uri] = own
        return names

    def _reference(self, target: Schema) -> str:
        document = self._document(target)
        if document is None:
            return target.uri
        registry = self.schema.registry
        root = registry.resolve("", document)
        base, _, fragment = target.uri.partition("#")
        # A file is known under the URI that a reference means, too, where its referrer has an ``$id``.
        is_file = base in registry.documents and self._first_of_equal(base) == document
        if base == root.base_uri or is_file:
            base = self.names[document]
        return f"{base}#{fragment}" if fragment else base

    def _copied(self, uri: str) -> dict[str, Any]:
        """Return a copy of a document with its ``$id``, and with every reference to another document made absolute."""
        document: Document = self.schema.registry.documents[uri]
        if not isinstance(document.contents, dict):
            # Only an object can carry an identifier.
            return {"$id": self.names[uri], "allOf": [document.contents]}
        import copy

        made: dict[str, Any] = copy.deepcopy(document.contents)
        root = self.schema.registry.resolve("", uri)
        places = {id(old.contents): new for old, new in self._pairs(root, made)}
        for schema, keyword, target in self._references(uri):
            if self._document(target) != uri and keyword == "$ref":
                places[id(schema.contents)][keyword] = self._reference(target)
        made["$schema"] = _draft(root).uri
        made[root.dialect.id_keyword] = self.names[uri]
        return made

    def _pairs(self, root: Schema, made: Any) -> Iterator[tuple[Schema, Any]]:
        stack = [(root, made)]
        while stack:
            schema, copied = stack.pop()
            yield schema, copied
            if not isinstance(schema.contents, dict):
                continue
            for tokens, _ in subschemas(schema.contents, schema.dialect):
                below = copied
                for token in tokens:
                    below = below[token]
                stack.append((schema.subschema(*tokens), below))

    def _free_key(self, definitions: dict[str, Any], uri: str) -> str:
        key = self.names[uri]
        while key in definitions:
            key += "~"
        return key
