"""What lies in S3 below a location, and what the footers of Parquet files say of their columns."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from toolkit import aws
from toolkit.errors import NotFound

_WORKERS = 16
# Somebody who changes a filter asks for the same prefixes again and again.
_KEPT_FOR_SECONDS = 60.0
# Beyond this many prefixes one listing of the whole table is quicker.
_MOST_PREFIXES = 200
# Footers beyond these are taken to look like them.
SAMPLED_FOOTERS = 32
_FOOTER_BYTES = 64 * 1024


@dataclass(frozen=True, slots=True)
class StoredObject:
    """An object that Athena reads: its URI, its size in bytes, and its ETag."""

    uri: str
    size: int
    etag: str


class ObjectListing:
    """Lists prefixes, each at most once a minute; may be used from several threads."""

    def __init__(self, *, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._kept: dict[str, tuple[float, tuple[StoredObject, ...]]] = {}
        self._footers: dict[tuple[str, str], Mapping[str, int] | None] = {}

    def objects(self, locations: Sequence[str], *, root: str = "") -> tuple[StoredObject, ...]:
        """
        Return the objects below each of *locations*, all of which lie below *root* where that is given.

        Objects in hidden folders, and hidden and empty objects, are left out as Athena leaves them out. A bucket that does
        not exist holds nothing. Raises as `toolkit.aws.call` does.
        """
        wanted = list(dict.fromkeys(_folder(location) for location in locations))
        base = _folder(root) if root else ""
        if base and len(wanted) > _MOST_PREFIXES and all(prefix.startswith(base) for prefix in wanted):
            return _below(self._listed(base), wanted, base)
        with ThreadPoolExecutor(min(_WORKERS, len(wanted) or 1)) as pool:
            return tuple(found for part in pool.map(self._listed, wanted) for found in part)

    def _listed(self, prefix: str) -> tuple[StoredObject, ...]:
        with self._lock:
            then, kept = self._kept.get(prefix, (-_KEPT_FOR_SECONDS, ()))
        if self._clock() - then < _KEPT_FOR_SECONDS:
            return kept
        found = tuple(_listed(prefix))
        with self._lock:
            self._kept[prefix] = (self._clock(), found)
        return found

    def column_bytes(self, objects: Sequence[StoredObject], columns: Iterable[str]) -> tuple[int, bool]:
        """
        Return the bytes that *columns* take in the Parquet files *objects*, and whether every footer was read.

        Of more than 32 files the largest are read, and the others taken to be divided as these are.
        """
        names = {column.lower() for column in columns}
        by_size = sorted(objects, key=lambda found: -found.size)
        sample = by_size[:SAMPLED_FOOTERS]
        with ThreadPoolExecutor(min(_WORKERS, len(sample) or 1)) as pool:
            footers = list(pool.map(self._footer, sample))
        read, total = 0, 0
        for found, sizes in zip(sample, footers, strict=True):
            total += found.size
            # What has no footer that can be read is counted whole.
            read += found.size if sizes is None else sum(size for name, size in sizes.items() if name in names)
        rest = sum(found.size for found in by_size[SAMPLED_FOOTERS:])
        share = read / total if total else 0.0
        return read + round(rest * share), not rest and None not in footers

    def _footer(self, found: StoredObject) -> Mapping[str, int] | None:
        key = (found.uri, found.etag)
        if key not in self._footers:
            self._footers[key] = parquet_column_sizes(found)
        return self._footers[key]


def _folder(location: str) -> str:
    return location if location.endswith("/") else f"{location}/"


def _listed(prefix: str) -> Iterable[StoredObject]:
    bucket, key = aws.split_s3_uri(prefix)
    try:
        for page in aws.pages("s3", "list_objects_v2", Bucket=bucket, Prefix=key):
            for item in page.get("Contents", ()):
                rest = item["Key"][len(key) :]
                if item["Size"] and not any(part.startswith(("_", ".")) for part in rest.split("/")):
                    yield StoredObject(f"s3://{bucket}/{item['Key']}", item["Size"], item["ETag"])
    except NotFound:
        return


def _below(objects: Iterable[StoredObject], prefixes: Sequence[str], root: str) -> tuple[StoredObject, ...]:
    wanted = frozenset(prefixes)

    def is_wanted(uri: str) -> bool:
        end = uri.rfind("/")
        while end >= len(root) - 1:
            if uri[: end + 1] in wanted:
                return True
            end = uri.rfind("/", 0, end)
        return False

    return tuple(found for found in objects if is_wanted(found.uri))


def parquet_column_sizes(found: StoredObject) -> Mapping[str, int] | None:
    """
    Return the compressed bytes of each top-level column of a Parquet file, by its name in lower case.

    Only the end of the file is fetched. None if it is no Parquet file. Raises as `toolkit.aws.call` does.
    """
    import pyarrow as pa
    from pyarrow import parquet

    size = _FOOTER_BYTES
    while True:
        end = aws.object_end(found.uri, size)
        if end[-4:] != b"PAR1" or len(end) < 12:
            return None
        needed = int.from_bytes(end[-8:-4], "little") + 8
        if needed <= len(end) or size >= found.size:
            break
        size = needed
    try:
        metadata = parquet.read_metadata(pa.BufferReader(end))
    except (pa.ArrowException, OSError):
        return None
    sizes: dict[str, int] = {}
    for group in range(metadata.num_row_groups):
        row_group = metadata.row_group(group)
        for number in range(row_group.num_columns):
            chunk = row_group.column(number)
            name = chunk.path_in_schema.split(".")[0].lower()
            sizes[name] = sizes.get(name, 0) + chunk.total_compressed_size
    return sizes
