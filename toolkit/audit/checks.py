"""
From a schema to SQL conditions, each true of a stored row that breaks one keyword.

The walk goes through the schema and the column's type together, so it ends where the type does. A condition is three-valued
as SQL is: a NULL breaks nothing but ``required``. What a table can't tell is not left out in silence; it comes back as
`Unchecked`, with the reason.

Sources: https://json-schema.org/draft/2020-12/json-schema-validation, https://trino.io/docs/current/functions.html
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal as Number
from typing import Any

from toolkit.audit.patterns import NotExpressible, trino_pattern
from toolkit.hive import (
    HIVE_JSON,
    Array,
    Decimal,
    HiveType,
    Map,
    Naming,
    Primitive,
    Struct,
    Table,
    Text,
    query_literal,
    query_name,
)
from toolkit.hive.types import INTEGERS
from toolkit.schema import Schema
from toolkit.schema.pointer import pointer_from_tokens

# The name under which a query's one table is known, so that no column can be taken for an argument of a lambda.
ALIAS = "event"
MOST_LITERALS = 1_000
_APPROXIMATE = frozenset({"float", "double"})
_GREATEST_DOUBLE = Number(sys.float_info.max)
# Keywords that say something of a value and that no condition is made of.
_OPAQUE = (
    "not",
    "if",
    "oneOf",
    "anyOf",
    "contains",
    "dependentSchemas",
    "dependencies",
    "propertyNames",
    "patternProperties",
    "prefixItems",
    "additionalItems",
    "unevaluatedItems",
    "unevaluatedProperties",
    "minProperties",
    "maxProperties",
    "$dynamicRef",
    "$recursiveRef",
)
_ABOUT_TEXTS = ("enum", "const", "minLength", "maxLength", "pattern", "format")
# What a keyword says of a value's kind alone is the business of the SerDe, which makes all values of a column alike.
_CHECKED = frozenset(
    [
        *("required", "dependentRequired", "minItems", "maxItems", "uniqueItems"),
        *("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf"),
        *_ABOUT_TEXTS,
    ]
)
_FORMAT_PATTERNS = {
    "uuid": r"\A[0-9A-Fa-f]{8}-(?:[0-9A-Fa-f]{4}-){3}[0-9A-Fa-f]{12}\z",
    "date": r"\A[0-9]{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12][0-9]|3[01])\z",
    "date-time": r"\A[0-9]{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12][0-9]|3[01])[Tt]"
    r"(?:[01][0-9]|2[0-3]):[0-5][0-9]:(?:[0-5][0-9]|60)(?:\.[0-9]+)?(?:[Zz]|[+-](?:[01][0-9]|2[0-3]):[0-5][0-9])\z",
}


@dataclass(frozen=True, slots=True)
class Check:
    """
    One keyword at one place, as SQL.

    ``column`` is the path in the table (``items[].sku``), ``pointer`` the place of the keyword in the schema, ``condition`` is
    true of a row that breaks it. ``breaks_on_nulls`` says that a row of nothing but NULLs does, too.
    """

    column: str
    pointer: str
    keyword: str
    expected: str
    condition: str
    breaks_on_nulls: bool = False


@dataclass(frozen=True, slots=True)
class Unchecked:
    """A keyword at a place of which SQL can't tell, and why."""

    column: str
    pointer: str
    keyword: str
    reason: str


@dataclass(frozen=True, slots=True)
class Checks:
    """What can be asked of a table, and what can't."""

    checks: tuple[Check, ...]
    unchecked: tuple[Unchecked, ...]


