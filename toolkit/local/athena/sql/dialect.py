"""
The parser of Trino's SQL: sqlglot's, kept from giving functions a meaning of its own.

sqlglot maps functions of one dialect to those of another by name; here a call stays a call, with the place where it
stands, and ``functions`` alone says what it means.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any, ClassVar

from sqlglot import exp
from sqlglot.dialects.trino import Trino
from sqlglot.errors import ParseError, TokenError
from sqlglot.parsers.trino import TrinoParser
from sqlglot.tokenizer_core import Token, TokenType

from toolkit.local.athena.errors import invalid_request
from toolkit.local.athena.sql import grammar, json_syntax

# What is syntax in Trino rather than a call: https://trino.io/docs/current/functions.html
SYNTAX = ("CAST", "EXTRACT", "NORMALIZE", "POSITION", "SUBSTRING", "TRIM", "TRY_CAST")

# With what a statement can begin that is not Hive's.
FIRST_WORDS = frozenset({"CREATE", "DELETE", "INSERT", "MERGE", "SELECT", "TABLE", "UPDATE", "VALUES", "WITH"})

# Longer chains of AND and OR are halved.
MANY_CONDITIONS = 100

QUERY_WORDS = frozenset({"SELECT", "TABLE", "VALUES", "WITH"})

MALFORMED_QUERY = "MALFORMED_QUERY"

# A statement in the place of a query, which sqlglot lets pass as one that it does not know.
_WRAPPED_COMMAND = re.compile(
    r"\s*CREATE\s+TABLE\s[^()]*?(?:\sWITH\s*\([^()]*\))?\s*\bAS\s+(?P<word>[A-Z]\w*)\s+(?P<next>\w*)", re.IGNORECASE
)


def _listagg(parser: Any) -> exp.Anonymous:
    """
    Read ``listagg([DISTINCT] x [, separator [ON OVERFLOW …]])``.

    What to do with more than 1,048,576 bytes is read over: nothing overflows here.
    """
    is_distinct = parser._match_text_seq("DISTINCT")
    parser._match_text_seq("ALL")
    value = parser._parse_disjunction()
    arguments = [exp.Distinct(expressions=[value]) if is_distinct else value]
    if parser._match(TokenType.COMMA):
        separator = parser._parse_string()
        if separator is None:
            parser.raise_error("Expecting: <string>")
        arguments.append(separator)
        if parser._match_text_seq("ON", "OVERFLOW") and not parser._match_text_seq("ERROR"):
            if not parser._match_text_seq("TRUNCATE"):
                parser.raise_error("Expecting: 'ERROR', 'TRUNCATE'")
            parser._match(TokenType.STRING)
            if not (parser._match_text_seq("WITH", "COUNT") or parser._match_text_seq("WITHOUT", "COUNT")):
                parser.raise_error("Expecting: 'WITH', 'WITHOUT'")
    return exp.Anonymous(this="listagg", expressions=arguments)


# What may follow ALL ROWS PER MATCH.
_EMPTY_MATCHES = ("SHOW EMPTY MATCHES", "OMIT EMPTY MATCHES", "WITH UNMATCHED ROWS")

_CONSTRUCTORS = frozenset([TokenType.STRUCT, TokenType.ARRAY, TokenType.MAP])


class Parser(TrinoParser):
    """Trino's grammar, with every function left as it was written."""

    FUNCTIONS: ClassVar[Any] = {}
    FUNCTION_PARSERS: ClassVar[Any] = {
        **{name: parse for name, parse in TrinoParser.FUNCTION_PARSERS.items() if name in SYNTAX},
        **json_syntax.PARSERS,
        "LISTAGG": _listagg,
    }

    # A literal such as DECIMAL '1.50' or TIMESTAMP '2024-01-01 00:00:00' has the precision and scale of its digits.
    TYPE_LITERAL_PARSERS: ClassVar[Any] = {
        **TrinoParser.TYPE_LITERAL_PARSERS,
        **{kind: lambda self, this, to: _typed_literal(this, to) for kind in exp.DataType.Type},
        exp.DataType.Type.DECIMAL: lambda self, this, to: _decimal_literal(this, to),
    }

    # sqlglot takes this word of Trino's for a column.
    NO_PAREN_FUNCTIONS: ClassVar[Any] = {
        **TrinoParser.NO_PAREN_FUNCTIONS,
        TokenType.CURRENT_SCHEMA: exp.CurrentSchema,
    }

    def _replace_lambda(self, node: exp.Expr | None, expressions: list[exp.Expr]) -> exp.Expr | None:
        """Make names of parameters of columns; what stands in a column's place stands where it did."""
        names = {each.name for each in expressions}
        columns = [each for each in node.find_all(exp.Column) if each.parts[0].name in names] if node else []
        if not columns:
            return node
        places = [(each.parts[0], each.meta) for each in columns]
        node = super()._replace_lambda(node, expressions)
        for name, meta in places:
            whole = name
            while isinstance(whole.parent, exp.Dot) and whole.arg_key == "this":
                whole = whole.parent
            for each in {id(name): name, id(whole): whole}.values():
                each.meta.update({key: value for key, value in meta.items() if key not in each.meta})
        return node

    def _parse_lambda(self, *arguments: Any, **options: Any) -> Any:
        return self._placed(super()._parse_lambda, *arguments, **options)

    def _parse_type(self, parse_interval: bool = True, fallback_to_identifier: bool = False) -> Any:
        """
        Read a value that may begin with a type, such as ``DATE '2024-01-01'``.

        Before a bracket ROW, ARRAY and MAP make a value and are no types. sqlglot tries the type first, and what stands inside
        once more at each level: twenty levels took hours.
        """
        if not fallback_to_identifier and self._constructs(TokenType.L_PAREN, TokenType.L_BRACKET):
            return self._parse_column()
        return super()._parse_type(parse_interval, fallback_to_identifier)

    def _parse_struct_types(self, type_required: bool = False) -> Any:
        """Read a field of a ROW type; where it has no name, its type is read at once, for the same reason."""
        if type_required and self._constructs(TokenType.L_PAREN):
            return self._parse_types()
        return super()._parse_struct_types(type_required)

    def _constructs(self, *brackets: TokenType) -> bool:
        """Whether ROW, ARRAY or MAP follows, and one of *brackets*."""
        here, after = self._curr, self._next
        return bool(here and after and here.token_type in _CONSTRUCTORS and after.token_type in brackets)

    def _parse_types(self, *arguments: Any, **options: Any) -> Any:
        return self._placed(super()._parse_types, *arguments, **options)

    def _parse_primary(self) -> Any:
        return self._placed(super()._parse_primary)

    def _parse_select_query(self, *arguments: Any, **options: Any) -> Any:
        token = self._curr
        query = self._placed(super()._parse_select_query, *arguments, **options)
        first = query
        while isinstance(first, exp.SetOperation):
            first = first.this
        if isinstance(first, exp.Select) and token:
            first.meta.setdefault("start", token.start)
            if token.token_type == TokenType.TABLE and (table := first.find(exp.Table)) is not None:
                # TABLE x is a query, about which messages point at its first word.
                table.meta["start"] = token.start
        return query

    def parse_set_operation(self, *arguments: Any, **options: Any) -> Any:
        """Read UNION and what follows; messages point at the word."""
        return self._placed(super().parse_set_operation, *arguments, **options)

    def _parse_table(self, *arguments: Any, **options: Any) -> Any:
        """Read a relation, also with MATCH_RECOGNIZE, which sqlglot knows of a whole FROM alone."""
        relation = self._placed(super()._parse_table, *arguments, **options)
        if isinstance(relation, exp.Expr) and self._curr and self._curr.token_type == TokenType.MATCH_RECOGNIZE:
            relation.set("match", self._parse_match_recognize())
        return relation

    def _parse_derived_table_values(self, *arguments: Any, **options: Any) -> Any:
        """Leave VALUES in brackets that are but the beginning of a query to what reads queries."""
        index = self._index
        if not self._match_pair(TokenType.L_PAREN, TokenType.VALUES):
            return super()._parse_derived_table_values(*arguments, **options)
        rows = self._parse_csv(self._parse_value)
        if self._match(TokenType.R_PAREN):
            return self.expression(exp.Values(expressions=rows, alias=self._parse_table_alias()))
        self._retreat(index)
        return None

    def _parse_escape(self, this: exp.Expr | None) -> exp.Expr | None:
        """Read ``ESCAPE`` and any value."""
        if not self._match(TokenType.ESCAPE):
            return this
        return self.expression(exp.Escape(this=this, expression=self._parse_bitwise()))

    def _parse_join(self, *arguments: Any, **options: Any) -> Any:
        """Read a join; a condition behind CROSS JOIN belongs to the join that it is the right side of."""
        if self._match_pair(TokenType.CROSS, TokenType.JOIN):
            return self.expression(exp.Join(this=self._parse_table(), kind="CROSS"))
        return super()._parse_join(*arguments, **options)

    def _placed(self, parse: Callable[..., Any], *arguments: Any, **options: Any) -> Any:
        """Note where a node begins, if nothing has done so."""
        token = self._curr
        node = parse(*arguments, **options)
        if isinstance(node, exp.Expr) and token:
            node.meta.setdefault("start", token.start)
        return node

    def _parse_match_recognize(self) -> Any:
        """Read MATCH_RECOGNIZE, also with SUBSET, which sqlglot does not know: ``subsets`` are names with their parts."""
        token = self._curr
        if not self._match(TokenType.MATCH_RECOGNIZE):
            return None
        self._match_l_paren()
        parts: dict[str, Any] = {"partition_by": self._parse_partition_by(), "order": self._parse_order()}
        if self._match_text_seq("MEASURES"):
            parts["measures"] = self._parse_csv(lambda: exp.MatchRecognizeMeasure(this=self._parse_expression()))
        parts["rows"] = exp.Literal.string(self._words(("ONE ROW PER MATCH", "ALL ROWS PER MATCH"), _EMPTY_MATCHES))
        if self._match_text_seq("AFTER", "MATCH", "SKIP"):
            skip = self._words(("PAST LAST ROW", "TO NEXT ROW", "TO FIRST", "TO LAST", "TO"), ())
            if skip in ("TO FIRST", "TO LAST", "TO"):
                name = self._parse_id_var()
                skip = f"TO {skip[3:] or 'LAST'} {name.sql(dialect='trino') if name is not None else ''}"
            parts["after"] = exp.var(f"AFTER MATCH SKIP {skip}")
        if not self._match_text_seq("PATTERN") or not self._match(TokenType.L_PAREN):
            self.raise_error("Expecting 'PATTERN'")
        start, depth = self._curr, 1
        while self._curr and depth:
            depth += {TokenType.L_PAREN: 1, TokenType.R_PAREN: -1}.get(self._curr.token_type, 0)
            end = self._curr
            self._advance()
        parts["pattern"] = exp.var(self.sql[start.start : end.start])
        if self._match_text_seq("SUBSET"):
            parts["subsets"] = self._parse_csv(self._parse_subset)
        if not self._match_text_seq("DEFINE"):
            self.raise_error("Expecting 'DEFINE', 'SUBSET'")
        parts["define"] = self._parse_csv(self._parse_definition)
        self._match_r_paren()
        match = exp.MatchRecognize(**parts, alias=self._parse_table_alias())
        match.meta["start"] = token.start
        return match

    def _words(self, choices: tuple[str, ...], endings: tuple[str, ...]) -> str:
        """Read the first of these sequences of words that follows, with one of the endings."""
        for each in choices:
            if self._match_text_seq(*each.split()):
                ending = next((end for end in endings if self._match_text_seq(*end.split())), "")
                return f"{each} {ending}".strip()
        return ""

    def _parse_subset(self) -> exp.Expr:
        name = self._placed(self._parse_id_var)
        self._match(TokenType.EQ)
        return exp.Tuple(this=name, expressions=self._parse_wrapped_csv(lambda: self._placed(self._parse_id_var)))

    def _parse_definition(self) -> exp.Expr:
        name = self._placed(self._parse_id_var)
        if not self._match(TokenType.ALIAS):
            self.raise_error("Expecting 'AS'")
        return exp.Alias(this=self._parse_disjunction(), alias=name)

    def _parse_unary(self) -> exp.Expr | None:
        if self._curr and self._curr.text.upper() in ("RUNNING", "FINAL") and self._next:
            is_name = self._next.token_type in (TokenType.VAR, TokenType.FIRST, TokenType.NEXT)
            if (
                is_name
                and self._index + 2 < len(self._tokens)
                and self._tokens[self._index + 2].token_type is TokenType.L_PAREN
            ):
                # What MEASURES says of the call after it.
                word = self._curr
                self._advance()
                called = self._parse_unary()
                if called is not None:
                    called.meta.update(semantics=word.text.upper(), start=word.start)
                return called
        before, token = self._prev, self._curr
        node: exp.Expr | None = super()._parse_unary()
        if node is not None and token:
            node.meta.setdefault("start", token.start)
            # An operator stands right before its second operand.
            node.meta.setdefault("before", before.start if before else token.start)
        return node

    def _parse_function_call(self, *arguments: Any, **options: Any) -> Any:
        token = self._curr
        call = _quantified(super()._parse_function_call(*arguments, **options))
        if call is not None and token is not None:
            inner = call.find(exp.Func) if isinstance(call, exp.Window | exp.Filter | exp.WithinGroup) else call
            if isinstance(inner, exp.Expr):
                inner.meta.setdefault("start", token.start)
        return call


