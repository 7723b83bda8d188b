"""
Schemas as values, and the immutable registry in which their references resolve.

A registry holds documents by the URI they were registered under. Every ``$id`` and anchor inside them is found as well.
Nothing is ever fetched: what is neither registered nor a bundled metaschema is an `UnresolvableReference`.
"""

from __future__ import annotations

import functools
from collections.abc import Iterator, Mapping

from toolkit.dataclass import dataclass, field
from toolkit.errors import SchemaError, UnresolvableReference
from toolkit.schema.dialect import DRAFT2020_12, Dialect, known_dialect
from toolkit.schema.metaschema import bundled_documents
from toolkit.schema.pointer import fragment_from_pointer, pointer_from_fragment, pointer_from_tokens
from toolkit.schema.structure import subschemas
from toolkit.schema.uri import resolve_uri, without_fragment
from toolkit.schema.vocabulary import dialect_from_metaschema

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    # What an index finds: the contents, the dialect and the canonical URI of a schema.
    _Found = tuple[Any, Dialect, str]


# What may change the dialect or the base URI, and what gives a schema a name besides.
_NAMING = frozenset({"$schema", "$id", "id"})
_JSON_KINDS: tuple[tuple[type | tuple[type, ...], str], ...] = (
    (str, "a string"),
    (bool, "a boolean"),
    ((int, float), "a number"),
    ((list, tuple), "an array"),
    (type(None), "null"),
)
_NAMING_OR_ANCHORS = _NAMING | {"$anchor", "$dynamicAnchor", "$recursiveAnchor"}


@dataclass(frozen=True, slots=True)
class Schema:
    """
    One schema: its contents, the dialect they are written in, and where they stand.

    ``uri`` is the base URI of the enclosing resource and, behind ``#``, the JSON pointer inside it; it identifies the
    schema within ``registry``, where its references resolve. Take the contents as read-only.
    """

    contents: Mapping[str, Any] | bool = field(hash=False)
    dialect: Dialect
    uri: str
    registry: SchemaRegistry = field(compare=False, repr=False)

    @property
    def base_uri(self) -> str:
        """The URI that relative references are resolved against."""
        return without_fragment(self.uri)

    @property
    def pointer(self) -> str:
        """The JSON pointer of this schema inside its resource, "" for the root."""
        return pointer_from_fragment(self.uri.partition("#")[2])

    def subschema(self, *tokens: str | int) -> Schema:
        """
        Return the schema at *tokens* below this one, such as ``("properties", "name")``.

        An ``$id`` on the way changes the base URI, a ``$schema`` beside it the dialect.
        """
        contents: Any = self.contents
        for token in tokens:
            contents = contents[token]
        return self.registry._entered(contents, self.dialect, _below(self.uri, tokens))

    def subschemas(self) -> dict[tuple[str | int, ...], Schema]:
        """Return each direct subschema by its tokens; see `subschema`."""
        if isinstance(self.contents, bool):
            return {}
        dialect, registry, found = self.dialect, self.registry, {}
        start = self.uri if "#" in self.uri else f"{self.uri}#"
        for tokens, below in subschemas(self.contents, dialect):
            uri = start + "".join(map(_in_fragment, tokens))
            is_unnamed = isinstance(below, bool) or _NAMING.isdisjoint(below)
            found[tokens] = (
                Schema(below, dialect, uri, registry) if is_unnamed else registry._entered(below, dialect, uri)
            )
        return found

    def resolve(self, ref: str) -> Schema:
        """Return the schema that *ref* means here; see `SchemaRegistry.resolve`."""
        return self.registry.resolve(ref, self.uri)


@dataclass(frozen=True, slots=True)
class Document:
    """A registered document; ``dialect`` holds where it has no ``$schema`` of its own."""

    contents: Any
    dialect: Dialect


