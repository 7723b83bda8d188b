"""
Trino's tree to DuckDB's: one function per kind of node, children before parents.

Types come from ``analysis``; what can't be said in DuckDB is refused by name. Each module has the rules of its subject in
two tables: ``RULES`` by the class of a node, ``CALLS`` by the name of a function.
"""

from __future__ import annotations

from sqlglot import exp

from toolkit.local.athena.errors import QueryError
from toolkit.local.athena.hive_types import HiveType, trino_text
from toolkit.local.athena.sql.dialect import place
from toolkit.local.athena.sql.functions import Kind
from toolkit.local.athena.sql.macros import LOUD, may_refuse
from toolkit.local.athena.sql.rewrite import (
    aggregates,
    calls,
    casts,
    containers,
    instants,
    operators,
    queries,
    texts,
    times,
)
from toolkit.local.athena.sql.rewrite.casts import cast_to
from toolkit.local.athena.sql.rewrite.json_calls import mark_json
from toolkit.local.athena.sql.rewrite.nodes import Rule, Unsupported, sql_text

__all__ = ["assigned", "to_duckdb"]

# Calls, and macros, that make something of a NULL.
_TAKE_NULL = frozenset({"coalesce", "count", "list_value", "trino.array_join", "trino.concat_ws", "trino.format"})

_RULES: dict[type, Rule] = {
    rule: rewrite
    for module in (aggregates, calls, casts, containers, instants, operators, queries, texts, times)
    for rule, rewrite in module.RULES.items()
}


def to_duckdb(tree: exp.Expr, sql: str) -> str:
    """
    Give the DuckDB SQL of an analysed query.

    Raises:
        QueryError: it needs something that the local Athena can't do.
    """
    nodes = list(tree.walk())
    selects = [node for node in nodes if isinstance(node, exp.Select)]
    for select in selects:
        queries.name_outputs(select)
    for select in selects:
        queries.group_instants(select, sql)
    # A walk through all nodes is what costs most here, so there is one only where it finds something.
    held = set(map(type, nodes))
    if exp.Window in held:
        for window in tree.find_all(exp.Window):
            queries.partition_instants(window)
    if exp.Fetch in held:
        for fetch in list(tree.find_all(exp.Fetch)):
            tree = queries.keep_ties(fetch, tree, sql)
    for call in nodes:
        if isinstance(call, exp.Anonymous) and "json" in call.meta:
            mark_json(call)
    try:
        tree = _rewritten(tree)
    except Unsupported as error:
        message = f"the local Athena does not support {error}"
        raise QueryError(f"NOT_SUPPORTED: {place(sql, error.node)}: {message}") from error
    if not held & {exp.Column, exp.From, exp.Window}:
        _refuse_loudly(tree)
    else:
        _refuse_constants_loudly(tree)
    return sql_text(tree, copy=False)


def _refuse_loudly(tree: exp.Expr) -> None:
    for node in tree.walk(prune=_is_try):
        schema, dot, name = node.name.partition(".") if isinstance(node, exp.Anonymous) else ("", "", "")
        # What is in one constant inside of another was met before.
        if dot and not name.startswith(LOUD) and may_refuse(name):
            node.set("this", f"{schema}.{LOUD}{name}")


def _refuse_constants_loudly(tree: exp.Expr) -> None:
    """Refuse by error() too what has no column, where the NULL that DuckDB takes it for would become something else."""
    for node in tree.walk(prune=_is_try):
        if isinstance(node, exp.Anonymous) and node.name.lower() not in _TAKE_NULL:
            continue
        if not isinstance(node, exp.Anonymous | exp.Coalesce | exp.Is | exp.NullSafeEQ | exp.NullSafeNEQ):
            continue
        if node.find_ancestor(exp.Lambda) is not None:
            continue
        for part in node.iter_expressions():
            if not part.find(exp.Column, exp.Identifier, exp.Query):
                _refuse_loudly(part)


def _is_try(node: exp.Expr) -> bool:
    # It can't hold what is volatile, as error() is.
    return isinstance(node, exp.Anonymous) and node.name == "TRY"


def _rewritten(tree: exp.Expr) -> exp.Expr:
    for node in reversed(list(tree.walk())):
        rule = _RULES.get(type(node))
        if rule is None:
            continue
        new = rule(node)
        if new is not node:
            new.meta.setdefault("kind", node.meta.get("kind"))
            for mark in ("holds_json", "comes_before_try"):
                if node.meta.get(mark):
                    new.meta[mark] = True
            if node is tree:
                tree = new
            else:
                node.replace(new)
    return tree


def assigned(column: str, source: Kind, target: HiveType) -> str:
    """Give the DuckDB SQL of a column's values as INSERT and UPDATE put them into a column of another type."""
    value = exp.column(column, quoted=True)
    if source is None or source == target or source.name == "unknown":
        return sql_text(value)
    cast = sql_text(cast_to(value, source, target, exp.Cast()))
    if target.name != "varchar" or not target.arguments or (source.arguments and source.arguments <= target.arguments):
        return cast
    # Source: io.trino.sql.planner.LogicalPlanner.noTruncationCast of Trino 435
    message = (
        f"INVALID_CAST_ARGUMENT: Cannot truncate non-space characters when casting from {trino_text(source)} to "
        f"{trino_text(target)} on INSERT"
    )
    is_longer = f"length(rtrim({sql_text(value)})) > {target.arguments[0]}"
    return f"CASE WHEN {is_longer} THEN error({sql_text(exp.Literal.string(message))}) ELSE {cast} END"
