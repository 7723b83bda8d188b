"""
The same verdicts on a Spark DataFrame.

The validator travels to the executors with the task and judges Arrow batches there, by line templates where its schema has
some; a Python worker unpickles it once and keeps what it has learned from one task to the next. Nothing here asks which
cluster it runs on.

Source: https://spark.apache.org/docs/latest/api/python/user_guide/sql/arrow_pandas.html
"""

from __future__ import annotations

import base64
import functools
import itertools
import json
import pickle
from collections.abc import Callable, Iterable, Iterator
from typing import TYPE_CHECKING, Any

from toolkit.spark.files import FileRange, note_path, ranges_of, texts_schema
from toolkit.spark.worker import judge_of
from toolkit.validator import NdjsonReport, ValidationError, Validator
from toolkit.validator.bulk.batches import event_verdicts
from toolkit.validator.bulk.judging import Judge, Verdicts
from toolkit.validator.bulk.rejects import reasons_of
from toolkit.validator.bulk.report import Counts
from toolkit.validator.bulk.source import LongLine
from toolkit.validator.ndjson import LONGEST_LINE

if TYPE_CHECKING:
    import pyarrow as pa
    from pyspark.sql import DataFrame, SparkSession

VERDICT_COLUMNS = "event binary, valid boolean, reasons array<string>"
REJECT_COLUMNS = "body string, body_base64 string, reasons string"
_BATCH_BYTES = 2 * 1024 * 1024
_COUNT_COLUMNS = "valid long, invalid long, byte_count long, fast long, location string, keyword string, errors long"


def read_lines(spark: SparkSession, path: str) -> DataFrame:
    """
    Return the lines of the NDJSON files at *path* (a file, folder or prefix, compressed or not) as the binary column ``value``.

    Lines end with a line feed and nothing else; blank ones are left out. Partitions of the path, such as ``dt=2026-03-02/``, are
    further columns, of text. Of this very frame `report`, `rejected` and `accepted` need the files alone: the executors read
    them, so that no line passes through the JVM before it is judged.
    """
    reader = spark.read.option("lineSep", "\n")
    names = reader.text(path).columns
    # Told that they are text, Spark takes none of them for a number: month=03 stays so.
    lines = reader.schema(texts_schema(names)).text(path)
    # Trimming takes several times as long as reading, so it is left to lines that may be blank.
    present = lines.filter("startswith(value, '{') OR trim(BOTH ' \t\r' FROM value) <> ''")
    return note_path(present.select(lines["value"].cast("binary").alias("value"), *names[1:]), path)


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
    ranges = ranges_of(frame) if column == "value" else None
    if ranges is not None:
        return _numbers(frame, ranges).mapInArrow(_accepting_in(ranges, validator), schema)
    chosen = frame.select(frame[column].cast("binary").alias("event"), *(frame[field.name] for field in others))
    return chosen.mapInArrow(_accepting(validator), schema)


def rejected(frame: DataFrame, validator: Validator, *, column: str = "value") -> DataFrame:
    """
    Return the invalid events of *frame* as ``body``, or ``body_base64`` where they are no UTF-8, and ``reasons``.

    ``reasons`` is JSON: a list of objects with location, keyword, keyword_location, expected and found, as `validate_ndjson`
    writes them.
    """
    ranges = ranges_of(frame) if column == "value" else None
    if ranges is None:
        return _events(frame, column).mapInArrow(_rejecting(validator), REJECT_COLUMNS)
    return _numbers(frame, ranges).mapInArrow(_rejecting_in(ranges, validator), REJECT_COLUMNS)


def report(frame: DataFrame, validator: Validator, *, column: str = "value") -> NdjsonReport:
    """
    Return the counts over all events of *frame*, as `validate_ndjson` gives them for lines of one machine.

    There are no samples, for a row has no place in a file; `rejected` has the events themselves.
    """
    counts = Counts()
    valid = invalid = byte_count = fast = 0
    ranges = ranges_of(frame) if column == "value" else None
    if ranges is None:
        found = _events(frame, column).mapInArrow(_counting(validator, _batch_verdicts), _COUNT_COLUMNS)
    else:
        in_range = functools.partial(_range_verdicts, ranges)
        found = _numbers(frame, ranges).mapInArrow(_counting(validator, in_range), _COUNT_COLUMNS)
    for row in found.collect():
        valid += row.valid
        invalid += row.invalid
        byte_count += row.byte_count
        fast += row.fast
        if row.location is not None:
            counts.add({(row.location, row.keyword): row.errors})
    return NdjsonReport(valid, invalid, 0, counts.most_common(), byte_count=byte_count, fast_lines=fast)


