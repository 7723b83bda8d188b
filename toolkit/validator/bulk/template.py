"""
A schema and the shape of some lines become one pattern that accepts only valid lines written in that shape.

The pattern accepts less than the schema does, never more: whatever can't be expressed with certainty raises `Unfit`,
which removes an optional field or an alternative, or the template as a whole. Nothing in it ever goes back on a choice
(every repetition is possessive, every choice atomic), so its time grows with the line alone. Texts of a schema are escaped
or, as patterns, written anew from their parsed tree.

The schemas that meet at one place are kept as a list, with the ones that must *not* accept there beside it. Strict mode looks
at the same lists.
"""

from __future__ import annotations

import contextlib
import math
import re
from collections.abc import Iterator, Sequence
from graphlib import CycleError
from typing import Any

from toolkit.dataclass import dataclass, replace
from toolkit.schema import Schema
from toolkit.validator.bulk.charset import ANY_STRING, CHARACTER, KEY_END, KEY_START
from toolkit.validator.bulk.scalars import literal_text, number_text, string_text, values_of
from toolkit.validator.bulk.shape import LineShape, Shape, Unfit, is_sparse
from toolkit.validator.compiler import Compiler, Purpose
from toolkit.validator.patterns import pattern_search
from toolkit.validator.values import ANNOTATIONS, what_is_said

# A larger pattern would take too long to compile; more alternatives at one place are no template any more.
MOST_TEXT = 40_000
MOST_ALTERNATIVES = 32
MOST_PLACES = 2_000
MOST_SEQUENCES_OF_MAPS = 16
# Texts shorter than this are written twice rather than tried with a look ahead.
_SHORT = 60

_TYPE = frozenset({"type"})
_IN_PLACE = frozenset({"$ref", "allOf", "anyOf", "oneOf", "not", "if", "then", "else"})
_OF_ANY = frozenset({"type", "enum", "const"}) | _IN_PLACE
_OF_KIND = {
    "string": frozenset({"minLength", "maxLength", "pattern", "format"}),
    "number": frozenset({"minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf"}),
    "array": frozenset({"items", "prefixItems", "additionalItems", "minItems", "maxItems", "uniqueItems"}),
    "object": frozenset(
        {
            "properties", "patternProperties", "additionalProperties", "required", "minProperties", "maxProperties",
            "propertyNames", "dependentRequired", "dependentSchemas", "dependencies", "unevaluatedProperties",
        }
    ),
}  # fmt: skip
# Keywords that are not expressed, but speak about one kind of value alone.
_BEYOND = {
    "array": frozenset({"contains", "minContains", "maxContains", "unevaluatedItems"}),
}
_OF_STRINGS = _OF_KIND["string"] | {"contentEncoding", "contentMediaType"}
_SPOKEN_ABOUT = {keyword: kind for table in (_OF_KIND, _BEYOND) for kind, words in table.items() for keyword in words}

# Within a string that starts behind its quote. The first is for blocks without control characters and backslashes, where a
# quote stands before each line feed, so that no string runs on into the next line. `re` looks the second up in one table,
# where it would go through the ranges of what is excluded one after another.
QUICK_CHARACTER = rb'[^"]'
PLAIN_CHARACTER = rb"[ !#-\[\]-\xff]"
_ESCAPE = rb'\\(?>["\\/bfnrt]|u(?>[0-9a-ce-fA-CE-F][0-9a-fA-F]{3}|[dD][0-7][0-9a-fA-F]{2}))'
CAREFUL_STRING = PLAIN_CHARACTER + rb"*+(?:" + _ESCAPE + PLAIN_CHARACTER + rb"*+)*+"


@dataclass(frozen=True, slots=True)
class Applied:
    """
    What holds at one place: the schemas that must accept, and those that must not.

    ``is_complete`` is False where other schemas may accept as well and so apply, which only strict mode minds.
    """

    schemas: tuple[Schema, ...] = ()
    refused: tuple[Schema, ...] = ()
    is_complete: bool = True