def _quantified(call: Any) -> Any:
    """Give ``ALL (VALUES 1, 2)`` as what ``ALL (SELECT …)`` is read as."""
    if not (isinstance(call, exp.Anonymous) and len(call.expressions) == 1):
        return call
    kind = {"ALL": exp.All, "ANY": exp.Any, "SOME": exp.Any, "EXISTS": exp.Exists}.get(call.name.upper())
    query = call.expressions[0]
    if kind is None or not isinstance(query, exp.Query | exp.Values):
        return call
    if isinstance(query, exp.Values):
        query = exp.Select(expressions=[exp.Star()]).from_(exp.Subquery(this=query))
    return kind(this=query)


def _decimal_literal(this: exp.Expr, to: exp.DataType) -> exp.Cast:
    whole, _, fraction = this.name.strip().lstrip("+-").partition(".")
    numbers = (max(1, len(whole.lstrip("0")) + len(fraction)), len(fraction))
    if not to.expressions:
        to.set("expressions", [exp.DataTypeParam(this=exp.Literal.number(number)) for number in numbers])
    return _typed_literal(this, to)


def _typed_literal(this: exp.Expr, to: exp.DataType) -> exp.Cast:
    literal = exp.Cast(this=this, to=to)
    literal.meta["is_literal"] = True
    return literal


