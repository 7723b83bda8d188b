"""
Sub-queries that speak of the query around them, and those of them that Trino can't take apart.

Trino makes a join of each such sub-query, and refuses those of which it can't; DuckDB runs them all. What is refused here is
what Trino 435 was seen to refuse, and nothing where that is in doubt.

Source: io.trino.sql.planner.optimizations.PlanNodeDecorrelator of Trino 435, and the answers in ``tests/local/reference``.
"""

from __future__ import annotations

from collections.abc import Iterator

from sqlglot import exp

from toolkit.local.athena.sql.analysis.grouping import aggregates, is_aggregate


def speaks_outwards(node: exp.Expr, before: int) -> bool:
    """Whether a node names a column of a scope that is older than that number."""
    return any(_is_outer(column, before) for column in node.find_all(exp.Column))


def can_be_joined(query: exp.Expr, before: int, *, is_membership: bool = False) -> bool:
    """Whether Trino can run a sub-query, all scopes of which have that number or a greater one; IN takes fewer of them."""
    query = query.unnest() if isinstance(query, exp.Subquery) else query
    if not speaks_outwards(query, before):
        return True
    match query:
        case exp.Values():
            return len(query.expressions) == 1 and not is_membership
        case exp.Select():
            return _select(query, before, is_membership=is_membership)
    return False


def _select(query: exp.Select, before: int, *, is_membership: bool) -> bool:
    sources = list(_sources(query))
    chosen = [each.unalias() for each in query.expressions]
    speaking = [each for each in chosen if speaks_outwards(each, before)]
    where, limit, order = (query.args.get(name) for name in ("where", "limit", "order"))
    is_aggregated = bool(query.args.get("group")) or any(map(aggregates, chosen))
    if any(isinstance(each, exp.Unnest) and speaks_outwards(each, before) for each in sources):
        # Nothing may stand between the array and what is made of its elements.
        if len(sources) == 2 and holds_one_row(sources[0]) and _is_left_join(sources[1]):
            return not (where or is_membership or _is_listed(query))
        is_filtered = any(each.find(exp.Filter) for each in chosen)
        return len(sources) == 1 and not (where or is_membership or is_filtered)
    if any(each.find(exp.Window) for each in chosen):
        return False
    if not sources:
        return not is_membership if where is None else _is_choice(query, before, is_membership=is_membership)
    if is_membership and (is_aggregated or speaking or limit or query.args.get("distinct")):
        return False
    if any(_aggregates_outwards(each, before) for each in chosen):
        return False
    if speaking and not is_aggregated and not _is_checked_for_rows_alone(query) and not _is_one_row(query, sources):
        return False
    if any(speaks_outwards(each, before) for part in (*chosen, where) if part for each in part.find_all(exp.Query)):
        return False
    if query.args.get("having") and not query.args.get("group"):
        return False
    if query.args.get("distinct") and _bound(query, before) is None:
        return False
    if limit is not None and not is_aggregated and not _is_limited(query, before, has_order=order is not None):
        return False
    if limit is not None and order is None and query.args.get("group") and not _is_grouped_by_bound(query, before):
        return False
    inner = [each.this for each in sources if isinstance(each, exp.Subquery) and isinstance(each.this, exp.Query)]
    if is_aggregated and any(_is_one_group(each) and speaks_outwards(each, before) for each in inner):
        return False
    return all(can_be_joined(each, before) for each in inner)


def _is_choice(query: exp.Select, before: int, *, is_membership: bool) -> bool:
    """Whether Trino can run a query of WHERE without FROM, which chooses between a row and none."""
    chosen = [each.unalias() for each in query.expressions]
    is_aggregated = bool(query.args.get("group")) or any(map(aggregates, chosen))
    if is_membership and is_aggregated:
        return False
    if any(_aggregates_outwards(each, before) for each in chosen) or query.args["where"].find(exp.Query):
        return False
    if query.args.get("having") and not query.args.get("group"):
        return False
    is_speaking = any(speaks_outwards(each, before) for each in chosen)
    return not is_speaking or is_aggregated or (_is_checked_for_rows_alone(query) and not is_membership)


def _is_one_group(query: exp.Expr) -> bool:
    """Whether a query aggregates all its rows to one."""
    return isinstance(query, exp.Select) and not query.args.get("group") and any(map(aggregates, query.expressions))


