"""
The frame that serialisers of the Glue Schema Registry put around a record.

``03``, then ``00`` (plain) or ``05`` (zlib), the 16 bytes of the schema version's UUID, and the payload. A JSON text never begins
with the byte 03, so that framed and plain records tell themselves apart.

Source: https://github.com/awslabs/aws-glue-schema-registry (AWSSchemaRegistryConstants)
"""

from __future__ import annotations

import uuid
import zlib
from dataclasses import dataclass

HEADER_VERSION = 3
PLAIN, ZLIB = 0, 5
HEADER_BYTES = 18
# A record has at most 10 MiB; JSON compresses well, but what unpacks to more than this is no event.
MOST_UNPACKED_BYTES = 64 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Frame:
    """A record taken apart: the id of its schema version, "" where it has no frame, and the event; or what is wrong."""

    schema_version_id: str
    event: bytes
    fault: str = ""


def unframed(data: bytes) -> Frame:
    """Return the event in a record and the id that its frame names; ``fault`` says why a frame can't be read."""
    if not data or data[0] != HEADER_VERSION:
        return Frame("", data)
    if len(data) < HEADER_BYTES:
        return Frame("", data, f"a frame of {len(data)} bytes, cut short")
    identity = str(uuid.UUID(bytes=data[2:HEADER_BYTES]))
    if data[1] == PLAIN:
        return Frame(identity, data[HEADER_BYTES:])
    if data[1] != ZLIB:
        return Frame(identity, data, f"the unknown compression {data[1]:02x}")
    unpacking = zlib.decompressobj()
    try:
        event = unpacking.decompress(data[HEADER_BYTES:], MOST_UNPACKED_BYTES)
    except zlib.error:
        return Frame(identity, data, "a payload that is no zlib")
    if not unpacking.eof:
        return Frame(identity, data, "a payload that is cut short, or too long")
    return Frame(identity, event)


def framed(event: bytes, schema_version_id: str, *, compressed: bool = False) -> bytes:
    """Return *event* in a frame, as a producer's serialiser makes it."""
    head = bytes([HEADER_VERSION, ZLIB if compressed else PLAIN]) + uuid.UUID(schema_version_id).bytes
    return head + (zlib.compress(event) if compressed else event)
