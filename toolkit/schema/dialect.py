"""
Dialects as values: which keywords mean something, and which rules of their time hold.

A dialect is named by ``$schema``. Its keywords are a set, so a metaschema with its own ``$vocabulary`` is a dialect
with another set; the few rules that changed without a change of keyword are told by ``generation``.
"""

from __future__ import annotations

from toolkit.dataclass import dataclass, field


def words(text: str) -> frozenset[str]:
    """Return the set of the words in *text*, for tables that read better without quotes."""
    return frozenset(text.split())


_DRAFT4 = words(
    "$schema id $ref definitions title description default type enum allOf anyOf oneOf not properties "
    "patternProperties additionalProperties required minProperties maxProperties dependencies items additionalItems "
    "minItems maxItems uniqueItems minimum maximum exclusiveMinimum exclusiveMaximum multipleOf minLength maxLength "
    "pattern format"
)
_DRAFT6 = _DRAFT4 - {"id"} | {"$id", "const", "contains", "propertyNames", "examples"}
_DRAFT7 = _DRAFT6 | words("$comment if then else readOnly writeOnly contentMediaType contentEncoding")
# "definitions" and "dependencies" left the specification here, yet its metaschemas still know them.
_DRAFT2019_09 = _DRAFT7 | words(
    "$anchor $defs $recursiveRef $recursiveAnchor $vocabulary dependentRequired dependentSchemas minContains "
    "maxContains unevaluatedItems unevaluatedProperties contentSchema deprecated"
)
_DRAFT2020_12 = _DRAFT2019_09 - {"$recursiveRef", "$recursiveAnchor", "additionalItems"} | {
    "$dynamicRef",
    "$dynamicAnchor",
    "prefixItems",
}
_V1 = _DRAFT2020_12 | {"propertyDependencies"}


@dataclass(frozen=True, slots=True)
class Dialect:
    """
    One version of JSON Schema, or a metaschema's own choice of vocabularies.

    ``uri`` is the value of ``$schema`` without an empty fragment. ``keywords`` are those that have a meaning; any
    other is ignored. ``generation`` orders the versions (4, 6, 7, 2019, 2020, 2026) for rules that no keyword tells:
    up to 7 a ``$ref`` silences its siblings, in 4 the number 1.0 is no integer. ``asserts_format`` says whether
    ``format`` decides about validity where the caller does not say: it does in drafts 4 to 7, whose text wants it
    validated, and again in v1; in 2019-09 and 2020-12 it is an annotation unless the metaschema says otherwise.
    """

    name: str
    uri: str
    keywords: frozenset[str] = field(repr=False)
    generation: int = 2020
    asserts_format: bool = False

    @property
    def id_keyword(self) -> str:
        """The keyword that names a schema: ``id`` in draft 4, ``$id`` since."""
        return "id" if "id" in self.keywords else "$id"


DRAFT4 = Dialect("draft-04", "http://json-schema.org/draft-04/schema", _DRAFT4, 4, asserts_format=True)
DRAFT6 = Dialect("draft-06", "http://json-schema.org/draft-06/schema", _DRAFT6, 6, asserts_format=True)
DRAFT7 = Dialect("draft-07", "http://json-schema.org/draft-07/schema", _DRAFT7, 7, asserts_format=True)
DRAFT2019_09 = Dialect("2019-09", "https://json-schema.org/draft/2019-09/schema", _DRAFT2019_09, 2019)
DRAFT2020_12 = Dialect("2020-12", "https://json-schema.org/draft/2020-12/schema", _DRAFT2020_12, 2020)
# The next version, unreleased; its test suite exists. Source: https://github.com/json-schema-org/json-schema-spec
V1 = Dialect("v1", "https://json-schema.org/v1", _V1, 2026, asserts_format=True)

DIALECTS = (DRAFT4, DRAFT6, DRAFT7, DRAFT2019_09, DRAFT2020_12, V1)
_BY_URI = {dialect.uri: dialect for dialect in DIALECTS}
# http and https are confused so often, in both directions, that each names the same dialect.
_BY_URI |= {uri.replace("https:", "http:"): dialect for uri, dialect in _BY_URI.items()} | {
    uri.replace("http:", "https:"): dialect for uri, dialect in _BY_URI.items()
}


def known_dialect(uri: str) -> Dialect | None:
    """Return the dialect that *uri* names, with or without a final ``#``, or None."""
    return _BY_URI.get(uri.removesuffix("#"))
