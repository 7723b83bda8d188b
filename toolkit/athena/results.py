"""
Results as DataFrames: a small one through PyAthena's pandas cursor, a large one through its Arrow cursor, of the same types.

Arrow reads a result of a million rows in half the memory. PyAthena's Arrow cursor knows no endpoint and takes NULL for an empty
text, so here it is told better; everything else is PyAthena's.

Source: https://pyathena.dev/arrow/ and https://pyathena.dev/pandas/
"""

from __future__ import annotations

from typing import Any

from pyathena.arrow.converter import DefaultArrowTypeConverter
from pyathena.arrow.result_set import AthenaArrowResultSet, AthenaArrowResultSetMetadataReader
from pyathena.converter import DefaultTypeConverter
from pyathena.error import OperationalError
from pyathena.model import AthenaQueryExecution
from pyathena.options import ExecuteOptions
from pyathena.pandas.cursor import PandasCursor
from pyathena.pandas.result_set import AthenaPandasResultSet
from pyathena.result_set import AthenaResultSet

from toolkit import aws

# Below this pandas' own reader is as fast, and keeps what it keeps for PyAthena's users.
ARROW_FROM_BYTES = 8 * 1024**2

# What Arrow leaves as text and the pandas cursor does not; None lets pandas infer the type.
_READ_BY_VALUE = {
    "decimal": object,
    "json": object,
    "time with time zone": object,
    "timestamp with time zone": None,
    "varbinary": object,
}


class _MetadataReader(AthenaArrowResultSetMetadataReader):
    def _create_s3_file_system(self) -> Any:
        if aws.endpoint_url() is None:
            return super()._create_s3_file_system()
        return aws.arrow_filesystem()


class _ArrowResultSet(AthenaArrowResultSet):
    _metadata_reader_class = _MetadataReader

    def _read_csv(self) -> Any:
        """
        Read the CSV file, in which Athena quotes every value and leaves NULL bare.

        PyAthena's own reading takes a NULL among texts for "".
        """
        import pyarrow as pa
        from pyarrow import csv

        described = self.description or []
        # Under their positions, for two columns may have one name.
        names = [str(number) for number in range(len(described))]
        kinds = {
            name: self._converter.get_dtype(column[1], column[4], column[5]) or pa.string()
            for name, column in zip(names, described, strict=True)
        }
        with self._open_csv((self.output_location or "").removeprefix("s3://")) as source:
            table = csv.read_csv(
                source,
                # Athena writes a row of one NULL as an empty line, and a line break inside quotes as it is.
                read_options=csv.ReadOptions(column_names=names, skip_rows_after_names=1, block_size=self._block_size),
                parse_options=csv.ParseOptions(ignore_empty_lines=False, newlines_in_values=True),
                convert_options=csv.ConvertOptions(
                    null_values=[""],
                    strings_can_be_null=True,
                    quoted_strings_can_be_null=False,
                    # Arrow's parser of times in CSV takes no fraction finer than its unit; its cast does.
                    column_types={
                        name: pa.string() if pa.types.is_timestamp(kind) else kind for name, kind in kinds.items()
                    },
                ),
            )
        for number, (name, kind) in enumerate(kinds.items()):
            if pa.types.is_timestamp(kind):
                table = table.set_column(number, name, table.column(number).cast(kind))
        return table.rename_columns([column[0] for column in described])


