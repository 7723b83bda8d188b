"""Generators of schemas with events that fit them, of every construct that becomes a column, and what must come back."""

import re
from datetime import datetime, timedelta
from decimal import Decimal

from hypothesis import strategies as st

from toolkit.hive import Array, Field, Map, Struct
from toolkit.hive.types import TIMESTAMP
from toolkit.schema import load_schema
from toolkit.validator import compile_schema

# A pair is a schema and a strategy of values that fit it, most of the time; the strict validator has the last word.

_texts = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=8) | st.sampled_from(
    ["line\nbreak\r\n", "\u2028\u2029", 'it\'s "quoted" \\ `so`', "🎉", "null", "1", "true", "{}", "[1]", " padded "]
)
_keys = st.one_of(
    st.sampled_from(["a", "b", "A", "userId", "user_id", "a-b", "a.b", "a_b", "select", "", "é", "12", "_id", "a\nb"]),
    _texts,
)
_integers = st.integers(-(2**66), 2**66) | st.sampled_from(
    [1.0, -0.0, 1e3, 2**63 - 1, 2**63, -(2**63), 2**53 + 1, 1e18]
)
# Without subnormal ones: texts are compared, and Java's of 5e-324 is 4.9E-324, which is the same double.
_numbers = st.floats(allow_nan=False, allow_infinity=False, allow_subnormal=False) | st.integers(-(2**70), 2**70)


def _leaf(schema, values):
    return st.just((schema, values))


def _date_times():
    days = st.dates().map(lambda day: day.isoformat())
    clock = st.times().map(lambda time: time.isoformat(timespec="seconds"))
    fraction = st.just("") | st.text("0123456789", min_size=1, max_size=12).map(lambda digits: f".{digits}")
    zone = st.sampled_from(["Z", "z", "+00:00", "-00:00", "+02:00", "-11:30", "+14:00", "+23:59"])
    made = st.builds("{}{}{}{}{}".format, days, st.sampled_from("Tt"), clock, fraction, zone)
    return made | st.sampled_from(["2016-12-31T23:59:60Z", "0000-02-29T12:00:00Z", "2024-02-29T12:00:00.1234567890Z"])


_leaves = st.one_of(
    _leaf({"type": "string"}, _texts),
    _leaf({"type": ["string", "null"]}, st.none() | _texts),
    _leaf({"enum": ["x", "y"]}, st.sampled_from(["x", "y"])),
    _leaf({"enum": ["x", 1, None, True, 1.5]}, st.sampled_from(["x", 1, None, True, 1.5])),
    _leaf({"enum": [1, 2, 300]}, st.sampled_from([1, 2, 300])),
    _leaf({"const": {"a": 1, "B": [None, "x"]}}, st.just({"a": 1, "B": [None, "x"]})),
    _leaf({"const": [1, 2.5]}, st.just([1, 2.5])),
    _leaf({"const": None}, st.none()),
    _leaf({"type": "boolean"}, st.booleans()),
    _leaf({"type": "integer"}, _integers),
    _leaf({"type": "integer", "minimum": 0, "maximum": 300}, st.integers(0, 300)),
    _leaf({"type": "integer", "minimum": 0, "maximum": 2**64}, st.integers(0, 2**64)),
    _leaf({"type": ["integer", "null"], "exclusiveMinimum": -10}, st.none() | st.integers(-9, 2**64)),
    _leaf({"type": "number"}, _numbers),
    _leaf({"type": "number", "multipleOf": 1}, _integers),
    _leaf(
        {"type": "number", "multipleOf": 0.01, "minimum": -1000, "maximum": 1000},
        st.integers(-100_000, 100_000).map(lambda cents: cents / 100),
    ),
    _leaf({"type": "number", "multipleOf": 0.001}, st.integers(-(10**9), 10**9).map(lambda parts: parts / 1000)),
    _leaf({"type": ["integer", "string"]}, st.integers(-9, 9) | _texts),
    _leaf({"type": ["integer", "number", "null"]}, st.none() | _numbers),
    _leaf({"type": ["boolean", "string"]}, st.booleans() | _texts),
    _leaf({"type": ["string", "array"], "items": {"type": "string"}}, _texts | st.lists(_texts, max_size=2)),
    # Python has no year 0, RFC 3339 has.
    _leaf({"type": "string", "format": "date"}, st.dates().map(lambda day: day.isoformat()) | st.just("0000-02-29")),
    _leaf({"type": "string", "format": "date-time"}, _date_times()),
    _leaf({"type": "string", "format": "uuid"}, st.uuids().map(str)),
    _leaf({}, st.none() | st.booleans() | _texts | st.lists(st.integers(0, 9), max_size=2)),
    _leaf(True, st.none() | _texts | st.just({"a": [1, {"B": None}]})),
    _leaf({"type": "object"}, st.just({})),
    _leaf({"type": "object", "additionalProperties": True}, st.dictionaries(_keys, _texts, max_size=2)),
    _leaf({"type": "array"}, st.lists(_texts | st.none() | st.integers(0, 9), max_size=3)),
)


