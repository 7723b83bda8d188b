"""
Hive's lexical rules: https://github.com/apache/hive/blob/rel/release-2.3.10/ql/src/java/org/apache/hadoop/hive/ql/parse/HiveLexer.g

String literals stand in single or double quotes and know backslash escapes; a doubled quote is two literals side by side,
which Hive joins. Names are bare or in backticks, never in double quotes.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

# Source: https://docs.aws.amazon.com/athena/latest/ug/reserved-words.html (DDL), and three more that Hive 2.3 rejects.
RESERVED = frozenset(
    """
    all alter and array as authorization between bigint binary boolean both by case cashe cast char column commit conf
    constraint create cross cube current current_date current_timestamp cursor database date dayofweek decimal delete
    describe distinct div double drop else end exchange exists extended external extract false fetch float floor following
    for foreign from full function grant group grouping having if import in inner insert int integer intersect interval
    into is join lateral left less like local macro map more none not null numeric of on only or order out outer over
    partialscan partition percent preceding precision preserve primary procedure range reads reduce references regexp revoke
    right rlike rollback rollup row rows select set smallint start table tablesample then time timestamp to transform
    trigger true truncate unbounded union uniquejoin update user using utc_timestamp values varchar views when where window
    with except merge minus
    """.split()  # noqa: SIM905 - a hundred and forty quoted words would read worse
)
# Of AWS's list, Hive 2.3's own parser takes these unquoted, and so does Athena's. START and TIMESTAMP stand so in the guide's own
# statements. Source: https://docs.aws.amazon.com/athena/latest/ug/vpc-flow-logs-create-table-statement.html and
# https://docs.aws.amazon.com/athena/latest/ug/elasticloadbalancer-classic-logs.html
UNRESERVED = frozenset({"cashe", "dayofweek", "numeric", "start", "time", "timestamp", "utc_timestamp", "views"})

_TOKEN = re.compile(
    r"""
    (?P<space>\s+|--[^\n]*|/\*.*?\*/)
  | (?P<string>'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*")
  | (?P<quoted>`(?:[^`]|``)*`)
  | (?P<decimal>\d+\.\d+)
  | (?P<word>[A-Za-z0-9][A-Za-z0-9_]*)
  | (?P<mark><>|<=|>=|!=|[-+(){}<>=,.;:*?/%])
    """,
    re.VERBOSE | re.DOTALL,
)
_ESCAPE = re.compile(r"\\(u[0-9A-Fa-f]{4}|[0-3][0-7]{2}|.)", re.DOTALL)
_ESCAPED = {"0": "\0", "b": "\b", "n": "\n", "r": "\r", "t": "\t", "Z": "\x1a", "%": "\\%", "_": "\\_"}


@dataclass(frozen=True, slots=True)
class Token:
    """A word of the statement: its ``kind``, its ``text`` as written, and where it begins and ends in the statement."""

    kind: str
    text: str
    start: int
    end: int


def tokenize(sql: str) -> tuple[Token, ...]:
    """
    Split a statement into words, without blanks and comments, and without a final semicolon.

    A character that begins no word of Hive's is a token of kind ``unknown``: the statement may be another grammar's.
    """
    tokens: list[Token] = []
    position = 0
    while position < len(sql):
        found = _TOKEN.match(sql, position)
        if not found:
            tokens.append(Token("unknown", sql[position], position, position + 1))
            position += 1
            continue
        kind = found.lastgroup or ""
        if kind != "space":
            tokens.append(Token(kind, found[0], found.start(), found.end()))
        position = found.end()
    if tokens and tokens[-1].text == ";":
        tokens.pop()
    return tuple(tokens)


def is_reserved(word: str) -> bool:
    """Tell whether a name needs quotes because the word has a meaning of its own."""
    return word.lower() in RESERVED - UNRESERVED


def line_and_column(sql: str, position: int) -> tuple[int, int]:
    """Give the line, from 1, and the column, from 0, as Hive's messages count them."""
    return sql.count("\n", 0, position) + 1, position - (sql.rfind("\n", 0, position) + 1)


def string_value(literal: str) -> str:
    """Give the text that a literal in quotes stands for."""
    text = _ESCAPE.sub(_unescaped, literal[1:-1])
    # Escapes are units of UTF-16, as Java's are: two of them may be one character, and half of such a pair is none.
    return text if text.isascii() else text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def _unescaped(escape: re.Match[str]) -> str:
    body = escape[1]
    if body[0] == "u" and len(body) == 5:
        return chr(int(body[1:], 16))
    if len(body) == 3:
        return chr(int(body, 8))
    return _ESCAPED.get(body, body)
