"""Compressed text: which codec a key's suffix means, as Hadoop decides it, and the bytes behind it."""

from __future__ import annotations

import bz2
import gzip
import struct
import zlib
from collections.abc import Callable

from toolkit.local.athena.errors import QueryError

# Source: https://docs.aws.amazon.com/athena/latest/ug/compression-formats.html
_UNREADABLE = {".lzo": "LZO", ".lzop": "LZO"}
_LZ4_FRAME = b"\x04\x22\x4d\x18"


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
            case ".snappy" | ".sz":
                return _hadoop_blocks(content, lambda block, _: raw_snappy(block))
            case ".lz4" if not content.startswith(_LZ4_FRAME):
                return _hadoop_blocks(content, _raw_lz4)
            case ".zst" | ".zstd" | ".lz4":
                import pyarrow as pa

                codec = "lz4" if suffix == ".lz4" else "zstd"
                return bytes(pa.input_stream(pa.py_buffer(content), compression=codec).read())
    except (OSError, EOFError, ValueError, IndexError, struct.error, zlib.error) as error:
        raise QueryError(f"HIVE_CURSOR_ERROR: {key} can't be decompressed: {error}") from error
    if suffix in _UNREADABLE:
        raise QueryError(f"HIVE_UNSUPPORTED_FORMAT: the local Athena does not read {_UNREADABLE[suffix]} ({key})")
    return content


def raw_snappy(block: bytes) -> bytes:
    """Give the bytes behind one block of Snappy, whose length stands at its beginning."""
    import pyarrow as pa

    length = shift = position = 0
    while True:
        byte = block[position]
        length |= (byte & 0x7F) << shift
        shift, position = shift + 7, position + 1
        if not byte & 0x80:
            break
    return bytes(pa.Codec("snappy").decompress(block, length, asbytes=True))


def _raw_lz4(block: bytes, length: int) -> bytes:
    import pyarrow as pa

    return bytes(pa.Codec("lz4_raw").decompress(block, length, asbytes=True))


def _hadoop_blocks(content: bytes, decompress: Callable[[bytes, int], bytes]) -> bytes:
    """
    Give the bytes behind Hadoop's framing: blocks of a length, each of chunks of a compressed length.

    Source: https://github.com/apache/hadoop/blob/rel/release-3.3.6/hadoop-common-project/hadoop-common/src/main/java/org/apache/hadoop/io/compress/BlockDecompressorStream.java
    """
    parts, position = [], 0
    while position < len(content):
        (length,) = struct.unpack_from(">I", content, position)
        position += 4
        done = 0
        while done < length:
            (size,) = struct.unpack_from(">I", content, position)
            chunk = content[position + 4 : position + 4 + size]
            position += 4 + size
            part = decompress(chunk, length - done)
            parts.append(part)
            done += len(part)
            if not part:
                raise ValueError("an empty chunk")
    return b"".join(parts)
