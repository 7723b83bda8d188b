"""Expressions: columns, literals, operators, casts, subscripts, conditional expressions."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from sqlglot import exp

from toolkit.local.athena.errors import QueryError
from toolkit.local.athena.hive_types import BIGINT, MAXIMUM_PRECISION, MIXED_ZONES, STRING, HiveType, trino_text
from toolkit.local.athena.sql.analysis.base import Analysis
from toolkit.local.athena.sql.analysis.casts import can_cast, kind_of
from toolkit.local.athena.sql.analysis.grouping import is_aggregate, mark_before_try
from toolkit.local.athena.sql.analysis.operators import (
    OPERATORS,
    are_alike,
    arithmetic_kind,
    coerce,
    concatenated_kind,
    has_field_twice,
    is_row,
    literal_kind,
    offset_of,
    row_kind,
    shown_kind,
)
from toolkit.local.athena.sql.analysis.scopes import (
    Field,
    Scope,
    Source,
    all_parameters,
    column_node,
    scope_parameter,
)
from toolkit.local.athena.sql.coercion import MAXIMUM_CHAR, common_type, is_comparable, is_orderable
from toolkit.local.athena.sql.functions import (
    BINARY,
    BOOLEAN,
    DATE,
    INTEGER,
    INTEGRAL,
    INTERVAL,
    INTERVALS,
    MONTHS,
    NUMERIC_ORDER,
    TEXT,
    TIMES_OF_DAY,
    TIMESTAMP,
    UNKNOWN,
    ZONED,
    ZONED_TIME,
    Kind,
    array_of,
    in_zone,
    precision_of,
    time_at,
    with_own_zones,
    with_precision,
    zone_of,
)
from toolkit.local.athena.sql.literals import clock_and_offset, typed_literal_kind, zone_name
from toolkit.local.athena.sql.signatures import (
    AMBIGUOUS,
    AmbiguousCall,
    NoSignature,
    expected_signatures,
    resolve,
    result_of,
    shown,
)


class Expressions(Analysis):
    """Types expressions."""

    def kinds(self, nodes: Iterable[object], scope: Scope) -> list[Kind]:
        flat: list[exp.Expr] = []
        for node in nodes:
            if isinstance(node, exp.Expr):
                flat.append(node)
            elif isinstance(node, list):
                flat += [each for each in node if isinstance(each, exp.Expr)]
        return [self.kind(node, scope) for node in flat]

    def kind(self, node: exp.Expr, scope: Scope) -> Kind:
        found = self._kind(node, scope)
        node.meta["kind"] = found
        return found

    def _kind(self, node: exp.Expr, scope: Scope) -> Kind:
        match node:
            case exp.Column():
                return self.column(node, scope)
            case exp.Identifier():
                return scope_parameter(scope, node.name)
            case exp.Literal():
                if node.is_int and int(node.name) >= 2**63:
                    raise self.error("SYNTAX_ERROR", node, f"Invalid numeric literal: {node.name}")
                return literal_kind(node)
            case exp.HexString() | exp.BitString():
                written = self.sql[node.meta["start"] :][:2].lower() if "start" in node.meta else ""
                if written not in ("0x", "0b"):
                    if len(node.name) % 2:
                        message = "Binary literal must contain an even number of digits"
                        raise self.error("SYNTAX_ERROR", node, message)
                    return BINARY
                whole = exp.Literal(this=str(int(node.name, 16 if written == "0x" else 2)), is_string=False)
                whole.meta.update(node.meta)
                node.replace(whole)
                whole.meta["kind"] = literal_kind(whole)
                return whole.meta["kind"]  # type: ignore[no-any-return]
            case exp.CurrentTime():
                return with_precision(time_at("UTC"), int(node.this.name) if node.this is not None else 3)
            case exp.Null():
                return UNKNOWN
            case exp.Boolean():
                return BOOLEAN
            case exp.Cast():
                return self.cast(node, scope)
            case exp.Paren() | exp.Alias() | exp.Distinct() | exp.Order() | exp.WithinGroup() | exp.IgnoreNulls():
                return next(iter(self.kinds(node.args.values(), scope)), None)
            case exp.Filter():
                self.filtered(node, scope)
                return self.kind(node.this, scope)
            case exp.Window():
                return self.window(node, scope)
            case exp.Trim():
                return self.trimmed(node, scope)
            case exp.Substring():
                of = self.kinds(node.args.values(), scope)[0]
                return of if of is not None and of.name in ("varchar", BINARY.name) else STRING
            case exp.Subquery():
                self.outside_of_lambdas(node, node)
                fields = self.subquery(node, node.this, scope)
                if len(fields) > 1:
                    node.meta["row_of"] = len(fields)
                    row = row_kind([field.kind for field in fields])
                    if row is None:
                        return None
                    names = tuple(f"field{n}" if each.is_unnamed else each.label for n, each in enumerate(fields))
                    made = HiveType("struct", children=row.children, fields=names)
                    if has_field_twice(made):
                        raise self.error("NOT_SUPPORTED", node, _FIELD_TWICE)
                    return made
                return fields[0].kind
            case exp.Exists():
                if isinstance(node.find_ancestor(exp.Lambda, exp.Query), exp.Lambda):
                    raise self.error("NOT_SUPPORTED", node, "the local Athena does not support EXISTS in a lambda")
                self.subquery(node.this, node, scope)
                return BOOLEAN
            case exp.In():
                return self.membership(node, scope)
            case exp.Anonymous():
                return self.call(node, scope)
            case exp.Bracket():
                return self.subscript(node, scope)
            case exp.AtTimeZone():
                moved = self.kind(node.this, scope)
                if moved is not None and moved.name not in (*TIMES_OF_DAY, TIMESTAMP.name, ZONED.name):
                    message = "Type of value must be a time or timestamp with or without time zone"
                    raise self.error("TYPE_MISMATCH", node.this, f"{message} (actual {shown_kind(moved)})")
                precision = precision_of(moved or ZONED)
                zoned = self.at_time_zone(node, node.args["zone"], scope)
                if moved is not None and moved.name in TIMES_OF_DAY and zoned is not None:
                    zone = zone_of(zoned)
                    zoned = time_at(zone if zone == "UTC" or zone[0] in "+-" else MIXED_ZONES)
                return with_precision(zoned, precision) if zoned is not None and precision > -1 else zoned
            case exp.Dot():
                return self.dereference(node, scope)
            case exp.Case() | exp.If() | exp.Array() | exp.Tuple() | exp.Interval() | exp.Lambda():
                return self.construct(node, scope)
            case exp.Connector() | exp.Not():
                for operand in (node.this, node.args.get("expression")):
                    if operand is not None:
                        self.logical(operand, node, scope)
                return BOOLEAN
            case exp.Binary():
                return self.binary(node, scope)
            case exp.Between():
                kinds = self.kinds((node.this, node.args["low"], node.args["high"]), scope)
                if not all(are_alike(kinds[0], each) for each in kinds[1:]) or not all(map(is_orderable, kinds)):
                    message = "Cannot check if {} is BETWEEN {} and {}".format(*map(shown_kind, kinds))
                    raise self.error("TYPE_MISMATCH", node, message)
                return BOOLEAN
            case exp.Neg(this=exp.Literal() as number) if number.is_int and int(number.name) in (2**31, 2**63):
                # The least integer, of which the digits alone would be too many.
                kind = INTEGER if int(number.name) == 2**31 else BIGINT
                number.meta["kind"] = kind
                return kind
            case exp.Neg():
                negated = self.kind(node.this, scope)
                if negated is not None and negated.name == "unknown":
                    raise QueryError(f"AMBIGUOUS_FUNCTION_CALL: {AMBIGUOUS}")
                if negated is not None and negated.name not in (*NUMERIC_ORDER, *INTERVALS, "unknown"):
                    raise self.error("TYPE_MISMATCH", node, f"Cannot negate {shown_kind(negated)}")
                return negated
            case exp.All() | exp.Any():
                self.outside_of_lambdas(node, node.this)
                fields = self.query(node.this, Scope(scope)) if isinstance(node.this, exp.Query) else ()
                return fields[0].kind if fields else None
            case exp.Extract():
                return self.extract(node, scope)
            case exp.Query():
                self.query(node, Scope(scope))
                return None
        self.kinds(node.args.values(), scope)
        return _SIMPLE.get(type(node))

    def column(self, node: exp.Column, scope: Scope) -> Kind:
        parts = [part.name for part in node.parts]
        lowered = [part.lower() for part in parts]
        if len(parts) == 1 and lowered[0] in all_parameters(scope):
            return scope_parameter(scope, lowered[0])
        if (number := node.meta.get("source")) is not None:
            # What a star stands for, of which a name alone may not tell two.
            source = scope.sources[number]
            return self.resolved(node, source, next(f for f in source.fields if f.column == node.name), [], scope)
        at: Scope | None = scope
        while at is not None:
            for used in range(min(len(parts), 4), 0, -1):
                matches = self.matches(lowered[:used], at, is_star="star" in node.meta)
                if len(matches) > 1:
                    raise self.error("AMBIGUOUS_NAME", node, f"Column '{'.'.join(lowered[:used])}' is ambiguous")
                if matches:
                    source, found = matches[0]
                    return self.resolved(node, source, found, parts[used:], at)
            at = at.outer
        raise self.error("COLUMN_NOT_FOUND", node, f"Column '{'.'.join(lowered)}' cannot be resolved")

    def matches(self, names: Sequence[str], scope: Scope, *, is_star: bool = False) -> list[tuple[Source, Field]]:
        name = names[-1]
        if len(names) == 1 and name in scope.merged:
            return [(Source("", ()), scope.merged[name])]
        matches = []
        for source in scope.sources:
            if len(names) >= 2 and (names[-2] not in (source.alias, source.stored) or name in scope.merged):
                continue
            if len(names) > 2 and names[-3::-1] != list(source.qualifiers[: len(names) - 2]):
                continue
            matches += [
                (source, f)
                for f in source.named(name)
                if (f.column == name if is_star else (f.name == name and not f.is_unnamed) or f.stored == name)
            ]
        return matches

    def resolved(self, node: exp.Column, source: Source, found: Field, rest: list[str], scope: Scope) -> Kind:
        column = column_node(found.column, source.stored or source.alias)
        column.meta.update(node.meta)
        column.meta["scope"] = scope.number
        column.meta["kind"] = kind = found.kind
        column.meta.setdefault("written", node.name)
        column.meta["is_bare"] = len(node.parts) == 1
        result: exp.Expr = column
        for name in rest:
            result = exp.Dot(this=result, expression=exp.to_identifier(name.lower(), quoted=True))
            kind = self.field_kind(node, kind, name.lower())
            result.meta["kind"] = kind
            result.meta["field"] = name.lower()
            result.meta["written"] = name
        if rest:
            result.meta["start"] = min((part.meta["start"] for part in node.parts if "start" in part.meta), default=0)
        node.replace(result)
        return kind

    def field_kind(self, node: exp.Expr, whole: Kind, name: str) -> Kind:
        if whole is None:
            return None
        if whole.name != "struct":
            raise self.error("TYPE_MISMATCH", node, f"Expression {node.sql(dialect='trino')} is not of type ROW")
        lowered = [each.lower() for each in whole.fields]
        if name not in lowered:
            raise self.error(
                "COLUMN_NOT_FOUND", node, f"Column '{node.sql(dialect='trino').lower()}' cannot be resolved"
            )
        return whole.children[lowered.index(name)]

    def dereference(self, node: exp.Dot, scope: Scope) -> Kind:
        whole = self.kind(node.this, scope)
        return self.field_kind(node, whole, node.expression.name.lower())

    def subscript(self, node: exp.Bracket, scope: Scope) -> Kind:
        whole = self.kind(node.this, scope)
        node.meta["container"] = whole
        if whole is not None and whole.name == "struct":
            return self.member(node, whole)
        index = self.kinds(node.expressions, scope)[0]
        if whole is None:
            return None
        match whole.name:
            case "array":
                if index is not None and index.name not in INTEGRAL | {"unknown"}:
                    raise self.error(
                        "TYPE_MISMATCH",
                        node,
                        f"Cannot use {shown_kind(index)} for subscript of {shown_kind(whole)}",
                    )
                return whole.children[0]
            case "map":
                key, value = whole.children
                met = common_type(index, key) if index is not None else key
                if met is None:
                    message = f"Cannot use {shown_kind(index)} for subscript of {shown_kind(whole)}"
                    raise self.error("TYPE_MISMATCH", node, message)
                node.meta["container"] = wide = HiveType("map", children=(met, value))
                coerce(node.this, wide)
                coerce(node.expressions[0], met)
                return value
        raise self.error("TYPE_MISMATCH", node, f"Cannot use {shown_kind(index)} for subscript of {shown_kind(whole)}")

    def member(self, node: exp.Bracket, whole: HiveType) -> Kind:
        """Type a subscript of a row, which is a number in the text."""
        index = node.expressions[0]
        position = index.this if isinstance(index, exp.Neg) else index
        if not isinstance(position, exp.Literal) or not position.is_int:
            message = "Subscript expression on ROW requires a constant index"
            raise self.error("EXPRESSION_NOT_CONSTANT", index, message)
        number = -int(position.name) if isinstance(index, exp.Neg) else int(position.name)
        if number >= 2**31:
            message = "Subscript expression on ROW requires integer index, found bigint"
            raise self.error("TYPE_MISMATCH", index, message)
        if not 1 <= number <= len(whole.children):
            message = f"Subscript index out of bounds: {number}, max value is {len(whole.children)}"
            if number < 1:
                message = f"Invalid subscript index: {number}. ROW indices start at 1"
            raise self.error("INVALID_FUNCTION_ARGUMENT", index, message)
        return whole.children[number - 1]

    def cast(self, node: exp.Cast, scope: Scope) -> Kind:
        source = self.kind(node.this, scope)
        if isinstance(node, exp.TryCast):
            mark_before_try(node.this)
        target = node.meta["target"] if "target" in node.meta else kind_of(node.args["to"])
        for written in self.written_types(node):
            if written in _OTHER_TYPES:
                raise self.error("NOT_SUPPORTED", node, f"the local Athena does not support the type {written}")
            if written not in _TYPES:
                raise self.error("TYPE_MISMATCH", node, f"Unknown type: {written}")
        if target is not None and has_field_twice(target):
            raise self.error("NOT_SUPPORTED", node, _FIELD_TWICE)
        if target is not None and target.name == "char" and target.arguments[0] > MAXIMUM_CHAR:
            raise self.error("TYPE_MISMATCH", node, f"Unknown type: {trino_text(target)}")
        if target is None:
            name = "TYPE_NOT_FOUND" if node.meta.get("is_literal") else "TYPE_MISMATCH"
            raise self.error(name, node, f"Unknown type: {node.args['to'].sql(dialect='trino').lower()}")
        if target.name == "decimal" and not node.meta.get("is_literal"):
            self.decimal_type(target)
        if node.meta.get("is_literal") and isinstance(node.this, exp.Literal):
            found = typed_literal_kind(node.this.name, target)
            if found is not None and found.name in ("timestamp", ZONED.name) and _FAR_YEAR.match(node.this.name):
                raise self.error("NOT_SUPPORTED", node, "the local Athena's timestamps have years of four digits")
            if found is None:
                message = f"'{node.this.name}' is not a valid {node.args['to'].sql(dialect='trino').upper()} literal"
                raise self.error("INVALID_LITERAL", node, message)
            return found
        if source is not None and source.name == "qdigest" and target.name == "binary":
            raise self.error(
                "NOT_SUPPORTED", node, "the local Athena has no bytes for a qdigest, as it has for a tdigest"
            )
        if source is not None and not can_cast(source, target):
            raise self.error("TYPE_MISMATCH", node, f"Cannot cast {shown_kind(source)} to {shown_kind(target)}")
        if target.name == ZONED_TIME.name and source is not None:
            return with_precision(time_at(self.offset_of_cast(node, source)), precision_of(target))
        if target.name == ZONED.name and isinstance(node.this, exp.Literal):
            zoned = typed_literal_kind(node.this.name, target)
            return with_precision(zoned, precision_of(target)) if zoned is not None and zoned.fields else target
        if target.name == ZONED.name and source is not None and source.is_text:
            return with_own_zones(target)
        if target.name == ZONED.name and source is not None and source.name == ZONED.name:
            return HiveType(ZONED.name, target.arguments, fields=source.fields)
        return target

    def offset_of_cast(self, node: exp.Cast, source: HiveType) -> str:
        """Give the offset of what is cast to a time with time zone."""
        if source.name == ZONED_TIME.name:
            return source.fields[0]
        if source.is_text:
            found = clock_and_offset(node.this.name) if isinstance(node.this, exp.Literal) else ("", MIXED_ZONES)
            return found[1] if found is not None else "UTC"
        if source.name != ZONED.name:
            return "UTC"
        zone = zone_of(source)
        return zone if zone == "UTC" or zone[0] in "+-" else MIXED_ZONES

    def written_types(self, node: exp.Cast) -> list[str]:
        """Give the first words of the type that a cast names and of those in it, as the query has them."""
        word = re.compile(r"[A-Za-z_0-9]+")
        starts = (each.meta["start"] for each in node.args["to"].find_all(exp.DataType) if "start" in each.meta)
        return [found[0].lower() for start in starts if (found := word.match(self.sql, start)) is not None]

    def decimal_type(self, kind: HiveType) -> None:
        precision, scale = kind.arguments
        if not 1 <= precision <= MAXIMUM_PRECISION:
            message = f"DECIMAL precision must be in range [1, {MAXIMUM_PRECISION}]: {precision}"
            raise QueryError(f"INVALID_FUNCTION_ARGUMENT: {message}")
        if scale > precision:
            message = f"DECIMAL scale must be in range [0, precision ({precision})]: {scale}"
            raise QueryError(f"INVALID_FUNCTION_ARGUMENT: {message}")

    def extract(self, node: exp.Extract, scope: Scope) -> Kind:
        kind = self.kind(node.expression, scope)
        field = node.this.name.upper()
        if field not in EXTRACT_FIELDS:
            raise self.error("SYNTAX_ERROR", node, f"Invalid EXTRACT field: {field}")
        if kind is not None and kind.name != "unknown":
            message = f"Cannot extract {field} from {shown_kind(kind)}"
            if kind.name == "date" and field in _CLOCK_FIELDS:
                # The function of that name takes a date for a timestamp, and this does not.
                raise self.error("TYPE_MISMATCH", node.expression, message)
            if field.startswith("TIMEZONE") and kind.name not in (ZONED.name, ZONED_TIME.name):
                raise self.error("TYPE_MISMATCH", node.expression, message)
            try:
                resolve(EXTRACT_FIELDS[field], (kind,))
            except NoSignature as error:
                raise self.error("TYPE_MISMATCH", node.expression, message) from error
        return BIGINT

    def at_time_zone(self, node: exp.Expr, zone: exp.Expr, scope: Scope) -> Kind:
        if isinstance(zone, exp.Interval) and (offset := offset_of(zone)) is not None:
            zone.replace(offset)
            zone = offset
        if not (isinstance(zone, exp.Literal) and zone.is_string):
            if isinstance(node, exp.AtTimeZone):
                raise self.error("SYNTAX_ERROR", zone, "mismatched input. Expecting: 'INTERVAL', <string>")
            return with_own_zones(ZONED)
        try:
            ZoneInfo(zone.name)
        except (ZoneInfoNotFoundError, ValueError) as error:
            if re.fullmatch(r"[+-]\d\d", zone.name):
                zone.set("this", f"{zone.name}:00")
            elif not re.fullmatch(r"[+-]\d\d:\d\d", zone.name) or zone_name(zone.name) is None:
                raise QueryError(f"INVALID_FUNCTION_ARGUMENT: '{zone.name}' is not a valid time zone") from error
        return in_zone(zone.name)

    def outside_of_lambdas(self, node: exp.Expr, at: exp.Expr) -> None:
        """Refuse a sub-query in a lambda."""
        if isinstance(node.find_ancestor(exp.Lambda, exp.Query), exp.Lambda):
            raise self.error("NOT_SUPPORTED", at, "Lambda expression cannot contain subqueries")

    def membership(self, node: exp.In, scope: Scope) -> Kind:
        listed = node.args.get("expressions") or []
        if len(listed) == 1 and isinstance(listed[0], exp.Values):
            # To the parser VALUES is a list of one.
            node.set("query", exp.Subquery(this=listed[0]))
            node.set("expressions", None)
        if node.args.get("query") and is_row(node.this):
            # What stands before a sub-query is a row of its columns, and ROW says no more than that.
            members = node.this.expressions
            node.meta["is_member"] = len(members) == 1
            node.set("this", members[0] if len(members) == 1 else exp.Tuple(expressions=members))
        kind = self.kind(node.this, scope)
        if query := node.args.get("query"):
            self.outside_of_lambdas(node, self.at_in(node))
            fields = self.subquery(query, self.at_in(node), scope, is_membership=True)
            node.meta["width"] = len(fields)
            self.same_row(node, kind, fields)
            return BOOLEAN
        listed = [kind, *(self.kind(each, scope) for each in list(node.expressions))]
        if node.expressions:
            self.unified(listed, node.expressions, "IN value and list items must be the same type", first=kind)
        return BOOLEAN

    def same_row(self, node: exp.In, kind: Kind, fields: Sequence[Field]) -> None:
        """Refuse a value that is no row of a query's columns; a row stands for its members."""
        if kind is None or any(field.kind is None for field in fields):
            return
        is_whole = kind.name == "struct" and not node.meta.get("is_member")
        row = kind if is_whole else HiveType("struct", children=(kind,), fields=("field0",))
        names = (f"field{n}" if each.is_unnamed else each.name for n, each in enumerate(fields))
        found = HiveType("struct", children=tuple(each.kind for each in fields if each.kind), fields=tuple(names))
        pairs = zip(row.children, found.children, strict=False)
        if len(row.children) != len(found.children) or not all(are_alike(*pair) for pair in pairs):
            message = "Value expression and result of subquery must be of the same type: "
            raise self.in_error(node, f"{message}{shown_kind(row)} vs {shown_kind(found)}")

    def in_error(self, node: exp.In, message: str) -> QueryError:
        """Give a refusal that points at the word IN."""
        return self.error("TYPE_MISMATCH", self.at_in(node), message)

    def at_in(self, node: exp.In) -> exp.Expr:
        """Give a node that stands where the word IN does."""
        found = re.compile(r"\b(?:NOT\s+)?IN\s*\(", re.IGNORECASE).search(self.sql, node.meta.get("start", 0))
        if found is None:
            return node
        at = exp.Null()
        at.meta["start"] = found.start()
        return at

    def construct(self, node: exp.Expr, scope: Scope) -> Kind:
        match node:
            case exp.Case():
                operand = self.kind(node.this, scope) if node.this else None
                results: list[Kind] = []
                values: list[exp.Expr] = []
                for each in node.args["ifs"]:
                    condition = self.kind(each.this, scope)
                    if node.this:
                        if not are_alike(operand, condition):
                            message = "CASE operand type does not match WHEN clause operand type: "
                            message += f"{shown_kind(operand)} vs {shown_kind(condition)}"
                            raise self.error("TYPE_MISMATCH", each.this, message)
                    elif condition is not None and condition.name not in ("boolean", "unknown"):
                        raise self.error(
                            "TYPE_MISMATCH",
                            each.this,
                            f"CASE WHEN clause must evaluate to a boolean (actual: {shown_kind(condition)})",
                        )
                    results.append(self.kind(each.args["true"], scope))
                    values.append(each.args["true"])
                if default := node.args.get("default"):
                    results.append(self.kind(default, scope))
                    values.append(node.args["default"])
                return self.unified(results, values, "All CASE results must be the same type")
            case exp.If():
                self.condition(node.this, scope, "IF condition")
                results = self.kinds((node.args["true"], node.args.get("false")), scope)
                if len(results) == 2 and not are_alike(*results):
                    message = (
                        f"Result types for IF must be the same: {shown_kind(results[0])} vs {shown_kind(results[1])}"
                    )
                    raise self.error("TYPE_MISMATCH", node, message)
                values = [node.args[each] for each in ("true", "false") if node.args.get(each)]
                return self.unified(results, values, "Result types for IF must be the same")
            case exp.Array():
                kinds = self.kinds(node.expressions, scope)
                if not kinds:
                    return array_of(UNKNOWN)
                return array_of(self.unified(kinds, node.expressions, "All ARRAY elements must be the same type"))
            case exp.Tuple():
                return row_kind(self.kinds(node.expressions, scope))
            case exp.Interval():
                return self.interval(node)
        inner = Scope(scope, parameters={each.name.lower(): None for each in node.expressions})
        return self.kind(node.this, inner)

    def unified(self, kinds: Sequence[Kind], nodes: Sequence[exp.Expr], message: str, *, first: Kind = None) -> Kind:
        """Give the type of branches that must have one, and make each of them that."""
        found = kinds[0]
        given = list(kinds)[-len(nodes) :]
        for each, node in zip(given, nodes, strict=True):
            if found is None or each is None:
                return None
            both = common_type(found, each)
            if both is None:
                raise self.error(
                    "TYPE_MISMATCH",
                    node,
                    f"{message} or coercible to a common type. Cannot find common type between {shown_kind(found)} and "
                    f"{shown_kind(each)}, all types (without duplicates): [{', '.join(dict.fromkeys(map(shown_kind, kinds)))}]",
                )
            found = both
        if first is None:
            for node in list(nodes):
                coerce(node, found)
        return found

    def interval(self, node: exp.Interval) -> Kind:
        unit = node.args.get("unit")
        names = str(unit or "").upper().removeprefix("INTERVAL").strip()
        if isinstance(unit, exp.IntervalSpan):
            names = f"{unit.this.name.upper()} TO {unit.expression.name.upper()}"
        if " TO " in names and names not in _INTERVALS and names != "YEAR TO MONTH":
            raise self.error("INVALID_LITERAL", node, f"'{node.this.name}' is not a valid INTERVAL literal")
        if names in ("YEAR", "MONTH", "YEAR TO MONTH"):
            pattern, kind = (r"\d+(-\d+)?" if "TO" in names else r"\d+"), MONTHS
        elif names.split(" TO ")[0] in ("DAY", "HOUR", "MINUTE", "SECOND"):
            pattern, kind = _INTERVALS.get(names, r"\d+"), INTERVAL
        else:
            raise self.error("TYPE_NOT_FOUND", node, "Unknown resolvedType: INTERVAL")
        if isinstance(node.this, exp.Neg) and isinstance(node.this.this, exp.Literal):
            # INTERVAL -'2' DAY
            text = node.this.this.name.strip()
            negated = text.removeprefix("-") if text.startswith("-") else f"-{text.removeprefix('+')}"
            node.set("this", exp.Literal.string(negated))
        value = node.this
        if not (isinstance(value, exp.Literal) and value.is_string):
            raise self.error("SYNTAX_ERROR", node, "mismatched input after INTERVAL. Expecting: '+', '-', <string>")
        if not re.fullmatch(rf"\s*[+-]?\s*{pattern}\s*", value.name):
            raise self.error("INVALID_LITERAL", node, f"'{value.name}' is not a valid INTERVAL literal")
        return kind

    def logical(self, operand: exp.Expr, node: exp.Expr, scope: Scope) -> None:
        kind = self.kind(operand, scope)
        if kind is not None and kind.name not in ("boolean", "unknown"):
            name = "NOT" if isinstance(node, exp.Not) else "Logical expression"
            raise self.error(
                "TYPE_MISMATCH", operand, f"{name} term must evaluate to a boolean (actual: {shown_kind(kind)})"
            )

    def compared_rows(self, node: exp.Binary, scope: Scope) -> Kind:
        """Type a comparison of a row with ALL or ANY of a query: ``= ANY`` and ``<> ALL`` are IN and NOT IN."""
        is_any, is_equal = isinstance(node.right, exp.Any), isinstance(node, exp.EQ)
        if not isinstance(node, exp.EQ | exp.NEQ) or is_any != is_equal:
            return self.counted_rows(node, scope)
        query = node.right.this
        inside = exp.In(this=node.left, query=query if isinstance(query, exp.Subquery) else exp.Subquery(this=query))
        inside.meta.update(node.meta)
        node.replace(inside if is_equal else exp.Not(this=inside))
        return self.kind(inside, scope)

    def counted_rows(self, node: exp.Binary, scope: Scope) -> Kind:
        """Type ``ROW(a, b) < ALL (query)`` as a query that counts the rows of which it holds, and of which it does not."""
        if any(is_aggregate(each) or isinstance(each, exp.Window) for each in node.left.walk()):
            message = "the local Athena compares no rows of aggregates with ALL or ANY of a query"
            raise self.error("NOT_SUPPORTED", node, message)
        names = [exp.to_identifier(f"member{number}__", quoted=True) for number in range(len(node.left.expressions))]
        query = node.right.this
        inner = exp.Subquery(
            this=query.this if isinstance(query, exp.Subquery) else query,
            alias=exp.TableAlias(this=exp.to_identifier("compared__", quoted=True), columns=names),
        )
        row = exp.Tuple(expressions=[exp.column(name.copy()) for name in names])
        compared = type(node)(this=exp.Tuple(expressions=node.left.expressions), expression=row)
        compared.meta.update(node.meta)
        is_any = isinstance(node.right, exp.Any)
        decisive = compared if is_any else exp.Not(this=exp.Paren(this=compared))
        ifs = [
            exp.If(this=_counts(decisive.copy()), true=exp.Boolean(this=is_any)),
            exp.If(this=_counts(exp.Is(this=exp.Paren(this=compared.copy()), expression=exp.Null())), true=exp.Null()),
        ]
        choice = exp.Case(ifs=ifs, default=exp.Boolean(this=not is_any))
        counted = exp.Subquery(this=exp.Select(expressions=[choice]).from_(inner))
        counted.meta.update(node.meta)
        node.replace(counted)
        self.query(counted.this, Scope(scope))
        counted.meta["kind"] = BOOLEAN
        return BOOLEAN

    def binary(self, node: exp.Binary, scope: Scope) -> Kind:
        if isinstance(node, exp.Escape):
            self.kind(node.this, scope)
            escape = self.kind(node.expression, scope)
            if escape is not None and escape.name not in TEXT | {"unknown"}:
                message = f"Escape for LIKE expression must evaluate to a varchar (actual: {shown_kind(escape)})"
                raise self.error("TYPE_MISMATCH", node.expression, message)
            return BOOLEAN
        if isinstance(node, exp.JSONExtract):
            # x -> 'a' is a lambda, wherever it stands.
            raise self.error("TYPE_MISMATCH", node, "Lambda expression should always be used inside a function")
        if isinstance(node.right, exp.All | exp.Any) and (is_row(node.left) or isinstance(node.left, exp.Tuple)):
            if len(node.left.expressions) > 1:
                return self.compared_rows(node, scope)
            node.set("this", node.left.expressions[0])
        left, right = self.kind(node.left, scope), self.kind(node.right, scope)
        if isinstance(node, exp.Is):
            if not isinstance(node.right, exp.Null):
                message = f"mismatched input '{node.right.sql(dialect='trino')}'. Expecting: 'DISTINCT', 'NOT', 'NULL'"
                raise self.error("SYNTAX_ERROR", node.right, message)
            return BOOLEAN
        if isinstance(node, exp.ILike | exp.Glob | exp.SimilarTo | exp.RegexpLike):
            raise self.error("SYNTAX_ERROR", node, f"mismatched input '{node.key}'")
        if isinstance(node, exp.Like):
            sides = ((node.left, left, "Left side of", TEXT), (node.right, right, "Pattern for", TEXT - {"char"}))
            for operand, kind, what, allowed in sides:
                if kind is not None and kind.name not in allowed | {"unknown"}:
                    message = f"{what} LIKE expression must evaluate to a varchar (actual: {shown_kind(kind)})"
                    raise self.error("TYPE_MISMATCH", operand, message)
            return BOOLEAN
        if isinstance(node, exp.Predicate):
            self.compare(node, left, right)
            return BOOLEAN
        match node:
            case exp.DPipe():
                return self.concatenated(node, left, right)
            case exp.Add() | exp.Sub() | exp.Mul() | exp.Div() | exp.Mod():
                return self.arithmetic(node, left, right)
        raise self.error("SYNTAX_ERROR", node, f"{node.key} is no operator of Athena's")

    def concatenated(self, node: exp.Binary, left: Kind, right: Kind) -> Kind:
        if left is None or right is None:
            return None
        if {left.name, right.name} == {"array", "unknown"}:
            # It could be an element or an array.
            raise self.error("AMBIGUOUS_FUNCTION_CALL", node, AMBIGUOUS)
        try:
            found = resolve("concat", (left, right))
        except NoSignature as error:
            given = f"Unexpected parameters ({shown((left, right))}) for function concat."
            message = f"{given} Expected: {expected_signatures('concat')}"
            raise self.error("FUNCTION_NOT_FOUND", node, message) from error
        except AmbiguousCall as error:
            raise self.error("AMBIGUOUS_FUNCTION_CALL", node, AMBIGUOUS) from error
        for each, wanted in zip((node.left, node.right), found.kinds, strict=True):
            coerce(each, wanted)
        return concatenated_kind(found.kinds, result_of(found), (left, right))

    def arithmetic(self, node: exp.Binary, left: Kind, right: Kind) -> Kind:
        if left is None or right is None:
            return None
        try:
            found = arithmetic_kind(type(node), left, right)
        except AmbiguousCall as error:
            raise QueryError(f"AMBIGUOUS_FUNCTION_CALL: {AMBIGUOUS}") from error
        if found is None:
            operator = OPERATORS[type(node)]
            message = f"Cannot apply operator: {shown_kind(left)} {operator} {shown_kind(right)}"
            raise self.error("TYPE_MISMATCH", node, message)
        if found.name == "decimal" and (found.arguments[1] > 38 or found.arguments[0] < 1):
            message = "DECIMAL scale must be in range [0, precision ({})]: {}".format(*found.arguments)
            raise QueryError(f"INVALID_FUNCTION_ARGUMENT: {message}")
        return found

    def compare(self, node: exp.Binary, left: Kind, right: Kind) -> None:
        is_ordered = isinstance(node, exp.LT | exp.LTE | exp.GT | exp.GTE)
        fits = is_orderable if is_ordered else is_comparable
        if are_alike(left, right) and fits(left) and fits(right):
            if left is not None and right is not None and left.name != right.name and "char" in (left.name, right.name):
                for each in (node.left, node.right):
                    coerce(each, common_type(left, right))
            return
        if isinstance(node, exp.NullSafeEQ | exp.NullSafeNEQ):
            raise self.error(
                "TYPE_MISMATCH", node, f"Cannot check if {shown_kind(left)} is distinct from {shown_kind(right)}"
            )
        operator = OPERATORS.get(type(node), node.key.upper())
        if isinstance(node, exp.GT | exp.GTE):
            # Trino knows < alone, with its sides changed.
            left, right, operator = (left, right, operator.replace(">", "<"))
        raise self.error(
            "TYPE_MISMATCH", node, f"Cannot apply operator: {shown_kind(left)} {operator} {shown_kind(right)}"
        )