class AthenaDialect(Trino):
    """Trino as Athena has it, to be read only."""

    # A type that is none is told from a word that is no type by the analysis.
    SUPPORTS_USER_DEFINED_TYPES = True
    # Subscripts stay as they were written, counted from 1.
    INDEX_OFFSET = 0
    Parser = Parser

    class Tokenizer(Trino.Tokenizer):
        """Trino's words as sqlglot has them, but for those that Trino does not have."""

        # APPLY is a join of other engines.
        KEYWORDS: ClassVar[Any] = {
            word: kind for word, kind in Trino.Tokenizer.KEYWORDS.items() if kind is not TokenType.APPLY
        }


_MADE = re.compile(r"\s*(?:OR\s+REPLACE\s+)?(?:TABLE|VIEW)\b", re.IGNORECASE)

# What sqlglot reads and Trino does not: ==, <=>, IN (), a comma at the end, LIMIT before OFFSET and LIMIT 5, 10, PIVOT,
# parameters of others.
_UNREADABLE = re.compile(
    r"==|<=>|\bIN\s*\(\s*\)|,\s*\Z|\bLIMIT\s+(?:\d+|ALL)\s+OFFSET\b|\bLIMIT\s+\d+\s*,"
    r"|\bIS\s+(?:NOT\s+)?UNKNOWN\b|\)\s*PIVOT\s*\(|@\w+|\$\d|\bSELECT\s*(?:\Z|\bFROM\b)"
    r"|\*\s*EXCEPT\s*\(\s*(?!SELECT|VALUES|TABLE|WITH|\()|,\s*FROM\b|\b(?:GROUP|ORDER)\s+BY\s*\Z|[^\x00-\x7f]"
    r"|\{|\bBETWEEN\s+A?SYMMETRIC\s|\bGROUPING\s+SETS\s*\(\s*(?:ROLLUP|CUBE)\b"
    r"|(?:(?<=\bFROM )|(?<=\bJOIN ))VALUES\b|\b(?:FROM|JOIN)\s+VALUES\b"
    r"|(?<![\w.])(?:LEFT|RIGHT)(?=\s*\()|(?<=\bCURRENT_DATE)\(|(?<=\bCURRENT_TIMESTAMP)\((?=\s*\))",
    re.IGNORECASE,
)
# Numbers that sqlglot reads otherwise: 1_000, 0b101, 0o17, 0xFF.
_NUMBER = re.compile(r"(?<![\w.])(?:0[bB][01_]+|0[oO][0-7_]+|\d+(?:_\d+)+)(?![\w.])")
# A word that begins with a digit and is no number, such as 1d or 2UNION.
_DIGITS_AND_LETTERS = re.compile(
    r"(?<![\w.\"@])(?!\d+[eE]\d+\b|\d+[eE][+-]\d|0[xX][0-9a-fA-F_]+\b)(?=\d\w*[A-Za-z])(?!0[bB][01_]+\b|0[oO][0-7_]+\b)\d\w*"
)
_HEXADECIMAL = re.compile(r"(?<!\w)[xX]'[0-9a-fA-F ]*'")
_CONNECTORS = re.compile(r"\b(?:AND|OR)\b", re.IGNORECASE)
_TEXTS = re.compile(r"'(?:[^']|'')*'|\"(?:[^\"]|\"\")*\"|--[^\n]*|/\*.*?\*/", re.DOTALL)