def checks_from_schema(schema: Schema, table: Table, naming: Naming, *, formats: bool | None = None) -> Checks:
    """
    Return what SQL can ask of the rows of *table*, which hold events of *schema*; *naming* tells the names of the keys.

    *formats* says whether ``format`` decides, as for `toolkit.validator.compile_schema`: by default its dialect does.

    Raises:
        UnresolvableReference: a ``$ref`` leads nowhere.
    """
    walk = _Walk(naming, formats, finds_mapped_keys=table.serde.library != HIVE_JSON.library)
    columns = {column.name: column.type for column in table.columns}
    root = _Place("", f'"{ALIAS}"', None, lambda condition: condition)
    walk.object(schema, root, columns)
    for keyword, reason in (
        ("additionalProperties", "a table shows declared fields alone; the validator saw the rest"),
        ("type", "a table shows every value as one of its column's type"),
    ):
        walk.unchecked.append(Unchecked("", schema.pointer, keyword, reason))
    return Checks(tuple(dict.fromkeys(walk.checks)), tuple(dict.fromkeys(walk.unchecked)))


@dataclass(frozen=True, slots=True)
class _Place:
    """A value in a row: its path, its expression, its type, and how a condition on it becomes one on the row."""

    path: str
    value: str
    type: HiveType | None
    of_row: Callable[[str], str]
    depth: int = 0

    def named(self, name: str) -> str:
        """Return the path of a field of this value."""
        return f"{self.path}.{name}" if self.path else name

    def field(self, name: str, hive_type: HiveType) -> _Place:
        return replace(self, path=self.named(name), value=f"{self.value}.{query_name(name)}", type=hive_type)

    def each(self, sign: str, values: str, hive_type: HiveType) -> _Place:
        argument = f"v{self.depth + 1}"
        outer = self.of_row
        return _Place(
            f"{self.path}{sign}",
            argument,
            hive_type,
            lambda condition: outer(f"any_match({values}, {argument} -> {condition})"),
            self.depth + 1,
        )


