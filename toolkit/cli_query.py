"""``toolkit query``: one SQL statement, its rows on standard output, what it read and took on standard error."""

from __future__ import annotations

import math
import re
import sys
from typing import TYPE_CHECKING

from toolkit.errors import InvalidInput, QueryFailed, number_of

if TYPE_CHECKING:
    import argparse
    from collections.abc import Iterator
    from typing import Any

    import pandas as pd

# A terminal obeys some of them; what stands in an event is not to move its cursor or change its title.
_CONTROLS = re.compile(r"[\x00-\x1f\x7f-\x9f]")
_CONTROLS_OF_LINES = re.compile(r"(?![\n\t])[\x00-\x1f\x7f-\x9f]")


def run(options: argparse.Namespace) -> None:
    """
    Run the statement that *options* hold, and print its rows.

    Raises:
        InvalidInput: there is no statement.
        AwsError: Athena refused it, or it failed.
    """
    from toolkit.athena import Athena

    sql = _standard_input() if options.sql == "-" else options.sql
    with Athena(
        database=options.database, work_group=options.work_group, output_location=options.output_location
    ) as athena:
        try:
            frame = athena.query(sql)
        except QueryFailed as error:
            if f"'awsdatacatalog.{options.database}." in error.reason and not error.hint:
                print(
                    f"toolkit: tables are looked for in the database {options.database!r}: name another by --database, or in "
                    "front of the table; toolkit query 'SHOW DATABASES' lists them",
                    file=sys.stderr,
                )
            raise
        execution = athena.last_execution
    frame = _with_texts_of_bytes(frame)
    if options.format == "csv":
        frame.to_csv(sys.stdout, index=False)
    elif options.format == "json":
        for line in json_lines(frame):
            print(line)
    else:
        print(table_text(frame))
    assert execution is not None  # noqa: S101 - the query ended, or it would have raised
    print(
        f"{number_of(len(frame), 'row')}, {execution.data_scanned_in_bytes:,} bytes scanned, "
        f"{execution.total_execution_time_in_millis / 1000:.2f} s",
        file=sys.stderr,
    )


def _standard_input() -> str:
    try:
        return sys.stdin.buffer.read().decode()
    except UnicodeDecodeError as error:
        raise InvalidInput(
            f"standard input: expected SQL in UTF-8, found another byte at offset {error.start}"
        ) from error


def _with_texts_of_bytes(frame: pd.DataFrame) -> pd.DataFrame:
    """Return *frame* with bytes as Athena prints them: ``00 ff``."""
    shown = frame.copy(deep=False)
    for number in range(len(frame.columns)):
        column = frame.iloc[:, number]
        if column.dtype == object:
            texts = column.map(lambda value: value.hex(" ") if isinstance(value, bytes) else value)
            shown.isetitem(number, texts.to_numpy())
    return shown


def json_lines(frame: pd.DataFrame) -> Iterator[str]:
    """
    Yield each row of *frame* as a JSON object, every number with all its digits.

    Decimals, times and what JSON has no kind for are text; NULL, and numbers that are none or infinite, are null.
    """
    import json

    names: list[str] = []
    for name in map(str, frame.columns):
        # As pandas tells columns apart that share a name.
        number = sum(other == name or other.startswith(f"{name}.") for other in names)
        names.append(f"{name}.{number}" if name in names else name)
    columns = [[_json_value(value) for value in frame.iloc[:, number]] for number in range(len(names))]
    for row in zip(*columns, strict=True):
        found = dict(zip(names, row, strict=True))
        yield json.dumps(found, ensure_ascii=False, default=str, separators=(",", ":"))


def _json_value(value: Any) -> Any:
    import numpy as np
    import pandas as pd

    if pd.api.types.is_scalar(value) and pd.isna(value):
        return None
    if isinstance(value, pd.Timestamp):
        text = value.isoformat(timespec="milliseconds" if not value.microsecond % 1000 else "microseconds")
        return text.replace("+00:00", "Z")
    if isinstance(value, np.generic):
        value = value.item()
    return None if isinstance(value, float) and not math.isfinite(value) else value


def table_text(frame: pd.DataFrame) -> str:
    """
    Return *frame* for a terminal: numbers to the right, text to the left, NULL where there is nothing.

    One column of text, such as that of ``SHOW CREATE TABLE``, keeps its lines as they are.
    """
    if not len(frame.columns):
        return "done"
    texts = [_texts(frame.iloc[:, number]) for number in range(len(frame.columns))]
    if len(texts) == 1 and not texts[0][0]:
        return "\n".join([str(frame.columns[0]), *(_CONTROLS_OF_LINES.sub(_escaped, text) for text in texts[0][1])])
    columns = []
    for name, (is_number, values) in zip(map(str, frame.columns), texts, strict=True):
        cells = [name, *(_CONTROLS.sub(_escaped, value) for value in values)]
        width = max(map(len, cells))
        columns.append([cell.rjust(width) if is_number else cell.ljust(width) for cell in cells])
    return "\n".join("  ".join(row).rstrip() for row in zip(*columns, strict=True))


def _escaped(found: re.Match[str]) -> str:
    return found[0].encode("unicode_escape").decode()


def _texts(column: pd.Series[Any]) -> tuple[bool, list[str]]:
    """Return whether *column* holds numbers, and its values as they are shown."""
    import pandas as pd

    is_missing = list(column.isna())
    is_number = pd.api.types.is_numeric_dtype(column.dtype) and not pd.api.types.is_bool_dtype(column.dtype)
    # pandas knows how many digits of a column are worth showing.
    texts = column.to_string(index=False, header=False).split("\n") if is_number and len(column) else map(str, column)
    return is_number, [
        "NULL" if missing else text.strip() if is_number else text
        for text, missing in zip(texts, is_missing, strict=True)
    ]
