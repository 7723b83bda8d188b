"""What changes a query as a whole: names of columns, groups, ties, recursion, what stands in FROM."""

from __future__ import annotations

from collections.abc import Iterable

from sqlglot import exp

from toolkit.local.athena.errors import QueryError
from toolkit.local.athena.hive_types import is_mixed
from toolkit.local.athena.sql.analysis.grouping import aggregates, plain_text
from toolkit.local.athena.sql.analysis.scopes import output_name
from toolkit.local.athena.sql.dialect import place
from toolkit.local.athena.sql.functions import Kind
from toolkit.local.athena.sql.macros import QUIET, may_refuse
from toolkit.local.athena.sql.rewrite.casts import as_text
from toolkit.local.athena.sql.rewrite.instants import moment
from toolkit.local.athena.sql.rewrite.nodes import Rule, Unsupported, as_kind, as_type, call, kind_name, macro, struct


def name_outputs(select: exp.Select) -> None:
    """Give every column of a result the name that it has in Trino; in a sub-select of an expression that never hurts."""
    # Set at once: to replace one of many costs as much as all of them.
    select.set("expressions", [_named(each, number) for number, each in enumerate(select.expressions)])


def _named(node: exp.Expr, number: int) -> exp.Expr:
    if isinstance(node, exp.Alias | exp.Column | exp.Star):
        return node
    alias = exp.Alias(this=node, alias=exp.to_identifier(output_name(node, number), quoted=True))
    alias.meta["kind"] = node.meta.get("kind")
    return alias


def group_instants(select: exp.Select, sql: str) -> None:
    """Group values that carry a zone each by their instants, and show any zone of a group."""
    group = select.args.get("group")
    for key in list(group.expressions) if group is not None else ():
        chosen = stands_for(key, select)
        if isinstance(key, exp.Rollup | exp.Cube | exp.GroupingSets) and any(
            is_mixed(each.meta.get("kind")) for each in key.find_all(exp.Column)
        ):
            message = "the local Athena does not support grouping sets of instants that have a zone each"
            raise QueryError(f"NOT_SUPPORTED: {place(sql, key)}: {message}")
        kind: Kind = chosen.meta.get("kind")
        if not is_mixed(kind):
            continue
        key.replace(moment(chosen.copy(), kind))
        parts = [*select.expressions, select.args.get("having"), select.args.get("order")]
        same = [each for part in parts if part is not None for each in _occurrences(part, plain_text(chosen))]
        for each in same:
            shown = exp.Anonymous(this="any_value", expressions=[each.copy()])
            shown.meta.update(kind=kind, argument_kinds=[kind])
            each.replace(shown)


def stands_for(key: exp.Expr, query: exp.Expr) -> exp.Expr:
    """Give what a key of GROUP BY or ORDER BY stands for: the column at its position, or the key itself."""
    if not (isinstance(key, exp.Literal) and key.is_int):
        return key
    column: exp.Expr = query.expressions[int(key.name) - 1]
    return column.this if isinstance(column, exp.Alias) else column


def _occurrences(node: exp.Expr, text: str) -> list[exp.Expr]:
    """Give the places of an expression in a query's clauses, each the outermost."""
    if isinstance(node, exp.Query):
        return []
    if not isinstance(node, exp.Alias | exp.Ordered | exp.Having | exp.Order) and plain_text(node) == text:
        return [node]
    return [found for child in node.iter_expressions() for found in _occurrences(child, text)]


def partition_instants(window: exp.Window) -> None:
    keys = list(window.args.get("partition_by") or ())
    order = window.args.get("order")
    keys += [each.this for each in order.expressions] if order is not None else []
    for key in keys:
        if is_mixed(key.meta.get("kind")):
            key.replace(moment(key.copy(), key.meta["kind"]))


