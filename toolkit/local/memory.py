"""
Memory given back to the system, in a process of the platform's own.

What a query has freed often stays with the C library, which keeps up to eight arenas a core, each with holes that the
others can't use. That is glibc's way; elsewhere these functions do nothing.
"""

from __future__ import annotations

import ctypes
import os
import sys
from functools import cache
from typing import Any

# Source: malloc.h of glibc
_ARENA_MAX = -8


def keep_little() -> None:
    """Let the C library keep little of what this process frees; for a process that does nothing but serve."""
    library = _glibc()
    if library is not None:
        library.mallopt(_ARENA_MAX, max(2, os.cpu_count() or 1))


def give_back() -> None:
    """Give to the system what was freed and is kept by the C library and by Arrow, if that is loaded."""
    if "pyarrow" in sys.modules:
        import pyarrow as pa

        pa.default_memory_pool().release_unused()
    library = _glibc()
    if library is not None:
        library.malloc_trim(0)


@cache
def _glibc() -> Any:
    """Give the C library of this process if it is glibc."""
    if not sys.platform.startswith("linux"):
        return None
    library = ctypes.CDLL(None)
    return library if hasattr(library, "mallopt") and hasattr(library, "malloc_trim") else None
