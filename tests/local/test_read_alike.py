"""What DuckDB reads by itself is what Python reads of the same text, and the rest is left to Python."""

import datetime
import json
from unittest.mock import patch

import duckdb
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from toolkit.local.athena.hive_types import parse_type
from toolkit.local.athena.results import _Pages, small_csv
from toolkit.local.athena.sql.formats import from_joda, from_mysql, read_alike
from toolkit.local.athena.sql.macros import MacroLibrary
from toolkit.local.athena.sql.routines import json_texts, regular, times
from toolkit.local.athena.sql.routines import text as texts_of_urls
from toolkit.local.athena.sql.routines.refusal import Refusal

REFUSED = "refused"


@pytest.fixture(scope="module")
def connection():
    with duckdb.connect() as made:
        made.execute("SET TimeZone = 'UTC'").fetchall()
        library = MacroLibrary(made)
        library.need(
            "trino.plain_json_extract_scalar(x) trino.plain_json_extract(x) trino.json_cast(x) trino.json_array_length(x) "
            "trino.date_parse(x) trino.parse_datetime(x) trino.from_iso8601_date(x) trino.text_to_timestamp(x) "
            "trino.text_to_double(x) trino.plain_json_size(x) trino.regexp_extract(x) trino.url_extract_host(x) "
            "trino.url_extract_path(x) trino.url_extract_parameter(x) trino.own_parse_datetime(x) trino.to_ieee754_64(x)"
        )
        yield made


def in_duckdb(connection, call, *values):
    try:
        return connection.execute(f"SELECT {call}", list(values)).fetchall()[0][0]
    except duckdb.Error:
        return REFUSED


def in_python(routine, *values):
    try:
        return routine(*values)
    except (Refusal, json_texts.NotJson):
        return REFUSED


scalars = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8)
documents = st.dictionaries(
    st.sampled_from(["a", "b", "A"]),
    st.recursive(
        scalars, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3)
    ),
).map(lambda value: json.dumps(value, ensure_ascii=False))
broken = st.builds(
    lambda text, place, put: text[: place % (len(text) + 1)] + put + text[place % (len(text) + 1) :],
    documents,
    st.integers(0, 200),
    st.sampled_from([",", "}", "]", '"', "NaN", " ", "\\", ":", "-0", "1e5", "\t", "null"]),
)


@given(documents | broken | st.text(max_size=12))
@example('{"a": -0}')
@example('{"a": 1.50}')
@example('{"a": 12345678901234567890123}')
@example('{"a": [1, {"b": "\\u001f"}, 1e3]}')
@example('{"b": NaN, "a": 1}')
@example('{"a": 1,}')
def test_parts_of_json_are_those_that_python_finds(connection, text):
    if text.count('"a"') > 1:
        return  # Python takes the last of two members with one name, Trino and DuckDB the first
    found = in_duckdb(connection, "trino.plain_json_size($1, '$.a')", text)
    assert found == in_python(json_texts.json_size, text, "$.a")
    for name, routine in (("scalar", json_texts.json_extract_scalar), ("", json_texts.json_extract)):
        call = f"CAST(trino.plain_json_extract{'_' if name else ''}{name}($1, '$.a') AS VARCHAR)"
        assert in_duckdb(connection, call, text) == in_python(routine, text, "$.a")


@given(documents | broken | st.lists(scalars, max_size=4).map(json.dumps))
def test_arrays_of_json_have_the_length_that_python_finds(connection, text):
    found = in_duckdb(connection, "trino.json_array_length($1)", text)
    assert found == in_python(json_texts.json_array_length, text)


@pytest.mark.parametrize(
    ("pattern", "texts"),
    [
        ("%Y-%m-%d", ["2024-02-29", "2023-02-29", "2024-2-9", "0000-01-01", "2024-02-29 ", "12024-01-01", "", "x"]),
        (
            "%Y-%m-%d %H:%i:%s",
            ["2024-02-29 23:59:59", "2024-02-29 24:00:00", "2024-02-29 23:59:60", "2024-02-29 1:2:3"],
        ),
        ("%d/%m/%Y", ["31/12/1999", "12/31/1999"]),
        ("%Y-%m-%d %H:%i:%s.%f", ["2024-02-29 23:59:59.123000", "2024-02-29 23:59:59.123456", "2024-02-29 23:59:59.5"]),
        ("%Y", ["2024", "24"]),
        ("%Y.%m", ["2024.02", "2024x02"]),
    ],
)
def test_a_time_by_a_pattern_is_the_one_that_python_reads(connection, pattern, texts):
    alike, strptime = read_alike(from_mysql(pattern)), from_mysql(pattern)
    assert alike
    for text in texts:
        found = in_duckdb(connection, "trino.date_parse($1, $2, $3, $4)", text, pattern, alike, strptime)
        assert found == in_python(times.date_parse, text, pattern)


