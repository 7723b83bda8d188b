"""
Names and types: each column of a query is resolved, each expression gets the type that Trino gives it.

The types decide how the query is translated (``7 / 2`` of integers is 3) and what is refused: DuckDB compares a number
with text, Trino does not. Where a type is not known here it is None, and nothing is refused on its account.
Types are left on the nodes as ``meta["kind"]``; resolved stars are expanded in place.
"""

from __future__ import annotations

from sqlglot import exp

from toolkit.local.athena.sql.analysis.calls import Calls
from toolkit.local.athena.sql.analysis.expressions import Expressions
from toolkit.local.athena.sql.analysis.json_calls import JsonCalls
from toolkit.local.athena.sql.analysis.queries import Queries
from toolkit.local.athena.sql.analysis.relations import Relations
from toolkit.local.athena.sql.analysis.row_patterns import RowPatterns
from toolkit.local.athena.sql.analysis.scopes import ColumnsOf, Field, Scope

__all__ = ["Field", "analyse"]


def analyse(tree: exp.Expr, sql: str, columns_of: ColumnsOf) -> tuple[Field, ...]:
    """
    Resolve and type a query in place, and give the columns of its result.

    Raises:
        QueryError: a name means nothing or too much here, or a type does not fit.
    """
    return _Analyser(sql, columns_of).query(tree, Scope())


class _Analyser(Queries, Relations, Expressions, Calls, JsonCalls, RowPatterns):
    """All parts together."""
