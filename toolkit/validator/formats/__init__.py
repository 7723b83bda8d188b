"""The formats of JSON Schema, each as a function from a text to its verdict."""

from __future__ import annotations

from collections.abc import Callable

from toolkit.validator.formats import identifiers, network, times
from toolkit.validator.patterns import is_pattern

Check = Callable[[str], bool]

# Every format is known in every dialect, also in those that came before it.
FORMATS: dict[str, Check] = {
    "date": times.is_date,
    "date-time": times.is_date_time,
    "duration": times.is_duration,
    "email": network.is_email,
    "hostname": network.is_hostname,
    "idn-email": network.is_idn_email,
    "idn-hostname": network.is_idn_hostname,
    "ipv4": network.is_ipv4,
    "ipv6": network.is_ipv6,
    "iri": identifiers.is_iri,
    "iri-reference": identifiers.is_iri_reference,
    "json-pointer": identifiers.is_json_pointer,
    "regex": is_pattern,
    "relative-json-pointer": identifiers.is_relative_json_pointer,
    "time": times.is_time,
    "uri": identifiers.is_uri,
    "uri-reference": identifiers.is_uri_reference,
    "uri-template": identifiers.is_uri_template,
    "uuid": identifiers.is_uuid,
}
# Drafts 4 and 6 point to RFC 1123 alone.
_OLDER: dict[str, Check] = {"hostname": network.is_rfc1123_hostname}


def format_check(name: object, generation: int) -> Check | None:
    """Return the function that judges a text by the format *name*, as of the dialect's *generation*; None if unknown."""
    if not isinstance(name, str):
        return None
    return (_OLDER.get(name) if generation < 7 else None) or FORMATS.get(name)
