"""
From a schema to its :class:`Shape`: references followed, alternatives merged, recursion cut.

Sources: https://json-schema.org/draft/2020-12/json-schema-core and …/json-schema-validation.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal as Number
from functools import reduce
from typing import Any

from toolkit.errors import SchemaError
from toolkit.hive.shape import ANY, KINDS, NEVER, NUMERIC, Shape, TooLarge, both, either, or_of_rest
from toolkit.schema import Schema

# Deeper than any event that somebody can query, and shallow enough for the recursive functions of this room.
MAX_DEPTH = 60
# A schema of a few lines can unfold to millions of subschemas; far fewer than these already exceed what Athena takes.
MAX_MADE = 100_000
# The reasons for which the inside of a value is not described.
CUT_RECURSION = "recursion"
CUT_DEPTH = "depth"
# More digits after the point than any decimal holds are as good as unbounded.
_MAX_SCALE = 38


def shape_from_schema(
    schema: Schema,
    *,
    recursion_depth: int = 2,
    circles: Mapping[str, int] | None = None,
    rounds: int = 0,
    at_most: int = MAX_MADE,
) -> Shape:
    """
    Return the shape of the values that *schema* lets pass.

    A schema that stands inside itself is followed *recursion_depth* times; the rest is cut. With *circles*, as
    :func:`toolkit.hive.circles.circles` finds them, all schemas of one circle count together, and are followed *rounds* times,
    at most *recursion_depth* + 1: many that refer to each other unfold to far less, and in far less time.

    Raises:
        UnresolvableReference: a ``$ref`` leads nowhere, with its pointer.
        SchemaError: a keyword holds something that it can't, with its pointer.
        TooLarge: the schema unfolds to more than *at_most* subschemas, 100,000 unless told otherwise.
    """
    return _Shaping(schema, recursion_depth, circles, rounds, at_most).shape(schema, _Place())


@dataclass(frozen=True, slots=True)
class _Place:
    """Where the walk stands: references entered on the way, those entered at this very place, and the depth."""

    entered: tuple[str, ...] = ()
    here: frozenset[str] = frozenset()
    scope: tuple[str, ...] = ()
    depth: int = 0

    def inside(self) -> _Place:
        return replace(self, here=frozenset(), depth=self.depth + 1)

    def beside(self) -> _Place:
        return replace(self, depth=self.depth + 1)

    def through(self, target: Schema) -> _Place:
        return _Place(
            (*self.entered, target.uri), self.here | {target.uri}, (*self.scope, target.base_uri), self.depth + 1
        )


@dataclass(slots=True)
class _Trace:
    """What the shape of a reference depended on beside its own schema."""

    met: set[str] = field(default_factory=set)  # every reference followed inside
    highest: int = MAX_DEPTH  # the index of the outermost reference that was met again
    deepest: int = 0  # how deep the walk came
    is_local: bool = False  # whether the depth ended it, or a dynamic reference was followed

    def add(self, inner: _Trace) -> None:
        self.met |= inner.met
        self.highest = min(self.highest, inner.highest)
        self.deepest = max(self.deepest, inner.deepest)
        self.is_local |= inner.is_local


@dataclass(slots=True)
class _Shaping:
    """One walk over a schema."""

    root: Schema
    recursion_depth: int
    circles: Mapping[str, int] | None
    rounds: int
    at_most: int
    made: int = 0
    # Shapes of references that are the same wherever they stand, with what they met and how deep they go; by the number of
    # rounds that their circle has had before.
    known: dict[tuple[str, int], tuple[Shape, frozenset[str], int]] = field(default_factory=dict)
    trace: _Trace = field(default_factory=_Trace)

    def shape(self, schema: Schema, place: _Place) -> Shape:
        self.made += 1
        if self.made > self.at_most:
            raise TooLarge(
                f"#{self.root.pointer}: the schema unfolds to more than {self.at_most} subschemas; lower the recursion depth"
            )
        self.trace.deepest = max(self.trace.deepest, place.depth)
        if isinstance(schema.contents, bool):
            return replace(ANY if schema.contents else NEVER, pointers=(self._pointer(schema),))
        if place.depth >= MAX_DEPTH:
            self.trace.is_local = True
            return Shape(cut=CUT_DEPTH, pointers=(self._pointer(schema),))
        description = schema.contents.get("description")
        found = Shape(
            pointers=(self._pointer(schema),), description=description if isinstance(description, str) else ""
        )
        keywords = _keywords(schema)
        for number in sorted({_FAMILIES[keyword] for keyword in keywords if keyword in _FAMILIES}):
            found = both(found, _READERS[number][1](self, schema, place))
        return self._with_unevaluated(found, schema, place)

    def _with_unevaluated(self, found: Shape, schema: Schema, place: _Place) -> Shape:
        """Add what the last two keywords say of whatever all others left over."""
        if "unevaluatedProperties" in _keywords(schema) and (found.rest is None or not found.rest_is_exact):
            left_over = self._inner(schema, place, "unevaluatedProperties")
            rest = left_over if found.rest is None else either(found.rest, left_over)
            properties = {
                key: or_of_rest(inner, left_over) if key in found.partial else inner
                for key, inner in found.properties.items()
            }
            is_exact = found.rest is None and not found.partial
            found = replace(found, properties=properties, rest=rest, rest_is_exact=is_exact)
        if "unevaluatedItems" in _keywords(schema) and found.items is None:
            left_over = self._inner(schema, place, "unevaluatedItems")
            items = left_over if found.listed is None else either(found.listed, left_over)
            found = replace(found, items=items, listed=None)
        return found

    def _pointer(self, schema: Schema) -> str:
        return schema.pointer if schema.base_uri == self.root.base_uri else schema.uri

    def _inner(self, schema: Schema, place: _Place, *tokens: str | int) -> Shape:
        """Return the shape of the subschema at *tokens*, which speaks of a part of the value."""
        return self.shape(_subschema(schema, *tokens), place.inside())

    def _same(self, schema: Schema, place: _Place, *tokens: str | int) -> Shape:
        """Return the shape of the subschema at *tokens*, which speaks of the same value."""
        return self.shape(_subschema(schema, *tokens), place.beside())

    # References

    def reference(self, schema: Schema, place: _Place) -> Shape:
        return self._referenced(schema.resolve(_text(schema, "$ref")), place)

    def dynamic_reference(self, schema: Schema, place: _Place) -> Shape:
        text = _text(schema, "$dynamicRef")
        target = schema.resolve(text)
        name = text.partition("#")[2]
        if isinstance(target.contents, dict) and target.contents.get("$dynamicAnchor") == name:
            target = self._outermost(schema, place, name, target)
        return self._referenced(target, place, is_dynamic=True)

    def recursive_reference(self, schema: Schema, place: _Place) -> Shape:
        target = schema.resolve(_text(schema, "$recursiveRef"))
        if isinstance(target.contents, dict) and target.contents.get("$recursiveAnchor") is True:
            target = self._outermost(schema, place, "", target)
        return self._referenced(target, place, is_dynamic=True)

    def _outermost(self, schema: Schema, place: _Place, name: str, target: Schema) -> Schema:
        for base_uri in (self.root.base_uri, *place.scope):
            anchored = schema.registry.dynamic_anchors(base_uri).get(name)
            if anchored is not None:
                return anchored
        return target

    def _referenced(self, target: Schema, place: _Place, *, is_dynamic: bool = False) -> Shape:
        uri = target.uri
        self.trace.met.add(uri)
        rounds = self._rounds_before(uri, place)
        if uri in place.here:
            # The reference leads back to itself without going any deeper: it says nothing.
            self.trace.highest = min(self.trace.highest, place.entered.index(uri))
            return ANY
        if rounds is not None and rounds >= self.rounds:
            return self._cut(target)
        if uri in place.entered and rounds is None:
            self.trace.highest = min(self.trace.highest, place.entered.index(uri))
            if place.entered.count(uri) > self.recursion_depth:
                return self._cut(target)
        elif (uri, rounds or 0) in self.known:
            found, met, height = self.known[uri, rounds or 0]
            # Where circles count, all that a shape depends on beside its rounds is what was entered at this very place.
            is_same = met.isdisjoint(place.entered if self.circles is None else place.here)
            if is_same and place.depth + height < MAX_DEPTH:
                self.trace.add(_Trace(set(met), deepest=place.depth + height))
                return found
        outer, self.trace = self.trace, _Trace()
        found = self.shape(target, place.through(target))
        trace, self.trace = self.trace, outer
        trace.is_local |= is_dynamic
        outer.add(trace)
        is_first = uri not in place.entered or rounds is not None
        if is_first and trace.highest >= len(place.entered) and not trace.is_local:
            self.known[uri, rounds or 0] = (found, frozenset(trace.met | {uri}), trace.deepest - place.depth)
        return found

    def _rounds_before(self, uri: str, place: _Place) -> int | None:
        """Return how many schemas of the circle of *uri* were entered on the way; None where circles don't count."""
        if self.circles is None or uri not in self.circles:
            return None
        circle = self.circles[uri]
        return sum(self.circles.get(entered) == circle for entered in place.entered)

    def _cut(self, target: Schema) -> Shape:
        return Shape(kinds=declared_kinds(target), cut=CUT_RECURSION, pointers=(self._pointer(target),))

    # Alternatives

    def all_of(self, schema: Schema, place: _Place) -> Shape:
        return reduce(both, self._branches(schema, place, "allOf"), ANY)

    def any_of(self, schema: Schema, place: _Place) -> Shape:
        return reduce(either, self._branches(schema, place, "anyOf"), NEVER)

    def one_of(self, schema: Schema, place: _Place) -> Shape:
        return reduce(either, self._branches(schema, place, "oneOf"), NEVER)

    def _branches(self, schema: Schema, place: _Place, keyword: str) -> Iterator[Shape]:
        branches = _keywords(schema)[keyword]
        if not isinstance(branches, list) or not branches:
            raise _wrong(schema, keyword, "a list of schemas", branches)
        for index in range(len(branches)):
            yield self._same(schema, place, keyword, index)

    def conditional(self, schema: Schema, place: _Place) -> Shape:
        keywords = _keywords(schema)
        met = self._same(schema, place, "if")
        if "then" in keywords:
            met = both(met, self._same(schema, place, "then"))
        return either(met, self._same(schema, place, "else") if "else" in keywords else ANY)

    def dependent_schemas(self, schema: Schema, place: _Place) -> Shape:
        return self._dependent(schema, place, "dependentSchemas")

    def dependencies(self, schema: Schema, place: _Place) -> Shape:
        return self._dependent(schema, place, "dependencies")

    def _dependent(self, schema: Schema, place: _Place, keyword: str) -> Shape:
        found = ANY
        for key, value in _mapping(schema, keyword).items():
            if not isinstance(value, list):
                found = both(found, either(self._same(schema, place, keyword, key), ANY))
        return found

    def property_dependencies(self, schema: Schema, place: _Place) -> Shape:
        found = ANY
        for key, choices in _mapping(schema, "propertyDependencies").items():
            if isinstance(choices, dict):
                branches = (self._same(schema, place, "propertyDependencies", key, choice) for choice in choices)
                found = both(found, reduce(either, branches, ANY))
        return found

    # Types and values

    def type(self, schema: Schema, place: _Place) -> Shape:
        kinds = declared_kinds(schema)
        # Up to draft-04 the number 1.0 is no integer; but it is a multiple of 1, and equal to the 1 of an enum.
        return Shape(kinds=kinds, no_points=schema.dialect.generation <= 4 and "number" not in kinds)

    def enum(self, schema: Schema, place: _Place) -> Shape:
        values = _keywords(schema)["enum"]
        if not isinstance(values, list):
            raise _wrong(schema, "enum", "a list of values", values)
        return reduce(either, (_shape_of_value(value, self._pointer(schema)) for value in values), NEVER)

    def const(self, schema: Schema, place: _Place) -> Shape:
        return _shape_of_value(_keywords(schema)["const"], self._pointer(schema))

    def format(self, schema: Schema, place: _Place) -> Shape:
        return Shape(formats=frozenset([_text(schema, "format")]))

    def lower_bound(self, schema: Schema, place: _Place) -> Shape:
        return Shape(minimum=_bound(schema, "minimum", "exclusiveMinimum", max))

    def upper_bound(self, schema: Schema, place: _Place) -> Shape:
        return Shape(maximum=_bound(schema, "maximum", "exclusiveMaximum", min))

    def multiple_of(self, schema: Schema, place: _Place) -> Shape:
        step = exact_number(_keywords(schema)["multipleOf"])
        if step is None or step <= 0:
            raise _wrong(schema, "multipleOf", "a number above 0", _keywords(schema)["multipleOf"])
        exponent = step.normalize().as_tuple().exponent
        scale = max(0, -exponent) if isinstance(exponent, int) else _MAX_SCALE + 1
        return Shape(scale=scale if scale <= _MAX_SCALE else None, kinds=KINDS - {"number"} if scale == 0 else KINDS)

    # Objects and arrays

    def properties(self, schema: Schema, place: _Place) -> Shape:
        """Read the three keywords together: what one of them covers the next one leaves alone."""
        keywords = _keywords(schema)
        properties = {
            key: self._inner(schema, place, "properties", key)
            for key in (_mapping(schema, "properties") if "properties" in keywords else ())
        }
        patterns = [
            self._inner(schema, place, "patternProperties", pattern)
            for pattern in (_mapping(schema, "patternProperties") if "patternProperties" in keywords else ())
        ]
        rest = self._inner(schema, place, "additionalProperties") if "additionalProperties" in keywords else None
        is_exact = not patterns
        if patterns:
            rest = reduce(either, patterns, NEVER if rest is None else rest)
        return Shape(properties=properties, rest=rest, rest_is_exact=is_exact)

    def items(self, schema: Schema, place: _Place) -> Shape:
        keywords = _keywords(schema)
        listed = "prefixItems" if "prefixItems" in schema.dialect.keywords else "items"
        prefix = keywords.get(listed)
        if not isinstance(prefix, list):
            return Shape(items=self._inner(schema, place, "items")) if "items" in keywords else ANY
        following = "items" if listed == "prefixItems" else "additionalItems"
        elements = [self._inner(schema, place, listed, index) for index in range(len(prefix))]
        if following in keywords:
            elements.append(self._inner(schema, place, following))
        elif not _number_of_items_is_at_most(len(prefix), keywords):
            return Shape(listed=reduce(either, elements, NEVER), is_tuple=True)
        return Shape(items=reduce(either, elements, NEVER), is_tuple=True)

    def contains(self, schema: Schema, place: _Place) -> Shape:
        """Read what some elements are, which may declare fields of them."""
        return Shape(items=either(self._inner(schema, place, "contains"), ANY))