def keep_ties(fetch: exp.Fetch, tree: exp.Expr, sql: str) -> exp.Expr:
    """Put ``FETCH FIRST n ROWS WITH TIES`` as a condition on the rank, and give the whole tree, which may be another."""
    options = fetch.args.get("limit_options")
    if options is None or not options.args.get("with_ties"):
        return tree
    query = fetch.parent
    order = query.args.get("order") if isinstance(query, exp.Query) else None
    if isinstance(query, exp.Query) and order is None:
        at = exp.Null()
        at.meta["start"] = sql.upper().rfind("FETCH", 0, int(options.meta.get("start", len(sql))))
        raise QueryError(f"MISSING_ORDER_BY: {place(sql, at)}: FETCH FIRST WITH TIES clause requires ORDER BY")
    is_plain = isinstance(query, exp.Select) and not query.args.get("distinct")
    wrapped = query if is_plain else _in_sub_query(query)
    if query is None or order is None or wrapped is None:
        message = "the local Athena does not support FETCH FIRST … WITH TIES here; put the query into a sub-query"
        raise QueryError(f"NOT_SUPPORTED: {place(sql, fetch)}: {message}")
    if wrapped is not query:
        tree = wrapped if query is tree else tree
        query.replace(wrapped)
        query, order = wrapped, wrapped.args["order"]
    aliases = {each.alias: each.this for each in query.expressions if isinstance(each, exp.Alias)}
    keys = order.copy()
    for each in keys.expressions:
        key = each.this if isinstance(each, exp.Ordered) else each
        meant = stands_for(key, query)
        if meant is not key:
            key.replace(meant.copy())
        elif isinstance(key, exp.Column) and not key.table and key.name in aliases:
            key.replace(aliases[key.name].copy())
    rank = exp.Window(this=exp.Anonymous(this="rank"), order=keys, over="OVER")
    count = (fetch.args.get("count") or exp.Literal.number(1)).copy()
    offset = query.args.get("offset")
    kept: exp.Expr = exp.LTE(this=rank, expression=count)
    if offset is not None:
        before = offset.expression
        kept.set("expression", exp.Add(this=before.copy(), expression=count.copy()))
        number = exp.Window(this=exp.Anonymous(this="row_number"), order=keys.copy(), over="OVER")
        kept = exp.And(this=kept, expression=exp.GT(this=number, expression=before.copy()))
        query.set("offset", None)
    query.set("qualify", exp.Qualify(this=kept))
    query.set("limit", None)
    return tree


def _in_sub_query(query: exp.Expr | None) -> exp.Select | None:
    """Give a query of rows other than those of its FROM as a sub-query whose columns order it, None where they can't."""
    first = query
    while isinstance(first, exp.SetOperation | exp.Subquery):
        first = first.this
    if query is None or not isinstance(first, exp.Select):
        return None
    inner = query.copy()
    order = inner.args["order"]
    moved = {name: inner.args.get(name) for name in ("with_", "order", "limit", "offset")}
    for name in moved:
        inner.set(name, None)
    columns, chosen = [], [each.unalias() for each in first.expressions]
    texts = [plain_text(each) for each in chosen]
    names = [each.alias_or_name.lower() for each in first.expressions]
    for number, each in enumerate(chosen):
        column = exp.column(exp.to_identifier(f"c{number}", quoted=True))
        column.meta["kind"] = each.meta.get("kind")
        columns.append(column)
    for each in order.expressions:
        key = each.this
        if isinstance(key, exp.Literal) and key.is_int:
            number = int(key.name) - 1
        elif isinstance(key, exp.Column) and not key.table and key.name.lower() in names:
            number = names.index(key.name.lower())
        elif plain_text(key) in texts:
            number = texts.index(plain_text(key))
        else:
            return None
        key.replace(columns[number].copy())
    identifiers = [exp.to_identifier(f"c{number}", quoted=True) for number in range(len(columns))]
    alias = exp.TableAlias(this=exp.to_identifier("r__", quoted=True), columns=identifiers)
    outputs = [
        exp.alias_(column.copy(), each.alias_or_name, quoted=True)
        for column, each in zip(columns, first.expressions, strict=True)
    ]
    return exp.Select(expressions=outputs, **moved).from_(exp.Subquery(this=inner, alias=alias))


