"""
DDL text read back: ``CREATE TABLE`` statements, ours, people's, and those that ``SHOW CREATE TABLE`` prints.

The grammar is Hive's as far as Athena takes it. What a :class:`Table` can't hold (buckets, constraints) is refused, not
dropped.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import TypeVar

from toolkit.errors import TableError
from toolkit.hive.glue import declared_comment, declared_parameters, declared_serde_properties
from toolkit.hive.rules import Properties
from toolkit.hive.serde import AVRO, HIVE_JSON, ICEBERG, ION, LAZY_SIMPLE, ORC, PARQUET, RCFILE, SEQUENCEFILE, Serde
from toolkit.hive.table import Column, Table, Transform, parse_transform
from toolkit.hive.text import read_hive_literal
from toolkit.hive.types import HiveType, TypeReader

_T = TypeVar("_T")
_BLANK = re.compile(r"(?:\s+|--[^\n]*(?:\n|$)|/\*.*?\*/)+", re.DOTALL)
_TOKEN = re.compile(
    r"""(?P<quoted>`(?:[^`]|``)*`)|(?P<literal>'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*")|(?P<word>\w+)|(?P<mark>[(),.=;])""",
    re.DOTALL,
)
_STORED_AS = {
    "textfile": LAZY_SIMPLE,
    "parquet": PARQUET,
    "orc": ORC,
    "ion": ION,
    "avro": AVRO,
    "json": HIVE_JSON,
    "rcfile": RCFILE,
    "sequencefile": SEQUENCEFILE,
}
_DELIMITERS = {
    ("fields",): "field.delim",
    ("collection", "items"): "colelction.delim",  # Hive's own spelling, which its readers look for
    ("map", "keys"): "mapkey.delim",
    ("lines",): "line.delim",
}


def parse_create_table(ddl: str, *, database: str = "default") -> Table:
    """
    Return the table that the ``CREATE TABLE`` statement *ddl* makes.

    ``parse_create_table(create_table_sql(table)) == table``. *database* holds where the statement names none. A final
    semicolon and comments are taken; times and statistics among the properties are left out.

    Raises:
        TableError: the text is no such statement, with line and column; or the table breaks a rule of the catalogue.
    """
    return _Reader(ddl).table(database)


class _Reader:
    """A cursor over one statement."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.position = 0

    # Tokens

    def _skip_blank(self) -> None:
        blank = _BLANK.match(self.text, self.position)
        if blank is not None:
            self.position = blank.end()

    def _peek(self) -> re.Match[str] | None:
        self._skip_blank()
        return _TOKEN.match(self.text, self.position)

    def _error(self, expected: str) -> TableError:
        self._skip_blank()
        before = self.text[: self.position]
        line = before.count("\n") + 1
        column = self.position - (before.rfind("\n") + 1) + 1
        found = self.text[self.position : self.position + 20].split("\n")[0]
        return TableError(f"statement, line {line}, column {column}: expected {expected}, found {found or 'the end'!r}")

    def _take(self, *words: str) -> bool:
        """Move past *words* if exactly they follow."""
        start = self.position
        for word in words:
            token = self._peek()
            if token is None or (token["word"] or token["mark"] or "").lower() != word:
                self.position = start
                return False
            self.position = token.end()
        return True

    def _expect(self, *words: str) -> None:
        if not self._take(*words):
            raise self._error(" ".join(words).upper())

    def _name(self) -> str:
        token = self._peek()
        if token is None or (token["quoted"] is None and token["word"] is None):
            raise self._error("a name")
        self.position = token.end()
        return token["word"] or token["quoted"][1:-1].replace("``", "`")

    def _literal(self) -> str:
        token = self._peek()
        if token is None or token["literal"] is None:
            raise self._error("a text in quotes")
        self.position = token.end()
        return read_hive_literal(token["literal"][1:-1])

    def _type(self) -> HiveType:
        self._skip_blank()
        reader = TypeReader(self.text, self.position)
        try:
            found = reader.read_type()
        except TableError as error:
            self.position = reader.position
            raise TableError(f"{self._error('a type')}: {error}") from error
        self.position = reader.position
        return found

    def _listed(self, read: Callable[[], _T]) -> tuple[_T, ...]:
        """Read ``(item, item, …)``; no comma may trail."""
        self._expect("(")
        found = [read()]
        while self._take(","):
            found.append(read())
        self._expect(")")
        return tuple(found)

    # Clauses, in the only order that the grammar allows

    def table(self, database: str) -> Table:
        self._expect("create")
        is_external = self._take("external")
        self._expect("table")
        self._take("if", "not", "exists")
        database, name = self._qualified_name(database)
        columns = self._listed(self._column)
        description = self._literal() if self._take("comment") else ""
        partition_keys: tuple[Column, ...] = ()
        partitioning: tuple[Transform, ...] = ()
        if self._take("partitioned", "by"):
            if is_external:
                partition_keys = self._listed(self._column)
            else:
                partitioning = self._listed(self._transform)
        if self._take("clustered"):
            raise self._error("no buckets, which a Table does not hold")
        serde = self._serde()
        location = self._literal() if self._take("location") else ""
        parameters = Properties(dict(self._properties())) if self._take("tblproperties") else Properties()
        self._take(";")
        self._skip_blank()
        if self.position < len(self.text):
            raise self._error(
                "the end (clauses have a fixed order: COMMENT, PARTITIONED BY, ROW FORMAT, STORED AS, LOCATION)"
            )
        if parameters.get("table_type", "").upper() == "ICEBERG":
            serde = ICEBERG
        return Table(
            database=database,
            name=name,
            columns=columns,
            partition_keys=partition_keys,
            serde=serde,
            location=location,
            parameters=declared_parameters(parameters),
            description=description,
            partitioning=partitioning,
        )

    def _qualified_name(self, database: str) -> tuple[str, str]:
        name = self._name()
        if self._take("."):
            return name, self._name()
        # SHOW CREATE TABLE prints `database.table` in one pair of backticks.
        before, dot, after = name.partition(".")
        return (before, after) if dot else (database, name)

    def _column(self) -> Column:
        name = self._name()
        hive_type = self._type()
        comment = self._literal() if self._take("comment") else ""
        return Column(name, hive_type, declared_comment(comment))

    def _transform(self) -> Transform:
        name = self._name()
        if not self._take("("):
            return Transform("identity", name.lower())
        inside = self._name()
        if self._take(","):
            inside = f"{inside}, {self._name()}"
        self._expect(")")
        return parse_transform(f"{name}({inside})")

    def _serde(self) -> Serde:
        serde: Serde | None = None
        properties: dict[str, str] = {}
        if self._take("row", "format", "delimited"):
            serde, properties = LAZY_SIMPLE, dict(self._delimiters())
        elif self._take("row", "format", "serde"):
            serde = replace(LAZY_SIMPLE, library=self._literal())
            if self._take("with", "serdeproperties"):
                properties = dict(self._properties())
        stored = self._stored_as()
        if stored is not None:
            library = serde.library if serde is not None else stored.library
            serde = replace(stored, library=library)
        return replace(serde or LAZY_SIMPLE, properties=declared_serde_properties(properties))

    def _stored_as(self) -> Serde | None:
        if not self._take("stored", "as"):
            return None
        if self._take("inputformat"):
            input_format = self._literal()
            self._expect("outputformat")
            return Serde("", input_format, self._literal())
        name = self._name().lower()
        if name not in _STORED_AS:
            raise self._error(f"STORED AS {', '.join(_STORED_AS).upper()} or INPUTFORMAT … OUTPUTFORMAT … before this")
        return _STORED_AS[name]

    def _delimiters(self) -> Iterator[tuple[str, str]]:
        """Read FIELDS TERMINATED BY and its siblings as the properties of the SerDe that Hive makes of them."""
        while key := next((key for words, key in _DELIMITERS.items() if self._take(*words, "terminated", "by")), ""):
            value = self._literal()
            yield key, value
            if key == "field.delim":
                yield "serialization.format", value
                if self._take("escaped", "by"):
                    yield "escape.delim", self._literal()
        if self._take("null", "defined", "as"):
            yield "serialization.null.format", self._literal()

    def _properties(self) -> tuple[tuple[str, str], ...]:
        return self._listed(self._property)

    def _property(self) -> tuple[str, str]:
        key = self._literal()
        self._expect("=")
        return key, self._literal()