def _counts(condition: exp.Expr) -> exp.Expr:
    counted = exp.Anonymous(this="count_if", expressions=[condition])
    return exp.GT(this=counted, expression=exp.Literal.number(0))


_INTERVALS = {
    # What comes last may lack.
    "DAY TO HOUR": r"\d+( \d+)?",
    "DAY TO MINUTE": r"\d+( \d+(:\d+)?)?",
    "DAY TO SECOND": r"\d+( \d+(:\d+(:\d+(\.\d+)?)?)?)?",
    "HOUR TO MINUTE": r"\d+(:\d+)?",
    "HOUR TO SECOND": r"\d+(:\d+(:\d+(\.\d+)?)?)?",
    "MINUTE TO SECOND": r"\d+(:\d+(\.\d+)?)?",
    "SECOND": r"\d+(\.\d+)?",
}

# The types that Trino knows, and those of them that are not here. Sqlglot knows the words of other engines as well.
_TYPES = frozenset(
    {"array", "bigint", "bingtile", "boolean", "char", "date", "decimal", "double", "geometry", "hyperloglog", "int"}
    | {"integer", "interval", "ipaddress", "json", "map", "real", "row", "smallint", "sphericalgeography", "tdigest"}
    | {"time", "timestamp", "tinyint", "uuid", "varbinary", "varchar"}
)
_FIELD_TWICE = "the local Athena does not support rows with two fields of one name"

