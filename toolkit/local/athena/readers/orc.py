"""ORC files to Parquet files, their columns named as the table names them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from toolkit.local.athena.errors import QueryError


def convert_orc(names: Sequence[str], url: str, *, by_position: bool) -> Callable[[bytes, Path], None]:
    """
    Give the function that converts an ORC file to a Parquet file.

    By position the first column of the file gets the first of *names*, whatever the file calls it; else columns keep
    their names. Source: https://docs.aws.amazon.com/athena/latest/ug/handling-schema-updates-chapter.html
    """

    def convert(content: bytes, path: Path) -> None:
        import pyarrow as pa
        import pyarrow.parquet as pq
        from pyarrow import orc

        try:
            table = orc.ORCFile(pa.py_buffer(content)).read()
        except (pa.ArrowException, OSError) as error:
            raise QueryError(f"HIVE_BAD_DATA: Malformed ORC file. {error} [{url}]") from error
        if by_position:
            table = table.select(range(min(len(names), table.num_columns)))
            table = table.rename_columns(list(names[: table.num_columns]))
        pq.write_table(_in_microseconds(table), path)

    return convert


def _in_microseconds(table: Any) -> Any:
    # ORC's nanoseconds are beyond Athena's timestamps, and beyond DuckDB's casts to other types.
    import pyarrow as pa

    fields = [
        field.with_type(pa.timestamp("us", field.type.tz)) if pa.types.is_timestamp(field.type) else field
        for field in table.schema
    ]
    return table.cast(pa.schema(fields), safe=False)
