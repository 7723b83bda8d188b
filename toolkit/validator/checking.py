"""
What is looked at before a schema is compiled: that it is one, by its metaschema, and that its patterns can be matched.

Only what can come to judge an instance is looked at: the schema itself and all that its references lead to.
"""

from __future__ import annotations

import functools
from collections.abc import Iterable, Iterator

from toolkit.errors import SchemaError
from toolkit.schema import DIALECTS, Dialect, Schema, SchemaRegistry
from toolkit.schema.dialect import known_dialect, words
from toolkit.schema.pointer import tokens_from_pointer
from toolkit.schema.structure import is_place, steps_to_subschema, subschemas
from toolkit.validator.error import ValidationError, best_match
from toolkit.validator.well_formed import is_well_formed

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from toolkit.validator.compiler import Compiler
    from toolkit.validator.validator import Validator


_IN_PLACE = words("allOf anyOf oneOf not if then else dependentSchemas dependencies propertyDependencies")
_IN_PLACE_OR_BEHIND = _IN_PLACE | words("$ref $dynamicRef $recursiveRef")


def check_schemas(compiler: Compiler, reachable: Iterable[Schema]) -> None:
    """
    Raise a `SchemaError` if one of *reachable* schemas is none.

    A schema whose parent was checked with the same dialect was checked with it, unless a reference leads to it at a place that
    the dialect does not know.
    """
    checked: set[str] = set()
    for schema in compiler.entries:
        is_hidden = schema.uri in compiler.referred and not is_place(
            tokens_from_pointer(schema.pointer), schema.dialect
        )
        if is_hidden or not _is_checked(schema, checked):
            _check_by_metaschema(schema)
        checked.add(f"{schema.dialect.uri} {schema.uri}")
    for schema in reachable:
        _check_patterns(schema)


def check_cycles(compiler: Compiler, reachable: Iterable[Schema]) -> None:
    """
    Raise a `SchemaError` if a schema leads back to itself without going further into the instance.

    Judging by such a schema never comes to an end: ``{"$ref": "#"}`` is the shortest.
    """
    done: set[str] = set()
    root: Schema | None = None
    for start in reachable:
        root = root or start
        if isinstance(start.contents, bool) or _IN_PLACE_OR_BEHIND.isdisjoint(start.contents):
            continue
        # Depth first: a schema that is met again while it is open closes a cycle.
        open_uris: dict[str, None] = {}
        stack: list[tuple[Schema, bool]] = [(start, False)]
        while stack:
            schema, leaving = stack.pop()
            if leaving:
                done.add(open_uris.popitem()[0])
            elif schema.uri in open_uris:
                raise SchemaError(
                    "expected a reference that goes further into the instance, found one that leads back to this schema",
                    pointer=schema.pointer,
                    source=schema.base_uri,
                )
            elif schema.uri not in done:
                open_uris[schema.uri] = None
                stack.append((schema, True))
                stack += [(below, False) for below in _in_place(compiler, schema, root)]


def _in_place(compiler: Compiler, schema: Schema, root: Schema) -> Iterator[Schema]:
    """Yield the schemas that *schema* applies to its own instance; a dynamic reference only where it surely leads there."""
    contents = schema.contents
    if isinstance(contents, bool) or _IN_PLACE_OR_BEHIND.isdisjoint(contents):
        return
    for keyword, anchor in (("$recursiveRef", "$recursiveAnchor"), ("$dynamicRef", "$dynamicAnchor")):
        reference = contents.get(keyword) if keyword in schema.dialect.keywords else None
        if isinstance(reference, str) and schema.dialect.generation < 2026:
            target = compiler.resolved(schema, reference)
            # In the outermost resource an anchor stands for itself.
            if (
                target.base_uri == root.base_uri
                or not isinstance(target.contents, dict)
                or anchor not in target.contents
            ):
                yield target
    if isinstance(contents.get("$ref"), str):
        yield compiler.resolved(schema, contents["$ref"])
        if schema.dialect.generation <= 7:
            return
    for tokens, _ in subschemas(contents, schema.dialect):
        if tokens[0] in _IN_PLACE:
            yield compiler.subschema(schema, *tokens)


def _is_checked(schema: Schema, checked: set[str]) -> bool:
    """Tell whether *schema* or one that holds it is in *checked*."""
    uri = f"{schema.dialect.uri} {schema.uri}"
    while True:
        if uri in checked:
            return True
        above, slash, _ = uri.rpartition("/")
        if not slash or "#" not in above:
            return uri.rstrip("#") in checked
        uri = above


