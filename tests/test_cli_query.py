"""What `toolkit query` prints."""

import decimal
import io
import json

import pandas as pd
import pytest

from toolkit.cli import main
from toolkit.cli_query import json_lines, table_text


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


def test_no_control_character_gets_to_the_terminal():
    frame = pd.DataFrame({"a": ["\x1b[31mred\r"], "b": [1]})
    assert table_text(frame) == "a              b\n\\x1b[31mred\\r  1"
    assert table_text(pd.DataFrame({"a": ["x\ty\n\x9bz"]})) == "a\nx\ty\n\\x9bz"


def test_json_keeps_every_digit_and_tells_null():
    frame = pd.DataFrame(
        {
            "x": [0.1 + 0.2, float("inf")],
            "i": pd.array([2**53 + 1, None], "Int64"),
            "d": [decimal.Decimal("1.10"), None],
            "t": pd.to_datetime(["2026-01-02 03:04:05.678901", None]),
            "z": pd.to_datetime(["2026-01-02 03:04:05+00:00", None]),
            "a": ["a/é", None],
            "b": pd.array([True, None], "boolean"),
        }
    )
    first, second = map(json.loads, json_lines(frame))
    assert first == {
        "x": 0.30000000000000004,
        "i": 2**53 + 1,
        "d": "1.10",
        "t": "2026-01-02T03:04:05.678901",
        "z": "2026-01-02T03:04:05.000Z",
        "a": "a/é",
        "b": True,
    }
    assert set(second.values()) == {None}
    assert list(json_lines(pd.DataFrame([[1, 2, 3]], columns=["a", "a", "a"]))) == ['{"a":1,"a.1":2,"a.2":3}']


@pytest.mark.parametrize("form", ["table", "csv", "json"])
def test_bytes_are_printed_as_athena_prints_them(platform, capsys, form):
    assert main(["query", "SELECT X'00ff' AS b, 1 AS n", "--format", form]) == 0
    assert "00 ff" in capsys.readouterr().out


def test_a_statement_that_is_no_utf_8_is_told(monkeypatch, capsys):
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(b"SELECT '\xff'")))
    assert main(["query", "-"]) == 2
    assert capsys.readouterr().err == "toolkit: standard input: expected SQL in UTF-8, found another byte at offset 8\n"


def test_columns_may_share_a_name():
    assert table_text(pd.DataFrame([[1, 2]], columns=["a", "a"])) == "a  a\n1  2"


def test_no_rows_show_the_columns_and_no_columns_say_done():
    assert table_text(pd.DataFrame({"a": [], "b": []})) == "a  b"
    assert table_text(pd.DataFrame()) == "done"
