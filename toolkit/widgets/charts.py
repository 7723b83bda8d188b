"""Pictures of counted rows: drawn by Altair as SVG, without a network, in the colours of the notebook's theme."""

from __future__ import annotations

import html
import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from toolkit.athena.plots import Plot

if TYPE_CHECKING:
    import pandas as pd

WIDTH, HEIGHT = 620, 260
FEW_POINTS, MOST_POINTS = 80, 2_000
# Stand-ins that Vega passes on as they are; in their place come the theme's own colours.
_INK, _FAINT = "#010203", "#040506"
_THEMED = {
    _INK: "var(--jp-content-font-color1, #212121)",
    _FAINT: "var(--jp-border-color2, #ddd)",
}
_FREQUENCIES = {"minute": "min", "hour": "h", "day": "D", "week": "W-MON", "month": "MS", "year": "YS"}
_TIMES_A_DAY = {"minute": 1440.0, "hour": 24.0, "day": 1.0, "week": 1 / 7, "month": 1 / 30, "year": 1 / 365}
_BLUE = "#4c78a8"
# Names of values stand beside their bars. A browser's font may be wider than the one that Vega measures by: there is room for a
# fifth more, and the title stands above, where it can't run into them.
_LONGEST_NAME, _LETTER_WIDTH, _SPARE = 240, 6, 0.2
_ABOVE: dict[str, Any] = {"labelLimit": _LONGEST_NAME, "titleAngle": 0, "titleAlign": "left", "titleX": 0, "titleY": -8}
# A mark that tells its value to screen readers; a title in it tells it to whoever points at it.
_MARK = re.compile(
    r'<path aria-label="([^"]*)" role="graphics-symbol" aria-roledescription="(?:bar|point|circle)"[^>]*(?=/>)'
)


def chart(plot: Plot, numbers: pd.DataFrame) -> Any:
    """Return the `altair.Chart` of *numbers*, the counts of *plot*."""
    import altair as alt

    data = _with_empty_times(numbers, plot) if plot.kind == "over time" else numbers.copy()
    for name in ("time", "low", "high"):
        if name in data:
            data[name] = data[name].astype("datetime64[ms]" if name == "time" else "float64")
    data["rows"] = data["rows"].astype("int64")
    data["told"] = [_told(row, plot) for row in data.to_dict("records")]
    told = alt.Description("told:N")
    rows = alt.Y("rows:Q", title="rows", axis=alt.Axis(format="~s", tickMinStep=1))
    base = alt.Chart(data)
    colour: dict[str, Any] = {}
    if plot.series:
        order = data.groupby("series")["rows"].sum().sort_values(ascending=False, kind="stable").index.tolist()
        colour = {"color": alt.Color("series:N", title=plot.series, sort=order)}
    match plot.kind:
        case "over time":
            # Vega's own clock is the machine's; the numbers are UTC.
            x = alt.X("time:T", title=plot.column, scale=alt.Scale(type="utc"))
            # Many points would hide the line; unseen, they still tell their values.
            point: Any = (
                True if len(data) < FEW_POINTS else {"opacity": 0, "size": 80} if len(data) < MOST_POINTS else False
            )
            mark = base.mark_line(point=point) if len(data) > 1 else base.mark_point(filled=True)
            made = mark.encode(x=x, y=rows, description=told, **colour)
        case "distribution":
            made = base.mark_bar(binSpacing=1).encode(
                x=alt.X("low:Q", bin="binned", title=plot.column), x2="high:Q", y=rows, description=told, **colour
            )
        case _:
            order = list(dict.fromkeys(data["value"]))
            made = base.mark_bar().encode(
                x=alt.X("rows:Q", title="rows", axis=alt.Axis(format="~s", tickMinStep=1)),
                y=alt.Y("value:N", sort=order, title=plot.column, axis=alt.Axis(**_ABOVE)),
                description=told,
                **colour,
            )
    if plot.kind != "top values":
        return made.properties(width=WIDTH, height=HEIGHT)
    longest = min(_LONGEST_NAME, _LETTER_WIDTH * max((len(str(value)) for value in data["value"]), default=0))
    padding = {"left": 5 + round(_SPARE * longest), "top": 5, "right": 5, "bottom": 5}
    return made.properties(width=WIDTH, height=alt.Step(20), padding=padding)


def _with_empty_times(numbers: pd.DataFrame, plot: Plot) -> pd.DataFrame:
    """Return the counts with a zero for each time in between that has no row: a line would pass over it as if it had some."""
    import pandas as pd

    times = pd.to_datetime(numbers["time"])
    series = list(dict.fromkeys(numbers["series"])) if plot.series else [""]
    if len(numbers) < 2:
        return numbers.copy()
    # As many as the line could have points at most, found without making them.
    days = (times.max() - times.min()) / pd.Timedelta(days=1)
    if days * _TIMES_A_DAY[plot.unit] * len(series) > MOST_POINTS:
        return numbers.copy()
    whole = pd.date_range(times.min(), times.max(), freq=_FREQUENCIES[plot.unit])
    if plot.series:
        keys: Any = pd.MultiIndex.from_product([whole, series], names=["time", "series"])
        counts = numbers.assign(time=times).set_index(["time", "series"])["rows"]
    else:
        keys = whole.rename("time")
        counts = numbers.assign(time=times).set_index("time")["rows"]
    filled = counts.reindex(keys, fill_value=0).reset_index()
    # Times of another calendar than the machine's stay as they were counted.
    return filled if filled["rows"].sum() == numbers["rows"].sum() else numbers.copy()


def _told(row: Mapping[Any, Any], plot: Plot) -> str:
    """Return what a mark says of itself: which value, how many rows."""
    if "time" in row:
        day_only = plot.unit in ("day", "week", "month", "year")
        where = f"{row['time']:%Y-%m-%d}" if day_only else f"{row['time']:%Y-%m-%d %H:%M} UTC"
    else:
        where = f"{row['low']:,.6g} to {row['high']:,.6g}" if "low" in row else row["value"]
    series = f", {plot.series} {row['series']}" if plot.series else ""
    count = row["rows"]
    return f"{where}{series}: {count:,} {'row' if count == 1 else 'rows'}"


def themed_svg(picture: Any, *, label: str) -> str:
    """Return the picture as HTML in the colours of JupyterLab's theme; *label* says to screen readers what it shows."""
    import vl_convert

    styled = picture.configure(
        background="transparent",
        axis={
            "labelColor": _INK,
            "titleColor": _INK,
            "domainColor": _FAINT,
            "tickColor": _FAINT,
            "gridColor": _FAINT,
            "labelFontSize": 12,
            "titleFontSize": 12,
            "titleFontWeight": "normal",
        },
        legend={"labelColor": _INK, "titleColor": _INK, "labelFontSize": 12, "titleFontWeight": "normal"},
        view={"stroke": None},
        mark={"color": _BLUE},
    )
    svg = vl_convert.vegalite_to_svg(styled.to_dict())
    for stand_in, colour in _THEMED.items():
        svg = svg.replace(stand_in, colour)
    svg = _MARK.sub(lambda mark: f"{mark.group()}><title>{mark[1]}</title></path", svg).replace("</path/>", "</path>")
    # As wide as its place at most.
    svg = svg.replace("<svg ", '<svg style="max-width: 100%; height: auto" ', 1)
    return f'<div role="img" aria-label="{html.escape(label, quote=True)}" style="overflow: auto">{svg}</div>'
