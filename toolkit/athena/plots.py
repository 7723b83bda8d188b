"""
Numbers for pictures: rows counted over time, by size, or by value; asked of Athena, or counted in a DataFrame at hand.

Both ways give the same columns: ``time``, ``low`` and ``high``, or ``value``; then ``series`` where one was chosen; then
``rows``.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from toolkit.athena.selection import kind_of
from toolkit.errors import InvalidInput
from toolkit.hive import query_name
from toolkit.hive.casts import instant_expression
from toolkit.hive.text import query_literal, statement

if TYPE_CHECKING:
    import pandas as pd

KINDS = ("over time", "distribution", "top values")
UNITS = ("minute", "hour", "day", "week", "month", "year")
BINS = 24
TOP_VALUES = 15
# Series beyond these can't be told apart by colour.
TOP_SERIES = 6
OTHERS = "(others)"


@dataclass(frozen=True, slots=True)
class Plot:
    """
    What a picture shows of a column: one of `KINDS`, by the values of *series* where that is a column too.

    ``type_name`` is Athena's type of the column; ``unit`` is one of `UNITS`, for what is shown over time.
    """

    kind: str
    column: str
    type_name: str
    series: str = ""
    unit: str = "day"

    def __post_init__(self) -> None:
        kind = kind_of(self.type_name)
        if self.kind not in KINDS or self.unit not in UNITS:
            raise InvalidInput(
                f"plot: expected one of {', '.join(KINDS)} by one of {', '.join(UNITS)}, found {self.kind} by {self.unit}"
            )
        if kind == "nested":
            raise InvalidInput(f"plot: {self.column} is a {self.type_name}; choose a field inside it")
        if self.kind == "distribution" and kind != "number":
            raise InvalidInput(
                f"plot: a distribution is of numbers, and {self.column} is {self.type_name}; choose top values"
            )
        if self.kind == "over time" and kind not in ("date", "time", "text"):
            raise InvalidInput(f"plot: over time needs a column of times, and {self.column} is {self.type_name}")


def plots_for(type_name: str) -> tuple[str, ...]:
    """Return which of `KINDS` suit a column of that type."""
    return {
        "number": ("distribution", "top values"),
        "date": ("over time", "top values"),
        "time": ("over time", "top values"),
        "text": ("top values", "over time"),
        "boolean": ("top values",),
    }.get(kind_of(type_name), ())


def plot_sql(sql: str, plot: Plot) -> str:
    """Render the query that counts the rows of the query *sql* for *plot*; at most some thousand rows come back."""
    column = query_name(plot.column)
    rows = sql.strip().removesuffix(";")
    head = f'WITH "selected" AS (\n{rows}\n)'
    series = f", CAST({query_name(plot.series)} AS varchar)" if plot.series else ""
    named = f'{series} AS "series"' if series else ""
    groups = "1, 2" if series else "1"
    match plot.kind:
        case "over time":
            moment = column
            if kind_of(plot.type_name) == "text":
                # Whatever the zone, as UTC; a text that is no time has no place in the picture.
                moment = instant_expression(column, timestamp="timestamp(3)")
            body = (
                f'SELECT date_trunc({query_literal(plot.unit)}, {moment}) AS "time"{named}, count(*) AS "rows"\n'
                f'FROM "selected"\nWHERE {column} IS NOT NULL\nGROUP BY {groups}\nORDER BY {groups}\nLIMIT 10000'
            )
        case "distribution":
            head += (
                f',\n"bounds" AS (\nSELECT CAST(min({column}) AS double) AS "low", CAST(max({column}) AS double) AS "high"\n'
                f'FROM "selected"\n)'
            )
            share = f'(CAST({column} AS double) - "low") / nullif("high" - "low", 0e0) * {BINS}e0'
            body = (
                f'SELECT CAST(least(coalesce(floor({share}), 0e0), {BINS - 1}e0) AS integer) AS "bin"{named}, '
                f'min("low") AS "low", max("high") AS "high", count(*) AS "rows"\n'
                f'FROM "selected" CROSS JOIN "bounds"\nWHERE {column} IS NOT NULL\nGROUP BY {groups}\nORDER BY {groups}'
            )
        case _:
            body = (
                f'SELECT CAST({column} AS varchar) AS "value"{named}, count(*) AS "rows"\nFROM "selected"\n'
                f"GROUP BY {groups}\nORDER BY {3 if series else 2} DESC, {groups}\nLIMIT {TOP_VALUES * (20 if series else 1)}"
            )
    return statement(f"{head}\n{body}", what="plot")


def plot_frame(answer: pd.DataFrame, plot: Plot) -> pd.DataFrame:
    """Return the numbers of *plot* from the answer to `plot_sql`."""
    frame = answer.copy()
    if plot.kind == "distribution":
        width = (frame["high"] - frame["low"]) / BINS
        frame["low"] = frame["low"] + frame["bin"].astype(float) * width
        frame["high"] = frame["low"] + width
        frame = frame[["low", "high", *(["series"] if plot.series else []), "rows"]]
    return _readable(frame, plot)


def counted(rows: pd.DataFrame, plot: Plot) -> pd.DataFrame:
    """Return the numbers of *plot*, counted in the DataFrame *rows*."""
    import pandas as pd

    column = rows[plot.column]
    keys: dict[str, Any] = {}
    match plot.kind:
        case "over time":
            times = pd.to_datetime(
                column, errors="coerce", utc=True, format="ISO8601" if column.dtype.kind not in "M" else None
            )
            period = {"minute": "min", "hour": "h", "day": "D", "week": "W-SUN", "month": "M", "year": "Y"}[plot.unit]
            keys["time"] = times.dt.tz_localize(None).dt.to_period(period).dt.start_time
        case "distribution":
            numbers = pd.to_numeric(column, errors="coerce").astype("float64")
            low, high = numbers.min(), numbers.max()
            width = (high - low) / BINS
            bins = ((numbers - low) / width).fillna(0).clip(upper=BINS - 1).astype(int) if width else numbers * 0
            keys["low"] = (low + bins * width).where(numbers.notna())
        case _:
            keys["value"] = column.astype("object").where(column.notna(), None).map(_shown, na_action="ignore")
    if plot.series:
        found = rows[plot.series]
        keys["series"] = found.astype("object").where(found.notna(), None).map(_shown, na_action="ignore")
    first = next(iter(keys))
    frame = pd.DataFrame(keys)
    if first != "value":
        frame = frame.dropna(subset=[first])
    frame = frame.groupby(list(keys), dropna=False).size().rename("rows").reset_index()
    if plot.kind == "distribution":
        frame.insert(1, "high", frame["low"] + width)
    elif plot.kind == "top values":
        frame = frame.sort_values(["rows", *keys], ascending=[False, *[True] * len(keys)]).reset_index(drop=True)
        if not plot.series:
            frame = frame.head(TOP_VALUES)
    return _readable(frame, plot)


def _shown(value: Any) -> str:
    # As Athena casts a boolean to text.
    return str(value).lower() if isinstance(value, bool) else str(value)


def _readable(frame: pd.DataFrame, plot: Plot) -> pd.DataFrame:
    """Name what is missing, keep the series that can be told apart, and the values that are most frequent."""
    frame = frame.copy()
    for name in ("value", "series"):
        if name in frame:
            frame[name] = frame[name].astype("object").where(frame[name].notna(), "(missing)").astype(str)
    if plot.series:
        largest = frame.groupby("series")["rows"].sum().sort_values(ascending=False, kind="stable")
        if len(largest) > TOP_SERIES:
            kept = set(largest.index[: TOP_SERIES - 1])
            frame["series"] = frame["series"].where(frame["series"].isin(kept), OTHERS)
            keys = [name for name in frame.columns if name != "rows"]
            frame = frame.groupby(keys, sort=False)["rows"].sum().reset_index()
        if plot.kind == "top values":
            top = frame.groupby("value")["rows"].sum().sort_values(ascending=False, kind="stable").index[:TOP_VALUES]
            frame = frame[frame["value"].isin(top)]
    return frame.reset_index(drop=True)