@given(st.datetimes(datetime.datetime(1, 1, 1), datetime.datetime(9999, 12, 31)))
def test_every_time_is_read_by_a_pattern(connection, moment):
    text, pattern = f"{moment.year:04d}{moment:-%m-%d %H:%M:%S}", "yyyy-MM-dd HH:mm:ss"
    given_by = (text, pattern, read_alike(from_joda(pattern)), from_joda(pattern))
    found = in_duckdb(connection, "timezone('UTC', trino.parse_datetime($1, $2, $3, $4))", *given_by)
    assert found == moment.replace(microsecond=0) == in_python(times.parse_datetime, text, pattern)
    own = in_duckdb(connection, "trino.own_parse_datetime($1, $2, $3, $4)", *given_by)
    assert own == in_duckdb(connection, "trino.own_parse_datetime($1, $2)", text, pattern)


def test_rows_of_a_batch_that_are_equal_but_not_alike_stay_apart(connection):
    rows = connection.execute(
        "SELECT trino.to_ieee754_64(x) FROM (VALUES (0.0::DOUBLE), (-0.0::DOUBLE), (NULL), (0.0::DOUBLE)) AS t(x)"
    ).fetchall()
    assert [row and row[0] for row in rows] == [bytes(8), b"\x80" + bytes(7), None, bytes(8)]


NUMBERS = st.sampled_from(
    [
        "0",
        "-0",
        "-1",
        "12",
        "1.5",
        "-0.0",
        "0.001",
        "0.0009999",
        "0.00100",
        "9999999",
        "9999999.99999999999",
        "12345678.5",
        "1e5",
        "1E-3",
        "1e400",
        "-1e400",
        "1.10",
        "00",
        "1.",
        ".5",
        "-",
        "NaN",
        "Infinity",
        "-Infinity",
        "123456789012345678901234567890",
        "0.1234567890123456789",
    ]
)
STRINGS = st.text(st.sampled_from('ab é😀\n\\"/:-0e5,N\x7f\u2028'), max_size=6).map(json.dumps) | st.sampled_from(
    ['"3e5"', '": 1e5"', '"NaN"', '"\\/"', '"\\ud83d\\ude00"', "true", "null"]
)
TEXTS = st.recursive(
    NUMBERS | STRINGS,
    lambda inner: (
        st.lists(inner, max_size=3).map(lambda parts: "[ " + " ,".join(parts) + "]")
        | st.lists(st.tuples(STRINGS, inner), max_size=3).map(
            lambda parts: "{" + ",".join(f"{k} :{v}" for k, v in parts) + "}"
        )
    ),
    max_leaves=6,
)


@given(TEXTS)
@example('{"a": 9999999.9999999999}')
@example("-0")
@example('["\\ud83d\\ude00", {"😀": "é"}]')
def test_json_is_read_at_once_as_it_is_value_by_value(text):
    try:
        expected = json_texts.with_escapes(json_texts.written(json_texts.read(text)))
    except json_texts.NotJson:
        expected = REFUSED
    assert in_python(json_texts.json_parse, text) == expected
    if expected != REFUSED:
        as_it_came = json_texts.written(json_texts.read(text), is_sorted=False)
        assert json_texts.json_extract(text, "$") == json_texts.with_escapes(as_it_came)


KINDS = st.recursive(
    st.sampled_from(
        ["string", "bigint", "tinyint", "double", "float", "boolean", "json", "varchar(2)", "decimal(4,1)"]
    ),
    lambda inner: (
        inner.map(lambda kind: f"array<{kind}>")
        | st.tuples(st.sampled_from(["string", "bigint"]), inner).map(lambda pair: f"map<{pair[0]},{pair[1]}>")
        | st.tuples(inner, inner).map(lambda pair: f"struct<a:{pair[0]},`N`:{pair[1]}>")
    ),
    max_leaves=4,
)
OBJECTS = st.dictionaries(st.sampled_from(["a", "A", "n", "b"]), TEXTS, max_size=3).map(
    lambda members: "{" + ",".join(f"{json.dumps(key)}: {value}" for key, value in members.items()) + "}"
)


