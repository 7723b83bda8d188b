"""What can be named at a place of a query: sources, their columns, common table expressions, lambda parameters."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace

from sqlglot import exp

from toolkit.local.athena.sql.functions import (
    Kind,
)


@dataclass(frozen=True, slots=True)
class Field:
    """
    A column that can be named: its name in lower case, its type, and whether a star leaves it out.

    ``written`` is the name as the query has it, where letters of it are large. A column without a name of its own goes
    by ``_col0`` in results, and nothing but a star reaches it. ``stored`` is DuckDB's name for it, where another column
    has the same.
    """

    name: str
    kind: Kind
    is_hidden: bool = False
    written: str = ""
    is_unnamed: bool = False
    stored: str = ""

    @property
    def column(self) -> str:
        """The name by which DuckDB knows the column."""
        return self.stored or self.name

    @property
    def label(self) -> str:
        """The name under which a result shows the column."""
        return self.written or self.name


@dataclass(frozen=True, slots=True)
class Source:
    """
    Something in FROM: the name it goes by, and its columns.

    ``qualifiers`` are the database and catalogue it may carry, ``stored`` is DuckDB's name for a sub-query that has none.
    """

    alias: str
    fields: tuple[Field, ...]
    qualifiers: tuple[str, ...] = ()
    stored: str = ""
    _by_name: dict[str, list[Field]] = field(default_factory=dict, init=False, repr=False, compare=False)

    def named(self, name: str) -> list[Field]:
        """Give the columns that may be meant by a name, in their order."""
        if not self._by_name:
            for each in self.fields:
                for known in {each.name, each.stored}:
                    self._by_name.setdefault(known, []).append(each)
        return self._by_name.get(name, [])


_NUMBERS = itertools.count()


@dataclass(slots=True)
class Scope:
    """
    What can be named at a place: sources here, those around it, common table expressions and lambda parameters.

    Scopes are numbered as they are made, so that one inside of a query has a greater number than those around it.
    """

    outer: Scope | None = None
    sources: list[Source] = field(default_factory=list)
    tables: dict[str, tuple[Field, ...]] = field(default_factory=dict)
    parameters: dict[str, Kind] = field(default_factory=dict)
    merged: dict[str, Field] = field(default_factory=dict)
    number: int = field(default_factory=lambda: next(_NUMBERS))

    def table(self, name: str) -> tuple[Field, ...] | None:
        """Find a common table expression."""
        scope: Scope | None = self
        while scope is not None:
            if name in scope.tables:
                return scope.tables[name]
            scope = scope.outer
        return None


ColumnsOf = Callable[[exp.Table], tuple[Field, ...]]


def scope_parameter(scope: Scope, name: str) -> Kind:
    """Give the type of a lambda parameter that can be named here."""
    return all_parameters(scope).get(name.lower())


def all_parameters(scope: Scope | None) -> dict[str, Kind]:
    """Give the types of all lambda parameters that can be named here."""
    parameters: dict[str, Kind] = {}
    while scope is not None:
        parameters = {**scope.parameters, **parameters}
        scope = scope.outer
    return parameters


def output_name(expression: exp.Expr, number: int) -> str:
    """Give the name of a column of a result, in lower case."""
    return (_written_name(expression) or f"_col{number}").lower()


def output_field(expression: exp.Expr, number: int, kind: Kind) -> Field:
    """Give the column that an expression makes in a result."""
    written = _written_name(expression)
    name = output_name(expression, number)
    is_unnamed = not written or "unnamed" in expression.meta
    return Field(name, kind, written=written if written != name else "", is_unnamed=is_unnamed)


def _written_name(expression: exp.Expr) -> str:
    while isinstance(expression, exp.Paren):
        expression = expression.this
    if isinstance(expression, exp.Alias | exp.Column):
        return str(expression.meta.get("written") or expression.alias_or_name)
    if not isinstance(expression, exp.Dot):
        return ""
    if expression.meta.get("is_field"):
        return str(expression.meta["written"])
    # A field has a name where it is one of a column, and not where it is one of another value.
    whole: exp.Expr = expression
    while isinstance(whole, exp.Dot | exp.Paren):
        whole = whole.this
    return str(expression.meta.get("written") or expression.expression.name) if isinstance(whole, exp.Column) else ""


def renamed(fields: tuple[Field, ...], names: Sequence[str]) -> tuple[Field, ...]:
    """Give columns under other names, if there are any."""
    if not names:
        return fields
    visible = [each for each in fields if not each.is_hidden]
    return tuple(Field(name.lower(), each.kind, written=name) for name, each in zip(names, visible, strict=False))


def told_apart(fields: tuple[Field, ...]) -> tuple[Field, ...]:
    """Give the columns of a sub-query with names of their own in DuckDB, where several have one name."""
    names = [each.name for each in fields]
    if len(set(names)) == len(names):
        return fields
    return tuple(
        replace(each, stored=f"{each.name}__{number}") if names.count(each.name) > 1 else each
        for number, each in enumerate(fields)
    )


def stored_alias(name: str, fields: Sequence[Field]) -> exp.TableAlias:
    """Give an alias that lists the columns by their names in DuckDB."""
    columns = [exp.to_identifier(each.column, quoted=True) for each in fields]
    return exp.TableAlias(this=exp.to_identifier(name, quoted=True), columns=columns)


def alias_columns(node: exp.Expr) -> list[str]:
    """Give the names of columns that an alias lists, as they are written."""
    alias = node.args.get("alias")
    return [column.name for column in alias.columns] if isinstance(alias, exp.TableAlias) else []


def column_node(name: str, table: str = "") -> exp.Column:
    """Give a node that names a column, quoted."""
    return exp.column(exp.to_identifier(name, quoted=True), exp.to_identifier(table, quoted=True) if table else None)
