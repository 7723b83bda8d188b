"""What `toolkit query` prints."""

import decimal

import pandas as pd

from toolkit.cli_query import table_text


def test_numbers_stand_to_the_right_and_text_to_the_left():
    frame = pd.DataFrame({"name": ["Ada", None], "n": pd.array([1, None], "Int64"), "x": [1.5, float("nan")]})
    assert table_text(frame).splitlines() == [
        "name     n     x",
        "Ada      1   1.5",
        "NULL  NULL  NULL",
    ]


def test_nothing_is_null_whatever_the_type():
    frame = pd.DataFrame(
        {
            "t": pd.to_datetime(["2026-01-01 00:00:00", None]),
            "d": [decimal.Decimal("1.10"), None],
            "a": [[1, 2], None],
            "b": pd.array([True, None], "boolean"),
        }
    )
    assert [line.split() for line in table_text(frame).splitlines()[1:]] == [
        ["2026-01-01", "00:00:00", "1.10", "[1,", "2]", "True"],
        ["NULL"] * 4,
    ]


def test_one_column_of_text_keeps_its_lines():
    lines = ["CREATE EXTERNAL TABLE `a`(", "  `b` string)"]
    assert table_text(pd.DataFrame({"createtab_stmt": lines})).splitlines() == ["createtab_stmt", *lines]


def test_a_line_break_breaks_no_row():
    assert table_text(pd.DataFrame({"a": ["x\ny"], "b": [1]})) == "a     b\nx\\ny  1"


def test_columns_may_share_a_name():
    assert table_text(pd.DataFrame([[1, 2]], columns=["a", "a"])) == "a  a\n1  2"


def test_no_rows_show_the_columns_and_no_columns_say_done():
    assert table_text(pd.DataFrame({"a": [], "b": []})) == "a  b"
    assert table_text(pd.DataFrame()) == "done"