def group(node: exp.Group) -> exp.Expr:
    """Give GROUP BY DISTINCT as the grouping sets that differ."""
    quantifier = node.args.get("all")
    node.set("all", None)
    structures = (exp.Rollup, exp.Cube, exp.GroupingSets)
    if quantifier is not False or not any(isinstance(each, structures) for each in node.expressions):
        return node
    sets: list[list[exp.Expr]] = [[]]
    for each in node.expressions:
        sets = [[*before, *more] for before in sets for more in _grouping_sets(each)]
    unlike = {frozenset(key.sql() for key in keys): keys for keys in sets}
    tuples = [exp.Tuple(expressions=list({key.sql(): key.copy() for key in keys}.values())) for keys in unlike.values()]
    return exp.Group(expressions=[exp.GroupingSets(expressions=tuples)])


def recursive(node: exp.With) -> exp.Expr:
    """Give every recursive query a column that counts its steps, so that it ends where Trino ends it."""
    for each in list(node.expressions) if node.args.get("recursive") else ():
        name, union = each.alias.lower(), each.this
        if not (isinstance(union, exp.SetOperation) and _reads(union.right, name)):
            continue
        left, right = _without_brackets(union.left), _without_brackets(union.right)
        if not (isinstance(union, exp.Union) and isinstance(left, exp.Select) and isinstance(right, exp.Select)):
            raise Unsupported(each, "WITH RECURSIVE other than SELECT … UNION [ALL] SELECT …")
        table = next((found for found in right.find_all(exp.Table) if found.name.lower() == name), None)
        if table is None:
            raise Unsupported(each, "a recursion whose table stands in a sub-query like this")
        left.append("expressions", exp.alias_(exp.Literal.number(0), _STEP, quoted=True))
        step = _step_of(table, right, each)
        right.append("expressions", exp.alias_(macro("recursion_step", step), _STEP, quoted=True))
        alias = each.args["alias"]
        if union.args.get("distinct"):
            # Trino drops what stands twice when all steps are done.
            union.set("distinct", False)
            steps = exp.to_identifier(f"{name}__steps", quoted=True)
            if not table.alias:
                table.set("alias", exp.TableAlias(this=exp.to_identifier(table.name, quoted=True)))
            table.set("this", steps.copy())
            columns = [exp.column(column.name, quoted=True) for column in alias.columns]
            unlike = exp.Select(expressions=columns).distinct(copy=False).from_(exp.Table(this=steps.copy()))
            node.expressions.insert(node.expressions.index(each) + 1, exp.CTE(this=unlike, alias=alias.copy()))
            alias.set("this", steps)
        if alias.columns:
            alias.append("columns", exp.to_identifier(_STEP, quoted=True))
    return node


def _step_of(table: exp.Expr, step: exp.Select, recursion: exp.CTE) -> exp.Expr:
    """Give the number of steps in a recursion's step, brought out of the sub-queries in which its table stands."""
    source = table
    while True:
        select = source.find_ancestor(exp.Select)
        column: exp.Expr = exp.column(_STEP, source.alias_or_name, quoted=True)
        if select is not None and (select.args.get("group") or any(map(aggregates, select.expressions))):
            if not select.args.get("group"):
                raise Unsupported(recursion, "a recursion that makes one row of all in a step")
            # All rows of a step have one number.
            column = exp.Anonymous(this="any_value", expressions=[column])
        if select is step:
            return column
        holder = select.parent if select is not None else None
        if select is None or not isinstance(holder, exp.Subquery) or not isinstance(holder.parent, exp.From | exp.Join):
            raise Unsupported(recursion, "a recursion whose table stands in a sub-query like this")
        select.append("expressions", exp.alias_(column, _STEP, quoted=True))
        if holder.args["alias"].columns:
            holder.args["alias"].append("columns", exp.to_identifier(_STEP, quoted=True))
        source = holder