def refuse_row_patterns(sql: str) -> None:
    """
    Refuse patterns of rows in windows, and JSON_TABLE, which are no SQL to the parser.

    Raises:
        ApiError: the query has one.
    """
    found = _ROW_PATTERN.search(_TEXTS.sub(lambda text: "x" * len(text[0]), sql))
    if found is not None:
        line, column = sql.count("\n", 0, found.start()) + 1, found.start() - sql.rfind("\n", 0, found.start())
        word = re.sub(r"\W.*", "", found[0].upper(), flags=re.DOTALL)
        what = word if word == "JSON_TABLE" else "patterns of rows in windows"
        message = f"NOT_SUPPORTED: line {line}:{column}: the local Athena does not support {what}"
        raise invalid_request(message, MALFORMED_QUERY)


_ROW_PATTERN = re.compile(
    r"\bJSON_TABLE\s*\(|\b(?:FOLLOWING|INITIAL|SEEK)\s+PATTERN\s*\(|\bFOLLOWING\s+AFTER\s+MATCH\s+SKIP\b",
    re.IGNORECASE,
)


_PATTERN = re.compile(r"\bPATTERN\s*\(", re.IGNORECASE)


def without_patterns(sql: str) -> str:
    """Give a text without what stands in quotes, and in patterns of rows, which have signs of their own, each in its place."""
    masked = _TEXTS.sub(lambda text: "x" * len(text[0]), sql)
    for found in _PATTERN.finditer(masked):
        depth, end = 1, found.end()
        while depth and end < len(masked):
            depth += {"(": 1, ")": -1}.get(masked[end], 0)
            end += 1
        masked = masked[: found.end()] + " " * (end - 1 - found.end()) + masked[end - 1 :]
    return masked


