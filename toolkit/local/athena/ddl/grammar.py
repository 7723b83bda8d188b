"""
Hive's grammar for the statements that Athena takes; SQL text in, one statement out.

Clauses have a fixed order and lists no trailing comma; what Hive refuses is refused in its words,
``FAILED: ParseException line 1:23 mismatched input …``, columns counted from 0 as Hive counts them.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from typing import NoReturn, TypeVar

from toolkit.local.athena.ddl import statements as st
from toolkit.local.athena.ddl.tokens import (
    RESERVED,
    UNRESERVED,
    Token,
    is_reserved,
    line_and_column,
    string_value,
    tokenize,
)
from toolkit.local.athena.errors import QueryError, invalid_request
from toolkit.local.athena.hive_types import RESULT_ONLY, HiveType, TypeSyntaxError, parse_type

# ALTER forms that Hive knows and Athena does not.
# Source: https://docs.aws.amazon.com/athena/latest/ug/unsupported-ddl.html
UNSUPPORTED_ALTER = {
    "CLUSTERED": "ALTER TABLE CLUSTERED BY",
    "NOT": "ALTER TABLE NOT CLUSTERED",
    "SKEWED": "ALTER TABLE SKEWED BY",
    "EXCHANGE": "ALTER TABLE EXCHANGE PARTITION",
    "ARCHIVE": "ALTER TABLE ARCHIVE PARTITION",
    "TOUCH": "ALTER TABLE TOUCH",
    "COMPACT": "ALTER TABLE COMPACT",
    "CONCATENATE": "ALTER TABLE CONCATENATE",
}

# Statements of Hive's that Athena refuses before it runs anything.
# Source: https://docs.aws.amazon.com/athena/latest/ug/unsupported-ddl.html
UNSUPPORTED_STATEMENTS = re.compile(
    r"""
    (?: ALTER\s+INDEX | COMMIT | (?:CREATE|DROP)\s+(?:INDEX|ROLE|(?:TEMPORARY\s+)?(?:MACRO|FUNCTION)) | DFS | EXPORT | GRANT
    | IMPORT | LOAD\s+DATA | LOCK | RELOAD | REVOKE | ROLLBACK
    | SHOW\s+(?:COMPACTIONS|CONF|CURRENT\s+ROLES|GRANT|INDEX(?:ES)?|LOCKS|PRINCIPALS|ROLE|ROLES|STATS|TRANSACTIONS)
    | START\s+TRANSACTION | TRUNCATE | UNLOCK ) \b
    """,
    re.VERBOSE | re.IGNORECASE,
)

_Item = TypeVar("_Item")


def parse(sql: str) -> st.Statement | None:
    """
    Read a statement of Hive's DDL; None if it does not begin like one and belongs to the query engine.

    Raises:
        QueryError: it begins like one and does not go on so.
        ApiError: it is one of those that Athena does not take.
    """
    if UNSUPPORTED_STATEMENTS.match(sql.lstrip()):
        raise invalid_request("Queries of this type are not supported", "INVALID_INPUT")
    first_words = [word.upper() for word in sql.replace("(", " ").split(None, 3)[:3]]
    if not first_words or (first_words[0] not in _STATEMENTS and not sql.lstrip().startswith(("--", "/*"))):
        return None
    tokens = tokenize(sql)
    if not tokens or tokens[0].text.upper() not in _STATEMENTS:
        return None
    parser = _Parser(sql, tokens)
    statement = _STATEMENTS[tokens[0].text.upper()](parser)
    if statement is not None:
        parser.check_characters()
        if not parser.at_end():
            parser.fail_extraneous()
    return statement


class _Parser:
    def __init__(self, sql: str, tokens: tuple[Token, ...]) -> None:
        self.sql = sql
        self.tokens = tokens
        self.position = 0
        self.takes_reserved = False

    # -- looking and moving

    def at_end(self) -> bool:
        return self.position >= len(self.tokens)

    def upper(self, ahead: int = 0) -> str:
        index = self.position + ahead
        if index >= len(self.tokens) or self.tokens[index].kind not in ("word", "mark"):
            return ""
        return self.tokens[index].text.upper()

    def take(self, *words: str) -> bool:
        if all(self.upper(ahead) == word for ahead, word in enumerate(words)):
            self.position += len(words)
            return True
        return False

    def expect(self, *words: str) -> None:
        for word in words:
            if not self.take(word):
                self.fail(word)

    # -- saying no

    def check_characters(self) -> None:
        for token in self.tokens:
            if token.kind == "unknown":
                line, column = line_and_column(self.sql, token.start)
                raise QueryError(
                    f"FAILED: ParseException line {line}:{column} character '{token.text}' not supported here"
                )

    def where(self) -> str:
        self.check_characters()
        place = self.tokens[self.position].start if not self.at_end() else len(self.sql.rstrip())
        line, column = line_and_column(self.sql, place)
        return f"FAILED: ParseException line {line}:{column}"

    def found(self) -> str:
        return "<EOF>" if self.at_end() else self.tokens[self.position].text

    def near(self) -> str:
        return f" near '{self.tokens[self.position - 1].text}'" if 0 < self.position <= len(self.tokens) else ""

    def fail(self, expected: str, rule: str = "") -> NoReturn:
        rule = f" in {rule}" if rule else ""
        raise QueryError(f"{self.where()} mismatched input '{self.found()}' expecting {expected}{self.near()}{rule}")

    def fail_extraneous(self) -> NoReturn:
        raise QueryError(f"{self.where()} missing EOF at '{self.found()}'{self.near()}")

    def fail_identifier(self) -> NoReturn:
        raise QueryError(f"{self.where()} cannot recognize input near {self._following()} in identifier specification")

    def _following(self) -> str:
        texts = [token.text for token in self.tokens[self.position : self.position + 3]]
        return " ".join(f"'{text}'" for text in [*texts, *["<EOF>"] * (3 - len(texts))])

    # -- the small parts

    def identifier(self) -> str:
        if self.at_end():
            self.fail("Identifier")
        token = self.tokens[self.position]
        if token.kind == "quoted":
            name = token.text[1:-1].replace("``", "`")
            if not name:
                self.fail_identifier()
        elif token.kind == "word" and not token.text.isdigit() and (self.takes_reserved or not is_reserved(token.text)):
            name = token.text
        else:
            self.fail_identifier()
        self.position += 1
        return name.lower()

    def column_name(self) -> str:
        name = self.identifier()
        if "." in name or ":" in name:
            self.position -= 1
            raise QueryError(
                f"{self.where()} Failed to recognize predicate '{self.found()}'. Failed rule: '[., :] can not be used in "
                "column name in create table statement.' in column specification"
            )
        return name

    def database_name(self) -> str:
        # Athena takes its own catalogue's name before, as dlt writes it.
        name = self.identifier()
        return self.identifier() if name == "awsdatacatalog" and self.take(".") else name

    def table_name(self) -> st.TableName:
        # One pair of backticks around both parts is taken too: clients write `db.table`.
        first = self.identifier()
        if self.take("."):
            second = self.identifier()
            # Hive's grammar ends here; Athena takes its own catalogue's name before, as dbt writes it.
            if first == "awsdatacatalog" and self.take("."):
                return st.TableName(second, self.identifier())
            return st.TableName(first, second)
        database, dot, name = first.partition(".")
        return st.TableName(database, name) if dot and name else st.TableName("", first)

    def view_name(self) -> st.TableName:
        # Statements on views are Trino's, which quotes names with double quotes; backticks are taken as well.
        self.tokens = tuple(
            replace(each, kind="quoted", text=f"`{each.text[1:-1].replace('`', '``')}`")
            if each.kind == "string" and each.text[0] == '"'
            else each
            for each in self.tokens
        )
        return self.table_name()

    def string(self) -> str:
        if self.at_end() or self.tokens[self.position].kind != "string":
            self.fail("StringLiteral")
        value = ""
        while not self.at_end() and self.tokens[self.position].kind == "string":
            value += string_value(self.tokens[self.position].text)
            self.position += 1
        return value

    def is_string(self) -> bool:
        return not self.at_end() and self.tokens[self.position].kind == "string"

    def integer(self) -> int:
        if self.at_end() or not self.tokens[self.position].text.isdigit():
            self.fail("Number")
        self.position += 1
        return int(self.tokens[self.position - 1].text)

    def many(self, item: Callable[[], _Item], rule: str) -> tuple[_Item, ...]:
        if not self.take("("):
            self.fail("(", rule)
        items = [item()]
        while self.take(","):
            items.append(item())
        if not self.take(")"):
            self.fail(")", rule)
        return tuple(items)

    def kind(self) -> HiveType:
        if self.at_end():
            self.fail("a type")
        start = end = self.position
        depth = 0
        while end < len(self.tokens):
            text = self.tokens[end].text
            if text in ("<", "("):
                depth += 1
            elif text in (">", ")"):
                depth -= 1
            if depth <= 0 and not (depth == 0 and self.upper(end + 1 - start) in ("<", "(", "PRECISION")):
                break
            end += 1
        text = " ".join(token.text for token in self.tokens[start : end + 1])
        try:
            kind = parse_type(text, reserved=RESERVED - UNRESERVED)
        except TypeSyntaxError as error:
            line, column = line_and_column(self.sql, self.tokens[start].start)
            raise QueryError(
                f"FAILED: ParseException line {line}:{column} cannot recognize input near {self._following()} in column type "
                f"({error})"
            ) from error
        if kind.name in RESULT_ONLY:
            raise QueryError(f"{self.where()} cannot recognize input near {self._following()} in column type")
        self.position = end + 1
        return kind

    def column(self) -> st.Column:
        name = self.column_name()
        kind = self.kind()
        return st.Column(name, kind, self.string() if self.take("COMMENT") else None)

    def partition_key(self) -> st.Column | st.PartitionField:
        """Read a key of a Hive table with its type, or a field of an Iceberg table: a column or a transform of one."""
        if self.upper() in _TRANSFORMS and self.upper(1) == "(":
            transform = self.upper().lower()
            self.position += 2
            argument = self.integer() if self.upper().isdigit() else None
            if argument is not None:
                self.expect(",")
            column = self.identifier()
            if argument is None and self.take(","):
                argument = self.integer()
            self.expect(")")
            return st.PartitionField(transform, column, argument)
        name = self.column_name()
        if self.upper() in (",", ")"):
            return st.PartitionField("identity", name)
        kind = self.kind()
        return st.Column(name, kind, self.string() if self.take("COMMENT") else None)

    def properties(self) -> dict[str, str]:
        def pair() -> tuple[str, str]:
            key = self.string()
            self.expect("=")
            # AWS's guide writes numbers without quotes, which Hive's own grammar refuses:
            # https://docs.aws.amazon.com/athena/latest/ug/alter-table-set-tblproperties.html
            return key, self.constant() if self.upper().isdigit() else self.string()

        return dict(self.many(pair, "table properties list"))

    def partition(self) -> st.PartitionSpec:
        def term() -> st.PartitionTerm:
            key = self.identifier()
            operator = self.upper()
            if operator not in ("=", "<", ">", "<=", ">=", "<>", "!="):
                self.fail("=")
            self.position += 1
            return st.PartitionTerm(key, operator, self.constant())

        return self.many(term, "partition specification")

    def constant(self) -> str:
        self.take("DATE")
        sign = "-" if self.take("-") else ""
        if self.at_end():
            self.fail("a constant")
        token = self.tokens[self.position]
        if token.kind == "string" and not sign:
            return self.string()
        if token.kind == "decimal" or (
            token.kind == "word" and (token.text.isdigit() or token.text.lower() in _CONSTANTS)
        ):
            self.position += 1
            return sign + token.text
        return self.fail("a constant")


# Source: https://docs.aws.amazon.com/athena/latest/ug/querying-iceberg-creating-tables.html
_TRANSFORMS = frozenset({"YEAR", "MONTH", "DAY", "HOUR", "BUCKET", "TRUNCATE"})
_CONSTANTS = frozenset({"true", "false", "null"})


def _create(parser: _Parser) -> st.Statement | None:
    parser.expect("CREATE")
    if parser.take("DATABASE") or parser.take("SCHEMA"):
        return _create_database(parser)
    external = parser.take("EXTERNAL")
    if not parser.take("TABLE"):
        if external:
            parser.fail("TABLE")
        return None  # a view, or what the query engine will refuse
    if_not_exists = parser.take("IF", "NOT", "EXISTS")
    if not external and _is_ctas(parser):
        return None
    # The grammar of Iceberg tables, which alone are not EXTERNAL, takes reserved words as names of columns.
    table, parser.takes_reserved = parser.table_name(), not external
    if parser.take("LIKE"):
        raise QueryError("FAILED: SemanticException CREATE TABLE LIKE is not supported")
    columns = parser.many(parser.column, "create table statement")
    return _create_table(parser, table, columns, external=external, if_not_exists=if_not_exists)


def _is_ctas(parser: _Parser) -> bool:
    """Whether behind the name comes CREATE TABLE … AS, which is the query engine's, and so are the quotes of the name."""
    ahead = 1
    while parser.upper(ahead) == ".":
        ahead += 2
    return parser.upper(ahead) in ("WITH", "AS", "") or (
        parser.upper(ahead) == "(" and parser.upper(ahead + 1) in ("SELECT", "WITH")
    )


