"""Text: URLs, Soundex, normal forms, and Java's ``format``."""

from __future__ import annotations

import json
import re
import unicodedata
import urllib.parse
from datetime import datetime
from decimal import ROUND_HALF_UP, Context, Decimal, localcontext
from zoneinfo import ZoneInfo

from toolkit.local.athena.sql.routines.refusal import Refusal, Routine, invalid

# Source: RFC 2396, which java.net.URI follows; what stands outside of these is escaped or no URI.
_URI = re.compile(r"(?:([A-Za-z][A-Za-z0-9+.-]*):)?(?://([^/?#]*))?([^?#]*)(?:\?([^#]*))?(?:#(.*))?", re.DOTALL)
_ALLOWED = re.compile(r"(?:[A-Za-z0-9\-_.!~*'();/?:@&=+$,\[\]#]|%[0-9A-Fa-f]{2}|[^\x00-\x7f])*")
_HOST = re.compile(
    r"(?:[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?\.)*[A-Za-z](?:[A-Za-z0-9-]*[A-Za-z0-9])?\.?|\d+(?:\.\d+){3}|\[.*\]"
)


def _parts(url: str) -> tuple[str, str, str, str, str] | None:
    """Give scheme, authority, path, query and fragment, None if the text is no URI."""
    found = _URI.fullmatch(url)
    if found is None or re.search(r"[\[\]]", found[3]) or not _ALLOWED.fullmatch(url) or url.count("#") > 1:
        return None
    scheme, authority, path, query, fragment = (each or "" for each in found.groups())
    if scheme and not authority and not path and not query:
        return None
    if scheme and not path.startswith("/") and not authority:
        # An opaque URI has no parts but its scheme and fragment.
        return scheme, "", "", "", fragment
    return scheme, authority, path, query, fragment


def _host_and_port(authority: str) -> tuple[str, int | None]:
    address = authority.rpartition("@")[2]
    host, _, port = address.rpartition(":") if re.search(r":\d*$", address) else (address, "", "")
    if not _HOST.fullmatch(host):
        return "", None
    return host, int(port) if port else None


def url_extract_protocol(url: str) -> str | None:
    """Give a URL's scheme."""
    parts = _parts(url)
    return parts[0] if parts is not None else None


def url_extract_host(url: str) -> str | None:
    """Give a URL's host."""
    parts = _parts(url)
    return _host_and_port(parts[1])[0] if parts is not None else None


def url_extract_port(url: str) -> int | None:
    """Give a URL's port."""
    parts = _parts(url)
    return _host_and_port(parts[1])[1] if parts is not None else None


def url_extract_path(url: str) -> str | None:
    """Give a URL's path, decoded."""
    parts = _parts(url)
    return _unescaped(parts[2]) if parts is not None else None


def url_extract_query(url: str) -> str | None:
    """Give a URL's query, decoded."""
    parts = _parts(url)
    return _unescaped(parts[3]) if parts is not None else None


def url_extract_fragment(url: str) -> str | None:
    """Give a URL's fragment, decoded."""
    parts = _parts(url)
    return _unescaped(parts[4]) if parts is not None else None


def url_extract_parameter(url: str, name: str) -> str | None:
    """Give the first value of a parameter in a URL's query, decoded."""
    parts = _parts(url)
    if parts is None or not parts[3]:
        return None
    for pair in parts[3].split("&"):
        key, _, value = pair.partition("=")
        if _decoded(key) == name:
            return _decoded(value)
    return None


def _unescaped(text: str) -> str:
    return urllib.parse.unquote(text)


def _decoded(text: str) -> str:
    return urllib.parse.unquote(text.replace("+", " "))


def url_encode(text: str) -> str:
    """Escape a text for a URL's query as Java's URLEncoder does."""
    return urllib.parse.quote(text, safe="*-._ ").replace("~", "%7E").replace(" ", "+")


