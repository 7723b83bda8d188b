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

        try:
            table = _read(content)
        except (pa.ArrowException, OSError) as error:
            raise QueryError(f"HIVE_BAD_DATA: Malformed ORC file. {error} [{url}]") from error
        if by_position:
            table = table.select(range(min(len(names), table.num_columns)))
            table = table.rename_columns(list(names[: table.num_columns]))
        pq.write_table(table, path)

    return convert


def _read(content: bytes) -> Any:
    """Return the rows of a file as an Arrow table, whose times are microseconds: all that Athena's types hold."""
    import pyarrow as pa
    from pyarrow import orc

    file = orc.ORCFile(pa.py_buffer(content))
    schema = pa.schema([field.with_type(_in_microseconds(field.type)) for field in file.schema])
    try:
        return file.read().cast(schema, safe=False)
    except pa.ArrowInvalid as error:
        # Arrow reads nanoseconds alone, of which 64 bits hold no time before 1677 and none after 2262.
        if "out of range" not in str(error):
            raise
        return _read_by_rows(content, schema)


def _read_by_rows(content: bytes, schema: Any) -> Any:
    """Return what `_read` returns, through a slower reader that knows every time of ORC's."""
    import io

    import pyarrow as pa
    import pyorc

    file = pyorc.Reader(io.BytesIO(content), struct_repr=pyorc.StructRepr.DICT, converters=_converters())
    rows = list(file)
    columns = [pa.array([_value(row[field.name], field.type) for row in rows], field.type) for field in schema]
    return pa.table(columns, schema=schema)


def _converters() -> dict[Any, Any]:
    """Return what reads days and times as numbers, since Python has neither the year 0 nor one after 9999."""
    from types import SimpleNamespace

    import pyorc

    days = SimpleNamespace(to_orc=None, from_orc=lambda days: days)
    times = SimpleNamespace(
        to_orc=None, from_orc=lambda seconds, nanoseconds, _: seconds * 1_000_000 + nanoseconds // 1_000
    )
    return {pyorc.TypeKind.DATE: days, pyorc.TypeKind.TIMESTAMP: times, pyorc.TypeKind.TIMESTAMP_INSTANT: times}


def _value(value: Any, kind: Any) -> Any:
    """Return *value* as Arrow takes it: a map as pairs."""
    import pyarrow as pa

    if value is None:
        return None
    if pa.types.is_list(kind):
        return [_value(each, kind.value_type) for each in value]
    if pa.types.is_map(kind):
        return [(_value(key, kind.key_type), _value(each, kind.item_type)) for key, each in value.items()]
    if pa.types.is_struct(kind):
        return {field.name: _value(value[field.name], field.type) for field in kind}
    return value


def _in_microseconds(kind: Any) -> Any:
    """Return *kind* with times in microseconds at every depth; nanoseconds are beyond DuckDB's casts to other types."""
    import pyarrow as pa

    if pa.types.is_timestamp(kind):
        return pa.timestamp("us", kind.tz)
    if pa.types.is_list(kind):
        return pa.list_(kind.value_field.with_type(_in_microseconds(kind.value_type)))
    if pa.types.is_map(kind):
        return pa.map_(_in_microseconds(kind.key_type), _in_microseconds(kind.item_type))
    if pa.types.is_struct(kind):
        return pa.struct([field.with_type(_in_microseconds(field.type)) for field in kind])
    return kind
