"""Bytes: encodings, check sums and keyed hashes."""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import struct
import zlib

from toolkit.local.athena.sql.routines.refusal import Routine, invalid

_MASK = 2**64 - 1


def from_hex(text: str) -> bytes:
    """Read hexadecimal digits."""
    if len(text) % 2:
        raise invalid(f"invalid input length {len(text)}")
    wrong = next((letter for letter in text if letter not in "0123456789abcdefABCDEF"), None)
    if wrong is not None:
        raise invalid(f'not a hexadecimal digit: "{wrong}" = {ord(wrong)}')
    return bytes.fromhex(text)


def _base64(text: str, alphabet: bytes) -> bytes:
    content = text.encode()
    bare = content.rstrip(b"=")
    wrong = next((byte for byte in bare if byte not in alphabet), None)
    if wrong is not None:
        raise invalid(f"Illegal base64 character {wrong:x}")
    if len(bare) % 4 == 1:
        raise invalid("Last unit does not have enough valid bits")
    padding = len(content) - len(bare)
    if padding and (padding != -len(bare) % 4):
        raise invalid("Input byte array has wrong 4-byte ending unit")
    return base64.b64decode(bare.translate(bytes.maketrans(b"-_", b"+/")) + b"=" * (-len(bare) % 4))


_LETTERS = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"


def from_base64(text: str) -> bytes:
    """Read base 64."""
    return _base64(text, _LETTERS + b"+/")


def from_base64url(text: str) -> bytes:
    """Read base 64 in the alphabet for URLs."""
    return _base64(text, _LETTERS + b"-_")


def to_base64url(content: bytes) -> str:
    """Write base 64 in the alphabet for URLs."""
    return base64.urlsafe_b64encode(content).decode()


def to_base32(content: bytes) -> str:
    """Write base 32."""
    return base64.b32encode(content).decode()


def from_base32(text: str) -> bytes:
    """Read base 32."""
    bare = text.rstrip("=")
    if len(bare) % 8 in (1, 3, 6):
        raise invalid(f"Invalid input length {len(bare)}")
    try:
        return base64.b32decode(bare + "=" * (-len(bare) % 8))
    except binascii.Error as error:
        raise invalid(f"Unrecognized character: {text}") from error


def _sized(content: bytes, size: int) -> bytes:
    if len(content) != size:
        raise invalid(f"expected {size}-byte input, but got instead: {len(content)}")
    return content


def from_big_endian_32(content: bytes) -> int:
    """Read a number of four bytes."""
    return int.from_bytes(_sized(content, 4), "big", signed=True)


def from_big_endian_64(content: bytes) -> int:
    """Read a number of eight bytes."""
    return int.from_bytes(_sized(content, 8), "big", signed=True)


def to_big_endian_32(number: int) -> bytes:
    """Write a number as four bytes."""
    return number.to_bytes(4, "big", signed=True)


def to_big_endian_64(number: int) -> bytes:
    """Write a number as eight bytes."""
    return number.to_bytes(8, "big", signed=True)


def from_ieee754_32(content: bytes) -> float:
    """Read a real of four bytes."""
    if len(content) != 4:
        raise invalid("Input floating-point value must be exactly 4 bytes long")
    return float(struct.unpack(">f", content)[0])


def from_ieee754_64(content: bytes) -> float:
    """Read a double of eight bytes."""
    if len(content) != 8:
        raise invalid("Input floating-point value must be exactly 8 bytes long")
    return float(struct.unpack(">d", content)[0])


def to_ieee754_32(number: float) -> bytes:
    """Write a real as four bytes."""
    return struct.pack(">f", number)


def to_ieee754_64(number: float) -> bytes:
    """Write a double as eight bytes."""
    return struct.pack(">d", number)


def crc32(content: bytes) -> int:
    """Give the CRC-32."""
    return zlib.crc32(content)


def sha512(content: bytes) -> bytes:
    """Give the SHA-512 hash."""
    return hashlib.sha512(content).digest()


def hmac_md5(content: bytes, key: bytes) -> bytes:
    """Give the HMAC with MD5."""
    return hmac.digest(_key(key), content, "md5")


def hmac_sha1(content: bytes, key: bytes) -> bytes:
    """Give the HMAC with SHA-1."""
    return hmac.digest(_key(key), content, "sha1")


def hmac_sha256(content: bytes, key: bytes) -> bytes:
    """Give the HMAC with SHA-256."""
    return hmac.digest(_key(key), content, "sha256")


def hmac_sha512(content: bytes, key: bytes) -> bytes:
    """Give the HMAC with SHA-512."""
    return hmac.digest(_key(key), content, "sha512")


def _key(key: bytes) -> bytes:
    if not key:
        raise invalid("Empty key")
    return key


