"""
Quoting: the only functions that put foreign text into a statement.

Athena parses DDL with Hive's grammar and queries with Trino's, and each quotes in its own way:

=============  ======================  ========================
..             DDL (Hive)              queries (Trino)
=============  ======================  ========================
identifier     backticks, doubled      double quotes, doubled
literal        backslash escapes       single quotes, doubled
=============  ======================  ========================

Source: https://docs.aws.amazon.com/athena/latest/ug/tables-databases-columns-names.html
"""

from __future__ import annotations

from toolkit.errors import TableError

# Athena's limit on the text of one statement; it can't be raised.
# https://docs.aws.amazon.com/athena/latest/ug/service-limits.html
MAX_STATEMENT_BYTES = 262_144

# Hive's reader of string literals knows these; every other control character is written as \uXXXX.
_HIVE_ESCAPES = {"\\": "\\\\", "'": "\\'", "\n": "\\n", "\r": "\\r", "\t": "\\t", "\0": "\\0"}


def hive_literal(value: str) -> str:
    """
    Quote *value* as a string literal of a DDL statement.

    SQL's doubled quote does not work there: Hive reads ``'it''s'`` as two literals.
    """
    return "'" + "".join(_hive_character(character) for character in value) + "'"


def _hive_character(character: str) -> str:
    if character in _HIVE_ESCAPES:
        return _HIVE_ESCAPES[character]
    # Line separators other than \n would be seen by tools that split a statement into lines.
    if ord(character) < 0x20 or 0x7F <= ord(character) < 0xA0 or character in "\u2028\u2029\ufeff":
        return f"\\u{ord(character):04X}"
    return character


def read_hive_literal(body: str) -> str:
    r"""
    Return the text that Hive reads from *body*, the inside of a string literal.

    The rules are those of ``unescapeSQLString`` in ``BaseSemanticAnalyzer`` of Hive 2.3: ``\uXXXX``, three octal digits
    below 128, the letters ``0 b n r t Z``, ``\%`` and ``\_`` keep their backslash, any other character stands for itself.
    """
    out: list[str] = []
    i = 0
    while i < len(body):
        character = body[i]
        if character != "\\" or i + 1 == len(body):
            out.append(character)
            i += 1
            continue
        following = body[i + 1]
        digits = body[i + 2 : i + 6]
        octal = body[i + 1 : i + 4]
        if following == "u" and len(digits) == 4 and all(d in "0123456789abcdefABCDEF" for d in digits):
            out.append(chr(int(digits, 16)))
            i += 6
        elif len(octal) == 3 and octal[0] in "01" and all(d in "01234567" for d in octal):
            out.append(chr(int(octal, 8)))
            i += 4
        else:
            out.append(_READ_ESCAPES.get(following, following))
            i += 2
    # A pair of \uXXXX escapes is one character in Java's UTF-16 and must be one here.
    return "".join(out).encode("utf-16", "surrogatepass").decode("utf-16", "surrogatepass")


_READ_ESCAPES = {
    "0": "\0",
    "b": "\b",
    "n": "\n",
    "r": "\r",
    "t": "\t",
    "Z": "\x1a",
    "%": "\\%",
    "_": "\\_",
}


def hive_name(name: str) -> str:
    """Quote *name* as an identifier of a DDL statement."""
    return "`" + name.replace("`", "``") + "`"


def query_literal(value: str) -> str:
    """Quote *value* as a string literal of a query."""
    return "'" + value.replace("'", "''") + "'"


def query_name(name: str) -> str:
    """Quote *name* as an identifier of a query."""
    return '"' + name.replace('"', '""') + '"'


def statement(text: str, *, what: str) -> str:
    """
    Return *text* if Athena takes a statement of that size.

    Raises:
        TableError: the text is longer than 262,144 bytes of UTF-8, or can't be written in UTF-8.
    """
    try:
        size = len(text.encode())
    except UnicodeEncodeError as error:
        raise TableError(f"{what}: the statement holds a lone surrogate, which UTF-8 can't carry") from error
    if size > MAX_STATEMENT_BYTES:
        raise TableError(
            f"{what}: the statement has {size} bytes, Athena takes at most {MAX_STATEMENT_BYTES}; leave out comments, "
            "cut the recursion depth, or create the table through Glue"
        )
    return text
