"""
URIs, IRIs, their templates, UUIDs and JSON pointers.

Sources: RFC 3986 (URI), 3987 (IRI), 6570 (templates), 4122 (UUID), 6901 (pointers), and the draft of relative pointers.
"""

from __future__ import annotations

import functools
import re

from toolkit.validator.formats.network import is_ipv6

# RFC 3987, section 2.2: ucschar and iprivate.
_UCS = (
    "\u00a0-\ud7ff\uf900-\ufdcf\ufdf0-\uffef\U00010000-\U0001fffd\U00020000-\U0002fffd\U00030000-\U0003fffd"
    "\U00040000-\U0004fffd\U00050000-\U0005fffd\U00060000-\U0006fffd\U00070000-\U0007fffd\U00080000-\U0008fffd"
    "\U00090000-\U0009fffd\U000a0000-\U000afffd\U000b0000-\U000bfffd\U000c0000-\U000cfffd\U000d0000-\U000dfffd"
    "\U000e1000-\U000efffd"
)
_PRIVATE = "\ue000-\uf8ff\U000f0000-\U000ffffd\U00100000-\U0010fffd"


def _grammar(wide: str, private: str) -> tuple[re.Pattern[str], re.Pattern[str]]:
    """Return the patterns of a URI and of a relative reference; the group ``ip`` holds what stands in brackets."""
    unreserved = rf"A-Za-z0-9\-._~{wide}"
    encoded = "%[0-9A-Fa-f]{2}"
    subs = "!$&'()*+,;="
    pchar = rf"(?:[{unreserved}{subs}:@]|{encoded})"
    no_colon = rf"(?:[{unreserved}{subs}@]|{encoded})"
    user = rf"(?:[{unreserved}{subs}:]|{encoded})*@"
    name = rf"(?:[{unreserved}{subs}]|{encoded})*"
    authority = rf"//(?:{user})?(?:\[(?P<ip>[^\[\]]*)\]|{name})(?::[0-9]*)?"
    tail = rf"(?:\?(?:{pchar}|[/?{private}])*)?(?:#(?:{pchar}|[/?])*)?"
    absolute = rf"(?:/{pchar}*)*"
    rooted = rf"/(?:{pchar}+(?:/{pchar}*)*)?"
    scheme = r"[A-Za-z][A-Za-z0-9+.\-]*:"
    full = rf"{scheme}(?:{authority}{absolute}|{rooted}|{pchar}+(?:/{pchar}*)*|){tail}"
    relative = rf"(?:{authority}{absolute}|{rooted}|{no_colon}+(?:/{pchar}*)*|){tail}"
    return re.compile(full), re.compile(relative)


@functools.cache
def _uri_grammar() -> tuple[re.Pattern[str], re.Pattern[str]]:
    return _grammar("", "")


@functools.cache
def _iri_grammar() -> tuple[re.Pattern[str], re.Pattern[str]]:
    """Compiled when first asked for: its wide sets of characters take some hundredths of a second."""
    return _grammar(_UCS, _PRIVATE)


_FUTURE_IP = re.compile(r"[vV][0-9A-Fa-f]+\.[A-Za-z0-9\-._~!$&'()*+,;=:]+")
_UUID = re.compile(r"[0-9A-Fa-f]{8}-(?:[0-9A-Fa-f]{4}-){3}[0-9A-Fa-f]{12}")
_POINTER = re.compile(r"(?:/(?:[^~/]|~[01])*)*")
_RELATIVE_POINTER = re.compile(r"(?:0|[1-9][0-9]*)(?:#|(?:/(?:[^~/]|~[01])*)*)")
_TEMPLATE_NAME = r"(?:[A-Za-z0-9_]|%[0-9A-Fa-f]{2})(?:\.?(?:[A-Za-z0-9_]|%[0-9A-Fa-f]{2}))*(?:\*|:[1-9][0-9]{0,3})?"


@functools.cache
def _template() -> re.Pattern[str]:
    return re.compile(
        rf"(?:[!#$&-;=?-\[\]_a-z~{_UCS}{_PRIVATE}]|%[0-9A-Fa-f]{{2}}"
        rf"|\{{[+#./;?&=,!@|]?{_TEMPLATE_NAME}(?:,{_TEMPLATE_NAME})*\}})*"
    )


def _matches(text: str, *patterns: re.Pattern[str]) -> bool:
    for pattern in patterns:
        match = pattern.fullmatch(text)
        if match:
            address = match["ip"]
            return address is None or is_ipv6(address) or _FUTURE_IP.fullmatch(address) is not None
    return False


def is_uri(text: str) -> bool:
    """Tell whether *text* is a URI, with its scheme."""
    return _matches(text, _uri_grammar()[0])


def is_uri_reference(text: str) -> bool:
    """Tell whether *text* is a URI or a relative reference."""
    return _matches(text, *_uri_grammar())


def is_iri(text: str) -> bool:
    """Tell whether *text* is an IRI, with its scheme."""
    return _matches(text, _iri_grammar()[0])


def is_iri_reference(text: str) -> bool:
    """Tell whether *text* is an IRI or a relative reference."""
    return _matches(text, *_iri_grammar())


def is_uri_template(text: str) -> bool:
    """Tell whether *text* is a template such as ``/orders/{id}{?page,size}``."""
    return _template().fullmatch(text) is not None


def is_uuid(text: str) -> bool:
    """Tell whether *text* is a UUID in its five groups."""
    return _UUID.fullmatch(text) is not None


def is_json_pointer(text: str) -> bool:
    """Tell whether *text* is a JSON pointer, not in its form behind ``#``."""
    return _POINTER.fullmatch(text) is not None


def is_relative_json_pointer(text: str) -> bool:
    """Tell whether *text* is a relative JSON pointer, such as ``1/name`` or ``0#``."""
    return _RELATIVE_POINTER.fullmatch(text) is not None
