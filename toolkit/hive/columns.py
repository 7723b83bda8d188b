"""
From a schema to columns: each property becomes a column whose type can hold what the validator accepts.

Where it can't, a :class:`toolkit.hive.losses.Loss` says so beforehand. The rules, in the order in which they are tried, are
documented in ``docs/tables.md``; what the readers do with a value follows from the SerDe's source and AWS's documentation.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from toolkit.errors import TableError
from toolkit.hive import types
from toolkit.hive.circles import circles
from toolkit.hive.losses import Effect, Loss
from toolkit.hive.names import Naming, allocate_names, plain_name
from toolkit.hive.policy import Policy
from toolkit.hive.rules import MAX_COMMENT_BYTES, MAX_TYPE_CHARACTERS
from toolkit.hive.scalars import Choice, scalar_type
from toolkit.hive.shape import Shape, TooLarge
from toolkit.hive.shaping import shape_from_schema
from toolkit.hive.table import Column
from toolkit.hive.text import MAX_STATEMENT_BYTES
from toolkit.hive.types import Array, Field, HiveType, Map, Struct, render_type
from toolkit.schema import Schema, SchemaLike, as_schema

# Where letter case is not told apart, the reader lowers every key of a line, declared or not.
_CASE_CLASH = "two keys that differ only in letter case fail the whole row"
_READ_AS_DECLARED = (
    "a key that differs from a declared one only in letter case is read as that one, and beside it fails the whole row"
)
_KEYS_LOWERED = "keys are lowered on reading, where letter case is not told apart"
# The Hive and the Ion SerDe look for declared keys in any letter case, and leave the keys of maps as they are.
_LAST_IS_READ_AS_DECLARED = (
    "a key that differs from a declared one only in letter case is read as that one; the last in the event counts"
)
_LAST_CASE_WINS = "of keys that differ only in letter case the last one in the event is read"
# The types of a recursive schema may fill half a statement; quotes, comments and the keys that names stand for want the rest.
_ROOM = MAX_STATEMENT_BYTES // 2
# No field takes fewer characters: one of the name, the colon, three of "int", the comma.
_LEAST_CHARACTERS = 6
# More subschemas of a recursive schema than these are seldom a table that fits; it is tried before another count is taken.
_MAX_TRIED = 20_000
# What may happen to objects and arrays that a text column holds; the two readers differ, and this is the worse.
_JSON_TEXT = (
    "objects and arrays become JSON text: keys lowered, numbers quoted, null as text, spacing and order not kept"
)


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a column, or a field inside one, comes from: its path, the place in the schema, its rule and its type."""

    column: str
    pointer: str
    rule: str
    type: HiveType


@dataclass(frozen=True, slots=True)
class ColumnPlan:
    """
    The columns of a schema, and what is known of each.

    ``losses`` names what may not survive; ``origins`` has one entry for each column and each field inside. ``naming`` says which
    name stands for which JSON key and whether keys must be told apart by letter case.
    """

    columns: tuple[Column, ...]
    losses: tuple[Loss, ...]
    origins: tuple[Origin, ...]
    naming: Naming
    description: str = ""


def columns_from_schema(
    schema: SchemaLike,
    policy: Policy | None = None,
    *,
    reserved: tuple[str, ...] = (),
    known_names: Mapping[str, str] | None = None,
) -> ColumnPlan:
    """
    Return the columns that hold the events of *schema*, with every loss they bring.

    *reserved* are names that no column may have: the partition keys. *known_names* are names by key of an earlier version
    (``plan.naming.by_spelling``), which stay as they are. Without a *policy* the columns are those of a table over raw JSON.

    Raises:
        UnresolvableReference: a ``$ref`` leads nowhere, or to a document that is not registered.
        SchemaError: a keyword holds something that it can't.
        TableError: the root is no object, there are no columns, a name collides or a value is ambiguous under a policy that
            refuses that, or the schema unfolds to too many fields.
    """
    schema = as_schema(schema)
    policy = policy or Policy()
    found = circles(schema)
    if not found:
        shape = shape_from_schema(schema, recursion_depth=policy.recursion_depth)
        return _planned(shape, schema, policy, reserved, known_names)[0]
    return _deepest(schema, found, policy, reserved, known_names)


