"""
What S3 does with the body of an upload before it keeps it, and answers about objects that moto lacks.

SDKs send bodies in chunks, each after its length, with a checksum behind the last (``aws-chunked``). moto joins these
chunks in quadratic time and believes every checksum. Here a body reaches moto plain, and one that is not what its
sender summed up is refused.

Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/checking-object-integrity-upload.html
"""

from __future__ import annotations

import hashlib
import re
import zlib
from base64 import b64decode, b64encode
from collections.abc import Callable, Iterable
from functools import wraps
from importlib import import_module
from io import BytesIO
from typing import Any, BinaryIO
from xml.sax.saxutils import escape

from toolkit.local.state.objects import DEFAULT_ENCRYPTION
from toolkit.local.state.tracking import touch_service

Environ = dict[str, Any]

# https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-keys.html, UsingMetadata.html; API_DeleteObjects, API_ListObjectsV2
LONGEST_KEY_IN_BYTES = 1024
LONGEST_METADATA_IN_BYTES = 2048
MOST_DELETED = MOST_LISTED = 1000

_METADATA = "HTTP_X_AMZ_META_"
_MAX_KEYS = re.compile(r"(?<![\w-])(max-keys=)(\d{4,})")

_STREAMING = "STREAMING-"

_CHECKSUM = "HTTP_X_AMZ_CHECKSUM_"

# CRC32C and CRC64NVME need a library in C; an upload with one of these is believed.
_SUMS: dict[str, tuple[int, Callable[[bytes], bytes]]] = {
    "CRC32": (4, lambda body: zlib.crc32(body).to_bytes(4, "big")),
    "SHA1": (20, lambda body: hashlib.sha1(body, usedforsecurity=False).digest()),
    "SHA256": (32, lambda body: hashlib.sha256(body).digest()),
}


class Refusal(Exception):
    """An upload that S3 refuses: the code and the message of its answer."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code
        self.message = message


def refused_upload(environ: Environ, start_response: Callable[..., Any]) -> Iterable[bytes] | None:
    """
    Make the body of an S3 request plain and hold it against its checksums; gives the answer if it is refused.

    *environ* then has the body, its length, and a checksum from behind it among the headers.
    """
    try:
        _check_bounds(environ)
        _make_plain(environ)
        _check(environ)
    except Refusal as refusal:
        text = f"<Error><Code>{refusal.code}</Code><Message>{escape(refusal.message)}</Message></Error>".encode()
        start_response("400 Bad Request", [("Content-Type", "application/xml"), ("Content-Length", str(len(text)))])
        return [text]
    return None


def bound_list(environ: Environ) -> None:
    """Ask for no more keys at once than S3 gives, whatever the client asks for."""
    for name in ("QUERY_STRING", "RAW_URI", "REQUEST_URI"):
        if "max-keys=" in environ.get(name, ""):
            environ[name] = _MAX_KEYS.sub(lambda found: f"{found[1]}{min(int(found[2]), MOST_LISTED)}", environ[name])


def _check_bounds(environ: Environ) -> None:
    path = environ.get("PATH_INFO", "").encode("latin-1")
    try:
        path.decode()
    except UnicodeDecodeError:
        raise Refusal("InvalidURI", "Couldn't parse the specified URI.") from None
    # The first step of the path is the bucket, or, where the host names that, a part of the key.
    if len(path.lstrip(b"/").partition(b"/")[2]) > LONGEST_KEY_IN_BYTES:
        raise Refusal("KeyTooLongError", "Your key is too long")
    metadata = {name.removeprefix(_METADATA): value for name, value in environ.items() if name.startswith(_METADATA)}
    if sum(len(name) + len(value) for name, value in metadata.items()) > LONGEST_METADATA_IN_BYTES:
        raise Refusal("MetadataTooLarge", "Your metadata headers exceed the maximum allowed metadata size")
    if environ["REQUEST_METHOD"] == "POST" and environ.get("QUERY_STRING", "") in ("delete", "delete="):
        body = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
        environ["wsgi.input"] = BytesIO(body)
        if body.count(b"<Key>") > MOST_DELETED:
            raise Refusal(
                "MalformedXML",
                "The XML you provided was not well-formed or did not validate against our published schema",
            )


def _make_plain(environ: Environ) -> None:
    if not environ.get("HTTP_X_AMZ_CONTENT_SHA256", "").startswith(_STREAMING):
        return
    body, trailer = _without_chunks(environ["wsgi.input"])
    if environ.get("HTTP_X_AMZ_DECODED_CONTENT_LENGTH") not in (None, str(len(body))):
        raise Refusal(
            "IncompleteBody",
            "You did not provide the number of bytes specified by the x-amz-decoded-content-length HTTP header",
        )
    encodings = [each.strip() for each in environ.pop("HTTP_CONTENT_ENCODING", "").split(",")]
    if kept := ",".join(each for each in encodings if each not in ("", "aws-chunked")):
        environ["HTTP_CONTENT_ENCODING"] = kept
    environ["HTTP_X_AMZ_CONTENT_SHA256"] = "UNSIGNED-PAYLOAD"
    environ["CONTENT_LENGTH"] = str(len(body))
    environ["wsgi.input"] = BytesIO(body)
    for name, value in trailer.items():
        environ.setdefault("HTTP_" + name.upper().replace("-", "_"), value)


def _without_chunks(body: BinaryIO) -> tuple[bytes, dict[str, str]]:
    """Join the chunks of a body; gives it, and the headers behind it."""
    chunks = []
    while True:
        # The length in hexadecimal; the signature of the chunk, which nothing checks, may follow it.
        try:
            size = int(body.readline().partition(b";")[0], 16)
        except ValueError:
            raise Refusal("IncompleteBody", "The request body terminated unexpectedly") from None
        if size == 0:
            break
        chunk = body.read(size)
        if len(chunk) < size:
            raise Refusal("IncompleteBody", "The request body terminated unexpectedly")
        chunks.append(chunk)
        body.readline()
    lines = (line.decode("latin-1").partition(":") for line in body)
    return b"".join(chunks), {name.strip(): value.strip() for name, _, value in lines if value}


def _check(environ: Environ) -> None:
    if "uploadId=" in environ.get("QUERY_STRING", "") and environ["REQUEST_METHOD"] == "POST":
        return  # CompleteMultipartUpload: the checksum is that of the whole object
    if "HTTP_X_AMZ_COPY_SOURCE" in environ:
        return  # There is no body; Hadoop's S3A sends the Content-MD5 of the object it copies.
    given = {name.removeprefix(_CHECKSUM): environ[name] for name in environ if name.startswith(_CHECKSUM)}
    sums = {name: value for name, value in given.items() if name in _SUMS}
    md5 = environ.get("HTTP_CONTENT_MD5")
    if sums or md5:
        body = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
        environ["wsgi.input"] = BytesIO(body)
        if md5 and _bytes(md5, 16) is None:
            raise Refusal("InvalidDigest", "The Content-MD5 you specified was invalid.")
        if md5 and _bytes(md5, 16) != hashlib.md5(body, usedforsecurity=False).digest():
            raise Refusal("BadDigest", "The Content-MD5 you specified did not match what we received.")
        for name, value in sums.items():
            length, compute = _SUMS[name]
            if _bytes(value, length) is None:
                raise Refusal("InvalidRequest", f"Value for x-amz-checksum-{name.lower()} header is invalid.")
            if _bytes(value, length) != compute(body):
                raise Refusal("BadDigest", f"The {name} you specified did not match the calculated checksum.")
    if sums:
        # moto looks for a checksum only if this header announces it; clients need not send it.
        environ.setdefault("HTTP_X_AMZ_SDK_CHECKSUM_ALGORITHM", next(iter(sums)))


def _bytes(text: str, length: int) -> bytes | None:
    """Decode base64 of a known length; None if it is not that."""
    try:
        decoded = b64decode(text, validate=True)
    except ValueError:
        return None
    return decoded if len(decoded) == length and b64encode(decoded).decode() == text else None


def _of_a_part(get_object: Callable[[Any], Any]) -> Callable[[Any], Any]:
    """Make moto's GetObject give one part of an object that was uploaded in parts."""

    @wraps(get_object)
    def get(self: Any) -> Any:
        number = self._get_int_param("partNumber")
        upload = self._get_key()[0].multipart if number else None
        if upload is None:
            return get_object(self)
        sizes = {name: part.contentsize for name, part in upload.parts.items()}
        if number not in sizes:
            errors: Any = import_module("moto.s3.exceptions")
            raise errors.RangeNotSatisfiable
        status, headers, content = get_object(self)
        if status != 200:
            return status, headers, content
        begin = sum(size for name, size in sizes.items() if name < number)
        end = begin + sizes[number]
        for name in [name for name in headers if name.lower().startswith("x-amz-checksum-")]:
            del headers[name]
        headers["content-length"] = str(sizes[number])
        headers["content-range"] = f"bytes {begin}-{end - 1}/{sum(sizes.values())}"
        headers["x-amz-mp-parts-count"] = str(len(sizes))
        return 206, headers, content[begin:end]

    get.gives_parts = True  # type: ignore[attr-defined]
    return get


