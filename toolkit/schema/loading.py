"""
Read schemas from mappings and files, together with the files that their references name.

All reading happens here, and only below one folder. A relative ``$ref`` is looked up by URI first, as ``$id`` rules
say; where that URI is not registered, the file at the same relative path beside the referring file is read instead.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterable, Iterator, Mapping

from toolkit.errors import SchemaError, SchemaNotFound, UnresolvableReference
from toolkit.schema.dialect import DRAFT2020_12, Dialect
from toolkit.schema.pointer import pointer_from_tokens
from toolkit.schema.registry import Schema, SchemaRegistry, json_kind
from toolkit.schema.uri import is_relative, resolve_uri, without_fragment

TYPE_CHECKING = False
if TYPE_CHECKING:
    from pathlib import Path
    from typing import Any


# What says a schema where no file is read.
SchemaLike = Schema | Mapping[str, object] | bool


def load_schema(
    source: Mapping[str, Any] | bool | str | Path,
    *,
    registry: SchemaRegistry | None = None,
    root: str | Path | None = None,
    default_dialect: Dialect = DRAFT2020_12,
) -> Schema:
    """
    Return the schema that *source* is or names, with a registry in which its references resolve.

    *source* is the contents themselves, a path, or text such as ``schema.json#/definitions/x`` or
    ``schema.json#anchor``. Files named by relative references are read as well, as long as they lie below *root*;
    by default that is the parent of the folder in which the file lies, so that ``<event>/<version>.json`` can refer
    to ``../<other event>/<version>.json``. Nothing is ever fetched. A document without ``$schema`` is of
    *default_dialect*. References that lead nowhere are reported when the schema is compiled.

    Raises:
        SchemaNotFound: there is no such file.
        SchemaError: the file is not JSON (with line and column), or neither an object nor a boolean.
        UnresolvableReference: the part behind ``#`` does not exist, or a reference leaves *root*.
    """
    registry = registry or SchemaRegistry()
    if isinstance(source, Mapping | bool):
        contents = _plain(source)
        registry = registry.with_document(contents, default_dialect=default_dialect)
        return registry.resolve("")
    path, fragment = _split_source(source)
    try:
        path = os.path.realpath(path)
    except (OSError, ValueError) as error:
        raise SchemaError(f"can't be read: {error}", source=str(source)) from error
    folder = os.path.realpath(os.path.dirname(os.path.dirname(path)) if root is None else root)
    uri = _file_uri(path)
    registry = registry.with_document(read_document(path), uri=uri, default_dialect=default_dialect)
    registry = _with_referenced_files(registry, uri, folder)
    return registry.resolve(f"#{fragment}" if fragment else "", uri)


def as_schema(schema: SchemaLike, *, default_dialect: Dialect = DRAFT2020_12) -> Schema:
    """
    Return *schema* itself, or the schema that a mapping or a boolean is.

    Raises:
        SchemaError: it is neither.
    """
    if isinstance(schema, Schema):
        return schema
    if not isinstance(schema, Mapping | bool):
        raise SchemaError(
            f"expected an object or a boolean as schema, found {json_kind(schema)}; load_schema reads files"
        )
    return load_schema(schema, default_dialect=default_dialect)


_URL = re.compile(r"[A-Za-z][A-Za-z0-9+.-]+://")


def _split_source(source: str | Path) -> tuple[str, str]:
    """Split ``path#fragment``; a ``#`` that belongs to the name of an existing file stays there."""
    text = os.fspath(source)
    if not isinstance(source, str) or os.path.exists(text):
        return text, ""
    if text.startswith("#"):
        raise SchemaNotFound(f'expected a path before "#", found "{text}"')
    path, _, fragment = text.partition("#")
    if _URL.match(path) and not os.path.exists(path):
        raise SchemaNotFound("expected a file, found a URL, and nothing is fetched; download it first", source=text)
    return path, fragment


def read_document(path: str) -> Any:
    """
    Return the JSON schema in a file, read and not looked at any further.

    Raises:
        SchemaNotFound: there is no such file.
        SchemaError: it is not JSON (with line and column), or neither an object nor a boolean.
    """
    try:
        with open(path, "rb") as file:
            text = file.read().removeprefix(b"\xef\xbb\xbf").decode()
    except FileNotFoundError as error:
        raise SchemaNotFound("there is no such file; check the path", source=path) from error
    except UnicodeDecodeError as error:
        raise SchemaError(f"expected UTF-8, found another byte at offset {error.start}", source=path) from error
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise SchemaError(f"can't be read: {reason}", source=path) from error
    try:
        contents = json.loads(text, parse_constant=_no_constant)
    except json.JSONDecodeError as error:
        raise SchemaError(
            f"expected JSON, found a fault at line {error.lineno}, column {error.colno}: {error.msg}", source=path
        ) from error
    except ValueError as error:
        raise SchemaError(f"expected JSON: {error}", source=path) from error
    except RecursionError as error:
        raise SchemaError("nested too deep to be read", source=path) from error
    if not isinstance(contents, dict | bool):
        raise SchemaError(f"expected an object or a boolean as schema, found {json_kind(contents)}", source=path)
    return contents


