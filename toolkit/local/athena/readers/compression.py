"""Compressed text: which codec a key's suffix means, as Hadoop decides it, and the bytes behind it."""

from __future__ import annotations

import bz2
import gzip
import zlib

from toolkit.local.athena.errors import QueryError

# Source: https://docs.aws.amazon.com/athena/latest/ug/compression-formats.html
_UNREADABLE = {".snappy": "Snappy in Hadoop's framing", ".lzo": "LZO"}


def decompressed(content: bytes, key: str) -> bytes:
    """
    Give the text of an object.

    Raises:
        QueryError: it is not what its suffix says, or compressed in a way that can't be read here.
    """
    suffix = "." + key.rpartition(".")[2].lower()
    try:
        match suffix:
            case ".gz" | ".gzip":
                return gzip.decompress(content)
            case ".bz2":
                return bz2.decompress(content)
            case ".deflate":
                return zlib.decompress(content)
            case ".zst" | ".lz4":
                import pyarrow as pa

                codec = "zstd" if suffix == ".zst" else "lz4"
                return bytes(pa.input_stream(pa.py_buffer(content), compression=codec).read())
    except (OSError, EOFError, zlib.error) as error:
        raise QueryError(f"HIVE_CURSOR_ERROR: {key} can't be decompressed: {error}") from error
    if suffix in _UNREADABLE:
        raise QueryError(f"HIVE_UNSUPPORTED_FORMAT: the local Athena does not read {_UNREADABLE[suffix]} ({key})")
    return content