def _deepest(
    schema: Schema,
    found: Mapping[str, int],
    policy: Policy,
    reserved: tuple[str, ...],
    known_names: Mapping[str, str] | None,
) -> ColumnPlan:
    """
    Return the columns of a recursive schema, followed as deep as the policy says if that fits into a statement.

    Where it doesn't, all schemas of one of the circles *found* count together, as often as fits; where not even their first
    level does, the columns that are too long become text.
    """
    depth = policy.recursion_depth

    def plan(**options: Any) -> tuple[ColumnPlan, bool] | None:
        try:
            shape = shape_from_schema(schema, recursion_depth=depth, **options)
        except TooLarge:
            return None
        if shape.size * _LEAST_CHARACTERS > _ROOM or shape.cut:
            return None
        columns, length = _planned(shape, schema, policy, reserved, known_names)
        return columns, length <= _ROOM

    # Every way that passes a circle at most depth + 1 times enters none of its schemas more often than the policy says: what
    # does not fit by this count would not fit by the other.
    fitting = plan(circles=found, rounds=depth + 1)
    if fitting is not None and fitting[1]:
        if len(set(found.values())) < len(found):
            deeper = plan(at_most=_MAX_TRIED)
            fitting = deeper if deeper is not None and deeper[1] else fitting
        return fitting[0]
    tried: dict[int, tuple[ColumnPlan, bool] | None] = {}

    def is_too_deep(rounds: int) -> bool:
        tried[rounds] = planned = plan(circles=found, rounds=rounds)
        return planned is None or not planned[1]

    too_deep = bisect_left(range(depth + 1), True, key=is_too_deep)
    deepest = tried.get(too_deep - 1)
    if deepest is not None:
        return deepest[0]
    shape = shape_from_schema(schema, recursion_depth=depth, circles=found, rounds=1 if tried[0] is None else 0)
    return _planned(shape, schema, policy, reserved, known_names)[0]


def _planned(
    shape: Shape, schema: Schema, policy: Policy, reserved: tuple[str, ...], known_names: Mapping[str, str] | None
) -> tuple[ColumnPlan, int]:
    """Return the columns of *shape*, and the number of characters of their types before any was shortened."""
    _check_root(shape, schema)
    planner = _Planner(policy)
    planner.row_losses(shape)
    nodes = list(planner.fields(shape, ()))
    if not nodes:
        raise TableError(f"#{schema.pointer}: expected at least one property that can be a column, found none")
    naming = planner.naming(nodes, reserved, known_names)
    length = sum(len(render_type(_rendered(node, naming))) for _, node in nodes)
    nodes = [(key, planner.shortened(node, naming, shape.properties[key])) for key, node in nodes]
    planner.unmapped_keys(nodes, naming)
    columns = tuple(
        Column(
            naming.name(key), _rendered(node, naming), _comment(node.description) if policy.comments != "none" else ""
        )
        for key, node in nodes
    )
    plan = ColumnPlan(
        columns=columns,
        losses=tuple(planner.named_losses(naming)),
        origins=tuple(
            origin
            for (_, node), column in zip(nodes, columns, strict=True)
            for origin in _origins(node, column.type, naming)
        ),
        naming=naming,
        description=shape.description,
    )
    return plan, length


def _check_root(shape: Shape, schema: Schema) -> None:
    where = f"#{schema.pointer}"
    if "object" not in shape.kinds:
        found = ", ".join(sorted(shape.kinds)) or "nothing"
        raise TableError(
            f"{where}: a row is an object; expected a schema of objects, found one of {found}; make the value a property of an "
            "event"
        )
    if not shape.properties:
        raise TableError(
            f"{where}: expected declared properties, which become columns, found none; name them, or wrap the object "
            "as a property of an event"
        )


# A step of a path: a key of an object, "[]" for the elements of an array, "{}" for the values of a map.
_Step = tuple[Literal["key", "[]", "{}"], str]
_Path = tuple[_Step, ...]
_ELEMENT: _Step = ("[]", "")
_VALUE: _Step = ("{}", "")


