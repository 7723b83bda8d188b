"""
What values a schema lets pass, as far as columns care: a :class:`Shape`.

A shape forgets what no column can tell (lengths, patterns, ``not``) and merges what a schema spreads over several places:
``allOf`` and ``$ref`` by :func:`both`, ``anyOf``, ``oneOf`` and ``if`` by :func:`either`. It may allow more than the
schema and never allows less, under the rule of the strict validator: an undeclared field does not come.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal as Number
from functools import reduce
from typing import Any

from toolkit.errors import TableError

KINDS = frozenset(["null", "boolean", "integer", "number", "string", "object", "array"])
NUMERIC = frozenset(["integer", "number"])
# A schema of a few lines can unfold to millions of fields; far fewer than these already exceed what Athena takes.
MAX_SIZE = 100_000


class TooLarge(TableError):
    """A schema unfolds to more than any table holds."""


@dataclass(frozen=True, slots=True)
class Shape:
    """
    The values that may stand at one place.

    ``kinds`` are JSON types, with ``integer`` beside ``number`` wherever that is allowed. ``scale`` is the greatest number
    of digits after the point, None if unbounded; with ``no_points`` an integer comes without point and exponent.
    ``properties`` that some alternative does not declare are ``partial``. ``rest`` is what further keys may hold: None where
    none are declared. ``items`` is any element, None for any value; ``listed`` is then what those may be that something speaks
    of, such as the first ones. ``cut`` says why the inside is not described. ``pointers`` are the places of the schema that
    speak of it.
    """

    kinds: frozenset[str] = KINDS
    formats: frozenset[str] = frozenset()
    minimum: Number | None = None
    maximum: Number | None = None
    scale: int | None = None
    no_points: bool = False
    properties: Mapping[str, Shape] = field(default_factory=dict)
    partial: frozenset[str] = frozenset()
    rest: Shape | None = None
    rest_is_exact: bool = True
    items: Shape | None = None
    listed: Shape | None = None
    is_tuple: bool = False
    cut: str = ""
    pointers: tuple[str, ...] = ()
    description: str = ""
    size: int = field(init=False, default=1, compare=False)

    def __post_init__(self) -> None:
        further = (self.rest, self.items, self.listed)
        parts = [*self.properties.values(), *(part for part in further if part is not None)]
        size = 1 + sum(part.size for part in parts)
        if size > MAX_SIZE:
            where = self.pointers[0] if self.pointers else ""
            raise TooLarge(
                f"#{where}: the schema unfolds to more than {MAX_SIZE} fields; lower the recursion depth or split it"
            )
        object.__setattr__(self, "size", size)

    @property
    def is_never(self) -> bool:
        """Whether no value may stand here."""
        return not self.kinds

    @property
    def is_untyped(self) -> bool:
        """Whether any value may stand here."""
        return self.kinds >= KINDS

    @property
    def is_open(self) -> bool:
        """Whether keys that are not among the properties may come."""
        return self.rest is not None and not self.rest.is_never


ANY = Shape()
NEVER = Shape(kinds=frozenset())


def both(a: Shape, b: Shape) -> Shape:
    """Return the shape of values that are in *a* and in *b*."""
    if a is ANY or b is ANY or a is b:
        return b if a is ANY else a
    properties, partial = _properties_of_both(a, b)
    scales = [scale for scale in (a.scale, b.scale) if scale is not None]
    kinds = a.kinds & b.kinds
    items = b.items if a.items is None else a.items if b.items is None else both(a.items, b.items)
    return Shape(
        kinds=kinds - {"number"} if scales and min(scales) == 0 else kinds,
        formats=a.formats | b.formats,
        minimum=_tightest(max, a.minimum, b.minimum),
        maximum=_tightest(min, a.maximum, b.maximum),
        scale=min(scales, default=None),
        no_points=a.no_points or b.no_points,
        properties=properties,
        partial=partial,
        rest=_rest_of_both(a, b),
        rest_is_exact=a.rest_is_exact and b.rest_is_exact,
        items=items,
        # An element that only one side speaks of is held by that alone.
        listed=_known_of_either([a.listed, b.listed]) if items is None else None,
        is_tuple=a.is_tuple or b.is_tuple,
        cut=a.cut or b.cut,
        pointers=_joined(a.pointers, b.pointers),
        description=a.description or b.description,
    )


def either(a: Shape, b: Shape) -> Shape:
    """Return the shape of values that are in *a* or in *b*."""
    if a is b:
        return a
    if a.is_never or b.is_never:
        possible = b if a.is_never else a
        return replace(possible, pointers=_joined(a.pointers, b.pointers), description=a.description or b.description)
    properties, partial = _properties_of_either(a, b)
    numbers = [shape for shape in (a, b) if shape.kinds & NUMERIC]
    texts = [shape for shape in (a, b) if "string" in shape.kinds]
    objects = [shape for shape in (a, b) if "object" in shape.kinds]
    arrays = [shape for shape in (a, b) if "array" in shape.kinds]
    items = reduce(_items_of_either, [shape.items for shape in arrays]) if arrays else None
    return Shape(
        kinds=a.kinds | b.kinds,
        formats=frozenset.intersection(*(shape.formats for shape in texts)) if texts else frozenset(),
        minimum=_loosest(min, [shape.minimum for shape in numbers]),
        maximum=_loosest(max, [shape.maximum for shape in numbers]),
        scale=_loosest(max, [_scale(shape) for shape in numbers]),
        no_points=all(shape.no_points for shape in numbers),
        properties=properties,
        partial=partial,
        rest=reduce(_rest_of_either, [shape.rest for shape in objects]) if objects else None,
        # Where one alternative declares no further keys, the rest of the other binds nothing beside it.
        rest_is_exact=all(shape.rest_is_exact and shape.rest is not None for shape in objects),
        items=items,
        listed=_known_of_either([shape.items or shape.listed for shape in arrays]) if items is None else None,
        is_tuple=any(shape.is_tuple for shape in arrays),
        cut=a.cut or b.cut,
        pointers=_joined(a.pointers, b.pointers),
        description=a.description or b.description,
    )


def _scale(shape: Shape) -> int | None:
    return shape.scale if "number" in shape.kinds else 0


def _properties_of_both(a: Shape, b: Shape) -> tuple[dict[str, Shape], frozenset[str]]:
    properties: dict[str, Shape] = {}
    partial: set[str] = set()
    for key in (*a.properties, *(key for key in b.properties if key not in a.properties)):
        left, right = a.properties.get(key), b.properties.get(key)
        if left is None or right is None:
            declared, other, owner = (left, b, a) if right is None else (right, a, b)
            assert declared is not None  # noqa: S101  # the key stands in one of the two
            # `additionalProperties: false` beside an alternative refuses what that declares, which nobody means: the field
            # keeps its place, though no event can bring it.
            binds = other.is_open and other.rest_is_exact
            held = both(declared, other.rest) if binds and other.rest is not None else declared
            if key in owner.partial:
                partial.add(key)
                held = or_of_rest(held, other.rest)
            properties[key] = held
        elif key in a.partial and key in b.partial:
            properties[key] = either(left, right)
            partial.add(key)
        elif key in a.partial or key in b.partial:
            # An alternative that says nothing of the key lets the other side decide alone.
            properties[key] = right if key in a.partial else left
        else:
            properties[key] = both(left, right)
    return properties, frozenset(partial)


def or_of_rest(shape: Shape, rest: Shape | None) -> Shape:
    """Return what a partial property holds: *shape*, or where its alternatives say nothing of it what *rest* lets pass."""
    return shape if rest is None or rest.is_never else either(shape, rest)


def _properties_of_either(a: Shape, b: Shape) -> tuple[dict[str, Shape], frozenset[str]]:
    if "object" not in a.kinds or "object" not in b.kinds:
        owner = a if "object" in a.kinds else b
        if "object" not in owner.kinds:
            return {}, frozenset()
        return dict(owner.properties), owner.partial
    properties: dict[str, Shape] = {}
    partial = set(a.partial | b.partial)
    for key in (*a.properties, *(key for key in b.properties if key not in a.properties)):
        left, right = a.properties.get(key), b.properties.get(key)
        if left is not None and right is not None:
            properties[key] = either(left, right)
            continue
        declared, other = (left, b) if right is None else (right, a)
        assert declared is not None  # noqa: S101  # the key stands in one of the two
        properties[key] = either(declared, other.rest) if other.is_open and other.rest is not None else declared
        if other.rest is None or not other.rest_is_exact:
            partial.add(key)
    return properties, frozenset(partial)


def _rest_of_both(a: Shape, b: Shape) -> Shape | None:
    if a.rest is None or b.rest is None:
        return b.rest if a.rest is None else a.rest
    if not a.rest_is_exact or not b.rest_is_exact:
        # Patterns are never run, so either rule may be the one that a key falls under.
        return either(a.rest, b.rest)
    return both(a.rest, b.rest)


def _rest_of_either(a: Shape | None, b: Shape | None) -> Shape | None:
    if a is None or b is None:
        return a if b is None else b
    return either(a, b)


def _items_of_either(a: Shape | None, b: Shape | None) -> Shape | None:
    return None if a is None or b is None else either(a, b)


def _known_of_either(shapes: list[Shape | None]) -> Shape | None:
    known = [shape for shape in shapes if shape is not None]
    return reduce(either, known) if known else None


def _tightest(choose: Any, a: Number | None, b: Number | None) -> Number | None:
    values = [value for value in (a, b) if value is not None]
    return choose(values) if values else None


def _loosest(choose: Any, values: list[Any]) -> Any:
    return choose(values) if values and None not in values else None


def _joined(a: tuple[str, ...], b: tuple[str, ...]) -> tuple[str, ...]:
    return a if a == b else tuple(dict.fromkeys(a + b))[:4]
