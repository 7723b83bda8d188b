"""
Trino's tree to DuckDB's: one function per kind of node, children before parents.

Types come from ``analysis``; what can't be said in DuckDB is refused by name.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from typing import Any

from sqlglot import exp
from sqlglot.generators.duckdb import DuckDBGenerator

from toolkit.local.athena.errors import QueryError
from toolkit.local.athena.hive_types import HiveType, duckdb_text, trino_text
from toolkit.local.athena.sql.analysis import kind_of
from toolkit.local.athena.sql.dialect import place
from toolkit.local.athena.sql.formats import UnsupportedPattern, from_joda, from_mysql
from toolkit.local.athena.sql.functions import AGGREGATES, FUNCTIONS, INTEGRAL, Kind, zone_of
from toolkit.local.athena.sql.macros import QUIET

TEXT = frozenset({"string", "varchar", "char"})
FLOATING = frozenset({"float", "double"})

# EXTRACT's fields and the functions that give the same.
_FIELDS = {
    "YEAR": "year",
    "QUARTER": "quarter",
    "MONTH": "month",
    "WEEK": "week",
    "WEEK_OF_YEAR": "week",
    "DAY": "day",
    "DAY_OF_MONTH": "day",
    "DAY_OF_WEEK": "day_of_week",
    "DAYOFWEEK": "day_of_week",
    "DOW": "day_of_week",
    "DAY_OF_YEAR": "day_of_year",
    "DAYOFYEAR": "day_of_year",
    "DOY": "day_of_year",
    "YEAR_OF_WEEK": "year_of_week",
    "YOW": "year_of_week",
    "HOUR": "hour",
    "MINUTE": "minute",
    "SECOND": "second",
}


def to_duckdb(tree: exp.Expr, sql: str) -> str:
    """
    Give the DuckDB SQL of an analysed query.

    Raises:
        QueryError: it needs something that the local Athena can't do.
    """
    rewriter = _Rewriter(sql)
    _name_outputs(tree)
    for node in reversed(list(tree.walk())):
        rule = _RULES.get(type(node))
        if rule is None:
            continue
        new = rule(rewriter, node)
        if new is not node:
            new.meta.setdefault("kind", node.meta.get("kind"))
            if node is tree:
                tree = new
            else:
                node.replace(new)
    return str(_Generator(dialect="duckdb", normalize_functions=False).generate(tree))


def _name_outputs(tree: exp.Expr) -> None:
    for select in tree.find_all(exp.Select):
        for number, each in enumerate(select.expressions):
            if not isinstance(each, exp.Alias | exp.Column | exp.Star):
                name = each.expression.name.lower() if isinstance(each, exp.Dot) else f"_col{number}"
                # In a sub-select of an expression the name is never seen, but it never hurts.
                alias = exp.Alias(this=each.copy(), alias=exp.to_identifier(name, quoted=True))
                alias.meta["kind"] = each.meta.get("kind")
                each.replace(alias)


class _Generator(DuckDBGenerator):
    def ignorenulls_sql(self, expression: exp.IgnoreNulls) -> str:
        return f"{self.sql(expression, 'this')} IGNORE NULLS"


class _Rewriter:
    def __init__(self, sql: str) -> None:
        self.sql = sql

    def unsupported(self, node: exp.Expr, what: str) -> QueryError:
        return QueryError(f"NOT_SUPPORTED: {place(self.sql, node)}: the local Athena does not support {what}")

    # -- literals and operators

    def literal(self, node: exp.Literal) -> exp.Expr:
        if node.is_string or node.is_int or "e" in node.name.lower():
            return node
        return exp.Literal.number(f"{node.name}e0")

    def division(self, node: exp.Div) -> exp.Expr:
        left, right = _kind(node.left), _kind(node.right)
        if left in FLOATING or right in FLOATING:
            # DuckDB's / of two doubles follows IEEE, as Trino's does.
            return exp.Div(
                this=_paren(_cast(node.left, "DOUBLE")), expression=_paren(node.right), typed=False, safe=False
            )
        if left == "interval":
            return node
        return exp.IntDiv(this=_paren(node.left), expression=_paren(node.right))

    def shift_of_date(self, node: exp.Binary) -> exp.Expr:
        left, right = _kind(node.left), _kind(node.right)
        if "date" in (left, right) and "interval" in (left, right):
            return _cast(exp.Paren(this=node.copy()), "DATE")
        if left == right == "date":
            return _call("to_days", _cast(exp.Paren(this=node.copy()), "INTEGER"))
        return node

    def interval(self, node: exp.Interval) -> exp.Expr:
        unit = str(node.args.get("unit") or "").upper()
        value = node.this
        if isinstance(value, exp.Literal) and value.is_string and "TO" not in unit:
            text = value.name.strip()
            sign, digits = (-1, text[1:]) if text.startswith("-") else (1, text.lstrip("+"))
            if not re.fullmatch(r"\d+(\.\d+)?", digits):
                raise QueryError(f"INVALID_LITERAL: {place(self.sql, node)}: '{text}' is not a valid interval literal")
            literal = exp.Interval(this=exp.Literal.string(digits), unit=node.args.get("unit"))
            return exp.Paren(this=exp.Neg(this=literal)) if sign < 0 else literal
        if "TO" in unit:
            raise self.unsupported(node, f"INTERVAL … {unit}")
        return node

    def at_time_zone(self, node: exp.AtTimeZone) -> exp.Expr:
        # The instant stays; the zone in which it is shown is part of its type.
        return exp.Paren(this=_zoned(node.this))

    def with_timezone(self, node: exp.Anonymous) -> exp.Expr:
        return _instant(node.expressions[0], node.expressions[1].name)

    def to_iso8601(self, node: exp.Anonymous) -> exp.Expr:
        value = node.expressions[0]
        kind: Kind = value.meta.get("kind")
        if kind is not None and kind.name == "timestamp with time zone":
            zone = zone_of(kind)
            if zone != "UTC" and zone[0] not in "+-":
                raise self.unsupported(node, f"to_iso8601 in the zone {zone}")
            text = _macro("to_iso8601", _local(value, kind))
            suffix = exp.Literal.string("Z" if zone == "UTC" else zone)
            return exp.Paren(this=exp.DPipe(this=text, expression=suffix))
        return _macro("date_to_iso8601" if kind is not None and kind.name == "date" else "to_iso8601", value)

    def at_timezone(self, node: exp.Anonymous) -> exp.Expr:
        return exp.Paren(this=_zoned(node.expressions[0]))

    def extract(self, node: exp.Extract) -> exp.Expr:
        field = node.this.name.upper()
        if field not in _FIELDS:
            raise self.unsupported(node, f"EXTRACT({field} FROM …)")
        value = node.expression
        if _kind(value) == "timestamp with time zone":
            value = _local(value, value.meta["kind"])
        return _macro(_FIELDS[field], value)

    def dereference(self, node: exp.Dot) -> exp.Expr:
        return _call("struct_extract", node.this, exp.Literal.string(node.expression.name.lower()))

    def subscript(self, node: exp.Bracket) -> exp.Expr:
        container: Kind = node.meta.get("container")
        index = node.expressions[0]
        if container is None:
            return _call("list_extract", node.this, index)
        if container.name == "array":
            return _macro("array_subscript", node.this, index)
        if container.name == "map":
            return _macro("map_subscript", node.this, index)
        return _call("struct_extract", node.this, exp.Literal.string(container.fields[int(index.name) - 1]))

    def concatenation(self, node: exp.DPipe) -> exp.Expr:
        left, right = _kind(node.left), _kind(node.right)
        kind = node.meta.get("kind")
        if "array" in (left, right) and left != right and kind is not None:
            # An element joins an array at its end or beginning.
            if left == "array":
                return _call("list_append", node.left, node.right)
            return _call("list_prepend", node.left, node.right)
        if left == "array" == right:
            return _call("list_concat", node.left, node.right)
        return node

    # -- casts

    def cast(self, node: exp.Cast) -> exp.Expr:
        target = kind_of(node.args["to"])
        source: Kind = node.this.meta.get("kind")
        if target is None:
            raise self.unsupported(node, f"a cast to {node.args['to'].sql(dialect='trino')}")
        new = self.cast_to(node.this, source, target, node)
        return _tried(new) if isinstance(node, exp.TryCast) else new

    def cast_to(self, value: exp.Expr, source: Kind, target: HiveType, node: exp.Expr) -> exp.Expr:
        name = source.name if source is not None else ""
        if source == target and target.is_nested:
            return value
        if target.is_text:
            text = _as_text(value, source)
            return _call("left", text, exp.Literal.number(target.arguments[0])) if target.arguments else text
        if target.name == "json":
            return _call("to_json", value)
        if name == "json":
            return _cast_kind(value, target)
        if name in TEXT:
            return _from_text(value, target)
        if target.name in INTEGRAL and name in FLOATING:
            return _cast_kind(_macro("double_to_integer", value, exp.Literal.string(trino_text(target))), target)
        if target.name == "timestamp with time zone":
            return _zoned(value)
        if name in ("", "unknown"):
            return _cast_kind(value, target)
        if name == "timestamp with time zone" and target.name in ("date", "timestamp", "time"):
            return _cast_kind(_local(value, source), target)
        if source is not None and (source.name in ("array", "map", "struct")) != (
            target.name in ("array", "map", "struct")
        ):
            raise QueryError(
                f"TYPE_MISMATCH: {place(self.sql, node)}: Cannot cast {trino_text(source)} to {trino_text(target)}"
            )
        if (
            source is not None
            and source.name == "struct"
            and target.name == "struct"
            and len(source.fields) == len(target.fields)
        ):
            # Trino casts rows by position, DuckDB by name.
            parts = _members(value, source.fields)
            members = [
                (new, self.cast_to(part, old_kind, new_kind, node))
                for part, old_kind, new, new_kind in zip(
                    parts, source.children, target.fields, target.children, strict=True
                )
            ]
            row = _struct(members)
            return row if isinstance(value, exp.Struct) else _unless_null(value, row)
        return _cast_kind(value, target)

    # -- calls

    def call(self, node: exp.Anonymous) -> exp.Expr:
        name = node.name.lower()
        special = _CALLS.get(name)
        if special is not None:
            return special(self, node)
        function = FUNCTIONS.get(name)
        if function is None:
            return node  # one of ours, made by another rule
        if name in _LOCAL_TIME:
            for argument in node.expressions:
                if _kind(argument) == "timestamp with time zone":
                    argument.replace(_local(argument.copy(), argument.meta["kind"]))
            if name == "date_trunc":
                return self.truncated(node)
        if function.is_macro:
            return _macro(_variant(function.implementation, node), *node.expressions)
        node.set("this", function.implementation)
        if name in AGGREGATES and name in ("stddev", "variance"):
            node.set("this", function.implementation)
        return node

    def truncated(self, node: exp.Anonymous) -> exp.Expr:
        # Truncated on the clock of its zone, then an instant again.
        kind: Kind = node.meta.get("kind")
        truncated = _macro(_variant("date_trunc", node), *node.expressions)
        if kind is None or kind.name != "timestamp with time zone":
            return truncated
        return _instant(truncated, zone_of(kind))

    def row(self, node: exp.Anonymous) -> exp.Expr:
        return _struct((f"field{number}", value) for number, value in enumerate(node.expressions))

    def concat(self, node: exp.Anonymous) -> exp.Expr:
        arguments = node.expressions
        result: exp.Expr = arguments[0]
        kind = node.meta.get("kind")
        for each in arguments[1:]:
            pair = exp.DPipe(this=_paren(result), expression=_paren(each))
            pair.meta["kind"] = kind
            new = self.concatenation(pair)
            new.meta["kind"] = kind
            result = new
        return result

    def attempt(self, node: exp.Anonymous) -> exp.Expr:
        return _tried(node.expressions[0])

    def typeof(self, node: exp.Anonymous) -> exp.Expr:
        kind = node.expressions[0].meta.get("kind")
        if kind is None:
            raise self.unsupported(node, "typeof of this expression")
        return exp.Literal.string(trino_text(kind))

    def any_match(self, node: exp.Anonymous) -> exp.Expr:
        return self.matches(node, "list_bool_or" if node.name.lower() == "any_match" else "list_bool_and")

    def matches(self, node: exp.Anonymous, aggregate: str) -> exp.Expr:
        whole, condition = node.expressions
        results = _call("list_transform", whole, condition)
        found = _call(aggregate, results)
        empty = exp.Boolean(this=aggregate == "list_bool_and")
        matched = exp.Case(
            ifs=[exp.If(this=exp.EQ(this=_call("len", whole.copy()), expression=exp.Literal.number(0)), true=empty)],
            default=found,
        )
        return exp.Not(this=exp.Paren(this=matched)) if node.name.lower() == "none_match" else matched

    def none_match(self, node: exp.Anonymous) -> exp.Expr:
        return self.matches(node, "list_bool_or")

    def transform(self, node: exp.Anonymous) -> exp.Expr:
        return _call("list_transform", *node.expressions)

    def filter(self, node: exp.Anonymous) -> exp.Expr:
        return _call("list_filter", *node.expressions)

    def reduce(self, node: exp.Anonymous) -> exp.Expr:
        whole, start, step, last = node.expressions
        folded: exp.Expr = _call("list_reduce", _call("list_prepend", start, whole), step)
        if isinstance(last, exp.Lambda):
            name = last.expressions[0].name
            body = last.this.copy()
            if isinstance(body, exp.Column | exp.Identifier) and body.name.lower() == name.lower():
                return folded
            one = exp.Lambda(this=body, expressions=[exp.to_identifier(name)])
            return _call(
                "list_extract", _call("list_transform", _call("list_value", folded), one), exp.Literal.number(1)
            )
        return folded

    def zip_with(self, node: exp.Anonymous) -> exp.Expr:
        left, right, function = node.expressions
        a, b = (each.name for each in function.expressions)
        body = function.this.copy()
        for column in list(body.find_all(exp.Column, exp.Identifier)):
            for name, position in ((a, 1), (b, 2)):
                is_name = isinstance(column, exp.Column) or not isinstance(column.parent, exp.Column)
                if is_name and column.name.lower() == name.lower():
                    value = _call("struct_extract", exp.to_identifier("pair__"), exp.Literal.number(position))
                    if column is body:
                        body = value
                    else:
                        column.replace(value)
                    break
        return _call(
            "list_transform",
            _call("list_zip", left, right),
            exp.Lambda(this=body, expressions=[exp.to_identifier("pair__")]),
        )

    def map_function(self, node: exp.Anonymous) -> exp.Expr:
        whole, function = node.expressions
        key, value = (each.name for each in function.expressions)
        body = _substituted(function.this.copy(), {key: ("entry__", "key"), value: ("entry__", "value")})
        entry = [exp.to_identifier("entry__")]
        name = node.name.lower()
        if name == "map_filter":
            return _call(
                "map_from_entries",
                _call("list_filter", _call("map_entries", whole), exp.Lambda(this=body, expressions=entry)),
            )
        other = _call(
            "struct_extract",
            exp.to_identifier("entry__"),
            exp.Literal.string("key" if name == "transform_values" else "value"),
        )
        members = [("key", other), ("value", body)] if name == "transform_values" else [("key", body), ("value", other)]
        return _call(
            "map_from_entries",
            _call("list_transform", _call("map_entries", whole), exp.Lambda(this=_struct(members), expressions=entry)),
        )

    def date_format(self, node: exp.Anonymous) -> exp.Expr:
        return self.formatted(node, from_mysql)

    def format_datetime(self, node: exp.Anonymous) -> exp.Expr:
        return self.formatted(node, from_joda)

    def formatted(self, node: exp.Anonymous, convert: Callable[[str], str]) -> exp.Expr:
        value, pattern = node.expressions
        if not (isinstance(pattern, exp.Literal) and pattern.is_string):
            raise self.unsupported(node, f"{node.name.lower()} with a pattern that is not a literal")
        try:
            converted = convert(pattern.name)
        except UnsupportedPattern as error:
            raise self.unsupported(node, f"{error} in the pattern of {node.name.lower()}") from error
        if _kind(value) == "timestamp with time zone":
            value = _local(value, value.meta["kind"])
        return _macro(node.name.lower(), value, exp.Literal.string(converted))

    def json_path(self, node: exp.Anonymous) -> exp.Expr:
        document, path = node.expressions
        if not (isinstance(path, exp.Literal) and path.is_string):
            raise self.unsupported(node, f"{node.name.lower()} with a path that is not a literal")
        return _macro(node.name.lower(), document, exp.Literal.string(_json_path(path.name)))

    def regexp_replace(self, node: exp.Anonymous) -> exp.Expr:
        arguments = list(node.expressions)
        if len(arguments) == 3:
            if isinstance(arguments[2], exp.Lambda):
                raise self.unsupported(node, "regexp_replace with a lambda")
            if isinstance(arguments[2], exp.Literal):
                arguments[2] = exp.Literal.string(_replacement(arguments[2].name))
        return _macro("regexp_replace", *arguments)

    def approx_percentile(self, node: exp.Anonymous) -> exp.Expr:
        if len(node.expressions) == 3:
            raise self.unsupported(node, "approx_percentile with weights")
        exact = "quantile_disc" if _kind(node.expressions[0]) in INTEGRAL else "quantile_cont"
        return _call(exact, *node.expressions)

    def approx_distinct(self, node: exp.Anonymous) -> exp.Expr:
        # The exact count is within any error that was asked for.
        return _call("count", exp.Distinct(expressions=[node.expressions[0]]))

    def listagg(self, node: exp.Anonymous) -> exp.Expr:
        node.set("this", "string_agg")
        if len(node.expressions) == 1:
            node.append("expressions", exp.Literal.string(""))
        return node

    def map_agg(self, node: exp.Anonymous) -> exp.Expr:
        key, value = node.expressions
        return _macro("map_agg_entries", _call("list", _struct([("k", key), ("v", value)])))

    def now(self, node: exp.Expr) -> exp.Expr:
        return _macro("now")

    def local_now(self, node: exp.Expr) -> exp.Expr:
        return _call("timezone", exp.Literal.string("UTC"), _macro("now"))

    def substring(self, node: exp.Substring) -> exp.Expr:
        parts = [node.this, node.args.get("start"), node.args.get("length")]
        return _macro("substr", *[part for part in parts if part is not None])

    def position(self, node: exp.StrPosition) -> exp.Expr:
        return _macro("strpos", node.this, node.args["substr"])

    def trim(self, node: exp.Trim) -> exp.Expr:
        side = str(node.args.get("position") or "").upper()
        characters = node.args.get("expression")
        name = {"LEADING": "ltrim", "TRAILING": "rtrim"}.get(side, "trim")
        if characters is None:
            return _macro("trim", node.this) if name == "trim" else _call(name, node.this)
        return _call(name, node.this, characters)

    def ignore_nulls(self, node: exp.IgnoreNulls) -> exp.Expr:
        # DuckDB has the words inside the parentheses.
        call = node.this
        if isinstance(call, exp.Anonymous) and call.expressions:
            call.expressions[-1].replace(exp.IgnoreNulls(this=call.expressions[-1].copy()))
            return call
        return node

    # -- relations

    def table(self, node: exp.Table) -> exp.Expr:
        if node.meta.get("is_common_table") or not isinstance(node.this, exp.Identifier):
            return node
        if node.args.get("when") or node.args.get("version"):
            raise self.unsupported(node, "time travel")
        name = node.name.lower()
        if not node.args.get("alias"):
            node.set("alias", exp.TableAlias(this=exp.to_identifier(name, quoted=True)))
        node.set("this", exp.to_identifier(node.meta["relation"], quoted=True))
        node.set("db", None)
        node.set("catalog", None)
        return node

    def unnest(self, node: exp.Unnest) -> exp.Expr:
        """Give a lateral sub-select: arrays side by side, shorter ones filled up with NULL, rows and maps as columns."""
        inner: list[exp.Expr] = []
        outer: list[exp.Expr] = []
        lengths: list[exp.Expr] = []
        names = [each.name for each in node.meta["fields"]]
        for number, (value, width) in enumerate(zip(node.expressions, node.meta["shapes"], strict=True)):
            kind: Kind = value.meta.get("kind")
            is_map = kind is not None and kind.name == "map"
            listed = _call("map_entries", value) if is_map else value
            inner.append(exp.alias_(_call("unnest", listed), f"c{number}", quoted=True))
            lengths.append(exp.Coalesce(this=_call("len", listed.copy()), expressions=[exp.Literal.number(0)]))
            column = exp.column(f"c{number}", "r__", quoted=True)
            element = kind.children[0] if kind is not None and kind.name == "array" else None
            if is_map:
                members: Iterable[str] = ("key", "value")
            elif element is not None and element.name == "struct":
                members = element.fields
            else:
                members = ()
            outer += [_call("struct_extract", column.copy(), exp.Literal.string(member)) for member in members] or [
                column
            ]
            assert len(outer) >= width  # noqa: S101 - analysis and rewriting agree on the shape
        if node.args.get("offset"):
            longest = _call("greatest", *lengths) if len(lengths) > 1 else lengths[0]
            numbers = _call("range", exp.Literal.number(1), exp.Add(this=longest, expression=exp.Literal.number(1)))
            inner.append(exp.alias_(_call("unnest", numbers), "n", quoted=True))
            outer.append(exp.column("n", "r__", quoted=True))
        rows = exp.Select(expressions=inner)
        select = exp.Select(
            expressions=[exp.alias_(value, name, quoted=True) for value, name in zip(outer, names, strict=True)]
        ).from_(exp.Subquery(this=rows, alias=exp.TableAlias(this=exp.to_identifier("r__", quoted=True))))
        alias = exp.TableAlias(this=exp.to_identifier(node.alias.lower() or "unnest__", quoted=True))
        return exp.Lateral(this=exp.Subquery(this=select), alias=alias)


# -- building


def _kind(node: exp.Expr) -> str:
    kind = node.meta.get("kind")
    return kind.name if kind is not None else ""


def _call(name: str, *arguments: exp.Expr) -> exp.Anonymous:
    return exp.Anonymous(this=name, expressions=list(arguments))


def _macro(name: str, *arguments: exp.Expr) -> exp.Anonymous:
    return _call(f"trino.{name}", *arguments)


def _tried(node: exp.Expr) -> exp.Expr:
    for call in node.find_all(exp.Anonymous):
        schema, dot, name = call.name.partition(".")
        if dot and not name.startswith(QUIET):
            call.set("this", f"{schema}.{QUIET}{name}")
    return _call("TRY", node)


def _paren(node: exp.Expr) -> exp.Expr:
    if isinstance(node, exp.Binary | exp.Not | exp.Between | exp.In | exp.Case | exp.Lambda | exp.Neg):
        wrapped = exp.Paren(this=node)
        wrapped.meta["kind"] = node.meta.get("kind")
        return wrapped
    return node


def _cast(node: exp.Expr, duckdb_type: str) -> exp.Expr:
    return exp.Cast(this=node, to=exp.DataType.build(duckdb_type, dialect="duckdb"))


def _cast_kind(node: exp.Expr, target: HiveType) -> exp.Expr:
    return _cast(node, duckdb_text(target))


def _struct(members: Iterable[tuple[str, exp.Expr]]) -> exp.Expr:
    return exp.Struct(
        expressions=[
            exp.PropertyEQ(this=exp.to_identifier(name, quoted=True), expression=value) for name, value in members
        ]
    )


def _members(row: exp.Expr, names: Sequence[str]) -> list[exp.Expr]:
    """Return the members of *row*: those that it is made of, or else a call for each."""
    if isinstance(row, exp.Struct):
        return [member.expression for member in row.expressions]
    return [_call("struct_extract", row.copy(), exp.Literal.string(name)) for name in names]


def _unless_null(value: exp.Expr, result: exp.Expr) -> exp.Expr:
    return exp.Case(
        ifs=[exp.If(this=exp.Is(this=_paren(value.copy()), expression=exp.Null()), true=exp.Null())], default=result
    )


def _zoned(value: exp.Expr) -> exp.Expr:
    kind = _kind(value)
    if kind == "timestamp with time zone":
        return value
    if kind in TEXT:
        return _macro("zoned_from_text", value)
    return _call("timezone", exp.Literal.string("UTC"), _cast(value, "TIMESTAMP"))


def _local(value: exp.Expr, kind: Kind) -> exp.Expr:
    zone = zone_of(kind)
    if zone[0] in "+-":
        return exp.Paren(
            this=exp.Add(this=_call("timezone", exp.Literal.string("UTC"), value), expression=_offset(zone))
        )
    return _call("timezone", exp.Literal.string(zone), value)


def _instant(value: exp.Expr, zone: str) -> exp.Expr:
    local = _cast(value, "TIMESTAMP")
    if zone[0] in "+-":
        return _call("timezone", exp.Literal.string("UTC"), exp.Sub(this=local, expression=_offset(zone)))
    return _call("timezone", exp.Literal.string(zone), local)


def _offset(zone: str) -> exp.Expr:
    hours, minutes = zone[1:].split(":")
    sign = -1 if zone[0] == "-" else 1
    return _call("to_minutes", exp.Literal.number(sign * (60 * int(hours) + int(minutes))))


def _as_text(value: exp.Expr, source: Kind) -> exp.Expr:
    match source.name if source is not None else "":
        case "string" | "varchar" | "char":
            return value
        case "double" | "float":
            return _macro("scientific", value)
        case "timestamp":
            return _macro("timestamp_text", value)
        case "timestamp with time zone":
            text = _macro("timestamp_text", _local(value, source))
            return exp.Paren(this=exp.DPipe(this=text, expression=exp.Literal.string(f" {zone_of(source)}")))
        case "interval":
            return _macro("interval_text", value)
        case "json":
            return _macro("json_scalar", value)
        case "binary":
            return _call("decode", value)
    return _cast(value, "VARCHAR")


def _from_text(value: exp.Expr, target: HiveType) -> exp.Expr:
    match target.name:
        case "tinyint" | "smallint" | "int" | "bigint":
            name = {"int": "INTEGER"}.get(target.name, target.name.upper())
            return _cast_kind(_macro("text_to_integer", value, exp.Literal.string(name)), target)
        case "double" | "float":
            return _cast_kind(_macro("text_to_double", value), target)
        case "boolean":
            return _macro("text_to_boolean", value)
        case "date":
            return _macro("text_to_date", value)
        case "timestamp":
            return _cast(_macro("text_to_timestamp", value), "TIMESTAMP")
        case "timestamp with time zone":
            return _macro("zoned_from_text", value)
        case "binary":
            return _call("encode", value)
    return _cast_kind(value, target)


def _variant(implementation: str, node: exp.Anonymous) -> str:
    kinds = [kind.name if kind is not None else "" for kind in node.meta.get("argument_kinds", ())]
    key = (
        implementation,
        next((kinds[index] for index in (_DECIDING.get(implementation, 0),) if index < len(kinds)), ""),
    )
    return _VARIANTS.get(key, implementation)


# What these give depends on the clock of the zone.
_LOCAL_TIME = frozenset(
    """
    date date_trunc day day_of_month day_of_week day_of_year dow doy hour last_day_of_month millisecond minute month quarter
    second week week_of_year year year_of_week yow
    """.split()  # noqa: SIM905 - twenty quoted words would read worse
)

# Which argument decides, where it is not the first.
_DECIDING = {"date_trunc": 1, "date_add": 2}
_VARIANTS = {
    ("cardinality", "map"): "map_cardinality",
    ("element_at", "array"): "array_element_at",
    ("reverse", "array"): "array_reverse",
    ("date", "string"): "text_date",
    ("date", "varchar"): "text_date",
    ("date_trunc", "date"): "day_trunc",
    ("date_add", "date"): "day_add",
    ("sequence", "date"): "date_sequence",
    ("sequence", "timestamp"): "time_sequence",
    ("sequence", "timestamp with time zone"): "time_sequence",
    ("to_iso8601", "date"): "date_to_iso8601",
}


def _substituted(body: exp.Expr, members: dict[str, tuple[str, str]]) -> exp.Expr:
    lowered = {name.lower(): member for name, member in members.items()}
    for each in list(body.find_all(exp.Column, exp.Identifier)):
        if isinstance(each, exp.Identifier) and isinstance(each.parent, exp.Column):
            continue
        member = lowered.get(each.name.lower())
        if member is not None:
            value = _call("struct_extract", exp.to_identifier(member[0]), exp.Literal.string(member[1]))
            if each is body:
                return value
            each.replace(value)
    return body


def _json_path(path: str) -> str:
    # $["a"]["b c"][0] → $."a"."b c"[0]
    path = re.sub(r"\[\"((?:[^\"\\]|\\.)*)\"\]", r'."\1"', path)
    return re.sub(r"\['((?:[^'\\]|\\.)*)'\]", r'."\1"', path)


def _replacement(text: str) -> str:
    # Java writes groups as $1 and escapes with a backslash, RE2 writes \1.
    text = re.sub(r"\\(?![$\\])", r"\\\\", text)
    text = re.sub(r"(?<!\\)\$(\d)", r"\\\1", text)
    return text.replace(r"\$", "$")


_CALLS: dict[str, Callable[[_Rewriter, exp.Anonymous], exp.Expr]] = {
    "row": _Rewriter.row,
    "concat": _Rewriter.concat,
    "try": _Rewriter.attempt,
    "typeof": _Rewriter.typeof,
    "any_match": _Rewriter.any_match,
    "all_match": _Rewriter.any_match,
    "none_match": _Rewriter.none_match,
    "transform": _Rewriter.transform,
    "filter": _Rewriter.filter,
    "reduce": _Rewriter.reduce,
    "zip_with": _Rewriter.zip_with,
    "map_filter": _Rewriter.map_function,
    "transform_keys": _Rewriter.map_function,
    "transform_values": _Rewriter.map_function,
    "date_format": _Rewriter.date_format,
    "date_parse": _Rewriter.date_format,
    "format_datetime": _Rewriter.format_datetime,
    "parse_datetime": _Rewriter.format_datetime,
    "json_extract": _Rewriter.json_path,
    "json_extract_scalar": _Rewriter.json_path,
    "json_size": _Rewriter.json_path,
    "regexp_replace": _Rewriter.regexp_replace,
    "approx_percentile": _Rewriter.approx_percentile,
    "approx_distinct": _Rewriter.approx_distinct,
    "at_timezone": _Rewriter.at_timezone,
    "with_timezone": _Rewriter.with_timezone,
    "to_iso8601": _Rewriter.to_iso8601,
    "listagg": _Rewriter.listagg,
    "map_agg": _Rewriter.map_agg,
}

_RULES: dict[type, Callable[[_Rewriter, Any], exp.Expr]] = {
    exp.Literal: _Rewriter.literal,
    exp.Div: _Rewriter.division,
    exp.Add: _Rewriter.shift_of_date,
    exp.Sub: _Rewriter.shift_of_date,
    exp.Interval: _Rewriter.interval,
    exp.AtTimeZone: _Rewriter.at_time_zone,
    exp.Extract: _Rewriter.extract,
    exp.Dot: _Rewriter.dereference,
    exp.Bracket: _Rewriter.subscript,
    exp.DPipe: _Rewriter.concatenation,
    exp.Cast: _Rewriter.cast,
    exp.TryCast: _Rewriter.cast,
    exp.Anonymous: _Rewriter.call,
    exp.CurrentTimestamp: _Rewriter.now,
    exp.Localtimestamp: _Rewriter.local_now,
    exp.Substring: _Rewriter.substring,
    exp.StrPosition: _Rewriter.position,
    exp.Trim: _Rewriter.trim,
    exp.IgnoreNulls: _Rewriter.ignore_nulls,
    exp.Table: _Rewriter.table,
    exp.Unnest: _Rewriter.unnest,
}
