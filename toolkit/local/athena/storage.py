"""Objects in S3: lists, contents, and local copies that may be converted on their way in."""

from __future__ import annotations

import hashlib
import io
import os
import re
from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any, BinaryIO, Protocol

from toolkit.local.athena.copies import COLUMNS, Copies, Place
from toolkit.local.athena.errors import QueryError, invalid_request
from toolkit.local.memory import give_back

# From so many on, one listing of their common folder is cheaper than one each.
MANY_LOCATIONS = 50

# Objects up to this size share a copy with others, up to so many bytes and members: each file costs a millisecond or more.
SMALL_IN_BYTES = 2**20
BUNDLE_IN_BYTES = 2**24
BUNDLE_MEMBERS = 4_096

# What the conversion of so much has freed is worth the milliseconds that it takes to give it back to the system.
WORTH_GIVING_BACK_IN_BYTES = 2**20

_URL = re.compile(r"s3[an]?://([^/]+)/?(.*)", re.DOTALL)


# In place of an ETag, for objects whose name is never used for another content.
ANY_VERSION = ""


class Changed(QueryError):
    """
    An object is not there as it was listed, because somebody has deleted or replaced it meanwhile.

    Source: https://docs.aws.amazon.com/athena/latest/ug/troubleshooting-athena.html
    """


@dataclass(frozen=True, slots=True)
class S3Object:
    """An object: where it is, which version, how large, and its key below the location that was listed."""

    bucket: str
    key: str
    etag: str
    size_in_bytes: int
    relative_key: str
    last_modified: datetime | None = None

    @property
    def url(self) -> str:
        """Its ``s3://`` URL, as ``$path`` shows it."""
        return f"s3://{self.bucket}/{self.key}"


class DirectAccess(Protocol):
    """A shorter way to the objects, where they are files of this machine."""

    def path(self, bucket: str, key: str, etag: str) -> Path | None:
        """Give the file of an object, if it is one; it never changes, but may be deleted."""

    def read(self, bucket: str, key: str, etag: str) -> bytes | None:
        """Give the bytes of an object, if there is that version of it."""

    def slice(self, bucket: str, key: str, start: int, length: int) -> bytes | None:
        """Give a part of an object, less than *length* where it ends; None if there is no such object."""

    def put(self, bucket: str, key: str, path: Path) -> bool:
        """Make a file an object, taking the file over; False if there is no such bucket."""

    def write(self, bucket: str, key: str, content: bytes) -> bool:
        """Make an object of bytes; False if there is no such bucket."""

    def list(self, bucket: str, prefix: str) -> list[tuple[str, str, int, datetime]] | None:
        """Give key, ETag, size and time of the objects below a prefix, by key; None if there is no such bucket."""