def quick_pattern(text: bytes) -> bytes:
    """Return the regex of a template for blocks that have neither backslashes nor control characters."""
    return text.replace(ANY_STRING, QUICK_CHARACTER + b"*+").replace(CHARACTER, QUICK_CHARACTER)


def plain_pattern(text: bytes) -> bytes:
    """Return the regex of a template for any block, which misses lines with escapes."""
    return text.replace(ANY_STRING, PLAIN_CHARACTER + b"*+").replace(CHARACTER, PLAIN_CHARACTER)


def careful_pattern(text: bytes) -> bytes:
    """Return the regex of a template for any block."""
    return text.replace(ANY_STRING, CAREFUL_STRING).replace(CHARACTER, PLAIN_CHARACTER)


# A way that is still being followed: the schemas that are done with, those that are not, those that must refuse, whether all
# that may apply is there, and the URIs of what was met.
_Way = tuple[tuple[Schema, ...], tuple[Schema, ...], tuple[Schema, ...], bool, frozenset[str]]


class Templates:
    """Makes the templates of one schema; *strict* and *duplicate_keys* are those of its validator."""

    def __init__(self, compiler: Compiler, *, strict: bool, unique_keys: bool) -> None:
        self.compiler = compiler
        self.strict = strict
        self.unique_keys = unique_keys
        self._gaps: dict[str, bytes] = {}
        self._places = 0
        self._has_exponents = False
        # The patterns of what is of a type and no more, by that and by what was seen.
        self._plain: dict[tuple[str, frozenset[str], bool], bytes] = {}

    def line_text(self, shape: LineShape) -> bytes:
        """
        Return the pattern of valid lines in *shape*, with stand-ins for strings and without the line's end.

        Raises:
            Unfit: there is none.
        """
        self._places = 0
        self._has_exponents = shape.root.has_exponents()
        self._gaps = {
            place: re.escape(next(iter(texts))) if len(texts) == 1 else rb"[ \t\r]*+"
            for place, texts in shape.gaps.items()
        }
        try:
            text = self.value(shape.root, Applied((self.compiler.root,)))
        except CycleError as error:
            raise Unfit("the keys have no common order") from error
        text = self._gap("start") + text + self._gap("end")
        if len(text) > MOST_TEXT:
            raise Unfit("the template is too large")
        return text

    def _gap(self, place: str) -> bytes:
        return self._gaps.get(place, b"")

    def accepts(self, schema: Schema, value: Any) -> bool:
        """Tell whether *schema* accepts the scalar *value*."""
        scope = self.compiler.entered(schema, ())
        verdict: bool = self.compiler.function(schema, Purpose("check", scope))(value)
        return verdict

    # One place

    def value(self, shape: Shape, applied: Applied) -> bytes:
        """
        Return the pattern of the values that *applied* allows at the place of *shape*.

        Raises:
            Unfit: there is none.
        """
        self._places += 1
        if self._places > MOST_PLACES:
            raise Unfit("the template is too large")
        if len(applied.schemas) == 1 and not applied.refused and not shape.sequences and not shape.lengths:
            (schema,) = applied.schemas
            if what_is_said(schema) == _TYPE:
                key = str(schema.contents["type"]), frozenset(shape.scalars), self._has_exponents  # type: ignore[index]
                if key not in self._plain:
                    self._plain[key] = self._value(shape, applied)
                return self._plain[key]
        return self._value(shape, applied)

    def _value(self, shape: Shape, applied: Applied) -> bytes:
        alternatives = self.alternatives(applied)
        texts = self._finite_texts(shape, applied, alternatives)
        for alternative in alternatives:
            texts += self._infinite_texts(shape, alternative)
        texts = list(dict.fromkeys(texts))
        if not texts:
            raise Unfit("a value has no pattern")
        if sum(map(len, texts)) > MOST_TEXT:
            raise Unfit("the template is too large")
        return _choice(texts)

    def _finite_texts(self, shape: Shape, applied: Applied, alternatives: list[Applied]) -> list[bytes]:
        """Return the patterns of null, the booleans and whatever an enum lists."""
        texts: dict[bytes, None] = {}
        for alternative in alternatives:
            types = [_types(schema) or frozenset() for schema in alternative.schemas]
            wanted = shape.scalars.union(*types)
            constants = [None] * ("null" in wanted) + [True, False] * ("boolean" in wanted)
            for choices in _choices(alternative.schemas):
                constants += [choice for choice in choices if not isinstance(choice, list | dict)]
            for constant in constants:
                text = literal_text(constant)
                if text is not None and text not in texts and self._allows(applied, alternative, constant):
                    texts[text] = None
        # One numeral may begin another, and no choice is revised.
        return sorted(texts, key=len, reverse=True)

    def _allows(self, applied: Applied, alternative: Applied, value: Any) -> bool:
        """Tell whether the scalar *value* is allowed; by the schemas' own functions where a look does not tell."""
        verdict = _plain_verdict(alternative, value)
        if verdict is not None:
            return verdict
        return all(self.accepts(schema, value) for schema in applied.schemas) and not any(
            self.accepts(schema, value) for schema in applied.refused
        )

    def _infinite_texts(self, shape: Shape, alternative: Applied) -> list[bytes]:
        if any(True for _ in _choices(alternative.schemas)):
            return []
        texts = []
        for kind, is_seen, make in (
            ("string", "string" in shape.scalars, self._string),
            ("number", bool(shape.scalars & {"integer", "number"}), self._number),
            ("array", bool(shape.lengths), self._array),
            ("object", bool(shape.sequences), self._object),
        ):
            is_named = kind in ("string", "number") and any(_names(schema, kind) for schema in alternative.schemas)
            if (is_seen or is_named) and all(_may_be(schema, kind) for schema in alternative.schemas):
                # What can't be expressed is left to the generic path; another kind may still do.
                with contextlib.suppress(Unfit):
                    _check_known(alternative.schemas, kind)
                    texts.append(make(shape, alternative))
        return texts

    def _string(self, shape: Shape, applied: Applied) -> bytes:
        excluded: list[str] = []
        for schema in applied.refused:
            excluded += self._excluded_texts(schema)
        return string_text(applied.schemas, excluded, asserts_format=self.compiler.options.formats)

    def _excluded_texts(self, schema: Schema) -> list[str]:
        """Return the strings that must be left out so that *schema* accepts none; ``Unfit`` where that is not enough."""
        for part in self._conjuncts(schema):
            if not _may_be(part, "string"):
                return []
            for choices in _choices([part]):
                return [choice for choice in choices if isinstance(choice, str)]
        raise Unfit("a schema must refuse a string")

    def _number(self, shape: Shape, applied: Applied) -> bytes:
        for schema in applied.refused:
            if not self._refuses_numbers(schema):
                raise Unfit("a schema must refuse a number")
        whole = any(_wants_integers(schema) for schema in applied.schemas)
        seen = shape.scalars
        if self._has_exponents and "fraction" in seen:
            # Who writes small floats with an exponent does so in every field, sooner or later, and large ones beside them.
            seen = seen | {"exponent", "digits", "zero"}
        return number_text(applied.schemas, seen, whole=whole)

    def _refuses_numbers(self, schema: Schema) -> bool:
        return any(
            not _may_be(part, "number")
            or any(
                not any(isinstance(choice, int | float) and not isinstance(choice, bool) for choice in choices)
                for choices in _choices([part])
            )
            for part in self._conjuncts(schema)
        )

    # Schemas that apply in place

    def alternatives(self, applied: Applied) -> list[Applied]:
        """
        Return the ways in which *applied* can hold, each as a flat list whose in-place keywords are done with.

        Raises:
            Unfit: there are too many, or a reference depends on where it is followed from.
        """
        done: list[Applied] = []
        open_ways: list[_Way] = [((), applied.schemas, applied.refused, applied.is_complete, frozenset[str]())]
        while open_ways:
            if len(open_ways) + len(done) > MOST_ALTERNATIVES:
                raise Unfit("too many alternatives at one place")
            flat, pending, refused, is_complete, seen = open_ways.pop(0)
            if not pending:
                done.append(Applied(flat, refused, is_complete))
                continue
            schema, rest = pending[0], pending[1:]
            contents: Any = schema.contents
            if contents is False:
                continue
            if contents is True or not contents or schema.uri in seen:
                open_ways.insert(0, (flat, rest, refused, is_complete, seen))
                continue
            words = _keywords(schema)
            if words & {"$dynamicRef", "$recursiveRef"}:
                raise Unfit("a dynamic reference")
            seen |= {schema.uri}
            if "$ref" in words:
                rest = (self.compiler.referenced(schema, "$ref", ()), *rest)
                if schema.dialect.generation <= 7:
                    # The words beside it say nothing; the reference itself counts in strict mode.
                    alone = replace(schema, contents={"$ref": contents["$ref"]})
                    open_ways.insert(0, ((*flat, alone), rest, refused, is_complete, seen))
                    continue
            if "allOf" in words:
                rest = (*_branches(schema, "allOf"), *rest)
            if "not" in words:
                refused = (*refused, schema.subschema("not"))
            ways = [(rest, refused, is_complete)]
            if "anyOf" in words:
                branches = _branches(schema, "anyOf")
                ways = [
                    ((branch, *way), others, complete and len(branches) == 1)
                    for branch in branches
                    for way, others, complete in ways
                ]
            if "oneOf" in words:
                branches = _branches(schema, "oneOf")
                ways = [
                    ((branch, *way), (*others, *branches[:index], *branches[index + 1 :]), complete)
                    for index, branch in enumerate(branches)
                    for way, others, complete in ways
                ]
            if "if" in words:
                ways = [fork for way in ways for fork in _forks(schema, *way)]
            open_ways[:0] = [((*flat, schema), *way, seen) for way in ways]
        return done

    def _conjuncts(self, schema: Schema) -> Iterator[Schema]:
        """Yield schemas of which each refuses whatever it refuses on behalf of *schema*: itself, ``$ref`` and ``allOf``."""
        stack, seen = [schema], set()
        while stack:
            part = stack.pop()
            if part.uri in seen:
                continue
            seen.add(part.uri)
            words = _keywords(part)
            if "$ref" in words:
                stack.append(self.compiler.referenced(part, "$ref", ()))
                if part.dialect.generation <= 7:
                    continue
            if "allOf" in words:
                stack.extend(_branches(part, "allOf"))
            yield part

    # Arrays

    def _array(self, shape: Shape, applied: Applied) -> bytes:
        for schema in applied.refused:
            if all(_may_be(part, "array") for part in self._conjuncts(schema)):
                raise Unfit("a schema must refuse an array")
        least = math.ceil(max([0, *values_of(applied.schemas, "minItems")]))
        most = math.floor(min([2**31, *values_of(applied.schemas, "maxItems")]))
        if any(flag is True for flag in values_of(applied.schemas, "uniqueItems")):
            most = min(most, 1)
        prefix = max([0, *(len(_prefix(schema)) for schema in applied.schemas)])
        if prefix:
            most = min(most, max(prefix, max(shape.lengths)))
            if most > prefix:
                raise Unfit("an array goes on behind its prefix")
        if most < least:
            raise Unfit("no number of items is allowed")
        empty = rb"\[" + self._gap("empty array") + rb"\]"
        if most == 0 or shape.item is None:
            if least:
                raise Unfit("only empty arrays were seen")
            return empty
        if prefix:
            return self._tuple_text(shape, applied, least, most, empty)
        items = Applied(
            tuple(subschema for schema in applied.schemas for subschema in _item_schemas(schema, 0)),
            is_complete=applied.is_complete,
        )
        body = self._repeated(self.value(shape.item, items), "array comma", b"]", max(least, 1), most)
        text = rb"\[" + self._gap("open array") + body + self._gap("close array") + rb"\]"
        return text if least else b"(?>" + text + b"|" + empty + b")"

    def _tuple_text(self, shape: Shape, applied: Applied, least: int, most: int, empty: bytes) -> bytes:
        assert shape.item is not None  # noqa: S101  # arrays without items were dealt with
        text = b""
        for index in range(most):
            schemas = tuple(found for schema in applied.schemas for found in _item_schemas(schema, index))
            item = self.value(shape.item, Applied(schemas, is_complete=applied.is_complete))
            if index == 0:
                text = item
            else:
                comma = self._comma("array comma")
                text += comma + item if index < least else b"(?:" + comma + item
        text += b")?+" * (most - max(least, 1))
        text = rb"\[" + self._gap("open array") + text + self._gap("close array") + rb"\]"
        return text if least else b"(?>" + text + b"|" + empty + b")"

    def _comma(self, kind: str) -> bytes:
        return self._gap(f"before {kind}") + b"," + self._gap(f"after {kind}")

    def _repeated(self, item: bytes, kind: str, closing: bytes, least: int, most: int) -> bytes:
        comma = self._comma(kind)
        if len(item) < _SHORT:
            return item + b"(?:" + comma + item + b"){%d,%d}+" % (least - 1, most - 1)
        close = self._gap("close array" if closing == b"]" else "close")
        # What follows the comma is no closing bracket, what follows the last item is one.
        ending = b"(?>" + comma + rb"(?!\%s)|(?=%s\%s))" % (closing, close, closing)
        return b"(?:" + item + ending + b"){%d,%d}+" % (least, most)

    # Objects

    def _object(self, shape: Shape, applied: Applied) -> bytes:
        schemas = applied.schemas
        required = {name for names in values_of(schemas, "required") if isinstance(names, list) for name in names}
        if not required <= shape.members.keys():
            raise Unfit("a required field was never seen")
        loose = self._loose_keys(shape, schemas)
        if loose is not None:
            return self._map_text(shape, applied, loose)
        always = set(shape.always) | required
        refused: dict[str, tuple[Schema, ...]] = {}
        for schema in applied.refused:
            key, subschema = self._refusal(schema, always, shape)
            if key is not None and subschema is not None:
                refused[key] = (*refused.get(key, ()), subschema)
        values: dict[str, bytes] = {}
        for key in shape.order():
            try:
                values[key] = self._member_value(shape.members[key], key, applied, refused.get(key, ()))
            except Unfit:
                if key in always:
                    raise
        self._check_presence(schemas, set(values), always)
        if is_sparse([len(keys) for keys, count in shape.sequences.items() for _ in range(count)], len(values)):
            raise Unfit("most fields are missing mostly, and looking for each takes as long as decoding")
        return self._members_text(shape, values, always)

    def _member_value(self, shape: Shape, key: str, applied: Applied, refused: tuple[Schema, ...]) -> bytes:
        found = [(schema, subschema) for schema in applied.schemas for subschema in _field_schemas(schema, key)]
        for name in values_of(applied.schemas, "propertyNames"):
            if name is not True:
                self._check_name(applied.schemas, key)
        for schema in applied.schemas:
            if "unevaluatedProperties" in _keywords(schema) and not self._evaluates(schema, key):
                raise Unfit("a field may be left unevaluated")
        is_free = applied.is_complete and all(_says_nothing(schema) for schema in applied.schemas)
        if self.strict and not found and not is_free:
            raise Unfit("a field is not declared")
        return self.value(shape, Applied(tuple(subschema for _, subschema in found), refused, applied.is_complete))

    def _check_name(self, schemas: Sequence[Schema], key: str) -> None:
        for schema in schemas:
            if "propertyNames" in _keywords(schema) and not self.accepts(schema.subschema("propertyNames"), key):
                raise Unfit("a name is not allowed")

    def _evaluates(self, schema: Schema, key: str) -> bool:
        """Tell whether *schema*, or one that it surely applies in place, speaks about the field *key*."""
        return any(
            keyword in _keywords(part) and key in part.contents[keyword]  # type: ignore[index]
            for part in self._conjuncts(schema)
            for keyword in ("properties",)
        )

    def _check_presence(self, schemas: Sequence[Schema], possible: set[str], always: set[str]) -> None:
        """Refuse what depends on which of the optional fields are there."""
        if any(limit < len(possible) for limit in values_of(schemas, "maxProperties")):
            raise Unfit("there may be too many fields")
        if any(limit > len(always) for limit in values_of(schemas, "minProperties")):
            raise Unfit("there may be too few fields")
        for keyword in ("dependentRequired", "dependentSchemas", "dependencies"):
            for dependencies in values_of(schemas, keyword):
                for key, dependency in dependencies.items():
                    names = [dependency] if isinstance(dependency, str) else dependency
                    if key in possible and not (isinstance(names, list) and always.issuperset(names)):
                        raise Unfit("a field depends on another")

    def _members_text(self, shape: Shape, values: dict[str, bytes], always: set[str]) -> bytes:
        colon = self._gap("before colon") + b":" + self._gap("after colon")
        comma = self._comma("comma")
        # White space that varies is no part of what is compared as one text.
        fixed, varying = (b"", colon) if b"[" in colon else (colon, b"")
        members = []
        for key, value in values.items():
            written = shape.written[key]
            if any(byte < 0x20 for byte in written):
                raise Unfit("a key has control characters")
            members.append((key in always, KEY_START + re.escape(written) + fixed + KEY_END + varying + value))
        opening, closing = rb"\{" + self._gap("open"), self._gap("close") + rb"\}"
        empty = rb"\{" + self._gap("empty object") + rb"\}"
        if not members:
            return empty
        if any(is_always for is_always, _ in members):
            first = next(index for index, (is_always, _) in enumerate(members) if is_always)
            text = b"".join(b"(?:" + member + comma + b")?+" for _, member in members[:first]) + members[first][1]
            for is_always, member in members[first + 1 :]:
                text += comma + member if is_always else b"(?:" + comma + member + b")?+"
            return opening + text + closing
        ending = b"(?>" + comma + rb'(?=")|(?=' + closing + b"))"
        text = opening + b"".join(b"(?:" + member + ending + b")?+" for _, member in members) + closing
        return b"(?>" + empty + b"|" + text + b")"

    def _loose_keys(self, shape: Shape, schemas: Sequence[Schema]) -> frozenset[str] | None:
        """Return the keys that no schema names, where they are too many for a pattern of their own; None otherwise."""
        named = {name for properties in values_of(schemas, "properties") for name in properties}
        said = frozenset[str]().union(*map(_keywords, schemas))
        is_closed = (
            self.strict if "additionalProperties" not in said else False in values_of(schemas, "additionalProperties")
        )
        if named and is_closed and "patternProperties" not in said:
            # None of them is allowed: they are those of the other branches of a union.
            return None
        loose = shape.members.keys() - named
        return frozenset(loose) if len(loose) > 3 and len(shape.always) <= len(loose) // 2 else None

    def _map_text(self, shape: Shape, applied: Applied, loose: frozenset[str]) -> bytes:
        """Return the pattern of an object whose keys are data: any key, and one schema for all values."""
        schemas = applied.schemas
        if loose != shape.members.keys() or any(values_of(schemas, "properties")) or self.unique_keys:
            raise Unfit("an object mixes named fields with free ones")
        if applied.refused or any(_keywords(schema) & _MINDS_KEYS for schema in schemas):
            raise Unfit("the keys of an object matter")
        common = Shape()
        for value_shape in shape.members.values():
            _unite(common, value_shape)
        found = tuple(
            schema.subschema("additionalProperties")
            for schema in schemas
            if "additionalProperties" in _keywords(schema)
        )
        is_free = applied.is_complete and all(_says_nothing(schema) for schema in schemas)
        if self.strict and not found and not is_free:
            raise Unfit("a field is not declared")
        value = self.value(common, Applied(found, is_complete=applied.is_complete))
        colon = self._gap("before colon") + b":" + self._gap("after colon")
        member = b'"' + CHARACTER + b'*+"' + colon + value
        body = self._repeated(member, "comma", b"}", 1, 2**31)
        text = rb"\{" + self._gap("open") + body + self._gap("close") + rb"\}"
        return b"(?>" + text + b"|" + rb"\{" + self._gap("empty object") + rb"\})"

    def _refusal(self, schema: Schema, always: set[str], shape: Shape) -> tuple[str | None, Schema | None]:
        """
        Return how *schema* comes to refuse an object of *shape*: by the subschema of a field, or (None, None) if anyway.

        Raises:
            Unfit: it may accept one.
        """
        candidates = []
        for part in self._conjuncts(schema):
            words = _keywords(part)
            if part.contents is False or not _may_be(part, "object"):
                return None, None
            contents: Any = part.contents
            if "required" in words and not set(contents["required"]) <= shape.members.keys():
                return None, None
            if "properties" in words:
                candidates += [
                    (key, part.subschema("properties", key))
                    for key in contents["properties"]
                    if key in always and self._is_telling(part.subschema("properties", key))
                ]
        if not candidates:
            raise Unfit("a schema must refuse an object")
        return candidates[0]

    def _is_telling(self, schema: Schema) -> bool:
        return any(
            part.contents is False or _keywords(part) & {"const", "enum"} or _types(part)
            for part in self._conjuncts(schema)
        )


