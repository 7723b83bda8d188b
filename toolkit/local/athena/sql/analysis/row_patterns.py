"""
MATCH_RECOGNIZE as a query of Trino's that has none: windows for PREV and NEXT, a routine that finds the runs of rows, and
groups or windows over those for the measures.

What a condition of DEFINE says of the row alone is a bit of the row; where it speaks of another row of the run, it is tried for
each pair of rows beforehand. A condition of more rows than two, or of aggregates, is refused.
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from typing import Any

import sqlglot
from sqlglot import exp

from toolkit.local.athena.sql.analysis.base import Analysis
from toolkit.local.athena.sql.analysis.grouping import is_aggregate_name
from toolkit.local.athena.sql.analysis.scopes import Scope
from toolkit.local.athena.sql.dialect import AthenaDialect
from toolkit.local.athena.sql.routines.row_patterns import PAIR
from toolkit.local.athena.sql.row_patterns import Pattern, PatternError, canonical

# The function that finds the runs, and one that refuses a partition of too many rows for pairs, by names that no query can write.
MATCHED_ROWS = "\0matched_rows"
FEW_ROWS = "\0few_rows"

# A row of a run that a condition speaks of: "first" or "last", of these variables (none is any), so many further.
_Anchor = tuple[str, tuple[int, ...], int]

_CURRENT, _ANCHOR = "current__", "anchor__"

# The bits of a bigint, but for some.
MOST_CONDITIONS = 60

# Aggregates that take a NULL for nothing, so that what is not in the run may be one.
_PASS_NULL = frozenset(
    {"arbitrary", "any_value", "avg", "count", "max", "min", "sum", "bool_and", "bool_or", "count_if"}
)


class RowPatterns(Analysis):
    """Makes sub-queries of relations with MATCH_RECOGNIZE."""

    def recognize(self, relation: exp.Expr, scope: Scope) -> exp.Expr:
        """Put a sub-query into the place of a relation and the pattern after it, and give it."""
        match, joins = relation.args["match"], relation.args.get("joins")
        if not isinstance(relation, exp.Table | exp.Subquery | exp.Values):
            message = "the local Athena does not support MATCH_RECOGNIZE here; put what is before it into a sub-query"
            raise self.error("NOT_SUPPORTED", match, message)
        relation.set("match", None)
        relation.set("joins", None)
        names = [each.name for each in self.source(relation.copy(), Scope(scope)).fields if not each.is_hidden]
        query = _Recognized(self, match, relation, names).query()
        alias = match.args.get("alias")
        recognized = exp.Subquery(this=query, alias=alias.copy() if alias is not None else None, joins=joins)
        relation.replace(recognized)
        return recognized


class _Recognized:
    """One MATCH_RECOGNIZE on its way to a query."""

    def __init__(self, analysis: Analysis, match: exp.Expr, relation: exp.Expr, names: Sequence[str]) -> None:
        self.analysis, self.match, self.relation, self.names = analysis, match, relation, names
        try:
            self.pattern = Pattern(match.args["pattern"].name if match.args.get("pattern") else "")
        except PatternError as error:
            raise analysis.error("SYNTAX_ERROR", match, str(error)) from error
        self.unions: dict[str, tuple[int, ...]] = {}
        for each in match.args.get("subsets") or ():
            name = _name_of(each.this)
            if name in self.unions:
                message = f"union pattern variable name: {each.this.name} is declared twice"
                raise analysis.error("INVALID_LABEL", each.this, message)
            if name in self.pattern.variables:
                message = (
                    f"union pattern variable name: {each.this.name} is a duplicate of primary pattern variable name"
                )
                raise analysis.error("INVALID_LABEL", each.this, message)
            self.unions[name] = tuple(self.primary(part) for part in each.expressions)
        rows = match.args["rows"].name
        self.has_all_rows = rows.startswith("ALL")
        self.shows_unmatched = rows.endswith("UNMATCHED ROWS")
        self.omits_empty = "OMIT" in rows
        self.shifted: list[exp.Expr] = []
        self.bits: list[exp.Expr] = []
        self.pairs: list[tuple[exp.Expr, _Anchor]] = []

    def query(self) -> exp.Select:
        if not self.has_all_rows and not self.match.args.get("measures") and not self.match.args.get("partition_by"):
            message = "pattern recognition output table has no columns"
            raise self.analysis.error("TABLE_HAS_NO_COLUMNS", self.relation, message)
        conditions = self.conditions()
        measures = [self.measure(each) for each in self.match.args.get("measures") or ()]
        partition = self.columns(self.match.args.get("partition_by") or ())
        order = self.match.args.get("order")
        sorted_by = self.columns([each.this for each in order.expressions] if order is not None else [])
        spec = {
            "program": self.pattern.program,
            "conditions": conditions,
            "skip": self.skip(),
            "unmatched": self.shows_unmatched,
        }
        tables = [
            ("rows__", self.numbered(partition, order)),
            ("tested__", exp.Select(expressions=[exp.Star(), *self.shifted]).from_("rows__")),
            ("marked__", self.marked()),
            *((f"pairs{number}__", self.paired(*each)) for number, each in enumerate(self.pairs)),
            ("found__", self.found(json.dumps(spec))),
            ("matched__", self.matched()),
        ]
        if self.has_all_rows:
            shown = [*partition, *sorted_by]
            rest = [name for name in self.names if name.lower() not in {each.lower() for each in shown}]
            columns = [_column(name) for name in shown], [_column(name) for name in rest]
            query = exp.Select(expressions=[*columns[0], *measures, *columns[1]]).from_("matched__")
            if self.omits_empty or any(step[0] == "label" and step[2] for step in self.pattern.program):
                query = self.shown(query, [*shown, *(each.alias for each in measures), *rest])
        else:
            first = [exp.alias_(_call("arbitrary", _column(name)), name, quoted=True) for name in partition]
            query = exp.Select(expressions=[*first, *measures]).from_("matched__")
            query.set("group", exp.Group(expressions=[_column("part__"), _column("match__")]))
        ctes = [exp.CTE(this=each, alias=exp.TableAlias(this=exp.to_identifier(name))) for name, each in tables]
        query.set("with_", exp.With(expressions=ctes))
        return query

    # -- what is found

    def numbered(self, partition: list[str], order: exp.Expr | None) -> exp.Expr:
        keys = [exp.Ordered(this=_column(name)) for name in partition]
        part: exp.Expr = exp.Literal.number(1)
        if keys:
            part = exp.Window(this=_call("dense_rank"), order=exp.Order(expressions=keys), over="OVER")
        number = exp.Window(
            this=_call("row_number"),
            partition_by=[_column(name) for name in partition],
            order=order.copy() if order is not None else None,
            over="OVER",
        )
        columns = [exp.Star(), exp.alias_(part, "part__"), exp.alias_(number, "row__")]
        select = exp.Select(expressions=columns)
        select.set("from_", exp.From(this=self.relation.copy()))
        return select

    def marked(self) -> exp.Expr:
        mask: exp.Expr = exp.cast(exp.Literal.number(0), "bigint")
        for number, condition in enumerate(self.bits):
            bit = exp.If(this=condition, true=exp.Literal.number(2**number), false=exp.Literal.number(0))
            mask = exp.Add(this=mask, expression=bit)
        if self.pairs:
            rows = exp.Window(this=_call("count", exp.Star()), partition_by=[_column("part__")], over="OVER")
            mask = exp.Add(this=mask, expression=_call(FEW_ROWS, rows))
        star = exp.Column(this=exp.Star(), table=exp.to_identifier(_CURRENT))
        return exp.Select(expressions=[star, exp.alias_(mask, "mask__")]).from_(f"tested__ AS {_CURRENT}")

    def paired(self, condition: exp.Expr, _: _Anchor) -> exp.Expr:
        query = _parsed(
            f"""
            SELECT part__, array_agg(row__ * BIGINT '{PAIR}' + other__) AS list__ FROM (
                SELECT {_CURRENT}.part__, {_CURRENT}.row__, {_ANCHOR}.row__ AS other__ FROM marked__ AS {_CURRENT}
                JOIN marked__ AS {_ANCHOR} ON {_ANCHOR}.part__ = {_CURRENT}.part__ AND {_ANCHOR}.row__ <= {_CURRENT}.row__
                WHERE condition__
                UNION ALL SELECT {_CURRENT}.part__, {_CURRENT}.row__, BIGINT '0' FROM marked__ AS {_CURRENT}
                LEFT JOIN marked__ AS {_ANCHOR} ON false WHERE condition__
            ) GROUP BY part__
            """
        )
        for column in list(query.find_all(exp.Column)):
            if column.name == "condition__":
                column.replace(exp.Paren(this=condition.copy()))
        return query

    def found(self, spec: str) -> exp.Expr:
        lists = ", ".join(f"list{number}__" for number in range(len(self.pairs)))
        columns = "".join(f", arbitrary(pairs{n}__.list__) AS list{n}__" for n in range(len(self.pairs)))
        joins = "".join(f" LEFT JOIN pairs{n}__ ON pairs{n}__.part__ = marked__.part__" for n in range(len(self.pairs)))
        query = _parsed(
            f"SELECT part__, matched(masks__, CAST(ARRAY[{lists}] AS array(array(bigint))), '') AS found__ FROM ("
            f"SELECT marked__.part__, array_agg(mask__ ORDER BY row__) AS masks__{columns} "
            f"FROM marked__{joins} GROUP BY marked__.part__)"
        )
        call = next(each for each in query.find_all(exp.Anonymous) if each.name == "matched")
        call.set("this", MATCHED_ROWS)
        call.expressions[2].replace(exp.Literal.string(spec))
        return query

    def matched(self) -> exp.Expr:
        query = _parsed(
            "SELECT tested__.*, u__.f__[1] AS match__, u__.f__[3] AS label__, u__.f__[4] AS excluded__, "
            "CASE u__.f__[3] WHEN -3 THEN '' END AS classifier__ FROM found__ CROSS JOIN UNNEST(found__.found__) AS u__(f__) "
            "JOIN tested__ ON tested__.part__ = found__.part__ AND tested__.row__ = u__.f__[2]"
        )
        case = next(iter(query.find_all(exp.Case)))
        for number, name in enumerate(self.pattern.variables):
            value = exp.cast(exp.Literal.string(name), "varchar")
            case.append("ifs", exp.If(this=exp.Literal.number(number), true=value))
        return query

    def shown(self, query: exp.Select, names: Sequence[str]) -> exp.Select:
        """Leave out the rows that are excluded, and those of empty runs where they are to be omitted."""
        kept: list[exp.Expr] = [exp.EQ(this=_column("excluded__"), expression=exp.Literal.number(0))]
        if self.omits_empty:
            kept.append(exp.NEQ(this=_column("label__"), expression=exp.Literal.number(-1)))
        query.set("expressions", [*query.expressions, _column("excluded__"), _column("label__")])
        outer = exp.Select(expressions=[_column(name) for name in names]).from_(exp.Subquery(this=query))
        return outer.where(*kept, copy=False)

    def skip(self) -> list[Any]:
        text = self.match.args["after"].name if self.match.args.get("after") else ""
        found = re.fullmatch(r"AFTER MATCH SKIP TO (FIRST|LAST) (.*)", text)
        if found is None:
            return ["next"] if text.upper().endswith("NEXT ROW") else ["past"]
        return [found[1].lower(), list(self.labels(canonical(found[2])))]

    # -- conditions

    def conditions(self) -> list[dict[str, list[Any]]]:
        """Give for each variable the bits of a row that must be set, and the pairs that must hold."""
        found: list[dict[str, list[Any]]] = [{"bits": [], "pairs": []} for _ in self.pattern.variables]
        owners: list[int] = []
        defined: set[str] = set()
        for each in self.match.args.get("define") or ():
            name = each.args["alias"]
            variable = _name_of(name)
            if variable not in self.pattern.variables:
                message = f"defined variable: {name.name} is not a primary pattern variable"
                raise self.analysis.error("INVALID_LABEL", name, message)
            if variable in defined:
                message = f"pattern variable with name: {name.name} is defined twice"
                raise self.analysis.error("INVALID_LABEL", name, message)
            defined.add(variable)
            number = self.pattern.variables.index(variable)
            for term in each.this.unnest().flatten() if isinstance(each.this.unnest(), exp.And) else [each.this]:
                anchors: set[_Anchor] = set()
                condition = self.defined(term.copy(), number, anchors)
                if len(anchors) > 1:
                    raise self.unsupported(term, "a condition of DEFINE that speaks of three rows")
                if anchors:
                    anchor = anchors.pop()
                    found[number]["pairs"].append([len(self.pairs), *anchor])
                    self.pairs.append((condition, anchor))
                    owners.append(number)
                else:
                    found[number]["bits"].append(len(self.bits))
                    self.bits.append(condition)
        if len(self.bits) > MOST_CONDITIONS:
            raise self.unsupported(self.match, "so many conditions in DEFINE")
        for number, (owner, (condition, anchor)) in enumerate(zip(owners, self.pairs, strict=True)):
            # Only of rows that can be of their variables.
            own = [self.bits[bit].copy() for bit in found[owner]["bits"]]
            others = [_moved(self.bits[bit]) for label in anchor[1][:1] for bit in found[label]["bits"]]
            others = others if len(anchor[1]) == 1 else []
            is_other = (
                [exp.or_(exp.Is(this=_anchored("row__"), expression=exp.Null()), exp.and_(*others))] if others else []
            )
            self.pairs[number] = (exp.and_(*own, *is_other, condition), anchor)
        return found

    def defined(self, node: exp.Expr, variable: int, anchors: set[_Anchor]) -> exp.Expr:
        """Give a condition with its columns as those of the row, or of the one other row that it speaks of."""
        if isinstance(node, exp.Column):
            return self.at_row(*self.unlabelled(node), "last", 0, variable, anchors)
        if isinstance(node, exp.Query):
            raise self.unsupported(node, "a sub-query in DEFINE")
        if node.meta.get("semantics") == "FINAL":
            message = "FINAL semantics is not supported in DEFINE clause"
            raise self.analysis.error("INVALID_PROCESSING_MODE", node, message)
        if isinstance(node, exp.Anonymous):
            name = node.name.lower()
            if name in ("prev", "next", "first", "last"):
                return self.at_row(*self.navigated(node), variable, anchors)
            if name == "classifier" and not node.expressions:
                return exp.cast(exp.Literal.string(self.pattern.variables[variable]), "varchar")
            if name in ("classifier", "match_number") or is_aggregate_name(name):
                raise self.unsupported(node, f"{name} in DEFINE")
        return self.within(node, lambda each: self.defined(each, variable, anchors))

    def at_row(
        self, value: exp.Expr, labels: tuple[int, ...], direction: str, count: int, variable: int, anchors: set[_Anchor]
    ) -> exp.Expr:
        is_current = direction == "last" and count == 0 and (not labels or variable in labels)
        if not is_current:
            anchors.add((direction, labels, count))
        for column in [value] if isinstance(value, exp.Column) else list(value.find_all(exp.Column)):
            if column.name == "classifier__":
                raise self.unsupported(column, "CLASSIFIER of other rows in DEFINE")
            table = exp.to_identifier(_CURRENT if is_current else _ANCHOR, quoted=True)
            parts = [*column.parts]
            made = exp.Column(**dict(zip(("this", "table", "db", "catalog"), [*parts[::-1], table], strict=False)))
            made.meta.update(column.meta)
            if column is value:
                return made
            column.replace(made)
        return value

    def navigated(self, node: exp.Anonymous) -> tuple[exp.Expr, tuple[int, ...], str, int]:
        """Give what PREV, NEXT, FIRST or LAST takes: the value, whose rows, from which end, and how far from it."""
        name = node.name.lower()
        inner, count = node.expressions[0], self.count(node)
        if name in ("first", "last"):
            value, labels = self.labelled(inner)
            return value, labels, name, count
        direction, further = "last", 0
        if isinstance(inner, exp.Anonymous) and inner.name.lower() in ("first", "last"):
            value, labels, direction, further = self.navigated(inner)
        else:
            value, labels = self.labelled(inner)
        if any(each.name in ("classifier__", "match__") for each in value.find_all(exp.Column)):
            raise self.unsupported(node, f"{name} of CLASSIFIER and MATCH_NUMBER")
        window = exp.Window(
            this=_call("lag" if name == "prev" else "lead", value, exp.Literal.number(count)),
            partition_by=[_column("part__")],
            order=exp.Order(expressions=[exp.Ordered(this=_column("row__"))]),
            over="OVER",
        )
        self.shifted.append(exp.alias_(window, f"shifted{len(self.shifted)}__"))
        return _column(self.shifted[-1].alias), labels, direction, further

    def count(self, node: exp.Anonymous) -> int:
        if len(node.expressions) < 2:
            return 1 if node.name.lower() in ("prev", "next") else 0
        if not isinstance(node.expressions[1], exp.Literal) or not node.expressions[1].is_int:
            message = f"{node.name.lower()} pattern recognition function requires a number as the second argument"
            raise self.analysis.error("INVALID_FUNCTION_ARGUMENT", node, message)
        return int(node.expressions[1].name)

    def labelled(self, node: exp.Expr) -> tuple[exp.Expr, tuple[int, ...]]:
        """Give a value without the variables before its columns, and which that was."""
        found: set[tuple[int, ...]] = set()

        def plain(each: exp.Expr) -> exp.Expr:
            if isinstance(each, exp.Column):
                column, labels = self.unlabelled(each)
                found.add(labels)
                return column
            if isinstance(each, exp.Anonymous) and each.name.lower() == "classifier":
                found.add(self.labels_of_classifier(each))
                return _column("classifier__")
            if isinstance(each, exp.Anonymous) and each.name.lower() == "match_number":
                return _column("match__")
            if isinstance(each, exp.Anonymous) and each.name.lower() in ("first", "last", "prev", "next"):
                raise self.unsupported(each, f"{each.name.lower()} inside of another such call")
            return self.within(each, plain)

        value = plain(node.copy())
        if len(found) > 1:
            what = f"Column references inside argument of function {node.name.lower()}"
            message = f"{what} must all either be prefixed with the same label or be not prefixed"
            raise self.analysis.error("INVALID_ARGUMENTS", next(iter(node.find_all(exp.Column)), node), message)
        return value, next(iter(found), ())

    def unlabelled(self, column: exp.Column) -> tuple[exp.Expr, tuple[int, ...]]:
        first, *rest = column.parts
        name = _name_of(first)
        if name not in (*self.pattern.variables, *self.unions) or not rest:
            if rest:
                written = ".".join(part.name.lower() for part in column.parts)
                raise self.analysis.error("COLUMN_NOT_FOUND", column, f"Column '{written}' cannot be resolved")
            return column.copy(), ()
        if len(rest) > 1:
            message = (
                f"Column {'.'.join(part.name for part in rest)} prefixed with label {first.name} cannot be resolved"
            )
            raise self.analysis.error("COLUMN_NOT_FOUND", column, message)
        made = exp.Column(**dict(zip(("this", "table", "db"), rest[::-1], strict=False)))
        made.meta.update(column.meta)
        return made, self.labels(name)

    def labels_of_classifier(self, node: exp.Anonymous) -> tuple[int, ...]:
        return self.labels(_name_of(node.expressions[0].find(exp.Identifier))) if node.expressions else ()

    def labels(self, name: str) -> tuple[int, ...]:
        if name in self.unions:
            return self.unions[name]
        if name not in self.pattern.variables:
            message = f"{name} is not a primary or union pattern variable"
            raise self.analysis.error("INVALID_LABEL", self.match, message)
        return (self.pattern.variables.index(name),)

    def primary(self, name: exp.Expr) -> int:
        if _name_of(name) not in self.pattern.variables:
            message = f"subset element: {name.name} is not a primary pattern variable"
            raise self.analysis.error("INVALID_LABEL", name, message)
        return self.pattern.variables.index(_name_of(name))

    # -- measures

    def measure(self, node: exp.Expr) -> exp.Expr:
        alias = node.this
        if not isinstance(alias, exp.Alias):
            raise self.analysis.error("SYNTAX_ERROR", node, "a measure of MATCH_RECOGNIZE has no name: AS is expected")
        value = self.measured(alias.this.copy(), is_final=not self.has_all_rows)
        if self.shows_unmatched:
            value = exp.If(this=exp.GT(this=_column("match__"), expression=exp.Literal.number(0)), true=value)
        return exp.alias_(value, alias.args["alias"].copy())

    def measured(self, node: exp.Expr, *, is_final: bool) -> exp.Expr:
        if "semantics" in node.meta:
            is_final = node.meta["semantics"] == "FINAL" or not self.has_all_rows
        if isinstance(node, exp.Column):
            return self.chosen(*self.unlabelled(node), "last", 0, is_final=is_final)
        if isinstance(node, exp.Query | exp.Window):
            raise self.unsupported(node, "sub-queries and windows in MEASURES")
        if isinstance(node, exp.Anonymous):
            name = node.name.lower()
            if name in ("prev", "next", "first", "last"):
                return self.chosen(*self.navigated(node), is_final=is_final)
            if name == "classifier":
                return self.chosen(
                    _column("classifier__"), self.labels_of_classifier(node), "last", 0, is_final=is_final
                )
            if name == "match_number":
                return _column("match__")
            if is_aggregate_name(name):
                return self.aggregated(node, is_final=is_final)
        return self.within(node, lambda each: self.measured(each, is_final=is_final))

    def chosen(
        self, value: exp.Expr, labels: tuple[int, ...], direction: str, count: int, *, is_final: bool
    ) -> exp.Expr:
        """Give a value of a row of the run, the first or last or one further from there."""
        place = count + 1 if direction == "first" else -1 - count
        # FIRST looks ahead, as Trino's does.
        return _call(
            "element_at", self.listed(value, labels, is_final=is_final or direction == "first"), _number(place)
        )

    def listed(self, value: exp.Expr, labels: tuple[int, ...], *, is_final: bool) -> exp.Expr:
        """Give an array of the values of a run's rows."""
        if not self.has_all_rows:
            order = exp.Order(this=value, expressions=[exp.Ordered(this=_column("row__"))])
            where = exp.Where(this=_is_one_of(labels))
            return exp.Filter(this=_call("array_agg", order), expression=where)
        pair = _call("row", _is_one_of(labels), value)
        seen = self.over(_call("array_agg", pair), is_final=is_final)
        name = exp.to_identifier("seen__")
        first, second = (exp.Bracket(this=name.copy(), expressions=[exp.Literal.number(n)]) for n in (1, 2))
        kept = _call("filter", seen, exp.Lambda(this=first, expressions=[name.copy()]))
        return _call("transform", kept, exp.Lambda(this=second, expressions=[name.copy()]))

    def aggregated(self, node: exp.Anonymous, *, is_final: bool) -> exp.Expr:
        name = node.name.lower()
        for part, word in ((exp.Distinct, "DISTINCT"), (exp.Order, "ORDER BY")):
            if any(isinstance(each, part) for each in node.expressions):
                message = f"Cannot use {word} with {name} aggregate function in pattern recognition context"
                raise self.analysis.error("NOT_SUPPORTED", node, message)
        stars = [each for each in node.expressions if isinstance(each, exp.Star) or isinstance(each.this, exp.Star)]
        if stars or not node.expressions:
            labels: tuple[int, ...] = ()
            if stars and isinstance(stars[0], exp.Column):
                labels = self.labels(_name_of(stars[0].args["table"]))
            counted = _call("count_if", _is_one_of(labels))
            return counted if not self.has_all_rows else self.over(counted, is_final=is_final)
        if not self.has_all_rows:
            value, labels = self.labelled(node)
            if name == "array_agg":
                return self.listed(value.expressions[0], labels, is_final=True)
            return exp.Filter(this=value, expression=exp.Where(this=_is_one_of(labels)))
        if len(node.expressions) > 1:
            raise self.unsupported(node, f"this call of {name} in ALL ROWS PER MATCH")
        value, labels = self.labelled(node.expressions[0])
        if name == "array_agg":
            return self.listed(value, labels, is_final=is_final)
        if name not in _PASS_NULL:
            raise self.unsupported(node, f"{name} in ALL ROWS PER MATCH")
        return self.over(_call(name, exp.If(this=_is_one_of(labels), true=value)), is_final=is_final)

    def over(self, call: exp.Expr, *, is_final: bool) -> exp.Expr:
        end = {"end": "UNBOUNDED", "end_side": "FOLLOWING"} if is_final else {"end": "CURRENT ROW"}
        spec = exp.WindowSpec(kind="ROWS", start="UNBOUNDED", start_side="PRECEDING", **end)
        order = exp.Order(expressions=[exp.Ordered(this=_column("row__"))])
        parts = [_column("part__"), _column("match__")]
        return exp.Window(this=call, partition_by=parts, order=order, spec=spec, over="OVER")

    # -- the rest

    def columns(self, nodes: Sequence[exp.Expr]) -> list[str]:
        for each in nodes:
            if not isinstance(each, exp.Column) or len(each.parts) > 2:
                message = f"Expected column reference. Actual: {each.sql(dialect='trino')}"
                raise self.analysis.error("INVALID_COLUMN_REFERENCE", each, message)
        return [each.name.lower() for each in nodes]

    def within(self, node: exp.Expr, change: Any) -> exp.Expr:
        """Give a node with what *change* makes of each part of it."""
        whole = node.this.unnest() if isinstance(node, exp.Dot) else None
        if isinstance(whole, exp.Column):
            # As if nothing were in brackets.
            parts = [*whole.parts, node.expression]
            change(exp.Column(**dict(zip(("this", "table", "db", "catalog"), parts[::-1], strict=False))))
        for each in list(node.iter_expressions()):
            made = change(each)
            if made is not each:
                each.replace(made)
        return node

    def unsupported(self, node: exp.Expr, what: str) -> Exception:
        message = f"the local Athena does not support {what} of MATCH_RECOGNIZE"
        return self.analysis.error("NOT_SUPPORTED", node, message)


