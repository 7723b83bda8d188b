"""The types of operators' results, and the implicit casts around their operands."""

from __future__ import annotations

import re
from collections.abc import Sequence

from sqlglot import exp

from toolkit.local.athena.hive_types import BIGINT, HiveType, is_mixed, trino_text
from toolkit.local.athena.sql.coercion import as_decimal, common_type
from toolkit.local.athena.sql.functions import (
    DOUBLE,
    INTEGER,
    INTEGRAL,
    INTERVAL,
    INTERVALS,
    MONTHS,
    NUMERIC_ORDER,
    TEMPORAL_ORDER,
    TIMES_OF_DAY,
    ZONED,
    Kind,
    precision_of,
    with_precision,
)
from toolkit.local.athena.sql.signatures import AmbiguousCall

OPERATORS: dict[type, str] = {
    exp.EQ: "=",
    exp.NEQ: "<>",
    exp.LT: "<",
    exp.LTE: "<=",
    exp.GT: ">",
    exp.GTE: ">=",
    exp.Add: "+",
    exp.Sub: "-",
    exp.Mul: "*",
    exp.Div: "/",
    exp.Mod: "%",
    exp.NullSafeEQ: "IS DISTINCT FROM",
    exp.NullSafeNEQ: "IS DISTINCT FROM",
}


def coerce(node: exp.Expr, wanted: Kind) -> None:
    """Put an implicit cast around an expression whose values are to become another type."""
    while isinstance(node, exp.Distinct | exp.Order | exp.IgnoreNulls):
        node = node.expressions[0] if isinstance(node, exp.Distinct) else node.this
    kind: Kind = node.meta.get("kind")
    if kind is None or wanted is None or isinstance(node, exp.Lambda) or not _differs(kind, wanted):
        return
    inner = node.copy()
    inner.meta.update(node.meta)
    cast = exp.Cast(this=inner, to=exp.DataType.build("INT"))
    cast.meta.update({key: node.meta[key] for key in ("start", "before") if key in node.meta})
    cast.meta.update(target=wanted, kind=wanted, is_implicit=True)
    node.replace(cast)


def _differs(kind: HiveType, wanted: HiveType) -> bool:
    """Whether values of one type must be made anew to be of another."""
    if kind == wanted or wanted.name in _UNSTORED:
        return False
    if kind.name == wanted.name == ZONED.name:
        return is_mixed(kind) != is_mixed(wanted)
    if kind.name == wanted.name == "struct" and kind.fields != wanted.fields:
        # DuckDB brings rows together by the names of their fields.
        return True
    if kind.name == wanted.name and kind.children:
        return any(map(_differs, kind.children, wanted.children))
    if kind.is_text and wanted.is_text:
        return wanted.name == "char"
    return kind.name != wanted.name or (kind.name == "decimal" and kind.arguments != wanted.arguments)


_UNSTORED = frozenset({"hyperloglog", "tdigest", "qdigest", "setdigest", "unknown", "function", "color"})


def arithmetic_kind(operator: type, left: HiveType, right: HiveType) -> Kind:
    """
    Give the type of an arithmetic operation, None if there is none for such operands.

    Raises:
        AmbiguousCall: one is a NULL without a type, and several operations take the other.
    """
    names = {left.name, right.name}
    if "unknown" in names:
        other, is_left = (right, False) if left.name == "unknown" else (left, True)
        return _kind_with_null(operator, other, is_left=is_left)
    if names <= set(NUMERIC_ORDER):
        if "decimal" not in names or names & {"float", "double"}:
            return common_type(left, right)
        return _decimal_kind(operator, as_decimal(left), as_decimal(right))
    if names & INTERVALS:
        if left.name == right.name:
            return left if operator in (exp.Add, exp.Sub) else None
        interval, other = (left, right) if left.name in INTERVALS else (right, left)
        if other.name in ("date", "timestamp", ZONED.name, *TIMES_OF_DAY):
            if other.name in TIMES_OF_DAY and interval.name == MONTHS.name:
                return None
            fits = operator is exp.Add or (operator is exp.Sub and left is other)
            if fits and other.name != "date" and interval.name == INTERVAL.name and precision_of(other) < 3:
                # Intervals have milliseconds, and so has what they are added to.
                other = with_precision(other, 3)
            return other if fits else None
        if other.name in (*INTEGRAL, "double", "float"):
            fits = operator is exp.Mul or (operator is exp.Div and left is interval)
            return interval if fits else None
        return None
    if operator is exp.Sub and names <= set(TEMPORAL_ORDER):
        return INTERVAL
    if operator is exp.Sub and names <= TIMES_OF_DAY:
        return INTERVAL
    return None