# Families of keywords that only make sense together, and who reads them.
_READERS: tuple[tuple[tuple[str, ...], Callable[[_Shaping, Schema, _Place], Shape]], ...] = (
    (("$ref",), _Shaping.reference),
    (("$dynamicRef",), _Shaping.dynamic_reference),
    (("$recursiveRef",), _Shaping.recursive_reference),
    (("type",), _Shaping.type),
    (("enum",), _Shaping.enum),
    (("const",), _Shaping.const),
    (("format",), _Shaping.format),
    (("minimum", "exclusiveMinimum"), _Shaping.lower_bound),
    (("maximum", "exclusiveMaximum"), _Shaping.upper_bound),
    (("multipleOf",), _Shaping.multiple_of),
    (("properties", "patternProperties", "additionalProperties"), _Shaping.properties),
    (("items", "prefixItems"), _Shaping.items),
    (("contains",), _Shaping.contains),
    (("allOf",), _Shaping.all_of),
    (("anyOf",), _Shaping.any_of),
    (("oneOf",), _Shaping.one_of),
    (("if",), _Shaping.conditional),
    (("dependentSchemas",), _Shaping.dependent_schemas),
    (("dependencies",), _Shaping.dependencies),
    (("propertyDependencies",), _Shaping.property_dependencies),
)
_FAMILIES = {keyword: number for number, (family, _) in enumerate(_READERS) for keyword in family}
_TYPES = {kind: frozenset([kind]) for kind in KINDS} | {"number": NUMERIC}