@st.composite
def _objects(draw, inner, *, least=0):
    found = draw(st.dictionaries(_keys, inner, min_size=least, max_size=4))
    required = [key for key in found if draw(st.booleans())]
    values = st.fixed_dictionaries(
        {key: found[key][1] for key in required},
        optional={key: values for key, (_, values) in found.items() if key not in required},
    )
    return {
        "type": "object",
        "properties": {key: schema for key, (schema, _) in found.items()},
        "required": required,
    }, values


def _array(pair):
    schema, values = pair
    return {"type": "array", "items": schema}, st.lists(values, max_size=3)


def _tuple(pairs):
    (first, first_values), (second, second_values) = pairs
    values = st.tuples(first_values, second_values).map(list) | st.tuples(first_values).map(list) | st.just([])
    return {"type": "array", "prefixItems": [first, second], "items": False}, values


def _map(pair):
    schema, values = pair
    return {"type": "object", "additionalProperties": schema}, st.dictionaries(_keys, values, max_size=3)


def _pattern_map(pair):
    schema, values = pair
    keys = st.text("abXY._-", max_size=3).map(lambda rest: f"x{rest}")
    return {
        "type": "object",
        "patternProperties": {"^x": schema},
        "additionalProperties": False,
    }, st.dictionaries(keys, values, max_size=3)


def _open(pair):
    schema, values = pair
    merged = st.builds(dict, values, more=_texts)
    return {**schema, "additionalProperties": {"type": "string"}}, values | merged


def _either(pairs):
    return {"anyOf": [schema for schema, _ in pairs]}, st.one_of(*(values for _, values in pairs))


def _nullable(pair):
    schema, values = pair
    return {"oneOf": [schema, {"type": "null"}]}, values | st.none()


def _all_of(pairs):
    merged = st.tuples(*(values for _, values in pairs)).map(lambda found: {**found[0], **found[1]})
    return {"type": "object", "allOf": [schema for schema, _ in pairs]}, merged


def _told_apart(pairs):
    branches, values = [], []
    for name, (schema, fitting) in zip(("one", "other"), pairs, strict=True):
        kind = {"const": name}
        branches.append({"properties": {**schema["properties"], "kind": kind}, "required": ["kind"]})
        values.append(fitting.map(lambda found, name=name: {**found, "kind": name}))
    return {"type": "object", "oneOf": branches}, st.one_of(*values)


def _conditional(pairs):
    (schema, values), (other, other_values) = pairs
    condition = {"properties": {"flag": {"const": True}}, "required": ["flag"]}
    contents = {
        "type": "object",
        "properties": {"flag": {"type": "boolean"}},
        "if": condition,
        "then": {"properties": schema["properties"]},
        "else": {"properties": other["properties"]},
    }
    return contents, values.map(lambda found: {**found, "flag": True}) | other_values.map(
        lambda found: {**found, "flag": False}
    )


def _shared(pair):
    schema, values = pair
    return {"$shared": schema}, values


_schemas = st.recursive(
    _leaves,
    lambda inner: st.one_of(
        _objects(inner),
        _objects(inner).map(_open),
        inner.map(_array),
        inner.map(_map),
        inner.map(_pattern_map),
        inner.map(_nullable),
        inner.map(_shared),
        st.tuples(inner, inner).map(_tuple),
        st.tuples(inner, inner).map(_either),
        st.tuples(_objects(inner), _objects(inner)).map(_all_of),
        st.tuples(_objects(inner), _objects(inner)).map(_told_apart),
        st.tuples(_objects(inner), _objects(inner)).map(_conditional),
    ),
    max_leaves=6,
)


def _with_definitions(contents, definitions):
    """Return *contents* with every shared schema moved to *definitions*, and a reference in its place."""
    match contents:
        case {"$shared": schema}:
            name = f"d{len(definitions)}"
            definitions[name] = None
            definitions[name] = _with_definitions(schema, definitions)
            return {"$ref": f"#/$defs/{name}"}
        case {"const": _} | {"enum": _}:
            return contents
        case dict():
            return {key: _with_definitions(part, definitions) for key, part in contents.items()}
        case list():
            return [_with_definitions(part, definitions) for part in contents]
    return contents


