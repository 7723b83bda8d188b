"""Internet addresses: the type IPADDRESS, whose values are sixteen bytes, those of version 4 behind ``::ffff:``."""

from __future__ import annotations

import ipaddress

from toolkit.local.athena.sql.routines.refusal import Refusal, Routine, invalid

_MAPPED = bytes(10) + b"\xff\xff"

Address = ipaddress.IPv4Address | ipaddress.IPv6Address


def text_to_address(text: str) -> bytes:
    """Read the text of an address."""
    try:
        return _bytes(ipaddress.ip_address(text))
    except ValueError as error:
        raise Refusal(f"INVALID_CAST_ARGUMENT: Cannot cast value to IPADDRESS: {text}") from error


def bytes_to_address(content: bytes) -> bytes:
    """Take four or sixteen bytes for an address."""
    if len(content) == 4:
        return _MAPPED + content
    if len(content) != 16:
        raise Refusal(f"INVALID_CAST_ARGUMENT: Invalid InetAddress binary length: {len(content)}")
    return content


def address_text(content: bytes) -> str:
    """Write an address."""
    return str(_address(content))


def network_contains(network: str, content: bytes) -> bool:
    """Whether an address is of a network, which is written as CIDR."""
    base, slash, length = network.partition("/")
    if not slash:
        raise invalid("Invalid CIDR")
    try:
        first = _bytes(ipaddress.ip_address(base))
    except ValueError as error:
        raise invalid("Invalid network IP address") from error
    # Only what is written as one is a network of IPv4, whose bits after the prefix must be none.
    bits = 128 if ":" in base else 32
    if not length.isdigit() or int(length) > bits:
        raise invalid("Invalid CIDR")
    free = bits - int(length)
    if bits == 32 and int.from_bytes(first) & ((1 << free) - 1):
        raise invalid("Invalid CIDR")
    return int.from_bytes(first) >> free == int.from_bytes(content) >> free


def _bytes(address: Address) -> bytes:
    return _MAPPED + address.packed if address.version == 4 else address.packed


def _address(content: bytes) -> Address:
    return ipaddress.ip_address(content[12:] if content[:12] == _MAPPED else content)


ROUTINES: dict[str, Routine] = {
    "text_to_address": (text_to_address, ("VARCHAR",), "BLOB"),
    "bytes_to_address": (bytes_to_address, ("BLOB",), "BLOB"),
    "address_text": (address_text, ("BLOB",), "VARCHAR"),
    "network_contains": (network_contains, ("VARCHAR", "BLOB"), "BOOLEAN"),
}
