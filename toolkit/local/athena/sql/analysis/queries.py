"""Queries as a whole: WITH, set operations, SELECT and its clauses."""

from __future__ import annotations

import re
from dataclasses import replace

from sqlglot import exp

from toolkit.local.athena.errors import QueryError
from toolkit.local.athena.hive_types import is_mixed
from toolkit.local.athena.sql.analysis.base import Analysis
from toolkit.local.athena.sql.analysis.grouping import (
    aggregates,
    filtered_aggregates,
    grouping_keys,
    is_aggregate,
    plain_text,
    selected,
    ungrouped,
)
from toolkit.local.athena.sql.analysis.operators import (
    are_alike,
    coerce,
    is_row,
    row_kind,
    shown_kind,
    window_key,
)
from toolkit.local.athena.sql.analysis.scopes import (
    Field,
    Scope,
    Source,
    column_node,
    output_field,
    output_name,
    renamed,
    stored_alias,
    told_apart,
)
from toolkit.local.athena.sql.coercion import can_become, common_of, is_comparable, is_orderable
from toolkit.local.athena.sql.functions import (
    Kind,
)


class Queries(Analysis):
    """Types queries."""

    def query(self, tree: exp.Expr, outer: Scope) -> tuple[Field, ...]:
        scope = Scope(outer)
        if with_ := tree.args.get("with_"):
            self.common_tables(with_, scope)
        match tree:
            case exp.Subquery():
                fields = self.query(tree.this, scope)
                self.modifiers(tree, fields, scope)
                return fields
            case exp.SetOperation():
                return self.set_operation(tree, scope)
            case exp.Select():
                return self.select(tree, scope)
            case exp.Values():
                return self.values(tree, scope)
            case exp.Table():
                return self.source(tree, scope).fields
        raise self.error("NOT_SUPPORTED", tree, f"{type(tree).__name__} is not supported here")

    def common_tables(self, with_: exp.With, scope: Scope) -> None:
        for each in with_.expressions:
            name = each.alias.lower()
            names = [column.name for column in each.args["alias"].columns]
            if with_.args.get("recursive") and isinstance(each.this, exp.SetOperation):
                # The first branch says what columns the recursion has.
                first = each.this.left.copy()
                scope.tables[name] = renamed(self.query(first, scope), names)
            if name in scope.tables and not with_.args.get("recursive"):
                at = each.args["alias"].this
                raise self.error("DUPLICATE_NAMED_QUERY", at, f"WITH query name '{name}' specified more than once")
            if with_.args.get("recursive") and not names:
                raise self.error("MISSING_COLUMN_ALIASES", each, "missing column aliases in recursive WITH query")
            for inner in each.this.find_all(exp.With) if with_.args.get("recursive") else ():
                if inner.args.get("recursive"):
                    raise self.error("NESTED_RECURSIVE", self.word_before("WITH", inner), "nested recursive WITH query")
            base = scope.tables.get(name, ())
            if with_.args.get("recursive") and base and isinstance(each.this, exp.SetOperation):
                self.recursive_references(each.this, name)
                if any(table.name.lower() == name and not table.db for table in each.this.right.find_all(exp.Table)):
                    self.recursion_step(each.this, base, self.query(each.this.right.copy(), scope))
            fields = self.query(each.this, scope)
            if names and len(names) != len(fields):
                raise self.error(
                    "MISMATCHED_COLUMN_ALIASES",
                    each.args["alias"].columns[0],
                    f"Column alias list has {len(names)} entries but relation has {len(fields)} columns",
                )
            scope.tables[name] = found = told_apart(renamed(fields, names))
            if any(field.stored for field in found):
                each.set("alias", stored_alias(each.alias, found))

    def recursive_references(self, union: exp.SetOperation, name: str) -> None:
        """Refuse a recursion with clauses of its own, or that reads itself where it can't."""
        steps = [each for each in union.right.find_all(exp.Table) if each.name.lower() == name and not each.db]
        if not steps:
            return
        for part, word, error, what in _CLAUSES:
            clause = union.args.get(part)
            if isinstance(clause, exp.Expr):
                raise self.error(error, self.word_before(word, clause), f"immediate {what} clause in recursive query")
        for table in steps:
            if _is_outside_of_from(table, union.right):
                message = "recursive reference outside of FROM clause of the step relation of recursion"
                raise self.error("INVALID_RECURSIVE_REFERENCE", table, message)
            join = table.find_ancestor(exp.Join, exp.Select)
            select = table.find_ancestor(exp.Select)
            side = ""
            if isinstance(join, exp.Join) and table is join.this:
                side = {"LEFT": "right source of LEFT", "FULL": "right source of FULL"}.get(join.side.upper(), "")
            elif select is not None:
                sides = {each.side.upper() for each in select.args.get("joins") or ()}
                side = next((f"left source of {each}" for each in ("RIGHT", "FULL") if each in sides), "")
            if side:
                raise self.error("INVALID_RECURSIVE_REFERENCE", table, f"recursive reference in {side} join")
        if len(steps) > 1:
            message = "multiple recursive references in the step relation of recursion"
            raise self.error("INVALID_RECURSIVE_REFERENCE", steps[1], message)

    def word_before(self, pattern: str, clause: exp.Expr) -> exp.Expr:
        """Give a node that stands where the word of a clause does."""
        first = min((each.meta["start"] for each in clause.walk() if "start" in each.meta), default=0)
        found = [one.start() for one in re.finditer(rf"\b(?:{pattern})\b", self.sql[: first + 1], re.IGNORECASE)]
        at = exp.Null()
        at.meta["start"] = found[-1] if found else first
        return at

    def recursion_step(self, union: exp.SetOperation, base: tuple[Field, ...], step: tuple[Field, ...]) -> None:
        """Refuse a recursion whose rows become another type than those that it begins with."""
        if len(base) != len(step):
            message = "base and step relations of recursion have different number of fields"
            raise self.error("TYPE_MISMATCH", union.right, f"{message}: {len(base)}, {len(step)}")
        for number, (first, next_) in enumerate(zip(base, step, strict=True), 1):
            if first.kind is None or next_.kind is None or can_become(next_.kind, first.kind):
                continue
            message = (
                f"recursion step relation output type ({shown_kind(next_.kind)}) is not coercible to recursion base "
                f"relation output type ({shown_kind(first.kind)}) at column {number}"
            )
            raise self.error("TYPE_MISMATCH", union.right, message)

    def set_operation(self, tree: exp.SetOperation, scope: Scope) -> tuple[Field, ...]:
        left = self.query(tree.left, scope)
        right = self.query(tree.right, scope)
        if len(left) != len(right):
            raise self.error(
                "TYPE_MISMATCH",
                tree,
                f"{tree.key.upper()} query has different number of fields: {len(left)}, {len(right)}",
            )
        fields = []
        for number, (a, b) in enumerate(zip(left, right, strict=True), 1):
            if not are_alike(a.kind, b.kind):
                raise self.error(
                    "TYPE_MISMATCH",
                    tree,
                    f"column {number} in {tree.key.upper()} query has incompatible types: "
                    f"{shown_kind(a.kind)}, {shown_kind(b.kind)}",
                )
            fields.append(replace(a, kind=common_of((a.kind, b.kind))))
        for number, each in enumerate(fields):
            if is_mixed(each.kind):
                if tree.args.get("distinct") is not False or not isinstance(tree, exp.Union):
                    raise self.error("NOT_SUPPORTED", tree, _EQUAL_ZONES)
                _coerce_column(tree, number, each.kind)
        self.modifiers(tree, tuple(fields), scope)
        return tuple(fields)

    def values(self, tree: exp.Values, scope: Scope) -> tuple[Field, ...]:
        for each in list(tree.expressions):
            only = each.expressions[0] if isinstance(each, exp.Tuple) and len(each.expressions) == 1 else each
            if is_row(only):
                each.replace(exp.Tuple(expressions=only.expressions))
            elif not isinstance(only, exp.Tuple):
                self.spread(each, only, scope)
        rows = [row.expressions if isinstance(row, exp.Tuple) else [row] for row in tree.expressions]
        kinds = [[self.kind(value, scope) for value in row] for row in rows]
        columns: list[Kind] = list(kinds[0])
        for given in kinds[1:]:
            if len(given) != len(columns):
                message = f"Values rows have mismatched sizes: {len(columns)} vs {len(given)}"
                raise self.error("TYPE_MISMATCH", self.at_values(tree), message)
            fitting = len(given) == len(columns) and all(map(are_alike, columns, given))
            if not fitting:
                raise self.error(
                    "TYPE_MISMATCH",
                    self.at_values(tree),
                    f"Values rows have mismatched types: {shown_kind(row_kind(columns))} vs {shown_kind(row_kind(given))}",
                )
            columns = [common_of(pair) for pair in zip(columns, given, strict=True)]
        for number, kind in enumerate(columns):
            if is_mixed(kind):
                for row in rows:
                    coerce(row[number], kind)
        return tuple(Field(f"_col{number}", kind, is_unnamed=True) for number, kind in enumerate(columns))

    def at_values(self, tree: exp.Values) -> exp.Expr:
        """Give a node that stands where the word VALUES does, which may come after a bracket."""
        word = re.compile(r"\s*\(?\s*VALUES\b", re.IGNORECASE)
        start = tree.meta.get("start")
        # Those of INSERT have no place of their own.
        found = word.search(self.sql) if start is None else word.match(self.sql, int(start))
        at = exp.Null()
        at.meta["start"] = found.end() - len("VALUES") if found is not None else tree.meta.get("start", 0)
        return at

    def spread(self, row: exp.Expr, value: exp.Expr, scope: Scope) -> None:
        """Put the fields of a value that is a row in the place of a row of VALUES."""
        kind = self.kind(value, scope)
        if kind is None or kind.name != "struct":
            return
        members: list[exp.Expr] = []
        for name, child in zip(kind.fields, kind.children, strict=True):
            member = exp.Dot(this=exp.Paren(this=value.copy()), expression=exp.to_identifier(name, quoted=True))
            member.meta.update(kind=child, is_field=True, written=name)
            members.append(member)
        row.replace(exp.Tuple(expressions=members))

    def select(self, tree: exp.Select, scope: Scope) -> tuple[Field, ...]:
        if from_ := tree.args.get("from_"):
            self.add_sources(from_.this, scope)
        for join in tree.args.get("joins") or ():
            self.join(join, scope)
        for lateral in tree.args.get("laterals") or ():
            scope.sources.append(self.source(lateral, scope))
        if where := tree.args.get("where"):
            self.condition(where.this, scope, "WHERE")
            self.scalar(where.this, "WHERE")
        self.expand_stars(tree, scope)
        fields = []
        for number, expression in enumerate(tree.expressions):
            kind = self.kind(expression, scope)
            # Typing may have put another node in its place.
            fields.append(output_field(tree.expressions[number], number, kind))
        if group := tree.args.get("group"):
            self.group(group, tree, scope)
        if having := tree.args.get("having"):
            self.condition(having.this, scope, "HAVING")
            window = next(iter(_windows_in(having.this)), None)
            if window is not None:
                message = "HAVING clause cannot contain window functions or row pattern measures"
                raise self.error("NESTED_WINDOW", window, message)
        self.window_definitions(tree, scope)
        _write_out_windows(tree, tuple(fields))
        self.modifiers(tree, tuple(fields), scope)
        self.grouped(tree, scope)
        distinct = tree.args.get("distinct")
        for field, each in zip(fields, tree.expressions, strict=False) if distinct is not None else ():
            if not is_comparable(field.kind):
                message = f"DISTINCT can only be applied to comparable types (actual: {shown_kind(field.kind)}): "
                raise self.error("TYPE_MISMATCH", tree, message + plain_text(each))
        if distinct is not None and any(is_mixed(field.kind) for field in fields):
            raise self.error("NOT_SUPPORTED", tree, _EQUAL_ZONES)
        if distinct is not None and distinct.args.get("on"):
            raise self.error("SYNTAX_ERROR", tree, "DISTINCT ON is not supported")
        return tuple(fields)

    def window_definitions(self, tree: exp.Select, scope: Scope) -> None:
        """Type what WINDOW defines; names that only quotes tell apart become ones that DuckDB tells apart."""
        definitions: list[exp.Window] = tree.args.get("windows") or []
        names: dict[str, exp.Identifier] = {}
        for each in definitions:
            if names.setdefault(window_key(each.this), each.this) is not each.this:
                message = f"WINDOW name '{each.name}' specified more than once"
                raise self.error("DUPLICATE_WINDOW_NAME", each.this, message)
            self.window_parts(each, scope)
        if len({name.lower() for name in names}) == len(names):
            return
        numbers = {name: f"window{number}__" for number, name in enumerate(names)}
        for each in (*definitions, *(found for part in tree.args.values() for found in _windows_of(part))):
            for identifier in (each.this, each.args.get("alias")):
                if isinstance(identifier, exp.Identifier) and window_key(identifier) in numbers:
                    identifier.replace(exp.to_identifier(numbers[window_key(identifier)]))

    def group(self, group: exp.Group, tree: exp.Select, scope: Scope) -> None:
        if group.args.get("all") and not group.expressions:
            raise QueryError("COLUMN_NOT_FOUND: Column 'all' cannot be resolved")
        # A sub-query has columns of its own.
        for each in list(group.walk(prune=lambda node: isinstance(node, exp.Query | exp.Lambda))):
            if isinstance(each, exp.Column):
                self.kind(each, scope)
        for each in group.expressions:
            self.scalar(each, "GROUP BY")
            if isinstance(each, exp.Rollup | exp.Cube | exp.GroupingSets):
                self.grouping_elements(each)
            if isinstance(each, exp.Literal) and each.is_int:
                if not 1 <= int(each.name) <= len(tree.expressions):
                    raise self.error(
                        "INVALID_COLUMN_REFERENCE", each, f"GROUP BY position {each.name} is not in select list"
                    )
                self.scalar(tree.expressions[int(each.name) - 1], "GROUP BY")
            else:
                self.kind(each, scope)

    def grouping_elements(self, node: exp.Expr) -> None:
        """Refuse in ROLLUP, CUBE and GROUPING SETS what names no column."""
        for each in node.walk(bfs=False):
            if each is node or isinstance(each, exp.Tuple | exp.Paren | exp.Rollup | exp.Cube | exp.GroupingSets):
                continue
            is_key = isinstance(each.parent, exp.Tuple | exp.Paren | exp.Rollup | exp.Cube | exp.GroupingSets)
            if is_key and not isinstance(each, exp.Column):
                message = f"GROUP BY expression must be a column reference: {each.sql(dialect='trino')}"
                raise self.error("INVALID_COLUMN_REFERENCE", each, message)

    def modifiers(self, tree: exp.Expr, fields: tuple[Field, ...], scope: Scope) -> None:
        if order := tree.args.get("order"):
            inner = Scope(scope, [Source("", fields)])
            for each in order.expressions:
                key = each.this if isinstance(each, exp.Ordered) else each
                is_position = isinstance(key, exp.Literal) and key.is_int
                named = [f for f in fields if isinstance(key, exp.Column) and f.name == key.name.lower()]
                named = [] if isinstance(key, exp.Column) and key.table else [f for f in named if not f.is_unnamed]
                if len(named) > 1:
                    raise self.error("AMBIGUOUS_NAME", key, f"Column '{named[0].name}' is ambiguous")
                if named:
                    key.meta["kind"] = named[0].kind
                elif is_position:
                    if not 1 <= int(key.name) <= len(fields):
                        raise self.error(
                            "INVALID_COLUMN_REFERENCE", key, f"ORDER BY position {key.name} is not in select list"
                        )
                else:
                    if isinstance(tree, exp.Select):
                        if tree.args.get("distinct") and self.names_outputs(key, fields, scope):
                            # To Trino the column selected is another than the one of FROM that has its name.
                            raise self.error("EXPRESSION_NOT_IN_DISTINCT", tree, _NOT_IN_DISTINCT)
                        key = self.with_outputs(key, tree, fields, scope)
                    self.kind(key, scope if isinstance(tree, exp.Select) else inner)
                    if tree.args.get("distinct") and plain_text(key) not in set(map(plain_text, selected(tree))):
                        raise self.error("EXPRESSION_NOT_IN_DISTINCT", tree, _NOT_IN_DISTINCT)
                kind: Kind = fields[int(key.name) - 1].kind if is_position else key.meta.get("kind")
                if not is_orderable(kind):
                    message = f"Type {shown_kind(kind)} is not orderable, and therefore cannot be used in ORDER BY: "
                    raise self.error("TYPE_MISMATCH", tree, message + key.sql(dialect="trino"))

    def outwards(self, key: exp.Expr, scope: Scope) -> list[exp.Column]:
        """Give the columns of a key of ORDER BY that may be names of outputs: none of a sub-query that has columns of its own."""
        if key.find(exp.Query) is not None:
            try:
                self.kind(key.copy(), Scope(scope, scope.sources))
            except QueryError:
                pass
            else:
                own = key.walk(prune=_is_query)
                return [node for node in own if isinstance(node, exp.Column)]
        return list(key.find_all(exp.Column))

    def names_outputs(self, key: exp.Expr, fields: tuple[Field, ...], scope: Scope) -> bool:
        """Whether a key of ORDER BY names columns of the output in something else."""
        names = {each.name for each in fields if not each.is_unnamed}
        columns = [each for each in self.outwards(key, scope) if not each.table]
        return any(each.name.lower() in names and not _is_parameter(each, each.name.lower()) for each in columns)

    def with_outputs(self, key: exp.Expr, tree: exp.Select, fields: tuple[Field, ...], scope: Scope) -> exp.Expr:
        """Put the selected expressions into a key of ORDER BY that calls them by their names."""
        aggregated = {id(column) for each in filtered_aggregates(key) for column in each.find_all(exp.Column)}
        for column in self.outwards(key, scope):
            name, *members = (part.name.lower() for part in column.parts)
            places = [number for number, each in enumerate(fields) if each.name == name and not each.is_unnamed]
            if not places or id(column) in aggregated or _is_parameter(column, name):
                continue
            if len(places) > 1:
                raise self.error("AMBIGUOUS_NAME", column, f"Column '{name}' is ambiguous")
            if isinstance(column.parent, exp.Anonymous) and column.parent.name.lower() == "grouping":
                message = "Invalid reference to output of SELECT clause from grouping() expression in ORDER BY"
                raise QueryError(f"INVALID_ARGUMENTS: {message}")
            selected_one = tree.expressions[places[0]].unalias()
            if isinstance(selected_one, exp.Column) and selected_one.name == name and not members:
                continue
            value: exp.Expr = exp.Paren(this=selected_one.copy())
            for member in members:
                value = exp.Dot(this=value, expression=exp.to_identifier(member, quoted=True))
            value.meta["start"] = column.meta.get("start", 0)
            column.replace(value)
            key = value if key is column else key
        return key

    def expand_stars(self, tree: exp.Select, scope: Scope) -> None:
        expressions: list[exp.Expr] = []
        for each in tree.expressions:
            names: list[exp.Identifier] = []
            star = each
            if isinstance(each, exp.Aliases):
                star, names = each.this, each.expressions
            if not is_star(star):
                expressions.append(each)
                continue
            found = self.star_columns(star, tree, scope)
            if names and len(names) != len(found):
                message = f"Column alias list has {len(names)} entries but relation has {len(found)} columns"
                raise self.error("MISMATCHED_COLUMN_ALIASES", names[0], message)
            if names:
                # A name without quotes is shown in large letters.
                shown = [name.name if name.args.get("quoted") else name.name.upper() for name in names]
                found = [exp.alias_(column, name, quoted=True) for column, name in zip(found, shown, strict=True)]
            expressions += found
        for number, each in enumerate(expressions):
            if each.meta.get("star") == "unnamed":
                # Its number is that of the place where it stands now.
                expressions[number] = exp.alias_(each, f"_col{number}", quoted=True)
                expressions[number].meta["unnamed"] = True
        tree.set("expressions", expressions)

    def star_columns(self, star: exp.Expr, tree: exp.Select, scope: Scope) -> list[exp.Expr]:
        """Give the columns of all sources, of one of them, or the fields of a row."""
        if isinstance(star, exp.Star):
            if not scope.sources:
                raise self.error("COLUMN_NOT_FOUND", star, "SELECT * not allowed in queries without FROM clause")
            return self.all_columns(scope)
        if isinstance(star, exp.Column) and not star.args.get("db"):
            name = star.table.lower()
            around: Scope | None = scope
            found: list[Source] = []
            while around is not None and not found:
                found = [source for source in around.sources if source.alias == name]
                around = around.outer
            if not found:
                raise self.error("TABLE_NOT_FOUND", star, f"Unable to resolve reference {name}")
            # The columns of USING belong to no side of the join.
            return [column for source in found for column in _from_star(source, scope)]
        if isinstance(star, exp.Column):
            row: exp.Expr = exp.Column(**dict(zip(("this", "table", "db"), reversed(star.parts[:-1]), strict=False)))
        else:
            row = star.this
        while isinstance(row, exp.Paren):
            row = row.this
        if isinstance(row, exp.Column) and len(row.parts) == 1:
            raise self.error("TABLE_NOT_FOUND", star, f"Unable to resolve reference {row.name}")
        holder = exp.Paren(this=row.copy())
        kind = self.kind(holder, scope)
        if isinstance(row, exp.Column) and (kind is None or kind.name != "struct"):
            name = row.sql(dialect="trino").lower()
            raise self.error("TABLE_NOT_FOUND", star, f"Unable to resolve reference {name}")
        if kind is None or kind.name != "struct":
            raise self.error("TYPE_MISMATCH", tree, "expected expression of type Row")
        fields: list[exp.Expr] = []
        for number, name in enumerate(kind.fields):
            field = exp.Dot(this=holder.copy(), expression=exp.to_identifier(name, quoted=True))
            field.meta.update(written=name, is_field=True, star="unnamed" if name == f"field{number}" else "named")
            fields.append(field)
        return fields

    def all_columns(self, scope: Scope) -> list[exp.Expr]:
        merged = Source("", tuple(scope.merged.values()))
        return [
            *_from_star(merged, Scope()),
            *(column for source in scope.sources for column in _from_star(source, scope)),
        ]

    def scalar(self, node: exp.Expr, clause: str) -> None:
        """Refuse aggregates and window functions in a clause that judges single rows."""
        for each in node.walk(prune=lambda part: isinstance(part, exp.Query)):
            if is_aggregate(each) or isinstance(each, exp.Window):
                message = (
                    f"{clause} clause cannot contain aggregations, window functions or grouping operations: "
                    f"[{each.sql(dialect='trino')}]"
                )
                raise self.error("EXPRESSION_NOT_SCALAR", node, message)

    def grouped(self, tree: exp.Select, scope: Scope) -> None:
        """Refuse what is neither aggregated nor grouped, and aggregates in aggregates."""
        group = tree.args.get("group")
        having = tree.args.get("having")
        order = tree.args.get("order")
        parts = [*tree.expressions, *([having.this] if having else []), *(order.expressions if order else [])]
        found_aggregates = [each for part in parts for each in aggregates(part)]
        for each in found_aggregates:
            inner = next((found for one in each.expressions for found in aggregates(one)), None)
            if inner is not None:
                name = each.name.lower()
                message = f"Cannot nest aggregations inside aggregation '{name}': [{inner.sql(dialect='trino')}]"
                raise self.error("NESTED_AGGREGATION", each, message)
            window = next((found for one in each.expressions for found in one.find_all(exp.Window)), None)
            if window is not None:
                message = (
                    "Cannot nest window functions or row pattern measures inside aggregation "
                    f"'{each.name.lower()}': [{window.sql(dialect='trino')}]"
                )
                raise self.error("NESTED_WINDOW", each, message)
        calls = [call for part in parts for call in part.find_all(exp.Anonymous) if call.name.lower() == "grouping"]
        if calls and group is None:
            message = (
                "A GROUPING() operation can only be used with a corresponding GROUPING SET/CUBE/ROLLUP/GROUP BY clause"
            )
            raise self.error("MISSING_GROUP_BY", tree, message)
        if group is None and not found_aggregates and having is None:
            return
        if group is not None and (group.args.get("all") or group.args.get("distinct")):
            return
        keys = {plain_text(key) for key in grouping_keys(group, tree)} if group is not None else set()
        for call in calls:
            for argument in call.expressions:
                if plain_text(argument) not in keys or not isinstance(argument, exp.Column):
                    message = (
                        "The arguments to GROUPING() must be expressions referenced by the GROUP BY at the associated "
                        f"query level. Mismatch due to {argument.sql(dialect='trino')}."
                    )
                    raise self.error("INVALID_ARGUMENTS", call, message)
        names = {output_name(each, number) for number, each in enumerate(tree.expressions)}
        for part in order.expressions if order else ():
            used = (each for call in filtered_aggregates(part) for each in call.find_all(exp.Column))
            projected = next((each for each in used if each.meta.get("is_bare") and each.name in names), None)
            if projected is not None:
                message = "Invalid reference to output projection attribute from ORDER BY aggregation"
                raise self.error("COLUMN_NOT_FOUND", projected, message)
        windows = [each for part in parts for each in _windows_in(part)]
        for window in (*(tree.args.get("windows") or ()), *windows):
            window_order = window.args.get("order")
            sorted_by = [each.this for each in window_order.expressions] if window_order is not None else []
            for key in (*(window.args.get("partition_by") or ()), *sorted_by):
                found = ungrouped(key, keys)
                if found is not None and self.belongs(found, scope):
                    message = (
                        f"'{key.sql(dialect='trino')}' must be an aggregate expression or appear in GROUP BY clause"
                    )
                    raise self.error("EXPRESSION_NOT_AGGREGATE", key, message)
        for part in parts:
            is_order = isinstance(part, exp.Ordered)
            key = part.this if is_order else part
            if is_order and (isinstance(key, exp.Literal) or (isinstance(key, exp.Column) and key.name in names)):
                continue
            found = ungrouped(key, keys)
            if found is not None and self.belongs(found, scope):
                whole = key.this if isinstance(key, exp.Alias) else key
                if isinstance(whole, exp.Column) and "star" in whole.meta:
                    name = ".".join(part.name for part in whole.parts)
                    raise QueryError(f"EXPRESSION_NOT_AGGREGATE: Column '{name}' not in GROUP BY clause")
                message = f"'{whole.sql(dialect='trino')}' must be an aggregate expression or appear in GROUP BY clause"
                raise self.error("EXPRESSION_NOT_AGGREGATE", whole, message)

    def belongs(self, column: exp.Expr, scope: Scope) -> bool:
        """Whether a column is one of this query's own sources, and not of one around it."""
        name, alias = column.name.lower(), column.text("table").lower()
        return any(
            (not alias or alias in (source.alias, source.stored)) and any(f.name == name for f in source.fields)
            for source in scope.sources
        )


