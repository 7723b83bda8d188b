"""JSON pointers, RFC 6901: as text, as tokens, and inside a URI fragment."""

from __future__ import annotations

import re
from collections.abc import Iterable

# The characters that RFC 3986 allows in a fragment beside letters and digits.
_FRAGMENT_SAFE = "/?:@!$&'()*+,;=-._~"
_UNSAFE = re.compile(r"[^A-Za-z0-9/?:@!$&'()*+,;=\-._~]")


def pointer_from_tokens(tokens: Iterable[str | int]) -> str:
    """Return the pointer ``/a/0/b`` of *tokens*; the empty text for none."""
    return "".join(["/" + str(token).replace("~", "~0").replace("/", "~1") for token in tokens])


def tokens_from_pointer(pointer: str) -> tuple[str, ...]:
    """Return the unescaped tokens of *pointer*, which is empty or starts with ``/``."""
    return tuple(token.replace("~1", "/").replace("~0", "~") for token in pointer.split("/")[1:])


def fragment_from_pointer(pointer: str) -> str:
    """Return *pointer* percent-encoded for the place behind ``#``."""
    if not _UNSAFE.search(pointer):
        return pointer
    from urllib.parse import quote

    # A key may be half of a surrogate pair, which JSON can write.
    return quote(pointer, safe=_FRAGMENT_SAFE, errors="surrogatepass")


def pointer_from_fragment(fragment: str) -> str:
    """Return the pointer that a percent-encoded *fragment* stands for."""
    if "%" not in fragment:
        return fragment
    from urllib.parse import unquote

    return unquote(fragment)


# A key is anybody's text: a terminal is not to obey it.
_ESCAPED = re.compile(r'[\x00-\x1f\x7f-\x9f"\\]')
_SHORT = {"\n": "\\n", "\r": "\\r", "\t": "\\t", '"': '\\"', "\\": "\\\\"}


def _escape(found: re.Match[str]) -> str:
    return _SHORT.get(found[0]) or f"\\u{ord(found[0]):04x}"


def json_path(tokens: Iterable[str | int]) -> str:
    """
    Return ``$.a[0]["b c"]`` for *tokens*: a dot before a plain name, brackets elsewhere.

    Source: RFC 9535, JSONPath.
    """
    text = "$"
    for token in tokens:
        if isinstance(token, int):
            text += f"[{token}]"
        elif token.isidentifier():
            text += f".{token}"
        else:
            text += f'["{_ESCAPED.sub(_escape, token)}"]'
    return text