_P1, _P2, _P3 = 0x9E3779B185EBCA87, 0xC2B2AE3D27D4EB4F, 0x165667B19E3779F9
_P4, _P5 = 0x85EBCA77C2B2AE63, 0x27D4EB2F165667C5


def _rotated(number: int, bits: int) -> int:
    return ((number << bits) | (number >> (64 - bits))) & _MASK


def xxhash64_number(content: bytes) -> int:
    """Give xxHash's 64 bits with the seed 0; source: the xxHash specification, XXH64."""

    def step(state: int, lane: int) -> int:
        return _rotated((state + lane * _P2) & _MASK, 31) * _P1 & _MASK

    position, size = 0, len(content)
    if size >= 32:
        states = [(_P1 + _P2) & _MASK, _P2, 0, (-_P1) & _MASK]
        while position <= size - 32:
            lanes = struct.unpack_from("<4Q", content, position)
            states = [step(state, lane) for state, lane in zip(states, lanes, strict=True)]
            position += 32
        result = sum(_rotated(state, bits) for state, bits in zip(states, (1, 7, 12, 18), strict=True)) & _MASK
        for state in states:
            result = ((result ^ step(0, state)) * _P1 + _P4) & _MASK
    else:
        result = _P5
    result = (result + size) & _MASK
    while position + 8 <= size:
        (lane,) = struct.unpack_from("<Q", content, position)
        result = (_rotated(result ^ step(0, lane), 27) * _P1 + _P4) & _MASK
        position += 8
    if position + 4 <= size:
        (half,) = struct.unpack_from("<I", content, position)
        result = (_rotated(result ^ (half * _P1 & _MASK), 23) * _P2 + _P3) & _MASK
        position += 4
    for byte in content[position:]:
        result = _rotated(result ^ (byte * _P5 & _MASK), 11) * _P1 & _MASK
    result = (result ^ (result >> 33)) * _P2 & _MASK
    result = (result ^ (result >> 29)) * _P3 & _MASK
    return result ^ (result >> 32)


def xxhash64(content: bytes) -> bytes:
    """Give xxHash's 64 bits, the highest first."""
    return xxhash64_number(content).to_bytes(8, "big")


def _signed(number: int) -> int:
    return number - 2**64 if number >= 2**63 else number


def hash_of_bytes(content: bytes) -> int:
    """Give the hash that check sums are made of."""
    return _signed(xxhash64_number(content))


def hash_of_text(text: str) -> int:
    """Give the hash of a text that check sums are made of."""
    return hash_of_bytes(text.encode())


def hash_of_number(number: int) -> int:
    """Give the hash of a whole number that check sums are made of."""
    return hash_of_bytes((number & _MASK).to_bytes(8, "little"))


def hash_of_long(number: int) -> int:
    """Give the hash of a long decimal's digits that check sums are made of."""
    return hash_of_number(number >> 64) ^ hash_of_number(number)


def hash_of_double(number: float) -> int:
    """Give the hash of a double that check sums are made of; both zeros are one."""
    return hash_of_bytes(struct.pack("<d", number + 0.0))


def hash_of_float(number: float) -> int:
    """Give the hash of a real that check sums are made of."""
    (bits,) = struct.unpack("<i", struct.pack("<f", number + 0.0))
    return hash_of_number(bits)


def hash_of_array(hashes: list[int | None]) -> int:
    """Give the hash of an array from those of its elements."""
    total = 0
    for each in hashes:
        total = (31 * total + (each or 0)) & _MASK
    return _signed(total)


def hash_of_map(pairs: list[list[int | None]]) -> int:
    """Give the hash of a map from those of its keys and values."""
    return _signed(sum(((key or 0) ^ (value or 0)) for key, value in pairs) & _MASK)


def checksum_of(total: int) -> bytes:
    """Give the check sum of values by the sum of their hashes."""
    return (total * _P1 & _MASK).to_bytes(8, "little")


def murmur3(content: bytes) -> bytes:
    """Give MurmurHash3's 128 bits for x64 with the seed 0, as Trino orders their bytes."""
    c1, c2 = 0x87C37B91114253D5, 0x4CF5AD432745937F
    h1 = h2 = 0
    blocks = len(content) // 16
    for number in range(blocks):
        k1, k2 = struct.unpack_from("<2Q", content, 16 * number)
        h1 ^= _rotated(k1 * c1 & _MASK, 31) * c2 & _MASK
        h1 = ((_rotated(h1, 27) + h2) * 5 + 0x52DCE729) & _MASK
        h2 ^= _rotated(k2 * c2 & _MASK, 33) * c1 & _MASK
        h2 = ((_rotated(h2, 31) + h1) * 5 + 0x38495AB5) & _MASK
    tail = content[16 * blocks :]
    if len(tail) > 8:
        h2 ^= _rotated(int.from_bytes(tail[8:], "little") * c2 & _MASK, 33) * c1 & _MASK
    if tail:
        h1 ^= _rotated(int.from_bytes(tail[:8], "little") * c1 & _MASK, 31) * c2 & _MASK
    h1 ^= len(content)
    h2 ^= len(content)
    h1 = (h1 + h2) & _MASK
    h2 = (h2 + h1) & _MASK
    h1, h2 = _mixed(h1), _mixed(h2)
    h1 = (h1 + h2) & _MASK
    h2 = (h2 + h1) & _MASK
    return struct.pack("<2Q", h1, h2)