@given(TEXTS | OBJECTS | st.lists(OBJECTS, max_size=2).map(lambda parts: f"[{','.join(parts)}]"), KINDS)
@example('{"a": [1, null, "1"]}', "map<string,array<string>>")
@example("[200, -128]", "array<tinyint>")
@example("[true, 1]", "array<bigint>")
@example('[-0, "-0", -0.0]', "array<string>")
@example('{"n": 1, "N": 2, "a": {}}', "struct<a:json,`N`:string>")
def test_json_is_cast_at_once_as_it_is_value_by_value(text, kind):
    with patch.object(json_texts, "_read_at_once", side_effect=json_texts.NotJson):
        expected = in_python(json_texts.json_cast, text, kind)
    found = in_python(json_texts.json_cast, text, kind)
    if parse_type(kind).is_nested and REFUSED not in (found, expected) and None not in (found, expected):
        found, expected = json.loads(found), json.loads(expected)
    assert repr(found) == repr(expected)


@pytest.mark.parametrize("pattern", ["%H:%i", "%Y-%m-%d %p", "%y-%m-%d", "%Y %Y", "%c/%e/%Y"])
def test_other_patterns_are_left_to_python(pattern):
    assert read_alike(from_mysql(pattern)) == ""


@pytest.mark.parametrize("text", ["2024-02-29", "2023-02-29", "2024-W05", "2024-034", "2024-2-9", "0000-01-01", "x"])
def test_days_of_iso_8601_are_those_that_python_reads(connection, text):
    found = in_duckdb(connection, "trino.from_iso8601_date($1)", text)
    assert found == in_python(times.from_iso8601_date, text)


@pytest.mark.parametrize("pattern", [r"a(b)?(c*)", r"(\d+)-(x|)", r"(a)|(b)", r"(?i)(A)(B)", r"\b(\w)(\w*)"])
@given(st.text(alphabet="abcABx-0é \n", max_size=8))
def test_groups_of_a_pattern_are_those_that_python_finds(connection, pattern, text):
    assert regular.is_plain(pattern)
    for group in range(3):
        found = in_duckdb(connection, f"trino.regexp_extract($1, '{pattern}', {group})", text)
        assert found == in_python(regular.regexp_extract, text, pattern, group)


urls = st.from_regex(
    r"[a-z]{1,3}:/?/?[a-z.:@0-9-]{0,8}(/[a-z%/+-]{0,5})?(\?[qa=&%+.]{0,8})?(#[a-z&=]{0,4})?", fullmatch=True
)


@given(urls | st.text(max_size=9))
@example("https://a.b/c?q=&q=1")
@example("https://a.b?q&q=1")
@example("https://a.b")
@example("a://0")
def test_parts_of_urls_are_those_that_python_finds(connection, url):
    for part in ("host", "path"):
        found = in_duckdb(connection, f"trino.url_extract_{part}($1)", url)
        assert found == in_python(getattr(texts_of_urls, f"url_extract_{part}"), url)
    found = in_duckdb(connection, "trino.url_extract_parameter($1, 'q')", url)
    assert found == in_python(texts_of_urls.url_extract_parameter, url, "q")


@given(
    st.integers(1, 4).flatmap(
        lambda width: st.lists(
            st.tuples(*[st.none() | st.text('a",\n\r é', max_size=4) for _ in range(width)]), min_size=1, max_size=6
        )
    )
)
@example([('",', None)])
def test_rows_of_a_page_are_those_that_were_written(rows):
    names = ["c"] * len(rows[0])
    content = small_csv(names, rows)
    pages = _Pages(lambda start, length: content[start : start + length], 0)
    assert pages.quoted(100, len(names)) == [tuple(names), *rows]
    assert pages.offset == len(content)


def test_a_row_of_many_megabytes_is_read_in_few_steps():
    """Each step looks at the row from its beginning."""
    value = 'a"\n' * 3_000_000
    content = small_csv(["c"], [[value], [None]])
    asked = []

    def read(start, length):
        asked.append(length)
        return content[start : start + length]

    assert _Pages(read, 0).quoted(10, 1) == [("c",), (value,), (None,)]
    assert len(asked) < 10
