"""``toolkit query``: one SQL statement, its rows on standard output, what it read and took on standard error."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from toolkit.errors import QueryFailed, number_of

if TYPE_CHECKING:
    import argparse
    from typing import Any

    import pandas as pd


def run(options: argparse.Namespace) -> None:
    """
    Run the statement that *options* hold, and print its rows.

    Raises:
        InvalidInput: there is no statement.
        AwsError: Athena refused it, or it failed.
    """
    from toolkit.athena import Athena

    sql = sys.stdin.read() if options.sql == "-" else options.sql
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
    if options.format == "csv":
        frame.to_csv(sys.stdout, index=False)
    elif options.format == "json":
        print(frame.to_json(orient="records", lines=True, date_format="iso", force_ascii=False), end="")
    else:
        print(table_text(frame))
    assert execution is not None  # noqa: S101 - the query ended, or it would have raised
    print(
        f"{number_of(len(frame), 'row')}, {execution.data_scanned_in_bytes:,} bytes scanned, "
        f"{execution.total_execution_time_in_millis / 1000:.2f} s",
        file=sys.stderr,
    )


def table_text(frame: pd.DataFrame) -> str:
    """
    Return *frame* for a terminal: numbers to the right, text to the left, NULL where there is nothing.

    One column of text, such as that of ``SHOW CREATE TABLE``, keeps its lines as they are.
    """
    if not len(frame.columns):
        return "done"
    texts = [_texts(frame.iloc[:, number]) for number in range(len(frame.columns))]
    if len(texts) == 1 and not texts[0][0]:
        return "\n".join([str(frame.columns[0]), *texts[0][1]])
    columns = []
    for name, (is_number, values) in zip(map(str, frame.columns), texts, strict=True):
        cells = [name, *(value.replace("\n", "\\n") for value in values)]
        width = max(map(len, cells))
        columns.append([cell.rjust(width) if is_number else cell.ljust(width) for cell in cells])
    return "\n".join("  ".join(row).rstrip() for row in zip(*columns, strict=True))


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