class ResultCursor(PandasCursor):
    """A cursor that runs a statement first, and reads its result by size when asked for the DataFrame."""

    def execute(self, operation: str, parameters: Any = None, **options: Any) -> ResultCursor:
        """Run the statement to its end; raises as PyAthena's cursors do."""
        self._ensure_open()
        self._reset_state()
        self._described: Any = None
        resolved = ExecuteOptions.resolve(None, **options)
        self.query_id = self._execute(operation, parameters=parameters, options=resolved)
        self._finished: Any = self._poll(self.query_id, resolved)
        if self._finished.state != AthenaQueryExecution.STATE_SUCCEEDED:
            raise OperationalError(self._finished.state_change_reason)
        return self

    @property
    def description(self) -> Any:
        """The columns of the result, by whichever reader it was read."""
        return self._described or super().description

    def as_frame(self, *, arrow_from_bytes: int = ARROW_FROM_BYTES) -> Any:
        """
        Return the rows as a DataFrame: through Arrow if the file has *arrow_from_bytes* or more, or if text is missing in it.

        Athena quotes an empty text and leaves NULL bare. pandas' reader takes both for missing, Arrow's tells them apart.
        Lines of one column, such as those of ``MSCK REPAIR TABLE``, stay as they are, with their tabs.
        """
        location = self._finished.output_location or ""
        is_csv = location.endswith(".csv")
        if is_csv and aws.object_size(location) >= arrow_from_bytes:
            return self._through_arrow()
        if location.endswith(".txt"):
            lines = self._lines()
            if lines is not None:
                return lines
        try:
            frame: Any = self._through_pandas()
        except OperationalError:
            # pandas' reader takes no NaN in a column of numbers, Arrow's does; what else is wrong it finds too.
            if not is_csv:
                raise
            return self._through_arrow()
        texts = [number for number, column in enumerate(self.description or ()) if column[1] in ("varchar", "char")]
        return self._through_arrow() if is_csv and frame.iloc[:, texts].isna().any(axis=None) else frame

    def _through_pandas(self) -> Any:
        self.result_set = AthenaPandasResultSet(
            connection=self._connection,
            converter=self._converter,
            query_execution=self._finished,
            arraysize=self.arraysize,
            retry_config=self._retry_config,
            keep_default_na=False,
            na_values=("",),
            quoting=1,
        )
        return self.result_set.as_pandas()

    def _lines(self) -> Any:
        """Return the lines of a text of one column, None for a text of several, which tabs part."""
        import pandas as pd

        self.result_set = AthenaResultSet(
            connection=self._connection,
            converter=DefaultTypeConverter(),
            query_execution=self._finished,
            arraysize=self.arraysize,
            retry_config=self._retry_config,
        )
        columns = self.description or []
        if len(columns) != 1:
            return None
        return pd.DataFrame(self.result_set.fetchall(), columns=[columns[0][0]])

    def _through_arrow(self) -> Any:
        import pandas as pd
        import pyarrow as pa

        found = _ArrowResultSet(
            connection=self._connection,
            converter=DefaultArrowTypeConverter(),
            query_execution=self._finished,
            arraysize=self.arraysize,
            retry_config=self._retry_config,
        )
        with found:
            table, self._described = found.as_arrow(), found.description
        kinds = [column[1] for column in self._described or ()]
        # The types that the pandas cursor gives, so that a DataFrame does not change its types when it grows.
        for number, kind in enumerate(kinds):
            if kind == "date":
                table = table.set_column(
                    number, table.field(number).name, table.column(number).cast(pa.timestamp("us"))
                )
        wide = {pa.int8(), pa.int16(), pa.int32(), pa.int64()}
        frame: Any = table.to_pandas(
            types_mapper=lambda kind: pd.Int64Dtype() if kind in wide else None, split_blocks=True, self_destruct=True
        )
        converter = self._converter
        for number, kind in enumerate(kinds):
            if kind in ("real", "float"):
                # The shortest text of a float32 is what Athena wrote and what the pandas cursor reads.
                frame.isetitem(number, frame.iloc[:, number].to_numpy(dtype=str).astype("float64"))
            elif kind in _READ_BY_VALUE:
                column = frame.iloc[:, number].astype(object)
                read = [converter.convert(kind, text) if isinstance(text, str) else None for text in column]
                frame.isetitem(number, pd.Series(read, index=frame.index, dtype=_READ_BY_VALUE[kind]))
        return frame
