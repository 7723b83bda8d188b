"""
The same verdicts on a Spark DataFrame.

The validator travels to the executors once, with the task, and judges Arrow batches there, by line templates where its
schema has some. Nothing here asks which cluster it runs on.

Source: https://spark.apache.org/docs/latest/api/python/user_guide/sql/arrow_pandas.html
"""

from __future__ import annotations

import base64
import json
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

from toolkit.validator import NdjsonReport, ValidationError, Validator
from toolkit.validator.bulk.batches import event_verdicts, refused_events
from toolkit.validator.bulk.judging import Judge
from toolkit.validator.bulk.rejects import reasons_of
from toolkit.validator.bulk.report import Counts

if TYPE_CHECKING:
    import pyarrow as pa
    from pyspark.sql import DataFrame, SparkSession

VERDICT_COLUMNS = "event binary, valid boolean, reasons array<string>"
REJECT_COLUMNS = "body string, body_base64 string, reasons string"
_COUNT_COLUMNS = "valid long, invalid long, byte_count long, fast long, location string, keyword string, errors long"
# An executor sees a part of the lines and does not know how many are to come.
_EXPECTED_BYTES = 1 << 40


def read_lines(spark: SparkSession, path: str) -> DataFrame:
    """
    Return the lines of the NDJSON files at *path* (a file, folder or prefix, compressed or not) as the binary column ``value``.

    Lines end with a line feed and nothing else; blank ones are left out. Partitions of the path, such as ``dt=2026-03-02/``, are
    further columns, of text.
    """
    lines = spark.read.option("lineSep", "\n").text(path)
    columns = [lines[name].cast("binary" if name == "value" else "string").alias(name) for name in lines.columns]
    return lines.filter("trim(BOTH ' \t\r' FROM value) <> ''").select(*columns)


def judge(frame: DataFrame, validator: Validator, *, column: str = "value") -> DataFrame:
    """
    Return the events of *frame* with their verdicts.

    *column* holds one event a row, as text or binary. The answer has ``event`` (binary, byte for byte), ``valid`` and
    ``reasons`` (the sentences of `ValidationError`, empty for a valid event). A null row is an empty event, which is not JSON.
    """
    return _events(frame, column).mapInArrow(_judging(validator), VERDICT_COLUMNS)


def accepted(frame: DataFrame, validator: Validator, *, column: str = "value") -> DataFrame:
    """Return the valid events of *frame* as the text column ``value``, byte for byte, beside the frame's other columns."""
    from pyspark.sql.types import StringType, StructField, StructType

    others = [field for field in frame.schema.fields if field.name != column]
    schema = StructType([StructField("value", StringType()), *others])
    chosen = frame.select(frame[column].cast("binary").alias("event"), *(frame[field.name] for field in others))
    return chosen.mapInArrow(_accepting(validator), schema)


def rejected(frame: DataFrame, validator: Validator, *, column: str = "value") -> DataFrame:
    """
    Return the invalid events of *frame* as ``body``, or ``body_base64`` where they are no UTF-8, and ``reasons``.

    ``reasons`` is JSON: a list of objects with location, keyword, keyword_location, expected and found, as `validate_ndjson`
    writes them.
    """
    return _events(frame, column).mapInArrow(_rejecting(validator), REJECT_COLUMNS)


def report(frame: DataFrame, validator: Validator, *, column: str = "value") -> NdjsonReport:
    """
    Return the counts over all events of *frame*, as `validate_ndjson` gives them for lines of one machine.

    There are no samples, for a row has no place in a file; `rejected` has the events themselves.
    """
    counts = Counts()
    valid = invalid = byte_count = fast = 0
    for row in _events(frame, column).mapInArrow(_counting(validator), _COUNT_COLUMNS).collect():
        valid += row.valid
        invalid += row.invalid
        byte_count += row.byte_count
        fast += row.fast
        if row.location is not None:
            counts.add({(row.location, row.keyword): row.errors})
    return NdjsonReport(valid, invalid, 0, counts.most_common(), byte_count=byte_count, fast_lines=fast)


def _events(frame: DataFrame, column: str) -> DataFrame:
    return frame.select(frame[column].cast("binary").alias("event"))


_Batches = Callable[[Iterator["pa.RecordBatch"]], Iterator["pa.RecordBatch"]]


def _judge(validator: Validator) -> Judge:
    return Judge(validator, most_refused=None, expected_bytes=_EXPECTED_BYTES)


def _judging(validator: Validator) -> _Batches:
    def judge_batches(batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        import pyarrow as pa

        judging = _judge(validator)
        for batch in batches:
            events = batch.column(0)
            found = refused_events(judging, _texts(events))
            reasons = [[str(error) for error in found.get(position, ())] for position in range(len(events))]
            valid = [position not in found for position in range(len(events))]
            yield pa.RecordBatch.from_arrays(
                [events, pa.array(valid, pa.bool_()), pa.array(reasons, pa.list_(pa.string()))],
                names=["event", "valid", "reasons"],
            )

    return judge_batches


def _accepting(validator: Validator) -> _Batches:
    def accept_batches(batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        import pyarrow as pa

        judging = _judge(validator)
        for batch in batches:
            found = refused_events(judging, _texts(batch.column(0)))
            mask = pa.array([position not in found for position in range(len(batch))], pa.bool_())
            kept = batch.filter(mask) if found else batch
            names = ["value", *batch.schema.names[1:]]
            yield pa.RecordBatch.from_arrays([kept.column(0).cast(pa.string()), *kept.columns[1:]], names=names)

    return accept_batches


def _rejecting(validator: Validator) -> _Batches:
    def reject_batches(batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        import pyarrow as pa

        judging = _judge(validator)
        for batch in batches:
            events = _texts(batch.column(0))
            records = [
                _record(events[position], errors) for position, errors in refused_events(judging, events).items()
            ]
            columns = [pa.array([record[place] for record in records], pa.string()) for place in range(3)]
            yield pa.RecordBatch.from_arrays(columns, names=["body", "body_base64", "reasons"])

    return reject_batches


def _record(event: bytes, errors: tuple[ValidationError, ...]) -> tuple[str | None, str | None, str]:
    reasons = json.dumps(reasons_of(errors))
    try:
        return event.decode(), None, reasons
    except UnicodeDecodeError:
        return None, base64.b64encode(event).decode(), reasons


def _counting(validator: Validator) -> _Batches:
    def count_batches(batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        import pyarrow as pa

        judging = _judge(validator)
        counts = Counts()
        valid = invalid = byte_count = fast = 0
        for batch in batches:
            verdicts = event_verdicts(judging, _texts(batch.column(0)))
            valid += verdicts.valid
            invalid += verdicts.invalid
            byte_count += verdicts.byte_count
            fast += verdicts.fast
            counts.add(verdicts.counts)
        rows: list[tuple[Any, ...]] = [(valid, invalid, byte_count, fast, None, None, 0)]
        rows += [(0, 0, 0, 0, location, keyword, count) for (location, keyword), count in counts.pairs.items()]
        kinds = [*[pa.int64()] * 4, pa.string(), pa.string(), pa.int64()]
        columns = [pa.array(values, kind) for values, kind in zip(zip(*rows, strict=True), kinds, strict=True)]
        yield pa.RecordBatch.from_arrays(
            columns, names=["valid", "invalid", "byte_count", "fast", "location", "keyword", "errors"]
        )

    return count_batches


def _texts(events: pa.Array) -> list[bytes]:
    return [event or b"" for event in events.to_pylist()] if events.null_count else events.to_pylist()