class Storage:
    """What lies in S3, behind a client, with copies on this machine."""

    def __init__(self, s3: Any, copies: Copies, direct: DirectAccess | None = None) -> None:
        self.s3 = s3
        self.copies = copies
        self._direct = direct

    def list(self, location: str, *, hidden: bool = False) -> list[S3Object]:
        """
        Give the objects below a location, by key; those whose name or folder begins with ``_`` or ``.`` only if *hidden*.

        Raises:
            QueryError: the location is no S3 URL, or its bucket does not exist.
        """
        bucket, prefix = split_url(location)
        if prefix and not prefix.endswith("/"):
            prefix += "/"
        return [
            S3Object(bucket, key, etag, size, key[len(prefix) :], last_modified)
            for key, etag, size, last_modified in self._found(bucket, prefix, location)
            if not key.endswith("/") and (hidden or not _is_hidden(key[len(prefix) :]))
        ]

    def _found(self, bucket: str, prefix: str, location: str) -> Iterable[tuple[str, str, int, datetime]]:
        if self._direct is None:
            return self._listed(bucket, prefix, location)
        found = self._direct.list(bucket, prefix)
        if found is None:
            raise _no_bucket_at(bucket, location)
        return found

    def _listed(self, bucket: str, prefix: str, location: str) -> Iterator[tuple[str, str, int, datetime]]:
        arguments: dict[str, Any] = {"Bucket": bucket, "Prefix": prefix}
        while True:
            try:
                answer = self.s3.list_objects_v2(**arguments)
            except self.s3.exceptions.NoSuchBucket as error:
                raise _no_bucket_at(bucket, location) from error
            for each in answer.get("Contents", ()):
                yield each["Key"], each["ETag"].strip('"'), each["Size"], each["LastModified"]
            if not answer.get("NextContinuationToken"):
                return
            arguments["ContinuationToken"] = answer["NextContinuationToken"]

    def list_each(self, locations: Sequence[str]) -> Iterator[Sequence[S3Object]]:
        """
        Give what ``list`` gives for each of several locations.

        Many of them in one folder, as a projection over years has them, cost one listing of that folder.
        """
        folders = [as_folder(location) for location in locations]
        prefix = os.path.commonprefix(folders)  # noqa: RUF071 - cut back to a slash below
        common = prefix.rpartition("/")[0] if len(folders) > MANY_LOCATIONS else ""
        if common.count("/") < 3:
            for folder in folders:
                yield self.list(folder)
            return
        objects = sorted(self.list(common, hidden=True), key=lambda item: item.key)
        keys = [item.key for item in objects]
        for folder in folders:
            prefix = split_url(folder)[1]
            found = []
            for item in objects[bisect_left(keys, prefix) :]:
                if not item.key.startswith(prefix):
                    break
                relative_key = item.key[len(prefix) :]
                if not _is_hidden(relative_key):
                    found.append(replace(item, relative_key=relative_key))
            yield found

    def read(self, item: S3Object) -> bytes:
        """
        Give the bytes of an object.

        Raises:
            Changed: it was deleted or replaced since it was listed.
        """
        if self._direct is not None and (found := self._direct.read(item.bucket, item.key, item.etag)) is not None:
            return found
        # Another content must not be kept under this ETag, by which it would be found in place of its own.
        condition = {} if item.etag == ANY_VERSION else {"IfMatch": f'"{item.etag}"'}
        try:
            answer = self.s3.get_object(Bucket=item.bucket, Key=item.key, **condition)
        except self.s3.exceptions.ClientError as error:
            match error.response["ResponseMetadata"]["HTTPStatusCode"]:
                case 404:
                    raise Changed(
                        f"HIVE_CANNOT_OPEN_SPLIT: Error opening Hive split {item.url}: "
                        f"{error.response['Error']['Message']}"
                    ) from error
                case 412:
                    raise Changed(
                        f"HIVE_FILESYSTEM_ERROR: Incorrect fileSize {item.size_in_bytes} for file {item.url}"
                    ) from error
            raise
        content: bytes = answer["Body"].read()
        return content

    def open(self, item: S3Object) -> BinaryIO:
        """Open an object to read it piece by piece."""
        found = None if self._direct is None else self._direct.path(item.bucket, item.key, item.etag)
        if found is not None:
            try:
                return found.open("rb")
            except FileNotFoundError:
                pass  # deleted a moment ago: the client says so in S3's words
        return io.BytesIO(self.read(item))

    def exists(self, url: str) -> bool:
        """Tell whether there is an object at a URL."""
        return self._head(url) is not None

    def size_of(self, url: str) -> int:
        """
        Give the size of an object in bytes.

        Raises:
            FileNotFoundError: there is none.
        """
        found = self._head(url)
        if found is None:
            raise FileNotFoundError(url)
        return int(found["ContentLength"])

    def _head(self, url: str) -> dict[str, Any] | None:
        bucket, key = split_url(url)
        try:
            found: dict[str, Any] = self.s3.head_object(Bucket=bucket, Key=key)
        except self.s3.exceptions.ClientError as error:
            if error.response["ResponseMetadata"]["HTTPStatusCode"] != 404:
                raise
            return None
        return found

    def write(self, url: str, content: bytes) -> None:
        """
        Put an object.

        Raises:
            QueryError: the bucket does not exist.
        """
        bucket, key = split_url(url)
        if self._direct is not None:
            if not self._direct.write(bucket, key, content):
                raise _no_bucket(bucket)
            return
        try:
            self.s3.put_object(Bucket=bucket, Key=key, Body=content)
        except self.s3.exceptions.ClientError as error:
            if error.response["Error"]["Code"] != "NoSuchBucket":
                raise
            raise _no_bucket(bucket) from error

    def make_bucket(self, bucket: str) -> None:
        """Make a bucket if there is none of that name."""
        try:
            self.s3.head_bucket(Bucket=bucket)
        except self.s3.exceptions.ClientError:
            region = self.s3.meta.region_name
            place = {} if region == "us-east-1" else {"CreateBucketConfiguration": {"LocationConstraint": region}}
            self.s3.create_bucket(Bucket=bucket, **place)

    def put_file(self, url: str, path: Path) -> None:
        """
        Put an object from a file, which is gone afterwards.

        Raises:
            QueryError: the bucket does not exist.
        """
        bucket, key = split_url(url)
        if self._direct is None:
            with path.open("rb") as file:
                self.s3.upload_fileobj(file, bucket, key)
            path.unlink()
        elif not self._direct.put(bucket, key, path):
            raise _no_bucket(bucket)

    def slice(self, url: str, start: int, length: int) -> bytes:
        """
        Give a part of an object, less than *length* where it ends.

        Raises:
            ApiError: there is no such object.
        """
        bucket, key = split_url(url)
        if self._direct is not None and (found := self._direct.slice(bucket, key, start, length)) is not None:
            return found
        try:
            answer = self.s3.get_object(Bucket=bucket, Key=key, Range=f"bytes={start}-{start + length - 1}")
        except self.s3.exceptions.ClientError as error:
            if error.response["Error"]["Code"] in ("InvalidRange", "416"):
                return b""
            raise invalid_request("Could not find results") from error
        content: bytes = answer["Body"].read()
        return content

    def delete(self, item: S3Object) -> None:
        """Delete an object."""
        self.s3.delete_object(Bucket=item.bucket, Key=item.key)

    def copy_of(
        self, item: S3Object, suffix: str, purpose: str = "", convert: Callable[[bytes, Path], None] | None = None
    ) -> Path:
        """
        Give the local copy of an object, made when first asked for.

        *convert* gets the bytes and the path to write; without it the copy is the bytes themselves. *purpose* tells the
        conversions of one object apart.
        """

        def make(path: Path) -> None:
            if convert is not None or not self._linked(item, path):
                (convert or _write)(self.read(item), path)

        return self.copies.get(_digest(item, purpose), suffix, make)

    def columns_of(
        self,
        items: Sequence[S3Object],
        purpose: str,
        convert: Callable[[Sequence[S3Object], Path], None],
        check: Callable[[], None],
    ) -> Sequence[Place]:
        """
        Give where the columns of objects are, made when first asked for: small objects many at once, in one file.

        *convert* gets some of the objects and the path to write, and *purpose* tells the conversions of one object apart;
        *check* is called before each.
        """
        digests = [_digest(item, purpose) for item in items]
        wanted = dict(zip(digests, items, strict=True))
        places = self._found_places(list(wanted))
        while missing := [digest for digest in wanted if digest not in places]:
            check()
            chosen = _together({digest: wanted[digest].size_in_bytes for digest in missing})
            given = [wanted[digest] for digest in chosen]
            if len(chosen) == 1:
                places[chosen[0]] = Place(self.copies.get(chosen[0], COLUMNS, partial(convert, given)))
            else:
                # Of queries that need the same objects at the same time one converts them.
                with self.copies.making(purpose):
                    if not self._found_places(chosen):
                        self.copies.bundle(chosen, partial(convert, given))
                    places |= self._found_places(chosen)
            if sum(item.size_in_bytes for item in given) >= WORTH_GIVING_BACK_IN_BYTES:
                give_back()
        return [places[digest] for digest in digests]

    def _found_places(self, digests: Sequence[str]) -> dict[str, Place]:
        found = zip(digests, self.copies.find(digests), strict=True)
        return {digest: place for digest, place in found if place is not None}

    def _linked(self, item: S3Object, path: Path) -> bool:
        """Make *path* another name of the object's file, if it has one on the same disk."""
        found = None if self._direct is None else self._direct.path(item.bucket, item.key, item.etag)
        if found is None:
            return False
        path.unlink()
        try:
            os.link(found, path)
        except OSError:
            path.touch()
            return False
        return True


