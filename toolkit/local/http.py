"""HTTP as clients of AWS need it: Waitress with its faults mended, and answers of JSON."""

from __future__ import annotations

import json
import re
import uuid
from collections.abc import Callable
from typing import Any

from waitress.channel import HTTPChannel
from waitress.parser import HTTPRequestParser
from waitress.task import WSGITask

_METADATA = re.compile(rb"(?m)^X-Amz-Meta-[^:\r\n]+(?=:)")


def answer_json(
    start_response: Callable[..., Any], answer: Any, *, version: str, status: str = "200 OK", **options: Any
) -> list[bytes]:
    """Answer a WSGI request with JSON, in a *version* of AWS's protocol; *options* go to `json.dumps`."""
    body = json.dumps(answer, **options).encode()
    headers = [
        ("Content-Type", f"application/x-amz-json-{version}"),
        ("Content-Length", str(len(body))),
        ("x-amzn-RequestId", str(uuid.uuid4())),
    ]
    start_response(status, headers)
    return [body]


class Parser(HTTPRequestParser):  # type: ignore[misc]
    """
    A request parser for clients that announce a body and send none.

    botocore asks ``Expect: 100-continue`` for an empty object too. Waitress 3.0 then says "continue" and waits for ever
    for a body of no bytes.
    """

    def parse_header(self, header_plus: bytes) -> Any:
        """Read the headers; an empty body needs no leave to be sent."""
        result = super().parse_header(header_plus)
        if self.content_length == 0 and not self.chunked:
            self.expect_continue = False
        return result


class Task(WSGITask):  # type: ignore[misc]
    """A response that keeps the names of an object's own metadata: S3 gives them in lower case, Waitress in title case."""

    def build_response_header(self) -> Any:
        """Give the lines of the header."""
        return _METADATA.sub(lambda name: name[0].lower(), super().build_response_header())


class Channel(HTTPChannel):  # type: ignore[misc]
    """A connection whose requests `Parser` reads and `Task` answers."""

    parser_class = Parser
    task_class = Task
