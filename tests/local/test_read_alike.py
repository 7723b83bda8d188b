"""What DuckDB reads by itself is what Python reads of the same text, and the rest is left to Python."""

import datetime
import json

import duckdb
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

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
            "trino.url_extract_path(x) trino.url_extract_parameter(x)"
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
