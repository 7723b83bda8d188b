"""The formats of JSON Schema, each as a function from a text to its verdict."""

from __future__ import annotations

import functools
import re
from collections.abc import Callable
from importlib import import_module

Check = Callable[[str], bool]

# The module and the function of each; a module is loaded when a schema names one of its formats.
# Every format is known in every dialect, also in those that came before it.
FORMATS: dict[str, tuple[str, str]] = {
    "date": ("times", "is_date"),
    "date-time": ("times", "is_date_time"),
    "duration": ("times", "is_duration"),
    "email": ("network", "is_email"),
    "hostname": ("network", "is_hostname"),
    "idn-email": ("network", "is_idn_email"),
    "idn-hostname": ("network", "is_idn_hostname"),
    "ipv4": ("network", "is_ipv4"),
    "ipv6": ("network", "is_ipv6"),
    "iri": ("identifiers", "is_iri"),
    "iri-reference": ("identifiers", "is_iri_reference"),
    "json-pointer": ("identifiers", "is_json_pointer"),
    "regex": ("patterns", "is_pattern"),
    "relative-json-pointer": ("identifiers", "is_relative_json_pointer"),
    "time": ("times", "is_time"),
    "uri": ("identifiers", "is_uri"),
    "uri-reference": ("identifiers", "is_uri_reference"),
    "uri-template": ("identifiers", "is_uri_template"),
    "uuid": ("identifiers", "is_uuid"),
}
# Drafts 4 and 6 point to RFC 1123 alone.
_OLDER = {"hostname": ("network", "is_rfc1123_hostname")}


# A possessive repetition takes less than a plain one even where it has but one length.
_WORDS = r"[A-Za-z0-9]{1,28}+(?:-[A-Za-z0-9]{1,28}+)?+"
_HOSTNAME = rf"{_WORDS}(?:\.{_WORDS}){{0,3}}+"
_EMAIL = rf"[A-Za-z0-9_%+-]{{1,30}}+(?:\.[A-Za-z0-9_%+-]{{1,30}}+)?+@{_HOSTNAME}"
_OCTET = r"(?:1[0-9]{0,2}+|2(?:[0-4][0-9]?+|5[0-5]?+|[6-9])?+|[3-9][0-9]?+|0)"
_GROUP = r"[0-9A-Fa-f]{1,4}+"
_GROUPS = rf"(?:{_GROUP}(?::{_GROUP})*+)?+"
_SEGMENT = r"A-Za-z0-9._~!$&'()*+,;=@\-"
_TEXT = rf"{_SEGMENT}:"
_PATH = rf"[{_TEXT}/?]*+(?:%[0-9A-Fa-f]{{2}}[{_TEXT}/?]*+)*+"
_URI = rf"[A-Za-z][A-Za-z0-9+.-]*+:(?://[A-Za-z0-9._~-]*+(?::[0-9]*+)?+(?:[/?]{_PATH})?+|(?!//){_PATH})(?:#{_PATH})?+"
_URI_REFERENCE = rf"(?:(?!//)[{_SEGMENT}]*+(?:[/?]{_PATH})?+(?:#{_PATH})?+(?!:)|{_URI})"
_POINTER = r"(?:/[^~\n]*+(?:~[01][^~\n]*+)*+)?+"
_MONTH_AND_DAY = (
    r"(?:0[1-9]|1[0-2])-(?:0[1-9]|1[0-9]|2(?:[0-8]|(?<!02-2)9)|3(?:(?<!02-3)0|(?<=0[13578]-3)1|(?<=1[02]-3)1))"
)
_TIME = r"(?:[01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9](?:\.[0-9]++)?+(?:Z|[+-](?:[01][0-9]|2[0-3]):[0-5][0-9]|z)"
_DAYS = r"[0-9]++(?:Y(?:[0-9]++M(?:[0-9]++D)?+)?+|M(?:[0-9]++D)?+|D)"
_HOURS = r"T[0-9]++(?:H(?:[0-9]++M(?:[0-9]++S)?+)?+|M(?:[0-9]++S)?+|S)"
# Characters, classes and escapes, each with a quantifier, without groups, and classes without ranges but the usual ones.
_PLAIN_REGEX = (
    r"\^?+(?:(?:[A-Za-z0-9 _@#%&=:;,'\"<>/~`!-]|\\[dDwWsS.+*?^$()\[\]{}|/\\]"
    r"|\[\^?+(?:A-Z|a-z|0-9|[A-Za-z0-9 _@#%&=:;,'\"<>/~`!.](?!-)|\\[dws.])++-?+\])(?:[*+?]|\{[0-9]{1,3}+\})?+)*+\$?+"
)
# Patterns that accept what is common, in one step; what they do not accept is looked at by the function above. None of
# them accepts more than that function does, or a line feed.
_QUICK: dict[str, str] = {
    "date": rf"[0-9]{{4}}+-{_MONTH_AND_DAY}",
    "date-time": rf"[0-9]{{4}}+-{_MONTH_AND_DAY}[Tt]{_TIME}",
    "duration": rf"P(?:{_DAYS}(?:{_HOURS})?+|{_HOURS}|[0-9]++W)",
    "email": _EMAIL,
    "hostname": _HOSTNAME,
    "idn-email": _EMAIL,
    "idn-hostname": _HOSTNAME,
    "ipv4": rf"{_OCTET}\.{_OCTET}\.{_OCTET}\.{_OCTET}",
    # Up to seven colons there are not too many groups, but for one that is as good as none.
    "ipv6": rf"(?:(?:{_GROUP}:){{7}}+{_GROUP}|(?!(?:[^:\n]*+:){{8}}){_GROUPS}::{_GROUPS})",
    "iri": _URI,
    "iri-reference": _URI_REFERENCE,
    "json-pointer": _POINTER,
    "regex": _PLAIN_REGEX,
    "relative-json-pointer": rf"(?:0|[1-9][0-9]*+)(?:#|{_POINTER})",
    "time": _TIME,
    "uri": _URI,
    "uri-reference": _URI_REFERENCE,
    "uri-template": rf"[{_TEXT}/?#]*+(?:\{{[+#./;?&]?+[A-Za-z0-9_]{{1,40}}+(?:,[A-Za-z0-9_]{{1,40}}+)*+\}}[{_TEXT}/?#]*+)*+",
    "uuid": r"[0-9a-fA-F]{8}+-[0-9a-fA-F]{4}+-[0-9a-fA-F]{4}+-[0-9a-fA-F]{4}+-[0-9a-fA-F]{12}+",
}


def quick_pattern(name: object) -> str | None:
    """Return the pattern of `quick_match`, which matches no line feed."""
    return _QUICK.get(name) if isinstance(name, str) else None


@functools.cache
def quick_match(name: str) -> Callable[[str], object] | None:
    """Return a function whose true value settles that a text has the format *name*, and whose false one says nothing."""
    return re.compile(_QUICK[name]).fullmatch if name in _QUICK else None


def format_check(name: object, generation: int) -> Check | None:
    """Return the function that judges a text by the format *name*, as of the dialect's *generation*; None if unknown."""
    if not isinstance(name, str):
        return None
    home = (_OLDER.get(name) if generation < 7 else None) or FORMATS.get(name)
    if home is None:
        return None
    module, function = home
    package = "toolkit.validator" if module == "patterns" else "toolkit.validator.formats"
    check: Check = getattr(import_module(f"{package}.{module}"), function)
    return check
