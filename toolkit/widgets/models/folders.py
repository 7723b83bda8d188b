"""Folders that end with what they belong to."""

import shutil
import tempfile
import weakref
from pathlib import Path


def folder_of(owner: object, name: str) -> Path:
    """
    Make a temporary folder, *name* in its path, that is removed when *owner* or the process ends.

    A kernel that is killed removes nothing; so whoever may never need the folder asks for it late.
    """
    folder = Path(tempfile.mkdtemp(prefix=f"toolkit-{name}-"))
    weakref.finalize(owner, shutil.rmtree, folder, ignore_errors=True)
    return folder
