"""Waitress as HTTP clients of AWS need it."""

from __future__ import annotations

from typing import Any

from waitress.channel import HTTPChannel
from waitress.parser import HTTPRequestParser


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


class Channel(HTTPChannel):  # type: ignore[misc]
    """A connection whose requests `Parser` reads."""

    parser_class = Parser