def url_decode(text: str) -> str:
    """Undo the escapes of a URL's query as Java's URLDecoder does."""
    for found in re.finditer("%", text):
        digits = text[found.end() : found.end() + 2]
        if len(digits) < 2:
            raise invalid("URLDecoder: Incomplete trailing escape (%) pattern")
        if not re.fullmatch("[0-9A-Fa-f]{2}", digits):
            raise invalid(f'URLDecoder: Illegal hex characters in escape (%) pattern - Error at index 0 in: "{digits}"')
    return _decoded(text)


def normalize(text: str, form: str) -> str:
    """Give a text's normal form of that name."""
    if form not in ("NFC", "NFD", "NFKC", "NFKD"):
        raise invalid("Normalization form must be one of [NFD, NFC, NFKD, NFKC]")
    return unicodedata.normalize(form, text)  # type: ignore[arg-type]  # one of the four


_SOUNDEX = {
    **dict.fromkeys("BFPV", "1"),
    **dict.fromkeys("CGJKQSXZ", "2"),
    **dict.fromkeys("DT", "3"),
    "L": "4",
    **dict.fromkeys("MN", "5"),
    "R": "6",
}


def soundex(text: str) -> str:
    """Give the Soundex of a word, as Apache Commons Codec makes it."""
    letters = [letter.upper()[0] for letter in text if letter.isalpha()]
    if not letters:
        return ""
    wrong = next((letter for letter in letters if not "A" <= letter <= "Z"), None)
    if wrong is not None:
        raise invalid(f"The character is not mapped: {wrong}")
    code, last = letters[0], _SOUNDEX.get(letters[0], "")
    for letter in letters[1:]:
        digit = _SOUNDEX.get(letter, "")
        if digit and digit != last:
            code += digit
        if letter not in "HW":
            last = digit
    return code[:4].ljust(4, "0")


def human_readable_seconds(seconds: float) -> str:
    """Give a span in weeks, days, hours, minutes and seconds."""
    if seconds != seconds or abs(seconds) == float("inf"):
        raise invalid(
            f"Invalid argument found: {'NaN' if seconds != seconds else 'Infinity' if seconds > 0 else '-Infinity'}"
        )
    rest = int(Decimal(abs(seconds)).quantize(Decimal(1), ROUND_HALF_UP))
    parts: list[str] = []
    for name, size in (("week", 604_800), ("day", 86_400), ("hour", 3_600), ("minute", 60), ("second", 1)):
        count, rest = divmod(rest, size)
        if count or (name == "second" and not parts):
            parts.append(f"{count} {name}{'' if count == 1 else 's'}")
    return ", ".join(parts)


def format_number(text: str) -> str:
    """Give a number with a unit of thousands: 1.23K, 4.5M; the number comes as its decimal text."""
    number = Decimal(text)
    scaled, unit = abs(number), 0
    while scaled >= 1000 and unit < 5:
        scaled /= 1000
        unit += 1
    # Three digits, but Trino takes every negative number for a small one.
    places = max(0, 3 - len(str(int(scaled)))) if scaled >= 1 and number > 0 else 2
    shown = f"{scaled.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)}"
    shown = shown.rstrip("0").rstrip(".") if "." in shown else shown
    return ("-" if number < 0 else "") + shown + ("", "K", "M", "B", "T", "Q")[unit]


_SPECIFIER = re.compile(r"%(?:(\d+)\$)?([-#+ 0,(]*)(\d+)?(?:\.(\d+))?([tT][a-zA-Z]|[a-zA-Z%])")
_TIMES = frozenset({"date", "time", "timestamp", "timestamp with time zone"})