def _is_grouped_by_bound(query: exp.Select, before: int) -> bool:
    bound = _bound(query, before) or set()
    return all(isinstance(each, exp.Column) and each.name in bound for each in query.args["group"].expressions)


def _sources(query: exp.Select) -> Iterator[exp.Expr]:
    if from_ := query.args.get("from_"):
        yield from_.this
    for join in query.args.get("joins") or ():
        yield join.this
    yield from query.args.get("laterals") or ()


def _is_listed(query: exp.Expr) -> bool:
    """Whether an aggregate around shows the order of the rows, which DuckDB's outer joins turn round."""
    select: exp.Expr | None = query
    while select is not None:
        if any(
            each.name.lower() in ("array_agg", "multimap_agg")
            for part in select.expressions
            for each in aggregates(part)
        ):
            return True
        select = select.find_ancestor(exp.Select)
    return False


def _is_left_join(source: exp.Expr) -> bool:
    return isinstance(source.parent, exp.Join) and str(source.parent.args.get("side") or "").upper() == "LEFT"


def _is_one_row(query: exp.Select, sources: list[exp.Expr]) -> bool:
    """Whether what a query reads is one row of VALUES, of which Trino needs no join."""
    changed = any(query.args.get(name) for name in ("where", "offset", "order", "distinct", "having"))
    return len(sources) == 1 and holds_one_row(sources[0]) and not changed


def holds_one_row(source: exp.Expr) -> bool:
    """Whether something in FROM is one row by the way it is written."""
    only = source.this if isinstance(source, exp.Subquery) else source
    if isinstance(only, exp.Select):
        return not any(only.args.get(name) for name in ("from_", "where", "limit", "offset", "having"))
    return isinstance(only, exp.Values) and len(only.expressions) == 1


def _aggregates_outwards(node: exp.Expr, before: int) -> bool:
    """Whether an aggregate takes a value of the query around, in its arguments or its condition."""
    return any(
        speaks_outwards(each.parent if isinstance(each.parent, exp.Filter) else each, before)
        for each in node.walk(prune=lambda part: isinstance(part, exp.Query))
        if is_aggregate(each)
    )


def _is_checked_for_rows_alone(query: exp.Expr) -> bool:
    parent = query.parent
    while isinstance(parent, exp.Subquery):
        parent = parent.parent
    return isinstance(parent, exp.Exists)


def _bound(query: exp.Select, before: int) -> set[str] | None:
    """Give the columns that WHERE binds to values of the query around, None where it compares with more than ``=``."""
    where = query.args.get("where")
    terms = list(where.this.flatten()) if where and isinstance(where.this, exp.And) else [where.this] if where else []
    bound: set[str] = set()
    for term in terms:
        if not speaks_outwards(term, before):
            continue
        if all(_is_outer(column, before) for column in term.find_all(exp.Column)):
            # It holds for all rows of the sub-query or for none.
            continue
        sides = [term.left, term.right] if isinstance(term, exp.EQ) else []
        inner = [each for each in sides if isinstance(each, exp.Column) and not _is_outer(each, before)]
        if len(inner) != 1 or {_kind_name(each) for each in sides} in ({"bigint", "double"}, {"bigint", "float"}):
            # As doubles several integers are one.
            return None
        bound.add(inner[0].name)
    return bound


def _is_limited(query: exp.Select, before: int, *, has_order: bool) -> bool:
    """Whether the first rows can be found for each value of the query around."""
    bound = _bound(query, before)
    limit = query.args["limit"]
    count = limit.args.get("count") or limit.args.get("expression")
    if bound is None or has_order or _is_checked_for_rows_alone(query) or (count is not None and count.name != "1"):
        return bound is not None
    chosen = [each.unalias() for each in query.expressions]
    return all(
        isinstance(each, exp.Literal) or (isinstance(each, exp.Column) and each.name in bound) for each in chosen
    )


def _is_outer(column: exp.Column, before: int) -> bool:
    return bool(column.meta.get("scope", before) < before)


def _kind_name(node: exp.Expr) -> str:
    kind = node.meta.get("kind")
    return kind.name if kind is not None else ""
