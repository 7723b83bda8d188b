"""
What a cluster needs beside Spark itself, as files to upload: a zip of the rooms that the job uses, and the job's script.

The zip is for ``--py-files``. It is made of plain Python; pyarrow comes with the services' Spark, orjson is used where the
cluster has it. The same sources give the same bytes.
"""

from __future__ import annotations

import zipfile
from pathlib import Path

from toolkit.errors import InvalidInput

ZIP_NAME = "toolkit-spark.zip"
SCRIPT_NAME = "toolkit_job.py"
_ROOMS = ("schema", "validator", "hive", "spark")
_MODULES = ("__init__.py", "dataclass.py", "errors.py", "lazy.py", "py.typed")
# The earliest that a zip can hold.
_EPOCH = (1980, 1, 1, 0, 0, 0)
_SCRIPT = '''"""The entry point that spark-submit takes; toolkit-spark.zip goes with it as --py-files."""

import sys

from toolkit.spark.job import main

if status := main():
    sys.exit(status)
'''


def write_package(folder: str | Path) -> tuple[Path, Path]:
    """
    Write the zip and the script into *folder* and return their paths.

    Raises:
        InvalidInput: the folder can't be written.
    """
    target = Path(folder)
    root = Path(__file__).parent.parent
    sources = [root / name for name in _MODULES]
    sources += [
        path
        for room in _ROOMS
        for path in sorted((root / room).rglob("*"))
        if path.is_file() and path.suffix != ".pyc" and "__pycache__" not in path.parts
    ]
    try:
        target.mkdir(parents=True, exist_ok=True)
        with zipfile.ZipFile(target / ZIP_NAME, "w") as archive:
            for path in sources:
                entry = zipfile.ZipInfo(f"toolkit/{path.relative_to(root).as_posix()}", _EPOCH)
                entry.external_attr = 0o644 << 16
                archive.writestr(entry, path.read_bytes(), zipfile.ZIP_DEFLATED, 9)
        (target / SCRIPT_NAME).write_text(_SCRIPT, encoding="utf-8")
    except OSError as error:
        raise InvalidInput(f"{target}: the package can't be written: {error.strerror}") from error
    return target / ZIP_NAME, target / SCRIPT_NAME
