"""
boto3 clients whose requests go straight to a WSGI application in this process, without a socket.

The engine speaks the public API of Glue and S3 alone, so that it could stand on the real ones as well.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Iterable, Iterator
from typing import Any
from urllib.parse import unquote, urlsplit

from toolkit.local.platform import ACCESS_KEY_ID, SECRET_ACCESS_KEY

# Never connected to: requests are answered before they reach a socket. moto takes other hosts for a bucket's name.
ENDPOINT_URL = "http://localhost"


def make_client(service: str, application: Callable[..., Iterable[bytes]], region: str) -> Any:
    """Give a boto3 client of *service* that *application* answers; safe to share between threads."""
    import boto3
    from botocore.config import Config

    make: Any = boto3.session.Session().client
    client = make(
        service,
        region_name=region,
        endpoint_url=ENDPOINT_URL,
        aws_access_key_id=ACCESS_KEY_ID,
        aws_secret_access_key=SECRET_ACCESS_KEY,
        config=Config(
            s3={"addressing_style": "path"},
            retries={"total_max_attempts": 1},
            request_checksum_calculation="when_required",
            response_checksum_validation="when_required",
            proxies={},
        ),
    )
    client.meta.events.register("before-send.*", lambda request, **_: _answer(application, request))
    return client


class _RawBody(io.BytesIO):
    """What botocore expects of a urllib3 response."""

    def stream(self, amount: int = 65_536, **_options: Any) -> Iterator[bytes]:
        while chunk := self.read(amount):
            yield chunk


def _answer(application: Callable[..., Iterable[bytes]], request: Any) -> Any:
    import botocore.awsrequest as http

    url = urlsplit(request.url)
    body = request.body or b""
    if isinstance(body, str):
        body = body.encode()
    elif not isinstance(body, bytes | bytearray):
        body = body.read()
    environ: dict[str, Any] = {
        "REQUEST_METHOD": request.method,
        "SCRIPT_NAME": "",
        "PATH_INFO": unquote(url.path).encode().decode("latin-1"),
        "RAW_URI": f"{url.path}?{url.query}" if url.query else url.path,
        "QUERY_STRING": url.query,
        "SERVER_NAME": url.hostname,
        "SERVER_PORT": "80",
        "SERVER_PROTOCOL": "HTTP/1.1",
        "REMOTE_ADDR": "127.0.0.1",
        "CONTENT_LENGTH": str(len(body)),
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": "http",
        "wsgi.input": io.BytesIO(body),
        "wsgi.errors": io.StringIO(),
        "wsgi.multithread": True,
        "wsgi.multiprocess": False,
        "wsgi.run_once": False,
        "HTTP_HOST": url.netloc,
    }
    for name, value in request.headers.items():
        text = value.decode("latin-1") if isinstance(value, bytes) else str(value)
        key = name.upper().replace("-", "_")
        environ[key if key == "CONTENT_TYPE" else f"HTTP_{key}"] = text
    answer: list[Any] = []
    chunks = application(environ, lambda status, headers, *_: answer.extend((status, headers)))
    content = b"".join(chunks)
    if close := getattr(chunks, "close", None):
        close()
    status, headers = answer
    make: Any = http.AWSResponse
    return make(request.url, int(status.split()[0]), http.HeadersDict(headers), _RawBody(content))