_MINDS_KEYS = frozenset(
    {
        "patternProperties", "propertyNames", "minProperties", "maxProperties", "dependentRequired", "dependentSchemas",
        "dependencies", "unevaluatedProperties", "required",
    }
)  # fmt: skip


def _keywords(schema: Schema) -> frozenset[str]:
    contents = schema.contents
    return schema.dialect.keywords & contents.keys() if isinstance(contents, dict) else frozenset()


def _says_nothing(schema: Schema) -> bool:
    return not what_is_said(schema)


def _types(schema: Schema) -> frozenset[str] | None:
    if "type" not in _keywords(schema):
        return None
    named = schema.contents["type"]  # type: ignore[index]
    return frozenset([named] if isinstance(named, str) else named)


def _names(schema: Schema, kind: str) -> bool:
    types = _types(schema) or frozenset()
    return kind in types or (kind == "number" and "integer" in types)


def _may_be(schema: Schema, kind: str) -> bool:
    """Tell whether the ``type`` of *schema*, if it has one, allows values of *kind*."""
    if schema.contents is False:
        return False
    return _types(schema) is None or _names(schema, kind)


def _wants_integers(schema: Schema) -> bool:
    types = _types(schema)
    return types is not None and "number" not in types


def _plain_verdict(alternative: Applied, value: Any) -> bool | None:
    """Return whether *alternative* allows *value*, judged by type, enum and const alone; None where more may be said."""
    kind = "string" if isinstance(value, str) else "boolean" if isinstance(value, bool) else "null"
    if alternative.refused or (kind == "null" and value is not None):
        return None
    for schema in alternative.schemas:
        if _keywords(schema) - ANNOTATIONS - _OF_ANY - _SPOKEN_ABOUT.keys() or _keywords(schema) & _OF_STRINGS:
            return None
        types = _types(schema)
        if types is not None and kind not in types:
            return False
        if any(
            not any(type(choice) is type(value) and choice == value for choice in choices)
            for choices in _choices([schema])
        ):
            return False
    return True


