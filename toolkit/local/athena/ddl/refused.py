"""
What Athena's own reader of DDL refuses before a statement starts; Hive's parser refuses the rest when it runs.

Source: measured on Athena by the authors of athena-local in September 2026,
https://github.com/aoyagikouhei/athena-local/blob/main/docs/caveats.md
"""

from __future__ import annotations

import re
import uuid

from toolkit.local.athena.catalog import Catalog
from toolkit.local.athena.ddl import statements as st
from toolkit.local.athena.ddl.tokens import Token, line_and_column, tokenize
from toolkit.local.athena.errors import ApiError, invalid_request

_DDL = re.compile(r"(?:\s|--[^\n]*\n|/\*.*?\*/)*+(?:ALTER|CREATE|DESC|DESCRIBE|DROP|SHOW)\b", re.I | re.S)

_UNKNOWN_QUERY = "Queries of this type are not supported"

# Words before the name of a table, and how a name in double quotes is refused there: as what the reader has no way on for, as
# what it expects something else for, or as no statement at all.
_NAMED = {
    ("ALTER", "TABLE"): "no viable alternative at input",
    ("DESCRIBE", "EXTENDED"): "no viable alternative at input",
    ("DESCRIBE", "FORMATTED"): "no viable alternative at input",
    ("DESCRIBE",): "no viable alternative at input",
    ("DESC",): "no viable alternative at input",
    ("DROP", "TABLE", "IF", "EXISTS"): "mismatched input",
    ("DROP", "TABLE"): "mismatched input",
    ("SHOW", "COLUMNS", "FROM"): "mismatched input",
    ("SHOW", "COLUMNS", "IN"): "mismatched input",
    ("SHOW", "CREATE", "TABLE"): _UNKNOWN_QUERY,
}


def refuse_before_start(sql: str) -> None:
    """
    Check the parts of a statement that Athena reads before it starts.

    Raises:
        ApiError: they are no DDL of Athena's.
    """
    text = sql.strip()
    if not _DDL.match(text):
        return
    reader = _Reader(text, tokenize(text))
    reader.check_alter()
    reader.check_name()
    reader.check_replace()


class _Reader:
    def __init__(self, sql: str, tokens: tuple[Token, ...]) -> None:
        self.sql = sql
        self.tokens = tokens
        self.words = tuple(token.text.upper() if token.kind == "word" else token.text for token in tokens)

    def at(self, index: int, message: str) -> ApiError:
        line, column = line_and_column(self.sql, self.tokens[index].start)
        return invalid_request(f"line {line}:{column + 1}: {message}", "MALFORMED_QUERY")

    def no_way_on(self, index: int, first: int = 0) -> ApiError:
        seen = self.sql[self.tokens[first].start : self.tokens[index].end]
        return self.at(index, f"no viable alternative at input '{seen}'")

    def check_alter(self) -> None:
        """Refuse what ALTER TABLE has in Trino and not in Athena."""
        if self.words[:2] != ("ALTER", "TABLE"):
            return
        is_conditional = self.words[2:4] == ("IF", "EXISTS")
        action = self.after_name(4 if is_conditional else 2)
        words = self.words[action : action + 4]
        if words[:1] == ("ALTER",):
            expected = (
                "'.', 'ADD', 'DROP', 'RENAME'" if is_conditional else "'.', 'ADD', 'DROP', 'EXECUTE', 'RENAME', 'SET'"
            )
            raise self.at(action, f"mismatched input '{self.tokens[action].text}'. Expecting: {expected}")
        if is_conditional:
            raise self.no_way_on(3)
        if words[:2] in (("ADD", "COLUMN"), ("SET", "PROPERTIES"), ("SET", "AUTHORIZATION")):
            raise self.no_way_on(action + 1)
        if words[:1] == ("EXECUTE",):
            raise self.no_way_on(action)
        if words[:2] == ("RENAME", "COLUMN"):
            raise self.at(action + 1, f"missing 'TO' at '{self.tokens[action + 1].text}'")
        if words[:2] == ("DROP", "COLUMNS"):
            raise self.at(action + 1, f"mismatched input '{self.tokens[action + 1].text}'. Expecting: '.', 'DROP'")
        if words == ("DROP", "COLUMN", "IF", "EXISTS"):
            raise self.at(action + 3, f"mismatched input '{self.tokens[action + 3].text}' expecting {{<EOF>, '.'}}")

    def check_name(self) -> None:
        """Refuse a table's name in double quotes, which to Hive is a text."""
        for words, refusal in _NAMED.items():
            if self.words[: len(words)] != words:
                continue
            for index in range(len(words), self.after_name(len(words))):
                if self.tokens[index].kind != "string" or not self.tokens[index].text.startswith('"'):
                    continue
                if refusal == _UNKNOWN_QUERY:
                    raise invalid_request(refusal, "MALFORMED_QUERY")
                if refusal == "mismatched input":
                    raise self.at(index, f"mismatched input '{self.tokens[index].text}'")
                is_second = index > len(words) and words[0] != "ALTER"
                raise self.no_way_on(index, len(words) if is_second else 0)
            return

    def check_replace(self) -> None:
        if self.words[:4] == ("CREATE", "OR", "REPLACE", "TABLE"):
            expected = "'MATERIALIZED', 'MULTI', 'PROTECTED', 'VIEW'"
            raise self.at(3, f"mismatched input '{self.tokens[3].text}'. Expecting: {expected}")

    def after_name(self, index: int) -> int:
        """Give where the words go on after a name that begins at *index*."""
        index += 1
        while self.words[index : index + 1] == (".",):
            index += 2
        return min(index, len(self.words))


def refuse_missing(statement: st.Statement | None, database: str, catalog: Catalog) -> None:
    """
    Check that there is what a statement shows.

    Raises:
        ApiError: DESCRIBE or SHOW COLUMNS of a table that does not exist, or CREATE TABLE without a location.
    """
    if isinstance(statement, st.Describe | st.ShowColumns):
        table = statement.table
        if catalog.table((table.database or database).lower(), table.name.lower()) is None:
            raise invalid_request(
                "Entity Not Found (Service: AmazonDataCatalog; Status Code: 400; Error Code: EntityNotFoundException; "
                f"Request ID: {uuid.uuid4()}; Proxy: null)",
                "INVALID_INPUT",
            )
    if isinstance(statement, st.CreateTable) and not statement.external and statement.location is None:
        raise invalid_request(
            "No location was specified for table. An S3 location must be specified", "MALFORMED_QUERY"
        )
