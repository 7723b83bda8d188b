"""
A profile of a query's rows, asked of Athena with one query: how many values are missing and distinct, the least, the
greatest, the most frequent.

Pure but for reading the DataFrame of the answer. Counts of distinct and of most frequent values are approximate on Athena.

Source: https://trino.io/docs/current/functions/aggregate.html
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from toolkit.athena.selection import kind_of
from toolkit.errors import InvalidInput
from toolkit.hive import query_name
from toolkit.hive.text import statement

if TYPE_CHECKING:
    import pandas as pd

TOP_VALUES = 5
# How many candidates approx_most_frequent keeps; more makes the counts of frequent values more exact.
_CAPACITY = 1000
# Athena takes more, but nobody reads a profile of more.
MOST_COLUMNS = 200
PROFILE_COLUMNS = ("column", "type", "missing", "missing_percent", "distinct", "min", "max", "top")


def profile_sql(sql: str, columns: Sequence[tuple[str, str]]) -> str:
    """
    Render the one query that profiles the rows of the query *sql*; *columns* are the names and Athena's types of its result.

    Its answer is one row, which `profile_frame` reads.

    Raises:
        InvalidInput: there is no column, or more than 200, or two have one name.
    """
    if not columns or len(columns) > MOST_COLUMNS:
        raise InvalidInput(f"profile: expected 1 to {MOST_COLUMNS} columns, found {len(columns)}; choose some")
    _check_distinct(columns)
    lines = ['  count(*) AS "rows"']
    for number, (name, kind) in enumerate(columns):
        column = query_name(name)
        lines.append(f'  count({column}) AS "present_{number}"')
        if kind_of(kind) == "nested":
            continue
        text = f"CAST({column} AS varchar)"
        lines.append(f'  approx_distinct({column}) AS "distinct_{number}"')
        lines.append(f'  CAST(min({column}) AS varchar) AS "min_{number}"')
        lines.append(f'  CAST(max({column}) AS varchar) AS "max_{number}"')
        top = f"approx_most_frequent({TOP_VALUES}, {text}, {_CAPACITY})"
        lines.append(f'  json_format(CAST({top} AS json)) AS "top_{number}"')
    rows = _rows(sql)
    return statement(
        f'WITH "selected" AS (\n{rows}\n)\nSELECT\n' + ",\n".join(lines) + '\nFROM "selected"', what="profile"
    )


def _rows(sql: str) -> str:
    # The line break keeps a comment at the end of the query from swallowing what follows.
    return sql.strip().removesuffix(";")


def _check_distinct(columns: Sequence[tuple[str, str]]) -> None:
    seen: set[str] = set()
    for name, _ in columns:
        if name.lower() in seen:
            raise InvalidInput(f"two columns are called {name!r}; give one of them another name with AS")
        seen.add(name.lower())


def profile_frame(answer: pd.DataFrame, columns: Sequence[tuple[str, str]]) -> pd.DataFrame:
    """
    Return the profile, a row a column: `PROFILE_COLUMNS`.

    ``min`` and ``max`` are Athena's texts; ``top`` is text such as ``web (210), app (80)``, without counts over no value.
    """
    import pandas as pd

    row = answer.iloc[0]
    total = int(row["rows"])
    lines = []
    for number, (name, kind) in enumerate(columns):
        missing = total - int(row[f"present_{number}"])
        is_nested = kind_of(kind) == "nested"
        lines.append(
            (
                name,
                kind,
                missing,
                round(100 * missing / total, 1) if total else 0.0,
                None if is_nested else int(row[f"distinct_{number}"]),
                None if is_nested else _text(row[f"min_{number}"], kind),
                None if is_nested else _text(row[f"max_{number}"], kind),
                "" if is_nested else _top(row[f"top_{number}"], kind),
            )
        )
    frame = pd.DataFrame(lines, columns=list(PROFILE_COLUMNS))
    frame["distinct"] = frame["distinct"].astype("Int64")
    frame.attrs["rows"] = total
    return frame


def _text(value: Any, kind: str) -> str | None:
    import pandas as pd

    if pd.isna(value):
        return None
    # Trino writes 349.0 as 3.49E2.
    return repr(float(value)) if kind in ("double", "real") else str(value)


def _top(value: Any, kind: str) -> str:
    if not isinstance(value, str) or value == "null":
        return ""
    found = sorted(json.loads(value).items(), key=lambda item: (-item[1], item[0]))
    return ", ".join(f"{_text(text, kind)} ({count:,})" for text, count in found)