# https://docs.aws.amazon.com/athena/latest/ug/udf-query-syntax.html
_EXTERNAL_FUNCTION = re.compile(r"USING\s+(?:EXTERNAL\s+)?FUNCTION\b", re.IGNORECASE)


def parse(sql: str) -> exp.Expr:
    """
    Parse one statement.

    Raises:
        ApiError: it is no SQL, or more than one statement; Athena refuses such text before it runs.
    """
    word = re.match(r"(?:\s|--[^\n]*\n|/\*.*?\*/)*(\w*)", sql, re.DOTALL)
    if word is not None and word[1] and word[1].upper() not in FIRST_WORDS:
        before = sql[: word.start(1)]
        line, column = before.count("\n") + 1, word.start(1) - before.rfind("\n")
        if _EXTERNAL_FUNCTION.match(sql, word.start(1)):
            message = "the local Athena calls no functions of Lambda"
            raise invalid_request(f"NOT_SUPPORTED: line {line}:{column}: {message}", MALFORMED_QUERY)
        expected = ", ".join(f"'{each}'" for each in sorted(FIRST_WORDS - {"WITH"}))
        raise invalid_request(
            f"line {line}:{column}: mismatched input '{word[1]}'. Expecting: {expected}, <query>", MALFORMED_QUERY
        )
    refuse_row_patterns(sql)
    masked = without_patterns(sql)
    unreadable = _UNREADABLE.search(masked) or _adjacent_text(sql)
    if unreadable is not None:
        before = sql[: unreadable.start()]
        line, column = before.count("\n") + 1, unreadable.start() - before.rfind("\n")
        raise invalid_request(f"line {line}:{column}: mismatched input '{unreadable[0].strip()}'", MALFORMED_QUERY)
    if (misnamed := _DIGITS_AND_LETTERS.search(masked)) is not None:
        start = misnamed.start()
        line, column = sql.count("\n", 0, start) + 1, start - sql.rfind("\n", 0, start)
        message = "identifiers must not start with a digit; surround the identifier with double quotes"
        raise invalid_request(f"line {line}:{column}: {message}", MALFORMED_QUERY)
    wrapped = _WRAPPED_COMMAND.match(sql)
    if wrapped is not None and wrapped["word"].upper() not in QUERY_WORDS:
        before = sql[: wrapped.start("word")]
        line, column = before.count("\n") + 1, wrapped.start("word") - before.rfind("\n")
        # Without that word the rest might be a query.
        how = "extraneous" if wrapped["next"].upper() in QUERY_WORDS else "mismatched"
        raise invalid_request(
            f"line {line}:{column}: {how} input '{wrapped['word']}'. Expecting: '(', 'WITH', <query>", MALFORMED_QUERY
        )
    try:
        plain = _with_plain_literals(sql, masked)
        dialect = AthenaDialect()
        tokens = dialect.tokenize(plain)
        _check_names(tokens, plain)
        parsed = dialect.parser().parse(tokens, plain)
        # What comes after a final semicolon may be a comment.
        trees = [tree for tree in parsed if tree is not None and not isinstance(tree, exp.Semicolon)]
    except ParseError as error:
        fact = error.errors[0] if error.errors else {}
        line, column = fact.get("line") or 1, max(1, (fact.get("col") or 1) - len(fact.get("highlight") or "") + 1)
        found = fact.get("highlight") or "<EOF>"
        expected = fact.get("description") or ""
        if re.search(r"\bFROM\s*;?\s*$", masked, re.I):
            # Measured on Athena by the authors of athena-local, September 2026.
            raise invalid_request("Queries of this type are not supported", MALFORMED_QUERY) from error
        if "<class" in expected:
            # sqlglot's name for a part that is missing says nothing about the text.
            expected = "Expecting: <expression>"
        message = f"line {line}:{column}: mismatched input '{found}'. {expected}".strip()
        raise invalid_request(message, MALFORMED_QUERY) from error
    except TokenError as error:
        raise invalid_request(f"line 1:1: {error}", MALFORMED_QUERY) from error
    except RecursionError as error:
        raise invalid_request("The query is nested too deeply", MALFORMED_QUERY) from error
    if len(_CONNECTORS.findall(masked)) > MANY_CONDITIONS:
        trees = [_with_flat_conditions(tree) for tree in trees]
    for tree in trees:
        nodes = list(tree.walk())
        _check_limits(nodes, sql)
        _name_values(nodes)
    if not trees:
        raise invalid_request(
            "Query string is empty" if not sql.strip() else "line 1:1: mismatched input '<EOF>'", MALFORMED_QUERY
        )
    if len(trees) > 1:
        raise invalid_request(f"Only one sql statement is allowed. Got: {sql}", MALFORMED_QUERY)
    if isinstance(trees[0], exp.Command) and re.match(
        r"\s*(?:OR\s+REPLACE\s+)?(?:TABLE|VIEW)\b", trees[0].text("expression"), re.I
    ):
        raise invalid_request("line 1:1: mismatched input 'CREATE'. Expecting: <query>", MALFORMED_QUERY)
    if (other := grammar.foreign(trees[0], tokens, sql)) is not None:
        start, found = other
        line, column = sql.count("\n", 0, start) + 1, start - sql.rfind("\n", 0, start)
        raise invalid_request(f"line {line}:{column}: mismatched input '{found}'", MALFORMED_QUERY)
    return trees[0]


