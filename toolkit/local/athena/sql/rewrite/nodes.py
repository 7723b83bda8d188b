"""What the rewrites build trees of DuckDB's from."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from typing import Any

from sqlglot import exp
from sqlglot.generators.duckdb import DuckDBGenerator

from toolkit.local.athena.hive_types import HiveType, duckdb_text
from toolkit.local.athena.sql.coercion import FLOATING
from toolkit.local.athena.sql.macros import QUIET

# Gives the tree of DuckDB's for a node of Trino's.
Rule = Callable[[Any], exp.Expr]


class Unsupported(Exception):
    """Something that the local Athena can't do; whoever holds the query's text says where it stands."""

    def __init__(self, node: exp.Expr, what: str) -> None:
        super().__init__(what)
        self.node = node


def kind_name(node: exp.Expr) -> str:
    """Give the name of a node's type, "" where it is not known."""
    kind = node.meta.get("kind")
    return kind.name if kind is not None else ""


def may_be_nan(node: exp.Expr) -> bool:
    """Whether an expression could be NaN: no literal is, nor what has another type."""
    if kind_name(node) not in FLOATING and kind_name(node):
        return False
    while isinstance(node, exp.Paren | exp.Cast | exp.Neg):
        node = node.this
    return not isinstance(node, exp.Literal)


def may_be_null(node: exp.Expr) -> bool:
    """Whether an expression could be NULL, as no literal is."""
    while isinstance(node, exp.Paren | exp.Cast | exp.Neg):
        node = node.this
    return not isinstance(node, exp.Literal)


def call(name: str, *arguments: exp.Expr) -> exp.Anonymous:
    """Give a call of a function of DuckDB's."""
    return exp.Anonymous(this=name, expressions=list(arguments))


def macro(name: str, *arguments: exp.Expr) -> exp.Anonymous:
    """Give a call of one of our macros."""
    return call(f"trino.{name}", *arguments)


def tried(node: exp.Expr) -> exp.Expr:
    """
    Give NULL for an expression's errors, also for those that macros raise on purpose.

    DuckDB's TRY takes no aggregates and windows, and those of Trino are made before it: it gets their results in a row.
    """
    marked = node.walk(prune=lambda part: bool(part.meta.get("comes_before_try")))
    parts = [each for each in marked if each.meta.get("comes_before_try")]
    if not parts:
        return _tried(node)
    held = exp.to_identifier(f"aggregates{nesting(node)}__")
    members = [(f"a{number}", each.copy()) for number, each in enumerate(parts)]
    whole = exp.Paren(this=node.copy() if node.parent else node)
    marked = whole.walk(prune=lambda part: bool(part.meta.get("comes_before_try")))
    for (name, _), each in zip(members, [each for each in marked if each.meta.get("comes_before_try")], strict=True):
        each.replace(call("struct_extract", held.copy(), exp.Literal.string(name)))
    body = exp.Lambda(this=_tried(whole.this), expressions=[held])
    made = call("list_transform", call("list_value", struct(members)), body)
    return call("list_extract", made, exp.Literal.number(1))


def _tried(node: exp.Expr) -> exp.Expr:
    for each in node.find_all(exp.Anonymous):
        schema, dot, name = each.name.partition(".")
        if dot and not name.startswith(QUIET) and _passes_null(each, node):
            each.set("this", f"{schema}.{QUIET}{name}")
    return call("TRY", node)


def _passes_null(node: exp.Expr, whole: exp.Expr) -> bool:
    """Whether a NULL in the place of a node makes a NULL of the whole."""
    while node is not whole:
        parent = node.parent
        is_macro = isinstance(parent, exp.Anonymous) and "." in parent.name
        if parent is None or not (isinstance(parent, _STRICT) or (is_macro and not _TAKES_NULL.search(parent.name))):
            return False
        node = parent
    return True


