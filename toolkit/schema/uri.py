"""
URI references, resolved as RFC 3986 section 5 says.

``urllib.parse.urljoin`` leaves a reference unresolved where it does not know the scheme (urn:, tag:), so ours is own.
"""

from __future__ import annotations

import re

# RFC 3986, appendix B.
_PARTS = re.compile(r"(?:([A-Za-z][A-Za-z0-9+.-]*):)?(?://([^/?#]*))?([^?#]*)(?:\?([^#]*))?(?:#(.*))?", re.DOTALL)
_Parts = tuple[str | None, str | None, str, str | None, str | None]


def _split(uri: str) -> _Parts:
    match = _PARTS.fullmatch(uri)
    assert match is not None  # noqa: S101  # every part of the pattern may be empty
    scheme, authority, path, query, fragment = match.groups()
    return scheme, authority, path or "", query, fragment


def _joined(scheme: str | None, authority: str | None, path: str, query: str | None, fragment: str | None) -> str:
    text = f"{scheme}:" if scheme is not None else ""
    if authority is not None:
        text += f"//{authority}"
    text += path
    if query is not None:
        text += f"?{query}"
    return text if fragment is None else f"{text}#{fragment}"


def _without_dots(path: str) -> str:
    output: list[str] = []
    segments = path.split("/")
    for segment in segments:
        if segment == "..":
            if len(output) > 1 or (output and output[0] != ""):
                output.pop()
        elif segment != ".":
            output.append(segment)
    if segments[-1] in (".", ".."):
        output.append("")
    return "/".join(output)


def resolve_uri(base: str, reference: str) -> str:
    """Return *reference* as seen from *base*; a base that is itself relative, or empty, is tolerated."""
    if reference.startswith("#"):
        return without_fragment(base) + reference
    scheme, authority, path, query, fragment = _split(reference)
    if scheme is not None:
        return reference
    base_scheme, base_authority, base_path, base_query, _ = _split(base)
    if authority is not None:
        return _joined(base_scheme, authority, _without_dots(path), query, fragment)
    if path == "":
        return _joined(base_scheme, base_authority, base_path, base_query if query is None else query, fragment)
    if not path.startswith("/"):
        if base_authority is not None and base_path == "":
            path = f"/{path}"
        else:
            path = base_path[: base_path.rfind("/") + 1] + path
    return _joined(base_scheme, base_authority, _without_dots(path), query, fragment)


def without_fragment(uri: str) -> str:
    """Return *uri* up to its ``#``."""
    return uri.partition("#")[0]


def is_relative(reference: str) -> bool:
    """Tell whether *reference* has no scheme of its own."""
    return _split(reference)[0] is None