def _mixed(number: int) -> int:
    number = (number ^ (number >> 33)) * 0xFF51AFD7ED558CCD & _MASK
    number = (number ^ (number >> 33)) * 0xC4CEB9FE1A85EC53 & _MASK
    return number ^ (number >> 33)


def hive_hash(text: str) -> int:
    """Hash a text as Hive does for its buckets: by its bytes, which Java has signed."""
    total = 0
    for byte in text.encode():
        total = (31 * total + (byte ^ 0x80) - 0x80) & 0xFFFFFFFF
    return total


def from_utf8(content: bytes) -> str:
    """Read UTF-8, with a replacement character for each invalid sequence."""
    return content.decode("utf-8", errors="replace")


def from_utf8_with(content: bytes, replacement: str) -> str:
    """Read UTF-8, with a character of choice, or none, for each invalid sequence."""
    if len(replacement) > 1:
        raise invalid("Replacement character string must empty or a single character")
    return content.decode("utf-8", errors="replace").replace("�", replacement)


ROUTINES: dict[str, Routine] = {
    "from_hex": (from_hex, ("VARCHAR",), "BLOB"),
    "from_base64": (from_base64, ("VARCHAR",), "BLOB"),
    "from_base64url": (from_base64url, ("VARCHAR",), "BLOB"),
    "to_base64url": (to_base64url, ("BLOB",), "VARCHAR"),
    "to_base32": (to_base32, ("BLOB",), "VARCHAR"),
    "from_base32": (from_base32, ("VARCHAR",), "BLOB"),
    "from_big_endian_32": (from_big_endian_32, ("BLOB",), "INTEGER"),
    "from_big_endian_64": (from_big_endian_64, ("BLOB",), "BIGINT"),
    "to_big_endian_32": (to_big_endian_32, ("INTEGER",), "BLOB"),
    "to_big_endian_64": (to_big_endian_64, ("BIGINT",), "BLOB"),
    "from_ieee754_32": (from_ieee754_32, ("BLOB",), "FLOAT"),
    "from_ieee754_64": (from_ieee754_64, ("BLOB",), "DOUBLE"),
    "to_ieee754_32": (to_ieee754_32, ("FLOAT",), "BLOB"),
    "to_ieee754_64": (to_ieee754_64, ("DOUBLE",), "BLOB"),
    "crc32": (crc32, ("BLOB",), "BIGINT"),
    "sha512": (sha512, ("BLOB",), "BLOB"),
    "hmac_md5": (hmac_md5, ("BLOB", "BLOB"), "BLOB"),
    "hmac_sha1": (hmac_sha1, ("BLOB", "BLOB"), "BLOB"),
    "hmac_sha256": (hmac_sha256, ("BLOB", "BLOB"), "BLOB"),
    "hmac_sha512": (hmac_sha512, ("BLOB", "BLOB"), "BLOB"),
    "hash_of_bytes": (hash_of_bytes, ("BLOB",), "BIGINT"),
    "hash_of_text": (hash_of_text, ("VARCHAR",), "BIGINT"),
    "hash_of_number": (hash_of_number, ("BIGINT",), "BIGINT"),
    "hash_of_long": (hash_of_long, ("HUGEINT",), "BIGINT"),
    "hash_of_double": (hash_of_double, ("DOUBLE",), "BIGINT"),
    "hash_of_float": (hash_of_float, ("FLOAT",), "BIGINT"),
    "hash_of_array": (hash_of_array, ("BIGINT[]",), "BIGINT"),
    "hash_of_map": (hash_of_map, ("BIGINT[][]",), "BIGINT"),
    "checksum_of": (checksum_of, ("HUGEINT",), "BLOB"),
    "xxhash64": (xxhash64, ("BLOB",), "BLOB"),
    "hive_hash": (hive_hash, ("VARCHAR",), "BIGINT"),
    "murmur3": (murmur3, ("BLOB",), "BLOB"),
    "from_utf8": (from_utf8, ("BLOB",), "VARCHAR"),
    "from_utf8_with": (from_utf8_with, ("BLOB", "VARCHAR"), "VARCHAR"),
}