def _keywords(schema: Schema) -> dict[str, Any]:
    """Return the keywords of *schema* that have a meaning in its dialect."""
    contents = schema.contents
    if not isinstance(contents, Mapping):
        return {}
    if schema.dialect.generation <= 7 and "$ref" in contents:
        # Up to draft-07 a reference silences whatever stands beside it.
        return {"$ref": contents["$ref"]}
    return {keyword: value for keyword, value in contents.items() if keyword in schema.dialect.keywords}


def _subschema(schema: Schema, *tokens: str | int) -> Schema:
    found = schema.subschema(*tokens)
    if not isinstance(found.contents, Mapping | bool):
        raise _wrong(schema, str(tokens[0]), "a schema", found.contents)
    return found


def declared_kinds(schema: Schema) -> frozenset[str]:
    """Return the kinds that ``type`` names, all where it is absent; raises SchemaError for a kind that there is not."""
    declared = _keywords(schema).get("type")
    if declared is None:
        return KINDS
    kinds: frozenset[str] = frozenset()
    for name in declared if isinstance(declared, list) else [declared]:
        if not isinstance(name, str) or name not in _TYPES:
            raise _wrong(schema, "type", f"one of {', '.join(sorted(KINDS))}", name)
        kinds |= _TYPES[name]
    return kinds