def _digest(item: S3Object, purpose: str) -> str:
    return hashlib.sha256("\0".join((item.bucket, item.key, item.etag, purpose)).encode()).hexdigest()


def _together(sizes: Mapping[str, int]) -> list[str]:
    """Give the first objects, by digest and size, that are converted together."""
    chosen: list[str] = []
    whole = 0
    for digest, size in sizes.items():
        if chosen and (size > SMALL_IN_BYTES or whole + size > BUNDLE_IN_BYTES or len(chosen) == BUNDLE_MEMBERS):
            break
        chosen.append(digest)
        whole += size
        if size > SMALL_IN_BYTES:
            break
    return chosen


def _no_bucket_at(bucket: str, location: str) -> QueryError:
    return QueryError(f"HIVE_FILESYSTEM_ERROR: The specified bucket does not exist (Bucket: {bucket}): {location}")


def _no_bucket(bucket: str) -> QueryError:
    return QueryError(f"Unable to verify/create output bucket {bucket}: the specified bucket does not exist")


def split_url(url: str) -> tuple[str, str]:
    """
    Split an S3 URL into bucket and key.

    Raises:
        QueryError: it is none.
    """
    found = _URL.fullmatch(url)
    if not found:
        raise QueryError(f"HIVE_FILESYSTEM_ERROR: {url} is no location in S3: it has to begin with s3://")
    return found[1], found[2]


def as_folder(location: str) -> str:
    """Give a location with its final slash."""
    return location.rstrip("/") + "/"


def _is_hidden(relative_key: str) -> bool:
    # Source: https://docs.aws.amazon.com/athena/latest/ug/tables-location-format.html
    return any(part.startswith(("_", ".")) for part in relative_key.split("/"))


def _write(content: bytes, path: Path) -> None:
    path.write_bytes(content)
