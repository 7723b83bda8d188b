"""What a schema says and probably does not mean: keywords that its dialect ignores, and documents that say nothing."""

from __future__ import annotations

from toolkit.errors import SchemaError
from toolkit.schema.dialect import DIALECTS, words
from toolkit.schema.pointer import pointer_from_tokens, tokens_from_pointer
from toolkit.schema.structure import subschemas

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

    from toolkit.schema.dialect import Dialect
    from toolkit.schema.registry import Schema

# Without a say about validity: nobody is misled where these are ignored or misspelt.
_ANNOTATIONS = words(
    "$schema $id id $anchor $dynamicAnchor $recursiveAnchor $vocabulary $comment $defs definitions title description default "
    "examples readOnly writeOnly deprecated contentMediaType contentEncoding contentSchema"
)
# Two words are one misspelt from this ratio of difflib on: "enm" and "enum" have 0.86, "notes" and "not" 0.75.
_LEAST_LIKENESS = 0.8


def schema_advice(schema: Schema) -> tuple[str, ...]:
    """
    Return a sentence for each thing in *schema* that is no error, and hardly meant.

    These are keywords that the dialect ignores: its own misspelt, another dialect's, OpenAPI's ``nullable``, and up to draft 7
    those beside a ``$ref``; and a document without any keyword, such as an event in the place of its schema. A vendor's own
    keywords are passed over, and so is what other documents say. Places are those in the document, also of a schema inside it.
    """
    if not isinstance(schema.contents, dict):
        return ()
    if not schema.contents.keys() & (schema.dialect.keywords - _ANNOTATIONS):
        if schema.contents.keys() - _ANNOTATIONS:
            return (f"no keyword of {schema.dialect.name} in it decides, so it accepts every event; is it a schema?",)
        if schema.contents.keys() & {"definitions", "$defs"}:
            return ("it defines schemas and accepts every event: name one by its place, such as #/definitions/x",)
    return tuple(_advice(schema, schema.contents))


def _advice(schema: Schema, contents: dict[str, Any]) -> Iterator[str]:
    dialect = schema.dialect
    top = tokens_from_pointer(schema.pointer)
    waiting: list[tuple[tuple[str | int, ...], dict[str, Any]]] = [(top, contents)]
    seen = {"#" + schema.pointer}
    for tokens, subschema in waiting:
        # Of a whole document each place is passed anyhow.
        if (
            top
            and (reference := subschema.get("$ref")) not in seen
            and isinstance(reference, str)
            and reference[:2] == "#/"
        ):
            seen.add(reference)
            waiting += _referred(schema, reference)
        decisive = subschema.keys() & dialect.keywords - _ANNOTATIONS
        if "$ref" in decisive and dialect.generation <= 7 and len(decisive) > 1:
            beside = ", ".join(sorted(decisive - {"$ref"}))
            place = f"#{pointer_from_tokens(tokens)}"
            yield f"{place}: {dialect.name} ignores what stands beside $ref ({beside}); put both into allOf"
            continue
        for keyword, value in subschema.items():
            if keyword in dialect.keywords or keyword in _ANNOTATIONS or (keyword == "nullable" and value is not True):
                continue
            if meant := _meant(keyword, dialect):
                yield f"#{pointer_from_tokens((*tokens, keyword))}: {meant}"
        waiting += [
            ((*tokens, *step), below) for step, below in subschemas(subschema, dialect) if isinstance(below, dict)
        ]


def _referred(schema: Schema, reference: str) -> Iterator[tuple[tuple[str | int, ...], dict[str, Any]]]:
    try:
        found = schema.resolve(reference)
    except SchemaError:
        # Compiling the schema tells it.
        return
    if isinstance(found.contents, dict) and found.base_uri == schema.base_uri:
        yield tokens_from_pointer(found.pointer), found.contents


def _meant(keyword: str, dialect: Dialect) -> str:
    if keyword == "nullable":
        return (
            'no keyword of JSON Schema but of OpenAPI 3.0, so null is refused; add "null" to the type (and to an enum)'
        )
    for other in DIALECTS:
        if keyword in other.keywords:
            return f"{dialect.name} ignores this keyword, which {other.name} has"
    from difflib import get_close_matches

    spelt = {known.lower(): known for known in sorted(dialect.keywords - _ANNOTATIONS)}
    for like in get_close_matches(keyword.lower(), spelt, 1, _LEAST_LIKENESS):
        if keyword.lower() != like and keyword.lower().endswith(like):
            # A word of its own with something before it, such as tsAdditionalProperties.
            break
        return f'no keyword of {dialect.name}, so it is ignored; did you mean "{spelt[like]}"?'
    return ""
