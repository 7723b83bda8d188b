"""What every part of the analysis has: the text, the tables, and the way to the other parts."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Sequence

from sqlglot import exp

from toolkit.local.athena.errors import QueryError
from toolkit.local.athena.sql.analysis.correlation import can_be_joined
from toolkit.local.athena.sql.analysis.scopes import (
    ColumnsOf,
    Field,
    Scope,
    Source,
)
from toolkit.local.athena.sql.dialect import place
from toolkit.local.athena.sql.functions import (
    Kind,
)


class Analysis:
    """One analysis of one query; its parts are classes of their own, and this is what they know of each other."""

    def __init__(self, sql: str, columns_of: ColumnsOf) -> None:
        self.sql = sql
        self.columns_of = columns_of
        # For names that no other thing of the query has.
        self.numbers = itertools.count()

    def error(self, name: str, node: exp.Expr, message: str) -> QueryError:
        """Give a refusal that names the place of a node."""
        return QueryError(f"{name}: {place(self.sql, node)}: {message}")

    def query(self, tree: exp.Expr, outer: Scope) -> tuple[Field, ...]:
        """Type a query and give its columns."""
        raise NotImplementedError

    def subquery(
        self, tree: exp.Expr, node: exp.Expr, scope: Scope, *, is_membership: bool = False
    ) -> tuple[Field, ...]:
        """Type a query that may speak of the one around it, and refuse what Trino can't run; *node* is what holds it."""
        inner = Scope(scope)
        fields = self.query(tree, inner)
        if not can_be_joined(tree, inner.number, is_membership=is_membership):
            while isinstance(node, exp.Subquery | exp.SetOperation):
                # A set operation is noted where its word stands.
                node = node.this
            raise self.error("NOT_SUPPORTED", node, "Given correlated subquery is not supported")
        return fields

    def source(self, node: exp.Expr, scope: Scope) -> Source:
        """Type something in FROM."""
        raise NotImplementedError

    def add_sources(self, node: exp.Expr, scope: Scope) -> None:
        """Add what one item of FROM gives to the scope."""
        raise NotImplementedError

    def join(self, join: exp.Join, scope: Scope) -> None:
        """Type a join, and add what it joins to the scope."""
        raise NotImplementedError

    def condition(self, node: exp.Expr, scope: Scope, clause: str) -> None:
        """Type an expression that must be true or false."""
        raise NotImplementedError

    def recognize(self, relation: exp.Expr, scope: Scope) -> exp.Expr:
        """Put a sub-query into the place of a relation with MATCH_RECOGNIZE, and give it."""
        raise NotImplementedError

    def scalar(self, node: exp.Expr, clause: str) -> None:
        """Refuse aggregates and window functions in a clause that judges single rows."""
        raise NotImplementedError

    def kind(self, node: exp.Expr, scope: Scope) -> Kind:
        """Type an expression."""
        raise NotImplementedError

    def kinds(self, nodes: Iterable[object], scope: Scope) -> list[Kind]:
        """Type the expressions among these."""
        raise NotImplementedError

    def unified(self, kinds: Sequence[Kind], nodes: Sequence[exp.Expr], message: str, *, first: Kind = None) -> Kind:
        """Give the type of branches that must have one, and make each of them that."""
        raise NotImplementedError

    def call(self, node: exp.Anonymous, scope: Scope) -> Kind:
        """Type a call."""
        raise NotImplementedError

    def window(self, node: exp.Window, scope: Scope) -> Kind:
        """Type a call over a window."""
        raise NotImplementedError

    def window_parts(self, node: exp.Window, scope: Scope) -> None:
        """Type what stands in the brackets of a window."""
        raise NotImplementedError

    def filtered(self, node: exp.Filter, scope: Scope) -> None:
        """Check the condition of an aggregate."""
        raise NotImplementedError

    def trimmed(self, node: exp.Trim, scope: Scope) -> Kind:
        """Type TRIM."""
        raise NotImplementedError

    def at_time_zone(self, node: exp.Expr, zone: exp.Expr, scope: Scope) -> Kind:
        """Type what brings an instant to a zone."""
        raise NotImplementedError

    def json_call(self, node: exp.Anonymous, kinds: Sequence[Kind]) -> Kind:
        """Type a call of SQL/JSON."""
        raise NotImplementedError