def _kind_with_null(operator: type, other: HiveType, *, is_left: bool) -> Kind:
    """Give the type of an operation with a NULL that has none: that of the one operation which Trino has for the other side."""
    name = other.name
    if name == "unknown" and operator is exp.Mod:
        return HiveType("tinyint")
    if name == "decimal":
        digit = HiveType("decimal", (1, 0))
        return _decimal_kind(operator, other, digit) if is_left else _decimal_kind(operator, digit, other)
    # What NULL could be beside a value of the type: another of it, an interval, or a point in time.
    is_ambiguous: dict[type, bool] = {
        exp.Add: name in (*INTERVALS, "timestamp") or (name == ZONED.name and is_left),
        exp.Sub: name in (INTERVALS if not is_left else ("timestamp", ZONED.name, "time")),
        exp.Mul: name in ("bigint", "double"),
        exp.Div: name == "double" and not is_left,
    }
    if name == "unknown" or is_ambiguous.get(operator):
        raise AmbiguousCall
    if name in NUMERIC_ORDER:
        return other
    if name in INTERVALS:
        return other if operator is exp.Sub or operator is exp.Mul or (operator is exp.Div and is_left) else None
    if name in (*TEMPORAL_ORDER, *TIMES_OF_DAY):
        if operator is exp.Sub and not is_left:
            return INTERVAL
        return other if operator in (exp.Add, exp.Sub) else None
    return None


def _decimal_kind(operator: type, left: HiveType, right: HiveType) -> HiveType:
    # Source: https://trino.io/docs/current/functions/decimal.html#binary-arithmetic-decimal-operators
    (p, s), (q, t) = left.arguments, right.arguments
    if operator is exp.Mul:
        precision, scale = p + q, s + t
    elif operator is exp.Div:
        precision, scale = p + t + max(0, t - s), max(s, t)
    elif operator is exp.Mod:
        precision, scale = min(p - s, q - t) + max(s, t), max(s, t)
    else:
        scale = max(s, t)
        precision = max(p - s, q - t) + scale + 1
    return HiveType("decimal", (min(38, precision), scale))


def concatenated_kind(kinds: Sequence[HiveType], result: Kind, given: Sequence[Kind]) -> Kind:
    """Give the type of texts or arrays joined."""
    if kinds[0].name == "char":
        return HiveType("char", (min(65_536, sum(kind.arguments[0] for kind in kinds)),))
    return result


def literal_kind(node: exp.Literal) -> HiveType:
    """Give the type of a literal without a type before it."""
    if node.is_string:
        return HiveType("varchar", (len(node.name),))
    if not node.is_int:
        # Athena reads 1.5 as a double, where Trino has a decimal.
        return DOUBLE
    return INTEGER if int(node.name) < 2**31 else BIGINT


def row_kind(kinds: Sequence[Kind]) -> Kind:
    """Give the type of a row whose fields have no names."""
    known = [kind for kind in kinds if kind is not None]
    if len(known) != len(kinds):
        return None
    return HiveType("struct", children=tuple(known), fields=tuple(f"field{number}" for number in range(len(known))))


def has_field_twice(kind: HiveType) -> bool:
    """Whether two fields of a row have one name, which DuckDB has not."""
    names = [name.lower() for name in kind.fields] if kind.name == "struct" else []
    return len(set(names)) < len(names) or any(map(has_field_twice, kind.children))


def window_key(name: exp.Identifier) -> str:
    """Give the name of a window as Trino compares it: in large letters, where it has no quotes."""
    return name.name if name.args.get("quoted") else name.name.upper()


def are_alike(left: Kind, right: Kind) -> bool:
    """Whether two types meet in a common one, or one of them is not known."""
    return left is None or right is None or common_type(left, right) is not None


def shown_kind(kind: Kind) -> str:
    """Give a type as messages show it."""
    return "unknown" if kind is None else trino_text(kind)


def is_row(node: exp.Expr) -> bool:
    """Whether a node is a call of ROW."""
    return isinstance(node, exp.Anonymous) and node.name.lower() == "row"


# No zone is further from UTC.
MOST_MINUTES = 14 * 60

# An offset as an interval: hours, minutes, or both.
_HOURS = re.compile(r"([+-]?)(\d{1,2})(?::(\d{2}))?")


def offset_of(interval: exp.Interval) -> exp.Literal | None:
    """Give the offset that a literal interval is, as the text of a zone; None if it is something else."""
    number = interval.this.this if isinstance(interval.this, exp.Neg) else interval.this
    found = _HOURS.fullmatch(number.name) if isinstance(number, exp.Literal) else None
    unit = interval.args["unit"].sql().upper() if interval.args.get("unit") is not None else ""
    if found is None or unit not in (("HOUR TO MINUTE",) if found[3] else ("HOUR", "MINUTE")):
        return None
    minutes = int(found[2]) * (1 if unit == "MINUTE" else 60) + int(found[3] or 0)
    sign = "+" if (found[1] == "-") == isinstance(interval.this, exp.Neg) else "-"
    return exp.Literal.string(f"{sign}{minutes // 60:02d}:{minutes % 60:02d}") if minutes <= MOST_MINUTES else None