def _create_database(parser: _Parser) -> st.CreateDatabase:
    if_not_exists = parser.take("IF", "NOT", "EXISTS")
    name = parser.database_name()
    comment = parser.string() if parser.take("COMMENT") else None
    location = parser.string() if parser.take("LOCATION") else None
    properties = parser.properties() if parser.take("WITH", "DBPROPERTIES") else {}
    return st.CreateDatabase(name, if_not_exists, comment, location, properties)


def _create_table(
    parser: _Parser, table: st.TableName, columns: tuple[st.Column, ...], *, external: bool, if_not_exists: bool
) -> st.CreateTable:
    comment = parser.string() if parser.take("COMMENT") else None
    keys = parser.many(parser.partition_key, "partition columns") if parser.take("PARTITIONED", "BY") else ()
    partition_keys = tuple(each for each in keys if isinstance(each, st.Column))
    partition_fields = tuple(each for each in keys if isinstance(each, st.PartitionField))
    clustered_by: tuple[str, ...] = ()
    bucket_count = 0
    if parser.take("CLUSTERED", "BY"):
        clustered_by = parser.many(parser.identifier, "bucket columns")
        parser.expect("INTO")
        bucket_count = parser.integer()
        parser.expect("BUCKETS")
    serde, serde_properties = _row_format(parser)
    stored_as = input_format = output_format = None
    if parser.take("STORED"):
        if parser.upper() == "BY":
            raise QueryError("FAILED: SemanticException STORED BY is not supported")
        parser.expect("AS")
        if parser.take("INPUTFORMAT"):
            input_format = parser.string()
            parser.expect("OUTPUTFORMAT")
            output_format = parser.string()
        else:
            stored_as = parser.identifier().upper()
    location = parser.string() if parser.take("LOCATION") else None
    properties = parser.properties() if parser.take("TBLPROPERTIES") else {}
    return st.CreateTable(
        table,
        columns,
        external,
        if_not_exists,
        comment,
        partition_keys,
        clustered_by,
        bucket_count,
        serde,
        serde_properties,
        stored_as,
        input_format,
        output_format,
        location,
        properties,
        partition_fields,
    )


