"""What stands in FROM: tables, sub-queries, joins, UNNEST."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from sqlglot import exp

from toolkit.local.athena.errors import QueryError
from toolkit.local.athena.hive_types import BIGINT, STRING, HiveType
from toolkit.local.athena.sql.analysis.base import Analysis
from toolkit.local.athena.sql.analysis.correlation import holds_one_row
from toolkit.local.athena.sql.analysis.operators import (
    shown_kind,
)
from toolkit.local.athena.sql.analysis.scopes import (
    Field,
    Scope,
    Source,
    alias_columns,
    column_node,
    renamed,
    stored_alias,
    told_apart,
)
from toolkit.local.athena.sql.coercion import FLOATING, common_of
from toolkit.local.athena.sql.macros import SCHEMA

# Columns that every table has and no star shows: https://docs.aws.amazon.com/athena/latest/ug/select.html
HIDDEN_COLUMNS = {"$path": STRING}


# The arguments of the table function, with what they are if they are not given.
_SEQUENCE = {"start": 0, "stop": 0, "step": 1}


class Relations(Analysis):
    """Types what stands in FROM."""

    def add_sources(self, node: exp.Expr, scope: Scope) -> None:
        """Add what one item of FROM gives, with what is joined to it: several sources for a join in brackets."""
        node = _without_brackets(node)
        if node.args.get("match"):
            node = self.recognize(node, scope)
        if isinstance(node, exp.Subquery) and node.alias and isinstance(node.this, exp.Table | exp.Subquery):
            # A join in brackets that has a name is a relation of all its columns.
            node.set("this", exp.Select(expressions=[exp.Star()]).from_(node.this))
        in_brackets = node.this if isinstance(node, exp.Subquery) and not node.alias else None
        if isinstance(in_brackets, exp.Table | exp.Subquery) and in_brackets.args.get("joins"):
            self.add_sources(in_brackets, scope)
        else:
            scope.sources.append(self.source(node, scope))
        for join in node.args.get("joins") or ():
            self.join(join, scope)

    def join(self, join: exp.Join, scope: Scope) -> None:
        before, merged_before = len(scope.sources), frozenset(scope.merged)
        side = str(join.args.get("side") or "").upper()
        is_outer = side in ("RIGHT", "FULL")
        not_allowed = f"LATERAL reference not allowed in {side} JOIN"
        if is_outer and isinstance(join.this, exp.Unnest):
            for column in join.this.find_all(exp.Column):
                raise self.error("INVALID_COLUMN_REFERENCE", column, not_allowed)
        if isinstance(join.this, exp.Unnest | exp.Lateral) and join.args.get("using"):
            what = "UNNEST" if isinstance(join.this, exp.Unnest) else "LATERAL relation"
            message = f"{side or 'INNER'} JOIN involving {what} is only supported with condition ON TRUE"
            from_ = join.parent.args.get("from_") if join.parent else None
            raise self.error("NOT_SUPPORTED", from_.this if from_ else join, message)
        if _is_joined(join.this):
            # A join that is the right side of another sees nothing of the left one.
            hidden, scope.sources = scope.sources, []
            self.add_sources(join.this, scope)
            scope.sources = hidden + scope.sources
        else:
            self.add_sources(join.this, scope)
        if is_outer and isinstance(join.this, exp.Lateral):
            for column in join.this.find_all(exp.Column):
                if column.meta.get("scope") == scope.number:
                    raise self.error("INVALID_COLUMN_REFERENCE", column, not_allowed)
        left_sources, right_sources = scope.sources[:before], scope.sources[before:]
        names = join.args.get("using") or ()
        using = [name.name.lower() for name in names]
        if str(join.args.get("method") or "").upper() == "NATURAL":
            left = join.parent.args.get("from_") if join.parent else None
            raise self.error("NOT_SUPPORTED", left.this if left else join, "Natural join not supported")
        # A column of USING is one of the whole scope here, where in Trino it is one of the brackets.
        for name in scope.merged.keys() - merged_before - set(using):
            if any(field.name == name for each in left_sources for field in each.fields):
                message = f"the local Athena does not support USING ({name}) in brackets beside a column of that name"
                raise self.error("NOT_SUPPORTED", join, message)
        for number, name in enumerate(using):
            if name in using[:number]:
                message = f"Column '{name}' appears multiple times in USING clause"
                raise self.error("DUPLICATE_COLUMN_NAME", join.args["using"][number], message)
            found = [
                [field for each in sources for field in each.fields if field.name == name]
                for sources in (left_sources, right_sources)
            ]
            if len(found[1]) > 1 or (len(found[0]) > 1 and name not in merged_before):
                raise self.error("AMBIGUOUS_NAME", names[number], f"Column '{name}' is ambiguous")
            left_field, right_field = (next(iter(fields), None) for fields in found)
            if left_field is None or right_field is None:
                side = "left" if left_field is None else "right"
                at = next(each for each in join.args["using"] if each.name.lower() == name)
                raise self.error("COLUMN_NOT_FOUND", at, f"Column '{name}' is missing from {side} side of join")
            merged = common_of((left_field.kind, right_field.kind))
            scope.merged[name] = Field(name, merged, written=names[number].name)
            if {left_field.kind and left_field.kind.name, right_field.kind and right_field.kind.name} <= FLOATING:
                _keep_from_nan(join, right_field)
        taken = {each.alias for each in left_sources if each.alias}
        if len(right_sources) == 1 and right_sources[0].alias in taken:
            # Only a star reaches its columns, and DuckDB by another name.
            stored = f"{right_sources[0].alias}{next(self.numbers)}__"
            alias = join.this.args.get("alias")
            columns = alias.columns if isinstance(alias, exp.TableAlias) else []
            join.this.set("alias", exp.TableAlias(this=exp.to_identifier(stored, quoted=True), columns=columns))
            scope.sources[before] = replace(right_sources[0], stored=stored)
        if on := join.args.get("on"):
            side = str(join.args.get("side") or "").upper()
            try:
                self.condition(on, scope, "JOIN ON")
            except QueryError:
                if side:
                    self.outer_condition(on, scope)
                raise
            if side:
                self.outer_condition(on, scope)
            if side in ("RIGHT", "FULL") and isinstance(join.this, exp.Lateral) and not _is_true(on):
                message = f"{side} JOIN involving LATERAL relation is only supported with condition ON TRUE"
                raise self.error("NOT_SUPPORTED", on, message)
            # Trino runs them so: what is there for each row of the left side is nothing without one.
            if side == "FULL" and isinstance(join.this, exp.Lateral):
                join.set("side", "LEFT")
            if side == "RIGHT" and isinstance(join.this, exp.Lateral) and holds_one_row(join.this.this):
                join.set("side", None)
            if isinstance(join.this, exp.Unnest) and not _is_true(on):
                message = f"{side or 'INNER'} JOIN involving UNNEST is only supported with condition ON TRUE"
                raise self.error("NOT_SUPPORTED", on, message)

    def outer_condition(self, on: exp.Expr, scope: Scope) -> None:
        """Refuse a condition of an outer join that speaks of a query around it, or whose sub-queries speak of the join."""
        for column in on.find_all(exp.Column):
            is_inside = column.find_ancestor(exp.Query, exp.Join) is not on.find_ancestor(exp.Join)
            if column.meta.get("scope", scope.number + 1) < scope.number + is_inside:
                message = (
                    f"Reference to column '{column.sql(dialect='trino')}' from outer scope not allowed in this context"
                )
                raise self.error("NOT_SUPPORTED", column, message)

    def source(self, node: exp.Expr, scope: Scope) -> Source:
        if node.args.get("pivots"):
            raise self.error("NOT_SUPPORTED", node, "the local Athena does not support PIVOT")
        match node:
            case exp.Table() if isinstance(node.this, exp.Identifier):
                return self.table(node, scope)
            case exp.Subquery() | exp.Values():
                inner = scope.outer or Scope()
                visible = Scope(inner, tables=scope.tables)
                fields = self.query(node, visible)
                inner_query = node.this if isinstance(node, exp.Subquery) else node
                given = alias_columns(node)
                self.aliased(node, node.alias, given, fields)
                return self.stored_source(node, fields, has_names=not isinstance(inner_query, exp.Values))
            case exp.Unnest():
                return self.unnest(node, scope)
            case exp.Lateral():
                query = node.this.this if isinstance(node.this, exp.Subquery) else node.this
                fields = self.subquery(query, query, scope)
                return self.stored_source(node, fields, has_names=not isinstance(query, exp.Values))
        if isinstance(node, exp.Table) and isinstance(node.this, exp.Anonymous):
            return self.unnest(self.sequence(node), scope)
        raise self.error("SYNTAX_ERROR", node, f"{node.sql(dialect='trino')[:60]} is not supported in FROM")

    def stored_source(self, node: exp.Expr, fields: tuple[Field, ...], *, has_names: bool = True) -> Source:
        """Give a sub-query as a source, and let DuckDB know it and its columns by names that no other has."""
        alias, given = node.alias, alias_columns(node)
        found = told_apart(renamed(fields, given))
        stored = "" if alias else f"query{next(self.numbers)}__"
        if any(each.stored for each in found) or not (has_names or given):
            # DuckDB has other names for the columns of VALUES.
            node.set("alias", stored_alias(alias or stored, found))
        elif not alias:
            node.set("alias", exp.TableAlias(this=exp.to_identifier(stored, quoted=True)))
        return Source(alias.lower(), found, stored=stored)

    def aliased(self, node: exp.Expr, alias: str, names: Sequence[str], fields: Sequence[Field]) -> None:
        visible = [each for each in fields if not each.is_hidden]
        if names and len(names) != len(visible):
            message = f"Column alias list has {len(names)} entries but '{alias}' has {len(visible)} columns available"
            raise self.error("MISMATCHED_COLUMN_ALIASES", node, message)

    def table(self, node: exp.Table, scope: Scope) -> Source:
        name = node.name.lower()
        fields = None if node.db else scope.table(name)
        if fields is None:
            fields = self.columns_of(node)
            fields += tuple(Field(hidden, kind, is_hidden=True) for hidden, kind in HIDDEN_COLUMNS.items())
        else:
            node.meta["is_common_table"] = True
        qualifiers = tuple(part.name.lower() for part in (node.args.get("db"), node.args.get("catalog")) if part)
        return Source(
            (node.alias or name).lower(), renamed(fields, alias_columns(node)), () if node.alias else qualifiers
        )

    def sequence(self, node: exp.Table) -> exp.Unnest:
        """
        Put an UNNEST in the place of ``TABLE(sequence(start => 0, stop => 9, step => 1))``, the one table function here.

        Source: https://trino.io/docs/current/functions/table.html
        """
        named = next(iter(node.this.expressions), None)
        *schema, call = list(named.flatten()) if isinstance(named, exp.Dot) else [named or exp.Null()]
        name = call.name if isinstance(call, exp.Anonymous) else ""
        if not isinstance(call, exp.Anonymous) or name.lower() == "exclude_columns":
            raise self.error("NOT_SUPPORTED", node, "the local Athena has no table function but sequence")
        if name.lower() != "sequence" or [part.name.lower() for part in schema] not in ([], ["system", "builtin"]):
            full = ".".join([*(part.name for part in schema), name])
            raise self.error("FUNCTION_NOT_FOUND", named or node, f"Table function '{full}' not registered")
        given = dict(zip(_SEQUENCE, call.expressions, strict=False))
        if any(isinstance(each, exp.Kwarg) for each in call.expressions):
            given = {each.this.name.lower(): each.expression for each in call.expressions}
        if "stop" not in given or len(call.expressions) != len(given) or not given.keys() <= set(_SEQUENCE):
            raise self.error("INVALID_ARGUMENTS", call, "the arguments of sequence are start, stop and step")
        numbers = [
            exp.cast(given.get(name, exp.Literal.number(default)), "bigint") for name, default in _SEQUENCE.items()
        ]
        alias = node.args.get("alias") or exp.TableAlias(this=exp.to_identifier("sequence", quoted=True))
        if not alias.columns:
            alias.set("columns", [exp.to_identifier("sequential_number", quoted=True)])
        unnest = exp.Unnest(expressions=[exp.Anonymous(this="sequence", expressions=numbers)], alias=alias)
        unnest.meta.update(node.meta)
        if node.args.get("joins"):
            unnest.set("joins", node.args["joins"])
        node.replace(unnest)
        return unnest

    def unnest(self, node: exp.Unnest, scope: Scope) -> Source:
        fields: list[Field] = []
        shapes: list[int] = []
        names = alias_columns(node)
        # Trino makes a column of each field of a row. In Athena's guide one name stands for the whole row; so it does here.
        # Source: https://docs.aws.amazon.com/athena/latest/ug/filtering-with-unnest.html
        keeps_rows = len(names) == len(node.expressions)
        for each in node.expressions:
            self.scalar(each, "UNNEST")
            kind = self.kind(each, scope)
            before = len(fields)
            match kind:
                case HiveType(name="array", children=(HiveType(name="struct") as row,)) if not keeps_rows:
                    for number, (name, child) in enumerate(zip(row.fields, row.children, strict=True)):
                        # A field that nobody named is a column that has none.
                        is_unnamed = name == f"field{number}"
                        fields.append(
                            Field(f"_col{len(fields)}" if is_unnamed else name.lower(), child, is_unnamed=is_unnamed)
                        )
                case HiveType(name="array", children=(element,)):
                    fields.append(Field(f"_col{before}", element, is_unnamed=True))
                case HiveType(name="map", children=(key, value)):
                    pair = ((before, key), (before + 1, value))
                    fields += [Field(f"_col{number}", each, is_unnamed=True) for number, each in pair]
                case None:
                    fields.append(Field(f"_col{before}", None))
                case _:
                    raise QueryError(f"INVALID_FUNCTION_ARGUMENT: Cannot unnest type: {shown_kind(kind)}")
            shapes.append(len(fields) - before)
        node.meta.update(shapes=shapes, keeps_rows=keeps_rows)
        if node.args.get("offset"):
            # sqlglot moves the last alias of WITH ORDINALITY there.
            offset = node.args["offset"]
            fields.append(Field(f"_col{len(fields)}", BIGINT, is_unnamed=True))
            if isinstance(offset, exp.Identifier):
                names = [*names, offset.name] if names else names
        if names and len(names) != len(fields):
            raise self.error(
                "MISMATCHED_COLUMN_ALIASES",
                node,
                f"Column alias list has {len(names)} entries but '{node.alias}' has {len(fields)} columns available",
            )
        named = renamed(tuple(fields), names)
        node.meta["fields"] = named
        stored = "" if node.alias else f"unnest{next(self.numbers)}__"
        node.meta["stored"] = stored
        return Source(node.alias.lower(), named, stored=stored)

    def condition(self, node: exp.Expr, scope: Scope, clause: str) -> None:
        kind = self.kind(node, scope)
        if kind is not None and kind.name not in ("boolean", "unknown"):
            raise self.error(
                "TYPE_MISMATCH", node, f"{clause} clause must evaluate to a boolean: actual type {shown_kind(kind)}"
            )


def _is_joined(relation: exp.Expr) -> bool:
    """Tell whether something is joined to a relation before it is joined itself, in brackets or without."""
    in_brackets = relation.this if isinstance(relation, exp.Subquery) else None
    return bool(relation.args.get("joins")) or (
        isinstance(in_brackets, exp.Table | exp.Subquery) and _is_joined(in_brackets)
    )


def _keep_from_nan(join: exp.Join, field: Field) -> None:
    """
    Let nothing meet NaN by USING, to which DuckDB thinks NaN equal.

    Of the right side nothing but its match is to be seen, so NaN may be NULL there; where a join shows it, it is refused.
    """
    joined = join.this
    if joined.args.get("joins"):
        return
    column = column_node(field.column)
    is_shown = str(join.args.get("side") or "").upper() in ("RIGHT", "FULL")
    refused = exp.Anonymous(
        this=f"{SCHEMA}.refuse",
        expressions=[
            exp.Literal.string("NOT_SUPPORTED"),
            exp.Literal.string("the local Athena has no RIGHT and FULL JOIN USING a column that holds NaN"),
        ],
    )
    value = exp.Case(
        ifs=[exp.If(this=exp.Anonymous(this="isnan", expressions=[column]), true=refused if is_shown else exp.Null())],
        default=column.copy(),
    )
    star = exp.Star(replace=[exp.Alias(this=value, alias=exp.to_identifier(field.column, quoted=True))])
    name = exp.to_identifier(joined.alias_or_name, quoted=True)
    inner = exp.Select(expressions=[star]).from_(joined.copy())
    wrapped = exp.Subquery(this=inner, alias=exp.TableAlias(this=name))
    joined.replace(wrapped)


def _is_true(on: exp.Expr) -> bool:
    return isinstance(on, exp.Boolean) and bool(on.this)


def _without_brackets(node: exp.Expr) -> exp.Expr:
    """Take a table out of its brackets, which DuckDB does not have, and give what stands there now."""
    while isinstance(node, exp.Subquery) and isinstance(node.this, exp.Table | exp.Subquery):
        inner = node.this
        is_table = isinstance(inner, exp.Table) or isinstance(inner.this, exp.Table | exp.Subquery)
        if not is_table or inner.args.get("joins") or (inner.args.get("alias") and node.args.get("alias")):
            break
        for part in ("alias", "joins"):
            if node.args.get(part):
                inner.set(part, node.args[part])
        node.replace(inner)
        node = inner
    return node