_OTHER_TYPES = frozenset({"p4hyperloglog", "qdigest", "setdigest", "color"})

# A year that DuckDB writes otherwise, and of whose seconds it loses some digits.
_FAR_YEAR = re.compile(r"\s*(?:-|[+]?\d{5})")

# EXTRACT's fields and the functions that give the same.
_CLOCK_FIELDS = frozenset({"HOUR", "MINUTE", "SECOND", "TIMEZONE_HOUR", "TIMEZONE_MINUTE"})
EXTRACT_FIELDS = {
    "YEAR": "year",
    "QUARTER": "quarter",
    "MONTH": "month",
    "WEEK": "week",
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
    "TIMEZONE_HOUR": "timezone_hour",
    "TIMEZONE_MINUTE": "timezone_minute",
}


_SIMPLE: dict[type, HiveType] = {
    exp.CurrentDate: DATE,
    exp.CurrentTimestamp: ZONED,
    exp.Localtimestamp: TIMESTAMP,
    exp.Extract: BIGINT,
    exp.Trim: STRING,
    exp.StrPosition: BIGINT,
    exp.Normalize: STRING,
    exp.CurrentUser: STRING,
    exp.CurrentCatalog: STRING,
    exp.CurrentSchema: STRING,
    exp.Unhex: BINARY,
    exp.Localtime: HiveType("time"),
}