# The words of ROW FORMAT DELIMITED, in their order, and the property that each one sets.
_DELIMITERS = (
    (("COLLECTION", "ITEMS", "TERMINATED", "BY"), "colelction.delim"),  # Hive's own misspelling
    (("MAP", "KEYS", "TERMINATED", "BY"), "mapkey.delim"),
    (("LINES", "TERMINATED", "BY"), "line.delim"),
    (("NULL", "DEFINED", "AS"), "serialization.null.format"),
)


def _row_format(parser: _Parser) -> tuple[str | None, dict[str, str]]:
    if not parser.take("ROW"):
        return None, {}
    parser.expect("FORMAT")
    if parser.take("SERDE"):
        serde = parser.string()
        return serde, parser.properties() if parser.take("WITH", "SERDEPROPERTIES") else {}
    if not parser.take("DELIMITED"):
        parser.fail("SERDE", "table row format specification")
    properties: dict[str, str] = {}
    if parser.take("FIELDS", "TERMINATED", "BY"):
        properties["field.delim"] = properties["serialization.format"] = parser.string()
        if parser.take("ESCAPED", "BY"):
            properties["escape.delim"] = parser.string()
    for words, key in _DELIMITERS:
        if parser.take(*words):
            properties[key] = parser.string()
    return None, properties