def _no_constant(name: str) -> None:
    raise ValueError(f"{name} is no JSON value")


# A path that is the same in a URI.
_PLAIN_PATH = re.compile(r"/[A-Za-z0-9_.~/-]*")
_SCALARS = frozenset({str, int, float, bool, type(None)})
# A schema nested deeper than this was made by a machine, and not to be compiled.
MOST_DEPTH = 5000


def _plain(contents: Any) -> Any:
    """
    Return a deep copy in dicts and lists alone, so that nobody changes the schema under its validator.

    It is made level by level, so that depth costs no stack, and a mapping that contains itself comes to an end.
    """
    whole: list[Any] = []
    # What is copied, where to, and its place: linked pairs (parent, token), since few are ever told.
    level: list[tuple[Any, Any, Any]] = [([contents], whole, None)]
    for _ in range(MOST_DEPTH):
        below: list[tuple[Any, Any, Any]] = []
        for container, copied, place in level:
            items: Iterable[tuple[Any, Any]] = enumerate(container) if type(copied) is list else container.items()
            for key, value in items:
                made = value
                if type(value) not in _SCALARS:
                    here = (place, key)
                    if isinstance(value, Mapping):
                        below.append((value, made := {}, here))
                    elif isinstance(value, list | tuple):
                        below.append((value, made := [], here))
                    elif not isinstance(value, str | int | float):
                        raise SchemaError(
                            f"expected a JSON value, found {type(value).__name__}", pointer=_pointer(here)
                        )
                if type(copied) is list:
                    copied.append(made)
                elif type(key) is str:
                    copied[key] = made
                elif isinstance(key, str):
                    copied[str(key)] = made
                else:
                    raise SchemaError(f"expected text as key, found {type(key).__name__}", pointer=_pointer(place))
        if not below:
            return whole[0]
        level = below
    raise SchemaError("nested too deep, or containing itself")


def _pointer(place: Any) -> str:
    """Return the pointer of a linked place below the list that holds the whole."""
    tokens: list[str | int] = []
    while place is not None:
        place, token = place
        tokens.append(token)
    return pointer_from_tokens(tokens[-2::-1])


def _with_referenced_files(registry: SchemaRegistry, uri: str, root: str) -> SchemaRegistry:
    """Add the files that references lead to, then those that these lead to, and so on."""
    pending = [uri]
    while pending:
        file_uri = pending.pop()
        document = registry.resolve("", file_uri)
        for reference, base, pointer in _references(document):
            wanted = without_fragment(resolve_uri(base, reference))
            if _is_registered(registry, wanted):
                continue
            path = _file_beside(file_uri, reference, wanted)
            if path is None:
                continue
            if not f"{path}{os.sep}".startswith(os.path.join(root, "")):
                raise UnresolvableReference(
                    f'the reference "{reference}" leaves the folder {root}; move the file below it, or pass root=',
                    pointer=pointer,
                    source=file_uri,
                )
            if not os.path.isfile(path):
                continue
            found_uri = _file_uri(path)
            if found_uri not in registry.documents:
                registry = registry.with_document(read_document(path), uri=found_uri, default_dialect=document.dialect)
                pending.append(found_uri)
            if wanted != found_uri:
                contents = registry.documents[found_uri].contents
                registry = registry.with_document(contents, uri=wanted, default_dialect=document.dialect)
    return registry


def _references(document: Schema) -> Iterator[tuple[str, str, str]]:
    """Yield ``(reference, base URI, pointer)`` of every reference of *document*, in a loop that needs no stack."""
    stack = [document]
    while stack:
        schema = stack.pop()
        if not isinstance(schema.contents, dict):
            continue
        for keyword in ("$ref", "$dynamicRef", "$recursiveRef"):
            reference = schema.contents.get(keyword)
            if isinstance(reference, str) and not reference.startswith("#"):
                yield reference, schema.uri, schema.pointer
        stack.extend(schema.subschemas().values())


def _is_registered(registry: SchemaRegistry, uri: str) -> bool:
    try:
        registry.resolve("", uri)
    except UnresolvableReference:
        return False
    return True


def _file_beside(file_uri: str, reference: str, wanted: str) -> str | None:
    """Return the path that *reference* means when read as a path from the file *file_uri*."""
    from urllib.parse import unquote, urlsplit
    from urllib.request import url2pathname

    located = resolve_uri(file_uri, reference) if is_relative(reference) else wanted
    try:
        parts = urlsplit(without_fragment(located))
    except ValueError:  # http://[::1 is no URI
        return None
    if parts.scheme != "file" or parts.netloc not in ("", "localhost") or "\0" in unquote(parts.path):
        return None
    return os.path.realpath(url2pathname(parts.path))


def _file_uri(path: str) -> str:
    """Return the ``file:`` URI of an absolute *path*."""
    if _PLAIN_PATH.fullmatch(path):
        return f"file://{path}"
    from pathlib import Path

    return Path(path).as_uri()
