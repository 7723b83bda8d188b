"""JSON read at once gives what reading line by line gives, or declines."""

import json

import duckdb
import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from toolkit.local.athena.hive_types import parse_type
from toolkit.local.athena.readers.json_at_once import read_at_once
from toolkit.local.athena.readers.json_by_arrow import ArrowLines
from toolkit.local.athena.readers.json_lines import line_by_line
from toolkit.local.athena.readers.json_values import serde_rules

COLUMNS = {
    "id": "bigint",
    "small": "int",
    "name": "string",
    "short": "varchar(3)",
    "ok": "boolean",
    "price": "double",
    "amount": "decimal(10,2)",
    "day": "date",
    "at": "timestamp",
    "tags": "array<string>",
    "deep": "struct<userid:int,inner:struct<x:double>>",
    "items": "array<struct<sku:string,n:int>>",
    "labels": "map<string,string>",
}
# Maps are not read by Arrow.
WITHOUT_MAPS = {name: kind for name, kind in COLUMNS.items() if not kind.startswith("map")}
EVENT = {
    "id": 2**53 + 1,
    "small": -5,
    "name": 'Ä "quoted"\n',
    "short": "abcdef",
    "ok": True,
    "price": 0.1,
    "amount": 12.34,
    "day": "2024-02-29",
    "at": "2024-02-29T12:34:56.789123Z",
    "tags": ["a", None, ""],
    "deep": {"userId": 1, "inner": {"x": 1.5}},
    "items": [{"sku": "s", "n": 1}, {"sku": None}],
    "labels": {"k": "v"},
    "undeclared": {"whatever": [1, "2"]},
}


class NotByArrow:
    """What is known of lines that Arrow does not read."""

    def read(self, text):
        """Decline."""


READERS = {"arrow": ArrowLines, "duckdb": lambda columns, rules: NotByArrow()}
by_each = pytest.mark.parametrize("known", READERS.values(), ids=READERS)


def read(tmp_path, known, text, columns=COLUMNS, properties=None, *, is_openx=True):
    """Give the table read at once (None if declined), and the table read line by line."""
    kinds = {name: parse_type(kind) for name, kind in columns.items()}
    rules = serde_rules(properties or {}, is_openx=is_openx)
    fast = read_at_once(duckdb.connect(), text, tmp_path, kinds, rules, known(kinds, rules))
    return fast, line_by_line(kinds, rules)(text, {})


def lines(*events):
    return b"".join(orjson.dumps(event) + b"\n" for event in events)


@by_each
@pytest.mark.parametrize("columns", [COLUMNS, WITHOUT_MAPS], ids=["with maps", "without maps"])
@pytest.mark.parametrize("is_openx", [True, False], ids=["openx", "hive"])
def test_plain_events_are_read_at_once(tmp_path, known, columns, is_openx):
    events = [EVENT, {**EVENT, "price": 3, "deep": None, "labels": {}}, dict.fromkeys(EVENT), {}]
    fast, slow = read(tmp_path, known, lines(*events), columns, is_openx=is_openx)
    assert fast is not None
    assert fast.equals(slow)
    assert fast.num_rows == 4


@by_each
def test_columns_without_a_value_and_mapped_keys_are_read_at_once(tmp_path, known):
    columns = {"event_time": "timestamp", "nothing": "struct<a:int>", "absent": "int"}
    text = lines({"@Timestamp": "2024-01-01 00:00:00", "nothing": None}, {"@Timestamp": "2024-01-01 00:00:01.5"})
    fast, slow = read(tmp_path, known, text, columns, {"mapping.event_time": "@Timestamp"})
    assert fast is not None
    assert fast.equals(slow)


