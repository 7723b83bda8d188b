"""Generators of types and tables for property tests."""

from hypothesis import strategies as st

from toolkit.hive import (
    HIVE_JSON,
    ION,
    OPENX_JSON,
    ORC,
    PARQUET,
    Array,
    Column,
    Decimal,
    Field,
    Map,
    Primitive,
    Serde,
    Struct,
    Table,
    Text,
)
from toolkit.hive.types import PRIMITIVES

plain_names = st.text("abcdefghijklmnopqrstuvwxyz0123456789_", min_size=1, max_size=12)
# Any text but lone surrogates, which no catalogue can store.
texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=30)
lines = st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=30)
scalars = st.one_of(
    st.sampled_from(sorted(PRIMITIVES)).map(Primitive),
    st.integers(1, 38).flatmap(lambda p: st.integers(0, p).map(lambda s: Decimal(p, s))),
    st.integers(1, 65_535).map(lambda n: Text("varchar", n)),
    st.integers(1, 255).map(lambda n: Text("char", n)),
)


def structs(inner):
    fields = st.dictionaries(plain_names, inner, min_size=1, max_size=4)
    return fields.map(lambda found: Struct(tuple(Field(name, kind) for name, kind in found.items())))


types = st.recursive(
    scalars, lambda inner: st.one_of(inner.map(Array), st.builds(Map, scalars, inner), structs(inner)), max_leaves=8
)


@st.composite
def tables(draw):
    names = draw(st.lists(plain_names, min_size=1, max_size=6, unique=True))
    cut = draw(st.integers(1, len(names)))
    properties = st.dictionaries(texts.filter(bool), texts, max_size=3)
    serde = draw(st.sampled_from([OPENX_JSON, HIVE_JSON, PARQUET, ORC, ION]))
    if draw(st.booleans()):
        serde = Serde(serde.library, serde.input_format, serde.output_format, draw(properties))
    parameters = {f"p {key}": value for key, value in draw(properties).items()}
    return Table(
        database=draw(plain_names),
        name=draw(plain_names),
        columns=tuple(Column(name, draw(types), draw(lines)) for name in names[:cut]),
        partition_keys=tuple(Column(name, draw(scalars), draw(lines)) for name in names[cut:]),
        serde=serde,
        location="s3://bucket/" + draw(st.sampled_from(["", "a/", "it's/b c/", "é/"])),
        parameters=parameters,
        description=draw(texts),
    )


# JSON Schemas of every construct that becomes a column, with keys of any text.
keys = texts
scalar_schemas = st.sampled_from(
    [
        {"type": "string"},
        {"type": "boolean"},
        {"type": "integer"},
        {"type": "integer", "minimum": -5, "maximum": 300},
        {"type": "number"},
        {"type": "number", "multipleOf": 0.01},
        {"type": ["string", "null"]},
        {"type": ["integer", "string"]},
        {"type": "string", "format": "date"},
        {"type": "string", "format": "date-time"},
        {"enum": ["a", "b"]},
        {"const": 1.5},
        {},
        {"type": "object"},
        {"type": "array"},
    ]
)


def _object_schemas(inner):
    properties = st.dictionaries(keys, inner, min_size=1, max_size=4)
    return st.one_of(
        properties.map(lambda found: {"type": "object", "properties": found}),
        inner.map(lambda found: {"type": "object", "additionalProperties": found}),
        inner.map(lambda found: {"type": "array", "items": found}),
        st.lists(inner, min_size=1, max_size=3).map(lambda found: {"anyOf": found}),
        st.builds(
            lambda a, b: {"type": "object", "allOf": [{"properties": a}], "properties": b}, properties, properties
        ),
    )


schemas = st.recursive(scalar_schemas, _object_schemas, max_leaves=8)
event_schemas = st.dictionaries(keys, schemas, min_size=1, max_size=5).map(
    lambda found: {"type": "object", "properties": found}
)