def _drop(parser: _Parser) -> st.Statement:
    parser.expect("DROP")
    if parser.take("DATABASE") or parser.take("SCHEMA"):
        if_exists = parser.take("IF", "EXISTS")
        name = parser.database_name()
        cascade = parser.take("CASCADE")
        if not cascade:
            parser.take("RESTRICT")
        return st.DropDatabase(name, if_exists, cascade)
    if parser.take("TABLE"):
        statement: st.Statement = st.DropTable(if_exists=parser.take("IF", "EXISTS"), table=parser.table_name())
        parser.take("PURGE")
        return statement
    if parser.take("VIEW"):
        return st.DropView(if_exists=parser.take("IF", "EXISTS"), table=parser.view_name())
    return parser.fail("TABLE")


def _alter(parser: _Parser) -> st.Statement:
    parser.expect("ALTER")
    if parser.take("DATABASE") or parser.take("SCHEMA"):
        name = parser.database_name()
        parser.expect("SET", "DBPROPERTIES")
        return st.SetDatabaseProperties(name, parser.properties())
    parser.expect("TABLE")
    table = parser.table_name()
    if parser.take("ADD"):
        return _alter_add(parser, table)
    if parser.take("REPLACE"):
        parser.expect("COLUMNS")
        return st.ReplaceColumns(table, parser.many(parser.column, "replace columns"))
    if parser.take("CHANGE"):
        parser.take("COLUMN")
        old, new = parser.identifier(), parser.column()
        if parser.take("FIRST"):
            return st.ChangeColumn(table, old, new, "FIRST")
        if parser.take("AFTER"):
            return st.ChangeColumn(table, old, new, "AFTER", parser.identifier())
        return st.ChangeColumn(table, old, new)
    if parser.take("DROP"):
        if parser.take("COLUMN"):
            return st.DropColumn(table, parser.identifier())
        if_exists = parser.take("IF", "EXISTS")
        return st.DropPartitions(table, _partitions(parser), if_exists)
    if parser.take("SET"):
        if parser.take("TBLPROPERTIES"):
            return st.SetTableProperties(table, parser.properties())
        if parser.take("LOCATION"):
            return st.SetLocation(table, parser.string())
        raise QueryError(f"FAILED: SemanticException ALTER TABLE SET {parser.upper()} is not supported")
    if parser.take("UNSET"):
        parser.expect("TBLPROPERTIES")
        parser.take("IF", "EXISTS")
        return st.UnsetTableProperties(table, parser.many(parser.string, "table properties list"))
    if parser.take("RENAME"):
        parser.expect("TO")
        return st.RenameTable(table, parser.table_name())
    if parser.take("PARTITION"):
        spec = parser.partition()
        if parser.take("SET", "LOCATION"):
            return st.SetLocation(table, parser.string(), spec)
        if parser.take("ADD", "COLUMNS"):
            return st.AddColumns(table, parser.many(parser.column, "add columns"), spec)
        if parser.take("REPLACE", "COLUMNS"):
            return st.ReplaceColumns(table, parser.many(parser.column, "replace columns"), spec)
        parser.expect("RENAME", "TO", "PARTITION")
        return st.RenamePartition(table, spec, parser.partition())
    if parser.upper() in UNSUPPORTED_ALTER:
        raise QueryError(f"FAILED: SemanticException {UNSUPPORTED_ALTER[parser.upper()]} is not supported")
    return parser.fail("ADD, CHANGE, DROP, PARTITION, REPLACE or SET", "alter table statement")