@dataclass(slots=True)
class _Walk:
    naming: Naming
    formats: bool | None
    finds_mapped_keys: bool
    checks: list[Check] = field(default_factory=list)
    unchecked: list[Unchecked] = field(default_factory=list)

    def add(self, place: _Place, schema: Schema, keyword: str, expected: str, condition: str, key: str = "") -> None:
        below = (keyword, key) if key else (keyword,)
        self.checks.append(
            Check(
                place.path,
                f"{schema.pointer}{pointer_from_tokens(below)}",
                keyword,
                expected,
                place.of_row(condition),
                breaks_on_nulls=keyword == "required" and "." not in place.path,
            )
        )

    def leave(self, place: _Place, schema: Schema, keyword: str, reason: str) -> None:
        self.unchecked.append(Unchecked(place.path, f"{schema.pointer}/{keyword}", keyword, reason))

    def name(self, key: str) -> str | None:
        """Return the name of *key* in the table; None where there is none, or its SerDe does not find the key."""
        name = self.naming.names.get(self.naming.seen(key))
        return name if self.finds_mapped_keys or name == key.lower() else None

    def _no_column(self, key: str) -> str:
        if self.naming.seen(key) in self.naming.names and self.name(key) is None:
            return "the Hive SerDe finds no key that is not its column's name, so the column is always NULL"
        return "the table has no such column"

    def value(self, schema: Schema, place: _Place) -> None:
        for part in _parts(schema):
            before = len(self.checks), len(self.unchecked)
            self._opaque(part, place)
            match place.type:
                case Struct(fields):
                    self.object(part, place, {each.name: each.type for each in fields})
                case Map(_, inner):
                    self._map(part, place, inner)
                case Array(element):
                    self._array(part, place, element)
                case Primitive("string") | Text():
                    self._text(part, place)
                case Primitive() | Decimal():
                    self._scalar(part, place)
            self._left_over(part, place, *before)

    def _left_over(self, schema: Schema, place: _Place, checks: int, unchecked: int) -> None:
        """Leave, by name, what the type of the column can't show: bounds of a text, the keys of a map."""
        done = {each.pointer for each in self.checks[checks:]} | {each.pointer for each in self.unchecked[unchecked:]}
        # That of dependentRequired has one more step, the key.
        done |= {pointer.rpartition("/")[0] for pointer in done}
        for keyword in sorted(_CHECKED & _keywords(schema).keys()):
            if f"{schema.pointer}/{keyword}" not in done and _may_fail(schema, keyword):
                self.leave(place, schema, keyword, f"a {str(place.type).partition('<')[0]} does not show it")

    def _opaque(self, schema: Schema, place: _Place) -> None:
        for keyword in _OPAQUE:
            if keyword in _keywords(schema):
                self.leave(place, schema, keyword, "what it says depends on more than one column's value shows")

    # Objects

    def object(self, schema: Schema, place: _Place, types: Mapping[str, HiveType]) -> None:
        for part in _parts(schema) if place.type is None else (schema,):
            keywords = _keywords(part)
            if place.type is None:
                self._opaque(part, place)
            properties = keywords.get("properties")
            for key in properties if isinstance(properties, dict) else ():
                name = self.name(key)
                inner = part.subschema("properties", key)
                if name is None or name not in types:
                    self.unchecked.append(
                        Unchecked(place.named(key), inner.pointer, "properties", self._no_column(key))
                    )
                else:
                    self.value(inner, place.field(name, types[name]))
            self._required(part, place, types)
            self._dependent_required(part, place, types)

    def _required(self, schema: Schema, place: _Place, types: Mapping[str, HiveType]) -> None:
        required = _keywords(schema).get("required")
        for key in required if isinstance(required, list) else ():
            found = self._required_field(schema, place, types, key, "required")
            if found is not None:
                missing = f"{found.value} IS NULL"
                condition = missing if place.type is None else f"({place.value} IS NOT NULL AND {missing})"
                self.add(found, schema, "required", "a value", condition)

    def _dependent_required(self, schema: Schema, place: _Place, types: Mapping[str, HiveType]) -> None:
        dependent = _keywords(schema).get("dependentRequired")
        for key, wanted in dependent.items() if isinstance(dependent, dict) else ():
            name = self.name(key)
            if name not in types or name is None:
                continue
            for other in wanted:
                found = self._required_field(schema, place, types, other, "dependentRequired")
                if found is not None:
                    given = place.field(name, types[name]).value
                    condition = f"({given} IS NOT NULL AND {found.value} IS NULL)"
                    self.add(found, schema, "dependentRequired", f"a value beside {name}", condition, key)

    def _required_field(
        self, schema: Schema, place: _Place, types: Mapping[str, HiveType], key: str, keyword: str
    ) -> _Place | None:
        name = self.name(key)
        shown = replace(place, path=place.named(key))
        if name is None or name not in types:
            self.leave(shown, schema, keyword, self._no_column(key))
            return None
        properties = _keywords(schema).get("properties", {})
        if not isinstance(properties, dict) or key not in properties:
            self.leave(shown, schema, keyword, "its schema stands elsewhere, so it may allow null")
            return None
        if _may_be_null(schema.subschema("properties", key), frozenset()):
            self.leave(shown, schema, keyword, "null is allowed, and in a table a null and a missing field are one")
            return None
        return place.field(name, types[name])

    def _map(self, schema: Schema, place: _Place, inner: HiveType) -> None:
        keywords = _keywords(schema)
        if isinstance(keywords.get("additionalProperties"), dict) and "patternProperties" not in keywords:
            values = place.each("{}", f"map_values({place.value})", inner)
            self.value(schema.subschema("additionalProperties"), values)

    # Arrays

    def _array(self, schema: Schema, place: _Place, element: HiveType) -> None:
        keywords = _keywords(schema)
        for keyword, sign, words in (("minItems", "<", "at least"), ("maxItems", ">", "at most")):
            count = _natural(keywords.get(keyword))
            if count is not None:
                self.add(place, schema, keyword, f"{words} {count} items", f"cardinality({place.value}) {sign} {count}")
        if keywords.get("uniqueItems") is True:
            if isinstance(element, Array | Map | Struct):
                self.leave(place, schema, "uniqueItems", "fields that the table does not hold may tell the items apart")
            elif str(element) in ("date", "timestamp"):
                self.leave(place, schema, "uniqueItems", "times that differ in their text may be one")
            elif str(element) == "string" and not _are_texts(schema):
                self.leave(place, schema, "uniqueItems", "the items are of several types, kept as text")
            else:
                distinct = f"cardinality(array_distinct({place.value})) < cardinality({place.value})"
                self.add(place, schema, "uniqueItems", "no item twice", distinct)
        if isinstance(keywords.get("items"), dict) and "prefixItems" not in keywords:
            self.value(schema.subschema("items"), place.each("[]", place.value, element))

    # Scalars

    def _text(self, schema: Schema, place: _Place) -> None:
        keywords = _keywords(schema)
        if not keywords.keys() & set(_ABOUT_TEXTS):
            return
        if not _is_text(schema, keywords):
            for keyword in _ABOUT_TEXTS:
                if keyword in keywords:
                    self.leave(place, schema, keyword, "the column holds values of several types as text")
            return
        self._choice(schema, place, query_literal)
        for keyword, sign, words in (("minLength", "<", "at least"), ("maxLength", ">", "at most")):
            count = _natural(keywords.get(keyword))
            if count is not None:
                self.add(place, schema, keyword, f"{words} {count} characters", f"length({place.value}) {sign} {count}")
        if isinstance(keywords.get("pattern"), str):
            try:
                pattern = query_literal(trino_pattern(keywords["pattern"]))
            except NotExpressible as error:
                self.leave(place, schema, "pattern", str(error))
            else:
                self.add(place, schema, "pattern", "a match", f"NOT regexp_like({place.value}, {pattern})")
        self._format(schema, place)

    def _format(self, schema: Schema, place: _Place) -> None:
        name = _keywords(schema).get("format")
        if not isinstance(name, str):
            return
        if not (schema.dialect.asserts_format if self.formats is None else self.formats):
            self.leave(place, schema, "format", f"by {schema.dialect.name} it informs and does not decide")
            return
        pattern = _FORMAT_PATTERNS.get(name)
        if pattern is None:
            self.leave(place, schema, "format", "SQL has no test for it")
            return
        broken = [f"NOT regexp_like({place.value}, {query_literal(pattern)})"]
        if name in ("date", "date-time"):
            day = f"substr({place.value}, 1, 10)"
            broken.append(f"({place.value} IS NOT NULL AND try(from_iso8601_date({day})) IS NULL)")
        if name == "date-time":
            # A leap second is one at the end of a day of UTC.
            second = f"concat(substr({place.value}, 1, 17), '59', substr({place.value}, 20))"
            in_utc = f"at_timezone(from_iso8601_timestamp(upper({second})), 'UTC')"
            broken.append(
                f"(substr({place.value}, 18, 2) = '60' AND try(date_format({in_utc}, '%H:%i:%s')) <> '23:59:59')"
            )
        self.add(place, schema, "format", name, f"({' OR '.join(broken)})" if len(broken) > 1 else broken[0])

    def _scalar(self, schema: Schema, place: _Place) -> None:
        kind = str(place.type)
        if kind in ("date", "timestamp", "binary"):
            return
        if kind == "boolean":
            self._choice(schema, place, _boolean_literal)
            return
        literal = _number_literal(place.type)
        self._choice(schema, place, literal)
        keywords = _keywords(schema)
        legacy = schema.dialect.generation <= 4
        for keyword, strict, sign, words in (
            ("minimum", False, "<", "at least"),
            ("maximum", False, ">", "at most"),
            ("exclusiveMinimum", True, "<=", "more than"),
            ("exclusiveMaximum", True, ">=", "less than"),
        ):
            bound = keywords.get(keyword)
            if isinstance(bound, bool) or not isinstance(bound, int | float):
                continue
            # Draft 4 has a boolean that makes the plain bound exclusive.
            exclusive = legacy and not strict and keywords.get(f"exclusive{keyword[0].upper()}{keyword[1:]}") is True
            text = literal(bound)
            if text is None:
                self.leave(place, schema, keyword, f"the bound is beyond the column's type, {kind}")
            else:
                self.add(
                    place, schema, keyword, f"{words} {bound}", f"{place.value} {sign}{'=' if exclusive else ''} {text}"
                )
        self._multiple(schema, place, kind)

    def _multiple(self, schema: Schema, place: _Place, kind: str) -> None:
        step = _keywords(schema).get("multipleOf")
        if isinstance(step, bool) or not isinstance(step, int | float):
            return
        if kind in INTEGERS and 0 < step < 2**31 and step == int(step):
            self.add(place, schema, "multipleOf", f"a multiple of {step}", f"{place.value} % {int(step)} <> 0")
        else:
            self.leave(place, schema, "multipleOf", "binary fractions have no exact remainder")

    def _choice(self, schema: Schema, place: _Place, literal: Callable[[Any], str | None]) -> None:
        keywords = _keywords(schema)
        for keyword in ("enum", "const"):
            if keyword not in keywords:
                continue
            values = keywords[keyword] if keyword == "enum" else [keywords[keyword]]
            if not isinstance(values, list):
                continue
            texts = [literal(value) for value in values if value is not None and _fits(place.type, value)]
            known = [text for text in texts if text is not None]
            if not known or len(known) > MOST_LITERALS:
                self.leave(place, schema, keyword, f"it has {len(known)} values that the column can hold")
                continue
            expected = "one of " + ", ".join(known[:5]) + (", …" if len(known) > 5 else "")
            self.add(place, schema, keyword, expected, f"{place.value} NOT IN ({', '.join(known)})")