def _anchored(name: str) -> exp.Column:
    return exp.column(exp.to_identifier(name, quoted=True), exp.to_identifier(_ANCHOR, quoted=True))


def _moved(condition: exp.Expr) -> exp.Expr:
    """Give a condition of a row as one of the other row of a pair."""
    moved = condition.copy()
    for each in moved.find_all(exp.Identifier):
        if each.name == _CURRENT:
            each.set("this", _ANCHOR)
    return moved


def _column(name: str) -> exp.Column:
    return exp.column(exp.to_identifier(name, quoted=True))


def _number(number: int) -> exp.Expr:
    literal = exp.Literal.number(abs(number))
    return exp.Neg(this=literal) if number < 0 else literal


def _call(name: str, *arguments: exp.Expr) -> exp.Anonymous:
    return exp.Anonymous(this=name, expressions=list(arguments))


def _is_one_of(labels: tuple[int, ...]) -> exp.Expr:
    if not labels:
        return exp.GTE(this=_column("label__"), expression=exp.Literal.number(0))
    return exp.In(this=_column("label__"), expressions=[exp.Literal.number(each) for each in labels])


def _name_of(name: Any) -> str:
    """Give the name of a variable as CLASSIFIER shows it."""
    return canonical(f'"{name.name}"' if name.args.get("quoted") else name.name)


def _parsed(sql: str) -> exp.Expr:
    tree = sqlglot.parse_one(sql, dialect=AthenaDialect)
    for each in tree.walk():
        # These are places in another text.
        each.meta.pop("start", None)
        each.meta.pop("before", None)
    return tree
