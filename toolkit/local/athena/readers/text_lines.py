"""Objects of text lines: split as Hadoop splits them, without the header and footer that the table leaves out."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from toolkit.local.athena.errors import QueryError
from toolkit.local.athena.hive_types import HiveType
from toolkit.local.athena.readers.arrow import Reader, table_of
from toolkit.local.athena.readers.compression import decompressed
from toolkit.local.athena.readers.json_values import BadValue
from toolkit.local.athena.readers.text_values import Bulk
from toolkit.local.athena.storage import S3Object

LINES_PER_BATCH = 50_000

# Gives the fields of a line, None for a line of which nothing can be read.
Split = Callable[[str], "list[str | None] | None"]
# Gives the value of a field; it may raise ``BadValue``.
FieldConverter = Callable[[str], Any]


def skipped_lines(parameters: Mapping[str, str]) -> tuple[int, int]:
    """
    Give how many lines a table leaves out at the beginning and at the end of each object.

    Raises:
        QueryError: a count is no number.
    """
    counts = []
    for key in ("skip.header.line.count", "skip.footer.line.count"):
        text = parameters.get(key, "0").strip() or "0"
        if not text.isdigit():
            raise QueryError(f"HIVE_INVALID_METADATA: Invalid value for {key} property: {text}")
        counts.append(int(text))
    return counts[0], counts[1]


def without_skipped(text: bytes, skipped: tuple[int, int]) -> bytes:
    """Give the text of an object without the lines that the table leaves out."""
    header, footer = skipped
    start = 0
    for _ in range(header):
        end = text.find(b"\n", start)
        if end < 0:
            return b""
        start = end + 1
    text = text[start:]
    for _ in range(footer):
        text = text.rstrip(b"\n")
        text = text[: text.rfind(b"\n") + 1]
    return text


def line_reader(
    columns: Mapping[str, HiveType],
    converters: Mapping[str, FieldConverter],
    split: Split,
    null: str | None,
    skipped: tuple[int, int],
    bulk: Mapping[str, Bulk | None] | None = None,
) -> Reader:
    """
    Give the reader of objects of lines, whose fields are the columns by their position.

    A field that is *null* is NULL, and so is one that a line does not have. *bulk* reads many fields of a column at once
    where they are plain.
    """

    def read(content: bytes, item: S3Object, errors: dict[str, str]) -> Iterator[Any]:
        text = without_skipped(decompressed(content, item.key), skipped)
        for batch in _batches(text, columns, converters, split, null, errors, bulk or {}):
            yield table_of(columns, batch)

    return read


def _batches(
    text: bytes,
    columns: Mapping[str, HiveType],
    converters: Mapping[str, FieldConverter],
    split: Split,
    null: str | None,
    errors: dict[str, str],
    bulk: Mapping[str, Bulk | None],
) -> Iterator[dict[str, Any]]:
    width = len(columns)
    for lines in batches_of_lines(text):
        rows: list[list[str | None]] = []
        for line in lines:
            try:
                fields = split(line) or []
            except BadValue as error:
                errors.setdefault("", str(error))
                fields = []
            rows.append((fields + [None] * (width - len(fields)))[:width])
        transposed = zip(*rows, strict=True) if rows else iter(())
        yield {
            name: _converted(name, list(fields), converters[name], null, errors, bulk.get(name))
            for name, fields in zip(columns, transposed, strict=False)
        }


def batches_of_lines(text: bytes) -> Iterator[list[str]]:
    """Give the lines of a text, many at once; what is no UTF-8 is replaced."""
    lines = text.split(b"\n")
    if not lines[-1]:
        lines.pop()
    for start in range(0, len(lines), LINES_PER_BATCH):
        yield [line.rstrip(b"\r").decode(errors="replace") for line in lines[start : start + LINES_PER_BATCH]]


def _converted(
    name: str,
    fields: list[str | None],
    convert: FieldConverter,
    null: str | None,
    errors: dict[str, str],
    bulk: Bulk | None,
) -> Any:
    if bulk is not None:
        import pyarrow as pa

        texts = fields if null is None else [None if field == null else field for field in fields]
        if (array := bulk(pa.array(texts, pa.string()))) is not None:
            return array
    values: list[Any] = []
    for field in fields:
        if field is None or field == null:
            values.append(None)
            continue
        try:
            values.append(convert(field))
        except BadValue as error:
            errors.setdefault(name, str(error))
            values.append(None)
    return values
