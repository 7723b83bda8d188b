"""Doubles have one text: in a column of a result, inside of another value, and in what Python writes."""

import duckdb
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from toolkit.local.athena.hive_types import parse_type
from toolkit.local.athena.sql.engine import _with_java_doubles
from toolkit.local.athena.sql.macros import MacroLibrary
from toolkit.local.athena.sql.render import text_of_column, text_sql
from toolkit.local.athena.sql.routines.json_texts import java_double

DOUBLE = parse_type("double")
EDGES = [0.0, -0.0, 5e-324, -5e-324, 1e-3, 9.99e-4, 1e-4, 9.9e-5, 9999999.5, 1e7, -12345678.25, 1e15, 1e16, 1e22, 1e300]


@pytest.fixture(scope="module")
def connection():
    with duckdb.connect() as made:
        library = MacroLibrary(made)
        library.need(text_sql("x", DOUBLE))
        yield made


def texts(connection, numbers):
    """Give the texts of numbers as columns of results are written, and as values inside of others are."""
    table = pa.table({"x": pa.array(numbers, pa.float64())})
    connection.register("numbers", table)
    given = f"SELECT {text_of_column('x', DOUBLE)} AS x, {text_sql('x', DOUBLE)} AS y FROM numbers"
    batches = list(_with_java_doubles(connection.sql(given).to_arrow_reader(1000), [DOUBLE]))
    return [tuple(row.values()) for batch in batches for row in batch.to_pylist()]


@given(st.lists(st.floats(), min_size=1, max_size=50))
def test_a_double_has_one_text(connection, numbers):
    assert texts(connection, numbers) == [(java_double(number),) * 2 for number in numbers]


def test_the_texts_are_those_of_java(connection):
    found = [first for first, _ in texts(connection, [*EDGES, float("nan"), float("-inf")])]
    words = (
        "0.0 -0.0 4.9E-324 -4.9E-324 0.001 9.99E-4 1.0E-4 9.9E-5 9999999.5 1.0E7 -1.234567825E7 1.0E15 1.0E16 1.0E22"
    )
    assert found == [*words.split(), "1.0E300", "NaN", "-Infinity"]


def test_null_has_no_text(connection):
    assert texts(connection, [None, 1e9]) == [(None, None), ("1.0E9", "1.0E9")]
