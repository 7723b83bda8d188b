"""
Internationalised labels of host names, as IDNA 2008 allows them.

Sources: RFC 5890 to 5893. The properties are derived from Python's own Unicode data by the rules of RFC 5892, so they
follow its version.
"""

from __future__ import annotations

import functools
import unicodedata

from toolkit.validator.patterns.characters import unicode_property

# RFC 5892, section 2.6.
_ALWAYS = frozenset("ßς۽۾་〇")
_NEVER = frozenset("ـߺ〮〯〱〲〳〴〵〻")
_IN_CONTEXT = frozenset("\u00b7\u0375\u05f3\u05f4\u30fb\u200c\u200d")
_ARABIC_DIGITS = frozenset(map(chr, range(0x660, 0x66A)))
_EXTENDED_ARABIC_DIGITS = frozenset(map(chr, range(0x6F0, 0x6FA)))
# Section 2.9, old Hangul, and section 2.8, marks for symbols and music.
_OLD_HANGUL = ((0x1100, 0x11FF), (0xA960, 0xA97C), (0xD7B0, 0xD7FB))
_IGNORABLE_BLOCKS = ((0x20D0, 0x20FF), (0x1D100, 0x1D1FF), (0x1D200, 0x1D24F))
_LETTERS_AND_DIGITS = frozenset({"Ll", "Lu", "Lo", "Nd", "Lm", "Mn", "Mc"})
_VIRAMA = 9
MOST_OCTETS = 63


def is_u_label(label: str) -> bool:
    """Tell whether *label*, which has a character beyond ASCII, is a label of IDNA 2008."""
    if unicodedata.normalize("NFC", label) != label or label.startswith("-") or label.endswith("-"):
        return False
    if label[2:4] == "--" or unicodedata.category(label[0]).startswith("M"):
        return False
    if not all(_is_allowed(character) or _fits_context(label, index) for index, character in enumerate(label)):
        return False
    try:
        octets = len("xn--") + len(label.encode("punycode"))
    except UnicodeError:
        return False
    return octets <= MOST_OCTETS and (not is_right_to_left(label) or is_direction_consistent(label))


def is_a_label(label: str) -> bool:
    """Tell whether *label*, which starts with ``xn--``, encodes a label of IDNA 2008."""
    try:
        decoded = label[4:].encode("ascii").decode("punycode")
        return (
            not decoded.isascii() and is_u_label(decoded) and decoded.encode("punycode").decode() == label[4:].lower()
        )
    except (UnicodeError, IndexError, OverflowError):
        return False


@functools.lru_cache(maxsize=4096)
def _is_allowed(character: str) -> bool:
    """Apply the rules of RFC 5892, section 3, in their order."""
    if character in _ALWAYS:
        return True
    if character in _NEVER or character in _IN_CONTEXT or character in _ARABIC_DIGITS | _EXTENDED_ARABIC_DIGITS:
        return False
    category = unicodedata.category(character)
    if category == "Cn":
        return False
    if character == "-" or (character.isascii() and (character.isdigit() or character.islower())):
        return True
    point = ord(character)
    if any(first <= point <= last for first, last in _OLD_HANGUL + _IGNORABLE_BLOCKS):
        return False
    folded = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", character).casefold())
    if folded != character or _is_in(character, "Default_Ignorable_Code_Point") or character.isspace():
        return False
    return category in _LETTERS_AND_DIGITS


def _is_in(character: str, expression: str) -> bool:
    point = ord(character)
    return any(first <= point <= last for first, last in unicode_property(expression) or ())


def _fits_context(label: str, index: int) -> bool:
    """Apply the rule for the character at *index*; RFC 5892, appendix A."""
    character = label[index]
    before, behind = label[index - 1] if index else "", label[index + 1 : index + 2]
    match character:
        case "\u200c" | "\u200d":
            return bool(before) and (
                unicodedata.combining(before) == _VIRAMA or (character == "\u200c" and _joins(label, index))
            )
        case "\u00b7":
            return before == "l" and behind == "l"
        case "\u0375":
            return bool(behind) and _is_in(behind, "Script=Greek")
        case "\u05f3" | "\u05f4":
            return bool(before) and _is_in(before, "Script=Hebrew")
        case "\u30fb":
            scripts = ("Script=Hiragana", "Script=Katakana", "Script=Han")
            return any(_is_in(other, script) for other in label for script in scripts if other != character)
    if character in _ARABIC_DIGITS:
        return not _EXTENDED_ARABIC_DIGITS & set(label)
    return character in _EXTENDED_ARABIC_DIGITS and not _ARABIC_DIGITS & set(label)


def _joins(label: str, index: int) -> bool:
    """
    Tell whether the non-joiner at *index* stands between letters that would join.

    The joining type is not in Python's data; letters of the scripts that join are taken to do so.
    """
    neighbours = (
        next((other for other in reversed(label[:index]) if unicodedata.category(other) != "Mn"), ""),
        next((other for other in label[index + 1 :] if unicodedata.category(other) != "Mn"), ""),
    )
    scripts = ("Script=Arabic", "Script=Syriac", "Script=Mongolian", "Script=Nko", "Script=Mandaic")
    return all(other and any(_is_in(other, script) for script in scripts) for other in neighbours)


def is_right_to_left(label: str) -> bool:
    """Tell whether *label* has a character that is written from right to left; its host name is then bidirectional."""
    return any(unicodedata.bidirectional(character) in ("R", "AL", "AN") for character in label)


def is_direction_consistent(label: str) -> bool:
    """Apply the Bidi rule of RFC 5893, section 2, to a label of a bidirectional host name."""
    directions = [unicodedata.bidirectional(character) for character in label]
    trimmed = directions
    while trimmed and trimmed[-1] == "NSM":
        trimmed = trimmed[:-1]
    if directions[0] in ("R", "AL"):
        allowed = {"R", "AL", "AN", "EN", "ES", "CS", "ET", "ON", "BN", "NSM"}
        return (
            set(directions) <= allowed
            and trimmed[-1] in ("R", "AL", "EN", "AN")
            and not {"EN", "AN"} <= set(directions)
        )
    allowed = {"L", "EN", "ES", "CS", "ET", "ON", "BN", "NSM"}
    return directions[0] == "L" and set(directions) <= allowed and trimmed[-1] in ("L", "EN")