@dataclass(frozen=True, slots=True)
class _Node:
    """A type whose struct fields still carry their JSON keys."""

    path: _Path
    pointer: str
    rule: str
    leaf: HiveType | None = None
    element: _Node | None = None
    value: _Node | None = None
    fields: tuple[tuple[str, _Node], ...] = ()
    description: str = ""


@dataclass(frozen=True, slots=True)
class _Lost:
    path: _Path
    pointer: str
    rule: str
    effect: Effect
    consequence: str


@dataclass(slots=True)
class _Planner:
    policy: Policy
    lost: list[_Lost] = field(default_factory=list)

    def lose(self, path: _Path, shape: Shape, rule: str, effect: Effect, consequence: str) -> None:
        self.lost.append(_Lost(path, _pointer(shape), rule, effect, consequence))

    def lose_case_clash(self, path: _Path, shape: Shape, rule: str) -> None:
        """Report what an undeclared key does that differs from a declared one in letter case alone."""
        # Its value may be of another type than the column that reads it.
        self.lose(path, shape, rule, "error", _LAST_IS_READ_AS_DECLARED if self.finds_any_case else _READ_AS_DECLARED)

    @property
    def finds_any_case(self) -> bool:
        """Whether the reader takes a declared key in any letter case, and no key else."""
        return self.policy.storage in ("hive", "ion")

    def row_losses(self, shape: Shape) -> None:
        others = sorted(shape.kinds - {"object"})
        if others:
            self.lose(
                (), shape, "row", "null", f"an event that is no object ({', '.join(others)}) makes a row of nulls"
            )
        if shape.is_open:
            self.lose(
                (), shape, "open-object", "dropped", "keys beyond the declared ones are accepted and have no column"
            )
            self.lose_case_clash((), shape, "open-object")

    def fields(self, shape: Shape, path: _Path) -> Iterator[tuple[str, _Node]]:
        """Yield key and node of each property that can have a field."""
        kept: dict[str, Shape] = {}
        for key, inner in shape.properties.items():
            inside = (*path, ("key", key))
            if not key.isascii() and any(0xD800 <= ord(character) < 0xE000 for character in key):
                self.lose(
                    inside, inner, "key", "dropped", "the key holds a lone surrogate, which no catalogue can store"
                )
                continue
            if inner.is_never:
                self.lose(inside, inner, "never", "dropped", "no value is valid here, so there is no field for one")
                continue
            if "|" in key and self.policy.storage == "openx":
                self.lose(inside, inner, "key", "null", "the SerDe takes | in a mapped key for a choice between keys")
            node = self.node(inner, inside)
            if node is not None:
                kept[key] = inner
                yield key, node
        gone = {key.lower() for key in shape.properties.keys() - kept.keys()}
        for key, inner in kept.items():
            if key.lower() in gone:
                # The reader takes the value of the key that has no field for this one's.
                self.lose_case_clash((*path, ("key", key)), inner, "key")

    def node(self, shape: Shape, path: _Path) -> _Node | None:
        """Return the node for *shape*, or None where the policy drops it."""
        kinds = shape.kinds - {"null"}
        if shape.cut:
            return self._json_text(shape, path, shape.cut)
        if kinds == {"array"}:
            return self._array(shape, path)
        if kinds == {"object"}:
            return self._object(shape, path)
        if not kinds & {"array", "object"}:
            return self._scalar(shape, path)
        return self._ambiguous(shape, path, "untyped" if shape.is_untyped else "mixed")

    def _scalar(self, shape: Shape, path: _Path) -> _Node | None:
        choice = scalar_type(shape, self.policy)
        if choice.rule == "mixed-scalars" and self.policy.ambiguous != "string":
            return self._ambiguous(shape, path, choice.rule)
        return self._leaf(shape, path, choice)

    def _leaf(self, shape: Shape, path: _Path, choice: Choice) -> _Node:
        for effect, consequence in choice.losses:
            self.lose(path, shape, choice.rule, effect, consequence)
        return _Node(path, _pointer(shape), choice.rule, leaf=choice.type, description=shape.description)

    def _ambiguous(self, shape: Shape, path: _Path, rule: str) -> _Node | None:
        found = ", ".join(sorted(shape.kinds))
        if self.policy.ambiguous == "refuse":
            raise TableError(
                f"#{_pointer(shape)}: expected values of one type, found {found}; give the schema a type, or let the policy "
                "keep them as text (ambiguous='string') or leave them out ('drop')"
            )
        if self.policy.ambiguous == "drop":
            self.lose(path, shape, rule, "dropped", f"the policy leaves out values of several types ({found})")
            return None
        return self._json_text(shape, path, rule)

    def _json_text(self, shape: Shape, path: _Path, rule: str) -> _Node:
        losses: list[tuple[Effect, str]] = []
        scalars = sorted(shape.kinds & {"boolean", "integer", "number", "string"})
        if self.policy.storage in ("hive", "ion"):
            losses.append(("error", "an object or array where the column is text fails the query"))
        else:
            losses += [("changed", _JSON_TEXT), ("error", _CASE_CLASH)]
        if scalars:
            losses.append(("changed", 'numbers, booleans and text read alike: 1 and "1" are the same'))
        return self._leaf(shape, path, Choice(types.STRING, rule, tuple(losses)))

    def _array(self, shape: Shape, path: _Path) -> _Node | None:
        element = shape.items
        inside = (*path, _ELEMENT)
        rule = "tuple" if shape.is_tuple else "array"
        if element is None:
            element = Shape(pointers=shape.pointers)
        if element.is_never:
            node: _Node | None = _Node(inside, _pointer(shape), "never", leaf=types.STRING)
        else:
            node = self.node(element, inside)
        if node is None:
            return None
        return _Node(path, _pointer(shape), rule, element=node, description=shape.description)

    def _object(self, shape: Shape, path: _Path) -> _Node | None:
        if not shape.properties:
            return self._free_object(shape, path)
        if shape.is_open:
            if self.policy.open_objects == "string":
                return self._json_text(shape, path, "open-object")
            self.lose(
                path, shape, "open-object", "dropped", "keys beyond the declared ones are accepted and have no field"
            )
            self.lose_case_clash(path, shape, "open-object")
        fields = tuple(self.fields(shape, path))
        if not fields:
            return self._json_text(shape, path, "object")
        return _Node(path, _pointer(shape), "object", fields=fields, description=shape.description)

    def _free_object(self, shape: Shape, path: _Path) -> _Node | None:
        rest = shape.rest
        if rest is None or rest.is_never or rest.is_untyped:
            if self.policy.free_objects == "string":
                return self._json_text(shape, path, "free-object")
            rest = Shape(pointers=shape.pointers) if rest is None or rest.is_never else rest
            value: _Node | None = self._json_text(rest, (*path, _VALUE), "free-object")
        else:
            value = self.node(rest, (*path, _VALUE))
        if value is None:
            return None
        if not self.finds_any_case:
            self.lose(path, shape, "map", "changed", _KEYS_LOWERED)
            self.lose(path, shape, "map", "error", _CASE_CLASH)
        return _Node(path, _pointer(shape), "map", value=value, description=shape.description)

    def naming(
        self, nodes: list[tuple[str, _Node]], reserved: tuple[str, ...], known_names: Mapping[str, str] | None
    ) -> Naming:
        """Give every key of the record its name; a partition key takes its name from the columns, not from fields."""
        taken: tuple[str, ...] = ()
        while True:
            naming = allocate_names(
                (key for key, _ in _struct_fields(nodes)),
                case_sensitive=self.policy.key_case == "sensitive" or _keys_collide(nodes),
                style=self.policy.name_style,
                collisions=self.policy.collisions,
                reserved=taken,
                known=known_names,
            )
            columns = {naming.name(key) for key, _ in nodes}
            clashing = tuple(name for name in reserved if name in columns)
            if not clashing:
                return naming
            taken += clashing

    def shortened(self, node: _Node, naming: Naming, shape: Shape) -> _Node:
        """Return *node*, or JSON text in its stead where its type is longer than Glue takes."""
        if len(render_type(_rendered(node, naming))) <= MAX_TYPE_CHARACTERS:
            return node
        self.lost = [lost for lost in self.lost if lost.path[: len(node.path)] != node.path]
        return self._json_text(shape, node.path, "long-type")

    def unmapped_keys(self, nodes: list[tuple[str, _Node]], naming: Naming) -> None:
        """Report the keys that a SerDe without a mapping can't find."""
        if not self.finds_any_case:
            return
        seen = Counter((node.path[:-1], key.lower()) for key, node in _struct_fields(nodes))
        for key, node in _struct_fields(nodes):
            is_top = len(node.path) == 1
            if naming.name(key) != key.lower() and not (is_top and self.policy.storage == "ion"):
                consequence = "the SerDe can't map a key to another name; the value is lost"
                self.lost.append(_Lost(node.path, node.pointer, "key", "null", consequence))
            elif seen[node.path[:-1], key.lower()] > 1:
                self.lost.append(_Lost(node.path, node.pointer, "key", "changed", _LAST_CASE_WINS))

    def named_losses(self, naming: Naming) -> Iterator[Loss]:
        for lost in self.lost:
            if naming.case_sensitive and lost.consequence in (_CASE_CLASH, _READ_AS_DECLARED, _KEYS_LOWERED):
                continue
            yield Loss(_shown(lost.path, naming), lost.pointer, lost.rule, lost.effect, lost.consequence)


