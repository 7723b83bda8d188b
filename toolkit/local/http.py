"""Waitress as HTTP clients of AWS need it."""

from __future__ import annotations

import re
from typing import Any

from waitress.channel import HTTPChannel
from waitress.parser import HTTPRequestParser
from waitress.task import WSGITask

_METADATA = re.compile(rb"(?m)^X-Amz-Meta-[^:\r\n]+(?=:)")


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