def _check_by_metaschema(schema: Schema) -> None:
    """
    Raise a `SchemaError` where the metaschema of *schema* refuses it.

    One of somebody's own may let anything through: what the dialect has of a draft is then checked by that draft's as well.
    """
    _check_by_draft(schema)
    if registry := _registry(schema):
        _check_by(_compiled(schema.dialect, registry), schema)


def _check_by_draft(schema: Schema) -> None:
    if not is_well_formed(schema.contents, schema.dialect):
        draft = next(draft for draft in DIALECTS if draft.generation == schema.dialect.generation)
        _check_by(_known_validator(draft), schema)


def _check_by(validator: Validator, schema: Schema) -> None:
    if validator.is_valid(schema.contents):
        return
    error = best_match(_serious(schema, validator.iter_errors(schema.contents)))
    if error is not None:
        keyword, kind = error.instance_location.rpartition("/")[2], error.found.partition(" ")[0]
        raise SchemaError(
            f"expected {error.expected}, found {error.found}{_OTHER_SPELLINGS.get((keyword, kind), '')}",
            pointer=schema.pointer + error.instance_location,
            source=schema.base_uri,
        )


# What other versions let stand at a keyword, and how it is written since.
_BOUND = "; draft-04 and OpenAPI 3.0 write it so: name draft-04 as $schema, or write the bound itself here"
_OTHER_SPELLINGS = {
    ("exclusiveMinimum", "boolean"): _BOUND,
    ("exclusiveMaximum", "boolean"): _BOUND,
    ("items", "array"): "; up to 2019-09 it is written so: name that as $schema, or write prefixItems",
    (
        "required",
        "boolean",
    ): "; draft-03 wrote it so: list the names of the required fields in the object that has them",
}


def _registry(schema: Schema) -> SchemaRegistry | None:
    """Return the registry in which a metaschema of somebody's own stands; None for the known ones."""
    return None if known_dialect(schema.dialect.uri) else schema.registry


@functools.cache
def _known_validator(dialect: Dialect) -> Validator:
    return _compiled(dialect, SchemaRegistry())


def _compiled(dialect: Dialect, registry: SchemaRegistry) -> Validator:
    from toolkit.validator.validator import compile_unchecked

    metaschema = registry.resolve(dialect.uri)
    if _registry(metaschema):
        _check_by_draft(metaschema)
    return compile_unchecked(metaschema)


def _serious(schema: Schema, errors: Iterable[ValidationError]) -> Iterator[ValidationError]:
    """
    Leave out what is tolerated, and what another dialect has to decide.

    Tolerated is a ``$id`` with a pointer behind ``#``, which generators of schemas write on every field and which names
    nothing.
    """
    for error in errors:
        tokens = tokens_from_pointer(error.instance_location)
        if tokens[-1:] == ("$id",) and error.keyword == "pattern":
            continue
        if not _is_meant(schema, tokens):
            continue
        if _dialect_at(schema, tokens) == schema.dialect:
            yield error


def _is_meant(schema: Schema, tokens: tuple[str, ...]) -> bool:
    """
    Tell whether the dialect of *schema* knows the first keyword at *tokens* that no keyword for subschemas led to.

    A draft means its whole metaschema, which still speaks of keywords that it has no more.
    """
    if known_dialect(schema.dialect.uri):
        return True
    at = 0
    while at < len(tokens) and (step := steps_to_subschema(tokens[at:], schema.dialect)):
        at += step
    return at >= len(tokens) or tokens[at] in schema.dialect.keywords


def _dialect_at(schema: Schema, tokens: tuple[str, ...]) -> Dialect:
    here = schema
    for token in tokens:
        contents: Any = here.contents
        try:
            here = here.subschema(int(token) if isinstance(contents, list) else token)
        except (KeyError, IndexError, ValueError, TypeError):
            break
    return here.dialect


def _check_patterns(schema: Schema) -> None:
    contents = schema.contents
    if isinstance(contents, bool) or not ("pattern" in contents or "patternProperties" in contents):
        return
    from toolkit.validator.patterns import pattern_search

    if isinstance(contents.get("pattern"), str) and "pattern" in schema.dialect.keywords:
        pattern_search(contents["pattern"], pointer=f"{schema.pointer}/pattern", source=schema.base_uri)
    properties = contents.get("patternProperties")
    if isinstance(properties, dict) and "patternProperties" in schema.dialect.keywords:
        for pattern in properties:
            pattern_search(pattern, pointer=f"{schema.pointer}/patternProperties", source=schema.base_uri)