def _of_names(get_attributes: Callable[..., Any]) -> Callable[..., Any]:
    """Make moto's GetObjectAttributes understand names with spaces between them, as SDKs for JavaScript send them."""

    def get(self: Any, key: Any, names: list[str]) -> Any:
        return get_attributes(self, key, [name.strip() for name in names])

    return get


def _by_default(get_encryption: Callable[..., Any]) -> Callable[..., Any]:
    """Make moto say how a bucket that nobody asked to encrypt anything encrypts its objects."""
    default = {"Rule": {"ApplyServerSideEncryptionByDefault": {"SSEAlgorithm": DEFAULT_ENCRYPTION}}}

    def get(self: Any, bucket_name: str) -> Any:
        return get_encryption(self, bucket_name) or default

    return get


def _noting_tags(put_tags: Callable[..., Any]) -> Callable[..., Any]:
    """Note where an object's tags change, which are kept apart from it; without any, moto has nothing to do."""

    def put(self: Any, key: Any, tags: dict[str, str] | None) -> Any:
        if not tags and not self.tagger.get_tag_dict_for_resource(key.arn):
            return key
        touch_service("s3")
        return put_tags(self, key, tags)

    return put


def _with_tags(copy_object: Callable[..., Any]) -> Callable[..., Any]:
    """Note where a copy takes the tags of its object."""

    def copy(self: Any, src_key: Any, *arguments: Any, **options: Any) -> None:
        if self.tagger.get_tag_dict_for_resource(src_key.arn):
            touch_service("s3")
        copy_object(self, src_key, *arguments, **options)

    return copy


def install() -> None:
    """Mend moto's answers about objects; to be called after their contents have become files."""
    responses: Any = import_module("moto.s3.responses").S3Response  # moto is untyped here
    backend: Any = import_module("moto.s3.models").S3Backend
    if not hasattr(responses.get_object, "gives_parts"):
        responses.get_object = _of_a_part(responses.get_object)
        backend.get_object_attributes = _of_names(backend.get_object_attributes)
        backend.get_bucket_encryption = _by_default(backend.get_bucket_encryption)
        backend.put_object_tagging = _noting_tags(backend.put_object_tagging)
        backend.copy_object = _with_tags(backend.copy_object)
