"""The dialect of a metaschema that lists its own vocabularies with ``$vocabulary``."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from toolkit.errors import SchemaError
from toolkit.schema.dialect import DRAFT2019_09, DRAFT2020_12, Dialect, known_dialect, words

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

_VOCABULARIES_2019 = {
    "core": "$schema $id $anchor $ref $defs $recursiveRef $recursiveAnchor $vocabulary $comment definitions",
    "applicator": "additionalItems unevaluatedItems items contains additionalProperties unevaluatedProperties "
    "properties patternProperties dependentSchemas dependencies propertyNames if then else allOf anyOf oneOf not",
    "validation": "multipleOf maximum exclusiveMaximum minimum exclusiveMinimum maxLength minLength pattern maxItems "
    "minItems uniqueItems maxContains minContains maxProperties minProperties required dependentRequired const enum "
    "type",
    "meta-data": "title description default deprecated readOnly writeOnly examples",
    "format": "format",
    "content": "contentMediaType contentEncoding contentSchema",
}
_VOCABULARIES_2020 = {
    "core": "$schema $id $anchor $ref $defs $dynamicRef $dynamicAnchor $vocabulary $comment definitions",
    "applicator": "prefixItems items contains additionalProperties properties patternProperties dependentSchemas "
    "dependencies propertyNames if then else allOf anyOf oneOf not",
    "unevaluated": "unevaluatedItems unevaluatedProperties",
    "validation": _VOCABULARIES_2019["validation"],
    "meta-data": _VOCABULARIES_2019["meta-data"],
    "format-annotation": "format",
    "format-assertion": "format",
    "content": _VOCABULARIES_2019["content"],
}
_KNOWN = {
    f"https://json-schema.org/draft/{year}/vocab/{name}": words(text)
    for year, vocabularies in (("2019-09", _VOCABULARIES_2019), ("2020-12", _VOCABULARIES_2020))
    for name, text in vocabularies.items()
}


def dialect_from_metaschema(uri: str, contents: Any) -> Dialect:
    """
    Return the dialect that the metaschema *contents* defines.

    Without ``$vocabulary`` it is that of the metaschema's own ``$schema``; where this names no draft, as that of a
    metaschema which describes itself, it is the draft that the metaschema builds on by ``$ref``.

    Raises:
        SchemaError: it requires a vocabulary that is not known here.
    """
    base = next(_drafts_named(contents), DRAFT2020_12)
    vocabularies = contents.get("$vocabulary") if isinstance(contents, Mapping) else None
    if not isinstance(vocabularies, Mapping):
        return Dialect(uri, uri, base.keywords, base.generation, base.asserts_format)
    keywords = words((_VOCABULARIES_2019 if base is DRAFT2019_09 else _VOCABULARIES_2020)["core"])
    asserts_format = False
    for vocabulary, required in vocabularies.items():
        if vocabulary in _KNOWN:
            keywords |= _KNOWN[vocabulary]
            asserts_format |= vocabulary.endswith("/format-assertion") or (
                vocabulary.endswith("2019-09/vocab/format") and required is True
            )
        elif required is True:
            raise SchemaError(
                f'the metaschema requires the vocabulary "{vocabulary}", which is not known here',
                pointer="/$vocabulary",
                source=uri,
            )
    return Dialect(uri, uri, keywords, base.generation, asserts_format)


def _drafts_named(contents: Any) -> Iterator[Dialect]:
    if not isinstance(contents, Mapping):
        return
    parts = contents.get("allOf")
    for part in (contents, *(parts if isinstance(parts, list) else ())):
        for keyword in ("$schema", "$ref"):
            named = part.get(keyword) if isinstance(part, Mapping) else None
            draft = known_dialect(named) if isinstance(named, str) else None
            if draft is not None:
                yield draft