# The clauses that a recursive query may not have itself: sqlglot's name, its words, Trino's error and its words for it.
_CLAUSES = (
    ("with_", "WITH", "NOT_SUPPORTED", "WITH"),
    ("order", r"ORDER\s+BY", "NOT_SUPPORTED", "ORDER BY"),
    ("offset", "OFFSET", "NOT_SUPPORTED", "OFFSET"),
    ("limit", "LIMIT|FETCH", "INVALID_LIMIT_CLAUSE", "FETCH FIRST / LIMIT"),
)

_NOT_IN_DISTINCT = "For SELECT DISTINCT, ORDER BY expressions must appear in select list"

# Instants of several zones are equal to Trino, which then shows any of the zones.
_EQUAL_ZONES = (
    "the local Athena does not support DISTINCT of instants that have a zone each; bring them to one with AT TIME ZONE"
)


def _coerce_column(tree: exp.Expr, number: int, kind: Kind) -> None:
    """Make a column of every branch of a set operation that type."""
    match tree:
        case exp.SetOperation():
            _coerce_column(tree.left, number, kind)
            _coerce_column(tree.right, number, kind)
        case exp.Subquery():
            _coerce_column(tree.this, number, kind)
        case exp.Values():
            for row in tree.expressions:
                coerce(row.expressions[number] if isinstance(row, exp.Tuple) else row, kind)
        case exp.Select():
            value = tree.expressions[number]
            coerce(value.this if isinstance(value, exp.Alias) else value, kind)


