"""The order of a java.util.HashMap, in which Athena and Trino show what they keep in one."""

from __future__ import annotations

from collections.abc import Collection


def as_hashed(keys: Collection[str]) -> list[str]:
    """Give keys in the order in which a HashMap has them; those of one bucket in their own."""
    buckets = 16
    while len(keys) > buckets * 3 // 4:
        buckets *= 2

    def bucket(key: str) -> int:
        code = 0
        units = key.encode("utf-16-be", "surrogatepass")
        for high, low in zip(units[::2], units[1::2], strict=True):
            code = (31 * code + (high << 8 | low)) & 0xFFFFFFFF
        return (code ^ code >> 16) & (buckets - 1)

    return sorted(keys, key=bucket)