def formatted(pattern: str, given: str) -> str:
    """
    Give a text made as Java's ``String.format`` makes it.

    *given* is a JSON list of pairs of a type and a value's text. Conversions: ``s d x o e f g b c n %``.
    """
    values = json.loads(given)
    pieces: list[str] = []
    position = number = 0
    for found in _SPECIFIER.finditer(pattern):
        between = pattern[position : found.start()]
        if "%" in between:
            raise invalid(f"Invalid format string: {pattern} (UnknownFormatConversionException)")
        pieces.append(between)
        position = found.end()
        place, flags, width, precision, conversion = found.groups()
        if conversion in ("%", "n"):
            pieces.append("%" if conversion == "%" else "\n")
            continue
        if place is None:
            place, number = str(number + 1), number + 1
        if int(place) > len(values):
            raise invalid(
                f"Invalid format string: {pattern} (MissingFormatArgumentException: Format specifier '{found[0]}')"
            )
        kind, value = values[int(place) - 1]
        pieces.append(_converted(found[0], kind, value, flags, width, precision, conversion))
    if "%" in pattern[position:]:
        raise invalid(f"Invalid format string: {pattern} (UnknownFormatConversionException: Conversion = '%')")
    return "".join(pieces) + pattern[position:]


def _converted(
    whole: str, kind: str, value: str | None, flags: str, width: str | None, precision: str | None, conversion: str
) -> str:
    lower = conversion.lower()
    is_integer = kind in ("tinyint", "smallint", "integer", "bigint")
    if value is None:
        text = ("false" if lower == "b" else "null")[: int(precision) if precision is not None else None]
    elif lower[0] == "t" and kind in _TIMES:
        text = _time_part(whole, kind, value, conversion[1])
    elif lower == "s" and kind in _TIMES:
        text = _java_time(kind, value)[: int(precision) if precision is not None else None]
    elif lower == "s":
        text = value[: int(precision)] if precision is not None else value
    elif lower == "b":
        text = value if kind == "boolean" else "true"
    elif lower in "dxo" and is_integer:
        text = _integer(int(value), flags, lower, kind)
    elif lower in "fe" and kind in ("double", "real", "decimal"):
        text = _float(value, flags, int(precision) if precision is not None else 6, lower, kind)
    else:
        java = {"varchar": "java.lang.String", "boolean": "java.lang.Boolean", "double": "java.lang.Double"}.get(kind)
        java = java or ("java.lang.Long" if is_integer else "java.math.BigDecimal")
        message = f"Invalid format string: {whole} (IllegalFormatConversion: {conversion} != {java})"
        if lower[0] not in "dxofebcsghat":
            message = f"Invalid format string: {whole} (UnknownFormatConversion: Conversion = '{conversion}')"
        elif lower[0] in "ghat":
            raise Refusal(f"NOT_SUPPORTED: the local Athena's format has no conversion %{conversion}")
        raise invalid(message)
    if conversion[0].isupper():
        text = text.upper()
    size = int(width or 0)
    if "-" in flags:
        return text.ljust(size)
    if "0" in flags and lower in "dxofe" and value is not None and text[-1:].isalnum():
        sign = text[:1] if text[:1] in "+- " else ""
        return sign + text[len(sign) :].rjust(size - len(sign), "0")
    return text.rjust(size)