def _choices(schemas: Sequence[Schema]) -> Iterator[list[Any]]:
    yield from values_of(schemas, "enum")
    for constant in values_of(schemas, "const"):
        yield [constant]


def _check_known(schemas: Sequence[Schema], kind: str) -> None:
    for schema in schemas:
        for word in _keywords(schema) - ANNOTATIONS - _OF_ANY - _OF_KIND[kind]:
            if _SPOKEN_ABOUT.get(word, kind) == kind:
                raise Unfit(f"{word} is not known to templates")


def _choice(texts: list[bytes]) -> bytes:
    if len(texts) == 1:
        return texts[0]
    # Where the first byte decides there is nothing to go back on, and a plain group is faster than an atomic one.
    is_decided = len({text[:1] for text in texts if text[:1].isalpha()}) == len(texts)
    return (b"(?:" if is_decided else b"(?>") + b"|".join(texts) + b")"


def _branches(schema: Schema, keyword: str) -> tuple[Schema, ...]:
    contents: Any = schema.contents
    return tuple(schema.subschema(keyword, index) for index in range(len(contents[keyword])))


def _forks(
    schema: Schema, pending: tuple[Schema, ...], refused: tuple[Schema, ...], is_complete: bool
) -> Iterator[tuple[tuple[Schema, ...], tuple[Schema, ...], bool]]:
    words = _keywords(schema)
    condition = schema.subschema("if")
    then = (schema.subschema("then"),) if "then" in words else ()
    otherwise = (schema.subschema("else"),) if "else" in words else ()
    yield (condition, *then, *pending), refused, is_complete
    yield (*otherwise, *pending), (*refused, condition), is_complete