@dataclass(slots=True)
class _Index:
    resources: dict[str, _Found] = field(default_factory=dict)
    anchors: dict[str, _Found] = field(default_factory=dict)
    dynamic_anchors: dict[str, dict[str, _Found]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class SchemaRegistry:
    """
    An immutable container of schema documents by URI; adding answers with a new container.

    Example:
        >>> registry = SchemaRegistry().with_document({"type": "string"}, uri="https://example.com/name")
        >>> registry.resolve("name", "https://example.com/person").contents
        {'type': 'string'}
    """

    documents: Mapping[str, Document] = field(default_factory=dict)
    _indexes: dict[str, _Index] = field(default_factory=dict, repr=False, compare=False)

    def with_document(
        self, contents: Mapping[str, Any] | bool, *, uri: str = "", default_dialect: Dialect = DRAFT2020_12
    ) -> SchemaRegistry:
        """
        Return a registry that holds *contents* as well, under *uri* and under every ``$id`` inside.

        *default_dialect* is that of a document which has no ``$schema``. A document registered earlier under the
        same *uri* is replaced.
        """
        return self.with_documents({uri: contents}, default_dialect=default_dialect)

    def with_documents(
        self, documents: Mapping[str, Mapping[str, Any] | bool], *, default_dialect: Dialect = DRAFT2020_12
    ) -> SchemaRegistry:
        """Return a registry that holds each of *documents*, given by URI, as well."""
        added = {uri.removesuffix("#"): Document(contents, default_dialect) for uri, contents in documents.items()}
        kept = {uri: index for uri, index in self._indexes.items() if uri not in added}
        return SchemaRegistry({**self.documents, **added}, kept)

    def resolve(self, ref: str, base_uri: str = "") -> Schema:
        """
        Return the schema that *ref* means, seen from *base_uri*.

        Raises:
            UnresolvableReference: no document of that URI is registered, or it has no such pointer or anchor.
            SchemaError: the reference leads to something that is no schema.
        """
        uri, _, fragment = resolve_uri(base_uri, ref).partition("#")
        found = self._resource(uri)
        if found is None:
            problem = (
                f'no document "{uri}" is registered, and none is fetched; register it (read_documents, --documents)'
            )
            raise _unresolvable(ref, base_uri, problem)
        contents, dialect, base = found
        if fragment == "":
            return Schema(contents, dialect, base, self)
        if fragment.startswith("/"):
            return self._at_pointer(ref, base_uri, found, pointer_from_fragment(fragment))
        anchored = self._anchor(f"{base}#{pointer_from_fragment(fragment)}")
        if anchored is None:
            raise _unresolvable(ref, base_uri, f'"{uri}" has no anchor "{fragment}"; check its spelling')
        return Schema(*anchored, self)

    def dynamic_anchors(self, uri: str) -> dict[str, Schema]:
        """
        Return, by name, the dynamic anchors of the resource *uri*.

        ``$recursiveAnchor: true`` appears under the empty name, which no anchor can have.
        """
        for index in self._all_indexes(uri):
            if uri in index.dynamic_anchors:
                return {name: Schema(*found, self) for name, found in index.dynamic_anchors[uri].items()}
        return {}

    def _resource(self, uri: str) -> _Found | None:
        if uri in self.documents:
            return self._index(uri).resources[uri]
        for index in self._all_indexes(uri):
            if uri in index.resources:
                return index.resources[uri]
        return None

    def _anchor(self, uri: str) -> _Found | None:
        for index in self._all_indexes(uri):
            if uri in index.anchors:
                return index.anchors[uri]
        return None

    def _all_indexes(self, uri: str) -> Iterator[_Index]:
        for document in self.documents:
            yield self._index(document)
        for bundled, contents in bundled_documents(without_fragment(uri)):
            if bundled not in self.documents:
                yield self._index(bundled, Document(contents, DRAFT2020_12))

    def _index(self, uri: str, document: Document | None = None) -> _Index:
        if uri not in self._indexes:
            self._indexes[uri] = self._indexed(uri, document or self.documents[uri])
        return self._indexes[uri]

    def _indexed(self, uri: str, document: Document) -> _Index:
        """Find every resource and anchor of *document*; a loop, so that depth costs no stack."""
        index = _Index()
        found = self._entered_parts(document.contents, document.dialect, uri, is_root=True)
        index.resources[uri] = found
        # The place is a URI, or a pair of the place above and the tokens since; few are ever told.
        stack: list[tuple[Any, Dialect, Any]] = [found]
        while stack:
            contents, dialect, place = stack.pop()
            if not isinstance(contents, dict):
                continue
            if contents is document.contents or not _NAMING_OR_ANCHORS.isdisjoint(contents):
                if type(place) is tuple:
                    found = self._entered_parts(contents, dialect, _below(*_unlinked(place)))
                _, dialect, place = found
                base, _, fragment = place.partition("#")
                if fragment == "":
                    index.resources.setdefault(base, found)
                self._note_anchors(index, found, base, is_root=fragment == "")
            if dialect.generation <= 7 and "$ref" in contents:
                continue
            for tokens, below in subschemas(contents, dialect):
                stack.append((below, dialect, (place, tokens)))
        return index

    @staticmethod
    def _note_anchors(index: _Index, found: _Found, base: str, *, is_root: bool) -> None:
        contents, dialect, _ = found
        names = []
        if dialect.generation <= 7:
            identity = contents.get(dialect.id_keyword)
            if isinstance(identity, str) and "#" in identity and "$ref" not in contents:
                names.append(identity.partition("#")[2])
        else:
            names.append(contents.get("$anchor"))
            if "$dynamicAnchor" in dialect.keywords and isinstance(contents.get("$dynamicAnchor"), str):
                names.append(contents["$dynamicAnchor"])
                index.dynamic_anchors.setdefault(base, {})[contents["$dynamicAnchor"]] = found
            if is_root and contents.get("$recursiveAnchor") is True and "$recursiveAnchor" in dialect.keywords:
                index.dynamic_anchors.setdefault(base, {})[""] = found
        for name in names:
            # `"$id": "#/properties/a"`, which some generators write on every field, names nothing.
            if isinstance(name, str) and name and not name.startswith("/"):
                index.anchors.setdefault(f"{base}#{name}", found)

    def _entered(self, contents: Any, dialect: Dialect, uri: str) -> Schema:
        return Schema(*self._entered_parts(contents, dialect, uri), self)

    def _entered_parts(self, contents: Any, dialect: Dialect, uri: str, *, is_root: bool = False) -> _Found:
        """Apply the ``$schema`` and ``$id`` that *contents* may carry to what holds around it."""
        if not isinstance(contents, dict) or _NAMING.isdisjoint(contents):
            return contents, dialect, uri
        named = contents.get("$schema")
        if isinstance(named, str) and (is_root or "$id" in contents or "id" in contents):
            dialect = self._dialect(named, uri)
        identity = contents.get(dialect.id_keyword)
        if not isinstance(identity, str) or (dialect.generation <= 7 and "$ref" in contents):
            return contents, dialect, uri
        location = without_fragment(identity)
        return contents, dialect, resolve_uri(uri, location) if location else uri

    def _dialect(self, named: str, uri: str) -> Dialect:
        named = named.removesuffix("#")
        dialect = known_dialect(named)
        if dialect is not None:
            return dialect
        if named in self.documents:
            return dialect_from_metaschema(named, self.documents[named].contents)
        for document in self.documents.values():
            identity = document.contents.get("$id") if isinstance(document.contents, dict) else None
            if isinstance(identity, str) and identity.removesuffix("#") == named:
                return dialect_from_metaschema(named, document.contents)
        raise SchemaError(
            f'expected $schema to name a known dialect, found "{named}"; register that metaschema (read_documents, '
            "--documents URI=FILE), or name a draft from draft-04 to 2020-12",
            pointer="/$schema",
            source=without_fragment(uri),
        )

    def _at_pointer(self, ref: str, base_uri: str, found: _Found, pointer: str) -> Schema:
        contents, dialect, uri = found
        tokens = pointer.split("/")[1:]
        for position, escaped in enumerate(tokens):
            token: str | int = escaped.replace("~1", "/").replace("~0", "~")
            if isinstance(contents, list) and isinstance(token, str) and token.isascii() and token.isdigit():
                token = int(token)
            try:
                contents = contents[token]
            except (KeyError, IndexError, TypeError):
                missing = "/" + "/".join(tokens[: position + 1])
                raise _unresolvable(ref, base_uri, f'there is nothing at "{missing}"') from None
            contents, dialect, uri = self._entered_parts(contents, dialect, _below(uri, (token,)))
        if not isinstance(contents, dict | bool):
            raise SchemaError(
                f'"{ref}" leads to {json_kind(contents)}, expected an object or a boolean as schema',
                pointer=pointer_from_fragment(base_uri.partition("#")[2]),
                source=without_fragment(base_uri),
            )
        return Schema(contents, dialect, uri, self)


def json_kind(value: object) -> str:
    """Return what *value* is in JSON, or its Python type where it is nothing in JSON."""
    return next((kind for types, kind in _JSON_KINDS if isinstance(value, types)), type(value).__name__)


def _below(uri: str, tokens: tuple[str | int, ...]) -> str:
    return "".join((uri, "" if "#" in uri else "#", *map(_in_fragment, tokens)))


def _unlinked(place: Any) -> tuple[str, tuple[str | int, ...]]:
    """Return the URI that linked pairs start from, and the tokens since."""
    steps = []
    while type(place) is tuple:
        place, tokens = place
        steps.append(tokens)
    return place, tuple([token for tokens in reversed(steps) for token in tokens])


@functools.lru_cache(maxsize=4096)
def _in_fragment(token: str | int) -> str:
    return fragment_from_pointer(pointer_from_tokens((token,)))


def _unresolvable(ref: str, base_uri: str, problem: str) -> UnresolvableReference:
    base, _, fragment = base_uri.partition("#")
    return UnresolvableReference(
        f'the reference "{ref}" leads nowhere: {problem}', pointer=pointer_from_fragment(fragment), source=base
    )