def _shape_of_value(value: Any, pointer: str) -> Shape:
    """Return the shape that lets *value*, which the schema at *pointer* names, pass, and little else."""
    return replace(_bare_shape_of_value(value, pointer), pointers=(pointer,))


def _bare_shape_of_value(value: Any, pointer: str) -> Shape:
    if value is None:
        return Shape(kinds=frozenset(["null"]))
    if isinstance(value, bool):
        return Shape(kinds=frozenset(["boolean"]))
    if isinstance(value, str):
        return Shape(kinds=frozenset(["string"]))
    if isinstance(value, list):
        return Shape(
            kinds=frozenset(["array"]), items=reduce(either, (_shape_of_value(item, pointer) for item in value), NEVER)
        )
    if isinstance(value, Mapping):
        properties = {str(key): _shape_of_value(item, pointer) for key, item in value.items()}
        return Shape(kinds=frozenset(["object"]), properties=properties, rest=NEVER)
    number = exact_number(value)
    if number is None:
        return Shape()
    exponent = number.normalize().as_tuple().exponent
    scale = max(0, -exponent) if isinstance(exponent, int) else None
    kinds = frozenset(["integer"]) if scale == 0 else NUMERIC
    return Shape(kinds=kinds, minimum=number, maximum=number, scale=scale)