def _prefix(schema: Schema) -> list[Any]:
    words, contents = _keywords(schema), schema.contents
    if "prefixItems" in words:
        return list(contents["prefixItems"])  # type: ignore[index]
    if "items" in words and isinstance(contents["items"], list):  # type: ignore[index]
        return list(contents["items"])  # type: ignore[index]
    return []


def _item_schemas(schema: Schema, index: int) -> Iterator[Schema]:
    words = _keywords(schema)
    contents: Any = schema.contents
    if index < len(_prefix(schema)):
        yield schema.subschema("prefixItems" if "prefixItems" in words else "items", index)
    elif "items" in words and not isinstance(contents["items"], list):
        yield schema.subschema("items")
    elif "additionalItems" in words and "items" in words:
        yield schema.subschema("additionalItems")


def _field_schemas(schema: Schema, key: str) -> Iterator[Schema]:
    words = _keywords(schema)
    contents: Any = schema.contents
    is_matched = False
    if "properties" in words and key in contents["properties"]:
        is_matched = True
        yield schema.subschema("properties", key)
    if "patternProperties" in words:
        for pattern in contents["patternProperties"]:
            if pattern_search(pattern)(key):
                is_matched = True
                yield schema.subschema("patternProperties", pattern)
    if not is_matched and "additionalProperties" in words:
        yield schema.subschema("additionalProperties")


def _unite(common: Shape, shape: Shape) -> None:
    """Add what *shape* saw to *common*; only shapes of values, not of the lines, lose their order so."""
    if common.sequences and not shape.sequences.keys() <= common.sequences.keys():
        merged = dict.fromkeys([*common.sequences, *shape.sequences], 1)
        if len(merged) > MOST_SEQUENCES_OF_MAPS:
            raise Unfit("a map's values have many sets of fields")
        try:
            replace(common, sequences=merged).order()
        except ValueError as error:
            raise Unfit("the fields of a map's values have no common order") from error
    common.scalars |= shape.scalars
    common.lengths |= shape.lengths
    for keys, count in shape.sequences.items():
        common.sequences[keys] = common.sequences.get(keys, 0) + count
    for key, member in shape.members.items():
        common.written.setdefault(key, shape.written[key])
        _unite(common.members.setdefault(key, Shape()), member)
    if shape.item:
        common.item = common.item or Shape()
        _unite(common.item, shape.item)