def _alter_add(parser: _Parser, table: st.TableName) -> st.Statement:
    if parser.take("COLUMNS"):
        begun = parser.position
        try:
            return st.AddColumns(table, parser.many(parser.column, "add columns"))
        except QueryError as error:
            # The grammar of Iceberg tables takes reserved words as names; which kind of table it is shows later.
            parser.position, parser.takes_reserved = begun, True
            return st.AddColumns(table, parser.many(parser.column, "add columns"), refusal=str(error))
    if_not_exists = parser.take("IF", "NOT", "EXISTS")
    partitions: list[tuple[st.PartitionSpec, str | None]] = []
    while parser.take("PARTITION"):
        spec = parser.partition()
        partitions.append((spec, parser.string() if parser.take("LOCATION") else None))
    if not partitions:
        parser.fail("PARTITION", "add partition statement")
    return st.AddPartitions(table, tuple(partitions), if_not_exists)


def _partitions(parser: _Parser) -> tuple[st.PartitionSpec, ...]:
    parser.expect("PARTITION")
    partitions = [parser.partition()]
    while parser.take(","):
        parser.expect("PARTITION")
        partitions.append(parser.partition())
    return tuple(partitions)


def _repair(parser: _Parser) -> st.Statement:
    parser.expect("MSCK", "REPAIR", "TABLE")
    return st.RepairTable(parser.table_name())


