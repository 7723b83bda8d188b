"""The files and objects that a text names: a path, a folder, a pattern, an object of S3, or all below a prefix."""

from __future__ import annotations

import glob
import os
import re
from collections.abc import Iterator
from pathlib import Path

from toolkit import aws
from toolkit.errors import InvalidInput


def event_sources(text: str) -> tuple[str, ...]:
    """
    Return the files and objects that *text* names, as paths and S3 URIs.

    Raises:
        InvalidInput: there is none, or it can't be looked for.
        AwsError: S3 refused, or can't be reached.
    """
    if text.startswith("s3://"):
        return tuple(_objects(text))
    path = _path(text)
    try:
        os.stat(path)  # noqa: PTH116 - a Path would be no shorter
        found, reason = [path], ""
    except (OSError, ValueError) as error:
        # What can't be there may be a pattern.
        found, reason = sorted(glob.glob(path)), ""  # noqa: PTH207 - a pattern with a root of its own
        if not isinstance(error, FileNotFoundError | NotADirectoryError):
            reason = getattr(error, "strerror", None) or str(error)
    if not found and re.match(r"[A-Za-z][A-Za-z0-9+.-]+:/", text):
        raise InvalidInput(f"{text}: expected a path, or an S3 URI such as s3://bucket/key")
    if not found:
        problem = f"can't be read: {reason}" if reason else f"no such file; the notebook runs in {Path.cwd()}"
        raise InvalidInput(f"{text}: {problem}")
    return tuple(file for name in found for file in _files(Path(name)))


def names_one(text: str) -> bool:
    """Tell whether *text* names one file or object, without a look into folders or at S3."""
    if text.startswith("s3://"):
        return text.count("/") > 2 and not text.endswith("/")
    return os.path.isfile(_path(text))  # noqa: PTH113 - a Path raises where a name is too long


def _path(text: str) -> str:
    return str(Path(os.path.expanduser(text)))  # noqa: PTH111 - a Path raises where there is no such user


def _objects(uri: str) -> Iterator[str]:
    """Yield the objects at *uri*: the one it names, or all below a prefix that ends with "/"."""
    bucket, key = aws.split_s3_uri(uri)
    if key and not key.endswith("/"):
        yield uri
        return
    found = False
    for page in aws.pages("s3", "list_objects_v2", Bucket=bucket, Prefix=key):
        for item in page.get("Contents", ()):
            if item["Size"] and not item["Key"].endswith("/"):
                found = True
                yield f"s3://{bucket}/{item['Key']}"
    if not found:
        raise InvalidInput(f"{uri}: there is no object below this prefix")


def _files(path: Path) -> list[str]:
    if not path.is_dir():
        return [str(path)]
    found = sorted(str(file) for file in path.rglob("*") if file.is_file() and not file.name.startswith("."))
    if not found:
        raise InvalidInput(f"{path}: there is no file in this folder")
    return found