def _keywords(schema: Schema) -> Mapping[str, Any]:
    if not isinstance(schema.contents, Mapping):
        return {}
    if schema.dialect.generation <= 7 and "$ref" in schema.contents:
        return {"$ref": schema.contents["$ref"]}
    known = schema.dialect.keywords
    return {keyword: value for keyword, value in schema.contents.items() if keyword in known}


def _parts(schema: Schema, seen: frozenset[str] = frozenset()) -> Iterator[Schema]:
    """Yield the schemas that all hold of one value: through ``$ref``, ``allOf``, and a union of one schema with null."""
    if schema.uri in seen:
        return
    seen |= {schema.uri}
    keywords = _keywords(schema)
    if isinstance(keywords.get("$ref"), str):
        yield from _parts(schema.resolve(keywords["$ref"]), seen)
    for index in range(len(_branches(keywords, "allOf"))):
        yield from _parts(schema.subschema("allOf", index), seen)
    rest = dict(keywords)
    for keyword in ("anyOf", "oneOf"):
        branches = _branches(keywords, keyword)
        others = [index for index, branch in enumerate(branches) if not _is_null_alone(branch)]
        if len(others) == 1:
            yield from _parts(schema.subschema(keyword, others[0]), seen)
            del rest[keyword]
    yield replace(schema, contents=rest)