def _with_flat_conditions(tree: exp.Expr) -> exp.Expr:
    """Halve long chains of AND and OR again and again, so that what follows them does not go down a step for each."""
    for node in list(tree.find_all(exp.And, exp.Or)):
        if isinstance(node.parent, type(node)):
            continue
        terms = list(node.flatten(unnest=False))
        if len(terms) > MANY_CONDITIONS:
            whole = _halved(terms, type(node))
            if node is tree:
                tree = whole
            else:
                node.replace(whole)
    return tree


def _halved(terms: list[exp.Expr], connector: type[exp.Expr]) -> exp.Expr:
    if len(terms) == 1:
        return terms[0]
    middle = len(terms) // 2
    return connector(this=_halved(terms[:middle], connector), expression=_halved(terms[middle:], connector))


def _name_values(nodes: list[exp.Expr]) -> None:
    """Read ``(VALUES …) a(x)`` in brackets and before joins as what it is elsewhere, a query with an alias."""
    for node in nodes:
        if isinstance(node, exp.Table) and isinstance(node.this, exp.Values):
            node.replace(_aliased_values(node.this, node))
        elif isinstance(node, exp.Values) and node.args.get("joins"):
            node.replace(_aliased_values(exp.Values(expressions=node.expressions), node))


def _aliased_values(values: exp.Expr, source: exp.Expr) -> exp.Subquery:
    kept = {name: source.args[name] for name in ("alias", "joins", "laterals", "sample") if source.args.get(name)}
    aliased = exp.Subquery(this=values, **kept)
    aliased.meta.update(source.meta)
    return aliased


