"""What a statement reads, by its text: which tables, which columns, and what it says of partition keys."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from toolkit.errors import InvalidInput

# Statements that read no data, or whose text is Hive's and not Trino's.
_FREE = re.compile(
    r"\s*(?:ALTER|CREATE\s+(?:EXTERNAL|DATABASE|SCHEMA)|DESC|DESCRIBE|DROP|MSCK|SHOW|EXPLAIN(?!\s+ANALYZE))\b", re.I
)
_UNLOAD = re.compile(r"\s*UNLOAD\s*\((?P<query>.*)\)\s*TO\s*'", re.I | re.S)
_COMMENT = re.compile(r"\s*(?:--[^\n]*\n|/\*.*?\*/)", re.S)


@dataclass(frozen=True, slots=True)
class TableReference:
    """
    A table as one FROM clause names it.

    ``conditions`` are those parts of the WHERE clause that all rows of the table must meet, as trees of sqlglot.
    """

    database: str
    name: str
    alias: str
    conditions: tuple[Any, ...] = ()


@dataclass(frozen=True, slots=True)
class References:
    """
    What a statement reads. ``names`` are all words that may be columns, in lower case, and None stands for every column.

    ``limited`` says that a LIMIT may end the query before it has read everything.
    """

    tables: tuple[TableReference, ...]
    names: frozenset[str] | None
    limited: bool = False


def references(sql: str, database: str) -> References:
    """
    Return what the statement *sql* reads; unqualified tables are in *database*.

    Raises:
        InvalidInput: the text can't be read as a statement of Trino's.
    """
    import sqlglot
    from sqlglot import exp
    from sqlglot.errors import SqlglotError

    text = _without_comments(sql)
    if _FREE.match(text):
        return References((), frozenset())
    unload = _UNLOAD.match(text)
    try:
        tree: Any = sqlglot.parse_one(unload["query"] if unload else text, read="trino")
    except (SqlglotError, RecursionError) as error:
        raise InvalidInput(f"the statement can't be read here: {str(error).splitlines()[0]}") from error
    if isinstance(tree, exp.Command):
        raise InvalidInput(f"the statement can't be read here: it begins with {str(tree.this)[:20]!r}")
    written = _written(tree)
    found = []
    for table in tree.find_all(exp.Table):
        if table is written or not table.name or (not table.db and table.name.lower() in _named_before(table)):
            continue
        found.append(
            TableReference(
                (table.db or database).lower(),
                table.name.lower(),
                table.alias_or_name.lower(),
                tuple(_conditions(table)),
            )
        )
    return References(tuple(found), _names(tree), tree.args.get("limit") is not None)


def _without_comments(sql: str) -> str:
    text = sql
    while found := _COMMENT.match(text):
        text = text[found.end() :]
    return text.strip().removesuffix(";")


def _written(tree: Any) -> Any:
    """Return the table that the statement writes and does not read."""
    from sqlglot import exp

    if isinstance(tree, exp.Create | exp.Insert):
        target = tree.this
        return target.this if isinstance(target, exp.Schema) else target
    return None


def _named_before(table: Any) -> set[str]:
    """
    Return what WITH clauses around *table* have named: a query may be called as the table that it reads itself.

    Source: https://trino.io/docs/current/sql/select.html#with-clause
    """
    from sqlglot import exp

    named: set[str] = set()
    inside, above = table, table.parent
    while above is not None:
        clause = above if isinstance(above, exp.With) else above.args.get("with_")
        # Whoever comes from inside the clause knows what stands before, and what follows it knows all.
        for query in clause.expressions if clause is not None and clause is not inside else ():
            if query is inside and not clause.recursive:
                break
            named.add(query.alias_or_name.lower())
        inside, above = above, above.parent
    return named


def _names(tree: Any) -> frozenset[str] | None:
    from sqlglot import exp

    names: set[str] = set()
    for star in tree.find_all(exp.Star):
        # count(*) reads no column.
        if not isinstance(star.parent, exp.Count):
            return None
    for column in tree.find_all(exp.Column):
        names.update(part.name.lower() for part in column.parts)
    for dot in tree.find_all(exp.Dot):
        names.update(part.name.lower() for part in dot.find_all(exp.Identifier))
    for join in tree.find_all(exp.Join):
        names.update(part.name.lower() for part in join.args.get("using") or ())
    return frozenset(names)


def _conditions(table: Any) -> Iterator[Any]:
    """Yield the conjuncts of the WHERE clause beside *table*, unless an outer join lets rows past it."""
    from sqlglot import exp

    above = table.parent
    select = above.parent if isinstance(above, exp.From | exp.Join) else None
    if not isinstance(select, exp.Select):
        return
    joins = select.args.get("joins") or ()
    if any(join.side for join in joins):
        return
    where = select.args.get("where")
    if where is not None:
        yield from _conjuncts(where.this)


def _conjuncts(tree: Any) -> Iterator[Any]:
    from sqlglot import exp

    tree = tree.unnest()
    if isinstance(tree, exp.And):
        yield from _conjuncts(tree.left)
        yield from _conjuncts(tree.right)
    else:
        yield tree


def keys_of(condition: Any, table: TableReference, keys: Sequence[str]) -> frozenset[str] | None:
    """Return which partition keys alone the condition is about; None if it is about anything else, or asks a query."""
    from sqlglot import exp

    if condition.find(exp.Query, exp.Subquery, exp.Star, exp.Placeholder, exp.Parameter):
        return None
    found = set()
    for column in condition.find_all(exp.Column):
        qualifier = column.table.lower()
        if column.name.lower() not in keys or qualifier not in ("", table.alias) or isinstance(column.parent, exp.Dot):
            return None
        found.add(column.name.lower())
    return frozenset(found) or None


def equal_values(condition: Any, key: str) -> list[str]:
    """Return the texts to which the condition sets *key* by = or IN; none for any other condition."""
    from sqlglot import exp

    if isinstance(condition, exp.EQ):
        sides = [condition.left, condition.right]
    elif isinstance(condition, exp.In) and not condition.args.get("query"):
        sides = [condition.this, *condition.expressions]
    else:
        return []
    columns = [side for side in sides if isinstance(side, exp.Column)]
    literals = [side for side in sides if isinstance(side, exp.Literal)]
    if [column.name.lower() for column in columns] != [key] or len(columns) + len(literals) != len(sides):
        return []
    return [literal.name for literal in literals]


def condition_sql(condition: Any) -> str:
    """Return the condition as DuckDB writes it, its columns without their table."""
    from sqlglot import exp

    def bare(node: Any) -> Any:
        return exp.column(exp.to_identifier(node.name.lower(), quoted=True)) if isinstance(node, exp.Column) else node

    text: str = condition.transform(bare).sql(dialect="duckdb")
    return text