# What gives NULL wherever an operand is that.
_STRICT = (
    *(exp.Paren, exp.Cast, exp.Neg, exp.Not, exp.DPipe),
    *(exp.Add, exp.Sub, exp.Mul, exp.Div, exp.IntDiv, exp.Mod),
    *(exp.EQ, exp.NEQ, exp.LT, exp.LTE, exp.GT, exp.GTE, exp.Like),
)
# Macros that make something of a NULL.
_TAKES_NULL = re.compile(
    r"concat_ws|format$|sql_json|\barray_join|_of$|_entries$|json_cast|histogram|recursion|comparison"
)


def paren(node: exp.Expr) -> exp.Expr:
    """Put an expression in parentheses, where its place could tear it apart."""
    if isinstance(node, exp.Binary | exp.Not | exp.Between | exp.In | exp.Case | exp.Lambda | exp.Neg):
        wrapped = exp.Paren(this=node)
        wrapped.meta["kind"] = node.meta.get("kind")
        return wrapped
    return node


def as_type(node: exp.Expr, duckdb_type: str) -> exp.Expr:
    """Cast to a type of DuckDB's."""
    return exp.Cast(this=node, to=exp.DataType.build(duckdb_type, dialect="duckdb"))


def as_kind(node: exp.Expr, target: HiveType) -> exp.Expr:
    """Cast to the type of DuckDB's that holds the values of one of Trino's."""
    return as_type(node, duckdb_text(target))


def struct(members: Iterable[tuple[str, exp.Expr]]) -> exp.Expr:
    """Give a row of these members."""
    return exp.Struct(
        expressions=[
            exp.PropertyEQ(this=exp.to_identifier(name, quoted=True), expression=value) for name, value in members
        ]
    )


def members_of(row: exp.Expr, names: Sequence[str]) -> list[exp.Expr]:
    """Return the members of *row*: those that it is made of, or else a call for each."""
    if isinstance(row, exp.Struct):
        return [member.expression for member in row.expressions]
    return [call("struct_extract", row.copy(), exp.Literal.string(name)) for name in names]


def unless_null(value: exp.Expr, result: exp.Expr) -> exp.Expr:
    """Give *result*, or NULL where *value* is that."""
    return exp.Case(
        ifs=[exp.If(this=exp.Is(this=paren(value.copy()), expression=exp.Null()), true=exp.Null())], default=result
    )


def nesting(value: exp.Expr) -> int:
    """Give how many lambdas stand in a value, for names that no other has."""
    return sum(1 for _ in value.find_all(exp.Lambda))


def once(value: exp.Expr, make: Callable[[exp.Expr], exp.Expr]) -> exp.Expr:
    """Give what *make* gives of a value, which is worked out once wherever it stands in that."""
    if isinstance(value, exp.Column | exp.Literal):
        return make(value)
    name = exp.to_identifier(f"once{nesting(value)}__")
    body = exp.Lambda(this=make(name.copy()), expressions=[name])
    return call("list_extract", call("list_transform", call("list_value", value), body), exp.Literal.number(1))


def substituted(body: exp.Expr, members: dict[str, tuple[str, str]]) -> exp.Expr:
    """Give a lambda's body with members of another's parameter, (name, member), in the place of its own parameters."""
    lowered = {name.lower(): member for name, member in members.items()}
    for each in list(body.find_all(exp.Column, exp.Identifier)):
        if isinstance(each, exp.Identifier) and isinstance(each.parent, exp.Column):
            continue
        member = lowered.get(each.name.lower())
        if member is not None:
            value = call("struct_extract", exp.to_identifier(member[0]), exp.Literal.string(member[1]))
            if each is body:
                return value
            each.replace(value)
    return body


def sql_text(tree: exp.Expr, *, copy: bool = True) -> str:
    """Give a tree of DuckDB's as text; without a copy the tree is of no use afterwards."""
    return str(_Generator(dialect="duckdb", normalize_functions=False).generate(tree, copy=copy))


class _Generator(DuckDBGenerator):
    # corr(DISTINCT x, y)
    MULTI_ARG_DISTINCT = True

    def ignorenulls_sql(self, expression: exp.IgnoreNulls) -> str:
        return f"{self.sql(expression, 'this')} IGNORE NULLS"