def _check_names(tokens: list[Token], sql: str) -> None:
    """Refuse a name of no letters."""
    for token in tokens:
        if token.token_type is TokenType.IDENTIFIER and not token.text:
            before = sql[: token.start]
            line, column = before.count("\n") + 1, token.start - before.rfind("\n")
            message = f"line {line}:{column}: Zero-length delimited identifier not allowed"
            raise invalid_request(message, MALFORMED_QUERY)


def _check_limits(nodes: list[exp.Expr], sql: str) -> None:
    """Refuse a LIMIT, OFFSET or FETCH of something else than a number, a parameter or, for LIMIT, ALL."""
    for node in nodes:
        if not isinstance(node, exp.Limit | exp.Offset | exp.Fetch):
            continue
        count = node.args.get("count") if isinstance(node, exp.Fetch) else node.expression
        is_number = isinstance(count, exp.Literal) and count.is_int
        if count is None or is_number or isinstance(count, exp.Placeholder | exp.Parameter | exp.All):
            continue
        if isinstance(node, exp.Limit):
            if isinstance(count, exp.Column | exp.Var | exp.Identifier) and count.name.upper() == "ALL":
                continue
            expected = "'?', 'ALL', <integer>"
        else:
            expected = "'?', 'ROW', 'ROWS', <integer>" if isinstance(node, exp.Fetch) else "'?', <integer>"
        text = count.sql(dialect="trino")
        found = "(" if text.startswith("(") else text
        raise invalid_request(
            f"{place(sql, count)}: mismatched input '{found}'. Expecting: {expected}", MALFORMED_QUERY
        )


