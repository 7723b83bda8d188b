"""
Requests in CBOR, as SDKs for Java send them to Kinesis: moto reads and writes JSON, here one becomes the other.

The operation's shapes, which botocore has, tell which texts are bytes in base64 and which numbers are times: JSON has seconds,
CBOR milliseconds.

Source: https://www.rfc-editor.org/rfc/rfc8949
"""

from __future__ import annotations

import functools
import json
import struct
from base64 import b64decode, b64encode
from collections.abc import Callable, Iterable, Iterator
from io import BytesIO
from typing import Any

CONTENT_TYPE = "application/x-amz-cbor-1.1"
_JSON = "application/x-amz-json-1.1"
# Major types of RFC 8949, section 3.1.
_INTEGER, _NEGATIVE, _BYTES, _TEXT, _ARRAY, _MAP, _, _SIMPLE = range(8)
_BREAK = object()
_CONSTANTS = {20: False, 21: True, 22: None, 23: None}
_FLOATS = {25: ">e", 26: ">f", 27: ">d"}

Environ = dict[str, Any]


def answer(environ: Environ, start_response: Callable[..., Any], application: Callable[..., Any]) -> Iterable[bytes]:
    """Answer a request in CBOR by an *application* that speaks JSON."""
    operation = _operation(environ.get("HTTP_X_AMZ_TARGET", ""))
    try:
        given = decode(environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0)))
        body = json.dumps(_converted(operation and operation.input_shape, given, _to_json)).encode()
    except (ValueError, TypeError, RecursionError):
        return _answered(start_response, "400 Bad Request", [], {"__type": "SerializationException"})
    environ["CONTENT_TYPE"] = _JSON
    environ["CONTENT_LENGTH"] = str(len(body))
    environ["wsgi.input"] = BytesIO(body)
    said: list[Any] = []
    text = b"".join(application(environ, lambda status, headers, *_: said.extend((status, headers))))
    status, headers = said
    shape = operation.output_shape if operation and status.startswith("2") else None
    content = _converted(shape, json.loads(text), _from_json) if text else {}
    return _answered(start_response, status, headers, content)


def _answered(start_response: Callable[..., Any], status: str, headers: list[Any], content: Any) -> list[bytes]:
    body = encode(content)
    kept = [(name, value) for name, value in headers if name.lower() not in ("content-type", "content-length")]
    start_response(status, [*kept, ("Content-Type", CONTENT_TYPE), ("Content-Length", str(len(body)))])
    return [body]


@functools.lru_cache(maxsize=256)
def _operation(target: str) -> Any:
    """Return botocore's model of the operation that a header names, None if there is none."""
    import botocore.session

    prefix, _, name = target.partition(".")
    model = botocore.session.get_session().get_service_model("kinesis")
    return model.operation_model(name) if prefix.startswith("Kinesis") and name in model.operation_names else None


def _converted(shape: Any, value: Any, convert: Callable[[str, Any], Any]) -> Any:
    kind = shape.type_name if shape else ""
    if isinstance(value, dict):
        members = shape.members if kind == "structure" else {}
        each = shape.value if kind == "map" else None
        return {key: _converted(members.get(key, each), item, convert) for key, item in value.items()}
    if isinstance(value, list):
        return [_converted(shape.member if kind == "list" else None, item, convert) for item in value]
    return convert(kind, value)


def _to_json(kind: str, value: Any) -> Any:
    if isinstance(value, bytes):
        return b64encode(value).decode()
    return value / 1000 if kind == "timestamp" and isinstance(value, int | float) else value


def _from_json(kind: str, value: Any) -> Any:
    if kind == "blob" and isinstance(value, str):
        return b64decode(value)
    return round(value * 1000) if kind == "timestamp" and isinstance(value, int | float) else value


def decode(data: bytes) -> Any:
    """
    Return the value of CBOR; a tag, which says what a value means, is passed over.

    Raises:
        ValueError: it is cut short, or has something behind the value or of a kind that JSON lacks.
    """
    stream = BytesIO(data)
    value = _item(stream)
    if value is _BREAK or stream.read(1):
        raise ValueError("expected one item of CBOR")
    return value


def _taken(stream: BytesIO, size: int) -> bytes:
    found = stream.read(size)
    if len(found) < size:
        raise ValueError("CBOR is cut short")
    return found


def _item(stream: BytesIO) -> Any:
    first = _taken(stream, 1)[0]
    kind, detail = first >> 5, first & 31
    if kind == _SIMPLE:
        if detail in _FLOATS:
            return struct.unpack(_FLOATS[detail], _taken(stream, struct.calcsize(_FLOATS[detail])))[0]
        if detail == 31:
            return _BREAK
        if detail not in _CONSTANTS:
            raise ValueError("a simple value of CBOR that JSON lacks")
        return _CONSTANTS[detail]
    if detail == 31:
        return _of_unknown_length(stream, kind)
    size = detail if detail < 24 else int.from_bytes(_taken(stream, _width(detail)), "big")
    if kind == _INTEGER:
        return size
    if kind == _NEGATIVE:
        return -1 - size
    if kind == _BYTES:
        return _taken(stream, size)
    if kind == _TEXT:
        return _taken(stream, size).decode()
    if kind == _ARRAY:
        return [_value(stream) for _ in range(size)]
    if kind == _MAP:
        return {_value(stream): _value(stream) for _ in range(size)}
    return _value(stream)


def _width(detail: int) -> int:
    if detail > 27:
        raise ValueError("a length of CBOR that is reserved")
    return 1 << (detail - 24)


def _value(stream: BytesIO) -> Any:
    value = _item(stream)
    if value is _BREAK:
        raise ValueError("a break of CBOR where a value belongs")
    return value


def _of_unknown_length(stream: BytesIO, kind: int) -> Any:
    items = _until_break(stream)
    if kind == _BYTES:
        return b"".join(items)
    if kind == _TEXT:
        return "".join(items)
    if kind == _ARRAY:
        return list(items)
    if kind == _MAP:
        return {key: _value(stream) for key in items}
    raise ValueError("a number of CBOR without an end")


def _until_break(stream: BytesIO) -> Iterator[Any]:
    while (item := _item(stream)) is not _BREAK:
        yield item


def encode(value: Any) -> bytes:
    """Return the CBOR of a value of JSON; texts of bytes are byte strings."""
    match value:
        case None:
            return b"\xf6"
        case bool():
            return b"\xf5" if value else b"\xf4"
        case int():
            return _head(_INTEGER, value) if value >= 0 else _head(_NEGATIVE, -1 - value)
        case float():
            return b"\xfb" + struct.pack(">d", value)
        case bytes():
            return _head(_BYTES, len(value)) + value
        case str():
            written = value.encode()
            return _head(_TEXT, len(written)) + written
        case list():
            return _head(_ARRAY, len(value)) + b"".join(map(encode, value))
    pairs = (encode(key) + encode(item) for key, item in value.items())
    return _head(_MAP, len(value)) + b"".join(pairs)


def _head(kind: int, size: int) -> bytes:
    if size < 24:
        return bytes([kind << 5 | size])
    width = next(width for width in range(4) if size < 1 << (8 << width))
    return bytes([kind << 5 | 24 + width]) + size.to_bytes(1 << width, "big")