def _show(parser: _Parser) -> st.Statement | None:
    parser.expect("SHOW")
    if parser.take("DATABASES") or parser.take("SCHEMAS"):
        return st.ShowDatabases(_like(parser))
    if parser.take("TABLES"):
        return st.ShowTables(_in_database(parser), _like(parser))
    if parser.take("VIEWS"):
        return st.ShowViews(_in_database(parser), _like(parser))
    if parser.take("PARTITIONS"):
        return st.ShowPartitions(parser.table_name())
    if parser.take("COLUMNS"):
        if not (parser.take("IN") or parser.take("FROM")):
            parser.fail("IN")
        table = parser.table_name()
        if parser.take("IN") or parser.take("FROM"):
            table = st.TableName(parser.database_name(), table.name)
        return st.ShowColumns(table)
    if parser.take("CREATE", "TABLE"):
        return st.ShowCreateTable(parser.table_name())
    if parser.take("CREATE", "VIEW"):
        return st.ShowCreateView(parser.view_name())
    if parser.take("TBLPROPERTIES"):
        table = parser.table_name()
        key = None
        if parser.take("("):
            key = parser.string()
            parser.expect(")")
        return st.ShowTableProperties(table, key)
    return None


def _in_database(parser: _Parser) -> str:
    return parser.database_name() if parser.take("IN") or parser.take("FROM") else ""


def _like(parser: _Parser) -> str | None:
    if parser.take("LIKE") or not parser.at_end():
        return parser.string()
    return None


def _describe(parser: _Parser) -> st.Statement | None:
    parser.position += 1
    if parser.upper() in ("INPUT", "OUTPUT"):
        return None  # of a prepared statement: the query engine's
    mode = parser.upper() if parser.upper() in ("EXTENDED", "FORMATTED") else ""
    if mode:
        parser.position += 1
    if parser.upper() in ("DATABASE", "FUNCTION", "SCHEMA"):
        raise QueryError(f"FAILED: SemanticException DESCRIBE {parser.upper()} is not supported")
    table = parser.table_name()
    partition = parser.partition() if parser.take("PARTITION") else None
    path: list[str] = []
    if not parser.at_end():
        path.append(parser.identifier())
        while parser.take("."):
            path.append(parser.string() if parser.is_string() else parser.identifier())
    return st.Describe(table, mode, tuple(path), partition)


_STATEMENTS: dict[str, Callable[[_Parser], st.Statement | None]] = {
    "CREATE": _create,
    "DROP": _drop,
    "ALTER": _alter,
    "MSCK": _repair,
    "SHOW": _show,
    "DESCRIBE": _describe,
    "DESC": _describe,
}