def _java_time(kind: str, value: str) -> str:
    """Write a date or time as java.time does: as few digits as will do, and the name of a zone in brackets."""
    if kind == "date":
        return value
    day, clock, zone = _parts_of_time(kind, value)
    hours, minutes, seconds = clock.split(":")
    whole, _, fraction = seconds.partition(".")
    fraction = fraction.rstrip("0")
    fraction = fraction.ljust(-(-len(fraction) // 3) * 3, "0")
    text = f"{day}T" if day else ""
    text += f"{hours}:{minutes}"
    if fraction or int(whole):
        text += f":{whole}" + (f".{fraction}" if fraction else "")
    if not zone:
        return text
    if zone[0] in "+-":
        return text + zone
    offset = _moment_of(kind, value).strftime("%z")
    return text + ("Z" if offset == "+0000" else f"{offset[:3]}:{offset[3:]}") + f"[{zone}]"


def _parts_of_time(kind: str, value: str) -> tuple[str, str, str]:
    """Give day, clock and zone of a time's text, what it has not as ""."""
    if kind == "time":
        return "", value, ""
    day, clock, *zone = value.split(" ")
    return day, clock, zone[0] if zone else ""


def _moment_of(kind: str, value: str) -> datetime:
    if kind == "date":
        return datetime.fromisoformat(value)
    day, clock, zone = _parts_of_time(kind, value)
    moment = datetime.fromisoformat(f"{day or '1970-01-01'}T{clock[:15]}")
    if zone[:1] in ("+", "-"):
        return datetime.fromisoformat(f"{moment.isoformat()}{zone}")
    return moment.replace(tzinfo=ZoneInfo(zone)) if zone else moment


# What strftime writes for the letters of Java's %t.
_PARTS_OF_TIME = {
    **{letter: f"%{letter}" for letter in "HIMSpYymdjBbAaTFDR"},
    "h": "%b",
    "e": "%-d",
    "k": "%-H",
    "l": "%-I",
    "L": "%f",
    "N": "%f000",
    "r": "%I:%M:%S %p",
    "z": "%z",
}
_PARTS_OF_DAYS = frozenset("YymdejBbhAaFD")


def _time_part(whole: str, kind: str, value: str, letter: str) -> str:
    has_zone = kind == "timestamp with time zone"
    if letter not in _PARTS_OF_TIME:
        raise Refusal(f"NOT_SUPPORTED: the local Athena's format has no conversion %t{letter}")
    is_there = letter in _PARTS_OF_DAYS if kind == "date" else kind != "time" or letter not in _PARTS_OF_DAYS
    if not is_there or (letter == "z" and not has_zone):
        raise Refusal(f"NOT_SUPPORTED: the local Athena's format has no %t{letter} for a {kind}")
    text = _moment_of(kind, value).strftime(_PARTS_OF_TIME[letter])
    if letter == "L":
        return text[:3]
    return text.lower() if letter == "p" else text


def _integer(number: int, flags: str, conversion: str, kind: str) -> str:
    if conversion == "d":
        return _signed(f"{abs(number):,}" if "," in flags else str(abs(number)), number < 0, flags)
    # Negative numbers show as two's complement of Trino's long.
    unsigned = number if number >= 0 else number + 2**64
    return ("0x" if "#" in flags and conversion == "x" else "") + format(unsigned, conversion)


def _float(value: str, flags: str, places: int, conversion: str, kind: str) -> str:
    if value in ("NaN", "Infinity", "-Infinity"):
        return value
    number = Decimal(value)
    if conversion == "e":
        if kind == "decimal":
            number = Decimal(value)
        text = f"{abs(number):.{places}e}"
        mantissa, _, exponent = text.partition("e")
        return _signed(f"{mantissa}e{exponent[0]}{exponent[1:].rjust(2, '0')}", number < 0, flags)
    rounded = abs(number).quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP, Context(prec=400))
    return _signed(f"{rounded:,f}" if "," in flags else f"{rounded:f}", number.is_signed(), flags)


def _signed(text: str, is_negative: bool, flags: str) -> str:
    if is_negative:
        return f"({text})" if "(" in flags else f"-{text}"
    return f"+{text}" if "+" in flags else f" {text}" if " " in flags else text


# Of the largest unit.
MOST_DIGITS_OF_SIZE = 25
_SIZES = {unit: 1024**power for power, unit in enumerate(("B", "kB", "MB", "GB", "TB", "PB", "EB", "ZB", "YB"))}


def parse_data_size(text: str) -> str:
    """Give the number of bytes that a text such as ``2.3MB`` names, as text of a whole number."""
    found = re.fullmatch(r"(\d+(?:\.\d+)?)([A-Za-z]+)", text)
    if found is None or found[2] not in _SIZES:
        raise invalid(f"Invalid data size: '{text}'")
    with localcontext(prec=len(text) + MOST_DIGITS_OF_SIZE):
        return str(int(Decimal(found[1]) * _SIZES[found[2]]))


_SPANS = {"ns": 1e-6, "us": 1e-3, "ms": 1.0, "s": 1e3, "m": 6e4, "h": 3.6e6, "d": 8.64e7}


def parse_duration(text: str) -> int:
    """Give the milliseconds that a text such as ``3.5d`` names."""
    found = re.fullmatch(r"\s*(\d+(?:\.\d+)?)\s*([a-zA-Z]+)\s*", text)
    if found is None:
        raise invalid(f"duration is not a valid data duration string: {text}")
    if found[2] not in _SPANS:
        raise invalid(f"Unknown time unit: {found[2]}")
    return int(Decimal(found[1]) * Decimal(_SPANS[found[2]]) + Decimal("0.5"))


# The languages of Trino's stemmers.
_STEMMERS = {
    "ca": "catalan",
    "da": "danish",
    "de": "german",
    "en": "english",
    "es": "spanish",
    "eu": "basque",
    "fi": "finnish",
    "fr": "french",
    "hu": "hungarian",
    "hy": "armenian",
    "ir": "irish",
    "it": "italian",
    "lt": "lithuanian",
    "nl": "dutch",
    "no": "norwegian",
    "pt": "portuguese",
    "ro": "romanian",
    "ru": "russian",
    "sv": "swedish",
    "tr": "turkish",
}
# A u between vowels is no vowel, and none that makes an umlaut of the e after it.
_UMLAUT = re.compile(r"(?<![qaeiouyäöü])ue")


def word_stem(word: str, language: str) -> str:
    """Give the stem of a word, by Snowball's algorithms as they were before their third version."""
    import snowballstemmer

    if language not in _STEMMERS:
        raise invalid(f"Unknown stemmer language: {language}")
    if language == "de":
        # Trino has the variant in which ae, oe and ue are umlauts.
        word = _UMLAUT.sub("ü", word.replace("ß", "ss").replace("ae", "ä").replace("oe", "ö"))
    # A stemmer keeps what it is at, and queries run in several threads.
    stem: str = snowballstemmer.stemmer(_STEMMERS[language]).stemWord(word)
    return stem


ROUTINES: dict[str, Routine] = {
    "word_stem": (word_stem, ("VARCHAR", "VARCHAR"), "VARCHAR"),
    "url_extract_protocol": (url_extract_protocol, ("VARCHAR",), "VARCHAR"),
    "url_extract_host": (url_extract_host, ("VARCHAR",), "VARCHAR"),
    "url_extract_port": (url_extract_port, ("VARCHAR",), "BIGINT"),
    "url_extract_path": (url_extract_path, ("VARCHAR",), "VARCHAR"),
    "url_extract_query": (url_extract_query, ("VARCHAR",), "VARCHAR"),
    "url_extract_fragment": (url_extract_fragment, ("VARCHAR",), "VARCHAR"),
    "url_extract_parameter": (url_extract_parameter, ("VARCHAR", "VARCHAR"), "VARCHAR"),
    "url_encode": (url_encode, ("VARCHAR",), "VARCHAR"),
    "url_decode": (url_decode, ("VARCHAR",), "VARCHAR"),
    "normalize": (normalize, ("VARCHAR", "VARCHAR"), "VARCHAR"),
    "soundex": (soundex, ("VARCHAR",), "VARCHAR"),
    "human_readable_seconds": (human_readable_seconds, ("DOUBLE",), "VARCHAR"),
    "format_number": (format_number, ("VARCHAR",), "VARCHAR"),
    "formatted": (formatted, ("VARCHAR", "VARCHAR"), "VARCHAR"),
    "parse_data_size": (parse_data_size, ("VARCHAR",), "VARCHAR"),
    "parse_duration": (parse_duration, ("VARCHAR",), "BIGINT"),
}
