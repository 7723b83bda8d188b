r"""
The file of refused lines: what arrived, byte for byte, and why it was refused.

It is NDJSON itself, one refused line in each line::

    {"line_number": 3, "byte_offset": 11, "reasons": [{"location": "$.n", "keyword": "type", "keyword_location":
    "/properties/n/type", "expected": "integer", "found": "string"}], "body": "{\"n\": \"a\"}"}

``body`` is the line without its end. Where it is no UTF-8 the key is ``body_base64``. A line too long to be loaded has
``byte_length`` in place of its body.
"""

from __future__ import annotations

import base64
import json
import os
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager
from pathlib import Path
from typing import IO, Any

from toolkit.dataclass import dataclass
from toolkit.errors import InvalidInput
from toolkit.validator.bulk.report import MOST_ERRORS_KEPT
from toolkit.validator.error import ValidationError


@dataclass(frozen=True, slots=True)
class RejectedLine:
    """
    One line of a rejects file: where the refused line stood, its bytes without the line's end, and why it was refused.

    ``reasons`` are mappings with the keys location, keyword, keyword_location, expected and found, and field where one is
    missing. ``body`` is None for a line that was too long to be kept.
    """

    line_number: int
    byte_offset: int
    body: bytes | None
    reasons: tuple[dict[str, str], ...] = ()


class RejectsWriter(AbstractContextManager["RejectsWriter"]):
    """
    Writes refused lines to a path or a binary file.

    Raises:
        InvalidInput: the path can't be written, holds something already, or is the source itself.
    """

    def __init__(
        self, target: str | os.PathLike[str] | IO[bytes], source_path: str | os.PathLike[str] | None = None
    ) -> None:
        self._owned: IO[bytes] | None = None
        self.name = ""
        if not isinstance(target, str | os.PathLike):
            if not hasattr(target, "write"):
                raise InvalidInput(f"expected a path or a binary file for rejects, found {type(target).__name__}")
            self._file: IO[bytes] = target
            return
        path = Path(target)
        self.name = str(path)
        try:
            if source_path is not None and path.exists() and path.samefile(source_path):
                raise InvalidInput(f"{path}: the rejects would overwrite the source; name another file")
            if path.is_file() and path.stat().st_size:
                raise InvalidInput(f"{path}: there is something in this file already; name another one, or remove it")
            self._owned = self._file = path.open("wb")
        except OSError as error:
            raise InvalidInput(f"{path}: rejects can't be written: {error.strerror}") from error

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        if self._owned is None:
            return
        try:
            self._owned.close()
        except OSError as error:
            # Closing writes again what could not be written: that was told when it ended the run.
            if kind is None:
                raise InvalidInput(f"{self.name}: rejects can't be written: {error.strerror}") from error

    def write(self, line_number: int, byte_offset: int, body: bytes, errors: Sequence[ValidationError]) -> None:
        """Write one refused line."""
        try:
            content = {"body": body.decode()}
        except UnicodeDecodeError:
            content = {"body_base64": base64.b64encode(body).decode()}
        self._write(line_number, byte_offset, content, errors)

    def write_length(self, line_number: int, byte_offset: int, length: int, error: ValidationError) -> None:
        """Write one line that was too long to be loaded."""
        self._write(line_number, byte_offset, {"byte_length": length}, [error])

    def _write(
        self, line_number: int, byte_offset: int, content: dict[str, Any], errors: Sequence[ValidationError]
    ) -> None:
        reasons = reasons_of(errors)
        record = {"line_number": line_number, "byte_offset": byte_offset, "reasons": reasons, **content}
        # Half of a surrogate pair, which a key named in a reason may have, is written as an escape.
        try:
            data = json.dumps(record, ensure_ascii=False).encode()
        except UnicodeEncodeError:
            data = json.dumps(record).encode()
        self._file.write(data + b"\n")

    def flush(self) -> None:
        """Hand what was written to the operating system."""
        if self._owned is not None:
            self._owned.flush()


def reasons_of(errors: Sequence[ValidationError]) -> list[dict[str, str]]:
    """Return the first `MOST_ERRORS_KEPT` of *errors* as a record of a refused line has them."""
    return [
        {
            "location": error.json_path,
            "keyword": error.keyword,
            "keyword_location": error.keyword_location,
            "expected": error.expected,
            "found": error.found,
            **({} if error.missing is None else {"field": error.missing}),
        }
        for error in errors[:MOST_ERRORS_KEPT]
    ]


def read_rejected_lines(path: str | os.PathLike[str]) -> Iterator[RejectedLine]:
    """
    Yield the refused lines of a rejects file, in the order of their source.

    Raises:
        InvalidInput: the file can't be read, or a line of it is no record of a refused line.
    """
    try:
        with Path(path).open("rb") as file:
            for number, line in enumerate(file, 1):
                yield _rejected_line(line, f"{path}, line {number}")
    except OSError as error:
        raise InvalidInput(f"{path}: can't be read: {error.strerror}") from error


def read_rejects(path: str | os.PathLike[str]) -> Iterator[bytes]:
    """
    Yield the original bytes of each refused line of a rejects file, so that they can be judged or sent again.

    Raises:
        InvalidInput: as `read_rejected_lines`; and when all others have been yielded, if lines were too long to be kept.
    """
    missing: list[int] = []
    for line in read_rejected_lines(path):
        if line.body is None:
            missing.append(line.byte_offset)
        else:
            yield line.body
    if missing:
        places = ", ".join(map(str, missing[:5])) + (", …" if len(missing) > 5 else "")
        raise InvalidInput(
            f"{path}: {len(missing)} lines were too long to be kept; take them from the source, at byte {places}"
        )


def _rejected_line(line: bytes, where: str) -> RejectedLine:
    try:
        record = json.loads(line)
        if "body" in record:
            body = record["body"].encode()
        else:
            body = base64.b64decode(record["body_base64"], validate=True) if "body_base64" in record else None
        return RejectedLine(record["line_number"], record["byte_offset"], body, tuple(record["reasons"]))
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError) as error:
        raise InvalidInput(f"{where}: expected the record of a refused line, as validate_ndjson writes it") from error