def _adjacent_text(sql: str) -> re.Match[str] | None:
    """Give the second of two texts with nothing but space between, which others join and Trino refuses."""
    end = -1
    for found in _TEXTS.finditer(sql):
        is_text = found[0][0] == "'"
        if is_text and 0 <= end < found.start() and sql[end : found.start()].isspace():
            return found
        end = found.end() if is_text else -1
    return None


def _with_plain_literals(sql: str, masked: str) -> str:
    """Write numbers and bytes as sqlglot reads them, each in the place and width that it has."""
    for found in _NUMBER.finditer(masked):
        text = found[0].replace("_", "")
        digits = str(int(text, 0)) if text[1:2].isalpha() else text
        sql = sql[: found.start()] + digits.ljust(len(found[0])) + sql[found.end() :]
    return _HEXADECIMAL.sub(
        lambda text: text[0].replace(" ", "").ljust(len(text[0])) if " " in text[0] else text[0], sql
    )


# Operators that Trino's messages point at, where for others they point at the beginning.
_OPERATORS = (
    *(exp.Add, exp.Sub, exp.Mul, exp.Div, exp.Mod, exp.DPipe),
    *(exp.EQ, exp.NEQ, exp.LT, exp.LTE, exp.GT, exp.GTE, exp.NullSafeEQ, exp.NullSafeNEQ),
)


_DISTINCT = re.compile(r"\bIS(\s+NOT)?\s+DISTINCT\s+FROM$", re.IGNORECASE)


_NOT = re.compile(r"\bNOT\s+$", re.IGNORECASE)


def place(sql: str, node: exp.Expr) -> str:
    """Give where a node stands as messages show it, ``line 1:8``, both counted from 1."""
    start = _start(node)
    if isinstance(node, exp.NullSafeEQ | exp.NullSafeNEQ) and (found := _DISTINCT.search(sql[: start + 4])):
        start = found.start()
    if isinstance(node, exp.Between) and (found := _NOT.search(sql[:start])):
        start = found.start()
    return f"line {sql.count(chr(10), 0, start) + 1}:{start - sql.rfind(chr(10), 0, start)}"


def _start(node: exp.Expr) -> int:
    if isinstance(node, exp.Paren | exp.Alias | exp.Ordered):
        return _start(node.this)
    second = node.args.get("low") if isinstance(node, exp.Between) else None
    if isinstance(node, _OPERATORS):
        second = node.expression
    while isinstance(second, exp.Expr):
        if "before" in second.meta:
            return int(second.meta["before"])
        second = second.args.get("this")
    if "start" in node.meta:
        return int(node.meta["start"])
    return min((each.meta["start"] for each in node.walk() if "start" in each.meta), default=0)