def _pointer(shape: Shape) -> str:
    return shape.pointers[0] if shape.pointers else ""


def _struct_fields(nodes: Sequence[tuple[str, _Node]]) -> Iterator[tuple[str, _Node]]:
    """Yield every key with its node, outer ones first, through all depths."""
    for key, node in nodes:
        yield key, node
    for _, node in nodes:
        yield from _struct_fields(_fields_inside(node))


def _keys_collide(nodes: Sequence[tuple[str, _Node]]) -> bool:
    """Whether two keys of one object differ only in letter case."""
    lowered = {key.lower() for key, _ in nodes}
    return len(lowered) < len(nodes) or any(_keys_collide(_fields_inside(node)) for _, node in nodes)


def _fields_inside(node: _Node) -> tuple[tuple[str, _Node], ...]:
    """Return the fields of the struct that *node* is, or that its arrays and maps hold; none for a scalar."""
    inner: _Node | None = node
    while inner is not None and not inner.fields:
        inner = inner.element or inner.value
    return inner.fields if inner is not None else ()


def _rendered(node: _Node, naming: Naming) -> HiveType:
    if node.element is not None:
        return Array(_rendered(node.element, naming))
    if node.value is not None:
        return Map(types.STRING, _rendered(node.value, naming))
    if node.fields:
        return Struct(tuple(Field(naming.name(key), _rendered(inner, naming)) for key, inner in node.fields))
    assert node.leaf is not None  # noqa: S101  # a node is one of the four
    return node.leaf