def _events(frame: DataFrame, column: str) -> DataFrame:
    return frame.select(frame[column].cast("binary").alias("event"))


def _numbers(frame: DataFrame, ranges: list[list[FileRange]]) -> DataFrame:
    """Return the numbers of the tasks that read *ranges*."""
    return frame.sparkSession.range(0, len(ranges), 1, max(1, len(ranges)))


_Batches = Callable[[Iterator["pa.RecordBatch"]], Iterator["pa.RecordBatch"]]


def _judging(validator: Validator) -> _Batches:
    pickled = pickle.dumps(validator)

    def judge_batches(batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        import pyarrow as pa

        judging = judge_of(pickled)
        for batch in batches:
            events = batch.column(0)
            found = _refused(judging, events)
            reasons = [[str(error) for error in found.get(position, ())] for position in range(len(events))]
            valid = [position not in found for position in range(len(events))]
            yield pa.RecordBatch.from_arrays(
                [events, pa.array(valid, pa.bool_()), pa.array(reasons, pa.list_(pa.string()))],
                names=["event", "valid", "reasons"],
            )

    return judge_batches


def _accepting(validator: Validator) -> _Batches:
    pickled = pickle.dumps(validator)

    def accept_batches(batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        import pyarrow as pa

        judging = judge_of(pickled)
        for batch in batches:
            found = _refused(judging, batch.column(0))
            mask = pa.array([position not in found for position in range(len(batch))], pa.bool_())
            kept = batch.filter(mask) if found else batch
            names = ["value", *batch.schema.names[1:]]
            yield pa.RecordBatch.from_arrays([kept.column(0).cast(pa.string()), *kept.columns[1:]], names=names)

    return accept_batches


def _accepting_in(ranges: list[list[FileRange]], validator: Validator) -> _Batches:
    pickled = pickle.dumps(validator)

    def accept_lines(batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        judging = judge_of(pickled)
        for number in (number for batch in batches for number in batch.column(0).to_pylist()):
            for part in ranges[number]:
                for lines in _gathered(_accepted_lines(judging, part)):
                    yield _with_keys(lines, part.keys)

    return accept_lines


def _accepted_lines(judging: Judge, part: FileRange) -> Iterator[pa.Array]:
    """Yield what *judging* accepts of the lines of *part*, as text."""
    import pyarrow as pa

    for block in part.parts():
        if isinstance(block, LongLine):
            continue
        verdicts = judging.verdicts(block.data)
        lines = _lines(block.data)
        if verdicts.valid < verdicts.lines:
            left_out = {refused.index for refused in verdicts.refused}
            if verdicts.valid + verdicts.invalid < verdicts.lines:
                left_out |= {at for at, line in enumerate(lines.to_pylist()) if not line.strip(b" \t\r")}
            lines = lines.filter(pa.array([at not in left_out for at in range(len(lines))], pa.bool_()))
        yield lines.cast(pa.string())


def _lines(block: bytes) -> pa.Array:
    """Return the lines of *block*, each of which ends with a line feed, without it."""
    import numpy as np
    import pyarrow as pa

    # Arrow's own split takes seventy times as long.
    feeds = np.flatnonzero(np.frombuffer(block, np.uint8) == ord("\n"))
    offsets = np.zeros(len(feeds) + 1, np.int32)
    offsets[1:] = feeds - np.arange(len(feeds))
    text = block.replace(b"\n", b"")
    return pa.Array.from_buffers(pa.binary(), len(feeds), [None, pa.py_buffer(offsets), pa.py_buffer(text)])


def _gathered(arrays: Iterable[pa.Array]) -> Iterator[pa.Array]:
    """Yield *arrays* joined to some of a few megabytes, as each batch costs Spark the same."""
    import pyarrow as pa

    held: list[pa.Array] = []
    size = 0
    for array in arrays:
        held.append(array)
        size += array.nbytes
        if size >= _BATCH_BYTES:
            yield pa.concat_arrays(held)
            held, size = [], 0
    if held:
        yield pa.concat_arrays(held)


def _with_keys(lines: pa.Array, keys: tuple[str | None, ...]) -> pa.RecordBatch:
    """Return *lines* as the column ``value``, beside a column of each of *keys*."""
    import pyarrow as pa

    columns = [lines, *(pa.repeat(pa.scalar(key, pa.string()), len(lines)) for key in keys)]
    return pa.RecordBatch.from_arrays(columns, names=["value", *(str(place) for place in range(len(keys)))])


def _rejecting(validator: Validator) -> _Batches:
    pickled = pickle.dumps(validator)

    def reject_batches(batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        judging = judge_of(pickled)
        for batch in batches:
            events = batch.column(0)
            records = [
                _record(events[position].as_py() or b"", errors)
                for position, errors in _refused(judging, events).items()
            ]
            yield _record_batch(records)

    return reject_batches


def _rejecting_in(ranges: list[list[FileRange]], validator: Validator) -> _Batches:
    pickled = pickle.dumps(validator)

    def reject_lines(batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        judging = judge_of(pickled)
        for batch in batches:
            for verdicts in _range_verdicts(ranges, judging, batch):
                yield _record_batch([_record(refused.content, refused.errors) for refused in verdicts.refused])

    return reject_lines


def _record_batch(records: list[tuple[str | None, str | None, str]]) -> pa.RecordBatch:
    import pyarrow as pa

    columns = [pa.array([record[place] for record in records], pa.string()) for place in range(3)]
    return pa.RecordBatch.from_arrays(columns, names=["body", "body_base64", "reasons"])


def _record(event: bytes | None, errors: tuple[ValidationError, ...]) -> tuple[str | None, str | None, str]:
    """Return the row of a refused *event*, which is None where the line was too long to be loaded."""
    reasons = json.dumps(reasons_of(errors))
    if event is None:
        return None, None, reasons
    try:
        return event.decode(), None, reasons
    except UnicodeDecodeError:
        return None, base64.b64encode(event).decode(), reasons


def _counting(validator: Validator, verdicts_of: Callable[[Judge, pa.RecordBatch], Iterator[Verdicts]]) -> _Batches:
    pickled = pickle.dumps(validator)

    def count_batches(batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        import pyarrow as pa

        judging = judge_of(pickled, 0)
        counts = Counts()
        valid = invalid = byte_count = fast = 0
        for verdicts in (found for batch in batches for found in verdicts_of(judging, batch)):
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


def _batch_verdicts(judging: Judge, batch: pa.RecordBatch) -> Iterator[Verdicts]:
    yield _verdicts(judging, batch.column(0))


def _range_verdicts(ranges: list[list[FileRange]], judging: Judge, batch: pa.RecordBatch) -> Iterator[Verdicts]:
    """Yield what *judging* finds in the ranges of the tasks whose numbers are in *batch*."""
    for number in batch.column(0).to_pylist():
        for part in itertools.chain.from_iterable(each.parts() for each in ranges[number]):
            if isinstance(part, LongLine):
                yield judging.refuse_long_line(part.length, LONGEST_LINE)
            else:
                yield judging.verdicts(part.data)


def _refused(judging: Judge, events: pa.Array) -> dict[int, tuple[ValidationError, ...]]:
    """Return the reasons for which *judging*, which keeps all that it refuses, refuses some of *events*, by position."""
    return {refused.index: refused.errors for refused in _verdicts(judging, events).refused}


def _verdicts(judging: Judge, events: pa.Array) -> Verdicts:
    import pyarrow as pa
    import pyarrow.compute as pc

    if events.null_count:
        # A null row is an empty event.
        events = events.fill_null(b"")
    # Joined by Arrow, for a Python object an event takes as long as the judging.
    together = pa.ListArray.from_arrays(pa.array([0, len(events)], pa.int32()), events)
    block = b"".join((pc.binary_join(together, b"\n")[0].as_buffer(), b"\n")) if len(events) else b""
    return event_verdicts(judging, block, len(events), events.to_pylist)
