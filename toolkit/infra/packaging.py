"""
The functions' zip: the rooms that a handler needs, and nothing that AWS Lambda has already.

Equal sources give equal bytes, so that its digest, which is its name, says whether there is anything to deploy. All
functions share one zip; they differ in the handler that they name.
"""

from __future__ import annotations

import hashlib
import io
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from toolkit.errors import InvalidInput

ROOMS = ("schema", "validator", "hive", "repositories", "athena", "handlers")
MODULES = ("__init__.py", "aws.py", "aws_queues.py", "dataclass.py", "errors.py", "lazy.py")
# Lambda reads any; the oldest that a zip can hold, so that it says nothing about the day of the build.
_TIME = (1980, 1, 1, 0, 0, 0)
_MODE = 0o100644 << 16


@dataclass(frozen=True, slots=True)
class Package:
    """The zip of the functions; ``key`` is named for its contents."""

    content: bytes

    @property
    def digest(self) -> str:
        """The SHA-256 of the content, in hexadecimal."""
        return hashlib.sha256(self.content).hexdigest()

    @property
    def key(self) -> str:
        """The key under which it is uploaded."""
        return f"functions/toolkit-{self.digest[:16]}.zip"


def build_package(*, wheels: Sequence[str | Path] = ()) -> Package:
    """
    Return the zip of the functions.

    *wheels* are unpacked into it: one of orjson for Lambda's Python and architecture makes validating some times faster.

    Raises:
        InvalidInput: a wheel can't be read.
    """
    files = dict(_sources())
    for wheel in wheels:
        try:
            with zipfile.ZipFile(wheel) as archive:
                files |= {info.filename: archive.read(info) for info in archive.infolist() if not info.is_dir()}
        except (OSError, zipfile.BadZipFile) as error:
            raise InvalidInput(f"{wheel}: expected a wheel: {error}") from error
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for name, content in sorted(files.items()):
            info = zipfile.ZipInfo(name, _TIME)
            info.external_attr = _MODE
            info.compress_type = zipfile.ZIP_DEFLATED
            # The system is part of the header; Lambda's is Unix.
            info.create_system = 3
            archive.writestr(info, content, compresslevel=9)
    return Package(target.getvalue())


def _sources() -> Iterator[tuple[str, bytes]]:
    root = Path(__file__).parent.parent
    for module in MODULES:
        yield f"toolkit/{module}", (root / module).read_bytes()
    for room in ROOMS:
        for path in sorted((root / room).rglob("*")):
            if path.is_file() and "__pycache__" not in path.parts:
                yield f"toolkit/{path.relative_to(root).as_posix()}", path.read_bytes()