def _is_outside_of_from(table: exp.Expr, query: exp.Expr) -> bool:
    """Whether a table of a query stands in an expression of it."""
    node = table
    while node is not query and node.parent is not None:
        if isinstance(node.parent, exp.Select) and node.arg_key not in ("from_", "joins", "laterals", "with_"):
            return True
        if isinstance(node.parent, exp.Join) and node.arg_key == "on":
            return True
        node = node.parent
    return False


def _is_query(node: exp.Expr) -> bool:
    return isinstance(node, exp.Query)


def _windows_of(part: object) -> list[exp.Window]:
    """Give the windows in a part of a query, which may be a list."""
    parts = part if isinstance(part, list) else [part]
    return [found for each in parts if isinstance(each, exp.Expr) for found in _windows_in(each)]


def _windows_in(node: exp.Expr) -> list[exp.Window]:
    """Give the windows in *node* but for those of its sub-queries."""
    return [each for each in node.walk(prune=_is_query) if isinstance(each, exp.Window)]


def _is_parameter(column: exp.Expr, name: str) -> bool:
    """Whether a lambda around a column has a parameter of that name."""
    around = column.find_ancestor(exp.Lambda, exp.Select)
    while isinstance(around, exp.Lambda):
        if any(each.name.lower() == name for each in around.expressions):
            return True
        around = around.find_ancestor(exp.Lambda, exp.Select)
    return False


