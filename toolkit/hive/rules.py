"""
The rules that names, locations, comments and properties of the catalogue obey.

Source: the service model of Glue in the AWS SDK, and
https://docs.aws.amazon.com/athena/latest/ug/tables-databases-columns-names.html
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import date

from toolkit.errors import TableError

# Glue's limits, from the service model of the AWS SDK (Glue, shape names in parentheses).
MAX_NAME_BYTES = 255  # NameString
MAX_COMMENT_BYTES = 255  # CommentString
MAX_DESCRIPTION_BYTES = 2048  # DescriptionString
MAX_TYPE_CHARACTERS = 131_072  # ColumnTypeString
MAX_LOCATION_CHARACTERS = 2056  # LocationString
MAX_PROPERTY_KEY_BYTES = 255  # KeyString
MAX_PROPERTY_VALUE_CHARACTERS = 512_000  # ParametersMapValue

_PLAIN_NAME = re.compile(r"[a-z0-9_]+")
_UNPRINTABLE = re.compile("[\x00-\x1f\ud800-\udfff]")
# https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html
_BUCKET = re.compile(r"(?!.*\.\.)(?![0-9]+(?:\.[0-9]+){3}\Z)[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]")


class Properties(Mapping[str, str]):
    """Text by text, frozen and hashable; it keeps its order, and compares without it."""

    __slots__ = ("_items",)

    def __init__(self, items: Mapping[str, str] | None = None) -> None:
        self._items = dict(items or {})

    def __getitem__(self, key: str) -> str:
        return self._items[key]

    def __iter__(self) -> Iterator[str]:
        return iter(self._items)

    def __len__(self) -> int:
        return len(self._items)

    def __hash__(self) -> int:
        return hash(frozenset(self._items.items()))

    def __repr__(self) -> str:
        return f"Properties({self._items!r})"


def check_name(name: str, *, what: str) -> str:
    """
    Return *name* in lower case if it is plain: letters, digits and ``_``, at most 255 bytes.

    Athena takes more in quotes, but later statements can fail on it; new names are therefore made plain.

    Raises:
        TableError: the name is empty, too long or holds another character.
    """
    lowered = name.lower()
    if lowered and not _PLAIN_NAME.fullmatch(lowered):
        raise TableError(f"{what} {name!r}: expected letters a to z, digits and _ only")
    return check_glue_name(lowered, what=what)


def check_glue_name(name: str, *, what: str) -> str:
    """
    Return *name* in lower case if Glue takes it, plain or not: a table that exists may bear any such name.

    Raises:
        TableError: the name is empty, has blanks at an end or control characters, or more than 255 bytes.
    """
    lowered = name.lower()
    if not lowered.strip():
        raise TableError(f"{what} {name!r}: expected a name, found an empty one")
    if lowered != lowered.strip():
        raise TableError(f"{what} {name!r}: expected no blank at either end")
    if _UNPRINTABLE.search(lowered):
        raise TableError(f"{what} {name!r}: expected one line without control characters")
    if len(lowered.encode()) > MAX_NAME_BYTES:
        raise TableError(
            f"{what} {name[:40]!r}…: expected at most {MAX_NAME_BYTES} bytes, found {len(lowered.encode())}"
        )
    return lowered


def is_day(text: str) -> bool:
    """Whether *text* is a day as ``YYYY-MM-DD``, in which form alone it sorts, and is compared, as a day."""
    try:
        return date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False


def normalise_location(location: str) -> str:
    """
    Return *location* as Athena wants it: ``s3://bucket/prefix/`` with the final slash.

    Raises:
        TableError: another scheme, an ARN, a bad bucket name, an empty segment, a wildcard, a control character, or more
            than 2,056 characters.

    Source: https://docs.aws.amazon.com/athena/latest/ug/tables-location-format.html
    """
    what = f"location {location!r}"
    scheme, found, rest = location.partition("://")
    if not found or scheme not in ("s3", "s3a", "s3n"):
        raise TableError(f"{what}: expected s3://bucket/prefix/")
    bucket, _, prefix = rest.partition("/")
    if not _BUCKET.fullmatch(bucket):
        raise TableError(
            f"{what}: expected a bucket name of 3 to 63 lower-case letters, digits, dashes and single dots, no address, found "
            f"{bucket!r}"
        )
    prefix = prefix.removesuffix("/")
    segments = prefix.split("/") if prefix else []
    if not all(segments):
        raise TableError(f"{what}: expected no empty segment (//) in the prefix")
    if any(character in "*?[]{}" or ord(character) < 0x20 for character in prefix):
        raise TableError(f"{what}: expected a prefix without wildcards and control characters")
    normalised = "s3://" + "/".join([bucket, *segments]) + "/"
    if len(normalised) > MAX_LOCATION_CHARACTERS:
        raise TableError(
            f"{what[:60]}…: expected at most {MAX_LOCATION_CHARACTERS} characters, found {len(normalised)}"
        )
    return normalised


def check_comment(comment: str, *, where: str) -> None:
    """Raise TableError unless *comment* is one line of at most 255 bytes."""
    if any(ord(character) < 0x20 and character != "\t" for character in comment):
        raise TableError(f"{where}: a comment is one line without control characters")
    if len(comment.encode("utf-8", "surrogatepass")) > MAX_COMMENT_BYTES:
        raise TableError(f"{where}: a comment has at most {MAX_COMMENT_BYTES} bytes")


def check_properties(properties: Mapping[str, str], *, what: str) -> Properties:
    """
    Return *properties*, frozen.

    Raises:
        TableError: a key or a value is no text, or longer than Glue takes.
    """
    for key, value in properties.items():
        if not isinstance(key, str) or not isinstance(value, str):
            raise TableError(f"{what} {key!r}: expected text for text, found {type(value).__name__}")
        if not 1 <= len(key.encode("utf-8", "surrogatepass")) <= MAX_PROPERTY_KEY_BYTES:
            raise TableError(f"{what} {key[:40]!r}: a key has 1 to {MAX_PROPERTY_KEY_BYTES} bytes")
        if len(value) > MAX_PROPERTY_VALUE_CHARACTERS:
            raise TableError(f"{what} {key!r}: a value has at most {MAX_PROPERTY_VALUE_CHARACTERS} characters")
    return properties if isinstance(properties, Properties) else Properties(properties)
