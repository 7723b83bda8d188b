"""What a schema says and probably does not mean: keywords that its dialect ignores, and documents that say nothing."""

from __future__ import annotations

from toolkit.schema.dialect import DIALECTS, words
from toolkit.schema.pointer import pointer_from_tokens
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

    These are keywords that the dialect ignores: its own misspelt, another dialect's, and up to draft 7 those beside a
    ``$ref``; and a document without any keyword, such as an event in the place of its schema. A vendor's own keywords are
    passed over, and so is what other documents say.
    """
    if not isinstance(schema.contents, dict):
        return ()
    if not schema.contents.keys() & (schema.dialect.keywords - _ANNOTATIONS):
        if schema.contents.keys() - _ANNOTATIONS:
            return (f"no keyword of {schema.dialect.name} in it decides, so it accepts every event; is it a schema?",)
        if schema.contents.keys() & {"definitions", "$defs"}:
            return ("it defines schemas and accepts every event: name one by its place, such as #/definitions/x",)
    return tuple(_advice(schema.contents, schema.dialect))


def _advice(contents: dict[str, Any], dialect: Dialect) -> Iterator[str]:
    waiting: list[tuple[tuple[str | int, ...], dict[str, Any]]] = [((), contents)]
    for tokens, subschema in waiting:
        decisive = subschema.keys() & dialect.keywords - _ANNOTATIONS
        if "$ref" in decisive and dialect.generation <= 7 and len(decisive) > 1:
            beside = ", ".join(sorted(decisive - {"$ref"}))
            place = f"#{pointer_from_tokens(tokens)}"
            yield f"{place}: {dialect.name} ignores what stands beside $ref ({beside}); put both into allOf"
            continue
        for keyword in subschema:
            if keyword not in dialect.keywords and keyword not in _ANNOTATIONS and (meant := _meant(keyword, dialect)):
                yield f"#{pointer_from_tokens((*tokens, keyword))}: {meant}"
        waiting += [
            ((*tokens, *step), below) for step, below in subschemas(subschema, dialect) if isinstance(below, dict)
        ]


def _meant(keyword: str, dialect: Dialect) -> str:
    for other in DIALECTS:
        if keyword in other.keywords:
            return f"{dialect.name} ignores this keyword, which {other.name} has"
    from difflib import get_close_matches

    spelt = {known.lower(): known for known in sorted(dialect.keywords - _ANNOTATIONS)}
    for like in get_close_matches(keyword.lower(), spelt, 1, _LEAST_LIKENESS):
        return f'no keyword of {dialect.name}, so it is ignored; did you mean "{spelt[like]}"?'
    return ""