def _branches(keywords: Mapping[str, Any], keyword: str) -> Sequence[Any]:
    branches = keywords.get(keyword)
    return branches if isinstance(branches, list) else ()


def _is_null_alone(branch: Any) -> bool:
    return isinstance(branch, Mapping) and (
        branch.get("type") in ("null", ["null"])
        or branch.get("enum") == [None]
        or ("const" in branch and branch["const"] is None)
    )


def _may_be_null(schema: Schema, seen: frozenset[str]) -> bool:
    """Whether *schema* may let null pass; in doubt, yes."""
    if isinstance(schema.contents, bool):
        return schema.contents
    if schema.uri in seen:
        return True
    seen |= {schema.uri}
    keywords = _keywords(schema)
    kinds = keywords.get("type")
    if kinds is not None and "null" not in ([kinds] if isinstance(kinds, str) else kinds):
        return False
    if isinstance(keywords.get("enum"), list) and None not in keywords["enum"]:
        return False
    if "const" in keywords and keywords["const"] is not None:
        return False
    if isinstance(keywords.get("$ref"), str) and not _may_be_null(schema.resolve(keywords["$ref"]), seen):
        return False
    if not all(
        _may_be_null(schema.subschema("allOf", index), seen) for index in range(len(_branches(keywords, "allOf")))
    ):
        return False
    return all(
        any(_may_be_null(schema.subschema(keyword, index), seen) for index in range(len(_branches(keywords, keyword))))
        for keyword in ("anyOf", "oneOf")
        if _branches(keywords, keyword)
    )


