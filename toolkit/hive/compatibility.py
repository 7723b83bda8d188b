"""
Two versions of a schema: what changed, and who notices.

``BACKWARD``: the new version accepts every event of the old one, so producers may stay as they are. ``FORWARD``: the old
version accepts every event of the new one, so readers may stay as they are. ``FULL``: both. ``…_TRANSITIVE``: against all
earlier versions, not only the last.

The comparison is safe rather than clever: a change whose effect can't be told counts against both directions.

Source of the words: https://docs.aws.amazon.com/glue/latest/dg/schema-registry.html
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal as Number
from typing import Any, Literal

from toolkit.errors import InvalidInput
from toolkit.hive.shape import KINDS, Shape
from toolkit.hive.shaping import declared_kinds, exact_number, shape_from_schema
from toolkit.schema import Schema, SchemaLike, as_schema
from toolkit.schema.structure import subschemas

Level = Literal["NONE", "BACKWARD", "FORWARD", "FULL", "BACKWARD_TRANSITIVE", "FORWARD_TRANSITIVE", "FULL_TRANSITIVE"]
LEVELS: tuple[Level, ...] = (
    "NONE",
    "BACKWARD",
    "FORWARD",
    "FULL",
    "BACKWARD_TRANSITIVE",
    "FORWARD_TRANSITIVE",
    "FULL_TRANSITIVE",
)
# Deeper schemas than this are compared as a whole.
_MAX_DEPTH = 60
_MAX_MADE = 50_000
_MAX_SHOWN = 60

ChangeKind = Literal["added", "removed", "widened", "narrowed", "changed"]


@dataclass(frozen=True, slots=True)
class SchemaChange:
    """
    One difference between two versions of a schema.

    ``path`` is the place in an event (``address.street``, ``items[].price``, ``tags{}``), "" for the event itself;
    ``pointer`` the place in the newer schema, or in the older one for what was removed. ``old`` and ``new`` are texts to be
    shown. ``is_backward`` and ``is_forward`` say in which direction the change is compatible.
    """

    kind: ChangeKind
    path: str
    keyword: str
    pointer: str
    old: str
    new: str
    is_backward: bool
    is_forward: bool

    def __str__(self) -> str:
        breaks = [who for who, fits in (("producers", self.is_backward), ("readers", self.is_forward)) if not fits]
        effect = f"breaks {' and '.join(breaks)}" if breaks else "breaks nobody"
        found = " → ".join(text for text in (self.old, self.new) if text)
        return f"{self.path or '(event)'}: {self.keyword} {self.kind}{': ' + found if found else ''} ({effect})"


@dataclass(frozen=True, slots=True)
class Compatibility:
    """The verdict on two versions, with the changes that it rests on."""

    changes: tuple[SchemaChange, ...]

    @property
    def is_backward(self) -> bool:
        """Whether producers may stay as they are: their events remain valid."""
        return all(change.is_backward for change in self.changes)

    @property
    def is_forward(self) -> bool:
        """Whether readers may stay as they are: the older schema accepts every new event."""
        return all(change.is_forward for change in self.changes)

    @property
    def level(self) -> Level:
        """FULL, BACKWARD, FORWARD or NONE."""
        if self.is_backward:
            return "FULL" if self.is_forward else "BACKWARD"
        return "FORWARD" if self.is_forward else "NONE"

    def __str__(self) -> str:
        return "\n".join([self.level, *(f"  {change}" for change in self.changes)])


def compatibility(old: SchemaLike, new: SchemaLike, *, strict: bool = True) -> Compatibility:
    """
    Return what changed from *old* to *new*, and for whom that is compatible.

    With *strict*, as the validator judges events by default, an undeclared field is refused; a new optional field is then
    BACKWARD only. Without it such a field may have come before, with any value.

    Raises:
        UnresolvableReference: a ``$ref`` leads nowhere.
        SchemaError: a version is neither an object nor a boolean, or a keyword holds something that it can't.
    """
    return Compatibility(tuple(_Comparison(strict).compare(as_schema(old), as_schema(new), "", _Way())))


def incompatible_changes(
    versions: Sequence[SchemaLike], level: Level = "BACKWARD", *, strict: bool = True
) -> tuple[tuple[int, SchemaChange], ...]:
    """
    Return what breaks *level* in the last of *versions*, oldest first; empty if it may be published.

    Each change comes with the index of the older version that it is measured against.

    Raises:
        InvalidInput: the level does not exist.
    """
    if level not in LEVELS:
        raise InvalidInput(f"compatibility level {level!r}: expected one of {', '.join(LEVELS)}")
    older = range(len(versions) - 1)
    if not level.endswith("_TRANSITIVE"):
        older = older[-1:]
    wants_backward = level.startswith(("BACKWARD", "FULL"))
    wants_forward = level.startswith(("FORWARD", "FULL"))
    return tuple(
        (index, change)
        for index in older
        for change in compatibility(versions[index], versions[-1], strict=strict).changes
        if (wants_backward and not change.is_backward) or (wants_forward and not change.is_forward)
    )


@dataclass(frozen=True, slots=True)
class _Way:
    """The pairs of schemas on the way to a place, and on each side the resources that it led through, outermost first."""

    pairs: tuple[tuple[str, str], ...] = ()
    old_bases: tuple[str, ...] = ()
    new_bases: tuple[str, ...] = ()


# Keywords with a limit: what grows lets more pass (1), or less (-1).
_LIMITS = {
    "maximum": 1,
    "exclusiveMaximum": 1,
    "maxLength": 1,
    "maxItems": 1,
    "maxProperties": 1,
    "minimum": -1,
    "exclusiveMinimum": -1,
    "minLength": -1,
    "minItems": -1,
    "minProperties": -1,
}
_ANNOTATIONS = frozenset(
    [
        *("$schema", "$id", "id", "$anchor", "$dynamicAnchor", "$recursiveAnchor", "$vocabulary", "$comment", "$defs"),
        *("definitions", "title", "description", "default", "examples", "deprecated", "readOnly", "writeOnly"),
        *("contentEncoding", "contentMediaType", "contentSchema"),
    ]
)
_REFERENCES = ("$ref", "$dynamicRef", "$recursiveRef")
_BRANCHES = ("allOf", "anyOf", "oneOf")
_HANDLED = frozenset(
    ["type", "enum", "const", "required", "properties", "additionalProperties", *_BRANCHES, *_REFERENCES]
)
# Keywords whose presence tells no direction: they declare fields, thanks to which an event passes in strict mode, or take
# over what another keyword judged before.
_UNCLEAR = frozenset(
    [
        *("if", "then", "else", "dependentSchemas", "dependencies", "propertyDependencies", "patternProperties"),
        *("unevaluatedProperties", "unevaluatedItems", "contains", "minContains", "maxContains", "prefixItems"),
        "additionalItems",
    ]
)


_UNEVALUATED = frozenset(["unevaluatedProperties", "unevaluatedItems"])
# Where the schemas stand that judge a key which no property declares, and those that speak of the same value.
_OF_REST = frozenset(["additionalProperties", "patternProperties", "unevaluatedProperties"])
_BESIDE = frozenset([*_BRANCHES, "if", "then", "else", "dependentSchemas", "dependencies", "propertyDependencies"])


@dataclass(frozen=True, slots=True)
class _Whole:
    """A place in an event: both schemas of it, and whether fields that no part of them declares are refused there."""

    old: Schema
    new: Schema
    is_closed: bool

    def has_part(self, old: Schema, new: Schema) -> bool:
        """Whether *old* and *new* stand inside the schemas of the place."""
        return (old, new) != (self.old, self.new)


@dataclass(slots=True)
class _Comparison:
    """One walk over both schemas at once."""

    strict: bool
    made: int = 0
    # By registry and URI: the shape of a place, and whether it takes any value in a key that nothing declares.
    places: dict[tuple[int, str], tuple[Shape, bool]] = field(default_factory=dict)

    def compare(
        self, old: Schema, new: Schema, path: str, way: _Way, whole: _Whole | None = None
    ) -> Iterator[SchemaChange]:
        """
        Yield the changes from *old* to *new*, which speak of the same place *path*.

        *whole* is the place, of which these may be parts: only it knows which keys are declared there.
        """
        (old, old_bases), (new, new_bases) = _followed(old, way.old_bases), _followed(new, way.new_bases)
        whole = whole or _Whole(old, new, self.strict)
        if not whole.is_closed and any(_keywords(schema).keys() & _UNEVALUATED for schema in (old, new)):
            # These keywords say for one place what strict mode says for all.
            whole = replace(whole, is_closed=True)
        pair = (old.uri, new.uri)
        if pair in way.pairs:
            return
        self.made += 1
        if len(way.pairs) > _MAX_DEPTH or self.made > _MAX_MADE:
            yield _change("changed", path, "schema", new, "too large", "to compare", False, False)
            return
        way = _Way((*way.pairs, pair), old_bases, new_bases)
        if any(isinstance(schema.contents, bool) or not _keywords(schema) for schema in (old, new)):
            yield from self._booleans(old, new, path, whole)
            return
        if (old.dialect.generation == 4) != (new.dialect.generation == 4):
            # In draft-04 the number 1.0 is no integer, and exclusive bounds are booleans.
            yield _change("changed", path, "$schema", new, old.dialect.name, new.dialect.name, False, False)
        for compared in (_types, _values, _limits, _required):
            yield from compared(old, new, path)
        yield from self._properties(old, new, path, way, whole)
        yield from self._items(old, new, path, way)
        yield from self._references(old, new, path, way, whole)
        for keyword in _BRANCHES:
            yield from self._branches(keyword, old, new, path, way, whole)
        for keyword in sorted((_keywords(old).keys() | _keywords(new).keys()) - _HANDLED - _LIMITS.keys() - {"items"}):
            yield from self._other(keyword, old, new, path, way)

    def _booleans(self, old: Schema, new: Schema, path: str, whole: _Whole) -> Iterator[SchemaChange]:
        # A schema that says nothing is the same as true.
        before, after = (
            schema.contents if _keywords(schema) or schema.contents is False else True for schema in (old, new)
        )
        if _same(before, after):
            return
        is_wider = before is False or after is True
        is_narrower = before is True or after is False
        kind = _direction(is_wider, is_narrower)
        if whole.is_closed and whole.has_part(old, new) and not (_declares_nothing(old) and _declares_nothing(new)):
            # Beside other schemas, this one also declares fields or no longer does.
            is_wider = is_narrower = False
        yield _change(kind, path, "schema", new, _shown(before), _shown(after), is_wider, is_narrower)

    def _properties(self, old: Schema, new: Schema, path: str, way: _Way, whole: _Whole) -> Iterator[SchemaChange]:
        before, after = _mapping(old, "properties"), _mapping(new, "properties")
        for key in [*before, *(key for key in after if key not in before)]:
            inside = f"{path}.{key}" if path else key
            tokens = ("properties", key)
            if key in before and key in after:
                yield from self.compare(old.subschema(*tokens), new.subschema(*tokens), inside, way)
            elif key in after:
                refused, anything = self._undeclared(whole.old, key)
                yield _change(
                    "added", inside, "property", new, "", _kind_text(new.subschema(*tokens)), refused, anything, key
                )
            else:
                refused, anything = self._undeclared(whole.new, key)
                yield _change(
                    "removed", inside, "property", old, _kind_text(old.subschema(*tokens)), "", anything, refused, key
                )
        yield from self._rest(old, new, path, way, whole)

    def _undeclared(self, schema: Schema, key: str) -> tuple[bool, bool]:
        """Whether *schema* refuses the key, which is none of its properties, and whether it takes any value there."""
        place = id(schema.registry), schema.uri
        if place not in self.places:
            shape = shape_from_schema(schema, recursion_depth=0)
            # A shape forgets what no column can tell, such as lengths.
            is_free = shape.rest is not None and shape.rest.is_untyped and shape.rest_is_exact
            self.places[place] = shape, is_free and not any(map(_keywords, _rests(schema)))
        shape, takes_anything = self.places[place]
        if key in shape.properties:
            # Something beside the properties declares it: an alternative, a condition, a reference.
            return False, False
        if shape.rest is not None:
            return shape.rest.is_never and (shape.rest_is_exact or self.strict), takes_anything
        return self.strict, not self.strict

    def _rest(self, old: Schema, new: Schema, path: str, way: _Way, whole: _Whole) -> Iterator[SchemaChange]:
        keyword = "additionalProperties"
        before, after = _keywords(old).get(keyword), _keywords(new).get(keyword)
        if not whole.is_closed or (not whole.has_part(old, new) and _is_alone(old) and _is_alone(new)):
            # Where nothing is said, strict mode says no and the specification yes.
            before, after = (not whole.is_closed if value is None else value for value in (before, after))
        if isinstance(before, Mapping) and isinstance(after, Mapping):
            yield from self.compare(old.subschema(keyword), new.subschema(keyword), f"{path}{{}}", way)
        elif not _same(before, after):
            # From least to most: false, nothing said (keys declared elsewhere pass), true.
            order = [str(value) for value in (False, None, True)]
            known = str(before) in order and str(after) in order
            is_wider = known and order.index(str(before)) < order.index(str(after))
            is_narrower = known and not is_wider
            if not known:
                is_wider, is_narrower = before is False or after is True, before is True or after is False
            kind = _direction(is_wider, is_narrower)
            yield _change(kind, path, keyword, new, _text(before), _text(after), is_wider, is_narrower)

    def _items(self, old: Schema, new: Schema, path: str, way: _Way) -> Iterator[SchemaChange]:
        before, after = (_keywords(schema).get("items", True) for schema in (old, new))
        inside = f"{path}[]"
        if isinstance(before, Mapping) and isinstance(after, Mapping):
            yield from self.compare(old.subschema("items"), new.subschema("items"), inside, way)
        elif isinstance(before, list) or isinstance(after, list):
            yield from self._other("items", old, new, inside, way)
        elif not _same(before, after):
            is_wider, is_narrower = after is True or before is False, before is True or after is False
            kind = _direction(is_wider, is_narrower)
            if _UNCLEAR & (_keywords(old).keys() | _keywords(new).keys()):
                is_wider = is_narrower = False
            yield _change(kind, inside, "items", new, _shown(before), _shown(after), is_wider, is_narrower)

    def _references(self, old: Schema, new: Schema, path: str, way: _Way, whole: _Whole) -> Iterator[SchemaChange]:
        for keyword in _REFERENCES:
            before, after = _keywords(old).get(keyword), _keywords(new).get(keyword)
            if isinstance(before, str) and isinstance(after, str):
                targets = _target(old, keyword, way.old_bases), _target(new, keyword, way.new_bases)
                yield from self.compare(*targets, path, way, whole)
            elif before is not None or after is not None:
                yield _change("changed", path, keyword, new, _text(before), _text(after), False, False)

    def _branches(
        self, keyword: str, old: Schema, new: Schema, path: str, way: _Way, whole: _Whole
    ) -> Iterator[SchemaChange]:
        before, after = (
            [schema.subschema(keyword, index) for index in range(len(_list(schema, keyword)))] for schema in (old, new)
        )
        if not before or not after:
            if before or after:
                # Without the keyword more passes; but in strict mode its branches also declare fields.
                is_wider, is_narrower = not after and not whole.is_closed, not before and not whole.is_closed
                yield _change("narrowed" if after else "widened", path, keyword, new, "", "", is_wider, is_narrower)
            return
        found = [change for a, b in zip(before, after, strict=False) for change in self.compare(a, b, path, way, whole)]
        yield from found
        missing, added = before[len(after) :], after[len(before) :]
        if missing or added:
            # One more alternative lets more pass; one more condition lets less pass and, in strict mode, more fields.
            is_more = bool(added) != (keyword == "allOf")
            is_unclear = keyword == "allOf" and whole.is_closed
            kind = _direction(is_more, not is_more)
            counts = [f"{len(branches)} schemas" for branches in (before, after)]
            is_wider, is_narrower = is_more and not is_unclear, not is_more and not is_unclear
            yield _change(kind, path, keyword, new, counts[0], counts[1], is_wider, is_narrower)
        if keyword == "oneOf" and (found or missing or added) and not (_exclude(before) and _exclude(after)):
            # An event may now fit two alternatives where it fitted one, or the reverse.
            yield _change("changed", path, keyword, new, "one alternative", "perhaps two, or none", False, False)

    def _other(self, keyword: str, old: Schema, new: Schema, path: str, way: _Way) -> Iterator[SchemaChange]:
        """Yield a change of a keyword whose meaning is not compared: whether it is there tells a direction at most."""
        before, after = _keywords(old).get(keyword), _keywords(new).get(keyword)
        if keyword == "uniqueItems":
            before, after = before or None, after or None
        if _same(before, after):
            if self._differs_inside(keyword, old, new, path, way):
                yield _change("changed", path, keyword, new, "", "", False, False)
            return
        is_unclear = keyword in _UNCLEAR or keyword == "items"
        is_wider = after is None and not is_unclear
        is_narrower = before is None and not is_unclear
        if keyword == "multipleOf" and before and after:
            is_wider, is_narrower = _divides(after, before), _divides(before, after)
        kind = _direction(is_wider, is_narrower)
        yield _change(kind, path, keyword, new, _text(before), _text(after), is_wider, is_narrower)

    def _differs_inside(self, keyword: str, old: Schema, new: Schema, path: str, way: _Way) -> bool:
        """Whether a schema below *keyword*, alike in both texts, refers to something that changed."""
        for tokens, _ in subschemas(dict(_keywords(old)), old.dialect):
            if tokens[0] == keyword and any(self.compare(old.subschema(*tokens), new.subschema(*tokens), path, way)):
                return True
        return False


def _direction(is_wider: bool, is_narrower: bool) -> ChangeKind:
    return "widened" if is_wider else "narrowed" if is_narrower else "changed"


def _change(
    kind: ChangeKind,
    path: str,
    keyword: str,
    where: Schema,
    old: str,
    new: str,
    is_backward: bool,
    is_forward: bool,
    key: str | None = None,
) -> SchemaChange:
    pointer = where.subschema("properties", key).pointer if key is not None else where.pointer
    return SchemaChange(kind, path, keyword, pointer, old, new, is_backward, is_forward)


def _declares_nothing(schema: Schema) -> bool:
    shape = shape_from_schema(schema, recursion_depth=0)
    return not shape.properties and shape.rest is None and shape.items is None and shape.listed is None


def _rests(schema: Schema) -> Iterator[Schema]:
    """Yield each schema that *schema*, or one beside it for the same value, has for keys that no property declares."""
    stack, met = [schema], set()
    while stack:
        here = stack.pop()
        if here.uri in met:
            continue
        met.add(here.uri)
        for tokens, inner in here.subschemas().items():
            if tokens[0] in _OF_REST:
                yield inner
            elif tokens[0] in _BESIDE:
                stack.append(inner)
        references = (_keywords(here).get(keyword) for keyword in _REFERENCES)
        stack += [here.resolve(reference) for reference in references if isinstance(reference, str)]


def _is_alone(schema: Schema) -> bool:
    """Whether no other keyword of *schema* declares fields beside its properties."""
    return not _keywords(schema).keys() & {*_BRANCHES, *_REFERENCES, *_UNCLEAR}


def _keywords(schema: Schema) -> Mapping[str, Any]:
    contents = schema.contents
    if not isinstance(contents, Mapping):
        return {}
    known = schema.dialect.keywords
    return {key: value for key, value in contents.items() if key in known and key not in _ANNOTATIONS}


def _followed(schema: Schema, bases: tuple[str, ...] = ()) -> tuple[Schema, tuple[str, ...]]:
    """Return what *schema* refers to, where it does nothing but refer, and *bases* with the resources that led there."""
    met: set[str] = set()
    while True:
        bases = bases if schema.base_uri in bases else (*bases, schema.base_uri)
        if not isinstance(schema.contents, Mapping) or schema.uri in met:
            break
        met.add(schema.uri)
        reference = schema.contents.get("$ref")
        if not isinstance(reference, str):
            break
        if schema.dialect.generation > 7 and len(_keywords(schema)) > 1:
            break
        schema = schema.resolve(reference)
    return schema, bases


def _target(schema: Schema, keyword: str, bases: Sequence[str]) -> Schema:
    """Return what the reference of *schema* means, having come through *bases*: a dynamic one the outermost of its name."""
    reference: str = _keywords(schema)[keyword]
    target = schema.resolve(reference)
    anchors = target.contents if isinstance(target.contents, Mapping) else {}
    name = reference.partition("#")[2] if keyword == "$dynamicRef" else ""
    is_dynamic = anchors.get("$dynamicAnchor") == name if name else anchors.get("$recursiveAnchor") is True
    if keyword != "$ref" and is_dynamic:
        for base in bases:
            if found := schema.registry.dynamic_anchors(base).get(name):
                return found
    return target


def _mapping(schema: Schema, keyword: str) -> Mapping[str, Any]:
    found = _keywords(schema).get(keyword)
    return found if isinstance(found, Mapping) else {}


def _list(schema: Schema, keyword: str) -> Sequence[Any]:
    found = _keywords(schema).get(keyword)
    return found if isinstance(found, list) else []


def _same(a: Any, b: Any) -> bool:
    """Whether both are the same JSON; True is not 1, but 1.0 is."""
    return _canonical(a) == _canonical(b)


def _canonical(value: Any) -> str:
    return json.dumps(_with_whole_numbers(value), sort_keys=True)


def _with_whole_numbers(value: Any) -> Any:
    match value:
        case float() if value.is_integer():
            return int(value)
        case list():
            return list(map(_with_whole_numbers, value))
        case Mapping():
            return {key: _with_whole_numbers(inner) for key, inner in value.items()}
    return value


def _shown(value: Any) -> str:
    text = _canonical(value)
    return text if len(text) <= _MAX_SHOWN else text[: _MAX_SHOWN - 1] + "…"


def _text(value: Any) -> str:
    return "none" if value is None else _shown(value)


def _type_text(contents: Any) -> str:
    found = contents.get("type", "any") if isinstance(contents, Mapping) else contents
    return found if isinstance(found, str) else _shown(found)


def _kind_text(schema: Schema) -> str:
    """Return the kinds of values that *schema* takes, also where no ``type`` says so."""
    contents = _followed(schema)[0].contents
    if not isinstance(contents, Mapping) or "type" in contents:
        return _type_text(contents)
    try:
        kinds = shape_from_schema(schema).kinds
    except InvalidInput:
        # It unfolds to more than can be looked at.
        return "any"
    named = sorted(kinds - {"integer"} if "number" in kinds else kinds)
    return "any" if kinds >= KINDS else named[0] if len(named) == 1 else _shown(named)


def _types(old: Schema, new: Schema, path: str) -> Iterator[SchemaChange]:
    before, after = declared_kinds(old), declared_kinds(new)
    if before != after:
        yield _compared(before, after, path, "type", old, new, *(_type_text(schema.contents) for schema in (old, new)))


def _values(old: Schema, new: Schema, path: str) -> Iterator[SchemaChange]:
    before, after = _allowed(old), _allowed(new)
    if before == after:
        return
    keyword = "enum" if "enum" in _keywords(new) or "enum" in _keywords(old) else "const"
    if before is None or after is None:
        is_wider = after is None
        kind = _direction(is_wider, not is_wider)
        yield _change(kind, path, keyword, new, _set_text(before), _set_text(after), is_wider, not is_wider)
    else:
        yield _compared(before, after, path, keyword, old, new, _set_text(before), _set_text(after))


def _allowed(schema: Schema) -> frozenset[str] | None:
    keywords = _keywords(schema)
    values = keywords.get("enum")
    listed = frozenset(map(_canonical, values)) if isinstance(values, list) else None
    if "const" not in keywords:
        return listed
    constant = frozenset([_canonical(keywords["const"])])
    return constant if listed is None else constant & listed


def _set_text(values: frozenset[str] | None) -> str:
    text = ", ".join(sorted(values)) if values is not None else "any"
    return text if len(text) <= _MAX_SHOWN else text[: _MAX_SHOWN - 1] + "…"


def _compared(
    before: frozenset[str], after: frozenset[str], path: str, keyword: str, old: Schema, new: Schema, *shown: str
) -> SchemaChange:
    is_wider, is_narrower = before <= after, after <= before
    kind = _direction(is_wider, is_narrower)
    return _change(kind, path, keyword, new, shown[0], shown[1], is_wider, is_narrower)


def _limits(old: Schema, new: Schema, path: str) -> Iterator[SchemaChange]:
    before, after = _keywords(old), _keywords(new)
    for keyword, direction in _LIMITS.items():
        was, is_now = before.get(keyword), after.get(keyword)
        if _same(was, is_now):
            continue
        first, second = exact_number(was), exact_number(is_now)
        if (was is not None and first is None) or (is_now is not None and second is None):
            # Draft-04's booleans.
            yield _change("changed", path, keyword, new, _shown(was), _shown(is_now), False, False)
            continue
        is_wider = first is not None and (second is None or (second - first) * direction >= 0)
        kind = _direction(is_wider, not is_wider)
        yield _change(kind, path, keyword, new, _text(was), _text(is_now), is_wider, not is_wider)


def _required(old: Schema, new: Schema, path: str) -> Iterator[SchemaChange]:
    before, after = ({str(key) for key in _list(schema, "required")} for schema in (old, new))
    for key in sorted(after - before):
        yield _change(
            "narrowed", f"{path}.{key}" if path else key, "required", new, "optional", "required", False, True
        )
    for key in sorted(before - after):
        yield _change("widened", f"{path}.{key}" if path else key, "required", new, "required", "optional", True, False)


def _exclude(branches: Sequence[Schema]) -> bool:
    """Whether no value fits two of *branches*: by type, or by the constant of a required property."""
    followed = [_followed(branch)[0] for branch in branches]
    return all(
        not declared_kinds(a) & declared_kinds(b) or _told_apart(a, b)
        for index, a in enumerate(followed)
        for b in followed[index + 1 :]
    )


def _told_apart(a: Schema, b: Schema) -> bool:
    if declared_kinds(a) != {"object"} or declared_kinds(b) != {"object"}:
        return False
    for key in {str(key) for key in _list(a, "required")} & {str(key) for key in _list(b, "required")}:
        if key in _mapping(a, "properties") and key in _mapping(b, "properties"):
            one, other = (_allowed(schema.subschema("properties", key)) for schema in (a, b))
            if one is not None and other is not None and not one & other:
                return True
    return False


def _divides(a: Any, b: Any) -> bool:
    """Whether every multiple of *b* is one of *a*."""
    try:
        return Number(repr(b)) % Number(repr(a)) == 0
    except ArithmeticError:
        return False