# A tree, which stands inside itself.
_TREE = {
    "type": "object",
    "properties": {"v": {"type": ["integer", "null"]}, "Kids": {"type": "array", "items": {"$ref": "#/$defs/tree"}}},
}
_trees = st.deferred(
    lambda: st.fixed_dictionaries(
        {}, optional={"v": st.none() | st.integers(0, 9), "Kids": st.lists(_trees, max_size=2)}
    )
)


@st.composite
def cases(draw):
    """A schema of events, which number themselves in ``row``, and events that its strict validator accepts."""
    contents, values = draw(_objects(_schemas, least=1))
    definitions = {}
    contents = _with_definitions(contents, definitions)
    contents["properties"]["row"] = {"type": "integer", "minimum": 0, "maximum": 99}
    if draw(st.integers(0, 9)) == 0:
        definitions["tree"] = _TREE
        contents["properties"]["tree"] = {"$ref": "#/$defs/tree"}
        values = st.builds(lambda event, tree: {**event, "tree": tree}, values, _trees)
    schema = load_schema(contents | ({"$defs": definitions} if definitions else {}))
    validator = compile_schema(schema, strict=True)
    events = draw(st.lists(values, min_size=1, max_size=5))
    accepted = [event | {"row": number} for number, event in enumerate(events)]
    return schema, [event for event in accepted if validator.is_valid(event)]


# What must come back


class Anything:
    """Stands where a loss was announced."""

    def __eq__(self, other):
        return True

    __hash__ = None

    def __repr__(self):
        return "…"


class InUtc:
    """A time in UTC of milliseconds, which tables of Iceberg show with six digits."""

    def __init__(self, text):
        self.text = text

    def __eq__(self, other):
        return (
            isinstance(other, str) and other[: len(self.text)] == self.text and not other[len(self.text) :].strip("0")
        )

    __hash__ = None

    def __repr__(self):
        return self.text


_MAX_OFFSET_IN_MINUTES = 14 * 60
_MAX_FRACTION_DIGITS = 9


def cast_time(text):
    """What the cast of a curated table makes of an RFC 3339 *text*: UTC, cut to milliseconds, NULL where Trino has none."""
    text = text.upper().replace("Z", "+00:00")
    clock, fraction, sign, hours, minutes = re.fullmatch(
        r"(.{19})(\.[0-9]+)?([+-])([0-9]{2}):([0-9]{2})", text
    ).groups()
    offset = 60 * int(hours) + int(minutes)
    if clock.endswith(":60") or clock.startswith("0000") or offset > _MAX_OFFSET_IN_MINUTES:
        return None
    if len(fraction or ".") > 1 + _MAX_FRACTION_DIGITS:
        return None
    if clock[:4] in ("0001", "9999"):
        # The time in UTC may be of a year that Python does not have.
        return Anything()
    local = datetime.fromisoformat(clock)
    utc = local + timedelta(minutes=offset if sign == "-" else -offset)
    return InUtc(f"{utc.isoformat(' ')}.{(fraction or '.')[1:4].ljust(3, '0')}")


def expected(value, hive_type, path, plan, lost):
    """What must come back for *value*, with ``…`` where a loss names the path."""
    if isinstance(value, str) and hive_type == TIMESTAMP and "null" in lost.get(path, ()):
        return cast_time(value)
    if lost.get(path, set()) - {"rounded", "lowered"}:
        return Anything()
    match hive_type:
        case _ if value is None:
            return None
        case Struct(fields):
            seen = {plan.naming.seen(key): inner for key, inner in value.items()}
            keys = {name: key for key, name in plan.naming.names.items()}
            return {
                field.name: expected(seen.get(keys[field.name]), field.type, f"{path}.{field.name}", plan, lost)
                for field in fields
            }
        case Array(element):
            return [expected(inner, element, f"{path}[]", plan, lost) for inner in value]
        case Map(_, inner_type):
            lowers = "lowered" in lost.get(path, set())
            return {
                key.lower() if lowers else key: expected(inner, inner_type, f"{path}{{}}", plan, lost)
                for key, inner in value.items()
            }
    if isinstance(value, bool | str):
        return value
    return Decimal(repr(float(value))) if path in lost else Decimal(repr(value))


def expected_row(event, plan, lost):
    """What must come back for *event*, by column."""
    row = Struct(tuple(Field(column.name, column.type) for column in plan.columns))
    return expected(event, row, "", plan, lost)


def losses_of(plan):
    """The effects that are announced, by path as `expected` writes it; events with errors are left out beforehand."""
    found = {}
    for loss in plan.losses:
        if loss.column and loss.effect != "error":
            effect = "lowered" if loss.rule == "map" else loss.effect
            found.setdefault(f".{loss.column}", set()).add(effect)
    return found