def _without_brackets(query: exp.Expr) -> exp.Expr:
    """Give the query in brackets as a branch of a recursion, and VALUES as a SELECT."""
    inner = query.unnest() if isinstance(query, exp.Subquery) else query
    if isinstance(inner, exp.Values):
        inner = exp.Select(expressions=[exp.Star()]).from_(exp.Subquery(this=inner.copy()))
    if inner is not query:
        query.replace(inner)
    return inner


def table(node: exp.Table) -> exp.Expr:
    if node.meta.get("is_common_table") or not isinstance(node.this, exp.Identifier):
        return node
    if node.args.get("when") or node.args.get("version"):
        raise Unsupported(node, "time travel")
    name = node.name.lower()
    if not node.args.get("alias"):
        node.set("alias", exp.TableAlias(this=exp.to_identifier(name, quoted=True)))
    if "rows" in node.meta:
        # In the query itself: a view would be bound once more.
        node.set("this", exp.Var(this=f"({node.meta['rows']})"))
    else:
        node.set("this", exp.to_identifier(node.meta["relation"], quoted=True))
    node.set("db", None)
    node.set("catalog", None)
    return node


def where(node: exp.Where) -> exp.Expr:
    """
    Let what may refuse a row see those alone that the conditions before it on the same table leave.

    Trino takes the terms from left to right; DuckDB may move a plain comparison behind all others.
    """
    if not isinstance(node.this, exp.And):
        return node
    terms = list(node.this.flatten(unnest=False))
    before: list[tuple[frozenset[str], exp.Expr]] = []
    for number, term in enumerate(terms):
        tables = frozenset(column.table for column in term.find_all(exp.Column))
        if term.find(exp.Query):
            continue
        if not _may_refuse(term):
            before.append((tables, term))
        elif len(tables) == 1 and (kept := [each.copy() for own, each in before if own == tables]):
            terms[number] = exp.Case(ifs=[exp.If(this=exp.and_(*kept, copy=False), true=term.copy())])
    return exp.Where(this=exp.and_(*terms, copy=False))


def _may_refuse(term: exp.Expr) -> bool:
    names = [each.name.partition(".") for each in term.find_all(exp.Anonymous)]
    return any(dot and may_refuse(name.removeprefix(QUIET)) and not name.startswith(QUIET) for _, dot, name in names)


def row_of_query(node: exp.Subquery) -> exp.Expr:
    """Give a sub-query of several columns that stands for one value as a query of rows."""
    width = node.meta.get("row_of")
    if width is None:
        return node
    names = [exp.to_identifier(f"c{number}", quoted=True) for number in range(width)]
    kind: Kind = node.meta.get("kind")
    fields = kind.fields if kind is not None else [f"field{number}" for number in range(width)]
    row = struct((field, exp.column(name.copy())) for field, name in zip(fields, names, strict=True))
    alias = exp.TableAlias(this=exp.to_identifier("r__", quoted=True), columns=names)
    inner = exp.Subquery(this=node.this, alias=alias)
    found = exp.Subquery(this=exp.Select(expressions=[row]).from_(inner))
    if kind is None:
        return found
    # A query without rows is a row of NULLs.
    nothing = struct((field, as_kind(exp.Null(), child)) for field, child in zip(fields, kind.children, strict=True))
    return exp.Coalesce(this=found, expressions=[nothing])


def order(node: exp.Order) -> exp.Expr:
    """Leave out the constants by which a query or the values of an aggregate are ordered, which DuckDB refuses."""
    keys = [each for each in node.expressions if not _is_constant(each.this)]
    if len(keys) == len(node.expressions):
        return node
    if isinstance(node.parent, exp.Anonymous):
        return exp.Order(this=node.this, expressions=keys) if keys else node.this
    if isinstance(node.parent, exp.WithinGroup):
        return exp.Order(expressions=keys)
    if not isinstance(node.parent, exp.Query):
        return node
    return exp.Order(expressions=keys or [exp.Ordered(this=as_type(exp.Null(), "INTEGER"))])