def is_star(node: exp.Expr) -> bool:
    """Whether a node stands for several columns."""
    last = node.this if isinstance(node, exp.Column) else node.expression if isinstance(node, exp.Dot) else node
    return isinstance(last, exp.Star)


def _from_star(source: Source, scope: Scope) -> list[exp.Expr]:
    """Give the columns of a source that a star stands for, but for those that a join has merged."""
    columns: list[exp.Expr] = []
    for field in source.fields:
        if field.is_hidden or field.name in scope.merged:
            continue
        column = column_node(field.column, source.stored or source.alias)
        column.meta["source"] = next((n for n, each in enumerate(scope.sources) if each is source), None)
        column.meta["star"] = "unnamed" if field.is_unnamed else "named"
        column.meta["written"] = field.label
        columns.append(column)
    return columns


def _write_out_windows(tree: exp.Select, fields: tuple[Field, ...]) -> None:
    """
    Put the definitions of WINDOW in ORDER BY in the place of their names, which DuckDB does not know there.

    A definition speaks of what FROM gives: one that names a column as an output is named stays as it is.
    """
    definitions = {each.name.lower(): each for each in tree.args.get("windows") or ()}
    outputs = {field.name for field in fields}
    order = tree.args.get("order")
    for window in _windows_in(order) if order and definitions else ():
        seen: set[str] = set()
        while isinstance(name := window.args.get("alias"), exp.Identifier) and name.name.lower() not in seen:
            definition = definitions.get(name.name.lower())
            if definition is None or any(
                each.name.lower() in outputs and not each.table for each in definition.find_all(exp.Column)
            ):
                break
            seen.add(name.name.lower())
            window.set("alias", definition.args.get("alias"))
            for part in ("partition_by", "order", "spec"):
                given = definition.args.get(part)
                if given and not window.args.get(part):
                    window.set(part, [each.copy() for each in given] if isinstance(given, list) else given.copy())
