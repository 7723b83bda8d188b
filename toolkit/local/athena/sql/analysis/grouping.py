"""Aggregates in expressions, and what a query groups by."""

from __future__ import annotations

from sqlglot import exp

from toolkit.local.athena.sql.functions import (
    FUNCTIONS,
)


def is_aggregate(node: exp.Expr) -> bool:
    """Whether a node is a call of an aggregate, and over no window."""
    if not isinstance(node, exp.Anonymous) or isinstance(_holder(node), exp.Window):
        return False
    function = FUNCTIONS.get(node.name.lower())
    return function is not None and function.is_aggregate


def is_aggregate_name(name: str) -> bool:
    """Whether that is the name of an aggregate."""
    function = FUNCTIONS.get(name.lower())
    return function is not None and function.is_aggregate


def _holder(node: exp.Expr) -> exp.Expr | None:
    parent = node.parent
    while isinstance(parent, exp.Filter | exp.IgnoreNulls | exp.RespectNulls | exp.WithinGroup):
        parent = parent.parent
    # A window holds the call itself, and other things in its clauses.
    return (
        parent
        if isinstance(parent, exp.Window) and parent.this.find(type(node)) is not None and node.arg_key == "this"
        else None
    )


def aggregates(node: exp.Expr) -> list[exp.Expr]:
    """Give the aggregates in an expression, outside of sub-queries."""
    return [each for each in node.walk(prune=lambda part: isinstance(part, exp.Query)) if is_aggregate(each)]


def filtered_aggregates(node: exp.Expr) -> list[exp.Expr]:
    """Give the aggregates in an expression with their FILTER."""
    return [each.parent if isinstance(each.parent, exp.Filter) else each for each in aggregates(node)]


def mark_before_try(node: exp.Expr) -> None:
    """Note the aggregates and windows in what TRY or TRY_CAST takes: they are made before it."""
    for each in node.walk(prune=lambda part: isinstance(part, exp.Query | exp.Window)):
        if isinstance(each, exp.Window) or is_aggregate(each):
            while isinstance(each.parent, exp.Filter | exp.WithinGroup):
                each = each.parent
            each.meta["comes_before_try"] = True


def grouping_keys(group: exp.Group, tree: exp.Select) -> list[exp.Expr]:
    """Give all by which a query groups, in any of its grouping sets."""
    structure = (exp.Group, exp.Tuple, exp.Paren, exp.GroupingSets, exp.Cube, exp.Rollup)
    keys: list[exp.Expr] = []
    for each in group.walk():
        if isinstance(each, exp.Group) or not isinstance(each.parent, structure):
            continue
        if isinstance(each, exp.Literal) and each.is_int and int(each.name) <= len(tree.expressions):
            keys.append(tree.expressions[int(each.name) - 1])
        keys.append(each)
    return keys


def selected(tree: exp.Expr) -> list[exp.Expr]:
    """Give what a query selects, with and without its aliases."""
    return [
        part for each in tree.expressions for part in ((each.this, each) if isinstance(each, exp.Alias) else (each,))
    ]


def plain_text(node: exp.Expr) -> str:
    """Give an expression as text in which equal ones are alike, however their columns are named."""
    while isinstance(node, exp.Alias | exp.Paren):
        node = node.this
    copied = node.copy()
    for column in list(copied.find_all(exp.Column)):
        column.set("table", None)
    return (
        str(copied.sql(dialect="trino", normalize_functions="lower", comments=False, copy=False))
        .lower()
        .replace('"', "")
    )


def ungrouped(node: exp.Expr, keys: set[str]) -> exp.Expr | None:
    """Give a column that stands neither in an aggregate nor in an expression that is grouped by."""
    if isinstance(node, exp.Query | exp.Lambda) or is_aggregate(node) or plain_text(node) in keys:
        return None
    if isinstance(node, exp.Column):
        return node
    if isinstance(node, exp.Anonymous) and node.name.lower() == "grouping":
        return None
    if isinstance(node, exp.Filter | exp.WithinGroup) and aggregates(node.this):
        return None
    for child in node.iter_expressions():
        found = ungrouped(child, keys)
        if found is not None:
            return found
    return None
