import re

import pandas as pd
import pytest

from toolkit.athena.plots import UNITS, Plot, counted
from toolkit.widgets.charts import chart, themed_svg

ROWS = pd.DataFrame(
    {
        "at": pd.to_datetime(["2026-03-02 01:00", "2026-03-02 01:10", "2026-03-04 05:00", None]),
        "tier": ["new", "gold", "new", "gold"],
    }
)


@pytest.mark.parametrize("series", ["", "tier"])
@pytest.mark.parametrize("unit", UNITS)
def test_a_line_goes_down_where_there_are_no_rows(unit, series):
    plot = Plot("over time", "at", "timestamp", series, unit)
    drawn = chart(plot, counted(ROWS, plot)).data
    assert drawn["rows"].sum() == 3
    if unit == "day":
        per_day = drawn.groupby("time")["rows"].sum()
        assert per_day.to_dict() == {
            pd.Timestamp("2026-03-02"): 2,
            pd.Timestamp("2026-03-03"): 0,
            pd.Timestamp("2026-03-04"): 1,
        }


def test_more_times_than_a_picture_has_points_for_stay_as_they_were_counted():
    far = ROWS.assign(at=pd.to_datetime(["2016-01-01", "2026-01-01", "2026-01-02", None]))
    plot = Plot("over time", "at", "timestamp", "", "minute")
    assert len(chart(plot, counted(far, plot)).data) == 3


@pytest.mark.parametrize("plot", [Plot("over time", "at", "timestamp"), Plot("top values", "tier", "varchar")])
def test_no_row_makes_an_empty_picture(plot):
    assert chart(plot, counted(ROWS.head(0), plot)).data.empty


def test_long_names_of_values_get_room_and_the_title_stands_above_them():
    def left_of(names):
        svg = themed_svg(chart(plot, pd.DataFrame({"value": names, "rows": 1})), label="")
        width = float(re.search(r'viewBox="0 0 ([\d.]+)', svg)[1])
        return width, re.search(r'<text[^>]*transform="([^"]*)"[^>]*>tier<', svg)[1]

    plot = Plot("top values", "tier", "varchar")
    (short, _), (long, title) = left_of(["a", "b"]), left_of(["a" * 30, "b"])
    # Thirty letters of six pixels, and a fifth more.
    assert long - short > 30 * 6 * 1.1
    # Not turned, and above the first bar.
    assert re.fullmatch(r"translate\(0,-\d+\)", title)