@by_each
# Each of these differs between DuckDB's reader and the SerDe, or might.
@pytest.mark.parametrize(
    "text",
    [
        b'{"id": "7"}\n{"id": 1}\n',
        b'{"name": 0.10}\n',
        b'{"name": {"a": 1}}\n',
        b'{"name": "x"}\n{"name": 1}\n',
        b'{"id": 1.0}\n',
        b'{"id": 9223372036854775808}\n',
        b'{"small": 3000000000}\n',
        b'{"ok": "true"}\n',
        b'{"price": NaN}\n',
        b'{"price": 1,}\n',
        b'{"undeclared": {"whatever": 1.5, "n": null}}\n{"undeclared": {"whatever": nan}}\n',
        b'{"tags": ["a" , ]}\n',
        b'{"id": 1}\n\n{"id": 2}\n',
        b'{"id": 1} and more\n',
        b'{"id": 1\n{"id": 2}\n',
        b'\xef\xbb\xbf{"id": 1}\n',
        b'{"name": "\xff"}\n',
        b'{"name": "\\ud800"}\n',
        b'{"id": 1, "ID": 2}\n',
        b'{"id": 1}\n{"ID": 2}\n',
        b'{"deep": {"userId": 1}}\n{"deep": {"userid": 2}}\n',
        b'{"undeclared": {"some": [{"userId": 1, "userid": 2}]}}\n',
        b'{"undeclared": [1, {"userId": [1, "2"], "userid": 2}]}\n{"undeclared": 5}\n',
        b'{"labels": {"K": "v"}}\n',
        b'{"labels": {"a": "v", "b": 1}}\n',
        b'{"day": "2024-02-30"}\n',
        b'{"day": "2024-1-1"}\n',
        b'{"at": "2024-01-01T00:00:00+01:00"}\n',
        b'{"at": 1700000000}\n',
        b'{"at": "2024-02-30 00:00:00"}\n',
        b'{"amount": 1.005}\n',
        b'{"amount": 123456789012.5}\n',
        b'{"tags": "alone"}\n',
        b'{"deep": ""}\n',
        b"[1]\n",
        b'{"id": 1} {"id": 2}\n{"deep":\n{"userId": 1}}\n',
        b'{"id": 1} {"id": 2}\n{"tags": [\n]}\n',
        b'{"id": 1, "id": 1}\n',
        b'{"name": "\\q"}\n',
        b'{"price": 1e999}\n',
        b'{"name": "tab\there"}\n',
    ],
)
def test_what_may_differ_is_declined(tmp_path, known, text):
    fast, _ = read(tmp_path, known, text + lines(EVENT), COLUMNS if b"labels" in text else WITHOUT_MAPS)
    assert fast is None


@by_each
@pytest.mark.parametrize(
    ("columns", "properties"),
    [
        ({"a_b": "int"}, {"dots.in.keys": "true"}),
        ({"at": "timestamp"}, {"timestamp.formats": "yyyy"}),
    ],
)
def test_rules_that_duckdb_does_not_know_are_declined(tmp_path, known, columns, properties):
    fast, _ = read(
        tmp_path,
        known,
        lines({"a.b": 1, "at": "2024-01-01 00:00:00"}),
        columns,
        properties,
        is_openx="dots.in.keys" in properties,
    )
    assert fast is None


SCALARS = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(2**70), 2**70),
    st.floats(allow_nan=False, allow_infinity=False),
    st.text(max_size=6),
    st.sampled_from(["2024-01-01", "2024-12-31 23:59:59", "1", "true", "", "1.5"]),
)
VALUES = st.recursive(
    SCALARS,
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["userId", "userid", "inner", "x", "sku", "n", "k"]), inner, max_size=3)
    ),
    max_leaves=6,
)
NEAR = st.fixed_dictionaries({}, optional={name: st.just(value) | VALUES for name, value in EVENT.items()})


@by_each
@given(events=st.lists(NEAR, min_size=1, max_size=4), columns=st.sampled_from([COLUMNS, WITHOUT_MAPS]))
def test_it_never_says_anything_else(tmp_path_factory, known, events, columns):
    text = b"".join(json.dumps(event).encode() + b"\n" for event in events)
    fast, slow = read(tmp_path_factory.getbasetemp(), known, text, columns)
    assert fast is None or fast.equals(slow)


def test_keys_and_kinds_may_come_late(tmp_path):
    kinds = {name: parse_type(kind) for name, kind in WITHOUT_MAPS.items()}
    rules = serde_rules({}, is_openx=True)
    known = ArrowLines(kinds, rules)
    plain = {**EVENT, "undeclared": [1]}
    empty = {"deep": None, "items": [], "tags": [], "amount": 1}
    for events in ([empty], [empty, plain], [{**plain, "amount": 7}], [dict.fromkeys(EVENT)]):
        text = lines(*events)
        assert known.read(text) is not None
        fast = read_at_once(duckdb.connect(), text, tmp_path, kinds, rules, known)
        assert fast.equals(line_by_line(kinds, rules)(text, {}))


@pytest.mark.parametrize("unit", [(b"[", b"]"), (b'{"a":', b"}")], ids=["arrays", "objects"])
def test_arrow_is_not_asked_to_read_what_overflows_its_stack(unit):
    opening, closing = unit
    deep = b'{"name": "x", "undeclared": ' + opening * 100_000 + b"1" + closing * 100_000 + b"}\n"
    kinds = {"name": parse_type("string")}
    assert ArrowLines(kinds, serde_rules({}, is_openx=True)).read(lines(EVENT) + deep) is None


def test_columns_of_one_key_are_read_by_arrow(tmp_path):
    kinds = {name: parse_type(kind) for name, kind in {"name": "string", "label": "string", "id": "int"}.items()}
    rules = serde_rules({"mapping.label": "name"}, is_openx=True)
    known = ArrowLines(kinds, rules)
    text = lines({"name": "x", "id": 1}, {"name": None})
    assert known.read(text) is not None
    fast = read_at_once(duckdb.connect(), text, tmp_path, kinds, rules, known)
    assert fast.equals(line_by_line(kinds, rules)(text, {}))