def _is_text(schema: Schema, keywords: Mapping[str, Any]) -> bool:
    """Whether every value that the schema lets pass, but null, is a string, so that the column holds it as it came."""
    kinds = keywords.get("type")
    if kinds is not None:
        return set([kinds] if isinstance(kinds, str) else kinds) <= {"string", "null"}
    values = keywords.get("enum", [keywords["const"]] if "const" in keywords else None)
    return isinstance(values, list) and all(value is None or isinstance(value, str) for value in values)


def _are_texts(schema: Schema) -> bool:
    """Whether the items of an array are texts or null."""
    items = _keywords(schema).get("items")
    if not isinstance(items, Mapping):
        return False
    return any(_is_text(part, _keywords(part)) for part in _parts(schema.subschema("items")))


def _may_fail(schema: Schema, keyword: str) -> bool:
    """Whether a value that the schema's ``type`` lets pass can break *keyword*."""
    keywords = _keywords(schema)
    if not keywords[keyword] and keyword in ("required", "dependentRequired", "uniqueItems"):
        return False
    about = next((set(kinds) for kinds, words in _ABOUT.items() if keyword in words), None)
    kinds = keywords.get("type")
    return about is None or kinds is None or bool(about & set([kinds] if isinstance(kinds, str) else kinds))


# Keywords that speak of values of some types, and let all others pass.
_ABOUT = {
    ("integer", "number"): ("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf"),
    ("string",): ("minLength", "maxLength", "pattern", "format"),
    ("array",): ("minItems", "maxItems", "uniqueItems"),
    ("object",): ("required", "dependentRequired"),
}


def _fits(hive_type: HiveType | None, value: Any) -> bool:
    kind = str(hive_type)
    if kind == "boolean":
        return isinstance(value, bool)
    if isinstance(hive_type, Text) or kind == "string":
        return isinstance(value, str)
    return isinstance(value, int | float) and not isinstance(value, bool)


def _natural(value: Any) -> int | None:
    if isinstance(value, bool) or not isinstance(value, int | float) or value != int(value) or not 0 <= value < 2**31:
        return None
    return int(value)


def _boolean_literal(value: Any) -> str:
    return "true" if value else "false"


def _number_literal(hive_type: HiveType | None) -> Callable[[Any], str | None]:
    kind = str(hive_type)

    def literal(value: int | float) -> str | None:
        exact = Number(repr(value))
        if kind in _APPROXIMATE:
            if abs(exact) > _GREATEST_DOUBLE:
                return None
            text = repr(float(value))
            return text.replace("e", "E") if "e" in text else f"{text}E0"
        if isinstance(hive_type, Decimal):
            return f"DECIMAL '{exact:f}'" if len(exact.as_tuple().digits) <= 38 and abs(exact.adjusted()) < 37 else None
        if exact != exact.to_integral_value():
            return f"DECIMAL '{exact:f}'" if abs(exact.adjusted()) < 19 and len(exact.as_tuple().digits) <= 18 else None
        return str(int(exact)) if -(2**63) < exact < 2**63 else None

    return literal
