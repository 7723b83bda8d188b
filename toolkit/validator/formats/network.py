"""
Host names, addresses and mailboxes.

Sources: RFC 1123 and 952 (host names), 5890 (internationalised ones), 2673 (IPv4), 4291 (IPv6), 5321 and 6531 (mail).
"""

from __future__ import annotations

import re
import unicodedata

from toolkit.validator.formats.idna import (
    MOST_OCTETS,
    is_a_label,
    is_direction_consistent,
    is_right_to_left,
    is_u_label,
)

MOST_HOST_OCTETS = 253
_LABEL = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?")
# The dots of RFC 3490, section 3.1; a keyboard for Chinese or Japanese has the others.
_DOTS = re.compile("[.\u3002\uff0e\uff61]")
_OCTET = r"(?:25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])"
_IPV4 = re.compile(rf"{_OCTET}(?:\.{_OCTET}){{3}}")
_GROUP = re.compile(r"[0-9A-Fa-f]{1,4}")
_ATOM = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+"
_WIDE_ATOM = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~\u0080-\U0010ffff-]+"
_QUOTED = r'"(?:[ !#-\[\]-~]|\\[ -~])*"'
_WIDE_QUOTED = r'"(?:[ !#-\[\]-~\u0080-\U0010ffff]|\\[ -~])*"'
_LOCAL = re.compile(rf"{_ATOM}(?:\.{_ATOM})*|{_QUOTED}")
_WIDE_LOCAL = re.compile(rf"{_WIDE_ATOM}(?:\.{_WIDE_ATOM})*|{_WIDE_QUOTED}")
_GENERAL_LITERAL = re.compile(r"[A-Za-z0-9-]*[A-Za-z0-9]:[!-Z^-~]+")
MOST_LOCAL_OCTETS = 64


def is_hostname(text: str) -> bool:
    """Tell whether *text* is a host name in ASCII; a label that starts with ``xn--`` must encode a valid one."""
    return 0 < len(text) <= MOST_HOST_OCTETS and all(map(_is_ascii_label, text.split(".")))


def is_rfc1123_hostname(text: str) -> bool:
    """Tell whether *text* is a host name as before labels with ``--`` got a meaning."""
    return 0 < len(text) <= MOST_HOST_OCTETS and all(map(_LABEL.fullmatch, text.split(".")))


def _is_ascii_label(label: str) -> bool:
    if not _LABEL.fullmatch(label):
        return False
    if label[2:4] == "--":
        return label[:2].lower() == "xn" and is_a_label(label)
    return True


def is_idn_hostname(text: str) -> bool:
    """Tell whether *text* is a host name, in ASCII or beyond it."""
    labels = _DOTS.split(text)
    is_bidirectional = not text.isascii() and any(map(is_right_to_left, labels))
    if is_bidirectional and not all(map(is_direction_consistent, filter(None, labels))):
        return False
    if not all(labels) or not all(_is_ascii_label(label) if label.isascii() else is_u_label(label) for label in labels):
        return False
    octets = sum(1 + (len(label) if label.isascii() else 4 + len(label.encode("punycode"))) for label in labels) - 1
    return octets <= MOST_HOST_OCTETS and all(len(label) <= MOST_OCTETS for label in labels)


def is_ipv4(text: str) -> bool:
    """Tell whether *text* is four decimal octets without leading zeros."""
    return _IPV4.fullmatch(text) is not None


def is_ipv6(text: str) -> bool:
    """Tell whether *text* is an IPv6 address without a zone."""
    if len(text) > 45 or text.count("::") > 1:
        return False
    head, compressed, tail = text.partition("::")
    groups = (head.split(":") if head else []) + (tail.split(":") if tail else [])
    most = 7 if compressed else 8
    if groups and "." in groups[-1]:
        if text.endswith(":") or not is_ipv4(groups.pop()) or (compressed and not tail and head):
            return False
        most -= 2
    if not all(map(_GROUP.fullmatch, groups)):
        return False
    return len(groups) <= most if compressed else len(groups) == most


def is_email(text: str) -> bool:
    """Tell whether *text* is a Mailbox of RFC 5321."""
    local, at, domain = text.rpartition("@")
    return bool(at) and len(local) <= MOST_LOCAL_OCTETS and bool(_LOCAL.fullmatch(local)) and _is_mail_domain(domain)


def is_idn_email(text: str) -> bool:
    """Tell whether *text* is a Mailbox of RFC 6531."""
    local, at, domain = text.rpartition("@")
    if not at or len(local.encode("utf-8", "surrogatepass")) > MOST_LOCAL_OCTETS or not _WIDE_LOCAL.fullmatch(local):
        return False
    # Mail is looked up under the composed form, whichever was typed.
    return _is_mail_domain(domain) or is_idn_hostname(unicodedata.normalize("NFC", domain))


def _is_mail_domain(domain: str) -> bool:
    if not domain.startswith("["):
        return is_hostname(domain)
    if not domain.endswith("]"):
        return False
    literal = domain[1:-1]
    if literal[:5].lower() == "ipv6:":
        return is_ipv6(literal[5:])
    return is_ipv4(literal) or _GENERAL_LITERAL.fullmatch(literal) is not None