def _bound(schema: Schema, inclusive: str, exclusive: str, tightest: Callable[..., Number]) -> Number | None:
    """Return the bound that either keyword sets; as an exclusive one it is one value too wide, which harms nobody."""
    found = []
    for keyword in (inclusive, exclusive):
        value = _keywords(schema).get(keyword)
        # Draft-04 has exclusiveMinimum: true beside minimum.
        if value is None or isinstance(value, bool):
            continue
        number = exact_number(value)
        if number is None:
            raise _wrong(schema, keyword, "a number", value)
        found.append(number)
    return tightest(found) if found else None


def exact_number(value: Any) -> Number | None:
    """Return the number as its JSON text says it: 0.01 is a hundredth, not the nearest binary fraction."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    number = Number(value) if isinstance(value, int) else Number(repr(value))
    return number if number.is_finite() else None


def _number_of_items_is_at_most(length: int, keywords: Mapping[str, Any]) -> bool:
    limit = keywords.get("maxItems")
    return isinstance(limit, int | float) and limit <= length


def _text(schema: Schema, keyword: str) -> str:
    value = _keywords(schema)[keyword]
    if not isinstance(value, str):
        raise _wrong(schema, keyword, "text", value)
    return value


def _mapping(schema: Schema, keyword: str) -> Mapping[str, Any]:
    value = _keywords(schema)[keyword]
    if not isinstance(value, Mapping):
        raise _wrong(schema, keyword, "an object", value)
    return value


def _wrong(schema: Schema, keyword: str, expected: str, found: Any) -> SchemaError:
    shown = repr(found) if isinstance(found, str | int | float) and len(repr(found)) <= 40 else type(found).__name__
    return SchemaError(
        f"{keyword}: expected {expected}, found {shown}", pointer=f"{schema.pointer}/{keyword}", source=schema.base_uri
    )