def ordered(node: exp.Ordered) -> exp.Expr:
    """Order chars with all their blanks, for a blank is more than some characters that may stand in its place."""
    select = node.find_ancestor(exp.Query)
    if kind_name(node.this) == "char" and not (isinstance(select, exp.Select) and select.args.get("distinct")):
        node.this.replace(as_text(node.this.copy(), node.this.meta["kind"]))
    return node


def _is_constant(key: exp.Expr) -> bool:
    return isinstance(key, exp.Null | exp.Boolean) or (isinstance(key, exp.Literal) and not key.is_int)


def unnest(node: exp.Unnest) -> exp.Expr:
    """Give a lateral sub-select: arrays side by side, shorter ones filled up with NULL, rows and maps as columns."""
    inner: list[exp.Expr] = []
    outer: list[exp.Expr] = []
    lengths: list[exp.Expr] = []
    names = [each.name for each in node.meta["fields"]]
    for number, (value, width) in enumerate(zip(node.expressions, node.meta["shapes"], strict=True)):
        kind: Kind = value.meta.get("kind")
        is_map = kind is not None and kind.name == "map"
        listed = call("map_entries", value) if is_map else value
        inner.append(exp.alias_(call("unnest", listed), f"c{number}", quoted=True))
        lengths.append(exp.Coalesce(this=call("len", listed.copy()), expressions=[exp.Literal.number(0)]))
        column = exp.column(f"c{number}", "r__", quoted=True)
        element = kind.children[0] if kind is not None and kind.name == "array" else None
        if is_map:
            members: Iterable[str] = ("key", "value")
        elif element is not None and element.name == "struct" and not node.meta["keeps_rows"]:
            members = element.fields
        else:
            members = ()
        outer += [call("struct_extract", column.copy(), exp.Literal.string(member)) for member in members] or [column]
        assert len(outer) >= width  # noqa: S101 - analysis and rewriting agree on the shape
    if node.args.get("offset"):
        longest = call("greatest", *lengths) if len(lengths) > 1 else lengths[0]
        numbers = call("range", exp.Literal.number(1), exp.Add(this=longest, expression=exp.Literal.number(1)))
        inner.append(exp.alias_(call("unnest", numbers), "n", quoted=True))
        outer.append(exp.column("n", "r__", quoted=True))
    rows = exp.Select(expressions=inner)
    select = exp.Select(
        expressions=[exp.alias_(value, name, quoted=True) for value, name in zip(outer, names, strict=True)]
    ).from_(exp.Subquery(this=rows, alias=exp.TableAlias(this=exp.to_identifier("r__", quoted=True))))
    alias = exp.TableAlias(this=exp.to_identifier(node.alias.lower() or node.meta["stored"], quoted=True))
    return exp.Lateral(this=exp.Subquery(this=select), alias=alias)


def _grouping_sets(node: exp.Expr) -> list[list[exp.Expr]]:
    """Give the sets that a part of GROUP BY stands for."""
    keys = [each.expressions if isinstance(each, exp.Tuple) else [each.unnest()] for each in node.expressions]
    match node:
        case exp.Rollup():
            chosen = [keys[:count] for count in range(len(keys), -1, -1)]
        case exp.Cube():
            numbers = range(2 ** len(keys) - 1, -1, -1)
            chosen = [[key for place, key in enumerate(keys) if number >> place & 1] for number in numbers]
        case exp.GroupingSets():
            return [each for part in node.expressions for each in _grouping_sets(part)]
        case exp.Tuple():
            return [list(node.expressions)]
        case _:
            return [[node.unnest()]]
    return [[each for key in part for each in key] for part in chosen]


_STEP = "step__"


def _reads(query: exp.Expr, name: str) -> bool:
    return any(table.name.lower() == name and not table.db for table in query.find_all(exp.Table))


RULES: dict[type, Rule] = {
    exp.Group: group,
    exp.With: recursive,
    exp.Table: table,
    exp.Unnest: unnest,
    exp.Subquery: row_of_query,
    exp.Order: order,
    exp.Ordered: ordered,
    exp.Where: where,
}
