"""Texts that encode other content, which draft 7 lets a validator judge: base64 and JSON."""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Callable


def content_check(encoding: object, media_type: object) -> Callable[[str], bool] | None:
    """Return a function that judges a text by its ``contentEncoding`` and ``contentMediaType``; None for unknown ones."""
    is_base64, is_json = encoding == "base64", media_type == "application/json"
    if not is_base64 and (encoding is not None or not is_json):
        return None

    def is_content(text: str) -> bool:
        try:
            content: str | bytes = base64.b64decode(text, validate=True) if is_base64 else text
            if is_json:
                json.loads(content)
        except (binascii.Error, ValueError, RecursionError):
            return False
        return True

    return is_content
