from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal

import numpy as np
import pandas as pd
import pytest

from toolkit.athena.parameters import bind, literal, parameter_names
from toolkit.errors import InvalidInput


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("it's", "'it''s'"),
        ("\\ \n ü", "'\\ \n ü'"),
        (7, "7"),
        (-7, "-7"),
        (True, "TRUE"),
        (1.5, "1.5e0"),
        (1e300, "1e+300"),
        (Decimal("1.50"), "DECIMAL '1.50'"),
        (Decimal("1E+3"), "DECIMAL '1000'"),
        (b"\x00\xff", "X'00ff'"),
        (date(2026, 3, 2), "DATE '2026-03-02'"),
        (datetime(2026, 3, 2, 10), "TIMESTAMP '2026-03-02 10:00:00.000'"),
        (datetime(2026, 3, 2, 10, 0, 0, 1), "TIMESTAMP '2026-03-02 10:00:00.000001'"),
        (datetime(2026, 3, 2, 10, tzinfo=timezone(timedelta(hours=2))), "TIMESTAMP '2026-03-02 08:00:00.000 UTC'"),
        (None, "NULL"),
        (pd.NA, "NULL"),
        (pd.NaT, "NULL"),
        (np.int64(3), "3"),
        (np.float64(0.5), "0.5e0"),
        (np.bool_(False), "FALSE"),
        (pd.Timestamp("2026-03-02", tz=UTC), "TIMESTAMP '2026-03-02 00:00:00.000 UTC'"),
    ],
)
def test_a_value_becomes_a_literal_of_its_type(value, text):
    assert literal(value) == text


@pytest.mark.parametrize("value", [float("nan"), float("inf"), Decimal("NaN"), object(), {}, "\ud800", 1j])
def test_what_has_no_literal_is_refused(value):
    with pytest.raises(InvalidInput, match="parameter who: expected text"):
        literal(value, name="who")


def test_names_are_bound_in_order_and_more_than_once():
    bound = bind("SELECT :a, :b WHERE x = :a", {"a": 1, "b": "x"})
    assert (bound.sql, bound.literals) == ("SELECT ?, ? WHERE x = ?", ("1", "'x'", "1"))
    assert bound.inlined == "SELECT 1, 'x' WHERE x = 1"


def test_many_values_become_many_marks():
    for values in (["a", "b"], ("a", "b"), pd.Series(["a", "b"]), np.array(["a", "b"])):
        bound = bind("x IN (:names) AND y = :y", {"names": values, "y": 1})
        assert (bound.sql, bound.literals) == ("x IN (?, ?) AND y = ?", ("'a'", "'b'", "1"))
    assert bind("x IN (?)", [[]]).literals == ("NULL",)


def test_text_in_quotes_and_comments_holds_no_parameter():
    sql = """SELECT ':a ? ''', ":b ?" -- :c ?
    /* :d ? */ FROM t WHERE x = :e"""
    assert parameter_names(sql) == ("e",)
    assert bind(sql, {"e": 1}).sql == sql.replace(":e", "?")
    ddl = "CREATE TABLE `t` (`a` struct<`b`:string,c:int>)"
    assert parameter_names(ddl) == ()


def test_a_literal_that_is_too_long_for_a_parameter_stands_in_the_statement():
    bound = bind("SELECT :long, :short", {"long": "'" * 600, "short": "s"})
    assert bound.literals == ("'s'",)
    assert bound.sql == "SELECT '" + "''" * 600 + "', ?"


def test_a_statement_without_parameters_stays_as_it_is():
    assert bind("SELECT ?, :a").sql == "SELECT ?, :a"


@pytest.mark.parametrize(
    ("sql", "parameters", "message"),
    [
        ("SELECT :a", {}, "parameters: expected a value for :a, found none; set a first"),
        ("SELECT ?", {"a": 1}, "parameters: expected a sequence of 1 values for ?, found names"),
        ("SELECT :a", [1], "parameters: expected a mapping with a value for :a, found a sequence"),
        ("SELECT ?", [1, 2], "parameters: expected 1 values, one for each ?, found 2"),
        ("SELECT :a, ?", {"a": 1}, "parameters: expected either :name or ?, found both (:a and ?)"),
    ],
)
def test_values_and_places_must_fit(sql, parameters, message):
    with pytest.raises(InvalidInput) as caught:
        bind(sql, parameters)
    assert str(caught.value) == message