def _origins(node: _Node, hive_type: HiveType, naming: Naming) -> Iterator[Origin]:
    """Yield where *node*, of the type *hive_type*, and each part of it come from."""
    yield Origin(_shown(node.path, naming), node.pointer, node.rule, hive_type)
    match hive_type:
        case Array(element) if node.element is not None:
            yield from _origins(node.element, element, naming)
        case Map(_, value) if node.value is not None:
            yield from _origins(node.value, value, naming)
        case Struct(fields):
            for (_, inner), field in zip(node.fields, fields, strict=True):
                yield from _origins(inner, field.type, naming)


def _shown(path: _Path, naming: Naming) -> str:
    text = ""
    for kind, key in path:
        if kind == "key":
            seen = naming.seen(key)
            # A key that was dropped has no name; it is shown as a plain one, in brackets.
            name = naming.names[seen] if seen in naming.names else f"({plain_name(key)})"
            text += f".{name}" if text else name
        else:
            text += kind
    return text


def _comment(description: str) -> str:
    """Return *description* as Glue takes it: one line of at most 255 bytes."""
    line = " ".join("".join(c if c.isprintable() else " " for c in description).split())
    if len(line.encode()) <= MAX_COMMENT_BYTES:
        return line
    room = MAX_COMMENT_BYTES - len("…".encode())
    return line.encode()[:room].decode(errors="ignore").rstrip() + "…"
